/* What `dfc rules` and `dfc explain` have in common: the rules that are known here, described. */
#ifndef DFC_CMD_RULES_H
#define DFC_CMD_RULES_H

#include "cmd.h"
#include "cmd_project.h"

struct known {
    struct dfc_config config;
    const char **rules;         /* of --rules */
    const char **default_rules; /* of DFC_RULES */
    char *rules_variable;       /* a copy of it, cut at its colons */
    const char *color;
    bool no_user_config;
    struct project project;
};

/* The defaults and what the environment says. False: no memory; release it also then. */
bool known_init(struct known *known, const struct options *options);
void known_release(struct known *known);

/* The next option. Those that both commands have are taken. */
enum option_id known_next(struct known *known, struct options *options);

/* Write the description to standard output, diagnostics to standard error. Gives the status. */
enum dfc_status known_describe(struct known *known, enum dfc_description what, const char *name);

#endif
