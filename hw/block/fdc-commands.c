/*
 * Floppy controller: the command phase (82077AA data sheet, chapter 5). A row
 * for each command; those that move data continue in fdc-transfer.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "hw/block/fdc-internal.h"
#include "qemu/log.h"
#include "trace/hw-block.h"

enum { VERSION_ENHANCED = 0x90, PART_ID = 0x41, MAX_TRACK = 255, LOCK_BIT = 0x10, RELATIVE = 0x80,
       RELATIVE_UP = 0x40, RECALIBRATE_STEPS = 79, CONFIG_DEFAULT = 0x60 };
enum { ST3_PROTECTED = 0x40, ST3_READY = 0x20, ST3_TRACK_0 = 0x10, ST3_TWO_SIDES = 0x08 };

static void invalid(FDCtrl *s)
{
    s->result[0] = ST0_INVALID;
    fdc_finish(s, 1);
}

static void specify(FDCtrl *s)
{
    s->timers[0] = s->command[1];
    s->timers[1] = s->command[2];
    fdc_finish(s, 0);
}

static void sense_drive(FDCtrl *s)
{
    uint8_t n = s->command[1] & 3;
    FloppyDrive *drive = fdc_drive(s, n);
    bool exists = fdc_drive_exists(s, n);
    bool protected = !exists || !fd_has_medium(drive) || blk_is_read_only(drive->blk);

    s->result[0] = (protected ? ST3_PROTECTED : 0) | ST3_READY | (!exists || !drive->track ? ST3_TRACK_0 : 0) |
                   ST3_TWO_SIDES | (s->command[1] & 7);
    fdc_finish(s, 1);
}

static void sense_interrupt(FDCtrl *s)
{
    unsigned n;

    fdc_set_irq(s, false);
    if (s->reset_interrupts) {
        n = 4 - s->reset_interrupts--;
        s->result[0] = ST0_READY_CHANGED | n;
        s->result[1] = n < FDC_DRIVES ? s->drives[n].track : 0;
        fdc_finish(s, 2);
        return;
    }
    if (!s->seek_ended) {
        invalid(s);
        return;
    }
    n = __builtin_ctz(s->seek_ended);
    s->seek_ended &= ~(1 << n);
    s->result[0] = s->seek_status[n];
    s->result[1] = n < FDC_DRIVES ? s->drives[n].track : 0;
    fdc_finish(s, 2);
    if (s->seek_ended) {
        fdc_set_irq(s, true);
    }
}

static void end_seek(FDCtrl *s, unsigned n, uint8_t status)
{
    s->seek_ended |= 1 << n;
    s->seek_status[n] = status | n;
    fdc_finish(s, 0);
    fdc_set_irq(s, true);
}

/* A step pulse with a disk in resets the change line. */
static void stepped(FloppyDrive *drive)
{
    if (fd_has_medium(drive)) {
        drive->changed = false;
    }
}

static void recalibrate(FDCtrl *s)
{
    unsigned n = s->command[1] & 3;
    FloppyDrive *drive = fdc_drive(s, n);
    bool reached = true;

    if (fdc_drive_exists(s, n)) {
        reached = drive->track <= RECALIBRATE_STEPS;
        drive->track = reached ? 0 : drive->track - RECALIBRATE_STEPS;
        stepped(drive);
    }
    end_seek(s, n, reached ? ST0_SEEK_END : ST0_SEEK_END | ST0_ABNORMAL | ST0_EQUIPMENT);
}

static void seek(FDCtrl *s)
{
    unsigned n = s->command[1] & 3;
    FloppyDrive *drive = fdc_drive(s, n);
    int target = s->command[2];

    if (s->command[0] & RELATIVE) {
        target = drive->track + (s->command[0] & RELATIVE_UP ? target : -target);
    }
    if (fdc_drive_exists(s, n)) {
        drive->track = CLAMP(target, 0, MAX_TRACK);
        stepped(drive);
    }
    end_seek(s, n, ST0_SEEK_END | (s->command[1] & 4));
}

static void dump_registers(FDCtrl *s)
{
    s->result[0] = s->drives[0].track;
    s->result[1] = s->drives[1].track;
    s->result[2] = s->result[3] = 0;
    s->result[4] = s->timers[0];
    s->result[5] = s->timers[1];
    s->result[6] = s->end_of_track;
    s->result[7] = (s->lock ? 0x80 : 0) | s->perpendicular;
    s->result[8] = s->config;
    s->result[9] = s->precompensation;
    fdc_finish(s, 10);
}

static void version(FDCtrl *s)
{
    s->result[0] = VERSION_ENHANCED;
    fdc_finish(s, 1);
}

static void part_id(FDCtrl *s)
{
    s->result[0] = PART_ID;
    fdc_finish(s, 1);
}

static void perpendicular_mode(FDCtrl *s)
{
    uint8_t value = s->command[1];

    /* 5.2.12: the drives' bits change with OW only. */
    s->perpendicular = value & 0x80 ? value & 0x3f : (s->perpendicular & 0x3c) | (value & 3);
    fdc_finish(s, 0);
}

static void configure(FDCtrl *s)
{
    s->config = s->command[2];
    s->precompensation = s->command[3];
    fdc_finish(s, 0);
}

static void lock(FDCtrl *s)
{
    s->lock = s->command[0] & 0x80;
    s->result[0] = s->lock ? LOCK_BIT : 0;
    fdc_finish(s, 1);
}

static void save(FDCtrl *s)
{
    memset(s->result, 0, sizeof(s->result));
    s->result[2] = s->drives[0].track;
    s->result[3] = s->drives[1].track;
    s->result[6] = s->timers[0];
    s->result[7] = s->timers[1];
    s->result[8] = s->end_of_track;
    s->result[9] = (s->lock ? 0x80 : 0) | s->perpendicular;
    s->result[10] = s->config;
    s->result[11] = s->precompensation;
    fdc_finish(s, 15);
}

static void restore(FDCtrl *s)
{
    s->drives[0].track = s->command[3];
    s->drives[1].track = s->command[4];
    s->timers[0] = s->command[7];
    s->timers[1] = s->command[8];
    s->end_of_track = s->command[9];
    s->lock = s->command[10] & 0x80;
    s->perpendicular = s->command[10] & 0x3f;
    s->config = s->command[11];
    s->precompensation = s->command[12];
    fdc_finish(s, 0);
}

/* OPTION, DRIVE SPECIFICATION: take their parameters. */
static void accepted(FDCtrl *s)
{
    fdc_finish(s, 0);
}

static void powerdown(FDCtrl *s)
{
    s->result[0] = s->command[1];
    fdc_finish(s, 1);
}

static void drive_specification(FDCtrl *s)
{
    /* 5.2.17: bytes until one with DONE; NRP says whether there is a result. */
    if (s->command[s->command_position - 1] & 0x40) {
        fdc_finish(s, 0);
        return;
    }
    memset(s->result, 0, 4);
    fdc_finish(s, 4);
}

static void read_data(FDCtrl *s) { fdc_start_transfer(s, XFER_READ); }
static void write_data(FDCtrl *s) { fdc_start_transfer(s, XFER_WRITE); }
static void verify(FDCtrl *s) { fdc_start_transfer(s, XFER_VERIFY); }
static void scan_equal(FDCtrl *s) { fdc_start_transfer(s, XFER_SCAN_EQUAL); }
static void scan_low(FDCtrl *s) { fdc_start_transfer(s, XFER_SCAN_LOW); }
static void scan_high(FDCtrl *s) { fdc_start_transfer(s, XFER_SCAN_HIGH); }

static const struct {
    uint8_t match, mask, length;
    void (*run)(FDCtrl *s);
} commands[] = {
    { 0x06, 0x1f, 9, read_data },       { 0x0c, 0x1f, 9, read_data },       { 0x02, 0x9f, 9, read_data },
    { 0x05, 0x3f, 9, write_data },      { 0x09, 0x3f, 9, write_data },      { 0x16, 0x1f, 9, verify },
    { 0x11, 0x1f, 9, scan_equal },      { 0x19, 0x1f, 9, scan_low },        { 0x1d, 0x1f, 9, scan_high },
    { 0x0d, 0xbf, 6, fdc_start_format }, { 0x0a, 0xbf, 2, fdc_read_id },
    { 0x03, 0xff, 3, specify },         { 0x04, 0xff, 2, sense_drive },     { 0x07, 0xff, 2, recalibrate },
    { 0x08, 0xff, 1, sense_interrupt }, { 0x0e, 0xff, 1, dump_registers },  { 0x0f, 0xff, 3, seek },
    { 0x8f, 0xbf, 3, seek },            { 0x10, 0xff, 1, version },         { 0x12, 0xff, 2, perpendicular_mode },
    { 0x13, 0xff, 4, configure },       { 0x14, 0x7f, 1, lock },            { 0x17, 0xff, 2, powerdown },
    { 0x18, 0xff, 1, part_id },         { 0x2e, 0xff, 1, save },            { 0x33, 0xff, 2, accepted },
    { 0x4e, 0xff, 17, restore },        { 0x8e, 0xff, 6, drive_specification },
};

static int find_command(uint8_t byte)
{
    for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
        if ((byte & commands[i].mask) == commands[i].match) {
            return i;
        }
    }
    return -1;
}

void fdc_command_byte(FDCtrl *s, uint8_t value)
{
    trace_fdc_command_byte(value);
    int row = find_command(s->command_position ? s->command[0] : value);

    if (row < 0) {
        qemu_log_mask(LOG_GUEST_ERROR, "fdc: invalid command 0x%02x\n", value);
        invalid(s);
        return;
    }
    s->command[s->command_position++] = value;
    if (s->command_position == commands[row].length ||
        (commands[row].run == drive_specification && s->command_position > 1 && value & 0x80)) {
        commands[row].run(s);
    }
}

/* 2.1.2: LOCK keeps what CONFIGURE set over a reset by software. */
void fdc_reset_commands(FDCtrl *s)
{
    if (!s->lock) {
        s->config = CONFIG_DEFAULT;
        s->precompensation = 0;
    }
    s->perpendicular &= 0x3c;
    s->seek_ended = 0;
    s->phase = PHASE_COMMAND;
    s->command_position = s->result_length = s->result_position = 0;
}
