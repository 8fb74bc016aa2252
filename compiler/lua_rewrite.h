/*
 * Rewrites as rule files declare them, run over one plain instruction at a time.
 *
 * In a RUN, `match` is tried on each simple command, its words joined by one blank; sudo, env and
 * their kind and assignments before it are left out. In a RUN in exec form it is tried on the
 * words of the array. In another instruction (on = "FROM") it is tried once, on the arguments
 * behind the flags, with one blank between them; there the words are as written, quotes included,
 * and ctx of a FROM describes the stage that it begins. Instructions before the first FROM are not
 * looked at. Without `match`, check is called once for each instruction, its third argument nil.
 */
#ifndef DFC_LUA_REWRITE_H
#define DFC_LUA_REWRITE_H

#include "edit.h"
#include "lua_api.h"

/* Load the rewrites of the standard library, and see which ones the file silences. False: reported.
 */
bool api_open_rewrites(struct api *api, const struct file *file);

/*
 * Run all rewrites over a plain instruction: the standard library's first, then layer by layer, in
 * the order in which they were declared. With `apply` findings whose fix was taken into `edits` are
 * not reported. Set-up nodes of such fixes go to `e->setup`. `e->directive` has to be one without
 * arguments. `run` must live as long as the api. False: an error was reported.
 */
bool api_rewrite(struct api *api, struct run_view *run, size_t unit, struct expansion *e,
                 struct unit_edits *edits, bool apply);

#endif
