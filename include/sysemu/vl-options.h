/*
 * The command line's results, between vl.c and the vl-*.c files.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SYSEMU_VL_OPTIONS_H
#define SYSEMU_VL_OPTIONS_H

#include "hw/boards.h"
#include "qemu/error.h"

typedef struct RTCOptions {
    bool has_base, localtime, clock_vm;
    int64_t base_s;             /* seconds since 1970, UTC */
} RTCOptions;

typedef struct NetOption {
    const char *kind;           /* "netdev", "nic", "net" */
    const char *text;
} NetOption;

/* Strings point into argv unless said otherwise. Lists are in order of appearance. */
typedef struct VLOptions {
    const char *machine, *cpu;
    uint64_t ram_size;          /* bytes, 0: the machine's default */
    int smp_cpus;               /* 0: not given */
    CPUTopology topology;
    GPtrArray *machine_props;   /* of char * "-machine"'s rest, owned */
    GPtrArray *globals;         /* of "driver.prop=value" */

    const char *kernel, *initrd, *append, *bios;
    BootOptions boot;
    GPtrArray *prom_env;        /* of char * */
    GPtrArray *firmware_dirs;   /* of char * */
    GPtrArray *drives;          /* of char * for drive_new, owned */
    GPtrArray *blockdevs;       /* of char * */
    bool snapshot;

    bool nographic, no_defaults, full_screen;
    const char *display, *vga;
    int graphic_width, graphic_height, graphic_depth;
    int usb;                    /* 1 on, 0 off, -1 not given */

    GPtrArray *serials, *parallels, *monitors, *chardevs, *mons, *devices;      /* of char * */
    GPtrArray *audiodevs;       /* of char * */
    GPtrArray *qmps, *pretty_qmps;      /* of char *: where programs steer */
    GPtrArray *objects;         /* of char * for user_object_add */
    GArray *nets;               /* of NetOption */

    bool no_reboot, no_shutdown, start_paused;
    const char *log_items, *log_file, *dfilter;
    bool singlestep, perfmap, jitdump;
    const char *profile;        /* -profile's options, NULL: none */
    uint64_t tb_size;           /* bytes, 0: default */
    bool splitwx, qtest_accel;
    int icount_shift;           /* -1: off */
    RTCOptions rtc;
    const char *qtest, *qtest_log;
    const char *gdb;            /* where a debugger is waited for, NULL: nowhere */
    const char *name, *pidfile, *runas, *chroot, *sandbox, *writeconfig, *incoming;
    bool daemonize, name_in_messages, mem_lock;
    uint8_t uuid[16];
    bool has_seed;
    uint64_t seed;
    bool done;                  /* help was printed: end with status 0 */
} VLOptions;

/* False: error set. opts->done is set when there is nothing to run. */
bool vl_parse_options(VLOptions *opts, int argc, char **argv, Error **errp);

/* Calls fn for each option there is: its name and the shape of its argument (NULL: none). */
void vl_foreach_option(void (*fn)(const char *name, const char *shape, void *opaque), void *opaque);

/* vl-machine.c: find and fill in the machine. Firmware path and clocks are ready. */
bool vl_create_machine(const VLOptions *opts, Error **errp);

/* vl-chardev.c */
bool vl_create_chardevs(VLOptions *opts, Error **errp);

/* vl-system.c */
void firmware_path_init(const GPtrArray *user_dirs);
void firmware_path_print(FILE *f);
void rtc_init(RTCOptions options);
void guest_random_seed(uint64_t seed);

#endif
