/*
 * Moving a machine to another process, or to a file and back: it stops, its
 * memory and the state of its devices go over a channel, the other side (same
 * command line, with -incoming) goes on.
 *
 * Channels: "file:PATH", "exec:COMMAND", "unix:PATH", "tcp:HOST:PORT", "fd:FD".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef MIGRATION_MIGRATION_H
#define MIGRATION_MIGRATION_H

#include "qemu/error.h"

typedef enum {
    MIGRATION_NONE, MIGRATION_SETUP, MIGRATION_ACTIVE, MIGRATION_COMPLETED, MIGRATION_FAILED, MIGRATION_CANCELLED
} MigrationStatus;

typedef struct MigrationInfo {
    MigrationStatus status;
    bool incoming;                  /* that of -incoming: the rest is nothing */
    uint64_t transferred, total;    /* bytes: written so far, guest memory in all */
    int64_t total_time_ms;
    const char *error;              /* MIGRATION_FAILED: why */
} MigrationInfo;

/* Stops the machine and starts to write; goes on in the background. BQL. */
bool migration_start(const char *uri, Error **errp);
/* Ends what is being written, soon; nothing to do when nothing is. */
void migration_cancel(void);
/* When it fails or is cancelled, the machine is not to go on. */
void migration_stay_stopped(void);
/* The most that is written, in bytes a second; INT64_MAX: no limit. */
int64_t migration_bandwidth(void);
void migration_set_bandwidth(int64_t bytes_a_second);
/* The event MIGRATION at each change of the status; on at first. */
bool migration_events(void);
void migration_set_events(bool on);
void migration_get_info(MigrationInfo *info);
/* Guest memory is being written: the machine must stand still. */
bool migration_is_active(void);
const char *migration_status_name(MigrationStatus status);

/* -incoming: "defer" waits for migration_incoming(). autostart: run when everything is there. */
bool migration_incoming_setup(const char *uri, bool autostart, Error **errp);
bool migration_incoming(const char *uri, Error **errp);
/* cont while the state has not come yet: the machine runs when it has. */
void migration_incoming_autostart(void);
bool migration_is_incoming(void);

#endif
