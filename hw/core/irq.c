/*
 * Interrupt lines.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/irq.h"
#include "trace/hw-core.h"

struct IRQState {
    qemu_irq_handler handler;
    void *opaque;
    int n;
    const char *name;           /* for trace events */
    int traced_level;           /* last level that an event told; -1: none */
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
        if (trace_qemu_set_irq_enabled() && irq->traced_level != level) {
            irq->traced_level = level;
            trace_qemu_set_irq(irq->name, irq->n, level);
        }
        irq->handler(irq->opaque, irq->n, level);
    }
}

qemu_irq qemu_allocate_irq(const char *name, qemu_irq_handler handler, void *opaque, int n)
{
    qemu_irq irq = g_new0(struct IRQState, 1);

    irq->name = name;
    irq->traced_level = -1;
    irq->handler = handler;
    irq->opaque = opaque;
    irq->n = n;
    return irq;
}

static void irq_inverted(void *opaque, int n, int level)
{
    qemu_set_irq(opaque, !level);
}

qemu_irq qemu_irq_invert(qemu_irq irq)
{
    qemu_irq inverted = qemu_allocate_irq("inverter", irq_inverted, irq, 0);

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
    **irq = (struct IRQState){ .handler = irq_intercepted, .opaque = intercept, .n = n,
                               .name = intercept->original.name ? intercept->original.name : "unconnected",
                               .traced_level = -1 };
}

void qemu_irq_intercept(qemu_irq *irqs, qemu_irq_handler spy, void *opaque, int n)
{
    for (int i = 0; i < n; i++) {
        qemu_irq_intercept_numbered(&irqs[i], spy, opaque, i);
    }
}
