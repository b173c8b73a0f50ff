/*
 * Registers as gdb numbers them for riscv:rv32: x0-x31, pc; 33 to 64 would be
 * floating point; CSR n is 65 + n; the privilege level comes last.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "qemu/bswap.h"
#include "exec/gdbstub.h"
#include "target-riscv/cpu.h"

enum { GDB_PC = 32, GDB_CSR0 = 65, CSR_COUNT = 4096, GDB_PRIV = GDB_CSR0 + CSR_COUNT };

/* A debugger sees with the eyes of machine mode. */
static bool access_csr(CPURISCVState *env, unsigned csr, uint32_t *value, bool write)
{
    uint32_t priv = env->priv, wanted = *value;
    bool ok;

    if (!riscv_csr_name(csr)) {
        return false;
    }
    env->priv = PRIV_M;
    ok = riscv_csr_access(env, csr, value, wanted, write ? UINT32_MAX : 0, write);
    env->priv = priv;
    riscv_update_hflags(env);
    return ok;
}

static bool read_register(CPURISCVState *env, int reg, uint32_t *value)
{
    if (reg >= 0 && reg < 32) {
        *value = env->gpr[reg];
    } else if (reg == GDB_PC) {
        *value = env->pc;
    } else if (reg == GDB_PRIV) {
        *value = env->priv;
    } else {
        return reg >= GDB_CSR0 && reg < GDB_PRIV && access_csr(env, reg - GDB_CSR0, value, false);
    }
    return true;
}

int riscv_gdb_read_register(CPUState *cpu, GByteArray *buf, int reg)
{
    uint8_t bytes[4];
    uint32_t value = 0;

    if (!read_register(cpu->env, reg, &value)) {
        return 0;
    }
    stl_le_p(bytes, value);
    g_byte_array_append(buf, bytes, sizeof(bytes));
    return sizeof(bytes);
}

int riscv_gdb_write_register(CPUState *cpu, const uint8_t *buf, int reg)
{
    CPURISCVState *env = cpu->env;
    uint32_t value = ldl_le_p(buf);

    if (reg >= 0 && reg < 32) {
        env->gpr[reg] = reg ? value : 0;
    } else if (reg == GDB_PC) {
        env->pc = value & ~1u;
    } else if (reg == GDB_PRIV && value <= PRIV_M && value != 2) {
        env->priv = value;
        riscv_update_hflags(env);
    } else if (reg < GDB_CSR0 || reg >= GDB_PRIV || !access_csr(env, reg - GDB_CSR0, &value, true)) {
        return 0;
    }
    return sizeof(value);
}

/* --- the target description ---------------------------------------------------------------------- */

static GdbRegister gpr_regs[33], csr_regs[256];
static const GdbRegister virtual_regs[] = { { "priv", GDB_PRIV, 0, 32, "uint32", NULL } };

static unsigned describe_csrs(void)
{
    unsigned count = 0;

    for (unsigned csr = 0; csr < CSR_COUNT && count < ARRAY_SIZE(csr_regs); csr++) {
        if (riscv_csr_name(csr)) {
            csr_regs[count++] = (GdbRegister) { riscv_csr_name(csr), GDB_CSR0 + csr, 0, 32, "uint32", "csr" };
        }
    }
    return count;
}

const GdbFeature *riscv_gdb_features(CPUState *cpu, size_t *count)
{
    static GdbFeature features[] = {
        { "org.gnu.gdb.riscv.cpu", NULL, gpr_regs, ARRAY_SIZE(gpr_regs) },
        { "org.gnu.gdb.riscv.csr", NULL, csr_regs, 0 },
        { "org.gnu.gdb.riscv.virtual", NULL, virtual_regs, ARRAY_SIZE(virtual_regs) },
    };

    for (unsigned i = 0; i < 32; i++) {
        gpr_regs[i] = (GdbRegister) { riscv_gpr_names[i], i, 0, 32, i == 2 ? "data_ptr" : "int", NULL };
    }
    gpr_regs[32] = (GdbRegister) { "pc", GDB_PC, 0, 32, "code_ptr", NULL };
    features[1].num_regs = describe_csrs();
    *count = ARRAY_SIZE(features);
    return features;
}
