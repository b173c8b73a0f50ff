/*
 * x87 instructions. See case.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "case.h"

/* Memory operands: near, at an odd address, across the page border. */
        .macro MEMORY op
        T ALL, "\op (%ebx)"
        T ALL, "\op 5(%esi)"
        T ALL, "\op -8(%edi)"
        T ALL, "\op (%ebp)"
        .endm
        .irp op, fadd, fmul, fcom, fcomp, fsub, fsubr, fdiv, fdivr
        MEMORY \op\()s
        MEMORY \op\()l
        .endr
        .irp op, fiadd, fimul, ficom, ficomp, fisub, fisubr, fidiv, fidivr
        MEMORY \op\()s
        MEMORY \op\()l
        .endr
        .irp op, flds, fldl, fldt, filds, fildl, fildll
        MEMORY \op
        .endr
        .irp op, fsts, fstl, fstps, fstpl, fstpt, fists, fistl, fistps, fistpl, fistpll, fbstp, fisttps, fisttpl, fisttpll
        MEMORY \op
        .endr
        T ALL, "fbstp (%ebx); fbld (%ebx)"
        T ALL, "fistpll (%ebp); fildll (%ebp)"
        T ALL, "movl $0x7fa00001, (%ebx); flds (%ebx)"
        T ALL, "movl $0x00000001, (%ebx); flds (%ebx)"
        T ALL, "movl $0x7ff00000, 4(%ebx); movl $1, (%ebx); fldl (%ebx)"
        T ALL, "movl $0x000fffff, 4(%ebx); fldl (%ebx)"
        T ALL, "movl $0x3ff80000, 4(%ebx); movl $0, (%ebx); faddl (%ebx)"

/* Register forms: every second byte, aliases too, by their encoding. */
        .macro FORM first, second
        T ALL, ".byte \first, \second"
        .endm
        .macro FORMS first, from
        FORM \first, \from
        FORM \first, \from + 1
        FORM \first, \from + 4
        FORM \first, \from + 7
        .endm
        .irp base, 0xc0, 0xc8, 0xd0, 0xd8, 0xe0, 0xe8, 0xf0, 0xf8
        FORMS 0xd8, \base
        FORMS 0xdc, \base
        .endr
        .irp base, 0xc0, 0xc8, 0xd8, 0xf0, 0xf8
        FORMS 0xd9, \base
        .endr
        .irp second, 0xd0, 0xe0, 0xe1, 0xe4, 0xe5, 0xe8, 0xe9, 0xea, 0xeb, 0xec, 0xed, 0xee
        FORM 0xd9, \second
        .endr
        .irp second, 0xf2, 0xf3, 0xf5, 0xf6, 0xf9, 0xfa, 0xfb, 0xfd, 0xfe
        FORM 0xd9, \second
        .endr
        .irp base, 0xc0, 0xc8, 0xd0, 0xd8
        FORMS 0xda, \base
        FORMS 0xdb, \base
        FORMS 0xdd, \base
        FORMS 0xdf, \base
        .endr
        FORM 0xda, 0xe9
        .irp base, 0xe8, 0xf0
        FORMS 0xdb, \base
        FORMS 0xdf, \base
        .endr
        .irp base, 0xe0, 0xe8
        FORMS 0xdd, \base
        .endr
        .irp base, 0xc0, 0xc8, 0xd0, 0xe0, 0xe8, 0xf0, 0xf8
        FORMS 0xde, \base
        .endr
        FORM 0xde, 0xd9

/* Control. */
        T ALL, "fnstsw %ax"
        T ALL, "fnstsw (%ebx)"
        T ALL, "fnstcw (%ebp)"
        T ALL, "fnclex"
        T ALL, "fninit"
        T ALL, "fnclex; fninit; fld1; fldpi; faddp"
        T ALL, ".byte 0xdb, 0xe0, 0xdb, 0xe1, 0xdb, 0xe4"
        T ALL, "fwait"
        T ALL, "fldcw (%ebx); fld1"
        T ALL, "movw $0x37f, (%ebx); fldcw (%ebx); fldpi; fstps 4(%ebx)"
        T ALL, "movw $0xf7f, (%ebx); fldcw (%ebx); fldpi; fistl 4(%ebx)"
        T ALL, "movw $0, (%ebx); fnclex; fldcw (%ebx); fldl2e; fld %st(0); fmulp; fwait"
        T ALL, "movw $0xffff, (%ebx); fldcw (%ebx); fnstcw 2(%ebx)"
        T ALL, "movw $0x0340, (%ebx); fldcw (%ebx); fnstsw %ax; fwait"

/* Pending exceptions: which instruction they stop. */
        T ALL, "fld1; fwait"
        T ALL, "fdiv %st(1), %st; fld1"
        T ALL, "fistpl (%ebx); fistpl 4(%ebx); fnstsw %ax"
        T ALL, "faddl (%ebx); fnstsw %ax; fnclex; faddl (%ebx)"
        T ALL, "fsqrt; fstpl (%ebx)"
        T ALL, "fxam; fcompp; fnstsw %ax; fchs"
        T ALL, "fcomi %st(2), %st; fcmovbe %st(1), %st"

/* Sequences that keep the state in registers across memory and integer work. */
        T ALL, "fldl (%ebx); fmull 8(%ebx); fldl 16(%ebx); fmull 24(%ebx); faddp; fstpl (%esi)"
        T ALL, "fldl (%ebx); addl $1, %ecx; fldl (%esi); movl %ecx, 8(%esi); fsubp; fstpl (%edi)"
        T ALL, "fnstcw (%ebx); movw (%ebx), %ax; orb $12, %ah; movw %ax, 2(%ebx); fldcw 2(%ebx); fistpl 4(%ebx); fldcw (%ebx)"
        T ALL, "fldl (%ebx); fldl (%ebp); fucomip %st(1), %st; fstp %st(0); seta %al"
        T ALL, "fucompp; fnstsw %ax; sahf; jbe 77f; inc %ecx; 77: inc %ecx"
        T ALL, "fprem; fnstsw %ax; testb $4, %ah"
        T ALL, "fsincos; fpatan; fxch; fyl2x"
        T ALL, "f2xm1; fscale; fxtract; frndint"

/* Images; the pointers of the last instruction and operand differ between processors. */
        T ALL, "fnstenv (%ebx); movl $0, 12(%ebx); movl $0, 16(%ebx); movl $0, 20(%ebx); movl $0, 24(%ebx)"
        T ALL, "fnstenv (%ebx); fld1; fldenv (%ebx); movl $0, 12(%ebx); movl $0, 16(%ebx); movl $0, 20(%ebx); movl $0, 24(%ebx)"
        T ALL, "fnsave (%ebx); movl $0, 12(%ebx); movl $0, 16(%ebx); movl $0, 20(%ebx); movl $0, 24(%ebx)"
        T ALL, "fnsave (%ebx); fld1; frstor (%ebx); movl $0, 12(%ebx); movl $0, 16(%ebx); movl $0, 20(%ebx); movl $0, 24(%ebx)"
        T ALL, ".byte 0x66; fnstenv (%ebx); movl $0, 6(%ebx); movl $0, 10(%ebx)"
        T ALL, ".byte 0x66; fnsave (%ebx); fldz; .byte 0x66; frstor (%ebx); movl $0, 6(%ebx); movl $0, 10(%ebx)"
        T ALL, "fnsave -20(%ebp); frstor -20(%ebp); movl $0, -8(%ebp); movl $0, -4(%ebp); movl $0, (%ebp); movl $0, 4(%ebp)"
        T ALL, "fld1; fnstenv (%ebx); movl 12(%ebx), %eax; xor %ecx, %ecx; movl %ecx, 16(%ebx); movl %ecx, 20(%ebx); movl %ecx, 24(%ebx)"

/* MMX shares the registers. */
        T ALL, "emms"
        T ALL, "emms; fld1; fldl (%ebx)"

/* Reserved encodings, and LOCK. */
        .irp second, 0xd1, 0xe2, 0xe6, 0xef
        FORM 0xd9, \second
        .endr
        FORM 0xda, 0xe8
        FORM 0xdb, 0xe5
        FORM 0xdb, 0xf8
        FORM 0xdd, 0xf0
        FORM 0xde, 0xd8
        FORM 0xdf, 0xe1
        FORM 0xdf, 0xf8
        T ALL, ".byte 0xd9, 0x0b"
        T ALL, ".byte 0xdb, 0x23"
        T ALL, ".byte 0xdd, 0x2b"
        T ALL, ".byte 0xf0, 0xd8, 0x03"
        .section .note.GNU-stack, "", %progbits
