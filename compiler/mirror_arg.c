#include "mirror_arg.h"

/* Where a name is a variable of the tool itself, its documentation says so; the others are those
 * that Dockerfiles and mirrors' help pages use. */
static const struct {
    const char *name, *kind, *field;
    bool beside;
} known[] = {
    {"APT_MIRROR", "apt", "", false},
    {"PIP_INDEX_URL", "pypi", "", false},
    {"PIP_TRUSTED_HOST", "pypi", "", true},
    {"PYPI_MIRROR", "pypi", "", false},
    {"UV_DEFAULT_INDEX", "pypi", "", false},
    {"UV_INDEX_URL", "pypi", "", false},
    {"UV_PYTHON_INSTALL_MIRROR", "uv_python", "", false},
    {"GOPROXY", "goproxy", "", false},
    {"GOSUMDB", "gosumdb", "", false},
    {"NPM_CONFIG_REGISTRY", "npm", "", false},
    {"npm_config_registry", "npm", "", false},
    {"NPM_REGISTRY", "npm", "", false},
    {"RUSTUP_DIST_SERVER", "rustup", "dist", false},
    {"RUSTUP_UPDATE_ROOT", "rustup", "update_root", false},
    {"HF_ENDPOINT", "huggingface", "", false},
    {"PLAYWRIGHT_DOWNLOAD_HOST", "playwright", "", false},
    {"JULIA_PKG_SERVER", "julia", "", false},
    {"HEX_MIRROR", "hex", "", false},
};

enum { KNOWN_COUNT = sizeof(known) / sizeof(known[0]) };

void mirror_arg_names(struct arena *arena, struct name_list *names)
{
    for (size_t i = 0; i < KNOWN_COUNT; i++)
        VEC_PUSH(arena, names, view_of(known[i].name));
}

static bool is_variable_name(struct view name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_alpha(name.ptr[i]) && name.ptr[i] != '_' && (i == 0 || !is_digit(name.ptr[i])))
            return false;
    return name.len > 0;
}

bool mirror_arg_read(struct view item, struct mirror_arg *arg)
{
    size_t equals = view_find(item, '=', 0);
    *arg = (struct mirror_arg){view_slice(item, 0, equals), VIEW(""), VIEW(""), false};
    if (equals < item.len)
        arg->kind = view_slice(item, equals + 1, item.len);
    for (size_t i = 0; equals == item.len && i < KNOWN_COUNT; i++)
        if (view_is(item, known[i].name))
            *arg = (struct mirror_arg){item, view_of(known[i].kind), view_of(known[i].field),
                                       known[i].beside};
    return is_variable_name(arg->name) && arg->kind.len > 0;
}

static bool is_separator(char c)
{
    return is_blank(c) || c == ',';
}

struct view mirror_arg_next(struct view list, size_t *at)
{
    while (*at < list.len && is_separator(list.ptr[*at]))
        ++*at;
    size_t begin = *at;
    while (*at < list.len && !is_separator(list.ptr[*at]))
        ++*at;
    return view_slice(list, begin, *at);
}
