#include "edit_internal.h"

#include <stdlib.h>
#include <string.h>

enum { INDENT = 4 };

/* Where byte `at` of the text stands in the source; and where the byte before it ends. Between the
 * two are continuations and comments. */
static size_t source_at(const struct run_view *run, size_t at)
{
    return run_view_span(run, at, at).begin;
}

static size_t source_behind(const struct run_view *run, size_t at)
{
    return at > 0 ? run_view_span(run, at - 1, at).end : source_at(run, 0);
}

static struct range empty_at(size_t at)
{
    return (struct range){at, at};
}

static void add_change(const struct run_view *run, struct changes *changes, struct range in_text,
                       struct range in_source, struct view text)
{
    VEC_PUSH(run->arena, changes, (struct change){in_text, in_source, text, changes->count});
}

/* Cut [begin, end) and the blanks before it, with the line breaks and comments among them. */
static void cut_back(const struct run_view *run, struct changes *changes, size_t begin, size_t end)
{
    const char *p = run->text.ptr;
    for (;;) {
        if (begin > 0 && strchr(" \t\r", p[begin - 1]) != NULL && p[begin - 1] != '\0')
            begin--;
        else if (begin > 1 && p[begin - 1] == '\n' && p[begin - 2] == '\\')
            begin -= 2;
        else
            break;
    }
    struct range in_source = {source_behind(run, begin), source_behind(run, end)};
    add_change(run, changes, (struct range){begin, end}, in_source, VIEW(""));
}

static size_t skip_blanks(struct view text, size_t at)
{
    for (;;) {
        if (at < text.len && (text.ptr[at] == ' ' || text.ptr[at] == '\t'))
            at++;
        else if (at + 1 < text.len && text.ptr[at] == '\\' && text.ptr[at + 1] == '\n')
            at += 2;
        else
            return at;
    }
}

/* Whether nothing but blanks and line breaks stand in the source there. */
static bool has_no_comment(const struct run_view *run, size_t begin, size_t end)
{
    const char *p = run->file->source->text.ptr;
    for (size_t i = begin; i < end; i++)
        if (!is_blank(p[i]) && p[i] != '\n' && p[i] != run->file->escape)
            return false;
    return true;
}

/* Cut [begin, end) and the blanks behind it; a comment about what follows stays. */
static void cut_forward(const struct run_view *run, struct changes *changes, size_t begin,
                        size_t end)
{
    size_t next = end;
    if (run->text.ptr[end - 1] != '\n')
        next = skip_blanks(run->text, end);
    size_t source_end = source_at(run, next);
    if (!has_no_comment(run, source_behind(run, end), source_end)) {
        for (size_t limit = next, at = end;; at++) {
            next = at;
            if (at == limit || source_at(run, at) != source_behind(run, at))
                break;
        }
        source_end = source_behind(run, next);
    }
    struct range in_source = {source_at(run, begin), source_end};
    add_change(run, changes, (struct range){begin, next}, in_source, VIEW(""));
}

/* The removed commands of a gap go, and all operators beside them but one: a ';' if there is one.
 * Where a newline stands before them and a ';' behind, that is the one which goes: the line before
 * may end with a ';', too, or with a comment. */
static void cut_gap(const struct run_view *run, const struct gap *gap, struct changes *changes)
{
    const struct shell_command *all = run->commands.items;
    const struct shell_command *first = &all[gap->first], *last = &all[gap->last];
    bool semicolon = last->after_end > last->end && run->text.ptr[last->after_end - 1] == ';' &&
                     run->text.ptr[first->before_begin] == '\n';
    size_t steps = 0;
    if (gap->from == SHELL_START || (gap->to == SHELL_AND && gap->from == SHELL_SEQUENCE) ||
        (semicolon && gap->to == SHELL_SEQUENCE)) {
        cut_forward(run, changes, first->begin, last->after_end);
    } else if (gap->to != SHELL_AND || gap->sequence == 0) {
        cut_back(run, changes, first->before_begin, semicolon ? last->after_end : last->end);
    } else {
        size_t kept = gap->sequence - 1;
        cut_back(run, changes, first->before_begin, all[kept].end);
        cut_forward(run, changes, all[gap_next_element(run, kept, &steps)].begin, last->after_end);
    }
}

static void cut_commands(const struct run_view *run, const struct unit_edits *edits,
                         struct changes *changes)
{
    size_t steps = 0;
    for (size_t i = 0; edits->commands != NULL && i < run->commands.count; i++) {
        if (!edit_is_removed(edits, i))
            continue;
        struct gap gap = gap_find(run, edits, i, &steps);
        cut_gap(run, &gap, changes);
        i = gap.last;
    }
}

/* Number of words at the beginning of a command that all go. */
static size_t removed_prefix(const struct unit_edits *edits, size_t command)
{
    const size_t *words = edits->commands[command].words;
    size_t count = 0;
    /* Some word stays, so that this ends. */
    while (words[count] > 0 && edits->all.items[words[count] - 1].text.len == 0)
        count++;
    return count;
}

/* A word goes with the blanks before it, or behind it where nothing stays before it. */
static void cut_word(const struct run_view *run, const struct edit *edit, bool is_first,
                     struct changes *changes)
{
    const struct shell_word *word = &run->commands.items[edit->command].words[edit->word];
    struct range in_text, in_source;
    if (run->kind != RUN_EXEC) {
        if (is_first)
            cut_forward(run, changes, word->begin, word->end);
        else
            cut_back(run, changes, word->begin, word->end);
        return;
    }
    /* With a comma, in either case. */
    if (is_first) {
        in_text = (struct range){word->begin, word[1].begin};
        in_source = (struct range){source_at(run, in_text.begin), source_at(run, in_text.end)};
    } else {
        in_text = (struct range){word[-1].end, word->end};
        in_source =
            (struct range){source_behind(run, in_text.begin), source_behind(run, in_text.end)};
    }
    add_change(run, changes, in_text, in_source, VIEW(""));
}

/* Behind a "#!" line. */
static size_t prepend_at(const struct run_view *run)
{
    bool has_shebang = run->kind == RUN_SCRIPT && view_starts(run->text, "#!");
    size_t end = has_shebang ? view_find(run->text, '\n', 0) : 0;
    return has_shebang && end < run->text.len ? end + 1 : end;
}

static void change_words(const struct run_view *run, const struct edit *edit, size_t prefix,
                         struct changes *changes)
{
    const struct shell_word *word = &run->commands.items[edit->command].words[edit->word];
    struct span at = run_view_span(run, word->begin, word->end);
    if (edit->kind == EDIT_APPEND)
        add_change(run, changes, empty_at(word->end), empty_at(at.end), edit->text);
    else if (edit->text.len > 0)
        add_change(run, changes, (struct range){word->begin, word->end},
                   (struct range){at.begin, at.end}, edit->text);
    else
        cut_word(run, edit, edit->word < prefix, changes);
}

/* Where the command begins: behind the flags; before a "--" that ends them. */
static size_t mounts_at(const struct instruction *inst)
{
    size_t at = inst->args_at;
    const char *p = inst->joined.ptr;
    while (at > 0 && is_blank(p[at - 1]))
        at--;
    bool dashes = at >= 3 && p[at - 1] == '-' && p[at - 2] == '-' && is_blank(p[at - 3]);
    return instruction_offset(inst, dashes ? at - 2 : inst->args_at);
}

static void add_continuation(struct str *text, const struct run_view *run, const char *newline)
{
    str_addf(text, "%c%s", run->file->escape, newline);
    str_fill(text, ' ', INDENT);
}

/* Whether a flag of the user's ends in the line in which the command begins. */
static bool is_behind_flag(const struct run_view *run, size_t at)
{
    const char *p = run->file->source->text.ptr;
    while (at > run->unit->begin && is_blank(p[at - 1]))
        at--;
    return run->unit->inst->flag_count > 0 && at > run->unit->begin && p[at - 1] != '\n';
}

/* Each mount with a continuation behind it, in a line of its own: dockerfmt wants them so. */
static struct view mounts_text(const struct run_view *run, const struct unit_edits *edits,
                               size_t at, const char *newline)
{
    struct str text;
    str_init(&text, run->arena);
    for (size_t i = 0; i < edits->all.count; i++) {
        if (edits->all.items[i].kind != EDIT_MOUNT)
            continue;
        if (text.len == 0 && is_behind_flag(run, at))
            add_continuation(&text, run, newline);
        str_add(&text, edit_mount_text(run->arena, edits->all.items[i].mount));
        str_addc(&text, ' ');
        add_continuation(&text, run, newline);
    }
    return str_view(&text);
}

static int compare_changes(const void *a, const void *b)
{
    const struct change *x = a, *y = b;
    if (x->in_source.begin != y->in_source.begin)
        return x->in_source.begin < y->in_source.begin ? -1 : 1;
    if (x->in_source.end != y->in_source.end)
        return x->in_source.end < y->in_source.end ? -1 : 1;
    return x->order < y->order ? -1 : x->order > y->order;
}

static void find_word_changes(const struct run_view *run, const struct unit_edits *edits,
                              struct changes *changes)
{
    size_t command = SIZE_MAX, prefix = 0; /* of the edit before: most have the same command */
    for (size_t i = 0; i < edits->all.count; i++) {
        const struct edit *edit = &edits->all.items[i];
        if ((edit->kind != EDIT_WORD && edit->kind != EDIT_APPEND) ||
            edit_is_removed(edits, edit->command))
            continue;
        if (edit->command != command && edits->commands[edit->command].words != NULL)
            prefix = removed_prefix(edits, edit->command);
        command = edit->command;
        change_words(run, edit, prefix, changes);
    }
}

void changes_find(const struct run_view *run, const struct unit_edits *edits, const char *newline,
                  struct changes *changes)
{
    size_t begin = prepend_at(run), at = mounts_at(run->unit->inst);
    struct view mounts = mounts_text(run, edits, at, newline);
    if (mounts.len > 0)
        add_change(run, changes, empty_at(SIZE_MAX), empty_at(at), mounts);
    for (size_t i = 0; i < edits->all.count; i++) {
        const struct edit *edit = &edits->all.items[i];
        if (edit->kind != EDIT_PREPEND)
            continue;
        add_change(run, changes, empty_at(begin), empty_at(source_at(run, begin)),
                   view_format(run->arena, "%.*s%s", VIEW_ARG(edit->text),
                               run->kind == RUN_SCRIPT ? "\n" : " && "));
    }
    find_word_changes(run, edits, changes);
    cut_commands(run, edits, changes);
    if (changes->count > 1)
        qsort(changes->items, changes->count, sizeof(*changes->items), compare_changes);
}
