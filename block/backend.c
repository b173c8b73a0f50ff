/*
 * Requests of a BlockBackend: order, workers, completion, cancel, drain.
 *
 * A request that overlaps an earlier one (and one of them writes) waits until
 * that one finished; its worker then starts it. The lists and states are under
 * blk->lock, callbacks under the BQL. Who waits for a request (drain, cancel,
 * synchronous calls) holds the BQL and waits for blk->changed: workers never
 * need the BQL.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/main-loop.h"
#include "sysemu/sysemu.h"
#include "block/backend.h"
#include "monitor/qmp.h"
#include "trace/block.h"

BlockBackend *all_backends;

BlockBackend *blk_new(const char *name)
{
    BlockBackend *blk = g_new0(BlockBackend, 1);
    BlockBackend **end = &all_backends;
    pthread_condattr_t attr;

    blk->name = g_strdup(name);
    pthread_mutex_init(&blk->lock, NULL);
    pthread_condattr_init(&attr);
    pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
    pthread_cond_init(&blk->changed, &attr);
    pthread_condattr_destroy(&attr);
    while (*end) {
        end = &(*end)->next;
    }
    *end = blk;
    return blk;
}

BlockBackend *blk_new_empty_cd(void)
{
    BlockBackend *blk = blk_new("");

    blk->is_node = true;
    blk->removable = blk->options.read_only = true;
    return blk;
}

void blk_free(BlockBackend *blk)
{
    BlockBackend **p = &all_backends;

    blk_empty(blk);
    readahead_cleanup(blk);
    while (*p != blk) {
        p = &(*p)->next;
    }
    *p = blk->next;
    pthread_mutex_destroy(&blk->lock);
    pthread_cond_destroy(&blk->changed);
    g_free(blk->options.format);
    g_free(blk->name);
    g_free(blk);
}

void blk_set_image(BlockBackend *blk, BlockDriverState *bs)
{
    BlockDriverState *old = blk->bs;

    readahead_invalidate(blk, 0, INT64_MAX);
    blk->bs = bs;
    image_close(old);
}

bool blk_is_inserted(BlockBackend *blk)
{
    return blk->bs != NULL;
}

bool blk_is_read_only(BlockBackend *blk)
{
    return blk->bs ? !(blk->bs->flags & IMAGE_WRITABLE) : blk->options.read_only;
}

int64_t blk_getlength(BlockBackend *blk)
{
    return blk->bs ? blk->bs->length : -ENOMEDIUM;
}

const char *blk_name(BlockBackend *blk)
{
    return blk->name;
}

bool blk_attach_dev(BlockBackend *blk, void *dev)
{
    if (blk->dev && blk->dev != dev) {
        return false;
    }
    blk->dev = dev;
    return true;
}

bool blk_is_attached(const BlockBackend *blk)
{
    return blk->dev != NULL;
}

void blk_detach_dev(BlockBackend *blk, void *dev)
{
    if (blk->dev == dev) {
        blk->dev = NULL;
        blk->dev_ops = NULL;
    }
}

void blk_set_dev_ops(BlockBackend *blk, const BlockDevOps *ops, void *opaque)
{
    blk->dev_ops = ops;
    blk->dev_opaque = opaque;
    blk->removable |= ops && ops->is_tray_open;
}

static const char *const request_names[] = {
    [REQ_READ] = "read", [REQ_WRITE] = "write", [REQ_FLUSH] = "flush", [REQ_DISCARD] = "discard",
    [REQ_ZEROES] = "zeroes",
};

/* What is wrong with a request before it starts: 0 or -errno. */
static int check_request(const BlockAIOCB *req)
{
    BlockDriverState *bs = req->blk->bs;

    if (!bs) {
        return -ENOMEDIUM;
    }
    if (req->kind == REQ_FLUSH) {
        return 0;
    }
    if (req->offset < 0 || req->bytes < 0 || req->bytes > bs->length ||
        req->offset > bs->length - req->bytes) {
        return -EIO;
    }
    if (req->kind != REQ_READ && !(bs->flags & IMAGE_WRITABLE)) {
        return -EROFS;
    }
    return 0;
}

static int run_write(BlockBackend *blk, const BlockAIOCB *req)
{
    BlockDriverState *bs = blk->bs;
    int ret = -ENOTSUP;

    if (blk->options.detect_zeroes && bs->drv->pwrite_zeroes && buffer_is_zero(req->buf, req->bytes)) {
        ret = bs->drv->pwrite_zeroes(bs, req->offset, req->bytes);
    }
    if (ret == -ENOTSUP) {
        ret = bs->drv->pwrite(bs, req->offset, req->buf, req->bytes);
    }
    if (ret == 0 && blk->options.cache_writethrough) {
        ret = bs->drv->flush(bs);
    }
    return ret;
}

/* Formats without a better way write zeros from a buffer. */
static int run_zeroes(BlockBackend *blk, const BlockAIOCB *req)
{
    enum { PIECE = 256 << 10 };
    BlockDriverState *bs = blk->bs;
    int64_t done = 0;
    uint8_t *zeros;
    int ret = -ENOTSUP;

    if (bs->drv->pwrite_zeroes && (req->may_unmap || blk->options.discard_unmap)) {
        ret = bs->drv->pwrite_zeroes(bs, req->offset, req->bytes);
    }
    if (ret == -ENOTSUP) {
        zeros = g_malloc0(PIECE);
        for (ret = 0; ret == 0 && done < req->bytes; done += PIECE) {
            ret = bs->drv->pwrite(bs, req->offset + done, zeros, MIN(PIECE, req->bytes - done));
        }
        g_free(zeros);
    }
    if (ret == 0 && blk->options.cache_writethrough) {
        ret = bs->drv->flush(bs);
    }
    return ret;
}

/* The transfer itself, on any thread. */
static int run_request(const BlockAIOCB *req)
{
    BlockBackend *blk = req->blk;
    BlockDriverState *bs = blk->bs;

    switch (req->kind) {
    case REQ_READ:
        return bs->drv->pread(bs, req->offset, req->buf, req->bytes);
    case REQ_WRITE:
        return run_write(blk, req);
    case REQ_FLUSH:
        return blk->options.cache_unsafe || !(bs->flags & IMAGE_WRITABLE) ? 0 : bs->drv->flush(bs);
    case REQ_DISCARD:
        return blk->options.discard_unmap && bs->drv->pdiscard
                   ? bs->drv->pdiscard(bs, req->offset, req->bytes) : 0;
    case REQ_ZEROES:
        return run_zeroes(blk, req);
    }
    return -EINVAL;
}

/* Runs a request and keeps the account of it. */
static int run_accounted(const BlockAIOCB *req)
{
    BlockBackend *blk = req->blk;
    BlockAccount *account = &blk->accounts[req->kind];
    int64_t start_us = g_get_monotonic_time();
    int ret = run_request(req);

    pthread_mutex_lock(&blk->lock);
    account->time_ns += (g_get_monotonic_time() - start_us) * 1000;
    if (ret < 0) {
        account->failed++;
    } else {
        account->operations++;
        account->bytes += req->bytes;
        if (req->kind == REQ_WRITE) {
            blk->highest_write = MAX(blk->highest_write, req->offset + req->bytes);
        }
    }
    pthread_mutex_unlock(&blk->lock);
    return ret;
}

/* Errors that the user chose not to see. */
static int filter_error(const BlockAIOCB *req, int ret)
{
    const DriveOptions *opt = &req->blk->options;
    OnError action = req->kind == REQ_READ ? opt->on_read_error : opt->on_write_error;

    return ret < 0 && ret != -ENOMEDIUM && action == ON_ERROR_IGNORE ? 0 : ret;
}

static bool requests_conflict(const BlockAIOCB *a, const BlockAIOCB *b)
{
    if (a->kind == REQ_FLUSH || b->kind == REQ_FLUSH || (a->kind == REQ_READ && b->kind == REQ_READ)) {
        return false;
    }
    return a->offset < b->offset + b->bytes && b->offset < a->offset + a->bytes;
}

static bool must_wait_locked(const BlockAIOCB *req)
{
    const BlockAIOCB *other;

    for (other = req->blk->active; other != req; other = other->next) {
        if (requests_conflict(other, req)) {
            return true;
        }
    }
    return false;
}

static void list_append(BlockAIOCB **list, BlockAIOCB *req)
{
    while (*list) {
        list = &(*list)->next;
    }
    req->next = NULL;
    *list = req;
}

static void list_remove(BlockAIOCB **list, BlockAIOCB *req)
{
    while (*list != req) {
        list = &(*list)->next;
    }
    *list = req->next;
}

static int request_worker(void *opaque);
static void request_done(void *opaque, int ret);

/* Start what waited only for `req`, which has left the active list. */
static void start_waiting_locked(BlockBackend *blk)
{
    BlockAIOCB *req;

    for (req = blk->active; req; req = req->next) {
        if (req->state == REQ_WAITING && !req->synchronous && !must_wait_locked(req)) {
            req->state = REQ_QUEUED;
            thread_pool_submit(request_worker, request_done, req);
        }
    }
    pthread_cond_broadcast(&blk->changed);
}

static int request_worker(void *opaque)
{
    BlockAIOCB *req = opaque;
    BlockBackend *blk = req->blk;
    bool run;

    pthread_mutex_lock(&blk->lock);
    run = !req->cancelled && req->ret == 0;
    req->state = REQ_RUNNING;
    pthread_mutex_unlock(&blk->lock);
    if (run) {
        req->ret = filter_error(req, run_accounted(req));
    }
    pthread_mutex_lock(&blk->lock);
    req->state = REQ_FINISHED;
    list_remove(&blk->active, req);
    list_append(&blk->finished, req);
    start_waiting_locked(blk);
    pthread_mutex_unlock(&blk->lock);
    return 0;
}

/* Runs the callback. BQL. */
static void complete_request(BlockAIOCB *req)
{
    BlockBackend *blk = req->blk;

    if (trace_blk_complete_enabled()) {
        trace_blk_complete(blk_name(blk), request_names[req->kind], req->offset, req->ret);
    }
    pthread_mutex_lock(&blk->lock);
    list_remove(&blk->finished, req);
    pthread_mutex_unlock(&blk->lock);
    req->completed = true;
    if (!req->cancelled && req->cb) {
        req->cb(req->opaque, req->ret);
    }
}

/* In the main loop: the worker's part is over. */
static void request_done(void *opaque, int ret)
{
    BlockAIOCB *req = opaque;

    if (!req->completed) {
        complete_request(req);
    }
    g_free(req);
}

static BlockAIOCB *new_request(BlockBackend *blk, RequestKind kind, int64_t offset, void *buf,
                               int64_t bytes, BlockCompletionFunc *cb, void *opaque)
{
    BlockAIOCB *req = g_new0(BlockAIOCB, 1);

    req->blk = blk;
    req->kind = kind;
    req->offset = offset;
    req->bytes = bytes;
    req->buf = buf;
    req->cb = cb;
    req->opaque = opaque;
    return req;
}

static BlockAIOCB *submit(BlockAIOCB *req)
{
    BlockBackend *blk = req->blk;
    bool start;

    if (trace_blk_submit_enabled()) {
        trace_blk_submit(blk_name(blk), request_names[req->kind], req->offset, req->bytes);
    }
    req->ret = check_request(req);
    if (req->ret < 0) {
        req->bytes = 0;         /* overlaps nothing */
    } else if (req->kind != REQ_READ && req->kind != REQ_FLUSH) {
        readahead_invalidate(blk, req->offset, req->bytes);
    }
    pthread_mutex_lock(&blk->lock);
    list_append(&blk->active, req);
    start = !must_wait_locked(req);
    req->state = start ? REQ_QUEUED : REQ_WAITING;
    pthread_mutex_unlock(&blk->lock);
    if (start) {
        thread_pool_submit(request_worker, request_done, req);
    }
    return req;
}

BlockAIOCB *blk_aio_pread(BlockBackend *blk, int64_t offset, void *buf, int64_t bytes,
                          BlockCompletionFunc *cb, void *opaque)
{
    return submit(new_request(blk, REQ_READ, offset, buf, bytes, cb, opaque));
}

BlockAIOCB *blk_aio_pwrite(BlockBackend *blk, int64_t offset, const void *buf, int64_t bytes,
                           BlockCompletionFunc *cb, void *opaque)
{
    return submit(new_request(blk, REQ_WRITE, offset, (void *)buf, bytes, cb, opaque));
}

BlockAIOCB *blk_aio_flush(BlockBackend *blk, BlockCompletionFunc *cb, void *opaque)
{
    return submit(new_request(blk, REQ_FLUSH, 0, NULL, 0, cb, opaque));
}

BlockAIOCB *blk_aio_pdiscard(BlockBackend *blk, int64_t offset, int64_t bytes,
                             BlockCompletionFunc *cb, void *opaque)
{
    return submit(new_request(blk, REQ_DISCARD, offset, NULL, bytes, cb, opaque));
}

BlockAIOCB *blk_aio_pwrite_zeroes(BlockBackend *blk, int64_t offset, int64_t bytes, bool may_unmap,
                                  BlockCompletionFunc *cb, void *opaque)
{
    BlockAIOCB *req = new_request(blk, REQ_ZEROES, offset, NULL, bytes, cb, opaque);

    req->may_unmap = may_unmap;
    return submit(req);
}

bool blk_enable_write_cache(BlockBackend *blk)
{
    return !blk->options.cache_writethrough;
}

void blk_set_enable_write_cache(BlockBackend *blk, bool enable)
{
    blk->options.cache_writethrough = !enable;
}

bool blk_discards(BlockBackend *blk)
{
    return blk->options.discard_unmap;
}

void blk_aio_cancel(BlockAIOCB *acb)
{
    BlockBackend *blk = acb->blk;
    bool unstarted;

    pthread_mutex_lock(&blk->lock);
    acb->cancelled = true;
    unstarted = acb->state == REQ_WAITING;
    if (unstarted) {
        list_remove(&blk->active, acb);
        start_waiting_locked(blk);
    }
    while (acb->state == REQ_RUNNING) {
        pthread_cond_wait(&blk->changed, &blk->lock);
    }
    pthread_mutex_unlock(&blk->lock);
    if (unstarted) {
        g_free(acb);
    }
}

static int run_synchronously(BlockBackend *blk, RequestKind kind, int64_t offset, void *buf,
                             int64_t bytes)
{
    BlockAIOCB req = { .blk = blk, .kind = kind, .offset = offset, .bytes = bytes, .buf = buf,
                       .synchronous = true };

    req.ret = check_request(&req);
    if (req.ret < 0) {
        return req.ret;
    }
    if (kind == REQ_WRITE) {
        readahead_invalidate(blk, offset, bytes);
    }
    pthread_mutex_lock(&blk->lock);
    list_append(&blk->active, &req);
    while (must_wait_locked(&req)) {
        pthread_cond_wait(&blk->changed, &blk->lock);
    }
    req.state = REQ_RUNNING;
    pthread_mutex_unlock(&blk->lock);
    req.ret = filter_error(&req, run_accounted(&req));
    pthread_mutex_lock(&blk->lock);
    list_remove(&blk->active, &req);
    start_waiting_locked(blk);
    pthread_mutex_unlock(&blk->lock);
    return req.ret;
}

int blk_pread(BlockBackend *blk, int64_t offset, void *buf, int64_t bytes)
{
    return run_synchronously(blk, REQ_READ, offset, buf, bytes);
}

int blk_pwrite(BlockBackend *blk, int64_t offset, const void *buf, int64_t bytes)
{
    return run_synchronously(blk, REQ_WRITE, offset, (void *)buf, bytes);
}

int blk_flush(BlockBackend *blk)
{
    return run_synchronously(blk, REQ_FLUSH, 0, NULL, 0);
}

bool blk_wait(BlockAIOCB *acb, int64_t timeout_ns)
{
    BlockBackend *blk = acb->blk;
    struct timespec until;
    bool finished;

    clock_gettime(CLOCK_MONOTONIC, &until);
    timeout_ns += until.tv_nsec;
    until.tv_sec += timeout_ns / 1000000000;
    until.tv_nsec = timeout_ns % 1000000000;
    pthread_mutex_lock(&blk->lock);
    while (acb->state != REQ_FINISHED &&
           pthread_cond_timedwait(&blk->changed, &blk->lock, &until) != ETIMEDOUT) {
    }
    finished = acb->state == REQ_FINISHED;
    pthread_mutex_unlock(&blk->lock);
    if (finished) {
        complete_request(acb);
    }
    return finished;
}

void blk_drain(BlockBackend *blk)
{
    pthread_mutex_lock(&blk->lock);
    while (blk->finished || blk->active) {
        if (blk->finished) {
            BlockAIOCB *req = blk->finished;

            pthread_mutex_unlock(&blk->lock);
            complete_request(req);
            pthread_mutex_lock(&blk->lock);
        } else {
            pthread_cond_wait(&blk->changed, &blk->lock);
        }
    }
    pthread_mutex_unlock(&blk->lock);
}

void blk_drain_all(void)
{
    BlockBackend *blk;

    for (blk = all_backends; blk; blk = blk->next) {
        blk_drain(blk);
    }
}

void blk_close_all(void)
{
    BlockBackend *blk;

    blk_drain_all();
    for (blk = all_backends; blk; blk = blk->next) {
        if (blk->bs && blk_flush(blk) < 0) {
            error_report("drive %s: cannot write all changes", blk->name);
        }
        blk_set_image(blk, NULL);
        readahead_cleanup(blk);
    }
}

bool blk_error_action_stop(BlockBackend *blk, bool is_read, int error)
{
    OnError action = is_read ? blk->options.on_read_error : blk->options.on_write_error;
    bool stop = action == ON_ERROR_STOP || (action == ON_ERROR_ENOSPC && error == ENOSPC);

    blk->failed = stop ? error : 0;
    qmp_event("BLOCK_IO_ERROR", "{s:s,s:s,s:s,s:s,s:b,s:s}", "device", blk->is_node ? "" : blk->name,
              "node-name", blk->name, "operation", is_read ? "read" : "write",
              "action", stop ? "stop" : "report", "nospace", error == ENOSPC, "reason", strerror(error));
    if (stop) {
        error_report("drive %s: %s error: %s; the machine is stopped until cont", blk->name,
                     is_read ? "read" : "write", strerror(error));
        vm_stop(RUN_STATE_IO_ERROR);
    }
    return stop;
}
