/* Values of RUN's flags (instructions/commands_run*.go). Most of a mount is checked by BuildKit
 * only when it builds, after variables were expanded. */
#include "check_parts.h"
#include "csv.h"

static bool csv_error(const struct check *check, const struct flag *flag, const char *code,
                      enum csv_fault fault)
{
    struct view name = flag_name(flag);
    struct span at = flag_value_span(check, flag);
    if (fault == CSV_EMPTY) {
        diag_help(diag_add(check->diags, DIAG_ERROR, code, at, "the flag '--%.*s' has no value",
                           VIEW_ARG(name)),
                  "remove it or give it a value");
        return false;
    }
    struct diag *diag =
        diag_add(check->diags, DIAG_ERROR, code, at,
                 fault == CSV_QUOTE_OPEN ? "a field of '--%.*s' begins with a quote but doesn't "
                                           "end with one"
                                         : "a quote stands inside a field of '--%.*s'",
                 VIEW_ARG(name));
    diag_help(diag, "only a whole field may stand in quotes, as in '\\\"target=/a,b\\\"'");
    return false;
}

/* A '$' that something follows, on its line. */
static bool has_variable(struct view value)
{
    for (size_t at = view_find(value, '$', 0); at + 1 < value.len;
         at = view_find(value, '$', at + 1))
        if (value.ptr[at + 1] != '\n')
            return true;
    return false;
}

static bool check_mount(const struct check *check, const struct flag *flag)
{
    struct csv_fields fields = {0};
    enum csv_fault fault = csv_read(check->arena, flag_value(flag), &fields);
    if (fault != CSV_NONE)
        return csv_error(check, flag, "mount", fault);
    for (size_t i = 0; i < fields.count; i++) {
        struct view key, value;
        if (!csv_split_field(fields.items[i], &key, &value) || !view_is_nocase(key, "from") ||
            !has_variable(value))
            continue;
        struct diag *diag =
            diag_add(check->diags, DIAG_ERROR, "mount", flag_value_span(check, flag),
                     "'from' of a mount can't hold a variable: '%.*s'", VIEW_ARG(value));
        diag_help(diag, "name a stage for it: 'FROM %.*s AS NAME', and write 'from=NAME' here",
                  VIEW_ARG(value));
        return false;
    }
    return true;
}

static bool device_error(const struct check *check, const struct flag *flag, struct view field)
{
    struct diag *diag =
        diag_add(check->diags, DIAG_ERROR, "flag-value", flag_value_span(check, flag),
                 "'%.*s' can't stand in the value of '--device'", VIEW_ARG(field));
    diag_help(diag, "write '--device=NAME' or '--device=name=NAME,required=true'");
    return false;
}

/* Go's strconv.ParseBool. */
static bool is_boolean(struct view value)
{
    static const char *const words[] = {"1", "t", "T", "TRUE",  "true",  "True",
                                        "0", "f", "F", "FALSE", "false", "False"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (view_is(value, words[i]))
            return true;
    return false;
}

/* The first field that is no option is the device's name, once; an empty one does not count. */
static bool check_device(const struct check *check, const struct flag *flag)
{
    struct csv_fields fields = {0};
    enum csv_fault fault = csv_read(check->arena, flag_value(flag), &fields);
    if (fault != CSV_NONE)
        return csv_error(check, flag, "flag-value", fault);
    bool named = false;
    for (size_t i = 0; i < fields.count; i++) {
        struct view field = fields.items[i], key, value;
        bool pair = csv_split_field(field, &key, &value), good = !named;
        if (view_is_nocase(key, "required"))
            good = !pair || is_boolean(value);
        else if (pair && view_is_nocase(key, "name"))
            named = named || value.len > 0;
        else
            named = named || field.len > 0;
        if (!good)
            return device_error(check, flag, field);
    }
    return true;
}

static bool check_choice(const struct check *check, const struct flag *flag,
                         const char *const *choices, const char *list)
{
    struct view value = flag_value(flag);
    for (size_t i = 0; choices[i] != NULL; i++)
        if (view_is(value, choices[i]))
            return true;
    struct view name = flag_name(flag);
    struct diag *diag =
        diag_add(check->diags, DIAG_ERROR, "flag-value", flag_value_span(check, flag),
                 "'%.*s' is no value of '--%.*s'", VIEW_ARG(value), VIEW_ARG(name));
    diag_help(diag, "its values are %s", list);
    return false;
}

bool check_run_flags(const struct check *check)
{
    static const char *const networks[] = {"default", "none", "host", NULL};
    static const char *const securities[] = {"sandbox", "insecure", NULL};
    const struct instruction *inst = check->inst;
    for (size_t i = 0; i < inst->flag_count; i++)
        if (view_is(flag_name(&inst->flags[i]), "device") && !check_device(check, &inst->flags[i]))
            return false;
    for (size_t i = 0; i < inst->flag_count; i++)
        if (view_is(flag_name(&inst->flags[i]), "mount") && !check_mount(check, &inst->flags[i]))
            return false;
    const struct flag *network = flag_find(inst, "network");
    if (network != NULL && !check_choice(check, network, networks, "default, none and host"))
        return false;
    const struct flag *security = flag_find(inst, "security");
    return security == NULL || check_choice(check, security, securities, "sandbox and insecure");
}
