/*
 * CUDA: the microcontroller for ADB, clock and power behind a 6522.
 *
 * Region 0: the 6522's registers. Output 0: its interrupt. Bus: ADB.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_MISC_MACIO_CUDA_H
#define HW_MISC_MACIO_CUDA_H

#define TYPE_CUDA "cuda"

#endif
