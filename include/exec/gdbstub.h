/*
 * The debugger's remote serial protocol: what the process calls, and the
 * rows from which a guest's target description is made.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_GDBSTUB_H
#define EXEC_GDBSTUB_H

#include "qemu/error.h"

/* count > 0: name is a prefix before 0..count-1, with as many numbers from `number` on. */
typedef struct GdbRegister {
    const char *name;
    unsigned number;            /* as cc->gdb_read_register counts */
    unsigned count;
    unsigned bits;
    const char *type;           /* "int32", "code_ptr", or one of the feature's types */
    const char *group;          /* NULL: by the type */
} GdbRegister;

typedef struct GdbFeature {
    const char *name;           /* "org.gnu.gdb.power.core" */
    const char *types;          /* XML of the types that the rows use, or NULL */
    const GdbRegister *regs;
    unsigned num_regs;
} GdbFeature;

/*
 * Wait for a debugger. spec: "none" (stop waiting), a chardev as -serial takes it,
 * or "chardev:ID"; tcp: and unix: listen unless told otherwise. BQL, the machine exists.
 */
bool gdbserver_start(const char *spec, Error **errp);
/* Tells a connected debugger that the program has ended with that status. BQL. */
void gdb_exit(int status);

#endif
