/*
 * Option strings of the command line (include/qemu/optlist.h). Meaning of the
 * keys is left to the callers.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/optlist.h"
#include "qemu/cutils.h"

typedef struct Opt {
    char *key, *value;
    bool flag;          /* came without '=' */
    bool known;
} Opt;

struct OptList {
    GArray *opts;       /* of Opt */
};

static void opt_clear(void *p)
{
    Opt *opt = p;

    g_free(opt->key);
    g_free(opt->value);
}

/* The text up to the next single comma; *pos moves behind it. */
static char *next_word(const char **pos)
{
    GString *word = g_string_new(NULL);
    const char *p = *pos;

    for (; *p; p++) {
        if (*p == ',') {
            if (p[1] != ',') {
                break;
            }
            p++;
        }
        g_string_append_c(word, *p);
    }
    *pos = *p ? p + 1 : p;
    return g_string_free(word, FALSE);
}

static void append(OptList *list, const char *key, const char *value, bool flag)
{
    Opt opt = { .key = g_strdup(key), .value = g_strdup(value), .flag = flag };

    g_array_append_val(list->opts, opt);
}

OptList *optlist_new(const char *text, const char *implied_key)
{
    OptList *list = g_new0(OptList, 1);
    bool first = true;

    list->opts = g_array_new(FALSE, TRUE, sizeof(Opt));
    g_array_set_clear_func(list->opts, opt_clear);
    while (text && *text) {
        char *word = next_word(&text);
        char *equals = strchr(word, '=');

        if (equals && !(first && implied_key && memchr(word, ':', equals - word))) {
            *equals = '\0';
            append(list, word, equals + 1, false);
        } else if (first && implied_key) {
            append(list, implied_key, word, false);
        } else if (*word) {
            append(list, word, "on", true);
        }
        first = false;
        g_free(word);
    }
    return list;
}

void optlist_free(OptList *list)
{
    if (list) {
        g_array_free(list->opts, TRUE);
        g_free(list);
    }
}

const char *optlist_get(OptList *list, const char *key)
{
    const char *value = NULL;

    for (guint i = 0; i < list->opts->len; i++) {
        Opt *opt = &g_array_index(list->opts, Opt, i);

        if (strcmp(opt->key, key) == 0) {
            opt->known = true;
            value = opt->value;
        }
    }
    return value;
}

const char *optlist_get_nth(OptList *list, const char *key, int n)
{
    for (guint i = 0; i < list->opts->len; i++) {
        Opt *opt = &g_array_index(list->opts, Opt, i);

        if (strcmp(opt->key, key) == 0 && n-- == 0) {
            opt->known = true;
            return opt->value;
        }
    }
    return NULL;
}

void optlist_set(OptList *list, const char *key, const char *value)
{
    append(list, key, value, false);
}

bool optlist_get_bool(OptList *list, const char *key, bool defval, bool *result,
                      const char *option, Error **errp)
{
    *result = defval;
    for (guint i = 0; i < list->opts->len; i++) {
        Opt *opt = &g_array_index(list->opts, Opt, i);

        if (strcmp(opt->key, key) == 0) {
            opt->known = true;
            if (!qemu_parse_bool(opt->value, result)) {
                error_setg(errp, "%s: parameter '%s' expects 'on' or 'off'", option, key);
                return false;
            }
        } else if (opt->flag && g_str_has_prefix(opt->key, "no") &&
                   strcmp(opt->key + 2, key) == 0) {
            opt->known = true;
            *result = false;
        }
    }
    return true;
}

bool optlist_get_uint(OptList *list, const char *key, uint64_t defval, uint64_t max,
                      uint64_t *result, const char *option, Error **errp)
{
    const char *text = optlist_get(list, key);
    char *end;

    *result = defval;
    if (!text) {
        return true;
    }
    errno = 0;
    *result = strtoull(text, &end, 0);
    if (!isdigit((unsigned char)*text) || *end || errno || *result > max) {
        error_setg(errp, "%s: parameter '%s' expects a number up to %" PRIu64, option, key, max);
        return false;
    }
    return true;
}

bool optlist_take_unknown(OptList *list, const char **key, const char **value)
{
    for (guint i = 0; i < list->opts->len; i++) {
        Opt *opt = &g_array_index(list->opts, Opt, i);

        if (!opt->known) {
            opt->known = true;
            *key = opt->key;
            *value = opt->value;
            return true;
        }
    }
    return false;
}

bool optlist_check_unknown(OptList *list, const char *option, Error **errp)
{
    for (guint i = 0; i < list->opts->len; i++) {
        Opt *opt = &g_array_index(list->opts, Opt, i);

        if (!opt->known) {
            error_setg(errp, "%s: unknown parameter '%s'", option, opt->key);
            return false;
        }
    }
    return true;
}

void optlist_append(GString *text, const char *key, const char *value)
{
    g_string_append_printf(text, "%s%s=", text->len ? "," : "", key);
    for (; *value; value++) {
        g_string_append(text, *value == ',' ? ",," : (char[]) { *value, 0 });
    }
}
