/*
 * Operands: registers and their parts, effective addresses, segments, memory,
 * the stack.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/translate.h"

/* --- values ------------------------------------------------------------------------ */

TCGv extend_zx(TCGv value, MemOp size)
{
    TCGv result;

    if (size >= (TARGET_LONG_BITS == 64 ? MO_64 : MO_32)) {
        return value;
    }
    result = tcg_temp_new();
    switch (size) {
    case MO_8: tcg_gen_ext8u_tl(result, value); break;
    case MO_16: tcg_gen_ext16u_tl(result, value); break;
    default: tcg_gen_ext32u_tl(result, value); break;
    }
    return result;
}

TCGv extend_sx(TCGv value, MemOp size)
{
    TCGv result;

    if (size >= (TARGET_LONG_BITS == 64 ? MO_64 : MO_32)) {
        return value;
    }
    result = tcg_temp_new();
    switch (size) {
    case MO_8: tcg_gen_ext8s_tl(result, value); break;
    case MO_16: tcg_gen_ext16s_tl(result, value); break;
    default: tcg_gen_ext32s_tl(result, value); break;
    }
    return result;
}

TCGv copy_value(TCGv value)
{
    TCGv copy;

    if (tcgv_temp(value)->kind != TEMP_GLOBAL) {
        return value;
    }
    copy = tcg_temp_new();
    tcg_gen_mov_tl(copy, value);
    return copy;
}

void write_reg(MemOp size, unsigned reg, TCGv value)
{
    TCGv dest = cpu_regs[reg];

    switch (size) {
    case MO_8: tcg_gen_deposit_tl(dest, dest, value, 0, 8); break;
    case MO_16: tcg_gen_deposit_tl(dest, dest, value, 0, 16); break;
    case MO_32: tcg_gen_ext32u_tl(dest, value); break;
    default: tcg_gen_mov_tl(dest, value); break;
    }
}

static TCGv read_segment(unsigned seg)
{
    TCGv_i32 selector = tcg_temp_new_i32();
    TCGv result = tcg_temp_new();

    tcg_gen_ld_i32(selector, tcg_env, offsetof(CPUX86State, segs) + sizeof(SegmentCache) * seg +
                   offsetof(SegmentCache, selector));
    tcg_gen_extu_i32_tl(result, selector);
    return result;
}

static TCGv read_memory(DisasContext *ctx, Insn *in, MemOp op)
{
    TCGv result = tcg_temp_new();

    gen_load(ctx, result, gen_address(ctx, in, memop_size(op), ACCESS_READ), op);
    return result;
}

TCGv read_operand(DisasContext *ctx, Insn *in, unsigned n)
{
    const Operand *op = &in->op[n];
    TCGv result;

    switch (op->kind) {
    case OPK_GPR:
        if (!op->high) {
            return cpu_regs[op->reg];
        }
        result = tcg_temp_new();
        tcg_gen_extract_tl(result, cpu_regs[op->reg], 8, 8);
        return result;
    case OPK_MEM:
        return read_memory(ctx, in, op->size);
    case OPK_SEG:
        return read_segment(op->reg);
    default:
        return tcg_constant_tl(op->imm);
    }
}

TCGv read_operand_zx(DisasContext *ctx, Insn *in, unsigned n)
{
    const Operand *op = &in->op[n];
    TCGv value = read_operand(ctx, in, n);

    return op->kind == OPK_MEM || op->kind == OPK_SEG || op->high ? value : extend_zx(value, op->size);
}

TCGv read_operand_sx(DisasContext *ctx, Insn *in, unsigned n)
{
    const Operand *op = &in->op[n];

    if (op->kind == OPK_MEM) {
        return read_memory(ctx, in, op->size | MO_SIGN);
    }
    return extend_sx(read_operand(ctx, in, n), op->size);
}

void write_operand(DisasContext *ctx, Insn *in, unsigned n, TCGv value)
{
    const Operand *op = &in->op[n];

    if (op->kind == OPK_MEM) {
        gen_store(ctx, value, gen_address(ctx, in, memop_size(op->size), ACCESS_WRITE), op->size);
    } else if (op->high) {
        tcg_gen_deposit_tl(cpu_regs[op->reg], cpu_regs[op->reg], value, 8, 8);
    } else {
        write_reg(op->size, op->reg, value);
    }
}

TCGv written_operand(const Insn *in, unsigned n, TCGv value)
{
    const Operand *op = &in->op[n];

    return op->kind == OPK_MEM || op->size < MO_32 ? value : cpu_regs[op->reg];
}

/* --- addresses ------------------------------------------------------------------------ */

TCGv gen_offset(DisasContext *ctx, const Insn *in)
{
    int64_t disp = in->rip_relative ? (int64_t)ctx->next_pc + in->disp : in->disp;
    TCGv offset = tcg_temp_new();

    if (in->base < 0 && in->index < 0) {
        return tcg_constant_tl(in->asize == MO_16 ? (uint16_t)disp : in->asize == MO_32 ? (uint32_t)disp : disp);
    }
    if (in->index >= 0 && in->base >= 0) {
        tcg_gen_lea_tl(offset, cpu_regs[in->base], cpu_regs[in->index], in->scale, disp);
    } else if (in->index >= 0) {
        tcg_gen_shli_tl(offset, cpu_regs[in->index], in->scale);
        tcg_gen_addi_tl(offset, offset, disp);
    } else {
        tcg_gen_addi_tl(offset, cpu_regs[in->base], disp);
    }
    return extend_zx(offset, in->asize);
}

/* --- segments ---------------------------------------------------------------------------- */

static bool segment_is_checked(DisasContext *ctx, unsigned seg)
{
    if (ctx->code64) {
        return false;
    }
    switch (seg) {
    case R_FS: return ctx->flags & HF_CHECK_FS;
    case R_GS: return ctx->flags & HF_CHECK_GS;
    case R_CS: return true;
    default: return ctx->flags & HF_CHECK_DS;
    }
}

static bool segment_has_base(DisasContext *ctx, unsigned seg)
{
    switch (seg) {
    case R_FS:
    case R_GS:
        return true;
    case R_CS:
        return ctx->cs_base;
    default:
        return ctx->flags & HF_ADDSEG;
    }
}

/* Real and virtual-8086 mode: only the limit counts. */
static void gen_check_limit(DisasContext *ctx, unsigned seg, TCGv offset, unsigned bytes)
{
    int field = offsetof(CPUX86State, segs) + sizeof(SegmentCache) * seg + offsetof(SegmentCache, limit);
    TCGv_i64 limit = tcg_temp_new_i64(), last = tcg_temp_new_i64();
    TCGLabel *inside = gen_new_label();
    bool ended = ctx->ended;

    tcg_gen_ld32u_i64(limit, tcg_env, field);
    tcg_gen_extu_tl_i64(last, offset);
    tcg_gen_addi_i64(last, last, bytes - 1);
    tcg_gen_brcond_i64(TCG_COND_LEU, last, limit, inside);
    gen_exception_err(ctx, seg == R_SS ? EXCP0C_STACK : EXCP0D_GPF, 0);
    ctx->ended = ended;
    gen_set_label(inside);
}

static void gen_check_segment(DisasContext *ctx, unsigned seg, TCGv offset, unsigned bytes, AccessKind access)
{
    TCGv_i32 number = tcg_constant_i32(seg), size = tcg_constant_i32(bytes);

    if (!ctx->protected_mode) {
        gen_check_limit(ctx, seg, offset, bytes);
    } else if (access == ACCESS_WRITE) {
        gen_helper_check_segment_write(tcg_env, number, offset, size);
    } else {
        gen_helper_check_segment_read(tcg_env, number, offset, size);
    }
}

TCGv gen_linear(DisasContext *ctx, unsigned seg, TCGv offset, unsigned bytes, AccessKind access)
{
    TCGv base, linear;

    if (ctx->code64 && seg != R_FS && seg != R_GS) {
        return offset;
    }
    if (segment_is_checked(ctx, seg)) {
        gen_check_segment(ctx, seg, offset, bytes, access);
    }
    if (!segment_has_base(ctx, seg)) {
        return offset;
    }
    base = tcg_temp_new();
    linear = tcg_temp_new();
    tcg_gen_ld_tl(base, tcg_env, offsetof(CPUX86State, segs) + sizeof(SegmentCache) * seg +
                  offsetof(SegmentCache, base));
    tcg_gen_add_tl(linear, offset, base);
    if (!ctx->code64) {
        tcg_gen_ext32u_tl(linear, linear);
    }
    return linear;
}

TCGv gen_address(DisasContext *ctx, Insn *in, unsigned bytes, AccessKind access)
{
    if (!in->linear || (access == ACCESS_WRITE && !in->linear_for_write && segment_is_checked(ctx, in->seg))) {
        TCGv linear = gen_linear(ctx, in->seg, gen_offset(ctx, in), bytes, access);

        in->linear = copy_value(linear);
        in->linear_for_write = access == ACCESS_WRITE;
    }
    return in->linear;
}

TCGv gen_address_plus(DisasContext *ctx, TCGv linear, int delta)
{
    TCGv sum = tcg_temp_new();

    tcg_gen_addi_tl(sum, linear, delta);
    if (!ctx->code64) {
        tcg_gen_ext32u_tl(sum, sum);
    }
    return sum;
}

void gen_load(DisasContext *ctx, TCGv ret, TCGv linear, MemOp op)
{
    tcg_gen_tl_ld_tl(ret, linear, ctx->mem_idx, data_op(ctx, op | MO_LE));
}

void gen_store(DisasContext *ctx, TCGv value, TCGv linear, MemOp op)
{
    tcg_gen_tl_st_tl(value, linear, ctx->mem_idx, data_op(ctx, op | MO_LE));
}

/* --- the stack ---------------------------------------------------------------------------- */

void push_value(DisasContext *ctx, MemOp size, TCGv value)
{
    TCGv top = tcg_temp_new(), linear;
    MemOp stack = stack_size(ctx);

    tcg_gen_subi_tl(top, cpu_regs[R_ESP], 1 << size);
    top = extend_zx(top, stack);
    linear = gen_linear(ctx, R_SS, top, 1 << size, ACCESS_WRITE);
    gen_store(ctx, value, linear, size);
    write_reg(stack, R_ESP, top);
}

TCGv pop_value(DisasContext *ctx, MemOp size)
{
    TCGv value = tcg_temp_new();
    TCGv top = extend_zx(cpu_regs[R_ESP], stack_size(ctx));

    gen_load(ctx, value, gen_linear(ctx, R_SS, top, 1 << size, ACCESS_READ), size);
    return value;
}

void pop_done(DisasContext *ctx, MemOp size)
{
    TCGv top = tcg_temp_new();

    tcg_gen_addi_tl(top, cpu_regs[R_ESP], 1 << size);
    write_reg(stack_size(ctx), R_ESP, top);
}
