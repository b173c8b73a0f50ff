/*
 * run_case: loads IN_STATE, goes to CODE_AREA, comes back to case_back and
 * stores OUT_STATE. use_fx: the FXSAVE image too.
 *
 * SPDX-License-Identifier: MIT
 */
#include "layout.h"

        .text
        .globl run_case, case_back, use_fx
#ifdef __x86_64__
#define LOAD(n, r)  mov IN_STATE + 8 * n, %r
#define STORE(n, r) mov %r, OUT_STATE + 8 * n
run_case:
        push %rbx; push %rbp; push %r12; push %r13; push %r14; push %r15
        mov %rsp, SAVED_SP
        cmpl $0, use_fx(%rip)
        je 1f
        fxrstor64 IN_STATE + STATE_FX
1:      mov $STACK_TOP, %rsp
        pushq IN_STATE + STATE_FLAGS
        popfq
        LOAD(0, rax); LOAD(1, rcx); LOAD(2, rdx); LOAD(3, rbx); LOAD(5, rbp); LOAD(6, rsi); LOAD(7, rdi)
        LOAD(8, r8); LOAD(9, r9); LOAD(10, r10); LOAD(11, r11); LOAD(12, r12); LOAD(13, r13); LOAD(14, r14)
        LOAD(15, r15)
        jmp CODE_AREA
case_back:
        STORE(4, rsp)
        mov $IN_STATE + 0xff0, %rsp
        pushfq
        popq OUT_STATE + STATE_FLAGS
        cld
        STORE(0, rax); STORE(1, rcx); STORE(2, rdx); STORE(3, rbx); STORE(5, rbp); STORE(6, rsi); STORE(7, rdi)
        STORE(8, r8); STORE(9, r9); STORE(10, r10); STORE(11, r11); STORE(12, r12); STORE(13, r13)
        STORE(14, r14); STORE(15, r15)
        cmpl $0, use_fx(%rip)
        je 1f
        fxsave64 OUT_STATE + STATE_FX
1:      mov SAVED_SP, %rsp
        pop %r15; pop %r14; pop %r13; pop %r12; pop %rbp; pop %rbx
        ret
#else
#define LOAD(n, r)  mov IN_STATE + 8 * n, %r
#define STORE(n, r) mov %r, OUT_STATE + 8 * n
run_case:
        push %ebx; push %ebp; push %esi; push %edi
        mov %esp, SAVED_SP
        cmpl $0, use_fx
        je 1f
        fxrstor IN_STATE + STATE_FX
1:      mov $STACK_TOP, %esp
        pushl IN_STATE + STATE_FLAGS
        popfl
        LOAD(0, eax); LOAD(1, ecx); LOAD(2, edx); LOAD(3, ebx); LOAD(5, ebp); LOAD(6, esi); LOAD(7, edi)
        jmp CODE_AREA
case_back:
        STORE(4, esp)
        mov $IN_STATE + 0xff0, %esp
        pushfl
        popl OUT_STATE + STATE_FLAGS
        cld
        STORE(0, eax); STORE(1, ecx); STORE(2, edx); STORE(3, ebx); STORE(5, ebp); STORE(6, esi); STORE(7, edi)
        cmpl $0, use_fx
        je 1f
        fxsave OUT_STATE + STATE_FX
1:      mov SAVED_SP, %esp
        pop %edi; pop %esi; pop %ebp; pop %ebx
        ret
#endif
        .data
        .balign 4
use_fx: .long USE_FX
        .section .note.GNU-stack, "", %progbits
