/*
 * The 80-bit arithmetic against the x87 of the machine that runs the test:
 * results, sticky flags and C1, for every rounding mode and precision, masked
 * and with over- and underflow unmasked. If this fails, guests of target-i386
 * see wrong results or status words wherever the exact path is taken.
 *
 * SPDX-License-Identifier: MIT
 */
#include "fpu/floatx80.h"

enum { RANDOM_CASES = 60000 };

static uint64_t rng_state = 88172645463325252;
static unsigned failures;

static uint64_t rng(void)
{
    rng_state ^= rng_state << 13;
    rng_state ^= rng_state >> 7;
    rng_state ^= rng_state << 17;
    return rng_state;
}

static const uint16_t edge_exponents[] = {
    0, 1, 2, 31, 62, 63, 64, 65, 8191, 8192, 15360, 15361, 15372, 16255, 16256, 16257, 16318, 16319, 16320, 16382,
    16383, 16384, 16385, 16414, 16415, 16445, 16446, 16447, 16510, 16511, 17406, 17407, 24575, 24576, 32702, 32765,
    32766, 32767,
};
static const uint64_t edge_significands[] = {
    0, 1, 2, 0x3fffffffffffffff, 0x4000000000000000, 0x7fffffffffffffff, 0x8000000000000000,
    0x8000000000000001, 0x8000000000000400, 0x8000000000000401, 0x8000008000000000, 0x8000008000000001,
    0x8000007fffffffff, 0xa000000000000000, 0xbfffffffffffffff, 0xc000000000000000, 0xc000000000000001,
    0xe000000000000000, 0xfffffffffffff800, 0xfffffffffffffc00, 0xfffffffffffffbff, 0xffffff0000000000,
    0xffffff8000000000, 0xffffff7fffffffff, 0xfffffffffffffffe, 0xffffffffffffffff,
};

static FloatX80 edge_operand(void)
{
    uint16_t sign = rng() & 1 ? FPX_SIGN : 0;

    return (FloatX80){ edge_significands[rng() % ARRAY_SIZE(edge_significands)],
                       edge_exponents[rng() % ARRAY_SIZE(edge_exponents)] | sign };
}

/* Values whose sums and products meet: near exponents, short significands; or edges. */
static FloatX80 random_operand(void)
{
    unsigned kind = rng() % 8;
    FloatX80 r = { rng() | FPX_INT_BIT, (16383 - 40 + rng() % 80) | (rng() & FPX_SIGN) };

    if (kind < 2) {
        return edge_operand();
    }
    if (kind < 4) {
        r.frac &= UINT64_MAX << rng() % 64;
    } else if (kind == 4) {
        r.se = (r.se & FPX_SIGN) | rng() % 140;
    } else if (kind == 5) {
        r.se = rng();
    }
    return r;
}

static FPEnv rules_of(unsigned mode, bool scale)
{
    return (FPEnv){ .rounding = mode % 4, .scale_overflow = scale, .scale_underflow = scale };
}

static void report(const char *what, FloatX80 a, FloatX80 b, unsigned control, FloatX80 got, unsigned got_status,
                   FloatX80 want, unsigned want_status)
{
    if (failures++ < 40) {
        printf("# %s, control %04x: %04x:%016" PRIx64 " %04x:%016" PRIx64 " gives %04x:%016" PRIx64
               " status %04x, should be %04x:%016" PRIx64 " status %04x\n", what, control, a.se, a.frac, b.se,
               b.frac, got.se, got.frac, got_status, want.se, want.frac, want_status);
    }
}

#ifdef __x86_64__
typedef struct __attribute__((packed)) Image { uint64_t frac; uint16_t se; } Image;

enum { SW_IE = 1, SW_DE = 2, SW_ZE = 4, SW_OE = 8, SW_UE = 16, SW_PE = 32, SW_C0 = 0x100, SW_C1 = 0x200,
       SW_C2 = 0x400, SW_C3 = 0x4000, SW_CHECKED = 0x3f | SW_C1 };

static Image to_image(FloatX80 a) { return (Image){ a.frac, a.se }; }
static FloatX80 from_image(Image a) { return (FloatX80){ a.frac, a.se }; }

/* The host's control word: all masked, or all but over- and underflow. */
static uint16_t control_word(FPRounding rounding, FPXPrecision prec, bool scale)
{
    static const uint8_t rc[] = { [FP_NEAREST_EVEN] = 0, [FP_TO_ZERO] = 3, [FP_UP] = 2, [FP_DOWN] = 1 };
    static const uint8_t pc[] = { [FPX_24] = 0, [FPX_53] = 2, [FPX_64] = 3 };

    return rc[rounding] << 10 | pc[prec] << 8 | (scale ? 0x27 : 0x3f);
}

static unsigned status_of(uint32_t flags)
{
    return (flags & FP_INVALID ? SW_IE : 0) | (flags & FP_DENORMAL_IN ? SW_DE : 0) |
           (flags & FP_DIVZERO ? SW_ZE : 0) | (flags & FP_OVERFLOW ? SW_OE : 0) |
           (flags & FP_UNDERFLOW ? SW_UE : 0) | (flags & FP_INEXACT ? SW_PE : 0) |
           (flags & FP_ROUNDED_UP ? SW_C1 : 0);
}

/* b is ST(1), a is ST(0) while `code` runs; result: ST(0), and ST(1) when the stack has two then. */
#define HOST_BINARY(name, code)                                                             \
    static uint16_t host_##name(uint16_t control, Image a, Image b, Image *result)         \
    {                                                                                       \
        uint16_t status, quiet = 0x37f;                                                     \
        __asm__ volatile("fninit\n\tfldt %3\n\tfldt %2\n\tfldcw %4\n\t" code "\n\tfnstsw %0\n\tfnclex\n\tfldcw %5\n\t" \
                         "fstpt %1\n\tfninit" : "=&a"(status), "=m"(*result)               \
                         : "m"(a), "m"(b), "m"(control), "m"(quiet) : "memory");           \
        return status;                                                                      \
    }

HOST_BINARY(add, "faddp")
HOST_BINARY(sub, "fsub %%st(1), %%st")
HOST_BINARY(mul, "fmulp")
HOST_BINARY(div, "fdiv %%st(1), %%st")
HOST_BINARY(sqrt, "fsqrt")
HOST_BINARY(round, "frndint")
HOST_BINARY(scale, "fscale")
HOST_BINARY(prem, "fprem")
HOST_BINARY(prem1, "fprem1")
HOST_BINARY(com, "fcom")
HOST_BINARY(ucom, "fucom")
HOST_BINARY(extract, "fxtract")
HOST_BINARY(exponent, "fxtract\n\tfnstsw %0\n\tfstp %%st")

typedef uint16_t HostFn(uint16_t control, Image a, Image b, Image *result);
typedef FloatX80 ArithFn(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec);

static FloatX80 model_sqrt(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    (void)b;
    return fpx_sqrt(env, a, prec);
}

static FloatX80 model_round(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    (void)b;
    (void)prec;
    return fpx_round_to_integral(env, a);
}

static FloatX80 model_scale(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    (void)prec;
    return fpx_scale(env, a, b);
}

static FloatX80 model_extract(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    FloatX80 exponent;

    (void)b;
    (void)prec;
    return fpx_extract(env, a, &exponent);
}

static FloatX80 model_exponent(FPEnv *env, FloatX80 a, FloatX80 b, FPXPrecision prec)
{
    FloatX80 exponent;

    (void)b;
    (void)prec;
    fpx_extract(env, a, &exponent);
    return exponent;
}

static const struct { const char *name; HostFn *host; ArithFn *model; } arith_ops[] = {
    { "fadd", host_add, fpx_add }, { "fsub", host_sub, fpx_sub }, { "fmul", host_mul, fpx_mul },
    { "fdiv", host_div, fpx_div }, { "fsqrt", host_sqrt, model_sqrt }, { "frndint", host_round, model_round },
    { "fscale", host_scale, model_scale }, { "fxtract", host_extract, model_extract },
    { "fxtract exponent", host_exponent, model_exponent },
};

static void check_arith(unsigned op, FloatX80 a, FloatX80 b, unsigned mode)
{
    FPXPrecision prec = mode / 4 % 3;
    bool scale = mode >= 12;
    FPEnv env = rules_of(mode, scale);
    uint16_t control = control_word(env.rounding, prec, scale);
    Image image;
    unsigned want_status = arith_ops[op].host(control, to_image(a), to_image(b), &image) & SW_CHECKED;
    FloatX80 got = arith_ops[op].model(&env, a, b, prec), want = from_image(image);
    unsigned status = status_of(env.flags);

    if (status != want_status || got.frac != want.frac || got.se != want.se) {
        report(arith_ops[op].name, a, b, control, got, status, want, want_status);
    }
}

static void test_arith(unsigned op)
{
    for (unsigned i = 0; i < RANDOM_CASES; i++) {
        FloatX80 a = i & 1 ? random_operand() : edge_operand(), b = i & 2 ? random_operand() : edge_operand();

        for (unsigned mode = i % 3; mode < 24; mode += 3) {
            check_arith(op, a, b, mode);
        }
    }
}

static void test_rem(bool nearest)
{
    for (unsigned i = 0; i < RANDOM_CASES; i++) {
        FloatX80 a = i & 1 ? random_operand() : edge_operand(), b = i & 2 ? random_operand() : edge_operand(), got;
        FPEnv env = rules_of(0, i & 4);
        uint16_t control = control_word(env.rounding, FPX_64, i & 4);
        uint64_t quotient;
        Image image;
        unsigned want_status = (nearest ? host_prem1 : host_prem)(control, to_image(a), to_image(b), &image);
        bool done = fpx_rem(&env, a, b, nearest, &got, &quotient);
        FloatX80 want = from_image(image);
        unsigned status = status_of(env.flags) & 0x3f;

        if (!done) {
            status |= SW_C2;
        } else if (!(env.flags & FP_INVALID)) {
            status |= (quotient & 4 ? SW_C0 : 0) | (quotient & 2 ? SW_C3 : 0) | (quotient & 1 ? SW_C1 : 0);
        }
        want_status &= 0x3f | SW_C0 | SW_C1 | SW_C2 | SW_C3;
        if (status != want_status || got.frac != want.frac || got.se != want.se) {
            report(nearest ? "fprem1" : "fprem", a, b, control, got, status, want, want_status);
        }
    }
}

static void test_compare(bool quiet)
{
    static const unsigned bits[] = { [FP_LESS] = SW_C0, [FP_GREATER] = 0, [FP_EQUAL] = SW_C3,
                                     [FP_UNORDERED] = SW_C0 | SW_C2 | SW_C3 };

    for (unsigned i = 0; i < RANDOM_CASES; i++) {
        FloatX80 a = random_operand(), b = i & 2 ? random_operand() : edge_operand();
        FPEnv env = rules_of(0, false);
        Image image;

        if (i % 8 == 0) {
            b = (FloatX80){ a.frac, a.se ^ (i & 8 ? FPX_SIGN : 0) };
        }
        unsigned want = (quiet ? host_ucom : host_com)(0x37f, to_image(a), to_image(b), &image);
        unsigned status = bits[fpx_compare(&env, a, b, quiet)];

        status |= status_of(env.flags);
        want &= 0x3f | SW_C0 | SW_C1 | SW_C2 | SW_C3;
        if (status != want) {
            report(quiet ? "fucom" : "fcom", a, b, 0x37f, a, status, b, want);
        }
    }
}

/* Stores: the format's bits as the significand. The host stores with everything masked. */
#define HOST_STORE(name, insn, type)                                                                \
    static uint16_t host_##name(uint16_t control, Image a, Image b, Image *result)                 \
    {                                                                                               \
        uint16_t status;                                                                            \
        type value = { 0 };                                                                         \
        __asm__ volatile("fninit\n\tfldt %2\n\tfldcw %3\n\t" insn " %1\n\tfnstsw %0\n\tfninit"      \
                         : "=&a"(status), "=m"(value) : "m"(a), "m"(control));                      \
        (void)b;                                                                                    \
        memset(result, 0, sizeof(*result));                                                         \
        memcpy(result, &value, sizeof(value));                                                      \
        return status;                                                                              \
    }

HOST_STORE(to_f32, "fstps", uint32_t)
HOST_STORE(to_f64, "fstpl", uint64_t)
HOST_STORE(to_i16, "fistps", uint16_t)
HOST_STORE(to_i32, "fistpl", uint32_t)
HOST_STORE(to_i64, "fistpll", uint64_t)
HOST_STORE(to_bcd, "fbstp", Image)

static FloatX80 store_f32(FPEnv *env, FloatX80 a) { return (FloatX80){ fpx_to_f32(env, a), 0 }; }
static FloatX80 store_f64(FPEnv *env, FloatX80 a) { return (FloatX80){ fpx_to_f64(env, a), 0 }; }
static FloatX80 store_i16(FPEnv *env, FloatX80 a) { return (FloatX80){ (uint16_t)fpx_to_int(env, a, 16), 0 }; }
static FloatX80 store_i32(FPEnv *env, FloatX80 a) { return (FloatX80){ (uint32_t)fpx_to_int(env, a, 32), 0 }; }
static FloatX80 store_i64(FPEnv *env, FloatX80 a) { return (FloatX80){ fpx_to_int(env, a, 64), 0 }; }

static FloatX80 store_bcd(FPEnv *env, FloatX80 a)
{
    Image image;

    fpx_to_bcd(env, a, (uint8_t *)&image);
    return from_image(image);
}

static const struct { const char *name; HostFn *host; FloatX80 (*model)(FPEnv *env, FloatX80 a); } stores[] = {
    { "fst m32", host_to_f32, store_f32 }, { "fst m64", host_to_f64, store_f64 },
    { "fist m16", host_to_i16, store_i16 }, { "fist m32", host_to_i32, store_i32 },
    { "fist m64", host_to_i64, store_i64 }, { "fbstp", host_to_bcd, store_bcd },
};

static void test_store(unsigned kind)
{
    for (unsigned i = 0; i < RANDOM_CASES * 2; i++) {
        FloatX80 a = i & 8 ? edge_operand() : random_operand();
        FPEnv env = rules_of(i, false);
        uint16_t control = control_word(env.rounding, FPX_64, false);
        Image image;

        if ((i & 0x30) == 0) {      /* about the range of the formats */
            a.se = (a.se & FPX_SIGN) | (i & 0x40 ? 16383 - 152 + rng() % 30 : 16383 - 1078 + rng() % 60);
        } else if ((i & 0x30) == 0x10) {
            a.se = (a.se & FPX_SIGN) | (16383 + rng() % 66);
        }
        unsigned want_status = stores[kind].host(control, to_image(a), to_image(a), &image) & SW_CHECKED;
        FloatX80 got = stores[kind].model(&env, a), want = from_image(image);
        unsigned status = status_of(env.flags);

        if (status != want_status || got.frac != want.frac || got.se != want.se) {
            report(stores[kind].name, a, a, control, got, status, want, want_status);
        }
    }
}

#define HOST_LOAD(name, insn, type)                                                                 \
    static uint16_t host_##name(uint16_t control, Image a, Image b, Image *result)                 \
    {                                                                                               \
        uint16_t status;                                                                            \
        type value;                                                                                 \
        (void)b;                                                                                    \
        memcpy(&value, &a, sizeof(value));                                                          \
        __asm__ volatile("fninit\n\tfldcw %3\n\t" insn " %2\n\tfnstsw %0\n\tfstpt %1\n\tfninit"      \
                         : "=&a"(status), "=m"(*result) : "m"(value), "m"(control));                \
        return status;                                                                              \
    }

HOST_LOAD(from_f32, "flds", uint32_t)
HOST_LOAD(from_f64, "fldl", uint64_t)
HOST_LOAD(from_i64, "fildll", uint64_t)
HOST_LOAD(from_bcd, "fbld", Image)

static FloatX80 load_f32(FPEnv *env, FloatX80 a) { return fpx_from_f32(env, a.frac); }
static FloatX80 load_f64(FPEnv *env, FloatX80 a) { return fpx_from_f64(env, a.frac); }

static FloatX80 load_i64(FPEnv *env, FloatX80 a)
{
    (void)env;
    return fpx_from_int(a.frac);
}

static FloatX80 load_bcd(FPEnv *env, FloatX80 a)
{
    Image image = to_image(a);

    (void)env;
    return fpx_from_bcd((uint8_t *)&image);
}

static const struct { const char *name; HostFn *host; FloatX80 (*model)(FPEnv *env, FloatX80 a); } loads[] = {
    { "fld m32", host_from_f32, load_f32 }, { "fld m64", host_from_f64, load_f64 },
    { "fild m64", host_from_i64, load_i64 }, { "fbld", host_from_bcd, load_bcd },
};

/* Digits that are none give any result: only decimal ones. */
static FloatX80 random_bcd(void)
{
    uint64_t digits = 0;

    for (int i = 0; i < 16; i++) {
        digits = digits << 4 | rng() % 10;
    }
    return (FloatX80){ rng() & 3 ? digits : 0, (rng() & 0x8000) | rng() % 10 << 4 | rng() % 10 };
}

static void test_load(unsigned kind)
{
    for (unsigned i = 0; i < RANDOM_CASES; i++) {
        FloatX80 a = kind == 3 ? random_bcd() : (FloatX80){ rng(), 0 };
        FPEnv env = rules_of(0, false);
        Image image;

        if (kind < 2 && (i & 3) == 0) {     /* exponents of zero and all ones */
            uint64_t exp = kind == 0 ? 0x7f800000 : FP_F64_INF;

            a.frac = i & 4 ? a.frac & ~exp : a.frac | exp;
        } else if (kind < 2 && (i & 3) == 1) {
            a.frac &= UINT64_MAX << rng() % 64;
        }
        unsigned want_status = loads[kind].host(0x37f, to_image(a), to_image(a), &image) & SW_CHECKED;
        FloatX80 got = loads[kind].model(&env, a), want = from_image(image);
        unsigned status = status_of(env.flags);

        if (status != want_status || got.frac != want.frac || got.se != want.se) {
            report(loads[kind].name, a, a, 0x37f, got, status, want, want_status);
        }
    }
}

static unsigned number;

static void done(const char *name)
{
    printf("%sok %u - %s\n", failures ? "not " : "", ++number, name);
}

int main(void)
{
    bool failed = false;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (unsigned op = 0; op < ARRAY_SIZE(arith_ops); op++) {
        failures = 0;
        test_arith(op);
        done(arith_ops[op].name);
        failed |= failures;
    }
    for (unsigned i = 0; i < 4; i++) {
        failures = 0;
        if (i < 2) {
            test_rem(i);
        } else {
            test_compare(i & 1);
        }
        done((const char *[]){ "fprem", "fprem1", "fcom", "fucom" }[i]);
        failed |= failures;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(stores); i++) {
        failures = 0;
        test_store(i);
        done(stores[i].name);
        failed |= failures;
    }
    for (unsigned i = 0; i < ARRAY_SIZE(loads); i++) {
        failures = 0;
        test_load(i);
        done(loads[i].name);
        failed |= failures;
    }
    printf("1..%u\n", number);
    return failed;
}
#else
int main(void)
{
    printf("1..0 # SKIP the host has no x87 to compare with\n");
    return 0;
}
#endif
