/*
 * x86 guest CPU: architected state, bit names, exceptions, block flags.
 *
 * Follows the "Intel 64 and IA-32 Architectures Software Developer's Manual"
 * (SDM) and the "AMD64 Architecture Programmer's Manual" (APM) where they
 * differ on what the modelled chips do. Compiled for two executables:
 * TARGET_X86_64 adds the 64-bit registers and long mode.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_CPU_H
#define TARGET_I386_CPU_H

#include "hw/core/cpu.h"
#include "hw/x86-cpu.h"
#include "exec/cputlb.h"
#include "qemu/timer.h"

#ifdef TARGET_X86_64
typedef uint64_t target_ulong;
typedef int64_t target_long;
#define TARGET_LONG_BITS 64
#define TARGET_FMT_lx "%016" PRIx64
enum { CPU_NB_REGS = 16 };
#else
typedef uint32_t target_ulong;
typedef int32_t target_long;
#define TARGET_LONG_BITS 32
#define TARGET_FMT_lx "%08x"
enum { CPU_NB_REGS = 8 };
#endif

typedef struct CPUArchState CPUX86State;
typedef struct X86Model X86Model;

/* General registers and segment registers, in encoding order. */
enum { R_EAX, R_ECX, R_EDX, R_EBX, R_ESP, R_EBP, R_ESI, R_EDI, R_R8 };
enum { R_ES, R_CS, R_SS, R_DS, R_FS, R_GS, SEG_COUNT };

/* EFLAGS (SDM 1:3.4.3). */
enum {
    CC_C = 0x0001, CC_P = 0x0004, CC_A = 0x0010, CC_Z = 0x0040, CC_S = 0x0080, CC_O = 0x0800,
    CC_ALL = CC_C | CC_P | CC_A | CC_Z | CC_S | CC_O,
    TF_MASK = 0x00000100, IF_MASK = 0x00000200, DF_MASK = 0x00000400, IOPL_MASK = 0x00003000,
    NT_MASK = 0x00004000, RF_MASK = 0x00010000, VM_MASK = 0x00020000, AC_MASK = 0x00040000,
    VIF_MASK = 0x00080000, VIP_MASK = 0x00100000, ID_MASK = 0x00200000,
    IOPL_SHIFT = 12,
};

/* Control registers (SDM 3A:2.5). */
#define CR0_PE_MASK (1u << 0)
#define CR0_MP_MASK (1u << 1)
#define CR0_EM_MASK (1u << 2)
#define CR0_TS_MASK (1u << 3)
#define CR0_ET_MASK (1u << 4)
#define CR0_NE_MASK (1u << 5)
#define CR0_WP_MASK (1u << 16)
#define CR0_AM_MASK (1u << 18)
#define CR0_NW_MASK (1u << 29)
#define CR0_CD_MASK (1u << 30)
#define CR0_PG_MASK (1u << 31)
#define CR4_VME_MASK (1u << 0)
#define CR4_PVI_MASK (1u << 1)
#define CR4_TSD_MASK (1u << 2)
#define CR4_DE_MASK (1u << 3)
#define CR4_PSE_MASK (1u << 4)
#define CR4_PAE_MASK (1u << 5)
#define CR4_MCE_MASK (1u << 6)
#define CR4_PGE_MASK (1u << 7)
#define CR4_PCE_MASK (1u << 8)
#define CR4_OSFXSR_MASK (1u << 9)
#define CR4_OSXMMEXCPT_MASK (1u << 10)
#define CR4_UMIP_MASK (1u << 11)
#define CR4_LA57_MASK (1u << 12)
#define CR4_FSGSBASE_MASK (1u << 16)
#define CR4_PCIDE_MASK (1u << 17)
#define CR4_OSXSAVE_MASK (1u << 18)
#define CR4_SMEP_MASK (1u << 20)
#define CR4_SMAP_MASK (1u << 21)
#define CR4_PKE_MASK (1u << 22)

/* Debug registers (SDM 3B:17.2). */
enum { DR6_BD = 1 << 13, DR6_BS = 1 << 14, DR6_BT = 1 << 15, DR7_GD = 1 << 13 };
#define DR6_FIXED_1 0xffff0ff0u
#define DR7_FIXED_1 0x00000400u

/* Extended feature enable register (APM 2:3.1.7). */
enum {
    MSR_EFER_SCE = 1 << 0, MSR_EFER_LME = 1 << 8, MSR_EFER_LMA = 1 << 10, MSR_EFER_NXE = 1 << 11,
    MSR_EFER_SVME = 1 << 12, MSR_EFER_FFXSR = 1 << 14,
};

/* Exceptions: cpu->exception_index is the vector (SDM 3A:6.3). */
enum {
    EXCP00_DIVZ = 0, EXCP01_DB = 1, EXCP02_NMI = 2, EXCP03_INT3 = 3, EXCP04_INTO = 4, EXCP05_BOUND = 5,
    EXCP06_ILLOP = 6, EXCP07_PREX = 7, EXCP08_DBLE = 8, EXCP09_XERR = 9, EXCP0A_TSS = 10,
    EXCP0B_NOSEG = 11, EXCP0C_STACK = 12, EXCP0D_GPF = 13, EXCP0E_PAGE = 14, EXCP10_COPR = 16,
    EXCP11_ALGN = 17, EXCP12_MCHK = 18, EXCP13_SIMD = 19,
};

/* Page-fault error code (SDM 3A:4.7). */
enum { PG_ERROR_P = 1, PG_ERROR_W = 2, PG_ERROR_U = 4, PG_ERROR_RSVD = 8, PG_ERROR_ID = 16, PG_ERROR_PK = 32 };

/* cpu->interrupt_request beside CPU_INTERRUPT_HARD. */
#define CPU_INTERRUPT_NMI  CPU_INTERRUPT_TGT_EXT_0
#define CPU_INTERRUPT_SMI  CPU_INTERRUPT_TGT_EXT_1
#define CPU_INTERRUPT_INIT CPU_INTERRUPT_TGT_EXT_2
#define CPU_INTERRUPT_SIPI CPU_INTERRUPT_TGT_EXT_3
#define CPU_INTERRUPT_MCE  CPU_INTERRUPT_TGT_EXT_4

/* --- segments --------------------------------------------------------------- */

/* High word of a descriptor (SDM 3A:3.4.5): SegmentCache.flags keeps these bits in place. */
enum {
    DESC_G_MASK = 1 << 23, DESC_B_MASK = 1 << 22, DESC_L_MASK = 1 << 21, DESC_AVL_MASK = 1 << 20,
    DESC_P_MASK = 1 << 15, DESC_DPL_SHIFT = 13, DESC_DPL_MASK = 3 << 13, DESC_S_MASK = 1 << 12,
    DESC_TYPE_SHIFT = 8, DESC_TYPE_MASK = 15 << 8, DESC_A_MASK = 1 << 8,
    DESC_CS_MASK = 1 << 11, DESC_C_MASK = 1 << 10, DESC_R_MASK = 1 << 9,    /* code: conforming, readable */
    DESC_E_MASK = 1 << 10, DESC_W_MASK = 1 << 9,                            /* data: expand down, writable */
    DESC_TSS_BUSY_MASK = 1 << 9,
};

typedef struct SegmentCache {
    uint32_t selector;
    uint32_t limit;             /* in bytes: granularity applied */
    target_ulong base;
    uint32_t flags;             /* DESC_x; 0: null selector */
} SegmentCache;

/* --- block flags --------------------------------------------------------------- */

/*
 * env->hflags: what translated code depends on, see x86_update_hflags(). Whoever
 * changes state that they follow from calls that function; generated code that
 * runs behind such a change ends its block.
 */
enum {
    HF_CPL_MASK = 3,                /* 3 in virtual-8086 mode */
    HF_PE = 1 << 2,                 /* CR0.PE */
    HF_VM = 1 << 3,                 /* virtual-8086 mode */
    HF_CS32 = 1 << 4,               /* CS.D: 32-bit default operand and address size */
    HF_SS32 = 1 << 5,               /* SS.B: 32-bit stack pointer (64-bit mode: unused) */
    HF_CS64 = 1 << 6,               /* 64-bit mode */
    HF_LMA = 1 << 7,                /* long mode active: 64-bit or compatibility mode */
    HF_CS_BASE = 1 << 8,            /* CS.base is not 0 */
    HF_CS_LIMIT = 1 << 9,           /* CS.limit is not 4 GiB: fetches are checked */
    HF_ADDSEG = 1 << 10,            /* DS, ES or SS has a base that is not 0 */
    HF_CHECK_DS = 1 << 11,          /* DS, ES or SS is not flat: accesses are checked */
    HF_CHECK_FS = 1 << 12,
    HF_CHECK_GS = 1 << 13,
    HF_TF = 1 << 14,                /* single-step trap */
    HF_INHIBIT_IRQ = 1 << 15,       /* behind STI, MOV SS, POP SS: one instruction without interrupts */
    HF_MP = 1 << 16, HF_EM = 1 << 17, HF_TS = 1 << 18,      /* CR0 */
    HF_OSFXSR = 1 << 19,            /* CR4.OSFXSR: SSE instructions exist */
    HF_AVX = 1 << 20,               /* CR4.OSXSAVE and XCR0 has SSE and AVX: VEX vectors exist */
    HF_SMM = 1 << 21,
    HF_AC = 1 << 22,                /* CR0.AM, EFLAGS.AC and CPL 3: alignment is checked */
    HF_SMAP = 1 << 23,              /* CR4.SMAP is on and EFLAGS.AC off, CPL < 3: MMU_KSMAP_IDX */
    HF_RF = 1 << 24,                /* EFLAGS.RF: no instruction breakpoint on the next instruction */
    HF_CODE_BP = 1 << 25,           /* an instruction breakpoint is enabled in DR7 */
    HF_SSE_EXACT = 1 << 26,         /* an SSE exception is unmasked: exact routines */
    HF_X87_EXACT = 1 << 27,         /* x87: owner's use */
    HF_UMIP = 1 << 28,              /* CR4.UMIP and CPL 3 */
    HF_SVM = 1 << 29,
    HF_DATA_BP = 1 << 30,           /* data or I/O breakpoints are enabled in DR7: traps behind each instruction */
    /* Set and cleared by their owners, not by x86_update_hflags(). */
    HF_KEPT = HF_INHIBIT_IRQ | HF_SMM | HF_X87_EXACT | HF_SVM,
};

/* Kernel accesses with SMAP in force have an index of their own: EFLAGS.AC flips without a flush. */
enum { MMU_KERNEL_IDX, MMU_USER_IDX, MMU_KSMAP_IDX, MMU_IDX_COUNT };

/* --- lazy flags ------------------------------------------------------------------ */

/*
 * What cc_dst and cc_src mean. Kinds with a size have four values in a row, for
 * 8, 16, 32, 64 bits; bits above the size are arbitrary in cc_dst and cc_src.
 */
typedef enum CCOp {
    CC_OP_DYNAMIC,              /* translator only: ask env->cc_op */
    CC_OP_EFLAGS,               /* cc_src = CC_x bits */
    CC_OP_POPCNT,               /* cc_dst = result: Z only */
    CC_OP_ADD = 4,              /* cc_dst = result, cc_src = second operand */
    CC_OP_ADC = 8,              /* the same, carry came in: cc_src2 = carry in */
    CC_OP_SUB = 12,             /* cc_dst = result, cc_src = second operand */
    CC_OP_SBB = 16,             /* the same, cc_src2 = borrow in */
    CC_OP_LOGIC = 20,           /* cc_dst = result: C = O = A = 0 */
    CC_OP_INC = 24,             /* cc_dst = result, cc_src = C */
    CC_OP_DEC = 28,
    CC_OP_SHL = 32,             /* cc_dst = result, cc_src = value shifted by count - 1: its top bit is C */
    CC_OP_SAR = 36,             /* right shifts: cc_dst = result, cc_src = value shifted by count - 1: bit 0 is C */
    CC_OP_MUL = 40,             /* cc_dst = low half, cc_src: not 0 when C = O = 1 */
    CC_OP_BLSI = 44,            /* BMI: cc_dst = result, C = cc_src is not 0, O = A = 0 */
    CC_OP_MIX = 48,             /* rotates: cc_dst = result of what came before: P, Z, S; cc_src = C, O, A bits */
    CC_OP_COUNT = 52,
} CCOp;

/* --- CPUID ----------------------------------------------------------------------- */

typedef enum FeatureWord {
    FEAT_1_EDX, FEAT_1_ECX, FEAT_7_0_EBX, FEAT_7_0_ECX, FEAT_7_0_EDX, FEAT_8000_0001_EDX,
    FEAT_8000_0001_ECX, FEAT_XSAVE, FEAT_6_EAX, FEAT_8000_0008_EBX, FEAT_8000_0007_EDX, FEATURE_WORDS
} FeatureWord;

/* Features by number: word * 32 + bit. 0 (the FPU bit) doubles as "always there" in `needs` of rows. */
#define FEATURE(word, bit) (FEAT_##word * 32 + (bit))
enum {
    CPUID_FPU = FEATURE(1_EDX, 0), CPUID_VME = FEATURE(1_EDX, 1), CPUID_DE = FEATURE(1_EDX, 2),
    CPUID_PSE = FEATURE(1_EDX, 3), CPUID_TSC = FEATURE(1_EDX, 4), CPUID_MSR = FEATURE(1_EDX, 5),
    CPUID_PAE = FEATURE(1_EDX, 6), CPUID_MCE = FEATURE(1_EDX, 7), CPUID_CX8 = FEATURE(1_EDX, 8),
    CPUID_APIC = FEATURE(1_EDX, 9), CPUID_SEP = FEATURE(1_EDX, 11), CPUID_MTRR = FEATURE(1_EDX, 12),
    CPUID_PGE = FEATURE(1_EDX, 13), CPUID_MCA = FEATURE(1_EDX, 14), CPUID_CMOV = FEATURE(1_EDX, 15),
    CPUID_PAT = FEATURE(1_EDX, 16), CPUID_PSE36 = FEATURE(1_EDX, 17), CPUID_CLFLUSH = FEATURE(1_EDX, 19),
    CPUID_ACPI = FEATURE(1_EDX, 22), CPUID_MMX = FEATURE(1_EDX, 23), CPUID_FXSR = FEATURE(1_EDX, 24),
    CPUID_SSE = FEATURE(1_EDX, 25), CPUID_SSE2 = FEATURE(1_EDX, 26), CPUID_SS = FEATURE(1_EDX, 27),
    CPUID_HT = FEATURE(1_EDX, 28),

    CPUID_SSE3 = FEATURE(1_ECX, 0), CPUID_PCLMULQDQ = FEATURE(1_ECX, 1), CPUID_MONITOR = FEATURE(1_ECX, 3),
    CPUID_SSSE3 = FEATURE(1_ECX, 9), CPUID_FMA = FEATURE(1_ECX, 12), CPUID_CX16 = FEATURE(1_ECX, 13),
    CPUID_PCID = FEATURE(1_ECX, 17), CPUID_SSE41 = FEATURE(1_ECX, 19), CPUID_SSE42 = FEATURE(1_ECX, 20),
    CPUID_X2APIC = FEATURE(1_ECX, 21), CPUID_MOVBE = FEATURE(1_ECX, 22), CPUID_POPCNT = FEATURE(1_ECX, 23),
    CPUID_TSC_DEADLINE = FEATURE(1_ECX, 24), CPUID_AES = FEATURE(1_ECX, 25), CPUID_XSAVE = FEATURE(1_ECX, 26),
    CPUID_OSXSAVE = FEATURE(1_ECX, 27), CPUID_AVX = FEATURE(1_ECX, 28), CPUID_F16C = FEATURE(1_ECX, 29),
    CPUID_RDRAND = FEATURE(1_ECX, 30), CPUID_HYPERVISOR = FEATURE(1_ECX, 31),

    CPUID_FSGSBASE = FEATURE(7_0_EBX, 0), CPUID_BMI1 = FEATURE(7_0_EBX, 3), CPUID_AVX2 = FEATURE(7_0_EBX, 5),
    CPUID_SMEP = FEATURE(7_0_EBX, 7), CPUID_BMI2 = FEATURE(7_0_EBX, 8), CPUID_ERMS = FEATURE(7_0_EBX, 9),
    CPUID_INVPCID = FEATURE(7_0_EBX, 10), CPUID_RDSEED = FEATURE(7_0_EBX, 18), CPUID_ADX = FEATURE(7_0_EBX, 19),
    CPUID_SMAP = FEATURE(7_0_EBX, 20), CPUID_CLFLUSHOPT = FEATURE(7_0_EBX, 23), CPUID_CLWB = FEATURE(7_0_EBX, 24),
    CPUID_SHA = FEATURE(7_0_EBX, 29),
    CPUID_UMIP = FEATURE(7_0_ECX, 2), CPUID_PKU = FEATURE(7_0_ECX, 3), CPUID_LA57 = FEATURE(7_0_ECX, 16),
    CPUID_RDPID = FEATURE(7_0_ECX, 22), CPUID_FSRM = FEATURE(7_0_EDX, 4),

    CPUID_SYSCALL = FEATURE(8000_0001_EDX, 11), CPUID_NX = FEATURE(8000_0001_EDX, 20),
    CPUID_MMXEXT = FEATURE(8000_0001_EDX, 22), CPUID_FFXSR = FEATURE(8000_0001_EDX, 25),
    CPUID_PDPE1GB = FEATURE(8000_0001_EDX, 26), CPUID_RDTSCP = FEATURE(8000_0001_EDX, 27),
    CPUID_LM = FEATURE(8000_0001_EDX, 29), CPUID_3DNOWEXT = FEATURE(8000_0001_EDX, 30),
    CPUID_3DNOW = FEATURE(8000_0001_EDX, 31),

    CPUID_LAHF_LM = FEATURE(8000_0001_ECX, 0), CPUID_CMP_LEGACY = FEATURE(8000_0001_ECX, 1),
    CPUID_SVM = FEATURE(8000_0001_ECX, 2), CPUID_CR8LEGACY = FEATURE(8000_0001_ECX, 4),
    CPUID_LZCNT = FEATURE(8000_0001_ECX, 5), CPUID_SSE4A = FEATURE(8000_0001_ECX, 6),
    CPUID_3DNOWPREFETCH = FEATURE(8000_0001_ECX, 8),

    CPUID_XSAVEOPT = FEATURE(XSAVE, 0), CPUID_XSAVEC = FEATURE(XSAVE, 1), CPUID_XGETBV1 = FEATURE(XSAVE, 2),
    CPUID_ARAT = FEATURE(6_EAX, 2), CPUID_INVTSC = FEATURE(8000_0007_EDX, 8),

    /* Beyond CPUID: what early chips lack. Kept in the same words; see cpu-models.c. */
    CPUID_X86_486 = FEATURE(1_EDX, 10),         /* 80486: BSWAP, CMPXCHG, XADD, INVLPG, WBINVD, AC flag */
    CPUID_X86_CPUID = FEATURE(1_EDX, 20),       /* CPUID, EFLAGS.ID */
    CPUID_X86_NOPL = FEATURE(1_EDX, 30),        /* P6: long NOP, UD1, SYSENTER era */
};

/* --- registers of the FPU and vector units ------------------------------------------- */

/* x87 register: 64-bit significand, sign and exponent; an MMX register is the significand. */
typedef union QEMU_ALIGNED(16) FPReg {
    struct { uint64_t low; uint16_t high; } f80;
    uint64_t mmx;
    uint8_t u8[16];
    uint16_t u16[8];
    uint32_t u32[4];
    uint64_t u64[2];
} FPReg;

/* A vector register, element 0 first; XMM is the first half. */
typedef union QEMU_ALIGNED(16) X86Vec {
    uint8_t u8[32];
    int8_t s8[32];
    uint16_t u16[16];
    int16_t s16[16];
    uint32_t u32[8];
    int32_t s32[8];
    uint64_t u64[4];
    int64_t s64[4];
    float f32[8];
    double f64[4];
} X86Vec;

/* --- the CPU ---------------------------------------------------------------------------- */

enum { MTRR_VARIABLE_COUNT = 8, MCE_BANKS = 10 };

/* A watchpoint of the core that stands for a debug register; len 0: none. */
typedef struct X86Watch {
    target_ulong addr;
    uint32_t len, flags;
} X86Watch;

/* An exception on its way to a handler; those that follow came while it was delivered. */
typedef struct X86Fault {
    uint8_t vector;
    uint16_t selector;          /* CS:eip where it was raised */
    uint32_t error_code;
    target_ulong eip, cr2;
} X86Fault;

struct CPUArchState {
    /* Hottest first: reached with one-byte displacements. Each is a TCG global. */
    target_ulong regs[CPU_NB_REGS];
    target_ulong cc_dst, cc_src, cc_src2;
    uint32_t cc_op;             /* CCOp, never DYNAMIC */
    int32_t df;                 /* direction of string instructions: 1 or -1 */
    target_ulong eip;
    uint32_t eflags;            /* all but CC_ALL and DF, which are kept apart */
    uint32_t hflags;            /* HF_x */

    SegmentCache segs[SEG_COUNT];
    SegmentCache ldt, tr, gdt, idt;     /* gdt, idt: base and limit only */

    target_ulong cr[5];         /* CR8: the local APIC's */
    target_ulong dr[8];         /* 4 and 5 unused */
    uint64_t xcr0;
    int32_t a20_mask;           /* -1, or bit 20 clear */

    /* model-specific registers */
    uint64_t efer, star, lstar, cstar, fmask, kernelgsbase, tsc_aux;
    uint64_t tsc_offset;        /* TSC = ticks + tsc_offset */
    uint64_t tsc_adjust, tsc_deadline;
    uint32_t sysenter_cs;
    target_ulong sysenter_esp, sysenter_eip;
    uint64_t pat, mtrr_deftype, mtrr_fixed[11];
    struct { uint64_t base, mask; } mtrr_var[MTRR_VARIABLE_COUNT];
    uint64_t mcg_cap, mcg_status, mcg_ctl, mce_banks[MCE_BANKS * 4];
    uint64_t misc_enable, feature_control, smi_count, debugctl;
    uint32_t smbase;

    /* x87: everything but the registers' layout belongs to helper-x87.c */
    FPReg fpregs[8];            /* physical; ST(i) is fpregs[(fpstt + i) & 7] */
    uint32_t fpstt;
    uint32_t fpuc, fpus;        /* control and status word; fpus without TOP */
    uint8_t fptags[8];          /* 0: valid, 1: empty; physical */
    uint32_t fpop;              /* opcode, 11 bits */
    uint16_t fpcs, fpds;
    uint64_t fpip, fpdp;
    bool x87_in_host;           /* registers, tags, status are in the vCPU thread's own x87: see x87.h */
    bool mmx_ready;             /* the state is in env, TOP is 0, no register is tagged empty */
    bool ferr, ignne;           /* FERR# is asserted; so is IGNNE# */
    uint8_t x87_scratch[16] QEMU_ALIGNED(16);

    /* SSE, AVX */
    X86Vec ymm[CPU_NB_REGS];
    uint32_t mxcsr;             /* see x86_get_mxcsr() */
    bool mxcsr_in_host;         /* its flags gather in the host's status register */
    uint64_t simd_scratch[3][2] QEMU_ALIGNED(16);       /* operands and results of helpers */

    /* exception being raised */
    uint32_t error_code;
    bool exception_has_error_code;
    bool exception_is_int;      /* INT n, INT3, INTO: exception_next_eip is pushed */
    target_ulong exception_next_eip;
    int32_t old_exception;      /* -1, or the vector being delivered: for double faults */
    X86Fault faults[3];         /* the exception raised last, and before it those during whose delivery it came */
    uint8_t num_faults;
    bool nmi_blocked;           /* between NMI and IRET */
    bool smm_nmi_blocked;
    uint32_t sipi_vector;
    bool wait_for_sipi;

    uint32_t features[FEATURE_WORDS];
    const X86Model *model;
    const X86CPUBoard *board;   /* NULL: no APIC, INTR is never acknowledged */
    void *board_opaque;
    uint32_t apic_id;
    AddressSpace *smm_as;       /* memory in SMM; NULL: as outside */

    uint8_t phys_bits;          /* implemented bits of physical addresses */
    uint64_t pdpte[4];          /* PAE's directory pointers: loaded with CR3 */
    bool shut_down;             /* after a triple fault, until reset */
    uint32_t debug_hits;        /* data and I/O breakpoints that this instruction met: DR6 bits */
    X86Watch watches[4];        /* what the core watches for DR0-3 */
    uint32_t input_levels;      /* bit n: level of X86CPUInput n */
    uint32_t saved_hflags;      /* of a snapshot: HF_KEPT bits */
    bool is_application_cpu;    /* waits for INIT and SIPI after reset */
};

typedef struct X86CPU {
    CPUState parent_obj;
    CPUNeg neg;
    CPUX86State env;
} X86CPU;
_Static_assert(offsetof(X86CPU, env) == offsetof(X86CPU, neg) + sizeof(CPUNeg),
               "CPUNeg lies directly in front of env");

#ifdef TARGET_X86_64
#define X86_ARCH_NAME "x86_64"
#else
#define X86_ARCH_NAME "i386"
#endif
#define TYPE_X86_CPU X86_ARCH_NAME "-cpu"
#define X86_CPU_SUFFIX "-" TYPE_X86_CPU         /* type = model name + suffix */
#define X86_CPU(o) ((X86CPU *)(o))

static inline bool cpu_has(const CPUX86State *env, unsigned feature)
{
    return env->features[feature / 32] >> feature % 32 & 1;
}
static inline unsigned env_cpl(const CPUX86State *env) { return env->hflags & HF_CPL_MASK; }

/* cpu.c */
extern const CPUClass x86_cpu_class;
/* Recompute hflags (all but HF_KEPT) from the state; tells the core when they changed. */
void x86_update_hflags(CPUX86State *env);
int x86_cpu_mmu_index(CPUState *cpu, MMUAccessType access);

/* Operands of helper_gather: bit positions of its info argument. */
enum {
    GATHER_DEST = 0, GATHER_INDEX = 4, GATHER_MASK = 8, GATHER_SCALE = 12, GATHER_WIDE_INDEX = 14,
    GATHER_WIDE_DATA = 15, GATHER_256 = 16, GATHER_ADDR32 = 17, GATHER_MMU_IDX = 18,
};

/* helper-sse.c */
/* With the flags that have gathered in the host's status register. */
uint32_t x86_get_mxcsr(CPUX86State *env);
/* All writable bits; updates hflags. */
void x86_set_mxcsr(CPUX86State *env, uint32_t value);
/* Before and after guest code runs on this thread. */
void x86_mxcsr_to_host(CPUX86State *env);
void x86_mxcsr_to_env(CPUX86State *env);

/* helper-cc.c: lazy flags. */
/* CC_x bits of the given lazy state. */
uint32_t x86_compute_cc(CCOp op, target_ulong dst, target_ulong src, target_ulong src2);
/* All of EFLAGS, RF and VM too; env->cc_op must be right (restored). */
uint32_t x86_get_eflags(CPUX86State *env);
/* Set all of EFLAGS; checks nothing; updates hflags. */
void x86_set_eflags(CPUX86State *env, uint32_t value);

/* debug.c: HF_CODE_BP and HF_DATA_BP by DR7. */
uint32_t x86_breakpoint_hflags(const CPUX86State *env);
unsigned x86_cpu_backtrace(CPUState *cpu, vaddr *pcs, unsigned max);
void x86_watchpoint_access(CPUState *cpu, vaddr addr, int access, uintptr_t retaddr);

/* board.c: the lines of hw/x86-cpu.h as gpio inputs. */
void x86_cpu_init_inputs(DeviceState *dev);

/* cpu-models.c */
/* Fill env->model and env->features from the object's type. */
void x86_cpu_init_model(X86CPU *cpu);

/* data_op() of the translator for accesses of helpers. */
static inline MemOp x86_data_op(const CPUX86State *env, MemOp op)
{
    return env->hflags & HF_AC ? (MemOp)(op | MO_ALIGN) : op;
}

/* helper-mem.c: may bytes at an offset in a segment be accessed? Raises #GP or #SS. Protected mode. */
void x86_check_segment(CPUX86State *env, unsigned seg, target_ulong offset, uint32_t bytes,
                       MMUAccessType access, uintptr_t retaddr);

/* helper-excp.c: raise at the instruction whose helper returns to retaddr (0: state is right). */
void raise_exception_ra(CPUX86State *env, unsigned vector, uintptr_t retaddr) QEMU_NORETURN;
void raise_exception_err_ra(CPUX86State *env, unsigned vector, uint32_t error_code,
                            uintptr_t retaddr) QEMU_NORETURN;

/* #AC unless addr is a multiple of `bytes`, where alignment is checked. */
static inline void x86_check_alignment(CPUX86State *env, target_ulong addr, unsigned bytes, uintptr_t retaddr)
{
    if (env->hflags & HF_AC && addr & (bytes - 1)) {
        raise_exception_err_ra(env, EXCP11_ALGN, 0, retaddr);
    }
}

void x86_cpu_do_interrupt(CPUState *cpu);
bool x86_cpu_exec_interrupt(CPUState *cpu, int interrupt_request);
bool x86_cpu_has_work(CPUState *cpu);

/*
 * helper-x87*.c: brings x87 registers, tags and status to env, before anybody but x87
 * instructions looks at them. On the vCPU's thread; nothing to do outside cpu_exec().
 */
void x86_fpu_to_env(CPUX86State *env);

/* reset.c */
void x86_cpu_reset(DeviceState *dev);

/* mmu.c */
bool x86_cpu_tlb_fill(CPUState *cpu, vaddr addr, unsigned size, MMUAccessType access,
                      int mmu_idx, bool probe, uintptr_t retaddr);
hwaddr x86_cpu_get_phys_page_debug(CPUState *cpu, vaddr addr);
void x86_dump_mmu(CPUState *cpu, FILE *f);
/* mmu-dump.c: the entries that a walk for addr reads, level by level. */
void x86_dump_walk(CPUState *cpu, vaddr addr, FILE *f);

/* dump.c: info registers, -d cpu. */
void x86_cpu_dump_state(CPUState *cpu, FILE *f, int flags);

/* machine.c */
extern const VMStateDescription vmstate_x86_cpu;

/* gdbstub.c */
int x86_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg);
int x86_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg);
const struct GdbFeature *x86_gdb_features(CPUState *cpu, size_t *count);

#endif
