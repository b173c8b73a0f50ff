/*
 * Deferred freeing for data that is read without a lock.
 *
 * Readers bracket each use of the shared pointer with epoch_enter/epoch_exit
 * (short, no blocking inside, no nesting). A writer publishes the new pointer
 * and passes the old one to epoch_retire.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_EPOCH_H
#define QEMU_EPOCH_H

#include "qemu/osdep.h"

typedef struct EpochReader {
    uint64_t began;             /* epoch of the section under way, 0: none */
    bool used;
    struct EpochReader *next;
} EpochReader;

extern __thread EpochReader *epoch_self;
extern uint64_t epoch_now;

EpochReader *epoch_register_thread(void);
/* Free ptr with free_fn once no reader can hold it. Any thread, outside sections. */
void epoch_retire(void *ptr, void (*free_fn)(void *ptr));

static inline void epoch_enter(void)
{
    EpochReader *r = likely(epoch_self) ? epoch_self : epoch_register_thread();

    /* Sequentially consistent: the store is seen before the section's first load. */
    __atomic_store_n(&r->began, __atomic_load_n(&epoch_now, __ATOMIC_SEQ_CST), __ATOMIC_SEQ_CST);
}

static inline void epoch_exit(void)
{
    __atomic_store_n(&epoch_self->began, 0, __ATOMIC_RELEASE);
}

#endif
