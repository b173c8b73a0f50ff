/*
 * The main loop thread: file descriptors, bottom halves, the big lock.
 *
 * Device models run under the big lock (BQL). The main loop drops it while it
 * sleeps; vCPU threads take it for MMIO and interrupts only.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_MAIN_LOOP_H
#define QEMU_MAIN_LOOP_H

#include "qemu/osdep.h"

typedef void IOHandler(void *opaque);
typedef void QEMUBHFunc(void *opaque);
typedef struct QEMUBH QEMUBH;

void qemu_mutex_lock_iothread(void);
void qemu_mutex_unlock_iothread(void);
bool qemu_mutex_iothread_locked(void);
/* Wait on cond with the BQL released meanwhile. */
void qemu_cond_wait_iothread(pthread_cond_t *cond);

bool qemu_init_main_loop(void);
/* One round: poll fds (sleeping at most until the next timer), run callbacks. */
void main_loop_wait(bool nonblocking);
/* Wake the main loop from any thread. */
void qemu_notify_event(void);

/* Watch fd; NULL handlers stop watching. BQL. */
void qemu_set_fd_handler(int fd, IOHandler *on_readable, IOHandler *on_writable, void *opaque);

/* Bottom halves run once in the main loop after being scheduled (any thread). */
QEMUBH *qemu_bh_new(QEMUBHFunc *cb, void *opaque);
void qemu_bh_schedule(QEMUBH *bh);
void qemu_bh_cancel(QEMUBH *bh);
void qemu_bh_delete(QEMUBH *bh);
/* Run cb(opaque) once in the main loop; no handle. */
void qemu_bh_schedule_oneshot(QEMUBHFunc *cb, void *opaque);

/*
 * Run work(opaque) on a worker thread without the BQL, then done(opaque, ret)
 * in the main loop under the BQL. For blocking host I/O.
 */
typedef int ThreadPoolFunc(void *opaque);
void thread_pool_submit(ThreadPoolFunc *work, void (*done)(void *opaque, int ret), void *opaque);

#endif
