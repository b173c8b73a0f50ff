#!/usr/bin/env python3
# Single-precision loads and stores, instructions on FPSCR, and enabled
# floating-point exceptions (PEM 4.2.2.5, 6.4.7, D.6, D.7).
# SPDX-License-Identifier: MIT
import os
import random
import struct
import sys

sys.path.insert(0, os.path.dirname(__file__))
import bare
import fpmodel
import ppcasm as asm
import vecmodel

HANDLER = 0x700                     # program exception, MSR.IP = 1
TRAP_RECORD = 0x800                 # in RAM: count, SRR0, SRR1
FE0, FE1, FP = 0x800, 0x100, 0x2000


def finish():
    return asm.load_word(3, bare.DONE) + [asm.addi(4, 0, bare.FLAG), asm.stw(3, 4, 0), asm.branch(0)]


def program(body, msr):
    """The body behind the vectors.

    The handler counts, notes SRR0 and SRR1, and skips the instruction. It returns with FE0 and FE1
    clear: the exception is still pending in FPSCR and would come again.
    """
    lwz = asm.d_form(32, 29, 0, TRAP_RECORD)
    handler = [lwz, asm.addi(29, 29, 1), asm.stw(29, 0, TRAP_RECORD),
               0x7fba02a6, asm.stw(29, 0, TRAP_RECORD + 4), asm.addi(29, 29, 4), 0x7fba03a6,
               0x7fbb02a6, asm.stw(29, 0, TRAP_RECORD + 8),
               0x57bd0566, 0x57bd062c, 0x7fbb03a6, 0x4c000064]
    first = (HANDLER - 0x100) // 4
    code = [asm.branch(4 * (first + len(handler)))] + [0] * (first - 1) + handler
    code += asm.load_word(3, FP | 0x40 | msr) + [asm.mtmsr(3), asm.ISYNC]
    return code + body + finish()


def run(body, data, size, options, msr=0):
    return bare.run(program(body, msr), data, size, options, program=os.environ.get("QEMU_PPC"))


# --- lfs, stfs -------------------------------------------------------------------------

def stored_single(d):
    """The word that stfs stores; None: undefined."""
    exp = d >> 52 & 0x7ff
    if exp > 896 or not d & ~fpmodel.SIGN:
        return (d >> 32 & 0xc0000000) | (d >> 29 & 0x3fffffff)
    if exp < 874:
        return None
    return d >> 32 & 0x80000000 | ((d & (1 << 52) - 1) | 1 << 52) >> 926 - exp


def widened(w):
    if w & 0x7f800000 == 0x7f800000:
        return (w >> 31) << 63 | 0x7ff << 52 | (w & 0x7fffff) << 29
    return vecmodel.widen(w)


def test_singles(options):
    rng = random.Random(3)
    words = [w ^ s for w in (0, 1, 2, 0x7fffff, 0x800000, 0x3f800000, 0x7f7fffff, 0x7f800000, 0x7f800001, 0x7fc00000,
                             0x7fbfffff, 0x400000, 0x12345) for s in (0, 1 << 31)]
    words += [rng.getrandbits(32) for _ in range(200)] + [rng.getrandbits(23) for _ in range(50)]
    doubles = [rng.getrandbits(1) << 63 | rng.randrange(870, 1160) << 52 | rng.getrandbits(52) for _ in range(250)]
    doubles += [rng.getrandbits(64) for _ in range(100)] + [0, 1 << 63, 0x7ff0 << 48, 0x7ff0000000000001, 0x3690 << 48]
    doubles = [d for d in doubles if stored_single(d) is not None]
    data = struct.pack(">%dI" % len(words), *words) + b"\0" * (-4 * len(words) % 8)
    start = len(data)
    data += struct.pack(">%dQ" % len(doubles), *doubles)
    body = [asm.lfd(0, 20, 0)] + asm.load_word(20, bare.DATA) + asm.load_word(21, bare.RESULTS)
    body = body[1:]
    for i in range(len(words)):
        body += [asm.d_form(48, 1, 20, 0), asm.stfd(1, 21, 0), asm.addi(20, 20, 4), asm.addi(21, 21, 8)]
    body += asm.load_word(20, bare.DATA + start)
    for i in range(len(doubles)):
        body += [asm.lfd(1, 20, 0), asm.d_form(52, 1, 21, 0), asm.addi(20, 20, 8), asm.addi(21, 21, 4)]
    body += [asm.mffs(1), asm.d_form(54, 1, 0, 0x900)]
    dump = run(body, data, 8 * len(words) + 4 * len(doubles), options)
    got = struct.unpack(">%dQ%dI" % (len(words), len(doubles)), dump)
    bad = ["lfs %08x: %016x" % (w, g) for w, g in zip(words, got) if g != widened(w)]
    bad += ["stfs %016x: %08x, should be %08x" % (d, g, stored_single(d))
            for d, g in zip(doubles, got[len(words):]) if g != stored_single(d)]
    return bad


# --- mtfsf, mtfsfi, mtfsb0, mtfsb1, mcrfs --------------------------------------------------

SUMMARY = fpmodel.FEX | fpmodel.VX


def apply_fpscr(state, insn):
    name, x, y = insn
    old = state.fpscr
    if name == "mtfsb0":
        state.fpscr &= ~(1 << 31 - x & ~SUMMARY)
    elif name == "mtfsb1":
        bit = 1 << 31 - x & ~SUMMARY
        state.fpscr |= bit | (fpmodel.FX if bit & fpmodel.STICKY & ~old else 0)
    elif name == "mtfsfi":
        field = 15 << 28 - 4 * x & ~SUMMARY
        state.fpscr = old & ~field | y << 28 - 4 * x & field
    else:
        state.set_cr(x, old >> 28 - 4 * y & 15)
        state.fpscr &= ~(15 << 28 - 4 * y & (fpmodel.STICKY | fpmodel.FX))
    state.fpscr &= ~0x800
    state.summarize()


def encode_fpscr(insn):
    name, x, y = insn
    if name in ("mtfsb0", "mtfsb1"):
        return asm.x_form(63, x, 0, 0, 70 if name == "mtfsb0" else 38)
    if name == "mtfsfi":
        return asm.x_form(63, x << 2, 0, y << 1, 134)
    return asm.x_form(63, x << 2, y << 2, 0, 64)


def test_fpscr(options):
    rng = random.Random(4)
    cases = []
    for _ in range(400):
        insns = []
        for _ in range(rng.randrange(1, 6)):
            name = rng.choice(("mtfsb0", "mtfsb1", "mtfsfi", "mcrfs"))
            x = rng.randrange(32) if name.startswith("mtfsb") else rng.randrange(8)
            insns.append((name, x, rng.randrange(16) if name == "mtfsfi" else rng.randrange(8)))
        cases.append((rng.getrandbits(32), insns))
    data = b"".join(struct.pack(">Q", f) for f, _ in cases)
    body = asm.load_word(20, bare.DATA) + asm.load_word(21, bare.RESULTS)
    for _, insns in cases:
        body += [asm.lfd(0, 20, 0), asm.mtfsf(0), asm.addi(3, 0, 0), asm.mtcrf(3)] + [encode_fpscr(i) for i in insns]
        body += [asm.mffs(1), asm.stfd(1, 21, 0), asm.mfcr(3), asm.stw(3, 21, 0)]
        body += [asm.addi(20, 20, 8), asm.addi(21, 21, 8)]
    dump = run(body, data, 8 * len(cases), options)
    bad = []
    for (initial, insns), (cr, fpscr) in zip(cases, struct.iter_unpack(">II", dump)):
        state = fpmodel.State([], initial & ~0x800)
        for insn in insns:
            apply_fpscr(state, insn)
        if (cr, fpscr) != (state.cr, state.fpscr):
            bad.append("%08x %s: fpscr %08x cr %08x, should be %08x %08x" % (initial, insns, fpscr, cr, state.fpscr, state.cr))
    return bad


# --- enabled exceptions -------------------------------------------------------------------------

ONE, ZERO, INF, SNAN, HUGE, TINY, THIRD = (0x3ff << 52, 0, 0x7ff << 52, 0x7ff0000000000001, 0x7fe << 52, 1 << 52,
                                           0x4008 << 48)
TRAPS = [("fdiv", ONE, ZERO, fpmodel.ZE), ("fdiv", ZERO, ZERO, fpmodel.VE), ("fsub", INF, INF, fpmodel.VE),
         ("fadd", SNAN, ONE, fpmodel.VE), ("fmul", HUGE, HUGE, fpmodel.OE), ("fmul", TINY, TINY, fpmodel.UE),
         ("fdiv", ONE, THIRD, fpmodel.XE), ("fctiw", ONE, INF, fpmodel.VE), ("fcmpo", SNAN, ONE, fpmodel.VE),
         ("fadd", ONE, ONE, fpmodel.XE), ("fdiv", ONE, THIRD, fpmodel.VE), ("fmul", HUGE, HUGE, fpmodel.VE)]


def test_traps(options):
    bad = []
    data = b"".join(struct.pack(">3Q", a, b, e) for _, a, b, e in TRAPS)
    for msr in (0, FE0, FE1, FE0 | FE1):
        body = asm.load_word(20, bare.DATA) + asm.load_word(21, bare.RESULTS)
        places = []
        for name, _, _, _ in TRAPS:
            body += asm.load_word(3, FP | 0x40 | msr) + [asm.mtmsr(3), asm.ISYNC]
            body += [asm.addi(3, 0, 0)] + [asm.stw(3, 0, TRAP_RECORD + 4 * i) for i in range(3)]
            body += [asm.lfd(1, 20, 0), asm.lfd(2, 20, 8), asm.lfd(0, 20, 16), asm.lfd(4, 20, 0), asm.mtfsf(0)]
            places.append(len(body))
            body += [asm.fp((name, 4 if name != "fcmpo" else 2, 1, 2, 2, 0))]
            body += [asm.mffs(5), asm.stfd(4, 21, 0), asm.stfd(5, 21, 8)]
            for i in range(3):
                body += [asm.d_form(32, 3, 0, TRAP_RECORD + 4 * i), asm.stw(3, 21, 16 + 4 * i)]
            # Nothing may be pending when the next case begins.
            body += [asm.addi(20, 20, 24), asm.addi(21, 21, 32), asm.lfd(0, 20, 4), 0xfc00058e | 0xff << 17 | 6 << 11]
        prefix = len(program([], msr)) - len(finish())
        dump = run([0xfcc03090] + body, data + b"\0" * 64, 32 * len(TRAPS), options, msr)
        for i, (name, a, b, enable) in enumerate(TRAPS):
            result, fpscr, count, srr0, srr1 = struct.unpack(">QQIII", dump[32 * i:32 * i + 28])
            model = fpmodel.State([0, a, b, 0, a], enable)
            model.execute((name, 4 if name != "fcmpo" else 2, 1, 2, 2, 0))
            trap = bool(model.fpscr & fpmodel.FEX) and msr != 0
            address = bare.ENTRY + 4 * (prefix + 1 + places[i])
            mask = 0xffffffff if 4 in model.integer else (1 << 64) - 1
            ok = count == trap and (result ^ model.f[4]) & mask == 0 and \
                (fpscr ^ model.fpscr) & 0xffffffff & ~model.unknown == 0 and \
                (not trap or srr0 == address and srr1 & 0x001f0000 == 0x00100000)
            if not ok:
                bad.append("msr %x %s %x %x enable %x: f4 %016x fpscr %08x traps %d srr0 %x (%x) srr1 %x, should be %016x %08x %d" % (
                    msr, name, a, b, enable, result, fpscr & 0xffffffff, count, srr0, address, srr1, model.f[4],
                    model.fpscr, trap))
    return bad


# --- both units in one loop ------------------------------------------------------------------------

def test_units(options):
    """Vector sums round to nearest and leave FPSCR alone; scalar ones follow RN."""
    vaddfp = vecmodel.encode("vaddfp", 3, 1, 2, 0, 0, 0)
    small, one = 0x30000001, 0x3f800000
    data = struct.pack(">4Q", ONE, THIRD, 2, 3) + struct.pack(">8I", *[one] * 4, *[small] * 4)
    body = asm.load_word(20, bare.DATA) + asm.load_word(21, bare.RESULTS) + asm.load_word(5, 400)
    body += [asm.addi(6, 0, 32), asm.addi(7, 0, 48), asm.lvx(1, 20, 6), asm.lvx(2, 20, 7), asm.lfd(1, 20, 0), asm.lfd(2, 20, 8)]
    start = len(body)
    body += [asm.lfd(0, 20, 16), asm.mtfsf(0), vaddfp, asm.mffs(5), asm.stfd(5, 21, 0)]
    body += [asm.fp(("fdiv", 3, 1, 2, 0, 0)), vaddfp, asm.fp(("fdiv", 4, 1, 2, 0, 0)), asm.mffs(5), asm.stfd(5, 21, 8)]
    body += [asm.lfd(0, 20, 24), asm.mtfsf(0), asm.fp(("fdiv", 6, 1, 2, 0, 0)), vaddfp]
    body += [asm.stfd(3, 21, 16), asm.stfd(4, 21, 24), asm.stfd(6, 21, 32), asm.addi(8, 0, 48), asm.stvx(3, 21, 8)]
    body += [asm.addi(5, 5, -1), 0x2c050000, 0x40820000 | 4 * (start - len(body) - 2) & 0xfffc]
    dump = run(body, data, 64, ["-cpu", "7400"] + options, 0x02000000)
    first, second, up, again, down = struct.unpack(">5Q", dump[:40])
    third = 0x3fd5555555555555
    want = (2, 0x82064002, third + 1, third + 1, third, struct.pack(">4I", *[one] * 4))
    got = (first & 0xffffffff, second & 0xffffffff, up, again, down, dump[48:64])
    return [] if got == want else ["%s should be %s" % (got, want)]


def main():
    tests = [("scalar and vector units", test_units), ("lfs and stfs", test_singles), ("FPSCR instructions", test_fpscr), ("enabled exceptions", test_traps)]
    modes = [("default", []), ("singlestep", ["-singlestep"])]
    print("1..%d" % (len(tests) * len(modes)))
    number = failed = 0
    for mode, options in modes:
        for name, test in tests:
            bad = test(options)
            number += 1
            failed += len(bad)
            for line in bad[:int(os.environ.get("SHOW", 5))]:
                print("# " + line)
            print("%sok %d - %s, %s" % ("not " if bad else "", number, name, mode))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
