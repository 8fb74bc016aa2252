#include "quote.h"

#include <string.h>

static bool is_name_start(char c)
{
    return is_alpha(c) || c == '_';
}

static bool is_name(char c)
{
    return is_name_start(c) || is_digit(c);
}

/* Characters that mean themselves in every POSIX shell, wherever they stand in a word. */
static bool is_plain(char c)
{
    return is_alpha(c) || is_digit(c) || (unsigned char)c >= 0x80 ||
           (c != '\0' && strchr("_@%+=:,./-", c) != NULL);
}

/* No reference is longer: a bound, so that many open brackets do not cost quadratic time. */
enum { REFERENCE_MAX = 4096 };

/* End of the bracketed part that opens at `at` ('{' or '('), or `at` when it never closes. */
static size_t bracket_end(struct view text, size_t at)
{
    size_t depth = 0;
    for (size_t i = at; i < text.len && i - at < REFERENCE_MAX; i++) {
        if (text.ptr[i] == '{' || text.ptr[i] == '(')
            depth++;
        else if ((text.ptr[i] == '}' || text.ptr[i] == ')') && --depth == 0)
            return i + 1;
    }
    return at;
}

size_t quote_variable_length(struct view text, size_t at)
{
    size_t i = at + 1;
    if (at + 1 >= text.len || text.ptr[at] != '$')
        return 0;
    if (text.ptr[i] == '{' || text.ptr[i] == '(') {
        size_t end = bracket_end(text, i);
        return end == i ? 0 : end - at;
    }
    if (is_digit(text.ptr[i]) || strchr("@*#?!", text.ptr[i]) != NULL)
        return 2;
    if (!is_name_start(text.ptr[i]))
        return 0;
    while (i < text.len && is_name(text.ptr[i]))
        i++;
    return i - at;
}

/* One part of a word: literal bytes, or a live variable. */
struct part {
    struct view text;
    bool live;
};

static size_t backslash_run(struct view text, size_t at)
{
    size_t end = at;
    while (end < text.len && text.ptr[end] == '\\')
        end++;
    return end - at;
}

static bool next_part(struct view word, size_t *at, struct part *part)
{
    if (*at >= word.len)
        return false;
    size_t run = backslash_run(word, *at), begin = *at;
    part->live = false;
    if (run == 0) {
        size_t live = quote_variable_length(word, begin);
        part->live = live > 0;
        part->text = view_slice(word, begin, begin + (live > 0 ? live : 1));
        *at += part->text.len;
    } else if (begin + run == word.len || word.ptr[begin + run] != '$') {
        part->text = view_slice(word, begin, begin + run);
        *at += run;
    } else if (run >= 2) {
        /* Before a '$', two backslashes stand for one … */
        part->text = view_slice(word, begin, begin + run / 2);
        *at += run / 2 * 2;
    } else {
        /* … and a single one makes the '$' literal. */
        part->text = view_slice(word, begin + 1, begin + 2);
        *at += 2;
    }
    return true;
}

static bool is_lone_variable(struct view word)
{
    return word.len > 1 && word.ptr[0] == '$' && word.ptr[1] != '(' &&
           quote_variable_length(word, 0) == word.len;
}

static bool is_quoted_variable(struct view word)
{
    return word.len > 3 && word.ptr[0] == '"' && word.ptr[word.len - 1] == '"' &&
           is_lone_variable(view_slice(word, 1, word.len - 1));
}

static void add_escaped(struct str *out, struct view text, const char *special, const char *escape)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != '\0' && strchr(special, text.ptr[i]) != NULL)
            str_addz(out, escape);
        str_addc(out, text.ptr[i]);
    }
}

static void add_double_quoted(struct str *out, struct view word)
{
    struct part part;
    str_addc(out, '"');
    for (size_t at = 0; next_part(word, &at, &part);)
        add_escaped(out, part.text, part.live ? "" : "$`\"\\", "\\");
    str_addc(out, '"');
}

static void add_single_quoted(struct str *out, struct view word)
{
    struct part part;
    str_addc(out, '\'');
    for (size_t at = 0; next_part(word, &at, &part);)
        add_escaped(out, part.text, "'", "'\\'");
    str_addc(out, '\'');
}

static void add_word(struct str *out, struct view word)
{
    bool live = false, plain = word.len > 0;
    struct part part;
    for (size_t at = 0; next_part(word, &at, &part);) {
        live |= part.live;
        plain &= !part.live && is_plain(part.text.ptr[0]);
    }
    if (plain)
        str_add(out, word);
    else if (live)
        add_double_quoted(out, word);
    else
        add_single_quoted(out, word);
}

void quote_word(struct str *out, struct view word)
{
    if (is_lone_variable(word) || is_quoted_variable(word))
        str_add(out, word);
    else
        add_word(out, word);
}

void quote_value(struct str *out, struct view word)
{
    if (is_quoted_variable(word))
        str_add(out, word);
    else
        add_word(out, word);
}

/* In double quotes BuildKit's lexer takes the escape character as one before '"', '$' and itself
 * only, and "$(" is no reference (shell/lex.go, processDoubleQuote and processDollar). */
void quote_dockerfile(struct str *out, struct view word, char escape)
{
    const char special[] = {'"', '$', escape, '\0'}, before[] = {escape, '\0'};
    bool plain = word.len > 0;
    struct part part;
    for (size_t at = 0; next_part(word, &at, &part);)
        plain &= !part.live && (unsigned char)part.text.ptr[0] < 0x80 && is_plain(part.text.ptr[0]);
    if (plain || is_lone_variable(word)) {
        str_add(out, word);
        return;
    }
    str_addc(out, '"');
    for (size_t at = 0; next_part(word, &at, &part);) {
        bool live = part.live && part.text.ptr[1] != '(';
        add_escaped(out, part.text, live ? "" : special, before);
    }
    str_addc(out, '"');
}

void quote_escape(struct str *out, struct view text)
{
    for (size_t i = 0; i < text.len;) {
        size_t run = backslash_run(text, i);
        bool dollar = i + run < text.len && text.ptr[i + run] == '$';
        str_fill(out, '\\', dollar ? run * 2 + 1 : run);
        i += run;
        if (i < text.len)
            str_addc(out, text.ptr[i++]);
    }
}

bool quote_literal(struct arena *arena, struct view word, struct view *literal)
{
    struct str out;
    struct part part;
    str_init(&out, arena);
    for (size_t at = 0; next_part(word, &at, &part);) {
        if (part.live)
            return false;
        str_add(&out, part.text);
    }
    *literal = str_view(&out);
    return true;
}
