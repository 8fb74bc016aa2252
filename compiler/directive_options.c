/* Options of directives: dfc's own, the rule's, and the tool's that the rule lists. */
#include "directive.h"

#include "rule_value.h"

#include <string.h>

static const char *const own_options[] = {"--env",     "--exe",      "--no-bind", "--mount",
                                          "--network", "--security", "--ssh"};

enum { OWN_OPTIONS = sizeof(own_options) / sizeof(own_options[0]) };

void directive_own_options(struct arena *arena, struct name_list *names)
{
    for (size_t i = 0; i < OWN_OPTIONS; i++)
        VEC_PUSH(arena, names, view_of(own_options[i]));
}

bool directive_is_own_option(struct view name)
{
    for (size_t i = 0; i < OWN_OPTIONS; i++)
        if (view_is(name, own_options[i]))
            return true;
    return false;
}

bool directive_split_option(const struct directive_word *word, struct option_use *use)
{
    struct view text = word->text;
    if (word->kind != DIRECTIVE_WORD || text.len < 2 || text.ptr[0] != '-')
        return false;
    *use = (struct option_use){.name = text, .value = VIEW(""), .at = word->at};
    use->value_at = word->at;
    if (text.ptr[1] != '-')
        return true;
    size_t equals = view_find(text, '=', 0);
    if (equals < text.len) {
        use->has_value = true;
        use->name = view_slice(text, 0, equals);
        use->value = view_slice(text, equals + 1, text.len);
        if (!word->quoted) /* with quotes the text and the source have different lengths */
            use->value_at.begin += equals + 1;
    }
    return true;
}

static struct diag *complain(const struct binder *binder, struct span at, const char *code,
                             const char *what, struct view name)
{
    return diag_add(binder->diags, DIAG_ERROR, code, at, "%s '%.*s'", what, VIEW_ARG(name));
}

/* The option's value: behind '=', or the next word. Gives 1, 2, or -1 when there is none. */
static int take_value(const struct binder *binder, const struct option_use *use,
                      const struct directive_word *next, struct view *value, struct span *at)
{
    if (use->has_value) {
        *value = use->value;
        *at = use->value_at;
        return 1;
    }
    if (next == NULL || next->kind != DIRECTIVE_WORD) {
        struct diag *diag = complain(binder, use->at, "missing-value", "no value for", use->name);
        diag_help(diag, "write %.*s%sVALUE", VIEW_ARG(use->name),
                  view_starts(use->name, "--") ? "=" : " ");
        return -1;
    }
    *value = next->text;
    *at = next->at;
    return 2;
}

static bool take_env(const struct binder *binder, struct directive *directive,
                     const struct option_use *use, struct view value)
{
    size_t equals = view_find(value, '=', 0);
    if (equals == value.len || equals == 0) {
        struct diag *diag = complain(binder, use->at, "missing-equals", "no '=' in", value);
        diag_help(diag, "write --env=NAME=VALUE");
        return false;
    }
    VEC_PUSH(binder->arena, &directive->env,
             (struct env_pair){view_slice(value, 0, equals),
                               view_slice(value, equals + 1, value.len), VIEW("")});
    return true;
}

/* Options that every directive has. */
static int take_own_option(const struct binder *binder, struct directive *directive,
                           const struct option_use *use, const struct directive_word *next)
{
    static const char *const of_run[] = {"--mount", "--network", "--security"};
    struct view value;
    struct span at;
    bool env = view_is(use->name, "--env"), exe = view_is(use->name, "--exe");
    if (view_is(use->name, "--no-bind")) {
        directive->no_bind = true;
        return 1;
    }
    if (view_is(use->name, "--ssh")) {
        VEC_PUSH(binder->arena, &directive->flags, VIEW("--mount=type=ssh"));
        return 1;
    }
    bool run = false;
    for (size_t i = 0; i < sizeof(of_run) / sizeof(of_run[0]); i++)
        run |= view_is(use->name, of_run[i]);
    if (!env && !exe && !run)
        return 0;
    int taken = take_value(binder, use, next, &value, &at);
    if (taken < 0)
        return taken;
    if (exe)
        directive->exe = value;
    else if (env && !take_env(binder, directive, use, value))
        return -taken;
    else if (run)
        VEC_PUSH(binder->arena, &directive->flags,
                 view_format(binder->arena, "%.*s=%.*s", VIEW_ARG(use->name), VIEW_ARG(value)));
    return taken;
}

static bool check_type(const struct binder *binder, const struct rule_arg *arg, struct view text,
                       struct span at)
{
    struct value_problem problem = rule_value_check(binder->arena, arg, text);
    if (problem.code == NULL)
        return true;
    struct diag *diag = diag_add(binder->diags, DIAG_ERROR, problem.code, at, "%.*s %.*s",
                                 VIEW_ARG(arg->name), VIEW_ARG(problem.text));
    struct view close = VIEW("");
    if (arg->type == ARG_ENUM)
        close = diag_closest(text, arg->values.items, arg->values.count);
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(close));
    return false;
}

bool directive_add_value(const struct binder *binder, struct directive *directive, size_t index,
                         struct view text, struct span at)
{
    const struct rule_arg *arg = &directive->rule->args.items[index];
    if (!check_type(binder, arg, text, at))
        return false;
    struct bound_values *values = &directive->args[index];
    if (!arg->many)
        values->count = 0; /* given twice, the last one counts, as in most tools */
    VEC_PUSH(binder->arena, values, (struct bound_value){text, at});
    return true;
}

/* The tool's own option in a passthrough list: 0 unknown, 1 without a value, 2 with one. */
static int find_passthrough(const struct rule *rule, struct view name, size_t *index)
{
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->type != ARG_PASSTHROUGH)
            continue;
        for (size_t k = 0; k < arg->values.count; k++) {
            struct view value = arg->values.items[k];
            bool takes = value.len > 0 && value.ptr[value.len - 1] == '=';
            struct view bare = takes ? view_slice(value, 0, value.len - 1) : value;
            *index = i;
            if (view_equal(bare, name))
                return takes ? 2 : 1;
        }
    }
    return 0;
}

static int take_passthrough(const struct binder *binder, struct directive *directive,
                            const struct option_use *use, const struct directive_word *next)
{
    size_t index;
    int kind = find_passthrough(directive->rule, use->name, &index);
    if (kind == 0)
        return 0;
    struct bound_values *values = &directive->args[index];
    struct bound_value word = {use->name, use->at};
    if (use->has_value)
        word.text =
            view_format(binder->arena, "%.*s=%.*s", VIEW_ARG(use->name), VIEW_ARG(use->value));
    VEC_PUSH(binder->arena, values, word);
    if (kind == 1 || use->has_value)
        return 1;
    struct view value;
    struct span at;
    int taken = take_value(binder, use, next, &value, &at);
    if (taken == 2)
        VEC_PUSH(binder->arena, values, (struct bound_value){value, at});
    return taken;
}

static int take_declared(const struct binder *binder, struct directive *directive,
                         const struct option_use *use, const struct directive_word *next)
{
    const struct rule *rule = directive->rule;
    const struct rule_arg *arg = rule_find_option(rule, use->name);
    if (arg == NULL || arg->type == ARG_PASSTHROUGH)
        return 0;
    size_t index = (size_t)(arg - rule->args.items);
    if (arg->type == ARG_SWITCH) {
        if (use->has_value) {
            complain(binder, use->at, "unexpected-value", "no value is expected for", use->name);
            return -1;
        }
        return directive_add_value(binder, directive, index, VIEW("true"), use->at) ? 1 : -1;
    }
    struct view value;
    struct span at;
    int taken = take_value(binder, use, next, &value, &at);
    if (taken > 0 && !directive_add_value(binder, directive, index, value, at))
        return -taken;
    return taken;
}

/* "-rFILE", or "-yq": a short option with its value glued on, or several switches. */
static int take_cluster(const struct binder *binder, struct directive *directive,
                        const struct option_use *use)
{
    struct view text = use->name;
    if (text.len < 3 || text.ptr[1] == '-')
        return 0;
    struct option_use part = *use;
    part.name = view_slice(text, 0, 2);
    const struct rule_arg *arg = rule_find_option(directive->rule, part.name);
    size_t index;
    bool takes_value = (arg != NULL && arg->type != ARG_SWITCH) ||
                       find_passthrough(directive->rule, part.name, &index) == 2;
    if (takes_value) {
        part.has_value = true;
        part.value = view_slice(text, text.len > 2 && text.ptr[2] == '=' ? 3 : 2, text.len);
        if (find_passthrough(directive->rule, part.name, &index) == 2) {
            VEC_PUSH(binder->arena, &directive->args[index], (struct bound_value){text, use->at});
            return 1;
        }
        return take_declared(binder, directive, &part, NULL);
    }
    for (size_t i = 1; i < text.len; i++) {
        part.name = view_format(binder->arena, "-%c", text.ptr[i]);
        if (directive_take_option(binder, directive, &part, NULL) != 1)
            return 0;
    }
    return 1;
}

int directive_take_option(const struct binder *binder, struct directive *directive,
                          const struct option_use *use, const struct directive_word *next)
{
    if (name_list_has(&directive->rule->implied, use->name))
        return 1;
    int taken = take_own_option(binder, directive, use, next);
    if (taken == 0)
        taken = take_declared(binder, directive, use, next);
    if (taken == 0)
        taken = take_passthrough(binder, directive, use, next);
    if (taken == 0)
        taken = take_cluster(binder, directive, use);
    return taken;
}

static void gather_names(const struct binder *binder, const struct rule *rule,
                         struct name_list *names)
{
    for (size_t i = 0; i < OWN_OPTIONS; i++)
        VEC_PUSH(binder->arena, names, view_of(own_options[i]));
    for (size_t i = 0; i < rule->args.count; i++) {
        const struct rule_arg *arg = &rule->args.items[i];
        if (arg->is_option && arg->type != ARG_PASSTHROUGH)
            VEC_PUSH(binder->arena, names, arg->name);
        for (size_t k = 0; arg->type == ARG_PASSTHROUGH && k < arg->values.count; k++)
            VEC_PUSH(binder->arena, names,
                     view_slice(arg->values.items[k], 0, view_find(arg->values.items[k], '=', 0)));
    }
    for (size_t i = 0; i < rule->implied.count; i++)
        VEC_PUSH(binder->arena, names, rule->implied.items[i]);
}

void directive_unknown_option(const struct binder *binder, const struct directive *directive,
                              const struct option_use *use)
{
    struct name_list names = {0};
    struct span at = use->at;
    if (use->value_at.begin > at.begin)
        at.end = use->value_at.begin - 1;
    struct diag *diag =
        diag_add(binder->diags, DIAG_ERROR, "unknown-option", at, "@%.*s has no option '%.*s'",
                 VIEW_ARG(directive->name), VIEW_ARG(use->name));
    gather_names(binder, directive->rule, &names);
    struct view close = diag_closest(use->name, names.items, names.count);
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(close));
    if (directive->rule->is_command)
        diag_help(diag, "write '--' before an option that is for the tool");
    else if (close.len == 0)
        diag_help(diag, "what stands behind '--' is handed to the tool as it is");
}
