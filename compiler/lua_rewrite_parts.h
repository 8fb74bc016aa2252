/* What the files of lua_rewrite.h share: the objects that a check is given and makes. */
#ifndef DFC_LUA_REWRITE_PARTS_H
#define DFC_LUA_REWRITE_PARTS_H

#include "lua_api_internal.h"
#include "regex.h"

/* One rewrite looking at one instruction. */
struct look {
    struct run_view *run;
    const struct rewrite *rewrite;
    struct expansion *expansion;
    struct unit_edits *edits;
    bool apply;
    bool taken; /* the check that is running has had a fix taken */
};

/* A part of a match, as bytes of the line. */
struct group {
    size_t begin, end;
    bool set;
};

/* One command that the pattern has matched. */
struct match {
    struct look *look;
    size_t command;
    struct group *groups; /* the whole match first */
    size_t group_count;
};

/* Edits that a check has asked for. */
struct lua_edits {
    const struct run_view *run;
    struct edit_request request;
};

void rewrite_push_run(lua_State *L, struct look *look);
void rewrite_push_match(lua_State *L, struct match *match);

/* The object at an index of the stack; NULL when it is another one. */
const struct match *rewrite_to_match(lua_State *L, int index);
const struct lua_edits *rewrite_to_edits(lua_State *L, int index);
const struct span *rewrite_to_span(lua_State *L, int index);
bool rewrite_is_run(lua_State *L, int index);

/* The place of the command that was matched. */
struct span rewrite_match_span(const struct match *match);

#endif
