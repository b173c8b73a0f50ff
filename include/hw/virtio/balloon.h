/*
 * The memory balloon: what monitors ask of it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_VIRTIO_BALLOON_H
#define HW_VIRTIO_BALLOON_H

#include "qemu/error.h"

/* The guest is to use so many bytes of its memory. False: there is no balloon. */
bool balloon_set_target(uint64_t bytes, Error **errp);
/* The bytes that it has. */
bool balloon_get_actual(uint64_t *bytes, Error **errp);

#endif
