/*
 * Sound output: voices, conversion and mixing by guest time. What becomes of
 * the sound is in the drivers, audio/wav.c and audio/sdl.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "audio/audio-int.h"
#include "qemu/timer.h"
#include "sysemu/sysemu.h"

enum { DEFAULT_RATE_HZ = 44100, MIN_RATE_HZ = 4000, MAX_RATE_HZ = 192000, FULL_VOLUME = 256, MAX_CHUNK = 1024 };
#define TICK_NS (5 * SCALE_MS)

struct AudioVoice {
    AudioBackend *backend;
    AudioPull *pull;
    void *opaque;
    AudioFormat format;
    int volume[2];
    bool active;
    uint64_t position;          /* between previous and current, 32.32 of a frame */
    int previous[2], current[2];
    uint8_t raw[MAX_CHUNK * 4];
    size_t raw_frames, raw_next;
};

struct AudioBackend {
    char *id;
    const AudioDriver *driver;  /* NULL: silence */
    void *state;
    uint32_t rate_hz;
    GPtrArray *voices;          /* of AudioVoice */
    QEMUTimer *tick;
    int64_t start_ns;           /* since when the ticks run */
    uint64_t frames_done;       /* since then */
};

static GPtrArray *backends;     /* of AudioBackend */

static const AudioDriver *const drivers[] = {
    &audio_driver_wav,
#ifdef CONFIG_SDL
    &audio_driver_sdl,
#endif
};

/* --- one voice -------------------------------------------------------------------------- */

static int decode(const AudioFormat *f, const uint8_t *raw, int channel)
{
    unsigned place = f->channels == 2 ? channel : 0;

    if (f->bits == 16) {
        int value = raw[2 * place] | raw[2 * place + 1] << 8;

        return f->is_signed ? (int16_t)value : value - 0x8000;
    }
    return (f->is_signed ? (int8_t)raw[place] : raw[place] - 0x80) * 256;
}

static void next_frame(AudioVoice *v, size_t wanted)
{
    size_t size = v->format.channels * v->format.bits / 8;

    if (v->raw_next >= v->raw_frames && v->active) {
        v->raw_frames = v->pull(v->opaque, v->raw, CLAMP(wanted, 1, MAX_CHUNK));
        v->raw_next = 0;
    }
    for (int c = 0; c < 2; c++) {
        v->previous[c] = v->current[c];
        v->current[c] = v->raw_next < v->raw_frames
            ? decode(&v->format, v->raw + v->raw_next * size, c) * v->volume[c] / FULL_VOLUME : 0;
    }
    v->raw_next++;
}

/* Adds `frames` frames of the backend's rate to sum. */
static void mix_voice(AudioVoice *v, int32_t *sum, size_t frames)
{
    uint64_t step = ((uint64_t)v->format.rate_hz << 32) / v->backend->rate_hz;

    for (size_t i = 0; i < frames; i++) {
        v->position += step;
        while (v->position >> 32) {
            v->position -= UINT64_C(1) << 32;
            next_frame(v, ((frames - i) * step >> 32) + 1);
        }
        for (int c = 0; c < 2; c++) {
            int64_t slope = v->current[c] - v->previous[c];

            sum[2 * i + c] += v->previous[c] + (int)(slope * (int64_t)v->position >> 32);
        }
    }
}

/* --- the tick ------------------------------------------------------------------------------ */

static void mix_chunk(AudioBackend *b, size_t frames)
{
    int32_t sum[MAX_CHUNK * 2] = { 0 };
    int16_t out[MAX_CHUNK * 2];

    for (guint i = 0; i < b->voices->len; i++) {
        AudioVoice *v = g_ptr_array_index(b->voices, i);

        if (v->active) {
            mix_voice(v, sum, frames);
        }
    }
    for (size_t i = 0; i < 2 * frames; i++) {
        out[i] = CLAMP(sum[i], INT16_MIN, INT16_MAX);
    }
    if (b->driver) {
        b->driver->write(b->state, out, frames);
    }
}

static bool any_active(const AudioBackend *b)
{
    for (guint i = 0; i < b->voices->len; i++) {
        if (((AudioVoice *)g_ptr_array_index(b->voices, i))->active) {
            return true;
        }
    }
    return false;
}

static void tick(void *opaque)
{
    AudioBackend *b = opaque;
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL), elapsed_ns = now_ns - b->start_ns;
    uint64_t due = elapsed_ns / NANOSECONDS_PER_SECOND * b->rate_hz +
                   elapsed_ns % NANOSECONDS_PER_SECOND * b->rate_hz / NANOSECONDS_PER_SECOND;

    while (b->frames_done < due) {
        size_t frames = MIN(due - b->frames_done, MAX_CHUNK);

        b->frames_done += frames;
        mix_chunk(b, frames);
    }
    if (any_active(b)) {
        timer_mod_ns(b->tick, now_ns + TICK_NS);
    }
}

void audio_voice_set_active(AudioVoice *voice, bool active)
{
    AudioBackend *b = voice->backend;

    if (voice->active == active) {
        return;
    }
    voice->active = active;
    voice->raw_frames = voice->raw_next = 0;
    if (active && !timer_pending(b->tick)) {
        b->start_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        b->frames_done = 0;
        timer_mod_ns(b->tick, b->start_ns + TICK_NS);
    }
}

bool audio_voice_is_active(const AudioVoice *voice)
{
    return voice->active;
}

void audio_voice_set_format(AudioVoice *voice, AudioFormat format)
{
    format.rate_hz = CLAMP(format.rate_hz, MIN_RATE_HZ, MAX_RATE_HZ);
    voice->format = format;
    voice->raw_frames = voice->raw_next = 0;
}

void audio_voice_set_volume(AudioVoice *voice, int left, int right)
{
    voice->volume[0] = left;
    voice->volume[1] = right;
}

AudioVoice *audio_voice_new(AudioBackend *backend, AudioPull *pull, void *opaque)
{
    AudioVoice *v = g_new0(AudioVoice, 1);

    v->backend = backend;
    v->pull = pull;
    v->opaque = opaque;
    v->format = (AudioFormat){ DEFAULT_RATE_HZ, 2, 16, true };
    v->volume[0] = v->volume[1] = FULL_VOLUME;
    g_ptr_array_add(backend->voices, v);
    return v;
}

void audio_voice_free(AudioVoice *voice)
{
    if (voice) {
        g_ptr_array_remove(voice->backend->voices, voice);
        g_free(voice);
    }
}

/* --- -audiodev ------------------------------------------------------------------------------- */

static const AudioDriver *find_driver(const char *name)
{
    for (size_t i = 0; i < ARRAY_SIZE(drivers); i++) {
        if (!strcmp(drivers[i]->name, name)) {
            return drivers[i];
        }
    }
    return NULL;
}

static void close_backends(void *opaque)
{
    for (guint i = 0; i < backends->len; i++) {
        AudioBackend *b = g_ptr_array_index(backends, i);

        if (b->driver && b->driver->close) {
            b->driver->close(b->state);
        }
        b->driver = NULL;
    }
}

static AudioBackend *backend_new(const char *id, const AudioDriver *driver, void *state, uint32_t rate_hz)
{
    AudioBackend *b = g_new0(AudioBackend, 1);

    b->id = g_strdup(id);
    b->driver = driver;
    b->state = state;
    b->rate_hz = rate_hz;
    b->voices = g_ptr_array_new();
    b->tick = timer_new_ns(QEMU_CLOCK_VIRTUAL, tick, b);
    if (!backends) {
        backends = g_ptr_array_new();
        qemu_add_exit_notifier(close_backends, NULL);
    }
    g_ptr_array_add(backends, b);
    return b;
}

static AudioBackend *find_backend(const char *id)
{
    for (guint i = 0; backends && i < backends->len; i++) {
        AudioBackend *b = g_ptr_array_index(backends, i);

        if (!strcmp(b->id, id)) {
            return b;
        }
    }
    return NULL;
}

static bool open_backend(OptList *opts, Error **errp)
{
    static const char *const accepted[] = { "out.buffer-length", "out.mixing-engine", "timer-period" };
    const char *name = optlist_get(opts, "driver"), *id = optlist_get(opts, "id");
    const AudioDriver *driver = name ? find_driver(name) : NULL;
    uint64_t rate_hz;
    void *state = NULL;

    if (!name || (!driver && strcmp(name, "none"))) {
        error_setg(errp, "-audiodev %s: unknown driver (known: none, wav%s)", name ? name : "",
                   find_driver("sdl") ? ", sdl" : "");
        return false;
    }
    if (!id || find_backend(id)) {
        error_setg(errp, "-audiodev %s: %s", name, id ? "the id is given twice" : "id= is missing");
        return false;
    }
    for (size_t i = 0; i < ARRAY_SIZE(accepted); i++) {
        optlist_get(opts, accepted[i]);
    }
    if (!optlist_get_uint(opts, "out.frequency", DEFAULT_RATE_HZ, MAX_RATE_HZ, &rate_hz, "-audiodev", errp)) {
        return false;
    }
    if (rate_hz < MIN_RATE_HZ) {
        error_setg(errp, "-audiodev %s,out.frequency: at least %d", name, MIN_RATE_HZ);
        return false;
    }
    if (driver && !driver->open(opts, rate_hz, &state, errp)) {
        return false;
    }
    backend_new(id, driver, state, rate_hz);
    return optlist_check_unknown(opts, "-audiodev", errp);
}

bool audio_add(const char *optstr, Error **errp)
{
    g_autoptr(OptList) opts = optlist_new(optstr, "driver");

    return open_backend(opts, errp);
}

AudioBackend *audio_find(const char *id, Error **errp)
{
    AudioBackend *b;

    if (!id) {
        return backends ? g_ptr_array_index(backends, 0) : backend_new("none", NULL, NULL, DEFAULT_RATE_HZ);
    }
    b = find_backend(id);
    if (!b) {
        error_setg(errp, "audiodev=%s: there is no -audiodev with that id", id);
    }
    return b;
}
