/*
 * A small real-mode system: a prompt, and commands that use the machine as DOS programs do. Loaded at
 * 1000:0000 by boot.S with DL the drive, BX sectors per track, CX heads. Commands (one letter, Enter):
 *
 *   V  equipment and memory: INT 11h, 12h, 15h/88h, 15h/E820h
 *   T  time: three ticks of INT 1Ah by a hooked INT 1Ch, the clock of INT 1Ah/02h
 *   A  A20 by INT 15h, by port 92h and by the keyboard controller: wraps and does not wrap
 *   U  unreal mode: 2 MB + 64 KB written with 32-bit addresses, copied back by INT 15h/87h
 *   S  every sector read a track at a time, 32-bit sum of the words
 *   W  the last sector changed, written, read back
 *   G  mode 13h: a pattern drawn, read back, text mode again
 *   K  scan codes by an INT 9 handler of its own: waits for "x" and its release
 *   L  a line sent by INT 14h
 *   R  restart by the keyboard controller's reset line
 *   B  restart by INT 19h
 *
 * Prints "X OK ..." or "X BAD ...". SPDX-License-Identifier: MIT
 */
        .code16
        .text
        .globl  _start
        .equ    BUFFER_SEGMENT, 0x3000          /* a track: at most 63 sectors, within 64 KB */
        .equ    LOCAL_SEGMENT, 0x1000

        .macro  say text
        call    say_inline
        .asciz  "\text"
        .endm

_start:
        mov     %cs, %ax
        mov     %ax, %ds
        mov     %ax, %ss
        mov     $0xfff0, %sp
        mov     %dl, drive
        mov     %bx, sectors_per_track
        mov     %cx, heads
        sti
        cld
        say     "\r\nREALMODE 1 READY, drive "
        movzbl  drive, %eax
        call    hex8
        call    newline
prompt:
        mov     %cs, %ax
        mov     %ax, %ds
        mov     %ax, %es
        say     "RM> "
        call    read_line
        mov     line, %al
        and     $0xdf, %al
        mov     $commands, %si
1:      mov     (%si), %ah
        test    %ah, %ah
        jz      unknown
        cmp     %al, %ah
        je      found
        add     $3, %si
        jmp     1b
found:
        mov     %al, letter
        call    *1(%si)
        jmp     prompt
unknown:
        say     "what?\r\n"
        jmp     prompt

commands:
        .irp    c, V, T, A, U, S, W, G, K, L, R, B
        .ascii  "\c"
        .word   command_\c
        .endr
        .byte   0

/* ---- console ---- */

/* Line input by INT 16h, echoed; Backspace deletes. Ends with a zero byte in line. */
read_line:
        mov     $line, %di
1:      xor     %ah, %ah
        int     $0x16
        cmp     $13, %al
        je      3f
        cmp     $8, %al
        je      2f
        cmp     $' ', %al
        jb      1b
        cmp     $line + 60, %di
        jae     1b
        stosb
        call    putc
        jmp     1b
2:      cmp     $line, %di
        je      1b
        dec     %di
        mov     $8, %al
        call    putc
        mov     $' ', %al
        call    putc
        mov     $8, %al
        call    putc
        jmp     1b
3:      xor     %al, %al
        stosb
        /* falls through */
newline:
        mov     $13, %al
        call    putc
        mov     $10, %al
putc:   pusha
        mov     $0x0e, %ah
        mov     $7, %bx
        int     $0x10
        popa
        ret

/* Prints the text that follows the call; keeps all registers. */
say_inline:
        push    %bp
        mov     %sp, %bp
        xchg    %si, 2(%bp)
        push    %ax
1:      mov     %cs:(%si), %al
        inc     %si
        test    %al, %al
        jz      2f
        call    putc
        jmp     1b
2:      pop     %ax
        xchg    %si, 2(%bp)
        pop     %bp
        ret

hex32:  ror     $16, %eax
        call    hex16
        ror     $16, %eax
hex16:  xchg    %al, %ah
        call    hex8
        xchg    %al, %ah
hex8:   push    %ax
        shr     $4, %al
        call    1f
        pop     %ax
        push    %ax
        call    1f
        pop     %ax
        ret
1:      and     $15, %al
        cmp     $10, %al
        sbb     $0x69, %al
        das
        jmp     putc

space:  push    %ax
        mov     $' ', %al
        call    putc
        pop     %ax
        ret

/* "X OK " or, with carry, "X BAD "; keeps EAX. */
verdict:
        pushf
        push    %eax
        mov     letter, %al
        call    putc
        pop     %eax
        popf
        jc      1f
        say     " OK "
        ret
1:      say     " BAD "
        ret

/* ---- V: what the BIOS says of the machine ---- */
command_V:
        int     $0x12
        cmp     $512, %ax
        call    verdict
        call    hex16
        call    space
        int     $0x11
        call    hex16
        call    space
        mov     $0x88, %ah
        int     $0x15
        call    hex16
        call    space
        xor     %ebx, %ebx                      /* the number of E820 ranges */
        xor     %bp, %bp
1:      mov     $0xe820, %eax
        mov     $0x534d4150, %edx
        mov     $24, %ecx
        mov     $line, %di
        int     $0x15
        jc      2f
        inc     %bp
        test    %ebx, %ebx
        jnz     1b
2:      mov     %bp, %ax
        call    hex8
        jmp     newline

/* ---- T: ticks and the clock ---- */
command_T:
        xor     %ax, %ax
        mov     %ax, %es
        cli
        mov     %es:4 * 0x1c, %eax
        mov     %eax, old_vector
        movw    $tick, %es:4 * 0x1c
        mov     %cs, %es:4 * 0x1c + 2
        movw    $0, ticks
        sti
        xor     %ah, %ah
        int     $0x1a
        mov     %dx, %bx
1:      hlt
        cmpw    $3, ticks
        jb      1b
        cli
        mov     old_vector, %eax
        mov     %eax, %es:4 * 0x1c
        sti
        xor     %ah, %ah
        int     $0x1a
        sub     %bx, %dx                        /* the BIOS's count went on as well */
        cmp     $3, %dx
        call    verdict
        mov     $2, %ah
        int     $0x1a
        jc      2f
        mov     %ch, %al
        call    hex8
        mov     $':', %al
        call    putc
        mov     %cl, %al
        call    hex8
2:      jmp     newline
tick:   incw    %cs:ticks
        iret

/* ---- A: address line 20 ---- */

/* Zero flag set: the first megabyte and the bytes behind it are the same memory. */
wraps:
        push    %ds
        push    %es
        xor     %ax, %ax
        mov     %ax, %ds
        dec     %ax
        mov     %ax, %es
        incw    0x500
        mov     0x500, %ax
        cmp     %ax, %es:0x510
        jne     1f
        incw    0x500
        mov     0x500, %ax
        cmp     %ax, %es:0x510
1:      pop     %es
        pop     %ds
        ret

kbd_wait:
        in      $0x64, %al
        test    $2, %al
        jnz     kbd_wait
        ret
/* AL: the controller's output port, bit 1 is the line */
kbd_output:
        mov     %al, %ah
        call    kbd_wait
        mov     $0xd1, %al
        out     %al, $0x64
        call    kbd_wait
        mov     %ah, %al
        out     %al, $0x60
        call    kbd_wait
        ret

command_A:
        xor     %cx, %cx                        /* a bit for each answer that is right */
        mov     $0x2400, %ax
        int     $0x15
        call    wraps
        jne     1f
        or      $1, %cl
1:      mov     $0x2401, %ax
        int     $0x15
        call    wraps
        je      1f
        or      $2, %cl
1:      in      $0x92, %al
        and     $0xfc, %al
        out     %al, $0x92
        call    wraps
        jne     1f
        or      $4, %cl
1:      in      $0x92, %al
        and     $0xfe, %al
        or      $2, %al
        out     %al, $0x92
        call    wraps
        je      1f
        or      $8, %cl
1:      cli
        mov     $0xdd, %al                      /* with only the controller's own gate left */
        call    kbd_output
        call    wraps
        jne     1f
        or      $16, %cl
1:      mov     $0xdf, %al
        call    kbd_output
        sti
        call    wraps
        je      1f
        or      $32, %cl
1:      mov     $0x2402, %ax
        int     $0x15
        mov     %al, %ch
        cmp     $63, %cl
        call    verdict
        mov     %cx, %ax
        call    hex16
        jmp     newline

/* ---- U: 32-bit addresses in real mode ---- */
command_U:
        mov     $0x2401, %ax
        int     $0x15
        cli
        push    %ds
        push    %es
        lgdtl   gdt_pointer
        mov     %cr0, %eax
        or      $1, %al
        mov     %eax, %cr0
        jmp     1f
1:      mov     $8, %bx
        mov     %bx, %es
        and     $0xfe, %al
        mov     %eax, %cr0
        jmp     1f
1:      xor     %ax, %ax
        mov     %ax, %es                        /* base 0; the limit of 4 GB stays */
        sti
        mov     $0x200000, %edi
        mov     $0x4000, %ecx
        mov     $0x12345678, %eax
1:      mov     %eax, %es:(%edi)                /* interrupts come between */
        add     $0x9e3779b9, %eax
        add     $4, %edi
        loopl   1b
        mov     $0x200000, %edi
        mov     $0x4000, %ecx
        mov     $0x12345678, %edx
        xor     %ebx, %ebx
1:      mov     %es:(%edi), %eax
        xor     %edx, %eax
        or      %eax, %ebx
        add     $0x9e3779b9, %edx
        add     $4, %edi
        loopl   1b
        pop     %es
        pop     %ds
        /* the BIOS copies 2000h bytes of it down */
        mov     $block_move, %si
        mov     $0x1000, %cx
        mov     $0x87, %ah
        int     $0x15
        jc      2f
        mov     $BUFFER_SEGMENT, %ax
        mov     %ax, %es
        xor     %di, %di
        mov     $0x800, %cx
        mov     $0x12345678, %edx
1:      mov     %es:(%di), %eax
        xor     %edx, %eax
        or      %eax, %ebx
        add     $0x9e3779b9, %edx
        add     $4, %di
        loop    1b
        cmp     $1, %ebx
        cmc
2:      call    verdict
        mov     %ebx, %eax
        call    hex32
        jmp     newline

/* ---- S, W: the disk ---- */

/*
 * Geometry of the BIOS: the number of cylinders in SI. For floppies it names the drive, not the disk,
 * so the boot sector's sectors and heads count, and the cylinders are probed by reading.
 */
cylinders:
        testb   $0x80, drive
        jz      1f
        mov     $8, %ah
        mov     drive, %dl
        push    %es
        int     $0x13
        pop     %es
        mov     %ch, %al
        mov     %cl, %ah
        shr     $6, %ah
        and     $63, %cx
        mov     %cx, sectors_per_track
        movzx   %dh, %dx
        inc     %dx
        mov     %dx, heads
        mov     %ax, %si
        inc     %si
        ret
1:      mov     $40, %si                        /* 40 or 80 */
        cmpw    $9, sectors_per_track
        jne     2f
        movw    $41, cylinder
        movw    $0, head
        mov     $0x0201, %ax
        mov     $1, %cl
        call    transfer
        jc      3f
2:      mov     $80, %si
3:      ret

/* AX: function and count; CL first sector; at cylinder and head; buffer at BUFFER_SEGMENT:0. Three tries. */
transfer:
        mov     $3, %di
1:      push    %es
        push    %ax
        push    %cx
        mov     $BUFFER_SEGMENT, %bx
        mov     %bx, %es
        xor     %bx, %bx
        mov     cylinder, %dx
        mov     %dl, %ch
        shl     $6, %dh
        or      %dh, %cl
        mov     head, %dh
        mov     drive, %dl
        push    %di
        int     $0x13
        pop     %di
        mov     %ah, status
        pop     %cx
        pop     %ax
        pop     %es
        jnc     2f
        push    %ax
        xor     %ah, %ah
        mov     drive, %dl
        int     $0x13
        pop     %ax
        dec     %di
        jnz     1b
        stc
2:      ret

command_S:
        call    cylinders
        xor     %ebp, %ebp
        movw    $0, cylinder
1:      movw    $0, head
2:      mov     $2, %ah
        mov     sectors_per_track, %al
        mov     $1, %cl
        push    %si
        call    transfer
        pop     %si
        jc      9f
        push    %si
        push    %ds
        mov     sectors_per_track, %cx
        shl     $8, %cx
        mov     $BUFFER_SEGMENT, %ax
        mov     %ax, %ds
        xor     %si, %si
        xor     %eax, %eax
3:      lodsw
        rol     $1, %ebp
        add     %eax, %ebp
        loop    3b
        pop     %ds
        pop     %si
        incw    head
        mov     heads, %ax
        cmp     %ax, head
        jb      2b
        incw    cylinder
        cmp     %si, cylinder
        jb      1b
        clc
9:      call    verdict
        mov     %ebp, %eax
        call    hex32
        call    space
        mov     %si, %ax
        call    hex16
        call    space
        mov     status, %al
        call    hex8
        jmp     newline

/* Complements the last sector and checks that it stays so. */
command_W:
        call    cylinders
        dec     %si
        mov     %si, cylinder
        mov     heads, %ax
        dec     %ax
        mov     %ax, head
        mov     $0x0201, %ax
        mov     sectors_per_track, %cl
        call    transfer
        jc      9f
        call    complement
        mov     $0x0301, %ax
        call    transfer
        jc      9f
        call    complement                      /* what is read back must come from the disk */
        mov     $0x0201, %ax
        call    transfer
        jc      9f
        mov     $0x0401, %ax                    /* verify */
        call    transfer
        jc      9f
        push    %es
        mov     $BUFFER_SEGMENT, %ax
        mov     %ax, %es
        mov     %es:0, %eax
        pop     %es
        clc
9:      call    verdict
        call    hex32
        call    space
        mov     status, %al
        call    hex8
        jmp     newline
complement:
        push    %es
        push    %cx
        mov     $BUFFER_SEGMENT, %bx
        mov     %bx, %es
        xor     %bx, %bx
        mov     $256, %cx
1:      notw    %es:(%bx)
        add     $2, %bx
        loop    1b
        pop     %cx
        pop     %es
        ret

/* ---- G: 256 colours ---- */
command_G:
        mov     $0x13, %ax
        int     $0x10
        push    %es
        mov     $0xa000, %ax
        mov     %ax, %es
        xor     %di, %di
        mov     $64000, %cx
1:      mov     %di, %ax
        add     %ah, %al
        stosb
        loop    1b
        xor     %di, %di
        mov     $64000, %cx
        xor     %bp, %bp
1:      mov     %di, %ax
        add     %ah, %al
        cmp     %es:(%di), %al
        setne   %al
        cbw
        add     %ax, %bp
        inc     %di
        loop    1b
        pop     %es
        mov     $3, %ax
        int     $0x10
        cmp     $1, %bp
        cmc
        call    verdict
        mov     %bp, %ax
        call    hex16
        jmp     newline

/* ---- K: the keyboard's interrupt ---- */
command_K:
        xor     %ax, %ax
        mov     %ax, %es
        cli
        mov     %es:4 * 9, %eax
        mov     %eax, old_vector
        movw    $key, %es:4 * 9
        mov     %cs, %es:4 * 9 + 2
        sti
        say     "press x: "
1:      hlt
        cmpb    $0xad, scan_code                /* x released */
        jne     1b
        cli
        mov     old_vector, %eax
        mov     %eax, %es:4 * 9
        sti
        cmpb    $0x2d, scan_code_before
        clc
        je      2f
        stc
2:      call    verdict
        mov     scan_code_before, %ax
        jmp     newline
key:    push    %ax
        mov     %cs:scan_code, %al
        mov     %al, %cs:scan_code_before
        in      $0x60, %al
        mov     %al, %cs:scan_code
        mov     $0x20, %al
        out     %al, $0x20
        pop     %ax
        iret

/* ---- L, R, B ---- */
command_L:
        mov     $0x00e3, %ax                    /* 9600 8N1 */
        xor     %dx, %dx
        int     $0x14
        mov     $serial_text, %si
1:      lodsb
        test    %al, %al
        jz      2f
        mov     $1, %ah
        int     $0x14
        test    $0x80, %ah
        jz      1b
        stc
2:      call    verdict
        jmp     newline
serial_text:
        .asciz  "Line by INT 14h\r\n"

command_R:
        mov     $0xfe, %al
        out     %al, $0x64
1:      hlt
        jmp     1b
command_B:
        int     $0x19

/* ---- data ---- */
        .balign 8
gdt:    .quad   0, 0x00cf92000000ffff
gdt_pointer:
        .word   15
        .long   (LOCAL_SEGMENT << 4) + gdt
        .balign 8
block_move:                                     /* INT 15h/87h: source at 10h, destination at 18h */
        .quad   0, 0
        .word   0xffff, 0x0000
        .byte   0x20, 0x93
        .word   0
        .word   0xffff, 0x0000
        .byte   BUFFER_SEGMENT >> 12, 0x93
        .word   0
        .quad   0, 0
old_vector:
        .long   0
ticks:  .word   0
sectors_per_track:
        .word   0
heads:  .word   0
cylinder:
        .word   0
head:   .word   0
drive:  .byte   0
letter: .byte   0
status: .byte   0
scan_code:
        .byte   0
scan_code_before:
        .byte   0, 0
line:   .space  64
