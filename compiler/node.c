#include "node.h"

static void add_key(struct str *out, const char *key, struct view value)
{
    if (value.len > 0)
        str_addf(out, ",%s=%.*s", key, VIEW_ARG(value));
}

void mount_format(struct str *out, const struct mount *mount)
{
    static const char *const types[] = {"cache", "bind", "secret", "ssh", "tmpfs"};
    str_addf(out, "type=%s", types[mount->type]);
    add_key(out, "id", mount->id);
    add_key(out, "from", mount->from);
    add_key(out, "source", mount->source);
    add_key(out, "target", mount->target);
    add_key(out, "env", mount->env);
    add_key(out, "sharing", mount->sharing);
    if (mount->required)
        str_addz(out, ",required=true");
    if (mount->writable && mount->type == MOUNT_BIND)
        str_addz(out, ",rw");
    add_key(out, "size", mount->size);
    add_key(out, "mode", mount->mode);
    add_key(out, "uid", mount->uid);
    add_key(out, "gid", mount->gid);
}

/* ---- variables of the platform */

const char *const platform_variables[PLATFORM_VARIABLES] = {
    "TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT",
    "BUILDPLATFORM",  "BUILDOS",  "BUILDARCH",  "BUILDVARIANT",
};

static bool is_name(char c)
{
    return is_alpha(c) || is_digit(c) || c == '_';
}

/* Bits of the variables that "$NAME" and "${NAME…" in a text refer to. */
static unsigned text_variables(struct view text)
{
    unsigned found = 0;
    for (size_t at = view_find(text, '$', 0); at + 1 < text.len; at = view_find(text, '$', at)) {
        at++;
        size_t begin = at + (text.ptr[at] == '{' ? 1 : 0), end = begin;
        while (end < text.len && is_name(text.ptr[end]))
            end++;
        for (size_t i = 0; i < PLATFORM_VARIABLES; i++)
            if (view_is(view_slice(text, begin, end), platform_variables[i]))
                found |= 1U << i;
    }
    return found;
}

static unsigned env_variables(const struct env_list *env)
{
    unsigned found = 0;
    for (size_t i = 0; i < env->count; i++)
        found |= text_variables(env->items[i].value);
    return found;
}

/* The user's own text is left alone: whoever writes "$TARGETARCH" there declares it. */
static unsigned command_variables(const struct command *command)
{
    unsigned found = env_variables(&command->env);
    if (command->kind == COMMAND_SHELL)
        found |= text_variables(command->text);
    for (size_t i = 0; i < command->words.count; i++)
        found |= text_variables(command->words.items[i]);
    return found;
}

static unsigned mount_variables(const struct mount *mount)
{
    return text_variables(mount->id) | text_variables(mount->target) |
           text_variables(mount->source) | text_variables(mount->uid) | text_variables(mount->gid);
}

static unsigned run_variables(const struct run *run)
{
    unsigned found = env_variables(&run->env);
    for (size_t i = 0; i < run->mounts.count; i++)
        found |= mount_variables(run->mounts.items[i]);
    for (size_t i = 0; i < run->commands.count; i++)
        found |= command_variables(run->commands.items[i]);
    return found;
}

static unsigned copy_variables(const struct copy *copy)
{
    unsigned found = text_variables(copy->dest);
    for (size_t i = 0; i < copy->flags.count; i++)
        found |= text_variables(copy->flags.items[i]);
    for (size_t i = 0; i < copy->sources.count; i++)
        found |= text_variables(copy->sources.items[i]);
    return found;
}

static unsigned bit_of_name(struct view word)
{
    struct view name = view_slice(word, 0, view_find(word, '=', 0));
    for (size_t i = 0; i < PLATFORM_VARIABLES; i++)
        if (view_is(name, platform_variables[i]))
            return 1U << i;
    return 0;
}

/* Text of a rule: what it declares itself needs no other declaration. */
static unsigned raw_variables(const struct file *raw)
{
    unsigned found = 0, declared = 0;
    for (size_t i = 0; i < raw->unit_count; i++) {
        const struct instruction *inst = raw->units[i].inst;
        if (inst == NULL)
            continue;
        for (size_t k = 0; inst->keyword == KEYWORD_ARG && k < inst->arg_count; k++)
            declared |= bit_of_name(inst->args[k]);
        found |= text_variables(inst->joined) & ~declared;
    }
    return found;
}

unsigned node_declared_variables(const struct node *node)
{
    unsigned declared = 0;
    if (node->kind == NODE_ARG)
        declared = bit_of_name(node->name);
    for (size_t i = 0; node->kind == NODE_RAW && i < node->raw->unit_count; i++) {
        const struct instruction *inst = node->raw->units[i].inst;
        for (size_t k = 0; inst != NULL && inst->keyword == KEYWORD_ARG && k < inst->arg_count; k++)
            declared |= bit_of_name(inst->args[k]);
    }
    return declared;
}

unsigned node_variables(const struct node *node)
{
    switch (node->kind) {
    case NODE_RUN:
        return run_variables(&node->run);
    case NODE_COPY:
    case NODE_ADD:
        return copy_variables(&node->copy);
    case NODE_ENV:
        return env_variables(&node->env);
    case NODE_ARG:
    case NODE_WORKDIR:
    case NODE_USER:
        return text_variables(node->value);
    case NODE_RAW:
        return raw_variables(node->raw);
    }
    return 0;
}

/* ---- size */

enum { PART_BYTES = 8 }; /* what a part adds to the text around it */

static bool take(size_t *left, struct view text)
{
    size_t bytes = text.len + PART_BYTES;
    if (bytes > *left) {
        *left = 0;
        return false;
    }
    *left -= bytes;
    return true;
}

static bool take_names(size_t *left, const struct name_list *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (!take(left, names->items[i]))
            return false;
    return true;
}

static bool take_env(size_t *left, const struct env_list *env)
{
    for (size_t i = 0; i < env->count; i++)
        if (!take(left, env->items[i].name) || !take(left, env->items[i].value))
            return false;
    return true;
}

static bool take_command(size_t *left, const struct command *command)
{
    for (size_t i = 0; i < command->words.count; i++)
        if (!take(left, command->words.items[i]))
            return false;
    return take(left, command->text) && take(left, command->bytes) && take_env(left, &command->env);
}

static bool take_run(size_t *left, const struct run *run)
{
    for (size_t i = 0; i < run->mounts.count; i++) {
        const struct mount *mount = run->mounts.items[i];
        if (!take(left, mount->target) || !take(left, mount->id) || !take(left, mount->source))
            return false;
    }
    for (size_t i = 0; i < run->commands.count; i++)
        if (!take_command(left, run->commands.items[i]))
            return false;
    return (run->script == NULL || take(left, run->script->body)) && take_env(left, &run->env);
}

bool node_take_bytes(const struct node *node, size_t *left)
{
    if (node->kind == NODE_RUN)
        return take_run(left, &node->run);
    if (node->kind == NODE_RAW)
        return take(left, node->raw->source->text);
    return take(left, node->value) && take_env(left, &node->env) &&
           take_names(left, &node->copy.flags) && take_names(left, &node->copy.sources) &&
           take(left, node->copy.dest);
}
