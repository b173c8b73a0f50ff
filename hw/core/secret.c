/*
 * -object secret: a key or password that other objects refer to by its id, so
 * that it need not be on the command line.
 *
 * Properties   "data" or "file": where it is; "format": raw or base64
 * Left out     secrets that are encrypted with another one ("keyid", "iv")
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/user-creatable.h"

typedef struct Secret {
    Object parent_obj;
    char *data, *file, *format;
    uint8_t *value;
    size_t length;
} Secret;

/* RFC 4648, section 4; lines may end anywhere. length: of the text, which holds no zero byte then. */
static bool is_base64(const char *text, size_t length)
{
    size_t digits = 0, padding = 0;

    for (const char *c = text; *c; c++) {
        if (*c == '\n') {
            continue;
        }
        if (*c == '=') {
            padding++;
        } else if (padding || !(g_ascii_isalnum(*c) || *c == '+' || *c == '/')) {
            return false;
        }
        digits++;
    }
    return strlen(text) == length && digits % 4 == 0 && padding <= 2;
}

static bool secret_complete(Object *obj, Error **errp)
{
    Secret *s = (Secret *)obj;
    g_autoptr(GError) why = NULL;
    gchar *text = NULL;
    gsize length = 0;

    if (!s->data == !s->file) {
        error_setg(errp, "exactly one of 'data' and 'file' is needed");
        return false;
    }
    if (s->format && strcmp(s->format, "raw") && strcmp(s->format, "base64")) {
        error_setg(errp, "'format=%s': expected raw or base64", s->format);
        return false;
    }
    if (s->file && !g_file_get_contents(s->file, &text, &length, &why)) {
        error_setg(errp, "%s", why->message);
        return false;
    }
    if (s->data) {
        text = g_strdup(s->data);
        length = strlen(text);
    }
    s->value = (uint8_t *)text;
    s->length = length;
    if (s->format && !strcmp(s->format, "base64")) {
        if (!is_base64(text, length)) {
            error_setg(errp, "'%s' is not base64", s->file ? s->file : "data");
            return false;
        }
        s->length = 0;
        if (length > 1) {               /* GLib takes no less */
            s->length = length;
            g_base64_decode_inplace(text, &s->length);
        }
    }
    return true;
}

static void secret_finalize(Object *obj)
{
    Secret *s = (Secret *)obj;

    if (s->value) {
        explicit_bzero(s->value, s->length);
    }
    g_free(s->value);
    g_free(s->data);
    g_free(s->file);
    g_free(s->format);
}

static const Property secret_props[] = {
    DEFINE_PROP_STRING("data", Secret, data),
    DEFINE_PROP_STRING("file", Secret, file),
    DEFINE_PROP_STRING("format", Secret, format),
    DEFINE_PROP_END
};

static const UserCreatableClass secret_class = { .complete = secret_complete };

static const TypeInfo secret_info = {
    .name = "secret", .parent = TYPE_USER_CREATABLE, .desc = "key or password", .instance_size = sizeof(Secret),
    .finalize = secret_finalize, .props = secret_props, .user_creatable = true, .class_data = &secret_class,
};
DEFINE_TYPE(secret_info)
