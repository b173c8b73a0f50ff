/*
 * Sound output: voices of devices, mixed into the backends of -audiodev.
 *
 * Everything is driven by QEMU_CLOCK_VIRTUAL: how much a voice plays depends on
 * guest time alone, so a WAV file of a repeatable run repeats. All under the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUDIO_AUDIO_H
#define AUDIO_AUDIO_H

#include "qemu/error.h"

typedef struct AudioBackend AudioBackend;
typedef struct AudioVoice AudioVoice;

typedef struct AudioFormat {
    uint32_t rate_hz;
    uint8_t channels;           /* 1 or 2 */
    uint8_t bits;               /* 8 or 16, little endian */
    bool is_signed;
} AudioFormat;

/*
 * The device gives up to max_frames frames in its format; returns how many. The
 * rest of the time is silence.
 */
typedef size_t AudioPull(void *opaque, uint8_t *buf, size_t max_frames);

/* -audiodev DRIVER,id=ID,... */
bool audio_add(const char *optstr, Error **errp);
/* id NULL: the first one, or silence when there is none. NULL: unknown id, error set. */
AudioBackend *audio_find(const char *id, Error **errp);

/* A voice, not active at first. The caller owns it. */
AudioVoice *audio_voice_new(AudioBackend *backend, AudioPull *pull, void *opaque);
void audio_voice_free(AudioVoice *voice);
/* From the next frame on. */
void audio_voice_set_format(AudioVoice *voice, AudioFormat format);
/* 0 to 256 for each side. */
void audio_voice_set_volume(AudioVoice *voice, int left, int right);
/* Pull is called from a timer while active. */
void audio_voice_set_active(AudioVoice *voice, bool active);
bool audio_voice_is_active(const AudioVoice *voice);

#endif
