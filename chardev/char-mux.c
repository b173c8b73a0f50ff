/*
 * A multiplexer: several front ends (a serial port, the monitor) share one
 * backend. Output of all is passed on; input goes to the one that has the
 * focus. The escape key (Ctrl-A) starts a command, see mux_help.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "chardev/char-int.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"

#define MUX_MAX_FRONT_ENDS 8
#define MUX_BUFFER_BYTES 1024

int term_escape_char = 1;

struct MuxState {
    Chardev *chr;
    CharBackend *fe[MUX_MAX_FRONT_ENDS];
    GByteArray *input[MUX_MAX_FRONT_ENDS];      /* read, but not yet taken */
    int focus;                                  /* -1: none */
    bool got_escape;
    bool timestamps, at_line_start;
    int64_t timestamp_base_ms;                  /* -1: not yet printed */
};

MuxState *mux_new(Chardev *chr)
{
    MuxState *mux = g_new0(MuxState, 1);

    mux->chr = chr;
    mux->focus = -1;
    mux->at_line_start = true;
    mux->timestamp_base_ms = -1;
    for (int i = 0; i < MUX_MAX_FRONT_ENDS; i++) {
        mux->input[i] = g_byte_array_new();
    }
    return mux;
}

void mux_free(MuxState *mux)
{
    if (!mux) {
        return;
    }
    for (int i = 0; i < MUX_MAX_FRONT_ENDS; i++) {
        g_byte_array_free(mux->input[i], TRUE);
    }
    g_free(mux);
}

static void send_event(CharBackend *b, QEMUChrEvent event)
{
    if (b && b->chr_event) {
        b->chr_event(b->opaque, event);
    }
}

static void set_focus(MuxState *mux, int focus)
{
    if (focus == mux->focus) {
        return;
    }
    if (mux->focus >= 0) {
        send_event(mux->fe[mux->focus], CHR_EVENT_MUX_OUT);
    }
    mux->focus = focus;
    if (focus >= 0) {
        send_event(mux->fe[focus], CHR_EVENT_MUX_IN);
    }
}

static void focus_next(MuxState *mux)
{
    for (int i = 1; i <= MUX_MAX_FRONT_ENDS; i++) {
        int candidate = (mux->focus + i) % MUX_MAX_FRONT_ENDS;

        if (mux->fe[candidate] && mux->fe[candidate]->chr_read) {
            set_focus(mux, candidate);
            return;
        }
    }
}

bool mux_attach(MuxState *mux, CharBackend *b)
{
    for (int i = 0; i < MUX_MAX_FRONT_ENDS; i++) {
        if (!mux->fe[i]) {
            mux->fe[i] = b;
            b->mux_tag = i;
            return true;
        }
    }
    return false;
}

void mux_detach(MuxState *mux, CharBackend *b)
{
    mux->fe[b->mux_tag] = NULL;
    g_byte_array_set_size(mux->input[b->mux_tag], 0);
    if (mux->focus == b->mux_tag) {
        mux->focus = -1;
        focus_next(mux);
    }
}

/* A device that starts to listen takes the focus; a monitor only a free one. */
void mux_handlers_changed(MuxState *mux, CharBackend *b)
{
    if (b->chr_read && (mux->focus < 0 || !b->is_monitor)) {
        set_focus(mux, b->mux_tag);
    }
}

static void deliver(MuxState *mux, int tag)
{
    CharBackend *b = mux->fe[tag];
    GByteArray *input = mux->input[tag];

    while (b && b->chr_read && input->len) {
        int room = b->chr_can_read ? b->chr_can_read(b->opaque) : INT_MAX;
        guint n = MIN((guint)MAX(room, 0), input->len);
        uint8_t chunk[MUX_BUFFER_BYTES];

        if (n == 0) {
            return;
        }
        n = MIN(n, sizeof(chunk));
        memcpy(chunk, input->data, n);
        g_byte_array_remove_range(input, 0, n);
        b->chr_read(b->opaque, chunk, n);
    }
}

void mux_accept_input(MuxState *mux, CharBackend *b)
{
    deliver(mux, b->mux_tag);
}

static void mux_print(MuxState *mux, const char *text)
{
    chr_write(mux->chr, (const uint8_t *)text, strlen(text));
}

static void mux_help(MuxState *mux)
{
    static const struct { const char *key, *text; } rows[] = {
        { "h", "print this help" }, { "x", "exit the emulator" },
        { "s", "write changes kept by -snapshot back to the image (not supported)" },
        { "t", "toggle console timestamps" }, { "b", "send break" },
        { "c", "switch between console and monitor" },
    };
    char name[8], line[128];

    snprintf(name, sizeof(name), "C-%c", 'a' + term_escape_char - 1);
    mux_print(mux, "\r\n");
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        snprintf(line, sizeof(line), "%s %s    %s\r\n", name, rows[i].key, rows[i].text);
        mux_print(mux, line);
    }
    snprintf(line, sizeof(line), "%s %s  send %s\r\n", name, name, name);
    mux_print(mux, line);
}

/* The key behind the escape key. True: pass it on to the front end. */
static bool escape_command(MuxState *mux, uint8_t ch)
{
    if (ch == term_escape_char) {
        return true;
    }
    switch (ch) {
    case '?':
    case 'h':
        mux_help(mux);
        break;
    case 'x':
        mux_print(mux, "QEMU: Terminated\r\n");
        qemu_system_shutdown_request(SHUTDOWN_CAUSE_HOST_UI);
        break;
    case 's':
        mux_print(mux, "\r\n-snapshot: writing back is not supported\r\n");
        break;
    case 'b':
        if (mux->focus >= 0) {
            send_event(mux->fe[mux->focus], CHR_EVENT_BREAK);
        }
        break;
    case 'c':
        focus_next(mux);
        break;
    case 't':
        mux->timestamps = !mux->timestamps;
        mux->timestamp_base_ms = -1;
        mux->at_line_start = false;
        break;
    }
    return false;
}

/* Escape commands must work even when the guest takes no input: always reads. */
int mux_can_read(MuxState *mux)
{
    return MUX_BUFFER_BYTES;
}

void mux_read(MuxState *mux, const uint8_t *buf, int size)
{
    for (int i = 0; i < size; i++) {
        if (mux->got_escape) {
            mux->got_escape = false;
            if (!escape_command(mux, buf[i])) {
                continue;
            }
        } else if (term_escape_char && buf[i] == term_escape_char) {
            mux->got_escape = true;
            continue;
        }
        if (mux->focus >= 0) {
            GByteArray *input = mux->input[mux->focus];

            if (input->len < MUX_BUFFER_BYTES * 64) {
                g_byte_array_append(input, &buf[i], 1);
            }
            if (i + 1 == size || buf[i + 1] == term_escape_char) {
                deliver(mux, mux->focus);
            }
        }
    }
    if (mux->focus >= 0) {
        deliver(mux, mux->focus);
    }
}

void mux_event(MuxState *mux, QEMUChrEvent event)
{
    for (int i = 0; i < MUX_MAX_FRONT_ENDS; i++) {
        if (!mux->fe[i] || (event == CHR_EVENT_BREAK && i != mux->focus)) {
            continue;
        }
        if (event == CHR_EVENT_OPENED || event == CHR_EVENT_CLOSED) {
            mux->fe[i]->open = event == CHR_EVENT_OPENED;
        }
        send_event(mux->fe[i], event);
    }
}

static void write_timestamp(MuxState *mux)
{
    int64_t now_ms = qemu_clock_get_ms(QEMU_CLOCK_REALTIME), ms, s;
    char text[64];

    if (mux->timestamp_base_ms < 0) {
        mux->timestamp_base_ms = now_ms;
    }
    ms = now_ms - mux->timestamp_base_ms;
    s = ms / 1000;
    snprintf(text, sizeof(text), "[%02d:%02d:%02d.%03d] ", (int)(s / 3600), (int)(s / 60 % 60),
             (int)(s % 60), (int)(ms % 1000));
    mux_print(mux, text);
}

void mux_write(MuxState *mux, CharBackend *b, const uint8_t *buf, size_t len)
{
    if (!mux->timestamps) {
        chr_write(mux->chr, buf, len);
        return;
    }
    while (len) {
        const uint8_t *newline = memchr(buf, '\n', len);
        size_t part = newline ? (size_t)(newline - buf) + 1 : len;

        if (mux->at_line_start) {
            write_timestamp(mux);
        }
        chr_write(mux->chr, buf, part);
        mux->at_line_start = newline != NULL;
        buf += part;
        len -= part;
    }
}
