/*
 * USB host controller: OpenHCI 1.0a on PCI (Apple KeyLargo USB), registers and
 * root hub (chapter 7). Lists and frames are in ohci-lists.c.
 *
 * BAR 0      256 bytes of registers
 * Interrupt  INTA, level: InterruptStatus & InterruptEnable, unless routed to SMI
 * Property   "num-ports": ports of the root hub, 1 to 15
 * Left out   legacy support, over-current, power switching of single ports
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/usb/ohci.h"
#include "qemu/log.h"

enum { REG_REVISION = 0x00, REG_CONTROL = 0x04, REG_COMMAND = 0x08, REG_INT_STATUS = 0x0c,
       REG_INT_ENABLE = 0x10, REG_INT_DISABLE = 0x14, REG_HCCA = 0x18, REG_PERIOD_CURRENT = 0x1c,
       REG_CONTROL_HEAD = 0x20, REG_CONTROL_CURRENT = 0x24, REG_BULK_HEAD = 0x28,
       REG_BULK_CURRENT = 0x2c, REG_DONE_HEAD = 0x30, REG_FM_INTERVAL = 0x34,
       REG_FM_REMAINING = 0x38, REG_FM_NUMBER = 0x3c, REG_PERIODIC_START = 0x40,
       REG_LS_THRESHOLD = 0x44, REG_RH_A = 0x48, REG_RH_B = 0x4c, REG_RH_STATUS = 0x50,
       REG_RH_PORT = 0x54 };
enum { RH_A_PSM = 1 << 8, RH_A_NPS = 1 << 9 };
enum { RHS_LPS = 1 << 0, RHS_DRWE = 1 << 15, RHS_LPSC = 1 << 16, RHS_OCIC = 1 << 17,
       RHS_CRWE = 1u << 31 };
enum { PORT_CCS = 1 << 0, PORT_PES = 1 << 1, PORT_PSS = 1 << 2, PORT_POCI = 1 << 3,
       PORT_PRS = 1 << 4, PORT_PPS = 1 << 8, PORT_LSDA = 1 << 9, PORT_CSC = 1 << 16,
       PORT_PESC = 1 << 17, PORT_PSSC = 1 << 18, PORT_OCIC = 1 << 19, PORT_PRSC = 1 << 20,
       PORT_CHANGES = 0x1f << 16 };

#define FRAME_NS 1000000
#define IDLE_FRAMES 8           /* interrupt endpoints are looked at this often when nothing else waits */
#define FIT (1u << 31)

static void ohci_update_irq(OHCIState *s)
{
    bool level = s->enabled & INT_MIE && s->status & s->enabled & ~INT_MIE;

    pci_set_irq(&s->parent, level && !(s->control & CTL_IR));
}

void ohci_raise(OHCIState *s, uint32_t bits)
{
    s->status |= bits;
    ohci_update_irq(s);
}

/* --- frame timer ---------------------------------------------------------- */

static void set_frame_timer(OHCIState *s)
{
    int64_t frames = ohci_is_busy(s) ? 1 : IDLE_FRAMES;

    timer_mod_ns(s->frame_timer, s->frame_start_ns + frames * FRAME_NS);
}

static void frame_timer_cb(void *opaque)
{
    OHCIState *s = opaque;
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    /* After a long pause the missed frames are skipped, not made up. */
    if (now_ns - s->frame_start_ns > 4 * IDLE_FRAMES * FRAME_NS) {
        s->frame_start_ns = now_ns - FRAME_NS;
    }
    while ((s->control & CTL_HCFS) == HCFS_OPERATIONAL &&
           now_ns - s->frame_start_ns >= FRAME_NS) {
        s->frame_start_ns += FRAME_NS;
        ohci_run_frame(s);
    }
    if ((s->control & CTL_HCFS) == HCFS_OPERATIONAL) {
        set_frame_timer(s);
    }
}

void ohci_die(OHCIState *s)
{
    s->control = (s->control & ~CTL_HCFS) | HCFS_SUSPEND;
    timer_del(s->frame_timer);
    ohci_raise(s, INT_UE);
}

/* --- root hub ------------------------------------------------------------- */

static void port_changed(OHCIState *s, int i, uint32_t change)
{
    s->port_status[i] |= change;
    if ((s->control & CTL_HCFS) == HCFS_SUSPEND && s->rh_status & RHS_DRWE) {
        s->control = (s->control & ~CTL_HCFS) | HCFS_RESUME;
        ohci_raise(s, INT_RD);
    }
    ohci_raise(s, INT_RHSC);
}

static uint32_t connection_bits(USBPort *port)
{
    const USBDeviceClass *uc;

    if (!port->dev) {
        return 0;
    }
    uc = object_class_data(OBJECT(port->dev));
    return PORT_CCS | (uc->speed == USB_SPEED_LOW ? PORT_LSDA : 0);
}

static void ohci_attach(USBPort *port)
{
    OHCIState *s = port->opaque;

    s->port_status[port->index] |= connection_bits(port);
    port_changed(s, port->index, PORT_CSC);
}

static void ohci_detach(USBPort *port)
{
    OHCIState *s = port->opaque;
    bool enabled = s->port_status[port->index] & PORT_PES;

    s->port_status[port->index] &= ~(PORT_CCS | PORT_LSDA | PORT_PES | PORT_PSS);
    port_changed(s, port->index, PORT_CSC | (enabled ? PORT_PESC : 0));
}

static void ohci_wakeup(USBPort *port)
{
    OHCIState *s = port->opaque;

    if (s->port_status[port->index] & PORT_PSS) {
        s->port_status[port->index] &= ~PORT_PSS;
        port_changed(s, port->index, PORT_PSSC);
    }
    if ((s->control & CTL_HCFS) == HCFS_SUSPEND && port->dev->remote_wakeup) {
        s->control = (s->control & ~CTL_HCFS) | HCFS_RESUME;
        ohci_raise(s, INT_RD);
    }
}

static const USBPortOps ohci_port_ops = { ohci_attach, ohci_detach, ohci_wakeup };

static void reset_port(OHCIState *s, int i)
{
    if (!s->ports[i].dev) {
        port_changed(s, i, PORT_CSC);
        return;
    }
    usb_device_reset(s->ports[i].dev);
    s->port_status[i] = (s->port_status[i] & ~PORT_PSS) | PORT_PES;
    port_changed(s, i, PORT_PRSC);
}

/* 7.4.4: each bit of the low half is a command. */
static void write_port(OHCIState *s, int i, uint32_t value)
{
    uint32_t *port = &s->port_status[i];
    bool connected = *port & PORT_CCS;

    *port &= ~(value & PORT_CHANGES);
    if (value & PORT_CCS) {                     /* ClearPortEnable */
        *port &= ~PORT_PES;
    }
    if (value & PORT_PES) {                     /* SetPortEnable */
        *port |= connected ? PORT_PES : PORT_CSC;
    }
    if (value & PORT_PSS) {                     /* SetPortSuspend */
        *port |= connected ? PORT_PSS : PORT_CSC;
    }
    if (value & PORT_POCI && *port & PORT_PSS) {    /* ClearSuspendStatus */
        *port &= ~PORT_PSS;
        port_changed(s, i, PORT_PSSC);
    }
    if (value & PORT_PRS) {                     /* SetPortReset */
        reset_port(s, i);
    }
    if (value & PORT_LSDA) {                    /* ClearPortPower */
        *port &= ~(PORT_PPS | PORT_PES | PORT_PSS);
    }
    if (value & PORT_PPS) {                     /* SetPortPower */
        *port |= PORT_PPS;
    }
}

static void write_rh_status(OHCIState *s, uint32_t value)
{
    for (uint32_t i = 0; i < s->num_ports; i++) {
        if (value & RHS_LPS) {                  /* ClearGlobalPower */
            s->port_status[i] &= ~(PORT_PPS | PORT_PES | PORT_PSS);
        }
        if (value & RHS_LPSC) {                 /* SetGlobalPower */
            s->port_status[i] |= PORT_PPS;
        }
    }
    s->rh_status |= value & RHS_DRWE;
    if (value & RHS_CRWE) {
        s->rh_status &= ~RHS_DRWE;
    }
    s->rh_status &= ~(value & RHS_OCIC);
}

static void reset_root_hub(OHCIState *s)
{
    s->rh_a = RH_A_NPS | s->num_ports;
    s->rh_b = 0;
    s->rh_status = 0;
    for (uint32_t i = 0; i < s->num_ports; i++) {
        s->port_status[i] = connection_bits(&s->ports[i]);
        if (s->ports[i].dev) {
            s->port_status[i] |= PORT_CSC;
            usb_device_reset(s->ports[i].dev);
        }
    }
}

/* --- controller ----------------------------------------------------------- */

static void software_reset(OHCIState *s)
{
    timer_del(s->frame_timer);
    s->control = (s->control & CTL_IR) | HCFS_SUSPEND;
    s->command = 0;
    s->status = s->enabled = 0;
    s->hcca = s->periodic_current = 0;
    s->control_head = s->control_current = s->bulk_head = s->bulk_current = 0;
    s->done_head = 0;
    s->done_count = 7;
    s->fm_interval = 0x27782edf;       /* 12000 bit times; the largest data packet */
    s->periodic_start = 0;
    s->ls_threshold = 0x628;
    s->frame_number = 0;
    s->frame_start_ns = 0;
    ohci_update_irq(s);
}

static void write_control(OHCIState *s, uint32_t value)
{
    uint32_t before = s->control & CTL_HCFS, after = value & CTL_HCFS;

    s->control = value & 0x7ff;
    if (before != after) {
        if (after == HCFS_OPERATIONAL) {
            s->frame_start_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
            set_frame_timer(s);
        } else {
            timer_del(s->frame_timer);
            if (after == HCFS_RESET) {
                reset_root_hub(s);
            }
        }
    } else if (after == HCFS_OPERATIONAL) {
        set_frame_timer(s);
    }
    ohci_update_irq(s);
}

static void write_command(OHCIState *s, uint32_t value)
{
    if (value & CMD_HCR) {
        software_reset(s);
        return;
    }
    if (value & CMD_OCR) {                      /* nobody else owns the controller */
        s->control &= ~CTL_IR;
        ohci_raise(s, INT_OC);
    }
    s->command |= value & (CMD_CLF | CMD_BLF);
    if ((s->control & CTL_HCFS) == HCFS_OPERATIONAL) {
        set_frame_timer(s);
    }
}

static uint32_t frame_remaining(OHCIState *s)
{
    uint32_t interval = s->fm_interval & 0x3fff;
    int64_t elapsed_ns;

    if ((s->control & CTL_HCFS) != HCFS_OPERATIONAL) {
        return s->fm_interval & FIT;
    }
    elapsed_ns = (qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - s->frame_start_ns) % FRAME_NS;
    return (s->fm_interval & FIT) | (interval - (uint32_t)(elapsed_ns * interval / FRAME_NS));
}

/* Counts on between the frames that are run together. */
static uint16_t frame_number_now(OHCIState *s)
{
    if ((s->control & CTL_HCFS) != HCFS_OPERATIONAL) {
        return s->frame_number;
    }
    return s->frame_number +
           (qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) - s->frame_start_ns) / FRAME_NS;
}

static uint64_t ohci_read(void *opaque, hwaddr addr, unsigned size)
{
    OHCIState *s = opaque;

    if (addr >= REG_RH_PORT && addr < REG_RH_PORT + 4 * s->num_ports) {
        return s->port_status[(addr - REG_RH_PORT) / 4];
    }
    switch (addr) {
    case REG_REVISION:
        return 0x10;
    case REG_CONTROL:
        return s->control;
    case REG_COMMAND:
        return s->command;
    case REG_INT_STATUS:
        return s->status;
    case REG_INT_ENABLE:
    case REG_INT_DISABLE:
        return s->enabled;
    case REG_HCCA:
        return s->hcca;
    case REG_PERIOD_CURRENT:
        return s->periodic_current;
    case REG_CONTROL_HEAD:
        return s->control_head;
    case REG_CONTROL_CURRENT:
        return s->control_current;
    case REG_BULK_HEAD:
        return s->bulk_head;
    case REG_BULK_CURRENT:
        return s->bulk_current;
    case REG_DONE_HEAD:
        return s->done_head;
    case REG_FM_INTERVAL:
        return s->fm_interval;
    case REG_FM_REMAINING:
        return frame_remaining(s);
    case REG_FM_NUMBER:
        return frame_number_now(s);
    case REG_PERIODIC_START:
        return s->periodic_start;
    case REG_LS_THRESHOLD:
        return s->ls_threshold;
    case REG_RH_A:
        return s->rh_a;
    case REG_RH_B:
        return s->rh_b;
    case REG_RH_STATUS:
        return s->rh_status;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "ohci: read of register 0x%02" PRIx64 "\n", addr);
        return 0;
    }
}

static void ohci_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    OHCIState *s = opaque;

    if (addr >= REG_RH_PORT && addr < REG_RH_PORT + 4 * s->num_ports) {
        write_port(s, (addr - REG_RH_PORT) / 4, value);
        return;
    }
    switch (addr) {
    case REG_CONTROL:
        write_control(s, value);
        break;
    case REG_COMMAND:
        write_command(s, value);
        break;
    case REG_INT_STATUS:                        /* write one to clear */
        s->status &= ~value;
        ohci_update_irq(s);
        break;
    case REG_INT_ENABLE:
        s->enabled |= value;
        ohci_update_irq(s);
        break;
    case REG_INT_DISABLE:
        s->enabled &= ~value;
        ohci_update_irq(s);
        break;
    case REG_HCCA:
        s->hcca = value & ~0xffu;
        break;
    case REG_CONTROL_HEAD:
        s->control_head = value & ~15u;
        break;
    case REG_CONTROL_CURRENT:
        s->control_current = value & ~15u;
        break;
    case REG_BULK_HEAD:
        s->bulk_head = value & ~15u;
        break;
    case REG_BULK_CURRENT:
        s->bulk_current = value & ~15u;
        break;
    case REG_FM_INTERVAL:
        s->fm_interval = value;
        break;
    case REG_PERIODIC_START:
        s->periodic_start = value & 0x3fff;
        break;
    case REG_LS_THRESHOLD:
        s->ls_threshold = value & 0xfff;
        break;
    case REG_RH_A:
        s->rh_a = (value & 0xff001b00) | (s->rh_a & 0xff);
        break;
    case REG_RH_B:
        s->rh_b = value;
        break;
    case REG_RH_STATUS:
        write_rh_status(s, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "ohci: write of 0x%08" PRIx64 " to register 0x%02" PRIx64
                      "\n", value, addr);
        break;
    }
}

static const MemoryRegionOps ohci_ops = {
    .read = ohci_read, .write = ohci_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

/* --- life ----------------------------------------------------------------- */

static void ohci_reset(DeviceState *dev)
{
    OHCIState *s = PCI_OHCI(dev);

    s->control = 0;
    software_reset(s);
    s->control = HCFS_RESET;
    reset_root_hub(s);
}

#define S OHCIState
static const VMStateField ohci_fields[] = {
    VMSTATE_PCI_DEVICE(parent, S), VMSTATE_TIMER_PTR(frame_timer, S), VMSTATE_UINT32(control, S),
    VMSTATE_UINT32(command, S), VMSTATE_UINT32(status, S), VMSTATE_UINT32(enabled, S),
    VMSTATE_UINT32(hcca, S), VMSTATE_UINT32(periodic_current, S), VMSTATE_UINT32(control_head, S),
    VMSTATE_UINT32(control_current, S), VMSTATE_UINT32(bulk_head, S),
    VMSTATE_UINT32(bulk_current, S), VMSTATE_UINT32(done_head, S), VMSTATE_UINT32(done_count, S),
    VMSTATE_UINT32(fm_interval, S), VMSTATE_UINT32(periodic_start, S),
    VMSTATE_UINT32(ls_threshold, S), VMSTATE_UINT16(frame_number, S),
    VMSTATE_INT64(frame_start_ns, S), VMSTATE_UINT32(rh_a, S), VMSTATE_UINT32(rh_b, S),
    VMSTATE_UINT32(rh_status, S), VMSTATE_UINT32_ARRAY(port_status, S, OHCI_MAX_PORTS), VMSTATE_END
};

static const VMStateDescription vmstate_ohci = {
    .name = "ohci", .version = 1, .fields = ohci_fields,
};

static const Property ohci_props[] = {
    DEFINE_PROP_UINT32("num-ports", S, num_ports, 3), DEFINE_PROP_STRING("masterbus", S, masterbus),
    DEFINE_PROP_UINT32("firstport", S, firstport, 0), DEFINE_PROP_END
};
#undef S

static bool ohci_realize(DeviceState *dev, Error **errp)
{
    OHCIState *s = PCI_OHCI(dev);

    if (s->num_ports < 1 || s->num_ports > OHCI_MAX_PORTS) {
        error_setg(errp, "pci-ohci: num-ports must be 1 to %d", OHCI_MAX_PORTS);
        return false;
    }
    if ((s->masterbus && *s->masterbus) || s->firstport) {
        error_setg(errp, "pci-ohci: companion controllers (masterbus, firstport) do not exist");
        return false;
    }
    s->parent.config[PCI_INTERRUPT_PIN] = 1;
    s->frame_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, frame_timer_cb, s);
    usb_bus_init(&s->bus, dev);
    for (uint32_t i = 0; i < s->num_ports; i++) {
        usb_register_port(&s->bus, &s->ports[i], s, i, &ohci_port_ops);
    }
    memory_region_init_io(&s->mmio, OBJECT(dev), &ohci_ops, s, "ohci", 256);
    pci_register_bar(&s->parent, 0, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->mmio);
    return true;
}

static void ohci_unrealize(DeviceState *dev)
{
    timer_free(PCI_OHCI(dev)->frame_timer);
}

static const PCIDeviceClass ohci_class = {
    .vendor_id = 0x106b, .device_id = 0x003f, .class_id = 0x0c03, .prog_if = 0x10,
    .no_hotplug = true,
};

static const TypeInfo ohci_info = {
    .name = TYPE_PCI_OHCI, .parent = TYPE_PCI_DEVICE, .desc = "Apple USB controller (OHCI)",
    .instance_size = sizeof(OHCIState), .realize = ohci_realize, .unrealize = ohci_unrealize,
    .reset = ohci_reset, .props = ohci_props, .vmsd = &vmstate_ohci, .bus_type = TYPE_PCI_BUS,
    .user_creatable = true, .category = "usb", .class_data = &ohci_class,
};
DEFINE_TYPE(ohci_info)
