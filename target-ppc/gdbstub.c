/*
 * Registers as gdb numbers them for powerpc:common: r0-r31, f0-f31, pc, msr,
 * cr, lr, ctr, xer, fpscr; behind them special registers and AltiVec's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "exec/gdbstub.h"
#include "target-ppc/altivec.h"
#include "target-ppc/cpu-models.h"
#include "target-ppc/spr.h"

enum { GDB_FPR0 = 32, GDB_PC = 64, GDB_MSR, GDB_CR, GDB_LR, GDB_CTR, GDB_XER, GDB_FPSCR, GDB_SPR0 };

/* --- special registers ------------------------------------------------------------- */

typedef struct SPRName {
    uint16_t spr;
    bool writable;              /* nothing else follows from its value */
    const char *name;
} SPRName;

static const SPRName spr_names[] = {
    { SPR_DSISR, true, "dsisr" },       { SPR_DAR, true, "dar" },           { SPR_DEC, true, "decr" },
    { SPR_SDR1, false, "sdr1" },        { SPR_SRR0, true, "srr0" },         { SPR_SRR1, true, "srr1" },
    { SPR_TBL, false, "tbl" },          { SPR_TBU, false, "tbu" },          { SPR_SPRG0, true, "sprg0" },
    { SPR_SPRG0 + 1, true, "sprg1" },   { SPR_SPRG0 + 2, true, "sprg2" },   { SPR_SPRG0 + 3, true, "sprg3" },
    { SPR_PVR, false, "pvr" },          { SPR_HID0, false, "hid0" },        { SPR_HID1, false, "hid1" },
    { SPR_IBAT0U, false, "ibat0u" },    { SPR_IBAT0U + 1, false, "ibat0l" },
    { SPR_IBAT0U + 2, false, "ibat1u" }, { SPR_IBAT0U + 3, false, "ibat1l" },
    { SPR_IBAT0U + 4, false, "ibat2u" }, { SPR_IBAT0U + 5, false, "ibat2l" },
    { SPR_IBAT0U + 6, false, "ibat3u" }, { SPR_IBAT0U + 7, false, "ibat3l" },
    { SPR_DBAT0U, false, "dbat0u" },    { SPR_DBAT0U + 1, false, "dbat0l" },
    { SPR_DBAT0U + 2, false, "dbat1u" }, { SPR_DBAT0U + 3, false, "dbat1l" },
    { SPR_DBAT0U + 4, false, "dbat2u" }, { SPR_DBAT0U + 5, false, "dbat2l" },
    { SPR_DBAT0U + 6, false, "dbat3u" }, { SPR_DBAT0U + 7, false, "dbat3l" },
};
enum {
    GDB_VR0 = GDB_SPR0 + ARRAY_SIZE(spr_names), GDB_VSCR = GDB_VR0 + 32, GDB_VRSAVE, GDB_END,
};

uint32_t ppc_read_spr(CPUPPCState *env, unsigned spr)
{
    switch (spr) {
    case SPR_DEC:
        return cpu_ppc_load_decr(env);
    case SPR_TBL:
        return cpu_ppc_load_tb(env);
    case SPR_TBU:
        return cpu_ppc_load_tb(env) >> 32;
    default:
        return env->spr[spr];
    }
}

static int write_spr(CPUPPCState *env, const SPRName *row, uint32_t value)
{
    if (!row->writable) {
        return 0;
    }
    if (row->spr == SPR_DEC) {
        cpu_ppc_store_decr(env, value);
    } else {
        env->spr[row->spr] = value;
    }
    return 4;
}

/* --- the rest ------------------------------------------------------------------------- */

static bool has_altivec(const CPUPPCState *env)
{
    return env->model->features & PPC_ALTIVEC_FEATURE;
}

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
    case GDB_VSCR:
        return ppc_get_vscr(env);
    case GDB_VRSAVE:
        return env->spr[SPR_VRSAVE];
    default:
        return reg >= GDB_SPR0 ? ppc_read_spr(env, spr_names[reg - GDB_SPR0].spr) : env->gpr[reg];
    }
}

static bool is_vector(int reg) { return reg >= GDB_VR0 && reg < GDB_VSCR; }

static bool exists(const CPUPPCState *env, int reg)
{
    return reg >= 0 && reg < (has_altivec(env) ? (int)GDB_END : (int)GDB_VR0);
}

int ppc_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg)
{
    CPUPPCState *env = cpu->env;
    uint8_t bytes[16];

    if (!exists(env, reg)) {
        return 0;
    }
    if (is_vector(reg)) {
        stq_be_p(bytes, env->vr[reg - GDB_VR0].u64[1]);
        stq_be_p(bytes + 8, env->vr[reg - GDB_VR0].u64[0]);
        g_byte_array_append(buf, bytes, 16);
        return 16;
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

static int write_word(CPUPPCState *env, int reg, uint32_t value)
{
    switch (reg) {
    case GDB_PC:
        env->nip = value & ~3u;
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
    case GDB_VSCR:
        ppc_set_vscr(env, value);
        break;
    case GDB_VRSAVE:
        env->spr[SPR_VRSAVE] = value;
        break;
    default:
        if (reg >= GDB_SPR0) {
            return write_spr(env, &spr_names[reg - GDB_SPR0], value);
        }
        env->gpr[reg] = value;
        break;
    }
    return 4;
}

int ppc_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg)
{
    CPUPPCState *env = cpu->env;

    if (!exists(env, reg)) {
        return 0;
    }
    if (is_vector(reg)) {
        env->vr[reg - GDB_VR0].u64[1] = ldq_be_p(buf);
        env->vr[reg - GDB_VR0].u64[0] = ldq_be_p(buf + 8);
        return 16;
    }
    if (reg >= GDB_FPR0 && reg < GDB_PC) {
        env->fpr[reg - GDB_FPR0] = ldq_be_p(buf);
        return 8;
    }
    return write_word(env, reg, ldl_be_p(buf));
}

/* --- the target description ---------------------------------------------------------------- */

static const GdbRegister core_regs[] = {
    { "r", 0, 32, 32, "uint32", NULL },         { "pc", GDB_PC, 0, 32, "code_ptr", NULL },
    { "msr", GDB_MSR, 0, 32, "uint32", NULL },  { "cr", GDB_CR, 0, 32, "uint32", NULL },
    { "lr", GDB_LR, 0, 32, "code_ptr", NULL },  { "ctr", GDB_CTR, 0, 32, "uint32", NULL },
    { "xer", GDB_XER, 0, 32, "uint32", NULL },
};

static const GdbRegister fpu_regs[] = {
    { "f", GDB_FPR0, 32, 64, "ieee_double", NULL }, { "fpscr", GDB_FPSCR, 0, 32, "int", "float" },
};

static const GdbRegister altivec_regs[] = {
    { "vr", GDB_VR0, 32, 128, "vec128", NULL },     { "vscr", GDB_VSCR, 0, 32, "int", "vector" },
    { "vrsave", GDB_VRSAVE, 0, 32, "int", "vector" },
};

static const char vector_types[] =
    "<vector id=\"v4f\" type=\"ieee_single\" count=\"4\"/>\n"
    "<vector id=\"v4i32\" type=\"int32\" count=\"4\"/>\n"
    "<vector id=\"v8i16\" type=\"int16\" count=\"8\"/>\n"
    "<vector id=\"v16i8\" type=\"int8\" count=\"16\"/>\n"
    "<union id=\"vec128\">\n<field name=\"uint128\" type=\"uint128\"/>\n"
    "<field name=\"v4_float\" type=\"v4f\"/>\n<field name=\"v4_int32\" type=\"v4i32\"/>\n"
    "<field name=\"v8_int16\" type=\"v8i16\"/>\n<field name=\"v16_int8\" type=\"v16i8\"/>\n</union>\n";

const GdbFeature *ppc_gdb_features(CPUState *cpu, size_t *count)
{
    static GdbRegister spr_regs[ARRAY_SIZE(spr_names)];
    static const GdbFeature features[] = {
        { "org.gnu.gdb.power.core", NULL, core_regs, ARRAY_SIZE(core_regs) },
        { "org.gnu.gdb.power.fpu", NULL, fpu_regs, ARRAY_SIZE(fpu_regs) },
        { "emulator.power.spr", NULL, spr_regs, ARRAY_SIZE(spr_regs) },
        { "org.gnu.gdb.power.altivec", vector_types, altivec_regs, ARRAY_SIZE(altivec_regs) },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(spr_names); i++) {
        spr_regs[i] = (GdbRegister){ spr_names[i].name, GDB_SPR0 + i, 0, 32, "uint32", "system" };
    }
    *count = ARRAY_SIZE(features) - !has_altivec(cpu->env);
    return features;
}
