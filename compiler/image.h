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

/* Whether the text can stand before the name of an image: a host, perhaps with a port and a path
 * below it, "mirror.example:5000/proxy". */
bool image_is_registry(struct view text);

/* What has to be done with an image so that it comes from a registry that holds Docker Hub's. */
enum image_move_kind {
    IMAGE_STAYS,   /* it is not from Docker Hub */
    IMAGE_MOVES,   /* bytes [begin, end) of the word become `text` */
    IMAGE_UNKNOWN, /* a variable of the build decides where it is from */
};

struct image_move {
    enum image_move_kind kind;
    size_t begin, end;
    struct view text;
};

/*
 * `word` is an image as FROM has it, with variables and perhaps in quotes, and no stage. Names that
 * Docker Hub gives out itself lie below "library/" everywhere else (distribution/reference,
 * normalize.go). What is done twice does the same as what is done once.
 */
struct image_move image_move(struct arena *arena, struct view word, struct view registry);

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

/* Parts of image_ref_parse: whether the first component of a name is a registry, and Docker Hub. */
bool image_names_registry(struct view component);
bool image_names_docker_hub(struct view registry);

/* Family and C library that follow from a distribution's name; empty views when unknown. */
void image_distro_defaults(struct view distro, struct view *family, struct view *libc);

/* "debian/bookworm" or "alpine" of the setting dfc.base to facts; false: not a known form. */
bool image_facts_from_setting(struct view text, struct image_facts *facts);

#endif
