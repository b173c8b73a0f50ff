"""Two boots under -icount print the same. Shared by the boards' tests.

Drives answer when the host has their data, so these machines write to none.
SPDX-License-Identifier: MIT
"""
from guest import Guest

# Sleeps, computes and prints the clocks; kernel messages have time stamps.
COMMAND = "cat /proc/interrupts /proc/uptime; sleep 0.3; date; /bench/fib 18; cat /proc/uptime"


def boot(exe, append, options, command):
    """The console's output; options: machine, kernel and initramfs."""
    with Guest(*options, "-m", "128", "-nic", "none", "-nographic", "-no-reboot",
               "-rtc", "base=2024-02-29T12:00:00,clock=vm", "-icount", "shift=3",
               "-append", f'{append} printk.time=1 selftest="{command}"', exe=exe) as guest:
        guest.expect(r"SELFTEST-EXIT 0", 180)
        status = guest.wait_exit()
        assert status == 0, f"power-off ended the process with status {status}"
        return guest.text


def runs_repeat(exe, append, *options, command=COMMAND):
    first, second = (boot(exe, append, options, command).splitlines() for _ in range(2))
    for one, other in zip(first, second):
        assert one == other, f"runs differ:\n{one}\n{other}"
    assert len(first) == len(second), "one run printed more than the other"
