/* Compiled and run in the Debian guest. Integer, memory and floating-point results that
 * do not depend on optimisation or the processor. SPDX-License-Identifier: MIT */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t state = 88172645463325252u;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void integers(void)
{
    uint64_t sum = 0;

    for (int i = 0; i < 20000; i++) {
        uint64_t a = next_random(), b = next_random() | 1;
        int32_t c = (int32_t)a, d = (int32_t)(b >> 33) | 1;
        unsigned shift = a % 63 + 1;

        sum = sum * 31 + a / b + a % b + (a << shift | a >> (64 - shift));
        sum += (uint64_t)((int64_t)a / (int64_t)(b >> 8)) + (uint64_t)(c / d) * 3 + (uint64_t)(c % d);
        sum ^= (uint64_t)__builtin_popcountll(a) << 20 ^ (uint64_t)__builtin_clzll(b) << 30 ^ __builtin_bswap64(a);
    }
    printf("integers %016llx\n", (unsigned long long)sum);
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}

static void memory(void)
{
    enum { COUNT = 30000 };
    uint64_t *values = malloc(COUNT * sizeof(*values)), sum = 0;
    char text[256];

    for (int i = 0; i < COUNT; i++) {
        values[i] = next_random();
    }
    qsort(values, COUNT, sizeof(*values), compare);
    for (int i = 0; i < COUNT; i += 97) {
        snprintf(text, sizeof(text), "%llu %x %-20s|", (unsigned long long)values[i], (unsigned)values[i], "padded");
        sum = sum * 131 + strlen(text) + (unsigned char)text[i % 10] + strtoull(text, NULL, 10);
        memmove(text + 3, text, sizeof(text) - 4);
        sum += (uint64_t)(memchr(text, '|', sizeof(text)) != NULL) + (uint64_t)(strstr(text, "add") - text);
    }
    free(values);
    printf("memory %016llx\n", (unsigned long long)sum);
}

/* Values are stored, so that the x87's wider registers change nothing. */
static void floats(void)
{
    volatile double sum = 0, a, b, c;
    volatile float f = 1.5f;
    long double wide = 1;

    for (int i = 1; i < 20000; i++) {
        a = (double)(next_random() >> 40) / 1024;
        b = (double)(next_random() >> 44) + 1;
        c = a / b;
        sum = sum + c;
        c = sqrt(a);
        sum = sum - c;
        f = f * 0.75f;
        f = f + (float)i;
        wide = wide * 3 / 2 - floorl(wide);
    }
    printf("floats %a %a %.17g %d\n", sum, (double)f, floor(sum) + ceil(sum) + rint(sum / 3), wide > 0);
}

static sigjmp_buf back;

static void on_signal(int number)
{
    siglongjmp(back, number);
}

static void signals(void)
{
    volatile int *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    volatile int zero = 0;
    int number, count[2] = {0, 0};

    signal(SIGSEGV, on_signal);
    signal(SIGFPE, on_signal);
    for (volatile int i = 0; i < 200; i = i + 1) {
        number = sigsetjmp(back, 1);
        if (number) {
            count[number == SIGFPE]++;
        } else if (i % 2) {
            page[i] = 1;
        } else {
            number = 1 / zero;
        }
    }
    printf("signals %d %d\n", count[0] + count[1], count[0] == 100);
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long locked, atomic;

static void *thread(void *unused)
{
    for (int i = 0; i < 20000; i++) {
        __atomic_fetch_add(&atomic, 3, __ATOMIC_SEQ_CST);
        pthread_mutex_lock(&lock);
        locked++;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void threads(void)
{
    pthread_t ids[4];

    for (int i = 0; i < 4; i++) {
        pthread_create(&ids[i], NULL, thread, NULL);
    }
    for (int i = 0; i < 4; i++) {
        pthread_join(ids[i], NULL);
    }
    printf("threads %ld %ld\n", locked, atomic);
}

int main(void)
{
    integers();
    memory();
    floats();
    signals();
    threads();
    return 0;
}
