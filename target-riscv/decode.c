/*
 * From bits to an Insn: the table of insns.h, and the fields of each form.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-riscv/insn.h"

enum { BUCKETS = 256 };

static const InsnRow rows[] = {
#define INSN(n, f, m, k, g, d, o) \
    { .name = #n, .form = FORM_##f, .match = m, .mask = k, .gen = gen_##g, .data = { d }, .operands = o },
#include "target-riscv/insns.h"
#undef INSN
};

/* Rows by major opcode and funct3; a list for each, ended by NULL. */
static const InsnRow **buckets[BUCKETS];

static unsigned bucket_of(uint32_t opcode)
{
    return (opcode >> 2 & 31) << 3 | (opcode >> 12 & 7);
}

static void check_overlap(const InsnRow *a)
{
    assert((a->match & ~a->mask) == 0);
    for (const InsnRow *b = rows; b < a; b++) {
        if (((a->match ^ b->match) & a->mask & b->mask) == 0) {
            fprintf(stderr, "instruction rows %s and %s overlap\n", a->name, b->name);
            abort();
        }
    }
}

void riscv_decode_init(void)
{
    GPtrArray *lists[BUCKETS];

    for (unsigned i = 0; i < BUCKETS; i++) {
        lists[i] = g_ptr_array_new();
    }
    for (unsigned n = 0; n < ARRAY_SIZE(rows); n++) {
        check_overlap(&rows[n]);
        for (unsigned i = 0; i < BUCKETS; i++) {
            uint32_t sample = (i >> 3) << 2 | (i & 7) << 12 | 3;

            if (((sample ^ rows[n].match) & rows[n].mask & 0x707f) == 0) {
                g_ptr_array_add(lists[i], (void *)&rows[n]);
            }
        }
    }
    for (unsigned i = 0; i < BUCKETS; i++) {
        g_ptr_array_add(lists[i], NULL);
        buckets[i] = (const InsnRow **)g_ptr_array_free(lists[i], false);
    }
}

static int32_t field(uint32_t opcode, unsigned first, unsigned bits) { return opcode >> first & ((1u << bits) - 1); }

/* Immediates (volume I, figure 2.4); all are signed by bit 31. */
static int32_t immediate(InsnForm form, uint32_t opcode)
{
    int32_t sign = (int32_t)opcode >> 31;

    switch (form) {
    case FORM_I:
        return (int32_t)opcode >> 20;
    case FORM_S:
        return (int32_t)(opcode & 0xfe000000) >> 20 | field(opcode, 7, 5);
    case FORM_B:
        return sign << 12 | field(opcode, 7, 1) << 11 | field(opcode, 25, 6) << 5 | field(opcode, 8, 4) << 1;
    case FORM_U:
        return opcode & 0xfffff000;
    case FORM_J:
        return sign << 20 | field(opcode, 12, 8) << 12 | field(opcode, 20, 1) << 11 | field(opcode, 21, 10) << 1;
    default:
        return 0;
    }
}

Insn riscv_decode(uint32_t opcode)
{
    Insn in = { .opcode = opcode, .length = riscv_insn_length(opcode) };
    uint32_t full = in.length == 2 ? riscv_expand(opcode) : opcode;

    for (const InsnRow **row = buckets[bucket_of(full)]; (full & 3) == 3 && *row; row++) {
        if ((full & (*row)->mask) == (*row)->match) {
            in.row = *row;
            in.rd = field(full, 7, 5);
            in.rs1 = field(full, 15, 5);
            in.rs2 = field(full, 20, 5);
            in.csr = field(full, 20, 12);
            in.imm = immediate(in.row->form, full);
            break;
        }
    }
    return in;
}
