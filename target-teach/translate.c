/*
 * Teach instructions to ops: the functions that the rows of insns.h name.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "exec/translator.h"
#include "target-teach/cpu.h"
#define HELPER_H "target-teach/helper.h"
#include "tcg/helper-gen.h"
#include "tcg/helper-info.h"

typedef enum Form { R = 1, I, B, J, U, N } Form;
typedef struct Insn {
    const struct InsnRow *row;
    uint8_t rd, ra, rb;
    int32_t imm, imm22;
} Insn;
typedef struct InsnData {
    void (*op3)(TCGv_i32, TCGv_i32, TCGv_i32);
    TCGCond cond;
    MemOp memop;
    bool ends;                  /* control does not fall through, or CPU state changes */
} InsnData;
typedef struct InsnRow {
    const char *name;
    Form form;
    void (*gen)(TranslatorContext *ctx, const Insn *in);
    InsnData data;
} InsnRow;

static TCGv_i32 cpu_reg[16], cpu_pc;

/* r0 is 0, and what is written to it goes nowhere. */
static TCGv_i32 src(unsigned r) { return r ? cpu_reg[r] : tcg_constant_i32(0); }
static TCGv_i32 dest(unsigned r) { return r ? cpu_reg[r] : tcg_temp_new_i32(); }

static void raise_exception(TranslatorContext *ctx, int excp)
{
    gen_helper_raise_exception(tcg_env, tcg_constant_i32(excp));
    translator_raised(ctx);
}

static void gen_alu(TranslatorContext *ctx, const Insn *in) { in->row->data.op3(dest(in->rd), src(in->ra), src(in->rb)); }
static void gen_alu_imm(TranslatorContext *ctx, const Insn *in) { in->row->data.op3(dest(in->rd), src(in->ra), tcg_constant_i32(in->imm)); }
static void gen_shli(TranslatorContext *ctx, const Insn *in) { tcg_gen_shli_i32(dest(in->rd), src(in->ra), in->imm & 31); }
static void gen_lui(TranslatorContext *ctx, const Insn *in) { tcg_gen_movi_i32(dest(in->rd), (uint32_t)in->imm << 14); }
static void gen_set(TranslatorContext *ctx, const Insn *in) { tcg_gen_setcond_i32(in->row->data.cond, dest(in->rd), src(in->ra), src(in->rb)); }

static void gen_shift(TranslatorContext *ctx, const Insn *in)
{
    TCGv_i32 count = tcg_temp_new_i32();

    tcg_gen_andi_i32(count, src(in->rb), 31);
    in->row->data.op3(dest(in->rd), src(in->ra), count);
}

/* The op leaves division by 0 undefined: the result is chosen around it. */
static void gen_divu(TranslatorContext *ctx, const Insn *in)
{
    TCGv_i32 quotient = tcg_temp_new_i32();

    tcg_gen_divu_i32(quotient, src(in->ra), src(in->rb));
    tcg_gen_movcond_i32(TCG_COND_EQ, dest(in->rd), src(in->rb), tcg_constant_i32(0), tcg_constant_i32(-1), quotient);
}

static TCGv_i32 address(const Insn *in)
{
    TCGv_i32 addr = tcg_temp_new_i32();
    tcg_gen_addi_i32(addr, src(in->ra), in->imm);
    return addr;
}

static void gen_load(TranslatorContext *ctx, const Insn *in) { tcg_gen_qemu_ld_i32(dest(in->rd), address(in), 0, in->row->data.memop); }
static void gen_store(TranslatorContext *ctx, const Insn *in) { tcg_gen_qemu_st_i32(src(in->rd), address(in), 0, in->row->data.memop); }

static void gen_branch(TranslatorContext *ctx, const Insn *in)
{
    translator_branch(ctx, in->row->data.cond, src(in->rd), src(in->ra), ctx->pc + 4 * in->imm);
}

static void gen_jal(TranslatorContext *ctx, const Insn *in)
{
    tcg_gen_movi_i32(dest(in->rd), ctx->next_pc);
    translator_jump(ctx, ctx->pc + 4 * in->imm22);
}

static void gen_jr(TranslatorContext *ctx, const Insn *in)
{
    TCGv_i32 target = address(in);

    tcg_gen_andi_i32(target, target, ~3);
    tcg_gen_movi_i32(dest(in->rd), ctx->next_pc);       /* after ra is read: it may be rd */
    translator_jump_indirect(ctx, target);
}

static void gen_trap(TranslatorContext *ctx, const Insn *in) { raise_exception(ctx, EXCP_TRAP); }

static void gen_iret(TranslatorContext *ctx, const Insn *in)
{
    gen_helper_iret(tcg_env);       /* sets the pc */
    translator_exit(ctx);
}

static void gen_wait(TranslatorContext *ctx, const Insn *in)
{
    tcg_gen_movi_i32(cpu_pc, ctx->next_pc);
    gen_helper_wait(tcg_env);
    translator_raised(ctx);
}

static void gen_mfs(TranslatorContext *ctx, const Insn *in)
{
    tcg_gen_ld_i32(dest(in->rd), tcg_env, offsetof(CPUTeachState, special) + 4 * in->imm);
}

static void gen_mts(TranslatorContext *ctx, const Insn *in)
{
    gen_helper_mts(tcg_env, tcg_constant_i32(in->imm), src(in->rd));
    translator_stop(ctx);                               /* interrupts may be on now */
}

static const InsnRow rows[64] = {
#define INSN(name, opcode, form, function, data) [opcode] = { #name, form, gen_##function, { data } },
#include "target-teach/insns.h"
#undef INSN
};

static Insn decode(uint32_t word)
{
    static const uint32_t zero[] = { [R] = 0x3fff, [U] = 0xf << 18, [N] = 0x3ffffff };
    const InsnRow *row = &rows[word >> 26];
    Insn in = { .rd = word >> 22 & 15, .ra = word >> 18 & 15, .rb = word >> 14 & 15,
                .imm = (int32_t)(word << 14) >> 14, .imm22 = (int32_t)(word << 10) >> 10 };
    bool special = row->gen == gen_mfs || row->gen == gen_mts;
    if (row->gen && !(word & zero[row->form]) && (!special || (uint32_t)in.imm < SPECIAL_COUNT)) {
        in.row = row;
    }
    return in;
}

int teach_disas(vaddr pc, const uint8_t *bytes, size_t len, char *text, size_t size)
{
    Insn in = decode(len < 4 ? 0 : ldl_le_p(bytes));
    uint32_t target = pc + 4 * (in.row && in.row->form == J ? in.imm22 : in.imm);

    switch (in.row ? in.row->form : 0) {
    case R: return snprintf(text, size, "%-7s r%u,r%u,r%u", in.row->name, in.rd, in.ra, in.rb) ? 4 : 0;
    case I: return snprintf(text, size, "%-7s r%u,r%u,%d", in.row->name, in.rd, in.ra, in.imm) ? 4 : 0;
    case B: return snprintf(text, size, "%-7s r%u,r%u,0x%x", in.row->name, in.rd, in.ra, target) ? 4 : 0;
    case J: return snprintf(text, size, "%-7s r%u,0x%x", in.row->name, in.rd, target) ? 4 : 0;
    case U: return snprintf(text, size, "%-7s r%u,%d", in.row->name, in.rd, in.imm) ? 4 : 0;
    case N: return snprintf(text, size, "%s", in.row->name) ? 4 : 0;
    default: return 0;
    }
}

static void teach_shape(TranslatorContext *ctx, uint32_t pc, InsnShape *shape)
{
    Insn in = decode(cpu_ldl_code(ctx->env, pc));
    Form form = in.row ? in.row->form : N;

    shape->length = 4;
    shape->has_target = form == B || (form == J && in.rd == 0);
    shape->target = pc + 4 * (form == B ? in.imm : in.imm22);
    shape->ends = !in.row || in.row->data.ends;
}

static void teach_translate(TranslatorContext *ctx)
{
    uint32_t word = cpu_ldl_code(ctx->env, ctx->pc);
    Insn in = decode(word);

    ctx->next_pc = ctx->pc + 4;
    if (!in.row) {
        qemu_log_mask(LOG_GUEST_ERROR, "illegal instruction %08x at %08x\n", word, ctx->pc);
        raise_exception(ctx, EXCP_ILLEGAL);
        return;
    }
    in.row->gen(ctx, &in);
}

void gen_intermediate_code(CPUArchState *env, TranslationBlock *tb)
{
    static const TranslatorOps ops = { teach_shape, teach_translate };

    translator_run(&(TranslatorContext) { .ops = &ops }, env, tb);
}

void target_translate_init(void)
{
    static char names[16][4];

    for (unsigned i = 1; i < 16; i++) {
        snprintf(names[i], sizeof(names[i]), "r%u", i & 15);
        cpu_reg[i] = tcg_global_mem_new_i32(offsetof(CPUTeachState, reg) + 4 * i, names[i]);
    }
    cpu_pc = tcg_global_mem_new_i32(offsetof(CPUTeachState, pc), "pc");
    translator_set_pc(cpu_pc);
}
