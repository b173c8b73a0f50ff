/*
 * SSE: MXCSR and its exceptions, masked stores, CRC32.
 *
 * While the vCPU's thread is in cpu_exec, MXCSR's flags, rounding and denormal
 * modes are in the host's status register, where all exceptions are masked;
 * env->mxcsr has the guest's masks then, and possibly older flags.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "exec/exec-all.h"
#include "fpu/host-fp.h"
#include "tcg/simd.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

#include <pthread.h>

/* --- MXCSR --- */

enum { MXCSR_WRITABLE = 0xffff };

void x86_mxcsr_to_host(CPUX86State *env)
{
    host_simd_set_csr(env->mxcsr | SIMD_MASKS);
    env->mxcsr_in_host = true;
}

void x86_mxcsr_to_env(CPUX86State *env)
{
    env->mxcsr = x86_get_mxcsr(env);
    env->mxcsr_in_host = false;
    host_simd_set_csr(SIMD_CSR_DEFAULT);
}

uint32_t x86_get_mxcsr(CPUX86State *env)
{
    return env->mxcsr | (env->mxcsr_in_host ? host_simd_csr() & SIMD_FLAGS : 0);
}

void x86_set_mxcsr(CPUX86State *env, uint32_t value)
{
    env->mxcsr = value;
    if (env->mxcsr_in_host) {
        host_simd_set_csr(value | SIMD_MASKS);
    }
    x86_update_hflags(env);
}

void helper_ldmxcsr(CPUX86State *env, uint32_t value)
{
    if (value & ~MXCSR_WRITABLE) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
    x86_set_mxcsr(env, value);
}

uint32_t helper_stmxcsr(CPUX86State *env)
{
    return x86_get_mxcsr(env);
}

/* --- operations with an exception unmasked --- */

/*
 * The exceptions that are found before the operation come first: with one of
 * them unmasked, those of the result are not looked at (SDM 1:11.5.3).
 */
static uint32_t reported(uint32_t raised, uint32_t unmasked)
{
    const uint32_t before = SIMD_IE | SIMD_DE | SIMD_ZE;

    return raised & before & unmasked ? raised & before : raised;
}

void helper_simd_exact(CPUX86State *env, uint32_t op, uint32_t imm)
{
    SimdStatus status = { .csr = x86_get_mxcsr(env) };
    SimdVec *v = (SimdVec *)env->simd_scratch, result;
    uint32_t unmasked = ~status.csr >> 7 & SIMD_FLAGS, flags;

    simd_compute(op, &status, &result, &v[0], &v[1], &v[2], imm);
    flags = reported(status.raised, unmasked);
    if (flags & ~status.csr) {
        env->mxcsr = status.csr | flags;
        host_simd_set_csr(env->mxcsr | SIMD_MASKS);
    }
    if (flags & unmasked) {
        raise_exception_ra(env, env->cr[4] & CR4_OSXMMEXCPT_MASK ? EXCP13_SIMD : EXCP06_ILLOP, GETPC());
    }
    v[0] = result;
}

/* --- loads and stores of some elements: all or none --- */

void helper_masked_load(CPUX86State *env, target_ulong addr, uint32_t bytes, uint32_t element,
                        uint32_t mmu_idx)
{
    const SimdVec *mask = (const SimdVec *)env->simd_scratch[1];
    MemOpIdx oi = make_memop_idx(__builtin_ctz(element), mmu_idx);
    SimdVec value = { .d = { 0, 0 } };

    for (unsigned i = 0; i < bytes; i += element) {
        if (mask->b[i + element - 1] & 0x80) {
            uint64_t item = cpu_ld_mmu(env, addr + i, oi, GETPC());

            memcpy(&value.b[i], &item, element);
        }
    }
    memcpy(env->simd_scratch[0], &value, sizeof(value));
}

void helper_masked_store(CPUX86State *env, target_ulong addr, uint32_t bytes, uint32_t element,
                         uint32_t mmu_idx)
{
    const SimdVec *value = (const SimdVec *)env->simd_scratch[0];
    const SimdVec *mask = (const SimdVec *)env->simd_scratch[1];
    MemOpIdx oi = make_memop_idx(__builtin_ctz(element), mmu_idx);

    for (int pass = 0; pass < 2; pass++) {
        for (unsigned i = 0; i < bytes; i += element) {
            uint64_t item = 0;

            if (!(mask->b[i + element - 1] & 0x80)) {
                continue;
            }
            memcpy(&item, &value->b[i], element);
            if (pass) {
                cpu_st_mmu(env, addr + i, item, oi, GETPC());
            } else {
                cpu_probe_st_mmu(env, addr + i, oi, GETPC());
            }
        }
    }
}

/* --- gathers: element by element; each one done clears its mask, so that a fault can go on --- */

static int64_t gather_index(const CPUX86State *env, uint32_t info, unsigned i)
{
    const X86Vec *index = &env->ymm[info >> GATHER_INDEX & 15];

    return info >> GATHER_WIDE_INDEX & 1 ? index->s64[i] : index->s32[i];
}

void helper_gather(CPUX86State *env, target_ulong base, uint32_t info)
{
    X86Vec *dest = &env->ymm[info >> GATHER_DEST & 15], *mask = &env->ymm[info >> GATHER_MASK & 15];
    bool wide_data = info >> GATHER_WIDE_DATA & 1, wide_index = info >> GATHER_WIDE_INDEX & 1;
    unsigned element = wide_data ? 8 : 4, bytes = info >> GATHER_256 & 1 ? 32 : 16;
    unsigned count = bytes / (wide_data || wide_index ? 8 : 4);
    MemOpIdx oi = make_memop_idx(wide_data ? MO_64 : MO_32, info >> GATHER_MMU_IDX & 15);

    for (unsigned i = 0; i < count; i++) {      /* signs stand for whole elements */
        memset(&mask->u8[i * element], mask->u8[(i + 1) * element - 1] & 0x80 ? 0xff : 0, element);
    }
    for (unsigned i = 0; i < count; i++) {
        target_ulong addr = base + ((target_ulong)gather_index(env, info, i) << (info >> GATHER_SCALE & 3));

        if (mask->u8[i * element]) {
            uint64_t item = cpu_ld_mmu(env, info >> GATHER_ADDR32 & 1 ? (uint32_t)addr : addr, oi, GETPC());

            memcpy(&dest->u8[i * element], &item, element);
            memset(&mask->u8[i * element], 0, element);
        }
    }
    memset(mask, 0, sizeof(*mask));
    memset(&dest->u8[count * element], 0, sizeof(*dest) - count * element);
}

/* --- CRC-32C, polynomial 0x11edc6f41, bits reflected (SDM 2, CRC32) --- */

static uint32_t crc_table[256];

static void make_crc_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;

        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ (crc & 1 ? 0x82f63b78 : 0);
        }
        crc_table[i] = crc;
    }
}

uint32_t helper_crc32(uint32_t crc, uint64_t data, uint32_t bits)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, make_crc_table);
    for (unsigned i = 0; i < bits; i += 8) {
        crc = crc >> 8 ^ crc_table[(crc ^ data >> i) & 0xff];
    }
    return crc;
}
