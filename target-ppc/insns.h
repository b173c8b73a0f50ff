/*
 * The instruction table: one row for each instruction of the manual.
 *
 *   INSN(name, form, match, mask, needs)
 *
 * An opcode belongs to the row when (opcode & mask) == match. Bits outside the
 * mask are operands; reserved bits are inside it, so they must be zero. The
 * row's meaning is gen_NAME(). `needs` combines feature bits of cpu.h (the
 * model must have them all, else the opcode is illegal) with:
 *   SUPER   privileged
 *   FP_ON   MSR.FP must be set, else floating-point unavailable
 *   VEC_ON  MSR.VEC must be set, else AltiVec unavailable
 *   ENDS    the translation block ends behind it
 *
 * Read with several meanings of INSN: no include guard.
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/insns-int.h"
#include "target-ppc/insns-mem.h"
#include "target-ppc/insns-system.h"
#include "target-ppc/insns-power.h"
#include "target-ppc/insns-fp.h"
#include "target-ppc/insns-altivec.h"
