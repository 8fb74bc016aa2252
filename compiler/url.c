#include "url.h"

#include <string.h>

static bool is_scheme_byte(char c)
{
    return is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
}

/* Length of "https://" with what stands before the colons; 0: there is no scheme. */
static size_t scheme_length(struct view text)
{
    size_t end = view_search(text, VIEW("://"));
    if (end == text.len || end == 0 || !is_alpha(text.ptr[0]))
        return 0;
    for (size_t i = 0; i < end; i++)
        if (!is_scheme_byte(text.ptr[i]))
            return 0;
    return end + 3;
}

bool url_has_scheme(struct view text)
{
    return scheme_length(text) > 0;
}

static size_t scheme_begin(struct view text, size_t colon)
{
    while (colon > 0 && is_scheme_byte(text.ptr[colon - 1]))
        colon--;
    return colon;
}

static bool ends_nocase(struct view text, const char *suffix)
{
    size_t length = strlen(suffix);
    return text.len >= length &&
           view_is_nocase(view_slice(text, text.len - length, text.len), suffix);
}

/* "git+https" too, and the "-ihttps" of pip's "-iURL". */
static bool is_web(struct view scheme)
{
    return ends_nocase(scheme, "http") || ends_nocase(scheme, "https");
}

static char byte_at(struct view text, size_t at)
{
    return at < text.len ? text.ptr[at] : '\0';
}

enum { VARIABLE_MAX = 256 }; /* bytes of a "${…}"; keeps the search linear */

/* Behind the "${…}" that begins at `at`; behind the '$' when it has no end. */
static size_t skip_variable(struct view text, size_t at)
{
    size_t depth = 0;
    for (size_t i = at + 1; i < text.len && i < at + VARIABLE_MAX && text.ptr[i] != '\n'; i++) {
        depth += text.ptr[i] == '{' ? 1 : 0;
        if (text.ptr[i] == '}' && --depth == 0)
            return i + 1;
    }
    return at + 1;
}

/* A quote goes on inside a word of the shell, https://"$USER":"$TOKEN"@host; but
 * {"https://host","mail":"me@host"} is no URL any more behind the second one. */
static bool quote_goes_on(struct view text, size_t at)
{
    char next = byte_at(text, at + 1);
    return next != '\0' && strchr("$:@'\"", next) != NULL;
}

static bool ends_authority(struct view text, size_t at)
{
    char c = text.ptr[at];
    if ((unsigned char)c <= ' ' || c == 0x7f || strchr("/?#<>()`", c) != NULL)
        return true;
    if (c == '"' || c == '\'')
        return !quote_goes_on(text, at);
    return c == '$' && byte_at(text, at + 1) == '(';
}

/* The user information that begins at `at`, up to the last '@' of the authority: `*end` is that,
 * or `at` when there is none. Whether a password is in it. */
static bool read_user(struct view text, size_t at, size_t *end)
{
    size_t colon = text.len, i = at;
    *end = at;
    while (i < text.len && !ends_authority(text, i)) {
        char c = text.ptr[i], next = byte_at(text, i + 1);
        if (c == '$' && next == '{') {
            i = skip_variable(text, i);
            continue;
        }
        if (c == ':' && colon == text.len)
            colon = i;
        if (c == '@' && next != '{') /* "@{name}" is replaced by dfc */
            *end = i;
        i += c == '\\' && next != '\0' && next != '\n' ? 2 : 1;
    }
    return colon < *end;
}

bool url_find_credentials(struct view text, size_t from, size_t *begin, size_t *end)
{
    for (size_t colon = view_find(text, ':', from); colon < text.len;
         colon = view_find(text, ':', colon + 1)) {
        if (!view_starts(view_slice(text, colon, text.len), "://"))
            continue;
        struct view scheme = view_slice(text, scheme_begin(text, colon), colon);
        *begin = colon + 3;
        bool password = read_user(text, *begin, end);
        if (*end > *begin && (password || is_web(scheme)))
            return true;
    }
    return false;
}

bool url_has_credentials(struct view text)
{
    size_t begin, end;
    return url_find_credentials(text, 0, &begin, &end);
}

struct view url_around(struct view text, size_t at)
{
    size_t begin = scheme_begin(text, at - strlen("://")), end;
    read_user(text, at, &end);
    while (end < text.len && (unsigned char)text.ptr[end] > ' ' &&
           strchr("'\"<>", text.ptr[end]) == NULL)
        end++;
    return view_slice(text, begin, end);
}
