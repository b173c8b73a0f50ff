/*
 * AltiVec operations that are calls: operands and result pass through
 * env->vec_arg and env->vec_result, so that calls touch no guest register.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_PPC_ALTIVEC_H
#define TARGET_PPC_ALTIVEC_H

#include "target-ppc/cpu.h"

#define VEC_INT_OPS(X) \
    X(vadduws) X(vaddsws) X(vsubuws) X(vsubsws) X(vavguw) X(vavgsb) X(vavgsh) X(vavgsw) \
    X(vrlb) X(vrlh) X(vrlw) X(vslb) X(vslh) X(vslw) X(vsrb) X(vsrh) X(vsrw) X(vsrab) X(vsrah) X(vsraw) \
    X(vsl) X(vsr) X(vslo) X(vsro) X(vsum4ubs) X(vsum4sbs) X(vsum4shs) X(vsum2sws) X(vsumsws) \
    X(vmhaddshs) X(vmhraddshs) X(vmsumubm) X(vmsummbm) X(vmsumuhm) X(vmsumuhs) X(vmsumshm) X(vmsumshs) \
    X(vpkuhus) X(vpkuwus) X(vpkshus) X(vpkswus) X(vpkshss) X(vpkswss) X(vpkpx) X(vupkhpx) X(vupklpx)
#define VEC_FP_OPS(X) \
    X(vaddfp) X(vsubfp) X(vmaxfp) X(vminfp) X(vmaddfp) X(vnmsubfp) X(vrefp) X(vrsqrtefp) X(vexptefp) X(vlogefp) \
    X(vrfin) X(vrfiz) X(vrfip) X(vrfim) X(vcfux) X(vcfsx) X(vctuxs) X(vctsxs) \
    X(vcmpeqfp) X(vcmpgefp) X(vcmpgtfp) X(vcmpbfp)

typedef enum VecOp {
#define VEC_OP_NUMBER(name) VEC_OP_##name,
    VEC_INT_OPS(VEC_OP_NUMBER)
    VEC_FP_OPS(VEC_OP_NUMBER)
#undef VEC_OP_NUMBER
    VEC_OP_COUNT
} VecOp;

/* imm: the five-bit immediate in the place of vA. */
typedef void VecFunction(CPUPPCState *env, PPCVec *d, const PPCVec *a, const PPCVec *b,
                         const PPCVec *c, unsigned imm);
#define VEC_OP_DECLARE(name) VecFunction vec_##name;
VEC_INT_OPS(VEC_OP_DECLARE)
VEC_FP_OPS(VEC_OP_DECLARE)
#undef VEC_OP_DECLARE

/* A register as the compiler's vectors: for operations that are worth whole-register code. */
typedef uint32_t VecU32 __attribute__((vector_size(16)));
typedef int32_t VecS32 __attribute__((vector_size(16)));
typedef float VecF32 __attribute__((vector_size(16)));

static inline VecU32 vec_load_u32(const PPCVec *v) { return *(const VecU32 *)v; }
static inline VecS32 vec_load_s32(const PPCVec *v) { return *(const VecS32 *)v; }
static inline VecF32 vec_load_f32(const PPCVec *v) { return *(const VecF32 *)v; }

/* Some lane of a mask is set. */
static inline bool vec_any(VecS32 mask)
{
    typedef int64_t Halves __attribute__((vector_size(16)));
    Halves h = (Halves)mask;

    return (h[0] | h[1]) != 0;
}

/* Also compiled for hosts with lane-wise shifts, and chosen when the program starts. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define VEC_CLONES __attribute__((target_clones("avx2", "default")))
#else
#define VEC_CLONES
#endif

/* Saturation happened: VSCR.SAT. */
static inline void vec_set_sat(CPUPPCState *env)
{
    env->vscr_sat = 1;
}

#endif
