/*
 * Firmware configuration device: numbered items and named files that firmware
 * reads a byte at a time, or (in the form with ports) by DMA.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_NVRAM_FW_CFG_H
#define HW_NVRAM_FW_CFG_H

#include "hw/qdev.h"

#define TYPE_FW_CFG     "fw_cfg"
#define TYPE_FW_CFG_MEM "fw_cfg_mem"
#define TYPE_FW_CFG_IO  "fw_cfg_io"

enum {
    FW_CFG_SIGNATURE = 0x00, FW_CFG_ID = 0x01, FW_CFG_UUID = 0x02, FW_CFG_RAM_SIZE = 0x03,
    FW_CFG_NOGRAPHIC = 0x04, FW_CFG_NB_CPUS = 0x05, FW_CFG_MACHINE_ID = 0x06,
    FW_CFG_KERNEL_ADDR = 0x07, FW_CFG_KERNEL_SIZE = 0x08, FW_CFG_KERNEL_CMDLINE = 0x09,
    FW_CFG_INITRD_ADDR = 0x0a, FW_CFG_INITRD_SIZE = 0x0b, FW_CFG_BOOT_DEVICE = 0x0c,
    FW_CFG_NUMA = 0x0d, FW_CFG_BOOT_MENU = 0x0e, FW_CFG_MAX_CPUS = 0x0f,
    FW_CFG_KERNEL_ENTRY = 0x10, FW_CFG_KERNEL_DATA = 0x11, FW_CFG_INITRD_DATA = 0x12,
    FW_CFG_CMDLINE_ADDR = 0x13, FW_CFG_CMDLINE_SIZE = 0x14, FW_CFG_CMDLINE_DATA = 0x15,
    FW_CFG_SETUP_ADDR = 0x16, FW_CFG_SETUP_SIZE = 0x17, FW_CFG_SETUP_DATA = 0x18,
    FW_CFG_FILE_DIR = 0x19, FW_CFG_FILE_FIRST = 0x20, FW_CFG_FILE_SLOTS = 0x20,
    FW_CFG_MAX_ENTRY = FW_CFG_FILE_FIRST + FW_CFG_FILE_SLOTS,
    FW_CFG_ARCH_LOCAL = 0x8000,
};
#define FW_CFG_MAX_FILE_PATH 56

typedef struct FWCfgState FWCfgState;

/* Regions: selector at ctl_addr (16 bits, big endian), data at data_addr. */
FWCfgState *fw_cfg_init_mem(uint64_t ctl_addr, uint64_t data_addr);
/* Ports: selector (16 bits) at port, data at port + 1, DMA address register at port + 4. */
FWCfgState *fw_cfg_init_io(uint16_t port);

/* Items replace what the key held. Integers are stored little endian; data is copied. */
void fw_cfg_add_bytes(FWCfgState *s, uint16_t key, const void *data, size_t len);
void fw_cfg_add_string(FWCfgState *s, uint16_t key, const char *text);
void fw_cfg_add_i16(FWCfgState *s, uint16_t key, uint16_t value);
void fw_cfg_add_i32(FWCfgState *s, uint16_t key, uint32_t value);
void fw_cfg_add_i64(FWCfgState *s, uint16_t key, uint64_t value);
/* The directory is sorted by name. Replaces a file of that name. False: too many files, or the name is too long. */
bool fw_cfg_add_file(FWCfgState *s, const char *filename, const void *data, size_t len);

#endif
