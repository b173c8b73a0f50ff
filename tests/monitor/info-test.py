#!/usr/bin/env python3
# What the monitor and the log tell OS developers: decoded descriptor tables, page
# walks, interrupt controllers, why a PC shut down; BATs, segments, the hashed table
# and SPRs of a PowerPC. If it fails, somebody debugs a guest with wrong facts.
# SPDX-License-Identifier: MIT
import os
import re
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "../guest-i386"))
import bare

PPC = os.environ.get("QEMU_EXE", "ppc-softmmu/qemu-system-ppc")
PATIENCE = 60 * bare.TIMEOUT_FACTOR
results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}", flush=True)
    if not ok:
        print("".join(f"# {line}\n" for line in str(detail).splitlines()[:20]))


def built(exe):
    """Is the executable there? When not, that is a skipped test."""
    if os.path.exists(exe):
        return True
    results.append(True)
    print(f"ok {len(results)} - {exe} # SKIP it is not built")
    return False


def has(name, text, *patterns):
    missing = [p for p in patterns if not re.search(p, text, re.M)]
    check(name, not missing, f"missing: {missing}\n{text}")


def build(folder, crash):
    elf, image = os.path.join(folder, "info.elf"), os.path.join(folder, f"info{crash}.rom")
    subprocess.run([bare.COMPILERS[32], *(["-DCRASH"] if crash else []), "-nostdlib", "-no-pie",
                    "-Wl,--build-id=none,--no-warn-rwx-segments", "-Wl,-T," + bare.HERE + "/sys.ld", "-o", elf,
                    os.path.join(HERE, "info-guest.S")], check=True)
    subprocess.run(["objcopy", "-O", "binary", "-j", ".text", "-j", ".reset", elf, image], check=True)
    return image


def monitor(command, ready_file, ready, commands):
    """The monitor's answers once ready_file holds `ready`."""
    done = subprocess.Popen(command + ["-display", "none", "-monitor", "stdio"], stdin=subprocess.PIPE,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    end = time.monotonic() + PATIENCE
    try:
        while time.monotonic() < end:
            if os.path.exists(ready_file) and ready in open(ready_file, errors="replace").read():
                break
            time.sleep(0.05)
        else:
            raise SystemExit(f"Bail out! no {ready!r} within {PATIENCE:g} s")
        text = done.communicate("\n".join(["info version", *commands, "quit", ""]), timeout=PATIENCE)[0]
    finally:
        done.kill()
    return dict(re.findall(r"^\(qemu\) (.*?)\n(.*?)(?=^\(qemu\) |\Z)", text.replace("\r", ""), re.M | re.S))


def test_pc(folder, bits):
    out = os.path.join(folder, f"out{bits}")
    names = ["info idt", "info gdt", "info ldt", "info walk 0x401234", "info walk 0x402000", "info walk 0x1000",
             "info tlb", "info pic", "info lapic", "info ioapic", "info bats", "info openpic", "info walk"]
    text = monitor([bare.emulator(bits), "-bios", build(folder, ""), "-chardev", "file,id=out,path=" + out, "-device",
                    "isa-debugcon,iobase=0xe9,chardev=out"], out, "!", names)
    get = text.get
    has(f"{bits}: idt", get("info idt", ""), r"^IDT: base=\w*f\w+ limit=0087", r"08: .* 0010:00001234 DPL=0 IntGate32",
        r"0e: .* 0008:00005678 DPL=0 IntGate32 not present", r"0f: .* 0008:00009abc DPL=3 TrapGate32",
        r"10: .* TaskGate")
    has(f"{bits}: gdt", get("info gdt", ""), r"limit=0027", r"0008: 00cf9b000000ffff base=00000000 limit=ffffffff "
        r"DPL=0 CS32 \[-RA\]", r"0018: .* DPL=0 LDT", r"0020: .* DPL=3 DS16 \[E--\]|0020: .* DPL=3 DS16")
    has(f"{bits}: ldt", get("info ldt", ""), r"limit=0007", r"0000: .* limit=00000fff DPL=3 DS   \[EW-\]")
    has(f"{bits}: walk", get("info walk 0x401234", ""), r"PDE at 000010004: 00011003 P W",
        r"PTE at 000011004: 00022101 P G", r"physical address 000022234")
    has(f"{bits}: walk to nothing", get("info walk 0x402000", ""), r"PTE at 000011008: 00000000 not present",
        "no translation")
    has(f"{bits}: walk of a large page", get("info walk 0x1000", ""), r"PDE at 000010000: 000000\w\w P W",
        r"physical address 000001000")
    has(f"{bits}: tlb", get("info tlb", ""), r"00401000: 0+22000 -G-------")
    has(f"{bits}: pic", get("info pic", ""), "pic0: irr=", "apic0: LVT0", "ioapic0")
    has(f"{bits}: lapic", get("info lapic", ""), r"LVTT .* one-shot, masked")
    check(f"{bits}: lapic alone", "pic0: irr" not in get("info lapic", "pic0: irr").replace("apic0", ""))
    has(f"{bits}: ioapic", get("info ioapic", ""), r"pin 23 0x0000000000010000: vector 0, fixed, to APIC 00, edge, masked")
    has(f"{bits}: what a PC lacks", get("info bats", "") + get("info openpic", ""), "unknown|not", "has none")
    has(f"{bits}: walk wants an address", get("info walk", ""), "expression")


def test_triple_fault(folder, bits):
    image = build(folder, 1)
    command = [bare.emulator(bits), "-bios", image, "-display", "none", "-no-reboot"]
    line = r"CPU 0 shuts down: triple fault: #PF\(0000\) CR2 \w*00402000, then #NP\(0073\), then #GP\(0011\) at 0008:"

    short = subprocess.run(command + ["-d", "guest_errors"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                           timeout=PATIENCE)
    has(f"{bits}: one line", short.stderr, line)
    check(f"{bits}: and no more", len(short.stderr.splitlines()) == 1, short.stderr)
    full = subprocess.run(command + ["-d", "int,cpu_reset"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=PATIENCE).stderr
    has(f"{bits}: the whole story", full, r"^double fault: #PF", line, r"1\. #PF\(0000\) at 0008:", r"load of a missing page",
        r"PDE at 000010004: 00011023 P W A", r"PTE at 000011008: 00000000 not present",
        r"2\. #NP\(0073\) .* while that was delivered", r"IDT entry 0e \(external event\): .* IntGate32 not present",
        r"its gate, IDT entry 08: .* 0010:00001234", r"3\. #GP\(0011\) .* while #DF was delivered",
        r"GDT entry 02 \(external event\): 00cf93000000ffff", r"^CR0=e0000011")


def test_ppc(folder):
    out = os.path.join(folder, "ppc")
    names = ["info bats", "info segments", "info htab", "info walk $pc", "info walk 0x12345678", "info spr",
             "info heathrow", "info pic", "info openpic", "info idt"]
    text = monitor([PPC, "-nographic", "-serial", "file:" + out, "-prom-env", "auto-boot?=false"], out, "Welcome to OpenBIOS", names)
    get = text.get
    has("ppc: bats", get("info bats", ""), r"^IBAT0 \w{8} \w{8}: ", r"^DBAT3 ")
    has("ppc: segments", get("info segments", ""), r"^SR0  \w{8}: 00000000-0fffffff, VSID ", r"^SR15 ")
    has("ppc: htab", get("info htab", ""), r"^SDR1 \w{8}: \d+ groups at \w{8}, [1-9]\d* of \d+ entries are valid",
        r"^\w{8}: 8\w{7} \w{8}: VSID \w{6}, API \w\w.* -> \w{5}000")
    has("ppc: walk of code", get("info walk $pc", ""), r"walk of \w{8} \(code\):", r"^    \* \w{8}: |IBAT\d .* -> ")
    has("ppc: walk to nothing", get("info walk 0x12345678", ""), "primary group at", "secondary group at", "no entry")
    has("ppc: spr", get("info spr", ""), r"PVR   \( 287\) 00083\w{3}|PVR   \( 287\) 0008", r"SRR0  \(  26\) ", r"HID0  \(1008\)")
    has("ppc: heathrow", get("info heathrow", ""), r"heathrow: sources 0-31: events")
    has("ppc: what a g3beige lacks", get("info openpic", ""), "has none")


def main():
    with tempfile.TemporaryDirectory() as folder:
        for bits in (32, 64):
            if built(bare.emulator(bits)):
                test_pc(folder, bits)
                test_triple_fault(folder, bits)
        if built(PPC):
            test_ppc(folder)
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
