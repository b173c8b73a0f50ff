/*
 * The PowerPC CPU device: reset, inputs, block flags, hooks of the core.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "exec/exec-all.h"
#include "target-ppc/cpu.h"
#include "target-ppc/cpu-models.h"
#include "target-ppc/fp.h"
#include "target-ppc/translate.h"
#include "tcg/tcg.h"
#include <capstone/capstone.h>

const bool target_words_bigendian = true;

/* --- block flags and pc ---------------------------------------------------------------------- */

void ppc_update_hflags(CPUPPCState *env)
{
    uint32_t flags = env->msr & TBF_MSR;

    env->track_so = env->xer_so || env->xer_ov || env->cr_so;
    if (env->track_so) {
        flags |= TBF_TRACK_SO;
    }
    if (env->fp_exact) {
        flags |= TBF_FP_EXACT;
    }
    if (env->fp_vector) {
        flags |= TBF_FP_VECTOR;
    }
    if (ppc_iabr_is_on(env)) {
        flags |= TBF_IABR;
    }
    if (env->hflags != flags) {
        env->hflags = flags;
        tb_key_update(env_cpu(env));
    }
}

static void ppc_get_tb_state(CPUArchState *env, vaddr *pc, uint32_t *flags)
{
    *pc = env->nip;
    *flags = env->hflags;
}

static void ppc_set_pc(CPUState *cpu, vaddr pc) { cpu->env->nip = pc; }
static vaddr ppc_get_pc(CPUState *cpu) { return cpu->env->nip; }

static int ppc_mmu_index(CPUState *cpu, MMUAccessType access)
{
    uint32_t msr = cpu->env->msr;
    bool user = msr & MSR_PR;

    if (access == MMU_INST_FETCH) {
        return !(msr & MSR_IR) ? MMU_REAL_IDX : user ? MMU_USER_FETCH_IDX : MMU_KERNEL_FETCH_IDX;
    }
    return !(msr & MSR_DR) ? MMU_REAL_IDX : user ? MMU_USER_IDX : MMU_KERNEL_IDX;
}

/* --- faults of accesses ------------------------------------------------------------------------- */

enum { XO_LSWI = 597, XO_STSWI = 725 };

/* DSISR of an alignment exception: the instruction, squeezed (PEM table 6-8). */
static uint32_t alignment_dsisr(uint32_t opcode)
{
    uint32_t dsisr = opcode >> 16 & 0x3ff;              /* rS, rA */

    if (opcode >> 26 == 31) {
        return dsisr | (opcode & 0x6) << 14 | (opcode & 0x40) << 8 | (opcode & 0x780) << 3;
    }
    return dsisr | (opcode & 0x04000000) >> 12 | (opcode & 0x78000000) >> 17;
}

static uint32_t current_opcode(CPUPPCState *env)
{
    return cpu_ldl_code(env, env->msr & MSR_LE ? env->nip ^ 4 : env->nip);
}

uint32_t ppc_computed_address(CPUPPCState *env)
{
    uint32_t opcode = current_opcode(env), ra = opcode >> 16 & 31, ext = opcode >> 1 & 0x3ff;
    uint32_t base = ra ? env->gpr[ra] : 0;

    if (opcode >> 26 != 31) {
        return base + (int16_t)opcode;
    }
    return ext == XO_LSWI || ext == XO_STSWI ? base : base + env->gpr[opcode >> 11 & 31];
}

void raise_alignment(CPUPPCState *env, uint32_t ea)
{
    env->spr[SPR_DAR] = ea;
    env->spr[SPR_DSISR] = alignment_dsisr(current_opcode(env));
    raise_exception_err_ra(env, EXCP_ALIGN, 0, 0);
}

static void QEMU_NORETURN ppc_do_unaligned_access(CPUState *cpu, vaddr addr, MMUAccessType access,
                                                  int mmu_idx, uintptr_t retaddr)
{
    CPUPPCState *env = cpu->env;

    cpu_restore_state(cpu, retaddr);
    raise_alignment(env, env->msr & MSR_LE ? ppc_computed_address(env) : addr);
}

/* The boards' bridges answer for what nobody owns: reads give 0 and nothing is raised. */
static void ppc_do_transaction_failed(CPUState *cpu, hwaddr physaddr, vaddr addr, unsigned size,
                                      MMUAccessType access, int mmu_idx, MemTxResult response,
                                      uintptr_t retaddr)
{
    qemu_log_mask(LOG_GUEST_ERROR, "no answer at physical address %08" PRIx64 " (%s of %u bytes)\n",
                  physaddr, access == MMU_DATA_STORE ? "store" : "load", size);
}

static void ppc_disas_set_info(CPUState *cpu, int *cs_arch, int *cs_mode)
{
    *cs_arch = CS_ARCH_PPC;
    *cs_mode = CS_MODE_32 | (int)CS_MODE_BIG_ENDIAN;
}

/* --- info registers ---------------------------------------------------------------------------------- */

static void dump_cr(CPUPPCState *env, FILE *f)
{
    uint32_t cr = ppc_get_cr(env);

    fprintf(f, "CR %08x  [", cr);
    for (unsigned i = 0; i < 8; i++) {
        unsigned bits = cr >> (28 - 4 * i) & 15;

        fprintf(f, " %c%c", bits & 8 ? 'L' : bits & 4 ? 'G' : bits & 2 ? 'E' : '-', bits & 1 ? 'O' : ' ');
    }
    fprintf(f, " ]             RES %08x\n", env->reserve_addr == 1 ? UINT32_MAX : env->reserve_addr);
}

static void dump_gprs(CPUPPCState *env, FILE *f)
{
    for (unsigned i = 0; i < 32; i++) {
        if (i % 4 == 0) {
            fprintf(f, "GPR%02u", i);
        }
        fprintf(f, " %016x%s", env->gpr[i], i % 4 == 3 ? "\n" : "");
    }
}

static void dump_fpu(CPUPPCState *env, FILE *f)
{
    for (unsigned i = 0; i < 32; i++) {
        if (i % 4 == 0) {
            fprintf(f, "FPR%02u", i);
        }
        fprintf(f, " %016" PRIx64 "%s", env->fpr[i], i % 4 == 3 ? "\n" : "");
    }
    fprintf(f, "FPSCR %08x\n", ppc_get_fpscr(env));
}

static void dump_vrs(CPUPPCState *env, FILE *f)
{
    for (unsigned i = 0; i < 32; i++) {
        fprintf(f, "VR%02u %016" PRIx64 "%016" PRIx64 "%s", i, env->vr[i].u64[1], env->vr[i].u64[0],
                i % 2 ? "\n" : " ");
    }
}

static void ppc_dump_state(CPUState *cpu, FILE *f, int flags)
{
    CPUPPCState *env = cpu->env;
    uint64_t tb = cpu_ppc_load_tb(env);

    fprintf(f, "NIP %08x   LR %08x CTR %08x XER %08x CPU#%d\n", env->nip, env->lr, env->ctr,
            ppc_get_xer(env), cpu->cpu_index);
    fprintf(f, "MSR %08x HID0 %08x  HF %08x iidx %d didx %d\n", env->msr, env->spr[SPR_HID0], env->hflags,
            ppc_mmu_index(cpu, MMU_INST_FETCH), ppc_mmu_index(cpu, MMU_DATA_LOAD));
    fprintf(f, "TB %08x %08x DECR %u\n", (uint32_t)(tb >> 32), (uint32_t)tb, cpu_ppc_load_decr(env));
    dump_gprs(env, f);
    dump_cr(env, f);
    if (flags & DUMP_FPU) {
        dump_fpu(env, f);
    }
    if (flags & DUMP_VPU && env->model->features & PPC_ALTIVEC_FEATURE) {
        dump_vrs(env, f);
    }
    fprintf(f, " SRR0 %08x  SRR1 %08x    PVR %08x VRSAVE %08x\n", env->spr[SPR_SRR0], env->spr[SPR_SRR1],
            env->spr[SPR_PVR], env->spr[SPR_VRSAVE]);
    for (unsigned i = 0; i < 8; i++) {
        fprintf(f, "%sSPRG%u %08x%s", i % 4 == 2 ? " " : "", i, env->spr[SPR_SPRG0 + i], i % 4 == 3 ? "\n" : " ");
    }
    fprintf(f, " SDR1 %08x   DAR %08x  DSISR %08x\n", env->spr[SPR_SDR1], env->spr[SPR_DAR],
            env->spr[SPR_DSISR]);
}

/* --- inputs --------------------------------------------------------------------------------------------- */

static void ppc_input_set(void *opaque, int n, int level)
{
    PowerPCCPU *cpu = opaque;
    CPUPPCState *env = &cpu->env;
    uint32_t bit = 1u << n;
    bool rising = level && !(env->input_levels & bit);

    env->input_levels = level ? env->input_levels | bit : env->input_levels & ~bit;
    switch (n) {
    case PPC_INPUT_INT:
        ppc_set_irq(cpu, PPC_IRQ_EXTERNAL, level);
        break;
    case PPC_INPUT_SMI:
        ppc_set_irq(cpu, PPC_IRQ_SMI, level);
        break;
    case PPC_INPUT_MCP:
        if (rising) {
            ppc_set_irq(cpu, PPC_IRQ_MCHECK, true);
        }
        break;
    case PPC_INPUT_SRESET:
        if (rising) {
            ppc_set_irq(cpu, PPC_IRQ_RESET, true);
        }
        break;
    case PPC_INPUT_HRESET:
        if (rising) {
            cpu_interrupt(CPU(cpu), CPU_INTERRUPT_RESET);
        }
        break;
    case PPC_INPUT_CKSTP:
        if (rising) {
            qemu_log_mask(LOG_GUEST_ERROR, "CPU %d: checkstop by the input CKSTP_IN at %08x\n", CPU(cpu)->cpu_index,
                          env->nip);
            env->checkstopped = true;
            cpu_interrupt(CPU(cpu), CPU_INTERRUPT_HALT);
        }
        break;
    default:                            /* TBEN: the timebase always runs */
        break;
    }
}

/* --- life ------------------------------------------------------------------------------------------------- */

static void ppc_cpu_reset(DeviceState *dev)
{
    CPUPPCState *env = CPU(dev)->env;
    const PPCModel *model = env->model;

    memset(env->gpr, 0, sizeof(env->gpr));
    memset(env->fpr, 0, sizeof(env->fpr));
    memset(env->vr, 0, sizeof(env->vr));
    memset(env->sr, 0, sizeof(env->sr));
    memset(env->spr, 0, sizeof(env->spr));
    memset(env->tgpr, 0, sizeof(env->tgpr));
    ppc_set_cr(env, 0, 0xff);
    ppc_set_xer(env, 0);
    env->lr = env->ctr = 0;
    env->fpscr = env->fp_lazy = 0;
    env->fp_vector = false;
    env->reserve_addr = 1;
    env->vscr_nj = 1 << 16;
    env->vscr_sat = 0;
    memset(&env->vscr_diff, 0, sizeof(env->vscr_diff));
    env->pending_interrupts = 0;
    env->error_code = env->fault_insn = 0;
    env->checkstopped = false;
    env->spr[SPR_PVR] = model->pvr;
    env->spr[SPR_HID1] = model->hid1;
    env->msr = model->features & PPC_IP_RESET_0 ? 0 : MSR_IP;
    env->nip = env->msr & MSR_IP ? 0xfff00100 : 0x00000100;
    ppc_fp_reset(env);
    ppc_mmu_reset(env);
    ppc_update_dabr(env);
    ppc_update_hflags(env);
    if (env->tb.frequency_hz) {
        cpu_ppc_tb_reset(env);
    }
}

static void ppc_cpu_init(Object *obj)
{
    PowerPCCPU *cpu = (PowerPCCPU *)obj;

    cpu->env.model = ppc_model_of(obj);
    qdev_init_gpio_in(DEVICE(obj), ppc_input_set, PPC_INPUT_COUNT);
}

static bool ppc_cpu_realize(DeviceState *dev, Error **errp)
{
    CPUPPCState *env = CPU(dev)->env;

    if (!env->tb.frequency_hz) {
        cpu_ppc_tb_init(env, 16600000);
    }
    return true;
}

const CPUClass ppc_cpu_class = {
    .target_name = "ppc",
    .vaddr_bits = 32,
    .num_mmu_modes = MMU_IDX_COUNT,
    .env_offset = offsetof(PowerPCCPU, env),
    .vmsd = &vmstate_ppc_cpu,
    .get_tb_state = ppc_get_tb_state,
    .set_pc = ppc_set_pc,
    .get_pc = ppc_get_pc,
    .mmu_index = ppc_mmu_index,
    .tlb_fill = ppc_cpu_tlb_fill,
    .do_unaligned_access = ppc_do_unaligned_access,
    .do_transaction_failed = ppc_do_transaction_failed,
    .watchpoints_stop_before = true,
    .watchpoint_access = ppc_watchpoint_access,
    .backtrace = ppc_cpu_backtrace,
    .get_phys_page_debug = ppc_cpu_get_phys_page_debug,
    .exec_enter = ppc_fp_enter,
    .exec_leave = ppc_fp_leave,
    .do_interrupt = ppc_cpu_do_interrupt,
    .exec_interrupt = ppc_cpu_exec_interrupt,
    .has_work = ppc_cpu_has_work,
    .dump_state = ppc_dump_state,
    .dump_mmu = ppc_dump_mmu,
    .dump_walk = ppc_cpu_dump_walk,
    .dump_statistics = ppc_dump_statistics,
    .disas_set_info = ppc_disas_set_info,
    .gdb_num_core_regs = 71,
    .gdb_arch = "powerpc:common",
    .gdb_read_register = ppc_gdb_read_register,
    .gdb_write_register = ppc_gdb_write_register,
    .gdb_features = ppc_gdb_features,
};

static const TypeInfo ppc_cpu_type = {
    .name = TYPE_POWERPC_CPU,
    .parent = TYPE_CPU,
    .desc = "PowerPC CPU",
    .instance_size = sizeof(PowerPCCPU),
    .init = ppc_cpu_init,
    .realize = ppc_cpu_realize,
    .reset = ppc_cpu_reset,
    .class_data = &ppc_cpu_class,
};
DEFINE_TYPE(ppc_cpu_type)
