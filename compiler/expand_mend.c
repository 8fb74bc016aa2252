#include "expand_mend.h"

/* The fix that begins first at or behind `at`; they do not overlap. */
static const struct directive_fix *next_fix(const struct expansion *e, size_t at)
{
    const struct directive_fix *next = NULL;
    for (size_t i = 0; i < e->fixes.count; i++) {
        const struct directive_fix *fix = &e->fixes.items[i];
        if (fix->at.begin >= at && (next == NULL || fix->at.begin < next->at.begin))
            next = fix;
    }
    return next;
}

static struct view mended_text(const struct file *file, const struct unit *unit,
                               const struct style *style, const struct expansion *e)
{
    struct view text = file->source->text;
    struct str out;
    str_init(&out, style->arena);
    size_t at = unit->begin;
    if (at == 0)
        at = file->head.after_bom;
    for (const struct directive_fix *fix; (fix = next_fix(e, at)) != NULL; at = fix->at.end) {
        str_add(&out, view_slice(text, at, fix->at.begin));
        str_add(&out, fix->text);
    }
    str_add(&out, view_slice(text, at, unit->end));
    return str_view(&out);
}

/* The directive that the text is, or NULL: it is something else. */
static const struct instruction *read_directive(const struct style *style, struct view text)
{
    /* The escape character is a matter of the file, so it is said again here. */
    struct view whole =
        view_format(style->arena, "# escape=%c\n%.*s", style->escape, VIEW_ARG(text));
    struct diag_list found;
    diag_list_init(&found, style->arena);
    const struct file *file = parse_file(style->arena, source_new(style->arena, "", whole), &found);
    const struct instruction *inst = NULL;
    for (size_t i = 0; i < file->unit_count; i++) {
        if (file->units[i].inst == NULL)
            continue;
        if (inst != NULL || file->units[i].kind != UNIT_DIRECTIVE)
            return NULL;
        inst = file->units[i].inst;
    }
    return found.errors == 0 ? inst : NULL;
}

void expand_mend(struct expanded *expanded, size_t index, const struct style *style,
                 const struct expansion *e, struct diag_list *diags)
{
    if (e->fixes.count == 0)
        return;
    struct view text = mended_text(expanded->file, &expanded->file->units[index], style, e);
    const struct instruction *inst = read_directive(style, text);
    if (inst == NULL) {
        diag_add(diags, DIAG_ERROR, "bad-edit", e->directive->name_at,
                 "the fix of @%.*s would make something else of this directive",
                 VIEW_ARG(e->directive->name));
        return;
    }
    expanded->units[index].instead = chunk_new(style);
    chunk_add_plain(expanded->units[index].instead, style, text, inst);
}
