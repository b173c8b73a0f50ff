/*
 * Images into guest memory: flat files, ELF (System V ABI, chapters 4 and 5),
 * and blobs that come back at each reset.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/loader.h"
#include "hw/qdev.h"
#include "qemu/bswap.h"
#include <elf.h>

/* --- blobs -------------------------------------------------------------------- */

typedef struct RomBlob {
    char *name;
    uint8_t *data;
    size_t len;
    hwaddr addr;
} RomBlob;

static GPtrArray *blobs;        /* of RomBlob *, in order of registration */

static void rom_reset(void *opaque)
{
    for (guint i = 0; i < blobs->len; i++) {
        const RomBlob *blob = g_ptr_array_index(blobs, i);

        /* Devices may lie in front of a part of the ROM; that part is never read. */
        if (address_space_write_rom(&address_space_memory, blob->addr, blob->data, blob->len) &
            MEMTX_DECODE_ERROR) {
            warn_report("%s: no memory at 0x%" PRIx64 " for %zu bytes", blob->name, blob->addr,
                        blob->len);
        }
    }
}

/* Takes data. */
static void rom_add_taken(const char *name, uint8_t *data, size_t len, hwaddr addr)
{
    RomBlob *blob = g_new0(RomBlob, 1);

    blob->name = g_strdup(name);
    blob->data = data;
    blob->len = len;
    blob->addr = addr;
    if (!blobs) {
        blobs = g_ptr_array_new();
        qemu_register_reset(rom_reset, NULL);
    }
    g_ptr_array_add(blobs, blob);
}

void rom_add_blob(const char *name, const void *data, size_t len, hwaddr addr)
{
    rom_add_taken(name, g_memdup2(data, len), len, addr);
}

void rom_info(void (*print)(void *opaque, const char *fmt, ...), void *opaque)
{
    for (guint i = 0; blobs && i < blobs->len; i++) {
        const RomBlob *blob = g_ptr_array_index(blobs, i);

        print(opaque, "addr=%016" PRIx64 " size=0x%06zx name=\"%s\"\n", blob->addr, blob->len,
              blob->name);
    }
}

void *rom_ptr(hwaddr addr, size_t len)
{
    for (guint i = 0; blobs && i < blobs->len; i++) {
        const RomBlob *blob = g_ptr_array_index(blobs, i);

        if (addr >= blob->addr && addr - blob->addr < blob->len &&
            blob->len - (addr - blob->addr) >= len) {
            return blob->data + (addr - blob->addr);
        }
    }
    return NULL;
}

/* --- flat files ------------------------------------------------------------------ */

/* An open regular file and its size; NULL with the error set. */
static FILE *open_image(const char *filename, int64_t *size, Error **errp)
{
    FILE *f = fopen(filename, "rb");
    struct stat st;

    if (!f) {
        error_setg_errno(errp, errno, "cannot open");
        return NULL;
    }
    if (fstat(fileno(f), &st) < 0 || S_ISDIR(st.st_mode)) {
        error_setg(errp, "is a directory");
        fclose(f);
        return NULL;
    }
    *size = st.st_size;
    return f;
}

int64_t get_image_size(const char *filename, Error **errp)
{
    int64_t size;
    FILE *f = open_image(filename, &size, errp);

    if (!f) {
        return -1;
    }
    fclose(f);
    return size;
}

/* The whole file; caller frees. max_size: refuse more. */
static uint8_t *read_image(const char *filename, uint64_t max_size, int64_t *size, Error **errp)
{
    FILE *f = open_image(filename, size, errp);
    uint8_t *data;

    if (!f) {
        return NULL;
    }
    if ((uint64_t)*size > max_size) {
        error_setg(errp, "too big: %" PRId64 " bytes, there is room for %" PRIu64, *size,
                   max_size);
        fclose(f);
        return NULL;
    }
    if (!*size) {
        error_setg(errp, "the file is empty");
        fclose(f);
        return NULL;
    }
    data = g_malloc(*size);
    if (fread(data, 1, *size, f) != (size_t)*size) {
        error_setg(errp, "cannot read: %s", ferror(f) ? g_strerror(errno) : "file is truncated");
        g_free(data);
        data = NULL;
    }
    fclose(f);
    return data;
}

ssize_t load_image_size(const char *filename, void *buf, size_t max_size, Error **errp)
{
    int64_t size;
    g_autofree uint8_t *data = read_image(filename, max_size, &size, errp);

    if (!data) {
        return -1;
    }
    memcpy(buf, data, size);
    return size;
}

ssize_t load_image_targphys(const char *filename, hwaddr addr, uint64_t max_size, Error **errp)
{
    int64_t size;
    uint8_t *data = read_image(filename, max_size, &size, errp);

    if (!data) {
        return -1;
    }
    rom_add_taken(filename, data, size, addr);
    return size;
}

ssize_t load_image_mr(const char *filename, MemoryRegion *mr, Error **errp)
{
    return load_image_size(filename, memory_region_get_ram_ptr(mr), memory_region_size(mr), errp);
}

/* --- ELF --------------------------------------------------------------------------- */

/* The file in memory, and how its numbers are stored. */
typedef struct ElfImage {
    const uint8_t *data;
    uint64_t size;
    bool big, wide;             /* byte order; 64-bit layout */
} ElfImage;

typedef struct ElfSegment {
    uint32_t type;
    uint64_t offset, paddr, filesz, memsz;
} ElfSegment;

static uint64_t elf_half(const ElfImage *elf, uint64_t at)
{
    return elf->big ? lduw_be_p(elf->data + at) : lduw_le_p(elf->data + at);
}

static uint64_t elf_word(const ElfImage *elf, uint64_t at)
{
    return elf->big ? ldl_be_p(elf->data + at) : ldl_le_p(elf->data + at);
}

/* A field whose size depends on the layout. */
static uint64_t elf_addr(const ElfImage *elf, uint64_t at)
{
    if (!elf->wide) {
        return elf_word(elf, at);
    }
    return elf->big ? ldq_be_p(elf->data + at) : ldq_le_p(elf->data + at);
}

static bool elf_check(ElfImage *elf, bool big_endian, int machine, Error **errp)
{
    if (elf->size < sizeof(Elf32_Ehdr) || memcmp(elf->data, ELFMAG, SELFMAG)) {
        error_setg(errp, "not an ELF file");
        return false;
    }
    elf->wide = elf->data[EI_CLASS] == ELFCLASS64;
    elf->big = elf->data[EI_DATA] == ELFDATA2MSB;
    if (elf->size < (elf->wide ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr))) {
        error_setg(errp, "the ELF file is truncated");
        return false;
    }
    if (elf->big != big_endian) {
        error_setg(errp, "the ELF file is %s-endian, the machine is not",
                   elf->big ? "big" : "little");
        return false;
    }
    if (machine && (int)elf_half(elf, offsetof(Elf32_Ehdr, e_machine)) != machine) {
        error_setg(errp, "the ELF file is for another processor (machine %d, expected %d)",
                   (int)elf_half(elf, offsetof(Elf32_Ehdr, e_machine)), machine);
        return false;
    }
    return true;
}

static ElfSegment elf_segment(const ElfImage *elf, uint64_t at)
{
    ElfSegment seg = { .type = elf_word(elf, at) };

    if (elf->wide) {
        seg.offset = elf_addr(elf, at + offsetof(Elf64_Phdr, p_offset));
        seg.paddr = elf_addr(elf, at + offsetof(Elf64_Phdr, p_paddr));
        seg.filesz = elf_addr(elf, at + offsetof(Elf64_Phdr, p_filesz));
        seg.memsz = elf_addr(elf, at + offsetof(Elf64_Phdr, p_memsz));
    } else {
        seg.offset = elf_word(elf, at + offsetof(Elf32_Phdr, p_offset));
        seg.paddr = elf_word(elf, at + offsetof(Elf32_Phdr, p_paddr));
        seg.filesz = elf_word(elf, at + offsetof(Elf32_Phdr, p_filesz));
        seg.memsz = elf_word(elf, at + offsetof(Elf32_Phdr, p_memsz));
    }
    return seg;
}

enum { MAX_SEGMENT_BYTES = 1 << 30 };

/* Segment contents with zeroes behind them; NULL with the error set. */
static uint8_t *segment_bytes(const ElfImage *elf, const ElfSegment *seg, Error **errp)
{
    uint8_t *bytes;

    if (seg->offset > elf->size || seg->filesz > elf->size - seg->offset ||
        seg->memsz < seg->filesz) {
        error_setg(errp, "the ELF file is truncated");
        return NULL;
    }
    if (seg->memsz > MAX_SEGMENT_BYTES) {
        error_setg(errp, "an ELF segment has %" PRIu64 " bytes", seg->memsz);
        return NULL;
    }
    bytes = g_malloc0(seg->memsz);
    memcpy(bytes, elf->data + seg->offset, seg->filesz);
    return bytes;
}

typedef struct ElfLoad {
    const char *filename;
    uint64_t (*translate)(void *opaque, uint64_t addr);
    void *opaque;
    uint64_t low, high, total;
} ElfLoad;

static bool elf_load_segments(const ElfImage *elf, ElfLoad *load, Error **errp)
{
    uint64_t phoff = elf_addr(elf, elf->wide ? offsetof(Elf64_Ehdr, e_phoff)
                                             : offsetof(Elf32_Ehdr, e_phoff));
    uint64_t phnum = elf_half(elf, elf->wide ? offsetof(Elf64_Ehdr, e_phnum)
                                             : offsetof(Elf32_Ehdr, e_phnum));
    uint64_t phentsize = elf->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);

    if (phoff > elf->size || phnum * phentsize > elf->size - phoff) {
        error_setg(errp, "the ELF file is truncated");
        return false;
    }
    for (uint64_t i = 0; i < phnum; i++) {
        ElfSegment seg = elf_segment(elf, phoff + i * phentsize);
        uint64_t addr = load->translate ? load->translate(load->opaque, seg.paddr) : seg.paddr;
        uint8_t *bytes;

        if (seg.type != PT_LOAD || !seg.memsz) {
            continue;
        }
        bytes = segment_bytes(elf, &seg, errp);
        if (!bytes) {
            return false;
        }
        rom_add_taken(load->filename, bytes, seg.memsz, addr);
        load->low = MIN(load->low, addr);
        load->high = MAX(load->high, addr + seg.memsz);
        load->total += seg.memsz;
    }
    if (!load->total) {
        error_setg(errp, "the ELF file has nothing to load");
        return false;
    }
    return true;
}

ssize_t load_elf(const char *filename, uint64_t (*translate)(void *opaque, uint64_t addr),
                 void *opaque, uint64_t *entry, uint64_t *low, uint64_t *high, bool big_endian,
                 int machine, Error **errp)
{
    int64_t size;
    g_autofree uint8_t *data = read_image(filename, INT64_MAX, &size, errp);
    ElfImage elf = { .data = data, .size = size };
    ElfLoad load = { .filename = filename, .translate = translate, .opaque = opaque,
                     .low = UINT64_MAX };

    if (!data || !elf_check(&elf, big_endian, machine, errp) ||
        !elf_load_segments(&elf, &load, errp)) {
        return -1;
    }
    if (entry) {
        *entry = elf_addr(&elf, offsetof(Elf32_Ehdr, e_entry));
    }
    if (low) {
        *low = load.low;
    }
    if (high) {
        *high = load.high;
    }
    return load.total;
}

bool is_elf_file(const char *filename)
{
    char magic[SELFMAG];
    FILE *f = fopen(filename, "rb");
    bool is_elf = f && fread(magic, 1, SELFMAG, f) == SELFMAG && !memcmp(magic, ELFMAG, SELFMAG);

    if (f) {
        fclose(f);
    }
    return is_elf;
}
