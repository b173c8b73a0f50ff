#!/usr/bin/env python3
"""Prints a binary trace (-trace output=binary,file=FILE), one event a line.

  tracereader.py [--event PATTERN]... [--count] FILE

Seconds since the first event, the name, the arguments by the event's format.
--count prints how often each event came instead. The layout of the file is in
trace/output-binary.c.
SPDX-License-Identifier: MIT
"""
import argparse
import collections
import fnmatch
import re
import struct
import sys

MAGIC = b"EVTRACE1"
MARK = 0x0102030405060708
DEFINITION = 0xffffffff
CONVERSION = re.compile(r"%([-+ #0]*)(\d*)(?:\.(\d+))?(?:hh|h|ll|l|z|j|t)?([diouxXcsp%])")


class TraceError(Exception):
    pass


class Event:
    def __init__(self, name, kinds, arguments, text):
        self.name = name
        self.kinds = kinds
        self.arguments = arguments.split()
        self.format = text

    def text(self, values):
        """The arguments as C's printf prints them."""
        values = iter(values)
        kinds = iter(self.kinds)

        def convert(match):
            flags, width, precision, conversion = match.groups()
            if conversion == "%":
                return "%"
            value, kind = next(values), next(kinds)
            if conversion in "di":
                bits = 64 if kind == "q" else 32
                value -= (value >> (bits - 1)) << bits
                conversion = "d"
            elif conversion == "u":
                conversion = "d"
            elif conversion == "p":
                flags, conversion = flags + "#", "x"
            precision = f".{precision}" if precision is not None else ""
            return f"%{flags}{width}{precision}{conversion}" % value
        return CONVERSION.sub(convert, self.format)


class Trace:
    """Iterates over (time in ns, Event, values)."""

    def __init__(self, file):
        self.file = file
        self.events = {}
        head = file.read(16)
        if len(head) < 16 or head[:8] != MAGIC:
            raise TraceError("not a binary trace")
        self.order = "<" if struct.unpack("<Q", head[8:])[0] == MARK else ">"
        if struct.unpack(self.order + "Q", head[8:])[0] != MARK:
            raise TraceError("damaged header")

    def _define(self, body):
        number = struct.unpack_from(self.order + "I", body)[0]
        self.events[number] = Event(*body[4:].decode("ascii").split("\0")[:4])

    def _values(self, kinds, body):
        position = 0
        for kind in kinds:
            if kind == "s":
                length = struct.unpack_from(self.order + "H", body, position)[0]
                position += 2 + length
                yield body[position - length:position].decode(errors="replace")
            else:
                code, size = ("I", 4) if kind == "u" else ("Q", 8)
                yield struct.unpack_from(self.order + code, body, position)[0]
                position += size

    def __iter__(self):
        while True:
            head = self.file.read(16)
            if not head:
                return
            if len(head) < 16:
                raise TraceError("the file ends inside an event")
            number, size, time_ns = struct.unpack(self.order + "IIq", head)
            body = self.file.read(size)
            if len(body) < size:
                raise TraceError("the file ends inside an event")
            if number == DEFINITION:
                self._define(body)
            elif number not in self.events:
                raise TraceError(f"event {number} is not defined")
            else:
                event = self.events[number]
                yield time_ns, event, list(self._values(event.kinds, body))


def main():
    parser = argparse.ArgumentParser(description="Print a binary trace.")
    parser.add_argument("--event", action="append", metavar="PATTERN", help="these alone")
    parser.add_argument("--count", action="store_true", help="how often each event came")
    parser.add_argument("file")
    args = parser.parse_args()
    counts = collections.Counter()
    start = None
    try:
        with open(args.file, "rb") as file:
            for time_ns, event, values in Trace(file):
                start = time_ns if start is None else start
                if args.event and not any(fnmatch.fnmatchcase(event.name, p) for p in args.event):
                    continue
                if args.count:
                    counts[event.name] += 1
                else:
                    print(f"{(time_ns - start) / 1e9:.9f} {event.name} {event.text(values)}")
    except (OSError, TraceError, struct.error) as error:
        print(f"tracereader: {args.file}: {error}", file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 0
    for name, count in counts.most_common():
        print(f"{count:10} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
