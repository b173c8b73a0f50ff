#!/usr/bin/env python3
# The human monitor over a unix socket: commands, expressions, memory dumps,
# line editing, completion, errors; the multiplexer's keys on stdio. If this
# fails, users and scripts cannot steer a machine.
# SPDX-License-Identifier: MIT
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

EXE = os.environ.get("QEMU_EXE", "ppc-softmmu/qemu-system-ppc")
PROMPT = b"(qemu) "
results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}")
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f"# {line}")


class Monitor:
    def __init__(self, path):
        self.sock = socket.socket(socket.AF_UNIX)
        for _ in range(200):
            try:
                self.sock.connect(path)
                break
            except OSError:
                time.sleep(0.05)
        self.sock.settimeout(20)
        self.greeting = self.read()

    def read(self):
        data = b""
        while not data.endswith(PROMPT):
            part = self.sock.recv(65536)
            if not part:
                break
            data += part
        return data.decode(errors="replace")

    def raw(self, keys):
        self.sock.sendall(keys)
        return self.read()

    def cmd(self, line):
        """The output of one command, without echo and prompt."""
        text = self.raw(line.encode() + b"\r")
        return text[text.index("\r\n") + 2:-len(PROMPT)].replace("\r", "")


def test_commands(mon, folder):
    check("greeting", "type 'help'" in mon.greeting, mon.greeting)
    check("print", mon.cmd("print 1+2*3") == "7\n", mon.cmd("print 1+2*3"))
    check("p/x", mon.cmd("p/x (0x10|3)") == "0x13\n")
    check("p/c", mon.cmd("p/c 'a'") == "'a'\n")
    check("division by zero", "division by zero" in mon.cmd("p 1/0"))
    check("unknown register", "nosuch" in mon.cmd("p $nosuch"))
    check("unknown command", "unknown command: 'frobnicate'" in mon.cmd("frobnicate 1"))
    check("pc of a reset CPU", mon.cmd("p/x $pc") == "0xfff00100\n", mon.cmd("p/x $pc"))
    check("info registers", "fff00100" in mon.cmd("info registers"))
    check("first instruction", re.search(r"fff00100: +b ", mon.cmd("x/1i $pc")),
          mon.cmd("x/1i $pc"))
    check("xp of empty memory", mon.cmd("xp/4xw 0x1000") ==
          "0000000000001000: 0x00000000 0x00000000 0x00000000 0x00000000\n")
    check("xp of nothing", "Cannot access memory" in mon.cmd("xp/1xw 0x50000000"))
    check("status", "paused" in mon.cmd("info status"), mon.cmd("info status"))
    for name, word in (("cpus", "CPU #0"), ("mtree", "memory"), ("qtree", "bus"),
                       ("pci", "Host bridge"), ("network", "user"), ("chardev", "unix:"),
                       ("qom-tree", "("), ("mice", "Mouse"), ("version", "7.2"),
                       ("name", "guest-name"), ("uuid", "12345678-9abc-def0-1122-334455667788"),
                       ("pic", "heathrow"), ("roms", "addr="), ("block", "ide1-cd0: [not inserted]"), ("history", "info status")):
        text = mon.cmd("info " + name)
        check("info " + name, word in text, text)
    image = os.path.join(folder, "screen")
    mon.cmd(f"screendump {image}.ppm")
    check("screendump PPM", open(image + ".ppm", "rb").read(2) == b"P6")
    mon.cmd(f"screendump -f png {image}.dump")
    check("screendump PNG", open(image + ".dump", "rb").read(4) == b"\x89PNG")
    mon.cmd(f"pmemsave 0 100 {image}.mem")
    check("pmemsave", os.path.getsize(image + ".mem") == 100)
    check("sendkey error", "nokey" in mon.cmd("sendkey ctrl-nokey"))
    check("sendkey", mon.cmd("sendkey ctrl-alt-f1") == "")
    check("change of a missing drive", "nodrive" in mon.cmd("change nodrive /dev/null"))
    check("eject of a missing drive", "nodrive" in mon.cmd("eject nodrive"))
    check("cpu error", "invalid CPU index" in mon.cmd("cpu 77"))
    check("extra words", "extraneous" in mon.cmd("print 1 )"))


def test_editing(mon):
    check("cursor keys and insertion", "\n3\r\n" in mon.raw(b"print 1\x1b[D2+\x1b[C\r"))
    check("history", "\n3\r\n" in mon.raw(b"\x1b[A\r"))
    check("kill and yank", "\n9\r\n" in mon.raw(b"print 9\x15\x19\r"))
    check("erase a word", "\n4\r\n" in mon.raw(b"print 12345\x174\r"))
    check("Tab completes", "VM status" in mon.raw(b"info stat\t\r"))
    check("Tab completes an argument", "invalid" not in mon.raw(b"sendkey ctrl-shift_\t\r"))
    check("stop and cont", mon.cmd("cont") == "" and "running" in mon.cmd("info status") and
          mon.cmd("stop") == "" and "paused" in mon.cmd("info status"))


def test_mux(*args):
    """The serial port has the focus, Ctrl-A c gives the monitor, Ctrl-A x ends."""
    p = subprocess.Popen([EXE, "-nographic", "-S", *args], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    data = b""

    def until(word, seconds=20):
        nonlocal data
        end = time.time() + seconds
        while word not in data and time.time() < end:
            if select.select([p.stdout], [], [], 0.2)[0]:
                data += os.read(p.stdout.fileno(), 65536)
        return word in data

    time.sleep(1)
    p.stdin.write(b"\x01h")
    p.stdin.flush()
    check("Ctrl-A h", until(b"exit the emulator"), data)
    check("no monitor before Ctrl-A c", PROMPT not in data, data)
    p.stdin.write(b"\x01c")
    p.stdin.flush()
    check("Ctrl-A c", until(PROMPT), data)
    p.stdin.write(b"info status\r")
    p.stdin.flush()
    check("command at the multiplexer", until(b"VM status: paused"), data)
    p.stdin.write(b"\x01x")
    p.stdin.flush()
    try:
        status = p.wait(20)
    except subprocess.TimeoutExpired:
        p.kill()
        status = "still running"
    check("Ctrl-A x", status == 0, status)


def test_defaults():
    """The drives and character devices that each of these command lines gives."""
    def devices(*args):
        done = subprocess.run([EXE, "-S", "-display", "none", *args], input="info block\rinfo chardev\rquit\r",
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30)
        return done.stdout if done.returncode == 0 else f"status {done.returncode}: {done.stdout}"

    usual = devices("-monitor", "stdio")
    check("default drive and serial line", "ide1-cd0: [not" in usual and "serial0:" in usual, usual)
    bare = devices("-nodefaults", "-monitor", "stdio")
    check("-nodefaults", "ide1" not in bare and "serial0:" not in bare and "compat_monitor0:" in bare, bare)
    placed = devices("-monitor", "stdio", "-drive", "if=none,id=d,media=cdrom", "-device", "ide-cd,drive=d,bus=ide.1")
    check("-device ide-cd instead of the default drive", "d: [not" in placed and "ide1" not in placed, placed)
    lines = devices("-monitor", "stdio", "-serial", "null", "-serial", "none", "-serial", "null")
    check("several -serial", "serial0:" in lines and "serial1:" not in lines and "serial2:" in lines, lines)


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "mon")
        p = subprocess.Popen([EXE, "-M", "g3beige", "-S", "-display", "none", "-serial", "null",
                              "-name", "guest-name", "-uuid", "12345678-9abc-def0-1122-334455667788",
                              "-monitor", f"unix:{path},server,nowait"], stdin=subprocess.DEVNULL)
        try:
            mon = Monitor(path)
            test_commands(mon, folder)
            test_editing(mon)
            mon.sock.sendall(b"quit\r")
            check("quit", p.wait(20) == 0)
        finally:
            p.kill()
            p.wait()
    test_defaults()
    test_mux()
    test_mux("-serial", "mon:stdio")
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
