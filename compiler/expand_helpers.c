#include "expand_helpers.h"

#include "head.h"

#include <string.h>

/* ---- COPY --from=0 */

static bool is_number(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]))
            return false;
    return text.len > 0;
}

/* "@jdk": the directive that wants the stage. */
static struct view directive_text(const struct helper_stage *helper)
{
    return view_slice(helper->asked_at.source->text, helper->asked_at.begin, helper->asked_at.end);
}

static void check_numbers(const struct file *file, const struct instruction *inst,
                          const struct helper_stage *helper, struct diag_list *diags)
{
    for (size_t i = 0; inst->keyword == KEYWORD_COPY && i < inst->flag_count; i++) {
        const struct flag *flag = &inst->flags[i];
        if (!view_starts(flag->text, "--from=") ||
            !is_number(view_slice(flag->text, strlen("--from="), flag->text.len)))
            continue;
        struct diag *diag = diag_add(diags, DIAG_ERROR, "numbered-stage",
                                     instruction_span(file, inst, flag->begin, flag->end),
                                     "'%.*s' counts stages, and %.*s puts one before them",
                                     VIEW_ARG(flag->text), VIEW_ARG(directive_text(helper)));
        diag_help(diag, "name the stage: FROM … AS build, and COPY --from=build");
    }
}

/* ---- writing */

static void add_variables(struct chunk *chunk, const struct style *style,
                          const struct helper_stage *helper)
{
    unsigned used = 0, declared = 0;
    for (size_t i = 0; i < helper->nodes.count; i++) {
        used |= node_variables(helper->nodes.items[i]) & ~declared;
        declared |= node_declared_variables(helper->nodes.items[i]);
    }
    for (size_t i = 0; i < PLATFORM_VARIABLES; i++)
        if ((used & 1U << i) != 0)
            chunk_add_arg(chunk, style, view_of(platform_variables[i]));
}

static void add_helper(struct expanded *expanded, struct chunk *chunk, const struct style *style,
                       const struct helper_stage *asked, const struct lowering *to)
{
    struct helper_stage lowered = *asked, *helper = &lowered;
    struct lowering lowering = *to;
    struct view text = directive_text(asked);
    lowering.at = asked->asked_at;
    lowering.directive = view_slice(text, view_starts(text, "@") ? 1 : 0, text.len);
    builder_lower(&lowering, &helper->nodes);
    chunk_add_from(chunk, style, helper->from, helper->name);
    add_variables(chunk, style, helper);
    for (size_t i = 0; i < helper->nodes.count; i++) {
        expanded_need(expanded, helper->nodes.items[i]);
        chunk_add_node(chunk, style, helper->nodes.items[i]);
    }
}

static bool is_from(const struct unit *unit)
{
    return unit->kind == UNIT_INSTRUCTION && unit->inst->keyword == KEYWORD_FROM;
}

/* The unit before which helper stages go: the first behind the head of the file and all that can
 * stand before FROM and is no comment or blank line. */
static size_t place_for_helpers(struct arena *arena, const struct file *file)
{
    size_t place = head_unit_count(arena, file);
    for (size_t i = place; i < file->unit_count && !is_from(&file->units[i]); i++)
        if (file->units[i].kind == UNIT_INSTRUCTION || file->units[i].kind == UNIT_DIRECTIVE)
            place = i + 1;
    return place;
}

/* Whether a comment of the user stands last before the place: with a core word between it and the
 * first FROM, which leaves nothing. BuildKit would take it for the description of what follows. */
static bool is_behind_comment(struct arena *arena, const struct expanded *expanded, size_t place)
{
    size_t head = head_unit_count(arena, expanded->file);
    for (size_t i = place; i > head; i--) {
        const struct unit *unit = &expanded->file->units[i - 1];
        if (unit->kind == UNIT_COMMENT)
            return true;
        if (unit->kind != UNIT_BLANK && unit->kind != UNIT_DIRECTIVE)
            return false;
    }
    return false;
}

void helpers_place(struct expanded *expanded, const struct style *style,
                   const struct helper_stages *helpers, enum builder builder,
                   struct diag_list *diags)
{
    const struct file *file = expanded->file;
    const struct lowering lowering = {.arena = style->arena, .diags = diags, .builder = builder};
    if (helpers->count == 0)
        return;
    for (size_t i = 0; i < file->unit_count; i++)
        if (file->units[i].kind == UNIT_INSTRUCTION)
            check_numbers(file, file->units[i].inst, helpers->items[0], diags);
    size_t place = place_for_helpers(style->arena, file);
    struct chunk *chunk = expanded->units[place].before;
    if (chunk == NULL)
        chunk = expanded->units[place].before = chunk_new(style);
    if (is_behind_comment(style->arena, expanded, place))
        chunk_add_comment(chunk, style, VIEW("\n"));
    for (size_t i = 0; i < helpers->count; i++) {
        str_addz(&chunk->text, style->newline);
        add_helper(expanded, chunk, style, helpers->items[i], &lowering);
    }
    if (file->units[place].kind != UNIT_BLANK)
        str_addz(&chunk->text, style->newline);
}
