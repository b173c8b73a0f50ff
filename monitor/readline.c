/*
 * The line editor of the monitor (readline.h).
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/readline.h"

#define HISTORY_MAX 64
#define LINE_MAX_BYTES 4000

typedef enum { ESC_NONE, ESC_START, ESC_CSI, ESC_SS3 } EscapeState;

struct ReadLine {
    const ReadLineOps *ops;
    void *opaque;
    char *prompt;
    GString *line;
    size_t cursor;              /* byte offset in line */
    size_t shown_cursor;        /* where the terminal's cursor is */
    GPtrArray *history;         /* of char *, oldest first */
    int history_index;          /* history->len: the new line */
    char *unfinished;           /* the new line while older ones are shown */
    char *killed;               /* Ctrl-Y */
    EscapeState escape;
    int escape_number;
    bool last_was_cr;
    GPtrArray *offers;          /* during completion */
};

static void put(ReadLine *rl, const char *text, size_t len)
{
    rl->ops->write(rl->opaque, text, len);
}

static void put_string(ReadLine *rl, const char *text)
{
    put(rl, text, strlen(text));
}

static void move_terminal_cursor(ReadLine *rl, size_t to)
{
    char seq[32];

    if (to < rl->shown_cursor) {
        snprintf(seq, sizeof(seq), "\033[%zuD", rl->shown_cursor - to);
        put_string(rl, seq);
    } else if (to > rl->shown_cursor) {
        snprintf(seq, sizeof(seq), "\033[%zuC", to - rl->shown_cursor);
        put_string(rl, seq);
    }
    rl->shown_cursor = to;
}

/* Draws the line again from offset `from` on. */
static void redraw(ReadLine *rl, size_t from)
{
    move_terminal_cursor(rl, from);
    put(rl, rl->line->str + from, rl->line->len - from);
    put_string(rl, "\033[K");
    rl->shown_cursor = rl->line->len;
    move_terminal_cursor(rl, rl->cursor);
}

ReadLine *readline_new(const char *prompt, const ReadLineOps *ops, void *opaque)
{
    ReadLine *rl = g_new0(ReadLine, 1);

    rl->ops = ops;
    rl->opaque = opaque;
    rl->prompt = g_strdup(prompt);
    rl->line = g_string_new(NULL);
    rl->history = g_ptr_array_new_with_free_func(g_free);
    return rl;
}

void readline_free(ReadLine *rl)
{
    g_free(rl->prompt);
    g_string_free(rl->line, TRUE);
    g_ptr_array_free(rl->history, TRUE);
    g_free(rl->unfinished);
    g_free(rl->killed);
    g_free(rl);
}

void readline_show_prompt(ReadLine *rl)
{
    put_string(rl, rl->prompt);
    put(rl, rl->line->str, rl->line->len);
    rl->shown_cursor = rl->line->len;
    move_terminal_cursor(rl, rl->cursor);
}

const char *readline_history(ReadLine *rl, unsigned index)
{
    return index < rl->history->len ? g_ptr_array_index(rl->history, index) : NULL;
}

/* --- editing -------------------------------------------------------------- */

static void insert_text(ReadLine *rl, const char *text, size_t len)
{
    size_t at = rl->cursor;

    if (rl->line->len + len > LINE_MAX_BYTES) {
        return;
    }
    g_string_insert_len(rl->line, at, text, len);
    rl->cursor += len;
    if (rl->cursor == rl->line->len) {
        move_terminal_cursor(rl, at);
        put(rl, text, len);
        rl->shown_cursor = rl->cursor;
    } else {
        redraw(rl, at);
    }
}

static void delete_range(ReadLine *rl, size_t from, size_t to, bool keep)
{
    if (from >= to) {
        return;
    }
    if (keep) {
        g_free(rl->killed);
        rl->killed = g_strndup(rl->line->str + from, to - from);
    }
    g_string_erase(rl->line, from, to - from);
    rl->cursor = from;
    redraw(rl, from);
}

static size_t word_left(ReadLine *rl)
{
    size_t at = rl->cursor;

    while (at > 0 && rl->line->str[at - 1] == ' ') {
        at--;
    }
    while (at > 0 && rl->line->str[at - 1] != ' ') {
        at--;
    }
    return at;
}

static size_t word_right(ReadLine *rl)
{
    size_t at = rl->cursor;

    while (at < rl->line->len && rl->line->str[at] == ' ') {
        at++;
    }
    while (at < rl->line->len && rl->line->str[at] != ' ') {
        at++;
    }
    return at;
}

static void move_cursor(ReadLine *rl, size_t to)
{
    rl->cursor = to;
    move_terminal_cursor(rl, to);
}

static void show_history(ReadLine *rl, int index)
{
    int last = rl->history->len;

    if (index < 0 || index > last) {
        return;
    }
    if (rl->history_index == last) {
        g_free(rl->unfinished);
        rl->unfinished = g_strdup(rl->line->str);
    }
    rl->history_index = index;
    g_string_assign(rl->line, index == last ? rl->unfinished
                                            : (char *)g_ptr_array_index(rl->history, index));
    rl->cursor = rl->line->len;
    redraw(rl, 0);
}

static void add_history(ReadLine *rl, const char *line)
{
    if (!*line) {
        return;
    }
    if (rl->history->len &&
        strcmp(g_ptr_array_index(rl->history, rl->history->len - 1), line) == 0) {
        return;
    }
    if (rl->history->len == HISTORY_MAX) {
        g_ptr_array_remove_index(rl->history, 0);
    }
    g_ptr_array_add(rl->history, g_strdup(line));
}

static void finish_line(ReadLine *rl)
{
    char *line = g_strdup(rl->line->str);

    put_string(rl, "\n");
    add_history(rl, line);
    rl->history_index = rl->history->len;
    g_string_truncate(rl->line, 0);
    rl->cursor = rl->shown_cursor = 0;
    rl->ops->line(rl->opaque, line);
    g_free(line);
    readline_show_prompt(rl);
}

/* --- completion ----------------------------------------------------------- */

void readline_offer(ReadLine *rl, const char *word)
{
    if (rl->offers) {
        g_ptr_array_add(rl->offers, g_strdup(word));
    }
}

static gint compare_strings(gconstpointer a, gconstpointer b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static size_t common_prefix(GPtrArray *words)
{
    const char *first = g_ptr_array_index(words, 0);
    size_t len = strlen(first);

    for (guint i = 1; i < words->len; i++) {
        const char *word = g_ptr_array_index(words, i);
        size_t n = 0;

        while (n < len && word[n] == first[n]) {
            n++;
        }
        len = n;
    }
    return len;
}

static void list_offers(ReadLine *rl)
{
    size_t width = 0, columns;

    for (guint i = 0; i < rl->offers->len; i++) {
        width = MAX(width, strlen(g_ptr_array_index(rl->offers, i)) + 2);
    }
    columns = MAX((size_t)1, 80 / MAX(width, (size_t)1));
    put_string(rl, "\n");
    for (guint i = 0; i < rl->offers->len; i++) {
        bool end = (i + 1) % columns == 0 || i + 1 == rl->offers->len;
        char *cell = g_strdup_printf("%-*s%s", end ? 0 : (int)width,
                                     (char *)g_ptr_array_index(rl->offers, i), end ? "\n" : "");

        put_string(rl, cell);
        g_free(cell);
    }
    readline_show_prompt(rl);
}

static void complete(ReadLine *rl)
{
    char *text = g_strndup(rl->line->str, rl->cursor);
    size_t typed = rl->cursor - (strrchr(text, ' ') ? strrchr(text, ' ') + 1 - text : 0);

    rl->offers = g_ptr_array_new_with_free_func(g_free);
    rl->ops->complete(rl->opaque, text);
    g_ptr_array_sort(rl->offers, compare_strings);
    if (rl->offers->len) {
        const char *first = g_ptr_array_index(rl->offers, 0);
        size_t len = common_prefix(rl->offers);

        if (len > typed) {
            insert_text(rl, first + typed, len - typed);
        }
        if (rl->offers->len == 1) {
            if (!g_str_has_suffix(first, "/")) {
                insert_text(rl, " ", 1);
            }
        } else if (len <= typed) {
            list_offers(rl);
        }
    }
    g_ptr_array_free(rl->offers, TRUE);
    rl->offers = NULL;
    g_free(text);
}

/* --- keys ----------------------------------------------------------------- */

static void control_key(ReadLine *rl, int ch)
{
    switch (ch) {
    case 'A' - '@':
        move_cursor(rl, 0);
        break;
    case 'B' - '@':
        move_cursor(rl, rl->cursor ? rl->cursor - 1 : 0);
        break;
    case 'C' - '@':
        g_string_truncate(rl->line, 0);
        rl->cursor = 0;
        redraw(rl, 0);
        break;
    case 'D' - '@':
        delete_range(rl, rl->cursor, MIN(rl->cursor + 1, rl->line->len), false);
        break;
    case 'E' - '@':
        move_cursor(rl, rl->line->len);
        break;
    case 'F' - '@':
        move_cursor(rl, MIN(rl->cursor + 1, rl->line->len));
        break;
    case '\t':
        complete(rl);
        break;
    case '\b':
    case 0x7f:
        delete_range(rl, rl->cursor ? rl->cursor - 1 : 0, rl->cursor, false);
        break;
    case '\r':
    case '\n':
        finish_line(rl);
        break;
    case 'K' - '@':
        delete_range(rl, rl->cursor, rl->line->len, true);
        break;
    case 'L' - '@':
        put_string(rl, "\033[H\033[J");
        readline_show_prompt(rl);
        break;
    case 'N' - '@':
        show_history(rl, rl->history_index + 1);
        break;
    case 'P' - '@':
        show_history(rl, rl->history_index - 1);
        break;
    case 'U' - '@':
        delete_range(rl, 0, rl->cursor, true);
        break;
    case 'W' - '@':
        delete_range(rl, word_left(rl), rl->cursor, true);
        break;
    case 'Y' - '@':
        if (rl->killed) {
            insert_text(rl, rl->killed, strlen(rl->killed));
        }
        break;
    case 033:
        rl->escape = ESC_START;
        break;
    }
}

/* Behind ESC: Meta with a letter. */
static void meta_key(ReadLine *rl, int ch)
{
    rl->escape = ESC_NONE;
    switch (ch) {
    case '[':
        rl->escape = ESC_CSI;
        rl->escape_number = 0;
        break;
    case 'O':
        rl->escape = ESC_SS3;
        break;
    case 'b':
        move_cursor(rl, word_left(rl));
        break;
    case 'f':
        move_cursor(rl, word_right(rl));
        break;
    case 'd':
        delete_range(rl, rl->cursor, word_right(rl), true);
        break;
    }
}

/* The last byte of a cursor key's sequence. */
static void cursor_key(ReadLine *rl, int ch)
{
    rl->escape = ESC_NONE;
    switch (ch) {
    case 'A':
        control_key(rl, 'P' - '@');
        break;
    case 'B':
        control_key(rl, 'N' - '@');
        break;
    case 'C':
        control_key(rl, 'F' - '@');
        break;
    case 'D':
        control_key(rl, 'B' - '@');
        break;
    case 'H':
        control_key(rl, 'A' - '@');
        break;
    case 'F':
        control_key(rl, 'E' - '@');
        break;
    case '~':
        if (rl->escape_number == 1 || rl->escape_number == 7) {
            control_key(rl, 'A' - '@');
        } else if (rl->escape_number == 4 || rl->escape_number == 8) {
            control_key(rl, 'E' - '@');
        } else if (rl->escape_number == 3) {
            control_key(rl, 'D' - '@');
        }
        break;
    }
}

void readline_handle_byte(ReadLine *rl, int ch)
{
    bool after_cr = rl->last_was_cr;
    char text = ch;

    rl->last_was_cr = ch == '\r';
    if (ch == '\n' && after_cr) {
        return;
    }
    switch (rl->escape) {
    case ESC_START:
        meta_key(rl, ch);
        break;
    case ESC_CSI:
        if (isdigit(ch)) {
            rl->escape_number = MIN(rl->escape_number * 10 + ch - '0', 1000);
        } else if (ch >= '@') {
            cursor_key(rl, ch);
        }
        break;
    case ESC_SS3:
        cursor_key(rl, ch);
        break;
    case ESC_NONE:
        if (ch < ' ' || ch == 0x7f) {
            control_key(rl, ch);
        } else {
            insert_text(rl, &text, 1);
        }
        break;
    }
}
