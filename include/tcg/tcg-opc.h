/*
 * The IR ops: the only list. Optimizer, allocator, back ends, log printer,
 * tests and tcg/README follow from it.
 *
 *   OP_INT(name, out, in, const, properties, meaning)   makes name_i32, name_i64
 *   OP_FP (...)                                         makes name_f32, name_f64
 *   OP_VEC(...)                                         name_vec; op->vece is log2 of the element bytes
 *   OP_ONE(...)                                         just name
 *
 * Args of an op: outputs, then inputs (temps), then constants c1.. (TCGArg).
 *
 * Properties
 *   PURE        no effect beyond the outputs: dead and duplicate ones may go
 *   COMMUTES    first two inputs may be exchanged
 *   ENDS_BLOCK  ends a basic block (branch, label, exit)
 *   MAY_FAULT   may leave through a guest exception: dirty globals must be
 *               recoverable here (written back by the slow path only)
 *   SIDE        has an effect: never removed
 *   COND_EXIT   control may leave the region here but continues otherwise
 *
 * SPDX-License-Identifier: MIT
 */

/* --- any width of integer ----------------------------------------------- */
OP_INT(mov,        1, 1, 0, PURE,            "d = a")
OP_INT(add,        1, 2, 0, PURE | COMMUTES, "d = a + b")
OP_INT(lea,        1, 2, 2, PURE,            "d = a + (b << c1) + c2; c1: 0 to 3, c2: 32 bits, signed")
OP_INT(sub,        1, 2, 0, PURE,            "d = a - b")
OP_INT(neg,        1, 1, 0, PURE,            "d = -a")
OP_INT(mul,        1, 2, 0, PURE | COMMUTES, "d = a * b, low half")
OP_INT(mulsh,      1, 2, 0, PURE | COMMUTES, "d = high half of the signed product")
OP_INT(muluh,      1, 2, 0, PURE | COMMUTES, "d = high half of the unsigned product")
OP_INT(div,        1, 2, 0, PURE,            "d = a / b signed; undefined (any d, no trap) for b = 0 and MIN / -1")
OP_INT(divu,       1, 2, 0, PURE,            "d = a / b unsigned; undefined, no trap, for b = 0")
OP_INT(rem,        1, 2, 0, PURE,            "d = a % b signed; undefined like div")
OP_INT(remu,       1, 2, 0, PURE,            "d = a % b unsigned; undefined like divu")
OP_INT(addc,       2, 3, 0, PURE,            "d, carry = a + b + c; c and carry are 0 or 1")
OP_INT(subb,       2, 3, 0, PURE,            "d, borrow = a - b - c; c and borrow are 0 or 1")
OP_INT(and,        1, 2, 0, PURE | COMMUTES, "d = a & b")
OP_INT(or,         1, 2, 0, PURE | COMMUTES, "d = a | b")
OP_INT(xor,        1, 2, 0, PURE | COMMUTES, "d = a ^ b")
OP_INT(not,        1, 1, 0, PURE,            "d = ~a")
OP_INT(andc,       1, 2, 0, PURE,            "d = a & ~b")
OP_INT(orc,        1, 2, 0, PURE,            "d = a | ~b")
OP_INT(eqv,        1, 2, 0, PURE | COMMUTES, "d = ~(a ^ b)")
OP_INT(nand,       1, 2, 0, PURE | COMMUTES, "d = ~(a & b)")
OP_INT(nor,        1, 2, 0, PURE | COMMUTES, "d = ~(a | b)")
OP_INT(shl,        1, 2, 0, PURE,            "d = a << b; any d for b >= width")
OP_INT(shr,        1, 2, 0, PURE,            "d = a >> b unsigned; any d for b >= width")
OP_INT(sar,        1, 2, 0, PURE,            "d = a >> b signed; any d for b >= width")
OP_INT(rotl,       1, 2, 0, PURE,            "d = a rotated left by b; any d for b >= width")
OP_INT(rotr,       1, 2, 0, PURE,            "d = a rotated right by b; any d for b >= width")
OP_INT(clz,        1, 2, 0, PURE,            "d = leading zeros of a, or b when a = 0")
OP_INT(ctz,        1, 2, 0, PURE,            "d = trailing zeros of a, or b when a = 0")
OP_INT(ctpop,      1, 1, 0, PURE,            "d = number of ones in a")
OP_INT(bswap16,    1, 1, 0, PURE,            "d = low 16 bits of a swapped, zero-extended")
OP_INT(bswap32,    1, 1, 0, PURE,            "d = low 32 bits of a swapped, zero-extended")
OP_INT(ext8s,      1, 1, 0, PURE,            "d = a sign-extended from 8 bits")
OP_INT(ext8u,      1, 1, 0, PURE,            "d = a zero-extended from 8 bits")
OP_INT(ext16s,     1, 1, 0, PURE,            "d = a sign-extended from 16 bits")
OP_INT(ext16u,     1, 1, 0, PURE,            "d = a zero-extended from 16 bits")
OP_INT(deposit,    1, 2, 2, PURE,            "d = a with bits c1 .. c1+c2-1 replaced by low bits of b")
OP_INT(extract,    1, 1, 2, PURE,            "d = bits c1 .. c1+c2-1 of a, zero-extended")
OP_INT(sextract,   1, 1, 2, PURE,            "d = bits c1 .. c1+c2-1 of a, sign-extended")
OP_INT(setcond,    1, 2, 1, PURE,            "d = a <c1> b ? 1 : 0")
OP_INT(negsetcond, 1, 2, 1, PURE,            "d = a <c1> b ? -1 : 0")
OP_INT(movcond,    1, 4, 1, PURE,            "d = a <c1> b ? e : f")
OP_INT(brcond,     0, 2, 2, ENDS_BLOCK | SIDE, "go to label c2 when a <c1> b")
OP_INT(ld8u,       1, 1, 1, 0,               "d = byte at host address a + c1, zero-extended")
OP_INT(ld8s,       1, 1, 1, 0,               "d = byte at host address a + c1, sign-extended")
OP_INT(ld16u,      1, 1, 1, 0,               "d = 16 bits at host address a + c1, zero-extended")
OP_INT(ld16s,      1, 1, 1, 0,               "d = 16 bits at host address a + c1, sign-extended")
OP_INT(ld,         1, 1, 1, 0,               "d = whole width at host address a + c1")
OP_INT(st8,        0, 2, 1, SIDE,            "low byte of a to host address b + c1")
OP_INT(st16,       0, 2, 1, SIDE,            "low 16 bits of a to host address b + c1")
OP_INT(st,         0, 2, 1, SIDE,            "whole a to host address b + c1")
OP_INT(qemu_ld,    1, 1, 1, MAY_FAULT | SIDE, "d = guest memory at a; c1 = MemOpIdx")
OP_INT(qemu_st,    0, 2, 1, MAY_FAULT | SIDE, "a to guest memory at b; c1 = MemOpIdx")

/* --- integer, one width or between widths ------------------------------- */
OP_ONE(bswap64_i64,    1, 1, 0, PURE, "d = a with its 8 bytes swapped")
OP_ONE(ext32s_i64,     1, 1, 0, PURE, "d = a sign-extended from 32 bits")
OP_ONE(ext32u_i64,     1, 1, 0, PURE, "d = a zero-extended from 32 bits")
OP_ONE(ext_i32_i64,    1, 1, 0, PURE, "d (i64) = a (i32) sign-extended")
OP_ONE(extu_i32_i64,   1, 1, 0, PURE, "d (i64) = a (i32) zero-extended")
OP_ONE(extrl_i64_i32,  1, 1, 0, PURE, "d (i32) = low half of a (i64)")
OP_ONE(extrh_i64_i32,  1, 1, 0, PURE, "d (i32) = high half of a (i64)")
OP_ONE(ld32u_i64,      1, 1, 1, 0,    "d = 32 bits at host address a + c1, zero-extended")
OP_ONE(ld32s_i64,      1, 1, 1, 0,    "d = 32 bits at host address a + c1, sign-extended")
OP_ONE(st32_i64,       0, 2, 1, SIDE, "low 32 bits of a to host address b + c1")

/* --- floating point: host rounding mode and sticky flags ------------------ */
OP_FP(mov,      1, 1, 0, PURE,            "d = a")
OP_FP(fadd,     1, 2, 0, COMMUTES,        "d = a + b")
OP_FP(fsub,     1, 2, 0, 0,               "d = a - b")
OP_FP(fmul,     1, 2, 0, COMMUTES,        "d = a * b")
OP_FP(fdiv,     1, 2, 0, 0,               "d = a / b")
OP_FP(fsqrt,    1, 1, 0, 0,               "d = square root of a")
OP_FP(fma,      1, 3, 0, COMMUTES,        "d = a * b + c, rounded once")
OP_FP(fneg,     1, 1, 0, PURE,            "d = a with its sign changed, NaNs too")
OP_FP(fabs,     1, 1, 0, PURE,            "d = a with its sign cleared, NaNs too")
OP_FP(setcond,  1, 2, 1, 0,               "d (i32) = a <c1: TCGFCond> b ? 1 : 0; quiet compare")
OP_FP(brcond,   0, 2, 2, ENDS_BLOCK | SIDE, "go to label c2 when a <c1: TCGFCond> b; quiet compare")
OP_FP(cvt_i32,  1, 1, 1, 0,               "d (i32) = a to signed integer, rounded (c1 = 1: truncated); host result when out of range (MIN)")
OP_FP(cvt_i64,  1, 1, 1, 0,               "d (i64) = a to signed integer, rounded (c1 = 1: truncated); host result when out of range (MIN)")
OP_FP(from_i32, 1, 1, 0, 0,               "d = a (i32, signed)")
OP_FP(from_i64, 1, 1, 0, 0,               "d = a (i64, signed)")
OP_FP(ld,       1, 1, 1, 0,               "d = value at host address a + c1")
OP_FP(st,       0, 2, 1, SIDE,            "a to host address b + c1")
OP_FP(qemu_ld,  1, 1, 1, MAY_FAULT | SIDE, "d = guest memory at a; c1 = MemOpIdx; bits as they are")
OP_FP(qemu_st,  0, 2, 1, MAY_FAULT | SIDE, "a to guest memory at b; c1 = MemOpIdx; bits as they are")
/*
 * guard: d = a, unless a fails test c1 (TCGGuard): then d = helper c2 (TCGHelperInfo *)
 * called as f(env, b, c, d, c3) with the raw bits of three operands as uint64_t and c3,
 * returning raw bits. Out of line; keeps all registers; the helper touches no
 * global and raises nothing.
 */
OP_FP(guard,    1, 4, 3, SIDE,            "d = a if test c1 holds, else helper c2(env, b, c, e, c3)")

OP_ONE(cvt_f64_f32,    1, 1, 0, 0,    "d (f32) = a (f64) rounded")
OP_ONE(cvt_f32_f64,    1, 1, 0, 0,    "d (f64) = a (f32)")
OP_ONE(bits_f32_i32,   1, 1, 0, PURE, "d (i32) = bits of a (f32)")
OP_ONE(bits_i32_f32,   1, 1, 0, PURE, "d (f32) = bits a (i32)")
OP_ONE(bits_f64_i64,   1, 1, 0, PURE, "d (i64) = bits of a (f64)")
OP_ONE(bits_i64_f64,   1, 1, 0, PURE, "d (f64) = bits a (i64)")

/* --- 128-bit vectors: element 0 is the least significant ------------------- */
OP_VEC(mov,      1, 1, 0, PURE,            "d = a")
OP_VEC(dup,      1, 1, 0, PURE,            "every element of d = low bits of a (i64)")
OP_VEC(dup_elem, 1, 1, 1, PURE,            "every element of d = element c1 of a")
OP_VEC(ld,       1, 1, 1, 0,               "d = 16 bytes at host address a + c1, aligned 16")
OP_VEC(st,       0, 2, 1, SIDE,            "a to host address b + c1, aligned 16")
OP_VEC(qemu_ld,  1, 1, 1, MAY_FAULT | SIDE, "d = 4, 8 or 16 bytes of guest memory at a, zero-extended; c1 = MemOpIdx (BE: byte-reversed)")
OP_VEC(qemu_st,  0, 2, 1, MAY_FAULT | SIDE, "low 4, 8 or 16 bytes of a to guest memory at b; c1 = MemOpIdx")
OP_VEC(and,      1, 2, 0, PURE | COMMUTES, "d = a & b")
OP_VEC(or,       1, 2, 0, PURE | COMMUTES, "d = a | b")
OP_VEC(xor,      1, 2, 0, PURE | COMMUTES, "d = a ^ b")
OP_VEC(andc,     1, 2, 0, PURE,            "d = a & ~b")
OP_VEC(not,      1, 1, 0, PURE,            "d = ~a")
OP_VEC(bitsel,   1, 3, 0, PURE,            "d = (b & a) | (c & ~a)")
OP_VEC(add,      1, 2, 0, PURE | COMMUTES, "d = a + b, wrapping")
OP_VEC(sub,      1, 2, 0, PURE,            "d = a - b, wrapping")
OP_VEC(mul,      1, 2, 0, PURE | COMMUTES, "d = a * b, low half (16 and 32 bits)")
OP_VEC(ssadd,    1, 2, 0, PURE | COMMUTES, "d = a + b, signed saturation (8, 16)")
OP_VEC(usadd,    1, 2, 0, PURE | COMMUTES, "d = a + b, unsigned saturation (8, 16)")
OP_VEC(sssub,    1, 2, 0, PURE,            "d = a - b, signed saturation (8, 16)")
OP_VEC(ussub,    1, 2, 0, PURE,            "d = a - b, unsigned saturation (8, 16)")
OP_VEC(avgu,     1, 2, 0, PURE | COMMUTES, "d = (a + b + 1) >> 1 unsigned (8, 16)")
OP_VEC(smin,     1, 2, 0, PURE | COMMUTES, "d = signed minimum (8, 16, 32)")
OP_VEC(smax,     1, 2, 0, PURE | COMMUTES, "d = signed maximum (8, 16, 32)")
OP_VEC(umin,     1, 2, 0, PURE | COMMUTES, "d = unsigned minimum (8, 16, 32)")
OP_VEC(umax,     1, 2, 0, PURE | COMMUTES, "d = unsigned maximum (8, 16, 32)")
OP_VEC(cmpeq,    1, 2, 0, PURE | COMMUTES, "d = a == b ? -1 : 0")
OP_VEC(cmpgt,    1, 2, 0, PURE,            "d = a > b signed ? -1 : 0 (8, 16, 32)")
OP_VEC(shli,     1, 1, 1, PURE,            "d = a << c1 (16, 32, 64)")
OP_VEC(shri,     1, 1, 1, PURE,            "d = a >> c1 unsigned (16, 32, 64)")
OP_VEC(sari,     1, 1, 1, PURE,            "d = a >> c1 signed (16, 32)")
OP_VEC(pshufb,   1, 2, 0, PURE,            "byte i of d = byte (b[i] & 15) of a, or 0 when b[i] >= 128")
OP_VEC(fadd,     1, 2, 0, COMMUTES,        "d = a + b (vece 2: f32)")
OP_VEC(fsub,     1, 2, 0, 0,               "d = a - b (vece 2: f32)")
OP_VEC(fmul,     1, 2, 0, COMMUTES,        "d = a * b (vece 2: f32)")

/*
 * Operations of tcg/simd-opc.h: c1 is a SimdOp, c2 its immediate. Not pure: they may
 * raise flags. Where the form has no b, simd_to's b is ignored.
 */
OP_ONE(simd1_vec,    1, 1, 2, 0, "d = operation c1 of a, immediate c2")
OP_ONE(simd2_vec,    1, 2, 2, 0, "d = operation c1 of a, b, immediate c2")
OP_ONE(simd3_vec,    1, 3, 2, 0, "d = operation c1 of a, b, c, immediate c2")
OP_ONE(simd_from_vec, 1, 2, 2, 0, "d = operation c1 of a, b (i64), immediate c2")
OP_ONE(simd_to_vec,   1, 2, 2, 0, "d (i64) = operation c1 of a, b, immediate c2")
OP_ONE(bits_i64_vec, 1, 1, 0, PURE, "d (vec) = a (i64), zero-extended")
OP_ONE(bits_vec_i64, 1, 1, 0, PURE, "d (i64) = low half of a (vec)")

/*
 * The host's own x87 unit, where tcg_ctx->host_x87 says that generated code may use
 * it. An instruction is its first byte (0xd8..0xdf) << 8 | ModRM byte; of ModRM
 * the memory forms take the reg field. Registers, status and control word are
 * the front end's to manage; helpers and slow paths leave them alone.
 */
OP_ONE(x87,         0, 0, 1, SIDE,             "host x87 instruction c1, register form")
OP_ONE(x87_m,       0, 1, 2, SIDE,             "host x87 instruction c2 with its operand at host address a + c1")
OP_ONE(x87_ld,      0, 1, 2, MAY_FAULT | SIDE, "host x87 instruction c2 reads guest memory at a; c1 = MemOpIdx (size)")
OP_ONE(x87_st,      0, 1, 2, MAY_FAULT | SIDE, "host x87 instruction c2 writes guest memory at a; c1 = MemOpIdx (size); a fault leaves the unit as it was")
OP_ONE(x87_status,  1, 0, 0, 0,                "d (i32) = host x87 status word")
OP_ONE(x87_comi,    1, 0, 1, SIDE,             "d (i32) = EFLAGS.ZF, PF and CF of host x87 instruction c1 (FCOMI, FUCOMI, ..)")
OP_ONE(x87_cmov,    0, 1, 1, SIDE,             "host x87 ST(0) = ST(c1) when a (i32) is not 0")
OP_ONE(x87_enter,   0, 0, 2, SIDE,             "call helper c2(env) when the byte at env + c1 is 0; it touches no global and raises nothing")

/* --- control ---------------------------------------------------------------- */
OP_ONE(insn_start,  0, 0, 3, SIDE,              "guest instruction begins: c1 = pc, c2, c3 for the front end")
OP_ONE(discard,     1, 0, 0, 0,                 "value of a is dead")
OP_ONE(set_label,   0, 0, 1, ENDS_BLOCK | SIDE, "label c1 is here")
OP_ONE(br,          0, 0, 1, ENDS_BLOCK | SIDE, "go to label c1")
/* Direct exit: goto_tb c1 (slot) is followed by the stores of pc and exit_tb. */
OP_ONE(goto_tb,     0, 0, 1, ENDS_BLOCK | SIDE, "jump to the block chained at slot c1, or go on when there is none")
OP_ONE(exit_tb,     0, 0, 1, ENDS_BLOCK | SIDE, "back to cpu_exec with value c1")
OP_ONE(goto_ptr,    0, 1, 0, ENDS_BLOCK | SIDE, "look pc (a, zero-extended) up in the jump cache and go there, or leave with 0")
/*
 * Leave with c2 unless exit_request is 0. Then, with icount, take c1 instructions, or
 * leave with c2's block | TB_EXIT_ICOUNT and take none when fewer are left.
 */
OP_ONE(check_exit,  0, 0, 2, COND_EXIT | SIDE,  "c1 = instructions to charge, c2 = exit_tb value; all globals are synced on the way out")
OP_ONE(count_exec,  0, 0, 1, COND_EXIT | SIDE,  "count tb->exec_left down; below 0 leave with value c1")
OP_ONE(mb,          0, 0, 1, SIDE,              "memory barrier c1 = TCGBar")
/* call: args = outputs, inputs, then TCGHelperInfo *; counts are in the op. */
OP_ONE(call,        0, 0, 0, SIDE,              "outputs = helper(inputs)")

#undef OP_INT
#undef OP_FP
#undef OP_VEC
#undef OP_ONE
