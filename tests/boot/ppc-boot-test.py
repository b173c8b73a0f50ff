#!/usr/bin/env python3
"""Real boots of PowerPC Linux: directly, and from disk through firmware and GRUB. With
other cards and controllers: tests/slow/ppc-boots.py.

When this fails, people's guests do not come up. SPDX-License-Identifier: MIT
"""
import hashlib
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
import urllib.request

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import TIMEOUT_FACTOR, Guest, Tap, guest_dir, temp_dir    # noqa: E402

GUEST = guest_dir()
DIRECT = ["-m", "256", "-nographic", "-no-reboot", "-kernel", f"{GUEST}/vmlinux", "-initrd", f"{GUEST}/initrd.gz"]


def kernel_to_power_off(machine):
    with Guest("-M", machine, *DIRECT, "-append", 'console=ttyPZ0 selftest="cat /proc/cpuinfo; /bench/fib 20"') as g:
        g.expect(r"Welcome to OpenBIOS")
        g.expect(r"GUEST-READY ppc 6\.1")
        g.expect(r"machine\s+: Power Macintosh" if machine == "g3beige" else r"machine\s+: PowerMac3,1")
        g.expect(r"fib .* 00001a6d")
        g.expect(r"SELFTEST-EXIT 0")
        status = g.wait_exit()
        assert status == 0, f"power-off ended the process with status {status}"


def disk_keeps_files(machine):
    with temp_dir() as folder:
        image = shutil.copy(f"{GUEST}/disk.qcow2", folder)
        args = ["-M", machine, "-m", "256", "-nographic", "-no-reboot", "-drive", f"file={image},format=qcow2",
                "-boot", "c"]
        with Guest(*args) as g:
            g.expect(r"Welcome to GRUB")
            g.to_prompt(r"GUEST-READY ppc")
            g.run("dd if=/dev/urandom of=/data bs=4k count=200 && md5sum /data > /data.sum && sync", 60)
            g.send("poweroff -f\n")
            assert g.wait_exit() == 0
        check = subprocess.run(["qemu-img", "check", image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert check.returncode == 0, check.stdout
        with Guest(*args) as g:
            g.to_prompt(r"GUEST-READY ppc")
            g.run("md5sum -c /data.sum", 60)


def root_on_cmd646(machine):
    """The firmware does not look at this controller: the kernel comes directly."""
    with Guest("-M", machine, "-m", "256", "-nographic", "-no-reboot", "-kernel", f"{GUEST}/vmlinux", "-drive",
               f"file={GUEST}/disk.qcow2,format=qcow2,snapshot=on,if=ide,bus=2,unit=0", "-append",
               'console=ttyPZ0 root=/dev/sda3 rw selftest="echo kept > /x; sync; cat /x"') as g:
        g.expect(r"pata_cmd64x")
        g.expect(r"GUEST-READY ppc")
        g.expect(r"kept")
        g.expect(r"SELFTEST-EXIT 0")
        assert g.wait_exit() == 0


def user_network(machine, model):
    with Guest("-M", machine, *DIRECT, "-append", "console=ttyPZ0", "-nic", f"user,model={model}") as g:
        g.to_prompt(r"GUEST-READY ppc")
        g.run("udhcpc -n -q -i eth0", 60)
        output = g.run("ping -c 2 10.0.2.2", 60)
        assert "2 packets received" in output, output


class FileServer(http.server.BaseHTTPRequestHandler):
    """Serves a page; keeps what is posted."""

    page = hashlib.sha256(b"page").digest() * 20000
    posted = None

    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(self.page)))
        self.end_headers()
        self.wfile.write(self.page)

    def do_POST(self):
        FileServer.posted = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def tcp_both_ways(machine, model):
    """The guest fetches from and posts to the host, then serves a file to the host."""
    digest = hashlib.md5(FileServer.page).hexdigest()
    port = free_port()
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), FileServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with Guest("-M", machine, *DIRECT, "-append", "console=ttyPZ0", "-nic",
                   f"user,model={model},hostfwd=tcp:127.0.0.1:{port}-:80") as g:
            g.to_prompt(r"GUEST-READY ppc")
            g.run("udhcpc -n -q -i eth0", 60)
            url = f"http://10.0.2.2:{server.server_address[1]}/"
            g.run(f"wget -q -O /tmp/page {url}page")
            output = g.run("md5sum /tmp/page")
            assert digest in output, output
            g.run(f"wget -q -O /dev/null --post-data from-the-guest {url}")
            assert FileServer.posted == b"from-the-guest", FileServer.posted
            g.run("httpd -h /tmp")
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/page", timeout=30 * TIMEOUT_FACTOR) as reply:
                assert reply.read() == FileServer.page, "the guest's reply differs"
    finally:
        server.shutdown()
        server.server_close()


# What tests/slow/ppc-boots.py runs as well.
MORE = [("g3beige: root on the CMD646", root_on_cmd646, "g3beige"),
        ("g3beige: user network, ne2k_pci", user_network, "g3beige", "ne2k_pci"),
        ("mac99: TCP both ways, e1000", tcp_both_ways, "mac99", "e1000")]


def main():
    tap = Tap()
    for board in ("g3beige", "mac99"):
        tap.test(f"{board}: kernel to power-off", kernel_to_power_off, board)
        tap.test(f"{board}: disk through firmware keeps files", disk_keeps_files, board)
    tap.test("g3beige: TCP both ways, rtl8139", tcp_both_ways, "g3beige", "rtl8139")
    tap.test("mac99: TCP both ways, sungem", tcp_both_ways, "mac99", "sungem")
    tap.done()


if __name__ == "__main__":
    main()
