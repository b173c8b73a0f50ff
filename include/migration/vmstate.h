/*
 * Descriptions of a device's guest-visible state, by field.
 *
 * Every device has one from its first commit; savevm, migration and the
 * scramble test of tests/ follow from it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MIGRATION_VMSTATE_H
#define MIGRATION_VMSTATE_H

#include "qemu/osdep.h"

typedef enum {
    VMS_U8, VMS_U16, VMS_U32, VMS_U64, VMS_BOOL,  /* stored big-endian */
    VMS_BUFFER,        /* `size` bytes as they are */
    VMS_STRUCT,        /* nested vmsd */
    VMS_TIMER,         /* QEMUTimer *: expiry in ns */
    VMS_VBUFFER,       /* pointer to `size` bytes, or *(uint32_t *)(opaque + size_offset) */
} VMStateKind;

typedef struct VMStateDescription VMStateDescription;
typedef struct VMStateField {
    const char *name;
    size_t offset;
    size_t size;            /* of one element, in bytes */
    uint32_t count;         /* elements; 1 for a scalar */
    VMStateKind kind;
    size_t size_offset;     /* VMS_VBUFFER: field with the length, or 0 */
    const VMStateDescription *vmsd;
} VMStateField;

struct VMStateDescription {
    const char *name;
    int version;
    const VMStateField *fields;             /* ends with VMSTATE_END */
    int (*pre_save)(void *opaque);          /* may be NULL; 0 = fine */
    int (*post_load)(void *opaque, int version);
};

/* Type check: a pointer to `type` must be able to hold &((s *)0)->f. */
#define vmstate_offset(s, f, type) \
    (offsetof(s, f) + 0 * sizeof((type *)0 == &((s *)0)->f))
#define VMS_SCALAR(k, s, f, type) \
    { .name = #f, .offset = vmstate_offset(s, f, type), .size = sizeof(type), .count = 1, .kind = k }
#define VMS_ARRAY(k, s, f, n, type) \
    { .name = #f, .offset = offsetof(s, f), .size = sizeof(type), .count = (n), .kind = k }

#define VMSTATE_UINT8(f, s)   VMS_SCALAR(VMS_U8, s, f, uint8_t)
#define VMSTATE_UINT16(f, s)  VMS_SCALAR(VMS_U16, s, f, uint16_t)
#define VMSTATE_UINT32(f, s)  VMS_SCALAR(VMS_U32, s, f, uint32_t)
#define VMSTATE_INT32(f, s)   VMS_SCALAR(VMS_U32, s, f, int32_t)
#define VMSTATE_UINT64(f, s)  VMS_SCALAR(VMS_U64, s, f, uint64_t)
#define VMSTATE_INT64(f, s)   VMS_SCALAR(VMS_U64, s, f, int64_t)
#define VMSTATE_BOOL(f, s)    VMS_SCALAR(VMS_BOOL, s, f, bool)
#define VMSTATE_TIMER_PTR(f, s) VMS_SCALAR(VMS_TIMER, s, f, QEMUTimer *)
#define VMSTATE_UINT8_ARRAY(f, s, n)  VMS_ARRAY(VMS_U8, s, f, n, uint8_t)
#define VMSTATE_UINT16_ARRAY(f, s, n) VMS_ARRAY(VMS_U16, s, f, n, uint16_t)
#define VMSTATE_UINT32_ARRAY(f, s, n) VMS_ARRAY(VMS_U32, s, f, n, uint32_t)
#define VMSTATE_UINT64_ARRAY(f, s, n) VMS_ARRAY(VMS_U64, s, f, n, uint64_t)
#define VMSTATE_BUFFER(f, s) \
    { .name = #f, .offset = offsetof(s, f), .size = sizeof(((s *)0)->f), .count = 1, .kind = VMS_BUFFER }
#define VMSTATE_STRUCT_ARRAY(f, s, n, v, type) \
    { .name = #f, .offset = offsetof(s, f), .size = sizeof(type), .count = (n), .kind = VMS_STRUCT, .vmsd = &(v) }
#define VMSTATE_STRUCT(f, s, v, type) VMSTATE_STRUCT_ARRAY(f, s, 1, v, type)
#define VMSTATE_VBUFFER(f, s, len_field) \
    { .name = #f, .offset = offsetof(s, f), .count = 1, .kind = VMS_VBUFFER, .size_offset = offsetof(s, len_field) }
#define VMSTATE_END { .name = NULL }

/* Append the state at opaque to buf; read it back. False: does not fit (errp text in *why). */
bool vmstate_save(const VMStateDescription *vmsd, void *opaque, GByteArray *buf);
bool vmstate_load(const VMStateDescription *vmsd, void *opaque,
                  const uint8_t **data, const uint8_t *end, const char **why);

#endif
