/*
 * What RETF (helper-far.c) and IRET (helper-iret.c) share.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_FAR_H
#define TARGET_I386_FAR_H

#include "target-i386/system.h"

/* The code segment that is returned to, checked for its RPL as the new CPL. */
Descriptor return_segment(CPUX86State *env, uint32_t selector, uintptr_t retaddr);
/* The stack segment of the outer level cpl; a null one is fine for 64-bit code inside level 3. */
SegmentCache return_stack_segment(CPUX86State *env, uint32_t selector, unsigned cpl, const Descriptor *code,
                                  uintptr_t retaddr);
/* Set SS and the stack pointer; CS is set already. */
void commit_outer_stack(CPUX86State *env, const SegmentCache *ss, target_ulong sp);
/* -d pcall: a far transfer in protected mode is over. old_cs: the selector before it. */
void x86_log_transfer(CPUX86State *env, const char *what, uint32_t old_cs);

#endif
