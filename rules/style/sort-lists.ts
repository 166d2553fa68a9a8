import type { ComposeFile } from "../../src/compose/model.js";
import type { YamlNode } from "../../src/compose/yaml-model.js";
import { defineRule, type Finding, type Fix, option } from "../../src/engine/rule.js";
import { labelRows, splitLabels } from "../../src/project/label-blocks.js";
import {
  byKey,
  firstUnsorted,
  type SortedItem,
  type UnsortedItem,
  unsortedPackages,
} from "../../src/project/package-order.js";
import { entryOf, ownEntries, scalarItems, writtenServices } from "../../src/project/written-compose.js";

const options = {
  minLabels: option.number({ default: 3, description: "From how many labels in a row LABELs are one block." }),
  labelOrder: option.choice({
    words: ["oci", "alphabetical", "off"],
    default: "off",
    description: "Order of labels in a block; `oci`: those of the image specification first.",
  }),
  tools: option.strings({ default: [], description: "Package managers whose lists are sorted; none named: all." }),
  composeLists: option.strings({
    default: ["ports", "depends_on"],
    description: "Keys of a service whose lists or mappings are sorted.",
  }),
};

const OCI = "org.opencontainers.";
/** Lists in which the order says something. */
const ORDERED: ReadonlySet<string> = new Set(["env_file", "command", "entrypoint", "dns", "volumes"]);

export default defineRule({
  id: "style/sort-lists",
  summary: "Package lists, label blocks and lists of services are sorted",
  levels: { style: "info" },
  kinds: {
    packages: { summary: "packages of a list are not in order", aliases: ["tally:sort-packages"] },
    labels: { summary: "labels in a row are no block", aliases: ["tally:labels/prefer-grouped"] },
    "label-order": {
      summary: "labels of a block are not in the order agreed on",
      aliases: ["tally:labels/prefer-stable-order"],
    },
    ports: { summary: "ports of a service are not in order", aliases: ["dclint:service-ports-alphabetical-order"] },
    "depends-on": {
      summary: "dependencies of a service are not in order",
      aliases: ["dclint:service-dependencies-alphabetical-order"],
    },
    list: { summary: "another list of a service is not in order" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "In a sorted list a double is seen at once, a new item has one place, and two people who add one rarely collide.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#sort-multi-line-arguments"],
  options,
  check: {
    *stage(stage, { options: { tools } }) {
      for (const run of stage.runs) {
        if (run.isOnbuild) continue;
        for (const found of unsortedPackages(run, tools)) yield unsorted("packages", found);
      }
    },
    *dockerfile(file, { options: { minLabels, labelOrder } }) {
      for (const { instruction, count, edits } of splitLabels(file, minLabels)) {
        const message = `\`${count}\` labels in a row stand in several LABELs; write one block`;
        const fix: Fix = { description: "join the LABELs", safety: "safe", edits };
        yield { kind: "labels", range: instruction.keywordRange, message, fix: edits.length === 0 ? undefined : fix };
      }
      if (labelOrder === "off") return;
      const keyOf = (key: string) => (labelOrder === "oci" ? `${key.startsWith(OCI) ? 0 : 1}${key}` : key);
      for (const row of labelRows(file, keyOf))
        for (const found of firstUnsorted(row)) yield unsorted("label-order", found);
    },
    *composeFile(file, { options: { composeLists } }) {
      for (const key of composeLists) if (!ORDERED.has(key)) yield* composeList(file, key);
    },
  },
  examples: {
    bad: [
      {
        name: "packages",
        kind: "packages",
        message: "`curl` stands below `git`",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN apk add \\",
            "    git \\",
            "    «curl» \\",
            "    bash=5.2 && \\",
            "    true",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN apk add \\",
            "    bash=5.2 \\",
            "    curl \\",
            "    git && \\",
            "    true",
          ],
        },
      },
      {
        name: "groups between comments",
        kind: "packages",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN apk add \\",
            "    git \\",
            "    zsh \\",
            "# fetching",
            "    wget \\",
            "    «curl»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM alpine:3.20",
            "RUN apk add \\",
            "    git \\",
            "    zsh \\",
            "# fetching",
            "    curl \\",
            "    wget",
          ],
        },
      },
      {
        name: "LABELs in a row",
        kind: "labels",
        files: { Dockerfile: ["FROM alpine:3.20", "LABEL title=shop", "«LABEL» vendor=shop", "«LABEL» version=1"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "LABEL title=shop \\", "    vendor=shop \\", "    version=1"] },
      },
      {
        name: "the order of labels",
        kind: "label-order",
        options: { labelOrder: "oci" },
        files: { Dockerfile: ["FROM alpine:3.20", "LABEL a=shop «org.opencontainers.image.title=shop»"] },
        fixed: { Dockerfile: ["FROM alpine:3.20", "LABEL org.opencontainers.image.title=shop a=shop"] },
      },
      {
        name: "ports, as numbers",
        kind: "ports",
        message: "`3000:3000` stands below `8080:80`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    ports: # of the host",
            '      - "8080:80"',
            '      - «"3000:3000"»',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    ports: # of the host",
            '      - "3000:3000"',
            '      - "8080:80"',
          ],
        },
      },
      {
        name: "a comment would speak of another item",
        kind: "ports",
        files: {
          "compose.yaml": ["services:", "  web:", "    ports:", '      - "8080:80"', '      - «"3000:3000"» # api'],
        },
      },
      {
        name: "ports that are written at length",
        kind: "ports",
        message: "`3000` stands below `8080`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    ports:",
            "      - target: 80",
            "        published: 8080",
            "      - target: 3000",
            "        published: «3000»",
          ],
        },
      },
      {
        name: "both ways to write a port",
        kind: "ports",
        message: "`53` stands below `8080:80`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    ports:",
            '      - "8080:80"',
            "      - target: «53»",
            "        protocol: udp",
          ],
        },
      },
      {
        name: "dependencies as a list",
        kind: "depends-on",
        files: {
          "compose.yaml": ["services:", "  web:", "    depends_on: [redis, «api»]", "  api: {}", "  redis: {}"],
        },
        fixed: { "compose.yaml": ["services:", "  web:", "    depends_on: [api, redis]", "  api: {}", "  redis: {}"] },
      },
      {
        name: "dependencies as a mapping",
        kind: "depends-on",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    depends_on:",
            "      redis: { condition: service_started }",
            "      «api»: {}",
          ],
        },
      },
      {
        name: "a list that the policy names",
        kind: "list",
        options: { composeLists: ["cap_drop"] },
        files: { "compose.yaml": ["services:", "  web:", "    cap_drop: [NET_RAW, «MKNOD»]"] },
        fixed: { "compose.yaml": ["services:", "  web:", "    cap_drop: [MKNOD, NET_RAW]"] },
      },
    ],
    good: [
      { name: "sorted", files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "    curl \\", "    git"] } },
      { name: "a list on one line", files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add git curl"] } },
      {
        name: "variables part a list",
        files: {
          Dockerfile: ["FROM alpine:3.20", "ARG TOOL", "RUN apk add \\", "    git \\", "    $TOOL \\", "    curl"],
        },
      },
      {
        name: "an index that may hold the same package",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN pip install --extra-index-url https://pypi.example.com \\",
            "    requests \\",
            "    flask",
          ],
        },
      },
      {
        name: "few labels, double or dynamic keys, or a comment between them",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "LABEL title=shop",
            "LABEL vendor=shop",
            "USER app",
            "LABEL a=1 b=2",
            "LABEL a=3",
            "USER 1000",
            "LABEL c=1 d=2",
            "# the version",
            "LABEL e=3",
          ],
        },
      },
      {
        name: "ports at length in order, and ports that cannot be read",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    ports: [&port {target: 80, published: 3000}, {target: 82, published: 8082}]",
            "  web:",
            "    ports: [{target: 80, published: 8080}, {published: 3000}]",
            "  proxy:",
            "    ports: [{target: 81, published: 8081}, *port]",
          ],
        },
      },
      {
        name: "sorted lists of services, aliases, and orders that count",
        options: { composeLists: ["ports", "depends_on", "env_file", "cap_add"] },
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            '    ports: ["443:8443", "8080:80", "8080:80/udp"]',
            "    depends_on: [api, redis]",
            "    env_file: [b.env, a.env]",
            "    cap_add: [&cap NET_RAW, MKNOD, *cap]",
            "  api: {}",
            "  redis: {}",
          ],
        },
      },
    ],
  },
});

function unsorted(kind: string, { range, text, after, group }: UnsortedItem, compare = byKey): Finding {
  const sorted = [...group].sort(compare);
  const edits = group.flatMap((item, index) => {
    const other = sorted[index] ?? item;
    return other.text === item.text ? [] : [{ range: item.range, text: other.text }];
  });
  const isSimple = group.every((item) => !item.text.includes("\n"));
  const fix: Fix = { description: "sort the list", safety: "safe", edits };
  const message = `\`${bare(text)}\` stands below \`${bare(after)}\`; sort the list`;
  return { kind, range, message, fix: isSimple ? fix : undefined };
}

function bare(text: string): string {
  return text.replace(/^(["'])(.*)\1$/, "$2");
}

function* composeList(file: ComposeFile, key: string): Iterable<Finding> {
  const kind = key === "ports" ? "ports" : key === "depends_on" ? "depends-on" : "list";
  for (const { mapping } of writtenServices(file)) {
    const value = entryOf(mapping, key)?.value;
    const keyOf = key === "ports" ? portKey : (text: string) => text;
    const isFixable = value?.kind === "sequence" && value.items.every((item) => item.kind === "scalar");
    const items = kind === "ports" ? (longPorts(value) ?? itemsOf(value, keyOf)) : itemsOf(value, keyOf);
    for (const found of firstUnsorted(items)) {
      const finding = unsorted(kind, found);
      // Mappings hold values of several lines; only their keys are compared. A comment speaks of the item beside it.
      yield isFixable && !isCommented(file, found.group) ? finding : { ...finding, fix: undefined };
    }
  }
}

/** Whether a comment stands between items, or on the line of the last one. */
function isCommented({ source, yaml }: ComposeFile, group: readonly SortedItem[]): boolean {
  const start = group[0]?.range.start ?? 0;
  const last = source.positionAt(group.at(-1)?.range.end ?? 0).line;
  const end = source.lineSpan(last)?.end ?? source.text.length;
  return yaml.comments.some((comment) => comment.start > start && comment.start < end);
}

function itemsOf(value: YamlNode | undefined, keyOf: (text: string) => string): readonly SortedItem[] {
  const scalars = value?.kind === "mapping" ? ownEntries(value).map(({ key }) => key) : scalarItems(value);
  if (scalars === undefined || scalars.some(({ anchor, tag }) => anchor !== undefined || tag !== undefined)) return [];
  return scalars.map(({ range, text }) => ({ range, text: range.source.slice(range), key: keyOf(text) }));
}

/** Ports of a list in which some are written at length; undefined where none is, or one cannot be read. */
function longPorts(list: YamlNode | undefined): readonly SortedItem[] | undefined {
  if (list?.kind !== "sequence" || !list.items.some(({ kind }) => kind === "mapping")) return undefined;
  const items: SortedItem[] = [];
  for (const item of list.items) {
    if (item.kind === "scalar") items.push({ range: item.range, text: item.text, key: portKey(item.text) });
    if (item.kind !== "mapping") continue;
    const [published, target, protocol] = ["published", "target", "protocol"].map((key) => entryOf(item, key)?.value);
    const shown = published ?? target;
    if (shown?.kind !== "scalar" || target?.kind !== "scalar") return undefined;
    const suffix = protocol?.kind === "scalar" ? `/${protocol.text}` : "";
    items.push({ range: shown.range, text: shown.text, key: portKey(`${shown.text}:${target.text}${suffix}`) });
  }
  return items.length === list.items.length ? items : undefined;
}

/** Host port, then container port, as numbers; then the protocol. */
function portKey(text: string): string {
  const [ports = "", protocol = "tcp"] = text.split("/");
  const parts = ports.split(":").slice(-2);
  const padded = [...(parts.length === 1 ? [...parts, ...parts] : parts)].map((part) => part.padStart(12, "0"));
  return `${padded.join(":")}/${protocol}`;
}
