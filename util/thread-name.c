/*
 * Names of threads (include/qemu/thread-name.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/thread-name.h"

static bool enabled;

void thread_names_enable(void)
{
    enabled = true;
}

void thread_set_name(pthread_t thread, const char *name)
{
    char cut[16];

    if (enabled) {
        g_strlcpy(cut, name, sizeof(cut));
        pthread_setname_np(thread, cut);
    }
}
