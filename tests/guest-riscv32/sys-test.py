#!/usr/bin/env python3
"""RISC-V traps, CSRs, modes, Sv32, interrupts, C programs, several harts, hostile programs, the monitor.

When this fails, operating systems break. SPDX-License-Identifier: MIT
"""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import riscv
from baremetal import MODES, run
from guest import Failure, Tap, temp_dir
from riscv import EXE, MACHINE, assemble, check, compare, missing, words

# A handler that notes what happened, and goes on behind the instruction (skip: 4 bytes), at the mode it came
# from. gp: where to go on after a fetch fault, 0: behind the instruction.
HANDLER = """
    j begin
    .balign 4
handler:
    csrrw sp, mscratch, sp
    csrr t6, mcause
    put t6
    csrr t6, mepc
    la t5, _start
    sub t6, t6, t5
    put t6
    csrr t6, mtval
    put t6
    csrr t6, mepc
    addi t6, t6, 4
    beqz gp, 1f
    mv t6, gp
    li gp, 0
1:  csrw mepc, t6
    csrrw sp, mscratch, sp
    mret
begin:
    la t0, handler
    csrw mtvec, t0
    li gp, 0
"""


def trap(label, insn, cause, tval, before="", *special):
    """An instruction that traps, and what the handler then notes."""
    return f"{before}\n{label}: {insn}\n", [(f"{insn}: cause", cause, *special), (f"{insn}: epc", label), (f"{insn}: tval", tval)]


def resolve(program, wanted, folder, rounds):
    """Addresses of labels, from the linked program."""
    image = assemble(folder, program, rounds)
    symbols = dict(reversed(line.split()[::2]) for line in riscv.tool(riscv.CROSS + "nm", image).splitlines())
    return [(name, int(symbols[word], 16) - 0x80000000 if isinstance(word, str) else word, *special) for name, word, *special in wanted]


def compare_traps(program, wanted, rounds=300):
    with temp_dir() as folder:
        wanted = resolve(program, wanted, folder, rounds)
    compare(program, wanted, rounds)


def traps():
    program, wanted = HANDLER, []
    cases = [
        ("ecall", 11, 0, ""), ("ebreak", 3, None, ""), (".word 0", 2, 0, ""), (".word 0xffffffff", 2, 0xffffffff, ""),
        (".word 0x0000705b", 2, 0x705b, ""), ("csrr a0, 0x7c0", 2, None, ""), ("csrw mhartid, a0", 2, None, ""),
        ("csrw cycle, zero", 2, None, ""), (".word 0x02005013 | 1 << 25", 2, None, ""),
        ("lr.w a0, (a1)", 4, 0x80100002, "li a1, 0x80100002"),
        ("amoadd.w a0, a0, (a1)", 6, 0x80100003, "li a1, 0x80100003", "the reference says 4"),
        ("lw a0, 4(a1)", 5, 0x00800004, "li a1, 0x00800000"), ("sb a0, 0(a1)", 7, 0x00800000, "li a1, 0x00800000"),
        ("amoswap.w a0, a0, (a1)", 7, 0x00800000, "li a1, 0x00800000", "5 there"), ("lr.w a0, (a1)", 5, 0x00800000, "li a1, 0x00800000"),
    ]
    for n, case in enumerate(cases):
        text, notes = trap(f"t{n}", *case)
        program += text
        wanted += notes
    program += "li a1, 0x00800000\nla gp, 1f\njr a1\n1:\n"          # a jump to nowhere
    wanted += [("fetch: cause", 1), ("fetch: epc", 0x80800000), ("fetch: tval", 0x00800000)]
    compare_traps(program, wanted)


def csrs():
    """What sticks in the registers, and set and clear with x0 or 0."""
    program, wanted = "", []
    for name, written, *read in (("mscratch", 0xdeadbeef, 0xdeadbeef), ("mepc", 0xffffffff, None), ("mtvec", 0x80000001, 0x80000001),
                                ("mie", 0xffffffff, 0xaaa, "guests' bits there"), ("mideleg", 0x222, 0x222), ("sscratch", 0x12345678, 0x12345678),
                                ("stval", 0xffffffff, 0xffffffff), ("scause", 0x8000000f, 0x8000000f), ("sie", 0xffffffff, 0),
                                ("mtval", 0x11111111, 0x11111111), ("mcounteren", 7, 7), ("scounteren", 5, 5),
                                ("menvcfg", 0xffffffff, 1, "more there"), ("senvcfg", 0xffffffff, 1, "more there"),
                                ("mcountinhibit", 0xffffffff, 0, "counters can stand still there"),
                                ("stvec", 0x80400000, 0x80400000), ("mhartid", None, 0)):
        if written is not None:
            program += f"csrr a2, {name}\nli a0, {written:#x}\ncsrw {name}, a0\n"
        program += f"csrr a1, {name}\nput a1\n"
        wanted.append((name, *read))
        if written is not None:
            program += f"csrw {name}, a2\n"
    program += """
    csrw mscratch, zero
    csrsi mscratch, 21
    csrrci a0, mscratch, 5
    put a0
    li a1, 0xf0
    csrrs a0, mscratch, a1
    put a0
    csrrc a0, mscratch, a1
    put a0
    csrrw a1, mscratch, a1
    put a1
    csrrs a0, mscratch, zero
    put a0
    csrrwi zero, mscratch, 0
    csrr a0, mscratch
    put a0
    csrr a0, misa
    li a1, 0x40141105
    and a0, a0, a1
    put a0
    li a0, 0x222                        /* bits of mip that software may set */
    csrw mip, a0
    csrr a1, mip
    and a1, a1, a0
    put a1
    csrw mip, zero
    csrr a1, mip
    put a1
    csrr a0, cycle
    csrr a1, cycle
    sltu a0, a1, a0
    put a0
1:  csrr a0, timeh
    csrr a1, time
    csrr a2, timeh
    bne a0, a2, 1b
    li a3, 0x200bff8
    lw a4, 0(a3)
    sub a4, a4, a1
    li a1, 10000000
    sltu a4, a4, a1
    put a4
"""
    compare(program, wanted + [("csrrci", 21), ("csrrs", 16), ("csrrc", 0xf0), ("csrrw", 0), ("csrr", 0xf0), ("csrwi", 0),
                               ("misa", 0x40141105), ("mip", 0x222), ("mip", 0, "the timer is on there"), ("cycle", 0), ("time is mtime", 1)])


MODES_PROGRAM = HANDLER + """
    .macro go mode, target
    li t0, 0x1800
    csrc mstatus, t0
    li t0, \\mode << 11
    csrs mstatus, t0
    la t0, \\target
    csrw mepc, t0
    mret
    .endm
    .macro leave target                 /* to machine mode: the break handler below */
    la a7, \\target
    ebreak
    .endm
    la t0, handler2
    csrw mtvec, t0
    j 1f
    .balign 4
handler2:
    csrr t6, mcause
    li t5, 3
    bne t6, t5, 2f
    csrr t6, mstatus
    srli t6, t6, 11
    andi t6, t6, 3
    put t6
    jr a7
2:  put t6
    csrr t6, mepc
    addi t6, t6, 4
    csrw mepc, t6
    mret
    .balign 4
super_handler:
    csrr t6, scause
    put t6
    csrr t6, stval
    put t6
    csrr t6, sstatus
    andi t6, t6, 0x122
    put t6
    csrr t6, sepc
    addi t6, t6, 4
    csrw sepc, t6
    sret
1:  csrw medeleg, zero
    csrw mcounteren, zero
    li t0, 1 << 20 | 1 << 21 | 1 << 22
    csrc mstatus, t0
    go 0, in_user
in_user:
    ecall
    csrr a0, mstatus
    csrr a0, sstatus
    mret
    sret
    wfi
    sfence.vma
    csrr a0, cycle
    leave 1f
1:  la t0, super_handler
    csrw stvec, t0
    li t0, 1 << 8 | 1 << 2
    csrw medeleg, t0
    csrsi mstatus, 2
    go 0, again_in_user
again_in_user:
    ecall
    .word 0xffffffff
    leave 1f
1:  li t0, 7
    csrw mcounteren, t0
    csrw scounteren, zero
    go 1, in_super
in_super:
    ecall
    csrr a0, sstatus
    csrr a0, cycle
    csrr a0, mstatus
    sfence.vma
    csrr a0, satp
    leave 1f
1:  csrw medeleg, zero
    li t0, 1 << 20 | 1 << 21 | 1 << 22
    csrs mstatus, t0
    go 1, restricted
restricted:
    sfence.vma
    csrr a0, satp
    sret
    leave 1f
1:  li t0, 1 << 20 | 1 << 21 | 1 << 22
    csrc mstatus, t0
    li t0, 1 << 17                      /* MPRV is cleared on the way to user mode */
    csrs mstatus, t0
    go 0, last
last:
    leave 1f
1:  csrr a0, mstatus
    srli a0, a0, 17
    andi a0, a0, 1
    put a0
"""


def privileges():
    wanted = [("ecall", 8)] + [(f"user mode: {what}", 2) for what in
                               ("csrr mstatus", "csrr sstatus", "mret", "sret", "wfi", "sfence.vma", "csrr cycle")]
    wanted += [("came from", 0), ("delegated ecall", 8), ("stval", 0), ("sstatus", 0x20), ("delegated illegal", 2), ("stval", 0xffffffff),
               ("sstatus", 0x20), ("came from", 0), ("ecall of supervisor", 9)]
    wanted += [("illegal in supervisor mode", 2), ("stval", None), ("sstatus", None), ("came from", 1)]
    wanted += [("TVM: sfence.vma", 2), ("TVM: satp", 2), ("TSR: sret", 2), ("came from", 1), ("came from", 0), ("MPRV", 0, "the reference keeps it")]
    compare(MODES_PROGRAM, wanted)


def without_supervisor():
    """A hart of machine and user mode: nothing of supervisor mode is there, and all traps go to machine mode."""
    program, wanted = HANDLER, []
    for n, insn in enumerate(("csrw medeleg, a0", "csrr a0, mideleg", "csrr a0, sstatus", "csrw satp, zero", "sret", "sfence.vma")):
        text, notes = trap(f"t{n}", insn, 2, None)
        program += text
        wanted += notes
    program += """
    li a0, -1
    csrw mstatus, a0
    csrr a0, mstatus
    put a0
    li a0, 0x1800                       /* user mode, to the end */
    csrc mstatus, a0
    la a0, 1f
    csrw mepc, a0
    mret
1:  wfi                                 /* TW forbids it */
    ecall
"""
    wanted += [("mstatus", 0x221888), ("wfi", 2), ("epc", None), ("tval", None), ("ecall", 8), ("epc", None), ("tval", 0)]
    with temp_dir() as folder:
        wanted = resolve(program, wanted, folder, 1)
        image = assemble(folder, program, rounds=1)
        for mode, options in MODES.items():
            check(mode, words(run(folder, EXE, *MACHINE, "-cpu", "sifive-e31", "-kernel", image, *options)), wanted)


SV32 = HANDLER + """
    .equ R, 2
    .equ W, 4
    .equ X, 8
    .equ U, 16
    .equ AD, 0xc0
    .macro pte table, index, target, flags  /* flags 0: a pointer */
    la t0, \\table
    la t1, \\target
    srli t1, t1, 2
    ori t1, t1, 1 | \\flags
    li t2, 4 * (\\index)
    add t0, t0, t2
    sw t1, 0(t0)
    .endm
    .macro read at                      /* with the rights of supervisor mode, from machine mode */
    li a0, \\at
    lw a1, 0(a0)
    put a1
    .endm
    la t0, table0
    la t1, table0 + 16384
1:  sw zero, 0(t0)
    addi t0, t0, 4
    bltu t0, t1, 1b
    la t0, page1
    li t1, 0x1111
    sw t1, 0(t0)
    la t0, page2
    li t1, 0x2222
    sw t1, 0(t0)
    pte root, 0x100, table0, 0          /* 0x40000000 and following */
    pte table0, 0, page1, R | W | AD
    pte table0, 1, page2, R | W | AD
    pte table0, 2, page1, R | AD
    pte table0, 3, page1, R | W
    pte table0, 4, page1, R | W | U | AD
    pte table0, 5, page1, X | AD
    pte table0, 7, page1, W | AD
    pte root, 0x200, 0x80000000, R | W | X | AD     /* 4 MiB of the program itself */
    pte root, 0x101, 0x80001000, R | W | X | AD     /* and one that is not aligned */
    la t0, root
    srli t0, t0, 12
    li t1, 1 << 31
    or t0, t0, t1
    csrw satp, t0
    sfence.vma
    li t0, 0x1800
    csrc mstatus, t0
    li t0, 1 << 11 | 1 << 17            /* MPP supervisor, MPRV */
    csrs mstatus, t0
    read 0x40000000
    read 0x40001000
    read 0x40002000
    li a0, 0x40000ffe                   /* across two pages that lie apart */
    li a1, 0xaabbccdd
    sw a1, 0(a0)
    lw a2, 0(a0)
    put a2
    li a0, 0x40001000
    lhu a2, 0(a0)
    put a2
    .macro faults insn, at              /* handled in machine mode, without translation: t5, t6 are lost */
    li a0, \\at
    call prepare
    \\insn
    .endm
    j 2f
prepare:                                /* the handler's mret clears MPRV */
    li t0, 1 << 11 | 1 << 17
    csrs mstatus, t0
    ret
2:  faults "sw a1, 4(a0)", 0x40002000
    faults "lw a1, 0(a0)", 0x40004000
    faults "lw a1, 0(a0)", 0x40005000
    faults "lw a1, 0(a0)", 0x40006000
    faults "lw a1, 0(a0)", 0x40007000
    faults "amoadd.w a1, a1, (a0)", 0x40006010
    faults "lw a1, 8(a0)", 0x40400000
    faults "sw a1, 0(a0)", 0x40005ffe
    call prepare
    li t0, 1 << 18                      /* SUM, MXR */
    csrs mstatus, t0
    read 0x40004000
    csrc mstatus, t0
    faults "lw a1, 0(a0)", 0x40004000
    call prepare
    li t0, 1 << 19
    csrs mstatus, t0
    read 0x40005000
    csrc mstatus, t0
    faults "lw a1, 0(a0)", 0x40005000
    call prepare
    read 0x40003000                     /* accessed is set by reads, dirty by writes */
    la t0, table0
    lw t1, 12(t0)
    andi t1, t1, 0xc0
    put t1
    li a0, 0x40003000
    li a1, 0x1112
    sw a1, 0(a0)
    lw t1, 12(t0)
    andi t1, t1, 0xc0
    put t1
    pte table0, 0, page2, R | W | AD    /* another mapping holds after the fence */
    li a0, 0x40000000
    sfence.vma a0
    read 0x40000000
    li t0, 1 << 17
    csrc mstatus, t0
    csrw satp, zero
    j 9f
    .pushsection .bss
    .balign 4096
table0: .space 4096
root: .space 4096
page1: .space 4096
page2: .space 4096
    .popsection
9:
"""


def sv32():
    def fault(cause, tval, *special):
        return [("cause", cause, *special), ("epc", None), (f"tval of cause {cause}", tval)]

    wanted = [("page 1", 0x1111), ("page 2", 0x2222), ("read-only", 0x1111), ("across", 0xaabbccdd), ("second half", 0xaabb)]
    wanted += fault(15, 0x40002004) + fault(13, 0x40004000) + fault(13, 0x40005000) + fault(13, 0x40006000) + fault(13, 0x40007000)
    wanted += fault(15, 0x40006010, "13 there") + fault(13, 0x40400008) + fault(15, None)
    wanted += [("SUM", 0x1111)] + fault(13, 0x40004000) + [("MXR", 0x1111)] + fault(13, 0x40005000)
    wanted += [("accessed", 0x1111), ("bits", 0x40), ("bits", 0xc0), ("remapped", 0xaabb)]
    compare(SV32, wanted, rounds=50)


def interrupts():
    """Timer and software interrupts, vectored, in a loop that only they end; the UART through the PLIC."""
    compare("""
    j 1f
    .balign 256
vectors:
    .rept 3
    j unexpected
    .endr
    j soft
    .rept 3
    j unexpected
    .endr
    j timer
    .rept 3
    j unexpected
    .endr
    j external
soft:
    li t0, 0x2000000
    sw zero, 0(t0)
    addi s5, s5, 1
    mret
timer:
    li t0, 0x2004000
    li t1, -1
    sw t1, 4(t0)
    addi s6, s6, 1
    mret
external:
    li t0, 0xc200004
    lw t1, 0(t0)
    add s7, s7, t1
    li t2, 0x10000000
    sb zero, 1(t2)
    sw t1, 0(t0)
    mret
1:  la t0, vectors + 1
    csrw mtvec, t0
    li s5, 0
    li s6, 0
    li s7, 0
    li t0, 0x888
    csrw mie, t0
    csrsi mstatus, 8
    li t0, 0x2000000
    li t1, 1
    sw t1, 0(t0)
1:  beqz s5, 1b
    li a0, 3
2:  li t0, 0x200bff8
    lw t1, 0(t0)
    addi t1, t1, 100
    sltiu t3, t1, 100
    lw t2, 4(t0)
    add t2, t2, t3
    mv a1, s6
    li t0, 0x2004000
    li t3, -1
    sw t3, 4(t0)
    sw t1, 0(t0)
    sw t2, 4(t0)
3:  beq a1, s6, 3b
    addi a0, a0, -1
    bnez a0, 2b
    csrci mstatus, 8                    /* wfi ends although interrupts are off */
    li t0, 0x2000000
    li t1, 1
    sw t1, 0(t0)
    wfi
    put s5
    csrsi mstatus, 8
    nop
4:  addi a1, s5, -2
    bnez a1, 4b
    li t0, 0xc000000                    /* UART: source 10 */
    li t1, 1
    sw t1, 40(t0)
    li t0, 0xc002000
    li t1, 1 << 10
    sw t1, 0(t0)
    li t0, 0xc200000
    sw zero, 0(t0)
    li t0, 0x10000000
    li t1, 2
    sb t1, 1(t0)
5:  beqz s7, 5b
    csrci mstatus, 8
    csrw mie, zero
    la t0, unexpected
    csrw mtvec, t0
    put s5
    put s6
    put s7
""", [("pending", 1), ("software", 2), ("timer", 3), ("external", 10)], rounds=5)


C_PROGRAM = """
typedef unsigned int u32;
static void put(char c) { *(volatile char *)0x10000000 = c; }
static void number(u32 n) { if (n >= 10) number(n / 10); put('0' + n % 10); }
static u32 primes(u32 limit)
{
    static char composite[100000];
    u32 count = 0;
    for (u32 i = 2; i < limit; i++) {
        if (!composite[i]) { count++; for (u32 j = 2 * i; j < limit; j += i) composite[j] = 1; }
    }
    return count;
}
static u32 crc(const char *text)
{
    u32 sum = ~0u;
    while (*text) { sum ^= *text++; for (int i = 0; i < 8; i++) sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0); }
    return ~sum;
}
static u32 fib(u32 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
void start(void)
{
    number(primes(100000)); put(' '); number(crc("123456789")); put(' '); number(fib(20));
    *(volatile u32 *)0x100000 = 0x5555;
    for (;;) { }
}
__asm__(".pushsection .text.startup\\n.globl _start\\n_start: la sp, stack\\nj start\\n.popsection\\n"
        ".pushsection .bss\\n.balign 16\\n.space 8192\\nstack:\\n.popsection\\n");
"""


def c_programs():
    """The same program for several instruction sets, by the cross compiler at several levels."""
    with temp_dir() as folder:
        source = os.path.join(folder, "program.c")
        with open(source, "w", encoding="ascii") as f:
            f.write(C_PROGRAM)
        for march in ("rv32ima", "rv32imac", "rv32im"):
            for level in ("-O0", "-O2"):
                image = riscv.link(folder, source, march=march, flags=[level])
                for options in MODES.values() if level == "-O2" else [[]]:
                    text = run(folder, EXE, *MACHINE, "-kernel", image, *options)
                    assert text == b"9592 3421780262 6765", f"{march} {level}: {text}"


def harts():
    """Four harts add to one word by each atomic way."""
    program = """
    csrr a0, mhartid
    la a1, shared
    li a2, 20000
1:  li a3, 1
    amoadd.w zero, a3, (a1)
2:  lr.w a4, 4(a1)
    addi a4, a4, 1
    sc.w a5, a4, 4(a1)
    bnez a5, 2b
    amomaxu.w zero, a2, 8(a1)
    addi a2, a2, -1
    bnez a2, 1b
    addi a3, a1, 12
    li a4, 1
    amoadd.w.aqrl zero, a4, (a3)
    bnez a0, wait
3:  lw a4, 12(a1)
    li a5, 4
    bne a4, a5, 3b
    lw a0, 0(a1)
    put a0
    lw a0, 4(a1)
    put a0
    lw a0, 8(a1)
    put a0
    j 9f
wait: wfi
    j wait
    .pushsection .data
    .balign 16
shared: .word 0, 0, 0, 0
    .popsection
9:
""".replace("lr.w a4, 4(a1)", "addi t3, a1, 4\nlr.w a4, (t3)").replace("sc.w a5, a4, 4(a1)", "sc.w a5, a4, (t3)") \
   .replace("amomaxu.w zero, a2, 8(a1)", "addi t3, a1, 8\namomaxu.w zero, a2, (t3)")
    with temp_dir() as folder:
        image = assemble(folder, program, rounds=1)
        got = words(run(folder, EXE, *MACHINE, "-smp", "4", "-kernel", image))
        check("4 harts", got, [("amoadd", 80000), ("lr, sc", 80000), ("amomaxu", 20000)])


HOSTILE = [
    ("16-bit patterns as instructions", """
    la s4, code
    li s5, 0
1:  sh s5, 0(s4)
    la t0, next
    csrw mtvec, t0
    li t1, 0x00008067                   /* ret behind it */
    sw t1, 2(s4)
    fence.i
    la ra, next
    li a0, 0x80700000                   /* registers that instructions use as addresses */
    mv a1, a0
    mv a2, a0
    mv a3, a0
    mv a4, a0
    mv a5, a0
    mv s0, a0
    mv s1, a0
    mv sp, a0
    mv gp, s4
    mv tp, s5
    csrw mscratch, s4
    li t0, 0x200bff8                    /* some of them are loops: a timer ends those */
    lw t1, 0(t0)
    li t0, 0x2004000
    sw zero, 4(t0)
    li t2, 20000
    add t1, t1, t2
    sw t1, 0(t0)
    li t0, 0x80
    csrw mie, t0
    csrsi mstatus, 8
    jr s4
    .balign 4
next:
    la s4, code
    la t0, counter
    lw s5, 0(t0)
    addi s5, s5, 5
    sw s5, 0(t0)
    li t1, 65536
    bltu s5, t1, 1b
    csrw mie, zero
    li s5, 65536
    la s2, results
    li s3, 1
    put s5
    j 9f
    .pushsection .bss
    .balign 4096
code: .space 4096
counter: .space 4
    .popsection
    .balign 4
9:
"""),
    ("page tables in devices and nowhere", HANDLER + """
    li s4, 0x80000000 | 0x10000
    li s5, 3
1:  csrw satp, s4
    li t0, 1 << 11 | 1 << 17
    csrs mstatus, t0
    li a0, 0x12345678
    lw a1, 0(a0)
    li t0, 1 << 11 | 1 << 17
    csrs mstatus, t0
    sw a1, 0(a0)
    li t0, 0x3c000
    add s4, s4, t0
    addi s5, s5, -1
    bnez s5, 1b
    csrw satp, zero
    la s2, results
    li a0, 65536
    put a0
"""),
    ("a fault of an instruction that its own block has overwritten", HANDLER + """
    la a0, 1f
    li a1, 0x00800000
    sw zero, 0(a0)
1:  lw a2, 0(a1)
    la s2, results
    li a0, 65536
    put a0
"""),
]


def hostile():
    for name, program in HOSTILE:
        with temp_dir() as folder:
            image = assemble(folder, program, rounds=1)
            for mode, options in MODES.items():
                got = words(run(folder, EXE, *MACHINE, "-kernel", image, *options, "-d", "guest_errors", "-D", os.devnull))
                check(f"{name}: {mode}", got, [(name, 65536)])


def monitor():
    with temp_dir() as folder:
        image = assemble(folder, "1: wfi\nj 1b\n", rounds=1)
        done = subprocess.run([EXE, *MACHINE, "-kernel", image, "-display", "none", "-serial", "null", "-monitor", "stdio", "-S"],
                              input="info registers\nx/2i 0x1000\ninfo tlb\ninfo mtree\nquit\n", stdout=subprocess.PIPE, text=True, timeout=30)
        for text in ("pc       00001000 priv M hart 0", "x2/sp", "auipc   t0,0x0", "satp is bare", "riscv-clint"):
            if text not in done.stdout:
                raise Failure(f"no {text!r} in {done.stdout}")
    for options, text in ((["-cpu", "help"], "rv32"), (["-M", "help"], "virt"), (["-cpu", "none"], "unknown CPU model"),
                          (["-bios", "/nowhere"], "firmware not found"), (["-bios", "none", "-kernel", "/nowhere"], "-kernel /nowhere: ")):
        done = subprocess.run([EXE, *options, "-display", "none"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=30)
        assert text in done.stdout, f"{options}: {done.stdout}"


reason = missing()
if reason:
    print(f"1..0 # SKIP {reason}")
    sys.exit(0)
tap = Tap()
for test in (traps, csrs, privileges, without_supervisor, sv32, interrupts, c_programs, harts, hostile, monitor):
    tap.test(test.__name__, test)
tap.done()
