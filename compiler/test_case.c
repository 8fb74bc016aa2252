#include "test_case.h"

struct view test_default_image(struct view needs_family, struct view examples_from)
{
    static const char *const images[][2] = {{"debian", "debian:12"},
                                            {"alpine", "alpine:3.20"},
                                            {"redhat", "fedora:41"},
                                            {"suse", "opensuse/leap:15.6"},
                                            {"arch", "archlinux:latest"}};
    if (examples_from.len > 0)
        return examples_from;
    for (size_t i = 0; i < sizeof(images) / sizeof(images[0]); i++)
        if (view_is(needs_family, images[i][0]))
            return view_of(images[i][1]);
    return VIEW("debian:12");
}
