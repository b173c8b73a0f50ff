#!/usr/bin/env python3
"""The PC speaker: the tone of the timer's counter 2, switched by port 0x61, in a WAV file.
If this fails, beeps are missing or have a wrong pitch.

SPDX-License-Identifier: MIT
"""
import array
import os
import sys
import wave

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from guest import Tap, temp_dir  # noqa: E402
from isa_board import IsaBoard, skip_unless_available  # noqa: E402

MS = 1000000
CONTROL, COUNTER, COMMAND = 0x61, 0x42, 0x43
SQUARE = 0xb6


class Speaker(IsaBoard):
    def __init__(self, path):
        super().__init__("-audiodev", f"wav,id=w,path={path}", "-machine", "pcspk-audiodev=w")

    def tone(self, count, milliseconds, control=3, command=SQUARE):
        self.out(COMMAND, command)
        self.out(COUNTER, count & 0xff)
        self.out(COUNTER, count >> 8)
        self.out(CONTROL, control)
        for _ in range(milliseconds // 10):
            self.clock_step(10 * MS)
        self.out(CONTROL, 0)


def samples(path):
    """One channel, and the rate."""
    with wave.open(path) as w:
        data = array.array("h", w.readframes(w.getnframes()))
        return data[::w.getnchannels()], w.getframerate()


def rising(data):
    return sum(a <= 0 < b for a, b in zip(data, data[1:]))


def test_tone(folder):
    path = os.path.join(folder, "tone.wav")
    with Speaker(path) as s:
        s.tone(1193182 // 440, 1000)
    data, rate = samples(path)
    assert abs(len(data) - rate) < rate / 20, len(data)
    assert abs(rising(data) - 440) <= 25, rising(data)
    assert max(data) > 8000 and min(data) < -8000


def test_pitch_changes(folder):
    path = os.path.join(folder, "change.wav")
    with Speaker(path) as s:
        s.tone(1193182 // 200, 500)
        s.tone(1193182 // 1000, 500)
    data, rate = samples(path)
    low, high = data[:len(data) // 2], data[len(data) // 2:]
    assert abs(rising(low) - 100) <= 10 and abs(rising(high) - 500) <= 30, (rising(low), rising(high))


def test_silence(folder):
    """One of the bits missing, a tone out of hearing, a counter in another mode."""
    for number, arguments in enumerate([(2712, 100, 1), (2712, 100, 2), (3, 100), (2712, 100, 3, 0xb0)]):
        path = os.path.join(folder, f"silence{number}.wav")
        with Speaker(path) as s:
            s.tone(*arguments)
        data, _ = samples(path)
        assert not data or max(data) == min(data) == 0, arguments


skip_unless_available()
tap = Tap()
with temp_dir() as directory:
    tap.test("a tone of 440 Hz", test_tone, directory)
    tap.test("the pitch follows the counter", test_pitch_changes, directory)
    tap.test("silence", test_silence, directory)
tap.done()
