/* What a rule puts elsewhere: ctx:once, set-up of the stage, and ctx:stage, a stage of its own
 * before those of the file. */
#include "lua_api_internal.h"

#include "chunk.h"

#include <string.h>

/* ctx:once(key, nodes): set-up that a stage needs once, placed before its first use. */
int api_ctx_once(lua_State *L)
{
    struct expansion *e = api_check_context(L, "ctx:once");
    struct arena *arena = api_of(L)->arena;
    struct view key = api_check_text(L, 2, "ctx:once: the key");
    struct node_list nodes = {0};
    api_read_nodes(L, 3, "ctx:once", &nodes);
    if (nodes.count == 0)
        return lua_host_error(L, "ctx:once: a node such as dfc.run{} is expected, found none");
    if (map_find(&e->stage->once, key) != NULL)
        return 0;
    map_set(arena, &e->stage->once, key, e->stage); /* the value is of no interest */
    for (size_t i = 0; i < nodes.count; i++)
        VEC_PUSH(arena, &e->setup, nodes.items[i]);
    return 0;
}

/* ---- names of the file's stages and images */

static struct view lower(struct arena *arena, struct view name)
{
    char *text = arena_strndup(arena, name.ptr, name.len);
    for (size_t i = 0; i < name.len; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] - 'A' + 'a');
    return (struct view){text, name.len};
}

/* The value of "from" in "--from=X" or "--mount=type=bind,from=X,…"; "" when it has none. */
static struct view flag_from(struct view flag)
{
    if (view_starts(flag, "--from="))
        return view_slice(flag, strlen("--from="), flag.len);
    if (!view_starts(flag, "--mount="))
        return VIEW("");
    for (size_t at = strlen("--mount="); at < flag.len;) {
        size_t end = view_find(flag, ',', at);
        struct view pair = view_slice(flag, at, end);
        if (view_starts(pair, "from="))
            return view_slice(pair, strlen("from="), pair.len);
        at = end + 1;
    }
    return VIEW("");
}

/* Note a name that the file uses, with the instruction; a stage is noted over an image. */
static void take_name(struct api *api, struct view name, const struct instruction *inst,
                      bool is_stage)
{
    if (name.len > 0 && (is_stage || map_find(&api->taken_names, name) == NULL))
        map_set(api->arena, &api->taken_names, name, (void *)(uintptr_t)inst);
}

static void take_names(struct api *api, const struct instruction *inst)
{
    if (inst->keyword == KEYWORD_FROM && inst->arg_count > 0) {
        take_name(api, inst->args[0], inst, false);
        if (inst->arg_count == 3)
            take_name(api, lower(api->arena, inst->args[2]), inst, true);
    }
    for (size_t i = 0; i < inst->flag_count; i++)
        take_name(api, lower(api->arena, flag_from(inst->flags[i].text)), inst, false);
}

/* All names of the file; made once. */
static void know_names(struct api *api)
{
    const struct file *file = api->stages->file;
    if (api->taken_known)
        return;
    api->taken_known = true;
    for (size_t i = 0; i < file->unit_count; i++)
        if (file->units[i].kind == UNIT_INSTRUCTION)
            take_names(api, file->units[i].inst);
}

static bool is_stage_of_file(const struct instruction *inst, struct view name)
{
    return inst->keyword == KEYWORD_FROM && inst->arg_count == 3 && inst->args[2].len == name.len &&
           view_is_nocase(inst->args[2], name.ptr);
}

/* ---- ctx:stage */

/* What one call asks for. */
struct asking {
    lua_State *L;
    struct api *api;
    struct helper_stage *helper;
};

/* "[a-z][a-z0-9-_.]*" (instructions/parse.go, validStageName): the key with other characters
 * replaced. */
static struct view stage_name(struct arena *arena, struct view key)
{
    char *name = arena_strndup(arena, key.ptr, key.len);
    for (size_t i = 0; i < key.len; i++) {
        char c = name[i];
        if (c >= 'A' && c <= 'Z')
            name[i] = (char)(c - 'A' + 'a');
        else if (!is_lower(c) && !is_digit(c) && strchr("-_.", c) == NULL)
            name[i] = '-';
    }
    return (struct view){name, key.len};
}

static void check_name(const struct asking *asking)
{
    lua_State *L = asking->L;
    struct api *api = asking->api;
    struct view key = asking->helper->key, name = asking->helper->name;
    if (!is_lower(name.ptr[0]) || view_is(name, "scratch") || view_is(name, "context"))
        lua_host_error(L,
                       "ctx:stage: '%s' can't be the name of a stage: a letter is expected first, "
                       "and neither scratch nor context",
                       key.ptr);
    const struct helper_stage *other = map_get(&api->helper_names, name);
    if (other != NULL)
        lua_host_error(L, "ctx:stage: the keys '%s' and '%s' would both become the stage '%s'",
                       other->key.ptr, key.ptr, name.ptr);
    const struct instruction *inst = map_get(&api->taken_names, name);
    if (inst == NULL)
        return;
    struct span at = instruction_name_span(api->stages->file, inst);
    struct position position = source_position(at.source, at.begin);
    lua_host_error(L, "ctx:stage: '%s' is the name of %s in %s:%d; take another key", name.ptr,
                   is_stage_of_file(inst, name) ? "a stage" : "an image", at.source->name,
                   (int)position.line);
}

/* A helper stage stands before those of the file, so it can't take anything from them. */
static void check_use(const struct asking *asking, struct view name, const char *what)
{
    struct api *api = asking->api;
    const struct instruction *inst = map_get(&api->taken_names, lower(api->arena, name));
    if (inst != NULL && is_stage_of_file(inst, view_copy(api->arena, name)))
        lua_host_error(asking->L,
                       "ctx:stage: %s '%s' is a stage of the file, and '%s' stands before it", what,
                       view_copy(api->arena, name).ptr, asking->helper->name.ptr);
}

static void check_uses(const struct asking *asking)
{
    const struct node_list *nodes = &asking->helper->nodes;
    for (size_t i = 0; i < nodes->count; i++) {
        const struct node *node = nodes->items[i];
        for (size_t k = 0; k < node->run.mounts.count; k++)
            check_use(asking, node->run.mounts.items[k]->from, "the source of a mount,");
        for (size_t k = 0; k < node->copy.flags.count; k++)
            check_use(asking, flag_from(node->copy.flags.items[k]), "the source of a COPY,");
        if (node->kind == NODE_RUN && view_is(asking->helper->from, "scratch"))
            lua_host_error(asking->L, "ctx:stage: a stage from scratch has nothing that could run "
                                      "a command");
    }
}

static void check_from(const struct asking *asking)
{
    struct view from = asking->helper->from;
    bool good = !view_starts(from, "-");
    for (size_t i = 0; i < from.len; i++)
        good = good && (unsigned char)from.ptr[i] > ' ' && (unsigned char)from.ptr[i] < 0x7f &&
               strchr("\"'\\`", from.ptr[i]) == NULL;
    if (!good)
        lua_host_error(asking->L,
                       "ctx:stage: an image or stage is expected to build from, found '%s'",
                       from.ptr);
    check_use(asking, from, "what it is built from,");
}

/* The instructions as text: what tells two stages of one key apart. */
static struct view stage_text(struct api *api, const struct helper_stage *helper)
{
    struct style style = {api->arena, "\n", api->stages->file->escape};
    struct chunk *chunk = chunk_new(&style);
    chunk_add_from(chunk, &style, helper->from, helper->name);
    for (size_t i = 0; i < helper->nodes.count; i++)
        chunk_add_node(chunk, &style, helper->nodes.items[i]);
    return str_view(&chunk->text);
}

/* A second call with the key must mean the same stage. */
static void check_same(const struct asking *asking, const struct helper_stage *first)
{
    const struct helper_stage *helper = asking->helper;
    if (view_equal(first->text, helper->text))
        return;
    struct position position = source_position(first->asked_at.source, first->asked_at.begin);
    lua_host_error(asking->L,
                   "ctx:stage: '%s' is another stage here than at %s:%d; what differs must be in "
                   "the key",
                   helper->key.ptr, first->asked_at.source->name, (int)position.line);
}

/*
 * ctx:stage(key, from, nodes): a helper stage before the first FROM of the file, once a file and
 * key. Gives its name, for COPY and mounts to take from.
 */
int api_ctx_stage(lua_State *L)
{
    const struct expansion *e = api_check_context(L, "ctx:stage");
    struct api *api = api_of(L);
    struct helper_stage *helper = ARENA_NEW(api->arena, struct helper_stage);
    struct asking asking = {L, api, helper};
    helper->key = api_check_text(L, 2, "ctx:stage: the key");
    helper->name = stage_name(api->arena, helper->key);
    helper->from = api_check_text(L, 3, "ctx:stage: the image or stage to build from");
    api_read_nodes(L, 4, "ctx:stage", &helper->nodes);
    helper->at = lua_host_where(L, 1);
    helper->asked_at = e->directive->name_at;
    helper->text = stage_text(api, helper);
    know_names(api);
    const struct helper_stage *first = map_get(&api->helper_keys, helper->key);
    if (first != NULL) {
        check_same(&asking, first);
    } else {
        check_name(&asking);
        check_from(&asking);
        check_uses(&asking);
        VEC_PUSH(api->arena, &api->helpers, helper);
        map_set(api->arena, &api->helper_keys, helper->key, helper);
        map_set(api->arena, &api->helper_names, helper->name, helper);
    }
    lua_pushlstring(L, helper->name.ptr, helper->name.len);
    return 1;
}

const struct helper_stages *api_helper_stages(const struct api *api)
{
    return &api->helpers;
}
