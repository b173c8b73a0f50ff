/*
 * The device test protocol of -qtest: one command a line, one answer a line.
 *
 *   inb ADDR, outb ADDR VALUE              also w, l: port I/O
 *   readb ADDR, writeb ADDR VALUE          also w, l, q: memory, CPU byte order
 *   read ADDR SIZE, write ADDR SIZE 0xHEX  bytes
 *   b64read, b64write, memset ADDR SIZE BYTE
 *   clock_step [NS], clock_set NS          guest time, in ns
 *   irq_intercept_in PATH, irq_intercept_out PATH, set_irq_in PATH NAME N LEVEL
 *   endianness
 *   vmsave PATH, vmload PATH BASE64        state of one device
 *
 * Answers are "OK [value]" or "FAIL reason". "IRQ raise N" and "IRQ lower N"
 * lines come between them. vCPUs do not run; guest time moves by command only.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "chardev/char.h"
#include "exec/memory.h"
#include "hw/core/qdev-internal.h"
#include "hw/sysbus.h"
#include "qemu/cutils.h"
#include "qemu/timer.h"
#include "sysemu/qtest.h"

#define MAX_TRANSFER_BYTES (64 * MiB)
#define MAX_LINE_BYTES (4 * MAX_TRANSFER_BYTES)
enum { MAX_INTERCEPTS = 1024 };

static CharBackend server;
static GString *input;          /* of the line that is not complete yet */
static FILE *log_file;
static DeviceState *intercepted;
static bool irq_levels[MAX_INTERCEPTS];

/* --- answers ------------------------------------------------------------------- */

static void send_line(const char *fmt, ...) QEMU_PRINTF(1, 2);
static void send_line(const char *fmt, ...)
{
    g_autofree char *text = NULL;
    g_autofree char *line = NULL;
    va_list ap;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    line = g_strconcat(text, "\n", NULL);
    qemu_chr_fe_write_all(&server, (const uint8_t *)line, strlen(line));
    if (log_file) {
        fprintf(log_file, "[S] %s", line);
    }
}

static void send_result(MemTxResult result)
{
    /* As a bus does: what nobody answers is not an error of the protocol. */
    (void)result;
    send_line("OK");
}

/* --- arguments ------------------------------------------------------------------- */

static bool number(const char *text, uint64_t *value)
{
    return qemu_parse_uint(text, 0, UINT64_MAX, value);
}

/* A byte count that is not absurd. */
static bool count(const char *text, uint64_t *value)
{
    return number(text, value) && *value > 0 && *value <= (uint64_t)MAX_TRANSFER_BYTES;
}

static bool fail_arguments(const char *command)
{
    send_line("FAIL %s: malformed arguments", command);
    return false;
}

static DeviceState *find_device(const char *path)
{
    Object *obj = object_dynamic_cast(object_resolve_path(object_root(), path), "device");

    if (!obj) {
        send_line("FAIL Unknown device '%s'", path);
    }
    return (DeviceState *)obj;
}

/* --- accesses ----------------------------------------------------------------------- */

/* The size letter at the end of a command: log2 of the bytes, in CPU order. */
static MemOp command_op(const char *command)
{
    static const char letters[] = "bwlq";
    MemOp size = strchr(letters, command[strlen(command) - 1]) - letters;

    return size | (target_words_bigendian ? MO_BE : MO_LE);
}

static AddressSpace *command_space(const char *command)
{
    bool port = command[0] == 'i' || command[0] == 'o';

    return port ? &address_space_io : &address_space_memory;
}

static void cmd_load(char **words)
{
    uint64_t addr;

    if (!number(words[1], &addr)) {
        fail_arguments(words[0]);
        return;
    }
    send_line("OK 0x%016" PRIx64,
              address_space_ld(command_space(words[0]), addr, command_op(words[0]), NULL));
}

static void cmd_store(char **words)
{
    MemTxResult result;
    uint64_t addr, value;

    if (!number(words[1], &addr) || !number(words[2], &value)) {
        fail_arguments(words[0]);
        return;
    }
    address_space_st(command_space(words[0]), addr, value, command_op(words[0]), &result);
    send_result(result);
}

static void cmd_read(char **words)
{
    uint64_t addr, size;
    g_autofree uint8_t *bytes = NULL;
    GString *hex;

    if (!number(words[1], &addr) || !count(words[2], &size)) {
        fail_arguments(words[0]);
        return;
    }
    bytes = g_malloc(size);
    address_space_read(&address_space_memory, addr, bytes, size);
    hex = g_string_sized_new(2 * size + 1);
    for (uint64_t i = 0; i < size; i++) {
        g_string_append_printf(hex, "%02x", bytes[i]);
    }
    send_line("OK 0x%s", hex->str);
    g_string_free(hex, true);
}

/* 0xHEX into exactly size bytes; what is missing at the end is zero. */
static bool parse_hex(const char *text, uint8_t *bytes, uint64_t size)
{
    size_t digits;

    if (!g_str_has_prefix(text, "0x")) {
        return false;
    }
    text += 2;
    digits = strlen(text);
    if (digits % 2 || digits / 2 > size || strspn(text, "0123456789abcdefABCDEF") != digits) {
        return false;
    }
    for (size_t i = 0; i < digits / 2; i++) {
        bytes[i] = g_ascii_xdigit_value(text[2 * i]) << 4 | g_ascii_xdigit_value(text[2 * i + 1]);
    }
    return true;
}

static void cmd_write(char **words)
{
    g_autofree uint8_t *bytes = NULL;
    uint64_t addr, size;

    if (!number(words[1], &addr) || !count(words[2], &size)) {
        fail_arguments(words[0]);
        return;
    }
    bytes = g_malloc0(size);
    if (!parse_hex(words[3], bytes, size)) {
        fail_arguments(words[0]);
        return;
    }
    send_result(address_space_write(&address_space_memory, addr, bytes, size));
}

static void cmd_memset(char **words)
{
    uint64_t addr, size, byte;

    if (!number(words[1], &addr) || !count(words[2], &size) ||
        !qemu_parse_uint(words[3], 0, UINT8_MAX, &byte)) {
        fail_arguments(words[0]);
        return;
    }
    send_result(address_space_set(&address_space_memory, addr, byte, size));
}

static void cmd_b64read(char **words)
{
    g_autofree uint8_t *bytes = NULL;
    g_autofree char *text = NULL;
    uint64_t addr, size;

    if (!number(words[1], &addr) || !count(words[2], &size)) {
        fail_arguments(words[0]);
        return;
    }
    bytes = g_malloc(size);
    address_space_read(&address_space_memory, addr, bytes, size);
    text = g_base64_encode(bytes, size);
    send_line("OK %s", text);
}

static void cmd_b64write(char **words)
{
    g_autofree uint8_t *bytes = NULL;
    uint64_t addr, size;
    gsize got;

    if (!number(words[1], &addr) || !count(words[2], &size)) {
        fail_arguments(words[0]);
        return;
    }
    bytes = g_base64_decode(words[3], &got);
    if (got != size) {
        send_line("FAIL %s: %zu bytes of data for a size of %" PRIu64, words[0], got, size);
        return;
    }
    send_result(address_space_write(&address_space_memory, addr, bytes, size));
}

static void cmd_endianness(char **words)
{
    send_line("OK %s", target_words_bigendian ? "big" : "little");
}

/* --- time ---------------------------------------------------------------------------- */

/* Timers run at their own time, in order, up to the new time. */
static void move_clock(int64_t until_ns)
{
    int64_t deadline_ns;

    while ((deadline_ns = qemu_clock_deadline_ns(QEMU_CLOCK_VIRTUAL)) >= 0 &&
           deadline_ns <= until_ns) {
        qtest_clock_set_ns(MAX(deadline_ns, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)));
        qemu_clock_run_timers(QEMU_CLOCK_VIRTUAL);
    }
    qtest_clock_set_ns(until_ns);
    send_line("OK %" PRId64, until_ns);
}

static void cmd_clock_step(char **words)
{
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
    int64_t deadline_ns = qemu_clock_deadline_ns(QEMU_CLOCK_VIRTUAL);
    uint64_t step_ns;

    if (!words[1]) {
        move_clock(MAX(deadline_ns, now_ns));
    } else if (!qemu_parse_uint(words[1], 0, INT64_MAX - now_ns, &step_ns)) {
        fail_arguments(words[0]);
    } else {
        move_clock(now_ns + step_ns);
    }
}

static void cmd_clock_set(char **words)
{
    uint64_t ns;

    if (!qemu_parse_uint(words[1], 0, INT64_MAX, &ns) ||
        (int64_t)ns < qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL)) {
        fail_arguments(words[0]);
        return;
    }
    move_clock(ns);
}

/* --- interrupts ------------------------------------------------------------------------ */

static void irq_spy(void *opaque, int n, int level)
{
    if (n < MAX_INTERCEPTS && irq_levels[n] != !!level) {
        irq_levels[n] = level;
        send_line("IRQ %s %d", level ? "raise" : "lower", n);
    }
}

static bool may_intercept(DeviceState *dev)
{
    if (intercepted && dev && intercepted != dev) {
        send_line("FAIL IRQ intercept already enabled");
        return false;
    }
    return dev != NULL;
}

static void cmd_intercept_in(char **words)
{
    DeviceState *dev = find_device(words[1]);

    if (!may_intercept(dev)) {
        return;
    }
    if (!intercepted) {
        qemu_irq_intercept(dev->gpio_in, irq_spy, NULL, dev->num_gpio_in);
    }
    intercepted = dev;
    send_line("OK");
}

static void cmd_intercept_out(char **words)
{
    DeviceState *dev = find_device(words[1]);
    int n = 0;

    if (!may_intercept(dev)) {
        return;
    }
    if (!intercepted && object_dynamic_cast(OBJECT(dev), TYPE_SYS_BUS_DEVICE)) {
        SysBusDevice *sbd = (SysBusDevice *)dev;

        for (int i = 0; i < sbd->num_irq; i++) {
            qemu_irq_intercept_numbered(sbd->irq[i], irq_spy, NULL, n++);
        }
    }
    for (int i = 0; !intercepted && i < dev->num_gpio_out; i++) {
        qemu_irq_intercept_numbered(dev->gpio_out[i], irq_spy, NULL, n++);
    }
    intercepted = dev;
    send_line("OK");
}

static void cmd_set_irq_in(char **words)
{
    DeviceState *dev = find_device(words[1]);
    uint64_t n, level;
    int inputs;

    if (!dev) {
        return;
    }
    inputs = qdev_num_gpio_in_named(dev, strcmp(words[2], "unnamed-gpio-in") ? words[2] : NULL);
    if (!number(words[3], &n) || n >= (uint64_t)inputs || !number(words[4], &level)) {
        fail_arguments(words[0]);
        return;
    }
    qemu_set_irq(strcmp(words[2], "unnamed-gpio-in") ? qdev_get_gpio_in_named(dev, words[2], n)
                                                     : qdev_get_gpio_in(dev, n), level);
    send_line("OK");
}

/* --- saved state ------------------------------------------------------------------------- */

static void cmd_vmsave(char **words)
{
    DeviceState *dev = find_device(words[1]);
    GByteArray *state = g_byte_array_new();

    if (dev && !qdev_vmstate_save(dev, state)) {
        send_line("FAIL %s: cannot save", words[0]);
    } else if (dev) {
        g_autofree char *text = g_base64_encode(state->data, state->len);

        send_line("OK %s", text);
    }
    g_byte_array_free(state, true);
}

static void cmd_vmload(char **words)
{
    DeviceState *dev = find_device(words[1]);
    g_autofree uint8_t *state = NULL;
    const char *why = NULL;
    gsize size;

    if (!dev) {
        return;
    }
    state = g_base64_decode(words[2], &size);
    if (qdev_vmstate_load(dev, state, size, &why)) {
        send_line("OK");
    } else {
        send_line("FAIL %s: %s", words[0], why);
    }
}

/* --- lines ----------------------------------------------------------------------------------- */

typedef struct Command {
    const char *name;
    guint min_words, max_words;         /* with the name */
    void (*fn)(char **words);           /* words ends with NULL */
} Command;

static const Command commands[] = {
    { "inb", 2, 2, cmd_load },          { "inw", 2, 2, cmd_load },
    { "inl", 2, 2, cmd_load },          { "outb", 3, 3, cmd_store },
    { "outw", 3, 3, cmd_store },        { "outl", 3, 3, cmd_store },
    { "readb", 2, 2, cmd_load },        { "readw", 2, 2, cmd_load },
    { "readl", 2, 2, cmd_load },        { "readq", 2, 2, cmd_load },
    { "writeb", 3, 3, cmd_store },      { "writew", 3, 3, cmd_store },
    { "writel", 3, 3, cmd_store },      { "writeq", 3, 3, cmd_store },
    { "read", 3, 3, cmd_read },         { "write", 4, 4, cmd_write },
    { "b64read", 3, 3, cmd_b64read },   { "b64write", 4, 4, cmd_b64write },
    { "memset", 4, 4, cmd_memset },     { "endianness", 1, 1, cmd_endianness },
    { "clock_step", 1, 2, cmd_clock_step }, { "clock_set", 2, 2, cmd_clock_set },
    { "irq_intercept_in", 2, 2, cmd_intercept_in },
    { "irq_intercept_out", 2, 2, cmd_intercept_out },
    { "set_irq_in", 5, 5, cmd_set_irq_in },
    { "vmsave", 2, 2, cmd_vmsave },     { "vmload", 3, 3, cmd_vmload },
};

static char **split_words(char *line)
{
    GPtrArray *words = g_ptr_array_new();

    for (char *word = strtok(line, " \t\r"); word; word = strtok(NULL, " \t\r")) {
        g_ptr_array_add(words, word);
    }
    g_ptr_array_add(words, NULL);
    return (char **)g_ptr_array_free(words, false);
}

static void process_line(char *line)
{
    g_autofree char **words = NULL;
    guint n;

    if (log_file) {
        fprintf(log_file, "[R] %s\n", line);
    }
    words = split_words(line);
    n = g_strv_length(words);
    if (!n) {
        send_line("FAIL empty line");
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (strcmp(words[0], commands[i].name)) {
            continue;
        }
        if (n < commands[i].min_words || n > commands[i].max_words) {
            send_line("FAIL %s: wrong number of arguments", words[0]);
        } else {
            commands[i].fn(words);
        }
        return;
    }
    send_line("FAIL Unknown command '%.40s'", words[0]);
}

static int qtest_can_read(void *opaque)
{
    return 64 * KiB;
}

static void qtest_read(void *opaque, const uint8_t *buf, int size)
{
    size_t seen = input->len;           /* no newline before that */
    char *newline;

    g_string_append_len(input, (const char *)buf, size);
    while ((newline = memchr(input->str + seen, '\n', input->len - seen))) {
        size_t length = newline - input->str;
        g_autofree char *line = g_strndup(input->str, length);

        g_string_erase(input, 0, length + 1);
        seen = 0;
        process_line(line);
    }
    if (input->len > (size_t)MAX_LINE_BYTES) {
        g_string_truncate(input, 0);
        send_line("FAIL line too long");
    }
}

static void qtest_event(void *opaque, QEMUChrEvent event)
{
    if (event == CHR_EVENT_OPENED || event == CHR_EVENT_CLOSED) {
        g_string_truncate(input, 0);
        memset(irq_levels, 0, sizeof(irq_levels));
    }
}

bool qtest_server_init(const char *spec, const char *log, Error **errp)
{
    Chardev *chr = qemu_chr_new("qtest", spec, errp);

    if (!chr || !qemu_chr_fe_init(&server, chr, errp)) {
        return false;
    }
    if (log && strcmp(log, "none") && strcmp(log, "/dev/null")) {
        log_file = fopen(log, "w");
        if (!log_file) {
            error_setg_errno(errp, errno, "-qtest-log %s: cannot open", log);
            return false;
        }
        setvbuf(log_file, NULL, _IOLBF, 0);
    }
    input = g_string_new(NULL);
    qemu_chr_fe_set_handlers(&server, qtest_can_read, qtest_read, qtest_event, NULL);
    return true;
}
