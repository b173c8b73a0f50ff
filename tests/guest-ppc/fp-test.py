#!/usr/bin/env python3
# Floating-point instructions: short random sequences over registers full of
# edge cases; registers, FPSCR and CR against fpmodel.py. If it fails, guest
# arithmetic or its status bits are wrong.
# SPDX-License-Identifier: MIT
import os
import random
import struct
import sys

sys.path.insert(0, os.path.dirname(__file__))
import bare
import fpmodel
import ppcasm as asm

REGISTERS = 6                       # f1..f6
CASE_BYTES = 8 * (REGISTERS + 1)    # of data
RESULT_BYTES = 8 * (REGISTERS + 2)

EDGES = [0, 1, 0xfffffffffffff, 0x10000000000000, 0x10000000000001, 0x3ff0000000000000, 0x3ff8000000000000,
         0x3fe0000000000000, 0x3fefffffffffffff, 0x7fefffffffffffff, 0x7ff0000000000000, 0x7ff8000000000000,
         0x7ff0000000000001, 0x7ff8000000000123, 0x7ff4000000000000, 0x41e0000000000000, 0x41dfffffffc00000,
         0x41dfffffffe00000, 0xc1e0000000000000, 0xc1e00000001fffff, 0x3810000000000000, 0x380fffffe0000000,
         0x380ffffff0000000, 0x36a0000000000000, 0x369fffffffffffff, 0x47efffffe0000000, 0x47effffff0000000,
         0x3ca0000000000000, 0x4340000000000000, 0x1ff0000000000000, 0x2000000000000000, 0x5fe0000000000000]
SINGLES = [0, 0x3ff0000000000000, 0x3ff8000000000000, 0x36a0000000000000, 0x380fffffc0000000, 0x3810000000000000,
           0x47efffffe0000000, 0x7ff0000000000000, 0x7ff8000000000000, 0x7ff4000020000000, 0x3ff0000020000000,
           0x3fefffffe0000000, 0x3e50000000000000, 0x3c00000000000000, 0x3bf0000000000000, 0x4000000000000000]
DOUBLE_OPS = ["fadd", "fsub", "fmul", "fdiv", "fmadd", "fmsub", "fnmadd", "fnmsub", "frsp", "fctiw", "fctiwz",
              "fcmpu", "fcmpo", "fmr", "fneg", "fabs", "fnabs", "fsel"]
SINGLE_OPS = ["fadds", "fsubs", "fmuls", "fdivs", "fmadds", "fmsubs", "fnmadds", "fnmsubs", "fcmpu", "fmr", "fneg"]


def random_double(rng):
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(EDGES) ^ rng.getrandbits(1) << 63
    exponent = rng.randrange(1, 2046) if kind < 0.5 else rng.randrange(1015, 1060)
    fraction = rng.getrandbits(52)
    if kind > 0.8:
        fraction &= -1 << rng.randrange(53)
    return rng.getrandbits(1) << 63 | exponent << 52 | fraction


def random_single(rng):
    kind = rng.random()
    if kind < 0.35:
        return rng.choice(SINGLES) ^ rng.getrandbits(1) << 63
    exponent = rng.randrange(897, 1150) if kind < 0.5 else rng.randrange(1015, 1030)
    return rng.getrandbits(1) << 63 | exponent << 52 | rng.getrandbits(23) << 29


def random_case(rng, number):
    """Initial registers, FPSCR, instructions."""
    single = number % 3 == 0
    f = [random_single(rng) if single else random_double(rng) for _ in range(REGISTERS)]
    enables = rng.getrandbits(5) << 3 if rng.random() < 0.25 else 0
    fpscr = rng.getrandbits(2) | enables
    if rng.random() < 0.2:
        fpscr |= rng.getrandbits(32) & (fpmodel.STICKY | fpmodel.FX)
    insns = []
    for _ in range(1 if number % 2 else rng.randrange(2, 6)):
        name = rng.choice(SINGLE_OPS if single else DOUBLE_OPS)
        rc = rng.random() < 0.1 and not name.startswith("fcmp")
        d = rng.randrange(8) if name.startswith("fcmp") else rng.randrange(REGISTERS)
        insns.append((name, d) + tuple(rng.randrange(REGISTERS) for _ in range(3)) + (int(rc),))
    return f, fpscr, insns


def encode(insn):
    name, d, a, b, c, rc = insn
    return asm.fp((name, d if name.startswith("fcmp") else d + 1, a + 1, b + 1, c + 1, rc))


def program(cases, passes):
    code = asm.load_word(3, 0x2000) + [asm.mtmsr(3), asm.ISYNC] + asm.load_word(5, passes)
    start = len(code)
    code += asm.load_word(20, bare.DATA) + asm.load_word(21, bare.RESULTS)
    for f, fpscr, insns in cases:
        code += [asm.lfd(i + 1, 20, 8 * i) for i in range(REGISTERS)]
        code += [asm.lfd(0, 20, 8 * REGISTERS), asm.mtfsf(0), asm.addi(3, 0, 0), asm.mtcrf(3)]
        code += [encode(insn) for insn in insns]
        code += [asm.mffs(0), asm.mfcr(3), asm.stw(3, 21, 8 * REGISTERS + 12)]
        code += [asm.stfd(i + 1, 21, 8 * i) for i in range(REGISTERS)] + [asm.stfd(0, 21, 8 * REGISTERS)]
        code += [asm.addi(20, 20, CASE_BYTES), asm.addi(21, 21, RESULT_BYTES)]
    code += [asm.addi(5, 5, -1), asm.mtctr(5), 0x2c050000, 0x41820008]      # cmpwi r5,0; beq
    code += [asm.branch(4 * (start - len(code)))]
    code += asm.load_word(3, bare.DONE) + [asm.addi(4, 0, bare.FLAG), asm.stw(3, 4, 0), asm.branch(0)]
    return code


def differences(case, result):
    f, fpscr, insns = case
    model = fpmodel.State(f, fpscr)
    for insn in insns:
        model.execute(insn)
    words = struct.unpack(">%dQ" % (REGISTERS + 2), result)
    found = []
    for i in range(REGISTERS):
        mask = 0xffffffff if i in model.integer else (1 << 64) - 1
        if (words[i] ^ model.f[i]) & mask:
            found.append("f%d %016x should be %016x" % (i + 1, words[i], model.f[i]))
    if (words[REGISTERS] ^ model.fpscr) & 0xffffffff & ~model.unknown:
        found.append("fpscr %08x should be %08x" % (words[REGISTERS] & 0xffffffff, model.fpscr))
    if words[REGISTERS + 1] != model.cr:
        found.append("cr %08x should be %08x" % (words[REGISTERS + 1], model.cr))
    return found


def uses_integer_result(case):
    """An operand whose high word is undefined makes what follows undefined."""
    integer = set()
    for name, d, a, b, c, rc in case[2]:
        if integer & {a, b, c}:
            return True
        if name.startswith("fctiw"):
            integer.add(d)
    return False


def check(cases, passes, options):
    data = b"".join(struct.pack(">%dQ" % (REGISTERS + 1), *f, fpscr) for f, fpscr, _ in cases)
    dump = bare.run(program(cases, passes), data, RESULT_BYTES * len(cases), options, program=os.environ.get("QEMU_PPC"))
    failed = 0
    for n, case in enumerate(cases):
        found = differences(case, dump[n * RESULT_BYTES:(n + 1) * RESULT_BYTES])
        if found:
            failed += 1
            if failed <= int(os.environ.get("SHOW", 5)):
                print("# case %d: %s; f %s fpscr %08x\n#   %s" % (
                    n, case[2], " ".join("%016x" % v for v in case[0]), case[1], "; ".join(found)))
    return failed


def main():
    rng = random.Random(1)
    cases = []
    while len(cases) < 4000:
        case = random_case(rng, len(cases))
        if not uses_integer_result(case):
            cases.append(case)
    # Blocks become regions after some hundred passes.
    modes = [("regions", 300, []), ("blocks", 3, []), ("singlestep", 3, ["-singlestep"])]
    print("1..%d" % len(modes))
    bad = 0
    for n, (name, passes, options) in enumerate(modes, 1):
        failed = check(cases, passes, options)
        bad += failed
        print("%sok %d - fp sequences, %s: %d of %d wrong" % (
            "not " if failed else "", n, name, failed, len(cases)))
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
