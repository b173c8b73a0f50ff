/*
 * The device test protocol itself, on the default machine: accesses, time,
 * malformed lines. If this fails, no device test means anything.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "libqtest.h"

static QTestState *start(void)
{
    return qtest_init("-m 64 -vga none -nic none");
}

static void test_memory(void)
{
    QTestState *s = start();
    uint8_t out[300], in[300];

    qtest_writel(s, 0x1000, 0x12345678);
    g_assert_cmphex(qtest_readl(s, 0x1000), ==, 0x12345678);
    g_assert_cmphex(qtest_readb(s, 0x1000), ==, qtest_big_endian(s) ? 0x12 : 0x78);
    g_assert_cmphex(qtest_readw(s, 0x1002), ==, qtest_big_endian(s) ? 0x5678 : 0x1234);
    qtest_writeq(s, 0x1001, 0x1122334455667788);
    g_assert_cmphex(qtest_readq(s, 0x1001), ==, 0x1122334455667788);
    for (unsigned i = 0; i < sizeof(out); i++) {
        out[i] = i * 7;
    }
    qtest_memwrite(s, 0x1fff, out, sizeof(out));
    qtest_memread(s, 0x1fff, in, sizeof(in));
    g_assert_cmpmem(in, sizeof(in), out, sizeof(out));
    qtest_memset(s, 0x3000, 0x5a, 5000);
    g_assert_cmphex(qtest_readb(s, 0x3000 + 4999), ==, 0x5a);
    g_assert_cmphex(qtest_readb(s, 0x3000 + 5000), ==, 0);
    qtest_quit(s);
}

static void test_clock(void)
{
    QTestState *s = start();
    int64_t start_ns = qtest_clock_step(s, 0);

    g_assert_cmpint(qtest_clock_step(s, 1000000), ==, start_ns + 1000000);
    g_usleep(20000);
    g_assert_cmpint(qtest_clock_step(s, 0), ==, start_ns + 1000000);
    g_assert_cmpint(qtest_clock_set(s, start_ns + 5000000), ==, start_ns + 5000000);
    qtest_quit(s);
}

static void test_malformed(void)
{
    static const char *const lines[] = {
        "", " ", "bogus", "readb", "readb x", "readb 0x", "readb 1 2", "writel 0",
        "writel 0 zz", "writel 0 -1", "read 0 0", "read 0 0xffffffffffffffff", "read 0 x",
        "write 0 4 0x123", "write 0 1 0x1234", "write 0 4 12345678", "write 0 4 0xgg",
        "memset 0 4 256", "memset 0 0 1", "b64write 0 3 AAAAAAAA", "clock_step x",
        "clock_step 9999999999999999999999", "clock_set -1", "irq_intercept_in nothing",
        "irq_intercept_out", "set_irq_in nothing x 0 0", "vmsave nothing", "vmload nothing AA==",
        "readb 99999999999999999999999999",
    };
    QTestState *s = start();

    for (unsigned i = 0; i < ARRAY_SIZE(lines); i++) {
        g_autofree char *answer = qtest_raw(s, lines[i]);

        if (!g_str_has_prefix(answer, "FAIL ")) {
            g_error("'%s' is answered by '%s'", lines[i], answer);
        }
    }
    g_assert_cmphex(qtest_readl(s, 0x0), ==, 0);        /* still alive */
    qtest_quit(s);
}

/* Nothing is there: reads give zero, writes vanish, the emulator lives. */
static void test_unassigned(void)
{
    QTestState *s = start();
    uint8_t bytes[64];

    g_assert_cmphex(qtest_readl(s, 0x70000000), ==, 0);
    qtest_writel(s, 0x70000000, 1);
    g_assert_cmphex(qtest_readq(s, 0xffffffffffffffff), ==, 0);
    qtest_memread(s, 0x6ffffff0, bytes, sizeof(bytes));
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/qtest/memory", test_memory);
    g_test_add_func("/qtest/clock", test_clock);
    g_test_add_func("/qtest/malformed", test_malformed);
    g_test_add_func("/qtest/unassigned", test_unassigned);
    return g_test_run();
}
