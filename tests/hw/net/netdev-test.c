/*
 * Network backends: a socket peer sees the frames of a card and the card those
 * of the peer, a pcap file gets both; wrong options end with one line. If this
 * fails, emulators cannot be connected, and traffic cannot be looked at.
 *
 * SPDX-License-Identifier: MIT
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include "hw/virtio/virtio-driver.h"

enum { BUFFER = VIO_DATA + 0x10000, FRAME = 60 };

static void read_all(int fd, void *buf, size_t size)
{
    uint8_t *p = buf;

    while (size) {
        ssize_t n = read(fd, p, size);

        g_assert_cmpint(n, >, 0);
        p += n;
        size -= n;
    }
}

static void test_socket_and_dump(void)
{
    struct sockaddr_in addr = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof(addr);
    int server = socket(AF_INET, SOCK_STREAM, 0), peer;
    uint8_t frame[4 + FRAME] = { 0, 0, 0, FRAME }, got[4 + FRAME];
    g_autofree char *path = NULL, *args = NULL, *pcap = NULL;
    gsize size;
    VIODriver drv;

    g_assert_cmpint(bind(server, (struct sockaddr *)&addr, sizeof(addr)), ==, 0);
    g_assert_cmpint(listen(server, 1), ==, 0);
    g_assert_cmpint(getsockname(server, (struct sockaddr *)&addr, &length), ==, 0);
    close(g_file_open_tmp("pcap-XXXXXX", &path, NULL));
    args = g_strdup_printf("-object filter-dump,id=f,netdev=n,file=%s "
                           "-netdev socket,id=n,connect=127.0.0.1:%d -device virtio-net-pci,netdev=n",
                           path, ntohs(addr.sin_port));
    vio_start(&drv, args);
    peer = accept(server, NULL, NULL);
    vio_up(&drv, 0xdfffffff, 3);
    for (int i = 0; i < FRAME; i++) {
        frame[4 + i] = i < 6 ? 0xff : i;
    }
    qtest_memset(drv.q, VIO_DATA, 0, 12);
    qtest_memwrite(drv.q, VIO_DATA + 12, frame + 4, FRAME);
    vio_desc(&drv, vio_ring(1), 0, VIO_DATA, 12 + FRAME, 0, 0);
    vio_offer(&drv, 1, 0);
    read_all(peer, got, sizeof(got));
    g_assert_cmpmem(got, sizeof(got), frame, sizeof(frame));
    vio_desc(&drv, vio_ring(0), 0, BUFFER, 2048, VIO_F_WRITE, 0);
    vio_offer(&drv, 0, 0);
    g_assert_cmpint(write(peer, frame, 10), ==, 10);
    g_assert_cmpint(write(peer, frame + 10, sizeof(frame) - 10), ==, sizeof(frame) - 10);
    g_assert_cmpuint(vio_wait_used(&drv, 0), ==, 12 + FRAME);
    qtest_memread(drv.q, BUFFER + 12, got, FRAME);
    g_assert_cmpmem(got, FRAME, frame + 4, FRAME);
    memset(frame, 0xff, 4);                             /* an impossible length: hung up */
    g_assert_cmpint(write(peer, frame, sizeof(frame)), ==, sizeof(frame));
    g_assert_cmpint(read(peer, got, 1), <=, 0);
    qtest_quit(drv.q);
    close(peer);
    close(server);
    g_assert_true(g_file_get_contents(path, &pcap, &size, NULL));
    g_assert_cmpuint(size, ==, 24 + 2 * (16 + FRAME));
    g_assert_cmphex(*(uint32_t *)pcap, ==, 0xa1b2c3d4);
    g_assert_cmpmem(pcap + 40 + 6, 10, frame + 10, 10);
    unlink(path);
}

static void test_errors(void)
{
    static const char *const rows[] = {
        "-netdev socket,id=n", "-netdev socket,id=n,listen=:1,connect=:1",
        "-netdev socket,id=n,connect=127.0.0.1:0", "-netdev socket,id=n,connect=nonsense",
        "-netdev socket,id=n,udp=127.0.0.1:5", "-netdev tap,id=n,script=/bin/true",
        "-object filter-dump,id=f,netdev=none,file=/dev/null", "-object rng,id=f",
        "-netdev user,id=n -object filter-dump,id=f,netdev=n,file=/nonexistent/x",
    };
    const char *exe = getenv("QEMU_EXE");

    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *command = g_strdup_printf("%s -M g3beige -display none -S %s",
                                                   exe ? exe : "ppc-softmmu/qemu-system-ppc", rows[i]);
        g_autofree char *err = NULL, *out = NULL;
        int status;

        g_assert_true(g_spawn_command_line_sync(command, &out, &err, &status, NULL));
        g_assert_cmpint(WIFEXITED(status) ? WEXITSTATUS(status) : -1, ==, 1);
        g_assert_nonnull(strchr(err, '\n'));
        g_assert_cmpstr(strchr(err, '\n'), ==, "\n");
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/netdev/socket-and-dump", test_socket_and_dump);
    g_test_add_func("/netdev/errors", test_errors);
    return g_test_run();
}
