/*
 * QMP: migration.
 *
 * SPDX-License-Identifier: MIT
 */
#include "qemu/osdep.h"
#include "monitor/qmp-int.h"
#include "migration/migration.h"

json_t *qmp_query_migrate_capabilities(json_t *args, Error **errp)
{
    return json_pack("[{s:s,s:b}]", "capability", "events", "state", migration_events());
}

json_t *qmp_migrate_set_capabilities(json_t *args, Error **errp)
{
    json_t *item;
    size_t i;

    json_array_foreach(json_object_get(args, "capabilities"), i, item) {
        migration_set_events(qmp_bool(item, "state"));   /* the only capability */
    }
    return qmp_done();
}

json_t *qmp_migrate(json_t *args, Error **errp)
{
    if (qmp_bool(args, "blk") || qmp_bool(args, "inc")) {
        error_setg(errp, "images are not migrated: both sides must see the same");
        return NULL;
    }
    if (qmp_bool(args, "resume")) {
        error_setg(errp, "a migration that failed begins anew");
        return NULL;
    }
    return qmp_done_if(migration_start(qmp_str(args, "uri"), errp));
}

json_t *qmp_migrate_incoming(json_t *args, Error **errp)
{
    return qmp_done_if(migration_incoming(qmp_str(args, "uri"), errp));
}

json_t *qmp_migrate_cancel(json_t *args, Error **errp)
{
    migration_cancel();
    return qmp_done();
}

json_t *qmp_query_migrate(json_t *args, Error **errp)
{
    MigrationInfo info;
    json_t *answer;

    migration_get_info(&info);
    if (info.status == MIGRATION_NONE) {
        return json_object();
    }
    if (info.incoming) {
        return json_pack("{s:s}", "status", migration_status_name(info.status));
    }
    answer = json_pack("{s:s,s:I,s:s*}", "status", migration_status_name(info.status), "total-time",
                       (json_int_t)info.total_time_ms, "error-desc", info.error);
    json_object_set_new(answer, "ram", json_pack("{s:I,s:I,s:I}", "transferred", (json_int_t)info.transferred,
        "remaining", (json_int_t)(info.status == MIGRATION_ACTIVE ? info.total - MIN(info.transferred, info.total) : 0),
        "total", (json_int_t)info.total));
    if (info.status == MIGRATION_COMPLETED) {
        json_object_set_new(answer, "downtime", json_integer(info.total_time_ms));
    }
    return answer;
}

json_t *qmp_query_migrate_parameters(json_t *args, Error **errp)
{
    return json_pack("{s:I}", "max-bandwidth", (json_int_t)migration_bandwidth());
}

json_t *qmp_migrate_set_parameters(json_t *args, Error **errp)
{
    int64_t bandwidth = qmp_int(args, "max-bandwidth", migration_bandwidth());

    if (bandwidth <= 0) {
        error_setg(errp, "Parameter 'max-bandwidth' expects bytes a second, more than 0");
        return NULL;
    }
    migration_set_bandwidth(bandwidth);
    return qmp_done();
}
