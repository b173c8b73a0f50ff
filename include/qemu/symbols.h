/*
 * Names of guest code: symbol tables of the ELF files that are loaded, and of
 * files that the user names (-symbols).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_SYMBOLS_H
#define QEMU_SYMBOLS_H

#include "qemu/error.h"

/* An ELF file that is loaded; read when the first name is asked for. */
void symbols_add_elf(const char *filename);
/* ELF file or System.map ("address type name" lines), read now. */
bool symbols_load(const char *filename, Error **errp);
/*
 * The function that covers guest address addr, or NULL. *offset (may be NULL): addr's
 * place in it. The name lives for ever. Any thread.
 */
const char *symbol_lookup(uint64_t addr, uint64_t *offset);

#endif
