/*
 * The operations of the simd_ ops: the only list.
 *
 * Each is the x86 instruction of its name (Intel SDM volume 2, AMD APM volumes
 * 4 and 5) on 128 bits, exactly: NaN choice, MXCSR rules and flags, and what
 * happens to the elements that a scalar instruction does not compute. Where the
 * manual has a destination that is also the first source, a is that source.
 *
 *   SIMD(name, form, encoding, features)
 *
 * form       SIMD_FORM_x below, in simd.h
 * encoding   prefixes, map and opcode, as the manual prints them
 * features   what a host must have to run it as one instruction
 *
 * The portable meaning of a row is tcg_simd_NAME in tcg/simd-*.c.
 *
 * SPDX-License-Identifier: MIT
 */
#define NP_0F   SIMD_0F
#define X66_0F  (SIMD_66 | SIMD_0F)
#define XF3_0F  (SIMD_F3 | SIMD_0F)
#define XF2_0F  (SIMD_F2 | SIMD_0F)
#define X66_38  (SIMD_66 | SIMD_0F38)
#define X66_3A  (SIMD_66 | SIMD_0F3A)

/* --- arithmetic: ps, pd, ss, sd ------------------------------------------- */
#define SIMD_FLOAT4(n, form, opcode) \
    SIMD(n##ps, form, NP_0F | opcode, 0) SIMD(n##pd, form, X66_0F | opcode, 0) \
    SIMD(n##ss, AB, XF3_0F | opcode, 0) SIMD(n##sd, AB, XF2_0F | opcode, 0)
SIMD_FLOAT4(add, AB, 0x58)
SIMD_FLOAT4(mul, AB, 0x59)
SIMD_FLOAT4(sub, AB, 0x5c)
SIMD_FLOAT4(min, AB, 0x5d)
SIMD_FLOAT4(div, AB, 0x5e)
SIMD_FLOAT4(max, AB, 0x5f)
SIMD_FLOAT4(sqrt, A, 0x51)
#undef SIMD_FLOAT4
SIMD(rcpps,   A,  NP_0F | 0x53, 0)
SIMD(rcpss,   AB, XF3_0F | 0x53, 0)
SIMD(rsqrtps, A,  NP_0F | 0x52, 0)
SIMD(rsqrtss, AB, XF3_0F | 0x52, 0)
SIMD(cmpps, ABI, NP_0F | 0xc2, 0)
SIMD(cmppd, ABI, X66_0F | 0xc2, 0)
SIMD(cmpss, ABI, XF3_0F | 0xc2, 0)
SIMD(cmpsd, ABI, XF2_0F | 0xc2, 0)
SIMD(haddps,   AB, XF2_0F | 0x7c, 0)
SIMD(haddpd,   AB, X66_0F | 0x7c, 0)
SIMD(hsubps,   AB, XF2_0F | 0x7d, 0)
SIMD(hsubpd,   AB, X66_0F | 0x7d, 0)
SIMD(addsubps, AB, XF2_0F | 0xd0, 0)
SIMD(addsubpd, AB, X66_0F | 0xd0, 0)
SIMD(roundps, AI,  X66_3A | 0x08, 0)
SIMD(roundpd, AI,  X66_3A | 0x09, 0)
SIMD(roundss, ABI, X66_3A | 0x0a, 0)
SIMD(roundsd, ABI, X66_3A | 0x0b, 0)
SIMD(dpps,    ABI, X66_3A | 0x40, 0)
SIMD(dppd,    ABI, X66_3A | 0x41, 0)

/* --- compares into flags: CF bit 0, PF bit 2, ZF bit 6 of the result -------- */
SIMD(ucomiss, FLAGS, NP_0F | 0x2e, 0)
SIMD(ucomisd, FLAGS, X66_0F | 0x2e, 0)
SIMD(comiss,  FLAGS, NP_0F | 0x2f, 0)
SIMD(comisd,  FLAGS, X66_0F | 0x2f, 0)
SIMD(ptest,   FLAGS, X66_38 | 0x17, 0)
SIMD(vtestps, FLAGS, X66_38 | 0x0e, SIMD_AVX)
SIMD(vtestpd, FLAGS, X66_38 | 0x0f, SIMD_AVX)

/* --- conversions -------------------------------------------------------------- */
SIMD(cvtps2pd,  A, NP_0F | 0x5a, 0)
SIMD(cvtpd2ps,  A, X66_0F | 0x5a, 0)
SIMD(cvtss2sd,  AB, XF3_0F | 0x5a, 0)
SIMD(cvtsd2ss,  AB, XF2_0F | 0x5a, 0)
SIMD(cvtdq2ps,  A, NP_0F | 0x5b, 0)
SIMD(cvtps2dq,  A, X66_0F | 0x5b, 0)
SIMD(cvttps2dq, A, XF3_0F | 0x5b, 0)
SIMD(cvttpd2dq, A, X66_0F | 0xe6, 0)
SIMD(cvtdq2pd,  A, XF3_0F | 0xe6, 0)
SIMD(cvtpd2dq,  A, XF2_0F | 0xe6, 0)
SIMD(cvtph2ps,  A, X66_38 | 0x13, SIMD_F16C)
SIMD(cvtps2ph,  STORED_AI, X66_3A | 0x1d, SIMD_F16C)
#define SIMD_TO_INT(n, prefix) \
    SIMD(n##2si_l, R, prefix | 0x2d, 0) SIMD(n##2si_q, R, SIMD_W | prefix | 0x2d, 0)
#define SIMD_TRUNC_INT(n, prefix) \
    SIMD(n##2si_l, R, prefix | 0x2c, 0) SIMD(n##2si_q, R, SIMD_W | prefix | 0x2c, 0)
SIMD_TO_INT(cvtss, XF3_0F)
SIMD_TO_INT(cvtsd, XF2_0F)
SIMD_TRUNC_INT(cvttss, XF3_0F)
SIMD_TRUNC_INT(cvttsd, XF2_0F)
#undef SIMD_TO_INT
#undef SIMD_TRUNC_INT
SIMD(cvtsi2ss_l, FROM, XF3_0F | 0x2a, 0)
SIMD(cvtsi2ss_q, FROM, SIMD_W | XF3_0F | 0x2a, 0)
SIMD(cvtsi2sd_l, FROM, XF2_0F | 0x2a, 0)
SIMD(cvtsi2sd_q, FROM, SIMD_W | XF2_0F | 0x2a, 0)

/* --- moves and shuffles --------------------------------------------------------- */
SIMD(movss,     AB, XF3_0F | 0x10, 0)
SIMD(movsd,     AB, XF2_0F | 0x10, 0)
SIMD(movhlps,   AB, NP_0F | 0x12, 0)
SIMD(movlhps,   AB, NP_0F | 0x16, 0)
SIMD(movsldup,  A,  XF3_0F | 0x12, 0)
SIMD(movshdup,  A,  XF3_0F | 0x16, 0)
SIMD(movddup,   A,  XF2_0F | 0x12, 0)
SIMD(movq,      A,  XF3_0F | 0x7e, 0)
SIMD(unpcklps,  AB, NP_0F | 0x14, 0)
SIMD(unpckhps,  AB, NP_0F | 0x15, 0)
SIMD(unpcklpd,  AB, X66_0F | 0x14, 0)
SIMD(unpckhpd,  AB, X66_0F | 0x15, 0)
SIMD(shufps,    ABI, NP_0F | 0xc6, 0)
SIMD(shufpd,    ABI, X66_0F | 0xc6, 0)
SIMD(pshufd,    AI, X66_0F | 0x70, 0)
SIMD(pshuflw,   AI, XF2_0F | 0x70, 0)
SIMD(pshufhw,   AI, XF3_0F | 0x70, 0)
SIMD(punpcklbw,  AB, X66_0F | 0x60, 0)
SIMD(punpcklwd,  AB, X66_0F | 0x61, 0)
SIMD(punpckldq,  AB, X66_0F | 0x62, 0)
SIMD(punpckhbw,  AB, X66_0F | 0x68, 0)
SIMD(punpckhwd,  AB, X66_0F | 0x69, 0)
SIMD(punpckhdq,  AB, X66_0F | 0x6a, 0)
SIMD(punpcklqdq, AB, X66_0F | 0x6c, 0)
SIMD(punpckhqdq, AB, X66_0F | 0x6d, 0)
SIMD(palignr,   ABI, X66_3A | 0x0f, 0)
SIMD(blendps,   ABI, X66_3A | 0x0c, 0)
SIMD(blendpd,   ABI, X66_3A | 0x0d, 0)
SIMD(pblendw,   ABI, X66_3A | 0x0e, 0)
SIMD(vpblendd,  ABI, X66_3A | 0x02, SIMD_AVX2)
SIMD(blendvps,  ABC, X66_3A | 0x4a, SIMD_AVX)
SIMD(blendvpd,  ABC, X66_3A | 0x4b, SIMD_AVX)
SIMD(pblendvb,  ABC, X66_3A | 0x4c, SIMD_AVX)
SIMD(insertps,  ABI, X66_3A | 0x21, 0)
SIMD(vpermilps, AB, X66_38 | 0x0c, SIMD_AVX)
SIMD(vpermilpd, AB, X66_38 | 0x0d, SIMD_AVX)
SIMD(movmskps,  R, NP_0F | 0x50, 0)
SIMD(movmskpd,  R, X66_0F | 0x50, 0)
SIMD(pmovmskb,  R, X66_0F | 0xd7, 0)
SIMD(pextrw,    RI, X66_0F | 0xc5, 0)
SIMD(pextrb,    STORED_RI, X66_3A | 0x14, 0)
SIMD(pextrd,    STORED_RI, X66_3A | 0x16, 0)
SIMD(pextrq,    STORED_RI, SIMD_W | X66_3A | 0x16, 0)
SIMD(pinsrw,    FROMI, X66_0F | 0xc4, 0)
SIMD(pinsrb,    FROMI, X66_3A | 0x20, 0)
SIMD(pinsrd,    FROMI, X66_3A | 0x22, 0)
SIMD(pinsrq,    FROMI, SIMD_W | X66_3A | 0x22, 0)
SIMD(pmovsxbw,  A, X66_38 | 0x20, 0)
SIMD(pmovsxbd,  A, X66_38 | 0x21, 0)
SIMD(pmovsxbq,  A, X66_38 | 0x22, 0)
SIMD(pmovsxwd,  A, X66_38 | 0x23, 0)
SIMD(pmovsxwq,  A, X66_38 | 0x24, 0)
SIMD(pmovsxdq,  A, X66_38 | 0x25, 0)
SIMD(pmovzxbw,  A, X66_38 | 0x30, 0)
SIMD(pmovzxbd,  A, X66_38 | 0x31, 0)
SIMD(pmovzxbq,  A, X66_38 | 0x32, 0)
SIMD(pmovzxwd,  A, X66_38 | 0x33, 0)
SIMD(pmovzxwq,  A, X66_38 | 0x34, 0)
SIMD(pmovzxdq,  A, X66_38 | 0x35, 0)

/* --- integers that the vector ops of tcg-opc.h do not have -------------------------- */
SIMD(packsswb,  AB, X66_0F | 0x63, 0)
SIMD(packuswb,  AB, X66_0F | 0x67, 0)
SIMD(packssdw,  AB, X66_0F | 0x6b, 0)
SIMD(packusdw,  AB, X66_38 | 0x2b, 0)
SIMD(pcmpgtq,   AB, X66_38 | 0x37, SIMD_SSE42)
SIMD(pmulhw,    AB, X66_0F | 0xe5, 0)
SIMD(pmulhuw,   AB, X66_0F | 0xe4, 0)
SIMD(pmuludq,   AB, X66_0F | 0xf4, 0)
SIMD(pmuldq,    AB, X66_38 | 0x28, 0)
SIMD(pmaddwd,   AB, X66_0F | 0xf5, 0)
SIMD(psadbw,    AB, X66_0F | 0xf6, 0)
SIMD(pmaddubsw, AB, X66_38 | 0x04, 0)
SIMD(pmulhrsw,  AB, X66_38 | 0x0b, 0)
SIMD(phaddw,    AB, X66_38 | 0x01, 0)
SIMD(phaddd,    AB, X66_38 | 0x02, 0)
SIMD(phaddsw,   AB, X66_38 | 0x03, 0)
SIMD(phsubw,    AB, X66_38 | 0x05, 0)
SIMD(phsubd,    AB, X66_38 | 0x06, 0)
SIMD(phsubsw,   AB, X66_38 | 0x07, 0)
SIMD(psignb,    AB, X66_38 | 0x08, 0)
SIMD(psignw,    AB, X66_38 | 0x09, 0)
SIMD(psignd,    AB, X66_38 | 0x0a, 0)
SIMD(pabsb,     A, X66_38 | 0x1c, 0)
SIMD(pabsw,     A, X66_38 | 0x1d, 0)
SIMD(pabsd,     A, X66_38 | 0x1e, 0)
SIMD(phminposuw, A, X66_38 | 0x41, 0)
SIMD(mpsadbw,   ABI, X66_3A | 0x42, 0)
SIMD(psrlw,     AB, X66_0F | 0xd1, 0)
SIMD(psrld,     AB, X66_0F | 0xd2, 0)
SIMD(psrlq,     AB, X66_0F | 0xd3, 0)
SIMD(psraw,     AB, X66_0F | 0xe1, 0)
SIMD(psrad,     AB, X66_0F | 0xe2, 0)
SIMD(psllw,     AB, X66_0F | 0xf1, 0)
SIMD(pslld,     AB, X66_0F | 0xf2, 0)
SIMD(psllq,     AB, X66_0F | 0xf3, 0)
SIMD(psrldq,    SHIFT3, X66_0F | 0x73, 0)
SIMD(pslldq,    SHIFT7, X66_0F | 0x73, 0)
SIMD(vpsrlvd,   AB, X66_38 | 0x45, SIMD_AVX2)
SIMD(vpsrlvq,   AB, SIMD_W | X66_38 | 0x45, SIMD_AVX2)
SIMD(vpsravd,   AB, X66_38 | 0x46, SIMD_AVX2)
SIMD(vpsllvd,   AB, X66_38 | 0x47, SIMD_AVX2)
SIMD(vpsllvq,   AB, SIMD_W | X66_38 | 0x47, SIMD_AVX2)

/* --- cryptography ----------------------------------------------------------------- */
SIMD(aesimc,      A,  X66_38 | 0xdb, SIMD_AES)
SIMD(aesenc,      AB, X66_38 | 0xdc, SIMD_AES)
SIMD(aesenclast,  AB, X66_38 | 0xdd, SIMD_AES)
SIMD(aesdec,      AB, X66_38 | 0xde, SIMD_AES)
SIMD(aesdeclast,  AB, X66_38 | 0xdf, SIMD_AES)
SIMD(aeskeygenassist, AI, X66_3A | 0xdf, SIMD_AES)
SIMD(pclmulqdq,   ABI, X66_3A | 0x44, SIMD_PCLMUL)
SIMD(sha1nexte,   LEGACY_AB, SIMD_0F38 | 0xc8, SIMD_SHA)
SIMD(sha1msg1,    LEGACY_AB, SIMD_0F38 | 0xc9, SIMD_SHA)
SIMD(sha1msg2,    LEGACY_AB, SIMD_0F38 | 0xca, SIMD_SHA)
SIMD(sha256rnds2, LEGACY_ABC, SIMD_0F38 | 0xcb, SIMD_SHA)
SIMD(sha256msg1,  LEGACY_AB, SIMD_0F38 | 0xcc, SIMD_SHA)
SIMD(sha256msg2,  LEGACY_AB, SIMD_0F38 | 0xcd, SIMD_SHA)
SIMD(sha1rnds4,   LEGACY_ABI, SIMD_0F3A | 0xcc, SIMD_SHA)

/* --- fused multiply-add: a is the destination's register, digits are the manual's order ---- */
#define SIMD_FMA1(n, suffix, wide, opcode) \
    SIMD(n##132##suffix, FMA, wide | X66_38 | (opcode), SIMD_FMA3) \
    SIMD(n##213##suffix, FMA, wide | X66_38 | (opcode + 0x10), SIMD_FMA3) \
    SIMD(n##231##suffix, FMA, wide | X66_38 | (opcode + 0x20), SIMD_FMA3)
#define SIMD_FMA2(n, opcode) \
    SIMD_FMA1(n, ps, 0, opcode) SIMD_FMA1(n, pd, SIMD_W, opcode)
#define SIMD_FMA4(n, opcode) \
    SIMD_FMA2(n, opcode) SIMD_FMA1(n, ss, 0, opcode + 1) SIMD_FMA1(n, sd, SIMD_W, opcode + 1)
SIMD_FMA2(fmaddsub, 0x96)
SIMD_FMA2(fmsubadd, 0x97)
SIMD_FMA4(fmadd, 0x98)
SIMD_FMA4(fmsub, 0x9a)
SIMD_FMA4(fnmadd, 0x9c)
SIMD_FMA4(fnmsub, 0x9e)
#undef SIMD_FMA1
#undef SIMD_FMA2
#undef SIMD_FMA4

#undef NP_0F
#undef X66_0F
#undef XF3_0F
#undef XF2_0F
#undef X66_38
#undef X66_3A
#undef SIMD
