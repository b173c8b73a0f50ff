/*
 * Apple Desktop Bus: the bus that a controller owns, and devices on it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INPUT_ADB_H
#define HW_INPUT_ADB_H

#include "hw/qdev.h"

#define TYPE_ADB_BUS "apple-desktop-bus"
#define TYPE_ADB_DEVICE "adb-device"
#define TYPE_ADB_KEYBOARD "adb-keyboard"
#define TYPE_ADB_MOUSE "adb-mouse"
#define ADB_MAX_DATA 8
#define ADB_MAX_DEVICES 15
enum { ADB_ADDRESS_KEYBOARD = 2, ADB_ADDRESS_MOUSE = 3 };

/* A command byte is address, command, register (ADB specification, "Commands"). */
enum { ADB_CMD_RESET = 0x0, ADB_CMD_FLUSH = 0x1, ADB_CMD_LISTEN = 0x8, ADB_CMD_TALK = 0xc };

typedef struct ADBBus ADBBus;
typedef struct ADBDevice ADBDevice;

typedef struct ADBDeviceClass {
    uint8_t address, handler;       /* after reset */
    /* Register 0-2: returns bytes put into data (0: no answer, the request times out). */
    int (*talk)(ADBDevice *dev, int reg, uint8_t data[ADB_MAX_DATA]);
    void (*listen)(ADBDevice *dev, int reg, const uint8_t *data, int len);
    void (*flush)(ADBDevice *dev);
    bool (*has_data)(ADBDevice *dev);               /* register 0 would answer */
    bool (*accepts_handler)(uint8_t handler);
} ADBDeviceClass;

struct ADBDevice {
    DeviceState parent_obj;
    uint8_t address, handler;
};
#define ADB_DEVICE(o) OBJECT_CHECK(ADBDevice, (o), TYPE_ADB_DEVICE)

struct ADBBus {
    BusState qbus;
    ADBDevice *devices[ADB_MAX_DEVICES];
    int num_devices;
    /* A device has something to say: the controller may poll. */
    void (*service_request)(void *opaque);
    void *opaque;
};

void adb_bus_init(ADBBus *bus, DeviceState *parent, void (*service_request)(void *opaque), void *opaque);
/* Run one command; returns the bytes of the answer, -1 when no device answered a talk. */
int adb_request(ADBBus *bus, uint8_t command, const uint8_t *in, int in_len, uint8_t out[ADB_MAX_DATA]);
/* Talk to the next device with data among those of address_mask; command in *command. -1: none has. */
int adb_poll(ADBBus *bus, uint16_t address_mask, uint8_t *command, uint8_t out[ADB_MAX_DATA]);
bool adb_has_data(const ADBBus *bus, uint16_t address_mask);
/* For devices. */
void adb_service_request(ADBDevice *dev);

extern const VMStateDescription vmstate_adb_device;

#endif
