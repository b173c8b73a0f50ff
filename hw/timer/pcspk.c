/*
 * Port 0x61 of the PC: speaker gate and data, and what can be seen of the
 * timer (82371SB data sheet, 2.5.5 "NMI status and control").
 *
 * Bit 0   GATE of counter 2        bit 4   toggles with each refresh cycle
 * Bit 1   speaker data             bit 5   OUT of counter 2
 *
 * Property "audiodev": where the sound goes; without it there is none.
 * While both bits are set, the square wave (mode 3) or rate (mode 2) of counter 2 is
 * played. Left out: sound made by switching the bits in software.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "audio/audio.h"
#include "hw/timer/i8254.h"
#include "qemu/timer.h"

enum { CTL_GATE = 0x01, CTL_DATA = 0x02, CTL_REFRESH = 0x10, CTL_OUT = 0x20 };
enum { SPEAKER_COUNTER = 2, REFRESH_NS = 15085 };
/* Unsigned bytes; counts below the shortest are out of hearing, and out of the samples' reach. */
enum { SAMPLE_HZ = 32000, SILENCE = 0x80, AMPLITUDE = 0x40, SHORTEST_COUNT = 2 * PIT_HZ / SAMPLE_HZ };

typedef struct PCSpeakerState {
    ISADevice parent_obj;

    MemoryRegion port;
    DeviceState *pit;           /* link */
    uint32_t iobase;
    char *audiodev;
    AudioVoice *voice;          /* NULL: no sound */

    bool data;
    uint64_t phase;             /* of the wave, in input clocks times SAMPLE_HZ */
} PCSpeakerState;
#define PC_SPEAKER(o) OBJECT_CHECK(PCSpeakerState, (o), TYPE_PC_SPEAKER)

static size_t pcspk_pull(void *opaque, uint8_t *buf, size_t max_frames)
{
    PCSpeakerState *s = opaque;
    uint32_t count = i8254_initial_count(s->pit, SPEAKER_COUNTER);
    int mode = i8254_mode(s->pit, SPEAKER_COUNTER);
    uint64_t period = (uint64_t)count * SAMPLE_HZ;

    if (count < SHORTEST_COUNT || (mode != PIT_RATE && mode != PIT_SQUARE_WAVE)) {
        memset(buf, SILENCE, max_frames);
        return max_frames;
    }
    for (size_t i = 0; i < max_frames; i++) {
        buf[i] = s->phase < period / 2 ? SILENCE + AMPLITUDE : SILENCE - AMPLITUDE;
        s->phase = (s->phase + PIT_HZ) % period;
    }
    return max_frames;
}

static void update_voice(PCSpeakerState *s)
{
    if (s->voice) {
        audio_voice_set_active(s->voice, s->data && i8254_gate(s->pit, SPEAKER_COUNTER));
    }
}

static uint64_t pcspk_read(void *opaque, hwaddr addr, unsigned size)
{
    PCSpeakerState *s = opaque;
    bool refresh = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) / REFRESH_NS & 1;

    return (i8254_gate(s->pit, SPEAKER_COUNTER) ? CTL_GATE : 0) | (s->data ? CTL_DATA : 0) |
           (refresh ? CTL_REFRESH : 0) | (i8254_out(s->pit, SPEAKER_COUNTER) ? CTL_OUT : 0);
}

static void pcspk_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    PCSpeakerState *s = opaque;

    s->data = value & CTL_DATA;
    i8254_set_gate(s->pit, SPEAKER_COUNTER, value & CTL_GATE);
    update_voice(s);
}

static const MemoryRegionOps pcspk_ops = {
    .read = pcspk_read,
    .write = pcspk_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void pcspk_reset(DeviceState *dev)
{
    PCSpeakerState *s = PC_SPEAKER(dev);

    s->data = false;
    s->phase = 0;
    update_voice(s);
}

static int pcspk_post_load(void *opaque, int version)
{
    update_voice(opaque);
    return 0;
}

static const VMStateField pcspk_fields[] = {
    VMSTATE_BOOL(data, PCSpeakerState),
    VMSTATE_UINT64(phase, PCSpeakerState),
    VMSTATE_END
};
static const VMStateDescription vmstate_pcspk = {
    .name = "pcspk",
    .version = 1,
    .fields = pcspk_fields,
    .post_load = pcspk_post_load,
};

static const Property pcspk_props[] = {
    DEFINE_PROP_UINT32("iobase", PCSpeakerState, iobase, 0x61),
    DEFINE_PROP_STRING("audiodev", PCSpeakerState, audiodev),
    DEFINE_PROP_LINK("pit", PCSpeakerState, pit),
    DEFINE_PROP_END
};

static bool pcspk_realize(DeviceState *dev, Error **errp)
{
    PCSpeakerState *s = PC_SPEAKER(dev);
    AudioBackend *backend = s->audiodev ? audio_find(s->audiodev, errp) : NULL;

    if (s->audiodev && !backend) {
        return false;
    }
    if (backend) {
        s->voice = audio_voice_new(backend, pcspk_pull, s);
        audio_voice_set_format(s->voice, (AudioFormat){ SAMPLE_HZ, 1, 8, false });
    }
    memory_region_init_io(&s->port, OBJECT(dev), &pcspk_ops, s, "pcspk", 1);
    isa_register_ioport(&s->parent_obj, &s->port, s->iobase);
    return true;
}

static void pcspk_finalize(Object *obj)
{
    audio_voice_free(PC_SPEAKER(obj)->voice);
}

static const TypeInfo pcspk_info = {
    .name = TYPE_PC_SPEAKER,
    .parent = TYPE_ISA_DEVICE,
    .desc = "PC speaker",
    .instance_size = sizeof(PCSpeakerState),
    .finalize = pcspk_finalize,
    .realize = pcspk_realize,
    .reset = pcspk_reset,
    .vmsd = &vmstate_pcspk,
    .props = pcspk_props,
};
DEFINE_TYPE(pcspk_info)
