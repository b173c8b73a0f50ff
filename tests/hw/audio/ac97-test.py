#!/usr/bin/env python3
"""AC97: codec registers, a list of buffers played into a WAV file, interrupts
and the halt at the end of the list. If this fails, guests play silence, noise,
or wait for ever.

SPDX-License-Identifier: MIT
"""
import array
import os
import struct
import sys
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from guest import Tap, temp_dir, tests_in  # noqa: E402
from qtest import QTest  # noqa: E402

CONFIG, DATA, PORTS = 0xfec00000, 0xfee00000, 0xfe000000
MIXER, BUS_MASTER, LIST, BUFFERS = PORTS + 0x1000, PORTS + 0x1400, 0x100000, 0x200000
OUT, STATUS, CONTROL = BUS_MASTER + 0x10, BUS_MASTER + 0x16, BUS_MASTER + 0x1b
FRAMES, ENTRIES = 2400, 3


def config(qtest, slot, register, value=None):
    qtest.memwrite(CONFIG, struct.pack("<I", 1 << 31 | slot << 11 | register))
    if value is None:
        return struct.unpack("<I", qtest.memread(DATA, 4))[0]
    return qtest.memwrite(DATA, struct.pack("<I", value))


class Sound(QTest):
    def __init__(self, path):
        super().__init__("-M", "g3beige", "-net", "none", "-vga", "none", "-audiodev", f"wav,id=w,path={path}",
                         "-device", "AC97,audiodev=w")
        self.slot = next(slot for slot in range(1, 32) if config(self, slot, 0) == 0x24158086)
        config(self, self.slot, 0x10, 0x1000)
        config(self, self.slot, 0x14, 0x1400)
        config(self, self.slot, 4, 5)

    def get(self, address, size):
        return int.from_bytes(self.memread(address, size), "little")

    def put(self, address, value, size):
        self.memwrite(address, value.to_bytes(size, "little"))

    def start(self):
        self.put(MIXER + 0x02, 0, 2)
        self.put(MIXER + 0x18, 0x0808, 2)
        self.put(BUS_MASTER + 0x2c, 2, 4)
        for i in range(ENTRIES):
            samples = b"".join(struct.pack("<hh", 1000 * (i + 1), -1000 * (i + 1)) for _ in range(FRAMES))
            self.memwrite(BUFFERS + 0x10000 * i, samples)
            self.memwrite(LIST + 8 * i, struct.pack("<II", BUFFERS + 0x10000 * i, 2 * FRAMES | 1 << 31))
        self.put(OUT, LIST, 4)
        self.put(OUT + 5, ENTRIES - 1, 1)
        self.put(CONTROL, 0x15, 1)


def test_codec(path):
    with Sound(path) as sound:
        assert sound.get(MIXER + 0x02, 2) == 0x8000
        assert sound.get(MIXER + 0x7c, 2) == 0x8384 and sound.get(MIXER + 0x7e, 2) == 0x7600
        assert sound.get(BUS_MASTER + 0x30, 4) & 0x100, "codec ready"
        sound.put(MIXER + 0x2a, 0, 2)
        sound.put(MIXER + 0x2c, 22050, 2)
        assert sound.get(MIXER + 0x2c, 2) == 48000, "the rate is fixed without VRA"
        sound.put(MIXER + 0x2a, 1, 2)
        sound.put(MIXER + 0x2c, 22050, 2)
        assert sound.get(MIXER + 0x2c, 2) == 22050
        assert sound.get(BUS_MASTER + 0x34, 1) == 0 and sound.get(BUS_MASTER + 0x34, 1) == 1
        sound.put(MIXER + 0x00, 0, 2)
        assert sound.get(MIXER + 0x2c, 2) == 48000


def test_play(path):
    with Sound(path) as sound:
        sound.start()
        sound.clock_step(60 * 1000000)
        assert sound.get(OUT + 4, 1) == 1, "second buffer"
        assert sound.get(STATUS, 2) & 8, "completion"
        assert sound.get(BUS_MASTER + 0x30, 4) & 0x40, "interrupt of PCM out"
        sound.put(STATUS, 8, 2)
        assert not sound.get(BUS_MASTER + 0x30, 4) & 0x40
        sound.clock_step(200 * 1000000)
        assert sound.get(STATUS, 2) & 7 == 7, "halted behind the last buffer"
        sound.put(CONTROL, 2, 1)
        assert sound.get(STATUS, 2) == 1 and sound.get(OUT, 4) == 0
    with wave.open(path) as wav:
        assert wav.getnchannels() == 2 and wav.getframerate() == 44100
        samples = array.array("h", wav.readframes(wav.getnframes()))
    for i in range(ENTRIES):
        middle = int((i + 0.5) * FRAMES * 44100 / 48000)
        assert list(samples[2 * middle:2 * middle + 2]) == [1000 * (i + 1), -1000 * (i + 1)], f"buffer {i}"


def test_empty_list(path):
    """A list of empty buffers ends; it does not hang the emulator."""
    with Sound(path) as sound:
        sound.start()
        sound.memwrite(LIST, bytes(8 * 32))
        sound.put(OUT + 5, 31, 1)
        sound.clock_step(100 * 1000000)
        assert sound.get(BUS_MASTER + 0x30, 4) & 0x100


def main():
    tap = Tap()
    with temp_dir() as directory:
        for name, function in tests_in(globals()):
            tap.test(name, function, os.path.join(directory, name + ".wav"))
    tap.done()


if __name__ == "__main__":
    main()
