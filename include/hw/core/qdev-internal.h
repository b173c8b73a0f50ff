/*
 * Between the files of hw/core, vl.c and the monitor; devices and boards do not need it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_CORE_QDEV_INTERNAL_H
#define HW_CORE_QDEV_INTERNAL_H

#include "hw/qdev.h"

/* The tree's root; the machine is its child "machine". */
Object *object_root(void);
/* The group of that name below the machine, made when missing. */
Object *qdev_container(const char *name);
/* From here on, devices are reset as they are realized (hot plug). */
void qdev_set_machine_ready(void);
/* All devices of the command line are there: what comes or goes now is hot plug. */
bool qdev_machine_is_ready(void);
/* Reset all devices, without the functions of qemu_register_reset. */
void qdev_reset_all(void);
/* qdev-device-add.c: a letter, then letters, digits and -._ */
bool id_wellformed(const char *id);
/* Bus type that a device type plugs into; NULL: none. */
const char *qdev_bus_type(const TypeInfo *type);

/* Number of inputs of that name, NULL: unnamed. */
int qdev_num_gpio_in_named(DeviceState *dev, const char *name);
/* The state that the vmsds of the type chain describe, root first. */
bool qdev_vmstate_save(DeviceState *dev, GByteArray *buf);
/* False: *why says what does not fit; the device may be half loaded. */
bool qdev_vmstate_load(DeviceState *dev, const uint8_t *data, size_t size, const char **why);

/* Defaults of all properties in the chain; freeing what they own. */
void qdev_properties_set_defaults(DeviceState *dev);
void qdev_properties_release(DeviceState *dev);
const Property *qdev_prop_find(const DeviceState *dev, const char *name);
/* The current value as -device would take it; g_free. */
char *qdev_prop_format(DeviceState *dev, const Property *prop);
/* -global TYPE.prop=value: a new default. Realize fails where it does not fit. */
bool qdev_add_global(const char *text, Error **errp);
bool qdev_check_globals(Error **errp);
void qdev_warn_unused_globals(void);
void property_set_default(const Property *prop, void *base);
/* Set a field of any structure (machines use it). */
bool property_parse(const Property *prop, void *base, const char *value, Error **errp);

#endif
