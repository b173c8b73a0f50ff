/*
 * Building ACPI tables: a small AML encoder (ACPI 2.0, chapter 17) and the
 * tables' common header.
 *
 * AML is appended to a GByteArray. Objects with a length (scopes, devices,
 * methods, packages, buffers) are built in an array of their own and appended
 * with aml_add_x(), which frees it.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef HW_ACPI_AML_H
#define HW_ACPI_AML_H

#include "qemu/osdep.h"

typedef GByteArray Aml;

Aml *aml_new(void);
void aml_bytes(Aml *aml, const void *bytes, size_t count);
void aml_byte(Aml *aml, uint8_t byte);
/* A name as \_SB.PCI0 or _CRS. */
void aml_name(Aml *aml, const char *path);
/* Zero, One and the shortest constant. */
void aml_integer(Aml *aml, uint64_t value);
void aml_string(Aml *aml, const char *text);
/* EISA id, "PNP0A03". */
void aml_eisa_id(Aml *aml, const char *id);

/* Name (path, ...): the object follows. */
void aml_begin_name(Aml *aml, const char *path);
void aml_name_integer(Aml *aml, const char *path, uint64_t value);
void aml_name_string(Aml *aml, const char *path, const char *text);
void aml_name_eisa_id(Aml *aml, const char *path, const char *id);

void aml_add_scope(Aml *aml, const char *path, Aml *body);
void aml_add_device(Aml *aml, const char *path, Aml *body);
void aml_add_method(Aml *aml, const char *path, int args, Aml *body);
void aml_add_package(Aml *aml, unsigned elements, Aml *body);
/* Buffer with these bytes. */
void aml_add_buffer(Aml *aml, Aml *bytes);
/* If (predicate) { body } */
void aml_add_if(Aml *aml, Aml *predicate, Aml *body);
void aml_add_processor(Aml *aml, const char *path, uint8_t id, Aml *body);

enum { AML_SYSTEM_MEMORY = 0, AML_SYSTEM_IO = 1, AML_PCI_CONFIG = 2 };
void aml_operation_region(Aml *aml, const char *path, int space, uint64_t offset, uint64_t length);
typedef struct AmlField {
    const char *name;           /* NULL: bits that are skipped */
    unsigned bits;
} AmlField;
enum { AML_BYTE_ACCESS = 1, AML_DWORD_ACCESS = 3 };
/* preserve: writes keep the other bits (else they are zero). */
void aml_field(Aml *aml, const char *region, int access, bool preserve, const AmlField *fields, size_t count);

/* Statements and operands, in prefix order. */
enum { AML_LOCAL0 = 0x60, AML_ARG0 = 0x68, AML_STORE = 0x70, AML_ADD = 0x72, AML_AND = 0x7b, AML_OR = 0x7d,
       AML_SHIFT_LEFT = 0x79, AML_NOTIFY = 0x86, AML_CREATE_DWORD_FIELD = 0x8a, AML_LEQUAL = 0x93,
       AML_LLESS = 0x95, AML_RETURN = 0xa4 };
void aml_return_integer(Aml *aml, uint64_t value);
void aml_return_name(Aml *aml, const char *path);

/* Resource descriptors, for a template that aml_name_crs ends. */
void aml_io(Aml *crs, uint16_t port, uint8_t length);
void aml_irq(Aml *crs, int irq);
void aml_dma(Aml *crs, int channel);
void aml_extended_irqs(Aml *crs, const uint32_t *irqs, size_t count);
void aml_memory32_fixed(Aml *crs, uint32_t base, uint32_t length);
void aml_word_bus_range(Aml *crs, uint16_t first, uint16_t last);
void aml_word_io_range(Aml *crs, uint16_t first, uint16_t last);
void aml_dword_memory_range(Aml *crs, uint32_t first, uint32_t last, bool cacheable);
void aml_qword_memory_range(Aml *crs, uint64_t first, uint64_t last);
/* Name (path, ResourceTemplate): takes crs. */
void aml_name_crs(Aml *aml, const char *path, Aml *crs);

enum { ACPI_HEADER_BYTES = 36, ACPI_CHECKSUM = 9 };
/* Appends a header with zero length and checksum; returns its offset in tables. */
size_t acpi_begin_table(GByteArray *tables, const char *signature, uint8_t revision);
/* Fill the length in. The checksum is the loader's. */
void acpi_end_table(GByteArray *tables, size_t start);

#endif
