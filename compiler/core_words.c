#include "core_words.h"

#include "builder.h"
#include "mirror_arg.h"
#include "utf8.h"

struct call {
    const struct core_words *core;
    const struct instruction *inst;
    struct span name_at;
};

static struct span part_span(const struct call *call, struct view part)
{
    size_t at = (size_t)(part.ptr - call->inst->joined.ptr);
    return instruction_span(call->core->file, call->inst, at, at + part.len);
}

static struct map *scope(const struct call *call)
{
    struct stages *stages = call->core->stages;
    return stages->now == NULL ? &stages->file_settings.values : &stages->now->settings.values;
}

/* Whether the name is in force already, for "?=". */
static bool is_set(const struct call *call, struct view name)
{
    struct stages *stages = call->core->stages;
    const struct setting_scope *where =
        stages->now == NULL ? &stages->file_settings : &stages->now->settings;
    return setting_find(where, name) != NULL;
}

/* The settings that have a few values. */
static bool check_choice(struct diag_list *diags, struct view name, struct view value,
                         struct span at)
{
    enum builder builder;
    const char *choices = NULL;
    if (view_is(name, "dfc.builder") && !builder_find(value, &builder))
        choices = "buildkit, buildah or legacy";
    if (view_is(name, "dfc.footprint") && !view_is(value, "keep") && !view_is(value, "none"))
        choices = "keep or none";
    if (choices != NULL)
        diag_add(diags, DIAG_ERROR, "bad-value", at, "'%.*s' must be %s, found '%.*s'",
                 VIEW_ARG(name), choices, VIEW_ARG(value));
    return choices == NULL;
}

/* An ARG of dfc.mirror-arg that says its kind. */
static bool check_mirror_kind(struct api *api, struct diag_list *diags,
                              const struct mirror_arg *arg, struct span at)
{
    struct view close;
    if (view_is(arg->kind, "apt") || api_is_mirror_kind(api, arg->kind, &close))
        return true;
    struct diag *diag = diag_add(diags, DIAG_ERROR, "bad-value", at,
                                 "there are no mirrors of '%.*s'", VIEW_ARG(arg->kind));
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(close));
    return false;
}

static bool check_mirror_arg(struct api *api, struct diag_list *diags, struct view item,
                             struct span at)
{
    struct mirror_arg arg;
    struct name_list names = {0};
    if (mirror_arg_read(item, &arg))
        return check_mirror_kind(api, diags, &arg, at);
    mirror_arg_names(diags->arena, &names);
    struct view close = diag_closest(item, names.items, names.count);
    bool known = view_find(item, '=', 0) < item.len;
    struct diag *diag = diag_add(diags, DIAG_ERROR, "bad-value", at,
                                 known ? "'%.*s' is no NAME=KIND of an ARG for a mirror"
                                       : "it is not known what ARG '%.*s' has a mirror of",
                                 VIEW_ARG(item));
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(close));
    else
        diag_help(diag, "write NAME=KIND, such as PIP_MIRROR=pypi");
    return false;
}

static bool check_mirror_args(struct api *api, struct diag_list *diags, struct view value,
                              struct span at)
{
    bool good = true;
    size_t next = 0;
    for (struct view item; (item = mirror_arg_next(value, &next)).len > 0;)
        good &= check_mirror_arg(api, diags, item, at);
    return good;
}

static bool check_registry(struct diag_list *diags, struct view value, struct span at)
{
    if (value.len == 0 || view_is(value, "off") || image_is_registry(value))
        return true;
    struct diag *diag =
        diag_add(diags, DIAG_ERROR, "bad-value", at,
                 "'dfc.registry' must be a registry, found '%.*s'", VIEW_ARG(value));
    diag_help(diag,
              "write its host, with a port or a path below it if it has one, without https://: "
              "mirror.example:5000/proxy; or off");
    return false;
}

bool core_words_check_value(struct api *api, struct diag_list *diags, struct view name,
                            struct view value, struct span at)
{
    struct image_facts facts;
    if (view_is(name, "dfc.mirror"))
        return api_check_mirror(api, value, at);
    if (view_is(name, "dfc.mirror-arg"))
        return check_mirror_args(api, diags, value, at);
    if (view_is(name, "dfc.registry"))
        return check_registry(diags, value, at);
    if (!check_choice(diags, name, value, at))
        return false;
    if (!view_is(name, "dfc.base") || image_facts_from_setting(value, &facts))
        return true;
    struct diag *diag = diag_add(diags, DIAG_ERROR, "bad-value", at,
                                 "'%.*s' is no distribution that dfc knows", VIEW_ARG(value));
    diag_help(diag, "write DISTRO/RELEASE, such as debian/bookworm or alpine/3.20");
    return false;
}

static bool check_setting(const struct call *call, struct view name, struct view value)
{
    const struct core_words *core = call->core;
    bool of_file = view_is(name, "dfc.syntax") || view_is(name, "dfc.builder") ||
                   view_is(name, "dfc.registry");
    if (of_file && core->stages->now != NULL) {
        struct diag *diag =
            diag_add(core->diags, DIAG_ERROR, "misplaced-setting", part_span(call, name),
                     "'%.*s' is for the whole file, and stands in a stage here", VIEW_ARG(name));
        diag_help(diag, "write it above the first FROM");
        return false;
    }
    return core_words_check_value(core->api, core->diags, name, value, part_span(call, value));
}

static bool check_name(const struct call *call, struct view name)
{
    const struct core_words *core = call->core;
    bool good = name.len > 0 && (is_alpha(name.ptr[0]) || name.ptr[0] == '_');
    for (size_t i = 0; i < name.len; i++)
        good = good && (is_alpha(name.ptr[i]) || is_digit(name.ptr[i]) || name.ptr[i] == '_' ||
                        name.ptr[i] == '.' || name.ptr[i] == '-');
    if (!good) {
        diag_add(core->diags, DIAG_ERROR, "bad-name", part_span(call, name),
                 "'%.*s' is no name of a variable or setting", VIEW_ARG(name));
        return false;
    }
    if (setting_is_known(name) || !view_starts(name, "dfc."))
        return true;
    setting_report_unknown(core->diags, name, part_span(call, name));
    return false;
}

/* The rest of the line without the quotes around it. */
static struct view unquote(struct view text)
{
    text = utf8_trim(text);
    bool quoted = text.len >= 2 && (text.ptr[0] == '"' || text.ptr[0] == '\'') &&
                  text.ptr[text.len - 1] == text.ptr[0];
    return quoted ? view_slice(text, 1, text.len - 1) : text;
}

void core_words_check_use(struct arena *arena, const struct file *file, struct view name,
                          struct diag_list *diags)
{
    struct view use = view_format(arena, "@{%.*s}", VIEW_ARG(name));
    size_t at = view_search(file->source->text, use);
    if (view_find(name, '.', 0) < name.len || at == file->source->text.len)
        return;
    struct diag *diag =
        diag_add(diags, DIAG_ERROR, "unsupported", (struct span){file->source, at, at + use.len},
                 "variables are not replaced by this version of dfc");
    diag_help(diag, "use ARG and ${%.*s}", VIEW_ARG(name));
}

/* @set NAME = VALUE, @set NAME ?= VALUE */
static void take_set(const struct call *call)
{
    struct view text = call->inst->args_raw;
    size_t equals = view_find(text, '=', 0);
    bool weak = equals > 0 && equals < text.len && text.ptr[equals - 1] == '?';
    struct view name = utf8_trim(view_slice(text, 0, equals - (weak ? 1 : 0)));
    if (equals == text.len) {
        struct diag *diag = diag_add(call->core->diags, DIAG_ERROR, "missing-equals", call->name_at,
                                     "@set needs a name and a value");
        diag_help(diag, "write @set NAME = VALUE");
        return;
    }
    struct view value = unquote(view_slice(text, equals + 1, text.len));
    if (!check_name(call, name) || !check_setting(call, name, value))
        return;
    core_words_check_use(call->core->arena, call->core->file, name, call->core->diags);
    if (!weak || !is_set(call, name))
        setting_set(call->core->arena, scope(call), name, value, part_span(call, value));
}

/* The one word that @mirror and @use take; `what` it is, and an example of it. */
static bool take_word(const struct call *call, const char *what, const char *example,
                      struct view *value)
{
    const struct core_words *core = call->core;
    struct view name = call->inst->name;
    *value = unquote(call->inst->args_raw);
    if (value->len == 0) {
        struct diag *diag = diag_add(core->diags, DIAG_ERROR, "missing-argument", call->name_at,
                                     "@%.*s needs a %s", VIEW_ARG(name), what);
        diag_help(diag, "write %s", example);
        return false;
    }
    bool quoted = value->len < call->inst->args_raw.len;
    for (size_t i = 0; i < value->len; i++) {
        char c = value->ptr[i];
        if ((is_blank(c) && !quoted) || (unsigned char)c < ' ') {
            struct diag *diag = diag_add(
                core->diags, DIAG_ERROR, "too-many-arguments", part_span(call, *value),
                "@%.*s takes one %s, found '%.*s'", VIEW_ARG(name), what, VIEW_ARG(*value));
            if (view_is(name, "use"))
                diag_help(diag, "write a line for each, or put quotes around a name with blanks");
            return false;
        }
    }
    return true;
}

/* The word at or behind `*at`. */
static struct view next_word(struct view text, size_t *at)
{
    while (*at < text.len && is_blank(text.ptr[*at]))
        ++*at;
    size_t begin = *at;
    while (*at < text.len && !is_blank(text.ptr[*at]))
        ++*at;
    return view_slice(text, begin, *at);
}

/* The ARGs of "@mirror [NAME] --arg ARG…", and NAME. False: reported. */
static bool read_mirror(const struct call *call, struct view *name, struct str *args)
{
    const struct core_words *core = call->core;
    struct view text = call->inst->args_raw;
    size_t at = 0;
    bool good = true;
    for (struct view word; (word = next_word(text, &at)).len > 0;) {
        struct view arg = word;
        bool option = view_is(word, "--arg") || view_starts(word, "--arg=");
        if (option && word.len > 6)
            arg = view_slice(word, 6, word.len);
        else if (option)
            arg = next_word(text, &at);
        if (option && arg.len > 0) {
            good &= check_setting(call, VIEW("dfc.mirror-arg"), arg);
            str_addf(args, " %.*s", VIEW_ARG(arg));
        } else if (!option && !view_starts(word, "-") && name->len == 0) {
            *name = word;
        } else {
            const char *code = option ? "missing-value" : "too-many-arguments";
            diag_help(
                diag_add(core->diags, DIAG_ERROR, code, part_span(call, word),
                         option ? "no name of an ARG behind '%.*s'"
                                : "@mirror does not take '%.*s'",
                         VIEW_ARG(word)),
                "write @mirror --arg APT_MIRROR, or @mirror tuna --arg APT_MIRROR --arg GOPROXY");
            good = false;
        }
    }
    return good;
}

/* What was said before of ARGs does not hold any more. */
static void set_mirror(const struct call *call, struct view name, struct view args)
{
    struct arena *arena = call->core->arena;
    if (name.len > 0)
        setting_set(arena, scope(call), VIEW("dfc.mirror"), name, part_span(call, name));
    if (args.len > 0 || is_set(call, VIEW("dfc.mirror-arg")))
        setting_set(arena, scope(call), VIEW("dfc.mirror-arg"), args, call->name_at);
}

/* @mirror NAME: short for @set dfc.mirror = NAME; with --arg also for @set dfc.mirror-arg = ARG */
static void take_mirror(const struct call *call)
{
    struct view value = VIEW("");
    struct str args;
    str_init(&args, call->core->arena);
    if (view_search(call->inst->args_raw, VIEW("--")) < call->inst->args_raw.len) {
        if (read_mirror(call, &value, &args) &&
            (value.len == 0 || check_setting(call, VIEW("dfc.mirror"), value)))
            set_mirror(call, value, str_view(&args));
    } else if (take_word(call, "name or URL",
                         "@mirror tuna, @mirror https://mirror.example/ or @mirror off", &value) &&
               check_setting(call, VIEW("dfc.mirror"), value)) {
        set_mirror(call, value, VIEW(""));
    }
}

/* @use PATH: rules that are in force from here on */
static void take_use(const struct call *call)
{
    struct view path;
    if (take_word(call, "path", "@use rules, or @use rules/jdk.lua", &path))
        rule_sources_use(call->core->sources, path, part_span(call, path));
}

static const struct {
    const char *name;
    void (*take)(const struct call *call);
} words[] = {{"set", take_set}, {"mirror", take_mirror}, {"use", take_use}};

bool core_words_take(const struct core_words *core, const struct unit *unit)
{
    struct call call = {core, unit->inst, instruction_name_span(core->file, unit->inst)};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (!view_is(unit->inst->name, words[i].name))
            continue;
        if (unit->inst->heredoc_count > 0)
            diag_add(core->diags, DIAG_ERROR, "unexpected-heredoc", call.name_at,
                     "@%s takes no heredoc", words[i].name);
        else
            words[i].take(&call);
        return true;
    }
    return false;
}

bool core_words_has(struct view name)
{
    /* Those to come are refused as well: a rule of that name would stop working then. */
    static const char *const all[] = {"set",  "mirror", "use", "include", "if",  "elif",
                                      "else", "end",    "for", "def",     "raw", "error",
                                      "warn", "cache",  "run", "with"};
    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        if (view_is(name, all[i]))
            return true;
    return false;
}

void core_words_names(struct arena *arena, struct name_list *names)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        VEC_PUSH(arena, names, view_of(words[i].name));
}
