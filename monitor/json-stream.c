/*
 * From a client's bytes to JSON values: finds where each value ends and hands
 * it to the library's parser. Values need no separator. 'Single' quotes are
 * taken for double ones. After nonsense it goes on at the next line; the byte
 * 0xff forgets what is unfinished.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"

enum { MAX_VALUE_BYTES = 8 * MiB, MAX_DEPTH = 1024 };

struct JSONStream {
    JSONStreamFunc *func;
    void *opaque;
    GString *text;              /* of the value under way */
    unsigned depth;             /* brackets open */
    char quote;                 /* inside of a string: its quote, 0: outside */
    bool escape;                /* behind a backslash */
    bool skip;                  /* up to the end of the line */
};

JSONStream *json_stream_new(JSONStreamFunc *func, void *opaque)
{
    JSONStream *stream = g_new0(JSONStream, 1);

    stream->func = func;
    stream->opaque = opaque;
    stream->text = g_string_new(NULL);
    return stream;
}

void json_stream_reset(JSONStream *stream)
{
    g_string_truncate(stream->text, 0);
    stream->depth = 0;
    stream->quote = 0;
    stream->escape = stream->skip = false;
}

static void fail(JSONStream *stream, const char *why, bool skip_line)
{
    json_stream_reset(stream);
    stream->skip = skip_line;
    stream->func(stream->opaque, NULL, why);
}

static void finish(JSONStream *stream)
{
    json_error_t error;
    g_autofree char *why = NULL;
    json_t *value = json_loadb(stream->text->str, stream->text->len,
                               JSON_DECODE_ANY | JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);

    json_stream_reset(stream);
    if (!value) {
        why = g_strdup_printf("JSON parse error, %s", error.text);
    }
    stream->func(stream->opaque, value, why);
}

static void string_byte(JSONStream *stream, char c)
{
    if (stream->escape) {
        stream->escape = false;
        if (c == '\'') {        /* \' is \ and ' for the library: no such escape */
            g_string_truncate(stream->text, stream->text->len - 1);
        }
        g_string_append_c(stream->text, c);
    } else if (c == '\\') {
        stream->escape = true;
        g_string_append_c(stream->text, c);
    } else if (c == stream->quote) {
        stream->quote = 0;
        g_string_append_c(stream->text, '"');
        if (!stream->depth) {
            finish(stream);
        }
    } else if ((unsigned char)c < 0x20) {
        fail(stream, "JSON parse error, control character in a string", c != '\n');
    } else if (c == '"') {
        g_string_append(stream->text, "\\\"");
    } else {
        g_string_append_c(stream->text, c);
    }
}

static void close_bracket(JSONStream *stream, char c)
{
    if (!stream->depth) {
        fail(stream, "JSON parse error, a closing bracket without its opening one", true);
        return;
    }
    g_string_append_c(stream->text, c);
    if (!--stream->depth) {
        finish(stream);
    }
}

static void plain_byte(JSONStream *stream, char c)
{
    bool word = stream->text->len && !stream->depth;

    if (g_ascii_isspace(c) || strchr("{}[]\"'", c)) {
        if (word) {
            finish(stream);     /* a number, true, ... at the top level */
        }
    }
    switch (c) {
    case '"': case '\'':
        stream->quote = c;
        g_string_append_c(stream->text, '"');
        break;
    case '{': case '[':
        g_string_append_c(stream->text, c);
        if (++stream->depth > MAX_DEPTH) {
            fail(stream, "JSON nesting depth limit exceeded", true);
        }
        break;
    case '}': case ']':
        close_bracket(stream, c);
        break;
    default:
        if (stream->depth || !g_ascii_isspace(c)) {
            g_string_append_c(stream->text, c);
        }
        break;
    }
}

void json_stream_feed(JSONStream *stream, const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        char c = bytes[i];

        if (c == '\xff') {
            json_stream_reset(stream);
        } else if (stream->skip) {
            stream->skip = c != '\n';
        } else if (!c) {
            fail(stream, "JSON parse error, a zero byte", true);
        } else if (stream->text->len >= MAX_VALUE_BYTES) {
            fail(stream, "JSON token size limit exceeded", c != '\n');
        } else if (stream->quote) {
            string_byte(stream, c);
        } else {
            plain_byte(stream, c);
        }
    }
}
