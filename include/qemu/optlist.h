/*
 * Option strings of the command line: "first,key=value,flag,noflag".
 *
 * A comma inside a value is written twice. Keys may repeat (hostfwd=...).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_OPTLIST_H
#define QEMU_OPTLIST_H

#include "qemu/error.h"

typedef struct OptList OptList;

/*
 * Never fails; a word without '=' is stored under implied_key when it is the
 * first and implied_key is not NULL, else as a flag ("key" -> "on",
 * "nokey" -> also "key" = "off" for optlist_get_bool).
 */
OptList *optlist_new(const char *text, const char *implied_key);
void optlist_free(OptList *list);

/* Last value of key, or NULL; the key counts as known from now on. Borrowed. */
const char *optlist_get(OptList *list, const char *key);
/* The nth (0..) value of a key that may repeat, or NULL. */
const char *optlist_get_nth(OptList *list, const char *key, int n);
/* Puts a value behind the others. */
void optlist_set(OptList *list, const char *key, const char *value);
/* on/off/yes/no/true/false, a bare flag, or "no" + key. */
bool optlist_get_bool(OptList *list, const char *key, bool defval, bool *result,
                      const char *option, Error **errp);
bool optlist_get_uint(OptList *list, const char *key, uint64_t defval, uint64_t max,
                      uint64_t *result, const char *option, Error **errp);
/* The first pair that nobody asked for, which now counts as known; false: none is left. */
bool optlist_take_unknown(OptList *list, const char **key, const char **value);
/* False: a key was given that nobody asked for. `option` starts the message. */
bool optlist_check_unknown(OptList *list, const char *option, Error **errp);
/* The other way: key=value to the end of an option string. */
void optlist_append(GString *text, const char *key, const char *value);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(OptList, optlist_free)

#endif
