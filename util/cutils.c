/*
 * Numbers and sizes as text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/cutils.h"
#include <math.h>

bool qemu_parse_bool(const char *text, bool *value)
{
    static const char *const words[][2] = {
        { "off", "on" }, { "no", "yes" }, { "false", "true" }, { "n", "y" },
    };

    for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
        for (int flag = 0; flag < 2; flag++) {
            if (!strcmp(text, words[i][flag])) {
                *value = flag;
                return true;
            }
        }
    }
    return false;
}

bool qemu_parse_uint(const char *text, int base, uint64_t max, uint64_t *value)
{
    char *end;

    if (!g_ascii_isalnum(*text)) {      /* strtoull takes blanks and signs */
        return false;
    }
    errno = 0;
    *value = strtoull(text, &end, base);
    return end != text && !*end && !errno && *value <= max;
}

bool qemu_parse_size(const char *text, uint64_t default_unit, uint64_t *bytes)
{
    static const char suffixes[] = "BKMGTPE";
    uint64_t whole, unit = default_unit;
    double fraction = 0;
    char *end;

    if (!g_ascii_isdigit(*text)) {
        return false;
    }
    errno = 0;
    whole = strtoull(text, &end, text[0] == '0' && (text[1] | 32) == 'x' ? 16 : 10);
    if (errno) {
        return false;
    }
    if (*end == '.') {
        double scale = 0.1;

        for (end++; g_ascii_isdigit(*end); end++, scale /= 10) {
            fraction += (*end - '0') * scale;
        }
    }
    if (*end) {
        const char *suffix = strchr(suffixes, g_ascii_toupper(*end));

        if (!suffix || end[1]) {
            return false;
        }
        unit = UINT64_C(1) << (10 * (suffix - suffixes));
    }
    if (__builtin_mul_overflow(whole, unit, bytes)) {
        return false;
    }
    return !__builtin_add_overflow(*bytes, (uint64_t)llrint(fraction * unit), bytes);
}
