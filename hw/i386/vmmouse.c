/*
 * The absolute pointer behind the VMware backdoor (vmmouse.c of Linux): a queue of
 * words, four to a packet, that the driver empties when the PS/2 mouse interrupts.
 *
 * Command 39   EBX words (1 to 6) into EAX, EBX, ECX, EDX, ESI, EDI
 *         40   EAX: words in the queue, or 0xffff0000 while disabled or after an error
 *         41   EBX: a request
 *
 * A packet is the buttons, x and y (0 to 0xffff), and the wheel. While the driver has
 * not asked for absolute positions, the PS/2 mouse gets what happens.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "vmport.h"
#include "qemu/log.h"
#include "ui/console.h"

enum { POINTER_DATA = 39, POINTER_STATUS, POINTER_COMMAND };
enum { REQUEST_DISABLE = 0xf5, REQUEST_READ_ID = 0x45414552, REQUEST_RELATIVE = 0x4c455252,
       REQUEST_ABSOLUTE = 0x53424152 };
enum { VERSION_ID = 0x3442554a, STATUS_ERROR = 0xffff };
enum { BUTTON_LEFT = 0x20, BUTTON_RIGHT = 0x10, BUTTON_MIDDLE = 0x08 };
enum { QUEUE_WORDS = 256, PACKET_WORDS = 4, MAX_READ = 6 };

typedef struct VMMouseState {
    ISADevice parent_obj;

    /* wiring */
    ISADevice *vmport;          /* links */
    PS2Device *mouse;
    bool registered;            /* it gets the pointer's events */

    /* guest state */
    uint32_t queue[QUEUE_WORDS];
    uint32_t count;
    uint16_t status;
    bool absolute;
    uint32_t x, y, buttons;
} VMMouseState;
#define VMMOUSE(o) OBJECT_CHECK(VMMouseState, (o), TYPE_VMMOUSE)

/* --- events ------------------------------------------------------------------------ */

static void send_packet(VMMouseState *s, int dz)
{
    uint32_t *packet = s->queue + s->count;

    if (s->count + PACKET_WORDS <= QUEUE_WORDS) {
        packet[0] = (s->buttons & 1 ? BUTTON_LEFT : 0) | (s->buttons & 2 ? BUTTON_RIGHT : 0) |
                    (s->buttons & 4 ? BUTTON_MIDDLE : 0);
        packet[1] = s->x;
        packet[2] = s->y;
        packet[3] = dz;
        s->count += PACKET_WORDS;
    }
    ps2_mouse_interrupt(s->mouse);
}

static void pointer_position(void *opaque, int x, int y, int dz)
{
    VMMouseState *s = opaque;

    s->x = CLAMP(x, 0, 0x7fff) << 1;
    s->y = CLAMP(y, 0, 0x7fff) << 1;
    send_packet(s, dz);
}

static void pointer_buttons(void *opaque, unsigned mask)
{
    VMMouseState *s = opaque;

    s->buttons = mask;
    send_packet(s, 0);
}

static const QemuInputHandler pointer_handler = {
    .name = "vmmouse",
    .is_pointer = true,
    .is_absolute = true,
    .position = pointer_position,
    .buttons = pointer_buttons,
};

static void set_absolute(VMMouseState *s, bool absolute)
{
    s->absolute = absolute;
    if (absolute == s->registered) {
        return;
    }
    s->registered = absolute;
    if (absolute) {
        qemu_input_handler_register(&pointer_handler, s);
        qemu_input_handler_activate(&pointer_handler, s);
    } else {
        qemu_input_handler_unregister(&pointer_handler, s);
    }
}

/* --- commands ------------------------------------------------------------------------ */

static void disable(VMMouseState *s)
{
    s->status = STATUS_ERROR;
    s->count = 0;
    set_absolute(s, false);
}

static void read_data(void *opaque, VMPortRegs *regs)
{
    VMMouseState *s = opaque;
    uint32_t *const out[MAX_READ] = { &regs->eax, &regs->ebx, &regs->ecx, &regs->edx, &regs->esi, &regs->edi };
    uint32_t words = regs->ebx;

    if (!words || words > MAX_READ || words > s->count) {
        qemu_log_mask(LOG_GUEST_ERROR, "vmmouse: read of %u words, there are %u\n", words, s->count);
        s->status = STATUS_ERROR;
        s->count = 0;
        return;
    }
    for (uint32_t i = 0; i < words; i++) {
        *out[i] = s->queue[i];
    }
    s->count -= words;
    memmove(s->queue, s->queue + words, s->count * sizeof(s->queue[0]));
}

static void read_status(void *opaque, VMPortRegs *regs)
{
    VMMouseState *s = opaque;

    regs->eax = (uint32_t)s->status << 16 | s->count;
}

static void request(void *opaque, VMPortRegs *regs)
{
    VMMouseState *s = opaque;

    switch (regs->ebx) {
    case REQUEST_DISABLE:
        disable(s);
        break;
    case REQUEST_READ_ID:
        s->queue[0] = VERSION_ID;
        s->count = 1;
        s->status = 0;
        break;
    case REQUEST_RELATIVE:
        set_absolute(s, false);
        break;
    case REQUEST_ABSOLUTE:
        set_absolute(s, true);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "vmmouse: unknown request 0x%x\n", regs->ebx);
        break;
    }
}

/* --- life ------------------------------------------------------------------------------ */

static void vmmouse_reset(DeviceState *dev)
{
    VMMouseState *s = VMMOUSE(dev);

    disable(s);
    s->x = s->y = s->buttons = 0;
    memset(s->queue, 0, sizeof(s->queue));
}

static int vmmouse_post_load(void *opaque, int version)
{
    VMMouseState *s = opaque;

    if (s->count > QUEUE_WORDS) {
        return -EINVAL;
    }
    set_absolute(s, s->absolute);
    return 0;
}

static const VMStateField vmmouse_fields[] = {
    VMSTATE_UINT32_ARRAY(queue, VMMouseState, QUEUE_WORDS),
    VMSTATE_UINT32(count, VMMouseState),
    VMSTATE_UINT16(status, VMMouseState),
    VMSTATE_BOOL(absolute, VMMouseState),
    VMSTATE_UINT32(x, VMMouseState),
    VMSTATE_UINT32(y, VMMouseState),
    VMSTATE_UINT32(buttons, VMMouseState),
    VMSTATE_END
};
static const VMStateDescription vmstate_vmmouse = {
    .name = "vmmouse",
    .version = 1,
    .fields = vmmouse_fields,
    .post_load = vmmouse_post_load,
};

static const Property vmmouse_props[] = {
    DEFINE_PROP_LINK("vmport", VMMouseState, vmport),
    DEFINE_PROP_LINK("mouse", VMMouseState, mouse),
    DEFINE_PROP_END
};

static bool vmmouse_realize(DeviceState *dev, Error **errp)
{
    VMMouseState *s = VMMOUSE(dev);

    vmport_register(s->vmport, POINTER_DATA, read_data, s);
    vmport_register(s->vmport, POINTER_STATUS, read_status, s);
    vmport_register(s->vmport, POINTER_COMMAND, request, s);
    return true;
}

static const TypeInfo vmmouse_info = {
    .name = TYPE_VMMOUSE,
    .parent = TYPE_ISA_DEVICE,
    .desc = "absolute pointer of the VMware backdoor",
    .instance_size = sizeof(VMMouseState),
    .realize = vmmouse_realize,
    .reset = vmmouse_reset,
    .vmsd = &vmstate_vmmouse,
    .props = vmmouse_props,
};
DEFINE_TYPE(vmmouse_info)
