/*
 * Integer instructions. See case.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "case.h"

/* Two operands, every form and size. */
        .macro BINARY op, mask
        T \mask, "\op %cl, %al"
        T \mask, "\op %dh, %ch"
        T \mask, "\op %cx, %dx"
        T \mask, "\op %ecx, %eax"
        T \mask, "\op %eax, %eax"
        T \mask, "\op %cl, (%ebx)"
        T \mask, "\op %dx, 4(%esi)"
        T \mask, "\op %ecx, -8(%edi)"
        T \mask, "\op %edx, (%ebp)"
        T \mask, "\op (%ebx), %ah"
        T \mask, "\op 2(%esi), %dx"
        T \mask, "\op (%ebp), %ecx"
        T \mask, "\op $0x7f, %al"
        T \mask, "\op $0x80, %cl"
        T \mask, "\op $-1, %cx"
        T \mask, "\op $0x1234, %ax"
        T \mask, "\op $-128, %ecx"
        T \mask, "\op $0x87654321, %edx"
        T \mask, "\op $0x76543210, %eax"
        T \mask, "\op\()b $0x81, (%ebx)"
        T \mask, "\op\()w $0x8001, 2(%ebx)"
        T \mask, "\op\()l $0x12, (%ebp)"
#ifdef __x86_64__
        T \mask, "\op %rcx, %rax"
        T \mask, "\op %r9, %r12"
        T \mask, "\op %r8d, %r15d"
        T \mask, "\op %r10w, %ax"
        T \mask, "\op %sil, %r11b"
        T \mask, "\op %rdx, 8(%rbx)"
        T \mask, "\op 3(%rbp), %r13"
        T \mask, "\op $-2, %r14"
        T \mask, "\op $0x7fffffff, %rax"
        T \mask, "\op\()q $-0x80000000, (%rsi)"
#endif
        .endm
        .irp op, add, sub, cmp, adc, sbb
        BINARY \op, ALL
        .endr
        .irp op, and, or, xor
        BINARY \op, NO_A
        .endr
        T NO_A, "test %cl, %al"
        T NO_A, "test %edx, (%ebx)"
        T NO_A, "test $0x8000, %ax"
        T NO_A, "testl $0x80000000, (%ebp)"
        T NO_A, "test %ah, %ah"

/* One operand. */
        .macro UNARY op, mask
        T \mask, "\op %al"
        T \mask, "\op %dh"
        T \mask, "\op %cx"
        T \mask, "\op %edx"
        T \mask, "\op\()b (%ebx)"
        T \mask, "\op\()w 6(%esi)"
        T \mask, "\op\()l (%ebp)"
#ifdef __x86_64__
        T \mask, "\op %rax"
        T \mask, "\op %r9b"
        T \mask, "\op %r12d"
        T \mask, "\op\()q (%rbp)"
#endif
        .endm
        .irp op, inc, dec, neg, not
        UNARY \op, ALL
        .endr
        .irp op, mul, imul
        UNARY \op, CO
        .endr
        .irp op, div, idiv
        UNARY \op, NONE
        .endr
        /* divisions that do not fault */
        T NONE, "xor %edx, %edx; or $1, %ecx; div %ecx"
        T NONE, "cltd; or $1, %ecx; idiv %ecx"
        T NONE, "cwtd; or $1, %cx; idiv %cx"
        T NONE, "mov $0, %ah; or $1, %cl; div %cl"
        T NONE, "cbtw; or $1, %cl; idiv %cl"
        T NONE, "and $0xff, %edx; or $0x100, %ecx; div %ecx"
#ifdef __x86_64__
        T NONE, "xor %edx, %edx; or $1, %rcx; div %rcx"
        T NONE, "cqto; or $1, %rcx; idiv %rcx"
        T NONE, "and $0xff, %edx; bts $40, %rcx; div %rcx"
        T NONE, "movsbq %dl, %rdx; bts $40, %rcx; idiv %rcx"
#endif
        T CO, "imul %ecx, %edx"
        T CO, "imul (%ebx), %cx"
        T CO, "imul $-7, %ecx, %eax"
        T CO, "imul $0x12345, 4(%ebx), %edx"
        T CO, "imul $300, %cx, %dx"
#ifdef __x86_64__
        T CO, "imul %rcx, %rdx"
        T CO, "imul $0x12345678, %r9, %r10"
#endif

/* Shifts and rotates: A undefined, O for counts over 1, C beyond the size. */
        .macro SHIFT op, mask1, maskn, maskx
        T \mask1, "\op $1, %al"
        T \mask1, "\op $1, %cx"
        T \mask1, "\op $1, %edx"
        T \mask1, "\op\()l (%ebp)"
        T \maskn, "\op $3, %al"
        T \maskn, "\op $7, %ch"
        T \maskn, "\op $12, %dx"
        T \maskn, "\op $31, %edx"
        T ALL, "\op $0, %edx"
        T ALL, "\op $32, %edx"
        T \maskx, "\op $9, %al"
        T \maskx, "\op $17, %dx"
        T \maskn, "\op $5, 4(%ebx)"
        T \maskn, "\op %cl, %edx"
        T \maskx, "\op %cl, %ax"
        T \maskx, "\op %cl, %dl"
        T \maskx, "\op\()b %cl, (%ebx)"
        T \maskn, "\op\()l %cl, (%ebp)"
        T ALL, "mov $0, %cl; \op %cl, %edx"
        T \mask1, "mov $1, %cl; \op %cl, %edx"
        T NONE, "\op %cl, %edx; setc %al; jc 77f; inc %ebx; 77:"
#ifdef __x86_64__
        T \mask1, "\op $1, %rax"
        T \maskn, "\op $45, %r9"
        T \maskn, "\op %cl, %r12"
        T \maskn, "\op %cl, %r8d"
        T ALL, "\op $64, %rdx"
#endif
        .endm
        .irp op, shl, shr, sar
        SHIFT \op, NO_A, NO_AO, 0x0c4
        .endr
        .irp op, rol, ror, rcl, rcr
        SHIFT \op, ALL, 0x0d5, 0x0d5
        .endr
        .irp op, shld, shrd
        T NO_A, "\op $1, %ecx, %edx"
        T NO_AO, "\op $13, %eax, %edx"
        T NO_AO, "\op $31, %eax, (%ebp)"
        T NO_AO, "\op $11, %ax, %dx"
        T NO_AO, "\op %cl, %eax, %edx"
        T ALL, "mov $0, %cl; \op %cl, %eax, %edx"
#ifdef __x86_64__
        T NO_AO, "\op $45, %rax, %r9"
        T NO_AO, "\op %cl, %rax, %r9"
#endif
        .endr

/* Bits. */
        .irp op, bt, bts, btr, btc
        T C_ONLY, "\op %ecx, %edx"
        T C_ONLY, "\op %cx, %dx"
        T C_ONLY, "\op $35, %edx"
        T C_ONLY, "\op $7, (%ebx)"
        T C_ONLY, "\op $17, (%ebp)"
        T C_ONLY, "movsx %cl, %ecx; \op %ecx, (%esi)"
        T C_ONLY, "movsx %cl, %cx; \op %cx, (%esi)"
#ifdef __x86_64__
        T C_ONLY, "\op %rcx, %rdx"
        T C_ONLY, "movsx %cl, %rcx; \op %rcx, (%rsi)"
#endif
        .endr
        .irp op, bsf, bsr
        T Z_ONLY, "or $0x10, %ecx; \op %ecx, %edx"
        T Z_ONLY, "orb $0x10, (%ebx); \op (%ebx), %dx"
        T Z_ONLY, "\op %ecx, %edx"
#ifdef __x86_64__
        T Z_ONLY, "\op %rcx, %rdx"
#endif
        .endr
        .irp cc, o, no, b, ae, e, ne, be, a, s, ns, p, np, l, ge, le, g
        T ALL, "set\cc %al"
        T ALL, "set\cc (%ebx)"
        T ALL, "cmov\cc %ecx, %edx"
        T ALL, "cmov\cc (%ebx), %dx"
        T ALL, "j\cc 77f; inc %ecx; 77:"
        T NONE, "cmp %ecx, %edx; set\cc %al; j\cc 77f; lea 1(%ecx), %ecx; 77:"
        T NONE, "cmp %cl, %dh; set\cc %al; j\cc 77f; lea 1(%ecx), %ecx; 77:"
        T NONE, "sub %cx, %dx; set\cc %al; cmov\cc %ecx, %eax"
        T NONE, "add %ecx, %edx; set\cc %al; j\cc 77f; lea 1(%ecx), %ecx; 77:"
        T NONE, "add %cl, %dl; set\cc %al"
        T NONE, "adc %cx, %dx; set\cc %al"
        T NONE, "sbb %ecx, %edx; set\cc %al"
        T NONE, "and %ecx, %edx; set\cc %al"
        T NONE, "test %cl, %cl; set\cc %al"
        T NONE, "inc %ecx; set\cc %al"
        T NONE, "inc %cl; set\cc %al"
        T NONE, "dec %cx; set\cc %al"
        T NONE, "dec %ecx; set\cc %al"
        T NONE, "neg %ecx; set\cc %al"
        T NONE, "shl $1, %ecx; set\cc %al"
        T NONE, "shr $1, %cl; set\cc %al"
        T NONE, "sar $1, %ecx; set\cc %al"
#ifdef __x86_64__
        T NONE, "cmp %rcx, %rdx; set\cc %al; cmov\cc %r8, %r9"
        T ALL, "cmov\cc %r8d, %r9d"
        T NONE, "sub %rcx, %rdx; set\cc %al"
#endif
        .endr

/* Moves. */
        T ALL, "mov %cl, %ah"
        T ALL, "mov %dx, %ax"
        T ALL, "mov %ecx, (%ebp)"
        T ALL, "mov (%ebp), %dx"
        T ALL, "movb $0x5a, 3(%ebx)"
        T ALL, "movl $0x12345678, (%ebp)"
        T ALL, "movzx %ch, %edx"
        T ALL, "movzx %cl, %dx"
        T ALL, "movzxw (%ebx), %ecx"
        T ALL, "movsx %ah, %edx"
        T ALL, "movsx %cl, %dx"
        T ALL, "movsxw (%esi), %ecx"
        T ALL, "lea 0x1234(%eax, %ecx, 4), %edx"
        T ALL, "lea -1(%edx), %cx"
        T ALL, "lea (, %ecx, 8), %eax"
        T ALL, "xchg %cl, %ch"
        T ALL, "xchg %eax, %ecx"
        T ALL, "xchg %dx, (%ebx)"
        T ALL, "xchg %ecx, (%ebp)"
        T ALL, "nop; xchg %eax, %eax"
        T ALL, "bswap %ecx"
        T ALL, "cbtw"
        T ALL, "cwtl"
        T ALL, "cwtd"
        T ALL, "cltd"
        T ALL, "movzx %al, %eax; xlat"
        T ALL, "pause"
        .irp r, %ecx, %ebx
#ifndef __x86_64__
        T ALL, "push \r"
        T ALL, "pop \r"
#endif
        .endr
        T ALL, "push %cx"
        T ALL, "pop %cx"
        T ALL, "push $-5"
        T ALL, "push $0x12345678"
        T ALL, "pushw $0x1234"
#ifdef __x86_64__
        T ALL, "push %r9"
        T ALL, "pop %r9"
        T ALL, "push %rsp"
        T ALL, "pop %rsp"
        T ALL, "push (%rbx)"
        T ALL, "pop (%rbx)"
        T ALL, "pop 8(%rsp)"
        T ALL, "push 16(%rsp)"
        T ALL, "mov %rcx, (%rbp)"
        T ALL, "mov $0x123456789abcdef0, %rcx"
        T ALL, "mov $-1, %rdx"
        T ALL, "movslq %ecx, %rdx"
        T ALL, "movslq (%rbx), %r9"
        T ALL, "movzx %sil, %r9"
        T ALL, "movsx %cx, %r10"
        T ALL, "lea 5(%r9, %r10, 2), %r11"
        T ALL, "lea (%r9d, %r10d), %ecx"
        T ALL, "mov $5, %r9b"
        T ALL, "xchg %r8, %rax"
        T ALL, "xchg %r8d, %eax"
        T ALL, "bswap %rcx"
        T ALL, "bswap %r9d"
        T ALL, "cltq"
        T ALL, "cqto"
        T ALL, "mov %ecx, %ecx"
        T ALL, "mov %cx, %cx"
        T ALL, "enter $32, $0"
        T ALL, "enter $32, $1"
        T ALL, "enter $16, $3"
        T ALL, "lea -64(%rsp), %rbp; leave"
        T ALL, "mov 0x2001700, %eax"
        T ALL, "movabs 0x2001700, %eax"
        T ALL, "movabs %al, 0x2001703"
        T ALL, "pushf; popf"
        T ALL, "call 77f; 77:"
        T ALL, "call 77f; jmp 78f; 77: ret; 78:"
        T ALL, "call 77f; jmp 78f; 77: ret $8; 78:"
        T ALL, "lea 77f(%rip), %rcx; jmp *%rcx; inc %rdx; 77:"
        T ALL, "lea 77f(%rip), %rcx; mov %rcx, (%rbx); jmp *(%rbx); inc %rdx; 77:"
        T ALL, "lea 77f(%rip), %rcx; call *%rcx; inc %rdx; 77:"
#else
        T ALL, "push %esp"
        T ALL, "pop %esp"
        T ALL, "push (%ebx)"
        T ALL, "pop (%ebx)"
        T ALL, "pop 8(%esp)"
        T ALL, "push 16(%esp)"
        T ALL, "pusha"
        T ALL, "popa; mov $0, %esp"
        T ALL, "pushaw"
        T ALL, "popaw"
        T ALL, "enter $32, $0"
        T ALL, "enter $32, $1"
        T ALL, "lea -64(%esp), %ebp; enter $16, $3"
        T ALL, "enterw $8, $2"
        T ALL, "lea -64(%esp), %ebp; leave"
        T ALL, "pushf; popf"
        T ALL, "call 77f; 77:"
        T ALL, "call 77f; jmp 78f; 77: ret; 78:"
        T ALL, "call 77f; jmp 78f; 77: ret $8; 78:"
        T ALL, "call 77f; 77: pop %ecx; add $(78f - 77b), %ecx; jmp *%ecx; inc %edx; 78:"
        T ALL, "mov 0x2001700, %eax"
        T ALL, "mov %al, 0x2001703"
        T 0x011, "aaa"
        T 0x011, "aas"
        T 0x0d5, "daa"
        T 0x0d5, "das"
        T 0x0c4, "aam"
        T 0x0c4, "aad"
        T 0x0c4, ".byte 0xd4, 7"
        T 0x0c4, ".byte 0xd5, 13"
        T NONE, ".byte 0xd4, 0"
        T ALL, ".byte 0xd6"
        T ALL, "bound %ecx, (%ebx)"
        T ALL, "into"
        T ALL, "lea 7(%bx, %si), %ecx"
#endif

/* Flags. */
        T ALL, "clc"
        T ALL, "stc"
        T ALL, "cmc"
        T ALL, "cld"
        T ALL, "std"
        T ALL, "lahf"
        T ALL, "sahf"
        T ALL, "add %ecx, %edx; lahf"
        T ALL, "sub %cl, %dl; cmc; adc %eax, %edx"

/* Exchange and add. */
        .irp lock, nop, lock
        T ALL, "xadd %ecx, %edx"
        T ALL, "xadd %cl, %ch"
        T ALL, "\lock; xadd %ecx, (%ebx)"
        T ALL, "\lock; xadd %dx, 2(%esi)"
        T ALL, "cmpxchg %ecx, %edx"
        T ALL, "cmpxchg %cl, %dh"
        T ALL, "\lock; cmpxchg %ecx, (%ebx)"
        T ALL, "mov (%ebx), %eax; \lock; cmpxchg %ecx, (%ebx)"
        T ALL, "\lock; cmpxchg %dx, (%esi)"
        T ALL, "\lock; cmpxchg8b (%ebp)"
        T ALL, "mov (%ebx), %eax; mov 4(%ebx), %edx; \lock; cmpxchg8b (%ebx)"
        T ALL, "\lock; addl %ecx, (%ebx)"
        T ALL, "\lock; adcb %cl, (%ebx)"
        T ALL, "\lock; sbbl %ecx, (%ebx)"
        T ALL, "\lock; subw %cx, (%ebx)"
        T NO_A, "\lock; orl %ecx, (%ebx)"
        T NO_A, "\lock; andl $0x7fff, (%ebx)"
        T ALL, "\lock; incl (%ebx)"
        T ALL, "\lock; decb (%ebx)"
        T ALL, "\lock; negl (%ebx)"
        T ALL, "\lock; notl (%ebx)"
        T C_ONLY, "\lock; btsl $5, (%ebx)"
        T C_ONLY, "\lock; btrl $5, (%ebx)"
        .endr
#ifdef __x86_64__
        T ALL, "cmpxchg16b (%rbx)"
        T ALL, "mov (%rbx), %rax; mov 8(%rbx), %rdx; lock cmpxchg16b (%rbx)"
        T NONE, "cmpxchg16b 8(%rbx)"
        T ALL, "cmpxchg %rcx, %rdx"
        T ALL, "cmpxchg %r9d, %r10d"
        T ALL, "mov %r10, %rax; cmpxchg %r9d, %r10d"
#endif

/* Strings. */
        .irp s, b, w, l
        T ALL, "movs\s"
        T ALL, "stos\s"
        T ALL, "lods\s"
        T ALL, "cmps\s"
        T ALL, "scas\s"
        T ALL, "std; movs\s"
        T ALL, "std; cmps\s"
        T ALL, "mov $7, %ecx; rep movs\s"
        T ALL, "mov $7, %ecx; rep stos\s"
        T ALL, "mov $7, %ecx; rep lods\s"
        T ALL, "mov $5, %ecx; std; rep movs\s"
        T ALL, "mov $5, %ecx; std; rep stos\s"
        T ALL, "lea 3(%esi), %edi; mov $9, %ecx; std; rep movs\s"
        T ALL, "lea -3(%esi), %edi; mov $9, %ecx; std; rep movs\s"
        T ALL, "lea 4(%ebp), %edi; mov $8, %ecx; std; rep movs\s"
        T ALL, "lea 4(%ebp), %esi; mov $8, %ecx; std; rep movs\s"
        T ALL, "lea 3(%ebp), %edi; mov $8, %ecx; std; rep stos\s"
        T ALL, "mov $0, %ecx; rep movs\s"
        T ALL, "mov $0, %ecx; repe cmps\s"
        T ALL, "mov $9, %ecx; repe cmps\s"
        T ALL, "mov $9, %ecx; repne cmps\s"
        T ALL, "mov $9, %ecx; mov (%edi), %eax; repe scas\s"
        T ALL, "mov $9, %ecx; mov 8(%edi), %eax; repne scas\s"
        T ALL, "mov $9, %ecx; std; repne cmps\s"
        T ALL, "mov %esi, %edi; mov $9, %ecx; repe cmps\s"
        T ALL, "mov %esi, %edi; mov $9, %ecx; std; repe cmps\s"
        T ALL, "mov $9, %ecx; std; mov -8(%edi), %eax; repne scas\s"
        T ALL, "lea 3(%esi), %edi; mov $9, %ecx; rep movs\s"
        T ALL, "mov %ebp, %edi; mov $8, %ecx; rep movs\s"
        T ALL, "mov %ebp, %esi; mov $8, %ecx; rep movs\s"
        T ALL, "mov %ebp, %edi; mov $8, %ecx; rep stos\s"
        .endr
#ifdef __x86_64__
        T ALL, "movsq"
        T ALL, "stosq"
        T ALL, "mov $5, %ecx; rep movsq"
        T ALL, "mov $5, %ecx; rep stosq"
        T ALL, "mov $5, %ecx; repe cmpsq"
        T ALL, "mov $5, %rcx; addr32 rep stosb"
#endif

/* Loops. */
        T ALL, "mov $5, %ecx; 77: inc %edx; loop 77b"
        T NONE, "mov $5, %ecx; 77: cmp $3, %ecx; loope 77b"
        T NONE, "mov $5, %ecx; 77: cmp $3, %ecx; loopne 77b"
        T ALL, "and $1, %ecx; jecxz 77f; inc %edx; 77:"
        T ALL, "and $1, %cl; 77: dec %cl; js 77f; jmp 77b; 77:"
        T NONE, "xor %eax, %eax; mov $20, %ecx; 77: add %ecx, %eax; rol $3, %eax; dec %ecx; jnz 77b"

        /* rotates keep P, A, Z and S of what set them (O of one place is defined) */
        .irp op, rol, ror
        .irp first, add, sub, cmp, inc, adc
        .ifc \first, inc
        T ALL, "inc %eax; \op $1, %ecx"
        T ALL, "inc %al; \op $1, %dl"
        .else
        T ALL, "\first %ecx, %eax; \op $1, %edx"
        T ALL, "\first %cl, %al; \op $1, %dx; mov (%ebx), %ecx"
        T ALL, "\first %cx, %ax; \op $1, %edx; \op $1, %dl; seto %ah; setb %al; setbe %dl; setl %dh"
        .endif
        .endr
        T NO_A, "and %ecx, %eax; \op $1, %edx; setle %al; setp %ah"
        T NO_A, "shl $3, %eax; \op $1, %eax; setle %cl; seto %ch"
        .endr

/* What does not exist. */
        T NONE, "ud2"
        T NONE, ".byte 0x0f, 0xff, 0xc0"
        T NONE, "lock; nop"
        T NONE, ".byte 0xf0, 0x01, 0xc0"
        T NONE, ".byte 0xfe, 0xd0"
        T NONE, ".byte 0xff, 0xf8"
        T NONE, ".byte 0x8d, 0xc0"
        T NONE, ".byte 0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x90"
        T NONE, ".byte 0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x90"
#ifdef __x86_64__
        T NONE, ".byte 0x06"
        T NONE, ".byte 0x27"
        T NONE, ".byte 0x60"
        T NONE, ".byte 0xd6"
        T NONE, ".byte 0x9a, 0, 0, 0, 0, 0, 0"
        T ALL, ".byte 0x48, 0x66, 0x01, 0xc8"         /* REX before a legacy prefix: ignored */
        T ALL, ".byte 0x66, 0x48, 0x01, 0xc8"
        T ALL, ".byte 0x40, 0x88, 0xe0"               /* SPL, not AH */
#endif
        .section .note.GNU-stack, "", %progbits
