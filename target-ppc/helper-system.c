/*
 * Helpers of system instructions: timebase, segment registers, TLB.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/cpu.h"
#include "target-ppc/mmu.h"
#define HELPER_H "target-ppc/helper.h"
#include "tcg/helper-proto.h"

uint32_t helper_load_tbl(CPUPPCState *env) { return cpu_ppc_load_tb(env); }
uint32_t helper_load_tbu(CPUPPCState *env) { return cpu_ppc_load_tb(env) >> 32; }

void helper_store_tbl(CPUPPCState *env, uint32_t value)
{
    cpu_ppc_store_tb(env, (cpu_ppc_load_tb(env) & ~(uint64_t)UINT32_MAX) | value);
}

void helper_store_tbu(CPUPPCState *env, uint32_t value)
{
    cpu_ppc_store_tb(env, (uint64_t)value << 32 | (uint32_t)cpu_ppc_load_tb(env));
}

uint32_t helper_load_decr(CPUPPCState *env) { return cpu_ppc_load_decr(env); }
void helper_store_decr(CPUPPCState *env, uint32_t value) { cpu_ppc_store_decr(env, value); }

/* The 601's real-time clock: seconds, and nanoseconds in bits 2-24 (601 manual 2.2.5.3). */
uint32_t helper_load_rtc(CPUPPCState *env, uint32_t upper)
{
    uint64_t ns = cpu_ppc_load_tb(env) * 128;

    return upper ? ns / NANOSECONDS_PER_SECOND : ns % NANOSECONDS_PER_SECOND & 0x3fffff80;
}

void helper_store_rtc(CPUPPCState *env, uint32_t upper, uint32_t value)
{
    uint64_t ns = cpu_ppc_load_tb(env) * 128;
    uint64_t seconds = ns / NANOSECONDS_PER_SECOND, rest = ns % NANOSECONDS_PER_SECOND;

    if (upper) {
        seconds = value;
    } else {
        rest = value & 0x3fffff80;
    }
    cpu_ppc_store_tb(env, (seconds * NANOSECONDS_PER_SECOND + rest) / 128);
}

void helper_store_sdr1(CPUPPCState *env, uint32_t value)
{
    if (env->spr[SPR_SDR1] != value) {
        env->spr[SPR_SDR1] = value;
        tlb_flush(env_cpu(env));
    }
}

void helper_store_bat(CPUPPCState *env, uint32_t spr, uint32_t value)
{
    ppc_store_bat(env, spr, value);
}

uint32_t helper_load_srin(CPUPPCState *env, uint32_t ea) { return env->sr[ea >> 28]; }

void helper_store_srin(CPUPPCState *env, uint32_t ea, uint32_t value)
{
    env->sr[ea >> 28] = value;
    env->segments_changed = true;
}

void helper_sync_segments(CPUPPCState *env)
{
    ppc_sync_segments(env);
}

void helper_tlbie(CPUPPCState *env, uint32_t ea) { ppc_tlb_invalidate_page(env, ea); }
void helper_tlbia(CPUPPCState *env) { ppc_tlb_invalidate_all(env); }
uint32_t helper_load_hash(CPUPPCState *env, uint32_t second) { return ppc_603_hash(env, second); }
void helper_tlb603_load(CPUPPCState *env, uint32_t ea, uint32_t code) { ppc_603_tlb_load(env, ea, code); }
