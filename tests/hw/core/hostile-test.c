/*
 * Devices with nonsense in their registers and in the rings that those point
 * to: random writes, random memory, time passing. The machine must stay alive
 * and answer in time. If this fails, a guest can crash or hang the emulator.
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>
#include <unistd.h>
#include "hw/mac-test.h"

enum { SLOT = 5, ROUNDS = 60, WRITES_PER_ROUND = 40, RINGS = 0x10000, RINGS_SIZE = 0x4000 };
enum { IO_BASE = 0x2000, BAR_IS_IO = 1 };
#define MMIO_BASE 0x90000000u
#define PCI_IO    0xfe000000u
#define ROUND_LIMIT_US (10 * G_USEC_PER_SEC)

typedef struct Window {
    uint64_t addr;
    uint32_t size;
} Window;

/* Places that descriptors and registers like to point to. */
static uint32_t some_address(GRand *r, const Window *self)
{
    switch (g_rand_int_range(r, 0, 8)) {
    case 0:
        return 0;
    case 1:
        return 0xfffffff0u;
    case 2:
        return 0x07fffff0u;                                     /* the end of RAM */
    case 3:
        return 0x40000000u;                                     /* nowhere */
    case 4:
        return (uint32_t)self->addr + (g_rand_int(r) & 0xfc);   /* the device itself */
    case 5:
        return 0xfff00000u;                                     /* ROM */
    default:
        return RINGS + (g_rand_int(r) & (RINGS_SIZE - 16));
    }
}

static uint32_t some_value(GRand *r, const Window *self)
{
    switch (g_rand_int_range(r, 0, 4)) {
    case 0:
        return g_rand_int(r);
    case 1:
        return 1u << g_rand_int_range(r, 0, 32);
    case 2:
        return g_rand_int(r) & 0xff;
    default:
        return some_address(r, self);
    }
}

static void fill_rings(QTestState *s, GRand *r, const Window *self)
{
    static uint32_t words[RINGS_SIZE / 4];

    for (unsigned i = 0; i < RINGS_SIZE / 4; i++) {
        words[i] = GUINT32_TO_LE(some_value(r, self));
    }
    qtest_memwrite(s, RINGS, words, sizeof(words));
}

static void write_somewhere(QTestState *s, GRand *r, const Window *window)
{
    uint32_t offset = g_rand_int(r) & (window->size - 1), value = some_value(r, window);

    switch (g_rand_int_range(r, 0, 4)) {
    case 0:
        qtest_writeb(s, window->addr + offset, value);
        break;
    case 1:
        qtest_writew(s, window->addr + (offset & ~1u), value);
        break;
    default:
        write_le32(s, window->addr + (offset & ~3u), value);
        break;
    }
    if (g_rand_boolean(r)) {
        qtest_readl(s, window->addr + (offset & ~3u));
    }
}

static void torment(QTestState *s, const Window *windows, int count, guint32 seed)
{
    GRand *r = g_rand_new_with_seed(seed);

    for (int round = 0; round < ROUNDS; round++) {
        gint64 started = g_get_monotonic_time();

        fill_rings(s, r, &windows[0]);
        for (int i = 0; i < WRITES_PER_ROUND; i++) {
            write_somewhere(s, r, &windows[g_rand_int_range(r, 0, count)]);
        }
        qtest_clock_step(s, g_rand_int_range(r, 1, 20000000));
        g_assert_cmpint(g_get_monotonic_time() - started, <, ROUND_LIMIT_US);
    }
    g_rand_free(r);
}

/* Map every BAR; its size as the card tells it, up to `limit`. */
static int map_bars(QTestState *s, Window *windows, uint32_t limit)
{
    uint32_t mmio = MMIO_BASE, io = IO_BASE;
    int count = 0;

    for (int bar = 0; bar < 6; bar++) {
        int reg = PCI_BAR0 + 4 * bar;
        uint32_t bits, size;

        g3_config_write(s, SLOT, reg, 0xffffffffu);
        bits = g3_config_read(s, SLOT, reg);
        if (!bits) {
            continue;
        }
        if (bits & BAR_IS_IO) {
            size = -(bits & ~3u);
            g3_config_write(s, SLOT, reg, io);
            windows[count++] = (Window){ PCI_IO + io, MIN(size, 0x100u) };
            io += 0x400;
        } else {
            size = -(bits & ~15u);
            mmio = (mmio + size - 1) & -size;
            g3_config_write(s, SLOT, reg, mmio);
            windows[count++] = (Window){ mmio, MIN(size, limit) };
            mmio += size;
        }
    }
    g3_config_write(s, SLOT, PCI_CMD, 7);
    return count;
}

/* data: how to plug the card, with %d for its slot; its registers lie in the first bytes of a BAR. */
static void test_card(gconstpointer data)
{
    Window windows[6];
    char *card = g_strdup_printf("-device %s,addr=%d", (const char *)data, SLOT);
    QTestState *s = qtest_init("-M g3beige -display none -serial null -vga none -netdev user,id=n %s", card);
    uint32_t identity = g3_config_read(s, SLOT, 0);
    int count = map_bars(s, windows, g_str_has_prefix(data, "sungem") ? 0x8000 : 0x4000);

    g_assert_cmpint(count, >, 0);
    for (guint32 seed = 1; seed <= 3; seed++) {
        torment(s, windows, count, seed);
    }
    g_assert_cmphex(g3_config_read(s, SLOT, 0), ==, identity);
    qtest_quit(s);
    g_free(card);
}

static void test_ohci(void)
{
    QTestState *s = qtest_init("-M g3beige -display none -serial null -vga none -nic none "
                               "-device pci-ohci,id=u,addr=%d -device usb-kbd,bus=u.0 -device usb-mouse,bus=u.0", SLOT);
    Window windows[6];
    int count = map_bars(s, windows, 0x100);

    g_assert_cmpint(count, ==, 1);
    for (guint32 seed = 1; seed <= 3; seed++) {
        torment(s, windows, count, seed);
    }
    qtest_quit(s);
}

/* As many endpoints as a walk takes, each with a looping TD of the largest buffer in packets of one byte. */
static void test_ohci_endless_lists(void)
{
    QTestState *s = qtest_init("-M g3beige -display none -serial null -vga none -nic none "
                               "-device pci-ohci,id=u,addr=%d -device usb-kbd,bus=u.0", SLOT);
    Window windows[6];
    gint64 started;

    map_bars(s, windows, 0x100);
    write_le32(s, windows[0].addr + 0x54, 1 << 4);              /* reset port 1: the keyboard answers at 0 */
    write_le32(s, RINGS + 0, 1 << 16);                          /* packets of 1 byte */
    write_le32(s, RINGS + 4, 0x500);                            /* tail */
    write_le32(s, RINGS + 8, RINGS + 0x100);                    /* head */
    write_le32(s, RINGS + 12, RINGS);                           /* next: itself */
    write_le32(s, RINGS + 0x100, 1 << 19 | 1 << 18);            /* OUT */
    write_le32(s, RINGS + 0x104, 0x30000);
    write_le32(s, RINGS + 0x108, RINGS + 0x100);                /* next: itself */
    write_le32(s, RINGS + 0x10c, 0x31fff);
    write_le32(s, windows[0].addr + 0x18, 0x8000);
    write_le32(s, windows[0].addr + 0x20, RINGS);
    write_le32(s, windows[0].addr + 0x28, RINGS);
    write_le32(s, windows[0].addr + 0x04, 0xb0);
    write_le32(s, windows[0].addr + 0x08, 6);
    started = g_get_monotonic_time();
    for (int i = 0; i < 100; i++) {
        qtest_clock_step(s, 1000000);
    }
    g_assert_cmpint(g_get_monotonic_time() - started, <, 5 * G_USEC_PER_SEC);
    qtest_quit(s);
}

/* All of the I/O chip but CUDA, which takes a request to switch off. */
static void test_macio(void)
{
    static const Window windows[] = {
        { MACIO_BASE + MACIO_DBDMA, 0x1000 }, { MACIO_BASE, 0x40 }, { MACIO_BASE + MACIO_ESCC, 0x40 },
        { MACIO_BASE + 0x20000, 0x400 }, { MACIO_BASE + 0x21000, 0x400 }, { MACIO_BASE + MACIO_NVRAM, 0x2000 },
    };
    char *image = g_build_filename(g_get_tmp_dir(), "hostile-XXXXXX", NULL), *drive;
    QTestState *s;

    close(g_mkstemp(image));
    g_assert_cmpint(truncate(image, 1 << 20), ==, 0);
    drive = g_strdup_printf("-drive if=ide,index=0,file=%s,format=raw -drive if=ide,index=2,media=cdrom", image);
    s = g3_start(drive);
    for (guint32 seed = 1; seed <= 5; seed++) {
        torment(s, windows, G_N_ELEMENTS(windows), seed);
    }
    qtest_quit(s);
    unlink(image);
    g_free(image);
    g_free(drive);
}

int main(int argc, char **argv)
{
    static const char *const cards[] = { "e1000,netdev=n", "rtl8139,netdev=n", "ne2k_pci,netdev=n", "sungem,netdev=n",
                                         "cmd646-ide", "VGA" };

    g_test_init(&argc, &argv, NULL);
    for (unsigned i = 0; i < G_N_ELEMENTS(cards); i++) {
        char *path = g_strdup_printf("/hostile/%.*s", (int)strcspn(cards[i], ","), cards[i]);

        g_test_add_data_func(path, cards[i], test_card);
        g_free(path);
    }
    g_test_add_func("/hostile/ohci", test_ohci);
    g_test_add_func("/hostile/ohci-endless", test_ohci_endless_lists);
    g_test_add_func("/hostile/macio", test_macio);
    return g_test_run();
}
