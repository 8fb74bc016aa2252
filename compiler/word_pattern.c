#include "word_pattern.h"

#include "utf8.h"

#include <utf8proc.h>

/* Most work of all patterns in one text: tokens times characters. */
enum { WORK_MAX = 1 << 24 };

static const uint32_t ANY_TEXT = 0x110000, ANY_ONE = 0x110001, NO_CODE = UINT32_MAX;
static const size_t NO_MATCH = SIZE_MAX;

/* Characters of a value, or tokens of a pattern. */
struct codes {
    uint32_t *items;
    size_t count;
};

/* One search: the pattern's tokens, the value, and what came of it. */
struct matcher {
    struct arena *arena;
    struct pattern_budget *budget;
    struct codes tokens, codes;
    struct view value;
    const size_t *starts; /* offset of each character in the value, and of its end */
    const size_t *ends;   /* number of the character behind the match that begins at each one */
    const char *error;
};

void word_add_code(struct str *s, uint32_t code)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_int32_t valid = code > 0x10ffff ? UTF8_INVALID : (utf8proc_int32_t)code;
    utf8proc_ssize_t length = utf8proc_encode_char(valid, bytes);
    str_add(s, (struct view){(const char *)bytes, (size_t)length});
}

static void add_codes(struct str *s, struct codes codes)
{
    for (size_t i = 0; i < codes.count; i++)
        word_add_code(s, codes.items[i]);
}

/* The characters of `text`; `starts` gets the offset of each and of the end. */
static struct codes decode(struct arena *arena, struct view text, size_t *starts)
{
    struct codes codes = {arena_zalloc(arena, text.len + 1, sizeof(uint32_t)), 0};
    size_t length;
    for (size_t at = 0; at < text.len; at += length) {
        if (starts != NULL)
            starts[codes.count] = at;
        codes.items[codes.count++] = utf8_decode(text, at, &length);
    }
    if (starts != NULL)
        starts[codes.count] = text.len;
    return codes;
}

static void reverse(struct codes codes)
{
    for (size_t i = 0; i < codes.count / 2; i++) {
        uint32_t code = codes.items[i];
        codes.items[i] = codes.items[codes.count - 1 - i];
        codes.items[codes.count - 1 - i] = code;
    }
}

/* The same from the back, but every backslash stays in front of what it escapes. */
static void reverse_pattern(struct codes codes)
{
    for (size_t i = 0; i + 1 < codes.count; i++) {
        if (codes.items[i] == '\\') {
            codes.items[i] = codes.items[i + 1];
            codes.items[++i] = '\\';
        }
    }
    reverse(codes);
}

static bool spend(struct matcher *matcher, size_t work)
{
    if (work > WORK_MAX - matcher->budget->used) {
        matcher->error = "pattern takes too much work in substitution";
        return false;
    }
    matcher->budget->used += work;
    return true;
}

/* ---- matching */

static bool invalid_escape(struct matcher *matcher, struct codes pattern, uint32_t code)
{
    struct str s;
    str_init(&s, matcher->arena);
    str_addz(&s, "invalid pattern (");
    add_codes(&s, pattern);
    str_addz(&s, ") in substitution: invalid escape '\\");
    word_add_code(&s, code);
    str_addc(&s, '\'');
    matcher->error = s.ptr;
    return false;
}

/* Turn the characters of a pattern into tokens. The scanner that BuildKit reads it with drops a
 * byte order mark at its start. */
static bool compile(struct matcher *matcher, struct codes pattern)
{
    struct codes tokens = {arena_zalloc(matcher->arena, pattern.count + 1, sizeof(uint32_t)), 0};
    for (size_t i = pattern.count > 0 && pattern.items[0] == 0xfeff ? 1 : 0; i < pattern.count;
         i++) {
        uint32_t code = pattern.items[i];
        uint32_t after = i + 1 < pattern.count ? pattern.items[i + 1] : NO_CODE;
        if (code == '*') {
            code = ANY_TEXT;
        } else if (code == '?') {
            code = ANY_ONE;
        } else if (code == '\\') {
            if (after == '}' || after == '/')
                continue;
            if (after != '*' && after != '?' && after != '\\')
                return invalid_escape(matcher, pattern, after);
            code = after;
            i++;
        }
        tokens.items[tokens.count++] = code;
    }
    matcher->tokens = tokens;
    return true;
}

/* Where the tokens from `j` on end when they begin at a character; `here` and `after` hold the
 * same for the tokens behind, at this character and at the next. */
static size_t match_end(uint32_t token, uint32_t code, const size_t *here, const size_t *after,
                        size_t j, bool longest)
{
    if (token != ANY_TEXT)
        return token == code || (token == ANY_ONE && code != '\n') ? after[j + 1] : NO_MATCH;
    size_t longer = code == '\n' ? NO_MATCH : after[j];
    size_t shorter = here[j + 1];
    return longer == NO_MATCH || (!longest && shorter != NO_MATCH) ? shorter : longer;
}

/* Find for every character the end of the match that begins there. From the back, so that the time
 * is the product of both lengths whatever the pattern is. */
static bool match(struct matcher *matcher, bool longest)
{
    struct codes tokens = matcher->tokens, codes = matcher->codes;
    if (codes.count + 1 > WORK_MAX / (tokens.count + 1) ||
        !spend(matcher, (codes.count + 1) * (tokens.count + 1)))
        return spend(matcher, SIZE_MAX);
    size_t *ends = arena_zalloc(matcher->arena, codes.count + 1, sizeof(size_t));
    size_t *here = arena_zalloc(matcher->arena, tokens.count + 1, sizeof(size_t));
    size_t *after = arena_zalloc(matcher->arena, tokens.count + 1, sizeof(size_t));
    for (size_t j = 0; j <= tokens.count; j++)
        after[j] = NO_MATCH;
    for (size_t i = codes.count + 1; i-- > 0;) {
        /* Behind the last character nothing but empty text matches, as before a newline. */
        uint32_t code = i < codes.count ? codes.items[i] : '\n';
        here[tokens.count] = i;
        for (size_t j = tokens.count; j-- > 0;)
            here[j] = match_end(tokens.items[j], code, here, after, j, longest);
        ends[i] = here[0];
        size_t *spare = after;
        after = here;
        here = spare;
    }
    matcher->ends = ends;
    return true;
}

static struct matcher matcher_init(struct arena *arena, struct pattern_budget *budget,
                                   struct view value)
{
    size_t *starts = arena_zalloc(arena, value.len + 1, sizeof(size_t));
    struct codes codes = decode(arena, value, starts);
    return (struct matcher){
        .arena = arena, .budget = budget, .codes = codes, .value = value, .starts = starts};
}

/* The bytes between two characters of the value. */
static struct view between(const struct matcher *matcher, size_t from, size_t to)
{
    return view_slice(matcher->value, matcher->starts[from], matcher->starts[to]);
}

static struct pattern_result finish(const struct matcher *matcher, const struct str *s)
{
    if (matcher->error != NULL)
        return (struct pattern_result){VIEW(""), matcher->error};
    return (struct pattern_result){str_view(s), NULL};
}

/* ---- trimming */

struct pattern_result pattern_trim(struct arena *arena, struct pattern_budget *budget,
                                   struct view pattern, struct view value, bool suffix,
                                   bool longest)
{
    struct matcher matcher = matcher_init(arena, budget, value);
    struct codes codes = decode(arena, pattern, NULL);
    struct str s;
    str_init(&s, arena);
    /* An end is a beginning of the reversed value. */
    if (suffix) {
        reverse_pattern(codes);
        reverse(matcher.codes);
    }
    if (!compile(&matcher, codes) || !match(&matcher, longest))
        return finish(&matcher, &s);
    size_t cut = matcher.ends[0] == NO_MATCH ? 0 : matcher.ends[0];
    struct codes rest = {matcher.codes.items + cut, matcher.codes.count - cut};
    if (suffix) {
        reverse(rest);
        add_codes(&s, rest);
    } else {
        str_add(&s, between(&matcher, cut, matcher.codes.count));
    }
    return finish(&matcher, &s);
}

/* ---- replacing */

/* Length of "NAME" or "{NAME}" behind the '$' of a template; 0: there is none. */
static size_t template_name(struct view rest, struct view *name)
{
    size_t begin = rest.len > 0 && rest.ptr[0] == '{' ? 1 : 0, at = begin, length;
    for (; at < rest.len; at += length) {
        uint32_t code = utf8_decode(rest, at, &length);
        if (!utf8_is_letter(code) && !utf8_is_digit(code) && code != '_')
            break;
    }
    *name = view_slice(rest, begin, at);
    bool closed = begin == 0 || (at < rest.len && rest.ptr[at] == '}');
    return at > begin && closed ? at + begin : 0;
}

static bool add_template(struct matcher *matcher, struct str *s, struct view template,
                         struct view found)
{
    if (!spend(matcher, template.len))
        return false;
    for (size_t at = 0; at < template.len;) {
        size_t dollar = view_find(template, '$', at);
        str_add(s, view_slice(template, at, dollar));
        if (dollar == template.len)
            break;
        struct view rest = view_slice(template, dollar + 1, template.len), name;
        size_t length = template_name(rest, &name);
        at = dollar + 1 + length;
        if (length == 0) {
            str_addc(s, '$');
            at += view_starts(rest, "$") ? 1 : 0;
        } else if (view_is(name, "0")) {
            str_add(s, found);
        }
    }
    return true;
}

/* As Go's ReplaceAllString: an empty match directly behind another match is none. */
static void replace_all(struct matcher *matcher, struct str *s, struct view template)
{
    size_t done = 0, count = matcher->codes.count;
    for (size_t i = 0; i <= count;) {
        size_t end = matcher->ends[i];
        if (end == NO_MATCH) {
            i++;
            continue;
        }
        str_add(s, between(matcher, done, i));
        if ((end > done || i == 0) && !add_template(matcher, s, template, between(matcher, i, end)))
            return;
        done = end;
        i = end > i ? end : i + 1;
    }
    str_add(s, between(matcher, done, count));
}

static void replace_first(struct matcher *matcher, struct str *s, struct view text)
{
    size_t first = 0, count = matcher->codes.count;
    while (first <= count && matcher->ends[first] == NO_MATCH)
        first++;
    if (first > count) {
        str_add(s, matcher->value);
        return;
    }
    str_add(s, between(matcher, 0, first));
    str_add(s, text);
    str_add(s, between(matcher, matcher->ends[first], count));
}

struct pattern_result pattern_replace(struct arena *arena, struct pattern_budget *budget,
                                      struct view pattern, struct view text, struct view value,
                                      bool all)
{
    struct matcher matcher = matcher_init(arena, budget, value);
    struct str s;
    str_init(&s, arena);
    if (!compile(&matcher, decode(arena, pattern, NULL)) || !match(&matcher, true))
        return finish(&matcher, &s);
    if (all)
        replace_all(&matcher, &s, text);
    else
        replace_first(&matcher, &s, text);
    return finish(&matcher, &s);
}
