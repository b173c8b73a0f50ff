/*
 * Trace events as compact records, read by scripts/tracereader.py. Numbers are in
 * the host's byte order:
 *
 *   file        8 bytes "EVTRACE1", u64 0x0102030405060708, then records
 *   record      u32 event, u32 bytes that follow the time, u64 time (ns), arguments
 *   arguments   u: u32, q: u64, s: u16 length and the bytes
 *   definition  event 0xffffffff, before the first record of an event: u32 event
 *               and its name, kinds, arguments' names and format, each with its NUL
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "output.h"

enum { MAX_STRING = 512, FILE_BUFFER_BYTES = 256 * 1024 };
#define DEFINITION UINT32_MAX
#define BYTE_ORDER_MARK UINT64_C(0x0102030405060708)

typedef struct RecordHeader {
    uint32_t event, size;
    int64_t time_ns;
} RecordHeader;

static FILE *file;
static uint8_t *defined;        /* bit for each event */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;        /* for all of them */

static bool binary_open(const char *filename, Error **errp)
{
    g_autofree char *own = g_strdup_printf("trace-%d", (int)getpid());
    const uint64_t mark = BYTE_ORDER_MARK;

    filename = filename ? filename : own;
    file = fopen(filename, "wb");
    if (!file) {
        error_setg_errno(errp, errno, "-trace file=%s: cannot open", filename);
        return false;
    }
    setvbuf(file, NULL, _IOFBF, FILE_BUFFER_BYTES);
    defined = g_malloc0(DIV_ROUND_UP(trace_event_count, 8));
    fwrite("EVTRACE1", 1, 8, file);
    fwrite(&mark, sizeof(mark), 1, file);
    return true;
}

static void put_record(uint32_t event, const GByteArray *body)
{
    RecordHeader header = { event, body->len, qemu_clock_get_ns(QEMU_CLOCK_REALTIME) };

    fwrite(&header, sizeof(header), 1, file);
    fwrite(body->data, 1, body->len, file);
}

static void put_text(GByteArray *body, const char *text)
{
    g_byte_array_append(body, (const uint8_t *)text, strlen(text) + 1);
}

static void define(const TraceEvent *event, GByteArray *body)
{
    defined[event->id / 8] |= 1 << event->id % 8;
    g_byte_array_append(body, (const uint8_t *)&event->id, sizeof(uint32_t));
    put_text(body, event->name);
    put_text(body, event->kinds);
    put_text(body, event->arguments);
    put_text(body, event->format);
    put_record(DEFINITION, body);
    g_byte_array_set_size(body, 0);
}

static void put_argument(GByteArray *body, char kind, va_list *ap)
{
    if (kind == 's') {
        const char *text = va_arg(*ap, const char *);
        uint16_t length = text ? strnlen(text, MAX_STRING) : 0;

        g_byte_array_append(body, (const uint8_t *)&length, sizeof(length));
        g_byte_array_append(body, (const uint8_t *)text, length);
    } else if (kind == 'u') {
        uint32_t value = va_arg(*ap, unsigned);

        g_byte_array_append(body, (const uint8_t *)&value, sizeof(value));
    } else {
        uint64_t value = va_arg(*ap, uint64_t);

        g_byte_array_append(body, (const uint8_t *)&value, sizeof(value));
    }
}

static void binary_emit(const TraceEvent *event, const char *format, va_list ap)
{
    static GByteArray *body;
    va_list arguments;

    va_copy(arguments, ap);
    pthread_mutex_lock(&lock);
    body = body ? body : g_byte_array_new();
    g_byte_array_set_size(body, 0);
    if (!(defined[event->id / 8] >> event->id % 8 & 1)) {
        define(event, body);
    }
    for (const char *kind = event->kinds; *kind; kind++) {
        put_argument(body, *kind, &arguments);
    }
    put_record(event->id, body);
    pthread_mutex_unlock(&lock);
    va_end(arguments);
}

static void binary_flush(void)
{
    pthread_mutex_lock(&lock);
    fflush(file);
    pthread_mutex_unlock(&lock);
}

/* Left open: another thread may be at an event. */
const TraceOutput trace_output_binary = { "binary", binary_open, binary_emit, binary_flush, binary_flush };
