#include "edit_internal.h"

#include "path.h"

static struct command_edits *edits_of(const struct run_view *run, struct unit_edits *edits,
                                      size_t command)
{
    if (edits->commands == NULL)
        edits->commands = arena_zalloc(run->arena, run->commands.count, sizeof(*edits->commands));
    return &edits->commands[command];
}

static bool is_loose(const struct edit *edit)
{
    return edit->kind == EDIT_MOUNT || edit->kind == EDIT_PREPEND;
}

enum relation { UNRELATED, SAME, CLASHING };

static enum relation compare_loose(const struct run_view *run, const struct edit *a,
                                   const struct edit *b)
{
    if (a->kind != b->kind)
        return UNRELATED;
    if (a->kind == EDIT_PREPEND)
        return view_equal(a->text, b->text) ? SAME : UNRELATED;
    if (view_equal(edit_mount_text(run->arena, a->mount), edit_mount_text(run->arena, b->mount)))
        return SAME;
    bool same_target = view_equal(path_clean(run->arena, a->mount->target),
                                  path_clean(run->arena, b->mount->target));
    return same_target ? CLASHING : UNRELATED;
}

/* A mount or prepended command beside those that were taken. */
static enum relation relate_loose(const struct run_view *run, struct unit_edits *edits,
                                  const struct edit *edit, const struct edit **old)
{
    for (size_t next = edits->loose; next > 0; next = (*old)->before) {
        *old = &edits->all.items[next - 1];
        edits->steps++;
        enum relation relation = compare_loose(run, *old, edit);
        if (relation != UNRELATED)
            return relation;
    }
    return UNRELATED;
}

/* A command that is to go: only the rule itself may have changed words of it. */
static enum relation relate_command(struct unit_edits *edits, const struct command_edits *of,
                                    const struct edit *edit, const struct edit **old)
{
    if (of->removed > 0)
        return SAME;
    for (size_t next = of->last; next > 0; next = (*old)->before) {
        *old = &edits->all.items[next - 1];
        edits->steps++;
        if (!view_equal((*old)->rule, edit->rule))
            return CLASHING;
    }
    return UNRELATED;
}

static enum relation relate_word(struct unit_edits *edits, const struct command_edits *of,
                                 const struct edit *edit, const struct edit **old)
{
    if (of->words == NULL || of->words[edit->word] == 0)
        return UNRELATED;
    *old = &edits->all.items[of->words[edit->word] - 1];
    return view_equal((*old)->text, edit->text) ? SAME : CLASHING;
}

static enum relation relate_append(struct unit_edits *edits, const struct command_edits *of,
                                   const struct edit *edit, const struct edit **old)
{
    for (size_t next = of->last; next > 0; next = (*old)->before) {
        *old = &edits->all.items[next - 1];
        edits->steps++;
        if ((*old)->kind == EDIT_APPEND && (*old)->word == edit->word &&
            view_equal((*old)->text, edit->text))
            return SAME;
    }
    return UNRELATED;
}

/* How an edit stands to those taken before it; `*old` is the one that it clashes with. */
static enum relation find_relation(const struct run_view *run, struct unit_edits *edits,
                                   const struct edit *edit, const struct edit **old)
{
    if (is_loose(edit))
        return relate_loose(run, edits, edit, old);
    const struct command_edits *of = edits_of(run, edits, edit->command);
    if (edit->kind == EDIT_COMMAND)
        return relate_command(edits, of, edit, old);
    if (of->removed > 0) { /* a rule may change words of a command that it removes, too */
        *old = &edits->all.items[of->removed - 1];
        return view_equal((*old)->rule, edit->rule) ? SAME : CLASHING;
    }
    return edit->kind == EDIT_WORD ? relate_word(edits, of, edit, old)
                                   : relate_append(edits, of, edit, old);
}

static void add_word_edit(const struct run_view *run, struct command_edits *of,
                          const struct edit *edit, size_t number)
{
    if (of->words == NULL)
        of->words = arena_zalloc(run->arena, run->commands.items[edit->command].word_count,
                                 sizeof(*of->words));
    of->words[edit->word] = number;
    of->removed_words += edit->text.len == 0 ? 1 : 0;
}

static void add(const struct run_view *run, struct unit_edits *edits, struct edit edit)
{
    size_t number = edits->all.count + 1;
    if (is_loose(&edit)) {
        edit.before = edits->loose;
        edits->loose = number;
    } else {
        struct command_edits *of = edits_of(run, edits, edit.command);
        if (edit.kind == EDIT_COMMAND) {
            of->removed = number;
        } else {
            edit.before = of->last;
            of->last = number;
        }
        if (edit.kind == EDIT_WORD)
            add_word_edit(run, of, &edit, number);
    }
    VEC_PUSH(run->arena, &edits->all, edit);
}

/* Take back all edits but the first `count`. */
static void undo(const struct run_view *run, struct unit_edits *edits, size_t count)
{
    while (edits->all.count > count) {
        const struct edit *edit = &edits->all.items[--edits->all.count];
        if (is_loose(edit)) {
            edits->loose = edit->before;
            continue;
        }
        struct command_edits *of = edits_of(run, edits, edit->command);
        if (edit->kind == EDIT_COMMAND)
            of->removed = 0;
        else
            of->last = edit->before;
        if (edit->kind == EDIT_WORD) {
            of->words[edit->word] = 0;
            of->removed_words -= edit->text.len == 0 ? 1 : 0;
        }
    }
}

static bool removals_are_safe(const struct run_view *run, struct unit_edits *edits, size_t from)
{
    for (size_t i = from; i < edits->all.count; i++) {
        const struct edit *edit = &edits->all.items[i];
        if (edit->kind == EDIT_COMMAND) {
            struct gap gap = gap_find(run, edits, edit->command, &edits->steps);
            if (!gap_is_safe(run, &gap, &edits->steps))
                return false;
        } else if (edit->kind == EDIT_WORD && !edit_is_removed(edits, edit->command) &&
                   edits->commands[edit->command].removed_words ==
                       run->commands.items[edit->command].word_count) {
            return false;
        }
    }
    return true;
}

enum edit_verdict edits_take(const struct run_view *run, struct unit_edits *edits,
                             const struct edit_request *request, struct view rule,
                             struct view *other)
{
    size_t count = edits->all.count, done = 0;
    if (request->unsafe)
        return EDITS_UNSAFE;
    for (size_t i = 0; i < request->edits.count; i++) {
        struct edit edit = request->edits.items[i];
        const struct edit *old = NULL;
        edit.rule = rule;
        if (edit.kind == EDIT_MOUNT && run_view_has_mount(run, edit.mount->target))
            continue;
        enum relation relation = find_relation(run, edits, &edit, &old);
        if (relation == CLASHING) {
            *other = old->rule;
            undo(run, edits, count);
            return EDITS_CONFLICT;
        }
        if (relation == UNRELATED)
            add(run, edits, edit);
        done++;
    }
    if (removals_are_safe(run, edits, count))
        return done > 0 ? EDITS_TAKEN : EDITS_NOTHING;
    undo(run, edits, count);
    return EDITS_UNSAFE;
}
