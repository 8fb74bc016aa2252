#include "path.h"

/* Drop the last component of `out`, which holds `floor` bytes that stay. */
static void drop_last(struct str *out, size_t floor)
{
    while (out->len > floor && out->ptr[out->len - 1] != '/')
        out->len--;
    if (out->len > floor)
        out->len--;
}

static void add_component(struct str *out, struct view part)
{
    if (out->len > 0 && out->ptr[out->len - 1] != '/')
        str_addc(out, '/');
    str_add(out, part);
}

struct view path_clean(struct arena *arena, struct view path)
{
    struct str out;
    str_init(&out, arena);
    bool rooted = path.len > 0 && path.ptr[0] == '/';
    if (rooted)
        str_addc(&out, '/');
    size_t floor = out.len; /* what ".." may not take away: "/" or leading ".." */
    for (size_t at = 0; at < path.len;) {
        size_t end = view_find(path, '/', at);
        struct view part = view_slice(path, at, end);
        at = end + 1;
        if (part.len == 0 || view_is(part, "."))
            continue;
        if (!view_is(part, "..")) {
            add_component(&out, part);
        } else if (out.len > floor) {
            drop_last(&out, floor);
        } else if (!rooted) {
            add_component(&out, part);
            floor = out.len;
        }
    }
    if (out.len == 0)
        str_addc(&out, '.');
    return view_copy(arena, str_view(&out));
}

struct view path_base(struct view path)
{
    size_t begin = path.len;
    while (begin > 0 && path.ptr[begin - 1] != '/')
        begin--;
    return view_slice(path, begin, path.len);
}

struct view path_directory(struct view path)
{
    size_t end = path.len - path_base(path).len;
    if (end == 0)
        return VIEW(".");
    while (end > 1 && path.ptr[end - 1] == '/')
        end--;
    return view_slice(path, 0, end);
}

bool path_is_beneath(struct view path, struct view directory)
{
    if (view_is(directory, "/") || view_equal(path, directory))
        return true;
    return path.len > directory.len && path.ptr[directory.len] == '/' &&
           view_equal(view_slice(path, 0, directory.len), directory);
}

bool path_escapes(struct arena *arena, struct view path)
{
    struct view clean = path_clean(arena, path);
    return view_is(clean, "..") || view_starts(clean, "../") || view_starts(clean, "/");
}
