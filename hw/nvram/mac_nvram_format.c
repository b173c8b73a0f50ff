/*
 * Contents of a new Mac NVRAM: partitions as CHRP defines them (CHRP binding,
 * "NVRAM layout"), with Open Firmware's variables in the system partition.
 *
 * Layout: "system" and free space in the first half, an empty OS X partition
 * in the second.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/nvram/mac_nvram.h"
#include "qemu/bswap.h"

/* Partition header: signature, checksum, length in 16-byte units, name. */
enum { HEADER_SIZE = 16, HEADER_CHECKSUM = 1, HEADER_LENGTH = 2, HEADER_NAME = 4, NAME_SIZE = 12 };
enum { SIGNATURE_SYSTEM = 0x70, SIGNATURE_FREE = 0x7f, SIGNATURE_OSX = 0x5a };
enum { SYSTEM_MIN_SIZE = 0xc10 };
enum { OSX_ADLER = 0x10, OSX_GENERATION = 0x14, OSX_FIRST_GENERATION = 2 };

static void write_header(uint8_t *p, uint8_t signature, uint32_t size_bytes, const char *name)
{
    unsigned sum = 0;

    memset(p, 0, HEADER_SIZE);
    p[0] = signature;
    stw_be_p(p + HEADER_LENGTH, size_bytes / HEADER_SIZE);
    memcpy(p + HEADER_NAME, name, MIN(strlen(name), (size_t)NAME_SIZE));
    for (int i = 0; i < HEADER_SIZE; i++) {
        sum += i == HEADER_CHECKSUM ? 0 : p[i];
    }
    while (sum > 0xff) {
        sum = (sum & 0xff) + (sum >> 8);
    }
    p[HEADER_CHECKSUM] = sum;
}

/* Returns the size of the system partition. Variables that do not fit are dropped. */
static uint32_t write_system(uint8_t *p, uint32_t limit, GPtrArray *variables)
{
    uint32_t pos = HEADER_SIZE, size;

    for (guint i = 0; variables && i < variables->len; i++) {
        const char *text = g_ptr_array_index(variables, i);
        size_t length = strlen(text) + 1;

        if (pos + length + 1 + HEADER_SIZE > limit) {
            warn_report("-prom-env %s: no room in NVRAM", text);
            continue;
        }
        memcpy(p + pos, text, length);
        pos += length;
    }
    size = MAX((uint32_t)ROUND_UP(pos + 1, HEADER_SIZE), (uint32_t)SYSTEM_MIN_SIZE);
    write_header(p, SIGNATURE_SYSTEM, size, "system");
    return size;
}

static uint32_t adler32_be(const uint8_t *p, uint32_t length)
{
    uint32_t low = 1, high = 0;

    for (uint32_t i = 0; i < length; i++) {
        low = (low + p[i]) % 65521;
        high = (high + low) % 65521;
    }
    return high << 16 | low;
}

static void write_osx(uint8_t *p, uint32_t size)
{
    write_header(p, SIGNATURE_OSX, size, "wwwwwwwwwww");
    stl_be_p(p + OSX_GENERATION, OSX_FIRST_GENERATION);
    stl_be_p(p + OSX_ADLER, adler32_be(p + OSX_GENERATION, size - OSX_GENERATION));
}

void mac_nvram_format(MacIONVRAMState *s, GPtrArray *variables)
{
    uint32_t half = s->size / 2, used;

    if ((s->loaded && !(variables && variables->len)) || half <= SYSTEM_MIN_SIZE + HEADER_SIZE) {
        return;
    }
    memset(s->data, 0, s->size);
    used = write_system(s->data, half, variables);
    write_header(s->data + used, SIGNATURE_FREE, half - used, "free");
    write_osx(s->data + half, half);
    if (s->file && !g_file_set_contents(s->file, (const char *)s->data, s->size, NULL)) {
        warn_report("%s: cannot write", s->file);
    }
}
