#!/usr/bin/env python3
# -blockdev: nodes become drives that devices and "info block" know; wrong nodes
# end with one line and status 1. If this fails, machines described the modern
# way do not find their disks.
# SPDX-License-Identifier: MIT
import os
import subprocess
import sys
import tempfile

EXE = os.environ.get("QEMU_EXE", "ppc-softmmu/qemu-system-ppc")
results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}")
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f"# {line}")


def run(*args, commands=""):
    argv = [EXE, "-M", "g3beige", "-display", "none", "-serial", "none", "-nic", "none",
            "-S", "-monitor", "stdio", *args]
    done = subprocess.run(argv, input=commands, capture_output=True, text=True, timeout=60)
    return done.returncode, done.stdout, done.stderr


with tempfile.TemporaryDirectory() as tmp:
    image = os.path.join(tmp, "a,b.raw")
    with open(image, "wb") as f:
        f.truncate(1 << 20)
    quoted = image.replace(",", ",,")
    show = "info block\nquit\n"
    status, out, err = run("-blockdev", f"driver=file,node-name=f,filename={quoted}",
                           "-blockdev", "driver=raw,node-name=d,file=f",
                           "-device", "virtio-blk-pci,drive=d", commands=show)
    check("a format over a file node", status == 0 and image in out and "d" in out, out + err)
    status, out, err = run("-blockdev", f"raw,node-name=d,file.driver=file,file.filename={quoted},read-only=on",
                           "-device", "virtio-blk-pci,drive=d", commands=show)
    check("both in one, read-only", status == 0 and "read-only" in out, out + err)
    status, out, err = run("-blockdev", f"driver=file,node-name=d,filename={quoted}",
                           "-device", "virtio-blk-pci,drive=d", commands=show)
    check("a file alone is raw", status == 0 and image in out, out + err)
    for what in ("driver=raw,node-name=d,file=none", "driver=vhdx,node-name=d,file=f",
                 "driver=raw,node-name=d", "driver=file,node-name=d", f"driver=file,filename={quoted}",
                 f"driver=file,node-name=d,filename={quoted},bogus=1",
                 "driver=qcow2,node-name=d,file.filename=/nonexistent"):
        status, out, err = run("-blockdev", what, commands="quit\n")
        check(f"refused: {what.replace(tmp, '')}", status == 1 and err.count("\n") == 1, f"{status} {err}")

print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
