// Variables that programs of a container read, and the program that shows that they are meant.
// Sources: the documentation of the programs named; 2026-11.

/** A variable by which a tool is told to send nothing home. */
export interface TelemetrySwitch {
  /** The name under which people know the tool. */
  readonly tool: string;
  readonly variable: string;
  readonly value: string;
}

const TELEMETRY: ReadonlyMap<string, TelemetrySwitch> = new Map([
  ["next", { tool: "Next.js", variable: "NEXT_TELEMETRY_DISABLED", value: "1" }],
  ["nuxt", { tool: "Nuxt", variable: "NUXT_TELEMETRY_DISABLED", value: "1" }],
  ["nuxi", { tool: "Nuxt", variable: "NUXT_TELEMETRY_DISABLED", value: "1" }],
  ["gatsby", { tool: "Gatsby", variable: "GATSBY_TELEMETRY_DISABLED", value: "1" }],
  ["astro", { tool: "Astro", variable: "ASTRO_TELEMETRY_DISABLED", value: "1" }],
  ["turbo", { tool: "Turborepo", variable: "TURBO_TELEMETRY_DISABLED", value: "1" }],
  ["dotnet", { tool: "The .NET CLI", variable: "DOTNET_CLI_TELEMETRY_OPTOUT", value: "1" }],
  ["pwsh", { tool: "PowerShell", variable: "POWERSHELL_TELEMETRY_OPTOUT", value: "1" }],
  ["huggingface-cli", { tool: "The Hugging Face hub", variable: "HF_HUB_DISABLE_TELEMETRY", value: "1" }],
  ["hf", { tool: "The Hugging Face hub", variable: "HF_HUB_DISABLE_TELEMETRY", value: "1" }],
  ["az", { tool: "The Azure CLI", variable: "AZURE_CORE_COLLECT_TELEMETRY", value: "0" }],
  ["brew", { tool: "Homebrew", variable: "HOMEBREW_NO_ANALYTICS", value: "1" }],
  ["vcpkg", { tool: "vcpkg", variable: "VCPKG_DISABLE_METRICS", value: "1" }],
  ["bun", { tool: "Bun", variable: "DO_NOT_TRACK", value: "1" }],
]);

/** How a program is told to send nothing home; undefined for programs that do not, or are not known. */
export function telemetrySwitch(program: string): TelemetrySwitch | undefined {
  return TELEMETRY.get(program);
}

/** Servers in Python that write through `logging`, which hands each record on at once: only what the code prints waits. */
const LOGGING_SERVERS: ReadonlySet<string> = new Set([
  "gunicorn",
  "uvicorn",
  "hypercorn",
  "daphne",
  "celery",
  "fastapi",
  "streamlit",
  "waitress-serve",
]);

/**
 * What a program that runs Python keeps in a buffer: all `output`, or only what its code `prints` itself; undefined for
 * programs that are not Python.
 */
export function pythonBuffer(name: string): "output" | "prints" | undefined {
  if ((name.startsWith("python") && !name.includes("-")) || name === "flask") return "output";
  return LOGGING_SERVERS.has(name) ? "prints" : undefined;
}

const RUBY_SERVERS: ReadonlySet<string> = new Set(["rails", "puma", "unicorn", "thin", "rackup", "sidekiq", "falcon"]);

/** Whether a program is a server of Ruby, or runs its jobs. */
export function isRubyServer(name: string): boolean {
  return RUBY_SERVERS.has(name);
}
