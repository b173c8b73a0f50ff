#!/usr/bin/env python3
# A real management tool: libvirt probes the executable, starts a guest with it,
# pauses, resumes, looks at its screen, changes its CD, saves and restores it and ends it. Needs the packages
# libvirt-daemon, libvirt-clients and libvirt-daemon-driver-qemu; skipped without.
# If this fails, tools that steer machines through libvirt cannot use the executable.
# SPDX-License-Identifier: MIT
import os
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import guest  # noqa: E402

EXE = os.path.abspath(guest.executable("x86_64"))
NOBODY = "65534"
# mov $0x3f8,%dx; 1: mov $0x4c,%al; out %al,(%dx); mov $0,%cx; loop .; jmp 1b
BOOT_SECTOR = bytes.fromhex("baf803b04ceeb90000e2feebf6").ljust(510, b"\0") + b"\x55\xaa"
DOMAIN = """<domain type='qemu'>
  <name>libvirt-test</name><memory unit='MiB'>64</memory><vcpu>1</vcpu>
  <os><type arch='x86_64' machine='pc'>hvm</type><boot dev='hd'/></os>
  <features><acpi/><apic/></features>
  <devices>
    <emulator>{exe}</emulator>
    <disk type='file' device='disk'><driver name='qemu' type='raw'/><source file='{folder}/disk.raw'/>
      <target dev='vda' bus='virtio'/></disk>
    <disk type='file' device='cdrom'><target dev='hdc' bus='ide'/><readonly/></disk>
    <serial type='file'><source path='{folder}/serial.log'/><target port='0'/></serial>
    <interface type='user'><model type='e1000'/></interface>
    <video><model type='vga' vram='16384'/></video><memballoon model='virtio'/>
  </devices>
</domain>"""
results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:20]:
            print(f"# {line}")


class Libvirt:
    """A daemon of our own, as a user without rights, with all its files in a folder."""

    def __init__(self, folder):
        self.folder = folder
        self.env = dict(os.environ, HOME=folder, XDG_RUNTIME_DIR=folder + "/run", XDG_CONFIG_HOME=folder + "/config",
                        XDG_CACHE_HOME=folder + "/cache", XDG_DATA_HOME=folder + "/data", LC_ALL="C")
        os.mkdir(folder + "/run", 0o700)
        self.user = []
        if os.geteuid() == 0:
            self.user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
            subprocess.run(["chown", "-R", NOBODY, folder], check=True)
        daemon = shutil.which("libvirtd", path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        self.daemon = subprocess.Popen([*self.user, daemon], env=self.env, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)

    def virsh(self, *args):
        done = subprocess.run([*self.user, "virsh", "-q", "-c", "qemu:///session", *args], env=self.env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              timeout=120 * guest.TIMEOUT_FACTOR)
        return done.returncode == 0, done.stdout

    def log(self):
        path = self.folder + "/cache/libvirt/qemu/log/libvirt-test.log"
        with open(path, encoding="utf-8") as f:
            return "".join(line for line in f if not line.endswith("\\\n"))


def wait(condition):
    deadline = time.monotonic() + 60 * guest.TIMEOUT_FACTOR
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.1)
    return condition()


def session(libvirt, folder):
    wait(lambda: os.path.exists(folder + "/run/libvirt/libvirt-sock"))
    ok, text = libvirt.virsh("domcapabilities", "--emulatorbin", EXE)
    check("domcapabilities", ok and "<domain>qemu</domain>" in text and "pc-i440fx" in text, text)
    serial = folder + "/serial.log"
    for command in (("define", folder + "/domain.xml"), ("start", "libvirt-test")):
        ok, text = libvirt.virsh(*command)
        check(command[0], ok, text if command[0] == "define" else text + libvirt.log())
    if not ok:
        return
    size = lambda: os.path.getsize(serial) if os.path.exists(serial) else 0
    check("the guest boots from its disk", wait(lambda: size() > 100), libvirt.log())
    ok, text = libvirt.virsh("suspend", "libvirt-test")
    check("suspend", ok and "paused" in libvirt.virsh("domstate", "libvirt-test")[1], text)
    before = size()
    time.sleep(0.5)
    check("a paused guest does nothing", size() == before)
    ok, text = libvirt.virsh("resume", "libvirt-test")
    check("resume", ok and wait(lambda: size() > before), text)
    ok, text = libvirt.virsh("screenshot", "libvirt-test", folder + "/screen")
    check("screenshot", ok and open(folder + "/screen", "rb").read(2) in (b"P6", b"\x89P"), text)
    for command in (("change-media", "libvirt-test", "hdc", folder + "/cd.iso", "--insert"),
                    ("change-media", "libvirt-test", "hdc", "--eject"), ("domblkinfo", "libvirt-test", "vda"),
                    ("domstats", "libvirt-test"), ("send-key", "libvirt-test", "KEY_A"), ("inject-nmi", "libvirt-test"),
                    ("qemu-monitor-command", "libvirt-test", "--hmp", "info status"), ("reset", "libvirt-test"), ("save", "libvirt-test", folder + "/saved"), ("restore", folder + "/saved"),
                    ("shutdown", "libvirt-test"), ("destroy", "libvirt-test"), ("undefine", "libvirt-test")):
        ok, text = libvirt.virsh(*command)
        check(" ".join(command).replace(folder, ""), ok, text + libvirt.log())


def main():
    if not shutil.which("virsh") or not shutil.which("libvirtd", path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
        print("1..0 # SKIP libvirt-daemon, libvirt-clients and libvirt-daemon-driver-qemu are needed")
        return 0
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        with open(folder + "/disk.raw", "wb") as f:
            f.write(BOOT_SECTOR)
            f.truncate(1 << 20)
        with open(folder + "/cd.iso", "wb") as f:
            f.truncate(1 << 16)
        with open(folder + "/domain.xml", "w", encoding="utf-8") as f:
            f.write(DOMAIN.format(exe=EXE, folder=folder))
        libvirt = Libvirt(folder)
        try:
            session(libvirt, folder)
        finally:
            libvirt.virsh("destroy", "libvirt-test")
            libvirt.daemon.terminate()
            libvirt.daemon.wait()
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
