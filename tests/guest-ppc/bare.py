# Runs a program in the ROM of an emulated g3beige, without firmware, and
# returns guest memory after it has ended.
#
# The program starts at 0xfff00100 (the reset vector); `data` lies at DATA. It
# ends by storing DONE to the word at FLAG.
# SPDX-License-Identifier: MIT
import os
import struct
import subprocess
import tempfile
import time

ROM, ENTRY, DATA = 0xffc00000, 0xfff00100, 0xffc00000
FLAG, RESULTS, DONE = 0x1000, 0x100000, 0x600d600d
TIMEOUT_FACTOR = float(os.environ.get("QEMU_TEST_TIMEOUT_FACTOR", "1"))


def emulator():
    """The program under test: $QEMU_PPC, or the one that was built here."""
    here = os.path.join(os.path.dirname(__file__), "../../ppc-softmmu/qemu-system-ppc")
    return os.environ.get("QEMU_PPC", "ppc-softmmu/qemu-system-ppc" if
                          os.path.exists("ppc-softmmu/qemu-system-ppc") else here)


def run(code, data, result_bytes, options=(), timeout=60, program=None):
    """code: list of words; data: bytes. Returns result_bytes bytes from RESULTS."""
    rom = bytearray(4 << 20)
    rom[DATA - ROM:DATA - ROM + len(data)] = data
    words = struct.pack(">%dI" % len(code), *code)
    assert len(data) <= ENTRY - 0x100 - ROM and len(words) <= ROM + len(rom) - ENTRY
    rom[ENTRY - ROM:ENTRY - ROM + len(words)] = words
    with tempfile.TemporaryDirectory() as folder:
        image, dump = os.path.join(folder, "rom"), os.path.join(folder, "dump")
        flag = os.path.join(folder, "flag")
        with open(image, "wb") as f:
            f.write(rom)
        command = [program or emulator(), "-M", "g3beige", "-bios", image, "-display", "none",
                   "-serial", "none", "-nic", "none", "-vga", "none", "-monitor", "stdio"]
        process = subprocess.Popen(command + list(options), stdin=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL)
        try:
            wait_for_flag(process, flag, timeout)
            ask(process, 'pmemsave 0x%x 0x%x "%s"' % (RESULTS, result_bytes, dump), dump, result_bytes, 10)
            with open(dump, "rb") as f:
                return f.read()
        finally:
            process.kill()
            process.wait()


def ask(process, command, path, size, timeout):
    """Send a monitor command and wait until it has written the file."""
    process.stdin.write((command + "\n").encode())
    process.stdin.flush()
    until = time.time() + timeout * TIMEOUT_FACTOR
    while not (os.path.exists(path) and os.path.getsize(path) == size):
        if process.poll() is not None or time.time() > until:
            raise RuntimeError("emulator ended or does not answer")
        time.sleep(0.01)


def wait_for_flag(process, path, timeout):
    until = time.time() + timeout * TIMEOUT_FACTOR
    while time.time() < until:
        ask(process, 'pmemsave 0x%x 4 "%s"' % (FLAG, path), path, 4, 10)
        with open(path, "rb") as f:
            if struct.unpack(">I", f.read())[0] == DONE:
                return
        os.unlink(path)
        time.sleep(0.05)
    raise RuntimeError("the program did not end")
