/*
 * SiFive's core-local interruptor (FU540-C000 manual, chapter 9).
 *
 * Region 0   MSIP of hart n at 4 * n: bit 0 raises the software interrupt
 *            MTIMECMP of hart n at 0x4000 + 8 * n, MTIME at 0xbff8: 64 bits, little endian
 * IRQ        2 * n: software interrupt of hart n; 2 * n + 1: timer interrupt,
 *            a level while MTIME >= MTIMECMP
 * Property   "num-harts"; "timebase-frequency": ticks of MTIME a second, not 0
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "qemu/timer.h"
#include "hw/intc/riscv-clint.h"

enum { REG_MSIP = 0x0000, REG_MTIMECMP = 0x4000, REG_MTIME = 0xbff8, REG_END = 0xc000, MSIP_PENDING = 1 };

typedef struct RISCVClintState RISCVClintState;
typedef struct ClintHart {
    RISCVClintState *clint;
    QEMUTimer *expiry;
    qemu_irq msip_irq, mtip_irq;
    uint64_t mtimecmp;
    uint32_t msip;
} ClintHart;

struct RISCVClintState {
    SysBusDevice parent_obj;

    /* wiring */
    MemoryRegion regs;

    /* properties */
    uint32_t num_harts, frequency_hz;

    /* guest state */
    ClintHart hart[CLINT_MAX_HARTS];
    uint64_t offset;            /* MTIME = ticks of the virtual clock + offset */
};
#define RISCV_CLINT(o) OBJECT_CHECK(RISCVClintState, (o), TYPE_RISCV_CLINT)

/* --- time ------------------------------------------------------------------------------------- */

static uint64_t ticks_now(const RISCVClintState *s)
{
    return (unsigned __int128)qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) * s->frequency_hz / NANOSECONDS_PER_SECOND;
}

static uint64_t mtime(const RISCVClintState *s) { return ticks_now(s) + s->offset; }

uint64_t riscv_clint_time(void *opaque)
{
    return mtime(opaque);
}

/* The first nanosecond of a tick of the virtual clock; INT64_MAX: never. */
static int64_t tick_to_ns(const RISCVClintState *s, unsigned __int128 tick)
{
    unsigned __int128 ns = (tick * NANOSECONDS_PER_SECOND + s->frequency_hz - 1) / s->frequency_hz;

    return ns > INT64_MAX ? INT64_MAX : (int64_t)ns;
}

/* By one reading of the clock: it runs on, and an expiry between two readings would be lost. */
static void clint_update_irq(ClintHart *h)
{
    const RISCVClintState *s = h->clint;
    uint64_t tick = ticks_now(s), now = tick + s->offset;
    int64_t expiry_ns = now < h->mtimecmp ? tick_to_ns(s, (unsigned __int128)tick + (h->mtimecmp - now)) : INT64_MAX;

    qemu_set_irq(h->msip_irq, h->msip);
    qemu_set_irq(h->mtip_irq, now >= h->mtimecmp);
    if (expiry_ns == INT64_MAX) {
        timer_del(h->expiry);
    } else {
        timer_mod_ns(h->expiry, expiry_ns);
    }
}

static void clint_update_all(RISCVClintState *s)
{
    for (uint32_t i = 0; i < s->num_harts; i++) {
        clint_update_irq(&s->hart[i]);
    }
}

/* --- registers ---------------------------------------------------------------------------------- */

/* The hart whose register of `size` bytes in the array at `base` this is, NULL: none. */
static ClintHart *hart_at(RISCVClintState *s, hwaddr addr, hwaddr base, unsigned size)
{
    return addr >= base && (addr - base) / size < s->num_harts ? &s->hart[(addr - base) / size] : NULL;
}

static uint64_t part_of(uint64_t value, hwaddr addr, unsigned size)
{
    return size == 8 ? value : addr & 4 ? value >> 32 : (uint32_t)value;
}

static uint64_t with_part(uint64_t old, hwaddr addr, unsigned size, uint64_t value)
{
    return size == 8 ? value : addr & 4 ? (uint32_t)old | value << 32 : (old & ~UINT64_C(0xffffffff)) | (uint32_t)value;
}

static uint64_t clint_read(void *opaque, hwaddr addr, unsigned size)
{
    RISCVClintState *s = opaque;
    ClintHart *h;

    if (addr < REG_MTIMECMP && (h = hart_at(s, addr, REG_MSIP, 4))) {
        return h->msip;
    }
    if (addr < REG_MTIME && (h = hart_at(s, addr, REG_MTIMECMP, 8))) {
        return part_of(h->mtimecmp, addr, size);
    }
    if (addr >= REG_MTIME && addr < REG_END) {
        return part_of(mtime(s), addr, size);
    }
    qemu_log_mask(LOG_GUEST_ERROR, "riscv-clint: read of offset 0x%" PRIx64 "\n", addr);
    return 0;
}

static void clint_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    RISCVClintState *s = opaque;
    ClintHart *h;

    if (addr < REG_MTIMECMP && (h = hart_at(s, addr, REG_MSIP, 4))) {
        h->msip = value & MSIP_PENDING;
        clint_update_irq(h);
    } else if (addr < REG_MTIME && (h = hart_at(s, addr, REG_MTIMECMP, 8))) {
        h->mtimecmp = with_part(h->mtimecmp, addr, size, value);
        clint_update_irq(h);
    } else if (addr >= REG_MTIME && addr < REG_END) {
        s->offset = with_part(mtime(s), addr, size, value) - ticks_now(s);
        clint_update_all(s);
    } else {
        qemu_log_mask(LOG_GUEST_ERROR, "riscv-clint: write of 0x%" PRIx64 " to offset 0x%" PRIx64 "\n", value, addr);
    }
}

static const MemoryRegionOps clint_ops = {
    .read = clint_read,
    .write = clint_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 8 },
    .impl = { .min_access_size = 4, .max_access_size = 8 },
};

static void clint_expired(void *opaque)
{
    clint_update_irq(opaque);
}

/* --- life ------------------------------------------------------------------------------------------ */

static void clint_reset(DeviceState *dev)
{
    RISCVClintState *s = RISCV_CLINT(dev);

    s->offset = -ticks_now(s);
    for (uint32_t i = 0; i < s->num_harts; i++) {
        s->hart[i].msip = 0;
        s->hart[i].mtimecmp = UINT64_MAX;
    }
    clint_update_all(s);
}

static int clint_post_load(void *opaque, int version)
{
    RISCVClintState *s = opaque;

    for (uint32_t i = 0; i < CLINT_MAX_HARTS; i++) {
        s->hart[i].msip &= MSIP_PENDING;
    }
    clint_update_all(s);
    return 0;
}

static const VMStateDescription vmstate_clint_hart = {
    .name = "riscv-clint/hart",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT64(mtimecmp, ClintHart),
        VMSTATE_UINT32(msip, ClintHart),
        VMSTATE_END
    },
};

static const VMStateDescription vmstate_clint = {
    .name = TYPE_RISCV_CLINT,
    .version = 1,
    .post_load = clint_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_STRUCT_ARRAY(hart, RISCVClintState, CLINT_MAX_HARTS, vmstate_clint_hart, ClintHart),
        VMSTATE_UINT64(offset, RISCVClintState),
        VMSTATE_END
    },
};

static const Property clint_props[] = {
    DEFINE_PROP_UINT32("num-harts", RISCVClintState, num_harts, 1),
    DEFINE_PROP_UINT32("timebase-frequency", RISCVClintState, frequency_hz, 10000000),
    DEFINE_PROP_END
};

static void clint_init(Object *obj)
{
    RISCVClintState *s = RISCV_CLINT(obj);

    memory_region_init_io(&s->regs, obj, &clint_ops, s, TYPE_RISCV_CLINT, CLINT_REGION_BYTES);
    sysbus_init_mmio(&s->parent_obj, &s->regs);
    for (uint32_t i = 0; i < CLINT_MAX_HARTS; i++) {
        ClintHart *h = &s->hart[i];

        h->clint = s;
        h->expiry = timer_new_ns(QEMU_CLOCK_VIRTUAL, clint_expired, h);
        sysbus_init_irq(&s->parent_obj, &h->msip_irq);
        sysbus_init_irq(&s->parent_obj, &h->mtip_irq);
    }
}

static bool clint_realize(DeviceState *dev, Error **errp)
{
    RISCVClintState *s = RISCV_CLINT(dev);

    if (!s->num_harts || s->num_harts > CLINT_MAX_HARTS || !s->frequency_hz) {
        error_setg(errp, "riscv-clint: 1 to %d harts and a frequency are needed", CLINT_MAX_HARTS);
        return false;
    }
    return true;
}

static void clint_finalize(Object *obj)
{
    for (uint32_t i = 0; i < CLINT_MAX_HARTS; i++) {
        timer_free(RISCV_CLINT(obj)->hart[i].expiry);
    }
}

static const TypeInfo clint_info = {
    .name = TYPE_RISCV_CLINT,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "core-local interruptor of RISC-V boards",
    .instance_size = sizeof(RISCVClintState),
    .init = clint_init,
    .finalize = clint_finalize,
    .realize = clint_realize,
    .reset = clint_reset,
    .props = clint_props,
    .vmsd = &vmstate_clint,
};
DEFINE_TYPE(clint_info)
