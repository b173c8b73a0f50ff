/*
 * The list of interrupt controllers for `info pic`.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/intc/intc.h"

typedef struct Entry {
    void *dev;
    IntcInfo *info;
} Entry;

static GArray *entries;         /* of Entry */

void intc_register_info(void *dev, IntcInfo *info)
{
    Entry entry = { dev, info };

    if (!entries) {
        entries = g_array_new(false, false, sizeof(Entry));
    }
    g_array_append_val(entries, entry);
}

void intc_info(IntcPrint *print, void *opaque)
{
    for (guint i = 0; entries && i < entries->len; i++) {
        Entry *entry = &g_array_index(entries, Entry, i);

        entry->info(entry->dev, print, opaque);
    }
}
