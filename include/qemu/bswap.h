/*
 * Byte order: unaligned loads and stores of a stated order, and swaps.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_BSWAP_H
#define QEMU_BSWAP_H

#include "qemu/osdep.h"

#define bswap16(x) __builtin_bswap16(x)
#define bswap32(x) __builtin_bswap32(x)
#define bswap64(x) __builtin_bswap64(x)

static inline uint16_t lduw_le_p(const void *p) { uint16_t v; memcpy(&v, p, 2); return GUINT16_FROM_LE(v); }
static inline uint32_t ldl_le_p(const void *p)  { uint32_t v; memcpy(&v, p, 4); return GUINT32_FROM_LE(v); }
static inline uint64_t ldq_le_p(const void *p)  { uint64_t v; memcpy(&v, p, 8); return GUINT64_FROM_LE(v); }
static inline uint16_t lduw_be_p(const void *p) { uint16_t v; memcpy(&v, p, 2); return GUINT16_FROM_BE(v); }
static inline uint32_t ldl_be_p(const void *p)  { uint32_t v; memcpy(&v, p, 4); return GUINT32_FROM_BE(v); }
static inline uint64_t ldq_be_p(const void *p)  { uint64_t v; memcpy(&v, p, 8); return GUINT64_FROM_BE(v); }
static inline void stw_le_p(void *p, uint16_t v) { v = GUINT16_TO_LE(v); memcpy(p, &v, 2); }
static inline void stl_le_p(void *p, uint32_t v) { v = GUINT32_TO_LE(v); memcpy(p, &v, 4); }
static inline void stq_le_p(void *p, uint64_t v) { v = GUINT64_TO_LE(v); memcpy(p, &v, 8); }
static inline void stw_be_p(void *p, uint16_t v) { v = GUINT16_TO_BE(v); memcpy(p, &v, 2); }
static inline void stl_be_p(void *p, uint32_t v) { v = GUINT32_TO_BE(v); memcpy(p, &v, 4); }
static inline void stq_be_p(void *p, uint64_t v) { v = GUINT64_TO_BE(v); memcpy(p, &v, 8); }

#endif
