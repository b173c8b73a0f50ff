/*
 * What the host gives to guests besides devices: firmware files, wall time,
 * random numbers, identity.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"
#include "sysemu/vl-options.h"
#include <sys/random.h>

const char *qemu_name;
uint8_t qemu_uuid[16];

/* --- firmware files ------------------------------------------------------------ */

static GPtrArray *firmware_dirs;        /* of char *, in order of search */

static void add_dir(const char *dir)
{
    if (*dir) {
        g_ptr_array_add(firmware_dirs, g_strdup(dir));
    }
}

static void add_path(const char *path)
{
    g_auto(GStrv) dirs = g_strsplit(path ? path : "", ":", -1);

    for (char **dir = dirs; *dir; dir++) {
        add_dir(*dir);
    }
}

void firmware_path_init(const GPtrArray *user_dirs)
{
    g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *exe_dir = exe ? g_path_get_dirname(exe) : NULL;

    firmware_dirs = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < user_dirs->len; i++) {
        add_dir(g_ptr_array_index(user_dirs, i));
    }
    add_path(g_getenv("QEMU_FIRMWARE_PATH"));
    add_path(CONFIG_FIRMWAREPATH);
    if (exe_dir) {
        g_autofree char *share = g_build_filename(exe_dir, "..", "share", "qemu", NULL);

        add_dir(share);
        add_dir(exe_dir);
    }
    add_dir(CONFIG_PREFIX "/share/qemu");
}

static bool is_readable_file(const char *path)
{
    return access(path, R_OK) == 0 && !g_file_test(path, G_FILE_TEST_IS_DIR);
}

char *qemu_find_file(const char *name)
{
    if (is_readable_file(name)) {
        return g_strdup(name);
    }
    for (guint i = 0; firmware_dirs && i < firmware_dirs->len; i++) {
        char *path = g_build_filename(g_ptr_array_index(firmware_dirs, i), name, NULL);

        if (is_readable_file(path)) {
            return path;
        }
        g_free(path);
    }
    return NULL;
}

void firmware_path_print(FILE *f)
{
    for (guint i = 0; i < firmware_dirs->len; i++) {
        fprintf(f, "%s\n", (char *)g_ptr_array_index(firmware_dirs, i));
    }
}

/* --- wall time -------------------------------------------------------------------- */

static RTCOptions rtc;
static int64_t rtc_start_ns;            /* of rtc's clock when the process began */

static QEMUClockType rtc_clock(void)
{
    return rtc.clock_vm || icount_enabled() ? QEMU_CLOCK_VIRTUAL : QEMU_CLOCK_HOST;
}

void rtc_init(RTCOptions options)
{
    rtc = options;
    rtc_start_ns = qemu_clock_get_ns(rtc_clock());
    if (!rtc.has_base) {
        rtc.base_s = qemu_clock_get_ns(QEMU_CLOCK_HOST) / NANOSECONDS_PER_SECOND;
    }
}

/* The base is a whole second; without one the clock is the host's to the nanosecond. */
int64_t qemu_rtc_ns(void)
{
    int64_t passed_ns = qemu_clock_get_ns(rtc_clock()) - rtc_start_ns;
    int64_t now_ns = rtc.base_s * NANOSECONDS_PER_SECOND + passed_ns;

    if (rtc.localtime) {
        time_t now = now_ns / NANOSECONDS_PER_SECOND;
        struct tm tm;

        localtime_r(&now, &tm);
        now_ns += tm.tm_gmtoff * NANOSECONDS_PER_SECOND;
    }
    return now_ns;
}

QEMUClockType qemu_rtc_clock_type(void)
{
    return rtc_clock();
}

/* Seconds since 1970 in UTC as the guest sees them. */
time_t qemu_timedate(int64_t offset_s)
{
    return qemu_rtc_ns() / NANOSECONDS_PER_SECOND + offset_s;
}

void qemu_get_timedate(struct tm *tm, int64_t offset_s)
{
    time_t now = qemu_timedate(offset_s);

    gmtime_r(&now, tm);
}

/* --- random numbers ------------------------------------------------------------------ */

static GRand *seeded;                   /* -seed: the same numbers each run; seed_lock */
static pthread_mutex_t seed_lock = PTHREAD_MUTEX_INITIALIZER;

void guest_random_seed(uint64_t seed)
{
    guint32 words[2] = { seed, seed >> 32 };

    seeded = g_rand_new_with_seed_array(words, 2);
}

void qemu_guest_getrandom(void *buf, size_t len)
{
    uint8_t *p = buf;

    if (!seeded) {
        while (len) {
            ssize_t got = getrandom(p, len, 0);

            if (got > 0) {
                p += got;
                len -= got;
            }
        }
        return;
    }
    pthread_mutex_lock(&seed_lock);
    while (len--) {
        *p++ = g_rand_int(seeded);
    }
    pthread_mutex_unlock(&seed_lock);
}
