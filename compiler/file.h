/*
 * Files: reading inputs, the callbacks through which a compilation reads, writing the output.
 * Nothing here prints; results are 0 or an errno value.
 */
#ifndef DFC_FILE_H
#define DFC_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct dfc_config;

/*
 * Give descriptors 0, 1 and 2 something to stand for when the caller closed them. Otherwise the
 * next file opened would take their place, and a diagnostic could end up in it. What is put there
 * fails to be read or written, as the closed descriptor would.
 */
int file_reserve_standard(void);

/* Read all of an open file or of a named one; above `limit` bytes gives EFBIG. The text is
 * malloc()ed, with a NUL byte after its end that does not count. */
int file_read_open(int descriptor, size_t limit, char **text, size_t *length);
int file_read(const char *path, size_t limit, char **text, size_t *length);

/* Write all of the text, in as many calls as it takes. */
int file_write(int descriptor, const char *text, size_t length);

/*
 * Make `text` the content of `path`, wholly or not at all: a new file in the same directory takes
 * the old one's mode and then its place. A file that has this content already is not touched. When
 * `path` is a symbolic link, what it leads to is replaced and the link stays. A device, a pipe and
 * whatever standard output or standard error are open on are written to directly.
 */
int file_replace(const char *path, const char *text, size_t length);

/* Whether a path, or the open file `descriptor`, is the same regular file as another path. */
bool file_is_same(const char *path, const char *other);
bool file_is_open_as(const char *path, int descriptor);

/* 0 when `path` is a directory, through links too. */
int file_check_directory(const char *path);

/*
 * Let a compilation read the file system. Below a directory (`beneath` of the callbacks) only
 * regular files are read, and a path must stay in it at every step: ".." above its top, an
 * absolute path, and a symbolic link to either give EXDEV, even where they would lead back.
 */
void file_set_callbacks(struct dfc_config *config);

#endif
