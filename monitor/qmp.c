/*
 * QMP, the monitor for programs: sessions, negotiation, dispatch, events.
 *
 * A line is {"execute": NAME, "arguments": {..}, "id": ..}; the answer carries
 * the same id. A session begins with a greeting and knows no command but
 * qmp_capabilities until that is given.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"
#include "chardev/char.h"
#include "qemu/main-loop.h"
#include "sysemu/sysemu.h"

typedef struct QMPSession {
    CharBackend be;
    JSONStream *input;
    bool pretty;
    bool connected, negotiated;
} QMPSession;

static GPtrArray *sessions;             /* of QMPSession *; BQL */
static QMPSession *current_session;     /* whose command runs */

/* --- output ------------------------------------------------------------------------- */

/* Takes value. */
static void send_value(QMPSession *session, json_t *value)
{
    char *text = json_dumps(value, JSON_ENSURE_ASCII | (session->pretty ? JSON_INDENT(4) : 0));

    if (text) {
        g_autofree char *line = g_strconcat(text, "\r\n", NULL);

        qemu_chr_fe_write_all(&session->be, (const uint8_t *)line, strlen(line));
        free(text);
    }
    json_decref(value);
}

static json_t *describe_error(const Error *err)
{
    static const char *const classes[] = {
        [ERROR_GENERIC] = "GenericError", [ERROR_COMMAND_NOT_FOUND] = "CommandNotFound",
        [ERROR_DEVICE_NOT_ACTIVE] = "DeviceNotActive", [ERROR_DEVICE_NOT_FOUND] = "DeviceNotFound",
    };
    const char *text = error_get_pretty(err);
    g_autofree char *valid = g_utf8_make_valid(text, -1);

    return json_pack("{s:{s:s,s:s}}", "error", "class", classes[error_get_class(err)], "desc", valid);
}

/* What query-version returns. */
static json_t *describe_version(void)
{
    int major = 0, minor = 0, micro = 0;

    sscanf(QEMU_VERSION_TEXT, "%d.%d.%d", &major, &minor, &micro);
    return json_pack("{s:{s:i,s:i,s:i},s:s}", "qemu", "major", major, "minor", minor, "micro", micro,
                     "package", "");
}

void qmp_event(const char *name, const char *fmt, ...)
{
    int64_t now_us = g_get_real_time();
    json_t *data = NULL, *event;
    va_list ap;

    if (fmt) {
        va_start(ap, fmt);
        data = json_vpack_ex(NULL, 0, fmt, ap);
        va_end(ap);
    }
    event = json_pack("{s:{s:I,s:I},s:s,s:o*}", "timestamp", "seconds", (json_int_t)(now_us / 1000000),
                      "microseconds", (json_int_t)(now_us % 1000000), "event", name, "data", data);
    for (guint i = 0; sessions && i < sessions->len; i++) {
        QMPSession *session = g_ptr_array_index(sessions, i);

        if (session->connected && session->negotiated) {
            send_value(session, json_incref(event));
        }
    }
    json_decref(event);
}

/* --- dispatch ----------------------------------------------------------------------- */

static bool reject(Error **errp, ErrorClass error_class, const char *fmt, const char *what)
{
    g_autofree char *text = g_strdup_printf(fmt, what);

    error_setg(errp, "%s", text);
    error_set_class(errp, error_class);
    return false;
}

/* The parts of a request; *args is the caller's reference. */
static bool take_apart(json_t *request, const char **name, json_t **args, Error **errp)
{
    const char *key;
    json_t *value;

    *name = NULL;
    *args = NULL;
    if (!json_is_object(request)) {
        return reject(errp, ERROR_GENERIC, "QMP input must be a JSON object%s", "");
    }
    json_object_foreach(request, key, value) {
        if (!strcmp(key, "execute")) {
            if (!json_is_string(value)) {
                return reject(errp, ERROR_GENERIC, "QMP input member '%s' must be a string", key);
            }
            *name = json_string_value(value);
        } else if (!strcmp(key, "arguments")) {
            if (!json_is_object(value)) {
                return reject(errp, ERROR_GENERIC, "QMP input member '%s' must be an object", key);
            }
            *args = value;
        } else if (strcmp(key, "id")) {
            return reject(errp, ERROR_GENERIC, "QMP input member '%s' is unexpected", key);
        }
    }
    if (!*name) {
        return reject(errp, ERROR_GENERIC, "QMP input lacks member '%s'", "execute");
    }
    *args = *args ? json_incref(*args) : json_object();
    return true;
}

json_t *qmp_run(const char *command, json_t *args, Error **errp)
{
    const QMPCommandRow *row = qmp_find_command(command);
    json_t *result = NULL;

    args = args ? args : json_object();
    if (!row) {
        reject(errp, ERROR_COMMAND_NOT_FOUND, "The command %s has not been found", command);
    } else if (qmp_check_args(row, args, errp)) {
        result = row->func(args, errp);
        if (!result && errp && !*errp) {
            error_setg(errp, "%s: the answer has text that is not UTF-8", command);
        }
    }
    json_decref(args);
    return result;
}

static json_t *run_request(QMPSession *session, json_t *request, Error **errp)
{
    const QMPCommandRow *row;
    const char *name;
    json_t *args;

    if (!take_apart(request, &name, &args, errp)) {
        return NULL;
    }
    row = qmp_find_command(name);
    if (!session->negotiated && !(row && row->flags & QMP_CMD_EARLY)) {
        reject(errp, ERROR_COMMAND_NOT_FOUND,
               "Expecting capabilities negotiation with '%s'", "qmp_capabilities");
    } else if (session->negotiated && row && row->flags & QMP_CMD_EARLY) {
        reject(errp, ERROR_COMMAND_NOT_FOUND,
               "Capabilities negotiation is already complete, command '%s' ignored", name);
    } else {
        return qmp_run(name, args, errp);
    }
    json_decref(args);
    return NULL;
}

/* Takes value. */
static void handle_value(void *opaque, json_t *value, const char *error)
{
    QMPSession *session = opaque;
    Error *err = NULL;
    json_t *result = NULL, *answer, *id = json_is_object(value) ? json_object_get(value, "id") : NULL;

    if (!value) {
        error_setg(&err, "%s", error);
    } else {
        current_session = session;
        result = run_request(session, value, &err);
        current_session = NULL;
    }
    if (result) {
        answer = json_pack("{s:o}", "return", result);
    } else {
        answer = describe_error(err);
        error_free(err);
    }
    if (id) {
        json_object_set(answer, "id", id);
    }
    send_value(session, answer);
    json_decref(value);
}

json_t *qmp_qmp_capabilities(json_t *args, Error **errp)
{
    json_t *enable = json_object_get(args, "enable");

    if (json_array_size(enable)) {
        error_setg(errp, "Capability '%s' is not available",
                   json_string_value(json_array_get(enable, 0)));
        return NULL;
    }
    if (current_session) {
        current_session->negotiated = true;
    }
    return qmp_done();
}

int qmp_session_take_fd(void)
{
    return current_session ? qemu_chr_fe_take_fd(&current_session->be) : -1;
}

json_t *qmp_query_version(json_t *args, Error **errp)
{
    return describe_version();
}

/* --- the front end of the chardev ------------------------------------------------------- */

static int qmp_can_read(void *opaque)
{
    return 4096;
}

static void qmp_read(void *opaque, const uint8_t *buf, int size)
{
    QMPSession *session = opaque;

    json_stream_feed(session->input, (const char *)buf, size);
}

static void connected(QMPSession *session)
{
    session->connected = true;
    session->negotiated = false;
    json_stream_reset(session->input);
    send_value(session, json_pack("{s:{s:o,s:[]}}", "QMP", "version", describe_version(), "capabilities"));
}

static void qmp_chr_event(void *opaque, QEMUChrEvent event)
{
    QMPSession *session = opaque;

    if (event == CHR_EVENT_OPENED) {
        connected(session);
    } else if (event == CHR_EVENT_CLOSED) {
        session->connected = session->negotiated = false;
    }
}

bool qmp_session_new(struct Chardev *chr, bool pretty, Error **errp)
{
    QMPSession *session = g_new0(QMPSession, 1);

    session->be.is_monitor = true;
    session->pretty = pretty;
    if (!qemu_chr_fe_init(&session->be, chr, errp)) {
        g_free(session);
        return false;
    }
    session->input = json_stream_new(handle_value, session);
    if (!sessions) {
        sessions = g_ptr_array_new();
    }
    g_ptr_array_add(sessions, session);
    qemu_chr_fe_set_handlers(&session->be, qmp_can_read, qmp_read, qmp_chr_event, session);
    return true;
}
