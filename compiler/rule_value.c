#include "rule_value.h"

#include "quote.h"
#include "url.h"

#include <string.h>

enum { DIGITS_MAX = 18 }; /* of a number that surely fits into 64 bits */

static bool read_integer(struct view text, long long *number)
{
    bool negative = view_starts(text, "-");
    struct view digits = view_slice(text, negative ? 1 : 0, text.len);
    *number = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (!is_digit(digits.ptr[i]) || i == DIGITS_MAX)
            return false;
        *number = *number * 10 + (digits.ptr[i] - '0');
    }
    if (negative)
        *number = -*number;
    return digits.len > 0;
}

/* One "30s" or "1.5h" of a duration; 0: it is none (Go's time.ParseDuration, which BuildKit and
 * most tools follow). */
static size_t duration_part(struct view text, size_t at)
{
    static const char *const units[] = {"ms", "us", "ns", "h", "m", "s"};
    size_t end = at, digits = 0, dots = 0;
    for (; end < text.len && (is_digit(text.ptr[end]) || text.ptr[end] == '.'); end++) {
        digits += is_digit(text.ptr[end]) ? 1 : 0;
        dots += text.ptr[end] == '.' ? 1 : 0;
    }
    if (digits == 0 || dots > 1)
        return 0;
    for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
        if (view_starts(view_slice(text, end, text.len), units[i]))
            return end + strlen(units[i]) - at;
    return 0;
}

static bool is_duration(struct view text)
{
    size_t at = 0, length;
    while (at < text.len && (length = duration_part(text, at)) > 0)
        at += length;
    return text.len > 0 && at == text.len;
}

static struct value_problem problem(struct arena *arena, const char *expected, struct view found)
{
    return (struct value_problem){
        "bad-value", view_format(arena, "%s, found '%.*s'", expected, VIEW_ARG(found))};
}

static struct value_problem check_enum(struct arena *arena, const struct rule_arg *arg,
                                       struct view text)
{
    if (name_list_has(&arg->values, text))
        return (struct value_problem){NULL, VIEW("")};
    struct str list;
    str_init(&list, arena);
    str_addz(&list, "must be one of ");
    for (size_t i = 0; i < arg->values.count; i++)
        str_addf(&list, "%s%.*s", i == 0 ? "" : ", ", VIEW_ARG(arg->values.items[i]));
    return problem(arena, str_view(&list).ptr, text);
}

static struct value_problem check_integer(struct arena *arena, const struct rule_arg *arg,
                                          struct view text)
{
    long long number;
    if (!read_integer(text, &number))
        return problem(arena, "must be a whole number", text);
    if (arg->has_range && (number < arg->low || number > arg->high)) {
        struct view range = view_format(arena, "must be from %lld to %lld", arg->low, arg->high);
        return problem(arena, range.ptr, text);
    }
    return (struct value_problem){NULL, VIEW("")};
}

static struct value_problem check_url(struct arena *arena, struct view text)
{
    if (url_has_credentials(text))
        return (struct value_problem){"credentials",
                                      VIEW("must not hold a user name or password, which would "
                                           "stay readable in the image or its history")};
    bool good = url_has_scheme(text) && !view_ends(text, "://");
    for (size_t i = 0; i < text.len; i++)
        good = good && (unsigned char)text.ptr[i] > ' ' && text.ptr[i] != 0x7f;
    if (!good)
        return problem(arena, "must be a URL such as https://host/path", text);
    return (struct value_problem){NULL, VIEW("")};
}

struct value_problem rule_value_check(struct arena *arena, const struct rule_arg *arg,
                                      struct view word)
{
    struct view literal;
    switch (arg->type) {
    case ARG_ENUM:
        return check_enum(arena, arg, word);
    case ARG_INT:
        return check_integer(arena, arg, word);
    case ARG_DURATION:
        if (!is_duration(word))
            return problem(arena, "must be a duration such as 30s, 5m or 1h30m", word);
        break;
    case ARG_TEXT:
    case ARG_MIRROR:
        if (!quote_literal(arena, word, &literal))
            return problem(arena, "can't hold a variable of the build", word);
        break;
    case ARG_URL:
        return check_url(arena, word);
    case ARG_PATH:
        if (word.len == 0)
            return (struct value_problem){"bad-value", VIEW("is empty")};
        break;
    case ARG_WORD:
    case ARG_SWITCH:
    case ARG_PASSTHROUGH:
        break;
    }
    return (struct value_problem){NULL, VIEW("")};
}
