#include "dfc.h"

#include "check.h"
#include "core_words.h"
#include "describe.h"
#include "dfc_parts.h"
#include "emit.h"
#include "expand.h"
#include "path.h"
#include "plain.h"

#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

#include <errno.h>

struct dfc {
    struct arena arena;
    struct arena scratch; /* of plain_check */
    struct dfc_config config;
    struct diag_list diags;
    struct map fixed; /* settings that the command line gives */
    struct view output;
    struct str report;
    bool has_output, out_of_memory;
    struct api *api;     /* the rules, while they are in use */
    struct dfc *example; /* of a rule, while it is compiled */
    jmp_buf *on_failure; /* where to go when memory runs out */
};

static int find_no_file(void *context, const char *beneath, const char *path, size_t limit,
                        char **text, size_t *length)
{
    (void)context, (void)beneath, (void)path, (void)limit, (void)text, (void)length;
    return ENOENT;
}

static int find_no_directory(void *context, const char *beneath, const char *path, char **names,
                             size_t *length)
{
    (void)context, (void)beneath, (void)path, (void)names, (void)length;
    return ENOENT;
}

static bool exists_nowhere(void *context, const char *beneath, const char *path)
{
    (void)context, (void)beneath, (void)path;
    return false;
}

static bool is_never_same(void *context, const char *path, const char *other)
{
    (void)context, (void)path, (void)other;
    return false;
}

struct dfc_config dfc_default_config(void)
{
    return (struct dfc_config){
        .read_file = find_no_file,
        .list_directory = find_no_directory,
        .exists = exists_nowhere,
        .same_file = is_never_same,
    };
}

static void out_of_memory(void *context)
{
    struct dfc *dfc = context;
    if (dfc->on_failure != NULL)
        longjmp(*dfc->on_failure, 1);
    abort(); /* memory is only asked for between setjmp and the end of a function of dfc.h */
}

struct dfc *dfc_new(const struct dfc_config *config)
{
    struct dfc *dfc = calloc(1, sizeof(*dfc));
    if (dfc == NULL)
        return NULL;
    dfc->config = *config;
    arena_init(&dfc->arena, out_of_memory, dfc);
    arena_init(&dfc->scratch, out_of_memory, dfc);
    dfc->arena.limit = dfc->scratch.limit = config->memory_limit;
    diag_list_init(&dfc->diags, &dfc->arena);
    return dfc;
}

void dfc_free(struct dfc *dfc)
{
    if (dfc == NULL)
        return;
    dfc_free(dfc->example);
    arena_release(&dfc->arena);
    arena_release(&dfc->scratch);
    free(dfc);
}

static void fix(struct dfc *dfc, const char *name, const char *value, const char *option)
{
    struct setting setting = {.origin = SETTING_OF_OPTION, .from = option};
    if (value == NULL)
        return;
    setting.value = view_of(value);
    setting_add(&dfc->arena, &dfc->fixed, view_of(name), setting);
}

static void warn_onbuild(struct dfc *dfc, const struct file *file)
{
    for (size_t i = 0; i < file->unit_count; i++) {
        const struct instruction *inst = file->units[i].inst;
        if (inst == NULL || !plain_is_onbuild_directive(inst))
            continue;
        diag_add(&dfc->diags, DIAG_WARNING, "onbuild-directive", instruction_name_span(file, inst),
                 "'%.*s' after ONBUILD is left as it is: the image it runs in is not known here",
                 VIEW_ARG(inst->sub->name));
    }
}

/* The errors that there can be no output with. What a rewrite has found is no reason not to mend
 * the rest. */
static size_t fatal_errors(const struct dfc *dfc)
{
    bool fixes = dfc->config.mode == DFC_FIX;
    return dfc->diags.errors - (fixes ? dfc->diags.finding_errors : 0);
}

/* Whether the text goes out as it came in, which most do: read for that alone, it takes no time and
 * memory to speak of. If not, it is read again, to be kept. */
static bool passes_through(struct dfc *dfc, struct source *source)
{
    bool plain = dfc->config.mode == DFC_BUILD && !dfc->config.auto_rewrite &&
                 dfc->config.define_count == 0 && plain_check(&dfc->scratch, source);
    arena_release(&dfc->scratch);
    return plain;
}

static struct view compile(struct dfc *dfc, const char *name, struct view text)
{
    bool is_stdin = strcmp(name, "-") == 0;
    struct source *source = source_new(&dfc->arena, is_stdin ? "<stdin>" : name, text);
    if (passes_through(dfc, source))
        return text;
    const struct file *file = parse_file(&dfc->arena, source, &dfc->diags);
    check_file(&dfc->arena, file, &dfc->diags);
    warn_onbuild(dfc, file);
    fix(dfc, "dfc.mirror", dfc->config.mirror, "--mirror");
    fix(dfc, "dfc.builder", dfc->config.builder, "--builder");
    fix(dfc, "dfc.footprint", dfc->config.footprint, "--footprint");
    for (size_t i = 0; i < dfc->config.define_count; i++) {
        fix(dfc, dfc->config.defines[i].name, dfc->config.defines[i].value, "-D");
        core_words_check_use(&dfc->arena, file, view_of(dfc->config.defines[i].name), &dfc->diags);
    }
    bool plain = dfc->config.mode == DFC_BUILD && !dfc->config.auto_rewrite &&
                 map_find(&dfc->fixed, VIEW("dfc.auto")) == NULL &&
                 map_find(&dfc->fixed, VIEW("dfc.registry")) == NULL;
    if (!file->has_directives && plain)
        return text;
    struct expanded expanded =
        expand_file(&dfc->arena, file, &dfc->config, &dfc->fixed, &dfc->diags, &dfc->api);
    if (fatal_errors(dfc) > 0)
        return text;
    struct view base = is_stdin ? VIEW("stdin") : path_base(view_of(name));
    struct emit_options options = {base.ptr, dfc->config.mode == DFC_FIX, dfc->config.syntax};
    return emit_file(&dfc->arena, &expanded, &options, &dfc->diags);
}

/* The build context and the project are where the input lies, unless something else is said. */
static void set_directories(struct dfc *dfc, const char *name)
{
    struct view directory = strcmp(name, "-") == 0 ? VIEW(".") : path_directory(view_of(name));
    const char *here = arena_strndup(&dfc->arena, directory.ptr, directory.len);
    if (dfc->config.context_dir == NULL)
        dfc->config.context_dir = here;
    if (dfc->config.project_dir == NULL)
        dfc->config.project_dir = here;
}

static enum dfc_status compile_protected(struct dfc *dfc, const char *name, struct view text)
{
    set_directories(dfc, name);
    dfc->output = compile(dfc, name, text);
    if (dfc->diags.limit_reached)
        return DFC_LIMIT;
    if (dfc->diags.io_failed)
        return DFC_IO;
    bool good = fatal_errors(dfc) == 0;
    dfc->has_output = good && dfc->config.mode != DFC_LINT;
    return good ? DFC_OK : DFC_ERRORS;
}

/* What setjmp returns to: nothing here may change between the call and the jump. */
enum dfc_status dfc_compile(struct dfc *dfc, const char *name, const char *text, size_t length)
{
    jmp_buf failure;
    dfc->output = (struct view){text, length};
    dfc->on_failure = &failure;
    if (setjmp(failure) != 0) {
        dfc->out_of_memory = true;
        expand_abandon(&dfc->api);
        return DFC_LIMIT;
    }
    enum dfc_status status = compile_protected(dfc, name, dfc->output);
    dfc->on_failure = NULL;
    return status;
}

static enum dfc_status describe_protected(struct dfc *dfc, enum dfc_description what,
                                          const char *name)
{
    struct describing d = {&dfc->arena, &dfc->config, &dfc->diags, &dfc->api, &dfc->example};
    set_directories(dfc, "-");
    dfc->output = describe(&d, what, name);
    if (dfc->diags.limit_reached)
        return DFC_LIMIT;
    if (dfc->diags.io_failed)
        return DFC_IO;
    dfc->has_output = dfc->diags.errors == 0;
    return dfc->has_output ? DFC_OK : DFC_ERRORS;
}

enum dfc_status dfc_describe(struct dfc *dfc, enum dfc_description what, const char *name)
{
    jmp_buf failure;
    dfc->on_failure = &failure;
    if (setjmp(failure) != 0) {
        dfc->out_of_memory = true;
        expand_abandon(&dfc->api);
        return DFC_LIMIT;
    }
    enum dfc_status status = describe_protected(dfc, what, name);
    dfc->on_failure = NULL;
    return status;
}

const char *dfc_output(const struct dfc *dfc, size_t *length)
{
    *length = dfc->has_output ? dfc->output.len : 0;
    return dfc->has_output ? dfc->output.ptr : NULL;
}

const char *dfc_report(struct dfc *dfc, bool color, size_t *length)
{
    static const char no_memory[] = "dfc: error: not enough memory\n";
    jmp_buf failure;
    *length = sizeof(no_memory) - 1;
    if (dfc->out_of_memory || setjmp(failure) != 0) {
        dfc->on_failure = NULL;
        return no_memory;
    }
    dfc->on_failure = &failure;
    str_init(&dfc->report, &dfc->arena);
    diag_render_all(&dfc->report, &dfc->diags, color);
    dfc->on_failure = NULL;
    *length = dfc->report.len;
    return str_view(&dfc->report).ptr;
}

bool dfc_examine(struct dfc *dfc, void look(void *context, const struct diag_list *diags),
                 void *context)
{
    jmp_buf failure;
    if (dfc->out_of_memory || setjmp(failure) != 0) {
        dfc->on_failure = NULL;
        return false;
    }
    dfc->on_failure = &failure;
    look(context, &dfc->diags);
    dfc->on_failure = NULL;
    return true;
}

size_t dfc_warning_count(const struct dfc *dfc)
{
    return dfc->diags.warnings;
}

size_t dfc_error_count(const struct dfc *dfc)
{
    return dfc->diags.errors;
}

size_t dfc_note_count(const struct dfc *dfc)
{
    return dfc->diags.all.count - dfc->diags.errors - dfc->diags.warnings;
}

size_t dfc_mended_count(const struct dfc *dfc)
{
    return dfc->diags.mended;
}
