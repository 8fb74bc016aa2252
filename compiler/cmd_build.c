#include "cmd.h"
#include "cmd_project.h"
#include "file.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 10 };

static const char default_input[] = "Dockerfile.in";

struct build {
    struct dfc_config config;
    const char *input;  /* "-": standard input */
    const char *output; /* NULL or "-": standard output */
    bool input_named;
    bool quiet, no_user_config;
    const char *color;
    char *rules_variable; /* a copy of DFC_RULES, cut at its colons */
    const char **rules, **default_rules;
    struct project project;
    struct dfc_define *defines;
};

/* ---- options ---- */

static void take_define(struct build *build, struct options *options)
{
    char *value = strchr(options->value, '=');
    *value = '\0';
    build->defines[build->config.define_count++] = (struct dfc_define){options->value, value + 1};
}

static enum option_id take_operand(struct build *build, struct options *options)
{
    if (build->input_named)
        return options_fail(options, "expected one FILE, found a second: '%s'", options->value);
    build->input = options->value;
    build->input_named = true;
    return OPTION_OPERAND;
}

/* Values that can be judged without the library. */
static enum option_id check_value(struct options *options, enum option_id id)
{
    const char *value = options->value;
    if (id == OPTION_DEFINE && (value[0] == '=' || !strchr(value, '=')))
        return options_fail(options, "option '-D' needs NAME=VALUE, found '%s'", value);
    if (id == OPTION_COLOR && strcmp(value, "auto") != 0 && strcmp(value, "always") != 0 &&
        strcmp(value, "never") != 0)
        return options_fail(options, "option '--color' needs auto, always or never, found '%s'",
                            value);
    return id;
}

static enum option_id take_option(struct build *build, struct options *options)
{
    enum option_id id = check_value(options, options_next(options));
    struct dfc_config *config = &build->config;
    switch (id) {
    case OPTION_OUTPUT:
        build->output = options->value;
        break;
    case OPTION_DEFINE:
        take_define(build, options);
        break;
    case OPTION_MIRROR:
        config->mirror = options->value;
        break;
    case OPTION_RULES:
        build->rules[config->rules_count++] = options->value;
        break;
    case OPTION_CONTEXT:
        config->context_dir = options->value;
        break;
    case OPTION_SYNTAX:
        config->syntax = options->value;
        break;
    case OPTION_NO_COMMENTS:
        config->no_comments = true;
        break;
    case OPTION_NO_USER_CONFIG:
        build->no_user_config = true;
        break;
    case OPTION_COLOR:
        build->color = options->value;
        break;
    case OPTION_QUIET:
        build->quiet = true;
        break;
    case OPTION_OPERAND:
        return take_operand(build, options);
    default:
        break;
    }
    return id;
}

static size_t count_colons(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += *text == ':';
    return count;
}

static void take_rules_variable(struct build *build)
{
    for (char *at = build->rules_variable, *end; at; at = end) {
        end = strchr(at, ':');
        if (end)
            *end++ = '\0';
        if (at[0])
            build->default_rules[build->config.default_rules_count++] = at;
    }
}

/* Defaults, then what the environment says. */
static bool build_init(struct build *build, const struct options *options)
{
    const char *rules = options_variable(VARIABLE_RULES);
    size_t words = (size_t)options->count;
    *build = (struct build){.config = dfc_default_config(), .input = default_input};
    build->color = "auto";
    build->rules = calloc(words + 1, sizeof(*build->rules));
    build->default_rules = calloc(rules ? count_colons(rules) + 1 : 1, sizeof(*build->rules));
    build->defines = calloc(words + 1, sizeof(*build->defines));
    build->rules_variable = rules ? strdup(rules) : NULL;
    if (!build->rules || !build->default_rules || !build->defines ||
        (rules && !build->rules_variable))
        return false;
    take_rules_variable(build);
    build->config.default_mirror = options_variable(VARIABLE_MIRROR);
    build->config.stdlib_dir = options_variable(VARIABLE_STDLIB);
    build->config.rules = build->rules;
    build->config.default_rules = build->default_rules;
    build->config.defines = build->defines;
    file_set_callbacks(&build->config);
    return true;
}

static void build_release(struct build *build)
{
    free(build->rules_variable);
    free(build->rules);
    free(build->default_rules);
    project_release(&build->project);
    free(build->defines);
}

/* ---- compiling ---- */

static bool wants_color(const struct build *build)
{
    if (strcmp(build->color, "auto") != 0)
        return strcmp(build->color, "always") == 0;
    return isatty(STDERR_FILENO) && !options_variable(VARIABLE_NO_COLOR);
}

static void give_up(int signal_number)
{
    static const char message[] = "dfc: gave up after 10 seconds\n";
    (void)signal_number;
    if (write(STDERR_FILENO, message, sizeof(message) - 1) < 0) {
        /* nobody is left to be told */
    }
    _exit(DFC_LIMIT);
}

static enum dfc_status compile_in_time(const struct build *build, struct dfc *dfc, const char *text,
                                       size_t length)
{
    struct sigaction action = {.sa_handler = give_up};
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    alarm(SECONDS);
    enum dfc_status status = dfc_compile(dfc, build->input, text, length);
    alarm(0);
    return status;
}

static enum dfc_status write_output(const struct build *build, const char *text, size_t length)
{
    if (!build->output || strcmp(build->output, "-") == 0)
        return cmd_output(text, length);
    int error = file_replace(build->output, text, length);
    return error ? cmd_fail_write(build->output, error) : DFC_OK;
}

static enum dfc_status compile(const struct build *build, const char *text, size_t length)
{
    struct dfc *dfc = dfc_new(&build->config);
    if (!dfc)
        return cmd_fail(DFC_LIMIT, "out of memory");
    enum dfc_status status = compile_in_time(build, dfc, text, length);
    size_t report_length, output_length;
    const char *report = dfc_report(dfc, wants_color(build), &report_length);
    if (status != DFC_OK || !build->quiet)
        file_write(STDERR_FILENO, report, report_length);
    if (status == DFC_OK) {
        const char *output = dfc_output(dfc, &output_length);
        status = write_output(build, output, output_length);
    }
    dfc_free(dfc);
    return status;
}

/* ---- the command ---- */

static bool output_is_input(const struct build *build)
{
    if (!build->output || strcmp(build->output, "-") == 0)
        return false;
    return strcmp(build->input, "-") == 0 ? file_is_open_as(build->output, STDIN_FILENO)
                                          : file_is_same(build->output, build->input);
}

static enum dfc_status read_input(const struct build *build, char **text, size_t *length)
{
    size_t limit = (size_t)INPUT_LIMIT_MIB << 20;
    int error = strcmp(build->input, "-") == 0 ? file_read_open(STDIN_FILENO, limit, text, length)
                                               : file_read(build->input, limit, text, length);
    if (!error)
        return DFC_OK;
    if (error == ENOENT && !build->input_named)
        return cmd_fail(DFC_IO,
                        "cannot read '%s': %s; name a file, 'dfc build FILE', or use "
                        "standard input, 'dfc build -'",
                        build->input, strerror(error));
    return cmd_fail_read(build->input, error);
}

/* A text without '@' has no directive: then, unless it is to be mended, no configuration is
 * asked. */
static enum dfc_status find_project(struct build *build, const char *text, size_t length)
{
    struct dfc_config *config = &build->config;
    if (config->mode == DFC_BUILD && !config->auto_rewrite && !memchr(text, '@', length))
        return DFC_OK;
    if (!project_find(&build->project, build->input))
        return cmd_fail(DFC_LIMIT, "out of memory");
    project_apply(&build->project, config);
    if (build->no_user_config)
        config->user_config = NULL;
    return DFC_OK;
}

static enum dfc_status build_run(struct build *build)
{
    char *text;
    size_t length;
    const char *directory = build->config.context_dir;
    int error = directory ? file_check_directory(directory) : 0;
    if (error)
        return cmd_fail_read(directory, error);
    if (output_is_input(build))
        return cmd_fail(DFC_USAGE, "the output '%s' is the input file itself", build->output);
    enum dfc_status status = read_input(build, &text, &length);
    if (status != DFC_OK)
        return status;
    status = find_project(build, text, length);
    if (status == DFC_OK)
        status = compile(build, text, length);
    free(text);
    return status;
}

enum dfc_status cmd_build(struct options *options)
{
    struct build build;
    enum dfc_status status;
    if (build_init(&build, options)) {
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
    build_release(&build);
    return status;
}
