/*
 * OpenPIC as KeyLargo has it. Property "nb_cpus"; gpio inputs: 64 sources;
 * outputs 0..nb_cpus-1: interrupt of each CPU.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_INTC_OPENPIC_H
#define HW_INTC_OPENPIC_H

#define TYPE_OPENPIC "openpic"
#define OPENPIC_SOURCES 64
#define OPENPIC_MAX_CPUS 4

#endif
