/*
 * Host files under disk images: open with clear errors, lock, whole transfers.
 *
 * Leaves to others: what the bytes mean (raw.c, qcow2.c, overlay.c).
 *
 * An image is locked with open-file-description locks so that two emulators do
 * not write to it at once. The byte positions are those of the image tools in
 * common use: 100 "reads", 101 "writes", 103 "resizes" are held by whoever does
 * so; 201 and 203 are held by whoever cannot bear others writing or resizing.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <linux/falloc.h>
#include "block/block_int.h"
#include "qemu/fdset.h"

enum { LOCK_BASE = 100, LOCK_END = 300, LOCK_UNSHARE_WRITE = 201, LOCK_UNSHARE_RESIZE = 203 };

/* False: another process holds a conflicting lock. */
static bool lock_range(int fd, short type, off_t start, off_t len)
{
    struct flock lock = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = len };

    if (fcntl(fd, F_OFD_SETLK, &lock) == 0) {
        return true;
    }
    return errno != EAGAIN && errno != EACCES;      /* file systems without locks */
}

static bool lock_image(int fd, bool writable)
{
    if (writable) {
        return lock_range(fd, F_WRLCK, LOCK_BASE, LOCK_END - LOCK_BASE);
    }
    return lock_range(fd, F_RDLCK, LOCK_BASE, 1) &&
           lock_range(fd, F_RDLCK, LOCK_UNSHARE_WRITE, 1) &&
           lock_range(fd, F_RDLCK, LOCK_UNSHARE_RESIZE, 1);
}

static bool check_kind(int fd, Error **errp)
{
    struct stat st;

    if (fstat(fd, &st) < 0) {
        error_setg_errno(errp, errno, "cannot open");
        return false;
    }
    if (S_ISDIR(st.st_mode)) {
        error_setg_errno(errp, EISDIR, "cannot open");
        return false;
    }
    if (!S_ISREG(st.st_mode) && !S_ISBLK(st.st_mode)) {
        error_setg(errp, "cannot open: neither a regular file nor a block device");
        return false;
    }
    return true;
}

HostFile *host_file_open(const char *path, int flags, Error **errp)
{
    bool writable = flags & IMAGE_WRITABLE;
    HostFile *file;
    int fd;

    /* O_NONBLOCK: opening a FIFO must not hang; no effect on what we accept. */
    fd = qemu_open(path, (writable ? O_RDWR : O_RDONLY) | O_NONBLOCK | O_NOCTTY, 0);
    if (fd < 0) {
        error_setg_errno(errp, errno, "cannot open");
        return NULL;
    }
    if (!check_kind(fd, errp)) {
        close(fd);
        return NULL;
    }
    if (!lock_image(fd, writable)) {
        error_setg(errp, "cannot lock: the image is in use by another process or drive");
        close(fd);
        return NULL;
    }
    file = g_new0(HostFile, 1);
    file->fd = fd;
    file->path = g_strdup(path);
    file->writable = writable;
    return file;
}

HostFile *host_file_temporary(Error **errp)
{
    const char *dir = getenv("TMPDIR");
    char *path = g_build_filename(dir && *dir ? dir : "/var/tmp", "vl.XXXXXX", NULL);
    int fd = mkostemp(path, O_CLOEXEC);
    HostFile *file = NULL;

    if (fd < 0) {
        error_setg_errno(errp, errno, "cannot create temporary file %s", path);
    } else {
        unlink(path);
        file = g_new0(HostFile, 1);
        file->fd = fd;
        file->path = g_strdup(path);
        file->writable = true;
    }
    g_free(path);
    return file;
}

void host_file_close(HostFile *file)
{
    if (file) {
        /* A descriptor from outside (qemu/fdset.h) lives on, and the lock with it. */
        lock_range(file->fd, F_UNLCK, LOCK_BASE, LOCK_END - LOCK_BASE);
        close(file->fd);
        g_free(file->path);
        g_free(file);
    }
}

int64_t host_file_size(HostFile *file)
{
    off_t end = lseek(file->fd, 0, SEEK_END);   /* block devices too; nobody uses the position */

    return end < 0 ? -errno : end;
}

int host_file_pread(HostFile *file, int64_t offset, void *buf, int64_t bytes)
{
    uint8_t *p = buf;

    while (bytes > 0) {
        ssize_t n = pread(file->fd, p, bytes, offset);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return -errno;
        }
        if (n == 0) {
            memset(p, 0, bytes);
            return 0;
        }
        p += n;
        offset += n;
        bytes -= n;
    }
    return 0;
}

int host_file_pwrite(HostFile *file, int64_t offset, const void *buf, int64_t bytes)
{
    const uint8_t *p = buf;

    if (!file->writable) {
        return -EROFS;
    }
    while (bytes > 0) {
        ssize_t n = pwrite(file->fd, p, bytes, offset);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return n < 0 ? -errno : -ENOSPC;
        }
        p += n;
        offset += n;
        bytes -= n;
    }
    return 0;
}

int host_file_sync(HostFile *file)
{
    while (fdatasync(file->fd) < 0) {
        if (errno != EINTR) {
            return -errno;
        }
    }
    return 0;
}

int host_file_punch(HostFile *file, int64_t offset, int64_t bytes)
{
    if (!file->writable) {
        return -EROFS;
    }
    if (fallocate(file->fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, offset, bytes) == 0) {
        return 0;
    }
    return errno == ENOSPC || errno == EIO ? -errno : -ENOTSUP;
}
