/*
 * The main loop: file descriptors, bottom halves, timers.
 *
 * GLib sources of the default main context (chardevs, user networking, the
 * window) are polled together with the descriptors registered here. The big
 * lock is cpus.c's; it is released while this thread sleeps.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/timer.h"
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

typedef struct FDHandler {
    int fd;
    IOHandler *on_readable, *on_writable;
    void *opaque;
    bool deleted;               /* freed when the dispatch that may use it is over */
} FDHandler;

typedef struct BHList BHList;

struct QEMUBH {
    QEMUBHFunc *cb;
    void *opaque;
    QEMUBH *next_scheduled;     /* bh_lock */
    BHList *list;               /* bh_lock; where it is scheduled */
    bool scheduled;             /* bh_lock */
    bool oneshot;               /* freed after its run */
};

static int notify_fd = -1;
static bool notify_pending;

static GPtrArray *handlers;     /* of FDHandler *; BQL */
static bool handlers_dirty;     /* some are deleted */

static pthread_mutex_t bh_lock = PTHREAD_MUTEX_INITIALIZER;

/*
 * What waits for its run. With -icount, bottom halves that a vCPU schedules run
 * on its own thread, as timers of guest time do: when is then a function of the
 * instruction count.
 */
struct BHList {
    QEMUBH *first, **last;
};
static BHList bh_main = { NULL, &bh_main.first }, bh_guest = { NULL, &bh_guest.first };
static QEMUTimer *bh_guest_timer;

bool qemu_init_main_loop(void)
{
    if (notify_fd >= 0) {
        return true;
    }
    handlers = g_ptr_array_new();
    notify_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    prctl(PR_SET_TIMERSLACK, 1);        /* guest timers fire when they are due */
    return notify_fd >= 0 && g_main_context_acquire(g_main_context_default());
}

void qemu_notify_event(void)
{
    uint64_t one = 1;

    if (notify_fd >= 0 && !qatomic_xchg(&notify_pending, true)) {
        ssize_t written = write(notify_fd, &one, sizeof(one));
        (void)written;          /* a full counter wakes the loop as well */
    }
}

static void notify_clear(void)
{
    uint64_t count;
    ssize_t got = read(notify_fd, &count, sizeof(count));

    (void)got;
    __atomic_store_n(&notify_pending, false, __ATOMIC_SEQ_CST);
}

/* --- bottom halves ------------------------------------------------------- */

QEMUBH *qemu_bh_new(QEMUBHFunc *cb, void *opaque)
{
    QEMUBH *bh = g_new0(QEMUBH, 1);

    bh->cb = cb;
    bh->opaque = opaque;
    return bh;
}

static void bh_guest_run(void *opaque);

/* Guest time: now, but outside the device that schedules. BQL. */
static void bh_guest_arm(void)
{
    if (!bh_guest_timer) {
        bh_guest_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, bh_guest_run, NULL);
    }
    timer_mod_ns(bh_guest_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL));
}

void qemu_bh_schedule(QEMUBH *bh)
{
    BHList *list = icount_on_vcpu() ? &bh_guest : &bh_main;
    bool added = false;

    pthread_mutex_lock(&bh_lock);
    if (!bh->scheduled) {
        bh->scheduled = added = true;
        bh->next_scheduled = NULL;
        bh->list = list;
        *list->last = bh;
        list->last = &bh->next_scheduled;
    }
    pthread_mutex_unlock(&bh_lock);
    if (added && list == &bh_guest) {
        bh_guest_arm();
    } else if (added) {
        qemu_notify_event();
    }
}

void qemu_bh_cancel(QEMUBH *bh)
{
    pthread_mutex_lock(&bh_lock);
    if (bh->scheduled) {
        QEMUBH **link = &bh->list->first;

        while (*link != bh) {
            link = &(*link)->next_scheduled;
        }
        *link = bh->next_scheduled;
        if (!*link) {
            bh->list->last = link;
        }
        bh->scheduled = false;
    }
    pthread_mutex_unlock(&bh_lock);
}

void qemu_bh_delete(QEMUBH *bh)
{
    if (bh) {
        qemu_bh_cancel(bh);
        g_free(bh);
    }
}

void qemu_bh_schedule_oneshot(QEMUBHFunc *cb, void *opaque)
{
    QEMUBH *bh = qemu_bh_new(cb, opaque);

    bh->oneshot = true;
    qemu_bh_schedule(bh);
}

/* Run what is scheduled now; what these schedule waits for the next round. */
static void bh_poll(BHList *list)
{
    QEMUBH *last, *bh;

    pthread_mutex_lock(&bh_lock);
    last = list->first ? container_of(list->last, QEMUBH, next_scheduled) : NULL;
    while (last && list->first) {
        QEMUBHFunc *cb;
        void *opaque;
        bool was_last;

        bh = list->first;
        was_last = bh == last;
        list->first = bh->next_scheduled;
        if (!list->first) {
            list->last = &list->first;
        }
        bh->scheduled = false;
        cb = bh->cb;
        opaque = bh->opaque;
        if (bh->oneshot) {
            g_free(bh);
        }
        pthread_mutex_unlock(&bh_lock);
        cb(opaque);             /* may delete bh */
        pthread_mutex_lock(&bh_lock);
        if (was_last) {
            break;
        }
    }
    pthread_mutex_unlock(&bh_lock);
}

static void bh_guest_run(void *opaque)
{
    bh_poll(&bh_guest);
}

static bool bh_waiting(void)
{
    bool waiting;

    pthread_mutex_lock(&bh_lock);
    waiting = bh_main.first != NULL;
    pthread_mutex_unlock(&bh_lock);
    return waiting;
}

/* --- file descriptors ------------------------------------------------------ */

void qemu_set_fd_handler(int fd, IOHandler *on_readable, IOHandler *on_writable, void *opaque)
{
    FDHandler *h = NULL;

    for (guint i = 0; i < handlers->len; i++) {
        FDHandler *candidate = g_ptr_array_index(handlers, i);

        if (candidate->fd == fd && !candidate->deleted) {
            h = candidate;
        }
    }
    if (!on_readable && !on_writable) {
        if (h) {
            h->deleted = handlers_dirty = true;
        }
        return;
    }
    if (!h) {
        h = g_new0(FDHandler, 1);
        h->fd = fd;
        g_ptr_array_add(handlers, h);
    }
    h->on_readable = on_readable;
    h->on_writable = on_writable;
    h->opaque = opaque;
    qemu_notify_event();
}

static void handlers_sweep(void)
{
    if (!handlers_dirty) {
        return;
    }
    handlers_dirty = false;
    for (guint i = 0; i < handlers->len;) {
        FDHandler *h = g_ptr_array_index(handlers, i);

        if (h->deleted) {
            g_free(h);
            g_ptr_array_remove_index(handlers, i);
        } else {
            i++;
        }
    }
}

static void handlers_dispatch(const GPollFD *fds, guint count)
{
    for (guint i = 0; i < count; i++) {
        FDHandler *h = g_ptr_array_index(handlers, i);

        if (!h->deleted && h->on_readable && (fds[i].revents & (G_IO_IN | G_IO_HUP | G_IO_ERR))) {
            h->on_readable(h->opaque);
        }
        if (!h->deleted && h->on_writable && (fds[i].revents & (G_IO_OUT | G_IO_ERR))) {
            h->on_writable(h->opaque);
        }
    }
}

/* --- one round --------------------------------------------------------------- */

static int64_t min_timeout_ns(int64_t a, int64_t b)
{
    return a < 0 ? b : b < 0 ? a : MIN(a, b);
}

/* Sleep without the BQL. GPollFD has the layout of struct pollfd. */
static void poll_unlocked(GArray *fds, int64_t timeout_ns)
{
    struct timespec ts = { timeout_ns / NANOSECONDS_PER_SECOND,
                           timeout_ns % NANOSECONDS_PER_SECOND };

    _Static_assert(sizeof(GPollFD) == sizeof(struct pollfd), "GPollFD is used as struct pollfd");
    qemu_mutex_unlock_iothread();
    if (ppoll((struct pollfd *)fds->data, fds->len, timeout_ns < 0 ? NULL : &ts, NULL) < 0) {
        for (guint i = 0; i < fds->len; i++) {
            g_array_index(fds, GPollFD, i).revents = 0;
        }
    }
    qemu_mutex_lock_iothread();
}

void main_loop_wait(bool nonblocking)
{
    static GArray *fds;         /* the notifier, then handlers, then GLib's */
    GMainContext *context = g_main_context_default();
    GPollFD notifier = { .fd = notify_fd, .events = G_IO_IN };
    gint priority, glib_timeout_ms, glib_count;
    guint glib_first, handler_count;
    int64_t timeout_ns;

    if (!fds) {
        fds = g_array_new(false, true, sizeof(GPollFD));
    }
    handlers_sweep();
    g_array_set_size(fds, 0);
    g_array_append_val(fds, notifier);
    handler_count = handlers->len;
    for (guint i = 0; i < handler_count; i++) {
        FDHandler *h = g_ptr_array_index(handlers, i);
        GPollFD pfd = { .fd = h->fd };

        pfd.events = (h->on_readable ? G_IO_IN : 0) | (h->on_writable ? G_IO_OUT : 0);
        g_array_append_val(fds, pfd);
    }
    glib_first = fds->len;

    g_main_context_prepare(context, &priority);
    glib_count = 0;
    for (;;) {
        gint needed = g_main_context_query(context, priority, &glib_timeout_ms,
                                           (GPollFD *)(void *)fds->data + glib_first, glib_count);

        g_array_set_size(fds, glib_first + needed);
        if (needed <= glib_count) {
            glib_count = needed;
            break;
        }
        glib_count = needed;
    }

    timeout_ns = glib_timeout_ms < 0 ? -1 : glib_timeout_ms * (int64_t)SCALE_MS;
    timeout_ns = min_timeout_ns(timeout_ns, qemu_clock_sleep_ns());
    if (nonblocking || bh_waiting()) {
        timeout_ns = 0;
    }
    poll_unlocked(fds, timeout_ns);

    if (g_array_index(fds, GPollFD, 0).revents) {
        notify_clear();
    }
    handlers_dispatch((GPollFD *)(void *)fds->data + 1, handler_count);
    if (g_main_context_check(context, priority, (GPollFD *)(void *)fds->data + glib_first,
                             glib_count)) {
        g_main_context_dispatch(context);
    }
    bh_poll(&bh_main);
    qemu_clock_run_all_timers();
}
