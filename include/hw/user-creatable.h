/*
 * Objects that are no devices: -object, object_add. Types below
 * "user-creatable"; the objects are children of "/objects".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_USER_CREATABLE_H
#define HW_USER_CREATABLE_H

#include "hw/qdev.h"

#define TYPE_USER_CREATABLE "user-creatable"

/* class_data of such a type. */
typedef struct UserCreatableClass {
    bool late;                  /* refers to network backends: made after them */
    /* When the properties are set. May be NULL. */
    bool (*complete)(Object *obj, Error **errp);
    /* May it go now? NULL: always. */
    bool (*can_be_deleted)(Object *obj, Error **errp);
} UserCreatableClass;

/* "TYPE,id=ID,prop=value,..." */
bool user_object_add(const char *optstr, Error **errp);
bool user_object_del(const char *id, Error **errp);
/* -object: whether that text makes an object of a late type. */
bool user_object_is_late(const char *optstr);
/* NULL: there is none of that type. */
Object *user_object_find(const char *id, const char *type);
void user_object_foreach(void (*fn)(Object *obj, void *opaque), void *opaque);
/* They go, at the end of the process. */
void user_object_cleanup(void);

/* memory-backend-*: memory that -machine memory-backend=ID uses. */
#define TYPE_MEMORY_BACKEND "memory-backend"
typedef struct MemoryBackend {
    Object parent_obj;
    uint64_t size;              /* bytes */
    bool share, prealloc, merge, dump;
    char *path;                 /* memory-backend-file: where, else NULL */
    bool used;                  /* a machine has taken it */
} MemoryBackend;
#define MEMORY_BACKEND(o) OBJECT_CHECK(MemoryBackend, (o), TYPE_MEMORY_BACKEND)
/* What the backend promises of the memory that was made for it. */
bool memory_backend_prepare(MemoryBackend *backend, void *host, Error **errp);

#endif
