#include "check_parts.h"

/* A row of keyword_info()->flags. */
struct flag_spec {
    struct view name;
    bool boolean, repeatable;
    size_t index;
};

static size_t flag_equals(const struct flag *flag)
{
    return view_find(flag->text, '=', 0);
}

struct view flag_name(const struct flag *flag)
{
    return view_slice(flag->text, 2, flag_equals(flag));
}

bool flag_has_value(const struct flag *flag)
{
    return flag_equals(flag) < flag->text.len;
}

struct view flag_value(const struct flag *flag)
{
    size_t begin = flag_has_value(flag) ? flag_equals(flag) + 1 : flag->text.len;
    return view_slice(flag->text, begin, flag->text.len);
}

/* The span of bytes [begin, end) of a flag's text, if it was written as it reads. */
static struct span part_span(const struct check *check, const struct flag *flag, size_t begin,
                             size_t end)
{
    const struct instruction *inst = check->inst;
    bool plain = view_equal(view_slice(inst->joined, flag->begin, flag->end), flag->text);
    if (plain && end > begin)
        return instruction_span(check->file, inst, flag->begin + begin, flag->begin + end);
    return instruction_span(check->file, inst, flag->begin, flag->end);
}

struct span flag_value_span(const struct check *check, const struct flag *flag)
{
    return part_span(check, flag, flag->text.len - flag_value(flag).len, flag->text.len);
}

static struct span name_span(const struct check *check, const struct flag *flag)
{
    return part_span(check, flag, 0, flag_equals(flag));
}

const struct flag *flag_find(const struct instruction *inst, const char *name)
{
    for (size_t i = 0; i < inst->flag_count; i++)
        if (view_is(flag_name(&inst->flags[i]), name))
            return &inst->flags[i];
    return NULL;
}

/* Read the next row of a list of flags; false at its end. */
static bool next_spec(struct view *list, struct flag_spec *spec)
{
    if (list->len == 0)
        return false;
    size_t comma = view_find(*list, ',', 0);
    struct view name = view_slice(*list, 0, comma);
    spec->boolean = view_ends(name, "?");
    spec->repeatable = view_ends(name, "*");
    name.len -= spec->boolean || spec->repeatable ? 1 : 0;
    spec->name = name;
    spec->index++;
    *list = view_slice(*list, comma < list->len ? comma + 1 : comma, list->len);
    return true;
}

static bool find_spec(enum keyword keyword, struct view name, struct flag_spec *spec)
{
    const char *flags = keyword_info(keyword)->flags;
    struct view list = view_of(flags == NULL ? "" : flags);
    spec->index = 0;
    while (next_spec(&list, spec))
        if (view_equal(spec->name, name))
            return true;
    return false;
}

/* ---- unknown flags */

static struct view lower_case(struct arena *arena, struct view text)
{
    struct str s;
    str_init(&s, arena);
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        str_addc(&s, is_alpha(c) && !is_lower(c) ? (char)(c - 'A' + 'a') : c);
    }
    return str_view(&s);
}

static struct view closest_flag(const struct check *check, struct view name)
{
    struct view list = view_of(keyword_info(check->inst->keyword)->flags);
    struct flag_spec spec = {.index = 0};
    VEC(struct view) names = {0};
    while (next_spec(&list, &spec))
        VEC_PUSH(check->arena, &names, spec.name);
    return diag_closest(lower_case(check->arena, name), names.items, names.count);
}

/* The first instruction that has the flag, or KEYWORD_NONE. */
static enum keyword flag_owner(struct view name)
{
    struct flag_spec spec;
    for (int i = KEYWORD_NONE + 1; i < KEYWORD_COUNT; i++)
        if (find_spec((enum keyword)i, name, &spec))
            return (enum keyword)i;
    return KEYWORD_NONE;
}

static void help_flag_list(const struct check *check, struct diag *diag)
{
    const struct keyword_info *info = keyword_info(check->inst->keyword);
    struct view list = view_of(info->flags);
    struct flag_spec spec = {.index = 0};
    struct str names;
    str_init(&names, check->arena);
    while (next_spec(&list, &spec))
        str_addf(&names, "%s--%.*s", names.len == 0 ? "" : ", ", VIEW_ARG(spec.name));
    diag_help(diag, "the flags of %s are %.*s", info->upper, VIEW_ARG(str_view(&names)));
}

static bool unknown_flag(const struct check *check, const struct flag *flag)
{
    const struct keyword_info *info = keyword_info(check->inst->keyword);
    struct view name = flag_name(flag), closest = closest_flag(check, name);
    struct diag *diag = diag_add(check->diags, DIAG_ERROR, "unknown-flag", name_span(check, flag),
                                 "%s has no flag '--%.*s'", info->upper, VIEW_ARG(name));
    enum keyword owner = flag_owner(name);
    if (closest.len != 0)
        diag_help(diag, "did you mean '--%.*s'?", VIEW_ARG(closest));
    else if (owner != KEYWORD_NONE)
        diag_help(diag, "'--%.*s' is a flag of %s", VIEW_ARG(name), keyword_info(owner)->upper);
    else if (info->flags[0] != '\0')
        help_flag_list(check, diag);
    else
        diag_help(diag, "%s takes no flags", info->upper);
    if (info->form == FORM_COMMAND && closest.len == 0 && owner == KEYWORD_NONE)
        diag_help(diag, "write '%s -- --%.*s' if the command itself begins with it", info->upper,
                  VIEW_ARG(name));
    return false;
}

/* ---- values */

static bool missing_value(const struct check *check, const struct flag *flag, bool boolean)
{
    struct view name = flag_name(flag);
    struct diag *diag = diag_add(check->diags, DIAG_ERROR, "flag-value", name_span(check, flag),
                                 "the flag '--%.*s' needs a value", VIEW_ARG(name));
    if (boolean)
        diag_help(diag, "write '--%.*s' or '--%.*s=false'", VIEW_ARG(name), VIEW_ARG(name));
    else
        diag_help(diag, "write '--%.*s=VALUE', without blanks around '='", VIEW_ARG(name));
    return false;
}

static bool check_value(const struct check *check, const struct flag *flag,
                        const struct flag_spec *spec)
{
    if (!spec->boolean)
        return flag_has_value(flag) || missing_value(check, flag, false);
    struct view value = flag_value(flag);
    if (!flag_has_value(flag) || view_is_nocase(value, "true") || view_is_nocase(value, "false"))
        return true;
    if (value.len == 0)
        return missing_value(check, flag, true);
    struct diag *diag = diag_add(
        check->diags, DIAG_ERROR, "flag-value", flag_value_span(check, flag),
        "the flag '--%.*s' takes true or false, not '%.*s'", VIEW_ARG(spec->name), VIEW_ARG(value));
    diag_help(diag, "write '--%.*s' or '--%.*s=false'", VIEW_ARG(spec->name), VIEW_ARG(spec->name));
    return false;
}

static bool duplicate_flag(const struct check *check, const struct flag *flag)
{
    struct view name = flag_name(flag);
    struct diag *diag = diag_add(check->diags, DIAG_ERROR, "duplicate-flag", name_span(check, flag),
                                 "the flag '--%.*s' is given twice", VIEW_ARG(name));
    diag_help(diag, "keep one of them");
    return false;
}

bool check_flags(const struct check *check)
{
    const struct instruction *inst = check->inst;
    unsigned seen = 0;
    if (keyword_info(inst->keyword)->flags == NULL)
        return true;
    for (size_t i = 0; i < inst->flag_count; i++) {
        const struct flag *flag = &inst->flags[i];
        struct flag_spec spec;
        if (!find_spec(inst->keyword, flag_name(flag), &spec))
            return unknown_flag(check, flag);
        unsigned bit = 1U << spec.index;
        if ((seen & bit) != 0 && !spec.repeatable)
            return duplicate_flag(check, flag);
        seen |= bit;
        if (!check_value(check, flag, &spec))
            return false;
    }
    return true;
}
