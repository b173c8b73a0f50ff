/*
 * AltiVec instructions (AltiVec Technology PEM, chapter 6).
 *
 * SPDX-License-Identifier: MIT
 */
#include "target-ppc/translate-fp.h"

TCGv_vec cpu_vr[32];

void translate_altivec_init(void)
{
    static char names[32][8];

    for (unsigned i = 0; i < 32; i++) {
        snprintf(names[i], sizeof(names[i]), "v%u", i & 31);
        cpu_vr[i] = tcg_global_mem_new_vec(offsetof(CPUPPCState, vr) + 16 * i, names[i]);
    }
}
