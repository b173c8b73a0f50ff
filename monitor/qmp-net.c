/*
 * QMP: network backends and character devices.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"
#include "chardev/char.h"
#include "net/net.h"
#include "qemu/json-options.h"

/* --- network ------------------------------------------------------------------------------ */

json_t *qmp_netdev_add(json_t *args, Error **errp)
{
    g_autofree char *options = json_to_options(args);

    return qmp_done_if(net_client_parse("netdev", options, errp));
}

json_t *qmp_netdev_del(json_t *args, Error **errp)
{
    return qmp_done_if(net_backend_del(qmp_str(args, "id"), errp));
}

json_t *qmp_set_link(json_t *args, Error **errp)
{
    return qmp_done_if(net_set_link(qmp_str(args, "name"), qmp_bool(args, "up"), errp));
}

/* The cards do not tell what they filter. */
json_t *qmp_query_rx_filter(json_t *args, Error **errp)
{
    const char *name = qmp_str(args, "name");

    if (name) {
        error_setg(errp, net_client_exists(name) ? "net client(%s) doesn't support rx-filter querying"
                                                 : "invalid net client name: %s", name);
        return NULL;
    }
    return json_array();
}

/* --- character devices ---------------------------------------------------------------------- */

static void list_chardev(void *opaque, const char *label, const char *filename, bool frontend_open)
{
    json_array_append_new(opaque, json_pack("{s:s,s:s,s:b}", "label", label, "filename", filename,
                                            "frontend-open", frontend_open));
}

json_t *qmp_query_chardev(json_t *args, Error **errp)
{
    json_t *list = json_array();

    chardev_foreach(list_chardev, list);
    return list;
}

static void list_backend(void *opaque, const char *name)
{
    json_array_append_new(opaque, json_pack("{s:s}", "name", name));
}

json_t *qmp_query_chardev_backends(json_t *args, Error **errp)
{
    json_t *list = json_array();

    chardev_foreach_backend(list_backend, list);
    return list;
}

/* QMP's names of options that -chardev calls otherwise. Takes the pairs out of data. */
static void rename_members(json_t *data, json_t *options)
{
    static const char *const names[][2] = {
        { "out", "path" }, { "in", "input-path" }, { "device", "path" },
    };
    const char *name;
    json_t *value;

    json_object_foreach(data, name, value) {
        const char *option = name;

        for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
            option = strcmp(names[i][0], name) ? option : names[i][1];
        }
        json_object_set(options, option, value);
    }
}

/* {"type": T, "data": {..}} as the options of -chardev. */
static json_t *chardev_options(const char *id, json_t *backend)
{
    json_t *data = json_object_get(backend, "data"), *addr = json_object_get(data, "addr");
    json_t *options = json_pack("{s:O,s:s}", "backend", json_object_get(backend, "type"), "id", id);

    rename_members(data, options);
    if (addr) {
        json_object_del(options, "addr");
        json_object_update(options, json_object_get(addr, "data"));
        if (!strcmp(qmp_str(addr, "type"), "fd")) {
            json_object_set(options, "fd", json_object_get(options, "str"));
            json_object_del(options, "str");
        }
        if (!json_object_get(options, "server")) {
            json_object_set_new(options, "server", json_true());
        }
        if (!json_object_get(options, "wait")) {
            json_object_set_new(options, "wait", json_false());
        }
    }
    return options;
}

json_t *qmp_chardev_add(json_t *args, Error **errp)
{
    json_t *options = chardev_options(qmp_str(args, "id"), json_object_get(args, "backend"));
    g_autofree char *text = json_to_options(options);
    Chardev *chr = qemu_chr_new_from_opts(text, errp);
    const char *pty = chr ? qemu_chr_pty_name(chr) : NULL;

    json_decref(options);
    return chr ? json_pack("{s:s*}", "pty", pty) : NULL;
}

json_t *qmp_chardev_remove(json_t *args, Error **errp)
{
    return qmp_done_if(qemu_chr_del(qmp_str(args, "id"), errp));
}
