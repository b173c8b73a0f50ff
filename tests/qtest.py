"""The -qtest protocol from Python: an emulator whose vCPUs do not run, with its monitor.

The executable is $QEMU_EXE or the one given. SPDX-License-Identifier: MIT
"""
import hashlib
import os
import socket
import subprocess
import sys

import guest


class QTest:
    """qtest and monitor on sockets in a directory of their own."""

    def __init__(self, *args, exe=guest.EXE):
        self.directory = guest.temp_dir()
        path = os.path.join(self.directory.name, "qtest")
        monitor = os.path.join(self.directory.name, "monitor")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(path)
        listener.listen(1)
        listener.settimeout(60 * guest.TIMEOUT_FACTOR)
        self.process = subprocess.Popen(
            [exe, "-qtest", f"unix:{path}", "-accel", "qtest", "-display", "none", "-serial", "null",
             "-monitor", f"unix:{monitor},server,nowait", *args], stdout=sys.stderr)
        self.socket = listener.accept()[0]
        listener.close()
        self.file = self.socket.makefile("rw")
        self.monitor = guest.Monitor(monitor)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()
        self.process.terminate()
        status = self.process.wait()
        self.directory.cleanup()
        if status and not sys.exc_info()[0]:
            raise guest.Failure(f"the emulator ended with status {status}")

    def command(self, line):
        """Sends one line; the words of the answer after OK."""
        self.file.write(line + "\n")
        self.file.flush()
        while True:
            words = self.file.readline().split()
            if not words:
                raise guest.Failure(f"the emulator is gone (command: {line[:60]})")
            if words[0] == "OK":
                return words[1:]
            if words[0] != "IRQ":
                raise guest.Failure(f"{line[:60]}: {' '.join(words)}")

    def read(self, kind, address):
        """kind: inb, inw, inl, readb, readw, readl, readq."""
        return int(self.command(f"{kind} 0x{address:x}")[0], 0)

    def write(self, kind, address, value):
        """kind: outb, outw, outl, writeb, writew, writel, writeq."""
        self.command(f"{kind} 0x{address:x} 0x{value:x}")

    def memread(self, address, size):
        return bytes.fromhex(self.command(f"read 0x{address:x} 0x{size:x}")[0][2:]) if size else b""

    def memwrite(self, address, data):
        for i in range(0, len(data), 4096):
            part = bytes(data[i:i + 4096])
            self.command(f"write 0x{address + i:x} 0x{len(part):x} 0x{part.hex()}")

    def clock_step(self, ns):
        self.command(f"clock_step {ns}")

    def screen(self, keep=None):
        """(width, height, RGB bytes) of the display; keep: also a PNG there."""
        path = os.path.join(self.directory.name, "screen.ppm")
        output = self.monitor.command(f"screendump {path}")
        if keep:
            self.monitor.command(f"screendump {keep}")
        if output:
            raise guest.Failure(f"screendump: {output}")
        with open(path, "rb") as f:
            magic, size, _, pixels = f.read().split(b"\n", 3)
        width, height = map(int, size.split())
        assert magic == b"P6" and len(pixels) == 3 * width * height
        return width, height, pixels


def digest(pixels):
    return hashlib.sha256(pixels).hexdigest()[:16]
