/*
 * JSON objects as option strings: {"driver": "e1000", "id": "a,b"} is
 * "driver=e1000,id=a,,b". What takes options in text then takes JSON too.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_JSON_OPTIONS_H
#define QEMU_JSON_OPTIONS_H

#include <jansson.h>
#include "qemu/error.h"

/*
 * Members of nested objects get "outer.inner" for a key, elements of arrays
 * "outer.N"; a list of {"str": X} is the same key several times. Truth values
 * become on and off, null leaves the member out. g_free it.
 */
char *json_to_options(json_t *object);
/* An option's argument that starts with a brace. NULL: error set, beginning with `what`. */
char *json_text_to_options(const char *text, const char *what, Error **errp);

#endif
