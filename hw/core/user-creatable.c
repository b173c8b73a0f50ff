/*
 * -object and object_add: making and ending objects that are no devices.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/core/qdev-internal.h"
#include "hw/user-creatable.h"
#include "qemu/optlist.h"

static const TypeInfo user_creatable_info = { .name = TYPE_USER_CREATABLE, .instance_size = sizeof(Object) };
DEFINE_TYPE(user_creatable_info)

/* "/objects". */
static Object *objects_group(void)
{
    Object *group = object_child(object_root(), "objects");

    if (!group) {
        group = object_new("object");
        object_add_child(object_root(), "objects", group);
    }
    return group;
}

static const UserCreatableClass *class_of(const TypeInfo *type)
{
    return type_is_a(type, TYPE_USER_CREATABLE) ? type_class_data(type) : NULL;
}

static const TypeInfo *find_type(const char *name)
{
    const TypeInfo *type = name ? type_by_name(name) : NULL;

    return type && class_of(type) && type->user_creatable ? type : NULL;
}

static void name_type(const TypeInfo *type, void *opaque)
{
    GString *list = opaque;

    if (type->user_creatable) {
        g_string_append_printf(list, "%s%s", list->len ? ", " : "", type->name);
    }
}

static bool fail_unknown(const char *name, const char *what, Error **errp)
{
    GString *known = g_string_new(NULL);

    type_foreach(TYPE_USER_CREATABLE, name_type, known);
    error_setg(errp, "%s: %s '%s' (known: %s)", what, name ? "unknown object type" : "no object type",
               name ? name : "", known->str);
    g_string_free(known, true);
    return false;
}

static const Property *find_property(const TypeInfo *type, const char *name)
{
    for (; type; type = type_parent(type)) {
        for (const Property *prop = type->props; prop && prop->name; prop++) {
            if (!strcmp(prop->name, name)) {
                return prop;
            }
        }
    }
    return NULL;
}

static bool set_properties(Object *obj, OptList *opts, Error **errp)
{
    const char *name, *value;

    for (const TypeInfo *type = obj->type; type; type = type_parent(type)) {
        for (const Property *prop = type->props; prop && prop->name; prop++) {
            property_set_default(prop, obj);
        }
    }
    while (optlist_take_unknown(opts, &name, &value)) {
        const Property *prop = find_property(obj->type, name);

        if (!prop) {
            error_setg(errp, "Property '%s.%s' not found", obj->type->name, name);
            return false;
        }
        if (!property_parse(prop, obj, value, errp)) {
            return false;
        }
    }
    return true;
}

static bool add(OptList *opts, const char *what, Error **errp)
{
    const char *name = optlist_get(opts, "qom-type"), *id = optlist_get(opts, "id");
    const TypeInfo *type = find_type(name);
    Object *obj;

    if (!type) {
        return fail_unknown(name, what, errp);
    }
    if (!id || !*id) {
        error_setg(errp, "%s: id= is missing", what);
        return false;
    }
    if (!id_wellformed(id)) {
        error_setg(errp, "%s: id '%s' must be a letter followed by letters, digits, -._", what, id);
        return false;
    }
    if (object_child(objects_group(), id)) {
        error_setg(errp, "%s: there is already an object '%s'", what, id);
        return false;
    }
    obj = object_new(type->name);
    if (!set_properties(obj, opts, errp) || (class_of(type)->complete && !class_of(type)->complete(obj, errp))) {
        error_prepend(errp, "%s: ", what);
        object_unref(obj);
        return false;
    }
    object_add_child(objects_group(), id, obj);
    return true;
}

bool user_object_add(const char *optstr, Error **errp)
{
    g_autoptr(OptList) opts = optlist_new(optstr, "qom-type");
    const char *name = optlist_get(opts, "qom-type");
    g_autofree char *what = g_strdup_printf("-object %s", name ? name : optstr);

    return add(opts, what, errp);
}

bool user_object_del(const char *id, Error **errp)
{
    Object *obj = object_child(objects_group(), id);
    const UserCreatableClass *class = obj ? class_of(obj->type) : NULL;

    if (!obj) {
        error_setg(errp, "object '%s' not found", id);
        return false;
    }
    if (class->can_be_deleted && !class->can_be_deleted(obj, errp)) {
        return false;
    }
    object_unparent(obj);
    return true;
}

bool user_object_is_late(const char *optstr)
{
    g_autoptr(OptList) opts = optlist_new(optstr, "qom-type");
    const TypeInfo *type = find_type(optlist_get(opts, "qom-type"));

    return type && class_of(type)->late;
}

Object *user_object_find(const char *id, const char *type)
{
    return object_dynamic_cast(object_child(objects_group(), id), type);
}

void user_object_foreach(void (*fn)(Object *obj, void *opaque), void *opaque)
{
    Object *group = objects_group();

    for (guint i = 0; group->children && i < group->children->len; i++) {
        fn(g_ptr_array_index(group->children, i), opaque);
    }
}

void user_object_cleanup(void)
{
    Object *group = objects_group();

    while (group->children && group->children->len) {
        object_unparent(g_ptr_array_index(group->children, group->children->len - 1));
    }
}
