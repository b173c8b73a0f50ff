/*
 * Runs every case of a case list over edge operands and prints one line for
 * each: its number, a hash of all results, its text. The same source runs as a
 * program of the host (host.c) and on the bare emulated machine (bare.c); the
 * lines must be equal. CASE=n prints all results of case n instead.
 *
 * SPDX-License-Identifier: MIT
 */
#include "run.h"

enum { INPUTS = 40, IF_AS_USER = 0x200 };

typedef struct State {
    uint64_t regs[16];
    uint64_t flags, vector, fault, unused;
    uint8_t fx[512];
} State;

typedef struct Case {
    uint32_t code, bytes, name, flags_mask;
} Case;

extern const Case __start_cases[], __stop_cases[];
extern uint32_t use_fx;
void run_case(void);
extern char case_back[];

#define in_state  ((volatile State *)IN_STATE)
#define out_state ((volatile State *)OUT_STATE)
#define data      ((volatile uint32_t *)DATA_AREA)

static const uint64_t edges[] = {
    0, 1, 2, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff,
    0x100000000, 0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0x5555555555555555, 3, 31, 32, 33,
    63, 64, 0x0123456789abcdef, 0xfffffffffffffffe, 0xffffffff80000000, 0x9999999999999999, 17, 9,
};

static uint64_t seed;

static uint64_t next_random(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

static uint64_t next_value(void)
{
    uint32_t r = next_random();

    return r % 4 ? edges[(r >> 8) % (sizeof(edges) / sizeof(edges[0]))] : next_random();
}

/* Memory that operands reach: around EBX..EDI, and across the page border. */
static const struct { uint32_t first, end; } windows[] = { { 0x6c0, 0x860 }, { 0xfc0, 0x1040 } };

static void prepare(void)
{
    static const struct { uint8_t reg; uint32_t offset; } pointers[] = {
        { 3, 0x700 }, { 6, 0x740 }, { 7, 0x7c0 }, { 5, 0xffd },
    };

    for (unsigned i = 0; i < 16; i++) {
        in_state->regs[i] = next_value();
    }
    for (unsigned i = 0; i < 4; i++) {
        in_state->regs[pointers[i].reg] = DATA_AREA + pointers[i].offset;
    }
    in_state->flags = (next_random() & 0x8d5) | 2 | IF_AS_USER;
    for (unsigned w = 0; w < 2; w++) {
        for (uint32_t i = windows[w].first; i < windows[w].end; i += 8) {
            uint64_t value = next_value();

            data[i / 4] = value;
            data[i / 4 + 1] = value >> 32;
        }
    }
    for (unsigned i = 0; i < 64; i++) {
        ((volatile uint32_t *)STACK_TOP)[(int)i - 32] = next_random();
    }
    if (use_fx) {
        prepare_fx((uint8_t *)in_state->fx, next_value);
    }
    out_state->vector = out_state->fault = 0;
}

static uint64_t hash(uint64_t h, uint32_t value)
{
    return (h ^ value) * 0x100000001b3;
}

static uint64_t hash_results(uint64_t h, uint32_t flags_mask)
{
    if (use_fx) {
        mask_fx((uint8_t *)out_state->fx);
        for (unsigned i = 0; i < 288 + sizeof(long) / 8 * 128; i += 4) {
            h = hash(h, *(volatile uint32_t *)&out_state->fx[i]);
        }
    }
    for (unsigned i = 0; i < 2 * sizeof(long); i++) {
        h = hash(h, out_state->regs[i]);
        h = hash(h, sizeof(long) == 8 ? out_state->regs[i] >> 32 : 0);
    }
    h = hash(h, out_state->flags & (flags_mask | 0x400));
    h = hash(h, out_state->vector << 8 | out_state->fault);
    for (unsigned w = 0; w < 2; w++) {
        for (uint32_t i = windows[w].first; i < windows[w].end; i += 4) {
            h = hash(h, data[i / 4]);
        }
    }
    for (unsigned i = 0; i < 64 && !out_state->vector; i++) {    /* exceptions may use this stack */
        h = hash(h, ((volatile uint32_t *)STACK_TOP)[(int)i - 32]);
    }
    return h;
}

static void print_hex(uint64_t value, unsigned digits)
{
    char text[17];

    for (unsigned i = 0; i < digits; i++) {
        text[i] = "0123456789abcdef"[value >> 4 * (digits - 1 - i) & 15];
    }
    text[digits] = 0;
    print(text);
}

static void print_state(const char *title, volatile State *s, uint32_t flags_mask)
{
    print(title);
    for (unsigned i = 0; i < 2 * sizeof(long); i++) {
        print(" ");
        print_hex(s->regs[i], 2 * sizeof(long));
    }
    print(" flags ");
    print_hex(s->flags & (flags_mask | 0x400), 4);
    print(" vector ");
    print_hex(s->vector, 2);
    print(" at ");
    print_hex(s->fault, 2);
    print("\n");
    for (unsigned i = 0; use_fx && i < 288 + sizeof(long) / 8 * 128; i += 16) {
        print("  fx ");
        print_hex(i, 3);
        print(" ");
        print_hex(*(volatile uint64_t *)&s->fx[i + 8], 16);
        print_hex(*(volatile uint64_t *)&s->fx[i], 16);
        print("\n");
    }
}

static void place_code(const Case *c)
{
    volatile uint8_t *code = (volatile uint8_t *)CODE_AREA;
    const uint8_t *source = (const uint8_t *)(unsigned long)c->code;
    volatile uint32_t *back;

    for (unsigned i = 0; i < c->bytes; i++) {
        code[i] = source[i];
    }
    /* jmp *(address): no register, no flag; the pointer lies at CODE_AREA + 0x100 */
    code[c->bytes] = 0xff;
    code[c->bytes + 1] = 0x25;
    back = (volatile uint32_t *)&code[c->bytes + 2];
    *back = sizeof(long) == 8 ? 0x100 - (c->bytes + 6) : CODE_AREA + 0x100;
    *(volatile unsigned long *)(CODE_AREA + 0x100) = (unsigned long)case_back;
}

static uint64_t run_inputs(const Case *c, bool verbose)
{
    uint64_t h = 0xcbf29ce484222325;

    for (unsigned i = 0; i < INPUTS; i++) {
        seed = 0x9e3779b97f4a7c15 * (i + 1);
        prepare();
        if (verbose) {
            print_state("in ", in_state, -1);
        }
        run_case();
        if (out_state->vector) {
            out_state->flags &= ~0x10000ull;
        }
        h = hash_results(h, c->flags_mask);
        if (verbose) {
            print_state("out", out_state, c->flags_mask);
            print_hex(h, 16);
            print("\n");
        }
    }
    return h;
}

void run_all(int only)
{
    unsigned n = 0;

    for (const Case *c = __start_cases; c != __stop_cases; c++, n++) {
        if (only >= 0 && (int)n != only) {
            continue;
        }
        place_code(c);
        print_hex(n, 4);
        print(" ");
        print_hex(run_inputs(c, only >= 0), 16);
        print(" ");
        print((const char *)(unsigned long)c->name);
        print("\n");
    }
    print("DONE\n");
}
