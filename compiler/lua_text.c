#include "lua_text.h"

#include "lua_host.h"
#include "utf8.h"

enum {
    BLOCKS_MAX = 200,      /* nested blocks: Lua's own limit */
    OPERATORS_MAX = 8192,  /* `and`, `or` and `elseif` of a file: 0.2 s */
    PLAIN_DEPTH = 3,       /* nested functions in which names cost nothing */
    DEEP_NAMES_MAX = 20000 /* names in deeper functions, each counted once for a level */
};

static bool fail(struct diag_list *diags, struct source *source, size_t at, const char *what)
{
    size_t end = at < source->text.len ? at + 1 : at;
    diag_add(diags, DIAG_ERROR, "rule-file", (struct span){source, at, end}, "%s", what);
    return false;
}

static bool check_bytes(struct diag_list *diags, struct source *source)
{
    struct view text = source->text;
    if (text.len > LUA_HOST_FILE_MAX) {
        diag_add(diags, DIAG_ERROR, "rule-file", (struct span){source, 0, 0},
                 "a rule file may have %d bytes, this one has %zu", LUA_HOST_FILE_MAX, text.len);
        return false;
    }
    if (view_starts(text, "\033"))
        return fail(diags, source, 0, "this is compiled Lua, a rule file must be source text");
    size_t length;
    for (size_t at = 0; at < text.len; at += length) {
        uint32_t code = utf8_decode(text, at, &length);
        if (code == 0)
            return fail(diags, source, at, "a rule file can't hold a NUL byte");
        if (code == UTF8_INVALID && length == 1)
            return fail(diags, source, at, "a rule file must be valid UTF-8");
    }
    return true;
}

struct scan {
    struct view text;
    size_t at;
    bool is_function[BLOCKS_MAX]; /* the open blocks */
    size_t blocks, functions;
    size_t operators, deep_names;
};

static bool is_name(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_';
}

static char peek(const struct scan *scan, size_t ahead)
{
    return scan->text.len - scan->at > ahead ? scan->text.ptr[scan->at + ahead] : '\0';
}

/* Skip "[==[ … ]==]" when one begins here. */
static bool skip_long_bracket(struct scan *scan)
{
    size_t level = 0;
    while (peek(scan, 1 + level) == '=')
        level++;
    if (peek(scan, 0) != '[' || peek(scan, 1 + level) != '[')
        return false;
    struct view text = scan->text;
    for (size_t at = scan->at + level + 2; (at = view_find(text, ']', at)) < text.len; at++) {
        size_t end = at + 1;
        while (end < text.len && text.ptr[end] == '=')
            end++;
        if (end - at - 1 == level && end < text.len && text.ptr[end] == ']') {
            scan->at = end + 1;
            return true;
        }
        at = end - 1; /* not behind it: this may be the bracket that begins the right end */
    }
    scan->at = text.len;
    return true;
}

static void skip_string(struct scan *scan)
{
    char quote = peek(scan, 0);
    for (scan->at++; scan->at < scan->text.len; scan->at++) {
        char c = peek(scan, 0);
        if (c == quote || c == '\n')
            break;
        if (c != '\\')
            continue;
        scan->at++;
        if (peek(scan, 0) == 'z') /* skips white space, line ends too */
            while (is_blank(peek(scan, 1)) || peek(scan, 1) == '\n')
                scan->at++;
        else if (peek(scan, 0) == '\r' && peek(scan, 1) == '\n')
            scan->at++;
    }
    if (scan->at < scan->text.len)
        scan->at++;
}

static void skip_comment(struct scan *scan)
{
    scan->at += 2;
    if (!skip_long_bracket(scan))
        scan->at = view_find(scan->text, '\n', scan->at);
}

static void open_block(struct scan *scan, bool is_function)
{
    if (scan->blocks < BLOCKS_MAX)
        scan->is_function[scan->blocks] = is_function;
    scan->blocks++;
    scan->functions += is_function;
}

static void close_block(struct scan *scan)
{
    if (scan->blocks == 0)
        return; /* a syntax error, for Lua to report */
    scan->blocks--;
    if (scan->blocks < BLOCKS_MAX && scan->is_function[scan->blocks])
        scan->functions--;
}

static void read_name(struct scan *scan)
{
    size_t begin = scan->at;
    while (is_name(peek(scan, 0)))
        scan->at++;
    struct view name = view_slice(scan->text, begin, scan->at);
    if (view_is(name, "function"))
        open_block(scan, true);
    else if (view_is(name, "do") || view_is(name, "if") || view_is(name, "repeat"))
        open_block(scan, false); /* `while` and `for` have their own `do` */
    else if (view_is(name, "end") || view_is(name, "until"))
        close_block(scan);
    else if (view_is(name, "and") || view_is(name, "or") || view_is(name, "elseif"))
        scan->operators++;
    else if (scan->functions > PLAIN_DEPTH)
        scan->deep_names += scan->functions - PLAIN_DEPTH;
}

static void read_token(struct scan *scan)
{
    char c = peek(scan, 0);
    if (is_name(c))
        read_name(scan);
    else if (c == '"' || c == '\'')
        skip_string(scan);
    else if (c == '-' && peek(scan, 1) == '-')
        skip_comment(scan);
    else if (c != '[' || !skip_long_bracket(scan))
        scan->at++;
}

static bool check_tokens(struct diag_list *diags, struct source *source)
{
    struct scan scan = {.text = source->text};
    while (scan.at < scan.text.len) {
        size_t begin = scan.at;
        read_token(&scan);
        if (scan.blocks > BLOCKS_MAX || scan.deep_names > DEEP_NAMES_MAX)
            return fail(diags, source, begin, "functions and blocks are nested too deeply");
        if (scan.operators > OPERATORS_MAX)
            return fail(diags, source, begin, "too many 'and', 'or' and 'elseif' in one rule file");
    }
    return true;
}

bool lua_text_check(struct diag_list *diags, struct source *source)
{
    return check_bytes(diags, source) && check_tokens(diags, source);
}
