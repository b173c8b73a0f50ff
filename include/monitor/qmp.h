/*
 * QMP for the rest of the emulator: events, and the sessions' set-up.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MONITOR_QMP_H
#define MONITOR_QMP_H

#include "qemu/error.h"

struct Chardev;

/* Takes the front end of chr; pretty: answers with line breaks and indentation. BQL. */
bool qmp_session_new(struct Chardev *chr, bool pretty, Error **errp);
/*
 * Tells each client whose negotiation is done. fmt and what follows: the data
 * as jansson's json_pack takes it ("{s:b}", "guest", true), NULL: none. BQL.
 */
void qmp_event(const char *name, const char *fmt, ...);

#endif
