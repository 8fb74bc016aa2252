#include "diff.h"

enum { CONTEXT = 3 };

struct lines {
    struct view *items; /* with their line ends */
    size_t count, capacity;
};

/* What is done to the lines of `from`, one letter a step: ' ' keep, '-' remove, '+' add. */
struct script {
    char *items;
    size_t count, capacity;
};

static void split(struct arena *arena, struct view text, struct lines *lines)
{
    for (size_t at = 0; at < text.len;) {
        size_t end = view_find(text, '\n', at);
        end += end < text.len;
        VEC_PUSH(arena, lines, view_slice(text, at, end));
        at = end;
    }
}

static void push(struct arena *arena, struct script *script, char step, size_t count)
{
    for (size_t i = 0; i < count; i++)
        VEC_PUSH(arena, script, step);
}

/* ---- Myers' greedy search for the shortest script (An O(ND) Difference Algorithm, 1986) ---- */

/* The part of both texts that is left between their equal beginnings and ends. */
struct middle {
    const struct view *from, *to;
    long from_count, to_count;
};

/* Furthest line of `from` reached on each diagonal (line of `from` less line of `to`) with a number
 * of edits; the rows of all numbers are kept for the way back. */
struct search {
    struct arena *arena;
    struct middle middle;
    VEC(long *) rows; /* row d has the diagonals -d … d */
};

/* The best start on diagonal `k` for `d` edits: a line removed, or one added. */
static long step(const struct search *search, long d, long k, bool *added)
{
    const long *before = search->rows.items[d - 1] + (d - 1);
    *added = k == -d || (k != d && before[k - 1] < before[k + 1]);
    return *added ? before[k + 1] : before[k - 1] + 1;
}

static long slide(const struct middle *m, long x, long k)
{
    while (x < m->from_count && x - k < m->to_count && view_equal(m->from[x], m->to[x - k]))
        x++;
    return x;
}

/* The number of edits, or -1 when there are too many. */
static long search_edits(struct search *search)
{
    const struct middle *m = &search->middle;
    for (long d = 0; d <= DIFF_EDITS_MAX; d++) {
        long *row = arena_zalloc(search->arena, (size_t)(2 * d + 1), sizeof(*row));
        VEC_PUSH(search->arena, &search->rows, row);
        for (long k = -d; k <= d; k += 2) {
            bool added;
            long x = d == 0 ? 0 : step(search, d, k, &added);
            /* Beyond an end there is nothing to compare; such a way leads nowhere. */
            row[d + k] = x <= m->from_count && x - k <= m->to_count ? slide(m, x, k) : x;
            if (row[d + k] >= m->from_count && row[d + k] - k >= m->to_count &&
                k == m->from_count - m->to_count)
                return d;
        }
    }
    return -1;
}

/* The way back from the end gives the script from its last step to its first. */
static void trace(const struct search *search, long d, struct script *backwards)
{
    long k = search->middle.from_count - search->middle.to_count;
    long x = search->middle.from_count;
    for (; d > 0; d--) {
        bool added;
        long start = step(search, d, k, &added);
        push(search->arena, backwards, ' ', (size_t)(x - start));
        push(search->arena, backwards, added ? '+' : '-', 1);
        x = added ? start : start - 1;
        k += added ? 1 : -1;
    }
    push(search->arena, backwards, ' ', (size_t)x);
}

static void add_middle(struct arena *arena, const struct middle *middle, struct script *script)
{
    struct search search = {.arena = arena, .middle = *middle};
    struct script backwards = {0};
    long edits = search_edits(&search);
    if (edits < 0) {
        push(arena, script, '-', (size_t)middle->from_count);
        push(arena, script, '+', (size_t)middle->to_count);
        return;
    }
    trace(&search, edits, &backwards);
    while (backwards.count > 0)
        VEC_PUSH(arena, script, backwards.items[--backwards.count]);
}

static void compare(struct arena *arena, const struct lines *from, const struct lines *to,
                    struct script *script)
{
    size_t shorter = from->count < to->count ? from->count : to->count, head = 0, tail = 0;
    while (head < shorter && view_equal(from->items[head], to->items[head]))
        head++;
    while (tail < shorter - head &&
           view_equal(from->items[from->count - 1 - tail], to->items[to->count - 1 - tail]))
        tail++;
    push(arena, script, ' ', head);
    struct middle middle = {from->count == 0 ? NULL : from->items + head,
                            to->count == 0 ? NULL : to->items + head,
                            (long)(from->count - head - tail), (long)(to->count - head - tail)};
    add_middle(arena, &middle, script);
    push(arena, script, ' ', tail);
}

/* ---- writing ---- */

struct writer {
    struct str *out;
    const struct lines *from, *to;
    const struct script *script;
    size_t from_at, to_at; /* lines before the step */
};

static void add_line(struct writer *w, char step, struct view line)
{
    str_addc(w->out, step);
    str_add(w->out, line);
    if (!view_ends(line, "\n"))
        str_addz(w->out, "\n\\ No newline at end of file\n");
}

/* "12,3" as in "@@ -12,3 +12,4 @@": an empty range names the line before it. */
static void add_range(struct str *out, size_t lines_before, size_t count)
{
    str_addf(out, "%zu", count == 0 ? lines_before : lines_before + 1);
    if (count != 1)
        str_addf(out, ",%zu", count);
}

static void add_hunk_head(struct writer *w, size_t begin, size_t end)
{
    size_t from_count = 0, to_count = 0;
    for (size_t i = begin; i < end; i++) {
        from_count += w->script->items[i] != '+';
        to_count += w->script->items[i] != '-';
    }
    str_addz(w->out, "@@ -");
    add_range(w->out, w->from_at, from_count);
    str_addz(w->out, " +");
    add_range(w->out, w->to_at, to_count);
    str_addz(w->out, " @@\n");
}

static void skip_step(struct writer *w, char step)
{
    w->from_at += step != '+';
    w->to_at += step != '-';
}

/* Steps [begin, end), and the lines that they are about. */
static void add_hunk(struct writer *w, size_t begin, size_t end)
{
    add_hunk_head(w, begin, end);
    for (size_t i = begin; i < end; i++) {
        char step = w->script->items[i];
        add_line(w, step, step == '+' ? w->to->items[w->to_at] : w->from->items[w->from_at]);
        skip_step(w, step);
    }
}

/* The end of the hunk whose first changed step is `at`: where nothing changes for twice the
 * context. */
static size_t hunk_end(const struct script *script, size_t at)
{
    size_t last = at;
    for (; at < script->count && at - last <= 2 * CONTEXT + 1; at++)
        if (script->items[at] != ' ')
            last = at;
    size_t end = last + 1 + CONTEXT;
    return end < script->count ? end : script->count;
}

static void add_hunks(struct writer *w)
{
    size_t done = 0;
    for (size_t at = 0; at < w->script->count; at++) {
        if (w->script->items[at] == ' ')
            continue;
        size_t begin = at > done + CONTEXT ? at - CONTEXT : done;
        for (; done < begin; done++)
            skip_step(w, w->script->items[done]);
        done = hunk_end(w->script, at);
        add_hunk(w, begin, done);
        at = done - 1;
    }
}

void diff_unified(struct str *out, struct view from, struct view to, const char *from_name,
                  const char *to_name)
{
    if (view_equal(from, to))
        return;
    struct lines from_lines = {0}, to_lines = {0};
    struct script script = {0};
    split(out->arena, from, &from_lines);
    split(out->arena, to, &to_lines);
    compare(out->arena, &from_lines, &to_lines, &script);
    str_addf(out, "--- %s\n+++ %s\n", from_name, to_name);
    struct writer writer = {.out = out, .from = &from_lines, .to = &to_lines, .script = &script};
    add_hunks(&writer);
}
