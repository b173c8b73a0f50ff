/*
 * The functions that the CPU is in, for profiles: the frame records that compilers make with
 * -fno-omit-frame-pointer (RISC-V ELF psABI, "Frame Pointer Convention"): s0 points behind
 * the caller's s0 and, above it, the return address. A leaf keeps the caller's s0 alone.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-riscv/cpu.h"
#include "qemu/bswap.h"
#include "qemu/symbols.h"

enum { REG_RA = 1, REG_S0 = 8, MAX_FRAME_BYTES = 1 << 20 };

typedef struct FrameRecord {
    uint32_t outer, pc;         /* the caller's s0, the return address */
} FrameRecord;

static bool load_record(CPUState *cpu, uint32_t frame, FrameRecord *record)
{
    uint8_t bytes[8];

    if (!cpu_memory_rw_debug(cpu, frame - sizeof(bytes), bytes, sizeof(bytes), false)) {
        return false;
    }
    *record = (FrameRecord) { ldl_le_p(bytes), ldl_le_p(bytes + 4) };
    return true;
}

static bool is_outer(uint32_t frame, uint32_t outer)
{
    return outer > frame && outer - frame < MAX_FRAME_BYTES && !(outer & 3);
}

/* ra is where the current function returns to until it makes a call, which leaves an address inside it. */
static bool ra_is_return_address(const CPURISCVState *env)
{
    const char *here = symbol_lookup(env->pc, NULL), *there = symbol_lookup(env->gpr[REG_RA], NULL);

    return here && there && here != there;
}

unsigned riscv_cpu_backtrace(CPUState *cpu, vaddr *pcs, unsigned max)
{
    CPURISCVState *env = cpu->env;
    uint32_t frame = env->gpr[REG_S0];
    unsigned count = 0;
    FrameRecord record;

    if (max && ra_is_return_address(env)) {
        pcs[count++] = env->gpr[REG_RA];
    }
    while (count < max && frame && !(frame & 3) && load_record(cpu, frame, &record)) {
        if (count == 1 && is_outer(frame, record.pc)) {         /* a leaf's record */
            frame = record.pc;
            continue;
        }
        if (!record.pc || !is_outer(frame, record.outer)) {
            break;
        }
        if (!(count == 1 && record.pc == pcs[0])) {             /* saved, and still in ra */
            pcs[count++] = record.pc;
        }
        frame = record.outer;
    }
    return count;
}
