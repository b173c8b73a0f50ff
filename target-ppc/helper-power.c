/*
 * Helpers of the POWER instructions of the 601, which know the MQ register.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/cpu.h"
#include "target-ppc/power.h"
#define HELPER_H "target-ppc/helper.h"
#include "tcg/helper-proto.h"

static uint32_t rotate_left(uint32_t value, unsigned n)
{
    return n % 32 ? value << n % 32 | value >> (32 - n % 32) : value;
}

/* CA: a negative number lost ones. */
static uint32_t shift_sign(CPUPPCState *env, uint32_t value, unsigned n)
{
    int64_t wide = (int32_t)value;

    env->xer_ca = wide < 0 && (wide & ((INT64_C(1) << n) - 1));
    return wide >> n;
}

uint32_t helper_power_shift(CPUPPCState *env, uint32_t kind, uint32_t value, uint32_t amount)
{
    unsigned n = amount & 31;
    bool right = kind & POWER_RIGHT, beyond = kind & POWER_BIT_26 && amount & 32;
    uint32_t rotated = rotate_left(value, right ? 32 - n : n);
    uint32_t mask = right ? UINT32_MAX >> n : UINT32_MAX << n;
    uint32_t mq = env->spr[SPR_MQ], result;

    if (kind & POWER_FILL_SIGN) {
        result = shift_sign(env, value, beyond ? 32 : n);
    } else if (beyond) {
        result = kind & POWER_FILL_MQ ? mq & mask : 0;
    } else {
        result = (rotated & mask) | (kind & POWER_FILL_MQ ? mq & ~mask : 0);
    }
    if (kind & POWER_SET_MQ) {
        env->spr[SPR_MQ] = rotated;
    }
    return result;
}

/* Ones from bit `start` to bit `stop`, wrapping; all ones when they meet. */
uint32_t helper_power_maskg(uint32_t start, uint32_t stop)
{
    start &= 31;
    stop &= 31;
    uint32_t from = UINT32_MAX >> start, to = UINT32_MAX << (31 - stop);

    return start <= stop ? from & to : from | to;
}

/* div: rA and MQ, 64 bits, by rB. Quotient; bit 32 when it does not fit. MQ = remainder. */
uint64_t helper_power_div(CPUPPCState *env, uint32_t high, uint32_t divisor)
{
    int64_t dividend = (int64_t)((uint64_t)high << 32 | env->spr[SPR_MQ]);
    int64_t by = (int32_t)divisor, quotient;

    if (by == 0 || (by == -1 && dividend == INT64_MIN)) {
        return (UINT64_C(1) << 32) | (high & 0x80000000 ? UINT32_MAX : 0);
    }
    quotient = dividend / by;
    env->spr[SPR_MQ] = dividend % by;
    return (uint32_t)quotient | (uint64_t)(quotient != (int32_t)quotient) << 32;
}

/*
 * lscbx: as lswx, but ends behind a byte that equals XER[16-23]. Bits 0-15 of
 * the result: bytes loaded; bit 16: it was found.
 */
uint32_t helper_lscbx(CPUPPCState *env, uint32_t ea, uint32_t rd, uint32_t ra_rb)
{
    bool user = env->msr & MSR_PR, real = !(env->msr & MSR_DR);
    MemOpIdx oi = make_memop_idx(MO_UB, real ? MMU_REAL_IDX : user ? MMU_USER_IDX : MMU_KERNEL_IDX);
    unsigned bytes = env->xer_rest & 127, compare = env->xer_rest >> 8 & 255, done = 0;
    unsigned ra = ra_rb & 31, rb = ra_rb >> 5;
    uint32_t values[32] = { 0 };
    bool found = false;

    while (done < bytes && !found) {
        unsigned byte = cpu_ld_mmu(env, (uint32_t)(ea + done), oi, GETPC());

        values[done / 4] |= byte << (24 - 8 * (done % 4));
        found = byte == compare;
        done++;
    }
    for (unsigned i = 0; i < DIV_ROUND_UP(done, 4); i++) {
        unsigned r = (rd + i) % 32;

        if (r != rb && (r != ra || ra == 0)) {
            env->gpr[r] = values[i];
        }
    }
    env->xer_rest = (env->xer_rest & ~127u) | done;
    return done | (uint32_t)found << 16;
}
