/*
 * Screenshots of console 0: PPM (P6), and PNG through libpng.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#ifdef CONFIG_PNG
#include <png.h>
#endif
#include "ui/console.h"

/* One line of the surface as R, G, B bytes. */
static void line_to_rgb(pixman_image_t *line_image, DisplaySurface *surface, int y, uint8_t *rgb)
{
    const uint32_t *pixels = pixman_image_get_data(line_image);
    int width = surface_width(surface);

    pixman_image_composite(PIXMAN_OP_SRC, surface->image, NULL, line_image, 0, y, 0, 0, 0, 0,
                           width, 1);
    for (int x = 0; x < width; x++) {
        rgb[3 * x] = pixels[x] >> 16;
        rgb[3 * x + 1] = pixels[x] >> 8;
        rgb[3 * x + 2] = pixels[x];
    }
}

typedef struct Dump {
    FILE *f;
    DisplaySurface *surface;
    pixman_image_t *line;
    uint8_t *rgb;
} Dump;

static bool write_ppm(Dump *d)
{
    int width = surface_width(d->surface), height = surface_height(d->surface);

    fprintf(d->f, "P6\n%d %d\n255\n", width, height);
    for (int y = 0; y < height; y++) {
        line_to_rgb(d->line, d->surface, y, d->rgb);
        if (fwrite(d->rgb, 3, width, d->f) != (size_t)width) {
            return false;
        }
    }
    return true;
}

#ifdef CONFIG_PNG
static bool write_png(Dump *d)
{
    int width = surface_width(d->surface), height = surface_height(d->surface);
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;

    if (!info || setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_init_io(png, d->f);
    png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (int y = 0; y < height; y++) {
        line_to_rgb(d->line, d->surface, y, d->rgb);
        png_write_row(png, d->rgb);
    }
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    return true;
}
#endif

static bool choose_writer(const char *filename, const char *format, bool (**writer)(Dump *d),
                          Error **errp)
{
    bool png = format ? strcmp(format, "png") == 0 : g_str_has_suffix(filename, ".png");

    *writer = write_ppm;
    if (format && !png && strcmp(format, "ppm") != 0) {
        error_setg(errp, "screendump %s: unknown format '%s' (known: ppm, png)", filename, format);
        return false;
    }
    if (png) {
#ifdef CONFIG_PNG
        *writer = write_png;
#else
        error_setg(errp, "screendump %s: built without PNG support", filename);
        return false;
#endif
    }
    return true;
}

bool qemu_screendump(const char *filename, const char *format, Error **errp)
{
    QemuConsole *con = qemu_console_lookup_by_index(0);
    bool (*writer)(Dump *d);
    Dump d;
    bool ok;

    if (!choose_writer(filename, format, &writer, errp)) {
        return false;
    }
    if (!con) {
        error_setg(errp, "screendump %s: the machine has no graphic console", filename);
        return false;
    }
    graphic_hw_update(con);
    d.surface = qemu_console_surface(con);
    d.f = fopen(filename, "wb");
    if (!d.f) {
        error_setg_errno(errp, errno, "screendump %s: cannot open", filename);
        return false;
    }
    d.rgb = g_malloc(3 * surface_width(d.surface));
    d.line = pixman_image_create_bits(PIXMAN_x8r8g8b8, surface_width(d.surface), 1, NULL, 0);
    ok = writer(&d);
    pixman_image_unref(d.line);
    g_free(d.rgb);
    if (fclose(d.f) != 0 || !ok) {
        error_setg_errno(errp, errno, "screendump %s: cannot write", filename);
        return false;
    }
    return true;
}
