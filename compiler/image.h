/* Image references, and what is known about a base image. */
#ifndef DFC_IMAGE_H
#define DFC_IMAGE_H

#include "map.h"

/* "docker.io/library/python:3.12-slim@sha256:…" in parts (distribution/reference). */
struct image_ref {
    struct view text;     /* as given */
    struct view registry; /* "" for Docker Hub */
    struct view repo;     /* without Docker Hub's "library/" */
    struct view tag;      /* "" when there is none */
    struct view digest;   /* "" when there is none */
};

struct image_ref image_ref_parse(struct view text);

/* A user that exists in an image. ptr NULL: unknown. */
struct image_user {
    struct view name, uid, gid, home;
};

/* What a base image is. Empty views: unknown. */
struct image_facts {
    bool known;          /* the image is in the table */
    struct view family;  /* "debian", "alpine", "redhat", "suse", "arch", "none", "windows" … */
    struct view distro;  /* "debian", "ubuntu", "alpine" … */
    struct view release; /* "bookworm", "3.20", "9" … */
    struct view libc;    /* "glibc", "musl" */
    struct view user;    /* the user that the image starts with; "" for root */
    bool windows;        /* a Windows image: no mounts */
    bool has_ca;         /* it carries CA certificates */
    bool no_ca;          /* it is known to carry none */
    struct map users;    /* struct image_user by name */
    struct map env;      /* struct view: its environment, as far as it matters */
};

/* Family and C library that follow from a distribution's name; empty views when unknown. */
void image_distro_defaults(struct view distro, struct view *family, struct view *libc);

/* "debian/bookworm" or "alpine" of the setting dfc.base to facts; false: not a known form. */
bool image_facts_from_setting(struct view text, struct image_facts *facts);

#endif
