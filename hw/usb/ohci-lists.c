/*
 * OHCI: endpoint and transfer descriptors, the done queue, the communications
 * area (OpenHCI 1.0a, chapters 4 and 6).
 *
 * Left out: isochronous transfers (reported as not accessed)
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/usb/ohci.h"
#include "qemu/bswap.h"
#include "qemu/log.h"

/* Endpoint descriptor, word 0 (4.2.1) */
enum { ED_FA_MASK = 0x7f, ED_EN_SHIFT = 7, ED_D_SHIFT = 11, ED_SKIP = 1 << 14, ED_ISO = 1 << 15,
       ED_MPS_SHIFT = 16, ED_MPS_MASK = 0x7ff };
enum { ED_HEAD_HALTED = 1, ED_HEAD_CARRY = 2 };
/* General transfer descriptor, word 0 (4.3.1) */
enum { TD_ROUNDING = 1 << 18, TD_DP_SHIFT = 19, TD_DI_SHIFT = 21, TD_T_CARRY = 1 << 24,
       TD_T_LOCAL = 1 << 25, TD_EC_SHIFT = 26, TD_CC_SHIFT = 28 };
enum { DP_SETUP = 0, DP_OUT = 1, DP_IN = 2 };
enum { CC_NO_ERROR = 0, CC_STALL = 4, CC_NOT_RESPONDING = 5, CC_UNEXPECTED_PID = 7,
       CC_DATA_OVERRUN = 8, CC_DATA_UNDERRUN = 9 };
enum { HCCA_FRAME_NUMBER = 0x80, HCCA_DONE_HEAD = 0x84 };

/* Loops in lists are the guest's error: a frame ends after so much work. */
#define MAX_EDS_PER_LIST 128
#define MAX_TDS_PER_ED 32
#define BUFFER_MAX_BYTES 8192

typedef struct ED { uint32_t flags, tail, head, next; } ED;
typedef struct TD { uint32_t flags, cbp, next, be; } TD;

static bool read_words(OHCIState *s, uint32_t addr, uint32_t *words, int count)
{
    uint8_t raw[16];

    if (pci_dma_read(&s->parent, addr, raw, count * 4) != MEMTX_OK) {
        qemu_log_mask(LOG_GUEST_ERROR, "ohci: descriptor at 0x%08x is not in memory\n", addr);
        ohci_die(s);
        return false;
    }
    for (int i = 0; i < count; i++) {
        words[i] = ldl_le_p(raw + 4 * i);
    }
    return true;
}

static void write_words(OHCIState *s, uint32_t addr, const uint32_t *words, int count)
{
    uint8_t raw[16];

    for (int i = 0; i < count; i++) {
        stl_le_p(raw + 4 * i, words[i]);
    }
    pci_dma_write(&s->parent, addr, raw, count * 4);
}

/* --- transfers ------------------------------------------------------------ */

/* Bytes from CBP to BE, which may lie in two pages that are not neighbours (4.3.1.3.1). */
static uint32_t buffer_bytes(const TD *td)
{
    if (td->cbp == 0) {
        return 0;
    }
    if ((td->cbp ^ td->be) & ~0xfffu) {
        return 0x1000 - (td->cbp & 0xfff) + (td->be & 0xfff) + 1;
    }
    return td->be >= td->cbp ? td->be - td->cbp + 1 : 0;
}

static void copy_buffer(OHCIState *s, const TD *td, uint8_t *data, uint32_t len, bool to_guest)
{
    uint32_t first = MIN(len, 0x1000 - (td->cbp & 0xfff));

    if (to_guest) {
        pci_dma_write(&s->parent, td->cbp, data, first);
        pci_dma_write(&s->parent, td->be & ~0xfffu, data + first, len - first);
    } else {
        pci_dma_read(&s->parent, td->cbp, data, first);
        pci_dma_read(&s->parent, td->be & ~0xfffu, data + first, len - first);
    }
}

static void advance_buffer(TD *td, uint32_t done, uint32_t total)
{
    uint32_t next = td->cbp + done;

    if (done == total) {
        td->cbp = 0;
    } else if ((td->cbp ^ next) & ~0xfffu) {
        td->cbp = (td->be & ~0xfffu) | (next & 0xfff);
    } else {
        td->cbp = next;
    }
}

static USBDevice *find_device(OHCIState *s, uint8_t addr)
{
    for (uint32_t i = 0; i < s->num_ports; i++) {
        USBDevice *dev = s->port_status[i] & 2 ? usb_find_device(&s->ports[i], addr) : NULL;

        if (dev) {
            return dev;
        }
    }
    return NULL;
}

static int direction_pid(const ED *ed, const TD *td)
{
    static const int from_ed[4] = { 0, USB_TOKEN_OUT, USB_TOKEN_IN, 0 };
    static const int from_td[4] = { USB_TOKEN_SETUP, USB_TOKEN_OUT, USB_TOKEN_IN, 0 };
    int pid = from_ed[ed->flags >> ED_D_SHIFT & 3];

    return pid ? pid : from_td[td->flags >> TD_DP_SHIFT & 3];
}

/* The toggle of the next packet, in the TD or carried by the ED. */
static void flip_toggle(ED *ed, TD *td)
{
    bool toggle = td->flags & TD_T_LOCAL ? td->flags & TD_T_CARRY : ed->head & ED_HEAD_CARRY;

    td->flags = (td->flags & ~TD_T_CARRY) | TD_T_LOCAL | (toggle ? 0 : TD_T_CARRY);
    ed->head = (ed->head & ~ED_HEAD_CARRY) | (toggle ? 0 : ED_HEAD_CARRY);
}

static int error_code(int usb_ret)
{
    switch (usb_ret) {
    case USB_RET_NAK:
        return CC_NO_ERROR;
    case USB_RET_STALL:
        return CC_STALL;
    case USB_RET_BABBLE:
        return CC_DATA_OVERRUN;
    default:
        return CC_NOT_RESPONDING;
    }
}

typedef enum { TD_RETIRED, TD_WAITS } TDResult;

/* Moves packets until the buffer is done or the device has no more. *cc: how it ended. */
static TDResult run_packets(OHCIState *s, ED *ed, TD *td, int *cc)
{
    USBDevice *dev = find_device(s, ed->flags & ED_FA_MASK);
    uint32_t total = MIN(buffer_bytes(td), BUFFER_MAX_BYTES), done = 0;
    uint32_t mps = MAX(ed->flags >> ED_MPS_SHIFT & ED_MPS_MASK, 1u);
    int pid = direction_pid(ed, td), endpoint = ed->flags >> ED_EN_SHIFT & 15;
    uint8_t data[BUFFER_MAX_BYTES];
    uint32_t part;
    int n;

    *cc = dev ? CC_NO_ERROR : CC_NOT_RESPONDING;
    if (dev && !pid) {
        *cc = CC_UNEXPECTED_PID;
    }
    if (*cc != CC_NO_ERROR) {
        return TD_RETIRED;
    }
    if (pid != USB_TOKEN_IN) {
        copy_buffer(s, td, data, total, false);
    }
    do {
        part = MIN(mps, total - done);
        n = usb_handle_packet(dev, pid, endpoint, data + done, part);
        if (n > (int)part) {
            n = USB_RET_BABBLE;
        }
        if (n >= 0) {
            done += n;
            flip_toggle(ed, td);
        }
    } while (n == (int)part && done < total);
    if (pid == USB_TOKEN_IN) {
        copy_buffer(s, td, data, done, true);
    }
    if (n < 0) {
        advance_buffer(td, done, UINT32_MAX);
        *cc = error_code(n);
        return n == USB_RET_NAK ? TD_WAITS : TD_RETIRED;
    }
    if (done < total && !(td->flags & TD_ROUNDING)) {
        *cc = CC_DATA_UNDERRUN;
    }
    advance_buffer(td, done, total);
    return TD_RETIRED;
}

static void retire(OHCIState *s, ED *ed, TD *td, uint32_t td_addr, int cc)
{
    uint32_t delay = td->flags >> TD_DI_SHIFT & 7;

    td->flags = (td->flags & ~(15u << TD_CC_SHIFT | 3u << TD_EC_SHIFT)) | (uint32_t)cc << TD_CC_SHIFT;
    ed->head = (ed->head & 15) | (td->next & ~15u);
    if (cc != CC_NO_ERROR) {
        ed->head |= ED_HEAD_HALTED;
        delay = 0;
    }
    td->next = s->done_head;
    s->done_head = td_addr;
    s->done_count = MIN(s->done_count, delay);
}

/* True when a TD of the endpoint was run. */
static bool service_td(OHCIState *s, ED *ed)
{
    uint32_t td_addr = ed->head & ~15u;
    TD td;
    int cc;
    bool retired;

    if (!read_words(s, td_addr, &td.flags, 4)) {
        return false;
    }
    retired = run_packets(s, ed, &td, &cc) == TD_RETIRED;
    if (retired) {
        retire(s, ed, &td, td_addr, cc);
    }
    write_words(s, td_addr, &td.flags, 3);
    return retired;
}

static bool ed_has_work(const ED *ed)
{
    return !(ed->flags & ED_SKIP) && !(ed->head & ED_HEAD_HALTED) &&
           (ed->head & ~15u) != (ed->tail & ~15u);
}

/* Walks one list; true when an endpoint in it had work. */
static bool service_list(OHCIState *s, uint32_t head, int tds_per_ed)
{
    bool active = false;

    for (int n = 0; head && n < MAX_EDS_PER_LIST; n++) {
        uint32_t addr = head & ~15u;
        ED ed;

        if (!read_words(s, addr, &ed.flags, 4)) {
            return false;
        }
        head = ed.next;
        if (!ed_has_work(&ed)) {
            continue;
        }
        active = true;
        if (ed.flags & ED_ISO) {
            qemu_log_mask(LOG_UNIMP, "ohci: isochronous endpoint\n");
            continue;
        }
        for (int i = 0; i < tds_per_ed && ed_has_work(&ed) && service_td(s, &ed); i++) {
        }
        write_words(s, addr + 8, &ed.head, 1);
    }
    return active;
}

/* --- frames --------------------------------------------------------------- */

static void write_done_queue(OHCIState *s)
{
    uint32_t value;

    if (s->done_count == 0 && !(s->status & INT_WDH)) {
        value = s->done_head | ((s->status & s->enabled & ~INT_MIE) != 0);
        write_words(s, s->hcca + HCCA_DONE_HEAD, &value, 1);
        s->done_head = 0;
        s->done_count = 7;
        ohci_raise(s, INT_WDH);
    } else if (s->done_count > 0 && s->done_count < 7) {
        s->done_count--;
    }
}

static void next_frame_number(OHCIState *s)
{
    uint16_t before = s->frame_number++;
    uint32_t value = s->frame_number;

    write_words(s, s->hcca + HCCA_FRAME_NUMBER, &value, 1);
    ohci_raise(s, INT_SF | ((before ^ s->frame_number) & 0x8000 ? INT_FNO : 0));
}

void ohci_run_frame(OHCIState *s)
{
    uint32_t periodic;

    if (s->control & CTL_PLE &&
        read_words(s, s->hcca + 4 * (s->frame_number & 31), &periodic, 1)) {
        service_list(s, periodic, 1);
    }
    if (s->control & CTL_CLE && s->command & CMD_CLF) {
        if (!service_list(s, s->control_head, MAX_TDS_PER_ED)) {
            s->command &= ~CMD_CLF;
        }
    }
    if (s->control & CTL_BLE && s->command & CMD_BLF) {
        if (!service_list(s, s->bulk_head, MAX_TDS_PER_ED)) {
            s->command &= ~CMD_BLF;
        }
    }
    if ((s->control & CTL_HCFS) != HCFS_OPERATIONAL) {
        return;                         /* died */
    }
    next_frame_number(s);
    write_done_queue(s);
}

bool ohci_is_busy(OHCIState *s)
{
    return s->enabled & INT_SF || s->done_count < 7 ||
           (s->control & CTL_CLE && s->command & CMD_CLF) ||
           (s->control & CTL_BLE && s->command & CMD_BLF);
}
