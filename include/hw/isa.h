/*
 * The ISA bus: ports, sixteen interrupt lines, eight DMA channels.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_ISA_H
#define HW_ISA_H

#include "hw/qdev.h"
#include "exec/memory.h"

#define TYPE_ISA_BUS    "ISA"
#define TYPE_ISA_DEVICE "isa-device"
enum { ISA_NUM_IRQS = 16, ISA_NUM_DMA = 8 };

typedef struct ISABus ISABus;

/*
 * A DMA controller as the bus sees it. See isa_dma_* for the meaning; channel
 * is 0 to 7 and never 4.
 */
typedef struct ISADMAOps {
    void (*connect)(void *opaque, int channel, void (*run)(void *opaque), void *run_opaque);
    void (*set_dreq)(void *opaque, int channel, bool level);
    size_t (*transfer)(void *opaque, int channel, void *buf, size_t len, bool to_memory, bool *tc);
} ISADMAOps;

struct ISABus {
    BusState qbus;
    MemoryRegion *mem, *io;
    qemu_irq irqs[ISA_NUM_IRQS];        /* NULL: not connected */
    const ISADMAOps *dma_ops;           /* NULL: no controller */
    void *dma_opaque;
};

typedef struct ISADevice {
    DeviceState parent_obj;
    ISABus *bus;
} ISADevice;
#define ISA_DEVICE(o) OBJECT_CHECK(ISADevice, (o), TYPE_ISA_DEVICE)

/* For bridges and boards. An embedded bus; mem and io are its spaces. */
void isa_bus_init(ISABus *bus, size_t size, DeviceState *parent, const char *name,
                  MemoryRegion *mem, MemoryRegion *io);
/* A bus of its own, "isa.0", for machines without a bridge. NULL with the error set. */
ISABus *isa_bridge_create(MemoryRegion *mem, MemoryRegion *io, Error **errp);
void isa_bus_set_dma(ISABus *bus, const ISADMAOps *ops, void *opaque);

ISADevice *isa_new(const char *type);
bool isa_realize_and_unref(ISADevice *dev, ISABus *bus, Error **errp) QEMU_MUST_CHECK;
/* As above, without properties to set. NULL with the error set. */
ISADevice *isa_create_simple(ISABus *bus, const char *type, Error **errp);

/* For devices, from realize on. */
void isa_register_ioport(ISADevice *dev, MemoryRegion *mr, uint16_t port);
/* Interrupt line n of the bus; a line is driven by one device (edge triggered). */
qemu_irq isa_get_irq(ISADevice *dev, int n);

/*
 * DMA. The device calls connect once; run(opaque) is called under the BQL when
 * DREQ is up and the channel can move bytes (programmed, unmasked): the device
 * then calls read or write for what it has, as often as it likes. It may also
 * call them at any other time; they move nothing while the channel is masked.
 */
void isa_dma_connect(ISADevice *dev, int channel, void (*run)(void *opaque), void *opaque);
void isa_dma_set_dreq(ISADevice *dev, int channel, bool level);
/* Memory to device; device to memory. Bytes moved; *tc: the count ran out (EOP). */
size_t isa_dma_read(ISADevice *dev, int channel, void *buf, size_t len, bool *tc);
size_t isa_dma_write(ISADevice *dev, int channel, const void *buf, size_t len, bool *tc);

#endif
