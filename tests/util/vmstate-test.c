/*
 * Saving device state: what is saved comes back in every kind of field, and
 * damaged streams are refused. If this fails, snapshots lose guest state.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "migration/vmstate.h"
#include "qemu/timer.h"
#include "test-stubs.h"

typedef struct Inner {
    uint16_t half;
    uint8_t bytes[3];
} Inner;

typedef struct Outer {
    uint8_t u8;
    int32_t i32;
    uint64_t u64;
    bool flag;
    uint32_t words[4];
    Inner inner[2];
    uint8_t raw[5];
    QEMUTimer *timer, *idle;
    uint32_t heap_size;
    uint8_t *heap;
    int loads;
} Outer;

static int outer_post_load(void *opaque, int version)
{
    Outer *o = opaque;

    o->loads++;
    return o->u8 == 0xee ? -1 : 0;      /* stands for a value that no guest can reach */
}

static const VMStateDescription vmstate_inner = {
    .name = "inner", .version = 3,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT16(half, Inner),
        VMSTATE_UINT8_ARRAY(bytes, Inner, 3),
        VMSTATE_END
    },
};

static const VMStateDescription vmstate_outer = {
    .name = "outer", .version = 1, .post_load = outer_post_load,
    .fields = (const VMStateField[]) {
        VMSTATE_UINT8(u8, Outer),
        VMSTATE_INT32(i32, Outer),
        VMSTATE_UINT64(u64, Outer),
        VMSTATE_BOOL(flag, Outer),
        VMSTATE_UINT32_ARRAY(words, Outer, 4),
        VMSTATE_STRUCT_ARRAY(inner, Outer, 2, vmstate_inner, Inner),
        VMSTATE_BUFFER(raw, Outer),
        VMSTATE_TIMER_PTR(timer, Outer),
        VMSTATE_TIMER_PTR(idle, Outer),
        VMSTATE_VBUFFER(heap, Outer, heap_size),
        VMSTATE_END
    },
};

static void nothing(void *opaque)
{
}

static void outer_init(Outer *o)
{
    memset(o, 0, sizeof(*o));
    o->timer = timer_new_ns(QEMU_CLOCK_VIRTUAL, nothing, NULL);
    o->idle = timer_new_ns(QEMU_CLOCK_VIRTUAL, nothing, NULL);
    o->heap_size = 6;
    o->heap = g_malloc0(o->heap_size);
}

static void outer_cleanup(Outer *o)
{
    timer_free(o->timer);
    timer_free(o->idle);
    g_free(o->heap);
}

static void outer_fill(Outer *o)
{
    o->u8 = 0x12;
    o->i32 = -7;
    o->u64 = 0x0102030405060708;
    o->flag = true;
    for (int i = 0; i < 4; i++) {
        o->words[i] = 0xa0000000 + i;
    }
    for (int i = 0; i < 2; i++) {
        o->inner[i].half = 0x1234 + i;
        memset(o->inner[i].bytes, 0x40 + i, 3);
    }
    memcpy(o->raw, "hello", 5);
    memcpy(o->heap, "abcdef", 6);
    timer_mod_ns(o->timer, 123456789);
}

static void test_round_trip(void)
{
    GByteArray *buf = g_byte_array_new();
    const uint8_t *data;
    const char *why = NULL;
    Outer a, b;

    outer_init(&a);
    outer_init(&b);
    outer_fill(&a);
    timer_mod_ns(b.idle, 55);
    g_assert_true(vmstate_save(&vmstate_outer, &a, buf));
    /* Version, then the fields, big-endian. */
    g_assert_cmpmem(buf->data, 9, "\0\0\0\1\x12\xff\xff\xff\xf9", 9);
    data = buf->data;
    g_assert_true(vmstate_load(&vmstate_outer, &b, &data, buf->data + buf->len, &why));
    g_assert_true(data == buf->data + buf->len);
    g_assert_cmpint(b.loads, ==, 1);
    g_assert_cmpmem(&a, offsetof(Outer, timer), &b, offsetof(Outer, timer));
    g_assert_cmpmem(a.heap, 6, b.heap, 6);
    g_assert_cmpint(timer_expire_time_ns(b.timer), ==, 123456789);
    g_assert_false(timer_pending(b.idle));
    outer_cleanup(&a);
    outer_cleanup(&b);
    g_byte_array_free(buf, true);
}

static void test_damaged(void)
{
    GByteArray *buf = g_byte_array_new();
    Outer a, b;

    outer_init(&a);
    outer_init(&b);
    outer_fill(&a);
    g_assert_true(vmstate_save(&vmstate_outer, &a, buf));
    for (guint len = 0; len < buf->len; len++) {
        const uint8_t *data = buf->data;
        const char *why = NULL;

        g_assert_false(vmstate_load(&vmstate_outer, &b, &data, buf->data + len, &why));
        g_assert_nonnull(why);
    }
    for (guint i = 0; i < 2; i++) {
        const uint8_t *data = buf->data;
        const char *why = NULL;

        buf->data[i ? 4 : 3] = i ? 0xee : 9;    /* version; a value post_load refuses */
        g_assert_false(vmstate_load(&vmstate_outer, &b, &data, buf->data + buf->len, &why));
        g_assert_nonnull(why);
        buf->data[3] = 1;
    }
    outer_cleanup(&a);
    outer_cleanup(&b);
    g_byte_array_free(buf, true);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/vmstate/round-trip", test_round_trip);
    g_test_add_func("/vmstate/damaged", test_damaged);
    return g_test_run();
}
