/*
 * The target description (gdb manual, appendix G) from the guest's rows, and
 * the protocol's hexadecimal.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "gdbstub/internal.h"

static void describe_register(GString *xml, const GdbRegister *reg, const char *name, unsigned number)
{
    g_string_append_printf(xml, "<reg name=\"%s\" bitsize=\"%u\" type=\"%s\" regnum=\"%u\"", name, reg->bits,
                           reg->type, number);
    if (reg->group) {
        g_string_append_printf(xml, " group=\"%s\"", reg->group);
    }
    g_string_append(xml, "/>\n");
}

GString *gdb_describe(CPUState *cpu)
{
    GString *xml = g_string_new("<?xml version=\"1.0\"?>\n<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n<target>\n");
    size_t count = 0;
    const GdbFeature *features = cpu->cc->gdb_features(cpu, &count);

    g_string_append_printf(xml, "<architecture>%s</architecture>\n", cpu->cc->gdb_arch);
    for (size_t i = 0; i < count; i++) {
        g_string_append_printf(xml, "<feature name=\"%s\">\n%s", features[i].name,
                               features[i].types ? features[i].types : "");
        for (unsigned j = 0; j < features[i].num_regs; j++) {
            const GdbRegister *reg = &features[i].regs[j];

            if (!reg->count) {
                describe_register(xml, reg, reg->name, reg->number);
            }
            for (unsigned k = 0; k < reg->count; k++) {
                g_autofree char *name = g_strdup_printf("%s%u", reg->name, k);

                describe_register(xml, reg, name, reg->number + k);
            }
        }
        g_string_append(xml, "</feature>\n");
    }
    g_string_append(xml, "</target>\n");
    return xml;
}

/* --- hexadecimal ------------------------------------------------------------- */

int gdb_hex_decode(const char *text, uint8_t *bytes, size_t limit)
{
    size_t digits = strlen(text);

    if (digits % 2 || digits / 2 > limit) {
        return -1;
    }
    for (size_t i = 0; i < digits / 2; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]), low = g_ascii_xdigit_value(text[2 * i + 1]);

        if (high < 0 || low < 0) {
            return -1;
        }
        bytes[i] = high << 4 | low;
    }
    return digits / 2;
}

void gdb_hex_append(GString *out, const uint8_t *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        g_string_append_c(out, digits[bytes[i] >> 4]);
        g_string_append_c(out, digits[bytes[i] & 15]);
    }
}

bool gdb_hex_number(const char **p, uint64_t *value)
{
    const char *start = *p;

    for (*value = 0; g_ascii_isxdigit(**p); (*p)++) {
        *value = *value << 4 | g_ascii_xdigit_value(**p);
    }
    return *p != start;
}
