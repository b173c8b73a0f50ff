/*
 * The decoder: prefixes, opcode, modrm, operands (SDM 2, chapter 2 and
 * appendix A). Which row an encoding belongs to is a search among the few rows
 * of its opcode; a build of the tables that finds overlapping rows aborts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/insn-gen.h"

enum { MAX_INSN_BYTES = 15 };

/* --- operand forms -------------------------------------------------------------- */

typedef enum Place {
    PLACE_UNUSED, PLACE_COND, PLACE_RM_GPR, PLACE_RMREG_GPR, PLACE_RM_SEG_DEST, PLACE_RM_GPR_D_OR_B,
    PLACE_RM_GPR_D_OR_W, PLACE_REG_GPR, PLACE_VVVV_GPR, PLACE_OPREG_GPR, PLACE_ACC_GPR, PLACE_COUNT_GPR,
    PLACE_DATA_GPR, PLACE_MEM, PLACE_MOFFS, PLACE_IMM, PLACE_IMM_SIGNED, PLACE_ONE, PLACE_REL,
    PLACE_FAR_PTR, PLACE_SEG, PLACE_CR, PLACE_DR, PLACE_REG_MMX, PLACE_RM_MMX, PLACE_RMREG_MMX,
    PLACE_REG_XMM, PLACE_VVVV_XMM, PLACE_RM_XMM, PLACE_RMREG_XMM, PLACE_IMM_XMM,
} Place;

typedef enum Size {
    SIZE_NONE, SIZE_B, SIZE_W, SIZE_D, SIZE_Q, SIZE_V, SIZE_Z, SIZE_Y, SIZE_S, SIZE_T, SIZE_DQ, SIZE_QQ,
    SIZE_X, SIZE_H,
} Size;

/* Forms by number: their names are what rows say. */
enum {
    no_form,
#define FORM(name, place, size) name,
#include "target-i386/insn-forms.h"
#undef FORM
    FORM_COUNT
};

static const struct { uint8_t place, size; } forms[] = {
    { PLACE_UNUSED, SIZE_NONE },
#define FORM(name, place, size) { PLACE_##place, SIZE_##size },
#include "target-i386/insn-forms.h"
#undef FORM
};
_Static_assert(ARRAY_SIZE(forms) == FORM_COUNT, "one entry for each form");

#define OPS(...) { __VA_ARGS__ }
static const InsnRow insn_rows[] = {
#define INSN(n, m, o, p, c, f, x) \
    { .name = #n, .gen = gen_##n, .map = (m), .opcode = (o), .prefix = (p), .modrm = (c), .forms = f, .needs = (x) },
#include "target-i386/insns.h"
#undef INSN
};

/* --- tables -------------------------------------------------------------------------- */

/* Rows of an opcode: row_lists[first] .. up to a NULL. */
typedef struct OpcodeEntry {
    uint16_t first;             /* 0: no rows */
    bool has_modrm;
} OpcodeEntry;
static OpcodeEntry opcodes[MAP_COUNT][256];
static const InsnRow **row_lists;

static Place row_place(const InsnRow *row, unsigned i) { return forms[row->forms[i]].place; }

/* How many opcodes the row takes from its first on. */
static unsigned row_span(const InsnRow *row)
{
    unsigned span = 1;

    for (unsigned i = 0; i < MAX_OPERANDS; i++) {
        if (row_place(row, i) == PLACE_OPREG_GPR) {
            span = 8;
        } else if (row_place(row, i) == PLACE_COND) {
            span = 16;
        }
    }
    return span;
}

/* The row's constraints, with those that its forms imply. */
static unsigned row_modrm(const InsnRow *row)
{
    unsigned modrm = row->modrm;

    for (unsigned i = 0; i < MAX_OPERANDS; i++) {
        switch (row_place(row, i)) {
        case PLACE_MEM:
            modrm |= MEM;
            break;
        case PLACE_RMREG_MMX:
        case PLACE_RMREG_XMM:
            modrm |= MOD3;
            break;
        case PLACE_RMREG_GPR:
            modrm |= forms[row->forms[i]].size == SIZE_S ? 0 : MOD3;
            break;
        default:
            break;
        }
    }
    return modrm;
}

static bool place_is_in_modrm(Place place)
{
    switch (place) {
    case PLACE_RM_GPR: case PLACE_RMREG_GPR: case PLACE_RM_SEG_DEST: case PLACE_RM_GPR_D_OR_B:
    case PLACE_RM_GPR_D_OR_W: case PLACE_REG_GPR: case PLACE_MEM: case PLACE_SEG: case PLACE_CR:
    case PLACE_DR: case PLACE_REG_MMX: case PLACE_RM_MMX: case PLACE_RMREG_MMX: case PLACE_REG_XMM:
    case PLACE_RM_XMM: case PLACE_RMREG_XMM:
        return true;
    default:
        return false;
    }
}

static bool row_has_modrm(const InsnRow *row)
{
    bool has = row->modrm & (REG(0) | MEM | MOD3 | RM(0)) || row->map == M_3DNOW;

    for (unsigned i = 0; i < MAX_OPERANDS; i++) {
        has |= place_is_in_modrm(row_place(row, i));
    }
    return has;
}

/* Could one encoding belong to both? */
static bool rows_overlap(const InsnRow *a, const InsnRow *b)
{
    unsigned x = row_modrm(a), y = row_modrm(b), both = x | y;

    if (!(a->prefix & b->prefix) || (both & (MEM | MOD3)) == (MEM | MOD3) ||
        (both & (W0 | W1)) == (W0 | W1) || (both & (L0 | L1)) == (L0 | L1) ||
        ((a->needs | b->needs) & (NO64 | ONLY64)) == (NO64 | ONLY64)) {
        return false;
    }
    if (x & y & REG(0) && (x ^ y) & 7) {
        return false;
    }
    return !(x & y & RM(0) && (x ^ y) & (RM(7) ^ RM(0)));
}

static void check_rows(const InsnRow *a, const InsnRow *b, unsigned opcode)
{
    if (rows_overlap(a, b)) {
        fprintf(stderr, "instruction rows %s and %s overlap in map %u opcode %02x\n", a->name, b->name,
                a->map, opcode);
        abort();
    }
    if (row_has_modrm(a) != row_has_modrm(b)) {
        fprintf(stderr, "instruction rows %s and %s do not agree about modrm\n", a->name, b->name);
        abort();
    }
}

static void collect_rows(GPtrArray *lists, unsigned map, unsigned opcode)
{
    OpcodeEntry *entry = &opcodes[map][opcode];
    guint first = lists->len;

    for (unsigned n = 0; n < ARRAY_SIZE(insn_rows); n++) {
        const InsnRow *row = &insn_rows[n];

        if (row->map != map || opcode < row->opcode || opcode >= row->opcode + row_span(row)) {
            continue;
        }
        for (guint i = first; i < lists->len; i++) {
            check_rows(g_ptr_array_index(lists, i), row, opcode);
        }
        g_ptr_array_add(lists, (void *)row);
    }
    if (lists->len != first) {
        entry->first = first;
        entry->has_modrm = row_has_modrm(g_ptr_array_index(lists, first));
        g_ptr_array_add(lists, NULL);
    }
}

void decoder_init(void)
{
    GPtrArray *lists = g_ptr_array_new();

    g_ptr_array_add(lists, NULL);
    for (unsigned map = 0; map < MAP_COUNT; map++) {
        for (unsigned opcode = 0; opcode < 256; opcode++) {
            collect_rows(lists, map, opcode);
        }
    }
    row_lists = (const InsnRow **)g_ptr_array_free(lists, false);
}

/* --- bytes ----------------------------------------------------------------------------- */

typedef struct Decoder {
    DisasContext *ctx;
    Insn *in;
    target_ulong pc;            /* of the next byte */
    DecodeResult result;
} Decoder;

static uint8_t fetch_u8(Decoder *d)
{
    DisasContext *ctx = d->ctx;
    target_ulong pc = d->pc;
    bool first_page = ((pc ^ (target_ulong)ctx->tb->pc) & TARGET_PAGE_MASK) == 0;

    if (d->result != DECODE_OK) {
        return 0;
    }
    if (d->pc - d->in->pc >= MAX_INSN_BYTES) {
        d->result = DECODE_TOO_LONG;
        return 0;
    }
    if (!first_page && d->in->pc != ctx->tb->pc) {
        d->result = DECODE_NEXT_PAGE;
        return 0;
    }
    d->pc++;
    return first_page && ctx->code_page ? ctx->code_page[pc & ~TARGET_PAGE_MASK] : cpu_ldub_code(ctx->env, pc);
}

static uint64_t fetch_bytes(Decoder *d, unsigned bytes)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < bytes; i++) {
        value |= (uint64_t)fetch_u8(d) << 8 * i;
    }
    return value;
}

static int64_t fetch_signed(Decoder *d, MemOp size)
{
    unsigned shift = 64 - (8u << size);

    return (int64_t)(fetch_bytes(d, 1u << size) << shift) >> shift;
}

/* --- prefixes ---------------------------------------------------------------------------- */

/* Legacy prefixes and REX; returns the first byte behind them. */
static uint8_t decode_prefixes(Decoder *d)
{
    static const int8_t seg_of_prefix[4] = { R_ES, R_CS, R_SS, R_DS };
    Insn *in = d->in;
    bool code64 = d->ctx->code64;

    for (;;) {
        uint8_t byte = fetch_u8(d);

        switch (byte) {
        case 0x26: case 0x2e: case 0x36: case 0x3e:
            if (!code64) {
                in->seg_override = seg_of_prefix[byte >> 3 & 3];
            }
            break;
        case 0x64: case 0x65:
            in->seg_override = byte == 0x64 ? R_FS : R_GS;
            break;
        case 0x66:
            in->data16 = true;
            break;
        case 0x67:
            in->addr_size = true;
            break;
        case 0xf0:
            in->lock = true;
            break;
        case 0xf2: case 0xf3:
            in->repne = byte == 0xf2;
            in->rep = byte == 0xf3;
            break;
        default:
            if (!code64 || (byte & 0xf0) != 0x40 || d->result != DECODE_OK) {
                return byte;
            }
            /* REX counts only directly in front of the opcode (SDM 2:2.2.1). */
            in->rex_w = byte & 8;
            in->rex_r = byte & 4;
            in->rex_x = byte & 2;
            in->rex_b = byte & 1;
            in->rex = true;
            continue;
        }
        in->rex = in->rex_w = in->rex_r = in->rex_x = in->rex_b = false;
        if (d->result != DECODE_OK) {
            return 0;
        }
    }
}

/* VEX (SDM 2:2.3): first is 0xc4 or 0xc5. */
static void decode_vex(Decoder *d, uint8_t first)
{
    static const uint8_t prefixes[4] = { NP, P66, PF3, PF2 };
    static const uint8_t maps[4] = { MAP_COUNT, V_0F, V_0F38, V_0F3A };
    Insn *in = d->in;
    uint8_t byte = fetch_u8(d);

    if (in->lock || in->data16 || in->rep || in->repne || in->rex) {
        d->result = DECODE_UD;
    }
    in->vex = true;
    in->rex_r = !(byte & 0x80);
    in->map = V_0F;
    if (first == 0xc4) {
        in->rex_x = !(byte & 0x40);
        in->rex_b = !(byte & 0x20);
        in->map = byte & 0x1c ? MAP_COUNT : maps[byte & 3];
        byte = fetch_u8(d);
        in->rex_w = byte & 0x80;
    }
    if (!d->ctx->code64) {
        in->rex_r = in->rex_x = in->rex_b = false;
    }
    in->vvvv = ~byte >> 3 & (d->ctx->code64 ? 15 : 7);
    in->vex_l = byte & 4;
    in->prefix = prefixes[byte & 3];
    in->opcode = fetch_u8(d);
    if (in->map == MAP_COUNT) {
        d->result = d->result == DECODE_OK ? DECODE_UD : d->result;
        in->map = V_0F;
    }
}

/* Is c4/c5 a VEX prefix? Outside 64-bit mode LES and LDS with a memory operand come first. */
static bool is_vex(Decoder *d, uint8_t byte)
{
    DisasContext *ctx = d->ctx;
    Decoder peek = *d;

    if ((byte & 0xfe) != 0xc4) {
        return false;
    }
    if (ctx->code64) {
        return true;
    }
    return ctx->protected_mode && fetch_u8(&peek) >= 0xc0 && peek.result == DECODE_OK;
}

static void decode_opcode(Decoder *d)
{
    Insn *in = d->in;
    uint8_t byte = decode_prefixes(d);

    if (is_vex(d, byte)) {
        decode_vex(d, byte);
        return;
    }
    in->prefix = in->repne ? PF2 : in->rep ? PF3 : in->data16 ? P66 : NP;
    in->map = M_1;
    if (byte == 0x0f) {
        in->map = M_0F;
        byte = fetch_u8(d);
        if (byte == 0x38 || byte == 0x3a) {
            in->map = byte == 0x38 ? M_0F38 : M_0F3A;
            byte = fetch_u8(d);
        } else if (byte == 0x0f) {
            in->map = M_3DNOW;          /* the opcode follows the operands */
            byte = 0;
        }
    }
    in->opcode = byte;
}

/* --- modrm and memory operands ------------------------------------------------------------- */

static void decode_mem16(Decoder *d)
{
    static const int8_t bases[8] = { R_EBX, R_EBX, R_EBP, R_EBP, R_ESI, R_EDI, R_EBP, R_EBX };
    static const int8_t indexes[8] = { R_ESI, R_EDI, R_ESI, R_EDI, -1, -1, -1, -1 };
    Insn *in = d->in;

    in->base = bases[in->modrm & 7];
    in->index = indexes[in->modrm & 7];
    if (in->mod == 0 && (in->modrm & 7) == 6) {
        in->base = -1;
        in->disp = fetch_signed(d, MO_16);
    } else if (in->mod) {
        in->disp = fetch_signed(d, in->mod == 1 ? MO_8 : MO_16);
    }
}

static void decode_mem32(Decoder *d)
{
    Insn *in = d->in;
    unsigned base = in->modrm & 7;

    if (base == 4) {
        uint8_t sib = fetch_u8(d);

        in->index = in->vector_index = (sib >> 3 & 7) | in->rex_x << 3;
        in->index = in->index == 4 ? -1 : in->index;
        in->scale = sib >> 6;
        base = sib & 7;
    } else if (base == 5 && in->mod == 0) {
        in->rip_relative = d->ctx->code64;
    }
    if (base == 5 && in->mod == 0) {
        in->disp = fetch_signed(d, MO_32);
        return;
    }
    in->base = base | in->rex_b << 3;
    if (in->mod) {
        in->disp = fetch_signed(d, in->mod == 1 ? MO_8 : MO_32);
    }
}

static void decode_modrm(Decoder *d)
{
    Insn *in = d->in;

    in->modrm = fetch_u8(d);
    in->mod = in->modrm >> 6;
    in->reg = (in->modrm >> 3 & 7) | in->rex_r << 3;
    in->rm = (in->modrm & 7) | in->rex_b << 3;
}

/* The bytes behind modrm that its memory form takes. */
static void decode_mem(Decoder *d)
{
    Insn *in = d->in;
    bool stack_base;

    in->has_mem = true;
    if (in->asize == MO_16) {
        decode_mem16(d);
    } else {
        decode_mem32(d);
    }
    stack_base = in->base == R_EBP || (in->base == R_ESP && in->asize != MO_16);
    in->seg = in->seg_override >= 0 ? in->seg_override : stack_base ? R_SS : R_DS;
}

/* --- choosing the row ------------------------------------------------------------------------- */

static bool row_matches(const Insn *in, const InsnRow *row, bool code64)
{
    unsigned modrm = row_modrm(row);

    if (!(row->prefix & in->prefix) || row->needs & (code64 ? NO64 : ONLY64)) {
        return false;
    }
    if ((modrm & REG(0) && (in->modrm >> 3 & 7) != (modrm & 7)) || (modrm & MEM && in->mod == 3) ||
        (modrm & MOD3 && in->mod != 3) || (modrm & RM(0) && (in->modrm & 7) != (modrm >> 6 & 7))) {
        return false;
    }
    return !(in->vex && ((modrm & W0 && in->rex_w) || (modrm & W1 && !in->rex_w) ||
                         (modrm & L0 && in->vex_l) || (modrm & L1 && !in->vex_l)));
}

static const InsnRow *find_row(const Insn *in, bool code64)
{
    for (const InsnRow **row = &row_lists[opcodes[in->map][in->opcode].first]; *row; row++) {
        if (row_matches(in, *row, code64)) {
            return *row;
        }
    }
    return NULL;
}

static void decode_sizes(Decoder *d)
{
    DisasContext *ctx = d->ctx;
    Insn *in = d->in;

    if (ctx->code64) {
        in->osize = in->rex_w ? MO_64 : in->data16 ? MO_16 : MO_32;
        in->asize = in->addr_size ? MO_32 : MO_64;
    } else {
        in->osize = ctx->code32 != in->data16 ? MO_32 : MO_16;
        in->asize = ctx->code32 != in->addr_size ? MO_32 : MO_16;
    }
}

/* Rows with a 64-bit default (SDM 2, appendix A.2.5: d64, f64). */
static void adapt_osize(Decoder *d, uint32_t needs)
{
    Insn *in = d->in;

    if (d->ctx->code64 && needs & (D64 | F64)) {
        in->osize = needs & D64 && in->data16 && !in->rex_w ? MO_16 : MO_64;
    }
}

/* --- operands ------------------------------------------------------------------------------------ */

static MemOp size_of(const Decoder *d, Size size)
{
    const Insn *in = d->in;

    switch (size) {
    case SIZE_W: return MO_16;
    case SIZE_D: return MO_32;
    case SIZE_Q: return MO_64;
    case SIZE_V: return in->osize;
    case SIZE_Z: return in->osize == MO_16 ? MO_16 : MO_32;
    case SIZE_Y: return in->rex_w && d->ctx->code64 ? MO_64 : MO_32;
    case SIZE_S: return d->ctx->code64 ? MO_64 : MO_32;
    case SIZE_T: return (MemOp)MO_80;
    case SIZE_DQ: return MO_128;
    case SIZE_QQ: return (MemOp)MO_256;
    case SIZE_X: return in->vex_l ? (MemOp)MO_256 : MO_128;
    case SIZE_H: return in->vex_l ? MO_128 : MO_64;
    default: return MO_8;
    }
}

static void set_gpr(const Insn *in, Operand *op, unsigned reg)
{
    op->kind = OPK_GPR;
    op->reg = reg;
    if (op->size == MO_8 && !in->rex && reg >= 4 && reg < 8) {
        op->high = true;
        op->reg = reg - 4;
    }
}

static void set_rm(Decoder *d, Operand *op, OperandKind reg_kind)
{
    Insn *in = d->in;

    if (in->mod != 3) {
        op->kind = OPK_MEM;
    } else if (reg_kind == OPK_GPR) {
        set_gpr(in, op, in->rm);
    } else {
        op->kind = reg_kind;
        op->reg = reg_kind == OPK_MMX ? in->rm & 7 : in->rm;
    }
}

/* Direct offset of MOV AL,moffs: address-size bytes. */
static void set_moffs(Decoder *d, Operand *op)
{
    Insn *in = d->in;

    in->has_mem = true;
    in->disp = fetch_bytes(d, 1u << in->asize);
    in->seg = in->seg_override >= 0 ? in->seg_override : R_DS;
    op->kind = OPK_MEM;
}

static void set_far(Decoder *d, Operand *op)
{
    op->kind = OPK_FAR;
    op->imm = fetch_bytes(d, 1u << op->size);
    d->in->selector = fetch_bytes(d, 2);
}

static void set_rel(Decoder *d, Operand *op)
{
    op->kind = OPK_REL;
    op->imm = fetch_signed(d, op->size);
}

/* 64-bit immediates exist for MOV register alone (form Iv). */
static void set_imm(Decoder *d, Operand *op, Place place)
{
    op->kind = OPK_IMM;
    op->imm = place == PLACE_IMM ? (int64_t)fetch_bytes(d, 1u << op->size) : fetch_signed(d, op->size);
}

static void decode_reg_operand(Decoder *d, Operand *op, Place place)
{
    Insn *in = d->in;

    switch (place) {
    case PLACE_REG_GPR: set_gpr(in, op, in->reg); break;
    case PLACE_VVVV_GPR: set_gpr(in, op, in->vvvv); break;
    case PLACE_OPREG_GPR: set_gpr(in, op, (in->opcode & 7) | in->rex_b << 3); break;
    case PLACE_ACC_GPR: set_gpr(in, op, R_EAX); break;
    case PLACE_COUNT_GPR: set_gpr(in, op, R_ECX); break;
    case PLACE_DATA_GPR: set_gpr(in, op, R_EDX); break;
    case PLACE_SEG: op->kind = OPK_SEG; op->reg = in->reg & 7; break;
    case PLACE_CR: op->kind = OPK_CR; op->reg = in->reg; break;
    case PLACE_DR: op->kind = OPK_DR; op->reg = in->reg; break;
    case PLACE_REG_MMX: op->kind = OPK_MMX; op->reg = in->reg & 7; break;
    case PLACE_REG_XMM: op->kind = OPK_XMM; op->reg = in->reg; break;
    case PLACE_VVVV_XMM: op->kind = OPK_XMM; op->reg = in->vvvv; break;
    default: break;
    }
}

static void decode_operand(Decoder *d, Operand *op, unsigned form)
{
    Place place = forms[form].place;
    Insn *in = d->in;

    op->size = size_of(d, forms[form].size);
    switch (place) {
    case PLACE_UNUSED:
        break;
    case PLACE_COND:
        in->cond = in->opcode & 15;
        break;
    case PLACE_RM_GPR:
    case PLACE_MEM:
        set_rm(d, op, OPK_GPR);
        break;
    case PLACE_RMREG_GPR:
        set_gpr(in, op, in->rm);
        break;
    case PLACE_RM_SEG_DEST:
        op->size = in->mod == 3 ? op->size : MO_16;
        set_rm(d, op, OPK_GPR);
        break;
    case PLACE_RM_GPR_D_OR_B:
    case PLACE_RM_GPR_D_OR_W:
        op->size = in->mod == 3 ? MO_32 : place == PLACE_RM_GPR_D_OR_B ? MO_8 : MO_16;
        set_rm(d, op, OPK_GPR);
        break;
    case PLACE_RM_MMX:
    case PLACE_RMREG_MMX:
        set_rm(d, op, OPK_MMX);
        break;
    case PLACE_RM_XMM:
    case PLACE_RMREG_XMM:
        set_rm(d, op, OPK_XMM);
        break;
    case PLACE_MOFFS:
        set_moffs(d, op);
        break;
    case PLACE_IMM:
    case PLACE_IMM_SIGNED:
        set_imm(d, op, place);
        break;
    case PLACE_ONE:
        op->kind = OPK_IMM;
        op->imm = 1;
        break;
    case PLACE_REL:
        set_rel(d, op);
        break;
    case PLACE_FAR_PTR:
        set_far(d, op);
        break;
    case PLACE_IMM_XMM:
        op->kind = OPK_XMM;
        op->reg = fetch_u8(d) >> 4 & (d->ctx->code64 ? 15 : 7);
        break;
    default:
        decode_reg_operand(d, op, place);
        break;
    }
}

static bool row_uses_vvvv(const InsnRow *row)
{
    for (unsigned i = 0; i < MAX_OPERANDS; i++) {
        if (row_place(row, i) == PLACE_VVVV_GPR || row_place(row, i) == PLACE_VVVV_XMM) {
            return true;
        }
    }
    return false;
}

DecodeResult decode_insn(DisasContext *ctx, Insn *in, target_ulong pc)
{
    Decoder decoder = { .ctx = ctx, .in = in, .pc = pc, .result = DECODE_OK }, *d = &decoder;

    *in = (Insn) { .pc = pc, .seg_override = -1, .base = -1, .index = -1, .vector_index = -1 };
    decode_opcode(d);
    decode_sizes(d);
    if (opcodes[in->map][in->opcode].has_modrm || in->map == M_3DNOW) {
        decode_modrm(d);
    }
    if (in->map == M_3DNOW) {
        if (in->mod != 3) {
            decode_mem(d);
        }
        in->opcode = fetch_u8(d);
    }
    in->row = d->result == DECODE_OK ? find_row(in, ctx->code64) : NULL;
    if (in->row) {
        adapt_osize(d, in->row->needs);
        /* Operands whose mod is ignored have no memory form. */
        if (in->mod != 3 && opcodes[in->map][in->opcode].has_modrm && in->map != M_3DNOW &&
            forms[in->row->forms[0]].size != SIZE_S && forms[in->row->forms[1]].size != SIZE_S) {
            decode_mem(d);
        }
        for (unsigned i = 0; i < MAX_OPERANDS; i++) {
            decode_operand(d, &in->op[i], in->row->forms[i]);
        }
        if (in->vex && in->vvvv && !row_uses_vvvv(in->row)) {
            d->result = d->result == DECODE_OK ? DECODE_UD : d->result;
        }
    } else if (d->result == DECODE_OK) {
        d->result = DECODE_UD;
    }
    in->length = d->pc - pc;
    return d->result;
}
