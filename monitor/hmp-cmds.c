/*
 * Monitor commands that steer the machine: run state, reset, media, log,
 * input events, screenshots.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/monitor-int.h"
#include "monitor/qmp-int.h"
#include "chardev/char.h"
#include "hw/user-creatable.h"
#include "net/net.h"
#include "qemu/cutils.h"
#include "qemu/log.h"
#include "ui/console.h"

/* --- QMP's commands, typed by people ---------------------------------------- */

/* Runs a command (takes args) and reports its error. */
static void run(const char *command, json_t *args)
{
    Error *err = NULL;
    json_t *result = qmp_run(command, args, &err);

    if (!result) {
        error_report_err(err);
    }
    json_decref(result);
}

static void hmp_quit(Monitor *mon, const char *args)
{
    run("quit", NULL);
}

static void hmp_stop(Monitor *mon, const char *args)
{
    run("stop", NULL);
}

static void hmp_cont(Monitor *mon, const char *args)
{
    run("cont", NULL);
}

static void hmp_system_reset(Monitor *mon, const char *args)
{
    run("system_reset", NULL);
}

static void hmp_system_powerdown(Monitor *mon, const char *args)
{
    run("system_powerdown", NULL);
}

static void hmp_system_wakeup(Monitor *mon, const char *args)
{
    run("system_wakeup", NULL);
}

static void hmp_cpu(Monitor *mon, const char *args)
{
    Error *err = NULL;
    uint64_t index;

    if (!monitor_expr(mon, &args, false, &index, &err)) {
        error_report_err(err);
    } else if (!monitor_set_cpu(mon, index)) {
        error_report("invalid CPU index");
    }
}

/* --- devices, objects and backends ------------------------------------------ */

/* Options as -device takes them. */
static void hmp_device_add(Monitor *mon, const char *args)
{
    Error *err = NULL;

    if (!qdev_device_add(args, &err)) {
        error_report_err(err);
    }
}

static void hmp_object_add(Monitor *mon, const char *args)
{
    Error *err = NULL;

    if (!user_object_add(args, &err)) {
        error_report_err(err);
    }
}

static void hmp_netdev_add(Monitor *mon, const char *args)
{
    Error *err = NULL;

    if (!net_client_parse("netdev", args, &err)) {
        error_report_err(err);
    }
}

static void hmp_chardev_add(Monitor *mon, const char *args)
{
    Error *err = NULL;

    if (!qemu_chr_new_from_opts(args, &err)) {
        error_report_err(err);
    }
}

/* Commands with one argument, which QMP calls `member`. */
static void run_on_id(const char *command, const char *member, const char *args)
{
    if (*args) {
        run(command, json_pack("{s:s}", member, args));
    } else {
        error_report("%s: an id is missing", command);
    }
}

static void hmp_device_del(Monitor *mon, const char *args)
{
    run_on_id("device_del", "id", args);
}

static void hmp_object_del(Monitor *mon, const char *args)
{
    run_on_id("object-del", "id", args);
}

static void hmp_netdev_del(Monitor *mon, const char *args)
{
    run_on_id("netdev_del", "id", args);
}

static void hmp_chardev_remove(Monitor *mon, const char *args)
{
    run_on_id("chardev-remove", "id", args);
}

static void hmp_migrate(Monitor *mon, const char *args)
{
    args += g_str_has_prefix(args, "-d ") ? 3 : 0;
    run_on_id("migrate", "uri", args);
}

static void hmp_migrate_incoming(Monitor *mon, const char *args)
{
    run_on_id("migrate-incoming", "uri", args);
}

static void hmp_migrate_cancel(Monitor *mon, const char *args)
{
    run("migrate_cancel", NULL);
}

static void hmp_info_migrate(Monitor *mon, const char *args)
{
    json_t *info = qmp_run("query-migrate", NULL, &error_abort);
    char *text = json_dumps(info, JSON_INDENT(2));

    monitor_printf(mon, "%s\n", text);
    free(text);
    json_decref(info);
}

static void hmp_savevm(Monitor *mon, const char *args)
{
    error_report("savevm: images hold no snapshots here; 'migrate file:PATH' saves the machine, -incoming file:PATH restores it");
}

static void hmp_nmi(Monitor *mon, const char *args)
{
    run("inject-nmi", NULL);
}

static void hmp_set_link(Monitor *mon, const char *args)
{
    char *name = monitor_next_word(&args), *state = monitor_next_word(&args);
    bool up = !g_strcmp0(state, "on");

    if (!up && g_strcmp0(state, "off")) {
        error_report("set_link: expected a name and on or off");
    } else if (monitor_args_done(args)) {
        run("set_link", json_pack("{s:s,s:b}", "name", name, "up", up));
    }
    g_free(name);
    g_free(state);
}

/* --- media ---------------------------------------------------------------- */

static void hmp_eject(Monitor *mon, const char *args)
{
    char *word = monitor_next_word(&args);
    bool force = word && strcmp(word, "-f") == 0;

    if (force) {
        g_free(word);
        word = monitor_next_word(&args);
    }
    if (!word) {
        error_report("eject: a device is missing");
    } else if (monitor_args_done(args)) {
        run("eject", json_pack("{s:s,s:b}", "device", word, "force", force));
    }
    g_free(word);
}

static void hmp_change(Monitor *mon, const char *args)
{
    char *device = monitor_next_word(&args), *file = monitor_next_word(&args), *format = monitor_next_word(&args);

    if (!device || !file) {
        error_report("change: expected a device and a file name");
    } else if (monitor_args_done(args)) {
        run("change", json_pack("{s:s,s:s,s:s*}", "device", device, "target", file, "arg", format));
    }
    g_free(device);
    g_free(file);
    g_free(format);
}

static void hmp_block_resize(Monitor *mon, const char *args)
{
    char *device = monitor_next_word(&args), *size = monitor_next_word(&args);
    uint64_t bytes;

    if (!size || !qemu_parse_size(size, MiB, &bytes)) {
        error_report("block_resize: expected a device and a size (MiB, or with suffix k, M, G)");
    } else if (monitor_args_done(args)) {
        run("block_resize", json_pack("{s:s,s:I}", "device", device, "size", (json_int_t)bytes));
    }
    g_free(device);
    g_free(size);
}

/* --- log ------------------------------------------------------------------ */

static void print_log_items(FILE *f, void *opaque) { qemu_print_log_usage(f); }

static void hmp_log(Monitor *mon, const char *args)
{
    Error *err = NULL;

    if (!*args) {
        error_report("log: items are missing ('none' turns the log off, see log help)");
    } else if (!strcmp(args, "help")) {
        monitor_print_stream(mon, print_log_items, NULL);
    } else if (!qemu_set_log_items(args, &err)) {
        error_report_err(err);
    }
    CPU_FOREACH(cpu) {
        cpu_exit(cpu);          /* nochain holds from the next block on */
    }
}

static void hmp_logfile(Monitor *mon, const char *args)
{
    char *name = monitor_next_word(&args);
    Error *err = NULL;

    if (!name) {
        error_report("logfile: a file name is missing");
    } else if (!qemu_set_log_filename(name, &err)) {
        error_report_err(err);
    }
    g_free(name);
}

/* --- keyboard and mouse --------------------------------------------------- */

static void hmp_sendkey(Monitor *mon, const char *args)
{
    char *keys = monitor_next_word(&args), *hold = monitor_next_word(&args);
    json_t *list = json_array();
    char **names;

    if (!keys) {
        error_report("sendkey: keys are missing");
        json_decref(list);
        g_free(hold);
        return;
    }
    names = g_strsplit(strcmp(keys, "-") == 0 ? "minus" : keys, "-", 0);
    for (int i = 0; names[i]; i++) {
        bool number = g_str_has_prefix(names[i], "0x");

        json_array_append_new(list, number
            ? json_pack("{s:s,s:I}", "type", "number", "data", (json_int_t)strtoul(names[i], NULL, 16))
            : json_pack("{s:s,s:s}", "type", "qcode", "data", names[i]));
    }
    run("send-key", json_pack("{s:o,s:i}", "keys", list, "hold-time", hold ? atoi(hold) : 100));
    g_strfreev(names);
    g_free(keys);
    g_free(hold);
}

static bool next_int(const char **args, int *value)
{
    char *word = monitor_next_word(args), *end;

    if (!word) {
        return false;
    }
    *value = strtol(word, &end, 0);
    if (*end) {
        error_report("'%s' is not a number", word);
    }
    bool ok = !*end;

    g_free(word);
    return ok;
}

static void hmp_mouse_move(Monitor *mon, const char *args)
{
    int dx, dy, dz = 0;

    if (!next_int(&args, &dx) || !next_int(&args, &dy)) {
        error_report("mouse_move: expected dx dy [dz]");
        return;
    }
    next_int(&args, &dz);           /* here, positive is up */
    if (qemu_input_is_absolute()) {
        qemu_input_send_position(dx, dy, -dz);
    } else {
        qemu_input_send_motion(dx, dy, -dz);
    }
}

static void hmp_mouse_button(Monitor *mon, const char *args)
{
    int mask;

    if (next_int(&args, &mask)) {
        qemu_input_send_buttons(mask & 7);
    } else {
        error_report("mouse_button: expected a mask (1 left, 2 right, 4 middle)");
    }
}

/* --- screen --------------------------------------------------------------- */

static void hmp_screendump(Monitor *mon, const char *args)
{
    char *word, *name = NULL, *format = NULL;

    while ((word = monitor_next_word(&args))) {
        char **slot = strcmp(word, "-f") == 0 ? &format : &name;

        if (slot == &format) {
            g_free(word);
            word = monitor_next_word(&args);
        }
        g_free(*slot);
        *slot = word;
    }
    if (!name) {
        error_report("screendump: a file name is missing");
    } else {
        run("screendump", json_pack("{s:s,s:s*}", "filename", name, "format", format));
    }
    g_free(name);
    g_free(format);
}

/* --- table ---------------------------------------------------------------- */

static const HMPCommand machine_commands[] = {
    { "quit", "q", "", "quit the emulator", hmp_quit },
    { "stop", "s", "", "stop emulation", hmp_stop },
    { "cont", "c", "", "resume emulation", hmp_cont },
    { "system_reset", NULL, "", "reset the system", hmp_system_reset },
    { "system_powerdown", NULL, "", "send system power down event", hmp_system_powerdown },
    { "system_wakeup", NULL, "", "wake the guest from sleep", hmp_system_wakeup },
    { "cpu", NULL, "index", "set the default CPU", hmp_cpu },
    { "migrate", NULL, "[-d] uri", "write the state of the machine to file:, exec:, unix:, tcp: or fd:", hmp_migrate },
    { "migrate_incoming", NULL, "uri", "read the state, after -incoming defer", hmp_migrate_incoming },
    { "migrate_cancel", NULL, "", "stop writing the state", hmp_migrate_cancel },
    { "info migrate", NULL, "", "show how far the writing of the state is", hmp_info_migrate },
    { "savevm", NULL, "[tag]", "save a snapshot in an image (see migrate)", hmp_savevm },
    { "nmi", NULL, "", "send a nonmaskable interrupt to the CPUs", hmp_nmi },
    { "device_add", NULL, "driver[,prop=value...]", "add a device, as -device does", hmp_device_add },
    { "device_del", NULL, "device", "remove a device by its id", hmp_device_del },
    { "object_add", NULL, "type,id=id[,prop=value...]", "add an object, as -object does", hmp_object_add },
    { "object_del", NULL, "id", "remove an object", hmp_object_del },
    { "netdev_add", NULL, "type,id=id[,...]", "add a network backend", hmp_netdev_add },
    { "netdev_del", NULL, "id", "remove a network backend", hmp_netdev_del },
    { "set_link", NULL, "name on|off", "plug a network cable in or out", hmp_set_link },
    { "chardev-add", NULL, "type,id=id[,...]", "add a character device", hmp_chardev_add },
    { "chardev-remove", NULL, "id", "remove a character device", hmp_chardev_remove },
    { "block_resize", NULL, "device size", "change the size of a raw image", hmp_block_resize },
    { "eject", NULL, "[-f] device", "eject a removable medium (-f: by force)", hmp_eject },
    { "change", NULL, "device filename [format]", "change a removable medium", hmp_change,
      hmp_complete_files },
    { "log", NULL, "item1[,...]", "activate logging of the specified items", hmp_log },
    { "logfile", NULL, "filename", "output logs to 'filename'", hmp_logfile, hmp_complete_files },
    { "sendkey", NULL, "keys [hold_ms]", "send keys to the guest (e.g. 'sendkey ctrl-alt-f1')",
      hmp_sendkey, qemu_input_complete_key },
    { "mouse_move", NULL, "dx dy [dz]", "send mouse move events", hmp_mouse_move },
    { "mouse_button", NULL, "state", "change mouse button state (1=L, 2=R, 4=M)",
      hmp_mouse_button },
    { "screendump", NULL, "filename [-f format]", "save the screen as PPM or PNG image",
      hmp_screendump, hmp_complete_files },
};

static void QEMU_CONSTRUCTOR register_machine_commands(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(machine_commands); i++) {
        hmp_register(&machine_commands[i]);
    }
}
