#include "cmd_rules.h"

static enum option_id take_explain_option(struct compiling *compiling, const char **name,
                                          struct options *options)
{
    enum option_id id = compiling_next(compiling, options);
    if (id == OPTION_OPERAND && *name)
        return options_fail(options, "expected one NAME, found a second: '%s'", options->value);
    if (id == OPTION_OPERAND)
        *name = options->value;
    if (id == OPTION_END && !*name)
        return options_fail(options, "expected NAME, of a directive, rewrite, mirror, cache or "
                                     "image; 'dfc rules' lists them");
    return id;
}

enum dfc_status cmd_explain(struct options *options)
{
    struct compiling compiling;
    const char *name = NULL;
    enum dfc_status status = DFC_LIMIT;
    if (compiling_init(&compiling, options)) {
        enum option_id id;
        do
            id = take_explain_option(&compiling, &name, options);
        while (id != OPTION_END && id != OPTION_ERROR && id != OPTION_HELP);
        status = id == OPTION_ERROR  ? cmd_fail_usage(options)
                 : id == OPTION_HELP ? cmd_output_help(COMMAND_EXPLAIN)
                                     : rules_describe(&compiling, DFC_EXPLAIN, name);
    } else {
        cmd_fail(DFC_LIMIT, "out of memory");
    }
    compiling_release(&compiling);
    return status;
}
