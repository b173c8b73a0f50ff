/*
 * The first include of every .c file: system headers and small macros.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QEMU_OSDEP_H
#define QEMU_OSDEP_H

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include <glib.h>

#define likely(x)   __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#ifndef ARRAY_SIZE
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#endif
#define DIV_ROUND_UP(n, d) (((n) + (d) - 1) / (d))
#define ROUND_UP(n, d)     (((n) + (d) - 1) & -(0 ? (n) : (d)))
#define ROUND_DOWN(n, d)   ((n) & -(0 ? (n) : (d)))

/* The structure of type `type` whose field `member` is at `ptr`. */
#define container_of(ptr, type, member) \
    ((type *)((char *)(ptr) - offsetof(type, member)))

#define QEMU_NORETURN      __attribute__((noreturn))
#define QEMU_MUST_CHECK    __attribute__((warn_unused_result))
#define QEMU_PRINTF(f, a)  __attribute__((format(printf, f, a)))
#define QEMU_ALIGNED(n)    __attribute__((aligned(n)))
#define QEMU_CONSTRUCTOR   __attribute__((constructor))

#define KiB (INT64_C(1) << 10)
#define MiB (INT64_C(1) << 20)
#define GiB (INT64_C(1) << 30)

typedef uint64_t hwaddr;      /* guest physical address */
typedef uint64_t vaddr;       /* guest virtual address, zero-extended */
typedef uint64_t ram_addr_t;  /* offset in the space of all RAM blocks */
#define HWADDR_PRIx PRIx64
#define VADDR_PRIx  PRIx64

/* Relaxed, acquire and release accesses to plain fields shared by threads. */
#define qatomic_read(p)            __atomic_load_n((p), __ATOMIC_RELAXED)
#define qatomic_set(p, v)          __atomic_store_n((p), (v), __ATOMIC_RELAXED)
#define qatomic_load_acquire(p)    __atomic_load_n((p), __ATOMIC_ACQUIRE)
#define qatomic_store_release(p,v) __atomic_store_n((p), (v), __ATOMIC_RELEASE)
#define qatomic_xchg(p, v)         __atomic_exchange_n((p), (v), __ATOMIC_SEQ_CST)
#define qatomic_fetch_or(p, v)     __atomic_fetch_or((p), (v), __ATOMIC_SEQ_CST)
#define qatomic_fetch_and(p, v)    __atomic_fetch_and((p), (v), __ATOMIC_SEQ_CST)
#define qatomic_fetch_add(p, v)    __atomic_fetch_add((p), (v), __ATOMIC_SEQ_CST)

#endif
