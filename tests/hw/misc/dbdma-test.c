/*
 * DBDMA programs without a device: word transfers, branches, stops, malformed
 * and endless programs. If this fails, disks hang or a guest can hang the
 * emulator.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/mac-test.h"

enum { CHANNEL = 0x8000 + 4 * 0x80, CONTROL = 0x00, STATUS = 0x04, CMDPTR = 0x0c };
enum { RUN = 0x8000, ACTIVE = 0x0400, DEAD = 0x0800 };
enum { STORE_WORD = 0x4600, LOAD_WORD = 0x5600, NOP = 0x6000, STOP = 0x7000, OUTPUT_LAST = 0x1000,
       BRANCH_ALWAYS = 0x000c };
enum { PROGRAM = 0x10000, DATA = 0x20000 };

static void put_descriptor(QTestState *s, int index, uint32_t command, uint32_t count, uint32_t address,
                           uint32_t cmd_dep)
{
    uint64_t at = PROGRAM + 16 * index;

    write_le32(s, at, command << 16 | count);
    write_le32(s, at + 4, address);
    write_le32(s, at + 8, cmd_dep);
    write_le32(s, at + 12, 0);
}

static uint32_t status(QTestState *s)
{
    return read_le32(s, MACIO_BASE + CHANNEL + STATUS);
}

static uint32_t run(QTestState *s)
{
    write_le32(s, MACIO_BASE + CHANNEL + CONTROL, RUN << 16);
    write_le32(s, MACIO_BASE + CHANNEL + CMDPTR, PROGRAM);
    write_le32(s, MACIO_BASE + CHANNEL + CONTROL, RUN << 16 | RUN);
    for (int i = 0; i < 100 && status(s) & ACTIVE; i++) {
        qtest_clock_step(s, 1000);
    }
    return status(s);
}

static void test_words_and_stop(void)
{
    QTestState *s = g3_start("");

    put_descriptor(s, 0, STORE_WORD, 4, DATA, 0x11223344);
    put_descriptor(s, 1, LOAD_WORD, 4, DATA, 0);
    put_descriptor(s, 2, STOP, 0, 0, 0);
    g_assert_cmphex(run(s) & (ACTIVE | DEAD), ==, 0);
    g_assert_cmphex(read_le32(s, DATA), ==, 0x11223344);
    g_assert_cmphex(read_le32(s, PROGRAM + 16 + 8), ==, 0x11223344);
    g_assert_cmphex(read_le32(s, PROGRAM + 12) >> 16 & (RUN | ACTIVE), ==, RUN | ACTIVE);
    g_assert_cmphex(read_le32(s, MACIO_BASE + CHANNEL + CMDPTR), ==, PROGRAM + 32);
    qtest_quit(s);
}

static void test_branch(void)
{
    QTestState *s = g3_start("");

    put_descriptor(s, 0, NOP | BRANCH_ALWAYS, 0, 0, PROGRAM + 48);
    put_descriptor(s, 1, STORE_WORD, 4, DATA, 0xbad);
    put_descriptor(s, 2, STOP, 0, 0, 0);
    put_descriptor(s, 3, STORE_WORD, 4, DATA + 4, 0x600d);
    put_descriptor(s, 4, STOP, 0, 0, 0);
    run(s);
    g_assert_cmphex(read_le32(s, DATA), ==, 0);
    g_assert_cmphex(read_le32(s, DATA + 4), ==, 0x600d);
    qtest_quit(s);
}

static void test_malformed_descriptors_kill_the_channel(void)
{
    QTestState *s = g3_start("");

    put_descriptor(s, 0, 0xf000, 0, 0, 0);
    g_assert_cmphex(run(s) & (ACTIVE | DEAD), ==, DEAD);
    put_descriptor(s, 0, STORE_WORD, 4, 0xe0000000, 1);
    g_assert_cmphex(run(s) & (ACTIVE | DEAD), ==, DEAD);
    put_descriptor(s, 0, OUTPUT_LAST, 512, DATA, 0);
    g_assert_cmphex(run(s) & (ACTIVE | DEAD), ==, DEAD);
    write_le32(s, MACIO_BASE + CHANNEL + CONTROL, RUN << 16);
    g_assert_cmphex(status(s) & DEAD, ==, 0);
    qtest_quit(s);
}

static void test_endless_program_leaves_the_machine_alive(void)
{
    QTestState *s = g3_start("");

    put_descriptor(s, 0, NOP | BRANCH_ALWAYS, 0, 0, PROGRAM);
    g_assert_cmphex(run(s) & ACTIVE, ==, ACTIVE);
    write_le32(s, MACIO_BASE + CHANNEL + CONTROL, RUN << 16);
    g_assert_cmphex(status(s) & (RUN | ACTIVE), ==, 0);
    qtest_quit(s);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dbdma/words", test_words_and_stop);
    g_test_add_func("/dbdma/branch", test_branch);
    g_test_add_func("/dbdma/malformed", test_malformed_descriptors_kill_the_channel);
    g_test_add_func("/dbdma/endless", test_endless_program_leaves_the_machine_alive);
    return g_test_run();
}
