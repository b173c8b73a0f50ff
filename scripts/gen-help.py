#!/usr/bin/env python3
# Man page or bash completion of an executable, out of what its -help prints.
# SPDX-License-Identifier: MIT
"""usage: gen-help.py man|bash EXECUTABLE > FILE

The table of options in vl-options.c is the only source: -help prints it, this
script turns that text into the other forms.
"""
import os
import re
import subprocess
import sys


COLUMN = 38     # where -help puts the explanation, on a line of its own behind long arguments


def options(exe):
    """[(section, [(name, argument or None, help)])], in the order of the table."""
    text = subprocess.run([exe, "-help"], check=True, stdout=subprocess.PIPE, text=True).stdout
    lines = text.splitlines()
    sections = []
    for line, following in zip(lines, lines[1:] + [""]):
        if re.fullmatch(r"\S.*:", line):
            sections.append((line[:-1], []))
        elif line.startswith("  -") and sections:
            long = following.startswith(" " * COLUMN)
            head, text = (line, following) if long else (line[:COLUMN], line[COLUMN:])
            name, _, argument = head.strip().partition(" ")
            sections[-1][1].append((name[1:], argument or None, text.strip()))
    return sections


def roff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\\&" + text if text[:1] in ".'" else text


def man(exe, sections):
    name = os.path.basename(exe)
    arch = name.rpartition("-")[2]
    print(f'.TH {name.upper().replace("-", chr(92) + "-")} 1\n.SH NAME\n{roff(name)} \\- full system emulator for {arch} guests')
    print(f".SH SYNOPSIS\n.B {roff(name)}\n.RI [ options ]\n.RI [ \"disk image\" ]")
    print(".SH DESCRIPTION\nRuns a whole computer in one process: processors by dynamic translation, memory, disks, network "
          "cards, display and keyboard. Without options it starts the default machine and opens a window.")
    print(".SH OPTIONS")
    for section, rows in sections:
        print(f".SS {roff(section)}")
        for option, argument, text in rows:
            print(f".TP\n.BI {roff('-' + option)}" + (f' " {roff(argument)}"' if argument else ""))
            print(roff(text[:1].upper() + text[1:] + "."))
    print(".SH KEYS\nWith \\-nographic or a mon: device, Ctrl-A h on the terminal lists the keys. In a window Ctrl-Alt-1 "
          "to Ctrl-Alt-9 choose a console.")
    print(".SH EXIT STATUS\n0 when the guest powered off or the monitor said so, 1 after an error in the options (one line on "
          "standard error says what), or what the guest asked for.")
    print(".SH FILES\nFirmware is looked for in the directories of \\-L, of QEMU_FIRMWARE_PATH and of the configuration; "
          "\\-L help lists them.")


# Arguments that the executable lists itself, and files.
LISTS = {"machine": "-M help", "M": "-M help", "cpu": "-cpu help", "device": "-device help", "d": "-d help"}


def bash(exe, sections):
    name = os.path.basename(exe)
    function = "_" + re.sub(r"\W", "_", name)
    rows = [row for _, part in sections for row in part]
    print(f"# bash completion for {name}. Generated from its -help; SPDX-License-Identifier: MIT\n{function}()\n{{")
    print('    local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD-1]}" words=\n    case $prev in')
    for option, argument, _ in rows:
        if option in LISTS:
            column = 3 if option == "device" else 2 if option == "cpu" else 1
            take = "sed -n 's/^name \"\\([^\"]*\\)\".*/\\1/p'" if column == 3 else f"awk 'NR > 1 {{ print ${column} }}'"
            print(f'    -{option}) words="help $("$1" {LISTS[option]} 2>/dev/null | {take})" ;;')
        elif argument and re.fullmatch(r"[a-z0-9]+(\|[a-z0-9]+)+", argument):
            print(f'    -{option}) words="{argument.replace("|", " ")}" ;;')
        elif argument and argument.startswith(("FILE", "DIR")):
            print(f'    -{option}) COMPREPLY=($(compgen -f -- "$cur")); return ;;')
        elif argument:
            keys = " ".join(dict.fromkeys(key + "=" for key in re.findall(r"([a-z][a-z0-9_-]*)=", argument)))
            print(f'    -{option}) words="{keys}" ;;')
    print(f'    *) words="{" ".join("-" + row[0] for row in rows)}" ;;\n    esac')
    print('    COMPREPLY=($(compgen -W "$words" -- "$cur"))\n    [[ ${COMPREPLY[0]} != *= ]] || compopt -o nospace')
    print('    [[ $cur == -* || -n $words ]] || COMPREPLY=($(compgen -f -- "$cur"))\n}')
    print(f"complete -o filenames -F {function} {name}")


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] not in ("man", "bash"):
        sys.exit(__doc__)
    (man if sys.argv[1] == "man" else bash)(sys.argv[2], options(os.path.abspath(sys.argv[2])))
