/*
 * Mirrors that are a choice of docker build: the setting dfc.mirror-arg, "@mirror --arg NAME". Its
 * value is a list of ARGs, each a name that people use for one kind of package, or NAME=KIND.
 */
#ifndef DFC_MIRROR_ARG_H
#define DFC_MIRROR_ARG_H

#include "rule.h"

struct mirror_arg {
    struct view name; /* of the ARG */
    struct view
        kind; /* what it has the mirror of; "apt": a base URL with the trees that apt reads */
    struct view field; /* of a kind that is several URLs: "dist" of rustup; "" */
    bool beside;       /* it has no URL: it is to be declared where one of its kind is used */
};

/* The names that need no "=KIND", for messages. */
void mirror_arg_names(struct arena *arena, struct name_list *names);

/* Read one ARG of the list. False: it needs a kind, or is no name of a variable. */
bool mirror_arg_read(struct view item, struct mirror_arg *arg);

/* The item of a list that begins at or behind `*at`, which goes on behind it; "" at the end. */
struct view mirror_arg_next(struct view list, size_t *at);

#endif
