/*
 * SiFive's test finisher: ends the machine for programs without an operating system.
 *
 * Region 0   one 32-bit register, write-only: 0x5555 ends with status 0,
 *            0x3333 | status << 16 with that status, 0x7777 resets
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "hw/misc/test-finisher.h"
#include "sysemu/sysemu.h"

enum { FINISHER_FAIL = 0x3333, FINISHER_PASS = 0x5555, FINISHER_RESET = 0x7777, REGION_BYTES = 0x1000 };

typedef struct TestFinisherState {
    SysBusDevice parent_obj;
    MemoryRegion regs;
} TestFinisherState;
#define TEST_FINISHER(o) OBJECT_CHECK(TestFinisherState, (o), TYPE_TEST_FINISHER)

static uint64_t test_finisher_read(void *opaque, hwaddr addr, unsigned size)
{
    return 0;
}

static void test_finisher_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    unsigned command = addr ? 0 : value & 0xffff;

    switch (command) {
    case FINISHER_FAIL:
        qemu_system_exit_request(value >> 16 & 0xffff);
        break;
    case FINISHER_PASS:
        qemu_system_exit_request(0);
        break;
    case FINISHER_RESET:
        qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "test-finisher: write of 0x%" PRIx64 " to offset 0x%" PRIx64 "\n", value, addr);
        break;
    }
}

static const MemoryRegionOps test_finisher_ops = {
    .read = test_finisher_read,
    .write = test_finisher_write,
    .endianness = DEVICE_NATIVE_ENDIAN,
    .valid = { .min_access_size = 2, .max_access_size = 4 },
};

static void test_finisher_init(Object *obj)
{
    TestFinisherState *s = TEST_FINISHER(obj);

    memory_region_init_io(&s->regs, obj, &test_finisher_ops, s, TYPE_TEST_FINISHER, REGION_BYTES);
    sysbus_init_mmio(&s->parent_obj, &s->regs);
}

bool test_finisher_create(hwaddr addr, Error **errp)
{
    SysBusDevice *dev = SYS_BUS_DEVICE(qdev_new(TYPE_TEST_FINISHER));

    if (!sysbus_realize_and_unref(dev, errp)) {
        return false;
    }
    sysbus_mmio_map(dev, 0, addr);
    return true;
}

static const TypeInfo test_finisher_info = {
    .name = TYPE_TEST_FINISHER,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "ends the machine",
    .instance_size = sizeof(TestFinisherState),
    .init = test_finisher_init,
};
DEFINE_TYPE(test_finisher_info)
