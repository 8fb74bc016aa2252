#include "head.h"

#include "lex.h"
#include "utf8.h"

/* \s of Go's regexp: no vertical tab. */
static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* "NAME = VALUE" with blanks around the parts; the value has at least one character, which may be
 * a blank when there is nothing else. */
static bool split_setting(struct view text, struct view *name, struct view *value)
{
    size_t at = 0;
    if (text.len == 0 || !is_alpha(text.ptr[0]))
        return false;
    while (at < text.len && (is_alpha(text.ptr[at]) || is_digit(text.ptr[at])))
        at++;
    *name = view_slice(text, 0, at);
    while (at < text.len && is_space(text.ptr[at]))
        at++;
    if (at == text.len || text.ptr[at] != '=')
        return false;
    size_t begin = at + 1, end = text.len;
    if (begin == end)
        return false;
    while (begin + 1 < end && is_space(text.ptr[begin]))
        begin++;
    while (end > begin + 1 && is_space(text.ptr[end - 1]))
        end--;
    *value = view_slice(text, begin, end);
    return true;
}

static bool head_repeated(bool seen, const char *name, struct span at, struct diag_list *diags)
{
    if (seen)
        diag_add(diags, DIAG_ERROR, "repeated-parser-directive", at,
                 "the parser directive '%s' stands here a second time", name);
    return seen;
}

static void read_escape(struct file *file, struct view value, struct span at,
                        struct diag_list *diags)
{
    if (view_is(value, "`") || view_is(value, "\\")) {
        file->escape = value.ptr[0];
        return;
    }
    struct diag *diag = diag_add(diags, DIAG_ERROR, "escape-value", at,
                                 "'%.*s' can't be the escape character", VIEW_ARG(value));
    diag_help(diag, "write '# escape=`' or '# escape=\\'");
}

bool head_read_line(struct file *file, struct view text, size_t at, struct diag_list *diags)
{
    struct view name, value;
    struct head *head = &file->head;
    if (!split_setting(utf8_trim_start(view_slice(text, 1, text.len)), &name, &value))
        return false;
    size_t value_at = at + (size_t)(value.ptr - text.ptr);
    struct span whole = {file->source, at, at + text.len};
    struct span value_span = {file->source, value_at, value_at + value.len};
    if (view_is_nocase(name, "syntax")) {
        if (!head_repeated(head->syntax.ptr != NULL, "syntax", whole, diags)) {
            head->syntax = value;
            head->syntax_at = value_at;
        }
    } else if (view_is_nocase(name, "escape")) {
        if (!head_repeated(head->has_escape, "escape", whole, diags))
            read_escape(file, value, value_span, diags);
        head->has_escape = true;
    } else if (view_is_nocase(name, "check")) {
        head_repeated(head->has_check, "check", whole, diags);
        head->has_check = true;
    } else {
        return false;
    }
    return true;
}

/* The value of a "syntax" line among the directive lines that begin with `mark`. */
static struct view detect_marked(struct view text, const char *mark, size_t mark_length)
{
    while (text.len > 0) {
        size_t end = view_find(text, '\n', 0);
        struct view line = lex_cut_line_end(view_slice(text, 0, end));
        struct view name, value;
        if (!view_starts(line, mark))
            break;
        struct view setting = utf8_trim_start(view_slice(line, mark_length, line.len));
        if (!split_setting(setting, &name, &value))
            break;
        if (view_is_nocase(name, "syntax"))
            return value;
        if (!view_is_nocase(name, "escape") && !view_is_nocase(name, "check"))
            break;
        text = view_slice(text, end == text.len ? end : end + 1, text.len);
    }
    return (struct view){NULL, 0};
}

struct view head_detect_syntax(struct view text)
{
    if (view_starts(text, UTF8_BOM))
        text = view_slice(text, UTF8_BOM_LENGTH, text.len);
    if (view_starts(text, "#!")) {
        size_t end = view_find(text, '\n', 0);
        text = view_slice(text, end == text.len ? end : end + 1, text.len);
    }
    struct view found = detect_marked(text, "#", 1);
    return found.ptr != NULL ? found : detect_marked(text, "//", 2);
}

size_t head_unit_count(struct arena *arena, const struct file *file)
{
    struct view text = file->source->text;
    size_t index = 0;
    if (!view_starts(view_slice(text, file->head.after_bom, text.len), "#!")) {
        while (index < file->unit_count && file->units[index].kind == UNIT_PARSER_DIRECTIVE)
            index++;
        return index;
    }
    struct file scratch = {.source = file->source};
    struct diag_list ignored;
    diag_list_init(&ignored, arena);
    for (index = 1; index < file->unit_count; index++) {
        struct span at = unit_span(file, &file->units[index]);
        struct view line = view_slice(text, at.begin, at.end);
        if (!view_starts(line, "#") || !head_read_line(&scratch, line, at.begin, &ignored))
            break;
    }
    return index;
}
