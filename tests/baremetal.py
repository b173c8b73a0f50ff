"""Programs without an operating system: assemble them, run them in every translation mode.

A program writes what it has to say to the UART and ends by the test finisher.
SPDX-License-Identifier: MIT
"""
import os
import subprocess

from guest import TIMEOUT_FACTOR, Failure

MODES = {"default": [], "singlestep": ["-singlestep"], "nochain": ["-d", "nochain", "-D", "/dev/null"]}


def tool(*command):
    """Run an assembler or the like; what it complains of is the failure."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        raise Failure(f"{' '.join(command)}:\n{done.stdout[-3000:]}")
    return done.stdout


def run(folder, exe, *args, status=0, timeout=60):
    """The bytes that the program sent; its exit status has to be the one given."""
    path = os.path.join(folder, "serial")
    command = [exe, "-display", "none", "-monitor", "none", "-serial", f"file:{path}", *args]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=timeout * TIMEOUT_FACTOR)
    except subprocess.TimeoutExpired:
        raise Failure(f"{' '.join(command)}: does not end; it has sent {read(path)[-200:]}") from None
    if done.returncode != status:
        raise Failure(f"{' '.join(command)}: status {done.returncode}; {done.stdout[-2000:]} sent {read(path)[-200:]}")
    return read(path)


def read(path):
    with open(path, "rb") as f:
        return f.read()
