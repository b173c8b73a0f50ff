# AltiVec by the book: an independent model for altivec-test.py. Registers are
# lists of 16 bytes, byte 0 first. AltiVec PEM, chapter 6.
# SPDX-License-Identifier: MIT
from fractions import Fraction

import fpmodel


def lanes(v, size, signed=False):
    return [int.from_bytes(bytes(v[i:i + size]), "big", signed=signed) for i in range(0, 16, size)]


def join(values, size):
    return [b for x in values for b in (x & (1 << 8 * size) - 1).to_bytes(size, "big")]


class Machine:
    """v: 32 registers, sat, nj, cr6."""
    def __init__(self, v, nj):
        self.v, self.nj, self.sat, self.cr6 = [list(x) for x in v], nj, 0, 0

    def clamp(self, x, size, signed):
        low, high = (-1 << 8 * size - 1, (1 << 8 * size - 1) - 1) if signed else (0, (1 << 8 * size) - 1)
        y = min(max(x, low), high)
        self.sat |= y != x
        return y

    def execute(self, name, d, a, b, c, imm, rc):
        va, vb, vc = self.v[a], self.v[b], self.v[c]
        size, signed = OPS[name][1], OPS[name][2]
        result = OPS[name][0](self, va, vb, vc, size, signed, imm)
        self.v[d] = result
        if rc:
            self.cr6 = 8 if all(x == 0xff for x in result) else 2 if not any(result) else 0


def lanewise(f, wide=False):
    def op(m, a, b, c, size, signed, imm):
        return join([f(m, x, y, size, signed) for x, y in zip(lanes(a, size, signed), lanes(b, size, signed))], size)
    return op


def mask(condition):
    return -1 if condition else 0


def rotate(x, n, bits):
    n %= bits
    return x << n | x >> bits - n


def multiply(even):
    def op(m, a, b, c, size, signed, imm):
        x, y = lanes(a, size, signed)[not even::2], lanes(b, size, signed)[not even::2]
        return join([p * q for p, q in zip(x, y)], 2 * size)
    return op


def sum_products(signed_a, signed_b, saturate):
    def op(m, a, b, c, size, signed, imm):
        x, y, z = lanes(a, size, signed_a), lanes(b, size, signed_b), lanes(c, 4, signed_a if saturate else False)
        n = 4 // size
        sums = [z[i] + sum(x[k] * y[k] for k in range(i * n, i * n + n)) for i in range(4)]
        return join([m.clamp(s, 4, signed_a) for s in sums] if saturate else sums, 4)
    return op


def high_add(rounding):
    def op(m, a, b, c, size, signed, imm):
        return join([m.clamp((x * y + rounding >> 15) + z, 2, True)
                     for x, y, z in zip(lanes(a, 2, True), lanes(b, 2, True), lanes(c, 2, True))], 2)
    return op


def sum_across(groups, signed):
    """Sums of vA's lanes in groups of words, with the last word of vB's group."""
    def op(m, a, b, c, size, _, imm):
        x, y, out = lanes(a, size, signed), lanes(b, 4, signed), [0] * 4
        n, words = len(x) // groups, 4 // groups
        for g in range(groups):
            last = (g + 1) * words - 1
            out[last] = m.clamp(sum(x[g * n:g * n + n]) + y[last], 4, signed)
        return join(out, 4)
    return op


def pack(out_signed):
    def op(m, a, b, c, size, signed, imm):
        x = lanes(a, size, signed) + lanes(b, size, signed)
        return join([v if out_signed is None else m.clamp(v, size // 2, out_signed) for v in x], size // 2)
    return op


def merge(low):
    def op(m, a, b, c, size, signed, imm):
        x, y = lanes(a, size), lanes(b, size)
        half = slice(len(x) // 2, None) if low else slice(0, len(x) // 2)
        return join([v for pair in zip(x[half], y[half]) for v in pair], size)
    return op


def unpack(low):
    def op(m, a, b, c, size, signed, imm):
        x = lanes(b, size, True)
        return join(x[len(x) // 2:] if low else x[:len(x) // 2], 2 * size)
    return op


def pack_pixel(m, a, b, c, size, signed, imm):
    return join([(w >> 24 & 1) << 15 | (w >> 19 & 31) << 10 | (w >> 11 & 31) << 5 | w >> 3 & 31
                 for w in lanes(a, 4) + lanes(b, 4)], 2)


def unpack_pixel(low):
    def op(m, a, b, c, size, signed, imm):
        x = lanes(b, 2)
        return join([(255 if h & 0x8000 else 0) << 24 | (h >> 10 & 31) << 16 | (h >> 5 & 31) << 8 | h & 31
                     for h in (x[4:] if low else x[:4])], 4)
    return op


def whole(v):
    return int.from_bytes(bytes(v), "big")


def shift_whole(left, octets):
    def op(m, a, b, c, size, signed, imm):
        n = b[15] & (0x78 if octets else 7)
        return join([whole(a) << n if left else whole(a) >> n], 16)
    return op


def splat(m, a, b, c, size, signed, imm):
    return join([lanes(b, size)[imm % (16 // size)]] * (16 // size), size)


def splat_immediate(m, a, b, c, size, signed, imm):
    return join([imm - 32 if imm & 16 else imm] * (16 // size), size)


# --- floating point -------------------------------------------------------------------

SIGN32, INF32, NAN32 = 1 << 31, 0x7f800000, 0x7fc00000


def is_nan32(x):
    return x & 0x7fffffff > INF32


def flush(m, x):
    return x & SIGN32 if m.nj and not x & INF32 else x


def widen(x):
    sign, e, f = x >> 31 << 63, x >> 23 & 255, x & 0x7fffff
    if e == 255:
        return sign | 0x7ff << 52 | f << 29
    return sign | fpmodel.encode(Fraction(f + (1 << 23 if e else 0)) * Fraction(2) ** ((e or 1) - 150), False)


def narrow(bits):
    sign = bits >> 63 << 31
    if fpmodel.is_nan(bits) or fpmodel.is_inf(bits):
        return sign | INF32 | (bits >> 29 & 0x7fffff)
    v = abs(fpmodel.value(bits))
    if v == 0:
        return sign
    e = max(fpmodel.floor_log2(v), -126)
    f = v / Fraction(2) ** (e - 23)
    assert f.denominator == 1
    f = f.numerator
    return sign | (f if f < 1 << 23 else (e + 127 << 23) + f - (1 << 23))


def fp_lane(f):
    """f on binary64 bits, rounded to single; subnormal operands and results as NJ says."""
    def op(m, a, b, c, size, signed, imm):
        out = []
        for x, y, z in zip(lanes(a, 4), lanes(b, 4), lanes(c, 4)):
            r = narrow(f(*(widen(flush(m, v)) for v in (x, y, z))).bits)
            out.append(flush(m, r))
        return join(out, 4)
    return op


def minus(b):
    return b if fpmodel.is_nan(b) else b ^ fpmodel.SIGN


def reciprocal(a, b, c):
    return fpmodel.div(0x3ff << 52, b, 0, True)


def ordered(x, y):
    """-1, 0, 1; None with a NaN."""
    if is_nan32(x) or is_nan32(y):
        return None
    p, q = ((-1 if v & SIGN32 else 1) * (v & 0x7fffffff) for v in (x, y))
    return (p > q) - (p < q)


def fp_compare(test):
    def op(m, a, b, c, size, signed, imm):
        return join([mask(test(ordered(flush(m, x), flush(m, y)))) for x, y in zip(lanes(a, 4), lanes(b, 4))], 4)
    return op


def bounds(m, a, b, c, size, signed, imm):
    out = []
    for x, y in zip(lanes(a, 4), lanes(b, 4)):
        x, y = flush(m, x), flush(m, y)
        above, below = ordered(x, y), ordered(x, y ^ SIGN32)
        out.append((0 if above in (-1, 0) else 1 << 31) | (0 if below in (1, 0) else 1 << 30))
    return join(out, 4)


def extreme(sign):
    def op(m, a, b, c, size, signed, imm):
        out = []
        for x, y in zip(lanes(a, 4), lanes(b, 4)):
            x, y = flush(m, x), flush(m, y)
            o = ordered(x, y)
            if o is None:
                out.append((x if is_nan32(x) else y) | 1 << 22)
            elif o == 0:
                out.append((x & y) if sign > 0 else (x | y))
            else:
                out.append(x if o == sign else y)
        return join(out, 4)
    return op


def round_integral(mode):
    def op(m, a, b, c, size, signed, imm):
        out = []
        for x in lanes(b, 4):
            x = flush(m, x)
            if is_nan32(x):
                out.append(x | 1 << 22)
            elif x & INF32 == INF32:
                out.append(x)
            else:
                v = abs(fpmodel.value(widen(x)))
                whole_part, _, _ = fpmodel.round_integer(v, bool(x & SIGN32), mode)
                out.append(narrow(fpmodel.encode(Fraction(whole_part), bool(x & SIGN32))))
        return join(out, 4)
    return op


def from_integer(signed):
    def op(m, a, b, c, size, _, imm):
        out = []
        for x in lanes(b, 4, signed):
            out.append(narrow(fpmodel.round_value(Fraction(x, 1 << imm), 0, True).bits) if x else 0)
        return join(out, 4)
    return op


def to_integer(signed):
    def op(m, a, b, c, size, _, imm):
        out = []
        for x in lanes(b, 4):
            x = flush(m, x)
            if is_nan32(x):
                out.append(0)
            elif x & INF32 == INF32:
                out.append(m.clamp((-1 if x & SIGN32 else 1) << 40, 4, signed))
            else:
                v = fpmodel.value(widen(x)) * (1 << imm)
                out.append(m.clamp(int(v), 4, signed))
        return join(out, 4)
    return op


def nmsub(a, b, c):
    return fpmodel.negate(fpmodel.fma(a, c, minus(b), 0, True))


OPS = {}


def define(xo, name, f, size=16, signed=False):
    OPS[name] = (f, size, signed, xo)


for index, size in ((0, 1), (1, 2), (2, 4)):
    letter, step = "bhw"[index], 64 * index
    for base, sign, signed in ((512, "u", False), (768, "s", True)):
        define(base + step, "vadd%s%ss" % (sign, letter), lanewise(lambda m, x, y, s, g: m.clamp(x + y, s, g)), size, signed)
        define(base + 1024 + step, "vsub%s%ss" % (sign, letter), lanewise(lambda m, x, y, s, g: m.clamp(x - y, s, g)), size, signed)
    define(step, "vaddu%sm" % letter, lanewise(lambda m, x, y, s, g: x + y), size)
    define(1024 + step, "vsubu%sm" % letter, lanewise(lambda m, x, y, s, g: x - y), size)
    for base, sign, signed in ((0, "u", False), (256, "s", True)):
        define(2 + base + step, "vmax%s%s" % (sign, letter), lanewise(lambda m, x, y, s, g: max(x, y)), size, signed)
        define(514 + base + step, "vmin%s%s" % (sign, letter), lanewise(lambda m, x, y, s, g: min(x, y)), size, signed)
        define(1026 + base + step, "vavg%s%s" % (sign, letter), lanewise(lambda m, x, y, s, g: x + y + 1 >> 1), size, signed)
        define(518 + base + step, "vcmpgt%s%s" % (sign, letter), lanewise(lambda m, x, y, s, g: mask(x > y)), size, signed)
        if size < 4:
            define(8 + base + step, "vmulo%s%s" % (sign, letter), multiply(False), size, signed)
            define(520 + base + step, "vmule%s%s" % (sign, letter), multiply(True), size, signed)
    define(6 + step, "vcmpequ%s" % letter, lanewise(lambda m, x, y, s, g: mask(x == y)), size)
    define(4 + step, "vrl%s" % letter, lanewise(lambda m, x, y, s, g: rotate(x, y, 8 * s)), size)
    define(260 + step, "vsl%s" % letter, lanewise(lambda m, x, y, s, g: x << y % (8 * s)), size)
    define(516 + step, "vsr%s" % letter, lanewise(lambda m, x, y, s, g: x >> y % (8 * s)), size)
    define(772 + step, "vsra%s" % letter, lanewise(lambda m, x, y, s, g: x >> y % (8 * s)), size, True)
    define(12 + step, "vmrgh%s" % letter, merge(False), size)
    define(268 + step, "vmrgl%s" % letter, merge(True), size)
    define(524 + step, "vsplt%s" % letter, splat, size)
    define(780 + step, "vspltis%s" % letter, splat_immediate, size)
define(384, "vaddcuw", lanewise(lambda m, x, y, s, g: x + y >> 32), 4)
define(1408, "vsubcuw", lanewise(lambda m, x, y, s, g: int(x >= y)), 4)
define(1028, "vand", lanewise(lambda m, x, y, s, g: x & y), 16)
define(1092, "vandc", lanewise(lambda m, x, y, s, g: x & ~y), 16)
define(1156, "vor", lanewise(lambda m, x, y, s, g: x | y), 16)
define(1220, "vxor", lanewise(lambda m, x, y, s, g: x ^ y), 16)
define(1284, "vnor", lanewise(lambda m, x, y, s, g: ~(x | y)), 16)
define(452, "vsl", shift_whole(True, False))
define(708, "vsr", shift_whole(False, False))
define(1036, "vslo", shift_whole(True, True))
define(1100, "vsro", shift_whole(False, True))
define(1544, "vsum4ubs", sum_across(4, False), 1)
define(1800, "vsum4sbs", sum_across(4, True), 1)
define(1608, "vsum4shs", sum_across(4, True), 2)
define(1672, "vsum2sws", sum_across(2, True), 4)
define(1928, "vsumsws", sum_across(1, True), 4)
define(14, "vpkuhum", pack(None), 2)
define(78, "vpkuwum", pack(None), 4)
define(142, "vpkuhus", pack(False), 2)
define(206, "vpkuwus", pack(False), 4)
define(270, "vpkshus", pack(False), 2, True)
define(334, "vpkswus", pack(False), 4, True)
define(398, "vpkshss", pack(True), 2, True)
define(462, "vpkswss", pack(True), 4, True)
define(782, "vpkpx", pack_pixel)
define(526, "vupkhsb", unpack(False), 1)
define(590, "vupkhsh", unpack(False), 2)
define(654, "vupklsb", unpack(True), 1)
define(718, "vupklsh", unpack(True), 2)
define(846, "vupkhpx", unpack_pixel(False))
define(974, "vupklpx", unpack_pixel(True))
define(32, "vmhaddshs", high_add(0))
define(33, "vmhraddshs", high_add(0x4000))
define(34, "vmladduhm", lambda m, a, b, c, s, g, i: join([x * y + z for x, y, z in zip(lanes(a, 2), lanes(b, 2), lanes(c, 2))], 2))
define(36, "vmsumubm", sum_products(False, False, False), 1)
define(37, "vmsummbm", sum_products(True, False, False), 1)
define(38, "vmsumuhm", sum_products(False, False, False), 2)
define(39, "vmsumuhs", sum_products(False, False, True), 2)
define(40, "vmsumshm", sum_products(True, True, False), 2)
define(41, "vmsumshs", sum_products(True, True, True), 2)
define(42, "vsel", lambda m, a, b, c, s, g, i: join([whole(b) & whole(c) | whole(a) & ~whole(c)], 16))
define(43, "vperm", lambda m, a, b, c, s, g, i: [(a + b)[x & 31] for x in c])
define(44, "vsldoi", lambda m, a, b, c, s, g, i: (a + b)[i & 15:(i & 15) + 16])
define(10, "vaddfp", fp_lane(lambda a, b, c: fpmodel.add(a, b, 0, True)))
define(74, "vsubfp", fp_lane(lambda a, b, c: fpmodel.sub(a, b, 0, True)))
define(46, "vmaddfp", fp_lane(lambda a, b, c: fpmodel.fma(a, c, b, 0, True)))
define(47, "vnmsubfp", fp_lane(nmsub))
define(266, "vrefp", fp_lane(reciprocal))
define(522, "vrfin", round_integral(0))
define(586, "vrfiz", round_integral(1))
define(650, "vrfip", round_integral(2))
define(714, "vrfim", round_integral(3))
define(778, "vcfux", from_integer(False))
define(842, "vcfsx", from_integer(True))
define(906, "vctuxs", to_integer(False))
define(970, "vctsxs", to_integer(True))
define(1034, "vmaxfp", extreme(1))
define(1098, "vminfp", extreme(-1))
define(198, "vcmpeqfp", fp_compare(lambda o: o == 0))
define(454, "vcmpgefp", fp_compare(lambda o: o in (0, 1)))
define(710, "vcmpgtfp", fp_compare(lambda o: o == 1))
define(966, "vcmpbfp", bounds)

NO_A = {"vupkhsb", "vupkhsh", "vupklsb", "vupklsh", "vupkhpx", "vupklpx", "vrefp", "vrfin", "vrfiz", "vrfip", "vrfim"}
IMMEDIATE_A = {"vspltb", "vsplth", "vspltw", "vspltisb", "vspltish", "vspltisw", "vcfux", "vcfsx", "vctuxs", "vctsxs"}


def encode(name, d, a, b, c, imm, rc):
    xo = OPS[name][3]
    if name in NO_A:
        a = 0
    elif name in IMMEDIATE_A:
        a = imm
        b = 0 if name.startswith("vsplti") else b
    word = 4 << 26 | d << 21 | a << 16 | b << 11
    if 32 <= xo < 48:
        return word | (imm & 15 if name == "vsldoi" else c) << 6 | xo
    return word | xo | (0x400 if rc else 0)
