/*
 * info tlb: every mapping of the page tables; info walk, and logs: the entries
 * that one translation reads.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/mmu.h"
#include "target-i386/system.h"

typedef struct Dump {
    CPUX86State *env;
    FILE *f;
    PagingMode mode;
} Dump;

static vaddr sign_extend(const Dump *d, vaddr addr)
{
    return d->mode.num_levels == 4 ? (vaddr)((int64_t)(addr << 16) >> 16) : addr;
}

static void print_page(const Dump *d, const PagingLevel *level, vaddr addr, uint64_t entry)
{
    static const struct { uint64_t bit; char name; } bits[] = {
        { PTE_NX, 'X' }, { PTE_G, 'G' }, { PTE_PS, 'P' }, { PTE_D, 'D' }, { PTE_A, 'A' }, { PTE_PCD, 'C' },
        { PTE_PWT, 'T' }, { PTE_U, 'U' }, { PTE_W, 'W' },
    };
    int width = d->env->hflags & HF_LMA ? 16 : 8;
    uint64_t base = entry & UINT64_C(0x000fffffffffffff) & ~((UINT64_C(1) << level->shift) - 1);

    fprintf(d->f, "%0*" PRIx64 ": %0*" PRIx64 " ", width, sign_extend(d, addr), 16, base);
    for (unsigned i = 0; i < ARRAY_SIZE(bits); i++) {
        bool shown = entry & bits[i].bit && (bits[i].bit != PTE_PS || level->shift != 12);

        fputc(shown ? bits[i].name : '-', d->f);
    }
    fputc('\n', d->f);
}

static void dump_table(const Dump *d, unsigned n, hwaddr table, vaddr start)
{
    const PagingLevel *level = &d->mode.levels[n];

    for (unsigned i = 0; i < 1u << level->index_bits; i++) {
        const void *host;
        uint64_t entry = mmu_load_entry(d->env, table + i * d->mode.entry_size, d->mode.entry_size, &host);
        vaddr addr = start | (vaddr)i << level->shift;

        if (!(entry & PTE_P)) {
            continue;
        }
        if (mmu_entry_is_leaf(d->env, level, entry)) {
            print_page(d, level, addr, entry);
        } else {
            dump_table(d, n + 1, entry & PTE_TABLE, addr);
        }
    }
}

void x86_dump_mmu(CPUState *cpu, FILE *f)
{
    Dump d = { cpu->env, f, mmu_paging_mode(cpu->env) };

    if (!d.mode.levels) {
        fprintf(f, "PG disabled\n");
    } else if (d.mode.num_levels == 2 && d.mode.entry_size == 8) {
        for (unsigned i = 0; i < 4; i++) {
            if (d.env->pdpte[i] & PTE_P) {
                dump_table(&d, 0, d.env->pdpte[i] & PTE_TABLE, (vaddr)i << 30);
            }
        }
    } else {
        dump_table(&d, 0, d.mode.root, 0);
    }
}

/* --- one walk ---------------------------------------------------------------------------------------------- */

static void print_bits(uint64_t entry, bool leaf, FILE *f)
{
    static const struct { uint64_t bit; const char *name; } bits[] = {
        { PTE_P, "P" }, { PTE_W, "W" }, { PTE_U, "U" }, { PTE_A, "A" }, { PTE_D, "D" }, { PTE_G, "G" }, { PTE_NX, "NX" },
    };

    for (unsigned i = 0; i < ARRAY_SIZE(bits); i++) {
        if (entry & bits[i].bit && (leaf || (bits[i].bit != PTE_D && bits[i].bit != PTE_G))) {
            fprintf(f, " %s", bits[i].name);
        }
    }
    fputs(entry & PTE_P ? "\n" : " not present\n", f);
}

/* Names of the levels, the last one first. */
static const char *level_name(const PagingMode *mode, unsigned n)
{
    static const char *const names[] = { "PTE", "PDE", "PDPTE", "PML4E" };

    return names[mode->num_levels - 1 - n];
}

void x86_dump_walk(CPUState *cpu, vaddr addr, FILE *f)
{
    CPUX86State *env = cpu->env;
    PagingMode mode = mmu_paging_mode(env);
    hwaddr table = mode.root;
    int digits = 2 * mode.entry_size;

    if (!mode.levels) {
        fprintf(f, "    %08" PRIx64 ": paging is off\n", addr);
        return;
    }
    fprintf(f, "    walk of %0*" PRIx64 " from CR3 " TARGET_FMT_lx ":\n", digits, addr, env->cr[3]);
    if (mode.num_levels == 2 && mode.entry_size == 8) {
        uint64_t root = env->pdpte[addr >> 30 & 3];

        fprintf(f, "      PDPTE register %u: %016" PRIx64 "%s\n", (unsigned)(addr >> 30 & 3), root,
                root & PTE_P ? "" : " not present");
        if (!(root & PTE_P)) {
            return;
        }
        table = root & PTE_TABLE;
    }
    for (unsigned n = 0; n < mode.num_levels; n++) {
        const PagingLevel *level = &mode.levels[n];
        hwaddr place = table + (addr >> level->shift & ((1u << level->index_bits) - 1)) * mode.entry_size;
        const void *host;
        uint64_t entry = mmu_load_entry(env, place, mode.entry_size, &host);
        bool leaf = mmu_entry_is_leaf(env, level, entry);

        fprintf(f, "      %s at %09" PRIx64 ": %0*" PRIx64, level_name(&mode, n), place, digits, entry);
        print_bits(entry, leaf, f);
        if (!(entry & PTE_P) || leaf) {
            break;
        }
        table = entry & PTE_TABLE;
    }
}
