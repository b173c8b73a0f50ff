/*
 * run.c as a program of the host: signals stand for exceptions.
 *
 * SPDX-License-Identifier: MIT
 */
#define _GNU_SOURCE
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include "run.h"

#ifdef __x86_64__
enum { IP = REG_RIP };
#else
enum { IP = REG_EIP };
#endif

extern char case_back[];

void print(const char *text)
{
    fputs(text, stdout);
}

static void on_signal(int number, siginfo_t *info, void *opaque)
{
    greg_t *regs = ((ucontext_t *)opaque)->uc_mcontext.gregs;

    if ((unsigned long)regs[IP] - CODE_AREA >= 0x100) {
        fprintf(stderr, "signal %d outside the test at %lx\n", number, (unsigned long)regs[IP]);
        _Exit(1);
    }
    *(volatile uint64_t *)(OUT_STATE + STATE_VECTOR) = regs[REG_TRAPNO] + 1;
    *(volatile uint64_t *)(OUT_STATE + STATE_FAULT) = regs[IP] - CODE_AREA;
    regs[IP] = (unsigned long)case_back;
}

int main(int argc, char **argv)
{
    static const int signals[] = { SIGFPE, SIGILL, SIGSEGV, SIGBUS, SIGTRAP };
    static char stack[65536];
    stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };
    struct sigaction action = { .sa_sigaction = on_signal, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

    if (mmap((void *)CODE_AREA, AREAS_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) != (void *)CODE_AREA) {
        perror("mmap");
        return 1;
    }
    sigaltstack(&alternative, NULL);
    for (unsigned i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        sigaction(signals[i], &action, NULL);
    }
    run_all(argc > 1 ? atoi(argv[1]) : -1);
    return 0;
}
