/* dfc.rewrite, ctx:report, and the run of all rewrites over an instruction. */
#include "lua_rewrite_parts.h"

#include <string.h>

/* ---- declaration */

static void read_needs(const struct fields *fields, struct rewrite *rewrite)
{
    static const char *const names[] = {"family", NULL};
    if (!fields_push(fields, "needs", LUA_TTABLE))
        return;
    struct fields needs = fields_open(fields->L, -1, "dfc.rewrite: field 'needs'", names);
    rewrite->needs_family = fields_text(&needs, "family");
    lua_pop(fields->L, 2);
}

static void read_rewrite(const struct fields *fields, struct rewrite *rewrite)
{
    lua_State *L = fields->L;
    rewrite->summary = fields_required_text(fields, "summary");
    rewrite->match = fields_text(fields, "match");
    struct view on = fields_text(fields, "on");
    rewrite->on = on.len == 0 ? KEYWORD_RUN : keyword_find(on);
    if (rewrite->on == KEYWORD_NONE)
        fields_error(fields, "on", "must be an instruction such as \"RUN\", found '%s'", on.ptr);
    read_needs(fields, rewrite);
    if (rewrite->match.len > 0) {
        rewrite->regex = lua_host_push_regex(L, rewrite->match);
        luaL_ref(L, LUA_REGISTRYINDEX); /* for as long as the state lives */
    }
    if (!fields_push(fields, "check", LUA_TFUNCTION))
        fields_error(fields, "check", "is missing");
    rewrite->check = luaL_ref(L, LUA_REGISTRYINDEX);
}

int api_declare_rewrite(lua_State *L)
{
    static const char *const names[] = {"summary", "on",       "match", "needs",
                                        "check",   "override", NULL};
    struct api *api = api_of(L);
    api_check_declaring(L, "dfc.rewrite");
    struct fields fields = fields_open(L, 1, "dfc.rewrite", names);
    struct rewrite *rewrite = ARENA_NEW(api->arena, struct rewrite);
    rewrite->name = api_text(L, lua_upvalueindex(1));
    api_check_name(L, rewrite->name, "dfc.rewrite");
    read_rewrite(&fields, rewrite);
    rewrite->origin = api_origin(L, fields_flag(&fields, "override"));
    const struct rewrite *old = map_get(&api->rules.rewrites, rewrite->name);
    struct view what = view_format(api->arena, "the rewrite '%.*s'", VIEW_ARG(rewrite->name));
    if (api_takes_place(api, &rewrite->origin, old == NULL ? NULL : &old->origin, what.ptr)) {
        map_set(api->arena, &api->rules.rewrites, rewrite->name, rewrite);
        api_note_team(api, &rewrite->origin, rewrite->name, true);
    }
    return 0;
}

/* ---- ctx:report */

static struct span read_place(const struct fields *fields, const struct look *look)
{
    lua_State *L = fields->L;
    struct span at = instruction_name_span(look->run->file, look->run->unit->inst);
    if (!fields_push(fields, "at", LUA_TNONE))
        return at;
    const struct match *match = rewrite_to_match(L, -1);
    const struct span *span = rewrite_to_span(L, -1);
    if (match != NULL)
        at = rewrite_match_span(match);
    else if (span != NULL)
        at = *span;
    else if (!rewrite_is_run(L, -1))
        fields_error(fields, "at", "must be m, m:span(…) or run, found %s", luaL_typename(L, -1));
    lua_pop(L, 1);
    return at;
}

static void add_edits(const struct fields *fields, const char *name, const struct look *look,
                      struct edit_request *all)
{
    lua_State *L = fields->L;
    const struct lua_edits *edits = rewrite_to_edits(L, -1);
    if (edits == NULL)
        fields_error(fields, name, "must be a list of edits such as run.add_mount(…), found %s",
                     luaL_typename(L, -1));
    if (edits->run != look->run)
        fields_error(fields, name, "has an edit of another instruction");
    lua_host_charge(L, edits->request.edits.count);
    for (size_t i = 0; i < edits->request.edits.count; i++)
        VEC_PUSH(look->run->arena, &all->edits, edits->request.edits.items[i]);
    all->unsafe |= edits->request.unsafe;
}

/* The edits of `fix` or `suggest`: one, or a list of them. */
static void read_edits(const struct fields *fields, const char *name, const struct look *look,
                       struct edit_request *all)
{
    lua_State *L = fields->L;
    if (!fields_push(fields, name, LUA_TNONE))
        return;
    if (lua_type(L, -1) != LUA_TTABLE) {
        add_edits(fields, name, look, all);
    } else {
        lua_Integer count = api_push_list(L, -1, "ctx:report: a list of edits");
        for (lua_Integer i = 1; i <= count; i++) {
            lua_rawgeti(L, -1, i);
            add_edits(fields, name, look, all);
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static enum diag_level read_level(const struct fields *fields)
{
    struct view level = fields_text(fields, "level");
    if (level.len == 0 || view_is(level, "warn") || view_is(level, "warning"))
        return DIAG_WARNING;
    if (view_is(level, "error"))
        return DIAG_ERROR;
    if (!view_is(level, "note"))
        fields_error(fields, "level", "must be \"error\", \"warn\" or \"note\", found '%s'",
                     level.ptr);
    return DIAG_NOTE;
}

static void report_conflict(struct api *api, const struct look *look, struct view other)
{
    struct view name = look->rewrite->name;
    struct span at = instruction_name_span(look->run->file, look->run->unit->inst);
    look->expansion->failed = true;
    if (view_equal(name, other))
        diag_add(api->diags, DIAG_ERROR, "conflicting-edits", at,
                 "the rule '%.*s' wants to change the same place in two ways", VIEW_ARG(name));
    else
        diag_add(api->diags, DIAG_ERROR, "conflicting-edits", at,
                 "the rules '%.*s' and '%.*s' want to change the same place in two ways",
                 VIEW_ARG(other), VIEW_ARG(name));
}

static void help_by_hand(const struct look *look, struct diag *diag, const char *why,
                         const struct edit_request *request)
{
    struct str text;
    str_init(&text, look->run->arena);
    request_describe(look->run, request, &text);
    if (text.len > 0)
        diag_help(diag, "%s: %s", why, text.ptr);
}

/* Take the edits of a fix, which may be empty. */
static enum edit_verdict take(lua_State *L, struct look *look, const struct edit_request *fix)
{
    struct view other;
    size_t steps = look->edits->steps;
    enum edit_verdict verdict =
        edits_take(look->run, look->edits, fix, look->rewrite->name, &other);
    lua_host_charge(L, look->edits->steps - steps);
    look->taken |= verdict == EDITS_TAKEN;
    if (verdict == EDITS_CONFLICT)
        report_conflict(api_of(L), look, other);
    return verdict;
}

int api_ctx_report(lua_State *L)
{
    static const char *const names[] = {"at",   "level", "message", "note",
                                        "help", "fix",   "suggest", NULL};
    struct api *api = api_of(L);
    struct look *look = api->look;
    api_check_context(L, "ctx:report");
    if (look == NULL)
        return lua_host_error(
            L, "ctx:report is for the check of a dfc.rewrite; use ctx:error or ctx:warn");
    struct fields fields = fields_open(L, 2, "ctx:report", names);
    struct edit_request fix = {0}, suggestion = {0};
    enum diag_level level = read_level(&fields);
    fields_required_text(&fields, "message");
    struct view message = api_read_message(&fields, "message");
    struct view note = api_read_message(&fields, "note"), help = api_read_message(&fields, "help");
    api_count_finding(L);
    struct span at = read_place(&fields, look);
    read_edits(&fields, "fix", look, &fix);
    read_edits(&fields, "suggest", look, &suggestion);
    enum edit_verdict verdict = take(L, look, &fix);
    api->diags->mended += verdict == EDITS_TAKEN && look->apply ? 1 : 0;
    if (verdict == EDITS_CONFLICT || (verdict == EDITS_TAKEN && look->apply))
        return 0;
    struct diag *diag =
        diag_add(api->diags, level, look->rewrite->name.ptr, at, "%.*s", VIEW_ARG(message));
    api->diags->finding_errors += level == DIAG_ERROR ? 1 : 0;
    diag->fixable = verdict == EDITS_TAKEN;
    if (note.len > 0)
        diag_note(diag, "%.*s", VIEW_ARG(note));
    if (help.len > 0)
        diag_help(diag, "%.*s", VIEW_ARG(help));
    if (diag->fixable)
        diag_help(diag, "dfc lint --fix mends it");
    if (verdict == EDITS_UNSAFE)
        help_by_hand(look, diag, "by hand, where it keeps the meaning", &fix);
    help_by_hand(look, diag, "suggestion", &suggestion);
    return 0;
}

/* ---- one check */

struct checking {
    struct look *look;
    struct match *match; /* NULL: the rewrite has no pattern */
    size_t helpers;      /* number of helper stages before */
};

static int call_check(lua_State *L)
{
    struct checking *checking = lua_touserdata(L, 1);
    struct look *look = checking->look;
    lua_rawgeti(L, LUA_REGISTRYINDEX, look->rewrite->check);
    struct span place = lua_host_function_span(L, -1);
    lua_host_blame(lua_host_of(L), place);
    api_push_context(L, look->expansion);
    rewrite_push_run(L, look);
    if (checking->match == NULL)
        lua_pushnil(L);
    else
        rewrite_push_match(L, checking->match);
    lua_call(L, 3, 0);
    if (look->run->unit->inst->keyword == KEYWORD_FROM && look->expansion->setup.count > 0)
        return lua_host_error_at(L, place,
                                 "the check of a FROM can't use ctx:once: set-up would "
                                 "stand in the stage before");
    if (api_of(L)->helpers.count > checking->helpers)
        return lua_host_error_at(L, place,
                                 "a check can't use ctx:stage: it changes one instruction");
    return 0;
}

/* Set-up that a check asks for stays only when a fix of that check is taken: otherwise it would be
 * in the result without need, or missing where a later directive counts on it. */
static bool check(struct api *api, struct look *look, struct match *match)
{
    struct checking checking = {look, match, api->helpers.count};
    struct expansion *e = look->expansion;
    size_t setup = e->setup.count, once = e->stage->once.count;
    look->taken = false;
    api->look = look;
    api->call++;
    api_begin_call(api);
    bool good = lua_host_protect(api->host, call_check, &checking);
    api->look = NULL;
    if (!look->taken) {
        e->setup.count = setup;
        map_truncate(&e->stage->once, once);
    }
    return good;
}

/* ---- all of them */

struct matching {
    struct api *api;
    struct look *look;
    struct {
        struct match *items;
        size_t count, capacity;
    } found;
};

static void add_match(struct matching *matching, size_t command, const struct regex_groups *groups)
{
    struct arena *arena = matching->api->arena;
    struct match match = {.look = matching->look, .command = command};
    match.group_count = groups->count;
    match.groups = arena_zalloc(arena, groups->count, sizeof(*match.groups));
    for (size_t i = 0; i < groups->count; i++)
        match.groups[i] = (struct group){groups->at[i].begin, groups->at[i].end, groups->at[i].set};
    VEC_PUSH(arena, &matching->found, match);
}

/* Try the pattern on all commands. What is longer than any pattern can take is left out. */
static int find_matches(lua_State *L)
{
    struct matching *matching = lua_touserdata(L, 1);
    const struct run_view *run = matching->look->run;
    struct regex_groups groups;
    for (size_t i = 0; i < run->commands.count; i++) {
        if (run->lines[i].len == 0 || run->lines[i].len > REGEX_SUBJECT_MAX)
            continue;
        enum regex_result result =
            regex_match(matching->look->rewrite->regex, run->lines[i], 0, &groups);
        if (result == REGEX_LIMIT)
            return lua_host_limit(L, "a regular expression takes too many steps");
        if (result == REGEX_MATCH)
            add_match(matching, i, &groups);
    }
    return 0;
}

static bool run_rewrite(struct api *api, struct look *look)
{
    if (look->rewrite->regex == NULL)
        return check(api, look, NULL);
    struct matching matching = {.api = api, .look = look};
    if (!lua_host_protect(api->host, find_matches, &matching))
        return false;
    for (size_t i = 0; i < matching.found.count; i++)
        if (!check(api, look, &matching.found.items[i]))
            return false;
    return true;
}

static bool is_wanted(const struct api *api, const struct rewrite *rewrite,
                      const struct run_view *run, size_t unit, const struct expansion *e)
{
    struct view family = e->facts->family;
    bool fits = rewrite->needs_family.len == 0 || family.len == 0 ||
                view_equal(rewrite->needs_family, family);
    return fits && rewrite->on == run->unit->inst->keyword &&
           !name_list_has(&api->ignored, rewrite->name) &&
           !rewrite_is_silenced(run->file, unit, rewrite->name);
}

static bool look_at(struct api *api, const struct rewrite *rewrite, struct run_view *run,
                    struct expansion *e, struct unit_edits *edits, bool apply)
{
    struct look *look = ARENA_NEW(api->arena, struct look);
    *look = (struct look){run, rewrite, e, edits, apply, false};
    struct view verb = view_format(api->arena, "checking %.*s", VIEW_ARG(rewrite->name));
    struct span at = instruction_name_span(run->file, run->unit->inst);
    lua_host_set_activity(api->host, (struct lua_activity){verb.ptr, at});
    struct span before = lua_host_blame(api->host, rewrite->origin.at);
    api->expansion = e;
    bool good = run_rewrite(api, look);
    api->expansion = NULL;
    lua_host_blame(api->host, before);
    lua_host_set_activity(api->host, (struct lua_activity){NULL, {NULL, 0, 0}});
    return good;
}

bool api_rewrite(struct api *api, struct run_view *run, size_t unit, struct expansion *e,
                 struct unit_edits *edits, bool apply)
{
    bool good = true;
    for (int layer = LAYER_STDLIB; layer <= LAYER_INPUT; layer++)
        for (size_t i = 0; i < api->rules.rewrites.count; i++) {
            const struct rewrite *rewrite = api->rules.rewrites.items[i].value;
            if (rewrite->origin.layer == (enum rule_layer)layer &&
                is_wanted(api, rewrite, run, unit, e))
                good &= look_at(api, rewrite, run, e, edits, apply);
        }
    return good && !e->failed;
}

bool api_open_rewrites(struct api *api, const struct file *file)
{
    bool good = true;
    rewrite_find_global_ignores(api->arena, file, &api->ignored);
    for (size_t i = 0; i < api->files->stdlib.count; i++)
        if (rule_files_declares(api->files, STDLIB_REWRITE, i))
            good &= api_load(api, rule_files_stdlib(api->files, i));
    return good;
}
