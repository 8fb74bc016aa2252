/* Dockerfiles that dfc has nothing to do with: most of those there are. */
#ifndef DFC_PLAIN_H
#define DFC_PLAIN_H

#include "parse.h"

/* "ONBUILD @apt curl" is BuildKit's text for a later build: no rule can know that build. */
bool plain_is_onbuild_directive(const struct instruction *inst);

/*
 * Whether a text is a Dockerfile without a directive of which there is nothing to report either. It
 * is read unit by unit, in memory that does not grow with it; `scratch` is empty or forgotten.
 */
bool plain_check(struct arena *scratch, struct source *source);

#endif
