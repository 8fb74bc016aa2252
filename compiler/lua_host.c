#include "lua_host.h"

#include "lua_host_meter.h"
#include "lua_sandbox.h"
#include "lua_text.h"
#include "regex.h"

#include <lauxlib.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    GC_PAUSE = 1000,   /* percent of the memory in use */
    PRINTED_MAX = 1000 /* lines that the rules of a run may print */
};

/* What a C function raised, or the message handler made of what Lua raised. */
struct raised {
    struct view message;
    struct span at; /* source NULL: not known yet */
    const char *code;
    bool is_silent; /* was reported already */
};

struct lua_host {
    lua_State *L;
    struct arena *arena;
    struct diag_list *diags;
    void *owner;
    struct lua_meter meter;
    struct regex_budget regex;
    lua_require_function *find;
    void *find_context;
    struct lua_activity activity;
    struct span blamed; /* see lua_host_blame */
    VEC(struct source *) chunks;
    struct raised raised;
    int nesting; /* calls into Lua that are going on */
    size_t printed;
    bool is_loading; /* Lua's compiler is running */
    bool dead, arena_failed;
    bool is_silenced; /* a limit was reported: all that follows comes from it */
};

static const char raised_marker = 0; /* its address, as an error value, means host->raised */

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_ASAN 1
#endif
#ifndef HAS_ASAN
#define HAS_ASAN 0
#endif

struct lua_limits lua_default_limits(void)
{
    return (struct lua_limits){
        .memory = (size_t)64 * 1024 * 1024,
        .call_steps = 10 * 1000 * 1000,
        .run_steps = 200 * 1000 * 1000,
        .match_callouts = 1000 * 1000,
        .run_callouts = 20 * 1000 * 1000,
        .call_milliseconds = 500,
        .pooled = HAS_ASAN == 0,
    };
}

lua_State *lua_host_state(struct lua_host *host)
{
    return host->L;
}

struct lua_host *lua_host_of(lua_State *L)
{
    struct lua_host *host;
    memcpy(&host, lua_getextraspace(L), sizeof(struct lua_host *));
    return host;
}

void lua_host_set_owner(struct lua_host *host, void *owner)
{
    host->owner = owner;
}

void *lua_host_owner(const struct lua_host *host)
{
    return host->owner;
}

struct arena *lua_host_arena(struct lua_host *host)
{
    return host->arena;
}

struct diag_list *lua_host_diags(struct lua_host *host)
{
    return host->diags;
}

bool lua_host_is_dead(const struct lua_host *host)
{
    return host->dead;
}

void lua_host_on_require(struct lua_host *host, lua_require_function *find, void *context)
{
    host->find = find;
    host->find_context = context;
}

void lua_host_set_activity(struct lua_host *host, struct lua_activity activity)
{
    host->activity = activity;
}

struct span lua_host_blame(struct lua_host *host, struct span rule)
{
    struct span before = host->blamed;
    host->blamed = rule;
    return before;
}

struct lua_meter *lua_host_meter(lua_State *L)
{
    return &lua_host_of(L)->meter;
}

struct regex_budget *lua_host_regex_budget(struct lua_host *host)
{
    return &host->regex;
}

/* ---- positions -------------------------------------------------------------------------------*/

/* Chunks are named by their number, "=#7": unique, never cut, and cheap to turn into a source. */
struct source *lua_host_chunk(const struct lua_host *host, const char *chunk_name)
{
    if (chunk_name[0] != '=' || chunk_name[1] != '#')
        return NULL;
    size_t number = strtoul(chunk_name + 2, NULL, 10);
    return number < host->chunks.count ? host->chunks.items[number] : NULL;
}

static size_t chunk_number(struct lua_host *host, struct source *source)
{
    for (size_t i = 0; i < host->chunks.count; i++)
        if (host->chunks.items[i] == source)
            return i;
    VEC_PUSH(host->arena, &host->chunks, source);
    return host->chunks.count - 1;
}

/* A line without the blanks around it. */
static struct span line_span(struct source *source, int number)
{
    if (source == NULL || number <= 0)
        return (struct span){source, 0, 0};
    struct view line = source_line(source, (size_t)number);
    size_t begin = source_line_start(source, (size_t)number), end = begin;
    if (line.len > 0) {
        begin = (size_t)(line.ptr - source->text.ptr); /* behind a byte order mark */
        end = begin + line.len;
    }
    while (begin < end && is_blank(source->text.ptr[begin]))
        begin++;
    while (end > begin && is_blank(source->text.ptr[end - 1]))
        end--;
    return (struct span){source, begin, end};
}

struct span lua_host_where(lua_State *L, int level)
{
    lua_Debug ar;
    struct source *source = NULL;
    if (lua_getstack(L, level, &ar) != 0 && lua_getinfo(L, "Sl", &ar) != 0 && ar.currentline > 0)
        source = lua_host_chunk(lua_host_of(L), ar.source);
    return source == NULL ? (struct span){NULL, 0, 0} : line_span(source, ar.currentline);
}

struct span lua_host_function_span(lua_State *L, int index)
{
    lua_Debug ar;
    lua_pushvalue(L, index);
    lua_getinfo(L, ">S", &ar);
    struct source *source = lua_host_chunk(lua_host_of(L), ar.source);
    if (source == NULL)
        return (struct span){NULL, 0, 0};
    return line_span(source, ar.linedefined > 0 ? ar.linedefined : 1);
}

/* The innermost line of Lua code at `level` or outside of it. */
static struct span innermost_line(lua_State *L, int level)
{
    lua_Debug ar;
    for (; lua_getstack(L, level, &ar) != 0; level++) {
        struct span at = lua_host_where(L, level);
        if (at.source != NULL)
            return at;
    }
    return (struct span){NULL, 0, 0};
}

/* The source alone, without a search for the line in it. */
static struct source *innermost_source(lua_State *L)
{
    lua_Debug ar;
    struct source *source = NULL;
    for (int level = 1; source == NULL && lua_getstack(L, level, &ar) != 0; level++)
        if (lua_getinfo(L, "S", &ar) != 0)
            source = lua_host_chunk(lua_host_of(L), ar.source);
    return source;
}

/* ---- errors ----------------------------------------------------------------------------------*/

/* Text of anybody for a message: of bounded length, without NUL bytes. */
static struct view message_text(struct lua_host *host, struct view text)
{
    size_t length = text.len < LUA_HOST_MESSAGE_MAX ? text.len : LUA_HOST_MESSAGE_MAX;
    while (length < text.len && length > 0 && (text.ptr[length] & 0xc0) == 0x80)
        length--; /* not within a character */
    struct str copy;
    str_init(&copy, host->arena);
    str_add(&copy, view_slice(text, 0, length));
    for (size_t i = 0; i < copy.len; i++)
        if (copy.ptr[i] == '\0')
            copy.ptr[i] = '?';
    if (length < text.len)
        str_addz(&copy, " …");
    return str_view(&copy);
}

static int raise(lua_State *L)
{
    lua_pushlightuserdata(L, (void *)(uintptr_t)&raised_marker);
    return lua_error(L);
}

/* What would be cut off anyway is not even made: a rule may quote megabytes. */
static struct view format_message(struct lua_host *host, const char *format, va_list args)
{
    char text[LUA_HOST_MESSAGE_MAX + 8];
    int length = vsnprintf(text, sizeof(text), format, args);
    size_t shown = length < 0 ? 0 : (size_t)length;
    if (shown >= sizeof(text))
        shown = sizeof(text) - 1;
    return message_text(host, (struct view){text, shown});
}

int lua_host_raise(lua_State *L, struct span at, struct view message)
{
    struct lua_host *host = lua_host_of(L);
    host->raised = (struct raised){message_text(host, message), at, "rule-error", false};
    return raise(L);
}

int lua_host_error(lua_State *L, const char *format, ...)
{
    struct lua_host *host = lua_host_of(L);
    va_list args;
    va_start(args, format);
    host->raised =
        (struct raised){format_message(host, format, args), {NULL, 0, 0}, "rule-error", false};
    va_end(args);
    return raise(L);
}

int lua_host_error_at(lua_State *L, struct span at, const char *format, ...)
{
    struct lua_host *host = lua_host_of(L);
    va_list args;
    va_start(args, format);
    host->raised = (struct raised){format_message(host, format, args), at, "rule-error", false};
    va_end(args);
    return raise(L);
}

int lua_host_stop(lua_State *L)
{
    lua_host_of(L)->raised = (struct raised){.is_silent = true};
    return raise(L);
}

/* From now on the hook raises an error at each instruction, whatever catches it. */
static void die(struct lua_host *host)
{
    host->dead = true;
    lua_meter_stop(&host->meter);
}

static int raise_limit(lua_State *L, struct view message, struct span at)
{
    struct lua_host *host = lua_host_of(L);
    if (host->dead)
        return lua_host_stop(L);
    die(host);
    host->raised = (struct raised){message, at, "rule-limit", false};
    return raise(L);
}

int lua_host_limit(lua_State *L, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct view message = format_message(lua_host_of(L), format, args);
    va_end(args);
    return raise_limit(L, message, (struct span){NULL, 0, 0});
}

/* Take off "name:line: " when it is what Lua or luaL_error has put there. */
static struct view strip_position(lua_State *L, struct view message)
{
    lua_Debug ar;
    /* Lua's own errors name the function that runs, C functions the one that called them. */
    for (int level = 1; level <= 2 && lua_getstack(L, level, &ar) != 0; level++) {
        lua_getinfo(L, "Sl", &ar);
        char prefix[LUA_IDSIZE + 32];
        int length = snprintf(prefix, sizeof(prefix), "%s:%d: ", ar.short_src, ar.currentline);
        if (ar.currentline > 0 && view_starts(message, prefix))
            return view_slice(message, (size_t)length, message.len);
        if (ar.currentline > 0)
            break;
    }
    return message;
}

/* An error value that Lua, a library function or a rule raised. */
static void describe_error(lua_State *L, struct lua_host *host)
{
    host->raised = (struct raised){.code = "rule-error"};
    if (lua_type(L, 1) != LUA_TSTRING) {
        host->raised.message = view_format(host->arena, "a rule raised a %s instead of a message",
                                           luaL_typename(L, 1));
        return;
    }
    struct view text;
    text.ptr = lua_tolstring(L, 1, &text.len);
    text = strip_position(L, text);
    host->raised.message = message_text(host, text);
    if (view_starts(text, "stack overflow") || view_starts(text, "C stack overflow")) {
        host->raised.code = "rule-limit";
        host->raised.message = VIEW("stack overflow: is there a recursion without an end?");
        die(host);
    }
}

/* Runs where the error was raised, so that the Lua stack can still be asked. */
static int handle_error(lua_State *L)
{
    struct lua_host *host = lua_host_of(L);
    if (host->is_loading)
        return 1; /* load_chunk describes it */
    if (lua_touserdata(L, 1) != (const void *)&raised_marker)
        describe_error(L, host);
    if (host->raised.at.source == NULL && !host->raised.is_silent)
        host->raised.at = innermost_line(L, 1);
    if (host->raised.at.source == NULL && !host->raised.is_silent)
        host->raised.at = host->blamed;
    lua_settop(L, 1);
    return 1;
}

static void report(struct lua_host *host, const struct raised *raised)
{
    if (raised->is_silent || host->is_silenced)
        return;
    struct lua_activity activity = host->activity;
    struct span at = raised->at.source != NULL ? raised->at : activity.at;
    struct diag *diag =
        diag_add(host->diags, DIAG_ERROR, raised->code, at, "%.*s", VIEW_ARG(raised->message));
    host->is_silenced = strcmp(raised->code, "rule-limit") == 0;
    host->diags->limit_reached = host->diags->limit_reached || host->is_silenced;
    if (activity.verb == NULL)
        return;
    if (activity.at.source == NULL) {
        diag_note(diag, "while %s", activity.verb);
        return;
    }
    struct position position = source_position(activity.at.source, activity.at.begin);
    diag_note(diag, "while %s at %s:%zu:%zu", activity.verb, activity.at.source->name,
              position.line, position.column);
}

/* Lua had no room left to call the message handler. */
static void report_memory(struct lua_host *host, const char *what)
{
    const struct lua_meter *meter = &host->meter;
    struct raised raised = {.code = "rule-limit"};
    die(host);
    if (meter->last_source != NULL)
        raised.at = line_span(meter->last_source, meter->last_line);
    if (meter->string_refused)
        raised.message =
            view_format(host->arena, "%s: a string may have %d bytes", what, LUA_HOST_STRING_MAX);
    else
        raised.message =
            view_format(host->arena, "%s: rules may take %zu bytes", what, meter->limits.memory);
    report(host, &raised);
}

void lua_host_charge(lua_State *L, size_t steps)
{
    lua_meter_charge(L, &lua_host_of(L)->meter, steps);
}

/* ---- calls -----------------------------------------------------------------------------------*/

/* The arena's memory is exhausted while Lua runs: see lua_host.h. */
static void arena_failed(void *context)
{
    struct lua_host *host = context;
    host->arena_failed = true;
    lua_host_stop(host->L);
}

/* What the running call has changed in the host, to be put back after it. */
struct call {
    int nesting;
    void (*fail)(void *context);
    void *fail_context;
};

static struct call enter(struct lua_host *host)
{
    struct call call = {host->nesting, host->arena->fail, host->arena->fail_context};
    if (host->nesting++ == 0) {
        host->meter.call_left = host->meter.limits.call_steps;
        host->meter.timed = false;
    }
    host->arena->fail = arena_failed;
    host->arena->fail_context = host;
    return call;
}

static void leave(struct lua_host *host, const struct call *call)
{
    host->nesting = call->nesting; /* inner calls may have been left by an error */
    host->arena->fail = call->fail;
    host->arena->fail_context = call->fail_context;
    if (host->arena_failed)
        call->fail(call->fail_context);
}

/* Where memory runs out is not known afterwards; the hook finds a better place if it runs. */
static void remember_function(struct lua_host *host, int index)
{
    lua_Debug ar;
    lua_pushvalue(host->L, index);
    lua_getinfo(host->L, ">S", &ar);
    struct source *source = lua_host_chunk(host, ar.source);
    if (source == NULL)
        return;
    host->meter.last_source = source;
    host->meter.last_line = ar.linedefined > 0 ? ar.linedefined : 1;
}

bool lua_host_call(struct lua_host *host, int arguments, int results)
{
    lua_State *L = host->L;
    int base = lua_gettop(L) - arguments; /* of the function */
    if (host->dead || !lua_checkstack(L, 4)) {
        if (!host->dead)
            report_memory(host, "not enough memory");
        lua_settop(L, base - 1);
        return false;
    }
    if (host->nesting == 0)
        host->meter.last_source = NULL;
    if (lua_isfunction(L, base))
        remember_function(host, base);
    lua_pushcfunction(L, handle_error);
    lua_insert(L, base);
    struct call call = enter(host);
    int status = lua_pcall(L, arguments, results, base);
    leave(host, &call);
    if (status == LUA_OK) {
        lua_remove(L, base);
        return true;
    }
    lua_settop(L, base - 1);
    struct raised raised = host->raised;
    if (status == LUA_ERRRUN)
        report(host, &raised);
    else
        report_memory(host, status == LUA_ERRMEM ? "not enough memory" : "stack overflow");
    return false;
}

bool lua_host_protect(struct lua_host *host, lua_CFunction function, void *context)
{
    if (!lua_checkstack(host->L, 2)) {
        if (!host->dead)
            report_memory(host, "not enough memory");
        return false;
    }
    lua_pushcfunction(host->L, function);
    lua_pushlightuserdata(host->L, context);
    return lua_host_call(host, 1, 0);
}

/* ---- life ------------------------------------------------------------------------------------*/

/* An error outside of every call, which is a mistake of ours: better than Lua's abort(). */
static int panic(lua_State *L)
{
    struct arena *arena = lua_host_of(L)->arena;
    arena->fail(arena->fail_context);
    return 0;
}

static int open_sandbox(lua_State *L)
{
    lua_sandbox_open(L);
    return 0;
}

struct lua_host *lua_host_new(struct arena *arena, struct diag_list *diags,
                              const struct lua_limits *limits)
{
    struct lua_host *host = ARENA_NEW(arena, struct lua_host);
    host->arena = arena;
    host->diags = diags;
    host->meter = (struct lua_meter){.limits = *limits, .run_left = limits->run_steps};
    host->meter.pool.block_max = limits->pooled ? POOL_BLOCK_MAX : 0;
    host->regex = (struct regex_budget){.run = limits->run_callouts,
                                        .match = limits->match_callouts,
                                        .alloc = lua_meter_take,
                                        .free = lua_meter_give,
                                        .context = &host->meter};
    lua_State *L = lua_newstate(lua_meter_allocate, &host->meter);
    if (L == NULL) {
        lua_meter_release(&host->meter);
        report_memory(host, "not enough memory");
        return NULL;
    }
    host->L = L;
    memcpy(lua_getextraspace(L), &host, sizeof(struct lua_host *));
    lua_atpanic(L, panic);
    /* A compilation is short and most of what rules make lives to its end, so the collector may
     * wait until memory has grown tenfold; when the limit is reached Lua collects all the same. */
    lua_gc(L, LUA_GCINC, GC_PAUSE, 0, 0);
    lua_meter_start(&host->meter, L);
    if (!lua_host_protect(host, open_sandbox, NULL)) {
        lua_host_free(host);
        return NULL;
    }
    return host;
}

void lua_host_free(struct lua_host *host)
{
    if (host == NULL || host->L == NULL)
        return;
    host->meter.L = NULL; /* nothing may set a hook any more */
    lua_close(host->L);
    lua_meter_release(&host->meter);
    host->L = NULL;
}

/* ---- rule files ------------------------------------------------------------------------------*/

struct load {
    struct source *source;
    size_t number;
};

/* The compiler has no lua_Debug to ask: the line stands behind the chunk's name, which is ours. */
static int raise_syntax_error(lua_State *L, const struct load *load)
{
    struct lua_host *host = lua_host_of(L);
    struct view message = {"", 0};
    if (lua_type(L, -1) == LUA_TSTRING)
        message.ptr = lua_tolstring(L, -1, &message.len);
    char prefix[32];
    int length = snprintf(prefix, sizeof(prefix), "#%zu:", load->number);
    int line = 0;
    if (view_starts(message, prefix)) {
        size_t at = (size_t)length;
        for (; at < message.len && is_digit(message.ptr[at]) && line < 10000000; at++)
            line = line * 10 + (message.ptr[at] - '0');
        at += at + 1 < message.len ? 2 : 0; /* ": " */
        message = view_slice(message, at, message.len);
    }
    if (view_starts(message, "C stack overflow"))
        message = VIEW("expressions or blocks are nested too deeply");
    host->raised = (struct raised){message_text(host, message), line_span(load->source, line),
                                   "rule-syntax", false};
    return raise(L);
}

static int load_chunk(lua_State *L)
{
    const struct load *load = lua_touserdata(L, 1);
    struct view text = load->source->text;
    if (view_starts(text, "\xef\xbb\xbf"))
        text = view_slice(text, 3, text.len);
    char name[32];
    snprintf(name, sizeof(name), "=#%zu", load->number);
    struct lua_host *host = lua_host_of(L);
    host->is_loading = true;
    int status = luaL_loadbufferx(L, text.len == 0 ? "" : text.ptr, text.len, name, "t");
    host->is_loading = false;
    if (status == LUA_ERRMEM)
        return raise_limit(L, VIEW("not enough memory to compile this rule file"),
                           (struct span){load->source, 0, 0});
    if (status != LUA_OK)
        return raise_syntax_error(L, load);
    lua_sandbox_push_environment(L);
    lua_setupvalue(L, -2, 1);
    return 1;
}

bool lua_host_run(struct lua_host *host, struct source *chunk, int results)
{
    if (host->dead || (!chunk->trusted && !lua_text_check(host->diags, chunk)))
        return false;
    if (!lua_checkstack(host->L, 2)) {
        report_memory(host, "not enough memory");
        return false;
    }
    struct load load = {chunk, chunk_number(host, chunk)};
    lua_pushcfunction(host->L, load_chunk);
    lua_pushlightuserdata(host->L, &load);
    return lua_host_call(host, 1, 1) && lua_host_call(host, 0, results);
}

/* ---- for the sandbox -------------------------------------------------------------------------*/

int lua_host_require(lua_State *L, const char *name)
{
    struct lua_host *host = lua_host_of(L);
    struct source *from = innermost_source(L);
    if (host->find == NULL)
        return lua_host_error(L, "there is no module '%s'", name);
    return host->find(L, host, from, name, host->find_context);
}

void lua_host_print(lua_State *L, struct view text)
{
    struct lua_host *host = lua_host_of(L);
    if (host->printed > PRINTED_MAX)
        return;
    if (host->printed++ == PRINTED_MAX)
        text = VIEW("more than 1000 lines were printed, the rest is left out");
    struct view message = message_text(host, text);
    diag_add(host->diags, DIAG_NOTE, NULL, innermost_line(L, 1), "%.*s", VIEW_ARG(message));
}
