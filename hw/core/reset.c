/*
 * Functions to call at system reset.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/core/qdev-internal.h"

typedef struct ResetEntry {
    void (*fn)(void *opaque);
    void *opaque;
} ResetEntry;

static GArray *reset_entries;   /* of ResetEntry, in order of registration; BQL */

void qemu_register_reset(void (*fn)(void *opaque), void *opaque)
{
    ResetEntry entry = { fn, opaque };

    if (!reset_entries) {
        reset_entries = g_array_new(false, false, sizeof(ResetEntry));
    }
    g_array_append_val(reset_entries, entry);
}

void qemu_unregister_reset(void (*fn)(void *opaque), void *opaque)
{
    for (guint i = 0; reset_entries && i < reset_entries->len; i++) {
        const ResetEntry *entry = &g_array_index(reset_entries, ResetEntry, i);

        if (entry->fn == fn && entry->opaque == opaque) {
            g_array_remove_index(reset_entries, i);
            return;
        }
    }
}

void qemu_devices_reset(void)
{
    qdev_reset_all();
    for (guint i = 0; reset_entries && i < reset_entries->len; i++) {
        ResetEntry entry = g_array_index(reset_entries, ResetEntry, i);

        entry.fn(entry.opaque);
    }
}
