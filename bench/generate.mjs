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
