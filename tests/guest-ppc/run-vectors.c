/*
 * Guest program: runs the vectors in ROM and prints what differs. See vectors.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "console.h"
#include "vectors.h"

#define VECTORS ((const uint32_t *)0xffc00000)
#define CODE    ((volatile uint32_t *)0x00200000)
#define SCRATCH 0x00300fe0u         /* unaligned accesses cross into the next page */
enum { BLR = 0x4e800020, MAX_SHOWN = 40 };

void run_code(State *state, void *code);

static void sync_code(void)
{
    for (unsigned i = 0; i <= ROW_WORDS; i++) {
        __asm__ volatile("dcbst 0, %0; sync; icbi 0, %0" : : "r"(CODE + i) : "memory");
    }
    __asm__ volatile("sync; isync" : : : "memory");
}

static void load_code(const Row *row)
{
    unsigned n = 0;

    for (unsigned i = 0; i < ROW_WORDS; i++) {
        if (row->opcode[i]) {
            CODE[n++] = row->opcode[i];
        }
    }
    CODE[n] = BLR;
    sync_code();
}

static void print_state(const char *what, const State *s)
{
    print(what);
    print(" r3 "); print_hex(s->r3);
    print(" r4 "); print_hex(s->r4);
    print(" r5 "); print_hex(s->r5);
    print(" r6 "); print_hex(s->r6);
    print(" cr "); print_hex(s->cr);
    print(" xer "); print_hex(s->xer);
    print(" ctr "); print_hex(s->ctr);
    print("\n");
}

static int differs(const State *got, const State *want)
{
    return got->r5 != want->r5 || got->r6 != want->r6 || got->cr != want->cr || got->xer != want->xer ||
           got->ctr != want->ctr;
}

static void run_row(const Row *row, const Vector *vectors, unsigned *failures)
{
    load_code(row);
    for (unsigned i = 0; i < row->count; i++) {
        State state = vectors[i].in;

        state.r6 += SCRATCH;
        run_code(&state, (void *)CODE);
        state.r6 -= SCRATCH;
        if (differs(&state, &vectors[i].out) && (*failures)++ < MAX_SHOWN) {
            print("# "); print(row->name); print(" opcode "); print_hex(row->opcode[0]); print("\n");
            print_state("#   in  ", &vectors[i].in);
            print_state("#   got ", &state);
            print_state("#   want", &vectors[i].out);
        }
    }
}

void main(void)
{
    const uint32_t *p = VECTORS;
    unsigned rows = 0, total = 0, failures = 0;

    console_init();
    for (const Row *row = (const Row *)p; row->count; row = (const Row *)p) {
        const Vector *vectors = (const Vector *)(row + 1);

        run_row(row, vectors, &failures);
        rows++;
        total += row->count;
        p = (const uint32_t *)(vectors + row->count);
    }
    print("rows "); print_dec(rows);
    print(" vectors "); print_dec(total);
    print(" failures "); print_dec(failures);
    print("\nDONE\n");
    for (;;) {
    }
}
