/*
 * Names of threads, for ps and debuggers: -name debug-threads=on.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_THREAD_NAME_H
#define QEMU_THREAD_NAME_H

#include "qemu/osdep.h"

/* Threads made from now on get names. */
void thread_names_enable(void);
/* At most 15 characters; nothing happens unless enabled. */
void thread_set_name(pthread_t thread, const char *name);

#endif
