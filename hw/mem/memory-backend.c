/*
 * -object memory-backend-ram, memory-backend-memfd, memory-backend-file: what a
 * machine's memory is to be like. The first two are the same here.
 *
 * Properties   "size"; "prealloc": host pages are there from the start; "merge":
 *              the host may share equal pages; "dump": part of core dumps;
 *              "mem-path": the file, or a directory for a nameless one; "share":
 *              the guest's writes go to that file
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <sys/mman.h>
#include "exec/ram_block.h"
#include "hw/user-creatable.h"
#include "qemu/fdset.h"

#define TYPE_MEMORY_BACKEND_FILE "memory-backend-file"

static bool backend_complete(Object *obj, Error **errp)
{
    MemoryBackend *s = MEMORY_BACKEND(obj);

    if (!s->size) {
        error_setg(errp, "size= is missing");
        return false;
    }
    if (object_dynamic_cast(obj, TYPE_MEMORY_BACKEND_FILE) && !s->path) {
        error_setg(errp, "mem-path= is missing");
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

/* -1: error set. */
static int open_file(const MemoryBackend *s, Error **errp)
{
    bool nameless = g_file_test(s->path, G_FILE_TEST_IS_DIR);
    int fd = nameless ? open(s->path, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)
                      : qemu_open(s->path, O_RDWR | O_CREAT, 0644);
    struct stat st;

    if (fd >= 0 && fstat(fd, &st) == 0 && (uint64_t)st.st_size < s->size && ftruncate(fd, s->size) < 0) {
        close(fd);
        fd = -1;
    }
    if (fd < 0) {
        error_setg_errno(errp, errno, "-object %s: mem-path %s", OBJECT(s)->id, s->path);
    }
    return fd;
}

/* The file takes the place of the memory that is there. */
static bool map_file(MemoryBackend *s, void *host, Error **errp)
{
    int fd = open_file(s, errp), flags = MAP_FIXED | MAP_NORESERVE | (s->share ? MAP_SHARED : MAP_PRIVATE);
    RAMBlock *block = qemu_ram_block_from_host(host, &(ram_addr_t) { 0 });

    if (fd < 0) {
        return false;
    }
    if (mmap(host, s->size, PROT_READ | PROT_WRITE, flags, fd, 0) == MAP_FAILED) {
        error_setg_errno(errp, errno, "-object %s: cannot map %s", OBJECT(s)->id, s->path);
        close(fd);
        return false;
    }
    if (s->share && block->fd < 0) {
        block->fd = fd;
    } else {
        close(fd);
    }
    return true;
}

bool memory_backend_prepare(MemoryBackend *s, void *host, Error **errp)
{
    s->used = true;
    if (s->path && !map_file(s, host, errp)) {
        return false;
    }
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

static void file_finalize(Object *obj)
{
    g_free(MEMORY_BACKEND(obj)->path);
}

static const Property file_props[] = {
    DEFINE_PROP_STRING("mem-path", MemoryBackend, path),
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
static const TypeInfo file_info = {
    .name = TYPE_MEMORY_BACKEND_FILE, .parent = TYPE_MEMORY_BACKEND, .desc = "memory of a machine in a file",
    .instance_size = sizeof(MemoryBackend), .finalize = file_finalize, .props = file_props, .user_creatable = true,
};
DEFINE_TYPE(backend_info)
DEFINE_TYPE(ram_info)
DEFINE_TYPE(memfd_info)
DEFINE_TYPE(file_info)
