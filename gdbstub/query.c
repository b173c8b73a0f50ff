/*
 * The debugger's general queries and settings: q and Q packets.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "gdbstub/internal.h"
#include "monitor/monitor.h"

typedef struct Query {
    const char *name;
    char separator;             /* between name and arguments, 0: it takes none */
    void (*run)(GdbState *s, const char *args);
} Query;

/* --- threads: one for each CPU ------------------------------------------------------ */

/* [pPROCESS.]THREAD; what is said of processes does not matter, there is one. */
CPUState *gdb_parse_thread(GdbState *s, const char **p)
{
    const char *dot = **p == 'p' ? strchr(*p, '.') : NULL;
    uint64_t id;

    *p = dot ? dot + 1 : *p;
    if (g_str_has_prefix(*p, "-1")) {
        *p += 2;
        return s->c_cpu;
    }
    if (!gdb_hex_number(p, &id) || id > INT_MAX) {
        return NULL;
    }
    return id ? qemu_get_cpu(id - 1) : s->c_cpu;
}

static void query_next_thread(GdbState *s, const char *args)
{
    if (!s->next_thread) {
        gdb_reply(s, "l");
        return;
    }
    gdb_reply(s, "m%02x", s->next_thread->cpu_index + 1);
    s->next_thread = s->next_thread->next;
}

static void query_first_thread(GdbState *s, const char *args)
{
    s->next_thread = first_cpu;
    query_next_thread(s, args);
}

static void query_thread_info(GdbState *s, const char *args)
{
    CPUState *cpu = gdb_parse_thread(s, &args);
    g_autofree char *text = NULL;
    GString *out;

    if (!cpu || *args) {
        gdb_reply(s, "E22");
        return;
    }
    text = g_strdup_printf("CPU#%d [%s]", cpu->cpu_index, cpu->halted ? "halted " : "running");
    out = g_string_new(NULL);
    gdb_hex_append(out, (const uint8_t *)text, strlen(text));
    gdb_reply(s, "%s", out->str);
    g_string_free(out, TRUE);
}

static void query_current_thread(GdbState *s, const char *args)
{
    gdb_reply(s, "QC%02x", s->g_cpu->cpu_index + 1);
}

/* --- features and description ----------------------------------------------------------- */

static void query_supported(GdbState *s, const char *args)
{
    gdb_reply(s, "PacketSize=%x;qXfer:features:read+;vContSupported+;QStartNoAckMode+", GDB_PACKET_BYTES);
}

static void query_attached(GdbState *s, const char *args)
{
    gdb_reply(s, "1");
}

static void set_no_ack(GdbState *s, const char *args)
{
    gdb_reply(s, "OK");
    s->no_ack = true;
}

/* target.xml:OFFSET,LENGTH */
static void query_features(GdbState *s, const char *args)
{
    uint64_t offset, len;

    if (!g_str_has_prefix(args, "target.xml:")) {
        gdb_reply(s, "E00");
        return;
    }
    args += strlen("target.xml:");
    if (!gdb_hex_number(&args, &offset) || *args++ != ',' || !gdb_hex_number(&args, &len) || *args) {
        gdb_reply(s, "E00");
        return;
    }
    if (!s->description) {
        s->description = gdb_describe(first_cpu);
    }
    if (offset > s->description->len) {
        gdb_reply(s, "E00");
        return;
    }
    uint64_t left = s->description->len - offset;

    len = MIN(len, GDB_PACKET_BYTES / 2);
    gdb_reply_binary(s, len < left ? 'm' : 'l', s->description->str + offset, MIN(len, left));
}

/* --- the monitor ------------------------------------------------------------------------------ */

static void query_monitor(GdbState *s, const char *args)
{
    static uint8_t line[GDB_PACKET_BYTES / 2 + 1];
    enum { CHUNK_BYTES = 1024 };
    int len = gdb_hex_decode(args, line, sizeof(line) - 1);

    if (len < 0) {
        gdb_reply(s, "E22");
        return;
    }
    line[len] = 0;
    g_autofree char *text = monitor_run_captured((const char *)line, s->g_cpu->cpu_index);
    size_t total = strlen(text);

    for (size_t at = 0; at < total; at += CHUNK_BYTES) {
        GString *out = g_string_new("O");

        gdb_hex_append(out, (const uint8_t *)text + at, MIN(total - at, CHUNK_BYTES));
        gdb_reply(s, "%s", out->str);
        g_string_free(out, TRUE);
    }
    gdb_reply(s, "OK");
}

/* --- settings of this family of emulators -------------------------------------------------------- */

static void query_settings(GdbState *s, const char *args)
{
    gdb_reply(s, "sstepbits;sstep;PhyMemMode");
}

static void query_step_bits(GdbState *s, const char *args)
{
    gdb_reply(s, "ENABLE=%x,NOIRQ=%x,NOTIMER=%x", SSTEP_ENABLE, SSTEP_NOIRQ, SSTEP_NOTIMER);
}

static void query_step(GdbState *s, const char *args)
{
    gdb_reply(s, "0x%x", SSTEP_ENABLE | s->sstep_flags);
}

static void set_step(GdbState *s, const char *args)
{
    uint64_t flags;

    if (g_str_has_prefix(args, "0x")) {
        args += 2;
    }
    if (!gdb_hex_number(&args, &flags) || *args || flags & ~(uint64_t)(SSTEP_ENABLE | SSTEP_NOIRQ | SSTEP_NOTIMER)) {
        gdb_reply(s, "E22");
        return;
    }
    s->sstep_flags = flags & ~SSTEP_ENABLE;
    gdb_reply(s, "OK");
}

static void query_physical(GdbState *s, const char *args)
{
    gdb_reply(s, "%d", s->physical);
}

static void set_physical(GdbState *s, const char *args)
{
    uint64_t on;

    if (!gdb_hex_number(&args, &on) || *args) {
        gdb_reply(s, "E22");
        return;
    }
    s->physical = on != 0;
    gdb_reply(s, "OK");
}

/* --- the table ------------------------------------------------------------------------------------ */

static const Query queries[] = {
    { "qSupported", ':', query_supported },
    { "qSupported", 0, query_supported },
    { "qAttached", ':', query_attached },
    { "qAttached", 0, query_attached },
    { "qC", 0, query_current_thread },
    { "qfThreadInfo", 0, query_first_thread },
    { "qsThreadInfo", 0, query_next_thread },
    { "qThreadExtraInfo", ',', query_thread_info },
    { "qXfer:features:read", ':', query_features },
    { "qRcmd", ',', query_monitor },
    { "QStartNoAckMode", 0, set_no_ack },
    { "qqemu.Supported", 0, query_settings },
    { "qqemu.sstepbits", 0, query_step_bits },
    { "qqemu.sstep", 0, query_step },
    { "Qqemu.sstep", '=', set_step },
    { "Qqemu.sstep", ':', set_step },
    { "qqemu.PhyMemMode", 0, query_physical },
    { "Qqemu.PhyMemMode", ':', set_physical },
};

void gdb_handle_query(GdbState *s, const char *packet)
{
    for (size_t i = 0; i < ARRAY_SIZE(queries); i++) {
        size_t len = strlen(queries[i].name);

        if (!strncmp(packet, queries[i].name, len) && packet[len] == queries[i].separator) {
            queries[i].run(s, packet + len + (queries[i].separator != 0));
            return;
        }
    }
    gdb_reply(s, "%s", "");
}
