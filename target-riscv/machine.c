/*
 * Saved state of the CPU.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-riscv/cpu.h"

static bool is_mode(uint32_t priv) { return priv == PRIV_U || priv == PRIV_S || priv == PRIV_M; }

static int riscv_cpu_post_load(void *opaque, int version)
{
    CPURISCVState *env = opaque;

    if (!is_mode(env->priv) || !is_mode((env->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT)) {
        return -EINVAL;
    }
    env->gpr[0] = 0;
    env->mie &= MIP_ALL;
    env->mip_soft &= MIP_S_MASK;
    env->mip_lines &= MIP_ALL;
    env->hflags = UINT32_MAX;
    riscv_update_hflags(env);
    riscv_mmu_reset(env);
    riscv_update_irq(env);
    return 0;
}

const VMStateDescription vmstate_riscv_cpu = {
    .name = "cpu",
    .version = 1,
    .post_load = riscv_cpu_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(gpr, CPURISCVState, 32),
        VMSTATE_UINT32(pc, CPURISCVState),
        VMSTATE_UINT32(load_addr, CPURISCVState),
        VMSTATE_UINT32(load_value, CPURISCVState),
        VMSTATE_UINT32(priv, CPURISCVState),
        VMSTATE_UINT32(mstatus, CPURISCVState),
        VMSTATE_UINT32(medeleg, CPURISCVState),
        VMSTATE_UINT32(mideleg, CPURISCVState),
        VMSTATE_UINT32(mie, CPURISCVState),
        VMSTATE_UINT32(mtvec, CPURISCVState),
        VMSTATE_UINT32(mcounteren, CPURISCVState),
        VMSTATE_UINT32(menvcfg, CPURISCVState),
        VMSTATE_UINT32(mscratch, CPURISCVState),
        VMSTATE_UINT32(mepc, CPURISCVState),
        VMSTATE_UINT32(mcause, CPURISCVState),
        VMSTATE_UINT32(mtval, CPURISCVState),
        VMSTATE_UINT32(stvec, CPURISCVState),
        VMSTATE_UINT32(scounteren, CPURISCVState),
        VMSTATE_UINT32(senvcfg, CPURISCVState),
        VMSTATE_UINT32(sscratch, CPURISCVState),
        VMSTATE_UINT32(sepc, CPURISCVState),
        VMSTATE_UINT32(scause, CPURISCVState),
        VMSTATE_UINT32(stval, CPURISCVState),
        VMSTATE_UINT32(satp, CPURISCVState),
        VMSTATE_UINT32(mip_soft, CPURISCVState),
        VMSTATE_UINT32(mip_lines, CPURISCVState),
        VMSTATE_UINT64_ARRAY(counter_offset, CPURISCVState, 2),
        VMSTATE_UINT32(badaddr, CPURISCVState),
        VMSTATE_END
    },
};
