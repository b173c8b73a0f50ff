/*
 * Firmware for tests: the supervisor binary interface, version 0.1, for one hart. It sets up
 * delegation, goes on to the kernel that the board's dynamic information (a2) names, and
 * serves its calls: timer, console, remote fences, shutdown.
 *
 * SPDX-License-Identifier: MIT
 */
#define UART      0x10000000
#define UART_LSR  5
#define MTIMECMP  0x02004000
#define FINISHER  0x00100000
#define MIE_MTIE  (1 << 7)
#define MIP_STIP  (1 << 5)
#define CAUSE_TIMER 0x80000007
#define ECALL_S   9
#define NOT_SUPPORTED -2

    .globl _start
_start:
    la sp, save
    csrw mscratch, sp
    la t0, trap
    csrw mtvec, t0
    li t0, 0xb1ff               /* all but calls from supervisor and machine mode */
    csrw medeleg, t0
    li t0, 0x222
    csrw mideleg, t0
    li t0, 7
    csrw mcounteren, t0
    csrw scounteren, t0
    li t0, 0x1800
    csrc mstatus, t0
    li t0, 0x0800               /* MPP: supervisor */
    csrs mstatus, t0
    lw t0, 8(a2)
    csrw mepc, t0
    mret

    .balign 4
trap:
    csrrw sp, mscratch, sp
    sw t0, 0(sp)
    sw t1, 4(sp)
    csrr t0, mcause
    li t1, CAUSE_TIMER
    beq t0, t1, timer
    li t1, ECALL_S
    beq t0, t1, call
    li t0, FINISHER             /* nothing else comes here: status = cause */
    csrr t1, mcause
    slli t1, t1, 16
    addi t1, t1, 0x333
    li sp, 0x3000
    add t1, t1, sp
    sw t1, 0(t0)
1:  j 1b
timer:
    li t0, MIE_MTIE
    csrc mie, t0
    li t0, MIP_STIP
    csrs mip, t0
back:
    lw t0, 0(sp)
    lw t1, 4(sp)
    csrrw sp, mscratch, sp
    mret

call:
    csrr t0, mepc
    addi t0, t0, 4
    csrw mepc, t0
    beqz a7, set_timer
    li t0, 1
    beq a7, t0, put_char
    li t0, 2
    beq a7, t0, get_char
    li t0, 8
    beq a7, t0, shut_down
    bltu a7, t0, fence          /* 3 to 7: nobody else is there */
    li a0, NOT_SUPPORTED
    j back
set_timer:
    li t0, MTIMECMP
    li t1, -1
    sw t1, 4(t0)
    sw a0, 0(t0)
    sw a1, 4(t0)
    li t0, MIP_STIP
    csrc mip, t0
    li t0, MIE_MTIE
    csrs mie, t0
    li a0, 0
    j back
put_char:
    li t0, UART
    sb a0, 0(t0)
    li a0, 0
    j back
get_char:
    li t0, UART
    li a0, -1
    lbu t1, UART_LSR(t0)
    andi t1, t1, 1
    beqz t1, back
    lbu a0, 0(t0)
    j back
shut_down:
    li t0, FINISHER
    li t1, 0x5555
    sw t1, 0(t0)
1:  j 1b
fence:
    fence.i
    sfence.vma
    li a0, 0
    j back

    .bss
    .balign 16
save: .space 64
