/*
 * Where generated code finds the fields of CPUNeg, which lies before env.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_CPU_NEG_H
#define TCG_CPU_NEG_H

#include "hw/core/cpu.h"
#include "tcg/tcg.h"

/* Sets the displacements from env in a context. */
static inline void tcg_context_find_cpu_neg(TCGContext *s)
{
    s->neg_exit_request = ENV_NEG_OFFSET(exit_request);
    s->neg_icount_left = ENV_NEG_OFFSET(icount_left);
    s->neg_jmp_cache = ENV_NEG_OFFSET(jmp_cache);
    s->neg_tb_key = ENV_NEG_OFFSET(tb_key);
    s->neg_host_regs = ENV_NEG_OFFSET(host_regs);
    s->neg_host_xmm = ENV_NEG_OFFSET(host_xmm);
    s->neg_slow_addr = ENV_NEG_OFFSET(slow_addr);
    s->neg_slow_val = ENV_NEG_OFFSET(slow_val);
    s->neg_simd_val = ENV_NEG_OFFSET(simd_val);
}

#endif
