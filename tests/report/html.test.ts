import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { hideSecrets } from "../../src/report/hide-secrets.js";
import { html } from "../../src/report/html.js";
import { Source } from "../../src/text/source.js";
import { elementsOf, type HtmlElement, readHtml, textIn } from "../support/html-tree.js";
import { CLEAN, CONTEXT, checklistOf, findingAt, HOSTILE, MIXED, resultOf } from "./sample.js";

const PAGES = [
  ["nothing found", CLEAN],
  ["every severity", MIXED],
  ["hostile text", HOSTILE],
] as const;

function all(page: HtmlElement, matches: (element: HtmlElement) => boolean): readonly HtmlElement[] {
  return [...elementsOf(page)].filter(matches);
}

function named(page: HtmlElement, ...names: readonly string[]): readonly HtmlElement[] {
  return all(page, ({ name }) => names.includes(name));
}

function ofClass(page: HtmlElement, name: string): readonly HtmlElement[] {
  return all(page, ({ attributes }) => (attributes.get("class") ?? "").split(" ").includes(name));
}

/** The texts of the elements, each on one line. */
function texts(elements: readonly HtmlElement[]): readonly string[] {
  return elements.map((element) => textIn(element).trim());
}

test.each(PAGES)("%s: the page is well formed, its headings are in order, and its parts have names", (_, result) => {
  const page = readHtml(html(result, CONTEXT));
  const levels = named(page, "h1", "h2", "h3").map(({ name }) => Number(name.slice(1)));
  const ids = all(page, ({ attributes }) => attributes.has("id")).map(({ attributes }) => attributes.get("id"));
  const labels = all(page, ({ attributes }) => attributes.has("aria-labelledby"));

  expect(page.attributes).toEqual(new Map([["lang", "en"]]));
  expect(levels.filter((level) => level === 1)).toEqual([1]);
  expect(levels.filter((level, index) => level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
  expect(named(page, "th").filter(({ attributes }) => !attributes.has("scope"))).toEqual([]);
  expect(labels.filter(({ attributes }) => !ids.includes(attributes.get("aria-labelledby")))).toEqual([]);
  expect(named(page, "section").filter(({ attributes }) => !attributes.has("aria-labelledby"))).toEqual([]);
});

test.each(PAGES)("%s: the page loads nothing, and its policy names its own style and script only", (_, result) => {
  const page = readHtml(html(result, CONTEXT));
  const digest = (name: string) =>
    named(page, name).map((element) => `'sha256-${createHash("sha256").update(textIn(element)).digest("base64")}'`);
  const policy = all(page, ({ attributes }) => attributes.get("http-equiv") === "Content-Security-Policy");

  expect(policy.map(({ attributes }) => attributes.get("content"))).toEqual([
    `default-src 'none'; style-src ${digest("style")}; script-src ${digest("script")}; base-uri 'none'; form-action 'none'`,
  ]);
  expect(named(page, "link", "img", "iframe", "object", "base")).toEqual([]);
  expect(named(page, "style").map(textIn).join("")).not.toMatch(/url\(|@import/);
  const attributes = [...elementsOf(page)].flatMap((element) => [...element.attributes]);
  expect(attributes.filter(([name]) => name === "src" || name === "style" || name.startsWith("on"))).toEqual([]);
  expect(
    attributes.filter(([name, value]) => name === "href" && !/^(?:#|https:\/\/example\.org\/plimsoll)/.test(value)),
  ).toEqual([]);
});

test("each finding shows its rule, place, message, lines with the range marked, and notes", () => {
  const page = readHtml(html(MIXED, CONTEXT));
  const findings = ofClass(page, "finding").map((finding) => ({
    about: texts(ofClass(finding, "about")),
    message: texts(ofClass(finding, "message")),
    lines: texts(ofClass(finding, "line")),
    marked: texts(named(finding, "mark")),
    notes: texts(ofClass(finding, "notes").flatMap((list) => named(list, "li"))),
  }));

  expect(findings).toEqual([
    {
      about: ["warning images/pin-tag#no-tag line 1, column 6"],
      message: ["node means node:latest; name the version you tested"],
      lines: ["1 FROM node", "2 RUN npm ci"],
      marked: ["node"],
      notes: ["compose.yaml:3:12: built by api", "concerns api (compose.yaml)", "elsewhere hadolint:DL3006"],
    },
    {
      about: ["error secrets/no-env-secrets line 3, column 5"],
      message: ["TOKEN is baked into the image; use RUN --mount=type=secret"],
      lines: ["2 RUN npm ci", '3 ENV TOKEN="********"', "4 MAINTAINER me"],
      marked: ["TOKEN"],
      notes: [],
    },
    {
      about: ["info syntax/no-maintainer line 4, column 1"],
      message: ["MAINTAINER is deprecated; use a label"],
      lines: ['3 ENV TOKEN="hunter2"', "4 MAINTAINER me"],
      marked: ["MAINTAINER me"],
      notes: ["fix: use LABEL (--fix)"],
    },
    {
      about: ["info runtime/limit-memory line 2, column 3"],
      message: ["no memory limit"],
      lines: ["1 services:", "2   api:", "3     build: api"],
      marked: ["api"],
      notes: ["the same for db (4:3)"],
    },
  ]);
});

test("a secret in a line nearby is hidden as well", () => {
  const page = html(hideSecrets(MIXED), CONTEXT);

  expect(page).not.toContain("hunter2");
  expect(texts(ofClass(readHtml(page), "line"))).toContain("3 ENV TOKEN=********");
});

test("hostile text is text", () => {
  const source = new Source("</code><script>alert(1)</script>/Dockerfile", 'FROM "><img src=x onerror=alert(1)>\n');
  const finding = findingAt(source, "<img src=x onerror=alert(1)>", {
    rule: "images/pin-tag",
    severity: "warning",
    message: "`</code><b>` & \"quotes\" 'too' \u001b[31m\n",
    builds: ["<i>api</i>"],
  });
  const page = readHtml(html(resultOf([source], [finding]), CONTEXT));

  expect(texts(named(page, "mark"))).toEqual(["<img src=x onerror=alert(1)>"]);
  expect(texts(ofClass(page, "message"))).toEqual(["</code><b> & \"quotes\" 'too' \\x1b[31m\\n"]);
  expect(named(page, "script").length).toBe(1);
  expect(named(page, "b", "i", "img")).toEqual([]);
});

test("the checklist is told in sum and by build", () => {
  const builds = [
    { label: "api (compose.yaml)", lines: checklistOf({ user: "broken" }) },
    { label: "web (compose.yaml)", lines: checklistOf({ labels: "not-applicable" }) },
  ];
  const result = { ...CLEAN, checklist: { summary: checklistOf({ user: "broken" }), builds } };
  const page = readHtml(html(result, CONTEXT));
  const rows = named(page, "tr").map((row) => texts(named(row, "th", "td")));

  expect(rows.filter(([first]) => first === "user" || first?.endsWith("(compose.yaml)"))).toEqual([
    ["user", "non-root, the agreed UID", "broken", "api (compose.yaml)"],
    ["api (compose.yaml)", "held", "broken", "held", "held", "held", "held", "held", "held"],
    ["web (compose.yaml)", "held", "held", "held", "held", "held", "held", "–not applicable", "held"],
  ]);
});

test("the filter names what there is to choose, with counts, and is hidden until the script shows it", () => {
  const page = readHtml(html(MIXED, CONTEXT));
  const forms = named(page, "form");

  expect(forms.map(({ attributes }) => attributes.has("hidden"))).toEqual([true]);
  expect(texts(named(page, "legend"))).toEqual(["Severity", "Family"]);
  expect(texts(named(page, "label"))).toEqual([
    "error 1",
    "warning 1",
    "info 3",
    "images 1",
    "secrets 1",
    "runtime 2",
    "syntax 1",
  ]);
  expect(named(page, "label").every((label) => named(label, "input").length === 1)).toBe(true);
});

/** Relative luminance and contrast. @see https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [a, b].map(luminance).sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(color: string): number {
  const hex = color.length === 4 ? color.replace(/[0-9a-f]/g, "$&$&") : color;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const PAIRS = [
  ["text", "page"],
  ["text", "card"],
  ["text", "code"],
  ["quiet", "page"],
  ["quiet", "card"],
  ["quiet", "code"],
  ["link", "page"],
  ["link", "card"],
  ["error", "error-back"],
  ["warning", "warning-back"],
  ["info", "info-back"],
  ["held", "held-back"],
  ["mark-text", "mark"],
] as const;

test("texts have the contrast that the guidelines for accessible pages ask for, in light and in dark", () => {
  const style = /<style>([\s\S]*)<\/style>/.exec(html(CLEAN, CONTEXT))?.[1] ?? "";
  const schemes = [...style.matchAll(/:root \{([^}]*)\}/g)].map(
    ([, body = ""]) =>
      new Map([...body.matchAll(/--([a-z-]+): (#[0-9a-f]{3,6});/g)].map(([, name, value]) => [name, value])),
  );
  const low = schemes.flatMap((colors, scheme) =>
    PAIRS.filter(([text, back]) => contrast(colors.get(text) ?? "#fff", colors.get(back) ?? "#fff") < 4.5).map(
      (pair) => [scheme, ...pair],
    ),
  );

  expect(schemes.length).toBe(2);
  expect(low).toEqual([]);
});
