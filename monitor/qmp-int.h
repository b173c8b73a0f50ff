/*
 * Inside of QMP: what its files share.
 *
 *   qmp-commands.h   the table of types, commands and events
 *   qmp-schema.c     looks into it: checks values, describes itself
 *   qmp.c            sessions, dispatch, events
 *   json-stream.c    bytes into JSON values
 *   qmp-*.c          the commands
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MONITOR_QMP_INT_H
#define MONITOR_QMP_INT_H

#include <jansson.h>
#include "monitor/qmp.h"

/*
 * args is an object that fits the command's row; borrowed. Returns the value
 * (the caller's reference), or NULL with *errp set. BQL, main thread.
 */
typedef json_t *QMPFunc(json_t *args, Error **errp);
#define QMP_COMMAND(name, func, members, ret, flags) QMPFunc func;
#include "monitor/qmp-commands.h"

enum { QMP_CMD_EARLY = 1 << 0 /* before and only before the negotiation is done */ };

typedef struct QMPCommandRow {
    const char *name;
    QMPFunc *func;
    const char *members, *ret;
    unsigned flags;
} QMPCommandRow;

/* NULL: no such command. */
const QMPCommandRow *qmp_find_command(const char *name);
/* Does args, an object, fit? */
bool qmp_check_args(const QMPCommandRow *row, json_t *args, Error **errp);
/* The value of an enum by its number in the row. */
const char *qmp_enum_name(const char *enum_name, unsigned index);

/* Runs a command for another part of the emulator. Takes args (NULL: none); checks them. */
json_t *qmp_run(const char *command, json_t *args, Error **errp);

/* A descriptor that came with the request under way; the caller's. -1: none. */
int qmp_session_take_fd(void);

/* The answer of commands that return nothing. */
static inline json_t *qmp_done(void) { return json_object(); }
static inline json_t *qmp_done_if(bool ok) { return ok ? json_object() : NULL; }
/* Members that the check has made sure of, or defaults where they are optional. */
static inline const char *qmp_str(json_t *args, const char *name)
{
    return json_string_value(json_object_get(args, name));
}
static inline bool qmp_bool(json_t *args, const char *name)
{
    return json_is_true(json_object_get(args, name));
}
static inline int64_t qmp_int(json_t *args, const char *name, int64_t defval)
{
    json_t *value = json_object_get(args, name);

    return value ? json_integer_value(value) : defval;
}

/* json-stream.c */
typedef struct JSONStream JSONStream;
/* value: the caller's reference, or NULL: error says what was wrong. */
typedef void JSONStreamFunc(void *opaque, json_t *value, const char *error);
JSONStream *json_stream_new(JSONStreamFunc *func, void *opaque);
/* Forget an unfinished value: another client comes. */
void json_stream_reset(JSONStream *stream);
void json_stream_feed(JSONStream *stream, const char *bytes, size_t len);

#endif
