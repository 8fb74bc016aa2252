/*
 * What holds for the tree of every text, right or wrong: the units tile it, and the way from the
 * joined text of an instruction back to the source leads to the same bytes. Shared by the vectors,
 * the fuzzers and the unit tests.
 */
#ifndef DFC_TESTS_TILING_H
#define DFC_TESTS_TILING_H

#include "parse.h"

#include <string.h>

/* NULL, or what is wrong with the pieces of an instruction in bytes [begin, end). */
static inline const char *tiling_of_pieces(struct view text, const struct unit *unit)
{
    const struct instruction *inst = unit->inst;
    if (inst->piece_count == 0 || inst->pieces[0].joined != 0)
        return "the pieces do not begin with the joined text";
    size_t last = unit->begin;
    for (size_t i = 0; i < inst->piece_count; i++) {
        size_t begin = inst->pieces[i].joined, source = inst->pieces[i].source;
        bool is_last = i + 1 == inst->piece_count;
        size_t end = is_last ? inst->joined.len : inst->pieces[i + 1].joined;
        if (begin > end || end > inst->joined.len)
            return "the pieces do not tile the joined text";
        if (source < last || unit->end - source < end - begin)
            return "the pieces are not in order within their unit";
        if (end > begin && memcmp(inst->joined.ptr + begin, text.ptr + source, end - begin) != 0)
            return "a piece differs from the source";
        last = source + (end - begin);
    }
    return NULL;
}

/* NULL, or what is wrong with where the parts of an instruction say they stand. */
static inline const char *tiling_of_parts(const struct instruction *inst)
{
    for (; inst != NULL; inst = inst->sub) {
        struct view joined = inst->joined;
        if (inst->name_at > joined.len || inst->name.len > joined.len - inst->name_at)
            return "the name is not within the joined text";
        if (inst->args_at > joined.len || inst->args_raw.len > joined.len - inst->args_at ||
            !view_equal(inst->args_raw,
                        view_slice(joined, inst->args_at, inst->args_at + inst->args_raw.len)))
            return "the arguments do not stand where args_at says";
        size_t at = inst->name_at;
        for (size_t i = 0; i < inst->flag_count; i++) {
            const struct flag *flag = &inst->flags[i];
            if (flag->begin < at || flag->end < flag->begin || flag->end > joined.len)
                return "a flag is out of order";
            at = flag->end;
        }
    }
    return NULL;
}

/* NULL, or what is wrong with the heredocs of a unit. */
static inline const char *tiling_of_heredocs(struct view text, const struct unit *unit)
{
    size_t at = unit->begin;
    for (size_t i = 0; i < unit->inst->heredoc_count; i++) {
        const struct heredoc *heredoc = &unit->inst->heredocs[i];
        if (heredoc->begin < at || heredoc->end < heredoc->begin ||
            heredoc->terminator_end < heredoc->end || heredoc->terminator_end > unit->end)
            return "a heredoc is not within its unit";
        if (!view_equal(heredoc->body, view_slice(text, heredoc->begin, heredoc->end)))
            return "a heredoc's body differs from the source";
        at = heredoc->terminator_end;
    }
    return NULL;
}

/* NULL, or what is wrong with the tree of a file. */
static inline const char *tiling_error(const struct file *file)
{
    struct view text = file->source->text;
    size_t at = 0, line = 1;
    for (size_t i = 0; i < file->unit_count; i++) {
        const struct unit *unit = &file->units[i];
        if (unit->begin != at || unit->end <= at || unit->end > text.len)
            return "the units do not tile the text";
        if (unit->line != line || unit->end_line < line)
            return "a unit has a wrong line number";
        for (; at < unit->end; at++)
            line += text.ptr[at] == '\n';
        bool has_inst = unit->kind == UNIT_INSTRUCTION || unit->kind == UNIT_DIRECTIVE;
        if (has_inst != (unit->inst != NULL))
            return "a unit's kind does not fit its instruction";
        const char *error = NULL;
        if (has_inst && (error = tiling_of_pieces(text, unit)) == NULL &&
            (error = tiling_of_parts(unit->inst)) == NULL)
            error = tiling_of_heredocs(text, unit);
        if (error != NULL)
            return error;
    }
    return at == text.len ? NULL : "the units do not reach the end of the text";
}

#endif
