/*
 * run.c on the bare machine: text to the debug console at port 0xe9, exceptions
 * through the IDT that start.S makes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run.h"

extern char case_back[];
void bare_main(void);
void on_exception(unsigned long vector, unsigned long *frame);

void print(const char *text)
{
    for (; *text; text++) {
        __asm__ volatile("outb %%al, $0xe9" : : "a"(*text));
    }
}

/* frame: eip, cs, eflags. Returns to case_back. */
void on_exception(unsigned long vector, unsigned long *frame)
{
    if (frame[0] - CODE_AREA >= 0x100) {
        print("exception outside the test\nDONE\n");
        __asm__ volatile("outb %%al, $0xf4" : : "a"(1));
    }
    *(volatile uint64_t *)(OUT_STATE + STATE_VECTOR) = vector + 1;
    *(volatile uint64_t *)(OUT_STATE + STATE_FAULT) = frame[0] - CODE_AREA;
    frame[0] = (unsigned long)case_back;
}

void bare_main(void)
{
    run_all(CASE);
    __asm__ volatile("outb %%al, $0xf4" : : "a"(0));
}
