/*
 * Every row of the MMX, SSE and AVX instructions against the CPU that runs the
 * test: encodings are made from the rows, run as they are, and run through
 * decoder, translator and back end; registers, memory, flags and MXCSR must come
 * out the same, under random rounding and denormal modes, with NaNs, infinities,
 * denormals and limits as operands. If this fails, guests compute wrongly.
 *
 * What the CPU lacks is printed and counted as skipped.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/exec-all.h"
#include "target-i386/decode.h"
#include "tcg/cpu-neg.h"
#include "tcg/simd.h"
#include "tcg/tcg-internal.h"

#include <cpuid.h>
#include <sys/mman.h>

enum { TRIALS = 60, CODE_BYTES = 1 << 20, DATA_BYTES = 256, DATA_OFFSET = 64 };

/* --- the rest of the emulator: weak where the front end may bring its own --- */

size_t cpu_env_offset = offsetof(X86CPU, env);
static uint8_t *guest_code;

uint8_t cpu_ldub_code(CPUArchState *env, vaddr addr)
{
    return *(uint8_t *)(uintptr_t)addr;
}

void *tlb_vaddr_to_host(CPUArchState *env, vaddr addr, MMUAccessType access, int mmu_idx)
{
    return NULL;
}

uint64_t cpu_ld_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    uint64_t value = 0;

    memcpy(&value, (void *)(uintptr_t)addr, memop_size(get_memop(oi)));
    return value;
}

void cpu_st_mmu(CPUArchState *env, vaddr addr, uint64_t value, MemOpIdx oi, uintptr_t ra)
{
    memcpy((void *)(uintptr_t)addr, &value, memop_size(get_memop(oi)));
}

Int128Pair cpu_ld16_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    Int128Pair value;

    memcpy(&value, (void *)(uintptr_t)addr, sizeof(value));
    return value;
}

void cpu_st16_mmu(CPUArchState *env, vaddr addr, Int128Pair value, MemOpIdx oi, uintptr_t ra)
{
    memcpy((void *)(uintptr_t)addr, &value, sizeof(value));
}

void cpu_probe_st_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra) { }
void x86_update_hflags(CPUX86State *env) { }
int x86_cpu_mmu_index(CPUState *cpu, MMUAccessType access) { return MMU_USER_IDX; }

#if defined(__x86_64__)

/* --- rows --- */

typedef struct Row {
    const char *name;
    uint8_t map, opcode, prefix;
    uint16_t modrm;
    const char *forms;
    uint32_t needs;
} Row;

static const Row rows[] = {
#define INSN(n, m, o, p, c, f, x) { #n, m, o, p, c, #f, x },
#include "target-i386/insns-sse.h"
#include "target-i386/insns-avx.h"
#undef INSN
};

/* Letters of operand n's form; "" when there is none. */
static const char *form(const Row *row, int n)
{
    static char text[16];
    const char *p = strchr(row->forms, '(') + 1;

    for (; n && p; n--) {
        p = strchr(p, ',');
        p = p ? p + 1 : NULL;
    }
    text[0] = 0;
    if (p) {
        sscanf(p, " %15[A-Za-z_]", text);
    }
    return text;
}

static bool has_form(const Row *row, char letter)
{
    for (int i = 0; i < MAX_OPERANDS; i++) {
        if (form(row, i)[0] == letter) {
            return true;
        }
    }
    return false;
}

static bool has_size(const Row *row, const char *size)
{
    for (int i = 0; i < MAX_OPERANDS; i++) {
        if (form(row, i)[0] && !strcmp(form(row, i) + 1, size)) {
            return true;
        }
    }
    return false;
}

static bool is_vex(const Row *row) { return row->map >= V_0F && row->map <= V_0F3A; }
static bool named(const Row *row, const char *name) { return !strcmp(row->name, name); }

/* --- what the CPU has --- */

static uint32_t cpu_words[FEATURE_WORDS];

static void find_features(void)
{
    unsigned a, b, c, d;

    __cpuid(1, a, b, c, d);
    cpu_words[FEAT_1_EDX] = d;
    cpu_words[FEAT_1_ECX] = c;
    __cpuid_count(7, 0, a, b, c, d);
    cpu_words[FEAT_7_0_EBX] = b;
    __cpuid(0x80000001, a, b, c, d);
    cpu_words[FEAT_8000_0001_ECX] = c;
}

static bool cpu_runs(const Row *row)
{
    unsigned feature = row->needs & NEEDS_FEATURE;

    return cpu_words[feature / 32] >> feature % 32 & 1;
}

/* --- state, here and there --- */

typedef struct State {
    uint64_t ymm[16][4];
    uint64_t gpr[16];
    uint64_t mm[8];
    uint32_t mxcsr, pad;
    uint64_t eflags;
    uint8_t data[DATA_BYTES];
} QEMU_ALIGNED(32) State;

State *native_state;
void *native_code;
static uint8_t data[DATA_BYTES] QEMU_ALIGNED(64);
void run_native(void);

/* Registers from *native_state, the instruction at native_code, registers back. rdi and rsi stay. */
__asm__(
    "run_native:\n"
    "push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15\n"
    "mov native_state(%rip), %rax\n"
    ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n vmovups \\n*32(%rax), %ymm\\n\n .endr\n"
    ".irp n,0,1,2,3,4,5,6,7\n movq 640+\\n*8(%rax), %mm\\n\n .endr\n"
    "ldmxcsr 704(%rax)\n"
    "mov 520(%rax), %rcx; mov 528(%rax), %rdx; mov 536(%rax), %rbx; mov 560(%rax), %rsi\n"
    "mov 568(%rax), %rdi; mov 576(%rax), %r8; mov 584(%rax), %r9; mov 592(%rax), %r10\n"
    "mov 600(%rax), %r11; mov 512(%rax), %rax\n"
    "call *native_code(%rip)\n"
    "push %rax; mov native_state(%rip), %rax; popq 512(%rax)\n"
    "mov %rcx, 520(%rax); mov %rdx, 528(%rax); mov %rbx, 536(%rax); mov %r8, 576(%rax)\n"
    "mov %r9, 584(%rax); mov %r10, 592(%rax); mov %r11, 600(%rax)\n"
    "pushfq; popq 712(%rax)\n"
    ".irp n,0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15\n vmovups %ymm\\n, \\n*32(%rax)\n .endr\n"
    ".irp n,0,1,2,3,4,5,6,7\n movq %mm\\n, 640+\\n*8(%rax)\n .endr\n"
    "stmxcsr 704(%rax)\n"
    "movl $0x1f80, -8(%rsp); ldmxcsr -8(%rsp); emms; vzeroupper\n"
    "pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx\n"
    "ret\n");
_Static_assert(offsetof(State, gpr) == 512 && offsetof(State, mm) == 640 && offsetof(State, mxcsr) == 704 &&
               offsetof(State, eflags) == 712, "the assembly code knows them");

/* --- the translated side --- */

static X86CPU *cpu;
static uint8_t *code_base;
static TBExit exits[8];
static uint32_t insn_offsets[8], reset_offsets[8];
static TBJumpCacheEntry jump_cache[TB_JMP_CACHE_SIZE];
static TranslationBlock tb;

static void configure(TCGContext *s)
{
    s->addr_bits = TARGET_LONG_BITS;
    tcg_context_find_cpu_neg(s);
    s->tb_exec_left = &tb.exec_left;
    s->jmp_insn_offset = insn_offsets;
    s->jmp_reset_offset = reset_offsets;
}

static void make_cpu(TCGContext *s)
{
    size_t table_bytes = tlb_fast_bytes(TARGET_LONG_BITS), start = ROUND_UP(sizeof(X86CPU), 4096);
    uint8_t *block = mmap(NULL, start + table_bytes, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    g_assert(block != MAP_FAILED);
    cpu = (X86CPU *)block;
    cpu->parent_obj.env = &cpu->env;
    tlb_hash_table_init((TLBHashEntry *)(block + start));
    for (int mode = 0; mode < 16; mode++) {
        s->tlb_offset[mode][0] = s->tlb_offset[mode][1] = block + start - (uint8_t *)&cpu->env;
    }
    memset(jump_cache, 0xff, sizeof(jump_cache));
    env_neg(&cpu->env)->jmp_cache = jump_cache;
    memset(cpu->env.features, 0xff, sizeof(cpu->env.features));
    cpu->env.hflags = HF_PE | HF_LMA | HF_CS64 | HF_CS32 | HF_SS32 | HF_OSFXSR | HF_AVX | 3;
}

static void init(void)
{
    code_base = mmap(NULL, CODE_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC,
                     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    guest_code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    g_assert(code_base != MAP_FAILED && guest_code != MAP_FAILED);
    tcg_init();
    target_translate_init();
    tcg_ctx = tcg_context_new();
    configure(tcg_ctx);
    make_cpu(tcg_ctx);
    tcg_ctx->code_buf = tcg_ctx->code_ptr = code_base;
    tcg_ctx->code_highwater = code_base + CODE_BYTES - 4096;
    tcg_prologue_init(tcg_ctx);
    code_base = (uint8_t *)ROUND_UP((uintptr_t)tcg_ctx->code_ptr, 64);
    native_code = guest_code;
    find_features();
}

static void run_guest(State *state)
{
    CPUX86State *env = &cpu->env;
    TCGContext *s = tcg_ctx;

    memcpy(env->ymm, state->ymm, sizeof(state->ymm));
    memcpy(env->regs, state->gpr, sizeof(state->gpr));
    for (int i = 0; i < 8; i++) {
        env->fpregs[i].mmx = state->mm[i];
    }
    x86_set_mxcsr(env, state->mxcsr);
    env->cc_op = CC_OP_EFLAGS;
    env->cc_src = 0;
    env->eip = (uintptr_t)guest_code;
    tb = (TranslationBlock){ .pc = (uintptr_t)guest_code, .flags = env->hflags, .exits = exits,
                             .cflags = 1 | CF_NO_GOTO_TB | CF_NO_GOTO_PTR, .page_addr = { -1, -1 } };
    tcg_func_start(s);
    s->tb = &tb;
    gen_intermediate_code(env, &tb);
    s->code_buf = s->code_ptr = code_base;
    g_assert_cmpint(tcg_gen_code(s), >, 0);
    x86_mxcsr_to_host(env);
    tcg_qemu_tb_exec(env, code_base + s->splitwx_diff);
    x86_mxcsr_to_env(env);
    memcpy(state->ymm, env->ymm, sizeof(state->ymm));
    memcpy(state->gpr, env->regs, sizeof(state->gpr));
    for (int i = 0; i < 8; i++) {
        state->mm[i] = env->fpregs[i].mmx;
    }
    state->mxcsr = env->mxcsr;
    state->eflags = x86_compute_cc(env->cc_op, env->cc_dst, env->cc_src, env->cc_src2);
}

/* --- random operands --- */

static uint64_t rng_state = 88172645463325252;

static uint64_t rng(void)
{
    rng_state ^= rng_state << 13;
    rng_state ^= rng_state >> 7;
    rng_state ^= rng_state << 17;
    return rng_state;
}

static unsigned below(unsigned n) { return rng() % n; }

static uint32_t random_single(void)
{
    static const uint32_t edges[] = {
        0, 0x80000000, 1, 0x807fffff, 0x00800000, 0x3f800000, 0xbf800000, 0x40490fdb, 0x7f7fffff,
        0xff7fffff, 0x7f800000, 0xff800000, 0x7fc00000, 0xffc12345, 0x7f800001, 0xff812345,
        0x4effffff, 0x4f000000, 0xcf000000, 0x5f000000, 0xdf000000, 0x3f000000, 0x477ff000, 0x33000001,
    };

    switch (below(4)) {
    case 0: return rng();
    case 1: return (rng() & 0x807fffff) | (110 + below(40)) << 23;
    default: return edges[below(ARRAY_SIZE(edges))];
    }
}

static uint64_t random_double(void)
{
    static const uint64_t edges[] = {
        0, UINT64_C(1) << 63, 1, 0x800fffffffffffff, 0x0010000000000000, 0x3ff0000000000000,
        0xbff8000000000000, 0x400921fb54442d18, 0x7fefffffffffffff, 0x7ff0000000000000,
        0xfff0000000000000, 0x7ff8000000000000, 0xfff8000012345678, 0x7ff0000000000001,
        0x41dfffffffc00000, 0x41e0000000000000, 0xc1e0000000200000, 0x43e0000000000000,
        0xc3e0000000000000, 0x3fe0000000000000, 0x47effffff0000000, 0x380fffffffffffff,
    };

    switch (below(4)) {
    case 0: return rng();
    case 1: return (rng() & 0x800fffffffffffff) | (uint64_t)(1000 + below(60)) << 52;
    default: return edges[below(ARRAY_SIZE(edges))];
    }
}

static void random_bytes(void *to, size_t size)
{
    unsigned kind = below(4);

    for (size_t i = 0; i < size; i += 8) {
        uint64_t word = kind == 0 ? rng() : kind == 1 ? random_double() : kind == 2 ? below(70)
                        : random_single() | (uint64_t)random_single() << 32;

        memcpy((uint8_t *)to + i, &word, 8);
    }
}

static uint32_t random_csr(void)
{
    return SIMD_CSR_DEFAULT | below(4) << SIMD_RC_SHIFT | (below(3) ? 0 : SIMD_DAZ) |
           (below(3) ? 0 : SIMD_FTZ) | (below(2) ? below(64) : 0);
}

static void random_state(const Row *row, State *s)
{
    memset(s, 0, sizeof(*s));
    for (int i = 0; i < 16; i++) {
        random_bytes(s->ymm[i], 32);
        s->gpr[i] = below(2) ? rng() : random_double();
    }
    if (named(row, "vgather")) {
        for (int i = 0; i < 4; i++) {
            s->ymm[2][i] = below(8) | (uint64_t)below(2) << (row->opcode & 1 ? 2 : 32);
        }
    }
    random_bytes(s->mm, sizeof(s->mm));
    random_bytes(s->data, sizeof(s->data));
    if (named(row, "ldmxcsr")) {
        uint32_t csr = random_csr();

        memcpy(s->data + DATA_OFFSET, &csr, 4);
    }
    s->gpr[R_ESI] = s->gpr[R_EDI] = (uintptr_t)data + DATA_OFFSET;
    s->mxcsr = random_csr();
}

/* --- encodings --- */

/* A register for a field: general ones without rsp, rbp, rsi, rdi and those that the caller needs. */
static unsigned random_reg(char letter)
{
    static const uint8_t general[] = { 0, 1, 2, 3, 8, 9, 10, 11 };

    return strchr("GERB", letter) ? general[below(8)] : strchr("PQN", letter) ? below(8) : below(16);
}

typedef struct Fields {
    unsigned reg, rm, vvvv, mod;
    bool w, l;
} Fields;

static Fields choose_fields(const Row *row)
{
    Fields f = { .mod = row->modrm & MEM ? 0 : row->modrm & MOD3 ? 3 : below(2) * 3 };
    bool scalable = has_size(row, "x") || has_size(row, "h");

    for (int i = 0; i < MAX_OPERANDS; i++) {
        char letter = form(row, i)[0];

        if (letter && strchr("GVP", letter)) {
            f.reg = random_reg(letter);
        } else if (letter && strchr("EWQUNR", letter)) {
            f.rm = random_reg(letter);
            f.mod = strchr("UN", letter) || (letter == 'R' && form(row, i)[2] == 0) ? 3 : f.mod;
        } else if (letter == 'H') {
            f.vvvv = random_reg(letter);
        } else if (letter == 'M') {
            f.mod = 0;
        }
    }
    if (row->modrm & REG(0)) {
        f.reg = row->modrm & 7;
    }
    f.w = row->modrm & W1 || (!(row->modrm & W0) && has_size(row, "y") && below(2));
    f.l = row->modrm & L1 || (!(row->modrm & L0) && (scalable || named(row, "vzero")) && below(2));
    if (f.mod == 0) {
        f.rm = R_ESI;
    }
    if (named(row, "vgather")) {        /* ymm2 is the index */
        f.reg = 4 + below(4);
        f.vvvv = 8 + below(8);
    }
    return f;
}

static uint8_t *put_prefixes(uint8_t *p, const Row *row, const Fields *f, unsigned prefix)
{
    static const uint8_t bytes[9] = { [P66] = 0x66, [PF3] = 0xf3, [PF2] = 0xf2 };
    uint8_t rex = 0x40 | f->w << 3 | (f->reg >> 3) << 2 | f->rm >> 3;

    if (bytes[prefix]) {
        *p++ = bytes[prefix];
    }
    if (rex != 0x40) {
        *p++ = rex;
    }
    *p++ = 0x0f;
    if (row->map != M_0F) {
        *p++ = row->map == M_0F38 ? 0x38 : 0x3a;
    }
    return p;
}

static uint8_t *put_vex(uint8_t *p, const Row *row, const Fields *f, unsigned prefix)
{
    static const uint8_t pp[9] = { [P66] = 1, [PF3] = 2, [PF2] = 3 };

    *p++ = 0xc4;
    *p++ = (f->reg & 8 ? 0 : 0x80) | 0x40 | (f->rm & 8 ? 0 : 0x20) | (row->map - V_0F + 1);
    *p++ = f->w << 7 | (~f->vvvv & 15) << 3 | f->l << 2 | pp[prefix];
    return p;
}

/* The bytes of one instruction of the row, then RET. */
static void encode(const Row *row)
{
    Fields f = choose_fields(row);
    unsigned prefix;
    uint8_t *p = guest_code;

    do {
        prefix = 1u << below(4);
    } while (!(row->prefix & prefix));
    p = is_vex(row) ? put_vex(p, row, &f, prefix) : put_prefixes(p, row, &f, prefix);
    *p++ = row->opcode;
    if (named(row, "vgather")) {
        *p++ = (f.reg & 7) << 3 | 4;
        *p++ = below(4) << 6 | 2 << 3 | R_ESI;
    } else if (strcmp(form(row, 0), "no_form") || row->modrm) {
        *p++ = f.mod << 6 | (f.reg & 7) << 3 | (f.rm & 7);
    }
    if (has_form(row, 'I')) {
        *p++ = rng();
    } else if (has_form(row, 'L')) {
        *p++ = random_reg('V') << 4;
    }
    *p = 0xc3;
}

/* --- comparison --- */

static void print_bytes(const char *what, const void *bytes, int size)
{
    printf("#  %s", what);
    for (int i = 0; i < size; i++) {
        printf("%s%02x", i % 8 ? "" : " ", ((const uint8_t *)bytes)[i]);
    }
    printf("\n");
}

static bool differs(const char *what, int n, const void *expected, const void *got, const void *before, int size)
{
    if (!memcmp(expected, got, size)) {
        return false;
    }
    printf("# %s %d\n", what, n);
    print_bytes("before  ", before, size);
    print_bytes("expected", expected, size);
    print_bytes("got     ", got, size);
    return true;
}

static bool same(const Row *row, const State *before, State *expected, State *got)
{
    bool bad = false;

    expected->eflags &= CC_ALL;
    got->eflags = row->needs & FW ? got->eflags & CC_ALL : expected->eflags;
    for (int i = 0; i < 16; i++) {
        bad |= differs("ymm", i, expected->ymm[i], got->ymm[i], before->ymm[i], 32);
        bad |= differs("gpr", i, &expected->gpr[i], &got->gpr[i], &before->gpr[i], 8);
    }
    for (int i = 0; i < 8; i++) {
        bad |= differs("mm", i, &expected->mm[i], &got->mm[i], &before->mm[i], 8);
    }
    bad |= differs("mxcsr", 0, &expected->mxcsr, &got->mxcsr, &before->mxcsr, 4);
    bad |= differs("flags", 0, &expected->eflags, &got->eflags, &before->eflags, 8);
    return !(bad | differs("data", 0, expected->data, got->data, before->data, DATA_BYTES));
}

static bool trial(const Row *row)
{
    State before, native, guest;

    random_state(row, &before);
    encode(row);
    native = guest = before;
    memcpy(data, before.data, DATA_BYTES);
    native_state = &native;
    run_native();
    memcpy(native.data, data, DATA_BYTES);
    memcpy(data, before.data, DATA_BYTES);
    run_guest(&guest);
    memcpy(guest.data, data, DATA_BYTES);
    if (!same(row, &before, &native, &guest)) {
        print_bytes("code", guest_code, 12);
        print_bytes("data", before.data + DATA_OFFSET, 32);
        return false;
    }
    return true;
}

/* Estimates of another processor, and so the interpreter's, may differ in their low bits. */
static bool is_estimate(const Row *row)
{
    return g_str_has_prefix(row->name, "rcp") || g_str_has_prefix(row->name, "rsqrt");
}

static bool test_row(const Row *row)
{
    int failures = 0;

    for (int i = 0; i < TRIALS && !failures; i++) {
        failures += !trial(row);
    }
    return !failures;
}

int main(void)
{
    int failed = 0;

    init();
    printf("1..%d\n", (int)ARRAY_SIZE(rows));
    if (!__builtin_cpu_supports("avx")) {
        printf("Bail out! the test itself needs AVX\n");
        return 1;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        const Row *row = &rows[i];
        bool ok = true, skip = !cpu_runs(row);

#ifdef CONFIG_TCI
        skip |= is_estimate(row);
#else
        (void)is_estimate;
#endif
        if (!skip) {
            ok = test_row(row);
        }
        printf("%s %u - %s, map %u opcode %02x%s\n", ok ? "ok" : "not ok", i + 1, row->name, row->map,
               row->opcode, skip ? " # SKIP this CPU lacks it" : "");
        fflush(stdout);
        failed += !ok;
    }
    return failed != 0;
}
#else
int main(void)
{
    printf("1..0 # SKIP compares with an x86 CPU\n");
    return 0;
}
#endif
