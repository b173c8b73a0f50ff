/*
 * CPU models: version numbers and features (SDM 2 "CPUID", 3A 22; APM 3
 * appendix E; processor identification manuals), and the object types made of
 * them. A model has what the translator implements of its features.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu-models.h"

#define F(name) (1u << (CPUID_##name & 31))
/* CPUID.1:EAX. */
#define SIGNATURE(family, model, stepping) \
    (((family) > 15 ? ((family) - 15) << 20 | 0xf00 : (family) << 8) | ((model) >> 4) << 16 | \
     ((model) & 15) << 4 | (stepping))

/* Features by generation, CPUID.1:EDX. */
#define EDX_486      (F(FPU) | F(VME) | F(PSE) | F(X86_486) | F(X86_CPUID))
#define EDX_PENTIUM  (EDX_486 | F(DE) | F(TSC) | F(MSR) | F(MCE) | F(CX8) | F(MMX) | F(APIC))
#define EDX_PENTIUM2 (EDX_PENTIUM | F(PAE) | F(SEP) | F(MTRR) | F(PGE) | F(MCA) | F(CMOV) | F(PAT) | F(PSE36) | \
                      F(FXSR) | F(X86_NOPL))
#define EDX_PENTIUM3 (EDX_PENTIUM2 | F(SSE))
#define EDX_SSE2     (EDX_PENTIUM3 | F(SSE2) | F(CLFLUSH))
/* The generic models lack what depends on the chip. */
#define EDX_GENERIC  (EDX_SSE2 & ~F(VME))

#define ECX_CORE2    (F(SSE3) | F(SSSE3) | F(CX16))
#define ECX_PENRYN   (ECX_CORE2 | F(SSE41))
#define ECX_NEHALEM  (ECX_PENRYN | F(SSE42) | F(POPCNT))
#define ECX_WESTMERE (ECX_NEHALEM | F(AES) | F(PCLMULQDQ))
#define ECX_SANDY    (ECX_WESTMERE | F(XSAVE) | F(AVX) | F(TSC_DEADLINE) | F(X2APIC))
#define ECX_IVY      (ECX_SANDY | F(F16C) | F(RDRAND))
#define ECX_HASWELL  (ECX_IVY | F(FMA) | F(MOVBE) | F(PCID))
#define EBX7_IVY     (F(FSGSBASE) | F(SMEP) | F(ERMS))
#define EBX7_HASWELL (EBX7_IVY | F(BMI1) | F(AVX2) | F(BMI2) | F(INVPCID))
#define EBX7_SKYLAKE (EBX7_HASWELL | F(RDSEED) | F(ADX) | F(SMAP) | F(CLFLUSHOPT))
#define EXT_EDX_LM   (F(SYSCALL) | F(NX) | F(LM))

#define INTEL "GenuineIntel"
#define AMD   "AuthenticAMD"
#define GENERIC "QEMU Virtual CPU version 2.5+"

static const X86Model models[] = {
    { "486", NULL, INTEL, SIGNATURE(4, 8, 0), 1, 0, { [FEAT_1_EDX] = EDX_486 } },
    { "pentium", NULL, INTEL, SIGNATURE(5, 4, 3), 1, 0, { [FEAT_1_EDX] = EDX_PENTIUM } },
    { "pentium2", NULL, INTEL, SIGNATURE(6, 5, 2), 2, 0, { [FEAT_1_EDX] = EDX_PENTIUM2 } },
    { "pentium3", NULL, INTEL, SIGNATURE(6, 7, 3), 3, 0, { [FEAT_1_EDX] = EDX_PENTIUM3 } },
    { "athlon", GENERIC, AMD, SIGNATURE(6, 2, 3), 2, 0x80000008,
      { [FEAT_1_EDX] = EDX_PENTIUM3, [FEAT_8000_0001_EDX] = F(MMXEXT) | F(3DNOW) | F(3DNOWEXT) } },
    { "qemu32", GENERIC, INTEL, SIGNATURE(6, 6, 3), 4, 0x80000004,
      { [FEAT_1_EDX] = EDX_GENERIC & ~(F(MTRR) | F(MCA) | F(PSE36) | F(CLFLUSH)),
        [FEAT_1_ECX] = F(SSE3) | F(HYPERVISOR) } },
    { "qemu64", GENERIC, AMD, SIGNATURE(15, 107, 1), 0xd, 0x8000000a,
      { [FEAT_1_EDX] = EDX_GENERIC, [FEAT_1_ECX] = F(SSE3) | F(CX16) | F(HYPERVISOR),
        [FEAT_8000_0001_EDX] = EXT_EDX_LM, [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "kvm32", "Common 32-bit KVM processor", INTEL, SIGNATURE(15, 6, 1), 5, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = F(SSE3) | F(HYPERVISOR) } },
    { "kvm64", "Common KVM processor", INTEL, SIGNATURE(15, 6, 1), 0xd, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = F(SSE3) | F(CX16) | F(HYPERVISOR),
        [FEAT_8000_0001_EDX] = EXT_EDX_LM } },
    { "coreduo", "Genuine Intel(R) CPU           T2600  @ 2.16GHz", INTEL, SIGNATURE(6, 14, 8), 10, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2 | F(SS) | F(HT) | F(ACPI), [FEAT_1_ECX] = F(SSE3) | F(MONITOR),
        [FEAT_8000_0001_EDX] = F(NX) } },
    { "n270", "Intel(R) Atom(TM) CPU N270   @ 1.60GHz", INTEL, SIGNATURE(6, 28, 2), 10, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2 | F(SS) | F(HT) | F(ACPI), [FEAT_1_ECX] = F(SSE3) | F(MONITOR) | F(SSSE3) | F(MOVBE),
        [FEAT_8000_0001_EDX] = F(NX), [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "core2duo", "Intel(R) Core(TM)2 Duo CPU     T7700  @ 2.40GHz", INTEL, SIGNATURE(6, 15, 11), 10, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2 | F(SS) | F(HT) | F(ACPI), [FEAT_1_ECX] = ECX_CORE2 | F(MONITOR),
        [FEAT_8000_0001_EDX] = EXT_EDX_LM, [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "phenom", "AMD Phenom(tm) 9550 Quad-Core Processor", AMD, SIGNATURE(16, 2, 3), 5, 0x8000001a,
      { [FEAT_1_EDX] = EDX_SSE2 | F(HT), [FEAT_1_ECX] = F(SSE3) | F(MONITOR) | F(CX16) | F(POPCNT),
        [FEAT_8000_0001_EDX] = EXT_EDX_LM | F(3DNOWEXT) | F(3DNOW) | F(MMXEXT) | F(FFXSR) | F(PDPE1GB) | F(RDTSCP),
        [FEAT_8000_0001_ECX] = F(LAHF_LM) | F(LZCNT) | F(SSE4A) } },
    { "Conroe", "Intel Celeron_4x0 (Conroe/Merom Class Core 2)", INTEL, SIGNATURE(6, 15, 3), 10, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = ECX_CORE2 & ~F(CX16),
        [FEAT_8000_0001_EDX] = EXT_EDX_LM, [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "Penryn", "Intel Core 2 Duo P9xxx (Penryn Class Core 2)", INTEL, SIGNATURE(6, 23, 3), 10, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = ECX_PENRYN,
        [FEAT_8000_0001_EDX] = EXT_EDX_LM, [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "Nehalem", "Intel Core i7 9xx (Nehalem Class Core i7)", INTEL, SIGNATURE(6, 26, 3), 11, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = ECX_NEHALEM,
        [FEAT_8000_0001_EDX] = EXT_EDX_LM, [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "Westmere", "Westmere E56xx/L56xx/X56xx (Nehalem-C)", INTEL, SIGNATURE(6, 44, 1), 11, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = ECX_WESTMERE, [FEAT_6_EAX] = F(ARAT),
        [FEAT_8000_0001_EDX] = EXT_EDX_LM, [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "SandyBridge", "Intel Xeon E312xx (Sandy Bridge)", INTEL, SIGNATURE(6, 42, 1), 0xd, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = ECX_SANDY, [FEAT_6_EAX] = F(ARAT), [FEAT_XSAVE] = F(XSAVEOPT),
        [FEAT_8000_0001_EDX] = EXT_EDX_LM | F(RDTSCP), [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "IvyBridge", "Intel Xeon E3-12xx v2 (Ivy Bridge)", INTEL, SIGNATURE(6, 58, 9), 0xd, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = ECX_IVY, [FEAT_7_0_EBX] = EBX7_IVY, [FEAT_6_EAX] = F(ARAT),
        [FEAT_XSAVE] = F(XSAVEOPT), [FEAT_8000_0001_EDX] = EXT_EDX_LM | F(RDTSCP),
        [FEAT_8000_0001_ECX] = F(LAHF_LM) } },
    { "Haswell", "Intel Core Processor (Haswell)", INTEL, SIGNATURE(6, 60, 4), 0xd, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = ECX_HASWELL, [FEAT_7_0_EBX] = EBX7_HASWELL,
        [FEAT_6_EAX] = F(ARAT), [FEAT_XSAVE] = F(XSAVEOPT), [FEAT_8000_0001_EDX] = EXT_EDX_LM | F(RDTSCP),
        [FEAT_8000_0001_ECX] = F(LAHF_LM) | F(LZCNT) } },
    { "Skylake-Client", "Intel Core Processor (Skylake)", INTEL, SIGNATURE(6, 94, 3), 0xd, 0x80000008,
      { [FEAT_1_EDX] = EDX_SSE2, [FEAT_1_ECX] = ECX_HASWELL, [FEAT_7_0_EBX] = EBX7_SKYLAKE,
        [FEAT_6_EAX] = F(ARAT), [FEAT_XSAVE] = F(XSAVEOPT) | F(XSAVEC) | F(XGETBV1),
        [FEAT_8000_0001_EDX] = EXT_EDX_LM | F(RDTSCP),
        [FEAT_8000_0001_ECX] = F(LAHF_LM) | F(LZCNT) | F(3DNOWPREFETCH) } },
    { "max", "QEMU TCG CPU version 2.5+", INTEL, SIGNATURE(6, 6, 3), 0xd, 0x8000000a,
      { ~0u, ~F(TSC_DEADLINE), ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u, ~0u } },
};

/* --- types ----------------------------------------------------------------------------------------------------- */

/* class_data of a model's type: what the core sees, then the model. */
typedef struct X86CPUClass {
    CPUClass parent_class;
    const X86Model *model;
} X86CPUClass;

/* Bits of physical addresses (CPUID 8000_0008). */
static uint8_t physical_bits(const CPUX86State *env)
{
    return cpu_has(env, CPUID_LM) ? 40 : cpu_has(env, CPUID_PAE) || cpu_has(env, CPUID_PSE36) ? 36 : 32;
}

void x86_cpu_init_model(X86CPU *cpu)
{
    CPUX86State *env = &cpu->env;

    env->model = ((const X86CPUClass *)object_class_data(OBJECT(cpu)))->model;
    for (unsigned i = 0; i < FEATURE_WORDS; i++) {
        env->features[i] = env->model->features[i] & x86_supported_features(i);
    }
    env->phys_bits = physical_bits(env);
}

const X86Model *x86_model_of_type(const TypeInfo *type)
{
    return strcmp(type->name, TYPE_X86_CPU) ? ((const X86CPUClass *)type_class_data(type))->model : NULL;
}

static void register_models(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(models); i++) {
        X86CPUClass *class = g_new0(X86CPUClass, 1);
        TypeInfo *info = g_new0(TypeInfo, 1);

        class->parent_class = x86_cpu_class;
        class->model = &models[i];
        *info = (TypeInfo) {
            .name = g_strconcat(models[i].name, X86_CPU_SUFFIX, NULL),
            .parent = TYPE_X86_CPU,
            .desc = "x86 CPU",
            .instance_size = sizeof(X86CPU),
            .class_data = class,
        };
        type_register_static(info);
    }
}
type_init(register_models)

void target_cpu_list(FILE *f)
{
    fprintf(f, "Available CPUs:\n");
    for (unsigned i = 0; i < ARRAY_SIZE(models); i++) {
        fprintf(f, "x86 %-16s  %s\n", models[i].name, models[i].desc ? models[i].desc : "");
    }
    fprintf(f, "\nRecognized CPUID flags:\n");
    x86_print_feature_names(f);
}

/* --- -cpu MODEL,+x,-y,x=on ---------------------------------------------------------------------------------------- */

static void set_feature(CPUX86State *env, unsigned feature, bool on)
{
    unsigned word = feature / 32;
    uint32_t bit = 1u << feature % 32;

    if (on && !(x86_supported_features(word) & bit)) {
        fprintf(stderr, "warning: -cpu: feature %s is not implemented\n", x86_feature_name(feature));
    } else if (on) {
        env->features[word] |= bit;
    } else {
        env->features[word] &= ~bit;
    }
}

static bool parse_switch(const char *value, bool *on)
{
    *on = !strcmp(value, "on") || !strcmp(value, "yes") || !strcmp(value, "true");
    return *on || !strcmp(value, "off") || !strcmp(value, "no") || !strcmp(value, "false");
}

/* One item between commas. */
static bool set_item(CPUX86State *env, char *item, Error **errp)
{
    char *value = strchr(item, '=');
    bool on = *item != '-', sign = *item == '+' || *item == '-';
    const char *name = sign ? item + 1 : item;
    int feature;

    if (value && !sign) {
        *value++ = '\0';
    }
    feature = x86_feature_by_name(name);
    if (feature < 0) {
        error_setg(errp, "-cpu: unknown feature '%s' (see -cpu help)", name);
        return false;
    }
    if (value && !sign && !parse_switch(value, &on)) {
        error_setg(errp, "-cpu: %s=%s: not 'on' or 'off'", name, value);
        return false;
    }
    set_feature(env, feature, on);
    return true;
}

bool x86_cpu_set_features(CPUState *cpu, const char *features, Error **errp)
{
    CPUX86State *env = cpu->env;
    char **items = g_strsplit(features, ",", -1);
    bool ok = true;

    for (unsigned i = 0; ok && items[i]; i++) {
        ok = set_item(env, items[i], errp);
    }
    g_strfreev(items);
    env->phys_bits = physical_bits(env);
    return ok;
}
