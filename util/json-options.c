/*
 * JSON objects as option strings (include/qemu/json-options.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/json-options.h"
#include "qemu/optlist.h"

/* {"str": X}: how QMP writes the elements of a list of words. */
static bool is_word(json_t *value)
{
    return json_is_object(value) && json_object_size(value) == 1 && json_object_get(value, "str");
}

static void append_value(GString *out, const char *key, json_t *value);

static void append_members(GString *out, const char *prefix, json_t *object)
{
    const char *name;
    json_t *value;

    json_object_foreach(object, name, value) {
        g_autofree char *key = g_strdup_printf("%s%s%s", prefix, *prefix ? "." : "", name);

        append_value(out, key, value);
    }
}

static void append_elements(GString *out, const char *prefix, json_t *array)
{
    json_t *value;
    size_t i;

    json_array_foreach(array, i, value) {
        g_autofree char *key = g_strdup_printf("%s.%zu", prefix, i);

        if (is_word(value)) {
            append_value(out, prefix, json_object_get(value, "str"));
        } else {
            append_value(out, key, value);
        }
    }
}

static void append_value(GString *out, const char *key, json_t *value)
{
    g_autofree char *number = NULL;

    switch (json_typeof(value)) {
    case JSON_OBJECT:
        append_members(out, key, value);
        break;
    case JSON_ARRAY:
        append_elements(out, key, value);
        break;
    case JSON_STRING:
        optlist_append(out, key, json_string_value(value));
        break;
    case JSON_INTEGER:
        number = g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
        optlist_append(out, key, number);
        break;
    case JSON_REAL:
        number = g_strdup_printf("%.17g", json_real_value(value));
        optlist_append(out, key, number);
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        optlist_append(out, key, json_is_true(value) ? "on" : "off");
        break;
    case JSON_NULL:
        break;
    }
}

char *json_to_options(json_t *object)
{
    GString *out = g_string_new(NULL);

    append_members(out, "", object);
    return g_string_free(out, false);
}

char *json_text_to_options(const char *text, const char *what, Error **errp)
{
    json_error_t error;
    json_t *value = json_loads(text, JSON_REJECT_DUPLICATES, &error);
    char *options = NULL;

    if (!json_is_object(value)) {
        error_setg(errp, "%s: JSON parse error, %s", what, value ? "not an object" : error.text);
    } else {
        options = json_to_options(value);
    }
    json_decref(value);
    return options;
}
