/*
 * Inside of the Sound Blaster 16: the DSP (sb16.c, sb16-dsp.c) and the mixer
 * (sb16-mixer.c).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_AUDIO_SB16_H
#define HW_AUDIO_SB16_H

#include "audio/audio.h"
#include "hw/isa.h"

#define TYPE_SB16 "sb16"
enum { SB_OUT_BYTES = 64, SB_MAX_PARAMETERS = 3, SB_MIXER_REGISTERS = 256 };
enum { SB_IRQ_8 = 1, SB_IRQ_16 = 2 };
enum { MIXER_STEREO = 0x0e, MIXER_IRQ_SELECT = 0x80, MIXER_DMA_SELECT = 0x81, MIXER_IRQ_STATUS = 0x82 };

typedef struct SBTransfer {
    bool running, paused, bits16, is_signed, stereo, repeat, record, ends;
    uint32_t block_bytes, left_bytes;
} SBTransfer;

typedef struct SB16State {
    ISADevice parent_obj;

    /* wiring */
    MemoryRegion ports_mixer, ports_dsp;
    AudioBackend *backend;
    AudioVoice *voice;
    qemu_irq irqs[ISA_NUM_IRQS];
    char *audiodev;
    uint32_t iobase, irq_number, dma8, dma16;

    /* guest state */
    uint8_t mixer_index, mixer[SB_MIXER_REGISTERS];
    uint8_t out[SB_OUT_BYTES], out_count, out_next;     /* read data port */
    uint8_t command, parameters[SB_MAX_PARAMETERS], parameter_count, parameters_wanted;
    uint8_t last_write, test_register, dma_identity, dma_identity_step;
    bool in_reset, speaker, high_speed;
    uint8_t pending;            /* SB_IRQ_x */
    uint32_t rate_hz;
    uint8_t time_constant;      /* 0: the rate was set as such */
    uint32_t block_length;      /* command 0x48: bytes - 1 */
    SBTransfer transfer;
    uint32_t silence_left;      /* frames of command 0x80 */
    uint8_t direct;             /* last sample of command 0x10 */
} SB16State;
#define SB16(o) OBJECT_CHECK(SB16State, (o), TYPE_SB16)

void sb16_update_irq(SB16State *s);
void sb16_set_pending(SB16State *s, uint8_t which);
/* sb16-dsp.c */
void sb16_dsp_reset(SB16State *s);
void sb16_dsp_write(SB16State *s, uint8_t value);
size_t sb16_pull(void *opaque, uint8_t *buf, size_t max_frames);
/* The voice as the transfer needs it: after a load, or a change of anything. */
void sb16_update_voice(SB16State *s);
/* sb16-mixer.c */
void sb16_mixer_reset(SB16State *s);
uint8_t sb16_mixer_read(SB16State *s);
void sb16_mixer_write(SB16State *s, uint8_t value);
int sb16_irq_number(const SB16State *s);
int sb16_dma_channel(const SB16State *s, bool bits16);
/* 0 to 256 for the left (0) or right side. */
int sb16_volume(const SB16State *s, int side);

#endif
