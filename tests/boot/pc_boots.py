"""Ways to start the kit's Linux on the PC: directly, from a disk, from a CD or
what holds the same image, from the network. The tests choose which ones.

SPDX-License-Identifier: MIT
"""
import os
import shutil
import subprocess

import guest
from guest import Guest, temp_dir
from pc import BUSY_HOST, EXE, READY, WHOLE_WINDOW, PC, linux

COMMON = ["-M", "pc", "-m", "256", "-nographic", "-no-reboot"]


def direct(name, append="", *args):
    """A boot by -kernel; a panic ends it."""
    return Guest(*COMMON, *linux(name, append), *args, exe=EXE[name])


# --- disks ---

def to_root(g, name, device):
    """Through the boot loader to the shell, with the root file system on the device."""
    g.expect(r"GNU GRUB")
    g.to_prompt(READY[name])
    output = g.run("mount")
    assert f"/dev/{device} on / type ext4" in output, output


def disk_keeps_files(name, interface, device):
    with temp_dir() as folder:
        image = shutil.copy(f"{guest.guest_dir(name)}/disk.qcow2", folder)
        args = [*COMMON, "-drive", f"file={image},format=qcow2,if={interface}"]
        with Guest(*args, exe=EXE[name]) as g:
            to_root(g, name, device)
            g.run("dd if=/dev/urandom of=/data bs=4k count=200 && md5sum /data > /data.sum && sync", 60)
            g.send("poweroff -f\n")
            assert g.wait_exit() == 0
        check = subprocess.run(["qemu-img", "check", image], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert check.returncode == 0, check.stdout
        with Guest(*args, exe=EXE[name]) as g:
            to_root(g, name, device)
            g.run("md5sum -c /data.sum", 60)


def disk_boots(name, form, device, *controller):
    """To the shell from a disk of the given format behind a controller."""
    with temp_dir() as folder:
        image = os.path.join(folder, "disk")
        subprocess.run(["qemu-img", "convert", "-O", form, f"{guest.guest_dir(name)}/disk.qcow2", image], check=True)
        with Guest(*COMMON, "-drive", f"file={image},format={form},if=none,id=root", *controller, exe=EXE[name]) as g:
            to_root(g, name, device)


# --- CDs, and the same hybrid image as a disk ---

CD, DISK = "media=cdrom,readonly=on", "readonly=on"
# Controllers with a CD or a disk named "boot": how -drive and -device say it.
IDE_CD = ["-device", "ide-cd,drive=boot"]
AHCI_CD = ["-device", "ahci,id=ahci", "-device", "ide-cd,drive=boot,bus=ahci.0"]
SCSI_CD = ["-device", "virtio-scsi-pci", "-device", "scsi-cd,drive=boot"]
USB_DISK = ["-usb", "-device", "usb-storage,drive=boot"]
SCSI_DISK = ["-device", "virtio-scsi-pci", "-device", "scsi-hd,drive=boot"]


def medium(name, options, *devices):
    """A PC with the guest's image in a drive."""
    image = os.path.join(guest.guest_dir("pc-media"), f"{name}.iso")
    return PC("-nodefaults", "-vga", "std", "-m", "256", "-no-reboot", "-drive",
              f"file={image},format=raw,if=none,id=boot,{options}", *devices, exe=EXE[name])


def medium_boots(name, device, options, *devices):
    """Enter at the menu; the medium is there under Linux as well, with its files."""
    with medium(name, options, *devices) as pc:
        pc.expect("GNU GRUB")
        pc.expect("executed automatically")
        pc.keys("ret")
        pc.to_prompt(READY[name])
        pc.run(f"until [ -e /dev/{device} ]; do sleep 1; done", 60)      # Linux lets USB disks settle
        pc.run(f"mount -t iso9660 -o ro /dev/{device} /mnt")
        pc.run("md5sum /mnt/boot/vmlinuz")


def display_console(name, options, *devices):
    """The menu's second entry by cursor keys, then a command on the display's console."""
    with medium(name, options, *devices) as pc:
        pc.see("Linux, display console")
        pc.keys("down", "ret")
        pc.text_size = WHOLE_WINDOW
        pc.see(READY[name])
        pc.see("guest#")
        pc.monitor.type("echo typed\n")
        pc.see(r"^typed")


# --- network ---

def serve(folder, script, **files):
    """A folder for the TFTP server with a script for iPXE."""
    with open(os.path.join(folder, "boot.ipxe"), "w", encoding="ascii") as file:
        file.write("#!ipxe\n" + script)
    for name, path in files.items():
        shutil.copy(path, os.path.join(folder, name))
    return f"user,tftp={folder},bootfile=boot.ipxe"


def network_boots(name, card):
    """iPXE loads kernel and initramfs; Linux uses the same card afterwards."""
    kit = guest.guest_dir(name)
    with temp_dir() as folder:
        nic = serve(folder, f"kernel vmlinuz console=ttyS0 quiet panic=-1 {BUSY_HOST} initrd=initrd.gz\n"
                    "initrd initrd.gz\nboot\n", vmlinuz=f"{kit}/vmlinuz", **{"initrd.gz": f"{kit}/initrd.gz"})
        with PC("-m", "256", "-nic", f"{nic},model={card}", "-boot", "n", "-no-reboot", exe=EXE[name]) as pc:
            pc.see("iPXE 1")
            pc.to_prompt(READY[name])
            pc.run("udhcpc -n -q -i eth0", 60)
            pc.run("cd /tmp && tftp -g -r boot.ipxe 10.0.2.2 && grep -q '^kernel vmlinuz' boot.ipxe")


def network_program(card, program):
    """A boot program that says so on the screen, with what the ROM answers its call."""
    with temp_dir() as folder:
        with open(os.path.join(folder, "hello.0"), "wb") as file:
            file.write(program)
        nic = serve(folder, "dhcp\necho card ${net0/chip} has ${net0/ip}\nchain hello.0\n")
        with PC("-nic", f"{nic},model={card}", "-boot", "n", exe=EXE["i386"]) as pc:
            pc.see(r"card \S+ has 10\.0\.2\.15")
            pc.see(r"PXE PROGRAM RUNS, server 0A000202")
