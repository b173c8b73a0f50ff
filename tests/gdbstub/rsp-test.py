#!/usr/bin/env python3
"""The gdb stub's protocol: framing, registers, memory, breakpoints, watchpoints, steps, bad input.

When this fails, debuggers lose the connection or show wrong values, or a broken
packet stops the emulator. SPDX-License-Identifier: MIT
"""
import os
import random
import sys
import time
import xml.dom.minidom

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from rsp import Client, Emulator
from guest import TIMEOUT_FACTOR, Failure, Tap, temp_dir

PPC, X86, I386 = "ppc-softmmu/qemu-system-ppc", "x86_64-softmmu/qemu-system-x86_64", "i386-softmmu/qemu-system-i386"


class Guest:
    """What the tests need to know about one executable."""

    def __init__(self, exe, machine, pc, reset_pc, features):
        self.exe, self.machine, self.pc, self.reset_pc, self.features = exe, machine, pc, reset_pc, features


GUESTS = [
    Guest(PPC, "mac99", "40", "fff00100", ["power.core", "power.fpu", "power.altivec", "power.spr"]),
    Guest(X86, "pc", "10", "f0ff000000000000", ["i386.core", "i386.sse", "i386.segments", "i386.system"]),
    Guest(I386, "pc", "8", "f0ff0000", ["i386.core", "i386.sse", "i386.segmentbase", "i386.system"]),
]


def queries(guest, client):
    client.expect("?", "T05thread:01;")
    assert "qXfer:features:read+" in client.command("qSupported:swbreak+")
    client.expect("qAttached", "1")
    client.expect("vCont?", "vCont;c;C;s;S")
    client.expect("qfThreadInfo", "m01")
    client.expect("qsThreadInfo", "l")
    client.expect("T1", "OK")
    client.expect("T77", "E22")
    client.expect("Hg1", "OK")
    client.expect("Hg77", "E22")
    client.expect("vFancy", "")
    client.expect("qqemu.sstepbits", "ENABLE=1,NOIRQ=2,NOTIMER=4")
    client.expect("qqemu.sstep", "0x7")
    assert bytes.fromhex(client.command("qThreadExtraInfo,1")) == b"CPU#0 [running]"
    assert "paused" in client.monitor("info status")
    client.expect("p" + guest.pc, guest.reset_pc)


def description(guest, client):
    """In pieces; it is XML, and every register in it can be read in the described size."""
    text, size = "", 0x300
    while True:
        piece = client.command(f"qXfer:features:read:target.xml:{len(text):x},{size:x}")
        text += piece[1:]
        if piece[0] == "l":
            break
        assert len(piece) == size + 1, piece
    dom = xml.dom.minidom.parseString(text)
    names = [feature.getAttribute("name") for feature in dom.getElementsByTagName("feature")]
    for wanted in guest.features:
        assert any(name.endswith(wanted) for name in names), f"{wanted} not among {names}"
    registers = dom.getElementsByTagName("reg")
    for reg in registers:
        value = client.command(f"p{int(reg.getAttribute('regnum')):x}")
        assert len(value) * 4 == int(reg.getAttribute("bitsize")), f"{reg.getAttribute('name')}: {value}"
    client.expect(f"p{len(registers):x}", "E14")
    client.expect("qXfer:features:read:other.xml:0,100", "E00")


def registers(guest, client):
    every = client.command("g")
    client.expect("G" + every, "OK")
    client.expect("g", every)
    first = "12345678" if len(guest.reset_pc) == 8 else "1234567800000000"
    client.expect("P2=" + first, "OK")
    client.expect("p2", first)
    client.expect("P2=12", "E22")
    client.expect("Pffff=12345678", "E22")
    client.expect("G1234", "E22")


def memory(guest, client):
    client.expect("M4000,4:11223344", "OK")
    client.expect("m4000,4", "11223344")
    client.expect(b"X4000,4:}\x03}\x04\x01\x02", "OK")
    client.expect("m4000,4", "23240102")
    client.expect("X4000,0:", "OK")
    client.expect("qqemu.PhyMemMode", "0")
    client.expect("Qqemu.PhyMemMode:1", "OK")
    client.expect("m4000,4", "23240102")
    client.expect("qqemu.PhyMemMode", "1")
    client.expect("Qqemu.PhyMemMode:0", "OK")
    assert len(client.command("m4000,ffffffff")) == 0x4000
    for bad in ("m", "m4000", "m4000,", "M4000,4:11", "M4000,4:1122334g", "X4000,9:ab", "mxyz,4"):
        client.expect(bad, "E22")


def steps_and_points(guest, client):
    """The firmware's first instructions: where steps lead, there breakpoints stop."""
    places = []
    for _ in range(6):
        client.expect("vCont;s:1", "T05thread:01;")
        places.append(client.command("p" + guest.pc))
    assert len(set(places)) > 1, places
    client.monitor("system_reset")
    deadline = time.monotonic() + 20 * TIMEOUT_FACTOR
    while client.command("p" + guest.pc) != guest.reset_pc:
        assert time.monotonic() < deadline, "no reset"
        time.sleep(0.05)
    order = "big" if guest.machine == "mac99" else "little"
    target = int.from_bytes(bytes.fromhex(places[3]), order)
    linear = target + (0 if guest.machine == "mac99" else 0xf0000)
    client.expect(f"Z0,{linear:x},1", "OK")
    client.expect(f"Z0,{linear:x},1", "OK")
    client.expect("vCont;c", "T05thread:01;")
    client.expect("p" + guest.pc, places[3])
    client.expect(f"z0,{linear:x},1", "OK")
    client.expect(f"z0,{linear:x},1", "E22")
    client.expect("Z2,4000,0", "E22")
    client.expect("Z9,4000,4", "")
    client.expect("Z1,4000", "E22")
    client.expect("s", "T05thread:01;")


def x86_program(guest, client, code, handler, vector):
    """Real-mode code at 0000:1000, DI 2000, SP 3000, and the handler of a vector at 0000:5000."""
    width = len(guest.reset_pc)
    segments = int(guest.pc, 16) + 2
    client.expect(f"M1000,{len(code) // 2:x}:{code}", "OK")
    client.expect(f"M5000,{len(handler) // 2:x}:{handler}", "OK")
    client.expect(f"M{4 * vector:x},4:00500000", "OK")
    for number, value, digits in ((segments, 0, 8), (segments + 1, 0, 8), (segments + 3, 0, 8),
                                  (5 if width == 16 else 7, 0x2000, width), (7 if width == 16 else 4, 0x3000, width),
                                  (int(guest.pc, 16), 0x1000, width)):
        client.expect(f"P{number:x}={value.to_bytes(digits // 2, 'little').hex()}", "OK")


def x86_steps(guest, client):
    """Each step is one instruction: REP's rounds, shadows of STI and MOV SS, into INT and out of IRET, HLT."""
    if guest.machine != "pc":
        return
    x86_program(guest, client, "b90300" "fc" "f3aa" "fb" "90" "8ed0" "90" "cd10" "90" "f4", "cf", 0x10)
    places = []
    for _ in range(13):
        client.expect("vCont;s:1", "T05thread:01;")
        places.append(int.from_bytes(bytes.fromhex(client.command("p" + guest.pc)), "little"))
    assert places == [0x1003, 0x1004, 0x1004, 0x1004, 0x1006, 0x1007, 0x1008, 0x100a, 0x100b, 0x5000, 0x100d, 0x100e,
                      0x100f], [hex(place) for place in places]


def x86_watched_interrupt(guest, client):
    """An interrupt whose delivery touches a watched word is delivered: the stop is at its handler, and others follow."""
    if guest.machine != "pc":
        return
    pic = "b011e620" "b020e621" "b004e621" "b001e621" "b0fee621"           # vectors from 20h, IRQ 0 alone
    pit = "b034e643" "b000e640" "b010e640"                                # every 3.4 ms
    apic_off = "66b91b000000" "0f32" "80e4f7" "0f30"                      # the PIC reaches the CPU itself
    x86_program(guest, client, apic_off + pic + pit + "fb" "f4" "ebfd", "b020" "e620" "cf", 0x20)
    handler = (0x5000).to_bytes(len(guest.reset_pc) // 2, "little").hex()
    for _ in range(3):
        client.expect("Z2,2ffc,2", "OK")                # where CS is pushed
        client.expect("vCont;c", "T05thread:01;watch:2ffc;")
        client.expect("p" + guest.pc, handler)
        client.expect("m2ffc,2", "0000")
        client.expect("z2,2ffc,2", "OK")
    client.expect("Z0,5000,1", "OK")
    for _ in range(3):
        client.expect("vCont;c", "T05thread:01;")
        client.expect("p" + guest.pc, handler)
    client.expect("z0,5000,1", "OK")


def interrupt(guest, client):
    client.send("vCont;c")
    time.sleep(0.1)
    client.raw(b"\x03")
    stop = client.reply()
    assert stop == "T02thread:01;", stop
    client.monitor("cont")
    assert len(client.command("g")) > 100       # it stands still again


def framing(guest, client):
    client.data = b""
    client.raw(b"$?#00")
    assert client.byte() == b"-"
    client.raw(b"$?#3f")
    assert client.byte() == b"+"
    client.reply()
    client.raw(b"-")
    assert client.reply() == "T05thread:01;", "not sent again"
    client.raw(b"$m0,4$?#3f")
    assert client.reply() == "T05thread:01;", "a packet cut short spoils the next one"
    client.expect("M4000," + "f" * 20000 + ":00", "E22")
    client.expect("Z0,xyz", "E22")
    client.expect("QStartNoAckMode", "OK")
    client.data = b""
    client.raw(b"+$qC#b4")
    assert client.byte() == b"$", "still acknowledges"


def fuzz(guest, client):
    """Nothing that comes in ends the emulator, and the next debugger finds it in order."""
    rng = random.Random(7)
    kinds = ["?", "g", "G", "p", "P", "m", "M", "X", "Z0,", "z0,", "Z2,", "H", "T", "vCont;", "qXfer:features:read:", "q",
             "Q", "qRcmd,", "Hg", "v", "qThreadExtraInfo,", "Qqemu.sstep=", "!", "\xff"]
    letters = "0123456789abcdef,:;=-pxcsgt.*}\x00\xfe"
    for _ in range(3000):
        body = rng.choice(kinds) + "".join(rng.choice(letters) for _ in range(rng.randrange(24)))
        if rng.random() < 0.1:
            client.raw(bytes(rng.randrange(256) for _ in range(rng.randrange(40))))
        else:
            client.send(body)
        client.socket.settimeout(0)
        try:
            while client.socket.recv(65536):
                pass
        except BlockingIOError:
            pass
        client.socket.settimeout(20)


CASES = [queries, description, registers, memory, steps_and_points, x86_watched_interrupt, x86_steps, interrupt, framing,
         fuzz]


def session(guest, folder):
    with Emulator(guest.exe, folder, "-M", guest.machine, "-S") as emulator:
        for case in CASES:
            client = Client(emulator.path)          # each is another connection: it works again and again
            try:
                case(guest, client)
            except (AssertionError, Failure, OSError) as error:
                raise Failure(f"{case.__name__}: {error!r}") from None
            client.close()
            time.sleep(0.1)
            assert emulator.process.poll() is None, f"{case.__name__}: the emulator has ended"
        client = Client(emulator.path)
        assert client.command("?") == "T05thread:01;"
        client.expect("D", "OK")
        client.close()
        client = Client(emulator.path)
        assert "VM status" in client.monitor("info status")
        client.send("k")
        assert emulator.process.wait(20 * TIMEOUT_FACTOR) == 0


tap = Tap()
for one in GUESTS:
    if not tap.built(one.exe):
        continue
    with temp_dir() as directory:
        tap.test(f"{os.path.basename(one.exe)}: protocol", session, one, directory)
tap.done()
