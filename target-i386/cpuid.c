/*
 * CPUID (SDM 2 "CPUID"; APM 3 appendix E).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "sysemu/sysemu.h"
#include "target-i386/board.h"
#include "target-i386/cpu-models.h"
#include "hw/boards.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

typedef struct Leaf {
    uint32_t eax, ebx, ecx, edx;
} Leaf;

static uint32_t text(const char *s, unsigned offset)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < 4 && offset + i < strlen(s); i++) {
        value |= (uint32_t)(uint8_t)s[offset + i] << 8 * i;
    }
    return value;
}

/* Bits of word 1_EDX that stand for something of our own. */
static uint32_t visible_1_edx(const CPUX86State *env)
{
    const uint32_t own = 1u << (CPUID_X86_486 & 31) | 1u << (CPUID_X86_CPUID & 31) | 1u << (CPUID_X86_NOPL & 31);

    return env->features[FEAT_1_EDX] & ~own;
}

static Leaf leaf_1(CPUX86State *env)
{
    Leaf l = {
        .eax = env->model->signature, .ebx = env->apic_id << 24 | 8 << 8,       /* CLFLUSH: 64 bytes */
        .ecx = env->features[FEAT_1_ECX], .edx = visible_1_edx(env),
    };
    unsigned cpus = current_machine ? current_machine->smp_cpus : 1;

    if (cpus > 1) {
        l.ebx |= MIN(cpus, 255) << 16;
        l.edx |= 1u << (CPUID_HT & 31);
    }
    if (env->cr[4] & CR4_OSXSAVE_MASK) {
        l.ecx |= 1u << (CPUID_OSXSAVE & 31);
    }
    if (l.edx >> (CPUID_APIC & 31) & 1 && !x86_board_apic_enabled(env)) {
        l.edx &= ~(1u << (CPUID_APIC & 31));
    }
    return l;
}

/* 32 KiB first-level caches, 4 MiB second level, 64-byte lines. */
static Leaf leaf_4(uint32_t index)
{
    enum { DATA = 1, CODE = 2, UNIFIED = 3, SELF_INIT = 1 << 8 };
    static const struct { uint8_t type, level, ways; uint16_t sets; } caches[] = {
        { DATA, 1, 8, 64 }, { CODE, 1, 8, 64 }, { UNIFIED, 2, 16, 4096 },
    };

    if (index >= ARRAY_SIZE(caches)) {
        return (Leaf) { 0 };
    }
    return (Leaf) {
        .eax = caches[index].type | caches[index].level << 5 | SELF_INIT,
        .ebx = 63 | (caches[index].ways - 1u) << 22, .ecx = caches[index].sets - 1u, .edx = 1,
    };
}

/* Extended topology: one thread a core, all cores in one package. */
static Leaf leaf_b(const CPUX86State *env, uint32_t index)
{
    unsigned cpus = current_machine ? current_machine->smp_cpus : 1, bits = 0;
    Leaf l = { .ecx = index & 0xff, .edx = env->apic_id };

    while (1u << bits < cpus) {
        bits++;
    }
    if (index == 0) {
        l.ebx = 1;
        l.ecx |= 1 << 8;
    } else if (index == 1) {
        l.eax = bits;
        l.ebx = cpus;
        l.ecx |= 2 << 8;
    }
    return l;
}

enum { XSAVE_LEGACY_BYTES = 576, XSAVE_AVX_OFFSET = 576, XSAVE_AVX_BYTES = 256 };

static Leaf leaf_d(const CPUX86State *env, uint32_t index)
{
    bool avx = cpu_has(env, CPUID_AVX);
    uint32_t all = XSAVE_LEGACY_BYTES + (avx ? XSAVE_AVX_BYTES : 0);
    uint32_t now = XSAVE_LEGACY_BYTES + (env->xcr0 & 4 ? XSAVE_AVX_BYTES : 0);

    if (!cpu_has(env, CPUID_XSAVE)) {
        return (Leaf) { 0 };
    }
    switch (index) {
    case 0:
        return (Leaf) { .eax = avx ? 7 : 3, .ebx = now, .ecx = all };
    case 1:
        return (Leaf) { .eax = env->features[FEAT_XSAVE], .ebx = now };
    case 2:
        return avx ? (Leaf) { .eax = XSAVE_AVX_BYTES, .ebx = XSAVE_AVX_OFFSET } : (Leaf) { 0 };
    default:
        return (Leaf) { 0 };
    }
}

static Leaf basic_leaf(CPUX86State *env, uint32_t number, uint32_t index)
{
    const X86Model *model = env->model;

    switch (number) {
    case 0:
        return (Leaf) { model->max_leaf, text(model->vendor, 0), text(model->vendor, 8), text(model->vendor, 4) };
    case 1:
        return leaf_1(env);
    case 2:
        return (Leaf) { 1, 0, 0, 0x2c307d };
    case 4:
        return leaf_4(index);
    case 5:
        return (Leaf) { 0, 0, 3, 0 };
    case 6:
        return (Leaf) { .eax = env->features[FEAT_6_EAX] };
    case 7:
        return index ? (Leaf) { 0 } : (Leaf) {
            .ebx = env->features[FEAT_7_0_EBX], .ecx = env->features[FEAT_7_0_ECX],
            .edx = env->features[FEAT_7_0_EDX],
        };
    case 0xb:
        return leaf_b(env, index);
    case 0xd:
        return leaf_d(env, index);
    default:
        return (Leaf) { 0 };
    }
}

static Leaf extended_leaf(CPUX86State *env, uint32_t number)
{
    const X86Model *model = env->model;
    const char *brand = model->desc ? model->desc : "";
    unsigned cpus = current_machine ? current_machine->smp_cpus : 1;

    switch (number) {
    case 0x80000000:
        return (Leaf) { model->max_extended_leaf, text(model->vendor, 0), text(model->vendor, 8),
                        text(model->vendor, 4) };
    case 0x80000001: {
        bool amd = !strcmp(model->vendor, "AuthenticAMD");
        uint32_t shared = amd ? visible_1_edx(env) & 0x0183f3ff : 0;

        return (Leaf) { model->signature, 0, env->features[FEAT_8000_0001_ECX],
                        env->features[FEAT_8000_0001_EDX] | shared };
    }
    case 0x80000002: case 0x80000003: case 0x80000004: {
        unsigned at = (number - 0x80000002) * 16;

        return (Leaf) { text(brand, at), text(brand, at + 4), text(brand, at + 8), text(brand, at + 12) };
    }
    case 0x80000005:
        return (Leaf) { 0x01ff01ff, 0x01ff01ff, 0x40020140, 0x40020140 };
    case 0x80000006:
        return (Leaf) { 0, 0x42004200, 0x02008140, 0x00808140 };
    case 0x80000007:
        return (Leaf) { .edx = env->features[FEAT_8000_0007_EDX] };
    case 0x80000008:
        return (Leaf) { .eax = env->phys_bits | (cpu_has(env, CPUID_LM) ? 48 : 32) << 8,
                        .ebx = env->features[FEAT_8000_0008_EBX], .ecx = cpus > 1 ? cpus - 1 : 0 };
    default:
        return (Leaf) { 0 };
    }
}

void helper_cpuid(CPUX86State *env)
{
    static const char hypervisor[] = "TCGTCGTCGTCG";
    uint32_t number = env->regs[R_EAX], index = env->regs[R_ECX];
    Leaf l;

    if (number >= 0x40000000 && number <= 0x400000ff && cpu_has(env, CPUID_HYPERVISOR)) {
        l = number == 0x40000000 ? (Leaf) { 0x40000001, text(hypervisor, 0), text(hypervisor, 4), text(hypervisor, 8) }
                                 : (Leaf) { 0 };
    } else if (number >= 0x80000000 && number <= env->model->max_extended_leaf) {
        l = extended_leaf(env, number);
    } else {
        l = basic_leaf(env, MIN(number, env->model->max_leaf), index);
    }
    env->regs[R_EAX] = l.eax;
    env->regs[R_EBX] = l.ebx;
    env->regs[R_ECX] = l.ecx;
    env->regs[R_EDX] = l.edx;
}
