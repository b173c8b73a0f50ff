/*
 * A comparator of the HPET (IA-PC HPET specification 2.3.8) that the counter has passed
 * has happened, whatever the guest writes next. If it fails, a guest on a loaded host waits
 * for its timer until the counter comes round.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { CONFIG = 0x10, STATUS = 0x20, COUNTER = 0xf0, TIMER1_CONFIG = 0x120, TIMER1_COMPARATOR = 0x128 };
enum { CONFIG_ENABLE = 1, TIMER_LEVEL = 1 << 1, TIMER_32_BITS = 1 << 8, TIMER1 = 1 << 1, DELAY_TICKS = 400, ROUNDS = 20 };

static volatile u32 *hpet(u32 reg) { return (volatile u32 *)(0xfed00000 + reg); }

/* Sets the comparator a little ahead, in time however slow the host is, and waits for the counter to pass it. */
static void pass(void)
{
    u32 start;

    do {
        *hpet(STATUS) = TIMER1;
        start = *hpet(COUNTER);
        *hpet(TIMER1_COMPARATOR) = start + DELAY_TICKS;
    } while (*hpet(COUNTER) - start >= DELAY_TICKS);
    while (*hpet(COUNTER) - start <= DELAY_TICKS) {
    }
}

void test_hpet(void)
{
    *hpet(CONFIG) = CONFIG_ENABLE;
    for (int i = 0; i < ROUNDS; i++) {
        *hpet(TIMER1_CONFIG) = TIMER_LEVEL | TIMER_32_BITS;
        pass();
        *hpet(TIMER1_CONFIG) = TIMER_32_BITS;
        CHECK(*hpet(STATUS) & TIMER1, TIMER1);
        *hpet(TIMER1_CONFIG) = TIMER_LEVEL | TIMER_32_BITS;
        pass();
        *hpet(CONFIG) = 0;
        CHECK(*hpet(STATUS) & TIMER1, TIMER1);
        *hpet(CONFIG) = CONFIG_ENABLE;
    }
    *hpet(TIMER1_CONFIG) = TIMER_32_BITS;
    *hpet(CONFIG) = 0;
}
