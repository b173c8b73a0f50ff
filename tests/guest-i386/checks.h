/*
 * What the system and long-mode tests on the bare processor share: types,
 * descriptors, checks and their report. Failures are printed on port 0xe9.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef CHECKS_H
#define CHECKS_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned u32;
typedef unsigned long long u64;
/* As wide as the registers. */
typedef unsigned long word;

enum { DE = 0, DB, NMI, BP, OF, BR, UD, NM, DF, CSO, TS, NP, SS, GP, PF, AC = 17 };
/* Access bytes. */
enum { ACC_DATA = 0x93, ACC_CODE = 0x9b, ACC_USER = 0x60 };

static inline u64 segment(u32 base, u32 limit, u32 access, u32 flags)
{
    return (limit & 0xffff) | (u64)(base & 0xffffff) << 16 | (u64)(access & 0xff) << 40 |
           (u64)(limit >> 16 & 15) << 48 | (u64)flags << 52 | (u64)(base >> 24) << 56;
}

/* A group of checks with its name. */
struct test {
    const char *name;
    void (*run)(void);
};

void check(const char *what, u32 line, word got, word want);
#define CHECK(got, want) check(__func__, __LINE__, (word)(got), (word)(want))
/* fn, called at CPL 0, ends with vector and error code; negative: with none. */
#define EXPECT(fn, vector, code) \
    do { CHECK(try_call(fn), vector); if ((int)(vector) >= 0) CHECK(frame.error, code); } while (0)
int try_call(void (*fn)(void));

/* Runs the tests up to one without a name and prints their results; returns 1 when a check failed. */
int run_tests(const struct test *tests);

#endif
