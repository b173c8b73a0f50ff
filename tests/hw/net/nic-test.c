/*
 * Network cards against the user network: each sends an ARP request through
 * its descriptors and finds the gateway's reply in its receive ring, with an
 * interrupt's cause set; state survives save and load; broken rings do no
 * harm. If this fails, guests have no network.
 *
 * SPDX-License-Identifier: MIT
 */
#include <glib.h>
#include <string.h>
#include "libqtest.h"

#define CONFIG_ADDRESS 0xfec00000u
#define CONFIG_DATA    0xfee00000u
#define PCI_IO         0xfe000000u
#define MMIO           0x90000000u
#define PORTS          0x2000u
enum { SLOT = 5, TX_RING = 0x10000, RX_RING = 0x11000, TX_BUFFER = 0x20000, RX_BUFFER = 0x30000 };
enum { REPLY_BYTES = 64 };       /* an ARP frame of the user network, without FCS */

static const uint8_t mac[6] = { 0x52, 0x54, 0x00, 0xaa, 0xbb, 0xcc };
static QTestState *q;

static void write_le(uint64_t addr, uint32_t value)
{
    qtest_writel(q, addr, GUINT32_SWAP_LE_BE(value));
}

static uint32_t read_le(uint64_t addr)
{
    return GUINT32_SWAP_LE_BE(qtest_readl(q, addr));
}

static void config_write(int reg, uint32_t value)
{
    write_le(CONFIG_ADDRESS, 0x80000000u | SLOT << 11 | reg);
    write_le(CONFIG_DATA, value);
}

static void start(const char *model, int io_bar, int mem_bar)
{
    q = qtest_init("-M g3beige -vga none -netdev user,id=n "
                   "-device %s,id=card,netdev=n,mac=52:54:00:aa:bb:cc,addr=%d", model, SLOT);
    if (io_bar >= 0) {
        config_write(0x10 + 4 * io_bar, PORTS);
    }
    if (mem_bar >= 0) {
        config_write(0x10 + 4 * mem_bar, MMIO);
    }
    config_write(0x04, 7);
}

/* Who has 10.0.2.2? Tell 10.0.2.15. */
static void put_arp_request(uint64_t addr)
{
    uint8_t f[60] = { 0 };

    memset(f, 0xff, 6);
    memcpy(f + 6, mac, 6);
    memcpy(f + 12, "\x08\x06\x00\x01\x08\x00\x06\x04\x00\x01", 10);
    memcpy(f + 22, mac, 6);
    memcpy(f + 28, "\x0a\x00\x02\x0f", 4);
    memcpy(f + 38, "\x0a\x00\x02\x02", 4);
    qtest_memwrite(q, addr, f, sizeof(f));
}

static void check_arp_reply(const uint8_t *f)
{
    g_assert_cmpmem(f, 6, mac, 6);
    g_assert_cmpmem(f + 12, 10, "\x08\x06\x00\x01\x08\x00\x06\x04\x00\x02", 10);
    g_assert_cmpmem(f + 28, 4, "\x0a\x00\x02\x02", 4);
    g_assert_cmpmem(f + 32, 6, mac, 6);
}

/* --- e1000 ---------------------------------------------------------------- */

enum { E_CTRL = 0x0, E_EERD = 0x14, E_ICR = 0xc0, E_IMS = 0xd0, E_RCTL = 0x100, E_TCTL = 0x400,
       E_RDBAL = 0x2800, E_RDLEN = 0x2808, E_RDH = 0x2810, E_RDT = 0x2818, E_TDBAL = 0x3800,
       E_TDLEN = 0x3808, E_TDH = 0x3810, E_TDT = 0x3818, E_RAL = 0x5400, E_RAH = 0x5404 };

static void e1000_rings(void)
{
    for (int i = 0; i < 8; i++) {
        write_le(RX_RING + 16 * i, RX_BUFFER + 2048 * i);
        write_le(RX_RING + 16 * i + 4, 0);
        write_le(RX_RING + 16 * i + 12, 0);
    }
    write_le(MMIO + E_RDBAL, RX_RING);
    write_le(MMIO + E_RDLEN, 8 * 16);
    write_le(MMIO + E_RDT, 7);
    write_le(MMIO + E_RCTL, 0x8002);
    write_le(MMIO + E_TDBAL, TX_RING);
    write_le(MMIO + E_TDLEN, 8 * 16);
    write_le(MMIO + E_TCTL, 2);
}

static void e1000_send(int slot, uint32_t command_length)
{
    write_le(TX_RING + 16 * slot, TX_BUFFER);
    write_le(TX_RING + 16 * slot + 4, 0);
    write_le(TX_RING + 16 * slot + 8, command_length);
    write_le(TX_RING + 16 * slot + 12, 0);
    write_le(MMIO + E_TDT, slot + 1);
}

static void test_e1000(void)
{
    uint8_t frame[64];
    char *saved, *again;

    start("e1000", 1, 0);
    g_assert_cmphex(read_le(MMIO + E_RAL), ==, 0xaa005452);
    g_assert_cmphex(read_le(MMIO + E_RAH), ==, 0x8000ccbb);
    write_le(MMIO + E_EERD, 0x0001);
    g_assert_cmphex(read_le(MMIO + E_EERD) >> 16, ==, 0x5452);
    e1000_rings();
    put_arp_request(TX_BUFFER);
    e1000_send(0, 0x0b000000 | 60);             /* EOP, IFCS, RS */
    g_assert_cmphex(read_le(TX_RING + 12) & 1, ==, 1);
    g_assert_cmphex(read_le(MMIO + E_RDH), ==, 1);
    g_assert_cmphex(read_le(RX_RING + 8) & 0xffff, ==, REPLY_BYTES + 4);
    g_assert_cmphex(read_le(RX_RING + 12) & 3, ==, 3);
    qtest_memread(q, RX_BUFFER, frame, sizeof(frame));
    check_arp_reply(frame);
    g_assert_cmphex(read_le(MMIO + E_ICR) & 0x81, ==, 0x81);
    g_assert_cmphex(read_le(MMIO + E_ICR), ==, 0);

    saved = qtest_vmsave(q, "card");
    write_le(MMIO + E_CTRL, 1 << 26);
    g_assert_cmphex(read_le(MMIO + E_TDLEN), ==, 0);
    qtest_vmload(q, "card", saved);
    g_assert_cmphex(read_le(MMIO + E_TDH), ==, 1);
    again = qtest_vmsave(q, "card");
    g_assert_cmpstr(saved, ==, again);
    g_free(saved);
    g_free(again);

    e1000_send(1, 0x0b000000 | 0xffff);         /* longer than any frame: dropped */
    write_le(MMIO + E_TDT, 0xffff);             /* outside of the ring: nothing happens */
    write_le(MMIO + E_TDBAL, 0xfffffff0);
    write_le(MMIO + E_TDT, 5);
    write_le(MMIO + E_RDBAL, 0xfffffff0);
    g_assert_cmphex(read_le(MMIO + E_RAL), ==, 0xaa005452);
    qtest_quit(q);
}

/* --- RTL8139, C+ mode ----------------------------------------------------- */

static void test_rtl8139(void)
{
    uint8_t frame[64];

    start("rtl8139", 0, 1);
    qtest_writeb(q, MMIO + 0x37, 0x10);         /* reset: done at once */
    g_assert_cmphex(qtest_readb(q, MMIO + 0x37) & 0x10, ==, 0);
    for (int i = 0; i < 2; i++) {
        write_le(RX_RING + 16 * i, 0x80000000u | (i ? 0x40000000u : 0) | 1600);
        write_le(RX_RING + 16 * i + 8, RX_BUFFER + 2048 * i);
        write_le(RX_RING + 16 * i + 12, 0);
    }
    write_le(MMIO + 0xe4, RX_RING);
    write_le(MMIO + 0xe8, 0);
    write_le(MMIO + 0x20, TX_RING);
    write_le(MMIO + 0x24, 0);
    qtest_writew(q, MMIO + 0xe0, GUINT16_SWAP_LE_BE(3));
    qtest_writeb(q, MMIO + 0x37, 0x0c);
    write_le(MMIO + 0x44, 0x0e);
    put_arp_request(TX_BUFFER);
    write_le(TX_RING + 8, TX_BUFFER);
    write_le(TX_RING + 12, 0);
    write_le(TX_RING, 0xf0000000u | 60);        /* OWN, EOR, FS, LS */
    qtest_writeb(q, MMIO + 0xd9, 0x40);
    g_assert_cmphex(read_le(TX_RING) & 0x80000000u, ==, 0);
    g_assert_cmphex(read_le(RX_RING), ==, 0x30000000u | 1u << 25 | (REPLY_BYTES + 4));
    qtest_memread(q, RX_BUFFER, frame, sizeof(frame));
    check_arp_reply(frame);
    g_assert_cmphex(GUINT16_SWAP_LE_BE(qtest_readw(q, MMIO + 0x3e)) & 5, ==, 5);
    qtest_quit(q);
}

/* --- NE2000 --------------------------------------------------------------- */

static void out(int port, uint8_t value)
{
    qtest_writeb(q, PCI_IO + PORTS + port, value);
}

static uint8_t in(int port)
{
    return qtest_readb(q, PCI_IO + PORTS + port);
}

static void remote_dma(uint16_t addr, uint16_t bytes, uint8_t command)
{
    out(8, addr);
    out(9, addr >> 8);
    out(10, bytes);
    out(11, bytes >> 8);
    out(0, command);
}

static void test_ne2000(void)
{
    uint8_t frame[64], request[60];

    start("ne2k_pci", 0, -1);
    in(0x1f);                                   /* reset */
    g_assert_cmphex(in(7) & 0x80, ==, 0x80);
    out(0, 0x21);
    out(14, 0x49);
    remote_dma(0, 32, 0x0a);
    for (int i = 0; i < 6; i++) {
        g_assert_cmphex(in(0x10), ==, mac[i]);
    }
    out(14, 0x48);                              /* bytes */
    out(1, 0x46);                               /* PSTART, PSTOP, BNRY */
    out(2, 0x80);
    out(3, 0x46);
    out(12, 0x04);
    out(0, 0x61);                               /* page 1: address, CURR */
    for (int i = 0; i < 6; i++) {
        out(1 + i, mac[i]);
    }
    out(7, 0x47);
    out(0, 0x22);
    put_arp_request(TX_BUFFER);
    qtest_memread(q, TX_BUFFER, request, sizeof(request));
    remote_dma(0x4000, 60, 0x12);
    for (int i = 0; i < 60; i++) {
        out(0x10, request[i]);
    }
    g_assert_cmphex(in(7) & 0x40, ==, 0x40);
    out(4, 0x40);
    out(5, 60);
    out(6, 0);
    out(0, 0x26);
    g_assert_cmphex(in(7) & 3, ==, 3);          /* sent and received */
    remote_dma(0x4700, 64, 0x0a);
    for (int i = 0; i < 64; i++) {
        frame[i] = in(0x10);
    }
    g_assert_cmphex(frame[0] & 1, ==, 1);
    g_assert_cmphex(frame[1], ==, 0x48);
    g_assert_cmphex(frame[2], ==, REPLY_BYTES + 4);
    check_arp_reply(frame + 4);
    out(4, 0xff);                               /* transmit from nowhere: no harm */
    out(6, 0xff);
    out(0, 0x26);
    g_assert_cmphex(in(0), ==, 0x22);
    qtest_quit(q);
}

/* --- GMAC ----------------------------------------------------------------- */

static void test_sungem(void)
{
    uint8_t frame[64];

    start("sungem", -1, 0);
    write_le(MMIO + 0x620c, 0x60020000 | 2 << 18);      /* PHY 0, register 2 */
    g_assert_cmphex(read_le(MMIO + 0x620c) & 0x1ffff, ==, 0x10040);
    for (int i = 0; i < 32; i++) {
        write_le(RX_RING + 16 * i, 1600u << 16 | 1u << 31);
        write_le(RX_RING + 16 * i + 4, 0);
        write_le(RX_RING + 16 * i + 8, RX_BUFFER + 2048 * i);
        write_le(RX_RING + 16 * i + 12, 0);
    }
    write_le(MMIO + 0x2008, TX_RING);
    write_le(MMIO + 0x2004, 1);
    write_le(MMIO + 0x6030, 1);
    write_le(MMIO + 0x4004, RX_RING);
    write_le(MMIO + 0x4000, 1);
    write_le(MMIO + 0x6034, 5);                 /* enable, strip FCS */
    write_le(MMIO + 0x6054, 1522);
    put_arp_request(TX_BUFFER);
    write_le(TX_RING, 0xc0000000u | 60);        /* SOF, EOF */
    write_le(TX_RING + 4, 0);
    write_le(TX_RING + 8, TX_BUFFER);
    write_le(TX_RING + 12, 0);
    write_le(MMIO + 0x2000, 1);
    g_assert_cmphex(read_le(MMIO + 0x2100), ==, 1);
    g_assert_cmphex(read_le(MMIO + 0x4104), ==, 1);
    g_assert_cmphex(read_le(RX_RING) >> 16, ==, REPLY_BYTES);
    qtest_memread(q, RX_BUFFER, frame, sizeof(frame));
    check_arp_reply(frame);
    g_assert_cmphex(read_le(MMIO + 0x0c) & 0x12, ==, 0x12);     /* TXALL, RXDONE: cleared by it */
    g_assert_cmphex(read_le(MMIO + 0x0c) & 0x12, ==, 0);
    qtest_quit(q);
}

/* --- PCnet ---------------------------------------------------------------- */

enum { P_RDP = 0x10, P_RAP = 0x12, P_BDP = 0x16, P_INIT_BLOCK = 0x12000 };

static uint16_t pcnet_csr(int n)
{
    qtest_writew(q, PCI_IO + PORTS + P_RAP, GUINT16_SWAP_LE_BE(n));
    return GUINT16_SWAP_LE_BE(qtest_readw(q, PCI_IO + PORTS + P_RDP));
}

static void pcnet_set(int port, int n, uint16_t value)
{
    qtest_writew(q, PCI_IO + PORTS + P_RAP, GUINT16_SWAP_LE_BE(n));
    qtest_writew(q, PCI_IO + PORTS + port, GUINT16_SWAP_LE_BE(value));
}

static void test_pcnet(void)
{
    uint8_t frame[64];
    char *saved, *again;

    start("pcnet", 0, -1);
    g_assert_cmphex(pcnet_csr(0), ==, 0x0004);
    g_assert_cmphex(pcnet_csr(4), ==, 0x0115);
    g_assert_cmphex(pcnet_csr(88), ==, 0x1003);
    g_assert_cmphex(read_le(PCI_IO + PORTS), ==, 0xaa005452);
    pcnet_set(P_BDP, 20, 2);
    write_le(P_INIT_BLOCK, 0x00000000 | 1 << 20 | 1 << 28);     /* two descriptors each */
    qtest_memwrite(q, P_INIT_BLOCK + 4, mac, 6);
    write_le(P_INIT_BLOCK + 12, 0);
    write_le(P_INIT_BLOCK + 16, 0);
    write_le(P_INIT_BLOCK + 20, RX_RING);
    write_le(P_INIT_BLOCK + 24, TX_RING);
    for (int i = 0; i < 2; i++) {
        write_le(RX_RING + 16 * i, RX_BUFFER + 2048 * i);
        write_le(RX_RING + 16 * i + 4, 0x80000000 | 0xf000 | (-1600 & 0xfff));
        write_le(TX_RING + 16 * i + 4, 0);
    }
    pcnet_set(P_RDP, 1, P_INIT_BLOCK & 0xffff);
    pcnet_set(P_RDP, 2, P_INIT_BLOCK >> 16);
    pcnet_set(P_RDP, 0, 0x0001);
    g_assert_cmphex(pcnet_csr(0) & 0x0181, ==, 0x0181);
    pcnet_set(P_RDP, 0, 0x0142);
    g_assert_cmphex(pcnet_csr(0) & 0x0032, ==, 0x0032);
    put_arp_request(TX_BUFFER);
    write_le(TX_RING, TX_BUFFER);
    write_le(TX_RING + 4, 0x83000000 | 0xf000 | (-60 & 0xfff));
    pcnet_set(P_RDP, 0, 0x0048);
    g_assert_cmphex(read_le(TX_RING + 4) >> 31, ==, 0);
    g_assert_cmphex(pcnet_csr(0) & 0x0600, ==, 0x0600);
    g_assert_cmphex(read_le(RX_RING + 4) >> 24, ==, 0x03);
    g_assert_cmphex(read_le(RX_RING + 8), ==, REPLY_BYTES + 4);
    qtest_memread(q, RX_BUFFER, frame, sizeof(frame));
    check_arp_reply(frame);
    saved = qtest_vmsave(q, "card");
    pcnet_set(P_RDP, 0, 4);
    qtest_vmload(q, "card", saved);
    again = qtest_vmsave(q, "card");
    g_assert_cmpstr(saved, ==, again);
    g_free(saved);
    g_free(again);
    write_le(TX_RING + 20, 0x83000000 | 0xf001);                /* 4095 bytes from nowhere */
    write_le(TX_RING + 16, 0xfffffff0);
    pcnet_set(P_RDP, 0, 0x004b);                                /* no second initialisation */
    g_assert_cmphex(read_le(TX_RING + 20) >> 31, ==, 0);
    pcnet_set(P_RDP, 0, 4);
    pcnet_set(P_RDP, 2, 0x7000);
    pcnet_set(P_RDP, 0, 1);
    g_assert_cmphex(pcnet_csr(0) & 0x8800, ==, 0x8800);
    qtest_quit(q);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/net/e1000", test_e1000);
    g_test_add_func("/net/rtl8139", test_rtl8139);
    g_test_add_func("/net/ne2000", test_ne2000);
    g_test_add_func("/net/sungem", test_sungem);
    g_test_add_func("/net/pcnet", test_pcnet);
    return g_test_run();
}
