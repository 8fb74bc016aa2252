#include "builder.h"

#include "path.h"

static const char *const builder_names[] = {"buildkit", "buildah", "legacy"};

enum { BUILDER_COUNT = sizeof(builder_names) / sizeof(builder_names[0]) };

bool builder_find(struct view name, enum builder *builder)
{
    for (size_t i = 0; i < BUILDER_COUNT; i++) {
        if (!view_is(name, builder_names[i]))
            continue;
        *builder = (enum builder)i;
        return true;
    }
    return false;
}

const char *builder_name(enum builder builder)
{
    return builder_names[builder];
}

enum builder builder_of(const struct setting_scope *scope)
{
    const struct setting *setting = setting_find(scope, VIEW("dfc.builder"));
    enum builder builder = BUILDER_BUILDKIT;
    if (setting != NULL)
        builder_find(setting->value, &builder);
    return builder;
}

static bool refuse(const struct lowering *l, const char *what, const char *help)
{
    struct diag *diag =
        diag_add(l->diags, DIAG_ERROR, "builder", l->at, "the builder %s can't %s, as @%.*s asks",
                 builder_name(l->builder), what, VIEW_ARG(l->directive));
    diag_help(diag, "%s", help);
    return false;
}

/* ---- flags of COPY and ADD */

static bool flag_is(struct view flag, const char *name)
{
    return view_is(view_slice(flag, 0, view_find(flag, '=', 0)), name);
}

static bool keep_flag(const struct lowering *l, struct view flag, bool *good)
{
    /* --link makes a layer that does not depend on those below it: the same files either way. */
    if (flag_is(flag, "--link"))
        return false;
    bool known = !flag_is(flag, "--parents") && !flag_is(flag, "--exclude");
    if (l->builder == BUILDER_LEGACY)
        known = flag_is(flag, "--chown") || flag_is(flag, "--from");
    if (!known)
        *good = refuse(l, view_format(l->arena, "copy with '%.*s'", VIEW_ARG(flag)).ptr,
                       "copy what is needed by its name, and change it in a RUN");
    return true;
}

static bool lower_copy(const struct lowering *l, struct node *node)
{
    bool good = true;
    struct name_list kept = {0};
    for (size_t i = 0; i < node->copy.flags.count; i++)
        if (keep_flag(l, node->copy.flags.items[i], &good))
            VEC_PUSH(l->arena, &kept, node->copy.flags.items[i]);
    node->copy.flags = kept;
    return good;
}

/* ---- RUN without mounts */

/* A bound file is copied to the path that the mount would have. */
static struct node *copy_of_bind(const struct lowering *l, const struct mount *mount)
{
    struct node *node = ARENA_NEW(l->arena, struct node);
    node->kind = NODE_COPY;
    if (mount->from.len > 0)
        VEC_PUSH(l->arena, &node->copy.flags,
                 view_format(l->arena, "--from=%.*s", VIEW_ARG(mount->from)));
    VEC_PUSH(l->arena, &node->copy.sources, mount->source.len > 0 ? mount->source : VIEW("."));
    node->copy.dest = mount->target;
    return node;
}

/* Whether "&& command" can stand behind the user's own text. */
static bool can_go_on(const struct command *command)
{
    struct view text = command->text;
    while (text.len > 0 && (is_blank(text.ptr[text.len - 1]) || text.ptr[text.len - 1] == '\n'))
        text.len--;
    if (command->kind != COMMAND_SOURCE || text.len == 0)
        return true;
    char last = text.ptr[text.len - 1];
    return last != ';' && last != '&' && last != '|' && view_find(text, '#', 0) == text.len;
}

static void clean_up(const struct lowering *l, struct run *run, struct view command)
{
    size_t count = run->commands.count;
    for (size_t i = 0; i < count; i++)
        if (run->commands.items[i]->kind == COMMAND_SHELL &&
            view_equal(run->commands.items[i]->text, command))
            return;
    if (count == 0 || !can_go_on(run->commands.items[count - 1])) {
        struct diag *diag =
            diag_add(l->diags, DIAG_WARNING, "not-cleaned", l->at,
                     "what @%.*s downloads stays in the layer", VIEW_ARG(l->directive));
        diag_help(diag, "end the RUN with '&& %.*s'", VIEW_ARG(command));
        return;
    }
    struct command *last = ARENA_NEW(l->arena, struct command);
    last->kind = COMMAND_SHELL;
    last->text = command;
    VEC_PUSH(l->arena, &run->commands, last);
}

static bool drop_mount(const struct lowering *l, const struct mount *mount, struct run *run,
                       struct node_list *before)
{
    switch (mount->type) {
    case MOUNT_BIND:
        VEC_PUSH(l->arena, before, copy_of_bind(l, mount));
        return true;
    case MOUNT_CACHE:
        if (mount->clean.len > 0 && run->script == NULL)
            clean_up(l, run, mount->clean);
        return true;
    case MOUNT_TMPFS:
        return true;
    case MOUNT_SECRET:
        return refuse(l, "mount a secret", "a secret in a layer is no secret: use BuildKit");
    case MOUNT_SSH:
        return refuse(l, "mount the ssh agent", "fetch what is needed before the build");
    }
    return true;
}

static bool drop_mounts(const struct lowering *l, struct run *run, struct node_list *before)
{
    bool good = true;
    for (size_t i = 0; i < run->mounts.count; i++)
        good &= drop_mount(l, run->mounts.items[i], run, before);
    run->mounts.count = run->mounts.capacity = 0;
    for (size_t i = 0; i < run->flags.count; i++)
        good &=
            refuse(l, view_format(l->arena, "run with '%.*s'", VIEW_ARG(run->flags.items[i])).ptr,
                   "leave the flag out, or build with BuildKit");
    if (run->script != NULL)
        good = refuse(l, "run a heredoc",
                      "write the commands in one line with '&&', or COPY a script and run it");
    return good;
}

/* ---- RUN under Buildah */

/* A target that is relative was an error before Buildah 1.39. */
static struct mount *absolute(const struct lowering *l, struct mount *mount)
{
    bool relative = mount->target.len > 0 && mount->target.ptr[0] != '/';
    if (!relative || l->stage == NULL || !l->stage->workdir_known)
        return mount;
    struct mount *changed = ARENA_NEW(l->arena, struct mount);
    *changed = *mount;
    changed->target = path_join(l->arena, l->stage->workdir, mount->target);
    return changed;
}

static bool lower_for_buildah(const struct lowering *l, struct run *run)
{
    bool good = true;
    struct mount **mounts = arena_zalloc(l->arena, run->mounts.count, sizeof(*mounts));
    for (size_t i = 0; i < run->mounts.count; i++) {
        struct mount *mount = mounts[i] = absolute(l, run->mounts.items[i]);
        if (view_is(mount->sharing, "private"))
            good = refuse(l, "make a cache private", "write --sharing=locked");
        if (mount->env.len > 0)
            good = refuse(l, "give a secret as a variable",
                          "mount it as a file, and read it from there in the command");
    }
    run->mounts.items = mounts;
    run->mounts.capacity = run->mounts.count;
    for (size_t i = 0; i < run->flags.count; i++)
        if (flag_is(run->flags.items[i], "--security"))
            good = refuse(l, "run with --security", "leave the flag out");
    return good;
}

bool builder_lower(const struct lowering *l, struct node_list *nodes)
{
    struct node_list lowered = {0};
    bool good = true;
    if (l->builder == BUILDER_BUILDKIT)
        return true;
    for (size_t i = 0; i < nodes->count; i++) {
        struct node *node = ARENA_NEW(l->arena, struct node);
        *node = *nodes->items[i];
        node->run.commands.capacity = node->run.commands.count; /* adding one copies the array */
        if (node->kind == NODE_COPY || node->kind == NODE_ADD)
            good &= lower_copy(l, node);
        else if (node->kind == NODE_RUN && l->builder == BUILDER_LEGACY)
            good &= drop_mounts(l, &node->run, &lowered);
        else if (node->kind == NODE_RUN)
            good &= lower_for_buildah(l, &node->run);
        VEC_PUSH(l->arena, &lowered, node);
    }
    *nodes = lowered;
    return good;
}
