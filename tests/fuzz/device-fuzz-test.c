/*
 * Fuzz targets of the device families, over the qtest protocol. A stream of
 * bytes becomes accesses to a card's configuration space, to its registers and
 * to the memory that it reads by DMA, and steps of the clock. The emulator must
 * still answer at the end and leave in order; in a build with sanitizers any
 * report of theirs is a failure.
 *
 * Without arguments (in `make check`): a bounded run of each target with
 * pseudo-random bytes; FUZZ_SEED and FUZZ_OPS choose others. With "TARGET FILE":
 * the bytes of FILE, for AFL++ ("device-fuzz-test virtio-blk @@") and to repeat a
 * failure. tests/fuzz/README tells how.
 *
 * SPDX-License-Identifier: MIT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "hw/virtio/virtio-driver.h"

enum { SLOT = 5, WINDOW = 0x100000, WINDOW_BYTES = 0x40000, DEFAULT_OPS = 1500, BARS = 6 };
#define MEM_BASE 0x90000000u
#define MEM_STRIDE 0x02000000u
#define IO_BASE 0x2000u
#define IO_STRIDE 0x400u
#define G3_IO 0xfe000000u

typedef struct Target {
    const char *name;
    const char *args;               /* %s: a disk image */
    int queues;                     /* virtio: how many to set up */
} Target;

static const Target targets[] = {
    { "virtio-blk", "-drive if=none,id=d,file=%s,format=raw -device virtio-blk-pci,drive=d,addr=5", 1 },
    { "virtio-net", "-netdev user,id=n -device virtio-net-pci,netdev=n,addr=5", 3 },
    { "virtio-scsi", "-drive if=none,id=d,file=%s,format=raw -device virtio-scsi-pci,id=s,addr=5 "
                     "-device scsi-hd,drive=d,bus=s.0", 3 },
    { "virtio-serial", "-chardev null,id=c -device virtio-serial-pci,id=s,addr=5 "
                       "-device virtserialport,bus=s.0,chardev=c", 6 },
    { "virtio-rng", "-device virtio-rng-pci,addr=5", 1 },
    { "virtio-balloon", "-device virtio-balloon-pci,addr=5", 3 },
    { "virtio-input", "-device virtio-tablet-pci,addr=5", 2 },
    { "ahci", "-drive if=none,id=d,file=%s,format=raw -device ahci,id=a,addr=5 "
              "-device ide-hd,drive=d,bus=a.0", 0 },
    { "ide", "-drive if=none,id=d,file=%s,format=raw -device cmd646-ide,id=a,addr=5 "
             "-device ide-hd,drive=d,bus=a.0", 0 },
    { "uhci", "-drive if=none,id=d,file=%s,format=raw -device piix3-usb-uhci,id=u,addr=5 "
              "-device usb-storage,bus=u.0,drive=d -device usb-tablet,bus=u.0", 0 },
    { "ohci", "-device pci-ohci,id=u,addr=5 -device usb-kbd,bus=u.0", 0 },
    { "e1000", "-netdev user,id=n -device e1000,netdev=n,addr=5", 0 },
    { "rtl8139", "-netdev user,id=n -device rtl8139,netdev=n,addr=5", 0 },
    { "ne2k", "-netdev user,id=n -device ne2k_pci,netdev=n,addr=5", 0 },
    { "pcnet", "-netdev user,id=n -device pcnet,netdev=n,addr=5", 0 },
    { "bridge", "-device pci-bridge,id=b,addr=5 -device e1000,bus=b.0,addr=1", 0 },
    { "vga", "-device VGA,addr=5", 0 },
    { "ac97", "-audiodev none,id=s -device AC97,addr=5,audiodev=s", 0 },
};

typedef struct Bar {
    uint64_t base, size;            /* size 0: none */
} Bar;

typedef struct Fuzzer {
    VIODriver drv;                  /* drv.q: the connection */
    Bar bars[BARS];
    const uint8_t *data;            /* NULL: pseudo-random */
    size_t left;
    uint64_t state;
} Fuzzer;

static uint8_t next_byte(Fuzzer *f)
{
    if (f->data) {
        return f->left ? f->left--, *f->data++ : 0;
    }
    f->state ^= f->state << 13;
    f->state ^= f->state >> 7;
    f->state ^= f->state << 17;
    return f->state >> 32;
}

static uint32_t next_word(Fuzzer *f)
{
    return next_byte(f) | next_byte(f) << 8 | next_byte(f) << 16 | (uint32_t)next_byte(f) << 24;
}

/* Values that get far: small ones, single bits, addresses in the window, anything. */
static uint32_t next_value(Fuzzer *f)
{
    switch (next_byte(f) & 7) {
    case 0:
    case 1:
        return next_byte(f) & 15;
    case 2:
        return 1u << (next_byte(f) & 31);
    case 3:
    case 4:
        return WINDOW + (next_word(f) % WINDOW_BYTES & ~15u);
    case 5:
        return UINT32_MAX;
    case 6:
        return next_byte(f) << 4;
    default:
        return next_word(f);
    }
}

static void place_bars(Fuzzer *f)
{
    QTestState *q = f->drv.q;

    for (int i = 0; i < BARS; i++) {
        uint32_t mask, base;
        bool io;

        g3_config_write(q, SLOT, PCI_BAR0 + 4 * i, UINT32_MAX);
        mask = g3_config_read(q, SLOT, PCI_BAR0 + 4 * i);
        if (!mask) {
            continue;
        }
        io = mask & 1;
        base = io ? IO_BASE + IO_STRIDE * i : MEM_BASE + MEM_STRIDE * i;
        g3_config_write(q, SLOT, PCI_BAR0 + 4 * i, base);
        f->bars[i] = (Bar) { io ? G3_IO + base : base, (uint32_t)(~(mask & (io ? ~3u : ~15u)) + 1) };
        if ((mask & 7) == 4) {
            g3_config_write(q, SLOT, PCI_BAR0 + 4 * ++i, 0);
        }
    }
    g3_config_write(q, SLOT, PCI_CMD, 7);
}

/* Rings in the window, the driver up: from there on, bytes decide. */
static void virtio_up(Fuzzer *f, const Target *t)
{
    g3_config_write(f->drv.q, SLOT, PCI_BAR0 + 16, VIO_BASE);
    f->bars[4].base = VIO_BASE;
    vio_up(&f->drv, UINT32_MAX, t->queues);
}

static void access_register(Fuzzer *f)
{
    const Bar *bar = &f->bars[next_byte(f) % BARS];
    QTestState *q = f->drv.q;
    uint32_t value = next_value(f), how = next_byte(f);
    uint64_t addr;

    if (!bar->size) {
        return;
    }
    addr = bar->base + (how & 1 ? next_word(f) % bar->size : next_byte(f) * 4u % bar->size);
    switch (how >> 1 & 7) {
    case 0:
        qtest_readl(q, addr & ~UINT64_C(3));
        break;
    case 1:
        qtest_readb(q, addr);
        break;
    case 2:
        qtest_writeb(q, addr, value);
        break;
    case 3:
        qtest_writew(q, addr & ~UINT64_C(1), GUINT16_SWAP_LE_BE(value));
        break;
    default:
        qtest_writel(q, addr & ~UINT64_C(3), GUINT32_SWAP_LE_BE(value));
        break;
    }
}

static void write_memory(Fuzzer *f, const Target *t)
{
    uint32_t offset = next_word(f) % WINDOW_BYTES & ~3u;

    if (t->queues && (next_byte(f) & 1)) {      /* where the rings are */
        offset = next_word(f) % (VIO_RING_BYTES * t->queues) & ~3u;
        offset &= ~0xc00u | (next_byte(f) & 0xc) << 8;
    }
    write_le32(f->drv.q, WINDOW + offset, next_value(f));
}

static void step(Fuzzer *f, const Target *t)
{
    uint8_t what = next_byte(f);

    switch (what & 7) {
    case 0:
        g3_config_write(f->drv.q, SLOT, 0x40 + (next_byte(f) & 0xbc), next_value(f));
        break;
    case 1:
        qtest_clock_step(f->drv.q, next_word(f) % 20000000);
        break;
    case 2:
    case 3:
    case 4:
        write_memory(f, t);
        break;
    case 5:
        if (t->queues) {
            vio_offer(&f->drv, next_byte(f) % t->queues, next_byte(f) & 7);
            break;
        }
        /* fall through */
    default:
        access_register(f);
        break;
    }
}

static void fuzz(const Target *t, const uint8_t *data, size_t size, uint64_t seed, unsigned ops)
{
    Fuzzer f = { .data = data, .left = size, .state = seed * 0x9e3779b97f4a7c15u + 1 };
    g_autofree char *image = NULL, *args = NULL;
    int fd = g_file_open_tmp("fuzz-XXXXXX", &image, NULL);

    g_assert_cmpint(ftruncate(fd, 1 << 20), ==, 0);
    close(fd);
    args = g_strdup(t->args);
    if (strstr(args, "%s")) {
        char **parts = g_strsplit(args, "%s", 2);

        g_free(args);
        args = g_strjoin(image, parts[0], parts[1], NULL);
        g_strfreev(parts);
    }
    f.drv.q = qtest_init("-M g3beige -nic none -vga none %s", args);
    place_bars(&f);
    if (t->queues) {
        virtio_up(&f, t);
    }
    for (unsigned i = 0; i < ops && (!data || f.left); i++) {
        step(&f, t);
        if (t->queues && i % 64 == 63) {
            virtio_up(&f, t);                   /* broken devices come back */
        }
    }
    qtest_readl(f.drv.q, WINDOW);
    qtest_quit(f.drv.q);
    unlink(image);
}

static unsigned long from_environment(const char *name, unsigned long otherwise)
{
    const char *text = getenv(name);

    return text ? strtoul(text, NULL, 0) : otherwise;
}

static void run_target(gconstpointer opaque)
{
    unsigned long seed = from_environment("FUZZ_SEED", 1);

    g_test_message("seed %lu", seed);
    fuzz(opaque, NULL, 0, seed, from_environment("FUZZ_OPS", DEFAULT_OPS));
}

static int run_file(const char *name, const char *path)
{
    g_autofree char *bytes = NULL;
    gsize size;

    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
        if (!strcmp(targets[i].name, name) && g_file_get_contents(path, &bytes, &size, NULL)) {
            fuzz(&targets[i], (uint8_t *)bytes, size, 0, UINT32_MAX);
            return 0;
        }
    }
    fprintf(stderr, "unknown target or unreadable file: %s %s\n", name, path);
    return 1;
}

int main(int argc, char **argv)
{
    if (argc == 3 && argv[1][0] != '-') {
        return run_file(argv[1], argv[2]);
    }
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(targets); i++) {
        g_autofree char *path = g_strdup_printf("/fuzz/%s", targets[i].name);

        g_test_add_data_func(path, &targets[i], run_target);
    }
    return g_test_run();
}
