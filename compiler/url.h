/* URLs as text: their schemes, and the user names and passwords in them. */
#ifndef DFC_URL_H
#define DFC_URL_H

#include "str.h"

/* Whether the text has a scheme: "https://…", "sparse+https://…". */
bool url_has_scheme(struct view text);

/*
 * Find the first URL at or behind `from` that holds credentials, anywhere in a text: a word, a line
 * of shell, a list. http and https have no use for a user name alone, so there everything before
 * the '@' counts ("https://TOKEN@host"); elsewhere it takes a password ("ssh://git@host" names an
 * account, "git@host:path" is no URL). A variable counts as what it stands for, a command
 * substitution does not: it can read a secret while the command runs.
 *
 * False: there is none. Else bytes [*begin, *end) are the user information, without the '@'.
 */
bool url_find_credentials(struct view text, size_t from, size_t *begin, size_t *end);

bool url_has_credentials(struct view text);

/* The URL in `text` whose user information begins at byte `at`: from its scheme to where a blank or
 * a quote ends it. */
struct view url_around(struct view text, size_t at);

#endif
