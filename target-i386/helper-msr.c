/*
 * Model-specific registers, XCR0, time-stamp counter, random numbers (SDM 4).
 * Each register is a row: number, the feature it comes with, where it is kept,
 * or functions where reading or writing does more.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include "target-i386/board.h"
#include "target-i386/system.h"
#include "target-i386/tsc.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* --- registers that need more than a field ----------------------------------------------------------------- */

static bool read_tsc(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = x86_read_tsc(env);
    return true;
}

static bool write_tsc(CPUX86State *env, uint32_t msr, uint64_t value)
{
    env->tsc_adjust += value - x86_read_tsc(env);
    x86_write_tsc(env, value);
    return true;
}

static bool write_tsc_adjust(CPUX86State *env, uint32_t msr, uint64_t value)
{
    env->tsc_offset += value - env->tsc_adjust;
    env->tsc_adjust = value;
    return true;
}

static bool write_efer(CPUX86State *env, uint32_t msr, uint64_t value)
{
    uint64_t known = 0;

    known |= cpu_has(env, CPUID_SYSCALL) ? MSR_EFER_SCE : 0;
    known |= cpu_has(env, CPUID_LM) ? MSR_EFER_LME : 0;
    known |= cpu_has(env, CPUID_NX) ? MSR_EFER_NXE : 0;
    known |= cpu_has(env, CPUID_FFXSR) ? MSR_EFER_FFXSR : 0;
    if (value & ~(known | MSR_EFER_LMA) ||
        ((value ^ env->efer) & MSR_EFER_LME && env->cr[0] & CR0_PG_MASK)) {
        return false;
    }
    bool changed_nx = (value ^ env->efer) & MSR_EFER_NXE;

    env->efer = (value & known) | (env->efer & MSR_EFER_LMA);
    if (changed_nx) {
        tlb_flush(env_cpu(env));
    }
    x86_update_hflags(env);
    return true;
}

static bool read_segment_base(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = env->segs[msr & 1 ? R_GS : R_FS].base;
    return true;
}

static bool write_segment_base(CPUX86State *env, uint32_t msr, uint64_t value)
{
    if (!x86_is_canonical(env, value)) {
        return false;
    }
    env->segs[msr & 1 ? R_GS : R_FS].base = value;
    x86_update_hflags(env);
    return true;
}

/* System-call entry points and stacks must be canonical. */
static bool is_canonical_value(uint64_t value)
{
    return (uint64_t)((int64_t)(value << 16) >> 16) == value;
}

static bool write_lstar(CPUX86State *env, uint32_t msr, uint64_t value)
{
    env->lstar = is_canonical_value(value) ? value : env->lstar;
    return is_canonical_value(value);
}

static bool write_cstar(CPUX86State *env, uint32_t msr, uint64_t value)
{
    env->cstar = is_canonical_value(value) ? value : env->cstar;
    return is_canonical_value(value);
}

static bool write_kernelgsbase(CPUX86State *env, uint32_t msr, uint64_t value)
{
    env->kernelgsbase = is_canonical_value(value) ? value : env->kernelgsbase;
    return is_canonical_value(value);
}

static bool read_sysenter_stack(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = msr & 1 ? env->sysenter_esp : env->sysenter_eip;
    return true;
}

static bool write_sysenter_stack(CPUX86State *env, uint32_t msr, uint64_t value)
{
    if (!is_canonical_value(value) && env->hflags & HF_LMA) {
        return false;
    }
    *(msr & 1 ? &env->sysenter_esp : &env->sysenter_eip) = value;
    return true;
}

/* Memory types; 2, 3 and above 7 are reserved. */
static bool is_memory_type(uint8_t type) { return type < 8 && type != 2 && type != 3; }

static bool write_pat(CPUX86State *env, uint32_t msr, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++) {
        if (!is_memory_type(value >> 8 * i)) {
            return false;
        }
    }
    env->pat = value;
    return true;
}

static bool read_mtrr_cap(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = MTRR_VARIABLE_COUNT | 1 << 8 | 1 << 10;    /* fixed ranges, write combining */
    return true;
}

static bool read_mtrr_var(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    unsigned n = (msr & 0x1f) / 2;

    *value = msr & 1 ? env->mtrr_var[n].mask : env->mtrr_var[n].base;
    return true;
}

static bool write_mtrr_var(CPUX86State *env, uint32_t msr, uint64_t value)
{
    unsigned n = (msr & 0x1f) / 2;

    *(msr & 1 ? &env->mtrr_var[n].mask : &env->mtrr_var[n].base) = value;
    return true;
}

static uint64_t *mtrr_fixed(CPUX86State *env, uint32_t msr)
{
    return &env->mtrr_fixed[msr == 0x250 ? 0 : msr < 0x260 ? msr - 0x258 + 1 : msr - 0x268 + 3];
}

static bool read_mtrr_fixed(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = *mtrr_fixed(env, msr);
    return true;
}

static bool write_mtrr_fixed(CPUX86State *env, uint32_t msr, uint64_t value)
{
    *mtrr_fixed(env, msr) = value;
    return true;
}

static bool read_mce_bank(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = env->mce_banks[msr - 0x400];
    return true;
}

/* Status registers take only 0. */
static bool write_mce_bank(CPUX86State *env, uint32_t msr, uint64_t value)
{
    if ((msr & 3) == 1 && value) {
        return false;
    }
    env->mce_banks[msr - 0x400] = value;
    return true;
}

static bool read_zero(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = 0;
    return true;
}

static bool write_ignored(CPUX86State *env, uint32_t msr, uint64_t value) { return true; }

/* Microcode: some revision, so that guests do not look for updates. */
static bool read_microcode(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = UINT64_C(1) << 32;
    return true;
}

static bool read_perf_status(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = 1000 | UINT64_C(4) << 40;
    return true;
}

static bool read_smbase(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    *value = env->smbase;
    return env->hflags & HF_SMM;
}

static bool read_board(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    return x86_board_read_msr(env, msr, value);
}

static bool write_board(CPUX86State *env, uint32_t msr, uint64_t value)
{
    return x86_board_write_msr(env, msr, value);
}

/* --- the table -------------------------------------------------------------------------------------------------- */

typedef struct MSRRow {
    uint32_t first, last;
    uint16_t feature;           /* 0: always there */
    uint8_t width;              /* bytes of the field; 0: functions */
    size_t field;
    bool (*read)(CPUX86State *env, uint32_t msr, uint64_t *value);
    bool (*write)(CPUX86State *env, uint32_t msr, uint64_t value);      /* NULL: read-only */
} MSRRow;

#define FIELD(msr, needs, f) \
    { msr, msr, needs, sizeof(((CPUX86State *)0)->f), offsetof(CPUX86State, f), NULL, NULL }
#define FIELD_W(msr, needs, f, w) \
    { msr, msr, needs, sizeof(((CPUX86State *)0)->f), offsetof(CPUX86State, f), NULL, w }
#define CALLS(msr, last, needs, r, w) { msr, last, needs, 0, 0, r, w }

static const MSRRow msr_rows[] = {
    CALLS(0x000, 0x001, 0, read_zero, write_ignored),           /* P5 machine check */
    CALLS(0x010, 0x010, CPUID_TSC, read_tsc, write_tsc),
    CALLS(0x017, 0x017, 0, read_zero, NULL),                    /* platform id */
    CALLS(0x01b, 0x01b, 0, read_board, write_board),            /* APIC base */
    CALLS(0x02a, 0x02a, 0, read_zero, write_ignored),           /* EBL_CR_POWERON */
    CALLS(0x034, 0x034, 0, read_zero, NULL),                    /* SMI count */
    FIELD(0x03a, 0, feature_control),
    FIELD_W(0x03b, 0, tsc_adjust, write_tsc_adjust),
    CALLS(0x079, 0x079, 0, read_zero, write_ignored),           /* microcode update */
    CALLS(0x08b, 0x08b, 0, read_microcode, write_ignored),
    CALLS(0x09e, 0x09e, 0, read_smbase, NULL),
    CALLS(0x0fe, 0x0fe, CPUID_MTRR, read_mtrr_cap, NULL),
    FIELD(0x174, CPUID_SEP, sysenter_cs),
    CALLS(0x175, 0x176, CPUID_SEP, read_sysenter_stack, write_sysenter_stack),
    FIELD_W(0x179, CPUID_MCA, mcg_cap, write_ignored),
    FIELD(0x17a, CPUID_MCA, mcg_status),
    FIELD(0x17b, CPUID_MCA, mcg_ctl),
    CALLS(0x186, 0x189, 0, read_zero, write_ignored),           /* performance event selectors */
    CALLS(0x198, 0x198, 0, read_perf_status, NULL),
    FIELD(0x1a0, 0, misc_enable),
    FIELD(0x1d9, 0, debugctl),
    CALLS(0x1db, 0x1de, 0, read_zero, NULL),                    /* last branch records */
    CALLS(0x200, 0x20f, CPUID_MTRR, read_mtrr_var, write_mtrr_var),
    CALLS(0x250, 0x250, CPUID_MTRR, read_mtrr_fixed, write_mtrr_fixed),
    CALLS(0x258, 0x259, CPUID_MTRR, read_mtrr_fixed, write_mtrr_fixed),
    CALLS(0x268, 0x26f, CPUID_MTRR, read_mtrr_fixed, write_mtrr_fixed),
    FIELD_W(0x277, CPUID_PAT, pat, write_pat),
    FIELD(0x2ff, CPUID_MTRR, mtrr_deftype),
    CALLS(0x400, 0x400 + MCE_BANKS * 4 - 1, CPUID_MCA, read_mce_bank, write_mce_bank),
    CALLS(0x6e0, 0x6e0, CPUID_TSC_DEADLINE, read_board, write_board),
    CALLS(0x800, 0x8ff, CPUID_X2APIC, read_board, write_board),
    FIELD_W(0xc0000080, CPUID_SYSCALL, efer, write_efer),
    FIELD(0xc0000081, CPUID_SYSCALL, star),
    FIELD_W(0xc0000082, CPUID_LM, lstar, write_lstar),
    FIELD_W(0xc0000083, CPUID_LM, cstar, write_cstar),
    FIELD(0xc0000084, CPUID_LM, fmask),
    CALLS(0xc0000100, 0xc0000101, CPUID_LM, read_segment_base, write_segment_base),
    FIELD_W(0xc0000102, CPUID_LM, kernelgsbase, write_kernelgsbase),
    FIELD(0xc0000103, CPUID_RDTSCP, tsc_aux),
    CALLS(0xc0010010, 0xc0010010, CPUID_LM, read_zero, write_ignored),  /* AMD SYSCFG */
    CALLS(0xc0010015, 0xc0010015, CPUID_LM, read_zero, write_ignored),  /* AMD HWCR */
    CALLS(0xc001001f, 0xc001001f, CPUID_LM, read_zero, write_ignored),  /* AMD NB_CFG */
    CALLS(0xc0010055, 0xc0010055, CPUID_LM, read_zero, write_ignored),  /* AMD interrupt pending */
    CALLS(0xc0010058, 0xc0010058, CPUID_LM, read_zero, write_ignored),  /* AMD MMIO configuration base */
    CALLS(0xc0010140, 0xc0010141, CPUID_LM, read_zero, write_ignored),  /* AMD OS visible workarounds */
    CALLS(0xc001102a, 0xc001102a, CPUID_LM, read_zero, write_ignored),  /* AMD BU_CFG2 */
};

static const MSRRow *find_msr(const CPUX86State *env, uint32_t msr)
{
    for (unsigned i = 0; i < ARRAY_SIZE(msr_rows); i++) {
        const MSRRow *row = &msr_rows[i];

        if (msr >= row->first && msr <= row->last) {
            return cpu_has(env, row->feature) ? row : NULL;
        }
    }
    return NULL;
}

static void QEMU_NORETURN refuse(CPUX86State *env, const char *what, uint32_t msr, uintptr_t retaddr)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s of MSR %08x: #GP\n", what, msr);
    raise_exception_err_ra(env, EXCP0D_GPF, 0, retaddr);
}

uint64_t helper_rdmsr(CPUX86State *env, uint32_t msr)
{
    const MSRRow *row = find_msr(env, msr);
    uint64_t value = 0;

    if (!row) {
        refuse(env, "read", msr, GETPC());
    }
    if (row->read) {
        if (!row->read(env, msr, &value)) {
            refuse(env, "read", msr, GETPC());
        }
    } else {
        memcpy(&value, (char *)env + row->field, row->width);
    }
    return value;
}

void helper_wrmsr(CPUX86State *env, uint32_t msr, uint64_t value)
{
    const MSRRow *row = find_msr(env, msr);

    if (!row) {
        refuse(env, "write", msr, GETPC());
    }
    if (row->write) {
        if (!row->write(env, msr, value)) {
            refuse(env, "write", msr, GETPC());
        }
    } else if (row->width) {
        memcpy((char *)env + row->field, &value, row->width);
    } else {
        refuse(env, "write", msr, GETPC());
    }
}

/* --- counters --------------------------------------------------------------------------------------------------- */

uint64_t helper_rdtsc(CPUX86State *env)
{
    if (env->cr[4] & CR4_TSD_MASK && env_cpl(env)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
    return x86_read_tsc(env);
}

/* CPUID announces no counters, so any number in ECX is a wrong one. */
uint64_t helper_rdpmc(CPUX86State *env)
{
    raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
}

/* --- XCR0 ---------------------------------------------------------------------------------------------------------- */

enum { XCR0_X87 = 1, XCR0_SSE = 2, XCR0_AVX = 4 };

uint64_t helper_xgetbv(CPUX86State *env, uint32_t n)
{
    if (!(env->cr[4] & CR4_OSXSAVE_MASK)) {
        raise_exception_ra(env, EXCP06_ILLOP, GETPC());
    }
    if (n > 1 || (n == 1 && !cpu_has(env, CPUID_XGETBV1))) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
    return env->xcr0;
}

void helper_xsetbv(CPUX86State *env, uint32_t n, uint64_t value)
{
    uint64_t known = XCR0_X87 | XCR0_SSE | (cpu_has(env, CPUID_AVX) ? XCR0_AVX : 0);

    if (!(env->cr[4] & CR4_OSXSAVE_MASK)) {
        raise_exception_ra(env, EXCP06_ILLOP, GETPC());
    }
    if (n || env_cpl(env) || value & ~known || !(value & XCR0_X87) ||
        (value & XCR0_AVX && !(value & XCR0_SSE))) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
    }
    env->xcr0 = value;
    x86_update_hflags(env);
}

/* --- random numbers -------------------------------------------------------------------------------------------------- */

uint64_t helper_rdrand(CPUX86State *env)
{
    uint64_t value;

    qemu_guest_getrandom(&value, sizeof(value));
    return value;
}
