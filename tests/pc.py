"""A PC in a test: its text screen, keyboard and picture through the monitor,
its serial line as in guest.Guest.

SPDX-License-Identifier: MIT
"""
import os
import re
import time

import guest

EXE64 = guest.executable("x86_64")
EXE32 = guest.executable("i386")
# Of the kit's guests.
EXE = {"amd64": EXE64, "i386": EXE32}
READY = {"amd64": r"GUEST-READY x86_64 6\.1", "i386": r"GUEST-READY i686 6\.1"}
# The screen of the BIOS, and the whole window in which kernels scroll by moving the start address.
TEXT_ADDRESS, BIOS_SCREEN, WHOLE_WINDOW = 0xb8000, 80 * 25 * 2, 0x8000
COLUMNS = 80


# Linux gives the timer's interrupt a few hundredths of a second of real time to show that it comes, and panics: on a
# busy host nobody may have run the emulator's timers meanwhile.
BUSY_HOST = "no_timer_check"


def linux(name, append=""):
    """The options with which the kit's guest boots directly, its first console on the serial line; a panic restarts."""
    kit = guest.guest_dir(name)
    return ["-kernel", f"{kit}/vmlinuz", "-initrd", f"{kit}/initrd.gz", "-append",
            f"console=ttyS0 quiet panic=-1 {BUSY_HOST} {append}"]


class PC(guest.Guest):
    """An emulator whose first serial line is on pipes and whose display is looked at."""

    def __init__(self, *args, exe=EXE64):
        self.folder = guest.temp_dir()
        self.text_size = BIOS_SCREEN            # how much of the text window rows() and see() look at
        path = os.path.join(self.folder.name, "monitor")
        super().__init__("-display", "none", "-serial", "stdio", "-monitor", f"unix:{path},server,nowait",
                         *args, exe=exe)
        try:
            self.monitor = guest.Monitor(path)
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        super().__exit__()
        self.folder.cleanup()

    def rows(self):
        """The rows of the text screen as strings."""
        cells = self.monitor.command(f"xp /{self.text_size // 2}hx 0x{TEXT_ADDRESS:x}")
        codes = [int(word, 16) & 0xff for line in cells.splitlines() for word in line.split()[1:]]
        text = bytes(codes).decode("cp437").replace("\0", " ")
        return [text[i:i + COLUMNS].rstrip() for i in range(0, len(text), COLUMNS)]

    def see(self, pattern, timeout=120):
        """Wait for pattern on the text screen, whose rows have no spaces at their ends; returns the match."""
        deadline = time.time() + timeout * guest.TIMEOUT_FACTOR
        while True:
            rows = self.rows()
            match = re.compile(pattern, re.M).search("\n".join(rows))
            if match:
                return match
            if time.time() > deadline:
                shown = "\n".join(row for row in rows if row)[-2500:]
                raise guest.Failure(f"timeout waiting for {pattern!r} on the screen:\n{shown}\n"
                                    f"the serial line ends with:\n{self.text[-500:]}")
            if not self._read(0.2):
                raise guest.Failure(f"the emulator ended before {pattern!r}; it printed:\n{self.text[-1500:]}")

    def keys(self, *names):
        """Press keys by the monitor's names, one after the other."""
        for name in names:
            output = self.monitor.command(f"sendkey {name} 50")
            if output:
                raise guest.Failure(f"sendkey {name}: {output}")
            time.sleep(0.1)

    def picture(self, keep=None):
        """(width, height, RGB bytes) of the display; keep: also a file there."""
        path = os.path.join(self.folder.name, "screen.ppm")
        for name in filter(None, (path, keep)):
            output = self.monitor.command(f"screendump {name}")
            if output:
                raise guest.Failure(f"screendump: {output}")
        with open(path, "rb") as file:
            magic, size, _, pixels = file.read().split(b"\n", 3)
        width, height = map(int, size.split())
        assert magic == b"P6" and len(pixels) == 3 * width * height
        return width, height, pixels


def acpi_pc(name, *args):
    """A PC with Linux on both consoles, which stay awake when it sleeps."""
    return PC("-m", "256", *linux(name, "console=tty0 console=ttyS0 no_console_suspend nomodeset"), *args, exe=EXE[name])
