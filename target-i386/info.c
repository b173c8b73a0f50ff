/*
 * What OS developers ask: the descriptor tables decoded (info idt, gdt, ldt),
 * the page walk of an address (info walk), and why exceptions came: what their
 * error codes point at.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/monitor.h"
#include "target-i386/mmu.h"
#include "target-i386/system.h"

/* --- descriptors --------------------------------------------------------------------------------------------- */

/* From a table, without faults. False: memory that is not mapped, or beyond the limit. */
static bool peek(CPUX86State *env, const SegmentCache *table, unsigned offset, unsigned bytes, Descriptor *d)
{
    uint32_t words[4] = { 0 };

    if (offset + bytes - 1 > table->limit ||
        !cpu_memory_rw_debug(env_cpu(env), x86_linear(env, table->base, offset), words, bytes, false)) {
        return false;
    }
    *d = (Descriptor) { .lo = words[0], .hi = words[1], .base_high = words[2], .last = words[3] };
    return true;
}

static bool is_gate(const Descriptor *d)
{
    static const uint32_t gates = 1 << SYS_CALL16 | 1 << SYS_TASK_GATE | 1 << SYS_INT16 | 1 << SYS_TRAP16 |
                                  1 << SYS_CALL32 | 1 << SYS_INT32 | 1 << SYS_TRAP32;

    return desc_is_system(d) && gates >> desc_type(d) & 1;
}

/* In long mode system descriptors have 16 bytes. */
static unsigned bytes_of(const CPUX86State *env, const Descriptor *d)
{
    return env->efer & MSR_EFER_LMA && desc_is_system(d) && desc_type(d) ? 16 : 8;
}

static void print_descriptor(const CPUX86State *env, const Descriptor *d, FILE *f)
{
    SegmentCache cache = desc_cache(0, d);
    bool wide = bytes_of(env, d) == 16;

    fprintf(f, "%08x%08x", d->hi, d->lo);
    if (is_gate(d)) {
        bool wide_gate = desc_type(d) & 8;

        fprintf(f, " %04x:%0*" PRIx64, gate_selector(d), wide ? 16 : 8, gate_offset(d, wide_gate));
    } else {
        fprintf(f, " base=%0*" PRIx64 " limit=%08x", wide ? 16 : 8, (uint64_t)cache.base, cache.limit);
    }
    x86_dump_segment_kind(env, &cache, f);
    if (is_gate(d) && wide && d->hi & 7) {
        fprintf(f, " IST=%u", d->hi & 7);
    }
    fputs(desc_present(d) ? "\n" : " not present\n", f);
}

static void print_table(CPUX86State *env, const char *name, const SegmentCache *table, bool wide, FILE *f)
{
    fprintf(f, "%s: base=" TARGET_FMT_lx " limit=%04x\n", name, table->base, table->limit);
    for (unsigned offset = 0; offset + 7 <= table->limit && offset < 0x10000;) {
        Descriptor d;
        unsigned step = wide ? 16 : 8;

        if (!peek(env, table, offset, step, &d)) {
            fprintf(f, "  %04x: not mapped\n", offset);
            break;
        }
        if (!wide && bytes_of(env, &d) == 16 && peek(env, table, offset, 16, &d)) {
            step = 16;
        }
        if (d.lo || d.hi) {
            fprintf(f, wide || table == &env->idt ? "  %02x: " : "  %04x: ", table == &env->idt ? offset / step : offset);
            print_descriptor(env, &d, f);
        }
        offset += step;
    }
}

static void print_real_idt(CPUX86State *env, FILE *f)
{
    fprintf(f, "IVT: base=" TARGET_FMT_lx " limit=%04x\n", env->idt.base, env->idt.limit);
    for (unsigned vector = 0; vector < 256 && vector * 4 + 3 <= env->idt.limit; vector++) {
        uint16_t entry[2];

        if (cpu_memory_rw_debug(env_cpu(env), env->idt.base + 4 * vector, entry, sizeof(entry), false)) {
            fprintf(f, "  %02x: %04x:%04x\n", vector, entry[1], entry[0]);
        }
    }
}

/* --- commands -------------------------------------------------------------------------------------------------- */

static void print_idt(CPUState *cpu, FILE *f, void *opaque)
{
    CPUX86State *env = cpu->env;

    if (env->cr[0] & CR0_PE_MASK) {
        print_table(env, "IDT", &env->idt, env->efer & MSR_EFER_LMA, f);
    } else {
        print_real_idt(env, f);
    }
}

static void print_gdt(CPUState *cpu, FILE *f, void *opaque)
{
    print_table(cpu->env, "GDT", &cpu->env->gdt, false, f);
}

static void print_ldt(CPUState *cpu, FILE *f, void *opaque)
{
    CPUX86State *env = cpu->env;

    if (!(env->ldt.flags & DESC_P_MASK)) {
        fprintf(f, "LDT: none (LDTR=%04x)\n", env->ldt.selector);
    } else {
        print_table(env, "LDT", &env->ldt, false, f);
    }
}

static void info_idt(Monitor *mon, const char *args) { monitor_print_cpu(mon, print_idt, NULL); }
static void info_gdt(Monitor *mon, const char *args) { monitor_print_cpu(mon, print_gdt, NULL); }
static void info_ldt(Monitor *mon, const char *args) { monitor_print_cpu(mon, print_ldt, NULL); }

static const HMPCommand commands[] = {
    { "info idt", NULL, "", "show the interrupt descriptor table", info_idt },
    { "info gdt", NULL, "", "show the global descriptor table", info_gdt },
    { "info ldt", NULL, "", "show the local descriptor table", info_ldt },
};

static void QEMU_CONSTRUCTOR register_commands(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        hmp_register(&commands[i]);
    }
}

/* --- why -------------------------------------------------------------------------------------------------------- */

/* Error code of a descriptor: EXT, IDT, TI, index (SDM 3A 6.13). */
static void explain_selector(CPUX86State *env, uint32_t code, FILE *f)
{
    enum { CODE_EXT = 1, CODE_IDT = 2 };
    const SegmentCache *table = code & CODE_IDT ? &env->idt : code & SEL_LDT ? &env->ldt : &env->gdt;
    bool wide_idt = code & CODE_IDT && env->efer & MSR_EFER_LMA;
    unsigned offset = (code & 0xfff8) << wide_idt;
    Descriptor d;

    if (!(code & ~CODE_EXT)) {
        fprintf(f, "    error code 0: no descriptor is to blame\n");
        return;
    }
    fprintf(f, "    %s entry %02x%s: ", code & CODE_IDT ? "IDT" : code & SEL_LDT ? "LDT" : "GDT", code >> 3,
            code & CODE_EXT ? " (external event)" : "");
    if (offset + (wide_idt ? 15u : 7u) > table->limit) {
        fprintf(f, "beyond the table's limit %04x\n", table->limit);
    } else if (!peek(env, table, offset, wide_idt ? 16 : 8, &d)) {
        fprintf(f, "the table at " TARGET_FMT_lx " is not mapped\n", table->base);
    } else {
        print_descriptor(env, &d, f);
    }
}

static void explain_page_fault(CPUX86State *env, const X86Fault *fault, FILE *f)
{
    uint32_t code = fault->error_code;

    fprintf(f, "    %s%s of a %s page by %s mode%s\n", code & PG_ERROR_RSVD ? "reserved bits, " : "",
            code & PG_ERROR_ID ? "fetch" : code & PG_ERROR_W ? "store" : "load",
            code & PG_ERROR_P ? "present" : "missing", code & PG_ERROR_U ? "user" : "supervisor",
            code & PG_ERROR_PK ? ", protection key" : "");
    x86_dump_walk(env_cpu(env), fault->cr2, f);
}

/* The gate that a vector goes through. */
static void explain_gate(CPUX86State *env, unsigned vector, FILE *f)
{
    unsigned size = env->efer & MSR_EFER_LMA ? 16 : 8;
    Descriptor d;

    fprintf(f, "    its gate, IDT entry %02x: ", vector);
    if (!(env->cr[0] & CR0_PE_MASK)) {
        fprintf(f, "real mode\n");
    } else if (vector * size + size - 1 > env->idt.limit) {
        fprintf(f, "beyond the table's limit %04x\n", env->idt.limit);
    } else if (!peek(env, &env->idt, vector * size, size, &d)) {
        fprintf(f, "the table at " TARGET_FMT_lx " is not mapped\n", env->idt.base);
    } else {
        print_descriptor(env, &d, f);
    }
}

void x86_explain_faults(CPUX86State *env, FILE *f)
{
    for (unsigned i = 0; i < env->num_faults; i++) {
        const X86Fault *fault = &env->faults[i];

        fprintf(f, "  %u. %s(%04x) at %04x:" TARGET_FMT_lx "%s\n", i + 1, x86_exception_name(fault->vector),
                fault->error_code, fault->selector, fault->eip,
                i == 0 ? "" : i == 1 ? ", while that was delivered" : ", while #DF was delivered");
        if (fault->vector == EXCP0E_PAGE) {
            explain_page_fault(env, fault, f);
        } else if (fault->vector >= EXCP0A_TSS && fault->vector <= EXCP0D_GPF) {
            explain_selector(env, fault->error_code, f);
        }
        if (i < 2) {
            explain_gate(env, i ? EXCP08_DBLE : fault->vector, f);
        }
    }
}
