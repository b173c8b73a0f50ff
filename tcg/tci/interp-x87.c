/*
 * The x87 ops: tcg_ctx->host_x87 is not set here, so no front end makes them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tci/tci.h"

static const uint32_t *no_host_unit(Tci *m, const uint32_t *pc)
{
    (void)m;
    (void)pc;
    g_assert_not_reached();
}

const uint32_t *tci_x87(Tci *m, const uint32_t *pc) { return no_host_unit(m, pc); }
const uint32_t *tci_x87_m(Tci *m, const uint32_t *pc) { return no_host_unit(m, pc); }
const uint32_t *tci_x87_ld(Tci *m, const uint32_t *pc) { return no_host_unit(m, pc); }
const uint32_t *tci_x87_st(Tci *m, const uint32_t *pc) { return no_host_unit(m, pc); }
const uint32_t *tci_x87_status(Tci *m, const uint32_t *pc) { return no_host_unit(m, pc); }
const uint32_t *tci_x87_comi(Tci *m, const uint32_t *pc) { return no_host_unit(m, pc); }
const uint32_t *tci_x87_cmov(Tci *m, const uint32_t *pc) { return no_host_unit(m, pc); }
const uint32_t *tci_x87_enter(Tci *m, const uint32_t *pc) { return no_host_unit(m, pc); }
