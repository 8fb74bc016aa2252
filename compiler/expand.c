#include "expand.h"

#include "core_words.h"
#include "lua_api.h"

#include <string.h>

struct expander {
    struct arena *arena;
    const struct file *file;
    const struct dfc_config *config;
    struct diag_list *diags;
    struct expanded *result;
    struct style style;
    struct stages stages;
    struct rule_files files;
    struct api *api;
    size_t last_unit; /* the last instruction or directive */
    bool has_last;
};

static struct chunk *want_chunk(struct expander *x, struct chunk **chunk)
{
    if (*chunk == NULL)
        *chunk = chunk_new(&x->style);
    return *chunk;
}

/* ---- ARG for the variables of ids */

static bool mentions(const struct node *node, struct view variable)
{
    for (size_t i = 0; node->kind == NODE_RUN && i < node->run.mounts.count; i++) {
        struct view id = node->run.mounts.items[i]->id;
        if (view_search(id, variable) < id.len)
            return true;
    }
    return false;
}

/* A predefined variable can be used in a mount only where the stage declares it. */
static void declare_variable(struct expander *x, const char *name, const struct node *node)
{
    struct stage *stage = x->stages.now;
    struct view variable = view_format(x->arena, "${%s}", name);
    if (!mentions(node, variable) || stage_has_variable(stage, view_of(name)))
        return;
    struct view *value = ARENA_NEW(x->arena, struct view);
    map_set(x->arena, &stage->args, view_of(name), value);
    chunk_add_arg(want_chunk(x, &x->result->units[x->last_unit].after), &x->style, view_of(name));
}

static void note_frontend(struct expander *x, const struct node *node)
{
    const char *feature = NULL;
    int needed = node_needed_frontend(node, &feature);
    if (needed > x->result->needed_frontend) {
        x->result->needed_frontend = needed;
        x->result->needed_feature = feature;
    }
}

static void add_node(struct expander *x, struct chunk *chunk, const struct node *node)
{
    declare_variable(x, "TARGETARCH", node);
    declare_variable(x, "BUILDARCH", node);
    note_frontend(x, node);
    chunk_add_node(chunk, &x->style, node);
}

/* ---- placement */

/* Index of the first line of the comment block that stands directly above a unit. */
static size_t comment_block(const struct file *file, size_t unit)
{
    while (unit > 0 && file->units[unit - 1].kind == UNIT_COMMENT)
        unit--;
    return unit;
}

static void add_directive_comment(struct expander *x, struct chunk *chunk, const struct unit *unit)
{
    struct span at = unit_span(x->file, unit);
    struct view text = view_slice(x->file->source->text, at.begin, at.end);
    while (text.len > 0 && is_blank(text.ptr[0]))
        text = view_slice(text, 1, text.len);
    if (unit->begin == 0 && x->file->head.after_bom > 0)
        text = view_slice(text, x->file->head.after_bom, text.len);
    chunk_add_comment(chunk, &x->style, text);
}

static void place(struct expander *x, size_t index, const struct expansion *e)
{
    struct unit_output *outputs = x->result->units;
    size_t block = comment_block(x->file, index);
    struct chunk *before = want_chunk(x, &outputs[block].before);
    struct chunk *instead = want_chunk(x, &outputs[index].instead);
    for (size_t i = 0; i < e->setup.count; i++)
        add_node(x, before, e->setup.items[i]);
    if (e->result.count == 0)
        return;
    if (!x->config->no_comments) {
        add_directive_comment(x, before, &x->file->units[index]);
        /* BuildKit takes a comment directly above ARG for its description. */
        if (e->result.items[0]->kind == NODE_ARG)
            chunk_add_comment(before, &x->style, VIEW("\n"));
    }
    for (size_t i = 0; i < e->result.count; i++)
        add_node(x, instead, e->result.items[i]);
}

/* ---- checks before a rule is called */

static void help_other_manager(struct expander *x, struct diag *diag, struct view family)
{
    static const char *const managers[][2] = {{"debian", "apt"},
                                              {"alpine", "apk"},
                                              {"redhat", "dnf"},
                                              {"suse", "zypper"},
                                              {"arch", "pacman"}};
    for (size_t i = 0; i < sizeof(managers) / sizeof(managers[0]); i++)
        if (view_is(family, managers[i][0]) &&
            map_find(&x->files.directives, view_of(managers[i][1])) != NULL)
            diag_help(diag, "use @%s", managers[i][1]);
}

static bool check_family(struct expander *x, const struct directive *directive,
                         const struct image_facts *facts)
{
    static const char *const names[][2] = {{"debian", "Debian or Ubuntu"},
                                           {"alpine", "Alpine"},
                                           {"redhat", "Fedora, RHEL or a clone"},
                                           {"suse", "SUSE"},
                                           {"arch", "Arch Linux"}};
    struct view needed = directive->rule->needs_family;
    if (needed.len == 0 || facts->family.len == 0 || view_equal(needed, facts->family))
        return true;
    struct view readable = needed;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        if (view_is(needed, names[i][0]))
            readable = view_of(names[i][1]);
    struct view image = x->stages.now->ref_text;
    struct view what = facts->distro.len > 0 ? facts->distro : facts->family;
    if (view_is(facts->family, "none"))
        what = VIEW("an image without a package manager");
    struct diag *diag =
        diag_add(x->diags, DIAG_ERROR, "wrong-base", directive->name_at,
                 "@%.*s needs a %.*s base image, %.*s is %.*s", VIEW_ARG(directive->name),
                 VIEW_ARG(readable), VIEW_ARG(image), VIEW_ARG(what));
    help_other_manager(x, diag, facts->family);
    return false;
}

static bool check_runnable(struct expander *x, const struct directive *directive,
                           const struct image_facts *facts)
{
    struct stage *stage = x->stages.now;
    const char *why = NULL;
    if (facts->windows)
        why = "is a Windows image: cache mounts and POSIX shells are not to be had there";
    else if (view_is(facts->distro, "scratch"))
        why = "is empty: there is nothing that could run a command";
    if (why != NULL) {
        diag_add(x->diags, DIAG_ERROR, "wrong-base", directive->name_at,
                 "@%.*s can't work here, %.*s %s", VIEW_ARG(directive->name),
                 VIEW_ARG(stage->ref_text), why);
        return false;
    }
    if (!stage->shell_is_posix) {
        diag_add(x->diags, DIAG_ERROR, "wrong-shell", directive->name_at,
                 "@%.*s needs a POSIX shell, SHELL has set another one", VIEW_ARG(directive->name));
        return false;
    }
    return true;
}

static bool check_user(struct expander *x, const struct directive *directive)
{
    struct stage_user *user = &x->stages.now->user;
    if (!directive->rule->needs_root || user->root)
        return true;
    struct diag *diag = diag_add(x->diags, DIAG_ERROR, "needs-root", directive->name_at,
                                 "@%.*s needs root, the user here is '%.*s'",
                                 VIEW_ARG(directive->name), VIEW_ARG(user->text));
    diag_help(diag, "write it above USER %.*s, or between USER root and USER %.*s",
              VIEW_ARG(user->text), VIEW_ARG(user->text));
    return false;
}

/* ---- one directive */

static void report_unknown(struct expander *x, const struct unit *unit)
{
    struct view name = unit->inst->name;
    struct name_list names = {0};
    struct diag *diag = diag_add(x->diags, DIAG_ERROR, "unknown-directive",
                                 instruction_name_span(x->file, unit->inst),
                                 "unknown directive '@%.*s'", VIEW_ARG(name));
    api_directive_names(x->api, &names);
    core_words_names(x->arena, &names);
    struct view close = diag_closest(name, names.items, names.count);
    bool shouting = name.len > 1 && !is_lower(name.ptr[0]) && name.ptr[name.len - 1] == '@';
    if (close.len > 0)
        diag_help(diag, "did you mean '@%.*s'?", VIEW_ARG(close));
    else if (shouting)
        diag_help(diag, "this looks like a template of autoconf: run configure first");
}

static void expand_rule(struct expander *x, size_t index, const struct rule *rule)
{
    const struct unit *unit = &x->file->units[index];
    struct directive *directive = ARENA_NEW(x->arena, struct directive);
    struct binder binder = {x->arena, x->file, x->diags, &x->stages.now->settings};
    if (!directive_bind(&binder, unit, rule, directive))
        return;
    struct expansion e = {.directive = directive, .stage = x->stages.now};
    e.facts = stage_facts(&x->stages, x->stages.now);
    if (!check_runnable(x, directive, e.facts) || !check_family(x, directive, e.facts) ||
        !check_user(x, directive))
        return;
    if (api_expand(x->api, &e))
        place(x, index, &e);
}

static void expand_directive(struct expander *x, size_t index)
{
    const struct unit *unit = &x->file->units[index];
    struct core_words core = {x->arena, x->file, x->diags, &x->stages, x->api};
    if (core_words_take(&core, unit)) {
        want_chunk(x, &x->result->units[index].instead);
        return;
    }
    bool failed;
    const struct rule *rule = api_find_rule(x->api, unit->inst->name, &failed);
    if (rule == NULL) {
        if (!failed)
            report_unknown(x, unit);
    } else if (x->stages.now == NULL) {
        struct diag *diag =
            diag_add(x->diags, DIAG_ERROR, "no-stage", instruction_name_span(x->file, unit->inst),
                     "@%.*s stands before the first FROM: there is no stage yet",
                     VIEW_ARG(unit->inst->name));
        diag_help(diag, "write it below a FROM instruction");
    } else {
        expand_rule(x, index, rule);
    }
    x->last_unit = index;
}

static void see_instruction(struct expander *x, size_t index)
{
    stages_see(&x->stages, x->file->units[index].inst);
    x->last_unit = index;
}

static void walk(struct expander *x)
{
    for (size_t i = 0; i < x->file->unit_count; i++) {
        if (x->file->units[i].kind == UNIT_INSTRUCTION)
            see_instruction(x, i);
        else if (x->file->units[i].kind == UNIT_DIRECTIVE)
            expand_directive(x, i);
        if (x->diags->limit_reached)
            return;
    }
}

static bool open_rules(struct expander *x, struct api **api)
{
    struct view problem;
    if (!rule_files_open(&x->files, x->arena, x->config, &problem) ||
        !rule_files_read_user_files(&x->files, &problem)) {
        diag_add(x->diags, DIAG_ERROR, NULL, (struct span){NULL, 0, 0}, "%.*s", VIEW_ARG(problem));
        x->diags->io_failed = true;
        return false;
    }
    x->api = *api = api_new(x->arena, x->diags, x->config, &x->files, &x->stages);
    if (x->api == NULL) {
        x->diags->limit_reached = true;
        return false;
    }
    x->stages.lookup = api_lookup_image;
    x->stages.lookup_context = x->api;
    return api_load_user_files(x->api);
}

/* What -D and --mirror say is checked as if it stood in the file. */
static bool check_fixed(struct expander *x, const struct map *fixed)
{
    const struct map *const maps[] = {fixed, &x->stages.default_settings.values};
    for (size_t i = 0; i < sizeof(maps) / sizeof(maps[0]); i++) {
        const struct setting *mirror = map_get(maps[i], VIEW("dfc.mirror"));
        if (mirror != NULL && !api_check_mirror(x->api, mirror->value, mirror->at))
            return false;
    }
    return true;
}

struct expanded expand_file(struct arena *arena, const struct file *file,
                            const struct dfc_config *config, const struct map *fixed,
                            struct diag_list *diags, struct api **api)
{
    struct expanded result = {.file = file, .syntax = VIEW("")};
    struct expander x = {
        .arena = arena, .file = file, .config = config, .diags = diags, .result = &result};
    result.units = arena_zalloc(arena, file->unit_count, sizeof(struct unit_output));
    x.style = (struct style){arena, file->crlf ? "\r\n" : "\n", file->escape};
    stages_init(&x.stages, arena, file);
    x.stages.file_settings.fixed = fixed;
    if (config->default_mirror != NULL)
        setting_set(arena, &x.stages.default_settings.values, VIEW("dfc.mirror"),
                    view_of(config->default_mirror), (struct span){NULL, 0, 0});
    if (open_rules(&x, api) && check_fixed(&x, fixed))
        walk(&x);
    const struct setting *syntax = setting_find(&x.stages.file_settings, VIEW("dfc.syntax"));
    if (syntax != NULL) {
        result.syntax = syntax->value;
        result.syntax_at = syntax->at;
    }
    expand_abandon(api);
    return result;
}

void expand_abandon(struct api **api)
{
    if (*api != NULL)
        api_free(*api);
    *api = NULL;
}
