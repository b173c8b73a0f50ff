/*
 * The lists of interrupt controllers for `info pic` and `info irq`.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/intc/intc.h"

typedef struct Entry {
    void *dev;
    const char *kind;
    IntcInfo *info;
} Entry;

static GArray *entries;         /* of Entry */

void intc_register_info(void *dev, const char *kind, IntcInfo *info)
{
    Entry entry = { dev, kind, info };

    if (!entries) {
        entries = g_array_new(false, false, sizeof(Entry));
    }
    g_array_append_val(entries, entry);
}

bool intc_info(const char *kind, IntcPrint *print, void *opaque)
{
    bool found = false;

    for (guint i = 0; entries && i < entries->len; i++) {
        Entry *entry = &g_array_index(entries, Entry, i);

        if (!kind || !strcmp(kind, entry->kind)) {
            entry->info(entry->dev, print, opaque);
            found = true;
        }
    }
    return found;
}

/* --- counts ------------------------------------------------------------------------ */

typedef struct Counts {
    const char *name;
    int first_line, lines;
    uint64_t *counts;
} Counts;

static GArray *all_counts;      /* of Counts */

uint64_t *intc_register_counts(const char *name, int first_line, int lines)
{
    Counts counts = { name, first_line, lines, g_new0(uint64_t, lines) };

    if (!all_counts) {
        all_counts = g_array_new(false, false, sizeof(Counts));
    }
    g_array_append_val(all_counts, counts);
    return counts.counts;
}

void intc_info_counts(IntcPrint *print, void *opaque)
{
    const char *shown = NULL;

    for (guint i = 0; all_counts && i < all_counts->len; i++) {
        const Counts *c = &g_array_index(all_counts, Counts, i);

        if (g_strcmp0(shown, c->name)) {
            print(opaque, "IRQ statistics for %s:\n", c->name);
            shown = c->name;
        }
        for (int line = 0; line < c->lines; line++) {
            if (c->counts[line]) {
                print(opaque, "%2d: %" PRIu64 "\n", c->first_line + line, c->counts[line]);
            }
        }
    }
}
