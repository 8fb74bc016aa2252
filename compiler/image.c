#include "image.h"

#include <string.h>

/* The first component names a registry when it can't be a Docker Hub user: it has a dot or a port,
 * or is localhost (distribution/reference/normalize.go). */
bool image_names_registry(struct view component)
{
    return view_find(component, '.', 0) < component.len ||
           view_find(component, ':', 0) < component.len || view_is(component, "localhost");
}

bool image_names_docker_hub(struct view registry)
{
    return view_is(registry, "docker.io") || view_is(registry, "index.docker.io") ||
           view_is(registry, "registry-1.docker.io");
}

struct image_ref image_ref_parse(struct view text)
{
    struct image_ref ref = {.text = text, .tag = VIEW(""), .digest = VIEW("")};
    struct view rest = text;
    ref.registry = VIEW("");
    size_t at = view_find(rest, '@', 0);
    if (at < rest.len) {
        ref.digest = view_slice(rest, at + 1, rest.len);
        rest = view_slice(rest, 0, at);
    }
    size_t slash = view_find(rest, '/', 0);
    if (slash < rest.len && image_names_registry(view_slice(rest, 0, slash))) {
        struct view registry = view_slice(rest, 0, slash);
        if (!image_names_docker_hub(registry))
            ref.registry = registry;
        rest = view_slice(rest, slash + 1, rest.len);
    }
    size_t colon = view_find(rest, ':', 0);
    if (colon < rest.len) {
        ref.tag = view_slice(rest, colon + 1, rest.len);
        rest = view_slice(rest, 0, colon);
    }
    if (ref.registry.len == 0 && view_starts(rest, "library/"))
        rest = view_slice(rest, strlen("library/"), rest.len);
    ref.repo = rest;
    return ref;
}

static const struct {
    const char *distro, *family, *libc;
} distros[] = {
    {"debian", "debian", "glibc"},      {"ubuntu", "debian", "glibc"},
    {"alpine", "alpine", "musl"},       {"wolfi", "alpine", "glibc"},
    {"fedora", "redhat", "glibc"},      {"centos", "redhat", "glibc"},
    {"rockylinux", "redhat", "glibc"},  {"almalinux", "redhat", "glibc"},
    {"ubi", "redhat", "glibc"},         {"rhel", "redhat", "glibc"},
    {"amazonlinux", "redhat", "glibc"}, {"oraclelinux", "redhat", "glibc"},
    {"openeuler", "redhat", "glibc"},   {"anolis", "redhat", "glibc"},
    {"opencloudos", "redhat", "glibc"}, {"mariner", "redhat", "glibc"},
    {"azurelinux", "redhat", "glibc"},  {"photon", "redhat", "glibc"},
    {"opensuse", "suse", "glibc"},      {"sles", "suse", "glibc"},
    {"archlinux", "arch", "glibc"},     {"busybox", "busybox", ""},
    {"distroless", "none", "glibc"},    {"scratch", "none", ""},
    {"windows", "windows", ""},
};

void image_distro_defaults(struct view distro, struct view *family, struct view *libc)
{
    *family = *libc = VIEW("");
    for (size_t i = 0; i < sizeof(distros) / sizeof(distros[0]); i++) {
        if (view_is(distro, distros[i].distro)) {
            *family = view_of(distros[i].family);
            *libc = view_of(distros[i].libc);
        }
    }
}

bool image_facts_from_setting(struct view text, struct image_facts *facts)
{
    size_t slash = view_find(text, '/', 0);
    facts->known = true;
    facts->distro = view_slice(text, 0, slash);
    facts->release = slash < text.len ? view_slice(text, slash + 1, text.len) : VIEW("");
    image_distro_defaults(facts->distro, &facts->family, &facts->libc);
    facts->windows = view_is(facts->distro, "windows");
    return facts->family.len > 0;
}
