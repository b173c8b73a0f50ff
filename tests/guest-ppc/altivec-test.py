#!/usr/bin/env python3
# AltiVec instructions: short random sequences; registers, VSCR.SAT and CR6
# against vecmodel.py.
# SPDX-License-Identifier: MIT
import os
import random
import struct
import sys

sys.path.insert(0, os.path.dirname(__file__))
import bare
import ppcasm as asm
import vecmodel

REGISTERS = 5                           # v1..v5; v0: VSCR
CASE_BYTES = 16 * (REGISTERS + 1)
RESULT_BYTES = 16 * (REGISTERS + 2)
NJ = 0x00010000
SINGLES = [0, 1, 0x7fffff, 0x800000, 0x800001, 0x3f800000, 0x3f000000, 0x3fc00000, 0x40200000, 0x4b000000,
           0x4effffff, 0x4f000000, 0x4f800000, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x7f800001, 0x7fc12345, 0x33800000]


def random_vector(rng):
    kind = rng.randrange(5)
    if kind == 0:
        return [rng.choice((0, 1, 0x7f, 0x80, 0xff)) for _ in range(16)]
    if kind == 1:
        return [rng.getrandbits(8)] * 16
    if kind == 2:
        return vecmodel.join([rng.choice(SINGLES) ^ rng.getrandbits(1) << 31 for _ in range(4)], 4)
    if kind == 3:
        return vecmodel.join([rng.getrandbits(1) << 31 | rng.randrange(115, 165) << 23 | rng.getrandbits(23) & -1 << rng.randrange(24)
                              for _ in range(4)], 4)
    return [rng.getrandbits(8) for _ in range(16)]


def random_case(rng, number, names):
    v = [random_vector(rng) for _ in range(REGISTERS)]
    count = 1 if number < 8 * len(names) else rng.randrange(2, 6)
    insns = []
    for i in range(count):
        name = names[number % len(names)] if count == 1 else rng.choice(names)
        rc = int(name.startswith("vcmp") and rng.random() < 0.6)
        insns.append((name, rng.randrange(REGISTERS), rng.randrange(REGISTERS), rng.randrange(REGISTERS),
                      rng.randrange(REGISTERS), rng.randrange(32), rc))
    return v, rng.getrandbits(1), insns


def encode(insn):
    name, d, a, b, c, imm, rc = insn
    imm &= {"vspltb": 15, "vsplth": 7, "vspltw": 3}.get(name, 31)
    return vecmodel.encode(name, d + 1, a + 1, b + 1, c + 1, imm, rc)


def program(cases, passes):
    mfvscr, mtvscr = 0x10000604, 0x10000644
    code = asm.load_word(3, 0x02002000) + [asm.mtmsr(3), asm.ISYNC] + asm.load_word(5, passes)
    code += [asm.addi(10 + i, 0, 16 * i) for i in range(REGISTERS + 2)]
    start = len(code)
    code += asm.load_word(20, bare.DATA) + asm.load_word(21, bare.RESULTS)
    for v, nj, insns in cases:
        code += [asm.lvx(0, 20, 10 + REGISTERS), mtvscr, asm.addi(3, 0, 0), asm.mtcrf(3)]
        code += [asm.lvx(i + 1, 20, 10 + i) for i in range(REGISTERS)]
        code += [encode(insn) for insn in insns]
        code += [asm.stvx(i + 1, 21, 10 + i) for i in range(REGISTERS)] + [mfvscr, asm.stvx(0, 21, 10 + REGISTERS)]
        code += [asm.mfcr(3), asm.stw(3, 21, 16 * (REGISTERS + 1))]
        code += [asm.addi(20, 20, CASE_BYTES), asm.addi(21, 21, RESULT_BYTES)]
    code += [asm.addi(5, 5, -1), 0x2c050000, 0x41820008]
    code += [asm.branch(4 * (start - len(code)))]
    code += asm.load_word(3, bare.DONE) + [asm.addi(4, 0, bare.FLAG), asm.stw(3, 4, 0), asm.branch(0)]
    return code


def differences(case, result):
    v, nj, insns = case
    model = vecmodel.Machine(v, nj)
    for insn in insns:
        model.execute(*insn)
    found = []
    for i in range(REGISTERS):
        got = list(result[16 * i:16 * i + 16])
        if got != model.v[i]:
            found.append("v%d %s should be %s" % (i + 1, bytes(got).hex(), bytes(model.v[i]).hex()))
    vscr = struct.unpack(">I", result[16 * REGISTERS + 12:16 * REGISTERS + 16])[0]
    cr = struct.unpack(">I", result[16 * (REGISTERS + 1):16 * (REGISTERS + 1) + 4])[0]
    if vscr != (NJ if nj else 0) | model.sat:
        found.append("vscr %08x should have sat %d" % (vscr, model.sat))
    if cr != model.cr6 << 4:
        found.append("cr %08x should be %08x" % (cr, model.cr6 << 4))
    return found


def check(cases, passes, options):
    data = b"".join(b"".join(bytes(x) for x in v) + struct.pack(">4I", 0, 0, 0, NJ if nj else 0) for v, nj, _ in cases)
    dump = bare.run(program(cases, passes), data, RESULT_BYTES * len(cases), ["-cpu", "7400"] + options, program=os.environ.get("QEMU_PPC"))
    failed, names = 0, set()
    for n, case in enumerate(cases):
        found = differences(case, dump[n * RESULT_BYTES:(n + 1) * RESULT_BYTES])
        if found:
            failed += 1
            if len(case[2]) == 1:
                names.add(case[2][0][0])
            if failed <= int(os.environ.get("SHOW", 5)):
                print("# case %d: nj %d %s; %s\n#   %s" % (n, case[1], case[2], " ".join(bytes(v).hex() for v in case[0]),
                                                        "; ".join(found)))
    if names:
        print("# wrong alone: " + " ".join(sorted(names)))
    return failed


def main():
    rng = random.Random(2)
    names = sorted(vecmodel.OPS)
    cases = [random_case(rng, n, names) for n in range(8 * len(names) + 1500)]
    # Blocks become regions after some hundred passes.
    modes = [("regions", 300, []), ("blocks", 3, []), ("singlestep", 3, ["-singlestep"])]
    print("1..%d" % len(modes))
    bad = 0
    for n, (name, passes, options) in enumerate(modes, 1):
        failed = check(cases, passes, options)
        bad += failed
        print("%sok %d - altivec sequences, %s: %d of %d wrong" % ("not " if failed else "", n, name, failed, len(cases)))
    return bad != 0


if __name__ == "__main__":
    sys.exit(main())
