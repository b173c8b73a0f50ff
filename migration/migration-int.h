/*
 * Between the files of migration/.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MIGRATION_INT_H
#define MIGRATION_INT_H

#include "migration/migration.h"

/* channel.c: where the other side is. Descriptors block. -1: error set. */
int migration_connect(const char *uri, Error **errp);
/*
 * The other side writes to it, or, with *listening set, will when it has been
 * accepted.
 */
int migration_listen(const char *uri, bool *listening, Error **errp);
/* Closes it; false: the program behind "exec:" failed. */
bool migration_close(int fd);

/* stream.c. The state of devices and CPUs, with the machine stopped; NULL: error set. BQL. */
GByteArray *stream_save_devices(Error **errp);
/* Memory and that state to fd, on any thread. True: all is written. */
typedef struct StreamControl {
    bool cancel;                /* another thread wants the end */
    int64_t bandwidth;          /* bytes a second */
    uint64_t transferred;       /* bytes */
} StreamControl;
bool stream_write(int fd, const GByteArray *devices, StreamControl *control, GString *why);
/* Reads memory into its place; returns the devices' state, NULL: why says what is wrong. Any thread. */
GByteArray *stream_read(int fd, GString *why);
/* What stream_read has returned. BQL. */
bool stream_load_devices(const GByteArray *devices, Error **errp);
uint64_t stream_memory_bytes(void);

#endif
