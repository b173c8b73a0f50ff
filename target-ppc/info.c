/*
 * What OS developers ask: block address translation (info bats), segments
 * (info segments), the hashed page table and the way of one address through it
 * (info htab), special purpose registers (info spr). PEM chapter 7.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/memory.h"
#include "monitor/monitor.h"
#include "target-ppc/mmu.h"
#include "target-ppc/spr.h"

static const char *wimg_text(uint32_t bits)
{
    static const char *const names[16] = {
        "----", "---G", "--M-", "--MG", "-I--", "-I-G", "-IM-", "-IMG",
        "W---", "W--G", "W-M-", "W-MG", "WI--", "WI-G", "WIM-", "WIMG",
    };

    return names[bits >> 3 & 15];
}

/* --- block address translation ------------------------------------------------------------------------------- */

static void dump_bat(CPUPPCState *env, const char *kind, unsigned n, unsigned spr, FILE *f)
{
    static const char *const rights[4] = { "no access", "read", "read-write", "read" };
    uint32_t upper = env->spr[spr], lower = env->spr[spr + 1];
    bool old = env->model->features & PPC_BATS_601;
    uint32_t mask = old ? (lower & BAT601_BSM) << 17 | 0x1ffff : (upper & BATU_BL) << 15 | 0x1ffff;

    fprintf(f, "%s%u %08x %08x: ", kind, n, upper, lower);
    if (old ? !(lower & BAT601_V) : !(upper & (BATU_VS | BATU_VP))) {
        fprintf(f, "off\n");
        return;
    }
    fprintf(f, "%08x-%08x -> %08x, %" PRIu64 " KiB, ", upper & BATU_BEPI & ~mask, (upper & BATU_BEPI & ~mask) | mask,
            lower & BATL_BRPN & ~mask, ((uint64_t)mask + 1) >> 10);
    if (old) {
        fprintf(f, "keys s=%u u=%u, pp %u\n", !!(upper & BAT601_KS), !!(upper & BAT601_KU), upper & BATL_PP);
    } else {
        fprintf(f, "%s%s%s, %s, %s\n", upper & BATU_VS ? "supervisor" : "",
                (upper & 3) == 3 ? "+" : "", upper & BATU_VP ? "user" : "", rights[lower & BATL_PP],
                wimg_text(lower & BATL_WIMG));
    }
}

static void dump_bat_group(CPUPPCState *env, const char *kind, unsigned first, unsigned spr, FILE *f)
{
    for (unsigned i = 0; i < 4; i++) {
        dump_bat(env, kind, first + i, spr + 2 * i, f);
    }
}

void ppc_dump_bats(CPUPPCState *env, FILE *f)
{
    uint32_t features = env->model->features;

    dump_bat_group(env, features & PPC_BATS_601 ? "BAT" : "IBAT", 0, SPR_IBAT0U, f);
    if (features & PPC_HIGH_BATS) {
        dump_bat_group(env, "IBAT", 4, SPR_IBAT4U, f);
    }
    if (!(features & PPC_BATS_601)) {
        dump_bat_group(env, "DBAT", 0, SPR_DBAT0U, f);
    }
    if (features & PPC_HIGH_BATS) {
        dump_bat_group(env, "DBAT", 4, SPR_DBAT4U, f);
    }
}

/* --- segments and the hashed table ---------------------------------------------------------------------------- */

static void dump_segment(const CPUPPCState *env, unsigned n, FILE *f)
{
    uint32_t sr = env->sr[n];

    fprintf(f, "SR%-2u %08x: %x0000000-%xfffffff, ", n, sr, n, n);
    if (sr & SR_T) {
        fprintf(f, "direct store\n");
    } else {
        fprintf(f, "VSID %06x, keys s=%u u=%u%s\n", sr & SR_VSID, !!(sr & SR_KS), !!(sr & SR_KP),
                sr & SR_N ? ", no execute" : "");
    }
}

static void print_pte(uint32_t pte0, uint32_t pte1, FILE *f)
{
    fprintf(f, "%08x %08x: VSID %06x, API %02x%s -> %08x%s%s %s pp %u\n", pte0, pte1, pte0 >> 7 & SR_VSID, pte0 & 0x3f,
            pte0 & PTE0_H ? " (secondary)" : "", pte1 & PTE1_RPN, pte1 & PTE1_R ? " R" : "", pte1 & PTE1_C ? " C" : "",
            wimg_text(pte1 & PTE1_WIMG), pte1 & PTE1_PP);
}

/* Both words of an entry. False: no RAM there. */
static bool read_pte(CPUPPCState *env, hwaddr at, uint32_t pte[2])
{
    if (address_space_read(env_cpu(env)->as, at, pte, 8) != MEMTX_OK) {
        return false;
    }
    pte[0] = GUINT32_FROM_BE(pte[0]);
    pte[1] = GUINT32_FROM_BE(pte[1]);
    return true;
}

/* The valid entries of one group; a star marks the one that matches tag. */
static bool dump_group(CPUPPCState *env, uint32_t group, uint32_t tag, FILE *f)
{
    bool found = false;

    for (unsigned i = 0; i < PTES_IN_GROUP; i++) {
        uint32_t pte[2];

        if (read_pte(env, group + 8 * i, pte) && pte[0] & PTE0_V) {
            bool match = pte[0] == tag && !found;

            fprintf(f, "    %c %08x: ", match ? '*' : ' ', group + 8 * i);
            print_pte(pte[0], pte[1], f);
            found |= match;
        }
    }
    return found;
}

static void dump_search(CPUPPCState *env, uint32_t ea, FILE *f)
{
    uint32_t sr = env->sr[ea >> 28], vsid = sr & SR_VSID, tag = PTE0_V | vsid << 7 | (ea >> 22 & 0x3f);
    uint32_t primary = mmu_pteg_address(env, vsid, ea, false), secondary = mmu_pteg_address(env, vsid, ea, true);

    fprintf(f, "  ");
    dump_segment(env, ea >> 28, f);
    if (sr & SR_T) {
        return;
    }
    fprintf(f, "  primary group at %08x, wanted %08x\n", primary, tag);
    if (!dump_group(env, primary, tag, f)) {
        fprintf(f, "  secondary group at %08x, wanted %08x\n", secondary, tag | PTE0_H);
        if (!dump_group(env, secondary, tag | PTE0_H, f)) {
            fprintf(f, "  no entry\n");
        }
    }
}

/* The first pair that covers ea in the present mode. */
static bool dump_matching_bat(CPUPPCState *env, uint32_t ea, bool code, FILE *f)
{
    bool old = env->model->features & PPC_BATS_601, user = env->msr & MSR_PR;
    unsigned groups = env->model->features & PPC_HIGH_BATS ? 2 : 1;

    for (unsigned n = 0; n < 4 * groups; n++) {
        unsigned base = code || old ? n < 4 ? SPR_IBAT0U : SPR_IBAT4U : n < 4 ? SPR_DBAT0U : SPR_DBAT4U;
        unsigned spr = base + 2 * (n % 4);
        uint32_t upper = env->spr[spr], lower = env->spr[spr + 1];
        uint32_t mask = old ? (lower & BAT601_BSM) << 17 | 0x1ffff : (upper & BATU_BL) << 15 | 0x1ffff;
        bool valid = old ? lower & BAT601_V : upper & (user ? BATU_VP : BATU_VS);

        if (valid && !((ea ^ upper) & BATU_BEPI & ~mask)) {
            fprintf(f, "  ");
            dump_bat(env, old ? "BAT" : code ? "IBAT" : "DBAT", n, spr, f);
            return true;
        }
    }
    return false;
}

void ppc_dump_walk(CPUPPCState *env, uint32_t ea, bool code, FILE *f)
{
    fprintf(f, "  walk of %08x (%s):\n", ea, code ? "code" : "data");
    if (!(env->msr & (code ? MSR_IR : MSR_DR))) {
        fprintf(f, "  translation is off\n");
    } else if (!dump_matching_bat(env, ea, code, f)) {
        dump_search(env, ea, f);
    }
}

static void dump_table(CPUPPCState *env, FILE *f)
{
    uint32_t sdr1 = env->spr[SPR_SDR1], groups = ((sdr1 & 0x1ff) + 1) << 10, base = sdr1 & 0xffff0000;
    unsigned valid = 0;

    base &= ~((groups << 6) - 1);
    for (uint32_t i = 0; i < groups * PTES_IN_GROUP; i++) {
        uint32_t pte[2];

        if (read_pte(env, base + 8 * i, pte) && pte[0] & PTE0_V) {
            fprintf(f, "%08x: ", base + 8 * i);
            print_pte(pte[0], pte[1], f);
            valid++;
        }
    }
    fprintf(f, "SDR1 %08x: %u groups at %08x, %u of %u entries are valid\n", sdr1, groups, base, valid,
            groups * PTES_IN_GROUP);
}

/* --- special purpose registers ----------------------------------------------------------------------------------- */

typedef struct SPRText {
    uint16_t first, count;      /* a row of registers: NAME0, NAME1, .. */
    const char *name;
} SPRText;

static const SPRText spr_texts[] = {
    { SPR_MQ, 1, "MQ" }, { SPR_DSISR, 1, "DSISR" }, { SPR_DAR, 1, "DAR" }, { SPR_DEC, 1, "DEC" },
    { SPR_SDR1, 1, "SDR1" }, { SPR_SRR0, 2, "SRR" }, { SPR_VRSAVE, 1, "VRSAVE" }, { SPR_TBL, 1, "TBL" },
    { SPR_TBU, 1, "TBU" }, { SPR_SPRG0, 4, "SPRG" }, { SPR_EAR, 1, "EAR" }, { SPR_PVR, 1, "PVR" },
    { SPR_MMCR0, 1, "MMCR0" }, { SPR_PMC1, 1, "PMC1" }, { SPR_PMC2, 1, "PMC2" }, { SPR_SIAR, 1, "SIAR" },
    { SPR_MMCR1, 1, "MMCR1" }, { SPR_PMC3, 1, "PMC3" }, { SPR_PMC4, 1, "PMC4" }, { SPR_MMCR2, 1, "MMCR2" },
    { SPR_DMISS, 1, "DMISS" }, { SPR_DCMP, 1, "DCMP" }, { SPR_IMISS, 1, "IMISS" }, { SPR_ICMP, 1, "ICMP" },
    { SPR_RPA, 1, "RPA" }, { SPR_HID0, 2, "HID" }, { SPR_IABR, 1, "IABR" }, { SPR_DABR, 1, "DABR" },
    { SPR_MSSCR0, 1, "MSSCR0" }, { SPR_L2CR, 1, "L2CR" }, { SPR_L3CR, 1, "L3CR" }, { SPR_ICTC, 1, "ICTC" },
    { SPR_THRM1, 1, "THRM1" }, { SPR_THRM2, 1, "THRM2" }, { SPR_THRM3, 1, "THRM3" }, { SPR_PIR, 1, "PIR" },
};

static void print_sprs(CPUState *cpu, FILE *f, void *opaque)
{
    CPUPPCState *env = cpu->env;
    unsigned column = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(spr_texts); i++) {
        const SPRText *text = &spr_texts[i];

        for (unsigned n = 0; n < text->count; n++) {
            char name[16];

            if (!ppc_has_spr(env->model, text->first + n)) {
                continue;
            }
            snprintf(name, sizeof(name), text->count > 1 ? "%s%u" : "%s", text->name, n);
            fprintf(f, "%-6s(%4u) %08x%c", name, text->first + n, ppc_read_spr(env, text->first + n),
                    ++column % 4 ? ' ' : '\n');
        }
    }
    fputs(column % 4 ? "\n" : "", f);
}

/* --- commands ------------------------------------------------------------------------------------------------------ */

static void print_bats(CPUState *cpu, FILE *f, void *opaque) { ppc_dump_bats(cpu->env, f); }

static void print_segments(CPUState *cpu, FILE *f, void *opaque)
{
    for (unsigned i = 0; i < 16; i++) {
        dump_segment(cpu->env, i, f);
    }
}

static void print_htab(CPUState *cpu, FILE *f, void *opaque) { dump_table(cpu->env, f); }

void ppc_cpu_dump_walk(CPUState *cpu, vaddr addr, FILE *f)
{
    ppc_dump_walk(cpu->env, addr, true, f);
    ppc_dump_walk(cpu->env, addr, false, f);
}

static void info_bats(Monitor *mon, const char *args) { monitor_print_cpu(mon, print_bats, NULL); }
static void info_segments(Monitor *mon, const char *args) { monitor_print_cpu(mon, print_segments, NULL); }
static void info_htab(Monitor *mon, const char *args) { monitor_print_cpu(mon, print_htab, NULL); }
static void info_spr(Monitor *mon, const char *args) { monitor_print_cpu(mon, print_sprs, NULL); }

static const HMPCommand commands[] = {
    { "info bats", NULL, "", "show the block address translation registers", info_bats },
    { "info segments", NULL, "", "show the segment registers", info_segments },
    { "info htab", NULL, "", "show the valid entries of the hashed page table", info_htab },
    { "info spr", NULL, "", "show the special purpose registers", info_spr },
};

static void QEMU_CONSTRUCTOR register_commands(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        hmp_register(&commands[i]);
    }
}
