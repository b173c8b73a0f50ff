#!/usr/bin/env python3
"""Sound Blaster 16: DSP answers, mixer, single and auto-initialised transfers of
8 and 16 bits into a WAV file, interrupts. If this fails, games find no card or
play at a wrong speed.

SPDX-License-Identifier: MIT
"""
import array
import math
import os
import struct
import sys
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from guest import Tap, temp_dir, tests_in  # noqa: E402
from isa_board import IsaBoard, skip_unless_available  # noqa: E402

MIXER, MIXER_DATA, RESET, READ, WRITE, STATUS, ACK16 = 0x224, 0x225, 0x226, 0x22a, 0x22c, 0x22e, 0x22f
MS = 1000000


class SB16(IsaBoard):
    def __init__(self, path, options=""):
        super().__init__("-audiodev", f"wav,id=w,path={path}", "-device", "sb16,audiodev=w" + options)
        self.out(RESET, 1)
        self.out(RESET, 0)
        assert self.inp(STATUS) & 0x80 and self.inp(READ) == 0xaa

    def dsp(self, *command):
        for byte in command:
            assert not self.inp(WRITE) & 0x80
            self.out(WRITE, byte)

    def answer(self, count=1):
        return [self.inp(READ) for _ in range(count)]

    def mixer(self, register, value=None):
        self.out(MIXER, register)
        if value is None:
            return self.inp(MIXER_DATA)
        return self.out(MIXER_DATA, value)


def test_answers(path):
    with SB16(path) as sb:
        sb.dsp(0xe1)
        assert sb.answer(2) == [4, 5]
        sb.dsp(0xe0, 0x5a)
        assert sb.answer() == [0xa5]
        sb.dsp(0xe4, 0x77, 0xe8)
        assert sb.answer() == [0x77]
        sb.dsp(0xe3)
        assert bytes(sb.answer(9)) == b"COPYRIGHT"
        sb.dsp(0xf2)
        assert sb.mixer(0x82) & 3 == 1
        sb.inp(STATUS)
        assert sb.mixer(0x82) & 3 == 0


def test_mixer(path):
    with SB16(path, ",irq=7,dma=3,dma16=7") as sb:
        assert sb.mixer(0x80) == 4 and sb.mixer(0x81) == 0x88
        sb.mixer(0x22, 0xf4)
        assert sb.mixer(0x30) == 0xf8 and sb.mixer(0x31) == 0x40
        sb.mixer(0x00, 0)
        assert sb.mixer(0x30) == 0xc0 and sb.mixer(0x80) == 4


def play(path):
    with SB16(path) as sb:
        sb.mixer(0x22, 0xff)
        sb.mixer(0x04, 0xff)
        sb.memwrite(0x10000, bytes(128 + round(100 * math.sin(2 * math.pi * k / 25)) for k in range(4000)))
        sb.dma(1, 0x48, 0x10000, 4000)
        sb.dsp(0xd1, 0x40, 256 - 100, 0x14, 0x9f, 0x0f)         # 10 kHz, 4000 samples
        sb.clock_step(390 * MS)
        assert sb.mixer(0x82) & 3 == 0, "too early"
        sb.clock_step(20 * MS)
        assert sb.mixer(0x82) & 3 == 1, "too late"
        sb.inp(STATUS)
        sb.memwrite(0x40000, b"".join(struct.pack("<hh", 5000, -7000) for _ in range(4096)))
        sb.dma(5, 0x58, 0x40000, 8192)
        sb.dsp(0x41, 44100 >> 8, 44100 & 0xff, 0xb6, 0x30, 0xff, 0x0f)  # blocks of 2048 frames, for ever
        count = 0
        for _ in range(40):
            sb.clock_step(5 * MS)
            if sb.mixer(0x82) & 2:
                count += 1
                sb.inp(ACK16)
        assert count == 4, count
        sb.dsp(0xd9)
        sb.clock_step(100 * MS)
        assert sb.mixer(0x82) & 2
        sb.inp(ACK16)
        sb.clock_step(100 * MS)
        assert not sb.mixer(0x82) & 2, "it goes on"
    with wave.open(path) as wav:
        return array.array("h", wav.readframes(wav.getnframes()))


def test_play(path):
    samples = play(path)
    left = samples[0:2 * 17000:2]
    crossings = sum(left[k - 1] < 0 <= left[k] for k in range(1, len(left)))
    assert abs(crossings - 17000 / 44100 * 400) <= 2, f"{crossings} periods of 400 Hz"
    assert max(left) > 20000
    assert list(samples[2 * 20000:2 * 20000 + 2]) == [5000, -7000]
    assert play(path) == samples, "two runs differ"


def main():
    skip_unless_available()
    tap = Tap()
    with temp_dir() as directory:
        for name, function in tests_in(globals()):
            tap.test(name, function, os.path.join(directory, name + ".wav"))
    tap.done()


if __name__ == "__main__":
    main()
