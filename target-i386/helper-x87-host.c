/*
 * The guest's x87 state in the x87 unit of the vCPU's host thread.
 *
 * While it is there (env->x87_in_host), C code that this thread runs must not
 * use long double or MMX. The host's control word masks all exceptions; the
 * state is there only while the guest's does too.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/x87.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

#ifdef __x86_64__
/* What FNSAVE and FRSTOR move: the 32-bit protected-mode image (SDM 1, figure 8-9). */
typedef struct __attribute__((packed)) HostImage {
    uint32_t control, status, tags, pointers[4];
    struct __attribute__((packed)) { uint64_t low; uint16_t high; } st[8];
} HostImage;
_Static_assert(sizeof(HostImage) == 108, "the image of FNSAVE");

static void load_host(const CPUX86State *env)
{
    HostImage image = { .control = env->fpuc, .status = x87_status_word(env) };

    for (unsigned i = 0; i < 8; i++) {
        const FPReg *reg = &env->fpregs[(env->fpstt + i) & 7];

        image.tags |= env->fptags[i] ? 3u << 2 * i : 0;
        image.st[i].low = reg->f80.low;
        image.st[i].high = reg->f80.high;
    }
    __asm__ volatile("frstor %0" : : "m"(image));
}

/* The unit is as C code expects it afterwards. */
static void save_host(CPUX86State *env)
{
    HostImage image;

    __asm__ volatile("fnsave %0" : "=m"(image));
    env->fpstt = image.status >> FPUS_TOP_SHIFT & 7;
    env->fpus = image.status & FPUS_KEPT;
    for (unsigned i = 0; i < 8; i++) {
        FPReg *reg = &env->fpregs[(env->fpstt + i) & 7];

        env->fptags[i] = (image.tags >> 2 * i & 3) == 3;
        reg->f80.low = image.st[i].low;
        reg->f80.high = image.st[i].high;
    }
}

void helper_x87_to_host(CPUX86State *env)
{
    load_host(env);
    env->x87_in_host = true;
    env->mmx_ready = false;
}

void x86_fpu_to_env(CPUX86State *env)
{
    if (env->x87_in_host) {
        save_host(env);
        env->x87_in_host = false;
    }
}

/* An exception that the instruction leaves pending is cleared by FNSAVE before it can trap. */
void x87_run_on_host(CPUX86State *env, unsigned insn)
{
    load_host(env);
    switch (insn & 0xff) {
    case 0xf0: __asm__ volatile("f2xm1"); break;
    case 0xf1: __asm__ volatile("fyl2x"); break;
    case 0xf2: __asm__ volatile("fptan"); break;
    case 0xf3: __asm__ volatile("fpatan"); break;
    case 0xf9: __asm__ volatile("fyl2xp1"); break;
    case 0xfb: __asm__ volatile("fsincos"); break;
    case 0xfe: __asm__ volatile("fsin"); break;
    case 0xff: __asm__ volatile("fcos"); break;
    }
    save_host(env);
}

void x87_transcendental(CPUX86State *env, unsigned insn)
{
    x87_run_on_host(env, insn);
}
#else
void helper_x87_to_host(CPUX86State *env)
{
    g_assert_not_reached();
}

void x86_fpu_to_env(CPUX86State *env)
{
}
#endif
