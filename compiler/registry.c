#include "registry.h"

#include "head.h"
#include "stage.h"

#include <string.h>

/* An image that is named. */
struct place {
    const struct instruction *inst; /* NULL: the frontend of "# syntax=" */
    size_t flag;                    /* index of the flag that it stands in; SIZE_MAX: FROM's word */
    struct span at;                 /* bytes of the source that change, or the word */
    struct view word;
    struct image_move move;
    struct view text; /* what the whole word, or flag, becomes */
};

struct walk {
    struct arena *arena;
    const struct file *file;
    struct view registry;
    struct stages stages;
    VEC(struct place) places;
};

/* ---- finding them */

/* Note the image at bytes [begin, end) of the joined line, which is a part of a flag or FROM's
 * word, `whole`. */
static void add_place(struct walk *walk, const struct instruction *inst, size_t flag,
                      struct view whole, size_t begin, size_t end)
{
    struct place place = {.inst = inst, .flag = flag};
    place.word = view_slice(inst->joined, begin, end);
    place.move = image_move(walk->arena, place.word, walk->registry);
    place.at = instruction_span(walk->file, inst, begin, end);
    if (place.move.kind == IMAGE_STAYS)
        return;
    if (place.move.kind == IMAGE_MOVES) {
        size_t in_whole = (size_t)(place.word.ptr - whole.ptr);
        size_t from = in_whole + place.move.begin, to = in_whole + place.move.end;
        place.text = view_format(walk->arena, "%.*s%.*s%.*s", (int)from, whole.ptr,
                                 VIEW_ARG(place.move.text), (int)(whole.len - to), whole.ptr + to);
        place.at.begin = instruction_offset(inst, begin + place.move.begin);
        place.at.end = place.at.begin;
        if (place.move.end > place.move.begin)
            place.at.end = instruction_offset(inst, begin + place.move.end - 1) + 1;
    }
    VEC_PUSH(walk->arena, &walk->places, place);
}

/* "FROM build-$TARGETARCH" where there are stages of such names. */
static bool may_be_stage(const struct walk *walk, struct view word)
{
    struct view prefix = view_slice(word, 0, view_find(word, '$', 0));
    for (size_t i = 0; prefix.len > 0 && prefix.len < word.len && i < walk->stages.all.count; i++) {
        struct view name = walk->stages.all.items[i]->name;
        if (name.len > prefix.len && view_equal(view_slice(name, 0, prefix.len), prefix))
            return true;
    }
    return false;
}

static void see_from(struct walk *walk, const struct instruction *inst)
{
    stages_see(&walk->stages, inst);
    if (inst->arg_count == 0 || walk->stages.now == NULL || walk->stages.now->parent != NULL ||
        may_be_stage(walk, inst->args[0]))
        return;
    struct view word = view_slice(inst->joined, inst->args_at, inst->args_at + inst->args[0].len);
    if (view_equal(word, inst->args[0]))
        add_place(walk, inst, SIZE_MAX, word, inst->args_at, inst->args_at + word.len);
}

/* What "from" means where BuildKit does not look for a variable: a stage by its name, in any case
 * (findStateByName), by its number, or an image. */
static bool is_stage(const struct walk *walk, struct view name)
{
    bool number = name.len > 0;
    char *lower = arena_strndup(walk->arena, name.ptr, name.len);
    for (size_t i = 0; i < name.len; i++) {
        number &= is_digit(name.ptr[i]);
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] - 'A' + 'a');
    }
    return number || stages_find(&walk->stages, (struct view){lower, name.len}) != NULL;
}

static void see_source(struct walk *walk, const struct instruction *inst, size_t flag, size_t begin,
                       size_t end)
{
    struct view whole = inst->flags[flag].text;
    struct view name = view_slice(inst->joined, begin, end);
    whole.ptr = inst->joined.ptr + inst->flags[flag].begin;
    if (name.len > 0 && !is_stage(walk, name))
        add_place(walk, inst, flag, whole, begin, end);
}

/* "--from=IMAGE", and "from=IMAGE" of "--mount=type=bind,from=IMAGE". */
static void see_flag(struct walk *walk, const struct instruction *inst, size_t index)
{
    static const char mount[] = "--mount=", from[] = "--from=";
    const struct flag *flag = &inst->flags[index];
    struct view raw = view_slice(inst->joined, flag->begin, flag->end);
    if (!view_equal(raw, flag->text)) /* quotes: nobody writes an image so */
        return;
    if (inst->keyword == KEYWORD_COPY && view_starts(raw, from))
        see_source(walk, inst, index, flag->begin + strlen(from), flag->end);
    if (inst->keyword != KEYWORD_RUN || !view_starts(raw, mount))
        return;
    for (size_t at = strlen(mount); at < raw.len;) {
        size_t end = view_find(raw, ',', at);
        struct view key = view_slice(raw, at, at + view_find(view_slice(raw, at, end), '=', 0));
        if (view_is_nocase(key, "from") && at + key.len < end)
            see_source(walk, inst, index, flag->begin + at + key.len + 1, flag->begin + end);
        at = end + 1;
    }
}

static void see_syntax(struct walk *walk)
{
    struct view text = walk->file->source->text, value = head_detect_syntax(text);
    if (value.ptr == NULL)
        return;
    struct place place = {.word = view_slice(value, 0, view_find(value, ' ', 0))};
    place.move = image_move(walk->arena, place.word, walk->registry);
    size_t begin = (size_t)(value.ptr - text.ptr);
    place.at = (struct span){walk->file->source, begin + place.move.begin, begin + place.move.end};
    if (place.move.kind == IMAGE_MOVES)
        VEC_PUSH(walk->arena, &walk->places, place);
}

static void find_places(struct walk *walk)
{
    stages_init(&walk->stages, walk->arena, walk->file);
    see_syntax(walk);
    for (size_t i = 0; i < walk->file->unit_count; i++) {
        const struct instruction *inst = walk->file->units[i].inst;
        if (inst == NULL || walk->file->units[i].kind != UNIT_INSTRUCTION)
            continue;
        if (inst->keyword == KEYWORD_FROM)
            see_from(walk, inst);
        else if (inst->keyword == KEYWORD_ARG && walk->stages.now == NULL)
            stages_see(&walk->stages, inst);
        for (size_t k = 0; k < inst->flag_count; k++)
            see_flag(walk, inst, k);
    }
}

bool registry_look(struct arena *arena, const struct file *file, struct view registry,
                   struct diag_list *diags)
{
    struct walk walk = {.arena = arena, .file = file, .registry = registry};
    bool moves = false;
    find_places(&walk);
    for (size_t i = 0; i < walk.places.count; i++) {
        const struct place *place = &walk.places.items[i];
        moves |= place->move.kind == IMAGE_MOVES;
        if (place->move.kind != IMAGE_UNKNOWN)
            continue;
        struct diag *diag =
            diag_add(diags, DIAG_NOTE, "registry", place->at,
                     "'%.*s' is for docker build to know: dfc.registry leaves it as it is",
                     VIEW_ARG(place->word));
        diag_help(diag, "name the registry in the default of the variable");
    }
    return moves;
}

/* ---- changing them */

static struct view changed_text(const struct walk *walk, struct view text)
{
    struct str out;
    str_init(&out, walk->arena);
    size_t at = 0;
    for (size_t i = 0; i < walk->places.count; i++) {
        const struct place *place = &walk->places.items[i];
        if (place->move.kind != IMAGE_MOVES)
            continue;
        str_add(&out, view_slice(text, at, place->at.begin));
        str_add(&out, place->move.text);
        at = place->at.end;
    }
    str_add(&out, view_slice(text, at, text.len));
    return str_view(&out);
}

/* What is to be read in place of a part of an instruction; NULL: the part itself. */
static const struct view *change_of(const struct walk *walk, const struct instruction *inst,
                                    size_t flag)
{
    for (size_t i = 0; i < walk->places.count; i++)
        if (walk->places.items[i].inst == inst && walk->places.items[i].flag == flag &&
            walk->places.items[i].move.kind == IMAGE_MOVES)
            return &walk->places.items[i].text;
    return NULL;
}

static bool reads_as_meant(const struct walk *walk, const struct instruction *old,
                           const struct instruction *new)
{
    if (old->keyword != new->keyword || old->flag_count != new->flag_count ||
        old->arg_count != new->arg_count || old->heredoc_count != new->heredoc_count)
        return false;
    bool same = true;
    for (size_t i = 0; i < old->flag_count; i++) {
        const struct view *change = change_of(walk, old, i);
        same &= view_equal(change == NULL ? old->flags[i].text : *change, new->flags[i].text);
    }
    for (size_t i = 0; i < old->arg_count; i++) {
        const struct view *change = i == 0 ? change_of(walk, old, SIZE_MAX) : NULL;
        same &= view_equal(change == NULL ? old->args[i] : *change, new->args[i]);
    }
    for (size_t i = 0; i < old->heredoc_count; i++)
        same &= view_equal(old->heredocs[i].body, new->heredocs[i].body);
    return same;
}

static bool is_proved(const struct walk *walk, struct view text)
{
    struct diag_list found;
    diag_list_init(&found, walk->arena);
    const struct file *new =
        parse_file(walk->arena, source_new(walk->arena, "output", text), &found);
    bool same = found.errors == 0 && new->unit_count == walk->file->unit_count;
    for (size_t i = 0; same && i < new->unit_count; i++) {
        const struct unit *a = &walk->file->units[i], *b = &new->units[i];
        same = a->kind == b->kind && (a->inst == NULL || reads_as_meant(walk, a->inst, b->inst));
    }
    return same;
}

struct view registry_apply(struct arena *arena, struct view text, struct view registry,
                           struct diag_list *diags)
{
    struct walk walk = {.arena = arena, .registry = registry};
    struct diag_list found;
    diag_list_init(&found, arena);
    walk.file = parse_file(arena, source_new(arena, "output", text), &found);
    find_places(&walk);
    struct view changed = changed_text(&walk, text);
    if (is_proved(&walk, changed))
        return changed;
    diag_add(diags, DIAG_ERROR, "internal", (struct span){NULL, 0, 0},
             "the images from %.*s would make another Dockerfile", VIEW_ARG(registry));
    diags->limit_reached = true;
    return text;
}
