/*
 * Numbers, sizes and option lists as text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include <math.h>

bool qemu_parse_bool(const char *text, bool *value)
{
    static const char *const words[][2] = {
        { "off", "on" }, { "no", "yes" }, { "false", "true" }, { "n", "y" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        for (int flag = 0; flag < 2; flag++) {
            if (!strcmp(text, words[i][flag])) {
                *value = flag;
                return true;
            }
        }
    }
    return false;
}

bool qemu_parse_uint(const char *text, int base, uint64_t max, uint64_t *value)
{
    char *end;

    if (!g_ascii_isalnum(*text)) {      /* strtoull takes blanks and signs */
        return false;
    }
    errno = 0;
    *value = strtoull(text, &end, base);
    return end != text && !*end && !errno && *value <= max;
}

bool qemu_parse_size(const char *text, uint64_t default_unit, uint64_t *bytes)
{
    static const char suffixes[] = "BKMGTPE";
    uint64_t whole, unit = default_unit;
    double fraction = 0;
    char *end;

    if (!g_ascii_isdigit(*text)) {
        return false;
    }
    errno = 0;
    whole = strtoull(text, &end, text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10);
    if (errno) {
        return false;
    }
    if (*end == '.') {
        double scale = 0.1;

        for (end++; g_ascii_isdigit(*end); end++, scale /= 10) {
            fraction += (*end - '0') * scale;
        }
    }
    if (*end) {
        const char *suffix = strchr(suffixes, g_ascii_toupper(*end));

        if (!suffix || end[1]) {
            return false;
        }
        unit = UINT64_C(1) << (10 * (suffix - suffixes));
    }
    if (__builtin_mul_overflow(whole, unit, bytes)) {
        return false;
    }
    return !__builtin_add_overflow(*bytes, (uint64_t)llrint(fraction * unit), bytes);
}

/* Up to the next single comma; ",," becomes one comma. */
static char *take_item(const char **text)
{
    GString *item = g_string_new(NULL);
    const char *p = *text;

    while (*p && !(p[0] == ',' && p[1] != ',')) {
        p += *p == ',';
        g_string_append_c(item, *p++);
    }
    *text = *p ? p + 1 : p;
    return g_string_free(item, false);
}

QemuOpts *qemu_opts_parse(const char *text, const char *first_name)
{
    QemuOpts *opts = g_new0(QemuOpts, 1);

    opts->items = g_array_new(false, false, sizeof(QemuOpt));
    while (*text) {
        char *item = take_item(&text);
        char *equals = strchr(item, '=');
        QemuOpt opt;

        if (equals) {
            opt = (QemuOpt){ g_strndup(item, equals - item), g_strdup(equals + 1) };
        } else if (first_name && !opts->items->len) {
            opt = (QemuOpt){ g_strdup(first_name), g_strdup(item) };
        } else {
            opt = (QemuOpt){ g_strdup(item), g_strdup("on") };
        }
        g_array_append_val(opts->items, opt);
        g_free(item);
    }
    return opts;
}

void qemu_opts_free(QemuOpts *opts)
{
    for (guint i = 0; opts && i < opts->items->len; i++) {
        g_free(g_array_index(opts->items, QemuOpt, i).name);
        g_free(g_array_index(opts->items, QemuOpt, i).value);
    }
    if (opts) {
        g_array_free(opts->items, true);
        g_free(opts);
    }
}

const char *qemu_opts_get(const QemuOpts *opts, const char *name)
{
    const char *value = NULL;

    for (guint i = 0; i < opts->items->len; i++) {
        const QemuOpt *opt = &g_array_index(opts->items, QemuOpt, i);

        if (!strcmp(opt->name, name)) {
            value = opt->value;
        }
    }
    return value;
}

char *qemu_opts_take(QemuOpts *opts, const char *name)
{
    char *value = NULL;

    for (guint i = 0; i < opts->items->len;) {
        QemuOpt *opt = &g_array_index(opts->items, QemuOpt, i);

        if (strcmp(opt->name, name)) {
            i++;
            continue;
        }
        g_free(value);
        value = opt->value;
        g_free(opt->name);
        g_array_remove_index(opts->items, i);
    }
    return value;
}

const char *qemu_opts_first(const QemuOpts *opts)
{
    return opts->items->len ? g_array_index(opts->items, QemuOpt, 0).name : NULL;
}
