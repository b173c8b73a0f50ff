/*
 * Between an x86 CPU and the board around it.
 *
 * Lines into the CPU are its unnamed gpio inputs, numbered by X86CPUInput. What
 * the CPU asks of its surroundings (interrupt acknowledge, task priority, the
 * APIC's MSRs, FERR#) goes through an X86CPUBoard that the board gives it.
 *
 * target-i386/cpu.c implements the inputs and x86_cpu_set_board(); hw/intc/apic.c
 * and hw/i386 are on the other side. Neither includes headers of the other.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_X86_CPU_H
#define HW_X86_CPU_H

#include "hw/core/cpu.h"

typedef enum X86CPUInput {
    X86_CPU_INTR,       /* level: acknowledge() has a vector (CPU_INTERRUPT_HARD) */
    X86_CPU_NMI,        /* rising edge */
    X86_CPU_SMI,        /* rising edge */
    X86_CPU_INIT,       /* rising edge: INIT, keeps caches, FPU, MSRs; APs then wait for SIPI */
    X86_CPU_SIPI,       /* level is 0x100 | vector: start at vector << 12 when waiting for it */
    X86_CPU_A20,        /* level: 1 passes address bit 20, 0 masks it; 1 after reset */
    X86_CPU_IGNNE,      /* level: pending x87 exceptions do not stop the CPU; forgotten when FERR# falls */
    X86_CPU_INPUTS
} X86CPUInput;

/* All called on the CPU's thread with the BQL held. */
typedef struct X86CPUBoard {
    /* INTA cycle: the vector to take, which is in service from now on; -1: none after all. */
    int (*acknowledge)(void *opaque);
    /* Task priority, bits 7-0; CR8 is its bits 7-4. */
    uint8_t (*get_tpr)(void *opaque);
    void (*set_tpr)(void *opaque, uint8_t tpr);
    /* MSR 0x1b (APIC base), 0x6e0 (TSC deadline), 0x800-0x8ff (x2APIC). False: #GP. */
    bool (*read_msr)(void *opaque, uint32_t msr, uint64_t *value);
    bool (*write_msr)(void *opaque, uint32_t msr, uint64_t value);
    /* True while the APIC is enabled in its base MSR: CPUID.1:EDX.APIC. */
    bool (*apic_enabled)(void *opaque);
    /* FERR# with CR0.NE clear. */
    void (*set_ferr)(void *opaque, bool level);
} X86CPUBoard;

/*
 * After the CPU is realized. board stays for ever; without one a CPU has no
 * APIC, and INTR is never acknowledged. apic_id is what CPUID reports.
 */
void x86_cpu_set_board(CPUState *cpu, const X86CPUBoard *board, void *opaque, uint32_t apic_id);
/* The bootstrap CPU runs after reset; others wait for INIT and SIPI. */
void x86_cpu_set_bootstrap(CPUState *cpu, bool bootstrap);
/* The time-stamp counter now, and the virtual time in ns at which it is to reach tsc. */
uint64_t x86_cpu_tsc(CPUState *cpu);
int64_t x86_cpu_tsc_ns(CPUState *cpu, uint64_t tsc);
/*
 * Memory as the CPU sees it in SMM: a region over the whole address space,
 * used instead of system memory while the CPU is in SMM. NULL: none.
 */
void x86_cpu_set_smm_memory(CPUState *cpu, MemoryRegion *root);

#endif
