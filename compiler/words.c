#include "words.h"

#include "quote.h"

#include <string.h>

struct splitter {
    struct arena *arena;
    const struct words_text *in;
    struct diag_list *diags;
    struct directive_words *words;
    size_t at;       /* next byte */
    struct str text; /* of the word being read */
    bool quoted, failed;
};

struct span words_span(const struct words_text *text, size_t begin, size_t end)
{
    if (text->inst != NULL)
        return instruction_span(text->file, text->inst, text->joined_at + begin,
                                text->joined_at + end);
    return (struct span){text->file->source, text->source_at + begin, text->source_at + end};
}

static char peek(const struct splitter *s, size_t ahead)
{
    return s->at + ahead < s->in->text.len ? s->in->text.ptr[s->at + ahead] : '\0';
}

static bool at_end(const struct splitter *s)
{
    return s->at >= s->in->text.len;
}

static bool is_separator(const struct splitter *s, char c)
{
    return is_blank(c) || (s->in->is_body && c == '\n');
}

static struct diag *fail(struct splitter *s, size_t begin, size_t end, const char *code,
                         const char *message)
{
    s->failed = true;
    return diag_add(s->diags, DIAG_ERROR, code, words_span(s->in, begin, end), "%s", message);
}

static void fail_substitution(struct splitter *s, size_t begin, size_t end)
{
    struct diag *diag = fail(s, begin, end, "shell-syntax",
                             "a command substitution does not work in the words of a directive");
    diag_help(diag, "write a RUN instruction, or put it into double quotes as \"$(…)\"");
}

/* `command`: report it once, and go on behind it. */
static void fail_backticks(struct splitter *s)
{
    size_t end = view_find(s->in->text, '`', s->at + 1);
    end = end < s->in->text.len ? end + 1 : s->at + 1;
    fail_substitution(s, s->at, end);
    s->at = end;
}

static void add_literal(struct splitter *s, char c)
{
    if (c == '$')
        str_addc(&s->text, '\\');
    str_addc(&s->text, c);
}

/* A backslash that stands for itself: one before a '$' must not make it literal. */
static void add_backslash(struct splitter *s)
{
    str_addz(&s->text, peek(s, 0) == '$' ? "\\\\" : "\\");
}

/* Copy the live variable at the current '$'; a '$' that begins none is literal. */
static void read_dollar(struct splitter *s, bool in_quotes)
{
    size_t length = quote_variable_length(s->in->text, s->at);
    if (s->in->literal || length == 0) {
        add_literal(s, '$');
        s->at++;
        return;
    }
    if (!in_quotes && peek(s, 1) == '(')
        fail_substitution(s, s->at, s->at + length);
    str_add(&s->text, view_slice(s->in->text, s->at, s->at + length));
    s->at += length;
}

static void fail_quote(struct splitter *s, size_t begin, char quote)
{
    char message[] = "this ? has no end";
    message[5] = quote;
    fail(s, begin, begin + 1, "unbalanced-quote", message);
}

static void read_single_quoted(struct splitter *s)
{
    size_t begin = s->at++;
    size_t end = view_find(s->in->text, '\'', s->at);
    s->quoted = true;
    if (end == s->in->text.len)
        fail_quote(s, begin, '\'');
    struct view inside = view_slice(s->in->text, s->at, end);
    quote_escape(&s->text, inside);
    s->at = end < s->in->text.len ? end + 1 : end;
}

/* The character behind a backslash, in double quotes or outside. */
static void add_escaped(struct splitter *s)
{
    char c = peek(s, 0);
    s->at++;
    if (c == '\\')
        add_backslash(s);
    else
        add_literal(s, c);
}

/* In double quotes a backslash escapes only what is special there, as in a shell. */
static bool is_escape_in_quotes(const struct splitter *s)
{
    char next = peek(s, 1);
    return peek(s, 0) == '\\' && (next == '$' || next == '`' || next == '"' || next == '\\');
}

static void read_quoted_character(struct splitter *s)
{
    char c = peek(s, 0);
    if (c == '$') {
        read_dollar(s, true);
        return;
    }
    if (c == '`') {
        fail_backticks(s);
        return;
    }
    s->at++;
    if (c == '\\')
        add_backslash(s);
    else
        str_addc(&s->text, c);
}

static void read_double_quoted(struct splitter *s)
{
    size_t begin = s->at++;
    s->quoted = true;
    while (!at_end(s) && peek(s, 0) != '"') {
        if (is_escape_in_quotes(s)) {
            s->at++;
            add_escaped(s);
        } else {
            read_quoted_character(s);
        }
    }
    if (at_end(s))
        fail_quote(s, begin, '"');
    else
        s->at++;
}

static void read_escaped(struct splitter *s)
{
    s->at++;
    s->quoted = true;
    if (!at_end(s))
        add_escaped(s);
}

/* Inside a word "&&", "||" and ";" at the end would be operators; a single '&' is common in URLs.
 */
static bool is_operator_inside(const struct splitter *s)
{
    char c = peek(s, 0), next = peek(s, 1);
    if ((c == '&' && next == '&') || (c == '|' && next == '|'))
        return true;
    bool last = s->at + 1 >= s->in->text.len || is_separator(s, next);
    return (c == ';' || c == '&') && last;
}

static void read_character(struct splitter *s)
{
    switch (peek(s, 0)) {
    case '\'':
        read_single_quoted(s);
        break;
    case '"':
        read_double_quoted(s);
        break;
    case '\\':
        read_escaped(s);
        break;
    case '$':
        read_dollar(s, false);
        break;
    case '`':
        fail_backticks(s);
        break;
    default:
        str_addc(&s->text, peek(s, 0));
        s->at++;
    }
}

static void read_word(struct splitter *s)
{
    size_t begin = s->at;
    str_init(&s->text, s->arena);
    s->quoted = false;
    while (!at_end(s) && !is_separator(s, peek(s, 0)) && (s->in->is_body || !is_operator_inside(s)))
        read_character(s);
    struct view text = str_view(&s->text);
    struct view raw = view_slice(s->in->text, begin, s->at);
    /* "$X" in quotes, and nothing else, stays one word for the shell. */
    if (raw.len == text.len + 2 && raw.ptr[0] == '"' && text.len > 1 && text.ptr[0] == '$' &&
        text.ptr[1] != '(' && quote_variable_length(text, 0) == text.len)
        text = raw;
    struct directive_word word = {DIRECTIVE_WORD, text, words_span(s->in, begin, s->at), s->quoted};
    VEC_PUSH(s->arena, s->words, word);
}

static size_t digits(const struct splitter *s)
{
    size_t count = 0;
    while (is_digit(peek(s, count)))
        count++;
    return count;
}

/* Length of the operator or redirection that begins here, or 0. */
static size_t operator_length(const struct splitter *s)
{
    size_t number = digits(s);
    char c = peek(s, number);
    if (number > 0)
        return c == '>' || c == '<' ? number + 1 : 0;
    if (c == '\0' || strchr("&|;<>", c) == NULL)
        return 0;
    return peek(s, 1) == c ? 2 : 1;
}

static bool opens_heredoc(const struct splitter *s)
{
    size_t number = digits(s);
    return s->in->skip_heredocs && peek(s, number) == '<' && peek(s, number + 1) == '<';
}

static void skip_word(struct splitter *s)
{
    while (!at_end(s) && peek(s, 0) != '<')
        s->at++;
    while (peek(s, 0) == '<' || peek(s, 0) == '-' || is_blank(peek(s, 0)))
        s->at++;
    while (!at_end(s) && !is_blank(peek(s, 0)))
        s->at++;
}

static void read_operator(struct splitter *s, size_t length)
{
    struct directive_word word = {DIRECTIVE_OPERATOR,
                                  view_slice(s->in->text, s->at, s->at + length),
                                  words_span(s->in, s->at, s->at + length), false};
    VEC_PUSH(s->arena, s->words, word);
    s->at += length;
}

static void fail_comment(struct splitter *s)
{
    struct diag *diag = fail(s, s->at, s->at + 1, "shell-syntax",
                             "a word can't begin with '#': there are no comments at the end of a "
                             "directive");
    diag_help(diag, "put the comment on a line of its own above the directive");
}

static void read_next(struct splitter *s)
{
    if (s->in->is_body) {
        if (peek(s, 0) == '#')
            s->at = view_find(s->in->text, '\n', s->at);
        else
            read_word(s);
        return;
    }
    size_t length = operator_length(s);
    if (opens_heredoc(s)) {
        skip_word(s);
    } else if (length > 0) {
        read_operator(s, length);
    } else {
        if (peek(s, 0) == '#')
            fail_comment(s);
        read_word(s);
    }
}

bool words_split(struct arena *arena, const struct words_text *text, struct diag_list *diags,
                 struct directive_words *words)
{
    struct splitter splitter = {.arena = arena, .in = text, .diags = diags, .words = words};
    for (;;) {
        while (!at_end(&splitter) && is_separator(&splitter, peek(&splitter, 0)))
            splitter.at++;
        if (at_end(&splitter))
            return !splitter.failed;
        read_next(&splitter);
    }
}
