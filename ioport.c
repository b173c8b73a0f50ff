/*
 * I/O port accesses of a guest CPU (x86 IN, OUT and their string forms).
 *
 * Ports where nothing is answer with all ones; writes to them are lost. An
 * access that runs over the end of a device's ports is made in pieces.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/cputlb-internal.h"
#include "exec/ioport.h"
#include "qemu/main-loop.h"

#define PORT_MASK 0xffff

/* Bytes of an access at port that one device gets. */
static unsigned port_piece(uint32_t port, unsigned size)
{
    MemoryRegionSection s = address_space_find(&address_space_io, port);

    while (!address_space_section_takes(&s, port, size)) {
        size /= 2;
    }
    return size;
}

static MemOp port_op(unsigned size)
{
    return (MemOp)__builtin_ctz(size);
}

uint32_t cpu_ioport_in(CPUState *cpu, uint32_t port, unsigned size, uintptr_t ra)
{
    bool locked = qemu_mutex_iothread_locked();
    int ahead = tlb_io_begin(cpu, locked, ra);
    uint32_t val = 0;

    for (unsigned done = 0, n; done < size; done += n) {
        uint32_t at = (port + done) & PORT_MASK, part;
        MemTxResult r;

        n = port_piece(at, size - done);
        part = address_space_ld(&address_space_io, at, port_op(n), &r);
        if (r != MEMTX_OK) {
            part = UINT32_MAX >> (32 - 8 * n);
        }
        val |= part << 8 * done;
    }
    tlb_io_end(cpu, locked, ahead);
    return val;
}

void cpu_ioport_out(CPUState *cpu, uint32_t port, uint32_t val, unsigned size, uintptr_t ra)
{
    bool locked = qemu_mutex_iothread_locked();
    int ahead = tlb_io_begin(cpu, locked, ra);

    for (unsigned done = 0, n; done < size; done += n) {
        uint32_t at = (port + done) & PORT_MASK;
        MemTxResult r;

        n = port_piece(at, size - done);
        address_space_st(&address_space_io, at, val >> 8 * done, port_op(n), &r);
    }
    tlb_io_end(cpu, locked, ahead);
}
