/*
 * Prototypes of the gen_NAME() functions, from the instruction table.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_INSN_GEN_H
#define TARGET_I386_INSN_GEN_H

#include "target-i386/translate.h"

#define INSN(name, map, opcode, prefix, modrm, operands, needs) GenFunction gen_##name;
#include "target-i386/insns.h"
#undef INSN

#endif
