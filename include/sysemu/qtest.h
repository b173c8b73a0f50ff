/*
 * The device test protocol of -qtest.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef SYSEMU_QTEST_H
#define SYSEMU_QTEST_H

#include "qemu/error.h"

/* spec: a chardev; log: file for the conversation, or NULL. Guest time stands still from now on. */
bool qtest_server_init(const char *spec, const char *log, Error **errp);

#endif
