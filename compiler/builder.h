/*
 * Builders that know less than BuildKit. Rules make nodes for BuildKit; here they become what
 * another builder takes, or an error that says what it can't do.
 *
 * Sources: containers/buildah internal/volumes/volumes.go and CHANGELOG.md (mounts, --link,
 * --exclude, --parents); docker/docker-ce builder/dockerfile (no mounts, no heredocs).
 */
#ifndef DFC_BUILDER_H
#define DFC_BUILDER_H

#include "directive.h"
#include "node.h"
#include "setting.h"
#include "stage.h"

enum builder {
    BUILDER_BUILDKIT,
    BUILDER_BUILDAH, /* Podman, too; 1.33 or later */
    BUILDER_LEGACY,  /* no mounts and no heredocs: old Docker, kaniko */
};

/* The builder that the setting dfc.builder names; BuildKit when nobody has said. */
enum builder builder_of(const struct setting_scope *scope);

/* Its name, as in --builder. */
const char *builder_name(enum builder builder);

/* Whether a name is one of a builder. */
bool builder_find(struct view name, enum builder *builder);

/* Who the nodes are for. */
struct lowering {
    struct arena *arena;
    struct diag_list *diags;
    const struct stage *stage; /* NULL: a helper stage of a rule */
    enum builder builder;
    struct span at;        /* of the directive that has made them */
    struct view directive; /* its name */
};

/* Rewrite nodes in place. false: the builder can't do what they ask for, which was reported. */
bool builder_lower(const struct lowering *lowering, struct node_list *nodes);

#endif
