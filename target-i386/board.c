/*
 * Between the CPU and its board: input lines, and questions to the interrupt
 * controllers (hw/x86-cpu.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "target-i386/board.h"
#include "target-i386/tsc.h"

/* --- questions ------------------------------------------------------------------------------------------- */

/* Take the BQL unless the thread has it; the result goes to unlock. */
static bool lock(void)
{
    bool taken = !qemu_mutex_iothread_locked();

    if (taken) {
        qemu_mutex_lock_iothread();
    }
    return taken;
}

static void unlock(bool taken)
{
    if (taken) {
        qemu_mutex_unlock_iothread();
    }
}

int x86_board_acknowledge(CPUX86State *env)
{
    if (!env->board) {
        cpu_reset_interrupt(env_cpu(env), CPU_INTERRUPT_HARD);
        return -1;
    }
    return env->board->acknowledge(env->board_opaque);
}

uint8_t x86_board_get_tpr(CPUX86State *env)
{
    bool taken = lock();
    uint8_t tpr = env->board && env->board->get_tpr ? env->board->get_tpr(env->board_opaque) : 0;

    unlock(taken);
    return tpr;
}

void x86_board_set_tpr(CPUX86State *env, uint8_t tpr)
{
    bool taken = lock();

    if (env->board && env->board->set_tpr) {
        env->board->set_tpr(env->board_opaque, tpr);
    }
    unlock(taken);
}

bool x86_board_read_msr(CPUX86State *env, uint32_t msr, uint64_t *value)
{
    bool taken = lock();
    bool known = env->board && env->board->read_msr && env->board->read_msr(env->board_opaque, msr, value);

    unlock(taken);
    return known;
}

bool x86_board_write_msr(CPUX86State *env, uint32_t msr, uint64_t value)
{
    bool taken = lock();
    bool known = env->board && env->board->write_msr && env->board->write_msr(env->board_opaque, msr, value);

    unlock(taken);
    return known;
}

bool x86_board_apic_enabled(CPUX86State *env)
{
    bool taken = lock();
    bool on = env->board && env->board->apic_enabled && env->board->apic_enabled(env->board_opaque);

    unlock(taken);
    return on;
}

void x86_board_set_ferr(CPUX86State *env, bool level)
{
    bool taken = lock();

    if (env->board && env->board->set_ferr) {
        env->board->set_ferr(env->board_opaque, level);
    }
    unlock(taken);
}

/* --- wiring ------------------------------------------------------------------------------------------------- */

void x86_cpu_set_board(CPUState *cpu, const X86CPUBoard *board, void *opaque, uint32_t apic_id)
{
    cpu->env->board = board;
    cpu->env->board_opaque = opaque;
    cpu->env->apic_id = apic_id;
}

void x86_cpu_set_bootstrap(CPUState *cpu, bool bootstrap)
{
    CPUX86State *env = cpu->env;

    env->is_application_cpu = !bootstrap;
    if (!bootstrap) {
        env->wait_for_sipi = true;
        cpu->halted = 1;
    }
}

void x86_cpu_set_smm_memory(CPUState *cpu, MemoryRegion *root)
{
    CPUX86State *env = cpu->env;

    if (root && !env->smm_as) {
        env->smm_as = g_new0(AddressSpace, 1);
        address_space_init(env->smm_as, root, "cpu-smm");
    }
}

uint64_t x86_cpu_tsc(CPUState *cpu)
{
    return x86_read_tsc(cpu->env);
}

int64_t x86_cpu_tsc_ns(CPUState *cpu, uint64_t tsc)
{
    return x86_tsc_to_ns(cpu->env, tsc);
}

/* --- inputs ---------------------------------------------------------------------------------------------------- */

static void set_a20(CPUState *cpu, void *data)
{
    cpu->env->a20_mask = data ? -1 : ~(1 << 20);
    tlb_flush(cpu);
}

static void input_a20(CPUState *cpu, bool level)
{
    int32_t mask = level ? -1 : ~(1 << 20);

    if (cpu->env->a20_mask == mask) {
        return;
    }
    if (cpu == current_cpu || !cpu->created) {
        set_a20(cpu, level ? cpu : NULL);
    } else {
        async_run_on_cpu(cpu, set_a20, level ? cpu : NULL);
    }
}

static void input_set(void *opaque, int n, int level)
{
    static const int edges[X86_CPU_INPUTS] = {
        [X86_CPU_NMI] = CPU_INTERRUPT_NMI, [X86_CPU_SMI] = CPU_INTERRUPT_SMI, [X86_CPU_INIT] = CPU_INTERRUPT_INIT,
    };
    CPUState *cpu = opaque;
    CPUX86State *env = cpu->env;
    uint32_t bit = 1u << n;
    bool rising = level && !(env->input_levels & bit);

    env->input_levels = level ? env->input_levels | bit : env->input_levels & ~bit;
    switch (n) {
    case X86_CPU_INTR:
        if (level) {
            cpu_interrupt(cpu, CPU_INTERRUPT_HARD);
        } else {
            cpu_reset_interrupt(cpu, CPU_INTERRUPT_HARD);
        }
        break;
    case X86_CPU_SIPI:
        /* Not waiting for one, the CPU ignores it: as a request it would stay for ever. */
        if (level & 0x100 && (env->wait_for_sipi || cpu->interrupt_request & CPU_INTERRUPT_INIT)) {
            env->sipi_vector = level & 0xff;
            cpu_interrupt(cpu, CPU_INTERRUPT_SIPI);
        }
        break;
    case X86_CPU_A20:
        input_a20(cpu, level);
        break;
    case X86_CPU_IGNNE:
        env->ignne = level && env->ferr;
        break;
    default:
        if (rising) {
            if (n == X86_CPU_INIT) {    /* of the start-ups, those that follow count */
                cpu_reset_interrupt(cpu, CPU_INTERRUPT_SIPI);
            }
            cpu_interrupt(cpu, edges[n]);
        }
        break;
    }
}

void x86_cpu_init_inputs(DeviceState *dev)
{
    qdev_init_gpio_in(dev, input_set, X86_CPU_INPUTS);
}
