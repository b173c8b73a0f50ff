/*
 * x87 instructions, the change to MMX, FXSAVE and XSAVE (SDM 2).
 *
 * While the guest masks all x87 exceptions and the back end has x87 ops, each
 * instruction is the same instruction of the host's unit, which holds the
 * guest's state (see x87.h); ctx->x87 says what is known about where the state
 * is. Otherwise (is_exact()) helpers do the work.
 *
 * The pointers to the last instruction and its operand are globals: constants
 * that are overwritten before anybody looks are never stored.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"
#include "target-i386/x87.h"
#include "tcg/tcg.h"

static TCGv_i64 cpu_fpip, cpu_fpdp;
static TCGv_i32 cpu_fpop;

void translate_x87_init(void)
{
    cpu_fpip = tcg_global_mem_new_i64(offsetof(CPUX86State, fpip), "fpip");
    cpu_fpdp = tcg_global_mem_new_i64(offsetof(CPUX86State, fpdp), "fpdp");
    cpu_fpop = tcg_global_mem_new_i32(offsetof(CPUX86State, fpop), "fpop");
}

/* --- where the state is ------------------------------------------------------------- */

static bool is_exact(const DisasContext *ctx)
{
    return !tcg_ctx->host_x87 || ctx->flags & HF_X87_EXACT;
}

static unsigned insn_code(const Insn *in) { return in->opcode << 8 | in->modrm; }

void gen_forget_x87(DisasContext *ctx)
{
    ctx->x87 = X87_UNKNOWN;
    ctx->x87_cs_stored = false;
    ctx->x87_ds_stored = 0;
}

static void gen_load_unit(DisasContext *ctx)
{
    if (!is_exact(ctx) && ctx->x87 != X87_IN_HOST) {
        tcg_gen_x87_enter(offsetof(CPUX86State, x87_in_host), &helper_info_x87_to_host);
        ctx->x87 = X87_IN_HOST;
    }
}

/* Before an instruction that waits: pending exceptions are raised. */
static void gen_wait(DisasContext *ctx)
{
    if (ctx->flags & HF_X87_EXACT) {
        gen_helper_x87_wait(tcg_env);
    }
    gen_load_unit(ctx);
    if (is_exact(ctx)) {
        gen_forget_x87(ctx);
    }
}

void gen_enter_mmx(DisasContext *ctx)
{
    if (ctx->flags & HF_X87_EXACT) {
        gen_helper_x87_wait(tcg_env);
    }
    if (ctx->x87 == X87_IS_MMX) {
        return;
    }
    if (tcg_ctx->host_x87) {
        tcg_gen_x87_enter(offsetof(CPUX86State, mmx_ready), &helper_info_enter_mmx);
    } else {
        gen_helper_enter_mmx(tcg_env);
    }
    ctx->x87 = X87_IS_MMX;
}

/* --- pointers --------------------------------------------------------------------------- */

static void gen_store_selector(unsigned seg, intptr_t to)
{
    TCGv_i32 selector = tcg_temp_new_i32();

    tcg_gen_ld_i32(selector, tcg_env, offsetof(CPUX86State, segs) + sizeof(SegmentCache) * seg +
                   offsetof(SegmentCache, selector));
    tcg_gen_st16_i32(selector, tcg_env, to);
}

/* The instruction is done: it is the last one. */
static void gen_set_pointers(DisasContext *ctx, Insn *in)
{
    TCGv eip = gen_next_eip(ctx);

    if (ctx->cs_base) {
        TCGv start = tcg_temp_new();

        tcg_gen_subi_tl(start, eip, in->length);
        tcg_gen_ext32u_tl(start, start);
        tcg_gen_extu_tl_i64(cpu_fpip, start);
    } else {
        tcg_gen_movi_i64(cpu_fpip, ctx->pc);
    }
    tcg_gen_movi_i32(cpu_fpop, insn_code(in) & 0x7ff);
    if (!ctx->code64 && !ctx->x87_cs_stored) {
        gen_store_selector(R_CS, offsetof(CPUX86State, fpcs));
        ctx->x87_cs_stored = true;
    }
    if (in->has_mem) {
        tcg_gen_extu_tl_i64(cpu_fpdp, gen_offset(ctx, in));
        if (!ctx->code64 && ctx->x87_ds_stored != in->seg + 1) {
            gen_store_selector(in->seg, offsetof(CPUX86State, fpds));
            ctx->x87_ds_stored = in->seg + 1;
        }
    }
}

/* --- memory operands -------------------------------------------------------------------------- */

static void gen_from_memory(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv addr;

    gen_wait(ctx);
    addr = gen_address(ctx, in, memop_size(size), ACCESS_READ);
    if (is_exact(ctx)) {
        TCGv_i64 value = tcg_temp_new_i64();

        tcg_gen_tl_ld_i64(value, addr, ctx->mem_idx, data_op(ctx, size | MO_LE));
        gen_helper_x87_mem(tcg_env, tcg_constant_i32(insn_code(in)), value);
    } else {
        tcg_gen_x87_ld_tl(addr, ctx->mem_idx, data_op(ctx, size | MO_LE), insn_code(in));
    }
    gen_set_pointers(ctx, in);
}

/* fadd, fmul, fcom, fcomp, fsub, fsubr, fdiv, fdivr and the fi forms */
void gen_x87_arith_mem(DisasContext *ctx, Insn *in) { gen_from_memory(ctx, in); }
/* fld m32, m64; fild */
void gen_x87_load(DisasContext *ctx, Insn *in) { gen_from_memory(ctx, in); }

/* fst, fstp, fist, fistp, fisttp: a fault leaves the stack as it was */
void gen_x87_store(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv addr;

    gen_wait(ctx);
    addr = gen_address(ctx, in, memop_size(size), ACCESS_WRITE);
    if (is_exact(ctx)) {
        gen_helper_x87_store(tcg_env, tcg_constant_i32(insn_code(in)), addr,
                             tcg_constant_i32(make_memop_idx(data_op(ctx, size | MO_LE), ctx->mem_idx)));
    } else {
        tcg_gen_x87_st_tl(addr, ctx->mem_idx, data_op(ctx, size | MO_LE), insn_code(in));
    }
    gen_set_pointers(ctx, in);
}

/* Ten bytes of memory: low part and the rest. */
static void gen_load_ten(DisasContext *ctx, Insn *in, TCGv_i64 low, TCGv_i32 high)
{
    TCGv addr = gen_address(ctx, in, 10, ACCESS_READ);

    tcg_gen_tl_ld_i64(low, addr, ctx->mem_idx, data_op(ctx, MO_LEUQ));
    tcg_gen_tl_ld_i32(high, gen_address_plus(ctx, addr, 8), ctx->mem_idx, MO_LEUW);
}

static void gen_from_ten(DisasContext *ctx, Insn *in, bool is_bcd)
{
    TCGv_i64 low = tcg_temp_new_i64();
    TCGv_i32 high = tcg_temp_new_i32();

    gen_wait(ctx);
    gen_load_ten(ctx, in, low, high);
    if (!is_exact(ctx)) {
        tcg_gen_st_i64(low, tcg_env, offsetof(CPUX86State, x87_scratch));
        tcg_gen_st16_i32(high, tcg_env, offsetof(CPUX86State, x87_scratch) + 8);
        tcg_gen_x87_m(tcg_env, offsetof(CPUX86State, x87_scratch), insn_code(in));
    } else if (is_bcd) {
        gen_helper_x87_load_bcd(tcg_env, low, high);
    } else {
        gen_helper_x87_load_m80(tcg_env, low, high);
    }
    gen_set_pointers(ctx, in);
}

void gen_fld_m80(DisasContext *ctx, Insn *in) { gen_from_ten(ctx, in, false); }
void gen_fbld(DisasContext *ctx, Insn *in) { gen_from_ten(ctx, in, true); }

/* fstp m80, fbstp: may it be stored? Then nothing faults any more. */
void gen_x87_store_ten(DisasContext *ctx, Insn *in)
{
    TCGv addr;

    gen_wait(ctx);
    addr = gen_address(ctx, in, 10, ACCESS_WRITE);
    if (is_exact(ctx)) {
        gen_helper_x87_store_ten(tcg_env, tcg_constant_i32(insn_code(in)), addr);
    } else {
        TCGv_i64 low = tcg_temp_new_i64();
        TCGv_i32 high = tcg_temp_new_i32();

        gen_helper_x87_probe_ten(tcg_env, addr);
        tcg_gen_x87_m(tcg_env, offsetof(CPUX86State, x87_scratch), insn_code(in));
        tcg_gen_ld_i64(low, tcg_env, offsetof(CPUX86State, x87_scratch));
        tcg_gen_ld16u_i32(high, tcg_env, offsetof(CPUX86State, x87_scratch) + 8);
        tcg_gen_tl_st_i64(low, addr, ctx->mem_idx, MO_LEUQ);
        tcg_gen_tl_st_i32(high, gen_address_plus(ctx, addr, 8), ctx->mem_idx, MO_LEUW);
    }
    gen_set_pointers(ctx, in);
}

/* --- registers --------------------------------------------------------------------------------- */

void gen_x87_reg(DisasContext *ctx, Insn *in)
{
    gen_wait(ctx);
    if (is_exact(ctx)) {
        gen_helper_x87_reg(tcg_env, tcg_constant_i32(insn_code(in)));
    } else {
        tcg_gen_x87(insn_code(in));
    }
    gen_set_pointers(ctx, in);
}

/* fcmovb, fcmove, fcmovbe, fcmovu, and with DB their opposites */
void gen_fcmov(DisasContext *ctx, Insn *in)
{
    static const uint8_t conditions[] = { 2, 4, 6, 10 };
    unsigned cond = conditions[in->modrm >> 3 & 3] | (in->opcode & 1);
    TCGv_i32 holds = tcg_temp_new_i32();

    gen_wait(ctx);
    tcg_gen_trunc_tl_i32(holds, gen_setcond_on(ctx, cond));
    if (is_exact(ctx)) {
        gen_helper_x87_cmov(tcg_env, tcg_constant_i32(in->modrm & 7), holds);
    } else {
        tcg_gen_x87_cmov(holds, in->modrm & 7);
    }
    gen_set_pointers(ctx, in);
}

/* fcomi, fucomi, fcomip, fucomip: OF, SF, AF become 0 */
void gen_fcomi(DisasContext *ctx, Insn *in)
{
    TCGv_i32 bits = tcg_temp_new_i32();
    TCGv wide = tcg_temp_new();

    gen_wait(ctx);
    if (is_exact(ctx)) {
        gen_helper_x87_comi(bits, tcg_env, tcg_constant_i32(insn_code(in)));
    } else {
        tcg_gen_x87_comi(bits, insn_code(in));
    }
    tcg_gen_extu_i32_tl(wide, bits);
    gen_set_cc_bits(ctx, wide);
    gen_set_pointers(ctx, in);
}

/* --- control --------------------------------------------------------------------------------------- */

/* fwait: the only one that CR0.MP makes trap (SDM 3A, 13.1). */
void gen_fwait(DisasContext *ctx, Insn *in)
{
    if ((ctx->flags & (HF_MP | HF_TS)) == (HF_MP | HF_TS)) {
        gen_exception(ctx, EXCP07_PREX);
    } else if (ctx->flags & HF_X87_EXACT) {
        gen_helper_x87_wait(tcg_env);
    }
}

/* feni, fdisi, fsetpm: nothing since the 80387 */
void gen_x87_nop(DisasContext *ctx, Insn *in)
{
}

void gen_fnclex(DisasContext *ctx, Insn *in)
{
    gen_load_unit(ctx);
    if (is_exact(ctx)) {
        gen_helper_fnclex(tcg_env);
    } else {
        tcg_gen_x87(insn_code(in));
    }
}

/* Masks everything: the block flags may change. */
void gen_fninit(DisasContext *ctx, Insn *in)
{
    if (is_exact(ctx)) {
        gen_helper_fninit(tcg_env);
        gen_forget_x87(ctx);
        gen_end_block(ctx);
        return;
    }
    gen_load_unit(ctx);
    tcg_gen_x87(insn_code(in));
    tcg_gen_st_i32(tcg_constant_i32(FPUC_DEFAULT), tcg_env, offsetof(CPUX86State, fpuc));
    tcg_gen_movi_i64(cpu_fpip, 0);
    tcg_gen_movi_i64(cpu_fpdp, 0);
    tcg_gen_movi_i32(cpu_fpop, 0);
    tcg_gen_st_i32(tcg_constant_i32(0), tcg_env, offsetof(CPUX86State, fpcs));
}

/* A word that unmasks an exception needs the exact path: through the dispatch loop. */
void gen_fldcw(DisasContext *ctx, Insn *in)
{
    TCGv_i32 word = tcg_temp_new_i32();
    TCGLabel *masked;

    gen_wait(ctx);
    tcg_gen_trunc_tl_i32(word, read_operand_zx(ctx, in, 0));
    if (is_exact(ctx)) {
        gen_helper_fldcw(tcg_env, word);
        gen_end_block(ctx);
        return;
    }
    TCGv_i32 unmasked = tcg_temp_new_i32();

    masked = gen_new_label();
    tcg_gen_not_i32(unmasked, word);
    tcg_gen_brcond_i32(TCG_COND_TSTEQ, unmasked, tcg_constant_i32(FPUC_MASKS), masked);
    gen_helper_fldcw(tcg_env, word);
    gen_store_next_eip(ctx);
    gen_exit_lookup(ctx);
    ctx->ended = false;
    gen_set_label(masked);
    tcg_gen_andi_i32(word, word, FPUC_WRITABLE);
    tcg_gen_ori_i32(word, word, FPUC_FIXED_1);
    tcg_gen_st_i32(word, tcg_env, offsetof(CPUX86State, fpuc));
    tcg_gen_x87_m(tcg_env, offsetof(CPUX86State, fpuc), insn_code(in));
}

void gen_fnstcw(DisasContext *ctx, Insn *in)
{
    TCGv_i32 word = tcg_temp_new_i32();
    TCGv wide = tcg_temp_new();

    tcg_gen_ld_i32(word, tcg_env, offsetof(CPUX86State, fpuc));
    tcg_gen_extu_i32_tl(wide, word);
    write_operand(ctx, in, 0, wide);
}

void gen_fnstsw(DisasContext *ctx, Insn *in)
{
    TCGv_i32 word = tcg_temp_new_i32();
    TCGv wide = tcg_temp_new();

    gen_load_unit(ctx);
    if (is_exact(ctx)) {
        gen_helper_x87_status(word, tcg_env);
    } else {
        tcg_gen_x87_status(word);
    }
    tcg_gen_extu_i32_tl(wide, word);
    write_operand(ctx, in, 0, wide);
}

/* --- images of the state ---------------------------------------------------------------------------- */

typedef void ImageHelper(TCGv_env env, TCGv addr, TCGv_i32 form);

/* form: operand size is not 16 bits. The block flags may change. */
static void gen_image(DisasContext *ctx, Insn *in, ImageHelper *helper, unsigned wide_bytes, AccessKind access)
{
    bool wide = in->osize != MO_16;
    unsigned bytes = wide ? wide_bytes : wide_bytes - 14;

    helper(tcg_env, gen_address(ctx, in, bytes, access), tcg_constant_i32(wide));
    gen_forget_x87(ctx);
}

void gen_fldenv(DisasContext *ctx, Insn *in)
{
    gen_wait(ctx);
    gen_image(ctx, in, gen_helper_fldenv, 28, ACCESS_READ);
}

void gen_frstor(DisasContext *ctx, Insn *in)
{
    gen_wait(ctx);
    gen_image(ctx, in, gen_helper_frstor, 108, ACCESS_READ);
}

void gen_fnstenv(DisasContext *ctx, Insn *in) { gen_image(ctx, in, gen_helper_fnstenv, 28, ACCESS_WRITE); }
void gen_fnsave(DisasContext *ctx, Insn *in) { gen_image(ctx, in, gen_helper_fnsave, 108, ACCESS_WRITE); }

/* fxsave does not wait; nor does fxrstor */
void gen_fxsave(DisasContext *ctx, Insn *in)
{
    gen_helper_fxsave(tcg_env, gen_address(ctx, in, 512, ACCESS_WRITE), tcg_constant_i32(in->rex_w));
    gen_forget_x87(ctx);
}

void gen_fxrstor(DisasContext *ctx, Insn *in)
{
    gen_helper_fxrstor(tcg_env, gen_address(ctx, in, 512, ACCESS_READ), tcg_constant_i32(in->rex_w));
    gen_forget_x87(ctx);
}

static TCGv_i64 gen_xsave_request(void)
{
    TCGv_i64 request = tcg_temp_new_i64(), high = tcg_temp_new_i64();

    tcg_gen_extu_tl_i64(request, read_reg(R_EAX));
    tcg_gen_extu_tl_i64(high, read_reg(R_EDX));
    tcg_gen_deposit_i64(request, request, high, 32, 32);
    return request;
}

/* xsave, xsaveopt, xsavec (0F C7) */
void gen_xsave(DisasContext *ctx, Insn *in)
{
    unsigned form = in->rex_w | (in->opcode == 0xc7 ? 2 : 0);

    gen_helper_check_xsave(tcg_env);
    gen_helper_xsave(tcg_env, gen_address(ctx, in, 576, ACCESS_WRITE), gen_xsave_request(), tcg_constant_i32(form));
    gen_forget_x87(ctx);
}

void gen_xrstor(DisasContext *ctx, Insn *in)
{
    gen_helper_check_xsave(tcg_env);
    gen_helper_xrstor(tcg_env, gen_address(ctx, in, 576, ACCESS_READ), gen_xsave_request(),
                      tcg_constant_i32(in->rex_w));
    gen_forget_x87(ctx);
}

static void gen_leave_mmx(DisasContext *ctx)
{
    if (ctx->flags & HF_X87_EXACT) {
        gen_helper_x87_wait(tcg_env);
    }
    gen_helper_emms(tcg_env);
    gen_forget_x87(ctx);
}

void gen_emms(DisasContext *ctx, Insn *in) { gen_leave_mmx(ctx); }
void gen_femms(DisasContext *ctx, Insn *in) { gen_leave_mmx(ctx); }
