#!/usr/bin/env python3
"""Turns a translation log into one HTML page that needs no network.

  qemu-system-ppc .. -d in_asm,op,op_opt,out_asm,exec,nochain -D log
  scripts/explorer.py log > explorer.html

Guest code, operations before and after optimisation and host code side by side,
aligned by guest instruction; blocks by how often they ran; the graph of what
follows what; search by address or symbol. Without nochain, counts are those of
entries from outside the chains, and the graph has the chains.
SPDX-License-Identifier: MIT
"""
import argparse
import collections
import json
import os
import re
import sys

TEMPLATE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "explorer-page.html")
GUEST = re.compile(r"^0x([0-9a-f]+):  (.*)$")
INSN_START = re.compile(r"^ ---- ([0-9a-f]+)")
GUEST_ADDRESS = re.compile(r"^  -- guest addr 0x([0-9a-f]+)")
OUT = re.compile(r"^OUT: \[size=(\d+)\]")
TRACE = re.compile(r"^Trace (\d+): 0x([0-9a-f]+) \[([0-9a-f]+)/([0-9a-f]+)/([0-9a-f]+)\] ?(.*)$")
LINKING = re.compile(r"^Linking TBs 0x([0-9a-f]+) \[[0-9a-f]+\] index (\d+) -> 0x([0-9a-f]+) ")
IN_HEADER = re.compile(r"^IN: ?(.*)$")
REGION_FLAG = 0x4000            # CF_REGION

ENTRY, SLOW = "entry", "slow"   # rows that belong to no guest instruction


class Block:
    """guest, ops, opt, host: lines by guest address, ENTRY or SLOW."""

    def __init__(self, number, symbol):
        self.number = number
        self.symbol = symbol
        self.pc = None
        self.host_address = None
        self.size = 0
        self.count = 0
        self.region = False
        self.guest, self.ops, self.opt, self.host = ({} for _ in range(4))

    def rows(self):
        """[address or title, guest, ops, opt, host], in the order of the guest's code."""
        addresses = sorted({a for part in (self.guest, self.ops, self.opt, self.host) for a in part
                            if isinstance(a, int)})
        keys = [ENTRY, *addresses, SLOW]
        rows = []
        for key in keys:
            row = [part.get(key, []) for part in (self.guest, self.ops, self.opt, self.host)]
            if any(row):
                rows.append([f"{key:x}" if isinstance(key, int) else key, *row])
        return rows

    def data(self):
        return {"id": self.number, "pc": f"{self.pc or 0:08x}", "symbol": self.symbol, "count": self.count,
                "region": self.region, "host": f"{self.host_address or 0:x}", "size": self.size,
                "insns": len(self.guest), "rows": self.rows()}


class Log:
    def __init__(self):
        self.blocks = []
        self.by_host = {}               # the newest block at a host address
        self.chains = collections.Counter()     # (from, to) -> links made
        self.follows = collections.Counter()    # (from, to) -> times
        self.last = {}                  # CPU -> block it was in
        self.executed = False
        self.part = None                # where lines go
        self.key = ENTRY
        self.current = None

    def begin(self, symbol):
        self.current = Block(len(self.blocks), symbol)
        self.blocks.append(self.current)
        self.part = self.current.guest

    def end_part(self):
        self.part, self.key = None, ENTRY

    def host_line(self, address, line):
        block = self.current
        if block.host_address is None:
            block.host_address = address
            self.by_host[address] = block
        block.host.setdefault(self.key, []).append(line)

    def trace(self, match):
        cpu, host, _, _, cflags, _ = match.groups()
        block = self.by_host.get(int(host, 16))
        self.executed = True
        if not block:
            self.last.pop(cpu, None)
            return
        block.count += 1
        block.region = bool(int(cflags, 16) & REGION_FLAG)
        if cpu in self.last:
            self.follows[self.last[cpu].number, block.number] += 1
        self.last[cpu] = block

    def header(self, line):
        """True: the line begins a part or is an event of its own."""
        match = IN_HEADER.match(line)
        if match:
            self.begin(match.group(1).strip())
            return True
        if line.startswith(("OP:", "OP after optimization")) and self.current:
            self.part = self.current.ops if line.startswith("OP:") else self.current.opt
            self.key = ENTRY
            return True
        match = OUT.match(line)
        if match and self.current:
            self.current.size = int(match.group(1))
            self.part, self.key = self.current.host, ENTRY
            return True
        match = TRACE.match(line)
        if match:
            self.end_part()
            self.trace(match)
            return True
        match = LINKING.match(line)
        if match:
            source, _, target = match.groups()
            self.end_part()
            source, target = self.by_host.get(int(source, 16)), self.by_host.get(int(target, 16))
            if source and target:
                self.chains[source.number, target.number] += 1
            return True
        if line.startswith("-----") or line.startswith("OP before"):
            self.end_part()
            return True
        return False

    def content(self, line):
        block = self.current
        if self.part is block.guest:
            match = GUEST.match(line)
            if match:
                address = int(match.group(1), 16)
                block.pc = address if block.pc is None else block.pc
                block.guest.setdefault(address, []).append(match.group(2))
        elif self.part is block.host:
            match = GUEST_ADDRESS.match(line)
            if match:
                self.key = int(match.group(1), 16)
            elif line.startswith("  -- tb slow"):
                self.key = SLOW
            else:
                match = GUEST.match(line)
                if match:
                    self.host_line(int(match.group(1), 16), f"{match.group(1)[-6:]}  {match.group(2)}")
        else:
            match = INSN_START.match(line)
            if match:
                self.key = int(match.group(1), 16)
            elif line.startswith(" "):
                self.part.setdefault(self.key, []).append(line.strip())

    def read(self, lines):
        for line in lines:
            line = line.rstrip("\n")
            if line and not self.header(line) and self.part is not None:
                self.content(line)
        return self


# --- the graph --------------------------------------------------------------------

NODE_WIDTH, NODE_HEIGHT, GAP_X, GAP_Y = 168, 34, 26, 44


def edges_of(log):
    """(from, to) -> times, 0 for a chain that was not seen to be taken."""
    edges = dict.fromkeys(log.chains, 0)
    edges.update(log.follows)
    return edges


def layers_of(chosen, edges):
    """Depth of each block: breadth first along the edges, the earliest blocks first."""
    after = collections.defaultdict(list)
    for source, target in edges:
        after[source].append(target)
    depth = {}
    for start in sorted(chosen):
        if start in depth:
            continue
        depth[start] = 0 if not depth else max(depth.values()) + 1
        queue = collections.deque([start])
        while queue:
            node = queue.popleft()
            for target in sorted(after[node]):
                if target not in depth:
                    depth[target] = depth[node] + 1
                    queue.append(target)
    layers = collections.defaultdict(list)
    for node in sorted(depth):
        layers[depth[node]].append(node)
    return layers


def graph_of(log, limit):
    """Nodes with places and edges between the most executed blocks."""
    chosen = {b.number for b in sorted(log.blocks, key=lambda b: -b.count)[:limit]
              if b.count or not log.executed}
    edges = {edge: n for edge, n in edges_of(log).items() if edge[0] in chosen and edge[1] in chosen}
    layers = layers_of(chosen, edges)
    widest = max((len(row) for row in layers.values()), default=1)
    places = {}
    for y, row in layers.items():
        left = (widest - len(row)) * (NODE_WIDTH + GAP_X) / 2
        for x, node in enumerate(row):
            places[node] = [round(left + x * (NODE_WIDTH + GAP_X) + 60), round(y * (NODE_HEIGHT + GAP_Y) + 10)]
    return {"width": widest * (NODE_WIDTH + GAP_X) + 120, "height": len(layers) * (NODE_HEIGHT + GAP_Y) + 20,
            "nodeWidth": NODE_WIDTH, "nodeHeight": NODE_HEIGHT,
            "nodes": [[node, *place] for node, place in places.items()],
            "edges": [[source, target, times] for (source, target), times in sorted(edges.items())]}


def page(log, title, limit, graph_limit):
    blocks = sorted(log.blocks, key=lambda b: (-b.count, b.number))[:limit]
    data = {"title": title, "executed": log.executed, "all": len(log.blocks), "blocks": [b.data() for b in blocks],
            "graph": graph_of(log, graph_limit),
            "edges": [[s, t, n] for (s, t), n in sorted(edges_of(log).items())]}
    # A '<' could end the script element.
    text = json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")
    with open(TEMPLATE, encoding="utf-8") as file:
        return file.read().replace("@DATA@", text)


def main():
    parser = argparse.ArgumentParser(description="A translation log as one HTML page.")
    parser.add_argument("--title", help="of the page")
    parser.add_argument("--limit", type=int, default=3000, help="blocks with all their code (the most executed)")
    parser.add_argument("--graph", type=int, default=60, help="blocks in the graph")
    parser.add_argument("log", help="file, - for standard input")
    args = parser.parse_args()
    try:
        if args.log == "-":
            sys.stdin.reconfigure(encoding="latin1")
            log = Log().read(sys.stdin)
        else:
            with open(args.log, encoding="latin1") as file:
                log = Log().read(file)
    except OSError as error:
        sys.exit(f"explorer: {args.log}: {error.strerror}")
    if not log.blocks:
        sys.exit(f"explorer: {args.log}: no block in this log (it needs -d in_asm,op,op_opt,out_asm,exec)")
    sys.stdout.write(page(log, args.title or os.path.basename(args.log), args.limit, args.graph))


if __name__ == "__main__":
    main()
