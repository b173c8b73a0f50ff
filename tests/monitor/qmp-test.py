#!/usr/bin/env python3
# QMP as programs use it: greeting, negotiation, ids, error classes, events; every
# query's answer against query-qmp-schema; devices, disks, network, keys and
# objects by command. If this fails, management tools cannot steer a machine.
# SPDX-License-Identifier: MIT
import array
import json
import os
import socket
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import guest  # noqa: E402
from qmp import QMP, Schema  # noqa: E402

EXE = guest.executable("x86_64")
QUIET = ("-display", "none", "-serial", "null", "-nic", "none")
results = []


def check(name, ok, detail=""):
    results.append(bool(ok))
    print(f"{'ok' if ok else 'not ok'} {len(results)} - {name}", flush=True)
    if not ok:
        for line in str(detail).splitlines()[:10]:
            print(f"# {line}")


def test_negotiation():
    with QMP(EXE, *QUIET, "-S", negotiate=False) as qmp:
        version = qmp.greeting["QMP"]["version"]
        check("greeting", version["qemu"]["major"] >= 7 and qmp.greeting["QMP"]["capabilities"] == [], qmp.greeting)
        early = qmp.raw('{"execute": "query-status", "id": "x"}')
        check("nothing before the negotiation", early["error"]["class"] == "CommandNotFound" and early["id"] == "x" and
              "qmp_capabilities" in early["error"]["desc"], early)
        refused = qmp.request("qmp_capabilities", enable=["oob"])
        check("no out-of-band commands", refused["error"]["class"] == "GenericError", refused)
        check("negotiation", qmp.raw("{'execute': 'qmp_capabilities', 'id': [1, {'a': 'it\\'s'}]}") ==
              {"return": {}, "id": [1, {"a": "it's"}]})
        check("only once", qmp.error("qmp_capabilities")[0] == "CommandNotFound")
        check("unknown command", qmp.error("frobnicate") ==
              ("CommandNotFound", "The command frobnicate has not been found"))
        qmp.send('{"execute": "query-name"}{"execute": "query-kvm", "id": 7}')
        check("two requests at once", qmp.answer() == {"return": {}} and qmp.answer()["id"] == 7)
        qmp.socket.close()
        qmp.file.close()
        qmp.connect(negotiate=False)
        check("the next client begins anew", "QMP" in qmp.greeting and
              qmp.error("query-status")[0] == "CommandNotFound")


def test_arguments(qmp):
    for name, arguments, text in (
            ("stop", {"x": 1}, "Parameter 'x' is unexpected"),
            ("screendump", {}, "Parameter 'filename' is missing"),
            ("screendump", {"filename": 1}, "Invalid parameter type for 'filename', expected: string"),
            ("screendump", {"filename": "x", "format": "gif"}, "Parameter 'format' does not accept value 'gif'"),
            ("pmemsave", {"val": "0", "size": 1, "filename": "x"}, "expected: integer"),
            ("send-key", {"keys": [{"type": "qcode", "data": 1}]}, "keys[0].data"),
            ("send-key", {"keys": [{"type": "qcode", "data": "nokey"}]}, "nokey"),
            ("blockdev-add", {"driver": "qcow2", "node-name": "n"}, "Parameter 'file' is missing"),
            ("blockdev-add", {"driver": "raw", "node-name": "n", "file": 1}, "expected: BlockdevRef"),
            ("object-add", {"qom-type": "secret", "id": "s", "size": 1}, "Parameter 'size' is unexpected"),
            ("device_add", {"driver": "nodevice"}, "nodevice"),
            ("qom-set", {"path": "/machine", "property": "type", "value": "x"}, "not found")):
        error_class, desc = qmp.error(name, **arguments)
        check(f"{name}: {text}", error_class == "GenericError" and text in desc, desc)
    for name, arguments in (("device_del", {"id": "none"}), ("eject", {"device": "none"}), ("qom-list", {"path": "/x"}),
                            ("netdev_del", {"id": "none"}), ("set_link", {"name": "none", "up": True}),
                            ("device-list-properties", {"typename": "none"})):
        check(f"{name}: DeviceNotFound", qmp.error(name, **arguments)[0] == "DeviceNotFound")
    check("balloon: DeviceNotActive", qmp.error("query-balloon")[0] == "DeviceNotActive")
    check("change without a drive", qmp.error("change", device="none", target="x")[0] == "DeviceNotFound")


# Arguments of commands that need some and only look.
EXAMPLES = {
    "query-cpu-model-expansion": [{"type": "full", "model": {"name": "max"}},
                                  {"type": "static", "model": {"name": "qemu64", "props": {"lm": False}}}],
    "query-command-line-options": [{}, {"option": "device"}],
    "query-blockstats": [{}, {"query-nodes": True}],
    "device-list-properties": [{"typename": "e1000"}, {"typename": "virtio-blk"}, {"typename": "qemu64-x86_64-cpu"}],
    "qom-list": [{"path": "/"}, {"path": "/machine"}, {"path": "/machine/unattached/device[0]"}],
    "qom-list-types": [{}, {"implements": "device", "abstract": True}],
    "qom-list-properties": [{"typename": "pc-i440fx-7.2-machine"}, {"typename": "secret"}],
    "qom-get": [{"path": "/machine/unattached/device[0]", "property": "realized"}],
    "human-monitor-command": [{"command-line": "info status"}, {"command-line": "nonsense", "cpu-index": 0}],
}


def test_schema(qmp):
    schema = Schema(qmp.cmd("query-qmp-schema"))
    names = {c["name"] for c in qmp.cmd("query-commands")}
    check("the schema has the commands", names == {n for n, e in schema.entries.items() if e["meta-type"] == "command"})
    check("the schema has the events", {e["name"] for e in qmp.cmd("query-events")} ==
          {n for n, e in schema.entries.items() if e["meta-type"] == "event"})
    check("the schema describes itself", schema.problem("[SchemaInfo]", list(schema.entries.values())) is None,
          schema.problem("[SchemaInfo]", list(schema.entries.values())))
    refers = {t for e in schema.entries.values() for t in
              [e.get("arg-type"), e.get("ret-type"), e.get("element-type")] +
              [m["type"] for m in e.get("members", []) if "type" in m] + [v["type"] for v in e.get("variants", [])] if t}
    check("every type is there", refers <= set(schema.entries), refers - set(schema.entries))
    for name in sorted(n for n in names if n.startswith("query-") or n in EXAMPLES):
        for arguments in EXAMPLES.get(name, [{}]):
            answer = qmp.request(name, **arguments)
            problem = "balloon" not in name and "no answer"
            if "return" in answer:
                problem = schema.problem(schema.command(name)["ret-type"], answer["return"])
            check(f"{name} {json.dumps(arguments) if arguments else ''} fits the schema", not problem,
                  f"{problem} {str(answer)[:300]}")
    return schema


def test_run_state(qmp, schema):
    check("prelaunch", qmp.cmd("query-status")["status"] == "prelaunch")
    qmp.cmd("cont")
    event = qmp.wait_event("RESUME")
    check("RESUME has a time", event["timestamp"]["seconds"] > 0 and event["timestamp"]["microseconds"] < 1000000)
    check("running", qmp.cmd("query-status") == {"running": True, "singlestep": False, "status": "running"})
    qmp.cmd("stop")
    qmp.wait_event("STOP")
    qmp.cmd("cont")
    qmp.cmd("system_reset")
    event = qmp.wait_event("RESET")
    check("RESET fits", event["data"] == {"guest": False, "reason": "host-qmp-system-reset"} and
          schema.problem(schema.command("RESET")["arg-type"], event["data"]) is None, event)
    qmp.cmd("system_powerdown")
    qmp.wait_event("POWERDOWN")
    check("no wake-up without sleep", "suspended" in qmp.error("system_wakeup")[1])
    qmp.cmd("inject-nmi")
    check("running on after an NMI", qmp.cmd("query-status")["running"])
    check("one implementation", "running" in qmp.cmd("human-monitor-command", command__line="info status"))


def test_disks(qmp, folder, schema):
    image, cd = os.path.join(folder, "a,b.raw"), os.path.join(folder, "cd.iso")
    for name, size in ((image, 1 << 20), (cd, 1 << 16)):
        with open(name, "wb") as f:
            f.truncate(size)
    tray = qmp.cmd
    check("empty CD-ROM", [b for b in qmp.cmd("query-block") if b["device"] == "ide1-cd0" and "inserted" not in b])
    qmp.cmd("blockdev-change-medium", device="ide1-cd0", filename=cd, format="raw")
    moved = [qmp.wait_event("DEVICE_TRAY_MOVED")["data"]["tray-open"] for _ in range(2)]
    check("the tray opens and closes", moved == [True, False], moved)
    block = [b for b in qmp.cmd("query-block") if b["device"] == "ide1-cd0"][0]
    check("medium", block["inserted"]["file"] == cd and not block["tray_open"], block)
    tray("blockdev-open-tray", device="ide1-cd0")
    tray("blockdev-remove-medium", id=block["qdev"])
    qmp.cmd("blockdev-add", driver="file", node__name="file0", filename=image, read__only=True)
    qmp.cmd("blockdev-add", driver="raw", node__name="node0", file="file0", read__only=True, cache={"no-flush": False})
    check("a used file stays", "in use" in qmp.error("blockdev-del", node__name="file0")[1])
    tray("blockdev-insert-medium", id=block["qdev"], node__name="node0")
    tray("blockdev-close-tray", device="ide1-cd0")
    block = [b for b in qmp.cmd("query-block") if b["device"] == "ide1-cd0"][0]
    check("a node's image in the drive", block["inserted"]["file"] == image and not block["tray_open"], block)
    check("an inserted node stays", "in use" in qmp.error("blockdev-del", node__name="node0")[1])
    qmp.cmd("eject", device="ide1-cd0", force=True)
    for name in ("node0", "file0"):
        qmp.cmd("blockdev-del", node__name=name)
    check("nodes are gone", not [n for n in qmp.cmd("query-named-block-nodes") if n["node-name"] == "node0"])
    qmp.cmd("block_resize", device="ide0-hd0", size=3 << 20)
    size = [b for b in qmp.cmd("query-block") if b["device"] == "ide0-hd0"][0]["inserted"]["image"]["virtual-size"]
    check("block_resize", size == 3 << 20, size)
    problem = schema.problem("[BlockInfo]", qmp.cmd("query-block"))
    check("query-block fits with all that", problem is None, problem)


def test_removed_drive(qmp, folder):
    """What was put into a drive of its own is there again when the drive goes."""
    image = os.path.join(folder, "medium")
    with open(image, "wb") as f:
        f.truncate(1 << 16)
    qmp.cmd("stop")                     # firmware that starts resets the adapter, which closes trays
    qmp.cmd("device_add", driver="virtio-scsi-pci", id="scsi")
    qmp.cmd("blockdev-add", driver="file", node__name="medium", filename=image, read__only=True)
    before = len(qmp.cmd("query-block"))
    qmp.cmd("device_add", driver="scsi-cd", id="cd", bus="scsi.0")
    qmp.cmd("blockdev-open-tray", id="cd", force=True)
    qmp.cmd("blockdev-insert-medium", id="cd", node__name="medium")
    check("in use", "in use" in qmp.error("blockdev-del", node__name="medium")[1])
    qmp.cmd("device_del", id="cd")
    qmp.wait_event("DEVICE_DELETED")
    check("the drive is gone", len(qmp.cmd("query-block")) == before)
    check("the medium is not", "medium" in [n["node-name"] for n in qmp.cmd("query-named-block-nodes")])
    qmp.cmd("blockdev-del", node__name="medium")
    qmp.cmd("cont")


def test_names_of_parts(qmp, folder):
    """The disk inside a USB disk has a name of the emulator's choice, and no other has it."""
    image = os.path.join(folder, "medium")
    for n in (0, 1):
        qmp.cmd("blockdev-add", driver="file", node__name=f"stick{n}", filename=image, read__only=True)
    for n in (0, 1, 0):
        qmp.cmd("device_add", driver="usb-storage", id=f"stick{n}", drive=f"stick{n}")
        if n:
            qmp.cmd("device_del", id="stick0")
            qmp.wait_event("DEVICE_DELETED")
    names = [child["name"] for child in qmp.cmd("qom-list", path="/machine/unattached")]
    check("each name once", len(names) == len(set(names)), sorted(names))
    for n in (0, 1):
        qmp.cmd("device_del", id=f"stick{n}")
        qmp.wait_event("DEVICE_DELETED")
        qmp.cmd("blockdev-del", node__name=f"stick{n}")


def test_hot_plug(qmp):
    qmp.cmd("device_add", driver="usb-kbd", id="kbd0")
    check("the device is there", {"name": "kbd0", "type": "child<usb-kbd>"} in
          qmp.cmd("qom-list", path="/machine/peripheral"))
    check("its property", qmp.cmd("qom-get", path="/machine/peripheral/kbd0", property="realized") is True)
    check("realized devices do not change", "realized" in qmp.error("qom-set", path="kbd0", property="serial", value="1")[1])
    check("an id once", "in use" in qmp.error("device_add", driver="usb-kbd", id="kbd0")[1])
    qmp.cmd("device_del", id="kbd0")
    event = qmp.wait_event("DEVICE_DELETED")
    check("DEVICE_DELETED", event["data"] == {"device": "kbd0", "path": "/machine/peripheral/kbd0"}, event)
    check("the ISA bus takes nothing", "hotplug" in qmp.error("device_add", driver="isa-debug-exit")[1])
    check("what the board made stays", "machine" in qmp.error("device_del", id="/machine/unattached/device[0]")[1])


def test_backends(qmp, folder):
    qmp.cmd("netdev_add", type="user", id="net0", hostfwd=[{"str": "tcp:127.0.0.1:0-:22"}], restrict=True)
    check("a netdev once", "net0" in qmp.error("netdev_add", type="user", id="net0")[1])
    qmp.cmd("set_link", name="net0", up=False)
    qmp.cmd("device_add", driver="e1000", id="card0", netdev="net0")
    qmp.cmd("netdev_del", id="net0")
    check("a card without its backend", qmp.cmd("qom-get", path="card0", property="netdev") == "")
    path = os.path.join(folder, "chr")
    added = qmp.cmd("chardev-add", id="chr0", backend={"type": "socket", "data": {
        "addr": {"type": "unix", "data": {"path": path}}, "server": True, "wait": False}})
    check("chardev-add", added == {} and os.path.exists(path))
    qmp.cmd("chardev-remove", id="chr0")
    qmp.cmd("chardev-add", id="chr0", backend={"type": "socket", "data": {"addr": {"type": "unix", "data": {"path": path}}}})
    check("nobody waits for a client", qmp.cmd("query-status")["status"])
    pty = qmp.cmd("chardev-add", id="chr1", backend={"type": "pty", "data": {}})
    check("a pty has a name", pty["pty"].startswith("/dev/pts/"), pty)
    for name in ("chr0", "chr1"):
        qmp.cmd("chardev-remove", id=name)
    check("chardevs in use stay", "busy" in qmp.error("chardev-remove", id="serial0")[1])
    qmp.cmd("object-add", **{"qom-type": "secret", "id": "sec0", "data": "c2VjcmV0", "format": "base64"})
    check("objects are in the tree", {"name": "sec0", "type": "child<secret>"} in qmp.cmd("qom-list", path="/objects"))
    for data in ("c2VjcmV", "c2Vj*mV0", "====", "c2Vj=mV0"):
        check(f"base64 {data}", "not base64" in qmp.error("object-add", **{"qom-type": "secret", "id": "sec1", "data": data,
                                                                           "format": "base64"})[1])
    for data in ("", "c2VjcmU=", "c2Vjcg=="):
        qmp.cmd("object-add", **{"qom-type": "secret", "id": "sec1", "data": data, "format": "base64"})
        qmp.cmd("object-del", id="sec1")
    check("a name that paths cannot have", "letter" in qmp.error("object-add", **{"qom-type": "secret", "id": "a/b", "data": "x"})[1])
    qmp.cmd("object-del", id="sec0")
    check("gone", "not found" in qmp.error("object-del", id="sec0")[1])


def test_descriptors(qmp, folder):
    path = os.path.join(folder, "log")
    fd = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    check("no descriptor came", "SCM_RIGHTS" in qmp.error("getfd", fdname="x")[1])
    qmp.socket.sendmsg([b'{"execute": "add-fd", "arguments": {"fdset-id": 3, "opaque": "log"}}'],
                       [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])
    check("add-fd", qmp.answer()["return"]["fdset-id"] == 3)
    check("query-fdsets", qmp.cmd("query-fdsets")[0]["fds"][0]["opaque"] == "log")
    qmp.cmd("chardev-add", id="log0", backend={"type": "file", "data": {"out": "/dev/fdset/3"}})
    qmp.cmd("chardev-remove", id="log0")
    qmp.cmd("remove-fd", fdset__id=3)
    check("no set is left", qmp.cmd("query-fdsets") == [])
    os.close(fd)
    with open(path, "wb") as f:
        f.truncate(1 << 16)
    for number, access in ((4, os.O_RDONLY), (5, os.O_RDWR)):
        fd = os.open(path, access)
        qmp.socket.sendmsg([b'{"execute": "add-fd", "arguments": {"fdset-id": %d}}' % number],
                           [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))])
        check("add-fd", qmp.answer()["return"]["fdset-id"] == number)
        qmp.cmd("blockdev-add", driver="file", node__name="set", filename=f"/dev/fdset/{number}", read__only=access == os.O_RDONLY)
        qmp.cmd("blockdev-add", driver="raw", node__name="image", file="set", read__only=access == os.O_RDONLY)
        check("an image in a set", "image" in [n["node-name"] for n in qmp.cmd("query-named-block-nodes")])
        qmp.cmd("blockdev-del", node__name="image")
        qmp.cmd("blockdev-del", node__name="set")
        os.close(fd)
    theirs, ours = socket.socketpair()
    qmp.socket.sendmsg([b'{"execute": "getfd", "arguments": {"fdname": "pair"}}'],
                       [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [theirs.fileno()]))])
    check("getfd", qmp.answer()["return"] == {})
    theirs.close()
    data = {"addr": {"type": "fd", "data": {"str": "pair"}}, "server": False, "reconnect": 1}
    check("a descriptor connects once", "reconnect" in qmp.error("chardev-add", id="pair0", backend={"type": "socket", "data": data})[1])
    del data["reconnect"]
    qmp.cmd("chardev-add", id="pair0", backend={"type": "socket", "data": data})
    qmp.cmd("chardev-remove", id="pair0")
    check("closed with its chardev", ours.recv(1) == b"")
    ours.close()


def test_input(qmp, folder):
    for suffix, magic in (("ppm", b"P6"), ("png", b"\x89PNG")):
        name = os.path.join(folder, "screen." + suffix)
        qmp.cmd("screendump", filename=name, format=suffix)
        with open(name, "rb") as f:
            check(f"screendump {suffix}", f.read(len(magic)) == magic)
    qmp.cmd("send-key", keys=[{"type": "qcode", "data": "ctrl"}, {"type": "number", "data": 0x1e}], hold__time=10)
    qmp.cmd("input-send-event", events=[
        {"type": "key", "data": {"key": {"type": "qcode", "data": "a"}, "down": True}},
        {"type": "key", "data": {"key": {"type": "qcode", "data": "a"}, "down": False}},
        {"type": "btn", "data": {"button": "left", "down": True}}, {"type": "rel", "data": {"axis": "x", "value": 5}},
        {"type": "btn", "data": {"button": "wheel-up", "down": True}}])
    name = os.path.join(folder, "mem")
    qmp.cmd("pmemsave", val=0, size=5000, filename=name)
    check("pmemsave", os.path.getsize(name) == 5000)
    for number in (9, -1, 1 << 32):
        check(f"memsave of CPU {number}", "cpu-index" in qmp.error("memsave", val=0, size=1, filename=name, cpu__index=number)[1])
        check(f"a monitor line for CPU {number}", "cpu-index" in
              qmp.error("human-monitor-command", command__line="info status", cpu__index=number)[1])
    qmp.cmd("screendump", filename=name, device="/machine", head=0)
    for command, arguments in (("screendump", {"filename": name}), ("input-send-event", {"events": []})):
        check(f"{command}: a device that is not there", qmp.error(command, device="none", **arguments)[0] == "DeviceNotFound")
        check(f"{command}: one head", "head" in qmp.error(command, head=1, **arguments)[1])


def test_machine():
    with tempfile.TemporaryDirectory() as folder:
        image = os.path.join(folder, "hd.raw")
        with open(image, "wb") as f:
            f.truncate(1 << 20)
        with QMP(EXE, *QUIET, "-S", "-usb", "-drive", f"file={image},format=raw,if=ide") as qmp:
            test_arguments(qmp)
            schema = test_schema(qmp)
            test_run_state(qmp, schema)
            test_disks(qmp, folder, schema)
            test_removed_drive(qmp, folder)
            test_names_of_parts(qmp, folder)
            test_hot_plug(qmp)
            test_backends(qmp, folder)
            test_descriptors(qmp, folder)
            test_input(qmp, folder)
            qmp.cmd("quit")
            event = qmp.wait_event("SHUTDOWN")
            check("SHUTDOWN", event["data"] == {"guest": False, "reason": "host-qmp-quit"}, event)
            check("status 0", qmp.process.wait(60 * guest.TIMEOUT_FACTOR) == 0)


def test_ways_in():
    for args in (("-chardev", "socket,id=c,path={},server=on,wait=off", "-mon", "chardev=c,mode=control,pretty=off"),
                 ("-chardev", "socket,id=c,path={},server=on,wait=off", "-qmp", "chardev:c")):
        with QMP(EXE, *QUIET, "-S", socket_args=args) as qmp:
            check(" ".join(args), qmp.cmd("query-status")["status"] == "prelaunch")
    with QMP(EXE, *QUIET, "-S", "-name", b"caf\xe9") as qmp:
        check("a name that JSON cannot have", "UTF-8" in qmp.error("query-name")[1] and qmp.cmd("query-status"))
    with QMP(EXE, "-machine", "none", "-nodefaults", "-display", "none", "-object",
             '{"qom-type": "memory-backend-ram", "id": "ram0", "size": 1048576}') as qmp:
        check("a machine without anything", qmp.cmd("query-cpus-fast") == [] and qmp.cmd("query-pci") == [])
        check("-object in JSON", qmp.cmd("query-memdev")[0]["size"] == 1 << 20)


try:
    test_negotiation()
    test_machine()
    test_ways_in()
except (guest.Failure, OSError, ValueError) as failure:
    check(f"no more: {failure}", False)
print(f"1..{len(results)}")
sys.exit(0 if all(results) else 1)
