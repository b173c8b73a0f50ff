/*
 * info registers, -d cpu: all registers as text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/system.h"

static const char *const seg_names[SEG_COUNT] = { "ES", "CS", "SS", "DS", "FS", "GS" };

static bool is_wide(const CPUX86State *env)
{
    return env->hflags & HF_CS64;
}

static void dump_gprs(const CPUX86State *env, FILE *f)
{
    static const char *const names32[8] = { "EAX", "EBX", "ECX", "EDX", "ESI", "EDI", "EBP", "ESP" };
    static const uint8_t order[8] = { R_EAX, R_EBX, R_ECX, R_EDX, R_ESI, R_EDI, R_EBP, R_ESP };

    for (unsigned i = 0; i < 8; i++) {
        uint64_t value = env->regs[order[i]];

        if (is_wide(env)) {
            fprintf(f, "R%s=%016" PRIx64 "%c", names32[i] + 1, value, i % 4 == 3 ? '\n' : ' ');
        } else {
            fprintf(f, "%s=%08" PRIx32 "%c", names32[i], (uint32_t)value, i % 4 == 3 ? '\n' : ' ');
        }
    }
    for (unsigned i = 8; is_wide(env) && i < CPU_NB_REGS; i++) {
        fprintf(f, "R%-2u=%016" PRIx64 "%c", i, (uint64_t)env->regs[i], i % 4 == 3 ? '\n' : ' ');
    }
}

static void dump_eip(CPUX86State *env, FILE *f)
{
    CPUState *cpu = env_cpu(env);
    uint32_t flags = x86_get_eflags(env);

    if (is_wide(env)) {
        fprintf(f, "RIP=%016" PRIx64 " RFL=%08x", (uint64_t)env->eip, flags);
    } else {
        fprintf(f, "EIP=%08x EFL=%08x", (uint32_t)env->eip, flags);
    }
    fprintf(f, " [%c%c%c%c%c%c%c] CPL=%u II=%d A20=%d SMM=%d HLT=%u\n", flags & DF_MASK ? 'D' : '-',
            flags & CC_O ? 'O' : '-', flags & CC_S ? 'S' : '-', flags & CC_Z ? 'Z' : '-', flags & CC_A ? 'A' : '-',
            flags & CC_P ? 'P' : '-', flags & CC_C ? 'C' : '-', env_cpl(env), !!(env->hflags & HF_INHIBIT_IRQ),
            env->a20_mask >> 20 & 1, !!(env->hflags & HF_SMM), cpu->halted);
}

/* What kind of segment: "DPL=0 CS32 [-RA]". */
void x86_dump_segment_kind(const CPUX86State *env, const SegmentCache *seg, FILE *f)
{
    static const char *const legacy_types[16] = {
        "Reserved", "TSS16-avl", "LDT", "TSS16-busy", "CallGate16", "TaskGate", "IntGate16", "TrapGate16",
        "Reserved", "TSS32-avl", "Reserved", "TSS32-busy", "CallGate32", "Reserved", "IntGate32", "TrapGate32",
    };
    static const char *const long_types[16] = {
        "<hiword>", "Reserved", "LDT", "Reserved", "Reserved", "Reserved", "Reserved", "Reserved",
        "Reserved", "TSS64-avl", "Reserved", "TSS64-busy", "CallGate64", "Reserved", "IntGate64", "TrapGate64",
    };
    uint32_t flags = seg->flags;
    unsigned type = flags >> DESC_TYPE_SHIFT & 15;

    fprintf(f, " DPL=%u ", flags >> DESC_DPL_SHIFT & 3);
    if (!(flags & DESC_S_MASK)) {
        fputs(env->efer & MSR_EFER_LMA ? long_types[type] : legacy_types[type], f);
    } else if (flags & DESC_CS_MASK) {
        fprintf(f, "%s [%c%c", flags & DESC_L_MASK ? "CS64" : flags & DESC_B_MASK ? "CS32" : "CS16",
                flags & DESC_C_MASK ? 'C' : '-', flags & DESC_R_MASK ? 'R' : '-');
    } else {
        fprintf(f, "%s [%c%c", flags & DESC_B_MASK || env->efer & MSR_EFER_LMA ? "DS  " : "DS16",
                flags & DESC_E_MASK ? 'E' : '-', flags & DESC_W_MASK ? 'W' : '-');
    }
    if (flags & DESC_S_MASK) {
        fprintf(f, "%c]", flags & DESC_A_MASK ? 'A' : '-');
    }
}

static void dump_segment(const CPUX86State *env, const char *name, const SegmentCache *seg, FILE *f)
{
    fprintf(f, "%-3s=%04x ", name, seg->selector);
    if (is_wide(env)) {
        fprintf(f, "%016" PRIx64, (uint64_t)seg->base);
    } else {
        fprintf(f, "%08x", (uint32_t)seg->base);
    }
    fprintf(f, " %08x %08x", seg->limit, seg->flags & 0x00ffff00);
    if (env->hflags & HF_PE && seg->flags & DESC_P_MASK) {
        x86_dump_segment_kind(env, seg, f);
    }
    fputc('\n', f);
}

static void dump_table(const CPUX86State *env, const char *name, const SegmentCache *table, FILE *f)
{
    if (is_wide(env)) {
        fprintf(f, "%s=     %016" PRIx64 " %08x\n", name, (uint64_t)table->base, table->limit);
    } else {
        fprintf(f, "%s=     %08x %08x\n", name, (uint32_t)table->base, table->limit);
    }
}

static void dump_system(const CPUX86State *env, FILE *f)
{
    if (is_wide(env)) {
        fprintf(f, "CR0=%08x CR2=%016" PRIx64 " CR3=%016" PRIx64 " CR4=%08x\n", (uint32_t)env->cr[0],
                (uint64_t)env->cr[2], (uint64_t)env->cr[3], (uint32_t)env->cr[4]);
    } else {
        fprintf(f, "CR0=%08x CR2=%08x CR3=%08x CR4=%08x\n", (uint32_t)env->cr[0], (uint32_t)env->cr[2],
                (uint32_t)env->cr[3], (uint32_t)env->cr[4]);
    }
    for (unsigned i = 0; i < 4; i++) {
        fprintf(f, "DR%u=" TARGET_FMT_lx " ", i, env->dr[i]);
    }
    fprintf(f, "\nDR6=" TARGET_FMT_lx " DR7=" TARGET_FMT_lx "\n", env->dr[6], env->dr[7]);
    fprintf(f, "EFER=%016" PRIx64 "\n", env->efer);
}

static void dump_fpu(const CPUX86State *env, FILE *f)
{
    unsigned valid = 0;

    for (unsigned i = 0; i < 8; i++) {
        valid |= (env->fptags[i] ? 0u : 1u) << i;
    }
    fprintf(f, "FCW=%04x FSW=%04x [ST=%u] FTW=%02x MXCSR=%08x\n", env->fpuc,
            (env->fpus & ~0x3800u) | (env->fpstt & 7) << 11, env->fpstt, valid, env->mxcsr);
    for (unsigned i = 0; i < 8; i++) {
        fprintf(f, "FPR%u=%016" PRIx64 " %04x%c", i, env->fpregs[i].f80.low, env->fpregs[i].f80.high,
                i % 2 ? '\n' : ' ');
    }
    for (unsigned i = 0; i < (is_wide(env) ? CPU_NB_REGS : 8); i++) {
        fprintf(f, "XMM%02u=%016" PRIx64 " %016" PRIx64 "%c", i, env->ymm[i].u64[1], env->ymm[i].u64[0],
                i % 2 ? '\n' : ' ');
    }
}

void x86_cpu_dump_state(CPUState *cpu, FILE *f, int flags)
{
    CPUX86State *env = cpu->env;

    dump_gprs(env, f);
    dump_eip(env, f);
    for (unsigned i = 0; i < SEG_COUNT; i++) {
        dump_segment(env, seg_names[i], &env->segs[i], f);
    }
    dump_segment(env, "LDT", &env->ldt, f);
    dump_segment(env, "TR", &env->tr, f);
    dump_table(env, "GDT", &env->gdt, f);
    dump_table(env, "IDT", &env->idt, f);
    dump_system(env, f);
    if (flags & DUMP_FPU) {
        if (cpu == current_cpu) {
            x86_fpu_to_env(env);
        }
        dump_fpu(env, f);
    }
}
