#!/usr/bin/env python3
# Migration: a running guest's state to a file, a program and a socket and back, with
# equal registers and memory; damaged streams end the receiver with one line. If
# this fails, saved machines do not come back as they were.
# SPDX-License-Identifier: MIT
import array
import os
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../debug"))
import guest  # noqa: E402
import program  # noqa: E402
from qmp import QMP  # noqa: E402

EXE = guest.executable("x86_64")
# mov $0x3f8,%dx; 1: mov $0x4c,%al; out %al,(%dx); mov $0,%cx; loop .; jmp 1b
BOOT_SECTOR = bytes.fromhex("baf803b04ceeb90000e2feebf6").ljust(510, b"\0") + b"\x55\xaa"
# mov $0x604,%dx; mov $0x2400,%ax; out %ax,(%dx); 1: hlt; jmp 1b: sleep with memory kept (S3)
SLEEPER = bytes.fromhex("ba0406b80024eff4ebfd").ljust(510, b"\0") + b"\x55\xaa"
results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f"# {line}")


def wait(condition):
    deadline = time.monotonic() + 60 * guest.TIMEOUT_FACTOR
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


class Machine(QMP):
    """The guest prints to a file; its disk is the boot sector."""

    def __init__(self, folder, *args):
        self.serial = folder + "/serial"
        super().__init__(EXE, "-display", "none", "-nic", "none", "-m", "32", "-serial", f"file:{self.serial}",
                         "-drive", f"file={folder}/disk.raw,format=raw,snapshot=on", *args)

    def prints(self):
        size = os.path.getsize(self.serial)
        return wait(lambda: os.path.getsize(self.serial) > size + 3)

    def state(self, name):
        self.cmd("pmemsave", val=0, size=32 << 20, filename=name)
        with open(name, "rb") as f:
            memory = f.read()
        return self.cmd("human-monitor-command", command__line="info registers"), memory

    def status(self):
        return self.cmd("query-status")["status"]

    def migrate(self, uri):
        self.cmd("migrate", uri=uri)
        return self.end()

    def end(self):
        wait(lambda: self.cmd("query-migrate")["status"] not in ("setup", "active"))
        return self.cmd("query-migrate")


def test_ways(folder):
    stream, path = folder + "/stream", folder + "/socket"
    with Machine(folder) as source:
        check("the guest runs", source.prints())
        info = source.migrate("file:" + stream)
        check("to a file", info["status"] == "completed" and source.status() == "postmigrate", info)
        check("pages of zeros are left out", os.path.getsize(stream) < 16 << 20)
        before = source.state(folder + "/before")
        with Machine(folder, "-incoming", "file:" + stream, "-S") as target:
            check("the state comes", wait(lambda: target.status() == "paused"), target.status())
            after = target.state(folder + "/after")
            check("registers and memory are the same", before == after, f"{before[0]}\n{after[0]}")
            target.cmd("cont")
            check("the guest goes on", target.prints())
        source.cmd("cont")
        check("so does the source when it is told to", source.prints())
        info = source.migrate(f"exec:gzip -1 > {stream}.gz")
        check("to a program", info["status"] == "completed", info)
        with Machine(folder, "-incoming", f"exec:gzip -dc {stream}.gz") as target:
            check("and back, running", wait(lambda: target.status() == "running") and target.prints())
        with Machine(folder, "-incoming", "defer") as target:
            check("the receiver waits", target.status() == "inmigrate")
            check("nothing to reset yet", "not come" in target.error("system_reset")[1])
            target.cmd("migrate-incoming", uri="unix:" + path)
            info = source.migrate("unix:" + path)
            check("over a socket", info["status"] == "completed" and wait(lambda: target.status() == "running") and
                  target.prints(), info)
        check("MIGRATION events", [e for e in source.events if e["event"] == "MIGRATION"][-1]["data"] ==
              {"status": "completed"}, source.events)


def test_executable(arch, folder):
    """A program that computes for ever, on each kind of CPU: to a file and back, running on."""
    exe, stream = guest.executable(arch), f"{folder}/stream-{arch}"
    command = [exe, "-display", "none", "-serial", "null", "-nic", "none", "-m", "32", *program.build(arch, folder)[1]]
    start = 0x80000000 if arch == "riscv32" else 0

    def state(machine):
        machine.cmd("pmemsave", val=start, size=32 << 20, filename=stream + ".memory")
        with open(stream + ".memory", "rb") as f:
            memory = f.read()
        # The time registers are read, not stored.
        return machine.cmd("human-monitor-command", command__line="info registers"), memory

    def goes_on(machine):
        before = state(machine)
        return wait(lambda: state(machine)[0] != before[0])

    with QMP(*command) as source:
        check(f"{arch}: the program runs", goes_on(source))
        source.cmd("migrate", uri="file:" + stream)
        wait(lambda: source.cmd("query-migrate")["status"] not in ("setup", "active"))
        check(f"{arch}: to a file", source.cmd("query-migrate")["status"] == "completed")
        before = state(source)
    with QMP(*command, "-incoming", "file:" + stream, "-S") as target:
        wait(lambda: target.cmd("query-status")["status"] == "paused")
        after = state(target)
        check(f"{arch}: registers and memory are the same", before == after, f"{before[0]}\n{after[0]}")
        target.cmd("cont")
        check(f"{arch}: it goes on", goes_on(target))


def test_errors(folder):
    stream = folder + "/stream"
    with Machine(folder) as source:
        check("an unknown channel", "expected file:" in source.error("migrate", uri="carrier:pigeon")[1])
        info = source.migrate(f"unix:{folder}/none")
        check("no such socket", info["status"] == "failed" and "No such file" in info["error-desc"], info)
        wait(lambda: source.status() == "running")
        check("the guest goes on after errors", source.status() == "running")
        source.cmd("migrate-set-parameters", **{"max-bandwidth": 1000})
        source.cmd("migrate", uri="file:" + stream + ".slow")
        check("no cont meanwhile", "being written" in source.error("cont")[1])
        check("one at a time", "in progress" in source.error("migrate", uri="file:x")[1])
        source.cmd("migrate_cancel")
        check("cancelled", wait(lambda: source.cmd("query-migrate")["status"] == "cancelled") and
              wait(lambda: source.status() == "running"))
        source.cmd("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
        info = source.migrate("exec:exit 1")
        check("a failing program", info["status"] == "failed" and info["error-desc"], info)
        check("the guest runs again", wait(lambda: source.status() == "running"))
        check("no migrate-incoming without -incoming", "-incoming" in source.error("migrate-incoming", uri="file:x")[1])
    with open(stream, "rb") as f:
        data = f.read()
    clock = data.index(b"/machine/") - 10               # in front of the first device's path and its length
    for name, damaged, args, text in (
            ("a short stream", data[:len(data) // 2], (), "ends early"),
            ("no stream", b"hello world, this is no stream", (), "not the saved state"),
            ("a stream of another machine", data, ("-M", "isapc"), "of a machine 'pc-"),
            ("another size of memory", data, ("-m", "64"), "no memory block"),
            ("bytes behind the devices", data[:-4] + b"\xff\xff\xff\xff", (), "damaged"),
            ("a piece outside", data[:60] + b"\x7f" * 40 + data[100:], (), "outside of its memory block"),
            ("a clock that runs backwards", data[:clock] + b"\xff" * 8 + data[clock + 8:], (), "damaged"),
            ("one device more", data, ("-device", "isa-debug-exit"), "no state of it")):
        with open(stream + ".bad", "wb") as f:
            f.write(damaged)
        check_receiver(name, folder, f"file:{stream}.bad", args, text)
    check_receiver("a socket's name that is too long", folder, f"unix:{folder}/{'x' * 120}", (), "too long")
    check_receiver("somebody's file is no socket", folder, f"unix:{folder}/disk.raw", (), "in use")
    check("it is still there", os.path.getsize(folder + "/disk.raw") == 1 << 20)


def test_channels(folder):
    """Those where nobody is at the other end, or nobody reads: the main loop goes on, and so does the guest."""
    refused = socket.socket()
    refused.bind(("127.0.0.1", 0))
    os.mkfifo(folder + "/fifo")
    reader, writer = os.pipe()
    with Machine(folder) as source:
        check("a named pipe that nobody reads", "fifo" in source.error("migrate", uri=f"file:{folder}/fifo")[1])
        info = source.migrate(f"tcp:127.0.0.1:{refused.getsockname()[1]}")
        check("a refused connection", info["status"] == "failed" and "refused" in info["error-desc"], info)
        source.cmd("migrate", uri="exec:sleep 1000; :")
        check("one command later", source.cmd("query-migrate")["status"] == "active")
        source.cmd("migrate_cancel")
        check("a program that does not read is ended", source.end()["status"] == "cancelled")
        source.socket.sendmsg([b'{"execute": "getfd", "arguments": {"fdname": "pipe"}}'],
                              [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [writer]))])
        source.answer()
        source.cmd("migrate", uri="fd:pipe")
        source.cmd("migrate_cancel")
        check("a pipe that nobody reads", source.end()["status"] == "cancelled")
        check("the guest goes on", wait(lambda: source.status() == "running"))
    for end in (reader, writer, refused.detach()):
        os.close(end)


def test_meanwhile(folder):
    """While the state is being written it does not change."""
    with Machine(folder, "-usb") as source:
        source.cmd("migrate-set-capabilities", capabilities=[{"capability": "events", "state": False}])
        source.cmd("migrate", uri="exec:sleep 1000; :")
        check("no device comes meanwhile", "being written" in source.error("device_add", driver="usb-kbd")[1])
        source.cmd("system_reset")
        source.cmd("stop")
        check("no reset yet", source.cmd("query-migrate")["status"] == "active" and
              not [e for e in source.events if e["event"] == "RESET"])
        source.cmd("migrate_cancel")
        source.wait_event("RESET")
        check("the user's stop holds", source.end()["status"] == "cancelled" and source.status() == "paused")
        check("no events that nobody wants", not [e for e in source.events if e["event"] == "MIGRATION"])
        source.cmd("migrate", uri="exec:sleep 1; :")
        source.cmd("quit")
        check("an end in between is told", "complete" in source.process.stderr.read())


def test_sleep(folder):
    """A guest that sleeps (S3) is neither stopped nor started but by its wake-up."""
    with open(folder + "/sleeper.raw", "wb") as f:
        f.write(SLEEPER)
        f.truncate(1 << 20)
    with QMP(EXE, "-display", "none", "-nic", "none", "-serial", "null", "-drive",
             f"file={folder}/sleeper.raw,format=raw") as qmp:
        qmp.wait_event("SUSPEND")
        qmp.cmd("stop")
        qmp.cmd("cont")
        check("stop and cont leave it asleep", qmp.cmd("query-status")["status"] == "suspended")
        check("it does not move", "sleeps" in qmp.error("migrate", uri=f"file:{folder}/asleep")[1])
        qmp.cmd("system_wakeup")
        qmp.wait_event("WAKEUP")
        qmp.wait_event("SUSPEND")
        check("it wakes up, and sleeps again", True)


def check_receiver(name, folder, uri, args, text):
    """The receiver ends with status 1 and one line, which has text."""
    done = subprocess.run([EXE, "-display", "none", "-nic", "none", "-m", "32", "-serial", "null", "-drive",
                           f"file={folder}/disk.raw,format=raw,snapshot=on", "-S", "-incoming", uri, *args],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60 * guest.TIMEOUT_FACTOR)
    check(name, done.returncode == 1 and done.stderr.count("\n") == 1 and "-incoming" in done.stderr and
          text in done.stderr, done.stderr)


with tempfile.TemporaryDirectory() as folder:
    with open(folder + "/disk.raw", "wb") as f:
        f.write(BOOT_SECTOR)
        f.truncate(1 << 20)
    try:
        test_ways(folder)
        for arch in program.ARCHES:
            if os.path.exists(guest.executable(arch)):
                test_executable(arch, folder)
        test_errors(folder)
        test_channels(folder)
        test_meanwhile(folder)
        test_sleep(folder)
    except (guest.Failure, OSError, ValueError) as failure:
        check(f"no more: {failure}", False)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
