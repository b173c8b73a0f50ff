/*
 * The table of guest symbols: ELF symbol tables (System V ABI, chapter 4) and the
 * lists that nm and the Linux kernel write.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "qemu/symbols.h"
#include <elf.h>

typedef struct Symbol {
    uint64_t addr, size;        /* size 0: up to the next one */
    const char *name;
} Symbol;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;        /* for all of these */
static GPtrArray *waiting;      /* names of ELF files that nobody asked about yet */
static GArray *symbols;         /* of Symbol, by address */

/* --- ELF ------------------------------------------------------------------------ */

typedef struct ElfFile {
    const uint8_t *data;
    uint64_t size;
    bool big, wide;
} ElfFile;

static uint64_t number(const ElfFile *elf, uint64_t at, unsigned bytes)
{
    uint64_t value = 0;

    for (unsigned i = 0; i < bytes && at + i < elf->size; i++) {
        value |= (uint64_t)elf->data[at + i] << 8 * (elf->big ? bytes - 1 - i : i);
    }
    return value;
}

/* A field of a structure that has a 32-bit and a 64-bit form. */
#define FIELD(elf, at, type, field)                                                             \
    ((elf)->wide ? number(elf, (at) + offsetof(Elf64_##type, field), sizeof(((Elf64_##type *)0)->field)) \
                 : number(elf, (at) + offsetof(Elf32_##type, field), sizeof(((Elf32_##type *)0)->field)))

/* The NUL-terminated text at offset `at` of the section whose header is at `section`; NULL: there is none. */
static const char *section_text(const ElfFile *elf, uint64_t section, uint64_t at)
{
    uint64_t start = FIELD(elf, section, Shdr, sh_offset), size = FIELD(elf, section, Shdr, sh_size);

    if (start > elf->size || size > elf->size - start || at >= size ||
        !memchr(elf->data + start + at, 0, size - at)) {
        return NULL;
    }
    return (const char *)elf->data + start + at;
}

static void add(GArray *list, uint64_t addr, uint64_t size, const char *name)
{
    Symbol symbol = { addr, size, g_intern_string(name) };

    g_array_append_val(list, symbol);
}

static void add_elf_table(const ElfFile *elf, uint64_t table, uint64_t strings, GArray *list)
{
    uint64_t start = FIELD(elf, table, Shdr, sh_offset), size = FIELD(elf, table, Shdr, sh_size);
    uint64_t entry = elf->wide ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);

    if (start > elf->size || size > elf->size - start) {
        return;
    }
    for (uint64_t at = start; at + entry <= start + size; at += entry) {
        unsigned type = FIELD(elf, at, Sym, st_info) & 0xf, index = FIELD(elf, at, Sym, st_shndx);
        const char *name = section_text(elf, strings, FIELD(elf, at, Sym, st_name));

        /* Labels of assembler code have no type; '$' begins marks of the assembler itself. */
        if ((type == STT_FUNC || type == STT_NOTYPE) && index != SHN_UNDEF && index < SHN_LORESERVE && name &&
            *name && *name != '$' && *name != '.') {
            add(list, FIELD(elf, at, Sym, st_value), type == STT_FUNC ? FIELD(elf, at, Sym, st_size) : 0, name);
        }
    }
}

static void add_elf(const uint8_t *data, uint64_t size, GArray *list)
{
    ElfFile elf = { data, size, data[EI_DATA] == ELFDATA2MSB, data[EI_CLASS] == ELFCLASS64 };
    uint64_t headers = FIELD(&elf, 0, Ehdr, e_shoff), count = FIELD(&elf, 0, Ehdr, e_shnum);
    uint64_t step = elf.wide ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);

    if (headers > size || count * step > size - headers) {
        return;
    }
    for (uint64_t i = 0; i < count; i++) {
        uint64_t table = headers + i * step, link = FIELD(&elf, table, Shdr, sh_link);

        if (FIELD(&elf, table, Shdr, sh_type) == SHT_SYMTAB && link < count) {
            add_elf_table(&elf, table, headers + link * step, list);
        }
    }
}

/* --- lists ---------------------------------------------------------------------- */

/* "ffffffff81000000 T _text": functions have type t, T, w or W. False: a line is something else. */
static bool add_map(char *text, GArray *list)
{
    for (char *line = text, *next; line && *line; line = next) {
        char type, name[256];
        uint64_t addr;

        next = strchr(line, '\n');
        if (next) {
            *next++ = 0;
        }
        if (*line == ' ') {
            continue;               /* nm: a name without an address */
        }
        if (sscanf(line, "%" SCNx64 " %c %255s", &addr, &type, name) != 3) {
            return false;
        }
        if (strchr("tTwW", type)) {
            add(list, addr, 0, name);
        }
    }
    return true;
}

/* --- the table ------------------------------------------------------------------- */

static gint by_address(gconstpointer a, gconstpointer b)
{
    const Symbol *left = a, *right = b;

    return left->addr < right->addr ? -1 : left->addr > right->addr;
}

/* lock held. False: the file is neither. */
static bool read_file(const char *filename, Error **errp)
{
    g_autoptr(GError) err = NULL;
    g_autofree char *data = NULL;
    gsize size;
    bool ok = true;

    if (!g_file_get_contents(filename, &data, &size, &err)) {
        error_setg(errp, "%s: cannot read: %s", filename,
                   err->code == G_FILE_ERROR_NOENT ? "No such file or directory" : err->message);
        return false;
    }
    symbols = symbols ? symbols : g_array_new(false, false, sizeof(Symbol));
    if (size >= sizeof(Elf32_Ehdr) && !memcmp(data, ELFMAG, SELFMAG)) {
        add_elf((const uint8_t *)data, size, symbols);
    } else {
        ok = add_map(data, symbols);
    }
    g_array_sort(symbols, by_address);
    if (!ok) {
        error_setg(errp, "%s: neither an ELF file nor a list of symbols", filename);
    }
    return ok;
}

void symbols_add_elf(const char *filename)
{
    pthread_mutex_lock(&lock);
    waiting = waiting ? waiting : g_ptr_array_new();
    g_ptr_array_add(waiting, g_strdup(filename));
    pthread_mutex_unlock(&lock);
}

bool symbols_load(const char *filename, Error **errp)
{
    bool ok;

    pthread_mutex_lock(&lock);
    ok = read_file(filename, errp);
    pthread_mutex_unlock(&lock);
    return ok;
}

/* lock held: the last symbol at or below addr. */
static const Symbol *find(uint64_t addr)
{
    guint lo = 0, hi = symbols ? symbols->len : 0;

    while (lo < hi) {
        guint mid = (lo + hi) / 2;

        if (g_array_index(symbols, Symbol, mid).addr <= addr) {
            lo = mid + 1;
        } else {
            hi = mid;
        }
    }
    return lo ? &g_array_index(symbols, Symbol, lo - 1) : NULL;
}

const char *symbol_lookup(uint64_t addr, uint64_t *offset)
{
    const uint64_t max_unsized = 64 * KiB;
    const char *name = NULL;
    const Symbol *symbol;

    pthread_mutex_lock(&lock);
    for (guint i = 0; waiting && i < waiting->len; i++) {
        g_autofree char *filename = g_ptr_array_index(waiting, i);

        read_file(filename, NULL);
    }
    if (waiting) {
        g_ptr_array_set_size(waiting, 0);
    }
    symbol = find(addr);
    if (symbol && addr - symbol->addr < (symbol->size ? symbol->size : max_unsized)) {
        name = symbol->name;
        if (offset) {
            *offset = addr - symbol->addr;
        }
    }
    pthread_mutex_unlock(&lock);
    return name;
}
