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

#ifdef __powerpc__
static void publish(uint32_t *start, uint32_t *end)
{
    for (char *p = (char *)start; p < (char *)end; p += 32) {
        __asm__ volatile("dcbst 0,%0" ::"r"(p) : "memory");
    }
    __asm__ volatile("sync" ::: "memory");
    for (char *p = (char *)start; p < (char *)end; p += 32) {
        __asm__ volatile("icbi 0,%0" ::"r"(p) : "memory");
    }
    __asm__ volatile("sync; isync" ::: "memory");
}

/* "addi r3,r3,amount" and "blr". */
static uint32_t *emit_add(uint32_t *p, uint32_t amount) { *p = 0x38630000 | amount; return p + 1; }
static uint32_t *emit_return(uint32_t *p) { *p = 0x4e800020; return p + 1; }

uint32_t bench_jit(long count)
{
    enum { SLOT_WORDS = 256, SLOTS = 64, BODY = 100, RUNS = 20 };
    uint32_t *arena = mmap(NULL, SLOTS * SLOT_WORDS * 4, PROT_READ | PROT_WRITE | PROT_EXEC,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint32_t x = 0;

    for (long i = 0; i < count; i++) {
        uint32_t *slot = arena + i % SLOTS * SLOT_WORDS, *p = slot;
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
        emit_add(slot, 1);
        publish(slot, slot + 1);
        x = code(x);
    }
    return x;
}
#else
uint32_t bench_jit(long count)
{
    return count;
}
#endif
