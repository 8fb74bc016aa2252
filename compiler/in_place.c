#include "in_place.h"

#include "path.h"
#include "regex.h"
#include "rewrite.h"

static const char CODE[] = "in-place-cache";

static bool uses_in_place(const struct node_list *nodes)
{
    for (size_t i = 0; i < nodes->count; i++)
        for (size_t k = 0; k < nodes->items[i]->run.mounts.count; k++)
            if (nodes->items[i]->run.mounts.items[k]->in_place)
                return true;
    return false;
}

/* The places of an earlier use, perhaps by another user, are of no interest any more. */
static void forget(struct stage *stage, const struct rule *rule)
{
    size_t kept = 0;
    for (size_t i = 0; i < stage->in_place.count; i++)
        if (stage->in_place.items[i].rule != rule)
            stage->in_place.items[kept++] = stage->in_place.items[i];
    stage->in_place.count = kept;
}

void in_place_add(struct arena *arena, struct stage *stage, const struct directive *directive,
                  const struct node_list *nodes)
{
    if (directive->rule->tools.count == 0 || !uses_in_place(nodes))
        return;
    forget(stage, directive->rule);
    for (size_t i = 0; i < nodes->count; i++) {
        const struct run *run = &nodes->items[i]->run;
        for (size_t k = 0; k < run->mounts.count; k++) {
            struct stage_cache cache = {run->mounts.items[k]->target, directive->rule,
                                        directive->name};
            if (run->mounts.items[k]->in_place)
                VEC_PUSH(arena, &stage->in_place, cache);
        }
    }
}

/* "./mvnw" and "/usr/bin/mvn" are tools of @mvn. */
static bool is_tool(const struct rule *rule, struct view program)
{
    for (size_t i = 0; i < rule->tools.count; i++)
        if (view_equal(path_base(rule->tools.items[i]), path_base(program)))
            return true;
    return false;
}

/* "go version", "mvn --version": nothing is built. */
static bool only_tells(const struct shell_command *command)
{
    static const char *const words[] = {"-h",       "--help",  "help", "-v",       "-V",
                                        "-version", "version", "env",  "--version"};
    for (size_t i = 0; command->word_count == 2 && i < sizeof(words) / sizeof(words[0]); i++)
        if (view_is(command->words[1].text, words[i]))
            return true;
    return false;
}

static bool reads_cache(const struct rule *rule, const struct run_view *run, size_t index)
{
    const struct shell_command *command = &run->commands.items[index];
    struct regex_groups groups;
    if (command->word_count == 0 || !is_tool(rule, command->words[0].text) || only_tells(command))
        return false;
    if (rule->reads == NULL)
        return true;
    /* The pattern is about the tool's name, not about where it is. */
    struct view line = run->lines[index], program = command->words[0].text;
    line = view_slice(line, program.len - path_base(program).len, line.len);
    return line.len <= REGEX_SUBJECT_MAX &&
           regex_match(rule->reads, line, 0, &groups) == REGEX_MATCH;
}

/* The first command that uses the tools of the rule, or NULL. */
static const struct shell_command *find_use(const struct rule *rule, const struct run_view *run)
{
    for (size_t i = 0; i < run->commands.count; i++)
        if (reads_cache(rule, run, i))
            return &run->commands.items[i];
    return NULL;
}

/* What the instruction looks at. */
struct looking {
    const struct file *file;
    size_t unit;
    const struct run_view *run; /* with the commands as written … */
    const struct run_view *now; /* … and with the mounts of what has become of it */
    const struct stage *stage;
    struct diag_list *diags;
};

/* What to write instead of a RUN. */
static void help_run(struct diag *diag, const struct looking *l, struct view directive,
                     const struct shell_command *command)
{
    const struct run_view *run = l->run;
    struct view program = command->words[0].text, exe = VIEW("");
    if (run->kind == RUN_SCRIPT) {
        diag_help(diag, "write @%.*s in place of RUN, with the script as it is",
                  VIEW_ARG(directive));
        return;
    }
    if (command != &run->commands.items[0] || command->nested || command->has_sudo) {
        diag_help(diag, "write @%.*s <<EOF, with the commands as its script", VIEW_ARG(directive));
        return;
    }
    if (!view_equal(program, directive))
        exe = view_format(diag->arena, " --exe=%.*s", VIEW_ARG(program));
    diag_help(diag, "write @%.*s%.*s in place of RUN %.*s", VIEW_ARG(directive), VIEW_ARG(exe),
              VIEW_ARG(program));
}

/* "/a, /b and /c" */
static struct view join(struct arena *arena, const struct name_list *names)
{
    struct str text;
    str_init(&text, arena);
    for (size_t i = 0; i < names->count; i++) {
        if (i > 0)
            str_addz(&text, i + 1 == names->count ? " and " : ", ");
        str_add(&text, names->items[i]);
    }
    return str_view(&text);
}

static void report(const struct looking *l, const struct stage_cache *cache,
                   const struct shell_command *command, struct view targets)
{
    struct view program = command->words[0].text;
    const struct instruction *inst = l->run->unit->inst;
    struct diag *diag = diag_add(
        l->diags, DIAG_NOTE, CODE,
        run_view_span(l->run, command->words[0].begin, command->words[0].end),
        "'%.*s' runs without the cache at %.*s, which @%.*s has filled: it is not in the image",
        VIEW_ARG(program), VIEW_ARG(targets), VIEW_ARG(cache->directive));
    if (inst->keyword == KEYWORD_RUN)
        help_run(diag, l, cache->directive, command);
    else
        diag_help(diag, "a container has no cache mount: let %s start what @%.*s has built",
                  keyword_info(inst->keyword)->upper, VIEW_ARG(cache->directive));
}

/* Whether a cache before this one is the same. */
static bool is_again(const struct stage *stage, size_t index)
{
    const struct stage_cache *cache = &stage->in_place.items[index];
    for (size_t i = 0; i < index; i++)
        if (stage->in_place.items[i].rule == cache->rule &&
            view_equal(stage->in_place.items[i].target, cache->target))
            return true;
    return false;
}

static bool is_silenced(const struct file *file, size_t unit, struct arena *arena)
{
    struct name_list ignored = {0};
    rewrite_find_global_ignores(arena, file, &ignored);
    return rewrite_is_silenced(file, unit, view_of(CODE)) || name_list_has(&ignored, view_of(CODE));
}

/* One note for each directive whose caches are missing. */
static void look_for(const struct looking *l, size_t first)
{
    const struct stage_cache *cache = &l->stage->in_place.items[first];
    struct name_list targets = {0};
    const struct shell_command *command = find_use(cache->rule, l->run);
    for (size_t i = first; command != NULL && i < l->stage->in_place.count; i++) {
        const struct stage_cache *other = &l->stage->in_place.items[i];
        if (other->rule != cache->rule || is_again(l->stage, i) ||
            run_view_has_mount(l->now, other->target))
            continue;
        VEC_PUSH(l->diags->arena, &targets, other->target);
    }
    if (targets.count > 0 && !is_silenced(l->file, l->unit, l->diags->arena))
        report(l, cache, command, join(l->diags->arena, &targets));
}

void in_place_check(const struct file *file, size_t unit, const struct instruction *now,
                    const struct stage *stage, struct diag_list *diags)
{
    const struct instruction *inst = file->units[unit].inst;
    bool starts = inst->keyword == KEYWORD_CMD || inst->keyword == KEYWORD_ENTRYPOINT;
    if (stage == NULL || stage->in_place.count == 0 || (inst->keyword != KEYWORD_RUN && !starts) ||
        !stage->shell_is_posix)
        return;
    struct run_view run, with_mounts;
    run_view_make(diags->arena, file, &file->units[unit], stage, &run);
    struct unit changed = file->units[unit];
    changed.inst = (struct instruction *)(uintptr_t)now;
    with_mounts = run;
    with_mounts.unit = &changed;
    struct looking looking = {file, unit, &run, &with_mounts, stage, diags};
    for (size_t i = 0; i < stage->in_place.count; i++) {
        bool first = true;
        for (size_t k = 0; k < i; k++)
            first = first && stage->in_place.items[k].rule != stage->in_place.items[i].rule;
        if (first)
            look_for(&looking, i);
    }
}
