/*
 * The functions that the CPU is in, for profiles: the chain of frame pointers
 * in (R)BP, where the guest's compiler keeps one. 32- and 64-bit code.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu.h"
#include "qemu/bswap.h"
#include "qemu/symbols.h"

enum { MAX_FRAME_BYTES = 1 << 20 };

/*
 * A function that makes no frame: its return address is on top of the stack, and
 * behind a CALL (E8, 32-bit displacement) of the function. False: not so.
 */
static bool frameless_caller(CPUState *cpu, unsigned word, vaddr *caller)
{
    enum { CALL_BYTES = 5, CALL_OPCODE = 0xe8 };
    CPUX86State *env = cpu->env;
    uint64_t mask = word == 8 ? UINT64_MAX : UINT32_MAX, pc = cpu->cc->get_pc(cpu), offset;
    uint8_t bytes[8], call[CALL_BYTES];

    if (!symbol_lookup(pc, &offset) ||
        !cpu_memory_rw_debug(cpu, (env->regs[R_ESP] + env->segs[R_SS].base) & mask, bytes, word, false)) {
        return false;
    }
    *caller = (word == 8 ? ldq_le_p(bytes) : ldl_le_p(bytes) + env->segs[R_CS].base) & mask;
    return cpu_memory_rw_debug(cpu, (*caller - CALL_BYTES) & mask, call, CALL_BYTES, false) &&
           call[0] == CALL_OPCODE && ((*caller + (int32_t)ldl_le_p(call + 1)) & mask) == pc - offset;
}

unsigned x86_cpu_backtrace(CPUState *cpu, vaddr *pcs, unsigned max)
{
    CPUX86State *env = cpu->env;
    unsigned count = 0, word = env->hflags & HF_CS64 ? 8 : 4;
    uint64_t frame = env->regs[R_EBP];
    uint8_t bytes[16];

    if (!(env->hflags & (HF_CS64 | HF_CS32)) || env->hflags & HF_VM) {
        return 0;
    }
    if (max && frameless_caller(cpu, word, &pcs[0])) {
        count++;
    }
    frame = word == 8 ? frame : (uint32_t)(frame + env->segs[R_SS].base);
    while (count < max && frame && !(frame & (word - 1)) &&
           cpu_memory_rw_debug(cpu, frame, bytes, 2 * word, false)) {
        uint64_t outer = word == 8 ? ldq_le_p(bytes) : ldl_le_p(bytes);
        uint64_t pc = word == 8 ? ldq_le_p(bytes + 8) : ldl_le_p(bytes + 4);

        if (!pc) {
            break;
        }
        pcs[count++] = word == 8 ? pc : (uint32_t)(pc + env->segs[R_CS].base);
        outer = word == 8 ? outer : (uint32_t)(outer + env->segs[R_SS].base);
        if (outer <= frame || outer - frame > MAX_FRAME_BYTES) {
            break;
        }
        frame = outer;
    }
    return count;
}
