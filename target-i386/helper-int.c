/*
 * Helpers of integer instructions: decimal adjust, 128-bit division, bit
 * scatter and gather, wide compare and exchange.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* --- decimal adjust (SDM 2, AAA to DAS) ------------------------------------------------- */

static unsigned get_al(CPUX86State *env) { return env->regs[R_EAX] & 0xff; }
static unsigned get_ah(CPUX86State *env) { return env->regs[R_EAX] >> 8 & 0xff; }

static void set_ax(CPUX86State *env, unsigned ah, unsigned al)
{
    env->regs[R_EAX] = (env->regs[R_EAX] & ~(target_ulong)0xffff) | (ah & 0xff) << 8 | (al & 0xff);
}

static uint32_t flags_of_al(CPUX86State *env)
{
    return x86_compute_cc(CC_OP_LOGIC + MO_8, get_al(env), 0, 0) & (CC_S | CC_Z | CC_P);
}

/* AAA and AAS: AX changes by direction * 0x106. */
static uint32_t ascii_adjust(CPUX86State *env, uint32_t cc, int direction)
{
    uint32_t flags = 0;
    unsigned ax = env->regs[R_EAX] & 0xffff;

    if ((ax & 15) > 9 || cc & CC_A) {
        ax += direction * 0x106;
        flags = CC_A | CC_C;
    }
    set_ax(env, ax >> 8, ax & 15);
    return flags | flags_of_al(env);
}

uint32_t helper_aaa(CPUX86State *env, uint32_t cc, uint32_t unused) { return ascii_adjust(env, cc, 1); }
uint32_t helper_aas(CPUX86State *env, uint32_t cc, uint32_t unused) { return ascii_adjust(env, cc, -1); }

static uint32_t decimal_adjust(CPUX86State *env, uint32_t cc, int direction)
{
    unsigned old = get_al(env), al = old;
    uint32_t flags = 0;

    if ((old & 15) > 9 || cc & CC_A) {
        al += direction * 6;
        flags = CC_A | (direction < 0 && (old < 6 || cc & CC_C) ? CC_C : 0);
    }
    if (old > 0x99 || cc & CC_C) {
        al += direction * 0x60;
        flags |= CC_C;
    }
    set_ax(env, get_ah(env), al);
    return flags | flags_of_al(env);
}

uint32_t helper_daa(CPUX86State *env, uint32_t cc, uint32_t unused) { return decimal_adjust(env, cc, 1); }
uint32_t helper_das(CPUX86State *env, uint32_t cc, uint32_t unused) { return decimal_adjust(env, cc, -1); }

uint32_t helper_aam(CPUX86State *env, uint32_t cc, uint32_t base)
{
    set_ax(env, get_al(env) / base, get_al(env) % base);
    return flags_of_al(env);
}

uint32_t helper_aad(CPUX86State *env, uint32_t cc, uint32_t base)
{
    set_ax(env, 0, get_al(env) + get_ah(env) * base);
    return flags_of_al(env);
}

/* --- 64-bit division ------------------------------------------------------------------------ */

#ifdef TARGET_X86_64
void helper_div64(CPUX86State *env, target_ulong d)
{
    unsigned __int128 n = (unsigned __int128)env->regs[R_EDX] << 64 | env->regs[R_EAX];

    if (env->regs[R_EDX] >= d) {
        raise_exception_ra(env, EXCP00_DIVZ, GETPC());
    }
    env->regs[R_EAX] = n / d;
    env->regs[R_EDX] = n % d;
}

void helper_idiv64(CPUX86State *env, target_ulong d)
{
    unsigned __int128 n = (unsigned __int128)env->regs[R_EDX] << 64 | env->regs[R_EAX];
    bool negative = env->regs[R_EDX] >> 63, negative_d = d >> 63;
    unsigned __int128 quotient;
    uint64_t remainder, limit = negative != negative_d ? UINT64_C(1) << 63 : INT64_MAX;

    n = negative ? -n : n;
    d = negative_d ? -d : d;
    if (!d || (quotient = n / d) > limit) {
        raise_exception_ra(env, EXCP00_DIVZ, GETPC());
    }
    remainder = n % d;
    env->regs[R_EAX] = negative != negative_d ? -(uint64_t)quotient : (uint64_t)quotient;
    env->regs[R_EDX] = negative ? -remainder : remainder;
}
#endif

/* --- bits ------------------------------------------------------------------------------------- */

target_ulong helper_pdep(target_ulong src, target_ulong mask)
{
    target_ulong result = 0;

    for (; mask; mask &= mask - 1, src >>= 1) {
        result |= src & 1 ? mask & -mask : 0;
    }
    return result;
}

target_ulong helper_pext(target_ulong src, target_ulong mask)
{
    target_ulong result = 0;

    for (unsigned n = 0; mask; mask &= mask - 1, n++) {
        result |= src & mask & -mask ? (target_ulong)1 << n : 0;
    }
    return result;
}

/* RCL, RCR through carry: the new C is bit 0 of cc_src2. size: MO_x */
target_ulong helper_rotate_carry(CPUX86State *env, target_ulong value, uint32_t count, uint32_t carry_size)
{
    unsigned size = carry_size >> 2 & 3, bits = 8u << size, carry = carry_size & 1;
    bool left = carry_size & 2;
    uint64_t mask = ~0ull >> (64 - bits), v = value & mask;

    for (; count; count--) {
        unsigned out = left ? v >> (bits - 1) & 1 : v & 1;

        v = left ? (v << 1 | carry) & mask : v >> 1 | (uint64_t)carry << (bits - 1);
        carry = out;
    }
    env->cc_src2 = carry;
    return v;
}

/* --- wide compare and exchange ------------------------------------------------------------------- */

/* Z as 0 or 1. */
uint32_t helper_cmpxchg8b(CPUX86State *env, target_ulong addr)
{
    MemOpIdx oi = make_memop_idx(x86_data_op(env, MO_64 | MO_LE), x86_cpu_mmu_index(env_cpu(env), MMU_DATA_STORE));
    uint64_t expected = (uint64_t)env->regs[R_EDX] << 32 | (uint32_t)env->regs[R_EAX];
    uint64_t new_value = (uint64_t)env->regs[R_ECX] << 32 | (uint32_t)env->regs[R_EBX];
    uint64_t old = cpu_atomic_cmpxchg_mmu(env, addr, expected, new_value, oi, GETPC());

    if (old == expected) {
        return 1;
    }
    env->regs[R_EAX] = (uint32_t)old;
    env->regs[R_EDX] = old >> 32;
    return 0;
}

#ifdef TARGET_X86_64
/* The value found; the memory is RAM. */
static unsigned __int128 host_cmpxchg16(void *host, unsigned __int128 expected, unsigned __int128 new_value)
{
#ifdef __x86_64__
    uint64_t low = expected, high = expected >> 64;

    /* Compilers make a call of it, which not every one has. */
    asm volatile("lock cmpxchg16b %0" : "+m"(*(unsigned __int128 *)host), "+a"(low), "+d"(high)
                 : "b"((uint64_t)new_value), "c"((uint64_t)(new_value >> 64)) : "memory", "cc");
    return (unsigned __int128)high << 64 | low;
#else
    __atomic_compare_exchange_n((unsigned __int128 *)host, &expected, new_value, false, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    return expected;
#endif
}

uint32_t helper_cmpxchg16b(CPUX86State *env, target_ulong addr)
{
    int mmu_idx = x86_cpu_mmu_index(env_cpu(env), MMU_DATA_STORE);
    MemOpIdx oi = make_memop_idx(MO_128 | MO_LE, mmu_idx);
    unsigned __int128 expected = (unsigned __int128)env->regs[R_EDX] << 64 | env->regs[R_EAX], old;
    unsigned __int128 new_value = (unsigned __int128)env->regs[R_ECX] << 64 | env->regs[R_EBX];
    void *host;

    if (addr & 15) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
    probe_access(env, addr, 16, MMU_DATA_STORE, mmu_idx, GETPC());
    host = tlb_vaddr_to_host(env, addr, MMU_DATA_STORE, mmu_idx);
    if (host) {
        old = host_cmpxchg16(host, expected, new_value);
    } else {
        Int128Pair found = cpu_ld16_mmu(env, addr, oi, GETPC());

        old = (unsigned __int128)found.hi << 64 | found.lo;
        if (old == expected) {
            found = (Int128Pair) { .lo = env->regs[R_EBX], .hi = env->regs[R_ECX] };
        }
        cpu_st16_mmu(env, addr, found, oi, GETPC());
    }
    if (old == expected) {
        return 1;
    }
    env->regs[R_EAX] = old;
    env->regs[R_EDX] = old >> 64;
    return 0;
}
#endif

/* ENTER: the byte below the new frame must be writable. */
void helper_probe_write(CPUX86State *env, target_ulong addr)
{
    probe_access(env, addr, 1, MMU_DATA_STORE, x86_cpu_mmu_index(env_cpu(env), MMU_DATA_STORE), GETPC());
}
