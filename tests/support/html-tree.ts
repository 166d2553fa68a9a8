/** An element of a page, or a piece of its text. */
export interface HtmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly (HtmlElement | string)[];
}

interface OpenElement extends HtmlElement {
  readonly children: (HtmlElement | string)[];
}

const VOID = new Set(["meta", "input", "br"]);
const RAW = new Set(["style", "script"]);
const TAG = /<(\/?)([a-z][a-z0-9]*)((?: [a-z-]+(?:="[^"<>]*")?)*)>/y;
const TEXT = /[^<>]+/y;

/**
 * Reads a page that is written as strictly as XML: every element is closed, attributes are quoted, and no `<` or `>` stands
 * in text.
 *
 * @throws Error at the first place where the page is not like that
 */
export function readHtml(page: string): HtmlElement {
  const start = "<!doctype html>\n";
  if (!page.startsWith(start)) throw new Error("no doctype");
  const root: OpenElement = { name: "", attributes: new Map(), children: [] };
  const open: OpenElement[] = [root];
  for (let at = start.length; at < page.length; ) {
    const parent = open.at(-1) ?? root;
    if (RAW.has(parent.name) && parent.children.length === 0) {
      const end = page.indexOf(`</${parent.name}>`, at);
      parent.children.push(page.slice(at, end));
      at = end;
      continue;
    }
    TEXT.lastIndex = at;
    const text = TEXT.exec(page)?.[0];
    if (text !== undefined) {
      parent.children.push(decoded(text));
      at = TEXT.lastIndex;
      continue;
    }
    TAG.lastIndex = at;
    const tag = TAG.exec(page);
    if (tag === null) throw new Error(`no tag at ${JSON.stringify(page.slice(at, at + 60))}`);
    at = TAG.lastIndex;
    const [, slash, name = "", attributes = ""] = tag;
    if (slash === "/") {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes ${parent.name}`);
      continue;
    }
    const element: OpenElement = { name, attributes: attributesOf(attributes), children: [] };
    parent.children.push(element);
    if (!VOID.has(name)) open.push(element);
  }
  if (open.length !== 1) throw new Error(`${open.at(-1)?.name} is not closed`);
  const html = root.children.find((child) => typeof child !== "string");
  if (html === undefined || typeof html === "string") throw new Error("an empty page");
  return html;
}

/** The element and everything in it, in the order of the page. */
export function* elementsOf(element: HtmlElement): Iterable<HtmlElement> {
  yield element;
  for (const child of element.children) if (typeof child !== "string") yield* elementsOf(child);
}

/** The text in an element, as it is written. */
export function textIn({ children }: HtmlElement): string {
  return children.map((child) => (typeof child === "string" ? child : textIn(child))).join("");
}

function attributesOf(written: string): ReadonlyMap<string, string> {
  const pairs = [...written.matchAll(/ ([a-z-]+)(?:="([^"]*)")?/g)].map(
    ([, name = "", value = ""]) => [name, decoded(value)] as const,
  );
  if (new Set(pairs.map(([name]) => name)).size !== pairs.length) throw new Error(`an attribute twice in ${written}`);
  return new Map(pairs);
}

const CHARACTERS: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&#39;": "'",
};

function decoded(text: string): string {
  return text.replace(/&[^;&]*;?/g, (entity) => {
    const character = CHARACTERS[entity];
    if (character === undefined) throw new Error(`no entity ${entity}`);
    return character;
  });
}
