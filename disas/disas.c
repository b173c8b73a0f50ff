/*
 * Disassembly through Capstone, in the layout that readers of these logs know:
 * address, mnemonic padded to 8, operands without blanks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "disas/disas.h"
#include <capstone/capstone.h>

enum { MAX_INSN_BYTES = 16, CHUNK_BYTES = 4096 };

typedef struct Disassembler {
    csh handle;
    cs_insn *insn;
    cs_arch arch;
    unsigned unit;          /* bytes to step over what is no instruction */
} Disassembler;

static bool disassembler_init(Disassembler *d, cs_arch arch, cs_mode mode)
{
    d->arch = arch;
    d->unit = arch == CS_ARCH_X86 ? 1 : 4;
    if (cs_open(arch, mode, &d->handle) != CS_ERR_OK) {
        return false;
    }
    cs_option(d->handle, CS_OPT_DETAIL, CS_OPT_OFF);
    d->insn = cs_malloc(d->handle);
    return true;
}

static void disassembler_cleanup(Disassembler *d)
{
    cs_free(d->insn, 1);
    cs_close(&d->handle);
}

/* --- PowerPC as its assemblers write it ---------------------------------------- */

/* Immediates in decimal; those of arithmetic are signed. */
static void append_number(GString *out, const char **p, bool signed16)
{
    char *end;
    bool negative = **p == '-';
    long long value = strtoll(*p + negative, &end, 0);

    if (negative) {
        value = -value;
    }
    g_string_append_printf(out, "%lld", signed16 ? (int16_t)value : value);
    *p = end;
}

/* "-" or "+" of a conditional branch: its static prediction (PEM 4.2.4.2). */
static const char *ppc_prediction(const cs_insn *insn)
{
    const uint8_t *b = insn->bytes;
    bool conditional = b[0] >> 2 == 16 && !((b[0] & 2) && (b[1] & 0x80));
    bool backward = b[2] & 0x80, y_bit = b[1] & 0x20;

    if (!conditional || insn->mnemonic[strlen(insn->mnemonic) - 1] == '+' ||
        insn->mnemonic[strlen(insn->mnemonic) - 1] == '-') {
        return "";
    }
    return backward == y_bit ? "-" : "+";
}

/* Primary opcodes 7, 8, 11 to 15: an immediate that is a signed number. */
static bool ppc_has_simm(const cs_insn *insn)
{
    unsigned primary = insn->bytes[0] >> 2;

    return primary == 7 || primary == 8 || (primary >= 11 && primary <= 15);
}

static char *adapt_ppc_operands(const cs_insn *insn)
{
    GString *out = g_string_new(NULL);
    bool branch = insn->mnemonic[0] == 'b';
    bool signed16 = ppc_has_simm(insn);

    if (!strcmp(insn->mnemonic, "sync") && !strcmp(insn->op_str, "0")) {
        return g_string_free(out, false);
    }

    for (const char *p = insn->op_str; *p;) {
        bool starts = p == insn->op_str || p[-1] == ' ' || p[-1] == ',';

        if (*p == ' ') {
            p++;
        } else if (!branch && starts && (isdigit((unsigned char)*p) || *p == '-')) {
            append_number(out, &p, signed16);
        } else {
            g_string_append_c(out, *p++);
        }
    }
    return g_string_free(out, false);
}

/* --- printing ------------------------------------------------------------------- */

static void print_insn(FILE *f, const Disassembler *d, const cs_insn *insn)
{
    bool ppc = d->arch == CS_ARCH_PPC;
    char *mnemonic = g_strconcat(insn->mnemonic, ppc ? ppc_prediction(insn) : "", NULL);
    char *operands = ppc ? adapt_ppc_operands(insn) : g_strdup(insn->op_str);

    if (*operands) {
        fprintf(f, "0x%08" PRIx64 ":  %-7s %s\n", insn->address, mnemonic, operands);
    } else {
        fprintf(f, "0x%08" PRIx64 ":  %s\n", insn->address, mnemonic);
    }
    g_free(mnemonic);
    g_free(operands);
}

static void print_data(FILE *f, const Disassembler *d, uint64_t address, const uint8_t *bytes, size_t size)
{
    fprintf(f, "0x%08" PRIx64 ":  %s 0x", address, size == 4 ? ".long  " : ".byte  ");
    for (size_t i = 0; i < size; i++) {
        fprintf(f, "%02x", bytes[i]);
    }
    fputc('\n', f);
}

/* Print at most max_insns from `bytes`; returns how many bytes were used. */
static size_t disassemble(FILE *f, Disassembler *d, const uint8_t *bytes, size_t size, uint64_t address,
                          int max_insns)
{
    const uint8_t *start = bytes;

    while (size && max_insns-- > 0) {
        if (cs_disasm_iter(d->handle, &bytes, &size, &address, d->insn)) {
            print_insn(f, d, d->insn);
        } else {
            size_t step = MIN(d->unit, size);

            print_data(f, d, address, bytes, step);
            bytes += step;
            address += step;
            size -= step;
        }
    }
    return bytes - start;
}

static bool guest_disassembler_init(Disassembler *d, CPUState *cpu)
{
    int arch, mode;

    if (!cpu->cc->disas_set_info) {
        return false;
    }
    cpu->cc->disas_set_info(cpu, &arch, &mode);
    return disassembler_init(d, arch, mode);
}

void target_disas(FILE *f, CPUState *cpu, vaddr code, size_t size)
{
    Disassembler d;
    uint8_t bytes[CHUNK_BYTES];

    size = MIN(size, sizeof(bytes));
    if (!guest_disassembler_init(&d, cpu)) {
        return;
    }
    if (cpu_memory_rw_debug(cpu, code, bytes, size, false)) {
        disassemble(f, &d, bytes, size, code, INT_MAX);
    }
    disassembler_cleanup(&d);
}

void monitor_disas(FILE *f, CPUState *cpu, uint64_t address, int count, bool physical)
{
    Disassembler d;
    uint8_t bytes[MAX_INSN_BYTES];

    if (!guest_disassembler_init(&d, cpu)) {
        return;
    }
    while (count-- > 0) {
        size_t size = d.unit == 4 ? 4 : sizeof(bytes);
        bool ok = physical ? address_space_read(cpu->as, address, bytes, size) == MEMTX_OK
                           : cpu_memory_rw_debug(cpu, address, bytes, size, false);

        if (!ok) {
            fprintf(f, "Cannot access memory\n");
            break;
        }
        address += disassemble(f, &d, bytes, size, address, 1);
    }
    disassembler_cleanup(&d);
}

void host_disas(FILE *f, const void *code, size_t size)
{
    Disassembler d;

#if defined(__x86_64__)
    if (!disassembler_init(&d, CS_ARCH_X86, CS_MODE_64)) {
        return;
    }
#else
    if (!disassembler_init(&d, CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN)) {
        return;
    }
#endif
    disassemble(f, &d, code, size, (uintptr_t)code, INT_MAX);
    disassembler_cleanup(&d);
}
