/*
 * MMX, SSE, AVX: registers, operands, and the instructions that are one
 * operation of tcg/simd.h or of the IR (SDM 2; SDM 1, chapters 9 to 14).
 *
 * A vector register is two 128-bit globals. An instruction without VEX leaves
 * the high half alone, one with VEX and 128 bits clears it, one with 256 bits
 * does the same to both halves. MMX operations are done in the low half of a
 * vector. MXCSR is in the host's status register while guest code runs, with
 * all exceptions masked; blocks with HF_SSE_EXACT leave each operation to
 * helper_simd_exact(), which raises what is not masked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/translate-sse.h"

TCGv_vec cpu_xmm[CPU_NB_REGS], cpu_ymmh[CPU_NB_REGS];

void translate_sse_init(void)
{
    static const char low_names[16][6] = {
        "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
        "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15",
    };
    static const char high_names[16][7] = {
        "ymmh0", "ymmh1", "ymmh2", "ymmh3", "ymmh4", "ymmh5", "ymmh6", "ymmh7",
        "ymmh8", "ymmh9", "ymmh10", "ymmh11", "ymmh12", "ymmh13", "ymmh14", "ymmh15",
    };

    for (unsigned i = 0; i < CPU_NB_REGS; i++) {
        cpu_xmm[i] = tcg_global_mem_new_vec(offsetof(CPUX86State, ymm[i]), low_names[i]);
        cpu_ymmh[i] = tcg_global_mem_new_vec(offsetof(CPUX86State, ymm[i]) + 16, high_names[i]);
    }
}

/* --- constants ---------------------------------------------------------------------- */

TCGv_vec vec_of_i64(TCGv_i64 value)
{
    TCGv_vec v = tcg_temp_new_vec();

    tcg_gen_bits_i64_vec(v, value);
    return v;
}

TCGv_vec zero_vec(void)
{
    return vec_of_i64(tcg_constant_i64(0));
}

TCGv_vec vec_const(uint64_t low, uint64_t high)
{
    TCGv_vec v = vec_of_i64(tcg_constant_i64(low));

    if (high == low) {
        tcg_gen_dup_vec(MO_64, v, tcg_constant_i64(low));
    } else if (high) {
        tcg_gen_simd2(SIMD_OP_movlhps, v, v, vec_of_i64(tcg_constant_i64(high)), 0);
    }
    return v;
}

uint8_t last_imm(const Insn *in)
{
    for (int i = MAX_OPERANDS - 1; i >= 0; i--) {
        if (in->op[i].kind == OPK_IMM) {
            return in->op[i].imm;
        }
    }
    return 0;
}

/* --- memory ----------------------------------------------------------------------------- */

/* Bytes of the memory operand of which `size` are accessed now. */
static unsigned operand_bytes(const Insn *in, MemOp size)
{
    return size == MO_128 && vec_halves(in) == 2 ? 32 : memop_size(size);
}

static TCGv vec_address(DisasContext *ctx, Insn *in, MemOp size, int offset, AccessKind access)
{
    TCGv linear = gen_address(ctx, in, operand_bytes(in, size), access);

    return offset ? gen_address_plus(ctx, linear, offset) : linear;
}

/*
 * The memory operand must be a multiple of its size, or #GP(0). The core's own
 * check means that for 16 bytes where alignment checks of CPL 3 are off.
 */
static MemOp with_alignment(DisasContext *ctx, const Insn *in, TCGv linear, MemOp size, bool aligned)
{
    unsigned bytes = operand_bytes(in, size);
    TCGLabel *ok;
    bool ended = ctx->ended;

    if (!aligned) {
        return data_op(ctx, size);
    }
    if (!(ctx->flags & HF_AC) && bytes == memop_size(size)) {
        return size | MO_ALIGN;
    }
    ok = gen_new_label();
    tcg_gen_brcond_tl(TCG_COND_TSTEQ, linear, tcg_constant_tl(bytes - 1), ok);
    gen_gpf0(ctx);
    ctx->ended = ended;
    gen_set_label(ok);
    return size;
}

TCGv_vec load_vec(DisasContext *ctx, Insn *in, MemOp size, int offset, bool aligned)
{
    TCGv linear = vec_address(ctx, in, size, offset, ACCESS_READ);
    TCGv_vec v;

    if (size < MO_32) {
        TCGv_i64 value = tcg_temp_new_i64();

        tcg_gen_tl_ld_i64(value, linear, ctx->mem_idx, data_op(ctx, size | MO_LE));
        return vec_of_i64(value);
    }
    v = tcg_temp_new_vec();
    tcg_gen_tl_ld_vec(v, linear, ctx->mem_idx, with_alignment(ctx, in, linear, size, aligned) | MO_LE);
    return v;
}

void store_vec(DisasContext *ctx, Insn *in, TCGv_vec value, MemOp size, int offset, bool aligned)
{
    TCGv linear = vec_address(ctx, in, size, offset, ACCESS_WRITE);

    tcg_gen_tl_st_vec(value, linear, ctx->mem_idx, with_alignment(ctx, in, linear, size, aligned) | MO_LE);
}

/* --- operands ----------------------------------------------------------------------------- */

TCGv_vec read_vec(DisasContext *ctx, Insn *in, unsigned n, unsigned half)
{
    const Operand *op = &in->op[n];

    switch (op->kind) {
    case OPK_XMM:
        return half && op->size == MO_256 ? cpu_ymmh[op->reg] : cpu_xmm[op->reg];
    case OPK_MMX:
        return read_mmx(op->reg);
    default:
        if (op->size >= MO_128) {
            return load_vec(ctx, in, MO_128, op->size == MO_256 ? 16 * half : 0, !in->vex);
        }
        return load_vec(ctx, in, op->size, 0, false);
    }
}

void write_xmm(const Insn *in, unsigned reg, unsigned half, TCGv_vec value)
{
    tcg_gen_mov_vec(half ? cpu_ymmh[reg] : cpu_xmm[reg], value);
    if (in->vex && vec_halves(in) == 1) {
        tcg_gen_bits_i64_vec(cpu_ymmh[reg], tcg_constant_i64(0));
    }
}

void write_vec(DisasContext *ctx, Insn *in, unsigned half, TCGv_vec value)
{
    const Operand *op = &in->op[0];

    if (op->kind == OPK_MMX) {
        write_mmx(op->reg, value);
    } else {
        write_xmm(in, op->reg, half, value);
    }
}

/* Where the result of a half is computed: in place, or for MMX in a temp. */
static TCGv_vec dest_vec(const Insn *in, unsigned half)
{
    const Operand *op = &in->op[0];

    if (op->kind == OPK_MMX) {
        return tcg_temp_new_vec();
    }
    return half ? cpu_ymmh[op->reg] : cpu_xmm[op->reg];
}

/* --- operations ------------------------------------------------------------------------------ */

static bool is_exact(DisasContext *ctx) { return ctx->flags & HF_SSE_EXACT; }

static intptr_t scratch(unsigned n) { return offsetof(CPUX86State, simd_scratch[n]); }

/* Operands are in env->simd_scratch, and the result comes there. */
static void gen_exact(SimdOp op, unsigned imm)
{
    gen_helper_simd_exact(tcg_env, tcg_constant_i32(op), tcg_constant_i32(imm));
}

static void gen_exact_vec(SimdOp op, TCGv_vec d, TCGv_vec a, TCGv_vec b, TCGv_vec c, unsigned imm)
{
    tcg_gen_st_vec(a, tcg_env, scratch(0));
    tcg_gen_st_vec(b, tcg_env, scratch(1));
    tcg_gen_st_vec(c, tcg_env, scratch(2));
    gen_exact(op, imm);
    tcg_gen_ld_vec(d, tcg_env, scratch(0));
}

void gen_op1(DisasContext *ctx, SimdOp op, TCGv_vec d, TCGv_vec a, unsigned imm)
{
    if (is_exact(ctx)) {
        gen_exact_vec(op, d, a, a, a, imm);
    } else {
        tcg_gen_simd1(op, d, a, imm);
    }
}

void gen_op2(DisasContext *ctx, SimdOp op, TCGv_vec d, TCGv_vec a, TCGv_vec b, unsigned imm)
{
    if (is_exact(ctx)) {
        gen_exact_vec(op, d, a, b, a, imm);
    } else {
        tcg_gen_simd2(op, d, a, b, imm);
    }
}

void gen_op3(DisasContext *ctx, SimdOp op, TCGv_vec d, TCGv_vec a, TCGv_vec b, TCGv_vec c)
{
    if (is_exact(ctx)) {
        gen_exact_vec(op, d, a, b, c, 0);
    } else {
        tcg_gen_simd3(op, d, a, b, c);
    }
}

void gen_op_from(DisasContext *ctx, SimdOp op, TCGv_vec d, TCGv_vec a, TCGv_i64 b, unsigned imm)
{
    if (is_exact(ctx)) {
        gen_exact_vec(op, d, a, vec_of_i64(b), a, imm);
    } else {
        tcg_gen_simd_from(op, d, a, b, imm);
    }
}

void gen_op_to(DisasContext *ctx, SimdOp op, TCGv_i64 d, TCGv_vec a, TCGv_vec b, unsigned imm)
{
    if (is_exact(ctx)) {
        tcg_gen_st_vec(a, tcg_env, scratch(0));
        tcg_gen_st_vec(b, tcg_env, scratch(1));
        gen_exact(op, imm);
        tcg_gen_ld_i64(d, tcg_env, scratch(0));
    } else if (simd_op_defs[op].form == SIMD_FORM_FLAGS) {
        tcg_gen_simd_flags(op, d, a, b);
    } else {
        tcg_gen_simd_to(op, d, a, imm);
    }
}

/* --- instructions ------------------------------------------------------------------------------ */

/* The part of the immediate that is for a half, where each has its own. */
static unsigned half_imm(SimdOp op, unsigned imm, unsigned half)
{
    switch (op) {
    case SIMD_OP_shufpd:
    case SIMD_OP_blendpd:
        return imm >> 2 * half & 3;
    case SIMD_OP_blendps:
    case SIMD_OP_vpblendd:
        return imm >> 4 * half & 15;
    case SIMD_OP_mpsadbw:
        return imm >> 3 * half & 7;
    default:
        return imm;
    }
}

/*
 * A scalar instruction of two operands computes on the low element of its first
 * source and keeps the rest of it, so it is an operation on whole vectors too.
 */
void gen_simd(DisasContext *ctx, Insn *in, SimdOp op)
{
    SimdForm form = simd_op_defs[op].form;
    unsigned first = first_source(in);
    unsigned halves = vec_halves(in);
    TCGv_vec low = NULL;

    if (in->row->needs & MMX) {
        gen_enter_mmx(ctx);
    }
    for (unsigned half = 0; half < halves; half++) {
        bool later = half + 1 < halves && in->op[0].kind == OPK_XMM;
        unsigned imm = simd_form_has_imm(form) ? half_imm(op, last_imm(in), half) : 0;
        TCGv_vec d = later ? tcg_temp_new_vec() : dest_vec(in, half);

        switch (form) {
        case SIMD_FORM_A:
        case SIMD_FORM_AI:
            gen_op1(ctx, op, d, read_vec(ctx, in, 1, half), imm);
            break;
        case SIMD_FORM_FMA:
            gen_op3(ctx, op, d, read_vec(ctx, in, 0, half), read_vec(ctx, in, 1, half),
                    read_vec(ctx, in, 2, half));
            break;
        case SIMD_FORM_ABC:
            gen_op3(ctx, op, d, read_vec(ctx, in, first, half), read_vec(ctx, in, first + 1, half),
                    in->vex ? read_vec(ctx, in, 3, half) : cpu_xmm[0]);
            break;
        case SIMD_FORM_LEGACY_ABC:
            gen_op3(ctx, op, d, cpu_xmm[in->op[0].reg], read_vec(ctx, in, 1, 0), cpu_xmm[0]);
            break;
        default:
            gen_op2(ctx, op, d, read_vec(ctx, in, first, half), read_vec(ctx, in, first + 1, half), imm);
            break;
        }
        if (later) {
            low = d;            /* the other half may fault */
        } else {
            write_vec(ctx, in, half, d);
        }
    }
    if (low) {
        write_vec(ctx, in, 0, low);
    }
}

void gen_vec2(DisasContext *ctx, Insn *in, VecOp2 *op, unsigned vece)
{
    unsigned first = first_source(in), halves = vec_halves(in);
    TCGv_vec a[2], b[2];

    if (in->row->needs & MMX) {
        gen_enter_mmx(ctx);
    }
    for (unsigned half = 0; half < halves; half++) {
        a[half] = read_vec(ctx, in, first, half);
        b[half] = read_vec(ctx, in, first + 1, half);
    }
    for (unsigned half = 0; half < halves; half++) {
        TCGv_vec d = dest_vec(in, half);

        op(vece, d, a[half], b[half]);
        write_vec(ctx, in, half, d);
    }
}

#define SIMD(n, form, encoding, features) \
    void gen_##n(DisasContext *ctx, Insn *in) { gen_simd(ctx, in, SIMD_OP_##n); }
#include "tcg/simd-opc.h"
