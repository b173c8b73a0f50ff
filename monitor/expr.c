/*
 * Expressions of monitor commands: C operators on 64-bit integers, numbers,
 * characters, $registers of the current CPU.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/monitor-int.h"

typedef struct Parser {
    Monitor *mon;
    const char *p;
    bool word;              /* blanks end the expression outside parentheses */
    int depth;
    Error **errp;
    bool failed;
} Parser;

/* --- registers ------------------------------------------------------------ */

/* Registers in gdb's numbering, for names that the number does not tell. */
static const struct {
    const char *arch_prefix, *name;
    int number;
    int count;              /* > 0: name is a prefix before 0..count-1 */
} register_names[] = {
    { "powerpc", "r", 0, 32 },   { "powerpc", "nip", 64, 0 }, { "powerpc", "msr", 65, 0 },
    { "powerpc", "cr", 66, 0 },  { "powerpc", "ccr", 66, 0 }, { "powerpc", "lr", 67, 0 },
    { "powerpc", "ctr", 68, 0 }, { "powerpc", "xer", 69, 0 }, { "powerpc", "fpscr", 70, 0 },
    { "powerpc", "f", 32, 32 },  { "powerpc", "sp", 1, 0 },
};

static bool read_gdb_register(CPUState *cpu, int number, uint64_t *value)
{
    GByteArray *buf = g_byte_array_new();
    int len = cpu->cc->gdb_read_register ? cpu->cc->gdb_read_register(cpu, buf, number) : 0;
    bool ok = len > 0 && len <= 8 && buf->len >= (guint)len;

    if (ok) {
        *value = 0;
        for (int i = 0; i < len; i++) {
            int at = target_words_bigendian ? i : len - 1 - i;

            *value = *value << 8 | buf->data[at];
        }
    }
    g_byte_array_free(buf, TRUE);
    return ok;
}

bool monitor_register(CPUState *cpu, const char *name, uint64_t *value)
{
    if (!cpu) {
        return false;
    }
    if (strcmp(name, "pc") == 0 && cpu->cc->get_pc) {
        *value = cpu->cc->get_pc(cpu);
        return true;
    }
    for (size_t i = 0; cpu->cc->gdb_arch && i < ARRAY_SIZE(register_names); i++) {
        const char *base = register_names[i].name;
        size_t len = strlen(base);
        int number = register_names[i].number;

        if (!g_str_has_prefix(cpu->cc->gdb_arch, register_names[i].arch_prefix)) {
            continue;
        }
        if (register_names[i].count == 0) {
            if (strcmp(name, base) == 0) {
                return read_gdb_register(cpu, number, value);
            }
        } else if (strncmp(name, base, len) == 0 && isdigit((unsigned char)name[len])) {
            int index = atoi(name + len);

            if (index < register_names[i].count) {
                return read_gdb_register(cpu, number + index, value);
            }
        }
    }
    return false;
}

/* --- grammar -------------------------------------------------------------- */

static uint64_t parse_sum(Parser *s);

static void fail(Parser *s, const char *fmt, const char *arg)
{
    if (!s->failed) {
        s->failed = true;
        error_setg(s->errp, fmt, arg);
    }
}

static void skip_blanks(Parser *s)
{
    if (!s->word || s->depth) {
        s->p += strspn(s->p, " \t");
    }
}

static uint64_t parse_number(Parser *s)
{
    char *end;
    uint64_t value = strtoull(s->p, &end, 0);

    if (end == s->p) {
        fail(s, "'%s' is not an expression", s->p);
    }
    s->p = end;
    return value;
}

static uint64_t parse_register(Parser *s)
{
    size_t len = 0;
    uint64_t value = 0;
    char *name;

    while (isalnum((unsigned char)s->p[len]) || s->p[len] == '_') {
        len++;
    }
    name = g_strndup(s->p, len);
    if (!monitor_register(monitor_cpu(s->mon), name, &value)) {
        fail(s, "unknown register '$%s'", name);
    }
    g_free(name);
    s->p += len;
    return value;
}

static uint64_t parse_unary(Parser *s)
{
    uint64_t value;

    skip_blanks(s);
    switch (*s->p) {
    case '+':
        s->p++;
        return parse_unary(s);
    case '-':
        s->p++;
        return -parse_unary(s);
    case '~':
        s->p++;
        return ~parse_unary(s);
    case '(':
        s->p++;
        if (++s->depth > 100) {
            fail(s, "'%s' is nested too deeply", s->p);
            return 0;
        }
        value = parse_sum(s);
        skip_blanks(s);
        if (*s->p != ')') {
            fail(s, "')' expected at '%s'", s->p);
            return 0;
        }
        s->p++;
        s->depth--;
        break;
    case '\'':
        value = (uint8_t)s->p[1];
        if (!s->p[1] || s->p[2] != '\'') {
            fail(s, "%s is not a character", s->p);
            return 0;
        }
        s->p += 3;
        break;
    case '$':
        s->p++;
        value = parse_register(s);
        break;
    default:
        value = parse_number(s);
        break;
    }
    skip_blanks(s);
    return value;
}

static uint64_t parse_product(Parser *s)
{
    uint64_t value = parse_unary(s);

    while (!s->failed && (*s->p == '*' || *s->p == '/' || *s->p == '%')) {
        char op = *s->p++;
        uint64_t right = parse_unary(s);

        if (op == '*') {
            value *= right;
        } else if (right == 0) {
            fail(s, "division by zero before '%s'", s->p);
        } else {
            value = op == '/' ? value / right : value % right;
        }
    }
    return value;
}

static uint64_t parse_logic(Parser *s)
{
    uint64_t value = parse_product(s);

    while (!s->failed && (*s->p == '&' || *s->p == '|' || *s->p == '^')) {
        char op = *s->p++;
        uint64_t right = parse_product(s);

        value = op == '&' ? (value & right) : op == '|' ? (value | right) : (value ^ right);
    }
    return value;
}

static uint64_t parse_sum(Parser *s)
{
    uint64_t value = parse_logic(s);

    while (!s->failed && (*s->p == '+' || *s->p == '-')) {
        char op = *s->p++;
        uint64_t right = parse_logic(s);

        value = op == '+' ? value + right : value - right;
    }
    return value;
}

bool monitor_expr(Monitor *mon, const char **pos, bool word, uint64_t *value, Error **errp)
{
    Parser s = { .mon = mon, .p = *pos + strspn(*pos, " \t"), .word = word, .errp = errp };

    if (!*s.p) {
        error_setg(errp, "an expression is missing");
        return false;
    }
    *value = parse_sum(&s);
    s.p += strspn(s.p, " \t");
    *pos = s.p;
    return !s.failed;
}
