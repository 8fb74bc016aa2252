#include "file.h"

#include "dfc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LINKS_FOLLOWED = 40,
    LONGEST_PATH = 4096,
    READ_AT_ONCE = 64 * 1024,
};

int file_reserve_standard(void)
{
    for (int wanted = 0; wanted <= 2; wanted++) {
        if (fcntl(wanted, F_GETFD) != -1)
            continue;
        /* A directory can't be written to. It stands for the outputs, not /dev/null, so that
         * "-o /dev/null" is not taken for a closed standard output. */
        int got = wanted == 0 ? open("/dev/null", O_WRONLY) : open("/", O_RDONLY);
        if (got != wanted)
            return got < 0 ? errno : EBADF;
    }
    return 0;
}

/* Room for the first read: a byte more than a regular file holds, to see its end at once. Gives 0
 * when a regular file is larger than the limit. */
static size_t first_capacity(int descriptor, size_t limit)
{
    struct stat status;
    size_t capacity = READ_AT_ONCE;
    if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) {
        if ((uintmax_t)status.st_size > limit)
            return 0;
        if (status.st_size > READ_AT_ONCE)
            capacity = (size_t)status.st_size;
    }
    return (capacity < limit ? capacity : limit) + 1;
}

/* Read until the end or until `*text`, which has room for `capacity` bytes, is full. */
static int read_until_full(int descriptor, char *text, size_t capacity, size_t *length, bool *end)
{
    while (*length < capacity && !*end) {
        ssize_t got = read(descriptor, text + *length, capacity - *length);
        if (got < 0 && errno == EAGAIN)
            poll(&(struct pollfd){.fd = descriptor, .events = POLLIN}, 1, -1);
        else if (got < 0 && errno != EINTR)
            return errno;
        else if (got == 0)
            *end = true;
        else if (got > 0)
            *length += (size_t)got;
    }
    return 0;
}

int file_read_open(int descriptor, size_t limit, char **text, size_t *length)
{
    if (limit > SIZE_MAX / 2 - 2)
        limit = SIZE_MAX / 2 - 2;
    size_t capacity = first_capacity(descriptor, limit), used = 0;
    char *buffer = NULL;
    bool end = false;
    int error = capacity == 0 ? EFBIG : 0;
    while (!error && !end && used <= limit) {
        if (used == capacity)
            capacity = capacity > limit / 2 ? limit + 1 : 2 * capacity;
        char *larger = realloc(buffer, capacity + 1);
        if (larger)
            buffer = larger;
        error = larger ? read_until_full(descriptor, buffer, capacity, &used, &end) : ENOMEM;
    }
    if (!error && used > limit)
        error = EFBIG;
    if (error) {
        free(buffer);
        return error;
    }
    buffer[used] = '\0';
    *text = buffer;
    *length = used;
    return 0;
}

static int read_and_close(int descriptor, size_t limit, char **text, size_t *length)
{
    int error = file_read_open(descriptor, limit, text, length);
    close(descriptor);
    return error;
}

int file_read(const char *path, size_t limit, char **text, size_t *length)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return descriptor < 0 ? errno : read_and_close(descriptor, limit, text, length);
}

int file_write(int descriptor, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t done = write(descriptor, text, length);
        if (done < 0 && errno == EAGAIN) {
            poll(&(struct pollfd){.fd = descriptor, .events = POLLOUT}, 1, -1);
        } else if (done < 0 && errno != EINTR) {
            return errno;
        } else if (done == 0) {
            return EIO;
        } else if (done > 0) {
            text += done;
            length -= (size_t)done;
        }
    }
    return 0;
}

static bool is_same(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool file_is_open_as(const char *path, int descriptor)
{
    struct stat a, b;
    return stat(path, &a) == 0 && fstat(descriptor, &b) == 0 && S_ISREG(a.st_mode) &&
           is_same(&a, &b);
}

bool file_is_same(const char *path, const char *other)
{
    struct stat a, b;
    return stat(path, &a) == 0 && stat(other, &b) == 0 && S_ISREG(a.st_mode) && is_same(&a, &b);
}

int file_check_directory(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno;
    return S_ISDIR(status.st_mode) ? 0 : ENOTDIR;
}

/* ---- writing ---- */

/* The first `length` bytes of `directory` and then `name`. NULL: no memory. */
static char *join(const char *directory, size_t length, const char *name)
{
    size_t name_size = strlen(name) + 1;
    char *path = malloc(length + name_size);
    if (!path)
        return NULL;
    memcpy(path, directory, length);
    memcpy(path + length, name, name_size);
    return path;
}

/* Length of the part of a path up to and with its last slash. */
static size_t directory_length(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Where a path leads when its last part is a link, also to a file that does not exist yet. */
static int follow_links(const char *path, char **target)
{
    char *at = strdup(path);
    for (int links = 0; at; links++) {
        char link[LONGEST_PATH];
        ssize_t length = readlink(at, link, sizeof(link));
        if (length < 0 && (errno == EINVAL || errno == ENOENT)) {
            *target = at;
            return 0;
        }
        int error = length < 0                        ? errno
                    : length == (ssize_t)sizeof(link) ? ENAMETOOLONG
                    : links == LINKS_FOLLOWED         ? ELOOP
                                                      : 0;
        if (error) {
            free(at);
            return error;
        }
        link[length] = '\0';
        char *next = join(at, link[0] == '/' ? 0 : directory_length(at), link);
        free(at);
        at = next;
    }
    return ENOMEM;
}

static bool has_content(const char *path, const char *text, size_t length)
{
    char *old;
    size_t old_length;
    if (file_read(path, length, &old, &old_length) != 0)
        return false;
    bool equal = old_length == length && memcmp(old, text, length) == 0;
    free(old);
    return equal;
}

static mode_t mode_for_new_file(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

/* Write to a new file and close it. */
static int fill(int descriptor, mode_t mode, const char *text, size_t length)
{
    int error = file_write(descriptor, text, length);
    if (!error && fchmod(descriptor, mode) != 0)
        error = errno;
    if (close(descriptor) != 0 && !error)
        error = errno;
    return error;
}

static int replace_file(const char *path, mode_t mode, const char *text, size_t length)
{
    char *temporary = join(path, directory_length(path), ".dfc-XXXXXX");
    if (!temporary)
        return ENOMEM;
    int descriptor = mkstemp(temporary);
    int error = descriptor < 0 ? errno : fill(descriptor, mode, text, length);
    if (!error && rename(temporary, path) != 0)
        error = errno;
    if (error && descriptor >= 0)
        unlink(temporary);
    free(temporary);
    return error;
}

/* replace_file, but an interruption waits, so that no temporary file stays behind. */
static int replace_undisturbed(const char *path, mode_t mode, const char *text, size_t length)
{
    sigset_t stop, before;
    sigemptyset(&stop);
    sigaddset(&stop, SIGHUP);
    sigaddset(&stop, SIGINT);
    sigaddset(&stop, SIGTERM);
    sigprocmask(SIG_BLOCK, &stop, &before);
    int error = replace_file(path, mode, text, length);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return error;
}

static int write_directly(const char *path, const char *text, size_t length)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
        return errno;
    int error = file_write(descriptor, text, length);
    if (close(descriptor) != 0 && !error)
        error = errno;
    return error;
}

/* The standard descriptor that is open on a file, or -1. Writing there keeps its position, which
 * opening /dev/stdout anew would not. */
static int standard_output_on(const struct stat *status)
{
    for (int descriptor = 1; descriptor <= 2; descriptor++) {
        struct stat other;
        if (fstat(descriptor, &other) == 0 && is_same(status, &other))
            return descriptor;
    }
    return -1;
}

static int replace_existing(const char *path, const struct stat *status, const char *text,
                            size_t length)
{
    int descriptor = standard_output_on(status);
    if (descriptor >= 0)
        return file_write(descriptor, text, length);
    if (!S_ISREG(status->st_mode))
        return write_directly(path, text, length);
    if (has_content(path, text, length))
        return 0;
    char *target;
    int error = follow_links(path, &target);
    if (error)
        return error;
    error = replace_undisturbed(target, status->st_mode & 07777, text, length);
    free(target);
    return error;
}

int file_replace(const char *path, const char *text, size_t length)
{
    struct stat status;
    if (stat(path, &status) == 0)
        return replace_existing(path, &status, text, length);
    if (errno != ENOENT)
        return errno;
    char *target;
    int error = follow_links(path, &target);
    if (error)
        return error;
    error = replace_undisturbed(target, mode_for_new_file(), text, length);
    free(target);
    return error;
}

/* ---- reading below a directory ---- */

/* The way from an open directory to a file below it. */
struct way {
    int top;
    int links;               /* symbolic links followed so far */
    char done[LONGEST_PATH]; /* the part that was walked: no links, no "..", no empty names */
    char rest[LONGEST_PATH]; /* the part that was not */
};

/* Put `text`, the target of a link, before the rest of the way. */
static int way_insert(struct way *way, const char *text, size_t length)
{
    size_t rest = strlen(way->rest);
    if (text[0] == '/')
        return EXDEV;
    if (++way->links > LINKS_FOLLOWED)
        return ELOOP;
    if (length + 1 + rest >= sizeof(way->rest))
        return ENAMETOOLONG;
    memmove(way->rest + length + 1, way->rest, rest + 1);
    memcpy(way->rest, text, length);
    way->rest[length] = '/';
    return 0;
}

static int way_back(struct way *way)
{
    char *slash = strrchr(way->done, '/');
    if (!way->done[0])
        return EXDEV;
    *(slash ? slash : way->done) = '\0';
    return 0;
}

static int way_enter(struct way *way, const char *name)
{
    size_t before = strlen(way->done);
    int added =
        snprintf(way->done + before, sizeof(way->done) - before, "%s%s", before ? "/" : "", name);
    if ((size_t)added >= sizeof(way->done) - before)
        return ENAMETOOLONG;
    char link[LONGEST_PATH];
    ssize_t length = readlinkat(way->top, way->done, link, sizeof(link));
    if (length < 0)
        return errno == EINVAL ? 0 : errno; /* EINVAL: it is there and no link */
    if (length == (ssize_t)sizeof(link))
        return ENAMETOOLONG;
    way->done[before] = '\0';
    link[length] = '\0';
    return way_insert(way, link, (size_t)length);
}

/* Take the next name off the rest. */
static int way_step(struct way *way)
{
    char name[LONGEST_PATH];
    size_t length = strcspn(way->rest, "/");
    size_t skipped = length + (way->rest[length] == '/');
    memcpy(name, way->rest, length);
    name[length] = '\0';
    memmove(way->rest, way->rest + skipped, strlen(way->rest + skipped) + 1);
    if (!name[0] || strcmp(name, ".") == 0)
        return 0;
    return strcmp(name, "..") == 0 ? way_back(way) : way_enter(way, name);
}

/* Open the directory and walk the whole path; `way->top` is the caller's to close on success. */
static int way_walk(struct way *way, const char *beneath, const char *path)
{
    size_t length = strlen(path);
    *way = (struct way){.top = -1};
    if (path[0] == '/')
        return EXDEV;
    if (length >= sizeof(way->rest))
        return ENAMETOOLONG;
    memcpy(way->rest, path, length);
    way->top = open(beneath[0] ? beneath : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (way->top < 0)
        return errno;
    int error = 0;
    while (!error && way->rest[0])
        error = way_step(way);
    if (error)
        close(way->top);
    return error;
}

/*
 * Open what the walk arrived at, and close `top`. Every part is opened by itself and never through
 * a link: one that somebody puts there after the walk is refused, not followed.
 */
static int way_open(struct way *way, int *descriptor)
{
    int at = way->top;
    char *name = way->done;
    while (*name) {
        size_t length = strcspn(name, "/");
        bool last = name[length] == '\0';
        name[length] = '\0';
        int flags = last ? O_NONBLOCK | O_NOCTTY : O_DIRECTORY;
        int next = openat(at, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | flags);
        int error = errno;
        close(at);
        if (next < 0)
            return error;
        at = next;
        name += length + !last;
    }
    *descriptor = at;
    return 0;
}

static int read_beneath(const char *beneath, const char *path, size_t limit, char **text,
                        size_t *length)
{
    struct way way;
    struct stat status;
    int descriptor = -1;
    int error = way_walk(&way, beneath, path);
    if (!error)
        error = way_open(&way, &descriptor);
    if (error)
        return error;
    if (fstat(descriptor, &status) != 0)
        error = errno;
    else if (!S_ISREG(status.st_mode))
        error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    if (error) {
        close(descriptor);
        return error;
    }
    return read_and_close(descriptor, limit, text, length);
}

static int read_callback(void *context, const char *beneath, const char *path, size_t limit,
                         char **text, size_t *length)
{
    (void)context;
    return beneath ? read_beneath(beneath, path, limit, text, length)
                   : file_read(path, limit, text, length);
}

static bool exists_callback(void *context, const char *beneath, const char *path)
{
    (void)context;
    struct stat status;
    struct way way;
    if (!beneath)
        return stat(path, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
    if (way_walk(&way, beneath, path) != 0)
        return false;
    bool found = fstatat(way.top, way.done[0] ? way.done : ".", &status, AT_SYMLINK_NOFOLLOW) == 0;
    close(way.top);
    return found && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode));
}

static bool same_file_callback(void *context, const char *path, const char *other)
{
    (void)context;
    return file_is_same(path, other);
}

/* ---- listing a directory ---- */

struct name_list {
    char **items;
    size_t count, capacity;
};

static int name_list_add(struct name_list *list, const char *name)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        char **items = realloc(list->items, capacity * sizeof(*items));
        if (!items)
            return ENOMEM;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count] = strdup(name);
    return list->items[list->count++] ? 0 : ENOMEM;
}

static void name_list_release(struct name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->items[i]);
    free(list->items);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Open a directory; `*error` is 0 or an errno value. */
static DIR *open_directory(const char *beneath, const char *path, int *error)
{
    struct way way;
    int descriptor = -1;
    *error = beneath ? way_walk(&way, beneath, path) : 0;
    if (!*error && beneath)
        *error = way_open(&way, &descriptor);
    if (*error)
        return NULL;
    DIR *directory = beneath ? fdopendir(descriptor) : opendir(path);
    if (directory)
        return directory;
    *error = errno;
    if (descriptor >= 0)
        close(descriptor);
    return NULL;
}

static int name_list_read(struct name_list *list, const char *beneath, const char *path)
{
    int error;
    DIR *directory = open_directory(beneath, path, &error);
    if (!directory)
        return error;
    struct dirent *entry;
    while (!error && (errno = 0, entry = readdir(directory)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            error = name_list_add(list, entry->d_name);
    }
    if (!error)
        error = errno;
    closedir(directory);
    return error;
}

/* Each name and its NUL byte, sorted by bytes. */
static int name_list_join(struct name_list *list, char **names, size_t *length)
{
    size_t size = 0;
    for (size_t i = 0; i < list->count; i++)
        size += strlen(list->items[i]) + 1;
    char *at = *names = malloc(size + 1);
    if (!at)
        return ENOMEM;
    if (list->count > 0)
        qsort(list->items, list->count, sizeof(*list->items), compare_names);
    for (size_t i = 0; i < list->count; i++) {
        size_t name_size = strlen(list->items[i]) + 1;
        memcpy(at, list->items[i], name_size);
        at += name_size;
    }
    *length = size;
    return 0;
}

static int list_callback(void *context, const char *beneath, const char *path, char **names,
                         size_t *length)
{
    (void)context;
    struct name_list list = {0};
    int error = name_list_read(&list, beneath, path);
    if (!error)
        error = name_list_join(&list, names, length);
    name_list_release(&list);
    return error;
}

void file_set_callbacks(struct dfc_config *config)
{
    config->read_file = read_callback;
    config->list_directory = list_callback;
    config->exists = exists_callback;
    config->same_file = same_file_callback;
    config->context = NULL;
}
