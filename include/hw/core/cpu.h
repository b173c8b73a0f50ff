/*
 * A guest CPU as the target-independent core sees it.
 *
 * Memory layout of one guest CPU (cpu_alloc):
 *
 *     | CPUState | CPUNeg | env ... | padding | fast TLB tables ... |
 *                         ^ the host register TCG_AREG0 points here
 *
 * Generated code reaches CPUNeg at small negative and the TLB tables at large
 * constant positive displacements from env.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_CORE_CPU_H
#define HW_CORE_CPU_H

#include "hw/qdev.h"
#include "exec/memory.h"
#include "exec/memop.h"

typedef struct CPUState CPUState;
typedef struct CPUArchState CPUArchState;       /* each target's env */
typedef struct TranslationBlock TranslationBlock;
typedef struct CPUTLB CPUTLB;                   /* cputlb.c: the full entries */

typedef enum MMUAccessType { MMU_DATA_LOAD, MMU_DATA_STORE, MMU_INST_FETCH } MMUAccessType;

#define CPU_INTERRUPT_HARD   0x0002   /* cc->set by the interrupt controller's wire */
#define CPU_INTERRUPT_EXITTB 0x0004
#define CPU_INTERRUPT_HALT   0x0020
#define CPU_INTERRUPT_DEBUG  0x0080
#define CPU_INTERRUPT_RESET  0x0400
#define CPU_INTERRUPT_TGT_EXT_0 0x0008
#define CPU_INTERRUPT_TGT_EXT_1 0x0010
#define CPU_INTERRUPT_TGT_EXT_2 0x0040
#define CPU_INTERRUPT_TGT_EXT_3 0x0200
#define CPU_INTERRUPT_TGT_EXT_4 0x1000

/* cpu->exception_index beyond the target's own numbers */
#define EXCP_INTERRUPT 0x10000  /* leave the loop, something asynchronous waits */
#define EXCP_HLT       0x10001
#define EXCP_DEBUG     0x10002  /* breakpoint, watchpoint, gdb step */
#define EXCP_HALTED    0x10003
#define EXCP_ATOMIC    0x10005

#define BP_MEM_READ   0x01
#define BP_MEM_WRITE  0x02
#define BP_MEM_ACCESS (BP_MEM_READ | BP_MEM_WRITE)
#define BP_GDB        0x10
#define BP_CPU        0x20
#define BP_WATCHPOINT_HIT 0xc0

/* cpu_single_step(): a debugger's step takes no interrupts; guest timers stand still during it. */
enum { SSTEP_ENABLE = 1, SSTEP_NOIRQ = 2, SSTEP_NOTIMER = 4 };

typedef struct CPUBreakpoint { vaddr pc; int flags; } CPUBreakpoint;
typedef struct CPUWatchpoint { vaddr addr, len, hitaddr; int flags; } CPUWatchpoint;

/* A property of a CPU model as management programs see it. */
typedef struct CPUModelProp {
    const char *name;
    enum { CPU_PROP_FEATURE, CPU_PROP_INT, CPU_PROP_STRING } kind;
    bool on;                    /* the model has the feature */
    bool unavailable;           /* it should, but the translator does not */
    int64_t number;
    const char *text;
} CPUModelProp;
typedef void CPUModelPropFunc(void *opaque, const CPUModelProp *prop);

/* What a target's CPU type provides: class_data of its TypeInfo chain. */
typedef struct CPUClass {
    const char *target_name;            /* "ppc" */
    int vaddr_bits;                     /* 32: direct TLB tables; 64: hashed */
    int num_mmu_modes;                  /* at most 8 */
    size_t env_offset;                  /* of env in the CPU structure */
    const VMStateDescription *vmsd;     /* of env */
    /* A store to the code being run takes effect at the very next instruction. */
    bool stores_change_next_insn;
    /* do_interrupt touches nothing but this CPU: it runs without the BQL. */
    bool exceptions_unlocked;

    /* May be NULL. Before realize: the part of -cpu behind the model, "+x,-y,z=on". */
    bool (*set_features)(CPUState *cpu, const char *features, Error **errp);

    /* May be NULL. fn for each property of a model's type, or of that CPU when it is not NULL. */
    void (*model_props)(const TypeInfo *type, CPUState *cpu, CPUModelPropFunc *fn, void *opaque);
    /* May be NULL. The debugger's button: a nonmaskable interrupt. BQL. */
    void (*inject_nmi)(CPUState *cpu);

    /* Key of block lookup besides the physical page: pc and mode flags. */
    void (*get_tb_state)(CPUArchState *env, vaddr *pc, uint32_t *flags);
    /*
     * May be NULL. True: blocks with these flags run through PAGE_GLOBAL pages (x86:
     * kernels): their keys are the same in all address spaces. Where that turns
     * out wrong the core goes back to keys with tags.
     */
    bool (*blocks_are_global)(CPUArchState *env, uint32_t flags);
    void (*set_pc)(CPUState *cpu, vaddr pc);
    vaddr (*get_pc)(CPUState *cpu);
    int (*mmu_index)(CPUState *cpu, MMUAccessType access);
    /* Put back what insn_start recorded (data[0] = pc). NULL: set_pc(data[0]) does. */
    void (*restore_state_to_opc)(CPUState *cpu, const TranslationBlock *tb, const uint64_t *data);

    /*
     * Translate and install with tlb_set_page. When that fails: probe returns
     * false, otherwise raise the guest's exception (does not return; retaddr
     * as in cpu_loop_exit_restore).
     */
    bool (*tlb_fill)(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access,
                     int mmu_idx, bool probe, uintptr_t retaddr);
    void (*do_unaligned_access)(CPUState *cpu, vaddr addr, MMUAccessType access,
                                int mmu_idx, uintptr_t retaddr) QEMU_NORETURN;
    /* Bus error of an access to nothing or refused by its region. May return: the access is ignored. */
    void (*do_transaction_failed)(CPUState *cpu, hwaddr physaddr, vaddr addr, unsigned size,
                                  MMUAccessType access, int mmu_idx, MemTxResult response, uintptr_t retaddr);
    /* Debuggers: physical address of a virtual one, -1 when unmapped. No side effects. */
    hwaddr (*get_phys_page_debug)(CPUState *cpu, vaddr addr);

    /* Take cpu->exception_index. BQL held, but see exceptions_unlocked. */
    void (*do_interrupt)(CPUState *cpu);
    /* Deliver what cpu->interrupt_request holds; true when state changed. BQL held. */
    bool (*exec_interrupt)(CPUState *cpu, int interrupt_request);
    /* BQL held: is there something that ends a halt? */
    bool (*has_work)(CPUState *cpu);
    void (*debug_excp_handler)(CPUState *cpu);
    /* A debugger's watchpoints stop before the access, as the architecture's own do, and gdb steps over it. */
    bool watchpoints_stop_before;
    /* The guest's own watchpoint (BP_CPU) is touched: raise its exception, or return. */
    void (*watchpoint_access)(CPUState *cpu, vaddr addr, int access, uintptr_t retaddr);
    /*
     * May be NULL. Around the time in which generated code may run (cpu_exec's
     * loop; also again after each cpu_loop_exit to it is fine): enter loads the
     * guest's rounding mode into the host's FPU, leave merges the host's FP
     * flags into env and restores the host's defaults. On the CPU's own thread.
     */
    void (*exec_enter)(CPUState *cpu);
    void (*exec_leave)(CPUState *cpu);

    void (*dump_state)(CPUState *cpu, FILE *f, int flags);      /* info registers */
    void (*dump_mmu)(CPUState *cpu, FILE *f);                   /* info tlb; may be NULL */
    /* info walk: what is read on the way of addr. NULL: nothing, get_phys_page_debug is all there is. */
    void (*dump_walk)(CPUState *cpu, vaddr addr, FILE *f);
    void (*dump_statistics)(CPUState *cpu, FILE *f);            /* may be NULL */
    /*
     * May be NULL. The return addresses of the functions that the CPU is in, innermost
     * first, as far as the stack tells; returns how many. On the CPU's own thread.
     */
    unsigned (*backtrace)(CPUState *cpu, vaddr *pcs, unsigned max);
    /* Disassembly by Capstone: its arch and mode for the CPU's code. */
    void (*disas_set_info)(CPUState *cpu, int *cs_arch, int *cs_mode);
    /*
     * Or by the target: the text of the instruction in bytes ("add     r1,r2,r3");
     * returns its length, 0: none. disas_unit: the bytes to step over then.
     */
    int (*disas_insn)(vaddr pc, const uint8_t *bytes, size_t len, char *text, size_t size);
    int disas_unit;

    /* gdb: registers in gdb's order; bytes written/consumed, 0: no such register. */
    int gdb_num_core_regs;
    const char *gdb_arch;               /* "powerpc:common" */
    int (*gdb_read_register)(CPUState *cpu, GByteArray *buf, int reg);
    int (*gdb_write_register)(CPUState *cpu, const uint8_t *buf, int reg);
    /* What the registers are called: rows for the target description. */
    const struct GdbFeature *(*gdb_features)(CPUState *cpu, size_t *count);
} CPUClass;

#define DUMP_FPU 1
#define DUMP_VPU 2

struct run_on_cpu_item;

struct CPUState {
    DeviceState parent_obj;
    const CPUClass *cc;
    CPUArchState *env;
    int cpu_index;

    pthread_t thread;
    int thread_id;
    bool created, running, stop, stopped, unplug;
    bool start_powered_off;
    pthread_cond_t halt_cond;           /* with the BQL */
    struct run_on_cpu_item *work;       /* with work_lock */
    pthread_mutex_t work_lock;

    uint32_t interrupt_request;         /* CPU_INTERRUPT_x; BQL, or atomic */
    uint32_t halted;
    int32_t exception_index;            /* -1: none */
    sigjmp_buf jmp_env;                 /* cpu_loop_exit() */
    bool in_exec;
    bool can_do_io;
    bool restart_insn;                  /* the next block holds one instruction */
    int singlestep_enabled;             /* SSTEP_x of gdb */
    bool debug_stop;                    /* EXCP_DEBUG stopped it since a debugger last looked; BQL */
    bool crash_occurred;

    AddressSpace *as;                   /* physical memory of this CPU */
    CPUTLB *tlb;
    TranslationBlock **jmp_cache_tbs;     /* blocks of the jump cache entries */

    GArray *breakpoints;                /* of CPUBreakpoint */
    GArray *watchpoints;                /* of CPUWatchpoint */
    CPUWatchpoint watchpoint_hit;       /* len 0: none. Else what a debugger's stop is to tell */

    /* -icount: budget of the current slice, in instructions */
    int64_t icount_budget;
    /* where thunks keep the host address of the op that called them */
    uintptr_t mem_io_pc;
    int64_t icount_executed;            /* before the current slice */
    CPUState *next;
};

/*
 * Indirect jump cache: inline in generated code (tcg_gen_lookup_and_goto_ptr).
 * key = env's tb_key ^ pc. The code pointer is an executable address.
 */
#define TB_JMP_CACHE_BITS 14
#define TB_JMP_CACHE_SIZE (1 << TB_JMP_CACHE_BITS)
typedef struct TBJumpCacheEntry {
    uint64_t key;
    const void *code;
} TBJumpCacheEntry;

/*
 * What generated code touches, directly in front of env. Offsets are negative.
 *
 * tb_key: high 32 bits (64-bit guests: high 16 bits, canonical pcs only) identify
 *   (mode flags, address space, epoch); the rest colours the cache. Whoever changes what
 *   get_tb_state's flags depend on, or a mapping that code was fetched from,
 *   gives it a new value through tb_key_update() / cpu_code_mapping_changed().
 * exit_request: != 0 makes generated code leave at the next block head or back edge.
 * icount_left: instructions left in the slice, with -icount; generated code subtracts.
 * host_regs/host_xmm: thunks of memory and guard slow paths save host registers
 *   here, so that a fault can write dirty guest registers back.
 */
typedef struct CPUNeg {
    uint64_t host_xmm[16][2];
    uint64_t simd_val[3][2];    /* operands and result of SIMD operations out of line */
    uint64_t host_regs[16];
    uint64_t slow_addr;         /* operands of slow-path thunks */
    uint64_t slow_val[4];
    TBJumpCacheEntry *jmp_cache;
    uint64_t tb_key;
    int32_t icount_left;
    uint32_t exit_request;
} QEMU_ALIGNED(16) CPUNeg;

static inline CPUNeg *env_neg(CPUArchState *env) { return (CPUNeg *)env - 1; }
static inline CPUNeg *cpu_neg(CPUState *cpu) { return env_neg(cpu->env); }
/* env -> CPUState; cpu_env_offset is set once by cpu_alloc (one target an executable). */
extern size_t cpu_env_offset;
static inline CPUState *env_cpu(CPUArchState *env) { return (CPUState *)((char *)env - cpu_env_offset); }
/* Displacement from env of CPUNeg's field f. */
#define ENV_NEG_OFFSET(f) ((int)offsetof(CPUNeg, f) - (int)sizeof(CPUNeg))

/* Instance memory of a CPU type, with its tables (used as TypeInfo allocation by "cpu" types). */
CPUState *cpu_create(const char *cpu_type, Error **errp);  /* allocates, realizes, starts its thread */
void qemu_init_vcpu(CPUState *cpu);             /* from cpu_create(): its number and thread */

extern CPUState *first_cpu;
#define CPU_FOREACH(c) for (CPUState *c = first_cpu; c; c = c->next)
extern __thread CPUState *current_cpu;
CPUState *qemu_get_cpu(int index);

#define CPU(o) ((CPUState *)(o))
#define TYPE_CPU "cpu"

/* Any thread. Sets bits and kicks the CPU. BQL held. */
void cpu_interrupt(CPUState *cpu, int mask);
void cpu_reset_interrupt(CPUState *cpu, int mask);
void qemu_cpu_kick(CPUState *cpu);
/* Make the CPU leave generated code soon. Any thread, no lock. */
void cpu_exit(CPUState *cpu);
void cpu_reset(CPUState *cpu);
/* -d cpu_reset: before each reset, and from a target's own kinds of it, such as INIT. */
void cpu_log_reset(CPUState *cpu);
/*
 * The guest cannot go on by itself from here: a line for -d guest_errors, "CPU n: .."; with
 * int or cpu_reset the registers and the way of addr are behind it.
 */
void cpu_log_dead_end(CPUState *cpu, vaddr addr, const char *format, ...) QEMU_PRINTF(3, 4);
/* Run fn(cpu, data) on the CPU's own thread outside generated code. */
typedef void run_on_cpu_func(CPUState *cpu, void *data);
void run_on_cpu(CPUState *cpu, run_on_cpu_func *fn, void *data);        /* waits; BQL held, dropped meanwhile */
void async_run_on_cpu(CPUState *cpu, run_on_cpu_func *fn, void *data);
void pause_all_vcpus(void);     /* BQL */
void resume_all_vcpus(void);    /* BQL */
void resume_vcpu(CPUState *cpu);        /* BQL: one of them, for debuggers */

/* Leave the current block: QEMU_NORETURN, called on the CPU's own thread. */
void cpu_loop_exit(CPUState *cpu) QEMU_NORETURN;
/* retaddr: GETPC() of the outermost helper, 0: state is already right. */
void cpu_loop_exit_restore(CPUState *cpu, uintptr_t retaddr) QEMU_NORETURN;
/* Make env precise for the instruction that made the call; false: retaddr is not generated code. */
bool cpu_restore_state(CPUState *cpu, uintptr_t retaddr);

/*
 * A debugger's (BP_GDB) breakpoint stops the machine before its instruction, a watchpoint
 * behind the one that made the access (but see watchpoints_stop_before). Each holds for one CPU. BQL, the CPU is stopped.
 */
int cpu_breakpoint_insert(CPUState *cpu, vaddr pc, int flags);
int cpu_breakpoint_remove(CPUState *cpu, vaddr pc, int flags);
int cpu_watchpoint_insert(CPUState *cpu, vaddr addr, vaddr len, int flags);
int cpu_watchpoint_remove(CPUState *cpu, vaddr addr, vaddr len, int flags);
/* flags: SSTEP_x, 0: off. The next instruction, or the exception it raises, stops the machine. */
void cpu_single_step(CPUState *cpu, int flags);

/* Guest virtual memory for debuggers; false when a page is unmapped. */
bool cpu_memory_rw_debug(CPUState *cpu, vaddr addr, void *buf, size_t len, bool is_write);

/* The type of a model ("qemu64", or the type's own name); NULL: unknown. */
const TypeInfo *cpu_type_by_model(const char *model);
/* "qemu64" of "qemu64-x86_64-cpu"; NULL: no model but what models have in common. g_free it. */
char *cpu_model_of_type(const TypeInfo *type);
/* "x86_64": the guest architecture of this executable. */
const char *target_name(void);
/* -cpu help; the target defines it. */
void target_cpu_list(FILE *f);

#endif
