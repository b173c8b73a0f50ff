/*
 * -audiodev wav: what the guest plays as a RIFF WAVE file of 16-bit stereo.
 * Pauses in which no device plays are left out.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "audio/audio-int.h"
#include "qemu/bswap.h"

enum { HEADER_BYTES = 44, FRAME_BYTES = 4, RIFF_SIZE = 4, DATA_SIZE = 40 };

typedef struct WavFile {
    FILE *f;
    uint32_t rate_hz, bytes;
} WavFile;

static void make_header(const WavFile *w, uint8_t header[HEADER_BYTES])
{
    memcpy(header, "RIFF....WAVEfmt ", 16);
    stl_le_p(header + RIFF_SIZE, w->bytes + HEADER_BYTES - 8);
    stl_le_p(header + 16, 16);
    stw_le_p(header + 20, 1);                   /* PCM */
    stw_le_p(header + 22, 2);
    stl_le_p(header + 24, w->rate_hz);
    stl_le_p(header + 28, w->rate_hz * FRAME_BYTES);
    stw_le_p(header + 32, FRAME_BYTES);
    stw_le_p(header + 34, 16);
    memcpy(header + 36, "data", 4);
    stl_le_p(header + DATA_SIZE, w->bytes);
}

static bool write_header(WavFile *w)
{
    uint8_t header[HEADER_BYTES];

    make_header(w, header);
    return fseek(w->f, 0, SEEK_SET) == 0 && fwrite(header, 1, sizeof(header), w->f) == sizeof(header);
}

static bool wav_open(OptList *opts, uint32_t rate_hz, void **state, Error **errp)
{
    const char *path = optlist_get(opts, "path");
    WavFile *w;

    path = path ? path : "qemu.wav";
    w = g_new0(WavFile, 1);
    w->rate_hz = rate_hz;
    w->f = fopen(path, "wb");
    if (!w->f || !write_header(w)) {
        error_setg_errno(errp, errno, "-audiodev wav,path=%s: cannot write", path);
        if (w->f) {
            fclose(w->f);
        }
        g_free(w);
        return false;
    }
    *state = w;
    return true;
}

static void wav_write(void *state, const int16_t *samples, size_t frames)
{
    WavFile *w = state;

    if (w->bytes > INT32_MAX) {
        return;                 /* the format holds no more */
    }
    for (size_t i = 0; i < 2 * frames; i++) {
        uint8_t bytes[2];

        stw_le_p(bytes, samples[i]);
        fwrite(bytes, 1, sizeof(bytes), w->f);
    }
    w->bytes += frames * FRAME_BYTES;
}

static void wav_close(void *state)
{
    WavFile *w = state;

    if (!write_header(w) || fclose(w->f) != 0) {
        error_report("-audiodev wav: the file is not complete: %s", strerror(errno));
    }
    g_free(w);
}

const AudioDriver audio_driver_wav = { "wav", wav_open, wav_write, wav_close };
