#!/usr/bin/env python3
"""Runs a guest twice, side by side, and reports the first guest instruction after
which the two differ.

  lockstep.py --exe-b ppc-softmmu/qemu-system-ppc tci/ppc-softmmu/qemu-system-ppc -M g3beige ..
  lockstep.py --a=-singlestep x86_64-softmmu/qemu-system-x86_64 -kernel vmlinuz ..

Both run with -icount, a fixed date and seed, so that they are a function of their
input; what they do between blocks is compared by -d exec,cpu,fpu,nochain. Where
one side has shorter blocks (--a=-singlestep), its states in between are passed over,
and name the instruction of the block that last changed what differs. A difference is
looked for once more with -singlestep on both sides, which tells the instruction.
Exit status: 0 equal, 1 different, 2 trouble.
SPDX-License-Identifier: MIT
"""
import argparse
import os
import re
import select
import shlex
import subprocess
import sys
import tempfile

ITEMS = "exec,cpu,fpu,nochain"
REPEATABLE = ["-icount", "shift=3", "-rtc", "base=2020-01-01T00:00:00,clock=vm", "-seed", "1"]
TRACE = re.compile(r"^Trace (\d+): 0x[0-9a-f]+ \[([0-9a-f]+)/")
HEX = re.compile(r"^-?[0-9a-f]{2,}$")
ROW = re.compile(r"^([A-Z]+?)(\d+)$")
# Time that passes inside a block is not in its states; lazy flags differ in form alone.
VOLATILE = r"^(TB|DECR|CC[SDO]|CCOP|HF|iidx|didx)"
BLOCK_LIMIT = 600               # more instructions than a block has
REPEATS = 70000                 # states that are read for one of the other side


class State:
    """A CPU in front of a block."""

    def __init__(self, cpu, pc, ordinal):
        self.cpu, self.pc, self.ordinal = cpu, pc, ordinal
        self.lines = []
        self.named = None

    def registers(self, volatile):
        """Name -> text of the values, from the lines of a register dump."""
        if self.named is None:
            self.named = {}
            for number, line in enumerate(self.lines):
                self._take_line(number, line)
            self.named = {k: v for k, v in self.named.items() if not volatile.search(k)}
        return self.named

    def _take_line(self, number, line):
        name, row, column = f"line{number}", None, 0
        for token in line.replace("=", "= ").split():
            if token.endswith("="):
                name, row = token[:-1], None
            elif HEX.match(token):
                label = f"{row.group(1)}{int(row.group(2)) + column}" if row else name
                self.named[label] = self.named.get(label, "") + token if label == name and label in self.named else token
                column += 1
            else:
                name, row, column = token, ROW.match(token), 0


class Side:
    """An emulator that writes its states to a pipe."""

    def __init__(self, name, command, folder):
        self.name = name
        self.pipe = os.path.join(folder, name)
        os.mkfifo(self.pipe)
        self.errors = open(os.path.join(folder, name + ".stderr"), "w+")
        self.process = subprocess.Popen([*command, "-d", ITEMS, "-D", self.pipe], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=self.errors)
        self.log = self._open()
        self.ordinal = 0
        self.ahead = None               # header of the next state

    def _open(self):
        """The pipe; the emulator may end before it opens its end."""
        fd = os.open(self.pipe, os.O_RDONLY | os.O_NONBLOCK)
        os.set_blocking(fd, True)
        while not select.select([fd], [], [], 0.1)[0]:
            if self.process.poll() is not None:
                break
        return os.fdopen(fd, encoding="latin1")

    def next(self):
        """The next state, None at the end."""
        match = self.ahead
        while not match:
            line = self.log.readline()
            if not line:
                return None
            match = TRACE.match(line)
        state = State(int(match.group(1)), int(match.group(2), 16), self.ordinal)
        self.ordinal += 1
        self.ahead = None
        for line in self.log:
            self.ahead = TRACE.match(line)
            if self.ahead:
                break
            state.lines.append(line.rstrip())
        return state

    def close(self):
        self.process.kill()
        self.process.wait()
        self.log.close()
        self.errors.seek(0)
        return self.errors.read().strip()


class Comparison:
    def __init__(self, a, b, volatile):
        self.a, self.b = a, b
        self.volatile = re.compile(volatile)
        self.passed = []                # states of a since the last common one
        self.common = None

    def differences(self, left, right):
        x, y = left.registers(self.volatile), right.registers(self.volatile)
        return [(name, x.get(name, "-"), y.get(name, "-")) for name in {**x, **y} if x.get(name) != y.get(name)]

    def _find(self, right):
        """
        The state of a that is b's, reading as far as a block can reach. When there is
        none: the one at the same address that differs least, None: a never got there.
        """
        best, fewest, moves, last_pc = None, 0, 0, None
        while moves < BLOCK_LIMIT and len(self.passed) < REPEATS:
            left = self.a.next()
            if left is None:
                break
            repeats = left.pc == last_pc        # a string instruction stays where it is, and counts in line 0
            moves += not repeats
            last_pc = left.pc
            if left.pc == right.pc and not (repeats and left.lines[:1] != right.lines[:1]):
                found = len(self.differences(left, right))
                if not found:
                    return left, True
                if best is None or found < fewest:
                    best, fewest = len(self.passed), found
            self.passed.append(left)
        if best is None:
            return None, False
        left = self.passed[best]
        del self.passed[best:]
        return left, False

    def step(self):
        """One state of b. True: go on; False: the end; else a text that tells the difference."""
        right = self.b.next()
        if right is None:
            return False
        left, equal = self._find(right)
        if equal:
            self.common = right
            self.passed = [left]
            return True
        if left is None:
            return self.report_paths(right) if len(self.passed) > 1 else False
        return self.report(left, right, self.differences(left, right))

    def report_paths(self, right):
        at = f"0x{self.common.pc:08x}" if self.common else "the start"
        ways = " ".join(f"0x{s.pc:08x}" for s in self.passed[1:7])
        return (f"different paths after {at}: {self.a.name} goes {ways} .., {self.b.name} to 0x{right.pc:08x}\n"
                f"(exchange the sides if {self.a.name} may have the longer blocks)")

    def culprit(self, left, names):
        """The instruction of a, since the common state, that last changed one of the names."""
        states = [*self.passed, left]
        for before, after in reversed(list(zip(states, states[1:]))):
            x, y = before.registers(self.volatile), after.registers(self.volatile)
            if any(x.get(name) != y.get(name) for name in names):
                return before
        return self.common

    def report(self, left, right, found):
        lines = [f"{self.a.name} and {self.b.name} differ at 0x{right.pc:08x}, after {right.ordinal} blocks of {self.b.name}"]
        culprit = self.culprit(left, [name for name, _, _ in found])
        if culprit:
            lines.append(f"what differs was last changed by the guest instruction at 0x{culprit.pc:08x}"
                         + (f" (CPU {culprit.cpu})" if culprit.cpu else ""))
        width = max(len(name) for name, _, _ in found)
        lines += [f"  {name:{width}}  {self.a.name} {x}  {self.b.name} {y}" for name, x, y in found[:40]]
        return "\n".join(lines)


def compare(args, extra=""):
    """(result of the last step, comparison, blocks compared, what the emulators said)."""
    common = ["-display", "none", "-serial", "null", "-monitor", "none", *([] if args.no_icount else REPEATABLE)]
    with tempfile.TemporaryDirectory(prefix="lockstep-") as folder:
        a = Side("a", [args.exe, *common, *args.options, *shlex.split(args.a + extra)], folder)
        b = Side("b", [args.exe_b or args.exe, *common, *args.options, *shlex.split(args.b + extra)], folder)
        comparison, count, result = Comparison(a, b, args.ignore), 0, True
        while result is True and not (args.max and count >= args.max * (100 if extra else 1)):
            result = comparison.step()
            count += result is True
        errors = [text for text in (a.close(), b.close()) if text]
    return result, comparison, count, errors


def narrow(args):
    """A difference between blocks: does it show between instructions, too?"""
    if "-singlestep" in args.a.split() and "-singlestep" in args.b.split():
        return ""
    result = compare(args, " -singlestep")[0]
    if isinstance(result, str):
        return "\nwith -singlestep on both sides: " + result
    return "\nwith -singlestep on both sides they are equal: it is the block as a whole"


def main():
    parser = argparse.ArgumentParser(description="Run a guest twice and find the first difference.")
    parser.add_argument("--a", default="", metavar="OPTIONS", help="for the first run alone")
    parser.add_argument("--b", default="", metavar="OPTIONS", help="for the second run alone")
    parser.add_argument("--exe-b", help="executable of the second run (the same)")
    parser.add_argument("--max", type=int, default=0, metavar="N", help="end after N blocks")
    parser.add_argument("--ignore", default=VOLATILE, metavar="REGEX", help="registers that may differ [%(default)s]")
    parser.add_argument("--no-icount", action="store_true", help="time is the host's: tiers and regions run as usual")
    parser.add_argument("exe")
    parser.add_argument("options", nargs=argparse.REMAINDER)
    args = parser.parse_args()
    result, _, count, errors = compare(args)
    if isinstance(result, str):
        print(result + narrow(args))
        return 1
    if not count:
        print("\n".join(errors) or "lockstep: nothing ran", file=sys.stderr)
        return 2
    print(f"equal: {count} blocks")
    return 0


if __name__ == "__main__":
    sys.exit(main())
