/*
 * The command line: one row for each option, with its help text.
 *
 * Options are only collected here; vl.c decides in which order they take
 * effect. Options that users of this family of emulators know and that are not
 * implemented have rows too, so that the answer is one clear line.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/boards.h"
#include "hw/core/cpu.h"
#include "hw/qdev.h"
#include "qemu/cutils.h"
#include "qemu/json-options.h"
#include "qemu/log.h"
#include "qemu/optlist.h"
#include "qemu/symbols.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"
#include "vl-options-int.h"
#include "trace/trace.h"

enum { HELP_COLUMN = 36 };

/* --- generic -------------------------------------------------------------------- */

static bool opt_string(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    *(const char **)((char *)opts + row->offset) = arg;
    return true;
}

static bool opt_flag(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    *(bool *)((char *)opts + row->offset) = true;
    return true;
}

static bool opt_gdb_default(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    opts->gdb = "tcp::1234";
    return true;
}

static bool opt_append(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_ptr_array_add(*(GPtrArray **)((char *)opts + row->offset), (void *)arg);
    return true;
}

static bool opt_ignored(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    return true;
}

static bool opt_unsupported(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    error_setg(errp, "-%s: not supported by this emulator", row->name);
    return false;
}

/* --- machine ---------------------------------------------------------------------- */

static bool opt_machine(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    const char *comma = strchr(arg, ',');

    if (!strcmp(arg, "help") || !strcmp(arg, "?")) {
        machine_print_list(stdout);
        opts->done = true;
        return true;
    }
    if (comma || strchr(arg, '=')) {
        g_ptr_array_add(opts->machine_props, g_strdup(arg));
    } else {
        opts->machine = arg;
    }
    return true;
}

static bool opt_cpu(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    if (!strcmp(arg, "help") || !strcmp(arg, "?")) {
        target_cpu_list(stdout);
        opts->done = true;
    }
    opts->cpu = arg;
    return true;
}

static bool opt_memory(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, "size");
    const char *size = optlist_get(list, "size");

    if (!size || !qemu_parse_size(size, MiB, &opts->ram_size)) {
        error_setg(errp, "-m %s: expected a size (MiB, or with suffix k, M, G)", arg);
        return false;
    }
    if (!opts->ram_size) {
        error_setg(errp, "-m %s: a machine needs memory", arg);
        return false;
    }
    return optlist_check_unknown(list, "-m", errp);
}

/* A count of -smp; 0: not given. */
static bool smp_count(OptList *list, const char *key, int *result, Error **errp)
{
    uint64_t value;

    if (!optlist_get_uint(list, key, 0, 1024, &value, "-smp", errp)) {
        return false;
    }
    if (!value && optlist_get(list, key)) {
        error_setg(errp, "-smp %s=0: at least one is needed", key);
        return false;
    }
    *result = value;
    return true;
}

/* What was not given: cores come before sockets, sockets before threads. */
static void smp_complete(int *cpus, CPUTopology *t)
{
    int known = t->max_cpus ? t->max_cpus : *cpus;

    if (known) {
        if (!t->cores) {
            t->sockets = MAX(t->sockets, 1);
            t->threads = MAX(t->threads, 1);
            t->cores = known / (t->sockets * t->threads);
        } else if (!t->sockets) {
            t->threads = MAX(t->threads, 1);
            t->sockets = known / (t->cores * t->threads);
        } else if (!t->threads) {
            t->threads = known / (t->sockets * t->cores);
        }
    } else {
        t->sockets = MAX(t->sockets, 1);
        t->cores = MAX(t->cores, 1);
        t->threads = MAX(t->threads, 1);
        known = t->sockets * t->cores * t->threads;
    }
    t->max_cpus = known;
    *cpus = *cpus ? *cpus : known;
}

static bool opt_smp(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, "cpus");
    CPUTopology *t = &opts->topology;

    if (!smp_count(list, "cpus", &opts->smp_cpus, errp) || !smp_count(list, "sockets", &t->sockets, errp) ||
        !smp_count(list, "cores", &t->cores, errp) || !smp_count(list, "threads", &t->threads, errp) ||
        !smp_count(list, "maxcpus", &t->max_cpus, errp) || !optlist_check_unknown(list, "-smp", errp)) {
        return false;
    }
    smp_complete(&opts->smp_cpus, t);
    if (t->sockets * t->cores * t->threads != t->max_cpus) {
        error_setg(errp, "-smp %s: sockets (%d) * cores (%d) * threads (%d) is not maxcpus (%d)", arg,
                   t->sockets, t->cores, t->threads, t->max_cpus);
        return false;
    }
    if (opts->smp_cpus > t->max_cpus) {
        error_setg(errp, "-smp %s: more CPUs (%d) than maxcpus (%d)", arg, opts->smp_cpus, t->max_cpus);
        return false;
    }
    return true;
}

static bool accel_tcg(VLOptions *opts, OptList *list, Error **errp)
{
    const char *tb_size = optlist_get(list, "tb-size");
    const char *thread = optlist_get(list, "thread");

    if (tb_size && !qemu_parse_size(tb_size, MiB, &opts->tb_size)) {
        error_setg(errp, "-accel tcg,tb-size=%s: expected a size in MiB", tb_size);
        return false;
    }
    if (thread && strcmp(thread, "single") && strcmp(thread, "multi")) {
        error_setg(errp, "-accel tcg,thread=%s: expected single or multi", thread);
        return false;
    }
    return optlist_get_bool(list, "split-wx", true, &opts->splitwx, "-accel tcg", errp) &&
           optlist_check_unknown(list, "-accel tcg", errp);
}

static bool opt_accel(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, "accel");
    const char *name = optlist_get(list, "accel");

    if (name && (!strcmp(name, "help") || !strcmp(name, "?"))) {
        printf("Accelerators supported:\ntcg\nqtest\n");
        opts->done = true;
        return true;
    }
    if (name && !strcmp(name, "tcg")) {
        return accel_tcg(opts, list, errp);
    }
    if (name && !strcmp(name, "qtest")) {
        opts->qtest_accel = true;
        return optlist_check_unknown(list, "-accel qtest", errp);
    }
    error_setg(errp, "-accel %s: not supported (supported: tcg, qtest)", name ? name : arg);
    return false;
}

static bool opt_icount(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, "shift");
    const char *shift = optlist_get(list, "shift");
    uint64_t value = 3;         /* auto: 8 ns an instruction, about what hosts reach */
    bool align, sleep;

    if (!optlist_get_bool(list, "align", false, &align, "-icount", errp) ||
        !optlist_get_bool(list, "sleep", true, &sleep, "-icount", errp)) {
        return false;
    }
    if (align || !sleep) {
        error_setg(errp, "-icount %s: not supported", align ? "align=on" : "sleep=off");
        return false;
    }
    if (shift && strcmp(shift, "auto") && !qemu_parse_uint(shift, 10, 10, &value)) {
        error_setg(errp, "-icount shift=%s: expected auto or 0 to 10", shift);
        return false;
    }
    opts->icount_shift = value;
    return optlist_check_unknown(list, "-icount", errp);
}

static bool opt_usb(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    opts->usb = 1;
    return true;
}

static bool opt_usbdevice(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    static const char *const names[][2] = {
        { "mouse", "usb-mouse" }, { "tablet", "usb-tablet" }, { "keyboard", "usb-kbd" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
        if (!strcmp(arg, names[i][0])) {
            opts->usb = 1;
            g_ptr_array_add(opts->devices, (void *)names[i][1]);
            return true;
        }
    }
    error_setg(errp, "-usbdevice %s: expected mouse, tablet or keyboard", arg);
    return false;
}

/* --- booting ----------------------------------------------------------------------- */

/* NULL is fine. */
static bool check_boot_order(const char *key, const char *order, Error **errp)
{
    for (const char *c = order; c && *c; c++) {
        if (*c < 'a' || *c > 'p' || strchr(c + 1, *c)) {
            error_setg(errp, *c < 'a' || *c > 'p' ? "-boot %s=%s: '%c' is no boot device (a to p)"
                                                  : "-boot %s=%s: '%c' is there twice", key, order, *c);
            return false;
        }
    }
    return true;
}

static bool opt_boot(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(arg, "order");
    const char *order = optlist_get(list, "order"), *once = optlist_get(list, "once");
    const char *splash_time = optlist_get(list, "splash-time");
    const char *reboot_timeout = optlist_get(list, "reboot-timeout");
    uint64_t value;

    if (!check_boot_order("order", order, errp) || !check_boot_order("once", once, errp) ||
        !optlist_get_bool(list, "menu", opts->boot.menu, &opts->boot.menu, "-boot", errp) ||
        !optlist_get_bool(list, "strict", opts->boot.strict, &opts->boot.strict, "-boot", errp)) {
        return false;
    }
    if (splash_time) {
        if (!qemu_parse_uint(splash_time, 10, UINT16_MAX, &value)) {
            error_setg(errp, "-boot splash-time=%s: expected 0 to 65535 (ms)", splash_time);
            return false;
        }
        opts->boot.splash_time_ms = value;
    }
    if (reboot_timeout && strcmp(reboot_timeout, "-1")) {
        if (!qemu_parse_uint(reboot_timeout, 10, UINT16_MAX, &value)) {
            error_setg(errp, "-boot reboot-timeout=%s: expected -1 to 65535 (ms)", reboot_timeout);
            return false;
        }
        opts->boot.reboot_timeout_ms = value;
    }
    opts->boot.order = order ? g_intern_string(order) : opts->boot.order;
    opts->boot.once = once ? g_intern_string(once) : opts->boot.once;
    return optlist_check_unknown(list, "-boot", errp);
}

static bool opt_prom_env(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    if (!strchr(arg, '=')) {
        error_setg(errp, "-prom-env %s: expected variable=value", arg);
        return false;
    }
    g_ptr_array_add(opts->prom_env, (void *)arg);
    return true;
}

static bool opt_firmware_dir(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    if (!strcmp(arg, "help")) {
        firmware_path_init(opts->firmware_dirs);
        firmware_path_print(stdout);
        opts->done = true;
        return true;
    }
    return opt_append(opts, row, arg, errp);
}

/* --- drives ------------------------------------------------------------------------- */

static char *escape_commas(const char *text)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);

    return g_strjoinv(",,", parts);
}

static void add_drive(VLOptions *opts, const char *file, int index, const char *media)
{
    g_autofree char *escaped = escape_commas(file);

    g_ptr_array_add(opts->drives,
                    g_strdup_printf("file=%s,index=%d,media=%s", escaped, index, media));
}

/* -hda to -hdd: the last letter is the place. */
static bool opt_hd(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    add_drive(opts, arg, row->name[2] - 'a', "disk");
    return true;
}

/* -fda, -fdb. */
static bool opt_fd(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autofree char *escaped = escape_commas(arg);

    g_ptr_array_add(opts->drives, g_strdup_printf("file=%s,if=floppy,index=%d", escaped, row->name[2] - 'a'));
    return true;
}

static bool opt_cdrom(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    add_drive(opts, arg, 2, "cdrom");
    return true;
}

static bool opt_drive(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_ptr_array_add(opts->drives, g_strdup(arg));
    return true;
}

/* --- display, network, devices ------------------------------------------------------ */

static bool opt_geometry(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    int w, h, depth = 0, used = 0;

    if (sscanf(arg, "%dx%d%n", &w, &h, &used) == 2 && arg[used] == 'x') {
        int more = 0;

        used += sscanf(arg + used, "x%d%n", &depth, &more) == 1 ? more : 0;
    }
    if (!used || arg[used] || w < 64 || h < 64 || w > 16384 || h > 16384 ||
        (depth && depth != 8 && depth != 15 && depth != 16 && depth != 24 && depth != 32)) {
        error_setg(errp, "-g %s: expected WIDTHxHEIGHT[xDEPTH], depth 8, 15, 16, 24 or 32", arg);
        return false;
    }
    opts->graphic_width = w;
    opts->graphic_height = h;
    opts->graphic_depth = depth;
    return true;
}

static bool opt_curses(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    opts->display = "curses";
    return true;
}

static bool opt_net(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    NetOption net = { row->name, arg };

    g_array_append_val(opts->nets, net);
    return true;
}

static bool opt_device(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    const char *help = strstr(arg, ",help");

    if (!strcmp(arg, "help") || !strcmp(arg, "?")) {
        qdev_print_types(stdout);
        opts->done = true;
        return true;
    }
    if (help && !help[5]) {
        g_autofree char *type = g_strndup(arg, help - arg);

        opts->done = true;
        return qdev_print_props(type, stdout, errp);
    }
    return opt_append(opts, row, arg, errp);
}

/* --- running and debugging ------------------------------------------------------------ */

static bool opt_log_items(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    if (!strcmp(arg, "help") || !strcmp(arg, "?")) {
        qemu_print_log_usage(stdout);
        opts->done = true;
    }
    if (!strcmp(arg, "trace:help")) {
        trace_print_list(stdout);
        opts->done = true;
    }
    opts->log_items = arg;
    return true;
}

static bool opt_symbols(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    if (!symbols_load(arg, errp)) {
        error_prepend(errp, "-symbols ");
        return false;
    }
    return true;
}

static bool opt_trace(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    if (!strcmp(arg, "help") || !strcmp(arg, "?")) {
        trace_print_list(stdout);
        opts->done = true;
        return true;
    }
    return trace_option(arg, errp);
}

static void print_version(void)
{
    printf("QEMU emulator version %s\n", QEMU_VERSION_TEXT);
}

static bool opt_version(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    print_version();
    opts->done = true;
    return true;
}

static OptionFunc opt_help;

/* --- the table ------------------------------------------------------------------------ */

#define FIELD(f) .offset = offsetof(VLOptions, f)
#define JSON .json = true
#define SECTION(title) { .name = NULL, .help = title }
#define UNSUPPORTED(n, a) { n, a, opt_unsupported, NULL }

static const OptionRow rows[] = {
    SECTION("Machine"),
    { "machine", "NAME[,prop=value...]", opt_machine, "machine, -machine help lists them" },
    { "M", "NAME[,prop=value...]", opt_machine, "same as -machine" },
    { "cpu", "MODEL", opt_cpu, "CPU model, -cpu help lists them" },
    { "m", "[size=]MEGABYTES", opt_memory, "memory size, suffixes k, M, G" },
    { "smp", "[cpus=]N[,maxcpus=M][,sockets=S][,cores=C][,threads=T]", opt_smp, "number of CPUs" },
    { "overcommit", "[mem-lock=on|off][,cpu-pm=off]", opt_overcommit, "keep the guest's memory out of the swap space" },
    { "accel", "tcg[,tb-size=N][,split-wx=on|off]", opt_accel,
      "translator: code buffer in MiB, write-xor-execute mapping" },
    { "icount", "shift=N|auto", opt_icount, "guest time from executed instructions: 2^N ns each" },
    { "device", "TYPE[,prop=value...]", opt_device, "add a device, -device help lists them",
      FIELD(devices), JSON },
    { "object", "TYPE,id=ID[,prop=value...]", opt_append, "an object that is no device: a secret, memory, a dump",
      FIELD(objects), JSON },
    { "global", "TYPE.prop=value", opt_append, "default of a device property", FIELD(globals) },
    { "usb", NULL, opt_usb, "give the machine its USB host" },
    { "usbdevice", "mouse|tablet|keyboard", opt_usbdevice, "add a USB device" },
    { "name", "[guest=]NAME[,process=NAME][,debug-threads=on|off]", opt_name, "name of the guest, of the process, of threads" },
    { "uuid", "UUID", opt_uuid, "identity of the guest" },

    SECTION("Booting"),
    { "kernel", "FILE", opt_string, "boot this kernel", FIELD(kernel) },
    { "initrd", "FILE", opt_string, "initial file system of the kernel", FIELD(initrd) },
    { "append", "TEXT", opt_string, "command line of the kernel", FIELD(append) },
    { "bios", "FILE", opt_string, "firmware", FIELD(bios) },
    { "boot", "[order=]DRIVES[,once=..][,menu=on]", opt_boot,
      "boot order: a floppy, c disk, d CD, n network" },
    { "prom-env", "VARIABLE=VALUE", opt_prom_env, "set an Open Firmware variable" },
    { "L", "DIR", opt_firmware_dir, "directory with firmware, -L help lists them",
      FIELD(firmware_dirs) },

    SECTION("Disks"),
    { "hda", "FILE", opt_hd, "disk image (also without -hda), -hdb -hdc -hdd" },
    { "hdb", "FILE", opt_hd, NULL },
    { "hdc", "FILE", opt_hd, NULL },
    { "hdd", "FILE", opt_hd, NULL },
    { "cdrom", "FILE", opt_cdrom, "CD image" },
    { "fda", "FILE", opt_fd, "floppy image (160K to 2.88M), also -fdb" },
    { "fdb", "FILE", opt_fd, NULL },
    { "blockdev", "driver=..,node-name=ID", opt_append, "a disk image as a named node", FIELD(blockdevs), JSON },
    { "drive", "file=FILE[,if=..][,format=..]...", opt_drive, "a disk with all its options" },
    { "snapshot", NULL, opt_flag, "write to temporary files instead of images", FIELD(snapshot) },

    SECTION("Display and characters"),
    { "nographic", NULL, opt_flag, "no window: serial line and monitor on the terminal",
      FIELD(nographic) },
    { "display", "sdl|curses|none", opt_string, "kind of window", FIELD(display) },
    { "curses", NULL, opt_curses, "text screen in the terminal" },
    { "full-screen", NULL, opt_flag, "start in full screen", FIELD(full_screen) },
    { "vga", "std|cirrus|none", opt_string, "display card", FIELD(vga) },
    { "g", "WIDTHxHEIGHT[xDEPTH]", opt_geometry, "first resolution" },
    { "serial", "DEV", opt_append, "where a serial line goes, repeatable", FIELD(serials) },
    { "monitor", "DEV", opt_append, "where the monitor goes", FIELD(monitors) },
    { "chardev", "KIND,id=ID...", opt_append, "a character device", FIELD(chardevs) },
    { "mon", "[chardev=]ID[,mode=readline|control][,pretty=on]", opt_append,
      "monitor on a character device, for people or for programs", FIELD(mons) },
    { "qmp", "DEV", opt_append, "monitor for programs (QMP), as -monitor", FIELD(qmps) },
    { "qmp-pretty", "DEV", opt_append, "the same with answers in many lines", FIELD(pretty_qmps) },
    { "audiodev", "none|wav|sdl,id=ID[,path=FILE]", opt_append, "where sound goes", FIELD(audiodevs), JSON },
    { "parallel", "DEV", opt_append, "where a parallel port goes, repeatable", FIELD(parallels) },
    { "nodefaults", NULL, opt_flag, "no default devices", FIELD(no_defaults) },

    SECTION("Network"),
    { "nic", "user|none[,model=..][,hostfwd=..]", opt_net, "network card and what it reaches" },
    { "netdev", "user,id=ID[,hostfwd=..]", opt_net, "what a -device card reaches", JSON },
    { "net", "nic|user|none[,...]", opt_net, "older form of -nic" },

    SECTION("Running and debugging"),
    { "S", NULL, opt_flag, "do not start the CPUs", FIELD(start_paused) },
    { "no-reboot", NULL, opt_flag, "end instead of rebooting", FIELD(no_reboot) },
    { "no-shutdown", NULL, opt_flag, "stop instead of ending at power-off", FIELD(no_shutdown) },
    { "rtc", "base=utc|localtime|DATE[,clock=host|vm]", opt_rtc, "the guest's clock" },
    { "seed", "N", opt_seed, "make the guest's random numbers repeatable" },
    { "d", "ITEM,...", opt_log_items, "log these, -d help lists them" },
    { "D", "FILE", opt_string, "log file (standard error otherwise)", FIELD(log_file) },
    { "perfmap", NULL, opt_flag, "name generated code in /tmp/perf-PID.map, for perf report", FIELD(perfmap) },
    { "jitdump", NULL, opt_flag, "generated code in jit-PID.dump, for perf inject --jit", FIELD(jitdump) },
    { "profile", "[file=]FILE[,hz=N]", opt_string, "sample the guest's functions, as folded stacks", FIELD(profile) },
    { "symbols", "FILE", opt_symbols, "names of guest code: an ELF file or System.map, repeatable" },
    { "dfilter", "RANGE,...", opt_string, "limit the log to guest addresses", FIELD(dfilter) },
    { "singlestep", NULL, opt_flag, "one guest instruction a block", FIELD(singlestep) },
    { "gdb", "DEV", opt_string, "wait for a debugger: tcp::PORT, unix:PATH, stdio, chardev:ID", FIELD(gdb) },
    { "s", NULL, opt_gdb_default, "same as -gdb tcp::1234" },
    { "trace", "[enable=]PATTERN[,events=F][,file=F]", opt_trace, "switch trace events on, -trace help lists them" },
    { "incoming", "file:PATH|exec:COMMAND|unix:PATH|tcp:HOST:PORT|fd:FD|defer", opt_string,
      "go on with a machine whose state comes from there (see the monitor's migrate)", FIELD(incoming) },
    { "pidfile", "FILE", opt_string, "write the process id", FIELD(pidfile) },
    { "daemonize", NULL, opt_flag, "go on in the background when the machine stands", FIELD(daemonize) },
    { "runas", "USER|UID:GID", opt_runas, "become that user when everything is open" },
    { "chroot", "DIR", opt_string, "see only that directory when everything is open", FIELD(chroot) },
    { "sandbox", "on[,obsolete=allow|deny][,elevateprivileges=allow|deny|children][,spawn=allow|deny][,resourcecontrol=allow|deny]",
      opt_sandbox, "let the kernel refuse system calls that are not needed" },
    { "add-fd", "fd=N,set=N[,opaque=TEXT]", opt_add_fd, "an open descriptor as /dev/fdset/SET" },
    { "msg", "timestamp=on|off[,guest-name=on|off]", opt_msg, "what error messages begin with" },
    { "readconfig", "FILE", opt_readconfig, "options from a configuration file" },
    { "writeconfig", "FILE", opt_string, "write the options to a configuration file (- is standard output)",
      FIELD(writeconfig) },
    { "qtest", "DEV", opt_string, "device test protocol", FIELD(qtest) },
    { "qtest-log", "FILE", opt_string, NULL, FIELD(qtest_log) },
    { "version", NULL, opt_version, "print the version" },
    { "help", NULL, opt_help, "print this" },
    { "h", NULL, opt_help, NULL },
    { "no-user-config", NULL, opt_ignored, "accepted: there are no configuration files of users" },
    UNSUPPORTED("enable-kvm", NULL), 
    UNSUPPORTED("loadvm", "TAG"),
    UNSUPPORTED("vnc", "DISPLAY"), UNSUPPORTED("spice", "OPTIONS"),
    UNSUPPORTED("audio", "OPTIONS"),
    UNSUPPORTED("sd", "FILE"), UNSUPPORTED("mtdblock", "FILE"),
    UNSUPPORTED("pflash", "FILE"), UNSUPPORTED("dtb", "FILE"),
    UNSUPPORTED("k", "LANGUAGE"),
    UNSUPPORTED("numa", "OPTIONS"), UNSUPPORTED("mem-path", "PATH"),
    UNSUPPORTED("mem-prealloc", NULL),
    UNSUPPORTED("smbios", "OPTIONS"), UNSUPPORTED("acpitable", "OPTIONS"),
    UNSUPPORTED("fw_cfg", "OPTIONS"), UNSUPPORTED("semihosting", NULL),
    UNSUPPORTED("plugin", "FILE"), UNSUPPORTED("watchdog-action", "ACTION"),
    UNSUPPORTED("action", "OPTIONS"), UNSUPPORTED("compat", "OPTIONS"),
    UNSUPPORTED("debugcon", "DEV"), UNSUPPORTED("virtfs", "OPTIONS"),
    UNSUPPORTED("fsdev", "OPTIONS"), UNSUPPORTED("tpmdev", "OPTIONS"),
    UNSUPPORTED("iscsi", "OPTIONS"),
    UNSUPPORTED("set", "OPTIONS"), UNSUPPORTED("preconfig", NULL),
};

static bool opt_help(VLOptions *opts, const OptionRow *self, const char *arg, Error **errp)
{
    print_version();
    printf("usage: %s [options] [disk image]\n", g_get_prgname());
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        g_autofree char *left = NULL;

        if (!rows[i].name) {
            printf("\n%s:\n", rows[i].help);
        } else if (rows[i].help) {
            left = g_strdup_printf("-%s%s%s", rows[i].name, rows[i].arg ? " " : "",
                                   rows[i].arg ? rows[i].arg : "");
            if (strlen(left) > HELP_COLUMN) {
                printf("  %s\n  %*s %s\n", left, HELP_COLUMN, "", rows[i].help);
            } else {
                printf("  %-*s %s\n", HELP_COLUMN, left, rows[i].help);
            }
        }
    }
    opts->done = true;
    return true;
}

void vl_foreach_option(void (*fn)(const char *name, const char *shape, void *opaque), void *opaque)
{
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i].name && rows[i].fn != opt_unsupported) {
            fn(rows[i].name, rows[i].arg, opaque);
        }
    }
}

/* --- parsing ---------------------------------------------------------------------------- */

static const OptionRow *find_row(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        if (rows[i].name && !strcmp(rows[i].name, name)) {
            return &rows[i];
        }
    }
    return NULL;
}

static void set_defaults(VLOptions *opts)
{
    *opts = (VLOptions){ .icount_shift = -1, .usb = -1,
                         .boot = { .splash_time_ms = -1, .reboot_timeout_ms = -1 } };
    opts->machine_props = g_ptr_array_new();
    opts->globals = g_ptr_array_new();
    opts->prom_env = g_ptr_array_new();
    opts->firmware_dirs = g_ptr_array_new();
    opts->drives = g_ptr_array_new();
    opts->blockdevs = g_ptr_array_new();
    opts->serials = g_ptr_array_new();
    opts->monitors = g_ptr_array_new();
    opts->parallels = g_ptr_array_new();
    opts->audiodevs = g_ptr_array_new();
    opts->chardevs = g_ptr_array_new();
    opts->mons = g_ptr_array_new();
    opts->qmps = g_ptr_array_new();
    opts->pretty_qmps = g_ptr_array_new();
    opts->objects = g_ptr_array_new();
    opts->devices = g_ptr_array_new();
    opts->nets = g_array_new(false, false, sizeof(NetOption));
    opts->splitwx = true;
}

/* NULL: error set. */
static const char *option_of_json(const OptionRow *row, const char *text, Error **errp)
{
    g_autofree char *what = g_strdup_printf("-%s %s", row->name, text);
    g_autofree char *options = json_text_to_options(text, what, errp);

    return options ? g_intern_string(options) : NULL;
}

bool vl_apply_option(VLOptions *opts, const char *name, const char *arg, Error **errp)
{
    const OptionRow *row = find_row(name);

    if (!row || !row->arg) {
        error_setg(errp, "there is no option -%s with arguments", name);
        return false;
    }
    vl_config_note(name, arg);
    return row->fn(opts, row, arg, errp);
}

bool vl_parse_options(VLOptions *opts, int argc, char **argv, Error **errp)
{
    set_defaults(opts);
    for (int i = 1; i < argc && !opts->done; i++) {
        const char *word = argv[i], *arg = NULL;
        const OptionRow *row;

        if (word[0] != '-' || !word[1]) {
            add_drive(opts, word, 0, "disk");
            continue;
        }
        row = find_row(word + 1 + (word[1] == '-'));
        if (!row) {
            error_setg(errp, "%s: unknown option (see -help)", word);
            return false;
        }
        if (row->arg) {
            if (++i >= argc) {
                error_setg(errp, "%s: needs an argument: %s", word, row->arg);
                return false;
            }
            arg = argv[i];
            if (row->json && *arg == '{' && !(arg = option_of_json(row, arg, errp))) {
                return false;
            }
        }
        vl_config_note(row->name, arg);
        if (!row->fn(opts, row, arg, errp)) {
            return false;
        }
    }
    return !opts->writeconfig || vl_config_write(opts->writeconfig, errp);
}
