/*
 * Inside of the gdb stub: the connection, and what its files share.
 * Everything runs on the main loop under the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef GDBSTUB_INTERNAL_H
#define GDBSTUB_INTERNAL_H

#include "chardev/char.h"
#include "exec/gdbstub.h"
#include "hw/core/cpu.h"
#include "sysemu/sysemu.h"

enum {
    GDB_PACKET_BYTES = 0x4000,  /* PacketSize: the longest packet in each direction */
    GDB_MAX_POINTS = 4096,      /* breakpoints, and watchpoints, of one CPU */
};

/* Signals by gdb's numbers, whatever the host's are. */
enum {
    GDB_SIGNAL_INT = 2, GDB_SIGNAL_QUIT = 3, GDB_SIGNAL_TRAP = 5, GDB_SIGNAL_ABRT = 6, GDB_SIGNAL_IO = 23,
};

typedef enum GdbParse { GDB_IDLE, GDB_DATA, GDB_ESCAPE, GDB_SUM_HIGH, GDB_SUM_LOW } GdbParse;

typedef struct GdbState {
    CharBackend be;
    bool connected;
    bool no_ack;
    bool stop_owed;             /* the client resumed the guest and waits for a stop reply */
    bool physical;              /* m and M take physical addresses */
    int sstep_flags;            /* of steps: SSTEP_x */

    GdbParse parse;
    bool too_long;
    uint8_t sum, sent_sum;
    GByteArray *packet;         /* being received, escapes undone; NUL-terminated when complete */
    GString *last_reply;        /* framed, for another transmission */

    CPUState *g_cpu, *c_cpu;    /* of registers and memory; of c and s */
    CPUState *next_thread;      /* of qsThreadInfo; NULL: end */
    GString *description;       /* target.xml, when it has been asked for */
} GdbState;

/* One CPU's part of a resumption. */
typedef enum GdbAction { GDB_STAY, GDB_CONTINUE, GDB_STEP } GdbAction;

/* gdbstub.c */
void gdb_reply(GdbState *s, const char *fmt, ...) QEMU_PRINTF(2, 3);
/* head, then data with the protocol's escapes. */
void gdb_reply_binary(GdbState *s, char head, const void *data, size_t len);
/* actions[cpu_index]: what each CPU does; a stop reply is owed from now on. */
void gdb_resume(GdbState *s, const GdbAction *actions);
void gdb_resume_all(void);

/* commands.c: carry out the packet in s->packet. */
void gdb_handle_packet(GdbState *s);

/* query.c: packets that begin with q, Q. */
void gdb_handle_query(GdbState *s, const char *packet);
/* The CPU of a thread id (1 + cpu_index; 0, -1: any), NULL: there is none. Moves *p behind it. */
CPUState *gdb_parse_thread(GdbState *s, const char **p);

/* points.c: breakpoints and watchpoints of all CPUs. type is that of the Z packet; false: refused. */
typedef enum GdbPoint { GDB_SW_BREAK, GDB_HW_BREAK, GDB_WRITE, GDB_READ, GDB_ACCESS, GDB_POINT_TYPES } GdbPoint;
bool gdb_point_insert(GdbPoint type, vaddr addr, vaddr len);
bool gdb_point_remove(GdbPoint type, vaddr addr, vaddr len);
void gdb_points_clear(void);

/* description.c */
GString *gdb_describe(CPUState *cpu);

/* Hexadecimal. Bytes of text up to limit, -1: not hexadecimal, an odd digit, or too many. */
int gdb_hex_decode(const char *text, uint8_t *bytes, size_t limit);
void gdb_hex_append(GString *out, const uint8_t *bytes, size_t len);
/* A number at *p, which moves behind it. False: there is none. */
bool gdb_hex_number(const char **p, uint64_t *value);

#endif
