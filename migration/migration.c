/*
 * Migration: what runs when, on which thread.
 *
 * Outgoing: the machine stops, the main thread saves the devices, a worker
 * writes everything. Incoming: a worker reads memory into its place, the main
 * thread loads the devices.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <sys/socket.h>
#include "block/block.h"
#include "migration/migration-int.h"
#include "monitor/qmp.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"
#include "ui/console.h"

/* --- outgoing ------------------------------------------------------------------------ */

static struct {
    MigrationStatus status;
    int fd;
    char *socket;               /* the address that the worker connects fd to; NULL: fd is open */
    bool was_running;           /* the machine goes on when this fails */
    GByteArray *devices;
    GString *why;               /* of the last one */
    StreamControl control;      /* atomic: a worker looks at it */
    int64_t start_ms, end_ms;
} out = { .control.bandwidth = INT64_MAX };

/* The same of -incoming. */
static struct {
    MigrationStatus status;
    bool waiting;               /* the state has not come yet */
    bool begun;                 /* a channel is known */
    bool autostart;
    int listen_fd, fd;
    GByteArray *devices;
    GString *why;
} in;

const char *migration_status_name(MigrationStatus status)
{
    static const char *const names[] = { "none", "setup", "active", "completed", "failed", "cancelled" };

    return names[status];
}

static bool tell_events = true;

bool migration_events(void)
{
    return tell_events;
}

void migration_set_events(bool on)
{
    tell_events = on;
}

static void set_status(MigrationStatus *side, MigrationStatus status)
{
    *side = status;
    if (tell_events) {
        qmp_event("MIGRATION", "{s:s}", "status", migration_status_name(status));
    }
}

bool migration_is_active(void)
{
    return out.status == MIGRATION_SETUP || out.status == MIGRATION_ACTIVE;
}

void migration_get_info(MigrationInfo *info)
{
    int64_t end_ms = migration_is_active() ? qemu_clock_get_ms(QEMU_CLOCK_REALTIME) : out.end_ms;

    if (out.status == MIGRATION_NONE) {
        *info = (MigrationInfo) { .status = in.status, .incoming = true };
        return;
    }
    *info = (MigrationInfo) {
        .status = out.status, .transferred = qatomic_read(&out.control.transferred), .total = stream_memory_bytes(),
        .total_time_ms = end_ms - out.start_ms, .error = out.status == MIGRATION_FAILED ? out.why->str : NULL,
    };
}

static int write_stream(void *opaque)
{
    Error *err = NULL;
    bool ok;

    if (out.socket) {
        out.fd = migration_connect(out.socket, &out.control.cancel, &err);
        if (out.fd < 0) {
            g_string_assign(out.why, error_get_pretty(err));
            error_free(err);
            return -1;
        }
    }
    ok = stream_write(out.fd, out.devices, &out.control, out.why);
    if (!migration_close(out.fd) && ok) {
        g_string_assign(out.why, "the receiver has failed");
        ok = false;
    }
    return ok ? 0 : -1;
}

static void stream_written(void *opaque, int ret)
{
    g_byte_array_free(out.devices, true);
    out.devices = NULL;
    g_free(out.socket);
    out.socket = NULL;
    out.end_ms = qemu_clock_get_ms(QEMU_CLOCK_REALTIME);
    set_status(&out.status, ret == 0 ? MIGRATION_COMPLETED : out.control.cancel ? MIGRATION_CANCELLED : MIGRATION_FAILED);
    if (ret == 0) {
        vm_stop(RUN_STATE_POSTMIGRATE);
    } else if (out.was_running) {
        vm_start();
    }
}

bool migration_start(const char *uri, Error **errp)
{
    if (migration_is_active() || migration_is_incoming()) {
        error_setg(errp, "There's a migration process in progress");
        return false;
    }
    if (runstate_get() == RUN_STATE_SUSPENDED) {
        error_setg(errp, "the guest sleeps: wake it up first");
        return false;
    }
    out.socket = migration_is_socket(uri) ? g_strdup(uri) : NULL;
    out.fd = out.socket ? -1 : migration_open(uri, errp);
    if (out.fd < 0 && !out.socket) {
        error_prepend(errp, "migrate: ");
        return false;
    }
    out.start_ms = qemu_clock_get_ms(QEMU_CLOCK_REALTIME);
    out.control.cancel = false;
    out.control.transferred = 0;
    out.why = out.why ? g_string_truncate(out.why, 0) : g_string_new(NULL);
    set_status(&out.status, MIGRATION_SETUP);
    out.was_running = runstate_is_running();
    vm_stop(RUN_STATE_PAUSED);
    blk_drain_all();
    out.devices = stream_save_devices(errp);
    if (!out.devices) {
        if (!out.socket) {
            migration_end_program();
            migration_close(out.fd);
        }
        g_free(out.socket);
        out.socket = NULL;
        set_status(&out.status, MIGRATION_FAILED);
        g_string_assign(out.why, "devices cannot be saved");
        if (out.was_running) {
            vm_start();
        }
        return false;
    }
    set_status(&out.status, MIGRATION_ACTIVE);
    thread_pool_submit(write_stream, stream_written, NULL);
    return true;
}

void migration_cancel(void)
{
    if (migration_is_active()) {
        qatomic_set(&out.control.cancel, true);
        migration_end_program();
    }
}

void migration_stay_stopped(void)
{
    out.was_running = false;
}

int64_t migration_bandwidth(void)
{
    return qatomic_read(&out.control.bandwidth);
}

void migration_set_bandwidth(int64_t bytes_a_second)
{
    qatomic_set(&out.control.bandwidth, bytes_a_second);
}

/* --- incoming ------------------------------------------------------------------------ */

bool migration_is_incoming(void)
{
    return in.waiting;
}

void migration_incoming_autostart(void)
{
    in.autostart = true;
}

static void incoming_failed(const char *why)
{
    set_status(&in.status, MIGRATION_FAILED);
    error_report("-incoming: %s", why);
    qemu_system_exit_request(1);
}

static int read_stream(void *opaque)
{
    in.devices = stream_read(in.fd, in.why);
    return 0;
}

static void stream_has_come(void *opaque, int ret)
{
    bool closed = migration_close(in.fd);
    Error *err = NULL;

    if (!in.devices || !closed) {
        incoming_failed(in.why->len ? in.why->str : "the sender has failed");
        return;
    }
    if (!stream_load_devices(in.devices, &err)) {
        incoming_failed(error_get_pretty(err));
        error_free(err);
        return;
    }
    g_byte_array_free(in.devices, true);
    in.waiting = false;
    if (qemu_console_lookup_by_index(0)) {
        graphic_hw_invalidate(qemu_console_lookup_by_index(0));
    }
    set_status(&in.status, MIGRATION_COMPLETED);
    vm_stop(RUN_STATE_PAUSED);
    if (in.autostart) {
        vm_start();
    }
}

static void start_reading(int fd)
{
    in.fd = fd;
    in.why = g_string_new(NULL);
    set_status(&in.status, MIGRATION_ACTIVE);
    thread_pool_submit(read_stream, stream_has_come, NULL);
}

static void sender_came(void *opaque)
{
    int fd = accept4(in.listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

    if (fd >= 0) {
        qemu_set_fd_handler(in.listen_fd, NULL, NULL, NULL);
        close(in.listen_fd);
        start_reading(fd);
    }
}

bool migration_incoming(const char *uri, Error **errp)
{
    bool listening;
    int fd;

    if (!in.waiting || in.begun) {
        error_setg(errp, in.begun ? "The incoming migration has already been started"
                                  : "'-incoming' was not specified on the command line");
        return false;
    }
    fd = migration_listen(uri, &listening, errp);
    if (fd < 0) {
        return false;
    }
    in.begun = true;
    set_status(&in.status, MIGRATION_SETUP);
    if (listening) {
        in.listen_fd = fd;
        qemu_set_fd_handler(fd, sender_came, NULL, NULL);
    } else {
        start_reading(fd);
    }
    return true;
}

bool migration_incoming_setup(const char *uri, bool autostart, Error **errp)
{
    in.waiting = true;
    in.autostart = autostart;
    vm_stop(RUN_STATE_INMIGRATE);
    if (strcmp(uri, "defer") && !migration_incoming(uri, errp)) {
        error_prepend(errp, "-incoming ");
        return false;
    }
    return true;
}
