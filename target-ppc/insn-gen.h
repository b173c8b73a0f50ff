/*
 * Prototypes of the gen_NAME() functions, from the instruction table.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_INSN_GEN_H
#define TARGET_PPC_INSN_GEN_H

#include "target-ppc/translate.h"

#define INSN(name, form, match, mask, needs) GenFunction gen_##name;
#include "target-ppc/insns.h"
#undef INSN

#endif
