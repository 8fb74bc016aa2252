#include "expand.h"

#include "builder.h"
#include "check.h"
#include "core_words.h"
#include "credentials.h"
#include "expand_helpers.h"
#include "expand_mend.h"
#include "in_place.h"
#include "lua_api.h"
#include "lua_rewrite.h"
#include "path.h"
#include "url.h"
#include "utf8.h"

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
    struct rule_sources sources;
    struct api *api;
    bool rewrites_open; /* they have been loaded */
    bool has_core_word;
    bool stage_missed; /* something stands before the first FROM */
    size_t last_unit;  /* the last instruction or directive */
};

static struct chunk *want_chunk(struct expander *x, struct chunk **chunk)
{
    if (*chunk == NULL)
        *chunk = chunk_new(&x->style);
    return *chunk;
}

/* ---- nodes */

/* A variable of the platform can be used only where the stage declares it. */
static void declare_variables(struct expander *x, const struct node *node)
{
    struct stage *stage = x->stages.now;
    unsigned used = node_variables(node);
    for (size_t i = 0; i < PLATFORM_VARIABLES; i++) {
        struct view name = view_of(platform_variables[i]);
        if ((used & 1U << i) == 0 || stage_has_variable(stage, name))
            continue;
        struct view *value = ARENA_NEW(x->arena, struct view);
        map_set(x->arena, &stage->args, name, value);
        chunk_add_arg(want_chunk(x, &x->result->units[x->last_unit].after), &x->style, name);
    }
}

void expanded_need(struct expanded *expanded, const struct node *node)
{
    const char *feature = NULL;
    int needed = node_needed_frontend(node, &feature);
    if (needed > expanded->needed_frontend) {
        expanded->needed_frontend = needed;
        expanded->needed_feature = feature;
    }
}

/* What is generated changes the stage as what the user writes does. */
static void see_node(struct expander *x, const struct node *node)
{
    const struct file *file = node->raw;
    if (node->kind != NODE_RAW) {
        struct style style = {x->arena, "\n", x->style.escape};
        struct chunk *chunk = chunk_new(&style);
        struct diag_list ignored;
        diag_list_init(&ignored, x->arena);
        chunk_add_node(chunk, &style, node);
        file = chunk_parse(x->arena, str_view(&chunk->text), style.escape, &ignored);
    }
    for (size_t i = 0; i < file->unit_count; i++)
        if (file->units[i].kind == UNIT_INSTRUCTION)
            stages_see(&x->stages, file->units[i].inst);
}

/* "ARG NAME" where the stage has that variable would say nothing, or take a value away. */
static bool is_needless(const struct expander *x, const struct node *node)
{
    return node->kind == NODE_ARG && node->value.ptr == NULL &&
           stage_has_variable(x->stages.now, node->name);
}

static void add_node(struct expander *x, struct chunk *chunk, const struct node *node)
{
    if (is_needless(x, node))
        return;
    declare_variables(x, node);
    expanded_need(x->result, node);
    chunk_add_node(chunk, &x->style, node);
    see_node(x, node);
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

/* The user's own "# hadolint ignore=…" counts only directly above the instruction: where one of
 * ours comes between, it says that, too. */
static void merge_pragma(struct expander *x, size_t index, struct node *node)
{
    const struct unit *above = index > 0 ? &x->file->units[index - 1] : NULL;
    if (node->kind != NODE_RUN || node->run.hadolint.count == 0 || above == NULL ||
        above->kind != UNIT_COMMENT)
        return;
    struct view text = view_slice(x->file->source->text, above->begin, above->end);
    text = utf8_trim(view_slice(text, view_find(text, '#', 0) + 1, text.len));
    size_t equals = view_find(text, '=', 0);
    if (equals == text.len || !view_starts(text, "hadolint ignore"))
        return;
    struct name_list codes = {0};
    for (size_t at = equals + 1; at < text.len && text.ptr[at] != '#';) {
        size_t end = at;
        while (end < text.len && (is_alpha(text.ptr[end]) || is_digit(text.ptr[end])))
            end++;
        if (end > at)
            VEC_PUSH(x->arena, &codes, view_slice(text, at, end));
        at = end + (end == at ? 1 : 0);
    }
    for (size_t i = 0; i < node->run.hadolint.count; i++)
        if (!name_list_has(&codes, node->run.hadolint.items[i]))
            VEC_PUSH(x->arena, &codes, node->run.hadolint.items[i]);
    node->run.hadolint = codes;
}

static void place(struct expander *x, size_t index, const struct expansion *e)
{
    struct unit_output *outputs = x->result->units;
    size_t block = comment_block(x->file, index);
    struct chunk *before = want_chunk(x, &outputs[block].before);
    struct chunk *instead = want_chunk(x, &outputs[index].instead);
    for (size_t i = 0; i < e->setup.count; i++)
        add_node(x, before, e->setup.items[i]);
    if (e->result.count > 0)
        merge_pragma(x, index, e->result.items[0]);
    for (size_t i = 0; i < e->result.count; i++)
        add_node(x, instead, e->result.items[i]);
    if (instead->text.len == 0 || x->config->no_comments)
        return;
    add_directive_comment(x, before, &x->file->units[index]);
    /* BuildKit takes a comment directly above ARG for its description. */
    if (chunk_first_keyword(instead) == KEYWORD_ARG)
        chunk_add_comment(before, &x->style, VIEW("\n"));
}

/* The directive stays: of what it becomes only the stage's facts are of interest. */
static void see_result(struct expander *x, const struct expansion *e)
{
    for (size_t i = 0; i < e->setup.count; i++)
        see_node(x, e->setup.items[i]);
    for (size_t i = 0; i < e->result.count; i++)
        see_node(x, e->result.items[i]);
}

/* ---- checks before and after a rule is called */

static void help_other_manager(struct expander *x, struct diag *diag, struct view family)
{
    static const char *const managers[][2] = {{"debian", "apt"},
                                              {"alpine", "apk"},
                                              {"redhat", "dnf"},
                                              {"suse", "zypper"},
                                              {"arch", "pacman"}};
    for (size_t i = 0; i < sizeof(managers) / sizeof(managers[0]); i++)
        if (view_is(family, managers[i][0]) &&
            rule_files_find(&x->files, STDLIB_DIRECTIVE, view_of(managers[i][1])) != NULL)
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
    struct diag *diag = diag_add(x->diags, DIAG_ERROR, "wrong-base", directive->name_at,
                                 "@%.*s needs %s %.*s base image, %.*s is %.*s",
                                 VIEW_ARG(directive->name), view_starts(readable, "A") ? "an" : "a",
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

/* Whether the user is one that the image starts with. */
static bool is_user_of_image(const struct stage *stage)
{
    for (; stage != NULL; stage = stage->parent)
        for (size_t i = 0; i < stage->seen.count; i++)
            if (stage->seen.items[i]->keyword == KEYWORD_USER)
                return false;
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
    if (is_user_of_image(x->stages.now))
        diag_help(diag, "that is the image's: write it between USER root and USER %.*s",
                  VIEW_ARG(user->text));
    else
        diag_help(diag, "write it above USER %.*s, or between USER root and USER %.*s",
                  VIEW_ARG(user->text), VIEW_ARG(user->text));
    return false;
}

/* The first name in byte order behind `last`: a rule's table has no order of its own. */
static const struct view *name_behind(const struct env_list *env, struct view last)
{
    const struct view *best = NULL;
    for (size_t i = 0; i < env->count; i++) {
        const struct view *name = &env->items[i].name;
        if (view_compare(*name, last) > 0 && (best == NULL || view_compare(*name, *best) < 0))
            best = name;
    }
    return best;
}

/* A script with its own interpreter is not touched, so no "export" can be put into it. */
static bool check_script(struct expander *x, const struct directive *directive,
                         const struct run *run)
{
    if (run->script == NULL || !run->script->own_interpreter || run->env.count == 0)
        return true;
    struct str names;
    str_init(&names, x->arena);
    struct view last = VIEW("");
    for (const struct view *next; (next = name_behind(&run->env, last)) != NULL; last = *next)
        str_addf(&names, "%s%.*s", names.len == 0 ? "" : ", ", VIEW_ARG(*next));
    struct diag *diag =
        diag_add(x->diags, DIAG_ERROR, "script-environment", directive->name_at,
                 "the environment of @%.*s (%s) can't be given to a script that begins with '#!'",
                 VIEW_ARG(directive->name), names.ptr);
    diag_help(diag, "leave out the '#!' line, or write the RUN instruction by hand");
    return false;
}

static bool has_run(const struct node_list *nodes)
{
    for (size_t i = 0; i < nodes->count; i++)
        if (nodes->items[i]->kind == NODE_RUN)
            return true;
    return false;
}

static bool check_result(struct expander *x, const struct expansion *e)
{
    bool good = true;
    if (has_run(&e->setup) || has_run(&e->result))
        good = check_runnable(x, e->directive, e->facts);
    for (size_t i = 0; good && i < e->result.count; i++)
        if (e->result.items[i]->kind == NODE_RUN)
            good &= check_script(x, e->directive, &e->result.items[i]->run);
    return good;
}

/* What a directive has become, for the builder that it is for. */
static bool lower(struct expander *x, struct expansion *e)
{
    const struct lowering lowering = {x->arena,
                                      x->diags,
                                      x->stages.now,
                                      builder_of(&x->stages.now->settings),
                                      e->directive->name_at,
                                      e->directive->name};
    bool good = builder_lower(&lowering, &e->setup);
    return builder_lower(&lowering, &e->result) && good;
}

/* Whether it is known before the rule is called that it will run something. */
static bool will_run(const struct rule *rule)
{
    return rule->is_command || rule->needs_posix_shell || rule->needs_root ||
           rule->needs_family.len > 0;
}

/* ---- one directive */

static void report_unknown(struct expander *x, const struct unit *unit)
{
    struct view name = unit->inst->name;
    struct name_list names = {0};
    api_directive_names(x->api, &names);
    core_words_names(x->arena, &names);
    struct view close = diag_closest(name, names.items, names.count);
    if (x->files.incomplete && close.len == 0)
        return; /* it may be one of those that could not be loaded, as was reported */
    struct diag *diag = diag_add(x->diags, DIAG_ERROR, "unknown-directive",
                                 instruction_name_span(x->file, unit->inst),
                                 "unknown directive '@%.*s'", VIEW_ARG(name));
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
    struct expansion e = {
        .directive = directive, .stage = x->stages.now, .mend = x->config->mode == DFC_FIX};
    e.facts = stage_facts(&x->stages, x->stages.now);
    if ((will_run(rule) && !check_runnable(x, directive, e.facts)) ||
        !check_family(x, directive, e.facts) || !check_user(x, directive))
        return;
    if (!api_expand(x->api, &e) || !check_result(x, &e) || !lower(x, &e))
        return;
    in_place_add(x->arena, x->stages.now, directive, &e.result);
    if (x->config->mode == DFC_FIX) {
        see_result(x, &e);
        expand_mend(x->result, index, &x->style, &e, x->diags);
    } else {
        place(x, index, &e);
    }
}

/* What the directive's --secret is for. */
static struct view secret_option(struct expander *x, struct view directive)
{
    bool failed;
    const struct rule *rule = api_find_rule(x->api, directive, &failed);
    const struct rule_arg *arg = rule == NULL ? NULL : rule_find_option(rule, VIEW("--secret"));
    return arg == NULL ? NO_SECRET : arg->doc;
}

static void expand_directive(struct expander *x, size_t index)
{
    const struct unit *unit = &x->file->units[index];
    if (credentials_in(unit->inst)) {
        struct view secret = secret_option(x, unit->inst->name);
        credentials_report_all(x->diags, x->file, unit->inst, secret);
        return;
    }
    struct core_words core = {x->arena, x->file, x->diags, &x->stages, x->api, &x->sources};
    if (core_words_take(&core, unit)) {
        x->has_core_word = true;
        if (x->config->mode != DFC_FIX)
            want_chunk(x, &x->result->units[index].instead);
        return;
    }
    bool failed;
    const struct rule *rule = api_find_rule(x->api, unit->inst->name, &failed);
    x->stage_missed |= x->stages.now == NULL;
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

/* ---- rewrites of plain instructions */

static bool is_on(const struct setting *setting)
{
    static const char *const off[] = {"", "0", "off", "no", "false"};
    for (size_t i = 0; setting != NULL && i < sizeof(off) / sizeof(off[0]); i++)
        if (view_is(setting->value, off[i]))
            return false;
    return setting != NULL;
}

static bool wants_rewrites(const struct expander *x, const struct instruction *inst)
{
    const struct stage *stage = x->stages.now;
    if (stage == NULL || (inst->keyword == KEYWORD_RUN && !stage->shell_is_posix))
        return false;
    return x->config->mode != DFC_BUILD || x->config->auto_rewrite ||
           is_on(setting_find(&stage->settings, VIEW("dfc.auto")));
}

/* An edit has put something into the instruction that BuildKit reads otherwise. */
static void report_bad_edits(struct expander *x, const struct unit *unit,
                             const struct unit_edits *edits)
{
    struct str rules;
    str_init(&rules, x->arena);
    struct view last = VIEW("");
    for (size_t i = 0; i < edits->all.count; i++) {
        struct view rule = edits->all.items[i].rule;
        if (!view_equal(rule, last))
            str_addf(&rules, "%s'%.*s'", last.len > 0 ? ", " : "", VIEW_ARG(rule));
        last = rule;
    }
    diag_add(x->diags, DIAG_ERROR, "bad-edit", instruction_name_span(x->file, unit->inst),
             "the edits of %s would make another instruction of this one", rules.ptr);
}

/* The mended instruction in place of the old one, with the set-up that it needs. Gives how it is
 * read, or NULL. */
static const struct instruction *place_edits(struct expander *x, size_t index,
                                             const struct run_view *run, const struct expansion *e,
                                             const struct unit_edits *edits)
{
    struct unit_output *outputs = x->result->units;
    struct edited edited = edits_apply(run, edits, x->style.newline);
    const struct instruction *inst = edited_read(run, &edited);
    if (inst == NULL) {
        report_bad_edits(x, run->unit, edits);
        return NULL;
    }
    struct node mounts = {.kind = NODE_RUN};
    for (size_t i = 0; i < e->setup.count; i++)
        add_node(x, want_chunk(x, &outputs[comment_block(x->file, index)].before),
                 e->setup.items[i]);
    for (size_t i = 0; i < edits->all.count; i++)
        if (edits->all.items[i].kind == EDIT_MOUNT)
            VEC_PUSH(x->arena, &mounts.run.mounts, (struct mount *)edits->all.items[i].mount);
    declare_variables(x, &mounts);
    expanded_need(x->result, &mounts);
    chunk_add_plain(want_chunk(x, &outputs[index].instead), &x->style, edited.text, edited.meaning);
    return inst;
}

/* Let the rewrites look at an instruction. Gives what has become of it. */
static const struct instruction *rewrite(struct expander *x, size_t index)
{
    static const struct rule no_rule = {0};
    const struct unit *unit = &x->file->units[index];
    if (!x->rewrites_open && !api_open_rewrites(x->api, x->file))
        return unit->inst;
    x->rewrites_open = true;
    struct directive *directive = ARENA_NEW(x->arena, struct directive);
    directive->rule = &no_rule;
    directive->unit = unit;
    directive->inst = unit->inst;
    directive->name = unit->inst->name;
    directive->name_at = instruction_name_span(x->file, unit->inst);
    struct expansion e = {.directive = directive, .stage = x->stages.now};
    e.facts = stage_facts(&x->stages, x->stages.now);
    if (unit->inst->keyword == KEYWORD_RUN && e.facts->windows)
        return unit->inst;
    struct run_view *run = ARENA_NEW(x->arena, struct run_view);
    struct unit_edits edits = {0};
    bool apply = x->config->mode != DFC_LINT;
    run_view_make(x->arena, x->file, unit, x->stages.now, run);
    const struct instruction *inst = NULL;
    if (api_rewrite(x->api, run, index, &e, &edits, apply) && apply && edits.all.count > 0)
        inst = place_edits(x, index, run, &e, &edits);
    return inst != NULL ? inst : unit->inst;
}

/* Without a core word before it, check_file has told. */
static void check_stage(struct expander *x, const struct instruction *inst)
{
    if (x->stages.now != NULL || x->stage_missed || inst->keyword == KEYWORD_ARG ||
        inst->keyword == KEYWORD_NONE)
        return;
    x->stage_missed = true; /* once: what follows has the same reason */
    if (x->has_core_word)
        check_no_stage(x->arena, x->file, inst, x->diags);
}

/* A FROM begins the stage that its rewrites are told of; any other instruction changes the stage as
 * it is written in the end. */
static void see_instruction(struct expander *x, size_t index)
{
    const struct instruction *inst = x->file->units[index].inst;
    if (inst->keyword == KEYWORD_FROM)
        stages_see(&x->stages, inst);
    check_stage(x, inst);
    if (wants_rewrites(x, inst)) {
        const struct instruction *mended = rewrite(x, index);
        inst = inst->keyword == KEYWORD_FROM ? inst : mended;
    }
    in_place_check(x->file, index, inst, x->stages.now, x->diags);
    if (inst->keyword != KEYWORD_FROM)
        stages_see(&x->stages, inst);
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
    rule_files_init(&x->files, x->arena, x->config);
    x->api = *api = api_new(x->arena, x->diags, x->config, &x->files, &x->stages);
    if (x->api == NULL) {
        x->diags->limit_reached = true;
        return false;
    }
    x->stages.lookup = api_lookup_image;
    x->stages.lookup_context = x->api;
    x->stages.exists = api_context_exists;
    x->stages.exists_context = x->api;
    x->sources = (struct rule_sources){x->arena, x->config, x->diags, &x->files, x->api, VIEW("")};
    x->sources.input_directory = path_directory(view_of(x->file->source->name));
    return rule_sources_open(&x->sources, &x->stages.default_settings.values);
}

static bool check_setting(struct expander *x, struct view name, const struct setting *setting)
{
    size_t begin, end;
    if (url_find_credentials(setting->value, 0, &begin, &end)) {
        struct view url = url_around(setting->value, begin);
        struct diag *diag = credentials_report(x->diags, setting->at, url, NO_SECRET);
        if (setting->from != NULL)
            diag_note(diag, "%s says so", setting->from);
        return false;
    }
    if (view_starts(name, "dfc.") && !setting_is_known(name)) {
        setting_report_unknown(x->diags, name, setting->at);
        return false;
    }
    if (core_words_check_value(x->api, x->diags, name, setting->value, setting->at))
        return true;
    if (setting->origin == SETTING_OF_ENVIRONMENT)
        diag_note(x->diags->all.items[x->diags->all.count - 1], "%s says so", setting->from);
    return false;
}

/* What the surroundings and the command line say is checked as if it stood in the file. */
static bool check_settings(struct expander *x, const struct map *settings)
{
    bool good = true;
    for (size_t i = 0; i < settings->count; i++)
        good &= check_setting(x, settings->items[i].key, settings->items[i].value);
    return good;
}

struct expanded expand_file(struct arena *arena, const struct file *file,
                            const struct dfc_config *config, const struct map *fixed,
                            struct diag_list *diags, struct api **api)
{
    struct expanded result = {.file = file, .syntax = VIEW(""), .registry = VIEW("")};
    struct expander x = {
        .arena = arena, .file = file, .config = config, .diags = diags, .result = &result};
    result.units = arena_zalloc(arena, file->unit_count, sizeof(struct unit_output));
    x.style = (struct style){arena, file->crlf ? "\r\n" : "\n", file->escape};
    stages_init(&x.stages, arena, file);
    x.stages.file_settings.fixed = fixed;
    if (open_rules(&x, api)) {
        bool good = check_settings(&x, fixed);
        if (check_settings(&x, &x.stages.default_settings.values) && good)
            walk(&x);
    }
    enum builder builder = builder_of(&x.stages.file_settings);
    result.no_syntax = builder != BUILDER_BUILDKIT;
    const struct setting *syntax = setting_find(&x.stages.file_settings, VIEW("dfc.syntax"));
    if (syntax != NULL) {
        result.syntax = syntax->value;
        result.syntax_at = syntax->at;
    }
    const struct setting *registry = setting_find(&x.stages.file_settings, VIEW("dfc.registry"));
    if (is_on(registry) && config->mode == DFC_BUILD)
        result.registry = registry->value;
    if (x.api != NULL) {
        if (config->mode != DFC_FIX)
            helpers_place(&result, &x.style, api_helper_stages(x.api), builder, diags);
        result.context_files = *api_context_files(x.api);
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
