#!/usr/bin/env python3
"""-display curses in a pseudo terminal: a graphics mode's note, the monitor and
the serial line as text consoles, switching and line editing. If this fails,
the terminal display or the "vc" consoles show or type something wrong.

SPDX-License-Identifier: MIT
"""
import os
import pty
import re
import select
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
from guest import EXE, TIMEOUT_FACTOR, Failure, Tap  # noqa: E402


class Terminal:
    """The emulator in a terminal of 80x25."""

    def __init__(self, *args):
        self.pid, self.fd = pty.fork()
        self.text = ""
        if self.pid == 0:
            os.environ.update(TERM="vt100", LINES="25", COLUMNS="80", LC_ALL="C.UTF-8")
            os.execv(EXE, [EXE, *args])

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
        self.text += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()].|[\x0e\x0f]", "", data.decode(errors="replace"))
        return True

    def expect(self, pattern, timeout=60):
        deadline = time.time() + timeout * TIMEOUT_FACTOR
        while not re.search(pattern, self.text):
            if time.time() > deadline or not self._read():
                raise Failure(f"no {pattern!r} in {self.text[-1000:]!r}")
        self.text = ""

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
    tap.test("no-terminal", test_no_terminal)
    tap.done()


if __name__ == "__main__":
    main()
