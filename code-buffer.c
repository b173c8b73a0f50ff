/*
 * The code buffer: its memory, the regions that vCPU threads fill, and the way
 * back from an address in it to the block and the guest instruction.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/timer.h"
#include "exec/perf.h"
#include "exec/tb-internal.h"
#include "tcg/tcg.h"

#define MIN_REGIONS 8
#define MAX_REGIONS 128         /* each vCPU fills one at a time */
#define REGION_BYTES (2 * MiB)
#define REGION_SLACK (256 * 1024)   /* more than one block can need */
#define RELEASE_STEP (512 * 1024)   /* split-wx: so much new code before a look at the clock */
#define RELEASE_INTERVAL_NS NANOSECONDS_PER_SECOND
#define HUGE_PAGE ((uintptr_t)2 * MiB)

/* A part of the buffer that one thread fills. Blocks lie in it by address. */
typedef struct CodeRegion {
    uint8_t *start, *end;           /* writable view */
    pthread_mutex_t lock;           /* for tbs */
    GPtrArray *tbs;
} CodeRegion;

static struct {
    uint8_t *rw;
    size_t size, region_size;
    CodeRegion regions[MAX_REGIONS];
    int nb_regions;
    int next_region;                /* region_lock */
    unsigned generation;            /* counts code_buffer_reset(): regions of the one before are lost */
    bool prologue_done;
    uint8_t *first_free;            /* behind the prologue, region 0 */
} code_gen;

ptrdiff_t code_rx_diff;
static pthread_mutex_t region_lock = PTHREAD_MUTEX_INITIALIZER;
static __thread CodeRegion *my_region;
static __thread unsigned my_generation;
static __thread uint8_t *my_released;   /* code_ptr at the last step of RELEASE_STEP */

/*
 * Reserve address space, if possible within reach of a 32-bit displacement
 * from our own code, so that calls of helpers are short.
 */
static void *map_near_code(size_t size, int prot)
{
    const uintptr_t step = 64 * MiB;
    uintptr_t at = ((uintptr_t)map_near_code & ~(step - 1)) - size - step;

    for (int i = 0; i < 8; i++, at -= step) {
        void *p = mmap((void *)at, size, prot,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);

        if (p == (void *)at) {
            return p;
        }
        if (p != MAP_FAILED) {          /* a kernel that does not know the flag */
            munmap(p, size);
        }
    }
    return mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
}

static bool map_code_buffer(size_t size, bool splitwx, Error **errp)
{
    uint8_t *base, *rx;
    int fd;

    if (!splitwx) {
        base = map_near_code(size, PROT_READ | PROT_WRITE | PROT_EXEC);
        if (base == MAP_FAILED) {
            error_setg_errno(errp, errno, "-accel tcg,tb-size: cannot map %zu bytes", size);
            return false;
        }
        code_gen.rw = base;
        return true;
    }
    base = map_near_code(2 * size + 2 * HUGE_PAGE, PROT_NONE);
    rx = (uint8_t *)ROUND_UP((uintptr_t)base, HUGE_PAGE);
    fd = memfd_create("code_gen_buffer", MFD_CLOEXEC);
    code_gen.rw = rx + size + sysconf(_SC_PAGESIZE);
    if (base == MAP_FAILED || fd < 0 || ftruncate(fd, size) < 0 ||
        mmap(rx, size, PROT_READ | PROT_EXEC, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED ||
        mmap(code_gen.rw, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, fd, 0) == MAP_FAILED) {
        error_setg_errno(errp, errno, "-accel tcg,tb-size: cannot map %zu bytes twice", size);
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    close(fd);
    madvise(rx, size, MADV_HUGEPAGE);
    code_rx_diff = rx - code_gen.rw;
    return true;
}

/*
 * The pages of a shared file stay when the writable mapping lets go of them: what
 * was written is then mapped once, for execution, until somebody writes again. Now
 * and then only: blocks are looked up in these pages, and each faults again.
 */
static void release_writable_pages(void)
{
    static __thread int64_t last_ns;
    int64_t now_ns = qemu_clock_get_ns(QEMU_CLOCK_REALTIME);

    if (now_ns - last_ns > RELEASE_INTERVAL_NS) {
        last_ns = now_ns;
        madvise(code_gen.rw, code_gen.size, MADV_DONTNEED);
    }
}

void tb_release_idle(void)
{
    if (code_rx_diff && my_region) {
        release_writable_pages();
    }
}

bool tcg_exec_init(size_t tb_size_bytes, bool splitwx, Error **errp)
{
    size_t size = ROUND_UP(tb_size_bytes ? tb_size_bytes : 256 * MiB, MAX_REGIONS * 4096);

    if (size < 8 * MiB || size > 1 * GiB) {
        error_setg(errp, "-accel tcg,tb-size: must be from 8 to 1024 MiB");
        return false;
    }
    if (!map_code_buffer(size, splitwx, errp)) {
        return false;
    }
    code_gen.size = size;
    code_gen.nb_regions = MIN(MAX(size / REGION_BYTES, MIN_REGIONS), MAX_REGIONS);
    code_gen.region_size = size / code_gen.nb_regions & ~(size_t)4095;
    for (int i = 0; i < code_gen.nb_regions; i++) {
        CodeRegion *r = &code_gen.regions[i];

        r->start = code_gen.rw + i * code_gen.region_size;
        r->end = r->start + code_gen.region_size;
        r->tbs = g_ptr_array_new();
        pthread_mutex_init(&r->lock, NULL);
    }
    code_gen.first_free = code_gen.regions[0].start;
    tcg_init();
    target_translate_init();
    return true;
}

void code_buffer_attach(TCGContext *s)
{
    s->splitwx_diff = code_rx_diff;
    pthread_mutex_lock(&region_lock);
    s->code_buf = s->code_ptr = code_gen.first_free;
    s->code_highwater = code_gen.regions[0].end - REGION_SLACK;
    if (!code_gen.prologue_done) {
        tcg_prologue_init(s);
        code_gen.first_free = (uint8_t *)ROUND_UP((uintptr_t)s->code_ptr, (uintptr_t)64);
        code_gen.prologue_done = true;
        if (perf_wants_code) {
            perf_report_code(s->code_buf + code_rx_diff, s->code_ptr - s->code_buf, "prologue and thunks");
        }
    } else {
        tcg_prologue_attach(s);
    }
    my_region = NULL;
    pthread_mutex_unlock(&region_lock);
}

/* Give this thread the next unused region. False: all are used. */
static bool take_region(TCGContext *s)
{
    pthread_mutex_lock(&region_lock);
    if (code_gen.next_region == code_gen.nb_regions) {
        pthread_mutex_unlock(&region_lock);
        return false;
    }
    int i = code_gen.next_region++;

    my_region = &code_gen.regions[i];
    my_generation = code_gen.generation;
    s->code_buf = s->code_ptr = i == 0 ? code_gen.first_free : my_region->start;
    s->code_highwater = my_region->end - REGION_SLACK;
    my_released = s->code_ptr;
    pthread_mutex_unlock(&region_lock);
    return true;
}

void code_buffer_ensure_room(CPUState *cpu)
{
    TCGContext *s = tcg_ctx;

    if (my_region && my_generation == code_gen.generation && s->code_ptr < s->code_highwater) {
        if (code_rx_diff && s->code_ptr - my_released > RELEASE_STEP) {
            my_released = s->code_ptr;
            release_writable_pages();
        }
        return;
    }
    if (!take_region(s)) {
        tb_flush(cpu);
        cpu->exception_index = -1;
        cpu_loop_exit(cpu);
    }
}

uint8_t *code_buffer_end(const TCGContext *s)
{
    return s->code_highwater + REGION_SLACK / 2;
}

void code_buffer_add(TranslationBlock *tb)
{
    pthread_mutex_lock(&my_region->lock);
    g_ptr_array_add(my_region->tbs, tb);
    pthread_mutex_unlock(&my_region->lock);
}

void code_buffer_reset(void)
{
    for (int i = 0; i < code_gen.nb_regions; i++) {
        g_ptr_array_set_size(code_gen.regions[i].tbs, 0);
    }
    code_gen.next_region = 0;
    code_gen.generation++;
}

size_t code_buffer_size(void)
{
    return code_gen.size;
}

TranslationBlock *tcg_tb_lookup(uintptr_t host_pc)
{
    uintptr_t rw = host_pc - code_rx_diff;
    size_t offset = rw - (uintptr_t)code_gen.rw;
    TranslationBlock *found = NULL;

    if (offset >= code_gen.size) {
        return NULL;
    }
    CodeRegion *r = &code_gen.regions[MIN(offset / code_gen.region_size, (size_t)code_gen.nb_regions - 1)];

    pthread_mutex_lock(&r->lock);
    guint lo = 0, hi = r->tbs->len;

    while (lo < hi) {
        guint mid = (lo + hi) / 2;
        TranslationBlock *tb = g_ptr_array_index(r->tbs, mid);
        uintptr_t start = (uintptr_t)tb->code;

        if (host_pc < start) {
            hi = mid;
        } else if (host_pc > start + tb->code_size) {
            lo = mid + 1;
        } else {
            found = tb;
            break;
        }
    }
    pthread_mutex_unlock(&r->lock);
    return found;
}

int tb_insns_after(CPUState *cpu, uintptr_t retaddr)
{
    TranslationBlock *tb = tcg_tb_lookup(retaddr);
    uint64_t data[3];
    int index;

    if (!tb) {
        return 0;
    }
    index = tcg_restore_search(tb->search_data, tb->search_size, retaddr - (uintptr_t)tb->code, cpu->env, data);
    return index < 0 ? 0 : MAX(tb->icount - index - 1, 0);
}

bool cpu_restore_state(CPUState *cpu, uintptr_t retaddr)
{
    TranslationBlock *tb = tcg_tb_lookup(retaddr);
    uint64_t data[3];
    int index;

    if (!tb) {
        return false;
    }
    index = tcg_restore_search(tb->search_data, tb->search_size, retaddr - (uintptr_t)tb->code, cpu->env, data);
    if (index < 0) {
        return false;
    }
    if (tb->cflags & CF_USE_ICOUNT) {
        cpu_neg(cpu)->icount_left += MAX(tb->icount - index, 0);
    }
    if (cpu->cc->restore_state_to_opc) {
        cpu->cc->restore_state_to_opc(cpu, tb, data);
    } else {
        cpu->cc->set_pc(cpu, data[0]);
    }
    return true;
}
