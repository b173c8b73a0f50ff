/*
 * Sound Blaster 16: the DSP's commands and transfers (Creative's hardware
 * programming guide, chapters 3 and 6).
 *
 * Recording gives silence. Left out: ADPCM, MIDI (logged as unimplemented).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/audio/sb16.h"
#include "qemu/log.h"
#include "trace/hw-audio.h"

enum { DSP_READY = 0xaa, VERSION_MAJOR = 4, VERSION_MINOR = 5, DEFAULT_RATE_HZ = 11025, SPEAKER_ON = 0xff };
enum { CMD_DIRECT_OUT = 0x10, CMD_DIRECT_IN = 0x20, CMD_MIDI_OUT = 0x38, CMD_TIME_CONSTANT = 0x40,
       CMD_RATE_OUT = 0x41, CMD_RATE_IN = 0x42, CMD_CONTINUE_AUTO_8 = 0x45, CMD_CONTINUE_AUTO_16 = 0x47,
       CMD_BLOCK_LENGTH = 0x48, CMD_SILENCE = 0x80, CMD_PAUSE_8 = 0xd0, CMD_SPEAKER_ON = 0xd1,
       CMD_SPEAKER_OFF = 0xd3, CMD_CONTINUE_8 = 0xd4, CMD_PAUSE_16 = 0xd5, CMD_CONTINUE_16 = 0xd6,
       CMD_SPEAKER_STATUS = 0xd8, CMD_EXIT_AUTO_16 = 0xd9, CMD_EXIT_AUTO_8 = 0xda, CMD_IDENTIFY = 0xe0,
       CMD_VERSION = 0xe1, CMD_DMA_IDENTIFY = 0xe2, CMD_COPYRIGHT = 0xe3, CMD_WRITE_TEST = 0xe4,
       CMD_READ_TEST = 0xe8, CMD_IRQ_8 = 0xf2, CMD_IRQ_16 = 0xf3, CMD_STATUS = 0xfb };

/* --- answers ----------------------------------------------------------------------------- */

static void answer(SB16State *s, uint8_t value)
{
    if (s->out_count < SB_OUT_BYTES) {
        s->out[s->out_count++] = value;
    }
}

static void clear_answers(SB16State *s)
{
    s->out_count = s->out_next = 0;
}

/* --- transfers ----------------------------------------------------------------------------- */

static unsigned frame_bytes(const SBTransfer *t)
{
    return (t->bits16 ? 2 : 1) << t->stereo;
}

void sb16_update_voice(SB16State *s)
{
    const SBTransfer *t = &s->transfer;
    bool playing = t->running && !t->paused;
    AudioFormat format = { s->rate_hz, t->stereo ? 2 : 1, t->bits16 ? 16 : 8, t->is_signed };

    audio_voice_set_format(s->voice, format);
    audio_voice_set_volume(s->voice, sb16_volume(s, 0), sb16_volume(s, 1));
    audio_voice_set_active(s->voice, playing || s->silence_left);
    isa_dma_set_dreq(&s->parent_obj, sb16_dma_channel(s, t->bits16), playing);
}

static void block_done(SB16State *s)
{
    SBTransfer *t = &s->transfer;

    t->left_bytes = t->block_bytes;
    if (!t->repeat || t->ends) {
        t->running = false;
        s->high_speed = false;
        sb16_update_voice(s);
    }
    sb16_set_pending(s, t->bits16 ? SB_IRQ_16 : SB_IRQ_8);
}

/* Moves up to `bytes` bytes; how many. */
static size_t move(SB16State *s, uint8_t *buf, size_t bytes)
{
    SBTransfer *t = &s->transfer;
    int channel = sb16_dma_channel(s, t->bits16);
    bool end;
    size_t moved;

    bytes = MIN(bytes, t->left_bytes);
    if (t->record) {
        memset(buf, t->is_signed ? 0 : 0x80, bytes);
        moved = isa_dma_write(&s->parent_obj, channel, buf, bytes, &end);
    } else {
        moved = isa_dma_read(&s->parent_obj, channel, buf, bytes, &end);
    }
    t->left_bytes -= moved;
    if (!t->left_bytes) {
        block_done(s);
    }
    return moved;
}

size_t sb16_pull(void *opaque, uint8_t *buf, size_t max_frames)
{
    SB16State *s = opaque;
    SBTransfer *t = &s->transfer;
    unsigned frame = frame_bytes(t);
    size_t done = 0;
    bool record = t->record;

    if (s->silence_left) {
        done = MIN(max_frames, s->silence_left);
        memset(buf, 0x80, done);
        s->silence_left -= done;
        if (!s->silence_left) {
            sb16_set_pending(s, SB_IRQ_8);
            sb16_update_voice(s);
        }
        return done;
    }
    while (t->running && !t->paused && done < max_frames * frame) {
        size_t moved = move(s, buf + done, max_frames * frame - done);

        done += moved;
        if (!moved) {
            break;              /* the channel is masked */
        }
    }
    if (record || !s->speaker) {
        memset(buf, t->is_signed ? 0 : 0x80, done);
    }
    return done / frame;
}

static void start_transfer(SB16State *s, SBTransfer t, uint32_t bytes)
{
    t.running = true;
    t.block_bytes = t.left_bytes = bytes;
    s->transfer = t;
    s->silence_left = 0;
    if (s->time_constant) {
        /* 3.2: the time constant counts both sides. */
        s->rate_hz = 1000000 / (256 - s->time_constant) >> t.stereo;
    }
    sb16_update_voice(s);
}

/* Commands of the older cards: unsigned bytes, stereo by the mixer. */
static void start_old(SB16State *s, bool repeat, bool record, uint32_t length)
{
    SBTransfer t = { .repeat = repeat, .record = record, .stereo = s->mixer[MIXER_STEREO] & 2 };

    start_transfer(s, t, length + 1);
}

/* 0xbx, 0xcx: mode and length in samples - 1. */
static void start_new(SB16State *s)
{
    uint32_t samples = (s->parameters[1] | s->parameters[2] << 8) + 1;
    SBTransfer t = {
        .bits16 = (s->command & 0xf0) == 0xb0,
        .record = s->command & 0x08,
        .repeat = s->command & 0x04,
        .is_signed = s->parameters[0] & 0x10,
        .stereo = s->parameters[0] & 0x20,
    };

    s->time_constant = 0;
    start_transfer(s, t, samples << t.bits16);
}

static void set_paused(SB16State *s, bool bits16, bool on)
{
    if (s->transfer.bits16 == bits16) {
        s->transfer.paused = on;
        sb16_update_voice(s);
    }
}

/* The transfer of that width stops at the end of its block, or goes on for ever. */
static void set_ends(SB16State *s, bool bits16, bool on)
{
    if (s->transfer.bits16 == bits16) {
        s->transfer.ends = on;
        s->transfer.repeat |= !on;
    }
}

/* --- commands --------------------------------------------------------------------------------- */

static int parameters_of(uint8_t command)
{
    switch (command) {
    case CMD_DIRECT_OUT: case CMD_MIDI_OUT: case CMD_TIME_CONSTANT: case CMD_IDENTIFY: case CMD_DMA_IDENTIFY:
    case CMD_WRITE_TEST: case 0x04: case 0x0f: case 0xf9:
        return 1;
    case 0x14: case 0x16: case 0x17: case 0x24: case CMD_RATE_OUT: case CMD_RATE_IN: case CMD_BLOCK_LENGTH:
    case 0x74: case 0x75: case 0x76: case 0x77: case CMD_SILENCE: case 0x05: case 0x0e:
        return 2;
    default:
        return (command & 0xf0) == 0xb0 || (command & 0xf0) == 0xc0 ? 3 : 0;
    }
}

static void say_copyright(SB16State *s)
{
    static const char text[] = "COPYRIGHT (C) CREATIVE TECHNOLOGY LTD, 1992.";

    clear_answers(s);
    for (size_t i = 0; i < sizeof(text); i++) {
        answer(s, text[i]);
    }
}

/* 0xe2: a byte that is made of all that were given is written by DMA. */
static void identify_by_dma(SB16State *s, uint8_t value)
{
    static const uint8_t mix[4][8] = {
        { 1, 0xfe, 4, 0xf8, 16, 0xe0, 64, 0x80 }, { 0xff, 2, 0xfc, 8, 0xf0, 32, 0xc0, 0x80 },
        { 1, 2, 0xfc, 0xf8, 16, 32, 0xc0, 0x80 }, { 0xff, 0xfe, 4, 8, 0xf0, 0xe0, 64, 0x80 },
    };
    bool end;

    for (int bit = 0; bit < 8; bit++) {
        if (value >> bit & 1) {
            s->dma_identity += mix[s->dma_identity_step & 3][bit];
        }
    }
    s->dma_identity += s->dma_identity_step == 0 ? 0xaa : 0;
    s->dma_identity_step++;
    isa_dma_set_dreq(&s->parent_obj, sb16_dma_channel(s, false), true);
    isa_dma_write(&s->parent_obj, sb16_dma_channel(s, false), &s->dma_identity, 1, &end);
    isa_dma_set_dreq(&s->parent_obj, sb16_dma_channel(s, false), false);
}

static void set_rate(SB16State *s, uint32_t rate_hz)
{
    s->time_constant = 0;
    s->rate_hz = CLAMP(rate_hz, 4000, 48000);
    sb16_update_voice(s);
}

static bool run_transfer_command(SB16State *s)
{
    uint32_t length = s->parameters[0] | s->parameters[1] << 8;

    switch (s->command) {
    case 0x14: start_old(s, false, false, length); break;
    case 0x24: start_old(s, false, true, length); break;
    case 0x1c: start_old(s, true, false, s->block_length); break;
    case 0x2c: start_old(s, true, true, s->block_length); break;
    case 0x90: case 0x91: case 0x98: case 0x99:
        s->high_speed = true;
        start_old(s, !(s->command & 1), s->command & 8, s->block_length);
        break;
    case CMD_SILENCE:
        s->silence_left = length + 1;
        s->transfer = (SBTransfer){ 0 };
        sb16_update_voice(s);
        break;
    case CMD_PAUSE_8: set_paused(s, false, true); break;
    case CMD_PAUSE_16: set_paused(s, true, true); break;
    case CMD_CONTINUE_8: set_paused(s, false, false); break;
    case CMD_CONTINUE_16: set_paused(s, true, false); break;
    case CMD_EXIT_AUTO_8: set_ends(s, false, true); break;
    case CMD_EXIT_AUTO_16: set_ends(s, true, true); break;
    case CMD_CONTINUE_AUTO_8: set_ends(s, false, false); break;
    case CMD_CONTINUE_AUTO_16: set_ends(s, true, false); break;
    default:
        if ((s->command & 0xf0) != 0xb0 && (s->command & 0xf0) != 0xc0) {
            return false;
        }
        start_new(s);
        break;
    }
    return true;
}

static void run_other_command(SB16State *s)
{
    const uint8_t *p = s->parameters;

    switch (s->command) {
    case CMD_DIRECT_OUT: s->direct = p[0]; break;
    case CMD_DIRECT_IN: answer(s, 0x80); break;
    case CMD_TIME_CONSTANT:
        s->time_constant = MIN(p[0], 255);
        s->rate_hz = 1000000 / (256 - p[0]);
        break;
    case CMD_RATE_OUT:
    case CMD_RATE_IN: set_rate(s, p[0] << 8 | p[1]); break;
    case CMD_BLOCK_LENGTH: s->block_length = p[0] | p[1] << 8; break;
    case CMD_SPEAKER_ON: s->speaker = true; break;
    case CMD_SPEAKER_OFF: s->speaker = false; break;
    case CMD_SPEAKER_STATUS: answer(s, s->speaker ? SPEAKER_ON : 0); break;
    case CMD_IDENTIFY: answer(s, ~p[0]); break;
    case CMD_VERSION:
        clear_answers(s);
        answer(s, VERSION_MAJOR);
        answer(s, VERSION_MINOR);
        break;
    case CMD_DMA_IDENTIFY: identify_by_dma(s, p[0]); break;
    case CMD_COPYRIGHT: say_copyright(s); break;
    case CMD_WRITE_TEST: s->test_register = p[0]; break;
    case CMD_READ_TEST: answer(s, s->test_register); break;
    case CMD_IRQ_8: sb16_set_pending(s, SB_IRQ_8); break;
    case CMD_IRQ_16: sb16_set_pending(s, SB_IRQ_16); break;
    case CMD_STATUS:
        answer(s, s->transfer.running ? 1 << (s->transfer.record + 2 * s->transfer.bits16) : 0);
        break;
    case 0xf8: answer(s, 0); break;
    default:
        qemu_log_mask(LOG_UNIMP, "sb16: command 0x%02x\n", s->command);
        break;
    }
}

void sb16_dsp_write(SB16State *s, uint8_t value)
{
    trace_sb16_dsp_write(value);
    s->last_write = value;
    if (s->high_speed) {
        qemu_log_mask(LOG_GUEST_ERROR, "sb16: command byte 0x%02x in high-speed mode\n", value);
        return;
    }
    if (!s->parameters_wanted) {
        s->command = value;
        s->parameter_count = 0;
        s->parameters_wanted = parameters_of(value);
    } else {
        s->parameters[s->parameter_count++] = value;
        s->parameters_wanted--;
    }
    if (!s->parameters_wanted && !run_transfer_command(s)) {
        run_other_command(s);
    }
}

void sb16_dsp_reset(SB16State *s)
{
    clear_answers(s);
    s->parameters_wanted = s->parameter_count = s->command = 0;
    s->speaker = true;          /* 6.14: a DSP 4.xx has no speaker switch of its own */
    s->high_speed = false;
    s->pending = 0;
    s->rate_hz = DEFAULT_RATE_HZ;
    s->time_constant = 0;
    s->block_length = 0;
    s->silence_left = 0;
    s->dma_identity = s->dma_identity_step = 0;
    s->transfer = (SBTransfer){ 0 };
    sb16_update_irq(s);
    sb16_update_voice(s);
    answer(s, DSP_READY);
}
