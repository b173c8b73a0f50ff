/*
 * The Teach CPU: reset, memory, exceptions and interrupts, saved state, debuggers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "exec/exec-all.h"
#include "exec/gdbstub.h"
#include "target-teach/cpu.h"
#define HELPER_H "target-teach/helper.h"
#include "tcg/helper-proto.h"

const bool target_words_bigendian = false;

static void teach_get_tb_state(CPUArchState *env, vaddr *pc, uint32_t *flags)
{
    *pc = env->pc;
    *flags = 0;                 /* no state of the CPU changes what an instruction means */
}

static void teach_set_pc(CPUState *cpu, vaddr pc) { cpu->env->pc = pc & ~3u; }
static vaddr teach_get_pc(CPUState *cpu) { return cpu->env->pc; }

static int teach_mmu_index(CPUState *cpu, MMUAccessType access) { return 0; }
static hwaddr teach_get_phys_page_debug(CPUState *cpu, vaddr addr) { return addr & TARGET_PAGE_MASK; }

static bool teach_tlb_fill(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access, int mmu_idx,
                           bool probe, uintptr_t retaddr)
{
    addr &= TARGET_PAGE_MASK;
    tlb_set_page(cpu, addr, addr, PAGE_READ | PAGE_WRITE | PAGE_EXEC, mmu_idx, TARGET_PAGE_SIZE);
    return true;
}

static void QEMU_NORETURN raise_at(CPUState *cpu, int excp, uint32_t badaddr, uintptr_t retaddr)
{
    cpu->exception_index = excp;
    cpu->env->special[SPECIAL_BADADDR] = badaddr;
    cpu_loop_exit_restore(cpu, retaddr);
}

static void QEMU_NORETURN teach_do_unaligned_access(CPUState *cpu, vaddr addr, MMUAccessType access,
                                                    int mmu_idx, uintptr_t retaddr)
{
    raise_at(cpu, EXCP_ALIGN, addr, retaddr);
}

static void teach_do_transaction_failed(CPUState *cpu, hwaddr physaddr, vaddr addr, unsigned size, MMUAccessType access,
                                        int mmu_idx, MemTxResult response, uintptr_t retaddr)
{
    raise_at(cpu, EXCP_BUS, addr, retaddr);
}

static void enter(CPUTeachState *env, uint32_t cause)
{
    qemu_log_mask(CPU_LOG_INT, "exception %u at %08x\n", cause, env->pc);
    if (env->pc == env->special[SPECIAL_VECTOR] && env->pc != env->special[SPECIAL_EPC] && cause != EXCP_IRQ) {
        cpu_log_dead_end(env_cpu(env), env->pc, "exception %u at its own handler %08x", cause, env->pc);
    }
    env->special[SPECIAL_EPC] = env->pc;
    env->special[SPECIAL_SAVED] = env->special[SPECIAL_STATUS];
    env->special[SPECIAL_STATUS] &= ~STATUS_IE;
    env->special[SPECIAL_CAUSE] = cause;
    env->pc = env->special[SPECIAL_VECTOR];
}

static void teach_do_interrupt(CPUState *cpu) { enter(cpu->env, cpu->exception_index); }

static bool teach_exec_interrupt(CPUState *cpu, int interrupt_request)
{
    bool taken = interrupt_request & CPU_INTERRUPT_HARD && cpu->env->special[SPECIAL_STATUS] & STATUS_IE;

    if (taken) {
        enter(cpu->env, EXCP_IRQ);
    }
    return taken;
}

static bool teach_has_work(CPUState *cpu) { return cpu->interrupt_request & (CPU_INTERRUPT_HARD | CPU_INTERRUPT_RESET); }

/* The CPU's one input, a level. */
static void teach_set_irq(void *opaque, int n, int level)
{
    (level ? cpu_interrupt : cpu_reset_interrupt)(opaque, CPU_INTERRUPT_HARD);
}

/* A request that waits is seen when the block that wrote STATUS has ended. */
static void set_special(CPUArchState *env, unsigned number, uint32_t value)
{
    env->special[number] = number == SPECIAL_STATUS ? value & STATUS_IE : number == SPECIAL_VECTOR ? value & ~3u : value;
    if (env->special[SPECIAL_STATUS]) {
        qatomic_set(&env_neg(env)->exit_request, 1);
    }
}

void helper_mts(CPUArchState *env, uint32_t number, uint32_t value) { set_special(env, number, value); }
void helper_raise_exception(CPUArchState *env, uint32_t excp) { raise_at(env_cpu(env), excp, 0, GETPC()); }

void helper_iret(CPUArchState *env)
{
    env->pc = env->special[SPECIAL_EPC] & ~3u;
    set_special(env, SPECIAL_STATUS, env->special[SPECIAL_SAVED]);
}

/* The pc is that of the next instruction. */
void helper_wait(CPUArchState *env)
{
    env_cpu(env)->halted = 1;
    raise_at(env_cpu(env), EXCP_HLT, env->special[SPECIAL_BADADDR], 0);
}

static void teach_dump_state(CPUState *cpu, FILE *f, int flags)
{
    const uint32_t *reg = cpu->env->reg, *s = cpu->env->special;

    for (unsigned i = 0; i < 16; i++) {
        fprintf(f, "r%-2u %08x%c", i, reg[i], i % 4 == 3 ? '\n' : ' ');
    }
    fprintf(f, "pc  %08x status %x saved %x epc %08x cause %u badaddr %08x vector %08x\n", cpu->env->pc, s[SPECIAL_STATUS],
            s[SPECIAL_SAVED], s[SPECIAL_EPC], s[SPECIAL_CAUSE], s[SPECIAL_BADADDR], s[SPECIAL_VECTOR]);
}

enum { GDB_PC = 16, GDB_SPECIAL, GDB_END = GDB_SPECIAL + SPECIAL_COUNT };
_Static_assert(sizeof(CPUTeachState) == GDB_END * sizeof(uint32_t), "a register's number is its place");

static const GdbRegister gdb_regs[] = {
    { "r", 0, 16, 32, "uint32", NULL }, { "pc", GDB_PC, 0, 32, "code_ptr", NULL },
    { "special", GDB_SPECIAL, SPECIAL_COUNT, 32, "uint32", "system" },
};
static const GdbFeature gdb_feature = { "emulator.teach.core", NULL, gdb_regs, ARRAY_SIZE(gdb_regs) };

static const GdbFeature *teach_gdb_features(CPUState *cpu, size_t *count)
{
    *count = 1;
    return &gdb_feature;
}

static int teach_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg)
{
    uint8_t bytes[4];

    if (reg < 0 || reg >= GDB_END) {
        return 0;
    }
    stl_le_p(bytes, ((uint32_t *)cpu->env)[reg]);
    g_byte_array_append(buf, bytes, 4);
    return 4;
}

static int teach_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg)
{
    if (reg < 0 || reg >= GDB_END) {
        return 0;
    }
    if (reg >= GDB_SPECIAL) {
        set_special(cpu->env, reg - GDB_SPECIAL, ldl_le_p(buf));
    } else if (reg) {
        ((uint32_t *)cpu->env)[reg] = ldl_le_p(buf) & (reg == GDB_PC ? ~3u : ~0u);
    }
    return 4;
}

void target_cpu_list(FILE *f) { fprintf(f, "Teach teach\n"); }

static const VMStateDescription vmstate_teach_cpu = {
    .name = "cpu",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(reg, CPUTeachState, 16), VMSTATE_UINT32(pc, CPUTeachState),
        VMSTATE_UINT32_ARRAY(special, CPUTeachState, SPECIAL_COUNT), VMSTATE_END
    },
};

static void teach_cpu_reset(DeviceState *dev) { memset(CPU(dev)->env, 0, sizeof(CPUTeachState)); }
static void teach_cpu_init(Object *obj) { qdev_init_gpio_in(DEVICE(obj), teach_set_irq, 1); }

static const CPUClass teach_cpu_class = {
    .target_name = "teach",
    .vaddr_bits = 32,
    .num_mmu_modes = 1,
    .env_offset = offsetof(TeachCPU, env),
    .vmsd = &vmstate_teach_cpu,
    .get_tb_state = teach_get_tb_state,
    .set_pc = teach_set_pc,
    .get_pc = teach_get_pc,
    .mmu_index = teach_mmu_index,
    .tlb_fill = teach_tlb_fill,
    .do_unaligned_access = teach_do_unaligned_access,
    .do_transaction_failed = teach_do_transaction_failed,
    .get_phys_page_debug = teach_get_phys_page_debug,
    .do_interrupt = teach_do_interrupt,
    .exec_interrupt = teach_exec_interrupt,
    .has_work = teach_has_work,
    .dump_state = teach_dump_state,
    .disas_insn = teach_disas,
    .disas_unit = 4,
    .gdb_num_core_regs = GDB_END,
    .gdb_arch = "teach",
    .gdb_read_register = teach_gdb_read_register,
    .gdb_write_register = teach_gdb_write_register,
    .gdb_features = teach_gdb_features,
};

static const TypeInfo teach_cpu_type = {
    .name = "teach-teach-cpu",          /* model, architecture */
    .parent = TYPE_CPU,
    .desc = "Teach CPU",
    .instance_size = sizeof(TeachCPU),
    .init = teach_cpu_init,
    .reset = teach_cpu_reset,
    .class_data = &teach_cpu_class,
};
DEFINE_TYPE(teach_cpu_type)
