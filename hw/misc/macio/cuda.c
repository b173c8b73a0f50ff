/*
 * CUDA microcontroller: ADB, real-time clock, parameter RAM and power, behind
 * the shift register of a 6522 (as the Linux and Darwin drivers drive it).
 *
 * The host asserts TIP for a transaction and toggles TACK for each byte; CUDA
 * asserts TREQ while it has something to send. All three are active low in
 * port B. Each byte in either direction ends with a shift register interrupt.
 *
 * Left out: I2C, DFAC, timed wake-up, one-second packets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/input/adb.h"
#include "hw/misc/macio/cuda.h"
#include "hw/misc/macio/via6522.h"
#include "hw/sysbus.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "sysemu/sysemu.h"
#include "trace/hw-misc-macio.h"

enum { PORT_TREQ = 0x08, PORT_TACK = 0x10, PORT_TIP = 0x20 };
enum { PACKET_ADB = 0, PACKET_CUDA = 1, PACKET_ERROR = 2 };
enum { ADB_STATUS_OK = 0x00, ADB_STATUS_TIMEOUT = 0x02, ADB_STATUS_AUTOPOLL = 0x40 };
enum { ERROR_BAD_PACKET = 1, ERROR_BAD_COMMAND = 2, ERROR_BAD_SIZE = 3 };
enum { CMD_WARM_START = 0x00, CMD_AUTOPOLL = 0x01, CMD_GET_6805 = 0x02, CMD_GET_TIME = 0x03,
       CMD_GET_PRAM = 0x07, CMD_SET_6805 = 0x08, CMD_SET_TIME = 0x09, CMD_POWER_DOWN = 0x0a,
       CMD_POWER_UP_TIME = 0x0b, CMD_SET_PRAM = 0x0c, CMD_MONO_RESET = 0x0d, CMD_SEND_DFAC = 0x0e,
       CMD_RESET_SYSTEM = 0x11, CMD_SET_IPL = 0x12, CMD_FILE_SERVER = 0x13, CMD_SET_AUTO_RATE = 0x14,
       CMD_GET_AUTO_RATE = 0x16, CMD_SET_DEVICE_LIST = 0x19, CMD_GET_DEVICE_LIST = 0x1a,
       CMD_SET_ONE_SECOND = 0x1b, CMD_SET_POWER_MESSAGES = 0x21, CMD_IIC = 0x22, CMD_WAKEUP = 0x23,
       CMD_TIMER_TICKLE = 0x24, CMD_IIC_COMBINED = 0x25 };
enum { PACKET_MAX = 32, PRAM_SIZE = 256, MEMORY_6805 = 0x100 };
enum { VIA_FREQUENCY = 783333 };        /* 4.7 MHz / 6 */
enum { BYTE_DELAY_NS = 20 * SCALE_US };
enum { DEFAULT_AUTO_RATE_MS = 11 };
/* Seconds from 1904, the Macintosh epoch, to 1970. */
#define MAC_EPOCH_OFFSET INT64_C(2082844800)

typedef struct CUDAState {
    SysBusDevice parent_obj;

    MemoryRegion mem;
    Via6522 via;
    ADBBus adb;
    QEMUTimer *shift_timer;     /* raises the interrupt of the byte in the shift register */
    QEMUTimer *poll_timer;

    uint8_t last_b;             /* port B when it was last looked at */
    uint8_t in[PACKET_MAX];     /* from the host */
    uint32_t in_len;
    uint8_t out[PACKET_MAX];    /* to the host */
    uint32_t out_len, out_pos;
    bool autopoll;
    uint8_t auto_rate_ms;
    uint16_t device_mask;       /* ADB addresses to poll */
    int64_t clock_offset_s;     /* guest clock minus the machine's */
    uint8_t pram[PRAM_SIZE];
} CUDAState;
#define CUDA(o) OBJECT_CHECK(CUDAState, (o), TYPE_CUDA)

static void cuda_shift_done(CUDAState *s)
{
    timer_mod_ns(s->shift_timer, qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + BYTE_DELAY_NS);
}

static void cuda_shift_timer(void *opaque)
{
    CUDAState *s = opaque;

    via6522_raise(&s->via, VIA_INT_SR);
}

/* --- packets to the host --------------------------------------------------- */

/* Announce the packet in s->out: TREQ and an attention byte. */
static void cuda_send(CUDAState *s)
{
    s->out_pos = 0;
    s->via.b &= ~PORT_TREQ;
    s->last_b = s->via.b;
    cuda_shift_done(s);
}

static bool cuda_idle(const CUDAState *s)
{
    return s->via.b & PORT_TIP && s->via.b & PORT_TREQ && !s->in_len && !s->out_len
        && !timer_pending(s->shift_timer);
}

static void cuda_schedule_poll(CUDAState *s)
{
    if (s->autopoll && adb_has_data(&s->adb, s->device_mask) && !timer_pending(s->poll_timer)) {
        timer_mod_ns(s->poll_timer,
                     qemu_clock_get_ns(QEMU_CLOCK_VIRTUAL) + (int64_t)s->auto_rate_ms * SCALE_MS);
    }
}

static void cuda_service_request(void *opaque)
{
    cuda_schedule_poll(opaque);
}

static void cuda_poll_timer(void *opaque)
{
    CUDAState *s = opaque;
    uint8_t command;
    int len;

    if (s->autopoll && cuda_idle(s)) {
        len = adb_poll(&s->adb, s->device_mask, &command, s->out + 3);
        if (len > 0) {
            s->out[0] = PACKET_ADB;
            s->out[1] = ADB_STATUS_AUTOPOLL;
            s->out[2] = command;
            s->out_len = 3 + len;
            cuda_send(s);
        }
    }
    cuda_schedule_poll(s);
}

static void cuda_reply(CUDAState *s, const uint8_t *data, uint32_t len)
{
    s->out[0] = PACKET_CUDA;
    s->out[1] = 0;
    s->out[2] = s->in[1];
    if (len) {
        memcpy(s->out + 3, data, len);
    }
    s->out_len = 3 + len;
}

static void cuda_error(CUDAState *s, uint8_t error)
{
    qemu_log_mask(LOG_GUEST_ERROR, "cuda: packet %02x %02x of %u bytes refused\n", s->in[0],
                  s->in_len > 1 ? s->in[1] : 0, s->in_len);
    s->out[0] = PACKET_ERROR;
    s->out[1] = error;
    s->out[2] = s->in[0];
    s->out[3] = s->in_len > 1 ? s->in[1] : 0;
    s->out_len = 4;
}

/* --- commands -------------------------------------------------------------- */

static void cuda_set_autopoll(CUDAState *s, const uint8_t *args)
{
    s->autopoll = args[0];
    cuda_schedule_poll(s);
}

static void cuda_set_auto_rate(CUDAState *s, const uint8_t *args)
{
    s->auto_rate_ms = args[0] ? args[0] : DEFAULT_AUTO_RATE_MS;
}

static void cuda_get_auto_rate(CUDAState *s, const uint8_t *args)
{
    cuda_reply(s, &s->auto_rate_ms, 1);
}

static void cuda_set_device_list(CUDAState *s, const uint8_t *args)
{
    s->device_mask = lduw_be_p(args);
}

static void cuda_get_device_list(CUDAState *s, const uint8_t *args)
{
    uint8_t mask[2];

    stw_be_p(mask, s->device_mask);
    cuda_reply(s, mask, sizeof(mask));
}

static void cuda_get_time(CUDAState *s, const uint8_t *args)
{
    uint8_t seconds[4];

    stl_be_p(seconds, qemu_timedate(s->clock_offset_s) + MAC_EPOCH_OFFSET);
    cuda_reply(s, seconds, sizeof(seconds));
}

static void cuda_set_time(CUDAState *s, const uint8_t *args)
{
    s->clock_offset_s = (int64_t)ldl_be_p(args) - MAC_EPOCH_OFFSET - qemu_timedate(0);
}

static void cuda_get_pram(CUDAState *s, const uint8_t *args)
{
    uint16_t addr = lduw_be_p(args) % PRAM_SIZE;

    cuda_reply(s, s->pram + addr, MIN(PRAM_SIZE - addr, PACKET_MAX - 3));
}

static void cuda_set_pram(CUDAState *s, const uint8_t *args)
{
    uint16_t addr = lduw_be_p(args) % PRAM_SIZE;

    for (uint32_t i = 4; i < s->in_len; i++) {
        s->pram[(addr + i - 4) % PRAM_SIZE] = s->in[i];
    }
}

/* The 6805's memory: parameter RAM appears at 0x100, the rest reads as zero. */
static void cuda_get_6805(CUDAState *s, const uint8_t *args)
{
    static const uint8_t nothing[PACKET_MAX];
    uint16_t addr = lduw_be_p(args);

    if (addr >= MEMORY_6805 && addr < MEMORY_6805 + PRAM_SIZE) {
        addr -= MEMORY_6805;
        cuda_reply(s, s->pram + addr, MIN(PRAM_SIZE - addr, PACKET_MAX - 3));
    } else {
        cuda_reply(s, nothing, 1);
    }
}

static void cuda_set_6805(CUDAState *s, const uint8_t *args)
{
    uint16_t addr = lduw_be_p(args);

    if (addr >= MEMORY_6805 && addr < MEMORY_6805 + PRAM_SIZE) {
        cuda_set_pram(s, args);
    }
}

static void cuda_power_down(CUDAState *s, const uint8_t *args)
{
    qemu_system_shutdown_request(SHUTDOWN_CAUSE_GUEST_SHUTDOWN);
}

static void cuda_reset_system(CUDAState *s, const uint8_t *args)
{
    qemu_system_reset_request(SHUTDOWN_CAUSE_GUEST_RESET);
}

static void cuda_accept(CUDAState *s, const uint8_t *args)
{
}

typedef struct CUDACommand {
    uint8_t command;
    uint8_t min_args;
    void (*run)(CUDAState *s, const uint8_t *args);
} CUDACommand;

static const CUDACommand cuda_commands[] = {
    { CMD_WARM_START, 0, cuda_accept },
    { CMD_AUTOPOLL, 1, cuda_set_autopoll },
    { CMD_GET_6805, 2, cuda_get_6805 },
    { CMD_GET_TIME, 0, cuda_get_time },
    { CMD_GET_PRAM, 2, cuda_get_pram },
    { CMD_SET_6805, 2, cuda_set_6805 },
    { CMD_SET_TIME, 4, cuda_set_time },
    { CMD_POWER_DOWN, 0, cuda_power_down },
    { CMD_POWER_UP_TIME, 0, cuda_accept },
    { CMD_SET_PRAM, 2, cuda_set_pram },
    { CMD_MONO_RESET, 0, cuda_accept },
    { CMD_SEND_DFAC, 0, cuda_accept },
    { CMD_RESET_SYSTEM, 0, cuda_reset_system },
    { CMD_SET_IPL, 0, cuda_accept },
    { CMD_FILE_SERVER, 0, cuda_accept },
    { CMD_SET_AUTO_RATE, 1, cuda_set_auto_rate },
    { CMD_GET_AUTO_RATE, 0, cuda_get_auto_rate },
    { CMD_SET_DEVICE_LIST, 2, cuda_set_device_list },
    { CMD_GET_DEVICE_LIST, 0, cuda_get_device_list },
    { CMD_SET_ONE_SECOND, 0, cuda_accept },
    { CMD_SET_POWER_MESSAGES, 0, cuda_accept },
    { CMD_WAKEUP, 0, cuda_accept },
    { CMD_TIMER_TICKLE, 0, cuda_accept },
};

static void cuda_run_command(CUDAState *s)
{
    for (size_t i = 0; i < ARRAY_SIZE(cuda_commands); i++) {
        const CUDACommand *c = &cuda_commands[i];

        if (c->command != s->in[1]) {
            continue;
        }
        if (s->in_len < 2u + c->min_args) {
            cuda_error(s, ERROR_BAD_SIZE);
            return;
        }
        cuda_reply(s, NULL, 0);
        c->run(s, s->in + 2);
        return;
    }
    cuda_error(s, ERROR_BAD_COMMAND);
}

static void cuda_run_adb(CUDAState *s)
{
    int len = adb_request(&s->adb, s->in[1], s->in + 2, s->in_len - 2, s->out + 3);

    s->out[0] = PACKET_ADB;
    s->out[1] = len < 0 ? ADB_STATUS_TIMEOUT : ADB_STATUS_OK;
    s->out[2] = s->in[1];
    s->out_len = 3 + MAX(len, 0);
}

static void cuda_run_packet(CUDAState *s)
{
    trace_cuda_packet(s->in[0], s->in[1], s->in_len);
    if (s->in_len < 2) {
        cuda_error(s, ERROR_BAD_SIZE);
    } else if (s->in[0] == PACKET_ADB) {
        cuda_run_adb(s);
    } else if (s->in[0] == PACKET_CUDA) {
        cuda_run_command(s);
    } else {
        cuda_error(s, ERROR_BAD_PACKET);
    }
    s->in_len = 0;
    cuda_send(s);
}

/* --- the wires ------------------------------------------------------------- */

static void cuda_take_byte(CUDAState *s)
{
    if (s->in_len < PACKET_MAX) {
        s->in[s->in_len++] = s->via.sr;
    }
    cuda_shift_done(s);
}

static void cuda_give_byte(CUDAState *s)
{
    s->via.sr = s->out_pos < s->out_len ? s->out[s->out_pos++] : 0;
    if (s->out_pos >= s->out_len) {
        s->via.b |= PORT_TREQ;
    }
    cuda_shift_done(s);
}

static void cuda_end_transaction(CUDAState *s)
{
    if (s->in_len) {
        cuda_run_packet(s);
        return;
    }
    s->out_len = s->out_pos = 0;
    s->via.b |= PORT_TREQ;
    cuda_shift_done(s);
    cuda_schedule_poll(s);
}

static void cuda_port_b_written(void *opaque)
{
    CUDAState *s = opaque;
    /* TREQ is CUDA's, whatever direction the host has programmed. */
    uint8_t b = (s->via.b & ~PORT_TREQ) | (s->last_b & PORT_TREQ), changed = b ^ s->last_b;
    bool transaction = !(b & PORT_TIP);

    s->via.b = b;
    if (changed & PORT_TIP && !transaction) {
        cuda_end_transaction(s);
    } else if (transaction && changed & (PORT_TIP | PORT_TACK)) {
        if (s->via.acr & VIA_ACR_SR_OUT) {
            cuda_take_byte(s);
        } else {
            cuda_give_byte(s);
        }
    } else if (changed & PORT_TACK) {
        /* Synchronisation: outside a transaction TREQ follows TACK. */
        s->via.b = b & PORT_TACK ? b | PORT_TREQ : b & ~PORT_TREQ;
        cuda_shift_done(s);
    }
    s->last_b = s->via.b;
}

static uint64_t cuda_read(void *opaque, hwaddr addr, unsigned size)
{
    CUDAState *s = opaque;

    return via6522_read(&s->via, addr >> VIA_REG_SHIFT & 0xf);
}

static void cuda_write(void *opaque, hwaddr addr, uint64_t data, unsigned size)
{
    CUDAState *s = opaque;

    via6522_write(&s->via, addr >> VIA_REG_SHIFT & 0xf, data);
}

static const MemoryRegionOps cuda_ops = {
    .read = cuda_read,
    .write = cuda_write,
    .endianness = DEVICE_BIG_ENDIAN,
    .impl = { .min_access_size = 1, .max_access_size = 1 },
};

static void cuda_reset(DeviceState *dev)
{
    CUDAState *s = CUDA(dev);

    timer_del(s->shift_timer);
    timer_del(s->poll_timer);
    via6522_reset(&s->via);
    s->via.dirb = PORT_TACK | PORT_TIP;     /* firmware never sets the direction */
    s->via.b = s->last_b = PORT_TREQ | PORT_TACK | PORT_TIP;
    s->via.dirb = 0xff;     /* OpenBIOS relies on it */
    s->in_len = s->out_len = s->out_pos = 0;
    s->autopoll = false;
    s->auto_rate_ms = DEFAULT_AUTO_RATE_MS;
    s->device_mask = 0xffff;
}

static int cuda_post_load(void *opaque, int version)
{
    CUDAState *s = opaque;

    return s->in_len <= PACKET_MAX && s->out_len <= PACKET_MAX && s->out_pos <= PACKET_MAX ? 0 : -EINVAL;
}
static const VMStateField cuda_fields[] = {
    VMSTATE_STRUCT(via, CUDAState, vmstate_via6522, Via6522),
    VMSTATE_TIMER_PTR(shift_timer, CUDAState),
    VMSTATE_TIMER_PTR(poll_timer, CUDAState),
    VMSTATE_UINT8(last_b, CUDAState),
    VMSTATE_BUFFER(in, CUDAState),
    VMSTATE_UINT32(in_len, CUDAState),
    VMSTATE_BUFFER(out, CUDAState),
    VMSTATE_UINT32(out_len, CUDAState),
    VMSTATE_UINT32(out_pos, CUDAState),
    VMSTATE_BOOL(autopoll, CUDAState),
    VMSTATE_UINT8(auto_rate_ms, CUDAState),
    VMSTATE_UINT16(device_mask, CUDAState),
    VMSTATE_INT64(clock_offset_s, CUDAState),
    VMSTATE_BUFFER(pram, CUDAState),
    VMSTATE_END
};
static const VMStateDescription vmstate_cuda = {
    .name = TYPE_CUDA,
    .version = 1,
    .fields = cuda_fields,
    .post_load = cuda_post_load,
};

static void cuda_init(Object *obj)
{
    CUDAState *s = CUDA(obj);

    memory_region_init_io(&s->mem, obj, &cuda_ops, s, "cuda", VIA_REGION_SIZE);
    sysbus_init_mmio(SYS_BUS_DEVICE(obj), &s->mem);
    sysbus_init_irq(SYS_BUS_DEVICE(obj), &s->via.irq);
    via6522_init(&s->via, VIA_FREQUENCY, cuda_port_b_written, s);
    s->shift_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, cuda_shift_timer, s);
    s->poll_timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, cuda_poll_timer, s);
}

static bool cuda_realize(DeviceState *dev, Error **errp)
{
    CUDAState *s = CUDA(dev);

    adb_bus_init(&s->adb, dev, cuda_service_request, s);
    return true;
}

static void cuda_finalize(Object *obj)
{
    CUDAState *s = CUDA(obj);

    timer_free(s->shift_timer);
    timer_free(s->poll_timer);
    via6522_cleanup(&s->via);
}

static const TypeInfo cuda_info = {
    .name = TYPE_CUDA,
    .parent = TYPE_SYS_BUS_DEVICE,
    .desc = "CUDA microcontroller",
    .instance_size = sizeof(CUDAState),
    .init = cuda_init,
    .finalize = cuda_finalize,
    .realize = cuda_realize,
    .reset = cuda_reset,
    .vmsd = &vmstate_cuda,
};
DEFINE_TYPE(cuda_info)
