import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A generator of numbers below 1 that gives the same row for the same seed (mulberry32). */
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const PACKAGES = "curl git jq make gcc libpq-dev ca-certificates openssl tzdata procps vim unzip xz-utils gnupg".split(
  " ",
);
const WORDS = "orders billing search gateway ledger catalog mail report sync proxy worker session audit media".split(
  " ",
);
const LONE = /^(ENV|ARG|LABEL|EXPOSE|WORKDIR|USER|VOLUME)\b/i;

/**
 * Writes `count` different Dockerfiles of about one kilobyte below `target`, a folder each: variations of the texts in
 * `samples` with other names, packages, versions and order, padded with more steps, so that no two are equal.
 */
export function generate(target, samples, count) {
  const next = random(20261121);
  const pick = (list) => list[Math.floor(next() * list.length)];
  for (let index = 0; index < count; index += 1) {
    const folder = join(target, `${pick(WORDS)}-${index}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "Dockerfile"), vary(pick(samples), index, next, pick));
  }
}

function vary(sample, index, next, pick) {
  const name = `${pick(WORDS)}${index}`;
  const lines = sample.replaceAll(/\b(app|server|backend|frontend|code)\b/g, name).split("\n");
  for (let at = 1; at < lines.length; at += 1) {
    if (LONE.test(lines[at]) && LONE.test(lines[at - 1]) && !lines[at].endsWith("\\") && next() < 0.5) {
      [lines[at - 1], lines[at]] = [lines[at], lines[at - 1]];
    }
  }
  while (lines.join("\n").length < 950) {
    const step = Math.floor(next() * 5);
    const word = `${pick(WORDS)}${Math.floor(next() * 1000)}`;
    if (step === 0)
      lines.push(
        `RUN apt-get update && apt-get install -y ${pick(PACKAGES)} ${pick(PACKAGES)} && rm -rf /var/lib/apt/lists/*`,
      );
    else if (step === 1) lines.push(`ENV ${word.toUpperCase()}_HOME=/opt/${word}`);
    else if (step === 2) lines.push(`COPY ${word}/ /srv/${word}/`);
    else if (step === 3) lines.push(`RUN mkdir -p /srv/${word} && echo "${word}" > /srv/${word}/name`);
    else lines.push(`# ${word}: ${pick(WORDS)} and ${pick(WORDS)}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Texts of all Dockerfiles below a folder, without those that hold no FROM. */
export function samplesBelow(folder) {
  const texts = [];
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || !/dockerfile/i.test(entry.name) || entry.name.endsWith(".dockerignore")) continue;
    const text = readFileSync(join(entry.parentPath ?? entry.path, entry.name), "utf8");
    if (/^from\s/im.test(text) && text.length < 2000) texts.push(text.trimEnd());
  }
  return texts;
}

/** A Compose file of about 26 lines a service, each with what services in production have, and a link to the one before. */
export function largeCompose(services) {
  const lines = [
    "name: shop",
    "x-logging: &logging {driver: json-file, options: {max-size: 10m, max-file: '3'}}",
    "services:",
  ];
  for (let index = 0; index < services; index += 1) {
    lines.push(
      `  ${WORDS[index % WORDS.length]}-${index}:`,
      `    image: registry.example.com/shop/app-${index}:1.${index % 40}.0`,
      "    restart: unless-stopped",
      '    user: "1000:1000"',
      "    read_only: true",
      "    cap_drop: [ALL]",
      "    security_opt:",
      "      - no-new-privileges:true",
      "    logging: *logging",
      "    environment:",
      "      NODE_ENV: production",
      `      DATABASE_URL: postgres://db-${index % 7}:5432/shop`,
      `      LOG_LEVEL: \${LOG_LEVEL_${index}:-info}`,
      "    ports:",
      `      - "127.0.0.1:${10000 + index}:3000"`,
      "    volumes:",
      `      - data-${index}:/var/lib/app`,
      "    networks:",
      `      - net-${index % 10}`,
      "    healthcheck:",
      '      test: ["CMD", "wget", "-q", "-O-", "http://localhost:3000/health"]',
      "      interval: 30s",
    );
    if (index > 0) lines.push("    depends_on:", `      - ${WORDS[(index - 1) % WORDS.length]}-${index - 1}`);
    lines.push("");
  }
  lines.push("networks:", ...Array.from({ length: 10 }, (_, index) => `  net-${index}:`));
  lines.push("volumes:", ...Array.from({ length: services }, (_, index) => `  data-${index}:`));
  return `${lines.join("\n")}\n`;
}
