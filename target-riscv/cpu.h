/*
 * RISC-V guest CPU, RV32IMAC with machine, supervisor and user mode: state, bit
 * names, exceptions, block flags.
 *
 * Follows "The RISC-V Instruction Set Manual", volume I (20191213, unprivileged)
 * and volume II (20211203, privileged). There are no PMP entries.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_RISCV_CPU_H
#define TARGET_RISCV_CPU_H

#include "hw/core/cpu.h"
#include "exec/cputlb.h"
#include "hw/riscv-cpu.h"

typedef struct CPUArchState CPURISCVState;

enum { PRIV_U = 0, PRIV_S = 1, PRIV_M = 3 };

/* mstatus (volume II, 3.1.6). */
enum {
    MSTATUS_SIE = 1 << 1, MSTATUS_MIE = 1 << 3, MSTATUS_SPIE = 1 << 5, MSTATUS_MPIE = 1 << 7, MSTATUS_SPP = 1 << 8,
    MSTATUS_MPP = 3 << 11, MSTATUS_MPP_SHIFT = 11, MSTATUS_MPRV = 1 << 17, MSTATUS_SUM = 1 << 18,
    MSTATUS_MXR = 1 << 19, MSTATUS_TVM = 1 << 20, MSTATUS_TW = 1 << 21, MSTATUS_TSR = 1 << 22,
};

/* Exceptions: mcause, and cpu->exception_index. */
enum {
    EXCP_FETCH_ACCESS = 1, EXCP_ILLEGAL = 2, EXCP_BREAKPOINT = 3, EXCP_LOAD_MISALIGNED = 4, EXCP_LOAD_ACCESS = 5,
    EXCP_STORE_MISALIGNED = 6, EXCP_STORE_ACCESS = 7, EXCP_ECALL_U = 8, EXCP_ECALL_S = 9, EXCP_ECALL_M = 11,
    EXCP_FETCH_PAGE = 12, EXCP_LOAD_PAGE = 13, EXCP_STORE_PAGE = 15,
};
#define CAUSE_INTERRUPT 0x80000000u

/* mip, mie: masks of RISCV_IRQ_x. */
enum {
    MIP_SSIP = 1 << RISCV_IRQ_SSI, MIP_MSIP = 1 << RISCV_IRQ_MSI, MIP_STIP = 1 << RISCV_IRQ_STI,
    MIP_MTIP = 1 << RISCV_IRQ_MTI, MIP_SEIP = 1 << RISCV_IRQ_SEI, MIP_MEIP = 1 << RISCV_IRQ_MEI,
    MIP_S_MASK = MIP_SSIP | MIP_STIP | MIP_SEIP,
    MIP_ALL = MIP_S_MASK | MIP_MSIP | MIP_MTIP | MIP_MEIP,
};

/* satp (4.1.11) */
enum { SATP_ASID_SHIFT = 22, SATP_PPN = 0x003fffff };
#define SATP_MODE 0x80000000u

/* Rights of accesses. SUM: supervisor that may touch user pages. MACHINE: no translation. */
enum { MMU_USER_IDX, MMU_SUPER_IDX, MMU_SUM_IDX, MMU_MACHINE_IDX, MMU_IDX_COUNT };
enum { MMU_TRANSLATED_IDXMAP = 1 << MMU_USER_IDX | 1 << MMU_SUPER_IDX | 1 << MMU_SUM_IDX };

/* Block flags: privilege, and MMU index of data. */
enum { TBF_PRIV = 3, TBF_MEM_IDX_SHIFT = 2 };

#define NO_RESERVATION UINT32_MAX       /* a word's address is aligned */

struct CPUArchState {
    uint32_t gpr[32];
    uint32_t pc;
    uint32_t load_addr, load_value;     /* reservation of LR: what it read where */
    uint32_t hflags;                    /* what get_tb_state gives */
    uint32_t priv;

    uint32_t mstatus, medeleg, mideleg, mie, mtvec, mcounteren, menvcfg, mscratch, mepc, mcause, mtval;
    uint32_t stvec, scounteren, senvcfg, sscratch, sepc, scause, stval, satp;
    uint32_t mip_soft;                  /* bits that software set: MIP_S_MASK */
    uint32_t mip_lines;                 /* inputs; BQL */
    uint64_t counter_offset[2];         /* mcycle, minstret: what writing them added */

    uint32_t badaddr;                   /* mtval of the exception being raised */
    uint32_t hart_id;
    RISCVTimeFn *time;                  /* the board's mtime, NULL: there is none */
    void *time_opaque;
    const struct RISCVModel *model;
};

typedef struct RISCVCPU {
    CPUState parent_obj;
    CPUNeg neg;
    CPURISCVState env;
} RISCVCPU;
_Static_assert(offsetof(RISCVCPU, env) == offsetof(RISCVCPU, neg) + sizeof(CPUNeg),
               "CPUNeg lies directly in front of env");
#define RISCV_CPU(o) ((RISCVCPU *)(o))

typedef struct RISCVModel {
    const char *name, *desc;
    bool has_mmu;                       /* Sv32 and supervisor mode */
} RISCVModel;

extern const VMStateDescription vmstate_riscv_cpu;
extern const char *const riscv_gpr_names[32];   /* of the ABI: "zero", "ra", .. */

static inline uint32_t riscv_mip(const CPURISCVState *env)
{
    return env->mip_soft | qatomic_read(&env->mip_lines);
}

/* cpu.c: recompute hflags after a change of priv or mstatus; tells the core when they changed. */
void riscv_update_hflags(CPURISCVState *env);
/* The MMU index of data. */
int riscv_data_mmu_index(const CPURISCVState *env);

/* helper-excp.c */
void riscv_cpu_do_interrupt(CPUState *cpu);
bool riscv_cpu_exec_interrupt(CPUState *cpu, int interrupt_request);
/* mip, mie or what masks them changed: the interrupt request follows. Takes the BQL where it is not held. */
void riscv_update_irq(CPURISCVState *env);
/* Raise at the instruction whose helper returns to retaddr (0: the state is right). */
void raise_exception_ra(CPURISCVState *env, int excp, uint32_t badaddr, uintptr_t retaddr) QEMU_NORETURN;
/* Illegal instruction; its bits go to mtval. */
void raise_illegal_ra(CPURISCVState *env, uintptr_t retaddr) QEMU_NORETURN;
/* The instruction at pc, 16 or 32 bits. */
uint32_t riscv_fetch_insn(CPURISCVState *env, uint32_t pc);

/* csr.c: read, and write mask's bits of value; false: there is no such register, or not for this mode. */
bool riscv_csr_access(CPURISCVState *env, unsigned csr, uint32_t *old, uint32_t value, uint32_t mask, bool write);
/* Its name, NULL: none. */
const char *riscv_csr_name(unsigned csr);

/* mmu.c */
bool riscv_cpu_tlb_fill(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access, int mmu_idx, bool probe,
                        uintptr_t retaddr);
void riscv_cpu_do_unaligned_access(CPUState *cpu, vaddr addr, MMUAccessType access, int mmu_idx,
                                   uintptr_t retaddr) QEMU_NORETURN;
void riscv_cpu_do_transaction_failed(CPUState *cpu, hwaddr physaddr, vaddr addr, unsigned size, MMUAccessType access,
                                     int mmu_idx, MemTxResult response, uintptr_t retaddr);
hwaddr riscv_cpu_get_phys_page_debug(CPUState *cpu, vaddr addr);
void riscv_dump_mmu(CPUState *cpu, FILE *f);
void riscv_dump_walk(CPUState *cpu, vaddr addr, FILE *f);

/* backtrace.c */
unsigned riscv_cpu_backtrace(CPUState *cpu, vaddr *pcs, unsigned max);
void riscv_set_satp(CPURISCVState *env, uint32_t value);
/* Reset, snapshots: the TLB follows satp. */
void riscv_mmu_reset(CPURISCVState *env);

/* disas.c, gdbstub.c */
int riscv_disas(vaddr pc, const uint8_t *bytes, size_t len, char *text, size_t size);
int riscv_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg);
int riscv_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg);
const struct GdbFeature *riscv_gdb_features(CPUState *cpu, size_t *count);
enum { RISCV_GDB_CORE_REGS = 33 };       /* x0-x31, pc; CSRs follow by number */

#endif
