#!/usr/bin/env python3
"""Linux finds cards that come while it runs, uses them, and lets go of them.

If this fails, device_add and device_del do nothing for running guests.
SPDX-License-Identifier: MIT
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Failure, Guest, Monitor, Tap, temp_dir    # noqa: E402
from pc import EXE, linux                                   # noqa: E402


def wait_for(g, condition):
    g.run(f"for i in $(seq 600); do {condition} && break; sleep 0.1; done; {condition}", 120)


def hotplug(guest, *args):
    with temp_dir() as directory:
        image, path = os.path.join(directory, "disk"), os.path.join(directory, "monitor")
        with open(image, "wb") as f:
            f.write(b"content\n".ljust(1 << 20, b"\0"))
        with Guest("-M", "pc", "-m", "256", "-nographic", "-no-reboot", *linux(guest), "-nic", "none",
                   "-netdev", "user,id=net", "-drive", f"if=none,id=drive,format=raw,file={image}",
                   "-monitor", f"unix:{path},server,nowait", *args, exe=EXE[guest]) as g:
            g.to_prompt()
            monitor = Monitor(path)
            for _ in range(2):
                plug_and_unplug(g, monitor)
            g.send("poweroff -f\n")
            assert g.wait_exit() == 0


def plug_and_unplug(g, monitor):
    for line in "device_add e1000,id=card,netdev=net", "device_add virtio-blk-pci,id=disk,drive=drive":
        output = monitor.command(line)
        assert not output.strip(), output
    wait_for(g, "test -e /sys/class/net/eth0 -a -e /dev/vda")
    g.run("udhcpc -n -q -i eth0 && ping -c 1 10.0.2.2")
    output = g.run("head -n 1 /dev/vda")
    assert "content" in output, output
    for line in "device_del card", "device_del disk":
        output = monitor.command(line)
        assert not output.strip(), output
    wait_for(g, "test ! -e /sys/class/net/eth0 -a ! -e /dev/vda")
    # The guest's last word to the board comes after its own clean-up.
    for _ in range(600):
        output = monitor.command("info pci")
        if not any(f'id "{name}"' in output for name in ("card", "disk")):
            return
        time.sleep(0.1)
    raise Failure(output)


# What tests/slow/pc-boots.py runs as well.
MORE = [("i386: network card and disk come and go", hotplug, "i386")]


def main():
    tap = Tap()
    if tap.built(EXE["amd64"]):
        tap.test("amd64: network card and disk come and go", hotplug, "amd64", "-smp", "2")
    tap.done()


if __name__ == "__main__":
    main()
