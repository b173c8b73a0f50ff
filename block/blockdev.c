/*
 * -blockdev: disk images as named nodes.
 *
 *   driver=file,node-name=N,filename=F          a file, for other nodes
 *   driver=raw|qcow2,node-name=N,file=NODE      an image in that file
 *   driver=raw|qcow2,node-name=N,file.driver=file,file.filename=F
 *
 * with read-only=, discard=ignore|unmap, detect-zeroes=, cache.no-flush= and the
 * accepted auto-read-only=, cache.direct=, file.locking=. An image node becomes
 * a drive of that id, for -device's drive=; a file node becomes one when no
 * image node uses it.
 *
 * Left out: filters, throttling, graphs of more than a format and a file.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "block/backend.h"
#include "qemu/fdset.h"
#include "qemu/optlist.h"

typedef struct FileNode {
    char *name, *filename;
    char *options;              /* as -drive takes them, each with a comma in front */
    char *user;                 /* the node that has it open, NULL: none */
} FileNode;

static GPtrArray *file_nodes;   /* of FileNode * */

static FileNode *find_file_node(const char *name)
{
    for (guint i = 0; file_nodes && i < file_nodes->len; i++) {
        FileNode *node = g_ptr_array_index(file_nodes, i);

        if (!strcmp(node->name, name)) {
            return node;
        }
    }
    return NULL;
}

/* A comma in a value of -drive is written twice. */
static void append(GString *out, const char *key, const char *value)
{
    g_string_append_printf(out, ",%s=", key);
    for (; *value; value++) {
        g_string_append(out, *value == ',' ? ",," : (char[]) { *value, 0 });
    }
}

/* What -drive calls the same, or with NULL what changes nothing here. */
static char *common_options(OptList *opts)
{
    static const struct { const char *given, *drive; } map[] = {
        { "read-only", "readonly" }, { "discard", "discard" }, { "detect-zeroes", "detect-zeroes" },
        { "auto-read-only", NULL }, { "cache.no-flush", NULL }, { "backing", NULL },
        { "file.cache.no-flush", NULL }, { "file.detect-zeroes", NULL }, { "cache.direct", NULL }, { "locking", NULL }, { "aio", NULL },
        { "file.locking", NULL }, { "file.aio", NULL }, { "file.node-name", NULL },
        { "file.cache.direct", NULL }, { "file.discard", NULL }, { "file.auto-read-only", NULL },
        { "file.read-only", NULL },
    };
    const char *no_flush = optlist_get(opts, "cache.no-flush");
    GString *out = g_string_new(NULL);

    for (size_t i = 0; i < ARRAY_SIZE(map); i++) {
        const char *value = optlist_get(opts, map[i].given);

        if (value && map[i].drive) {
            append(out, map[i].drive, value);
        }
    }
    if (no_flush && !strcmp(no_flush, "on")) {
        append(out, "cache", "unsafe");
    }
    return g_string_free(out, false);
}

static bool make_drive(const char *name, const char *format, const char *filename,
                       const char *options, Error **errp)
{
    GString *text = g_string_new("if=none");
    DriveInfo *info;

    append(text, "id", name);
    append(text, "format", format);
    append(text, "file", filename);
    g_string_append(text, options);
    info = drive_new(text->str, IF_NONE, false, errp);
    g_string_free(text, true);
    if (info) {
        info->blk->is_node = true;
    }
    return info != NULL;
}

/* The file below an image node; NULL: error set. */
static const char *image_filename(OptList *opts, const char *what, FileNode **file, Error **errp)
{
    const char *node_name = optlist_get(opts, "file"), *inner = optlist_get(opts, "file.driver");
    const char *filename = optlist_get(opts, "file.filename");
    FileNode *node = node_name ? find_file_node(node_name) : NULL;

    if (node_name && !node) {
        error_setg(errp, "%s: no file node '%s'", what, node_name);
        return NULL;
    }
    if (node && node->user) {
        error_setg(errp, "%s: node '%s' is in use by '%s'", what, node_name, node->user);
        return NULL;
    }
    if (node) {
        *file = node;
        return node->filename;
    }
    if (!filename || (inner && strcmp(inner, "file") && strcmp(inner, "host_device"))) {
        error_setg(errp, "%s: file=NODE or file.driver=file,file.filename= is needed", what);
        return NULL;
    }
    return filename;
}

/* Is the file there? Descriptors from outside may have been opened for both directions alone. errno says why not. */
static bool can_open(const char *filename)
{
    int fd = qemu_open(filename, O_RDONLY | O_NONBLOCK | O_NOCTTY, 0);

    if (fd < 0 && errno == EACCES) {
        fd = qemu_open(filename, O_RDWR | O_NONBLOCK | O_NOCTTY, 0);
    }
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static bool add_node(OptList *opts, const char *what, Error **errp)
{
    const char *driver = optlist_get(opts, "driver"), *name = optlist_get(opts, "node-name");
    bool is_file = driver && (!strcmp(driver, "file") || !strcmp(driver, "host_device"));
    g_autofree char *options = common_options(opts);
    FileNode *file = NULL;
    const char *filename;

    if (!driver || !name || (!is_file && strcmp(driver, "raw") && strcmp(driver, "qcow2"))) {
        error_setg(errp, "%s: node-name= and driver=file, raw or qcow2 are needed", what);
        return false;
    }
    if (find_file_node(name) || blk_find_open(name)) {
        error_setg(errp, "%s: there is already a node '%s'", what, name);
        return false;
    }
    filename = is_file ? optlist_get(opts, "filename") : image_filename(opts, what, &file, errp);
    if (!filename) {
        if (is_file) {
            error_setg(errp, "%s: filename= is missing", what);
        }
        return false;
    }
    if (!optlist_check_unknown(opts, what, errp)) {
        return false;
    }
    if (!is_file) {
        if (!make_drive(name, driver, filename, options, errp)) {
            return false;
        }
        if (file) {
            file->user = g_strdup(name);
        }
        return true;
    }
    if (!can_open(filename)) {
        error_setg_errno(errp, errno, "%s: cannot open", what);
        return false;
    }
    FileNode node = { g_strdup(name), g_strdup(filename), g_steal_pointer(&options), NULL };
    if (!file_nodes) {
        file_nodes = g_ptr_array_new();
    }
    g_ptr_array_add(file_nodes, g_memdup2(&node, sizeof(node)));
    return true;
}

bool blockdev_add(const char *optstr, Error **errp)
{
    g_autoptr(OptList) opts = optlist_new(optstr, "driver");
    g_autofree char *what = g_strdup_printf("-blockdev %s", optstr);

    return add_node(opts, what, errp);
}

/* A file node that stands alone is a raw drive of its own name. */
static bool file_drive(FileNode *node, Error **errp)
{
    if (!make_drive(node->name, "raw", node->filename, node->options, errp)) {
        return false;
    }
    node->user = g_strdup(node->name);
    return true;
}

bool blockdev_finish(Error **errp)
{
    for (guint i = 0; file_nodes && i < file_nodes->len; i++) {
        FileNode *node = g_ptr_array_index(file_nodes, i);

        if (!node->user && !file_drive(node, errp)) {
            return false;
        }
    }
    return true;
}

BlockBackend *blockdev_file_drive(const char *name)
{
    FileNode *node = find_file_node(name);
    Error *err = NULL;

    if (!node || node->user) {
        return NULL;
    }
    if (!file_drive(node, &err)) {
        error_report_err(err);
        return NULL;
    }
    return blk_find_open(name);
}

/* The file node that the node called name uses; NULL: none. */
static FileNode *file_under(const char *name)
{
    for (guint i = 0; file_nodes && i < file_nodes->len; i++) {
        FileNode *node = g_ptr_array_index(file_nodes, i);

        if (!g_strcmp0(node->user, name)) {
            return node;
        }
    }
    return NULL;
}

static void file_node_free(FileNode *node)
{
    g_ptr_array_remove(file_nodes, node);
    g_free(node->name);
    g_free(node->filename);
    g_free(node->options);
    g_free(node->user);
    g_free(node);
}

bool blockdev_del(const char *name, Error **errp)
{
    FileNode *file = find_file_node(name), *under = file_under(name);
    bool drive_of_file = file && !g_strcmp0(file->user, name);
    BlockBackend *blk = file && !drive_of_file ? NULL : blk_find_open(name);

    if (!file && !(blk && blk->is_node)) {
        error_setg(errp, "Failed to find node with node-name='%s'", name);
        return false;
    }
    if ((blk && (blk->dev || blk->lent_to)) || (file && file->user && !drive_of_file)) {
        error_setg(errp, "Node %s is in use", name);
        return false;
    }
    if (blk) {
        drive_del(blk);
    }
    if (file) {
        file_node_free(file);
    } else if (under) {
        g_free(under->user);
        under->user = NULL;
    }
    return true;
}
