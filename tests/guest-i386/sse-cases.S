/*
 * MMX and SSE instructions: memory operands aligned and not, MXCSR settings
 * with exceptions masked and unmasked, flags. Results of every single
 * instruction are tests/target-i386/sse-test.c's. See case.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "case.h"

/* Sets MXCSR, operates, and takes the flags along in the image. */
        .macro WITH_CSR csr, insn
        T ALL, "movl $\csr, (%ebx); ldmxcsr (%ebx); \insn"
        .endm
        .macro EACH_CSR insn
        .irp csr, 0x1f80, 0x3f80, 0x5f80, 0x7f80, 0x9fc0, 0x1f00, 0x1e80, 0x1d80, 0x1b80, 0x1780, 0x0f80, 0x0000, 0x8000
        WITH_CSR \csr, "\insn"
        .endr
        .endm
        .macro SOME_CSR insn
        .irp csr, 0x5f80, 0x1780, 0x0000
        WITH_CSR \csr, "\insn"
        .endr
        .endm
        .irp op, add, mul, div
        EACH_CSR "\op\()ps %xmm1, %xmm0"
        EACH_CSR "\op\()sd %xmm1, %xmm0"
        SOME_CSR "\op\()pd %xmm1, %xmm0"
        SOME_CSR "\op\()ss %xmm1, %xmm0"
        .endr
        .irp op, sub, min, max, sqrt
        .irp kind, ps, pd, ss, sd
        SOME_CSR "\op\()\kind %xmm1, %xmm0"
        .endr
        .endr
        .irp kind, ps, pd, ss, sd
        .irp predicate, 0, 1, 2, 3, 4, 5, 6, 7
        T ALL, "cmp\kind $\predicate, %xmm3, %xmm2"
        .endr
        SOME_CSR "cmp\kind $1, %xmm3, %xmm2"
        SOME_CSR "round\kind $0, %xmm3, %xmm2"
        SOME_CSR "round\kind $4, %xmm5, %xmm2"
        .endr
        .irp op, ucomiss, ucomisd, comiss, comisd
        SOME_CSR "\op %xmm4, %xmm5"
        T ALL, "\op %xmm1, %xmm1"
        .endr
        .irp op, cvtps2pd, cvtpd2ps, cvtss2sd, cvtsd2ss, cvtdq2ps, cvtps2dq, cvttps2dq, cvtdq2pd, cvtpd2dq, cvttpd2dq
        EACH_CSR "\op %xmm6, %xmm7"
        .endr
        .irp op, cvtss2si, cvtsd2si, cvttss2si, cvttsd2si
        SOME_CSR "\op %xmm2, %eax"
        .endr
        .irp op, cvtsi2ss, cvtsi2sd
        SOME_CSR "\op %eax, %xmm2"
        .endr
        .irp op, haddps, haddpd, hsubps, hsubpd, addsubps, addsubpd
        SOME_CSR "\op %xmm1, %xmm3"
        .endr
        EACH_CSR "dpps $0xff, %xmm1, %xmm3"
        EACH_CSR "dppd $0x33, %xmm1, %xmm3"
        SOME_CSR "cvtpi2ps %mm1, %xmm3"
        SOME_CSR "cvtps2pi %xmm1, %mm3"
        SOME_CSR "cvttpd2pi %xmm1, %mm3"
        T ALL, "movl $0x10000, (%ebx); ldmxcsr (%ebx)"
        T ALL, "movl $0xffff, (%ebx); ldmxcsr (%ebx); stmxcsr 4(%ebx)"
        T ALL, "divps %xmm1, %xmm0; stmxcsr (%ebx); divpd %xmm3, %xmm2; stmxcsr 4(%ebx)"

/* Memory: a multiple of 16, not, across the page border. */
        .macro MEMORY op, reg
        T ALL, "\op (%ebx), %\reg"
        T ALL, "\op 8(%ebx), %\reg"
        T ALL, "\op 1(%ebx), %\reg"
        T ALL, "\op (%ebp), %\reg"
        .endm
        .irp op, movaps, movups, movapd, movupd, movdqa, movdqu, lddqu, movntdqa, addps, addpd, addss, addsd, andps
        MEMORY \op, xmm1
        .endr
        .irp op, paddb, pxor, pcmpeqd, packsswb, pmulhuw, psadbw, punpckhbw, pshufb, phaddd, pmuludq, psrlw, pmovzxbw
        MEMORY \op, xmm2
        .endr
        .irp op, movss, movsd, movlps, movhps, movlpd, movhpd, movd, movq, cvtps2pd, cvtdq2pd, movddup, comisd, ucomiss
        MEMORY \op, xmm3
        .endr
        .irp op, paddb, pxor, movq, movd, packuswb, punpckhwd, punpcklbw, pmaddwd, psubusb, psllq, pavgb, pshufb
        MEMORY \op, mm3
        .endr
        .irp op, movaps, movups, movapd, movupd, movdqa, movdqu, movntps, movntdq, movss, movsd, movlps, movhps, movq, movd
        T ALL, "\op %xmm4, 16(%ebx)"
        T ALL, "\op %xmm4, 20(%ebx)"
        T ALL, "\op %xmm5, (%ebp)"
        .endr
        T ALL, "mov %ebx, %edi; maskmovdqu %xmm1, %xmm2"
        T ALL, "mov %ebp, %edi; maskmovdqu %xmm3, %xmm2"
        T ALL, "mov %ebx, %edi; maskmovq %mm1, %mm2"
        T ALL, "movnti %eax, (%ebp)"
        T ALL, "movq2dq %mm1, %xmm1"
        T ALL, "movdq2q %xmm1, %mm1"

/* MMX and the x87: tags, TOP, exponents. */
        T ALL, "paddb %mm1, %mm2"
        T ALL, "fldz; paddb %mm1, %mm2; fnstsw %ax"
        T ALL, "emms; fld1; fld1; movd %eax, %mm7"
        T ALL, "movq %mm3, %mm5; emms"

/* Elements, signs, strings, checksums. */
        .irp n, 0, 3, 7, 0xff
        T ALL, "pextrw $\n, %xmm3, %eax"
        T ALL, "pinsrw $\n, %eax, %xmm3"
        T ALL, "pextrb $\n, %xmm3, (%ebx)"
        T ALL, "pinsrd $\n, (%ebx), %xmm3"
        T ALL, "insertps $\n, %xmm1, %xmm3"
        T ALL, "insertps $\n, (%ebx), %xmm3"
        T ALL, "shufps $\n, %xmm1, %xmm3"
        T ALL, "palignr $\n, %xmm1, %xmm3"
        T ALL, "psrldq $\n, %xmm3"
        T ALL, "psraw $\n, %xmm3"
        .endr
        T ALL, "movmskps %xmm1, %eax"
        T ALL, "pmovmskb %xmm1, %eax"
        T ALL, "pmovmskb %mm1, %eax"
        T ALL, "ptest %xmm1, %xmm1"
        T ALL, "ptest %xmm1, %xmm2"
        T ALL, "blendvps %xmm0, %xmm1, %xmm2"
        .irp n, 0x00, 0x0c, 0x18, 0x44, 0x05, 0x1a, 0x3f, 0x70
        T ALL, "pcmpistri $\n, %xmm1, %xmm2"
        T ALL, "pcmpistrm $\n, %xmm1, %xmm2"
        T ALL, "pcmpestri $\n, 1(%ebx), %xmm2"
        T ALL, "pcmpestrm $\n, %xmm3, %xmm2"
        .endr
        T ALL, "crc32b %cl, %eax"
        T ALL, "crc32w %cx, %eax"
        T ALL, "crc32l (%ebx), %eax"
        T ALL, "lfence; mfence; sfence; prefetcht0 (%ebx)"
        .section .note.GNU-stack, "", %progbits
