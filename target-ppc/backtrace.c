/*
 * The functions that the CPU is in, for profiles: the back chain of the System V
 * ABI (PowerPC supplement, "The Stack Frame").
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/cpu.h"
#include "qemu/bswap.h"
#include "qemu/symbols.h"

enum { MAX_FRAME_BYTES = 1 << 20, LR_SAVE_WORD = 4 };

static bool load_word(CPUState *cpu, uint32_t addr, uint32_t *value)
{
    uint8_t bytes[4];

    if (!cpu_memory_rw_debug(cpu, addr, bytes, sizeof(bytes), false)) {
        return false;
    }
    *value = ldl_be_p(bytes);
    return true;
}

/*
 * LR is where the current function returns to until it makes a call, which leaves
 * an address inside the function in LR.
 */
static bool lr_is_return_address(const CPUPPCState *env)
{
    const char *here = symbol_lookup(env->nip, NULL), *there = symbol_lookup(env->lr, NULL);

    return env->lr && here && there && here != there;
}

unsigned ppc_cpu_backtrace(CPUState *cpu, vaddr *pcs, unsigned max)
{
    CPUPPCState *env = cpu->env;
    uint32_t frame = env->gpr[1], outer, lr;
    unsigned count = 0;

    if (max && lr_is_return_address(env)) {
        pcs[count++] = env->lr;
    }
    while (count < max && frame && !(frame & 3) && load_word(cpu, frame, &outer) && outer > frame &&
           outer - frame < MAX_FRAME_BYTES && load_word(cpu, outer + LR_SAVE_WORD, &lr) && lr && !(lr & 3)) {
        if (!(count == 1 && lr == pcs[0])) {    /* saved, and still in LR */
            pcs[count++] = lr;
        }
        frame = outer;
    }
    return count;
}
