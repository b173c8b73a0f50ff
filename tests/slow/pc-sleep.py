#!/usr/bin/env python3
"""Sleep (S3) of a Linux PC: it wakes by the monitor, by keys and by the clock, and
disk, network, serial line and keyboard work afterwards. If this fails, ACPI or
a device's resume is wrong.

SPDX-License-Identifier: MIT
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import Failure, Tap, temp_dir                # noqa: E402
from pc import acpi_pc                                  # noqa: E402


def use_devices(pc, disk, mark):
    """Disk, network, serial line, keyboard. The kernel's text console does not set VGA up again, nobody else does."""
    pc.run(f"dd if=/dev/urandom of=/tmp/data bs=64k count=16 && dd if=/tmp/data of={disk} bs=64k && sync")
    pc.run(f"echo 3 > /proc/sys/vm/drop_caches && cmp -n 1048576 /tmp/data {disk}")
    pc.run("ping -c 1 10.0.2.2", 60)
    keyboard(pc, mark)


def keyboard(pc, mark, tries=5):
    """Linux sets the keyboard up again while programs already run: what is typed until then is lost."""
    for remaining in reversed(range(tries)):
        pc.monitor.type(f"\necho key-{mark} > /dev/ttyS0\n")
        try:
            pc.expect(f"key-{mark}\r?$", 5 if remaining else 60)
            return
        except Failure:
            if not remaining:
                raise


def sleeping(pc):
    while "suspended" not in pc.monitor.command("info status"):
        if not pc._read(0.2):
            raise Failure("the emulator ended")


def sleep_and_wake(guest, disk, interface, nic):
    with temp_dir() as folder:
        image = os.path.join(folder, "disk.img")
        with open(image, "wb") as file:
            file.truncate(2 << 20)
        with acpi_pc(guest, "-drive", f"file={image},format=raw,if={interface}", "-nic", f"user,model={nic}") as pc:
            pc.to_prompt()
            pc.run("udhcpc -n -q -i eth0", 60)
            use_devices(pc, disk, "before")
            pc.send("echo mem > /sys/power/state; echo AWAKE\n")
            sleeping(pc)
            pc.monitor.command("system_wakeup")
            pc.expect("^AWAKE")
            use_devices(pc, disk, "monitor")
            pc.run("echo enabled > /sys/devices/platform/i8042/serio0/power/wakeup")
            for key in ("shift", "a"):
                pc.send("echo mem > /sys/power/state; echo AWAKE\n")
                sleeping(pc)
                pc.keys(key)
                pc.expect("^AWAKE")
                use_devices(pc, disk, f"woken-by-{key}")
            pc.send("rtcwake -m mem -s 3; echo AWAKE\n")
            pc.expect("^AWAKE")
            use_devices(pc, disk, "clock")


def main():
    tap = Tap()
    tap.test("amd64: sleep, IDE, e1000", sleep_and_wake, "amd64", "/dev/sda", "ide", "e1000")
    tap.test("i386: sleep, virtio", sleep_and_wake, "i386", "/dev/vda", "virtio", "virtio-net-pci")
    tap.done()


if __name__ == "__main__":
    main()
