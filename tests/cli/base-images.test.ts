import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

/** A policy that says everything about the company's own images. */
const POLICY = [
  "baseImages:",
  "  ghcr.io/acme/base-*:",
  "    user: app:1000",
  "    commands: [curl]",
  "    missingCommands: [wget]",
  "    healthcheck: true",
  "    shell: false",
  "    env: [APP_HOME]",
  "    workdir: /srv",
  "    endOfLife: 2024-06-30",
  "  ghcr.io/acme/gosu:",
  "    user: 0",
  "    os: debian",
  "    dropsPrivileges: true",
];

/** What the given rules say with the policy, as `rule#kind` by line. */
async function found(rules: readonly string[], files: Readonly<Record<string, readonly string[]>>) {
  const flags = ["--preset", "strict", "--format", "compact", ...rules.flatMap((rule) => ["--only", rule])];
  const { stdout, stderr } = await runCli(flags, { "plimsoll.yaml": POLICY, ...files });
  expect(stderr).toBe("");
  return stdout.split("\n").flatMap((line) => /^(\S+?:\d+):.*\[(\S+)\]$/.exec(line)?.slice(1, 3).join(" ") ?? []);
}

test("the policy's user, and who drops root by itself, decide who an image runs as", async () => {
  const files = {
    "a.Dockerfile": ["FROM ghcr.io/acme/base-node:1.4", "COPY app /srv/app", 'CMD ["/srv/app"]'],
    "b.Dockerfile": ["FROM ghcr.io/acme/gosu:1.4", "COPY app /srv/app", 'CMD ["/srv/app"]'],
    "c.Dockerfile": ["FROM ghcr.io/acme/base-node:1.4", "USER deploy", 'CMD ["/srv/app"]'],
  };

  expect(await found(["user/require-user", "user/no-root-user"], files)).toEqual([]);
});

test("the policy's programs, shell and check decide what a probe may call", async () => {
  const files = {
    "a.Dockerfile": ["FROM ghcr.io/acme/base-node:1.4", 'HEALTHCHECK CMD ["curl", "-f", "http://localhost"]'],
    "b.Dockerfile": ["FROM ghcr.io/acme/base-node:1.4", 'HEALTHCHECK CMD ["wget", "-q", "http://localhost"]'],
    "c.Dockerfile": ["FROM ghcr.io/acme/base-node:1.4", "HEALTHCHECK CMD curl -f http://localhost"],
    "d.Dockerfile": ["FROM ghcr.io/acme/base-node:1.4", "HEALTHCHECK NONE"],
    "e.Dockerfile": ["FROM ghcr.io/acme/base-node:1.4", "EXPOSE 80", 'CMD ["/srv/app"]'],
  };
  const rules = ["health/install-probe-tool", "health/no-disabled-healthcheck", "health/require-healthcheck"];

  expect(await found(rules, files)).toEqual([
    "b.Dockerfile:2 health/install-probe-tool#tool",
    "c.Dockerfile:2 health/install-probe-tool#shell",
    "d.Dockerfile:2 health/no-disabled-healthcheck",
  ]);
});

test("the policy's end of life counts for Dockerfiles and for services", async () => {
  const files = {
    Dockerfile: ["FROM ghcr.io/acme/base-node:1.4"],
    "compose.yaml": ["services:", "  job:", "    image: ghcr.io/acme/base-job:1.0"],
  };

  expect(await found(["images/no-eol-base"], files)).toEqual([
    "Dockerfile:1 images/no-eol-base#eol",
    "compose.yaml:3 images/no-eol-base#eol",
  ]);
});

test("a name with a tag, or with its registry, is a pattern too", async () => {
  const run = (pattern: string) =>
    runCli(["--only", "images/no-eol-base", "--format", "compact"], {
      "plimsoll.yaml": ["baseImages:", `  "${pattern}": {endOfLife: 2024-06-30}`],
      Dockerfile: ["FROM acme/node:22-slim"],
    });

  expect((await run("acme/node:22-slim")).stdout).toMatch(/^Dockerfile:1:16: warning: /);
  expect((await run("docker.io/acme/node")).stdout).toMatch(/^Dockerfile:1:16: warning: /);
  expect((await run("acme/node:20-slim")).stdout).toBe("");
  expect((await run("ghcr.io/acme/node")).stdout).toBe("");
});

test.each([
  ["comands: [curl]", "5: no key `comands` below `ghcr.io/acme/*`; did you mean `commands`?"],
  ["os: debain", "9: `ghcr.io/acme/*.os` cannot be `debain`; did you mean `debian`?"],
  [
    "endOfLife: tomorrow",
    "16: `ghcr.io/acme/*.endOfLife` cannot be `tomorrow`; it is: the day after which there are no fixes, as `2027-06-30`",
  ],
  ['healthcheck: "yes"', "18: `ghcr.io/acme/*.healthcheck` must be `true` or `false`"],
])("a wrong key or value of `baseImages` is told with its place and remedy: %s", async (line, message) => {
  const run = await runCli([], {
    Dockerfile: ["FROM scratch"],
    "plimsoll.yaml": ["baseImages:", "  ghcr.io/acme/*:", `    ${line}`],
  });

  expect(run).toEqual({ exitCode: 2, stdout: "", stderr: `plimsoll.yaml:3:${message}\n` });
});
