/*
 * What the system-level helpers share: descriptors, stacks of far transfers,
 * events on their way to a handler.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_SYSTEM_H
#define TARGET_I386_SYSTEM_H

#include "target-i386/cpu.h"

/* Types of system descriptors (SDM 3A:3.5); those of 286 gates and TSSs lack bit 3. */
enum {
    SYS_TSS16 = 1, SYS_LDT = 2, SYS_TSS16_BUSY = 3, SYS_CALL16 = 4, SYS_TASK_GATE = 5, SYS_INT16 = 6,
    SYS_TRAP16 = 7, SYS_TSS32 = 9, SYS_TSS32_BUSY = 11, SYS_CALL32 = 12, SYS_INT32 = 14, SYS_TRAP32 = 15,
};

/* Selector bits. */
enum { SEL_RPL = 3, SEL_LDT = 4 };
static inline bool selector_is_null(uint32_t selector) { return !(selector & 0xfffc); }

/* --- linear addresses ----------------------------------------------------------------------------------- */

/* Outside long mode linear addresses have 32 bits. */
static inline vaddr x86_linear(const CPUX86State *env, target_ulong base, target_ulong offset)
{
    target_ulong sum = base + offset;

    return env->hflags & HF_LMA ? sum : (uint32_t)sum;
}

static inline bool x86_is_canonical(const CPUX86State *env, vaddr addr)
{
    return !(env->hflags & HF_LMA) || (vaddr)((int64_t)(addr << 16) >> 16) == addr;
}

/* Accesses to tables and to the stacks of handlers are supervisor accesses at any CPL. */
static inline int implicit_mmu_idx(const CPUX86State *env)
{
    return env->cr[4] & CR4_SMAP_MASK ? MMU_KSMAP_IDX : MMU_KERNEL_IDX;
}

static inline int data_mmu_idx_of_cpl(const CPUX86State *env, unsigned cpl)
{
    return cpl == 3 ? MMU_USER_IDX : implicit_mmu_idx(env);
}

/* Implicit supervisor access; op: MO_x without sign. */
static inline uint64_t sys_load(CPUX86State *env, vaddr addr, MemOp op, uintptr_t retaddr)
{
    return cpu_ld_mmu(env, addr, make_memop_idx(op, implicit_mmu_idx(env)), retaddr);
}

static inline void sys_store(CPUX86State *env, vaddr addr, uint64_t value, MemOp op, uintptr_t retaddr)
{
    cpu_st_mmu(env, addr, value, make_memop_idx(op, implicit_mmu_idx(env)), retaddr);
}

/* --- descriptors ----------------------------------------------------------------------------------------- */

typedef struct Descriptor {
    uint32_t lo, hi;
    uint32_t base_high;         /* bits 63:32 of a 16-byte system descriptor's base or offset */
    uint32_t last;              /* the word behind: its type field is 0 */
    vaddr addr;                 /* where it was read */
} Descriptor;

static inline uint32_t desc_base(const Descriptor *d)
{
    return d->lo >> 16 | (d->hi & 0xff) << 16 | (d->hi & 0xff000000);
}

static inline uint32_t desc_limit(const Descriptor *d)
{
    uint32_t limit = (d->lo & 0xffff) | (d->hi & 0xf0000);

    return d->hi & DESC_G_MASK ? limit << 12 | 0xfff : limit;
}

static inline unsigned desc_dpl(const Descriptor *d) { return d->hi >> DESC_DPL_SHIFT & 3; }
static inline unsigned desc_type(const Descriptor *d) { return d->hi >> DESC_TYPE_SHIFT & 15; }
static inline bool desc_present(const Descriptor *d) { return d->hi & DESC_P_MASK; }
static inline bool desc_is_system(const Descriptor *d) { return !(d->hi & DESC_S_MASK); }
static inline bool desc_is_code(const Descriptor *d)
{
    return (d->hi & (DESC_S_MASK | DESC_CS_MASK)) == (DESC_S_MASK | DESC_CS_MASK);
}
static inline bool desc_is_conforming(const Descriptor *d) { return desc_is_code(d) && d->hi & DESC_C_MASK; }
static inline bool desc_is_writable_data(const Descriptor *d)
{
    return (d->hi & (DESC_S_MASK | DESC_CS_MASK | DESC_W_MASK)) == (DESC_S_MASK | DESC_W_MASK);
}
static inline bool desc_is_readable(const Descriptor *d)
{
    return d->hi & DESC_S_MASK && (d->hi & (DESC_CS_MASK | DESC_R_MASK)) != DESC_CS_MASK;
}

/* Gates. */
static inline uint32_t gate_selector(const Descriptor *d) { return d->lo >> 16; }
static inline uint64_t gate_offset(const Descriptor *d, bool has_32_bits)
{
    return has_32_bits ? (uint64_t)d->base_high << 32 | (d->hi & 0xffff0000) | (d->lo & 0xffff)
                       : d->lo & 0xffff;
}

/* helper-seg.c */

/* Read the descriptor of a selector from its table. False: beyond the table's limit. */
bool desc_read(CPUX86State *env, uint32_t selector, Descriptor *d, uintptr_t retaddr);
/* The same for a system descriptor: 16 bytes in long mode. */
bool desc_read_system(CPUX86State *env, uint32_t selector, Descriptor *d, uintptr_t retaddr);
/* Set the accessed bit in the table. */
void desc_set_accessed(CPUX86State *env, Descriptor *d, uintptr_t retaddr);
/* The cached form. */
SegmentCache desc_cache(uint32_t selector, const Descriptor *d);
SegmentCache null_cache(uint32_t selector);
/* As loaded in virtual-8086 mode. */
SegmentCache vm86_cache(uint32_t selector);
/* May size bytes from offset be accessed, by the limit alone? */
bool segment_covers(const SegmentCache *seg, target_ulong offset, unsigned size);
/* Load DS, ES, FS, GS or SS in any mode, with all checks. */
void load_segment(CPUX86State *env, unsigned seg, uint32_t selector, uintptr_t retaddr);
/* Leaving to an outer level: data segments that are too privileged become null (SDM "RET"). */
void drop_inner_segments(CPUX86State *env, unsigned cpl);
/* Load LDTR; error: exception for a bad selector (#GP, or #TS in a task switch). */
void load_ldt(CPUX86State *env, uint32_t selector, unsigned bad_vector, uint32_t ext, uintptr_t retaddr);

/* A checked code segment becomes CS with RPL = cpl, and SS stays: changes hflags later. */
static inline void set_cs(CPUX86State *env, uint32_t selector, unsigned cpl, const Descriptor *d)
{
    env->segs[R_CS] = desc_cache((selector & ~3u) | cpl, d);
}

/* Tell whether (offset) is fetchable in the code segment described. */
bool code_offset_ok(const CPUX86State *env, const Descriptor *d, target_ulong offset);

/* A 16-byte descriptor whose upper half looks like a descriptor is none. */
static inline bool desc_upper_half_ok(const Descriptor *d) { return !(d->last & (DESC_TYPE_MASK | DESC_S_MASK)); }

/* --- stacks ------------------------------------------------------------------------------------------------ */

/* A stack that words are pushed to or popped from before anything is committed. */
typedef struct Stack {
    CPUX86State *env;
    SegmentCache seg;
    target_ulong sp, mask;      /* mask: 0xffff, 0xffffffff or all */
    bool long_mode;             /* 64-bit: no limit, canonical addresses */
    int mmu_idx;
    uint32_t error;             /* error code of #SS */
    uintptr_t retaddr;
} Stack;

/* helper-mem.c: does the 64-bit instruction at eip access addr through the stack segment? */
bool x86_access_is_stack(CPUX86State *env, vaddr addr);
/* Does the instruction at eip load its memory operand to store to it? Then its page faults are those of a store. */
bool x86_access_will_store(CPUX86State *env);

/* helper-stack.c. The current stack of the current privilege level. */
Stack stack_current(CPUX86State *env, uintptr_t retaddr);
/* seg:sp at level cpl; a 64-bit one when long_mode. */
Stack stack_new(CPUX86State *env, const SegmentCache *seg, target_ulong sp, bool long_mode, unsigned cpl,
                uint32_t error, uintptr_t retaddr);
/* op: MO_16, MO_32, MO_64. */
void stack_push(Stack *s, uint64_t value, MemOp op);
uint64_t stack_pop(Stack *s, MemOp op);
/* #SS unless n bytes can be pushed. */
void stack_need_room(const Stack *s, unsigned n);
/* The register value: SP keeps the upper half of ESP. */
void stack_commit(const Stack *s);
/* SS:(E)SP of a level from the TSS; raises #TS with ext. */
typedef struct StackPointer { uint32_t ss; uint64_t sp; } StackPointer;
StackPointer tss_stack(CPUX86State *env, unsigned level, uint32_t ext, uintptr_t retaddr);
/* RSP from the 64-bit TSS: n 0..2 levels, 4..10 IST 1..7. */
uint64_t tss_rsp(CPUX86State *env, unsigned n, uint32_t ext, uintptr_t retaddr);
/* Checks of the stack segment of an inner level; ext: EXT bit or 0. */
SegmentCache load_inner_ss(CPUX86State *env, uint32_t selector, unsigned cpl, uint32_t ext, uintptr_t retaddr);

/* --- events ---------------------------------------------------------------------------------------------------- */

typedef enum EventKind {
    EVENT_FAULT,                /* the instruction at eip did it; #DB and traps too */
    EVENT_EXTERNAL,             /* interrupt or NMI */
    EVENT_INT_N,                /* INT n, INT3, INTO: the gate's DPL counts, EXT is 0 */
    EVENT_INT1,                 /* ICEBP: DPL does not count */
} EventKind;

typedef struct Event {
    EventKind kind;
    unsigned vector;
    bool has_error_code;
    uint32_t error_code;
    target_ulong eip;           /* pushed */
    uintptr_t retaddr;          /* 0 outside helpers of instructions */
} Event;

/* helper-gate.c: through the IDT, in protected or long mode. */
void deliver_protected(CPUX86State *env, const Event *ev);
/* helper-excp.c: "#GP"; "interrupt" above the exceptions. */
const char *x86_exception_name(unsigned vector);
/* The handler of ev is entered; updates hflags. */
void deliver_event(CPUX86State *env, const Event *ev);

/* helper-task.c */
typedef enum TaskSwitchSource { TASK_JMP, TASK_CALL, TASK_IRET, TASK_GATE_INT } TaskSwitchSource;
/*
 * To the task of the TSS d (selector checked by the caller as its source
 * demands). next_eip: what the old task continues with. error_code is pushed
 * on the new stack when push_error.
 */
typedef struct TaskSwitch {
    TaskSwitchSource source;
    uint32_t selector;
    Descriptor desc;
    target_ulong next_eip;
    bool push_error;
    uint32_t error_code, ext;
    uintptr_t retaddr;
} TaskSwitch;
void switch_task(CPUX86State *env, const TaskSwitch *ts);
/* debug.c */
/* Code breakpoint, single step...: DR6 bits, then #DB. */
void raise_debug(CPUX86State *env, uint32_t dr6_bits, uintptr_t retaddr) QEMU_NORETURN;
/* Make the core's watchpoints follow DR0-3 and DR7. */
void x86_update_breakpoints(CPUX86State *env);
/* Ports [port, port + size) are accessed. */
void x86_check_io_breakpoint(CPUX86State *env, uint32_t port, unsigned size);
/* The #DB handler is about to be entered. */
void x86_debug_delivered(CPUX86State *env);

/* smm.c */
/* After the change of mode: system memory again. */
void x86_leave_smm_memory(CPUState *cpu);
void x86_enter_smm(CPUState *cpu);

/* dump.c: " DPL=0 CS32 [-RA]" by the attributes in seg->flags. */
void x86_dump_segment_kind(const CPUX86State *env, const SegmentCache *seg, FILE *f);

/* info.c: why the exceptions of env->faults came, for logs: error codes, descriptors, page walks. */
void x86_explain_faults(CPUX86State *env, FILE *f);

/* helper-system.c */
/* Load CR3, checked by the caller. */
void x86_set_cr3(CPUX86State *env, target_ulong value);
/* Drop all translations; those made from now on belong to CR3. */
void x86_flush_translations(CPUX86State *env);
/* IF was perhaps set: look at waiting interrupts before the next block. */
void x86_interrupts_enabled(CPUX86State *env);
/* The processor stops until reset, which PC boards give it; takes `why` (g_malloc). */
void x86_shut_down(CPUX86State *env, char *why) QEMU_NORETURN;

#endif
