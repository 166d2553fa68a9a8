import { expect, test } from "vitest";
import { openVariant, plain, webService, written } from "./open.js";

test.each([
  ["80", undefined, undefined, [80, 80], "tcp", "public"],
  ["8080:80", undefined, [8080, 8080], [80, 80], "tcp", "public"],
  ["127.0.0.1:8080:80/udp", "127.0.0.1", [8080, 8080], [80, 80], "udp", "loopback"],
  ["127.0.0.1::80", "127.0.0.1", undefined, [80, 80], "tcp", "loopback"],
  ["[::1]:8080:80", "::1", [8080, 8080], [80, 80], "tcp", "loopback"],
  ["::1:8080:80", "::1", [8080, 8080], [80, 80], "tcp", "loopback"],
  ["[::]:8080:80", "::", [8080, 8080], [80, 80], "tcp", "public"],
  ["0.0.0.0:8080:80", "0.0.0.0", [8080, 8080], [80, 80], "tcp", "public"],
  ["8000-8010:80-90", undefined, [8000, 8010], [80, 90], "tcp", "public"],
  ["8000-8010:80", undefined, [8000, 8010], [80, 80], "tcp", "public"],
] as const)("the short port %s is read", (text, hostIp, published, target, protocol, exposure) => {
  const [port] = webService(`ports: ["${text}"]`).ports;
  const interval = (value: { first: number; last: number } | undefined) => value && [value.first, value.last];

  expect([port?.hostIp?.value, interval(port?.published?.value), interval(port?.target?.value)]).toEqual([
    hostIp,
    published,
    target,
  ]);
  expect([port?.protocol, port?.exposure, port?.problem]).toEqual([protocol, exposure, undefined]);
});

test.each([
  ["http", "http"],
  ["70000:80", "70000"],
  ["8010-8000:80", "8010-8000"],
  ["8000-8002:80-81", "8000-8002"],
  ["8080:80/http", "http"],
  ["example.com:8080:80", "example.com"],
  ["8080:", ""],
])("the port %s cannot be read, at %j", (text, marked) => {
  const [port] = webService(`ports: ["${text}"]`).ports;

  expect(written(port?.problem?.range)).toBe(`compose.yaml:${marked}`);
});

test("parts of a port point at themselves, also in double quotes with escapes", () => {
  const [port] = webService('ports: ["127.0.0.1:\\u0038080:80"]').ports;

  expect([port?.hostIp?.range, port?.published?.range, port?.target?.range].map(written)).toEqual([
    "compose.yaml:127.0.0.1",
    "compose.yaml:\\u0038080",
    "compose.yaml:80",
  ]);
});

test("a long port takes its parts from keys, and numbers may be plain", () => {
  const [long, plainPort] = webService("ports: [{target: 80, published: '8080', host_ip: 127.0.0.1}, 90]").ports;

  expect([long?.published?.value, long?.target?.value, long?.exposure]).toEqual([
    { first: 8080, last: 8080 },
    { first: 80, last: 80 },
    "loopback",
  ]);
  expect([plainPort?.published, plainPort?.target?.value]).toEqual([undefined, { first: 90, last: 90 }]);
});

test("an unknown address is neither public nor loopback", () => {
  const ports = webService('ports: ["${IP}:80:80", "${ALL}", "${PORT}:80"]').ports;

  expect(ports.map(({ exposure }) => exposure)).toEqual(["unknown", "unknown", "public"]);
});

test.each([
  ["./data:/data", "bind", "/w/data", "/data", false],
  [".:/app", "bind", "/w", "/app", false],
  ["../up:/app", "bind", "/up", "/app", false],
  ["/srv:/srv:ro", "bind", "/srv", "/srv", true],
  ["~/conf:/conf", "bind", "~/conf", "/conf", false],
  ["C:\\\\data:/data", "bind", "C:\\data", "/data", false],
  ["data:/data/../db/", "volume", undefined, "/db", false],
  ["data/db:/data", "volume", undefined, "/data", false],
  ["/cache", "anonymous", undefined, "/cache", false],
  ["${DATA:-./data}:/data", "bind", "/w/data", "/data", false],
  ["${DATA}:/data", "unknown", undefined, "/data", false],
  ["${DATA:?a:b}:/data", "unknown", undefined, "/data", false],
  ["./${X}:/data", "bind", undefined, "/data", false],
] as const)("the short volume %s is read", (text, type, hostPath, target, isReadOnly) => {
  const [mount] = webService(`volumes: ["${text}"]`).mounts;

  expect([mount?.type, mount?.hostPath, mount?.targetPath, mount?.isReadOnly, mount?.problem]).toEqual([
    type,
    hostPath,
    target,
    isReadOnly,
    undefined,
  ]);
});

test("options of a volume have their places", () => {
  const [mount] = webService('volumes: ["./a:/b:rw,Z,rshared,nocopy"]').mounts;

  expect(mount?.options.map(({ text, range }) => [text, written(range)])).toEqual(
    ["rw", "Z", "rshared", "nocopy"].map((text) => [text, `compose.yaml:${text}`]),
  );
  expect([mount?.selinux?.value, mount?.propagation?.value, mount?.nocopy?.value]).toEqual(["Z", "rshared", true]);
});

test("long volumes, tmpfs, secrets and configs are mounts, too", () => {
  const web = webService(
    [
      "volumes: [{type: bind, source: data, target: /data, read_only: true, bind: {create_host_path: false}}]",
      'tmpfs: "/tmp:size=64m,mode=1777"',
      "secrets: [key, {source: cert, target: /etc/cert}, {source: x, target: y}]",
      "configs: [conf]",
    ].join("\n"),
  );

  expect(
    web.mounts.map(({ type, hostPath, targetPath, isReadOnly }) => [type, hostPath, targetPath, isReadOnly]),
  ).toEqual([
    ["bind", "/w/data", "/data", true],
    ["tmpfs", undefined, "/tmp", false],
    ["secret", undefined, "/run/secrets/key", true],
    ["secret", undefined, "/etc/cert", true],
    ["secret", undefined, "/run/secrets/y", true],
    ["config", undefined, "/conf", true],
  ]);
  expect([web.mounts[1]?.sizeBytes?.value, web.mounts[1]?.mode?.value]).toEqual([64 * 1024 * 1024, "1777"]);
  expect(web.mountsAt("/etc/cert/x").map(({ from }) => from)).toEqual(["secrets"]);
});

test("variables are read from lists and mappings, with places of key and value", () => {
  const list = webService('environment: ["A=b=c", B, "C="]').environment;
  const mapping = webService("environment: {A: 1, B: , C: ''}").environment;

  expect(list.entries.map(({ key, value, keyRange }) => [key, value?.value, written(keyRange)])).toEqual([
    ["A", "b=c", "compose.yaml:A"],
    ["B", undefined, "compose.yaml:B"],
    ["C", "", "compose.yaml:C"],
  ]);
  expect(mapping.entries.map(({ key, value, range }) => [key, value?.value, written(range)])).toEqual([
    ["A", "1", "compose.yaml:A: 1"],
    ["B", undefined, "compose.yaml:B: "],
    ["C", "", "compose.yaml:C: ''"],
  ]);
});

test.each([
  ["command: [node, 'a b']", "list", ["node", "a b"]],
  ["command: node 'a b' c\\ d", "text", ["node", "a b", "c d"]],
  ["command: a && b", "text", ["a", "&&", "b"]],
  ["command:", "image", []],
  ["command: []", "empty", []],
  ["command: ''", "empty", []],
])("%s is the argv %j", (line, form, words) => {
  const { command } = webService(line);

  expect([command?.form, command?.words.map(({ value }) => value)]).toEqual([form, words]);
});

test("an unclosed quote in a command is a problem", () => {
  expect(webService('command: "a \'b"').command?.problem).toBe("the quote is never closed");
});

test.each([
  ["test: curl -f localhost", "shell"],
  ["test: [CMD-SHELL, curl -f localhost]", "shell"],
  ["test: [CMD, curl, -f]", "exec"],
  ["test: [NONE]", "none"],
  ["test: [curl]", "malformed"],
  ["test: []", "malformed"],
  ["interval: 30s", undefined],
])("a healthcheck of %s is %s", (line, kind) => {
  expect(webService(`healthcheck: {${line}}`).healthcheck?.test?.kind).toBe(kind);
});

test("times of a healthcheck are milliseconds, and a bare number says what is wrong", () => {
  const check = webService("healthcheck: {interval: 1m30s, timeout: 5, retries: 3, start_period: 1d}").healthcheck;

  expect([check?.intervalMs?.value, check?.timeoutMs?.value, check?.timeoutMs?.problem]).toEqual([
    90_000,
    undefined,
    "a duration without a unit",
  ]);
  expect([check?.retries?.value, check?.startPeriodMs?.value, check?.isDisabled]).toEqual([3, 86_400_000, false]);
});

test("the script of a healthcheck is what the shell sees, with places in the file", () => {
  const test_ = webService('healthcheck: {test: ["CMD-SHELL", "pg -U $$USER || exit 1"]}').healthcheck?.test;
  const script = test_?.kind === "shell" ? test_.script : undefined;
  const at = script?.text.indexOf("$USER") ?? 0;

  expect([script?.text, written(script?.rangeOf(at, at + 5))]).toEqual([
    "pg -U $USER || exit 1",
    "compose.yaml:$$USER",
  ]);
});

test.each([
  ["build: ./api", "/w/api", "/w/api/Dockerfile", "local"],
  ["build: {}", "/w", "/w/Dockerfile", "local"],
  ["build: {context: api, dockerfile: ../x.Dockerfile}", "/w/api", "/w/x.Dockerfile", "local"],
  ["build: {context: 'https://example.com/a.git#main'}", undefined, undefined, "remote"],
  ["build: {context: '${CTX}'}", undefined, undefined, "unknown"],
  ["build: {context: api, dockerfile: '${D}'}", "/w/api", undefined, "local"],
])("%s has its context and Dockerfile", (line, context, dockerfile, kind) => {
  const { build } = webService(line);

  expect([build?.contextPath, build?.dockerfilePath, build?.contextKind]).toEqual([context, dockerfile, kind]);
});

test("an inline Dockerfile is a source whose ranges lie in the Compose file", () => {
  const text =
    "services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM node\n\n        RUN echo $$HOME ${X:-now}\n        USER node\n";
  const inline = openVariant(text).services.get("web")?.build?.dockerfileInline;

  expect(inline?.text).toBe("FROM node\n\nRUN echo $HOME now\nUSER node\n");
  const rangeOf = (part: string) => {
    const at = inline?.text.indexOf(part) ?? 0;
    return written(inline?.range(at, at + part.length));
  };
  expect(["FROM", "echo", "USER node", "$HOME"].map(rangeOf)).toEqual([
    "compose.yaml:FROM",
    "compose.yaml:echo",
    "compose.yaml:USER node",
    "compose.yaml:$$HOME",
  ]);
  expect(inline?.root.path).toBe("compose.yaml");
});

test("arguments, contexts and secrets of a build are read", () => {
  const { build } = webService(
    "build: {args: [A=1, B], additional_contexts: {base: 'docker-image://node', lib: ../lib, api: 'service:api'}, secrets: [{source: npm, target: npmrc}, key], ssh: default}",
  );

  expect(build?.args.entries.map(({ key, value }) => [key, value?.value])).toEqual([
    ["A", "1"],
    ["B", undefined],
  ]);
  expect(build?.additionalContexts.map(({ name, kind, reference }) => [name, kind, reference])).toEqual([
    ["base", "image", "node"],
    ["lib", "local", "/lib"],
    ["api", "service", "api"],
  ]);
  expect(build?.secrets.map(({ effectiveTarget }) => effectiveTarget)).toEqual(["npmrc", "key"]);
  expect(build?.ssh.entries.map(({ key }) => key)).toEqual(["default"]);
});

test("dependencies and implied needs are edges", () => {
  const web = webService(
    "depends_on: {db: {condition: service_healthy, required: false}}\nlinks: ['mq:queue']\npid: 'service:api'\nvolumes_from: ['container:x', 'files:ro']",
  );

  expect(
    web.dependsOn.map(({ service, effectiveCondition, isRequired }) => [service, effectiveCondition, isRequired]),
  ).toEqual([["db", "service_healthy", false]]);
  expect(web.needs.map(({ service, key, range }) => [service, key, written(range)])).toEqual([
    ["db", "depends_on", "compose.yaml:db"],
    ["mq", "links", "compose.yaml:mq"],
    ["files", "volumes_from", "compose.yaml:files"],
    ["api", "pid", "compose.yaml:api"],
  ]);
});

test("a service without networks joins `default`, unless a mode says otherwise", () => {
  const names = (lines: string) => webService(lines).networks.map(({ name, isImplicit }) => [name, isImplicit]);

  expect(names("image: a")).toEqual([["default", true]]);
  expect(names("network_mode: host")).toEqual([]);
  expect(names("networks: [back]")).toEqual([["back", false]]);
  expect(names("networks: {back: {aliases: [x]}}")).toEqual([["back", false]]);
});

test.each([
  ["image: a", "no", "default"],
  ["restart: 'no'", "no", "restart"],
  ["restart: no", "no", "restart"],
  ["restart: on-failure:3", "on-failure", "restart"],
  ["restart: always\ndeploy: {restart_policy: {condition: none}}", "no", "deploy"],
  ["deploy: {restart_policy: {delay: 5s}}", "always", "deploy"],
  ["restart: ${R}", "unknown", "restart"],
])("%j restarts: %s, by %s", (lines, policy, from) => {
  const { restart } = webService(lines);

  expect([restart.policy, restart.from]).toEqual([policy, from]);
});

test("limits in two spellings are one fact, the one in effect first", () => {
  const { limits, reservations } = webService(
    "mem_limit: 1g\ncpus: 0.5\ndeploy: {resources: {limits: {memory: 512M, pids: 100}, reservations: {memory: 64m}}}",
  );

  expect(limits.memoryBytes.map(({ value }) => value)).toEqual([512 * 1024 ** 2, 1024 ** 3]);
  expect([limits.cpus, limits.pids, reservations.memoryBytes].map((list) => list.map(({ value }) => value))).toEqual([
    [0.5],
    [100],
    [64 * 1024 ** 2],
  ]);
});

test("small settings are read", () => {
  const web = webService(
    [
      "security_opt: ['no-new-privileges:true', seccomp=unconfined]",
      "devices: ['/dev/a:/dev/b:r', /dev/c, vendor.com/gpu=all]",
      "ulimits: {nofile: 1024, nproc: {soft: 1, hard: 2}}",
      "env_file: [a.env, {path: b.env, required: false, format: raw}]",
      "post_start: [{command: [echo], user: root}]",
      "logging: {driver: local, options: {max-size: 10m}}",
    ].join("\n"),
  );

  expect(web.securityOptions.map(({ name, value }) => [name, value])).toEqual([
    ["no-new-privileges", "true"],
    ["seccomp", "unconfined"],
  ]);
  expect(
    web.devices.map(({ source, target, permissions, isCdi }) => [source?.value, target, permissions, isCdi]),
  ).toEqual([
    ["/dev/a", "/dev/b", "r", false],
    ["/dev/c", "/dev/c", "rwm", false],
    ["vendor.com/gpu=all", undefined, "rwm", true],
  ]);
  expect(web.ulimits.map(({ name, soft, hard }) => [name, soft?.value, hard?.value])).toEqual([
    ["nofile", 1024, 1024],
    ["nproc", 1, 2],
  ]);
  expect(web.envFiles.map(({ file, isRequired, format }) => [file, isRequired, format?.value])).toEqual([
    ["/w/a.env", true, undefined],
    ["/w/b.env", false, "raw"],
  ]);
  expect(web.hooks.map(({ phase, user }) => [phase, user?.value])).toEqual([["post_start", "root"]]);
  expect([web.logging?.driver?.value, web.logging?.options.get("max-size")?.value?.value]).toEqual(["local", "10m"]);
});

test("generic access reads any path, with removals and unreadable values", () => {
  const web = webService("deploy: {replicas: 2}\nread_only: maybe\nuser: !reset null");

  expect(plain(web.at("deploy", "replicas"))).toBe("2");
  expect(web.numberAt("deploy", "replicas")?.value).toBe(2);
  expect([web.booleanAt("read_only")?.value, web.booleanAt("read_only")?.problem]).toEqual([
    undefined,
    "neither true nor false",
  ]);
  expect([web.valueAt("user"), written(web.removalOf("user")?.range)]).toEqual([undefined, "compose.yaml:!reset"]);
});

test("jobs, development tools and public services are told from the files", () => {
  const { services } = openVariant(
    [
      "services:",
      "  web: {image: a, ports: ['80:80'], depends_on: {init: {condition: service_completed_successfully}}}",
      "  init: {image: a}",
      "  once: {image: a, restart: 'no'}",
      "  seed: {image: a, profiles: [seed]}",
      "  mail: {image: a, profiles: [dev, debug]}",
      "  win: {image: 'mcr.microsoft.com/windows/servercore:ltsc2022', ports: ['127.0.0.1:1:1']}",
    ].join("\n"),
  );
  const namesWhere = (test_: "isJob" | "isDevTool" | "isPublic" | "isWindows") =>
    [...services.values()].filter((service) => service[test_]).map(({ name }) => name);

  expect([namesWhere("isJob"), namesWhere("isDevTool"), namesWhere("isPublic"), namesWhere("isWindows")]).toEqual([
    ["init", "once", "seed"],
    ["mail"],
    ["web"],
    ["win"],
  ]);
  expect([services.get("mail")?.role, services.get("web")?.role]).toEqual([
    { name: "development", stated: true },
    { name: "production", stated: false },
  ]);
});

test("services reach each other over a shared network only", () => {
  const { services } = openVariant(
    "services: {a: {image: x, networks: [n]}, b: {image: x, networks: [n, m]}, c: {image: x}, d: {image: x, network_mode: 'service:a'}, e: {image: x, network_mode: '${M}'}}",
  );
  const reach = (from: string, to: string) => {
    const [a, b] = [services.get(from), services.get(to)];
    return a === undefined || b === undefined ? "no service" : a.reaches(b);
  };

  expect([reach("a", "b"), reach("a", "c"), reach("d", "b"), reach("e", "a")]).toEqual([true, false, true, undefined]);
});

test("resources of the top level are read, in the old spelling too", () => {
  const variant = openVariant(
    "services: {web: {image: a, volumes: ['data:/d'], secrets: [key]}}\nvolumes: {data: , old: {external: {name: x}}, ext: {external: true}}\nsecrets: {key: {file: ./key.txt}}",
  );

  expect(
    [...variant.volumes.values()].map(({ name, isExternal, realName }) => [name, isExternal, realName?.value]),
  ).toEqual([
    ["data", false, undefined],
    ["old", true, "x"],
    ["ext", true, undefined],
  ]);
  const key = variant.secrets.get("key");
  expect([key?.filePath, key && variant.servicesUsing(key).map(({ name }) => name)]).toEqual(["/w/key.txt", ["web"]]);
});

test.each([
  [`command: sh -c "npm ci && npm start"`, "npm start", "compose.yaml:npm start"],
  [`command: sh -c 'npm start'`, "npm", "compose.yaml:npm"],
  [`command: sh -c npm\\ start`, "npm", "compose.yaml:npm\\ start"],
])(
  "a stretch of a quoted word of `%s` has a place of its own, one with escapes that of the word",
  (line, part, place) => {
    const word = webService(line).command?.words.at(-1);
    const at = word?.value?.indexOf(part) ?? 0;

    expect(written(word?.rangeOf(at, at + part.length))).toBe(place);
  },
);
