#include "stage.h"

#include "path.h"
#include "shell_split.h"

#include <string.h>

void stages_init(struct stages *stages, struct arena *arena, const struct file *file)
{
    *stages = (struct stages){.arena = arena, .file = file};
    stages->file_settings.parent = &stages->default_settings;
    for (size_t i = 0; i < file->unit_count; i++)
        if (file->units[i].kind == UNIT_INSTRUCTION && file->units[i].inst->keyword == KEYWORD_FROM)
            stages->from_count++;
}

bool stage_is_final(const struct stage *stage)
{
    return stage->index + 1 >= stage->stages->from_count;
}

static void set_text(struct stages *stages, struct map *map, struct view name, struct view value)
{
    struct view *place = ARENA_NEW(stages->arena, struct view);
    *place = value;
    map_set(stages->arena, map, name, place);
}

bool stage_variable(const struct stage *stage, struct view name, struct view *value)
{
    const struct view *found = map_get(&stage->env, name);
    if (found == NULL)
        found = map_get(&stage->args, name);
    if (found == NULL)
        return false;
    *value = *found;
    return true;
}

bool stage_has_variable(const struct stage *stage, struct view name)
{
    struct view value;
    return stage_variable(stage, name, &value);
}

static bool lookup_stage(void *context, struct view name, struct view *value)
{
    /* An ARG without a default has no value here, but may have one in the build. */
    return stage_variable(context, name, value) && value->ptr != NULL;
}

static bool lookup_global(void *context, struct view name, struct view *value)
{
    const struct stages *stages = context;
    const struct view *found = map_get(&stages->global_args, name);
    if (found == NULL || found->ptr == NULL)
        return false;
    *value = *found;
    return true;
}

/* The expanded text; what has no value stays as written, and `*known` becomes false. */
static struct view expand(struct stages *stages, struct view text, bool *known)
{
    struct word_env env = {lookup_global, stages};
    if (stages->now != NULL)
        env = (struct word_env){lookup_stage, stages->now};
    struct word_result result =
        word_expand(stages->arena, text, stages->file->escape, WORD_KEEP_UNSET, &env);
    *known = result.error == NULL && view_find(result.text, '$', 0) == result.text.len;
    return result.error == NULL ? result.text : text;
}

/* FROM compares its word as it is with the lower-cased names of earlier stages. */
struct stage *stages_find(const struct stages *stages, struct view name)
{
    return map_get(&stages->by_name, name);
}

static struct view lower(struct arena *arena, struct view name)
{
    char *text = arena_strndup(arena, name.ptr, name.len);
    for (size_t i = 0; i < name.len; i++)
        if (text[i] >= 'A' && text[i] <= 'Z')
            text[i] = (char)(text[i] - 'A' + 'a');
    return (struct view){text, name.len};
}

static void inherit(struct stages *stages, struct stage *stage, struct stage *parent)
{
    struct arena *arena = stages->arena;
    stage->parent = parent;
    stage->platform = parent->platform; /* BuildKit takes it from there, too, whatever FROM says */
    stage->ref = parent->ref;
    stage->ref_known = parent->ref_known;
    stage->ref_text = parent->ref_text;
    stage->facts = parent->facts;
    stage->facts.users = map_copy(arena, &parent->facts.users);
    stage->user = parent->user;
    stage->workdir = parent->workdir;
    stage->workdir_known = parent->workdir_known;
    stage->shell_is_posix = parent->shell_is_posix;
    stage->shell_changed = parent->shell_changed;
    stage->shell = parent->shell;
    stage->env = map_copy(arena, &parent->env);
    stage->args = map_copy(arena, &parent->args);
    stage->once = map_copy(arena, &parent->once);
    for (size_t i = 0; i < parent->in_place.count; i++)
        VEC_PUSH(arena, &stage->in_place, parent->in_place.items[i]);
}

static void use_image(struct stages *stages, struct stage *stage, struct view text, bool known)
{
    stage->ref_known = known;
    stage->ref_text = text;
    stage->ref = image_ref_parse(text);
    stage->workdir = VIEW("/");
    stage->workdir_known = true;
    stage->shell_is_posix = true;
    stage->shell = VIEW("sh");
    if (known && stages->lookup != NULL)
        stages->lookup(stages->lookup_context, &stage->ref, &stage->facts);
    if (stage->facts.windows) {
        stage->shell_is_posix = false;
        stage->shell = VIEW("cmd");
    }
    for (size_t i = 0; i < stage->facts.env.count; i++)
        map_set(stages->arena, &stage->env, stage->facts.env.items[i].key,
                stage->facts.env.items[i].value);
    stage_set_user(stage, stage->facts.user);
}

static struct view flag_value(const struct instruction *inst, const char *name)
{
    size_t length = strlen(name);
    for (size_t i = 0; i < inst->flag_count; i++) {
        struct view text = inst->flags[i].text;
        if (text.len > length + 2 && view_starts(view_slice(text, 2, text.len), name) &&
            text.ptr[length + 2] == '=')
            return view_slice(text, length + 3, text.len);
    }
    return VIEW("");
}

static void see_from(struct stages *stages, const struct instruction *inst)
{
    if (inst->arg_count == 0)
        return;
    bool known;
    stages->now = NULL;
    struct view image = expand(stages, inst->args[0], &known);
    struct stage *stage = ARENA_NEW(stages->arena, struct stage);
    stage->stages = stages;
    stage->index = stages->all.count;
    stage->name = inst->arg_count == 3 ? inst->args[2] : VIEW("");
    stage->platform = flag_value(inst, "platform");
    struct stage *parent = stages_find(stages, image);
    if (parent != NULL)
        inherit(stages, stage, parent);
    else
        use_image(stages, stage, image, known);
    stage->settings = (struct setting_scope){.parent = &stages->file_settings,
                                             .fixed = stages->file_settings.fixed};
    VEC_PUSH(stages->arena, &stages->all, stage);
    if (stage->name.len > 0)
        map_set(stages->arena, &stages->by_name, lower(stages->arena, stage->name), stage);
    stages->now = stage;
}

/* "ARG NAME" of a stage takes the global value; a predefined one has a value only in the build. */
static void see_arg(struct stages *stages, const struct instruction *inst)
{
    struct map *map = stages->now == NULL ? &stages->global_args : &stages->now->args;
    for (size_t i = 0; i < inst->arg_count; i++) {
        struct view word = inst->args[i], value = {NULL, 0};
        size_t equals = view_find(word, '=', 0);
        struct view name = view_slice(word, 0, equals);
        bool known;
        if (equals < word.len)
            value = expand(stages, view_slice(word, equals + 1, word.len), &known);
        else if (stages->now != NULL)
            lookup_global(stages, name, &value);
        set_text(stages, map, name, value);
    }
}

/* ENV HOME is the home of whoever runs: the builder sets HOME only where it is not set. */
static void use_home_variable(struct stage *stage)
{
    const struct view *home = map_get(&stage->env, VIEW("HOME"));
    if (home == NULL || home->len == 0)
        return;
    bool known = home->ptr[0] == '/' && view_find(*home, '$', 0) == home->len;
    stage->user.home = known ? *home : VIEW("");
}

static void see_env(struct stages *stages, const struct instruction *inst)
{
    /* All values of one ENV are taken from before it. */
    struct view *values = arena_zalloc(stages->arena, inst->arg_count / 3 + 1, sizeof(*values));
    bool known;
    for (size_t i = 0; i + 2 < inst->arg_count; i += 3)
        values[i / 3] = expand(stages, inst->args[i + 1], &known);
    for (size_t i = 0; i + 2 < inst->arg_count; i += 3)
        set_text(stages, &stages->now->env, inst->args[i], values[i / 3]);
    use_home_variable(stages->now);
}

static struct view relative_to(struct stages *stages, struct view directory, struct view path)
{
    if (path.len > 0 && path.ptr[0] == '/')
        return path_clean(stages->arena, path);
    return path_clean(stages->arena,
                      view_format(stages->arena, "%.*s/%.*s", VIEW_ARG(directory), VIEW_ARG(path)));
}

static void see_workdir(struct stages *stages, const struct instruction *inst)
{
    bool known;
    struct stage *stage = stages->now;
    struct view path = expand(stages, inst->args_raw, &known);
    bool absolute = path.len > 0 && path.ptr[0] == '/';
    stage->workdir = relative_to(stages, stage->workdir, path);
    stage->workdir_known = known && (absolute || stage->workdir_known);
}

static void see_shell(struct stages *stages, const struct instruction *inst)
{
    static const char *const posix[] = {"sh", "bash", "ash", "dash", "ksh", "zsh"};
    if (inst->arg_count == 0)
        return;
    struct view program = path_base(inst->args[0]);
    if (view_ends(program, ".exe"))
        program = view_slice(program, 0, program.len - strlen(".exe"));
    stages->now->shell = program;
    stages->now->shell_changed = true;
    stages->now->shell_is_posix = false;
    for (size_t i = 0; i < sizeof(posix) / sizeof(posix[0]); i++)
        stages->now->shell_is_posix |= view_is(program, posix[i]);
}

/* Whether the sources are plain paths of the build context, so that one can say what is in them:
 * no pattern, variable, URL or heredoc, and nothing that ADD would unpack. */
static bool has_plain_sources(const struct instruction *inst)
{
    if (inst->keyword != KEYWORD_COPY || inst->heredoc_count > 0)
        return false;
    for (size_t i = 0; i < inst->flag_count; i++)
        if (view_starts(inst->flags[i].text, "--from") ||
            view_starts(inst->flags[i].text, "--parents"))
            return false;
    for (size_t i = 0; i + 1 < inst->arg_count; i++)
        for (size_t k = 0; k < inst->args[i].len; k++)
            if (strchr("*?[$\\`'\"", inst->args[i].ptr[k]) != NULL)
                return false;
    return true;
}

static void see_copy(struct stages *stages, const struct instruction *inst)
{
    struct stage *stage = stages->now;
    if (inst->arg_count < 2)
        return;
    bool known;
    struct view to = expand(stages, inst->args[inst->arg_count - 1], &known);
    /* A destination that is not known may be anywhere. */
    bool anywhere = !known || (!stage->workdir_known && (to.len == 0 || to.ptr[0] != '/'));
    struct stage_copy copy = {VIEW("/"), NULL};
    if (!anywhere) {
        copy.to = relative_to(stages, stage->workdir, to);
        copy.exact = has_plain_sources(inst) ? inst : NULL;
    }
    VEC_PUSH(stages->arena, &stage->copied, copy);
}

/* "USER ${UID}" stays a reference where the value is a number or not known; a name is looked up. */
static void see_user(struct stages *stages, const struct instruction *inst)
{
    bool known;
    struct view text = inst->args_raw, value = expand(stages, text, &known);
    bool number = value.len > 0 && is_digit(value.ptr[0]);
    stage_set_user(stages->now, known && !number ? value : text);
}

/* Options of useradd and adduser (Debian's and busybox's) that take a value. */
static bool takes_value(struct view option, bool busybox_like)
{
    static const char *const common[] = {
        "-u",      "--uid", "-d",         "--home-dir", "--home",  "-g",        "--gid",
        "--group", "-G",    "--groups",   "-s",         "--shell", "-c",        "--comment",
        "--gecos", "-b",    "--base-dir", "-k",         "--skel",  "--ingroup", "-e",
        "-f",      "-K",    "-p",         "--password", "-R",      "-Z"};
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
        if (view_is(option, common[i]))
            return true;
    return busybox_like && view_is(option, "-h");
}

static void use_option(struct image_user *user, struct view option, struct view value,
                       bool is_adduser)
{
    if (view_is(option, "-u") || view_is(option, "--uid"))
        user->uid = value;
    else if (view_is(option, "-d") || view_is(option, "--home-dir") || view_is(option, "--home") ||
             (is_adduser && view_is(option, "-h")))
        user->home = value;
    else if ((!is_adduser && view_is(option, "-g")) || view_is(option, "--gid"))
        user->gid = value;
}

static bool is_number(struct view text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]))
            return false;
    return text.len > 0;
}

/* "useradd -m -u 1000 app": note the user. A value that only the shell knows is not known. */
static void see_useradd(struct stages *stages, const struct shell_command *command)
{
    bool is_adduser = view_is(command->words[0].text, "adduser");
    struct image_user *user = ARENA_NEW(stages->arena, struct image_user);
    user->name = user->uid = user->gid = user->home = VIEW("");
    for (size_t i = 1; i < command->word_count; i++) {
        struct view word = command->words[i].text;
        size_t equals = view_find(word, '=', 0);
        if (!view_starts(word, "-")) {
            user->name = user->name.len == 0 ? word : user->name;
        } else if (equals < word.len) {
            use_option(user, view_slice(word, 0, equals), view_slice(word, equals + 1, word.len),
                       is_adduser);
        } else if (takes_value(word, is_adduser) && i + 1 < command->word_count) {
            i++;
            use_option(user, word, command->words[i].text, is_adduser);
        }
    }
    /* "adduser app docker" puts a known user into a group. */
    if (user->name.len == 0 || map_find(&stages->now->facts.users, user->name) != NULL)
        return;
    user->uid = is_number(user->uid) ? user->uid : VIEW("");
    user->gid = is_number(user->gid) ? user->gid : VIEW("");
    if (user->home.len == 0)
        user->home = view_format(stages->arena, "/home/%.*s", VIEW_ARG(user->name));
    if (view_find(user->home, '$', 0) < user->home.len || user->home.ptr[0] != '/')
        user->home = VIEW("");
    map_set(stages->arena, &stages->now->facts.users, user->name, user);
}

static void see_run(struct stages *stages, const struct instruction *inst)
{
    struct view text = inst->args_raw;
    if (inst->heredoc_count == 1 && view_starts(text, "<<"))
        text = inst->heredocs[0].body;
    if (inst->json || (view_search(text, VIEW("useradd")) == text.len &&
                       view_search(text, VIEW("adduser")) == text.len))
        return;
    struct shell_commands commands = {0};
    shell_split(stages->arena, text, &commands);
    for (size_t i = 0; i < commands.count; i++) {
        const struct shell_command *command = &commands.items[i];
        if (command->word_count < 2)
            continue;
        struct view program = path_base(command->words[0].text);
        if (view_is(program, "useradd") || view_is(program, "adduser"))
            see_useradd(stages, command);
    }
}

void stages_see(struct stages *stages, const struct instruction *inst)
{
    if (inst->keyword == KEYWORD_FROM)
        see_from(stages, inst);
    else if (inst->keyword == KEYWORD_ARG)
        see_arg(stages, inst);
    if (stages->now == NULL)
        return;
    if (inst->keyword != KEYWORD_FROM)
        VEC_PUSH(stages->arena, &stages->now->seen, inst);
    switch (inst->keyword) {
    case KEYWORD_ENV:
        see_env(stages, inst);
        break;
    case KEYWORD_RUN:
        see_run(stages, inst);
        break;
    case KEYWORD_USER:
        see_user(stages, inst);
        break;
    case KEYWORD_WORKDIR:
        see_workdir(stages, inst);
        break;
    case KEYWORD_SHELL:
        see_shell(stages, inst);
        break;
    case KEYWORD_COPY:
    case KEYWORD_ADD:
        see_copy(stages, inst);
        break;
    default:
        break;
    }
}

/* Whether a source, a file or a directory, may have become `path`, or `rest` below the destination
 * (which is a directory then). */
static bool may_be_from(const struct stages *stages, struct view source, struct view rest)
{
    struct view clean = path_clean(stages->arena, source);
    if (clean.ptr[0] == '/') /* the root of a COPY's sources is the context */
        clean = clean.len == 1 ? VIEW(".") : view_slice(clean, 1, clean.len);
    if (rest.len == 0 || view_equal(path_base(clean), rest))
        return true;
    struct view inside = view_format(stages->arena, "%.*s/%.*s", VIEW_ARG(clean), VIEW_ARG(rest));
    return stages->exists == NULL ||
           stages->exists(stages->exists_context, path_clean(stages->arena, inside).ptr);
}

static bool may_have_copied(const struct stages *stages, const struct stage_copy *copy,
                            struct view path)
{
    if (!path_is_beneath(path, copy->to))
        return false;
    if (copy->exact == NULL)
        return true;
    struct view rest = view_slice(path, copy->to.len, path.len);
    if (view_starts(rest, "/"))
        rest = view_slice(rest, 1, rest.len);
    for (size_t i = 0; i + 1 < copy->exact->arg_count; i++)
        if (may_be_from(stages, copy->exact->args[i], rest))
            return true;
    return false;
}

bool stage_may_have_file(const struct stage *stage, struct view path)
{
    for (; stage != NULL; stage = stage->parent)
        for (size_t i = 0; i < stage->copied.count; i++)
            if (may_have_copied(stage->stages, &stage->copied.items[i], path))
                return true;
    return false;
}

static const struct image_user *find_user(const struct stage *stage, struct view text)
{
    if (!is_number(text))
        return map_get(&stage->facts.users, text);
    for (size_t i = 0; i < stage->facts.users.count; i++) {
        const struct image_user *user = stage->facts.users.items[i].value;
        if (view_equal(user->uid, text))
            return user;
    }
    return NULL;
}

void stage_set_user(struct stage *stage, struct view text)
{
    size_t colon = view_find(text, ':', 0);
    struct view who = view_slice(text, 0, colon), group = VIEW("");
    if (colon < text.len)
        group = view_slice(text, colon + 1, text.len);
    struct stage_user user = {.text = text};
    user.name = user.uid = user.gid = user.home = VIEW("");
    if (text.len == 0 || view_is(who, "root") || view_is(who, "0")) {
        user.root = true;
        user.name = VIEW("root");
        user.uid = user.gid = VIEW("0");
        user.home = VIEW("/root");
    } else {
        const struct image_user *known = find_user(stage, who);
        if (known != NULL) {
            user.name = known->name;
            user.uid = known->uid;
            user.gid = known->gid;
            user.home = known->home;
        } else if (is_number(who) || who.ptr[0] == '$') {
            user.uid = who;
        } else {
            user.name = who;
        }
    }
    if (is_number(group) || (group.len > 0 && group.ptr[0] == '$'))
        user.gid = group;
    stage->user = user;
    use_home_variable(stage);
}

const struct image_facts *stage_facts(struct stages *stages, struct stage *stage)
{
    const struct setting *base = setting_find(&stage->settings, VIEW("dfc.base"));
    struct image_facts *facts = ARENA_NEW(stages->arena, struct image_facts);
    if (base == NULL || !image_facts_from_setting(base->value, facts))
        return &stage->facts;
    facts->users = stage->facts.users;
    facts->env = stage->facts.env;
    return facts;
}
