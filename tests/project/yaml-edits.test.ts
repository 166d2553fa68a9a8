import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import type { Service } from "../../src/compose/model.js";
import { adaptFix } from "../../src/engine/fixes/adapt-edit.js";
import { addSettings, keyRemoval } from "../../src/project/service-settings.js";
import { itemInsertion } from "../../src/project/yaml-insertion.js";
import { itemRemoval } from "../../src/project/yaml-removal.js";
import { applyEdits } from "../../src/text/edits.js";
import type { Edit } from "../../src/text/source.js";
import { openVariant } from "../compose/open.js";
import { composeText } from "../support/compose-scribe.js";

type Plain = { [key: string]: unknown };

/** A file as plain data, keys in order. Throws where it does not parse. */
function dataOf(text: string): unknown {
  const document = parseDocument(text, { merge: true });
  if (document.errors.length > 0) throw new Error(`${document.errors[0]?.message}\n${text}`);
  return document.toJS();
}

/** The text after an edit as it is written into the file. */
function after(text: string, edit: Edit): string {
  const fix = adaptFix({ description: "", safety: "safe", edits: [edit] }, undefined);
  const result = applyEdits(text, fix?.edits ?? []);
  if (result === undefined) throw new Error("edits overlap");
  return result;
}

const LISTS = ["cap_add", "group_add", "security_opt", "ports", "volumes"] as const;

/** An edit with what it is meant to do to the settings of its service. */
interface Meant {
  readonly name: string;
  readonly edit: Edit | undefined;
  readonly change: (settings: Plain) => void;
}

function* editsOf(service: Service): Iterable<Meant> {
  for (const key of service.node.entries.keys()) {
    yield {
      name: `remove ${key}`,
      edit: keyRemoval(service, key),
      change: (settings) => {
        delete settings[key];
      },
    };
  }
  yield {
    name: "add init",
    edit: addSettings(service, ["init: true", "sysctls:", "  kernel.a: 1"]),
    change: (settings) => {
      settings["init"] = true;
      settings["sysctls"] = { "kernel.a": 1 };
    },
  };
  for (const key of LISTS) {
    const list = service.at(key);
    if (list?.kind !== "sequence") continue;
    const itemsOf = (settings: Plain): unknown[] => (Array.isArray(settings[key]) ? settings[key] : []);
    yield {
      name: `append to ${key}`,
      edit: itemInsertion(list, ["a:b", "c"]),
      change: (settings) => itemsOf(settings).push("a:b", "c"),
    };
    for (const [index, item] of list.items.entries()) {
      yield {
        name: `remove ${key}[${index}]`,
        edit: itemRemoval(list, item.range),
        change: (settings) => itemsOf(settings).splice(index, 1),
      };
    }
  }
}

/** The settings of a service in a file's data. */
function settingsOf(value: unknown, service: string): Plain {
  const root = value as { readonly services: Readonly<Record<string, Plain>> };
  return root.services[service] ?? {};
}

/** Keys in the order they stand in, without those of `added`. */
function asJson(value: unknown, added: readonly string[]): string {
  return JSON.stringify(value, (key, part) => (added.includes(key) ? undefined : part));
}

const ADDED = ["init", "sysctls"];

function check(text: string): void {
  const before = dataOf(text);
  for (const service of openVariant(text).services.values()) {
    for (const { name, edit, change } of editsOf(service)) {
      if (edit === undefined) continue;
      const result = after(text, edit);
      const wanted = structuredClone(before);
      change(settingsOf(wanted, service.name));
      const found = dataOf(result);
      const story = `${service.name}: ${name}\n${text}\n-----\n${result}`;
      expect(asJson(found, ADDED), story).toBe(asJson(wanted, ADDED));
      expect(found, story).toEqual(wanted);
      if (text.includes("\r\n")) expect(/(?<!\r)\n/.test(result), story).toBe(false);
    }
  }
}

test("property: an edit of a Compose file changes what it means to change, and nothing else", () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => check(composeText(draw))),
    { numRuns: 200 },
  );
});

/** What the edit of a name does to a service `web` of these lines. */
function edited(name: string, lines: readonly string[]): readonly string[] | undefined {
  const text = ["services:", "  web:", ...lines.map((line) => `    ${line}`), ""].join("\n");
  const web = openVariant(text).services.get("web");
  const found = web && [...editsOf(web)].find((each) => each.name === name)?.edit;
  const result = found && after(text, found).split("\n").slice(2, -1);
  return result?.map((line) => line.slice(4));
}

test.each<[string, readonly string[], readonly string[] | undefined]>([
  [
    "remove cap_add[0]",
    ["cap_add:", "- NET_ADMIN # for the tunnel", "# kept", "- SYS_TIME"],
    ["cap_add:", "# kept", "- SYS_TIME"],
  ],
  ["remove cap_add[0]", ["cap_add: [NET_ADMIN,]"], ["cap_add: []"]],
  ["remove cap_add[0]", ["cap_add: [ NET_ADMIN, 'SYS_TIME' ]"], ["cap_add: [ 'SYS_TIME' ]"]],
  ["remove cap_add[1]", ["cap_add: [ NET_ADMIN, 'SYS_TIME' ]"], ["cap_add: [ NET_ADMIN ]"]],
  ["remove cap_add[1]", ["cap_add: [ NET_ADMIN, # for the tunnel", "  SYS_TIME ]"], undefined],
  ["remove cap_add[0]", ["cap_add: [ &tunnel NET_ADMIN, SYS_TIME ]"], undefined],
  ["remove cap_add[0]", ["cap_add:", "- &tunnel NET_ADMIN", "- SYS_TIME"], undefined],
  ["remove cap_add[0]", ["cap_add:", "- NET_ADMIN"], undefined],
  ["remove privileged", ["privileged: true # why", "", "image: nginx:1.29"], ["", "image: nginx:1.29"]],
  ["remove privileged", ["privileged: true"], undefined],
  ["remove privileged", ["privileged: true", "<<: &base { restart: always }", "user: '1'"], undefined],
  ["remove cap_add", ["cap_add: &caps [SYS_TIME]", "x: *caps"], undefined],
  [
    "remove cap_add",
    ["image: nginx:1.29", "cap_add:", "- SYS_TIME # a", "user: '1'"],
    ["image: nginx:1.29", "user: '1'"],
  ],
  [
    "add init",
    ["image: nginx:1.29 # pinned", "user: '1'"],
    ["image: nginx:1.29 # pinned", "init: true", "sysctls:", "  kernel.a: 1", "user: '1'"],
  ],
  ["append to cap_add", ["cap_add:", "  -   SYS_TIME # a"], ["cap_add:", "  -   SYS_TIME # a", "  -   a:b", "  -   c"]],
  ["append to cap_add", ["cap_add: [SYS_TIME,]"], ['cap_add: [SYS_TIME, "a:b", "c",]']],
])("%s in %j makes %j", (name, lines, expected) => {
  expect(edited(name, lines)).toEqual(expected);
});

test("no line is put into, or taken out of a flow mapping", () => {
  const text = ["services:", "  web: {", "    image: nginx:1.29,", "    privileged: true", "  }", ""].join("\n");
  const web = openVariant(text).services.get("web");

  expect(web && [...editsOf(web)].filter(({ edit }) => edit !== undefined)).toEqual([]);
});
