"""gdb commands for the emulator itself: generated code and guest CPUs.

  (gdb) source scripts/gdb/qemu.py
  (gdb) qemu cpu            the guest CPUs; qemu cpu N selects the thread of one
  (gdb) qemu tb [ADDRESS]   the block that holds a host address (where the thread is, or
                            what its helper returns to): guest address, the guest
                            instruction there, the block's code and operations
  (gdb) qemu tbs [ADDRESS]  all blocks, or those that cover a guest address

`qemu tb` calls into the stopped process for code and operations; on a core file it
prints the rest. SPDX-License-Identifier: MIT
"""
import gdb

CFLAGS = [(0x200, "no-goto-tb"), (0x400, "no-goto-ptr"), (0x800, "single-step"), (0x1000, "icount"),
          (0x4000, "region"), (0x10000, "invalid"), (0x20000, "parallel")]


def code_gen():
    return gdb.parse_and_eval("'code-buffer.c'::code_gen")


def pointer(array, index):
    """Entry of a GPtrArray as a TranslationBlock."""
    tb_pointer = gdb.lookup_type("TranslationBlock").pointer()
    return array["pdata"][index].cast(tb_pointer)


def all_blocks():
    state = code_gen()
    for region in range(int(state["nb_regions"])):
        blocks = state["regions"][region]["tbs"]
        for index in range(int(blocks["len"])):
            yield pointer(blocks, index)


def block_at(host_pc):
    """The block whose code holds host_pc, None: no generated code."""
    state = code_gen()
    offset = host_pc - int(gdb.parse_and_eval("code_rx_diff")) - int(state["rw"])
    if not 0 <= offset < int(state["size"]):
        return None
    region = min(offset // int(state["region_size"]), int(state["nb_regions"]) - 1)
    blocks = state["regions"][region]["tbs"]
    low, high = 0, int(blocks["len"])
    while low < high:
        middle = (low + high) // 2
        tb = pointer(blocks, middle)
        start = int(tb["code"])
        if host_pc < start:
            high = middle
        elif host_pc > start + int(tb["code_size"]):
            low = middle + 1
        else:
            return tb
    return None


class Leb:
    """The numbers of a block's side table (tcg/search.c)."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def unsigned(self):
        value = shift = 0
        while True:
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7f) << shift
            shift += 7
            if not byte & 0x80:
                return value, shift, byte

    def uleb(self):
        return self.unsigned()[0]

    def sleb(self):
        value, shift, last = self.unsigned()
        return value - (1 << shift) if last & 0x40 else value


def instructions(tb):
    """(guest address, host offset where its code ends) of each guest instruction."""
    size = int(tb["search_size"])
    if not size:
        return []
    memory = gdb.selected_inferior().read_memory(int(tb["search_data"]), size)
    table = Leb(bytes(memory))
    data, end, result = [0, 0, 0], 0, []
    for _ in range(table.uleb()):
        data = [value + table.sleb() for value in data]
        end += table.uleb()
        result.append((data[0] & 0xffffffffffffffff, end))
    return result


def flag_names(cflags):
    return " ".join(name for bit, name in CFLAGS if cflags & bit) or "none"


def print_block(tb, host_pc):
    start, size = int(tb["code"]), int(tb["code_size"])
    print(f"block {int(tb):#x}: guest {int(tb['pc']):#010x}, {int(tb['icount'])} instructions, {int(tb['size'])} bytes")
    print(f"  host code {start:#x} to {start + size:#x}, {size} bytes")
    print(f"  flags {int(tb['flags']):#x}, cflags {flag_names(int(tb['cflags']))}, exec_left {int(tb['exec_left'])}")
    for slot in range(int(tb["num_exits"])):
        target = tb["exits"][slot]["dest"]
        if int(target):
            print(f"  exit {slot}: chained to guest {int(target['pc']):#010x}")
    offset = host_pc - start
    for number, (address, end) in enumerate(instructions(tb)):
        if offset < end:
            print(f"  host address {host_pc:#x} belongs to guest instruction {number}, {address:#010x}")
            return
    print(f"  host address {host_pc:#x} is in the slow paths")


def address_of(expression):
    value = gdb.parse_and_eval(expression)
    if value.type.code == gdb.TYPE_CODE_FUNC:
        value = value.address
    return int(value) & 0xffffffffffffffff


def generated_pc():
    """$pc, or in a helper the place in generated code that it returns to."""
    frame = gdb.newest_frame()
    while frame and frame.is_valid():
        if block_at(frame.pc()) is not None:
            return frame.pc()
        frame = frame.older()
    return gdb.newest_frame().pc()


def is_live():
    return gdb.selected_inferior().pid > 0 and gdb.selected_thread() is not None


def cpus():
    cpu = gdb.parse_and_eval("first_cpu")
    while int(cpu):
        yield cpu
        cpu = cpu["next"]


def thread_of(cpu):
    for thread in gdb.selected_inferior().threads():
        if thread.ptid[1] == int(cpu["thread_id"]):
            return thread
    return None


class QemuCommand(gdb.Command):
    """Generated code and guest CPUs of the emulator: qemu tb, qemu tbs, qemu cpu."""

    def __init__(self):
        super().__init__("qemu", gdb.COMMAND_DATA, gdb.COMPLETE_COMMAND, True)


class QemuTb(gdb.Command):
    """The block that holds a host address: qemu tb [ADDRESS] ($pc)."""

    def __init__(self):
        super().__init__("qemu tb", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        host_pc = address_of(argument) if argument else generated_pc()
        tb = block_at(host_pc)
        if tb is None:
            print(f"{host_pc:#x} is no generated code")
            return
        print_block(tb, host_pc)
        if is_live() and int(gdb.parse_and_eval("current_cpu")):
            gdb.execute(f"call (void)tb_debug_dump({host_pc})")


class QemuTbs(gdb.Command):
    """The blocks, or those that cover a guest address: qemu tbs [ADDRESS]."""

    def __init__(self):
        super().__init__("qemu tbs", gdb.COMMAND_DATA, gdb.COMPLETE_EXPRESSION)

    def invoke(self, argument, from_tty):
        wanted = address_of(argument) if argument else None
        count = 0
        for tb in all_blocks():
            pc, size = int(tb["pc"]), int(tb["size"])
            if wanted is None or pc <= wanted < pc + size:
                count += 1
                print(f"{pc:#010x} {size:5} bytes {int(tb['icount']):4} instructions at {int(tb['code']):#x} "
                      f"{int(tb['code_size']):6} bytes, {flag_names(int(tb['cflags']))}")
        print(f"{count} blocks")


class QemuCpu(gdb.Command):
    """The guest CPUs; with a number: select its thread."""

    def __init__(self):
        super().__init__("qemu cpu", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for cpu in cpus():
            index, thread = int(cpu["cpu_index"]), thread_of(cpu)
            if argument and int(argument, 0) == index:
                if not thread:
                    raise gdb.GdbError(f"CPU {index} has no thread")
                thread.switch()
                print(f"CPU {index}: thread {thread.num}")
                return
            if not argument:
                state = "halted" if int(cpu["halted"]) else "stopped" if int(cpu["stopped"]) else "running"
                print(f"CPU {index}: {state}, thread {thread.num if thread else '-'}, "
                      f"exception {int(cpu['exception_index'])}, interrupts {int(cpu['interrupt_request']):#x}, "
                      f"env {int(cpu['env']):#x}")
        if argument:
            raise gdb.GdbError(f"no CPU {argument}")


QemuCommand()
QemuTb()
QemuTbs()
QemuCpu()
