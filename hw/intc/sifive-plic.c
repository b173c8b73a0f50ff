/*
 * SiFive's platform-level interrupt controller (RISC-V PLIC specification 1.0.0).
 *
 * Region 0   priority of source n at 4 * n (1 to 7, 0: never); pending bits at 0x1000;
 *            enable bits of context c at 0x2000 + 0x80 * c; its threshold at
 *            0x200000 + 0x1000 * c, claim and complete 4 behind that. 32-bit registers, little endian
 * Inputs     unnamed, n: level of source n
 * IRQ        c: level, context c has something to claim
 * Property   "num-sources", "num-contexts"
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/intc/intc.h"
#include "qemu/log.h"
#include "hw/intc/sifive-plic.h"

enum { REG_PRIORITY = 0, REG_PENDING = 0x1000, REG_ENABLE = 0x2000, ENABLE_STRIDE = 0x80, REG_CONTEXT = 0x200000,
       CONTEXT_STRIDE = 0x1000, CONTEXT_THRESHOLD = 0, CONTEXT_CLAIM = 4 };
enum { MAX_PRIORITY = 7, WORDS = PLIC_MAX_SOURCES / 32 };

typedef struct PlicContext {
    uint32_t enable[WORDS];
    uint32_t threshold;
} PlicContext;

typedef struct SiFivePLICState {
    SysBusDevice parent_obj;

    /* wiring */
    MemoryRegion regs;
    qemu_irq irq[PLIC_MAX_CONTEXTS];
    uint64_t *counts;           /* of rising edges, for `info irq` */

    /* properties */
    uint32_t num_sources, num_contexts;

    /* guest state; bit n % 32 of word n / 32: source n */
    uint32_t priority[PLIC_MAX_SOURCES];
    uint32_t level[WORDS], pending[WORDS], claimed[WORDS];
    PlicContext context[PLIC_MAX_CONTEXTS];
} SiFivePLICState;
#define SIFIVE_PLIC(o) OBJECT_CHECK(SiFivePLICState, (o), TYPE_SIFIVE_PLIC)

static bool test_bit32(const uint32_t *bits, uint32_t n) { return bits[n / 32] >> (n % 32) & 1; }

static void assign_bit32(uint32_t *bits, uint32_t n, bool value)
{
    bits[n / 32] = (bits[n / 32] & ~(1u << n % 32)) | (uint32_t)value << n % 32;
}

/* The source that context c would claim: highest priority above the threshold, then lowest number. 0: none. */
static uint32_t best_source(const SiFivePLICState *s, const PlicContext *c)
{
    uint32_t best = 0, best_priority = c->threshold;

    for (uint32_t n = 1; n <= s->num_sources; n++) {
        if (test_bit32(s->pending, n) && test_bit32(c->enable, n) && s->priority[n] > best_priority) {
            best = n;
            best_priority = s->priority[n];
        }
    }
    return best;
}

static void plic_update_irq(SiFivePLICState *s)
{
    for (uint32_t i = 0; i < s->num_contexts; i++) {
        qemu_set_irq(s->irq[i], best_source(s, &s->context[i]) != 0);
    }
}

/* The gateway: a source is pending once from its level until it is completed. */
static void update_gateway(SiFivePLICState *s, uint32_t n)
{
    if (test_bit32(s->level, n) && !test_bit32(s->claimed, n)) {
        assign_bit32(s->pending, n, true);
    }
}

static void plic_set_source(void *opaque, int n, int level)
{
    SiFivePLICState *s = opaque;

    s->counts[n] += level && !test_bit32(s->level, n);
    assign_bit32(s->level, n, level);
    update_gateway(s, n);
    plic_update_irq(s);
}

/* --- registers ------------------------------------------------------------------------------------ */

static uint32_t claim(SiFivePLICState *s, PlicContext *c)
{
    uint32_t n = best_source(s, c);

    if (n) {
        assign_bit32(s->pending, n, false);
        assign_bit32(s->claimed, n, true);
        plic_update_irq(s);
    }
    return n;
}

/* What the context did not enable, or nobody claimed, is ignored. */
static void complete(SiFivePLICState *s, PlicContext *c, uint32_t n)
{
    if (!n || n > s->num_sources || !test_bit32(c->enable, n) || !test_bit32(s->claimed, n)) {
        qemu_log_mask(LOG_GUEST_ERROR, "sifive-plic: completion of source %u, which is not in service\n", n);
        return;
    }
    assign_bit32(s->claimed, n, false);
    update_gateway(s, n);
    plic_update_irq(s);
}

typedef enum { PLIC_NONE, PLIC_PRIORITY, PLIC_PENDING, PLIC_ENABLE, PLIC_THRESHOLD, PLIC_CLAIM } PlicRegister;

/* Which register addr is; *index: source or word, *c: context. */
static PlicRegister find_register(SiFivePLICState *s, hwaddr addr, uint32_t *index, PlicContext **c)
{
    uint32_t words = s->num_sources / 32 + 1, number;

    *index = addr / 4;
    if (addr < REG_PENDING) {
        return *index <= s->num_sources ? PLIC_PRIORITY : PLIC_NONE;
    }
    if (addr < REG_ENABLE) {
        *index = (addr - REG_PENDING) / 4;
        return *index < words ? PLIC_PENDING : PLIC_NONE;
    }
    number = addr < REG_CONTEXT ? (addr - REG_ENABLE) / ENABLE_STRIDE : (addr - REG_CONTEXT) / CONTEXT_STRIDE;
    if (number >= s->num_contexts) {
        return PLIC_NONE;
    }
    *c = &s->context[number];
    if (addr < REG_CONTEXT) {
        *index = (addr - REG_ENABLE) % ENABLE_STRIDE / 4;
        return *index < words ? PLIC_ENABLE : PLIC_NONE;
    }
    switch ((addr - REG_CONTEXT) % CONTEXT_STRIDE) {
    case CONTEXT_THRESHOLD:
        return PLIC_THRESHOLD;
    case CONTEXT_CLAIM:
        return PLIC_CLAIM;
    default:
        return PLIC_NONE;
    }
}

static uint64_t plic_read(void *opaque, hwaddr addr, unsigned size)
{
    SiFivePLICState *s = opaque;
    PlicContext *c = NULL;
    uint32_t index;

    switch (find_register(s, addr, &index, &c)) {
    case PLIC_PRIORITY:
        return s->priority[index];
    case PLIC_PENDING:
        return s->pending[index];
    case PLIC_ENABLE:
        return c->enable[index];
    case PLIC_THRESHOLD:
        return c->threshold;
    case PLIC_CLAIM:
        return claim(s, c);
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "sifive-plic: read of offset 0x%" PRIx64 "\n", addr);
        return 0;
    }
}

static void plic_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    SiFivePLICState *s = opaque;
    PlicContext *c = NULL;
    uint32_t index;

    switch (find_register(s, addr, &index, &c)) {
    case PLIC_PRIORITY:
        s->priority[index] = index ? value & MAX_PRIORITY : 0;
        break;
    case PLIC_ENABLE:
        c->enable[index] = index ? value : value & ~1u;         /* there is no source 0 */
        break;
    case PLIC_THRESHOLD:
        c->threshold = value & MAX_PRIORITY;
        break;
    case PLIC_CLAIM:
        complete(s, c, value);
        return;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "sifive-plic: write of 0x%" PRIx64 " to offset 0x%" PRIx64 "\n", value, addr);
        return;
    }
    plic_update_irq(s);
}

static const MemoryRegionOps plic_ops = {
    .read = plic_read,
    .write = plic_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 4, .max_access_size = 4 },
};

/* --- life ------------------------------------------------------------------------------------------- */

static void plic_reset(DeviceState *dev)
{
    SiFivePLICState *s = SIFIVE_PLIC(dev);

    memset(s->priority, 0, sizeof(s->priority));
    memset(s->pending, 0, sizeof(s->pending));
    memset(s->claimed, 0, sizeof(s->claimed));
    memset(s->context, 0, sizeof(s->context));
    for (uint32_t n = 1; n <= s->num_sources; n++) {
        update_gateway(s, n);           /* levels are the devices' */
    }
    plic_update_irq(s);
}

static int plic_post_load(void *opaque, int version)
{
    plic_update_irq(opaque);
    return 0;
}

static const VMStateDescription vmstate_plic_context = {
    .name = "sifive-plic/context",
    .version = 1,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(enable, PlicContext, WORDS),
        VMSTATE_UINT32(threshold, PlicContext),
        VMSTATE_END
    },
};

static const VMStateDescription vmstate_plic = {
    .name = TYPE_SIFIVE_PLIC,
    .version = 1,
    .post_load = plic_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT32_ARRAY(priority, SiFivePLICState, PLIC_MAX_SOURCES),
        VMSTATE_UINT32_ARRAY(level, SiFivePLICState, WORDS),
        VMSTATE_UINT32_ARRAY(pending, SiFivePLICState, WORDS),
        VMSTATE_UINT32_ARRAY(claimed, SiFivePLICState, WORDS),
        VMSTATE_STRUCT_ARRAY(context, SiFivePLICState, PLIC_MAX_CONTEXTS, vmstate_plic_context, PlicContext),
        VMSTATE_END
    },
};

static const Property plic_props[] = {
    DEFINE_PROP_UINT32("num-sources", SiFivePLICState, num_sources, 96),
    DEFINE_PROP_UINT32("num-contexts", SiFivePLICState, num_contexts, 2),
    DEFINE_PROP_END
};

static void plic_init(Object *obj)
{
    SiFivePLICState *s = SIFIVE_PLIC(obj);

    memory_region_init_io(&s->regs, obj, &plic_ops, s, TYPE_SIFIVE_PLIC, PLIC_REGION_BYTES);
    sysbus_init_mmio(&s->parent_obj, &s->regs);
    for (unsigned i = 0; i < PLIC_MAX_CONTEXTS; i++) {
        sysbus_init_irq(&s->parent_obj, &s->irq[i]);
    }
    qdev_init_gpio_in(DEVICE(obj), plic_set_source, PLIC_MAX_SOURCES);
}

static bool plic_realize(DeviceState *dev, Error **errp)
{
    SiFivePLICState *s = SIFIVE_PLIC(dev);

    if (!s->num_sources || s->num_sources >= PLIC_MAX_SOURCES || !s->num_contexts || s->num_contexts > PLIC_MAX_CONTEXTS) {
        error_setg(errp, "sifive-plic: 1 to %d sources and 1 to %d contexts are possible", PLIC_MAX_SOURCES - 1,
                   PLIC_MAX_CONTEXTS);
        return false;
    }
    s->counts = intc_register_counts("sifive-plic", 0, PLIC_MAX_SOURCES);
    return true;
}

static const TypeInfo plic_info = {
    .name = TYPE_SIFIVE_PLIC,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "platform-level interrupt controller of RISC-V boards",
    .instance_size = sizeof(SiFivePLICState),
    .init = plic_init,
    .realize = plic_realize,
    .reset = plic_reset,
    .props = plic_props,
    .vmsd = &vmstate_plic,
};
DEFINE_TYPE(plic_info)
