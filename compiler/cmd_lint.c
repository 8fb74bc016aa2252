#include "cmd_compile.h"
#include "file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What is read when no file is named: the first one that is there. */
static const char *const default_inputs[] = {"Dockerfile.in", "Dockerfile"};

enum fail_level { FAIL_ERROR, FAIL_WARNING, FAIL_NOTE };

struct lint {
    struct compiling compiling;
    const char **inputs;
    size_t input_count;
    enum fail_level fail_level;
    bool has_stdin;
    bool output_failed; /* standard output can't be written to */
};

/* ---- options ---- */

static enum option_id take_level(struct lint *lint, struct options *options)
{
    static const char *const names[] = {"error", "warning", "note"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(options->value, names[i]) == 0) {
            lint->fail_level = (enum fail_level)i;
            return OPTION_FAIL_LEVEL;
        }
    }
    return options_fail(options, "option '--fail-level' needs error, warning or note, found '%s'",
                        options->value);
}

static enum option_id take_operand(struct lint *lint, struct options *options)
{
    bool is_stdin = strcmp(options->value, "-") == 0;
    if (is_stdin && lint->has_stdin)
        return options_fail(options, "standard input can be read only once, found a second '-'");
    lint->has_stdin |= is_stdin;
    lint->inputs[lint->input_count++] = options->value;
    return OPTION_OPERAND;
}

static enum option_id take_option(struct lint *lint, struct options *options)
{
    enum option_id id = compiling_next(&lint->compiling, options);
    if (id == OPTION_FIX)
        lint->compiling.config.mode = DFC_FIX;
    else if (id == OPTION_FAIL_LEVEL)
        return take_level(lint, options);
    else if (id == OPTION_OPERAND)
        return take_operand(lint, options);
    return id;
}

/* ---- one file ---- */

static bool fails(const struct lint *lint, const struct dfc *dfc)
{
    return dfc_error_count(dfc) > 0 ||
           (lint->fail_level >= FAIL_WARNING && dfc_warning_count(dfc) > 0) ||
           (lint->fail_level >= FAIL_NOTE && dfc_note_count(dfc) > 0);
}

static enum dfc_status put(struct lint *lint, int descriptor, const char *text, size_t length)
{
    if (lint->output_failed && descriptor == STDOUT_FILENO)
        return DFC_IO; /* once is enough */
    int error = file_write(descriptor, text, length);
    if (!error || descriptor != STDOUT_FILENO)
        return DFC_OK;
    lint->output_failed = true;
    return cmd_fail_write("-", error);
}

/* Findings go to standard output, unless the mended text does. */
static enum dfc_status put_report(struct lint *lint, struct dfc *dfc, const char *input)
{
    size_t length;
    bool fixes = lint->compiling.config.mode == DFC_FIX;
    int descriptor = fixes && strcmp(input, "-") == 0 ? STDERR_FILENO : STDOUT_FILENO;
    bool color = compiling_wants_color(&lint->compiling, descriptor);
    const char *report = dfc_report(dfc, color, &length);
    return length == 0 ? DFC_OK : put(lint, descriptor, report, length);
}

static enum dfc_status put_mended(struct lint *lint, struct dfc *dfc, const char *input)
{
    size_t length, mended = dfc_mended_count(dfc);
    const char *output = dfc_output(dfc, &length);
    if (strcmp(input, "-") == 0)
        return put(lint, STDOUT_FILENO, output, length);
    if (mended == 0)
        return DFC_OK;
    int error = file_replace(input, output, length);
    if (error)
        return cmd_fail_write(input, error);
    if (!lint->compiling.quiet)
        cmd_fail(DFC_OK, "mended %zu finding%s in '%s'", mended, mended == 1 ? "" : "s", input);
    return DFC_OK;
}

static enum dfc_status worse(enum dfc_status a, enum dfc_status b)
{
    return a > b ? a : b;
}

static enum dfc_status lint_text(struct lint *lint, const char *input, const char *text,
                                 size_t length)
{
    enum dfc_status status, written = DFC_OK;
    struct dfc *dfc = compiling_run(&lint->compiling, input, text, length, &status);
    if (!dfc)
        return status;
    if (status == DFC_OK && lint->compiling.config.mode == DFC_FIX)
        written = put_mended(lint, dfc, input);
    if (status == DFC_OK && fails(lint, dfc))
        status = DFC_ERRORS;
    if (status != DFC_OK || !lint->compiling.quiet)
        written = worse(written, put_report(lint, dfc, input));
    dfc_free(dfc);
    return worse(status, written);
}

static enum dfc_status lint_input(struct lint *lint, const char *input)
{
    char *text;
    size_t length;
    int error = compiling_read(input, &text, &length);
    if (error)
        return cmd_fail_read(input, error);
    enum dfc_status status = lint_text(lint, input, text, length);
    free(text);
    return status;
}

static enum dfc_status lint_default(struct lint *lint)
{
    char *text = NULL;
    size_t length = 0, i = 0;
    int error;
    do
        error = compiling_read(default_inputs[i], &text, &length);
    while (error == ENOENT && ++i < sizeof(default_inputs) / sizeof(default_inputs[0]));
    if (error == ENOENT)
        return cmd_fail(DFC_IO, "there is neither '%s' nor '%s' here; name a file, 'dfc lint FILE'",
                        default_inputs[0], default_inputs[1]);
    if (error)
        return cmd_fail_read(default_inputs[i], error);
    enum dfc_status status = lint_text(lint, default_inputs[i], text, length);
    free(text);
    return status;
}

/* ---- the command ---- */

static enum dfc_status lint_run(struct lint *lint)
{
    const char *directory = lint->compiling.config.context_dir;
    int error = directory ? file_check_directory(directory) : 0;
    if (error)
        return cmd_fail_read(directory, error);
    enum dfc_status status = lint->input_count == 0 ? lint_default(lint) : DFC_OK;
    for (size_t i = 0; i < lint->input_count; i++)
        status = worse(status, lint_input(lint, lint->inputs[i]));
    return lint->output_failed ? status : worse(status, cmd_output("", 0));
}

enum dfc_status cmd_lint(struct options *options)
{
    struct lint lint = {.fail_level = FAIL_WARNING};
    enum dfc_status status = DFC_LIMIT;
    lint.inputs = calloc((size_t)options->count + 1, sizeof(*lint.inputs));
    if (compiling_init(&lint.compiling, options) && lint.inputs) {
        enum option_id id;
        lint.compiling.config.mode = DFC_LINT;
        do
            id = take_option(&lint, options);
        while (id != OPTION_END && id != OPTION_ERROR && id != OPTION_HELP);
        status = id == OPTION_ERROR  ? cmd_fail_usage(options)
                 : id == OPTION_HELP ? cmd_output_help(COMMAND_LINT)
                                     : lint_run(&lint);
    } else {
        cmd_fail(DFC_LIMIT, "out of memory");
    }
    free(lint.inputs);
    compiling_release(&lint.compiling);
    return status;
}
