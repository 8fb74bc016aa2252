#include "cmd_rules.h"

#include <stdlib.h>
#include <string.h>

struct request {
    enum dfc_description what;
    const char *option; /* the option that says what; NULL: the table */
    char *names;        /* of --daemon-json and --buildkitd-toml, each with a newline behind it */
    size_t length;      /* of them; there is room for all words of the command line */
};

static enum option_id take_form(struct request *request, struct options *options, enum option_id id,
                                enum dfc_description what)
{
    const char *option = option_table[id].name;
    if (request->option && request->option != option)
        return options_fail(options, "'--%s' and '--%s' can't be used together", request->option,
                            option);
    request->what = what;
    request->option = option;
    return id;
}

static void take_name(struct request *request, const char *name)
{
    size_t length = strlen(name);
    memcpy(request->names + request->length, name, length);
    request->names[request->length + length] = '\n';
    request->length += length + 1;
}

static enum option_id take_option(struct compiling *compiling, struct request *request,
                                  struct options *options)
{
    enum option_id id = compiling_next(compiling, options);
    switch (id) {
    case OPTION_JSON:
        return take_form(request, options, id, DFC_MIRRORS_JSON);
    case OPTION_DAEMON_JSON:
        return take_form(request, options, id, DFC_DAEMON_JSON);
    case OPTION_BUILDKITD_TOML:
        return take_form(request, options, id, DFC_BUILDKITD_TOML);
    case OPTION_OPERAND:
        take_name(request, options->value);
        return id;
    default:
        return id;
    }
}

/* What the operands are for; with "dfc mirrors NAME" something else is meant. */
static bool check_operands(const struct request *request, struct options *options)
{
    bool takes = request->what == DFC_DAEMON_JSON || request->what == DFC_BUILDKITD_TOML;
    if (takes || request->length == 0)
        return true;
    request->names[strcspn(request->names, "\n")] = '\0';
    options_fail(options,
                 "expected --daemon-json or --buildkitd-toml with '%s'; 'dfc explain %s' is about "
                 "a preset",
                 request->names, request->names);
    return false;
}

static enum dfc_status run(struct compiling *compiling, struct request *request,
                           struct options *options)
{
    enum option_id id;
    do
        id = take_option(compiling, request, options);
    while (id != OPTION_END && id != OPTION_ERROR && id != OPTION_HELP);
    if (id == OPTION_HELP)
        return cmd_output_help(COMMAND_MIRRORS);
    if (id == OPTION_ERROR || !check_operands(request, options))
        return cmd_fail_usage(options);
    return rules_describe(compiling, request->what, request->names);
}

enum dfc_status cmd_mirrors(struct options *options)
{
    struct compiling compiling;
    struct request request = {DFC_MIRRORS_TABLE, NULL, NULL, 0};
    size_t length = 1;
    for (int i = 0; i < options->count; i++)
        length += strlen(options->words[i]) + 1;
    request.names = calloc(length, 1);
    enum dfc_status status = request.names && compiling_init(&compiling, options)
                                 ? run(&compiling, &request, options)
                                 : cmd_fail(DFC_LIMIT, "out of memory");
    if (request.names)
        compiling_release(&compiling);
    free(request.names);
    return status;
}
