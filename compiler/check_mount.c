/* Values of RUN's flags (instructions/commands_run*.go). Most of a mount is checked by BuildKit
 * only when it builds, after variables were expanded. */
#include "check_parts.h"

/* ---- comma-separated values, as Go's encoding/csv reads one line of them */

enum csv_fault { CSV_NONE, CSV_EMPTY, CSV_QUOTE_INSIDE, CSV_QUOTE_OPEN };

struct csv {
    struct arena *arena;
    struct view text;
    size_t at;
    VEC(struct view) fields;
};

/* A field in quotes; "" is a quote, and after the closing one the field must end. */
static enum csv_fault read_quoted(struct csv *csv)
{
    struct view text = csv->text;
    struct str field;
    str_init(&field, csv->arena);
    csv->at++;
    for (;;) {
        size_t quote = view_find(text, '"', csv->at);
        str_add(&field, view_slice(text, csv->at, quote));
        csv->at = quote + 1;
        if (quote == text.len)
            return CSV_QUOTE_OPEN;
        if (csv->at == text.len || text.ptr[csv->at] == ',')
            break;
        if (text.ptr[csv->at++] != '"')
            return CSV_QUOTE_OPEN;
        str_addc(&field, '"');
    }
    VEC_PUSH(csv->arena, &csv->fields, str_view(&field));
    return CSV_NONE;
}

static enum csv_fault read_plain(struct csv *csv)
{
    size_t comma = view_find(csv->text, ',', csv->at);
    struct view field = view_slice(csv->text, csv->at, comma);
    csv->at = comma;
    VEC_PUSH(csv->arena, &csv->fields, field);
    return view_find(field, '"', 0) < field.len ? CSV_QUOTE_INSIDE : CSV_NONE;
}

/* Read all fields; a comma at the end is followed by an empty one. */
static enum csv_fault read_fields(struct csv *csv)
{
    struct view text = csv->text;
    if (text.len == 0)
        return CSV_EMPTY;
    for (;;) {
        bool quoted = csv->at < text.len && text.ptr[csv->at] == '"';
        enum csv_fault fault = quoted ? read_quoted(csv) : read_plain(csv);
        if (fault != CSV_NONE || csv->at == text.len)
            return fault;
        csv->at++;
    }
}

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

/* Split "key=value"; false when there is no '='. */
static bool split_field(struct view field, struct view *key, struct view *value)
{
    size_t equals = view_find(field, '=', 0);
    *key = view_slice(field, 0, equals);
    *value = view_slice(field, equals < field.len ? equals + 1 : equals, field.len);
    return equals < field.len;
}

/* ---- flags */

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
    struct csv csv = {.arena = check->arena, .text = flag_value(flag)};
    enum csv_fault fault = read_fields(&csv);
    if (fault != CSV_NONE)
        return csv_error(check, flag, "mount", fault);
    for (size_t i = 0; i < csv.fields.count; i++) {
        struct view key, value;
        if (!split_field(csv.fields.items[i], &key, &value) || !view_is_nocase(key, "from") ||
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
    struct csv csv = {.arena = check->arena, .text = flag_value(flag)};
    enum csv_fault fault = read_fields(&csv);
    if (fault != CSV_NONE)
        return csv_error(check, flag, "flag-value", fault);
    bool named = false;
    for (size_t i = 0; i < csv.fields.count; i++) {
        struct view field = csv.fields.items[i], key, value;
        bool pair = split_field(field, &key, &value), good = !named;
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
