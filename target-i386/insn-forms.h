/*
 * Operand forms: FORM(name, place, size). The names are those of SDM 2,
 * appendix A.2: a letter for the place, then the size. Read with several
 * meanings of FORM: no include guard.
 *
 * SPDX-License-Identifier: MIT
 */
FORM(cc,  COND,     NONE)   /* condition: low four bits of the opcode */
/* general registers and memory */
FORM(Eb,  RM_GPR,   B)
FORM(Ew,  RM_GPR,   W)
FORM(Ed,  RM_GPR,   D)
FORM(Eq,  RM_GPR,   Q)
FORM(Ev,  RM_GPR,   V)
FORM(Ey,  RM_GPR,   Y)
FORM(Rv,  RMREG_GPR, V)     /* mod is 3 */
FORM(Ry,  RMREG_GPR, Y)
FORM(Rd,  RMREG_GPR, D)
FORM(Rs,  RMREG_GPR, S)     /* MOV CR, DR: mod is ignored; full width of the mode */
FORM(RwMw, RM_SEG_DEST, V)  /* MOV from segment: register of operand size or 16 bits of memory */
FORM(RdMb, RM_GPR_D_OR_B, D) /* 32-bit register or 8 bits of memory (PEXTRB) */
FORM(RdMw, RM_GPR_D_OR_W, D)
FORM(Gb,  REG_GPR,  B)
FORM(Gw,  REG_GPR,  W)
FORM(Gd,  REG_GPR,  D)
FORM(Gq,  REG_GPR,  Q)
FORM(Gv,  REG_GPR,  V)
FORM(Gy,  REG_GPR,  Y)
FORM(Gz,  REG_GPR,  Z)
FORM(By,  VVVV_GPR, Y)
FORM(Zb,  OPREG_GPR, B)     /* low three bits of the opcode */
FORM(Zv,  OPREG_GPR, V)
FORM(AL,  ACC_GPR,  B)
FORM(AX,  ACC_GPR,  W)
FORM(rAX, ACC_GPR,  V)
FORM(zAX, ACC_GPR,  Z)
FORM(CL,  COUNT_GPR, B)
FORM(DX,  DATA_GPR, W)
FORM(M,   MEM,      NONE)
FORM(Mb,  MEM,      B)
FORM(Mw,  MEM,      W)
FORM(Md,  MEM,      D)
FORM(Mq,  MEM,      Q)
FORM(My,  MEM,      Y)
FORM(Mv,  MEM,      V)
FORM(Mt,  MEM,      T)      /* ten bytes */
FORM(Mdq, MEM,      DQ)
FORM(Mqq, MEM,      QQ)
FORM(Mx,  MEM,      X)
FORM(Ob,  MOFFS,    B)
FORM(Ov,  MOFFS,    V)
/* immediates: sign-extended, except Ib and Iw */
FORM(Ib,  IMM,      B)
FORM(sIb, IMM_SIGNED, B)
FORM(Iw,  IMM,      W)
FORM(Iz,  IMM_SIGNED, Z)
FORM(Iv,  IMM_SIGNED, V)
FORM(one, ONE,      B)
FORM(Jb,  REL,      B)
FORM(Jz,  REL,      Z)
FORM(Ap,  FAR_PTR,  Z)      /* offset of operand size, then selector */
/* others */
FORM(Sw,  SEG,      W)
FORM(Cs,  CR,       S)
FORM(Ds,  DR,       S)
FORM(Pq,  REG_MMX,  Q)
FORM(Pd,  REG_MMX,  D)
FORM(Qq,  RM_MMX,   Q)
FORM(Qd,  RM_MMX,   D)
FORM(Nq,  RMREG_MMX, Q)
FORM(Vx,  REG_XMM,  X)
FORM(Vdq, REG_XMM,  DQ)
FORM(Vqq, REG_XMM,  QQ)
FORM(Vq,  REG_XMM,  Q)
FORM(Vd,  REG_XMM,  D)
FORM(Hx,  VVVV_XMM, X)
FORM(Hdq, VVVV_XMM, DQ)
FORM(Hqq, VVVV_XMM, QQ)
FORM(Hq,  VVVV_XMM, Q)
FORM(Hd,  VVVV_XMM, D)
FORM(Wx,  RM_XMM,   X)
FORM(Wdq, RM_XMM,   DQ)
FORM(Wqq, RM_XMM,   QQ)
FORM(Wh,  RM_XMM,   H)      /* half of the vector length */
FORM(Wq,  RM_XMM,   Q)
FORM(Wd,  RM_XMM,   D)
FORM(Ww,  RM_XMM,   W)
FORM(Wb,  RM_XMM,   B)
FORM(Ux,  RMREG_XMM, X)
FORM(Udq, RMREG_XMM, DQ)
FORM(Uq,  RMREG_XMM, Q)
FORM(Lx,  IMM_XMM,  X)      /* register in bits 7-4 of the immediate byte */
FORM(Ldq, IMM_XMM,  DQ)
