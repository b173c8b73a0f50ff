/*
 * What the translate-<class>.c files share: context of the block, access to
 * registers, operands and memory, flags, exceptions, ends of blocks.
 *
 * Values: a TCGv that holds an operand narrower than itself has arbitrary bits
 * above the operand's size unless a function says otherwise.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_TRANSLATE_H
#define TARGET_I386_TRANSLATE_H

#include "target-i386/cpu.h"
#include "target-i386/decode.h"
#include "exec/exec-all.h"
#include "qemu/log.h"
#include "tcg/tcg-op-tl.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-gen.h"

/* Where the flags came from, when the producer is in this straight line of code. */
typedef struct CCSource {
    CCOp op;                    /* CC_OP_DYNAMIC: only env knows */
    TCGv a, b;                  /* operands of CC_OP_SUB while they are at hand, else NULL */
} CCSource;

/* An exit whose code is put behind the block. */
typedef struct LaterExit {
    TCGLabel *label;
    target_ulong pc, next_pc;   /* of the branch */
    int64_t displacement;
    MemOp osize;
    CCSource cc;
    struct LaterExit *next;
} LaterExit;

/* Where the x87 state is at this point of the code. */
typedef enum X87Place { X87_UNKNOWN, X87_IN_HOST, X87_IS_MMX } X87Place;

struct DisasContext {
    CPUX86State *env;
    TranslationBlock *tb;
    target_ulong pc, next_pc;   /* linear, of the instruction being translated */
    uint32_t flags;             /* tb->flags: HF_x */
    uint8_t cpl, mem_idx;
    bool pe, vm86, code32, code64, lma, ss32;
    bool protected_mode;        /* PE and not VM */
    bool cs_base, check_code;   /* CS.base is not 0; CS.limit is checked */
    bool single_step;           /* EFLAGS.TF or one instruction for other reasons */
    bool ended;                 /* control does not reach next_pc */
    bool stop;                  /* the block ends behind this instruction */
    bool may_chain;             /* goto_tb allowed */
    bool parallel;              /* CF_PARALLEL: LOCK needs host atomics */
    uint8_t shadow;             /* 2: an interrupt shadow begins with the next instruction; 1: this one is in it */
    unsigned slots;             /* exits used */
    unsigned num_insns;
    CCSource cc;
    const uint8_t *code_page;   /* host address of the first page's code, NULL: not RAM */
    X87Place x87;
    bool x87_cs_stored;         /* env->fpcs is right */
    uint8_t x87_ds_stored;      /* env->fpds is right for this segment + 1; 0: for none */
    LaterExit *later_exits;
    struct Region *region;      /* NULL: one basic block */
};

/* Globals of generated code; the rest of env is reached by loads and stores. */
extern TCGv cpu_regs[CPU_NB_REGS], cpu_cc_dst, cpu_cc_src, cpu_cc_src2, cpu_eip;
extern TCGv_i32 cpu_cc_op;

/* Called by target_translate_init: declare globals of the class. */
void translate_x87_init(void);
void translate_sse_init(void);

/* translate-x87.c */
/* Before MMX instructions: the registers are in env, TOP is 0, tags are valid; #MF is raised. */
void gen_enter_mmx(DisasContext *ctx);
/* At labels and behind changes of segments: nothing is known about the x87. */
void gen_forget_x87(DisasContext *ctx);

/* Data of CPL 3 must be a multiple of its size while alignment is checked; 16 bytes are exempt, as on hardware. */
static inline MemOp data_op(const DisasContext *ctx, MemOp op)
{
    return ctx->flags & HF_AC && (op & MO_SIZE) < MO_128 ? (MemOp)(op | MO_ALIGN) : op;
}

/* --- operands --------------------------------------------------------------- */

/* Operand n's value: GPR, memory, immediate, segment selector. Bits above its size: as described above
   for registers, zero for memory, sign-extended for immediates. */
TCGv read_operand(DisasContext *ctx, Insn *in, unsigned n);
/* The same, zero- or sign-extended from its size. */
TCGv read_operand_zx(DisasContext *ctx, Insn *in, unsigned n);
TCGv read_operand_sx(DisasContext *ctx, Insn *in, unsigned n);
/* Low bits of value to operand n (GPR or memory); 32-bit registers are zero-extended. */
void write_operand(DisasContext *ctx, Insn *in, unsigned n, TCGv value);
/* Behind that: what has value, in the low bits: a register that was written as a whole, or value. */
TCGv written_operand(const Insn *in, unsigned n, TCGv value);
/* A register by number: its global, and writing its low MO_8 .. MO_64 bits. */
static inline TCGv read_reg(unsigned reg) { return cpu_regs[reg]; }
void write_reg(MemOp size, unsigned reg, TCGv value);
/* value extended from size into a new temp (or value itself). */
TCGv extend_zx(TCGv value, MemOp size);
TCGv extend_sx(TCGv value, MemOp size);
/* A copy that later writes of registers do not change. */
TCGv copy_value(TCGv value);

/* --- memory ---------------------------------------------------------------------- */

/* What is done with memory; for checks of segments that are not flat. */
typedef enum AccessKind { ACCESS_READ, ACCESS_WRITE } AccessKind;
/* The memory operand's offset in its segment, truncated to the address size. */
TCGv gen_offset(DisasContext *ctx, const Insn *in);
/* Linear address of the memory operand, `bytes` of it checked for access; computed once for each Insn. */
TCGv gen_address(DisasContext *ctx, Insn *in, unsigned bytes, AccessKind access);
/* The same `delta` bytes further on (no check of its own: `bytes` above covers it). */
TCGv gen_address_plus(DisasContext *ctx, TCGv linear, int delta);
/* Linear address of an offset (zero-extended from address size) in segment seg. */
TCGv gen_linear(DisasContext *ctx, unsigned seg, TCGv offset, unsigned bytes, AccessKind access);
/* Loads are zero-extended unless op has MO_SIGN. addr: linear. */
void gen_load(DisasContext *ctx, TCGv ret, TCGv linear, MemOp op);
void gen_store(DisasContext *ctx, TCGv value, TCGv linear, MemOp op);

/* --- stack --- */
/* MO_x of the stack pointer. */
static inline MemOp stack_size(const DisasContext *ctx)
{
    return ctx->code64 ? MO_64 : ctx->ss32 ? MO_32 : MO_16;
}
/* Push the low `size` bits; the fault, if any, leaves ESP as it was. */
void push_value(DisasContext *ctx, MemOp size, TCGv value);
/* Value at the top of the stack, zero-extended; pop_done() moves the stack pointer. */
TCGv pop_value(DisasContext *ctx, MemOp size);
void pop_done(DisasContext *ctx, MemOp size);

/* --- flags ------------------------------------------------------------------------ */

/* The flags follow from these now. op: kind + size; src may be NULL when the kind does not use it. */
void gen_set_cc(DisasContext *ctx, CCOp op, TCGv dst, TCGv src);
/* The flags are exactly these CC_x bits. */
void gen_set_cc_bits(DisasContext *ctx, TCGv bits);
/* All CC_x bits in a new temp; the flags' state is unchanged. */
TCGv gen_get_cc_bits(DisasContext *ctx);
/* C as 0 or 1 in a new temp. */
TCGv gen_get_carry(DisasContext *ctx);
/* C and O change to these (0 or 1), the others stay; false: not from the present state, nothing is done. */
bool gen_set_carry_overflow(DisasContext *ctx, TCGv carry, TCGv overflow);
/* Flags of which only env knows become plain bits. */
void gen_flatten_cc(DisasContext *ctx);
/* env->cc_op is made right: before helpers that look at the flags, and before dynamic changes. */
void gen_sync_cc_op(DisasContext *ctx);
/* A helper or a branch around code changed the lazy state: only env->cc_op knows. */
void gen_cc_is_dynamic(DisasContext *ctx);
/* Condition cond (0 .. 15: O NO B AE E NE BE A S NS P NP L GE LE G). */
void gen_branch_on(DisasContext *ctx, unsigned cond, TCGLabel *label);
TCGv gen_setcond_on(DisasContext *ctx, unsigned cond);
void gen_movcond_on(DisasContext *ctx, unsigned cond, TCGv ret, TCGv if_true, TCGv if_false);

/* --- exceptions and block ends ------------------------------------------------------- */

/* Raise at this instruction; the rest of the block is dead (ctx->ended). */
void gen_exception(DisasContext *ctx, unsigned vector);
void gen_exception_err(DisasContext *ctx, unsigned vector, uint32_t error_code);
static inline void gen_illegal(DisasContext *ctx) { gen_exception(ctx, EXCP06_ILLOP); }
static inline void gen_gpf0(DisasContext *ctx) { gen_exception_err(ctx, EXCP0D_GPF, 0); }
/* env->eip = this instruction, the next one: before helpers that look at it without restoring. */
void gen_store_eip(DisasContext *ctx);
void gen_store_next_eip(DisasContext *ctx);
/* EIP of the next instruction as a value. */
TCGv gen_next_eip(DisasContext *ctx);
/* Jump within the code segment to a linear address that lies `relative` to known code. */
void gen_jump(DisasContext *ctx, target_ulong linear);
/* The same, leaving the block in any case. */
void gen_jump_out(DisasContext *ctx, target_ulong linear);
/* The same with the operand size's truncation of EIP. */
void gen_jump_rel(DisasContext *ctx, const Insn *in, int64_t displacement);
/* #GP when that target lies beyond CS.limit; calls check before they push. */
void gen_check_rel(DisasContext *ctx, const Insn *in, int64_t displacement);
void gen_check_eip(DisasContext *ctx, TCGv eip);
/* A label to branch to for that jump: its code comes behind the block. */
TCGLabel *gen_target_label(DisasContext *ctx, const Insn *in, int64_t displacement);
/* To the EIP given, zero-extended. */
void gen_jump_indirect(DisasContext *ctx, TCGv eip);
/* env->eip and everything else is stored: leave through a lookup of the new state. */
void gen_exit_lookup(DisasContext *ctx);
/* The block ends behind this instruction, block flags may have changed: continue through a lookup. */
void gen_end_block(DisasContext *ctx);
/* STI, MOV SS, POP SS: no interrupt is taken before the end of the next instruction. */
void gen_inhibit_irq(DisasContext *ctx);

#endif
