/*
 * Saved state of the CPU.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/system.h"

/* target_ulong fields. */
#ifdef TARGET_X86_64
#define VMSTATE_UINTTL(f, s) VMSTATE_UINT64(f, s)
#define VMSTATE_UINTTL_ARRAY(f, s, n) VMSTATE_UINT64_ARRAY(f, s, n)
#else
#define VMSTATE_UINTTL(f, s) VMSTATE_UINT32(f, s)
#define VMSTATE_UINTTL_ARRAY(f, s, n) VMSTATE_UINT32_ARRAY(f, s, n)
#endif

static int x86_cpu_pre_save(void *opaque)
{
    CPUX86State *env = opaque;

    x86_fpu_to_env(env);
    env->saved_hflags = env->hflags & HF_KEPT;
    return 0;
}

static int x86_cpu_post_load(void *opaque, int version)
{
    CPUX86State *env = opaque;

    env->hflags = env->saved_hflags & HF_KEPT;
    env->mmx_ready = false;
    x86_update_hflags(env);
    x86_update_breakpoints(env);
    if (env->hflags & HF_SMM && env->smm_as) {
        cpu_set_address_space(env_cpu(env), env->smm_as);
    } else {
        x86_leave_smm_memory(env_cpu(env));
    }
    x86_flush_translations(env);
    return 0;
}

static const VMStateDescription vmstate_segment = {
    .name = "cpu/segment",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(selector, SegmentCache),
        VMSTATE_UINT32(limit, SegmentCache),
        VMSTATE_UINTTL(base, SegmentCache),
        VMSTATE_UINT32(flags, SegmentCache),
        VMSTATE_END
    },
};

static const VMStateDescription vmstate_fpreg = {
    .name = "cpu/fpreg",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64(f80.low, FPReg),
        VMSTATE_UINT16(f80.high, FPReg),
        VMSTATE_END
    },
};

static const VMStateDescription vmstate_vector = {
    .name = "cpu/vector",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64_ARRAY(u64, X86Vec, 4),
        VMSTATE_END
    },
};

const VMStateDescription vmstate_x86_cpu = {
    .name = "cpu",
    .version = 1,
    .pre_save = x86_cpu_pre_save,
    .post_load = x86_cpu_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINTTL_ARRAY(regs, CPUX86State, CPU_NB_REGS),
        VMSTATE_UINTTL(cc_dst, CPUX86State),
        VMSTATE_UINTTL(cc_src, CPUX86State),
        VMSTATE_UINTTL(cc_src2, CPUX86State),
        VMSTATE_UINT32(cc_op, CPUX86State),
        VMSTATE_INT32(df, CPUX86State),
        VMSTATE_UINTTL(eip, CPUX86State),
        VMSTATE_UINT32(eflags, CPUX86State),
        VMSTATE_UINT32(saved_hflags, CPUX86State),
        VMSTATE_STRUCT_ARRAY(segs, CPUX86State, SEG_COUNT, vmstate_segment, SegmentCache),
        VMSTATE_STRUCT(ldt, CPUX86State, vmstate_segment, SegmentCache),
        VMSTATE_STRUCT(tr, CPUX86State, vmstate_segment, SegmentCache),
        VMSTATE_STRUCT(gdt, CPUX86State, vmstate_segment, SegmentCache),
        VMSTATE_STRUCT(idt, CPUX86State, vmstate_segment, SegmentCache),
        VMSTATE_UINTTL_ARRAY(cr, CPUX86State, 5),
        VMSTATE_UINT64_ARRAY(pdpte, CPUX86State, 4),
        VMSTATE_UINTTL_ARRAY(dr, CPUX86State, 8),
        VMSTATE_UINT32(debug_hits, CPUX86State),
        VMSTATE_UINT64(xcr0, CPUX86State),
        VMSTATE_INT32(a20_mask, CPUX86State),
        VMSTATE_UINT64(efer, CPUX86State),
        VMSTATE_UINT64(star, CPUX86State),
        VMSTATE_UINT64(lstar, CPUX86State),
        VMSTATE_UINT64(cstar, CPUX86State),
        VMSTATE_UINT64(fmask, CPUX86State),
        VMSTATE_UINT64(kernelgsbase, CPUX86State),
        VMSTATE_UINT64(tsc_aux, CPUX86State),
        VMSTATE_UINT64(tsc_offset, CPUX86State),
        VMSTATE_UINT64(tsc_adjust, CPUX86State),
        VMSTATE_UINT64(tsc_deadline, CPUX86State),
        VMSTATE_UINT32(sysenter_cs, CPUX86State),
        VMSTATE_UINTTL(sysenter_esp, CPUX86State),
        VMSTATE_UINTTL(sysenter_eip, CPUX86State),
        VMSTATE_UINT64(pat, CPUX86State),
        VMSTATE_UINT64(mtrr_deftype, CPUX86State),
        VMSTATE_UINT64_ARRAY(mtrr_fixed, CPUX86State, 11),
        VMSTATE_UINT64_ARRAY(mtrr_var, CPUX86State, 2 * MTRR_VARIABLE_COUNT),
        VMSTATE_UINT64(mcg_status, CPUX86State),
        VMSTATE_UINT64(mcg_ctl, CPUX86State),
        VMSTATE_UINT64_ARRAY(mce_banks, CPUX86State, MCE_BANKS * 4),
        VMSTATE_UINT64(misc_enable, CPUX86State),
        VMSTATE_UINT64(feature_control, CPUX86State),
        VMSTATE_UINT64(debugctl, CPUX86State),
        VMSTATE_UINT32(smbase, CPUX86State),
        VMSTATE_STRUCT_ARRAY(fpregs, CPUX86State, 8, vmstate_fpreg, FPReg),
        VMSTATE_UINT32(fpstt, CPUX86State),
        VMSTATE_UINT32(fpuc, CPUX86State),
        VMSTATE_UINT32(fpus, CPUX86State),
        VMSTATE_UINT8_ARRAY(fptags, CPUX86State, 8),
        VMSTATE_UINT32(fpop, CPUX86State),
        VMSTATE_BOOL(ferr, CPUX86State),
        VMSTATE_BOOL(ignne, CPUX86State),
        VMSTATE_UINT16(fpcs, CPUX86State),
        VMSTATE_UINT16(fpds, CPUX86State),
        VMSTATE_UINT64(fpip, CPUX86State),
        VMSTATE_UINT64(fpdp, CPUX86State),
        VMSTATE_STRUCT_ARRAY(ymm, CPUX86State, CPU_NB_REGS, vmstate_vector, X86Vec),
        VMSTATE_UINT32(mxcsr, CPUX86State),
        VMSTATE_UINT32(error_code, CPUX86State),
        VMSTATE_BOOL(exception_has_error_code, CPUX86State),
        VMSTATE_BOOL(nmi_blocked, CPUX86State),
        VMSTATE_BOOL(smm_nmi_blocked, CPUX86State),
        VMSTATE_BOOL(shut_down, CPUX86State),
        VMSTATE_UINT32(sipi_vector, CPUX86State),
        VMSTATE_BOOL(wait_for_sipi, CPUX86State),
        VMSTATE_UINT32(input_levels, CPUX86State),
        VMSTATE_END
    },
};
