/*
 * x87 instructions in integer arithmetic (fpu/floatx80-*.c): the exact path, for
 * unmasked exceptions and for hosts without an x87. Also what all instructions
 * share: flags, stack faults, the control word, #MF and FERR#.
 *
 * Follows the SDM, volume 1, chapter 8.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/board.h"
#include "target-i386/x87.h"
#include "exec/exec-all.h"
#include "exec/tb-internal.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

/* --- FERR# and IGNNE# (SDM 1:8.7) ------------------------------------------------- */

static void set_ferr(CPUX86State *env, bool level)
{
    env->ferr = level;
    env->ignne &= level;
    x86_board_set_ferr(env, level);
}

/* --- status and control ---------------------------------------------------------- */

/* Summary bits, and the block flag of unmasked exceptions. */
static void update_summary(CPUX86State *env)
{
    bool pending = env->fpus & ~env->fpuc & FPUS_EXCEPTIONS;
    bool exact = (env->fpuc & FPUC_MASKS) != FPUC_MASKS;

    env->fpus = (env->fpus & ~(FPUS_ES | FPUS_B)) | (pending ? FPUS_ES | FPUS_B : 0);
    if (!pending && env->ferr) {
        set_ferr(env, false);
    }
    if (exact != !!(env->hflags & HF_X87_EXACT)) {
        env->hflags ^= HF_X87_EXACT;
        tb_key_update(env_cpu(env));
    }
}

void x87_set_status_word(CPUX86State *env, uint16_t value)
{
    env->fpstt = value >> FPUS_TOP_SHIFT & 7;
    env->fpus = value & FPUS_KEPT;
    update_summary(env);
}

void x87_set_control_word(CPUX86State *env, uint16_t value)
{
    env->fpuc = (value & FPUC_WRITABLE) | FPUC_FIXED_1;
    update_summary(env);
}

void x87_init_state(CPUX86State *env)
{
    env->mmx_ready = false;
    env->fpstt = env->fpus = 0;
    memset(env->fptags, 1, sizeof(env->fptags));
    env->fpip = env->fpdp = 0;
    env->fpop = env->fpcs = env->fpds = 0;
    x87_set_control_word(env, FPUC_DEFAULT);
}

FPEnv x87_rules(const CPUX86State *env)
{
    static const uint8_t rounding[] = { FP_NEAREST_EVEN, FP_DOWN, FP_UP, FP_TO_ZERO };

    return (FPEnv){
        .rounding = rounding[env->fpuc >> FPUC_RC_SHIFT & 3],
        .scale_overflow = !(env->fpuc & FPUS_OE),
        .scale_underflow = !(env->fpuc & FPUS_UE),
    };
}

static FPXPrecision precision(const CPUX86State *env)
{
    static const uint8_t precisions[] = { FPX_24, FPX_64, FPX_53, FPX_64 };

    return precisions[env->fpuc >> FPUC_PC_SHIFT & 3];
}

static uint32_t exceptions_of(uint32_t flags)
{
    return (flags & FP_INVALID ? FPUS_IE : 0) | (flags & FP_DENORMAL_IN ? FPUS_DE : 0) |
           (flags & FP_DIVZERO ? FPUS_ZE : 0) | (flags & FP_OVERFLOW ? FPUS_OE : 0) |
           (flags & FP_UNDERFLOW ? FPUS_UE : 0) | (flags & FP_INEXACT ? FPUS_PE : 0);
}

static void add_exceptions(CPUX86State *env, uint32_t exceptions, bool c1)
{
    env->fpus = (env->fpus & ~FPUS_C1) | exceptions | (c1 ? FPUS_C1 : 0);
    if (exceptions & ~env->fpuc & FPUS_EXCEPTIONS) {
        env->fpus |= FPUS_ES | FPUS_B;
    }
}

bool x87_report(CPUX86State *env, uint32_t flags)
{
    const uint32_t before = FPUS_IE | FPUS_DE | FPUS_ZE;
    uint32_t exceptions = exceptions_of(flags);

    if (exceptions & before & ~env->fpuc) {
        add_exceptions(env, exceptions & before, false);
        return false;
    }
    add_exceptions(env, exceptions, flags & FP_ROUNDED_UP);
    return true;
}

bool x87_stack_fault(CPUX86State *env, bool overflow)
{
    add_exceptions(env, FPUS_IE | FPUS_SF, overflow);
    return env->fpuc & FPUS_IE;
}

/* Freed by INTR alone: hardware waits for the interrupt that FERR# asks for (SDM 1:8.7.2). */
static void QEMU_NORETURN wait_for_ferr(CPUX86State *env, uintptr_t ra)
{
    CPUState *cpu = env_cpu(env);

    cpu_restore_state(cpu, ra);
    cpu->halted = 1;
    cpu->exception_index = EXCP_HLT;
    cpu_loop_exit(cpu);
}

void helper_x87_wait(CPUX86State *env)
{
    if (likely(!(env->fpus & FPUS_ES))) {
        return;
    }
    if (env->cr[0] & CR0_NE_MASK) {
        raise_exception_ra(env, EXCP10_COPR, GETPC());
    }
    if (!env->ferr) {
        set_ferr(env, true);
    }
    if (!env->ignne) {
        wait_for_ferr(env, GETPC());
    }
}

uint32_t helper_x87_status(CPUX86State *env)
{
    x86_fpu_to_env(env);
    return x87_status_word(env);
}

void helper_fldcw(CPUX86State *env, uint32_t value)
{
    x86_fpu_to_env(env);
    x87_set_control_word(env, value);
}

void helper_fnclex(CPUX86State *env)
{
    x86_fpu_to_env(env);
    env->fpus &= ~(FPUS_EXCEPTIONS | FPUS_SF | FPUS_ES | FPUS_B);
    update_summary(env);
}

void helper_fninit(CPUX86State *env)
{
    x86_fpu_to_env(env);
    x87_init_state(env);
}

/* --- arithmetic and comparison ------------------------------------------------------ */

enum { OP_ADD, OP_MUL, OP_COM, OP_COMP, OP_SUB, OP_SUBR, OP_DIV, OP_DIVR };

static FloatX80 arith(FPEnv *fp, FPXPrecision prec, unsigned op, FloatX80 a, FloatX80 b)
{
    switch (op) {
    case OP_ADD: return fpx_add(fp, a, b, prec);
    case OP_MUL: return fpx_mul(fp, a, b, prec);
    case OP_SUB: return fpx_sub(fp, a, b, prec);
    case OP_SUBR: return fpx_sub(fp, b, a, prec);
    case OP_DIV: return fpx_div(fp, a, b, prec);
    default: return fpx_div(fp, b, a, prec);
    }
}

/* ST(0) op ST(i) to ST(dest). True: done, or a masked fault. */
static bool arith_reg(CPUX86State *env, unsigned op, unsigned i, unsigned dest)
{
    FPEnv fp = x87_rules(env);

    if (x87_is_empty(env, 0) || x87_is_empty(env, i)) {
        if (!x87_stack_fault(env, false)) {
            return false;
        }
        x87_set_st(env, dest, fpx_indefinite());
        return true;
    }
    FloatX80 r = arith(&fp, precision(env), op, x87_st(env, 0), x87_st(env, i));

    if (!x87_report(env, fp.flags)) {
        return false;
    }
    x87_set_st(env, dest, r);
    return true;
}

static uint32_t codes_of(FPRelation relation)
{
    static const uint16_t codes[] = {
        [FP_LESS] = FPUS_C0, [FP_GREATER] = 0, [FP_EQUAL] = FPUS_C3, [FP_UNORDERED] = FPUS_CODES,
    };

    return codes[relation];
}

/*
 * Condition codes of ST(0) against b; extra: flags that b's conversion raised. An
 * unmasked exception (false) sets the codes all the same, but nothing is popped.
 */
static bool compare(CPUX86State *env, FloatX80 b, bool b_empty, bool quiet, uint32_t extra)
{
    FPEnv fp = x87_rules(env);
    FPRelation relation = FP_UNORDERED;
    bool done;

    if (x87_is_empty(env, 0) || b_empty) {
        done = x87_stack_fault(env, false);
    } else {
        relation = fpx_compare(&fp, x87_st(env, 0), b, quiet);
        fp.flags |= fp.flags & FP_INVALID || relation == FP_UNORDERED ? 0 : extra;
        done = x87_report(env, fp.flags);
    }
    env->fpus = (env->fpus & ~FPUS_CODES) | codes_of(relation);
    return done;
}

static bool compare_reg(CPUX86State *env, unsigned i, bool quiet)
{
    return compare(env, x87_st(env, i), x87_is_empty(env, i), quiet, 0);
}

static void pop_if(CPUX86State *env, bool done)
{
    if (done) {
        x87_pop(env);
    }
}

/* --- memory operands ------------------------------------------------------------------- */

static bool is_arith(unsigned insn) { return !(insn & 0x100); }

/* The operand, signalling NaNs kept; what its conversion raises is in *flags. */
static FloatX80 from_memory(unsigned insn, uint64_t value, uint32_t *flags)
{
    FPEnv fp = { 0 };
    FloatX80 r;

    switch (insn >> 8 & 7) {
    case 0: case 1: r = fpx_from_f32(&fp, value); break;
    case 2: case 3: r = fpx_from_int((int32_t)value); break;
    case 4: case 5: r = fpx_from_f64(&fp, value); break;
    default: r = fpx_from_int((insn >> 3 & 7) == 5 && !is_arith(insn) ? (int64_t)value : (int16_t)value); break;
    }
    if (fp.flags & FP_SNAN) {
        r.frac &= ~FPX_QUIET;
    }
    *flags = fp.flags;
    return r;
}

static void push_value(CPUX86State *env, FloatX80 value, uint32_t flags)
{
    if (!x87_is_empty(env, 7)) {
        if (x87_stack_fault(env, true)) {
            x87_push(env, fpx_indefinite());
        }
    } else if (x87_report(env, flags) || !(flags & FP_INVALID)) {
        /* A denormal operand is loaded even when that traps. */
        value.frac |= flags & FP_SNAN ? FPX_QUIET : 0;
        x87_push(env, value);
    }
}

static void arith_mem(CPUX86State *env, unsigned op, FloatX80 value, uint32_t extra)
{
    FPEnv fp = x87_rules(env);

    if (x87_is_empty(env, 0)) {
        if (x87_stack_fault(env, false)) {
            x87_set_st(env, 0, fpx_indefinite());
        }
        return;
    }
    FloatX80 a = x87_st(env, 0), r = arith(&fp, precision(env), op, a, value);

    if (fpx_classify(a) != FPX_NAN && !(fp.flags & (FP_INVALID | FP_DIVZERO))) {
        fp.flags |= extra & FP_DENORMAL_IN;
    }
    if (x87_report(env, fp.flags)) {
        x87_set_st(env, 0, r);
    }
}

void helper_x87_mem(CPUX86State *env, uint32_t insn, uint64_t value)
{
    unsigned op = insn >> 3 & 7;
    uint32_t flags;
    FloatX80 operand = from_memory(insn, value, &flags);

    x86_fpu_to_env(env);
    env->mmx_ready = false;
    if (!is_arith(insn)) {
        push_value(env, operand, flags);
    } else if (op == OP_COM || op == OP_COMP) {
        bool done = compare(env, operand, false, false, flags & FP_DENORMAL_IN);

        pop_if(env, done && op == OP_COMP);
    } else {
        arith_mem(env, op, operand, flags);
    }
}

void helper_x87_load_m80(CPUX86State *env, uint64_t frac, uint32_t se)
{
    x86_fpu_to_env(env);
    env->mmx_ready = false;
    push_value(env, (FloatX80){ frac, se }, 0);
}

void helper_x87_load_bcd(CPUX86State *env, uint64_t low, uint32_t high)
{
    uint8_t bcd[10];

    memcpy(bcd, &low, 8);
    memcpy(bcd + 8, &high, 2);
    x86_fpu_to_env(env);
    env->mmx_ready = false;
    push_value(env, fpx_from_bcd(bcd), 0);
}

/* --- stores ---------------------------------------------------------------------------- */

typedef struct StoreForm {
    uint8_t bits;
    bool is_int, truncate, pops;
} StoreForm;

static StoreForm store_form(unsigned insn)
{
    unsigned op = insn >> 3 & 7;

    switch (insn >> 8 & 7) {
    case 1: return (StoreForm){ 32, .pops = op == 3 };
    case 3: return (StoreForm){ 32, true, op == 1, op != 2 };
    case 5: return op == 1 ? (StoreForm){ 64, true, true, true } : (StoreForm){ 64, .pops = op == 3 };
    default: return op == 7 ? (StoreForm){ 64, true, false, true } : (StoreForm){ 16, true, op == 1, op != 2 };
    }
}

static uint64_t to_memory(FPEnv *fp, StoreForm form, FloatX80 value)
{
    if (form.is_int) {
        fp->rounding = form.truncate ? FP_TO_ZERO : fp->rounding;
        return fpx_to_int(fp, value, form.bits);
    }
    return form.bits == 32 ? fpx_to_f32(fp, value) : fpx_to_f64(fp, value);
}

/* Overflow and underflow unmasked: nothing is stored either (SDM 1:8.5.4). */
static bool store_happens(const CPUX86State *env, uint32_t flags)
{
    return !(exceptions_of(flags) & ~env->fpuc & (FPUS_EXCEPTIONS & ~FPUS_PE));
}

void helper_x87_store(CPUX86State *env, uint32_t insn, target_ulong addr, uint32_t oi)
{
    StoreForm form = store_form(insn);
    FPEnv fp = x87_rules(env);
    bool empty, stored;

    x86_fpu_to_env(env);
    env->mmx_ready = false;
    fp.scale_overflow = false;
    empty = x87_is_empty(env, 0);
    uint64_t value = to_memory(&fp, form, empty ? fpx_indefinite() : x87_st(env, 0));

    stored = empty ? env->fpuc & FPUS_IE : store_happens(env, fp.flags);
    if (stored) {
        cpu_st_mmu(env, addr, value, oi, GETPC());
    }
    if (empty) {
        x87_stack_fault(env, false);
    } else if (!stored) {
        x87_report(env, fp.flags & ~(FP_INEXACT | FP_ROUNDED_UP));
    } else {
        x87_report(env, fp.flags);
    }
    pop_if(env, stored && form.pops);
}

void helper_x87_store_ten(CPUX86State *env, uint32_t insn, target_ulong addr)
{
    FPEnv fp = x87_rules(env);
    uint64_t low;
    uint8_t bcd[10];
    uint16_t high;

    x86_fpu_to_env(env);
    env->mmx_ready = false;
    bool empty = x87_is_empty(env, 0);
    FloatX80 value = empty ? fpx_indefinite() : x87_st(env, 0);

    low = value.frac;
    high = value.se;
    if (insn >> 8 == 0xdf) {
        fpx_to_bcd(&fp, value, bcd);
        memcpy(&low, bcd, 8);
        memcpy(&high, bcd + 8, 2);
    }
    bool stored = empty ? env->fpuc & FPUS_IE : store_happens(env, fp.flags);

    if (stored) {
        x87_store_ten(env, addr, low, high, GETPC());
    }
    if (empty) {
        x87_stack_fault(env, false);
    } else {
        x87_report(env, fp.flags);
    }
    pop_if(env, stored);
}

/* --- register forms ----------------------------------------------------------------------- */

static void exec_fld(CPUX86State *env, unsigned i)
{
    if (x87_is_empty(env, i)) {
        if (x87_stack_fault(env, false)) {
            x87_push(env, fpx_indefinite());
        }
        return;
    }
    push_value(env, x87_st(env, i), 0);
}

static void exec_fst(CPUX86State *env, unsigned i, bool pops)
{
    if (x87_is_empty(env, 0)) {
        if (!x87_stack_fault(env, false)) {
            return;
        }
        x87_set_st(env, i, fpx_indefinite());
    } else {
        x87_set_st(env, i, x87_st(env, 0));
        env->fpus &= ~FPUS_C1;
    }
    pop_if(env, pops);
}

/* D9 D8+i, which pops without looking whether the register is empty. */
static void exec_fstpnce(CPUX86State *env, unsigned i)
{
    if (!x87_is_empty(env, 0)) {
        x87_set_st(env, i, x87_st(env, 0));
    }
    env->fpus &= ~FPUS_C1;
    x87_pop(env);
}

static void exec_ffree(CPUX86State *env, unsigned i)
{
    env->fptags[(env->fpstt + i) & 7] = 1;
    env->fpus &= ~FPUS_C1;
}

static void exec_fxch(CPUX86State *env, unsigned i)
{
    FloatX80 a = x87_is_empty(env, 0) ? fpx_indefinite() : x87_st(env, 0);
    FloatX80 b = x87_is_empty(env, i) ? fpx_indefinite() : x87_st(env, i);

    if (x87_is_empty(env, 0) || x87_is_empty(env, i)) {
        if (!x87_stack_fault(env, false)) {
            return;
        }
    } else {
        env->fpus &= ~FPUS_C1;
    }
    x87_set_st(env, 0, b);
    x87_set_st(env, i, a);
}

static void exec_fxam(CPUX86State *env)
{
    static const uint16_t codes[] = {
        [FPX_ZERO] = FPUS_C3, [FPX_FINITE] = FPUS_C2, [FPX_INF] = FPUS_C2 | FPUS_C0, [FPX_NAN] = FPUS_C0,
        [FPX_UNSUPPORTED] = 0, [FPX_DENORMAL] = FPUS_C3 | FPUS_C2,
    };
    FloatX80 a = x87_st(env, 0);
    uint32_t code = x87_is_empty(env, 0) ? FPUS_C3 | FPUS_C0 : codes[fpx_classify(a)];

    env->fpus = (env->fpus & ~(FPUS_CODES | FPUS_C1)) | code | (a.se & FPX_SIGN ? FPUS_C1 : 0);
}

/* FLD1 .. FLDZ: the constants by rounding mode (SDM 2A, FLD1). */
static void exec_constant(CPUX86State *env, unsigned n)
{
    static const struct { uint64_t frac; uint16_t se; int8_t rest; } constants[] = {
        { UINT64_C(0x8000000000000000), 0x3fff, 0 },
        { UINT64_C(0xd49a784bcd1b8afe), 0x4000, 1 },    /* log2(10): a little more */
        { UINT64_C(0xb8aa3b295c17f0bc), 0x3fff, -1 },   /* log2(e): a little less */
        { UINT64_C(0xc90fdaa22168c235), 0x4000, -1 },
        { UINT64_C(0x9a209a84fbcff799), 0x3ffd, -1 },
        { UINT64_C(0xb17217f7d1cf79ac), 0x3ffe, -1 },
        { 0, 0, 0 },
    };
    FPRounding rounding = x87_rules(env).rounding;
    FloatX80 value = { constants[n].frac, constants[n].se };

    if (constants[n].rest < 0 && (rounding == FP_DOWN || rounding == FP_TO_ZERO)) {
        value.frac--;
    } else if (constants[n].rest > 0 && rounding == FP_UP) {
        value.frac++;
    }
    push_value(env, value, 0);
}

typedef FloatX80 UnaryFn(FPEnv *fp, FloatX80 a);

static void exec_unary(CPUX86State *env, UnaryFn *fn)
{
    FPEnv fp = x87_rules(env);

    if (x87_is_empty(env, 0)) {
        if (x87_stack_fault(env, false)) {
            x87_set_st(env, 0, fpx_indefinite());
        }
        return;
    }
    FloatX80 r = fn(&fp, x87_st(env, 0));

    if (x87_report(env, fp.flags)) {
        x87_set_st(env, 0, r);
    }
}

static FloatX80 unary_chs(FPEnv *fp, FloatX80 a)
{
    (void)fp;
    return (FloatX80){ a.frac, a.se ^ FPX_SIGN };
}

static FloatX80 unary_abs(FPEnv *fp, FloatX80 a)
{
    (void)fp;
    return (FloatX80){ a.frac, a.se & ~FPX_SIGN };
}

static void exec_fsqrt(CPUX86State *env)
{
    FPEnv fp = x87_rules(env);

    if (x87_is_empty(env, 0)) {
        exec_unary(env, unary_abs);
        return;
    }
    FloatX80 r = fpx_sqrt(&fp, x87_st(env, 0), precision(env));

    if (x87_report(env, fp.flags)) {
        x87_set_st(env, 0, r);
    }
}

static void exec_fprem(CPUX86State *env, bool nearest)
{
    FPEnv fp = x87_rules(env);
    uint64_t quotient;
    FloatX80 r;

    env->fpus &= ~FPUS_C2;
    if (x87_is_empty(env, 0) || x87_is_empty(env, 1)) {
        if (x87_stack_fault(env, false)) {
            x87_set_st(env, 0, fpx_indefinite());
        }
        return;
    }
    bool done = fpx_rem(&fp, x87_st(env, 0), x87_st(env, 1), nearest, &r, &quotient);

    if (!x87_report(env, fp.flags)) {
        return;
    }
    x87_set_st(env, 0, r);
    if (fpx_classify(r) != FPX_NAN) {
        env->fpus &= ~(FPUS_CODES | FPUS_C1);
        env->fpus |= !done ? FPUS_C2 : (quotient & 4 ? FPUS_C0 : 0) | (quotient & 2 ? FPUS_C3 : 0) |
                                       (quotient & 1 ? FPUS_C1 : 0);
    }
}

static void exec_fscale(CPUX86State *env)
{
    FPEnv fp = x87_rules(env);

    if (x87_is_empty(env, 0) || x87_is_empty(env, 1)) {
        if (x87_stack_fault(env, false)) {
            x87_set_st(env, 0, fpx_indefinite());
        }
        return;
    }
    FloatX80 r = fpx_scale(&fp, x87_st(env, 0), x87_st(env, 1));

    if (x87_report(env, fp.flags)) {
        x87_set_st(env, 0, r);
    }
}

static void exec_fxtract(CPUX86State *env)
{
    FPEnv fp = x87_rules(env);
    FloatX80 exponent, significand;

    if (x87_is_empty(env, 0) || !x87_is_empty(env, 7)) {
        if (x87_stack_fault(env, !x87_is_empty(env, 0))) {
            x87_set_st(env, 0, fpx_indefinite());
            x87_push(env, fpx_indefinite());
        }
        return;
    }
    significand = fpx_extract(&fp, x87_st(env, 0), &exponent);
    if (x87_report(env, fp.flags)) {
        x87_set_st(env, 0, exponent);
        x87_push(env, significand);
    }
}

static void exec_d9(CPUX86State *env, unsigned insn)
{
    switch (insn & 0xff) {
    case 0xd0: break;
    case 0xe0: exec_unary(env, unary_chs); break;
    case 0xe1: exec_unary(env, unary_abs); break;
    case 0xe4: compare(env, fpx_zero(false), false, false, 0); break;
    case 0xe5: exec_fxam(env); break;
    case 0xf4: exec_fxtract(env); break;
    case 0xf5: exec_fprem(env, true); break;
    case 0xf6: env->fpstt = (env->fpstt - 1) & 7; env->fpus &= ~FPUS_C1; break;
    case 0xf7: env->fpstt = (env->fpstt + 1) & 7; env->fpus &= ~FPUS_C1; break;
    case 0xf8: exec_fprem(env, false); break;
    case 0xfa: exec_fsqrt(env); break;
    case 0xfc: exec_unary(env, fpx_round_to_integral); break;
    case 0xfd: exec_fscale(env); break;
    default:
        if (insn & 0x10) {
            x87_transcendental(env, insn);
        } else {
            exec_constant(env, insn & 7);
        }
        break;
    }
}

void helper_x87_reg(CPUX86State *env, uint32_t insn)
{
    unsigned op = insn >> 3 & 7, i = insn & 7;

    x86_fpu_to_env(env);
    env->mmx_ready = false;
    switch (insn >> 3) {
    case 0xd9c0 >> 3: exec_fld(env, i); return;
    case 0xd9c8 >> 3: case 0xddc8 >> 3: case 0xdfc8 >> 3: exec_fxch(env, i); return;
    case 0xddc0 >> 3: exec_ffree(env, i); return;
    case 0xdfc0 >> 3: exec_ffree(env, i); x87_pop(env); return;
    case 0xddd0 >> 3: exec_fst(env, i, false); return;
    case 0xd9d8 >> 3: exec_fstpnce(env, i); return;
    case 0xddd8 >> 3: case 0xdfd0 >> 3: case 0xdfd8 >> 3: exec_fst(env, i, true); return;
    case 0xdde0 >> 3: compare_reg(env, i, true); return;
    case 0xdde8 >> 3: pop_if(env, compare_reg(env, i, true)); return;
    default: break;
    }
    switch (insn >> 8) {
    case 0xd9:
        exec_d9(env, insn);
        break;
    case 0xda:          /* FUCOMPP */
        if (compare_reg(env, 1, true)) {
            x87_pop(env);
            x87_pop(env);
        }
        break;
    default:            /* D8, DC, DE */
        if (op == OP_COM || op == OP_COMP) {
            bool twice = insn == 0xded9, pops = op == OP_COMP || insn >> 8 == 0xde;

            if (compare_reg(env, i, false)) {
                pop_if(env, pops);
                pop_if(env, twice);
            }
        } else {
            bool done = arith_reg(env, op, i, insn >> 8 == 0xd8 ? 0 : i);

            pop_if(env, done && insn >> 8 == 0xde);
        }
        break;
    }
}

/* FCOMI and relatives: the new ZF, PF, CF. The condition codes, and C1 but for stack faults, stay. */
uint32_t helper_x87_comi(CPUX86State *env, uint32_t insn)
{
    uint32_t kept = FPUS_CODES, saved, codes;
    bool done;

    x86_fpu_to_env(env);
    env->mmx_ready = false;
    if (!x87_is_empty(env, 0) && !x87_is_empty(env, insn & 7)) {
        kept |= FPUS_C1;
    }
    saved = env->fpus & kept;
    done = compare_reg(env, insn & 7, (insn & 0x38) == 0x28);
    codes = env->fpus;
    env->fpus = (env->fpus & ~kept) | saved;
    pop_if(env, done && insn >> 8 == 0xdf);
    return (codes & FPUS_C0 ? CC_C : 0) | (codes & FPUS_C2 ? CC_P : 0) | (codes & FPUS_C3 ? CC_Z : 0);
}

void helper_x87_cmov(CPUX86State *env, uint32_t i, uint32_t condition)
{
    x86_fpu_to_env(env);
    env->mmx_ready = false;
    if (x87_is_empty(env, 0) || x87_is_empty(env, i)) {
        if (x87_stack_fault(env, false)) {
            x87_set_st(env, 0, fpx_indefinite());
        }
        return;
    }
    if (condition) {
        x87_set_st(env, 0, x87_st(env, i));
    }
}
