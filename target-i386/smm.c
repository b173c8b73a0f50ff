/*
 * System management mode: entry, RSM, and the state save maps: the 32-bit one
 * (SDM 3C table 31-1) and, on processors with long mode, the 64-bit one (APM 2
 * table 10-1). Descriptor caches are at places of our own where the 32-bit map
 * leaves them undefined.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "target-i386/mmu.h"
#include "target-i386/system.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

enum { SMM_ENTRY = 0x8000, MAP_OFFSET = 0xfe00, MAP_SIZE = 0x200 };
enum { REVISION_32 = 0x00020000, REVISION_64 = 0x00020064 };

/* The map as bytes; offsets are those of the manuals. */
typedef struct SaveMap {
    uint8_t bytes[MAP_SIZE];
} SaveMap;

static void put16(SaveMap *m, unsigned offset, uint16_t value) { stw_le_p(m->bytes + offset - MAP_OFFSET, value); }
static void put32(SaveMap *m, unsigned offset, uint32_t value) { stl_le_p(m->bytes + offset - MAP_OFFSET, value); }
static uint32_t get32(const SaveMap *m, unsigned offset) { return ldl_le_p(m->bytes + offset - MAP_OFFSET); }

/* --- the memory view --------------------------------------------------------------------------------------- */

static void enter_smm_memory(CPUState *cpu)
{
    if (cpu->env->smm_as) {
        cpu_set_address_space(cpu, cpu->env->smm_as);
    }
}

void x86_leave_smm_memory(CPUState *cpu)
{
    if (cpu->as != &address_space_memory) {
        cpu_set_address_space(cpu, &address_space_memory);
    }
}

#ifdef TARGET_X86_64
/* --- the 64-bit map ------------------------------------------------------------------------------------------ */

enum {
    M64_SEGS = 0xfe00, M64_GDT = 0xfe60, M64_LDT = 0xfe70, M64_IDT = 0xfe80, M64_TR = 0xfe90,
    M64_AUTO_HALT = 0xfec9, M64_EFER = 0xfed0, M64_REVISION = 0xfefc, M64_SMBASE = 0xff00, M64_CR4 = 0xff48,
    M64_CR3 = 0xff50, M64_CR0 = 0xff58, M64_DR7 = 0xff60, M64_DR6 = 0xff68, M64_RFLAGS = 0xff70,
    M64_RIP = 0xff78, M64_REGS = 0xfff8,
};

static void put64(SaveMap *m, unsigned offset, uint64_t value) { stq_le_p(m->bytes + offset - MAP_OFFSET, value); }
static uint16_t get16(const SaveMap *m, unsigned offset) { return lduw_le_p(m->bytes + offset - MAP_OFFSET); }
static uint64_t get64(const SaveMap *m, unsigned offset) { return ldq_le_p(m->bytes + offset - MAP_OFFSET); }

static void put_seg64(SaveMap *m, unsigned offset, const SegmentCache *seg)
{
    put16(m, offset, seg->selector);
    put16(m, offset + 2, (seg->flags >> 8 & 0xff) | (seg->flags >> 12 & 0xf00));
    put32(m, offset + 4, seg->limit);
    put64(m, offset + 8, seg->base);
}

static SegmentCache get_seg64(const SaveMap *m, unsigned offset)
{
    uint32_t attributes = get16(m, offset + 2);

    return (SegmentCache) {
        .selector = get16(m, offset), .flags = (attributes & 0xff) << 8 | (attributes & 0xf00) << 12,
        .limit = get32(m, offset + 4), .base = get64(m, offset + 8),
    };
}

static void save_64(CPUX86State *env, SaveMap *m, bool halted)
{
    for (unsigned i = 0; i < SEG_COUNT; i++) {
        put_seg64(m, M64_SEGS + 16 * i, &env->segs[i]);
    }
    put_seg64(m, M64_GDT, &env->gdt);
    put_seg64(m, M64_LDT, &env->ldt);
    put_seg64(m, M64_IDT, &env->idt);
    put_seg64(m, M64_TR, &env->tr);
    m->bytes[M64_AUTO_HALT - MAP_OFFSET] = halted;
    put64(m, M64_EFER, env->efer);
    put32(m, M64_REVISION, REVISION_64);
    put32(m, M64_SMBASE, env->smbase);
    put64(m, M64_CR4, env->cr[4]);
    put64(m, M64_CR3, env->cr[3]);
    put64(m, M64_CR0, env->cr[0]);
    put64(m, M64_DR7, env->dr[7]);
    put64(m, M64_DR6, env->dr[6]);
    put64(m, M64_RFLAGS, x86_get_eflags(env));
    put64(m, M64_RIP, env->eip);
    for (unsigned i = 0; i < CPU_NB_REGS; i++) {
        put64(m, M64_REGS - 8 * i, env->regs[i]);
    }
}

static bool load_64(CPUX86State *env, const SaveMap *m)
{
    uint64_t cr0 = get64(m, M64_CR0), cr4 = get64(m, M64_CR4), efer = get64(m, M64_EFER);

    if ((cr0 & CR0_PG_MASK && !(cr0 & CR0_PE_MASK)) ||
        (cr0 & CR0_PG_MASK && efer & MSR_EFER_LME && !(cr4 & CR4_PAE_MASK))) {
        return false;
    }
    env->efer = efer;
    env->smbase = get32(m, M64_SMBASE);
    env->cr[4] = cr4;
    env->cr[3] = get64(m, M64_CR3);
    env->cr[0] = cr0;
    env->dr[7] = get64(m, M64_DR7);
    env->dr[6] = get64(m, M64_DR6);
    env->eip = get64(m, M64_RIP);
    for (unsigned i = 0; i < CPU_NB_REGS; i++) {
        env->regs[i] = get64(m, M64_REGS - 8 * i);
    }
    for (unsigned i = 0; i < SEG_COUNT; i++) {
        env->segs[i] = get_seg64(m, M64_SEGS + 16 * i);
    }
    env->gdt = get_seg64(m, M64_GDT);
    env->ldt = get_seg64(m, M64_LDT);
    env->idt = get_seg64(m, M64_IDT);
    env->tr = get_seg64(m, M64_TR);
    x86_set_eflags(env, get64(m, M64_RFLAGS));
    return true;
}
#else
/* --- the 32-bit map ------------------------------------------------------------------------------------------ */

/* From M32_OWN on: base, limit and attributes of ES .. GS, LDTR, TR, then GDTR and IDTR. */
enum {
    M32_OWN = 0xfe00, M32_REVISION = 0xfefc, M32_SMBASE = 0xfef8, M32_AUTO_HALT = 0xff02, M32_CR4 = 0xff28,
    M32_SELECTORS = 0xffa8, M32_LDT = 0xffc0, M32_TR = 0xffc4, M32_DR7 = 0xffc8, M32_DR6 = 0xffcc,
    M32_REGS = 0xffd0, M32_EIP = 0xfff0, M32_EFLAGS = 0xfff4, M32_CR3 = 0xfff8, M32_CR0 = 0xfffc,
};

static void put_seg32(SaveMap *m, unsigned n, const SegmentCache *seg)
{
    put32(m, M32_OWN + 12 * n, seg->base);
    put32(m, M32_OWN + 12 * n + 4, seg->limit);
    put32(m, M32_OWN + 12 * n + 8, seg->flags);
}

static SegmentCache get_seg32(const SaveMap *m, unsigned n, uint16_t selector)
{
    return (SegmentCache) {
        .selector = selector, .base = get32(m, M32_OWN + 12 * n), .limit = get32(m, M32_OWN + 12 * n + 4),
        .flags = get32(m, M32_OWN + 12 * n + 8),
    };
}

enum { OWN_LDT = SEG_COUNT, OWN_TR, OWN_GDT, OWN_IDT };

static void save_32(CPUX86State *env, SaveMap *m, bool halted)
{
    for (unsigned i = 0; i < SEG_COUNT; i++) {
        put32(m, M32_SELECTORS + 4 * i, env->segs[i].selector);
        put_seg32(m, i, &env->segs[i]);
    }
    put_seg32(m, OWN_LDT, &env->ldt);
    put_seg32(m, OWN_TR, &env->tr);
    put_seg32(m, OWN_GDT, &env->gdt);
    put_seg32(m, OWN_IDT, &env->idt);
    put32(m, M32_LDT, env->ldt.selector);
    put32(m, M32_TR, env->tr.selector);
    put32(m, M32_REVISION, REVISION_32);
    put32(m, M32_SMBASE, env->smbase);
    put16(m, M32_AUTO_HALT, halted);
    put32(m, M32_CR4, env->cr[4]);
    put32(m, M32_CR3, env->cr[3]);
    put32(m, M32_CR0, env->cr[0]);
    put32(m, M32_DR7, env->dr[7]);
    put32(m, M32_DR6, env->dr[6]);
    put32(m, M32_EFLAGS, x86_get_eflags(env));
    put32(m, M32_EIP, env->eip);
    for (unsigned i = 0; i < 8; i++) {
        put32(m, M32_REGS + 4 * i, env->regs[i]);
    }
}

static bool load_32(CPUX86State *env, const SaveMap *m)
{
    uint32_t cr0 = get32(m, M32_CR0);

    if (cr0 & CR0_PG_MASK && !(cr0 & CR0_PE_MASK)) {
        return false;
    }
    env->smbase = get32(m, M32_SMBASE);
    env->cr[4] = get32(m, M32_CR4);
    env->cr[3] = get32(m, M32_CR3);
    env->cr[0] = cr0;
    env->dr[7] = get32(m, M32_DR7);
    env->dr[6] = get32(m, M32_DR6);
    env->eip = get32(m, M32_EIP);
    for (unsigned i = 0; i < 8; i++) {
        env->regs[i] = get32(m, M32_REGS + 4 * i);
    }
    for (unsigned i = 0; i < SEG_COUNT; i++) {
        env->segs[i] = get_seg32(m, i, get32(m, M32_SELECTORS + 4 * i));
    }
    env->ldt = get_seg32(m, OWN_LDT, get32(m, M32_LDT));
    env->tr = get_seg32(m, OWN_TR, get32(m, M32_TR));
    env->gdt = get_seg32(m, OWN_GDT, 0);
    env->idt = get_seg32(m, OWN_IDT, 0);
    x86_set_eflags(env, get32(m, M32_EFLAGS));
    return true;
}
#endif

/* --- entry and return ------------------------------------------------------------------------------------------ */

static void enter_smm_state(CPUX86State *env)
{
    static const SegmentCache flat = {
        .limit = UINT32_MAX, .flags = DESC_G_MASK | DESC_P_MASK | DESC_S_MASK | DESC_W_MASK | DESC_A_MASK,
    };

    env->smm_nmi_blocked = env->nmi_blocked;
    env->nmi_blocked = true;
    for (unsigned i = 0; i < SEG_COUNT; i++) {
        env->segs[i] = flat;
    }
    env->segs[R_CS].selector = env->smbase >> 4 & 0xffff;
    env->segs[R_CS].base = env->smbase;
    env->eip = SMM_ENTRY;
    env->efer = 0;
    env->cr[0] &= ~(CR0_PE_MASK | CR0_EM_MASK | CR0_TS_MASK | CR0_PG_MASK);
    env->cr[4] = 0;
    env->dr[7] = DR7_FIXED_1;
    env->hflags = (env->hflags & ~HF_INHIBIT_IRQ) | HF_SMM;
    x86_update_breakpoints(env);
    x86_set_eflags(env, 2);
    x86_update_hflags(env);
}

void x86_enter_smm(CPUState *cpu)
{
    CPUX86State *env = cpu->env;
    SaveMap map = { { 0 } };

    qemu_log_mask(CPU_LOG_INT, "SMM: enter\n");
#ifdef TARGET_X86_64
    save_64(env, &map, cpu->halted);
#else
    save_32(env, &map, cpu->halted);
#endif
    enter_smm_memory(cpu);
    address_space_write(cpu->as, env->smbase + MAP_OFFSET, map.bytes, MAP_SIZE);
    enter_smm_state(env);
    x86_flush_translations(env);
}

void helper_rsm(CPUX86State *env)
{
    CPUState *cpu = env_cpu(env);
    SaveMap map;
    bool ok;

    address_space_read(cpu->as, env->smbase + MAP_OFFSET, map.bytes, MAP_SIZE);
#ifdef TARGET_X86_64
    ok = load_64(env, &map);
#else
    ok = load_32(env, &map);
#endif
    if (!ok) {
        env->num_faults = 0;
        x86_shut_down(env, g_strdup("RSM with a bad state save map"));
    }
    qemu_log_mask(CPU_LOG_INT, "SMM: after RSM\n");
    env->hflags &= ~HF_SMM;
    env->nmi_blocked = env->smm_nmi_blocked;
    x86_leave_smm_memory(cpu);
    if (env->cr[0] & CR0_PG_MASK && env->cr[4] & CR4_PAE_MASK && !(env->efer & MSR_EFER_LMA)) {
        mmu_load_pdptes(env, env->cr[3], env->pdpte);
    }
    x86_update_breakpoints(env);
    x86_update_hflags(env);
    x86_interrupts_enabled(env);
    x86_flush_translations(env);
}
