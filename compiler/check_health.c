/* HEALTHCHECK: its two forms, durations as Go's time.ParseDuration reads them, and retries. */
#include "check_parts.h"

static const uint64_t DURATION_MAX = UINT64_C(1) << 63;

enum duration_fault { DURATION_GOOD, DURATION_INVALID, DURATION_NO_UNIT, DURATION_SHORT };

/* What is left to read of a duration. */
struct duration {
    struct view rest;
    uint64_t nanoseconds;
};

static bool starts_number(struct view v)
{
    return v.len > 0 && (is_digit(v.ptr[0]) || v.ptr[0] == '.');
}

/* Nanoseconds of a unit; 0: there is no such unit. The micro sign can't be in a flag: bytes of
 * other characters than ASCII are widened there. */
static uint64_t unit_length(struct view unit)
{
    static const struct {
        const char *name;
        uint64_t length;
    } units[] = {{"ns", 1},
                 {"us", 1000},
                 {"ms", 1000000},
                 {"s", 1000000000},
                 {"m", UINT64_C(60000000000)},
                 {"h", UINT64_C(3600000000000)}};
    for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
        if (view_is(unit, units[i].name))
            return units[i].length;
    return 0;
}

static char take(struct duration *duration)
{
    char c = duration->rest.ptr[0];
    duration->rest = view_slice(duration->rest, 1, duration->rest.len);
    return c;
}

static bool at_digit(const struct duration *duration)
{
    return duration->rest.len > 0 && is_digit(duration->rest.ptr[0]);
}

/* The digits before the point; false when they are too many. */
static bool read_whole(struct duration *duration, uint64_t *whole)
{
    *whole = 0;
    while (at_digit(duration)) {
        uint64_t digit = (uint64_t)(take(duration) - '0');
        if (*whole > (DURATION_MAX - digit) / 10)
            return false;
        *whole = *whole * 10 + digit;
    }
    return true;
}

/* The digits behind the point, as a fraction of one. */
static double read_fraction(struct duration *duration)
{
    double fraction = 0, place = 1;
    while (at_digit(duration)) {
        place /= 10;
        fraction += place * (take(duration) - '0');
    }
    return fraction;
}

/* One number with its unit, as "1.5h". */
static enum duration_fault read_part(struct duration *duration)
{
    uint64_t whole;
    double fraction = 0;
    size_t digits = duration->rest.len;
    if (!starts_number(duration->rest) || !read_whole(duration, &whole))
        return DURATION_INVALID;
    digits -= duration->rest.len;
    if (duration->rest.len > 0 && duration->rest.ptr[0] == '.') {
        take(duration);
        digits += at_digit(duration) ? 1 : 0;
        fraction = read_fraction(duration);
    }
    if (digits == 0)
        return DURATION_INVALID;
    size_t end = 0;
    while (end < duration->rest.len &&
           !starts_number(view_slice(duration->rest, end, duration->rest.len)))
        end++;
    if (end == 0)
        return DURATION_NO_UNIT;
    uint64_t unit = unit_length(view_slice(duration->rest, 0, end));
    duration->rest = view_slice(duration->rest, end, duration->rest.len);
    if (unit == 0 || whole > DURATION_MAX / unit)
        return DURATION_INVALID;
    uint64_t length = whole * unit + (uint64_t)(fraction * (double)unit);
    if (length > DURATION_MAX || length > DURATION_MAX - duration->nanoseconds)
        return DURATION_INVALID;
    duration->nanoseconds += length;
    return DURATION_GOOD;
}

/* Durations of a healthcheck are 0 or at least a millisecond. */
static enum duration_fault read_duration(struct view text)
{
    struct duration duration = {.rest = text};
    bool sign = text.len > 0 && (text.ptr[0] == '-' || text.ptr[0] == '+');
    bool negative = sign && take(&duration) == '-';
    if (view_is(duration.rest, "0"))
        return DURATION_GOOD;
    if (duration.rest.len == 0)
        return DURATION_INVALID;
    while (duration.rest.len > 0) {
        enum duration_fault fault = read_part(&duration);
        if (fault != DURATION_GOOD)
            return fault;
    }
    if (duration.nanoseconds == 0)
        return DURATION_GOOD;
    if (negative || duration.nanoseconds < 1000000)
        return DURATION_SHORT;
    return duration.nanoseconds == DURATION_MAX ? DURATION_INVALID : DURATION_GOOD;
}

static bool check_duration(const struct check *check, const char *name)
{
    static const char *const what[] = {
        [DURATION_INVALID] = "is no duration",
        [DURATION_NO_UNIT] = "has no unit",
        [DURATION_SHORT] = "is less than a millisecond",
    };
    const struct flag *flag = flag_find(check->inst, name);
    if (flag == NULL || flag_value(flag).len == 0)
        return true;
    struct view value = flag_value(flag);
    enum duration_fault fault = read_duration(value);
    if (fault == DURATION_GOOD)
        return true;
    struct diag *diag =
        diag_add(check->diags, DIAG_ERROR, "healthcheck", flag_value_span(check, flag),
                 "'%.*s' of '--%s' %s", VIEW_ARG(value), name, what[fault]);
    bool number = fault == DURATION_NO_UNIT && value.len < 20;
    for (size_t i = 0; i < value.len; i++)
        number = number && is_digit(value.ptr[i]);
    if (number)
        diag_help(diag, "write '--%s=%.*ss' for seconds", name, VIEW_ARG(value));
    else
        diag_help(diag, "write numbers with units (h, m, s, ms), as in '30s' or '1m30s'");
    return false;
}

/* Go's ParseInt with 32 bits, and not negative. */
static bool is_count(struct view value)
{
    bool sign = value.len > 0 && (value.ptr[0] == '-' || value.ptr[0] == '+');
    bool negative = sign && value.ptr[0] == '-';
    uint64_t number = 0;
    if (value.len == (sign ? 1 : 0))
        return false;
    for (size_t i = sign ? 1 : 0; i < value.len; i++) {
        if (!is_digit(value.ptr[i]))
            return false;
        number = number * 10 + (uint64_t)(value.ptr[i] - '0');
        if (number > INT32_MAX)
            return false;
    }
    return !negative || number == 0;
}

static bool check_retries(const struct check *check)
{
    const struct flag *flag = flag_find(check->inst, "retries");
    if (flag == NULL || flag_value(flag).len == 0 || is_count(flag_value(flag)))
        return true;
    struct view value = flag_value(flag);
    struct diag *diag =
        diag_add(check->diags, DIAG_ERROR, "healthcheck", flag_value_span(check, flag),
                 "'--retries' is a number from 0 on, not '%.*s'", VIEW_ARG(value));
    diag_help(diag, "write '--retries=3'");
    return false;
}

static bool check_command(const struct check *check)
{
    const struct instruction *inst = check->inst;
    struct view type = inst->args[0];
    if (!view_is_nocase(type, "cmd")) {
        struct diag *diag =
            diag_add(check->diags, DIAG_ERROR, "healthcheck", check_span(check, type),
                     "expected CMD or NONE after HEALTHCHECK, found '%.*s'", VIEW_ARG(type));
        diag_help(diag, "write 'HEALTHCHECK [OPTIONS] CMD COMMAND' or 'HEALTHCHECK NONE'");
        return false;
    }
    if (inst->arg_count > 1)
        return true;
    struct diag *diag = diag_add(check->diags, DIAG_ERROR, "healthcheck", check_span(check, type),
                                 "the command after HEALTHCHECK CMD is missing");
    diag_help(diag, "write 'HEALTHCHECK NONE' to switch off an inherited check");
    return false;
}

bool check_health(const struct check *check)
{
    const struct instruction *inst = check->inst;
    if (inst->arg_count == 0) {
        struct diag *diag =
            diag_add(check->diags, DIAG_ERROR, "argument-count", check_span(check, inst->args_raw),
                     "HEALTHCHECK needs CMD and a command, or NONE");
        diag_help(diag, "write 'HEALTHCHECK CMD COMMAND'; its options stand before CMD");
        return false;
    }
    if (view_is_nocase(inst->args[0], "none")) {
        if (inst->arg_count == 1)
            return true;
        struct diag *diag =
            diag_add(check->diags, DIAG_ERROR, "healthcheck", check_span(check, inst->args_raw),
                     "HEALTHCHECK NONE takes no arguments");
        diag_help(diag, "write 'HEALTHCHECK NONE', or CMD in place of NONE");
        return false;
    }
    return check_flags(check) && check_command(check) && check_duration(check, "interval") &&
           check_duration(check, "timeout") && check_duration(check, "start-period") &&
           check_duration(check, "start-interval") && check_retries(check);
}
