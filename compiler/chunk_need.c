/* Which version of docker/dockerfile:1 an instruction needs. Sources: the tables "Minimum
 * Dockerfile version" of BuildKit's frontend/dockerfile/docs/reference.md, and its release notes.
 */
#include "chunk.h"

struct need {
    int minor;
    const char *name;
};

static void need_minor(struct need *all, bool used, int minor, const char *name)
{
    if (used && minor > all->minor)
        *all = (struct need){minor, name};
}

static bool has_dollar(struct view text)
{
    return view_find(text, '$', 0) < text.len;
}

static bool has_variable(const struct mount *mount)
{
    return has_dollar(mount->id) || has_dollar(mount->target) || has_dollar(mount->source) ||
           has_dollar(mount->uid) || has_dollar(mount->gid);
}

/* "${NAME#pattern}", "${NAME%pattern}" and "${NAME/from/to}", where BuildKit expands them. */
static void need_for_text(struct need *all, struct view text)
{
    for (size_t at = view_find(text, '$', 0); at + 1 < text.len; at = view_find(text, '$', at)) {
        if (text.ptr[++at] != '{')
            continue;
        for (at++; at < text.len &&
                   (is_alpha(text.ptr[at]) || is_digit(text.ptr[at]) || text.ptr[at] == '_');)
            at++;
        bool pattern =
            at < text.len && (text.ptr[at] == '#' || text.ptr[at] == '%' || text.ptr[at] == '/');
        need_minor(all, pattern, 7, "patterns in variables");
    }
}

static void need_for_run_flag(struct need *all, struct view flag)
{
    bool mount = view_starts(flag, "--mount=");
    bool secret = mount && view_search(flag, VIEW("type=secret")) < flag.len;
    need_minor(all, mount, 2, "RUN --mount");
    need_minor(all, mount && has_dollar(flag), 3, "variables in RUN --mount");
    need_minor(all, view_starts(flag, "--network="), 3, "RUN --network");
    need_minor(all, secret && view_search(flag, VIEW(",env=")) < flag.len, 10,
               "env of a secret mount");
    need_minor(all, view_starts(flag, "--security="), 20, "RUN --security");
}

static bool is_symbolic(struct view mode)
{
    for (size_t i = 0; i < mode.len; i++)
        if (is_alpha(mode.ptr[i]))
            return !has_dollar(mode);
    return false;
}

/* A flag of COPY or ADD. */
static void need_for_copy_flag(struct need *all, enum keyword keyword, struct view flag)
{
    static const struct {
        enum keyword keyword; /* KEYWORD_NONE: both */
        const char *flag;
        int minor;
        const char *name;
    } flags[] = {
        {KEYWORD_NONE, "--chmod", 2, "COPY and ADD --chmod"},
        {KEYWORD_NONE, "--link", 4, "COPY and ADD --link"},
        {KEYWORD_NONE, "--exclude", 19, "COPY and ADD --exclude"},
        {KEYWORD_COPY, "--parents", 20, "COPY --parents"},
        {KEYWORD_ADD, "--keep-git-dir", 1, "ADD --keep-git-dir"},
        {KEYWORD_ADD, "--checksum", 6, "ADD --checksum"},
        {KEYWORD_ADD, "--unpack", 17, "ADD --unpack"},
    };
    size_t end = view_find(flag, '=', 0);
    struct view name = view_slice(flag, 0, end);
    struct view value = end < flag.len ? view_slice(flag, end + 1, flag.len) : VIEW("");
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        bool of_it = flags[i].keyword == KEYWORD_NONE || flags[i].keyword == keyword;
        need_minor(all, of_it && view_is(name, flags[i].flag), flags[i].minor, flags[i].name);
    }
    need_minor(all, view_is(name, "--chmod") && is_symbolic(value), 14, "symbolic --chmod");
}

static void need_for_flag(struct need *all, enum keyword keyword, struct view flag)
{
    if (keyword == KEYWORD_RUN)
        need_for_run_flag(all, flag);
    else if (keyword == KEYWORD_COPY || keyword == KEYWORD_ADD)
        need_for_copy_flag(all, keyword, flag);
}

/* "ADD https://host/repository.git#ref /dest". */
static void need_for_source(struct need *all, enum keyword keyword, struct view source)
{
    struct view path = view_slice(source, 0, view_find(source, '#', 0));
    bool git = view_starts(source, "git@") || view_starts(source, "git://") ||
               (view_search(source, VIEW("://")) < source.len && view_ends(path, ".git"));
    need_minor(all, keyword == KEYWORD_ADD && git, 6, "ADD of a git repository");
    need_for_text(all, source);
}

static void need_for_run(struct need *all, const struct run *run)
{
    for (size_t i = 0; i < run->mounts.count; i++) {
        const struct mount *mount = run->mounts.items[i];
        need_minor(all, true, 2, "RUN --mount");
        need_minor(all, has_variable(mount), 3, "variables in RUN --mount");
        need_minor(all, mount->env.len > 0, 10, "env of a secret mount");
    }
    need_minor(all, run->script != NULL, 4, "heredocs");
    for (size_t i = 0; i < run->flags.count; i++)
        need_for_run_flag(all, run->flags.items[i]);
}

static void need_for_copy(struct need *all, enum keyword keyword, const struct copy *copy)
{
    for (size_t i = 0; i < copy->flags.count; i++)
        need_for_flag(all, keyword, copy->flags.items[i]);
    for (size_t i = 0; i < copy->sources.count; i++)
        need_for_source(all, keyword, copy->sources.items[i]);
    need_for_text(all, copy->dest);
}

static void need_for_instruction(struct need *all, const struct instruction *inst)
{
    enum keyword keyword = inst->keyword;
    need_minor(all, inst->heredoc_count > 0, 4, "heredocs");
    for (size_t i = 0; i < inst->flag_count; i++)
        need_for_flag(all, keyword, inst->flags[i].text);
    bool copies = keyword == KEYWORD_COPY || keyword == KEYWORD_ADD;
    for (size_t i = 0; copies && i < inst->arg_count; i++)
        need_for_source(all, i + 1 < inst->arg_count ? keyword : KEYWORD_NONE, inst->args[i]);
    if (keyword == KEYWORD_ENV || keyword == KEYWORD_ARG || keyword == KEYWORD_WORKDIR ||
        keyword == KEYWORD_USER || keyword == KEYWORD_LABEL)
        need_for_text(all, inst->args_raw);
}

static void need_for_raw(struct need *all, const struct file *raw)
{
    for (size_t i = 0; i < raw->unit_count; i++)
        if (raw->units[i].inst != NULL)
            need_for_instruction(all, raw->units[i].inst);
}

int node_needed_frontend(const struct node *node, const char **name)
{
    struct need all = {0, NULL};
    switch (node->kind) {
    case NODE_RUN:
        need_for_run(&all, &node->run);
        break;
    case NODE_COPY:
        need_for_copy(&all, KEYWORD_COPY, &node->copy);
        break;
    case NODE_ADD:
        need_for_copy(&all, KEYWORD_ADD, &node->copy);
        break;
    case NODE_ENV:
        for (size_t i = 0; i < node->env.count; i++)
            need_for_text(&all, node->env.items[i].value);
        break;
    case NODE_ARG:
    case NODE_WORKDIR:
    case NODE_USER:
        need_for_text(&all, node->value);
        break;
    case NODE_RAW:
        need_for_raw(&all, node->raw);
        break;
    }
    *name = all.name;
    return all.minor;
}
