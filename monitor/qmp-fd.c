/*
 * QMP: file descriptors that come over the session's socket.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"
#include "qemu/fdset.h"

/* -1: error set. */
static int received_fd(Error **errp)
{
    int fd = qmp_session_take_fd();

    if (fd < 0) {
        error_setg(errp, "No file descriptor supplied via SCM_RIGHTS");
    }
    return fd;
}

json_t *qmp_getfd(json_t *args, Error **errp)
{
    const char *name = qmp_str(args, "fdname");
    int fd = received_fd(errp);

    if (fd >= 0 && g_ascii_isdigit(*name)) {
        error_setg(errp, "Parameter 'fdname' expects a name not starting with a digit");
        close(fd);
        return NULL;
    }
    if (fd >= 0) {
        fd_name_add(name, fd);
    }
    return qmp_done_if(fd >= 0);
}

json_t *qmp_closefd(json_t *args, Error **errp)
{
    int fd = fd_name_take(qmp_str(args, "fdname"));

    if (fd < 0) {
        error_setg(errp, "File descriptor named '%s' not found", qmp_str(args, "fdname"));
    } else {
        close(fd);
    }
    return qmp_done_if(fd >= 0);
}

json_t *qmp_add_fd(json_t *args, Error **errp)
{
    int64_t id = qmp_int(args, "fdset-id", -1);
    int fd = received_fd(errp);
    const FdSet *set;

    if (fd < 0) {
        return NULL;
    }
    if (json_object_get(args, "fdset-id") && id < 0) {
        error_setg(errp, "Parameter 'fdset-id' expects a non-negative value");
        close(fd);
        return NULL;
    }
    set = fdset_add(id, fd, qmp_str(args, "opaque"), errp);
    return set ? json_pack("{s:I,s:i}", "fdset-id", (json_int_t)set->id, "fd", fd) : NULL;
}

json_t *qmp_remove_fd(json_t *args, Error **errp)
{
    return qmp_done_if(fdset_remove(qmp_int(args, "fdset-id", -1), qmp_int(args, "fd", -1), errp));
}

static void list_set(void *opaque, const FdSet *set)
{
    json_t *fds = json_array();

    for (guint i = 0; i < set->entries->len; i++) {
        const FdSetEntry *entry = &g_array_index(set->entries, FdSetEntry, i);

        json_array_append_new(fds, json_pack("{s:i,s:s*}", "fd", entry->fd, "opaque", entry->opaque));
    }
    json_array_append_new(opaque, json_pack("{s:I,s:o}", "fdset-id", (json_int_t)set->id, "fds", fds));
}

json_t *qmp_query_fdsets(json_t *args, Error **errp)
{
    json_t *list = json_array();

    fdset_foreach(list_set, list);
    return list;
}
