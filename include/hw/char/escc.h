/*
 * Zilog 8530 serial controller in Apple's wiring.
 *
 * Properties "chrA", "chrB". Region 0: ESCC addresses (B control, B data,
 * A control, A data, 0x10 apart). Region 1: the older layout (B control,
 * A control, B data, A data, 2 apart). Outputs 0: channel B, 1: channel A.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_CHAR_ESCC_H
#define HW_CHAR_ESCC_H

#define TYPE_ESCC "escc"
#define ESCC_SIZE 0x60
#define ESCC_LEGACY_SIZE 0x10

#endif
