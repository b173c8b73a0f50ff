#!/usr/bin/env python3
"""Turns trace-events files into C.

  tracegen.py header FOLDER/trace-events     the folder's trace_NAME() functions
  tracegen.py table FILE...                  the table of all events

A line declares one event, as a C function with a printf format:

  ide_command(const char *drive, uint8_t command) "%s: command 0x%02x"

'#' begins a comment. The formats are checked by the compiler.
SPDX-License-Identifier: MIT
"""
import re
import sys

EVENT = re.compile(r'^(\w+)\(([^)]*)\)\s+(".*)$')
ARGUMENT = re.compile(r"^(.*?)(\w+)$")
# How an argument travels: s string, u up to 32 bits, q 64 bits.
KINDS = {"uint64_t": "q", "int64_t": "q", "hwaddr": "q", "vaddr": "q", "ram_addr_t": "q", "size_t": "q",
         "uint32_t": "u", "int32_t": "u", "uint16_t": "u", "uint8_t": "u", "int": "u", "unsigned": "u",
         "bool": "u"}


class Event:
    def __init__(self, name, arguments, text):
        self.name = name
        self.arguments = []     # (type, name, kind)
        self.format = text
        for argument in filter(None, map(str.strip, arguments.split(","))):
            if argument == "void":
                continue
            ctype, arg_name = ARGUMENT.match(argument).groups()
            ctype = ctype.strip()
            if re.match(r"^const char \*$", ctype):
                kind = "s"
            elif ctype.endswith("*"):
                kind = "q"
            else:
                kind = KINDS[ctype]
            self.arguments.append((ctype, arg_name, kind))

    def kinds(self):
        return "".join(kind for _, _, kind in self.arguments)


def read_events(path):
    events = []
    with open(path, encoding="ascii") as file:
        for number, line in enumerate(file, 1):
            line = line.strip()
            if not line or line.startswith("#"):
                continue
            match = EVENT.match(line)
            try:
                if not match:
                    raise ValueError("expected NAME(TYPE ARGUMENT, ..) \"FORMAT\"")
                events.append(Event(*match.groups()))
            except (KeyError, ValueError, AttributeError) as error:
                sys.exit(f"{path}:{number}: {error}")
    return events


def print_header(path):
    print(f'/* Made by scripts/tracegen.py from {path.rsplit("/", 1)[0]}/trace-events. */')
    print('#include "trace/trace.h"')
    for event in read_events(path):
        parameters = ", ".join(f"{ctype}{'' if ctype.endswith('*') else ' '}{name}"
                               for ctype, name, _ in event.arguments) or "void"
        names = "".join(f", {name}" for _, name, _ in event.arguments)
        print(f"""
extern uint8_t trace_on_{event.name};
extern const TraceEvent trace_event_{event.name};
static inline bool trace_{event.name}_enabled(void) {{ return TRACE_IS_ON(trace_on_{event.name}); }}
static inline void trace_{event.name}({parameters})
{{
    if (trace_{event.name}_enabled()) {{
        trace_emit(&trace_event_{event.name}, {event.format}{names});
    }}
}}""")


def print_table(paths):
    events = []
    print("/* Made by scripts/tracegen.py from all trace-events files. */")
    print('#include "qemu/osdep.h"\n#include "trace/trace.h"\n')
    for path in paths:
        for event in read_events(path):
            if any(event.name == other.name for other in events):
                sys.exit(f"{path}: {event.name} is declared twice")
            events.append(event)
    for number, event in enumerate(events):
        names = " ".join(name for _, name, _ in event.arguments)
        print(f"uint8_t trace_on_{event.name};")
        print(f'const TraceEvent trace_event_{event.name} = {{ {number}, "{event.name}", "{event.kinds()}", '
              f'"{names}",\n    {event.format}, &trace_on_{event.name} }};')
    print("\nconst TraceEvent *const trace_events[] = {")
    for event in events:
        print(f"    &trace_event_{event.name},")
    print("};\nconst unsigned trace_event_count = ARRAY_SIZE(trace_events);")


if sys.argv[1] == "header":
    print_header(sys.argv[2])
else:
    print_table(sys.argv[2:])
