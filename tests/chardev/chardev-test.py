#!/usr/bin/env python3
# Character devices: the firmware's console over files, sockets, telnet, a pty
# and a pipe; a client that comes back; typed input. If this fails, serial
# consoles do not reach their users.
# SPDX-License-Identifier: MIT
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
import time

EXE = os.environ.get("QEMU_EXE", "ppc-softmmu/qemu-system-ppc")
PROMPT = b"0 > "
SECONDS = 30
results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f"# {line}")


class Machine:
    def __init__(self, *args):
        self.p = subprocess.Popen([EXE, "-M", "g3beige", "-nographic", "-nic", "none", "-monitor",
                                   "none", *args], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.p.kill()
        self.p.wait()
        self.p.stderr.close()


def read_until(fd, word):
    data = b""
    end = time.time() + SECONDS
    while word not in data and time.time() < end:
        if select.select([fd], [], [], 0.2)[0]:
            part = os.read(fd, 65536)
            if not part:
                break
            data += part
    return data


def connect(family, address):
    for _ in range(100):
        s = socket.socket(family)
        try:
            s.connect(address)
            return s
        except OSError:
            s.close()
            time.sleep(0.1)
    raise SystemExit(f"cannot connect to {address}")


def talks(fd, name):
    """The prompt comes, and what is typed is run."""
    data = read_until(fd, PROMPT)
    check(name + ": output", PROMPT in data, data)
    os.write(fd, b"6 7 * .\r")
    data = read_until(fd, b"2a  ok")
    check(name + ": input", b"2a  ok" in data, data)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def test_unix(folder):
    path = os.path.join(folder, "serial")
    with Machine("-serial", f"unix:{path},server=on,wait=on"):
        s = connect(socket.AF_UNIX, path)
        talks(s.fileno(), "unix socket")
        s.close()
        s = connect(socket.AF_UNIX, path)
        s.sendall(b"5 5 * .\r")
        check("unix socket: second client", b"19  ok" in read_until(s.fileno(), b"19  ok"))
        s.close()


def test_telnet():
    port = free_port()
    with Machine("-serial", f"telnet:127.0.0.1:{port},server,wait"):
        s = connect(socket.AF_INET, ("127.0.0.1", port))
        s.sendall(b"\xff\xfd\x01\xff\xfb\x03")      # answers of a client: not input
        talks(s.fileno(), "telnet")
        s.close()


def test_client():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        with Machine("-chardev", f"socket,id=c,host=127.0.0.1,port={port},reconnect=1", "-serial",
                     "chardev:c"):
            time.sleep(1.5)                         # nobody listens yet
            listener.listen()
            listener.settimeout(20)
            s, _ = listener.accept()
            s.close()
            s, _ = listener.accept()
            check("client comes back", True)
            s.sendall(b"\r")
            check("client: output", read_until(s.fileno(), PROMPT))
            s.close()


def test_pty():
    with Machine("-serial", "pty") as m:
        text = m.p.stderr.readline().decode()
        name = re.search(r"/dev/pts/\d+", text)
        check("pty is announced", name, text)
        if name:
            fd = os.open(name.group(), os.O_RDWR | os.O_NOCTTY)
            os.write(fd, b"\r")
            talks(fd, "pty")
            os.close(fd)


def test_file_and_pipe(folder):
    log = os.path.join(folder, "log,with,commas")
    fifo = os.path.join(folder, "fifo")
    os.mkfifo(fifo + ".in")
    os.mkfifo(fifo + ".out")
    with Machine("-chardev", f"file,id=f,path={log.replace(',', ',,')}", "-serial", f"pipe:{fifo}",
                 "-serial", "chardev:f"):
        fd_in = os.open(fifo + ".in", os.O_RDWR)
        fd_out = os.open(fifo + ".out", os.O_RDWR)
        data = read_until(fd_out, PROMPT)
        check("pipe: output", PROMPT in data, data)
        os.write(fd_in, b"6 7 * .\r")
        check("pipe: input", b"2a  ok" in read_until(fd_out, b"2a  ok"))
        check("file is made", os.path.exists(log))
        os.close(fd_in)
        os.close(fd_out)


with tempfile.TemporaryDirectory() as directory:
    test_unix(directory)
    test_telnet()
    test_client()
    test_pty()
    test_file_and_pipe(directory)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
