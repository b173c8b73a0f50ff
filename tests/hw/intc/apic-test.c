/*
 * Local APIC of the first CPU and I/O APIC: acceptance, levels and their end,
 * messages, the timer. If this fails, SMP systems get no interrupts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/pc-test.h"

#define LAPIC  0xfee00000u
#define IOAPIC 0xfec00000u
enum { ID = 0x20, TPR = 0x80, PPR = 0xa0, EOI = 0xb0, SVR = 0xf0, ISR = 0x100, TMR = 0x180, IRR = 0x200,
       ESR = 0x280, ICR = 0x300, LVT_TIMER = 0x320, LVT_LINT0 = 0x350, INITIAL = 0x380, CURRENT = 0x390,
       DIVIDE = 0x3e0 };
enum { PIN = 10, VECTOR = 0x51, LEVEL = 0x8000, REMOTE_IRR = 0x4000, MASKED = 0x10000 };

static void write_rte(QTestState *s, int pin, uint32_t low)
{
    qtest_writel(s, IOAPIC, 0x10 + 2 * pin);
    qtest_writel(s, IOAPIC + 0x10, low);
}

static uint32_t read_rte(QTestState *s, int pin)
{
    qtest_writel(s, IOAPIC, 0x10 + 2 * pin);
    return qtest_readl(s, IOAPIC + 0x10);
}

static bool vector_bit(QTestState *s, int bank, int vector)
{
    return qtest_readl(s, LAPIC + bank + vector / 32 * 0x10) >> vector % 32 & 1;
}

static void set_pin(QTestState *s, int level)
{
    qtest_set_irq_in(s, "ioapic", NULL, PIN, level);
}

static QTestState *start_enabled(void)
{
    QTestState *s = pc_start("");

    qtest_writel(s, LAPIC + SVR, 0x1ff);
    return s;
}

static void test_reset_state(void)
{
    QTestState *s = pc_start("");

    g_assert_cmphex(qtest_readl(s, LAPIC + 0x30), ==, 0x00050014);
    g_assert_cmphex(qtest_readl(s, LAPIC + SVR), ==, 0xff);
    g_assert_cmphex(qtest_readl(s, LAPIC + LVT_LINT0), ==, MASKED);
    qtest_writel(s, IOAPIC, 1);
    g_assert_cmphex(qtest_readl(s, IOAPIC + 0x10), ==, 0x00170020);
    g_assert_cmphex(read_rte(s, 0), ==, MASKED);
    qtest_quit(s);
}

static void test_edge(void)
{
    QTestState *s = start_enabled();

    write_rte(s, PIN, VECTOR);
    set_pin(s, 1);
    g_assert_true(vector_bit(s, IRR, VECTOR));
    g_assert_false(vector_bit(s, TMR, VECTOR));
    qtest_quit(s);
}

/* Level: nothing more until EOI, then again while the line is up. */
static void test_level(void)
{
    QTestState *s = start_enabled();

    write_rte(s, PIN, VECTOR | LEVEL);
    set_pin(s, 1);
    g_assert_true(vector_bit(s, TMR, VECTOR));
    g_assert_cmphex(read_rte(s, PIN), ==, VECTOR | LEVEL | REMOTE_IRR);
    set_pin(s, 0);
    qtest_writel(s, IOAPIC + 0x40, VECTOR);
    g_assert_cmphex(read_rte(s, PIN), ==, VECTOR | LEVEL);
    set_pin(s, 1);
    qtest_writel(s, IOAPIC + 0x40, VECTOR);
    g_assert_cmphex(read_rte(s, PIN), ==, VECTOR | LEVEL | REMOTE_IRR);
    qtest_quit(s);
}

static void test_masked_waits(void)
{
    QTestState *s = start_enabled();

    write_rte(s, PIN, VECTOR | LEVEL | MASKED);
    set_pin(s, 1);
    g_assert_false(vector_bit(s, IRR, VECTOR));
    write_rte(s, PIN, VECTOR | LEVEL);
    g_assert_true(vector_bit(s, IRR, VECTOR));
    qtest_quit(s);
}

static void test_messages(void)
{
    QTestState *s = start_enabled();

    qtest_writel(s, LAPIC, 0x61);               /* MSI to APIC 0 */
    g_assert_true(vector_bit(s, IRR, 0x61));
    qtest_writel(s, LAPIC + 0x5000, 0x62);      /* to APIC 5, which does not exist */
    g_assert_false(vector_bit(s, IRR, 0x62));
    qtest_writel(s, LAPIC + ICR, 0x40063);      /* self */
    g_assert_true(vector_bit(s, IRR, 0x63));
    qtest_writel(s, LAPIC + ICR, 0x40005);      /* vectors below 16 are illegal */
    qtest_writel(s, LAPIC + ESR, 0);
    g_assert_cmphex(qtest_readl(s, LAPIC + ESR), ==, 0x20);
    qtest_quit(s);
}

static void test_timer(void)
{
    QTestState *s = start_enabled();

    qtest_writel(s, LAPIC + DIVIDE, 0xb);       /* by 1: a count is a nanosecond */
    qtest_writel(s, LAPIC + LVT_TIMER, 0x70);
    qtest_writel(s, LAPIC + INITIAL, 1000);
    qtest_clock_step(s, 400);
    g_assert_cmpint(qtest_readl(s, LAPIC + CURRENT), ==, 600);
    g_assert_false(vector_bit(s, IRR, 0x70));
    qtest_clock_step(s, 600);
    g_assert_true(vector_bit(s, IRR, 0x70));
    g_assert_cmpint(qtest_readl(s, LAPIC + CURRENT), ==, 0);
    qtest_writel(s, LAPIC + LVT_TIMER, 0x20071);
    qtest_writel(s, LAPIC + INITIAL, 1000);
    qtest_clock_step(s, 2500);
    g_assert_cmpint(qtest_readl(s, LAPIC + CURRENT), ==, 500);
    g_assert_true(vector_bit(s, IRR, 0x71));
    qtest_quit(s);
}

/* Another divisor or mode takes over the count as it is. */
static void test_timer_goes_on(void)
{
    QTestState *s = start_enabled();

    qtest_writel(s, LAPIC + DIVIDE, 0xb);
    qtest_writel(s, LAPIC + LVT_TIMER, 0x72);
    qtest_writel(s, LAPIC + INITIAL, 1000);
    qtest_clock_step(s, 400);
    qtest_writel(s, LAPIC + DIVIDE, 0);         /* by 2 */
    g_assert_cmpint(qtest_readl(s, LAPIC + CURRENT), ==, 600);
    qtest_clock_step(s, 600);
    g_assert_cmpint(qtest_readl(s, LAPIC + CURRENT), ==, 300);
    qtest_writel(s, LAPIC + LVT_TIMER, 0x20072);
    qtest_clock_step(s, 800);
    g_assert_true(vector_bit(s, IRR, 0x72));
    g_assert_cmpint(qtest_readl(s, LAPIC + CURRENT), ==, 900);
    qtest_writel(s, LAPIC + LVT_TIMER, 0x73);
    qtest_clock_step(s, 1799);
    g_assert_false(vector_bit(s, IRR, 0x73));
    qtest_clock_step(s, 1);
    g_assert_true(vector_bit(s, IRR, 0x73));
    qtest_quit(s);
}

static void test_state_survives(void)
{
    QTestState *s = start_enabled();
    g_autofree char *state = NULL;

    qtest_writel(s, LAPIC + TPR, 0x30);
    state = qtest_vmsave(s, "apic");
    qtest_writel(s, LAPIC + TPR, 0);
    qtest_writel(s, LAPIC + SVR, 0);
    qtest_vmload(s, "apic", state);
    g_assert_cmphex(qtest_readl(s, LAPIC + TPR), ==, 0x30);
    g_assert_cmphex(qtest_readl(s, LAPIC + SVR), ==, 0x1ff);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/apic/reset", test_reset_state);
    g_test_add_func("/apic/edge", test_edge);
    g_test_add_func("/apic/level", test_level);
    g_test_add_func("/apic/masked", test_masked_waits);
    g_test_add_func("/apic/messages", test_messages);
    g_test_add_func("/apic/timer", test_timer);
    g_test_add_func("/apic/timer-goes-on", test_timer_goes_on);
    g_test_add_func("/apic/state", test_state_survives);
    return g_test_run();
}
