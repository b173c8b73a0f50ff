/*
 * Instructions as text, by the operands column of insns.h. Compressed ones are shown
 * as what they stand for, with "c." in front.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "target-riscv/insn.h"

static void append_csr(GString *out, unsigned csr)
{
    const char *name = riscv_csr_name(csr);

    if (name) {
        g_string_append(out, name);
    } else {
        g_string_append_printf(out, "0x%x", csr);
    }
}

static void append_operand(GString *out, const Insn *in, char what, uint32_t pc)
{
    switch (what) {
    case 'd':
        g_string_append(out, riscv_gpr_names[in->rd]);
        break;
    case '1':
        g_string_append(out, riscv_gpr_names[in->rs1]);
        break;
    case '2':
        g_string_append(out, riscv_gpr_names[in->rs2]);
        break;
    case 'i':
    case 's':
        g_string_append_printf(out, "%d", in->imm);
        break;
    case 'b':
    case 'j':
        g_string_append_printf(out, "0x%x", pc + in->imm);
        break;
    case 'u':
        g_string_append_printf(out, "0x%x", (uint32_t)in->imm >> 12);
        break;
    case 'h':
        g_string_append_printf(out, "%u", in->rs2);
        break;
    case 'c':
        append_csr(out, in->csr);
        break;
    case 'z':
        g_string_append_printf(out, "%u", in->rs1);
        break;
    default:
        g_string_append_c(out, what);
        break;
    }
}

int riscv_disas(vaddr pc, const uint8_t *bytes, size_t len, char *text, size_t size)
{
    unsigned length = len < 2 ? 2 : riscv_insn_length(lduw_le_p(bytes));
    g_autoptr(GString) out = g_string_new(NULL);
    Insn in;

    if (len < length) {
        return 0;
    }
    in = riscv_decode(length == 4 ? ldl_le_p(bytes) : lduw_le_p(bytes));
    if (!in.row) {
        return 0;
    }
    g_string_append_printf(out, "%s%s", length == 2 ? "c." : "", in.row->name);
    for (char *p = out->str; *p; p++) {
        *p = *p == '_' ? '.' : *p;
    }
    if (*in.row->operands) {
        g_string_append_printf(out, "%*s", MAX(8 - (int)out->len, 1), "");
    }
    for (const char *p = in.row->operands; *p; p++) {
        append_operand(out, &in, *p, pc);
    }
    g_strlcpy(text, out->str, size);
    return length;
}
