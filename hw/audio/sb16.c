/*
 * Creative Sound Blaster 16, DSP 4.05, on ISA.
 *
 * I/O        base + 4, 5: mixer; + 6 reset, + a read, + c write, + e, f status
 * IRQ, DMA   chosen by mixer registers 0x80, 0x81; start with the properties
 * Properties "iobase", "irq", "dma", "dma16", "audiodev"
 * Left out   OPL (FM) and MPU-401 ports: nothing answers there
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/audio/sb16.h"
#include "qemu/log.h"

enum { PORT_MIXER_INDEX = 4, PORT_MIXER_DATA, PORT_RESET, PORT_READ = 0xa, PORT_WRITE = 0xc, PORT_STATUS = 0xe,
       PORT_ACK_16 = 0xf, MIXER_PORTS = 2, DSP_PORTS = 10 };
enum { STATUS_READY = 0x80, UNDEFINED_BITS = 0x7f };

/* --- interrupts ------------------------------------------------------------------------- */

void sb16_update_irq(SB16State *s)
{
    int n = sb16_irq_number(s);

    if (n >= 0) {
        qemu_set_irq(s->irqs[n], s->pending != 0);
    }
}

void sb16_set_pending(SB16State *s, uint8_t which)
{
    s->pending |= which;
    sb16_update_irq(s);
}

static void acknowledge(SB16State *s, uint8_t which)
{
    s->pending &= ~which;
    sb16_update_irq(s);
}

/* --- ports ---------------------------------------------------------------------------------- */

static uint8_t read_data(SB16State *s)
{
    uint8_t value = s->out[s->out_next];

    if (s->out_next < s->out_count && ++s->out_next == s->out_count) {
        s->out[0] = value;      /* the last byte stays readable */
        s->out_next = s->out_count = 0;
    }
    return value;
}

static uint64_t dsp_read(void *opaque, hwaddr addr, unsigned size)
{
    SB16State *s = opaque;

    switch (addr + PORT_RESET) {
    case PORT_RESET:
        return 0xff;
    case PORT_READ:
        return read_data(s);
    case PORT_WRITE:
        return UNDEFINED_BITS;  /* bit 7 clear: ready for a byte */
    case PORT_STATUS:
        acknowledge(s, SB_IRQ_8);
        return UNDEFINED_BITS | (s->out_next < s->out_count ? STATUS_READY : 0);
    case PORT_ACK_16:
        acknowledge(s, SB_IRQ_16);
        return 0xff;
    default:
        return 0xff;
    }
}

static void dsp_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    SB16State *s = opaque;

    switch (addr + PORT_RESET) {
    case PORT_RESET:
        if (s->in_reset && !(data & 1)) {
            sb16_dsp_reset(s);
        }
        s->in_reset = data & 1;
        break;
    case PORT_WRITE:
        sb16_dsp_write(s, data);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "sb16: write of 0x%02x to port +0x%x\n", (unsigned)data,
                      (unsigned)addr + PORT_RESET);
        break;
    }
}

static const MemoryRegionOps dsp_ops = {
    .read = dsp_read,
    .write = dsp_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static uint64_t mixer_read(void *opaque, hwaddr addr, unsigned size)
{
    SB16State *s = opaque;

    return addr ? sb16_mixer_read(s) : s->mixer_index;
}

static void mixer_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    SB16State *s = opaque;

    if (addr) {
        sb16_mixer_write(s, data);
    } else {
        s->mixer_index = data;
    }
}

static const MemoryRegionOps mixer_ops = {
    .read = mixer_read,
    .write = mixer_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* Data moves when guest time says so, not when the controller could. */
static void dma_ready(void *opaque)
{
}

/* --- life -------------------------------------------------------------------------------------- */

static void sb16_reset(DeviceState *dev)
{
    SB16State *s = SB16(dev);

    s->mixer_index = 0;
    s->mixer[MIXER_IRQ_SELECT] = s->mixer[MIXER_DMA_SELECT] = 0;
    sb16_mixer_reset(s);
    s->in_reset = false;
    s->last_write = s->test_register = s->direct = 0;
    memset(s->out, 0, sizeof(s->out));
    memset(s->parameters, 0, sizeof(s->parameters));
    sb16_dsp_reset(s);
    s->out_count = s->out_next = 0;
}

static int sb16_post_load(void *opaque, int version)
{
    SB16State *s = opaque;
    SBTransfer *t = &s->transfer;

    s->out_count = MIN(s->out_count, SB_OUT_BYTES);
    s->out_next = MIN(s->out_next, SB_OUT_BYTES - 1);
    s->parameter_count = MIN(s->parameter_count, SB_MAX_PARAMETERS);
    s->parameters_wanted = MIN(s->parameters_wanted, SB_MAX_PARAMETERS - s->parameter_count);
    t->running &= t->left_bytes != 0 && t->block_bytes != 0;
    sb16_update_voice(s);
    return 0;
}

static const VMStateField transfer_fields[] = {
    VMSTATE_BOOL(running, SBTransfer),
    VMSTATE_BOOL(paused, SBTransfer),
    VMSTATE_BOOL(bits16, SBTransfer),
    VMSTATE_BOOL(is_signed, SBTransfer),
    VMSTATE_BOOL(stereo, SBTransfer),
    VMSTATE_BOOL(repeat, SBTransfer),
    VMSTATE_BOOL(record, SBTransfer),
    VMSTATE_BOOL(ends, SBTransfer),
    VMSTATE_UINT32(block_bytes, SBTransfer),
    VMSTATE_UINT32(left_bytes, SBTransfer),
    VMSTATE_END
};
static const VMStateDescription vmstate_transfer = { .name = "sb16/transfer", .version = 1, .fields = transfer_fields };

static const VMStateField sb16_fields[] = {
    VMSTATE_UINT8(mixer_index, SB16State),
    VMSTATE_BUFFER(mixer, SB16State),
    VMSTATE_BUFFER(out, SB16State),
    VMSTATE_UINT8(out_count, SB16State),
    VMSTATE_UINT8(out_next, SB16State),
    VMSTATE_UINT8(command, SB16State),
    VMSTATE_BUFFER(parameters, SB16State),
    VMSTATE_UINT8(parameter_count, SB16State),
    VMSTATE_UINT8(parameters_wanted, SB16State),
    VMSTATE_UINT8(last_write, SB16State),
    VMSTATE_UINT8(test_register, SB16State),
    VMSTATE_UINT8(dma_identity, SB16State),
    VMSTATE_UINT8(dma_identity_step, SB16State),
    VMSTATE_BOOL(in_reset, SB16State),
    VMSTATE_BOOL(speaker, SB16State),
    VMSTATE_BOOL(high_speed, SB16State),
    VMSTATE_UINT8(pending, SB16State),
    VMSTATE_UINT32(rate_hz, SB16State),
    VMSTATE_UINT8(time_constant, SB16State),
    VMSTATE_UINT32(block_length, SB16State),
    VMSTATE_STRUCT(transfer, SB16State, vmstate_transfer, SBTransfer),
    VMSTATE_UINT32(silence_left, SB16State),
    VMSTATE_UINT8(direct, SB16State),
    VMSTATE_END
};
static const VMStateDescription vmstate_sb16 = {
    .name = "sb16",
    .version = 1,
    .fields = sb16_fields,
    .post_load = sb16_post_load,
};

static const Property sb16_props[] = {
    DEFINE_PROP_UINT32("iobase", SB16State, iobase, 0x220),
    DEFINE_PROP_UINT32("irq", SB16State, irq_number, 5),
    DEFINE_PROP_UINT32("dma", SB16State, dma8, 1),
    DEFINE_PROP_UINT32("dma16", SB16State, dma16, 5),
    DEFINE_PROP_STRING("audiodev", SB16State, audiodev),
    DEFINE_PROP_END
};

static bool check_properties(const SB16State *s, Error **errp)
{
    static const uint8_t irqs[] = { 9, 5, 7, 10 };
    bool irq_ok = false;

    for (size_t i = 0; i < ARRAY_SIZE(irqs); i++) {
        irq_ok |= irqs[i] == s->irq_number;
    }
    if (!irq_ok || (s->dma8 != 0 && s->dma8 != 1 && s->dma8 != 3) || s->dma16 < 5 || s->dma16 > 7) {
        error_setg(errp, "sb16: irq must be 5, 7, 9 or 10, dma 0, 1 or 3, dma16 5, 6 or 7");
        return false;
    }
    if (s->iobase != 0x220 && s->iobase != 0x240 && s->iobase != 0x260 && s->iobase != 0x280) {
        error_setg(errp, "sb16: iobase must be 0x220, 0x240, 0x260 or 0x280");
        return false;
    }
    return true;
}

static bool sb16_realize(DeviceState *dev, Error **errp)
{
    SB16State *s = SB16(dev);
    ISADevice *isa = ISA_DEVICE(dev);

    if (!check_properties(s, errp)) {
        return false;
    }
    s->backend = audio_find(s->audiodev, errp);
    if (!s->backend) {
        error_prepend(errp, "sb16: ");
        return false;
    }
    s->voice = audio_voice_new(s->backend, sb16_pull, s);
    for (int i = 0; i < ISA_NUM_IRQS; i++) {
        s->irqs[i] = isa_get_irq(isa, i);
    }
    for (int channel = 0; channel < ISA_NUM_DMA; channel++) {
        if (0xeb & 1 << channel && (channel == (int)s->dma8 || channel == (int)s->dma16)) {
            isa_dma_connect(isa, channel, dma_ready, s);
        }
    }
    memory_region_init_io(&s->ports_mixer, OBJECT(dev), &mixer_ops, s, "sb16 mixer", MIXER_PORTS);
    memory_region_init_io(&s->ports_dsp, OBJECT(dev), &dsp_ops, s, "sb16 dsp", DSP_PORTS);
    isa_register_ioport(isa, &s->ports_mixer, s->iobase + PORT_MIXER_INDEX);
    isa_register_ioport(isa, &s->ports_dsp, s->iobase + PORT_RESET);
    return true;
}

static void sb16_finalize(Object *obj)
{
    audio_voice_free(SB16(obj)->voice);
}

static const TypeInfo sb16_info = {
    .name = TYPE_SB16,
    .parent = TYPE_ISA_DEVICE,
    .desc = "Creative Sound Blaster 16",
    .instance_size = sizeof(SB16State),
    .finalize = sb16_finalize,
    .realize = sb16_realize,
    .reset = sb16_reset,
    .props = sb16_props,
    .vmsd = &vmstate_sb16,
    .user_creatable = true,
    .category = "sound",
};
DEFINE_TYPE(sb16_info)
