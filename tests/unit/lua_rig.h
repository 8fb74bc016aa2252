/* For tests of the Lua sandbox: a host of its own for each test, and rule files as C strings. */
#ifndef DFC_TESTS_LUA_RIG_H
#define DFC_TESTS_LUA_RIG_H

#include "lua_host.h"
#include "unit.h"

struct rig {
    struct arena arena;
    struct diag_list diags;
    struct lua_limits limits; /* smaller than the defaults, for speed under valgrind */
    long milliseconds;        /* of a call; 0, as everywhere but in one test: no limit */
    struct lua_host *host;
};

static inline void rig_restart(struct rig *rig)
{
    lua_host_free(rig->host);
    arena_release(&rig->arena);
    diag_list_init(&rig->diags, &rig->arena);
    rig->limits.call_milliseconds = rig->milliseconds;
    rig->host = lua_host_new(&rig->arena, &rig->diags, &rig->limits);
    assert_non_null(rig->host);
}

static inline int rig_setup(void **state)
{
    struct rig *rig = calloc(1, sizeof(*rig));
    if (rig == NULL)
        return -1;
    arena_init(&rig->arena, unit_out_of_memory, NULL);
    rig->limits = lua_default_limits();
    rig->limits.memory = 8 * 1024 * 1024;
    rig->limits.call_steps = 500 * 1000;
    rig_restart(rig);
    *state = rig;
    return 0;
}

static inline int rig_teardown(void **state)
{
    struct rig *rig = *state;
    lua_host_free(rig->host);
    arena_release(&rig->arena);
    free(rig);
    return 0;
}

#define LUA_TEST(test) cmocka_unit_test_setup_teardown(test, rig_setup, rig_teardown)

static inline struct source *rig_source(struct rig *rig, const char *name, const char *text)
{
    return source_new(&rig->arena, name, view_of(text));
}

/* Run a rule file and leave one value of it on the stack. */
static inline bool rig_run(struct rig *rig, const char *text)
{
    return lua_host_run(rig->host, rig_source(rig, "rules/x.lua", text), 1);
}

/* All that was reported, as a user sees it. */
static inline struct view rig_report(struct rig *rig)
{
    struct str out;
    str_init(&out, &rig->arena);
    diag_render_all(&out, &rig->diags, false);
    return str_view(&out);
}

/* A rule file, run in a new state, returns `value` as text. */
static inline void rig_assert_value(struct rig *rig, const char *text, const char *value, int line)
{
    rig_restart(rig);
    bool done = rig_run(rig, text);
    size_t length = 0;
    const char *result = done ? lua_tolstring(lua_host_state(rig->host), -1, &length) : NULL;
    if (result != NULL && length == strlen(value) && memcmp(result, value, length) == 0)
        return;
    struct view report = rig_report(rig);
    print_error("rule:     %s\nexpected: %s\nfound:    %s\n%.*s\n", text, value,
                result == NULL ? "no text" : result, VIEW_ARG(report));
    _fail(__FILE__, line);
}

/* A rule file, run in a new state, ends with one error at `line` of it and with a message that
 * begins with `message`. */
static inline void rig_assert_error(struct rig *rig, const char *text, const char *code, size_t at,
                                    const char *message, int line)
{
    rig_restart(rig);
    bool done = rig_run(rig, text);
    struct diag *last =
        rig->diags.all.count == 0 ? NULL : rig->diags.all.items[rig->diags.all.count - 1];
    if (!done && rig->diags.errors == 1 && strcmp(last->code, code) == 0 &&
        view_starts(last->message, message) && last->at.source != NULL &&
        source_position(last->at.source, last->at.begin).line == at &&
        rig->diags.limit_reached == (strcmp(code, "rule-limit") == 0))
        return;
    struct view report = rig_report(rig);
    print_error("rule:     %.200s\nexpected: %zu: %s [%s]\nfound:    %s\n%.*s\n", text, at, message,
                code, done ? "no error" : "this:", VIEW_ARG(report));
    _fail(__FILE__, line);
}

#define assert_value(rig, text, value) rig_assert_value(rig, text, value, __LINE__)
#define assert_error(rig, text, at, message)                                                       \
    rig_assert_error(rig, text, "rule-error", at, message, __LINE__)
#define assert_limit(rig, text, at, message)                                                       \
    rig_assert_error(rig, text, "rule-limit", at, message, __LINE__)

#endif
