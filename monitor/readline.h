/*
 * A line editor over a character stream: history, cursor and Emacs keys,
 * completion. No terminal database: VT100 sequences.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MONITOR_READLINE_H
#define MONITOR_READLINE_H

#include "qemu/osdep.h"

typedef struct ReadLine ReadLine;

typedef struct ReadLineOps {
    void (*write)(void *opaque, const char *text, size_t len);
    /* A whole line; line is borrowed. */
    void (*line)(void *opaque, const char *line);
    /* Calls readline_offer() for each word that the text before the cursor may become. */
    void (*complete)(void *opaque, const char *text);
} ReadLineOps;

ReadLine *readline_new(const char *prompt, const ReadLineOps *ops, void *opaque);
void readline_free(ReadLine *rl);
void readline_show_prompt(ReadLine *rl);
void readline_handle_byte(ReadLine *rl, int ch);
/* During ops->complete: a candidate for the last word. */
void readline_offer(ReadLine *rl, const char *word);
/* Oldest first; NULL behind the last. */
const char *readline_history(ReadLine *rl, unsigned index);

#endif
