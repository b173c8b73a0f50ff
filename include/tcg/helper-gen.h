/*
 * Call emitters gen_helper_NAME of the helpers in HELPER_H. See tcg/helper.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/helper.h"

#ifndef dh_retdecl_only
#define dh_ro_void void
#define dh_ro_i32 TCGv_i32 ret
#define dh_ro_i64 TCGv_i64 ret
#define dh_ro_f64 TCGv_f64 ret
#define dh_retdecl_only(t) dh_ro_##t
#endif

#define DEF_HELPER_0(name, flags, r) \
    extern const TCGHelperInfo helper_info_##name; \
    static inline __attribute__((unused)) void gen_helper_##name(dh_retdecl_only(r)) \
    { \
        tcg_gen_call(&helper_info_##name, dh_ret(r), NULL); \
    }
#define DEF_HELPER_1(name, flags, r, t1) \
    extern const TCGHelperInfo helper_info_##name; \
    static inline __attribute__((unused)) void gen_helper_##name(dh_retdecl(r) dh_tcgv(t1) a1) \
    { \
        TCGTemp *args[] = { tcgv_temp(a1) }; \
        tcg_gen_call(&helper_info_##name, dh_ret(r), args); \
    }
#define DEF_HELPER_2(name, flags, r, t1, t2) \
    extern const TCGHelperInfo helper_info_##name; \
    static inline __attribute__((unused)) void gen_helper_##name(dh_retdecl(r) dh_tcgv(t1) a1, dh_tcgv(t2) a2) \
    { \
        TCGTemp *args[] = { tcgv_temp(a1), tcgv_temp(a2) }; \
        tcg_gen_call(&helper_info_##name, dh_ret(r), args); \
    }
#define DEF_HELPER_3(name, flags, r, t1, t2, t3) \
    extern const TCGHelperInfo helper_info_##name; \
    static inline __attribute__((unused)) void gen_helper_##name(dh_retdecl(r) dh_tcgv(t1) a1, dh_tcgv(t2) a2, dh_tcgv(t3) a3) \
    { \
        TCGTemp *args[] = { tcgv_temp(a1), tcgv_temp(a2), tcgv_temp(a3) }; \
        tcg_gen_call(&helper_info_##name, dh_ret(r), args); \
    }
#define DEF_HELPER_4(name, flags, r, t1, t2, t3, t4) \
    extern const TCGHelperInfo helper_info_##name; \
    static inline __attribute__((unused)) void gen_helper_##name(dh_retdecl(r) dh_tcgv(t1) a1, dh_tcgv(t2) a2, dh_tcgv(t3) a3, dh_tcgv(t4) a4) \
    { \
        TCGTemp *args[] = { tcgv_temp(a1), tcgv_temp(a2), tcgv_temp(a3), tcgv_temp(a4) }; \
        tcg_gen_call(&helper_info_##name, dh_ret(r), args); \
    }
#define DEF_HELPER_5(name, flags, r, t1, t2, t3, t4, t5) \
    extern const TCGHelperInfo helper_info_##name; \
    static inline __attribute__((unused)) void gen_helper_##name(dh_retdecl(r) dh_tcgv(t1) a1, dh_tcgv(t2) a2, dh_tcgv(t3) a3, dh_tcgv(t4) a4, dh_tcgv(t5) a5) \
    { \
        TCGTemp *args[] = { tcgv_temp(a1), tcgv_temp(a2), tcgv_temp(a3), tcgv_temp(a4), tcgv_temp(a5) }; \
        tcg_gen_call(&helper_info_##name, dh_ret(r), args); \
    }
#define DEF_HELPER_6(name, flags, r, t1, t2, t3, t4, t5, t6) \
    extern const TCGHelperInfo helper_info_##name; \
    static inline __attribute__((unused)) void gen_helper_##name(dh_retdecl(r) dh_tcgv(t1) a1, dh_tcgv(t2) a2, dh_tcgv(t3) a3, dh_tcgv(t4) a4, dh_tcgv(t5) a5, dh_tcgv(t6) a6) \
    { \
        TCGTemp *args[] = { tcgv_temp(a1), tcgv_temp(a2), tcgv_temp(a3), tcgv_temp(a4), tcgv_temp(a5), tcgv_temp(a6) }; \
        tcg_gen_call(&helper_info_##name, dh_ret(r), args); \
    }

#include HELPER_H

#undef DEF_HELPER_0
#undef DEF_HELPER_1
#undef DEF_HELPER_2
#undef DEF_HELPER_3
#undef DEF_HELPER_4
#undef DEF_HELPER_5
#undef DEF_HELPER_6
