#!/usr/bin/env python3
# Malformed QMP and qtest lines: random bytes, damaged and exchanged parts of good
# requests, arguments of wrong types. The emulator answers or ignores them and goes on.
# If this fails, a broken client takes the machine down. QEMU_FUZZ_SEED sets the seed,
# QEMU_FUZZ_ROUNDS the number of lines.
# SPDX-License-Identifier: MIT
import json
import os
import random
import socket
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import guest  # noqa: E402
from qmp import QMP  # noqa: E402
from qtest import QTest  # noqa: E402

EXE = guest.executable("x86_64")
SEED = int(os.environ.get("QEMU_FUZZ_SEED", "1"))
ROUNDS = int(os.environ.get("QEMU_FUZZ_ROUNDS", "1500"))
results = []

# Commands that would end the session's purpose, wait for something, or touch files and the host.
LEAVE_OUT = {"quit", "screendump", "memsave", "pmemsave", "migrate", "migrate-incoming", "chardev-add", "blockdev-add",
             "blockdev-change-medium", "change", "human-monitor-command", "block_resize", "cont", "system_reset",
             "object-add", "netdev_add"}
HMP_LEAVE_OUT = ("q", "screendump", "memsave", "pmemsave", "migrate", "chardev-add", "logfile", "log", "gdbserver", "wavcapture",
                 "object_add", "netdev_add", "dump", "trace", "change", "profile", "cont", "c")
VALUES = [None, True, False, 0, 1, -1, 2**31, 2**63 - 1, -2**63, 1.5, "", "x", "/machine", "a" * 300, "\u0000", "%n%s", [], {},
          [[]], [{}], {"a": 1}, {"str": "x"}, "ide1-cd0", "e1000", "all", "qcode"]


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f"# {line}")


def sync(qmp, number):
    """All answers up to that of a request with an id of its own; 0xff forgets what is unfinished."""
    qmp.send(b'\xff{"execute": "query-status", "id": %d}\n' % number)
    while True:
        value = qmp.line()
        if value.get("id") == number:
            return value


def damaged(rng, text):
    data = bytearray(text.encode())
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(data))
        kind = rng.randrange(4)
        if kind == 0:
            data[at] = rng.randrange(256)
        elif kind == 1:
            del data[at:at + rng.randint(1, 8)]
        elif kind == 2:
            data[at:at] = bytes(rng.choice(b'{}[]",:\\\x00\xff\'0e-') for _ in range(rng.randint(1, 6)))
        else:
            data = data[:at + 1] * 2
        if not data:
            break
    return bytes(data)


def random_arguments(rng, schema, name):
    members = schema[schema[name]["arg-type"]]["members"]
    arguments = {m["name"]: rng.choice(VALUES) for m in members if rng.random() < 0.8}
    if rng.random() < 0.2:
        arguments[rng.choice(["x", "id", "", "driver"])] = rng.choice(VALUES)
    return arguments


def fuzz_qmp():
    rng = random.Random(SEED)
    with QMP(EXE, "-display", "none", "-serial", "null", "-nic", "none", "-S", "-usb") as qmp:
        schema = {e["name"]: e for e in qmp.cmd("query-qmp-schema")}
        names = sorted(c["name"] for c in qmp.cmd("query-commands") if c["name"] not in LEAVE_OUT)
        for i in range(ROUNDS):
            name = rng.choice(names)
            request = json.dumps({"execute": name, "arguments": random_arguments(rng, schema, name)})
            # Damage may make a left-out command of another one only by a chance that does not come.
            qmp.send(request if rng.random() < 0.5 else damaged(rng, request))
            if i % 50 == 49:
                sync(qmp, i)
        check("damaged requests", "return" in sync(qmp, ROUNDS))
        qmp.send("[" * 100000)
        check("deep nesting", "return" in sync(qmp, ROUNDS + 1))
        qmp.send('{"execute": "' + "x" * (9 << 20))
        check("a huge string", "return" in sync(qmp, ROUNDS + 2))
        for _ in range(100):
            qmp.send(bytes(rng.randrange(256) for _ in range(rng.randint(1, 200))) + b"\n")
        check("random bytes", "return" in sync(qmp, ROUNDS + 3))
        words = [c for c in qmp.cmd("human-monitor-command", command__line="help").split("\n") if c]
        words = [w.split()[0].split("|")[0] for w in words]
        for i in range(ROUNDS // 5):
            word = rng.choice(words)
            if word.startswith(HMP_LEAVE_OUT):
                continue
            line = word + " " + " ".join(str(rng.choice(VALUES)) for _ in range(rng.randrange(4)))
            qmp.request("human-monitor-command", command__line=line.replace("\n", " "))
        check("monitor lines", "return" in sync(qmp, ROUNDS + 4))
        qmp.socket.sendall(b'{"execute": "que')
        qmp.file.close()
        qmp.socket.close()
        qmp.connect()
        check("half a request and a new client", qmp.cmd("query-status")["status"] in ("prelaunch", "paused"))


def fuzz_qtest():
    rng = random.Random(SEED)
    words = ["readb", "readl", "writeb", "writeq", "inb", "outl", "read", "write", "memset", "b64read", "b64write", "clock_step",
             "clock_set", "irq_intercept_in", "set_irq_in", "endianness", "vmsave", "vmload", "nonsense", ""]
    numbers = ["0", "1", "-1", "0x", "0xffffffffffffffff", "0x1000", "zz", "99999999999999999999", "0x0123", "/", "AAAA", "4"]
    with QTest(exe=EXE) as qtest:
        for i in range(ROUNDS):
            word = rng.choice(words)
            line = " ".join([word] + [rng.choice(numbers) for _ in range(rng.randrange(5))])
            if word in ("clock_step", "clock_set"):     # a far clock makes timers run for years
                line = word + " " + rng.choice(["", "x", "-1", "0x", "10"])
            data = line.encode() if rng.random() < 0.7 else damaged(rng, line + " ").replace(b"\n", b"")
            if data.startswith(b"clock"):
                data = line.encode()
            qtest.socket.sendall(data + b"\n")
        qtest.socket.sendall(b"\nendianness\n")
        deadline = time.monotonic() + 60 * guest.TIMEOUT_FACTOR
        qtest.socket.settimeout(60 * guest.TIMEOUT_FACTOR)
        text = b""
        while not text.endswith(b"OK little\n") and time.monotonic() < deadline:
            part = qtest.socket.recv(65536)
            if not part:
                break
            text = (text + part)[-4096:]
        # Other lines may have asked the same: one more that nobody else asks.
        qtest.socket.sendall(b"writeb 0x5000 0x5a\nreadb 0x5000\n")
        while not text.endswith(b"OK 0x000000000000005a\n") and time.monotonic() < deadline:
            part = qtest.socket.recv(65536)
            if not part:
                break
            text = (text + part)[-4096:]
        check("qtest lines", text.endswith(b"OK 0x000000000000005a\n"), text[-200:])


try:
    fuzz_qmp()
    fuzz_qtest()
except (guest.Failure, OSError, ValueError, socket.timeout) as failure:
    check(f"seed {SEED}: no more: {failure}", False)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
