"""A QMP client for tests: an emulator on a socket of its own, and the schema's view of values.

SPDX-License-Identifier: MIT
"""
import json
import os
import socket
import subprocess
import tempfile
import time

import guest


class QMP:
    """exe with args; commands as methods' names would be: qmp.cmd("query-status")."""

    def __init__(self, exe, *args, negotiate=True, socket_args=("-qmp", "unix:{},server=on,wait=off")):
        self.directory = tempfile.TemporaryDirectory()
        self.path = os.path.join(self.directory.name, "qmp")
        argv = [exe, *(arg.format(self.path) for arg in socket_args), *args]
        self.process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.events = []
        self.connect(negotiate)

    def connect(self, negotiate=True):
        deadline = time.monotonic() + 60 * guest.TIMEOUT_FACTOR
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(self.path)
                break
            except OSError:
                self.socket.close()
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise guest.Failure(f"no QMP socket: {self.process.stderr.read()}") from None
                time.sleep(0.05)
        self.socket.settimeout(60 * guest.TIMEOUT_FACTOR)
        self.file = self.socket.makefile("r")
        self.greeting = self.line()
        if negotiate:
            self.cmd("qmp_capabilities")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.file.close()
        self.socket.close()
        if self.process.poll() is None:
            self.process.terminate()
        self.process.communicate()
        self.directory.cleanup()

    def line(self):
        text = self.file.readline()
        if not text:
            raise guest.Failure(f"the emulator closed the QMP socket (status {self.process.poll()})")
        return json.loads(text)

    def send(self, text):
        self.socket.sendall(text.encode() if isinstance(text, str) else text)

    def answer(self):
        """The next line that is no event; events are kept."""
        while True:
            value = self.line()
            if "event" not in value:
                return value
            self.events.append(value)

    def raw(self, text):
        self.send(text)
        return self.answer()

    def request(self, name, /, **arguments):
        return self.raw(json.dumps({"execute": name, "arguments": {k.replace("__", "-"): v for k, v in arguments.items()}}))

    def cmd(self, name, /, **arguments):
        """What it returns; a failure is an exception."""
        value = self.request(name, **arguments)
        if "return" not in value:
            raise guest.Failure(f"{name}: {value}")
        return value["return"]

    def error(self, name, /, **arguments):
        """(class, desc) of a command that must fail."""
        value = self.request(name, **arguments)
        if "error" not in value:
            raise guest.Failure(f"{name} succeeded: {value}")
        return value["error"]["class"], value["error"]["desc"]

    def wait_event(self, name):
        while True:
            for event in self.events:
                if event["event"] == name:
                    self.events.remove(event)
                    return event
            value = self.line()
            if "event" in value:
                self.events.append(value)


class Schema:
    """query-qmp-schema: does a value fit a type?"""

    def __init__(self, entries):
        self.entries = {entry["name"]: entry for entry in entries}

    def command(self, name):
        return self.entries[name]

    def problem(self, type_name, value, where="value"):
        """None when it fits, else what does not."""
        entry = self.entries[type_name]
        return getattr(self, "_" + entry["meta-type"])(entry, value, where)

    def _builtin(self, entry, value, where):
        kinds = {"string": str, "int": int, "number": (int, float), "boolean": bool, "null": type(None), "value": object}
        ok = isinstance(value, kinds[entry["json-type"]])
        if entry["json-type"] in ("int", "number") and isinstance(value, bool):
            ok = False
        return None if ok else f"{where}: {value!r} is no {entry['name']}"

    def _enum(self, entry, value, where):
        return None if value in entry["values"] else f"{where}: {value!r} is not in {entry['name']}"

    def _array(self, entry, value, where):
        if not isinstance(value, list):
            return f"{where}: not an array"
        problems = (self.problem(entry["element-type"], item, f"{where}[{i}]") for i, item in enumerate(value))
        return next((p for p in problems if p), None)

    def _object(self, entry, value, where):
        if not isinstance(value, dict):
            return f"{where}: not an object"
        members = {m["name"]: m for m in entry["members"]}
        if "tag" in entry:
            case = next((v for v in entry["variants"] if v["case"] == value.get(entry["tag"])), None)
            if case:
                members.update({m["name"]: m for m in self.entries[case["type"]]["members"]})
        for name in value:
            if name not in members:
                return f"{where}.{name}: not in {entry['name']}"
        for name, member in members.items():
            if name not in value:
                if "default" not in member:
                    return f"{where}.{name}: missing"
                continue
            problem = self.problem(member["type"], value[name], f"{where}.{name}")
            if problem:
                return problem
        return None

    def _alternate(self, entry, value, where):
        if any(self.problem(m["type"], value, where) is None for m in entry["members"]):
            return None
        return f"{where}: {value!r} is no {entry['name']}"
