#!/usr/bin/env python3
"""RV32IMAC instructions over edge operands against a model, in every translation mode; and on
the reference emulator where it is installed. When this fails, programs compute wrong values.

SPDX-License-Identifier: MIT
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from riscv import MASK, compare, missing
from guest import Tap

VALUES = [0, 1, 2, 31, 32, 33, 0x7f, 0x80, 0xffff, 0x8000, 0x12345678, 0x7fffffff, 0x80000000, 0x80000001,
          0xdeadbeef, 0xfffffffe, 0xffffffff]
IMMEDIATES = [0, 1, -1, 31, 32, 2047, -2048, 0x555]


def s(x):
    x &= MASK
    return x - (1 << 32) if x >> 31 else x


def quotient(a, b):
    q = abs(a) // abs(b) if b else 0
    return -1 if not b else -q if (a < 0) != (b < 0) else q


REGISTER = {
    "add": lambda a, b: a + b, "sub": lambda a, b: a - b, "sll": lambda a, b: a << (b & 31),
    "slt": lambda a, b: s(a) < s(b), "sltu": lambda a, b: a < b, "xor": lambda a, b: a ^ b,
    "srl": lambda a, b: a >> (b & 31), "sra": lambda a, b: s(a) >> (b & 31), "or": lambda a, b: a | b,
    "and": lambda a, b: a & b, "mul": lambda a, b: a * b, "mulh": lambda a, b: s(a) * s(b) >> 32,
    "mulhsu": lambda a, b: s(a) * b >> 32, "mulhu": lambda a, b: a * b >> 32,
    "div": lambda a, b: quotient(s(a), s(b)), "divu": lambda a, b: quotient(a, b),
    "rem": lambda a, b: s(a) - quotient(s(a), s(b)) * s(b) if b else a,
    "remu": lambda a, b: a - quotient(a, b) * b if b else a,
}
IMMEDIATE = {"addi": "add", "slti": "slt", "sltiu": "sltu", "xori": "xor", "ori": "or", "andi": "and"}
SHIFT = {"slli": "sll", "srli": "srl", "srai": "sra"}
BRANCH = {"beq": lambda a, b: a == b, "bne": lambda a, b: a != b, "blt": lambda a, b: s(a) < s(b),
          "bge": lambda a, b: s(a) >= s(b), "bltu": lambda a, b: a < b, "bgeu": lambda a, b: a >= b}
ATOMIC = {"amoswap": lambda a, b: b, "amoadd": lambda a, b: a + b, "amoxor": lambda a, b: a ^ b,
          "amoor": lambda a, b: a | b, "amoand": lambda a, b: a & b, "amomin": lambda a, b: min(s(a), s(b)),
          "amomax": lambda a, b: max(s(a), s(b)), "amominu": min, "amomaxu": max}


def registers(name):
    program, wanted = "", []
    for a in VALUES:
        program += f"li a0, {a:#x}\n"
        for b in VALUES:
            program += f"li a1, {b:#x}\n{name} a2, a0, a1\nput a2\n"
            wanted.append((f"{name} {a:#x}, {b:#x}", REGISTER[name](a, b) & MASK))
        program += f"{name} a2, a0, a0\nput a2\nmv a3, a0\n{name} a3, a3, a1\nput a3\n{name} zero, a0, a1\nput zero\n"
        wanted += [(f"{name} {a:#x} with itself", REGISTER[name](a, a) & MASK),
                   (f"{name} {a:#x} in place", REGISTER[name](a, b) & MASK), ("x0", 0)]
    compare(program, wanted)


def immediates(name):
    model = REGISTER[IMMEDIATE.get(name) or SHIFT[name]]
    program, wanted = "", []
    for a in VALUES:
        program += f"li a0, {a:#x}\n"
        for b in IMMEDIATES if name in IMMEDIATE else (0, 1, 15, 31):
            program += f"{name} a2, a0, {b}\nput a2\n"
            wanted.append((f"{name} {a:#x}, {b}", model(a, b & MASK) & MASK))
    compare(program, wanted)


def branches(name):
    program, wanted = "", []
    for a in VALUES:
        for b in VALUES[::2]:
            program += f"li a0, {a:#x}\nli a1, {b:#x}\nli a2, 1\n{name} a0, a1, 1f\nli a2, 0\n1: put a2\n"
            wanted.append((f"{name} {a:#x}, {b:#x}", int(BRANCH[name](a, b))))
    compare(program, wanted)


def jumps():
    compare("""
    li a0, 0
    li a1, 1000
1:  andi a2, a1, 7                      /* loops with branches inside, forward and backward */
    bnez a2, 2f
    add a0, a0, a1
2:  addi a1, a1, -1
    bnez a1, 1b
    put a0
    jal a3, 3f
    put a0
    j 4f
3:  li a0, 77
    jr a3
4:  la a3, 5f + 1                       /* bit 0 of a target is dropped */
    jalr a3, 0(a3)
5:  la a4, 5b
    sub a3, a3, a4
    put a3
    auipc a0, 0x12345
    la a1, 6f - 4
6:  sub a0, a0, a1
    li a1, 0x12345000
    sub a0, a0, a1
    put a0
    lui a0, 0xfffff
    put a0
    la a1, f1                           /* recursion through returns */
    li a0, 10
    jalr a1
    put a0
    j 8f
f1: beqz a0, 7f
    addi sp, sp, -8
    sw ra, 0(sp)
    sw a0, 4(sp)
    addi a0, a0, -1
    call f1
    lw ra, 0(sp)
    lw a1, 4(sp)
    addi sp, sp, 8
    add a0, a0, a1
7:  ret
8:
""", [("loop", sum(range(0, 1001, 8))), ("call", 77), ("jalr with one register", 0), ("auipc", None), ("lui", 0xfffff000),
      ("recursion", 55)])


def memory():
    """Every size, sign and alignment, also across the border of two pages."""
    program, wanted = "", []
    data = bytes(range(0x78, 0x98))
    for base in ("buffer", "buffer + 4096 - 8"):
        program += f"la a0, {base}\nli a1, 0x78\nli a2, 32\n1: sb a1, 0(a0)\naddi a1, a1, 1\naddi a0, a0, 1\n" \
                   f"addi a2, a2, -1\nbnez a2, 1b\nla a0, {base} + 16\n"
        for at in range(-12, 9):
            for name, size, sign in (("lb", 1, True), ("lbu", 1, False), ("lh", 2, True), ("lhu", 2, False), ("lw", 4, True)):
                program += f"{name} a2, {at}(a0)\nput a2\n"
                wanted.append((f"{name} {base}+{at}", int.from_bytes(data[16 + at:16 + at + size], "little", signed=sign) & MASK))
        changed = bytearray(data)
        for at, name, size in ((-11, "sb", 1), (-9, "sh", 2), (-5, "sw", 4), (-8, "sh", 2), (1, "sw", 4), (6, "sw", 4)):
            program += f"li a1, {0xa1b2c3d4 + at:#x}\n{name} a1, {at}(a0)\n"
            changed[16 + at:16 + at + size] = (0xa1b2c3d4 + at).to_bytes(4, "little")[:size]
        for at in range(-16, 16, 4):
            program += f"lw a2, {at}(a0)\nput a2\n"
            wanted.append((f"word {at} after stores at {base}", int.from_bytes(changed[16 + at:20 + at], "little")))
    compare(program + "j 9f\n.pushsection .bss\n.balign 4096\nbuffer: .space 8192\n.popsection\n9:\n", wanted)


def atomics(name):
    program, wanted = "la a0, cell\n", []
    for a in VALUES:
        for b in VALUES[::2]:
            order = ["", ".aq", ".rl", ".aqrl"][(a + b) % 4]
            program += f"li a1, {a:#x}\nsw a1, 0(a0)\nli a2, {b:#x}\n{name}.w{order} a3, a2, (a0)\nlw a4, 0(a0)\nput a3\nput a4\n"
            wanted += [(f"{name} {a:#x}, {b:#x}: old", a), (f"{name} {a:#x}, {b:#x}: new", ATOMIC[name](a, b) & MASK)]
    program += f"li a1, 6\nsw a1, 0(a0)\nmv a2, a0\n{name}.w a2, a1, (a2)\nput a2\n{name}.w zero, a1, (a0)\n"
    compare(program + "j 9f\n.pushsection .bss\ncell: .space 4\n.popsection\n9:\n", wanted + [("rd is rs1", 6)])


def reservations():
    compare("""
    la a0, cell
    li a1, 5
    sw a1, 0(a0)
    lr.w a2, (a0)
    li a3, 7
    sc.w a4, a3, (a0)
    lw a5, 0(a0)
    put a2
    put a4
    put a5
    sc.w a4, a1, (a0)                   /* the reservation is used up */
    lw a5, 0(a0)
    put a4
    put a5
    lr.w.aq a2, (a0)
    addi a6, a0, 4
    sc.w.rl a4, a1, (a6)                /* another address */
    put a4
    sc.w a4, a1, (a0)
    put a4
    li s4, 100                          /* an atomic increment */
1:  lr.w a2, (a0)
    addi a2, a2, 3
    sc.w a2, a2, (a0)
    bnez a2, 1b
    addi s4, s4, -1
    bnez s4, 1b
    lw a2, 0(a0)
    put a2
    lr.w zero, (a0)
    mv a2, a0
    sc.w a2, a2, (a2)
    put a2
    j 9f
    .pushsection .bss
cell: .space 8
    .popsection
9:
""", [("lr", 5), ("sc", 0), ("stored", 7), ("sc again", 1), ("memory", 7), ("sc elsewhere", 1), ("after it", 1),
      ("loop", 307), ("rd is rs1 is rs2", 0)])


def compressed():
    """Every compressed instruction, at both halves of a word, branches across words and pages."""
    program = """
    .option rvc
    la a0, cell
    li s0, 0x1234
    c.addi s0, -3
    c.mv s1, s0
    c.add s1, s0
    put s0
    put s1
    c.li a2, -17
    put a2
    c.lui a3, 0xfffe1
    put a3
    c.srli s1, 3
    put s1
    c.lui a4, 0xfffe0
    c.srai a4, 5
    put a4
    c.andi s0, 0x1e
    put s0
    li s0, 0x55aa
    li s1, 0xff0f
    c.sub s0, s1
    put s0
    c.xor s0, s1
    put s0
    c.or s0, s1
    put s0
    c.and s0, s1
    put s0
    c.slli s0, 17
    put s0
    c.sw s0, 4(a0)
    c.lw a5, 4(a0)
    put a5
    c.addi16sp sp, -496
    c.swsp s1, 100(sp)
    c.addi4spn s0, sp, 100
    c.lw a5, 0(s0)
    put a5
    c.lwsp a5, 100(sp)
    put a5
    c.addi16sp sp, 496
    c.beqz a5, 1f
    c.li a5, 9
1:  put a5
    c.bnez a5, 2f
    c.li a5, 8
2:  c.j 4f
3:  c.li a5, 5
    c.jr ra
4:  c.jal 3b
    put a5
    la a4, 3b
    c.li a5, 0
    c.jalr a4
    put a5
    c.nop
    li a1, 10                           /* a loop whose head lies between words */
    c.nop
5:  c.addi a1, -1
    addi a5, a5, 3
    c.bnez a1, 5b
    put a5
    j 6f
    .balign 4096
    .space 4096 - 2
6:  li a5, 0x12345                      /* this instruction reaches into the next page */
    c.addi a5, 1
    put a5
    la a4, 7f
    c.jr a4
    .balign 4096
    .space 4096 - 6
7:  addi a5, a5, 0x7f                   /* and this block's last one too */
    lui a6, 0x77777
    put a6
    .option norvc
    .pushsection .bss
    .balign 4
cell: .space 8
    .popsection
"""
    x = 0x1234 - 3
    y = 2 * x >> 3
    values = [x, 2 * x, -17, -0x1f000, y, -0x20000 >> 5, x & 0x1e, 0x55aa - 0xff0f, (0x55aa - 0xff0f) ^ 0xff0f]
    z = values[-1] & MASK | 0xff0f
    values += [z, z & 0xff0f, (z & 0xff0f) << 17, (z & 0xff0f) << 17, 0xff0f, 0xff0f, 9, 5, 5, 35, 0x12346, 0x77777000]
    compare(program, [(f"value {n}", v & MASK) for n, v in enumerate(values)], norvc=False)


def self_modifying():
    compare("""
    la a0, code
    li s4, 50
    li a5, 0
    la a1, insn1
    lw a2, 0(a1)
    lw a3, 4(a1)
1:  sw a2, 0(a0)
    fence.i
    jalr a0
    sw a3, 0(a0)
    fence.i
    jalr a0
    addi s4, s4, -1
    bnez s4, 1b
    put a5
    j 9f
insn1: addi a5, a5, 1
    addi a5, a5, 100
    .pushsection .data
    .balign 4096
code: nop
    ret
    .popsection
9:
""", [("sum", 5050)])


reason = missing()
if reason:
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)
tap = Tap()
for name in REGISTER:
    tap.test(name, registers, name)
for name in (*IMMEDIATE, *SHIFT):
    tap.test(name, immediates, name)
for name in BRANCH:
    tap.test(name, branches, name)
for name in ATOMIC:
    tap.test(name, atomics, name)
for test in (jumps, memory, reservations, compressed, self_modifying):
    tap.test(test.__name__, test)
tap.done()
