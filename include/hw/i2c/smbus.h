/*
 * SMBus: devices by address, the PIIX4 host controller's registers, memory
 * module EEPROMs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_I2C_SMBUS_H
#define HW_I2C_SMBUS_H

#include "hw/qdev.h"
#include "exec/memory.h"

#define TYPE_SMBUS          "i2c-bus"
#define TYPE_SMBUS_DEVICE   "smbus-device"
#define TYPE_SMBUS_EEPROM   "smbus-eeprom"

typedef struct SMBusDevice {
    DeviceState parent_obj;
    uint8_t address;            /* property, 7 bits */
} SMBusDevice;
#define SMBUS_DEVICE(o) OBJECT_CHECK(SMBusDevice, (o), TYPE_SMBUS_DEVICE)

/* class_data: a device is written bytes (command first) and then read. */
typedef struct SMBusDeviceClass {
    void (*write)(SMBusDevice *dev, const uint8_t *bytes, size_t count);
    uint8_t (*read)(SMBusDevice *dev);
    void (*quick)(SMBusDevice *dev, bool read);     /* may be NULL */
} SMBusDeviceClass;

enum { PM_SMBUS_PORTS = 0x40, SMBUS_BLOCK = 32 };

/* Host controller (82371AB data sheet, 7.3). */
typedef struct PMSMBus {
    /* wiring */
    MemoryRegion io;
    BusState bus;
    qemu_irq irq;               /* level: interrupt enabled and pending */

    /* guest state */
    uint8_t status, control, command, address, data0, data1;
    uint8_t block[SMBUS_BLOCK];
    uint8_t block_index;
} PMSMBus;

void pm_smbus_init(PMSMBus *s, DeviceState *parent);
void pm_smbus_reset(PMSMBus *s);
extern const VMStateDescription vmstate_pm_smbus;

/* Eight EEPROMs at 0x50 and up; ram_bytes is spread over as few modules as fit. */
bool smbus_eeprom_create_spd(BusState *bus, uint64_t ram_bytes, Error **errp) QEMU_MUST_CHECK;

#endif
