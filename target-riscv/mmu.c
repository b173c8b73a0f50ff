/*
 * Address translation: Sv32 (volume II, 4.3), faults, and what keeps the TLB true.
 *
 * The accessed and dirty bits are set by the walk. The address spaces of satp keep
 * their translations while others are active; SFENCE.VMA reaches them too.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "exec/ram_addr.h"
#include "target-riscv/insn.h"

enum { PTE_V = 1, PTE_R = 2, PTE_W = 4, PTE_X = 8, PTE_U = 16, PTE_G = 32, PTE_A = 64, PTE_D = 128, PTE_PPN_SHIFT = 10 };
enum { LEVELS = 2, VPN_BITS = 10, PTE_BYTES = 4, MEGAPAGE_PPN = 0x3ff };

typedef enum { WALK_OK, WALK_PAGE_FAULT, WALK_ACCESS_FAULT } WalkResult;
typedef struct Translation {
    hwaddr paddr;               /* of the 4 KiB page */
    int prot;                   /* PAGE_x */
    uint64_t size;
} Translation;

/* --- the walk ---------------------------------------------------------------------------------------- */

/* False: no RAM there. */
static bool read_pte(CPUState *cpu, hwaddr addr, uint32_t *pte)
{
    MemTxResult result;

    *pte = address_space_ld(cpu->as, addr, MO_LEUL, &result);
    return result == MEMTX_OK;
}

/* Set bits in an entry that still reads as old. False: another CPU changed it. */
static bool update_pte(CPUState *cpu, hwaddr addr, uint32_t old, uint32_t value)
{
    void *host = tlb_walk_pointer(cpu, addr);
    ram_addr_t ram;

    if (!host) {
        address_space_st(cpu->as, addr, value, MO_LEUL, NULL);
        return true;
    }
    if (!__sync_bool_compare_and_swap((uint32_t *)host, old, value)) {
        return false;
    }
    ram = qemu_ram_offset(host);
    if (cpu_physical_memory_page_is_clean_any(ram)) {
        cpu_physical_memory_note_write(ram, PTE_BYTES);
    }
    return true;
}

/* The rights that a leaf gives to accesses of mmu_idx. */
static int leaf_prot(const CPURISCVState *env, uint32_t pte, int mmu_idx)
{
    bool user_page = pte & PTE_U;
    int prot = (pte & PTE_R ? PAGE_READ : 0) | (pte & PTE_W ? PAGE_WRITE : 0) | (pte & PTE_X ? PAGE_EXEC : 0);

    if (env->mstatus & MSTATUS_MXR && pte & PTE_X) {
        prot |= PAGE_READ;
    }
    if (mmu_idx == MMU_USER_IDX) {
        return user_page ? prot : 0;
    }
    if (!user_page) {
        return prot;
    }
    return mmu_idx == MMU_SUM_IDX ? prot & ~PAGE_EXEC : 0;
}

static int wanted_prot(MMUAccessType access)
{
    return access == MMU_DATA_STORE ? PAGE_WRITE : access == MMU_INST_FETCH ? PAGE_EXEC : PAGE_READ;
}

/* A leaf at level: checks, accessed and dirty bits. *again: it changed meanwhile. */
static WalkResult take_leaf(CPURISCVState *env, hwaddr place, uint32_t pte, int level, uint32_t addr, MMUAccessType access,
                            int mmu_idx, bool side_effects, Translation *out, bool *again)
{
    uint32_t ppn = pte >> PTE_PPN_SHIFT, set = PTE_A | (access == MMU_DATA_STORE ? PTE_D : 0);

    out->prot = leaf_prot(env, pte, mmu_idx);
    if (!(out->prot & wanted_prot(access)) || (level && ppn & MEGAPAGE_PPN)) {
        return WALK_PAGE_FAULT;
    }
    if (side_effects && (pte & set) != set) {
        *again = !update_pte(env_cpu(env), place, pte, pte | set);
        pte |= set;
    }
    if (!(pte & PTE_D)) {
        out->prot &= ~PAGE_WRITE;       /* the first store comes back here */
    }
    if (pte & PTE_G) {
        out->prot |= PAGE_GLOBAL;
    }
    if (level) {
        ppn |= addr >> TARGET_PAGE_BITS & MEGAPAGE_PPN;
        out->size = (uint64_t)TARGET_PAGE_SIZE << VPN_BITS;
    }
    out->paddr = (hwaddr)ppn << TARGET_PAGE_BITS;
    return WALK_OK;
}

static WalkResult walk(CPURISCVState *env, uint32_t addr, MMUAccessType access, int mmu_idx, bool side_effects,
                       Translation *out)
{
    hwaddr table = (hwaddr)(env->satp & SATP_PPN) << TARGET_PAGE_BITS;

    for (int level = LEVELS - 1; level >= 0; level--) {
        unsigned index = addr >> (TARGET_PAGE_BITS + VPN_BITS * level) & ((1 << VPN_BITS) - 1);
        hwaddr place = table + index * PTE_BYTES;
        bool again = false;
        uint32_t pte;
        WalkResult result;

        if (!read_pte(env_cpu(env), place, &pte)) {
            return WALK_ACCESS_FAULT;
        }
        if (!(pte & PTE_V) || (pte & (PTE_R | PTE_W)) == PTE_W) {
            return WALK_PAGE_FAULT;
        }
        if (!(pte & (PTE_R | PTE_X))) {
            if (pte & (PTE_A | PTE_D | PTE_U)) {
                return WALK_PAGE_FAULT;         /* reserved in pointers */
            }
            table = (hwaddr)(pte >> PTE_PPN_SHIFT) << TARGET_PAGE_BITS;
            continue;
        }
        result = take_leaf(env, place, pte, level, addr, access, mmu_idx, side_effects, out, &again);
        if (!again) {
            return result;
        }
        level++;                                /* read the same entry once more */
    }
    return WALK_PAGE_FAULT;
}

static WalkResult translate(CPURISCVState *env, uint32_t addr, MMUAccessType access, int mmu_idx, bool side_effects,
                            Translation *out)
{
    *out = (Translation) { .paddr = addr & TARGET_PAGE_MASK, .prot = PAGE_READ | PAGE_WRITE | PAGE_EXEC,
                           .size = TARGET_PAGE_SIZE };
    if (mmu_idx == MMU_MACHINE_IDX || !(env->satp & SATP_MODE)) {
        return WALK_OK;
    }
    return walk(env, addr, access, mmu_idx, side_effects, out);
}

/* --- faults -------------------------------------------------------------------------------------------- */

/* All accesses of atomic instructions but LR count as stores (volume II, 3.1.15). */
static bool is_store(CPURISCVState *env, MMUAccessType access)
{
    const InsnRow *row;

    if (access != MMU_DATA_LOAD) {
        return access == MMU_DATA_STORE;
    }
    /* Without a FENCE.I the running block may be older than memory, which may hold no instruction by now. */
    row = riscv_decode(riscv_fetch_insn(env, env->pc)).row;
    return row && (row->gen == gen_amo || row->gen == gen_sc);
}

static void QEMU_NORETURN raise_access(CPURISCVState *env, MMUAccessType access, int fetch, int load, int store,
                                       uint32_t addr, uintptr_t retaddr)
{
    cpu_restore_state(env_cpu(env), retaddr);
    raise_exception_ra(env, access == MMU_INST_FETCH ? fetch : is_store(env, access) ? store : load, addr, 0);
}

bool riscv_cpu_tlb_fill(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access, int mmu_idx, bool probe,
                        uintptr_t retaddr)
{
    CPURISCVState *env = cpu->env;
    Translation t;
    WalkResult result = translate(env, addr, access, mmu_idx, true, &t);

    if (result == WALK_OK) {
        tlb_set_page(cpu, addr & TARGET_PAGE_MASK, t.paddr, t.prot, mmu_idx, t.size);
        return true;
    }
    if (probe) {
        return false;
    }
    qemu_log_mask(CPU_LOG_MMU, "mmu: address %08x access %d idx %d: fault %d\n", (uint32_t)addr, access, mmu_idx, result);
    if (result == WALK_PAGE_FAULT) {
        raise_access(env, access, EXCP_FETCH_PAGE, EXCP_LOAD_PAGE, EXCP_STORE_PAGE, addr, retaddr);
    }
    raise_access(env, access, EXCP_FETCH_ACCESS, EXCP_LOAD_ACCESS, EXCP_STORE_ACCESS, addr, retaddr);
}

void riscv_cpu_do_unaligned_access(CPUState *cpu, vaddr addr, MMUAccessType access, int mmu_idx, uintptr_t retaddr)
{
    raise_access(cpu->env, access, 0, EXCP_LOAD_MISALIGNED, EXCP_STORE_MISALIGNED, addr, retaddr);
}

void riscv_cpu_do_transaction_failed(CPUState *cpu, hwaddr physaddr, vaddr addr, unsigned size, MMUAccessType access,
                                     int mmu_idx, MemTxResult response, uintptr_t retaddr)
{
    qemu_log_mask(LOG_GUEST_ERROR, "no answer at physical address %09" PRIx64 " (access %d)\n", physaddr, access);
    raise_access(cpu->env, access, EXCP_FETCH_ACCESS, EXCP_LOAD_ACCESS, EXCP_STORE_ACCESS, addr, retaddr);
}

hwaddr riscv_cpu_get_phys_page_debug(CPUState *cpu, vaddr addr)
{
    int idx = riscv_data_mmu_index(cpu->env);
    Translation t;

    for (MMUAccessType access = MMU_DATA_LOAD; access <= MMU_INST_FETCH; access++) {
        if (translate(cpu->env, addr, access, idx, false, &t) == WALK_OK ||
            (idx == MMU_SUPER_IDX && translate(cpu->env, addr, access, MMU_SUM_IDX, false, &t) == WALK_OK)) {
            return t.paddr;
        }
    }
    return -1;
}

/* --- address spaces -------------------------------------------------------------------------------------- */

/* Global pages are of no address space, so with translation switched nothing may stay. */
void riscv_set_satp(CPURISCVState *env, uint32_t value)
{
    uint32_t old = env->satp;

    env->satp = value;
    if (old == value) {
        return;
    }
    if ((old ^ value) & SATP_MODE) {
        tlb_flush_by_mmuidx(env_cpu(env), MMU_TRANSLATED_IDXMAP);
    }
    tlb_switch_tag(env_cpu(env), value & SATP_MODE ? value : 0);
}

void riscv_mmu_reset(CPURISCVState *env)
{
    CPUState *cpu = env_cpu(env);

    tlb_set_tagged_range(cpu, MMU_TRANSLATED_IDXMAP, 0, UINT64_C(1) << 32);
    tlb_switch_tag(cpu, env->satp & SATP_MODE ? env->satp : 0);
    tlb_flush(cpu);
}

/* --- info tlb, info walk ------------------------------------------------------------------------------------ */

/* Where an entry leads, its rights. */
static void dump_pte(FILE *f, uint32_t pte)
{
    static const char letters[] = "rwxugad";

    fprintf(f, "%09" PRIx64 " ", (hwaddr)(pte >> PTE_PPN_SHIFT) << TARGET_PAGE_BITS);
    for (unsigned i = 0; letters[i]; i++) {
        fputc(pte & PTE_R << i ? letters[i] : '-', f);
    }
}

static void dump_leaf(FILE *f, uint32_t addr, uint32_t pte, uint64_t size)
{
    fprintf(f, "%08x: ", addr);
    dump_pte(f, pte);
    fprintf(f, " %s\n", size > TARGET_PAGE_SIZE ? "4M" : "4K");
}

void riscv_dump_walk(CPUState *cpu, vaddr addr, FILE *f)
{
    uint32_t satp = cpu->env->satp;
    hwaddr table = (hwaddr)(satp & SATP_PPN) << TARGET_PAGE_BITS;

    if (!(satp & SATP_MODE)) {
        fprintf(f, "    %08x: satp is bare\n", (uint32_t)addr);
        return;
    }
    fprintf(f, "    walk of %08x from satp %08x:\n", (uint32_t)addr, satp);
    for (int level = LEVELS - 1; level >= 0; level--) {
        hwaddr place = table + (addr >> (TARGET_PAGE_BITS + VPN_BITS * level) & ((1 << VPN_BITS) - 1)) * PTE_BYTES;
        uint32_t pte;

        if (!read_pte(cpu, place, &pte)) {
            fprintf(f, "      level %d at %09" PRIx64 ": no memory there\n", level, place);
            return;
        }
        fprintf(f, "      level %d at %09" PRIx64 ": %08x -> ", level, place, pte);
        dump_pte(f, pte);
        fputs(pte & PTE_V ? "\n" : " not valid\n", f);
        if (!(pte & PTE_V) || pte & (PTE_R | PTE_W | PTE_X)) {
            return;
        }
        table = (hwaddr)(pte >> PTE_PPN_SHIFT) << TARGET_PAGE_BITS;
    }
}

void riscv_dump_mmu(CPUState *cpu, FILE *f)
{
    hwaddr root = (hwaddr)(cpu->env->satp & SATP_PPN) << TARGET_PAGE_BITS;

    if (!(cpu->env->satp & SATP_MODE)) {
        fprintf(f, "No translation: satp is bare\n");
        return;
    }
    for (uint32_t i = 0; i < 1 << VPN_BITS; i++) {
        uint32_t pte, leaf;

        if (!read_pte(cpu, root + i * PTE_BYTES, &pte) || !(pte & PTE_V)) {
            continue;
        }
        if (pte & (PTE_R | PTE_X)) {
            dump_leaf(f, i << (TARGET_PAGE_BITS + VPN_BITS), pte, (uint64_t)TARGET_PAGE_SIZE << VPN_BITS);
            continue;
        }
        for (uint32_t j = 0; j < 1 << VPN_BITS; j++) {
            if (read_pte(cpu, ((hwaddr)(pte >> PTE_PPN_SHIFT) << TARGET_PAGE_BITS) + j * PTE_BYTES, &leaf) && leaf & PTE_V) {
                dump_leaf(f, i << (TARGET_PAGE_BITS + VPN_BITS) | j << TARGET_PAGE_BITS, leaf, TARGET_PAGE_SIZE);
            }
        }
    }
}
