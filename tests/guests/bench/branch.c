/*
 * Control flow: a bytecode interpreter, indirect calls, recursion.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"

enum { OP_ADD, OP_XOR, OP_SHIFT, OP_SKIP, OP_LOOP };

uint32_t bench_interp(long steps)
{
    static const uint8_t program[] = { OP_ADD, 3, OP_XOR, 0x5a, OP_SKIP, 1, OP_SHIFT, 5, OP_ADD, 9, OP_LOOP, 0 };
    uint32_t acc = 1, pc = 0;

    while (steps--) {
        uint8_t op = program[pc], arg = program[pc + 1];

        pc += 2;
        switch (op) {
        case OP_ADD: acc += arg; break;
        case OP_XOR: acc ^= arg * 0x01010101u; break;
        case OP_SHIFT: acc = acc << arg | acc >> (32 - arg); break;
        case OP_SKIP: pc += acc & arg ? 2 : 0; break;
        case OP_LOOP: pc = 0; break;
        }
    }
    return acc;
}

static __attribute__((noinline)) uint32_t twist(uint32_t x) { return x * 3 + 1; }
static __attribute__((noinline)) uint32_t swing(uint32_t x) { return x ^ x >> 7; }
static __attribute__((noinline)) uint32_t shake(uint32_t x) { return x + (x << 3); }

uint32_t bench_calls(long count)
{
    uint32_t (*volatile table[4])(uint32_t) = { twist, swing, shake, swing };
    uint32_t x = 1;

    for (long i = 0; i < count; i++) {
        x = table[i & 3](x);
    }
    return x;
}

static __attribute__((noinline)) uint32_t fib(uint32_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

uint32_t bench_fib(long n)
{
    return fib(n);
}
