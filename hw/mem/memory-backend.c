/*
 * -object memory-backend-ram, memory-backend-memfd: what a machine's memory is
 * to be like. All guest memory is a shared mapping of a nameless file, so both
 * kinds are the same.
 *
 * Properties   "size"; "prealloc": host pages are there from the start; "merge":
 *              the host may share equal pages; "dump": part of core dumps;
 *              "share" changes nothing
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <sys/mman.h>
#include "hw/user-creatable.h"

static bool backend_complete(Object *obj, Error **errp)
{
    MemoryBackend *s = MEMORY_BACKEND(obj);

    if (!s->size) {
        error_setg(errp, "size= is missing");
        return false;
    }
    return true;
}

static bool backend_can_be_deleted(Object *obj, Error **errp)
{
    if (MEMORY_BACKEND(obj)->used) {
        error_setg(errp, "object '%s' is in use, can not be deleted", obj->id);
        return false;
    }
    return true;
}

bool memory_backend_prepare(MemoryBackend *s, void *host, Error **errp)
{
    s->used = true;
    if (s->merge) {
        madvise(host, s->size, MADV_MERGEABLE);
    }
    if (!s->dump) {
        madvise(host, s->size, MADV_DONTDUMP);
    }
    if (s->prealloc && madvise(host, s->size, MADV_POPULATE_WRITE) < 0) {
        error_setg_errno(errp, errno, "-object %s: cannot allocate the memory", OBJECT(s)->id);
        return false;
    }
    return true;
}

static const Property backend_props[] = {
    { .name = "size", .kind = PROP_SIZE, .offset = offsetof(MemoryBackend, size) },
    DEFINE_PROP_BOOL("share", MemoryBackend, share, false),
    DEFINE_PROP_BOOL("prealloc", MemoryBackend, prealloc, false),
    DEFINE_PROP_BOOL("merge", MemoryBackend, merge, false),
    DEFINE_PROP_BOOL("dump", MemoryBackend, dump, true),
    DEFINE_PROP_END
};

static const UserCreatableClass backend_class = {
    .complete = backend_complete, .can_be_deleted = backend_can_be_deleted,
};

static const TypeInfo backend_info = {
    .name = TYPE_MEMORY_BACKEND, .parent = TYPE_USER_CREATABLE, .desc = "memory of a machine",
    .instance_size = sizeof(MemoryBackend), .props = backend_props, .class_data = &backend_class,
};
static const TypeInfo ram_info = {
    .name = "memory-backend-ram", .parent = TYPE_MEMORY_BACKEND, .desc = "memory of a machine",
    .instance_size = sizeof(MemoryBackend), .user_creatable = true,
};
static const TypeInfo memfd_info = {
    .name = "memory-backend-memfd", .parent = TYPE_MEMORY_BACKEND, .desc = "memory of a machine",
    .instance_size = sizeof(MemoryBackend), .user_creatable = true,
};
DEFINE_TYPE(backend_info)
DEFINE_TYPE(ram_info)
DEFINE_TYPE(memfd_info)
