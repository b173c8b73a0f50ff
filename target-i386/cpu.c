/*
 * The x86 CPU device: block flags, hooks of the core, inputs.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "exec/exec-all.h"
#include "target-i386/cpu.h"
#include "target-i386/cpu-models.h"
#include "target-i386/translate.h"
#include "tcg/simd.h"
#include "tcg/tcg.h"
#include <capstone/capstone.h>

const bool target_words_bigendian = false;

/* --- block flags and pc ---------------------------------------------------------------------- */

/* Flat: any offset may be read and written. */
static bool segment_is_flat(const SegmentCache *sc)
{
    uint32_t need = DESC_P_MASK | DESC_W_MASK;

    return (sc->flags & (need | DESC_CS_MASK | DESC_E_MASK)) == need && sc->limit == UINT32_MAX;
}

static uint32_t segment_flags(const CPUX86State *env)
{
    const SegmentCache *segs = env->segs;
    uint32_t flags = 0;

    if (segs[R_CS].base) {
        flags |= HF_CS_BASE;
    }
    if (segs[R_CS].limit != UINT32_MAX) {
        flags |= HF_CS_LIMIT;
    }
    if (segs[R_DS].base || segs[R_ES].base || segs[R_SS].base) {
        flags |= HF_ADDSEG;
    }
    if (!segment_is_flat(&segs[R_DS]) || !segment_is_flat(&segs[R_ES]) || !segment_is_flat(&segs[R_SS])) {
        flags |= HF_CHECK_DS;
    }
    if (!segment_is_flat(&segs[R_FS])) {
        flags |= HF_CHECK_FS;
    }
    if (!segment_is_flat(&segs[R_GS])) {
        flags |= HF_CHECK_GS;
    }
    if (segs[R_SS].flags & DESC_B_MASK) {
        flags |= HF_SS32;
    }
    return flags;
}

/* Mode and CPL. In 64-bit mode what segments say does not matter, so it does not show. */
static uint32_t mode_flags(const CPUX86State *env)
{
    uint32_t cs = env->segs[R_CS].flags;

    if (!(env->cr[0] & CR0_PE_MASK)) {
        return segment_flags(env) | (cs & DESC_B_MASK ? HF_CS32 : 0);
    }
    if (env->eflags & VM_MASK) {
        return segment_flags(env) | HF_PE | HF_VM | 3;
    }
    uint32_t flags = HF_PE | (env->segs[R_SS].flags >> DESC_DPL_SHIFT & 3);

    if (env->efer & MSR_EFER_LMA) {
        flags |= HF_LMA;
        if (cs & DESC_L_MASK) {
            return flags | HF_CS64 | HF_CS32 | HF_SS32;
        }
    }
    return flags | segment_flags(env) | (cs & DESC_B_MASK ? HF_CS32 : 0);
}

static uint32_t unit_flags(const CPUX86State *env)
{
    uint32_t cr0 = env->cr[0], cr4 = env->cr[4];

    return (cr0 & CR0_MP_MASK ? HF_MP : 0) | (cr0 & CR0_EM_MASK ? HF_EM : 0) |
           (cr0 & CR0_TS_MASK ? HF_TS : 0) | (cr4 & CR4_OSFXSR_MASK ? HF_OSFXSR : 0) |
           (cr4 & CR4_OSXSAVE_MASK && (env->xcr0 & 6) == 6 ? HF_AVX : 0) |
           (~env->mxcsr & SIMD_MASKS ? HF_SSE_EXACT : 0);
}

static uint32_t eflags_flags(const CPUX86State *env, unsigned cpl)
{
    uint32_t flags = (env->eflags & TF_MASK ? HF_TF : 0) | (env->eflags & RF_MASK ? HF_RF : 0);

    if (cpl == 3 && env->eflags & AC_MASK && env->cr[0] & CR0_AM_MASK) {
        flags |= HF_AC;
    }
    if (cpl < 3 && env->cr[4] & CR4_SMAP_MASK && !(env->eflags & AC_MASK)) {
        flags |= HF_SMAP;
    }
    return flags;
}

void x86_update_hflags(CPUX86State *env)
{
    uint32_t flags = mode_flags(env) | unit_flags(env) | (env->hflags & HF_KEPT);
    unsigned cpl = flags & HF_CPL_MASK;

    flags |= eflags_flags(env, cpl);
    if (env->dr[7] & 0xff) {
        flags |= x86_breakpoint_hflags(env);
    }
    if (cpl == 3 && env->cr[4] & CR4_UMIP_MASK) {
        flags |= HF_UMIP;
    }
    if (env->hflags != flags) {
        env->hflags = flags;
        tb_key_update(env_cpu(env));
    }
}

static void x86_get_tb_state(CPUArchState *env, vaddr *pc, uint32_t *flags)
{
    target_ulong linear = env->segs[R_CS].base + env->eip;

    *pc = env->hflags & HF_CS64 ? env->eip : (uint32_t)linear;
    *flags = env->hflags;
}

/* Kernels run in global pages. */
static bool x86_blocks_are_global(CPUArchState *env, uint32_t flags)
{
    return (flags & HF_CPL_MASK) != 3;
}

static target_ulong cs_base(const CPUX86State *env)
{
    return env->hflags & HF_CS_BASE ? env->segs[R_CS].base : 0;
}

/* pc: linear, as get_pc gives it. */
static void x86_set_pc(CPUState *cpu, vaddr pc)
{
    CPUX86State *env = cpu->env;

    env->eip = env->hflags & HF_CS64 ? pc : (uint32_t)(pc - cs_base(env));
}

static vaddr x86_get_pc(CPUState *cpu)
{
    vaddr pc;
    uint32_t flags;

    x86_get_tb_state(cpu->env, &pc, &flags);
    return pc;
}

int x86_cpu_mmu_index(CPUState *cpu, MMUAccessType access)
{
    uint32_t hflags = cpu->env->hflags;

    if ((hflags & HF_CPL_MASK) == 3) {
        return MMU_USER_IDX;
    }
    return hflags & HF_SMAP && access != MMU_INST_FETCH ? MMU_KSMAP_IDX : MMU_KERNEL_IDX;
}

static void x86_restore_state_to_opc(CPUState *cpu, const TranslationBlock *tb, const uint64_t *data)
{
    x86_set_pc(cpu, data[0]);
    if (data[1] != CC_OP_DYNAMIC) {
        cpu->env->cc_op = data[1];
    }
}

static void x86_disas_set_info(CPUState *cpu, int *cs_arch, int *cs_mode)
{
    uint32_t hflags = cpu->env->hflags;

    *cs_arch = CS_ARCH_X86;
    *cs_mode = hflags & HF_CS64 ? CS_MODE_64 : hflags & HF_CS32 ? CS_MODE_32 : CS_MODE_16;
}

/* --- faults of accesses ------------------------------------------------------------------------- */

/* #AC where it is enabled; without, only SSE instructions with aligned operands ask for the check. */
static void QEMU_NORETURN x86_do_unaligned_access(CPUState *cpu, vaddr addr, MMUAccessType access,
                                                  int mmu_idx, uintptr_t retaddr)
{
    unsigned vector = cpu->env->hflags & HF_AC ? EXCP11_ALGN : EXCP0D_GPF;

    raise_exception_err_ra(cpu->env, vector, 0, retaddr);
}

/* Nobody answers on the bus: reads give all ones, nothing is raised. */
static void x86_do_transaction_failed(CPUState *cpu, hwaddr physaddr, vaddr addr, unsigned size,
                                      MMUAccessType access, int mmu_idx, MemTxResult response,
                                      uintptr_t retaddr)
{
    qemu_log_mask(LOG_GUEST_ERROR, "no answer at physical address %08" PRIx64 " (%s of %u bytes)\n",
                  physaddr, access == MMU_DATA_STORE ? "store" : "load", size);
}

/* --- the host's floating-point state ---------------------------------------------------------------- */

static void x86_exec_enter(CPUState *cpu) { x86_mxcsr_to_host(cpu->env); }

/* Other threads may look at the state now. */
static void x86_exec_leave(CPUState *cpu)
{
    x86_fpu_to_env(cpu->env);
    x86_mxcsr_to_env(cpu->env);
}

/* --- life ------------------------------------------------------------------------------------------------- */

static void x86_cpu_init(Object *obj)
{
    x86_cpu_init_model(X86_CPU(obj));
    x86_cpu_init_inputs(DEVICE(obj));
}

static bool x86_cpu_realize(DeviceState *dev, Error **errp)
{
    tlb_set_tagged_range(CPU(dev), (1 << MMU_IDX_COUNT) - 1, 0, 0);     /* the whole space */
    return true;
}

static void x86_cpu_inject_nmi(CPUState *cpu)
{
    cpu_interrupt(cpu, CPU_INTERRUPT_NMI);
}

const CPUClass x86_cpu_class = {
    .target_name = X86_ARCH_NAME,
    .vaddr_bits = TARGET_LONG_BITS,
    .num_mmu_modes = MMU_IDX_COUNT,
    .env_offset = offsetof(X86CPU, env),
    .vmsd = &vmstate_x86_cpu,
    .set_features = x86_cpu_set_features,
    .model_props = x86_cpu_model_props,
    .inject_nmi = x86_cpu_inject_nmi,
    .get_tb_state = x86_get_tb_state,
    .set_pc = x86_set_pc,
    .get_pc = x86_get_pc,
    .mmu_index = x86_cpu_mmu_index,
    .restore_state_to_opc = x86_restore_state_to_opc,
    .tlb_fill = x86_cpu_tlb_fill,
    .do_unaligned_access = x86_do_unaligned_access,
    .do_transaction_failed = x86_do_transaction_failed,
    .get_phys_page_debug = x86_cpu_get_phys_page_debug,
    .exec_enter = x86_exec_enter,
    .exec_leave = x86_exec_leave,
    .watchpoint_access = x86_watchpoint_access,
    .backtrace = x86_cpu_backtrace,
    .stores_change_next_insn = true,
    .exceptions_unlocked = true,
    .blocks_are_global = x86_blocks_are_global,
    .do_interrupt = x86_cpu_do_interrupt,
    .exec_interrupt = x86_cpu_exec_interrupt,
    .has_work = x86_cpu_has_work,
    .dump_state = x86_cpu_dump_state,
    .dump_mmu = x86_dump_mmu,
    .dump_walk = x86_dump_walk,
    .disas_set_info = x86_disas_set_info,
    .gdb_num_core_regs = TARGET_LONG_BITS == 64 ? 57 : 41,
    .gdb_arch = TARGET_LONG_BITS == 64 ? "i386:x86-64" : "i386",
    .gdb_read_register = x86_gdb_read_register,
    .gdb_write_register = x86_gdb_write_register,
    .gdb_features = x86_gdb_features,
};

static const TypeInfo x86_cpu_type = {
    .name = TYPE_X86_CPU,
    .parent = TYPE_CPU,
    .desc = "x86 CPU",
    .instance_size = sizeof(X86CPU),
    .init = x86_cpu_init,
    .realize = x86_cpu_realize,
    .reset = x86_cpu_reset,
    .class_data = &x86_cpu_class,
};
DEFINE_TYPE(x86_cpu_type)
