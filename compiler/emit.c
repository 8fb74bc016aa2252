#include "emit.h"

#include "check.h"
#include "emit_header.h"
#include "registry.h"

#include <string.h>

struct emitter {
    struct arena *arena;
    const struct expanded *expanded;
    const struct file *file;
    struct diag_list *diags;
    struct header header;
    struct str out;
};

static struct view unit_text(const struct emitter *e, size_t index)
{
    const struct unit *unit = &e->file->units[index];
    size_t begin = index == 0 ? e->file->head.after_bom : unit->begin;
    return view_slice(e->file->source->text, begin, unit->end);
}

static void add_chunk(struct emitter *e, const struct chunk *chunk)
{
    if (chunk != NULL)
        str_add(&e->out, str_view(&chunk->text));
}

static void add_unit(struct emitter *e, size_t index)
{
    const struct unit_output *output = &e->expanded->units[index];
    add_chunk(e, output->before);
    if (output->instead != NULL)
        add_chunk(e, output->instead);
    else
        str_add(&e->out, unit_text(e, index));
    add_chunk(e, output->after);
}

/* A text that goes on behind the last line needs that line's end. */
static void add_all(struct emitter *e)
{
    struct view text = e->file->source->text;
    str_add(&e->out, view_slice(text, 0, e->file->head.after_bom));
    for (size_t i = 0; i <= e->file->unit_count; i++) {
        if (i == e->header.syntax_before)
            str_add(&e->out, e->header.syntax_line);
        if (i == e->header.banner_before)
            str_add(&e->out, e->header.banner);
        if (i < e->file->unit_count)
            add_unit(e, i);
    }
}

static bool is_changed(const struct expanded *expanded)
{
    for (size_t i = 0; i < expanded->file->unit_count; i++) {
        const struct unit_output *output = &expanded->units[i];
        if (output->before != NULL || output->instead != NULL || output->after != NULL)
            return true;
    }
    return false;
}

/* ---- the proof */

struct proof {
    const struct file *file; /* the output, parsed */
    size_t next;             /* unit to look at */
    struct arena *arena;
    struct diag_list *diags;
    struct span origin; /* what the instructions looked at come from */
};

static const struct instruction *next_instruction(struct proof *proof)
{
    while (proof->next < proof->file->unit_count) {
        const struct unit *unit = &proof->file->units[proof->next++];
        if (unit->kind == UNIT_INSTRUCTION || unit->kind == UNIT_DIRECTIVE)
            return unit->inst;
    }
    return NULL;
}

static bool same_heredocs(const struct instruction *a, const struct instruction *b)
{
    if (a->heredoc_count != b->heredoc_count)
        return false;
    for (size_t i = 0; i < a->heredoc_count; i++)
        if (!view_equal(a->heredocs[i].body, b->heredocs[i].body) ||
            !view_equal(a->heredocs[i].word.name, b->heredocs[i].word.name))
            return false;
    return true;
}

static bool same_instruction(const struct instruction *a, const struct instruction *b)
{
    if (b == NULL || a->keyword != b->keyword || a->flag_count != b->flag_count)
        return false;
    for (size_t i = 0; i < a->flag_count; i++)
        if (!view_equal(a->flags[i].text, b->flags[i].text))
            return false;
    return view_equal(a->args_raw, b->args_raw) && same_heredocs(a, b);
}

static bool is_as_meant(const struct meant *meant, const struct instruction *inst)
{
    if (meant->same != NULL)
        return same_instruction(meant->same, inst);
    if (inst == NULL || inst->keyword != meant->keyword || inst->flag_count != meant->flags.count ||
        !view_equal(inst->args_raw, meant->args) || inst->json != meant->json)
        return false;
    for (size_t i = 0; i < inst->flag_count; i++)
        if (!view_equal(inst->flags[i].text, meant->flags.items[i]))
            return false;
    if (meant->body.ptr == NULL)
        return inst->heredoc_count == 0;
    return inst->heredoc_count == 1 && view_equal(inst->heredocs[0].body, meant->body);
}

/* A generated instruction that BuildKit would refuse, such as one with a flag that the user has
 * handed through: said where it comes from. */
static void check_generated(struct proof *proof, const struct instruction *inst)
{
    struct diag_list found;
    diag_list_init(&found, proof->arena);
    check_instruction(proof->arena, proof->file, inst, &found);
    for (size_t i = 0; i < found.all.count; i++)
        diag_add(proof->diags, DIAG_ERROR, found.all.items[i]->code, proof->origin,
                 "this becomes an instruction that BuildKit refuses: %.*s",
                 VIEW_ARG(found.all.items[i]->message));
}

static bool prove_chunk(struct proof *proof, const struct chunk *chunk)
{
    for (size_t i = 0; chunk != NULL && i < chunk->meants.count; i++) {
        const struct instruction *inst = next_instruction(proof);
        if (!is_as_meant(&chunk->meants.items[i], inst))
            return false;
        if (proof->file->units[proof->next - 1].kind == UNIT_INSTRUCTION)
            check_generated(proof, inst); /* a directive that was mended is for no BuildKit */
    }
    return true;
}

static bool prove_unit(struct emitter *e, struct proof *proof, size_t index)
{
    const struct unit_output *output = &e->expanded->units[index];
    const struct instruction *inst = e->file->units[index].inst;
    proof->origin = unit_span(e->file, &e->file->units[index]);
    if (!prove_chunk(proof, output->before) || !prove_chunk(proof, output->instead))
        return false;
    if (output->instead == NULL && inst != NULL && !same_instruction(inst, next_instruction(proof)))
        return false;
    return prove_chunk(proof, output->after);
}

/* Parse the output and compare it with what was meant, unit by unit. */
static void prove(struct emitter *e)
{
    struct diag_list found;
    diag_list_init(&found, e->arena);
    struct source *source = source_new(e->arena, "output", str_view(&e->out));
    struct proof proof = {
        .file = parse_file(e->arena, source, &found), .arena = e->arena, .diags = e->diags};
    for (size_t i = 0; i < e->file->unit_count; i++) {
        if (prove_unit(e, &proof, i))
            continue;
        diag_add(e->diags, DIAG_ERROR, "internal", unit_span(e->file, &e->file->units[i]),
                 "what is generated here would be read as something else by BuildKit");
        e->diags->limit_reached = true;
        return;
    }
    if (next_instruction(&proof) != NULL || found.errors > 0) {
        diag_add(e->diags, DIAG_ERROR, "internal", (struct span){NULL, 0, 0},
                 "the result is not the Dockerfile that was meant");
        e->diags->limit_reached = true;
    }
}

struct view emit_file(struct arena *arena, const struct expanded *expanded,
                      const struct emit_options *options, struct diag_list *diags)
{
    struct emitter e = {
        .arena = arena, .expanded = expanded, .file = expanded->file, .diags = diags};
    bool moves = expanded->registry.len > 0 &&
                 registry_look(arena, expanded->file, expanded->registry, diags);
    if (!is_changed(expanded) && !moves)
        return expanded->file->source->text;
    str_init(&e.out, arena);
    header_make(arena, expanded, options, diags, &e.header);
    if (options->no_header)
        e.header = (struct header){VIEW(""), VIEW(""), 0, 0};
    add_all(&e);
    prove(&e);
    if (expanded->registry.len == 0 || diags->limit_reached)
        return str_view(&e.out);
    return registry_apply(arena, str_view(&e.out), expanded->registry, diags);
}
