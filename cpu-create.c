/*
 * Guest CPU objects: the base type, models by name, and the memory in which a
 * CPU's structure, its jump cache and its TLB tables lie at fixed distances.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "exec/exec-all.h"
#include "exec/tb-internal.h"
#include "hw/core/cpu.h"

size_t cpu_env_offset;

/* Before the architecture's own reset, which may change either. */
static void cpu_base_reset(DeviceState *dev)
{
    CPUState *cpu = CPU(dev);

    cpu_log_reset(cpu);
    cpu->exception_index = -1;
    cpu->halted = cpu->start_powered_off;
}

static const TypeInfo cpu_type_info = {
    .name = TYPE_CPU,
    .parent = "device",
    .desc = "guest CPU",
    .instance_size = sizeof(CPUState),
    .reset = cpu_base_reset,
};
DEFINE_TYPE(cpu_type_info)

typedef struct ModelSearch {
    const char *model;
    const TypeInfo *found;
} ModelSearch;

/* Types are called MODEL-ARCHITECTURE-cpu. */
static void match_model(const TypeInfo *type, void *opaque)
{
    ModelSearch *search = opaque;
    size_t len = strlen(search->model);

    if (!g_ascii_strncasecmp(type->name, search->model, len) && type->name[len] == '-' &&
        strchr(type->name + len + 1, '-') == strrchr(type->name, '-')) {
        search->found = type;
    }
}

const TypeInfo *cpu_type_by_model(const char *model)
{
    const TypeInfo *type = type_by_name(model);
    ModelSearch search = { .model = model };

    if (type && type_is_a(type, TYPE_CPU)) {
        return type;
    }
    type_foreach(TYPE_CPU, match_model, &search);
    return search.found;
}

char *cpu_model_of_type(const TypeInfo *type)
{
    const TypeInfo *parent = type_parent(type);
    size_t len = strlen(type->name), tail = parent ? strlen(parent->name) + 1 : len;

    return tail < len && type->name[len - tail] == '-' && !strcmp(type->name + len - tail + 1, parent->name)
               ? g_strndup(type->name, len - tail) : NULL;
}

static void note_target(const TypeInfo *type, void *opaque)
{
    const CPUClass *cc = type_class_data(type);

    *(const char **)opaque = cc ? cc->target_name : *(const char **)opaque;
}

const char *target_name(void)
{
    const char *name = "none";

    type_foreach(TYPE_CPU, note_target, &name);
    return name;
}

/* What stands behind the model's name: ",FEATURES". */
static bool set_features(CPUState *cpu, const char *cpu_type, const char *features, Error **errp)
{
    if (!*features) {
        return true;
    }
    if (!cpu->cc->set_features) {
        error_setg(errp, "-cpu %s: these CPUs have no features to set", cpu_type);
        return false;
    }
    return cpu->cc->set_features(cpu, features + 1, errp);
}

CPUState *cpu_create(const char *cpu_type, Error **errp)
{
    const char *features = cpu_type + strcspn(cpu_type, ",");
    char *model = g_strndup(cpu_type, features - cpu_type);
    const TypeInfo *type = cpu_type_by_model(model);
    const CPUClass *cc = NULL;

    g_free(model);

    if (!type) {
        error_setg(errp, "-cpu %s: unknown CPU model (see -cpu help)", cpu_type);
        return NULL;
    }
    for (const TypeInfo *t = type; t && !cc; t = t->parent ? type_by_name(t->parent) : NULL) {
        cc = t->class_data;
    }
    size_t head = ROUND_UP(type->instance_size, (size_t)4096);
    size_t cache = TB_JMP_CACHE_SIZE * (sizeof(TBJumpCacheEntry) + sizeof(TranslationBlock *));
    size_t tables = (size_t)cc->num_mmu_modes * 2 * tlb_fast_bytes(cc->vaddr_bits);
    uint8_t *mem = mmap(NULL, head + cache + tables, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (mem == MAP_FAILED) {
        error_setg_errno(errp, errno, "-cpu %s: no memory", cpu_type);
        return NULL;
    }
    cpu_env_offset = cc->env_offset;
    tlb_layout((intptr_t)(head + cache) - (intptr_t)cc->env_offset, tlb_fast_bytes(cc->vaddr_bits));

    CPUState *cpu = (CPUState *)mem;

    cpu->cc = cc;
    cpu->env = (CPUArchState *)(mem + cc->env_offset);
    cpu->exception_index = -1;
    cpu->as = &address_space_memory;
    cpu->breakpoints = g_array_new(false, true, sizeof(CPUBreakpoint));
    cpu->watchpoints = g_array_new(false, true, sizeof(CPUWatchpoint));
    pthread_cond_init(&cpu->halt_cond, NULL);
    pthread_mutex_init(&cpu->work_lock, NULL);
    cpu_neg(cpu)->jmp_cache = (TBJumpCacheEntry *)(mem + head);
    memset(mem + head, 0xff, TB_JMP_CACHE_SIZE * sizeof(TBJumpCacheEntry));
    cpu->jmp_cache_tbs = (TranslationBlock **)(mem + head + TB_JMP_CACHE_SIZE * sizeof(TBJumpCacheEntry));
    tlb_init(cpu);
    object_initialize(mem, type->name);
    if (!set_features(cpu, cpu_type, features, errp) || !qdev_realize((DeviceState *)mem, NULL, errp)) {
        tlb_destroy(cpu);
        munmap(mem, head + cache + tables);
        return NULL;
    }
    qemu_init_vcpu(cpu);
    return cpu;
}
