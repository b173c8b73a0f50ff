/*
 * Apple Desktop Bus (Apple, "Guide to the Macintosh Family Hardware", chapter
 * 8): commands and what all devices have in common, register 3.
 *
 * The controller (CUDA or PMU) is the only sender; devices answer Talk, take
 * Listen and may ask for service.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/adb.h"
#include "qemu/log.h"
#include "trace/hw-input.h"

/* Register 3: flags and address, handler id. */
enum { REG3 = 3, REG3_SERVICE_ENABLE = 0x20, REG3_ADDRESS = 0x0f, REG3_EXCEPTIONAL = 0x40 };
enum { HANDLER_SELF_TEST = 0xff, HANDLER_CHANGE_IF_ALONE = 0xfe, HANDLER_CHANGE_IF_ACTIVE = 0xfd,
       HANDLER_CHANGE_ADDRESS = 0x00 };

static const ADBDeviceClass *adb_class(const ADBDevice *dev)
{
    return object_class_data(OBJECT(dev));
}

static bool adb_plug(BusState *qbus, DeviceState *qdev, Error **errp)
{
    ADBBus *bus = container_of(qbus, ADBBus, qbus);

    if (bus->num_devices == ADB_MAX_DEVICES) {
        error_setg(errp, "-device %s: no free address on bus %s", OBJECT(qdev)->type->name, qbus->name);
        return false;
    }
    bus->devices[bus->num_devices++] = ADB_DEVICE(qdev);
    return true;
}

void adb_bus_init(ADBBus *bus, DeviceState *parent, void (*service_request)(void *opaque), void *opaque)
{
    qbus_init(&bus->qbus, sizeof(*bus), TYPE_ADB_BUS, parent, NULL);
    bus->qbus.plug = adb_plug;
    bus->service_request = service_request;
    bus->opaque = opaque;
}

void adb_service_request(ADBDevice *dev)
{
    ADBBus *bus = container_of(DEVICE(dev)->parent_bus, ADBBus, qbus);

    bus->service_request(bus->opaque);
}

static void adb_device_reset_address(ADBDevice *dev)
{
    dev->address = adb_class(dev)->address;
    dev->handler = adb_class(dev)->handler;
}

static int adb_talk(ADBDevice *dev, int reg, uint8_t *out)
{
    if (reg != REG3) {
        return adb_class(dev)->talk(dev, reg, out);
    }
    out[0] = REG3_EXCEPTIONAL | REG3_SERVICE_ENABLE | dev->address;
    out[1] = dev->handler;
    return 2;
}

static void adb_listen(ADBDevice *dev, int reg, const uint8_t *in, int in_len)
{
    if (reg != REG3) {
        adb_class(dev)->listen(dev, reg, in, in_len);
        return;
    }
    if (in_len < 2) {
        return;
    }
    switch (in[1]) {
    case HANDLER_SELF_TEST:
    case HANDLER_CHANGE_IF_ACTIVE:
        break;
    case HANDLER_CHANGE_IF_ALONE:
    case HANDLER_CHANGE_ADDRESS:
        dev->address = in[0] & REG3_ADDRESS;
        break;
    default:
        if (adb_class(dev)->accepts_handler(in[1])) {
            dev->handler = in[1];
        }
        dev->address = in[0] & REG3_ADDRESS;
        break;
    }
}

static void adb_reset_all(ADBBus *bus)
{
    for (int i = 0; i < bus->num_devices; i++) {
        adb_device_reset_address(bus->devices[i]);
        adb_class(bus->devices[i])->flush(bus->devices[i]);
    }
}

int adb_request(ADBBus *bus, uint8_t command, const uint8_t *in, int in_len, uint8_t out[ADB_MAX_DATA])
{
    int address = command >> 4, reg = command & 3, kind = command & 0xc;

    trace_adb_request(command);
    if (kind == 0 && reg == ADB_CMD_RESET) {
        adb_reset_all(bus);
        return 0;
    }
    for (int i = 0; i < bus->num_devices; i++) {
        ADBDevice *dev = bus->devices[i];

        if (dev->address != address) {
            continue;
        }
        if (kind == ADB_CMD_TALK) {
            int len = adb_talk(dev, reg, out);

            return len ? len : -1;
        }
        if (kind == ADB_CMD_LISTEN) {
            adb_listen(dev, reg, in, in_len);
            return 0;
        }
        if (reg == ADB_CMD_FLUSH) {
            adb_class(dev)->flush(dev);
        }
        return 0;
    }
    return -1;
}

bool adb_has_data(const ADBBus *bus, uint16_t address_mask)
{
    for (int i = 0; i < bus->num_devices; i++) {
        ADBDevice *dev = bus->devices[i];

        if (address_mask >> dev->address & 1 && adb_class(dev)->has_data(dev)) {
            return true;
        }
    }
    return false;
}

int adb_poll(ADBBus *bus, uint16_t address_mask, uint8_t *command, uint8_t out[ADB_MAX_DATA])
{
    for (int i = 0; i < bus->num_devices; i++) {
        ADBDevice *dev = bus->devices[i];

        if (address_mask >> dev->address & 1 && adb_class(dev)->has_data(dev)) {
            /* The others come first next time. */
            memmove(&bus->devices[i], &bus->devices[i + 1],
                    (bus->num_devices - i - 1) * sizeof(bus->devices[0]));
            bus->devices[bus->num_devices - 1] = dev;
            *command = dev->address << 4 | ADB_CMD_TALK;
            return adb_talk(dev, 0, out);
        }
    }
    return -1;
}

static void adb_device_reset(DeviceState *qdev)
{
    adb_device_reset_address(ADB_DEVICE(qdev));
}

static const VMStateField adb_device_fields[] = {
    VMSTATE_UINT8(address, ADBDevice),
    VMSTATE_UINT8(handler, ADBDevice),
    VMSTATE_END
};
const VMStateDescription vmstate_adb_device = {
    .name = TYPE_ADB_DEVICE,
    .version = 1,
    .fields = adb_device_fields,
};

static const TypeInfo adb_device_info = {
    .name = TYPE_ADB_DEVICE,
    .parent = "device",
    .instance_size = sizeof(ADBDevice),
    .reset = adb_device_reset,
    .bus_type = TYPE_ADB_BUS,
    .category = "input",
};
DEFINE_TYPE(adb_device_info)
