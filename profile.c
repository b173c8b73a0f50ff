/*
 * -profile: what guest functions the CPUs spend their time in.
 *
 * A thread asks each CPU that is not halted, at regular intervals, to stop at the
 * next block or turn of a loop, where its state is whole; the CPU's own thread then
 * walks the stack. Equal stacks are counted. A time that belongs to the end of a
 * block may so be charged to what follows it.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/perf.h"
#include "qemu/main-loop.h"
#include "qemu/optlist.h"
#include "qemu/symbols.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"

enum { DEFAULT_HZ = 199, MAX_HZ = 10000, MAX_FRAMES = 128, MAX_CPUS = 256 };

static FILE *file;              /* NULL: no profile */
static uint64_t period_ns;
static GHashTable *stacks;      /* "outer;inner" -> number of samples; BQL */
static bool asked[MAX_CPUS];    /* the CPU has not answered yet */

/* The function, or its page where there is no symbol. */
static void append_frame(GString *stack, vaddr pc)
{
    const char *name = symbol_lookup(pc, NULL);

    if (stack->len) {
        g_string_append_c(stack, ';');
    }
    if (name) {
        g_string_append(stack, name);
    } else {
        g_string_append_printf(stack, "0x%" PRIx64 "xxx", pc >> 12);
    }
}

static void take_sample(CPUState *cpu, void *opaque)
{
    g_autoptr(GString) stack = g_string_new(NULL);
    vaddr pcs[MAX_FRAMES];
    unsigned count = 1;

    qatomic_set(&asked[cpu->cpu_index], false);
    pcs[0] = cpu->cc->get_pc(cpu);
    if (cpu->cc->backtrace) {
        count += cpu->cc->backtrace(cpu, pcs + 1, MAX_FRAMES - 1);
    }
    while (count--) {
        /* A return address may lie behind the end of its function. */
        append_frame(stack, count ? pcs[count] - 1 : pcs[0]);
    }
    if (stacks) {
        uintptr_t seen = (uintptr_t)g_hash_table_lookup(stacks, stack->str);

        g_hash_table_insert(stacks, g_strdup(stack->str), (void *)(seen + 1));
    }
}

static void *profile_thread(void *opaque)
{
    const struct timespec period = { period_ns / NANOSECONDS_PER_SECOND, period_ns % NANOSECONDS_PER_SECOND };

    for (;;) {
        nanosleep(&period, NULL);
        if (!runstate_is_running()) {
            continue;
        }
        CPU_FOREACH(cpu) {
            if (!qatomic_read(&cpu->halted) && cpu->cpu_index < MAX_CPUS && cpu->created &&
                !qatomic_xchg(&asked[cpu->cpu_index], true)) {
                async_run_on_cpu(cpu, take_sample, NULL);
            }
        }
    }
    return NULL;
}

bool profile_start(const char *options, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(options, "file");
    const char *name = optlist_get(list, "file");
    pthread_t thread;
    uint64_t hz;

    if (!optlist_get_uint(list, "hz", DEFAULT_HZ, MAX_HZ, &hz, "-profile", errp) ||
        !optlist_check_unknown(list, "-profile", errp)) {
        return false;
    }
    if (!name || !hz) {
        error_setg(errp, "-profile: expected file=FILE[,hz=1 to %d]", MAX_HZ);
        return false;
    }
    file = fopen(name, "w");
    if (!file) {
        error_setg_errno(errp, errno, "-profile %s: cannot create", name);
        return false;
    }
    period_ns = NANOSECONDS_PER_SECOND / hz;
    stacks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    pthread_create(&thread, NULL, profile_thread, NULL);
    pthread_detach(thread);
    return true;
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(a, b);
}

void profile_close(void)
{
    GList *keys;

    if (!file) {
        return;
    }
    keys = g_list_sort(g_hash_table_get_keys(stacks), by_text);
    for (GList *key = keys; key; key = key->next) {
        fprintf(file, "%s %" PRIuPTR "\n", (char *)key->data, (uintptr_t)g_hash_table_lookup(stacks, key->data));
    }
    if (fclose(file)) {
        warn_report("-profile: cannot write: %s", strerror(errno));
    }
    file = NULL;
    g_list_free(keys);
    g_hash_table_destroy(stacks);
    stacks = NULL;
}
