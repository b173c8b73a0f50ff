#!/usr/bin/env python3
"""Makes tcg/README from tcg/README.in and the rows of include/tcg/tcg-opc.h.

usage: gen-tcg-readme.py [--check]     (--check: only compare, exit 1 when stale)

SPDX-License-Identifier: MIT
"""
import pathlib
import re
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROW = re.compile(r'^OP_(INT|FP|VEC|ONE)\((\w+),\s*(\d), (\d), (\d), ([^"]+?),\s*"(.*)"\)$')
SECTION = re.compile(r'^/\* --- (.*?) -+ \*/$')
SUFFIX = {'INT': '_i32/_i64', 'FP': '_f32/_f64', 'VEC': '_vec', 'ONE': ''}
LETTER = {'PURE': 'P', 'COMMUTES': 'C', 'ENDS_BLOCK': 'E', 'MAY_FAULT': 'F', 'SIDE': 'S',
          'COND_EXIT': 'X', '0': '-'}


def op_lines(line):
    """The lines of one row of the table; none for other lines."""
    section = SECTION.match(line)
    if section:
        return ['', section.group(1), '']
    row = ROW.match(line)
    if not row:
        if line.startswith('OP_'):
            sys.exit('gen-tcg-readme.py: cannot read row: ' + line)
        return []
    kind, name, outputs, inputs, constants, properties, meaning = row.groups()
    letters = ''.join(LETTER[p.strip()] for p in properties.split('|'))
    head = f'  {name + SUFFIX[kind]:<20} {outputs},{inputs},{constants}  {letters:<3} '
    return textwrap.wrap(meaning, 88, initial_indent=head, subsequent_indent=' ' * len(head),
                         break_long_words=False)


def reference():
    lines = ['  name              out,in,const', '']
    for line in (ROOT / 'include/tcg/tcg-opc.h').read_text().splitlines():
        lines += op_lines(line)
    return '\n'.join(lines) + '\n'


def main():
    text = (ROOT / 'tcg/README.in').read_text()
    text = re.sub(r'\(tcg/README is made.*?those\.\)',
                  '(Made by scripts/gen-tcg-readme.py from tcg/README.in and '
                  'include/tcg/tcg-opc.h.)', text, flags=re.S)
    text = text.replace('@OPS@\n', reference() + '\n')
    readme = ROOT / 'tcg/README'
    if '--check' in sys.argv:
        sys.exit(not readme.exists() or readme.read_text() != text)
    readme.write_text(text)


if __name__ == '__main__':
    main()
