/*
 * Loads and stores, cache control and synchronisation (PEM 4.2.3, 4.2.6, 5.1).
 *
 * Little-endian mode is that of the 32-bit chips: memory stays big-endian and
 * the low address bits are exclusive-ored with 8 minus the size (PEM 3.1.4);
 * what is not aligned raises an alignment exception there.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/insn-gen.h"

/* --- addresses ------------------------------------------------------------------------- */

TCGv_i32 gen_ea_imm(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 ea;

    if (in->ra == 0) {
        return tcg_constant_i32(in->simm);
    }
    if (in->simm == 0) {
        return cpu_gpr[in->ra];
    }
    ea = tcg_temp_new_i32();
    tcg_gen_addi_i32(ea, cpu_gpr[in->ra], in->simm);
    return ea;
}

TCGv_i32 gen_ea_index(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 ea;

    if (in->ra == 0) {
        return cpu_gpr[in->rb];
    }
    ea = tcg_temp_new_i32();
    tcg_gen_add_i32(ea, cpu_gpr[in->ra], cpu_gpr[in->rb]);
    return ea;
}

MemOp gen_mem_op(DisasContext *ctx, MemOp size, TCGv_i32 *ea)
{
    unsigned bytes = memop_size(size);

    size |= MO_BE;
    if (unlikely(ctx->le)) {
        if (bytes < 8) {
            TCGv_i32 munged = tcg_temp_new_i32();

            tcg_gen_xori_i32(munged, *ea, 8 - bytes);
            *ea = munged;
        }
        if (bytes > 1) {
            size |= MO_ALIGN;
        }
    }
    return size;
}

void gen_load(DisasContext *ctx, TCGv_i32 ret, TCGv_i32 ea, MemOp size)
{
    MemOp op = gen_mem_op(ctx, size, &ea);

    tcg_gen_qemu_ld_i32(ret, ea, ctx->mem_idx, op);
}

void gen_store(DisasContext *ctx, TCGv_i32 value, TCGv_i32 ea, MemOp size)
{
    MemOp op = gen_mem_op(ctx, size, &ea);

    tcg_gen_qemu_st_i32(value, ea, ctx->mem_idx, op);
}

/* --- plain loads and stores --------------------------------------------------------------- */

typedef enum Addressing { IMM, INDEX, IMM_UPDATE, INDEX_UPDATE } Addressing;

static bool is_update(Addressing mode) { return mode == IMM_UPDATE || mode == INDEX_UPDATE; }

/* Update forms keep the address: rA is written after the access. */
static TCGv_i32 gen_ea(DisasContext *ctx, const Insn *in, Addressing mode)
{
    return mode == IMM || mode == IMM_UPDATE ? gen_ea_imm(ctx, in) : gen_ea_index(ctx, in);
}

/* Update forms with rA = 0, and loads with rA = rD, are invalid. */
static bool invalid_update(DisasContext *ctx, const Insn *in, Addressing mode, bool load)
{
    if (is_update(mode) && (in->ra == 0 || (load && in->ra == in->rd))) {
        gen_illegal(ctx);
        return true;
    }
    return false;
}

static void gen_load_insn(DisasContext *ctx, const Insn *in, MemOp size, Addressing mode)
{
    TCGv_i32 ea;

    if (invalid_update(ctx, in, mode, true)) {
        return;
    }
    ea = gen_ea(ctx, in, mode);
    gen_load(ctx, dest_gpr(ctx, in->rd), ea, size);
    if (is_update(mode)) {
        write_gpr(ctx, in->ra, ea);
    }
}

static void gen_store_insn(DisasContext *ctx, const Insn *in, MemOp size, Addressing mode)
{
    TCGv_i32 ea;

    if (invalid_update(ctx, in, mode, false)) {
        return;
    }
    ea = gen_ea(ctx, in, mode);
    gen_store(ctx, cpu_gpr[in->rs], ea, size);
    if (is_update(mode)) {
        write_gpr(ctx, in->ra, ea);
    }
}

void gen_lbz(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_UB, IMM); }
void gen_lbzu(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_UB, IMM_UPDATE); }
void gen_lbzx(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_UB, INDEX); }
void gen_lbzux(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_UB, INDEX_UPDATE); }
void gen_lhz(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_16, IMM); }
void gen_lhzu(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_16, IMM_UPDATE); }
void gen_lhzx(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_16, INDEX); }
void gen_lhzux(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_16, INDEX_UPDATE); }
void gen_lha(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_16 | MO_SIGN, IMM); }
void gen_lhau(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_16 | MO_SIGN, IMM_UPDATE); }
void gen_lhax(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_16 | MO_SIGN, INDEX); }
void gen_lhaux(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_16 | MO_SIGN, INDEX_UPDATE); }
void gen_lwz(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_32, IMM); }
void gen_lwzu(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_32, IMM_UPDATE); }
void gen_lwzx(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_32, INDEX); }
void gen_lwzux(DisasContext *ctx, const Insn *in) { gen_load_insn(ctx, in, MO_32, INDEX_UPDATE); }

void gen_stb(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_8, IMM); }
void gen_stbu(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_8, IMM_UPDATE); }
void gen_stbx(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_8, INDEX); }
void gen_stbux(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_8, INDEX_UPDATE); }
void gen_sth(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_16, IMM); }
void gen_sthu(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_16, IMM_UPDATE); }
void gen_sthx(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_16, INDEX); }
void gen_sthux(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_16, INDEX_UPDATE); }
void gen_stw(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_32, IMM); }
void gen_stwu(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_32, IMM_UPDATE); }
void gen_stwx(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_32, INDEX); }
void gen_stwux(DisasContext *ctx, const Insn *in) { gen_store_insn(ctx, in, MO_32, INDEX_UPDATE); }

/* Byte-reversed: the access in the other order. */
static void gen_load_reversed(DisasContext *ctx, const Insn *in, MemOp size)
{
    TCGv_i32 ea = gen_ea_index(ctx, in);
    MemOp op = gen_mem_op(ctx, size, &ea) ^ MO_BSWAP;

    tcg_gen_qemu_ld_i32(dest_gpr(ctx, in->rd), ea, ctx->mem_idx, op);
}

static void gen_store_reversed(DisasContext *ctx, const Insn *in, MemOp size)
{
    TCGv_i32 ea = gen_ea_index(ctx, in);
    MemOp op = gen_mem_op(ctx, size, &ea) ^ MO_BSWAP;

    tcg_gen_qemu_st_i32(cpu_gpr[in->rs], ea, ctx->mem_idx, op);
}

void gen_lhbrx(DisasContext *ctx, const Insn *in) { gen_load_reversed(ctx, in, MO_16); }
void gen_lwbrx(DisasContext *ctx, const Insn *in) { gen_load_reversed(ctx, in, MO_32); }
void gen_sthbrx(DisasContext *ctx, const Insn *in) { gen_store_reversed(ctx, in, MO_16); }
void gen_stwbrx(DisasContext *ctx, const Insn *in) { gen_store_reversed(ctx, in, MO_32); }

/* --- multiple and string -------------------------------------------------------------------- */

/* These raise an alignment exception in little-endian mode whatever the address. */
static bool refused_in_le(DisasContext *ctx)
{
    if (ctx->le) {
        gen_helper_refuse_in_le(tcg_env);
        ctx->ended = true;
    }
    return ctx->le;
}

static TCGv_i32 gen_plus(TCGv_i32 ea, unsigned offset)
{
    TCGv_i32 sum = tcg_temp_new_i32();

    tcg_gen_addi_i32(sum, ea, offset);
    return sum;
}

/* A copy of the address that stays when the register it came from is loaded. */
static TCGv_i32 gen_ea_copy(TCGv_i32 ea)
{
    TCGv_i32 copy = tcg_temp_new_i32();

    tcg_gen_mov_i32(copy, ea);
    return copy;
}

/* lmw rD,d(rA): rD..r31, word-aligned. rA among them keeps its value until the end. */
void gen_lmw(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 ea, base_value = NULL;

    if (refused_in_le(ctx)) {
        return;
    }
    ea = gen_ea_copy(gen_ea_imm(ctx, in));
    for (unsigned r = in->rd; r < 32; r++) {
        bool is_base = r == in->ra && r != 0;
        TCGv_i32 dest = is_base ? tcg_temp_new_i32() : dest_gpr(ctx, r);

        tcg_gen_qemu_ld_i32(dest, gen_plus(ea, 4 * (r - in->rd)), ctx->mem_idx, MO_BEUL | MO_ALIGN);
        if (is_base) {
            base_value = dest;
        }
    }
    if (base_value) {
        write_gpr(ctx, in->ra, base_value);
    }
}

void gen_stmw(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 ea;

    if (refused_in_le(ctx)) {
        return;
    }
    ea = gen_ea_imm(ctx, in);
    for (unsigned r = in->rs; r < 32; r++) {
        tcg_gen_qemu_st_i32(cpu_gpr[r], gen_plus(ea, 4 * (r - in->rs)), ctx->mem_idx,
                            MO_BEUL | MO_ALIGN);
    }
}

/* Up to 3 bytes at the left of a word. */
static void gen_load_left(DisasContext *ctx, TCGv_i32 ret, TCGv_i32 ea, unsigned bytes)
{
    TCGv_i32 one = tcg_temp_new_i32();
    TCGv_i32 all = tcg_temp_new_i32();

    tcg_gen_movi_i32(all, 0);
    for (unsigned i = 0; i < bytes; i++) {
        tcg_gen_qemu_ld_i32(one, gen_plus(ea, i), ctx->mem_idx, MO_UB);
        tcg_gen_deposit_i32(all, all, one, 24 - 8 * i, 8);
    }
    tcg_gen_mov_i32(ret, all);
}

/* lswi rD,rA,NB: NB bytes (0: 32), four in each register, wrapping to r0. */
void gen_lswi(DisasContext *ctx, const Insn *in)
{
    unsigned bytes = in->nb ? in->nb : 32, r = in->rd;
    TCGv_i32 ea, base_value = NULL;

    if (refused_in_le(ctx)) {
        return;
    }
    ea = gen_ea_copy(read_gpr_or_0(ctx, in->ra));
    for (unsigned done = 0; done < bytes; done += 4, r = (r + 1) % 32) {
        bool is_base = r == in->ra && r != 0;
        TCGv_i32 dest = is_base ? tcg_temp_new_i32() : dest_gpr(ctx, r);

        if (bytes - done >= 4) {
            tcg_gen_qemu_ld_i32(dest, gen_plus(ea, done), ctx->mem_idx, MO_BEUL);
        } else {
            gen_load_left(ctx, dest, gen_plus(ea, done), bytes - done);
        }
        if (is_base) {
            base_value = dest;
        }
    }
    if (base_value) {
        write_gpr(ctx, in->ra, base_value);
    }
}

void gen_stswi(DisasContext *ctx, const Insn *in)
{
    unsigned bytes = in->nb ? in->nb : 32, r = in->rs;
    TCGv_i32 ea;

    if (refused_in_le(ctx)) {
        return;
    }
    ea = read_gpr_or_0(ctx, in->ra);
    for (unsigned done = 0; done < bytes; done += 4, r = (r + 1) % 32) {
        if (bytes - done >= 4) {
            tcg_gen_qemu_st_i32(cpu_gpr[r], gen_plus(ea, done), ctx->mem_idx, MO_BEUL);
            continue;
        }
        for (unsigned i = done; i < bytes; i++) {
            TCGv_i32 byte = tcg_temp_new_i32();

            tcg_gen_shri_i32(byte, cpu_gpr[r], 24 - 8 * (i - done));
            tcg_gen_qemu_st_i32(byte, gen_plus(ea, i), ctx->mem_idx, MO_UB);
        }
    }
}

/* lswx, stswx: the length is in XER. */
void gen_lswx(DisasContext *ctx, const Insn *in)
{
    if (!refused_in_le(ctx)) {
        gen_helper_lswx(tcg_env, gen_ea_index(ctx, in), tcg_constant_i32(in->rd),
                        tcg_constant_i32(in->ra), tcg_constant_i32(in->rb));
        forget_compares(ctx);
    }
}

void gen_stswx(DisasContext *ctx, const Insn *in)
{
    if (!refused_in_le(ctx)) {
        gen_helper_stswx(tcg_env, gen_ea_index(ctx, in), tcg_constant_i32(in->rs));
    }
}

/* --- reservations ------------------------------------------------------------------------------ */

/* lwarx rD,rA,rB: remembers address and value; stwcx. compares both. */
void gen_lwarx(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 ea = gen_ea_copy(gen_ea_index(ctx, in));
    TCGv_i32 munged = ea;
    TCGv_i32 dest = dest_gpr(ctx, in->rd);
    MemOp op = gen_mem_op(ctx, MO_32, &munged) | MO_ALIGN;

    tcg_gen_qemu_ld_i32(dest, munged, ctx->mem_idx, op);
    tcg_gen_st_i32(ea, tcg_env, offsetof(CPUPPCState, reserve_addr));
    tcg_gen_st_i32(dest, tcg_env, offsetof(CPUPPCState, reserve_val));
}

/* stwcx. rS,rA,rB: CR0 = 0 0 stored SO. */
void gen_stwcx_(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 ea = gen_ea_copy(gen_ea_index(ctx, in));
    TCGv_i32 munged = ea;
    TCGv_i32 reserved = tcg_temp_new_i32(), old = tcg_temp_new_i32();
    TCGv_i64 not_stored = tcg_temp_new_i64();
    TCGLabel *done = gen_new_label();
    MemOp op = gen_mem_op(ctx, MO_32, &munged) | MO_ALIGN;

    tcg_gen_movi_i64(not_stored, INT64_MIN | 1);        /* cr_encode(0) but for bit 32 */
    tcg_gen_ld_i32(reserved, tcg_env, offsetof(CPUPPCState, reserve_addr));
    tcg_gen_brcond_i32(TCG_COND_NE, reserved, ea, done);
    tcg_gen_ld_i32(reserved, tcg_env, offsetof(CPUPPCState, reserve_val));
    if (ctx->tb->cflags & CF_PARALLEL) {
        TCGv_i64 differs = tcg_temp_new_i64();

        tcg_gen_atomic_cmpxchg_i32(old, tcgv_temp(munged), reserved, cpu_gpr[in->rs], ctx->mem_idx, op);
        tcg_gen_setcond_i32(TCG_COND_NE, old, old, reserved);
        tcg_gen_extu_i32_i64(differs, old);
        tcg_gen_deposit_i64(not_stored, not_stored, differs, 0, 1);
    } else {
        tcg_gen_qemu_ld_i32(old, munged, ctx->mem_idx, op);
        tcg_gen_brcond_i32(TCG_COND_NE, old, reserved, done);
        tcg_gen_qemu_st_i32(cpu_gpr[in->rs], munged, ctx->mem_idx, op);
        tcg_gen_movi_i64(not_stored, INT64_MIN);
    }
    gen_set_label(done);
    tcg_gen_st_i32(tcg_constant_i32(1), tcg_env, offsetof(CPUPPCState, reserve_addr));
    gen_cr_value(ctx, 0, not_stored);
    ctx->cmp[0].kind = CMP_NONE;
}

/* --- external control ---------------------------------------------------------------------------- */

/* eciwx, ecowx: DSI unless EAR enables them; then an aligned access (no device listens). */
void gen_eciwx(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 ea = gen_ea_index(ctx, in);

    gen_helper_check_ear(tcg_env, ea, tcg_constant_i32(0));
    tcg_gen_qemu_ld_i32(dest_gpr(ctx, in->rd), ea, ctx->mem_idx, MO_BEUL | MO_ALIGN);
}

void gen_ecowx(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 ea = gen_ea_index(ctx, in);

    gen_helper_check_ear(tcg_env, ea, tcg_constant_i32(DSISR_STORE));
    tcg_gen_qemu_st_i32(cpu_gpr[in->rs], ea, ctx->mem_idx, MO_BEUL | MO_ALIGN);
}

/* --- caches: coherent here, so only the exceptions remain -------------------------------------------- */

static void gen_cache_op(DisasContext *ctx, const Insn *in, MMUAccessType access)
{
    gen_helper_cache_op(tcg_env, gen_ea_index(ctx, in), tcg_constant_i32(access),
                        tcg_constant_i32(ctx->mem_idx));
}

void gen_dcbst(DisasContext *ctx, const Insn *in) { gen_cache_op(ctx, in, MMU_DATA_LOAD); }
void gen_dcbf(DisasContext *ctx, const Insn *in) { gen_cache_op(ctx, in, MMU_DATA_LOAD); }
void gen_dcbi(DisasContext *ctx, const Insn *in) { gen_cache_op(ctx, in, MMU_DATA_STORE); }
/* Stores to code are seen when they happen; the barrier is isync's. */
void gen_icbi(DisasContext *ctx, const Insn *in) { gen_cache_op(ctx, in, MMU_DATA_LOAD); }
/* Hints that raise nothing. */
void gen_dcbt(DisasContext *ctx, const Insn *in) { }
void gen_dcbtst(DisasContext *ctx, const Insn *in) { }
void gen_dcba(DisasContext *ctx, const Insn *in) { }

void gen_dcbz(DisasContext *ctx, const Insn *in)
{
    gen_helper_dcbz(tcg_env, gen_ea_index(ctx, in), tcg_constant_i32(ctx->mem_idx));
}

/* Devices synchronise with the CPU's thread themselves: only other CPUs see the order. */
static void gen_barrier(DisasContext *ctx)
{
    if (ctx->tb->cflags & CF_PARALLEL) {
        tcg_gen_mb(TCG_MO_ALL);
    }
}

void gen_sync(DisasContext *ctx, const Insn *in) { gen_barrier(ctx); }
void gen_eieio(DisasContext *ctx, const Insn *in) { gen_barrier(ctx); }

/* isync: segment registers written before it take effect, and new code does. */
void gen_isync(DisasContext *ctx, const Insn *in)
{
    TCGv_i32 changed = tcg_temp_new_i32();
    TCGLabel *same = gen_new_label();

    tcg_gen_ld8u_i32(changed, tcg_env, offsetof(CPUPPCState, segments_changed));
    tcg_gen_brcondi_i32(TCG_COND_EQ, changed, 0, same);
    gen_helper_sync_segments(tcg_env);
    gen_set_label(same);
}
