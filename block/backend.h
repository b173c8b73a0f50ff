/*
 * Inside the block layer: what a BlockBackend is made of.
 *
 *   backend.c     requests, their order, completion, cancel, drain
 *   readahead.c   blk_pread_quick
 *   drive.c       -drive: options, opening, the table of drives
 *   media.c       change, eject, `info block`
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef BLOCK_BACKEND_H
#define BLOCK_BACKEND_H

#include "block/block_int.h"

typedef enum { ON_ERROR_REPORT, ON_ERROR_IGNORE, ON_ERROR_ENOSPC, ON_ERROR_STOP } OnError;
typedef enum { REQ_READ, REQ_WRITE, REQ_FLUSH, REQ_DISCARD, REQ_ZEROES } RequestKind;

/*
 * WAITING for an earlier request that overlaps, QUEUED for a worker, RUNNING,
 * FINISHED: the worker is done, the callback comes in the main loop.
 */
typedef enum { REQ_WAITING, REQ_QUEUED, REQ_RUNNING, REQ_FINISHED } RequestState;

struct BlockAIOCB {
    BlockBackend *blk;
    RequestKind kind;
    RequestState state;
    int64_t offset, bytes;
    void *buf;
    BlockCompletionFunc *cb;
    void *opaque;
    int ret;
    bool synchronous;           /* run by the thread that waits for it */
    bool may_unmap;             /* REQ_ZEROES */
    bool cancelled;
    bool completed;             /* the callback ran, or never will */
    BlockAIOCB *next;           /* in blk->active or blk->finished, oldest first */
};

enum { READAHEAD_WINDOWS = 4, READAHEAD_BYTES = 64 << 10 };

/* A piece of the disk in memory. */
typedef struct ReadaheadWindow {
    uint8_t *data;
    int64_t offset, bytes;      /* bytes 0: unused */
    BlockAIOCB *fill;           /* writes to data; NULL: not under way */
    bool stale;                 /* the disk changed meanwhile: useless once filled */
    bool valid;
    uint64_t used;
} ReadaheadWindow;

typedef struct DriveOptions {
    char *format;               /* NULL: probe */
    bool read_only, snapshot, discard_unmap, detect_zeroes;
    bool cache_unsafe, cache_writethrough;
    OnError on_read_error, on_write_error;
} DriveOptions;

/* What was done, for query-blockstats; blk->lock. */
typedef struct BlockAccount {
    int64_t operations, failed, bytes, time_ns;
} BlockAccount;

struct BlockBackend {
    char *name;                 /* id= or made up from the interface */
    bool is_node;               /* of -blockdev: the name is a node's */
    BlockBackend *lent_to;      /* a node whose image is in that drive now */
    BlockBackend *node;         /* a drive: the node whose image it has */
    BlockDriverState *bs;       /* NULL: no medium */
    DriveOptions options;
    bool removable;
    void *dev;                  /* who has claimed it */
    const BlockDevOps *dev_ops;
    void *dev_opaque;

    pthread_mutex_t lock;       /* the request lists and states */
    pthread_cond_t changed;     /* a request finished */
    BlockAccount accounts[REQ_ZEROES + 1];      /* by RequestKind */
    int64_t highest_write;      /* end of the last byte written */
    int failed;                 /* the error that stopped the machine, 0: none; BQL */
    BlockAIOCB *active;         /* WAITING, QUEUED, RUNNING */
    BlockAIOCB *finished;       /* callbacks to run */

    ReadaheadWindow windows[READAHEAD_WINDOWS];     /* BQL */
    uint64_t window_clock;
    BlockBackend *next;         /* in the list of all */
};

extern BlockBackend *all_backends;

BlockBackend *blk_new(const char *name);
/* drive.c: as blk_by_name, without making drives of file nodes. */
BlockBackend *blk_find_open(const char *id);
/* drive.c: with its row in the table of drives. */
void drive_del(BlockBackend *blk);
/* The medium. set takes bs; no request is under way. */
void blk_set_image(BlockBackend *blk, BlockDriverState *bs);
/* Run callbacks of finished requests until none is left. BQL. */
void blk_drain(BlockBackend *blk);
/* True: acb finished within timeout_ns and its callback has run. BQL. */
bool blk_wait(BlockAIOCB *acb, int64_t timeout_ns);

/* media.c: the id or path of the device that has it, NULL: nobody has it. g_free it. */
char *blk_dev_id(const BlockBackend *blk);
/* Whatever is in the drive goes; an image that a node lent goes back to it. */
void blk_empty(BlockBackend *blk);
/* readahead.c: before a write, a discard, a change of medium. */
void readahead_invalidate(BlockBackend *blk, int64_t offset, int64_t bytes);
void readahead_cleanup(BlockBackend *blk);

#endif
