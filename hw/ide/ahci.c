/*
 * AHCI host bus adapter of the ICH9 (Intel ICH9 data sheet, chapter 15; Serial
 * ATA AHCI 1.3.1).
 *
 * BAR 4        index/data pair: index at port 0x10, data at 0x14
 * BAR 5        registers: global, then 0x80 bytes a port
 * Interrupt    INTA, or one MSI vector
 * Child buses  "ID.0" to "ID.5", one drive each ("ide-hd", "ide-cd")
 * Left out     staggered spin-up, enclosure management, command coalescing
 *
 * Leaves to others: what ports do (ahci-port.c, ahci-ncq.c).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/ide/ahci.h"
#include "hw/pci/msi.h"
#include "qemu/log.h"

#define TYPE_ICH9_AHCI "ich9-ahci"
#define ICH9_AHCI(o) OBJECT_CHECK(AHCIState, (o), TYPE_ICH9_AHCI)

enum { REG_CAP = 0x00, REG_GHC = 0x04, REG_IS = 0x08, REG_PI = 0x0c, REG_VS = 0x10 };
enum { PORT_REGS = 0x100, PORT_STRIDE = 0x80, ABAR_BYTES = 0x1000, IDP_BYTES = 32, IDP_INDEX = 0x10,
       IDP_DATA = 0x14 };
enum { PORT_CLB = 0x00, PORT_CLBU = 0x04, PORT_FB = 0x08, PORT_FBU = 0x0c, PORT_IS = 0x10,
       PORT_IE = 0x14, PORT_CMD = 0x18, PORT_TFD = 0x20, PORT_SIG = 0x24, PORT_SSTS = 0x28,
       PORT_SCTL = 0x2c, PORT_SERR = 0x30, PORT_SACT = 0x34, PORT_CI = 0x38 };
#define CAP_VALUE 0xc0141f05u   /* 64 bits, NCQ, AHCI only, Gen 1, 32 slots, 6 ports */
#define GHC_RESET 1u
#define GHC_IRQ_ENABLE 2u
#define GHC_AHCI_ENABLE 0x80000000u
enum { VERSION_1_0 = 0x00010000, PORT_IE_WRITABLE = 0x7dc0007f, SCTL_DET = 0xf, SCTL_DET_RESET = 1 };
enum { CAP_ID_SATA = 0x12, SATA_AT = 0xa8, SATA_REVISION = 0x10, SATA_BAR4_OFFSET_4 = 0x48,
       MSI_AT = 0x80 };

/* --- interrupts ----------------------------------------------------------- */

void ahci_update_irq(AHCIState *s)
{
    bool level;

    for (int i = 0; i < AHCI_PORTS; i++) {
        if (s->ports[i].irq_status & s->ports[i].irq_enable) {
            s->irq_status |= 1u << i;
        }
    }
    level = s->irq_status && (s->ghc & GHC_IRQ_ENABLE);
    if (msi_enabled(&s->parent)) {
        if (level) {
            msi_notify(&s->parent, 0);
        }
    } else {
        pci_set_irq(&s->parent, level);
    }
}

/* --- port registers (3.3) ---------------------------------------------------- */

static uint32_t port_read(AHCIPort *port, uint32_t reg)
{
    switch (reg) {
    case PORT_CLB:
        return port->command_list;
    case PORT_CLBU:
        return port->command_list >> 32;
    case PORT_FB:
        return port->fis_base;
    case PORT_FBU:
        return port->fis_base >> 32;
    case PORT_IS:
        return port->irq_status;
    case PORT_IE:
        return port->irq_enable;
    case PORT_CMD:
        return port->command;
    case PORT_TFD:
        return port->task_file;
    case PORT_SIG:
        return port->signature;
    case PORT_SSTS:
        return port->sata_status;
    case PORT_SCTL:
        return port->sata_control;
    case PORT_SERR:
        return port->sata_error;
    case PORT_SACT:
        return port->active;
    case PORT_CI:
        return port->issued;
    default:
        return 0;
    }
}

static void set_address(uint64_t *field, bool high, uint32_t value, uint32_t mask)
{
    *field = high ? (*field & UINT32_MAX) | (uint64_t)value << 32
                  : (*field & ~(uint64_t)UINT32_MAX) | (value & mask);
}

/* 10.4.2: DET back from 1 to 0 ends the reset of the link. */
static void write_sata_control(AHCIPort *port, uint32_t value)
{
    bool was_reset = (port->sata_control & SCTL_DET) == SCTL_DET_RESET;

    port->sata_control = value;
    if (was_reset && (value & SCTL_DET) == 0) {
        ahci_port_reset(port, false);
    }
}

static void port_write(AHCIPort *port, uint32_t reg, uint32_t value)
{
    switch (reg) {
    case PORT_CLB:
    case PORT_CLBU:
        set_address(&port->command_list, reg == PORT_CLBU, value, ~(uint32_t)0x3ff);
        break;
    case PORT_FB:
    case PORT_FBU:
        set_address(&port->fis_base, reg == PORT_FBU, value, ~(uint32_t)0xff);
        break;
    case PORT_IS:
        port->irq_status &= ~value;
        ahci_update_irq(port->ahci);
        break;
    case PORT_IE:
        port->irq_enable = value & PORT_IE_WRITABLE;
        ahci_update_irq(port->ahci);
        break;
    case PORT_CMD:
        ahci_port_write_command(port, value);
        break;
    case PORT_SCTL:
        write_sata_control(port, value);
        break;
    case PORT_SERR:
        port->sata_error &= ~value;
        break;
    case PORT_SACT:             /* 3.3.13: only while started */
        port->active |= port->command & PORT_CMD_ST ? value : 0;
        break;
    case PORT_CI:
        if (port->command & PORT_CMD_ST) {
            port->issued |= value;
            ahci_port_run(port);
        }
        break;
    default:
        qemu_log_mask(LOG_GUEST_ERROR, "ahci: write of 0x%08x to port register 0x%02x\n", value, reg);
        break;
    }
}

/* --- global registers (3.1) --------------------------------------------------- */

static void hba_reset(AHCIState *s)
{
    s->ghc = GHC_AHCI_ENABLE;
    s->irq_status = 0;
    for (int i = 0; i < AHCI_PORTS; i++) {
        ahci_port_reset(&s->ports[i], true);
    }
    ahci_update_irq(s);
}

static uint32_t global_read(AHCIState *s, uint32_t reg)
{
    switch (reg) {
    case REG_CAP:
        return CAP_VALUE;
    case REG_GHC:
        return s->ghc;
    case REG_IS:
        return s->irq_status;
    case REG_PI:
        return (1u << AHCI_PORTS) - 1;
    case REG_VS:
        return VERSION_1_0;
    default:
        return 0;
    }
}

static void global_write(AHCIState *s, uint32_t reg, uint32_t value)
{
    switch (reg) {
    case REG_GHC:
        if (value & GHC_RESET) {
            hba_reset(s);
        } else {
            s->ghc = (value & GHC_IRQ_ENABLE) | GHC_AHCI_ENABLE;
            ahci_update_irq(s);
        }
        break;
    case REG_IS:
        s->irq_status &= ~value;
        ahci_update_irq(s);
        break;
    default:                    /* what the firmware may write once, and nothing */
        qemu_log_mask(LOG_GUEST_ERROR, "ahci: write of 0x%08x to register 0x%02x\n", value, reg);
        break;
    }
}

static uint32_t register_read(AHCIState *s, uint32_t addr)
{
    uint32_t port = (addr - PORT_REGS) / PORT_STRIDE;

    if (addr < PORT_REGS) {
        return global_read(s, addr);
    }
    return port < AHCI_PORTS ? port_read(&s->ports[port], addr % PORT_STRIDE) : 0;
}

static void register_write(AHCIState *s, uint32_t addr, uint32_t value)
{
    uint32_t port = (addr - PORT_REGS) / PORT_STRIDE;

    if (addr < PORT_REGS) {
        global_write(s, addr, value);
    } else if (port < AHCI_PORTS) {
        port_write(&s->ports[port], addr % PORT_STRIDE, value);
    }
}

static uint64_t abar_read(void *opaque, hwaddr addr, unsigned size)
{
    return register_read(opaque, addr & ~3u) >> 8 * (addr & 3);
}

static void abar_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    if (size != 4) {
        qemu_log_mask(LOG_GUEST_ERROR, "ahci: write of %u bytes to register 0x%" PRIx64 "\n", size,
                      addr);
        return;
    }
    register_write(opaque, addr, value);
}

static const MemoryRegionOps abar_ops = {
    .read = abar_read, .write = abar_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .valid = { .min_access_size = 1, .max_access_size = 8 },
    .impl = { .min_access_size = 1, .max_access_size = 4 },
};

static uint64_t idp_read(void *opaque, hwaddr addr, unsigned size)
{
    AHCIState *s = opaque;

    return addr == IDP_INDEX ? s->idp_index : addr == IDP_DATA ? register_read(s, s->idp_index) : 0;
}

static void idp_write(void *opaque, hwaddr addr, uint64_t value, unsigned size)
{
    AHCIState *s = opaque;

    if (addr == IDP_INDEX) {
        s->idp_index = value & (ABAR_BYTES - 1) & ~3u;
    } else if (addr == IDP_DATA) {
        register_write(s, s->idp_index, value);
    }
}

static const MemoryRegionOps idp_ops = {
    .read = idp_read, .write = idp_write, .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 4, .max_access_size = 4 },
};

/* --- life ----------------------------------------------------------------- */

static void ahci_reset(DeviceState *dev)
{
    AHCIState *s = ICH9_AHCI(dev);

    s->idp_index = 0;
    hba_reset(s);
}

static const VMStateField port_fields[] = {
    VMSTATE_STRUCT(bus, AHCIPort, vmstate_ide_bus, IDEBus),
    VMSTATE_UINT64(command_list, AHCIPort), VMSTATE_UINT64(fis_base, AHCIPort),
    VMSTATE_UINT32(irq_status, AHCIPort), VMSTATE_UINT32(irq_enable, AHCIPort),
    VMSTATE_UINT32(command, AHCIPort), VMSTATE_UINT32(task_file, AHCIPort),
    VMSTATE_UINT32(signature, AHCIPort), VMSTATE_UINT32(sata_status, AHCIPort),
    VMSTATE_UINT32(sata_control, AHCIPort), VMSTATE_UINT32(sata_error, AHCIPort),
    VMSTATE_UINT32(active, AHCIPort), VMSTATE_UINT32(issued, AHCIPort),
    VMSTATE_INT32(busy_slot, AHCIPort), VMSTATE_BOOL(pio_in_done, AHCIPort),
    VMSTATE_BOOL(signature_sent, AHCIPort), VMSTATE_BUFFER(acmd, AHCIPort),
    VMSTATE_STRUCT(prd, AHCIPort, vmstate_ahci_prd, PRDWalk),
    VMSTATE_UINT32(transferred, AHCIPort),
    VMSTATE_STRUCT_ARRAY(ncq, AHCIPort, AHCI_SLOTS, vmstate_ahci_ncq, NCQCommand),
    VMSTATE_END
};

static int port_post_load(void *opaque, int version)
{
    AHCIPort *port = opaque;

    return port->busy_slot < -1 || port->busy_slot >= AHCI_SLOTS ? -EINVAL : 0;
}

static const VMStateDescription vmstate_port = {
    .name = "ahci-port", .version = 1, .fields = port_fields, .post_load = port_post_load,
};

static int ahci_pre_save(void *opaque)
{
    blk_drain_all();
    return 0;
}

static const VMStateField ahci_fields[] = {
    VMSTATE_PCI_DEVICE(parent, AHCIState),
    VMSTATE_STRUCT_ARRAY(ports, AHCIState, AHCI_PORTS, vmstate_port, AHCIPort),
    VMSTATE_UINT32(ghc, AHCIState), VMSTATE_UINT32(irq_status, AHCIState),
    VMSTATE_UINT32(idp_index, AHCIState), VMSTATE_END
};
static const VMStateDescription vmstate_ahci = {
    .name = TYPE_ICH9_AHCI, .version = 1, .fields = ahci_fields, .pre_save = ahci_pre_save,
};

static bool ahci_realize(DeviceState *dev, Error **errp)
{
    AHCIState *s = ICH9_AHCI(dev);
    PCIDevice *pci = &s->parent;
    int sata;

    pci->config[PCI_INTERRUPT_PIN] = 1;
    sata = pci_add_capability(pci, CAP_ID_SATA, SATA_AT, 8, errp);
    if (sata < 0 || !msi_init(pci, MSI_AT, 1, true, false, errp)) {
        return false;
    }
    pci_set_word(pci->config + sata + 2, SATA_REVISION);
    pci_set_long(pci->config + sata + 4, SATA_BAR4_OFFSET_4);
    memory_region_init_io(&s->idp, OBJECT(s), &idp_ops, s, "ahci-idp", IDP_BYTES);
    pci_register_bar(pci, 4, PCI_BASE_ADDRESS_SPACE_IO, &s->idp);
    memory_region_init_io(&s->abar, OBJECT(s), &abar_ops, s, "ahci", ABAR_BYTES);
    pci_register_bar(pci, 5, PCI_BASE_ADDRESS_SPACE_MEMORY, &s->abar);
    for (int i = 0; i < AHCI_PORTS; i++) {
        s->ports[i].ahci = s;
        s->ports[i].index = i;
        ahci_port_init(&s->ports[i]);
    }
    return true;
}

static const PCIDeviceClass ahci_class = {
    .vendor_id = 0x8086, .device_id = 0x2922, .class_id = 0x0106, .prog_if = 0x01, .revision = 0x02,
    .no_hotplug = true,
};

static const TypeInfo ahci_info = {
    .name = TYPE_ICH9_AHCI, .parent = TYPE_PCI_DEVICE, .desc = "ICH9 AHCI controller, 6 ports",
    .instance_size = sizeof(AHCIState), .realize = ahci_realize, .reset = ahci_reset,
    .vmsd = &vmstate_ahci, .user_creatable = true, .category = "storage",
    .class_data = &ahci_class,
};
DEFINE_TYPE(ahci_info)
