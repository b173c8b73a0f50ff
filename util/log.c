/*
 * The log of -d, -D and -dfilter.
 *
 * Owns the item table (which `-d help` prints), the stream and its lock, and
 * the address filter. What the items mean is up to those who log.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/log.h"
#include "trace/trace.h"

typedef struct LogItem {
    int mask;
    const char *name;
    const char *help;
} LogItem;

static const LogItem log_items[] = {
    { CPU_LOG_TB_OUT_ASM, "out_asm", "generated host code of each block" },
    { CPU_LOG_TB_IN_ASM, "in_asm", "guest code of each block" },
    { CPU_LOG_TB_OP, "op", "operations of each block" },
    { CPU_LOG_TB_OP_OPT, "op_opt", "operations after optimization" },
    { CPU_LOG_TB_OP_IND, "op_ind", "operations after folding, before liveness analysis" },
    { CPU_LOG_INT, "int", "interrupts and exceptions in short form" },
    { CPU_LOG_EXEC, "exec", "each block as it is entered (many lines)" },
    { CPU_LOG_PCALL, "pcall", "protected mode far calls, returns and exceptions (x86)" },
    { CPU_LOG_TB_CPU, "cpu", "CPU registers before each block is entered" },
    { CPU_LOG_TB_FPU, "fpu", "FPU and vector registers, too, where cpu logs" },
    { CPU_LOG_RESET, "cpu_reset", "CPU registers before a CPU reset" },
    { LOG_UNIMP, "unimp", "use of features that are not implemented" },
    { LOG_GUEST_ERROR, "guest_errors", "what the guest does against the manuals" },
    { CPU_LOG_MMU, "mmu", "MMU operations" },
    { CPU_LOG_PAGE, "page", "memory layout at start of user programs (a machine has none)" },
    { LOG_STRACE, "strace", "system calls of user programs (a machine has none)" },
    { LOG_PER_THREAD, "tid", "a file for each thread, the %d of -D is its id" },
    { CPU_LOG_TB_NOCHAIN, "nochain", "do not chain blocks, so that exec and cpu show all" },
};

typedef struct LogRange {
    uint64_t first, last;
} LogRange;

int qemu_loglevel;

static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *log_file;          /* NULL: nothing is open */
static char *log_filename;      /* NULL: stderr. With its one %d, if there is any */
static GHashTable *thread_files; /* of the item tid: thread id -> FILE *, NULL: closed; made when needed */
static bool log_begun;          /* log_filename was opened before: it is continued */
static bool log_wanted;         /* by others than the items: trace events */
static GArray *log_ranges;      /* of LogRange; NULL: no filter */

/* The name of the file for an id. */
static char *filename_for(pid_t id)
{
    const char *percent = strchr(log_filename, '%');

    return percent ? g_strdup_printf("%.*s%d%s", (int)(percent - log_filename), log_filename, (int)id, percent + 2)
                   : g_strdup(log_filename);
}

/* Their entries stay: what is opened again is continued. log_lock held. */
static void close_thread_files(void)
{
    GHashTableIter iter;
    gpointer file;

    g_hash_table_iter_init(&iter, thread_files);
    while (g_hash_table_iter_next(&iter, NULL, &file)) {
        if (file) {
            fclose(file);
            g_hash_table_iter_replace(&iter, NULL);
        }
    }
}

/* The calling thread's own; the common one where that cannot be opened. log_lock held. */
static FILE *thread_file_locked(void)
{
    gpointer id = GINT_TO_POINTER(gettid()), found = NULL;
    bool begun;

    if (gettid() == getpid()) {
        return log_file;
    }
    if (!thread_files) {
        thread_files = g_hash_table_new(NULL, NULL);
    }
    begun = g_hash_table_lookup_extended(thread_files, id, NULL, &found);
    if (!found) {
        g_autofree char *name = filename_for(gettid());

        found = fopen(name, begun ? "a" : "w");
        if (found) {
            g_hash_table_insert(thread_files, id, found);
        }
    }
    return found ? found : log_file;
}

/*
 * Open the stream when it is needed; log_lock held by nobody (start-up, monitor).
 * A file that was closed meanwhile is continued.
 */
static bool log_reopen(Error **errp)
{
    FILE *f = stderr;

    if (!qatomic_read(&qemu_loglevel) && !log_wanted) {
        qemu_log_close();
        return true;
    }
    if (qemu_loglevel_mask(LOG_PER_THREAD) && !(log_filename && strchr(log_filename, '%'))) {
        error_setg(errp, "-d tid: the name of the log file (-D) has no %%d");
        return false;
    }
    if (log_file) {
        return true;
    }
    if (log_filename) {
        g_autofree char *name = filename_for(getpid());

        f = fopen(name, log_begun ? "a" : "w");
        if (!f) {
            error_setg_errno(errp, errno, "-D %s: cannot open", name);
            return false;
        }
        log_begun = true;
    }
    pthread_mutex_lock(&log_lock);
    log_file = f;
    pthread_mutex_unlock(&log_lock);
    return true;
}

bool qemu_log_open(Error **errp)
{
    log_wanted = true;
    return log_reopen(errp);
}

void qemu_log_close(void)
{
    pthread_mutex_lock(&log_lock);
    if (log_file && log_file != stderr) {
        fclose(log_file);
    }
    log_file = NULL;
    if (thread_files) {
        close_thread_files();
    }
    pthread_mutex_unlock(&log_lock);
}

FILE *qemu_log_trylock(void)
{
    pthread_mutex_lock(&log_lock);
    if (!log_file) {
        pthread_mutex_unlock(&log_lock);
        return NULL;
    }
    return qemu_loglevel_mask(LOG_PER_THREAD) ? thread_file_locked() : log_file;
}

void qemu_log_unlock(FILE *stream)
{
    if (stream) {
        fflush(stream);
        pthread_mutex_unlock(&log_lock);
    }
}

void qemu_log(const char *fmt, ...)
{
    FILE *f = qemu_log_trylock();

    if (f) {
        va_list ap;

        va_start(ap, fmt);
        vfprintf(f, fmt, ap);
        va_end(ap);
        qemu_log_unlock(f);
    }
}

bool qemu_log_in_addr_range(uint64_t addr)
{
    if (!log_ranges) {
        return true;
    }
    for (guint i = 0; i < log_ranges->len; i++) {
        const LogRange *r = &g_array_index(log_ranges, LogRange, i);

        if (addr >= r->first && addr <= r->last) {
            return true;
        }
    }
    return false;
}

/* Mask of one item, 0 when unknown. */
static int log_item_mask(const char *name)
{
    if (!strcmp(name, "all")) {
        return ~(CPU_LOG_TB_NOCHAIN | LOG_PER_THREAD);
    }
    for (size_t i = 0; i < ARRAY_SIZE(log_items); i++) {
        if (!strcmp(name, log_items[i].name)) {
            return log_items[i].mask;
        }
    }
    return 0;
}

bool qemu_set_log_items(const char *items, Error **errp)
{
    g_auto(GStrv) names = g_strsplit(items, ",", -1);
    int mask = 0, old;

    for (char **name = names; *name; name++) {
        int bit = log_item_mask(*name);

        if (g_str_has_prefix(*name, "trace:")) {
            if (!trace_enable(*name + strlen("trace:"), true, errp)) {
                error_prepend(errp, "-d %s: ", *name);
                return false;
            }
            continue;
        }
        if (!bit && strcmp(*name, "none")) {
            error_setg(errp, "-d %s: unknown log item (see -d help)", *name);
            return false;
        }
        mask |= bit;
    }
    old = qemu_loglevel;
    qatomic_set(&qemu_loglevel, mask);
    if (!log_reopen(errp)) {
        qatomic_set(&qemu_loglevel, old);
        return false;
    }
    return true;
}

/* Takes name. When it cannot be opened, the log goes on in the old file. */
static bool log_change_file(char *name, Error **errp)
{
    char *old_name = log_filename;
    bool old_begun = log_begun;
    GHashTable *old_thread_files;

    qemu_log_close();
    old_thread_files = thread_files;
    thread_files = NULL;
    log_filename = name;
    log_begun = false;
    if (!log_reopen(errp)) {
        g_free(name);
        log_filename = old_name;
        thread_files = old_thread_files;
        log_begun = old_begun;
        log_reopen(NULL);
        return false;
    }
    if (old_thread_files) {
        g_hash_table_unref(old_thread_files);
    }
    g_free(old_name);
    return true;
}

bool qemu_set_log_filename(const char *filename, Error **errp)
{
    const char *percent = strchr(filename, '%');

    if (percent && (percent[1] != 'd' || strchr(percent + 1, '%'))) {
        error_setg(errp, "-D %s: only one %%d (the process id) is allowed", filename);
        return false;
    }
    return log_change_file(*filename ? g_strdup(filename) : NULL, errp);
}

/* One range: START..LAST, START+LENGTH or START-LENGTH (both around START). */
static bool parse_range(const char *text, LogRange *range)
{
    char *end;
    uint64_t start, operand;

    errno = 0;
    start = strtoull(text, &end, 0);
    if (end == text || errno) {
        return false;
    }
    if (g_str_has_prefix(end, "..")) {
        const char *rest = end + 2;

        operand = strtoull(rest, &end, 0);
        *range = (LogRange){ start, operand };
        return end != rest && !*end && !errno && operand >= start;
    }
    if (*end == '+' || *end == '-') {
        char sign = *end;
        const char *rest = end + 1;

        operand = strtoull(rest, &end, 0);
        if (end == rest || *end || errno || !operand) {
            return false;
        }
        if (sign == '+') {
            *range = (LogRange){ start, start + operand - 1 };
        } else {
            *range = (LogRange){ start - (operand - 1), start };
        }
        return range->first <= range->last;
    }
    return false;
}

bool qemu_set_dfilter_ranges(const char *ranges, Error **errp)
{
    g_auto(GStrv) texts = g_strsplit(ranges, ",", -1);
    GArray *parsed = g_array_new(false, false, sizeof(LogRange));

    for (char **text = texts; *text; text++) {
        LogRange range;

        if (!parse_range(*text, &range)) {
            error_setg(errp, "-dfilter %s: expected START..LAST, START+LENGTH or START-LENGTH",
                       *text);
            g_array_free(parsed, true);
            return false;
        }
        g_array_append_val(parsed, range);
    }
    if (log_ranges) {
        g_array_free(log_ranges, true);
    }
    log_ranges = parsed;
    return true;
}

void qemu_print_log_usage(FILE *f)
{
    fprintf(f, "Log items (comma separated):\n");
    for (size_t i = 0; i < ARRAY_SIZE(log_items); i++) {
        fprintf(f, "%-15s %s\n", log_items[i].name, log_items[i].help);
    }
    fprintf(f, "%-15s %s\n", "trace:PATTERN", "trace events, see -trace help");
    fprintf(f, "%-15s %s\n", "all", "every item but nochain");
}
