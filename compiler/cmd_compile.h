/* What the commands that compile an input have in common: their options, what lies around the
 * input, and the run of the library over it. */
#ifndef DFC_CMD_COMPILE_H
#define DFC_CMD_COMPILE_H

#include "cmd.h"
#include "cmd_project.h"

struct compiling {
    struct dfc_config config;
    bool quiet, no_user_config;
    const char *color;
    const char **rules;         /* of --rules */
    const char **default_rules; /* of DFC_RULES */
    char *rules_variable;       /* a copy of it, cut at its colons */
    struct dfc_define *defines;
    struct project project;
};

/* The defaults and what the environment says. False: no memory; release it also then. */
bool compiling_init(struct compiling *compiling, const struct options *options);
void compiling_release(struct compiling *compiling);

/* The next option. Those that all of these commands have are taken. */
enum option_id compiling_next(struct compiling *compiling, struct options *options);

/* Read an input, "-" for standard input. `*text` is malloc()ed. Gives 0 or an errno value. */
int compiling_read(const char *input, char **text, size_t *length);

/* Compile an input within the time there is. NULL, with a message: there is no memory; free with
 * dfc_free. */
struct dfc *compiling_run(struct compiling *compiling, const char *input, const char *text,
                          size_t length, enum dfc_status *status);

/* Whether what is written to an open file is to be in color. */
bool compiling_wants_color(const struct compiling *compiling, int descriptor);

#endif
