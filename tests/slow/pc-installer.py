#!/usr/bin/env python3
"""The Debian installer past its language screen, by keyboard: in text on the VGA console,
from a kernel given to the emulator and through iPXE and the menu of PXELINUX; in graphics,
with the pictures of qemu-system-* of the distribution where that is installed. If this
fails, people cannot install the guest that most of them start with.

usage: pc-installer.py [CASE...]       text, network, gtk-i386, gtk-amd64; all by default
SPDX-License-Identifier: MIT
"""
import os
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import Failure, TIMEOUT_FACTOR, Tap      # noqa: E402
from pc import EXE32, EXE64, PC                     # noqa: E402

EXE = {"amd64": EXE64, "i386": EXE32}
REFERENCE = {"amd64": "qemu-system-x86_64", "i386": "qemu-system-i386"}
IMAGES = "/usr/lib/debian-installer/images/12"
PACKAGES = [f"debian-installer-12-netboot-{arch}" for arch in EXE]
# Less memory, and the installer asks for no language. BOOT: seconds on a busy host.
MEMORY, BOOT, STEP = "1024", 900, 300
TEXT_CONSOLE = "vga=normal nomodeset fb=false"
# The share of pixels that must be the same as on the reference.
SAME = 0.995


def start(arch, form, append, exe=None):
    files = f"{IMAGES}/{arch}/{form}/debian-installer/{arch}"
    return PC("-m", MEMORY, "-nic", "user", "-kernel", f"{files}/linux", "-initrd", f"{files}/initrd.gz",
              "-append", append, exe=exe or EXE[arch])


def choose_french(pc):
    """From the language screen to the keyboard's layout. English is the one that Enter would take."""
    pc.see("Select a language", BOOT)
    pc.see("English +- +English")
    pc.keys("down", "down", "ret")
    pc.see("Choix de votre situation", STEP)
    pc.see("Luxembourg")
    pc.keys("ret")
    pc.see("Configurer le clavier", STEP)


def text(arch):
    with start(arch, "text", f"{TEXT_CONSOLE} quiet") as pc:
        choose_french(pc)


def settled(pc, accept, quiet=4):
    """The picture once it has been the same for some seconds and accept(picture) is true."""
    deadline = time.time() + BOOT * TIMEOUT_FACTOR
    last, since = None, time.time()
    while time.time() < deadline:
        if not pc._read(1):
            raise Failure(f"the emulator ended; it printed:\n{pc.text[-1000:]}")
        picture = pc.picture()
        if picture != last:
            last, since = picture, time.time()
        elif time.time() - since >= quiet and accept(picture):
            return picture
    raise Failure("the picture does not change, or does not settle")


def sample(picture):
    """The colours of some of the pixels."""
    pixels = picture[2]
    return [pixels[i:i + 3] for i in range(0, len(pixels), 3 * 97)]


def is_drawing(picture):
    """Text and an empty screen have few colours."""
    return len(set(sample(picture))) > 8


def is_list(picture):
    """The installer's lists are white, and nothing else in its pictures is."""
    colours = sample(picture)
    return is_drawing(picture) and colours.count(b"\xff\xff\xff") > len(colours) // 3


def network(arch):
    """iPXE loads PXELINUX, whose menu is a picture; Tab edits the command line of its first entry."""
    with PC("-m", MEMORY, "-nic", f"user,tftp={IMAGES}/{arch}/text,bootfile=pxelinux.0", "-boot", "n",
            exe=EXE[arch]) as pc:
        pc.see("iPXE 1")
        menu = settled(pc, is_drawing)
        assert menu[:2] == (640, 480), f"the menu has {menu[0]}x{menu[1]} pixels"
        pc.keys("tab")
        settled(pc, lambda picture: picture != menu)
        pc.monitor.type(f" {TEXT_CONSOLE}\n")
        choose_french(pc)


def language_screens(arch, exe, keep=None):
    """The pictures of the language screen, of the same with another choice, and of the next screen."""
    with start(arch, "gtk", "vga=788 quiet", exe) as pc:
        pictures = [settled(pc, is_list)]
        for key in "down", "ret":
            if keep:
                pc.picture(f"{keep}/installer-{arch}-{len(pictures)}.ppm")
            pc.keys(key)
            pictures.append(settled(pc, lambda picture: picture != pictures[-1] and is_list(picture)))
        if keep:
            pc.picture(f"{keep}/installer-{arch}-{len(pictures)}.ppm")
    return pictures


def same_pixels(one, other):
    if one[:2] != other[:2]:
        return 0.0
    total = one[0] * one[1]
    return sum(one[2][i:i + 3] == other[2][i:i + 3] for i in range(0, 3 * total, 3)) / total


def graphics(arch):
    keep = os.environ.get("KEEP_PICTURES")
    pictures = language_screens(arch, EXE[arch], keep)
    if not shutil.which(REFERENCE[arch]):
        print(f"# {REFERENCE[arch]} is not installed: no pictures to compare with")
        return
    expected = language_screens(arch, REFERENCE[arch])
    for name, picture, other in zip(("language", "another language", "location"), pictures, expected):
        share = same_pixels(picture, other)
        print(f"# {name} screen: {picture[0]}x{picture[1]}, {100 * share:.3f} % of the pixels as on the reference")
        assert share >= SAME, f"{name} screen: {share} of the pixels are the same"


def main():
    subprocess.run([os.path.join(HERE, "../../scripts/install-deps.sh"), *PACKAGES], check=True, stdout=sys.stderr)
    cases = {"text": (text, "amd64"), "network": (network, "i386"), "gtk-i386": (graphics, "i386"),
             "gtk-amd64": (graphics, "amd64")}
    tap = Tap()
    for name in sys.argv[1:] or cases:
        tap.test(name, *cases[name])
    tap.done()


if __name__ == "__main__":
    main()
