#include "diag.h"

#include "url.h"
#include "utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAB_WIDTH = 8, SHOWN_COLUMNS = 4096 };

void diag_list_init(struct diag_list *list, struct arena *arena)
{
    *list = (struct diag_list){.arena = arena};
}

static struct view vformat(struct arena *arena, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int need = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (need < 0)
        return VIEW("");
    char *text = arena_alloc(arena, (size_t)need + 1);
    vsnprintf(text, (size_t)need + 1, format, args);
    return (struct view){text, (size_t)need};
}

struct diag *diag_add(struct diag_list *list, enum diag_level level, const char *code,
                      struct span at, const char *format, ...)
{
    struct diag *diag = ARENA_NEW(list->arena, struct diag);
    diag->level = level;
    diag->code = code;
    diag->at = at;
    diag->arena = list->arena;
    va_list args;
    va_start(args, format);
    diag->message = vformat(list->arena, format, args);
    va_end(args);
    VEC_PUSH(list->arena, &list->all, diag);
    if (level == DIAG_ERROR)
        list->errors++;
    if (level == DIAG_WARNING)
        list->warnings++;
    return diag;
}

void diag_note(struct diag *diag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    VEC_PUSH(diag->arena, &diag->hints,
             (struct diag_hint){false, vformat(diag->arena, format, args)});
    va_end(args);
}

void diag_help(struct diag *diag, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    VEC_PUSH(diag->arena, &diag->hints,
             (struct diag_hint){true, vformat(diag->arena, format, args)});
    va_end(args);
}

/* C0 and C1 controls, and the characters that turn the direction of text around: none of them may
 * reach a terminal from a file that somebody else wrote. */
static bool is_unprintable(uint32_t code)
{
    return code < 0x20 || (code >= 0x7f && code < 0xa0) || (code >= 0x202a && code <= 0x202e) ||
           (code >= 0x2066 && code <= 0x2069) || code == UTF8_INVALID;
}

/* A copy in which the credentials of URLs are asterisks, since they must not get into a build log;
 * the text itself when it has none. */
static struct view mask_credentials(struct arena *arena, struct view text)
{
    size_t begin, end;
    if (!url_find_credentials(text, 0, &begin, &end))
        return text;
    char *copy = arena_strndup(arena, text.ptr, text.len);
    do
        memset(copy + begin, '*', end - begin);
    while (url_find_credentials(text, end, &begin, &end));
    return (struct view){copy, text.len};
}

/* The same for a part of a line, of which it is known that it is one. */
static struct view mask_part(struct arena *arena, struct view text, size_t begin, size_t end)
{
    char *copy = arena_strndup(arena, text.ptr, text.len);
    begin = begin < text.len ? begin : text.len;
    end = end < text.len ? end : text.len;
    memset(copy + begin, '*', end - begin);
    return (struct view){copy, text.len};
}

static void add_printable(struct str *out, struct view text)
{
    size_t length;
    text = mask_credentials(out->arena, text);
    for (size_t at = 0; at < text.len; at += length) {
        uint32_t code = utf8_decode(text, at, &length);
        if (is_unprintable(code))
            str_addc(out, '?');
        else
            str_add(out, view_slice(text, at, at + length));
    }
}

/* A message may have lines; the later ones are indented below the first. */
void diag_render_text(struct str *out, struct view text)
{
    for (;;) {
        size_t end = view_find(text, '\n', 0);
        add_printable(out, view_slice(text, 0, end));
        if (end == text.len)
            return;
        str_addz(out, "\n    ");
        text = view_slice(text, end + 1, text.len);
    }
}

/* Append a source line as it looks on a terminal, and find the columns of [begin, end). */
static void add_source_line(struct str *out, struct view line, size_t begin, size_t end,
                            size_t *left, size_t *right)
{
    size_t column = 0, length;
    *left = *right = 0;
    for (size_t at = 0; at < line.len && column < SHOWN_COLUMNS; at += length) {
        uint32_t code = utf8_decode(line, at, &length);
        size_t width = 1;
        if (code == '\t') {
            width = TAB_WIDTH - column % TAB_WIDTH;
            str_fill(out, ' ', width);
        } else if (is_unprintable(code)) {
            str_addc(out, '?');
        } else {
            width = (size_t)utf8_width(code);
            str_add(out, view_slice(line, at, at + length));
        }
        if (at < begin)
            *left = column + width;
        if (at < end)
            *right = column + width;
        column += width;
    }
}

static void add_carets(struct str *out, const struct diag *diag, size_t line, const char *on,
                       const char *off)
{
    struct source *source = diag->at.source;
    struct view text = source_line(source, line);
    size_t start = source->text.len == 0 ? 0 : (size_t)(text.ptr - source->text.ptr);
    size_t begin = diag->at.begin < start ? 0 : diag->at.begin - start;
    size_t end = diag->at.end < start ? 0 : diag->at.end - start;
    if (text.len == 0)
        return;
    size_t left, right;
    text = mask_credentials(diag->arena, text);
    if (diag->is_secret) /* a URL may be cut in two by the end of a line */
        text = mask_part(diag->arena, text, begin, end);
    str_addz(out, "    ");
    add_source_line(out, text, begin, end, &left, &right);
    if (left > SHOWN_COLUMNS) {
        str_addc(out, '\n');
        return;
    }
    str_addf(out, "\n    %*s%s^", (int)left, "", on);
    if (right > left + 1)
        str_fill(out, '~', right - left - 1);
    str_addf(out, "%s\n", off);
}

void diag_render(struct str *out, const struct diag *diag, bool color)
{
    static const char *const names[] = {"note", "warning", "error"};
    static const char *const colors[] = {"\033[1;36m", "\033[1;35m", "\033[1;31m"};
    const char *on = color ? colors[diag->level] : "", *off = color ? "\033[0m" : "";
    const char *bold = color ? "\033[1m" : "";
    size_t line = 0;
    if (diag->at.source != NULL) {
        struct position where = source_position(diag->at.source, diag->at.begin);
        line = where.line;
        str_addz(out, bold);
        add_printable(out, view_of(diag->at.source->name));
        str_addf(out, ":%zu:%zu:%s ", where.line, where.column, off);
    } else {
        str_addf(out, "%sdfc:%s ", bold, off);
    }
    str_addf(out, "%s%s:%s ", on, names[diag->level], off);
    diag_render_text(out, diag->message);
    if (diag->code != NULL)
        str_addf(out, " [%s]", diag->code);
    str_addc(out, '\n');
    if (diag->at.source != NULL)
        add_carets(out, diag, line, on, off);
    for (size_t i = 0; i < diag->hints.count; i++) {
        const struct diag_hint *hint = &diag->hints.items[i];
        str_addf(out, "    %s%s:%s ", bold, hint->help ? "help" : "note", off);
        diag_render_text(out, hint->text);
        str_addc(out, '\n');
    }
}

struct ordered {
    const struct diag *diag;
    size_t file, index; /* order in which the file was first spoken of; order of the finding */
};

static int compare_ordered(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    if (x->file != y->file)
        return x->file < y->file ? -1 : 1;
    if (x->diag->at.source != NULL && x->diag->at.begin != y->diag->at.begin)
        return x->diag->at.begin < y->diag->at.begin ? -1 : 1;
    return x->index < y->index ? -1 : x->index > y->index;
}

static size_t file_order(struct ordered *list, size_t count, const struct diag *diag)
{
    size_t files = 0;
    for (size_t i = 0; i < count; i++) {
        if (list[i].diag->at.source == diag->at.source)
            return list[i].file;
        if (list[i].file >= files)
            files = list[i].file + 1;
    }
    return files;
}

static bool same_finding(const struct diag *a, const struct diag *b)
{
    return a->at.source == b->at.source && a->at.begin == b->at.begin && a->level == b->level &&
           view_equal(a->message, b->message);
}

/* Whether one of the findings before says the same at the same place. */
static bool was_said(const struct ordered *order, size_t index)
{
    const struct span *at = &order[index].diag->at;
    for (size_t i = index; i-- > 0;) {
        const struct span *before = &order[i].diag->at;
        if (before->source != at->source || before->begin != at->begin)
            return false;
        if (same_finding(order[i].diag, order[index].diag))
            return true;
    }
    return false;
}

const struct diag **diag_sorted(const struct diag_list *list, size_t *sorted_count)
{
    size_t count = list->all.count;
    const struct diag **sorted = arena_zalloc(list->arena, count + 1, sizeof(struct diag *));
    struct ordered *order = arena_zalloc(list->arena, count + 1, sizeof(*order));
    for (size_t i = 0; i < count; i++) {
        const struct diag *diag = list->all.items[i];
        /* One source is by far the common case: look at the last one before searching. */
        size_t file = i > 0 && order[i - 1].diag->at.source == diag->at.source
                          ? order[i - 1].file
                          : file_order(order, i, diag);
        order[i] = (struct ordered){diag, file, i};
    }
    qsort(order, count, sizeof(*order), compare_ordered);
    *sorted_count = 0;
    for (size_t i = 0; i < count; i++)
        if (!was_said(order, i))
            sorted[(*sorted_count)++] = order[i].diag;
    return sorted;
}

void diag_render_all(struct str *out, const struct diag_list *list, bool color)
{
    size_t count;
    const struct diag **sorted = diag_sorted(list, &count);
    for (size_t i = 0; i < count; i++)
        diag_render(out, sorted[i], color);
}

struct view diag_closest(struct view word, const struct view *names, size_t count)
{
    size_t best = word.len < 3 ? 1 : word.len < 6 ? 2 : 3;
    struct view found = {"", 0};
    for (size_t i = 0; i < count; i++) {
        size_t distance = view_distance(word, names[i], best);
        /* A word shares more with its misspelling than it differs in. */
        if (distance <= best && distance < names[i].len && distance * 2 <= word.len) {
            found = names[i];
            best = distance == 0 ? 0 : distance - 1;
            if (distance == 0)
                break;
        }
    }
    return found;
}
