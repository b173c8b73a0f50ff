/*
 * Numbers, sizes and option lists as text.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_CUTILS_H
#define QEMU_CUTILS_H

#include "qemu/error.h"

/* on/off, yes/no, true/false, y/n. False: none of them. */
bool qemu_parse_bool(const char *text, bool *value);
/*
 * A size in bytes: a number, possibly with a fraction, and one of the suffixes
 * B k K M G T P E. Without suffix the unit is default_unit bytes. False: not a
 * size, or more than 64 bits.
 */
bool qemu_parse_size(const char *text, uint64_t default_unit, uint64_t *bytes);
/* The whole text is a number (base as strtoull) not above max. */
bool qemu_parse_uint(const char *text, int base, uint64_t max, uint64_t *value);

/*
 * Option lists, "a=1,b,c=x,,y": pairs of name and value in order. ",," is a
 * comma in a value; a name alone means "on" ("noX" means X off is left to the
 * caller). When first_name is given, a first item without "=" is its value.
 */
typedef struct QemuOpt {
    char *name, *value;
} QemuOpt;

typedef struct QemuOpts {
    GArray *items;              /* of QemuOpt */
} QemuOpts;

QemuOpts *qemu_opts_parse(const char *text, const char *first_name);
void qemu_opts_free(QemuOpts *opts);
/* The last value of that name, NULL: not given. Borrowed. */
const char *qemu_opts_get(const QemuOpts *opts, const char *name);
/* As get; the pair is removed and the caller frees the value. */
char *qemu_opts_take(QemuOpts *opts, const char *name);
/* Name of a pair that is left, NULL: none. To report unknown options. */
const char *qemu_opts_first(const QemuOpts *opts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(QemuOpts, qemu_opts_free)

#endif
