/*
 * Images of kernels and firmware into guest memory.
 *
 * What is loaded is kept and written again at each system reset ("ROM blobs"),
 * after the devices' own reset. All errors are one line without the option's
 * name; the board puts "-kernel FILE: " in front.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_LOADER_H
#define HW_LOADER_H

#include "exec/memory.h"
#include "qemu/error.h"

/* Bytes of a file that may be loaded; -1 with the error set for directories and such. */
int64_t get_image_size(const char *filename, Error **errp);
/* The whole file, not empty; g_free. NULL with the error set, for more than max_size bytes too. */
uint8_t *read_image(const char *filename, uint64_t max_size, int64_t *size, Error **errp);
/* Whole file into buf of max_size bytes. Returns its size, -1 with the error set. */
ssize_t load_image_size(const char *filename, void *buf, size_t max_size, Error **errp);
/* Flat file to guest physical addr, at each reset. Returns its size, -1 with the error set. */
ssize_t load_image_targphys(const char *filename, hwaddr addr, uint64_t max_size, Error **errp);
/* Flat file into a RAM or ROM region, now. Returns its size, -1 with the error set. */
ssize_t load_image_mr(const char *filename, MemoryRegion *mr, Error **errp);

/* A copy of data is written to addr (ROM included) at each reset. */
void rom_add_blob(const char *name, const void *data, size_t len, hwaddr addr);
/* The same without a copy: takes data (of g_malloc). */
void rom_add_taken(const char *name, uint8_t *data, size_t len, hwaddr addr);
/* `info roms`. */
void rom_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque);
/* The bytes that the next reset will write at addr; NULL when they are not all in one blob. */
void *rom_ptr(hwaddr addr, size_t len);

/*
 * ELF executable, 32 or 64 bits, at each reset. translate (may be NULL) turns
 * the p_paddr of a segment into the guest physical address. machine: the
 * e_machine that is expected, 0: any. entry, low and high (may be NULL): entry point as
 * in the file, first address and first behind the image. Returns the bytes
 * loaded, -1 with the error set.
 */
ssize_t load_elf(const char *filename, uint64_t (*translate)(void *opaque, uint64_t addr),
                 void *opaque, uint64_t *entry, uint64_t *low, uint64_t *high, bool big_endian,
                 int machine, Error **errp);
/*
 * A 32- or 64-bit ELF executable in memory as one piece: the segments at their physical
 * addresses, zeroes between them. addr, len: where it belongs; entry: as a physical
 * address. machine: expected e_machine, 0: any. NULL with the error set; g_free.
 */
uint8_t *elf_flatten(const uint8_t *data, size_t size, bool big_endian, int machine, uint64_t *entry,
                     uint64_t *addr, uint64_t *len, Error **errp);
/* The number (4 or 8 bytes) in a note of an ELF executable in memory. False: there is none. */
bool elf_find_note(const uint8_t *data, size_t size, bool big_endian, const char *owner, uint32_t type,
                   uint64_t *value);
/* True when the file starts like an ELF file. */
bool is_elf_file(const char *filename);

#define EM_PPC_NUMBER 20

#endif
