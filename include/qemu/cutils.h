/*
 * Numbers and sizes as text. Option lists are in qemu/optlist.h.
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

#endif
