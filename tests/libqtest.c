/*
 * Client of the -qtest protocol.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "libqtest.h"
#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

enum { CONNECT_TIMEOUT_MS = 60000, MAX_IRQS = 1024 };

struct QTestState {
    pid_t pid;
    int fd;
    GString *input;             /* received, not yet taken */
    bool irq_level[MAX_IRQS];
    char *socket_path, *socket_dir;
};

static void QEMU_NORETURN die(const char *fmt, ...) QEMU_PRINTF(1, 2);
static void QEMU_NORETURN die(const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    fputs("Bail out! libqtest: ", stdout);
    vprintf(fmt, ap);
    putchar('\n');
    va_end(ap);
    fflush(stdout);
    exit(1);
}

/* --- start and end ---------------------------------------------------------------- */

static int listen_unix(const char *path)
{
    struct sockaddr_un addr = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

    g_strlcpy(addr.sun_path, path, sizeof(addr.sun_path));
    if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) < 0 || listen(fd, 1) < 0) {
        die("%s: %s", path, strerror(errno));
    }
    return fd;
}

static pid_t start_emulator(const char *exe, const char *socket_path, const char *args)
{
    g_autofree char *command = g_strdup_printf(
        "%s -qtest unix:%s -accel qtest -display none -serial null -monitor null %s",
        exe, socket_path, args);
    g_auto(GStrv) argv = NULL;
    GError *error = NULL;
    pid_t parent = getpid(), pid;

    if (!g_shell_parse_argv(command, NULL, &argv, &error)) {
        die("%s: %s", command, error->message);
    }
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent) {
            _exit(1);
        }
        dup2(STDERR_FILENO, STDOUT_FILENO);     /* stdout is the test's TAP */
        execvp(argv[0], argv);
        fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
        _exit(127);
    }
    return pid;
}

/* The connection of the emulator that was started; it may end instead. */
static int accept_emulator(int listener, pid_t pid)
{
    struct pollfd pfd = { .fd = listener, .events = POLLIN };

    for (int waited_ms = 0; waited_ms < CONNECT_TIMEOUT_MS; waited_ms += 100) {
        int status;

        if (poll(&pfd, 1, 100) > 0) {
            return accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        }
        if (waitpid(pid, &status, WNOHANG) == pid) {
            die("the emulator ended before it connected (wait status 0x%x)", status);
        }
    }
    die("the emulator did not connect");
}

static QTestState *start(const char *exe, const char *args)
{
    QTestState *s = g_new0(QTestState, 1);
    int listener;

    s->socket_dir = g_dir_make_tmp("qtest-XXXXXX", NULL);
    if (!s->socket_dir) {
        die("cannot make a temporary directory: %s", strerror(errno));
    }
    s->socket_path = g_build_filename(s->socket_dir, "socket", NULL);
    s->input = g_string_new(NULL);
    listener = listen_unix(s->socket_path);
    s->pid = start_emulator(exe, s->socket_path, args);
    s->fd = accept_emulator(listener, s->pid);
    close(listener);
    unlink(s->socket_path);
    rmdir(s->socket_dir);
    if (s->fd < 0) {
        die("accept: %s", strerror(errno));
    }
    return s;
}

QTestState *qtest_init(const char *fmt, ...)
{
    const char *exe = g_getenv("QEMU_EXE");
    g_autofree char *args = NULL;
    va_list ap;

    va_start(ap, fmt);
    args = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    return start(exe ? exe : "ppc-softmmu/qemu-system-ppc", args);
}

QTestState *qtest_init_exe(const char *exe, const char *fmt, ...)
{
    g_autofree char *args = NULL;
    va_list ap;

    va_start(ap, fmt);
    args = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    return start(exe, args);
}

void qtest_quit(QTestState *s)
{
    int status;

    kill(s->pid, SIGTERM);
    waitpid(s->pid, &status, 0);
    close(s->fd);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    g_string_free(s->input, true);
    g_free(s->socket_path);
    g_free(s->socket_dir);
    g_free(s);
}

/* --- lines --------------------------------------------------------------------------- */

static void send_line(QTestState *s, const char *line)
{
    g_autofree char *text = g_strconcat(line, "\n", NULL);
    size_t left = strlen(text);

    for (const char *p = text; left;) {
        ssize_t n = send(s->fd, p, left, MSG_NOSIGNAL);

        if (n <= 0) {
            die("the emulator is gone (command: %.60s)", line);
        }
        p += n;
        left -= n;
    }
}

static char *take_line(QTestState *s, const char *command)
{
    char *newline, *line;
    char chunk[4096];

    while (!(newline = memchr(s->input->str, '\n', s->input->len))) {
        ssize_t n = recv(s->fd, chunk, sizeof(chunk), 0);

        if (n <= 0) {
            die("the emulator is gone (command: %.60s)", command);
        }
        g_string_append_len(s->input, chunk, n);
    }
    line = g_strndup(s->input->str, newline - s->input->str);
    g_string_erase(s->input, 0, newline - s->input->str + 1);
    return line;
}

/* "IRQ raise N" and "IRQ lower N" may come before an answer. */
static bool take_irq(QTestState *s, const char *line)
{
    char verb[16];
    int n;

    if (sscanf(line, "IRQ %15s %d", verb, &n) != 2 || n < 0 || n >= MAX_IRQS) {
        return false;
    }
    s->irq_level[n] = !strcmp(verb, "raise");
    return true;
}

char *qtest_raw(QTestState *s, const char *line)
{
    char *answer;

    send_line(s, line);
    for (;;) {
        answer = take_line(s, line);
        if (!take_irq(s, answer)) {
            return answer;
        }
        g_free(answer);
    }
}

/* The answer's value behind "OK " (g_free). */
static char *command(QTestState *s, const char *fmt, ...) QEMU_PRINTF(2, 3);
static char *command(QTestState *s, const char *fmt, ...)
{
    g_autofree char *line = NULL;
    char *answer;
    va_list ap;

    va_start(ap, fmt);
    line = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    answer = qtest_raw(s, line);
    if (!g_str_has_prefix(answer, "OK")) {
        die("%.80s: %s", line, answer);
    }
    memmove(answer, answer + 2, strlen(answer) - 1);
    return g_strstrip(answer);
}

static uint64_t load(QTestState *s, const char *name, uint64_t addr)
{
    g_autofree char *value = command(s, "%s 0x%" PRIx64, name, addr);

    return strtoull(value, NULL, 0);
}

static void store(QTestState *s, const char *name, uint64_t addr, uint64_t value)
{
    g_free(command(s, "%s 0x%" PRIx64 " 0x%" PRIx64, name, addr, value));
}

/* --- accesses ---------------------------------------------------------------------------- */

uint8_t qtest_inb(QTestState *s, uint16_t addr) { return load(s, "inb", addr); }
uint16_t qtest_inw(QTestState *s, uint16_t addr) { return load(s, "inw", addr); }
uint32_t qtest_inl(QTestState *s, uint16_t addr) { return load(s, "inl", addr); }
void qtest_outb(QTestState *s, uint16_t addr, uint8_t value) { store(s, "outb", addr, value); }
void qtest_outw(QTestState *s, uint16_t addr, uint16_t value) { store(s, "outw", addr, value); }
void qtest_outl(QTestState *s, uint16_t addr, uint32_t value) { store(s, "outl", addr, value); }
uint8_t qtest_readb(QTestState *s, uint64_t addr) { return load(s, "readb", addr); }
uint16_t qtest_readw(QTestState *s, uint64_t addr) { return load(s, "readw", addr); }
uint32_t qtest_readl(QTestState *s, uint64_t addr) { return load(s, "readl", addr); }
uint64_t qtest_readq(QTestState *s, uint64_t addr) { return load(s, "readq", addr); }
void qtest_writeb(QTestState *s, uint64_t addr, uint8_t value) { store(s, "writeb", addr, value); }
void qtest_writew(QTestState *s, uint64_t addr, uint16_t value) { store(s, "writew", addr, value); }
void qtest_writel(QTestState *s, uint64_t addr, uint32_t value) { store(s, "writel", addr, value); }
void qtest_writeq(QTestState *s, uint64_t addr, uint64_t value) { store(s, "writeq", addr, value); }

void qtest_memread(QTestState *s, uint64_t addr, void *data, size_t size)
{
    g_autofree char *text = NULL;
    g_autofree uint8_t *bytes = NULL;
    gsize got;

    if (!size) {
        return;
    }
    text = command(s, "b64read 0x%" PRIx64 " 0x%zx", addr, size);
    bytes = g_base64_decode(text, &got);
    g_assert_cmpuint(got, ==, size);
    memcpy(data, bytes, size);
}

void qtest_memwrite(QTestState *s, uint64_t addr, const void *data, size_t size)
{
    g_autofree char *text = g_base64_encode(data, size);

    if (size) {
        g_free(command(s, "b64write 0x%" PRIx64 " 0x%zx %s", addr, size, text));
    }
}

void qtest_memset(QTestState *s, uint64_t addr, uint8_t pattern, size_t size)
{
    if (size) {
        g_free(command(s, "memset 0x%" PRIx64 " 0x%zx 0x%x", addr, size, pattern));
    }
}

bool qtest_big_endian(QTestState *s)
{
    g_autofree char *value = command(s, "endianness");

    return !strcmp(value, "big");
}

/* --- time, interrupts, state ----------------------------------------------------------------- */

static int64_t clock_answer(char *value)
{
    int64_t now_ns = g_ascii_strtoll(value, NULL, 10);

    g_free(value);
    return now_ns;
}

int64_t qtest_clock_step(QTestState *s, int64_t step_ns)
{
    return clock_answer(command(s, "clock_step %" PRId64, step_ns));
}

int64_t qtest_clock_step_next(QTestState *s)
{
    return clock_answer(command(s, "clock_step"));
}

int64_t qtest_clock_set(QTestState *s, int64_t now_ns)
{
    return clock_answer(command(s, "clock_set %" PRId64, now_ns));
}

void qtest_irq_intercept_in(QTestState *s, const char *path)
{
    g_free(command(s, "irq_intercept_in %s", path));
}

void qtest_irq_intercept_out(QTestState *s, const char *path)
{
    g_free(command(s, "irq_intercept_out %s", path));
}

bool qtest_get_irq(QTestState *s, int n)
{
    /* A harmless command: changes on the way are read with its answer. */
    g_free(command(s, "endianness"));
    return s->irq_level[n];
}

void qtest_set_irq_in(QTestState *s, const char *path, const char *name, int n, int level)
{
    g_free(command(s, "set_irq_in %s %s %d %d", path, name ? name : "unnamed-gpio-in", n, level));
}

char *qtest_vmsave(QTestState *s, const char *path)
{
    return command(s, "vmsave %s", path);
}

void qtest_vmload(QTestState *s, const char *path, const char *state)
{
    g_free(command(s, "vmload %s %s", path, state));
}
