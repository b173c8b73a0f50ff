/*
 * The connection to a debugger: packets over a character device, starting and
 * stopping the guest for it. The protocol is that of the gdb manual, appendix
 * E; the packets themselves are in commands.c and query.c.
 *
 * Without -gdb nothing of this runs: no handler is registered anywhere.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "gdbstub/internal.h"
#include "migration/migration.h"
#include "monitor/monitor.h"
#include "qemu/timer.h"

enum { CTRL_C = 3, ESCAPE = '}', ESCAPE_XOR = 0x20 };

static GdbState *server;        /* NULL until a debugger is first waited for */

/* --- replies ------------------------------------------------------------------ */

static void send_framed(GdbState *s, const char *data, size_t len)
{
    uint8_t sum = 0;

    for (size_t i = 0; i < len; i++) {
        sum += (uint8_t)data[i];
    }
    g_string_assign(s->last_reply, "$");
    g_string_append_len(s->last_reply, data, len);
    g_string_append_printf(s->last_reply, "#%02x", sum);
    qemu_chr_fe_write_all(&s->be, (const uint8_t *)s->last_reply->str, s->last_reply->len);
}

void gdb_reply(GdbState *s, const char *fmt, ...)
{
    g_autofree char *text = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    send_framed(s, text, strlen(text));
}

void gdb_reply_binary(GdbState *s, char head, const void *data, size_t len)
{
    const char *bytes = data;
    GString *out = g_string_new(NULL);

    g_string_append_c(out, head);
    for (size_t i = 0; i < len; i++) {
        bool special = bytes[i] == '#' || bytes[i] == '$' || bytes[i] == '*' || bytes[i] == ESCAPE;

        if (special) {
            g_string_append_c(out, ESCAPE);
        }
        g_string_append_c(out, special ? bytes[i] ^ ESCAPE_XOR : bytes[i]);
    }
    send_framed(s, out->str, out->len);
    g_string_free(out, TRUE);
}

/* --- stops --------------------------------------------------------------------- */

static int signal_of(RunState state)
{
    switch (state) {
    case RUN_STATE_DEBUG:
        return GDB_SIGNAL_TRAP;
    case RUN_STATE_SHUTDOWN:
        return GDB_SIGNAL_QUIT;
    case RUN_STATE_IO_ERROR:
        return GDB_SIGNAL_IO;
    case RUN_STATE_INTERNAL_ERROR:
        return GDB_SIGNAL_ABRT;
    default:
        return GDB_SIGNAL_INT;
    }
}

/* The one that met something; where several did, the one that the user looks at. */
static CPUState *stopped_cpu(const GdbState *s)
{
    if (s->c_cpu->debug_stop) {
        return s->c_cpu;
    }
    CPU_FOREACH(cpu) {
        if (cpu->debug_stop) {
            return cpu;
        }
    }
    return s->c_cpu;
}

static const char *watch_kind(const CPUWatchpoint *wp)
{
    return wp->flags & BP_MEM_READ ? wp->flags & BP_MEM_WRITE ? "awatch" : "rwatch" : "watch";
}

static void report_stop(GdbState *s, RunState state)
{
    const CPUWatchpoint *wp = &s->c_cpu->watchpoint_hit;

    s->stop_owed = false;
    if (state == RUN_STATE_DEBUG && wp->len) {
        gdb_reply(s, "T%02xthread:%02x;%s:%" PRIx64 ";", GDB_SIGNAL_TRAP, s->c_cpu->cpu_index + 1,
                  watch_kind(wp), (uint64_t)wp->addr);
    } else {
        gdb_reply(s, "T%02xthread:%02x;", signal_of(state), s->c_cpu->cpu_index + 1);
    }
}

/* Saving and loading a snapshot stop the guest for a moment: no debugger needs to know. */
static bool is_passing(RunState state)
{
    return state == RUN_STATE_SAVE_VM || state == RUN_STATE_RESTORE_VM;
}

static void state_changed(void *opaque, bool running, RunState state)
{
    GdbState *s = opaque;

    if (running || is_passing(state)) {
        return;
    }
    if (state == RUN_STATE_DEBUG) {
        s->c_cpu = s->g_cpu = stopped_cpu(s);
    }
    if (s->stop_owed && s->connected) {
        report_stop(s, state);
    }
    CPU_FOREACH(cpu) {
        cpu_single_step(cpu, 0);
        cpu->debug_stop = false;
        cpu->watchpoint_hit.len = 0;
    }
}

static void stop_guest(void)
{
    if (runstate_is_running()) {
        vm_stop(RUN_STATE_PAUSED);
    }
}

/* --- resumption ------------------------------------------------------------------ */

/* A guest that has ended, sleeps or is being saved stands still, whatever the debugger wants. */
static bool guest_cannot_run(void)
{
    RunState state = runstate_get();

    return state == RUN_STATE_SHUTDOWN || state == RUN_STATE_INTERNAL_ERROR || state == RUN_STATE_SUSPENDED ||
           migration_is_active() || migration_is_incoming();
}

void gdb_resume_all(void)
{
    if (!guest_cannot_run()) {
        vm_start();
    }
}

void gdb_resume(GdbState *s, const GdbAction *actions)
{
    bool freeze_time = false, some_run_on = false;

    s->stop_owed = true;
    if (guest_cannot_run()) {
        report_stop(s, runstate_get());
        return;
    }
    CPU_FOREACH(cpu) {
        bool step = actions[cpu->cpu_index] == GDB_STEP;

        cpu_single_step(cpu, step ? SSTEP_ENABLE | s->sstep_flags : 0);
        some_run_on |= actions[cpu->cpu_index] == GDB_CONTINUE;
        /* What wakes a sleeping CPU may be a timer. */
        freeze_time |= step && s->sstep_flags & SSTEP_NOTIMER && !cpu->halted;
    }
    if (!vm_prepare_start()) {
        return;
    }
    if (freeze_time && !some_run_on && !icount_enabled()) {
        qemu_clock_enable(QEMU_CLOCK_VIRTUAL, false);
    }
    CPU_FOREACH(cpu) {
        if (actions[cpu->cpu_index] != GDB_STAY) {
            resume_vcpu(cpu);
        }
    }
}

/* --- packets ----------------------------------------------------------------------- */

static void acknowledge(GdbState *s, char ack)
{
    if (!s->no_ack) {
        qemu_chr_fe_write_all(&s->be, (const uint8_t *)&ack, 1);
    }
}

static void packet_complete(GdbState *s)
{
    s->parse = GDB_IDLE;
    if (s->sum != s->sent_sum) {
        acknowledge(s, '-');
        return;
    }
    acknowledge(s, '+');
    if (s->too_long) {
        gdb_reply(s, "E22");
        return;
    }
    g_byte_array_append(s->packet, (const uint8_t *)"", 1);
    /* A client that speaks while the guest runs (the monitor has resumed it) wants it to stand still. */
    stop_guest();
    gdb_handle_packet(s);
}

static void between_packets(GdbState *s, uint8_t byte)
{
    switch (byte) {
    case '$':
        g_byte_array_set_size(s->packet, 0);
        s->sum = 0;
        s->too_long = false;
        s->parse = GDB_DATA;
        break;
    case '-':
        if (!s->no_ack) {
            qemu_chr_fe_write_all(&s->be, (const uint8_t *)s->last_reply->str, s->last_reply->len);
        }
        break;
    case CTRL_C:
        stop_guest();
        break;
    default:
        break;
    }
}

static void packet_byte(GdbState *s, uint8_t byte)
{
    if (s->packet->len < GDB_PACKET_BYTES) {
        g_byte_array_append(s->packet, &byte, 1);
    } else {
        s->too_long = true;
    }
}

static void data_byte(GdbState *s, uint8_t byte)
{
    if (byte == '#') {
        s->parse = GDB_SUM_HIGH;
    } else if (byte == '$') {           /* the rest of a packet got lost */
        between_packets(s, byte);
    } else {
        s->sum += byte;
        if (byte == ESCAPE) {
            s->parse = GDB_ESCAPE;
        } else {
            packet_byte(s, byte);
        }
    }
}

/* What is not a digit makes the sum wrong. */
static uint8_t sum_digit(const GdbState *s, uint8_t byte)
{
    int digit = g_ascii_xdigit_value(byte);

    return digit < 0 ? (s->sum ^ 1) & 15 : digit;
}

static void receive_byte(GdbState *s, uint8_t byte)
{
    switch (s->parse) {
    case GDB_IDLE:
        between_packets(s, byte);
        break;
    case GDB_DATA:
        data_byte(s, byte);
        break;
    case GDB_ESCAPE:
        s->sum += byte;
        packet_byte(s, byte ^ ESCAPE_XOR);
        s->parse = GDB_DATA;
        break;
    case GDB_SUM_HIGH:
        s->sent_sum = sum_digit(s, byte) << 4;
        s->parse = GDB_SUM_LOW;
        break;
    case GDB_SUM_LOW:
        s->sent_sum |= sum_digit(s, byte);
        packet_complete(s);
        break;
    }
}

/* --- the character device -------------------------------------------------------------- */

static int gdb_can_read(void *opaque)
{
    return GDB_PACKET_BYTES;
}

static void gdb_read(void *opaque, const uint8_t *buf, int size)
{
    GdbState *s = opaque;

    for (int i = 0; i < size && s->be.chr; i++) {
        receive_byte(s, buf[i]);
    }
}

static void gdb_opened(GdbState *s)
{
    s->connected = true;
    s->no_ack = s->stop_owed = s->physical = false;
    s->parse = GDB_IDLE;
    g_string_truncate(s->last_reply, 0);
    s->g_cpu = s->c_cpu = first_cpu;
    stop_guest();
}

/* The guest stays as it is; nobody is left to hear of breakpoints. */
static void gdb_closed(GdbState *s)
{
    bool was_connected = s->connected;

    s->connected = s->stop_owed = false;
    if (was_connected) {
        gdb_points_clear();
    }
}

static void gdb_event(void *opaque, QEMUChrEvent event)
{
    if (event == CHR_EVENT_OPENED) {
        gdb_opened(opaque);
    } else if (event == CHR_EVENT_CLOSED) {
        gdb_closed(opaque);
    }
}

/*
 * Sockets listen, and do not hold up the guest, unless the text says otherwise.
 * A device that has been let go stays open, and is taken again.
 */
static Chardev *open_chardev(const char *spec, Error **errp)
{
    g_autofree char *label = g_strconcat("gdb ", spec, NULL);
    Chardev *chr = qemu_chr_find(label);
    bool waits = strstr(spec, ",wait") || strstr(spec, ",nowait");
    bool socket = g_str_has_prefix(spec, "tcp:") || g_str_has_prefix(spec, "unix:");
    g_autofree char *full = g_strconcat(spec, socket && !strstr(spec, ",server") ? ",server=on" : "",
                                        socket && !waits ? ",wait=off" : "", NULL);

    return chr ? chr : qemu_chr_new(label, socket ? full : spec, errp);
}

bool gdbserver_start(const char *spec, Error **errp)
{
    bool none = !strcmp(spec, "none");
    CharBackend be = { 0 };
    Chardev *chr = NULL;

    if (!first_cpu || !first_cpu->cc->gdb_features) {
        error_setg(errp, "gdb: no CPU whose registers can be described");
        return false;
    }
    if (!none && !(chr = open_chardev(spec, errp))) {
        return false;
    }
    if (server && chr && chr == server->be.chr) {
        return true;                    /* it waits there already */
    }
    if (!qemu_chr_fe_init(&be, chr, errp)) {
        return false;
    }
    if (!server) {
        server = g_new0(GdbState, 1);
        server->packet = g_byte_array_new();
        server->last_reply = g_string_new(NULL);
        server->sstep_flags = SSTEP_NOIRQ | SSTEP_NOTIMER;
        server->g_cpu = server->c_cpu = first_cpu;
        qemu_add_vm_change_state_handler(state_changed, server);
    }
    if (server->be.chr) {
        qemu_chr_fe_deinit(&server->be);
        gdb_closed(server);
    }
    if (chr) {
        qemu_chr_fe_deinit(&be);
        if (!qemu_chr_fe_init(&server->be, chr, errp)) {
            return false;
        }
        qemu_chr_fe_set_handlers(&server->be, gdb_can_read, gdb_read, gdb_event, server);
    }
    return true;
}

void gdb_exit(int status)
{
    if (server && server->connected && server->stop_owed) {
        gdb_reply(server, "W%02x", status & 0xff);
        server->stop_owed = false;
    }
}

/* --- the monitor's command -------------------------------------------------------------- */

static void hmp_gdbserver(Monitor *mon, const char *args)
{
    Error *err = NULL;

    if (!gdbserver_start(*args ? args : "tcp::1234", &err)) {
        error_report_err(err);
    } else if (!strcmp(args, "none")) {
        monitor_printf(mon, "Disabled gdbserver\n");
    } else {
        monitor_printf(mon, "Waiting for gdb connection on device '%s'\n", *args ? args : "tcp::1234");
    }
}

static const HMPCommand gdbserver_command = { "gdbserver", NULL, "[device|none]",
                                              "wait for a debugger (default tcp::1234), or stop that",
                                              hmp_gdbserver, NULL };
DEFINE_HMP(gdbserver_command)
