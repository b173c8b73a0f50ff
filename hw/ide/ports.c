/*
 * The ports of an IDE channel, wherever a controller has them: task file with the
 * data port, and the register of device control and alternate status.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/ide/ide-internal.h"

static uint64_t command_read(void *opaque, hwaddr addr, unsigned size)
{
    IDEBus *bus = opaque;

    if (addr == ATA_DATA && size > 1) {
        return ide_data_read(bus, size);
    }
    return size == 1 ? ide_ioport_read(bus, addr) : (UINT64_C(1) << 8 * size) - 1;
}

static void command_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    IDEBus *bus = opaque;

    if (addr == ATA_DATA && size > 1) {
        ide_data_write(bus, val, size);
    } else if (size == 1) {
        ide_ioport_write(bus, addr, val);
    }
}

static uint64_t control_read(void *opaque, hwaddr addr, unsigned size)
{
    return ide_alt_status_read(opaque);
}

static void control_write(void *opaque, hwaddr addr, uint64_t val, unsigned size)
{
    ide_control_write(opaque, val);
}

const MemoryRegionOps ide_command_ops = {
    .read = command_read, .write = command_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};
const MemoryRegionOps ide_control_ops = {
    .read = control_read, .write = control_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};
