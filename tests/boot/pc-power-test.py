#!/usr/bin/env python3
"""Restart and power-off of a Linux PC: by the keyboard controller, by port 0xcf9,
by the power button. If this fails, ACPI or a reset line is wrong.

SPDX-License-Identifier: MIT
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import Tap, guest_dir        # noqa: E402
from pc import EXE32, EXE64, PC         # noqa: E402

EXE = {"amd64": EXE64, "i386": EXE32}


def start(guest, *args):
    kit = guest_dir(guest)
    pc = PC("-m", "256", "-kernel", f"{kit}/vmlinuz", "-initrd", f"{kit}/initrd.gz", "-append",
            "console=tty0 console=ttyS0 quiet panic=-1 no_console_suspend nomodeset", *args, exe=EXE[guest])
    return pc


def to_prompt(pc):
    pc.expect("GUEST-READY")
    pc.expect("guest# ")
    pc.run("dmesg -n 1")


def power_button(guest):
    """ACPI tells Linux of the button, whereupon a program turns the power off."""
    with start(guest, "-nic", "none") as pc:
        to_prompt(pc)
        pc.run("grep -q 'Power Button' /proc/bus/input/devices")
        pc.send("cat /sys/firmware/acpi/interrupts/ff_pwr_btn; echo COUNTED\n")
        pc.expect("^ *0 .*\n")
        pc.expect("^COUNTED")
        pc.monitor.command("system_powerdown")
        pc.send("until grep -q '^ *1 ' /sys/firmware/acpi/interrupts/ff_pwr_btn; do sleep 1; done; sync; poweroff -f\n")
        status = pc.wait_exit(60)
        assert status == 0, status


def restart(guest, way):
    """reboot= of Linux: k is the keyboard controller's reset line, p port 0xcf9."""
    kit = guest_dir(guest)
    with PC("-m", "128", "-nic", "none", "-kernel", f"{kit}/vmlinuz", "-initrd", f"{kit}/initrd.gz", "-append",
            f"console=ttyS0 quiet reboot={way}", exe=EXE[guest]) as pc:
        to_prompt(pc)
        pc.send("reboot -f\n")
        to_prompt(pc)


def main():
    tap = Tap()
    tap.test("amd64: power button", power_button, "amd64")
    tap.test("i386: restart by the keyboard controller", restart, "i386", "k")
    tap.test("amd64: restart by port 0xcf9", restart, "amd64", "p")
    tap.done()


if __name__ == "__main__":
    main()
