/*
 * A kernel of the old kind: the first sector, setup code that runs at 0x9020:0, and a
 * system part that belongs at 0x10000. It prints what the loader did.
 * -DVERSION=: of the boot protocol, 0: older than the header.
 *
 * SPDX-License-Identifier: MIT
 */
        .set    SETUP_SECTORS, 4
        .code16
        .text
        .org    0x1f1
        .byte   SETUP_SECTORS
        .word   0
        .word   (system_end - system) / 16
        .org    0x1fe
        .word   0xaa55

        .org    0x200
        jmp     setup
        .if     VERSION
        .ascii  "HdrS"
        .word   VERSION
        .org    0x211
        .byte   0                       /* loads low */
        .org    0x22c
        .long   0x37ffffff
        .org    0x238
        .long   255
        .endif

        .org    0x260
setup:  movw    %cs, %ax                /* 0x9020: the header's segment is 0x9000 */
        subw    $0x20, %ax
        movw    %ax, %ds
        movw    $0x9000, %bx
        cmpw    %ax, %bx
        movw    $wrong, %si
        jne     1f
        movw    $placed, %si
1:      call    print
        .if     VERSION >= 0x202
        movl    0x228, %esi             /* linear; in this segment */
        subl    $0x90000, %esi
        .else
        movw    $no_magic, %si
        cmpw    $0xa33f, 0x20
        jne     2f
        movw    0x22, %si
        .endif
2:      call    print
        movw    $0x1000, %ax
        movw    %ax, %ds
        xorw    %si, %si
        call    print
        movw    $0x9000, %ax
        movw    %ax, %ds
        .if     VERSION
        movw    $no_ramdisk, %si
        cmpl    $0x100000, 0x218
        jb      3f
        cmpl    $5000, 0x21c
        jne     3f
        movw    $has_ramdisk, %si
3:      call    print
        .endif
        movw    $done, %si
        call    print
        movb    $0, %al
        outb    %al, $0xf4
4:      hlt
        jmp     4b

        /* ds:si, and a line feed */
print:  cld
5:      lodsb
        testb   %al, %al
        jz      6f
        outb    %al, $0xe9
        jmp     5b
6:      movb    $'\n', %al
        outb    %al, $0xe9
        ret

placed:         .asciz "setup at 9000"
wrong:          .asciz "setup elsewhere"
no_magic:       .asciz "no command line"
no_ramdisk:     .asciz "no ramdisk"
has_ramdisk:    .asciz "ramdisk of 5000"
done:           .asciz "DONE"

        .org    0x200 * (SETUP_SECTORS + 1)
system: .asciz  "system at 10000"
        .balign 16
        .space  20000
        .balign 16
system_end:
        .section .note.GNU-stack, "", @progbits
