# PowerPC floating point by the book, on exact fractions: an independent model
# for fp-test.py. PEM 2.1.4, 3.3, 8.2.
# SPDX-License-Identifier: MIT
from fractions import Fraction
from math import isqrt

FX, FEX, VX, OX, UX, ZX, XX = (1 << 31 - n for n in range(7))
VXSNAN, VXISI, VXIDI, VXZDZ, VXIMZ, VXVC, FR, FI = (1 << 31 - n for n in range(7, 15))
VXSOFT, VXSQRT, VXCVI, VE, OE, UE, ZE, XE, NI = (1 << 31 - n for n in range(21, 30))
VX_ALL = VXSNAN | VXISI | VXIDI | VXZDZ | VXIMZ | VXVC | VXSOFT | VXSQRT | VXCVI
FPRF = 0x1f000
STICKY = OX | UX | ZX | XX | VX_ALL
SIGN, QUIET, INF = 1 << 63, 1 << 51, 0x7ff << 52
DEFAULT_NAN = 0x7ff8 << 48


def is_nan(b):
    return b & ~SIGN > INF


def is_snan(b):
    return is_nan(b) and not b & QUIET


def is_inf(b):
    return b & ~SIGN == INF


def is_zero(b):
    return b & ~SIGN == 0


def value(b):
    """Of a finite number."""
    e, f = b >> 52 & 0x7ff, b & (1 << 52) - 1
    v = Fraction(f + (1 << 52 if e else 0)) * Fraction(2) ** ((e or 1) - 1075)
    return -v if b & SIGN else v


def floor_log2(v):
    n = v.numerator.bit_length() - v.denominator.bit_length()
    return n if v >= Fraction(2) ** n else n - 1


def encode(v, sign):
    """A value that is a binary64 number."""
    s = SIGN if sign else 0
    if v == 0:
        return s
    e = max(floor_log2(v), -1022)
    f = v / Fraction(2) ** (e - 52)
    assert f.denominator == 1
    return s | (f.numerator if f < 1 << 52 else (e + 1023 << 52) + f.numerator - (1 << 52))


class Result:
    """bits: None when there is no result; flags: exception bits and FR, FI."""
    def __init__(self, bits, flags=0):
        self.bits, self.flags = bits, flags


def round_integer(v, sign, mode, sticky=False):
    """The integer to round the magnitude v to; inexact, incremented."""
    whole = v.numerator // v.denominator
    rest = v - whole
    inexact = rest != 0 or sticky
    half = rest > Fraction(1, 2) or rest == Fraction(1, 2) and (sticky or whole & 1)
    up = {0: bool(half), 1: False, 2: inexact and not sign, 3: inexact and sign}[mode]
    return whole + up, inexact, up


def round_value(v, fpscr, single, sticky=False):
    """An exact value not 0 (sticky: a little more in magnitude)."""
    sign, v, mode = v < 0, abs(v), fpscr & 3
    digits, least, most, wrap = (24, -126, 127, 192) if single else (53, -1022, 1023, 1536)
    flags = 0
    e = floor_log2(v)
    tiny = e < least
    if tiny and fpscr & UE:
        v *= Fraction(2) ** wrap
        e += wrap
        flags |= UX
    unit = Fraction(2) ** (max(e, least) - digits + 1)
    whole, inexact, up = round_integer(v / unit, sign, mode, sticky)
    flags |= (XX | FI if inexact else 0) | (FR if up else 0)
    if tiny and inexact:
        flags |= UX
    v = whole * unit
    if v and floor_log2(v) > most:
        flags |= OX
        if fpscr & OE:
            v /= Fraction(2) ** wrap
        else:
            flags = flags & ~FR | XX | FI
            if mode == 0 or mode == 2 + sign:
                return Result(INF | (SIGN if sign else 0), flags | FR)
            v = (2 - Fraction(2) ** (1 - digits)) * Fraction(2) ** most
    return Result(encode(v, sign), flags)


def nan_result(operands, flags=0):
    for b in operands:
        if is_snan(b):
            flags |= VXSNAN
    for b in operands:
        if is_nan(b):
            return Result(b | QUIET, flags)
    return None


def invalid(flag):
    return Result(DEFAULT_NAN, flag)


def signed(bits, negative):
    return bits | (SIGN if negative else 0)


def fma(a, c, b, fpscr, single):
    product_sign = (a ^ c) & SIGN
    imz = is_inf(a) and is_zero(c) or is_zero(a) and is_inf(c)
    nan = nan_result([a, b, c], VXIMZ if imz else 0)
    if nan:
        return nan
    if imz:
        return invalid(VXIMZ)
    if is_inf(a) or is_inf(c):
        if is_inf(b) and (b & SIGN) != product_sign:
            return invalid(VXISI)
        return Result(INF | product_sign)
    if is_inf(b):
        return Result(b)
    v = value(a) * value(c) + value(b)
    if v:
        return round_value(v, fpscr, single)
    zero = is_zero(a) or is_zero(c)
    if (zero and is_zero(b) or value(a) * value(c) == 0) and product_sign == b & SIGN:
        return Result(product_sign)
    return Result(SIGN if fpscr & 3 == 3 else 0)


def add(a, b, fpscr, single):
    nan = nan_result([a, b])
    if nan:
        return nan
    if is_inf(a):
        return invalid(VXISI) if is_inf(b) and a != b else Result(a)
    if is_inf(b):
        return Result(b)
    v = value(a) + value(b)
    if v:
        return round_value(v, fpscr, single)
    if is_zero(a) and a == b:
        return Result(a)
    return Result(SIGN if fpscr & 3 == 3 else 0)


def sub(a, b, fpscr, single):
    return add(a, b if is_nan(b) else b ^ SIGN, fpscr, single)


def mul(a, c, fpscr, single):
    nan = nan_result([a, c])
    if nan:
        return nan
    s = (a ^ c) & SIGN
    if is_inf(a) or is_inf(c):
        return invalid(VXIMZ) if is_zero(a) or is_zero(c) else Result(INF | s)
    v = value(a) * value(c)
    return round_value(v, fpscr, single) if v else Result(s)


def div(a, b, fpscr, single):
    nan = nan_result([a, b])
    if nan:
        return nan
    s = (a ^ b) & SIGN
    if is_inf(a):
        return invalid(VXIDI) if is_inf(b) else Result(INF | s)
    if is_zero(b):
        return invalid(VXZDZ) if is_zero(a) else Result(INF | s, ZX)
    if is_inf(b) or is_zero(a):
        return Result(s)
    return round_value(value(a) / value(b), fpscr, single)


def sqrt(b, fpscr, single):
    nan = nan_result([b])
    if nan:
        return nan
    if is_zero(b):
        return Result(b)
    if b & SIGN:
        return invalid(VXSQRT)
    if is_inf(b):
        return Result(b)
    v = value(b)
    scale = Fraction(4) ** (100 - floor_log2(v) // 2)
    n = v * scale
    assert n.denominator == 1
    root = isqrt(n.numerator)
    return round_value(Fraction(root) / Fraction(2) ** (100 - floor_log2(v) // 2), fpscr, single,
                       root * root != n.numerator)


def frsp(b, fpscr):
    nan = nan_result([b])
    if nan:
        nan.bits &= ~0x1fffffff
        return nan
    if is_inf(b) or is_zero(b):
        return Result(b)
    return round_value(value(b), fpscr, True)


def fctiw(b, mode):
    if is_nan(b):
        return Result(0x80000000, VXCVI | (VXSNAN if is_snan(b) else 0))
    limit = Result(0x80000000 if b & SIGN else 0x7fffffff, VXCVI)
    if is_inf(b):
        return limit
    v = value(b)
    whole, inexact, up = round_integer(abs(v), v < 0, mode)
    whole = -whole if v < 0 else whole
    if not -1 << 31 <= whole < 1 << 31:
        return limit
    return Result(whole & 0xffffffff, (XX | FI if inexact else 0) | (FR if up else 0))


def negate(r):
    if not is_nan(r.bits):
        r.bits ^= SIGN
    return r


def fprf(b, single):
    s = bool(b & SIGN)
    if is_nan(b):
        return 0x11
    if is_inf(b):
        return 9 if s else 5
    if is_zero(b):
        return 0x12 if s else 2
    if abs(value(b)) < Fraction(2) ** (-126 if single else -1022):
        return 0x18 if s else 0x14
    return 8 if s else 4


def arithmetic(name, a, b, c, fpscr):
    single = name.endswith("s") and name not in ("fabs", "fnabs")
    base = name[:-1] if single else name
    minus_b = b if is_nan(b) else b ^ SIGN
    if base == "fadd":
        r = add(a, b, fpscr, single)
    elif base == "fsub":
        r = sub(a, b, fpscr, single)
    elif base == "fmul":
        r = mul(a, c, fpscr, single)
    elif base == "fdiv":
        r = div(a, b, fpscr, single)
    elif base == "fsqrt":
        r = sqrt(b, fpscr, single)
    elif base == "fmadd":
        r = fma(a, c, b, fpscr, single)
    elif base == "fmsub":
        r = fma(a, c, minus_b, fpscr, single)
    elif base == "fnmadd":
        r = negate(fma(a, c, b, fpscr, single))
    elif base == "fnmsub":
        r = negate(fma(a, c, minus_b, fpscr, single))
    elif base == "frsp":
        r, single = frsp(b, fpscr), True
    elif base == "fctiw":
        return fctiw(b, fpscr & 3), None
    elif base == "fctiwz":
        return fctiw(b, 1), None
    return r, fprf(r.bits, single)


class State:
    """f: registers, fpscr, cr."""
    def __init__(self, f, fpscr):
        self.f, self.fpscr, self.cr = list(f), fpscr, 0
        self.unknown = 0        # FPSCR bits that the architecture leaves undefined
        self.integer = set()    # registers whose high word is undefined
        self.summarize()

    def summarize(self):
        s = self.fpscr & ~(FEX | VX)
        if s & VX_ALL:
            s |= VX
        enabled = s & VX and s & VE or s & OX and s & OE or s & UX and s & UE or \
            s & ZX and s & ZE or s & XX and s & XE
        self.fpscr = s | (FEX if enabled else 0)

    def raise_bits(self, bits):
        if bits & STICKY & ~self.fpscr:
            self.fpscr |= FX
        self.fpscr |= bits & STICKY

    def set_cr(self, field, bits):
        shift = 28 - 4 * field
        self.cr = self.cr & ~(15 << shift) | bits << shift

    def cr1(self):
        self.summarize()
        self.set_cr(1, self.fpscr >> 28)

    def compare(self, name, field, a, b):
        if is_nan(a) or is_nan(b):
            bits = 1
            signalling = is_snan(a) or is_snan(b)
            flags = VXSNAN if signalling else 0
            if name == "fcmpo" and not (signalling and self.fpscr & VE):
                flags |= VXVC
            self.raise_bits(flags)
        else:
            x, y = ((-1 if v & SIGN else 1) * (v & ~SIGN) for v in (a, b))
            bits = 8 if x < y else 4 if x > y else 2
        self.fpscr = self.fpscr & ~0xf000 | bits << 12
        self.unknown &= ~0xf000
        self.set_cr(field, bits)

    def execute(self, insn):
        name, d, a, b, c, rc = insn
        f = self.f
        if name in ("fcmpu", "fcmpo"):
            self.compare(name, d, f[a], f[b])
        elif name in ("fmr", "fneg", "fabs", "fnabs", "fsel"):
            f[d] = {"fmr": f[b], "fneg": f[b] ^ SIGN, "fabs": f[b] & ~SIGN, "fnabs": f[b] | SIGN,
                    "fsel": f[b] if is_nan(f[a]) or f[a] & SIGN and not is_zero(f[a]) else f[c]}[name]
        else:
            r, code = arithmetic(name, f[a], f[b], f[c], self.fpscr)
            self.raise_bits(r.flags)
            self.fpscr &= ~(FR | FI)
            self.unknown &= ~(FR | FI)
            if not (r.flags & VX_ALL and self.fpscr & VE or r.flags & ZX and self.fpscr & ZE):
                f[d] = r.bits
                self.fpscr |= r.flags & (FR | FI)
                if r.flags & OX and not self.fpscr & OE:
                    self.unknown |= FR
                self.integer.discard(d)
                if code is None:
                    self.integer.add(d)
                    self.unknown |= FPRF
                else:
                    self.fpscr = self.fpscr & ~FPRF | code << 12
                    self.unknown &= ~FPRF
        if rc:
            self.cr1()
        self.summarize()
