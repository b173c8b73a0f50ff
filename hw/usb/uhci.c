/*
 * USB host controller: UHCI 1.1 of the PIIX3 and PIIX4 (Universal Host
 * Controller Interface Design Guide, chapters 1 to 3).
 *
 * BAR 4        32 ports of registers
 * Interrupt    INTD, level
 * Child bus    two root ports
 * Left out     legacy keyboard support (0xc0 of configuration space), resume
 *              signalling times
 *
 * A frame is run every millisecond of guest time; after a while without
 * transfers several frames are run together.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/pci.h"
#include "hw/usb.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "qemu/timer.h"

#define TYPE_UHCI "uhci"

enum { REG_CMD = 0x00, REG_STS = 0x02, REG_INTR = 0x04, REG_FRNUM = 0x06, REG_FLBASE = 0x08,
       REG_FLBASE_HIGH = 0x0a, REG_SOF = 0x0c, REG_PORT = 0x10, IO_BYTES = 32, ROOT_PORTS = 2 };
enum { CMD_RS = 0x01, CMD_HCRESET = 0x02, CMD_GRESET = 0x04, CMD_EGSM = 0x08, CMD_FGR = 0x10 };
enum { STS_USBINT = 0x01, STS_ERROR = 0x02, STS_RESUME = 0x04, STS_SYSTEM_ERROR = 0x08,
       STS_PROCESS_ERROR = 0x10, STS_HALTED = 0x20, STS_CLEARABLE = 0x1f };
enum { INTR_TIMEOUT = 0x01, INTR_RESUME = 0x02, INTR_IOC = 0x04, INTR_SHORT = 0x08 };
enum { CAUSE_IOC = 0x01, CAUSE_SHORT = 0x02 };
enum { PORT_CCS = 0x0001, PORT_CSC = 0x0002, PORT_PED = 0x0004, PORT_PEDC = 0x0008,
       PORT_RD = 0x0040, PORT_ONE = 0x0080, PORT_LSDA = 0x0100, PORT_PR = 0x0200,
       PORT_SUSPEND = 0x1000, PORT_WRITABLE = PORT_PED | PORT_RD | PORT_PR | PORT_SUSPEND };
enum { LINK_TERMINATE = 1, LINK_QH = 2, LINK_DEPTH = 4 };
enum { TD_ACTLEN = 0x7ff, TD_TIMEOUT = 1 << 18, TD_NAK = 1 << 19, TD_BABBLE = 1 << 20,
       TD_STALLED = 1 << 22, TD_ACTIVE = 1 << 23, TD_IOC = 1 << 24, TD_ISO = 1 << 25,
       TD_CERR_SHIFT = 27, TD_SPD = 1 << 29 };
enum { FRAMES = 1024, FRAME_NS = 1000000, FRAME_BYTES = 1280, FRAME_TDS = 256, IDLE_AFTER = 64,
       IDLE_FRAMES = 8, MAX_LATE_FRAMES = 32, SOF_DEFAULT = 64 };

typedef struct UHCIState {
    PCIDevice parent;

    /* wiring */
    MemoryRegion io;
    USBBus bus;
    USBPort ports[ROOT_PORTS];
    QEMUTimer *frame_timer;

    /* guest state */
    uint16_t command, status, interrupts, frame_number;
    uint32_t frame_list;
    uint8_t sof, causes;            /* causes: what set STS_USBINT */
    uint16_t port_status[ROOT_PORTS];
    int64_t frame_start_ns;
    uint32_t quiet_frames;          /* since the last transfer */
} UHCIState;
#define UHCI(o) OBJECT_CHECK(UHCIState, (o), TYPE_UHCI)

static void uhci_update_irq(UHCIState *s)
{
    bool level = (s->causes & CAUSE_IOC && s->interrupts & INTR_IOC) ||
                 (s->causes & CAUSE_SHORT && s->interrupts & INTR_SHORT) ||
                 (s->status & STS_ERROR && s->interrupts & INTR_TIMEOUT) ||
                 (s->status & STS_RESUME && s->interrupts & INTR_RESUME) ||
                 s->status & (STS_SYSTEM_ERROR | STS_PROCESS_ERROR);

    pci_set_irq(&s->parent, level);
}

/* --- transfers (3.2, 3.4) ---------------------------------------------------- */

typedef struct TD {
    uint32_t link, control, token, buffer;
} TD;

typedef enum { TD_DONE, TD_NOT_NOW, TD_STOP } TDOutcome;

/* What one frame has used up and caused. */
typedef struct Frame {
    int bytes_left, tds_left;
    uint8_t causes;
    bool error, moved;
} Frame;

static USBDevice *find_device(UHCIState *s, uint8_t addr)
{
    for (int i = 0; i < ROOT_PORTS; i++) {
        USBDevice *dev = s->port_status[i] & PORT_PED ? usb_find_device(&s->ports[i], addr) : NULL;

        if (dev) {
            return dev;
        }
    }
    return NULL;
}

/* 3.2.2: a device that does not answer is tried as often as C_ERR says. */
static TDOutcome no_answer(Frame *frame, TD *td)
{
    uint32_t errors = td->control >> TD_CERR_SHIFT & 3;

    td->control |= TD_TIMEOUT;
    if (errors > 1) {
        td->control -= 1u << TD_CERR_SHIFT;
        return TD_NOT_NOW;
    }
    if (errors == 1) {
        td->control &= ~(3u << TD_CERR_SHIFT | TD_ACTIVE);
        td->control |= TD_STALLED;
        frame->error = true;
        frame->causes |= td->control & TD_IOC ? CAUSE_IOC : 0;
        return TD_STOP;
    }
    return TD_NOT_NOW;
}

static TDOutcome failed(Frame *frame, TD *td, int ret)
{
    switch (ret) {
    case USB_RET_NAK:
        td->control |= TD_NAK;
        return TD_NOT_NOW;
    case USB_RET_NODEV:
        return no_answer(frame, td);
    default:
        td->control |= TD_STALLED | (ret == USB_RET_BABBLE ? TD_BABBLE : 0);
        td->control &= ~TD_ACTIVE;
        frame->error = true;
        frame->causes |= td->control & TD_IOC ? CAUSE_IOC : 0;
        return TD_STOP;
    }
}

/* The TD is active. */
static TDOutcome run_td(UHCIState *s, Frame *frame, TD *td)
{
    int pid = td->token & 0xff, endpoint = td->token >> 15 & 15;
    uint32_t max = ((td->token >> 21) + 1) & 0x7ff;
    USBDevice *dev = find_device(s, td->token >> 8 & 0x7f);
    uint8_t data[0x800];
    int n;

    frame->tds_left--;
    if (pid != USB_TOKEN_IN && pid != USB_TOKEN_OUT && pid != USB_TOKEN_SETUP) {
        qemu_log_mask(LOG_GUEST_ERROR, "uhci: invalid packet identifier 0x%02x\n", pid);
        s->status |= STS_PROCESS_ERROR;
        s->command &= ~CMD_RS;
        return TD_STOP;
    }
    if (!dev) {
        return no_answer(frame, td);
    }
    if (pid != USB_TOKEN_IN) {
        pci_dma_read(&s->parent, td->buffer, data, max);
    }
    n = usb_handle_packet(dev, pid, endpoint, data, max);
    if (n > (int)max) {
        n = USB_RET_BABBLE;
    }
    if (n < 0) {
        return failed(frame, td, n);
    }
    if (pid == USB_TOKEN_IN) {
        pci_dma_write(&s->parent, td->buffer, data, n);
    } else {
        n = max;
    }
    frame->bytes_left -= n;
    frame->moved = true;
    td->control = (td->control & ~(TD_ACTLEN | TD_ACTIVE | TD_NAK | TD_TIMEOUT)) |
                  ((n - 1) & TD_ACTLEN);
    frame->causes |= td->control & TD_IOC ? CAUSE_IOC : 0;
    if (pid == USB_TOKEN_IN && n < (int)max && (td->control & TD_SPD)) {
        frame->causes |= CAUSE_SHORT;           /* 3.4.2.4: the queue stops here */
        return TD_STOP;
    }
    return TD_DONE;
}

static bool load_words(UHCIState *s, uint32_t addr, uint32_t *words, int n)
{
    uint8_t raw[16];

    if (pci_dma_read(&s->parent, addr, raw, 4 * n) != MEMTX_OK) {
        qemu_log_mask(LOG_GUEST_ERROR, "uhci: no memory at 0x%08x\n", addr);
        s->status |= STS_SYSTEM_ERROR | STS_HALTED;
        s->command &= ~CMD_RS;
        return false;
    }
    for (int i = 0; i < n; i++) {
        words[i] = ldl_le_p(raw + 4 * i);
    }
    return true;
}

static void store_word(UHCIState *s, uint32_t addr, uint32_t value)
{
    uint8_t raw[4];

    stl_le_p(raw, value);
    pci_dma_write(&s->parent, addr, raw, sizeof(raw));
}

/* The TD that link names. *next: its own link. False: memory is missing. */
static bool visit_td(UHCIState *s, Frame *frame, uint32_t link, uint32_t *next, TDOutcome *outcome)
{
    uint32_t addr = link & ~15u, before;
    TD td;

    *outcome = TD_STOP;
    if (!load_words(s, addr, (uint32_t *)&td, 4)) {
        return false;
    }
    *next = td.link;
    if (td.control & TD_ACTIVE) {
        before = td.control;
        *outcome = run_td(s, frame, &td);
        if (td.control != before) {
            store_word(s, addr + 4, td.control);
        }
    }
    return true;
}

/* 3.4.2: the TDs of one queue, as far as this frame goes. */
static bool visit_queue(UHCIState *s, Frame *frame, uint32_t addr, uint32_t element)
{
    while (!(element & LINK_TERMINATE) && !(element & LINK_QH) && frame->bytes_left > 0 &&
           frame->tds_left > 0) {
        uint32_t next;
        TDOutcome outcome;

        if (!visit_td(s, frame, element, &next, &outcome)) {
            return false;
        }
        if (outcome != TD_DONE) {
            return true;
        }
        store_word(s, addr + 4, next);
        if (!(next & LINK_DEPTH)) {
            return true;
        }
        element = next;
    }
    return true;
}

/*
 * 3.3: from the frame list along the links. Drivers close the queues to a ring so
 * that the rest of the frame goes round; a round without transfer ends it.
 */
static void run_frame(UHCIState *s, Frame *frame)
{
    uint32_t link, words[2], ring = 0;
    int visits = 0;

    if (!load_words(s, s->frame_list + 4 * (s->frame_number % FRAMES), &link, 1)) {
        return;
    }
    while (!(link & LINK_TERMINATE) && frame->bytes_left > 0 && frame->tds_left > 0 &&
           (s->command & CMD_RS) && ++visits <= 4 * FRAME_TDS) {
        if (!(link & LINK_QH)) {
            TDOutcome outcome;

            if (!visit_td(s, frame, link, &link, &outcome)) {
                return;
            }
            continue;
        }
        if ((link & ~15u) == ring && !frame->moved) {
            return;
        }
        if ((link & ~15u) == ring || (visits & (visits - 1)) == 0) {
            ring = link & ~15u;         /* also finds rings that the first queue is not in */
            frame->moved = false;
        }
        if (!load_words(s, link & ~15u, words, 2) || !visit_queue(s, frame, link & ~15u, words[1])) {
            return;
        }
        link = words[0];
    }
}

static void uhci_frame(UHCIState *s)
{
    Frame frame = { .bytes_left = FRAME_BYTES, .tds_left = FRAME_TDS };

    run_frame(s, &frame);
    s->frame_number = (s->frame_number + 1) & 0x7ff;
    s->quiet_frames = frame.bytes_left < FRAME_BYTES || frame.causes ? 0 : s->quiet_frames + 1;
    if (frame.causes || frame.error || s->status & STS_SYSTEM_ERROR) {
        s->causes |= frame.causes;
        s->status |= (frame.causes ? STS_USBINT : 0) | (frame.error ? STS_ERROR | STS_USBINT : 0);
        uhci_update_irq(s);
    }
}

static void set_frame_timer(UHCIState *s)
{
    int frames = s->quiet_frames < IDLE_AFTER ? 1 : IDLE_FRAMES;

    timer_mod_ns(s->frame_timer, s->frame_start_ns + (int64_t)frames * FRAME_NS);
}

static void frame_timer_cb(void *opaque)
{
    UHCIState *s = opaque;
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);

    /* After a long pause the missed frames are skipped, not made up. */
    if (now_ns - s->frame_start_ns > MAX_LATE_FRAMES * (int64_t)FRAME_NS) {
        s->frame_start_ns = now_ns - FRAME_NS;
    }
    while ((s->command & CMD_RS) && now_ns - s->frame_start_ns >= FRAME_NS) {
        s->frame_start_ns += FRAME_NS;
        uhci_frame(s);
    }
    if (s->command & CMD_RS) {
        set_frame_timer(s);
    } else {
        s->status |= STS_HALTED;
    }
}

/* --- root hub ------------------------------------------------------------- */

static void uhci_resume(UHCIState *s)
{
    if (s->command & CMD_EGSM) {
        s->command |= CMD_FGR;
        s->status |= STS_RESUME;
        uhci_update_irq(s);
    }
}

static void uhci_attach(USBPort *port)
{
    UHCIState *s = port->opaque;
    const USBDeviceClass *uc = object_class_data(OBJECT(port->dev));
    uint16_t *status = &s->port_status[port->index];

    *status = (*status & ~PORT_LSDA) | PORT_CCS | PORT_CSC |
              (uc->speed == USB_SPEED_LOW ? PORT_LSDA : 0);
    uhci_resume(s);
}

static void uhci_detach(USBPort *port)
{
    UHCIState *s = port->opaque;
    uint16_t *status = &s->port_status[port->index];

    *status |= PORT_CSC | (*status & PORT_PED ? PORT_PEDC : 0);
    *status &= ~(PORT_CCS | PORT_PED | PORT_LSDA);
    uhci_resume(s);
}

static void uhci_wakeup(USBPort *port)
{
    UHCIState *s = port->opaque;

    if (s->port_status[port->index] & PORT_SUSPEND && !(s->port_status[port->index] & PORT_RD)) {
        s->port_status[port->index] |= PORT_RD;
        uhci_resume(s);
    }
}

static const USBPortOps uhci_port_ops = { uhci_attach, uhci_detach, uhci_wakeup };

/* 2.1.7 */
static void write_port(UHCIState *s, int i, uint16_t value)
{
    uint16_t *status = &s->port_status[i];
    bool reset_begins = (value & PORT_PR) && !(*status & PORT_PR);

    *status &= ~(value & (PORT_CSC | PORT_PEDC));
    *status = (*status & ~PORT_WRITABLE) | (value & PORT_WRITABLE);
    if (!(*status & PORT_CCS) || (*status & PORT_PR)) {
        *status &= ~PORT_PED;
    }
    if (reset_begins && s->ports[i].dev) {
        usb_device_reset(s->ports[i].dev);
    }
}

/* --- registers (2.1) --------------------------------------------------------- */

static void uhci_reset_registers(UHCIState *s)
{
    s->command = s->interrupts = s->frame_number = 0;
    s->status = STS_HALTED;
    s->frame_list = 0;
    s->sof = SOF_DEFAULT;
    s->causes = 0;
    s->quiet_frames = 0;
    timer_del(s->frame_timer);
    for (int i = 0; i < ROOT_PORTS; i++) {
        s->port_status[i] = PORT_ONE;
        if (s->ports[i].dev) {
            uhci_attach(&s->ports[i]);
        }
    }
    uhci_update_irq(s);
}

static void write_command(UHCIState *s, uint16_t value)
{
    bool was_running = s->command & CMD_RS;

    if (value & CMD_GRESET) {
        for (int i = 0; i < ROOT_PORTS; i++) {
            if (s->ports[i].dev) {
                usb_device_reset(s->ports[i].dev);
            }
        }
        uhci_reset_registers(s);
        s->command = value & CMD_GRESET;
        return;
    }
    if (value & CMD_HCRESET) {
        uhci_reset_registers(s);
        return;
    }
    s->command = value & 0xff;
    if (!was_running && (value & CMD_RS)) {
        s->status &= ~STS_HALTED;
        s->frame_start_ns = qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL);
        s->quiet_frames = 0;
        set_frame_timer(s);
    } else if (!(value & CMD_RS)) {
        timer_del(s->frame_timer);
        s->status |= STS_HALTED;
    }
}

static uint16_t register_read(UHCIState *s, uint32_t reg)
{
    switch (reg) {
    case REG_CMD:
        return s->command;
    case REG_STS:
        return s->status;
    case REG_INTR:
        return s->interrupts;
    case REG_FRNUM:
        return s->frame_number;
    case REG_FLBASE:
        return s->frame_list;
    case REG_FLBASE_HIGH:
        return s->frame_list >> 16;
    case REG_SOF:
        return s->sof;
    case REG_PORT:
    case REG_PORT + 2:
        return s->port_status[(reg - REG_PORT) / 2];
    default:
        return reg >= REG_PORT ? 0xff7f : 0;    /* no such port */
    }
}

static void register_write(UHCIState *s, uint32_t reg, uint16_t value)
{
    switch (reg) {
    case REG_CMD:
        write_command(s, value);
        break;
    case REG_STS:
        s->status &= ~(value & STS_CLEARABLE);
        s->causes = value & STS_USBINT ? 0 : s->causes;
        uhci_update_irq(s);
        break;
    case REG_INTR:
        s->interrupts = value & 0x0f;
        uhci_update_irq(s);
        break;
    case REG_FRNUM:
        if (s->status & STS_HALTED) {
            s->frame_number = value & 0x7ff;
        }
        break;
    case REG_FLBASE:
        s->frame_list = (s->frame_list & 0xffff0000) | (value & 0xf000);
        break;
    case REG_FLBASE_HIGH:
        s->frame_list = (s->frame_list & 0xffff) | (uint32_t)value << 16;
        break;
    case REG_SOF:
        s->sof = value & 0x7f;
        break;
    case REG_PORT:
    case REG_PORT + 2:
        write_port(s, (reg - REG_PORT) / 2, value);
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "uhci: write of 0x%04x to register 0x%02x\n", value, reg);
        break;
    }
}

static uint64_t uhci_read(void *opaque, hwaddr addr, unsigned size)
{
    return register_read(opaque, addr & ~1u) >> 8 * (addr & 1);
}

static void uhci_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    UHCIState *s = opaque;

    if (size == 1) {            /* the half that is not written keeps its value; nothing to clear */
        uint32_t shift = 8 * (addr & 1);
        uint16_t other = addr == REG_STS || addr >= REG_PORT ? 0 : register_read(s, addr & ~1u);

        value = (other & ~(0xffu << shift)) | (value & 0xff) << shift;
    }
    register_write(s, addr & ~1u, value);
}

static const MemoryRegionOps uhci_ops = {
    .read = uhci_read, .write = uhci_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 4 },
    .impl = { .min_access_size = 1, .max_access_size = 2 },
};

/* --- life ----------------------------------------------------------------- */

static void uhci_reset(DeviceState *dev)
{
    uhci_reset_registers(UHCI(dev));
}

#define S UHCIState
static const VMStateField uhci_fields[] = {
    VMSTATE_PCI_DEVICE(parent, S), VMSTATE_UINT16(command, S), VMSTATE_UINT16(status, S),
    VMSTATE_UINT16(interrupts, S), VMSTATE_UINT16(frame_number, S), VMSTATE_UINT32(frame_list, S),
    VMSTATE_UINT8(sof, S), VMSTATE_UINT8(causes, S), VMSTATE_UINT16_ARRAY(port_status, S, ROOT_PORTS),
    VMSTATE_INT64(frame_start_ns, S), VMSTATE_UINT32(quiet_frames, S),
    VMSTATE_TIMER_PTR(frame_timer, S), VMSTATE_END
};
#undef S
static const VMStateDescription vmstate_uhci = {
    .name = TYPE_UHCI, .version = 1, .fields = uhci_fields,
};

static bool uhci_realize(DeviceState *dev, Error **errp)
{
    UHCIState *s = UHCI(dev);

    s->parent.config[PCI_INTERRUPT_PIN] = 4;
    s->parent.config[0x60] = 0x10;              /* USB 1.0 */
    s->parent.config[0x6a] = 0x01;              /* clock */
    memset(s->parent.wmask + 0x60, 0, 1);
    s->frame_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, frame_timer_cb, s);
    memory_region_init_io(&s->io, OBJECT(s), &uhci_ops, s, TYPE_UHCI, IO_BYTES);
    pci_register_bar(&s->parent, 4, PCI_BASE_ADDRESS_SPACE_IO, &s->io);
    usb_bus_init(&s->bus, dev);
    for (int i = 0; i < ROOT_PORTS; i++) {
        usb_register_port(&s->bus, &s->ports[i], s, i, &uhci_port_ops);
    }
    return true;
}

static void uhci_unrealize(DeviceState *dev)
{
    timer_free(UHCI(dev)->frame_timer);
}

static const TypeInfo uhci_info = {
    .name = TYPE_UHCI, .parent = TYPE_PCI_DEVICE, .instance_size = sizeof(UHCIState),
    .realize = uhci_realize, .unrealize = uhci_unrealize, .reset = uhci_reset,
    .vmsd = &vmstate_uhci,
};
DEFINE_TYPE(uhci_info)

static const PCIDeviceClass piix3_class = {
    .vendor_id = 0x8086, .device_id = 0x7020, .class_id = 0x0c03, .revision = 0x01,
    .no_hotplug = true,
};
static const PCIDeviceClass piix4_class = {
    .vendor_id = 0x8086, .device_id = 0x7112, .class_id = 0x0c03, .revision = 0x01,
    .no_hotplug = true,
};

static const TypeInfo piix3_info = {
    .name = "piix3-usb-uhci", .parent = TYPE_UHCI, .desc = "PIIX3 USB controller",
    .instance_size = sizeof(UHCIState), .user_creatable = true, .category = "usb",
    .class_data = &piix3_class,
};
static const TypeInfo piix4_info = {
    .name = "piix4-usb-uhci", .parent = TYPE_UHCI, .desc = "PIIX4 USB controller",
    .instance_size = sizeof(UHCIState), .user_creatable = true, .category = "usb",
    .class_data = &piix4_class,
};
DEFINE_TYPE(piix3_info)
DEFINE_TYPE(piix4_info)
