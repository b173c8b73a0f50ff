/*
 * National PC16550D UART (data sheet, June 1995): registers and FIFOs.
 *
 * Region   eight byte registers
 * irq      level: what register IIR reports
 *
 * A byte leaves at once; only the receiver's time-out follows the baud rate.
 * Left out: parity and framing errors (a chardev has none), the FIFO of the
 * transmitter (it is always empty), DMA modes.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/char/serial.h"
#include "trace/hw-char.h"

enum { REG_DATA, REG_IER, REG_IIR, REG_LCR, REG_MCR, REG_LSR, REG_MSR, REG_SCR };
enum { IER_RECEIVE = 0x01, IER_TRANSMIT = 0x02, IER_LINE = 0x04, IER_MODEM = 0x08 };
enum { IIR_NONE = 0x01, IIR_MODEM = 0x00, IIR_TRANSMIT = 0x02, IIR_RECEIVE = 0x04, IIR_LINE = 0x06,
       IIR_TIMEOUT = 0x0c, IIR_FIFO = 0xc0 };
enum { FCR_ENABLE = 0x01, FCR_CLEAR_RECEIVER = 0x02, FCR_CLEAR_TRANSMITTER = 0x04, FCR_KEPT = 0xc9,
       FCR_TRIGGER_SHIFT = 6 };
enum { LCR_BITS = 0x03, LCR_STOP = 0x04, LCR_PARITY = 0x08, LCR_DLAB = 0x80 };
enum { MCR_DTR = 0x01, MCR_RTS = 0x02, MCR_OUT1 = 0x04, MCR_OUT2 = 0x08, MCR_LOOP = 0x10, MCR_BITS = 0x1f };
enum { LSR_READY = 0x01, LSR_OVERRUN = 0x02, LSR_BREAK = 0x10, LSR_THRE = 0x20, LSR_EMPTY = 0x40,
       LSR_ERRORS = 0x1e };
enum { MSR_DCTS = 0x01, MSR_DDSR = 0x02, MSR_TERI = 0x04, MSR_DDCD = 0x08, MSR_CTS = 0x10, MSR_DSR = 0x20,
       MSR_RI = 0x40, MSR_DCD = 0x80, MSR_DELTAS = 0x0f };
enum { DEFAULT_DIVIDER = 12, DEFAULT_CLOCK_HZ = 1843200, TIMEOUT_CHARACTERS = 4 };

static bool fifo_enabled(const SerialState *s)
{
    return s->fcr & FCR_ENABLE;
}

static int trigger_level(const SerialState *s)
{
    static const uint8_t levels[] = { 1, 4, 8, 14 };

    return fifo_enabled(s) ? levels[s->fcr >> FCR_TRIGGER_SHIFT] : 1;
}

/* Interrupt identification, by priority (table 5 of the data sheet). */
static uint8_t interrupt_id(const SerialState *s)
{
    if (s->ier & IER_LINE && s->lsr & LSR_ERRORS) {
        return IIR_LINE;
    }
    if (s->ier & IER_RECEIVE && s->timeout_interrupt) {
        return IIR_TIMEOUT;
    }
    if (s->ier & IER_RECEIVE && s->lsr & LSR_READY &&
        (!fifo_enabled(s) || s->fifo_count >= trigger_level(s))) {
        return IIR_RECEIVE;
    }
    if (s->ier & IER_TRANSMIT && s->thr_interrupt) {
        return IIR_TRANSMIT;
    }
    if (s->ier & IER_MODEM && s->msr & MSR_DELTAS) {
        return IIR_MODEM;
    }
    return IIR_NONE;
}

static void serial_update_irq(SerialState *s)
{
    qemu_set_irq(s->irq, interrupt_id(s) != IIR_NONE);
}

/* --- receiving --------------------------------------------------------------------- */

static int64_t character_ns(const SerialState *s)
{
    int bits = 1 + 5 + (s->lcr & LCR_BITS) + !!(s->lcr & LCR_PARITY) + (s->lcr & LCR_STOP ? 2 : 1);
    uint32_t clock_hz = s->clock_hz ? s->clock_hz : DEFAULT_CLOCK_HZ;
    uint32_t divider = s->divider ? s->divider : 1;

    return (int64_t)bits * 16 * divider * NANOSECONDS_PER_SECOND / clock_hz;
}

static void restart_timeout(SerialState *s)
{
    s->timeout_interrupt = false;
    if (s->fifo_count) {
        timer_mod_ns(s->fifo_timeout, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) +
                                          TIMEOUT_CHARACTERS * character_ns(s));
    } else {
        timer_del(s->fifo_timeout);
    }
}

static void fifo_timed_out(void *opaque)
{
    SerialState *s = opaque;

    if (s->fifo_count) {
        s->timeout_interrupt = true;
        serial_update_irq(s);
    }
}

static void receive_byte(SerialState *s, uint8_t byte)
{
    trace_serial_receive(byte);
    if (!fifo_enabled(s)) {
        if (s->lsr & LSR_READY) {
            s->lsr |= LSR_OVERRUN;
        }
        s->rbr = byte;
    } else if (s->fifo_count == UART_FIFO) {
        s->lsr |= LSR_OVERRUN;
    } else {
        s->fifo[(s->fifo_head + s->fifo_count++) % UART_FIFO] = byte;
        restart_timeout(s);
    }
    s->lsr |= LSR_READY;
    serial_update_irq(s);
}

static uint8_t read_byte(SerialState *s)
{
    uint8_t byte = s->rbr;

    if (fifo_enabled(s)) {
        byte = 0;
        if (s->fifo_count) {
            byte = s->fifo[s->fifo_head];
            s->fifo_head = (s->fifo_head + 1) % UART_FIFO;
            s->fifo_count--;
        }
        restart_timeout(s);
    }
    if (!s->fifo_count) {
        s->lsr &= ~(LSR_READY | LSR_BREAK);
    }
    serial_update_irq(s);
    if (!(s->mcr & MCR_LOOP)) {
        qemu_chr_fe_accept_input(&s->chr);
    }
    return byte;
}

static int chr_can_read(void *opaque)
{
    SerialState *s = opaque;

    if (s->mcr & MCR_LOOP) {
        return 0;
    }
    return fifo_enabled(s) ? UART_FIFO - s->fifo_count : !(s->lsr & LSR_READY);
}

static void chr_read(void *opaque, const uint8_t *buf, int size)
{
    for (int i = 0; i < size; i++) {
        receive_byte(opaque, buf[i]);
    }
}

static void chr_event(void *opaque, QEMUChrEvent event)
{
    SerialState *s = opaque;

    if (event == CHR_EVENT_BREAK && !(s->mcr & MCR_LOOP)) {
        receive_byte(s, 0);
        s->lsr |= LSR_BREAK;
        serial_update_irq(s);
    }
}

/* --- registers ------------------------------------------------------------------------- */

static void clear_receiver(SerialState *s)
{
    s->fifo_head = s->fifo_count = 0;
    s->timeout_interrupt = false;
    s->lsr &= ~(LSR_READY | LSR_BREAK);
    timer_del(s->fifo_timeout);
}

static void transmit(SerialState *s, uint8_t byte)
{
    trace_serial_transmit(byte);
    if (s->mcr & MCR_LOOP) {
        receive_byte(s, byte);
    } else {
        qemu_chr_fe_write_all(&s->chr, &byte, 1);
    }
    s->thr_interrupt = true;
    serial_update_irq(s);
}

static void write_ier(SerialState *s, uint8_t value)
{
    bool enabled = value & IER_TRANSMIT && !(s->ier & IER_TRANSMIT);

    s->ier = value & (IER_RECEIVE | IER_TRANSMIT | IER_LINE | IER_MODEM);
    if (enabled) {
        s->thr_interrupt = true;        /* the register is empty already */
    }
    serial_update_irq(s);
}

static void write_fcr(SerialState *s, uint8_t value)
{
    if ((value ^ s->fcr) & FCR_ENABLE) {
        value |= FCR_CLEAR_RECEIVER | FCR_CLEAR_TRANSMITTER;
    }
    if (value & FCR_CLEAR_RECEIVER) {
        clear_receiver(s);
        qemu_chr_fe_accept_input(&s->chr);
    }
    s->fcr = value & FCR_ENABLE ? value & FCR_KEPT : 0;
    serial_update_irq(s);
}

/* Modem lines with their change bits. */
static void set_modem_lines(SerialState *s, uint8_t lines)
{
    uint8_t changed = (lines ^ s->msr) & 0xf0;

    s->msr = (s->msr & MSR_DELTAS) | lines;
    s->msr |= (changed & (MSR_CTS | MSR_DSR | MSR_DCD)) >> 4;
    if (changed & MSR_RI && !(lines & MSR_RI)) {
        s->msr |= MSR_TERI;
    }
}

static uint8_t outside_modem_lines(const SerialState *s)
{
    return MSR_CTS | MSR_DSR | MSR_DCD;
}

static void write_mcr(SerialState *s, uint8_t value)
{
    s->mcr = value & MCR_BITS;
    if (s->mcr & MCR_LOOP) {
        set_modem_lines(s, (value & MCR_DTR ? MSR_DSR : 0) | (value & MCR_RTS ? MSR_CTS : 0) |
                               (value & MCR_OUT1 ? MSR_RI : 0) | (value & MCR_OUT2 ? MSR_DCD : 0));
    } else {
        set_modem_lines(s, outside_modem_lines(s));
        qemu_chr_fe_accept_input(&s->chr);
    }
    serial_update_irq(s);
}

static void serial_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    SerialState *s = opaque;

    switch (addr) {
    case REG_DATA:
        if (s->lcr & LCR_DLAB) {
            s->divider = (s->divider & 0xff00) | data;
        } else {
            s->thr_interrupt = false;
            transmit(s, data);
        }
        break;
    case REG_IER:
        if (s->lcr & LCR_DLAB) {
            s->divider = (s->divider & 0xff) | data << 8;
        } else {
            write_ier(s, data);
        }
        break;
    case REG_IIR:
        write_fcr(s, data);
        break;
    case REG_LCR:
        s->lcr = data;
        break;
    case REG_MCR:
        write_mcr(s, data);
        break;
    case REG_LSR:
    case REG_MSR:               /* read-only outside of factory tests */
        break;
    case REG_SCR:
        s->scr = data;
        break;
    }
}

static uint8_t read_iir(SerialState *s)
{
    uint8_t id = interrupt_id(s);

    if (id == IIR_TRANSMIT) {
        s->thr_interrupt = false;
        serial_update_irq(s);
    }
    return id | (fifo_enabled(s) ? IIR_FIFO : 0);
}

static uint8_t read_lsr(SerialState *s)
{
    uint8_t value = s->lsr;

    s->lsr &= ~LSR_ERRORS;
    serial_update_irq(s);
    return value;
}

static uint8_t read_msr(SerialState *s)
{
    uint8_t value = s->msr;

    s->msr &= ~MSR_DELTAS;
    serial_update_irq(s);
    return value;
}

static uint64_t serial_read(void *opaque, hwaddr addr, unsigned size)
{
    SerialState *s = opaque;

    switch (addr) {
    case REG_DATA:
        return s->lcr & LCR_DLAB ? s->divider & 0xff : read_byte(s);
    case REG_IER:
        return s->lcr & LCR_DLAB ? s->divider >> 8 : s->ier;
    case REG_IIR:
        return read_iir(s);
    case REG_LCR:
        return s->lcr;
    case REG_MCR:
        return s->mcr;
    case REG_LSR:
        return read_lsr(s);
    case REG_MSR:
        return read_msr(s);
    case REG_SCR:
        return s->scr;
    }
    return 0xff;
}

static const MemoryRegionOps serial_ops = {
    .read = serial_read,
    .write = serial_write,
    .endianness = DEVICE_LITTLE_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

/* --- life ----------------------------------------------------------------------------------- */

void serial_reset(SerialState *s)
{
    s->divider = DEFAULT_DIVIDER;
    s->ier = s->fcr = s->lcr = s->scr = s->rbr = 0;
    s->mcr = MCR_OUT2;
    s->lsr = LSR_THRE | LSR_EMPTY;
    s->msr = outside_modem_lines(s);
    s->thr_interrupt = false;
    clear_receiver(s);
    serial_update_irq(s);
}

static int serial_post_load(void *opaque, int version)
{
    SerialState *s = opaque;

    return s->fifo_head >= UART_FIFO || s->fifo_count > UART_FIFO ? -EINVAL : 0;
}

static const VMStateField serial_fields[] = {
    VMSTATE_UINT16(divider, SerialState),
    VMSTATE_UINT8(ier, SerialState),
    VMSTATE_UINT8(fcr, SerialState),
    VMSTATE_UINT8(lcr, SerialState),
    VMSTATE_UINT8(mcr, SerialState),
    VMSTATE_UINT8(lsr, SerialState),
    VMSTATE_UINT8(msr, SerialState),
    VMSTATE_UINT8(scr, SerialState),
    VMSTATE_UINT8(rbr, SerialState),
    VMSTATE_BUFFER(fifo, SerialState),
    VMSTATE_UINT8(fifo_head, SerialState),
    VMSTATE_UINT8(fifo_count, SerialState),
    VMSTATE_BOOL(thr_interrupt, SerialState),
    VMSTATE_BOOL(timeout_interrupt, SerialState),
    VMSTATE_TIMER_PTR(fifo_timeout, SerialState),
    VMSTATE_END
};
const VMStateDescription vmstate_serial = {
    .name = "serial",
    .version = 1,
    .fields = serial_fields,
    .post_load = serial_post_load,
};

bool serial_init(SerialState *s, DeviceState *card, const char *name, Error **errp)
{
    s->fifo_timeout = timer_new_ns(QEMU_CLOCK_VIRTUAL, fifo_timed_out, s);
    memory_region_init_io(&s->io, OBJECT(card), &serial_ops, s, name, UART_PORTS);
    qemu_chr_fe_set_handlers(&s->chr, chr_can_read, chr_read, chr_event, s);
    return true;
}

void serial_cleanup(SerialState *s)
{
    timer_free(s->fifo_timeout);
    s->fifo_timeout = NULL;
}
