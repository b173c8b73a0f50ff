#!/usr/bin/env python3
"""The Teach guest: every instruction against a model, faults, interrupts, what a debugger sees.

When this fails, the worked example of docs/porting.md is broken. SPDX-License-Identifier: MIT
"""
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, "..", "..", "target-teach")
sys.path[:0] = [os.path.join(HERE, ".."), os.path.join(HERE, "..", "gdbstub")]
from baremetal import MODES, run, tool
from guest import Failure, Tap, executable, temp_dir
import rsp

EXE = executable("teach")
MASK = 0xffffffff
VALUES = [0, 1, 2, 31, 32, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x12345678, 0x7fffffff, 0x80000000, 0x80000001,
          0xdeadbeef, 0xfffffffe, 0xffffffff]
IMMEDIATES = [0, 1, -1, 31, 2047, -2048, 0x1ffff, -0x20000]


def signed(x):
    return x - (1 << 32) if x >> 31 else x


MODEL = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "and": lambda a, b: a & b, "or": lambda a, b: a | b,
    "xor": lambda a, b: a ^ b, "shl": lambda a, b: a << (b & 31), "shr": lambda a, b: a >> (b & 31),
    "sar": lambda a, b: signed(a) >> (b & 31), "mul": lambda a, b: a * b, "divu": lambda a, b: a // b if b else MASK,
    "slt": lambda a, b: signed(a) < signed(b), "sltu": lambda a, b: a < b,
}
MODEL.update({name + "i": MODEL[name] for name in ("add", "and", "or", "xor", "shl")})
BRANCHES = {"beq": lambda a, b: a == b, "bne": lambda a, b: a != b, "blt": lambda a, b: signed(a) < signed(b),
            "bltu": lambda a, b: a < b}

# r12: where results go; r13: rounds left, so that the code becomes hot.
HEAD = """.include "teach.inc"
start:
    jal r0, begin
    .org 0x40
handler:
    mfs r14, cause;  stw r14, r12, 0
    mfs r14, epc;    stw r14, r12, 4
    mfs r14, badaddr; stw r14, r12, 8
    addi r12, r12, 12
    mfs r14, epc;    addi r14, r14, 4;   mts r14, epc
    iret
begin:
    li r14, handler-start
    mts r14, vector
    li r13, 300
again:
    li r12, 0x400000
"""
TAIL = """
    addi r13, r13, -1
    bne r13, r0, again
    li r1, 0x400000
    li r2, 0x80000000
1:  ldb r3, r1, 0
    stb r3, r2, 0
    addi r1, r1, 1
    bne r1, r12, 1b
    li r2, 0x80002000
    li r1, 0x5555
    stw r1, r2, 0
2:  jal r0, 2b
"""


def build(folder, program):
    source, image = os.path.join(folder, "p.S"), os.path.join(folder, "p.bin")
    with open(os.path.join(SOURCE, "teach.inc"), encoding="ascii") as f:
        text = program.replace('.include "teach.inc"', f.read())
    with open(source, "w", encoding="ascii") as f:
        f.write(text)
    tool("gcc", "-c", "-x", "assembler-with-cpp", "-I", SOURCE, "-o", source + ".o", source)
    tool("objcopy", "-O", "binary", "-j", ".text", source + ".o", image)
    return image


def words(data):
    return struct.unpack(f"<{len(data) // 4}I", data)


def compare(program, wanted):
    """Run the program in every mode; it stores the words wanted, each with a name."""
    with temp_dir() as folder:
        image = build(folder, HEAD + program + TAIL)
        for mode, options in MODES.items():
            got = words(run(folder, EXE, "-kernel", image, *options))
            wrong = [f"{name}: {g:#x}, not {w:#x}" for (name, w), g in zip(wanted, got) if w != g]
            if wrong or len(got) != len(wanted):
                raise Failure(f"{mode}: {len(got)} words of {len(wanted)}; " + "; ".join(wrong[:5]))


def arithmetic(name):
    program, wanted = "", []
    for a in VALUES:
        program += f"li r1, {a:#x}\n"
        for b in IMMEDIATES if name.endswith("i") else VALUES:
            operands = f"r1, {b}" if name.endswith("i") else "r1, r2"
            load = "" if name.endswith("i") else f"li r2, {b:#x}; "
            program += f"{load}{name} r3, {operands}; stw r3, r12, 0; addi r12, r12, 4\n"
            wanted.append((f"{name} {a:#x}, {b:#x}", MODEL[name](a, b & MASK) & MASK))
    program += f"li r1, 5; {name} r1, r1, {'r1' if not name.endswith('i') else 3}; stw r1, r12, 0; addi r12, r12, 4\n"
    wanted.append((f"{name} r1, r1", MODEL[name](5, 3 if name.endswith("i") else 5) & MASK))
    compare(program, wanted)


def branches():
    program, wanted = "", []
    for name, model in BRANCHES.items():
        for a in VALUES[::2]:
            for b in VALUES[::2]:
                program += (f"li r1, {a:#x}; li r2, {b:#x}; li r3, 1; {name} r1, r2, 1f; li r3, 0\n"
                            "1: stw r3, r12, 0; addi r12, r12, 4\n")
                wanted.append((f"{name} {a:#x}, {b:#x}", int(model(a, b))))
    program += """li r1, 0; li r2, 1000        /* a loop with a branch inside */
1:  andi r3, r2, 3; bne r3, r0, 2f; add r1, r1, r2
2:  addi r2, r2, -1; bne r2, r0, 1b
    stw r1, r12, 0; addi r12, r12, 4
    jal r15, 4f
    stw r1, r12, 0; addi r12, r12, 4; jal r0, 5f
4:  li r1, 77; jr r0, r15, 2
5:  li r15, 6f-start; jr r15, r15, 0
6:  li r2, 6b-start; sub r15, r15, r2; stw r15, r12, 0; addi r12, r12, 4
"""
    wanted += [("loop", sum(i for i in range(1001) if i % 4 == 0)), ("call", 77), ("jr with one register", 0)]
    compare(program, wanted)


def memory():
    compare("""li r1, 0x300ffe; li r2, 0x89abcdef
    stb r2, r1, 0; stb r2, r1, 1; stw r2, r1, 2; stb r2, r1, -1
    ldb r3, r1, 1;  stw r3, r12, 0
    ldw r3, r1, 2;  stw r3, r12, 4
    ldb r3, r1, 5;  stw r3, r12, 8
    li r3, 9; lui r3, 0x3ffff; stw r3, r12, 12
    addi r0, r2, 1; stw r0, r12, 16
    addi r12, r12, 20
    """, [("ldb", 0xef), ("ldw", 0x89abcdef), ("high byte", 0x89), ("lui", 0xffffc000), ("r0", 0)])


def faults():
    where = []
    program = ""
    for n, (insn, cause, badaddr) in enumerate([
            ("trap", 4, 0), ("ldw r1, r2, 1", 2, 0x10001), ("stw r1, r2, 2", 2, 0x10002),
            (".long 0", 1, 0), (".long 0xffffffff", 1, 0), (".long 1 << 26 | 1", 1, 0), (".long 0x31 << 26 | 4", 1, 0),
            ("mfs r1, 6", 1, 0), ("mts r1, -1", 1, 0), ("ldb r1, r3, 3", 3, 0x70000003), ("stb r1, r3, 0", 3, 0x70000000)]):
        program += f".org 0x{0x1000 + 32 * n:x}\nf{n}: li r2, 0x10000; li r3, 0x70000000\n{insn}\njal r0, f{n + 1}\n"
        where += [(f"cause of {insn}", cause), (f"epc of {insn}", 0x1010 + 32 * n), (f"badaddr of {insn}", badaddr)]
    compare("jal r0, f0\n" + program + f"f{n + 1}:\n", where)


def interrupts():
    with temp_dir() as folder:
        image = build(folder, """.include "teach.inc"
    jal r0, begin
    .org 0x40
    li r8, 0x80001000; li r9, 1; stw r9, r8, 4
    addi r7, r7, 1
    iret
begin:
    li r1, 0x40; mts r1, vector
    li r2, 0x80001000; li r3, 1000; stw r3, r2, 0
    li r4, 1; mts r4, status
    li r5, 5
1:  blt r7, r5, 1b                      /* a loop that only an interrupt ends */
    li r5, 10
2:  wait
    blt r7, r5, 2b
    mts r0, status
    li r2, 0x80000000; addi r7, r7, 48; stb r7, r2, 0
    li r2, 0x80002000; li r1, 0x73333; stw r1, r2, 0
3:  jal r0, 3b
""")
        for options in MODES.values():
            assert run(folder, EXE, "-kernel", image, *options, status=7) == b":"


def logs():
    with temp_dir() as folder:
        log = os.path.join(folder, "log")
        image = build(folder, '.include "teach.inc"\nli r2, 0x80002000; andi r1, r0, -4; bne r1, r0, .; jal r5, 1f\n1: addi r1, r1, -5\n'
                      "add r3, r1, r2; li r1, 0x5555; stw r1, r2, 0; wait\n")
        run(folder, EXE, "-kernel", image, "-d", "in_asm,guest_errors", "-D", log)
        with open(log, encoding="ascii") as f:
            text = f.read()
        for line in ("0x00000000:  lui     r2,-131072", "0x00000010:  jal     r5,0x14", "0x0000000c:  bne     r1,r0,0xc",
                     "0x00000014:  addi    r1,r1,-5", "0x00000018:  add     r3,r1,r2", "wait"):
            assert line in text, f"no {line!r} in\n{text}"


def debugger():
    with temp_dir() as folder:
        image = build(folder, '.include "teach.inc"\naddi r1, r0, 7\nmts r1, epc\n1: addi r2, r2, 1; jal r0, 1b\n')
        with rsp.Emulator(EXE, folder, "-S", "-kernel", image) as emulator:
            client = rsp.Client(emulator.path)
            xml = client.command("qXfer:features:read:target.xml:0,ffb")
            assert "emulator.teach.core" in xml and 'name="r15"' in xml and 'name="special5"' in xml, xml
            client.command("vCont;s:1")
            client.expect("p1", "07000000")
            client.expect("p10", "04000000")
            client.expect("P2=44332211", "OK")
            client.expect("p2", "44332211")
            client.expect("Z0,c,4", "OK")
            client.command("vCont;c")
            client.expect("p10", "0c000000")
            client.expect("p2", "45332211")
            assert "pc  0000000c" in client.monitor("info registers")
            assert "addi    r2,r2,1" in client.monitor("x/2i 8")


def size():
    lines = 0
    for name in os.listdir(SOURCE):
        with open(os.path.join(SOURCE, name), encoding="ascii") as f:
            lines += len(f.readlines())
    assert lines <= 600, f"the folder has {lines} lines"


if not os.path.exists(EXE):
    print(f"1..0 # SKIP {EXE} is not built")
    sys.exit(0)
tap = Tap()
for name in MODEL:
    tap.test(name, arithmetic, name)
for test in (branches, memory, faults, interrupts, logs, debugger, size):
    tap.test(test.__name__, test)
tap.done()
