import {
  bytes,
  decimal,
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
  textOrTable,
  word,
} from "./forms.js";

/** How a service is run. */
export function deploy(): Schema {
  return tableOrNull("How the service is run: copies, resources, restarts. Much of it counts in a Swarm alone.", {
    mode: word("How many containers run, and whether they end (Swarm).", [
      "replicated",
      "global",
      "replicated-job",
      "global-job",
    ]),
    endpoint_mode: word("How others reach the service (Swarm).", ["vip", "dnsrr"]),
    replicas: integer("Number of containers.", 0),
    labels: keyValues("Metadata of the Swarm service, not of its containers."),
    resources: table("What the containers may use, and what is kept free for them.", {
      limits: table("What they may use at most.", {
        cpus: decimal("Processors.", 0),
        memory: bytes("Memory."),
        pids: integer("Processes; -1 is without limit.", -1),
      }),
      reservations: table("What is kept free for them.", {
        cpus: decimal("Processors.", 0),
        memory: bytes("Memory."),
        generic_resources: list("Resources that the nodes of a Swarm name.", genericResource()),
        devices: list("Devices, such as graphics processors.", shared("reservedDevice", "A request for devices.")),
      }),
    }),
    restart_policy: table("When a container is started again; wins over `restart`.", {
      condition: word("When it is.", ["none", "on-failure", "any"]),
      delay: duration("Time between two attempts."),
      max_attempts: integer("Attempts before it is given up.", 0),
      window: duration("Time after which a start counts as good."),
    }),
    update_config: updates("How containers are replaced by new ones (Swarm).", ["continue", "pause", "rollback"]),
    rollback_config: updates("How a failed update is taken back (Swarm).", ["continue", "pause"]),
    placement: table("On which nodes the containers run (Swarm).", {
      constraints: list("Conditions that a node has to meet.", { type: "string" }),
      preferences: list(
        "What the containers are spread over.",
        table("A preference.", { spread: text("Label of nodes over which containers are spread.") }),
      ),
      max_replicas_per_node: integer("Containers on one node at most.", 0),
    }),
  });
}

function genericResource(): Schema {
  return table("A resource that nodes name.", {
    discrete_resource_spec: table("So many of a kind.", {
      kind: text("Name of the resource."),
      value: decimal("How many.", 0),
    }),
  });
}

function updates(description: string, actions: readonly string[]): Schema {
  return table(description, {
    parallelism: integer("Containers that are replaced at a time; 0 is all.", 0),
    delay: duration("Time between two groups."),
    failure_action: word("What happens when it fails.", actions),
    monitor: duration("Time for which new containers are watched."),
    max_failure_ratio: decimal("Share of failures that is accepted.", 0, 1),
    order: word("Whether the new container starts first or the old one stops first.", ["start-first", "stop-first"]),
  });
}

const COUNT = { type: ["integer", "string"], format: "compose-count", minimum: -1 } as const;

/** Requests for devices, and the named networks, volumes, secrets, configs and models. */
export function resourceParts(): Record<string, Schema> {
  const request = {
    capabilities: set("What the devices have to be able to do: `[gpu]`."),
    count: { description: "How many, or `all`.", ...COUNT },
    device_ids: set("Which ones, by id."),
    driver: text("Driver that provides them, such as `nvidia`."),
    options: keyValues("What the driver is told."),
  };
  return {
    deviceRequest: table("A request for devices.", request),
    reservedDevice: table("A request for devices.", request, { required: ["capabilities"] }),
    network: network(),
    volume: volume(),
    secret: secret(),
    config: config(),
    model: model(),
  };
}

const external = (): Schema => ({
  description: "Whether it exists already, and Compose only uses it.",
  ...table("Old form: the name it has outside.", { name: text("The name it has outside.") }),
  type: ["boolean", "string", "object"],
  format: "compose-boolean",
});

const options = (description: string): Schema => named(description, { type: ["string", "number"] });

function network(): Schema {
  return tableOrNull("A network that services join.", {
    name: text("The name that it has outside of this project."),
    driver: text("Driver that makes it: `bridge`, `overlay`, `macvlan`, or a plugin."),
    driver_opts: options("What the driver is told."),
    ipam: table("How addresses are given out.", {
      driver: text("Driver that gives them out."),
      config: list(
        "Ranges of addresses.",
        table("A range of addresses.", {
          subnet: text("The network, `172.28.0.0/16`.", "compose-cidr"),
          ip_range: text("The part from which containers get theirs.", "compose-cidr"),
          gateway: text("Address of the gateway.", "compose-ip"),
          aux_addresses: named("Addresses that are taken, by name.", { type: "string", format: "compose-ip" }),
        }),
      ),
      options: named("What the driver is told.", { type: "string" }),
    }),
    external: external(),
    internal: flag("Cuts the network off from the outside."),
    attachable: flag("Lets single containers join."),
    enable_ipv4: flag("Gives IPv4 addresses; it does by default."),
    enable_ipv6: flag("Gives IPv6 addresses."),
    labels: keyValues("Metadata of the network."),
  });
}

function volume(): Schema {
  return tableOrNull("Storage that outlives containers.", {
    name: text("The name that it has outside of this project."),
    driver: text("Driver that makes it."),
    driver_opts: options("What the driver is told."),
    external: external(),
    labels: keyValues("Metadata of the volume."),
  });
}

function secret(): Schema {
  return table("A value that only some services may see.", {
    name: text("The name that it has outside of this project."),
    file: text("File that holds it."),
    environment: text("Variable of the caller that holds it."),
    external: external(),
    labels: keyValues("Metadata of the secret."),
    driver: text("Driver that provides it."),
    driver_opts: options("What the driver is told."),
    template_driver: text("Driver that fills in its template."),
  });
}

function config(): Schema {
  return table("A file that services get without it being in their image.", {
    name: text("The name that it has outside of this project."),
    file: text("File that holds it."),
    environment: text("Variable of the caller that holds it."),
    content: text("The content itself; variables are put in."),
    external: external(),
    labels: keyValues("Metadata of the config."),
    template_driver: text("Driver that fills in its template."),
  });
}

function model(): Schema {
  return table(
    "A language model that the platform runs.",
    {
      model: text("The model, as an OCI reference."),
      name: text("The name that it has outside of this project."),
      context_size: integer("Tokens that its context holds.", 0),
      runtime_flags: list("Flags of the program that runs it.", { type: "string" }),
    },
    { required: ["model"] },
  );
}

/** An entry of `include`. */
export function include(): Schema {
  return textOrTable("Another Compose file whose elements are used here.", {
    path: {
      description: "The file, or several that are merged.",
      type: ["string", "array"],
      items: { type: "string" },
    },
    env_file: {
      description: "Files with variables for it.",
      type: ["string", "array"],
      items: { type: "string" },
    },
    project_directory: text("Folder against which its paths are resolved."),
  });
}
