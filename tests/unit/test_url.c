/* Schemes and credentials of URLs as text. */
#include "unit.h"
#include "url.h"

static void test_scheme(void **state)
{
    static const char *const with[] = {"https://host", "sparse+https://host/", "git+ssh://a@b"};
    static const char *const without[] = {"", "host/path", "://host", "9p://host", "git@host:path"};
    (void)state;
    for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
        assert_true(url_has_scheme(view_of(with[i])));
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
        assert_false(url_has_scheme(view_of(without[i])));
}

/* A text, its user information, and the URL around that; NULL: there is none. */
static const struct {
    const char *text, *user, *url;
} cases[] = {
    {"https://user:secret@host/x", "user:secret", "https://user:secret@host/x"},
    {"https://token@host", "token", "https://token@host"},
    {"HTTP://token@host", "token", "HTTP://token@host"},
    {"https://:secret@host", ":secret", "https://:secret@host"},
    {"https://user:p@ss@host", "user:p@ss", "https://user:p@ss@host"},
    {"git+https://token@host/r.git", "token", "git+https://token@host/r.git"},
    {"--index-url=https://u:p@host/simple -q", "u:p", "https://u:p@host/simple"},
    {"-ihttps://token@host x", "token", "-ihttps://token@host"},
    {"postgres://user:secret@host/db", "user:secret", "postgres://user:secret@host/db"},
    {"ssh://git:secret@host", "git:secret", "ssh://git:secret@host"},
    {"a https://host/x 'https://u:p@host'", "u:p", "https://u:p@host"},
    /* variables, quotes of the shell */
    {"https://$TOKEN@host", "$TOKEN", "https://$TOKEN@host"},
    {"https://${USER}:${PASS:-a/b}@host", "${USER}:${PASS:-a/b}",
     "https://${USER}:${PASS:-a/b}@host"},
    {"https://\"$USER\":\"$PASS\"@host", "\"$USER\":\"$PASS\"", "https://\"$USER\":\"$PASS\"@host"},
    {"'https://'\"$TOKEN\"'@host' x", "'\"$TOKEN\"'", "https://'\"$TOKEN\"'@host"},
    {"${SCHEME}://user:secret@host", "user:secret", "://user:secret@host"},
    /* accounts, no credentials */
    {"ssh://git@host/r.git", NULL, NULL},
    {"git+ssh://git@host/r.git", NULL, NULL},
    {"git@host:team/r.git", NULL, NULL},
    {"ssh://${USER:-git}@host", NULL, NULL},
    {"ftp://anonymous@host", NULL, NULL},
    /* an '@' that stands elsewhere */
    {"https://host/@scope/pkg@1", NULL, NULL},
    {"https://host?mail=me@host", NULL, NULL},
    {"https://host#me@host", NULL, NULL},
    {"https://@host", NULL, NULL},
    {"see https://host me@host", NULL, NULL},
    {"<https://host>me@host", NULL, NULL},
    {"{\"url\":\"https://host\",\"mail\":\"me@host\"}", NULL, NULL},
    {"{\"https://host\":{\"mail\":\"me@host\"}}", NULL, NULL},
    {"https://host-@{region}.example/x", NULL, NULL},
    /* the secret is read while the command runs */
    {"https://user:$(cat /run/secrets/t)@host", NULL, NULL},
    {"https://$(</run/secrets/t)@host", NULL, NULL},
    {"https://`cat t`@host", NULL, NULL},
    {"https://${OPEN@host", "${OPEN", "https://${OPEN@host"},
    {"://", NULL, NULL},
    {"https://", NULL, NULL},
};

static void test_credentials(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct view text = view_of(cases[i].text);
        size_t begin, end;
        bool found = url_find_credentials(text, 0, &begin, &end);
        if (found != (cases[i].user != NULL))
            fail_msg("%s: expected %s", cases[i].text, cases[i].user ? cases[i].user : "nothing");
        assert_int_equal(url_has_credentials(text), found);
        if (!found)
            continue;
        assert_true(view_is(view_slice(text, begin, end), cases[i].user));
        assert_true(view_is(url_around(text, begin), cases[i].url));
    }
}

static void test_credentials_one_after_the_other(void **state)
{
    struct view text = VIEW("https://a@h1 https://h2 ssh://git@h3 https://b:c@h4");
    size_t begin, end = 0;
    (void)state;
    assert_true(url_find_credentials(text, end, &begin, &end));
    assert_view(view_slice(text, begin, end), "a");
    assert_true(url_find_credentials(text, end, &begin, &end));
    assert_view(view_slice(text, begin, end), "b:c");
    assert_false(url_find_credentials(text, end, &begin, &end));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        UNIT_TEST(test_scheme),
        UNIT_TEST(test_credentials),
        UNIT_TEST(test_credentials_one_after_the_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
