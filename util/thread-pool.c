/*
 * Worker threads for blocking host I/O.
 *
 * Workers are started on demand, up to a limit, and end after a while without
 * work. Results go back to the main loop through one bottom half.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "qemu/thread-name.h"
#include "qemu/timer.h"

enum { MAX_WORKERS = 16, IDLE_SECONDS = 10 };

typedef struct Work {
    ThreadPoolFunc *work;
    void (*done)(void *opaque, int ret);
    void *opaque;
    int ret;
} Work;

static pthread_mutex_t pool_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t pool_cond = PTHREAD_COND_INITIALIZER;
static GQueue pool_queue = G_QUEUE_INIT;        /* of Work *, waiting */
static GQueue pool_finished = G_QUEUE_INIT;     /* of Work *, for done() */
static int pool_workers, pool_idle;

/* In the main loop: hand all finished work back. */
static void pool_complete(void *opaque)
{
    for (;;) {
        Work *w;

        pthread_mutex_lock(&pool_lock);
        w = g_queue_pop_head(&pool_finished);
        pthread_mutex_unlock(&pool_lock);
        if (!w) {
            return;
        }
        w->done(w->opaque, w->ret);
        g_free(w);
    }
}

/* The next piece of work, or NULL after IDLE_SECONDS without any. */
static Work *pool_wait_locked(void)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += IDLE_SECONDS;
    pool_idle++;
    while (g_queue_is_empty(&pool_queue)) {
        if (pthread_cond_timedwait(&pool_cond, &pool_lock, &until) == ETIMEDOUT) {
            break;
        }
    }
    pool_idle--;
    return g_queue_pop_head(&pool_queue);
}

static void pool_finish_locked(Work *w)
{
    bool first = g_queue_is_empty(&pool_finished);

    g_queue_push_tail(&pool_finished, w);
    if (first) {
        qemu_bh_schedule_oneshot(pool_complete, NULL);
    }
}

static void *pool_worker(void *opaque)
{
    Work *w;

    pthread_mutex_lock(&pool_lock);
    while ((w = pool_wait_locked())) {
        pthread_mutex_unlock(&pool_lock);
        w->ret = w->work(w->opaque);
        pthread_mutex_lock(&pool_lock);
        pool_finish_locked(w);
    }
    pool_workers--;
    pthread_mutex_unlock(&pool_lock);
    return NULL;
}

/* Workers never take signals: those belong to the main thread. */
static void pool_start_worker_locked(void)
{
    sigset_t all, old;
    pthread_attr_t attr;
    pthread_t thread;

    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &old);
    if (!pthread_create(&thread, &attr, pool_worker, NULL)) {
        pool_workers++;
        thread_set_name(thread, "worker");
    }
    pthread_sigmask(SIG_SETMASK, &old, NULL);
    pthread_attr_destroy(&attr);
}

/* Start a worker when there is work for one more. False: the host gives no thread at all. */
static bool pool_have_worker_locked(void)
{
    if (pool_idle <= (int)g_queue_get_length(&pool_queue) && pool_workers < MAX_WORKERS) {
        pool_start_worker_locked();
    }
    return pool_workers > 0;
}

void thread_pool_submit(ThreadPoolFunc *work, void (*done)(void *opaque, int ret), void *opaque)
{
    Work *w = g_new0(Work, 1);
    bool queued;

    w->work = work;
    w->done = done;
    w->opaque = opaque;
    pthread_mutex_lock(&pool_lock);
    /* With -icount the guest must not see how long the host takes. */
    queued = !icount_on_vcpu() && pool_have_worker_locked();
    if (queued) {
        g_queue_push_tail(&pool_queue, w);
        pthread_cond_signal(&pool_cond);
    }
    pthread_mutex_unlock(&pool_lock);
    if (!queued) {
        w->ret = work(opaque);
        pthread_mutex_lock(&pool_lock);
        pool_finish_locked(w);
        pthread_mutex_unlock(&pool_lock);
    }
}
