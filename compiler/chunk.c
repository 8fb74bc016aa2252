#include "chunk.h"

#include "lex.h"
#include "quote.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100, INDENT = 4, LIST_INDENT = 8, COMMENT_MAX = 60000 };

struct chunk *chunk_new(const struct style *style)
{
    struct chunk *chunk = ARENA_NEW(style->arena, struct chunk);
    str_init(&chunk->text, style->arena);
    return chunk;
}

/* An instruction being written: its text with line breaks, and what follows the flags joined. */
struct writer {
    const struct style *style;
    struct chunk *chunk;
    struct str joined;
    struct meant meant;
    bool has_flags;
};

static void write_view(struct writer *w, struct view text)
{
    str_add(&w->chunk->text, text);
    str_add(&w->joined, text);
}

static void write_text(struct writer *w, const char *text)
{
    write_view(w, view_of(text));
}

/* Go on in the next line, indented. */
static void write_break(struct writer *w, size_t indent)
{
    struct str *text = &w->chunk->text;
    str_addf(text, " %c%s", w->style->escape, w->style->newline);
    str_fill(text, ' ', indent);
    str_addc(&w->joined, ' ');
    str_fill(&w->joined, ' ', indent);
}

static void begin_instruction(struct writer *w, enum keyword keyword)
{
    str_init(&w->joined, w->style->arena);
    w->meant = (struct meant){.keyword = keyword};
    str_addz(&w->chunk->text, keyword_info(keyword)->upper);
}

static void end_instruction(struct writer *w)
{
    struct view args = str_view(&w->joined);
    while (args.len > 0 && is_blank(args.ptr[0]))
        args = view_slice(args, 1, args.len);
    w->meant.args = args;
    str_addz(&w->chunk->text, w->style->newline);
    VEC_PUSH(w->style->arena, &w->chunk->meants, w->meant);
}

/* ---- the parts of a RUN */

static void write_flag(struct writer *w, struct view flag)
{
    if (w->has_flags)
        write_break(w, INDENT);
    else
        write_text(w, " ");
    str_add(&w->chunk->text, flag);
    VEC_PUSH(w->style->arena, &w->meant.flags, flag);
    w->has_flags = true;
    w->joined.len = 0; /* flags are no part of the arguments */
}

static void write_flags(struct writer *w, const struct run *run)
{
    for (size_t i = 0; i < run->mounts.count; i++) {
        struct str flag;
        str_init(&flag, w->style->arena);
        str_addz(&flag, "--mount=");
        mount_format(&flag, run->mounts.items[i]);
        write_flag(w, str_view(&flag));
    }
    for (size_t i = 0; i < run->flags.count; i++)
        write_flag(w, run->flags.items[i]);
}

static int compare_pairs(const void *a, const void *b)
{
    const struct env_pair *x = a, *y = b;
    return view_compare(x->name, y->name);
}

/* The environment sorted by name; of equal names the last one counts. */
static struct env_list sorted_env(struct arena *arena, const struct env_list *env)
{
    struct env_list sorted = {0};
    for (size_t i = 0; i < env->count; i++) {
        size_t k = 0;
        while (k < sorted.count && !view_equal(sorted.items[k].name, env->items[i].name))
            k++;
        if (k < sorted.count)
            sorted.items[k] = env->items[i];
        else
            VEC_PUSH(arena, &sorted, env->items[i]);
    }
    if (sorted.count > 1)
        qsort(sorted.items, sorted.count, sizeof(*sorted.items), compare_pairs);
    return sorted;
}

static void add_assignments(struct str *out, const struct env_list *env)
{
    for (size_t i = 0; i < env->count; i++) {
        str_addf(out, "%s%.*s=", i == 0 ? "" : " ", VIEW_ARG(env->items[i].name));
        quote_value(out, env->items[i].value);
    }
}

/* Words [begin, end) of an argv with a blank between them. */
static void add_words(struct str *out, const struct command *command, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (out->len > 0)
            str_addc(out, ' ');
        quote_word(out, command->words.items[i]);
    }
}

static size_t line_length(const struct writer *w)
{
    const struct str *text = &w->chunk->text;
    size_t begin = text->len;
    while (begin > 0 && text->ptr[begin - 1] != '\n')
        begin--;
    return text->len - begin;
}

/* The list at the end goes on lines of its own when the whole, with the ` \` behind it unless it
 * is the last command, does not fit into one line. */
static void write_argv(struct writer *w, const struct command *command, struct view prefix,
                       bool last)
{
    struct arena *arena = w->style->arena;
    struct str head, list;
    str_init(&head, arena);
    str_init(&list, arena);
    str_add(&head, prefix);
    if (command->env.count > 0) {
        str_addz(&head, head.len > 0 ? " " : "");
        add_assignments(&head, &command->env);
    }
    add_words(&head, command, 0, command->list_at);
    add_words(&list, command, command->list_at, command->words.count);
    bool fits = line_length(w) + head.len + 1 + list.len + (last ? 0 : 2) <= WIDTH;
    write_view(w, str_view(&head));
    if (list.len > 0 && fits) {
        write_text(w, " ");
        write_view(w, str_view(&list));
    }
    for (size_t i = command->list_at; !fits && i < command->words.count; i++) {
        str_init(&list, arena);
        quote_word(&list, command->words.items[i]);
        write_break(w, LIST_INDENT);
        write_view(w, str_view(&list));
    }
}

/* The user's own text: the bytes go out, the joined text is what they mean. */
static void write_source(struct writer *w, const struct command *command, struct view prefix)
{
    write_view(w, prefix);
    if (prefix.len > 0)
        write_text(w, " ");
    for (size_t i = 0; i < command->assignments.count; i++) {
        write_view(w, command->assignments.items[i]);
        write_text(w, " ");
    }
    if (command->exe.len > 0) {
        write_view(w, command->exe);
        write_text(w, " ");
    }
    str_add(&w->chunk->text, command->bytes);
    str_add(&w->joined, command->text);
}

/* Shell text of a rule; a line break in it is a place where the RUN may go on in the next line. */
static void write_shell(struct writer *w, struct view text)
{
    for (size_t at = 0; at <= text.len;) {
        size_t end = view_find(text, '\n', at);
        if (at > 0)
            write_break(w, LIST_INDENT);
        write_view(w, view_slice(text, at, end));
        at = end + 1;
    }
}

static void write_command(struct writer *w, const struct command *command, struct view prefix,
                          bool last)
{
    if (command->kind == COMMAND_ARGV) {
        write_argv(w, command, prefix, last);
    } else if (command->kind == COMMAND_SOURCE) {
        write_source(w, command, prefix);
    } else {
        write_view(w, prefix);
        write_text(w, prefix.len > 0 ? " " : "");
        write_shell(w, command->text);
    }
}

static bool is_simple(const struct run *run)
{
    return run->commands.count == 1 && !run->commands.items[0]->compound &&
           run->commands.items[0]->kind != COMMAND_SHELL;
}

static void write_commands(struct writer *w, const struct run *run)
{
    struct env_list env = sorted_env(w->style->arena, &run->env);
    struct str prefix;
    str_init(&prefix, w->style->arena);
    add_assignments(&prefix, &env);
    bool exported = prefix.len > 0 && !is_simple(run);
    if (exported) {
        write_text(w, "export ");
        write_view(w, str_view(&prefix));
    }
    for (size_t i = 0; i < run->commands.count; i++) {
        if (i > 0 || exported) {
            write_break(w, INDENT);
            write_text(w, "&& ");
        }
        write_command(w, run->commands.items[i], exported ? VIEW("") : str_view(&prefix),
                      i + 1 == run->commands.count);
    }
}

/* The body in a heredoc, stopped by the first command that fails: shells go on by default. */
static void write_script(struct writer *w, const struct run *run)
{
    struct arena *arena = w->style->arena;
    struct env_list env = sorted_env(arena, &run->env);
    struct str body;
    str_init(&body, arena);
    if (!run->script->own_interpreter) {
        str_addz(&body, "set -e\n");
        if (env.count > 0) {
            str_addz(&body, "export ");
            add_assignments(&body, &env);
            str_addc(&body, '\n');
        }
    }
    str_add(&body, run->script->body);
    write_view(w, run->script->tag);
    str_addz(&w->chunk->text, "\n");
    str_add(&w->chunk->text, str_view(&body));
    str_add(&w->chunk->text, run->script->name);
    w->meant.body = str_view(&body);
}

static void add_run(struct chunk *chunk, const struct style *style, const struct run *run)
{
    struct writer w = {.style = style, .chunk = chunk};
    begin_instruction(&w, KEYWORD_RUN);
    write_flags(&w, run);
    if (w.has_flags)
        write_break(&w, INDENT);
    else
        write_text(&w, " ");
    if (run->script != NULL)
        write_script(&w, run);
    else
        write_commands(&w, run);
    end_instruction(&w);
}

static void add_env(struct chunk *chunk, const struct style *style, const struct env_list *env)
{
    struct writer w = {.style = style, .chunk = chunk};
    struct env_list sorted = sorted_env(style->arena, env);
    begin_instruction(&w, KEYWORD_ENV);
    for (size_t i = 0; i < sorted.count; i++) {
        struct env_list one = {&sorted.items[i], 1, 1};
        struct str text;
        str_init(&text, style->arena);
        add_assignments(&text, &one);
        if (i > 0)
            write_break(&w, INDENT);
        else
            write_text(&w, " ");
        write_view(&w, str_view(&text));
    }
    end_instruction(&w);
}

void chunk_add_arg(struct chunk *chunk, const struct style *style, struct view name)
{
    struct writer w = {.style = style, .chunk = chunk};
    begin_instruction(&w, KEYWORD_ARG);
    write_text(&w, " ");
    write_view(&w, name);
    end_instruction(&w);
}

void chunk_add_node(struct chunk *chunk, const struct style *style, const struct node *node)
{
    struct str text;
    switch (node->kind) {
    case NODE_RUN:
        add_run(chunk, style, &node->run);
        break;
    case NODE_ENV:
        add_env(chunk, style, &node->env);
        break;
    case NODE_ARG:
        str_init(&text, style->arena);
        str_add(&text, node->name);
        if (node->value.ptr != NULL) {
            str_addc(&text, '=');
            quote_value(&text, node->value);
        }
        chunk_add_arg(chunk, style, str_view(&text));
        break;
    }
}

void chunk_add_comment(struct chunk *chunk, const struct style *style, struct view text)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = view_find(text, '\n', at);
        struct view line = lex_cut_line_end(view_slice(text, at, end));
        if (line.len > COMMENT_MAX) /* a comment may not be what breaks BuildKit's line limit */
            line.len = COMMENT_MAX;
        str_addz(&chunk->text, line.len > 0 ? "# " : "#");
        str_add(&chunk->text, line);
        str_addz(&chunk->text, style->newline);
        at = end + 1;
    }
}

static bool has_variable(const struct mount *mount)
{
    const struct view values[] = {mount->id, mount->target, mount->source, mount->uid, mount->gid};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
        if (view_find(values[i], '$', 0) < values[i].len)
            return true;
    return false;
}

struct need {
    int minor;
    const char *name;
};

static void need_minor(struct need *all, bool used, int minor, const char *name)
{
    if (used && minor > all->minor)
        *all = (struct need){minor, name};
}

static void need_for_flag(struct need *all, struct view flag)
{
    bool mount = view_starts(flag, "--mount=");
    bool secret = mount && view_search(flag, VIEW("type=secret")) < flag.len;
    need_minor(all, mount, 2, "RUN --mount");
    need_minor(all, mount && view_find(flag, '$', 0) < flag.len, 3, "variables in RUN --mount");
    need_minor(all, view_starts(flag, "--network="), 3, "RUN --network");
    need_minor(all, secret && view_search(flag, VIEW(",env=")) < flag.len, 10,
               "env of a secret mount");
    need_minor(all, view_starts(flag, "--security="), 20, "RUN --security");
}

int node_needed_frontend(const struct node *node, const char **name)
{
    struct need all = {0, NULL};
    if (node->kind != NODE_RUN)
        return 0;
    for (size_t i = 0; i < node->run.mounts.count; i++) {
        const struct mount *mount = node->run.mounts.items[i];
        need_minor(&all, true, 2, "RUN --mount");
        need_minor(&all, has_variable(mount), 3, "variables in RUN --mount");
        need_minor(&all, mount->env.len > 0, 10, "env of a secret mount");
    }
    need_minor(&all, node->run.script != NULL, 4, "heredocs");
    for (size_t i = 0; i < node->run.flags.count; i++)
        need_for_flag(&all, node->run.flags.items[i]);
    *name = all.name;
    return all.minor;
}
