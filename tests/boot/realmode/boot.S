/*
 * Boot sector of the real-mode system: loads SYSTEM_SECTORS sectors behind it to 1000:0000 by INT 13h,
 * one at a time, three tries each, and jumps there. The geometry lies where DOS has it, bytes 24 and 26
 * of the sector; the image's maker fills it in. DL is the BIOS's drive number, passed on.
 * SPDX-License-Identifier: MIT
 */
        .code16
        .text
        .globl  _start
_start:
        jmp     begin
        nop
        .ascii  "REALMODE"
        .org    24
sectors_per_track:
        .word   18
heads:  .word   2
        .org    62
begin:
        ljmp    $0, $0x7c00 + (1f - _start)
1:      xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %ss
        mov     $0x7c00, %sp
        mov     %dl, (0x7c00 + drive - _start)
        mov     $0x1000, %ax
        mov     %ax, %es
        mov     $1, %si                         /* linear sector */
next_sector:
        mov     $3, %di
retry:
        mov     %si, %ax
        xor     %dx, %dx
        divw    (0x7c00 + sectors_per_track - _start)
        inc     %dx
        mov     %dl, %cl                        /* sector, from 1 */
        xor     %dx, %dx
        divw    (0x7c00 + heads - _start)
        mov     %al, %ch                        /* cylinder below 256 */
        mov     %dl, %dh
        mov     (0x7c00 + drive - _start), %dl
        xor     %bx, %bx
        mov     $0x0201, %ax
        int     $0x13
        jnc     loaded
        xor     %ax, %ax
        int     $0x13
        dec     %di
        jnz     retry
        mov     $'!', %al
        call    put
halt:   hlt
        jmp     halt
loaded:
        mov     $'.', %al
        call    put
        mov     %es, %ax
        add     $0x20, %ax
        mov     %ax, %es
        inc     %si
        cmp     $SYSTEM_SECTORS, %si
        jbe     next_sector
        mov     (0x7c00 + drive - _start), %dl
        mov     (0x7c00 + sectors_per_track - _start), %bx
        mov     (0x7c00 + heads - _start), %cx
        ljmp    $0x1000, $0
put:    mov     $0x0e, %ah
        mov     $7, %bx
        int     $0x10
        ret
drive:  .byte   0
        .org    510
        .word   0xaa55
