/*
 * The RISC-V CPU device: models, reset, inputs, block flags, hooks of the core.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/exec-all.h"
#include "target-riscv/cpu.h"

const bool target_words_bigendian = false;

const char *const riscv_gpr_names[32] = {
    "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
    "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
};

/* --- block flags and pc ---------------------------------------------------------------------- */

static int mmu_index_of(const CPURISCVState *env, unsigned priv)
{
    return priv == PRIV_M ? MMU_MACHINE_IDX : priv == PRIV_U ? MMU_USER_IDX :
           env->mstatus & MSTATUS_SUM ? MMU_SUM_IDX : MMU_SUPER_IDX;
}

/* MPRV: machine mode's data accesses are those of the mode in MPP. */
int riscv_data_mmu_index(const CPURISCVState *env)
{
    bool other = env->priv == PRIV_M && env->mstatus & MSTATUS_MPRV;

    return mmu_index_of(env, other ? (env->mstatus & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT : env->priv);
}

void riscv_update_hflags(CPURISCVState *env)
{
    uint32_t flags = env->priv | riscv_data_mmu_index(env) << TBF_MEM_IDX_SHIFT;

    if (env->hflags != flags) {
        env->hflags = flags;
        tb_key_update(env_cpu(env));
    }
}

static void riscv_get_tb_state(CPUArchState *env, vaddr *pc, uint32_t *flags)
{
    *pc = env->pc;
    *flags = env->hflags;
}

static void riscv_set_pc(CPUState *cpu, vaddr pc) { cpu->env->pc = pc & ~1u; }
static vaddr riscv_get_pc(CPUState *cpu) { return cpu->env->pc; }

static int riscv_mmu_index(CPUState *cpu, MMUAccessType access)
{
    const CPURISCVState *env = cpu->env;

    if (access != MMU_INST_FETCH) {
        return riscv_data_mmu_index(env);
    }
    return env->priv == PRIV_M ? MMU_MACHINE_IDX : env->priv == PRIV_S ? MMU_SUPER_IDX : MMU_USER_IDX;
}

/* --- info registers ------------------------------------------------------------------------------ */

static void riscv_dump_state(CPUState *cpu, FILE *f, int flags)
{
    static const uint16_t shown[] = { 0x300, 0x344, 0x304, 0x303, 0x302, 0x305, 0x105, 0x341, 0x141, 0x342, 0x142, 0x343,
                                      0x143, 0x340, 0x140, 0x180 };
    CPURISCVState *env = cpu->env;
    CPURISCVState all = *env;

    fprintf(f, " pc       %08x priv %c hart %u\n", env->pc, "US?M"[env->priv & 3], env->hart_id);
    all.priv = PRIV_M;                  /* a copy may look at everything */
    for (unsigned i = 0; i < ARRAY_SIZE(shown); i++) {
        uint32_t value;

        if (riscv_csr_access(&all, shown[i], &value, 0, 0, false)) {
            fprintf(f, " %-8s %08x%s", riscv_csr_name(shown[i]), value, i % 4 == 3 ? "\n" : "");
        }
    }
    for (unsigned i = 0; i < 32; i++) {
        fprintf(f, "%s x%u/%-*s %08x", i % 4 ? "" : "\n", i, i < 10 ? 5 : 4, riscv_gpr_names[i], env->gpr[i]);
    }
    fprintf(f, "\n");
}

/* --- inputs ----------------------------------------------------------------------------------------- */

static void riscv_set_input(void *opaque, int n, int level)
{
    CPURISCVState *env = CPU(opaque)->env;

    if (!(MIP_ALL >> n & 1)) {
        return;
    }
    if (level) {
        qatomic_fetch_or(&env->mip_lines, 1u << n);
    } else {
        qatomic_fetch_and(&env->mip_lines, ~(1u << n));
    }
    riscv_update_irq(env);
}

static bool riscv_has_work(CPUState *cpu)
{
    return cpu->interrupt_request & CPU_INTERRUPT_RESET || riscv_mip(cpu->env) & cpu->env->mie;
}

void riscv_cpu_set_board(CPUState *cpu, uint32_t hart_id, RISCVTimeFn *time, void *opaque)
{
    CPURISCVState *env = cpu->env;

    env->hart_id = hart_id;
    env->time = time;
    env->time_opaque = opaque;
}

/* --- life ---------------------------------------------------------------------------------------------- */

enum { RESET_PC = 0x1000 };             /* where the boards of these CPUs have their reset code */

static void riscv_cpu_reset(DeviceState *dev)
{
    CPURISCVState *env = CPU(dev)->env;
    CPURISCVState kept = { .mip_lines = env->mip_lines, .hart_id = env->hart_id, .time = env->time,
                           .time_opaque = env->time_opaque, .model = env->model };

    *env = kept;
    env->pc = RESET_PC;
    env->priv = PRIV_M;
    env->load_addr = NO_RESERVATION;
    env->hflags = UINT32_MAX;
    riscv_update_hflags(env);
    riscv_mmu_reset(env);
    riscv_update_irq(env);
}

static const RISCVModel models[] = {
    { "rv32", "RV32IMAC, machine, supervisor and user mode, Sv32", true },
    { "sifive-e31", "RV32IMAC, machine and user mode", false },
};
#define CPU_SUFFIX "-riscv-cpu"

static void riscv_cpu_init(Object *obj)
{
    RISCVCPU *cpu = RISCV_CPU(obj);

    for (unsigned i = 0; i < ARRAY_SIZE(models); i++) {
        if (g_str_has_prefix(obj->type->name, models[i].name)) {
            cpu->env.model = &models[i];
        }
    }
    qdev_init_gpio_in(DEVICE(obj), riscv_set_input, RISCV_CPU_INPUTS);
}

static const CPUClass riscv_cpu_class = {
    .target_name = "riscv32",
    .vaddr_bits = 32,
    .num_mmu_modes = MMU_IDX_COUNT,
    .env_offset = offsetof(RISCVCPU, env),
    .vmsd = &vmstate_riscv_cpu,
    .get_tb_state = riscv_get_tb_state,
    .set_pc = riscv_set_pc,
    .get_pc = riscv_get_pc,
    .mmu_index = riscv_mmu_index,
    .tlb_fill = riscv_cpu_tlb_fill,
    .do_unaligned_access = riscv_cpu_do_unaligned_access,
    .do_transaction_failed = riscv_cpu_do_transaction_failed,
    .get_phys_page_debug = riscv_cpu_get_phys_page_debug,
    .do_interrupt = riscv_cpu_do_interrupt,
    .exec_interrupt = riscv_cpu_exec_interrupt,
    .has_work = riscv_has_work,
    .dump_state = riscv_dump_state,
    .backtrace = riscv_cpu_backtrace,
    .dump_mmu = riscv_dump_mmu,
    .dump_walk = riscv_dump_walk,
    .disas_insn = riscv_disas,
    .disas_unit = 2,
    .gdb_num_core_regs = RISCV_GDB_CORE_REGS,
    .gdb_arch = "riscv:rv32",
    .gdb_read_register = riscv_gdb_read_register,
    .gdb_write_register = riscv_gdb_write_register,
    .gdb_features = riscv_gdb_features,
};

static const TypeInfo riscv_cpu_type = {
    .name = "riscv-cpu",
    .parent = TYPE_CPU,
    .desc = "RISC-V CPU",
    .instance_size = sizeof(RISCVCPU),
    .init = riscv_cpu_init,
    .reset = riscv_cpu_reset,
    .class_data = &riscv_cpu_class,
};
DEFINE_TYPE(riscv_cpu_type)

static void register_models(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(models); i++) {
        TypeInfo *info = g_new0(TypeInfo, 1);

        *info = (TypeInfo) {
            .name = g_strconcat(models[i].name, CPU_SUFFIX, NULL),
            .parent = "riscv-cpu",
            .desc = models[i].desc,
            .instance_size = sizeof(RISCVCPU),
        };
        type_register_static(info);
    }
}
type_init(register_models)

void target_cpu_list(FILE *f)
{
    for (unsigned i = 0; i < ARRAY_SIZE(models); i++) {
        fprintf(f, "RISC-V %-12s %s\n", models[i].name, models[i].desc);
    }
}
