/*
 * Control and status registers (volume II, chapters 2 to 4): a table by number.
 *
 * A plain register is a field with the bits that can be written; others have functions.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "target-riscv/cpu.h"

enum {
    MSTATUS_WRITABLE = MSTATUS_SIE | MSTATUS_MIE | MSTATUS_SPIE | MSTATUS_MPIE | MSTATUS_SPP | MSTATUS_MPP |
                       MSTATUS_MPRV | MSTATUS_SUM | MSTATUS_MXR | MSTATUS_TVM | MSTATUS_TW | MSTATUS_TSR,
    MSTATUS_NO_S = MSTATUS_MIE | MSTATUS_MPIE | MSTATUS_MPP | MSTATUS_MPRV | MSTATUS_TW,     /* without supervisor mode */
    SSTATUS_BITS = MSTATUS_SIE | MSTATUS_SPIE | MSTATUS_SPP | MSTATUS_SUM | MSTATUS_MXR,
    MISA_IMACU = 1 << 8 | 1 << 12 | 1 << 0 | 1 << 2 | 1 << 20, MISA_S = 1 << 18, MISA_MXL_32 = 1 << 30,
    DELEGABLE_EXCEPTIONS = 0xb3ff,      /* not ecall from machine mode */
    COUNTERS = 7,                       /* cycle, time, instret */
    ENVCFG_FIOM = 1,                    /* nothing follows: fences order everything */
    EPC_BITS = ~1, TVEC_BITS = ~2, TVEC_RESERVED = 2,
};
enum { CSR_TIME = 0xc01, CSR_TIMEH = 0xc81, CSR_SATP = 0x180, CSR_MEDELEG = 0x302, CSR_MIDELEG = 0x303 };

typedef struct CSRRow {
    const char *name;
    uint16_t number, count;     /* count 0: one; else registers from number on, name is a prefix */
    /* field in CPURISCVState and its writable bits, or functions; write NULL: ignored */
    size_t field;
    uint32_t writable;
    uint32_t (*read)(CPURISCVState *env, unsigned csr);
    void (*write)(CPURISCVState *env, unsigned csr, uint32_t value);
} CSRRow;

/* --- status and interrupts ------------------------------------------------------------------------ */

static uint32_t read_misa(CPURISCVState *env, unsigned csr)
{
    return MISA_MXL_32 | MISA_IMACU | (env->model->has_mmu ? MISA_S : 0);
}

/* MPP keeps its value when it is given one that there is not (WARL). */
static void set_status(CPURISCVState *env, uint32_t value, uint32_t mask)
{
    uint32_t mpp = (value & MSTATUS_MPP) >> MSTATUS_MPP_SHIFT;
    uint32_t changed;

    mask &= env->model->has_mmu ? MSTATUS_WRITABLE : MSTATUS_NO_S;
    if (mpp == 2 || (mpp == PRIV_S && !env->model->has_mmu)) {
        mask &= ~MSTATUS_MPP;
    }
    changed = (env->mstatus ^ value) & mask;
    env->mstatus ^= changed;
    if (changed & MSTATUS_MXR) {
        tlb_flush_by_mmuidx(env_cpu(env), MMU_TRANSLATED_IDXMAP);
    }
    riscv_update_hflags(env);
    if (riscv_mip(env) & env->mie) {
        qatomic_set(&env_neg(env)->exit_request, 1);
    }
}

static void write_mstatus(CPURISCVState *env, unsigned csr, uint32_t value) { set_status(env, value, MSTATUS_WRITABLE); }
static uint32_t read_mstatus(CPURISCVState *env, unsigned csr) { return env->mstatus; }
static void write_sstatus(CPURISCVState *env, unsigned csr, uint32_t value) { set_status(env, value, SSTATUS_BITS); }
static uint32_t read_sstatus(CPURISCVState *env, unsigned csr) { return env->mstatus & SSTATUS_BITS; }

static uint32_t interrupt_bits(const CPURISCVState *env)
{
    return env->model->has_mmu ? MIP_ALL : MIP_ALL & ~MIP_S_MASK;
}

static void set_mie(CPURISCVState *env, uint32_t value, uint32_t mask)
{
    mask &= interrupt_bits(env);
    env->mie = (env->mie & ~mask) | (value & mask);
    riscv_update_irq(env);
}

static void set_mip(CPURISCVState *env, uint32_t value, uint32_t mask)
{
    mask &= interrupt_bits(env);
    env->mip_soft = (env->mip_soft & ~mask) | (value & mask);
    riscv_update_irq(env);
}

static uint32_t read_mip(CPURISCVState *env, unsigned csr) { return riscv_mip(env); }
static void write_mip(CPURISCVState *env, unsigned csr, uint32_t value) { set_mip(env, value, MIP_S_MASK); }
static uint32_t read_sip(CPURISCVState *env, unsigned csr) { return riscv_mip(env) & env->mideleg; }
static void write_sip(CPURISCVState *env, unsigned csr, uint32_t value) { set_mip(env, value, MIP_SSIP & env->mideleg); }
static uint32_t read_mie(CPURISCVState *env, unsigned csr) { return env->mie; }
static void write_mie(CPURISCVState *env, unsigned csr, uint32_t value) { set_mie(env, value, MIP_ALL); }
static uint32_t read_sie(CPURISCVState *env, unsigned csr) { return env->mie & env->mideleg; }
static void write_sie(CPURISCVState *env, unsigned csr, uint32_t value) { set_mie(env, value, env->mideleg); }

static uint32_t read_mideleg(CPURISCVState *env, unsigned csr) { return env->mideleg; }

static void write_mideleg(CPURISCVState *env, unsigned csr, uint32_t value)
{
    env->mideleg = value & MIP_S_MASK;
    if (riscv_mip(env) & env->mie) {
        qatomic_set(&env_neg(env)->exit_request, 1);
    }
}

/* A vector mode that there is not leaves the register as it is. */
static void set_tvec(uint32_t *tvec, uint32_t value)
{
    if (value & TVEC_RESERVED) {
        qemu_log_mask(LOG_GUEST_ERROR, "trap vector %08x: reserved mode\n", value);
    } else {
        *tvec = value & TVEC_BITS;
    }
}

static uint32_t read_mtvec(CPURISCVState *env, unsigned csr) { return env->mtvec; }
static void write_mtvec(CPURISCVState *env, unsigned csr, uint32_t value) { set_tvec(&env->mtvec, value); }
static uint32_t read_stvec(CPURISCVState *env, unsigned csr) { return env->stvec; }
static void write_stvec(CPURISCVState *env, unsigned csr, uint32_t value) { set_tvec(&env->stvec, value); }

/* --- counters (3.1.10): cycles and instructions follow guest time, one a nanosecond ------------------- */

static uint64_t counter(const CPURISCVState *env, unsigned which)
{
    return qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + env->counter_offset[which];
}

static unsigned which_counter(unsigned csr) { return (csr & 2) != 0; }     /* cycle, instret */
static bool is_high(unsigned csr) { return csr & 0x80; }

static uint32_t read_counter(CPURISCVState *env, unsigned csr)
{
    return counter(env, which_counter(csr)) >> (is_high(csr) ? 32 : 0);
}

static void write_counter(CPURISCVState *env, unsigned csr, uint32_t value)
{
    uint64_t now = counter(env, which_counter(csr));
    uint64_t wanted = is_high(csr) ? (uint64_t)value << 32 | (uint32_t)now : (now & ~UINT64_C(0xffffffff)) | value;

    env->counter_offset[which_counter(csr)] += wanted - now;
}

static uint32_t read_time(CPURISCVState *env, unsigned csr)
{
    return env->time(env->time_opaque) >> (is_high(csr) ? 32 : 0);
}

/* --- the rest ------------------------------------------------------------------------------------------- */

static uint32_t read_zero(CPURISCVState *env, unsigned csr) { return 0; }
static uint32_t read_hart_id(CPURISCVState *env, unsigned csr) { return env->hart_id; }
static uint32_t read_satp(CPURISCVState *env, unsigned csr) { return env->satp; }
static void write_satp(CPURISCVState *env, unsigned csr, uint32_t value) { riscv_set_satp(env, value); }

#define FIELD(n, name, bits) { #name, n, 0, offsetof(CPURISCVState, name), (uint32_t)(bits), NULL, NULL }
#define FUNCTIONS(n, name) { #name, n, 0, 0, 0, read_##name, write_##name }
#define READ_ONLY(n, name, function) { name, n, 0, 0, 0, function, NULL }
#define ZEROES(n, many, prefix) { prefix, n, many, 0, 0, read_zero, NULL }
static const CSRRow rows[] = {
    FUNCTIONS(0x100, sstatus), FUNCTIONS(0x104, sie), FUNCTIONS(0x105, stvec), FIELD(0x106, scounteren, COUNTERS),
    FIELD(0x10a, senvcfg, ENVCFG_FIOM),
    FIELD(0x140, sscratch, -1), FIELD(0x141, sepc, EPC_BITS), FIELD(0x142, scause, -1), FIELD(0x143, stval, -1),
    FUNCTIONS(0x144, sip), FUNCTIONS(CSR_SATP, satp),
    FUNCTIONS(0x300, mstatus), READ_ONLY(0x301, "misa", read_misa), FIELD(CSR_MEDELEG, medeleg, DELEGABLE_EXCEPTIONS),
    FUNCTIONS(CSR_MIDELEG, mideleg), FUNCTIONS(0x304, mie), FUNCTIONS(0x305, mtvec), FIELD(0x306, mcounteren, COUNTERS),
    FIELD(0x30a, menvcfg, ENVCFG_FIOM), READ_ONLY(0x310, "mstatush", read_zero), READ_ONLY(0x31a, "menvcfgh", read_zero),
    READ_ONLY(0x320, "mcountinhibit", read_zero),
    ZEROES(0x323, 29, "mhpmevent"), FIELD(0x340, mscratch, -1), FIELD(0x341, mepc, EPC_BITS),
    FIELD(0x342, mcause, -1), FIELD(0x343, mtval, -1), FUNCTIONS(0x344, mip),
    ZEROES(0x3a0, 16, "pmpcfg"), ZEROES(0x3b0, 64, "pmpaddr"),
    { "mcycle", 0xb00, 0, 0, 0, read_counter, write_counter }, { "minstret", 0xb02, 0, 0, 0, read_counter, write_counter },
    { "mcycleh", 0xb80, 0, 0, 0, read_counter, write_counter }, { "minstreth", 0xb82, 0, 0, 0, read_counter, write_counter },
    ZEROES(0xb03, 29, "mhpmcounter"), ZEROES(0xb83, 29, "mhpmcounterh"),
    READ_ONLY(0xc00, "cycle", read_counter), READ_ONLY(CSR_TIME, "time", read_time),
    READ_ONLY(0xc02, "instret", read_counter), READ_ONLY(0xc80, "cycleh", read_counter),
    READ_ONLY(CSR_TIMEH, "timeh", read_time), READ_ONLY(0xc82, "instreth", read_counter),
    READ_ONLY(0xf11, "mvendorid", read_zero), READ_ONLY(0xf12, "marchid", read_zero),
    READ_ONLY(0xf13, "mimpid", read_zero), READ_ONLY(0xf14, "mhartid", read_hart_id),
    READ_ONLY(0xf15, "mconfigptr", read_zero),
};

static const CSRRow *find_row(unsigned csr)
{
    for (unsigned i = 0; i < ARRAY_SIZE(rows); i++) {
        if (csr >= rows[i].number && csr < rows[i].number + MAX(rows[i].count, 1u)) {
            return &rows[i];
        }
    }
    return NULL;
}

const char *riscv_csr_name(unsigned csr)
{
    const CSRRow *row = find_row(csr);

    return row && !row->count ? row->name : NULL;
}

/* User counters are there as far as the modes above allow them (3.1.11, 4.1.5). */
static bool counter_allowed(const CPURISCVState *env, unsigned csr)
{
    unsigned bit = 1u << (csr & 31);

    return env->priv == PRIV_M ||
           (env->mcounteren & bit && (env->priv == PRIV_S || !env->model->has_mmu || env->scounteren & bit));
}

/* By the number's own bits: 11-10 read-only, 9-8 the least mode. */
static bool allowed(const CPURISCVState *env, unsigned csr, bool write)
{
    unsigned least = csr >> 8 & 3;
    bool of_supervisor = least == PRIV_S || csr == CSR_MEDELEG || csr == CSR_MIDELEG;

    if (env->priv < least || (write && csr >> 10 == 3) || (of_supervisor && !env->model->has_mmu)) {
        return false;
    }
    if (csr == CSR_SATP && env->priv == PRIV_S && env->mstatus & MSTATUS_TVM) {
        return false;
    }
    if ((csr == CSR_TIME || csr == CSR_TIMEH) && !env->time) {
        return false;
    }
    return csr >> 8 != 0xc || counter_allowed(env, csr);
}

/* What a set or clear starts from: a line of the interrupt controller is no part of it (3.1.9). */
static uint32_t modify_base(CPURISCVState *env, const CSRRow *row, uint32_t old)
{
    return row->write == write_mip || row->write == write_sip ? env->mip_soft : old;
}

bool riscv_csr_access(CPURISCVState *env, unsigned csr, uint32_t *old, uint32_t value, uint32_t mask, bool write)
{
    const CSRRow *row = find_row(csr);
    uint32_t *field;

    if (!row || !allowed(env, csr, write)) {
        qemu_log_mask(LOG_GUEST_ERROR, "CSR 0x%03x: no such register, or not in mode %u\n", csr, env->priv);
        return false;
    }
    if (row->read) {
        *old = row->read(env, csr);
        if (write && row->write) {
            row->write(env, csr, (modify_base(env, row, *old) & ~mask) | (value & mask));
        }
        return true;
    }
    field = (uint32_t *)((char *)env + row->field);
    *old = *field;
    if (write) {
        *field = (*field & ~(mask & row->writable)) | (value & mask & row->writable);
    }
    return true;
}
