/*
 * Sound Blaster 16: CT1745 mixer (Creative's hardware programming guide).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/audio/sb16.h"

enum { MIXER_RESET = 0x00, MIXER_VOICE_PRO = 0x04, MIXER_MASTER_PRO = 0x22, MIXER_MASTER_LEFT = 0x30,
       MIXER_VOICE_LEFT = 0x32, MIXER_SB16_FIRST = 0x30, MIXER_SB16_LAST = 0x47, MIXER_OUTPUT = 0x3c };
enum { VERSION_DSP_405 = 0x20, LEVEL_MASK = 0xf8, LEVELS = 31 };

static const uint8_t irq_of_bit[4] = { 9, 5, 7, 10 };

static uint8_t irq_select_value(uint32_t irq_number)
{
    for (int bit = 0; bit < 4; bit++) {
        if (irq_of_bit[bit] == irq_number) {
            return 1 << bit;
        }
    }
    return 0;
}

int sb16_irq_number(const SB16State *s)
{
    for (int bit = 0; bit < 4; bit++) {
        if (s->mixer[MIXER_IRQ_SELECT] & 1 << bit) {
            return irq_of_bit[bit];
        }
    }
    return -1;
}

/* Without a channel of 16 bits, the one of 8 bits carries both. */
int sb16_dma_channel(const SB16State *s, bool bits16)
{
    uint8_t select = s->mixer[MIXER_DMA_SELECT], wide = select & 0xe0, narrow = select & 0x0b;

    return bits16 && wide ? __builtin_ctz(wide) : narrow ? __builtin_ctz(narrow) : -1;
}

int sb16_volume(const SB16State *s, int side)
{
    int master = s->mixer[MIXER_MASTER_LEFT + side] >> 3, voice = s->mixer[MIXER_VOICE_LEFT + side] >> 3;

    /* 2 dB a step, from -62 dB. */
    static const uint16_t step[LEVELS + 1] = {
        0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8, 10, 13, 16, 20, 26, 32, 41, 51, 64, 81, 102, 128, 162,
        203, 256,
    };
    return step[master] * step[voice] / 256;
}

void sb16_mixer_reset(SB16State *s)
{
    static const struct { uint8_t reg, value; } defaults[] = {
        { 0x30, 0xc0 }, { 0x31, 0xc0 }, { 0x32, 0xc0 }, { 0x33, 0xc0 }, { 0x34, 0xc0 }, { 0x35, 0xc0 },
        { MIXER_OUTPUT, 0x1f }, { 0x3d, 0x15 }, { 0x3e, 0x0b }, { 0x44, 0x80 }, { 0x45, 0x80 }, { 0x46, 0x80 },
        { 0x47, 0x80 }, { 0x04, 0xcc }, { 0x22, 0xcc }, { 0x26, 0xcc },
    };
    uint8_t irq_select = s->mixer[MIXER_IRQ_SELECT], dma_select = s->mixer[MIXER_DMA_SELECT];

    memset(s->mixer, 0, sizeof(s->mixer));
    for (size_t i = 0; i < ARRAY_SIZE(defaults); i++) {
        s->mixer[defaults[i].reg] = defaults[i].value;
    }
    s->mixer[MIXER_IRQ_SELECT] = irq_select ? irq_select : irq_select_value(s->irq_number);
    s->mixer[MIXER_DMA_SELECT] = dma_select ? dma_select : 1 << s->dma8 | 1 << s->dma16;
}

uint8_t sb16_mixer_read(SB16State *s)
{
    return s->mixer_index == MIXER_IRQ_STATUS ? s->pending | VERSION_DSP_405 : s->mixer[s->mixer_index];
}

/* A register of the Sound Blaster Pro sets both sides of the newer ones. */
static void set_pair(SB16State *s, int left, uint8_t value)
{
    s->mixer[left] = (value & 0xf0) | (value & 0x80 ? 0x08 : 0);
    s->mixer[left + 1] = value << 4 | (value & 0x08 ? 0x08 : 0);
}

void sb16_mixer_write(SB16State *s, uint8_t value)
{
    switch (s->mixer_index) {
    case MIXER_RESET:
        sb16_mixer_reset(s);
        break;
    case MIXER_VOICE_PRO:
        s->mixer[MIXER_VOICE_PRO] = value;
        set_pair(s, MIXER_VOICE_LEFT, value);
        break;
    case MIXER_MASTER_PRO:
        s->mixer[MIXER_MASTER_PRO] = value;
        set_pair(s, MIXER_MASTER_LEFT, value);
        break;
    case MIXER_IRQ_SELECT:
        qemu_set_irq(sb16_irq_number(s) >= 0 ? s->irqs[sb16_irq_number(s)] : NULL, 0);
        s->mixer[MIXER_IRQ_SELECT] = value & 0x0f;
        sb16_update_irq(s);
        break;
    case MIXER_DMA_SELECT:
        s->mixer[MIXER_DMA_SELECT] = value & 0xeb;
        break;
    case MIXER_IRQ_STATUS:
        break;
    default:
        s->mixer[s->mixer_index] = value;
        break;
    }
    sb16_update_voice(s);
}
