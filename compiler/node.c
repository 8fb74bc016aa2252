#include "node.h"

static void add_key(struct str *out, const char *key, struct view value)
{
    if (value.len > 0)
        str_addf(out, ",%s=%.*s", key, VIEW_ARG(value));
}

void mount_format(struct str *out, const struct mount *mount)
{
    static const char *const types[] = {"cache", "bind", "secret", "ssh", "tmpfs"};
    str_addf(out, "type=%s", types[mount->type]);
    add_key(out, "id", mount->id);
    add_key(out, "from", mount->from);
    add_key(out, "source", mount->source);
    add_key(out, "target", mount->target);
    add_key(out, "env", mount->env);
    add_key(out, "sharing", mount->sharing);
    if (mount->required)
        str_addz(out, ",required=true");
    if (mount->writable && mount->type == MOUNT_BIND)
        str_addz(out, ",rw");
    add_key(out, "size", mount->size);
    add_key(out, "mode", mount->mode);
    add_key(out, "uid", mount->uid);
    add_key(out, "gid", mount->gid);
}
