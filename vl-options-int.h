/*
 * Between vl-options.c, which has the table of options, and the files with
 * the functions of its rows.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef VL_OPTIONS_INT_H
#define VL_OPTIONS_INT_H

#include "sysemu/vl-options.h"

typedef struct OptionRow OptionRow;
typedef bool OptionFunc(VLOptions *opts, const OptionRow *row, const char *arg, Error **errp);

struct OptionRow {
    const char *name;
    const char *arg;            /* shape of the argument for help; NULL: takes none */
    OptionFunc *fn;
    const char *help;           /* NULL: not listed */
    size_t offset;              /* of the field that generic functions set */
    bool json;                  /* the argument may be a JSON object */
};

/* Does what the option does on the command line. arg is kept. */
bool vl_apply_option(VLOptions *opts, const char *name, const char *arg, Error **errp);

/* vl-options-host.c: the process, its names and clocks. */
OptionFunc opt_rtc, opt_seed, opt_name, opt_uuid, opt_msg, opt_add_fd, opt_sandbox, opt_runas,
    opt_overcommit;
/* vl-config.c */
OptionFunc opt_readconfig;

/* -writeconfig: the options so far that have groups; NULL: none were given. */
void vl_config_note(const char *option, const char *arg);
bool vl_config_write(const char *path, Error **errp);

#endif
