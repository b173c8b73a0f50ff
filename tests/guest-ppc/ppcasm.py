# Encodings of PowerPC instructions for the generated test programs.
# SPDX-License-Identifier: MIT


def d_form(op, d, a, imm):
    return op << 26 | d << 21 | a << 16 | imm & 0xffff


def x_form(op, d, a, b, xo, rc=0):
    return op << 26 | d << 21 | a << 16 | b << 11 | xo << 1 | rc


def addi(d, a, imm):
    return d_form(14, d, a, imm)


def lis(d, imm):
    return d_form(15, d, 0, imm)


def ori(a, s, imm):
    return d_form(24, s, a, imm)


def load_word(d, value):
    return [lis(d, value >> 16), ori(d, d, value)]


def mtcrf(s):
    return 0x7c0ff120 | s << 21


def mfcr(d):
    return x_form(31, d, 0, 0, 19)


def mtmsr(s):
    return x_form(31, s, 0, 0, 146)


ISYNC = x_form(19, 0, 0, 0, 150)


def mtctr(s):
    return 0x7c0903a6 | s << 21


def bdnz(offset):
    return 0x42000000 | offset & 0xfffc


def branch(offset):
    return 0x48000000 | offset & 0x3fffffc


def lfd(d, a, imm):
    return d_form(50, d, a, imm)


def stfd(d, a, imm):
    return d_form(54, d, a, imm)


def stw(d, a, imm):
    return d_form(36, d, a, imm)


def mffs(d):
    return x_form(63, d, 0, 0, 583)


def mtfsf(b):
    return x_form(63, 0, 0, b, 711) | 0xff << 17


def lvx(d, a, b):
    return x_form(31, d, a, b, 103)


def stvx(d, a, b):
    return x_form(31, d, a, b, 231)


FP_A = {"fdiv": 18, "fsub": 20, "fadd": 21, "fsqrt": 22, "fsel": 23, "fmul": 25,
        "fmsub": 28, "fmadd": 29, "fnmsub": 30, "fnmadd": 31, "fres": 24, "frsqrte": 26}
FP_X = {"frsp": 12, "fctiw": 14, "fctiwz": 15, "fneg": 40, "fmr": 72, "fnabs": 136, "fabs": 264}


def fp(insn):
    """(name, d, a, b, c, rc); fields that the instruction lacks are encoded as zero."""
    name, d, a, b, c, rc = insn
    if name in ("fcmpu", "fcmpo"):
        return x_form(63, d << 2, a, b, 0 if name == "fcmpu" else 32)
    if name in FP_X:
        return x_form(63, d, 0, b, FP_X[name], rc)
    op, base = (63, name) if name in FP_A and name != "fres" else (59, name.rstrip("s") if name != "fres" else name)
    xo = FP_A[base]
    a = 0 if xo in (22, 24, 26) else a
    b = 0 if xo == 25 else b
    c = c if xo in (23, 25, 28, 29, 30, 31) else 0
    return op << 26 | d << 21 | a << 16 | b << 11 | c << 6 | xo << 1 | rc
