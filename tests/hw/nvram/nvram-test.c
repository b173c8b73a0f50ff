/*
 * NVRAM contents and persistence, and the firmware configuration items. If
 * this fails, variables are lost or OpenBIOS starts with a wrong machine.
 *
 * SPDX-License-Identifier: MIT
 */
#include "hw/mac-test.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define FW_CFG_CTL  0xf0000510u
#define FW_CFG_DATA 0xf0000512u
#define NVRAM_NEW_WORLD 0xfff04000u
enum { NVRAM_SIZE = 0x2000, NEW_WORLD_SHIFT = 1, OLD_WORLD_SHIFT = 4 };

static void fw_cfg_read(QTestState *s, uint16_t key, uint8_t *data, int len)
{
    qtest_writew(s, FW_CFG_CTL, key);
    for (int i = 0; i < len; i++) {
        data[i] = qtest_readb(s, FW_CFG_DATA);
    }
}

static void test_fw_cfg_items(void)
{
    QTestState *s = qtest_init("-M g3beige -m 192 -net none -display none -serial null");
    uint8_t data[16];

    fw_cfg_read(s, 0, data, 6);
    g_assert_cmpmem(data, 6, "QEMU\0", 6);
    fw_cfg_read(s, 3, data, 8);
    g_assert_cmpmem(data, 8, "\0\0\0\x0c\0\0\0\0", 8);
    fw_cfg_read(s, 6, data, 2);
    g_assert_cmphex(data[0], ==, 2);
    fw_cfg_read(s, 0x8003, data, 4);
    g_assert_cmpmem(data, 4, "\xc0\x4b\xfd\0", 4);
    fw_cfg_read(s, 0x3fff, data, 2);
    g_assert_cmphex(data[0], ==, 0);
    qtest_writeb(s, FW_CFG_DATA, 1);
    fw_cfg_read(s, 0, data, 1);
    g_assert_cmphex(data[0], ==, 'Q');
    qtest_quit(s);
}

static uint8_t new_world(QTestState *s, int offset)
{
    return qtest_readb(s, NVRAM_NEW_WORLD + (offset << NEW_WORLD_SHIFT));
}

static void test_prom_env(void)
{
    QTestState *s = qtest_init("-M mac99 -net none -display none -serial null -prom-env foo=bar");
    char text[9];

    g_assert_cmphex(new_world(s, 0), ==, 0x70);
    g_assert_cmphex(new_world(s, 1), ==, 0xd9);     /* checksum of the header */
    g_assert_cmphex(new_world(s, 2) << 8 | new_world(s, 3), ==, 0x00c1);
    for (int i = 0; i < 8; i++) {
        text[i] = new_world(s, 0x10 + i);
    }
    g_assert_cmpmem(text, 8, "foo=bar\0", 8);
    g_assert_cmphex(new_world(s, 0xc10), ==, 0x7f);
    g_assert_cmphex(new_world(s, 0x1000), ==, 0x5a);
    qtest_quit(s);
}

static void test_file_keeps_contents(void)
{
    g_autofree char *path = g_strdup_printf("%s/nvram-test-%d", g_get_tmp_dir(), (int)getpid());
    QTestState *s;

    for (int i = 0; i < 2; i++) {
        g_autofree char *options = g_strdup_printf("-M g3beige,nvram=%s", path);
        uint64_t addr = MACIO_BASE + MACIO_NVRAM + (0x1234 << OLD_WORLD_SHIFT);

        s = g3_start(options);
        if (i == 0) {
            qtest_writeb(s, addr, 0xc3);
        }
        g_assert_cmphex(qtest_readb(s, addr), ==, 0xc3);
        qtest_quit(s);
    }
    g_unlink(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/fw-cfg/items", test_fw_cfg_items);
    g_test_add_func("/nvram/prom-env", test_prom_env);
    g_test_add_func("/nvram/file", test_file_keeps_contents);
    return g_test_run();
}
