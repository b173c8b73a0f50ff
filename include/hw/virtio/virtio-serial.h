/*
 * Ports of a virtio console: devices "virtserialport" and "virtconsole" on the
 * bus that a virtio-serial card provides (Virtual I/O Device 1.1, 5.3).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_VIRTIO_VIRTIO_SERIAL_H
#define HW_VIRTIO_VIRTIO_SERIAL_H

#include "chardev/char.h"
#include "hw/virtio/virtio.h"

#define TYPE_VIRTIO_SERIAL_BUS "virtio-serial-bus"

enum { VIRTIO_SERIAL_MAX_PORTS = 31 };

typedef struct VirtIOSerial VirtIOSerial;

typedef struct VirtIOSerialPort {
    DeviceState parent_obj;

    /* wiring */
    VirtIOSerial *serial;
    VirtQueue *in, *out;        /* to and from the guest */
    bool is_console;

    /* properties */
    CharBackend chr;
    char *port_name;            /* "name" */
    uint32_t number;            /* "nr"; UINT32_MAX: the first free one */

    /* guest state */
    bool guest_open, host_open;
} VirtIOSerialPort;

#endif
