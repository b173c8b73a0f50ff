/*
 * Helpers of integer and memory instructions: CR and XER as a whole, string
 * accesses of a length known at run time, cache lines.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/cpu.h"
#define HELPER_H "target-ppc/helper.h"
#include "tcg/helper-proto.h"

uint32_t ppc_get_cr(const CPUPPCState *env)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < 8; i++) {
        value = value << 4 | cr_decode(env->cr[i]) | (env->cr_so >> (7 - i) & 1);
    }
    return value;
}

void ppc_set_cr(CPUPPCState *env, uint32_t value, unsigned field_mask)
{
    for (unsigned i = 0; i < 8; i++) {
        unsigned bits = value >> (28 - 4 * i) & 15, so = 0x80 >> i;

        if (field_mask & so) {
            env->cr[i] = cr_encode(bits);
            env->cr_so = (env->cr_so & ~so) | (bits & 1 ? so : 0);
        }
    }
}

uint32_t ppc_get_xer(const CPUPPCState *env)
{
    return env->xer_so << 31 | env->xer_ov << 30 | env->xer_ca << 29 | env->xer_rest;
}

void ppc_set_xer(CPUPPCState *env, uint32_t value)
{
    env->xer_so = value >> 31;
    env->xer_ov = value >> 30 & 1;
    env->xer_ca = value >> 29 & 1;
    env->xer_rest = value & 0xff7f;
}

uint32_t helper_mfcr(CPUPPCState *env)
{
    return ppc_get_cr(env);
}

void helper_mtcrf(CPUPPCState *env, uint32_t value, uint32_t field_mask)
{
    for (unsigned i = 0; i < 8 && !env->track_so; i++) {
        if (field_mask & 0x80 >> i && value & 0x10000000 >> 4 * i) {
            cpu_restore_state(env_cpu(env), GETPC());
            env->track_so = true;
            env->hflags |= TBF_TRACK_SO;
            tb_key_update(env_cpu(env));
            env_cpu(env)->exception_index = -1;
            cpu_loop_exit(env_cpu(env));
        }
    }
    ppc_set_cr(env, value, field_mask);
}

uint32_t helper_load_xer(CPUPPCState *env)
{
    return ppc_get_xer(env);
}

void helper_store_xer(CPUPPCState *env, uint32_t value)
{
    ppc_set_xer(env, value);
    ppc_update_hflags(env);
}

/* --- strings ----------------------------------------------------------------------------- */

static unsigned data_mmu_idx(const CPUPPCState *env)
{
    return !(env->msr & MSR_DR) ? MMU_REAL_IDX : env->msr & MSR_PR ? MMU_USER_IDX : MMU_KERNEL_IDX;
}

/*
 * lswx: registers rA and rB are left alone when the run reaches them (an
 * invalid form that chips handle so), which also makes a restart possible.
 */
void helper_lswx(CPUPPCState *env, uint32_t ea, uint32_t rd, uint32_t ra, uint32_t rb)
{
    MemOpIdx oi = make_memop_idx(MO_UB, data_mmu_idx(env));
    unsigned bytes = env->xer_rest & 127;
    uint32_t values[32] = { 0 };

    for (unsigned i = 0; i < bytes; i++) {
        values[i / 4] |= (uint32_t)cpu_ld_mmu(env, (uint32_t)(ea + i), oi, GETPC()) << (24 - 8 * (i % 4));
    }
    for (unsigned i = 0; i < DIV_ROUND_UP(bytes, 4); i++) {
        unsigned r = (rd + i) % 32;

        if (r != rb && (r != ra || ra == 0)) {
            env->gpr[r] = values[i];
        }
    }
}

void helper_stswx(CPUPPCState *env, uint32_t ea, uint32_t rs)
{
    MemOpIdx oi = make_memop_idx(MO_UB, data_mmu_idx(env));
    unsigned bytes = env->xer_rest & 127;

    for (unsigned i = 0; i < bytes; i++) {
        uint32_t value = env->gpr[(rs + i / 4) % 32];

        cpu_st_mmu(env, (uint32_t)(ea + i), value >> (24 - 8 * (i % 4)) & 0xff, oi, GETPC());
    }
}

void helper_refuse_in_le(CPUPPCState *env)
{
    cpu_restore_state(env_cpu(env), GETPC());
    raise_alignment(env, ppc_computed_address(env));
}

/* --- caches --------------------------------------------------------------------------------- */

void helper_check_ear(CPUPPCState *env, uint32_t ea, uint32_t dsisr)
{
    if (!(env->spr[SPR_EAR] & 0x80000000)) {
        cpu_restore_state(env_cpu(env), GETPC());
        env->spr[SPR_DAR] = ea;
        env->spr[SPR_DSISR] = DSISR_EAR | dsisr;
        raise_exception_err_ra(env, EXCP_DSI, 0, 0);
    }
}

void helper_cache_op(CPUPPCState *env, uint32_t ea, uint32_t access, uint32_t mmu_idx)
{
    probe_access(env, ea, 1, access, mmu_idx, GETPC());
}

void helper_dcbz(CPUPPCState *env, uint32_t ea, uint32_t mmu_idx)
{
    unsigned size = env->model->cache_line_bytes;
    uint32_t line = ea & -size;
    void *host = probe_access(env, line, size, MMU_DATA_STORE, mmu_idx, GETPC());

    if (host) {
        memset(host, 0, size);
        return;
    }
    for (unsigned i = 0; i < size; i += 8) {
        cpu_st_mmu(env, line + i, 0, make_memop_idx(MO_BEUQ, mmu_idx), GETPC());
    }
}
