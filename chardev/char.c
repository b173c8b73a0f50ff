/*
 * Character devices: registry, -serial and -chardev syntax, the front end's
 * calls and the output queue. Backends are in char-fd.c and char-socket.c,
 * sharing of one backend in char-mux.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "chardev/char-int.h"
#include "monitor/monitor.h"

/* Output that a stuck peer may leave waiting before it is dropped. */
#define QUEUE_LIMIT_BYTES (16 * MiB)

static const ChardevClass *const backends[] = {
    &chardev_null, &chardev_vc, &chardev_file, &chardev_stdio, &chardev_pty,
    &chardev_pipe, &chardev_serial, &chardev_socket,
};

static GPtrArray *chardevs;         /* of Chardev */

/* --- backend side --------------------------------------------------------- */

int chr_can_read(Chardev *chr)
{
    CharBackend *b = chr->be;

    if (chr->mux) {
        return mux_can_read(chr->mux);
    }
    if (!b || !b->chr_read) {
        return 0;
    }
    return b->chr_can_read ? MAX(b->chr_can_read(b->opaque), 0) : INT_MAX;
}

void chr_read(Chardev *chr, const uint8_t *buf, int size)
{
    if (chr->mux) {
        mux_read(chr->mux, buf, size);
    } else if (chr->be && chr->be->chr_read) {
        chr->be->chr_read(chr->be->opaque, buf, size);
    }
}

static void backend_event(CharBackend *b, QEMUChrEvent event)
{
    if (event == CHR_EVENT_OPENED) {
        b->open = true;
    } else if (event == CHR_EVENT_CLOSED) {
        b->open = false;
    }
    if (b->chr_event) {
        b->chr_event(b->opaque, event);
    }
}

void chr_event(Chardev *chr, QEMUChrEvent event)
{
    if (event == CHR_EVENT_OPENED) {
        chr->open = true;
    } else if (event == CHR_EVENT_CLOSED) {
        chr->open = false;
        g_byte_array_set_size(chr->queue, 0);
    }
    if (chr->mux) {
        mux_event(chr->mux, event);
    } else if (chr->be) {
        backend_event(chr->be, event);
    }
}

void chr_drain(Chardev *chr)
{
    while (chr->queue->len) {
        ssize_t done = chr->cc->write(chr, chr->queue->data, chr->queue->len);

        if (done == 0) {
            return;
        }
        g_byte_array_remove_range(chr->queue, 0, done < 0 ? chr->queue->len : (guint)done);
    }
    if (chr->cc->watch_output) {
        chr->cc->watch_output(chr, false);
    }
}

void chr_write(Chardev *chr, const uint8_t *buf, size_t len)
{
    if (!chr->open || !chr->cc->write) {
        return;
    }
    if (chr->queue->len == 0) {
        while (len) {
            ssize_t done = chr->cc->write(chr, buf, len);

            if (done <= 0) {
                len = done < 0 ? 0 : len;
                break;
            }
            buf += done;
            len -= done;
        }
        if (len == 0) {
            return;
        }
        chr->cc->watch_output(chr, true);
    }
    if (chr->queue->len + len <= QUEUE_LIMIT_BYTES) {
        g_byte_array_append(chr->queue, buf, len);
    }
}

/* --- construction --------------------------------------------------------- */

static const ChardevClass *find_class(const char *kind)
{
    for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
        if (strcmp(backends[i]->kind, kind) == 0) {
            return backends[i];
        }
    }
    return NULL;
}

static void chardev_free(Chardev *chr)
{
    if (chr->cc->close) {
        chr->cc->close(chr);
    }
    mux_free(chr->mux);
    g_byte_array_free(chr->queue, TRUE);
    g_free(chr->label);
    g_free(chr->filename);
    g_free(chr);
}

/* `what` starts error messages: "-chardev socket,..." */
static Chardev *chardev_create(const char *label, const char *kind, OptList *opts, bool mux,
                               const char *what, Error **errp)
{
    const ChardevClass *cc = find_class(kind);
    Chardev *chr;

    if (!cc) {
        error_setg(errp, "%s: unknown backend '%s' (known: null, vc, file, stdio, pty, pipe, "
                   "serial, socket)", what, kind);
        return NULL;
    }
    if (qemu_chr_find(label)) {
        error_setg(errp, "%s: there is already a chardev '%s'", what, label);
        return NULL;
    }
    chr = g_malloc0(cc->instance_size ? cc->instance_size : sizeof(Chardev));
    chr->cc = cc;
    chr->label = g_strdup(label);
    chr->queue = g_byte_array_new();
    if (mux) {
        chr->mux = mux_new(chr);
    }
    if (cc->open && !cc->open(chr, opts, errp)) {
        error_prepend(errp, "%s: ", what);
        chr->cc = &chardev_null;
        chardev_free(chr);
        return NULL;
    }
    if (!optlist_check_unknown(opts, what, errp)) {
        chardev_free(chr);
        return NULL;
    }
    if (!cc->open) {
        chr->open = true;
    }
    if (!chr->filename) {
        chr->filename = g_strdup(kind);
    }
    if (!chardevs) {
        chardevs = g_ptr_array_new();
    }
    g_ptr_array_add(chardevs, chr);
    return chr;
}

/* "HOST:PORT,..." or "[v6]:PORT,...": the part before the options. */
static void set_host_port(OptList *opts, const char *address)
{
    const char *colon = strrchr(address, ':');
    char *host;

    if (!colon) {
        optlist_set(opts, "port", address);
        return;
    }
    host = g_strndup(address, colon - address);
    if (host[0] == '[' && colon[-1] == ']') {
        memmove(host, host + 1, strlen(host));
        host[strlen(host) - 1] = '\0';
    }
    optlist_set(opts, "host", host);
    optlist_set(opts, "port", colon + 1);
    g_free(host);
}

/* Short syntax of -serial and -monitor -> backend kind and options; NULL: unknown. */
static const char *parse_short(const char *spec, OptList **opts)
{
    static const struct { const char *prefix, *kind, *key; } forms[] = {
        { "file:", "file", "path" }, { "pipe:", "pipe", "path" },
        { "unix:", "socket", "path" }, { "tcp:", "socket", NULL },
        { "telnet:", "socket", NULL }, { "vc:", "vc", NULL },
    };

    for (size_t i = 0; i < ARRAY_SIZE(forms); i++) {
        if (g_str_has_prefix(spec, forms[i].prefix)) {
            *opts = optlist_new(spec + strlen(forms[i].prefix), "address");
            const char *address = optlist_get(*opts, "address");

            if (strcmp(forms[i].kind, "vc") == 0) {
                optlist_get(*opts, "address");
            } else if (forms[i].key) {
                optlist_set(*opts, forms[i].key, address ? address : "");
            } else {
                set_host_port(*opts, address ? address : "");
            }
            if (strcmp(forms[i].prefix, "telnet:") == 0) {
                optlist_set(*opts, "telnet", "on");
            }
            return forms[i].kind;
        }
    }
    if (g_str_has_prefix(spec, "/dev/")) {
        *opts = optlist_new(spec, "path");
        return "serial";
    }
    *opts = optlist_new(spec, "backend");
    const char *kind = optlist_get(*opts, "backend");
    static const char *const plain[] = { "stdio", "pty", "null", "vc" };

    for (size_t i = 0; i < ARRAY_SIZE(plain); i++) {
        if (kind && strcmp(kind, plain[i]) == 0) {
            return plain[i];
        }
    }
    return NULL;
}

/* "serial0" came from "-serial", "compat_monitor0" from "-monitor": what messages start with. */
static char *option_text(const char *label, const char *spec)
{
    static const char compat[] = "compat_";

    if (g_str_has_prefix(label, compat)) {
        label += strlen(compat);
    }
    size_t len = strlen(label);

    while (len && isdigit((unsigned char)label[len - 1])) {
        len--;
    }
    return g_strdup_printf("-%.*s %s", (int)len, label, spec);
}

Chardev *qemu_chr_new(const char *label, const char *spec, Error **errp)
{
    bool with_monitor = g_str_has_prefix(spec, "mon:");
    OptList *opts = NULL;
    const char *kind;
    char *what;
    Chardev *chr;

    if (g_str_has_prefix(spec, "chardev:") || qemu_chr_find(spec)) {
        chr = qemu_chr_find(g_str_has_prefix(spec, "chardev:") ? spec + 8 : spec);
        if (!chr) {
            error_setg(errp, "%s %s: no such chardev", label, spec);
        }
        return chr;
    }
    if (with_monitor) {
        spec += 4;
    }
    kind = parse_short(spec, &opts);
    what = option_text(label, spec);
    if (kind) {
        chr = chardev_create(label, kind, opts, with_monitor, what, errp);
    } else {
        error_setg(errp, "%s: unknown character device (known: stdio, mon:stdio, pty, null, vc, "
                   "file:PATH, pipe:PATH, unix:PATH, tcp:HOST:PORT, telnet:HOST:PORT, "
                   "chardev:ID, /dev/...)", what);
        chr = NULL;
    }
    g_free(what);
    optlist_free(opts);
    if (chr && with_monitor && !monitor_init_hmp(chr, true, errp)) {
        return NULL;
    }
    return chr;
}

Chardev *qemu_chr_new_from_opts(const char *optstr, Error **errp)
{
    OptList *opts = optlist_new(optstr, "backend");
    const char *kind = optlist_get(opts, "backend"), *id = optlist_get(opts, "id");
    char *what = g_strdup_printf("-chardev %s", optstr);
    bool mux;
    Chardev *chr = NULL;

    if (!kind || !id || !*id) {
        error_setg(errp, "%s: %s is missing", what, kind ? "id=" : "the backend's name");
    } else if (optlist_get_bool(opts, "mux", false, &mux, what, errp)) {
        chr = chardev_create(id, kind, opts, mux, what, errp);
    }
    g_free(what);
    optlist_free(opts);
    return chr;
}

Chardev *qemu_chr_find(const char *id)
{
    for (guint i = 0; chardevs && i < chardevs->len; i++) {
        Chardev *chr = g_ptr_array_index(chardevs, i);

        if (strcmp(chr->label, id) == 0) {
            return chr;
        }
    }
    return NULL;
}

const char *qemu_chr_pty_name(const Chardev *chr)
{
    return chr->cc == &chardev_pty ? chr->filename + strlen("pty:") : NULL;
}

bool qemu_chr_del(const char *id, Error **errp)
{
    Chardev *chr = qemu_chr_find(id);

    if (!chr) {
        error_setg(errp, "Chardev '%s' not found", id);
        return false;
    }
    if (chr->be || chr->mux) {
        error_setg(errp, "Chardev '%s' is busy", id);
        return false;
    }
    g_ptr_array_remove(chardevs, chr);
    chardev_free(chr);
    return true;
}

void qemu_chr_cleanup(void)
{
    for (guint i = 0; chardevs && i < chardevs->len; i++) {
        Chardev *chr = g_ptr_array_index(chardevs, i);

        if (chr->queue->len) {
            chr_drain(chr);
        }
        if (chr->cc->close) {
            chr->cc->close(chr);
        }
        chr->cc = &chardev_null;
        chr->open = false;
    }
}

/* --- front end ------------------------------------------------------------ */

bool qemu_chr_fe_init(CharBackend *b, Chardev *chr, Error **errp)
{
    if (chr) {
        if (chr->mux ? !mux_attach(chr->mux, b) : chr->be != NULL) {
            error_setg(errp, "chardev '%s': already in use%s", chr->label,
                       chr->mux ? " by too many devices" : " (mux=on shares it)");
            return false;
        }
        if (!chr->mux) {
            chr->be = b;
        }
    }
    b->chr = chr;
    return true;
}

void qemu_chr_fe_deinit(CharBackend *b)
{
    Chardev *chr = b->chr;

    if (chr) {
        qemu_chr_fe_set_handlers(b, NULL, NULL, NULL, NULL);
        if (chr->mux) {
            mux_detach(chr->mux, b);
        } else if (chr->be == b) {
            chr->be = NULL;
        }
        b->chr = NULL;
    }
}

void qemu_chr_fe_set_handlers(CharBackend *b, IOCanReadHandler *can_read, IOReadHandler *read,
                              IOEventHandler *event, void *opaque)
{
    b->chr_can_read = can_read;
    b->chr_read = read;
    b->chr_event = event;
    b->opaque = opaque;
    if (!b->chr) {
        return;
    }
    if (b->chr->mux) {
        mux_handlers_changed(b->chr->mux, b);
    }
    if (b->chr->open && (read || event)) {
        backend_event(b, CHR_EVENT_OPENED);
    }
    if (b->chr->cc->accept_input) {
        b->chr->cc->accept_input(b->chr);
    }
}

void qemu_chr_fe_write_all(CharBackend *b, const uint8_t *buf, int len)
{
    if (!b->chr || len <= 0) {
        return;
    }
    if (b->chr->mux) {
        mux_write(b->chr->mux, b, buf, len);
    } else {
        chr_write(b->chr, buf, len);
    }
}

void qemu_chr_fe_printf(CharBackend *b, const char *fmt, ...)
{
    va_list ap;
    char *text;

    va_start(ap, fmt);
    text = g_strdup_vprintf(fmt, ap);
    va_end(ap);
    qemu_chr_fe_write_all(b, (const uint8_t *)text, strlen(text));
    g_free(text);
}

void qemu_chr_fe_accept_input(CharBackend *b)
{
    if (!b->chr) {
        return;
    }
    if (b->chr->mux) {
        mux_accept_input(b->chr->mux, b);
    }
    if (b->chr->cc->accept_input) {
        b->chr->cc->accept_input(b->chr);
    }
}

int qemu_chr_fe_take_fd(CharBackend *b)
{
    return b->chr && b->chr->cc->take_fd ? b->chr->cc->take_fd(b->chr) : -1;
}

void qemu_chr_fe_set_echo(CharBackend *b, bool echo)
{
    if (b->chr && b->chr->cc->set_echo) {
        b->chr->cc->set_echo(b->chr, echo);
    }
}

void chardev_foreach(void (*fn)(void *opaque, const char *label, const char *filename, bool frontend_open),
                     void *opaque)
{
    for (guint i = 0; chardevs && i < chardevs->len; i++) {
        Chardev *chr = g_ptr_array_index(chardevs, i);

        fn(opaque, chr->label, chr->filename, chr->mux || (chr->be && chr->be->chr_read));
    }
}

void chardev_foreach_backend(void (*fn)(void *opaque, const char *name), void *opaque)
{
    for (size_t i = 0; i < ARRAY_SIZE(backends); i++) {
        fn(opaque, backends[i]->kind);
    }
}

void chardev_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    for (guint i = 0; chardevs && i < chardevs->len; i++) {
        Chardev *chr = g_ptr_array_index(chardevs, i);

        print(opaque, "%s: filename=%s%s\n", chr->label, chr->filename,
              chr->open ? "" : " (disconnected)");
    }
}
