#!/usr/bin/env python3
"""CPU models: PVR, and the L3CR that systems read by PVR, whatever pins the chip has.

Fails when a model stops in the start code of an operating system.
SPDX-License-Identifier: MIT
"""
import os
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import bare
import ppcasm as asm

L3 = {"7441": 0x80000203, "7445": 0x80010302, "7447": 0x80020101, "7450": 0x80000201, "7451": 0x80000203,
      "7455": 0x80010302, "7457": 0x80020102}
NO_L3 = {"750": None, "7400": None, "7447a": 0x80030102}
L3CR, PVR, L3_VALUE, UNTOUCHED = 1018, 287, 0x01020300, 0x55555555


def spr(opcode, register, number):
    return opcode | register << 21 | (number & 31) << 16 | number >> 5 << 11


def probe(model):
    """(PVR, L3CR after a write); UNTOUCHED: mfspr L3CR raised an exception."""
    mfspr, mtspr = 0x7c0002a6, 0x7c0003a6
    finish = asm.load_word(9, bare.DONE) + asm.load_word(10, bare.FLAG) + [0x912a0000]     # stw r9,0(r10)
    code = asm.load_word(20, bare.RESULTS) + asm.load_word(5, UNTOUCHED) + asm.load_word(4, L3_VALUE)
    code += [spr(mfspr, 3, PVR), 0x90740000, 0x90b40004, spr(mtspr, 4, L3CR), spr(mfspr, 5, L3CR), 0x90b40004]
    code += finish + [0x48000000]
    vector = (0x700 - 0x100) // 4
    code += [0x60000000] * (vector - len(code)) + finish + [0x48000000]
    return struct.unpack(">2I", bare.run(code, b"", 8, ["-cpu", model]))


def main():
    print("1..%d" % (len(L3) + len(NO_L3)))
    failed = 0
    for number, (model, pvr) in enumerate([*L3.items(), *NO_L3.items()], 1):
        got_pvr, l3cr = probe(model)
        good = pvr in (None, got_pvr) and l3cr == (L3_VALUE if model in L3 else UNTOUCHED)
        failed += not good
        print("%sok %d - %s: PVR %08x, L3CR %08x" % ("" if good else "not ", number, model, got_pvr, l3cr))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
