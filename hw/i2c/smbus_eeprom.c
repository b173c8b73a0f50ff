/*
 * EEPROM of a memory module on SMBus: 256 bytes, with the serial presence
 * detect data of SDRAM (JEDEC 21-C, 4.1.2.5).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/i2c/smbus.h"

enum { EEPROM_SIZE = 256, FIRST_ADDRESS = 0x50, MODULES = 8 };
enum { SPD_TYPE_SDRAM = 4, SPD_CHECKSUM_BYTES = 63 };
enum { MIN_MODULE_SHIFT = 2, MAX_MODULE_SHIFT = 9 };    /* of a module's rank: 4 MiB to 512 MiB */

typedef struct EEPROMState {
    SMBusDevice parent_obj;

    uint8_t initial[EEPROM_SIZE];   /* contents at power-on */
    uint8_t data[EEPROM_SIZE];
    uint8_t offset;
} EEPROMState;
#define EEPROM(o) OBJECT_CHECK(EEPROMState, (o), TYPE_SMBUS_EEPROM)

static void eeprom_write(SMBusDevice *dev, const uint8_t *bytes, size_t count)
{
    EEPROMState *s = EEPROM(dev);

    s->offset = bytes[0];
    for (size_t i = 1; i < count; i++) {
        s->data[s->offset++] = bytes[i];
    }
}

static uint8_t eeprom_read(SMBusDevice *dev)
{
    EEPROMState *s = EEPROM(dev);

    return s->data[s->offset++];
}

static void eeprom_reset(DeviceState *dev)
{
    EEPROMState *s = EEPROM(dev);

    memcpy(s->data, s->initial, sizeof(s->data));
    s->offset = 0;
}

static const VMStateField eeprom_fields[] = {
    VMSTATE_BUFFER(data, EEPROMState),
    VMSTATE_UINT8(offset, EEPROMState),
    VMSTATE_END
};
static const VMStateDescription vmstate_eeprom = {
    .name = "smbus-eeprom",
    .version = 1,
    .fields = eeprom_fields,
};

static const SMBusDeviceClass eeprom_class = { .write = eeprom_write, .read = eeprom_read };

static const TypeInfo smbus_eeprom_info = {
    .name = TYPE_SMBUS_EEPROM,
    .parent = TYPE_SMBUS_DEVICE,
    .desc = "SMBus EEPROM",
    .instance_size = sizeof(EEPROMState),
    .reset = eeprom_reset,
    .vmsd = &vmstate_eeprom,
    .class_data = &eeprom_class,
};
DEFINE_TYPE(smbus_eeprom_info)

/* A module of two equal ranks, each 4 MiB << shift - 2; sizes are a bit each in byte 31. */
static void fill_spd(uint8_t *spd, int shift)
{
    static const uint8_t common[] = {
        [0] = 128, [1] = 8, [2] = SPD_TYPE_SDRAM, [3] = 12, [4] = 9, [5] = 2, [6] = 64, [8] = 4,
        [9] = 0x70, [10] = 0x70, [12] = 0x82, [13] = 8, [15] = 1, [16] = 0x8e, [17] = 4, [18] = 0x04,
        [19] = 1, [20] = 1, [21] = 0x20, [22] = 0x0e, [27] = 20, [28] = 15, [29] = 20, [30] = 45,
        [32] = 0x20, [33] = 0x08, [34] = 0x20, [35] = 0x08, [62] = 0x12,
    };
    uint8_t sum = 0;

    memcpy(spd, common, sizeof(common));
    spd[31] = 1 << (shift - MIN_MODULE_SHIFT);
    for (int i = 0; i < SPD_CHECKSUM_BYTES; i++) {
        sum += spd[i];
    }
    spd[SPD_CHECKSUM_BYTES] = sum;
    spd[126] = 100;             /* MHz */
}

/* Rank size as a power of two in MiB: large enough for eight modules, 0: does not fit SDRAM. */
static int rank_shift(uint64_t ram_bytes)
{
    uint64_t megabytes = ram_bytes / MiB;

    for (int shift = MIN_MODULE_SHIFT; shift <= MAX_MODULE_SHIFT; shift++) {
        if (megabytes <= (uint64_t)2 * MODULES << shift) {
            return shift;
        }
    }
    return 0;
}

bool smbus_eeprom_create_spd(BusState *bus, uint64_t ram_bytes, Error **errp)
{
    int shift = rank_shift(ram_bytes);

    for (int i = 0; i < MODULES; i++) {
        DeviceState *dev = qdev_new(TYPE_SMBUS_EEPROM);
        uint64_t before = (uint64_t)2 * MiB * i << shift;

        qdev_prop_set_uint8(dev, "address", FIRST_ADDRESS + i);
        if (shift && before < ram_bytes) {
            fill_spd(EEPROM(dev)->initial, shift);
        }
        if (!qdev_realize_and_unref(dev, bus, errp)) {
            return false;
        }
    }
    return true;
}
