/*
 * x86-64 back end: set-up, the loop over the ops, labels and stubs.
 *
 * SPDX-License-Identifier: MIT
 */
#include <cpuid.h>
#include "tcg/i386/tcg-target.h"
#include "tcg/simd.h"

HostFeatures host;

OutFn *const out_fns[NB_OPS] = {
#define OP_INT(n, o, i, c, p, m) [INDEX_op_##n##_i32] = out_##n, [INDEX_op_##n##_i64] = out_##n,
#define OP_FP(n, o, i, c, p, m)  [INDEX_op_##n##_f32] = outf_##n, [INDEX_op_##n##_f64] = outf_##n,
#define OP_VEC(n, o, i, c, p, m) [INDEX_op_##n##_vec] = outv_##n,
#define OP_ONE(n, o, i, c, p, m) [INDEX_op_##n] = out_##n,
#include "tcg/tcg-opc.h"
};

/* --- the allocator's view of the host --- */

static Mem place(int32_t offset, bool frame)
{
    return MEM(frame ? RSP : RBP, offset);
}

static void target_load(RegAlloc *ra, TCGType type, int reg, int32_t offset, bool frame)
{
    X86 *x = (X86 *)ra;
    Mem m = place(offset, frame);

    switch (type) {
    case TCG_TYPE_I32:
        op_rm(x, 0x8b, reg, m);
        break;
    case TCG_TYPE_I64:
        op_rm(x, P_W | 0x8b, reg, m);
        break;
    case TCG_TYPE_F32:
        sse_rm(x, P_F3 | P_0F | 0x10, reg, m);
        break;
    case TCG_TYPE_F64:
        sse_rm(x, P_F2 | P_0F | 0x10, reg, m);
        break;
    default:
        sse_rm(x, P_0F | 0x28, reg, m);
        break;
    }
}

static void target_store(RegAlloc *ra, TCGType type, int reg, int32_t offset, bool frame)
{
    X86 *x = (X86 *)ra;
    Mem m = place(offset, frame);

    switch (type) {
    case TCG_TYPE_I32:
        op_rm(x, 0x89, reg, m);
        break;
    case TCG_TYPE_I64:
        op_rm(x, P_W | 0x89, reg, m);
        break;
    case TCG_TYPE_F32:
        sse_rm(x, P_F3 | P_0F | 0x11, reg, m);
        break;
    case TCG_TYPE_F64:
        sse_rm(x, P_F2 | P_0F | 0x11, reg, m);
        break;
    default:
        sse_rm(x, P_0F | 0x29, reg, m);
        break;
    }
}

static void target_mov(RegAlloc *ra, TCGType type, int dst, int src)
{
    X86 *x = (X86 *)ra;

    if (ra_class(type) == RA_VEC) {
        sse_mov(x, dst, src);
    } else {
        out_mov_rr(x, type == TCG_TYPE_I64, dst, src);
    }
}

static void target_movi(RegAlloc *ra, TCGType type, int dst, uint64_t value)
{
    out_movi((X86 *)ra, dst, value);
}

static void target_storei(RegAlloc *ra, TCGType type, uint64_t value, int32_t offset, bool frame)
{
    X86 *x = (X86 *)ra;
    bool w = type == TCG_TYPE_I64;

    if (w && (int64_t)value != (int32_t)value) {
        out_movi(x, RAX, value);
        op_rm(x, P_W | 0x89, RAX, place(offset, frame));
    } else {
        op_rm_imm(x, (w ? P_W : 0) | 0xc7, 0, place(offset, frame), 4);
        out32(x, value);
    }
}

#define BIT(r) (UINT32_C(1) << (r))
static const RegTarget target = {
    .allocatable = {
        [RA_INT] = 0xffff & ~(BIT(RAX) | BIT(RDX) | BIT(RSP) | BIT(RBP)),
        [RA_VEC] = 0x3fff0000,
    },
    .call_clobbered = 0x3fff0000 | BIT(RCX) | BIT(RSI) | BIT(RDI) | BIT(R8) | BIT(R9) | BIT(R10) |
                      BIT(R11),
    .env_reg = RBP,
    .frame_bytes = FRAME_BYTES,
    .load = target_load,
    .store = target_store,
    .mov = target_mov,
    .movi = target_movi,
    .storei = target_storei,
};

/* --- services --- */

bool arg_imm32(const TCGOp *op, int n, bool w, int32_t *imm)
{
    const TCGTemp *t = arg_temp(op->args[n]);

    *imm = t->val;
    return temp_is_const(t) && (!w || (int64_t)t->val == (int32_t)t->val);
}

Stub *stub_new(X86 *x, void (*emit)(X86 *, Stub *))
{
    Stub *stub = tcg_malloc(sizeof(*stub));

    stub->emit = emit;
    stub->insn = x->insn;
    if (x->last_stub) {
        x->last_stub->next = stub;
    } else {
        x->stubs = stub;
    }
    x->last_stub = stub;
    return stub;
}

void stub_jump(Stub *stub, uint8_t *rel32)
{
    assert(stub->nb_jumps < (int)ARRAY_SIZE(stub->jump));
    stub->jump[stub->nb_jumps++] = rel32;
}

void stub_here(X86 *x, Stub *stub)
{
    for (int i = 0; i < stub->nb_jumps; i++) {
        patch_rel32(stub->jump[i], x->p);
    }
}

void stub_back(X86 *x, Stub *stub)
{
    ptrdiff_t rel = stub->back - (x->p + 2);

    if (rel == (int8_t)rel) {
        out8(x, 0xeb);
        out8(x, rel);
    } else {
        patch_rel32(out_jmp(x), stub->back);
    }
}

void record_write_back(X86 *x, Stub *stub)
{
    TCGContext *s = x->s;
    unsigned nb = stub->dirty->nb;
    TCGWriteBack *w = tcg_malloc(sizeof(*w) + nb * sizeof(w->entry[0]));

    w->host_off = x->p - x->start;
    w->insn = stub->insn;
    w->nb = nb;
    for (unsigned i = 0; i < nb; i++) {
        w->entry[i] = stub->dirty->entry[i];
        w->entry[i].reg &= 15;
    }
    if (s->last_write_back) {
        s->last_write_back->next = w;
    } else {
        s->write_backs = w;
    }
    s->last_write_back = w;
}

void store_pending(X86 *x, const RaDirty *dirty)
{
    for (int i = 0; i < dirty->nb_pending; i++) {
        const RaPending *p = &dirty->pending[i];
        x->ra.target->storei(&x->ra, p->type, p->value, p->env_offset, false);
    }
}

typedef struct Reloc {
    struct Reloc *next;
    uint8_t *at;
} Reloc;

void jump_label(X86 *x, int cc, TCGLabel *label)
{
    if (label->value) {
        const uint8_t *to = (const uint8_t *)(uintptr_t)label->value;
        ptrdiff_t rel = to - (x->p + 2);

        if (rel == (int8_t)rel) {
            out8(x, cc < 0 ? 0xeb : 0x70 | cc);
            out8(x, rel);
        } else {
            patch_rel32(cc < 0 ? out_jmp(x) : out_jcc(x, cc), to);
        }
        return;
    }
    Reloc *r = tcg_malloc(sizeof(*r));
    r->at = cc < 0 ? out_jmp(x) : out_jcc(x, cc);
    r->next = label->relocs;
    label->relocs = r;
}

/* Heads of loops start a fetch window. */
static void align_loop(X86 *x)
{
    static const uint8_t nops[9][9] = {
        { 0x90 }, { 0x66, 0x90 }, { 0x0f, 0x1f, 0x00 }, { 0x0f, 0x1f, 0x40, 0x00 },
        { 0x0f, 0x1f, 0x44, 0x00, 0x00 }, { 0x66, 0x0f, 0x1f, 0x44, 0x00, 0x00 },
        { 0x0f, 0x1f, 0x80, 0x00, 0x00, 0x00, 0x00 },
        { 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00 },
        { 0x66, 0x0f, 0x1f, 0x84, 0x00, 0x00, 0x00, 0x00, 0x00 },
    };

    for (int pad = -(uintptr_t)x->p & 15; pad > 0;) {
        int n = MIN(pad, 9);
        memcpy(x->p, nops[n - 1], n);
        x->p += n;
        pad -= n;
    }
}

void bind_label(X86 *x, TCGLabel *label)
{
    if (label->backward) {
        align_loop(x);
    }
    label->value = (uintptr_t)x->p;
    for (Reloc *r = label->relocs; r; r = r->next) {
        patch_rel32(r->at, x->p);
    }
}

/* --- passes --- */

static bool room_left(const X86 *x)
{
    return x->p + 1024 < x->s->code_highwater;
}

static int emit_block(X86 *x, TCGBlock *b)
{
    for (TCGOp *op = b->first; op; op = op == b->last ? NULL : op->next) {
        if (!room_left(x)) {
            return -1;
        }
        ra_op_start(&x->ra, op);
        if (op->opc != INDEX_op_insn_start) {   /* which emits nothing */
            x->flags_reg = x->next_flags_reg;
            x->flags_wide = x->next_flags_wide;
            x->next_flags_reg = NO_REG;
        }
        out_fns[op->opc](x, op);
        ra_op_end(&x->ra);
    }
    return 0;
}

static int emit_blocks(X86 *x)
{
    TCGCfg *cfg = x->s->cfg;
    bool falls_in = true;

    for (int i = 0; i < cfg->nb_blocks; i++) {
        TCGBlock *b = &cfg->blocks[i];

        ra_block_start(&x->ra, i, falls_in);
        x->next_flags_reg = NO_REG;
        if (emit_block(x, b) < 0) {
            return -1;
        }
        falls_in = b->next >= 0;
        if (falls_in && cfg->blocks[i + 1].preds > 1) {
            ra_sync_live(&x->ra, b->live_out);
        }
    }
    return 0;
}

static int emit_stubs(X86 *x)
{
    for (Stub *stub = x->stubs; stub; stub = stub->next) {
        if (!room_left(x)) {
            return -1;
        }
        stub->emit(x, stub);
    }
    return 0;
}

int tcg_target_gen_code(TCGContext *s)
{
    X86 x = { .s = s, .p = s->code_ptr, .start = s->code_ptr, .insn = -1 };

    for (TCGLabel *l = s->labels; l; l = l->next) {
        l->value = 0;
        l->relocs = NULL;
    }
    ra_init(&x.ra, s, &target);
    ra_assign_region(&x.ra);
    ra_load_region(&x.ra);
    if (emit_blocks(&x) < 0) {
        return -1;
    }
    s->nb_insns = x.insn + 1;
    if (x.insn >= 0) {
        s->insn_end_off[x.insn] = x.p - x.start;
    }
    if (emit_stubs(&x) < 0) {
        return -1;
    }
    if (x.ra.frame_full) {
        return -2;
    }
    s->code_ptr = x.p;
    return x.p - x.start;
}

void tb_target_set_jmp_target(uintptr_t jmp_rx, uintptr_t jmp_rw, uintptr_t target_rx)
{
    qatomic_set((int32_t *)(jmp_rw + 1), (int32_t)(target_rx - (jmp_rx + 5)));
}

static void find_features(void)
{
    unsigned a, b, c, d, xcr0 = 0;

    __cpuid(1, a, b, c, d);
    host.ssse3 = c & bit_SSSE3;
    host.sse41 = c & bit_SSE4_1;
    host.popcnt = c & bit_POPCNT;
    host.movbe = c & bit_MOVBE;
    if (c & bit_OSXSAVE) {
        unsigned high;
        __asm__("xgetbv" : "=a"(xcr0), "=d"(high) : "c"(0));
    }
    host.avx = (c & bit_AVX) && (xcr0 & 6) == 6;
    host.fma = host.avx && (c & bit_FMA);
    host.simd = (host.avx ? SIMD_AVX : 0) | (host.fma ? SIMD_FMA3 : 0) |
                (host.avx && (c & bit_F16C) ? SIMD_F16C : 0) | (c & bit_SSE4_2 ? SIMD_SSE42 : 0) |
                (c & bit_AES ? SIMD_AES : 0) | (c & bit_PCLMUL ? SIMD_PCLMUL : 0);
    if (__get_cpuid_max(0, NULL) >= 7) {
        __cpuid_count(7, 0, a, b, c, d);
        host.simd |= (host.avx && (b & bit_AVX2) ? SIMD_AVX2 : 0) | (b & bit_SHA ? SIMD_SHA : 0);
        host.bmi1 = b & bit_BMI;
        host.bmi2 = b & bit_BMI2;
    }
    __cpuid(0x80000001, a, b, c, d);
    host.lzcnt = c & bit_LZCNT;
    if (!host.sse41 || !host.ssse3 || !host.popcnt) {
        fprintf(stderr, "this host CPU lacks SSE4.1, SSSE3 or POPCNT, which generated code needs\n");
        exit(1);
    }
}

void tcg_target_init(TCGContext *s)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;

    pthread_once(&once, find_features);
    s->ops_zero_extend = true;
    s->share_page_checks = true;
    s->host_x87 = true;
}

void tcg_target_prologue(TCGContext *s)
{
    X86 x = { .s = s, .p = s->code_ptr, .start = s->code_ptr };

    thunks_emit(&x);
    s->code_ptr = x.p;
}
