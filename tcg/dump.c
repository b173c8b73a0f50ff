/*
 * Text of the ops, for -d op and -d op_opt, tests and the debugger:
 *
 *      ---- fff00100
 *      movi_i32 nip,$0xfff02520
 *      brcond_i32 tmp0,tmp1,ne,$L0
 *      call raise_exception,$0x10,$0,env,tmp2
 *
 * Operands come in the order outputs, inputs, constants. A move of a constant
 * is written movi.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/page-share.h"

/* How the constants of an op are written; everything else is hexadecimal. */
typedef enum { CARG_HEX, CARG_COND, CARG_FCOND, CARG_GUARD, CARG_LABEL, CARG_MEMOP,
               CARG_HELPER } CArgKind;

static const char *const cond_names[] = {
    [TCG_COND_NEVER] = "never", [TCG_COND_ALWAYS] = "always",
    [TCG_COND_EQ] = "eq", [TCG_COND_NE] = "ne",
    [TCG_COND_LT] = "lt", [TCG_COND_GE] = "ge",
    [TCG_COND_LE] = "le", [TCG_COND_GT] = "gt",
    [TCG_COND_LTU] = "ltu", [TCG_COND_GEU] = "geu",
    [TCG_COND_LEU] = "leu", [TCG_COND_GTU] = "gtu",
    [TCG_COND_TSTEQ] = "tsteq", [TCG_COND_TSTNE] = "tstne",
};

static const char *const fcond_names[] = {
    [TCG_FCOND_EQ] = "eq", [TCG_FCOND_NEU] = "neu",
    [TCG_FCOND_LT] = "lt", [TCG_FCOND_GEU] = "geu",
    [TCG_FCOND_GT] = "gt", [TCG_FCOND_LEU] = "leu",
    [TCG_FCOND_LE] = "le", [TCG_FCOND_GTU] = "gtu",
    [TCG_FCOND_GE] = "ge", [TCG_FCOND_LTU] = "ltu",
    [TCG_FCOND_UN] = "un", [TCG_FCOND_ORD] = "ord",
};

static const char *const guard_names[] = {
    [TCG_GUARD_NOT_NAN] = "not_nan", [TCG_GUARD_PLAIN] = "plain",
    [TCG_GUARD_NO_HALF] = "no_half", [TCG_GUARD_FINITE_NORMAL] = "finite_normal",
    [TCG_GUARD_SINGLE] = "single",
};

#define BOTH(op, k0, k1) \
    [INDEX_op_##op##_i32] = { k0, k1 }, [INDEX_op_##op##_i64] = { k0, k1 }
#define BOTH_FP(op, k0, k1) \
    [INDEX_op_##op##_f32] = { k0, k1 }, [INDEX_op_##op##_f64] = { k0, k1 }

static const uint8_t carg_kinds[NB_OPS][3] = {
    BOTH(setcond, CARG_COND, 0),
    BOTH(negsetcond, CARG_COND, 0),
    BOTH(movcond, CARG_COND, 0),
    BOTH(brcond, CARG_COND, CARG_LABEL),
    BOTH(qemu_ld, CARG_MEMOP, 0),
    BOTH(qemu_st, CARG_MEMOP, 0),
    BOTH_FP(setcond, CARG_FCOND, 0),
    BOTH_FP(brcond, CARG_FCOND, CARG_LABEL),
    BOTH_FP(qemu_ld, CARG_MEMOP, 0),
    BOTH_FP(qemu_st, CARG_MEMOP, 0),
    BOTH_FP(guard, CARG_GUARD, CARG_HELPER),
    [INDEX_op_qemu_ld_vec] = { CARG_MEMOP },
    [INDEX_op_qemu_st_vec] = { CARG_MEMOP },
    [INDEX_op_x87_ld] = { CARG_MEMOP },
    [INDEX_op_x87_st] = { CARG_MEMOP },
    [INDEX_op_x87_enter] = { CARG_HEX, CARG_HELPER },
    [INDEX_op_set_label] = { CARG_LABEL },
    [INDEX_op_br] = { CARG_LABEL },
};

static void dump_memop(FILE *f, MemOpIdx oi)
{
    static const char *const size_names[8] = { "b", "w", "l", "q", "o", "?", "?", "?" };
    MemOp op = get_memop(oi);

    fprintf(f, "%s%s%s%s,%u", op & MO_ALIGN ? "al+" : "",
            (op & MO_SIZE) == MO_8 ? "" : op & MO_BSWAP ? "be" : "le",
            op & MO_SIGN ? "s" : "u", size_names[op & MO_SIZE], get_mmuidx(oi));
}

static void dump_carg(FILE *f, CArgKind kind, TCGArg a)
{
    switch (kind) {
    case CARG_COND:
        fprintf(f, "%s", a < ARRAY_SIZE(cond_names) ? cond_names[a] : "?");
        break;
    case CARG_FCOND:
        fprintf(f, "%s", a < ARRAY_SIZE(fcond_names) ? fcond_names[a] : "?");
        break;
    case CARG_GUARD:
        fprintf(f, "%s", a < ARRAY_SIZE(guard_names) ? guard_names[a] : "?");
        break;
    case CARG_LABEL:
        fprintf(f, "$L%d", arg_label(a)->id);
        break;
    case CARG_MEMOP:
        dump_memop(f, a);
        break;
    case CARG_HELPER:
        fprintf(f, "%s", ((const TCGHelperInfo *)a)->name);
        break;
    case CARG_HEX:
        fprintf(f, "$0x%" PRIxPTR, a);
        break;
    }
}

static void dump_temp(TCGContext *s, FILE *f, const TCGTemp *t)
{
    if (t->kind == TEMP_CONST) {
        fprintf(f, "$0x%" PRIx64, t->val);
    } else if (t->name) {
        fprintf(f, "%s", t->name);
    } else {
        fprintf(f, "tmp%d", t->index - s->nb_globals);
    }
}

static void dump_call(TCGContext *s, FILE *f, const TCGOp *op)
{
    const TCGHelperInfo *info = tcg_call_info(op);

    fprintf(f, " call %s,$0x%x,$%d", info->name, info->flags, op->call_out);
    for (int i = 0; i < op->call_out + op->call_in; i++) {
        fputc(',', f);
        dump_temp(s, f, arg_temp(op->args[i]));
    }
}

static void dump_insn_start(TCGContext *s, FILE *f, const TCGOp *op)
{
    fprintf(f, "\n ---- %0*" PRIx64, s->addr_bits / 4, (uint64_t)op->args[0]);
    if (op->args[1] | op->args[2]) {
        fprintf(f, " %" PRIxPTR " %" PRIxPTR, op->args[1], op->args[2]);
    }
}

static bool op_is_int_mov(const TCGOp *op)
{
    return op->opc == INDEX_op_mov_i32 || op->opc == INDEX_op_mov_i64;
}

/* An address from which liveness.c has taken an added constant: see page-share.h. */
static void dump_displacement(TCGContext *s, FILE *f, const TCGOp *op)
{
    const TCGPageAccess *access = op_page_access(s, op);

    if (access && access->displacement) {
        fprintf(f, "+$0x%" PRIx32, (uint32_t)access->displacement);
    }
}

static void dump_plain(TCGContext *s, FILE *f, const TCGOp *op)
{
    const TCGOpDef *def = &tcg_op_defs[op->opc];
    int nb_temps = def->nb_oargs + def->nb_iargs;
    const char *separator = " ";

    if (op_is_int_mov(op) && temp_is_const(arg_temp(op->args[1]))) {
        fprintf(f, " movi_%s", op->opc == INDEX_op_mov_i32 ? "i32" : "i64");
    } else {
        fprintf(f, " %s", def->name);
    }
    if (def->type == TCG_TYPE_V128) {
        fprintf(f, " e%d", 8 << op->vece);
        separator = ",";
    }
    for (int i = 0; i < nb_temps + def->nb_cargs; i++, separator = ",") {
        fputs(separator, f);
        if (i < nb_temps) {
            dump_temp(s, f, arg_temp(op->args[i]));
            if (i == 1 && (def->flags & TCG_OPF_MAY_FAULT)) {
                dump_displacement(s, f, op);
            }
        } else {
            dump_carg(f, carg_kinds[op->opc][i - nb_temps], op->args[i]);
        }
    }
}

void tcg_dump_ops(TCGContext *s, FILE *f)
{
    for (const TCGOp *op = s->first_op; op; op = op->next) {
        if (op->opc == INDEX_op_insn_start) {
            dump_insn_start(s, f, op);
        } else if (op->opc == INDEX_op_call) {
            dump_call(s, f, op);
        } else {
            dump_plain(s, f, op);
        }
        fputc('\n', f);
    }
}
