/*
 * Translation contexts: the arena of a block, temps, constants, globals,
 * labels, the op list, and tcg_gen_code(), which is the list of passes.
 *
 * Emission of ops from a front end's calls is tcg/tcg-op*.c; host code is the
 * back end's.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tcg-internal.h"
#include "tcg/merge.h"
#include "qemu/log.h"

#define POOL_CHUNK_BYTES (256 * KiB)
#define MAX_GLOBALS      512
#define CONST_BUCKETS    256
/* Where tcg_op_buf_full() says stop: what is left holds the largest single instruction. */
#define TEMPS_SOFT_LIMIT (TCG_MAX_TEMPS - 2048)
#define OPS_SOFT_LIMIT   12000
#define INSNS_SOFT_LIMIT (TCG_MAX_INSNS - 1)

__thread TCGContext *tcg_ctx;
TCGv_env tcg_env;
uintptr_t (*tcg_qemu_tb_exec)(void *env, const void *tb_ptr);

/*
 * The handles that front ends keep. Passes write into temps, so that each
 * context works on copies of its own: see tcg_own_temp() in tcg-op.c.
 */
static TCGTemp shared_globals[MAX_GLOBALS];
static int nb_shared_globals;

/* --- arena ----------------------------------------------------------------- */

typedef struct PoolChunk {
    struct PoolChunk *next;
    size_t size;
    uint8_t data[] QEMU_ALIGNED(16);
} PoolChunk;

static PoolChunk *pool_chunk_new(size_t size)
{
    PoolChunk *chunk = g_malloc(sizeof(PoolChunk) + size);

    chunk->next = NULL;
    chunk->size = size;
    return chunk;
}

static void pool_use(TCGContext *s, PoolChunk *chunk)
{
    s->pool_chunk = chunk;
    s->pool_cur = chunk->data;
    s->pool_end = chunk->data + chunk->size;
}

/* Chunks stay in the list and are used again for the next block. */
static void pool_next_chunk(TCGContext *s, size_t size)
{
    PoolChunk *chunk = s->pool_chunk;

    if (!chunk->next || chunk->next->size < size) {
        PoolChunk *fresh = pool_chunk_new(MAX(size, (size_t)POOL_CHUNK_BYTES));

        fresh->next = chunk->next;
        chunk->next = fresh;
    }
    pool_use(s, chunk->next);
}

static inline void *pool_alloc(TCGContext *s, size_t size)
{
    void *p;

    size = ROUND_UP(size, 16);
    if (unlikely(size > (size_t)(s->pool_end - s->pool_cur))) {
        pool_next_chunk(s, size);
    }
    p = s->pool_cur;
    s->pool_cur += size;
    return p;
}

void *tcg_malloc(size_t size)
{
    return memset(pool_alloc(tcg_ctx, size), 0, size);
}

/* --- temps ----------------------------------------------------------------- */

static TCGTemp *temp_new(TCGContext *s, TCGType type, TCGTempKind kind)
{
    TCGTemp *t = pool_alloc(s, sizeof(TCGTemp));

    /* tcg_op_buf_full() ends the block long before. */
    assert(s->nb_temps < TCG_MAX_TEMPS);
    *t = (TCGTemp){ .type = type, .kind = kind, .index = s->nb_temps,
                    .reg = -1, .frame_offset = -1 };
    s->temps[s->nb_temps++] = t;
    return t;
}

TCGTemp *tcg_temp_new_internal(TCGType type)
{
    return temp_new(tcg_ctx, type, TEMP_TEMP);
}

TCGv_i32 tcg_temp_new_i32(void) { return (TCGv_i32)tcg_temp_new_internal(TCG_TYPE_I32); }
TCGv_i64 tcg_temp_new_i64(void) { return (TCGv_i64)tcg_temp_new_internal(TCG_TYPE_I64); }
TCGv_f32 tcg_temp_new_f32(void) { return (TCGv_f32)tcg_temp_new_internal(TCG_TYPE_F32); }
TCGv_f64 tcg_temp_new_f64(void) { return (TCGv_f64)tcg_temp_new_internal(TCG_TYPE_F64); }
TCGv_vec tcg_temp_new_vec(void) { return (TCGv_vec)tcg_temp_new_internal(TCG_TYPE_V128); }

TCGTemp *tcg_const_temp(TCGType type, uint64_t val)
{
    TCGContext *s = tcg_ctx;
    TCGTemp **bucket, *t;

    if (type == TCG_TYPE_I32) {
        val = (uint32_t)val;
    }
    bucket = &s->consts[((val ^ (val >> 32)) * 0x9e3779b1u >> 13 ^ type) % CONST_BUCKETS];
    for (t = *bucket; t; t = t->hash_next) {
        if (t->val == val && t->type == type) {
            return t;
        }
    }
    t = temp_new(s, type, TEMP_CONST);
    t->val = val;
    t->hash_next = *bucket;
    *bucket = t;
    return t;
}

TCGv_i32 tcg_constant_i32(int32_t val)
{
    return (TCGv_i32)tcg_const_temp(TCG_TYPE_I32, (uint32_t)val);
}

TCGv_i64 tcg_constant_i64(int64_t val)
{
    return (TCGv_i64)tcg_const_temp(TCG_TYPE_I64, val);
}

/* --- globals --------------------------------------------------------------- */

static TCGTemp *global_new(TCGType type, TCGTempKind kind, int env_offset, const char *name)
{
    TCGTemp *t = &shared_globals[nb_shared_globals];

    assert(nb_shared_globals < MAX_GLOBALS);
    *t = (TCGTemp){ .type = type, .kind = kind, .mem_offset = env_offset, .name = name,
                    .index = nb_shared_globals++, .reg = -1, .frame_offset = -1 };
    return t;
}

TCGv_i32 tcg_global_mem_new_i32(int env_offset, const char *name)
{
    return (TCGv_i32)global_new(TCG_TYPE_I32, TEMP_GLOBAL, env_offset, name);
}

TCGv_i64 tcg_global_mem_new_i64(int env_offset, const char *name)
{
    return (TCGv_i64)global_new(TCG_TYPE_I64, TEMP_GLOBAL, env_offset, name);
}

TCGv_f64 tcg_global_mem_new_f64(int env_offset, const char *name)
{
    return (TCGv_f64)global_new(TCG_TYPE_F64, TEMP_GLOBAL, env_offset, name);
}

TCGv_vec tcg_global_mem_new_vec(int env_offset, const char *name)
{
    return (TCGv_vec)global_new(TCG_TYPE_V128, TEMP_GLOBAL, env_offset, name);
}

void tcg_global_set_hot(void *v)
{
    tcgv_temp(v)->hot = true;
}

/* --- labels ---------------------------------------------------------------- */

TCGLabel *gen_new_label(void)
{
    TCGContext *s = tcg_ctx;
    TCGLabel *l = tcg_malloc(sizeof(TCGLabel));

    l->id = s->nb_labels++;
    l->next = s->labels;
    s->labels = l;
    return l;
}

/* --- the op list ----------------------------------------------------------- */

static TCGOp *op_new(TCGContext *s, TCGOpcode opc, unsigned nargs)
{
    TCGOp *op = pool_alloc(s, sizeof(TCGOp) + nargs * sizeof(TCGArg));

    op->opc = opc;
    op->nargs = nargs;
    op->vece = 0;
    op->call_out = op->call_in = 0;
    op->life = 0;
    op->access = 0;
    s->nb_ops++;
    return op;
}

/* Between two neighbours; NULL stands for the ends of the list. */
static void op_link(TCGContext *s, TCGOp *prev, TCGOp *op, TCGOp *next)
{
    op->prev = prev;
    op->next = next;
    *(prev ? &prev->next : &s->first_op) = op;
    *(next ? &next->prev : &s->last_op) = op;
}

TCGOp *tcg_emit_op(TCGOpcode opc, unsigned nargs)
{
    TCGContext *s = tcg_ctx;
    TCGOp *op = op_new(s, opc, nargs);

    op_link(s, s->last_op, op, NULL);
    return op;
}

TCGOp *tcg_op_insert_before(TCGContext *s, TCGOp *op, TCGOpcode opc, unsigned nargs)
{
    TCGOp *fresh = op_new(s, opc, nargs);

    op_link(s, op->prev, fresh, op);
    return fresh;
}

TCGOp *tcg_op_insert_after(TCGContext *s, TCGOp *op, TCGOpcode opc, unsigned nargs)
{
    TCGOp *fresh = op_new(s, opc, nargs);

    op_link(s, op, fresh, op->next);
    return fresh;
}

/* The op itself stays readable: a walk may still follow its next. */
void tcg_op_remove(TCGContext *s, TCGOp *op)
{
    TCGLabel *l = tcg_op_label(op);

    if (l && op->opc != INDEX_op_set_label) {
        l->refs--;
    }
    *(op->prev ? &op->prev->next : &s->first_op) = op->next;
    *(op->next ? &op->next->prev : &s->last_op) = op->prev;
    s->nb_ops--;
}

bool tcg_op_buf_full(void)
{
    TCGContext *s = tcg_ctx;

    return s->nb_ops >= OPS_SOFT_LIMIT || s->nb_temps >= TEMPS_SOFT_LIMIT ||
           s->nb_insns >= INSNS_SOFT_LIMIT;
}

/* --- contexts -------------------------------------------------------------- */

void tcg_init(void)
{
    if (!nb_shared_globals) {
        tcg_env = (TCGv_env)global_new(TCG_TYPE_PTR, TEMP_FIXED, 0, "env");
    }
}

TCGContext *tcg_context_new(void)
{
    TCGContext *s = g_new0(TCGContext, 1);
    TCGTemp *own = g_memdup2(shared_globals, nb_shared_globals * sizeof(TCGTemp));

    s->temps = g_new(TCGTemp *, TCG_MAX_TEMPS);
    for (int i = 0; i < nb_shared_globals; i++) {
        s->temps[i] = &own[i];
    }
    s->nb_globals = s->nb_temps = nb_shared_globals;
    s->consts = g_new0(TCGTemp *, CONST_BUCKETS);
    s->pool_first = pool_chunk_new(POOL_CHUNK_BYTES);
    pool_use(s, s->pool_first);
    s->insn_data = g_malloc_n(TCG_MAX_INSNS, sizeof(s->insn_data[0]));
    s->insn_end_off = g_new(uint32_t, TCG_MAX_INSNS);
    s->addr_bits = 32;
    tcg_target_init(s);
    return s;
}

void tcg_context_free(TCGContext *s)
{
    for (PoolChunk *chunk = s->pool_first, *next; chunk; chunk = next) {
        next = chunk->next;
        g_free(chunk);
    }
    g_free(s->temps[0]);
    g_free(s->temps);
    g_free(s->consts);
    g_free(s->insn_data);
    g_free(s->insn_end_off);
    g_free(s);
}

/* Where generated code leaves to, for the contexts that did not emit it. */
static const void *shared_epilogue;

void tcg_prologue_init(TCGContext *s)
{
    tcg_target_prologue(s);
    shared_epilogue = s->code_gen_epilogue;
}

void tcg_prologue_attach(TCGContext *s)
{
    s->code_gen_epilogue = shared_epilogue;
}

void tcg_func_start(TCGContext *s)
{
    pool_use(s, s->pool_first);
    memset(s->consts, 0, CONST_BUCKETS * sizeof(s->consts[0]));
    s->nb_temps = s->nb_globals;
    s->first_op = s->last_op = NULL;
    s->nb_ops = 0;
    s->labels = NULL;
    s->nb_labels = 0;
    s->nb_insns = 0;
    s->takes_low_halves = false;
    s->write_backs = s->last_write_back = NULL;
}

/* --- the passes ------------------------------------------------------------ */

static uint64_t first_guest_pc(TCGContext *s)
{
    for (TCGOp *op = s->first_op; op; op = op->next) {
        if (op->opc == INDEX_op_insn_start) {
            return op->args[0];
        }
    }
    return 0;
}

static void log_ops(TCGContext *s, const char *title)
{
    FILE *f;

    if (!qemu_log_in_addr_range(first_guest_pc(s)) || !(f = qemu_log_trylock())) {
        return;
    }
    fprintf(f, "%s\n", title);
    tcg_dump_ops(s, f);
    fprintf(f, "\n");
    qemu_log_unlock(f);
}

void tcg_run_passes(TCGContext *s)
{
    tcg_verify(s, "front end");
    tcg_optimize(s);
    tcg_verify(s, "tcg_optimize");
    if (qemu_loglevel_mask(CPU_LOG_TB_OP_IND)) {
        log_ops(s, "OP before liveness analysis:");
    }
    if (s->takes_low_halves && s->ops_zero_extend) {
        tcg_merge_inputs(s);
    }
    tcg_liveness(s);
    tcg_verify(s, "tcg_liveness");
    if (qemu_loglevel_mask(CPU_LOG_TB_OP_OPT)) {
        log_ops(s, "OP after optimization and liveness analysis:");
    }
}

int tcg_gen_code(TCGContext *s)
{
    tcg_run_passes(s);
    s->nb_insns = 0;
    return tcg_target_gen_code(s);
}
