/*
 * CPU models: version numbers and features (user's manuals of the chips), and
 * the object types made of them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "target-ppc/cpu-models.h"
#include "target-ppc/spr.h"

/* --- families ---------------------------------------------------------------------------------- */

typedef struct Family {
    uint32_t features, spr_groups, msr_mask;
    uint16_t cache_line_bytes;
} Family;

enum {
    COMMON_FEATURES = PPC_NOT_601 | PPC_BASE_FLOAT | PPC_FLOAT_OPT | PPC_TLBSYNC | PPC_EXTERN,
    COMMON_SPRS = SPRS_TIMEBASE | SPRS_BATS | SPRS_EAR,
    SPRS_OF_7XX = COMMON_SPRS | SPRS_IABR | SPRS_PERF2 | SPRS_PERF4 | SPRS_USER_PERF | SPRS_7XX | SPRS_HID1,
    SPRS_OF_74XX = (SPRS_OF_7XX & ~SPRS_HID1) | SPRS_74XX | SPRS_DABR | SPRS_PIR | SPRS_VRSAVE | SPRS_SDA,
    SPRS_OF_745X = (SPRS_OF_74XX & ~SPRS_7XX) | SPRS_745X | SPRS_PERF6 | SPRS_HIGH_BATS,
};

static const Family family_601 = {
    PPC_601 | PPC_BASE_FLOAT | PPC_EXTERN | PPC_BATS_601, SPRS_601 | SPRS_EAR, 0x0000fd70, 32 };
static const Family family_603 = {
    COMMON_FEATURES | PPC_TLB603, COMMON_SPRS | SPRS_603 | SPRS_IABR | SPRS_HID1, 0x0007ff73, 32 };
static const Family family_g2 = {
    COMMON_FEATURES | PPC_TLB603 | PPC_HIGH_BATS,
    COMMON_SPRS | SPRS_603 | SPRS_IABR | SPRS_HID1 | SPRS_HIGH_BATS | SPRS_G2, 0x0007ff73, 32 };
static const Family family_604 = {
    COMMON_FEATURES, COMMON_SPRS | SPRS_604 | SPRS_IABR | SPRS_DABR | SPRS_PIR | SPRS_PERF2 | SPRS_SDA,
    0x0005ff77, 32 };
static const Family family_604e = {
    COMMON_FEATURES,
    COMMON_SPRS | SPRS_604 | SPRS_IABR | SPRS_DABR | SPRS_PIR | SPRS_PERF2 | SPRS_PERF4 | SPRS_SDA | SPRS_HID1,
    0x0005ff77, 32 };
static const Family family_750 = { COMMON_FEATURES, SPRS_OF_7XX | SPRS_DABR, 0x0005ff77, 32 };
static const Family family_750fx = {
    COMMON_FEATURES | PPC_HIGH_BATS, (SPRS_OF_7XX & ~SPRS_HID1) | SPRS_DABR | SPRS_HIGH_BATS | SPRS_750FX,
    0x0005ff77, 32 };
static const Family family_7400 = {
    COMMON_FEATURES | PPC_ALTIVEC_FEATURE | PPC_TLBIA, SPRS_OF_74XX | SPRS_HID1, 0x0205ff77, 32 };
static const Family family_7410 = {
    COMMON_FEATURES | PPC_ALTIVEC_FEATURE | PPC_TLBIA, SPRS_OF_74XX | SPRS_HID1 | SPRS_7410, 0x0205ff77, 32 };
/* The 7441, 7445 and 7447 have no pins for a level 3 cache, but its registers: their PVR is that of the
 * 7451, 7455 and 7457, and systems read L3CR by PVR. */
static const Family family_7450 = {
    COMMON_FEATURES | PPC_ALTIVEC_FEATURE | PPC_HIGH_BATS, SPRS_OF_745X | SPRS_L3, 0x0205ff77, 32 };
static const Family family_7447a = {
    COMMON_FEATURES | PPC_ALTIVEC_FEATURE | PPC_HIGH_BATS, SPRS_OF_745X, 0x0205ff77, 32 };

/* --- models -------------------------------------------------------------------------------------- */

typedef struct ModelRow {
    const char *name;
    const char *alias_of;
    uint32_t pvr;
    const Family *family;
} ModelRow;

static const ModelRow model_rows[] = {
    { "601", NULL, 0x00010002, &family_601 },
    { "603", NULL, 0x00030100, &family_603 },
    { "604", NULL, 0x00040103, &family_604 },
    { "603e_v1.1", NULL, 0x00060101, &family_603 },
    { "603e_v1.2", NULL, 0x00060102, &family_603 },
    { "603e_v1.3", NULL, 0x00060103, &family_603 },
    { "603e_v1.4", NULL, 0x00060104, &family_603 },
    { "603e_v2.2", NULL, 0x00060202, &family_603 },
    { "603e_v3", NULL, 0x00060300, &family_603 },
    { "603e_v4", NULL, 0x00060400, &family_603 },
    { "603e_v4.1", NULL, 0x00060401, &family_603 },
    { "603e", "603e_v4.1", 0, NULL },
    { "603p", NULL, 0x00070000, &family_603 },
    { "603e7v", NULL, 0x00070100, &family_603 },
    { "603e7v1", NULL, 0x00070101, &family_603 },
    { "603e7", NULL, 0x00070200, &family_603 },
    { "603e7v2", NULL, 0x00070201, &family_603 },
    { "603e7t", NULL, 0x00071201, &family_603 },
    { "603r", "603e7t", 0, NULL },
    { "g2", NULL, 0x00810011, &family_g2 },
    { "e300c1", NULL, 0x00830010, &family_g2 },
    { "e300c2", NULL, 0x00840010, &family_g2 },
    { "e300c3", NULL, 0x00850010, &family_g2 },
    { "e300c4", NULL, 0x00860010, &family_g2 },
    { "e300", "e300c3", 0, NULL },
    { "604e_v1.0", NULL, 0x00090100, &family_604e },
    { "604e_v2.2", NULL, 0x00090202, &family_604e },
    { "604e_v2.4", NULL, 0x00090204, &family_604e },
    { "604e", "604e_v2.4", 0, NULL },
    { "604r", NULL, 0x000a0101, &family_604e },
    { "740_v2.0", NULL, 0x00080200, &family_750 },
    { "740_v2.2", NULL, 0x00080202, &family_750 },
    { "740_v3.0", NULL, 0x00080300, &family_750 },
    { "740_v3.1", NULL, 0x00080301, &family_750 },
    { "740", "740_v3.1", 0, NULL },
    { "750_v2.0", NULL, 0x00080200, &family_750 },
    { "750_v2.2", NULL, 0x00080202, &family_750 },
    { "750_v3.0", NULL, 0x00080300, &family_750 },
    { "750_v3.1", NULL, 0x00080301, &family_750 },
    { "750", "750_v3.1", 0, NULL },
    { "g3", "750_v3.1", 0, NULL },
    { "745_v2.8", NULL, 0x00083208, &family_750 },
    { "745", "745_v2.8", 0, NULL },
    { "755_v2.8", NULL, 0x00083208, &family_750 },
    { "755", "755_v2.8", 0, NULL },
    { "750cx_v2.2", NULL, 0x00082202, &family_750 },
    { "750cx", "750cx_v2.2", 0, NULL },
    { "750cxe_v3.1b", NULL, 0x00083311, &family_750 },
    { "750cxe", "750cxe_v3.1b", 0, NULL },
    { "750l_v3.2", NULL, 0x00088302, &family_750 },
    { "750l", "750l_v3.2", 0, NULL },
    { "750fx_v2.3", NULL, 0x70000203, &family_750fx },
    { "750fx", "750fx_v2.3", 0, NULL },
    { "750gx_v1.2", NULL, 0x70020102, &family_750fx },
    { "750gx", "750gx_v1.2", 0, NULL },
    { "7400_v2.6", NULL, 0x000c0206, &family_7400 },
    { "7400_v2.7", NULL, 0x000c0207, &family_7400 },
    { "7400_v2.8", NULL, 0x000c0208, &family_7400 },
    { "7400_v2.9", NULL, 0x000c0209, &family_7400 },
    { "7400", "7400_v2.9", 0, NULL },
    { "g4", "7400_v2.9", 0, NULL },
    { "7410_v1.4", NULL, 0x800c1104, &family_7410 },
    { "7410", "7410_v1.4", 0, NULL },
    { "7441_v2.3", NULL, 0x80000203, &family_7450 },
    { "7441", "7441_v2.3", 0, NULL },
    { "7445_v3.2", NULL, 0x80010302, &family_7450 },
    { "7445", "7445_v3.2", 0, NULL },
    { "7447_v1.1", NULL, 0x80020101, &family_7450 },
    { "7447", "7447_v1.1", 0, NULL },
    { "7447a_v1.2", NULL, 0x80030102, &family_7447a },
    { "7447a", "7447a_v1.2", 0, NULL },
    { "7450_v2.1", NULL, 0x80000201, &family_7450 },
    { "7450", "7450_v2.1", 0, NULL },
    { "7451_v2.3", NULL, 0x80000203, &family_7450 },
    { "7451", "7451_v2.3", 0, NULL },
    { "7455_v3.2", NULL, 0x80010302, &family_7450 },
    { "7455", "7455_v3.2", 0, NULL },
    { "7457_v1.2", NULL, 0x80020102, &family_7450 },
    { "7457", "7457_v1.2", 0, NULL },
};

/* --- types -------------------------------------------------------------------------------------------- */

/* class_data of a model's type: what the core sees, then the model. */
typedef struct PowerPCCPUClass {
    CPUClass parent_class;
    PPCModel model;
} PowerPCCPUClass;

const PPCModel *ppc_model_of(const Object *obj)
{
    return &((const PowerPCCPUClass *)object_class_data(obj))->model;
}

static const ModelRow *find_model(const char *name)
{
    for (unsigned i = 0; i < ARRAY_SIZE(model_rows); i++) {
        if (!strcmp(model_rows[i].name, name)) {
            return &model_rows[i];
        }
    }
    return NULL;
}

static void register_model(const ModelRow *row)
{
    const ModelRow *real = row->alias_of ? find_model(row->alias_of) : row;
    const Family *family = real->family;
    PowerPCCPUClass *class = g_new0(PowerPCCPUClass, 1);
    TypeInfo *info = g_new0(TypeInfo, 1);

    class->parent_class = ppc_cpu_class;
    class->model = (PPCModel) {
        .name = real->name, .alias_of = row->alias_of, .pvr = real->pvr, .features = family->features,
        .spr_groups = family->spr_groups, .msr_mask = family->msr_mask,
        .cache_line_bytes = family->cache_line_bytes,
    };
    *info = (TypeInfo) {
        .name = g_strconcat(row->name, POWERPC_CPU_SUFFIX, NULL),
        .parent = TYPE_POWERPC_CPU,
        .desc = "PowerPC CPU",
        .instance_size = sizeof(PowerPCCPU),
        .class_data = class,
    };
    type_register_static(info);
}

static void register_models(void)
{
    for (unsigned i = 0; i < ARRAY_SIZE(model_rows); i++) {
        register_model(&model_rows[i]);
    }
}
type_init(register_models)

void target_cpu_list(FILE *f)
{
    for (unsigned i = 0; i < ARRAY_SIZE(model_rows); i++) {
        const ModelRow *row = &model_rows[i];

        if (row->alias_of) {
            fprintf(f, "PowerPC %-16s (alias for %s)\n", row->name, row->alias_of);
        } else {
            fprintf(f, "PowerPC %-16s PVR %08x\n", row->name, row->pvr);
        }
    }
}
