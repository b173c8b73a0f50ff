/*
 * vCPU threads, the big lock, guest time and its stop and start.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "qemu/thread-name.h"
#include "qemu/timer.h"
#include "exec/exec-all.h"
#include "exec/tb-internal.h"
#include "hw/core/cpu.h"
#include "sysemu/runstate-internal.h"
#include "sysemu/sysemu.h"
#include "tcg/tcg.h"
#include "trace/root.h"

CPUState *first_cpu;
__thread CPUState *current_cpu;

/* --- the big lock --------------------------------------------------------- */

static pthread_mutex_t bql = PTHREAD_MUTEX_INITIALIZER;
static __thread bool bql_held;

void qemu_mutex_lock_iothread(void)
{
    assert(!bql_held);
    pthread_mutex_lock(&bql);
    bql_held = true;
}

void qemu_mutex_unlock_iothread(void)
{
    assert(bql_held);
    bql_held = false;
    pthread_mutex_unlock(&bql);
}

bool qemu_mutex_iothread_locked(void)
{
    return bql_held;
}

void qemu_cond_wait_iothread(pthread_cond_t *cond)
{
    bql_held = false;
    pthread_cond_wait(cond, &bql);
    bql_held = true;
}

static void cond_timedwait_iothread(pthread_cond_t *cond, int64_t ns)
{
    struct timespec ts;

    clock_gettime(CLOCK_REALTIME, &ts);
    ns += ts.tv_nsec;
    ts.tv_sec += ns / NANOSECONDS_PER_SECOND;
    ts.tv_nsec = ns % NANOSECONDS_PER_SECOND;
    bql_held = false;
    pthread_cond_timedwait(cond, &bql, &ts);
    bql_held = true;
}

/* --- guest time ------------------------------------------------------------ */

int icount_shift = -1;
/*
 * Guest time is offset + the host's clock while ticking, else offset alone.
 * Readers take no lock: seq is odd while a writer (under the BQL) is at work.
 */
static struct {
    unsigned seq;
    bool ticking;
    int64_t offset;
} vm_clock;
static int64_t icount_bias_ns;          /* time that passed while all CPUs slept */
static bool qtest_clock;
static int64_t qtest_clock_ns;

static int64_t host_monotonic_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * NANOSECONDS_PER_SECOND + ts.tv_nsec;
}

/* Instructions that the (only) CPU has executed. */
static int64_t icount_executed(void)
{
    CPUState *cpu = first_cpu;

    if (!cpu) {
        return 0;
    }
    return qatomic_read(&cpu->icount_executed) +
           (cpu->icount_budget - qatomic_read(&cpu_neg(cpu)->icount_left));
}

int64_t cpu_get_clock_ns(void)
{
    if (qtest_clock) {
        return qatomic_read(&qtest_clock_ns);
    }
    if (icount_enabled()) {
        return qatomic_read(&icount_bias_ns) + (icount_executed() << icount_shift);
    }
    for (;;) {
        unsigned seq = qatomic_load_acquire(&vm_clock.seq);
        int64_t now = qatomic_read(&vm_clock.offset);

        if (qatomic_read(&vm_clock.ticking)) {
            now += host_monotonic_ns();
        }
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        if (likely(!(seq & 1) && qatomic_read(&vm_clock.seq) == seq)) {
            return now;
        }
    }
}

static void vm_clock_set_ticking(bool ticking)
{
    int64_t now = host_monotonic_ns();

    if (vm_clock.ticking == ticking) {
        return;
    }
    qatomic_set(&vm_clock.seq, vm_clock.seq + 1);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    qatomic_set(&vm_clock.offset, vm_clock.offset + (ticking ? -now : now));
    qatomic_set(&vm_clock.ticking, ticking);
    qatomic_store_release(&vm_clock.seq, vm_clock.seq + 1);
}

void cpu_enable_ticks(void)
{
    vm_clock_set_ticking(true);
}

void cpu_disable_ticks(void)
{
    vm_clock_set_ticking(false);
}

void cpu_set_clock_ns(int64_t now_ns)
{
    assert(!vm_clock.ticking);
    qatomic_set(&vm_clock.offset, now_ns);
}

void qtest_clock_set_ns(int64_t now_ns)
{
    qtest_clock = true;
    qatomic_set(&qtest_clock_ns, now_ns);
}

/* --- work for a CPU's own thread --------------------------------------------- */

struct run_on_cpu_item {
    struct run_on_cpu_item *next;
    run_on_cpu_func *fn;
    void *data;
    bool *done;             /* NULL: nobody waits */
};

static pthread_cond_t work_done_cond = PTHREAD_COND_INITIALIZER;    /* with the BQL */
static pthread_cond_t pause_cond = PTHREAD_COND_INITIALIZER;        /* with the BQL */
static pthread_cond_t created_cond = PTHREAD_COND_INITIALIZER;      /* with the BQL */

static void queue_work(CPUState *cpu, run_on_cpu_func *fn, void *data, bool *done)
{
    struct run_on_cpu_item *item = g_new0(struct run_on_cpu_item, 1), **tail;

    item->fn = fn;
    item->data = data;
    item->done = done;
    pthread_mutex_lock(&cpu->work_lock);
    for (tail = &cpu->work; *tail; tail = &(*tail)->next) {
    }
    qatomic_set(tail, item);
    pthread_mutex_unlock(&cpu->work_lock);
    qemu_cpu_kick(cpu);
}

void async_run_on_cpu(CPUState *cpu, run_on_cpu_func *fn, void *data)
{
    queue_work(cpu, fn, data, NULL);
}

void run_on_cpu(CPUState *cpu, run_on_cpu_func *fn, void *data)
{
    bool done = false;
    CPUState *self = current_cpu;

    if (!cpu->created || (self && pthread_equal(cpu->thread, pthread_self()))) {
        fn(cpu, data);
        return;
    }
    queue_work(cpu, fn, data, &done);
    while (!done) {
        qemu_cond_wait_iothread(&work_done_cond);
    }
    current_cpu = self;
}

static void process_queued_cpu_work(CPUState *cpu)
{
    for (;;) {
        pthread_mutex_lock(&cpu->work_lock);
        struct run_on_cpu_item *item = cpu->work;

        if (item) {
            qatomic_set(&cpu->work, item->next);
        }
        pthread_mutex_unlock(&cpu->work_lock);
        if (!item) {
            return;
        }
        item->fn(cpu, item->data);
        if (item->done) {
            *item->done = true;
            pthread_cond_broadcast(&work_done_cond);
        }
        g_free(item);
    }
}

/* --- kicks and interrupts ---------------------------------------------------- */

void cpu_exit(CPUState *cpu)
{
    qatomic_store_release(&cpu_neg(cpu)->exit_request, 1);
}

/* The lock: the CPU must not be between its last look and its sleep. */
void qemu_cpu_kick(CPUState *cpu)
{
    bool locked = bql_held;

    cpu_exit(cpu);
    if (!locked) {
        qemu_mutex_lock_iothread();
    }
    pthread_cond_broadcast(&cpu->halt_cond);
    if (!locked) {
        qemu_mutex_unlock_iothread();
    }
}

void cpu_interrupt(CPUState *cpu, int mask)
{
    trace_cpu_interrupt(cpu->cpu_index, mask, cpu->interrupt_request);
    qatomic_fetch_or(&cpu->interrupt_request, (uint32_t)mask);
    if (cpu->created && !pthread_equal(cpu->thread, pthread_self())) {
        qemu_cpu_kick(cpu);
    } else {
        cpu_exit(cpu);
    }
}

void cpu_reset_interrupt(CPUState *cpu, int mask)
{
    trace_cpu_reset_interrupt(cpu->cpu_index, mask);
    qatomic_fetch_and(&cpu->interrupt_request, ~(uint32_t)mask);
}

void cpu_reset(CPUState *cpu)
{
    cpu->interrupt_request = 0;
    cpu->restart_insn = false;
    cpu->crash_occurred = false;
    device_reset(&cpu->parent_obj);
    if (cpu->tlb) {
        tlb_flush(cpu);
    }
}

void cpu_log_reset(CPUState *cpu)
{
    FILE *f;

    if (qemu_loglevel_mask(CPU_LOG_RESET) && (f = qemu_log_trylock())) {
        fprintf(f, "CPU Reset (CPU %d)\n", cpu->cpu_index);
        cpu->cc->dump_state(cpu, f, DUMP_FPU);
        qemu_log_unlock(f);
    }
}

void cpu_log_dead_end(CPUState *cpu, vaddr addr, const char *format, ...)
{
    FILE *f;
    va_list ap;

    if (!qemu_loglevel_mask(CPU_LOG_INT | CPU_LOG_RESET | LOG_GUEST_ERROR) || !(f = qemu_log_trylock())) {
        return;
    }
    fprintf(f, "CPU %d: ", cpu->cpu_index);
    va_start(ap, format);
    vfprintf(f, format, ap);
    va_end(ap);
    fputc('\n', f);
    if (qemu_loglevel_mask(CPU_LOG_INT | CPU_LOG_RESET)) {
        cpu->cc->dump_state(cpu, f, 0);
        if (cpu->cc->dump_walk) {
            cpu->cc->dump_walk(cpu, addr, f);
        }
    }
    qemu_log_unlock(f);
}

CPUState *qemu_get_cpu(int index)
{
    CPU_FOREACH(cpu) {
        if (cpu->cpu_index == index) {
            return cpu;
        }
    }
    return NULL;
}

/* --- exclusive sections -------------------------------------------------------- */

static pthread_mutex_t exclusive_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t exclusive_cond = PTHREAD_COND_INITIALIZER;
static int running_cpus;
static bool exclusive_pending;

void cpu_exec_start(CPUState *cpu)
{
    pthread_mutex_lock(&exclusive_lock);
    while (exclusive_pending) {
        pthread_cond_wait(&exclusive_cond, &exclusive_lock);
    }
    running_cpus++;
    cpu->running = true;
    pthread_mutex_unlock(&exclusive_lock);
}

void cpu_exec_end(CPUState *cpu)
{
    pthread_mutex_lock(&exclusive_lock);
    running_cpus--;
    cpu->running = false;
    pthread_cond_broadcast(&exclusive_cond);
    pthread_mutex_unlock(&exclusive_lock);
}

bool cpu_exclusive_wanted(void)
{
    return qatomic_read(&exclusive_pending);
}

void cpu_exec_exclusive(void (*fn)(void))
{
    bool was_running = current_cpu && current_cpu->running;
    bool was_locked = bql_held;

    if (was_running) {
        cpu_exec_end(current_cpu);
    }
    if (was_locked) {                   /* the others may need it to come here */
        qemu_mutex_unlock_iothread();
    }
    pthread_mutex_lock(&exclusive_lock);
    while (exclusive_pending) {
        pthread_cond_wait(&exclusive_cond, &exclusive_lock);
    }
    qatomic_set(&exclusive_pending, true);
    CPU_FOREACH(cpu) {
        cpu_exit(cpu);
    }
    while (running_cpus) {
        pthread_cond_wait(&exclusive_cond, &exclusive_lock);
    }
    fn();
    qatomic_set(&exclusive_pending, false);
    pthread_cond_broadcast(&exclusive_cond);
    pthread_mutex_unlock(&exclusive_lock);
    if (was_locked) {
        qemu_mutex_lock_iothread();
    }
    if (was_running) {
        cpu_exec_start(current_cpu);
    }
}

/* --- icount slices --------------------------------------------------------------- */

#define ICOUNT_MAX_SLICE 1000000

/* Instructions up to a point of guest time, at least 0. */
static int64_t icount_until(int64_t deadline_ns)
{
    int64_t ns = deadline_ns - cpu_get_clock_ns();

    return ns <= 0 ? 0 : ((ns - 1) >> icount_shift) + 1;
}

/*
 * BQL held. Runs due timers in this thread, so that they are a function of the
 * count. Slices end at timers and at multiples of ICOUNT_MAX_SLICE: where blocks
 * are cut must not depend on when the host looked in.
 */
static void icount_begin_slice(CPUState *cpu)
{
    qemu_clock_run_timers(QEMU_CLOCK_VIRTUAL);
    int64_t deadline = qemu_clock_deadline_ns(QEMU_CLOCK_VIRTUAL);
    int64_t insns = ICOUNT_MAX_SLICE - cpu->icount_executed % ICOUNT_MAX_SLICE;

    if (deadline >= 0) {
        int64_t until = icount_until(deadline);

        insns = MIN(insns, until);
    }
    cpu->icount_budget = MAX(insns, 1);
    qatomic_set(&cpu_neg(cpu)->icount_left, (int32_t)cpu->icount_budget);
}

void icount_timer_armed(int64_t expires_ns)
{
    CPUState *cpu = first_cpu;

    if (!icount_enabled() || !cpu || !cpu->created) {
        return;
    }
    if (!pthread_equal(cpu->thread, pthread_self())) {
        qemu_cpu_kick(cpu);
    } else if (cpu->icount_budget) {
        int64_t until = icount_until(expires_ns);
        int32_t left = cpu_neg(cpu)->icount_left;

        if (until < left) {
            cpu->icount_budget -= left - until;
            qatomic_set(&cpu_neg(cpu)->icount_left, (int32_t)until);
        }
    }
}

bool icount_on_vcpu(void)
{
    return icount_enabled() && current_cpu && pthread_equal(current_cpu->thread, pthread_self());
}

static void icount_end_slice(CPUState *cpu)
{
    cpu->icount_executed += cpu->icount_budget - cpu_neg(cpu)->icount_left;
    cpu->icount_budget = 0;
    qatomic_set(&cpu_neg(cpu)->icount_left, 0);
}

/* BQL held; all CPUs sleep: time passes up to the next timer. */
static void icount_sleep(CPUState *cpu)
{
    int64_t deadline = qemu_clock_deadline_ns(QEMU_CLOCK_VIRTUAL);
    int64_t now = cpu_get_clock_ns();

    if (deadline < 0) {
        qemu_cond_wait_iothread(&cpu->halt_cond);
        return;
    }
    if (deadline > now) {
        int64_t started = host_monotonic_ns();

        cond_timedwait_iothread(&cpu->halt_cond, deadline - now);
        if (host_monotonic_ns() - started < deadline - now) {
            return;             /* woken by an outside event: the guest looks at once */
        }
        qatomic_set(&icount_bias_ns, icount_bias_ns + (deadline - now));
    }
    qemu_clock_run_timers(QEMU_CLOCK_VIRTUAL);
}

/* --- vCPU threads ---------------------------------------------------------------- */

static bool cpu_is_stopped(CPUState *cpu)
{
    return cpu->stopped || !runstate_is_running();
}

static bool cpu_thread_is_idle(CPUState *cpu)
{
    if (cpu->stop || qatomic_read(&cpu->work)) {
        return false;
    }
    return cpu_is_stopped(cpu) || (cpu->halted && !cpu->cc->has_work(cpu));
}

/* BQL held. Sleeps while there is nothing to run; does queued work, stops. */
static void qemu_wait_io_event(CPUState *cpu)
{
    while (cpu_thread_is_idle(cpu)) {
        if (icount_enabled() && !cpu_is_stopped(cpu)) {
            icount_sleep(cpu);
        } else {
            tb_release_idle();
            qemu_cond_wait_iothread(&cpu->halt_cond);
        }
    }
    process_queued_cpu_work(cpu);
    if (cpu->stop) {
        cpu->stop = false;
        cpu->stopped = true;
        pthread_cond_broadcast(&pause_cond);
    }
}

static int tcg_cpu_exec(CPUState *cpu)
{
    cpu_exec_start(cpu);
    int ret = cpu_exec(cpu);

    cpu_exec_end(cpu);
    return ret;
}

static void *qemu_tcg_cpu_thread_fn(void *arg)
{
    CPUState *cpu = arg;

    current_cpu = cpu;
    cpu->thread_id = gettid();
    tcg_ctx = tcg_context_new();
    translate_context_config(cpu);
    qemu_mutex_lock_iothread();
    cpu->created = true;
    pthread_cond_broadcast(&created_cond);
    for (;;) {
        if (!cpu_is_stopped(cpu) && !cpu->stop) {
            if (icount_enabled()) {
                icount_begin_slice(cpu);
            }
            qemu_mutex_unlock_iothread();
            int ret = tcg_cpu_exec(cpu);

            qemu_mutex_lock_iothread();
            if (icount_enabled()) {
                icount_end_slice(cpu);
            }
            /* A step over an instruction that waits ends there. */
            if (ret == EXCP_DEBUG || (ret == EXCP_HLT && cpu->singlestep_enabled)) {
                cpu->stopped = true;
                cpu->debug_stop = true;
                vm_stop(RUN_STATE_DEBUG);
            }
        }
        qemu_wait_io_event(cpu);
    }
    return NULL;
}

void qemu_init_vcpu(CPUState *cpu)
{
    CPUState **tail;
    char name[16];
    int index = 0;

    for (tail = &first_cpu; *tail; tail = &(*tail)->next) {
        index++;
    }
    cpu->cpu_index = index;
    *tail = cpu;
    cpu->stopped = true;
    if (qtest_enabled()) {
        return;
    }
    pthread_create(&cpu->thread, NULL, qemu_tcg_cpu_thread_fn, cpu);
    g_snprintf(name, sizeof(name), "CPU %d/TCG", index);
    thread_set_name(cpu->thread, name);
    while (!cpu->created) {
        qemu_cond_wait_iothread(&created_cond);
    }
}

void pause_all_vcpus(void)
{
    bool self = current_cpu && bql_held && current_cpu->created &&
                pthread_equal(current_cpu->thread, pthread_self());

    CPU_FOREACH(cpu) {
        if (self && cpu == current_cpu) {
            cpu->stop = false;
            cpu->stopped = true;
            cpu_exit(cpu);
        } else if (!cpu->stopped && cpu->created) {
            cpu->stop = true;
            qemu_cpu_kick(cpu);
        }
    }
    CPU_FOREACH(cpu) {
        while (!cpu->stopped && cpu->created) {
            qemu_cond_wait_iothread(&pause_cond);
        }
    }
}

void resume_vcpu(CPUState *cpu)
{
    cpu->stop = false;
    cpu->stopped = false;
    pthread_cond_broadcast(&cpu->halt_cond);
}

void resume_all_vcpus(void)
{
    CPU_FOREACH(cpu) {
        resume_vcpu(cpu);
    }
}
