#!/usr/bin/env python3
"""Guest programs that go wrong: jumps and accesses to nowhere, ROM writes, bad vectors.

Each program runs in the ROM of a g3beige. The guest must see what is stated, the
monitor must answer while the program goes on, and `quit` must end it. When this
fails, a guest can crash or hang the emulator. SPDX-License-Identifier: MIT
"""
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import bare

CROSS = os.environ.get("CROSS_COMPILE_PPC", "powerpc-linux-gnu-")
RECORD, FLAG, DONE = 0x100000, 0x1000, 0x600d600d
ANY, NONE = "any", 0        # any behaviour that leaves the monitor alive; no exception
MODES = [[], ["-singlestep"], ["-icount", "shift=3"]]

# Every exception records its vector and SRR0; `done` records 0 and r3.
FRAME = """
    .macro  vector number
    .org    \\number
    li      31, \\number
    b       record
    .endm
    .macro  la32 reg value
    lis     \\reg, (\\value) >> 16
    ori     \\reg, \\reg, (\\value) & 0xffff
    .endm
    .text
    .org    0x100
    la32    13, 0xfff04000
    mtlr    13
    blr
    vector  0x200
    vector  0x300
    vector  0x400
    vector  0x500
    vector  0x600
    vector  0x700
    vector  0x800
    vector  0x900
    vector  0xc00
    vector  0xd00
    vector  0xf20
    vector  0x1000
    vector  0x1100
    vector  0x1200
    vector  0x1300
    .org    0x3000
done:
    li      31, 0
record:
    lis     30, 0x10
    stw     31, 0(30)
    mfsrr0  29
    stw     29, 4(30)
    stw     3, 8(30)
    la32    28, 0x600d600d
    stw     28, 0x1000(0)
1:  b       1b
    .macro  go address
    la32    4, \\address
    mtctr   4
    bctr
    .endm
    .macro  msr value
    la32    5, \\value
    mtmsr   5
    isync
    .endm
    /* BAT 0 (both): 256 MB at 0xf0000000 to themselves; pages for the rest. */
    .macro  rom_bat
    la32    5, 0xf0001fff
    mtspr   528, 5
    mtspr   536, 5
    la32    6, 0xf0000002
    mtspr   529, 6
    mtspr   537, 6
    .endm
    .org    0x4000
"""

# name, program, expected vector, expected SRR0 or None, expected r3 or None, -d guest_errors text or None
CASES = [
    ("jump to nowhere", "go 0x40000000", ANY, None, None, "40000000"),
    ("jump into registers", "go 0xfec00000", ANY, None, None, None),
    ("jump into the ISA ports", "go 0xfe000000", ANY, None, None, None),
    ("jump to the last word of the address space", "go 0xfffffffc", ANY, None, None, None),
    ("run off the end of RAM", """
        la32 4, 0x07fffffc
        la32 5, 0x60000000
        stw 5, 0(4)
        mtctr 4
        bctr""", ANY, None, None, "08000000"),
    ("data access to nowhere", """
        lis 4, 0x4000
        lwz 3, 0(4)
        stw 3, 4(4)
        lbz 3, 1(4)
        sth 3, 2(4)
        lmw 20, 0(4)
        stmw 20, 0(4)
        li 3, 77
        b done""", NONE, None, 77, "40000000"),
    ("floating point and string access to nowhere", """
        msr 0x2040
        lis 4, 0x4000
        lfd 1, 0(4)
        stfd 1, 8(4)
        lswi 20, 4, 31
        stswi 20, 4, 31
        li 3, 78
        b done""", NONE, None, 78, "40000000"),
    ("reservation and dcbz in nowhere", """
        lis 4, 0x4000
        lwarx 3, 0, 4
        stwcx. 3, 0, 4
        dcbf 0, 4
        icbi 0, 4
        li 3, 79
        b done""", NONE, None, 79, None),
    ("dcbz on registers", "lis 4, 0xfec0; dcbz 0, 4; li 3, 80; b done", ANY, None, None, None),
    ("odd sizes on registers", """
        lis 4, 0xfec0
        lbz 3, 1(4)
        lhz 3, 1(4)
        lwz 3, 3(4)
        stw 3, 1(4)
        lwbrx 3, 0, 4
        lwarx 3, 0, 4
        stwcx. 3, 0, 4
        msr 0x2040
        lfd 1, 0(4)
        stfd 1, 0x10(4)
        li 3, 81
        b done""", ANY, None, None, None),
    ("access across the end of RAM", """
        la32 4, 0x07fffffe
        stw 4, 0(4)
        lwz 3, 0(4)
        srwi 3, 3, 16
        b done""", NONE, None, 0x07ff, "08000000"),
    ("ROM is not written", """
        la32 4, 0xfff05000
        lwz 6, 0(4)
        stw 4, 0(4)
        lwarx 7, 0, 4
        stwcx. 4, 0, 4
        lwz 3, 0(4)
        subf 3, 6, 3
        b done
        .org 0x5000
        .long 0x12345678""", NONE, None, 0, None),
    ("no vectors in RAM: illegal instructions for ever", "msr 0x0000; .long 0", ANY, None, None, None),
    ("bad vectors with a system call inside", """
        la32 5, 0x44000002
        stw 5, 0xc00(0)
        stw 5, 0x700(0)
        msr 0
        sc""", ANY, None, None, None),
    ("vector that jumps to itself, recoverable bit off", """
        la32 5, 0x48000000
        stw 5, 0xc00(0)
        msr 0
        sc""", ANY, None, None, None),
    ("rfi to nowhere in user mode", """
        lis 4, 0x4000
        mtsrr0 4
        la32 5, 0x4040
        mtsrr1 5
        rfi""", ANY, None, None, None),
    ("illegal instruction", ".long 0", 0x700, 0xfff04000, None, None),
    ("privileged instruction in user mode", """
        la32 4, 0xfff04100
        mtsrr0 4
        la32 5, 0x4040
        mtsrr1 5
        rfi
        .org 0x4100
        mfmsr 3""", 0x700, 0xfff04100, None, None),
    ("translation on without a page table", """
        rom_bat
        li 5, 0
        mtspr 25, 5
        mtsr 4, 5
        lis 6, 0x4000
        msr 0x70
        lwz 3, 0(6)""", 0x300, None, None, None),
    ("page table in nowhere", """
        rom_bat
        lis 5, 0x4000
        mtspr 25, 5
        li 5, 0
        mtsr 4, 5
        lis 6, 0x4000
        msr 0x70
        lwz 3, 0(6)""", 0x300, None, None, None),
    ("page table in registers and ROM", """
        rom_bat
        lis 5, 0xfec0
        mtspr 25, 5
        li 5, 0
        mtsr 4, 5
        lis 6, 0x4000
        msr 0x70
        lwz 3, 0(6)""", 0x300, None, None, None),
    ("fetch from a no-execute segment", """
        rom_bat
        lis 5, 0x1000
        mtsr 4, 5
        msr 0x70
        go 0x40000000""", 0x400, 0x40000000, None, None),
    ("code that changes itself behind a branch", """
        la32 4, 0x200000
        la32 5, 0x38600001              /* li 3,1 */
        la32 6, 0x38600002              /* li 3,2 */
        la32 7, 0x4e800020              /* blr */
        stw 5, 0(4)
        stw 7, 4(4)
        la32 8, 1000
        li 9, 0
    1:  stw 5, 0(4)
        dcbst 0, 4
        sync
        icbi 0, 4
        isync
        mtlr 4
        blrl
        add 9, 9, 3
        stw 6, 0(4)
        dcbst 0, 4
        sync
        icbi 0, 4
        isync
        mtlr 4
        blrl
        add 9, 9, 3
        subic. 8, 8, 1
        bne 1b
        mr 3, 9
        b done""", NONE, None, 3000, None),
    ("code that overwrites the instruction after itself", """
        la32 4, 0x200000
        la32 5, 0x90c40008              /* stw 6,8(4) */
        stw 5, 0(4)
        la32 5, 0x7c0004ac              /* sync */
        stw 5, 4(4)
        la32 5, 0x38600001
        stw 5, 8(4)
        la32 5, 0x4e800020
        stw 5, 12(4)
        la32 6, 0x38600002
        mtlr 4
        blrl
        mtlr 4
        blrl
        b done""", NONE, None, 2, None),
    ("machine check with machine checks off", "msr 0x40; lis 4, 0x4000; lwz 3, 0(4); b done", ANY, None, None, None),
    ("nap without interrupts", """
        lis 5, 0x0040
        mtspr 1008, 5
        msr 0x40040
        isync
    1:  b 1b""", ANY, None, None, None),
    ("every power of two as an address", """
        li 4, 1
        li 7, 32
        mtctr 7
    1:  lwz 3, 0(4)
        lhz 5, 0(4)
        lbz 5, 0(4)
        rlwinm 4, 4, 1, 0, 31
        bdnz 1b
        li 3, 82
        b done""", ANY, None, None, None),
]


class Machine:
    """An emulator with its monitor on pipes."""

    def __init__(self, rom, log, options):
        command = [bare.emulator(), "-M", "g3beige", "-bios", rom, "-display", "none", "-serial", "none", "-nic", "none",
                   "-vga", "none", "-monitor", "stdio", "-d", "guest_errors", "-D", log]
        self.process = subprocess.Popen(command + options, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)

    def words(self, address, count, folder):
        path = os.path.join(folder, "dump")
        bare.ask(self.process, f'pmemsave {address:#x} {4 * count} "{path}"', path, 4 * count, 10)
        with open(path, "rb") as f:
            data = f.read()
        os.unlink(path)
        return struct.unpack(f">{count}I", data)

    def quit(self):
        self.process.stdin.write(b"info registers\nquit\n")
        self.process.stdin.flush()
        return self.process.wait(10)


def assemble(program, folder):
    source, elf, rom = (os.path.join(folder, name) for name in ("case.S", "case.o", "case.rom"))
    with open(source, "w") as f:
        f.write(FRAME + program + "\n")
    subprocess.run([CROSS + "as", "-mregnames", "-mppc", "-o", elf, source], check=True)
    subprocess.run([CROSS + "objcopy", "-O", "binary", "-j", ".text", elf, rom], check=True)
    with open(rom, "rb") as f:
        code = f.read()
    with open(rom, "wb") as f:
        f.write((bytes(0x300000) + code).ljust(0x400000, b"\0"))
    return rom


def run(case, options, folder):
    """What is wrong, or an empty string."""
    name, program, vector, srr0, r3, logged = case
    log = os.path.join(folder, "log")
    open(log, "w").close()
    machine = Machine(assemble(program, folder), log, options)
    try:
        until = time.time() + (0.3 if vector == ANY else 20)
        while machine.words(FLAG, 1, folder)[0] != DONE and time.time() < until:
            time.sleep(0.02)
        record = machine.words(RECORD, 3, folder)
        ended = machine.words(FLAG, 1, folder)[0] == DONE
        status = machine.quit()
    except (RuntimeError, BrokenPipeError, subprocess.TimeoutExpired) as error:
        return f"the monitor does not answer: {error}; status {machine.process.poll()}"
    finally:
        machine.process.kill()
        machine.process.wait()
    seen = "vector %#x, SRR0 %#x, r3 %#x" % record
    if status != 0:
        return f"status {status} after quit"
    if vector != ANY and (not ended or record[0] != vector or srr0 not in (None, record[1]) or r3 not in (None, record[2])):
        return (seen if ended else "the program did not end")
    if logged and logged not in open(log).read():
        return f"{logged} is not in the log"
    if os.path.getsize(log) > 200 << 20:
        return "more than 200 MB of log"
    return ""


def main():
    if not shutil.which(CROSS + "as"):
        print("1..0 # SKIP no cross assembler for PowerPC")
        return
    number = failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            wrong = [f"{' '.join(mode)}: {why}" for mode in MODES if (why := run(case, mode, folder))]
            number += 1
            failed += bool(wrong)
            print("\n".join(f"# {line}" for line in wrong) + ("\n" if wrong else "") +
                  f"{'not ok' if wrong else 'ok'} {number} - {case[0]}", flush=True)
    print(f"1..{number}")
    sys.exit(1 if failed else 0)


main()
