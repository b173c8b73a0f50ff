/*
 * Guest program: pieces of code that end in an exception, and what the manual
 * says the handler finds (PEM chapters 6 and 7). Each piece runs with a given
 * MSR; an illegal word behind it ends it if nothing else does.
 *
 * Memory map with translation on: the first 8 MiB through BATs; segment 1
 * through the page table (page 0 read-write, 1 read-only, 2 no access for key
 * 1, 3 read-write with R and C set, the rest unmapped); segment 2 the same pages with Ks = Kp = 1;
 * segment 3 no-execute; segment 4 direct-store.
 *
 * SPDX-License-Identifier: MIT
 */
#include "console.h"

typedef struct Record {
    uint32_t vector, srr0, srr1, dar, dsisr, msr, r3, r4, r5, r6, ctr;
} Record;

void run_system(Record *record, uint32_t code, uint32_t msr, const uint32_t regs[4]);

#define CODE   ((volatile uint32_t *)0x00200000)
#define RECORD ((Record *)0x4000)
#define TABLE  0x00400000u
#define PAGES  0x00500000u
enum { VSID = 0x123, CODE_WORDS = 8 };
enum { EE = 0x8000, PR = 0x4000, FP = 0x2000, ME = 0x1000, FE0 = 0x800, SE = 0x400, FE1 = 0x100, IP = 0x40, IR = 0x20, DR = 0x10, RI = 2, LE = 1 };
enum { ON = ME | IP | IR | DR, USER = ON | PR, REAL = ME | IP };
#define ANY 0xffffffffu         /* not compared */

typedef struct Row {
    const char *name;
    uint32_t code[CODE_WORDS];
    uint32_t msr;
    uint32_t regs[4];           /* r3..r6 */
    uint32_t vector, srr0;      /* srr0: offset from the code below 0x1000, else the address */
    uint32_t cause;             /* SRR1's bits 1-4 and 10-15 */
    uint32_t dar, dsisr;        /* ANY where the exception does not set them */
    uint32_t want_r5, want_r6;
} Row;

static const Row rows[] = {
    { "illegal", { 0 }, REAL, { 0 }, 0x700, 0, 0x80000, ANY, ANY, ANY, ANY },
    { "illegal behind", { 0x38a00005 }, REAL, { 0 }, 0x700, 4, 0x80000, ANY, ANY, 5, ANY },
    { "trap", { 0x0fe00000 }, ON, { 0 }, 0x700, 0, 0x20000, ANY, ANY, ANY, ANY },
    { "twi eq", { 0x38600003, 0x0c830003 }, ON, { 0 }, 0x700, 4, 0x20000, ANY, ANY, ANY, ANY },
    { "twi not taken", { 0x38600003, 0x0c830004 }, ON, { 0 }, 0x700, 8, 0x80000, ANY, ANY, ANY, ANY },
    { "tw lt|gt", { 0x7f032008 }, ON, { 1, 2 }, 0x700, 0, 0x20000, ANY, ANY, ANY, ANY },
    { "privileged", { 0x7c6000a6 }, USER, { 0 }, 0x700, 0, 0x40000, ANY, ANY, ANY, ANY },
    { "user reads PVR", { 0x7c7f42a6 }, USER, { 0 }, 0x700, 0, 0x40000, ANY, ANY, ANY, ANY },
    { "user reads TB", { 0x7cac42e6, 0x38a00001 }, USER, { 0 }, 0x700, 8, 0x80000, ANY, ANY, 1, ANY },
    { "sc", { 0x44000002 }, USER, { 0 }, 0xc00, 4, 0, ANY, ANY, ANY, ANY },
    { "FP off", { 0xfc01002a }, ON, { 0 }, 0x800, 0, 0, ANY, ANY, ANY, ANY },
    { "FP on", { 0xfc000090, 0x38a00007 }, ON | FP, { 0 }, 0x700, 8, 0x80000, ANY, ANY, 7, ANY },
    { "vector on a 750", { 0x10000484 }, ON, { 0 }, 0x700, 0, 0x80000, ANY, ANY, ANY, ANY },
    { "lmw unaligned", { 0xbba60000 }, ON, { 0, 0, 5, 0x600001 }, 0x600, 0, 0, 0x600001, ANY, 5, 0x600001 },
    { "lwarx unaligned", { 0x7ca03028 }, ON, { 0, 0, 5, 0x600002 }, 0x600, 0, 0, 0x600002, ANY, 5, 0x600002 },
    { "load unmapped", { 0x80a60000 }, ON, { 0, 0, 5, 0x11000000 }, 0x300, 0, 0, 0x11000000, 0x40000000, 5, 0x11000000 },
    { "lwzu unmapped", { 0x84a60004 }, ON, { 0, 0, 5, 0x11000000 }, 0x300, 0, 0, 0x11000004, 0x40000000, 5, 0x11000000 },
    { "store unmapped", { 0x90a60000 }, ON, { 0, 0, 5, 0x11000ffc }, 0x300, 0, 0, 0x11000ffc, 0x42000000, 5, ANY },
    { "stbu unmapped", { 0x9ca60001 }, USER, { 0, 0, 5, 0x11000000 }, 0x300, 0, 0, 0x11000001, 0x42000000, 5, 0x11000000 },
    { "load mapped", { 0x80a60000 }, ON, { 0, 0, 5, 0x10000000 }, 0x700, 4, 0x80000, ANY, ANY, 0x11111111, ANY },
    { "load read-only", { 0x80a60000 }, USER, { 0, 0, 5, 0x10001000 }, 0x700, 4, 0x80000, ANY, ANY, 0x22222222, ANY },
    { "store read-only", { 0x90a60000 }, ON, { 0, 0, 5, 0x10001000 }, 0x300, 0, 0, 0x10001000, 0x0a000000, 5, ANY },
    { "key 0 page 2", { 0x80a60000 }, USER, { 0, 0, 5, 0x10002000 }, 0x700, 4, 0x80000, ANY, ANY, 0x33333333, ANY },
    { "key 1 page 2", { 0x80a60000 }, USER, { 0, 0, 5, 0x20002000 }, 0x300, 0, 0, 0x20002000, 0x08000000, 5, ANY },
    { "key 1 page 2 store", { 0x90a60000 }, ON, { 0, 0, 5, 0x20002000 }, 0x300, 0, 0, 0x20002000, 0x0a000000, 5, ANY },
    { "load across pages", { 0x80a60000 }, ON, { 0, 0, 5, 0x10003ffe }, 0x300, 0, 0, ANY, 0x40000000, 5, ANY },
    { "fetch unmapped", { 0x7cc903a6, 0x4e800420 }, ON, { 0, 0, 0, 0x11000000 }, 0x400, 0x11000000, 0x40000000, ANY, ANY, ANY, ANY },
    { "fetch no-execute", { 0x7cc903a6, 0x4e800420 }, ON, { 0, 0, 0, 0x30000000 }, 0x400, 0x30000000, 0x10000000, ANY, ANY, ANY, ANY },
    { "fetch key 1", { 0x7cc903a6, 0x4e800420 }, USER, { 0, 0, 0, 0x20002000 }, 0x400, 0x20002000, 0x08000000, ANY, ANY, ANY, ANY },
    { "trace", { 0x38a00001, 0x38a00002 }, ON | SE, { 0 }, 0xd00, 4, 0, ANY, ANY, 1, ANY },
    { "trace branch", { 0x48000008, 0, 0x38a00002 }, ON | SE, { 0, 0, 9 }, 0xd00, 8, 0, ANY, ANY, 9, ANY },
    { "decrementer", { 0x7c7603a6, 0x38a50001, 0x7c600124, 0x48000000 }, REAL, { EE | REAL, 0, 0 }, 0x900, 12, 0, ANY, ANY, 1, ANY },
    /* mtfsb1 ZE; mtfsb1 ZX; then MSR.FE0 by mtmsr, and FE1 by rfi */
    { "mtmsr allows FP", { 0xff60004c, 0xfca0004c, 0x7c600124, 0x38a00001 }, ON | FP, { ON | FP | FE0, 0, 9 }, 0x700, 12, 0x110000, ANY, ANY, 9, ANY },
    { "rfi allows FP", { 0xff60004c, 0xfca0004c, 0x7c7b03a6, 0x7c9a03a6, 0x4c000064, 0, 0x38a00001 }, ON | FP,
      { ON | FP | FE1, 0x200018, 9 }, 0x700, 24, 0x110000, ANY, ANY, 9, ANY },
    /* mtfsfi 6,0; mtfsb0 ZX */
    { "nothing pending", { 0xff00010c, 0xfca0008c, 0x7c600124, 0x38a00001 }, ON | FP, { ON | FP | FE0, 0, 9 }, 0x700, 16, 0x80000, ANY, ANY, 1, ANY },
    /* mtspr IABR: at +8; then off again */
    { "IABR", { 0x7c72fba6, 0x38a00001, 0x38a00002 }, ON, { 0x20000b, 0, 9 }, 0x1300, 8, 0, ANY, ANY, 1, ANY },
    { "IABR off", { 0x7c72fba6, 0x38a00001, 0x38a00002 }, ON, { 0x200009, 0, 9 }, 0x700, 12, 0x80000, ANY, ANY, 2, ANY },
    /* 1: lwzu r5,4(r6); addi r3,r3,1; b 1b: hot, then off the end of page 3 */
    { "loop into a fault", { 0x84a60004, 0x38630001, 0x4bfffff8 }, ON, { 0, 0, 0, 0x10002ffc }, 0x300, 0, 0, 0x10004000, 0x40000000, 0x44444444, 0x10003ffc },
    /* 1: stwu r3,4(r6); addi r3,r3,1; addi r5,r5,2; b 1b */
    { "loop of stores", { 0x94660004, 0x38630001, 0x38a50002, 0x4bfffff4 }, USER, { 0x44444444, 0, 0, 0x10002ffc }, 0x300, 0, 0, 0x10004000, 0x42000000, 2048, 0x10003ffc },
};

/*
 * Little-endian mode (PEM 3.1.4): memory keeps its order, the low bits of addresses
 * change, for the words of the code too. ORDERED holds the bytes 0, 1, 2...
 */
#define ORDERED 0x00600000u

static const Row rows_le[] = {
    { "LE lwz", { 0x80a60000 }, ON | LE, { 0, 0, 5, ORDERED }, 0x700, 4, 0x80000, ANY, ANY, 0x04050607, ANY },
    { "LE lwzu", { 0x84a60004 }, REAL | LE, { 0, 0, 5, ORDERED }, 0x700, 4, 0x80000, ANY, ANY, 0x00010203, ORDERED + 4 },
    { "LE lhz", { 0xa0a60000 }, USER | LE, { 0, 0, 5, ORDERED }, 0x700, 4, 0x80000, ANY, ANY, 0x0607, ANY },
    { "LE lhz 2", { 0xa0a60002 }, ON | LE, { 0, 0, 5, ORDERED }, 0x700, 4, 0x80000, ANY, ANY, 0x0405, ANY },
    { "LE lbz", { 0x88a60001 }, ON | LE, { 0, 0, 5, ORDERED }, 0x700, 4, 0x80000, ANY, ANY, 6, ANY },
    { "LE lwbrx", { 0x7ca0342c }, ON | LE, { 0, 0, 5, ORDERED }, 0x700, 4, 0x80000, ANY, ANY, 0x07060504, ANY },
    { "LE lwarx", { 0x7ca03028 }, ON | LE, { 0, 0, 5, ORDERED }, 0x700, 4, 0x80000, ANY, ANY, 0x04050607, ANY },
    /* stw r3,32(r6); lbz r5,32(r6): the byte of least weight comes first */
    { "LE stw", { 0x90660020, 0x88a60020 }, ON | LE, { 0x11223344, 0, 5, ORDERED }, 0x700, 8, 0x80000, ANY, ANY, 0x44, ANY },
    /* sth r3,34(r6); lwz r5,32(r6) behind the row above */
    { "LE sth", { 0xb0660022, 0x80a60020 }, ON | LE, { 0xabcd, 0, 5, ORDERED }, 0x700, 8, 0x80000, ANY, ANY, 0xabcd3344, ANY },
    /* lfd f0,0(r6); stfd f0,16(r6); lwz r5,16(r6) */
    { "LE lfd", { 0xc8060000, 0xd8060010, 0x80a60010 }, ON | FP | LE, { 0, 0, 5, ORDERED }, 0x700, 12, 0x80000, ANY, ANY, 0x04050607, ANY },
    { "LE branch", { 0x48000008, 0x38a00001, 0x38a50002 }, ON | LE, { 0, 0, 5 }, 0x700, 12, 0x80000, ANY, ANY, 7, ANY },
    { "LE unaligned", { 0x80a60001 }, ON | LE, { 0, 0, 5, ORDERED }, 0x600, 0, 0, ORDERED + 1, ANY, 5, ORDERED },
    { "LE lmw", { 0xbba60000 }, ON | LE, { 0, 0, 5, ORDERED }, 0x600, 0, 0, ORDERED, ANY, 5, ORDERED },
    { "LE lswi", { 0x7ca644aa }, ON | LE, { 0, 0, 5, ORDERED }, 0x600, 0, 0, ORDERED, ANY, 5, ORDERED },
    { "LE unmapped", { 0x80a60000 }, ON | LE, { 0, 0, 5, 0x11000000 }, 0x300, 0, 0, ANY, 0x40000000, 5, 0x11000000 },
};

/* What the 603 lacks: mtspr DABR, then an access. The last row switches it off. */
static const Row rows_750[] = {
    { "DABR read", { 0x7c75fba6, 0x80a60000 }, ON, { 0x10000005, 0, 5, 0x10000004 }, 0x300, 4, 0, 0x10000004, 0x00400000, 5, ANY },
    { "DABR across", { 0x7c75fba6, 0x80a60000 }, ON, { 0x10000005, 0, 5, 0x10000007 }, 0x300, 4, 0, 0x10000007, 0x00400000, 5, ANY },
    { "DABR beside", { 0x7c75fba6, 0x80a60000 }, ON, { 0x10000005, 0, 5, 0x10000008 }, 0x700, 8, 0x80000, ANY, ANY, 0x11111111, ANY },
    { "DABR write", { 0x7c75fba6, 0x98a60003 }, ON, { 0x10000006, 0, 5, 0x10000004 }, 0x300, 4, 0, 0x10000007, 0x02400000, 5, ANY },
    { "DABR not read", { 0x7c75fba6, 0x80a60000 }, ON, { 0x10000006, 0, 5, 0x10000004 }, 0x700, 8, 0x80000, ANY, ANY, 0x11111111, ANY },
    { "DABR real", { 0x7c75fba6, 0x80a60000 }, ON, { 0x10000003, 0, 5, 0x10000004 }, 0x700, 8, 0x80000, ANY, ANY, 0x11111111, ANY },
    { "DABR off", { 0x7c75fba6, 0x80a60000 }, ON, { 0, 0, 5, 0x10000004 }, 0x700, 8, 0x80000, ANY, ANY, 0x11111111, ANY },
};

/* --- translation ---------------------------------------------------------------------- */

static void set_pte(uint32_t page, uint32_t pp)
{
    uint32_t hash = (VSID ^ page) & 0x3ff;
    volatile uint32_t *group = (volatile uint32_t *)(TABLE + hash * 64);

    for (unsigned i = 0; i < 8; i++) {
        if (!(group[2 * i] >> 31)) {
            group[2 * i + 1] = (PAGES + page * 4096) | pp;
            group[2 * i] = 0x80000000u | VSID << 7;
            return;
        }
    }
}

static uint32_t get_pte1(uint32_t page)
{
    volatile uint32_t *group = (volatile uint32_t *)(TABLE + ((VSID ^ page) & 0x3ff) * 64);

    for (unsigned i = 0; i < 8; i++) {
        if ((group[2 * i + 1] & ~0xfffu) == PAGES + page * 4096) {
            return group[2 * i + 1];
        }
    }
    return 0;
}

static void set_up_translation(void)
{
    for (uint32_t i = 0; i < 0x10000 / 4; i++) {
        ((volatile uint32_t *)TABLE)[i] = 0;
    }
    for (uint32_t page = 0; page < 4; page++) {
        for (uint32_t i = 0; i < 1024; i++) {
            ((volatile uint32_t *)(PAGES + page * 4096))[i] = 0x11111111 * (page + 1);
        }
    }
    set_pte(0, 2);
    set_pte(1, 3);
    set_pte(2, 0);
    set_pte(3, 2 | 0x180);
    __asm__ volatile("mtsdr1 %0" : : "r"(TABLE));
    __asm__ volatile("mtsr 1, %0; mtsr 2, %1; mtsr 3, %2; mtsr 4, %3" : :
                     "r"(VSID), "r"(VSID | 0x60000000), "r"(VSID | 0x10000000), "r"(0x80000000));
    __asm__ volatile("mtibatu 0, %0; mtibatl 0, %1; mtdbatu 0, %0; mtdbatl 0, %1; isync" : :
                     "r"(0x000000ff), "r"(0x00000002));
}

/* --- running ---------------------------------------------------------------------------- */

/* The program is in ROM: what it writes lies at fixed places. */
#define failures (*(volatile unsigned *)0x5000)

static void check(const char *row, const char *what, uint32_t got, uint32_t want)
{
    if (want != ANY && got != want) {
        failures++;
        print("# "); print(row); print(": "); print(what); print(" ");
        print_hex(got); print(" want "); print_hex(want); print("\n");
    }
}

static void run_row(const Row *row)
{
    uint32_t code = (uint32_t)CODE, srr0 = row->srr0 < 0x1000 ? code + row->srr0 : row->srr0;

    for (unsigned i = 0; i < CODE_WORDS; i++) {
        CODE[row->msr & LE ? i ^ 1 : i] = row->code[i];
        __asm__ volatile("dcbst 0, %0; sync; icbi 0, %0; sync; isync" : : "r"(CODE + i) : "memory");
    }
    RECORD->vector = 0;
    run_system(RECORD, code, row->msr, row->regs);
    check(row->name, "vector", RECORD->vector, row->vector);
    check(row->name, "srr0", RECORD->srr0, srr0);
    check(row->name, "srr1 cause", RECORD->srr1 & 0x783f0000, row->cause);
    /* rows with FP set MSR themselves */
    if (row->vector != 0x900 && !(row->msr & FP)) {
        check(row->name, "srr1 msr", RECORD->srr1 & 0xffff, row->msr & 0xffff);
    }
    check(row->name, "msr", RECORD->msr, IP | ME);
    check(row->name, "dar", RECORD->dar, row->dar);
    check(row->name, "dsisr", RECORD->dsisr, row->dsisr);
    check(row->name, "r5", RECORD->r5, row->want_r5);
    check(row->name, "r6", RECORD->r6, row->want_r6);
}

/* R and C are set by the first access and the first store (PEM 7.5.3). */
static void check_history(void)
{
    static const Row load = { "R", { 0x80a60000 }, ON, { 0, 0, 0, 0x10000000 }, 0x700, 4, 0x80000, ANY, ANY, ANY, ANY };
    static const Row store = { "C", { 0x90a60000 }, ON, { 0, 0, 0, 0x10000000 }, 0x700, 4, 0x80000, ANY, ANY, ANY, ANY };

    check("untouched", "pte", get_pte1(0) & 0xfff, 2);
    run_row(&load);
    check("loaded", "pte", get_pte1(0) & 0xfff, 0x102);
    run_row(&store);
    check("stored", "pte", get_pte1(0) & 0xfff, 0x182);
    *(volatile uint32_t *)PAGES = 0x11111111;
}

void main(void)
{
    unsigned count = sizeof(rows) / sizeof(rows[0]), count_750 = sizeof(rows_750) / sizeof(rows_750[0]);
    unsigned count_le = sizeof(rows_le) / sizeof(rows_le[0]);
    uint32_t pvr;

    failures = 0;
    console_init();
    set_up_translation();
    check_history();
    for (unsigned i = 0; i < count; i++) {
        run_row(&rows[i]);
    }
    for (unsigned i = 0; i < 32; i++) {
        ((volatile uint8_t *)ORDERED)[i] = i;
    }
    for (unsigned i = 0; i < count_le; i++) {
        run_row(&rows_le[i]);
    }
    __asm__ volatile("mfpvr %0" : "=r"(pvr));
    for (unsigned i = 0; pvr >> 16 == 8 && i < count_750; i++, count++) {
        run_row(&rows_750[i]);
    }
    print("rows "); print_dec(count + count_le);
    print(" failures "); print_dec(failures);
    print("\nDONE\n");
    for (;;) {
    }
}
