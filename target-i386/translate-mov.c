/*
 * Moves: registers and memory, exchange, stack, frames
 * (SDM 2).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

/* nop, hints, prefetches */
void gen_nop(DisasContext *ctx, Insn *in)
{
}

/* mov dst,src */
void gen_mov(DisasContext *ctx, Insn *in)
{
    write_operand(ctx, in, 0, read_operand(ctx, in, 1));
}

/* movzx dst,src */
void gen_movzx(DisasContext *ctx, Insn *in)
{
    write_operand(ctx, in, 0, read_operand_zx(ctx, in, 1));
}

/* movsx, movsxd dst,src */
void gen_movsx(DisasContext *ctx, Insn *in)
{
    write_operand(ctx, in, 0, read_operand_sx(ctx, in, 1));
}

void gen_movsxd(DisasContext *ctx, Insn *in)
{
    gen_movsx(ctx, in);
}

/* movbe dst,src */
void gen_movbe(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv value = tcg_temp_new();

    if (in->op[1].kind == OPK_MEM) {
        gen_load(ctx, value, gen_address(ctx, in, memop_size(size), ACCESS_READ), size | MO_BE);
        write_operand(ctx, in, 0, value);
    } else {
        gen_store(ctx, read_operand(ctx, in, 1), gen_address(ctx, in, memop_size(size), ACCESS_WRITE),
                  size | MO_BE);
    }
}

/* bswap reg: of 16 bits undefined, gives 0 */
void gen_bswap(DisasContext *ctx, Insn *in)
{
    TCGv result = tcg_temp_new();

    switch (in->op[0].size) {
    case MO_16:
        tcg_gen_movi_tl(result, 0);
        break;
    case MO_32:
        tcg_gen_bswap32_tl(result, read_operand(ctx, in, 0));
        break;
    default:
#ifdef TARGET_X86_64
        tcg_gen_bswap64_tl(result, read_operand(ctx, in, 0));
#endif
        break;
    }
    write_operand(ctx, in, 0, result);
}

/* lea reg,mem: the offset, no access */
void gen_lea(DisasContext *ctx, Insn *in)
{
    write_operand(ctx, in, 0, gen_offset(ctx, in));
}

/* cmovCC dst,src: the source is read in any case; 32 bits are zero-extended in any case */
void gen_cmov(DisasContext *ctx, Insn *in)
{
    TCGv source = read_operand(ctx, in, 1), result = tcg_temp_new();

    gen_movcond_on(ctx, in->cond, result, source, read_operand(ctx, in, 0));
    write_operand(ctx, in, 0, result);
}

/* xlat: AL = [BX + AL] */
void gen_xlat(DisasContext *ctx, Insn *in)
{
    TCGv offset = tcg_temp_new(), value = tcg_temp_new();
    unsigned seg = in->seg_override >= 0 ? in->seg_override : R_DS;

    tcg_gen_add_tl(offset, cpu_regs[R_EBX], extend_zx(cpu_regs[R_EAX], MO_8));
    gen_load(ctx, value, gen_linear(ctx, seg, extend_zx(offset, in->asize), 1, ACCESS_READ), MO_8);
    write_reg(MO_8, R_EAX, value);
}

/* --- exchange --------------------------------------------------------------------------- */

/* xchg mem,reg is locked with and without the prefix */
void gen_xchg(DisasContext *ctx, Insn *in)
{
    TCGv b = copy_value(read_operand(ctx, in, 1)), a;

    if (in->op[0].kind == OPK_MEM && ctx->parallel) {
        TCGv address = gen_address(ctx, in, memop_size(in->op[0].size), ACCESS_WRITE);

        a = tcg_temp_new();
        tcg_gen_atomic_xchg_tl(a, tcgv_temp(address), b, ctx->mem_idx, data_op(ctx, in->op[0].size));
    } else {
        a = copy_value(read_operand(ctx, in, 0));
        write_operand(ctx, in, 0, b);
    }
    write_operand(ctx, in, 1, a);
}

/* xchg reg,rAX; 90 alone is nop, and with F3 pause: what it waits for may need this host CPU. */
void gen_xchg_acc(DisasContext *ctx, Insn *in)
{
    if (in->op[0].reg != R_EAX) {
        gen_xchg(ctx, in);
    } else if (in->rep && ctx->parallel) {
        gen_helper_pause(tcg_env);
    }
}

/* xadd dst,src */
void gen_xadd(DisasContext *ctx, Insn *in)
{
    TCGv b = copy_value(read_operand(ctx, in, 1)), a, sum = tcg_temp_new();
    MemOp size = in->op[0].size;

    if (in->lock && ctx->parallel) {
        TCGv address = gen_address(ctx, in, memop_size(size), ACCESS_WRITE);

        a = tcg_temp_new();
        tcg_gen_atomic_fetch_add_tl(a, tcgv_temp(address), b, ctx->mem_idx, data_op(ctx, size));
        tcg_gen_add_tl(sum, a, b);
        write_operand(ctx, in, 1, a);
    } else {
        a = copy_value(read_operand(ctx, in, 0));
        tcg_gen_add_tl(sum, a, b);
        if (in->op[0].kind == OPK_MEM) {
            write_operand(ctx, in, 0, sum);
            write_operand(ctx, in, 1, a);
        } else {
            write_operand(ctx, in, 1, a);
            write_operand(ctx, in, 0, sum);
        }
    }
    gen_set_cc(ctx, CC_OP_ADD + size, sum, b);
}

/*
 * cmpxchg dst,src: memory is written in any case, a register and the
 * accumulator only when they change: else they keep all their bits.
 */
void gen_cmpxchg(DisasContext *ctx, Insn *in)
{
    MemOp size = in->op[0].size;
    TCGv b = copy_value(read_operand(ctx, in, 1)), expected = copy_value(extend_zx(cpu_regs[R_EAX], size));
    TCGv old = tcg_temp_new(), result = tcg_temp_new();
    TCGLabel *equal = gen_new_label(), *done = gen_new_label();

    if (in->lock && ctx->parallel) {
        TCGv address = gen_address(ctx, in, memop_size(size), ACCESS_WRITE);

        tcg_gen_atomic_cmpxchg_tl(old, tcgv_temp(address), expected, b, ctx->mem_idx, data_op(ctx, size));
    } else {
        tcg_gen_mov_tl(old, read_operand_zx(ctx, in, 0));
        if (in->op[0].kind == OPK_MEM) {
            tcg_gen_movcond_tl(TCG_COND_EQ, result, old, expected, b, old);
            write_operand(ctx, in, 0, result);
        }
    }
    tcg_gen_sub_tl(cpu_cc_dst, expected, old);
    tcg_gen_mov_tl(cpu_cc_src, old);
    ctx->cc = (CCSource) { .op = CC_OP_SUB + size, .a = expected, .b = old };
    tcg_gen_brcond_tl(TCG_COND_EQ, expected, old, equal);
    write_reg(size, R_EAX, old);
    tcg_gen_br(done);
    gen_set_label(equal);
    if (in->op[0].kind != OPK_MEM) {
        write_operand(ctx, in, 0, b);
    }
    gen_set_label(done);
}

/* cmpxchg8b, cmpxchg16b mem: Z alone */
void gen_cmpxchg8b(DisasContext *ctx, Insn *in)
{
    TCGv_i32 equal = tcg_temp_new_i32();
    TCGv bits = gen_get_cc_bits(ctx), z = tcg_temp_new(), address;

    address = gen_address(ctx, in, in->osize == MO_64 ? 16 : 8, ACCESS_WRITE);
#ifdef TARGET_X86_64
    if (in->osize == MO_64) {
        if (!cpu_has(ctx->env, CPUID_CX16)) {
            gen_illegal(ctx);
            return;
        }
        gen_helper_cmpxchg16b(equal, tcg_env, address);
    } else
#endif
    {
        gen_helper_cmpxchg8b(equal, tcg_env, address);
    }
    tcg_gen_extu_i32_tl(z, equal);
    tcg_gen_deposit_tl(bits, bits, z, __builtin_ctz(CC_Z), 1);
    gen_set_cc_bits(ctx, bits);
}

/* --- stack ------------------------------------------------------------------------------------ */

/* push src */
void gen_push(DisasContext *ctx, Insn *in)
{
    push_value(ctx, in->osize, read_operand(ctx, in, 0));
}

/* pop reg: ESP is moved first, so that POP ESP has the value */
void gen_pop(DisasContext *ctx, Insn *in)
{
    TCGv value = pop_value(ctx, in->osize);

    pop_done(ctx, in->osize);
    write_operand(ctx, in, 0, value);
}

/* pop mem: an ESP base is the one behind the pop; a fault of the store leaves ESP alone */
void gen_pop_rm(DisasContext *ctx, Insn *in)
{
    TCGv value;

    if (in->op[0].kind != OPK_MEM) {
        gen_pop(ctx, in);
        return;
    }
    value = pop_value(ctx, in->osize);
    if (in->base == R_ESP) {
        in->disp += 1 << in->osize;
    }
    write_operand(ctx, in, 0, value);
    pop_done(ctx, in->osize);
}

/* pusha, popa: eight registers below or above SP */
void gen_pusha(DisasContext *ctx, Insn *in)
{
    unsigned bytes = 1 << in->osize;
    MemOp stack = stack_size(ctx);

    for (unsigned i = 0; i < 8; i++) {
        TCGv offset = tcg_temp_new();

        tcg_gen_subi_tl(offset, cpu_regs[R_ESP], bytes * (i + 1));
        offset = extend_zx(offset, stack);
        gen_store(ctx, cpu_regs[i], gen_linear(ctx, R_SS, offset, bytes, ACCESS_WRITE), in->osize);
    }
    TCGv top = tcg_temp_new();

    tcg_gen_subi_tl(top, cpu_regs[R_ESP], 8 * bytes);
    write_reg(stack, R_ESP, top);
}

void gen_popa(DisasContext *ctx, Insn *in)
{
    unsigned bytes = 1 << in->osize;
    MemOp stack = stack_size(ctx);
    TCGv values[8], top = tcg_temp_new();

    for (unsigned i = 0; i < 8; i++) {
        TCGv offset = tcg_temp_new();

        values[i] = tcg_temp_new();
        tcg_gen_addi_tl(offset, cpu_regs[R_ESP], bytes * (7 - i));
        offset = extend_zx(offset, stack);
        gen_load(ctx, values[i], gen_linear(ctx, R_SS, offset, bytes, ACCESS_READ), in->osize);
    }
    tcg_gen_addi_tl(top, cpu_regs[R_ESP], 8 * bytes);
    write_reg(stack, R_ESP, top);
    for (unsigned i = 0; i < 8; i++) {
        if (i != R_ESP) {
            write_reg(in->osize, i, values[i]);
        }
    }
}

/* enter size,level: frame pointers of outer levels are copied */
void gen_enter(DisasContext *ctx, Insn *in)
{
    unsigned level = in->op[1].imm & 31, bytes = 1 << in->osize;
    MemOp stack = stack_size(ctx);
    TCGv frame = tcg_temp_new(), top = tcg_temp_new(), offset = tcg_temp_new();

    tcg_gen_subi_tl(frame, cpu_regs[R_ESP], bytes);
    frame = extend_zx(frame, stack);
    gen_store(ctx, cpu_regs[R_EBP], gen_linear(ctx, R_SS, frame, bytes, ACCESS_WRITE), in->osize);
    for (unsigned i = 1; i < level; i++) {
        TCGv from = tcg_temp_new(), to = tcg_temp_new(), value = tcg_temp_new();

        tcg_gen_subi_tl(from, cpu_regs[R_EBP], bytes * i);
        gen_load(ctx, value, gen_linear(ctx, R_SS, extend_zx(from, stack), bytes, ACCESS_READ), in->osize);
        tcg_gen_subi_tl(to, frame, bytes * i);
        gen_store(ctx, value, gen_linear(ctx, R_SS, extend_zx(to, stack), bytes, ACCESS_WRITE), in->osize);
    }
    if (level) {
        tcg_gen_subi_tl(offset, frame, bytes * level);
        gen_store(ctx, frame, gen_linear(ctx, R_SS, extend_zx(offset, stack), bytes, ACCESS_WRITE), in->osize);
    }
    tcg_gen_subi_tl(top, frame, bytes * level + in->op[0].imm);
    top = extend_zx(top, stack);
    /* The new top must be writable before anything changes (SDM 2, ENTER). */
    gen_helper_probe_write(tcg_env, gen_linear(ctx, R_SS, top, 1, ACCESS_WRITE));
    write_reg(in->osize, R_EBP, frame);
    write_reg(stack, R_ESP, top);
}

/* leave */
void gen_leave(DisasContext *ctx, Insn *in)
{
    unsigned bytes = 1 << in->osize;
    MemOp stack = stack_size(ctx);
    TCGv frame = extend_zx(cpu_regs[R_EBP], stack), value = tcg_temp_new(), top = tcg_temp_new();

    gen_load(ctx, value, gen_linear(ctx, R_SS, frame, bytes, ACCESS_READ), in->osize);
    tcg_gen_addi_tl(top, frame, bytes);
    write_reg(stack, R_ESP, top);
    write_reg(in->osize, R_EBP, value);
}

/* bound reg,mem: #BR unless lower <= reg <= upper, signed */
void gen_bound(DisasContext *ctx, Insn *in)
{
    MemOp size = in->osize;
    TCGv lower = tcg_temp_new(), upper = tcg_temp_new(), index = read_operand_sx(ctx, in, 0);
    TCGv address = gen_address(ctx, in, 2 << size, ACCESS_READ);
    TCGLabel *outside = gen_new_label(), *inside = gen_new_label();

    gen_load(ctx, lower, address, size | MO_SIGN);
    gen_load(ctx, upper, gen_address_plus(ctx, address, 1 << size), size | MO_SIGN);
    tcg_gen_brcond_tl(TCG_COND_LT, index, lower, outside);
    tcg_gen_brcond_tl(TCG_COND_LE, index, upper, inside);
    gen_set_label(outside);
    gen_exception(ctx, EXCP05_BOUND);
    ctx->ended = false;
    gen_set_label(inside);
}
