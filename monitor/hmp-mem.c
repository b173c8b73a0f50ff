/*
 * Monitor commands on memory and I/O ports: x, xp, print, i, o, sum, memsave,
 * pmemsave, gva2gpa.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "disas/disas.h"
#include "monitor/monitor-int.h"
#include "monitor/qmp-int.h"

typedef struct Format {
    uint64_t count;
    char format;            /* x d u o c i s */
    int size;               /* bytes of one unit */
} Format;

/* "/10xw" before the other arguments; keeps the defaults in *f otherwise. */
static bool parse_format(const char **args, Format *f)
{
    const char *p = *args;
    bool size_given = false;

    if (*p != '/') {
        return true;
    }
    p++;
    if (isdigit((unsigned char)*p)) {
        f->count = strtoull(p, (char **)&p, 10);
    }
    for (; *p && *p != ' '; p++) {
        const char *sizes = "b h w   g", *size = strchr(sizes, *p);

        if (strchr("xduocis", *p)) {
            f->format = *p;
        } else if (size) {
            f->size = *p == 'b' ? 1 : *p == 'h' ? 2 : *p == 'w' ? 4 : 8;
            size_given = true;
        } else {
            error_report("invalid char in format: '%c'", *p);
            return false;
        }
    }
    if (f->format == 'c' && !size_given) {
        f->size = 1;
    }
    *args = p + strspn(p, " ");
    return true;
}

static bool read_guest(Monitor *mon, bool physical, uint64_t addr, void *buf, size_t len)
{
    CPUState *cpu = monitor_cpu(mon);

    if (physical) {
        AddressSpace *as = cpu && cpu->as ? cpu->as : &address_space_memory;

        return address_space_read(as, addr, buf, len) == MEMTX_OK;
    }
    return cpu && cpu_memory_rw_debug(cpu, addr, buf, len, false);
}

static uint64_t load(const uint8_t *p, int size)
{
    uint64_t value = 0;

    for (int i = 0; i < size; i++) {
        value = value << 8 | p[target_words_bigendian ? i : size - 1 - i];
    }
    return value;
}

static void print_char(Monitor *mon, int ch)
{
    if (ch == '\'' || ch == '\\') {
        monitor_printf(mon, "'\\%c'", ch);
    } else if (isprint(ch)) {
        monitor_printf(mon, "'%c'", ch);
    } else {
        monitor_printf(mon, "'\\x%02x'", ch);
    }
}

static void print_value(Monitor *mon, uint64_t value, char format, int size)
{
    int64_t as_signed = (int64_t)(value << (64 - 8 * size)) >> (64 - 8 * size);

    switch (format) {
    case 'd':
        monitor_printf(mon, "%*" PRId64, size == 8 ? 20 : size == 4 ? 11 : size == 2 ? 6 : 4,
                       as_signed);
        break;
    case 'u':
        monitor_printf(mon, "%*" PRIu64, size == 8 ? 20 : size == 4 ? 10 : size == 2 ? 5 : 3,
                       value);
        break;
    case 'o':
        monitor_printf(mon, "%#*" PRIo64, (size * 8 + 2) / 3 + 1, value);
        break;
    case 'c':
        print_char(mon, value & 0xff);
        break;
    default:
        monitor_printf(mon, "0x%0*" PRIx64, size * 2, value);
        break;
    }
}

static void print_address(Monitor *mon, bool physical, uint64_t addr)
{
    CPUState *cpu = monitor_cpu(mon);
    int digits = !physical && cpu && cpu->cc->vaddr_bits == 32 ? 8 : 16;

    monitor_printf(mon, "%0*" PRIx64 ":", digits, addr);
}

static void disassemble(Monitor *mon, bool physical, uint64_t addr, uint64_t count)
{
    CPUState *cpu = monitor_cpu(mon);
    char *text = NULL;
    size_t size;
    FILE *f = open_memstream(&text, &size);
    bool ok = cpu && monitor_disas(f, cpu, addr, count, physical);

    fclose(f);
    if (ok) {
        monitor_printf(mon, "%s", text);
    } else {
        error_report("no disassembler for this CPU");
    }
    free(text);
}

static void dump_strings(Monitor *mon, bool physical, uint64_t addr, uint64_t count)
{
    while (count--) {
        uint8_t ch;
        int limit = 4096;

        print_address(mon, physical, addr);
        monitor_printf(mon, " \"");
        while (limit-- && read_guest(mon, physical, addr++, &ch, 1) && ch) {
            monitor_printf(mon, isprint(ch) ? "%c" : "\\x%02x", ch);
        }
        monitor_printf(mon, "\"\n");
    }
}

static void dump_memory(Monitor *mon, const char *args, bool physical)
{
    static Format last = { .count = 1, .format = 'x', .size = 4 };
    Format f = { .count = 1, .format = last.format, .size = last.size };
    Error *err = NULL;
    uint64_t addr;
    int per_line;

    if (!parse_format(&args, &f)) {
        return;
    }
    if (!monitor_expr(mon, &args, false, &addr, &err)) {
        error_report_err(err);
        return;
    }
    if (f.format == 'i') {
        disassemble(mon, physical, addr, f.count);
        return;
    }
    if (f.format == 's') {
        dump_strings(mon, physical, addr, f.count);
        return;
    }
    last = f;
    per_line = f.format == 'c' ? 8 : 16 / f.size;
    for (uint64_t i = 0; i < f.count; i++, addr += f.size) {
        uint8_t buf[8];

        if (i % per_line == 0) {
            if (i) {
                monitor_printf(mon, "\n");
            }
            print_address(mon, physical, addr);
        }
        if (!read_guest(mon, physical, addr, buf, f.size)) {
            monitor_printf(mon, " Cannot access memory\n");
            return;
        }
        monitor_printf(mon, " ");
        print_value(mon, load(buf, f.size), f.format, f.size);
    }
    monitor_printf(mon, "\n");
}

static void hmp_x(Monitor *mon, const char *args)
{
    dump_memory(mon, args, false);
}

static void hmp_xp(Monitor *mon, const char *args)
{
    dump_memory(mon, args, true);
}

static void hmp_print(Monitor *mon, const char *args)
{
    Format f = { .count = 1, .format = 'd', .size = 8 };
    Error *err = NULL;
    uint64_t value;

    if (*args == '/') {
        f.format = 'x';
    }
    if (!parse_format(&args, &f)) {
        return;
    }
    if (!monitor_expr(mon, &args, false, &value, &err)) {
        error_report_err(err);
        return;
    }
    if (!monitor_args_done(args)) {
        return;
    }
    switch (f.format) {
    case 'd':
        monitor_printf(mon, "%" PRId64 "\n", value);
        break;
    case 'u':
        monitor_printf(mon, "%" PRIu64 "\n", value);
        break;
    case 'o':
        monitor_printf(mon, "%#" PRIo64 "\n", value);
        break;
    case 'c':
        print_char(mon, value & 0xff);
        monitor_printf(mon, "\n");
        break;
    default:
        monitor_printf(mon, "%#" PRIx64 "\n", value);
        break;
    }
}

/* --- ports ---------------------------------------------------------------- */

static MemOp size_op(int size)
{
    return size == 1 ? MO_8 : size == 2 ? MO_LEUW : MO_LEUL;
}

static void hmp_i(Monitor *mon, const char *args)
{
    Format f = { .count = 1, .format = 'x', .size = 1 };
    Error *err = NULL;
    MemTxResult result = MEMTX_OK;
    uint64_t port;

    if (!parse_format(&args, &f)) {
        return;
    }
    if (!monitor_expr(mon, &args, true, &port, &err)) {
        error_report_err(err);
    } else if (monitor_args_done(args)) {
        f.size = MIN(f.size, 4);
        monitor_printf(mon, "port%c[0x%04" PRIx64 "] = 0x%0*" PRIx64 "\n",
                       f.size == 1 ? 'b' : f.size == 2 ? 'w' : 'l', port, f.size * 2,
                       address_space_ld(&address_space_io, port, size_op(f.size), &result));
    }
}

static void hmp_o(Monitor *mon, const char *args)
{
    Format f = { .count = 1, .format = 'x', .size = 1 };
    Error *err = NULL;
    MemTxResult result = MEMTX_OK;
    uint64_t port, value;

    if (!parse_format(&args, &f)) {
        return;
    }
    if (!monitor_expr(mon, &args, true, &port, &err) ||
        !monitor_expr(mon, &args, true, &value, &err)) {
        error_report_err(err);
    } else if (monitor_args_done(args)) {
        address_space_st(&address_space_io, port, value, size_op(MIN(f.size, 4)), &result);
    }
}

/* --- ranges --------------------------------------------------------------- */

static bool parse_range(Monitor *mon, const char **args, uint64_t *addr, uint64_t *size)
{
    Error *err = NULL;

    if (!monitor_expr(mon, args, true, addr, &err) || !monitor_expr(mon, args, true, size, &err)) {
        error_report_err(err);
        return false;
    }
    return true;
}

static void save_memory(Monitor *mon, const char *args, bool physical)
{
    uint64_t addr, size;
    Error *err = NULL;
    json_t *request, *result;
    char *name;

    if (!parse_range(mon, &args, &addr, &size)) {
        return;
    }
    name = monitor_next_word(&args);
    if (!name) {
        error_report("a file name is missing");
        return;
    }
    request = json_pack("{s:I,s:I,s:s}", "val", (json_int_t)addr, "size", (json_int_t)size, "filename", name);
    if (!physical && monitor_cpu(mon)) {
        json_object_set_new(request, "cpu-index", json_integer(monitor_cpu(mon)->cpu_index));
    }
    result = qmp_run(physical ? "pmemsave" : "memsave", request, &err);
    if (!result) {
        error_report_err(err);
    }
    json_decref(result);
    g_free(name);
}

static void hmp_memsave(Monitor *mon, const char *args)
{
    save_memory(mon, args, false);
}

static void hmp_pmemsave(Monitor *mon, const char *args)
{
    save_memory(mon, args, true);
}

/* The BSD checksum, as sum(1) prints it. */
static void hmp_sum(Monitor *mon, const char *args)
{
    uint64_t addr, size;
    uint16_t sum = 0;
    uint8_t ch;

    if (!parse_range(mon, &args, &addr, &size)) {
        return;
    }
    while (size-- && read_guest(mon, true, addr++, &ch, 1)) {
        sum = (sum >> 1 | sum << 15) + ch;
    }
    monitor_printf(mon, "%05d\n", sum);
}

static void hmp_gva2gpa(Monitor *mon, const char *args)
{
    CPUState *cpu = monitor_cpu(mon);
    Error *err = NULL;
    uint64_t addr;
    hwaddr phys;

    if (!monitor_expr(mon, &args, false, &addr, &err)) {
        error_report_err(err);
        return;
    }
    phys = cpu && cpu->cc->get_phys_page_debug
        ? cpu->cc->get_phys_page_debug(cpu, addr & ~UINT64_C(0xfff)) : (hwaddr)-1;
    if (phys == (hwaddr)-1) {
        monitor_printf(mon, "Unmapped\n");
    } else {
        monitor_printf(mon, "gpa: %#" PRIx64 "\n", phys + (addr & 0xfff));
    }
}

static const HMPCommand x_cmd = { "x", NULL, "/fmt addr", "virtual memory dump starting at 'addr'",
                                  hmp_x, NULL };
static const HMPCommand xp_cmd = { "xp", NULL, "/fmt addr",
                                   "physical memory dump starting at 'addr'", hmp_xp, NULL };
static const HMPCommand print_cmd = { "print", "p", "/fmt expr",
                                      "print expression value (use $reg for CPU registers)",
                                      hmp_print, NULL };
static const HMPCommand i_cmd = { "i", NULL, "/fmt addr", "I/O port read", hmp_i, NULL };
static const HMPCommand o_cmd = { "o", NULL, "/fmt addr value", "I/O port write", hmp_o, NULL };
static const HMPCommand memsave_cmd = { "memsave", NULL, "addr size file",
                                        "save virtual memory to a file", hmp_memsave,
                                        hmp_complete_files };
static const HMPCommand pmemsave_cmd = { "pmemsave", NULL, "addr size file",
                                         "save physical memory to a file", hmp_pmemsave,
                                         hmp_complete_files };
static const HMPCommand sum_cmd = { "sum", NULL, "addr size", "checksum of physical memory",
                                    hmp_sum, NULL };
static const HMPCommand gva2gpa_cmd = { "gva2gpa", NULL, "addr",
                                        "physical address of a virtual address", hmp_gva2gpa,
                                        NULL };
DEFINE_HMP(x_cmd)
DEFINE_HMP(xp_cmd)
DEFINE_HMP(print_cmd)
DEFINE_HMP(i_cmd)
DEFINE_HMP(o_cmd)
DEFINE_HMP(memsave_cmd)
DEFINE_HMP(pmemsave_cmd)
DEFINE_HMP(sum_cmd)
DEFINE_HMP(gva2gpa_cmd)
