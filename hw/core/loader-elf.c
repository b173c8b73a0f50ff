/*
 * ELF executables into guest memory (System V ABI, chapters 4 and 5).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/symbols.h"
#include "hw/loader.h"
#include "qemu/bswap.h"
#include <elf.h>

/* The file in memory, and how its numbers are stored. */
typedef struct ElfImage {
    const uint8_t *data;
    uint64_t size;
    bool big, wide;             /* byte order; 64-bit layout */
} ElfImage;

typedef struct ElfSegment {
    uint32_t type;
    uint64_t offset, vaddr, paddr, filesz, memsz;
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
        seg.vaddr = elf_addr(elf, at + offsetof(Elf64_Phdr, p_vaddr));
        seg.paddr = elf_addr(elf, at + offsetof(Elf64_Phdr, p_paddr));
        seg.filesz = elf_addr(elf, at + offsetof(Elf64_Phdr, p_filesz));
        seg.memsz = elf_addr(elf, at + offsetof(Elf64_Phdr, p_memsz));
    } else {
        seg.offset = elf_word(elf, at + offsetof(Elf32_Phdr, p_offset));
        seg.vaddr = elf_word(elf, at + offsetof(Elf32_Phdr, p_vaddr));
        seg.paddr = elf_word(elf, at + offsetof(Elf32_Phdr, p_paddr));
        seg.filesz = elf_word(elf, at + offsetof(Elf32_Phdr, p_filesz));
        seg.memsz = elf_word(elf, at + offsetof(Elf32_Phdr, p_memsz));
    }
    return seg;
}

enum { MAX_IMAGE_BYTES = 1 << 30 };

/* Segment contents with zeroes behind them; NULL with the error set. */
static uint8_t *segment_bytes(const ElfImage *elf, const ElfSegment *seg, Error **errp)
{
    uint8_t *bytes;

    if (seg->offset > elf->size || seg->filesz > elf->size - seg->offset ||
        seg->memsz < seg->filesz) {
        error_setg(errp, "the ELF file is truncated");
        return NULL;
    }
    bytes = g_malloc0(seg->memsz);
    memcpy(bytes, elf->data + seg->offset, seg->filesz);
    return bytes;
}

/* A loaded segment. */
typedef struct ElfPiece {
    uint8_t *data;
    uint64_t addr, len;
} ElfPiece;

static void piece_free(void *opaque)
{
    ElfPiece *piece = opaque;

    g_free(piece->data);
    g_free(piece);
}

typedef struct ElfTable {
    uint64_t at, count, entry_size;
} ElfTable;

static bool elf_program_headers(const ElfImage *elf, ElfTable *table, Error **errp)
{
    table->at = elf_addr(elf, elf->wide ? offsetof(Elf64_Ehdr, e_phoff) : offsetof(Elf32_Ehdr, e_phoff));
    table->count = elf_half(elf, elf->wide ? offsetof(Elf64_Ehdr, e_phnum) : offsetof(Elf32_Ehdr, e_phnum));
    table->entry_size = elf->wide ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    if (table->at > elf->size || table->count * table->entry_size > elf->size - table->at) {
        error_setg(errp, "the ELF file is truncated");
        return false;
    }
    return true;
}

typedef uint64_t ElfTranslate(void *opaque, uint64_t addr);

/* What the file loads, of ElfPiece *; NULL with the error set. */
static GPtrArray *elf_segments(const ElfImage *elf, ElfTranslate *translate, void *opaque, Error **errp)
{
    g_autoptr(GPtrArray) segments = g_ptr_array_new_with_free_func(piece_free);
    uint64_t room = MAX_IMAGE_BYTES;
    ElfTable table;

    if (!elf_program_headers(elf, &table, errp)) {
        return NULL;
    }
    for (uint64_t i = 0; i < table.count; i++) {
        ElfSegment seg = elf_segment(elf, table.at + i * table.entry_size);
        ElfPiece *piece;

        if (seg.type != PT_LOAD || !seg.memsz) {
            continue;
        }
        if (seg.memsz > room) {
            error_setg(errp, "the ELF segments have more than %d MiB", (int)(MAX_IMAGE_BYTES / MiB));
            return NULL;
        }
        room -= seg.memsz;
        piece = g_new0(ElfPiece, 1);
        g_ptr_array_add(segments, piece);
        piece->addr = translate ? translate(opaque, seg.paddr) : seg.paddr;
        piece->len = seg.memsz;
        piece->data = segment_bytes(elf, &seg, errp);
        if (!piece->data) {
            return NULL;
        }
        if (piece->addr > UINT64_MAX - piece->len) {
            error_setg(errp, "an ELF segment lies at 0x%" PRIx64, piece->addr);
            return NULL;
        }
    }
    if (!segments->len) {
        error_setg(errp, "the ELF file has nothing to load");
        return NULL;
    }
    return g_steal_pointer(&segments);
}

/* Bytes loaded; first address and first behind the image. */
static uint64_t segments_extent(GPtrArray *segments, uint64_t *low, uint64_t *high)
{
    uint64_t total = 0;

    *low = UINT64_MAX;
    *high = 0;
    for (guint i = 0; i < segments->len; i++) {
        const ElfPiece *piece = g_ptr_array_index(segments, i);

        *low = MIN(*low, piece->addr);
        *high = MAX(*high, piece->addr + piece->len);
        total += piece->len;
    }
    return total;
}

ssize_t load_elf(const char *filename, ElfTranslate *translate, void *opaque, uint64_t *entry, uint64_t *low,
                 uint64_t *high, bool big_endian, int machine, Error **errp)
{
    int64_t size = 0;
    g_autofree uint8_t *data = read_image(filename, INT64_MAX, &size, errp);
    ElfImage elf = { .data = data, .size = size };
    g_autoptr(GPtrArray) segments = NULL;
    uint64_t first, end, total;

    if (!data || !elf_check(&elf, big_endian, machine, errp)) {
        return -1;
    }
    segments = elf_segments(&elf, translate, opaque, errp);
    if (!segments) {
        return -1;
    }
    symbols_add_elf(filename);
    total = segments_extent(segments, low ? low : &first, high ? high : &end);
    if (entry) {
        *entry = elf_addr(&elf, offsetof(Elf32_Ehdr, e_entry));
    }
    for (guint i = 0; i < segments->len; i++) {
        ElfPiece *piece = g_ptr_array_index(segments, i);

        rom_add_taken(filename, g_steal_pointer(&piece->data), piece->len, piece->addr);
    }
    return total;
}

/* The entry point is a virtual address where a segment has one of its own. */
static uint64_t elf_physical_entry(const ElfImage *elf, const ElfTable *table)
{
    uint64_t entry = elf_addr(elf, offsetof(Elf32_Ehdr, e_entry));

    for (uint64_t i = 0; i < table->count; i++) {
        ElfSegment seg = elf_segment(elf, table->at + i * table->entry_size);

        if (seg.type == PT_LOAD && entry >= seg.vaddr && entry - seg.vaddr < seg.memsz) {
            return entry - seg.vaddr + seg.paddr;
        }
    }
    return entry;
}

uint8_t *elf_flatten(const uint8_t *data, size_t size, bool big_endian, int machine, uint64_t *entry,
                     uint64_t *addr, uint64_t *len, Error **errp)
{
    ElfImage elf = { .data = data, .size = size };
    g_autoptr(GPtrArray) segments = NULL;
    ElfTable table;
    uint64_t end;
    uint8_t *flat;

    if (!elf_check(&elf, big_endian, machine, errp) || !elf_program_headers(&elf, &table, errp)) {
        return NULL;
    }
    segments = elf_segments(&elf, NULL, NULL, errp);
    if (!segments) {
        return NULL;
    }
    segments_extent(segments, addr, &end);
    *len = end - *addr;
    if (*len > MAX_IMAGE_BYTES) {
        error_setg(errp, "the ELF segments are too far apart");
        return NULL;
    }
    *entry = elf_physical_entry(&elf, &table);
    flat = g_malloc0(*len);
    for (guint i = 0; i < segments->len; i++) {
        const ElfPiece *piece = g_ptr_array_index(segments, i);

        memcpy(flat + (piece->addr - *addr), piece->data, piece->len);
    }
    return flat;
}

/* A note in the segment: header of three words, owner and descriptor padded to words. */
static bool segment_find_note(const ElfImage *elf, const ElfSegment *seg, const char *owner, uint32_t type,
                              uint64_t *value)
{
    enum { HEADER_BYTES = 12, WORD = 4 };
    uint64_t at = seg->offset, end = seg->offset + seg->filesz;

    while (end - at >= HEADER_BYTES) {
        uint64_t owner_len = elf_word(elf, at), desc_len = elf_word(elf, at + 4);
        uint32_t note_type = elf_word(elf, at + 8);
        uint64_t desc = at + HEADER_BYTES + ROUND_UP(owner_len, WORD);
        uint64_t next = desc + ROUND_UP(desc_len, WORD);

        if (desc + desc_len > end) {
            return false;
        }
        if (note_type == type && owner_len == strlen(owner) + 1 && (desc_len == 4 || desc_len == 8) &&
            !memcmp(elf->data + at + HEADER_BYTES, owner, owner_len)) {
            *value = desc_len == 4 ? elf_word(elf, desc) : elf->big ? ldq_be_p(elf->data + desc)
                                                                  : ldq_le_p(elf->data + desc);
            return true;
        }
        at = MIN(next, end);
    }
    return false;
}

bool elf_find_note(const uint8_t *data, size_t size, bool big_endian, const char *owner, uint32_t type,
                   uint64_t *value)
{
    ElfImage elf = { .data = data, .size = size };
    ElfTable table;

    if (!elf_check(&elf, big_endian, 0, NULL) || !elf_program_headers(&elf, &table, NULL)) {
        return false;
    }
    for (uint64_t i = 0; i < table.count; i++) {
        ElfSegment seg = elf_segment(&elf, table.at + i * table.entry_size);

        if (seg.type == PT_NOTE && seg.offset <= size && seg.filesz <= size - seg.offset &&
            segment_find_note(&elf, &seg, owner, type, value)) {
            return true;
        }
    }
    return false;
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
