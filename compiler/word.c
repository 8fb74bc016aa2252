#include "word.h"

#include "utf8.h"
#include "word_pattern.h"

#include <utf8proc.h>

enum { NESTING_MAX = 200 }; /* "${a:-${b:-…}}" */

/* What reading a character gives behind the last one. */
static const uint32_t END = UINT32_MAX;

/*
 * The text is read once from left to right. Everything, nested words included, is written to the
 * end of `out`; whoever reads a "${…}" then decides whether what was written there stays.
 */
struct word_lexer {
    struct arena *arena;
    struct view text;
    size_t at;
    uint32_t escape;
    bool keep_quotes, keep_escapes, keep_unset;
    const struct word_env *env;
    struct str out;
    const char *error;
    size_t depth;
    struct pattern_budget budget;

    struct str words;      /* all words, one behind the other */
    size_t word_begin;     /* where the word being built begins in it */
    struct word_list list; /* lengths of the finished words */
    bool word_lost;        /* a nested word was read since this was cleared */
};

/* ---- characters */

static uint32_t peek(const struct word_lexer *lexer)
{
    size_t length;
    return lexer->at < lexer->text.len ? utf8_decode(lexer->text, lexer->at, &length) : END;
}

static uint32_t next(struct word_lexer *lexer)
{
    if (lexer->at >= lexer->text.len)
        return END;
    size_t length;
    uint32_t code = utf8_decode(lexer->text, lexer->at, &length);
    lexer->at += length;
    return code;
}

static size_t skip_bom(struct view text)
{
    return view_starts(text, UTF8_BOM) ? UTF8_BOM_LENGTH : 0;
}

/* ---- errors, in Go's words and quotes */

static bool fail(struct word_lexer *lexer, const char *error)
{
    lexer->error = error;
    return false;
}

/* An error inside a nested word that ran into the end of the text is told from outside. */
static bool fail_at_end(struct word_lexer *lexer, const char *error)
{
    if (lexer->at >= lexer->text.len)
        lexer->error = error;
    return false;
}

static bool fail_modifier(struct word_lexer *lexer, bool colon, uint32_t code)
{
    struct str s;
    str_init(&s, lexer->arena);
    str_addz(&s, colon ? "unsupported modifier (:" : "unsupported modifier (");
    word_add_code(&s, code);
    str_addz(&s, ") in substitution");
    return fail(lexer, s.ptr);
}

static bool is_printable(uint32_t code)
{
    if (code < 0x80)
        return code >= ' ' && code < 0x7f;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO;
}

static void add_quoted_code(struct str *s, uint32_t code)
{
    static const char short_codes[] = "\a\b\f\n\r\t\v", letters[] = "abfnrtv";
    for (size_t i = 0; short_codes[i] != '\0'; i++) {
        if (code == (unsigned char)short_codes[i]) {
            str_addf(s, "\\%c", letters[i]);
            return;
        }
    }
    if (code == '"' || code == '\\')
        str_addf(s, "\\%c", (char)code);
    else if (is_printable(code))
        word_add_code(s, code);
    else if (code < 0x80)
        str_addf(s, "\\x%02x", (unsigned)code);
    else
        str_addf(s, code < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)code);
}

/* "failed to process "TEXT": ERROR", the text quoted as Go's %q does. */
static const char *whole_error(struct word_lexer *lexer)
{
    struct str s;
    str_init(&s, lexer->arena);
    str_addz(&s, "failed to process \"");
    size_t length;
    for (size_t at = 0; at < lexer->text.len; at += length) {
        uint32_t code = utf8_decode(lexer->text, at, &length);
        if (code == UTF8_INVALID && length == 1)
            str_addf(&s, "\\x%02x", (unsigned)(unsigned char)lexer->text.ptr[at]);
        else
            add_quoted_code(&s, code);
    }
    str_addf(&s, "\": %s", lexer->error);
    return s.ptr;
}

/* ---- words */

static void end_word(struct word_lexer *lexer)
{
    size_t length = lexer->words.len - lexer->word_begin;
    if (length == 0)
        return;
    VEC_PUSH(lexer->arena, &lexer->list, (struct view){NULL, length});
    lexer->word_begin = lexer->words.len;
}

/*
 * Add the bytes of `out` from `from` on to the word being built; with `split`, blanks end words.
 * BuildKit builds all words in one buffer, which the scan of a nested word empties: what the word
 * held before it is lost. Lines are only read as BuildKit reads them when it is lost here too.
 */
static void collect(struct word_lexer *lexer, size_t from, bool split)
{
    struct view added = view_slice(str_view(&lexer->out), from, lexer->out.len);
    if (lexer->word_lost)
        lexer->words.len = lexer->word_begin;
    if (!split) {
        str_add(&lexer->words, added);
        return;
    }
    size_t length;
    for (size_t at = 0; at < added.len; at += length) {
        uint32_t code = utf8_decode(added, at, &length);
        if (utf8_is_space(code))
            end_word(lexer);
        else
            word_add_code(&lexer->words, code);
    }
}

/* The words were only measured while their buffer could still move. */
static void place_words(struct word_lexer *lexer)
{
    end_word(lexer);
    const char *at = lexer->words.ptr;
    for (size_t i = 0; i < lexer->list.count; i++) {
        lexer->list.items[i].ptr = at;
        at += lexer->list.items[i].len;
    }
}

/* ---- variables */

static bool lookup(const struct word_lexer *lexer, struct view name, struct view *value)
{
    *value = VIEW("");
    return lexer->env != NULL && lexer->env->lookup(lexer->env->context, name, value);
}

/* A name, a number, or one of the shell's special characters; empty when there is none. */
static struct view read_name(struct word_lexer *lexer)
{
    size_t begin = lexer->at;
    uint32_t first = peek(lexer);
    bool number = utf8_is_digit(first);
    if (first < 0x80 && first != 0 && view_find(VIEW("@*#?-$!"), (char)first, 0) < 7) {
        next(lexer);
        return view_slice(lexer->text, begin, lexer->at);
    }
    for (uint32_t code = first; code != END; code = peek(lexer)) {
        bool letter = !number && (utf8_is_letter(code) || code == '_');
        if (!letter && !utf8_is_digit(code))
            break;
        next(lexer);
    }
    return view_slice(lexer->text, begin, lexer->at);
}

static bool run(struct word_lexer *lexer, uint32_t stop, bool keep_escapes);

/* Whether the reference to `name` stays as it was written. */
static bool stays(const struct word_lexer *lexer, struct view name)
{
    struct view value;
    return lexer->keep_unset && !lookup(lexer, name, &value);
}

static void add_variable(struct word_lexer *lexer, struct view name, const char *before,
                         const char *after)
{
    struct view value;
    if (lookup(lexer, name, &value)) {
        str_add(&lexer->out, value);
    } else if (lexer->keep_unset) {
        str_addz(&lexer->out, before);
        str_add(&lexer->out, name);
        str_addz(&lexer->out, after);
    }
}

/* "${name?word}": a refusal unless the variable is set. */
static bool require(struct word_lexer *lexer, struct view name, bool set, struct view word)
{
    struct str s;
    str_init(&s, lexer->arena);
    str_add(&s, name);
    str_addz(&s, ": ");
    if (word.len == 0)
        str_addz(&s, set ? "is not allowed to be empty" : "is not allowed to be unset");
    str_add(&s, word);
    return fail(lexer, s.ptr);
}

/* The pattern stands in `out` from `from` on; doubled for the longest match. */
static bool trim(struct word_lexer *lexer, size_t from, struct view value, bool suffix)
{
    struct view word = view_slice(str_view(&lexer->out), from, lexer->out.len);
    bool longest = view_starts(word, suffix ? "%" : "#");
    struct view pattern = view_slice(word, longest ? 1 : 0, word.len);
    struct pattern_result result =
        pattern_trim(lexer->arena, &lexer->budget, pattern, value, suffix, longest);
    lexer->out.len = from;
    str_add(&lexer->out, result.text);
    return result.error == NULL || fail(lexer, result.error);
}

/* Pattern and replacement stand in `out` from `from` and from `middle` on. */
static bool replace(struct word_lexer *lexer, size_t from, size_t middle, struct view value,
                    bool all)
{
    struct view written = str_view(&lexer->out);
    struct pattern_result result =
        pattern_replace(lexer->arena, &lexer->budget, view_slice(written, from, middle),
                        view_slice(written, middle, written.len), value, all);
    lexer->out.len = from;
    str_add(&lexer->out, result.text);
    return result.error == NULL || fail(lexer, result.error);
}

/* Decide what remains of the word that begins at `from` in `out`. */
static bool apply_modifier(struct word_lexer *lexer, struct view name, bool colon, uint32_t code,
                           size_t from)
{
    struct view value;
    bool set = lookup(lexer, name, &value);
    bool missing = !set || (colon && value.len == 0);
    switch (code) {
    case '+':
        if (missing)
            lexer->out.len = from;
        return true;
    case '?':
        if (missing)
            return require(lexer, name, set,
                           view_slice(str_view(&lexer->out), from, lexer->out.len));
        break;
    case '-':
        if (missing)
            return true;
        break;
    case '#':
    case '%':
        return trim(lexer, from, value, code == '%');
    default:
        return fail_modifier(lexer, colon, code);
    }
    lexer->out.len = from;
    str_add(&lexer->out, value);
    return true;
}

/* "${name:-word}" and its kin, read up to and including `code` or the colon. */
static bool read_modifier(struct word_lexer *lexer, struct view name, uint32_t code)
{
    bool colon = code == ':';
    if (colon)
        code = next(lexer);
    bool trims = code == '#' || code == '%';
    if (colon && trims)
        return fail_modifier(lexer, colon, code);
    bool keep = stays(lexer, name);
    if (keep) {
        str_addf(&lexer->out, "${%.*s%s", VIEW_ARG(name), colon ? ":" : "");
        word_add_code(&lexer->out, code);
    }
    size_t from = lexer->out.len;
    if (!run(lexer, '}', trims))
        return fail_at_end(lexer, "syntax error: missing '}'");
    if (!keep)
        return apply_modifier(lexer, name, colon, code, from);
    str_addc(&lexer->out, '}');
    return true;
}

/* "${name/pattern/text}", read up to and including the first slash. */
static bool read_replacement(struct word_lexer *lexer, struct view name)
{
    bool all = peek(lexer) == '/';
    if (all)
        next(lexer);
    bool keep = stays(lexer, name);
    if (keep)
        str_addf(&lexer->out, "${%.*s/", VIEW_ARG(name));
    size_t from = lexer->out.len;
    if (!run(lexer, '/', true))
        return fail_at_end(lexer, "syntax error: missing '/' in ${}");
    size_t middle = lexer->out.len;
    if (keep)
        str_addc(&lexer->out, '/');
    if (!run(lexer, '}', true))
        return fail_at_end(lexer, "syntax error: missing '}'");
    if (keep) {
        str_addc(&lexer->out, '}');
        return true;
    }
    struct view value;
    lookup(lexer, name, &value);
    return replace(lexer, from, middle, value, all);
}

static bool read_dollar(struct word_lexer *lexer)
{
    next(lexer);
    uint32_t code = peek(lexer);
    if (code != '{') {
        struct view name = read_name(lexer);
        if (name.len == 0)
            str_addc(&lexer->out, '$');
        else
            add_variable(lexer, name, "$", "");
        return true;
    }
    next(lexer);
    code = peek(lexer);
    if (code == END)
        return fail(lexer, "syntax error: missing '}'");
    if (code == '{' || code == '}' || code == ':')
        return fail(lexer, "syntax error: bad substitution");
    struct view name = read_name(lexer);
    code = next(lexer);
    switch (code) {
    case '}':
        add_variable(lexer, name, "${", "}");
        return true;
    case ':':
    case '+':
    case '-':
    case '?':
    case '#':
    case '%':
        return read_modifier(lexer, name, code);
    case '/':
        return read_replacement(lexer, name);
    default:
        return fail_modifier(lexer, false, code);
    }
}

/* ---- quotes and the rest */

static void add_quote(struct word_lexer *lexer, char quote)
{
    if (lexer->keep_quotes)
        str_addc(&lexer->out, quote);
}

static bool read_single_quotes(struct word_lexer *lexer)
{
    next(lexer);
    add_quote(lexer, '\'');
    uint32_t code;
    while ((code = next(lexer)) != '\'') {
        if (code == END)
            return fail(lexer,
                        "unexpected end of statement while looking for matching single-quote");
        word_add_code(&lexer->out, code);
    }
    add_quote(lexer, '\'');
    return true;
}

/* One character inside double quotes, or an escaped one. */
static void read_quoted(struct word_lexer *lexer)
{
    uint32_t code = next(lexer);
    if (code == lexer->escape) {
        if (lexer->keep_escapes)
            word_add_code(&lexer->out, code);
        uint32_t after = peek(lexer);
        if (after == END)
            return;
        if (after == '"' || after == '$' || after == lexer->escape)
            code = next(lexer);
    }
    word_add_code(&lexer->out, code);
}

static bool read_double_quotes(struct word_lexer *lexer)
{
    next(lexer);
    add_quote(lexer, '"');
    uint32_t code;
    while ((code = peek(lexer)) != '"') {
        if (code == END)
            return fail(lexer,
                        "unexpected end of statement while looking for matching double-quote");
        if (code != '$')
            read_quoted(lexer);
        else if (!read_dollar(lexer))
            return false;
    }
    next(lexer);
    add_quote(lexer, '"');
    return true;
}

/* "<", or "<<" with the blanks behind it, which do not end the word. */
static void read_less(struct word_lexer *lexer)
{
    size_t begin = lexer->at;
    next(lexer);
    if (peek(lexer) == '<') {
        uint32_t code;
        do {
            next(lexer);
            code = peek(lexer);
        } while (code == ' ' || code == '\t' || code == '\r');
    }
    str_add(&lexer->out, view_slice(lexer->text, begin, lexer->at));
}

/* Read one thing; `split` tells whether blanks in what it gave end words. */
static bool read_item(struct word_lexer *lexer, bool *split)
{
    uint32_t code = peek(lexer);
    *split = code == '$';
    switch (code) {
    case '$':
        return read_dollar(lexer);
    case '\'':
        return read_single_quotes(lexer);
    case '"':
        return read_double_quotes(lexer);
    case '<':
        read_less(lexer);
        return true;
    default:
        break;
    }
    next(lexer);
    *split = code != lexer->escape;
    if (code == lexer->escape) {
        if (lexer->keep_escapes)
            word_add_code(&lexer->out, code);
        code = next(lexer);
    }
    if (code != END)
        word_add_code(&lexer->out, code);
    return true;
}

/* Read up to and including `stop`, at the top level (END) up to the end. */
static bool run_items(struct word_lexer *lexer, uint32_t stop)
{
    uint32_t code;
    while ((code = peek(lexer)) != stop) {
        if (code == END)
            return fail(lexer, stop == '}'
                                   ? "unexpected end of statement while looking for matching }"
                                   : "unexpected end of statement while looking for matching /");
        size_t from = lexer->out.len;
        bool split;
        lexer->word_lost = false;
        if (!read_item(lexer, &split))
            return false;
        if (stop == END)
            collect(lexer, from, split);
    }
    next(lexer);
    return true;
}

static bool run(struct word_lexer *lexer, uint32_t stop, bool keep_escapes)
{
    if (lexer->depth == NESTING_MAX)
        return fail(lexer, "syntax error: substitutions are nested too deeply");
    bool saved = lexer->keep_escapes;
    lexer->keep_escapes = keep_escapes;
    lexer->depth++;
    bool good = run_items(lexer, stop);
    lexer->depth--;
    lexer->keep_escapes = saved;
    lexer->word_lost = true;
    return good;
}

struct word_result word_expand(struct arena *arena, struct view text, char escape, unsigned keep,
                               const struct word_env *env)
{
    struct word_lexer lexer = {.arena = arena,
                               .text = text,
                               .at = skip_bom(text),
                               .escape = (unsigned char)escape,
                               .keep_quotes = (keep & WORD_KEEP_QUOTES) != 0,
                               .keep_unset = (keep & WORD_KEEP_UNSET) != 0,
                               .env = env};
    str_init(&lexer.out, arena);
    str_init(&lexer.words, arena);
    if (!run(&lexer, END, (keep & WORD_KEEP_ESCAPES) != 0))
        return (struct word_result){.text = VIEW(""), .error = whole_error(&lexer)};
    place_words(&lexer);
    return (struct word_result){.text = str_view(&lexer.out), .words = lexer.list};
}

/* ---- heredocs */

/* A number as Go's ParseUint gives it: too big is the biggest. */
static uint64_t read_fd(struct view digits)
{
    uint64_t fd = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)(digits.ptr[i] - '0');
        if (fd > (UINT64_MAX - digit) / 10)
            return UINT64_MAX;
        fd = fd * 10 + digit;
    }
    return fd;
}

static size_t count_quotes(struct view v)
{
    size_t count = 0;
    for (size_t i = 0; i < v.len; i++)
        count += v.ptr[i] == '\'' || v.ptr[i] == '"' ? 1 : 0;
    return count;
}

/* A name that unquoting can't change. */
static bool is_simple_name(struct view name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_alpha(name.ptr[i]) && !is_digit(name.ptr[i]) && name.ptr[i] != '_')
            return false;
    return true;
}

/* A word of the form DIGITS<<[-] BLANKS NAME, where NAME is one word when it is unquoted. */
bool word_read_heredoc(struct arena *arena, struct view word, struct heredoc_word *heredoc)
{
    size_t digits = 0;
    while (digits < word.len && is_digit(word.ptr[digits]))
        digits++;
    if (!view_starts(view_slice(word, digits, word.len), "<<"))
        return false;
    size_t at = digits + 2;
    heredoc->fd = read_fd(view_slice(word, 0, digits));
    heredoc->chomp = at < word.len && word.ptr[at] == '-';
    at += heredoc->chomp ? 1 : 0;
    while (at < word.len && word.ptr[at] != '\v' &&
           (is_blank(word.ptr[at]) || word.ptr[at] == '\n'))
        at++;
    struct view rest = view_slice(word, at, word.len);
    if (rest.len == 0 || view_find(rest, '<', 0) < rest.len)
        return false;
    if (is_simple_name(rest)) {
        heredoc->name = rest;
        heredoc->expand = true;
        return true;
    }
    struct word_result plain = word_expand(arena, rest, '\\', WORD_KEEP_UNSET, NULL);
    struct word_result quoted =
        word_expand(arena, rest, '\\', WORD_KEEP_UNSET | WORD_KEEP_QUOTES, NULL);
    if (plain.words.count != 1 || quoted.words.count != 1)
        return false;
    heredoc->name = plain.words.items[0];
    heredoc->expand = count_quotes(heredoc->name) == count_quotes(quoted.words.items[0]);
    return true;
}

void word_find_heredocs(struct arena *arena, struct view line, struct heredoc_words *found)
{
    unsigned keep = WORD_KEEP_QUOTES | WORD_KEEP_ESCAPES | WORD_KEEP_UNSET;
    struct word_list words = word_expand(arena, line, '\\', keep, NULL).words;
    for (size_t i = 0; i < words.count; i++) {
        struct heredoc_word heredoc;
        if (word_read_heredoc(arena, words.items[i], &heredoc))
            VEC_PUSH(arena, found, heredoc);
    }
}
