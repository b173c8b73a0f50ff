#!/usr/bin/env python3
"""Restart and power-off of a Linux PC: by the keyboard controller, by port 0xcf9,
by the power button. If this fails, ACPI or a reset line is wrong.

SPDX-License-Identifier: MIT
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import Tap                   # noqa: E402
from pc import EXE, PC, acpi_pc, linux  # noqa: E402


def power_button(guest):
    """ACPI tells Linux of the button, whereupon a program turns the power off."""
    with acpi_pc(guest, "-nic", "none") as pc:
        pc.to_prompt()
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
    with PC("-m", "128", "-nic", "none", *linux(guest, f"reboot={way}"), exe=EXE[guest]) as pc:
        pc.to_prompt()
        pc.send("reboot -f\n")
        pc.to_prompt()


# What tests/slow/pc-boots.py runs as well.
MORE = [("amd64: restart by port 0xcf9", restart, "amd64", "p")]


def main():
    tap = Tap()
    tap.test("amd64: power button", power_button, "amd64")
    tap.test("i386: restart by the keyboard controller", restart, "i386", "k")
    tap.done()


if __name__ == "__main__":
    main()
