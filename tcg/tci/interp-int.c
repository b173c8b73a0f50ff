/*
 * The interpreter's integer ops. exec_NAME does the op for either width: a[]
 * are its operand words, type is the width, *next the instruction to go on
 * with; values are zero-extended.
 *
 * SPDX-License-Identifier: MIT
 */
#include "tcg/tci/tci.h"

#define EXEC_PARAMS Tci *m, const uint32_t *a, TCGType type, const uint32_t **next
#define IN(n) tci_get(m, a[n], type)
#define OUT(n, value) tci_set(m, a[n], type, value)

static inline int64_t signed_of(uint64_t value, TCGType type)
{
    return type == TCG_TYPE_I32 ? (int32_t)value : (int64_t)value;
}

static inline unsigned bits_of(TCGType type)
{
    return type == TCG_TYPE_I32 ? 32 : 64;
}

static bool compare(uint64_t x, uint64_t y, TCGCond cond, TCGType type)
{
    int64_t sx = signed_of(x, type), sy = signed_of(y, type);

    switch (cond) {
    case TCG_COND_NEVER: return false;
    case TCG_COND_ALWAYS: return true;
    case TCG_COND_EQ: return x == y;
    case TCG_COND_NE: return x != y;
    case TCG_COND_LT: return sx < sy;
    case TCG_COND_GE: return sx >= sy;
    case TCG_COND_LE: return sx <= sy;
    case TCG_COND_GT: return sx > sy;
    case TCG_COND_LTU: return x < y;
    case TCG_COND_GEU: return x >= y;
    case TCG_COND_LEU: return x <= y;
    case TCG_COND_GTU: return x > y;
    case TCG_COND_TSTEQ: return (x & y) == 0;
    case TCG_COND_TSTNE: return (x & y) != 0;
    }
    return false;
}

/* --- arithmetic --- */

static inline void exec_mov(EXEC_PARAMS) { OUT(0, IN(1)); }
static inline void exec_add(EXEC_PARAMS) { OUT(0, IN(1) + IN(2)); }
static inline void exec_lea(EXEC_PARAMS) { OUT(0, IN(1) + (IN(2) << a[3]) + (int32_t)a[5]); }
static inline void exec_sub(EXEC_PARAMS) { OUT(0, IN(1) - IN(2)); }
static inline void exec_neg(EXEC_PARAMS) { OUT(0, -IN(1)); }
static inline void exec_mul(EXEC_PARAMS) { OUT(0, IN(1) * IN(2)); }

static inline void exec_mulsh(EXEC_PARAMS)
{
    __int128 product = (__int128)signed_of(IN(1), type) * signed_of(IN(2), type);

    OUT(0, product >> bits_of(type));
}

static inline void exec_muluh(EXEC_PARAMS)
{
    unsigned __int128 product = (unsigned __int128)IN(1) * IN(2);

    OUT(0, product >> bits_of(type));
}

/* Undefined quotients are any value, but the host must not trap. */
static inline bool signed_division_traps(int64_t x, int64_t y, TCGType type)
{
    return y == 0 || (y == -1 && x == (type == TCG_TYPE_I32 ? INT32_MIN : INT64_MIN));
}

static inline void exec_div(EXEC_PARAMS)
{
    int64_t x = signed_of(IN(1), type), y = signed_of(IN(2), type);

    OUT(0, signed_division_traps(x, y, type) ? 0 : x / y);
}

static inline void exec_rem(EXEC_PARAMS)
{
    int64_t x = signed_of(IN(1), type), y = signed_of(IN(2), type);

    OUT(0, signed_division_traps(x, y, type) ? 0 : x % y);
}

static inline void exec_divu(EXEC_PARAMS)
{
    OUT(0, IN(2) ? IN(1) / IN(2) : 0);
}

static inline void exec_remu(EXEC_PARAMS)
{
    OUT(0, IN(2) ? IN(1) % IN(2) : 0);
}

static inline void exec_addc(EXEC_PARAMS)
{
    unsigned __int128 sum = (unsigned __int128)IN(2) + IN(3) + IN(4);

    OUT(0, sum);
    OUT(1, (uint64_t)(sum >> bits_of(type)));
}

static inline void exec_subb(EXEC_PARAMS)
{
    uint64_t x = IN(2), y = IN(3), borrow = IN(4);

    OUT(0, x - y - borrow);
    OUT(1, (unsigned __int128)x < (unsigned __int128)y + borrow);
}

/* --- logic and shifts --- */

static inline void exec_and(EXEC_PARAMS) { OUT(0, IN(1) & IN(2)); }
static inline void exec_or(EXEC_PARAMS) { OUT(0, IN(1) | IN(2)); }
static inline void exec_xor(EXEC_PARAMS) { OUT(0, IN(1) ^ IN(2)); }
static inline void exec_not(EXEC_PARAMS) { OUT(0, ~IN(1)); }
static inline void exec_andc(EXEC_PARAMS) { OUT(0, IN(1) & ~IN(2)); }
static inline void exec_orc(EXEC_PARAMS) { OUT(0, IN(1) | ~IN(2)); }
static inline void exec_eqv(EXEC_PARAMS) { OUT(0, ~(IN(1) ^ IN(2))); }
static inline void exec_nand(EXEC_PARAMS) { OUT(0, ~(IN(1) & IN(2))); }
static inline void exec_nor(EXEC_PARAMS) { OUT(0, ~(IN(1) | IN(2))); }

/* A count beyond the width may give anything. */
#define COUNT (IN(2) & (bits_of(type) - 1))
static inline void exec_shl(EXEC_PARAMS) { OUT(0, IN(1) << COUNT); }
static inline void exec_shr(EXEC_PARAMS) { OUT(0, IN(1) >> COUNT); }

static inline void exec_sar(EXEC_PARAMS)
{
    OUT(0, signed_of(IN(1), type) >> COUNT);
}

static inline uint64_t rotated_left(uint64_t value, unsigned count, TCGType type)
{
    return count ? value << count | value >> (bits_of(type) - count) : value;
}

static inline void exec_rotl(EXEC_PARAMS)
{
    OUT(0, rotated_left(IN(1), COUNT, type));
}

static inline void exec_rotr(EXEC_PARAMS)
{
    OUT(0, rotated_left(IN(1), -COUNT & (bits_of(type) - 1), type));
}

static inline void exec_clz(EXEC_PARAMS)
{
    uint64_t x = IN(1);

    OUT(0, x ? (uint64_t)__builtin_clzll(x) - (64 - bits_of(type)) : IN(2));
}

static inline void exec_ctz(EXEC_PARAMS)
{
    uint64_t x = IN(1);

    OUT(0, x ? (uint64_t)__builtin_ctzll(x) : IN(2));
}

static inline void exec_ctpop(EXEC_PARAMS)
{
    OUT(0, __builtin_popcountll(IN(1)));
}

/* --- bytes and fields --- */

static inline void exec_bswap16(EXEC_PARAMS)
{
    OUT(0, __builtin_bswap16(IN(1)));
}

static inline void exec_bswap32(EXEC_PARAMS)
{
    OUT(0, __builtin_bswap32(IN(1)));
}

static inline void exec_ext8s(EXEC_PARAMS) { OUT(0, (int8_t)IN(1)); }
static inline void exec_ext8u(EXEC_PARAMS) { OUT(0, (uint8_t)IN(1)); }
static inline void exec_ext16s(EXEC_PARAMS) { OUT(0, (int16_t)IN(1)); }
static inline void exec_ext16u(EXEC_PARAMS) { OUT(0, (uint16_t)IN(1)); }

static inline uint64_t low_ones(unsigned len)
{
    return UINT64_MAX >> (64 - len);
}

static inline void exec_deposit(EXEC_PARAMS)
{
    unsigned ofs = a[3], len = a[5];
    uint64_t mask = low_ones(len) << ofs;

    OUT(0, (IN(1) & ~mask) | (IN(2) << ofs & mask));
}

static inline void exec_extract(EXEC_PARAMS)
{
    OUT(0, IN(1) >> a[2] & low_ones(a[4]));
}

static inline void exec_sextract(EXEC_PARAMS)
{
    unsigned ofs = a[2], len = a[4];

    OUT(0, (int64_t)(IN(1) << (64 - len - ofs)) >> (64 - len));
}

/* --- conditions --- */

static inline void exec_setcond(EXEC_PARAMS)
{
    OUT(0, compare(IN(1), IN(2), a[3], type));
}

static inline void exec_negsetcond(EXEC_PARAMS)
{
    OUT(0, -(uint64_t)compare(IN(1), IN(2), a[3], type));
}

static inline void exec_movcond(EXEC_PARAMS)
{
    OUT(0, compare(IN(1), IN(2), a[5], type) ? IN(3) : IN(4));
}

static inline void exec_brcond(EXEC_PARAMS)
{
    if (compare(IN(0), IN(1), a[2], type)) {
        *next = a - 1 + (int32_t)a[4];
    }
}

/* --- host memory --- */

/* size bytes, zero-extended. */
static inline uint64_t load(Tci *m, const uint32_t *base, size_t size)
{
    uint64_t value = 0;

    memcpy(&value, tci_host_address(m, base), size);
    return value;
}

static inline void exec_ld8u(EXEC_PARAMS) { OUT(0, load(m, a + 1, 1)); }
static inline void exec_ld8s(EXEC_PARAMS) { OUT(0, (int8_t)load(m, a + 1, 1)); }
static inline void exec_ld16u(EXEC_PARAMS) { OUT(0, load(m, a + 1, 2)); }
static inline void exec_ld16s(EXEC_PARAMS) { OUT(0, (int16_t)load(m, a + 1, 2)); }
static inline void exec_ld(EXEC_PARAMS) { OUT(0, load(m, a + 1, bits_of(type) / 8)); }

static inline void store(Tci *m, const uint32_t *a, TCGType type, size_t size)
{
    uint64_t value = IN(0);

    memcpy(tci_host_address(m, a + 1), &value, size);
}

static inline void exec_st8(EXEC_PARAMS) { store(m, a, type, 1); }
static inline void exec_st16(EXEC_PARAMS) { store(m, a, type, 2); }

static inline void exec_st(EXEC_PARAMS) { store(m, a, type, bits_of(type) / 8); }

static inline void exec_qemu_ld(EXEC_PARAMS) { tci_guest_load(m, a, type, *next); }
static inline void exec_qemu_st(EXEC_PARAMS) { tci_guest_store(m, a, type, *next); }

/* --- both widths: handlers from the rows of the op table --- */

#define OP_INT(n, o, i, c, p, mean) \
    const uint32_t *tci_##n##_i32(Tci *m, const uint32_t *pc) \
    { \
        const uint32_t *next = pc + TCI_LEN(o, i, c); \
        exec_##n(m, pc + 1, TCG_TYPE_I32, &next); \
        return next; \
    } \
    const uint32_t *tci_##n##_i64(Tci *m, const uint32_t *pc) \
    { \
        const uint32_t *next = pc + TCI_LEN(o, i, c); \
        exec_##n(m, pc + 1, TCG_TYPE_I64, &next); \
        return next; \
    }
#define OP_FP(n, o, i, c, p, mean)
#define OP_VEC(n, o, i, c, p, mean)
#define OP_ONE(n, o, i, c, p, mean)
#include "tcg/tcg-opc.h"

/* --- one width --- */

/* Handlers of ops whose operands have the types given. */
#define DEFINE_CONVERSION(name, out_type, in_type, expression) \
    const uint32_t *tci_##name(Tci *m, const uint32_t *pc) \
    { \
        uint64_t x = tci_get(m, pc[2], in_type); \
        tci_set(m, pc[1], out_type, expression); \
        return pc + TCI_LEN(1, 1, 0); \
    }
DEFINE_CONVERSION(bswap64_i64, TCG_TYPE_I64, TCG_TYPE_I64, __builtin_bswap64(x))
DEFINE_CONVERSION(ext32s_i64, TCG_TYPE_I64, TCG_TYPE_I64, (int32_t)x)
DEFINE_CONVERSION(ext32u_i64, TCG_TYPE_I64, TCG_TYPE_I64, (uint32_t)x)
DEFINE_CONVERSION(ext_i32_i64, TCG_TYPE_I64, TCG_TYPE_I32, (int32_t)x)
DEFINE_CONVERSION(extu_i32_i64, TCG_TYPE_I64, TCG_TYPE_I32, x)
DEFINE_CONVERSION(extrl_i64_i32, TCG_TYPE_I32, TCG_TYPE_I64, x)
DEFINE_CONVERSION(extrh_i64_i32, TCG_TYPE_I32, TCG_TYPE_I64, x >> 32)
DEFINE_CONVERSION(bits_f32_i32, TCG_TYPE_I32, TCG_TYPE_I32, x)
DEFINE_CONVERSION(bits_i32_f32, TCG_TYPE_I32, TCG_TYPE_I32, x)
DEFINE_CONVERSION(bits_f64_i64, TCG_TYPE_I64, TCG_TYPE_I64, x)
DEFINE_CONVERSION(bits_i64_f64, TCG_TYPE_I64, TCG_TYPE_I64, x)

const uint32_t *tci_ld32u_i64(Tci *m, const uint32_t *pc)
{
    tci_set(m, pc[1], TCG_TYPE_I64, load(m, pc + 2, 4));
    return pc + TCI_LEN(1, 1, 1);
}

const uint32_t *tci_ld32s_i64(Tci *m, const uint32_t *pc)
{
    tci_set(m, pc[1], TCG_TYPE_I64, (int32_t)load(m, pc + 2, 4));
    return pc + TCI_LEN(1, 1, 1);
}

const uint32_t *tci_st32_i64(Tci *m, const uint32_t *pc)
{
    store(m, pc + 1, TCG_TYPE_I64, 4);
    return pc + TCI_LEN(0, 2, 1);
}
