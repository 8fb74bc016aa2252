#include "cmd_rules.h"

#include "file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- what both commands have ---- */

static size_t count_colons(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == ':';
    return count;
}

static void take_rules_variable(struct known *known)
{
    for (char *at = known->rules_variable, *end; at; at = end) {
        end = strchr(at, ':');
        if (end)
            *end++ = '\0';
        if (at[0])
            known->default_rules[known->config.default_rules_count++] = at;
    }
}

bool known_init(struct known *known, const struct options *options)
{
    const char *rules = options_variable(VARIABLE_RULES);
    *known = (struct known){.config = dfc_default_config(), .color = "auto"};
    known->rules = calloc((size_t)options->count + 1, sizeof(*known->rules));
    known->default_rules = calloc(rules ? count_colons(rules) + 1 : 1, sizeof(*known->rules));
    known->rules_variable = rules ? strdup(rules) : NULL;
    if (!known->rules || !known->default_rules || (rules && !known->rules_variable))
        return false;
    take_rules_variable(known);
    known->config.stdlib_dir = options_variable(VARIABLE_STDLIB);
    known->config.rules = known->rules;
    known->config.default_rules = known->default_rules;
    file_set_callbacks(&known->config);
    return true;
}

void known_release(struct known *known)
{
    free(known->rules);
    free(known->default_rules);
    free(known->rules_variable);
    project_release(&known->project);
}

static enum option_id take_color(struct known *known, struct options *options)
{
    const char *value = options->value;
    if (strcmp(value, "auto") != 0 && strcmp(value, "always") != 0 && strcmp(value, "never") != 0)
        return options_fail(options, "option '--color' needs auto, always or never, found '%s'",
                            value);
    known->color = value;
    return OPTION_COLOR;
}

enum option_id known_next(struct known *known, struct options *options)
{
    enum option_id id = options_next(options);
    if (id == OPTION_RULES)
        known->rules[known->config.rules_count++] = options->value;
    else if (id == OPTION_NO_USER_CONFIG)
        known->no_user_config = true;
    else if (id == OPTION_COLOR)
        return take_color(known, options);
    return id;
}

static bool wants_color(const struct known *known)
{
    if (strcmp(known->color, "auto") != 0)
        return strcmp(known->color, "always") == 0;
    return isatty(STDERR_FILENO) && !options_variable(VARIABLE_NO_COLOR);
}

static enum dfc_status find_project(struct known *known)
{
    if (!project_find(&known->project, "-"))
        return cmd_fail(DFC_LIMIT, "out of memory");
    project_apply(&known->project, &known->config);
    if (known->no_user_config)
        known->config.user_config = NULL;
    return DFC_OK;
}

enum dfc_status known_describe(struct known *known, enum dfc_description what, const char *name)
{
    size_t length;
    enum dfc_status status = find_project(known);
    if (status != DFC_OK)
        return status;
    struct dfc *dfc = dfc_new(&known->config);
    if (!dfc)
        return cmd_fail(DFC_LIMIT, "out of memory");
    cmd_start_clock();
    status = dfc_describe(dfc, what, name);
    cmd_stop_clock();
    const char *report = dfc_report(dfc, wants_color(known), &length);
    file_write(STDERR_FILENO, report, length);
    if (status == DFC_OK) {
        const char *output = dfc_output(dfc, &length);
        status = cmd_output(output, length);
    }
    dfc_free(dfc);
    return status;
}

/* ---- dfc rules ---- */

struct request {
    enum dfc_description what;
    const char *name;   /* of --source */
    const char *option; /* the option that says what; NULL: the table */
};

/* One of the options that say what is to be written; two different ones contradict each other. */
static enum option_id take_form(struct request *request, struct options *options, enum option_id id,
                                enum dfc_description what)
{
    const char *option = option_table[id].name;
    if (request->option && request->option != option)
        return options_fail(options, "'--%s' and '--%s' can't be used together", request->option,
                            option);
    request->what = what;
    request->option = option;
    if (what == DFC_RULES_SOURCE)
        request->name = options->value;
    return id;
}

static enum option_id take_rules_option(struct known *known, struct request *request,
                                        struct options *options)
{
    enum option_id id = known_next(known, options);
    switch (id) {
    case OPTION_JSON:
        return take_form(request, options, id, DFC_RULES_JSON);
    case OPTION_MARKDOWN:
        return take_form(request, options, id, DFC_RULES_MARKDOWN);
    case OPTION_META:
        return take_form(request, options, id, DFC_RULES_META);
    case OPTION_SOURCE:
        return take_form(request, options, id, DFC_RULES_SOURCE);
    case OPTION_OPERAND:
        return options_fail(options,
                            "expected no operand, found '%s'; 'dfc explain %s' is about it",
                            options->value, options->value);
    default:
        return id;
    }
}

enum dfc_status cmd_rules(struct options *options)
{
    struct known known;
    struct request request = {DFC_RULES_TABLE, NULL, NULL};
    enum dfc_status status = DFC_LIMIT;
    if (known_init(&known, options)) {
        enum option_id id;
        do
            id = take_rules_option(&known, &request, options);
        while (id != OPTION_END && id != OPTION_ERROR && id != OPTION_HELP);
        status = id == OPTION_ERROR  ? cmd_fail_usage(options)
                 : id == OPTION_HELP ? cmd_output_help(COMMAND_RULES)
                                     : known_describe(&known, request.what, request.name);
    } else {
        cmd_fail(DFC_LIMIT, "out of memory");
    }
    known_release(&known);
    return status;
}
