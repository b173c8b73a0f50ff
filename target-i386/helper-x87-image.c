/*
 * x87, MMX and vector state to and from guest memory: FSTENV, FSAVE, FXSAVE,
 * XSAVE and their counterparts; the change between x87 and MMX.
 *
 * Follows the SDM, volume 1, 8.1.10, 10.5 and chapter 13.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "target-i386/x87.h"
#include "exec/exec-all.h"
#define HELPER_H "target-i386/helper.h"
#include "tcg/helper-proto.h"

enum { FXSAVE_X87_BYTES = 160, FXSAVE_MXCSR = 24, FXSAVE_XMM = 160, LEGACY_BYTES = 512, XSAVE_HEADER = 512,
       XSAVE_YMM = 576, XSAVE_BYTES = 832 };
enum { XSTATE_X87 = 1, XSTATE_SSE = 2, XSTATE_AVX = 4, XSTATE_KNOWN = 7 };
enum { MXCSR_MASK = 0xffff, MXCSR_DEFAULT = 0x1f80 };
#define XCOMP_COMPACT (UINT64_C(1) << 63)

/* --- blocks of guest memory ------------------------------------------------------- */

static target_ulong wrap(const CPUX86State *env, target_ulong addr)
{
    return env->hflags & HF_CS64 ? addr : (uint32_t)addr;
}

static unsigned bytes_in_page(target_ulong addr, unsigned size)
{
    return MIN(size, TARGET_PAGE_SIZE - (addr & ~TARGET_PAGE_MASK));
}

/* All of it can be written, or the fault is raised; the store will not leave the instruction. */
static void probe_block(CPUX86State *env, target_ulong addr, unsigned size, uintptr_t ra)
{
    int mmu_idx = x86_cpu_mmu_index(env_cpu(env), MMU_DATA_STORE);

    while (size) {
        unsigned chunk = bytes_in_page(addr, size);

        probe_access(env, addr, chunk, MMU_DATA_STORE, mmu_idx, ra);
        addr = wrap(env, addr + chunk);
        size -= chunk;
    }
}

static void write_block(CPUX86State *env, target_ulong addr, const uint8_t *from, unsigned size, uintptr_t ra)
{
    int mmu_idx = x86_cpu_mmu_index(env_cpu(env), MMU_DATA_STORE);

    while (size) {
        unsigned chunk = bytes_in_page(addr, size);
        void *host = probe_access(env, addr, chunk, MMU_DATA_STORE, mmu_idx, ra);

        if (host) {
            memcpy(host, from, chunk);
        } else {
            for (unsigned i = 0; i < chunk; i++) {
                cpu_st_mmu(env, addr + i, from[i], make_memop_idx(MO_8, mmu_idx), ra);
            }
        }
        addr = wrap(env, addr + chunk);
        from += chunk;
        size -= chunk;
    }
}

static void read_block(CPUX86State *env, target_ulong addr, uint8_t *to, unsigned size, uintptr_t ra)
{
    int mmu_idx = x86_cpu_mmu_index(env_cpu(env), MMU_DATA_LOAD);

    while (size) {
        unsigned chunk = bytes_in_page(addr, size);
        void *host = probe_access(env, addr, chunk, MMU_DATA_LOAD, mmu_idx, ra);

        if (host) {
            memcpy(to, host, chunk);
        } else {
            for (unsigned i = 0; i < chunk; i++) {
                to[i] = cpu_ld_mmu(env, addr + i, make_memop_idx(MO_UB, mmu_idx), ra);
            }
        }
        addr = wrap(env, addr + chunk);
        to += chunk;
        size -= chunk;
    }
}

void x87_store_ten(CPUX86State *env, target_ulong addr, uint64_t low, uint16_t high, uintptr_t ra)
{
    uint8_t bytes[10];

    x86_check_alignment(env, addr, 8, ra);
    stq_le_p(bytes, low);
    stw_le_p(bytes + 8, high);
    probe_block(env, addr, sizeof(bytes), ra);
    write_block(env, addr, bytes, sizeof(bytes), ra);
}

void helper_x87_probe_ten(CPUX86State *env, target_ulong addr)
{
    x86_check_alignment(env, addr, 8, GETPC());
    probe_block(env, addr, 10, GETPC());
}

/* --- MMX --------------------------------------------------------------------------------- */

void helper_enter_mmx(CPUX86State *env)
{
    x86_fpu_to_env(env);
    env->fpstt = 0;
    memset(env->fptags, 0, sizeof(env->fptags));
    env->mmx_ready = true;
}

void helper_emms(CPUX86State *env)
{
    x86_fpu_to_env(env);
    memset(env->fptags, 1, sizeof(env->fptags));
    env->fpstt = 0;
    env->mmx_ready = false;
}

/* --- FSTENV, FSAVE ------------------------------------------------------------------------ */

/* SDM 1:8.1.7: valid, zero, special, empty; by physical register. */
static uint16_t full_tags(const CPUX86State *env)
{
    uint16_t tags = 0;

    for (unsigned i = 0; i < 8; i++) {
        FPXClass cls = fpx_classify((FloatX80){ env->fpregs[i].f80.low, env->fpregs[i].f80.high });
        unsigned tag = env->fptags[i] ? 3 : cls == FPX_ZERO ? 1 : cls == FPX_FINITE ? 0 : 2;

        tags |= tag << 2 * i;
    }
    return tags;
}

static void set_full_tags(CPUX86State *env, uint16_t tags)
{
    for (unsigned i = 0; i < 8; i++) {
        env->fptags[i] = (tags >> 2 * i & 3) == 3;
    }
}

static bool is_protected(const CPUX86State *env)
{
    return (env->hflags & (HF_PE | HF_VM)) == HF_PE;
}

/* SDM 1, figures 8-9 to 8-12. Real mode has linear addresses. Returns the bytes. */
static unsigned put_environment(const CPUX86State *env, uint8_t *image, bool wide)
{
    uint32_t word[7] = { env->fpuc, x87_status_word(env), full_tags(env), env->fpip, env->fpcs, env->fpdp, env->fpds };

    if (!is_protected(env)) {
        uint32_t ip = env->fpip + (env->fpcs << 4), dp = env->fpdp + (env->fpds << 4);

        word[3] = (uint16_t)ip;
        word[4] = (wide ? ip >> 16 << 12 : (ip >> 16 & 15) << 12) | env->fpop;
        word[5] = (uint16_t)dp;
        word[6] = wide ? dp >> 16 << 12 : (dp >> 16 & 15) << 12;
    } else if (wide) {
        word[4] |= env->fpop << 16;
        word[6] |= 0xffff0000;
    }
    for (unsigned i = 0; i < 7; i++) {
        if (wide) {
            stl_le_p(image + 4 * i, word[i] | (i < 3 ? 0xffff0000 : 0));
        } else {
            stw_le_p(image + 2 * i, word[i]);
        }
    }
    return wide ? 28 : 14;
}

static void take_environment(CPUX86State *env, const uint8_t *image, bool wide)
{
    uint32_t word[7];

    for (unsigned i = 0; i < 7; i++) {
        word[i] = wide ? ldl_le_p(image + 4 * i) : lduw_le_p(image + 2 * i);
    }
    env->fpip = word[3];
    env->fpdp = word[5];
    if (!is_protected(env)) {
        env->fpcs = env->fpds = 0;
        env->fpop = word[4] & 0x7ff;
        env->fpip = (uint16_t)word[3] | (wide ? word[4] << 4 & 0xffff0000 : (word[4] & 0xf000) << 4);
        env->fpdp = (uint16_t)word[5] | (wide ? word[6] << 4 & 0xffff0000 : (word[6] & 0xf000) << 4);
    } else {
        env->fpcs = word[4];
        env->fpds = word[6];
        env->fpop = wide ? word[4] >> 16 & 0x7ff : 0;
    }
    set_full_tags(env, word[2]);
    env->fpuc = FPUC_DEFAULT;
    x87_set_status_word(env, word[1]);
    x87_set_control_word(env, word[0]);
}

void helper_fnstenv(CPUX86State *env, target_ulong addr, uint32_t wide)
{
    uint8_t image[28];

    x86_check_alignment(env, addr, wide ? 4 : 2, GETPC());
    x86_fpu_to_env(env);
    unsigned size = put_environment(env, image, wide);

    probe_block(env, addr, size, GETPC());
    write_block(env, addr, image, size, GETPC());
    x87_set_control_word(env, env->fpuc | FPUC_MASKS);
}

void helper_fldenv(CPUX86State *env, target_ulong addr, uint32_t wide)
{
    uint8_t image[28];

    x86_check_alignment(env, addr, wide ? 4 : 2, GETPC());
    read_block(env, addr, image, wide ? 28 : 14, GETPC());
    x86_fpu_to_env(env);
    env->mmx_ready = false;
    take_environment(env, image, wide);
}

void helper_fnsave(CPUX86State *env, target_ulong addr, uint32_t wide)
{
    uint8_t image[108];

    x86_check_alignment(env, addr, wide ? 4 : 2, GETPC());
    x86_fpu_to_env(env);
    unsigned size = put_environment(env, image, wide);

    for (unsigned i = 0; i < 8; i++, size += 10) {
        stq_le_p(image + size, x87_reg(env, i)->f80.low);
        stw_le_p(image + size + 8, x87_reg(env, i)->f80.high);
    }
    probe_block(env, addr, size, GETPC());
    write_block(env, addr, image, size, GETPC());
    x87_init_state(env);
}

void helper_frstor(CPUX86State *env, target_ulong addr, uint32_t wide)
{
    uint8_t image[108];
    unsigned at = wide ? 28 : 14;

    x86_check_alignment(env, addr, wide ? 4 : 2, GETPC());
    read_block(env, addr, image, at + 80, GETPC());
    x86_fpu_to_env(env);
    env->mmx_ready = false;
    take_environment(env, image, wide);
    for (unsigned i = 0; i < 8; i++, at += 10) {
        x87_reg(env, i)->f80.low = ldq_le_p(image + at);
        x87_reg(env, i)->f80.high = lduw_le_p(image + at + 8);
    }
}

/* --- FXSAVE ----------------------------------------------------------------------------------- */

/* The first 24 bytes and the registers from 32 on. */
static void put_fx_x87(CPUX86State *env, uint8_t *image, bool wide)
{
    uint8_t tags = 0;

    for (unsigned i = 0; i < 8; i++) {
        tags |= (env->fptags[i] ? 0 : 1) << i;
        stq_le_p(image + 32 + 16 * i, x87_reg(env, i)->f80.low);
        stq_le_p(image + 40 + 16 * i, x87_reg(env, i)->f80.high);
    }
    stw_le_p(image, env->fpuc);
    stw_le_p(image + 2, x87_status_word(env));
    stw_le_p(image + 4, tags);
    stw_le_p(image + 6, env->fpop);
    stq_le_p(image + 8, wide ? env->fpip : (uint32_t)env->fpip | (uint64_t)env->fpcs << 32);
    stq_le_p(image + 16, wide ? env->fpdp : (uint32_t)env->fpdp | (uint64_t)env->fpds << 32);
}

static void take_fx_x87(CPUX86State *env, const uint8_t *image, bool wide)
{
    uint64_t ip = ldq_le_p(image + 8), dp = ldq_le_p(image + 16);

    env->fpuc = FPUC_DEFAULT;
    x87_set_status_word(env, lduw_le_p(image + 2));
    for (unsigned i = 0; i < 8; i++) {
        env->fptags[i] = !(image[4] >> i & 1);
        x87_reg(env, i)->f80.low = ldq_le_p(image + 32 + 16 * i);
        x87_reg(env, i)->f80.high = lduw_le_p(image + 40 + 16 * i);
    }
    env->fpop = lduw_le_p(image + 6) & 0x7ff;
    env->fpip = wide ? ip : (uint32_t)ip;
    env->fpdp = wide ? dp : (uint32_t)dp;
    env->fpcs = wide ? 0 : ip >> 32;
    env->fpds = wide ? 0 : dp >> 32;
    env->mmx_ready = false;
    x87_set_control_word(env, lduw_le_p(image));
}

static unsigned xmm_count(const CPUX86State *env) { return env->hflags & HF_CS64 ? CPU_NB_REGS : 8; }

static void put_xmm(const CPUX86State *env, uint8_t *image)
{
    for (unsigned i = 0; i < xmm_count(env); i++) {
        memcpy(image + FXSAVE_XMM + 16 * i, &env->ymm[i], 16);
    }
}

static void take_xmm(CPUX86State *env, const uint8_t *image)
{
    for (unsigned i = 0; i < xmm_count(env); i++) {
        memcpy(&env->ymm[i], image + FXSAVE_XMM + 16 * i, 16);
    }
}

/* MXCSR and the vector registers take part (SDM 1:10.5.1; APM 3, FXSAVE: fast form). */
static bool has_vectors(const CPUX86State *env)
{
    bool fast = env->efer & MSR_EFER_FFXSR && env->hflags & HF_CS64 && env_cpl(env) == 0;

    return env->hflags & HF_OSFXSR && !fast;
}

/* Where alignment is checked, chips report #AC for addresses that are not even multiples of 4. */
static void check_aligned(CPUX86State *env, target_ulong addr, unsigned align, uintptr_t ra)
{
    x86_check_alignment(env, addr, 4, ra);
    if (addr & (align - 1)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, ra);
    }
}

void helper_fxsave(CPUX86State *env, target_ulong addr, uint32_t wide)
{
    uint8_t image[LEGACY_BYTES] = { 0 };
    unsigned size = FXSAVE_X87_BYTES;

    check_aligned(env, addr, 16, GETPC());
    x86_fpu_to_env(env);
    put_fx_x87(env, image, wide);
    if (env->hflags & HF_OSFXSR) {
        stl_le_p(image + FXSAVE_MXCSR, x86_get_mxcsr(env));
        stl_le_p(image + FXSAVE_MXCSR + 4, MXCSR_MASK);
    }
    if (has_vectors(env)) {
        put_xmm(env, image);
        size += 16 * xmm_count(env);
    }
    probe_block(env, addr, size, GETPC());
    write_block(env, addr, image, size, GETPC());
}

void helper_fxrstor(CPUX86State *env, target_ulong addr, uint32_t wide)
{
    uint8_t image[LEGACY_BYTES];

    check_aligned(env, addr, 16, GETPC());
    read_block(env, addr, image, LEGACY_BYTES, GETPC());
    uint32_t mxcsr = ldl_le_p(image + FXSAVE_MXCSR);

    if (env->hflags & HF_OSFXSR) {
        if (mxcsr & ~MXCSR_MASK) {
            raise_exception_err_ra(env, EXCP0D_GPF, 0, GETPC());
        }
        x86_set_mxcsr(env, mxcsr);
    }
    x86_fpu_to_env(env);
    take_fx_x87(env, image, wide);
    if (has_vectors(env)) {
        take_xmm(env, image);
    }
}

/* --- XSAVE ------------------------------------------------------------------------------------- */

void helper_check_xsave(CPUX86State *env)
{
    if (!(env->cr[4] & CR4_OSXSAVE_MASK)) {
        raise_exception_ra(env, EXCP06_ILLOP, GETPC());
    }
    if (env->cr[0] & CR0_TS_MASK) {
        raise_exception_ra(env, EXCP07_PREX, GETPC());
    }
}

/* form: bit 0 REX.W, bit 1 compacted (XSAVEC). */
void helper_xsave(CPUX86State *env, target_ulong addr, uint64_t request, uint32_t form)
{
    uint8_t image[XSAVE_BYTES] = { 0 };
    uint64_t components = request & env->xcr0 & XSTATE_KNOWN, old;
    uintptr_t ra = GETPC();

    check_aligned(env, addr, 64, ra);
    probe_block(env, addr, components & XSTATE_AVX ? XSAVE_BYTES : XSAVE_YMM, ra);
    read_block(env, addr, image, XSAVE_YMM, ra);
    x86_fpu_to_env(env);
    if (components & XSTATE_X87) {
        put_fx_x87(env, image, form & 1);
    }
    if (components & (XSTATE_SSE | XSTATE_AVX)) {
        stl_le_p(image + FXSAVE_MXCSR, x86_get_mxcsr(env));
        stl_le_p(image + FXSAVE_MXCSR + 4, MXCSR_MASK);
    }
    if (components & XSTATE_SSE) {
        put_xmm(env, image);
    }
    old = form & 2 ? 0 : ldq_le_p(image + XSAVE_HEADER) & ~components;
    stq_le_p(image + XSAVE_HEADER, old | components);
    if (form & 2) {
        stq_le_p(image + XSAVE_HEADER + 8, XCOMP_COMPACT | components);
    }
    write_block(env, addr, image, XSAVE_YMM, ra);
    if (components & XSTATE_AVX) {
        for (unsigned i = 0; i < xmm_count(env); i++) {
            memcpy(image + XSAVE_YMM + 16 * i, &env->ymm[i].u64[2], 16);
        }
        write_block(env, addr + XSAVE_YMM, image + XSAVE_YMM, 16 * xmm_count(env), ra);
    }
}

/* SDM 1:13.8.1: what the header must not have. */
static bool header_is_valid(const CPUX86State *env, const uint8_t *image)
{
    uint64_t in_use = ldq_le_p(image + XSAVE_HEADER), compact = ldq_le_p(image + XSAVE_HEADER + 8);
    bool may_compact = cpu_has(env, CPUID_XSAVEC);

    if (in_use & ~env->xcr0 || ldq_le_p(image + XSAVE_HEADER + 16)) {
        return false;
    }
    if (compact & XCOMP_COMPACT) {
        for (unsigned i = 24; i < 64; i += 8) {
            if (ldq_le_p(image + XSAVE_HEADER + i)) {
                return false;
            }
        }
        return may_compact && !(in_use & ~compact) && !(compact & ~(XCOMP_COMPACT | env->xcr0));
    }
    return compact == 0;
}

static void restore_vectors(CPUX86State *env, const uint8_t *image, uint64_t components, uint64_t in_use)
{
    if (components & XSTATE_SSE) {
        static const uint8_t zero[LEGACY_BYTES];

        take_xmm(env, in_use & XSTATE_SSE ? image : zero);
    }
    for (unsigned i = 0; components & XSTATE_AVX && i < xmm_count(env); i++) {
        if (in_use & XSTATE_AVX) {
            memcpy(&env->ymm[i].u64[2], image + XSAVE_YMM + 16 * i, 16);
        } else {
            memset(&env->ymm[i].u64[2], 0, 16);
        }
    }
}

void helper_xrstor(CPUX86State *env, target_ulong addr, uint64_t request, uint32_t form)
{
    uint8_t image[XSAVE_BYTES];
    uint64_t components = request & env->xcr0 & XSTATE_KNOWN, in_use;
    uintptr_t ra = GETPC();

    check_aligned(env, addr, 64, ra);
    read_block(env, addr, image, XSAVE_YMM, ra);
    in_use = ldq_le_p(image + XSAVE_HEADER);
    if (components & in_use & XSTATE_AVX) {
        read_block(env, addr + XSAVE_YMM, image + XSAVE_YMM, 16 * xmm_count(env), ra);
    }
    bool compact = ldq_le_p(image + XSAVE_HEADER + 8) & XCOMP_COMPACT;
    bool loads_mxcsr = compact ? components & in_use & XSTATE_SSE : components & (XSTATE_SSE | XSTATE_AVX);
    uint32_t mxcsr = ldl_le_p(image + FXSAVE_MXCSR);

    if (!header_is_valid(env, image) || (loads_mxcsr && mxcsr & ~MXCSR_MASK)) {
        raise_exception_err_ra(env, EXCP0D_GPF, 0, ra);
    }
    x86_fpu_to_env(env);
    if (components & in_use & XSTATE_X87) {
        take_fx_x87(env, image, form & 1);
    } else if (components & XSTATE_X87) {
        x87_init_state(env);
        memset(env->fpregs, 0, sizeof(env->fpregs));
    }
    if (loads_mxcsr) {
        x86_set_mxcsr(env, mxcsr);
    } else if (compact && components & XSTATE_SSE) {
        x86_set_mxcsr(env, MXCSR_DEFAULT);
    }
    restore_vectors(env, image, components, in_use);
}
