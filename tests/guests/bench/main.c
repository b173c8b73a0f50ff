/*
 * One program with many names: runs the benchmark it is called as, prints
 * name, seconds, checksum.
 *
 * SPDX-License-Identifier: MIT
 */
#include "bench.h"
#include <time.h>

static const struct {
    const char *name;
    uint32_t (*run)(long work);
    long work;
} table[] = {
#define BENCH(n, w) { #n, bench_##n, w },
#include "list.h"
#undef BENCH
};
#define COUNT (sizeof(table) / sizeof(table[0]))

static double seconds(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec + ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *name = slash ? slash + 1 : argv[0];

    if (argc > 1 && !strcmp(argv[1], "list")) {
        for (size_t i = 0; i < COUNT; i++) {
            puts(table[i].name);
        }
        return 0;
    }
    for (size_t i = 0; i < COUNT; i++) {
        if (!strcmp(name, table[i].name)) {
            double start = seconds();
            uint32_t sum = table[i].run(argc > 1 ? atol(argv[1]) : table[i].work);

            printf("%-10s %8.3f %08x\n", name, seconds() - start, (unsigned)sum);
            return 0;
        }
    }
    fprintf(stderr, "%s: no such benchmark; call me by one of the names that `bench list` prints\n", name);
    return 1;
}
