#include "cmd_compile.h"
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char default_input[] = "Dockerfile.in";

struct build {
    struct compiling compiling;
    const char *input;  /* "-": standard input */
    const char *output; /* NULL or "-": standard output */
    bool input_named;
};

/* ---- options ---- */

static enum option_id take_operand(struct build *build, struct options *options)
{
    if (build->input_named)
        return options_fail(options, "expected one FILE, found a second: '%s'", options->value);
    build->input = options->value;
    build->input_named = true;
    return OPTION_OPERAND;
}

static enum option_id take_option(struct build *build, struct options *options)
{
    enum option_id id = compiling_next(&build->compiling, options);
    struct dfc_config *config = &build->compiling.config;
    switch (id) {
    case OPTION_OUTPUT:
        build->output = options->value;
        break;
    case OPTION_SYNTAX:
        config->syntax = options->value;
        break;
    case OPTION_AUTO:
        config->auto_rewrite = true;
        break;
    case OPTION_NO_COMMENTS:
        config->no_comments = true;
        break;
    case OPTION_OPERAND:
        return take_operand(build, options);
    default:
        break;
    }
    return id;
}

/* ---- the command ---- */

static enum dfc_status write_output(const struct build *build, const char *text, size_t length)
{
    if (!build->output || strcmp(build->output, "-") == 0)
        return cmd_output(text, length);
    int error = file_replace(build->output, text, length);
    return error ? cmd_fail_write(build->output, error) : DFC_OK;
}

static enum dfc_status compile(struct build *build, const char *text, size_t length)
{
    enum dfc_status status;
    struct dfc *dfc = compiling_run(&build->compiling, build->input, text, length, &status);
    if (!dfc)
        return status;
    size_t report_length, output_length;
    bool color = compiling_wants_color(&build->compiling, STDERR_FILENO);
    const char *report = dfc_report(dfc, color, &report_length);
    if (status != DFC_OK || !build->compiling.quiet)
        file_write(STDERR_FILENO, report, report_length);
    if (status == DFC_OK) {
        const char *output = dfc_output(dfc, &output_length);
        status = write_output(build, output, output_length);
    }
    dfc_free(dfc);
    return status;
}

static bool output_is_input(const struct build *build)
{
    if (!build->output || strcmp(build->output, "-") == 0)
        return false;
    return strcmp(build->input, "-") == 0 ? file_is_open_as(build->output, STDIN_FILENO)
                                          : file_is_same(build->output, build->input);
}

static enum dfc_status fail_read(const struct build *build, int error)
{
    if (error == ENOENT && !build->input_named)
        return cmd_fail(DFC_IO,
                        "cannot read '%s': %s; name a file, 'dfc build FILE', or use "
                        "standard input, 'dfc build -'",
                        build->input, strerror(error));
    return cmd_fail_read(build->input, error);
}

static enum dfc_status build_run(struct build *build)
{
    char *text;
    size_t length;
    const char *directory = build->compiling.config.context_dir;
    int error = directory ? file_check_directory(directory) : 0;
    if (error)
        return cmd_fail_read(directory, error);
    if (output_is_input(build))
        return cmd_fail(DFC_USAGE, "the output '%s' is the input file itself", build->output);
    error = compiling_read(build->input, &text, &length);
    if (error)
        return fail_read(build, error);
    enum dfc_status status = compile(build, text, length);
    free(text);
    return status;
}

enum dfc_status cmd_build(struct options *options)
{
    struct build build = {.input = default_input};
    enum dfc_status status;
    if (compiling_init(&build.compiling, options)) {
        enum option_id id;
        do
            id = take_option(&build, options);
        while (id != OPTION_END && id != OPTION_ERROR && id != OPTION_HELP);
        status = id == OPTION_ERROR  ? cmd_fail_usage(options)
                 : id == OPTION_HELP ? cmd_output_help(COMMAND_BUILD)
                                     : build_run(&build);
    } else {
        status = cmd_fail(DFC_LIMIT, "out of memory");
    }
    compiling_release(&build.compiling);
    return status;
}
