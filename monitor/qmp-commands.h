/*
 * What QMP knows: types, commands, events. The only list; the checks of
 * arguments, query-commands, query-events and query-qmp-schema follow from it.
 *
 * A row's members are words: "name:type", "*name:type" may be absent, "[type]"
 * is an array, "$feature" marks a feature, "..." lets other members come (they
 * are the command's own business). Built-in types: str int number bool null any.
 *
 * No include guard: the includer defines the macros that it wants.
 * Names and meanings follow the published QMP reference, version 7.2.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef QMP_ENUM
#define QMP_ENUM(name, values)
#endif
#ifndef QMP_STRUCT
#define QMP_STRUCT(name, members)
#endif
/* tag: the member that chooses; branches: "value=type ..." */
#ifndef QMP_UNION
#define QMP_UNION(name, members, tag, branches)
#endif
#ifndef QMP_ALTERNATE
#define QMP_ALTERNATE(name, types)
#endif
/* members: of the arguments, or "=type"; ret: "" for nothing. flags: QMP_CMD_x. */
#ifndef QMP_COMMAND
#define QMP_COMMAND(name, func, members, ret, flags)
#endif
#ifndef QMP_EVENT
#define QMP_EVENT(name, members)
#endif

/* --- the session ------------------------------------------------------------------ */

QMP_ENUM(QMPCapability, "oob")
QMP_STRUCT(VersionTriple, "major:int minor:int micro:int")
QMP_STRUCT(VersionInfo, "qemu:VersionTriple package:str")
QMP_STRUCT(CommandInfo, "name:str")
QMP_STRUCT(EventInfo, "name:str")
QMP_COMMAND("qmp_capabilities", qmp_qmp_capabilities, "*enable:[QMPCapability]", "", QMP_CMD_EARLY)
QMP_COMMAND("query-version", qmp_query_version, "", "VersionInfo", 0)
QMP_COMMAND("query-commands", qmp_query_commands, "", "[CommandInfo]", 0)
QMP_COMMAND("query-events", qmp_query_events, "", "[EventInfo]", 0)

QMP_ENUM(SchemaMetaType, "builtin enum array object alternate command event")
QMP_ENUM(JSONType, "string number int boolean null object array value")
QMP_STRUCT(SchemaInfoBuiltin, "json-type:JSONType")
QMP_STRUCT(SchemaInfoEnumMember, "name:str *features:[str]")
QMP_STRUCT(SchemaInfoEnum, "members:[SchemaInfoEnumMember] values:[str]")
QMP_STRUCT(SchemaInfoArray, "element-type:str")
QMP_STRUCT(SchemaInfoObjectMember, "name:str type:str *default:any *features:[str]")
QMP_STRUCT(SchemaInfoObjectVariant, "case:str type:str")
QMP_STRUCT(SchemaInfoObject, "members:[SchemaInfoObjectMember] *tag:str *variants:[SchemaInfoObjectVariant]")
QMP_STRUCT(SchemaInfoAlternateMember, "type:str")
QMP_STRUCT(SchemaInfoAlternate, "members:[SchemaInfoAlternateMember]")
QMP_STRUCT(SchemaInfoCommand, "arg-type:str ret-type:str *allow-oob:bool")
QMP_STRUCT(SchemaInfoEvent, "arg-type:str")
QMP_UNION(SchemaInfo, "name:str meta-type:SchemaMetaType *features:[str]", "meta-type",
          "builtin=SchemaInfoBuiltin enum=SchemaInfoEnum array=SchemaInfoArray object=SchemaInfoObject "
          "alternate=SchemaInfoAlternate command=SchemaInfoCommand event=SchemaInfoEvent")
QMP_COMMAND("query-qmp-schema", qmp_query_qmp_schema, "", "[SchemaInfo]", 0)

/* --- the process and its run state ------------------------------------------------ */

QMP_ENUM(RunState, "debug inmigrate internal-error io-error paused postmigrate prelaunch finish-migrate "
         "restore-vm running save-vm shutdown suspended watchdog guest-panicked colo")
QMP_ENUM(ShutdownCause, "none host-error host-qmp-quit host-qmp-system-reset host-signal host-ui "
         "guest-shutdown guest-reset guest-panic subsystem-reset snapshot-load")
QMP_STRUCT(StatusInfo, "running:bool singlestep:bool status:RunState")
QMP_STRUCT(NameInfo, "*name:str")
QMP_STRUCT(UuidInfo, "UUID:str")
QMP_STRUCT(KvmInfo, "enabled:bool present:bool")
QMP_ENUM(SysEmuTarget, "i386 ppc riscv32 x86_64")
QMP_STRUCT(TargetInfo, "arch:SysEmuTarget")
QMP_STRUCT(CurrentMachineParams, "wakeup-suspend-support:bool")
QMP_COMMAND("query-status", qmp_query_status, "", "StatusInfo", 0)
QMP_COMMAND("query-name", qmp_query_name, "", "NameInfo", 0)
QMP_COMMAND("query-uuid", qmp_query_uuid, "", "UuidInfo", 0)
QMP_COMMAND("query-kvm", qmp_query_kvm, "", "KvmInfo", 0)
QMP_COMMAND("query-target", qmp_query_target, "", "TargetInfo", 0)
QMP_COMMAND("query-current-machine", qmp_query_current_machine, "", "CurrentMachineParams", 0)
QMP_COMMAND("stop", qmp_stop, "", "", 0)
QMP_COMMAND("cont", qmp_cont, "", "", 0)
QMP_COMMAND("quit", qmp_quit, "", "", 0)
QMP_COMMAND("system_reset", qmp_system_reset, "", "", 0)
QMP_COMMAND("system_powerdown", qmp_system_powerdown, "", "", 0)
QMP_COMMAND("system_wakeup", qmp_system_wakeup, "", "", 0)
QMP_COMMAND("inject-nmi", qmp_inject_nmi, "", "", 0)
QMP_COMMAND("human-monitor-command", qmp_human_monitor_command, "command-line:str *cpu-index:int", "str", 0)

QMP_STRUCT(CommandLineParameterInfo, "name:str type:CommandLineParameterType *help:str *default:str")
QMP_ENUM(CommandLineParameterType, "string boolean number size")
QMP_STRUCT(CommandLineOptionInfo, "option:str parameters:[CommandLineParameterInfo]")
QMP_COMMAND("query-command-line-options", qmp_query_command_line_options, "*option:str",
            "[CommandLineOptionInfo]", 0)

QMP_STRUCT(FdsetFdInfo, "fd:int *opaque:str")
QMP_STRUCT(FdsetInfo, "fdset-id:int fds:[FdsetFdInfo]")
QMP_STRUCT(AddfdInfo, "fdset-id:int fd:int")
QMP_COMMAND("getfd", qmp_getfd, "fdname:str", "", 0)
QMP_COMMAND("closefd", qmp_closefd, "fdname:str", "", 0)
QMP_COMMAND("add-fd", qmp_add_fd, "*fdset-id:int *opaque:str", "AddfdInfo", 0)
QMP_COMMAND("remove-fd", qmp_remove_fd, "fdset-id:int *fd:int", "", 0)
QMP_COMMAND("query-fdsets", qmp_query_fdsets, "", "[FdsetInfo]", 0)

QMP_EVENT("STOP", "")
QMP_EVENT("RESUME", "")
QMP_EVENT("SHUTDOWN", "guest:bool reason:ShutdownCause")
QMP_EVENT("RESET", "guest:bool reason:ShutdownCause")
QMP_EVENT("POWERDOWN", "")
QMP_EVENT("SUSPEND", "")
QMP_EVENT("WAKEUP", "")
QMP_EVENT("RTC_CHANGE", "offset:int qom-path:str")

/* --- machines and CPUs ------------------------------------------------------------ */

QMP_STRUCT(MachineInfo, "name:str *alias:str *is-default:bool cpu-max:int hotpluggable-cpus:bool "
           "numa-mem-supported:bool deprecated:bool *default-cpu-type:str *default-ram-id:str acpi:bool")
QMP_COMMAND("query-machines", qmp_query_machines, "", "[MachineInfo]", 0)
QMP_STRUCT(CpuDefinitionInfo, "name:str *migration-safe:bool static:bool *unavailable-features:[str] "
           "typename:str *alias-of:str deprecated:bool")
QMP_COMMAND("query-cpu-definitions", qmp_query_cpu_definitions, "", "[CpuDefinitionInfo]", 0)
QMP_STRUCT(CpuModelInfo, "name:str *props:any")
QMP_ENUM(CpuModelExpansionType, "static full")
QMP_STRUCT(CpuModelExpansionInfo, "model:CpuModelInfo")
QMP_COMMAND("query-cpu-model-expansion", qmp_query_cpu_model_expansion,
            "type:CpuModelExpansionType model:CpuModelInfo", "CpuModelExpansionInfo", 0)
QMP_STRUCT(CpuInstanceProperties, "*node-id:int *socket-id:int *die-id:int *core-id:int *thread-id:int")
QMP_STRUCT(CpuInfoFast, "cpu-index:int qom-path:str thread-id:int *props:CpuInstanceProperties target:SysEmuTarget")
QMP_COMMAND("query-cpus-fast", qmp_query_cpus_fast, "", "[CpuInfoFast]", 0)
QMP_STRUCT(HotpluggableCPU, "type:str vcpus-count:int props:CpuInstanceProperties *qom-path:str")
QMP_COMMAND("query-hotpluggable-cpus", qmp_query_hotpluggable_cpus, "", "[HotpluggableCPU]", 0)

/* --- memory ----------------------------------------------------------------------- */

QMP_STRUCT(MemoryInfo, "base-memory:int *plugged-memory:int")
QMP_COMMAND("query-memory-size-summary", qmp_query_memory_size_summary, "", "MemoryInfo", 0)
QMP_ENUM(HostMemPolicy, "default preferred bind interleave")
QMP_STRUCT(Memdev, "*id:str size:int merge:bool dump:bool prealloc:bool share:bool host-nodes:[int] "
           "policy:HostMemPolicy")
QMP_COMMAND("query-memdev", qmp_query_memdev, "", "[Memdev]", 0)
QMP_COMMAND("memsave", qmp_memsave, "val:int size:int filename:str *cpu-index:int", "", 0)
QMP_COMMAND("pmemsave", qmp_pmemsave, "val:int size:int filename:str", "", 0)
QMP_STRUCT(BalloonInfo, "actual:int")
QMP_COMMAND("query-balloon", qmp_query_balloon, "", "BalloonInfo", 0)
QMP_COMMAND("balloon", qmp_balloon, "value:int", "", 0)
QMP_ENUM(DumpGuestMemoryFormat, "elf")
QMP_STRUCT(DumpGuestMemoryCapability, "formats:[DumpGuestMemoryFormat]")
QMP_COMMAND("query-dump-guest-memory-capability", qmp_query_dump_guest_memory_capability, "",
            "DumpGuestMemoryCapability", 0)

/* --- disks ------------------------------------------------------------------------ */

QMP_ENUM(BlockdevDiscardOptions, "ignore unmap")
QMP_ENUM(BlockdevDetectZeroesOptions, "off on unmap")
QMP_ENUM(BlockdevAioOptions, "threads")
QMP_ENUM(OnOffAuto, "auto on off")
QMP_ENUM(BlockdevDriver, "file host_device raw qcow2")
QMP_ENUM(BlockDeviceIoStatus, "ok failed nospace")
QMP_STRUCT(BlockdevCacheOptions, "*direct:bool *no-flush:bool")
QMP_STRUCT(BlockdevOptionsFile, "filename:str *aio:BlockdevAioOptions *locking:OnOffAuto "
           "$dynamic-auto-read-only")
QMP_ALTERNATE(BlockdevRef, "BlockdevOptions str")
QMP_ALTERNATE(BlockdevRefOrNull, "BlockdevOptions str null")
QMP_STRUCT(BlockdevOptionsGenericFormat, "file:BlockdevRef")
QMP_STRUCT(BlockdevOptionsQcow2, "file:BlockdevRef *backing:BlockdevRefOrNull")
QMP_UNION(BlockdevOptions, "driver:BlockdevDriver *node-name:str *discard:BlockdevDiscardOptions "
          "*cache:BlockdevCacheOptions *read-only:bool *auto-read-only:bool "
          "*detect-zeroes:BlockdevDetectZeroesOptions", "driver",
          "file=BlockdevOptionsFile host_device=BlockdevOptionsFile "
          "raw=BlockdevOptionsGenericFormat qcow2=BlockdevOptionsQcow2")
QMP_COMMAND("blockdev-add", qmp_blockdev_add, "=BlockdevOptions", "", 0)
QMP_COMMAND("blockdev-del", qmp_blockdev_del, "node-name:str", "", 0)
QMP_STRUCT(BlockdevCacheInfo, "writeback:bool direct:bool no-flush:bool")
QMP_STRUCT(ImageInfo, "filename:str format:str *actual-size:int virtual-size:int *backing-filename:str "
           "*backing-image:ImageInfo")
QMP_STRUCT(BlockDeviceInfo, "file:str *node-name:str ro:bool drv:str *backing_file:str "
           "backing_file_depth:int encrypted:bool detect_zeroes:BlockdevDetectZeroesOptions bps:int "
           "bps_rd:int bps_wr:int iops:int iops_rd:int iops_wr:int image:ImageInfo "
           "cache:BlockdevCacheInfo write_threshold:int")
QMP_STRUCT(BlockInfo, "device:str *qdev:str type:str removable:bool locked:bool "
           "*inserted:BlockDeviceInfo *tray_open:bool *io-status:BlockDeviceIoStatus")
QMP_COMMAND("query-block", qmp_query_block, "", "[BlockInfo]", 0)
QMP_COMMAND("query-named-block-nodes", qmp_query_named_block_nodes, "*flat:bool", "[BlockDeviceInfo]", 0)
QMP_STRUCT(BlockDeviceStats, "rd_bytes:int wr_bytes:int unmap_bytes:int rd_operations:int "
           "wr_operations:int flush_operations:int unmap_operations:int rd_total_time_ns:int "
           "wr_total_time_ns:int flush_total_time_ns:int unmap_total_time_ns:int "
           "wr_highest_offset:int rd_merged:int wr_merged:int unmap_merged:int "
           "failed_rd_operations:int failed_wr_operations:int failed_flush_operations:int "
           "failed_unmap_operations:int invalid_rd_operations:int invalid_wr_operations:int "
           "invalid_flush_operations:int invalid_unmap_operations:int account_invalid:bool "
           "account_failed:bool timed_stats:[any]")
QMP_STRUCT(BlockStats, "*device:str *qdev:str *node-name:str stats:BlockDeviceStats")
QMP_COMMAND("query-blockstats", qmp_query_blockstats, "*query-nodes:bool", "[BlockStats]", 0)
QMP_ENUM(BlockdevChangeReadOnlyMode, "retain read-only read-write")
QMP_COMMAND("blockdev-change-medium", qmp_blockdev_change_medium,
            "*device:str *id:str filename:str *format:str *force:bool "
            "*read-only-mode:BlockdevChangeReadOnlyMode", "", 0)
QMP_COMMAND("blockdev-open-tray", qmp_blockdev_open_tray, "*device:str *id:str *force:bool", "", 0)
QMP_COMMAND("blockdev-close-tray", qmp_blockdev_close_tray, "*device:str *id:str", "", 0)
QMP_COMMAND("blockdev-remove-medium", qmp_blockdev_remove_medium, "id:str", "", 0)
QMP_COMMAND("blockdev-insert-medium", qmp_blockdev_insert_medium, "id:str node-name:str", "", 0)
QMP_COMMAND("eject", qmp_eject, "*device:str *id:str *force:bool", "", 0)
QMP_COMMAND("change", qmp_change, "device:str target:str *arg:str", "", 0)
QMP_COMMAND("block_resize", qmp_block_resize, "*device:str *node-name:str size:int", "", 0)
QMP_ENUM(IoOperationType, "read write")
QMP_ENUM(BlockErrorAction, "ignore report stop")
QMP_EVENT("BLOCK_IO_ERROR", "device:str *node-name:str operation:IoOperationType action:BlockErrorAction "
          "*nospace:bool reason:str")
QMP_EVENT("DEVICE_TRAY_MOVED", "device:str id:str tray-open:bool")

/* --- devices and objects ---------------------------------------------------------- */

QMP_COMMAND("device_add", qmp_device_add, "driver:str *bus:str *id:str ... $json-cli $json-cli-hotplug", "", 0)
QMP_COMMAND("device_del", qmp_device_del, "id:str", "", 0)
QMP_STRUCT(ObjectPropertyInfo, "name:str type:str *description:str *default-value:any")
QMP_STRUCT(ObjectTypeInfo, "name:str *abstract:bool *parent:str")
QMP_COMMAND("device-list-properties", qmp_device_list_properties, "typename:str", "[ObjectPropertyInfo]", 0)
QMP_COMMAND("qom-list", qmp_qom_list, "path:str", "[ObjectPropertyInfo]", 0)
QMP_COMMAND("qom-get", qmp_qom_get, "path:str property:str", "any", 0)
QMP_COMMAND("qom-set", qmp_qom_set, "path:str property:str value:any", "", 0)
QMP_COMMAND("qom-list-types", qmp_qom_list_types, "*implements:str *abstract:bool", "[ObjectTypeInfo]", 0)
QMP_COMMAND("qom-list-properties", qmp_qom_list_properties, "typename:str", "[ObjectPropertyInfo]", 0)
QMP_ENUM(ObjectType, "filter-dump memory-backend-file memory-backend-memfd memory-backend-ram secret")
QMP_ENUM(QCryptoSecretFormat, "raw base64")
QMP_STRUCT(SecretProperties, "*data:str *file:str *format:QCryptoSecretFormat")
QMP_STRUCT(MemoryBackendProperties, "size:int *dump:bool *merge:bool *prealloc:bool *share:bool")
QMP_STRUCT(FilterDumpProperties, "netdev:str file:str *maxlen:int")
QMP_STRUCT(MemoryBackendFileProperties, "size:int mem-path:str *dump:bool *merge:bool *prealloc:bool *share:bool")
QMP_UNION(ObjectOptions, "qom-type:ObjectType id:str", "qom-type",
          "filter-dump=FilterDumpProperties "
          "memory-backend-file=MemoryBackendFileProperties memory-backend-memfd=MemoryBackendProperties "
          "memory-backend-ram=MemoryBackendProperties "
          "secret=SecretProperties")
QMP_COMMAND("object-add", qmp_object_add, "=ObjectOptions", "", 0)
QMP_COMMAND("object-del", qmp_object_del, "id:str", "", 0)
QMP_STRUCT(PciDeviceClass, "*desc:str class:int")
QMP_STRUCT(PciDeviceId, "device:int vendor:int *subsystem:int *subsystem-vendor:int")
QMP_STRUCT(PciMemoryRegion, "bar:int type:str address:int size:int *prefetch:bool *mem_type_64:bool")
QMP_STRUCT(PciMemoryRange, "base:int limit:int")
QMP_STRUCT(PciBusInfo, "number:int secondary:int subordinate:int io_range:PciMemoryRange "
           "memory_range:PciMemoryRange prefetchable_range:PciMemoryRange")
QMP_STRUCT(PciBridgeInfo, "bus:PciBusInfo *devices:[PciDeviceInfo]")
QMP_STRUCT(PciDeviceInfo, "bus:int slot:int function:int class_info:PciDeviceClass id:PciDeviceId *irq:int "
           "irq_pin:int qdev_id:str *pci_bridge:PciBridgeInfo regions:[PciMemoryRegion]")
QMP_STRUCT(PciInfo, "bus:int devices:[PciDeviceInfo]")
QMP_COMMAND("query-pci", qmp_query_pci, "", "[PciInfo]", 0)
QMP_EVENT("DEVICE_DELETED", "*device:str path:str")

/* --- network and character devices ------------------------------------------------- */

QMP_ENUM(NetClientDriver, "user tap socket none")
QMP_STRUCT(String, "str:str")
QMP_STRUCT(NetdevUserOptions, "*hostname:str *restrict:bool *ipv4:bool *ipv6:bool *net:str *host:str *tftp:str "
           "*bootfile:str *dhcpstart:str *dns:str *dnssearch:[String] *domainname:str *smb:str *smbserver:str "
           "*hostfwd:[String] *guestfwd:[String] *ipv6-prefix:str *ipv6-prefixlen:int *ipv6-host:str *ipv6-dns:str "
           "*tftp-server-name:str")
QMP_STRUCT(NetdevTapOptions, "*ifname:str *fd:str *script:str *downscript:str")
QMP_STRUCT(NetdevSocketOptions, "*listen:str *connect:str *mcast:str *localaddr:str *udp:str")
QMP_UNION(Netdev, "id:str type:NetClientDriver", "type",
          "user=NetdevUserOptions tap=NetdevTapOptions socket=NetdevSocketOptions")
QMP_COMMAND("netdev_add", qmp_netdev_add, "=Netdev", "", 0)
QMP_COMMAND("netdev_del", qmp_netdev_del, "id:str", "", 0)
QMP_COMMAND("set_link", qmp_set_link, "name:str up:bool", "", 0)
QMP_ENUM(RxState, "normal none all")
QMP_STRUCT(RxFilterInfo, "name:str promiscuous:bool multicast:RxState unicast:RxState vlan:RxState "
           "broadcast-allowed:bool multicast-overflow:bool unicast-overflow:bool main-mac:str "
           "vlan-table:[int] unicast-table:[str] multicast-table:[str]")
QMP_COMMAND("query-rx-filter", qmp_query_rx_filter, "*name:str", "[RxFilterInfo]", 0)
QMP_STRUCT(ChardevInfo, "label:str filename:str frontend-open:bool")
QMP_COMMAND("query-chardev", qmp_query_chardev, "", "[ChardevInfo]", 0)
QMP_STRUCT(ChardevBackendInfo, "name:str")
QMP_COMMAND("query-chardev-backends", qmp_query_chardev_backends, "", "[ChardevBackendInfo]", 0)
QMP_ENUM(ChardevBackendKind, "file serial pipe socket pty null stdio vc")
QMP_STRUCT(ChardevFile, "*in:str out:str *append:bool")
QMP_STRUCT(ChardevHostdev, "device:str")
QMP_STRUCT(ChardevCommon, "*logfile:str *logappend:bool")
QMP_STRUCT(ChardevStdio, "*signal:bool")
QMP_STRUCT(ChardevVC, "*width:int *height:int *cols:int *rows:int")
QMP_ENUM(SocketAddressType, "inet unix fd")
QMP_STRUCT(InetSocketAddress, "host:str port:str *ipv4:bool *ipv6:bool *to:int")
QMP_STRUCT(UnixSocketAddress, "path:str")
QMP_STRUCT(FdSocketAddress, "str:str")
QMP_STRUCT(InetSocketAddressWrapper, "data:InetSocketAddress")
QMP_STRUCT(UnixSocketAddressWrapper, "data:UnixSocketAddress")
QMP_STRUCT(FdSocketAddressWrapper, "data:FdSocketAddress")
QMP_UNION(SocketAddressLegacy, "type:SocketAddressType", "type",
          "inet=InetSocketAddressWrapper unix=UnixSocketAddressWrapper fd=FdSocketAddressWrapper")
QMP_STRUCT(ChardevSocket, "addr:SocketAddressLegacy *server:bool *wait:bool *nodelay:bool *telnet:bool "
           "*reconnect:int")
QMP_STRUCT(ChardevFileWrapper, "data:ChardevFile")
QMP_STRUCT(ChardevHostdevWrapper, "data:ChardevHostdev")
QMP_STRUCT(ChardevSocketWrapper, "data:ChardevSocket")
QMP_STRUCT(ChardevCommonWrapper, "data:ChardevCommon")
QMP_STRUCT(ChardevStdioWrapper, "data:ChardevStdio")
QMP_STRUCT(ChardevVCWrapper, "data:ChardevVC")
QMP_UNION(ChardevBackend, "type:ChardevBackendKind", "type",
          "file=ChardevFileWrapper serial=ChardevHostdevWrapper pipe=ChardevHostdevWrapper "
          "socket=ChardevSocketWrapper pty=ChardevCommonWrapper null=ChardevCommonWrapper "
          "stdio=ChardevStdioWrapper vc=ChardevVCWrapper")
QMP_STRUCT(ChardevReturn, "*pty:str")
QMP_COMMAND("chardev-add", qmp_chardev_add, "id:str backend:ChardevBackend", "ChardevReturn", 0)
QMP_COMMAND("chardev-remove", qmp_chardev_remove, "id:str", "", 0)

/* --- screen and input ------------------------------------------------------------- */

QMP_ENUM(ImageFormat, "ppm png")
QMP_COMMAND("screendump", qmp_screendump, "filename:str *device:str *head:int *format:ImageFormat", "", 0)
QMP_ENUM(KeyValueKind, "number qcode")
QMP_STRUCT(IntWrapper, "data:int")
QMP_STRUCT(StrWrapper, "data:str")
QMP_UNION(KeyValue, "type:KeyValueKind", "type", "number=IntWrapper qcode=StrWrapper")
QMP_COMMAND("send-key", qmp_send_key, "keys:[KeyValue] *hold-time:int", "", 0)
QMP_ENUM(InputButton, "left middle right wheel-up wheel-down side extra wheel-left wheel-right touch")
QMP_ENUM(InputAxis, "x y")
QMP_ENUM(InputEventKind, "key btn rel abs")
QMP_STRUCT(InputKeyEvent, "key:KeyValue down:bool")
QMP_STRUCT(InputBtnEvent, "button:InputButton down:bool")
QMP_STRUCT(InputMoveEvent, "axis:InputAxis value:int")
QMP_STRUCT(InputKeyEventWrapper, "data:InputKeyEvent")
QMP_STRUCT(InputBtnEventWrapper, "data:InputBtnEvent")
QMP_STRUCT(InputMoveEventWrapper, "data:InputMoveEvent")
QMP_UNION(InputEvent, "type:InputEventKind", "type",
          "key=InputKeyEventWrapper btn=InputBtnEventWrapper rel=InputMoveEventWrapper "
          "abs=InputMoveEventWrapper")
QMP_COMMAND("input-send-event", qmp_input_send_event, "*device:str *head:int events:[InputEvent]", "", 0)
QMP_STRUCT(MouseInfo, "name:str index:int current:bool absolute:bool")
QMP_COMMAND("query-mice", qmp_query_mice, "", "[MouseInfo]", 0)
QMP_ENUM(DisplayType, "default none sdl curses")
QMP_STRUCT(DisplayOptions, "type:DisplayType *full-screen:bool")
QMP_COMMAND("query-display-options", qmp_query_display_options, "", "DisplayOptions", 0)

/* --- migration -------------------------------------------------------------------- */

QMP_ENUM(MigrationCapability, "events")
QMP_STRUCT(MigrationCapabilityStatus, "capability:MigrationCapability state:bool")
QMP_COMMAND("query-migrate-capabilities", qmp_query_migrate_capabilities, "", "[MigrationCapabilityStatus]", 0)
QMP_COMMAND("migrate-set-capabilities", qmp_migrate_set_capabilities,
            "capabilities:[MigrationCapabilityStatus]", "", 0)
QMP_STRUCT(MigrationParameters, "*max-bandwidth:int")
QMP_COMMAND("query-migrate-parameters", qmp_query_migrate_parameters, "", "MigrationParameters", 0)
QMP_COMMAND("migrate-set-parameters", qmp_migrate_set_parameters, "=MigrationParameters", "", 0)
QMP_ENUM(MigrationStatus, "none setup cancelling cancelled active completed failed")
QMP_STRUCT(MigrationStats, "transferred:int remaining:int total:int")
QMP_STRUCT(MigrationInfo, "*status:MigrationStatus *ram:MigrationStats *total-time:int *downtime:int *error-desc:str")
QMP_COMMAND("query-migrate", qmp_query_migrate, "", "MigrationInfo", 0)
QMP_COMMAND("migrate", qmp_migrate, "uri:str *blk:bool *inc:bool *detach:bool *resume:bool", "", 0)
QMP_COMMAND("migrate-incoming", qmp_migrate_incoming, "uri:str", "", 0)
QMP_COMMAND("migrate_cancel", qmp_migrate_cancel, "", "", 0)
QMP_EVENT("MIGRATION", "status:MigrationStatus")

/* --- what is not built in, as empty lists ------------------------------------------ */

QMP_COMMAND("query-iothreads", qmp_query_none, "", "[any]", 0)
QMP_COMMAND("query-block-jobs", qmp_query_none, "", "[any]", 0)
QMP_COMMAND("query-jobs", qmp_query_none, "", "[any]", 0)
QMP_COMMAND("query-memory-devices", qmp_query_none, "", "[any]", 0)
QMP_COMMAND("query-tpm", qmp_query_none, "", "[any]", 0)
QMP_COMMAND("query-tpm-models", qmp_query_none, "", "[any]", 0)
QMP_COMMAND("query-tpm-types", qmp_query_none, "", "[any]", 0)
QMP_COMMAND("query-gic-capabilities", qmp_query_none, "", "[any]", 0)

#undef QMP_ENUM
#undef QMP_STRUCT
#undef QMP_UNION
#undef QMP_ALTERNATE
#undef QMP_COMMAND
#undef QMP_EVENT
