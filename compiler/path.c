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

struct view path_join(struct arena *arena, struct view directory, struct view path)
{
    if (view_starts(path, "/") || directory.len == 0 || view_is(directory, "."))
        return view_copy(arena, path);
    bool has_slash = view_ends(directory, "/");
    return view_format(arena, "%.*s%s%.*s", VIEW_ARG(directory), has_slash ? "" : "/",
                       VIEW_ARG(path));
}

/* Length of the first components that both have, with the slash behind them. */
static size_t common_directories(struct view a, struct view b)
{
    size_t common = 0;
    for (size_t i = 0;; i++) {
        bool a_ends = i == a.len || a.ptr[i] == '/', b_ends = i == b.len || b.ptr[i] == '/';
        if (a_ends && b_ends)
            common = i + 1;
        if (i == a.len || i == b.len || a.ptr[i] != b.ptr[i])
            return common;
    }
}

struct view path_relative(struct arena *arena, struct view directory, struct view path)
{
    struct str out;
    str_init(&out, arena);
    if (view_is(directory, "."))
        return view_copy(arena, path);
    size_t common = view_is(path, ".") ? 0 : common_directories(directory, path);
    for (size_t at = common; at < directory.len; at = view_find(directory, '/', at) + 1)
        add_component(&out, VIEW(".."));
    if (!view_is(path, ".") && common < path.len)
        add_component(&out, view_slice(path, common, path.len));
    if (out.len == 0)
        str_addc(&out, '.');
    return view_copy(arena, str_view(&out));
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
