/*
 * Machines: the list that -M chooses from.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/boards.h"

MachineState *current_machine;

static GPtrArray *machines;     /* of const MachineClass * */

static const TypeInfo machine_info = { .name = "machine", .instance_size = sizeof(MachineState) };
DEFINE_TYPE(machine_info)

/* What programs look for that ask which accelerators there are. */
static const TypeInfo accel_info = { .name = "accel", .instance_size = sizeof(Object) };
static const TypeInfo tcg_accel_info = { .name = "tcg-accel", .parent = "accel", .instance_size = sizeof(Object) };
static const TypeInfo qtest_accel_info = { .name = "qtest-accel", .parent = "accel", .instance_size = sizeof(Object) };
DEFINE_TYPE(accel_info)
DEFINE_TYPE(tcg_accel_info)
DEFINE_TYPE(qtest_accel_info)

void machine_register(const MachineClass *mc)
{
    TypeInfo *type = g_new0(TypeInfo, 1);

    type->name = g_strconcat(mc->name, "-machine", NULL);
    type->parent = "machine";
    type->instance_size = mc->instance_size;
    type->props = mc->props;
    type_register_static(type);
    if (!machines) {
        machines = g_ptr_array_new();
    }
    g_ptr_array_add(machines, (void *)mc);
}

const MachineClass *machine_find(const char *name)
{
    for (guint i = 0; machines && i < machines->len; i++) {
        const MachineClass *mc = g_ptr_array_index(machines, i);

        if (name ? !strcmp(mc->name, name) || !g_strcmp0(mc->alias, name) : mc->is_default) {
            return mc;
        }
    }
    return NULL;
}

static int compare_machines(const void *a, const void *b)
{
    const MachineClass *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

void machine_foreach(void (*fn)(const MachineClass *mc, void *opaque), void *opaque)
{
    if (machines) {
        g_ptr_array_sort(machines, compare_machines);
    }
    for (guint i = 0; machines && i < machines->len; i++) {
        fn(g_ptr_array_index(machines, i), opaque);
    }
}

static void print_machine(const MachineClass *mc, void *f)
{
    if (mc->alias) {
        fprintf(f, "%-20s %s (alias of %s)\n", mc->alias, mc->desc, mc->name);
    }
    fprintf(f, "%-20s %s%s\n", mc->name, mc->desc, mc->is_default ? " (default)" : "");
}

void machine_print_list(FILE *f)
{
    fprintf(f, "Supported machines are:\n");
    machine_foreach(print_machine, f);
}

MachineState *machine_new(const MachineClass *mc)
{
    g_autofree char *type = g_strconcat(mc->name, "-machine", NULL);

    current_machine = (MachineState *)object_new(type);
    current_machine->mc = mc;
    return current_machine;
}
