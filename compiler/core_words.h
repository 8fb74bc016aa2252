/* The words of the language itself: @set, @mirror. They make no instruction. */
#ifndef DFC_CORE_WORDS_H
#define DFC_CORE_WORDS_H

#include "lua_api.h"

struct core_words {
    struct arena *arena;
    const struct file *file;
    struct diag_list *diags;
    struct stages *stages;
    struct api *api;
};

/* Whether the directive is a core word; it has been carried out then, or reported. */
bool core_words_take(const struct core_words *core, const struct unit *unit);

/* Add their names, for "did you mean". */
void core_words_names(struct arena *arena, struct name_list *names);

#endif
