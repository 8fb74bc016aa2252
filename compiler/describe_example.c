/* Examples of rules: each is compiled as a Dockerfile.in of its own. */
#include "describe.h"

#include "test_case.h"

#include <errno.h>
#include <string.h>

/* ---- a build context in which every file exists, and has nothing to say */

static const char example_context[] = ".";

static int read_file(void *context, const char *beneath, const char *path, size_t limit,
                     char **text, size_t *length)
{
    const struct dfc_config *config = context;
    if (beneath == example_context)
        return ENOENT;
    return config->read_file(config->context, beneath, path, limit, text, length);
}

static int list_directory(void *context, const char *beneath, const char *path, char **names,
                          size_t *length)
{
    const struct dfc_config *config = context;
    return config->list_directory(config->context, beneath, path, names, length);
}

static bool same_file(void *context, const char *path, const char *other)
{
    const struct dfc_config *config = context;
    return config->same_file(config->context, path, other);
}

static bool exists(void *context, const char *beneath, const char *path)
{
    (void)context, (void)beneath, (void)path;
    return true;
}

/* The rules are those of the surroundings, the rest is what it is by default. */
static struct dfc_config example_config(const struct dfc_config *outer)
{
    struct dfc_config config = *outer;
    config.mode = DFC_BUILD;
    config.auto_rewrite = false;
    config.mirror = config.default_mirror = NULL;
    config.builder = config.default_builder = NULL;
    config.footprint = config.default_footprint = NULL;
    config.default_registry = NULL;
    config.syntax = NULL;
    config.context_dir = example_context;
    config.define_count = 0;
    config.no_comments = false;
    config.read_file = read_file;
    config.list_directory = list_directory;
    config.exists = exists;
    config.same_file = same_file;
    config.context = (void *)outer;
    return config;
}

/* ---- compiling */

/* The text behind the comments and parser directives at its start. */
static struct view skip_header(struct view text)
{
    size_t at = 0;
    while (at < text.len && text.ptr[at] == '#')
        at = view_find(text, '\n', at) + 1;
    return view_slice(text, at < text.len ? at : text.len, text.len);
}

struct example example_compile(struct describing *d, const struct rule *rule, struct view text)
{
    struct example example = {VIEW(""), false};
    struct dfc_config config = example_config(d->config);
    struct view image = test_default_image(rule->needs_family, rule->examples_from);
    struct view input = view_format(d->arena, "FROM %.*s\n%.*s\n", VIEW_ARG(image), VIEW_ARG(text));
    struct dfc *dfc = *d->example = dfc_new(&config);
    if (dfc == NULL) {
        d->diags->limit_reached = example.failed = true;
        return example;
    }
    size_t length;
    example.failed = dfc_compile(dfc, "example", input.ptr, input.len) != DFC_OK;
    const char *result =
        example.failed ? dfc_report(dfc, false, &length) : dfc_output(dfc, &length);
    struct view copy = view_copy(d->arena, (struct view){result, length});
    example.text = example.failed ? copy : skip_header(copy);
    *d->example = NULL;
    dfc_free(dfc);
    return example;
}
