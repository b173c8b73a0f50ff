/*
 * CPU models as management programs see them: one switch for each feature, and
 * the numbers and names that CPUID tells.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-i386/cpu-models.h"

typedef struct PropContext {
    const uint32_t *features;   /* what the CPU has, or the model wants */
    bool all;                   /* the model wants what there is, whatever it is */
    CPUModelPropFunc *fn;
    void *opaque;
} PropContext;

static void tell_feature(void *opaque, unsigned feature, const char *name)
{
    PropContext *ctx = opaque;
    unsigned word = feature / 32;
    uint32_t bit = 1u << feature % 32;
    bool wanted = ctx->features[word] & bit, there = x86_supported_features(word) & bit;
    CPUModelProp prop = { .name = name, .kind = CPU_PROP_FEATURE, .on = wanted && there,
                          .unavailable = wanted && !there && !ctx->all };

    ctx->fn(ctx->opaque, &prop);
}

static void tell_number(const PropContext *ctx, const char *name, int64_t number)
{
    CPUModelProp prop = { .name = name, .kind = CPU_PROP_INT, .number = number };

    ctx->fn(ctx->opaque, &prop);
}

static void tell_text(const PropContext *ctx, const char *name, const char *text)
{
    CPUModelProp prop = { .name = name, .kind = CPU_PROP_STRING, .text = text ? text : "" };

    ctx->fn(ctx->opaque, &prop);
}

void x86_cpu_model_props(const TypeInfo *type, CPUState *cpu, CPUModelPropFunc *fn, void *opaque)
{
    const X86Model *model = x86_model_of_type(type);
    PropContext ctx = { .fn = fn, .opaque = opaque };
    unsigned family, number;

    if (!model) {
        return;
    }
    ctx.features = cpu ? cpu->env->features : model->features;
    ctx.all = !strcmp(model->name, "max");
    x86_foreach_feature(tell_feature, &ctx);
    /* SDM 2, CPUID.1:EAX: the extended fields count for family 15 and models of 6 and 15. */
    family = model->signature >> 8 & 15;
    number = model->signature >> 4 & 15;
    if (family == 15) {
        family += model->signature >> 20 & 255;
    }
    if (family == 6 || family >= 15) {
        number |= model->signature >> 12 & 0xf0;
    }
    tell_number(&ctx, "family", family);
    tell_number(&ctx, "model", number);
    tell_number(&ctx, "stepping", model->signature & 15);
    tell_number(&ctx, "min-level", model->max_leaf);
    tell_number(&ctx, "min-xlevel", model->max_extended_leaf);
    tell_text(&ctx, "vendor", model->vendor);
    tell_text(&ctx, "model-id", model->desc);
}
