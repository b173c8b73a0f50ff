/*
 * The exact path of the x87 (target-i386/helper-x87.c) against the CPU that runs
 * the test: every instruction but those that touch CR0 or images, on random
 * stacks with edge values, empty registers, pending flags, every precision and
 * rounding, exceptions masked and unmasked. If this fails, guests that unmask
 * x87 exceptions, or run on other hosts, compute wrongly.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/exec-all.h"
#include "target-i386/board.h"
#include "target-i386/x87.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"
#include <sys/mman.h>

enum { TRIALS = 400000, GUEST_MEMORY = 4096 };

/* --- the rest of the emulator ---------------------------------------------------------- */

static uint8_t guest_memory[GUEST_MEMORY];
size_t cpu_env_offset = offsetof(X86CPU, env);

void tb_key_update(CPUState *cpu) { (void)cpu; }
uint32_t x86_get_mxcsr(CPUX86State *env) { return env->mxcsr; }
void x86_set_mxcsr(CPUX86State *env, uint32_t value) { env->mxcsr = value; }
void x86_board_set_ferr(CPUX86State *env, bool level) { (void)env, (void)level; }
void raise_exception_ra(CPUX86State *env, unsigned vector, uintptr_t ra)
{
    (void)env, (void)vector, (void)ra;
    g_assert_not_reached();
}

void raise_exception_err_ra(CPUX86State *env, unsigned vector, uint32_t error_code, uintptr_t ra)
{
    (void)error_code;
    raise_exception_ra(env, vector, ra);
}

void cpu_loop_exit(CPUState *cpu)
{
    (void)cpu;
    g_assert_not_reached();
}

bool cpu_restore_state(CPUState *cpu, uintptr_t ra)
{
    (void)cpu, (void)ra;
    g_assert_not_reached();
}

int x86_cpu_mmu_index(CPUState *cpu, MMUAccessType access)
{
    (void)cpu, (void)access;
    return 0;
}

void *probe_access(CPUArchState *env, vaddr addr, unsigned size, MMUAccessType access, int mmu_idx, uintptr_t ra)
{
    (void)env, (void)size, (void)access, (void)mmu_idx, (void)ra;
    return guest_memory + addr;
}

uint64_t cpu_ld_mmu(CPUArchState *env, vaddr addr, MemOpIdx oi, uintptr_t ra)
{
    uint64_t value = 0;

    (void)env, (void)ra;
    memcpy(&value, guest_memory + addr, memop_size(get_memop(oi)));
    return value;
}

void cpu_st_mmu(CPUArchState *env, vaddr addr, uint64_t value, MemOpIdx oi, uintptr_t ra)
{
    (void)env, (void)ra;
    memcpy(guest_memory + addr, &value, memop_size(get_memop(oi)));
}

#ifdef __x86_64__

/* --- random state ------------------------------------------------------------------------ */

static uint64_t rng_state = 88172645463325252;

static uint64_t rng(void)
{
    rng_state ^= rng_state << 13;
    rng_state ^= rng_state >> 7;
    rng_state ^= rng_state << 17;
    return rng_state;
}

typedef struct __attribute__((packed)) Image {
    uint32_t control, status, tags, pointers[4];
    struct __attribute__((packed)) { uint64_t low; uint16_t high; } st[8];
} Image;

typedef struct Case {
    Image in;
    uint32_t insn;              /* first byte << 8 | ModRM, memory forms with mod 0 */
    bool is_memory, is_store;
    unsigned bytes;             /* of the memory operand */
    uint32_t eflags;
    uint8_t memory[16];
} Case;

static void random_register(uint64_t *low, uint16_t *high)
{
    static const uint16_t exponents[] = {
        0, 0, 1, 2, 15305, 15360, 15361, 16233, 16256, 16257, 16319, 16382, 16383, 16383, 16384, 16385, 16398, 16399,
        16414, 16415, 16446, 16447, 16510, 16511, 17406, 17407, 32766, 32767, 32767, 32767,
    };
    static const uint64_t significands[] = {
        0, 1, UINT64_C(1) << 63, UINT64_C(1) << 63, UINT64_C(1) << 63, UINT64_C(3) << 62, UINT64_C(3) << 62, UINT64_MAX,
        0x8000000000000001, 0x8000000000000400, 0xfffffffffffffc00, 0xfffffffffffff800, 0x8000008000000000,
        0xa000000000000000, 0x4000000000000000, 0xffffff8000000000,
    };

    *low = rng() % 4 ? significands[rng() % ARRAY_SIZE(significands)] : rng();
    *high = rng() % 3 ? exponents[rng() % ARRAY_SIZE(exponents)] : 16363 + rng() % 40;
    if (rng() % 8 && *high) {
        *low |= FPX_INT_BIT;
    }
    *high |= rng() & FPX_SIGN;
}

static uint64_t random_memory(unsigned op)
{
    uint64_t v = rng();
    bool single = op == 0xd8 || op == 0xd9;
    uint64_t exp = single ? 0x7f800000 : FP_F64_INF, one = single ? 0x3f800000 : UINT64_C(0x3ff0000000000000);

    switch (rng() % 6) {
    case 0: return v | exp;
    case 1: return v & ~exp;
    case 2: return v & (exp | exp << 1);
    case 3: return (v & ~exp) | one;
    default: return v;
    }
}

static bool is_reserved(unsigned op, unsigned modrm)
{
    unsigned reg = modrm >> 3 & 7;

    switch (op) {
    case 0xd9:
        return (reg == 2 && modrm != 0xd0) || modrm == 0xe2 || modrm == 0xe3 || modrm == 0xe6 || modrm == 0xe7 ||
               modrm == 0xef;
    case 0xda: return reg >= 4 && modrm != 0xe9;
    case 0xdb: return reg == 4 || reg == 7;
    case 0xdd: return reg > 5;
    case 0xde: return reg == 3 && modrm != 0xd9;
    case 0xdf: return reg == 4 || reg == 7;
    default: return false;
    }
}

/* Size of the memory operand; 0: not one of this test. */
static unsigned memory_bytes(unsigned op, unsigned reg)
{
    switch (op) {
    case 0xd8: case 0xda: return 4;
    case 0xdc: return 8;
    case 0xde: return 2;
    case 0xd9: return reg == 0 || reg == 2 || reg == 3 ? 4 : 0;
    case 0xdb: return reg == 5 || reg == 7 ? 10 : reg < 4 ? 4 : 0;
    case 0xdd: return reg < 4 ? 8 : 0;
    default: return reg == 4 || reg == 6 ? 10 : reg == 5 || reg == 7 ? 8 : 2;
    }
}

static void random_bcd(uint8_t *bcd)
{
    for (int i = 0; i < 9; i++) {
        bcd[i] = rng() % 10 << 4 | rng() % 10;
    }
    bcd[9] = rng() & 0x80;
}

/* False: no such instruction. */
static bool random_insn(Case *c)
{
    unsigned op = 0xd8 + rng() % 8, modrm = 0xc0 | rng() % 64, reg = modrm >> 3 & 7;

    c->is_memory = rng() % 3 == 0;
    if (!c->is_memory) {
        c->insn = op << 8 | modrm;
        return !is_reserved(op, modrm);
    }
    c->insn = op << 8 | reg << 3;
    c->bytes = memory_bytes(op, reg);
    c->is_store = op & 1 && ((reg > 0 && reg < 4) || (op == 0xdb && reg == 7) || (op == 0xdf && reg >= 6));
    memset(c->memory, 0x5a, sizeof(c->memory));
    if (!c->is_store) {
        uint64_t value = random_memory(op), low;
        uint16_t high;

        random_register(&low, &high);
        value = c->bytes == 10 ? low : value;
        memcpy(c->memory, &value, 8);
        memcpy(c->memory + 8, &high, 2);
        if (op == 0xdf && reg == 4) {
            random_bcd(c->memory);
        }
    }
    return c->bytes;
}

/* False: an exception would be pending at once. */
static bool random_state(Case *c)
{
    uint16_t control = 0x40 | (rng() & 0xf00) | (rng() % 3 ? 0x3f : rng() & 0x3f);
    uint16_t status = (rng() & 0x7f00) | (rng() % 4 ? 0 : rng() & 0x7f & control);
    uint8_t empty = rng() % 3 == 0 ? rng() & rng() : rng() & 1 ? 0xf0 : 0;

    c->in = (Image){ .control = control, .status = status };
    for (unsigned i = 0; i < 8; i++) {
        uint64_t low;
        uint16_t high;

        random_register(&low, &high);
        c->in.st[i].low = low;
        c->in.st[i].high = high;
        c->in.tags |= empty >> i & 1 ? 3u << 2 * i : 0;
    }
    c->eflags = rng() & CC_ALL;
    return !(status & ~control & FPUS_EXCEPTIONS);
}

/* --- both machines -------------------------------------------------------------------------- */

static uint8_t *host_code;

/* frstor; eflags; the instruction; eflags; fnsave */
static void run_host(const Case *c, Image *out, uint8_t *memory, uint32_t *eflags)
{
    static const uint8_t before[] = { 0x53, 0x55, 0x48, 0x89, 0xd3, 0x48, 0x89, 0xcd, 0xdd, 0x27, 0xff, 0x75, 0, 0x9d };
    static const uint8_t after[] = { 0x9c, 0x8f, 0x45, 0, 0xdd, 0x36, 0x5d, 0x5b, 0xc3 };
    const uint8_t insn[2] = { c->insn >> 8, c->insn | (c->is_memory ? 3 : 0) };
    uint64_t flags = 0x202 | c->eflags;

    memcpy(host_code, before, sizeof(before));
    memcpy(host_code + sizeof(before), insn, sizeof(insn));
    memcpy(host_code + sizeof(before) + sizeof(insn), after, sizeof(after));
    memcpy(memory, c->memory, sizeof(c->memory));
    ((void (*)(const Image *, Image *, uint8_t *, uint64_t *))host_code)(&c->in, out, memory, &flags);
    *eflags = flags & CC_ALL;
}

static void load_env(CPUX86State *env, const Case *c)
{
    memset(env, 0, sizeof(*env));
    x87_set_control_word(env, c->in.control);
    x87_set_status_word(env, c->in.status);
    for (unsigned i = 0; i < 8; i++) {
        env->fptags[i] = (c->in.tags >> 2 * i & 3) == 3;
        x87_reg(env, i)->f80.low = c->in.st[i].low;
        x87_reg(env, i)->f80.high = c->in.st[i].high;
    }
}

static void run_memory(CPUX86State *env, const Case *c)
{
    uint64_t low = 0;
    uint16_t high;
    unsigned op = c->insn >> 8;
    MemOp size = c->bytes == 8 ? MO_64 : c->bytes == 4 ? MO_32 : MO_16;

    memcpy(&high, c->memory + 8, 2);
    memcpy(&low, c->memory, MIN(c->bytes, 8));
    if (c->is_store && c->bytes == 10) {
        helper_x87_store_ten(env, c->insn, 0);
    } else if (c->is_store) {
        helper_x87_store(env, c->insn, 0, make_memop_idx(size, 0));
    } else if (c->bytes < 10) {
        helper_x87_mem(env, c->insn, low);
    } else if (op == 0xdb) {
        helper_x87_load_m80(env, low, high);
    } else {
        helper_x87_load_bcd(env, low, high);
    }
}

static bool cmov_condition(const Case *c)
{
    static const uint32_t flags[] = { CC_C, CC_Z, CC_C | CC_Z, CC_P };

    bool holds = c->eflags & flags[c->insn >> 3 & 3];

    return holds != (c->insn >> 8 & 1);
}

static void run_helpers(CPUX86State *env, const Case *c, uint32_t *eflags)
{
    unsigned op = c->insn >> 8, reg = c->insn >> 3 & 7;

    *eflags = c->eflags;
    memcpy(guest_memory, c->memory, sizeof(c->memory));
    if (c->is_memory) {
        run_memory(env, c);
    } else if ((op == 0xda || op == 0xdb) && reg < 4) {
        helper_x87_cmov(env, c->insn & 7, cmov_condition(c));
    } else if ((op == 0xdb || op == 0xdf) && reg >= 5) {
        *eflags = helper_x87_comi(env, c->insn);
    } else {
        helper_x87_reg(env, c->insn);
    }
}

static bool same_state(CPUX86State *env, const Image *host)
{
    bool same = (uint16_t)host->status == x87_status_word(env);

    for (unsigned i = 0; i < 8; i++) {
        const FPReg *reg = x87_reg(env, i);

        same &= ((host->tags >> 2 * i & 3) == 3) == env->fptags[i] && host->st[i].low == reg->f80.low &&
                host->st[i].high == reg->f80.high;
    }
    return same;
}

static void print_case(const Case *c, CPUX86State *env, const Image *host)
{
    printf("# %04x control %04x status %04x: is %04x, should be %04x\n", c->insn, c->in.control, c->in.status,
           x87_status_word(env), (uint16_t)host->status);
    for (unsigned i = 0; i < 8; i++) {
        printf("#   st%u %04x:%016" PRIx64 " gives %04x:%016" PRIx64 ", should be %04x:%016" PRIx64 "\n", i,
               c->in.st[i].high, c->in.st[i].low, x87_reg(env, i)->f80.high, x87_reg(env, i)->f80.low,
               host->st[i].high, host->st[i].low);
    }
}

int main(void)
{
    static X86CPU cpu;
    static unsigned cases[8], failures[8];
    bool failed = false;

    host_code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    g_assert(host_code != MAP_FAILED);
    for (unsigned i = 0; i < TRIALS; i++) {
        Case c = { 0 };
        Image host;
        uint8_t memory[16];
        uint32_t host_eflags, eflags;

        if (!random_insn(&c) || !random_state(&c)) {
            continue;
        }
        run_host(&c, &host, memory, &host_eflags);
        load_env(&cpu.env, &c);
        run_helpers(&cpu.env, &c, &eflags);
        unsigned group = c.insn >> 8 & 7;

        cases[group]++;
        if ((!same_state(&cpu.env, &host) || memcmp(memory, guest_memory, sizeof(memory)) || eflags != host_eflags) &&
            failures[group]++ < 3) {
            print_case(&c, &cpu.env, &host);
        }
    }
    for (unsigned i = 0; i < 8; i++) {
        printf("%sok %u - opcode %x: %u cases\n", failures[i] ? "not " : "", i + 1, 0xd8 + i, cases[i]);
        failed |= failures[i] != 0;
    }
    printf("1..8\n");
    return failed;
}
#else
int main(void)
{
    printf("1..0 # SKIP the host has no x87 to compare with\n");
    return 0;
}
#endif
