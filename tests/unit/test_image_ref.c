/* Image references in parts, as distribution/reference reads them; distributions by name. */
#include "image.h"
#include "unit.h"

static void test_parts(void **state)
{
    static const struct {
        const char *text, *registry, *repo, *tag, *digest;
    } rows[] = {
        {"debian", "", "debian", "", ""},
        {"debian:bookworm", "", "debian", "bookworm", ""},
        {"library/debian:12", "", "debian", "12", ""},
        {"docker.io/library/debian", "", "debian", "", ""},
        {"docker.io/debian", "", "debian", "", ""},
        {"index.docker.io/library/debian:12", "", "debian", "12", ""},
        {"registry-1.docker.io/corp/x", "", "corp/x", "", ""},
        {"corp/debian", "", "corp/debian", "", ""},
        {"corp/library/debian", "", "corp/library/debian", "", ""},
        {"ghcr.io/corp/x:1", "ghcr.io", "corp/x", "1", ""},
        {"ghcr.io/library/x", "ghcr.io", "library/x", "", ""},
        {"localhost/x", "localhost", "x", "", ""},
        {"localhost:5000/x", "localhost:5000", "x", "", ""},
        {"registry:5000/corp/x:1.2", "registry:5000", "corp/x", "1.2", ""},
        {"registry/x", "", "registry/x", "", ""}, /* a user of Docker Hub */
        {"a.b/c/d/e:f", "a.b", "c/d/e", "f", ""},
        {"debian@sha256:12ab", "", "debian", "", "sha256:12ab"},
        {"debian:12@sha256:12ab", "", "debian", "12", "sha256:12ab"},
        {"a.b:1/c:2@sha256:12ab", "a.b:1", "c", "2", "sha256:12ab"},
        {"$REGISTRY/x:$TAG", "", "$REGISTRY/x", "$TAG", ""},
        {"scratch", "", "scratch", "", ""},
        /* no reference, but something comes out that can be shown */
        {"", "", "", "", ""},
        {":", "", "", "", ""},
        {"@", "", "", "", ""},
        {"/", "", "/", "", ""},
        {"a.b/", "a.b", "", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct image_ref ref = image_ref_parse(view_of(rows[i].text));
        if (!view_is(ref.text, rows[i].text) || !view_is(ref.registry, rows[i].registry) ||
            !view_is(ref.repo, rows[i].repo) || !view_is(ref.tag, rows[i].tag) ||
            !view_is(ref.digest, rows[i].digest))
            fail_msg("'%s': registry '%.*s', repo '%.*s', tag '%.*s', digest '%.*s'", rows[i].text,
                     VIEW_ARG(ref.registry), VIEW_ARG(ref.repo), VIEW_ARG(ref.tag),
                     VIEW_ARG(ref.digest));
    }
}

static void test_distributions(void **state)
{
    static const char *const rows[][3] = {
        {"debian", "debian", "glibc"},
        {"ubuntu", "debian", "glibc"},
        {"alpine", "alpine", "musl"},
        {"fedora", "redhat", "glibc"},
        {"opensuse", "suse", "glibc"},
        {"archlinux", "arch", "glibc"},
        {"scratch", "none", ""},
        {"windows", "windows", ""},
        {"plan9", "", ""},
        {"", "", ""},
        {"Debian", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct view family, libc;
        image_distro_defaults(view_of(rows[i][0]), &family, &libc);
        if (!view_is(family, rows[i][1]) || !view_is(libc, rows[i][2]))
            fail_msg("'%s': family '%.*s', libc '%.*s'", rows[i][0], VIEW_ARG(family),
                     VIEW_ARG(libc));
    }
}

static void test_facts_of_setting(void **state)
{
    (void)state;
    struct image_facts facts = {0};
    assert_true(image_facts_from_setting(VIEW("debian/bookworm"), &facts));
    assert_true(facts.known);
    assert_view(facts.distro, "debian");
    assert_view(facts.release, "bookworm");
    assert_view(facts.family, "debian");
    assert_view(facts.libc, "glibc");
    assert_false(facts.windows);
    facts = (struct image_facts){0};
    assert_true(image_facts_from_setting(VIEW("alpine"), &facts));
    assert_view(facts.release, "");
    assert_view(facts.libc, "musl");
    facts = (struct image_facts){0};
    assert_true(image_facts_from_setting(VIEW("windows/ltsc2022"), &facts));
    assert_true(facts.windows);
    assert_false(image_facts_from_setting(VIEW("plan9"), &facts));
    assert_false(image_facts_from_setting(VIEW(""), &facts));
    assert_false(image_facts_from_setting(VIEW("/bookworm"), &facts));
}

static void test_registries(void **state)
{
    static const char *const good[] = {"mirror.example",
                                       "localhost",
                                       "localhost:5000",
                                       "a:1",
                                       "mirror.example:5000/hub/proxy",
                                       "m.daocloud.io/docker.io"};
    static const char *const bad[] = {"",        "mirror", "Mirror.example", "a.b/",
                                      "/a.b",    "a.b//c", "a.b:",           ":5000",
                                      "a.b/c:1", "a.b c",  "https://a.b",    "$A.b",
                                      "a.b@c",   "a.b/\"x"};
    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (!image_is_registry(view_of(good[i])))
            fail_msg("'%s' is none", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (image_is_registry(view_of(bad[i])))
            fail_msg("'%s' is one", bad[i]);
}

/* What becomes of an image; "=": it stays; "?": nobody knows yet. */
static void test_images_from_another_registry(void **state)
{
    static const char *const rows[][2] = {
        {"debian", "R.x/library/debian"},
        {"debian:12@sha256:12ab", "R.x/library/debian:12@sha256:12ab"},
        {"library/debian", "R.x/library/debian"},
        {"docker.io/debian", "R.x/library/debian"},
        {"docker.io/library/debian", "R.x/library/debian"},
        {"index.docker.io/corp/x", "R.x/corp/x"},
        {"registry-1.docker.io/corp/x", "R.x/corp/x"},
        {"corp/x:1", "R.x/corp/x:1"},
        {"corp/a/b", "R.x/corp/a/b"},
        {"registry/x", "R.x/registry/x"},
        {"scratchpad", "R.x/library/scratchpad"},
        {"\"debian:12\"", "\"R.x/library/debian:12\""},
        {"'docker.io/corp/x'", "'R.x/corp/x'"},
        {"python:$TAG", "R.x/library/python:$TAG"},
        {"python:${TAG:-3/4}", "R.x/library/python:${TAG:-3/4}"},
        {"python@${DIGEST}", "R.x/library/python@${DIGEST}"},
        {"corp/${X}", "R.x/corp/${X}"},
        {"docker.io/${ORG}/x", "R.x/${ORG}/x"},
        {"docker.io/library/${X}", "R.x/library/${X}"},
        {"scratch", "="},
        {"R.x/library/debian", "="},
        {"ghcr.io/x/y", "="},
        {"localhost/x", "="},
        {"localhost:$PORT/x", "="},
        {"$REGION.example/x", "="},
        {"$X", "?"},
        {"${X}/debian", "?"},
        {"${X}debian", "?"},
        {"debian$X", "?"},
        {"$X:12", "?"},
        {"docker.io/$X", "?"},
        {"", "?"},
        {"de\"bi\"an", "?"},
        {"de\\bian", "?"},
        {":12", "?"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct view word = view_of(rows[i][0]), found = VIEW("=");
        struct image_move move = image_move(*state, word, VIEW("R.x"));
        if (move.kind == IMAGE_UNKNOWN)
            found = VIEW("?");
        if (move.kind == IMAGE_MOVES)
            found =
                view_format(*state, "%.*s%.*s%.*s", (int)move.begin, word.ptr, VIEW_ARG(move.text),
                            (int)(word.len - move.end), word.ptr + move.end);
        if (!view_is(found, rows[i][1]))
            fail_msg("'%s': expected '%s', found '%.*s'", rows[i][0], rows[i][1], VIEW_ARG(found));
        if (move.kind == IMAGE_MOVES)
            assert_int_equal(image_move(*state, found, VIEW("R.x")).kind, IMAGE_STAYS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_parts),
        UNIT_TEST(test_distributions),
        UNIT_TEST(test_facts_of_setting),
        UNIT_TEST(test_registries),
        UNIT_TEST(test_images_from_another_registry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
