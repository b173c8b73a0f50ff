/*
 * Making translated blocks: front end, back end, side tables, logs. The memory
 * is code-buffer.c's, finding and chaining them tb-store.c's, running them
 * cpu-exec.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/symbols.h"
#include "exec/perf.h"
#include "exec/tb-internal.h"
#include "exec/ram_addr.h"
#include "disas/disas.h"
#include "sysemu/sysemu.h"
#include "tcg/cpu-neg.h"
#include "trace/root.h"

TBStats tb_stats;
static uint64_t op_counts[NB_OPS];
static __thread uint32_t jmp_insn_offsets[TB_MAX_EXITS], jmp_reset_offsets[TB_MAX_EXITS];

void translate_context_config(CPUState *cpu)
{
    TCGContext *s = tcg_ctx;

    s->addr_bits = cpu->cc->vaddr_bits;
    for (int i = 0; i < cpu->cc->num_mmu_modes; i++) {
        s->tlb_offset[i][0] = tlb_fast_table_offset(i, false);
        s->tlb_offset[i][1] = tlb_fast_table_offset(i, true);
    }
    tcg_context_find_cpu_neg(s);
    s->use_icount = icount_enabled();
    s->jmp_insn_offset = jmp_insn_offsets;
    s->jmp_reset_offset = jmp_reset_offsets;
    code_buffer_attach(s);
}

/* --- logs ------------------------------------------------------------------------------ */

/* Host code under the guest instruction that it is for. */
static void log_host_code(FILE *f, CPUState *cpu, const TranslationBlock *tb)
{
    const TCGContext *s = tcg_ctx;
    const uint8_t *code = tb->code;
    uint32_t start = 0;

    fprintf(f, "OUT: [size=%u]\n", tb->code_size);
    for (int i = 0; i < s->nb_insns; i++) {
        uint32_t end = s->insn_end_off[i];

        if (end > start) {
            fprintf(f, "  -- guest addr 0x%0*" PRIx64 "%s\n", cpu->cc->vaddr_bits / 4, s->insn_data[i][0],
                    start ? "" : " + tb prologue");
            host_disas(f, code + start, end - start);
            start = end;
        }
    }
    if (tb->code_size > start) {
        fprintf(f, "  -- tb slow paths\n");
        host_disas(f, code + start, tb->code_size - start);
    }
    fprintf(f, "\n");
}

static void log_tb(CPUState *cpu, TranslationBlock *tb, int mask)
{
    FILE *f;

    if (!qemu_loglevel_mask(mask) || !qemu_log_in_addr_range(tb->pc)) {
        return;
    }
    f = qemu_log_trylock();
    if (!f) {
        return;
    }
    if (mask == CPU_LOG_TB_IN_ASM) {
        const char *name = symbol_lookup(tb->pc, NULL);

        fprintf(f, "----------------\nIN: %s\n", name ? name : "");
        target_disas(f, cpu, tb->pc, tb->size);
        fprintf(f, "\n");
    } else if (mask == CPU_LOG_TB_OP) {
        fprintf(f, "OP:\n");
        tcg_dump_ops(tcg_ctx, f);
        fprintf(f, "\n");
    } else {
        log_host_code(f, cpu, tb);
    }
    qemu_log_unlock(f);
}

/* --- making a block ------------------------------------------------------------------ */

/* Side tables and exits behind the code. False: no room. */
static bool tb_finish(TCGContext *s, TranslationBlock *tb, uint8_t *code, int code_size)
{
    uint8_t *p = code + code_size;
    int search_size = tcg_encode_search(s, p, code_buffer_end(s));

    if (search_size < 0) {
        return false;
    }
    tb->code = code + s->splitwx_diff;
    tb->code_size = code_size;
    tb->search_data = p;
    tb->search_size = search_size;
    p = (uint8_t *)ROUND_UP((uintptr_t)(p + search_size), (uintptr_t)8);
    tb->exits = (TBExit *)p;
    tb->num_exits = 0;
    for (int n = 0; n < TB_MAX_EXITS; n++) {
        if (jmp_insn_offsets[n] != UINT32_MAX) {
            tb->num_exits = n + 1;
        }
    }
    for (int n = 0; n < tb->num_exits; n++) {
        tb->exits[n] = (TBExit) { jmp_insn_offsets[n], jmp_reset_offsets[n], NULL, 0 };
    }
    s->code_ptr = (uint8_t *)ROUND_UP((uintptr_t)(p + tb->num_exits * sizeof(TBExit)), (uintptr_t)64);
    return true;
}

/* Regions that stores invalidate again and again are not worth their making. */
static int32_t hot_threshold(ram_addr_t phys_pc)
{
    uint32_t lost = phys_pc == (ram_addr_t)-1 ? 0 : tb_page_lost_regions(phys_pc);

    return TB_HOT_THRESHOLD << MIN(lost, 16);
}

static TranslationBlock *tb_begin(TCGContext *s, vaddr pc, uint32_t flags, uint32_t cflags, ram_addr_t phys_pc)
{
    TranslationBlock *tb = (TranslationBlock *)s->code_ptr;

    memset(tb, 0, sizeof(*tb));
    tb->pc = pc;
    tb->flags = flags;
    tb->cflags = cflags;
    tb->exec_left = hot_threshold(phys_pc);
    tb->page_addr[0] = phys_pc == (ram_addr_t)-1 ? phys_pc : phys_pc & TARGET_PAGE_MASK;
    tb->page_addr[1] = -1;
    memset(jmp_insn_offsets, 0xff, sizeof(jmp_insn_offsets));
    s->tb = tb;
    s->tb_exec_left = &tb->exec_left;
    return tb;
}

/* Statistics: races between threads lose counts. */
static void count(uint64_t *counter, uint64_t n)
{
    qatomic_set(counter, qatomic_read(counter) + n);
}

static void count_ops(const TCGContext *s)
{
    for (const TCGOp *op = s->first_op; op; op = op->next) {
        count(&op_counts[op->opc], 1);
    }
}

/* One attempt: the finished block, or NULL and tcg_gen_code's result in *error. */
static TranslationBlock *tb_try_gen(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags,
                                    ram_addr_t phys_pc, int *error)
{
    TCGContext *s = tcg_ctx;
    TranslationBlock *tb = tb_begin(s, pc, flags, cflags, phys_pc);
    uint8_t *code = (uint8_t *)ROUND_UP((uintptr_t)(tb + 1), (uintptr_t)16);

    tcg_func_start(s);
    gen_intermediate_code(cpu->env, tb);
    assert(tb->size);
    log_tb(cpu, tb, CPU_LOG_TB_IN_ASM);
    log_tb(cpu, tb, CPU_LOG_TB_OP);

    uint8_t *begin = s->code_ptr;

    s->code_buf = s->code_ptr = code;
    *error = tcg_gen_code(s);
    if (*error < 0 || !tb_finish(s, tb, code, *error)) {
        s->code_ptr = begin;
        return NULL;
    }
    log_tb(cpu, tb, CPU_LOG_TB_OUT_ASM);
    perf_report_block(tb);
    count_ops(s);
    count(&tb_stats.blocks, 1);
    count(&tb_stats.guest_bytes, tb->size);
    count(&tb_stats.host_bytes, tb->code_size);
    count(&tb_stats.guest_insns, tb->icount);
    trace_translate_block(pc, flags, tb->icount, tb->size, tb->code_size, cflags & CF_REGION);
    return tb;
}

/* Tries with fewer instructions or more room until there is a block. */
static TranslationBlock *tb_gen_some(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags,
                                     ram_addr_t phys_pc)
{
    int max_insns = cflags & CF_COUNT_MASK ? cflags & CF_COUNT_MASK : TB_MAX_INSNS;

    for (;;) {
        int error = 0;
        TranslationBlock *tb = tb_try_gen(cpu, pc, flags, cflags, phys_pc, &error);

        if (tb) {
            return tb;
        }
        if (error == -2 && max_insns > 1) {
            max_insns /= 2;
            cflags = (cflags & ~CF_COUNT_MASK) | max_insns;
        } else {
            tcg_ctx->code_ptr = tcg_ctx->code_highwater;
            code_buffer_ensure_room(cpu);
        }
    }
}

__attribute__((noinline))
TranslationBlock *tb_gen_code(CPUState *cpu, vaddr pc, uint32_t flags, uint32_t cflags)
{
    ram_addr_t phys_pc = get_page_addr_code(cpu->env, pc);
    ram_addr_t second;
    uint32_t stores[2] = { 0 };
    TranslationBlock *tb;

    code_buffer_ensure_room(cpu);
    if (phys_pc == (ram_addr_t)-1) {
        cflags = (cflags & ~(CF_COUNT_MASK | CF_REGION)) | CF_NO_GOTO_TB | CF_NO_GOTO_PTR | 1;
    } else {
        stores[0] = tb_begin_reading_page(phys_pc & TARGET_PAGE_MASK);
    }
    for (bool seen = false;;) {
        tb = tb_gen_some(cpu, pc, flags, cflags, phys_pc);
        if (!(((pc + tb->size - 1) ^ pc) & TARGET_PAGE_MASK)) {
            break;
        }
        second = get_page_addr_code(cpu->env, (pc & TARGET_PAGE_MASK) + TARGET_PAGE_SIZE);
        if (second == (ram_addr_t)-1) {
            tb->page_addr[0] = -1;      /* not to be found: half of it is no RAM */
            break;
        }
        if (seen || cpu_physical_memory_is_clean(second, DIRTY_MEMORY_CODE)) {
            stores[1] = seen ? stores[1] : tb_begin_reading_page(second & TARGET_PAGE_MASK);
            tb->page_addr[1] = second & TARGET_PAGE_MASK;
            break;
        }
        seen = true;                    /* stores were not noticed yet: read it again */
        stores[1] = tb_begin_reading_page(second & TARGET_PAGE_MASK);
    }
    code_buffer_add(tb);
    if (tb->page_addr[0] != (ram_addr_t)-1) {
        tb = tb_publish(tb, stores);
    }
    if (tb->page_addr[0] == (ram_addr_t)-1 && tb->icount > 1 && cpu->cc->stores_change_next_insn) {
        /* Nobody would notice that it writes to itself: go on by single instructions. */
        cflags = (cflags & ~(CF_COUNT_MASK | CF_REGION)) | CF_NO_GOTO_TB | CF_NO_GOTO_PTR | 1;
        return tb_gen_code(cpu, pc, flags, cflags);
    }
    return tb;
}

void tb_make_region(CPUState *cpu, TranslationBlock *old)
{
    TranslationBlock *tb;

    uint32_t cflags = qatomic_read(&old->cflags);

    if (cflags & (CF_INVALID | CF_REGION | CF_COUNT_MASK)) {
        old->exec_left = INT32_MAX;
        return;
    }
    old->exec_left = INT32_MAX;         /* until the region takes over */
    tb = tb_gen_code(cpu, old->pc, old->flags, cflags | CF_REGION);
    count(&tb_stats.regions, 1);
    tb_replace(old, tb);
}

/* --- information ------------------------------------------------------------------------ */

void dump_exec_info(FILE *f)
{
    fprintf(f, "Translation buffer state:\n");
    fprintf(f, "gen code size       %" PRIu64 "/%zu\n", tb_stats.host_bytes, code_buffer_size());
    fprintf(f, "TB count            %" PRIu64 " (%" PRIu64 " regions)\n", tb_stats.blocks, tb_stats.regions);
    if (tb_stats.blocks) {
        fprintf(f, "TB avg target size  %.1f bytes\n", (double)tb_stats.guest_bytes / tb_stats.blocks);
        fprintf(f, "TB avg host size    %.1f bytes (expansion ratio: %.1f)\n",
                (double)tb_stats.host_bytes / tb_stats.blocks,
                (double)tb_stats.host_bytes / tb_stats.guest_bytes);
        fprintf(f, "host bytes per guest instruction %.1f\n",
                (double)tb_stats.host_bytes / MAX(tb_stats.guest_insns, 1));
    }
    fprintf(f, "TB flush count      %" PRIu64 "\n", tb_stats.flushes);
    fprintf(f, "TB invalidate count %" PRIu64 "\n", tb_stats.invalidations);
}

/* The operations are not kept: the block is translated again, as far as them. */
void tb_debug_dump(uintptr_t host_pc)
{
    const TranslationBlock *tb = tcg_tb_lookup(host_pc);
    TranslationBlock copy;

    if (!tb || !current_cpu) {
        return;
    }
    copy = *tb;
    printf("IN:\n");
    target_disas(stdout, current_cpu, tb->pc, tb->size);
    tcg_func_start(tcg_ctx);
    tcg_ctx->tb = &copy;
    gen_intermediate_code(current_cpu->env, &copy);
    printf("\nOP:\n");
    tcg_dump_ops(tcg_ctx, stdout);
    fflush(stdout);
}

void dump_opcount_info(FILE *f)
{
    for (int i = 0; i < NB_OPS; i++) {
        if (op_counts[i]) {
            fprintf(f, "%-20s %" PRIu64 "\n", tcg_op_defs[i].name, op_counts[i]);
        }
    }
}
