/*
 * Intel 82801AA AC'97 audio (ICH data sheet, chapter 13) with a codec of the
 * AC'97 2.x specification (SigmaTel STAC9700).
 *
 * BAR 0      mixer registers of the codec, 16 bits each
 * BAR 1      bus master: PCM in, PCM out, microphone, global registers
 * Property   "audiodev"
 *
 * What is recorded is silence.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "audio/audio.h"
#include "hw/pci.h"
#include "qemu/log.h"
#include "trace/hw-audio.h"

#define TYPE_AC97 "AC97"
enum { MIXER_SIZE = 1024, BUS_MASTER_SIZE = 256, CODEC_REGISTERS = 64, CHANNELS = 3, CHANNEL_STRIDE = 0x10,
       LIST_ENTRIES = 32, ENTRY_BYTES = 8, BUFFER_BYTES = 4096 };
typedef enum { CHANNEL_PCM_IN, CHANNEL_PCM_OUT, CHANNEL_MIC } ChannelNumber;

/* Codec, by byte offset */
enum { CODEC_RESET = 0x00, CODEC_MASTER = 0x02, CODEC_PCM_OUT = 0x18, CODEC_POWERDOWN = 0x26, CODEC_EXTENDED_ID = 0x28,
       CODEC_EXTENDED = 0x2a, CODEC_FRONT_RATE = 0x2c, CODEC_SURROUND_RATE = 0x2e, CODEC_LFE_RATE = 0x30,
       CODEC_ADC_RATE = 0x32, CODEC_MIC_RATE = 0x34, CODEC_VENDOR_1 = 0x7c, CODEC_VENDOR_2 = 0x7e };
enum { VOLUME_MUTE = 0x8000, EXTENDED_VRA = 1, EXTENDED_VRM = 8, FIXED_RATE_HZ = 48000, MIN_RATE_HZ = 8000 };

/* Bus master */
enum { BM_LIST_BASE = 0x0, BM_CURRENT = 0x4, BM_LAST_VALID = 0x5, BM_STATUS = 0x6, BM_POSITION = 0x8,
       BM_PREFETCHED = 0xa, BM_CONTROL = 0xb, GLOBAL_CONTROL = 0x2c, GLOBAL_STATUS = 0x30, CODEC_ACCESS = 0x34 };
enum { SR_HALTED = 0x01, SR_LAST_IS_CURRENT = 0x02, SR_LAST_DONE = 0x04, SR_COMPLETED = 0x08, SR_FIFO_ERROR = 0x10,
       SR_CLEARABLE = SR_LAST_DONE | SR_COMPLETED | SR_FIFO_ERROR };
enum { CR_RUN = 0x01, CR_RESET = 0x02, CR_LAST_IRQ = 0x04, CR_FIFO_IRQ = 0x08, CR_COMPLETE_IRQ = 0x10,
       CR_WRITABLE = CR_RUN | CR_LAST_IRQ | CR_FIFO_IRQ | CR_COMPLETE_IRQ };
enum { GC_COLD_RESET_OFF = 0x02, GC_WARM_RESET = 0x04, GC_WRITABLE = 0x3f, GS_CODEC_READY = 0x100, GS_IN_IRQ = 0x20,
       GS_OUT_IRQ = 0x40, GS_MIC_IRQ = 0x80, GS_STICKY = 0x8c01 };
#define ENTRY_IRQ (1u << 31)
#define ENTRY_SILENCE (1u << 30)

typedef struct AC97Channel {
    uint32_t list_base;
    uint8_t current, last_valid, prefetched, control;
    uint16_t status, left;      /* samples of 16 bits of the current buffer */
    uint32_t address, flags;    /* next byte of the buffer; of its entry */
} AC97Channel;

typedef struct AC97State {
    PCIDevice parent_obj;

    MemoryRegion mixer, bus_master;
    AudioBackend *backend;
    AudioVoice *voices[CHANNELS];
    struct AC97Line { struct AC97State *s; ChannelNumber n; } lines[CHANNELS];
    char *audiodev;

    uint16_t codec[CODEC_REGISTERS];
    AC97Channel channels[CHANNELS];
    uint32_t global_control, global_status;
    uint8_t access;             /* codec semaphore */
} AC97State;
#define AC97(o) OBJECT_CHECK(AC97State, (o), TYPE_AC97)

/* --- interrupts --------------------------------------------------------------------------- */

static void update_irq(AC97State *s)
{
    static const uint16_t cause[CHANNELS] = { GS_IN_IRQ, GS_OUT_IRQ, GS_MIC_IRQ };
    bool any = false;

    for (int i = 0; i < CHANNELS; i++) {
        const AC97Channel *c = &s->channels[i];
        bool level = (c->status & SR_LAST_DONE && c->control & CR_LAST_IRQ) ||
                     (c->status & SR_COMPLETED && c->control & CR_COMPLETE_IRQ);

        s->global_status = level ? s->global_status | cause[i] : s->global_status & ~cause[i];
        any |= level;
    }
    pci_set_irq(&s->parent_obj, any);
}

/* --- buffers --------------------------------------------------------------------------------- */

static void fetch_entry(AC97State *s, AC97Channel *c)
{
    uint8_t entry[ENTRY_BYTES] = { 0 };

    pci_dma_read(&s->parent_obj, c->list_base + c->current * ENTRY_BYTES, entry, sizeof(entry));
    c->address = pci_get_long(entry) & ~3u;
    c->flags = pci_get_long(entry + 4);
    c->left = c->flags;
    c->prefetched = (c->current + 1) % LIST_ENTRIES;
}

/* The current buffer is used up: the next one, or the end. */
static void end_buffer(AC97State *s, AC97Channel *c)
{
    trace_ac97_end_buffer(c->current);
    if (c->flags & ENTRY_IRQ) {
        c->status |= SR_COMPLETED;
    }
    if (c->current == c->last_valid) {
        c->status |= SR_LAST_DONE | SR_HALTED | SR_LAST_IS_CURRENT;
    } else {
        c->current = (c->current + 1) % LIST_ENTRIES;
        fetch_entry(s, c);
        if (c->current == c->last_valid) {
            c->status |= SR_LAST_IS_CURRENT;
        }
    }
    update_irq(s);
}

static size_t move(AC97State *s, ChannelNumber n, uint8_t *buf, size_t bytes)
{
    AC97Channel *c = &s->channels[n];

    bytes = MIN(bytes, c->left * 2u);
    if (n != CHANNEL_PCM_OUT) {
        memset(buf, 0, bytes);
        pci_dma_write(&s->parent_obj, c->address, buf, bytes);
    } else if (pci_dma_read(&s->parent_obj, c->address, buf, bytes) != MEMTX_OK) {
        memset(buf, 0, bytes);
    }
    c->address += bytes;
    c->left -= bytes / 2;
    return bytes;
}

static size_t ac97_pull(void *opaque, uint8_t *buf, size_t max_frames)
{
    struct AC97Line *line = opaque;
    AC97State *s = line->s;
    AC97Channel *c = &s->channels[line->n];
    size_t done = 0, wanted = max_frames * 4;
    int empty = 0;

    while (done < wanted && c->control & CR_RUN && !(c->status & SR_HALTED)) {
        if (c->left == 0) {
            if (++empty > LIST_ENTRIES) {
                qemu_log_mask(LOG_GUEST_ERROR, "ac97: a list of empty buffers\n");
                break;
            }
            end_buffer(s, c);
            continue;
        }
        done += move(s, line->n, buf + done, wanted - done);
        if (c->left == 0) {
            end_buffer(s, c);
        }
    }
    if (line->n != CHANNEL_PCM_OUT) {
        memset(buf, 0, done);
    }
    return done / 4;
}

/* --- the codec -------------------------------------------------------------------------------- */

static uint16_t *codec_register(AC97State *s, unsigned offset)
{
    return &s->codec[offset / 2 % CODEC_REGISTERS];
}

/* Attenuation of 1.5 dB a step; PCM out has 12 dB of gain before it. */
static int volume(uint16_t reg, int side, int zero_at)
{
    int steps = (side ? reg : reg >> 8) & 0x1f, value = 256;

    if (reg & VOLUME_MUTE) {
        return 0;
    }
    for (int i = zero_at; i < steps; i++) {
        value = value * 215 / 256;
    }
    return value;
}

static void update_voices(AC97State *s)
{
    static const uint8_t rate_register[CHANNELS] = { CODEC_ADC_RATE, CODEC_FRONT_RATE, CODEC_MIC_RATE };
    uint16_t master = *codec_register(s, CODEC_MASTER), pcm = *codec_register(s, CODEC_PCM_OUT);

    for (int i = 0; i < CHANNELS; i++) {
        const AC97Channel *c = &s->channels[i];
        AudioFormat format = { *codec_register(s, rate_register[i]), 2, 16, true };

        audio_voice_set_format(s->voices[i], format);
        audio_voice_set_active(s->voices[i], c->control & CR_RUN && !(c->status & SR_HALTED));
    }
    audio_voice_set_volume(s->voices[CHANNEL_PCM_OUT], volume(master, 0, 0) * volume(pcm, 0, 8) / 256,
                           volume(master, 1, 0) * volume(pcm, 1, 8) / 256);
}

static void codec_reset(AC97State *s)
{
    static const struct { uint8_t reg; uint16_t value; } defaults[] = {
        { CODEC_RESET, 0x6990 }, { CODEC_MASTER, 0x8000 }, { 0x04, 0x8000 }, { 0x06, 0x8000 }, { 0x0c, 0x8008 },
        { 0x0e, 0x8008 }, { 0x10, 0x8808 }, { 0x12, 0x8808 }, { 0x14, 0x8808 }, { 0x16, 0x8808 },
        { CODEC_PCM_OUT, 0x8808 }, { 0x1c, 0x8000 }, { CODEC_POWERDOWN, 0x000f }, { CODEC_EXTENDED_ID, 0x0809 },
        { CODEC_EXTENDED, 0x0009 }, { CODEC_FRONT_RATE, FIXED_RATE_HZ }, { CODEC_SURROUND_RATE, FIXED_RATE_HZ },
        { CODEC_LFE_RATE, FIXED_RATE_HZ }, { CODEC_ADC_RATE, FIXED_RATE_HZ }, { CODEC_MIC_RATE, FIXED_RATE_HZ },
        { CODEC_VENDOR_1, 0x8384 }, { CODEC_VENDOR_2, 0x7600 },
    };

    memset(s->codec, 0, sizeof(s->codec));
    for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
        *codec_register(s, defaults[i].reg) = defaults[i].value;
    }
}

static void set_rate(AC97State *s, unsigned offset, uint16_t value, uint16_t enable)
{
    if (*codec_register(s, CODEC_EXTENDED) & enable) {
        *codec_register(s, offset) = CLAMP(value, MIN_RATE_HZ, FIXED_RATE_HZ);
    }
}

static void write_extended(AC97State *s, uint16_t value)
{
    if (!(value & EXTENDED_VRA)) {
        *codec_register(s, CODEC_FRONT_RATE) = *codec_register(s, CODEC_ADC_RATE) = FIXED_RATE_HZ;
    }
    if (!(value & EXTENDED_VRM)) {
        *codec_register(s, CODEC_MIC_RATE) = FIXED_RATE_HZ;
    }
    *codec_register(s, CODEC_EXTENDED) = value & (EXTENDED_VRA | EXTENDED_VRM);
}

static void codec_write(AC97State *s, unsigned offset, uint16_t value)
{
    switch (offset) {
    case CODEC_RESET:
        codec_reset(s);
        break;
    case CODEC_MASTER:
        *codec_register(s, offset) = value & (VOLUME_MUTE | 0x1f1f);
        if (value & 0x2000) {
            *codec_register(s, offset) |= 0x1f00;       /* 5.7.2: a sixth bit saturates */
        }
        if (value & 0x0020) {
            *codec_register(s, offset) |= 0x001f;
        }
        break;
    case 0x10: case 0x12: case 0x14: case 0x16: case CODEC_PCM_OUT:
        *codec_register(s, offset) = value & (VOLUME_MUTE | 0x1f1f);
        break;
    case 0x1c:
        *codec_register(s, offset) = value & (VOLUME_MUTE | 0x0f0f);
        break;
    case CODEC_POWERDOWN:
        *codec_register(s, offset) = (value & 0xff00) | (*codec_register(s, offset) & 0x0f);
        break;
    case CODEC_EXTENDED:
        write_extended(s, value);
        break;
    case CODEC_FRONT_RATE: case CODEC_ADC_RATE:
        set_rate(s, offset, value, EXTENDED_VRA);
        break;
    case CODEC_MIC_RATE:
        set_rate(s, offset, value, EXTENDED_VRM);
        break;
    case CODEC_EXTENDED_ID: case CODEC_VENDOR_1: case CODEC_VENDOR_2:
        break;
    default:
        *codec_register(s, offset) = value;
        break;
    }
    update_voices(s);
}

static uint64_t mixer_read(void *opaque, hwaddr addr, unsigned size)
{
    AC97State *s = opaque;

    s->access = 0;
    return addr < 2 * CODEC_REGISTERS ? *codec_register(s, addr) : 0xffff;
}

static void mixer_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    AC97State *s = opaque;

    s->access = 0;
    if (addr < 2 * CODEC_REGISTERS) {
        codec_write(s, addr & ~1u, data);
    }
}

static const MemoryRegionOps mixer_ops = {
    .read = mixer_read,
    .write = mixer_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 2, .max_access_size = 2 },
};

/* --- the bus master --------------------------------------------------------------------------- */

static void reset_channel(AC97Channel *c)
{
    *c = (AC97Channel){ .status = SR_HALTED, .control = c->control & (CR_WRITABLE & ~CR_RUN) };
}

static void write_control(AC97State *s, AC97Channel *c, uint8_t value)
{
    if (value & CR_RESET) {
        reset_channel(c);
        c->control = 0;
    } else {
        bool started = value & CR_RUN && !(c->control & CR_RUN);

        c->control = value & CR_WRITABLE;
        if (started) {
            c->status &= ~SR_HALTED;
            if (!c->left) {
                fetch_entry(s, c);
            }
        } else if (!(value & CR_RUN)) {
            c->status |= SR_HALTED;
        }
    }
    update_irq(s);
    update_voices(s);
}

static void write_last_valid(AC97State *s, AC97Channel *c, uint8_t value)
{
    c->last_valid = value % LIST_ENTRIES;
    if (c->control & CR_RUN && c->status & SR_HALTED && c->current != c->last_valid) {
        /* 13.2.2: halted at the end of the list, there is more now. */
        c->status &= ~(SR_HALTED | SR_LAST_IS_CURRENT);
        c->current = (c->current + 1) % LIST_ENTRIES;
        fetch_entry(s, c);
        update_voices(s);
    }
}

static uint32_t channel_read(const AC97Channel *c, unsigned reg)
{
    switch (reg) {
    case BM_CURRENT:
        return c->current;
    case BM_LAST_VALID:
        return c->last_valid;
    case BM_STATUS:
        return c->status & 0xff;
    case BM_POSITION:
        return c->left & 0xff;
    case BM_POSITION + 1:
        return c->left >> 8;
    case BM_PREFETCHED:
        return c->prefetched;
    case BM_CONTROL:
        return c->control;
    default:
        return reg < 4 ? c->list_base >> 8 * reg & 0xff : 0;
    }
}

static void channel_write(AC97State *s, AC97Channel *c, unsigned reg, uint8_t value)
{
    switch (reg) {
    case BM_LAST_VALID:
        write_last_valid(s, c, value);
        break;
    case BM_STATUS:
        c->status &= ~(value & SR_CLEARABLE);
        update_irq(s);
        break;
    case BM_CONTROL:
        write_control(s, c, value);
        break;
    default:
        if (reg < 4) {
            c->list_base = ((c->list_base & ~(0xffu << 8 * reg)) | (uint32_t)value << 8 * reg) & ~7u;
        }
        break;
    }
}

static void write_global_control(AC97State *s, uint32_t value)
{
    if (!(value & GC_COLD_RESET_OFF)) {
        for (int i = 0; i < CHANNELS; i++) {
            reset_channel(&s->channels[i]);
        }
        codec_reset(s);
        s->global_status = 0;
        update_voices(s);
        update_irq(s);
    }
    s->global_control = value & GC_WRITABLE & ~GC_WARM_RESET;
}

/* Byte registers; the callers compose wider accesses. */
static uint64_t bus_master_read(void *opaque, hwaddr addr, unsigned size)
{
    AC97State *s = opaque;

    if (addr < CHANNELS * CHANNEL_STRIDE - 4) {
        return channel_read(&s->channels[addr / CHANNEL_STRIDE], addr % CHANNEL_STRIDE);
    }
    if (addr >= GLOBAL_CONTROL && addr < GLOBAL_CONTROL + 4) {
        return s->global_control >> 8 * (addr & 3) & 0xff;
    }
    if (addr >= GLOBAL_STATUS && addr < GLOBAL_STATUS + 4) {
        return (s->global_status | GS_CODEC_READY) >> 8 * (addr & 3) & 0xff;
    }
    if (addr == CODEC_ACCESS) {
        uint8_t value = s->access;

        s->access = 1;
        return value;
    }
    return 0;
}

static void bus_master_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    AC97State *s = opaque;

    if (addr < CHANNELS * CHANNEL_STRIDE - 4) {
        channel_write(s, &s->channels[addr / CHANNEL_STRIDE], addr % CHANNEL_STRIDE, data);
    } else if (addr == GLOBAL_CONTROL) {
        write_global_control(s, data);
    } else if (addr >= GLOBAL_STATUS && addr < GLOBAL_STATUS + 4) {
        s->global_status &= ~((uint32_t)data << 8 * (addr & 3) & GS_STICKY);
    }
}

static const MemoryRegionOps bus_master_ops = {
    .read = bus_master_read,
    .write = bus_master_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* --- life ---------------------------------------------------------------------------------------- */

static void ac97_reset(DeviceState *dev)
{
    AC97State *s = AC97(dev);

    for (int i = 0; i < CHANNELS; i++) {
        s->channels[i].control = 0;
        reset_channel(&s->channels[i]);
    }
    s->global_control = s->global_status = 0;
    s->access = 0;
    codec_reset(s);
    update_voices(s);
    update_irq(s);
}

static int ac97_post_load(void *opaque, int version)
{
    AC97State *s = opaque;

    for (int i = 0; i < CHANNELS; i++) {
        s->channels[i].current %= LIST_ENTRIES;
        s->channels[i].last_valid %= LIST_ENTRIES;
    }
    update_voices(s);
    return 0;
}

static const VMStateField channel_fields[] = {
    VMSTATE_UINT32(list_base, AC97Channel),
    VMSTATE_UINT8(current, AC97Channel),
    VMSTATE_UINT8(last_valid, AC97Channel),
    VMSTATE_UINT8(prefetched, AC97Channel),
    VMSTATE_UINT8(control, AC97Channel),
    VMSTATE_UINT16(status, AC97Channel),
    VMSTATE_UINT16(left, AC97Channel),
    VMSTATE_UINT32(address, AC97Channel),
    VMSTATE_UINT32(flags, AC97Channel),
    VMSTATE_END
};
static const VMStateDescription vmstate_channel = { .name = "ac97/channel", .version = 1, .fields = channel_fields };

static const VMStateField ac97_fields[] = {
    VMSTATE_PCI_DEVICE(parent_obj, AC97State),
    VMSTATE_UINT16_ARRAY(codec, AC97State, CODEC_REGISTERS),
    VMSTATE_STRUCT_ARRAY(channels, AC97State, CHANNELS, vmstate_channel, AC97Channel),
    VMSTATE_UINT32(global_control, AC97State),
    VMSTATE_UINT32(global_status, AC97State),
    VMSTATE_UINT8(access, AC97State),
    VMSTATE_END
};
static const VMStateDescription vmstate_ac97 = {
    .name = "ac97",
    .version = 1,
    .fields = ac97_fields,
    .post_load = ac97_post_load,
};

static const Property ac97_props[] = {
    DEFINE_PROP_STRING("audiodev", AC97State, audiodev),
    DEFINE_PROP_END
};

static bool ac97_realize(DeviceState *dev, Error **errp)
{
    AC97State *s = AC97(dev);

    s->backend = audio_find(s->audiodev, errp);
    if (!s->backend) {
        error_prepend(errp, "AC97: ");
        return false;
    }
    for (int i = 0; i < CHANNELS; i++) {
        s->lines[i].s = s;
        s->lines[i].n = i;
        s->voices[i] = audio_voice_new(s->backend, ac97_pull, &s->lines[i]);
    }
    s->parent_obj.config[PCI_INTERRUPT_PIN] = 1;
    memory_region_init_io(&s->mixer, OBJECT(dev), &mixer_ops, s, "ac97-nam", MIXER_SIZE);
    memory_region_init_io(&s->bus_master, OBJECT(dev), &bus_master_ops, s, "ac97-nabm", BUS_MASTER_SIZE);
    pci_register_bar(&s->parent_obj, 0, PCI_BASE_ADDRESS_SPACE_IO, &s->mixer);
    pci_register_bar(&s->parent_obj, 1, PCI_BASE_ADDRESS_SPACE_IO, &s->bus_master);
    return true;
}

static void ac97_finalize(Object *obj)
{
    for (int i = 0; i < CHANNELS; i++) {
        audio_voice_free(AC97(obj)->voices[i]);
    }
}

static const PCIDeviceClass ac97_class = {
    .vendor_id = 0x8086,
    .device_id = 0x2415,
    .class_id = 0x0401,
    .revision = 1,
};

static const TypeInfo ac97_info = {
    .name = TYPE_AC97,
    .parent = TYPE_PCI_DEVICE,
    .desc = "Intel 82801AA AC97 audio",
    .instance_size = sizeof(AC97State),
    .finalize = ac97_finalize,
    .realize = ac97_realize,
    .reset = ac97_reset,
    .props = ac97_props,
    .vmsd = &vmstate_ac97,
    .user_creatable = true,
    .category = "sound",
    .class_data = &ac97_class,
};
DEFINE_TYPE(ac97_info)
