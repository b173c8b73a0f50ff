/*
 * Character devices on a file descriptor: stdio (raw terminal), file, pipe,
 * pseudo terminal, host serial port; and null, which takes everything.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <poll.h>
#include <pty.h>
#include <termios.h>
#include "chardev/char-int.h"
#include "qemu/fdset.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include "sysemu/process.h"

/* A pipe or terminal that polls as writable takes this much without blocking. */
#define STDIO_CHUNK_BYTES 512
#define READ_CHUNK_BYTES 4096
#define PTY_POLL_MS 500

typedef struct FDChardev {
    Chardev parent;
    int fd_in, fd_out;          /* -1: none; may be equal */
    bool input_on, output_on;   /* watched now */
    bool blocking;              /* the descriptor is shared with others: stays in blocking mode */
    QEMUTimer *timer;           /* pty: looks for somebody at the other end */
} FDChardev;

/* --- descriptors ---------------------------------------------------------- */

static void fd_readable(void *opaque);

static void fd_writable(void *opaque)
{
    chr_drain(opaque);
}

static void update_watch(FDChardev *s)
{
    if (s->fd_in >= 0 && s->fd_in == s->fd_out) {
        qemu_set_fd_handler(s->fd_in, s->input_on ? fd_readable : NULL,
                            s->output_on ? fd_writable : NULL, s);
        return;
    }
    if (s->fd_in >= 0) {
        qemu_set_fd_handler(s->fd_in, s->input_on ? fd_readable : NULL, NULL, s);
    }
    if (s->fd_out >= 0) {
        qemu_set_fd_handler(s->fd_out, NULL, s->output_on ? fd_writable : NULL, s);
    }
}

static void pty_disconnected(FDChardev *s)
{
    s->input_on = s->output_on = false;
    update_watch(s);
    if (s->parent.open) {
        chr_event(&s->parent, CHR_EVENT_CLOSED);
    }
    timer_mod(s->timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + PTY_POLL_MS);
}

static void fd_readable(void *opaque)
{
    FDChardev *s = opaque;
    uint8_t buf[READ_CHUNK_BYTES];
    int room = chr_can_read(&s->parent);
    ssize_t n;

    if (room <= 0) {
        s->input_on = false;        /* until accept_input */
        update_watch(s);
        return;
    }
    n = read(s->fd_in, buf, MIN((size_t)room, sizeof(buf)));
    if (n > 0) {
        chr_read(&s->parent, buf, n);
    } else if (n == 0 || (errno != EAGAIN && errno != EINTR)) {
        if (s->timer) {
            pty_disconnected(s);
            return;
        }
        s->input_on = false;        /* end of input; output goes on */
        if (s->fd_in != s->fd_out) {
            qemu_set_fd_handler(s->fd_in, NULL, NULL, NULL);
            s->fd_in = -1;
        }
        update_watch(s);
    }
}

static void fd_accept_input(Chardev *chr)
{
    FDChardev *s = (FDChardev *)chr;

    if (s->fd_in >= 0 && !s->input_on && chr->open && chr_can_read(chr) > 0) {
        s->input_on = true;
        update_watch(s);
    }
}

static void fd_watch_output(Chardev *chr, bool on)
{
    FDChardev *s = (FDChardev *)chr;

    s->output_on = on;
    update_watch(s);
}

static ssize_t fd_write(Chardev *chr, const uint8_t *buf, size_t len)
{
    FDChardev *s = (FDChardev *)chr;
    ssize_t n;

    if (s->fd_out < 0) {
        return -1;
    }
    if (s->blocking) {
        struct pollfd pfd = { .fd = s->fd_out, .events = POLLOUT };

        if (poll(&pfd, 1, 0) == 0) {
            return 0;
        }
        len = MIN(len, STDIO_CHUNK_BYTES);
    }
    do {
        n = write(s->fd_out, buf, len);
    } while (n < 0 && errno == EINTR);
    return n < 0 && errno == EAGAIN ? 0 : n;
}

static void fd_close(Chardev *chr)
{
    FDChardev *s = (FDChardev *)chr;

    s->input_on = s->output_on = false;
    update_watch(s);
    timer_free(s->timer);
    s->timer = NULL;
    if (s->fd_in > 2) {
        close(s->fd_in);
    }
    if (s->fd_out > 2 && s->fd_out != s->fd_in) {
        close(s->fd_out);
    }
    s->fd_in = s->fd_out = -1;
}

static void fd_start(FDChardev *s, int fd_in, int fd_out)
{
    s->fd_in = fd_in;
    s->fd_out = fd_out;
    s->parent.open = true;
}

static const char *required_path(OptList *opts, Error **errp)
{
    const char *path = optlist_get(opts, "path");

    if (!path || !*path) {
        error_setg(errp, "a path is missing");
        return NULL;
    }
    return path;
}

/* --- file, pipe, serial --------------------------------------------------- */

static bool file_open(Chardev *chr, OptList *opts, Error **errp)
{
    FDChardev *s = (FDChardev *)chr;
    const char *path = required_path(opts, errp), *input = optlist_get(opts, "input-path");
    bool append;
    int fd, fd_in = -1;

    s->fd_in = s->fd_out = -1;
    if (!path || !optlist_get_bool(opts, "append", false, &append, path, errp)) {
        return false;
    }
    if (input) {
        fd_in = qemu_open(input, O_RDONLY, 0);
        if (fd_in < 0) {
            error_setg_errno(errp, errno, "cannot open '%s'", input);
            return false;
        }
    }
    fd = qemu_open(path, O_WRONLY | O_CREAT | (append ? O_APPEND : O_TRUNC), 0666);
    if (fd < 0) {
        error_setg_errno(errp, errno, "cannot open '%s'", path);
        if (fd_in >= 0) {
            close(fd_in);
        }
        return false;
    }
    fd_start(s, fd_in, fd);
    chr->filename = g_strdup_printf("file:%s", path);
    return true;
}

/* PATH.in and PATH.out when both exist, else PATH both ways. */
static bool pipe_open(Chardev *chr, OptList *opts, Error **errp)
{
    FDChardev *s = (FDChardev *)chr;
    const char *path = required_path(opts, errp);
    char *in, *out;
    int fd_in, fd_out;

    s->fd_in = s->fd_out = -1;
    if (!path) {
        return false;
    }
    in = g_strdup_printf("%s.in", path);
    out = g_strdup_printf("%s.out", path);
    fd_in = open(in, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    fd_out = open(out, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    g_free(in);
    g_free(out);
    if (fd_in < 0 || fd_out < 0) {
        if (fd_in >= 0 || fd_out >= 0) {
            close(MAX(fd_in, fd_out));
        }
        fd_in = fd_out = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
        if (fd_in < 0) {
            error_setg_errno(errp, errno, "cannot open '%s'", path);
            return false;
        }
    }
    fd_start(s, fd_in, fd_out);
    chr->filename = g_strdup_printf("pipe:%s", path);
    return true;
}

static bool serial_open(Chardev *chr, OptList *opts, Error **errp)
{
    FDChardev *s = (FDChardev *)chr;
    const char *path = required_path(opts, errp);
    struct termios tty;
    int fd;

    s->fd_in = s->fd_out = -1;
    if (!path) {
        return false;
    }
    fd = open(path, O_RDWR | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (fd < 0) {
        error_setg_errno(errp, errno, "cannot open '%s'", path);
        return false;
    }
    if (tcgetattr(fd, &tty) == 0) {
        cfmakeraw(&tty);
        tcsetattr(fd, TCSANOW, &tty);
    }
    fd_start(s, fd, fd);
    chr->filename = g_strdup(path);
    return true;
}

/* --- pseudo terminal ------------------------------------------------------ */

/* Nobody has the other end open while the master polls with POLLHUP. */
static void pty_poll(void *opaque)
{
    FDChardev *s = opaque;
    struct pollfd pfd = { .fd = s->fd_in, .events = POLLOUT };

    if (poll(&pfd, 1, 0) >= 0 && (pfd.revents & POLLHUP)) {
        timer_mod(s->timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME) + PTY_POLL_MS);
        return;
    }
    chr_event(&s->parent, CHR_EVENT_OPENED);
    fd_accept_input(&s->parent);
}

static bool pty_open(Chardev *chr, OptList *opts, Error **errp)
{
    FDChardev *s = (FDChardev *)chr;
    struct termios tty;
    int master, slave;
    char name[PATH_MAX];

    s->fd_in = s->fd_out = -1;
    if (openpty(&master, &slave, name, NULL, NULL) < 0) {
        error_setg_errno(errp, errno, "cannot create a pseudo terminal");
        return false;
    }
    if (tcgetattr(slave, &tty) == 0) {
        cfmakeraw(&tty);
        tcsetattr(slave, TCSAFLUSH, &tty);
    }
    close(slave);
    fcntl(master, F_SETFL, O_NONBLOCK);
    fcntl(master, F_SETFD, FD_CLOEXEC);
    s->fd_in = s->fd_out = master;
    s->timer = timer_new_ms(QEMU_CLOCK_REALTIME, pty_poll, s);
    timer_mod(s->timer, qemu_clock_get_ms(QEMU_CLOCK_REALTIME));
    chr->filename = g_strdup_printf("pty:%s", name);
    fprintf(stderr, "char device redirected to %s (label %s)\n", name, chr->label);
    return true;
}

/* --- stdio ---------------------------------------------------------------- */

static struct termios saved_tty;
static bool tty_saved, stdio_in_use, stdio_signals, stdio_raw;

static void stdio_restore(void)
{
    if (tty_saved) {
        tcsetattr(0, TCSANOW, &saved_tty);
    }
}

static void stdio_set_raw(void)
{
    struct termios tty = saved_tty;

    tty.c_iflag &= ~(IGNBRK | BRKINT | PARMRK | ISTRIP | INLCR | IGNCR | ICRNL | IXON);
    tty.c_oflag |= OPOST;
    tty.c_lflag &= ~(ECHO | ECHONL | ICANON | IEXTEN);
    if (!stdio_signals) {
        tty.c_lflag &= ~ISIG;
    }
    tty.c_cflag = (tty.c_cflag & ~(CSIZE | PARENB)) | CS8;
    tty.c_cc[VMIN] = 1;
    tty.c_cc[VTIME] = 0;
    tcsetattr(0, TCSANOW, &tty);
    stdio_raw = true;
}

/* Back in the foreground: the shell has put its own modes in place. */
static void stdio_continued(int sig)
{
    int saved_errno = errno;

    if (stdio_raw) {
        stdio_set_raw();
    }
    errno = saved_errno;
}

/* assert() and friends: leave a usable terminal, then die as before. */
static void stdio_aborted(int sig)
{
    stdio_restore();
    signal(sig, SIG_DFL);
    raise(sig);
}

static bool stdio_open(Chardev *chr, OptList *opts, Error **errp)
{
    FDChardev *s = (FDChardev *)chr;

    s->fd_in = s->fd_out = -1;
    if (process_is_daemon()) {
        error_setg(errp, "stdio cannot be used with -daemonize");
        return false;
    }
    if (stdio_in_use) {
        error_setg(errp, "stdio is already in use by another character device");
        return false;
    }
    /* With a mux, Ctrl-C belongs to the guest; Ctrl-A x ends the emulator. */
    if (!optlist_get_bool(opts, "signal", chr->mux == NULL, &stdio_signals, "stdio", errp)) {
        return false;
    }
    stdio_in_use = true;
    if (tcgetattr(0, &saved_tty) == 0) {
        struct sigaction act = { .sa_handler = stdio_continued, .sa_flags = SA_RESTART };

        tty_saved = true;
        atexit(stdio_restore);
        stdio_set_raw();
        sigaction(SIGCONT, &act, NULL);
        act.sa_handler = stdio_aborted;
        sigaction(SIGABRT, &act, NULL);
    }
    s->blocking = true;
    fd_start(s, 0, 1);
    return true;
}

static void stdio_set_echo(Chardev *chr, bool echo)
{
    if (!tty_saved) {
        return;
    }
    if (echo) {
        stdio_raw = false;
        stdio_restore();
    } else {
        stdio_set_raw();
    }
}

static void stdio_close(Chardev *chr)
{
    fd_close(chr);
    stdio_restore();
    stdio_raw = false;
    stdio_in_use = false;
}

/* --- no descriptor -------------------------------------------------------- */

static ssize_t null_write(Chardev *chr, const uint8_t *buf, size_t len)
{
    return len;
}

const ChardevClass chardev_null = { .kind = "null", .write = null_write };

#define FD_CHARDEV .instance_size = sizeof(FDChardev), .write = fd_write, \
    .watch_output = fd_watch_output, .accept_input = fd_accept_input

const ChardevClass chardev_file = {
    FD_CHARDEV, .kind = "file", .open = file_open, .close = fd_close,
};
const ChardevClass chardev_pipe = {
    FD_CHARDEV, .kind = "pipe", .open = pipe_open, .close = fd_close,
};
const ChardevClass chardev_serial = {
    FD_CHARDEV, .kind = "serial", .open = serial_open, .close = fd_close,
};
const ChardevClass chardev_pty = {
    FD_CHARDEV, .kind = "pty", .open = pty_open, .close = fd_close,
};
const ChardevClass chardev_stdio = {
    FD_CHARDEV, .kind = "stdio", .open = stdio_open, .close = stdio_close,
    .set_echo = stdio_set_echo,
};
