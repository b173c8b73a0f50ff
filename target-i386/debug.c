/*
 * Debug registers: code, data and I/O breakpoints, single-step traps (SDM 3B
 * chapter 17).
 *
 * While code breakpoints are enabled (HF_CODE_BP), each instruction checks for
 * one. While data or I/O breakpoints are (HF_DATA_BP), blocks hold one
 * instruction; hits are collected and trap behind it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/system.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

enum { BP_EXECUTE, BP_WRITE, BP_IO, BP_ACCESS };
enum { BREAKPOINTS = 4 };

static bool is_enabled(const CPUX86State *env, unsigned n) { return env->dr[7] >> (2 * n) & 3; }
static unsigned kind_of(const CPUX86State *env, unsigned n) { return env->dr[7] >> (16 + 4 * n) & 3; }

static unsigned length_of(const CPUX86State *env, unsigned n)
{
    static const uint8_t lengths[4] = { 1, 2, 8, 4 };

    return lengths[env->dr[7] >> (18 + 4 * n) & 3];
}

/* --- raising ---------------------------------------------------------------------------------------------- */

void raise_debug(CPUX86State *env, uint32_t dr6_bits, uintptr_t retaddr)
{
    if (retaddr) {
        cpu_restore_state(env_cpu(env), retaddr);
    }
    env->dr[6] = (env->dr[6] & ~(target_ulong)15) | dr6_bits;
    env->debug_hits = 0;
    raise_exception_err_ra(env, EXCP01_DB, 0, 0);
}

void x86_debug_delivered(CPUX86State *env)
{
    env->dr[7] &= ~(target_ulong)DR7_GD;
    x86_update_hflags(env);
}

/* Behind an instruction, eip is right: EFLAGS.TF was set when it began; breakpoints may have been met. */
void helper_single_step(CPUX86State *env)
{
    raise_debug(env, env->debug_hits | DR6_BS, 0);
}

void helper_debug_traps(CPUX86State *env)
{
    if (env->debug_hits) {
        raise_debug(env, env->debug_hits, 0);
    }
}

/* RF holds for one instruction. */
void helper_clear_rf(CPUX86State *env)
{
    env->eflags &= ~RF_MASK;
    x86_update_hflags(env);
}

/* Before an instruction at linear address pc. */
void helper_check_code_breakpoint(CPUX86State *env, target_ulong pc)
{
    uint32_t hits = 0;

    for (unsigned i = 0; i < BREAKPOINTS; i++) {
        if (env->dr[i] == pc && is_enabled(env, i) && kind_of(env, i) == BP_EXECUTE) {
            hits |= 1u << i;
        }
    }
    if (hits) {
        raise_debug(env, hits, GETPC());
    }
}

/* --- data and I/O --------------------------------------------------------------------------------------------- */

void x86_watchpoint_access(CPUState *cpu, vaddr addr, int access, uintptr_t retaddr)
{
    CPUX86State *env = cpu->env;

    for (unsigned i = 0; i < BREAKPOINTS; i++) {
        unsigned kind = kind_of(env, i), length = length_of(env, i);
        vaddr start = env->dr[i] & ~(vaddr)(length - 1);

        if (is_enabled(env, i) && (kind == BP_ACCESS || (kind == BP_WRITE && access & BP_MEM_WRITE)) &&
            start < addr + 8 && addr < start + length) {
            env->debug_hits |= 1u << i;
        }
    }
}

void x86_check_io_breakpoint(CPUX86State *env, uint32_t port, unsigned size)
{
    for (unsigned i = 0; i < BREAKPOINTS; i++) {
        unsigned length = length_of(env, i);
        uint32_t start = env->dr[i] & ~(uint32_t)(length - 1);

        if (is_enabled(env, i) && kind_of(env, i) == BP_IO && start < port + size && port < start + length) {
            env->debug_hits |= 1u << i;
        }
    }
}

/* --- the registers ------------------------------------------------------------------------------------------- */

static int watch_flags(unsigned kind)
{
    return BP_CPU | (kind == BP_WRITE ? BP_MEM_WRITE : BP_MEM_ACCESS);
}

void x86_update_breakpoints(CPUX86State *env)
{
    CPUState *cpu = env_cpu(env);

    for (unsigned i = 0; i < BREAKPOINTS; i++) {
        unsigned kind = kind_of(env, i);
        bool wanted = is_enabled(env, i) && (kind == BP_WRITE || kind == BP_ACCESS);
        X86Watch now = { 0 };

        if (wanted) {
            now.len = length_of(env, i);
            now.addr = env->dr[i] & ~(target_ulong)(now.len - 1);
            now.flags = watch_flags(kind);
        }
        X86Watch *old = &env->watches[i];

        if (old->len == now.len && old->addr == now.addr && old->flags == now.flags) {
            continue;
        }
        if (old->len) {
            cpu_watchpoint_remove(cpu, old->addr, old->len, old->flags);
        }
        if (now.len) {
            cpu_watchpoint_insert(cpu, now.addr, now.len, now.flags);
        }
        *old = now;
    }
}

uint32_t x86_breakpoint_hflags(const CPUX86State *env)
{
    uint32_t flags = 0;

    for (unsigned i = 0; i < BREAKPOINTS; i++) {
        if (is_enabled(env, i)) {
            flags |= kind_of(env, i) == BP_EXECUTE ? HF_CODE_BP : HF_DATA_BP;
        }
    }
    return flags;
}

/* MOV to and from DRn; n is 4 or 5 only without CR4.DE. */
static unsigned real_number(CPUX86State *env, uint32_t n, uintptr_t retaddr)
{
    if (n == 4 || n == 5) {
        if (env->cr[4] & CR4_DE_MASK) {
            raise_exception_ra(env, EXCP06_ILLOP, retaddr);
        }
        n += 2;
    }
    if (env->dr[7] & DR7_GD) {
        raise_debug(env, DR6_BD | (env->dr[6] & 15), retaddr);
    }
    return n;
}

target_ulong helper_read_dr(CPUX86State *env, uint32_t n)
{
    return env->dr[real_number(env, n, GETPC())];
}

void helper_write_dr(CPUX86State *env, uint32_t n, target_ulong value)
{
    n = real_number(env, n, GETPC());
    if (n >= 6 && (uint64_t)value >> 32) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
    assert(n < ARRAY_SIZE(env->dr));
    env->dr[n] = n == 6 ? (value & 0xe00f) | DR6_FIXED_1 : n == 7 ? (value & 0xffff2bff) | DR7_FIXED_1 : value;
    if (n != 6) {
        x86_update_breakpoints(env);
        x86_update_hflags(env);
    }
}
