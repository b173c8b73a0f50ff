/*
 * Registers as gdb numbers them for i386 and i386:x86-64: general registers,
 * pc, flags, segments, st0-st7, eight x87 control words, xmm registers, mxcsr;
 * behind them bases of segments and control registers.
 *
 * The 64-bit executable describes 64-bit registers whatever mode the CPU is in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "exec/gdbstub.h"
#include "target-i386/board.h"
#include "target-i386/system.h"
#include "target-i386/x87.h"

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
    GDB_FS_BASE, GDB_GS_BASE, GDB_K_GS_BASE, GDB_CR0, GDB_CR2, GDB_CR3, GDB_CR4, GDB_CR8, GDB_EFER, GDB_END,
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

static target_ulong read_system(CPUX86State *env, int reg)
{
    switch (reg) {
    case GDB_FS_BASE:
        return env->segs[R_FS].base;
    case GDB_GS_BASE:
        return env->segs[R_GS].base;
    case GDB_K_GS_BASE:
        return env->kernelgsbase;
    case GDB_CR0:
        return env->cr[0];
    case GDB_CR2:
        return env->cr[2];
    case GDB_CR3:
        return env->cr[3];
    case GDB_CR4:
        return env->cr[4];
    case GDB_CR8:
        return x86_board_get_tpr(env) >> 4;
    default:
        return env->efer;
    }
}

/* What does more than hold a value (CR0, CR4, CR8, EFER) stays as it is: only guest code changes the mode. */
static bool write_system(CPUX86State *env, int reg, target_ulong value)
{
    switch (reg) {
    case GDB_FS_BASE:
    case GDB_GS_BASE:
        env->segs[reg == GDB_FS_BASE ? R_FS : R_GS].base = value;
        x86_update_hflags(env);
        return true;
    case GDB_K_GS_BASE:
        env->kernelgsbase = value;
        return true;
    case GDB_CR2:
        env->cr[2] = value;
        return true;
    case GDB_CR3:
        x86_set_cr3(env, value);
        return true;
    default:
        return read_system(env, reg) == value;
    }
}

int x86_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg)
{
    CPUX86State *env = cpu->env;

    target_ulong mask = env->hflags & HF_CS64 ? (target_ulong)-1 : UINT32_MAX;

    if (reg < 0 || reg >= GDB_END) {
        return 0;
    }
    if (reg < CPU_NB_REGS) {
        return put_word(buf, env->regs[gpr_order[reg]] & mask);
    }
    if (reg == GDB_PC) {
        return put_word(buf, env->eip & mask);
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
    return reg == GDB_MXCSR ? put32(buf, x86_get_mxcsr(env)) : put_word(buf, read_system(env, reg));
}

/* Segments change where loading them cannot fault: in real and virtual-8086 mode. */
static bool write_segment(CPUX86State *env, unsigned seg, uint32_t selector)
{
    if (env->hflags & HF_VM || !(env->hflags & HF_PE)) {
        env->segs[seg].selector = selector & 0xffff;
        env->segs[seg].base = (selector & 0xffff) << 4;
        x86_update_hflags(env);
        return true;
    }
    return env->segs[seg].selector == (selector & 0xffff);
}

static void write_tag_word(CPUX86State *env, uint32_t tags)
{
    for (unsigned i = 0; i < 8; i++) {
        env->fptags[i] = (tags >> 2 * i & 3) == 3;
    }
    env->mmx_ready = false;
}

static void write_fpu_control(CPUX86State *env, int reg, uint32_t value)
{
    switch (reg) {
    case GDB_FCTRL:
        x87_set_control_word(env, value);
        break;
    case GDB_FSTAT:
        x87_set_status_word(env, value);
        env->mmx_ready = false;
        break;
    case GDB_FTAG:
        write_tag_word(env, value);
        break;
    case GDB_FISEG:
        env->fpcs = value;
        break;
    case GDB_FIOFF:
        env->fpip = value;
        break;
    case GDB_FOSEG:
        env->fpds = value;
        break;
    case GDB_FOOFF:
        env->fpdp = value;
        break;
    default:
        env->fpop = value & 0x7ff;
        break;
    }
}

int x86_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg)
{
    CPUX86State *env = cpu->env;

    if (reg < 0 || reg >= GDB_END) {
        return 0;
    }
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
        return write_segment(env, seg_order[reg - GDB_SEGS], ldl_le_p(buf)) ? 4 : 0;
    }
    if (reg < GDB_FCTRL) {
        memcpy(env->fpregs[(env->fpstt + reg - GDB_ST0) & 7].u8, buf, 10);
        return 10;
    }
    if (reg < GDB_XMM0) {
        write_fpu_control(env, reg, ldl_le_p(buf));
        return 4;
    }
    if (reg < GDB_MXCSR) {
        memcpy(env->ymm[reg - GDB_XMM0].u8, buf, 16);
        return 16;
    }
    if (reg == GDB_MXCSR) {
        x86_set_mxcsr(env, ldl_le_p(buf) & 0xffff);       /* SDM 1:10.2.3: the rest is reserved */
        return 4;
    }
    return write_system(env, reg, get_word(buf)) ? sizeof(target_ulong) : 0;
}

/* --- the target description ---------------------------------------------------------------- */

#define WORD_BITS ((unsigned)sizeof(target_ulong) * 8)
#ifdef TARGET_X86_64
#define SEGMENT_BASES "org.gnu.gdb.i386.segments"
#define GPR(n, name, type) { "r" name, n, 0, 64, type, NULL }
#define PC_NAME "rip"
#define CR_BYTES "8"
#define WORD_TYPE "int64"
static const GdbRegister core_regs[] = {
    GPR(0, "ax", "int64"), GPR(1, "bx", "int64"), GPR(2, "cx", "int64"), GPR(3, "dx", "int64"),
    GPR(4, "si", "int64"), GPR(5, "di", "int64"), GPR(6, "bp", "data_ptr"), GPR(7, "sp", "data_ptr"),
    GPR(8, "8", "int64"), GPR(9, "9", "int64"), GPR(10, "10", "int64"), GPR(11, "11", "int64"),
    GPR(12, "12", "int64"), GPR(13, "13", "int64"), GPR(14, "14", "int64"), GPR(15, "15", "int64"),
#else
/* By its own name: gdb gives the registers of org.gnu.gdb.i386.segments 64-bit numbers, and stops at an assertion. */
#define SEGMENT_BASES "emulator.i386.segmentbase"
#define GPR(n, name, type) { "e" name, n, 0, 32, type, NULL }
#define PC_NAME "eip"
#define CR_BYTES "4"
#define WORD_TYPE "int32"
static const GdbRegister core_regs[] = {
    GPR(0, "ax", "int32"), GPR(1, "cx", "int32"), GPR(2, "dx", "int32"), GPR(3, "bx", "int32"),
    GPR(4, "sp", "data_ptr"), GPR(5, "bp", "data_ptr"), GPR(6, "si", "int32"), GPR(7, "di", "int32"),
#endif
    { PC_NAME, GDB_PC, 0, WORD_BITS, "code_ptr", NULL },
    { "eflags", GDB_FLAGS, 0, 32, "i386_eflags", NULL },
    { "cs", GDB_SEGS, 0, 32, "int32", NULL },       { "ss", GDB_SEGS + 1, 0, 32, "int32", NULL },
    { "ds", GDB_SEGS + 2, 0, 32, "int32", NULL },   { "es", GDB_SEGS + 3, 0, 32, "int32", NULL },
    { "fs", GDB_SEGS + 4, 0, 32, "int32", NULL },   { "gs", GDB_SEGS + 5, 0, 32, "int32", NULL },
    { "st", GDB_ST0, 8, 80, "i387_ext", NULL },
    { "fctrl", GDB_FCTRL, 0, 32, "int", "float" },  { "fstat", GDB_FSTAT, 0, 32, "int", "float" },
    { "ftag", GDB_FTAG, 0, 32, "int", "float" },    { "fiseg", GDB_FISEG, 0, 32, "int", "float" },
    { "fioff", GDB_FIOFF, 0, 32, "int", "float" },  { "foseg", GDB_FOSEG, 0, 32, "int", "float" },
    { "fooff", GDB_FOOFF, 0, 32, "int", "float" },  { "fop", GDB_FOP, 0, 32, "int", "float" },
};

static const GdbRegister sse_regs[] = {
    { "xmm", GDB_XMM0, CPU_NB_REGS, 128, "vec128", NULL }, { "mxcsr", GDB_MXCSR, 0, 32, "int", "vector" },
};

static const GdbRegister base_regs[] = {
    { "fs_base", GDB_FS_BASE, 0, WORD_BITS, WORD_TYPE, NULL }, { "gs_base", GDB_GS_BASE, 0, WORD_BITS, WORD_TYPE, NULL },
};

static const GdbRegister system_regs[] = {
    { "k_gs_base", GDB_K_GS_BASE, 0, WORD_BITS, WORD_TYPE, "system" },
    { "cr0", GDB_CR0, 0, WORD_BITS, "cr0_bits", "system" }, { "cr2", GDB_CR2, 0, WORD_BITS, WORD_TYPE, "system" },
    { "cr3", GDB_CR3, 0, WORD_BITS, WORD_TYPE, "system" },     { "cr4", GDB_CR4, 0, WORD_BITS, WORD_TYPE, "system" },
    { "cr8", GDB_CR8, 0, WORD_BITS, WORD_TYPE, "system" },     { "efer", GDB_EFER, 0, WORD_BITS, WORD_TYPE, "system" },
};

#define BIT(name, bit) "<field name=\"" name "\" start=\"" #bit "\" end=\"" #bit "\"/>\n"

static const char core_types[] =
    "<flags id=\"i386_eflags\" size=\"4\">\n"
    BIT("CF", 0) BIT("", 1) BIT("PF", 2) BIT("AF", 4) BIT("ZF", 6) BIT("SF", 7) BIT("TF", 8) BIT("IF", 9)
    BIT("DF", 10) BIT("OF", 11) BIT("NT", 14) BIT("RF", 16) BIT("VM", 17) BIT("AC", 18) BIT("VIF", 19)
    BIT("VIP", 20) BIT("ID", 21) "</flags>\n";

static const char sse_types[] =
    "<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>\n"
    "<vector id=\"v2d\" type=\"ieee_double\" count=\"2\"/>\n"
    "<vector id=\"v16i8\" type=\"int8\" count=\"16\"/>\n"
    "<vector id=\"v8i16\" type=\"int16\" count=\"8\"/>\n"
    "<vector id=\"v4i32\" type=\"int32\" count=\"4\"/>\n"
    "<vector id=\"v2i64\" type=\"int64\" count=\"2\"/>\n"
    "<union id=\"vec128\">\n<field name=\"v4_float\" type=\"v4f\"/>\n"
    "<field name=\"v2_double\" type=\"v2d\"/>\n<field name=\"v16_int8\" type=\"v16i8\"/>\n"
    "<field name=\"v8_int16\" type=\"v8i16\"/>\n<field name=\"v4_int32\" type=\"v4i32\"/>\n"
    "<field name=\"v2_int64\" type=\"v2i64\"/>\n<field name=\"uint128\" type=\"uint128\"/>\n</union>\n";

static const char system_types[] =
    "<flags id=\"cr0_bits\" size=\"" CR_BYTES "\">\n"
    BIT("PE", 0) BIT("MP", 1) BIT("EM", 2) BIT("TS", 3) BIT("ET", 4) BIT("NE", 5) BIT("WP", 16) BIT("AM", 18)
    BIT("NW", 29) BIT("CD", 30) BIT("PG", 31) "</flags>\n";

const GdbFeature *x86_gdb_features(CPUState *cpu, size_t *count)
{
    static const GdbFeature features[] = {
        { "org.gnu.gdb.i386.core", core_types, core_regs, ARRAY_SIZE(core_regs) },
        { "org.gnu.gdb.i386.sse", sse_types, sse_regs, ARRAY_SIZE(sse_regs) },
        { SEGMENT_BASES, NULL, base_regs, ARRAY_SIZE(base_regs) },
        { "emulator.i386.system", system_types, system_regs, ARRAY_SIZE(system_regs) },
    };

    *count = ARRAY_SIZE(features);
    return features;
}
