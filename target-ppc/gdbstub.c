/*
 * Registers as gdb numbers them for powerpc:common: r0-r31, f0-f31, pc, msr,
 * cr, lr, ctr, xer, fpscr.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "target-ppc/cpu.h"

enum { GDB_FPR0 = 32, GDB_PC = 64, GDB_MSR, GDB_CR, GDB_LR, GDB_CTR, GDB_XER, GDB_FPSCR };

static uint32_t read_word(CPUPPCState *env, int reg)
{
    switch (reg) {
    case GDB_PC:
        return env->nip;
    case GDB_MSR:
        return env->msr;
    case GDB_CR:
        return ppc_get_cr(env);
    case GDB_LR:
        return env->lr;
    case GDB_CTR:
        return env->ctr;
    case GDB_XER:
        return ppc_get_xer(env);
    case GDB_FPSCR:
        return ppc_get_fpscr(env);
    default:
        return env->gpr[reg];
    }
}

int ppc_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg)
{
    CPUPPCState *env = cpu->env;
    uint8_t bytes[8];

    if (reg > GDB_FPSCR) {
        return 0;
    }
    if (reg >= GDB_FPR0 && reg < GDB_PC) {
        stq_be_p(bytes, env->fpr[reg - GDB_FPR0]);
        g_byte_array_append(buf, bytes, 8);
        return 8;
    }
    stl_be_p(bytes, read_word(env, reg));
    g_byte_array_append(buf, bytes, 4);
    return 4;
}

int ppc_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg)
{
    CPUPPCState *env = cpu->env;
    uint32_t value;

    if (reg > GDB_FPSCR) {
        return 0;
    }
    if (reg >= GDB_FPR0 && reg < GDB_PC) {
        env->fpr[reg - GDB_FPR0] = ldq_be_p(buf);
        return 8;
    }
    value = ldl_be_p(buf);
    switch (reg) {
    case GDB_PC:
        env->nip = value;
        break;
    case GDB_MSR:
        ppc_store_msr(env, value);
        break;
    case GDB_CR:
        ppc_set_cr(env, value, 0xff);
        ppc_update_hflags(env);
        break;
    case GDB_LR:
        env->lr = value;
        break;
    case GDB_CTR:
        env->ctr = value;
        break;
    case GDB_XER:
        ppc_set_xer(env, value);
        ppc_update_hflags(env);
        break;
    case GDB_FPSCR:
        ppc_set_fpscr(env, value);
        break;
    default:
        env->gpr[reg] = value;
        break;
    }
    return 4;
}
