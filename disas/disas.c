/*
 * Disassembly through Capstone or by the target's own function, in the layout that
 * readers of these logs know: address, mnemonic padded to 8, operands without blanks.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "disas/disas.h"
#include <capstone/capstone.h>

enum { MAX_INSN_BYTES = 16, CHUNK_BYTES = 4096, MAX_KEPT = 4 };

typedef struct Disassembler {
    csh handle;
    cs_insn *insn;
    cs_arch arch;
    cs_mode mode;
    unsigned unit;          /* bytes to step over what is no instruction */
    int (*own)(vaddr pc, const uint8_t *bytes, size_t len, char *text, size_t size);   /* NULL: Capstone */
} Disassembler;

static bool disassembler_init(Disassembler *d, cs_arch arch, cs_mode mode)
{
    *d = (Disassembler) { .arch = arch, .mode = mode, .unit = arch == CS_ARCH_X86 ? 1 : 4 };
    if (cs_open(arch, mode, &d->handle) != CS_ERR_OK) {
        return false;
    }
    cs_option(d->handle, CS_OPT_DETAIL, CS_OPT_OFF);
    d->insn = cs_malloc(d->handle);
    return true;
}

/* Opening one takes as long as many instructions: each thread keeps those it used. */
static Disassembler *disassembler_get(cs_arch arch, cs_mode mode)
{
    static __thread Disassembler kept[MAX_KEPT];
    static __thread unsigned next;
    Disassembler *d;

    for (d = kept; d < kept + MAX_KEPT; d++) {
        if (d->handle && d->arch == arch && d->mode == mode) {
            return d;
        }
    }
    d = &kept[next++ % MAX_KEPT];
    if (d->handle) {
        cs_free(d->insn, 1);
        cs_close(&d->handle);
        d->handle = 0;
    }
    return disassembler_init(d, arch, mode) ? d : NULL;
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

/* One instruction by Capstone or the target's own function; moves on. False: there is none. */
static bool disassemble_insn(FILE *f, Disassembler *d, const uint8_t **bytes, size_t *size, uint64_t *address)
{
    char text[64];
    int length;

    if (!d->own) {
        if (!cs_disasm_iter(d->handle, bytes, size, address, d->insn)) {
            return false;
        }
        print_insn(f, d, d->insn);
        return true;
    }
    length = d->own(*address, *bytes, *size, text, sizeof(text));
    if (!length) {
        return false;
    }
    fprintf(f, "0x%08" PRIx64 ":  %s\n", *address, text);
    *bytes += length;
    *size -= length;
    *address += length;
    return true;
}

/* Print at most max_insns from `bytes`; returns how many bytes were used. */
static size_t disassemble(FILE *f, Disassembler *d, const uint8_t *bytes, size_t size, uint64_t address,
                          int max_insns)
{
    const uint8_t *start = bytes;

    while (size && max_insns-- > 0) {
        if (!disassemble_insn(f, d, &bytes, &size, &address)) {
            size_t step = MIN(d->unit, size);

            print_data(f, d, address, bytes, step);
            bytes += step;
            address += step;
            size -= step;
        }
    }
    return bytes - start;
}

/* NULL: there is none. */
static Disassembler *guest_disassembler(CPUState *cpu)
{
    static __thread Disassembler own;
    int arch, mode;

    if (cpu->cc->disas_insn) {
        own = (Disassembler) { .own = cpu->cc->disas_insn, .unit = cpu->cc->disas_unit };
        return &own;
    }
    if (!cpu->cc->disas_set_info) {
        return NULL;
    }
    cpu->cc->disas_set_info(cpu, &arch, &mode);
    return disassembler_get(arch, mode);
}

void target_disas(FILE *f, CPUState *cpu, vaddr code, size_t size)
{
    Disassembler *d = guest_disassembler(cpu);
    uint8_t bytes[CHUNK_BYTES];

    size = MIN(size, sizeof(bytes));
    if (d && cpu_memory_rw_debug(cpu, code, bytes, size, false)) {
        disassemble(f, d, bytes, size, code, INT_MAX);
    }
}

/* As many bytes at address as can be read, up to size: the next page may be missing. */
static size_t read_guest_code(CPUState *cpu, uint64_t address, uint8_t *bytes, size_t size, bool physical)
{
    while (size && (physical ? address_space_read(cpu->as, address, bytes, size) != MEMTX_OK
                             : !cpu_memory_rw_debug(cpu, address, bytes, size, false))) {
        size /= 2;
    }
    return size;
}

bool monitor_disas(FILE *f, CPUState *cpu, uint64_t address, uint64_t count, bool physical)
{
    Disassembler *d = guest_disassembler(cpu);
    uint8_t bytes[MAX_INSN_BYTES];

    while (d && count--) {
        size_t size = read_guest_code(cpu, address, bytes, sizeof(bytes), physical);

        if (!size) {
            fprintf(f, "Cannot access memory\n");
            break;
        }
        address += disassemble(f, d, bytes, size, address, 1);
    }
    return d != NULL;
}

void host_disas(FILE *f, const void *code, size_t size)
{
#if defined(__x86_64__)
    Disassembler *d = disassembler_get(CS_ARCH_X86, CS_MODE_64);
#else
    Disassembler *d = disassembler_get(CS_ARCH_ARM64, CS_MODE_LITTLE_ENDIAN);
#endif

    if (d) {
        disassemble(f, d, code, size, (uintptr_t)code, INT_MAX);
    }
}
