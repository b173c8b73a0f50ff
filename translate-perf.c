/*
 * Names of generated code for the host's perf: a map file (tools/perf/Documentation/
 * jit-interface.txt of Linux) and a dump with the code itself
 * (jitdump-specification.txt there).
 *
 * A block is called after the guest function it begins in.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/perf.h"
#include "qemu/symbols.h"
#include <elf.h>

#define JITDUMP_MAGIC 0x4a695444u
enum { JITDUMP_VERSION = 1, JIT_CODE_LOAD = 0 };

typedef struct JitHeader {
    uint32_t magic, version, total_size, elf_machine, pad, pid;
    uint64_t timestamp_ns, flags;
} JitHeader;

typedef struct JitCodeLoad {
    uint32_t id, total_size;
    uint64_t timestamp_ns;
    uint32_t pid, tid;
    uint64_t vma, code_addr, code_size, code_index;
} JitCodeLoad;     /* the name with its NUL and the code follow */

bool perf_wants_code;

static FILE *map_file, *dump_file;
static void *dump_mark;         /* a mapping of the dump: perf record sees where it is */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;        /* for the files */

#if defined(__x86_64__)
enum { HOST_MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { HOST_MACHINE = EM_AARCH64 };
#else
enum { HOST_MACHINE = EM_NONE };
#endif

static uint64_t timestamp_ns(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * UINT64_C(1000000000) + ts.tv_nsec;
}

bool perf_map_start(Error **errp)
{
    g_autofree char *name = g_strdup_printf("/tmp/perf-%d.map", (int)getpid());

    map_file = fopen(name, "w");
    if (!map_file) {
        error_setg_errno(errp, errno, "-perfmap: cannot create %s", name);
        return false;
    }
    setvbuf(map_file, NULL, _IOLBF, 0);
    perf_wants_code = true;
    return true;
}

bool perf_jitdump_start(Error **errp)
{
    g_autofree char *name = g_strdup_printf("jit-%d.dump", (int)getpid());
    const JitHeader header = { JITDUMP_MAGIC, JITDUMP_VERSION, sizeof(JitHeader), HOST_MACHINE, 0, getpid(),
                               timestamp_ns(), 0 };

    dump_file = fopen(name, "w+");
    if (!dump_file) {
        error_setg_errno(errp, errno, "-jitdump: cannot create %s", name);
        return false;
    }
    fwrite(&header, sizeof(header), 1, dump_file);
    fflush(dump_file);
    dump_mark = mmap(NULL, sysconf(_SC_PAGESIZE), PROT_READ | PROT_EXEC, MAP_PRIVATE, fileno(dump_file), 0);
    if (dump_mark == MAP_FAILED) {
        error_setg_errno(errp, errno, "-jitdump: cannot map %s", name);
        fclose(dump_file);
        dump_file = NULL;
        return false;
    }
    perf_wants_code = true;
    return true;
}

/* lock held. */
static void dump_code(const void *code, size_t size, const char *name)
{
    static uint64_t index;
    const JitCodeLoad record = {
        JIT_CODE_LOAD, sizeof(record) + strlen(name) + 1 + size, timestamp_ns(), getpid(), gettid(),
        (uintptr_t)code, (uintptr_t)code, size, index++,
    };

    fwrite(&record, sizeof(record), 1, dump_file);
    fwrite(name, 1, strlen(name) + 1, dump_file);
    fwrite(code, 1, size, dump_file);
}

void perf_report_code(const void *code, size_t size, const char *name)
{
    pthread_mutex_lock(&lock);
    if (map_file) {
        fprintf(map_file, "%" PRIxPTR " %zx %s\n", (uintptr_t)code, size, name);
    }
    if (dump_file) {
        dump_code(code, size, name);
    }
    pthread_mutex_unlock(&lock);
}

void perf_add_block(const TranslationBlock *tb)
{
    const char *name = symbol_lookup(tb->pc, NULL);
    char number[32];

    snprintf(number, sizeof(number), "guest:%08" PRIx64, tb->pc);
    perf_report_code(tb->code, tb->code_size, name ? name : number);
}

/* The map stays for perf report; files stay open: another thread may be at a block. */
void perf_close(void)
{
    pthread_mutex_lock(&lock);
    if (map_file) {
        fflush(map_file);
    }
    if (dump_file) {
        fflush(dump_file);
    }
    pthread_mutex_unlock(&lock);
}
