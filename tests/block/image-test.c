/*
 * Disk images against the reference image tool: what we write must be what it
 * reads, and its checker must find nothing. If this fails, users lose data.
 *
 * Random reads, writes and discards are compared with a copy in memory.
 * Skipped where qemu-img is not installed.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include <sys/wait.h>
#include "block/block_int.h"

enum { DISK_BYTES = 12 << 20, ROUNDS = 250, MAX_TRANSFER = 200 << 10 };

static char *dir;

/* Runs a shell command in the test's directory; its exit status. */
static int run(const char *fmt, ...)
{
    g_autofree char *command = NULL, *full = NULL;
    va_list ap;
    int status;

    va_start(ap, fmt);
    command = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    full = g_strdup_printf("cd '%s' && { %s; } >/dev/null 2>&1", dir, command);
    status = system(full);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static char *path(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static BlockDriverState *open_image(const char *name, int flags)
{
    g_autofree char *full = path(name);
    Error *err = NULL;
    BlockDriverState *bs = image_open(full, NULL, flags, &err);

    if (!bs) {
        g_test_message("%s", error_get_pretty(err));
        g_assert_not_reached();
    }
    return bs;
}

static void fill_random(GRand *rand, uint8_t *p, size_t bytes)
{
    uint32_t seed = g_rand_int(rand);
    size_t i;

    for (i = 0; i < bytes; i++) {
        seed = seed * 1664525 + 1013904223;
        p[i] = seed >> 24;
    }
}

static void write_file(const char *name, const void *data, size_t bytes)
{
    g_autofree char *full = path(name);

    g_assert_true(g_file_set_contents(full, data, bytes, NULL));
}

/* One random operation on image and model. */
static void one_round(GRand *rand, BlockDriverState *bs, uint8_t *model, uint8_t *buf, bool discards)
{
    int64_t bytes = g_rand_int_range(rand, 1, MAX_TRANSFER / 512) * 512;
    int64_t offset = g_rand_int_range(rand, 0, (DISK_BYTES - bytes) / 512 + 1) * INT64_C(512);

    switch (g_rand_int_range(rand, 0, discards ? 10 : 8)) {
    case 0: case 1: case 2: case 3:
        fill_random(rand, model + offset, bytes);
        g_assert_cmpint(bs->drv->pwrite(bs, offset, model + offset, bytes), ==, 0);
        break;
    case 4: case 5: case 6:
        g_assert_cmpint(bs->drv->pread(bs, offset, buf, bytes), ==, 0);
        g_assert_cmpmem(buf, bytes, model + offset, bytes);
        break;
    case 7:
        g_assert_cmpint(bs->drv->flush(bs), ==, 0);
        break;
    default:
        if (bs->drv->pwrite_zeroes(bs, offset, bytes) == 0) {
            memset(model + offset, 0, bytes);
        }
        break;
    }
}

static void check_against_model(const char *name, const uint8_t *model)
{
    write_file("model.raw", model, DISK_BYTES);
    g_assert_cmpint(run("qemu-img check -f qcow2 %s", name), ==, 0);
    g_assert_cmpint(run("qemu-img compare -f qcow2 -F raw %s model.raw", name), ==, 0);
}

static void random_rounds(const char *name, uint8_t *model, uint32_t seed, int rounds)
{
    GRand *rand = g_rand_new_with_seed(seed);
    BlockDriverState *bs = open_image(name, IMAGE_WRITABLE);
    uint8_t *buf = g_malloc(MAX_TRANSFER);
    int i;

    g_assert_cmpint(bs->length, ==, DISK_BYTES);
    for (i = 0; i < rounds; i++) {
        one_round(rand, bs, model, buf, true);
    }
    image_close(bs);
    g_free(buf);
    g_rand_free(rand);
}

/* data: options of qemu-img create */
static void test_random(gconstpointer data)
{
    uint8_t *model = g_malloc0(DISK_BYTES);

    g_assert_cmpint(run("qemu-img create -f qcow2 -o %s a.qcow2 %d", (const char *)data, DISK_BYTES),
                    ==, 0);
    random_rounds("a.qcow2", model, 1, ROUNDS);
    check_against_model("a.qcow2", model);
    random_rounds("a.qcow2", model, 2, ROUNDS / 2);
    check_against_model("a.qcow2", model);
    g_free(model);
}

/* Half a disk of random data, half of text that compresses. */
static uint8_t *make_base(void)
{
    uint8_t *model = g_malloc0(DISK_BYTES);
    GRand *rand = g_rand_new_with_seed(7);
    int i;

    fill_random(rand, model, 1 << 20);
    for (i = 4 << 20; i < 8 << 20; i++) {
        model[i] = "compressible"[i % 12] + (i >> 16);
    }
    g_rand_free(rand);
    return model;
}

/* data: how to make base.img out of base.raw, and its format after a colon */
static void test_backing(gconstpointer data)
{
    g_auto(GStrv) words = g_strsplit(data, ":", 2);
    uint8_t *model = make_base();

    write_file("base.raw", model, DISK_BYTES);
    g_assert_cmpint(run("%s", words[0]), ==, 0);
    g_assert_cmpint(run("qemu-img create -f qcow2 -b base.img -F %s a.qcow2", words[1]), ==, 0);
    g_assert_cmpint(run("cp base.img base.saved"), ==, 0);
    random_rounds("a.qcow2", model, 3, ROUNDS);
    check_against_model("a.qcow2", model);
    g_assert_cmpint(run("cmp base.img base.saved"), ==, 0);
    g_free(model);
}

/* Overwriting compressed clusters moves them and frees what they used. */
static void test_compressed_write(void)
{
    uint8_t *model = make_base();

    write_file("base.raw", model, DISK_BYTES);
    g_assert_cmpint(run("qemu-img convert -c -O qcow2 base.raw a.qcow2"), ==, 0);
    random_rounds("a.qcow2", model, 4, ROUNDS);
    check_against_model("a.qcow2", model);
    g_free(model);
}

/* Clusters and tables that an internal snapshot shares are copied, never changed. */
static void test_internal_snapshot(void)
{
    uint8_t *model = g_malloc0(DISK_BYTES), *saved;

    g_assert_cmpint(run("qemu-img create -f qcow2 -o cluster_size=4k a.qcow2 %d", DISK_BYTES), ==, 0);
    random_rounds("a.qcow2", model, 5, ROUNDS / 2);
    saved = g_memdup2(model, DISK_BYTES);
    g_assert_cmpint(run("qemu-img snapshot -c one a.qcow2"), ==, 0);
    random_rounds("a.qcow2", model, 6, ROUNDS / 2);
    check_against_model("a.qcow2", model);
    g_assert_cmpint(run("qemu-img snapshot -a one a.qcow2"), ==, 0);
    check_against_model("a.qcow2", saved);
    g_free(model);
    g_free(saved);
}

/* 512-byte clusters: the refcount table has to move several times. */
static void test_refcount_growth(void)
{
    uint8_t *model = g_malloc0(DISK_BYTES);
    BlockDriverState *bs;
    GRand *rand = g_rand_new_with_seed(8);

    g_assert_cmpint(run("qemu-img create -f qcow2 -o cluster_size=512,refcount_bits=64 a.qcow2 %d",
                        DISK_BYTES), ==, 0);
    fill_random(rand, model, DISK_BYTES);
    bs = open_image("a.qcow2", IMAGE_WRITABLE);
    g_assert_cmpint(bs->drv->pwrite(bs, 0, model, DISK_BYTES), ==, 0);
    image_close(bs);
    check_against_model("a.qcow2", model);
    g_rand_free(rand);
    g_free(model);
}

/* A process that dies at any moment leaves an image without errors (leaks are allowed). */
static void test_killed(void)
{
    int i, status;

    for (i = 0; i < 12; i++) {
        pid_t child;

        g_assert_cmpint(run("qemu-img create -f qcow2 -o cluster_size=4k a.qcow2 %d", DISK_BYTES), ==, 0);
        child = fork();
        if (child == 0) {
            BlockDriverState *bs = open_image("a.qcow2", IMAGE_WRITABLE);
            GRand *rand = g_rand_new_with_seed(i);
            uint8_t *model = g_malloc0(DISK_BYTES), *buf = g_malloc(MAX_TRANSFER);

            for (;;) {
                one_round(rand, bs, model, buf, true);
            }
        }
        g_usleep(20000 + i * 7000);
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        status = run("qemu-img check -f qcow2 a.qcow2");
        g_assert_true(status == 0 || status == 3);
    }
}

/* The layer of snapshot=on: reads back what was written, the image stays as it is. */
static void test_overlay(void)
{
    uint8_t *model = make_base(), *buf = g_malloc(MAX_TRANSFER);
    GRand *rand = g_rand_new_with_seed(9);
    BlockDriverState *bs;
    int i;

    write_file("base.raw", model, DISK_BYTES);
    g_assert_cmpint(run("cp base.raw base.saved"), ==, 0);
    bs = image_new_overlay(open_image("base.raw", 0), &error_abort);
    for (i = 0; i < ROUNDS; i++) {
        one_round(rand, bs, model, buf, false);
    }
    for (i = 0; i < DISK_BYTES; i += MAX_TRANSFER) {
        int bytes = MIN(MAX_TRANSFER, DISK_BYTES - i);

        g_assert_cmpint(bs->drv->pread(bs, i, buf, bytes), ==, 0);
        g_assert_cmpmem(buf, bytes, model + i, bytes);
    }
    image_close(bs);
    g_assert_cmpint(run("cmp base.raw base.saved"), ==, 0);
    g_rand_free(rand);
    g_free(buf);
    g_free(model);
}

/* Damaged images: any answer but a crash or a hang; a bounded file. */
static void test_damaged(void)
{
    GRand *rand = g_rand_new_with_seed(10);
    g_autofree char *full = path("f.qcow2");
    g_autofree char *good = NULL;
    uint8_t *buf = g_malloc(1 << 20);
    gsize bytes;
    int i, k;

    g_assert_cmpint(run("qemu-img create -f qcow2 -o cluster_size=4k f.qcow2 4M"
                        " && qemu-io -c 'write -P 1 0 300k' -c 'write -P 2 3M 64k' f.qcow2"), ==, 0);
    g_assert_true(g_file_get_contents(full, &good, &bytes, NULL));
    for (i = 0; i < 400; i++) {
        g_autofree uint8_t *bad = g_memdup2(good, bytes);
        Error *err = NULL;
        BlockDriverState *bs;

        for (k = g_rand_int_range(rand, 1, 6); k > 0; k--) {
            /* mostly the header and the tables */
            gsize at = g_rand_int_range(rand, 0, g_rand_boolean(rand) ? 120 : 24 << 10);

            bad[at] = g_rand_boolean(rand) ? g_rand_int_range(rand, 0, 256)
                                           : 1 << g_rand_int_range(rand, 0, 8);
        }
        write_file("f.qcow2", bad, bytes);
        bs = image_open(full, "qcow2", IMAGE_WRITABLE, &err);
        if (!bs) {
            g_assert_nonnull(strchr(error_get_pretty(err), ' '));
            error_free(err);
            continue;
        }
        for (k = 0; k < 8 && bs->length >= 1 << 16; k++) {
            int64_t offset = g_rand_double(rand) * (bs->length - (1 << 16));

            if (bs->drv->pread(bs, offset & ~511, buf, 1 << 16) == 0) {
                bs->drv->pwrite(bs, offset & ~511, buf, 1 << 15);
            }
        }
        bs->drv->flush(bs);
        g_assert_cmpint(host_file_size(bs->file), <, 64 << 20);
        image_close(bs);
    }
    g_rand_free(rand);
    g_free(buf);
}

typedef struct BadImage {
    const char *name, *make, *format, *expect;
    int flags;
} BadImage;

static const BadImage bad_images[] = {
    { "missing", "true", NULL, "cannot open: No such file", 0 },
    { "directory", "mkdir b.img", NULL, "cannot open: Is a directory", 0 },
    { "fifo", "mkfifo b.img", NULL, "neither a regular file", 0 },
    { "format", "truncate -s 1M b.img", "floppy", "unknown image format 'floppy'", 0 },
    { "foreign", "qemu-img create -f vmdk b.img 1M", NULL, "vmdk is not supported", 0 },
    { "short-header", "printf 'QFI\\373' > b.img", NULL, "truncated qcow2 header", 0 },
    { "not-qcow2", "truncate -s 1M b.img", "qcow2", "not a qcow2 image", 0 },
    { "version", "qemu-img create -f qcow2 b.img 1M && printf '\\0\\0\\0\\7' |"
      " dd of=b.img bs=1 seek=4 conv=notrunc", NULL, "version 7 is not supported", 0 },
    { "truncated-tables", "qemu-img create -f qcow2 b.img 1M && truncate -s 66000 b.img", NULL,
      "truncated qcow2 image", 0 },
    { "truncated-data", "qemu-img create -f qcow2 b.img 8M && qemu-io -c 'write 0 4M' b.img &&"
      " truncate -s 1M b.img", NULL, "truncated qcow2 image", 0 },
    { "backing", "qemu-img create -f raw base.img 1M && qemu-img create -f qcow2 -b base.img -F raw"
      " b.img && rm base.img", NULL, "backing file 'base.img': cannot open: No such file", 0 },
    { "protocol", "qemu-img create -u -f qcow2 -b nbd:localhost:1 -F raw b.img 1M", NULL,
      "protocol 'nbd' is not supported", 0 },
    { "loop", "qemu-img create -f qcow2 b.img 1M && qemu-img rebase -u -b b.img -F qcow2 b.img", NULL,
      "a loop?", 0 },
    { "unknown-feature", "qemu-img create -f qcow2 b.img 1M && printf '\\100' |"
      " dd of=b.img bs=1 seek=72 conv=notrunc", NULL, "unknown incompatible qcow2 feature", 0 },
    { "dirty", "qemu-img create -f qcow2 b.img 1M && printf '\\1' |"
      " dd of=b.img bs=1 seek=79 conv=notrunc", NULL, "not closed properly", IMAGE_WRITABLE },
    { "corrupt", "qemu-img create -f qcow2 b.img 1M && printf '\\2' |"
      " dd of=b.img bs=1 seek=79 conv=notrunc", NULL, "marked corrupt", IMAGE_WRITABLE },
    { "zstd", "qemu-img create -f qcow2 -o compression_type=zstd b.img 1M", NULL,
      "compression type 1", 0 },
    { "extended-l2", "qemu-img create -f qcow2 -o extended_l2=on b.img 1M", NULL, "extended L2", 0 },
    { "data-file", "qemu-img create -f qcow2 -o data_file=d.raw b.img 1M", NULL,
      "external data file", 0 },
};

static void test_refused(gconstpointer data)
{
    const BadImage *bad = data;
    g_autofree char *full = path("b.img");
    Error *err = NULL;
    BlockDriverState *bs;

    run("rm -rf b.img base.img d.raw");
    if (run("%s", bad->make) != 0) {
        g_test_skip("the image tool cannot make this image");
        return;
    }
    bs = image_open(full, bad->format, bad->flags, &err);
    g_assert_null(bs);
    g_test_message("%s", error_get_pretty(err));
    g_assert_nonnull(strstr(error_get_pretty(err), bad->expect));
    g_assert_null(strchr(error_get_pretty(err), '\n'));
    error_free(err);
    run("rm -rf b.img");
}

static void test_lock(void)
{
    g_autofree char *full = path("l.img");
    BlockDriverState *first, *second;
    Error *err = NULL;

    g_assert_cmpint(run("truncate -s 1M l.img"), ==, 0);
    first = open_image("l.img", IMAGE_WRITABLE);
    g_assert_null(image_open(full, NULL, IMAGE_WRITABLE, &err));
    g_assert_nonnull(strstr(error_get_pretty(err), "in use"));
    error_free(err);
    g_assert_cmpint(run("qemu-io -f raw -c 'write 0 512' l.img"), !=, 0);
    image_close(first);
    first = open_image("l.img", 0);
    second = open_image("l.img", 0);
    g_assert_cmpint(run("qemu-img info l.img"), ==, 0);
    image_close(first);
    image_close(second);
}

static void add_random_tests(void)
{
    static const char *const options[] = {
        "compat=0.10", "compat=1.1", "cluster_size=512", "cluster_size=4k", "cluster_size=2M",
        "refcount_bits=1", "refcount_bits=8", "refcount_bits=64,cluster_size=8k",
        "preallocation=metadata", "lazy_refcounts=on", "compat=0.10,cluster_size=1k",
    };
    static const char *const bases[] = {
        "cp base.raw base.img:raw",
        "qemu-img convert -O qcow2 base.raw base.img:qcow2",
        "qemu-img convert -c -O qcow2 base.raw base.img:qcow2",
    };
    unsigned i;

    for (i = 0; i < ARRAY_SIZE(options); i++) {
        g_autofree char *name = g_strdup_printf("/qcow2/random/%s", options[i]);

        g_test_add_data_func(name, options[i], test_random);
    }
    for (i = 0; i < ARRAY_SIZE(bases); i++) {
        g_autofree char *name = g_strdup_printf("/qcow2/backing/%u", i);

        g_test_add_data_func(name, bases[i], test_backing);
    }
    for (i = 0; i < ARRAY_SIZE(bad_images); i++) {
        g_autofree char *name = g_strdup_printf("/image/refused/%s", bad_images[i].name);

        g_test_add_data_func(name, &bad_images[i], test_refused);
    }
}

int main(int argc, char **argv)
{
    int status;

    g_test_init(&argc, &argv, NULL);
    dir = g_dir_make_tmp("image-test.XXXXXX", NULL);
    if (run("qemu-img --version && qemu-io --version") != 0) {
        printf("1..0 # SKIP qemu-img is not installed\n");
        g_rmdir(dir);
        return 0;
    }
    add_random_tests();
    g_test_add_func("/qcow2/compressed-write", test_compressed_write);
    g_test_add_func("/qcow2/internal-snapshot", test_internal_snapshot);
    g_test_add_func("/qcow2/refcount-growth", test_refcount_growth);
    g_test_add_func("/qcow2/killed", test_killed);
    g_test_add_func("/qcow2/damaged", test_damaged);
    g_test_add_func("/image/overlay", test_overlay);
    g_test_add_func("/image/lock", test_lock);
    status = g_test_run();
    run("rm -rf '%s'", dir);
    g_free(dir);
    return status;
}
