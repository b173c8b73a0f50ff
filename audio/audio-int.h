/*
 * Inside of the sound output: what a kind of -audiodev provides.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef AUDIO_AUDIO_INT_H
#define AUDIO_AUDIO_INT_H

#include "audio/audio.h"
#include "qemu/optlist.h"

typedef struct AudioDriver {
    const char *name;
    /* Reads its parameters from opts; *state is its own. */
    bool (*open)(OptList *opts, uint32_t rate_hz, void **state, Error **errp);
    /* Interleaved stereo of 16 bits, host order. */
    void (*write)(void *state, const int16_t *samples, size_t frames);
    void (*close)(void *state);
} AudioDriver;

extern const AudioDriver audio_driver_wav;
#ifdef CONFIG_SDL
extern const AudioDriver audio_driver_sdl;
#endif

#endif
