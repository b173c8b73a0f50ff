/*
 * Types and objects: registration, the inheritance chain, creation, ownership.
 *
 * Devices, buses and properties are built on this in qdev*.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/qdev.h"

static const TypeInfo object_type = { .name = "object", .instance_size = sizeof(Object) };

static GHashTable *type_table;  /* name -> const TypeInfo *; fixed once main runs */

void type_register_static(const TypeInfo *info)
{
    if (!type_table) {
        type_table = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(type_table, (void *)object_type.name, (void *)&object_type);
    }
    if (g_hash_table_contains(type_table, info->name)) {
        error_report("type %s is registered twice", info->name);
        abort();
    }
    g_hash_table_insert(type_table, (void *)info->name, (void *)info);
}

const TypeInfo *type_by_name(const char *name)
{
    return type_table ? g_hash_table_lookup(type_table, name) : NULL;
}

const TypeInfo *type_parent(const TypeInfo *type)
{
    const TypeInfo *parent;

    if (type == &object_type) {
        return NULL;
    }
    parent = type->parent ? type_by_name(type->parent) : &object_type;
    if (!parent) {
        error_report("type %s: parent type %s is not registered", type->name, type->parent);
        abort();
    }
    return parent;
}

bool type_is_a(const TypeInfo *type, const char *ancestor)
{
    for (; type; type = type_parent(type)) {
        if (!strcmp(type->name, ancestor)) {
            return true;
        }
    }
    return false;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, b);
}

void type_foreach(const char *ancestor, void (*fn)(const TypeInfo *, void *), void *opaque)
{
    GList *names = g_list_sort(g_hash_table_get_keys(type_table), compare_names);

    for (GList *l = names; l; l = l->next) {
        const TypeInfo *type = type_by_name(l->data);

        if (strcmp(type->name, ancestor) && type_is_a(type, ancestor)) {
            fn(type, opaque);
        }
    }
    g_list_free(names);
}

const void *type_class_data(const TypeInfo *type)
{
    for (; type; type = type_parent(type)) {
        if (type->class_data) {
            return type->class_data;
        }
    }
    return NULL;
}

const void *object_class_data(const Object *obj)
{
    return type_class_data(obj->type);
}

/* The largest instance size in the chain: a type without its own data may leave it 0. */
static size_t type_instance_size(const TypeInfo *type)
{
    size_t size = 0;

    for (; type; type = type_parent(type)) {
        size = MAX(size, type->instance_size);
    }
    return size;
}

static void object_init_chain(Object *obj, const TypeInfo *type)
{
    if (type) {
        object_init_chain(obj, type_parent(type));
        if (type->init) {
            type->init(obj);
        }
    }
}

static void object_start(Object *obj, const TypeInfo *type)
{
    obj->type = type;
    obj->ref = 1;
    object_init_chain(obj, type);
}

static const TypeInfo *type_must_exist(const char *name)
{
    const TypeInfo *type = type_by_name(name);

    if (!type) {
        error_report("type %s is not registered", name);
        abort();
    }
    return type;
}

void object_initialize(void *mem, const char *type)
{
    object_start(mem, type_must_exist(type));
}

Object *object_new(const char *name)
{
    const TypeInfo *type = type_must_exist(name);
    size_t size = ROUND_UP(type_instance_size(type), 64);
    Object *obj = aligned_alloc(64, size);

    if (!obj) {
        g_error("out of memory: %zu bytes for %s", size, name);
    }
    memset(obj, 0, size);
    obj->on_heap = true;
    object_start(obj, type);
    return obj;
}

void object_ref(Object *obj)
{
    qatomic_fetch_add(&obj->ref, 1);
}

void object_unref(Object *obj)
{
    if (!obj || qatomic_fetch_add(&obj->ref, -1) != 1) {
        return;
    }
    for (const TypeInfo *type = obj->type; type; type = type_parent(type)) {
        if (type->finalize) {
            type->finalize(obj);
        }
    }
    while (obj->children && obj->children->len) {
        object_unparent(g_ptr_array_index(obj->children, obj->children->len - 1));
    }
    if (obj->children) {
        g_ptr_array_free(obj->children, true);
    }
    g_free(obj->id);
    if (obj->on_heap) {
        free(obj);
    }
}

/* "TYPE[n]" with the first free n. */
static char *automatic_id(const Object *parent, const Object *child)
{
    for (unsigned n = 0;; n++) {
        char *id = g_strdup_printf("%s[%u]", child->type->name, n);

        if (!object_child(parent, id)) {
            return id;
        }
        g_free(id);
    }
}

Object *object_child(const Object *parent, const char *id)
{
    for (guint i = 0; parent->children && i < parent->children->len; i++) {
        Object *child = g_ptr_array_index(parent->children, i);

        if (!strcmp(child->id, id)) {
            return child;
        }
    }
    return NULL;
}

void object_add_child(Object *parent, const char *id, Object *child)
{
    assert(!child->parent);
    if (!parent->children) {
        parent->children = g_ptr_array_new();
    }
    g_free(child->id);
    child->id = id ? g_strdup(id) : automatic_id(parent, child);
    child->parent = parent;
    g_ptr_array_add(parent->children, child);
}

void object_unparent(Object *child)
{
    if (child->parent) {
        g_ptr_array_remove(child->parent->children, child);
        child->parent = NULL;
        object_unref(child);
    }
}

Object *object_dynamic_cast(Object *obj, const char *type)
{
    return obj && type_is_a(obj->type, type) ? obj : NULL;
}

Object *object_check(Object *obj, const char *type)
{
    if (!obj || (obj->type->name != type && !type_is_a(obj->type, type))) {
        error_report("object of type %s used as %s", obj ? obj->type->name : "(null)", type);
        abort();
    }
    return obj;
}

char *object_path(const Object *obj)
{
    char *path = NULL;

    for (; obj->parent; obj = obj->parent) {
        char *longer = g_strconcat("/", obj->id, path, NULL);

        g_free(path);
        path = longer;
    }
    return path ? path : g_strdup("/");
}

static bool object_has_id(const Object *obj, const char *name)
{
    return !strcmp(obj->id, name);
}

static bool object_has_type(const Object *obj, const char *name)
{
    return !strcmp(obj->type->name, name);
}

/* The first object anywhere below obj that matches, depth first. */
static Object *object_find(Object *obj, bool (*matches)(const Object *obj, const char *name),
                           const char *name)
{
    for (guint i = 0; obj->children && i < obj->children->len; i++) {
        Object *child = g_ptr_array_index(obj->children, i);
        Object *found = matches(child, name) ? child : object_find(child, matches, name);

        if (found) {
            return found;
        }
    }
    return NULL;
}

Object *object_resolve_path(Object *root, const char *path)
{
    g_auto(GStrv) parts = NULL;
    Object *obj = root;

    if (*path != '/') {
        Object *named = object_find(root, object_has_id, path);

        return named ? named : object_find(root, object_has_type, path);
    }
    parts = g_strsplit(path + 1, "/", -1);
    for (char **part = parts; *part && obj; part++) {
        if (**part && !(obj == root && part == parts && root->id && !strcmp(*part, root->id))) {
            obj = object_child(obj, *part);
        }
    }
    return obj;
}

static void QEMU_CONSTRUCTOR object_types_init(void)
{
    if (!type_table) {
        type_table = g_hash_table_new(g_str_hash, g_str_equal);
        g_hash_table_insert(type_table, (void *)object_type.name, (void *)&object_type);
    }
}
