/*
 * System-level instructions: segment and control registers, MSRs, I/O, flags
 * with privilege (SDM 2; 3A chapter 2). Far transfers and interrupts are
 * translate-far.c's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

/* --- small parts -------------------------------------------------------------------------------------------- */

static TCGv_i32 to_i32(TCGv value)
{
    TCGv_i32 low = tcg_temp_new_i32();

    tcg_gen_trunc_tl_i32(low, value);
    return low;
}

static TCGv from_i32(TCGv_i32 value)
{
    TCGv wide = tcg_temp_new();

    tcg_gen_extu_i32_tl(wide, value);
    return wide;
}

static TCGv load_env_u32(size_t offset)
{
    TCGv_i32 value = tcg_temp_new_i32();

    tcg_gen_ld_i32(value, tcg_env, offset);
    return from_i32(value);
}

/* EDX:EAX. */
static void write_pair(TCGv_i64 value)
{
    TCGv_i32 half = tcg_temp_new_i32();

    tcg_gen_extrl_i64_i32(half, value);
    write_reg(MO_32, R_EAX, from_i32(half));
    tcg_gen_extrh_i64_i32(half, value);
    write_reg(MO_32, R_EDX, from_i32(half));
}

static TCGv_i64 read_pair(void)
{
    TCGv_i64 value = tcg_temp_new_i64(), high = tcg_temp_new_i64();

    tcg_gen_extu_i32_i64(value, to_i32(read_reg(R_EAX)));
    tcg_gen_extu_i32_i64(high, to_i32(read_reg(R_EDX)));
    tcg_gen_shl_i64(high, high, tcg_constant_i64(32));
    tcg_gen_or_i64(value, value, high);
    return value;
}

/* Branch around an exception. */
static void gen_gpf0_unless(DisasContext *ctx, TCGCond cond, TCGv_i32 value, uint32_t constant)
{
    TCGLabel *fine = gen_new_label();

    tcg_gen_brcond_i32(cond, value, tcg_constant_i32(constant), fine);
    gen_gpf0(ctx);
    ctx->ended = false;
    gen_set_label(fine);
}

static void gen_check_canonical(DisasContext *ctx, TCGv address)
{
    TCGLabel *canonical = gen_new_label();
    TCGv extended = tcg_temp_new();

    tcg_gen_shli_tl(extended, address, TARGET_LONG_BITS - 48);
    tcg_gen_sari_tl(extended, extended, TARGET_LONG_BITS - 48);
    tcg_gen_brcond_tl(TCG_COND_EQ, extended, address, canonical);
    gen_gpf0(ctx);
    ctx->ended = false;
    gen_set_label(canonical);
}

/* UMIP keeps level 3 from reading system registers. */
static bool gen_umip(DisasContext *ctx)
{
    if (ctx->flags & HF_UMIP) {
        gen_gpf0(ctx);
        return true;
    }
    return false;
}

/* --- segment registers ----------------------------------------------------------------------------------------- */

static TCGv load_selector(unsigned seg)
{
    return load_env_u32(offsetof(CPUX86State, segs) + seg * sizeof(SegmentCache) + offsetof(SegmentCache, selector));
}

static void gen_push_seg(DisasContext *ctx, Insn *in, unsigned seg)
{
    push_value(ctx, (MemOp)in->osize, load_selector(seg));
}

/* The block ends: addresses are computed otherwise from now on. */
static void gen_load_seg(DisasContext *ctx, unsigned seg, TCGv selector)
{
    gen_helper_load_seg(tcg_env, tcg_constant_i32(seg), to_i32(selector));
    if (seg == R_SS) {
        gen_inhibit_irq(ctx);
    }
    gen_end_block(ctx);
}

static void gen_pop_seg(DisasContext *ctx, Insn *in, unsigned seg)
{
    TCGv selector = pop_value(ctx, (MemOp)in->osize);

    gen_load_seg(ctx, seg, selector);
    pop_done(ctx, (MemOp)in->osize);
}

void gen_push_es(DisasContext *ctx, Insn *in) { gen_push_seg(ctx, in, R_ES); }
void gen_push_cs(DisasContext *ctx, Insn *in) { gen_push_seg(ctx, in, R_CS); }
void gen_push_ss(DisasContext *ctx, Insn *in) { gen_push_seg(ctx, in, R_SS); }
void gen_push_ds(DisasContext *ctx, Insn *in) { gen_push_seg(ctx, in, R_DS); }
void gen_push_fs(DisasContext *ctx, Insn *in) { gen_push_seg(ctx, in, R_FS); }
void gen_push_gs(DisasContext *ctx, Insn *in) { gen_push_seg(ctx, in, R_GS); }
void gen_pop_es(DisasContext *ctx, Insn *in) { gen_pop_seg(ctx, in, R_ES); }
void gen_pop_ss(DisasContext *ctx, Insn *in) { gen_pop_seg(ctx, in, R_SS); }
void gen_pop_ds(DisasContext *ctx, Insn *in) { gen_pop_seg(ctx, in, R_DS); }
void gen_pop_fs(DisasContext *ctx, Insn *in) { gen_pop_seg(ctx, in, R_FS); }
void gen_pop_gs(DisasContext *ctx, Insn *in) { gen_pop_seg(ctx, in, R_GS); }

void gen_mov_from_seg(DisasContext *ctx, Insn *in)
{
    if (in->op[1].reg >= SEG_COUNT) {
        gen_illegal(ctx);
        return;
    }
    write_operand(ctx, in, 0, load_selector(in->op[1].reg));
}

void gen_mov_to_seg(DisasContext *ctx, Insn *in)
{
    unsigned seg = in->op[0].reg;

    if (seg >= SEG_COUNT || seg == R_CS) {
        gen_illegal(ctx);
        return;
    }
    gen_load_seg(ctx, seg, read_operand_zx(ctx, in, 1));
}

/* LES, LDS, LSS, LFS, LGS: an offset, then a selector. */
static void gen_load_far_pointer(DisasContext *ctx, Insn *in, unsigned seg)
{
    MemOp size = (MemOp)in->op[0].size;
    unsigned bytes = memop_size(size);
    TCGv addr = gen_address(ctx, in, bytes + 2, ACCESS_READ);
    TCGv offset = tcg_temp_new(), selector = tcg_temp_new();

    gen_load(ctx, offset, addr, size);
    gen_load(ctx, selector, gen_address_plus(ctx, addr, bytes), MO_16);
    gen_load_seg(ctx, seg, selector);
    write_reg(size, in->op[0].reg, offset);
}

void gen_les(DisasContext *ctx, Insn *in) { gen_load_far_pointer(ctx, in, R_ES); }
void gen_lds(DisasContext *ctx, Insn *in) { gen_load_far_pointer(ctx, in, R_DS); }
void gen_lss(DisasContext *ctx, Insn *in) { gen_load_far_pointer(ctx, in, R_SS); }
void gen_lfs(DisasContext *ctx, Insn *in) { gen_load_far_pointer(ctx, in, R_FS); }
void gen_lgs(DisasContext *ctx, Insn *in) { gen_load_far_pointer(ctx, in, R_GS); }

/* --- questions about selectors: ZF answers ---------------------------------------------------------------------- */

/* ZF = flag (0 or 1), the other flags stay. */
static void gen_set_zf(DisasContext *ctx, TCGv flag)
{
    TCGv bits = gen_get_cc_bits(ctx);

    tcg_gen_andi_tl(bits, bits, CC_ALL & ~CC_Z);
    tcg_gen_shli_tl(flag, flag, 6);
    tcg_gen_or_tl(bits, bits, flag);
    gen_set_cc_bits(ctx, bits);
}

/* The destination's RPL is raised to the source's. */
void gen_arpl(DisasContext *ctx, Insn *in)
{
    TCGv dest = read_operand_zx(ctx, in, 0), src = read_operand_zx(ctx, in, 1);
    TCGv rpl = tcg_temp_new(), src_rpl = tcg_temp_new(), result = tcg_temp_new(), flag = tcg_temp_new();

    tcg_gen_andi_tl(rpl, dest, 3);
    tcg_gen_andi_tl(src_rpl, src, 3);
    tcg_gen_setcond_tl(TCG_COND_LTU, flag, rpl, src_rpl);
    tcg_gen_andi_tl(result, dest, 0xfffc);
    tcg_gen_or_tl(result, result, src_rpl);
    tcg_gen_movcond_tl(TCG_COND_NE, result, flag, tcg_constant_tl(0), result, dest);
    write_operand(ctx, in, 0, result);
    gen_set_zf(ctx, flag);
}

/* LAR, LSL: result has the value, and ZF in bit 32; the register changes only with ZF. */
static void gen_query_result(DisasContext *ctx, Insn *in, TCGv_i64 result)
{
    TCGv reg = cpu_regs[in->op[0].reg], value = tcg_temp_new(), flag = tcg_temp_new();
    TCGv_i32 half = tcg_temp_new_i32();

    tcg_gen_extrl_i64_i32(half, result);
    tcg_gen_extu_i32_tl(value, half);
    if (in->op[0].size == MO_16) {
        tcg_gen_deposit_tl(value, reg, value, 0, 16);
    }
    tcg_gen_extrh_i64_i32(half, result);
    tcg_gen_extu_i32_tl(flag, half);
    tcg_gen_movcond_tl(TCG_COND_NE, reg, flag, tcg_constant_tl(0), value, reg);
    gen_set_zf(ctx, flag);
}

void gen_lar(DisasContext *ctx, Insn *in)
{
    TCGv_i64 result = tcg_temp_new_i64();

    gen_helper_lar(result, tcg_env, to_i32(read_operand_zx(ctx, in, 1)));
    gen_query_result(ctx, in, result);
}

void gen_lsl(DisasContext *ctx, Insn *in)
{
    TCGv_i64 result = tcg_temp_new_i64();

    gen_helper_lsl(result, tcg_env, to_i32(read_operand_zx(ctx, in, 1)));
    gen_query_result(ctx, in, result);
}

void gen_verr(DisasContext *ctx, Insn *in)
{
    TCGv_i32 flag = tcg_temp_new_i32();

    gen_helper_verr(flag, tcg_env, to_i32(read_operand_zx(ctx, in, 0)));
    gen_set_zf(ctx, from_i32(flag));
}

void gen_verw(DisasContext *ctx, Insn *in)
{
    TCGv_i32 flag = tcg_temp_new_i32();

    gen_helper_verw(flag, tcg_env, to_i32(read_operand_zx(ctx, in, 0)));
    gen_set_zf(ctx, from_i32(flag));
}

/* --- LDTR, TR, GDTR, IDTR, machine status word --------------------------------------------------------------------- */

void gen_sldt(DisasContext *ctx, Insn *in)
{
    if (!gen_umip(ctx)) {
        write_operand(ctx, in, 0, load_env_u32(offsetof(CPUX86State, ldt.selector)));
    }
}

void gen_str(DisasContext *ctx, Insn *in)
{
    if (!gen_umip(ctx)) {
        write_operand(ctx, in, 0, load_env_u32(offsetof(CPUX86State, tr.selector)));
    }
}

void gen_lldt(DisasContext *ctx, Insn *in)
{
    gen_helper_lldt(tcg_env, to_i32(read_operand_zx(ctx, in, 0)));
}

void gen_ltr(DisasContext *ctx, Insn *in)
{
    gen_helper_ltr(tcg_env, to_i32(read_operand_zx(ctx, in, 0)));
}

static void gen_store_table(DisasContext *ctx, Insn *in, size_t table)
{
    MemOp size = ctx->code64 ? MO_64 : MO_32;
    TCGv addr, base = tcg_temp_new();

    if (gen_umip(ctx)) {
        return;
    }
    addr = gen_address(ctx, in, 2 + memop_size(size), ACCESS_WRITE);
    tcg_gen_ld_tl(base, tcg_env, table + offsetof(SegmentCache, base));
    gen_store(ctx, load_env_u32(table + offsetof(SegmentCache, limit)), addr, MO_16);
    gen_store(ctx, base, gen_address_plus(ctx, addr, 2), size);
}

void gen_sgdt(DisasContext *ctx, Insn *in) { gen_store_table(ctx, in, offsetof(CPUX86State, gdt)); }
void gen_sidt(DisasContext *ctx, Insn *in) { gen_store_table(ctx, in, offsetof(CPUX86State, idt)); }

/* With 16-bit operand size the base has 24 bits. */
static void gen_load_table(DisasContext *ctx, Insn *in, size_t table)
{
    MemOp size = ctx->code64 ? MO_64 : MO_32;
    TCGv addr = gen_address(ctx, in, 2 + memop_size(size), ACCESS_READ);
    TCGv limit = tcg_temp_new(), base = tcg_temp_new();

    gen_load(ctx, limit, addr, MO_16);
    gen_load(ctx, base, gen_address_plus(ctx, addr, 2), size);
    if (in->osize == MO_16) {
        tcg_gen_andi_tl(base, base, 0xffffff);
    }
    if (ctx->code64) {
        gen_check_canonical(ctx, base);
    }
    tcg_gen_st_tl(base, tcg_env, table + offsetof(SegmentCache, base));
    tcg_gen_st_i32(to_i32(limit), tcg_env, table + offsetof(SegmentCache, limit));
}

void gen_lgdt(DisasContext *ctx, Insn *in) { gen_load_table(ctx, in, offsetof(CPUX86State, gdt)); }
void gen_lidt(DisasContext *ctx, Insn *in) { gen_load_table(ctx, in, offsetof(CPUX86State, idt)); }

void gen_smsw(DisasContext *ctx, Insn *in)
{
    TCGv cr0 = tcg_temp_new();

    if (!gen_umip(ctx)) {
        tcg_gen_ld_tl(cr0, tcg_env, offsetof(CPUX86State, cr[0]));
        write_operand(ctx, in, 0, cr0);
    }
}

void gen_lmsw(DisasContext *ctx, Insn *in)
{
    gen_helper_lmsw(tcg_env, to_i32(read_operand_zx(ctx, in, 0)));
}

/* --- control and debug registers ------------------------------------------------------------------------------------- */

void gen_clts(DisasContext *ctx, Insn *in) { gen_helper_clts(tcg_env); }

static bool is_control_register(const DisasContext *ctx, unsigned n)
{
    return n == 0 || (n >= 2 && n <= 4) || (n == 8 && ctx->code64);
}

void gen_mov_from_cr(DisasContext *ctx, Insn *in)
{
    unsigned n = in->op[1].reg;
    TCGv value = tcg_temp_new();

    if (!is_control_register(ctx, n)) {
        gen_illegal(ctx);
        return;
    }
    if (n == 8) {
        gen_helper_read_cr8(value, tcg_env);
    } else {
        tcg_gen_ld_tl(value, tcg_env, offsetof(CPUX86State, cr) + n * sizeof(target_ulong));
    }
    write_operand(ctx, in, 0, value);
}

void gen_mov_to_cr(DisasContext *ctx, Insn *in)
{
    TCGv value = read_operand_zx(ctx, in, 1);

    switch (is_control_register(ctx, in->op[0].reg) ? in->op[0].reg : 16) {
    case 0:
        gen_helper_write_cr0(tcg_env, value);
        break;
    case 2:
        tcg_gen_st_tl(value, tcg_env, offsetof(CPUX86State, cr[2]));
        break;
    case 3:
        gen_helper_write_cr3(tcg_env, value);
        break;
    case 4:
        gen_helper_write_cr4(tcg_env, value);
        break;
    case 8:
        gen_helper_write_cr8(tcg_env, value);
        break;
    default:
        gen_illegal(ctx);
        break;
    }
}

void gen_mov_from_dr(DisasContext *ctx, Insn *in)
{
    TCGv value = tcg_temp_new();

    if (in->op[1].reg > 7) {
        gen_illegal(ctx);
        return;
    }
    gen_helper_read_dr(value, tcg_env, tcg_constant_i32(in->op[1].reg));
    write_operand(ctx, in, 0, value);
}

void gen_mov_to_dr(DisasContext *ctx, Insn *in)
{
    if (in->op[0].reg > 7) {
        gen_illegal(ctx);
        return;
    }
    gen_helper_write_dr(tcg_env, tcg_constant_i32(in->op[0].reg), read_operand_zx(ctx, in, 1));
}

/* --- translations and caches --------------------------------------------------------------------------------------------- */

/* The segment is applied, its limit is not checked. */
void gen_invlpg(DisasContext *ctx, Insn *in)
{
    gen_helper_invlpg(tcg_env, gen_address(ctx, in, 0, ACCESS_READ));
}

void gen_invpcid(DisasContext *ctx, Insn *in)
{
    TCGv addr = gen_address(ctx, in, 16, ACCESS_READ);
    TCGv_i64 pcid = tcg_temp_new_i64(), linear = tcg_temp_new_i64();

    tcg_gen_tl_ld_i64(pcid, addr, ctx->mem_idx, MO_64);
    tcg_gen_tl_ld_i64(linear, gen_address_plus(ctx, addr, 8), ctx->mem_idx, MO_64);
    gen_helper_invpcid(tcg_env, read_operand_zx(ctx, in, 0), pcid, linear);
}

void gen_invd(DisasContext *ctx, Insn *in) { }
void gen_wbinvd(DisasContext *ctx, Insn *in) { }

/* --- MSRs, counters, identification ----------------------------------------------------------------------------------------- */

void gen_rdmsr(DisasContext *ctx, Insn *in)
{
    TCGv_i64 value = tcg_temp_new_i64();

    gen_helper_rdmsr(value, tcg_env, to_i32(read_reg(R_ECX)));
    write_pair(value);
}

void gen_wrmsr(DisasContext *ctx, Insn *in)
{
    gen_helper_wrmsr(tcg_env, to_i32(read_reg(R_ECX)), read_pair());
}

void gen_rdtsc(DisasContext *ctx, Insn *in)
{
    TCGv_i64 value = tcg_temp_new_i64();

    gen_helper_rdtsc(value, tcg_env);
    write_pair(value);
}

static TCGv load_tsc_aux(void)
{
    return load_env_u32(offsetof(CPUX86State, tsc_aux));
}

void gen_rdtscp(DisasContext *ctx, Insn *in)
{
    gen_rdtsc(ctx, in);
    write_reg(MO_32, R_ECX, load_tsc_aux());
}

void gen_rdpid(DisasContext *ctx, Insn *in) { write_operand(ctx, in, 0, load_tsc_aux()); }

void gen_rdpmc(DisasContext *ctx, Insn *in)
{
    TCGv_i64 value = tcg_temp_new_i64();

    gen_helper_rdpmc(value, tcg_env);
    write_pair(value);
}

void gen_xgetbv(DisasContext *ctx, Insn *in)
{
    TCGv_i64 value = tcg_temp_new_i64();

    gen_helper_xgetbv(value, tcg_env, to_i32(read_reg(R_ECX)));
    write_pair(value);
}

void gen_xsetbv(DisasContext *ctx, Insn *in)
{
    gen_helper_xsetbv(tcg_env, to_i32(read_reg(R_ECX)), read_pair());
}

void gen_cpuid(DisasContext *ctx, Insn *in) { gen_helper_cpuid(tcg_env); }

/* C = 1: a number was there. */
void gen_rdrand(DisasContext *ctx, Insn *in)
{
    TCGv_i64 value = tcg_temp_new_i64();
    TCGv number = tcg_temp_new();

    gen_helper_rdrand(value, tcg_env);
    tcg_gen_trunc_i64_tl(number, value);
    write_operand(ctx, in, 0, number);
    gen_set_cc_bits(ctx, tcg_constant_tl(CC_C));
}

void gen_rdseed(DisasContext *ctx, Insn *in) { gen_rdrand(ctx, in); }

/* --- FS and GS bases ---------------------------------------------------------------------------------------------------------- */

static size_t base_of(unsigned seg)
{
    return offsetof(CPUX86State, segs) + seg * sizeof(SegmentCache) + offsetof(SegmentCache, base);
}

/* #UD unless CR4.FSGSBASE. */
static void gen_check_fsgsbase(DisasContext *ctx)
{
    TCGv_i32 cr4 = to_i32(load_env_u32(offsetof(CPUX86State, cr[4])));
    TCGLabel *fine = gen_new_label();

    tcg_gen_brcond_i32(TCG_COND_TSTNE, cr4, tcg_constant_i32(CR4_FSGSBASE_MASK), fine);
    gen_illegal(ctx);
    ctx->ended = false;
    gen_set_label(fine);
}

static void gen_read_base(DisasContext *ctx, Insn *in, unsigned seg)
{
    TCGv base = tcg_temp_new();

    gen_check_fsgsbase(ctx);
    tcg_gen_ld_tl(base, tcg_env, base_of(seg));
    write_operand(ctx, in, 0, base);
}

static void gen_write_base(DisasContext *ctx, Insn *in, unsigned seg)
{
    TCGv base = read_operand_zx(ctx, in, 0);

    gen_check_fsgsbase(ctx);
    if (in->op[0].size == MO_64) {
        gen_check_canonical(ctx, base);
    }
    tcg_gen_st_tl(base, tcg_env, base_of(seg));
}

void gen_rdfsbase(DisasContext *ctx, Insn *in) { gen_read_base(ctx, in, R_FS); }
void gen_rdgsbase(DisasContext *ctx, Insn *in) { gen_read_base(ctx, in, R_GS); }
void gen_wrfsbase(DisasContext *ctx, Insn *in) { gen_write_base(ctx, in, R_FS); }
void gen_wrgsbase(DisasContext *ctx, Insn *in) { gen_write_base(ctx, in, R_GS); }
void gen_swapgs(DisasContext *ctx, Insn *in) { gen_helper_swapgs(tcg_env); }

/* --- I/O ------------------------------------------------------------------------------------------------------------------------- */

void gen_in(DisasContext *ctx, Insn *in)
{
    TCGv_i32 value = tcg_temp_new_i32();

    gen_helper_in(value, tcg_env, to_i32(read_operand_zx(ctx, in, 1)), tcg_constant_i32(in->op[0].size));
    write_operand(ctx, in, 0, from_i32(value));
}

/* The block ends: what the device did may stop or interrupt this CPU. */
void gen_out(DisasContext *ctx, Insn *in)
{
    gen_helper_out(tcg_env, to_i32(read_operand_zx(ctx, in, 0)), to_i32(read_operand_zx(ctx, in, 1)),
                   tcg_constant_i32(in->op[1].size));
}

/* done 0: interrupted between two elements, the instruction is not over. */
static void gen_string_done(DisasContext *ctx, TCGv_i32 done)
{
    TCGLabel *over = gen_new_label();

    tcg_gen_brcond_i32(TCG_COND_NE, done, tcg_constant_i32(0), over);
    gen_store_eip(ctx);
    gen_exit_lookup(ctx);
    ctx->ended = false;
    gen_set_label(over);
}

static uint32_t string_flags(const Insn *in, MemOp size)
{
    unsigned seg = in->seg_override >= 0 ? in->seg_override : R_DS;

    return size | in->asize << 4 | (in->rep || in->repne) << 8 | seg << 12;
}

static void gen_ins_of(DisasContext *ctx, Insn *in, MemOp size)
{
    TCGv_i32 done = tcg_temp_new_i32();

    gen_sync_cc_op(ctx);
    gen_helper_ins(done, tcg_env, tcg_constant_i32(string_flags(in, size)));
    gen_string_done(ctx, done);
}

static void gen_outs_of(DisasContext *ctx, Insn *in, MemOp size)
{
    TCGv_i32 done = tcg_temp_new_i32();

    gen_sync_cc_op(ctx);
    gen_helper_outs(done, tcg_env, tcg_constant_i32(string_flags(in, size)));
    gen_string_done(ctx, done);
}

static MemOp io_size(const Insn *in) { return in->osize == MO_16 ? MO_16 : MO_32; }

void gen_insb(DisasContext *ctx, Insn *in) { gen_ins_of(ctx, in, MO_8); }
void gen_ins(DisasContext *ctx, Insn *in) { gen_ins_of(ctx, in, io_size(in)); }
void gen_outsb(DisasContext *ctx, Insn *in) { gen_outs_of(ctx, in, MO_8); }
void gen_outs(DisasContext *ctx, Insn *in) { gen_outs_of(ctx, in, io_size(in)); }

/* --- flags with privilege -------------------------------------------------------------------------------------------------------- */

void gen_pushf(DisasContext *ctx, Insn *in)
{
    TCGv flags = tcg_temp_new();

    gen_sync_cc_op(ctx);
    gen_helper_pushf(flags, tcg_env, tcg_constant_i32(in->osize));
    push_value(ctx, (MemOp)in->osize, flags);
}

void gen_popf(DisasContext *ctx, Insn *in)
{
    TCGv flags;

    if (ctx->vm86) {
        gen_helper_popf_check(tcg_env, tcg_constant_i32(in->osize));
    }
    flags = pop_value(ctx, (MemOp)in->osize);
    gen_sync_cc_op(ctx);
    gen_helper_popf(tcg_env, flags, tcg_constant_i32(in->osize));
    gen_cc_is_dynamic(ctx);
    pop_done(ctx, (MemOp)in->osize);
}

/* IOPL never keeps level 0 from it. */
static bool may_always_change_if(const DisasContext *ctx) { return !ctx->vm86 && ctx->cpl == 0; }

static void gen_change_eflags(uint32_t clear, uint32_t set)
{
    TCGv_i32 flags = tcg_temp_new_i32();

    tcg_gen_ld_i32(flags, tcg_env, offsetof(CPUX86State, eflags));
    tcg_gen_andi_i32(flags, flags, ~clear);
    tcg_gen_ori_i32(flags, flags, set);
    tcg_gen_st_i32(flags, tcg_env, offsetof(CPUX86State, eflags));
}

void gen_cli(DisasContext *ctx, Insn *in)
{
    if (may_always_change_if(ctx)) {
        gen_change_eflags(IF_MASK, 0);
    } else {
        gen_helper_cli(tcg_env);
    }
}

/* Interrupts are let in behind the next instruction. */
void gen_sti(DisasContext *ctx, Insn *in)
{
    TCGv_i32 was_off = tcg_temp_new_i32();

    if (may_always_change_if(ctx)) {
        gen_change_eflags(0, IF_MASK);
    } else {
        gen_helper_sti(was_off, tcg_env);
    }
    gen_inhibit_irq(ctx);
}

/* STAC and CLAC are undefined, not refused, outside CPL 0. */
static void gen_set_ac(DisasContext *ctx, uint32_t on)
{
    if (ctx->cpl) {
        gen_illegal(ctx);
    } else {
        gen_helper_set_ac(tcg_env, tcg_constant_i32(on));
    }
}

void gen_clac(DisasContext *ctx, Insn *in) { gen_set_ac(ctx, 0); }
void gen_stac(DisasContext *ctx, Insn *in) { gen_set_ac(ctx, 1); }

/* --- waiting -------------------------------------------------------------------------------------------------------------------------- */

void gen_hlt(DisasContext *ctx, Insn *in)
{
    gen_sync_cc_op(ctx);
    gen_store_next_eip(ctx);
    gen_helper_hlt(tcg_env);
    ctx->ended = true;
}

/* ECX: no extensions; the address must be readable. */
void gen_monitor(DisasContext *ctx, Insn *in)
{
    gen_gpf0_unless(ctx, TCG_COND_EQ, to_i32(read_reg(R_ECX)), 0);
}

void gen_mwait(DisasContext *ctx, Insn *in)
{
    gen_helper_mwait(tcg_env);
    gen_end_block(ctx);
}
