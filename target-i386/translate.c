/*
 * x86 translator: guest code to ops. Owns the context, the loop over a block
 * and what leaves a block; bytes to instructions is decode.c's, their meaning is
 * in translate-<class>.c, their encodings in insns-<class>.h.
 *
 * Blocks are keyed by linear address (CS.base + EIP) and env->hflags. Where
 * CS.base is not 0 (HF_CS_BASE) EIP is computed from the linear address at run
 * time, and env->eip is right at the head of every block; otherwise it is
 * stored only when a block is left for good.
 *
 * SPDX-License-Identifier: MIT
 */

/* Log each instruction as it is decoded. */
/* #define X86_DEBUG_DISAS */

#include "qemu/osdep.h"
#include "qemu/log.h"
#include "target-i386/translate.h"
#include "target-i386/insn-gen.h"
#include "target-i386/region.h"
#include "tcg/helper-info.h"

#ifdef X86_DEBUG_DISAS
#define LOG_DISAS(...) qemu_log_mask(CPU_LOG_TB_IN_ASM, __VA_ARGS__)
#else
#define LOG_DISAS(...) do { } while (0)
#endif

enum { MAX_COLD_INSNS = 64 };

TCGv cpu_regs[CPU_NB_REGS], cpu_cc_dst, cpu_cc_src, cpu_cc_src2, cpu_eip;
TCGv_i32 cpu_cc_op;

static void create_globals(void)
{
    static const char names[16][5] = {
        "eax", "ecx", "edx", "ebx", "esp", "ebp", "esi", "edi",
        "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15",
    };

    for (unsigned i = 0; i < CPU_NB_REGS; i++) {
        cpu_regs[i] = tcg_global_mem_new(offsetof(CPUX86State, regs) + sizeof(target_ulong) * i, names[i]);
        tcg_global_set_hot(cpu_regs[i]);
    }
    cpu_cc_dst = tcg_global_mem_new(offsetof(CPUX86State, cc_dst), "cc_dst");
    cpu_cc_src = tcg_global_mem_new(offsetof(CPUX86State, cc_src), "cc_src");
    cpu_cc_src2 = tcg_global_mem_new(offsetof(CPUX86State, cc_src2), "cc_src2");
    cpu_eip = tcg_global_mem_new(offsetof(CPUX86State, eip), "eip");
    cpu_cc_op = tcg_global_mem_new_i32(offsetof(CPUX86State, cc_op), "cc_op");
}

void target_translate_init(void)
{
    create_globals();
    translate_sse_init();
    translate_x87_init();
    decoder_init();
}

/* --- EIP --------------------------------------------------------------------------- */

static TCGv gen_cs_base(void)
{
    TCGv base = tcg_temp_new();

    tcg_gen_ld_tl(base, tcg_env, offsetof(CPUX86State, segs[R_CS].base));
    return base;
}

/* EIP of the linear address, as a value. */
static TCGv gen_eip_of(DisasContext *ctx, target_ulong linear)
{
    TCGv eip;

    if (!ctx->cs_base) {
        return tcg_constant_tl(linear);
    }
    eip = tcg_temp_new();
    tcg_gen_sub_tl(eip, tcg_constant_tl(linear), gen_cs_base());
    tcg_gen_ext32u_tl(eip, eip);
    return eip;
}

static void gen_set_eip(DisasContext *ctx, target_ulong linear)
{
    tcg_gen_mov_tl(cpu_eip, gen_eip_of(ctx, linear));
}

void gen_store_eip(DisasContext *ctx) { gen_set_eip(ctx, ctx->pc); }
void gen_store_next_eip(DisasContext *ctx) { gen_set_eip(ctx, ctx->next_pc); }
TCGv gen_next_eip(DisasContext *ctx) { return gen_eip_of(ctx, ctx->next_pc); }

/* --- leaving a block -------------------------------------------------------------- */

void gen_exception(DisasContext *ctx, unsigned vector)
{
    gen_helper_raise_exception(tcg_env, tcg_constant_i32(vector));
    ctx->ended = true;
}

void gen_exception_err(DisasContext *ctx, unsigned vector, uint32_t error_code)
{
    gen_helper_raise_exception_err(tcg_env, tcg_constant_i32(vector), tcg_constant_i32(error_code));
    ctx->ended = true;
}

void gen_end_block(DisasContext *ctx) { ctx->stop = true; }

/* env->eip is stored; linear: its linear address, or NULL. Traps of single-stepping come here too. */
static void leave_block(DisasContext *ctx, TCGv linear)
{
    gen_sync_cc_op(ctx);
    if (unlikely(ctx->tb->cflags & CF_SINGLE_STEP)) {
        gen_helper_debug(tcg_env);
    } else if (unlikely(ctx->flags & HF_TF)) {
        gen_helper_single_step(tcg_env);
    } else if (unlikely(ctx->flags & HF_DATA_BP)) {
        gen_helper_debug_traps(tcg_env);
        tcg_gen_exit_tb(NULL, 0);
    } else if (ctx->tb->cflags & CF_NO_GOTO_PTR) {
        tcg_gen_exit_tb(NULL, 0);
    } else {
        if (!linear) {
            linear = tcg_temp_new();
            tcg_gen_ld_tl(linear, tcg_env, offsetof(CPUX86State, segs[R_CS].base));
            tcg_gen_add_tl(linear, linear, cpu_eip);
            if (!ctx->code64) {
                tcg_gen_ext32u_tl(linear, linear);
            }
        }
        tcg_gen_lookup_and_goto_ptr(tcgv_temp(linear));
    }
}

void gen_exit_lookup(DisasContext *ctx)
{
    leave_block(ctx, NULL);
    ctx->ended = true;
}

/* A branch to beyond CS.limit faults before EIP changes (SDM 2, JMP). */
void gen_check_eip(DisasContext *ctx, TCGv eip)
{
    TCGv_i32 limit, low;
    TCGLabel *inside;

    if (!ctx->check_code) {
        return;
    }
    limit = tcg_temp_new_i32();
    low = tcg_temp_new_i32();
    inside = gen_new_label();
    tcg_gen_ld_i32(limit, tcg_env, offsetof(CPUX86State, segs[R_CS].limit));
    tcg_gen_trunc_tl_i32(low, eip);
    tcg_gen_brcond_i32(TCG_COND_LEU, low, limit, inside);
    gen_gpf0(ctx);
    gen_set_label(inside);
}

void gen_jump_indirect(DisasContext *ctx, TCGv eip)
{
    gen_check_eip(ctx, eip);
    tcg_gen_mov_tl(cpu_eip, eip);
    leave_block(ctx, ctx->cs_base ? NULL : cpu_eip);
    ctx->ended = true;
}

void gen_jump_out(DisasContext *ctx, target_ulong dest)
{
    bool same_page = ((dest ^ (target_ulong)ctx->tb->pc) & TARGET_PAGE_MASK) == 0;

    gen_sync_cc_op(ctx);
    if (same_page && ctx->may_chain && ctx->slots < TB_MAX_EXITS) {
        unsigned slot = ctx->slots++;

        if (ctx->cs_base) {
            gen_set_eip(ctx, dest);
            tcg_gen_goto_tb(slot);
        } else {
            tcg_gen_goto_tb(slot);
            gen_set_eip(ctx, dest);
        }
        tcg_gen_exit_tb(ctx->tb, slot);
    } else {
        gen_set_eip(ctx, dest);
        leave_block(ctx, tcg_constant_tl(dest));
    }
    ctx->ended = true;
}

void gen_jump(DisasContext *ctx, target_ulong dest)
{
    TCGLabel *inside = region_label(ctx, dest);

    if (inside) {
        gen_sync_cc_op(ctx);
        tcg_gen_br(inside);
        ctx->ended = true;
    } else {
        gen_jump_out(ctx, dest);
    }
}

/* Within a 16-bit EIP whose place is known at run time only. */
static void gen_jump_16(DisasContext *ctx, target_ulong dest)
{
    TCGv eip = tcg_temp_new();
    TCGLabel *wraps = gen_new_label();

    tcg_gen_sub_tl(eip, tcg_constant_tl(dest), gen_cs_base());
    tcg_gen_ext32u_tl(eip, eip);
    tcg_gen_brcond_tl(TCG_COND_TSTNE, eip, tcg_constant_tl(~(target_ulong)0xffff), wraps);
    gen_check_eip(ctx, eip);
    gen_jump(ctx, dest);
    gen_set_label(wraps);
    tcg_gen_andi_tl(eip, eip, 0xffff);
    gen_jump_indirect(ctx, eip);
}

static void gen_jump_sized(DisasContext *ctx, MemOp osize, target_ulong dest)
{
    if (ctx->code64) {
        gen_jump(ctx, dest);
    } else if (osize == MO_16 && ctx->cs_base) {
        gen_jump_16(ctx, (uint32_t)dest);
    } else {
        dest = osize == MO_16 ? (uint16_t)dest : (uint32_t)dest;
        if (ctx->check_code) {
            gen_check_eip(ctx, gen_eip_of(ctx, dest));
        }
        gen_jump(ctx, dest);
    }
}

void gen_jump_rel(DisasContext *ctx, const Insn *in, int64_t displacement)
{
    gen_jump_sized(ctx, in->osize, ctx->next_pc + displacement);
}

void gen_check_rel(DisasContext *ctx, const Insn *in, int64_t displacement)
{
    if (ctx->check_code) {
        TCGv eip = tcg_temp_new();

        tcg_gen_addi_tl(eip, gen_next_eip(ctx), displacement);
        gen_check_eip(ctx, extend_zx(eip, in->osize));
    }
}

/*
 * Exits of conditional branches are put behind the block, so that its code
 * runs straight on. The registers there are those of the branch.
 */
TCGLabel *gen_target_label(DisasContext *ctx, const Insn *in, int64_t displacement)
{
    target_ulong dest = ctx->next_pc + displacement;
    TCGLabel *inside = region_label(ctx, ctx->code64 ? dest : (uint32_t)dest);
    LaterExit *later;

    if (inside && (ctx->code64 || in->osize != MO_16)) {
        gen_sync_cc_op(ctx);
        return inside;
    }
    later = tcg_malloc(sizeof(*later));
    *later = (LaterExit) {
        .label = gen_new_label(), .pc = ctx->pc, .next_pc = ctx->next_pc, .displacement = displacement,
        .osize = in->osize, .cc = ctx->cc, .next = ctx->later_exits,
    };
    ctx->later_exits = later;
    return later->label;
}

void gen_inhibit_irq(DisasContext *ctx)
{
    if (ctx->code64) {
        ctx->shadow = 2;
    } else {
        /* SS may have changed, and block flags with it. */
        gen_helper_begin_inhibit_irq(tcg_env);
        gen_end_block(ctx);
    }
}

/* --- the loop ------------------------------------------------------------------------ */

/* What CR0, CR4 and XCR0 must allow; true when an exception was generated instead. */
static bool gen_unit_checks(DisasContext *ctx, const Insn *in)
{
    uint32_t needs = in->row->needs, flags = ctx->flags;

    if ((needs & MMX && flags & HF_EM) || (needs & SSE && (flags & HF_EM || !(flags & HF_OSFXSR))) ||
        (needs & AVX && !(flags & HF_AVX))) {
        gen_illegal(ctx);
        return true;
    }
    if ((needs & (MMX | SSE | AVX) && flags & HF_TS) || (needs & FPU && flags & (HF_EM | HF_TS))) {
        gen_exception(ctx, EXCP07_PREX);
        return true;
    }
    return false;
}

static bool is_legal(DisasContext *ctx, const Insn *in)
{
    uint32_t needs = in->row->needs;
    unsigned feature = needs & NEEDS_FEATURE;

    if (feature && !cpu_has(ctx->env, feature)) {
        return false;
    }
    if (in->lock && !(needs & LOCK && in->op[0].kind == OPK_MEM)) {
        return false;
    }
    return !(needs & PROT && !ctx->protected_mode);
}

static void gen_undefined(DisasContext *ctx, const Insn *in)
{
    qemu_log_mask(LOG_GUEST_ERROR, "invalid opcode %02x (map %u) at " TARGET_FMT_lx "\n", in->opcode,
                  in->map, ctx->pc);
    gen_illegal(ctx);
}

static void translate_insn(DisasContext *ctx, Insn *in, DecodeResult decoded)
{
    if (unlikely(decoded == DECODE_TOO_LONG)) {
        gen_gpf0(ctx);
    } else if (unlikely(decoded != DECODE_OK || !is_legal(ctx, in))) {
        gen_undefined(ctx, in);
    } else if (unlikely(in->row->needs & CPL0 && ctx->cpl)) {
        gen_gpf0(ctx);
    } else if (!gen_unit_checks(ctx, in)) {
        LOG_DISAS(TARGET_FMT_lx ": %s (map %u opcode %02x)\n", ctx->pc, in->row->name, in->map, in->opcode);
        in->row->gen(ctx, in);
        if (in->op[0].kind == OPK_SEG) {
            gen_forget_x87(ctx);
        }
        ctx->stop |= (in->row->needs & ENDS) != 0;
    }
}

static void init_context(DisasContext *ctx, CPUX86State *env, TranslationBlock *tb)
{
    uint32_t flags = tb->flags;

    memset(ctx, 0, sizeof(*ctx));
    ctx->env = env;
    ctx->tb = tb;
    ctx->pc = tb->pc;
    ctx->flags = flags;
    ctx->cpl = flags & HF_CPL_MASK;
    ctx->mem_idx = ctx->cpl == 3 ? MMU_USER_IDX : flags & HF_SMAP ? MMU_KSMAP_IDX : MMU_KERNEL_IDX;
    ctx->pe = flags & HF_PE;
    ctx->vm86 = flags & HF_VM;
    ctx->protected_mode = ctx->pe && !ctx->vm86;
    ctx->lma = flags & HF_LMA;
    ctx->code64 = flags & HF_CS64;
    ctx->code32 = flags & HF_CS32;
    ctx->ss32 = flags & HF_SS32;
    ctx->cs_base = flags & HF_CS_BASE;
    ctx->check_code = flags & HF_CS_LIMIT;
    ctx->parallel = tb->cflags & CF_PARALLEL;
    ctx->single_step = tb->cflags & CF_SINGLE_STEP || flags & (HF_TF | HF_DATA_BP | HF_INHIBIT_IRQ | HF_RF);
    ctx->may_chain = !(tb->cflags & (CF_NO_GOTO_TB | CF_SINGLE_STEP)) && !ctx->single_step;
    if (tb->page_addr[0] != (ram_addr_t)-1) {
        ctx->code_page = tlb_vaddr_to_host(env, tb->pc & TARGET_PAGE_MASK, MMU_INST_FETCH,
                                           x86_cpu_mmu_index(env_cpu(env), MMU_INST_FETCH));
    }
}

/* Interrupts are polled. Returns the op to patch with the instruction count, or NULL. */
static TCGOp *gen_head(DisasContext *ctx)
{
    TranslationBlock *tb = ctx->tb;
    TCGOp *check = NULL;

    if (unlikely(ctx->flags & HF_RF)) {
        gen_helper_clear_rf(tcg_env);
    }
    if (ctx->flags & HF_INHIBIT_IRQ) {
        gen_helper_end_inhibit_irq(tcg_env);
    } else if (!(tb->cflags & CF_NO_IRQ)) {
        if (!ctx->cs_base) {
            tcg_gen_movi_tl(cpu_eip, tb->pc);
        }
        tcg_gen_check_exit(0, tb, TB_EXIT_REQUESTED);
        check = tcg_ctx->last_op;
        if (region_is_possible(ctx) && !(tb->cflags & CF_REGION)) {
            tcg_gen_count_exec(tb, TB_EXIT_HOT);
        }
        if (!ctx->cs_base) {
            /* From here on insn_start tells where the guest is. */
            tcg_gen_discard(tcgv_temp(cpu_eip));
        }
    }
    return check;
}

/* Every byte of the instruction lies within CS.limit, or #GP(0). */
static void gen_check_code(DisasContext *ctx, unsigned length)
{
    TCGv_i32 limit = tcg_temp_new_i32(), last = tcg_temp_new_i32();
    TCGLabel *inside = gen_new_label();

    tcg_gen_ld_i32(limit, tcg_env, offsetof(CPUX86State, segs[R_CS].limit));
    tcg_gen_trunc_tl_i32(last, gen_eip_of(ctx, ctx->pc + length - 1));
    tcg_gen_brcond_i32(TCG_COND_LEU, last, limit, inside);
    gen_gpf0(ctx);
    ctx->ended = false;
    gen_set_label(inside);
}

DecodeResult translate_one(DisasContext *ctx)
{
    Insn in;
    DecodeResult decoded = decode_insn(ctx, &in, ctx->pc);

    if (decoded == DECODE_NEXT_PAGE) {
        return decoded;
    }
    ctx->next_pc = ctx->pc + in.length;
    if (!ctx->code64) {
        ctx->next_pc = (uint32_t)ctx->next_pc;
    }
    tcg_gen_insn_start(ctx->pc, ctx->cc.op, 0);
    if (unlikely((ctx->flags & (HF_CODE_BP | HF_RF)) == HF_CODE_BP)) {
        gen_helper_check_code_breakpoint(tcg_env, tcg_constant_tl(ctx->pc));
    }
    if (ctx->check_code) {
        gen_check_code(ctx, in.length);
    }
    translate_insn(ctx, &in, decoded);
    ctx->num_insns++;
    return decoded;
}

void gen_fall_out(DisasContext *ctx)
{
    if (ctx->shadow == 2) {
        gen_helper_begin_inhibit_irq(tcg_env);
        ctx->stop = true;
    }
    if (ctx->stop || ctx->shadow || ctx->flags & (HF_INHIBIT_IRQ | HF_RF)) {
        gen_set_eip(ctx, ctx->pc);
        gen_exit_lookup(ctx);
    } else {
        gen_jump(ctx, ctx->pc);
    }
}

/* One basic block, up to the first instruction that ends it. */
static void translate_basic_block(DisasContext *ctx, unsigned max_insns)
{
    while (ctx->num_insns < max_insns && !tcg_op_buf_full()) {
        bool in_shadow = ctx->shadow == 2;

        if (translate_one(ctx) == DECODE_NEXT_PAGE) {
            break;
        }
        ctx->pc = ctx->next_pc;
        if (in_shadow) {
            ctx->shadow = ctx->shadow == 2 ? 0 : 1;
            ctx->stop = true;
        }
        if (ctx->ended || ctx->stop || ((ctx->pc ^ (target_ulong)ctx->tb->pc) & TARGET_PAGE_MASK)) {
            break;
        }
    }
    if (!ctx->ended) {
        gen_fall_out(ctx);
    }
}

static void gen_later_exits(DisasContext *ctx)
{
    while (ctx->later_exits) {
        LaterExit *later = ctx->later_exits;

        ctx->later_exits = later->next;
        gen_set_label(later->label);
        ctx->cc = later->cc;
        ctx->pc = later->pc;
        ctx->next_pc = later->next_pc;
        if (ctx->check_code) {
            tcg_gen_insn_start(ctx->pc, ctx->cc.op, 0);
        }
        gen_jump_sized(ctx, later->osize, later->next_pc + later->displacement);
    }
}

void gen_intermediate_code(CPUArchState *env, TranslationBlock *tb)
{
    DisasContext context, *ctx = &context;
    unsigned max_insns = tb->cflags & CF_COUNT_MASK;
    TCGOp *check;

    init_context(ctx, env, tb);
    if (ctx->single_step) {
        max_insns = 1;
    }
    check = gen_head(ctx);
    if (!(tb->cflags & CF_REGION) || !region_is_possible(ctx) || !translate_region(ctx)) {
        translate_basic_block(ctx, max_insns ? max_insns : MAX_COLD_INSNS);
    }
    tb->size = ctx->pc - (target_ulong)tb->pc;
    gen_later_exits(ctx);
    tb->icount = ctx->num_insns;
    if (check) {
        check->args[0] = ctx->num_insns;
    }
}
