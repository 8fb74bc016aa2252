#include "shell.h"

#include <string.h>

/* End of the quoted part that opens at `at`. */
static size_t skip_quoted(struct view text, size_t at)
{
    char quote = text.ptr[at++];
    while (at < text.len && text.ptr[at] != quote) {
        if (quote == '"' && text.ptr[at] == '\\' && at + 1 < text.len)
            at++;
        at++;
    }
    return at < text.len ? at + 1 : at;
}

/* Step over a quoted part, an escaped character, or one plain character. */
static size_t skip_unit(struct view text, size_t at)
{
    char c = text.ptr[at];
    if (c == '\'' || c == '"')
        return skip_quoted(text, at);
    if (c == '\\' && at + 1 < text.len)
        return at + 2;
    return at + 1;
}

static bool is_operator(char c)
{
    return c != '\0' && strchr(";|&()\n`", c) != NULL;
}

static bool begins_with_reserved_word(struct view text)
{
    static const char *const reserved[] = {"if",   "for", "while", "until", "case",
                                           "time", "{",   "!",     "exec",  "set"};
    size_t begin = 0, end;
    while (begin < text.len && is_blank(text.ptr[begin]))
        begin++;
    for (end = begin; end < text.len && !is_blank(text.ptr[end]);)
        end++;
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        if (view_is(view_slice(text, begin, end), reserved[i]))
            return true;
    return false;
}

bool shell_is_compound(struct view text)
{
    if (begins_with_reserved_word(text))
        return true;
    for (size_t at = 0; at < text.len; at = skip_unit(text, at)) {
        if (is_operator(text.ptr[at]))
            return true;
        /* A substitution inside double quotes runs a command, too. */
        if (text.ptr[at] == '"') {
            struct view inside = view_slice(text, at, skip_quoted(text, at));
            if (view_search(inside, VIEW("$(")) < inside.len ||
                view_find(inside, '`', 0) < inside.len)
                return true;
        }
    }
    return false;
}

size_t shell_word_length(struct view text, size_t at)
{
    size_t begin = at, depth = 0;
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '$' && at + 1 < text.len && text.ptr[at + 1] == '(')
            depth++;
        else if (c == ')' && depth > 0)
            depth--;
        else if (depth == 0 && (is_blank(c) || is_operator(c)))
            break;
        at = c == '$' ? at + (at + 1 < text.len && text.ptr[at + 1] == '(' ? 2 : 1)
                      : skip_unit(text, at);
    }
    return at - begin;
}

bool shell_is_assignment(struct view word)
{
    size_t equals = view_find(word, '=', 0);
    for (size_t i = 0; i < equals; i++)
        if (!is_alpha(word.ptr[i]) && word.ptr[i] != '_' && (i == 0 || !is_digit(word.ptr[i])))
            return false;
    return equals > 0 && equals < word.len;
}
