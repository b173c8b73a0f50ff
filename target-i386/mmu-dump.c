/*
 * info tlb: every mapping of the page tables.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/mmu.h"

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
            dump_table(d, n + 1, entry & UINT64_C(0x000ffffffffff000), addr);
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
                dump_table(&d, 0, d.env->pdpte[i] & UINT64_C(0x000ffffffffff000), (vaddr)i << 30);
            }
        }
    } else {
        dump_table(&d, 0, d.mode.root, 0);
    }
}
