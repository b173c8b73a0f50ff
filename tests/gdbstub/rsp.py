"""The remote serial protocol, spoken directly. SPDX-License-Identifier: MIT"""
import os
import socket
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import TIMEOUT_FACTOR, Failure


class Client:
    def __init__(self, path):
        deadline = time.time() + 20 * TIMEOUT_FACTOR
        self.socket = socket.socket(socket.AF_UNIX)
        while self.socket.connect_ex(path):
            if time.time() > deadline:
                raise Failure(f"nobody listens at {path}")
            time.sleep(0.05)
        self.socket.settimeout(20 * TIMEOUT_FACTOR)
        self.data = b""

    def close(self):
        self.socket.close()

    def raw(self, data):
        self.socket.sendall(data)

    def send(self, packet):
        packet = packet.encode("latin1") if isinstance(packet, str) else packet
        self.raw(b"$" + packet + b"#%02x" % (sum(packet) & 255))

    def byte(self):
        while not self.data:
            self._receive()
        byte, self.data = self.data[:1], self.data[1:]
        return byte

    def _receive(self):
        part = self.socket.recv(65536)
        if not part:
            raise Failure("the emulator closed the connection")
        self.data += part

    def reply(self):
        while True:
            start = self.data.find(b"$")
            end = self.data.find(b"#", start) if start >= 0 else -1
            if end >= 0 and len(self.data) >= end + 3:
                packet, check = self.data[start + 1:end], self.data[end + 1:end + 3]
                self.data = self.data[end + 3:]
                assert int(check, 16) == sum(packet) & 255, f"bad checksum of {packet}"
                self.raw(b"+")
                return packet.decode("latin1")
            self._receive()

    def command(self, packet):
        self.send(packet)
        return self.reply()

    def expect(self, packet, wanted):
        got = self.command(packet)
        assert got == wanted, f"{packet}: {got!r}, not {wanted!r}"

    def monitor(self, line):
        self.send("qRcmd," + line.encode().hex())
        text = ""
        while (reply := self.reply()) != "OK":
            assert reply[0] == "O", reply
            text += bytes.fromhex(reply[1:]).decode()
        return text


class Emulator:
    """An emulator that waits for a debugger at a socket."""

    def __init__(self, exe, folder, *args):
        self.path = os.path.join(folder, "gdb")
        if os.path.exists(self.path):
            os.unlink(self.path)
        self.process = subprocess.Popen([exe, "-display", "none", "-serial", "null", "-monitor", "none",
                                         "-gdb", f"unix:{self.path}", *args], stdin=subprocess.DEVNULL)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
