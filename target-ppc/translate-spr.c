/*
 * mfspr, mtspr, mftb: the table of special purpose registers of all models
 * (PEM 2.3 and the user's manuals).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/insn-gen.h"
#include "target-ppc/spr.h"

enum { UR = 1, UW = 2, SR = 4, SW = 8, SRW = SR | SW, URW = UR | UW | SRW };

typedef void SPRRead(DisasContext *ctx, TCGv_i32 ret, unsigned spr);
typedef void SPRWrite(DisasContext *ctx, unsigned spr, TCGv_i32 value);

typedef struct SPRRow {
    uint16_t first, last;       /* numbers */
    uint8_t access;
    uint32_t groups;            /* models with any of these have it; 0: all */
    SPRRead *read;
    SPRWrite *write;
    uint32_t self_clearing;     /* bits that read as 0 after a write */
} SPRRow;

/* --- ways to read and write ----------------------------------------------------------------- */

static intptr_t spr_offset(unsigned spr) { return offsetof(CPUPPCState, spr) + 4 * spr; }

static void read_stored(DisasContext *ctx, TCGv_i32 ret, unsigned spr)
{
    tcg_gen_ld_i32(ret, tcg_env, spr_offset(spr));
}

static void write_stored(DisasContext *ctx, unsigned spr, TCGv_i32 value)
{
    tcg_gen_st_i32(value, tcg_env, spr_offset(spr));
}

/* User copies of the performance monitor's registers are 16 below. */
static void read_user_copy(DisasContext *ctx, TCGv_i32 ret, unsigned spr)
{
    tcg_gen_ld_i32(ret, tcg_env, spr_offset(spr + 16));
}

static void read_xer(DisasContext *ctx, TCGv_i32 ret, unsigned spr)
{
    gen_helper_load_xer(ret, tcg_env);
}

/* SO may appear or go: the block's flags change. */
static void write_xer(DisasContext *ctx, unsigned spr, TCGv_i32 value)
{
    gen_helper_store_xer(tcg_env, value);
    gen_end_block(ctx);
}

static void read_lr(DisasContext *ctx, TCGv_i32 ret, unsigned spr) { tcg_gen_mov_i32(ret, cpu_lr); }
static void write_lr(DisasContext *ctx, unsigned spr, TCGv_i32 value) { tcg_gen_mov_i32(cpu_lr, value); }
static void read_ctr(DisasContext *ctx, TCGv_i32 ret, unsigned spr) { tcg_gen_mov_i32(ret, cpu_ctr); }
static void write_ctr(DisasContext *ctx, unsigned spr, TCGv_i32 value) { tcg_gen_mov_i32(cpu_ctr, value); }

/* With -icount the clock is exact at a block's end: its readers and writers end the block. */
static void gen_end_at_clock(DisasContext *ctx)
{
    if (ctx->tb->cflags & CF_USE_ICOUNT) {
        gen_end_block(ctx);
    }
}

#define CLOCK_READER(name)                                                          \
    static void read_##name(DisasContext *ctx, TCGv_i32 ret, unsigned spr)          \
    {                                                                               \
        gen_helper_load_##name(ret, tcg_env);                                       \
        gen_end_at_clock(ctx);                                                      \
    }
#define CLOCK_WRITER(name)                                                          \
    static void write_##name(DisasContext *ctx, unsigned spr, TCGv_i32 value)       \
    {                                                                               \
        gen_helper_store_##name(tcg_env, value);                                    \
        gen_end_at_clock(ctx);                                                      \
    }
CLOCK_READER(tbl)
CLOCK_READER(tbu)
CLOCK_READER(decr)
CLOCK_WRITER(tbl)
CLOCK_WRITER(tbu)
CLOCK_WRITER(decr)

static void read_rtc(DisasContext *ctx, TCGv_i32 ret, unsigned spr)
{
    gen_helper_load_rtc(ret, tcg_env, tcg_constant_i32(spr == SPR_601_RTCU));
    gen_end_at_clock(ctx);
}

static void write_rtc(DisasContext *ctx, unsigned spr, TCGv_i32 value)
{
    gen_helper_store_rtc(tcg_env, tcg_constant_i32(spr == SPR_601_RTCU_W), value);
    gen_end_at_clock(ctx);
}

static void write_sdr1(DisasContext *ctx, unsigned spr, TCGv_i32 value)
{
    gen_helper_store_sdr1(tcg_env, value);
    gen_end_block(ctx);
}

static void write_bat(DisasContext *ctx, unsigned spr, TCGv_i32 value)
{
    gen_helper_store_bat(tcg_env, tcg_constant_i32(spr), value);
    gen_end_block(ctx);
}

static void write_iabr(DisasContext *ctx, unsigned spr, TCGv_i32 value)
{
    gen_helper_store_iabr(tcg_env, value);
    gen_end_block(ctx);
}

static void write_dabr(DisasContext *ctx, unsigned spr, TCGv_i32 value)
{
    gen_helper_store_dabr(tcg_env, value);
    gen_end_block(ctx);
}

static void read_hash(DisasContext *ctx, TCGv_i32 ret, unsigned spr)
{
    gen_helper_load_hash(ret, tcg_env, tcg_constant_i32(spr == SPR_HASH2));
}

static void write_nothing(DisasContext *ctx, unsigned spr, TCGv_i32 value) { }

/* --- the table -------------------------------------------------------------------------------- */

#define STORED read_stored, write_stored
static const SPRRow spr_rows[] = {
    { SPR_MQ, SPR_MQ, URW, SPRS_601, STORED, 0 },
    { SPR_XER, SPR_XER, URW, 0, read_xer, write_xer, 0 },
    { SPR_601_RTCU, SPR_601_RTCL, UR | SR, SPRS_601, read_rtc, NULL, 0 },
    { 6, 6, UR | SR, SPRS_601, read_decr, NULL, 0 },
    { SPR_LR, SPR_LR, URW, 0, read_lr, write_lr, 0 },
    { SPR_CTR, SPR_CTR, URW, 0, read_ctr, write_ctr, 0 },
    { SPR_DSISR, SPR_DAR, SRW, 0, STORED, 0 },
    { SPR_601_RTCU_W, SPR_601_RTCL_W, SW, SPRS_601, NULL, write_rtc, 0 },
    { SPR_DEC, SPR_DEC, SRW, 0, read_decr, write_decr, 0 },
    { SPR_SDR1, SPR_SDR1, SRW, 0, read_stored, write_sdr1, 0 },
    { SPR_SRR0, SPR_SRR1, SRW, 0, STORED, 0 },
    { SPR_VRSAVE, SPR_VRSAVE, URW, SPRS_VRSAVE, STORED, 0 },
    { SPR_TBL, SPR_TBL, UR | SR, SPRS_TIMEBASE, read_tbl, NULL, 0 },
    { SPR_TBU, SPR_TBU, UR | SR, SPRS_TIMEBASE, read_tbu, NULL, 0 },
    { SPR_SPRG0, SPR_SPRG0 + 3, SRW, 0, STORED, 0 },
    { SPR_SPRG4, SPR_SPRG4 + 3, SRW, SPRS_745X | SPRS_G2, STORED, 0 },
    { SPR_EAR, SPR_EAR, SRW, SPRS_EAR, STORED, 0 },
    { SPR_TBL_W, SPR_TBL_W, SW, SPRS_TIMEBASE, NULL, write_tbl, 0 },
    { SPR_TBU_W, SPR_TBU_W, SW, SPRS_TIMEBASE, NULL, write_tbu, 0 },
    { SPR_PVR, SPR_PVR, SR, 0, read_stored, NULL, 0 },
    { 286, 286, SR, SPRS_G2, STORED, 0 },                               /* SVR */
    { SPR_IBAT0U, SPR_IBAT0U + 7, SRW, 0, read_stored, write_bat, 0 },
    { SPR_DBAT0U, SPR_DBAT0U + 7, SRW, SPRS_BATS, read_stored, write_bat, 0 },
    { SPR_IBAT4U, SPR_IBAT4U + 7, SRW, SPRS_HIGH_BATS, read_stored, write_bat, 0 },
    { SPR_DBAT4U, SPR_DBAT4U + 7, SRW, SPRS_HIGH_BATS, read_stored, write_bat, 0 },

    /* performance monitor: counters stand still */
    { SPR_UMMCR2, SPR_UMMCR2, UR | SR, SPRS_74XX, read_user_copy, NULL, 0 },
    { 929, 930, UR | SR, SPRS_PERF6, read_user_copy, NULL, 0 },
    { SPR_UMMCR0, SPR_USIAR, UR | SR, SPRS_USER_PERF, read_user_copy, NULL, 0 },
    { SPR_UMMCR1, SPR_UPMC4, UR | SR, SPRS_USER_PERF, read_user_copy, NULL, 0 },
    { SPR_USDAR, SPR_USDAR, UR | SR, SPRS_74XX, read_user_copy, NULL, 0 },
    { SPR_MMCR2, SPR_MMCR2, SRW, SPRS_74XX, STORED, 0 },
    { SPR_PMC5, SPR_PMC6, SRW, SPRS_PERF6, STORED, 0 },
    { SPR_BAMR, SPR_BAMR, SRW, SPRS_74XX, STORED, 0 },
    { SPR_MMCR0, SPR_SIAR, SRW, SPRS_PERF2, STORED, 0 },
    { SPR_MMCR1, SPR_PMC4, SRW, SPRS_PERF4, STORED, 0 },
    { SPR_SDAR, SPR_SDAR, SRW, SPRS_SDA, STORED, 0 },

    /* table search assist */
    { SPR_DMISS, SPR_DCMP, SR, SPRS_603, read_stored, NULL, 0 },
    { SPR_HASH1, SPR_HASH2, SR, SPRS_603, read_hash, NULL, 0 },
    { SPR_IMISS, SPR_ICMP, SR, SPRS_603, read_stored, NULL, 0 },
    { SPR_RPA, SPR_RPA, SRW, SPRS_603, STORED, 0 },
    { SPR_IMISS, SPR_RPA, SRW, SPRS_745X, STORED, 0 },                  /* TLBMISS PTEHI PTELO */
    { 983, 983, SRW, SPRS_L3, STORED, 0 },                              /* L3PM */
    { 984, 984, SRW, SPRS_745X, STORED, 0 },                            /* L3ITCR0 */
    { 1000, 1005, SRW, SPRS_745X, STORED, 0 },                          /* L3ITCR1.. */
    { 985, 992, SRW, SPRS_745X, STORED, 0 },                            /* L2 error registers */

    /* HID0: ICFI and DCFI finish at once */
    { SPR_HID0, SPR_HID0, SRW, 0, STORED, 0x00000c00 },
    { SPR_HID1, SPR_HID1, SRW, SPRS_745X | SPRS_601 | SPRS_750FX, STORED, 0 },
    { SPR_HID1, SPR_HID1, SRW, SPRS_HID1, read_stored, write_nothing, 0 },      /* PLL: read-only */
    { SPR_IABR, SPR_IABR, SRW, SPRS_IABR | SPRS_601, read_stored, write_iabr, 0 },
    { SPR_HID2_603, SPR_HID2_603, SRW, SPRS_603 | SPRS_745X, STORED, 0 },       /* 745x: ICTRL */
    { 1012, 1012, SRW, SPRS_745X, STORED, 0 },                          /* LDSTDB */
    { SPR_DABR, SPR_DABR, SRW, SPRS_DABR | SPRS_601, read_stored, write_dabr, 0 },
    { SPR_MSSCR0, SPR_MSSCR0, SRW, SPRS_74XX, STORED, 0x00800000 },     /* DL1HWF */
    { SPR_MSSSR0, SPR_MSSSR0, SRW, SPRS_74XX, STORED, 0 },
    { SPR_LDSTCR, SPR_LDSTCR, SRW, SPRS_745X | SPRS_750FX | SPRS_7410, STORED, 0 },    /* 750FX: HID2, 7410: L2PMCR */
    { SPR_L2CR, SPR_L2CR, SRW, SPRS_7XX | SPRS_74XX, STORED, 0x00200801 },      /* L2I, L2HWF, L2IP */
    { SPR_L3CR, SPR_L3CR, SRW, SPRS_L3, STORED, 0x00000c00 },           /* L3I, L3HWF */
    { SPR_ICTC, SPR_ICTC, SRW, SPRS_7XX | SPRS_74XX, STORED, 0 },
    { SPR_THRM1, SPR_THRM3, SRW, SPRS_7XX, STORED, 0 },
    { SPR_PIR, SPR_PIR, SRW, SPRS_PIR | SPRS_601, STORED, 0 },
};

static const SPRRow *find_spr(const PPCModel *model, unsigned spr)
{
    for (unsigned i = 0; i < ARRAY_SIZE(spr_rows); i++) {
        const SPRRow *row = &spr_rows[i];

        if (spr >= row->first && spr <= row->last && (!row->groups || row->groups & model->spr_groups)) {
            return row;
        }
    }
    return NULL;
}

bool ppc_has_spr(const PPCModel *model, unsigned spr)
{
    const SPRRow *row = find_spr(model, spr);

    return row && row->access & SR;
}

/* --- instructions -------------------------------------------------------------------------------- */

/* No such SPR, or no such access. SPR bit 4 marks the privileged ones (PEM table 8-9). */
static void gen_bad_spr(DisasContext *ctx, unsigned spr, const char *verb)
{
    qemu_log_mask(LOG_GUEST_ERROR, "%s SPR %u (0x%03x) at %08x: not allowed\n", verb, spr, spr, ctx->pc);
    gen_exception_err(ctx, EXCP_PROGRAM, ctx->user && (spr & 16) ? SRR1_PRIV : SRR1_ILLEGAL);
}

static void gen_read_spr(DisasContext *ctx, const Insn *in)
{
    const SPRRow *row = find_spr(ctx->env->model, in->spr);

    if (!row || !(row->access & (ctx->user ? UR : SR))) {
        gen_bad_spr(ctx, in->spr, "read");
        return;
    }
    row->read(ctx, dest_gpr(ctx, in->rd), in->spr);
}

void gen_mfspr(DisasContext *ctx, const Insn *in) { gen_read_spr(ctx, in); }

/* mftb rD,TBR: the timebase under its user numbers. */
void gen_mftb(DisasContext *ctx, const Insn *in)
{
    if (in->spr == SPR_TBL || in->spr == SPR_TBU) {
        gen_read_spr(ctx, in);
    } else {
        gen_illegal(ctx);
    }
}

void gen_mtspr(DisasContext *ctx, const Insn *in)
{
    const SPRRow *row = find_spr(ctx->env->model, in->spr);
    TCGv_i32 value = cpu_gpr[in->rs];

    if (!row || !(row->access & (ctx->user ? UW : SW))) {
        gen_bad_spr(ctx, in->spr, "write");
        return;
    }
    if (row->self_clearing) {
        value = tcg_temp_new_i32();
        tcg_gen_andi_i32(value, cpu_gpr[in->rs], ~row->self_clearing);
    }
    row->write(ctx, in->spr, value);
}
