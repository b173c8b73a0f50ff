#!/usr/bin/env python3
"""The 8042 and what is behind it: tests and ports of the controller, the PS/2 keyboard's and
mouse's commands with their answers, keys in all code sets, movement packets, interrupts. If
this fails, PCs do not find their keyboard, or take the wrong keys from it.

SPDX-License-Identifier: MIT
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", ".."))
from guest import Tap  # noqa: E402
from isa_board import IsaBoard, skip_unless_available  # noqa: E402

DATA, STATUS, MOUSE = 0x60, 0x64, 0xd4
FULL, SYSTEM, FROM_MOUSE = 0x01, 0x04, 0x20
INTERRUPTS, TRANSLATE, NO_MOUSE = 0x03, 0x40, 0x20
ACK, RESEND, ERROR = 0xfa, 0xfe, 0xfc


class Board(IsaBoard):
    def __init__(self, mode=INTERRUPTS):
        super().__init__()
        self.mode(mode)

    def mode(self, value):
        self.command(0x60)
        self.out(DATA, value)

    def command(self, value):
        """To the controller; a line of the protocol where QTest itself calls."""
        return super().command(value) if isinstance(value, str) else self.out(STATUS, value)

    def take(self):
        """All bytes that wait, the mouse's with 0x100."""
        found = []
        while (status := self.inp(STATUS)) & FULL:
            found.append(self.inp(DATA) | (0x100 if status & FROM_MOUSE else 0))
        return found

    def ask(self, *values):
        """What the keyboard answers to each, in one list."""
        found = []
        for value in values:
            self.out(DATA, value)
            found += self.take()
        return found

    def mouse(self, *values):
        found = []
        for value in values:
            self.command(MOUSE)
            self.out(DATA, value)
            found += self.take()
        assert all(value & 0x100 for value in found), found
        return [value & 0xff for value in found]

    def do(self, *lines):
        for line in lines:
            output = self.monitor.command(line)
            assert not output.strip(), output

    def key(self, name, count):
        """Press and release; count: bytes that come of it."""
        self.do(f"sendkey {name} 1")
        found, deadline = self.take(), time.time() + 20
        while len(found) < count and time.time() < deadline:
            self.clock_step(2_000_000)
            found += self.take()
        return found

    def requests(self):
        """Requested interrupts of both 8259s since their last start."""
        self.out(0x20, 0x0a)
        self.out(0xa0, 0x0a)
        return self.inp(0x20) | self.inp(0xa0) << 8

    def restart_8259s(self):
        """They forget edges, and see a line that is up no more."""
        for base in 0x20, 0xa0:
            for port, value in (base, 0x11), (base + 1, 8), (base + 1, 4 if base == 0x20 else 2), (base + 1, 1):
                self.out(port, value)


def equal(found, *expected):
    assert found == list(expected), f"[{', '.join(map(hex, found))}], expected [{', '.join(map(hex, expected))}]"


def test_controller():
    with Board() as b:
        for command, answer in (0xaa, 0x55), (0xab, 0), (0xa9, 0), (0x20, INTERRUPTS), (0xc0, 0x80):
            b.command(command)
            equal(b.take(), answer)
        assert b.inp(STATUS) & SYSTEM
        b.command(0xa7)
        b.command(0x20)
        equal(b.take(), INTERRUPTS | NO_MOUSE)
        b.command(0xa8)
        b.command(0xd2)
        b.out(DATA, 0x12)
        b.command(0xd0)
        assert b.take()[0] & 0x01, "the reset line is up"
        b.command(0xd3)
        b.out(DATA, 0x34)
        equal(b.take(), 0x134)
        b.command(0xdd)
        b.command(0xd0)
        assert not b.take()[0] & 0x02
        b.command(0xdf)
        b.command(0xd0)
        assert b.take()[0] & 0x02, "A20"


def test_keyboard_commands():
    with Board() as b:
        equal(b.ask(0xff), ACK, 0xaa)
        equal(b.ask(0xf2), ACK, 0xab, 0x83)
        equal(b.ask(0xee), 0xee)
        equal(b.ask(0xed, 7), ACK, ACK)
        equal(b.ask(0xf3, 0x20), ACK, ACK)
        equal(b.ask(0xf0, 0), ACK, ACK, 2)
        equal(b.ask(0xf0, 3, 0xf0, 0), ACK, ACK, ACK, ACK, 3)
        equal(b.ask(0xf6, 0xf0, 0), ACK, ACK, ACK, 2)
        equal(b.ask(0xfe), 2)
        equal(b.ask(0x01), RESEND)
        equal(b.ask(0xf5), ACK)
        b.do("sendkey a 1")
        b.clock_step(10_000_000)
        equal(b.take())
        equal(b.ask(0xf4), ACK)
        equal(b.key("a", 3), 0x1c, 0xf0, 0x1c)
        b.mode(INTERRUPTS | TRANSLATE)
        equal(b.ask(0xf2), ACK, 0xab, 0x41)


def test_keys():
    with Board() as b:
        equal(b.key("a", 3), 0x1c, 0xf0, 0x1c)
        equal(b.key("right", 5), 0xe0, 0x74, 0xe0, 0xf0, 0x74)
        equal(b.key("shift-b", 6), 0x12, 0x32, 0xf0, 0x32, 0xf0, 0x12)
        b.ask(0xf0, 1)
        equal(b.key("a", 2), 0x1e, 0x9e)
        b.ask(0xf0, 3)
        equal(b.key("a", 3), 0x1c, 0xf0, 0x1c)
        equal(b.key("right", 3), 0x6a, 0xf0, 0x6a)
        b.ask(0xff)
        b.mode(INTERRUPTS | TRANSLATE)
        equal(b.key("a", 2), 0x1e, 0x9e)
        equal(b.key("right", 4), 0xe0, 0x4d, 0xe0, 0xcd)
        equal(b.key("f7", 2), 0x41, 0xc1)


def test_mouse():
    with Board() as b:
        equal(b.mouse(0xff), ACK, 0xaa, 0)
        equal(b.mouse(0xf2), ACK, 0)
        equal(b.mouse(0xe9), ACK, 0, 2, 100)
        b.do("mouse_move 1 1")
        equal(b.take())
        equal(b.mouse(0xf4), ACK)
        b.do("mouse_move 5 -7")
        equal(b.take(), 0x108, 0x105, 0x107)
        b.do("mouse_move -300 2")
        equal(b.take(), 0x138, 0x100, 0x1fe, 0x118, 0x1d4, 0x100)
        b.do("mouse_button 5")
        equal(b.take(), 0x10d, 0x100, 0x100)
        b.do("mouse_button 0")
        b.take()
        equal(b.mouse(0xf3, 200, 0xf3, 100, 0xf3, 80, 0xf2), *[ACK] * 7, 3)
        b.do("mouse_move 0 0 1")
        equal(b.take(), 0x108, 0x100, 0x100, 0x1ff)
        equal(b.mouse(0xf3, 200, 0xf3, 200, 0xf3, 80, 0xf2), *[ACK] * 7, 4)
        equal(b.mouse(0xe8, 3, 0xe7, 0xe9), ACK, ACK, ACK, ACK, 0x30, 3, 80)
        equal(b.mouse(0xf0, 0xeb), ACK, ACK, 0x08, 0, 0, 0)
        equal(b.mouse(0xea, 0xee, 0x55, 0xec), ACK, ACK, 0x55, ACK)
        equal(b.mouse(0xff, 0xf2), ACK, 0xaa, 0, ACK, 0)


def test_interrupts():
    """Edges while the command byte says so; a device that is off says nothing."""
    with Board() as b:
        b.out(DATA, 0xf2)
        assert b.requests() & 0x1002 == 0x0002
        b.restart_8259s()
        assert b.requests() & 0x1002 == 0
        b.inp(DATA)
        assert b.requests() & 0x1002 == 0x0002, "each byte is an edge"
        b.take()
        b.restart_8259s()
        b.command(MOUSE)
        b.out(DATA, 0xf2)
        assert b.requests() & 0x1002 == 0x1000
        b.take()
        b.mode(0)
        b.restart_8259s()
        b.out(DATA, 0xf2)
        assert not b.requests() & 0x1002
        equal(b.take(), ACK, 0xab, 0x83)
        b.mode(INTERRUPTS)
        b.command(0xad)
        b.do("sendkey a 1")
        b.clock_step(10_000_000)
        equal(b.take())
        b.command(0xae)
        equal(b.take(), 0x1c, 0xf0, 0x1c)


def test_reset():
    """A reset takes what waits and sets everything back."""
    with Board() as b:
        b.ask(0xf0, 3, 0xf5)
        b.mouse(0xf3, 200, 0xf3, 100, 0xf3, 80, 0xf4)
        b.out(DATA, 0xf2)
        b.do("system_reset")
        b.monitor.command("info status")
        b.mode(INTERRUPTS)
        equal(b.take())
        equal(b.ask(0xf0, 0), ACK, ACK, 2)
        equal(b.key("a", 3), 0x1c, 0xf0, 0x1c)
        equal(b.mouse(0xf2, 0xe9), ACK, 0, ACK, 0, 2, 100)


skip_unless_available()
tap = Tap()
tap.test("controller", test_controller)
tap.test("keyboard: identity, reset and other commands", test_keyboard_commands)
tap.test("keys in all code sets", test_keys)
tap.test("mouse", test_mouse)
tap.test("interrupts", test_interrupts)
tap.test("reset", test_reset)
tap.done()
