/*
 * RAM blocks and dirty bitmaps. A ram_addr_t numbers the pages of all blocks.
 *
 * One bit a page and client. VGA and MIGRATION: set = written since the client
 * looked. CODE: clear = the page holds translated code, stores must invalidate
 * it; set = no code. All bits start set. A store may go straight to memory only
 * while every bit is set that a client wants to hear of: a client that does not
 * log leaves its bits set.
 *
 * All functions are atomic and take no lock.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef EXEC_RAM_ADDR_H
#define EXEC_RAM_ADDR_H

#include "exec/memory.h"

/* Host pointer of a RAM address, NULL when there is none. */
uint8_t *qemu_ram_addr_to_host(ram_addr_t addr);
/* RAM address of a host pointer, -1 when it is no RAM. */
ram_addr_t qemu_ram_addr_from_host(const void *host);

/* As qemu_ram_addr_from_host of what is known to be RAM: no check. */
ram_addr_t qemu_ram_offset(const void *host);

/* The bit of the page of addr. */
bool cpu_physical_memory_is_clean(ram_addr_t addr, unsigned client);
void cpu_physical_memory_set_dirty_flag(ram_addr_t addr, unsigned client);
void cpu_physical_memory_clear_dirty_flag(ram_addr_t addr, unsigned client);
/* True when some client's bit is clear: stores must take the slow path. */
bool cpu_physical_memory_page_is_clean_any(ram_addr_t addr);
/* A store happened: set the bits of VGA and MIGRATION (not CODE). */
void cpu_physical_memory_set_dirty_log(ram_addr_t start, ram_addr_t len);
/*
 * A store by a device or debugger: as set_dirty_log, and translated code in
 * the range is invalidated (tb_invalidate_phys_range) where CODE is clear.
 */
void cpu_physical_memory_note_write(ram_addr_t start, ram_addr_t len);
/* Returns whether any bit in the range was set; clears them (cputlb.c's tlb_reset_dirty_range is told). */
bool cpu_physical_memory_test_and_clear_dirty(ram_addr_t start, ram_addr_t len, unsigned client);

/* True: loads and stores may use the region's host memory (RAM, ROM, rom device in romd mode for loads). */
bool memory_region_is_direct(const MemoryRegion *mr);

/* fn runs after each new view of system memory (BQL held): TLBs must be flushed. */
void memory_register_commit_hook(void (*fn)(void));

/* cputlb.c: stores to the range take the slow path from now on, on every CPU. */
void tlb_reset_dirty_range(ram_addr_t start, ram_addr_t len);

#endif
