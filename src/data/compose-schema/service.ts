import {
  bytes,
  command,
  decimal,
  deprecated,
  driverOptions,
  duration,
  flag,
  integer,
  keyValues,
  list,
  named,
  type Schema,
  set,
  shared,
  table,
  tableOrNull,
  text,
  textOrNull,
  textOrNumber,
  textOrTable,
  texts,
  word,
} from "./forms.js";
import { resourceKeys } from "./service-resources.js";

/** A service: one container, or several alike. */
export function service(): Schema {
  return table("A part of the application: containers made of one image, with one configuration.", {
    ...startKeys(),
    ...buildAndImageKeys(),
    ...dependencyKeys(),
    ...networkKeys(),
    ...storageKeys(),
    ...securityKeys(),
    ...resourceKeys(),
    ...lifecycleKeys(),
  });
}

function startKeys(): Record<string, Schema> {
  return {
    command: command("Overrides the command of the image. Empty (`[]`) drops it, null keeps it."),
    entrypoint: command("Overrides the entrypoint of the image, and drops the command of the image."),
    environment: keyValues("Variables of the container. A name without a value takes that of the caller."),
    env_file: {
      description: "Files with variables of the container; later files win, `environment` wins over all.",
      type: ["string", "array"],
      items: textOrTable(
        "A file with variables.",
        {
          path: text("The file, relative to the Compose file."),
          required: flag("Whether a missing file is an error; it is by default."),
          format: text("How the file is read: `raw` takes values as they are, without variables and quotes."),
        },
        { required: ["path"] },
      ),
    },
    working_dir: text("Folder in which the command runs."),
    user: text("Who the command runs as: `uid`, `uid:gid`, or names of the image."),
    init: flag("Runs a small init process as PID 1, which forwards signals and collects dead processes."),
    tty: flag("Gives the container a terminal."),
    stdin_open: flag("Keeps standard input open."),
    attach: flag("Whether `docker compose up` shows the output; it does by default."),
    labels: keyValues("Metadata of the container."),
    label_file: texts("Files with metadata of the container."),
    annotations: keyValues("Annotations for the runtime."),
    container_name: text("A fixed name for the one container; such a service cannot be scaled."),
    hostname: text("Name that the container has for itself."),
    domainname: text("Domain that the container has for itself."),
    use_api_socket: flag("Hands the socket of the engine and the credentials of the user to the container."),
  };
}

function buildAndImageKeys(): Record<string, Schema> {
  return {
    image: text("Image that the container is made of, `registry/name:tag`; with `build`, the name of what is built."),
    build: shared("build", "How the image is built: a folder for short, or a mapping."),
    platform: text("Platform that the container runs on, `os/architecture/variant`.", "compose-platform"),
    pull_policy: text("When the image is pulled.", "compose-pull-policy"),
    pull_refresh_after: text("Age from which on the image is pulled again."),
    provider: table(
      "A program outside that provides this service instead of a container.",
      {
        type: text("Name of the program that provides it."),
        options: named("What the program is told.", {
          type: ["string", "number", "boolean", "array"],
          items: { type: ["string", "number", "boolean"] },
        }),
      },
      { required: ["type"] },
    ),
    extends: textOrTable(
      "A service whose configuration this one takes over: a name of this file, or a mapping.",
      {
        service: text("Name of the service."),
        file: text("File that has the service; this one by default."),
      },
      { required: ["service"] },
    ),
    develop: tableOrNull("What `docker compose watch` does while people edit.", {
      watch: list("Paths that are watched, and what happens when something changes there.", shared("watch")),
    }),
    scale: integer("Number of containers; has to agree with `deploy.replicas`.", 0),
    deploy: shared("deploy", "How the service is run: copies, resources, restarts."),
    profiles: set("Profiles that start this service; without any it is always started."),
    models: {
      description: "Language models that the service uses: names, or names with variables for them.",
      type: ["array", "object"],
      items: { type: "string" },
      uniqueItems: true,
      additionalProperties: tableOrNull("Variables through which the container learns about the model.", {
        endpoint_var: text("Variable that gets the address."),
        model_var: text("Variable that gets the name of the model."),
      }),
    },
  };
}

function dependencyKeys(): Record<string, Schema> {
  return {
    depends_on: {
      description: "Services that are started before this one.",
      type: ["array", "object"],
      items: { type: "string" },
      uniqueItems: true,
      additionalProperties: table(
        "What is waited for.",
        {
          condition: word("The state that is waited for.", [
            "service_started",
            "service_healthy",
            "service_completed_successfully",
          ]),
          required: flag("Whether the other service has to be there; it has to by default."),
          restart: flag("Restarts this service when Compose restarts the other one."),
        },
        { required: ["condition"] },
      ),
    },
    links: deprecated(set("Services that this one reaches under another name, `service:name`.")),
    external_links: deprecated(set("Containers outside of this project, `container:name`.")),
    volumes_from: deprecated(set("Services or containers whose volumes are mounted here as well.")),
  };
}

function networkKeys(): Record<string, Schema> {
  return {
    ports: {
      description: "Ports that are published on the host: `host:container` for short, or mappings.",
      type: "array",
      items: {
        ...table("A published port.", {
          name: text("What people call the port."),
          target: integer("Port of the container."),
          published: textOrNumber("Port of the host, or a range; any free one by default."),
          host_ip: text("Address of the host that listens; all of them by default."),
          protocol: text("`tcp`, `udp` or `sctp`."),
          app_protocol: text("What is spoken there, such as `http`."),
          mode: word("`ingress` balances between nodes, `host` publishes on each node.", ["host", "ingress"]),
        }),
        type: ["integer", "string", "object"],
      },
    },
    expose: set("Ports that other services may use; they are not published.", {
      type: ["integer", "string"],
      format: "compose-exposed-port",
    }),
    network_mode: text("`bridge`, `none`, `host`, or the network of `service:name` or `container:name`."),
    networks: {
      description: "Networks that the container joins: names, or names with settings.",
      type: ["array", "object"],
      items: { type: "string" },
      uniqueItems: true,
      additionalProperties: tableOrNull("How the container joins the network.", {
        aliases: set("Further names under which other containers find this one."),
        interface_name: text("Name of the interface in the container."),
        ipv4_address: text("A fixed IPv4 address.", "compose-ipv4"),
        ipv6_address: text("A fixed IPv6 address.", "compose-ipv6"),
        link_local_ips: set("Addresses of the link.", { type: "string", format: "compose-ip" }),
        mac_address: text("A fixed hardware address.", "compose-mac"),
        driver_opts: driverOptions("What the driver of the network is told."),
        priority: decimal("Networks are joined in this order, highest first."),
        gw_priority: decimal("The network with the highest number is the default gateway."),
      }),
    },
    dns: texts("Addresses of DNS servers.", "compose-ip"),
    dns_opt: set("Options of the resolver."),
    dns_search: texts("Domains that are searched."),
    extra_hosts: shared("extraHosts", "Further names with their addresses."),
    mac_address: deprecated(text("A fixed hardware address.", "compose-mac")),
  };
}

function storageKeys(): Record<string, Schema> {
  return {
    volumes: list(
      "Volumes and folders that are mounted: `source:target:options` for short, or mappings.",
      shared("mount"),
    ),
    tmpfs: texts("Paths that lie in memory, `path:options`."),
    configs: shared("grants", "Configs that the container gets as files."),
    secrets: shared("grants", "Secrets that the container gets as files below `/run/secrets`."),
    storage_opt: { description: "Options of the storage driver.", type: "object" },
    credential_spec: table("Account of a Windows container.", {
      config: text("A config that holds it."),
      file: text("A file that holds it."),
      registry: text("A value of the Windows registry that holds it."),
    }),
  };
}

function securityKeys(): Record<string, Schema> {
  const capability = { type: "string", format: "compose-capability" };
  return {
    cap_add: set("Capabilities that the container gets besides the default ones.", capability),
    cap_drop: set("Capabilities that the container does not get; `ALL` drops all.", capability),
    privileged: flag("Gives the container nearly everything that root of the host may do."),
    read_only: flag("Makes the root filesystem read-only."),
    security_opt: set("Settings of AppArmor, SELinux, seccomp and the like.", {
      type: "string",
      format: "compose-security-option",
    }),
    group_add: set("Further groups of the user, by name or number.", { type: ["string", "integer"] }),
    userns_mode: text("User namespace: `host` switches it off.", "compose-user-namespace"),
    uts: text("UTS namespace: `host` shares that of the host.", "compose-uts"),
    ipc: text("IPC namespace.", "compose-ipc"),
    pid: textOrNull("PID namespace: `host`, `service:name` or `container:name`.", "compose-pid"),
    cgroup: word("Cgroup namespace.", ["host", "private"]),
    cgroup_parent: text("Cgroup under which that of the container is made."),
    isolation: text("How Windows containers are kept apart: `default`, `process` or `hyperv`.", "compose-isolation"),
    runtime: text("Runtime that starts the container."),
    sysctls: keyValues("Kernel settings of the container."),
    devices: list("Devices of the host, `host:container:permissions` for short, or mappings.", {
      ...table(
        "A device of the host.",
        {
          source: text("Path on the host, or a CDI name."),
          target: text("Path in the container; that of the host by default."),
          permissions: text("Letters of `rwm`: read, write, make nodes.", "compose-device-permissions"),
        },
        { required: ["source"] },
      ),
      type: ["string", "object"],
      format: "compose-device",
    }),
    device_cgroup_rules: set("Devices that the container may use, `c 1:3 mr`.", {
      type: "string",
      format: "compose-device-cgroup-rule",
    }),
    gpus: {
      description: "Graphics processors: `all`, or a list of requests.",
      type: ["string", "array"],
      format: "compose-all",
      items: shared("deviceRequest", "A request for processors."),
    },
  };
}

function lifecycleKeys(): Record<string, Schema> {
  return {
    healthcheck: table("How the engine finds out whether the container works.", {
      test: {
        description: "The probe: a list that begins with `CMD`, `CMD-SHELL` or `NONE`, or text for a shell.",
        type: ["string", "array"],
        items: { type: "string" },
      },
      interval: duration("Time between two probes; 30s by default."),
      timeout: duration("Time that a probe may take; 30s by default."),
      start_period: duration("Time at the start in which failed probes do not count; none by default."),
      start_interval: duration("Time between two probes in the start period; 5s by default."),
      retries: decimal("Failed probes in a row after which the container is unhealthy; 3 by default.", 0),
      disable: flag("Switches the healthcheck of the image off."),
    }),
    restart: text("When the container is started again.", "compose-restart"),
    stop_signal: text("Signal that asks the process to end; SIGTERM by default.", "compose-signal"),
    stop_grace_period: duration("Time to end before the process is killed; 10s by default."),
    logging: table("Where the output goes.", {
      driver: text("Driver that takes it, such as `local` or `json-file`."),
      options: named("What the driver is told.", { type: ["string", "number", "null"] }),
    }),
    post_start: list("Commands that run in the container once it has started.", shared("hook")),
    pre_stop: list("Commands that run in the container before it is stopped.", shared("hook")),
    pre_start: list("Containers that run before this one is started.", shared("initHook")),
  };
}

/** Parts of services that several places share. */
export function serviceParts(): Record<string, Schema> {
  const hook = {
    command: command("What is run."),
    user: text("Who it runs as."),
    privileged: flag("Runs it with nearly everything that root of the host may do."),
    working_dir: text("Folder in which it runs."),
    environment: keyValues("Variables of the command."),
  };
  return {
    hook: table("A command that runs at a point in the life of a container.", hook, { required: ["command"] }),
    initHook: table("A container that runs before another one.", {
      ...hook,
      image: text("Image of the container; that of the service by default."),
      per_replica: flag("Runs before each copy instead of once."),
    }),
    watch: table(
      "A path that is watched.",
      {
        path: text("The path, relative to the project.", "compose-not-empty"),
        action: word("What happens when something changes.", [
          "rebuild",
          "sync",
          "restart",
          "sync+restart",
          "sync+exec",
        ]),
        target: text("Path in the container to which changes are copied."),
        exec: shared("hook", "Command that runs after copying."),
        ignore: texts("Patterns of paths that do not count."),
        include: texts("Patterns of paths that alone count."),
        initial_sync: flag("Copies everything once at the start."),
      },
      {
        required: ["path", "action"],
        if: { required: ["action"], properties: { action: { enum: ["sync", "sync+restart", "sync+exec"] } } },
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: { required: ["target"] },
      },
    ),
    grants: {
      description: "Names for short, or mappings.",
      type: "array",
      items: textOrTable("What the container gets, and where.", {
        source: text("Name of the top-level element."),
        target: text("Path, or name of the file, in the container."),
        uid: text("Owner of the file, as a number in quotes."),
        gid: text("Group of the file, as a number in quotes."),
        mode: textOrNumber("Permissions in octal: `0444`.", "compose-file-mode"),
      }),
    },
    extraHosts: {
      description: "Names with their addresses; `host-gateway` is the host.",
      type: ["object", "array"],
      items: { type: "string", format: "compose-extra-host" },
      additionalProperties: {
        type: ["string", "array"],
        format: "compose-host-address",
        items: { type: "string", format: "compose-host-address" },
      },
    },
    mount: mount(),
  };
}

function mount(): Schema {
  return textOrTable(
    "A mount: `source:target:options` for short, or a mapping.",
    {
      type: word("What is mounted.", ["bind", "volume", "tmpfs", "npipe", "cluster", "image"]),
      source: text("Path of the host, name of a volume, or image."),
      target: text("Path in the container."),
      read_only: flag("Whether the container may only read."),
      consistency: text("Had a meaning on old Docker Desktop."),
      bind: table("Settings of a folder of the host.", {
        propagation: word("Whether later mounts travel between host and container.", [
          "private",
          "rprivate",
          "shared",
          "rshared",
          "slave",
          "rslave",
        ]),
        create_host_path: flag("Makes a missing folder on the host."),
        recursive: word("What becomes of mounts below.", ["enabled", "disabled", "writable", "readonly"]),
        selinux: word("Label for SELinux: `z` shared, `Z` private.", ["z", "Z"]),
      }),
      volume: table("Settings of a volume.", {
        nocopy: flag("Does not fill a new volume with what the image has there."),
        subpath: text("Path inside the volume."),
        labels: keyValues("Metadata of the volume."),
      }),
      tmpfs: table("Settings of a mount in memory.", {
        size: bytes("Its size."),
        mode: textOrNumber("Permissions in octal: `01777`.", "compose-file-mode"),
      }),
      image: table("Settings of a mounted image.", { subpath: text("Path inside the image.") }),
    },
    { required: ["type", "target"], format: "compose-mount" },
  );
}
