/*
 * Registers as gdb numbers them for i386 and i386:x86-64: general registers,
 * pc, flags, segments, st0-st7, eight x87 control words, xmm registers, mxcsr.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "target-i386/system.h"

#ifdef TARGET_X86_64
static const uint8_t gpr_order[CPU_NB_REGS] = {
    R_EAX, R_EBX, R_ECX, R_EDX, R_ESI, R_EDI, R_EBP, R_ESP, 8, 9, 10, 11, 12, 13, 14, 15,
};
#else
static const uint8_t gpr_order[CPU_NB_REGS] = { R_EAX, R_ECX, R_EDX, R_EBX, R_ESP, R_EBP, R_ESI, R_EDI };
#endif
static const uint8_t seg_order[SEG_COUNT] = { R_CS, R_SS, R_DS, R_ES, R_FS, R_GS };

enum {
    GDB_PC = CPU_NB_REGS, GDB_FLAGS, GDB_SEGS, GDB_ST0 = GDB_SEGS + SEG_COUNT, GDB_FCTRL = GDB_ST0 + 8,
    GDB_FSTAT, GDB_FTAG, GDB_FISEG, GDB_FIOFF, GDB_FOSEG, GDB_FOOFF, GDB_FOP,
    GDB_XMM0, GDB_MXCSR = GDB_XMM0 + CPU_NB_REGS,
};

static int put32(GByteArray *buf, uint32_t value)
{
    uint8_t bytes[4];

    stl_le_p(bytes, value);
    g_byte_array_append(buf, bytes, 4);
    return 4;
}

static int put_word(GByteArray *buf, target_ulong value)
{
    uint8_t bytes[8];

    stq_le_p(bytes, value);
    g_byte_array_append(buf, bytes, sizeof(target_ulong));
    return sizeof(target_ulong);
}

static target_ulong get_word(const uint8_t *buf)
{
    return sizeof(target_ulong) == 8 ? (target_ulong)ldq_le_p(buf) : (target_ulong)ldl_le_p(buf);
}

/* Two bits a register: 0 valid, 3 empty. */
static uint32_t tag_word(const CPUX86State *env)
{
    uint32_t tags = 0;

    for (unsigned i = 0; i < 8; i++) {
        tags |= (env->fptags[i] ? 3u : 0u) << 2 * i;
    }
    return tags;
}

static uint32_t read_fpu_control(const CPUX86State *env, int reg)
{
    switch (reg) {
    case GDB_FCTRL:
        return env->fpuc;
    case GDB_FSTAT:
        return (env->fpus & ~0x3800u) | (env->fpstt & 7) << 11;
    case GDB_FTAG:
        return tag_word(env);
    case GDB_FISEG:
        return env->fpcs;
    case GDB_FIOFF:
        return env->fpip;
    case GDB_FOSEG:
        return env->fpds;
    case GDB_FOOFF:
        return env->fpdp;
    default:
        return env->fpop;
    }
}

int x86_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg)
{
    CPUX86State *env = cpu->env;

    if (reg < CPU_NB_REGS) {
        return put_word(buf, env->regs[gpr_order[reg]]);
    }
    if (reg == GDB_PC) {
        return put_word(buf, env->eip);
    }
    if (reg == GDB_FLAGS) {
        return put32(buf, x86_get_eflags(env));
    }
    if (reg < GDB_ST0) {
        return put32(buf, env->segs[seg_order[reg - GDB_SEGS]].selector);
    }
    if (reg < GDB_FCTRL) {
        g_byte_array_append(buf, env->fpregs[(env->fpstt + reg - GDB_ST0) & 7].u8, 10);
        return 10;
    }
    if (reg < GDB_XMM0) {
        return put32(buf, read_fpu_control(env, reg));
    }
    if (reg < GDB_MXCSR) {
        g_byte_array_append(buf, env->ymm[reg - GDB_XMM0].u8, 16);
        return 16;
    }
    return reg == GDB_MXCSR ? put32(buf, env->mxcsr) : 0;
}

/* Segments change where loading them cannot fault: in real and virtual-8086 mode. */
static void write_segment(CPUX86State *env, unsigned seg, uint32_t selector)
{
    if (env->hflags & HF_VM || !(env->hflags & HF_PE)) {
        env->segs[seg].selector = selector & 0xffff;
        env->segs[seg].base = (selector & 0xffff) << 4;
        x86_update_hflags(env);
    }
}

int x86_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg)
{
    CPUX86State *env = cpu->env;

    if (reg < CPU_NB_REGS) {
        env->regs[gpr_order[reg]] = get_word(buf);
        return sizeof(target_ulong);
    }
    if (reg == GDB_PC) {
        env->eip = get_word(buf);
        return sizeof(target_ulong);
    }
    if (reg == GDB_FLAGS) {
        x86_set_eflags(env, ldl_le_p(buf));
        return 4;
    }
    if (reg < GDB_ST0) {
        write_segment(env, seg_order[reg - GDB_SEGS], ldl_le_p(buf));
        return 4;
    }
    if (reg < GDB_FCTRL) {
        memcpy(env->fpregs[(env->fpstt + reg - GDB_ST0) & 7].u8, buf, 10);
        return 10;
    }
    if (reg < GDB_XMM0) {
        return 4;                       /* the x87 control words are read-only here */
    }
    if (reg < GDB_MXCSR) {
        memcpy(env->ymm[reg - GDB_XMM0].u8, buf, 16);
        return 16;
    }
    return reg == GDB_MXCSR ? 4 : 0;
}
