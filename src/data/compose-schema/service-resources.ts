import { bytes, decimal, integer, list, named, type Schema, table, text } from "./forms.js";

/** Keys of a service about memory, processors, processes and disks. */
export function resourceKeys(): Record<string, Schema> {
  return {
    cpus: decimal("Processors that the containers may use; 0 is without limit.", 0),
    cpuset: text("Processors that they may run on: `0-3`, `0,1`.", "compose-cpu-set"),
    cpu_shares: integer("Weight against other containers."),
    cpu_quota: integer("Microseconds of processor time in each period."),
    cpu_period: { ...realTime("Length of a period in microseconds.") },
    cpu_rt_period: realTime("Length of a real-time period, in microseconds or with a unit."),
    cpu_rt_runtime: realTime("Real-time share of a period, in microseconds or with a unit."),
    cpu_count: integer("Processors of a Windows container.", 0),
    cpu_percent: decimal("Share of the processors of a Windows host.", 0, 100),
    mem_limit: bytes("Memory that a container may use."),
    mem_reservation: bytes("Memory that is kept free for it."),
    mem_swappiness: integer("How readily memory is swapped out.", -1, 100),
    memswap_limit: bytes("Memory and swap together; -1 is without limit.", -1),
    oom_kill_disable: { description: "Keeps the kernel from killing it for lack of memory.", ...FLAG },
    oom_score_adj: integer("How readily the kernel kills it for lack of memory.", -1000, 1000),
    pids_limit: integer("Number of processes; -1 is without limit.", -1),
    shm_size: bytes("Size of `/dev/shm`."),
    ulimits: { description: "Limits of each process.", $ref: "#/$defs/ulimits" },
    blkio_config: blkio(),
  };
}

const FLAG = { type: ["boolean", "string"], format: "compose-boolean" } as const;

function realTime(description: string): Schema {
  return { description, type: ["integer", "string"], format: "compose-microseconds" };
}

function blkio(): Schema {
  const weights = table("Weight of a device.", {
    path: text("Path of the device."),
    weight: integer("Its weight.", 10, 1000),
  });
  const rates = table("Limit of a device.", { path: text("Path of the device."), rate: bytes("Bytes a second.") });
  const counts = table("Limit of a device.", {
    path: text("Path of the device."),
    rate: integer("Operations a second.", 0),
  });
  const strict = { patternProperties: {} };
  return table(
    "How disks are shared.",
    {
      weight: integer("Weight against other containers.", 10, 1000),
      weight_device: list("Weights of single devices.", { ...weights, ...strict }),
      device_read_bps: list("Limits of bytes read.", { ...rates, ...strict }),
      device_write_bps: list("Limits of bytes written.", { ...rates, ...strict }),
      device_read_iops: list("Limits of read operations.", { ...counts, ...strict }),
      device_write_iops: list("Limits of write operations.", { ...counts, ...strict }),
    },
    strict,
  );
}

/** The limits of processes that services and builds share. */
export function ulimits(): Schema {
  const limit = integer("Limit; -1 is without.", -1);
  return named(
    "Limits by name.",
    {
      ...table(
        "Soft and hard limit.",
        {
          soft: { ...limit, description: "Limit that counts; a process may raise it." },
          hard: { ...limit, description: "The most that a process may raise it to." },
        },
        { required: ["soft", "hard"] },
      ),
      type: ["integer", "string", "object"],
      format: "compose-integer -1..",
      minimum: -1,
    },
    { propertyNames: { pattern: "^[a-z]+$" } },
  );
}
