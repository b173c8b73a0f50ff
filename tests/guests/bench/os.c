/*
 * What mostly runs in the kernel: system calls, processes, pipes; and code
 * that is written and run.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

uint32_t bench_syscall(long count)
{
    uint32_t done = 0;

    for (long i = 0; i < count; i++) {
        done += syscall(SYS_getppid) >= 0;
    }
    return done;
}

uint32_t bench_fork(long count)
{
    uint32_t sum = 0;

    for (long i = 0; i < count; i++) {
        int status = 0;
        pid_t child = fork();

        if (child == 0) {
            _exit(i % 100);
        }
        waitpid(child, &status, 0);
        sum = sum * 31 + WEXITSTATUS(status);
    }
    return sum;
}

uint32_t bench_pipe(long count)
{
    int down[2], up[2];
    uint32_t word = 1, sum = 0;

    if (pipe(down) || pipe(up)) {
        return 0;
    }
    if (fork() == 0) {
        close(down[1]);
        while (read(down[0], &word, 4) == 4) {
            word = word * 5 + 1;
            if (write(up[1], &word, 4) != 4) {
                break;
            }
        }
        _exit(0);
    }
    for (long i = 0; i < count; i++) {
        if (write(down[1], &word, 4) != 4 || read(up[0], &word, 4) != 4) {
            return 0;
        }
        sum += word;
    }
    close(down[1]);
    wait(NULL);
    return sum;
}

/* What "x += amount" and "return x" are, with x in the natural register, and how written code is made visible. */
#if defined(__powerpc__)
static uint8_t *emit_word(uint8_t *p, uint32_t word) { memcpy(p, &word, 4); return p + 4; }
static uint8_t *emit_start(uint8_t *p) { return p; }
static uint8_t *emit_add(uint8_t *p, uint8_t amount) { return emit_word(p, 0x38630000 | amount); }
static uint8_t *emit_return(uint8_t *p) { return emit_word(p, 0x4e800020); }

static void publish(uint8_t *start, uint8_t *end)
{
    for (uint8_t *p = start; p < end; p += 32) {
        __asm__ volatile("dcbst 0,%0" ::"r"(p) : "memory");
    }
    __asm__ volatile("sync" ::: "memory");
    for (uint8_t *p = start; p < end; p += 32) {
        __asm__ volatile("icbi 0,%0" ::"r"(p) : "memory");
    }
    __asm__ volatile("sync; isync" ::: "memory");
}
#elif defined(__x86_64__) || defined(__i386__)
static uint8_t *emit_bytes(uint8_t *p, const void *code, size_t size) { memcpy(p, code, size); return p + size; }
#ifdef __x86_64__
static uint8_t *emit_start(uint8_t *p) { return emit_bytes(p, "\x89\xf8", 2); }            /* mov %edi,%eax */
#else
static uint8_t *emit_start(uint8_t *p) { return emit_bytes(p, "\x8b\x44\x24\x04", 4); }    /* mov 4(%esp),%eax */
#endif
static uint8_t *emit_add(uint8_t *p, uint8_t amount) { return emit_bytes(p, (uint8_t[]){ 5, amount, 0, 0, 0 }, 5); }
static uint8_t *emit_return(uint8_t *p) { *p = 0xc3; return p + 1; }

static void publish(uint8_t *start, uint8_t *end)
{
    __builtin___clear_cache((char *)start, (char *)end);
}
#endif

uint32_t bench_jit(long count)
{
    enum { SLOT_BYTES = 1024, SLOTS = 64, BODY = 100, RUNS = 20 };
    uint8_t *arena = mmap(NULL, SLOTS * SLOT_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint32_t x = 0;

    for (long i = 0; i < count; i++) {
        uint8_t *slot = arena + i % SLOTS * SLOT_BYTES, *body = emit_start(slot), *p = body;
        uint32_t (*code)(uint32_t);

        for (int k = 0; k < BODY; k++) {
            p = emit_add(p, (i + k) & 0xff);
        }
        p = emit_return(p);
        publish(slot, p);
        memcpy(&code, &slot, sizeof(code));
        for (int r = 0; r < RUNS; r++) {
            x = code(x ^ r);
        }
        publish(body, emit_add(body, 1));
        x = code(x);
    }
    return x;
}
