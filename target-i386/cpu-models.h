/*
 * The table of CPU models. See cpu-models.c.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TARGET_I386_CPU_MODELS_H
#define TARGET_I386_CPU_MODELS_H

#include "target-i386/cpu.h"

struct X86Model {
    const char *name;
    const char *desc;           /* processor brand string, NULL: none */
    const char *vendor;         /* twelve characters */
    uint32_t signature;         /* CPUID.1:EAX, and EDX at reset */
    uint32_t max_leaf, max_extended_leaf;
    uint32_t features[FEATURE_WORDS];
};

/* The part of -cpu behind the model: "+x,-y,x=on,y=off". */
bool x86_cpu_set_features(CPUState *cpu, const char *features, Error **errp);
/* The model of a CPU type; NULL: it has none. */
const X86Model *x86_model_of_type(const TypeInfo *type);
/* The properties of a model, or of a CPU (CPUClass.model_props). */
void x86_cpu_model_props(const TypeInfo *type, CPUState *cpu, CPUModelPropFunc *fn, void *opaque);
/* fn for each feature that has a name, with all its names. */
void x86_foreach_feature(void (*fn)(void *opaque, unsigned feature, const char *name), void *opaque);
/* What the translator has of a word of features. */
uint32_t x86_supported_features(FeatureWord word);
/* The name of a feature bit, NULL: it has none. */
const char *x86_feature_name(unsigned feature);
/* The number of a feature by name, -1: unknown. */
int x86_feature_by_name(const char *name);
void x86_print_feature_names(FILE *f);

#endif
