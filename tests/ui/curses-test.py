#!/usr/bin/env python3
"""-display curses in a pseudo terminal: a graphics mode's note, the monitor and
the serial line as text consoles, switching and line editing; the boot menu of a
PC, its text and its keys. If this fails, the terminal display or the "vc"
consoles show or type something wrong.

SPDX-License-Identifier: MIT
"""
import os
import pty
import re
import select
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import EXE, TIMEOUT_FACTOR, Failure, Tap, executable, temp_dir  # noqa: E402

ROWS, COLUMNS = 25, 80
EXE_PC = executable("x86_64")
# xor ax,ax; mov ds,ax; mov si,message; next: lodsb; test al,al; jz end; mov ah,14; int 16; jmp next; end: hlt; jmp end
PRINT = bytes.fromhex("31c08ed8be187cac84c07406b40ecd10ebf5f4ebfd909090")


class Screen:
    """What a VT100 shows, as far as curses uses it."""

    # Parameters and letter; other sequences of two or three characters; a character.
    TOKEN = re.compile(r"\x1b\[([0-9;?]*)([A-Za-z])|\x1b[()].|\x1b([^\[()])|([^\x1b])", re.S)

    def __init__(self):
        self.cells = [[" "] * COLUMNS for _ in range(ROWS)]
        self.y = self.x = self.top = 0
        self.bottom = ROWS - 1
        self.rest = ""

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def feed(self, data):
        data = self.rest + data
        end = 0
        while match := self.TOKEN.match(data, end):
            parameters, letter, short, character = match.groups()
            if letter:
                self.control(letter, [int(n) for n in parameters.split(";") if n.isdigit()])
            elif short == "M":
                self.scroll(-1) if self.y == self.top else self.move(self.y - 1, self.x)
            elif character:
                self.put(character)
            end = match.end()
        self.rest = data[end:]          # half a sequence

    def move(self, y, x):
        self.y, self.x = min(max(y, 0), ROWS - 1), min(max(x, 0), COLUMNS - 1)

    def scroll(self, lines):
        gone, new = (self.top, self.bottom) if lines > 0 else (self.bottom, self.top)
        del self.cells[gone]
        self.cells.insert(new, [" "] * COLUMNS)

    def put(self, character):
        if character == "\n":
            self.scroll(1) if self.y == self.bottom else self.move(self.y + 1, self.x)
        elif character in "\r\b":
            self.move(self.y, 0 if character == "\r" else self.x - 1)
        elif character >= " ":
            self.cells[self.y][self.x] = character
            self.move(self.y, self.x + 1)

    def control(self, letter, numbers):
        n = numbers[0] if numbers else 0
        if letter in "ABCD":
            self.move(self.y + {"A": -1, "B": 1}.get(letter, 0) * (n or 1),
                      self.x + {"C": 1, "D": -1}.get(letter, 0) * (n or 1))
        elif letter in "Hf":
            self.move(*(v - 1 for v in (numbers + [1, 1])[:2]) if numbers else (0, 0))
        elif letter == "r":
            self.top, self.bottom = (v - 1 for v in numbers) if len(numbers) == 2 else (0, ROWS - 1)
            self.move(0, 0)
        elif letter == "K":
            begin, end = ((self.x, COLUMNS), (0, self.x + 1), (0, COLUMNS))[n]
            self.cells[self.y][begin:end] = [" "] * (end - begin)
        elif letter == "J":
            here = self.y * COLUMNS + self.x
            for i in range(*((here, ROWS * COLUMNS), (0, here + 1), (0, ROWS * COLUMNS))[n]):
                self.cells[i // COLUMNS][i % COLUMNS] = " "


class Terminal:
    """The emulator in a terminal of 80x25."""

    def __init__(self, *args, exe=EXE):
        self.pid, self.fd = pty.fork()
        self.screen = Screen()
        if self.pid == 0:
            os.environ.update(TERM="vt100", LINES=str(ROWS), COLUMNS=str(COLUMNS), LC_ALL="C.UTF-8")
            os.execv(exe, [exe, *args])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)

    def _read(self):
        if not select.select([self.fd], [], [], 0.5)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.screen.feed(data.decode(errors="replace"))
        return True

    def expect(self, pattern, timeout=60):
        deadline = time.time() + timeout * TIMEOUT_FACTOR
        while not re.search(pattern, self.screen.text()):
            if time.time() > deadline or not self._read():
                raise Failure(f"no {pattern!r} on the screen:\n{self.screen.text()}")

    def send(self, text):
        os.write(self.fd, text.encode())

    def wait(self, timeout=30):
        deadline = time.time() + timeout * TIMEOUT_FACTOR
        while time.time() < deadline:
            self._read()
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                return status
            time.sleep(0.05)
        raise Failure("the emulator does not end")


def test_consoles():
    with Terminal("-M", "g3beige", "-display", "curses", "-net", "none") as terminal:
        terminal.expect(r"\d+ x \d+ Graphic mode")
        terminal.send("\x1b3")
        terminal.expect(r"OpenBIOS")
        terminal.send("\x1b2")
        terminal.expect(r"QEMU monitor")
        terminal.send("info versiox\x7fn\r")
        terminal.expect(r"7\.2\.0")
        terminal.send("\x1b1")
        terminal.expect(r"Graphic mode")
        terminal.send("\x1b2")
        terminal.send("quit\r")
        assert terminal.wait() == 0


def test_boot_menu():
    """Escape alone, which curses must tell from the start of a sequence, and a digit."""
    with temp_dir() as folder:
        image = os.path.join(folder, "disk")
        with open(image, "wb") as file:
            file.write((PRINT + b"\r\nSECTOR RUNS").ljust(510, b"\0") + b"\x55\xaa" + bytes(512 * 2047))
        with Terminal("-display", "curses", "-net", "none", "-boot", "menu=on,splash-time=60000", "-monitor", "none",
                      "-drive", f"file={image},format=raw", exe=EXE_PC) as terminal:
            terminal.expect(r"^SeaBIOS \(version")
            terminal.expect(r"(?m)^Press ESC for boot menu\.$")
            terminal.send("\x1b")
            terminal.expect(r"(?m)^Select boot device:$")
            terminal.expect(r"(?m)^1\. ata0-0: QEMU HARDDISK ATA-\d Hard-Disk")
            terminal.send("1")
            terminal.expect(r"(?m)^SECTOR RUNS$")


def test_no_terminal():
    """One line and status 1 where there is no terminal."""
    import subprocess
    result = subprocess.run([EXE, "-M", "g3beige", "-display", "curses"], stdin=subprocess.DEVNULL,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60 * TIMEOUT_FACTOR)
    assert result.returncode == 1 and result.stderr.count("\n") == 1, result.stderr
    assert "terminal" in result.stderr


def main():
    tap = Tap()
    tap.test("consoles", test_consoles)
    if os.path.exists(EXE_PC):
        tap.test("boot menu of a PC", test_boot_menu)
    tap.test("no-terminal", test_no_terminal)
    tap.done()


if __name__ == "__main__":
    main()
