/*
 * Functions that call each other for ever, three quarters of the time in
 * leaf_work: what profiles, logs and symbol tables are tested with.
 *
 * SPDX-License-Identifier: MIT
 */
#define KEPT __attribute__((noinline, noclone))

KEPT unsigned leaf_work(unsigned seed, unsigned rounds);
KEPT unsigned busy_middle(unsigned seed);
KEPT unsigned lazy_middle(unsigned seed);
KEPT void outer_loop(void);
int main(void);
void bare_main(void);
void on_exception(unsigned long vector, unsigned long *frame);

unsigned leaf_work(unsigned seed, unsigned rounds)
{
    while (rounds--) {
        seed = seed * 1664525 + 1013904223;
        seed ^= seed >> 13;
    }
    return seed;
}

unsigned busy_middle(unsigned seed)
{
    return leaf_work(seed, 3000) ^ 1;
}

unsigned lazy_middle(unsigned seed)
{
    return leaf_work(seed, 1000) ^ 2;
}

void outer_loop(void)
{
    static volatile unsigned result;

    for (;;) {
        result = busy_middle(result) + lazy_middle(result);
    }
}

int main(void)
{
    outer_loop();
    return 0;
}

void bare_main(void)
{
    outer_loop();
}

void on_exception(unsigned long vector, unsigned long *frame)
{
    for (;;) {
    }
}
