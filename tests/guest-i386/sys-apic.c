/*
 * The local APIC's timer (SDM 3A 11.5.4) with counts that run down before anybody looks:
 * each of them interrupts once. If it fails, a guest on a loaded host loses its clock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "sys.h"

enum { EOI = 0xb0, SVR = 0xf0, IRR = 0x200, LVT_TIMER = 0x320, INITIAL = 0x380, CURRENT = 0x390, DIVIDE = 0x3e0 };
enum { ENABLED = 0x1ff, MASKED = 0x10000, BY_1 = 0xb, BY_16 = 0x3, VECTOR = 0x61, COUNTS = 20 };
#define LIMIT_CLOCKS 10000000000ull     /* ten seconds */

static volatile u32 *apic(u32 reg) { return (volatile u32 *)(0xfee00000 + reg); }
static u64 clocks(void) { u64 v; asm volatile("rdtsc" : "=A"(v)); return v; }
static u32 requested(void) { return *apic(IRR + VECTOR / 32 * 0x10) >> VECTOR % 32 & 1; }

ASM(take, "sti; nop; nop; cli")

/* The interrupt comes, and no second one. 0: it does not come. */
static int interrupts(u32 count)
{
    u64 start = clocks();

    while (!requested() && clocks() - start < LIMIT_CLOCKS) {
    }
    if (!requested()) {
        CHECK(0, count);
        return 0;
    }
    EXPECT(take, VECTOR, 0);
    *apic(EOI) = 0;
    CHECK(*apic(CURRENT), 0);
    CHECK(requested(), 0);
    return 1;
}

static int count_down(u32 count)
{
    *apic(LVT_TIMER) = VECTOR;
    *apic(INITIAL) = count;
    return interrupts(count);
}

static int mask_too_late(u32 count)
{
    *apic(INITIAL) = count;
    *apic(LVT_TIMER) = VECTOR | MASKED;
    return interrupts(count);
}

static int divide_too_late(u32 count)
{
    *apic(LVT_TIMER) = VECTOR;
    *apic(INITIAL) = count;
    *apic(DIVIDE) = BY_16;
    return interrupts(count);
}

void test_apic(void)
{
    *apic(SVR) = ENABLED;
    for (u32 count = 1; count <= COUNTS; count++) {
        *apic(DIVIDE) = BY_1;
        if (!count_down(count) || !mask_too_late(1) || !divide_too_late(1)) {
            break;
        }
    }
    *apic(LVT_TIMER) = MASKED;
}
