#include "core_words.h"

#include "utf8.h"

struct call {
    const struct core_words *core;
    const struct instruction *inst;
    struct span name_at;
};

/* Settings of dfc itself; others with a dot belong to a directive ("pip.sharing"). */
static const char *const settings[] = {"dfc.base", "dfc.mirror", "dfc.syntax"};

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

static bool check_setting(const struct call *call, struct view name, struct view value)
{
    const struct core_words *core = call->core;
    struct span at = part_span(call, value);
    struct image_facts facts;
    if (view_is(name, "dfc.mirror"))
        return api_check_mirror(core->api, value, at);
    if (view_is(name, "dfc.syntax") && core->stages->now != NULL) {
        struct diag *diag =
            diag_add(core->diags, DIAG_ERROR, "misplaced-setting", part_span(call, name),
                     "'dfc.syntax' is for the whole file, and stands in a stage here");
        diag_help(diag, "write it above the first FROM");
        return false;
    }
    if (!view_is(name, "dfc.base") || image_facts_from_setting(value, &facts))
        return true;
    struct diag *diag = diag_add(core->diags, DIAG_ERROR, "bad-value", at,
                                 "'%.*s' is no distribution that dfc knows", VIEW_ARG(value));
    diag_help(diag, "write DISTRO/RELEASE, such as debian/bookworm or alpine/3.20");
    return false;
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
    struct view names[sizeof(settings) / sizeof(settings[0])];
    for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
        names[i] = view_of(settings[i]);
        if (view_equal(names[i], name))
            return true;
    }
    if (!view_starts(name, "dfc."))
        return true;
    struct diag *diag = diag_add(core->diags, DIAG_ERROR, "unknown-setting", part_span(call, name),
                                 "there is no setting '%.*s'", VIEW_ARG(name));
    struct view close = diag_closest(name, names, sizeof(names) / sizeof(names[0]));
    if (close.len > 0)
        diag_help(diag, "did you mean '%.*s'?", VIEW_ARG(close));
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
    if (!weak || !is_set(call, name))
        setting_set(call->core->arena, scope(call), name, value, part_span(call, value));
}

/* @mirror NAME: short for @set dfc.mirror = NAME */
static void take_mirror(const struct call *call)
{
    struct view value = unquote(call->inst->args_raw);
    for (size_t i = 0; i < value.len; i++) {
        if (is_blank(value.ptr[i])) {
            diag_add(call->core->diags, DIAG_ERROR, "too-many-arguments", part_span(call, value),
                     "@mirror takes one name or URL, found '%.*s'", VIEW_ARG(value));
            return;
        }
    }
    if (value.len == 0) {
        struct diag *diag = diag_add(call->core->diags, DIAG_ERROR, "missing-argument",
                                     call->name_at, "@mirror needs a name or URL");
        diag_help(diag, "write @mirror tuna, @mirror https://mirror.example/ or @mirror off");
        return;
    }
    if (check_setting(call, VIEW("dfc.mirror"), value))
        setting_set(call->core->arena, scope(call), VIEW("dfc.mirror"), value,
                    part_span(call, value));
}

static const struct {
    const char *name;
    void (*take)(const struct call *call);
} words[] = {{"set", take_set}, {"mirror", take_mirror}};

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

void core_words_names(struct arena *arena, struct name_list *names)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        VEC_PUSH(arena, names, view_of(words[i].name));
}
