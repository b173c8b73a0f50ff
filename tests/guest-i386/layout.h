/*
 * Where the instruction tests keep things: the same linear addresses in the
 * host's program and in the bare-metal guest, so that results can be compared
 * as they are. Also read by assembly sources.
 *
 * SPDX-License-Identifier: MIT
 */
#define CODE_AREA   0x02000000      /* the instruction under test, then a jump back */
#define DATA_AREA   0x02001000      /* two pages of memory operands */
#define DATA_BYTES  0x2000
#define STACK_AREA  0x02003000
#define STACK_TOP   0x02003800      /* the test's stack pointer */
#define IN_STATE    0x02004000      /* struct State */
#define OUT_STATE   0x02005000
#define SAVED_SP    0x02006000
#define AREAS_BYTES 0x7000

/* struct State: 8 bytes each */
#define STATE_REGS   0
#define STATE_FLAGS  128
#define STATE_VECTOR 136            /* exception + 1, or 0 */
#define STATE_FAULT  144            /* its offset from the instruction */
#define STATE_FX     160            /* 512 bytes: FXSAVE image */
