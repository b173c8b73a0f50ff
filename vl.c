/*
 * The process: start-up order, the main loop, orderly end.
 *
 * What options mean is vl-options.c's; machine, chardevs, run states and host
 * services are in the other vl-*.c files.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "audio/audio.h"
#include "block/block.h"
#include "chardev/char.h"
#include "exec/exec-all.h"
#include "exec/gdbstub.h"
#include "exec/perf.h"
#include "hw/boards.h"
#include "hw/core/qdev-internal.h"
#include "hw/user-creatable.h"
#include "migration/migration.h"
#include "monitor/monitor.h"
#include "net/net.h"
#include "qemu/log.h"
#include "qemu/main-loop.h"
#include "qemu/optlist.h"
#include "qemu/timer.h"
#include "sysemu/qtest.h"
#include "sysemu/process.h"
#include "sysemu/runstate-internal.h"
#include "sysemu/sysemu.h"
#include "sysemu/vl-options.h"
#include "trace/trace.h"
#include "ui/console.h"

bool qtest_enabled_flag;
bool display_none;

/*
 * Builds with the address sanitizer: the machine lives as long as the process
 * and partly in memory that the leak check does not scan.
 */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "detect_leaks=0";
}

/* --- end of the process --------------------------------------------------------- */

/* What must not stay behind, whatever the reason of the end. */
static void restore_host(void)
{
    qemu_display_cleanup();
    qemu_chr_cleanup();
    process_remove_pidfile();
    profile_close();
    perf_close();
    trace_close();
    qemu_log_close();
}

static QEMU_NORETURN void exit_with_error(Error *err)
{
    blk_close_all();
    restore_host();
    error_report_err(err);
    exit(1);
}

static QEMU_NORETURN void exit_orderly(void)
{
    gdb_exit(qemu_exit_status());
    if (migration_is_active()) {
        error_report("migrate: the process ends before the state is complete");
    }
    vm_stop(RUN_STATE_SHUTDOWN);
    qemu_exit_notify();
    blk_close_all();
    user_object_cleanup();
    net_cleanup();
    restore_host();
    exit(qemu_exit_status() & 0xff);
}

static void on_termination_signal(int signal_number)
{
    qemu_system_killed();
}

static void install_signal_handlers(void)
{
    struct sigaction act = { .sa_handler = on_termination_signal };

    sigaction(SIGINT, &act, NULL);
    sigaction(SIGTERM, &act, NULL);
    sigaction(SIGHUP, &act, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* --- start-up steps ---------------------------------------------------------------- */

static bool report_to_monitor(const char *line)
{
    Monitor *mon = monitor_cur();

    if (mon) {
        monitor_printf(mon, "%s\n", line);
    }
    return mon != NULL;
}

static bool init_logging(const VLOptions *opts, Error **errp)
{
    singlestep_one_insn = opts->singlestep;
    return (!opts->log_file || qemu_set_log_filename(opts->log_file, errp)) &&
           (!opts->dfilter || qemu_set_dfilter_ranges(opts->dfilter, errp)) &&
           (!opts->log_items || qemu_set_log_items(opts->log_items, errp)) && trace_start(errp);
}

/* Where perfmap is on the code is mapped once: perf looks for a map of anonymous memory alone. */
static bool init_perf(const VLOptions *opts, Error **errp)
{
    return (!opts->perfmap || perf_map_start(errp)) && (!opts->jitdump || perf_jitdump_start(errp));
}

/* Clocks, lock, random numbers: what everything else may use. */
static bool init_host(const VLOptions *opts, Error **errp)
{
    if (!qemu_init_main_loop()) {
        error_setg_errno(errp, errno, "cannot create the main loop");
        return false;
    }
    qemu_mutex_lock_iothread();
    runstate_init((ShutdownActions){ .reset_exits = opts->no_reboot,
                                     .shutdown_pauses = opts->no_shutdown });
    install_signal_handlers();
    error_set_report_hook(report_to_monitor);
    firmware_path_init(opts->firmware_dirs);
    qtest_enabled_flag = opts->qtest || opts->qtest_accel;
    if (qtest_enabled()) {
        qtest_clock_set_ns(0);
    }
    icount_shift = opts->icount_shift;
    if (opts->has_seed) {
        guest_random_seed(opts->seed);
    }
    rtc_init(opts->rtc);
    qemu_name = opts->name;
    error_set_guest_name(opts->name_in_messages ? opts->name : NULL);
    memcpy(qemu_uuid, opts->uuid, sizeof(qemu_uuid));
    return !opts->pidfile || process_write_pidfile(opts->pidfile, errp);
}

static bool add_globals(const VLOptions *opts, Error **errp)
{
    for (guint i = 0; i < opts->globals->len; i++) {
        if (!qdev_add_global(g_ptr_array_index(opts->globals, i), errp)) {
            return false;
        }
    }
    return true;
}

/* Whoever places IDE drives with -device wants the places free. */
static bool places_ide_devices(const VLOptions *opts)
{
    for (guint i = 0; i < opts->devices->len; i++) {
        g_autoptr(OptList) list = optlist_new(g_ptr_array_index(opts->devices, i), "driver");
        const char *driver = optlist_get(list, "driver");

        if (driver && (!strcmp(driver, "ide-cd") || !strcmp(driver, "ide-hd"))) {
            return true;
        }
    }
    return false;
}

/* A machine has a CD-ROM drive, empty at first, at index 2. */
static bool add_default_cdrom(const VLOptions *opts, Error **errp)
{
    enum { CD_INDEX = 2 };
    const MachineClass *mc = current_machine->mc;
    int per_bus = mc->units_per_default_bus;

    if (opts->no_defaults || mc->block_default_type != IF_IDE || places_ide_devices(opts) ||
        drive_get(IF_IDE, CD_INDEX / per_bus, CD_INDEX % per_bus)) {
        return true;
    }
    return drive_new("if=ide,index=2,media=cdrom", IF_IDE, false, errp) != NULL;
}

/* -object: those that refer to network backends, or the others. */
static bool add_objects(const VLOptions *opts, bool late, Error **errp)
{
    for (guint i = 0; i < opts->objects->len; i++) {
        const char *text = g_ptr_array_index(opts->objects, i);

        if (user_object_is_late(text) == late && !user_object_add(text, errp)) {
            return false;
        }
    }
    return true;
}

static bool open_drives(const VLOptions *opts, Error **errp)
{
    for (guint i = 0; i < opts->blockdevs->len; i++) {
        if (!blockdev_add(g_ptr_array_index(opts->blockdevs, i), errp)) {
            return false;
        }
    }
    if (!blockdev_finish(errp)) {
        return false;
    }
    for (guint i = 0; i < opts->drives->len; i++) {
        if (!drive_new(g_ptr_array_index(opts->drives, i), current_machine->mc->block_default_type,
                       opts->snapshot, errp)) {
            return false;
        }
    }
    return add_default_cdrom(opts, errp);
}

static bool init_network(const VLOptions *opts, Error **errp)
{
    for (guint i = 0; i < opts->nets->len; i++) {
        NetOption net = g_array_index(opts->nets, NetOption, i);

        if (!net_client_parse(net.kind, net.text, errp)) {
            return false;
        }
    }
    if ((opts->no_defaults || current_machine->mc->is_empty) && !net_client_parse("nic", "none", errp)) {
        return false;
    }
    return net_init_defaults(errp) && add_objects(opts, true, errp);
}

/* -drive if=virtio is a card of its own where the board has not made one. */
static bool add_virtio_disk(DriveInfo *info, void *opaque, Error **errp)
{
    g_autofree char *device = g_strdup_printf("virtio-blk-pci,drive=%s", info->id);

    if (info->type != IF_VIRTIO || blk_is_attached(info->blk)) {
        return true;
    }
    if (!qdev_device_add(device, errp)) {
        error_prepend(errp, "-drive if=virtio: ");
        return false;
    }
    return true;
}

static bool add_devices(const VLOptions *opts, Error **errp)
{
    if (!drive_foreach(add_virtio_disk, NULL, errp)) {
        return false;
    }
    for (guint i = 0; i < opts->devices->len; i++) {
        if (!qdev_device_add(g_ptr_array_index(opts->devices, i), errp)) {
            return false;
        }
    }
    return qdev_check_globals(errp);
}

static bool init_display(const VLOptions *opts, Error **errp)
{
    g_autofree char *spec = NULL;

    if (display_none) {
        return qemu_display_init("none", errp);
    }
    spec = g_strconcat(opts->display ? opts->display : "sdl",
                       opts->full_screen ? ",full-screen=on" : NULL, NULL);
    if (!qemu_display_init(spec, errp)) {
        if (!opts->display) {
            error_prepend(errp, "no window: ");
        }
        return false;
    }
    return true;
}

static bool add_audiodevs(const VLOptions *opts, Error **errp)
{
    for (guint i = 0; i < opts->audiodevs->len; i++) {
        if (!audio_add(g_ptr_array_index(opts->audiodevs, i), errp)) {
            return false;
        }
    }
    return true;
}

static void decide_display(const VLOptions *opts)
{
    display_none = opts->nographic || qtest_enabled() ||
                   (opts->display && !strcmp(opts->display, "none"));
}

static bool build_machine(VLOptions *opts, Error **errp)
{
    decide_display(opts);
    if (!vl_create_chardevs(opts, errp) || !add_audiodevs(opts, errp) ||
        !init_perf(opts, errp) || !tcg_exec_init(opts->tb_size, opts->splitwx && !opts->perfmap, errp) ||
        !add_globals(opts, errp) || !add_objects(opts, false, errp) ||
        !vl_create_machine(opts, errp) || !open_drives(opts, errp) ||
        !init_network(opts, errp) || !current_machine->mc->init(current_machine, errp) ||
        !add_devices(opts, errp) || !drive_check_orphaned(errp)) {
        return false;
    }
    qdev_warn_unused_globals();
    qdev_set_machine_ready();
    return init_display(opts, errp);
}

/* Everything is open: from here on the process needs less. */
static bool confine(const VLOptions *opts, Error **errp)
{
    return (!opts->chroot || process_chroot(opts->chroot, errp)) &&
           (!opts->runas || process_become_user(opts->runas, errp)) &&
           (!opts->sandbox || sandbox_start(opts->sandbox, errp)) && process_ready(errp);
}

static void main_loop(void)
{
    while (!main_loop_should_exit()) {
        main_loop_wait(false);
    }
}

int main(int argc, char **argv)
{
    Error *err = NULL;
    VLOptions opts;

    error_set_progname(argv[0]);
    g_set_prgname(argv[0]);
    if (!vl_parse_options(&opts, argc, argv, &err)) {
        exit_with_error(err);
    }
    if (opts.done) {
        return 0;
    }
    if (opts.daemonize && !process_daemonize(&err)) {
        exit_with_error(err);
    }
    if (!init_logging(&opts, &err) || !init_host(&opts, &err) || !build_machine(&opts, &err)) {
        exit_with_error(err);
    }
    qemu_system_reset();
    if (opts.qtest && !qtest_server_init(opts.qtest, opts.qtest_log, &err)) {
        exit_with_error(err);
    }
    if (opts.gdb && !gdbserver_start(opts.gdb, &err)) {
        exit_with_error(err);
    }
    if (opts.profile && !profile_start(opts.profile, &err)) {
        exit_with_error(err);
    }
    if ((opts.incoming && !migration_incoming_setup(opts.incoming, !opts.start_paused, &err)) ||
        !confine(&opts, &err)) {
        exit_with_error(err);
    }
    if (!opts.start_paused && !opts.incoming) {
        vm_start();
    }
    main_loop();
    exit_orderly();
}
