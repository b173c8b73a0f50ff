/*
 * RISC-V's interrupt controllers: CLINT (timer, software interrupts) and PLIC, the
 * UART in memory, the finisher's bad accesses. When this fails, guests get no
 * interrupts or too many.
 *
 * SPDX-License-Identifier: MIT
 */
#include "libqtest.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { CLINT = 0x02000000, MSIP = CLINT, MTIMECMP = CLINT + 0x4000, MTIME = CLINT + 0xbff8, TICK_NS = 100 };
enum { PLIC = 0x0c000000, PENDING = PLIC + 0x1000, ENABLE = PLIC + 0x2000, CONTEXT = PLIC + 0x200000, CLAIM = CONTEXT + 4,
       ENABLE_STRIDE = 0x80, CONTEXT_STRIDE = 0x1000, SUPERVISOR = 1 };
enum { UART = 0x10000000, UART_IER = UART + 1, UART_IIR = UART + 2, UART_LSR = UART + 5, UART_SOURCE = 10 };

static const char *executable(void)
{
    const char *exe = getenv("QEMU_EXE_RISCV32");

    return exe ? exe : "riscv32-softmmu/qemu-system-riscv32";
}

static QTestState *start(const char *device)
{
    QTestState *s = qtest_init_exe(executable(), "-M virt -smp 2 -bios none");

    if (device) {
        qtest_irq_intercept_out(s, device);
    }
    return s;
}

/* --- CLINT: wire 2n software, 2n + 1 timer of hart n ----------------------------------------------- */

static void test_timer(void)
{
    QTestState *s = start("riscv-clint");

    g_assert_cmphex(qtest_readl(s, MTIMECMP), ==, 0xffffffff);
    qtest_clock_step(s, 1000 * TICK_NS);
    g_assert_cmpint(qtest_readq(s, MTIME), ==, 1000);
    qtest_writeq(s, MTIMECMP + 8, 1500);
    qtest_clock_step(s, 500 * TICK_NS - 1);
    g_assert_false(qtest_get_irq(s, 3));
    qtest_clock_step(s, 1);
    g_assert_true(qtest_get_irq(s, 3));
    g_assert_false(qtest_get_irq(s, 1));
    qtest_writel(s, MTIMECMP + 8, 1501);
    g_assert_false(qtest_get_irq(s, 3));
    qtest_writel(s, MTIME + 4, 1);              /* the upper half: far behind it */
    g_assert_true(qtest_get_irq(s, 3));
    qtest_writeq(s, MTIME, 0);
    g_assert_false(qtest_get_irq(s, 3));
    qtest_writeq(s, MTIMECMP, UINT64_MAX - 1);  /* beyond what a clock reaches */
    qtest_clock_step(s, 1501 * TICK_NS);
    g_assert_true(qtest_get_irq(s, 3));
    g_assert_false(qtest_get_irq(s, 1));
    qtest_quit(s);
}

static void test_software_interrupts(void)
{
    QTestState *s = start("riscv-clint");

    qtest_writel(s, MSIP + 4, 0xffffffff);
    g_assert_cmphex(qtest_readl(s, MSIP + 4), ==, 1);
    g_assert_true(qtest_get_irq(s, 2));
    g_assert_false(qtest_get_irq(s, 0));
    qtest_writel(s, MSIP + 4, 0);
    g_assert_false(qtest_get_irq(s, 2));
    qtest_writel(s, MSIP + 8, 1);               /* there is no third hart */
    qtest_writel(s, CLINT + 0xfffc, 1);
    qtest_writeb(s, MSIP, 1);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_quit(s);
}

static void test_clint_saved_state(void)
{
    QTestState *s = start("riscv-clint");
    char *state, *again;

    qtest_writeq(s, MTIMECMP, 300);
    qtest_writel(s, MSIP + 4, 1);
    qtest_writeq(s, MTIME, 100);
    state = qtest_vmsave(s, "riscv-clint");
    qtest_writeq(s, MTIMECMP, 7);
    qtest_writel(s, MSIP + 4, 0);
    qtest_writeq(s, MTIME, 12345);
    qtest_vmload(s, "riscv-clint", state);
    again = qtest_vmsave(s, "riscv-clint");
    g_assert_cmpstr(state, ==, again);
    g_assert_true(qtest_get_irq(s, 2));
    g_assert_false(qtest_get_irq(s, 1));
    qtest_clock_step(s, 200 * TICK_NS);
    g_assert_true(qtest_get_irq(s, 1));
    g_free(state);
    g_free(again);
    qtest_quit(s);
}

/* --- PLIC: wire c of context c, 2n and 2n + 1 of hart n ----------------------------------------------- */

static void set_source(QTestState *s, int source, int level) { qtest_set_irq_in(s, "sifive-plic", NULL, source, level); }

static void test_claim(void)
{
    QTestState *s = start("sifive-plic");
    uint32_t enable = ENABLE + SUPERVISOR * ENABLE_STRIDE, claim = CLAIM + SUPERVISOR * CONTEXT_STRIDE;

    qtest_writel(s, PLIC + 4 * 5, 3);
    qtest_writel(s, PLIC + 4 * 40, 0xffffffff);
    g_assert_cmpint(qtest_readl(s, PLIC + 4 * 40), ==, 7);
    qtest_writel(s, enable, 1 << 5 | 1);
    g_assert_cmphex(qtest_readl(s, enable), ==, 1 << 5);
    qtest_writel(s, enable + 4, 1 << 8);
    set_source(s, 5, 1);
    g_assert_cmphex(qtest_readl(s, PENDING), ==, 1 << 5);
    g_assert_true(qtest_get_irq(s, SUPERVISOR));
    g_assert_false(qtest_get_irq(s, 0));
    set_source(s, 40, 1);
    g_assert_cmpint(qtest_readl(s, claim), ==, 40);     /* the higher priority */
    g_assert_cmpint(qtest_readl(s, claim), ==, 5);
    g_assert_cmpint(qtest_readl(s, claim), ==, 0);
    g_assert_false(qtest_get_irq(s, SUPERVISOR));
    set_source(s, 5, 0);
    qtest_writel(s, claim, 5);
    g_assert_false(qtest_get_irq(s, SUPERVISOR));
    qtest_writel(s, claim, 40);                         /* its level is still high */
    g_assert_true(qtest_get_irq(s, SUPERVISOR));
    qtest_writel(s, CONTEXT + SUPERVISOR * CONTEXT_STRIDE, 7);
    g_assert_false(qtest_get_irq(s, SUPERVISOR));
    qtest_quit(s);
}

static void test_plic_saved_state(void)
{
    QTestState *s = start("sifive-plic");
    char *state, *again;

    qtest_writel(s, PLIC + 4 * 33, 2);
    qtest_writel(s, ENABLE + 4, 2);
    set_source(s, 33, 1);
    state = qtest_vmsave(s, "sifive-plic");
    g_assert_cmpint(qtest_readl(s, CLAIM), ==, 33);
    qtest_writel(s, ENABLE + 4, 0);
    qtest_writel(s, PLIC + 4 * 33, 0);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_vmload(s, "sifive-plic", state);
    again = qtest_vmsave(s, "sifive-plic");
    g_assert_cmpstr(state, ==, again);
    g_assert_true(qtest_get_irq(s, 0));
    g_free(state);
    g_free(again);
    qtest_quit(s);
}

/* Contexts, sources and offsets that there are not. */
static void test_bad_accesses(void)
{
    QTestState *s = start("sifive-plic");

    for (uint32_t addr = PLIC; addr < PLIC + 0x600000; addr += 0xffc) {
        qtest_writel(s, addr & ~3u, 0xffffffff);
        qtest_readl(s, addr & ~3u);
    }
    qtest_writel(s, CLAIM, 0xffffffff);
    qtest_writel(s, CLAIM, 97);
    qtest_writeb(s, PLIC + 4, 1);
    qtest_writel(s, 0x00100000, 0x12345678);            /* the finisher */
    qtest_writel(s, 0x00100004, 0x5555);
    g_assert_cmphex(qtest_readl(s, 0x00100000), ==, 0);
    qtest_quit(s);
}

/* The UART's wire leads to source 10. */
static void test_uart(void)
{
    QTestState *s = start("sifive-plic");

    qtest_writel(s, PLIC + 4 * UART_SOURCE, 1);
    qtest_writel(s, ENABLE, 1 << UART_SOURCE);
    g_assert_cmphex(qtest_readb(s, UART_LSR), ==, 0x60);
    qtest_writeb(s, UART_IER, 2);
    g_assert_true(qtest_get_irq(s, 0));
    g_assert_cmpint(qtest_readl(s, CLAIM), ==, UART_SOURCE);
    g_assert_cmphex(qtest_readb(s, UART_IIR), ==, 0x02);
    qtest_writel(s, CLAIM, UART_SOURCE);
    g_assert_false(qtest_get_irq(s, 0));
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    if (access(executable(), X_OK)) {
        printf("1..0 # SKIP %s is not built\n", executable());
        return 0;
    }
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    g_test_add_func("/riscv/clint/timer", test_timer);
    g_test_add_func("/riscv/clint/software", test_software_interrupts);
    g_test_add_func("/riscv/clint/saved-state", test_clint_saved_state);
    g_test_add_func("/riscv/plic/claim", test_claim);
    g_test_add_func("/riscv/plic/saved-state", test_plic_saved_state);
    g_test_add_func("/riscv/plic/bad-accesses", test_bad_accesses);
    g_test_add_func("/riscv/uart", test_uart);
    return g_test_run();
}
