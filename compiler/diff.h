/* The difference of two texts, line by line, as a unified diff. */
#ifndef DFC_DIFF_H
#define DFC_DIFF_H

#include "str.h"

/*
 * Append the unified diff that makes `to` of `from`: "--- FROM_NAME", "+++ TO_NAME" and hunks with
 * three lines of context. Nothing is appended when the texts are equal. Texts that differ in more
 * than DIFF_EDITS_MAX lines are shown as replaced where they differ, so the time is bounded by the
 * texts' length times that number.
 */
enum { DIFF_EDITS_MAX = 400 };

void diff_unified(struct str *out, struct view from, struct view to, const char *from_name,
                  const char *to_name);

#endif
