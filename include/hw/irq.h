/*
 * Interrupt lines: a qemu_irq is the input end of a wire.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_IRQ_H
#define HW_IRQ_H

#include "qemu/osdep.h"

typedef struct IRQState *qemu_irq;
typedef void (*qemu_irq_handler)(void *opaque, int n, int level);

/* Drive the wire; NULL wires are not connected. BQL. */
void qemu_set_irq(qemu_irq irq, int level);
static inline void qemu_irq_raise(qemu_irq irq) { qemu_set_irq(irq, 1); }
static inline void qemu_irq_lower(qemu_irq irq) { qemu_set_irq(irq, 0); }
static inline void qemu_irq_pulse(qemu_irq irq) { qemu_set_irq(irq, 1); qemu_set_irq(irq, 0); }

/*
 * An input that calls handler(opaque, n, level); freed with the process. name: what
 * trace events call it, borrowed for ever.
 */
qemu_irq qemu_allocate_irq(const char *name, qemu_irq_handler handler, void *opaque, int n);
qemu_irq qemu_irq_invert(qemu_irq irq);
/* -qtest irq_intercept: call spy(opaque, n, level) beside the handler. */
void qemu_irq_intercept(qemu_irq *irqs, qemu_irq_handler spy, void *opaque, int n);
/* One wire; the spy is told that it is number n. */
void qemu_irq_intercept_numbered(qemu_irq *irq, qemu_irq_handler spy, void *opaque, int n);

#endif
