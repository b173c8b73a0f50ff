/*
 * Packets of the debugger: registers, memory, breakpoints, resumption.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "gdbstub/internal.h"

typedef struct Command {
    const char *name;           /* the packet begins with it */
    void (*run)(GdbState *s, const char *args);
} Command;

static void reply_ok(GdbState *s, bool ok)
{
    gdb_reply(s, ok ? "OK" : "E22");
}

/* --- registers --------------------------------------------------------------------- */

static void cmd_read_all(GdbState *s, const char *args)
{
    CPUState *cpu = s->g_cpu;
    GByteArray *bytes = g_byte_array_new();
    GString *out = g_string_new(NULL);

    for (int i = 0; i < cpu->cc->gdb_num_core_regs; i++) {
        cpu->cc->gdb_read_register(cpu, bytes, i);
    }
    gdb_hex_append(out, bytes->data, bytes->len);
    gdb_reply(s, "%s", out->str);
    g_string_free(out, TRUE);
    g_byte_array_free(bytes, TRUE);
}

static void cmd_read_register(GdbState *s, const char *args)
{
    GByteArray *bytes = g_byte_array_new();
    GString *out = g_string_new(NULL);
    uint64_t number;

    if (!gdb_hex_number(&args, &number) || *args || number > INT_MAX ||
        !s->g_cpu->cc->gdb_read_register(s->g_cpu, bytes, number)) {
        gdb_reply(s, "E14");
    } else {
        gdb_hex_append(out, bytes->data, bytes->len);
        gdb_reply(s, "%s", out->str);
    }
    g_string_free(out, TRUE);
    g_byte_array_free(bytes, TRUE);
}

/* A write on the CPU's own thread: it may touch what only that one may. */
typedef struct RegisterWrite {
    int first, last;            /* registers, both included */
    const uint8_t *bytes;
    size_t len;
    bool ok;
} RegisterWrite;

static int register_size(CPUState *cpu, int number)
{
    GByteArray *bytes = g_byte_array_new();
    int size = cpu->cc->gdb_read_register(cpu, bytes, number);

    g_byte_array_free(bytes, TRUE);
    return size;
}

static void do_write(CPUState *cpu, void *data)
{
    RegisterWrite *w = data;
    size_t at = 0;

    w->ok = true;
    for (int i = w->first; i <= w->last && w->ok; i++) {
        size_t size = register_size(cpu, i);

        w->ok = size && at + size <= w->len && cpu->cc->gdb_write_register(cpu, w->bytes + at, i);
        at += size;
    }
}

static void cmd_write_all(GdbState *s, const char *args)
{
    static uint8_t bytes[GDB_PACKET_BYTES / 2];
    int len = gdb_hex_decode(args, bytes, sizeof(bytes));
    RegisterWrite w = { 0, s->g_cpu->cc->gdb_num_core_regs - 1, bytes, MAX(len, 0), false };

    if (len > 0) {
        run_on_cpu(s->g_cpu, do_write, &w);
    }
    reply_ok(s, w.ok);
}

static void cmd_write_register(GdbState *s, const char *args)
{
    uint8_t bytes[64];
    uint64_t number;
    int len = -1;

    if (gdb_hex_number(&args, &number) && *args == '=' && number <= INT_MAX) {
        len = gdb_hex_decode(args + 1, bytes, sizeof(bytes));
    }
    RegisterWrite w = { number, number, bytes, MAX(len, 0), false };

    if (len > 0) {
        run_on_cpu(s->g_cpu, do_write, &w);
    }
    reply_ok(s, w.ok);
}

/* --- memory ----------------------------------------------------------------------------- */

static bool access_memory(GdbState *s, uint64_t addr, uint8_t *bytes, size_t len, bool is_write)
{
    AddressSpace *as = s->g_cpu->as;

    if (!s->physical) {
        return cpu_memory_rw_debug(s->g_cpu, addr, bytes, len, is_write);
    }
    if (is_write) {
        return address_space_write_rom(as, addr, bytes, len) == MEMTX_OK;
    }
    return address_space_read(as, addr, bytes, len) == MEMTX_OK;
}

/* ADDR,LEN: what follows is at *args. */
static bool parse_range(const char **args, uint64_t *addr, uint64_t *len)
{
    if (!gdb_hex_number(args, addr) || **args != ',') {
        return false;
    }
    (*args)++;
    return gdb_hex_number(args, len);
}

static void cmd_read_memory(GdbState *s, const char *args)
{
    static uint8_t bytes[GDB_PACKET_BYTES / 2];
    uint64_t addr, len;
    GString *out;

    if (!parse_range(&args, &addr, &len) || *args) {
        gdb_reply(s, "E22");
        return;
    }
    len = MIN(len, sizeof(bytes));
    if (!access_memory(s, addr, bytes, len, false)) {
        gdb_reply(s, "E14");
        return;
    }
    out = g_string_sized_new(2 * len + 1);
    gdb_hex_append(out, bytes, len);
    gdb_reply(s, "%s", out->str);
    g_string_free(out, TRUE);
}

static void write_memory(GdbState *s, uint64_t addr, uint8_t *bytes, size_t len)
{
    gdb_reply(s, access_memory(s, addr, bytes, len, true) ? "OK" : "E14");
}

static void cmd_write_memory(GdbState *s, const char *args)
{
    static uint8_t bytes[GDB_PACKET_BYTES / 2];
    uint64_t addr, len;
    int given;

    if (!parse_range(&args, &addr, &len) || *args != ':' ||
        (given = gdb_hex_decode(args + 1, bytes, sizeof(bytes))) < 0 || (uint64_t)given != len) {
        gdb_reply(s, "E22");
        return;
    }
    write_memory(s, addr, bytes, len);
}

static void cmd_write_binary(GdbState *s, const char *args)
{
    uint64_t addr, len;

    if (!parse_range(&args, &addr, &len) || *args != ':' ||
        len != s->packet->len - 1 - (size_t)(args + 1 - (const char *)s->packet->data)) {
        gdb_reply(s, "E22");
        return;
    }
    write_memory(s, addr, (uint8_t *)args + 1, len);
}

/* --- breakpoints ---------------------------------------------------------------------------- */

/* TYPE,ADDR,KIND[;...] */
static bool parse_point(const char *args, GdbPoint *type, uint64_t *addr, uint64_t *kind)
{
    if (*args < '0' || *args >= '0' + GDB_POINT_TYPES || args[1] != ',') {
        return false;
    }
    *type = *args - '0';
    args += 2;
    return parse_range(&args, addr, kind) && (!*args || *args == ';');
}

static void cmd_insert_point(GdbState *s, const char *args)
{
    GdbPoint type;
    uint64_t addr, kind;

    if (*args > '4') {
        gdb_reply(s, "%s", "");         /* a type that is not known */
        return;
    }
    reply_ok(s, parse_point(args, &type, &addr, &kind) && gdb_point_insert(type, addr, kind));
}

static void cmd_remove_point(GdbState *s, const char *args)
{
    GdbPoint type;
    uint64_t addr, kind;

    if (*args > '4') {
        gdb_reply(s, "%s", "");
        return;
    }
    reply_ok(s, parse_point(args, &type, &addr, &kind) && gdb_point_remove(type, addr, kind));
}

/* --- resumption ----------------------------------------------------------------------------------- */

static GdbAction *new_actions(GdbAction all)
{
    unsigned count = 0;

    CPU_FOREACH(cpu) {
        count = MAX(count, (unsigned)cpu->cpu_index + 1);
    }
    GdbAction *actions = g_new(GdbAction, count);

    for (unsigned i = 0; i < count; i++) {
        actions[i] = all;
    }
    return actions;
}

static void set_pc(CPUState *cpu, void *data)
{
    cpu->cc->set_pc(cpu, *(uint64_t *)data);
}

/* c, s, C, S: the others go on, too. args: an address where to go on, or nothing. */
static void resume_one(GdbState *s, GdbAction action, const char *args)
{
    g_autofree GdbAction *actions = new_actions(GDB_CONTINUE);
    uint64_t addr;

    if (gdb_hex_number(&args, &addr)) {
        run_on_cpu(s->c_cpu, set_pc, &addr);
    }
    actions[s->c_cpu->cpu_index] = action;
    gdb_resume(s, actions);
}

static void cmd_continue(GdbState *s, const char *args)
{
    resume_one(s, GDB_CONTINUE, args);
}

static void cmd_step(GdbState *s, const char *args)
{
    resume_one(s, GDB_STEP, args);
}

/* The guest is a machine: signals do not exist there. SIG[;ADDR] */
static const char *skip_signal(const char *args)
{
    const char *addr = strchr(args, ';');

    return addr ? addr + 1 : "";
}

static void cmd_continue_signal(GdbState *s, const char *args)
{
    resume_one(s, GDB_CONTINUE, skip_signal(args));
}

static void cmd_step_signal(GdbState *s, const char *args)
{
    resume_one(s, GDB_STEP, skip_signal(args));
}

/* One ;ACTION[:THREAD]. The first that names a CPU decides for it. */
static bool parse_action(GdbState *s, const char **p, GdbAction *actions, bool *decided)
{
    char kind = (*p)[1];
    GdbAction action = kind == 's' || kind == 'S' ? GDB_STEP : GDB_CONTINUE;
    CPUState *only = NULL;
    uint64_t ignored;

    if (**p != ';' || !kind || !strchr("cCsS", kind)) {
        return false;
    }
    *p += 2;
    if (kind == 'C' || kind == 'S') {
        gdb_hex_number(p, &ignored);
    }
    if (**p == ':') {
        bool every = g_str_has_prefix(*p, ":-1");

        (*p)++;
        only = gdb_parse_thread(s, p);
        if (!only) {
            return false;
        }
        only = every ? NULL : only;
    }
    CPU_FOREACH(cpu) {
        if ((!only || only == cpu) && !decided[cpu->cpu_index]) {
            decided[cpu->cpu_index] = true;
            actions[cpu->cpu_index] = action;
        }
    }
    return true;
}

static void cmd_vcont(GdbState *s, const char *args)
{
    g_autofree GdbAction *actions = new_actions(GDB_STAY);
    unsigned count = 0, resumed = 0;

    CPU_FOREACH(cpu) {
        count = MAX(count, (unsigned)cpu->cpu_index + 1);
    }
    g_autofree bool *decided = g_new0(bool, count);

    while (*args) {
        if (!parse_action(s, &args, actions, decided)) {
            gdb_reply(s, "E22");
            return;
        }
    }
    for (unsigned i = 0; i < count; i++) {
        resumed += actions[i] != GDB_STAY;
        if (actions[i] == GDB_STEP) {
            s->c_cpu = qemu_get_cpu(i);
        }
    }
    if (!resumed) {
        gdb_reply(s, "E22");
        return;
    }
    gdb_resume(s, actions);
}

static void cmd_vcont_query(GdbState *s, const char *args)
{
    gdb_reply(s, "vCont;c;C;s;S");
}

static void cmd_detach(GdbState *s, const char *args)
{
    gdb_points_clear();
    gdb_reply(s, "OK");
    gdb_resume_all();
}

static void cmd_kill(GdbState *s, const char *args)
{
    qemu_system_shutdown_request(SHUTDOWN_CAUSE_HOST_QMP_QUIT);
}

static void cmd_vkill(GdbState *s, const char *args)
{
    gdb_reply(s, "OK");
    cmd_kill(s, args);
}

/* --- threads ---------------------------------------------------------------------------------------- */

static void cmd_stop_reason(GdbState *s, const char *args)
{
    gdb_reply(s, "T%02xthread:%02x;", GDB_SIGNAL_TRAP, s->c_cpu->cpu_index + 1);
}

/* Hg, Hc: thread of registers and memory, of c and s. */
static void cmd_set_thread(GdbState *s, const char *args)
{
    char kind = *args;
    const char *p = args + 1;
    bool any = kind && (!strcmp(p, "0") || !strcmp(p, "-1"));
    CPUState *cpu = kind ? gdb_parse_thread(s, &p) : NULL;

    if (!cpu || *p || (kind != 'g' && kind != 'c')) {
        gdb_reply(s, "E22");
        return;
    }
    if (!any) {
        *(kind == 'g' ? &s->g_cpu : &s->c_cpu) = cpu;
    }
    gdb_reply(s, "OK");
}

static void cmd_is_alive(GdbState *s, const char *args)
{
    reply_ok(s, gdb_parse_thread(s, &args) && !*args);
}

/* --- the table ------------------------------------------------------------------------------------------ */

static const Command commands[] = {
    { "?", cmd_stop_reason },     { "g", cmd_read_all },           { "G", cmd_write_all },
    { "p", cmd_read_register },   { "P", cmd_write_register },     { "m", cmd_read_memory },
    { "M", cmd_write_memory },    { "X", cmd_write_binary },       { "Z", cmd_insert_point },
    { "z", cmd_remove_point },    { "c", cmd_continue },           { "s", cmd_step },
    { "C", cmd_continue_signal }, { "S", cmd_step_signal },        { "vCont?", cmd_vcont_query },
    { "vCont", cmd_vcont },       { "vKill", cmd_vkill },          { "D", cmd_detach },
    { "k", cmd_kill },            { "H", cmd_set_thread },         { "T", cmd_is_alive },
};

void gdb_handle_packet(GdbState *s)
{
    const char *packet = (const char *)s->packet->data;

    if (*packet == 'q' || *packet == 'Q') {
        gdb_handle_query(s, packet);
        return;
    }
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if (g_str_has_prefix(packet, commands[i].name)) {
            commands[i].run(s, packet + strlen(commands[i].name));
            return;
        }
    }
    gdb_reply(s, "%s", "");             /* not known, by the protocol */
}
