/*
 * Between the files of migration/.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MIGRATION_INT_H
#define MIGRATION_INT_H

#include "migration/migration.h"

/*
 * channel.c: where the other side is. Pipes and sockets do not block: reading
 * and writing end with EAGAIN, then migration_wait(). -1: error set.
 */
int migration_open(const char *uri, Error **errp);
/* "unix:" or "tcp:": connected by migration_connect(), on a thread that may wait until *cancel is true. */
bool migration_is_socket(const char *uri);
int migration_connect(const char *uri, const bool *cancel, Error **errp);
/*
 * The other side writes to it, or, with *listening set, will when it has been
 * accepted.
 */
int migration_listen(const char *uri, bool *listening, Error **errp);
/* Until poll() has one of events or an error for fd; false: *cancel is true (NULL: it never is). */
bool migration_wait(int fd, short events, const bool *cancel);
/* Closes it and waits for the program behind "exec:"; false: that has failed. */
bool migration_close(int fd);
/* Ends that program, if there is one. */
void migration_end_program(void);

/* stream.c. The state of devices and CPUs, with the machine stopped; NULL: error set. BQL. */
GByteArray *stream_save_devices(Error **errp);
/* Memory and that state to fd, on any thread. True: all is written. */
typedef struct StreamControl {
    bool cancel;                /* another thread wants the end */
    int64_t bandwidth;          /* bytes a second */
    uint64_t transferred;       /* bytes */
} StreamControl;
/* Puts the reason into why, "cancelled" when that is it. */
bool stream_write(int fd, const GByteArray *devices, StreamControl *control, GString *why);
/* Reads memory into its place; returns the devices' state, NULL: why says what is wrong. Any thread. */
GByteArray *stream_read(int fd, GString *why);
/* What stream_read has returned. BQL. */
bool stream_load_devices(const GByteArray *devices, Error **errp);
uint64_t stream_memory_bytes(void);

#endif
