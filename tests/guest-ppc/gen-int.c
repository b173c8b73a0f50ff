/*
 * Writes vectors of the integer instructions: encodings, edge operands, and
 * results from a model of the manual's text in plain C. See vectors.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <arpa/inet.h>
#include "vectors.h"

enum { SO = 0x80000000, OV = 0x40000000, CA = 0x20000000 };
enum { R3 = 3, R4 = 4, R5 = 5, R6 = 6, R7 = 7, R8 = 8 };
enum { SCRATCH_BYTES = 64 };

/* The machine of the model; memory is the scratch buffer behind r6. */
static State s;
static uint8_t memory[2 * SCRATCH_BYTES];
static uint32_t param;          /* of the row being run */

/* --- encodings -------------------------------------------------------------------------- */

static uint32_t d_form(unsigned op, unsigned d, unsigned a, unsigned imm)
{
    return op << 26 | d << 21 | a << 16 | (imm & 0xffff);
}

static uint32_t x_form(unsigned op, unsigned xo, unsigned d, unsigned a, unsigned b)
{
    return op << 26 | d << 21 | a << 16 | b << 11 | xo << 1;
}

static uint32_t m_form(unsigned op, unsigned src, unsigned a, unsigned sh, unsigned mb, unsigned me)
{
    return op << 26 | src << 21 | a << 16 | sh << 11 | mb << 6 | me << 1;
}

enum { RC = 1, OE = 0x400 };

/* --- writing ------------------------------------------------------------------------------- */

static void put_words(const void *words, size_t count)
{
    const uint32_t *w = words;

    for (size_t i = 0; i < count; i++) {
        uint32_t be = htonl(w[i]);

        fwrite(&be, 4, 1, stdout);
    }
}

static const uint32_t edges[] = {
    0, 1, 2, 0x7fffffff, 0x80000000, 0x80000001, 0xffffffff, 0xfffffffe,
    31, 32, 63, 0xffff8000, 0x12345678,
};
enum { EDGES = sizeof(edges) / sizeof(edges[0]) };

static uint32_t random_state = 1;
static uint32_t next_random(void)
{
    random_state = random_state * 1664525 + 1013904223;
    return random_state ^ random_state >> 16;
}

typedef void Model(void);

/* Operands of a row: all pairs of edges, or some; then random ones. */
static unsigned edge_step = 1;

static void row(const char *name, const uint32_t *opcode, unsigned words, Model *model, uint32_t value)
{
    static const uint32_t xers[] = { 0, CA, SO, SO | CA, OV | SO, 0x00000007 };
    static const uint32_t crs[] = { 0, 0xffffffff, 0x5a5a5a5a, 0x24824281, 0x80808080 };
    unsigned pairs = EDGES * EDGES / edge_step;
    Row r = { .count = pairs + 12 };

    memcpy(r.opcode, opcode, 4 * words);
    strncpy(r.name, name, NAME_BYTES - 1);
    put_words(r.opcode, ROW_WORDS);
    put_words(&r.count, 1);
    fwrite(r.name, NAME_BYTES, 1, stdout);
    param = value;
    for (unsigned i = 0; i < r.count; i++) {
        Vector v = { .in = { .xer = xers[i % 6], .cr = i % 7 ? crs[i % 5] & ~0x11111111 : crs[i % 5] } };

        if (i < pairs) {
            v.in.r3 = edges[i * edge_step / EDGES];
            v.in.r4 = edges[i * edge_step % EDGES];
        } else {
            v.in.r3 = next_random();
            v.in.r4 = next_random();
            v.in.cr = next_random();
        }
        v.in.r5 = next_random();
        v.in.ctr = i % 3;
        s = v.in;
        memset(memory, 0x55, sizeof(memory));
        model();
        v.out = s;
        put_words(&v, sizeof(v) / 4);
    }
}

static void row1(const char *name, uint32_t opcode, Model *model, uint32_t value)
{
    row(name, &opcode, 1, model, value);
}

/* --- pieces of models ------------------------------------------------------------------------ */

static void set_cr(unsigned field, unsigned bits)
{
    s.cr = (s.cr & ~(0xf0000000u >> 4 * field)) | bits << (28 - 4 * field);
}

static void compare(unsigned field, bool less, bool greater)
{
    set_cr(field, less << 3 | greater << 2 | (!less && !greater) << 1 | s.xer >> 31);
}

static void cr0(void) { compare(0, (int32_t)s.r5 < 0, (int32_t)s.r5 > 0); }

static void set_ca(bool ca) { s.xer = (s.xer & ~CA) | (ca ? CA : 0); }
static bool get_ca(void) { return s.xer & CA; }
static void set_ov(bool ov) { s.xer = (s.xer & ~OV) | (ov ? OV | SO : 0); }

/* Instructions come in up to four spellings: param has RC and OE. */
static void finish(bool overflow)
{
    if (param & OE) {
        set_ov(overflow);
    }
    if (param & RC) {
        cr0();
    }
}

static void add_with(uint32_t a, uint32_t b, unsigned carry, bool writes_ca)
{
    int64_t exact = (int64_t)(int32_t)a + (int32_t)b + carry;
    uint64_t wide = (uint64_t)a + b + carry;

    s.r5 = wide;
    if (writes_ca) {
        set_ca(wide >> 32);
    }
    finish(exact != (int32_t)exact);
}

static void m_add(void) { add_with(s.r3, s.r4, 0, false); }
static void m_addc(void) { add_with(s.r3, s.r4, 0, true); }
static void m_adde(void) { add_with(s.r3, s.r4, get_ca(), true); }
static void m_addme(void) { add_with(s.r3, -1, get_ca(), true); }
static void m_addze(void) { add_with(s.r3, 0, get_ca(), true); }
static void m_subf(void) { add_with(~s.r3, s.r4, 1, false); }
static void m_subfc(void) { add_with(~s.r3, s.r4, 1, true); }
static void m_subfe(void) { add_with(~s.r3, s.r4, get_ca(), true); }
static void m_subfme(void) { add_with(~s.r3, -1, get_ca(), true); }
static void m_subfze(void) { add_with(~s.r3, 0, get_ca(), true); }
static void m_neg(void) { s.r5 = -s.r3; finish(s.r3 == 0x80000000); }

static void m_mullw(void)
{
    int64_t product = (int64_t)(int32_t)s.r3 * (int32_t)s.r4;

    s.r5 = product;
    finish(product != (int32_t)product);
}

static void m_mulhw(void) { s.r5 = ((int64_t)(int32_t)s.r3 * (int32_t)s.r4) >> 32; finish(false); }
static void m_mulhwu(void) { s.r5 = ((uint64_t)s.r3 * s.r4) >> 32; finish(false); }

/* Results of impossible divisions are undefined: these are what the emulator promises. */
static void m_divw(void)
{
    bool bad = s.r4 == 0 || (s.r3 == 0x80000000 && s.r4 == 0xffffffff);

    s.r5 = bad ? (int32_t)s.r3 >> 31 : (int32_t)s.r3 / (int32_t)s.r4;
    finish(bad);
}

static void m_divwu(void)
{
    s.r5 = s.r4 ? s.r3 / s.r4 : 0;
    finish(s.r4 == 0);
}

static void m_addi(void) { s.r5 = s.r3 + (int16_t)param; }
static void m_addis(void) { s.r5 = s.r3 + (param << 16); }
static void m_addi0(void) { s.r5 = (int16_t)param; }
static void m_mulli(void) { s.r5 = s.r3 * (int16_t)param; }

static void m_addic(void)
{
    uint64_t wide = (uint64_t)s.r3 + (uint32_t)(int16_t)param;

    s.r5 = wide;
    set_ca(wide >> 32);
}

static void m_addic_rc(void) { m_addic(); cr0(); }

static void m_subfic(void)
{
    uint64_t wide = (uint64_t)~s.r3 + (uint32_t)(int16_t)param + 1;

    s.r5 = wide;
    set_ca(wide >> 32);
}

static void m_and(void) { s.r5 = s.r3 & s.r4; finish(false); }
static void m_andc(void) { s.r5 = s.r3 & ~s.r4; finish(false); }
static void m_or(void) { s.r5 = s.r3 | s.r4; finish(false); }
static void m_orc(void) { s.r5 = s.r3 | ~s.r4; finish(false); }
static void m_xor(void) { s.r5 = s.r3 ^ s.r4; finish(false); }
static void m_eqv(void) { s.r5 = ~(s.r3 ^ s.r4); finish(false); }
static void m_nand(void) { s.r5 = ~(s.r3 & s.r4); finish(false); }
static void m_nor(void) { s.r5 = ~(s.r3 | s.r4); finish(false); }
static void m_mr(void) { s.r5 = s.r3; finish(false); }
static void m_not(void) { s.r5 = ~s.r3; finish(false); }
static void m_extsb(void) { s.r5 = (int8_t)s.r3; finish(false); }
static void m_extsh(void) { s.r5 = (int16_t)s.r3; finish(false); }
static void m_cntlzw(void) { s.r5 = s.r3 ? (uint32_t)__builtin_clz(s.r3) : 32; finish(false); }
static void m_ori(void) { s.r5 = s.r3 | param; }
static void m_oris(void) { s.r5 = s.r3 | param << 16; }
static void m_xori(void) { s.r5 = s.r3 ^ param; }
static void m_xoris(void) { s.r5 = s.r3 ^ param << 16; }
static void m_andi(void) { s.r5 = s.r3 & param; cr0(); }
static void m_andis(void) { s.r5 = s.r3 & param << 16; cr0(); }

static void m_slw(void) { s.r5 = s.r4 & 32 ? 0 : s.r3 << (s.r4 & 31); finish(false); }
static void m_srw(void) { s.r5 = s.r4 & 32 ? 0 : s.r3 >> (s.r4 & 31); finish(false); }

static void shift_right_signed(unsigned count)
{
    int64_t wide = (int32_t)s.r3;

    s.r5 = wide >> count;
    set_ca(wide < 0 && (wide & (((int64_t)1 << count) - 1)));
    finish(false);
}

static void m_sraw(void) { shift_right_signed(s.r4 & 63); }
static void m_srawi(void) { shift_right_signed(param >> 11 & 31); }

/* --- rotates: param is the opcode ---------------------------------------------------------- */

static uint32_t rotate(uint32_t x, unsigned n) { return n ? x << n | x >> (32 - n) : x; }

static uint32_t mask(void)
{
    unsigned mb = param >> 6 & 31, me = param >> 1 & 31;
    uint32_t result = 0;

    for (unsigned i = mb;; i = (i + 1) % 32) {
        result |= 0x80000000u >> i;
        if (i == me) {
            return result;
        }
    }
}

static void record(void)
{
    if (param & RC) {
        cr0();
    }
}

static void m_rlwinm(void) { s.r5 = rotate(s.r3, param >> 11 & 31) & mask(); record(); }
static void m_rlwnm(void) { s.r5 = rotate(s.r3, s.r4 & 31) & mask(); record(); }
static void m_rlwimi(void)
{
    s.r5 = (rotate(s.r3, param >> 11 & 31) & mask()) | (s.r5 & ~mask());
    record();
}

/* --- compares and branches ------------------------------------------------------------------ */

static void m_cmp(void) { compare(param, (int32_t)s.r3 < (int32_t)s.r4, (int32_t)s.r3 > (int32_t)s.r4); }
static void m_cmpl(void) { compare(param, s.r3 < s.r4, s.r3 > s.r4); }
static void m_cmpi(void) { compare(2, (int32_t)s.r3 < (int16_t)param, (int32_t)s.r3 > (int16_t)param); }
static void m_cmpli(void) { compare(2, s.r3 < param, s.r3 > param); }

static bool cr_bit(unsigned bit) { return s.cr << bit >> 31; }

/* param: BO << 5 | BI. r5 becomes 1 when taken. */
static void branch(void)
{
    unsigned bo = param >> 5, bi = param & 31;
    bool ctr_ok = true;

    if (!(bo & 4)) {
        s.ctr--;
        ctr_ok = (s.ctr != 0) != ((bo & 2) != 0);
    }
    s.r5 = ctr_ok && (bo & 16 || cr_bit(bi) == ((bo & 8) != 0));
}

static void compare_branch(void)
{
    unsigned field = (param & 31) / 4;

    compare(field, (int32_t)s.r3 < (int32_t)s.r4, (int32_t)s.r3 > (int32_t)s.r4);
    branch();
}

static void logical_compare_branch(void)
{
    unsigned field = (param & 31) / 4;

    compare(field, s.r3 < s.r4, s.r3 > s.r4);
    branch();
}

/* The compared register changes between compare and branch. */
static void stale_compare_branch(void)
{
    uint32_t r3 = s.r3;

    compare_branch();
    s.r3 = r3 + 1;
}

/* --- condition register ------------------------------------------------------------------------ */

static void cr_write(unsigned bit, bool value)
{
    s.cr = (s.cr & ~(0x80000000u >> bit)) | (value ? 0x80000000u >> bit : 0);
}

/* param: xo << 15 | crbD << 10 | crbA << 5 | crbB */
static void m_crlogic(void)
{
    bool a = cr_bit(param >> 5 & 31), b = cr_bit(param & 31), r = false;

    switch (param >> 15) {
    case 33: r = !(a | b); break;
    case 129: r = a & !b; break;
    case 193: r = a ^ b; break;
    case 225: r = !(a & b); break;
    case 257: r = a & b; break;
    case 289: r = a == b; break;
    case 417: r = a | !b; break;
    case 449: r = a | b; break;
    }
    cr_write(param >> 10 & 31, r);
}

static void m_mcrf(void) { set_cr(param >> 3, s.cr >> (28 - 4 * (param & 7)) & 15); }
static void m_mcrxr(void) { set_cr(param, s.xer >> 28); s.xer &= 0x0fffffff; }
static void m_mfcr(void) { s.r5 = s.cr; }

static void m_mtcrf(void)
{
    for (unsigned i = 0; i < 8; i++) {
        if (param & 0x80 >> i) {
            set_cr(i, s.r3 >> (28 - 4 * i) & 15);
        }
    }
}

/* --- memory: r3 and r4 are stored at offset 0 and 4, then loaded somehow --------------------- */

static void put(unsigned offset, uint32_t value, unsigned bytes)
{
    for (unsigned i = 0; i < bytes; i++) {
        memory[offset + i] = value >> 8 * (bytes - 1 - i);
    }
}

static uint32_t get(unsigned offset, unsigned bytes)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < bytes; i++) {
        value = value << 8 | memory[offset + i];
    }
    return value;
}

static void store_operands(void)
{
    put(0, s.r3, 4);
    put(4, s.r4, 4);
}

/* param: offset << 8 | kind */
enum { LBZ, LHZ, LHA, LWZ, LHBR, LWBR };
static void m_load(void)
{
    unsigned offset = param >> 8;

    store_operands();
    switch (param & 15) {
    case LBZ: s.r5 = get(offset, 1); break;
    case LHZ: s.r5 = get(offset, 2); break;
    case LHA: s.r5 = (int16_t)get(offset, 2); break;
    case LWZ: s.r5 = get(offset, 4); break;
    case LHBR: s.r5 = __builtin_bswap16(get(offset, 2)); break;
    case LWBR: s.r5 = __builtin_bswap32(get(offset, 4)); break;
    }
    s.r6 += param & 16 ? offset : 0;
}

enum { STB, STH, STW, STHBR, STWBR };
static void m_store(void)
{
    unsigned offset = param >> 8;

    store_operands();
    switch (param & 15) {
    case STB: put(offset, s.r5, 1); break;
    case STH: put(offset, s.r5, 2); break;
    case STW: put(offset, s.r5, 4); break;
    case STHBR: put(offset, __builtin_bswap16(s.r5), 2); break;
    case STWBR: put(offset, __builtin_bswap32(s.r5), 4); break;
    }
    s.r5 = get(0, 4) ^ rotate(get(4, 4), 7);
    s.r6 += param & 16 ? offset : 0;
}

/* lswi r7,r6,NB; r5 = r7 ^ rotl(r8, 3). Bytes that are not loaded are 0. */
static void m_lswi(void)
{
    uint32_t words[2] = { 0, 0 };

    store_operands();
    for (unsigned i = 0; i < param; i++) {
        words[i / 4] |= (uint32_t)memory[i] << (24 - 8 * (i % 4));
    }
    if (param <= 4) {
        words[1] = s.r4;        /* r8 was set to r4 before */
    }
    s.r5 = words[0] ^ rotate(words[1], 3);
}

/* stswi r3,r6,NB over 0x55 bytes in the first 8; r5 = combination. */
static void m_stswi(void)
{
    put(0, s.r5, 4);
    put(4, s.r5, 4);
    for (unsigned i = 0; i < param; i++) {
        memory[i] = (i < 4 ? s.r3 : s.r4) >> (24 - 8 * (i % 4));
    }
    s.r5 = get(0, 4) ^ rotate(get(4, 4), 7);
}

static void m_lwarx(void)
{
    store_operands();
    s.r5 = s.r3;
    put(0, s.r4, 4);
    set_cr(0, 2 | s.xer >> 31);
}

/* stwcx. without reservation. */
static void m_stwcx(void)
{
    set_cr(0, s.xer >> 31);
}

/* --- the rows ---------------------------------------------------------------------------------- */

static void arith_rows(void)
{
    static const struct { const char *name; unsigned xo; bool b, oe; Model *model; } rows[] = {
        { "add", 266, true, true, m_add }, { "addc", 10, true, true, m_addc },
        { "adde", 138, true, true, m_adde }, { "addme", 234, false, true, m_addme },
        { "addze", 202, false, true, m_addze }, { "subf", 40, true, true, m_subf },
        { "subfc", 8, true, true, m_subfc }, { "subfe", 136, true, true, m_subfe },
        { "subfme", 232, false, true, m_subfme }, { "subfze", 200, false, true, m_subfze },
        { "neg", 104, false, true, m_neg }, { "mullw", 235, true, true, m_mullw },
        { "mulhw", 75, true, false, m_mulhw }, { "mulhwu", 11, true, false, m_mulhwu },
        { "divw", 491, true, true, m_divw }, { "divwu", 459, true, true, m_divwu },
    };
    char name[NAME_BYTES];

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (unsigned form = 0; form < (rows[i].oe ? 4 : 2); form++) {
            unsigned bits = (form & 1 ? RC : 0) | (form & 2 ? OE : 0);

            snprintf(name, sizeof(name), "%s%s%s", rows[i].name, form & 2 ? "o" : "", form & 1 ? "." : "");
            row1(name, x_form(31, rows[i].xo, R5, R3, rows[i].b ? R4 : 0) | bits, rows[i].model, bits);
        }
    }
}

static void logic_rows(void)
{
    static const struct { const char *name; unsigned xo, b; Model *model; } rows[] = {
        { "and", 28, R4, m_and }, { "andc", 60, R4, m_andc }, { "or", 444, R4, m_or },
        { "orc", 412, R4, m_orc }, { "xor", 316, R4, m_xor }, { "eqv", 284, R4, m_eqv },
        { "nand", 476, R4, m_nand }, { "nor", 124, R4, m_nor }, { "mr", 444, R3, m_mr },
        { "not", 124, R3, m_not }, { "extsb", 954, 0, m_extsb }, { "extsh", 922, 0, m_extsh },
        { "cntlzw", 26, 0, m_cntlzw }, { "slw", 24, R4, m_slw }, { "srw", 536, R4, m_srw },
        { "sraw", 792, R4, m_sraw },
    };
    char name[NAME_BYTES];

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        for (unsigned rc = 0; rc < 2; rc++) {
            snprintf(name, sizeof(name), "%s%s", rows[i].name, rc ? "." : "");
            row1(name, x_form(31, rows[i].xo, R3, R5, rows[i].b) | rc, rows[i].model, rc);
        }
    }
    for (unsigned sh = 0; sh < 32; sh += 31 - sh < 7 && sh < 31 ? 31 - sh : 7) {
        for (unsigned rc = 0; rc < 2; rc++) {
            uint32_t opcode = x_form(31, 824, R3, R5, sh) | rc;

            snprintf(name, sizeof(name), "srawi%s %u", rc ? "." : "", sh);
            row1(name, opcode, m_srawi, (opcode & ~OE) | rc);
        }
    }
}

static void immediate_rows(void)
{
    static const uint16_t values[] = { 0, 1, 0x7fff, 0x8000, 0xffff, 0x1234 };
    static const struct { const char *name; unsigned op; bool dest_a; Model *model; } rows[] = {
        { "addi", 14, false, m_addi }, { "addis", 15, false, m_addis }, { "mulli", 7, false, m_mulli },
        { "addic", 12, false, m_addic }, { "addic.", 13, false, m_addic_rc }, { "subfic", 8, false, m_subfic },
        { "ori", 24, true, m_ori }, { "oris", 25, true, m_oris }, { "xori", 26, true, m_xori },
        { "xoris", 27, true, m_xoris }, { "andi.", 28, true, m_andi }, { "andis.", 29, true, m_andis },
    };

    for (unsigned v = 0; v < 6; v++) {
        for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            row1(rows[i].name, rows[i].dest_a ? d_form(rows[i].op, R3, R5, values[v])
                                              : d_form(rows[i].op, R5, R3, values[v]),
                 rows[i].model, values[v]);
        }
        row1("li", d_form(14, R5, 0, values[v]), m_addi0, values[v]);
        row1("cmpi", d_form(11, 2 << 2, R3, values[v]), m_cmpi, values[v]);
        row1("cmpli", d_form(10, 2 << 2, R3, values[v]), m_cmpli, values[v]);
    }
}

static void rotate_rows(void)
{
    static const uint8_t fields[][3] = {
        { 0, 0, 31 }, { 0, 24, 31 }, { 8, 24, 31 }, { 31, 1, 31 }, { 1, 0, 30 }, { 16, 0, 15 },
        { 3, 0, 28 }, { 27, 5, 31 }, { 5, 7, 20 }, { 5, 20, 7 }, { 0, 31, 0 }, { 24, 8, 15 },
        { 12, 12, 19 }, { 20, 28, 31 }, { 4, 0, 27 }, { 31, 31, 31 }, { 2, 31, 1 }, { 10, 31, 31 },
    };

    for (unsigned i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        for (unsigned rc = 0; rc < 2; rc++) {
            const uint8_t *f = fields[i];
            uint32_t op;

            op = m_form(21, R3, R5, f[0], f[1], f[2]) | rc;
            row1("rlwinm", op, m_rlwinm, op);
            op = m_form(20, R3, R5, f[0], f[1], f[2]) | rc;
            row1("rlwimi", op, m_rlwimi, op);
            op = m_form(23, R3, R5, R4, f[1], f[2]) | rc;
            row1("rlwnm", op, m_rlwnm, op);
        }
    }
}

/* mtctr is done by the guest. Taken: the third word is skipped. */
static void branch_rows(void)
{
    static const uint8_t bos[] = { 0, 2, 4, 8, 10, 12, 16, 18, 20 };
    static const uint8_t bis[] = { 0, 1, 2, 3, 13, 30, 31 };
    char name[NAME_BYTES];

    for (unsigned i = 0; i < sizeof(bos); i++) {
        for (unsigned j = 0; j < sizeof(bis); j++) {
            uint32_t code[] = {
                x_form(31, 0, (bis[j] / 4) << 2, R3, R4),
                m_form(16, bos[i], bis[j], 0, 0, 0) | 12, d_form(14, R5, 0, 0),
                18u << 26 | 8, d_form(14, R5, 0, 1),
            };

            snprintf(name, sizeof(name), "bc %u,%u", bos[i], bis[j]);
            row(name, code + 1, 4, branch, bos[i] << 5 | bis[j]);
            row("cmp bc", code, 5, compare_branch, bos[i] << 5 | bis[j]);
            code[0] |= 32 << 1;
            row("cmpl bc", code, 5, logical_compare_branch, bos[i] << 5 | bis[j]);
            uint32_t stale[] = {
                x_form(31, 0, (bis[j] / 4) << 2, R3, R4), d_form(14, R3, R3, 1),
                code[1], code[2], code[3], code[4],
            };
            row("stale bc", stale, 6, stale_compare_branch, bos[i] << 5 | bis[j]);
        }
    }
}

static void cr_rows(void)
{
    static const uint16_t xos[] = { 33, 129, 193, 225, 257, 289, 417, 449 };
    static const uint8_t bits[][3] = {
        { 0, 1, 2 }, { 3, 3, 3 }, { 6, 6, 6 }, { 31, 0, 30 }, { 13, 14, 15 }, { 5, 5, 18 }, { 18, 3, 18 }, { 2, 7, 1 },
    };

    for (unsigned i = 0; i < 8; i++) {
        for (unsigned j = 0; j < 8; j++) {
            row1("cr logic", x_form(19, xos[i], bits[j][0], bits[j][1], bits[j][2]), m_crlogic,
                 xos[i] << 15 | bits[j][0] << 10 | bits[j][1] << 5 | bits[j][2]);
        }
        row1("mcrf", x_form(19, 0, i << 2, ((i * 3 + 1) % 8) << 2, 0), m_mcrf, i << 3 | (i * 3 + 1) % 8);
        row1("mcrxr", x_form(31, 512, i << 2, 0, 0), m_mcrxr, i);
        row1("cmp", x_form(31, 0, i << 2, R3, R4), m_cmp, i);
        row1("cmpl", x_form(31, 32, i << 2, R3, R4), m_cmpl, i);
        row1("mtcrf", x_form(31, 144, R3, 0, 0) | (0x80u >> i) << 12, m_mtcrf, 0x80 >> i);
    }
    row1("mtcrf", x_form(31, 144, R3, 0, 0) | 0xff << 12, m_mtcrf, 0xff);
    row1("mtcrf", x_form(31, 144, R3, 0, 0) | 0x5a << 12, m_mtcrf, 0x5a);
    row1("mfcr", x_form(31, 19, R5, 0, 0), m_mfcr, 0);
}

static void load_row(const char *name, uint32_t opcode, unsigned kind, unsigned offset, bool update)
{
    uint32_t code[] = {
        d_form(36, R3, R6, 0), d_form(36, R4, R6, 4), d_form(14, R7, 0, offset), opcode,
    };

    row(name, code, 4, m_load, offset << 8 | kind | (update ? 16 : 0));
}

static void store_row(const char *name, uint32_t opcode, unsigned kind, unsigned offset, bool update)
{
    uint32_t code[] = {
        d_form(36, R3, R6, 0), d_form(36, R4, R6, 4), d_form(14, R7, 0, offset), opcode,
        d_form(32, R5, R6, update ? -offset : 0), d_form(32, R8, R6, update ? 4 - offset : 4),
        m_form(21, R8, R8, 7, 0, 31), x_form(31, 316, R5, R5, R8),
    };

    row(name, code, 8, m_store, offset << 8 | kind | (update ? 16 : 0));
}

static void memory_rows(void)
{
    static const struct { const char *name; unsigned op, xo, xo_update, kind; } loads[] = {
        { "lbz", 34, 87, 119, LBZ }, { "lhz", 40, 279, 311, LHZ }, { "lha", 42, 343, 375, LHA },
        { "lwz", 32, 23, 55, LWZ },
    }, stores[] = {
        { "stb", 38, 215, 247, STB }, { "sth", 44, 407, 439, STH }, { "stw", 36, 151, 183, STW },
    };

    for (unsigned offset = 0; offset < 4; offset++) {
        for (unsigned i = 0; i < 4; i++) {
            load_row(loads[i].name, d_form(loads[i].op, R5, R6, offset), loads[i].kind, offset, false);
            load_row(loads[i].name, d_form(loads[i].op + 1, R5, R6, offset), loads[i].kind, offset, true);
            load_row(loads[i].name, x_form(31, loads[i].xo, R5, R6, R7), loads[i].kind, offset, false);
            load_row(loads[i].name, x_form(31, loads[i].xo_update, R5, R6, R7), loads[i].kind, offset, true);
        }
        load_row("lhbrx", x_form(31, 790, R5, R6, R7), LHBR, offset, false);
        load_row("lwbrx", x_form(31, 534, R5, R6, R7), LWBR, offset, false);
        for (unsigned i = 0; i < 3; i++) {
            store_row(stores[i].name, d_form(stores[i].op, R5, R6, offset), stores[i].kind, offset, false);
            store_row(stores[i].name, d_form(stores[i].op + 1, R5, R6, offset), stores[i].kind, offset, true);
            store_row(stores[i].name, x_form(31, stores[i].xo, R5, R6, R7), stores[i].kind, offset, false);
            store_row(stores[i].name, x_form(31, stores[i].xo_update, R5, R6, R7), stores[i].kind, offset, true);
        }
        store_row("sthbrx", x_form(31, 918, R5, R6, R7), STHBR, offset, false);
        store_row("stwbrx", x_form(31, 662, R5, R6, R7), STWBR, offset, false);
    }
}

static void string_rows(void)
{
    for (unsigned bytes = 1; bytes <= 8; bytes++) {
        uint32_t load[] = {
            d_form(36, R3, R6, 0), d_form(36, R4, R6, 4), x_form(31, 444, R4, R8, R4),
            x_form(31, 597, R7, R6, bytes), m_form(21, R8, R8, 3, 0, 31), x_form(31, 316, R7, R5, R8),
        };
        uint32_t store[] = {
            d_form(36, R5, R6, 0), d_form(36, R5, R6, 4), x_form(31, 725, R3, R6, bytes),
            d_form(32, R5, R6, 0), d_form(32, R8, R6, 4), m_form(21, R8, R8, 7, 0, 31),
            x_form(31, 316, R5, R5, R8),
        };

        row("lswi", load, 6, m_lswi, bytes);
        row("stswi", store, 7, m_stswi, bytes);
    }
    uint32_t reserve[] = {
        d_form(36, R3, R6, 0), d_form(36, R4, R6, 4), x_form(31, 20, R5, 0, R6), x_form(31, 150, R4, 0, R6) | 1,
    };
    uint32_t lost[] = { x_form(31, 150, R4, 0, R6) | 1 };
    row("lwarx stwcx.", reserve, 4, m_lwarx, 0);
    row("stwcx.", lost, 1, m_stwcx, 0);
}

/* --- POWER instructions of the 601: MQ starts as r5 and is mixed into the result ------------ */

static uint32_t mq;

/* param: RC, and for shifts what they do, in bits 8 and up */
enum { P_RIGHT = 0x100, P_USE_MQ = 0x200, P_SIGN = 0x1000, P_SET_MQ = 0x2000, P_LONG = 0x4000, P_IMM = 0x8000 };

/* CR0 of `shown`; r5 = result and MQ. */
static void power_result(uint32_t result, uint32_t shown)
{
    s.r5 = shown;
    if (param & RC) {
        cr0();
    }
    s.r5 = result ^ rotate(mq, 9);
}

static void m_power_shift(void)
{
    unsigned amount = param & P_IMM ? param >> 16 : s.r4, n = amount & 31;
    bool beyond = param & P_LONG && amount & 32;
    uint32_t result = 0, old = s.r5;

    mq = old;
    for (unsigned bit = 0; bit < 32; bit++) {           /* bit of the result, 0 = least significant */
        int from = param & P_RIGHT ? (int)(bit + n) : (int)bit - (int)n;
        bool inside = from >= 0 && from < 32;
        bool value;

        if (param & P_SIGN) {
            value = beyond || !inside ? s.r3 >> 31 : s.r3 >> from & 1;
        } else if (inside) {
            value = beyond ? param & P_USE_MQ && old >> bit & 1 : s.r3 >> from & 1;
        } else {
            value = !beyond && param & P_USE_MQ && old >> bit & 1;
        }
        result |= (uint32_t)value << bit;
    }
    if (param & P_SIGN) {
        unsigned lost = beyond ? 32 : n;

        set_ca(s.r3 >> 31 && (s.r3 & (((uint64_t)1 << lost) - 1)));
    }
    if (param & P_SET_MQ) {
        mq = rotate(s.r3, param & P_RIGHT ? (32 - n) & 31 : n);
    }
    power_result(result, result);
}

static void m_abs(void)
{
    mq = s.r5;
    if (param & OE) {
        set_ov(s.r3 == 0x80000000);
    }
    power_result((int32_t)s.r3 < 0 ? -s.r3 : s.r3, (int32_t)s.r3 < 0 ? -s.r3 : s.r3);
}

static void m_nabs(void)
{
    uint32_t result = (int32_t)s.r3 < 0 ? s.r3 : -s.r3;

    mq = s.r5;
    if (param & OE) {
        set_ov(false);
    }
    power_result(result, result);
}

static void m_doz(void)
{
    int64_t difference = (int64_t)(int32_t)s.r4 - (int32_t)s.r3;

    if (difference < 0) {
        difference = 0;
    }
    mq = s.r5;
    if (param & OE) {
        set_ov(difference > INT32_MAX);
    }
    power_result(difference, difference);
}

static void m_mul(void)
{
    int64_t product = (int64_t)(int32_t)s.r3 * (int32_t)s.r4;

    mq = product;
    if (param & OE) {
        set_ov(product != (int32_t)product);
    }
    power_result(product >> 32, product);
}

/* The divisor is r4 | 3, which is not 0. */
static void m_divs(void)
{
    int64_t a = (int32_t)s.r3, b = (int32_t)(s.r4 | 3);
    bool bad = a == INT32_MIN && b == -1;       /* undefined: what the emulator promises */
    int64_t quotient = bad ? -1 : a / b;

    mq = a - quotient * b;
    if (param & OE) {
        set_ov(bad);
    }
    power_result(quotient, mq);
}

static void m_div(void)
{
    int64_t a = (int64_t)((uint64_t)(int64_t)((int32_t)s.r3 >> 31) << 32 | s.r5);
    int64_t b = (int32_t)(s.r4 | 3), quotient = a / b;

    mq = a % b;
    if (param & OE) {
        set_ov(quotient != (int32_t)quotient);
    }
    power_result(quotient, mq);
}

/* srawi, which makes the high half, sets CA. */
static void m_div_after_srawi(void)
{
    set_ca(s.r3 >> 31 && s.r3 << 1);
    m_div();
}

static void m_maskg(void)
{
    uint32_t result = 0;

    for (unsigned i = s.r3 & 31;; i = (i + 1) % 32) {
        result |= 0x80000000u >> i;
        if (i == (s.r4 & 31)) {
            break;
        }
    }
    mq = s.r5;
    power_result(result, result);
}

static void m_maskir(void)
{
    uint32_t result = (s.r3 & s.r4) | (s.r5 & ~s.r4);

    mq = s.r5;
    power_result(result, result);
}

static void m_rrib(void)
{
    uint32_t bit = 0x80000000u >> (s.r4 & 31);
    uint32_t result = s.r3 >> 31 ? s.r5 | bit : s.r5 & ~bit;

    mq = s.r5;
    power_result(result, result);
}

static void power_row(const char *name, uint32_t opcode, uint32_t before, Model *model, uint32_t value)
{
    uint32_t code[] = {
        x_form(31, 467, R5, 0, 0), before, opcode, x_form(31, 339, R7, 0, 0),
        m_form(21, R7, R7, 9, 0, 31), x_form(31, 316, R5, R5, R7),
    };

    row(name, code, 6, model, value);
}

static void power_rows(void)
{
    static const struct { const char *name; unsigned xo; uint32_t kind; } shifts[] = {
        { "sle", 153, P_SET_MQ }, { "sleq", 217, P_USE_MQ | P_SET_MQ }, { "sliq", 184, P_SET_MQ | P_IMM },
        { "slliq", 248, P_USE_MQ | P_SET_MQ | P_IMM }, { "sllq", 216, P_USE_MQ | P_LONG },
        { "slq", 152, P_SET_MQ | P_LONG }, { "sre", 665, P_RIGHT | P_SET_MQ },
        { "srea", 921, P_RIGHT | P_SIGN | P_SET_MQ }, { "sreq", 729, P_RIGHT | P_USE_MQ | P_SET_MQ },
        { "sriq", 696, P_RIGHT | P_SET_MQ | P_IMM }, { "srliq", 760, P_RIGHT | P_USE_MQ | P_SET_MQ | P_IMM },
        { "srlq", 728, P_RIGHT | P_USE_MQ | P_LONG }, { "srq", 664, P_RIGHT | P_SET_MQ | P_LONG },
        { "sraiq", 952, P_RIGHT | P_SIGN | P_SET_MQ | P_IMM }, { "sraq", 920, P_RIGHT | P_SIGN | P_SET_MQ | P_LONG },
    };
    static const struct { const char *name; unsigned xo; bool dest_a, b; uint32_t before; Model *model; } others[] = {
        { "abs", 360, false, false, 0, m_abs }, { "nabs", 488, false, false, 0, m_nabs },
        { "doz", 264, false, true, 0, m_doz }, { "mul", 107, false, true, 0, m_mul },
        { "divs", 363, false, true, 24u << 26 | R4 << 21 | R4 << 16 | 3, m_divs },
        { "maskg", 29, true, true, 0, m_maskg }, { "maskir", 541, true, true, 0, m_maskir },
        { "rrib", 537, true, true, 0, m_rrib },
    };
    static const uint8_t amounts[] = { 0, 1, 5, 16, 31 };

    for (unsigned i = 0; i < sizeof(shifts) / sizeof(shifts[0]); i++) {
        bool immediate = shifts[i].kind & P_IMM;

        for (unsigned j = 0; j < (immediate ? 5 : 1); j++) {
            for (unsigned rc = 0; rc < 2; rc++) {
                power_row(shifts[i].name, x_form(31, shifts[i].xo, R3, R5, immediate ? amounts[j] : R4) | rc, 0,
                          m_power_shift, shifts[i].kind | (uint32_t)amounts[j] << 16 | rc);
            }
        }
    }
    for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        for (unsigned form = 0; form < (others[i].dest_a ? 2 : 4); form++) {
            unsigned bits = (form & 1 ? RC : 0) | (form & 2 ? OE : 0), b = others[i].b ? R4 : 0;

            power_row(others[i].name, others[i].dest_a ? x_form(31, others[i].xo, R3, R5, b) | bits
                                                       : x_form(31, others[i].xo, R5, R3, b) | bits,
                      others[i].before, others[i].model, bits);
        }
    }
    /* div: sign of r3 and MQ by r4 | 3 */
    for (unsigned form = 0; form < 4; form++) {
        unsigned bits = (form & 1 ? RC : 0) | (form & 2 ? OE : 0);
        uint32_t code[] = {
            x_form(31, 467, R5, 0, 0), d_form(24, R4, R4, 3), x_form(31, 824, R3, R8, 31),
            x_form(31, 331, R5, R8, R4) | bits, x_form(31, 339, R7, 0, 0), m_form(21, R7, R7, 9, 0, 31),
            x_form(31, 316, R5, R5, R7),
        };

        row("div", code, 7, m_div_after_srawi, bits);
    }
}

int main(int argc, char **argv)
{
    uint32_t end = 0;

    if (argc > 1 && !strcmp(argv[1], "601")) {
        power_rows();
    } else {
        arith_rows();
        logic_rows();
        edge_step = 7;
        immediate_rows();
        rotate_rows();
        branch_rows();
        cr_rows();
        memory_rows();
        string_rows();
    }
    for (unsigned i = 0; i < sizeof(Row) / 4; i++) {
        put_words(&end, 1);
    }
    return 0;
}
