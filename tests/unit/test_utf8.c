/* UTF-8 as Go reads it: a byte that starts no valid character is a character of its own. */
#include "unit.h"
#include "utf8.h"

struct decoded {
    uint32_t code;
    size_t length;
};

static struct decoded decode(struct view text)
{
    struct decoded decoded;
    decoded.code = utf8_decode(text, 0, &decoded.length);
    return decoded;
}

static void test_decode_valid(void **state)
{
    static const struct {
        struct view text;
        uint32_t code;
    } cases[] = {
        {{"\0", 1}, 0},
        {{"a", 1}, 'a'},
        {{"\x7f", 1}, 0x7f},
        {{"\xc2\x80", 2}, 0x80},
        {{"\xc3\xa9", 2}, 0xe9},
        {{"\xe0\xa0\x80", 3}, 0x800},
        {{"\xe4\xb8\xad", 3}, 0x4e2d},
        {{"\xed\x9f\xbf", 3}, 0xd7ff},
        {{"\xef\xbf\xbd", 3}, 0xfffd},
        {{"\xf0\x90\x80\x80", 4}, 0x10000},
        {{"\xf4\x8f\xbf\xbf", 4}, 0x10ffff},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct decoded decoded = decode(cases[i].text);
        assert_int_equal(decoded.code, cases[i].code);
        assert_int_equal(decoded.length, cases[i].text.len);
    }
}

static void test_decode_invalid(void **state)
{
    static const struct view cases[] = {
        {"\x80", 1},             /* a continuation byte alone */
        {"\xc3", 1},             /* cut short */
        {"\xe4\xb8", 2},         /* cut short */
        {"\xf0\x9f\x98", 3},     /* cut short */
        {"\xc3(", 2},            /* not continued */
        {"\xe4\xb8(", 3},        /* not continued */
        {"\xc0\x80", 2},         /* NUL in two bytes */
        {"\xc1\xbf", 2},         /* too long a form */
        {"\xe0\x9f\xbf", 3},     /* too long a form */
        {"\xf0\x8f\xbf\xbf", 4}, /* too long a form */
        {"\xed\xa0\x80", 3},     /* a surrogate */
        {"\xf4\x90\x80\x80", 4}, /* above U+10FFFF */
        {"\xf5\x80\x80\x80", 4}, /* above U+10FFFF */
        {"\xff", 1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct decoded decoded = decode(cases[i]);
        assert_int_equal(decoded.code, UTF8_INVALID);
        assert_int_equal(decoded.length, 1);
    }
}

static void test_count(void **state)
{
    (void)state;
    assert_int_equal(utf8_count(VIEW("")), 0);
    assert_int_equal(utf8_count(VIEW("a\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80")), 4);
    assert_int_equal(utf8_count(VIEW("\xff\xfe\xe4\xb8")), 4);
}

static void test_width(void **state)
{
    (void)state;
    assert_int_equal(utf8_width('a'), 1);
    assert_int_equal(utf8_width(0xe9), 1);
    assert_int_equal(utf8_width(0x4e2d), 2);
    assert_int_equal(utf8_width(0xff21), 2);  /* full-width A */
    assert_int_equal(utf8_width(0x1f600), 2); /* emoji */
    assert_int_equal(utf8_width(0x301), 0);   /* combining acute accent */
}

/* Unicode's White_Space, in full. */
static void test_space(void **state)
{
    static const uint32_t spaces[] = {
        '\t',   '\n',   '\v',   '\f',   '\r',   ' ',    0x85,   0xa0,   0x1680,
        0x2000, 0x2001, 0x2002, 0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008,
        0x2009, 0x200a, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000,
    };
    (void)state;
    size_t next = 0;
    for (uint32_t code = 0; code < 0x11000; code++) {
        bool space = next < sizeof(spaces) / sizeof(spaces[0]) && spaces[next] == code;
        assert_int_equal(utf8_is_space(code), space);
        next += space;
    }
    assert_int_equal(next, sizeof(spaces) / sizeof(spaces[0]));
}

static void test_letters_and_digits(void **state)
{
    (void)state;
    assert_true(utf8_is_letter('z'));
    assert_true(utf8_is_letter(0xe9));
    assert_true(utf8_is_letter(0x4e2d));
    assert_true(utf8_is_letter(0xaa)); /* category Lo */
    assert_false(utf8_is_letter('_'));
    assert_false(utf8_is_letter('1'));
    assert_false(utf8_is_letter(0x2160)); /* Roman numeral one: Nl */
    assert_false(utf8_is_letter(0x301));  /* combining accent: Mn */
    assert_false(utf8_is_letter(UTF8_INVALID));
    assert_true(utf8_is_digit('0'));
    assert_true(utf8_is_digit(0x661)); /* Arabic-Indic one */
    assert_false(utf8_is_digit('a'));
    assert_false(utf8_is_digit(0xb2)); /* superscript two: No */
}

static void test_trim(void **state)
{
    (void)state;
    assert_view(utf8_trim(VIEW(" \t a b\r\n")), "a b");
    assert_view(utf8_trim(VIEW("\xc2\xa0\xe3\x80\x80x\xe2\x80\xa8\xc2\x85")), "x");
    assert_view(utf8_trim(VIEW("\xe3\x80\x80")), "");
    assert_view(utf8_trim(VIEW("")), "");
    /* 0x85 and 0xa0 alone are not characters, and may end one. */
    assert_view(utf8_trim(VIEW("\x85x\xa0")), "\x85x\xa0");
    assert_view(utf8_trim(VIEW("\xc3\xa0")), "\xc3\xa0");
    assert_view(utf8_trim_start(VIEW("  a ")), "a ");
    assert_view(utf8_trim_end(VIEW("  a ")), "  a");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decode_valid), cmocka_unit_test(test_decode_invalid),
        cmocka_unit_test(test_count),        cmocka_unit_test(test_width),
        cmocka_unit_test(test_space),        cmocka_unit_test(test_letters_and_digits),
        cmocka_unit_test(test_trim),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
