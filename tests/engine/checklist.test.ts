import { expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import { CARRYING_RULES, DEMANDING_RULES } from "../../src/data/checklist-rules.js";
import type { Preset } from "../../src/data/levels.js";
import { CHECKLIST_FAMILIES } from "../../src/engine/run-result.js";
import { lint, treeOf } from "./lint-tree.js";

/** The families of a project that are held and broken, by build; all others are not applicable. */
async function linesOf(files: Readonly<Record<string, string>>, preset: Preset = "checklist") {
  const { checklist } = await lint(treeOf(files), rules, { flags: { presets: [preset] } });
  return Object.fromEntries(
    checklist.builds.map(({ label, lines }) => [
      label,
      CHECKLIST_FAMILIES.flatMap((family) =>
        lines[family] === "not-applicable" ? [] : [`${family} ${lines[family]}`],
      ),
    ]),
  );
}

test("every family has a rule that carries its line, and rules of those names exist", () => {
  const ids = rules.map(({ id }) => id);

  expect([...CARRYING_RULES, ...DEMANDING_RULES].filter((id) => !ids.includes(id))).toEqual([]);
  expect([...DEMANDING_RULES].filter((id) => !CARRYING_RULES.has(id))).toEqual([]);
  expect([...new Set([...CARRYING_RULES].map((id) => id.slice(0, id.indexOf("/"))))]).toEqual([...CHECKLIST_FAMILIES]);
});

test("a pulled image is told by its name and its environment, and by what the service says", async () => {
  const service = (...lines: readonly string[]) => ({
    "compose.yaml": ["services:", "  db:", "    image: postgres:17.6", ...lines, ""].join("\n"),
  });

  expect(await linesOf(service(), "recommended")).toEqual({ "db (compose.yaml)": ["images held", "secrets held"] });
  expect(
    await linesOf(
      service(
        '    user: "1000:1000"',
        "    healthcheck: {test: [CMD, pg_isready], interval: 30s, timeout: 3s, retries: 3}",
      ),
    ),
  ).toEqual({ "db (compose.yaml)": ["user held", "images held", "health held", "secrets held"] });
});

test("a file without FROM is no image: only the line of its context can be held", async () => {
  expect(await linesOf({ Dockerfile: "RUN apk add --no-cache curl\nCMD node server.js\n" })).toEqual({
    Dockerfile: ["context held"],
  });
});

const TOOL = ["FROM debian:12.11-slim", "COPY report.sh /usr/local/bin/", "USER 1000", 'CMD ["report.sh"]', ""].join(
  "\n",
);

test("an image that needs no health check and has none does not hold one", async () => {
  const files = { "jobs/Dockerfile": TOOL, "jobs/report.sh": "#!/bin/sh\n" };
  const { "jobs/Dockerfile": lines = [] } = await linesOf(files, "recommended");

  expect(lines.filter((line) => line.startsWith("health"))).toEqual([]);
});

test("labels that are only suggested are not asked for; those that are there hold the line", async () => {
  const source = 'LABEL org.opencontainers.image.source="https://github.com/northport/report"\n';
  const labels = async (text: string) => {
    const { "jobs/Dockerfile": lines = [] } = await linesOf(
      { "jobs/Dockerfile": text, "jobs/report.sh": "" },
      "recommended",
    );
    return lines.filter((line) => line.startsWith("labels"));
  };

  expect(await labels(TOOL)).toEqual([]);
  expect(await labels(TOOL + source)).toEqual(["labels held"]);
});

test("an image for development holds neither user nor health nor labels, as none is asked of it", async () => {
  const files = { "Dockerfile.dev": 'FROM python:3.13.9\nRUN pip install pytest==8.3.4\nCMD ["python"]\n' };

  expect(await linesOf(files)).toEqual({
    "Dockerfile.dev": ["images held", "secrets held", "layers held", "context held"],
  });
});

test("a user that every service sets holds the line, though the image has none", async () => {
  const compose = ["services:", "  report:", "    build: jobs", '    user: "1000:1000"', ""].join("\n");
  const files = { "jobs/Dockerfile": TOOL.replace("USER 1000\n", ""), "jobs/report.sh": "#!/bin/sh\n" };
  const user = async (more: Readonly<Record<string, string>>) =>
    Object.values(await linesOf({ ...files, ...more }, "recommended")).flatMap((lines) =>
      lines.filter((line) => line.startsWith("user")),
    );

  expect(await user({ "compose.yaml": compose })).toEqual(["user held"]);
  expect(await user({ "compose.yaml": compose.replace('    user: "1000:1000"\n', "") })).toEqual(["user broken"]);
});
