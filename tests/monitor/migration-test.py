#!/usr/bin/env python3
# Migration: a running guest's state to a file, a program and a socket and back, with
# equal registers and memory; damaged streams end the receiver with one line. If
# this fails, saved machines do not come back as they were.
# SPDX-License-Identifier: MIT
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import guest  # noqa: E402
from qmp import QMP  # noqa: E402

EXE = guest.executable("x86_64")
# mov $0x3f8,%dx; 1: mov $0x4c,%al; out %al,(%dx); mov $0,%cx; loop .; jmp 1b
BOOT_SECTOR = bytes.fromhex("baf803b04ceeb90000e2feebf6").ljust(510, b"\0") + b"\x55\xaa"
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
            target.cmd("migrate-incoming", uri="unix:" + path)
            info = source.migrate("unix:" + path)
            check("over a socket", info["status"] == "completed" and wait(lambda: target.status() == "running") and
                  target.prints(), info)
        check("MIGRATION events", [e for e in source.events if e["event"] == "MIGRATION"][-1]["data"] ==
              {"status": "completed"}, source.events)


def test_errors(folder):
    stream = folder + "/stream"
    with Machine(folder) as source:
        check("an unknown channel", "expected file:" in source.error("migrate", uri="carrier:pigeon")[1])
        check("no such socket", "No such file" in source.error("migrate", uri=f"unix:{folder}/none")[1])
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
    for name, damaged, args in (
            ("a short stream", data[:len(data) // 2], ()), ("no stream", b"hello world, this is no stream", ()),
            ("a stream of another machine", data, ("-M", "isapc")), ("another size of memory", data, ("-m", "64")),
            ("bytes behind the devices", data[:-4] + b"\xff\xff\xff\xff", ()),
            ("a piece outside", data[:60] + b"\x7f" * 40 + data[100:], ())):
        with open(stream + ".bad", "wb") as f:
            f.write(damaged)
        check_receiver(name, folder, f"file:{stream}.bad", args)


def check_receiver(name, folder, uri, args):
    done = subprocess.run([EXE, "-display", "none", "-nic", "none", "-m", "32", "-serial", "null", "-drive",
                           f"file={folder}/disk.raw,format=raw,snapshot=on", "-S", "-incoming", uri, *args],
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60 * guest.TIMEOUT_FACTOR)
    check(name, done.returncode == 1 and done.stderr.count("\n") == 1 and "-incoming: " in done.stderr, done.stderr)


with tempfile.TemporaryDirectory() as folder:
    with open(folder + "/disk.raw", "wb") as f:
        f.write(BOOT_SECTOR)
        f.truncate(1 << 20)
    try:
        test_ways(folder)
        test_errors(folder)
    except (guest.Failure, OSError, ValueError) as failure:
        check(f"no more: {failure}", False)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
