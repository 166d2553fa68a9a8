/** Values of one place of a Compose file: as YAML in flow style. */
export interface PlaceValues {
  /** Keys from the top; `*` is a name that the user chooses, `[]` an item of a list. */
  readonly place: string;
  readonly right: readonly string[];
  readonly wrong: readonly string[];
}

const TEXT = {
  right: ["text", '"80"', "${NAME}", "${NAME:-text}"],
  wrong: ["80", "1.5", "true", "[a]", "{a: b}", "2024-01-02"],
};
const LIST = { right: ["[a, b]", "[]"], wrong: ["text", "{a: b}", "80"] };
const ITEM = { right: ["text", "${NAME}"], wrong: ["80", "[a]", "{a: b}"] };
const FLAG = {
  right: ["true", "False", '"true"', "yes", "${ON:-true}"],
  wrong: ["maybe", "1", "[true]", "{a: b}", "${ON:-maybe}"],
};
const PAIRS = {
  right: ["{A: b, B: 1, C: true, D: }", "[A=b, B]", "{}"],
  wrong: ["text", "80", "{A: [b]}", "[1]", "{A: 2024-01-02}"],
};
const DURATION = {
  right: ["30s", "1m30s", "500ms", "${WAIT}", "1h"],
  wrong: ["30", '"30"', "soon", "-5s", "30x", "[30s]", "true"],
};
const SIZE = {
  right: ["512m", "1g", "1073741824", "64MiB", "${SIZE}m", "0.5g"],
  wrong: ["much", "-1", "512MiBs", "[1g]", "true"],
};
const MODE = { right: ["0444", '"0444"', "0o444", '"444"'], wrong: ["rw-r--r--", '"0999"', "[4]", "true"] };
const COMMAND = { right: ["run it", "[run, it]", "", "[]"], wrong: ["80", "[80]", "{a: b}", "true"] };
const DRIVER_OPTIONS = { right: ["{a: b, c: 1}", "{}"], wrong: ["{a: true}", "[a]", "text"] };

function count(least: number, most?: number) {
  const wrong = ["many", "1.5", `${least - 1}`, `"${least - 1}"`, "[1]", "true"];
  return {
    right: [`${least}`, `"${least}"`, "${COUNT}", ...(most === undefined ? [] : [`${most}`])],
    wrong: most === undefined ? wrong : [...wrong, `${most + 1}`, `"${most + 1}"`],
  };
}

function word(...words: readonly string[]) {
  return { right: [...words, "${WORD}"], wrong: ["never-heard", "1", "[a]", "true"] };
}

function table(right: string) {
  return { right: [right, "{}", "{x-note: anything}"], wrong: ["[a]", "{nonsense: 1}", "80"] };
}

function at(
  place: string,
  ...values: readonly { readonly right: readonly string[]; readonly wrong: readonly string[] }[]
) {
  return { place, right: values.flatMap(({ right }) => right), wrong: values.flatMap(({ wrong }) => wrong) };
}

function several(
  base: string,
  keys: string,
  values: { readonly right: readonly string[]; readonly wrong: readonly string[] },
) {
  return keys.split(" ").map((key) => at(base === "" ? key : `${base}.${key}`, values));
}

/** A place with values that are not those of a kind. */
function own(place: string, right: readonly string[], wrong: readonly string[]): PlaceValues {
  return { place, right, wrong };
}

function pairs(place: string): readonly PlaceValues[] {
  return [
    at(place, PAIRS),
    own(`${place}[]`, ["A=b", "A"], ["1", "[a]", "{a: b}"]),
    own(`${place}.*`, ["text", "1", "1.5", "true", ""], ["[a]", "{a: b}", "2024-01-02"]),
  ];
}

function list(place: string, item: { readonly right: readonly string[]; readonly wrong: readonly string[] } = ITEM) {
  return [at(place, { right: ["[]"], wrong: LIST.wrong }), at(`${place}[]`, item)];
}

function texts(place: string, item: { readonly right: readonly string[]; readonly wrong: readonly string[] } = ITEM) {
  return [at(place, { right: ["[]", ...item.right], wrong: ["80", "{a: b}"] }), at(`${place}[]`, item)];
}

function command(place: string): readonly PlaceValues[] {
  return [at(place, COMMAND), at(`${place}[]`, ITEM)];
}

function hook(place: string): readonly PlaceValues[] {
  return [
    at(place, table("{command: make, user: root}")),
    ...command(`${place}.command`),
    ...several(place, "user working_dir", TEXT),
    at(`${place}.privileged`, FLAG),
    ...pairs(`${place}.environment`),
  ];
}

function grants(place: string): readonly PlaceValues[] {
  return [
    at(place, { right: ["[]"], wrong: LIST.wrong }),
    own(
      `${place}[]`,
      ["key", "{source: key, target: /run/key, uid: '103', gid: '103', mode: 0440}"],
      ["80", "[a]", "{nonsense: 1}"],
    ),
    ...several(`${place}[]`, "source target uid gid", TEXT),
    at(`${place}[].mode`, MODE),
  ];
}

function extraHosts(place: string): readonly PlaceValues[] {
  const address = {
    right: ["192.0.2.1", "host-gateway", '"[2001:db8::1]"', "${IP}"],
    wrong: ["there", "80", "192.0.2.300"],
  };
  return [
    own(place, ["{}", "{api: 192.0.2.1}", "[api=192.0.2.1]"], ["text", "80"]),
    own(
      `${place}[]`,
      ["api=192.0.2.1", '"api:192.0.2.1"', "db=host-gateway", '"v6:2001:db8::1"'],
      ["api", "api=there", "80"],
    ),
    own(`${place}.*`, [...address.right, "[192.0.2.1, 192.0.2.2]"], [...address.wrong, "{a: b}"]),
    at(`${place}.*[]`, address),
  ];
}

function ulimits(place: string): readonly PlaceValues[] {
  return [
    own(place, ["{nofile: 1024, nproc: {soft: 1, hard: 2}}", "{}"], ["[a]", "text", "80"]),
    own(`${place}.*`, ["1024", '"1024"', "-1", "{soft: 1, hard: -1}"], ["many", "-2", "[1]", "{medium: 1}"]),
    ...several(`${place}.*`, "soft hard", count(-1)),
  ];
}

function requests(place: string): readonly PlaceValues[] {
  return [
    own(place, ["[]", "[{driver: nvidia, count: 1, capabilities: [gpu]}]"], ["some", "{a: b}", "80"]),
    at(`${place}[]`, table("{driver: nvidia, count: all, capabilities: [gpu]}")),
    ...list(`${place}[].capabilities`),
    own(`${place}[].count`, ["1", "all", '"2"', "-1"], ["some", "1.5", "[1]", "true"]),
    ...list(`${place}[].device_ids`),
    at(`${place}[].driver`, TEXT),
    ...pairs(`${place}[].options`),
  ];
}

function external(place: string): readonly PlaceValues[] {
  return [
    own(place, ["true", "false", '"true"', "{name: shared}"], ["maybe", "1", "[a]", "{nonsense: 1}"]),
    at(`${place}.name`, TEXT),
  ];
}

const CAPABILITY = {
  right: ["NET_ADMIN", "CAP_SYS_TIME", "net_raw", "ALL", "${CAP}"],
  wrong: ["NET_ADMN", "80", "[a]"],
};
const IP = {
  right: ["192.0.2.1", '"2001:db8::1"', "${DNS}"],
  wrong: ["192.0.2.300", "here", "80", "[192.0.2.1, [a]]"],
};
const S = "services.*";

const START: readonly PlaceValues[] = [
  ...command(`${S}.command`),
  ...command(`${S}.entrypoint`),
  ...pairs(`${S}.environment`),
  own(`${S}.env_file`, [".env", "[a.env, b.env]", "[{path: a.env, required: false}]"], ["80", "{path: a.env}"]),
  own(`${S}.env_file[]`, ["a.env", "{path: a.env, required: false, format: raw}"], ["80", "[a]", "{nonsense: 1}"]),
  ...several(`${S}.env_file[]`, "path format", TEXT),
  at(`${S}.env_file[].required`, FLAG),
  ...several(
    S,
    "working_dir user container_name hostname domainname image pull_refresh_after network_mode cgroup_parent runtime",
    TEXT,
  ),
  ...several(S, "init tty stdin_open attach use_api_socket privileged read_only oom_kill_disable", FLAG),
  ...pairs(`${S}.labels`),
  ...texts(`${S}.label_file`),
  ...pairs(`${S}.annotations`),
];

const BUILD: readonly PlaceValues[] = [
  own(
    `${S}.build`,
    [".", "https://example.org/a.git", "{context: ., dockerfile: web.Dockerfile}"],
    ["80", "[a]", "{contxt: .}"],
  ),
  ...several(`${S}.build`, "context dockerfile dockerfile_inline target network", TEXT),
  ...["args", "additional_contexts", "labels", "ssh"].flatMap((key) => pairs(`${S}.build.${key}`)),
  ...list(`${S}.build.platforms`, word("linux/amd64", "linux/arm/v7")),
  ...["tags", "cache_from", "cache_to"].flatMap((key) => list(`${S}.build.${key}`)),
  ...grants(`${S}.build.secrets`),
  ...several(`${S}.build`, "no_cache pull privileged", FLAG),
  ...texts(`${S}.build.no_cache_filter`),
  at(`${S}.build.shm_size`, SIZE),
  ...extraHosts(`${S}.build.extra_hosts`),
  at(`${S}.build.isolation`, word("default", "hyperv")),
  ...list(`${S}.build.entitlements`, word("network.host", "security.insecure")),
  ...several(`${S}.build`, "provenance sbom", {
    right: ["true", "mode=max", "generator=image"],
    wrong: ["1", "[a]", "{a: b}"],
  }),
  ...ulimits(`${S}.build.ulimits`),
];

const IMAGE: readonly PlaceValues[] = [
  at(`${S}.platform`, word("linux/amd64", "windows/amd64", "linux/arm64/v8")),
  at(`${S}.pull_policy`, word("always", "never", "missing", "build", "daily", "every_3d12h")),
  at(`${S}.provider`, table("{type: awesomecloud, options: {size: [1, 2], type: db}}")),
  at(`${S}.provider.type`, TEXT),
  own(`${S}.provider.options`, ["{a: b, c: [1, d], e: true}"], ["[a]", "text"]),
  own(`${S}.provider.options.*`, ["text", "1", "true", "[a, 1]"], ["{a: b}"]),
  own(`${S}.provider.options.*[]`, ["text", "1", "true"], ["{a: b}", "[a]"]),
  own(`${S}.extends`, ["base", "{service: base, file: common.yml}"], ["80", "[a]", "{from: base}"]),
  ...several(`${S}.extends`, "service file", TEXT),
  own(`${S}.develop`, ["{watch: []}", ""], ["[a]", "text", "{wach: []}"]),
  at(`${S}.develop.watch`, { right: ["[]"], wrong: LIST.wrong }),
  at(`${S}.develop.watch[]`, table("{path: ./src, action: sync, target: /src}")),
  own(`${S}.develop.watch[].path`, ["./src", "${SRC}"], ['""', "80", "[a]"]),
  at(`${S}.develop.watch[].action`, word("sync", "rebuild", "restart", "sync+restart", "sync+exec")),
  at(`${S}.develop.watch[].target`, TEXT),
  ...hook(`${S}.develop.watch[].exec`),
  ...texts(`${S}.develop.watch[].ignore`),
  ...texts(`${S}.develop.watch[].include`),
  at(`${S}.develop.watch[].initial_sync`, FLAG),
  at(`${S}.scale`, count(0)),
  ...list(`${S}.profiles`),
  own(`${S}.models`, ["[llm]", "{llm: {endpoint_var: URL}}", "{llm: }"], ["text", "80"]),
  at(`${S}.models[]`, ITEM),
  own(`${S}.models.*`, ["", "{endpoint_var: URL, model_var: NAME}"], ["text", "[a]", "{nonsense: 1}"]),
  ...several(`${S}.models.*`, "endpoint_var model_var", TEXT),
  own(`${S}.depends_on`, ["[db]", "{db: {condition: service_healthy}}"], ["db", "80"]),
  at(`${S}.depends_on[]`, ITEM),
  own(
    `${S}.depends_on.*`,
    ["{condition: service_started, restart: true, required: false}"],
    ["text", "[a]", "{nonsense: 1}"],
  ),
  at(`${S}.depends_on.*.condition`, word("service_started", "service_healthy", "service_completed_successfully")),
  ...several(`${S}.depends_on.*`, "required restart", FLAG),
  ...["links", "external_links", "volumes_from"].flatMap((key) => list(`${S}.${key}`)),
];

const NETWORKS: readonly PlaceValues[] = [
  own(`${S}.ports`, ['["8080:80", 9000, {target: 80}]', "[]"], ["text", "80", "{a: b}"]),
  own(
    `${S}.ports[]`,
    ['"8080:80"', "80", "{target: 80, published: '8080', mode: host}"],
    ["true", "[a]", "{publish: 1}"],
  ),
  ...several(`${S}.ports[]`, "name host_ip protocol app_protocol", TEXT),
  own(`${S}.ports[].target`, ["80", '"80"', "${PORT}"], ["http", "[80]", "true", "80.5"]),
  own(`${S}.ports[].published`, ["8080", '"8080-8090"'], ["[80]", "true", "{a: b}"]),
  at(`${S}.ports[].mode`, word("host", "ingress")),
  at(`${S}.expose`, { right: ["[]"], wrong: LIST.wrong }),
  own(`${S}.expose[]`, ["80", '"8080-8090"', "53/udp", "${PORT}"], ["http", "[80]", "true", '"8080:80"']),
  own(`${S}.networks`, ["[front]", "{front: , back: {aliases: [db]}}"], ["front", "80"]),
  at(`${S}.networks[]`, ITEM),
  own(`${S}.networks.*`, ["", "{priority: 10}"], ["text", "[a]", "{alias: db}"]),
  ...list(`${S}.networks.*.aliases`),
  at(`${S}.networks.*.interface_name`, TEXT),
  own(`${S}.networks.*.ipv4_address`, ["172.16.0.2", "${IP}"], ["172.16.0", '"2001:db8::1"', "80"]),
  own(`${S}.networks.*.ipv6_address`, ['"2001:db8::1"', "${IP}"], ["172.16.0.2", "80"]),
  ...list(`${S}.networks.*.link_local_ips`, { right: IP.right, wrong: ["here", "80"] }),
  own(`${S}.networks.*.mac_address`, ["02:42:ac:11:00:02"], ["02:42", "80", "[a]"]),
  at(`${S}.networks.*.driver_opts`, DRIVER_OPTIONS),
  own(`${S}.networks.*.driver_opts.*`, ["text", "1"], ["true", "[a]"]),
  ...several(`${S}.networks.*`, "priority gw_priority", {
    right: ["10", "-1", '"10"'],
    wrong: ["high", "[1]", "true"],
  }),
  ...texts(`${S}.dns`, { right: IP.right, wrong: ["here", "80"] }),
  ...list(`${S}.dns_opt`),
  ...texts(`${S}.dns_search`),
  ...extraHosts(`${S}.extra_hosts`),
  own(`${S}.mac_address`, ["02:42:ac:11:00:02"], ["here", "80", "[a]"]),
];

const V = `${S}.volumes[]`;
const STORAGE: readonly PlaceValues[] = [
  own(`${S}.volumes`, ["[data:/data, ./a:/a:ro]", "[]"], ["data:/data", "{a: b}", "80"]),
  own(
    V,
    ["data:/data", "/cache", "'C:\\a:/b'", "{type: bind, source: ., target: /app}"],
    ['"data:/b:ro:rw"', '"./a"', "80", "{dst: /a}"],
  ),
  at(`${V}.type`, word("bind", "volume", "tmpfs", "npipe", "cluster", "image")),
  ...several(V, "source target consistency", TEXT),
  at(`${V}.read_only`, FLAG),
  at(`${V}.bind`, table("{propagation: rslave, selinux: z}")),
  at(`${V}.bind.propagation`, word("private", "rprivate", "shared", "rshared", "slave", "rslave")),
  at(`${V}.bind.create_host_path`, FLAG),
  at(`${V}.bind.recursive`, word("enabled", "disabled", "writable", "readonly")),
  at(`${V}.bind.selinux`, word("z", "Z")),
  at(`${V}.volume`, table("{nocopy: true, subpath: a}")),
  at(`${V}.volume.nocopy`, FLAG),
  at(`${V}.volume.subpath`, TEXT),
  ...pairs(`${V}.volume.labels`),
  at(`${V}.tmpfs`, table("{size: 64m, mode: 01777}")),
  at(`${V}.tmpfs.size`, SIZE),
  at(`${V}.tmpfs.mode`, MODE),
  at(`${V}.image`, table("{subpath: a}")),
  at(`${V}.image.subpath`, TEXT),
  ...texts(`${S}.tmpfs`),
  ...grants(`${S}.configs`),
  ...grants(`${S}.secrets`),
  own(`${S}.storage_opt`, ["{size: 1G, anything: [1]}"], ["[a]", "text"]),
  at(`${S}.credential_spec`, table("{file: spec.json}")),
  ...several(`${S}.credential_spec`, "config file registry", TEXT),
];

const SECURITY: readonly PlaceValues[] = [
  ...list(`${S}.cap_add`, CAPABILITY),
  ...list(`${S}.cap_drop`, CAPABILITY),
  ...list(`${S}.security_opt`, {
    right: [
      "no-new-privileges:true",
      "no-new-privileges",
      "seccomp=./profile.json",
      "apparmor:unconfined",
      "label=type:svirt",
    ],
    wrong: ["no-new-privilege", "secomp=unconfined", "label=kind:x", "80"],
  }),
  own(`${S}.group_add`, ["[mail, 1000]", "[]"], ["mail", "1000", "{a: b}"]),
  own(`${S}.group_add[]`, ["mail", "1000"], ["true", "[a]"]),
  at(`${S}.userns_mode`, word("host")),
  at(`${S}.uts`, word("host")),
  at(`${S}.ipc`, word("host", "shareable", "none", "service:db", "container:db")),
  at(`${S}.pid`, word("host", "service:db", "container:db", "")),
  at(`${S}.cgroup`, word("host", "private")),
  at(`${S}.isolation`, word("default", "process", "hyperv")),
  ...pairs(`${S}.sysctls`),
  at(`${S}.devices`, { right: ["[]"], wrong: LIST.wrong }),
  own(
    `${S}.devices[]`,
    ["/dev/a:/dev/b:rw", "vendor.com/gpu=all", "{source: /dev/a, permissions: r}"],
    ["a:b:c:d", "/dev/a:/dev/b:rwz", "80", "{src: /dev/a}"],
  ),
  ...several(`${S}.devices[]`, "source target", TEXT),
  at(`${S}.devices[].permissions`, word("r", "rwm")),
  ...list(`${S}.device_cgroup_rules`, { right: ["c 1:3 mr", "a *:* rwm"], wrong: ["x 1:3 mr", "c 1:3", "80"] }),
  own(`${S}.gpus`, ["all", "[{driver: nvidia}]"], ["some", "80", "{a: b}"]),
  ...requests(`${S}.gpus`).slice(1),
];

const RESOURCES: readonly PlaceValues[] = [
  own(`${S}.cpus`, ["0.5", '"1.5"', "2", "0"], ["many", "-1", '"-1"', "[1]", "true"]),
  own(`${S}.cpuset`, ["0-3", '"0,1"', '"0"'], ["all", "0-", "0"]),
  ...several(S, "cpu_shares cpu_quota", { right: ["512", '"512"', "-1"], wrong: ["many", "1.5", "[1]", "true"] }),
  ...several(S, "cpu_period cpu_rt_period cpu_rt_runtime", {
    right: ["100000", "400ms", '"9500"'],
    wrong: ["long", "[1]", "true"],
  }),
  at(`${S}.cpu_count`, count(0)),
  own(`${S}.cpu_percent`, ["0", "12.5", "100"], ["-1", "101", "half", "[1]"]),
  ...several(S, "mem_limit mem_reservation shm_size", SIZE),
  at(`${S}.mem_swappiness`, count(-1, 100)),
  own(`${S}.memswap_limit`, ["1g", "-1", '"-1"', "0"], ["much", "-2", "[1]"]),
  at(`${S}.oom_score_adj`, count(-1000, 1000)),
  at(`${S}.pids_limit`, count(-1)),
  ...ulimits(`${S}.ulimits`),
  own(`${S}.blkio_config`, ["{weight: 300}", "{}"], ["[a]", "text", "{nonsense: 1}", "{x-note: 1}"]),
  at(`${S}.blkio_config.weight`, count(10, 1000)),
  ...["weight_device", "device_read_bps", "device_write_bps", "device_read_iops", "device_write_iops"].flatMap(
    (key) => [
      at(`${S}.blkio_config.${key}`, { right: ["[]"], wrong: LIST.wrong }),
      own(`${S}.blkio_config.${key}[]`, ["{path: /dev/sda}"], ["text", "[a]", "{nonsense: 1}"]),
      at(`${S}.blkio_config.${key}[].path`, TEXT),
    ],
  ),
  at(`${S}.blkio_config.weight_device[].weight`, count(10, 1000)),
  ...["device_read_bps", "device_write_bps"].map((key) => at(`${S}.blkio_config.${key}[].rate`, SIZE)),
  ...["device_read_iops", "device_write_iops"].map((key) => at(`${S}.blkio_config.${key}[].rate`, count(0))),
];

const LIFECYCLE: readonly PlaceValues[] = [
  at(`${S}.healthcheck`, table("{test: [CMD, true-ish], interval: 1m30s, retries: 3}")),
  ...texts(`${S}.healthcheck.test`),
  ...several(`${S}.healthcheck`, "interval timeout start_period start_interval", DURATION),
  own(`${S}.healthcheck.retries`, ["3", '"3"', "0"], ["often", "-1", "[3]", "true"]),
  at(`${S}.healthcheck.disable`, FLAG),
  own(
    `${S}.restart`,
    ["always", '"no"', "no", "on-failure:3", "unless-stopped"],
    ["never", "false", "on-failure:x", "3"],
  ),
  own(`${S}.stop_signal`, ["SIGINT", "quit", '"15"'], ["SIGNONE", "[a]", "true"]),
  at(`${S}.stop_grace_period`, DURATION),
  at(`${S}.logging`, table("{driver: local, options: {max-size: 10m}}")),
  at(`${S}.logging.driver`, TEXT),
  own(`${S}.logging.options`, ["{max-size: 10m, max-file: 3, tag: }"], ["[a]", "text", "{compress: true}"]),
  own(`${S}.logging.options.*`, ["text", "3", ""], ["true", "[a]"]),
  ...["post_start", "pre_stop", "pre_start"].flatMap((key) => [
    at(`${S}.${key}`, { right: ["[]"], wrong: LIST.wrong }),
    ...hook(`${S}.${key}[]`),
  ]),
  at(`${S}.pre_start[].image`, TEXT),
  at(`${S}.pre_start[].per_replica`, FLAG),
];

const D = `${S}.deploy`;
const DEPLOY: readonly PlaceValues[] = [
  own(D, ["{replicas: 2}", "{}", "", "{x-note: 1}"], ["[a]", "text", "{replica: 2}"]),
  at(`${D}.mode`, word("replicated", "global", "replicated-job", "global-job")),
  at(`${D}.endpoint_mode`, word("vip", "dnsrr")),
  at(`${D}.replicas`, count(0)),
  ...pairs(`${D}.labels`),
  ...["resources", "resources.limits", "resources.reservations"].map((key) => at(`${D}.${key}`, table("{}"))),
  ...["limits", "reservations"].flatMap((key) => [
    own(`${D}.resources.${key}.cpus`, ["0.5", '"0.5"'], ["many", "-1", "[1]"]),
    at(`${D}.resources.${key}.memory`, SIZE),
  ]),
  at(`${D}.resources.limits.pids`, count(-1)),
  at(`${D}.resources.reservations.generic_resources`, { right: ["[]"], wrong: LIST.wrong }),
  at(`${D}.resources.reservations.generic_resources[]`, table("{discrete_resource_spec: {kind: gpu, value: 2}}")),
  at(`${D}.resources.reservations.generic_resources[].discrete_resource_spec`, table("{kind: gpu}")),
  at(`${D}.resources.reservations.generic_resources[].discrete_resource_spec.kind`, TEXT),
  own(`${D}.resources.reservations.generic_resources[].discrete_resource_spec.value`, ["2", '"2"'], ["two", "[2]"]),
  ...requests(`${D}.resources.reservations.devices`),
  at(`${D}.restart_policy`, table("{condition: any}")),
  at(`${D}.restart_policy.condition`, word("none", "on-failure", "any")),
  ...several(`${D}.restart_policy`, "delay window", DURATION),
  at(`${D}.restart_policy.max_attempts`, count(0)),
  ...["update_config", "rollback_config"].flatMap((key) => [
    at(`${D}.${key}`, table("{parallelism: 1}")),
    at(`${D}.${key}.parallelism`, count(0)),
    ...several(`${D}.${key}`, "delay monitor", DURATION),
    at(`${D}.${key}.failure_action`, word("continue", "pause")),
    own(`${D}.${key}.max_failure_ratio`, ["0.5", "1"], ["2", "-0.5", "half"]),
    at(`${D}.${key}.order`, word("start-first", "stop-first")),
  ]),
  own(`${D}.update_config.failure_action`, ["rollback"], []),
  own(`${D}.rollback_config.failure_action`, [], ["rollback"]),
  at(`${D}.placement`, table("{constraints: [node.role == manager]}")),
  ...list(`${D}.placement.constraints`),
  at(`${D}.placement.preferences`, { right: ["[]"], wrong: LIST.wrong }),
  at(`${D}.placement.preferences[]`, table("{spread: node.labels.zone}")),
  at(`${D}.placement.preferences[].spread`, TEXT),
  at(`${D}.placement.max_replicas_per_node`, count(0)),
];

const TOP: readonly PlaceValues[] = [
  ...several("", "version name", TEXT),
  own("include", ["[a.yaml, {path: [a.yaml], env_file: .env, project_directory: .}]", "[]"], ["a.yaml", "{a: b}"]),
  own("include[]", ["a.yaml", "{path: a.yaml}"], ["80", "[a]", "{file: a.yaml}"]),
  ...texts("include[].path"),
  ...texts("include[].env_file"),
  at("include[].project_directory", TEXT),
  ...["services", "networks", "volumes", "secrets", "configs", "models"].map((key) =>
    own(key, ["{}"], ["[a]", "text", "80"]),
  ),
  own(S, ["{image: nginx, x-note: 1}"], ["text", "[a]", "{imag: nginx}"]),
  own("networks.*", ["", "{}", "{driver: bridge, x-note: 1}"], ["text", "[a]", "{diver: bridge}"]),
  own("volumes.*", ["", "{}", "{driver: local, x-note: 1}"], ["text", "[a]", "{diver: local}"]),
  ...["secrets.*", "configs.*", "models.*"].map((place) => at(place, table("{name: a}"))),
  ...["networks.*", "volumes.*"].flatMap((place) => several(place, "name driver", TEXT)),
  ...["secrets.*", "configs.*"].flatMap((place) => several(place, "name file environment template_driver", TEXT)),
  at("secrets.*.driver", TEXT),
  at("configs.*.content", TEXT),
  ...["networks.*", "volumes.*", "secrets.*"].flatMap((place) => [
    at(`${place}.driver_opts`, DRIVER_OPTIONS),
    own(`${place}.driver_opts.*`, ["text", "1"], ["true", "[a]"]),
  ]),
  ...["networks.*", "volumes.*", "secrets.*", "configs.*"].flatMap((place) => [
    ...external(`${place}.external`),
    ...pairs(`${place}.labels`),
  ]),
  ...several("networks.*", "internal attachable enable_ipv4 enable_ipv6", FLAG),
  at("networks.*.ipam", table("{driver: default, config: [{subnet: 172.28.0.0/16}]}")),
  at("networks.*.ipam.driver", TEXT),
  at("networks.*.ipam.config", { right: ["[]"], wrong: LIST.wrong }),
  at("networks.*.ipam.config[]", table("{subnet: 172.28.0.0/16}")),
  ...several("networks.*.ipam.config[]", "subnet ip_range", {
    right: ["172.28.0.0/16", '"fd00::/64"'],
    wrong: ["172.28.0.0", "172.28.0.0/33", "80"],
  }),
  own("networks.*.ipam.config[].gateway", ["172.28.0.1"], ["here", "80"]),
  own("networks.*.ipam.config[].aux_addresses", ["{router: 172.28.0.2}"], ["[a]", "text"]),
  own("networks.*.ipam.config[].aux_addresses.*", ["172.28.0.2"], ["here", "80"]),
  own("networks.*.ipam.options", ["{a: b}"], ["[a]", "text", "{a: 1}"]),
  own("networks.*.ipam.options.*", ["text"], ["1", "true"]),
  ...several("models.*", "model name", TEXT),
  at("models.*.context_size", count(0)),
  ...list("models.*.runtime_flags"),
];

/** Every place of the Compose schema with values that it takes and values that it refuses. */
export const PLACES: readonly PlaceValues[] = [
  ...TOP,
  ...START,
  ...BUILD,
  ...IMAGE,
  ...NETWORKS,
  ...STORAGE,
  ...SECURITY,
  ...RESOURCES,
  ...LIFECYCLE,
  ...DEPLOY,
];
