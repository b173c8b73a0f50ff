/*
 * 82540EM: transmit descriptors, checksum and segmentation offload (PCI/PCI-X
 * Family of Gigabit Ethernet Controllers Software Developer's Manual, 3.3-3.6).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/net/checksum.h"
#include "hw/net/e1000.h"
#include "qemu/bswap.h"
#include "qemu/log.h"
#include "trace/hw-net.h"

enum { CMD_EOP = 1u << 24, CMD_IC = 1u << 26, CMD_TSE = 1u << 26, CMD_RS = 1u << 27,
       CMD_DEXT = 1u << 29, CMD_VLE = 1u << 30, CMD_RPS = 1u << 28 };
enum { CTX_TCP = 1u << 24, CTX_IP = 1u << 25 };
enum { DTYP_MASK = 0xf << 20, DTYP_CONTEXT = 0, DTYP_DATA = 1 << 20 };
enum { POPTS_IXSM = 1, POPTS_TXSM = 2 };
enum { STA_DD = 1 };
enum { TCP_FLAGS = 13, TCP_FIN = 0x01, TCP_PSH = 0x08, TCP_SEQ = 4 };

static void send_frame(E1000State *s, const uint8_t *frame, size_t size)
{
    trace_e1000_send(size);
    if ((*e1000_reg(s, REG_RCTL) & RCTL_LBM) == RCTL_LBM) {
        e1000_net.receive(s->nic, frame, size);
    } else {
        qemu_send_packet(s->nic, frame, size);
    }
    e1000_count(s, REG_GPTC, 1);
    e1000_count(s, REG_TPT, 1);
    e1000_count64(s, REG_GOTCL, size + 4);
    e1000_count64(s, REG_TOTL, size + 4);
}

/* Sum from css to cse (inclusive; 0: the end) into the field at cso. */
static void put_checksum(uint8_t *frame, size_t size, size_t css, size_t cso, size_t cse)
{
    size_t end = cse && cse < size ? cse + 1 : size;

    if (css < end && cso + 2 <= size) {
        stw_be_p(frame + cso, net_checksum_finish(net_checksum_add(0, frame + css, end - css)));
    }
}

static void checksum_and_send(E1000State *s, const E1000Context *ctx, uint8_t *frame, size_t size)
{
    if (s->frame_popts & POPTS_TXSM) {
        put_checksum(frame, size, ctx->tucss, ctx->tucso, ctx->tucse);
    }
    if (s->frame_popts & POPTS_IXSM) {
        if (ctx->ipcso + 2u <= size) {
            stw_be_p(frame + ctx->ipcso, 0);
        }
        put_checksum(frame, size, ctx->ipcss, ctx->ipcso, ctx->ipcse);
    }
    send_frame(s, frame, size);
}

/* Header fields of segment number n, which carries `part` bytes from `done` on. */
static void patch_segment(const E1000Context *ctx, uint8_t *frame, const uint8_t *header,
                          unsigned n, size_t done, size_t part, bool last)
{
    size_t size = ctx->hdrlen + part;
    uint32_t partial;

    memcpy(frame, header, ctx->hdrlen);
    if (ctx->ip) {
        stw_be_p(frame + ctx->ipcss + 2, size - ctx->ipcss);
        stw_be_p(frame + ctx->ipcss + 4, lduw_be_p(header + ctx->ipcss + 4) + n);
    } else {
        stw_be_p(frame + ctx->ipcss + 4, size - ctx->ipcss - 40);
    }
    if (ctx->tcp) {
        stl_be_p(frame + ctx->tucss + TCP_SEQ, ldl_be_p(header + ctx->tucss + TCP_SEQ) + done);
        if (!last) {
            frame[ctx->tucss + TCP_FLAGS] &= ~(TCP_FIN | TCP_PSH);
        }
    } else {
        stw_be_p(frame + ctx->tucss + 4, size - ctx->tucss);
    }
    /* The driver left the pseudo header's sum without the length in the field. */
    partial = lduw_be_p(frame + ctx->tucso) + (size - ctx->tucss);
    stw_be_p(frame + ctx->tucso, (partial & 0xffff) + (partial >> 16));
}

static bool tso_context_valid(const E1000Context *ctx)
{
    unsigned l4_bytes = ctx->tcp ? 20 : 8;

    return ctx->mss && ctx->tucss + l4_bytes <= ctx->hdrlen && ctx->ipcss + 20 <= ctx->tucss &&
           ctx->tucso + 2 <= ctx->hdrlen && (ctx->ip || ctx->ipcss + 40 <= ctx->tucss);
}

static void segment_and_send(E1000State *s)
{
    const E1000Context *ctx = &s->tso_ctx;
    uint8_t header[256], *out;
    size_t payload, part;
    unsigned n = 0;

    if (!tso_context_valid(ctx) || ctx->hdrlen > s->frame_len) {
        qemu_log_mask(LOG_GUEST_ERROR, "e1000: invalid segmentation context\n");
        return;
    }
    memcpy(header, s->frame, ctx->hdrlen);
    payload = s->frame_len - ctx->hdrlen;
    out = g_malloc(ctx->hdrlen + ctx->mss);
    for (size_t done = 0; done < payload; done += part) {
        part = MIN(payload - done, (size_t)ctx->mss);
        patch_segment(ctx, out, header, n++, done, part, done + part == payload);
        memcpy(out + ctx->hdrlen, s->frame + ctx->hdrlen + done, part);
        checksum_and_send(s, ctx, out, ctx->hdrlen + part);
    }
    g_free(out);
}

static void insert_vlan_tag(E1000State *s, uint16_t tag)
{
    if (s->frame_len < 12 || s->frame_len + 4 > E1000_FRAME_BYTES) {
        return;
    }
    memmove(s->frame + 16, s->frame + 12, s->frame_len - 12);
    stw_be_p(s->frame + 12, *e1000_reg(s, REG_VET));
    stw_be_p(s->frame + 14, tag);
    s->frame_len += 4;
}

static void load_context(E1000State *s, const uint8_t *desc)
{
    uint32_t command = ldl_le_p(desc + 8);
    E1000Context *ctx = command & CMD_TSE ? &s->tso_ctx : &s->ctx;

    ctx->ipcss = desc[0];
    ctx->ipcso = desc[1];
    ctx->ipcse = lduw_le_p(desc + 2);
    ctx->tucss = desc[4];
    ctx->tucso = desc[5];
    ctx->tucse = lduw_le_p(desc + 6);
    ctx->paylen = command & 0xfffff;
    ctx->hdrlen = desc[13];
    ctx->mss = lduw_le_p(desc + 14);
    ctx->tcp = command & CTX_TCP;
    ctx->ip = command & CTX_IP;
}

static void finish_frame(E1000State *s, const uint8_t *desc, uint32_t command)
{
    bool extended = command & CMD_DEXT;

    if (command & CMD_VLE && *e1000_reg(s, REG_CTRL) & CTRL_VME && !s->frame_tso) {
        insert_vlan_tag(s, lduw_le_p(desc + 14));
    }
    if (s->frame_tso) {
        segment_and_send(s);
    } else {
        if (!extended && command & CMD_IC) {
            put_checksum(s->frame, s->frame_len, desc[13], desc[10], 0);
        }
        checksum_and_send(s, &s->ctx, s->frame, s->frame_len);
    }
    s->frame_len = 0;
    s->frame_popts = 0;
    s->frame_tso = s->frame_started = false;
}

static void process_descriptor(E1000State *s, const uint8_t *desc)
{
    uint32_t command = ldl_le_p(desc + 8), len;
    bool extended = command & CMD_DEXT;

    if (extended && (command & DTYP_MASK) == DTYP_CONTEXT) {
        load_context(s, desc);
        return;
    }
    if (!s->frame_started) {
        s->frame_started = true;
        s->frame_popts = extended ? desc[13] : 0;
        s->frame_tso = extended && command & CMD_TSE;
    }
    len = extended ? command & 0xfffff : command & 0xffff;
    if (s->frame_len + len > E1000_FRAME_BYTES) {
        qemu_log_mask(LOG_GUEST_ERROR, "e1000: frame longer than %d bytes\n", E1000_FRAME_BYTES);
        len = E1000_FRAME_BYTES - s->frame_len;
    }
    pci_dma_read(&s->parent, ldq_le_p(desc), s->frame + s->frame_len, len);
    s->frame_len += len;
    if (command & CMD_EOP) {
        finish_frame(s, desc, command);
    }
}

void e1000_transmit(E1000State *s)
{
    uint64_t base = *e1000_reg(s, REG_TDBAL) | (uint64_t)*e1000_reg(s, REG_TDBAH) << 32;
    uint32_t count = *e1000_reg(s, REG_TDLEN) / E1000_DESC_BYTES, causes = INT_TXQE;
    uint32_t *head = e1000_reg(s, REG_TDH);

    if (!(*e1000_reg(s, REG_TCTL) & TCTL_EN) || *head == *e1000_reg(s, REG_TDT)) {
        return;
    }
    if (*head >= count || *e1000_reg(s, REG_TDT) >= count) {
        qemu_log_mask(LOG_GUEST_ERROR, "e1000: transmit head %u or tail %u outside of %u\n", *head,
                      *e1000_reg(s, REG_TDT), count);
        return;
    }
    for (uint32_t i = 0; i < count && *head != *e1000_reg(s, REG_TDT); i++) {
        uint8_t desc[E1000_DESC_BYTES];
        hwaddr addr = base + *head * E1000_DESC_BYTES;
        uint32_t command;

        pci_dma_read(&s->parent, addr, desc, sizeof(desc));
        process_descriptor(s, desc);
        command = ldl_le_p(desc + 8);
        if (command & (CMD_RS | CMD_RPS)) {
            desc[12] |= STA_DD;
            pci_dma_write(&s->parent, addr + 12, desc + 12, 1);
            causes |= INT_TXDW;
        }
        *head = *head + 1 == count ? 0 : *head + 1;
    }
    e1000_raise(s, causes);
}

#define S E1000Context
static const VMStateField context_fields[] = {
    VMSTATE_UINT8(ipcss, S), VMSTATE_UINT8(ipcso, S), VMSTATE_UINT8(tucss, S),
    VMSTATE_UINT8(tucso, S), VMSTATE_UINT8(hdrlen, S), VMSTATE_UINT16(ipcse, S),
    VMSTATE_UINT16(tucse, S), VMSTATE_UINT16(mss, S), VMSTATE_UINT32(paylen, S),
    VMSTATE_BOOL(tcp, S), VMSTATE_BOOL(ip, S), VMSTATE_END
};
#undef S
const VMStateDescription vmstate_e1000_context = {
    .name = "e1000/context", .version = 1, .fields = context_fields,
};
