/*
 * -sandbox: system calls that the emulator never needs are refused by the
 * kernel (seccomp), so that a guest that takes it over gains less.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#ifdef CONFIG_SECCOMP
#include <sched.h>
#include <seccomp.h>
#include <sys/prctl.h>
#endif
#include "qemu/cutils.h"
#include "qemu/optlist.h"
#include "sysemu/process.h"

#ifdef CONFIG_SECCOMP

/* Groups of calls; what -sandbox calls them is next to the lists. */
enum { ALWAYS = 1 << 0, OBSOLETE = 1 << 1, PRIVILEGES = 1 << 2, SPAWN = 1 << 3, RESOURCES = 1 << 4,
       CHILDREN = 1 << 5 /* no system call: programs that are started gain nothing */ };

static const struct { const char *name; unsigned group; } denied[] = {
    { "reboot", ALWAYS }, { "swapon", ALWAYS }, { "swapoff", ALWAYS }, { "syslog", ALWAYS },
    { "mount", ALWAYS }, { "umount2", ALWAYS }, { "pivot_root", ALWAYS }, { "kexec_load", ALWAYS },
    { "kexec_file_load", ALWAYS }, { "init_module", ALWAYS }, { "finit_module", ALWAYS },
    { "delete_module", ALWAYS }, { "acct", ALWAYS }, { "quotactl", ALWAYS }, { "ptrace", ALWAYS },
    { "bpf", ALWAYS }, { "settimeofday", ALWAYS }, { "clock_settime", ALWAYS }, { "adjtimex", ALWAYS },
    { "add_key", ALWAYS }, { "request_key", ALWAYS }, { "keyctl", ALWAYS }, { "unshare", ALWAYS },
    { "setns", ALWAYS }, { "iopl", ALWAYS }, { "ioperm", ALWAYS }, { "lookup_dcookie", ALWAYS },
    { "readdir", OBSOLETE }, { "_sysctl", OBSOLETE }, { "bdflush", OBSOLETE },
    { "create_module", OBSOLETE }, { "get_kernel_syms", OBSOLETE }, { "query_module", OBSOLETE },
    { "sgetmask", OBSOLETE }, { "ssetmask", OBSOLETE }, { "sysfs", OBSOLETE }, { "uselib", OBSOLETE },
    { "ustat", OBSOLETE }, { "nfsservctl", OBSOLETE },
    { "setuid", PRIVILEGES }, { "setgid", PRIVILEGES }, { "setpgid", PRIVILEGES }, { "setsid", PRIVILEGES },
    { "setreuid", PRIVILEGES }, { "setregid", PRIVILEGES }, { "setresuid", PRIVILEGES },
    { "setresgid", PRIVILEGES }, { "setfsuid", PRIVILEGES }, { "setfsgid", PRIVILEGES },
    { "fork", SPAWN }, { "vfork", SPAWN }, { "execve", SPAWN }, { "execveat", SPAWN },
    { "setpriority", RESOURCES }, { "sched_setparam", RESOURCES }, { "sched_setscheduler", RESOURCES },
    { "sched_setattr", RESOURCES }, { "sched_setaffinity", RESOURCES },
};

/* "deny" denies the group, "allow" (default when on) does not. */
static bool parse_group(OptList *list, const char *key, unsigned group, unsigned *groups, Error **errp)
{
    const char *value = optlist_get(list, key);

    if (value && !strcmp(value, "deny")) {
        *groups |= group;
    } else if (value && group == PRIVILEGES && !strcmp(value, "children")) {
        *groups |= CHILDREN;
    } else if (value && strcmp(value, "allow")) {
        error_setg(errp, "-sandbox %s=%s: expected allow%s or deny", key, value,
                   group == PRIVILEGES ? ", children" : "");
        return false;
    }
    return true;
}

/* groups 0: off. Obsolete calls are denied unless they are allowed. */
static bool parse(const char *options, unsigned *groups, Error **errp)
{
    g_autoptr(OptList) list = optlist_new(options, "enable");
    const char *obsolete = optlist_get(list, "obsolete"), *enable = optlist_get(list, "enable");
    bool on;

    *groups = ALWAYS | (g_strcmp0(obsolete, "allow") ? OBSOLETE : 0);
    if (!enable || !qemu_parse_bool(enable, &on)) {
        error_setg(errp, "-sandbox %s: expected on or off", options);
        return false;
    }
    if (!parse_group(list, "obsolete", OBSOLETE, groups, errp) ||
        !parse_group(list, "elevateprivileges", PRIVILEGES, groups, errp) ||
        !parse_group(list, "spawn", SPAWN, groups, errp) ||
        !parse_group(list, "resourcecontrol", RESOURCES, groups, errp) ||
        !optlist_check_unknown(list, "-sandbox", errp)) {
        return false;
    }
    *groups = on ? *groups : 0;
    return true;
}

bool sandbox_check(const char *options, Error **errp)
{
    unsigned groups;

    return parse(options, &groups, errp);
}

/* Calls that this host does not have are refused anyway. */
static int add_rules(scmp_filter_ctx ctx, unsigned groups)
{
    int ret = 0;

    for (size_t i = 0; i < ARRAY_SIZE(denied) && ret == 0; i++) {
        int call = seccomp_syscall_resolve_name(denied[i].name);

        if (denied[i].group & groups && call != __NR_SCMP_ERROR && call >= 0) {
            ret = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), call, 0);
        }
    }
    if (groups & SPAWN && ret == 0) {       /* threads may be made, processes not */
        ret = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1,
                               SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
    }
    if (groups & SPAWN && ret == 0) {       /* its flags are in memory: the C library falls back to clone */
        ret = seccomp_rule_add(ctx, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
    }
    return ret;
}

bool sandbox_start(const char *options, Error **errp)
{
    scmp_filter_ctx ctx;
    unsigned groups;
    int ret;

    if (!parse(options, &groups, errp)) {
        return false;
    }
    if (!groups) {
        return true;
    }
    if (groups & CHILDREN) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    }
    ctx = seccomp_init(SCMP_ACT_ALLOW);
    ret = ctx ? seccomp_attr_set(ctx, SCMP_FLTATR_CTL_TSYNC, 1) : -ENOMEM;
    ret = ret ? ret : add_rules(ctx, groups);
    ret = ret ? ret : seccomp_load(ctx);
    seccomp_release(ctx);
    if (ret < 0) {
        error_setg_errno(errp, -ret, "-sandbox: the kernel does not take the filter");
    }
    return ret == 0;
}

#else

bool sandbox_check(const char *options, Error **errp)
{
    bool on = strncmp(options, "off", 3);

    if (on) {
        error_setg(errp, "-sandbox: built without seccomp support");
    }
    return !on;
}

bool sandbox_start(const char *options, Error **errp)
{
    return true;
}

#endif
