/* The words of the language itself: @set, @mirror, @use. They make no instruction. */
#ifndef DFC_CORE_WORDS_H
#define DFC_CORE_WORDS_H

#include "rule_sources.h"

struct core_words {
    struct arena *arena;
    const struct file *file;
    struct diag_list *diags;
    struct stages *stages;
    struct api *api;
    const struct rule_sources *sources;
};

/* Whether the directive is a core word; it has been carried out then, or reported. */
bool core_words_take(const struct core_words *core, const struct unit *unit);

/* Report a use of the variable as "@{name}": until variables are replaced, nothing may look as if
 * they were. */
void core_words_check_use(struct arena *arena, const struct file *file, struct view name,
                          struct diag_list *diags);

/* Check the value of a setting of dfc. False: an error was reported at `at`. */
bool core_words_check_value(struct api *api, struct diag_list *diags, struct view name,
                            struct view value, struct span at);

/* Whether the name is that of a core word, or will be: no rule can have it. */
bool core_words_has(struct view name);

/* Add their names, for "did you mean". */
void core_words_names(struct arena *arena, struct name_list *names);

#endif
