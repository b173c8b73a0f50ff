/*
 * Saving and loading what a VMStateDescription describes.
 *
 * The stream of one description: its version (32 bits), then the fields in
 * order, integers big-endian, without names: both sides have the same table.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "migration/vmstate.h"
#include "qemu/bswap.h"
#include "qemu/timer.h"

/* Bytes in the stream of one element of the simple kinds; 0: not a simple kind. */
static size_t integer_size(VMStateKind kind)
{
    switch (kind) {
    case VMS_U8:
    case VMS_BOOL:
        return 1;
    case VMS_U16:
        return 2;
    case VMS_U32:
        return 4;
    case VMS_U64:
        return 8;
    default:
        return 0;
    }
}

static uint64_t get_integer(VMStateKind kind, const void *p)
{
    switch (integer_size(kind)) {
    case 1:
        return *(const uint8_t *)p;
    case 2:
        return *(const uint16_t *)p;
    case 4:
        return *(const uint32_t *)p;
    default:
        return *(const uint64_t *)p;
    }
}

static void set_integer(VMStateKind kind, void *p, uint64_t val)
{
    switch (integer_size(kind)) {
    case 1:
        *(uint8_t *)p = kind == VMS_BOOL ? val != 0 : val;
        break;
    case 2:
        *(uint16_t *)p = val;
        break;
    case 4:
        *(uint32_t *)p = val;
        break;
    default:
        *(uint64_t *)p = val;
        break;
    }
}

static void append_be(GByteArray *buf, uint64_t val, size_t size)
{
    uint8_t bytes[8];

    stq_be_p(bytes, val);
    g_byte_array_append(buf, bytes + 8 - size, size);
}

static size_t vbuffer_size(const VMStateField *f, void *opaque)
{
    return f->size_offset ? *(uint32_t *)((char *)opaque + f->size_offset) : f->size;
}

static bool save_element(const VMStateField *f, void *opaque, char *p, GByteArray *buf)
{
    size_t size = integer_size(f->kind);

    if (size) {
        append_be(buf, get_integer(f->kind, p), size);
        return true;
    }
    switch (f->kind) {
    case VMS_BUFFER:
        g_byte_array_append(buf, (uint8_t *)p, f->size);
        return true;
    case VMS_VBUFFER:
        size = vbuffer_size(f, opaque);
        append_be(buf, size, 4);
        g_byte_array_append(buf, *(uint8_t **)p, size);
        return true;
    case VMS_TIMER:
        append_be(buf, *(QEMUTimer **)p ? timer_expire_time_ns(*(QEMUTimer **)p) : -1, 8);
        return true;
    default:
        return vmstate_save(f->vmsd, p, buf);
    }
}

bool vmstate_save(const VMStateDescription *vmsd, void *opaque, GByteArray *buf)
{
    if (vmsd->pre_save && vmsd->pre_save(opaque)) {
        return false;
    }
    append_be(buf, vmsd->version, 4);
    for (const VMStateField *f = vmsd->fields; f->name; f++) {
        char *p = (char *)opaque + f->offset;

        for (uint32_t i = 0; i < f->count; i++, p += f->size) {
            if (!save_element(f, opaque, p, buf)) {
                return false;
            }
        }
    }
    return true;
}

/* size bytes from the stream; NULL: it is too short. */
static const uint8_t *take_bytes(const uint8_t **data, const uint8_t *end, size_t size)
{
    const uint8_t *p = *data;

    if ((size_t)(end - p) < size) {
        return NULL;
    }
    *data = p + size;
    return p;
}

static bool take_be(const uint8_t **data, const uint8_t *end, size_t size, uint64_t *val)
{
    const uint8_t *p = take_bytes(data, end, size);

    *val = 0;
    for (size_t i = 0; p && i < size; i++) {
        *val = *val << 8 | p[i];
    }
    return p != NULL;
}

static bool load_vbuffer(const VMStateField *f, void *opaque, char *p, const uint8_t **data,
                         const uint8_t *end, const char **why)
{
    const uint8_t *bytes;
    uint64_t size;

    if (!take_be(data, end, 4, &size) || !(bytes = take_bytes(data, end, size))) {
        *why = "saved state is too short";
        return false;
    }
    if (size != vbuffer_size(f, opaque)) {
        *why = "a buffer of the saved state has another size";
        return false;
    }
    if (size) {
        memcpy(*(uint8_t **)p, bytes, size);
    }
    return true;
}

static bool load_element(const VMStateField *f, void *opaque, char *p, const uint8_t **data,
                         const uint8_t *end, const char **why)
{
    size_t size = integer_size(f->kind);
    const uint8_t *bytes;
    uint64_t val;

    switch (f->kind) {
    case VMS_STRUCT:
        return vmstate_load(f->vmsd, p, data, end, why);
    case VMS_VBUFFER:
        return load_vbuffer(f, opaque, p, data, end, why);
    case VMS_BUFFER:
        bytes = take_bytes(data, end, f->size);
        if (bytes) {
            memcpy(p, bytes, f->size);
            return true;
        }
        break;
    case VMS_TIMER:
        if (take_be(data, end, 8, &val)) {
            QEMUTimer *ts = *(QEMUTimer **)p;

            if (ts && (int64_t)val >= 0) {
                timer_mod_ns(ts, val);
            } else if (ts) {
                timer_del(ts);
            }
            return true;
        }
        break;
    default:
        if (take_be(data, end, size, &val)) {
            set_integer(f->kind, p, val);
            return true;
        }
        break;
    }
    *why = "saved state is too short";
    return false;
}

bool vmstate_load(const VMStateDescription *vmsd, void *opaque, const uint8_t **data,
                  const uint8_t *end, const char **why)
{
    uint64_t version;

    if (!take_be(data, end, 4, &version)) {
        *why = "saved state is too short";
        return false;
    }
    if ((int)version != vmsd->version) {
        *why = "saved state has another version";
        return false;
    }
    for (const VMStateField *f = vmsd->fields; f->name; f++) {
        char *p = (char *)opaque + f->offset;

        for (uint32_t i = 0; i < f->count; i++, p += f->size) {
            if (!load_element(f, opaque, p, data, end, why)) {
                return false;
            }
        }
    }
    if (vmsd->post_load && vmsd->post_load(opaque, version)) {
        *why = "saved state is not consistent";
        return false;
    }
    return true;
}
