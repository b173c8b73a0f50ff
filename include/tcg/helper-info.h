/*
 * TCGHelperInfo records of the helpers in HELPER_H; included by one file. See tcg/helper.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/helper-proto.h"

#define DEF_HELPER_0(n_, f_, r_) \
    const TCGHelperInfo helper_info_##n_ = { .func = helper_##n_, .name = #n_, .flags = (f_), .ret = dh_type(r_), .nargs = 0, .args = {  } };
#define DEF_HELPER_1(n_, f_, r_, t1) \
    const TCGHelperInfo helper_info_##n_ = { .func = helper_##n_, .name = #n_, .flags = (f_), .ret = dh_type(r_), .nargs = 1, .args = { dh_type(t1) } };
#define DEF_HELPER_2(n_, f_, r_, t1, t2) \
    const TCGHelperInfo helper_info_##n_ = { .func = helper_##n_, .name = #n_, .flags = (f_), .ret = dh_type(r_), .nargs = 2, .args = { dh_type(t1), dh_type(t2) } };
#define DEF_HELPER_3(n_, f_, r_, t1, t2, t3) \
    const TCGHelperInfo helper_info_##n_ = { .func = helper_##n_, .name = #n_, .flags = (f_), .ret = dh_type(r_), .nargs = 3, .args = { dh_type(t1), dh_type(t2), dh_type(t3) } };
#define DEF_HELPER_4(n_, f_, r_, t1, t2, t3, t4) \
    const TCGHelperInfo helper_info_##n_ = { .func = helper_##n_, .name = #n_, .flags = (f_), .ret = dh_type(r_), .nargs = 4, .args = { dh_type(t1), dh_type(t2), dh_type(t3), dh_type(t4) } };
#define DEF_HELPER_5(n_, f_, r_, t1, t2, t3, t4, t5) \
    const TCGHelperInfo helper_info_##n_ = { .func = helper_##n_, .name = #n_, .flags = (f_), .ret = dh_type(r_), .nargs = 5, .args = { dh_type(t1), dh_type(t2), dh_type(t3), dh_type(t4), dh_type(t5) } };
#define DEF_HELPER_6(n_, f_, r_, t1, t2, t3, t4, t5, t6) \
    const TCGHelperInfo helper_info_##n_ = { .func = helper_##n_, .name = #n_, .flags = (f_), .ret = dh_type(r_), .nargs = 6, .args = { dh_type(t1), dh_type(t2), dh_type(t3), dh_type(t4), dh_type(t5), dh_type(t6) } };

#include HELPER_H

#undef DEF_HELPER_0
#undef DEF_HELPER_1
#undef DEF_HELPER_2
#undef DEF_HELPER_3
#undef DEF_HELPER_4
#undef DEF_HELPER_5
#undef DEF_HELPER_6
