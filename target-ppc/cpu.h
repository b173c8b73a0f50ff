/*
 * PowerPC guest CPU: architected state, bit names, exceptions, block flags.
 *
 * Follows "Programming Environments Manual for 32-Bit Implementations of the
 * PowerPC Architecture" (PEM) and the user's manuals of the modelled chips.
 * Bit constants are masks of the 32-bit register (PEM bit 0 is 0x80000000).
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_CPU_H
#define TARGET_PPC_CPU_H

#include "hw/core/cpu.h"
#include "exec/cputlb.h"
#include "qemu/timer.h"

typedef struct CPUArchState CPUPPCState;
typedef struct PPCModel PPCModel;

/* Machine state register (PEM 2.3.1). */
enum {
    MSR_VEC = 0x02000000, MSR_POW = 0x00040000, MSR_TGPR = 0x00020000, MSR_ILE = 0x00010000,
    MSR_EE  = 0x00008000, MSR_PR  = 0x00004000, MSR_FP   = 0x00002000, MSR_ME  = 0x00001000,
    MSR_FE0 = 0x00000800, MSR_SE  = 0x00000400, MSR_BE   = 0x00000200, MSR_FE1 = 0x00000100,
    MSR_IP  = 0x00000040, MSR_IR  = 0x00000020, MSR_DR   = 0x00000010, MSR_PMM = 0x00000004,
    MSR_RI  = 0x00000002, MSR_LE  = 0x00000001,
};

/* Special purpose registers, by number. */
enum {
    SPR_MQ = 0, SPR_XER = 1, SPR_601_RTCU = 4, SPR_601_RTCL = 5, SPR_LR = 8, SPR_CTR = 9,
    SPR_DSISR = 18, SPR_DAR = 19, SPR_601_RTCU_W = 20, SPR_601_RTCL_W = 21, SPR_DEC = 22,
    SPR_SDR1 = 25, SPR_SRR0 = 26, SPR_SRR1 = 27, SPR_VRSAVE = 256, SPR_TBL = 268, SPR_TBU = 269,
    SPR_SPRG0 = 272, SPR_SPRG4 = 276, SPR_EAR = 282, SPR_TBL_W = 284, SPR_TBU_W = 285, SPR_PVR = 287,
    SPR_IBAT0U = 528, SPR_DBAT0U = 536, SPR_IBAT4U = 560, SPR_DBAT4U = 568,
    SPR_UMMCR2 = 928, SPR_UMMCR0 = 936, SPR_UPMC1 = 937, SPR_UPMC2 = 938, SPR_USIAR = 939,
    SPR_UMMCR1 = 940, SPR_UPMC3 = 941, SPR_UPMC4 = 942, SPR_USDAR = 943,
    SPR_MMCR2 = 944, SPR_PMC5 = 945, SPR_PMC6 = 946, SPR_BAMR = 951, SPR_MMCR0 = 952, SPR_PMC1 = 953,
    SPR_PMC2 = 954, SPR_SIAR = 955, SPR_MMCR1 = 956, SPR_PMC3 = 957, SPR_PMC4 = 958, SPR_SDAR = 959,
    SPR_DMISS = 976, SPR_DCMP = 977, SPR_HASH1 = 978, SPR_HASH2 = 979, SPR_IMISS = 980,
    SPR_ICMP = 981, SPR_RPA = 982, SPR_HID0 = 1008, SPR_HID1 = 1009, SPR_IABR = 1010, SPR_HID2_603 = 1011,
    SPR_DABR = 1013, SPR_MSSCR0 = 1014, SPR_MSSSR0 = 1015, SPR_LDSTCR = 1016, SPR_L2CR = 1017,
    SPR_L3CR = 1018, SPR_ICTC = 1019, SPR_THRM1 = 1020, SPR_THRM2 = 1021, SPR_THRM3 = 1022, SPR_PIR = 1023,
};

/* DSISR and SRR1 causes (PEM 6.4). */
enum {
    DSISR_DIRECT = 0x80000000, DSISR_NOPTE = 0x40000000, DSISR_PROT = 0x08000000,
    DSISR_EAR = 0x04000000, DSISR_STORE = 0x02000000, DSISR_DABR = 0x00400000,
    SRR1_NOPTE = 0x40000000, SRR1_NOEXEC = 0x10000000, SRR1_PROT = 0x08000000,
    SRR1_FP = 0x00100000, SRR1_ILLEGAL = 0x00080000, SRR1_PRIV = 0x00040000, SRR1_TRAP = 0x00020000,
    SRR1_NEXT = 0x00010000,
};

/* cpu->exception_index. The vector is the number (PEM table 6-2), times 0x100 below 0x20. */
typedef enum PPCException {
    EXCP_NONE = -1,
    EXCP_RESET = 0x100, EXCP_MCHECK = 0x200, EXCP_DSI = 0x300, EXCP_ISI = 0x400,
    EXCP_EXTERNAL = 0x500, EXCP_ALIGN = 0x600, EXCP_PROGRAM = 0x700, EXCP_FPU = 0x800,
    EXCP_DECR = 0x900, EXCP_IOERR = 0xa00, EXCP_SYSCALL = 0xc00, EXCP_TRACE = 0xd00,
    EXCP_FPA = 0xe00, EXCP_PERFM = 0xf00, EXCP_VPU = 0xf20,
    EXCP_IFTLB = 0x1000, EXCP_DLTLB = 0x1100, EXCP_DSTLB = 0x1200, EXCP_IABR = 0x1300,
    EXCP_SMI = 0x1400, EXCP_VPUA = 0x1600, EXCP_THERM = 0x1700, EXCP_RUNM_601 = 0x2000,
} PPCException;

/*
 * Block flags (get_tb_state). The MSR bits keep their places.
 * TRACK_SO: XER.SO or some CR field's SO bit may be set. Without it generated
 *   code neither reads nor writes them; what would set one calls
 *   helper_track_so(), which turns the flag on and starts the instruction anew.
 * FP_EXACT: FP instructions take the exact routines (enabled exceptions, NI).
 */
enum {
    TBF_MSR = MSR_VEC | MSR_PR | MSR_FP | MSR_FE0 | MSR_SE | MSR_BE | MSR_FE1 | MSR_IR | MSR_DR | MSR_LE,
    TBF_TRACK_SO = 0x40000000,
    TBF_FP_EXACT = 0x20000000,
    /* TBF_FP_VECTOR: the host rounds as AltiVec does, else as FPSCR says; see fp.h. */
    TBF_FP_VECTOR = 0x08000000,
    TBF_IABR = 0x10000000,          /* instructions are compared with IABR */
};

/* Fetches have tables of their own: code and data are translated by different BATs. */
enum {
    MMU_USER_IDX, MMU_KERNEL_IDX, MMU_REAL_IDX, MMU_USER_FETCH_IDX, MMU_KERNEL_FETCH_IDX, MMU_IDX_COUNT
};

/* Inputs of the CPU's unnamed gpio_in array. */
enum {
    PPC_INPUT_HRESET, PPC_INPUT_SRESET, PPC_INPUT_CKSTP, PPC_INPUT_MCP, PPC_INPUT_SMI,
    PPC_INPUT_INT, PPC_INPUT_TBEN, PPC_INPUT_COUNT
};

/* env->pending_interrupts */
enum {
    PPC_IRQ_RESET = 1, PPC_IRQ_MCHECK = 2, PPC_IRQ_SMI = 4, PPC_IRQ_EXTERNAL = 8,
    PPC_IRQ_DECR = 16, PPC_IRQ_PERFM = 32, PPC_IRQ_THERM = 64,
};

/*
 * A CR field without its SO bit, so that a compare is one subtraction and a
 * record form one sign extension:
 *   LT = bit 62, GT = value > 0 (signed), EQ = low 32 bits are 0.
 * cr_encode() makes one value for any combination.
 */
static inline int64_t cr_encode(unsigned lt_gt_eq_so)
{
    return (lt_gt_eq_so & 8 ? INT64_C(1) << 62 : 0) | (lt_gt_eq_so & 4 ? 0 : INT64_MIN) |
           (INT64_C(1) << 32) | (lt_gt_eq_so & 2 ? 0 : 1);
}
/* LT GT EQ 0, as mfcr shows them. */
static inline unsigned cr_decode(int64_t value)
{
    return (value >> 62 & 1) << 3 | (value > 0) << 2 | ((uint32_t)value == 0) << 1;
}

/* A vector register: the 128-bit big-endian value in host order, so PowerPC byte n is u8[15 - n]. */
typedef union QEMU_ALIGNED(16) PPCVec {
    uint8_t u8[16];
    int8_t s8[16];
    uint16_t u16[8];
    int16_t s16[8];
    uint32_t u32[4];
    int32_t s32[4];
    uint64_t u64[2];
    float f32[4];
} PPCVec;
/* Index into the arrays of element n of the manual (element 0 is the most significant). */
#define VEC_B(n) (15 - (n))
#define VEC_H(n) (7 - (n))
#define VEC_W(n) (3 - (n))

typedef struct PPCTimebase {
    uint32_t frequency_hz;
    int64_t offset;             /* timebase = ticks of QEMU_CLOCK_VIRTUAL + offset */
    int64_t decr_base;          /* decrementer = decr_base - ticks of QEMU_CLOCK_VIRTUAL */
    QEMUTimer *decr_timer;
} PPCTimebase;

/* One entry of the 603's software-loaded TLBs. */
typedef struct PPC6xxTLB {
    uint32_t pte0, pte1, ea;
} PPC6xxTLB;
enum { TLB_6XX_WAYS = 2, TLB_6XX_SETS = 32 };

struct CPUArchState {
    /* Hottest first: reached with one-byte displacements. */
    uint32_t gpr[32];
    int64_t cr[8];              /* see cr_encode */
    uint32_t lr, ctr, nip;
    uint32_t xer_ca;            /* 0 or 1 */
    uint32_t xer_so, xer_ov;    /* 0 or 1 */
    uint32_t xer_rest;          /* byte count and compare byte: bits 0-7 and 8-15 from the right */
    uint32_t cr_so;             /* bit 7 - n: SO bit of CR field n */
    uint32_t msr;
    uint32_t hflags;            /* what get_tb_state gives */
    uint32_t reserve_addr;      /* effective address of the reservation; 1: none */
    uint32_t reserve_val;
    bool track_so;              /* TBF_TRACK_SO */

    /* Floating point: meaning of everything but fpr belongs to helper-fp.c. */
    uint64_t fpr[32] QEMU_ALIGNED(16);
    uint32_t fpscr;             /* bits that are not kept elsewhere */
    uint32_t fp_lazy;           /* which of the parts below are newer than fpscr */
    uint64_t fp_result;         /* last result, for FPRF */
    uint64_t fp_aux[4];
    bool fp_exact;              /* TBF_FP_EXACT */
    bool fp_vector;             /* TBF_FP_VECTOR */
    bool fp_live;               /* the host's FP status register belongs to this CPU now */

    /* AltiVec */
    PPCVec vr[32];
    uint32_t vscr_nj, vscr_sat; /* SAT: vscr_sat or vscr_diff is not 0 */
    PPCVec vscr_diff;           /* saturated "xor" wrapped results since SAT was last read */
    PPCVec vec_arg[3], vec_result;      /* of calls: see altivec.h; no guest state */

    uint32_t sr[16];
    uint32_t spr[1024];         /* plain storage; BATs, SDR1, SRR0.. live here too */
    uint32_t tgpr[4];           /* r0-r3 of the bank not in use (603) */
    PPC6xxTLB tlb6xx[2][TLB_6XX_WAYS][TLB_6XX_SETS];    /* [0] data, [1] code */
    uint32_t tlb6xx_lru[2];     /* bit s: way to replace in set s */

    uint32_t pending_interrupts;    /* PPC_IRQ_x; BQL */
    uint32_t input_levels;          /* bit n: level of PPC_INPUT n */
    uint32_t error_code;            /* DSISR or SRR1 cause of the exception being raised */
    uint32_t fault_insn;            /* opcode behind an alignment exception */
    bool segments_changed;          /* sr[] may differ from what the TLB holds */
    uint32_t sr_active[16];         /* what the TLB holds translations of */
    bool checkstopped;
    uint32_t dabr_watched;      /* the DABR that the core's watchpoint stands for */
    PPCTimebase tb;
    const PPCModel *model;
};

typedef struct PowerPCCPU {
    CPUState parent_obj;
    CPUNeg neg;
    CPUPPCState env;
} PowerPCCPU;
_Static_assert(offsetof(PowerPCCPU, env) == offsetof(PowerPCCPU, neg) + sizeof(CPUNeg),
               "CPUNeg lies directly in front of env");

#define TYPE_POWERPC_CPU "powerpc-cpu"
#define POWERPC_CPU_SUFFIX "-powerpc-cpu"   /* type = model name + suffix */
#define POWERPC_CPU(o) ((PowerPCCPU *)(o))

/* cpu-models.c: what a chip has. */
enum {
    /* instruction groups: the `needs` of rows in insns-*.h */
    PPC_601 = 1 << 0,           /* POWER instructions that the 601 kept */
    PPC_NOT_601 = 1 << 1,       /* what the 601 lacks */
    PPC_BASE_FLOAT = 1 << 2,
    PPC_FLOAT_OPT = 1 << 3,     /* fres frsqrte fsel stfiwx */
    PPC_FSQRT = 1 << 4,
    PPC_ALTIVEC_FEATURE = 1 << 5,
    PPC_EXTERN = 1 << 6,        /* eciwx ecowx */
    PPC_TLB603 = 1 << 7,        /* tlbld tlbli, software TLB */
    PPC_TLBSYNC = 1 << 8,
    PPC_TLBIA = 1 << 9,
    /* other properties */
    PPC_HIGH_BATS = 1 << 16,
    PPC_BATS_601 = 1 << 17,
    PPC_IP_RESET_0 = 1 << 18,   /* resets with MSR.IP = 0 */
    PPC_74XX_TLB = 1 << 19,     /* 7450 family: HID0.STEN software table search */
};

struct PPCModel {
    const char *name;           /* "750_v3.1" */
    const char *alias_of;       /* NULL, or the model this is another name of */
    const char *desc;
    uint32_t pvr;
    uint32_t features;          /* PPC_x */
    uint32_t spr_groups;        /* see cpu-sprs.c */
    uint32_t msr_mask;          /* implemented MSR bits */
    uint32_t hid1;              /* reset value: PLL configuration */
    uint16_t cache_line_bytes;
};

extern const VMStateDescription vmstate_ppc_cpu;

/* cpu.c: recompute hflags after a change of MSR, track_so or fp_exact; tells the core when they changed. */
void ppc_update_hflags(CPUPPCState *env);
uint32_t ppc_get_cr(const CPUPPCState *env);
void ppc_set_cr(CPUPPCState *env, uint32_t value, unsigned field_mask);   /* bit 7 - n: field n */
uint32_t ppc_get_xer(const CPUPPCState *env);
void ppc_set_xer(CPUPPCState *env, uint32_t value);

/* helper-fp.c: FPSCR as mffs shows it, and setting all of it (host state, hflags). */
uint32_t ppc_get_fpscr(CPUPPCState *env);
void ppc_set_fpscr(CPUPPCState *env, uint32_t value);
/* After reset or loading a snapshot: make the host's FP state follow env (on the CPU's thread). */
void ppc_fp_reset(CPUPPCState *env);

/* helper-altivec.c: VSCR as mfvscr shows it, in the last word. */
uint32_t ppc_get_vscr(CPUPPCState *env);
void ppc_set_vscr(CPUPPCState *env, uint32_t value);

/* helper-excp.c */
void ppc_store_msr(CPUPPCState *env, uint32_t value);
void ppc_cpu_do_interrupt(CPUState *cpu);
bool ppc_cpu_exec_interrupt(CPUState *cpu, int interrupt_request);
bool ppc_cpu_has_work(CPUState *cpu);
/* Set or clear a PPC_IRQ_x bit and the CPU's interrupt request. BQL. */
void ppc_set_irq(PowerPCCPU *cpu, uint32_t irq, bool level);
/* The address that the load or store at nip computes; little-endian mode changes it behind that. */
uint32_t ppc_computed_address(CPUPPCState *env);
/* Alignment exception of the instruction at nip, DAR = ea. */
void raise_alignment(CPUPPCState *env, uint32_t ea) QEMU_NORETURN;
/* Raise at the instruction whose helper returns to retaddr; error_code: DSISR or SRR1 bits. */
void raise_exception_err_ra(CPUPPCState *env, PPCException excp, uint32_t error_code,
                            uintptr_t retaddr) QEMU_NORETURN;

/* mmu.c */
bool ppc_cpu_tlb_fill(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access,
                      int mmu_idx, bool probe, uintptr_t retaddr);
hwaddr ppc_cpu_get_phys_page_debug(CPUState *cpu, vaddr addr);
void ppc_dump_mmu(CPUState *cpu, FILE *f);
/* info.c: how ea is translated: block registers, segment, both groups of the hashed table. */
void ppc_dump_walk(CPUPPCState *env, uint32_t ea, bool code, FILE *f);
/* As code, then as data. */
void ppc_cpu_dump_walk(CPUState *cpu, vaddr addr, FILE *f);
/* At context synchronisation: make the TLB follow segment registers written since. */
void ppc_sync_segments(CPUPPCState *env);
void ppc_store_bat(CPUPPCState *env, unsigned spr, uint32_t value);
void ppc_mmu_reset(CPUPPCState *env);

/* debug.c */
bool ppc_iabr_is_on(const CPUPPCState *env);
void ppc_update_dabr(CPUPPCState *env);
unsigned ppc_cpu_backtrace(CPUState *cpu, vaddr *pcs, unsigned max);
void ppc_watchpoint_access(CPUState *cpu, vaddr addr, int access, uintptr_t retaddr);

/* timebase.c: all BQL-free on the CPU's own thread. */
void cpu_ppc_tb_init(CPUPPCState *env, uint32_t frequency_hz);   /* boards: after cpu_create */
void cpu_ppc_tb_reset(CPUPPCState *env);
uint64_t cpu_ppc_load_tb(CPUPPCState *env);
void cpu_ppc_store_tb(CPUPPCState *env, uint64_t value);
uint32_t cpu_ppc_load_decr(CPUPPCState *env);
void cpu_ppc_store_decr(CPUPPCState *env, uint32_t value);

/* gdbstub.c */
int ppc_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg);
int ppc_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg);
const struct GdbFeature *ppc_gdb_features(CPUState *cpu, size_t *count);

#endif
