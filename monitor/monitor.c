/*
 * The human monitor: registry of commands, dispatch, help, completion, output.
 * Line editing is in readline.c, the commands themselves in hmp-*.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/monitor-int.h"
#include "monitor/readline.h"
#include "chardev/char.h"
#include "qemu/main-loop.h"

/* Output held back while the multiplexer shows another front end. */
#define HELD_LIMIT_BYTES (64 * KiB)

struct Monitor {
    CharBackend be;
    ReadLine *rl;               /* NULL: plain lines without editing */
    GString *plain;             /* the line so far, without editing */
    bool hidden;                /* the mux has its focus elsewhere */
    bool greeted;
    GString *held;
    int cpu_index;
    GString *capture;           /* output goes here instead; NULL: to the chardev */
};

static GPtrArray *commands;     /* of const HMPCommand * */
static __thread Monitor *current_monitor;

Monitor *monitor_cur(void)
{
    return current_monitor;
}

/* --- output --------------------------------------------------------------- */

static void monitor_write(void *opaque, const char *text, size_t len)
{
    Monitor *mon = opaque;
    GString *out;

    if (mon->capture) {
        g_string_append_len(mon->capture, text, len);
        return;
    }
    out = g_string_sized_new(len + 16);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n') {
            g_string_append_c(out, '\r');
        }
        g_string_append_c(out, text[i]);
    }
    if (!mon->hidden) {
        qemu_chr_fe_write_all(&mon->be, (const uint8_t *)out->str, out->len);
    } else if (mon->held->len + out->len < HELD_LIMIT_BYTES) {
        g_string_append_len(mon->held, out->str, out->len);
    }
    g_string_free(out, TRUE);
}

static void monitor_vprintf(Monitor *mon, const char *fmt, va_list ap)
{
    char *text = g_strdup_vprintf(fmt, ap);

    monitor_write(mon, text, strlen(text));
    g_free(text);
}

void monitor_printf(Monitor *mon, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    monitor_vprintf(mon, fmt, ap);
    va_end(ap);
}

void monitor_print_cb(void *opaque, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    monitor_vprintf(opaque, fmt, ap);
    va_end(ap);
}

void monitor_print_stream(Monitor *mon, void (*fill)(FILE *f, void *opaque), void *opaque)
{
    char *text = NULL;
    size_t len = 0;
    FILE *f = open_memstream(&text, &len);

    if (f) {
        fill(f, opaque);
        fclose(f);
        monitor_write(mon, text, len);
        free(text);
    }
}

/* --- words and CPUs ------------------------------------------------------- */

char *monitor_next_word(const char **args)
{
    const char *p = *args;
    GString *word;
    bool quoted;

    while (*p == ' ' || *p == '\t') {
        p++;
    }
    if (!*p) {
        *args = p;
        return NULL;
    }
    word = g_string_new(NULL);
    quoted = *p == '"';
    for (p += quoted; *p && (quoted ? *p != '"' : *p != ' ' && *p != '\t'); p++) {
        if (quoted && *p == '\\' && (p[1] == '"' || p[1] == '\\')) {
            p++;
        }
        g_string_append_c(word, *p);
    }
    *args = p + (quoted && *p == '"');
    return g_string_free(word, FALSE);
}

bool monitor_args_done(const char *args)
{
    while (*args == ' ' || *args == '\t') {
        args++;
    }
    if (*args) {
        error_report("extraneous characters at the end of line: '%s'", args);
        return false;
    }
    return true;
}

CPUState *monitor_cpu(Monitor *mon)
{
    CPUState *cpu = qemu_get_cpu(mon->cpu_index);

    return cpu ? cpu : first_cpu;
}

bool monitor_set_cpu(Monitor *mon, int index)
{
    if (!qemu_get_cpu(index)) {
        return false;
    }
    mon->cpu_index = index;
    return true;
}

const char *monitor_history(Monitor *mon, unsigned index)
{
    return mon->rl ? readline_history(mon->rl, index) : NULL;
}

/* --- commands ------------------------------------------------------------- */

void hmp_register(const HMPCommand *cmd)
{
    if (!commands) {
        commands = g_ptr_array_new();
    }
    g_ptr_array_add(commands, (gpointer)cmd);
}

static bool is_info(const HMPCommand *cmd)
{
    return g_str_has_prefix(cmd->name, "info ");
}

static const HMPCommand *find_command(const char *name, size_t len)
{
    for (guint i = 0; i < commands->len; i++) {
        const HMPCommand *cmd = g_ptr_array_index(commands, i);

        if ((strlen(cmd->name) == len && memcmp(cmd->name, name, len) == 0) ||
            (cmd->alias && strlen(cmd->alias) == len && memcmp(cmd->alias, name, len) == 0)) {
            return cmd;
        }
    }
    return NULL;
}

static gint compare_commands(gconstpointer a, gconstpointer b)
{
    return strcmp((*(const HMPCommand *const *)a)->name, (*(const HMPCommand *const *)b)->name);
}

static void print_help(Monitor *mon, const HMPCommand *cmd)
{
    monitor_printf(mon, "%s%s%s%s%s -- %s\n", cmd->name, cmd->alias ? "|" : "",
                   cmd->alias ? cmd->alias : "", cmd->params && *cmd->params ? " " : "",
                   cmd->params ? cmd->params : "", cmd->help);
}

static void hmp_help(Monitor *mon, const char *args)
{
    bool info = g_str_has_prefix(args, "info");
    const HMPCommand *cmd = *args ? find_command(args, strlen(args)) : NULL;

    if (cmd && strcmp(args, "info") != 0) {
        print_help(mon, cmd);
        return;
    }
    if (*args && !(info && strlen(args) == 4)) {
        error_report("unknown command: '%s'", args);
        return;
    }
    g_ptr_array_sort(commands, compare_commands);
    for (guint i = 0; i < commands->len; i++) {
        cmd = g_ptr_array_index(commands, i);
        if (is_info(cmd) == info) {
            print_help(mon, cmd);
        }
    }
}

static void hmp_info(Monitor *mon, const char *args)
{
    if (*args) {
        error_report("unknown command: 'info %s'", args);
    }
    hmp_help(mon, "info");
}

static const HMPCommand help_command = { "help", "?", "[command]", "list or explain commands",
                                         hmp_help, NULL };
static const HMPCommand info_command = { "info", NULL, "[subcommand]",
                                         "show the state of the machine", hmp_info, NULL };
DEFINE_HMP(help_command)
DEFINE_HMP(info_command)

/* The command at the start of line; *args is what follows it. */
static const HMPCommand *parse_command(const char *line, const char **args)
{
    size_t len = strcspn(line, " \t/"), sub;
    const HMPCommand *cmd;
    char *full;

    *args = line + len + strspn(line + len, " \t");
    if (len == 4 && memcmp(line, "info", 4) == 0) {
        sub = strcspn(*args, " \t");
        full = g_strdup_printf("info %.*s", (int)sub, *args);
        cmd = find_command(full, strlen(full));
        g_free(full);
        if (cmd && sub) {
            *args += sub;
            *args += strspn(*args, " \t");
            return cmd;
        }
    }
    return find_command(line, len);
}

static void run_line(void *opaque, const char *line)
{
    Monitor *mon = opaque, *outer = current_monitor;
    const HMPCommand *cmd;
    const char *args;

    line += strspn(line, " \t");
    if (!*line || *line == '#') {
        return;
    }
    current_monitor = mon;
    cmd = parse_command(line, &args);
    if (cmd) {
        char *trimmed = g_strchomp(g_strdup(args));

        cmd->cmd(mon, trimmed);
        g_free(trimmed);
    } else {
        monitor_printf(mon, "unknown command: '%.*s'\n", (int)strcspn(line, " \t/"), line);
    }
    current_monitor = outer;
}

char *monitor_run_captured(const char *line, int cpu_index)
{
    Monitor mon = { .cpu_index = cpu_index, .capture = g_string_new(NULL) };

    run_line(&mon, line);
    return g_string_free(mon.capture, FALSE);
}

/* --- completion ----------------------------------------------------------- */

static void offer_word(void *opaque, const char *word)
{
    readline_offer(opaque, word);
}

static void complete_line(void *opaque, const char *text)
{
    Monitor *mon = opaque;
    const char *args, *last = strrchr(text, ' ');
    const HMPCommand *cmd;
    size_t len;

    text += strspn(text, " ");
    last = last && last >= text ? last + 1 : text;
    len = strlen(last);
    if (last != text && !(g_str_has_prefix(text, "info ") && !strchr(text + 5, ' '))) {
        if (g_str_has_prefix(text, "help ") || g_str_has_prefix(text, "? ")) {
            cmd = NULL;
        } else {
            cmd = parse_command(text, &args);
            if (cmd && cmd->complete) {
                cmd->complete(last, offer_word, mon->rl);
            }
            return;
        }
    }
    for (guint i = 0; i < commands->len; i++) {
        bool info = g_str_has_prefix(text, "info ");
        const char *name;

        cmd = g_ptr_array_index(commands, i);
        name = info && is_info(cmd) ? cmd->name + 5 : cmd->name;
        if (is_info(cmd) == info && strncmp(name, last, len) == 0) {
            readline_offer(mon->rl, name);
        }
    }
}

void hmp_complete_files(const char *prefix, void (*offer)(void *opaque, const char *word),
                        void *opaque)
{
    char *dirname = g_path_get_dirname(prefix);
    const char *slash = strrchr(prefix, '/'), *base = slash ? slash + 1 : prefix, *name;
    GDir *dir = g_dir_open(dirname, 0, NULL);

    while (dir && (name = g_dir_read_name(dir))) {
        if (g_str_has_prefix(name, base) && (name[0] != '.' || base[0] == '.')) {
            char *word = g_strdup_printf("%.*s%s", (int)(base - prefix), prefix, name);
            bool is_dir = g_file_test(word, G_FILE_TEST_IS_DIR);
            char *full = g_strconcat(word, is_dir ? "/" : "", NULL);

            offer(opaque, full);
            g_free(word);
            g_free(full);
        }
    }
    if (dir) {
        g_dir_close(dir);
    }
    g_free(dirname);
}

/* --- the front end of the chardev ----------------------------------------- */

static int monitor_can_read(void *opaque)
{
    return 256;
}

static void plain_byte(Monitor *mon, uint8_t ch)
{
    if (ch == '\r' || ch == '\n') {
        char *line = g_strdup(mon->plain->str);

        g_string_truncate(mon->plain, 0);
        run_line(mon, line);
        g_free(line);
    } else if (mon->plain->len < 4000) {
        g_string_append_c(mon->plain, ch);
    }
}

static void monitor_read(void *opaque, const uint8_t *buf, int size)
{
    Monitor *mon = opaque;

    for (int i = 0; i < size; i++) {
        if (mon->rl) {
            readline_handle_byte(mon->rl, buf[i]);
        } else {
            plain_byte(mon, buf[i]);
        }
    }
}

/* From the main loop, when devices have taken their place at the mux. */
static void monitor_greet(void *opaque)
{
    Monitor *mon = opaque;

    if (mon->rl && !mon->greeted) {
        mon->greeted = true;
        monitor_printf(mon, "QEMU monitor - type 'help' for more information\n");
        readline_show_prompt(mon->rl);
    }
}

static void monitor_event(void *opaque, QEMUChrEvent event)
{
    Monitor *mon = opaque;

    switch (event) {
    case CHR_EVENT_OPENED:
        qemu_bh_schedule_oneshot(monitor_greet, mon);
        break;
    case CHR_EVENT_CLOSED:
        mon->greeted = false;
        break;
    case CHR_EVENT_MUX_IN:
        mon->hidden = false;
        if (mon->greeted) {
            qemu_chr_fe_write_all(&mon->be, (const uint8_t *)"\r\n", 2);
            qemu_chr_fe_write_all(&mon->be, (const uint8_t *)mon->held->str, mon->held->len);
            if (mon->rl && mon->held->len == 0) {
                readline_show_prompt(mon->rl);
            }
            g_string_truncate(mon->held, 0);
        }
        break;
    case CHR_EVENT_MUX_OUT:
        mon->hidden = true;
        break;
    default:
        break;
    }
}

bool monitor_init_hmp(struct Chardev *chr, bool use_readline, Error **errp)
{
    static const ReadLineOps ops = { monitor_write, run_line, complete_line };
    Monitor *mon = g_new0(Monitor, 1);

    mon->be.is_monitor = true;
    if (!qemu_chr_fe_init(&mon->be, chr, errp)) {
        g_free(mon);
        return false;
    }
    mon->held = g_string_new(NULL);
    mon->plain = g_string_new(NULL);
    if (use_readline) {
        mon->rl = readline_new("(qemu) ", &ops, mon);
    }
    qemu_chr_fe_set_handlers(&mon->be, monitor_can_read, monitor_read, monitor_event, mon);
    return true;
}
