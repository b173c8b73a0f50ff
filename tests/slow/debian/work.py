"""Python in the Debian guest: prints facts (see run.sh). SPDX-License-Identifier: MIT"""
import bz2
import concurrent.futures
import ctypes
import decimal
import fractions
import hashlib
import json
import lzma
import math
import multiprocessing
import random
import re
import sqlite3
import struct
import subprocess
import sys
import zlib


def digest(value):
    data = value if isinstance(value, bytes) else str(value).encode()
    return hashlib.sha256(data).hexdigest()[:32]


def fact(name, value):
    print("fact python", name, value, flush=True)


def square(n):
    return pow(3, n, 10 ** 40 + 1)


def numbers():
    decimal.getcontext().prec = 600
    two = decimal.Decimal(2)
    fact("decimal", digest(two.sqrt() * two.ln() / two.exp()))
    fact("big", digest(pow(7, 2 ** 14) % (10 ** 3000) * math.factorial(900) // 3 ** 1000))
    fact("fraction", digest(sum(fractions.Fraction(1, n) for n in range(1, 400))))
    rng = random.Random(12345)
    floats = [rng.uniform(-1e6, 1e6) for _ in range(20000)]
    fact("float", digest([(a + b, a - b, a * b, a / b, math.sqrt(abs(a)), a // b, math.fmod(a, b))
                          for a, b in zip(floats, floats[1:])]))
    fact("float-text", digest([(repr(f), f"{f:.3e}", float(repr(f)) == f, f.hex(), round(f), round(f, 2)) for f in floats]))
    fact("float-sum", digest((math.fsum(floats), sorted(floats)[::777])))
    fact("float-pack", digest(b"".join(struct.pack("<fd", f / 3, f / 7) for f in floats)))
    odd = [math.inf, -math.inf, math.nan, 0.0, -0.0, 5e-324, 1.7976931348623157e308, 2.2250738585072014e-308]
    fact("float-odd", digest([(a < b, a == b, a + b, a * b, math.copysign(1, a), a - b) for a in odd for b in odd]))
    print("info python libm", digest([(math.sin(f), math.exp(f / 1e5), math.log(abs(f)), math.atan2(f, 3), math.tanh(f),
                                       math.pow(abs(f), 0.3), math.gamma(f / 1e5 % 20 + .5)) for f in floats]))


def data():
    rng = random.Random(99)
    text = " ".join(rng.choice(["alpha", "beta", "gamma", str(rng.getrandbits(40))]) for _ in range(60000)).encode()
    for name, module in (("zlib", zlib), ("bz2", bz2), ("lzma", lzma)):
        packed = module.compress(text)
        fact(name, f"{digest(packed)} {module.decompress(packed) == text}")
    fact("crc", f"{zlib.crc32(text):08x} {zlib.adler32(text):08x}")
    for name in ("md5", "sha1", "sha512", "sha3_384", "blake2b", "blake2s"):
        fact(name, hashlib.new(name, text).hexdigest()[:32])
    fact("scrypt", hashlib.scrypt(b"password", salt=b"NaCl", n=1024, r=8, p=4, dklen=16).hex())
    fact("pbkdf2", hashlib.pbkdf2_hmac("sha256", b"password", b"salt", 20000).hex()[:32])
    tree = {f"key{n}": [n, n / 3, str(n) * 3, {"x": None, "y": n % 2 == 0}] for n in range(5000)}
    dumped = json.dumps(tree)
    fact("json", f"{digest(dumped)} {json.loads(dumped) == tree}")
    words = re.findall(rb"\b([a-z]+) (\d{3})(\d*)", text)
    fact("re", f"{len(words)} {digest(b','.join(b'%s%s' % w[:2] for w in words))}")
    base = sqlite3.connect(":memory:")
    base.execute("create table t (a integer primary key, b text, c real)")
    base.executemany("insert into t values (?, ?, ?)", ((n, f"r{n * 7919 % 1000}", n / 8) for n in range(20000)))
    rows = base.execute("select b, count(*), sum(c), avg(a) from t group by b order by 3 desc, b limit 200").fetchall()
    fact("sqlite", digest(rows))


def processes():
    with multiprocessing.Pool(3) as pool:
        fact("pool", digest(pool.map(square, range(2000), chunksize=50)))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        fact("threads", digest(list(pool.map(square, range(2000)))))
    out = [subprocess.run(["sh", "-c", f"echo $(({n} * {n}))"], stdout=subprocess.PIPE, text=True).stdout for n in range(40)]
    fact("subprocess", digest(out))
    libc = ctypes.CDLL(None)
    compare = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
    values = (ctypes.c_int * 3000)(*(n * 48271 % 2147483647 for n in range(3000)))
    libc.qsort(values, 3000, ctypes.sizeof(ctypes.c_int), compare(lambda a, b: (a[0] > b[0]) - (a[0] < b[0])))
    fact("ctypes", digest(list(values)))


sys.set_int_max_str_digits(0)
numbers()
data()
processes()
