/*
 * CPUID feature flags by name, and what the translator implements of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu-models.h"

/* Names as guests' operating systems and other emulators spell them. */
static const struct { uint16_t feature; const char *name; } names[] = {
    { CPUID_FPU, "fpu" }, { CPUID_VME, "vme" }, { CPUID_DE, "de" }, { CPUID_PSE, "pse" }, { CPUID_TSC, "tsc" },
    { CPUID_MSR, "msr" }, { CPUID_PAE, "pae" }, { CPUID_MCE, "mce" }, { CPUID_CX8, "cx8" },
    { CPUID_APIC, "apic" }, { CPUID_SEP, "sep" }, { CPUID_MTRR, "mtrr" }, { CPUID_PGE, "pge" },
    { CPUID_MCA, "mca" }, { CPUID_CMOV, "cmov" }, { CPUID_PAT, "pat" }, { CPUID_PSE36, "pse36" },
    { CPUID_CLFLUSH, "clflush" }, { CPUID_ACPI, "acpi" }, { CPUID_MMX, "mmx" }, { CPUID_FXSR, "fxsr" },
    { CPUID_SSE, "sse" }, { CPUID_SSE2, "sse2" }, { CPUID_SS, "ss" }, { CPUID_HT, "ht" },
    { CPUID_SSE3, "sse3" }, { CPUID_SSE3, "pni" }, { CPUID_PCLMULQDQ, "pclmulqdq" },
    { CPUID_MONITOR, "monitor" }, { CPUID_SSSE3, "ssse3" }, { CPUID_FMA, "fma" }, { CPUID_CX16, "cx16" },
    { CPUID_PCID, "pcid" }, { CPUID_SSE41, "sse4.1" }, { CPUID_SSE41, "sse4-1" }, { CPUID_SSE42, "sse4.2" },
    { CPUID_SSE42, "sse4-2" }, { CPUID_X2APIC, "x2apic" }, { CPUID_MOVBE, "movbe" },
    { CPUID_POPCNT, "popcnt" }, { CPUID_TSC_DEADLINE, "tsc-deadline" }, { CPUID_AES, "aes" },
    { CPUID_XSAVE, "xsave" }, { CPUID_AVX, "avx" }, { CPUID_F16C, "f16c" }, { CPUID_RDRAND, "rdrand" },
    { CPUID_HYPERVISOR, "hypervisor" },
    { CPUID_FSGSBASE, "fsgsbase" }, { CPUID_BMI1, "bmi1" }, { CPUID_AVX2, "avx2" }, { CPUID_SMEP, "smep" },
    { CPUID_BMI2, "bmi2" }, { CPUID_ERMS, "erms" }, { CPUID_INVPCID, "invpcid" }, { CPUID_RDSEED, "rdseed" },
    { CPUID_ADX, "adx" }, { CPUID_SMAP, "smap" }, { CPUID_CLFLUSHOPT, "clflushopt" }, { CPUID_CLWB, "clwb" },
    { CPUID_SHA, "sha-ni" }, { CPUID_UMIP, "umip" }, { CPUID_PKU, "pku" }, { CPUID_LA57, "la57" },
    { CPUID_RDPID, "rdpid" }, { CPUID_FSRM, "fsrm" },
    { CPUID_SYSCALL, "syscall" }, { CPUID_NX, "nx" }, { CPUID_MMXEXT, "mmxext" }, { CPUID_FFXSR, "fxsr-opt" },
    { CPUID_PDPE1GB, "pdpe1gb" }, { CPUID_RDTSCP, "rdtscp" }, { CPUID_LM, "lm" }, { CPUID_3DNOWEXT, "3dnowext" },
    { CPUID_3DNOW, "3dnow" }, { CPUID_LAHF_LM, "lahf-lm" }, { CPUID_CMP_LEGACY, "cmp-legacy" },
    { CPUID_SVM, "svm" }, { CPUID_CR8LEGACY, "cr8legacy" }, { CPUID_LZCNT, "abm" }, { CPUID_LZCNT, "lzcnt" },
    { CPUID_SSE4A, "sse4a" }, { CPUID_3DNOWPREFETCH, "3dnowprefetch" }, { CPUID_XSAVEOPT, "xsaveopt" },
    { CPUID_XSAVEC, "xsavec" }, { CPUID_XGETBV1, "xgetbv1" }, { CPUID_ARAT, "arat" },
    { CPUID_INVTSC, "invtsc" },
};

/* Both spellings of a separator are known. */
static bool same_name(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        char x = *a == '_' ? '-' : *a, y = *b == '_' ? '-' : *b;

        if (g_ascii_tolower(x) != y) {
            return false;
        }
    }
    return *a == *b;
}

int x86_feature_by_name(const char *name)
{
    for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
        if (same_name(name, names[i].name)) {
            return names[i].feature;
        }
    }
    return -1;
}

const char *x86_feature_name(unsigned feature)
{
    for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
        if (names[i].feature == feature) {
            return names[i].name;
        }
    }
    return NULL;
}

void x86_foreach_feature(void (*fn)(void *opaque, unsigned feature, const char *name), void *opaque)
{
    for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
        fn(opaque, names[i].feature, names[i].name);
    }
}

void x86_print_feature_names(FILE *f)
{
    unsigned column = 0;

    for (unsigned i = 0; i < ARRAY_SIZE(names); i++) {
        column += fprintf(f, "%s%s", column ? " " : "  ", names[i].name);
        if (column > 70 || i + 1 == ARRAY_SIZE(names)) {
            fputc('\n', f);
            column = 0;
        }
    }
}

/* --- what there is --------------------------------------------------------------------------------------------- */

#define F(name) (1u << (CPUID_##name & 31))

uint32_t x86_supported_features(FeatureWord word)
{
    static const uint32_t supported[FEATURE_WORDS] = {
        [FEAT_1_EDX] = F(FPU) | F(VME) | F(DE) | F(PSE) | F(TSC) | F(MSR) | F(PAE) | F(MCE) | F(CX8) | F(APIC) |
                       F(SEP) | F(MTRR) | F(PGE) | F(MCA) | F(CMOV) | F(PAT) | F(PSE36) | F(CLFLUSH) | F(ACPI) |
                       F(MMX) | F(FXSR) | F(SSE) | F(SSE2) | F(SS) | F(HT) | F(X86_486) | F(X86_CPUID) |
                       F(X86_NOPL),
        [FEAT_1_ECX] = F(SSE3) | F(PCLMULQDQ) | F(MONITOR) | F(SSSE3) | F(FMA) | F(CX16) | F(PCID) | F(SSE41) |
                       F(SSE42) | F(X2APIC) | F(MOVBE) | F(POPCNT) | F(TSC_DEADLINE) | F(AES) | F(XSAVE) | F(AVX) |
                       F(F16C) | F(RDRAND) | F(HYPERVISOR),
        [FEAT_7_0_EBX] = F(FSGSBASE) | F(BMI1) | F(AVX2) | F(SMEP) | F(BMI2) | F(ERMS) | F(INVPCID) | F(RDSEED) |
                         F(ADX) | F(SMAP) | F(CLFLUSHOPT) | F(CLWB) | F(SHA),
        [FEAT_7_0_ECX] = F(UMIP) | F(RDPID),
        [FEAT_7_0_EDX] = F(FSRM),
        [FEAT_8000_0001_EDX] = F(SYSCALL) | F(NX) | F(MMXEXT) | F(FFXSR) | F(RDTSCP) |
#ifdef TARGET_X86_64
                               F(PDPE1GB) | F(LM) |
#endif
                               F(3DNOW) | F(3DNOWEXT),
        [FEAT_8000_0001_ECX] = F(LAHF_LM) | F(CMP_LEGACY) | F(CR8LEGACY) | F(LZCNT) | F(SSE4A) | F(3DNOWPREFETCH),
        [FEAT_XSAVE] = F(XSAVEOPT) | F(XSAVEC) | F(XGETBV1),
        [FEAT_6_EAX] = F(ARAT),
        [FEAT_8000_0007_EDX] = F(INVTSC),
    };

    return supported[word];
}
