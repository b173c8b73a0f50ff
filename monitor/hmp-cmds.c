/*
 * Monitor commands that steer the machine: run state, reset, media, log,
 * input events, screenshots.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/monitor-int.h"
#include "block/block.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"
#include "ui/console.h"

#define SENDKEY_MAX_KEYS 16
#define SENDKEY_HOLD_MS 100

/* --- run state ------------------------------------------------------------ */

static void hmp_quit(Monitor *mon, const char *args)
{
    qemu_system_shutdown_request(SHUTDOWN_CAUSE_HOST_QMP_QUIT);
}

static void hmp_stop(Monitor *mon, const char *args)
{
    vm_stop(RUN_STATE_PAUSED);
}

static void hmp_cont(Monitor *mon, const char *args)
{
    vm_start();
}

static void hmp_system_reset(Monitor *mon, const char *args)
{
    qemu_system_reset_request(SHUTDOWN_CAUSE_HOST_RESET);
}

static void hmp_system_powerdown(Monitor *mon, const char *args)
{
    qemu_system_powerdown_request();
}

static void hmp_system_wakeup(Monitor *mon, const char *args)
{
    if (!qemu_system_wakeup_request()) {
        error_report("Unable to wake up: guest is not in suspended state");
    }
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

static void hmp_device_add(Monitor *mon, const char *args)
{
    error_report("device_add: hot plug is not supported; use -device on the command line");
}

static void hmp_device_del(Monitor *mon, const char *args)
{
    error_report("device_del: hot unplug is not supported");
}

/* --- media ---------------------------------------------------------------- */

static void hmp_eject(Monitor *mon, const char *args)
{
    char *word = monitor_next_word(&args);
    bool force = word && strcmp(word, "-f") == 0;
    Error *err = NULL;

    if (force) {
        g_free(word);
        word = monitor_next_word(&args);
    }
    if (!word) {
        error_report("eject: a device is missing");
    } else if (monitor_args_done(args) && !blk_eject(word, force, &err)) {
        error_report_err(err);
    }
    g_free(word);
}

static void hmp_change(Monitor *mon, const char *args)
{
    char *device = monitor_next_word(&args), *file = monitor_next_word(&args);
    Error *err = NULL;

    if (!device || !file) {
        error_report("change: expected a device and a file name");
    } else if (monitor_args_done(args) && !blk_change_medium(device, file, &err)) {
        error_report_err(err);
    }
    g_free(device);
    g_free(file);
}

/* --- log ------------------------------------------------------------------ */

static void hmp_log(Monitor *mon, const char *args)
{
    Error *err = NULL;

    if (!*args) {
        error_report("log: items are missing ('none' turns the log off, see -d help)");
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

static int held_keys[SENDKEY_MAX_KEYS], held_count;
static QEMUTimer *release_timer;

static void release_keys(void *opaque)
{
    while (held_count) {
        qemu_input_send_key(held_keys[--held_count], false);
    }
}

static int parse_key(const char *name)
{
    if (g_str_has_prefix(name, "0x")) {
        error_report("sendkey: key codes are not supported, use a name");
        return 0;
    }
    return qemu_input_key_by_name(name);
}

static void hmp_sendkey(Monitor *mon, const char *args)
{
    char *keys = monitor_next_word(&args), *hold = monitor_next_word(&args);
    int64_t hold_ms = hold ? atoi(hold) : SENDKEY_HOLD_MS;
    int codes[SENDKEY_MAX_KEYS], count = 0;
    char **names;
    bool ok = true;

    if (!keys) {
        error_report("sendkey: keys are missing");
        g_free(hold);
        return;
    }
    names = g_strsplit(strcmp(keys, "-") == 0 ? "minus" : keys, "-", 0);
    for (int i = 0; names[i] && ok; i++) {
        int code = parse_key(names[i]);

        ok = code && count < SENDKEY_MAX_KEYS;
        if (ok) {
            codes[count++] = code;
        } else {
            error_report(code ? "too many keys" : "invalid parameter: %s", names[i]);
        }
    }
    g_strfreev(names);
    g_free(keys);
    g_free(hold);
    if (!ok) {
        return;
    }
    release_keys(NULL);
    for (int i = 0; i < count; i++) {
        qemu_input_send_key(codes[i], true);
        held_keys[held_count++] = codes[i];
    }
    if (!release_timer) {
        release_timer = timer_new_ms(QEMU_CLOCK_VIRTUAL, release_keys, NULL);
    }
    timer_mod(release_timer, qemu_clock_get_ms(QEMU_CLOCK_VIRTUAL) + MAX(hold_ms, 1));
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
    next_int(&args, &dz);
    if (qemu_input_is_absolute()) {
        qemu_input_send_position(dx, dy, dz);
    } else {
        qemu_input_send_motion(dx, dy, dz);
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
    Error *err = NULL;

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
    } else if (!qemu_screendump(name, format, &err)) {
        error_report_err(err);
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
    { "device_add", NULL, "driver,...", "add a device (not supported)", hmp_device_add },
    { "device_del", NULL, "device", "remove a device (not supported)", hmp_device_del },
    { "eject", NULL, "[-f] device", "eject a removable medium (-f: by force)", hmp_eject },
    { "change", NULL, "device filename", "change a removable medium", hmp_change,
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
