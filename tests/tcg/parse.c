/*
 * See parse.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "parse.h"

#define MAX_NAMED 16

static TCGTemp *named_temps[MAX_NAMED];
static TCGLabel *named_labels[MAX_NAMED];

static TCGOpcode find_opcode(const char *name)
{
    for (int opc = 0; opc < NB_OPS; opc++) {
        if (!strcmp(tcg_op_defs[opc].name, name)) {
            return opc;
        }
    }
    g_error("no op '%s'", name);
}

static TCGTemp *find_temp(const char *word, int type)
{
    int n;

    if (word[0] == '$') {
        return tcg_const_temp(type, g_ascii_strtoull(word + 1, NULL, 0));
    }
    for (int i = 0; i < tcg_ctx->nb_globals; i++) {
        if (!strcmp(tcg_ctx->temps[i]->name, word)) {
            return tcg_ctx->temps[i];
        }
    }
    g_assert(word[0] == 't');
    n = atoi(word + 1);
    g_assert(n < MAX_NAMED);
    if (!named_temps[n]) {
        named_temps[n] = tcg_temp_new_internal(type);
    }
    return named_temps[n];
}

static TCGLabel *find_label(const char *word)
{
    int n = atoi(word + 2);

    g_assert(n < MAX_NAMED);
    if (!named_labels[n]) {
        named_labels[n] = gen_new_label();
    }
    return named_labels[n];
}

static TCGArg parse_constant(const char *word)
{
    static const char *const conds[] = {
        "never", "always", "eq", "ne", "lt", "ge", "le", "gt", "ltu", "geu", "leu", "gtu",
        "tsteq", "tstne",
    };

    if (word[0] == '$' && word[1] == 'L') {
        return (TCGArg)find_label(word);
    }
    if (word[0] == '$') {
        return g_ascii_strtoull(word + 1, NULL, 0);
    }
    for (unsigned i = 0; i < ARRAY_SIZE(conds); i++) {
        if (!strcmp(conds[i], word)) {
            return i;
        }
    }
    g_error("no constant '%s'", word);
}

static void parse_op(const char *line)
{
    char **parts = g_strsplit(line, " ", 2);
    char **words = g_strsplit(parts[1], ",", -1);
    TCGOpcode opc = find_opcode(parts[0]);
    const TCGOpDef *def = &tcg_op_defs[opc];
    int nb_temps = def->nb_oargs + def->nb_iargs;
    TCGArg args[8];
    TCGLabel *label;
    TCGOp *op;

    g_assert_cmpint(g_strv_length(words), ==, nb_temps + def->nb_cargs);
    for (int i = 0; words[i]; i++) {
        int type = tcg_op_arg_type(opc, i);

        args[i] = i < nb_temps
            ? temp_arg(find_temp(words[i], type == TCG_ARG_ADDR ? TCG_TYPE_I32 : type))
            : parse_constant(words[i]);
    }
    op = tcg_emit_op(opc, nb_temps + def->nb_cargs);
    memcpy(op->args, args, op->nargs * sizeof(args[0]));
    label = tcg_op_label(op);
    if (opc == INDEX_op_set_label) {
        label->present = true;
    } else if (label) {
        label->refs++;
        label->backward |= label->present;
    }
    g_strfreev(words);
    g_strfreev(parts);
}

void parse_ops(const char *text)
{
    char **lines = g_strsplit(text, "; ", -1);

    memset(named_temps, 0, sizeof(named_temps));
    memset(named_labels, 0, sizeof(named_labels));
    for (int i = 0; lines[i]; i++) {
        parse_op(lines[i]);
    }
    g_strfreev(lines);
}

char *ops_text(void)
{
    char *buffer = NULL, *result;
    size_t size;
    FILE *f = open_memstream(&buffer, &size);
    char **lines;

    tcg_dump_ops(tcg_ctx, f);
    fclose(f);
    lines = g_strsplit(g_strstrip(buffer), "\n", -1);
    for (int i = 0; lines[i]; i++) {
        g_strstrip(lines[i]);
    }
    result = g_strjoinv("; ", lines);
    g_strfreev(lines);
    free(buffer);
    return result;
}
