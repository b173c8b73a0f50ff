/*
 * The helper type "tl": as wide as a guest address. For helper lists of front
 * ends that are compiled for several widths; see tcg/helper.h.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TCG_HELPER_TL_H
#define TCG_HELPER_TL_H

#define dh_ctype_tl target_ulong
#define dh_ro_tl TCGv ret
#define dh_tcgv_tl TCGv
#define dh_retdecl_tl TCGv ret,
#define dh_ret_tl tcgv_temp(ret)
#if TARGET_LONG_BITS == 64
#define dh_type_tl TCG_TYPE_I64
#else
#define dh_type_tl TCG_TYPE_I32
#endif

#endif
