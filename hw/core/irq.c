/*
 * Interrupt lines.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/irq.h"

struct IRQState {
    qemu_irq_handler handler;
    void *opaque;
    int n;
};

typedef struct Intercept {
    struct IRQState original;   /* handler NULL: the wire led nowhere */
    qemu_irq_handler spy;
    void *spy_opaque;
    int n;                      /* number that the spy gets */
} Intercept;

void qemu_set_irq(qemu_irq irq, int level)
{
    if (irq) {
        irq->handler(irq->opaque, irq->n, level);
    }
}

qemu_irq qemu_allocate_irq(qemu_irq_handler handler, void *opaque, int n)
{
    qemu_irq irq = g_new0(struct IRQState, 1);

    irq->handler = handler;
    irq->opaque = opaque;
    irq->n = n;
    return irq;
}

qemu_irq *qemu_allocate_irqs(qemu_irq_handler handler, void *opaque, int n)
{
    qemu_irq *irqs = g_new0(qemu_irq, MAX(n, 1));

    for (int i = 0; i < n; i++) {
        irqs[i] = qemu_allocate_irq(handler, opaque, i);
    }
    return irqs;
}

static void irq_inverted(void *opaque, int n, int level)
{
    qemu_set_irq(opaque, !level);
}

qemu_irq qemu_irq_invert(qemu_irq irq)
{
    qemu_irq inverted = qemu_allocate_irq(irq_inverted, irq, 0);

    qemu_set_irq(irq, 1);       /* an idle input drives the inverted wire */
    return inverted;
}

static void irq_intercepted(void *opaque, int n, int level)
{
    Intercept *intercept = opaque;

    intercept->spy(intercept->spy_opaque, intercept->n, level);
    if (intercept->original.handler) {
        intercept->original.handler(intercept->original.opaque, intercept->original.n, level);
    }
}

void qemu_irq_intercept_numbered(qemu_irq *irq, qemu_irq_handler spy, void *opaque, int n)
{
    Intercept *intercept = g_new0(Intercept, 1);

    intercept->spy = spy;
    intercept->spy_opaque = opaque;
    intercept->n = n;
    if (!*irq) {
        *irq = g_new0(struct IRQState, 1);
    }
    /* In place: whoever already holds the wire is intercepted too. */
    intercept->original = **irq;
    **irq = (struct IRQState){ .handler = irq_intercepted, .opaque = intercept, .n = n };
}

void qemu_irq_intercept(qemu_irq *irqs, qemu_irq_handler spy, void *opaque, int n)
{
    for (int i = 0; i < n; i++) {
        qemu_irq_intercept_numbered(&irqs[i], spy, opaque, i);
    }
}
