import type { Service } from "../../src/compose/model.js";
import type { Node, ScalarNode } from "../../src/compose/node-model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { shellSyntaxIn } from "../../src/project/exec-syntax.js";
import type { StageView } from "../../src/project/model.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "health/use-valid-test",
  summary: "The probe is written in a form that runs as meant",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    "shell-syntax-in-exec": { summary: "shell operators or variables where no shell reads them" },
    "missing-prefix": { summary: "a list that begins with neither NONE, CMD nor CMD-SHELL" },
    "one-string-cmd": { summary: "a whole command line as the program of CMD" },
    "string-with-prefix": { summary: "CMD or CMD-SHELL inside a string" },
    "cmd-shell-split": { summary: "CMD-SHELL with more than one string" },
    "text-list": { summary: "a list inside a string" },
    "none-with-more": { summary: "NONE with a command behind it" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The engine takes each form by the letter: what is no program is reported as unhealthy for ever, and an operator in a " +
      "list is only one more argument. The mistake shows when the container is called unhealthy, or never.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#healthcheck",
    "https://docs.docker.com/reference/dockerfile/#healthcheck",
    "CIS 5.27",
  ],
  mentions: { dockerfile: ["healthcheck"], compose: ["healthcheck"] },
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "operators in exec form",
        kind: "shell-syntax-in-exec",
        files: {
          Dockerfile: ["FROM nginx:1.27.4", 'HEALTHCHECK CMD ["curl", "-f", "http://localhost", «"||"», "exit", "1"]'],
        },
        fixed: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl -f http://localhost || exit 1"] },
      },
      {
        name: "a variable in exec form",
        kind: "shell-syntax-in-exec",
        files: { Dockerfile: ["FROM redis:8.2.2", 'HEALTHCHECK CMD ["redis-cli", "-p", «"$PORT"», "ping"]'] },
        fixed: { Dockerfile: ["FROM redis:8.2.2", "HEALTHCHECK CMD redis-cli -p $PORT ping"] },
      },
      {
        name: "operators in a list of Compose",
        kind: "shell-syntax-in-exec",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: ["CMD", "curl", "-f", "http://localhost", «"||"», "exit", "1"]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: ["CMD-SHELL", "curl -f http://localhost || exit 1"]',
          ],
        },
      },
      {
        name: "a list without its first word",
        kind: "missing-prefix",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: [«"curl"», "-f", "http://localhost"]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: ["CMD", "curl", "-f", "http://localhost"]',
          ],
        },
      },
      {
        name: "a command line as a list of one",
        kind: "missing-prefix",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            "      test:",
            "        - «curl -f http://localhost || exit 1»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            "      test:",
            "        - CMD-SHELL",
            "        - curl -f http://localhost || exit 1",
          ],
        },
      },
      {
        name: "a program name with blanks",
        kind: "one-string-cmd",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            '      test: ["CMD", «"pg_isready -U postgres"»]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            '      test: ["CMD-SHELL", "pg_isready -U postgres"]',
          ],
        },
      },
      {
        name: "the first word inside a string",
        kind: "string-with-prefix",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            "      test: «CMD-SHELL pg_isready -U postgres»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            "      test: pg_isready -U postgres",
          ],
        },
      },
      {
        name: "CMD-SHELL takes one string",
        kind: "cmd-shell-split",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            "      test: [CMD-SHELL, pg_isready, «-U», postgres]",
          ],
        },
      },
      {
        name: "a list in quotes",
        kind: "text-list",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            '      test: «\'["CMD", "pg_isready"]\'»',
          ],
        },
      },
      {
        name: "NONE and a command",
        kind: "none-with-more",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            "      test: [NONE, «pg_isready»]",
          ],
        },
      },
    ],
    good: [
      {
        name: "a list with its first word",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: ["CMD", "curl", "-f", "http://localhost"]',
          ],
        },
      },
      {
        name: "a shell reads the operators",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: ["CMD", "sh", "-c", "curl -f http://localhost || exit 1"]',
          ],
        },
      },
      {
        name: "a variable for the container's shell",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            "      test: [CMD-SHELL, pg_isready -U $$POSTGRES_USER]",
          ],
        },
      },
      {
        name: "code and addresses hold such characters",
        files: {
          Dockerfile: [
            "FROM node:24.11.0",
            'HEALTHCHECK CMD ["node", "-e", "a && b; `c`", "http://localhost/?a=1&b=2;c"]',
          ],
        },
      },
      {
        name: "a program with a path",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck: {test: [CMD, /docker/probe.sh]}",
          ],
        },
      },
      {
        name: "a string is for the shell",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck: {test: curl -f http://localhost || exit 1}",
          ],
        },
      },
      {
        name: "NONE alone",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    healthcheck: {test: [NONE]}"],
        },
      },
      {
        name: "a first word that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck: {test: ['${FORM}', curl]}",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  const { healthcheck } = stage;
  if (healthcheck.kind !== "check" || healthcheck.stage !== stage || healthcheck.instruction.test.kind !== "cmd")
    return;
  const { command } = healthcheck.instruction.test;
  if (command.kind !== "json") return;
  const words = command.items.map(({ value }) => value);
  const at = shellSyntaxIn(words);
  const item = at === undefined ? undefined : command.items[at];
  if (item === undefined) return;
  const line = asCommandLine(words);
  yield {
    kind: "shell-syntax-in-exec",
    range: item.range,
    message: `\`${item.value}\` reaches the program as an argument: no shell reads this form; write it without the list`,
    // Unsafe: the shell also splits and expands the other words.
    fix:
      line === undefined
        ? undefined
        : { description: "use the shell form", safety: "unsafe", edits: [{ range: command.range, text: line }] },
  };
}

/** Words as a command line; undefined when one of them would need quotes. */
function asCommandLine(words: readonly string[]): string | undefined {
  return words.some((word) => word === "" || /[\s"'\\]/.test(word)) ? undefined : words.join(" ");
}

function* checkService(service: Service, _: RuleContext): Iterable<Finding> {
  const test = service.at("healthcheck", "test");
  const finding =
    test?.kind === "scalar" ? ofText(test) : test?.kind === "sequence" ? ofList(test.items, test) : undefined;
  if (finding !== undefined) yield finding;
}

function ofText(node: ScalarNode): Finding | undefined {
  const { text, range } = node;
  if (/^\s*\[.*\]\s*$/.test(text) && /^\s*\[\s*["']?(?:CMD|CMD-SHELL|NONE)\b/.test(text)) {
    return {
      kind: "text-list",
      range,
      message: "the list is a string here, which the shell is given as a command; take the quotes around it away",
    };
  }
  const prefix = /^(CMD-SHELL|CMD)\s+/.exec(text);
  if (prefix === null) return undefined;
  const [whole, word = ""] = prefix;
  const first = node.rangeOf(0, whole.length);
  const isPlain = first.end - first.start === whole.length;
  return {
    kind: "string-with-prefix",
    range,
    message: `a string is given to the shell, which knows no \`${word}\`; leave the word out`,
    fix: isPlain
      ? { description: `leave \`${word}\` out`, safety: "safe", edits: [{ range: first, text: "" }] }
      : undefined,
  };
}

function ofList(items: readonly Node[], list: Node): Finding | undefined {
  const words = items.map((item) => (item.kind === "scalar" ? item.text : ""));
  const [first, second, third] = items;
  if (first?.kind !== "scalar" || words.some((word) => word.includes("${"))) return undefined;
  switch (words[0]) {
    case "NONE":
      return second === undefined
        ? undefined
        : {
            kind: "none-with-more",
            range: second.range,
            message: "`NONE` switches the check off; what follows never runs",
          };
    case "CMD-SHELL":
      if (third === undefined) return undefined;
      return {
        kind: "cmd-shell-split",
        range: third.range,
        message: "`CMD-SHELL` reads one string only: the rest is lost; join the words into one string",
      };
    case "CMD":
      return ofCommand(words.slice(1), items, list);
    default:
      return missingPrefix(words, first);
  }
}

function ofCommand(words: readonly string[], items: readonly Node[], list: Node): Finding | undefined {
  const [first, second] = items;
  const [program] = words;
  if (first === undefined || second === undefined || program === undefined) return undefined;
  if (words.length === 1 && /^\S+\s+\S/.test(program) && !program.startsWith("/")) {
    return {
      kind: "one-string-cmd",
      range: second.range,
      message: `\`CMD\` looks for a program called \`${program}\`; use \`CMD-SHELL\`, or an item for each word`,
      fix: rewordFirst(first, "CMD-SHELL"),
    };
  }
  const at = shellSyntaxIn(words);
  const item = at === undefined ? undefined : items[at + 1];
  if (at === undefined || item === undefined) return undefined;
  const line = asCommandLine(words);
  const isFlow = list.range.source.text[list.range.start] === "[";
  return {
    kind: "shell-syntax-in-exec",
    range: item.range,
    message: `\`${words[at]}\` reaches the program as an argument: no shell reads this list; use \`CMD-SHELL\``,
    fix:
      line === undefined || !isFlow || line.includes('"')
        ? undefined
        : {
            description: "use `CMD-SHELL`",
            safety: "unsafe",
            edits: [{ range: list.range, text: `["CMD-SHELL", "${line.replaceAll("$", "$$$$")}"]` }],
          },
  };
}

/** Safe: the same words, in the form that was meant. */
function rewordFirst(first: Node, word: string): Fix | undefined {
  const { source, start, end } = first.range;
  const written = source.slice(first.range);
  const quote = /^["']/.exec(written)?.[0] ?? "";
  if (written !== `${quote}CMD${quote}`) return undefined;
  return {
    description: `use \`${word}\``,
    safety: "safe",
    edits: [{ range: source.range(start, end), text: quote + word + quote }],
  };
}

function missingPrefix(words: readonly string[], first: ScalarNode): Finding {
  const [program = ""] = words;
  const isLine = words.length === 1 && /\s/.test(program);
  const word = isLine ? "CMD-SHELL" : "CMD";
  const isSplitLine = !isLine && shellSyntaxIn(words) !== undefined;
  return {
    kind: "missing-prefix",
    range: first.range,
    message: `a list begins with \`NONE\`, \`CMD\` or \`CMD-SHELL\`; put \`${isSplitLine ? "CMD-SHELL" : word}\` first`,
    fix: isSplitLine ? undefined : insertBefore(first.range, word),
  };
}

/** Safe: Compose refuses the list as it is. */
function insertBefore(range: Range, word: string): Fix | undefined {
  const { source, start } = range;
  const quote = /^["']/.exec(source.text.slice(start, start + 1))?.[0] ?? "";
  const line = source.lineSpan(source.positionAt(start).line);
  const before = line === undefined ? "" : source.text.slice(line.start, start);
  const isBlock = /^\s*-\s+$/.test(before);
  if (!isBlock && !/[[,]\s*$/.test(before)) return undefined;
  const text = isBlock ? `${quote}${word}${quote}\n${before}` : `${quote}${word}${quote}, `;
  return {
    description: `begin with \`${word}\``,
    safety: "safe",
    edits: [{ range: source.range(start, start), text }],
  };
}
