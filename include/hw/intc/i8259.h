/*
 * 8259A interrupt controllers, wired as a pair.
 *
 * Type "isa-i8259": properties "iobase", "elcr_addr", "elcr_mask", "master",
 * link "slave" (on the master). gpio inputs 0-7, output 0: INT.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_I8259_H
#define HW_INTC_I8259_H

#include "hw/isa.h"

#define TYPE_I8259 "isa-i8259"

/*
 * Make both controllers, connect slave to master. int_out is the master's
 * output. inputs[16] receives the inputs. NULL with the error set.
 */
DeviceState *i8259_create_pair(ISABus *bus, qemu_irq int_out, qemu_irq *inputs, Error **errp);
/* Two INTA cycles on the master: the vector. A spurious one when nothing waits. */
int i8259_acknowledge(DeviceState *master);
/* True while INT is up. */
bool i8259_pending(DeviceState *master);

#endif
