/*
 * Credentials in URLs of a Dockerfile.in are errors, wherever they stand in a directive: they would
 * stay readable in the image's history, and mostly in the image. What to write instead is a secret
 * of the build.
 */
#ifndef DFC_CREDENTIALS_H
#define DFC_CREDENTIALS_H

#include "parse.h"

/* What credentials_report is told where there is no option --secret. */
#define NO_SECRET ((struct view){NULL, 0})

/*
 * Report a URL that holds credentials, at the place that has to be changed. diag.h masks them in
 * all that is shown. `secret` says what the directive's --secret=ID is for, or is NO_SECRET.
 */
struct diag *credentials_report(struct diag_list *diags, struct span at, struct view url,
                                struct view secret);

/* Whether there are some in a directive: in its line, as BuildKit would join it, or its heredocs.
 */
bool credentials_in(const struct instruction *inst);

/* Report them. */
void credentials_report_all(struct diag_list *diags, const struct file *file,
                            const struct instruction *inst, struct view secret);

#endif
