/*
 * The process as the host sees it: -daemonize, -pidfile, -runas, -chroot.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include "qemu/cutils.h"
#include "sysemu/process.h"

/* --- daemon -------------------------------------------------------------------------- */

static int ready_pipe = -1;     /* where the caller's process waits; -1: no daemon */
static int null_fd = -1;        /* a daemon's standard streams: -chroot may hide the file */

bool process_is_daemon(void)
{
    return ready_pipe >= 0;
}

/* In the caller's process: the daemon says 0 when it is ready, or goes without a word. */
static QEMU_NORETURN void wait_for_daemon(int fd)
{
    char status = 1;
    ssize_t n;

    do {
        n = read(fd, &status, 1);
    } while (n < 0 && errno == EINTR);
    _exit(n == 1 ? status : 1);
}

bool process_daemonize(Error **errp)
{
    int fds[2];
    pid_t pid;

    null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null_fd < 0 || pipe2(fds, O_CLOEXEC) < 0 || (pid = fork()) < 0) {
        error_setg_errno(errp, errno, "-daemonize: cannot start another process");
        return false;
    }
    if (pid) {
        close(fds[1]);
        wait_for_daemon(fds[0]);
    }
    close(fds[0]);
    setsid();
    if (fork() != 0) {          /* the session's leader goes: no terminal can come */
        _exit(0);
    }
    umask(027);
    ready_pipe = fds[1];
    return true;
}

bool process_ready(Error **errp)
{
    char status = 0;

    if (ready_pipe < 0) {
        return true;
    }
    if (chdir("/") < 0) {
        error_setg_errno(errp, errno, "-daemonize");
        return false;
    }
    for (int std = 0; std <= 2; std++) {
        dup2(null_fd, std);
    }
    if (null_fd > 2) {
        close(null_fd);
    }
    return write(ready_pipe, &status, 1) == 1 || errno == EPIPE;
}

/* --- pidfile ------------------------------------------------------------------------- */

static char *pidfile;           /* an absolute path: a daemon changes its directory */

bool process_write_pidfile(const char *path, Error **errp)
{
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
    g_autofree char *text = g_strdup_printf("%d\n", (int)getpid());
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

    if (fd < 0) {
        error_setg_errno(errp, errno, "-pidfile %s: cannot create", path);
        return false;
    }
    if (fcntl(fd, F_SETLK, &lock) < 0) {
        error_setg_errno(errp, errno, "-pidfile %s: cannot lock", path);
        close(fd);
        return false;
    }
    if (ftruncate(fd, 0) < 0 || write(fd, text, strlen(text)) < 0) {
        error_setg_errno(errp, errno, "-pidfile %s: cannot write", path);
        close(fd);
        return false;
    }
    pidfile = g_canonicalize_filename(path, NULL);      /* the lock lives with the open file */
    return true;
}

void process_remove_pidfile(void)
{
    if (pidfile) {
        unlink(pidfile);
    }
}

/* --- identity ------------------------------------------------------------------------ */

/* The user by name, or "UID:GID" in *uid and *gid with *name NULL. */
static bool find_user(const char *user, uid_t *uid, gid_t *gid, const char **name, Error **errp)
{
    const struct passwd *pw = getpwnam(user);
    g_auto(GStrv) parts = g_strsplit(user, ":", 2);
    uint64_t u, g;

    if (pw) {
        *uid = pw->pw_uid;
        *gid = pw->pw_gid;
        *name = pw->pw_name;
        return true;
    }
    if (!parts[0] || !parts[1] || !qemu_parse_uint(parts[0], 10, UINT32_MAX - 1, &u) ||
        !qemu_parse_uint(parts[1], 10, UINT32_MAX - 1, &g)) {
        error_setg(errp, "-runas %s: no such user (and not UID:GID)", user);
        return false;
    }
    *uid = u;
    *gid = g;
    *name = NULL;
    return true;
}

bool process_check_user(const char *user, Error **errp)
{
    const char *name;
    uid_t uid;
    gid_t gid;

    return find_user(user, &uid, &gid, &name, errp);
}

bool process_become_user(const char *user, Error **errp)
{
    const char *name;
    uid_t uid;
    gid_t gid;

    if (!find_user(user, &uid, &gid, &name, errp)) {
        return false;
    }
    if ((name ? initgroups(name, gid) : setgroups(1, &gid)) < 0 || setgid(gid) < 0 || setuid(uid) < 0) {
        error_setg_errno(errp, errno, "-runas %s", user);
        return false;
    }
    if (uid && setuid(0) == 0) {
        error_setg(errp, "-runas %s: the process could still become root", user);
        return false;
    }
    return true;
}

bool process_chroot(const char *dir, Error **errp)
{
    if (chroot(dir) < 0 || chdir("/") < 0) {
        error_setg_errno(errp, errno, "-chroot %s", dir);
        return false;
    }
    return true;
}
