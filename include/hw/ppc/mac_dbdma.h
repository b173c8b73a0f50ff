/*
 * DBDMA: the descriptor-based DMA controller of Apple's I/O chips.
 *
 * The controller walks a channel's program and hands each INPUT or OUTPUT
 * descriptor to the channel's client, one at a time. The client moves the
 * bytes itself, at its own pace, and then calls io->dma_end(io).
 *
 * A client device is a sysbus device with link property "dbdma" (the
 * controller) and uint32 property "channel" (register offset / 0x80); it calls
 * DBDMA_register_channel from realize. Outputs: 0 device, 1 DMA completion.
 *
 * All under the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_PPC_MAC_DBDMA_H
#define HW_PPC_MAC_DBDMA_H

#include "hw/irq.h"

#define TYPE_MAC_DBDMA "mac-dbdma"
#define DBDMA_CHANNELS 32

typedef struct DBDMA_io DBDMA_io;
typedef void (*DBDMA_rw)(DBDMA_io *io);
typedef void (*DBDMA_flush)(DBDMA_io *io);
typedef void (*DBDMA_end)(DBDMA_io *io);

/* One descriptor under way; the controller owns it, one for each channel. */
struct DBDMA_io {
    void *opaque;       /* the client's, as registered */
    void *channel;      /* the controller's */
    hwaddr addr;        /* guest physical; the client advances it as it moves bytes */
    int len;            /* bytes left; what remains at dma_end is the residual count */
    bool is_last;       /* OUTPUT_LAST, INPUT_LAST */
    bool is_dma_out;    /* memory to device */
    bool processing;    /* between rw and dma_end */
    DBDMA_end dma_end;  /* the client calls it once when it is done with the descriptor */
};

/*
 * rw starts a descriptor; flush asks the client to finish or cancel what is
 * under way (it may return before, and need not call dma_end when cancelled).
 * irq is the channel's completion interrupt.
 */
void DBDMA_register_channel(void *dbdma, int nchan, qemu_irq irq,
                            DBDMA_rw rw, DBDMA_flush flush, void *opaque);
/*
 * The device became ready: continue the channel's program. A client whose rw
 * cannot move bytes yet just keeps io (processing) and continues when it can,
 * so this is needed only after a client refused by calling dma_end with len left.
 */
void DBDMA_kick(void *dbdma, int nchan);

#endif
