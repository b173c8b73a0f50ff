/*
 * SMBus host controller of Intel PIIX4 (82371AB data sheet 290562, 7.3).
 *
 * Transactions take place inside the register write that starts them.
 * Left out: the slave interface, alerts.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/i2c/smbus.h"
#include "qemu/log.h"
#include "trace/hw-i2c.h"

enum { REG_STATUS = 0, REG_CONTROL = 2, REG_COMMAND, REG_ADDRESS, REG_DATA0, REG_DATA1, REG_BLOCK,
       REG_SLAVE_STATUS = 0x01 };
enum { ST_INTERRUPT = 0x02, ST_DEVICE_ERROR = 0x04, ST_CLEARABLE = 0x1e };
enum { CTL_INTERRUPT = 0x01, CTL_KILL = 0x02, CTL_PROTOCOL = 0x1c, CTL_START = 0x40 };
/* Protocols, control bits 4-2 */
enum { PROTO_QUICK, PROTO_BYTE, PROTO_BYTE_DATA, PROTO_WORD_DATA, PROTO_PROCESS_CALL, PROTO_BLOCK };
enum { BLOCK_STOP_INDEX = SMBUS_BLOCK };

static SMBusDevice *find_device(PMSMBus *s, uint8_t address)
{
    for (guint i = 0; i < s->bus.devices->len; i++) {
        SMBusDevice *dev = g_ptr_array_index(s->bus.devices, i);

        if (dev->address == address) {
            return dev;
        }
    }
    return NULL;
}

static void smbus_update_irq(PMSMBus *s)
{
    qemu_set_irq(s->irq, (s->control & CTL_INTERRUPT) && (s->status & (ST_INTERRUPT | ST_DEVICE_ERROR)));
}

static void send_bytes(SMBusDevice *dev, const uint8_t *bytes, size_t count)
{
    const SMBusDeviceClass *sc = object_class_data(OBJECT(dev));

    sc->write(dev, bytes, count);
}

static uint8_t receive_byte(SMBusDevice *dev)
{
    const SMBusDeviceClass *sc = object_class_data(OBJECT(dev));

    return sc->read(dev);
}

static void block_transfer(PMSMBus *s, SMBusDevice *dev, bool read)
{
    uint8_t bytes[SMBUS_BLOCK + 2] = { s->command };
    int count = MIN(s->data0, SMBUS_BLOCK);

    if (!read) {
        bytes[1] = count;
        memcpy(bytes + 2, s->block, count);
        send_bytes(dev, bytes, count + 2);
        return;
    }
    send_bytes(dev, bytes, 1);
    s->data0 = MIN(receive_byte(dev), SMBUS_BLOCK);
    for (int i = 0; i < s->data0; i++) {
        s->block[i] = receive_byte(dev);
    }
}

static void data_transfer(PMSMBus *s, SMBusDevice *dev, int count, bool read)
{
    uint8_t bytes[3] = { s->command, s->data0, s->data1 };

    if (!read) {
        send_bytes(dev, bytes, 1 + count);
        return;
    }
    send_bytes(dev, bytes, 1);
    s->data0 = receive_byte(dev);
    if (count == 2) {
        s->data1 = receive_byte(dev);
    }
}

/* False: no such device or protocol. */
static bool transaction(PMSMBus *s)
{
    SMBusDevice *dev = find_device(s, s->address >> 1);
    const SMBusDeviceClass *sc = dev ? object_class_data(OBJECT(dev)) : NULL;
    bool read = s->address & 1;

    trace_smbus_transaction(s->address, dev != NULL);
    if (!dev) {
        return false;
    }
    switch ((s->control & CTL_PROTOCOL) >> 2) {
    case PROTO_QUICK:
        if (sc->quick) {
            sc->quick(dev, read);
        }
        return true;
    case PROTO_BYTE:
        if (read) {
            s->data0 = receive_byte(dev);
        } else {
            send_bytes(dev, &s->command, 1);
        }
        return true;
    case PROTO_BYTE_DATA:
        data_transfer(s, dev, 1, read);
        return true;
    case PROTO_WORD_DATA:
        data_transfer(s, dev, 2, read);
        return true;
    case PROTO_PROCESS_CALL:
        data_transfer(s, dev, 2, false);
        s->data0 = receive_byte(dev);
        s->data1 = receive_byte(dev);
        return true;
    case PROTO_BLOCK:
        block_transfer(s, dev, read);
        return true;
    }
    qemu_log_mask(LOG_GUEST_ERROR, "pm-smbus: protocol of control 0x%02x\n", s->control);
    return false;
}

static uint64_t smbus_read(void *opaque, hwaddr addr, unsigned size)
{
    PMSMBus *s = opaque;

    switch (addr) {
    case REG_STATUS:
        return s->status;
    case REG_CONTROL:           /* resets the block index */
        s->block_index = 0;
        return s->control;
    case REG_COMMAND:
        return s->command;
    case REG_ADDRESS:
        return s->address;
    case REG_DATA0:
        return s->data0;
    case REG_DATA1:
        return s->data1;
    case REG_BLOCK:
        s->block_index %= BLOCK_STOP_INDEX;
        return s->block[s->block_index++];
    case 0x0d:                  /* revision of the interface, as PIIX4's successors have it */
        return 2;
    }
    return 0;
}

static void write_control(PMSMBus *s, uint8_t value)
{
    s->control = value & ~(CTL_START | CTL_KILL);
    s->block_index = 0;
    if (value & CTL_KILL) {
        s->status = 0;
    } else if (value & CTL_START) {
        s->status |= transaction(s) ? ST_INTERRUPT : ST_DEVICE_ERROR;
    }
    smbus_update_irq(s);
}

static void smbus_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PMSMBus *s = opaque;

    switch (addr) {
    case REG_STATUS:            /* write 1 to clear */
        s->status &= ~(value & ST_CLEARABLE);
        smbus_update_irq(s);
        break;
    case REG_CONTROL:
        write_control(s, value);
        break;
    case REG_COMMAND:
        s->command = value;
        break;
    case REG_ADDRESS:
        s->address = value;
        break;
    case REG_DATA0:
        s->data0 = value;
        break;
    case REG_DATA1:
        s->data1 = value;
        break;
    case REG_BLOCK:
        s->block_index %= BLOCK_STOP_INDEX;
        s->block[s->block_index++] = value;
        break;
    }
}

static const MemoryRegionOps smbus_ops = {
    .read = smbus_read,
    .write = smbus_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

void pm_smbus_reset(PMSMBus *s)
{
    s->status = s->control = s->command = s->address = s->data0 = s->data1 = 0;
    memset(s->block, 0, sizeof(s->block));
    s->block_index = 0;
    smbus_update_irq(s);
}

static const VMStateField smbus_fields[] = {
    VMSTATE_UINT8(status, PMSMBus),
    VMSTATE_UINT8(control, PMSMBus),
    VMSTATE_UINT8(command, PMSMBus),
    VMSTATE_UINT8(address, PMSMBus),
    VMSTATE_UINT8(data0, PMSMBus),
    VMSTATE_UINT8(data1, PMSMBus),
    VMSTATE_BUFFER(block, PMSMBus),
    VMSTATE_UINT8(block_index, PMSMBus),
    VMSTATE_END
};
const VMStateDescription vmstate_pm_smbus = {
    .name = "pm-smbus",
    .version = 1,
    .fields = smbus_fields,
};

void pm_smbus_init(PMSMBus *s, DeviceState *parent)
{
    qbus_init(&s->bus, sizeof(s->bus), TYPE_SMBUS, parent, "i2c");
    memory_region_init_io(&s->io, OBJECT(parent), &smbus_ops, s, "pm-smbus", PM_SMBUS_PORTS);
}

static const Property smbus_device_props[] = {
    DEFINE_PROP_UINT8("address", SMBusDevice, address, 0),
    DEFINE_PROP_END
};

static const TypeInfo smbus_device_info = {
    .name = TYPE_SMBUS_DEVICE,
    .parent = "device",
    .instance_size = sizeof(SMBusDevice),
    .props = smbus_device_props,
    .bus_type = TYPE_SMBUS,
};
DEFINE_TYPE(smbus_device_info)
