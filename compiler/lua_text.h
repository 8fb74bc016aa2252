/*
 * The text of a rule file, looked at before Lua's compiler sees it. No hook runs while Lua
 * compiles, and some texts of 256 KiB keep its compiler busy for seconds: each `and` and `or` of
 * one expression walks the list of those before it, and each global name in a nested function
 * walks all variables of all functions around it. What no rule file needs is refused here.
 */
#ifndef DFC_LUA_TEXT_H
#define DFC_LUA_TEXT_H

#include "diag.h"

/*
 * Check that a source can be a rule file: at most LUA_HOST_FILE_MAX bytes of UTF-8 without a NUL
 * byte, no bytecode, and no text made to be slow. False: an error [rule-file] was reported.
 */
bool lua_text_check(struct diag_list *diags, struct source *source);

#endif
