// Prints how fast plimsoll is, beside `node -e 0` and other linters, as ratios of one run.
// Usage: node run.mjs [--samples FOLDER] [--files N] [--rounds N]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { generate, largeCompose, samplesBelow } from "./generate.mjs";
import { compare, runOnce } from "./measure.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
const PLIMSOLL = join(HERE, "..", "bin", "plimsoll.js");
const { values } = parseArgs({
  options: {
    samples: { type: "string", default: join(HERE, "..", "fixtures") },
    files: { type: "string", default: "4000" },
    rounds: { type: "string", default: "15" },
  },
});

const DOCKERFILE = `# syntax=docker/dockerfile:1
FROM node:22.14.0-slim AS build
WORKDIR /srv/api
COPY package.json package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci
COPY src ./src
RUN npm run build && npm prune --omit=dev

FROM node:22.14.0-slim
ENV NODE_ENV=production
WORKDIR /srv/api
RUN apt-get update && apt-get install -y --no-install-recommends curl \\
    && rm -rf /var/lib/apt/lists/*
COPY --from=build /srv/api/node_modules ./node_modules
COPY --from=build /srv/api/dist ./dist
LABEL org.opencontainers.image.source="https://example.com/acme/api"
USER 1000
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -fsS http://127.0.0.1:3000/health || exit 1
CMD ["node", "dist/main.js"]
`;
const COMPOSE = `services:
  db:
    image: postgres:17.2
    environment:
      POSTGRES_PASSWORD_FILE: /run/secrets/db
    secrets: [db]
secrets:
  db:
    file: ./db.txt
`;

const node = process.execPath;
/** ShellCheck is a program of its own, looked for on PATH: its time is not ours. */
const WITHOUT_SHELLCHECK = { PATH: "" };
const rounds = Number(values.rounds);
const count = Number(values.files);
const work = mkdtempSync(join(tmpdir(), "plimsoll-bench-"));

/** A peer whose package is not installed, or whose program is not on PATH, is left out with a line that says so. */
async function isThere(command, args) {
  try {
    return (await runOnce(command, args)).exitCode !== null;
  } catch {
    return false;
  }
}

function table(title, rows, base) {
  console.log(`\n${title}`);
  const first = rows.find(({ name }) => name === base);
  for (const { name, ms, peakKiB } of rows) {
    const memory = peakKiB === undefined ? "" : `  peak ${(peakKiB / 1024).toFixed(0)} MiB`;
    const share =
      peakKiB === undefined || first.peakKiB === undefined ? "" : ` (${(peakKiB / first.peakKiB).toFixed(2)} x)`;
    console.log(
      `  ${name.padEnd(34)} ${ms.toFixed(1).padStart(9)} ms  ${(ms / first.ms).toFixed(2).padStart(6)} x${memory}${share}`,
    );
  }
}

async function coldStart() {
  const one = join(work, "one");
  mkdirSync(one);
  writeFileSync(join(one, "Dockerfile"), DOCKERFILE);
  writeFileSync(join(one, "compose.yaml"), COMPOSE);
  const options = { cwd: one };
  const alone = { ...options, env: WITHOUT_SHELLCHECK };
  const commands = [
    { name: "node -e 0", command: node, args: ["-e", "0"], options },
    { name: "plimsoll --version", command: node, args: [PLIMSOLL, "--version"], options: alone },
    { name: "plimsoll Dockerfile", command: node, args: [PLIMSOLL, "--no-config", "Dockerfile"], options: alone },
    { name: "plimsoll compose.yaml", command: node, args: [PLIMSOLL, "--no-config", "compose.yaml"], options: alone },
  ];
  if (await isThere("shellcheck", ["--version"])) {
    const args = [PLIMSOLL, "--no-config", "Dockerfile"];
    commands.push({ name: "plimsoll Dockerfile, ShellCheck too", command: node, args, options });
  }
  for (const services of [96, 384]) {
    const text = largeCompose(services);
    const folder = join(work, `compose-${services}`);
    mkdirSync(folder);
    writeFileSync(join(folder, "compose.yaml"), text);
    const args = [PLIMSOLL, "--no-config", "--preset", "all", "compose.yaml"];
    commands.push({
      name: `plimsoll, ${text.split("\n").length - 1} lines of Compose`,
      command: node,
      args,
      options: { ...alone, cwd: folder },
    });
  }
  const peers = [
    {
      name: "dockerfilelint Dockerfile",
      command: node,
      args: [join(HERE, "node_modules/dockerfilelint/bin/dockerfilelint"), "Dockerfile"],
      options,
    },
    {
      name: "dclint compose.yaml",
      command: node,
      args: [join(HERE, "node_modules/dclint/bin/dclint.cjs"), "compose.yaml"],
      options,
    },
    { name: "hadolint Dockerfile", command: "hadolint", args: ["Dockerfile"], options },
  ];
  for (const peer of peers) {
    if (await isThere(peer.command, [...peer.args.slice(0, peer.command === node ? 1 : 0), "--version"]))
      commands.push(peer);
    else console.log(`left out: ${peer.name} (not installed)`);
  }
  table(
    `cold start, one file of ${DOCKERFILE.split("\n").length - 1} lines, median of ${rounds}`,
    await compare(commands, rounds),
    "node -e 0",
  );
}

async function throughput() {
  const samples = samplesBelow(values.samples);
  const few = join(work, "few");
  const many = join(work, "many");
  generate(few, samples, Math.floor(count / 4));
  generate(many, samples, count);
  const args = (folder) => [
    PLIMSOLL,
    "--no-config",
    "--preset",
    "all",
    "--fail-on",
    "never",
    "--quiet",
    "-f",
    "json",
    "-o",
    join(work, "out.json"),
    folder,
  ];
  const small = await runOnce(node, args(few), { cwd: work, env: WITHOUT_SHELLCHECK, probe: true });
  const large = await runOnce(node, args(many), { cwd: work, env: WITHOUT_SHELLCHECK, probe: true });
  const start = await runOnce(node, args(join(work, "one")), { cwd: work, env: WITHOUT_SHELLCHECK });
  const rate = ((count - count / 4) / (large.ms - small.ms)) * 1000;
  console.log(`\n${count} different Dockerfiles of about 1 KB, one process, every rule on`);
  console.log(
    `  whole run ${(large.ms / 1000).toFixed(2)} s, ${(count / ((large.ms - start.ms) / 1000)).toFixed(0)} files a second after start`,
  );
  console.log(`  from ${count / 4} to ${count} files: ${rate.toFixed(0)} files a second (budget: at least 2000)`);
  console.log(`  growth: 4 x the files take ${(large.ms / small.ms).toFixed(2)} x the time`);
  console.log(`  peak memory ${(large.peakKiB / 1024).toFixed(0)} MiB`);
}

console.log(`node ${process.version}, ${cpus().length} x ${cpus()[0]?.model ?? "unknown processor"}`);
try {
  await coldStart();
  await throughput();
} finally {
  rmSync(work, { recursive: true, force: true });
}
