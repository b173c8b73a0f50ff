#!/usr/bin/env python3
# The process for its host: -daemonize, -pidfile, -runas, -sandbox, configuration files,
# descriptors, JSON options, and what is generated from the table of options. If this
# fails, scripts and tools that start the emulator break.
# SPDX-License-Identifier: MIT
import os
import signal
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import guest  # noqa: E402
from qmp import QMP  # noqa: E402

EXE = guest.executable("x86_64")
SCRIPTS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "scripts")
QUIET = ("-display", "none", "-serial", "none", "-nic", "none")
results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f"# {line}")


def run(*args, **keywords):
    done = subprocess.run([EXE, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60 * guest.TIMEOUT_FACTOR, **keywords)
    return done.returncode, done.stdout, done.stderr


def refused(*args):
    status, _, err = run(*QUIET, *args)
    check("refused: " + " ".join(args)[:90], status == 1 and err.count("\n") == 1, f"{status} {err}")


def look_at_daemon(pid, pidfile):
    with open(f"/proc/{pid}/comm", encoding="ascii") as f:
        check("-name process=", f.read() == "proc-name\n")
    names = {open(f"/proc/{pid}/task/{t}/comm", encoding="ascii").read() for t in os.listdir(f"/proc/{pid}/task")}
    check("-name debug-threads=on", "CPU 0/TCG\n" in names, names)
    check("in the root directory", os.readlink(f"/proc/{pid}/cwd") == "/")
    check("without a terminal", os.readlink(f"/proc/{pid}/fd/2") == "/dev/null")
    with open(f"/proc/{pid}/status", encoding="ascii") as f:
        check("-sandbox: a filter is there", "Seccomp:\t2\n" in f.read())
    status, _, err = run(*QUIET, "-pidfile", pidfile)
    check("a pid file for one", status == 1 and "lock" in err and err.count("\n") == 1, err)


def test_daemon(folder):
    pidfile, socket = folder + "/pid", folder + "/qmp"
    status, out, err = run(*QUIET, "-daemonize", "-pidfile", pidfile, "-qmp", f"unix:{socket},server=on,wait=off", "-S",
                           "-sandbox", "on,elevateprivileges=deny,spawn=deny,resourcecontrol=deny", "-name",
                           "guest=g,process=proc-name,debug-threads=on")
    check("the caller returns when it is ready", status == 0 and os.path.exists(socket) and not out + err, err)
    with open(pidfile, encoding="ascii") as f:
        pid = int(f.read())
    try:
        look_at_daemon(pid, pidfile)
    finally:
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + 60 * guest.TIMEOUT_FACTOR
    while os.path.exists(pidfile) and time.monotonic() < deadline:
        time.sleep(0.05)
    check("the pid file goes with the process", not os.path.exists(pidfile))
    if os.geteuid() == 0:
        status, _, err = run(*QUIET, "-daemonize", "-S", "-pidfile", pidfile, "-chroot", folder)
        check("-daemonize with -chroot", status == 0, err)
        if status == 0:
            with open(pidfile, encoding="ascii") as f:
                os.kill(int(f.read()), signal.SIGTERM)
    else:
        print("ok - -chroot # SKIP not root")
    refused("-daemonize", "-monitor", "stdio")
    refused("-daemonize", "-device", "nodevice")


def test_memory():
    """What the host is told of guest memory: VmFlags of proc(5), for the one mapping of that size."""
    with QMP(EXE, *QUIET, "-S", "-m", "48", "-machine", "pc,mem-merge=on,dump-guest-core=off") as qmp:
        with open(f"/proc/{qmp.process.pid}/smaps", encoding="ascii") as f:
            flags = [text for text in f.read().split("VmFlags:")]
        hidden = [text.splitlines()[0].split() for before, text in zip(flags, flags[1:]) if "49152 kB" in before]
        check("dump-guest-core=off", hidden and all("dd" in words for words in hidden), hidden)


def test_identity():
    if os.geteuid() != 0:
        print("ok - -runas # SKIP not root")
        return
    with QMP(EXE, *QUIET, "-S", "-runas", "65534:65534") as qmp:
        with open(f"/proc/{qmp.process.pid}/status", encoding="ascii") as f:
            check("-runas", "Uid:\t65534\t65534\t65534\t65534" in f.read())


def test_config(folder):
    written, again = folder + "/a.cfg", folder + "/b.cfg"
    plain = ("-display", "none", "-nodefaults")
    args = (*plain, "-machine", "pc,hpet=off", "-m", "64M", "-device", "virtio-rng-pci,id=rng,max-bytes=5",
            "-global", "virtio-rng-pci.period=7", "-name", "a name, with a comma".replace(",", ",,"))
    with QMP(EXE, *args, "-writeconfig", written) as qmp:
        name = qmp.cmd("query-name")
    with QMP(EXE, *plain, "-readconfig", written, "-writeconfig", again) as qmp:
        check("-readconfig: memory", qmp.cmd("query-memory-size-summary")["base-memory"] == 64 << 20)
        check("-readconfig: a device", qmp.cmd("qom-get", path="rng", property="max-bytes") == 5)
        check("-readconfig: -global", qmp.cmd("qom-get", path="rng", property="period") == 7)
        check("-readconfig: a name", qmp.cmd("query-name") == name == {"name": "a name, with a comma"}, name)
    with open(written, encoding="utf-8") as a, open(again, encoding="utf-8") as b:
        check("what was read is written again", a.read() == b.read())
    for text in ("[nogroup]\n", "x = \"1\"\n", "[machine]\n  type = pc\n", "[machine\n", "[device]\n  driver = \"nodevice\"\n",
                 "[global]\n  driver = \"e1000\"\n", "[machine]\n  type = \"pc\"\n  nosuch = \"1\"\n", "\0\xff["):
        with open(again, "w", encoding="latin-1") as f:
            f.write(text)
        refused("-readconfig", again)
    refused("-readconfig", folder + "/none")
    refused("-writeconfig", folder + "/none/file")


def test_json():
    args = ("-nodefaults", "-device", '{"driver": "e1000", "id": "n0", "mac": "52:54:00:00:00:01", "addr": "0x5", "bootindex": 1}',
            "-netdev", '{"type": "user", "id": "u0", "restrict": true, "hostfwd": [{"str": "tcp:127.0.0.1:0-:22"}]}')
    with QMP(EXE, *QUIET, "-S", *args) as qmp:
        pci = [d for d in qmp.cmd("query-pci")[0]["devices"] if d["qdev_id"] == "n0"]
        check("-device in JSON", pci and pci[0]["slot"] == 5, pci)
    for option in ("-device", "-netdev", "-blockdev", "-object"):
        for text in ("{", '{"driver":}', '{"driver": "e1000"} x', '{"a": 1, "a": 2}', "{}"):
            refused(option, text)


def test_refused():
    for args in (("-sandbox", "maybe"), ("-sandbox", "on,spawn=x"), ("-runas", "no-such-user"), ("-chroot", "/nonexistent"),
                 ("-add-fd", "fd=99,set=1"), ("-add-fd", "set=1"), ("-add-fd", "fd=1,set=1"), ("-msg", "timestamp=x"),
                 ("-overcommit", "cpu-pm=on"), ("-mon", "none"), ("-mon", "chardev=x,mode=y"), ("-object", "secret,id=s"),
                 ("-object", "nosuch,id=s"), ("-machine", "pc,memory-backend=none"), ("-qmp", "nosuch:x"),
                 ("-incoming", "nosuch:x"), ("-chardev", "socket,id=a,fd=77"), ("-pidfile", "/nonexistent/file")):
        refused(*args)
    fd = os.open("/dev/null", os.O_RDONLY)
    status, _, err = run(*QUIET, "-add-fd", f"fd={fd},set=1", "-add-fd", f"fd={fd},set=2", pass_fds=(fd,))
    check("-add-fd: one set for each descriptor", status == 1 and "in set 1 already" in err and err.count("\n") == 1, err)
    os.close(fd)
    status, _, err = run(*QUIET, "-msg", "timestamp=on", "-device", "nodevice")
    check("-msg timestamp=on", status == 1 and err[:2] == "20" and "Z " in err[:30], err)


def test_generated(folder):
    _, text, _ = run("-help")
    names = {line.split()[0] for line in text.splitlines() if line.startswith("  -")}
    check("-help lists the options", {"-qmp", "-daemonize", "-M"} <= names)
    tool = os.path.join(SCRIPTS, "gen-help.py")
    page = subprocess.run([tool, "man", EXE], capture_output=True, text=True, check=True).stdout
    check("the man page has them", all(f".BI \\&{n}".replace("-", "\\-") in page or f'.BI {n}'.replace("-", "\\-") in page
                                       for n in names))
    script = subprocess.run([tool, "bash", EXE], capture_output=True, text=True, check=True).stdout
    path = folder + "/completion"
    with open(path, "w", encoding="utf-8") as f:
        f.write(script + 'COMP_WORDS=(' + os.path.abspath(EXE) + ' "$@"); COMP_CWORD=$#; shopt -s progcomp\n'
                'compopt() { :; }\n_qemu_system_x86_64 "${COMP_WORDS[0]}"; echo "${COMPREPLY[@]}"\n')
    complete = lambda *words: subprocess.run(["bash", path, *words], capture_output=True, text=True).stdout.split()
    check("completion of options", complete("-daem") == ["-daemonize"], complete("-daem"))
    check("completion of machines", "pc-i440fx-7.2" in complete("-M", "pc"), complete("-M", "pc"))
    check("completion of devices", complete("-device", "virtio-rng") == ["virtio-rng-pci"], complete("-device", "virtio-rng"))
    check("completion of keys", "maxcpus=" in complete("-smp", "max"), complete("-smp", "max"))


with tempfile.TemporaryDirectory() as folder:
    try:
        test_daemon(folder)
        test_memory()
        test_identity()
        test_config(folder)
        test_json()
        test_refused()
        test_generated(folder)
    except (guest.Failure, OSError, ValueError, subprocess.SubprocessError) as failure:
        check(f"no more: {failure}", False)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
