/*
 * What the optimizer makes of ops: text in, text out. A row that fails means
 * slower guest code, or, when the text is wrong, wrong results.
 *
 * SPDX-License-Identifier: MIT
 */
#include "parse.h"

typedef struct Row {
    const char *before, *after;     /* exit_tb follows both */
} Row;

static const Row rows[] = {
    /* constants and copies */
    { "mov_i32 t0,$5; add_i32 w0,t0,$0xffffffff", "movi_i32 w0,$0x4" },
    { "mov_i32 t0,w1; add_i32 w0,t0,t0", "add_i32 w0,w1,w1" },
    { "mov_i32 w1,w2; mov_i32 w2,w1", "mov_i32 w1,w2" },
    { "mov_i64 t0,$0x100000000; extrl_i64_i32 w0,t0", "movi_i32 w0,$0x0" },
    /* addition */
    { "add_i32 w0,w1,$0", "mov_i32 w0,w1" },
    { "add_i32 t0,w1,$8; add_i32 w0,t0,$4", "add_i32 w0,w1,$0xc" },
    { "sub_i32 w0,w1,$4", "add_i32 w0,w1,$0xfffffffc" },
    { "sub_i32 w0,w1,w1", "movi_i32 w0,$0x0" },
    { "sub_i32 w0,$0,w1", "neg_i32 w0,w1" },
    { "neg_i64 t0,x1; neg_i64 x0,t0", "mov_i64 x0,x1" },
    /* products */
    { "mul_i32 w0,w1,$8", "shl_i32 w0,w1,$0x3" },
    { "mul_i32 w0,w1,$0", "movi_i32 w0,$0x0" },
    { "mul_i32 w0,$1,w1", "mov_i32 w0,w1" },
    { "divu_i32 w0,w1,$16", "shr_i32 w0,w1,$0x4" },
    { "remu_i32 w0,w1,$16", "and_i32 w0,w1,$0xf" },
    /* logic */
    { "and_i32 w0,w1,$0xff", "ext8u_i32 w0,w1" },
    { "and_i32 t0,w1,$0xff0; and_i32 w0,t0,$0xf00", "and_i32 w0,w1,$0xf00" },
    { "and_i32 t0,w1,$0xf0; and_i32 w0,t0,$0x0f", "movi_i32 w0,$0x0" },
    { "xor_i64 x0,x1,x1", "movi_i64 x0,$0x0" },
    { "xor_i32 w0,w1,$0xffffffff", "not_i32 w0,w1" },
    { "andc_i32 w0,w1,$0xff00", "and_i32 w0,w1,$0xffff00ff" },
    { "orc_i32 w0,w1,w1", "movi_i32 w0,$0xffffffff" },
    { "nand_i32 w0,w1,w1", "not_i32 w0,w1" },
    { "nor_i32 w0,w1,$0", "not_i32 w0,w1" },
    /* known bits */
    { "ld8u_i32 t0,env,$0x200; and_i32 w0,t0,$0xff", "ld8u_i32 w0,env,$0x200" },
    { "ld8u_i32 t0,env,$0x200; shr_i32 w0,t0,$8", "movi_i32 w0,$0x0" },
    { "ld16s_i32 t0,env,$0x200; ext16s_i32 w0,t0", "ld16s_i32 w0,env,$0x200" },
    { "ext16u_i32 t0,w1; ext8u_i32 w0,t0", "ext8u_i32 w0,w1" },
    { "extu_i32_i64 t0,w1; extrh_i64_i32 w0,t0", "movi_i32 w0,$0x0" },
    { "extu_i32_i64 t0,w1; extrl_i64_i32 w0,t0", "mov_i32 w0,w1" },
    { "ld8u_i32 t0,env,$0x200; ext_i32_i64 x0,t0",
      "ld8u_i32 tmp0,env,$0x200; extu_i32_i64 x0,tmp0" },
    { "shr_i32 t0,w1,$4; sar_i32 w0,t0,$2", "shr_i32 w0,w1,$0x6" },
    /* fields */
    { "extract_i32 w0,w1,$0,$8", "ext8u_i32 w0,w1" },
    { "deposit_i32 w0,$0,w1,$24,$8", "shl_i32 w0,w1,$0x18" },
    { "deposit_i32 w0,w1,$0,$8,$8", "and_i32 w0,w1,$0xffff00ff" },
    { "sextract_i32 w0,w1,$0,$16", "ext16s_i32 w0,w1" },
    { "ld8u_i32 t0,env,$0x200; sextract_i32 w0,t0,$4,$8",
      "ld8u_i32 tmp0,env,$0x200; shr_i32 w0,tmp0,$0x4" },
    /* comparisons */
    { "setcond_i32 w0,w1,w1,eq", "movi_i32 w0,$0x1" },
    { "setcond_i32 w0,w1,$0,ltu", "movi_i32 w0,$0x0" },
    { "setcond_i32 w0,w1,$1,ltu", "setcond_i32 w0,w1,$0x0,eq" },
    { "setcond_i32 w0,w1,$0,lt", "shr_i32 w0,w1,$0x1f" },
    { "setcond_i32 t0,w1,w2,lt; setcond_i32 w0,t0,$0,ne", "setcond_i32 w0,w1,w2,lt" },
    { "setcond_i32 t0,w1,w2,lt; setcond_i32 w0,t0,$0,eq", "setcond_i32 w0,w1,w2,ge" },
    { "movcond_i32 w0,w1,w2,$1,$0,lt", "setcond_i32 w0,w1,w2,lt" },
    { "movcond_i32 w0,w1,w2,w3,w3,lt", "mov_i32 w0,w3" },
    /* branches */
    { "setcond_i32 t0,w1,w2,lt; brcond_i32 t0,$0,ne,$L0; mov_i32 w0,$1; set_label $L0",
      "brcond_i32 w1,w2,lt,$L0; movi_i32 w0,$0x1; set_label $L0" },
    { "and_i32 t0,w1,$4; brcond_i32 t0,$0,eq,$L0; mov_i32 w0,$1; set_label $L0",
      "brcond_i32 w1,$0x4,tsteq,$L0; movi_i32 w0,$0x1; set_label $L0" },
    { "brcond_i32 w1,w1,eq,$L0; mov_i32 w0,$1; set_label $L0", "" },
    { "brcond_i32 w1,w1,ne,$L0; mov_i32 w0,$1; set_label $L0", "movi_i32 w0,$0x1" },
    { "br $L0; set_label $L0; mov_i32 w0,$1", "movi_i32 w0,$0x1" },
    { "brcond_i32 w1,w2,lt,$L0; br $L1; set_label $L0; mov_i32 w0,$1; set_label $L1",
      "brcond_i32 w1,w2,ge,$L1; movi_i32 w0,$0x1; set_label $L1" },
    { "sub_i32 t0,w1,w2; brcond_i32 t0,$0,eq,$L0; mov_i32 w0,$1; set_label $L0",
      "brcond_i32 w1,w2,eq,$L0; movi_i32 w0,$0x1; set_label $L0" },
    /* condition fields */
    { "ext_i32_i64 t0,w1; ext_i32_i64 t1,w2; sub_i64 x0,t0,t1; brcond_i64 x0,$0,lt,$L0; "
      "mov_i32 w0,$1; set_label $L0",
      "ext_i32_i64 tmp0,w1; ext_i32_i64 tmp1,w2; sub_i64 x0,tmp0,tmp1; "
      "brcond_i32 w1,w2,lt,$L0; movi_i32 w0,$0x1; set_label $L0" },
    { "extu_i32_i64 t0,w1; extu_i32_i64 t1,w2; sub_i64 x0,t0,t1; brcond_i64 x0,$0,gt,$L0; "
      "mov_i32 w0,$1; set_label $L0",
      "extu_i32_i64 tmp0,w1; extu_i32_i64 tmp1,w2; sub_i64 x0,tmp0,tmp1; "
      "brcond_i32 w1,w2,gtu,$L0; movi_i32 w0,$0x1; set_label $L0" },
    { "ext_i32_i64 t0,w1; sub_i64 x0,t0,$5; brcond_i64 x0,$0,ge,$L0; mov_i32 w0,$1; "
      "set_label $L0",
      "ext_i32_i64 tmp0,w1; add_i64 x0,tmp0,$0xfffffffffffffffb; "
      "brcond_i32 w1,$0x5,ge,$L0; movi_i32 w0,$0x1; set_label $L0" },
    { "extu_i32_i64 t0,w1; sub_i64 x0,t0,$0xffffffff; brcond_i64 x0,$0,lt,$L0; "
      "mov_i32 w0,$1; set_label $L0",
      "extu_i32_i64 tmp0,w1; add_i64 x0,tmp0,$0xffffffff00000001; "
      "brcond_i32 w1,$0xffffffff,ltu,$L0; movi_i32 w0,$0x1; set_label $L0" },
    { "ext_i32_i64 t0,w1; sub_i64 x0,t0,$0x80000000; brcond_i64 x0,$0,lt,$L0; "
      "mov_i32 w0,$1; set_label $L0",
      "ext_i32_i64 tmp0,w1; add_i64 x0,tmp0,$0xffffffff80000000; "
      "brcond_i64 x0,$0x0,lt,$L0; movi_i32 w0,$0x1; set_label $L0" },
    { "ext_i32_i64 t0,w1; ext_i32_i64 t1,w2; sub_i64 x0,t0,t1; extrl_i64_i32 t2,x0; "
      "brcond_i32 t2,$0,eq,$L0; mov_i32 w0,$1; set_label $L0",
      "ext_i32_i64 tmp0,w1; ext_i32_i64 tmp1,w2; sub_i64 x0,tmp0,tmp1; "
      "brcond_i32 w1,w2,eq,$L0; movi_i32 w0,$0x1; set_label $L0" },
    { "ext_i32_i64 x0,w1; brcond_i64 x0,$0,gt,$L0; mov_i32 w0,$1; set_label $L0",
      "ext_i32_i64 x0,w1; brcond_i32 w1,$0x0,gt,$L0; movi_i32 w0,$0x1; set_label $L0" },
    /* results where they are wanted; not when somebody looks at the old value */
    { "add_i32 t0,w1,w2; add_i32 w3,w3,w4; mov_i32 w0,t0", "add_i32 w0,w1,w2; add_i32 w3,w3,w4" },
    { "add_i32 t0,w1,w2; xor_i32 w3,t0,w4; mov_i32 w0,t0", "add_i32 w0,w1,w2; xor_i32 w3,w0,w4" },
    { "add_i32 t0,w1,w2; xor_i32 w3,w0,w4; mov_i32 w0,t0", "add_i32 tmp0,w1,w2; xor_i32 w3,w0,w4; mov_i32 w0,tmp0" },
    { "add_i32 t0,w1,w2; add_i32 w0,w0,w4; mov_i32 w3,w0; mov_i32 w0,t0",
      "add_i32 tmp0,w1,w2; add_i32 w3,w0,w4; mov_i32 w0,tmp0" },
    /* 32-bit ops on 64-bit values */
    { "add_i64 t0,x1,x2; ext32u_i64 x0,t0", "add_i32 x0,x1,x2" },
    { "shl_i64 t0,x1,$4; ext32u_i64 x0,t0", "shl_i32 x0,x1,$0x4" },
    { "sar_i64 t0,x1,$4; ext32u_i64 x0,t0", "sar_i64 tmp0,x1,$0x4; ext32u_i64 x0,tmp0" },
    { "add_i64 t0,x1,x2; xor_i64 x3,t0,x4; ext32u_i64 x0,t0",
      "add_i64 tmp0,x1,x2; xor_i64 x3,tmp0,x4; ext32u_i64 x0,tmp0" },
    { "extrl_i64_i32 t0,x1; rotr_i32 t1,t0,$7; extu_i32_i64 x0,t1", "rotr_i32 x0,x1,$0x7" },
    { "extrl_i64_i32 t0,x1; mov_i64 x1,$5; rotr_i32 t1,t0,$7; extu_i32_i64 x0,t1",
      "extrl_i64_i32 tmp0,x1; movi_i64 x1,$0x5; rotr_i32 x0,tmp0,$0x7" },
    { "extrl_i64_i32 t0,x1; ctpop_i32 w0,t0", "extrl_i64_i32 tmp0,x1; ctpop_i32 w0,tmp0" },
    /* the operand is gone: the field itself is tested */
    { "ext_i32_i64 t0,w1; ext_i32_i64 t1,w2; sub_i64 x0,t0,t1; add_i32 w1,w1,w2; "
      "brcond_i64 x0,$0,lt,$L0; mov_i32 w0,$1; set_label $L0",
      "ext_i32_i64 tmp0,w1; ext_i32_i64 tmp1,w2; sub_i64 x0,tmp0,tmp1; add_i32 w1,w1,w2; "
      "brcond_i64 x0,$0x0,lt,$L0; movi_i32 w0,$0x1; set_label $L0" },
};

static bool row_holds(const Row *row)
{
    char *before = g_strconcat(row->before, "; exit_tb $0x0", NULL);
    char *expected = g_strconcat(row->after, *row->after ? "; " : "", "exit_tb $0x0", NULL);
    char *got;
    bool ok;

    test_begin();
    parse_ops(before);
    tcg_ctx->ops_zero_extend = true;    /* as on x86-64: not a matter of the build */
    tcg_run_passes(tcg_ctx);
    got = ops_text();
    ok = !strcmp(got, expected);
    if (!ok) {
        printf("# before   %s\n# expected %s\n# got      %s\n", before, expected, got);
    }
    g_free(before);
    g_free(expected);
    g_free(got);
    return ok;
}

int main(void)
{
    int failed = 0;

    test_init();
    printf("1..%zu\n", ARRAY_SIZE(rows));
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        bool ok = row_holds(&rows[i]);

        printf("%s %zu - %s\n", ok ? "ok" : "not ok", i + 1, rows[i].before);
        failed += !ok;
    }
    return failed != 0;
}
