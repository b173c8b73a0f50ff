/*
 * File descriptors handed in from outside (include/qemu/fdset.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include "qemu/fdset.h"

static GPtrArray *sets;         /* of FdSet * */
static GHashTable *named;       /* name -> fd */

static void set_free(void *p)
{
    FdSet *set = p;

    for (guint i = 0; i < set->entries->len; i++) {
        FdSetEntry *entry = &g_array_index(set->entries, FdSetEntry, i);

        close(entry->fd);
        g_free(entry->opaque);
    }
    g_array_free(set->entries, true);
    g_free(set);
}

static FdSet *find_set(int64_t id)
{
    for (guint i = 0; sets && i < sets->len; i++) {
        FdSet *set = g_ptr_array_index(sets, i);

        if (set->id == id) {
            return set;
        }
    }
    return NULL;
}

/* The set that has fd, NULL: none. */
static const FdSet *set_with(int fd)
{
    for (guint i = 0; sets && i < sets->len; i++) {
        const FdSet *set = g_ptr_array_index(sets, i);

        for (guint j = 0; j < set->entries->len; j++) {
            if (g_array_index(set->entries, FdSetEntry, j).fd == fd) {
                return set;
            }
        }
    }
    return NULL;
}

static FdSet *new_set(int64_t id)
{
    FdSet *set = g_new0(FdSet, 1);

    if (id < 0) {
        for (id = 0; find_set(id); id++) {
        }
    }
    set->id = id;
    set->entries = g_array_new(false, false, sizeof(FdSetEntry));
    if (!sets) {
        sets = g_ptr_array_new_with_free_func(set_free);
    }
    g_ptr_array_add(sets, set);
    return set;
}

const FdSet *fdset_add(int64_t id, int fd, const char *opaque, Error **errp)
{
    FdSetEntry entry = { fd, g_strdup(opaque) };
    FdSet *set;

    if (fcntl(fd, F_GETFD) < 0) {
        error_setg(errp, "fd %d is not open", fd);
        g_free(entry.opaque);
        return NULL;
    }
    if (set_with(fd)) {
        error_setg(errp, "fd %d is in set %" PRId64 " already", fd, set_with(fd)->id);
        g_free(entry.opaque);
        return NULL;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    set = find_set(id);
    set = set ? set : new_set(id);
    g_array_append_val(set->entries, entry);
    return set;
}

bool fdset_remove(int64_t id, int fd, Error **errp)
{
    FdSet *set = find_set(id);
    bool found = set && fd < 0;

    for (guint i = 0; set && fd >= 0 && i < set->entries->len; i++) {
        FdSetEntry *entry = &g_array_index(set->entries, FdSetEntry, i);

        if (entry->fd == fd) {
            close(fd);
            g_free(entry->opaque);
            g_array_remove_index(set->entries, i);
            found = true;
            break;
        }
    }
    if (!found) {
        error_setg(errp, "File descriptor named 'fdset-id:%" PRId64 "%s' not found", id, set ? ", fd" : "");
        return false;
    }
    if (fd < 0 || !set->entries->len) {
        g_ptr_array_remove(sets, set);
    }
    return true;
}

void fdset_foreach(void (*fn)(void *opaque, const FdSet *set), void *opaque)
{
    for (guint i = 0; sets && i < sets->len; i++) {
        fn(opaque, g_ptr_array_index(sets, i));
    }
}

void fd_name_add(const char *name, int fd)
{
    int old = fd_name_take(name);

    if (old >= 0) {
        close(old);
    }
    if (!named) {
        named = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    }
    g_hash_table_insert(named, g_strdup(name), GINT_TO_POINTER(fd));
}

int fd_name_take(const char *name)
{
    gpointer key, value;
    int fd = -1;

    if (named && g_hash_table_lookup_extended(named, name, &key, &value)) {
        fd = GPOINTER_TO_INT(value);
        g_hash_table_remove(named, name);
    }
    return fd;
}

int fd_from_text(const char *text, Error **errp)
{
    uint64_t number;
    int fd = qemu_parse_uint(text, 10, INT_MAX, &number) ? (int)number : fd_name_take(text);

    if (fd < 0 || fcntl(fd, F_GETFD) < 0) {
        error_setg(errp, "fd=%s: no such file descriptor", text);
        return -1;
    }
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    return fd;
}

int qemu_open(const char *path, int flags, mode_t mode)
{
    static const char prefix[] = "/dev/fdset/";
    uint64_t id;
    FdSet *set;

    if (!g_str_has_prefix(path, prefix)) {
        return open(path, flags | O_CLOEXEC, mode);
    }
    set = qemu_parse_uint(path + strlen(prefix), 10, INT_MAX, &id) ? find_set(id) : NULL;
    for (guint i = 0; set && i < set->entries->len; i++) {
        int fd = g_array_index(set->entries, FdSetEntry, i).fd;

        if ((fcntl(fd, F_GETFL) & O_ACCMODE) == (flags & O_ACCMODE)) {
            return fcntl(fd, F_DUPFD_CLOEXEC, 0);
        }
    }
    errno = set ? EACCES : ENOENT;
    return -1;
}
