/*
 * The table of qmp-commands.h at run time: look-ups, the check of a command's
 * arguments, query-qmp-schema and its relatives.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"

typedef enum { KIND_ENUM, KIND_STRUCT, KIND_UNION, KIND_ALTERNATE } TypeKind;

/* As the table has it. */
typedef struct TypeRow {
    TypeKind kind;
    const char *name, *members, *tag, *branches;
} TypeRow;

static const TypeRow type_rows[] = {
#define QMP_ENUM(n, values) { KIND_ENUM, #n, values, NULL, NULL },
#define QMP_STRUCT(n, members) { KIND_STRUCT, #n, members, NULL, NULL },
#define QMP_UNION(n, members, tag, branches) { KIND_UNION, #n, members, tag, branches },
#define QMP_ALTERNATE(n, types) { KIND_ALTERNATE, #n, types, NULL, NULL },
#include "monitor/qmp-commands.h"
};

static const QMPCommandRow command_rows[] = {
#define QMP_COMMAND(n, f, m, r, fl) { .name = n, .func = f, .members = m, .ret = r, .flags = fl },
#include "monitor/qmp-commands.h"
};

static const struct { const char *name, *members; } event_rows[] = {
#define QMP_EVENT(n, m) { n, m },
#include "monitor/qmp-commands.h"
};

static const struct { const char *name, *json; } builtins[] = {
    { "str", "string" }, { "int", "int" }, { "number", "number" }, { "bool", "boolean" },
    { "null", "null" }, { "any", "value" },
};

/* --- the words of a row ------------------------------------------------------------- */

typedef struct Member {
    char *name;                 /* of a value, a type or a branch too */
    const char *type;           /* interned; NULL for words without a colon or equals sign */
    bool optional;
} Member;

/* A row taken apart. Made on first use, kept. */
typedef struct Type {
    TypeKind kind;
    const char *name, *tag;
    GArray *members;            /* of Member */
    GArray *branches;           /* of Member: value and type */
    GPtrArray *features;        /* of char * */
    bool open;                  /* "..." */
} Type;

static GArray *parse_words(const char *text, char separator, Type *type)
{
    GArray *list = g_array_new(false, true, sizeof(Member));
    g_auto(GStrv) words = g_strsplit(text ? text : "", " ", -1);

    for (char **word = words; *word; word++) {
        Member member = { .optional = **word == '*' };
        char *split = separator ? strchr(*word, separator) : NULL;

        if (!**word) {
            continue;
        }
        if (!strcmp(*word, "...")) {
            type->open = true;
        } else if (**word == '$') {
            g_ptr_array_add(type->features, g_strdup(*word + 1));
        } else {
            member.type = split ? g_intern_string(split + 1) : NULL;
            if (split) {
                *split = '\0';
            }
            member.name = g_strdup(*word + member.optional);
            g_array_append_val(list, member);
        }
    }
    return list;
}

static Type *type_new(TypeKind kind, const char *name, const char *members, const char *tag,
                      const char *branches)
{
    Type *type = g_new0(Type, 1);

    type->kind = kind;
    type->name = name;
    type->tag = tag;
    type->features = g_ptr_array_new();
    type->members = parse_words(members, kind == KIND_STRUCT || kind == KIND_UNION ? ':' : 0, type);
    type->branches = parse_words(branches, '=', type);
    return type;
}

static GHashTable *types;       /* name -> Type *; main thread */

static Type *find_type(const char *name)
{
    if (!types) {
        types = g_hash_table_new(g_str_hash, g_str_equal);
        for (size_t i = 0; i < ARRAY_SIZE(type_rows); i++) {
            const TypeRow *row = &type_rows[i];

            g_hash_table_insert(types, (void *)row->name,
                                type_new(row->kind, row->name, row->members, row->tag, row->branches));
        }
    }
    return g_hash_table_lookup(types, name);
}

/* The arguments of a command, the data of an event: "=TYPE", or a type of their own. */
static Type *members_type(const char *owner, const char *members)
{
    g_autofree char *name = g_strdup_printf("q_obj_%s-arg", owner);
    Type *type;

    if (*members == '=') {
        return find_type(members + 1);
    }
    type = find_type(name);
    if (!type) {
        type = type_new(KIND_STRUCT, g_intern_string(name), members, NULL, NULL);
        g_hash_table_insert(types, (void *)type->name, type);
    }
    return type;
}

const QMPCommandRow *qmp_find_command(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(command_rows); i++) {
        if (!strcmp(command_rows[i].name, name)) {
            return &command_rows[i];
        }
    }
    return NULL;
}

const char *qmp_enum_name(const char *enum_name, unsigned index)
{
    return g_array_index(find_type(enum_name)->members, Member, index).name;
}

static const Member *find_member(const GArray *list, const char *name)
{
    for (guint i = 0; i < list->len; i++) {
        const Member *member = &g_array_index(list, Member, i);

        if (!strcmp(member->name, name)) {
            return member;
        }
    }
    return NULL;
}

/* --- does a value fit? ---------------------------------------------------------------- */

static bool check_value(const char *type_name, const char *what, json_t *value, Error **errp);

static bool check_builtin(const char *name, json_t *value)
{
    switch (*name) {
    case 's':
        return json_is_string(value);
    case 'i':
        return json_is_integer(value);
    case 'b':
        return json_is_boolean(value);
    case 'n':
        return name[2] == 'm' ? json_is_number(value) : json_is_null(value);
    default:
        return true;
    }
}

static const char *builtin_json(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(builtins); i++) {
        if (!strcmp(builtins[i].name, name)) {
            return builtins[i].json;
        }
    }
    return NULL;
}

static bool check_members(const GArray *members, const char *what, json_t *object, Error **errp)
{
    for (guint i = 0; i < members->len; i++) {
        const Member *member = &g_array_index(members, Member, i);
        json_t *value = json_object_get(object, member->name);
        g_autofree char *path = *what ? g_strdup_printf("%s.%s", what, member->name)
                                      : g_strdup(member->name);

        if (!value && !member->optional) {
            error_setg(errp, "Parameter '%s' is missing", path);
            return false;
        }
        if (value && !check_value(member->type, path, value, errp)) {
            return false;
        }
    }
    return true;
}

/* The type that a union's tag adds; NULL: none. */
static Type *chosen_branch(const Type *type, json_t *object)
{
    json_t *tag = type->tag ? json_object_get(object, type->tag) : NULL;
    const Member *branch = tag ? find_member(type->branches, json_string_value(tag)) : NULL;

    return branch ? find_type(branch->type) : NULL;
}

static bool check_object(const Type *type, const char *what, json_t *object, Error **errp)
{
    const Type *branch;
    const char *key;
    json_t *value;

    if (!check_members(type->members, what, object, errp)) {
        return false;
    }
    branch = chosen_branch(type, object);
    if (branch && !check_members(branch->members, what, object, errp)) {
        return false;
    }
    if (type->open) {
        return true;
    }
    json_object_foreach(object, key, value) {
        if (!find_member(type->members, key) && !(branch && find_member(branch->members, key))) {
            error_setg(errp, "Parameter '%s%s%s' is unexpected", what, *what ? "." : "", key);
            return false;
        }
    }
    return true;
}

static bool check_array(const char *type_name, const char *what, json_t *array, Error **errp)
{
    g_autofree char *element = g_strndup(type_name + 1, strlen(type_name) - 2);
    json_t *value;
    size_t i;

    json_array_foreach(array, i, value) {
        g_autofree char *path = g_strdup_printf("%s[%zu]", what, i);

        if (!check_value(element, path, value, errp)) {
            return false;
        }
    }
    return true;
}

/* An alternate's members differ by their kind of JSON value. */
static bool check_alternate(const Type *type, const char *what, json_t *value, Error **errp)
{
    for (guint i = 0; i < type->members->len; i++) {
        const char *name = g_array_index(type->members, Member, i).name;

        if (builtin_json(name) ? check_builtin(name, value) : json_is_object(value)) {
            return check_value(name, what, value, errp);
        }
    }
    error_setg(errp, "Invalid parameter type for '%s', expected: %s", what, type->name);
    return false;
}

static bool check_value(const char *type_name, const char *what, json_t *value, Error **errp)
{
    const char *builtin = builtin_json(type_name), *wanted = "object";
    const Type *type = builtin || *type_name == '[' ? NULL : find_type(type_name);

    if (builtin) {
        if (check_builtin(type_name, value)) {
            return true;
        }
        wanted = !strcmp(builtin, "int") ? "integer" : builtin;
    } else if (*type_name == '[') {
        if (json_is_array(value)) {
            return check_array(type_name, what, value, errp);
        }
        wanted = "array";
    } else if (type->kind == KIND_ALTERNATE) {
        return check_alternate(type, what, value, errp);
    } else if (type->kind == KIND_ENUM) {
        if (json_is_string(value)) {
            if (!find_member(type->members, json_string_value(value))) {
                error_setg(errp, "Parameter '%s' does not accept value '%s'", what, json_string_value(value));
                return false;
            }
            return true;
        }
        wanted = "string";
    } else if (json_is_object(value)) {
        return check_object(type, what, value, errp);
    }
    error_setg(errp, "Invalid parameter type for '%s', expected: %s", what, wanted);
    return false;
}

bool qmp_check_args(const QMPCommandRow *row, json_t *args, Error **errp)
{
    return check_object(members_type(row->name, row->members), "", args, errp);
}

/* --- descriptions --------------------------------------------------------------------- */

static json_t *features_of(const Type *type)
{
    json_t *list = type->features->len ? json_array() : NULL;

    for (guint i = 0; i < type->features->len; i++) {
        json_array_append_new(list, json_string(g_ptr_array_index(type->features, i)));
    }
    return list;
}

/* A schema entry; takes list and features (either may be NULL). */
static json_t *entry(json_t *out, const char *name, const char *meta, const char *key, json_t *list,
                     json_t *features)
{
    json_t *object = json_pack("{s:s,s:s}", "name", name, "meta-type", meta);

    if (list) {
        json_object_set_new(object, key, list);
    }
    if (features) {
        json_object_set_new(object, "features", features);
    }
    json_array_append_new(out, object);
    return object;
}

static json_t *describe_members(const GArray *members)
{
    json_t *list = json_array();

    for (guint i = 0; i < members->len; i++) {
        const Member *member = &g_array_index(members, Member, i);
        json_t *item = json_pack("{s:s,s:s}", "name", member->name, "type", member->type);

        if (member->optional) {
            json_object_set_new(item, "default", json_null());
        }
        json_array_append_new(list, item);
    }
    return list;
}

static json_t *describe_branches(const Type *type)
{
    const Type *tag = find_type(find_member(type->members, type->tag)->type);
    json_t *list = json_array();

    for (guint i = 0; i < tag->members->len; i++) {
        const char *value = g_array_index(tag->members, Member, i).name;
        const Member *branch = find_member(type->branches, value);

        json_array_append_new(list, json_pack("{s:s,s:s}", "case", value, "type",
                                              branch ? branch->type : "q_empty"));
    }
    return list;
}

static void describe_type(json_t *out, const Type *type)
{
    json_t *object, *list = json_array(), *values = json_array();

    for (guint i = 0; i < type->members->len; i++) {
        const char *name = g_array_index(type->members, Member, i).name;

        json_array_append_new(values, json_string(name));
        json_array_append_new(list, json_pack("{s:s}", type->kind == KIND_ENUM ? "name" : "type", name));
    }
    switch (type->kind) {
    case KIND_ENUM:
        object = entry(out, type->name, "enum", "members", list, NULL);
        json_object_set(object, "values", values);
        break;
    case KIND_ALTERNATE:
        entry(out, type->name, "alternate", "members", list, NULL);
        break;
    default:
        json_decref(list);
        object = entry(out, type->name, "object", "members", describe_members(type->members),
                       features_of(type));
        if (type->tag) {
            json_object_set_new(object, "tag", json_string(type->tag));
            json_object_set_new(object, "variants", describe_branches(type));
        }
        break;
    }
    json_decref(values);
}

/* "[T]" for each array that a member or an answer is. */
static void note_arrays(GHashTable *arrays, const GArray *members)
{
    for (guint i = 0; i < members->len; i++) {
        const Member *member = &g_array_index(members, Member, i);

        if (member->type && *member->type == '[') {
            g_hash_table_add(arrays, (void *)member->type);
        }
    }
}

static void describe_types(json_t *out)
{
    g_autoptr(GHashTable) arrays = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    gpointer key, value;

    for (size_t i = 0; i < ARRAY_SIZE(builtins); i++) {
        entry(out, builtins[i].name, "builtin", "json-type", json_string(builtins[i].json), NULL);
    }
    entry(out, "q_empty", "object", "members", json_array(), NULL);
    for (size_t i = 0; i < ARRAY_SIZE(command_rows); i++) {
        if (*command_rows[i].ret == '[') {
            g_hash_table_add(arrays, (void *)command_rows[i].ret);
        }
    }
    g_hash_table_iter_init(&iter, types);
    while (g_hash_table_iter_next(&iter, &key, &value)) {
        describe_type(out, value);
        note_arrays(arrays, ((Type *)value)->members);
    }
    g_hash_table_iter_init(&iter, arrays);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        g_autofree char *element = g_strndup((char *)key + 1, strlen(key) - 2);

        entry(out, key, "array", "element-type", json_string(element), NULL);
    }
}

json_t *qmp_query_qmp_schema(json_t *args, Error **errp)
{
    json_t *out = json_array();

    for (size_t i = 0; i < ARRAY_SIZE(command_rows); i++) {
        const QMPCommandRow *row = &command_rows[i];
        Type *type = members_type(row->name, row->members);
        json_t *object = entry(out, row->name, "command", "arg-type", json_string(type->name),
                               *row->members == '=' ? NULL : features_of(type));

        json_object_set_new(object, "ret-type", json_string(*row->ret ? row->ret : "q_empty"));
    }
    for (size_t i = 0; i < ARRAY_SIZE(event_rows); i++) {
        Type *type = members_type(event_rows[i].name, event_rows[i].members);

        entry(out, event_rows[i].name, "event", "arg-type", json_string(type->name), NULL);
    }
    describe_types(out);
    return out;
}

json_t *qmp_query_commands(json_t *args, Error **errp)
{
    json_t *list = json_array();

    for (size_t i = 0; i < ARRAY_SIZE(command_rows); i++) {
        json_array_append_new(list, json_pack("{s:s}", "name", command_rows[i].name));
    }
    return list;
}

json_t *qmp_query_events(json_t *args, Error **errp)
{
    json_t *list = json_array();

    for (size_t i = 0; i < ARRAY_SIZE(event_rows); i++) {
        json_array_append_new(list, json_pack("{s:s}", "name", event_rows[i].name));
    }
    return list;
}
