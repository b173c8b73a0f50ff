#!/usr/bin/env python3
"""The translation explorer: what its page holds, and, where Chromium is installed,
what the page shows. Breaks when code, operations and host code do not line up.

SPDX-License-Identifier: MIT
"""
import json
import os
import re
import shutil
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, ".."))
from guest import EXE, TIMEOUT_FACTOR, Failure, Tap, executable, temp_dir
import program

EXPLORER = os.path.join(HERE, "../../scripts/explorer.py")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# The instruction of leaf_work's loop that multiplies, and what becomes of it on this host.
MULTIPLY = {"ppc": r"^mullw ", "i386": r"^imul ", "x86_64": r"^imul ", "riscv32": r"^mul ", "teach": r"^mul "}


def log_of(arch, folder, items):
    elf, args = program.build(arch, folder)
    log = os.path.join(folder, "log")
    exe = EXE if arch == "ppc" else executable(arch)
    process = subprocess.Popen([exe, *args, "-display", "none", "-serial", "null", "-monitor", "none", "-nic", "none",
                                "-symbols", elf, "-d", items, "-D", log], stdin=subprocess.DEVNULL)
    deadline = time.time() + 20 * TIMEOUT_FACTOR
    try:
        while time.time() < deadline:
            time.sleep(0.1)
            if not os.path.exists(log):
                continue
            with open(log, encoding="latin1") as file:
                text = file.read(30 << 20)
            if "IN: lazy_middle" in text and text.count("IN: outer_loop") > 2:
                return log
    finally:
        process.kill()
        process.wait()
    raise Failure("the guest did not get to its loop")


def page_of(log, folder):
    path = os.path.join(folder, "page.html")
    with open(path, "w") as file:
        subprocess.run([sys.executable, EXPLORER, "--title", "a </script> b", log], stdout=file, check=True)
    with open(path) as file:
        return path, file.read()


def data_of(page):
    return json.loads(re.search(r"^const DATA = (.*);$", page, re.M).group(1))


def alignment(arch):
    with temp_dir() as folder:
        _, page = page_of(log_of(arch, folder, "in_asm,op,op_opt,out_asm,exec,nochain"), folder)
    addresses = [a for a in re.findall(r"https?://[^\"' ]+", page) if a != "http://www.w3.org/2000/svg"]
    assert not addresses and page.count("</script>") == 1, addresses
    data = data_of(page)
    assert data["title"] == "a </script> b" and data["executed"]
    counts = [b["count"] for b in data["blocks"]]
    assert counts == sorted(counts, reverse=True) and data["blocks"][0]["symbol"] == "leaf_work"
    rows = [row for b in data["blocks"] if b["symbol"] == "leaf_work" for row in b["rows"]]
    found = [row for row in rows if row[1] and re.search(MULTIPLY[arch], row[1][0])]
    assert found, rows
    for _, guest, ops, opt, host in found:
        assert len(guest) == 1 and any(op.startswith("mul_i") for op in ops), (guest, ops)
        assert any(op.startswith("mul_i") for op in opt) and any("  imul " in line for line in host), (opt, host)
    top = data["blocks"][0]["id"]
    again = [times for source, target, times in data["edges"] if (source, target) == (top, top)]
    assert again and again[0] > 0.9 * counts[0], data["edges"]


def chains():
    """Without nochain: the links, drawn between blocks of the graph."""
    with temp_dir() as folder:
        _, page = page_of(log_of("ppc", folder, "in_asm,op,op_opt,out_asm,exec"), folder)
    data = data_of(page)
    names = {b["id"]: b["symbol"] for b in data["blocks"]}
    links = {(names[s], names[t]) for s, t, _ in data["edges"]}
    assert {("main", "outer_loop"), ("outer_loop", "busy_middle"), ("busy_middle", "leaf_work")} <= links, links
    places = {node for node, _, _ in data["graph"]["nodes"]}
    assert all(s in places and t in places for s, t, _ in data["graph"]["edges"])
    assert any(b["region"] for b in data["blocks"])


def browser():
    with temp_dir() as folder:
        path, page = page_of(log_of("ppc", folder, "in_asm,op,op_opt,out_asm,exec,nochain"), folder)
        busy = next(b for b in data_of(page)["blocks"] if b["symbol"] == "busy_middle")

        def dom(search):
            return subprocess.run([CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom",
                                   f"--user-data-dir={folder}/profile", f"file://{path}#{search}"], capture_output=True,
                                  text=True, timeout=100 * TIMEOUT_FACTOR, check=True).stdout

        for search in "busy_middle", busy["pc"], "0x" + busy["rows"][-2][0]:
            text = dom(search)
            title = re.search(r'<div id="block"><h2>([^<]*)</h2>', text).group(1)
            assert title == f"{busy['pc']} busy_middle", (search, title)
        assert text.count('class="item') == len(data_of(page)["blocks"])
        assert len(re.findall(r'<tr class="insn" data-at="[0-9a-f]+">', text)) == busy["insns"]
        assert 'class="node' in text and 'class="edge' in text and 'class="item chosen"' in text


def bad_input():
    for text, words in ("nothing\n", "no block in this log"), (None, "No such file"):
        with temp_dir() as folder:
            path = os.path.join(folder, "log")
            if text is not None:
                with open(path, "w") as file:
                    file.write(text)
            result = subprocess.run([sys.executable, EXPLORER, path], capture_output=True, text=True)
        assert result.returncode == 1 and words in result.stderr and len(result.stderr.splitlines()) == 1, result


tap = Tap()
for guest_arch in program.ARCHES:
    tap.test(f"code lines up, {guest_arch}", alignment, guest_arch)
tap.test("chains", chains)
if CHROMIUM:
    tap.test("the page in a browser", browser)
else:
    tap.count += 1
    print(f"ok {tap.count} - the page in a browser # SKIP chromium is not installed")
tap.test("bad input is one line", bad_input)
tap.done()
