/*
 * Ops from text, in the layout of tcg_dump_ops().
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TESTS_TCG_PARSE_H
#define TESTS_TCG_PARSE_H

#include "harness.h"

/*
 * Emit the ops of text, one a line (or separated by "; "). w0.. x0.. f0.. v0..
 * are the globals, tN a temp that gets its type where it is first used, $N a
 * constant, $LN a label.
 */
void parse_ops(const char *text);

/* The ops of tcg_ctx without indentation, separated by "; ". g_free() it. */
char *ops_text(void);

#endif
