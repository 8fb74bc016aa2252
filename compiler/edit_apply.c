#include "edit_internal.h"

#include "utf8.h"

static struct view changed_source(const struct run_view *run, const struct changes *changes)
{
    struct view text = run->file->source->text;
    struct str out;
    str_init(&out, run->arena);
    size_t at = run->unit->begin > 0 ? run->unit->begin : run->file->head.after_bom;
    for (size_t i = 0; i < changes->count; i++) {
        str_add(&out, view_slice(text, at, changes->items[i].in_source.begin));
        str_add(&out, changes->items[i].text);
        at = changes->items[i].in_source.end;
    }
    str_add(&out, view_slice(text, at, run->unit->end));
    return str_view(&out);
}

static struct view changed_text(const struct run_view *run, const struct changes *changes)
{
    struct str out;
    str_init(&out, run->arena);
    size_t at = 0;
    for (size_t i = 0; i < changes->count; i++) {
        if (changes->items[i].in_text.begin == SIZE_MAX)
            continue;
        str_add(&out, view_slice(run->text, at, changes->items[i].in_text.begin));
        str_add(&out, changes->items[i].text);
        at = changes->items[i].in_text.end;
    }
    str_add(&out, view_slice(run->text, at, run->text.len));
    return str_view(&out);
}

/* The instruction that the edits mean, made from the old one and not from the new text. */
static const struct instruction *meaning_of(const struct run_view *run,
                                            const struct unit_edits *edits,
                                            const struct changes *changes)
{
    struct instruction *inst = ARENA_NEW(run->arena, struct instruction);
    const struct instruction *old = run->unit->inst;
    *inst = *old;
    inst->flags = arena_zalloc(run->arena, old->flag_count + edits->all.count, sizeof(struct flag));
    for (size_t i = 0; i < old->flag_count; i++)
        inst->flags[i] = old->flags[i];
    for (size_t i = 0; i < edits->all.count; i++)
        if (edits->all.items[i].kind == EDIT_MOUNT)
            inst->flags[inst->flag_count++].text =
                edit_mount_text(run->arena, edits->all.items[i].mount);
    struct view text = changed_text(run, changes);
    if (run->kind != RUN_SCRIPT && run->kind != RUN_OTHER)
        inst->args_raw = utf8_trim(text);
    if (run->kind == RUN_SCRIPT) {
        inst->heredocs = ARENA_NEW(run->arena, struct heredoc);
        *inst->heredocs = old->heredocs[0];
        inst->heredocs->body = text;
    }
    return inst;
}

struct edited edits_apply(const struct run_view *run, const struct unit_edits *edits,
                          const char *newline)
{
    struct changes changes = {0};
    changes_find(run, edits, newline, &changes);
    return (struct edited){changed_source(run, &changes), meaning_of(run, edits, &changes)};
}

static bool reads_same(const struct instruction *a, const struct instruction *b)
{
    if (a->keyword != b->keyword || a->flag_count != b->flag_count ||
        a->heredoc_count != b->heredoc_count || a->json != b->json ||
        !view_equal(a->args_raw, b->args_raw))
        return false;
    for (size_t i = 0; i < a->flag_count; i++)
        if (!view_equal(a->flags[i].text, b->flags[i].text))
            return false;
    for (size_t i = 0; i < a->heredoc_count; i++)
        if (!view_equal(a->heredocs[i].body, b->heredocs[i].body))
            return false;
    return true;
}

const struct instruction *edited_read(const struct run_view *run, const struct edited *edited)
{
    /* The escape character is a matter of the file, so it is said again here. */
    struct view text =
        view_format(run->arena, "# escape=%c\n%.*s", run->file->escape, VIEW_ARG(edited->text));
    struct diag_list ignored;
    diag_list_init(&ignored, run->arena);
    const struct file *file = parse_file(run->arena, source_new(run->arena, "", text), &ignored);
    const struct instruction *inst = NULL;
    for (size_t i = 0; i < file->unit_count; i++) {
        if (file->units[i].inst != NULL && inst != NULL)
            return NULL;
        inst = file->units[i].inst != NULL ? file->units[i].inst : inst;
    }
    bool same = inst != NULL && ignored.errors == 0 && reads_same(edited->meaning, inst);
    return same ? inst : NULL;
}
