#include "cmd_rules.h"

#include "file.h"

#include <unistd.h>

static enum dfc_status find_project(struct compiling *compiling)
{
    if (!project_find(&compiling->project, "-"))
        return cmd_fail(DFC_LIMIT, "out of memory");
    project_apply(&compiling->project, &compiling->config);
    if (compiling->no_user_config)
        compiling->config.user_config = NULL;
    return DFC_OK;
}

enum dfc_status rules_describe(struct compiling *compiling, enum dfc_description what,
                               const char *name)
{
    size_t length;
    enum dfc_status status = find_project(compiling);
    if (status != DFC_OK)
        return status;
    struct dfc *dfc = dfc_new(&compiling->config);
    if (!dfc)
        return cmd_fail(DFC_LIMIT, "out of memory");
    cmd_start_clock();
    status = dfc_describe(dfc, what, name);
    cmd_stop_clock();
    const char *report = dfc_report(dfc, compiling_wants_color(compiling, STDERR_FILENO), &length);
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

static enum option_id take_rules_option(struct compiling *compiling, struct request *request,
                                        struct options *options)
{
    enum option_id id = compiling_next(compiling, options);
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
    struct compiling compiling;
    struct request request = {DFC_RULES_TABLE, NULL, NULL};
    enum dfc_status status = DFC_LIMIT;
    if (compiling_init(&compiling, options)) {
        enum option_id id;
        do
            id = take_rules_option(&compiling, &request, options);
        while (id != OPTION_END && id != OPTION_ERROR && id != OPTION_HELP);
        status = id == OPTION_ERROR  ? cmd_fail_usage(options)
                 : id == OPTION_HELP ? cmd_output_help(COMMAND_RULES)
                                     : rules_describe(&compiling, request.what, request.name);
    } else {
        cmd_fail(DFC_LIMIT, "out of memory");
    }
    compiling_release(&compiling);
    return status;
}
