/*
 * The checks of the system and long-mode tests: counted, failures printed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "checks.h"

static u32 failures, checks;

static void put(char c) { asm volatile("outb %0, $0xe9" :: "a"(c)); }

static void put_text(const char *s)
{
    while (*s) {
        put(*s++);
    }
}

static void put_hex(word v)
{
    for (int i = 8 * (int)sizeof(v) - 4; i >= 0; i -= 4) {
        put("0123456789abcdef"[v >> i & 15]);
    }
}

void check(const char *what, u32 line, word got, word want)
{
    checks++;
    if (got != want) {
        failures++;
        put_text("# ");
        put_text(what);
        put_text(" line ");
        for (u32 d = 1000; d; d /= 10) {
            put('0' + line / d % 10);
        }
        put_text(": got ");
        put_hex(got);
        put_text(" want ");
        put_hex(want);
        put('\n');
    }
}

int run_tests(const struct test *tests)
{
    for (const struct test *test = tests; test->name; test++) {
        u32 before = failures;

        test->run();
        put_text(failures == before ? "ok - " : "not ok - ");
        put_text(test->name);
        put('\n');
    }
    put_text("checks ");
    put_hex(checks);
    put('\n');
    return failures ? 1 : 0;
}
