#!/usr/bin/env python3
"""Debian with systemd, from its own disk through GRUB to a login, at real work: packages
from a server on this machine, a git clone, compiler, Python, OpenSSL. What the guest
computes must be what tests/slow/debian/expected-ARCH.txt says, the same on every machine.

usage: debian-work.py [CASE...]               the cases below, all by default
       debian-work.py --against FOLDER [CASE...]  also with FOLDER/qemu-system-ARCH: what
                                                  depends on the CPU model must agree, too
       debian-work.py --print EXE CASE            what the guest prints on EXE
SPDX-License-Identifier: MIT
"""
import contextlib
import functools
import http.server
import os
import re
import shutil
import socketserver
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import Failure, Guest, Tap, executable, guest_dir, temp_dir

# name: guest, executable's architecture, disk interface, network card, other options
CASES = {
    "amd64-ide": ("amd64", "x86_64", "ide", "e1000", []),
    "amd64-virtio": ("amd64", "x86_64", "virtio", "virtio-net-pci", ["-cpu", "max", "-smp", "2"]),
    "i386-ide": ("i386", "i386", "ide", "e1000", ["-cpu", "pentium3"]),
    "i386-virtio": ("i386", "i386", "virtio", "virtio-net-pci", ["-cpu", "max", "-smp", "2"]),
    "i386-on-x86_64": ("i386", "x86_64", "ide", "rtl8139", []),
}
# What the reference computes in double precision where an x87, and the emulator here, has 64 bits.
INEXACT_THERE = {"i386": ["python libm"]}
BOOT_TIMEOUT, WORK_TIMEOUT = 1500, 3600
COMMITS = 150


class GitHandler(socketserver.BaseRequestHandler):
    """git's own server, one process for each connection."""

    def handle(self):
        subprocess.run(["git", "daemon", "--inetd", "--export-all", f"--base-path={self.server.folder}", self.server.folder],
                       stdin=self.request, stdout=self.request, stderr=subprocess.DEVNULL)


class GitServer(socketserver.ThreadingTCPServer):
    daemon_threads = True


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@contextlib.contextmanager
def serving(server):
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def fast_import():
    """A history of commits that change a few files, ending with the files of debian/."""
    stream = []
    for number in range(COMMITS + 1):
        stream.append(f"commit refs/heads/main\nmark :{number + 1}\ncommitter t <t@example.com> {1600000000 + number * 60} +0000\n")
        stream.append(f"data <<END\ncommit {number}\nEND\n")
        if number < COMMITS:
            lines = "".join(f"line {n} {n * n * (number // 10 + 1) % 997 if n % 7 == number % 7 else n}\n" for n in range(300))
            files = [(f"file{number % 9}", "100644", lines)]
        else:
            folder = os.path.join(HERE, "debian")
            files = [(name, "100644", open(os.path.join(folder, name)).read()) for name in ("run.sh", "work.py", "work.c")]
        for name, mode, text in files:
            stream.append(f"M {mode} inline {name}\ndata {len(text.encode())}\n{text}\n")
    return "".join(stream)


def make_repository(folder):
    """A bare repository; returns the name of its last commit."""
    path = os.path.join(folder, "work.git")
    git = functools.partial(subprocess.run, check=True, cwd=folder, text=True, stdout=subprocess.PIPE)
    git(["git", "init", "-q", "--bare", "-b", "main", path])
    git(["git", "--git-dir", path, "fast-import", "--quiet"], input=fast_import())
    return git(["git", "--git-dir", path, "rev-parse", "main"]).stdout[:12]


def log_in(g):
    g.expect(r"login: ", BOOT_TIMEOUT)
    g.send("root\n")
    g.expect(r"Password: ")
    g.send("guest\n")
    g.expect(r"# ")
    g.send("export TERM=dumb; stty -echo cols 500; bind 'set enable-bracketed-paste off'; PS1=; dmesg -n 1; echo READY:0 | tr 0 1\n")
    g.expect(r"READY:1")


def start(case, image, exe):
    _, _, interface, card, options = CASES[case]
    return Guest("-M", "pc", "-m", "768", "-nographic", "-drive", f"file={image},format=qcow2,if={interface}",
                 "-nic", f"user,model={card}", *options, exe=exe)


def work(case, exe, folder, show=False):
    """Boot, work, reboot, power off; returns the facts and the commit's name, prints times."""
    image = os.path.join(folder, "disk.qcow2")
    guest = guest_dir(f"debian-{CASES[case][0]}")
    subprocess.run(["qemu-img", "create", "-q", "-f", "qcow2", "-F", "qcow2", "-b", f"{guest}/disk.qcow2", image], check=True)
    head = make_repository(folder)
    web = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=f"{guest}/repository"))
    repository = GitServer(("127.0.0.1", 0), GitHandler)
    repository.folder = folder
    with serving(web) as web_port, serving(repository) as git_port, start(case, image, exe) as g:
        started = time.time()
        log_in(g)
        print(f"# {case}: login after {time.time() - started:.1f} s", flush=True)
        g.run("/lib/systemd/systemd-networkd-wait-online -i $(ls /sys/class/net | grep ^e) --timeout=60", 90)
        g.run(f"git clone -q git://10.0.2.2:{git_port}/work.git /srv/job", 120)
        started = time.time()
        output = g.run(f"sh /srv/job/run.sh http://10.0.2.2:{web_port}/", WORK_TIMEOUT)
        print(f"# {case}: worked for {time.time() - started:.1f} s", flush=True)
        if show:
            print(output, flush=True)
        g.run("sha256sum /usr/bin/* /srv/job/* > /srv/job.sums 2>/dev/null; test $(wc -l < /srv/job.sums) -gt 300", 120)
        g.send("reboot\n")
        log_in(g)
        g.run("sha256sum --quiet -c /srv/job.sums", 120)
        g.send("poweroff\n")
        status = g.wait_exit(120)
        assert status == 0, f"power-off ended the process with status {status}"
    check = subprocess.run(["qemu-img", "check", image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert check.returncode == 0, check.stdout
    return output.replace("\r", ""), head


def lines_of(kind, output, without=()):
    return [line for line in re.findall(rf"^{kind} (.*)$", output, re.M) if not line.startswith(tuple(without))]


def compare(expected, found, what):
    wrong = [f"- {line}" for line in expected if line not in found] + [f"+ {line}" for line in found if line not in expected]
    if wrong:
        raise Failure(f"{what}:\n" + "\n".join(wrong))


def check_case(case, against):
    guest, arch = CASES[case][:2]
    with temp_dir() as folder:
        output, head = work(case, executable(arch), folder)
        assert "end of facts" in output, output[-2000:]
        with open(os.path.join(HERE, "debian", f"expected-{guest}.txt"), encoding="ascii") as f:
            expected = f.read().splitlines()
        compare([f"git-head {head}", *expected], lines_of("fact", output),
                "facts expected (-) and found (+)")
        if against:
            shutil.rmtree(folder)
            os.mkdir(folder)
            other, _ = work(case, os.path.join(against, f"qemu-system-{arch}"), folder)
            for kind in ("fact", "info"):
                without = INEXACT_THERE.get(guest, ())
                compare(lines_of(kind, other, without), lines_of(kind, output, without),
                        f"{kind} lines of {against} (-) and here (+)")


def main():
    args = sys.argv[1:]
    if args[:1] == ["--print"]:
        with temp_dir() as folder:
            work(args[2], args[1], folder, show=True)
        return
    against = args[1] if args[:1] == ["--against"] else None
    tap = Tap()
    for case in args[2 if against else 0:] or CASES:
        tap.test(f"Debian at work: {case}", check_case, case, against)
    tap.done()


main()
