#!/usr/bin/env python3
"""Sessions of gdb itself with a booted Linux: break, step, watch, registers, CPUs, detach, reattach.

When this fails, kernels cannot be debugged. SPDX-License-Identifier: MIT
"""
import os
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "guest-riscv32"))
from guest import TIMEOUT_FACTOR, Failure, Guest, Tap, guest_dir, temp_dir
import riscv

PPC, X86 = "ppc-softmmu/qemu-system-ppc", "x86_64-softmmu/qemu-system-x86_64"
I386 = "i386-softmmu/qemu-system-i386"
GDB = shutil.which("gdb-multiarch")


def gdb(arch, path, *commands):
    """One session; returns what gdb printed."""
    args = [GDB, "-nx", "-batch", "-iex", "set pagination off", "-iex", "set confirm off"]
    for command in (*arch, f"target remote {path}", *commands):
        args += ["-ex", command]
    done = subprocess.run(args, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          text=True, timeout=60 * TIMEOUT_FACTOR)
    return done.stdout


def check(output, *wanted):
    for text in wanted:
        if text not in output:
            raise Failure(f"no {text!r} in gdb's output:\n{output}")


def kernel_session(arch, stack, pc, cpus, *args, exe):
    """schedule() is met all the time; its first store goes to the stack."""
    with temp_dir() as folder:
        path = os.path.join(folder, "gdb")
        with Guest(*args, "-gdb", f"unix:{path}", exe=exe) as guest:
            guest.expect(r"GUEST-READY")
            guest.expect(r"guest# ")
            address = guest.run("grep ' T schedule$' /proc/kallsyms").split("\n")
            address = next(line.split()[0] for line in address if line.endswith((" schedule", " schedule\r")))
            output = gdb(arch, path, f"hbreak *0x{address}", "continue", f"p/x ${pc}", "info threads",
                         f'eval "awatch *(int *)%#llx", (unsigned long long)({stack})', "continue", "info breakpoints", "delete", "stepi", "stepi",
                         f"x/3i ${pc}", "monitor info status", "detach")
            check(output, "Hardware assisted breakpoint 1", f"= 0x{address.lstrip('0')}", "Hardware access (read/write) watchpoint 2:",
                  "hit 1 time\n", "alue =", "VM status: paused", f"(CPU#{cpus - 1} [", "detached")
            guest.run("echo after detaching")
            output = gdb(arch, path, "set $saved = $sp", "set $sp = 0x1230", "p/x $sp", "set $sp = $saved",
                         f"p/x ${pc}", "detach")
            check(output, "= 0x1230", "detached")
            guest.run("echo and again")


def ppc_kernel():
    kit = guest_dir()
    kernel_session(["set endian big", "set arch powerpc:common"], "$r1 + 4", "pc", 1, "-M", "mac99", "-m", "256",
                   "-nographic", "-kernel", f"{kit}/vmlinux", "-initrd", f"{kit}/initrd.gz", "-append", "console=ttyPZ0", exe=PPC)


def amd64_kernel():
    kit = guest_dir("amd64")
    kernel_session(["set arch i386:x86-64"], "$rsp - 8", "rip", 2, "-M", "pc", "-m", "256", "-smp", "2", "-nographic",
                   "-kernel", f"{kit}/vmlinuz", "-initrd", f"{kit}/initrd.gz", "-append", "console=ttyS0 nokaslr",
                   exe=X86)


def i386_kernel():
    kit = guest_dir("i386")
    kernel_session(["set arch i386"], "$esp - 4", "eip", 1, "-M", "pc", "-m", "256", "-nographic",
                   "-kernel", f"{kit}/vmlinuz", "-initrd", f"{kit}/initrd.gz", "-append", "console=ttyS0 nokaslr",
                   exe=I386)


def x86_reset_vector():
    """From the first instruction in 16-bit code on, with the 64-bit register set."""
    with temp_dir() as folder:
        path = os.path.join(folder, "gdb")
        with Guest("-M", "pc", "-smp", "2", "-display", "none", "-serial", "null", "-monitor", "none", "-S", "-gdb",
                   f"unix:{path}", exe=X86) as guest:
            output = gdb(["set arch i386:x86-64"], path, "p/x $rip", "p/x $cs", "x/2xb 0xfffffff0", "stepi", "p/x $rip",
                         "p $cr0", "p $mxcsr", "p $st0", "info threads", "set $rax=0x1122334455667788", "hbreak *0xfe062",
                         "continue", "p/x $rip", "delete", "watch *(int *)0x46c", "continue", "kill")
            check(output, "= 0xfff0", "= 0xf000", "0xea", "= 0xe05b", "[ ET NW CD ]", "= 8064", "(CPU#1 [halted",
                  "= 0xe062", "hit Hardware watchpoint", "New value")
            assert guest.wait_exit() == 0, "kill did not end the emulator"


def riscv32_kernel():
    """By the kernel's symbols, from machine mode on, through the switch to virtual addresses."""
    kit = guest_dir("riscv32")
    with temp_dir() as folder:
        path = os.path.join(folder, "gdb")
        with Guest(*riscv.linux_options(folder, kit), "-append", "console=ttyS0", "-display", "none", "-serial", "stdio", "-monitor", "none",
                   "-S", "-gdb", f"unix:{path}", exe=riscv.EXE) as guest:
            output = gdb([f"file {kit}/vmlinux"], path, "p/x $pc", "p $priv", "stepi", "p/x $pc", "hbreak schedule", "continue", "p $priv",
                         "info threads", 'eval "watch *(int *)%#x", (unsigned)($sp - 4)', "continue", "delete", "stepi", "p/x $satp >> 31", "p/x $stvec != 0",
                         "set $saved = $a5", "set $a5 = 0x1234", "p/x $a5", "set $a5 = $saved", "x/2i $pc", "info registers ra",
                         "monitor info status", "detach")
            check(output, "= 0x1000\n", "= 3\n", "= 0x1004\n", "Breakpoint 1,", "schedule ()", "(CPU#0 [", "Hardware watchpoint 2: *(int *)0x", "Old value", "= 0x1\n",
                  "= 0x1234\n", "=> 0xc", "VM status: paused", "detached")
            guest.expect(r"^slept")
            assert guest.wait_exit() == 0


tap = Tap()
if not GDB:
    print("1..0 # SKIP gdb-multiarch is not installed")
    sys.exit(0)
if tap.built(PPC):
    tap.test("mac99: Linux", ppc_kernel)
if tap.built(X86):
    tap.test("pc: from the reset vector", x86_reset_vector)
    tap.test("pc, two CPUs: Linux", amd64_kernel)
if os.path.exists(I386):
    tap.test("pc of i386: Linux", i386_kernel)
if not riscv.missing():
    tap.test("virt of RISC-V: Linux", riscv32_kernel)
tap.done()
