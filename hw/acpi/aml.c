/*
 * AML encoder, see hw/acpi/aml.h (ACPI 2.0, chapter 17; resource descriptors:
 * chapter 6.4).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/acpi/aml.h"
#include "qemu/bswap.h"

enum { NAME_OP = 0x08, BYTE_PREFIX = 0x0a, WORD_PREFIX, DWORD_PREFIX, STRING_PREFIX, QWORD_PREFIX,
       SCOPE_OP = 0x10, BUFFER_OP, PACKAGE_OP, METHOD_OP = 0x14, DUAL_NAME = 0x2e, MULTI_NAME,
       EXT_OP = 0x5b, IF_OP = 0xa0 };
enum { EXT_REGION = 0x80, EXT_FIELD = 0x81, EXT_DEVICE = 0x82, EXT_PROCESSOR = 0x83 };
enum { NAME_BYTES = 4, MAX_SEGMENTS = 8 };

Aml *aml_new(void)
{
    return g_byte_array_new();
}

void aml_bytes(Aml *aml, const void *bytes, size_t count)
{
    g_byte_array_append(aml, bytes, count);
}

void aml_byte(Aml *aml, uint8_t byte)
{
    g_byte_array_append(aml, &byte, 1);
}

static void put_le(Aml *aml, uint64_t value, int count)
{
    uint8_t bytes[8];

    stq_le_p(bytes, value);
    aml_bytes(aml, bytes, count);
}

/* --- names and constants ----------------------------------------------------------- */

/* One segment, filled up with underscores. */
static void put_segment(Aml *aml, const char *text, size_t length)
{
    char segment[NAME_BYTES] = { '_', '_', '_', '_' };

    assert(length >= 1 && length <= NAME_BYTES);
    memcpy(segment, text, length);
    aml_bytes(aml, segment, NAME_BYTES);
}

void aml_name(Aml *aml, const char *path)
{
    g_auto(GStrv) segments = NULL;
    guint count;

    if (*path == '\\') {
        aml_byte(aml, '\\');
        path++;
    }
    segments = g_strsplit(path, ".", MAX_SEGMENTS);
    count = g_strv_length(segments);
    if (count == 0) {
        aml_byte(aml, 0);       /* the root itself */
    } else if (count == 2) {
        aml_byte(aml, DUAL_NAME);
    } else if (count > 2) {
        aml_byte(aml, MULTI_NAME);
        aml_byte(aml, count);
    }
    for (guint i = 0; i < count; i++) {
        put_segment(aml, segments[i], strlen(segments[i]));
    }
}

void aml_integer(Aml *aml, uint64_t value)
{
    if (value <= 1) {
        aml_byte(aml, value);
    } else if (value <= UINT8_MAX) {
        aml_byte(aml, BYTE_PREFIX);
        put_le(aml, value, 1);
    } else if (value <= UINT16_MAX) {
        aml_byte(aml, WORD_PREFIX);
        put_le(aml, value, 2);
    } else if (value <= UINT32_MAX) {
        aml_byte(aml, DWORD_PREFIX);
        put_le(aml, value, 4);
    } else {
        aml_byte(aml, QWORD_PREFIX);
        put_le(aml, value, 8);
    }
}

void aml_string(Aml *aml, const char *text)
{
    aml_byte(aml, STRING_PREFIX);
    aml_bytes(aml, text, strlen(text) + 1);
}

/* Three letters of five bits, then four hexadecimal digits; big endian. */
void aml_eisa_id(Aml *aml, const char *id)
{
    uint32_t value = (uint32_t)(id[0] - 0x40) << 26 | (uint32_t)(id[1] - 0x40) << 21 |
                     (uint32_t)(id[2] - 0x40) << 16 | strtoul(id + 3, NULL, 16);

    aml_byte(aml, DWORD_PREFIX);
    put_le(aml, bswap32(value), 4);
}

void aml_begin_name(Aml *aml, const char *path)
{
    aml_byte(aml, NAME_OP);
    aml_name(aml, path);
}

void aml_name_integer(Aml *aml, const char *path, uint64_t value)
{
    aml_begin_name(aml, path);
    aml_integer(aml, value);
}

void aml_name_string(Aml *aml, const char *path, const char *text)
{
    aml_begin_name(aml, path);
    aml_string(aml, text);
}

void aml_name_eisa_id(Aml *aml, const char *path, const char *id)
{
    aml_begin_name(aml, path);
    aml_eisa_id(aml, id);
}

/* --- objects with a length --------------------------------------------------------- */

/* 17.2.4: the length counts its own bytes. */
static void put_length(Aml *aml, size_t content)
{
    int extra = content + 1 < 0x40 ? 0 : content + 2 < 0x1000 ? 1 : content + 3 < 0x100000 ? 2 : 3;
    size_t length = content + 1 + extra;

    if (!extra) {
        aml_byte(aml, length);
        return;
    }
    aml_byte(aml, extra << 6 | (length & 0xf));
    put_le(aml, length >> 4, extra);
}

/* Length, head, body; frees both. */
static void put_object(Aml *aml, Aml *head, Aml *body)
{
    put_length(aml, head->len + body->len);
    aml_bytes(aml, head->data, head->len);
    aml_bytes(aml, body->data, body->len);
    g_byte_array_free(head, true);
    g_byte_array_free(body, true);
}

static Aml *named_head(const char *path)
{
    Aml *head = aml_new();

    aml_name(head, path);
    return head;
}

void aml_add_scope(Aml *aml, const char *path, Aml *body)
{
    aml_byte(aml, SCOPE_OP);
    put_object(aml, named_head(path), body);
}

void aml_add_device(Aml *aml, const char *path, Aml *body)
{
    aml_byte(aml, EXT_OP);
    aml_byte(aml, EXT_DEVICE);
    put_object(aml, named_head(path), body);
}

void aml_add_method(Aml *aml, const char *path, int args, Aml *body)
{
    Aml *head = named_head(path);

    aml_byte(head, args);
    aml_byte(aml, METHOD_OP);
    put_object(aml, head, body);
}

void aml_add_package(Aml *aml, unsigned elements, Aml *body)
{
    Aml *head = aml_new();

    aml_byte(head, elements);
    aml_byte(aml, PACKAGE_OP);
    put_object(aml, head, body);
}

void aml_add_buffer(Aml *aml, Aml *bytes)
{
    Aml *head = aml_new();

    aml_integer(head, bytes->len);
    aml_byte(aml, BUFFER_OP);
    put_object(aml, head, bytes);
}

void aml_add_if(Aml *aml, Aml *predicate, Aml *body)
{
    aml_byte(aml, IF_OP);
    put_object(aml, predicate, body);
}

void aml_add_processor(Aml *aml, const char *path, uint8_t id, Aml *body)
{
    Aml *head = named_head(path);

    aml_byte(head, id);
    put_le(head, 0, 4);         /* no processor block */
    aml_byte(head, 0);
    aml_byte(aml, EXT_OP);
    aml_byte(aml, EXT_PROCESSOR);
    put_object(aml, head, body);
}

void aml_operation_region(Aml *aml, const char *path, int space, uint64_t offset, uint64_t length)
{
    aml_byte(aml, EXT_OP);
    aml_byte(aml, EXT_REGION);
    aml_name(aml, path);
    aml_byte(aml, space);
    aml_integer(aml, offset);
    aml_integer(aml, length);
}

void aml_field(Aml *aml, const char *region, int access, bool preserve, const AmlField *fields, size_t count)
{
    enum { WRITE_AS_ZEROS = 2 << 5 };
    Aml *head = named_head(region), *body = aml_new();

    aml_byte(head, access | (preserve ? 0 : WRITE_AS_ZEROS));
    for (size_t i = 0; i < count; i++) {
        if (fields[i].name) {
            put_segment(body, fields[i].name, strlen(fields[i].name));
        } else {
            aml_byte(body, 0);
        }
        put_length(body, fields[i].bits - 1 + (fields[i].bits < 0x40 ? 0 : -1));
    }
    aml_byte(aml, EXT_OP);
    aml_byte(aml, EXT_FIELD);
    put_object(aml, head, body);
}

/* --- statements ------------------------------------------------------------------------- */

void aml_return_integer(Aml *aml, uint64_t value)
{
    aml_byte(aml, AML_RETURN);
    aml_integer(aml, value);
}

void aml_return_name(Aml *aml, const char *path)
{
    aml_byte(aml, AML_RETURN);
    aml_name(aml, path);
}

/* --- resources ----------------------------------------------------------------------------- */

enum { SMALL_IRQ = 0x22, SMALL_DMA = 0x2a, SMALL_IO = 0x47, SMALL_END = 0x79 };
enum { LARGE_MEMORY32_FIXED = 0x86, LARGE_DWORD = 0x87, LARGE_WORD = 0x88, LARGE_EXTENDED_IRQ = 0x89,
       LARGE_QWORD = 0x8a };
enum { RANGE_MEMORY = 0, RANGE_IO = 1, RANGE_BUS = 2, RANGE_FIXED_ENDS = 0x0c };
enum { MEMORY_WRITABLE = 0x01, MEMORY_CACHEABLE = 0x02, IO_ENTIRE_RANGE = 0x03 };

void aml_io(Aml *crs, uint16_t port, uint8_t length)
{
    aml_byte(crs, SMALL_IO);
    aml_byte(crs, 1);           /* 16 address bits */
    put_le(crs, port, 2);
    put_le(crs, port, 2);
    aml_byte(crs, 1);
    aml_byte(crs, length);
}

void aml_irq(Aml *crs, int irq)
{
    aml_byte(crs, SMALL_IRQ);
    put_le(crs, 1u << irq, 2);
}

void aml_dma(Aml *crs, int channel)
{
    aml_byte(crs, SMALL_DMA);
    aml_byte(crs, 1u << channel);
    aml_byte(crs, 0);           /* compatible timing, 8 bits */
}

/* Level, active high, shared. */
void aml_extended_irqs(Aml *crs, const uint32_t *irqs, size_t count)
{
    enum { CONSUMER_LEVEL_HIGH_SHARED = 0x09 };

    aml_byte(crs, LARGE_EXTENDED_IRQ);
    put_le(crs, 2 + 4 * count, 2);
    aml_byte(crs, CONSUMER_LEVEL_HIGH_SHARED);
    aml_byte(crs, count);
    for (size_t i = 0; i < count; i++) {
        put_le(crs, irqs[i], 4);
    }
}

void aml_memory32_fixed(Aml *crs, uint32_t base, uint32_t length)
{
    aml_byte(crs, LARGE_MEMORY32_FIXED);
    put_le(crs, 9, 2);
    aml_byte(crs, 0);           /* read-only */
    put_le(crs, base, 4);
    put_le(crs, length, 4);
}

/* Granularity, first, last, offset, length. */
static void put_range(Aml *crs, int tag, int width, int type, uint8_t flags, uint64_t first, uint64_t last)
{
    aml_byte(crs, tag);
    put_le(crs, 3 + 5 * width, 2);
    aml_byte(crs, type);
    aml_byte(crs, RANGE_FIXED_ENDS);
    aml_byte(crs, flags);
    put_le(crs, 0, width);
    put_le(crs, first, width);
    put_le(crs, last, width);
    put_le(crs, 0, width);
    put_le(crs, last - first + 1, width);
}

void aml_word_bus_range(Aml *crs, uint16_t first, uint16_t last)
{
    put_range(crs, LARGE_WORD, 2, RANGE_BUS, 0, first, last);
}

void aml_word_io_range(Aml *crs, uint16_t first, uint16_t last)
{
    put_range(crs, LARGE_WORD, 2, RANGE_IO, IO_ENTIRE_RANGE, first, last);
}

void aml_dword_memory_range(Aml *crs, uint32_t first, uint32_t last, bool cacheable)
{
    put_range(crs, LARGE_DWORD, 4, RANGE_MEMORY, MEMORY_WRITABLE | (cacheable ? MEMORY_CACHEABLE : 0),
              first, last);
}

void aml_qword_memory_range(Aml *crs, uint64_t first, uint64_t last)
{
    put_range(crs, LARGE_QWORD, 8, RANGE_MEMORY, MEMORY_WRITABLE | MEMORY_CACHEABLE, first, last);
}

void aml_name_crs(Aml *aml, const char *path, Aml *crs)
{
    aml_byte(crs, SMALL_END);
    aml_byte(crs, 0);           /* no checksum */
    aml_begin_name(aml, path);
    aml_add_buffer(aml, crs);
}

/* --- tables ------------------------------------------------------------------------------------ */

size_t acpi_begin_table(GByteArray *tables, const char *signature, uint8_t revision)
{
    size_t start = tables->len;

    aml_bytes(tables, signature, 4);
    put_le(tables, 0, 4);
    aml_byte(tables, revision);
    aml_byte(tables, 0);
    aml_bytes(tables, "BOCHS ", 6);
    aml_bytes(tables, "BXPC    ", 8);
    put_le(tables, 1, 4);
    aml_bytes(tables, "BXPC", 4);
    put_le(tables, 1, 4);
    return start;
}

void acpi_end_table(GByteArray *tables, size_t start)
{
    stl_le_p(tables->data + start + 4, tables->len - start);
}
