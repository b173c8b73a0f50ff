/*
 * Timebase and decrementer (PEM 2.2, 6.4.8), from the virtual clock.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "target-ppc/cpu.h"

static int64_t ns_to_ticks(const CPUPPCState *env, int64_t ns)
{
    return (__int128)ns * env->tb.frequency_hz / NANOSECONDS_PER_SECOND;
}

/* The first nanosecond at which `ticks` have passed. */
static int64_t ticks_to_ns(const CPUPPCState *env, int64_t ticks)
{
    return ((__int128)ticks * NANOSECONDS_PER_SECOND + env->tb.frequency_hz - 1) / env->tb.frequency_hz;
}

static int64_t ticks_now(const CPUPPCState *env)
{
    return ns_to_ticks(env, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
}

uint64_t cpu_ppc_load_tb(CPUPPCState *env)
{
    return ticks_now(env) + env->tb.offset;
}

void cpu_ppc_store_tb(CPUPPCState *env, uint64_t value)
{
    env->tb.offset = value - ticks_now(env);
}

uint32_t cpu_ppc_load_decr(CPUPPCState *env)
{
    return env->tb.decr_base - ticks_now(env);
}

/* The interrupt comes when the value passes from 0 to -1. */
static void arm_decr_timer(CPUPPCState *env, int64_t now, uint32_t value)
{
    timer_mod_ns(env->tb.decr_timer, ticks_to_ns(env, now + value + 1));
}

void cpu_ppc_store_decr(CPUPPCState *env, uint32_t value)
{
    int64_t now = ticks_now(env);
    uint32_t old = env->tb.decr_base - now;

    qatomic_set(&env->tb.decr_base, now + value);
    if ((int32_t)value < 0 && (int32_t)old >= 0) {
        bool locked = qemu_mutex_iothread_locked();

        if (!locked) {
            qemu_mutex_lock_iothread();
        }
        ppc_set_irq(POWERPC_CPU(env_cpu(env)), PPC_IRQ_DECR, true);
        if (!locked) {
            qemu_mutex_unlock_iothread();
        }
    }
    arm_decr_timer(env, now, value);
}

static void decr_expired(void *opaque)
{
    PowerPCCPU *cpu = opaque;
    CPUPPCState *env = &cpu->env;
    int64_t now = ticks_now(env), base;

    /*
     * The CPU stores decr_base, then arms the timer, without a lock: an arming
     * here that used an older base is done again, so that the last one counts.
     */
    do {
        base = qatomic_read(&env->tb.decr_base);
        arm_decr_timer(env, now, base - now);
    } while (base != qatomic_read(&env->tb.decr_base));
    ppc_set_irq(cpu, PPC_IRQ_DECR, true);
}

void cpu_ppc_tb_init(CPUPPCState *env, uint32_t frequency_hz)
{
    env->tb.frequency_hz = frequency_hz;
    if (!env->tb.decr_timer) {
        env->tb.decr_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, decr_expired, POWERPC_CPU(env_cpu(env)));
    }
    cpu_ppc_tb_reset(env);
}

void cpu_ppc_tb_reset(CPUPPCState *env)
{
    cpu_ppc_store_tb(env, 0);
    env->tb.decr_base = ticks_now(env) + UINT32_MAX;
    arm_decr_timer(env, ticks_now(env), UINT32_MAX);
}
