/*
 * The first process of a Linux guest without a C library: tries what a program does, says
 * so, powers off.
 *
 * SPDX-License-Identifier: MIT
 */
enum { SYS_MOUNT = 40, SYS_OPENAT = 56, SYS_CLOSE = 57, SYS_READ = 63, SYS_WRITE = 64, SYS_EXIT = 93, SYS_WAITID = 95,
       SYS_REBOOT = 142, SYS_GETPID = 172, SYS_CLONE = 220, SYS_MMAP2 = 222, SYS_NANOSLEEP = 407 };
enum { SIGCHLD = 17, P_ALL = 0, WEXITED = 4, AT_FDCWD = -100, PAGE = 4096, PAGES = 512 };

static long call(long number, long a, long b, long c, long d, long e, long f)
{
    register long a0 __asm__("a0") = a, a1 __asm__("a1") = b, a2 __asm__("a2") = c, a3 __asm__("a3") = d,
                  a4 __asm__("a4") = e, a5 __asm__("a5") = f, a7 __asm__("a7") = number;

    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a3), "r"(a4), "r"(a5), "r"(a7) : "memory");
    return a0;
}

static void say(const char *text)
{
    long length = 0;

    while (text[length]) {
        length++;
    }
    call(SYS_WRITE, 1, (long)text, length, 0, 0, 0);
}

static void say_number(unsigned value)
{
    char text[12], *p = text + sizeof(text) - 1;

    *p = 0;
    do {
        *--p = '0' + value % 10;
        value /= 10;
    } while (value);
    say(p);
}

/* Pages of a mapping, filled and read by two processes that share nothing. */
static unsigned sum_pages(unsigned seed)
{
    unsigned *memory = (unsigned *)call(SYS_MMAP2, 0, PAGE * PAGES, 3, 0x22, -1, 0), sum = 0;

    for (unsigned i = 0; i < PAGES; i++) {
        memory[i * PAGE / sizeof(*memory)] = i * seed;
    }
    for (unsigned i = 0; i < PAGES; i++) {
        sum += memory[i * PAGE / sizeof(*memory)];
    }
    return sum;
}

static void fork_and_wait(void)
{
    long child = call(SYS_CLONE, SIGCHLD, 0, 0, 0, 0, 0);

    if (child == 0) {
        say("child ");
        say_number(sum_pages(3));
        say("\n");
        call(SYS_EXIT, 0, 0, 0, 0, 0, 0);
    }
    call(SYS_WAITID, P_ALL, 0, 0, WEXITED, 0, 0);
    say("parent ");
    say_number(sum_pages(2));
    say("\n");
}

static void show_cpu(void)
{
    static char text[512];
    long fd, length;

    call(SYS_MOUNT, (long)"proc", (long)"/proc", (long)"proc", 0, 0, 0);
    fd = call(SYS_OPENAT, AT_FDCWD, (long)"/proc/cpuinfo", 0, 0, 0, 0);
    length = call(SYS_READ, fd, (long)text, sizeof(text) - 1, 0, 0, 0);
    text[length > 0 ? length : 0] = 0;
    call(SYS_CLOSE, fd, 0, 0, 0, 0, 0);
    say(text);
}

__attribute__((used)) static void start(void)
{
    long long half_second[2] = { 0, 500000000 };

    say("GUEST-READY ");
    say_number(call(SYS_GETPID, 0, 0, 0, 0, 0, 0));
    say("\n");
    show_cpu();
    for (int i = 0; i < 20; i++) {
        fork_and_wait();
    }
    call(SYS_NANOSLEEP, 1, 0, (long)half_second, 0, 0, 0);
    say("slept\n");
    call(SYS_REBOOT, 0xfee1dead, 672274793, 0x4321fedc, 0, 0, 0);
}

__asm__(".globl _start\n_start:\n.option push\n.option norelax\nla gp, __global_pointer$\n.option pop\ncall start\n1: j 1b\n");
