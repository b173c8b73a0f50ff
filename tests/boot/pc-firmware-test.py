#!/usr/bin/env python3
"""SeaBIOS on the PC boards: its banner, its boot menu by keyboard, a boot sector
that prints and turns the machine off, resets. If this fails, no PC guest boots.

SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import Failure, Guest, Monitor, Tap, temp_dir    # noqa: E402

EXE64 = os.environ.get("QEMU_EXE_X86", "x86_64-softmmu/qemu-system-x86_64")
EXE32 = os.environ.get("QEMU_EXE_I386", "i386-softmmu/qemu-system-i386")

# xor ax,ax; mov ds,ax; mov si,message; mov dx,0x3f8; next: lodsb; test al,al; jz end; out dx,al; jmp next
PRINT = bytes.fromhex("31c08ed8be1c7cbaf803ac84c07403eeebf8")
# mov dx,0x604; mov ax,0x2000; out dx,ax; hlt; jmp to the hlt: ACPI power-off
POWER_OFF = bytes.fromhex("ba0406b80020eff4ebfd")
# mov dx,0x604; mov ax,0x2400; out dx,ax; hlt; jmp to the hlt: sleep with memory kept
SLEEP = bytes.fromhex("ba0406b80024eff4ebfd")
# mov al,0xfe; out 0x64,al; hlt; jmp: the keyboard controller's reset line
KBD_RESET = bytes.fromhex("b0fee664f4ebfd909090")
# mov dx,0xcf9; mov al,6; out dx,al; hlt; jmp: reset control of the chipset
CF9_RESET = bytes.fromhex("baf90cb006eef4ebfd90")


def boot_disk(directory, message, end):
    # Three times: the firmware may still be printing.
    sector = PRINT + end + 3 * (message.encode() + b"\r\n") + b"\0"
    path = os.path.join(directory, "boot.img")
    with open(path, "wb") as image:
        image.write(sector.ljust(510, b"\0") + b"\x55\xaa" + bytes(512 * 2047))
    return path


def run_sector(exe, machine, end, status=0):
    with temp_dir() as directory:
        disk = boot_disk(directory, "SECTOR-RUNS", end)
        with Guest("-M", machine, "-nographic", "-no-reboot", "-net", "none", "-drive", f"file={disk},format=raw",
                   exe=exe) as guest:
            guest.expect(r"SeaBIOS \(version")
            guest.expect("Booting from Hard Disk")
            guest.expect("SECTOR-RUNS")
            code = guest.wait_exit()
            if code != status:
                raise Failure(f"exit status {code}")


def test_boot_menu():
    with temp_dir() as directory:
        disk = boot_disk(directory, "SECTOR-RUNS", POWER_OFF)
        monitor = os.path.join(directory, "monitor")
        with Guest("-machine", "pc,graphics=off", "-display", "none", "-serial", "stdio", "-net", "none",
                   "-boot", "menu=on,splash-time=60000", "-drive", f"file={disk},format=raw",
                   "-monitor", f"unix:{monitor},server,nowait", exe=EXE64) as guest:
            guest.expect("Press ESC for boot menu")
            keys = Monitor(monitor)
            keys.command("sendkey esc")
            guest.expect("Select boot device:")
            guest.expect(r"1\. ata0-0: QEMU HARDDISK")
            keys.command("sendkey 1")
            guest.expect("SECTOR-RUNS")
            guest.wait_exit()


def test_reboot():
    """A reset starts the sector again."""
    with temp_dir() as directory:
        disk = boot_disk(directory, "SECTOR-RUNS", CF9_RESET)
        with Guest("-nographic", "-net", "none", "-drive", f"file={disk},format=raw", exe=EXE64) as guest:
            for _ in range(3):
                guest.expect("SECTOR-RUNS")


def test_sleep():
    """Nobody set a waking vector: the firmware starts the machine again."""
    with temp_dir() as directory:
        disk = boot_disk(directory, "SECTOR-RUNS", SLEEP)
        monitor = os.path.join(directory, "monitor")
        with Guest("-machine", "pc,graphics=off", "-display", "none", "-serial", "stdio", "-net", "none",
                   "-drive", f"file={disk},format=raw", "-monitor", f"unix:{monitor},server,nowait",
                   exe=EXE64) as guest:
            keys = Monitor(monitor)
            for _ in range(2):
                guest.expect("SECTOR-RUNS")
                while "suspended" not in keys.command("info status"):
                    if guest.process.poll() is not None:
                        raise Failure("the emulator ended")
                if keys.command("system_wakeup").strip():
                    raise Failure("system_wakeup refused")
            guest.expect("SECTOR-RUNS")


def main():
    tap = Tap()
    tap.test("x86-64: boot sector, ACPI power-off", run_sector, EXE64, "pc", POWER_OFF)
    tap.test("i386: boot sector, ACPI power-off", run_sector, EXE32, "pc", POWER_OFF)
    tap.test("isapc: boot sector, reset by the keyboard controller", run_sector, EXE32, "isapc", KBD_RESET)
    tap.test("reset by port 0xcf9 with -no-reboot", run_sector, EXE64, "pc", CF9_RESET)
    tap.test("boot menu by PS/2 keyboard", test_boot_menu)
    tap.test("three starts", test_reboot)
    tap.test("sleep and wake-up", test_sleep)
    tap.done()


if __name__ == "__main__":
    main()
