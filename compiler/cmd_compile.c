#include "cmd_compile.h"

#include "file.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- options ---- */

static void take_define(struct compiling *compiling, struct options *options)
{
    char *value = strchr(options->value, '=');
    *value = '\0';
    compiling->defines[compiling->config.define_count++] =
        (struct dfc_define){options->value, value + 1};
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

enum option_id compiling_next(struct compiling *compiling, struct options *options)
{
    enum option_id id = check_value(options, options_next(options));
    struct dfc_config *config = &compiling->config;
    switch (id) {
    case OPTION_DEFINE:
        take_define(compiling, options);
        break;
    case OPTION_MIRROR:
        config->mirror = options->value;
        break;
    case OPTION_BUILDER:
        config->builder = options->value;
        break;
    case OPTION_FOOTPRINT:
        config->footprint = options->value;
        break;
    case OPTION_RULES:
        compiling->rules[config->rules_count++] = options->value;
        break;
    case OPTION_CONTEXT:
        config->context_dir = options->value;
        break;
    case OPTION_NO_USER_CONFIG:
        compiling->no_user_config = true;
        break;
    case OPTION_COLOR:
        compiling->color = options->value;
        break;
    case OPTION_QUIET:
        compiling->quiet = true;
        break;
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

static void take_rules_variable(struct compiling *compiling)
{
    for (char *at = compiling->rules_variable, *end; at; at = end) {
        end = strchr(at, ':');
        if (end)
            *end++ = '\0';
        if (at[0])
            compiling->default_rules[compiling->config.default_rules_count++] = at;
    }
}

bool compiling_init(struct compiling *compiling, const struct options *options)
{
    const char *rules = options_variable(VARIABLE_RULES);
    size_t words = (size_t)options->count;
    *compiling = (struct compiling){.config = dfc_default_config(), .color = "auto"};
    compiling->rules = calloc(words + 1, sizeof(*compiling->rules));
    compiling->default_rules =
        calloc(rules ? count_colons(rules) + 1 : 1, sizeof(*compiling->rules));
    compiling->defines = calloc(words + 1, sizeof(*compiling->defines));
    compiling->rules_variable = rules ? strdup(rules) : NULL;
    if (!compiling->rules || !compiling->default_rules || !compiling->defines ||
        (rules && !compiling->rules_variable))
        return false;
    take_rules_variable(compiling);
    compiling->config.default_mirror = options_variable(VARIABLE_MIRROR);
    compiling->config.default_builder = options_variable(VARIABLE_BUILDER);
    compiling->config.default_footprint = options_variable(VARIABLE_FOOTPRINT);
    compiling->config.default_registry = options_variable(VARIABLE_REGISTRY);
    compiling->config.stdlib_dir = options_variable(VARIABLE_STDLIB);
    compiling->config.rules = compiling->rules;
    compiling->config.default_rules = compiling->default_rules;
    compiling->config.defines = compiling->defines;
    file_set_callbacks(&compiling->config);
    return true;
}

void compiling_release(struct compiling *compiling)
{
    free(compiling->rules_variable);
    free(compiling->rules);
    free(compiling->default_rules);
    free(compiling->defines);
    project_release(&compiling->project);
}

bool compiling_wants_color(const struct compiling *compiling, int descriptor)
{
    if (strcmp(compiling->color, "auto") != 0)
        return strcmp(compiling->color, "always") == 0;
    return isatty(descriptor) && !options_variable(VARIABLE_NO_COLOR);
}

/* ---- compiling ---- */

int compiling_read(const char *input, char **text, size_t *length)
{
    size_t limit = (size_t)INPUT_LIMIT_MIB << 20;
    return strcmp(input, "-") == 0 ? file_read_open(STDIN_FILENO, limit, text, length)
                                   : file_read(input, limit, text, length);
}

/* A text without '@' has no directive: then, unless it is to be mended, no configuration is
 * asked. */
static bool find_project(struct compiling *compiling, const char *input, const char *text,
                         size_t length)
{
    struct dfc_config *config = &compiling->config;
    if (config->mode == DFC_BUILD && !config->auto_rewrite && !memchr(text, '@', length))
        return true;
    project_release(&compiling->project);
    if (!project_find(&compiling->project, input))
        return false;
    project_apply(&compiling->project, config);
    if (compiling->no_user_config)
        config->user_config = NULL;
    return true;
}

struct dfc *compiling_run(struct compiling *compiling, const char *input, const char *text,
                          size_t length, enum dfc_status *status)
{
    struct dfc *dfc = NULL;
    if (find_project(compiling, input, text, length))
        dfc = dfc_new(&compiling->config);
    if (!dfc) {
        *status = cmd_fail(DFC_LIMIT, "out of memory");
        return NULL;
    }
    cmd_start_clock();
    *status = dfc_compile(dfc, input, text, length);
    cmd_stop_clock();
    return dfc;
}
