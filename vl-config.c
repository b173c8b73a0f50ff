/*
 * -readconfig and -writeconfig: options in a file.
 *
 *   [device "id0"]
 *     driver = "e1000"
 *
 * is -device id=id0,driver=e1000. A group's name is the option's, but for the
 * few below; [global] has driver, property and value. '#' starts a comment.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/optlist.h"
#include "vl-options-int.h"

/* Groups: what the option is called, and the key that its first word stands for. */
static const struct { const char *group, *option, *implied; } groups[] = {
    { "machine", "machine", "type" }, { "accel", "accel", "accel" }, { "smp-opts", "smp", "cpus" },
    { "memory", "m", "size" }, { "boot-opts", "boot", "order" }, { "icount", "icount", "shift" },
    { "name", "name", "guest" }, { "rtc", "rtc", NULL }, { "msg", "msg", NULL },
    { "device", "device", "driver" }, { "object", "object", "qom-type" }, { "drive", "drive", NULL },
    { "blockdev", "blockdev", "driver" }, { "chardev", "chardev", "backend" }, { "mon", "mon", "chardev" },
    { "netdev", "netdev", "type" }, { "nic", "nic", "type" }, { "net", "net", "type" },
    { "audiodev", "audiodev", "driver" }, { "global", "global", NULL }, { "add-fd", "add-fd", NULL },
    { "sandbox", "sandbox", "enable" },
};

static GPtrArray *noted;        /* of char *: the file's text so far, one string for each group */

/* --- reading --------------------------------------------------------------------------- */

static bool fail_at(const char *path, unsigned line, const char *why, Error **errp)
{
    error_setg(errp, "-readconfig %s:%u: %s", path, line, why);
    return false;
}

/* [global] is -global DRIVER.PROPERTY=VALUE. NULL: a part is missing. */
static char *global_text(const char *pairs)
{
    g_autoptr(OptList) list = optlist_new(pairs, NULL);
    const char *driver = optlist_get(list, "driver"), *property = optlist_get(list, "property");
    const char *value = optlist_get(list, "value");

    return driver && property && value ? g_strdup_printf("%s.%s=%s", driver, property, value) : NULL;
}

/* A group is complete. group -1: there was none. */
static bool finish_group(VLOptions *opts, int group, GString *pairs, Error **errp)
{
    bool is_global = group >= 0 && !strcmp(groups[group].group, "global");
    g_autofree char *text = is_global ? global_text(pairs->str) : g_strdup(pairs->str);
    bool ok = true;

    if (group >= 0 && !text) {
        error_setg(errp, "[global]: driver, property and value are needed");
        return false;
    }
    if (group >= 0) {
        ok = vl_apply_option(opts, groups[group].option, g_intern_string(text), errp);
    }
    g_string_truncate(pairs, 0);
    return ok;
}

/* "[group]" or "[group "id"]". */
static bool begin_group(const char *line, int *group, GString *pairs)
{
    char name[64], id[128] = "";
    int used = 0;

    if (sscanf(line, "[%63[^]\" ]]%n", name, &used) < 1 || !used) {
        if (sscanf(line, "[%63[^]\" ] \"%127[^\"]\"]%n", name, id, &used) < 2 || !used) {
            return false;
        }
    }
    for (*group = 0; *group < (int)ARRAY_SIZE(groups); (*group)++) {
        if (!strcmp(groups[*group].group, name) && !line[used]) {
            if (*id) {
                optlist_append(pairs, "id", id);
            }
            return true;
        }
    }
    return false;
}

/* key = "value" */
static bool read_pair(char *line, GString *pairs)
{
    char *equals = strchr(line, '='), *value, *end;

    if (!equals) {
        return false;
    }
    *equals = '\0';
    g_strchomp(line);
    value = g_strstrip(equals + 1);
    end = strrchr(value, '"');
    if (*value != '"' || end == value || end[1]) {
        return false;
    }
    *end = '\0';
    optlist_append(pairs, line, value + 1);
    return *line != '\0';
}

static bool read_lines(VLOptions *opts, const char *path, char **lines, GString *pairs, Error **errp)
{
    int group = -1;

    for (unsigned i = 0; lines[i]; i++) {
        char *line = g_strstrip(lines[i]);

        if (!*line || *line == '#') {
            continue;
        }
        if (*line == '[') {
            if (!finish_group(opts, group, pairs, errp)) {
                error_prepend(errp, "-readconfig %s:%u: in the group before: ", path, i + 1);
                return false;
            }
            if (!begin_group(line, &group, pairs)) {
                return fail_at(path, i + 1, "unknown group", errp);
            }
        } else if (group < 0) {
            return fail_at(path, i + 1, "no group yet", errp);
        } else if (!read_pair(line, pairs)) {
            return fail_at(path, i + 1, "expected key = \"value\"", errp);
        }
    }
    if (!finish_group(opts, group, pairs, errp)) {
        error_prepend(errp, "-readconfig %s: in the last group: ", path);
        return false;
    }
    return true;
}

bool opt_readconfig(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp)
{
    g_autoptr(GError) why = NULL;
    g_autofree char *text = NULL;
    g_auto(GStrv) lines = NULL;
    GString *pairs;
    gsize length;
    bool ok;

    if (!g_file_get_contents(arg, &text, &length, &why)) {
        error_setg(errp, "-readconfig: %s", why->message);
        return false;
    }
    if (strlen(text) != length) {
        error_setg(errp, "-readconfig %s: not a text file", arg);
        return false;
    }
    pairs = g_string_new(NULL);
    lines = g_strsplit(text, "\n", -1);
    ok = read_lines(opts, arg, lines, pairs, errp);
    g_string_free(pairs, true);
    return ok;
}

/* --- writing --------------------------------------------------------------------------- */

static char *global_group(const char *arg)
{
    const char *equals = strchr(arg, '='), *dot = strchr(arg, '.');

    if (!equals || !dot || dot > equals) {
        return NULL;            /* the option itself says so */
    }
    return g_strdup_printf("[global]\n  driver = \"%.*s\"\n  property = \"%.*s\"\n  value = \"%s\"\n",
                           (int)(dot - arg), arg, (int)(equals - dot - 1), dot + 1, equals + 1);
}

static char *group_text(unsigned group, const char *arg)
{
    g_autoptr(OptList) list = optlist_new(arg, groups[group].implied);
    const char *id = optlist_get(list, "id"), *key, *value;
    GString *out = g_string_new(NULL);

    if (id) {
        g_string_append_printf(out, "[%s \"%s\"]\n", groups[group].group, id);
    } else {
        g_string_append_printf(out, "[%s]\n", groups[group].group);
    }
    while (optlist_take_unknown(list, &key, &value)) {
        g_string_append_printf(out, "  %s = \"%s\"\n", key, value);
    }
    return g_string_free(out, false);
}

void vl_config_note(const char *option, const char *arg)
{
    const char *name = !strcmp(option, "M") ? "machine" : option;

    if (!noted) {
        noted = g_ptr_array_new_with_free_func(g_free);
    }
    for (size_t i = 0; arg && i < ARRAY_SIZE(groups); i++) {
        if (!strcmp(groups[i].option, name)) {
            char *text = !strcmp(name, "global") ? global_group(arg) : group_text(i, arg);

            if (text) {
                g_ptr_array_add(noted, text);
            }
        }
    }
}

bool vl_config_write(const char *path, Error **errp)
{
    FILE *f = strcmp(path, "-") ? fopen(path, "w") : stdout;

    if (!f) {
        error_setg_errno(errp, errno, "-writeconfig %s: cannot create", path);
        return false;
    }
    fprintf(f, "# options of the emulator, for -readconfig\n");
    for (guint i = 0; noted && i < noted->len; i++) {
        fprintf(f, "\n%s", (char *)g_ptr_array_index(noted, i));
    }
    if (f == stdout ? fflush(f) : fclose(f)) {
        error_setg_errno(errp, errno, "-writeconfig %s: cannot write", path);
        return false;
    }
    return true;
}
