#!/usr/bin/env python3
"""Draws folded stacks (-profile file=F) as a flame graph.

  flamegraph.py [--title TEXT] [--width N] FOLDED > graph.svg

Each line of the input is "outer;inner;leaf COUNT". A box is as wide as its share
of the samples; callers are below. A click on a box makes it as wide as the graph,
a click on the bottom box goes back.
SPDX-License-Identifier: MIT
"""
import argparse
import sys
import zlib
from xml.sax.saxutils import escape

ROW, FONT, MARGIN, TOP = 18, 12, 10, 34
CHARACTER = 7.2                 # width of one at FONT
SMALLEST = 0.1                  # narrower boxes are left out

SCRIPT = """
function zoom(box) {
  const x = +box.dataset.x, w = +box.dataset.w;
  for (const g of document.querySelectorAll('g.box')) {
    const gx = +g.dataset.x, gw = +g.dataset.w;
    const below = gx <= x + 1e-6 && gx + gw >= x + w - 1e-6 && +g.dataset.depth <= +box.dataset.depth;
    const inside = gx >= x - 1e-6 && gx + gw <= x + w + 1e-6;
    g.style.display = below || inside ? '' : 'none';
    const left = below ? 0 : (gx - x) / w, width = below ? 1 : gw / w;
    const r = g.querySelector('rect'), t = g.querySelector('text');
    r.setAttribute('x', MARGIN + left * WIDTH);
    r.setAttribute('width', Math.max(width * WIDTH - 0.5, 0.2));
    t.setAttribute('x', MARGIN + left * WIDTH + 3);
    t.textContent = fit(g.dataset.name, width * WIDTH);
  }
}
function fit(name, width) {
  const room = Math.floor((width - 6) / CHARACTER);
  return room < 3 ? '' : name.length <= room ? name : name.slice(0, room - 2) + '..';
}
"""


class Frame:
    def __init__(self, name):
        self.name = name
        self.count = 0
        self.inner = {}

    def add(self, names, count):
        frame = self
        frame.count += count
        for name in names:
            frame = frame.inner.setdefault(name, Frame(name))
            frame.count += count

    def depth(self):
        return 1 + max((f.depth() for f in self.inner.values()), default=0)


def read_folded(lines):
    root = Frame("all")
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line:
            continue
        stack, _, count = line.rpartition(" ")
        if not stack or not count.isdigit():
            raise ValueError(f"line {number}: expected 'outer;inner COUNT'")
        root.add(stack.split(";"), int(count))
    if not root.count:
        raise ValueError("no samples")
    return root


def colour(name):
    """The same name has the same colour in every graph."""
    h = zlib.crc32(name.encode())
    if name.startswith("0x"):
        return f"rgb({150 + h % 40},{150 + h % 40},{165 + h % 40})"
    return f"rgb({205 + h % 50},{90 + (h >> 8) % 110},{40 + (h >> 16) % 50})"


def fit(name, width):
    room = int((width - 6) / CHARACTER)
    return "" if room < 3 else name if len(name) <= room else name[:room - 2] + ".."


def draw(frame, x, depth, height, width, total, out):
    share = frame.count / total
    pixels = share * width
    if pixels < SMALLEST:
        return
    y = height - MARGIN - (depth + 1) * ROW
    label = f"{frame.name}: {frame.count} samples, {100 * share:.1f} %"
    out.append(
        f'<g class="box" data-x="{x / width:.7f}" data-w="{share:.7f}" data-depth="{depth}" '
        f'data-name="{escape(frame.name, {chr(34): "&quot;"})}" onclick="zoom(this)"><title>{escape(label)}</title>'
        f'<rect x="{MARGIN + x:.2f}" y="{y}" width="{max(pixels - 0.5, 0.2):.2f}" height="{ROW - 1}" rx="1" '
        f'fill="{colour(frame.name)}"/>'
        f'<text x="{MARGIN + x + 3:.2f}" y="{y + 13}">{escape(fit(frame.name, pixels))}</text></g>')
    for name in sorted(frame.inner):
        draw(frame.inner[name], x, depth + 1, height, width, total, out)
        x += frame.inner[name].count / total * width


def flame_graph(root, title, width):
    inner = width - 2 * MARGIN
    height = TOP + root.depth() * ROW + MARGIN
    boxes = []
    draw(root, 0, 0, height, inner, root.count, boxes)
    head = (f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" font-family="monospace" font-size="{FONT}">\n'
            f'<style>g.box:hover rect {{ stroke: black }} text {{ pointer-events: none }}</style>\n'
            f'<rect width="100%" height="100%" fill="#fffdf5"/>\n'
            f'<text x="{width / 2}" y="22" font-size="15" text-anchor="middle">{escape(title)}</text>\n')
    script = (f"<script><![CDATA[const MARGIN = {MARGIN}, WIDTH = {inner}, CHARACTER = {CHARACTER};{SCRIPT}]]></script>\n")
    return head + "\n".join(boxes) + "\n" + script + "</svg>\n"


def main():
    parser = argparse.ArgumentParser(description="Folded stacks to SVG.")
    parser.add_argument("--title", default="Guest functions")
    parser.add_argument("--width", type=int, default=1200)
    parser.add_argument("folded", help="file, - for standard input")
    args = parser.parse_args()
    try:
        if args.folded == "-":
            root = read_folded(sys.stdin)
        else:
            with open(args.folded, encoding="utf-8", errors="replace") as file:
                root = read_folded(file)
    except (OSError, ValueError) as error:
        sys.exit(f"flamegraph: {args.folded}: {error}")
    sys.stdout.write(flame_graph(root, args.title, args.width))


if __name__ == "__main__":
    main()
