/*
 * Saved state of the CPU.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/cpu.h"
#include "target-ppc/mmu.h"

static int ppc_cpu_post_load(void *opaque, int version)
{
    CPUPPCState *env = opaque;

    ppc_fp_reset(env);
    tlb_flush(env_cpu(env));
    ppc_sync_segments(env);
    ppc_update_dabr(env);
    env->hflags = 0;
    ppc_update_hflags(env);
    return 0;
}

static const VMStateDescription vmstate_ppc_tlb6xx = {
    .name = "cpu/tlb6xx",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(pte0, PPC6xxTLB),
        VMSTATE_UINT32(pte1, PPC6xxTLB),
        VMSTATE_UINT32(ea, PPC6xxTLB),
        VMSTATE_END
    },
};

static const VMStateDescription vmstate_ppc_timebase = {
    .name = "cpu/timebase",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32(frequency_hz, PPCTimebase),
        VMSTATE_INT64(offset, PPCTimebase),
        VMSTATE_INT64(decr_base, PPCTimebase),
        VMSTATE_TIMER_PTR(decr_timer, PPCTimebase),
        VMSTATE_END
    },
};

const VMStateDescription vmstate_ppc_cpu = {
    .name = "cpu",
    .version = 1,
    .post_load = ppc_cpu_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(gpr, CPUPPCState, 32),
        VMSTATE_UINT64_ARRAY(cr, CPUPPCState, 8),
        VMSTATE_UINT32(lr, CPUPPCState),
        VMSTATE_UINT32(ctr, CPUPPCState),
        VMSTATE_UINT32(nip, CPUPPCState),
        VMSTATE_UINT32(xer_ca, CPUPPCState),
        VMSTATE_UINT32(xer_so, CPUPPCState),
        VMSTATE_UINT32(xer_ov, CPUPPCState),
        VMSTATE_UINT32(xer_rest, CPUPPCState),
        VMSTATE_UINT32(cr_so, CPUPPCState),
        VMSTATE_UINT32(msr, CPUPPCState),
        VMSTATE_UINT32(reserve_addr, CPUPPCState),
        VMSTATE_UINT32(reserve_val, CPUPPCState),
        VMSTATE_UINT64_ARRAY(fpr, CPUPPCState, 32),
        VMSTATE_UINT32(fpscr, CPUPPCState),
        VMSTATE_UINT32(fp_lazy, CPUPPCState),
        VMSTATE_UINT64(fp_result, CPUPPCState),
        VMSTATE_UINT64_ARRAY(fp_aux, CPUPPCState, 4),
        VMSTATE_BOOL(fp_exact, CPUPPCState),
        VMSTATE_BOOL(fp_vector, CPUPPCState),
        VMSTATE_UINT64_ARRAY(vr, CPUPPCState, 64),
        VMSTATE_UINT32(vscr_nj, CPUPPCState),
        VMSTATE_UINT32(vscr_sat, CPUPPCState),
        VMSTATE_UINT64_ARRAY(vscr_diff, CPUPPCState, 2),
        VMSTATE_UINT32_ARRAY(sr, CPUPPCState, 16),
        VMSTATE_UINT32_ARRAY(spr, CPUPPCState, 1024),
        VMSTATE_UINT32_ARRAY(tgpr, CPUPPCState, 4),
        VMSTATE_STRUCT_ARRAY(tlb6xx, CPUPPCState, 2 * TLB_6XX_WAYS * TLB_6XX_SETS, vmstate_ppc_tlb6xx,
                             PPC6xxTLB),
        VMSTATE_UINT32_ARRAY(tlb6xx_lru, CPUPPCState, 2),
        VMSTATE_UINT32(pending_interrupts, CPUPPCState),
        VMSTATE_UINT32(input_levels, CPUPPCState),
        VMSTATE_UINT32(error_code, CPUPPCState),
        VMSTATE_UINT32(fault_insn, CPUPPCState),
        VMSTATE_BOOL(checkstopped, CPUPPCState),
        VMSTATE_STRUCT(tb, CPUPPCState, vmstate_ppc_timebase, PPCTimebase),
        VMSTATE_END
    },
};
