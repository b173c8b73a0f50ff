/*
 * Teach: a load/store machine for learning. Sixteen 32-bit registers, a word for
 * each instruction (insns.h), little-endian, no MMU. docs/porting.md builds it.
 *
 * A fault or an interrupt saves the pc in EPC and STATUS in SAVED, clears
 * STATUS.IE, says why in CAUSE and goes to VECTOR; iret is the way back.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_TEACH_CPU_H
#define TARGET_TEACH_CPU_H

#include "hw/core/cpu.h"
#include "exec/cputlb.h"

/* Special registers: mfs and mts. */
enum { SPECIAL_STATUS, SPECIAL_SAVED, SPECIAL_EPC, SPECIAL_CAUSE, SPECIAL_BADADDR, SPECIAL_VECTOR, SPECIAL_COUNT };
enum { STATUS_IE = 1 };

/* cpu->exception_index, and CAUSE. */
enum { EXCP_ILLEGAL = 1, EXCP_ALIGN, EXCP_BUS, EXCP_TRAP, EXCP_IRQ };

/* In gdb's order. */
typedef struct CPUArchState {
    uint32_t reg[16], pc, special[SPECIAL_COUNT];
} CPUTeachState;

typedef struct TeachCPU {
    CPUState parent_obj;
    CPUNeg neg;
    CPUTeachState env;
} TeachCPU;
_Static_assert(offsetof(TeachCPU, env) == offsetof(TeachCPU, neg) + sizeof(CPUNeg), "CPUNeg lies directly in front of env");

/* translate.c: the text of one instruction; its length, 0: none. */
int teach_disas(vaddr pc, const uint8_t *bytes, size_t len, char *text, size_t size);

#endif
