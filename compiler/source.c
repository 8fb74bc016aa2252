#include "source.h"

#include "utf8.h"

struct source *source_new(struct arena *arena, const char *name, struct view text)
{
    struct source *source = ARENA_NEW(arena, struct source);
    source->name = name;
    source->text = text;
    source->arena = arena;
    return source;
}

/* Most runs print nothing, so the line map is made when the first diagnostic wants it. */
static void source_map_lines(struct source *source)
{
    if (source->lines != NULL)
        return;
    VEC(size_t) lines = {0};
    VEC_PUSH(source->arena, &lines, 0);
    for (size_t at = 0; (at = view_find(source->text, '\n', at)) < source->text.len; at++)
        VEC_PUSH(source->arena, &lines, at + 1);
    source->lines = lines.items;
    source->line_count = lines.count;
}

/* Index of the line that holds `offset`. */
static size_t source_find_line(struct source *source, size_t offset)
{
    source_map_lines(source);
    size_t low = 0, high = source->line_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (source->lines[middle] <= offset)
            low = middle;
        else
            high = middle;
    }
    return low;
}

static size_t skip_bom(const struct source *source, size_t start)
{
    return start == 0 && view_starts(source->text, UTF8_BOM) ? UTF8_BOM_LENGTH : start;
}

struct position source_position(struct source *source, size_t offset)
{
    if (offset > source->text.len)
        offset = source->text.len;
    size_t line = source_find_line(source, offset);
    size_t start = skip_bom(source, source->lines[line]);
    struct view before = view_slice(source->text, start, offset < start ? start : offset);
    return (struct position){line + 1, utf8_count(before) + 1};
}

size_t source_line_start(struct source *source, size_t line)
{
    source_map_lines(source);
    return line == 0 || line > source->line_count ? source->text.len : source->lines[line - 1];
}

struct view source_line(struct source *source, size_t line)
{
    size_t start = skip_bom(source, source_line_start(source, line));
    size_t end = view_find(source->text, '\n', start);
    if (end > start && source->text.ptr[end - 1] == '\r')
        end--;
    return view_slice(source->text, start, end);
}
