"""Running a guest from a test: start the emulator, wait for output, type, TAP.

The executable is $QEMU_EXE or ppc-softmmu/qemu-system-ppc in the build
directory; PC guests use executable(). The guest files are in $QEMU_GUEST_PPC,
$QEMU_GUEST_AMD64, $QEMU_GUEST_I386, $QEMU_GUEST_DEBIAN_AMD64 and so on, or are built on demand.
SPDX-License-Identifier: MIT
"""
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
EXE = os.environ.get("QEMU_EXE", "ppc-softmmu/qemu-system-ppc")
# Slow builds of the emulator get this many times longer for everything.
TIMEOUT_FACTOR = float(os.environ.get("QEMU_TEST_TIMEOUT_FACTOR", "1"))


def executable(arch):
    """The emulator of an architecture in the build directory, or $QEMU_EXE_ARCH."""
    return os.environ.get(f"QEMU_EXE_{arch.upper()}", f"{arch}-softmmu/qemu-system-{arch}")


def guest_dir(name="ppc"):
    path = os.environ.get(f"QEMU_GUEST_{name.upper().replace('-', '_')}")
    if not path:
        path = subprocess.run([os.path.join(HERE, "guests", f"build-{name}.sh")], check=True,
                              stdout=subprocess.PIPE, text=True).stdout.split()[-1]
    return path


class Failure(Exception):
    pass


class Guest:
    """An emulator with its console on pipes."""

    def __init__(self, *args, exe=EXE):
        self.command = [exe, *args]
        self.text = ""
        self.seen = 0
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def _read(self, timeout):
        if not select.select([self.process.stdout], [], [], timeout)[0]:
            return True
        data = os.read(self.process.stdout.fileno(), 65536)
        self.text += data.decode("latin1")
        return bool(data)

    def expect(self, pattern, timeout=120):
        """Wait for pattern in output not yet matched; returns the match."""
        timeout *= TIMEOUT_FACTOR
        deadline = time.time() + timeout
        alive = True
        while True:
            match = re.compile(pattern, re.M).search(self.text, self.seen)
            if match:
                self.seen = match.end()
                return match
            if not alive or time.time() > deadline:
                why = "timeout" if alive else "end of output"
                raise Failure(f"{why} waiting for {pattern!r}; output ends with:\n{self.text[-1500:]}")
            alive = self._read(0.5)

    def send(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def run(self, command, timeout=60):
        """A shell command in the guest; returns its output."""
        self.send(command + "; echo DONE:$?\n")
        start = self.seen
        match = self.expect(r"^DONE:(\d+)", timeout)
        output = self.text[start:match.start()]
        if match.group(1) != "0":
            raise Failure(f"{command}: exit status {match.group(1)}:\n{output}")
        return output

    def to_prompt(self, ready="GUEST-READY"):
        """Wait for the shell of a guest of the kit."""
        self.expect(ready)
        self.expect("guest# ")

    def wait_exit(self, timeout=30):
        timeout *= TIMEOUT_FACTOR
        deadline = time.time() + timeout
        while self._read(0.2) and time.time() < deadline:
            pass
        try:
            return self.process.wait(max(deadline - time.time(), 1))
        except subprocess.TimeoutExpired:
            raise Failure(f"no exit within {timeout} s; output ends with:\n{self.text[-1500:]}") from None


class Monitor:
    """The monitor at a unix socket: -monitor unix:PATH,server,nowait."""

    PROMPT = b"(qemu) "
    KEYS = {" ": "spc", "\n": "ret", ".": "dot", "-": "minus", "/": "slash", "\\": "backslash", ">": "shift-dot",
            "+": "shift-equal", "=": "equal", ",": "comma", ";": "semicolon"}

    def __init__(self, path, timeout=20):
        self.socket = socket.socket(socket.AF_UNIX)
        timeout *= TIMEOUT_FACTOR
        deadline = time.time() + timeout
        while self.socket.connect_ex(path):
            if time.time() > deadline:
                raise Failure(f"no monitor at {path}")
            time.sleep(0.05)
        self.socket.settimeout(timeout)
        self._read()

    def _read(self):
        data = b""
        while not data.endswith(self.PROMPT):
            part = self.socket.recv(65536)
            if not part:
                raise Failure("the monitor ended")
            data += part
        return data.decode(errors="replace")

    def command(self, line):
        """The output of one command."""
        self.socket.sendall(line.encode() + b"\r")
        text = self._read()
        return text[text.index("\r\n") + 2:-len(self.PROMPT)].replace("\r", "")

    def type(self, text, hold=0.05, pause=0.1):
        """Press the keys for text, one after the other."""
        for character in text:
            key = self.KEYS.get(character, character)
            output = self.command(f"sendkey {'shift-' + key.lower() if key.isupper() else key} {int(hold * 1000)}")
            if output:
                raise Failure(f"sendkey {key}: {output}")
            time.sleep(pause)


class Tap:
    """Numbers tests, turns exceptions into failures."""

    def __init__(self):
        self.count = self.failed = 0

    def test(self, name, function, *args):
        self.count += 1
        try:
            function(*args)
            print(f"ok {self.count} - {name}", flush=True)
        except (Failure, AssertionError, OSError, subprocess.SubprocessError) as error:
            self.failed += 1
            for line in str(error).splitlines():
                print(f"# {line}")
            print(f"not ok {self.count} - {name}", flush=True)

    def built(self, exe):
        """Is the executable there? When not, that is a skipped test."""
        if os.path.exists(exe):
            return True
        self.count += 1
        print(f"ok {self.count} - {exe} # SKIP it is not built", flush=True)
        return False

    def done(self):
        print(f"1..{self.count}")
        sys.exit(1 if self.failed else 0)


def wait_until(condition, what, timeout=60):
    """Until the condition, a function, is true; returns what it returned."""
    deadline = time.time() + timeout * TIMEOUT_FACTOR
    while True:
        result = condition()
        if result:
            return result
        if time.time() > deadline:
            raise Failure(f"not so within {timeout} s: {what}")
        time.sleep(0.05)


def tests_in(names):
    """(NAME, function) of each function test_NAME in a module's globals()."""
    return [(name[5:], function) for name, function in sorted(names.items()) if name.startswith("test_")]


def temp_dir():
    return tempfile.TemporaryDirectory(prefix="qemu-test-")
