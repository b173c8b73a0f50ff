/*
 * -audiodev sdl: the host's sound system through SDL.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#ifdef CONFIG_SDL
#include <SDL.h>
#include "audio/audio-int.h"

enum { FRAME_BYTES = 4, DEVICE_FRAMES = 512, LATENCY_PARTS = 5 };   /* at most a fifth of a second waits */

typedef struct SDLAudio {
    SDL_AudioDeviceID device;
    uint32_t rate_hz;
} SDLAudio;

static bool sdl_audio_open(OptList *opts, uint32_t rate_hz, void **state, Error **errp)
{
    SDL_AudioSpec want = { .freq = rate_hz, .format = AUDIO_S16SYS, .channels = 2, .samples = DEVICE_FRAMES };
    SDLAudio *a;
    SDL_AudioDeviceID device = 0;

    if (SDL_InitSubSystem(SDL_INIT_AUDIO) == 0) {
        device = SDL_OpenAudioDevice(NULL, 0, &want, NULL, 0);
    }
    if (!device) {
        error_setg(errp, "-audiodev sdl: cannot open the sound device: %s", SDL_GetError());
        return false;
    }
    a = g_new0(SDLAudio, 1);
    a->device = device;
    a->rate_hz = rate_hz;
    SDL_PauseAudioDevice(device, 0);
    *state = a;
    return true;
}

/* When the guest is ahead of the host's device, what it plays is dropped. */
static void sdl_audio_write(void *state, const int16_t *samples, size_t frames)
{
    SDLAudio *a = state;

    if (SDL_GetQueuedAudioSize(a->device) <= a->rate_hz * FRAME_BYTES / LATENCY_PARTS) {
        SDL_QueueAudio(a->device, samples, frames * FRAME_BYTES);
    }
}

static void sdl_audio_close(void *state)
{
    SDLAudio *a = state;

    SDL_CloseAudioDevice(a->device);
    SDL_QuitSubSystem(SDL_INIT_AUDIO);
    g_free(a);
}

const AudioDriver audio_driver_sdl = { "sdl", sdl_audio_open, sdl_audio_write, sdl_audio_close };
#endif
