/*
 * Requests and drives: order of overlapping requests, cancel, drain, reads
 * ahead of writes, what -drive accepts. If this fails, guests see old data, or
 * callbacks of requests that they gave up.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <glib/gstdio.h>
#include "block/block.h"
#include "qemu/main-loop.h"
#include "sysemu/sysemu.h"

enum { DISK_BYTES = 4 << 20, REQUESTS = 400 };

static char *dir;
static int stopped;

void vm_stop(RunState state)
{
    stopped++;
}

static char *make_file(const char *name, size_t bytes)
{
    char *path = g_build_filename(dir, name, NULL);
    g_autofree char *zeros = g_malloc0(bytes);

    g_assert_true(g_file_set_contents(path, zeros, bytes, NULL));
    return path;
}

static DriveInfo *add_drive(const char *options, const char *file)
{
    g_autofree char *text = g_strdup_printf("file=%s,%s", file, options);
    Error *err = NULL;
    DriveInfo *info = drive_new(text, IF_NONE, false, &err);

    if (!info) {
        g_test_message("%s", error_get_pretty(err));
        g_assert_not_reached();
    }
    return info;
}

static void count_down(void *opaque, int ret)
{
    g_assert_cmpint(ret, ==, 0);
    --*(int *)opaque;
}

static void run_until_zero(int *pending)
{
    while (*pending > 0) {
        main_loop_wait(false);
    }
}

/* Many overlapping writes at once: the result is that of running them in order. */
static void test_order(void)
{
    g_autofree char *path = make_file("order.img", DISK_BYTES);
    DriveInfo *info = add_drive("format=raw,id=order", path);
    uint8_t *model = g_malloc0(DISK_BYTES), *back = g_malloc(DISK_BYTES);
    GRand *rand = g_rand_new_with_seed(1);
    uint8_t *bufs[REQUESTS];
    int pending = 0, i;

    for (i = 0; i < REQUESTS; i++) {
        int64_t bytes = g_rand_int_range(rand, 1, 65) * 512;
        int64_t offset = g_rand_int_range(rand, 0, 200) * 512;

        bufs[i] = g_malloc(bytes);
        memset(bufs[i], i + 1, bytes);
        memset(model + offset, i + 1, bytes);
        pending++;
        blk_aio_pwrite(info->blk, offset, bufs[i], bytes, count_down, &pending);
    }
    /* A synchronous read waits for all that it overlaps. */
    g_assert_cmpint(blk_pread(info->blk, 0, back, DISK_BYTES), ==, 0);
    g_assert_cmpmem(back, DISK_BYTES, model, DISK_BYTES);
    run_until_zero(&pending);
    for (i = 0; i < REQUESTS; i++) {
        g_free(bufs[i]);
    }
    g_rand_free(rand);
    g_free(model);
    g_free(back);
}

/* blk_pread_quick never shows what was there before a write that was submitted earlier. */
static void test_quick(void)
{
    g_autofree char *path = make_file("quick.img", DISK_BYTES);
    DriveInfo *info = add_drive("format=raw,id=quick", path);
    uint8_t wanted[4096], got[4096];
    int pending = 0, hits = 0, i;

    for (i = 0; i < 200; i++) {
        int64_t offset = (i * 37 % 64) * 512 + 60 * 1024;

        memset(wanted, i + 1, sizeof(wanted));
        pending++;
        blk_aio_pwrite(info->blk, offset, wanted, sizeof(wanted), count_down, &pending);
        if (blk_pread_quick(info->blk, offset, got, sizeof(got))) {
            hits++;
            g_assert_cmpmem(got, sizeof(got), wanted, sizeof(wanted));
        }
        run_until_zero(&pending);
    }
    g_assert_cmpint(hits, >, 0);
    g_assert_false(blk_pread_quick(info->blk, DISK_BYTES - 512, got, 1024));
    g_assert_false(blk_pread_quick(info->blk, -512, got, 512));
}

static void must_not_run(void *opaque, int ret)
{
    g_assert_not_reached();
}

/* After cancel the buffer is ours again and the callback never comes. */
static void test_cancel(void)
{
    g_autofree char *path = make_file("cancel.img", DISK_BYTES);
    DriveInfo *info = add_drive("format=raw,id=cancel", path);
    int pending = 0, i;

    for (i = 0; i < 100; i++) {
        uint8_t *buf = g_malloc0(DISK_BYTES), *late = g_malloc0(DISK_BYTES);
        BlockAIOCB *first = blk_aio_pwrite(info->blk, 0, buf, DISK_BYTES, must_not_run, NULL);
        BlockAIOCB *second = blk_aio_pwrite(info->blk, 0, late, DISK_BYTES, must_not_run, NULL);

        pending++;
        blk_aio_flush(info->blk, count_down, &pending);
        blk_aio_cancel(i & 1 ? first : second);
        blk_aio_cancel(i & 1 ? second : first);
        g_free(buf);
        g_free(late);
        run_until_zero(&pending);
    }
}

/* Drain runs the callbacks itself, those of requests that callbacks submit too. */
static BlockBackend *chain_blk;
static int chain_left;
static uint8_t chain_buf[512];

static void chain_next(void *opaque, int ret)
{
    if (--chain_left > 0) {
        blk_aio_pwrite(chain_blk, chain_left * 512, chain_buf, 512, chain_next, NULL);
    }
}

static void test_drain(void)
{
    g_autofree char *path = make_file("drain.img", DISK_BYTES);

    chain_blk = add_drive("format=raw,id=drain", path)->blk;
    chain_left = 50;
    blk_aio_pwrite(chain_blk, 0, chain_buf, 512, chain_next, NULL);
    blk_drain_all();
    g_assert_cmpint(chain_left, ==, 0);
}

static void store_result(void *opaque, int ret)
{
    *(int *)opaque = ret;
}

static int write_result(BlockBackend *blk, int64_t offset)
{
    uint8_t buf[512] = { 0 };
    int ret = 1;

    blk_aio_pwrite(blk, offset, buf, sizeof(buf), store_result, &ret);
    while (ret == 1) {
        main_loop_wait(false);
    }
    return ret;
}

static void test_errors(void)
{
    g_autofree char *path = make_file("ro.img", DISK_BYTES);
    DriveInfo *info = add_drive("format=raw,id=ro,readonly=on,rerror=stop", path);
    DriveInfo *lax = add_drive("format=raw,id=lax,readonly=on,werror=ignore", path);

    g_assert_cmpint(write_result(info->blk, 0), ==, -EROFS);
    g_assert_cmpint(write_result(info->blk, DISK_BYTES), ==, -EIO);
    g_assert_true(blk_is_read_only(lax->blk));
    stopped = 0;
    g_assert_false(blk_error_action_stop(info->blk, false, EIO));
    g_assert_cmpint(stopped, ==, 0);
    g_assert_true(blk_error_action_stop(info->blk, false, ENOSPC));
    g_assert_true(blk_error_action_stop(info->blk, true, EIO));
    g_assert_cmpint(stopped, ==, 2);
}

/* Names with commas, places, defaults. */
static void test_options(void)
{
    g_autofree char *text = g_strdup_printf("file=%s/a,,b.img,if=ide,index=3,media=disk,serial=X 1", dir);
    DriveInfo *info;

    g_free(make_file("a,b.img", 1000));
    info = drive_new(text, IF_DEFAULT, false, &error_abort);
    g_assert_cmpint(info->bus, ==, 1);
    g_assert_cmpint(info->unit, ==, 1);
    g_assert_cmpstr(info->id, ==, "ide1-hd1");
    g_assert_cmpstr(info->serial, ==, "X 1");
    g_assert_cmpint(blk_getlength(info->blk), ==, 1024);
    g_assert_true(drive_get(IF_IDE, 1, 1) == info);
    g_assert_true(blk_by_name("ide1-hd1") == info->blk);
    info = drive_new("if=ide,media=cdrom,index=2", IF_DEFAULT, false, &error_abort);
    g_assert_cmpstr(info->id, ==, "ide1-cd0");
    g_assert_false(blk_is_inserted(info->blk));
    g_assert_cmpint(blk_getlength(info->blk), ==, -ENOMEDIUM);
}

static const char *const refused[][2] = {
    { "file=%s/none.img,if=ide", "cannot open: No such file" },
    { "file=%s,if=ide", "Is a directory" },
    { "if=ide", "file= is missing" },
    { "%s/x.img", "given as file=NAME" },
    { "file=%s/x.img,if=ufo", "if=ufo: unknown interface" },
    { "file=%s/x.img,format=ufo", "unknown image format 'ufo'" },
    { "file=%s/x.img,colour=red", "unknown option 'colour'" },
    { "file=%s/x.img,snapshot=maybe", "snapshot=maybe: expected on or off" },
    { "file=%s/x.img,index=x", "index=x: expected a number" },
    { "file=%s/x.img,if=ide,index=0,unit=1", "cannot be used together" },
    { "file=%s/x.img,if=ide,unit=2", "too big" },
    { "file=%s/x.img,if=ide,index=3", "given twice" },
    { "file=%s/x.img,id=order", "given twice" },
    { "file=%s/x.img,media=tape", "media=tape: expected disk|cdrom" },
    { "file=%s/x.img,cache=warm", "cache=warm: expected" },
    { "file=%s/x.img,rerror=enospc", "expected report|ignore|stop" },
    { "file=%s/x.img,media=cdrom,readonly=off", "cannot be readonly=off" },
};

static void test_refused(void)
{
    unsigned i;

    g_free(make_file("x.img", 1024));
    for (i = 0; i < ARRAY_SIZE(refused); i++) {
        g_auto(GStrv) parts = g_strsplit(refused[i][0], "%s", 2);
        g_autofree char *text = g_strjoinv(dir, parts);
        Error *err = NULL;

        g_assert_null(drive_new(text, IF_NONE, false, &err));
        g_test_message("%s", error_get_pretty(err));
        g_assert_nonnull(strstr(error_get_pretty(err), refused[i][1]));
        g_assert_true(g_str_has_prefix(error_get_pretty(err), "-drive "));
        error_free(err);
    }
}

static void test_medium(void)
{
    g_autofree char *path = make_file("cd.iso", 4096);
    BlockBackend *blk = blk_by_name("ide1-cd0");
    Error *err = NULL;

    g_assert_true(blk_change_medium(blk, path, NULL, "retain", false, &error_abort));
    g_assert_cmpint(blk_getlength(blk), ==, 4096);
    g_assert_true(blk_eject(blk, false, &error_abort));
    g_assert_false(blk_is_inserted(blk));
    g_assert_false(blk_eject(blk_by_name("ide1-hd1"), false, &err));
    g_assert_nonnull(strstr(error_get_pretty(err), "not removable"));
    error_free(err);
}

int main(int argc, char **argv)
{
    g_autofree char *remove = NULL;
    int status;

    g_test_init(&argc, &argv, NULL);
    g_assert_true(qemu_init_main_loop());
    dir = g_dir_make_tmp("backend-test.XXXXXX", NULL);
    g_test_add_func("/block/order", test_order);
    g_test_add_func("/block/quick", test_quick);
    g_test_add_func("/block/cancel", test_cancel);
    g_test_add_func("/block/drain", test_drain);
    g_test_add_func("/block/errors", test_errors);
    g_test_add_func("/drive/options", test_options);
    g_test_add_func("/drive/refused", test_refused);
    g_test_add_func("/drive/medium", test_medium);
    status = g_test_run();
    blk_close_all();
    remove = g_strdup_printf("rm -rf '%s'", dir);
    return status | system(remove);
}
