#include "chunk.h"

#include "lex.h"
#include "quote.h"
#include "utf8.h"

#include <stdlib.h>
#include <string.h>

/* The layout is one that dockerfmt leaves alone (lib/format.go there, and the printer of
 * mvdan.cc/sh that it hands the commands to). Physical lines stay below BuildKit's limit. */
enum { WIDTH = 100, INDENT = 4, LINE_MAX_BYTES = 60000 };

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
    bool in_chain; /* behind the first "&&", "||" or "|" of the command */
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

/* Words of a command on a line of their own stand deeper than where the command does, and the
 * first one of a chain begins in the line of the RUN. */
static void write_list_break(struct writer *w)
{
    write_break(w, w->in_chain ? 2 * INDENT : INDENT);
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
    str_add(&w->chunk->text, flag);
    VEC_PUSH(w->style->arena, &w->meant.flags, flag);
    w->joined.len = 0; /* flags are no part of the arguments */
}

static struct view mount_flag(struct arena *arena, const struct mount *mount)
{
    struct str flag;
    str_init(&flag, arena);
    str_addz(&flag, "--mount=");
    mount_format(&flag, mount);
    return str_view(&flag);
}

/* Each flag and the command on a line of its own if one is a mount, all on one line otherwise. */
static void write_flags(struct writer *w, const struct run *run)
{
    struct name_list flags = {0};
    bool on_lines = run->mounts.count > 0;
    for (size_t i = 0; i < run->mounts.count; i++)
        VEC_PUSH(w->style->arena, &flags, mount_flag(w->style->arena, run->mounts.items[i]));
    for (size_t i = 0; i < run->flags.count; i++) {
        VEC_PUSH(w->style->arena, &flags, run->flags.items[i]);
        on_lines |= view_starts(run->flags.items[i], "--mount");
    }
    write_text(w, " ");
    for (size_t i = 0; i < flags.count; i++) {
        write_flag(w, flags.items[i]);
        if (on_lines)
            write_break(w, INDENT);
        else
            write_text(w, " ");
    }
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

/* The variables that are set only where the build has a value for `guard`. One of the build's own
 * that is empty is taken away, too: not every tool takes that for "not set". */
static void add_guarded(struct str *out, const struct env_list *env, struct view guard)
{
    str_addf(out, "if [ -n \"$%.*s\" ]; then export", VIEW_ARG(guard));
    for (size_t i = 0; i < env->count; i++) {
        if (!view_equal(env->items[i].unless_empty, guard))
            continue;
        str_addf(out, " %.*s=", VIEW_ARG(env->items[i].name));
        quote_value(out, env->items[i].value);
    }
    str_addf(out, "; else unset %.*s; fi", VIEW_ARG(guard));
}

/* Commands for those variables of the build, and for those that must not be seen; the rest of the
 * environment is left in `env`. */
static void take_guarded(struct arena *arena, const struct run *run, struct env_list *env,
                         struct name_list *commands)
{
    struct env_list rest = {0};
    struct name_list guards = {0};
    for (size_t i = 0; i < run->unset.count; i++)
        VEC_PUSH(arena, commands, view_format(arena, "unset %.*s", VIEW_ARG(run->unset.items[i])));
    for (size_t i = 0; i < env->count; i++) {
        struct view guard = env->items[i].unless_empty;
        if (guard.len == 0) {
            VEC_PUSH(arena, &rest, env->items[i]);
        } else if (!name_list_has(&guards, guard)) {
            struct str text;
            str_init(&text, arena);
            add_guarded(&text, env, guard);
            VEC_PUSH(arena, &guards, guard);
            VEC_PUSH(arena, commands, str_view(&text));
        }
    }
    *env = rest;
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
 * is the last command, does not fit into one line. The first word is never on one of those. */
static void write_argv(struct writer *w, const struct command *command, struct view prefix,
                       bool last)
{
    struct arena *arena = w->style->arena;
    size_t list_at = command->list_at;
    if (list_at == 0 && command->words.count > 0)
        list_at = 1;
    struct str head, list;
    str_init(&head, arena);
    str_init(&list, arena);
    str_add(&head, prefix);
    if (command->env.count > 0) {
        str_addz(&head, head.len > 0 ? " " : "");
        add_assignments(&head, &command->env);
    }
    add_words(&head, command, 0, list_at);
    add_words(&list, command, list_at, command->words.count);
    bool fits = line_length(w) + head.len + 1 + list.len + (last ? 0 : 2) <= WIDTH;
    write_view(w, str_view(&head));
    if (list.len > 0 && fits) {
        write_text(w, " ");
        write_view(w, str_view(&list));
    }
    for (size_t i = list_at; !fits && i < command->words.count; i++) {
        str_init(&list, arena);
        quote_word(&list, command->words.items[i]);
        write_list_break(w);
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
        write_text(w, command->text.len > 0 ? " " : "");
    }
    str_add(&w->chunk->text, command->bytes);
    str_add(&w->joined, command->text);
}

/* Shell text of a rule; a line break in it is a place where the RUN may go on in the next line. A
 * text with indented lines, such as those of an "if", lays itself out. */
static void write_shell(struct writer *w, struct view text)
{
    bool laid_out = view_search(text, VIEW("\n ")) < text.len;
    for (size_t at = 0; at <= text.len;) {
        size_t end = view_find(text, '\n', at);
        struct view line = view_slice(text, at, end);
        bool is_link = view_starts(line, "&&") || view_starts(line, "|");
        w->in_chain |= at > 0 && is_link;
        if (at > 0 && (is_link || laid_out))
            write_break(w, INDENT);
        else if (at > 0)
            write_list_break(w);
        write_view(w, line);
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

/* Begin the next command of a RUN. */
static void write_link(struct writer *w, bool *first)
{
    if (!*first) {
        write_break(w, INDENT);
        write_text(w, "&& ");
        w->in_chain = true;
    }
    *first = false;
}

static void write_commands(struct writer *w, const struct run *run)
{
    struct env_list env = sorted_env(w->style->arena, &run->env);
    struct name_list guarded = {0};
    struct str prefix;
    bool first = true;
    take_guarded(w->style->arena, run, &env, &guarded);
    str_init(&prefix, w->style->arena);
    add_assignments(&prefix, &env);
    bool exported = prefix.len > 0 && !is_simple(run);
    for (size_t i = 0; i < guarded.count; i++) {
        write_link(w, &first);
        write_view(w, guarded.items[i]);
    }
    if (exported) {
        write_link(w, &first);
        write_text(w, "export ");
        write_view(w, str_view(&prefix));
    }
    for (size_t i = 0; i < run->commands.count; i++) {
        write_link(w, &first);
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
        struct name_list guarded = {0};
        take_guarded(arena, run, &env, &guarded);
        str_addz(&body, "set -e\n");
        for (size_t i = 0; i < guarded.count; i++)
            str_addf(&body, "%.*s\n", VIEW_ARG(guarded.items[i]));
        if (env.count > 0) {
            str_addz(&body, "export ");
            add_assignments(&body, &env);
            str_addc(&body, '\n');
        }
    }
    str_add(&body, run->script->body);
    write_view(w, run->script->tag);
    str_addz(&w->chunk->text, w->style->newline);
    str_add(&w->chunk->text, str_view(&body));
    str_add(&w->chunk->text, run->script->name);
    w->meant.body = str_view(&body);
}

/* hadolint looks for it in the line directly above the instruction (src/Hadolint/Pragma.hs there).
 */
static void write_pragma(struct chunk *chunk, const struct style *style,
                         const struct name_list *codes)
{
    for (size_t i = 0; i < codes->count; i++) {
        str_addz(&chunk->text, i == 0 ? "# hadolint ignore=" : ",");
        str_add(&chunk->text, codes->items[i]);
    }
    if (codes->count > 0)
        str_addz(&chunk->text, style->newline);
}

static void add_run(struct chunk *chunk, const struct style *style, const struct run *run)
{
    struct writer w = {.style = style, .chunk = chunk};
    write_pragma(chunk, style, &run->hadolint);
    begin_instruction(&w, KEYWORD_RUN);
    write_flags(&w, run);
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
        struct str text;
        str_init(&text, style->arena);
        str_addf(&text, "%.*s=", VIEW_ARG(sorted.items[i].name));
        quote_dockerfile(&text, sorted.items[i].value, style->escape);
        if (i > 0)
            write_break(&w, INDENT);
        else
            write_text(&w, " ");
        write_view(&w, str_view(&text));
    }
    end_instruction(&w);
}

/* ---- COPY and ADD */

/* Whether BuildKit would read the words as something else, so that a JSON array has to hold them.
 */
static bool needs_json(const struct copy *copy)
{
    const struct view first = copy->sources.items[0];
    bool needed = view_starts(first, "[") || view_starts(first, "--");
    for (size_t i = 0; i <= copy->sources.count; i++) {
        struct view word = i < copy->sources.count ? copy->sources.items[i] : copy->dest;
        needed |= view_starts(word, "#") || utf8_trim(word).len != word.len;
        for (size_t k = 0; k < word.len; k++)
            needed |= is_blank(word.ptr[k]);
    }
    return needed;
}

/* The words as they are written: bare, or the elements of an array. */
static struct name_list copy_words(struct arena *arena, const struct copy *copy, bool json)
{
    struct name_list words = {0};
    for (size_t i = 0; i <= copy->sources.count; i++) {
        bool last = i == copy->sources.count;
        struct view word = last ? copy->dest : copy->sources.items[i];
        if (json)
            word = view_format(arena, "%s\"%.*s\"%s", i == 0 ? "[" : "", VIEW_ARG(word),
                               last ? "]" : ",");
        VEC_PUSH(arena, &words, word);
    }
    return words;
}

static size_t words_length(const struct name_list *words)
{
    size_t length = 0;
    for (size_t i = 0; i < words->count; i++)
        length += 1 + words->items[i].len;
    return length;
}

/* On one line, however long; where BuildKit would not read that, each on a line of its own. */
static void add_copy(struct chunk *chunk, const struct style *style, enum keyword keyword,
                     const struct copy *copy)
{
    struct writer w = {.style = style, .chunk = chunk};
    bool json = needs_json(copy);
    struct name_list words = copy_words(style->arena, copy, json);
    begin_instruction(&w, keyword);
    bool fits =
        line_length(&w) + words_length(&copy->flags) + words_length(&words) <= LINE_MAX_BYTES;
    for (size_t i = 0; i < copy->flags.count; i++) {
        if (fits || i == 0)
            write_text(&w, " ");
        else
            write_break(&w, INDENT);
        write_flag(&w, copy->flags.items[i]);
    }
    for (size_t i = 0; i < words.count; i++) {
        if (fits || (i == 0 && copy->flags.count == 0))
            write_text(&w, " ");
        else
            write_break(&w, INDENT);
        write_view(&w, words.items[i]);
    }
    w.meant.json = json;
    end_instruction(&w);
}

/* ---- text of a rule */

const struct file *chunk_parse(struct arena *arena, struct view text, char escape,
                               struct diag_list *diags)
{
    /* The escape character is a matter of the file; the "#" ends the parser directives. */
    struct view whole = view_format(arena, "# escape=%c\n#\n%.*s\n", escape, VIEW_ARG(text));
    while (view_ends(whole, "\n\n"))
        whole.len--;
    return parse_file(arena, source_new(arena, "dfc.raw", whole), diags);
}

/* Lines of instructions end as the file's do, those of heredocs in LF. */
static void add_raw_unit(struct chunk *chunk, const struct style *style, const struct file *file,
                         const struct unit *unit)
{
    size_t heredoc = 0;
    for (size_t i = unit->begin; i < unit->end; i++) {
        char c = file->source->text.ptr[i];
        while (unit->inst != NULL && heredoc < unit->inst->heredoc_count &&
               unit->inst->heredocs[heredoc].end <= i)
            heredoc++;
        bool in_body = unit->inst != NULL && heredoc < unit->inst->heredoc_count &&
                       unit->inst->heredocs[heredoc].begin <= i;
        if (c == '\n' && !in_body)
            str_addz(&chunk->text, style->newline);
        else
            str_addc(&chunk->text, c);
    }
    if (unit->inst != NULL)
        VEC_PUSH(style->arena, &chunk->meants, (struct meant){.same = unit->inst});
}

static void add_raw(struct chunk *chunk, const struct style *style, const struct file *file)
{
    for (size_t i = CHUNK_PARSE_LINES; i < file->unit_count; i++)
        add_raw_unit(chunk, style, file, &file->units[i]);
}

void chunk_add_plain(struct chunk *chunk, const struct style *style, struct view text,
                     const struct instruction *meant)
{
    str_add(&chunk->text, text);
    VEC_PUSH(style->arena, &chunk->meants, (struct meant){.same = meant});
}

static void add_text(struct chunk *chunk, const struct style *style, enum keyword keyword,
                     struct view text)
{
    struct writer w = {.style = style, .chunk = chunk};
    begin_instruction(&w, keyword);
    write_text(&w, " ");
    write_view(&w, text);
    end_instruction(&w);
}

void chunk_add_arg(struct chunk *chunk, const struct style *style, struct view name)
{
    add_text(chunk, style, KEYWORD_ARG, name);
}

void chunk_add_from(struct chunk *chunk, const struct style *style, struct view image,
                    struct view name)
{
    add_text(chunk, style, KEYWORD_FROM,
             view_format(style->arena, "%.*s AS %.*s", VIEW_ARG(image), VIEW_ARG(name)));
}

enum keyword chunk_first_keyword(const struct chunk *chunk)
{
    if (chunk == NULL || chunk->meants.count == 0)
        return KEYWORD_NONE;
    const struct meant *first = &chunk->meants.items[0];
    return first->same != NULL ? first->same->keyword : first->keyword;
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
            quote_dockerfile(&text, node->value, style->escape);
        }
        chunk_add_arg(chunk, style, str_view(&text));
        break;
    case NODE_COPY:
        add_copy(chunk, style, KEYWORD_COPY, &node->copy);
        break;
    case NODE_ADD:
        add_copy(chunk, style, KEYWORD_ADD, &node->copy);
        break;
    case NODE_WORKDIR:
        add_text(chunk, style, KEYWORD_WORKDIR, node->value);
        break;
    case NODE_USER:
        add_text(chunk, style, KEYWORD_USER, node->value);
        break;
    case NODE_RAW:
        add_raw(chunk, style, node->raw);
        break;
    }
}

void chunk_add_comment(struct chunk *chunk, const struct style *style, struct view text)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = view_find(text, '\n', at);
        struct view line = lex_cut_line_end(view_slice(text, at, end));
        if (line.len > LINE_MAX_BYTES) /* a comment may not be what breaks BuildKit's line limit */
            line.len = LINE_MAX_BYTES;
        str_addz(&chunk->text, line.len > 0 ? "# " : "#");
        str_add(&chunk->text, line);
        str_addz(&chunk->text, style->newline);
        at = end + 1;
    }
}
