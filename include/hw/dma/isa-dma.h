/*
 * What an ISA device asks of the 8237 DMA controllers: eight channels, 0-3
 * of bytes, 5-7 of 16-bit words (4 is the cascade).
 *
 * The device holds its request line (DREQ) while it can move data. Whenever
 * a channel is unmasked and requested, the controller calls the device's
 * service function, which moves what it likes with isa_dma_read/write. All
 * under the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_DMA_ISA_DMA_H
#define HW_DMA_ISA_DMA_H

#include "hw/qdev.h"

typedef struct IsaDma IsaDma;

/* May move nothing, or drop the request. Never called from within a call of the same channel. */
typedef void IsaDmaService(void *opaque, int channel);

typedef struct IsaDmaOps {
    void (*connect)(IsaDma *dma, int channel, IsaDmaService *service, void *opaque);
    void (*set_request)(IsaDma *dma, int channel, bool active);
    size_t (*transfer)(IsaDma *dma, int channel, void *buf, size_t bytes, bool to_memory, bool *end);
} IsaDmaOps;

/* Both controllers of a machine; their owner embeds it and sets ops. */
struct IsaDma {
    const IsaDmaOps *ops;
    void *opaque;
};

/* The device of a channel; one for each channel, the last one wins. service NULL: none. */
static inline void isa_dma_connect(IsaDma *dma, int channel, IsaDmaService *service, void *opaque)
{
    dma->ops->connect(dma, channel, service, opaque);
}

/* DREQ. service may be called before this returns. */
static inline void isa_dma_set_request(IsaDma *dma, int channel, bool active)
{
    dma->ops->set_request(dma, channel, active);
}

/*
 * Move bytes between the device and guest memory at the channel's address.
 * Returns how many were moved: fewer at the end of the count, 0 when the
 * channel is masked or programmed for the other direction. A channel in verify
 * mode counts without touching memory. *end: terminal count was reached.
 */
static inline size_t isa_dma_read(IsaDma *dma, int channel, void *buf, size_t bytes, bool *end)
{
    return dma->ops->transfer(dma, channel, buf, bytes, false, end);
}

static inline size_t isa_dma_write(IsaDma *dma, int channel, const void *buf, size_t bytes, bool *end)
{
    return dma->ops->transfer(dma, channel, (void *)buf, bytes, true, end);
}

#endif
