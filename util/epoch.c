/*
 * Deferred freeing for data that is read without a lock.
 *
 * Each reading thread publishes the epoch in which its read section began.
 * What is retired in epoch N is freed when no thread is inside a section that
 * began in N or earlier; that is looked at whenever something is retired.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/epoch.h"

typedef struct Retired {
    void *ptr;
    void (*free_fn)(void *ptr);
    uint64_t epoch;
} Retired;

__thread EpochReader *epoch_self;
uint64_t epoch_now = 1;

static pthread_mutex_t epoch_lock = PTHREAD_MUTEX_INITIALIZER;
static EpochReader *readers;    /* only grows; entries of ended threads are used again */
static GQueue retired = G_QUEUE_INIT;   /* of Retired *, oldest first; epoch_lock */
static pthread_key_t thread_end_key;
static pthread_once_t thread_end_once = PTHREAD_ONCE_INIT;

static void reader_thread_end(void *opaque)
{
    EpochReader *r = opaque;

    pthread_mutex_lock(&epoch_lock);
    r->used = false;
    pthread_mutex_unlock(&epoch_lock);
}

static void make_thread_end_key(void)
{
    pthread_key_create(&thread_end_key, reader_thread_end);
}

EpochReader *epoch_register_thread(void)
{
    EpochReader *r;

    pthread_once(&thread_end_once, make_thread_end_key);
    pthread_mutex_lock(&epoch_lock);
    for (r = readers; r && r->used; r = r->next) {
    }
    if (!r) {
        r = g_new0(EpochReader, 1);
        r->next = readers;
        readers = r;
    }
    r->used = true;
    pthread_mutex_unlock(&epoch_lock);
    pthread_setspecific(thread_end_key, r);
    epoch_self = r;
    return r;
}

/* The oldest epoch that a section under way began in; UINT64_MAX: none. */
static uint64_t oldest_reader_locked(void)
{
    uint64_t oldest = UINT64_MAX;

    for (EpochReader *r = readers; r; r = r->next) {
        uint64_t began = __atomic_load_n(&r->began, __ATOMIC_SEQ_CST);

        if (began && began < oldest) {
            oldest = began;
        }
    }
    return oldest;
}

void epoch_retire(void *ptr, void (*free_fn)(void *ptr))
{
    Retired *item = g_new0(Retired, 1);
    uint64_t oldest;

    pthread_mutex_lock(&epoch_lock);
    item->ptr = ptr;
    item->free_fn = free_fn;
    item->epoch = qatomic_fetch_add(&epoch_now, 1);
    g_queue_push_tail(&retired, item);
    oldest = oldest_reader_locked();
    while ((item = g_queue_peek_head(&retired)) && item->epoch < oldest) {
        g_queue_pop_head(&retired);
        item->free_fn(item->ptr);
        g_free(item);
    }
    pthread_mutex_unlock(&epoch_lock);
}
