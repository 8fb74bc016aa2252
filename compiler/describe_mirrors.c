/* `dfc mirrors`: the presets, and what Docker and BuildKit have to be told of mirrors of Docker
 * Hub.
 */
#include "describe.h"

#include "image.h"
#include "url.h"

#define DEFAULT_PRESET "cn"
#define HUB_KIND       "docker_hub"

/* ---- the table */

static void list_kinds(struct arena *arena, const struct entry *entry, struct name_list *kinds)
{
    for (size_t i = 0; i < entry->trees.count; i++) {
        struct view key = entry->trees.items[i].key;
        struct view kind = view_slice(key, 0, view_find(key, '.', 0)); /* "rustup.dist" */
        if (!name_list_has(kinds, kind))
            VEC_PUSH(arena, kinds, kind);
    }
}

void describe_mirrors(struct str *out, const struct catalog *catalog)
{
    size_t width = sizeof("MIRROR") + 1;
    for (size_t i = 0; i < catalog->entries.count; i++) {
        const struct entry *entry = catalog->entries.items[i];
        if (entry->kind == ENTRY_MIRROR && entry->name.len + 2 > width)
            width = entry->name.len + 2;
    }
    describe_cell(out, VIEW("MIRROR"), width);
    str_addz(out, "WHOSE IT IS, AND WHAT IT HAS\n");
    for (size_t i = 0; i < catalog->entries.count; i++) {
        const struct entry *entry = catalog->entries.items[i];
        struct name_list kinds = {0};
        if (entry->kind != ENTRY_MIRROR)
            continue;
        list_kinds(out->arena, entry, &kinds);
        describe_cell(out, entry->name, width);
        if (entry->summary.len > 0) {
            str_add(out, entry->summary);
            str_addc(out, '\n');
            str_fill(out, ' ', width);
        }
        describe_words(out, &kinds, width);
    }
}

/* ---- registry mirrors */

/* "https://mirror.example:5000/hub/" in parts. */
struct hub {
    struct view place; /* "mirror.example:5000/hub" */
    bool plain_http;
};

struct hubs {
    struct describing *d;
    const struct catalog *catalog;
    VEC(struct hub) all;
};

static bool add_place(struct hubs *hubs, struct view text)
{
    struct hub hub = {text, view_starts(text, "http://")};
    if (hub.plain_http || view_starts(text, "https://"))
        hub.place = view_slice(text, view_search(text, VIEW("://")) + 3, text.len);
    if (view_ends(hub.place, "/"))
        hub.place.len--;
    if (!image_is_registry(hub.place))
        return false;
    VEC_PUSH(hubs->d->arena, &hubs->all, hub);
    return true;
}

static struct diag *complain(const struct hubs *hubs, const char *code, const char *what,
                             struct view name)
{
    return diag_add(hubs->d->diags, DIAG_ERROR, code, (struct span){NULL, 0, 0}, what,
                    VIEW_ARG(name));
}

/* What a preset has; false: it has none, or there is no such preset. */
static void add_preset(struct hubs *hubs, struct view name)
{
    const struct entry *entry = map_get(&hubs->catalog->names[ENTRY_MIRROR], name);
    size_t before = hubs->all.count;
    if (entry == NULL) {
        struct diag *diag = complain(hubs, "unknown-mirror", "there is no mirror '%.*s'", name);
        diag_help(diag, "write a preset of 'dfc mirrors', or an address such as "
                        "https://mirror.example");
        return;
    }
    for (size_t i = 0; i < entry->trees.count; i++)
        if (view_is(entry->trees.items[i].key, HUB_KIND))
            add_place(hubs, entry->trees.items[i].value);
    if (hubs->all.count == before)
        complain(hubs, "no-registry", "the mirror '%.*s' has no images of Docker Hub", name);
}

static void add_operand(struct hubs *hubs, struct view text)
{
    bool is_url = url_has_scheme(text), named = map_find(&hubs->catalog->names[ENTRY_MIRROR], text);
    if (!is_url && (named || !image_is_registry(text)))
        add_preset(hubs, text);
    else if (url_has_credentials(text))
        complain(hubs, "credentials", "'%.*s' holds a user name or password", text);
    else if (!add_place(hubs, text))
        complain(hubs, "bad-value", "'%.*s' is no address of a registry: https://mirror.example",
                 text);
}

/* A comma between the rows of a list. */
static const char *behind(const struct hubs *hubs, size_t index, const char *between)
{
    return index + 1 < hubs->all.count ? between : "";
}

/* "registry-mirrors" of Docker's daemon.json, which is for Docker Hub only
 * (docs.docker.com, "dockerd", daemon configuration file). */
static void add_daemon_json(struct str *out, const struct hubs *hubs)
{
    str_addz(out, "{\n  \"registry-mirrors\": [\n");
    for (size_t i = 0; i < hubs->all.count; i++)
        str_addf(out, "    \"%s://%.*s\"%s\n", hubs->all.items[i].plain_http ? "http" : "https",
                 VIEW_ARG(hubs->all.items[i].place), behind(hubs, i, ","));
    str_addz(out, "  ]\n}\n");
}

/* docs/buildkitd.toml.md of moby/buildkit. A mirror has a path or none, but no scheme; what is
 * said of a host stands at the host alone (util/resolver/resolver.go). */
static void add_buildkitd_toml(struct str *out, const struct hubs *hubs)
{
    str_addz(out, "[registry.\"docker.io\"]\n  mirrors = [");
    for (size_t i = 0; i < hubs->all.count; i++)
        str_addf(out, "\"%.*s\"%s", VIEW_ARG(hubs->all.items[i].place), behind(hubs, i, ", "));
    str_addz(out, "]\n");
    struct name_list hosts = {0};
    for (size_t i = 0; i < hubs->all.count; i++) {
        const struct hub *hub = &hubs->all.items[i];
        struct view host = view_slice(hub->place, 0, view_find(hub->place, '/', 0));
        if (!hub->plain_http || name_list_has(&hosts, host))
            continue;
        VEC_PUSH(out->arena, &hosts, host);
        str_addf(out, "\n[registry.\"%.*s\"]\n  http = true\n", VIEW_ARG(host));
    }
}

void describe_hubs(struct str *out, struct describing *d, const struct catalog *catalog,
                   enum dfc_description what, const char *names)
{
    struct hubs hubs = {.d = d, .catalog = catalog};
    struct view text = view_of(names == NULL || names[0] == '\0' ? DEFAULT_PRESET : names);
    for (size_t at = 0, end; at < text.len; at = end + 1) {
        end = view_find(text, '\n', at);
        add_operand(&hubs, view_slice(text, at, end));
    }
    if (d->diags->errors > 0)
        return;
    if (what == DFC_DAEMON_JSON)
        add_daemon_json(out, &hubs);
    else
        add_buildkitd_toml(out, &hubs);
}
