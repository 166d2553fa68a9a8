import fc, { type GeneratorValue } from "fast-check";

/** What a generated Compose file holds, before it is written in one of many ways. */
export type Draft =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "list"; readonly items: readonly Draft[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [key: string, value: Draft])[] };

const text = (value: string): Draft => ({ kind: "text", text: value });
const list = (...items: readonly string[]): Draft => ({ kind: "list", items: items.map(text) });
const map = (entries: Readonly<Record<string, Draft>>): Draft => ({ kind: "map", entries: Object.entries(entries) });

/** Keys that a service may have, each with values to choose from. */
const SETTINGS: Readonly<Record<string, readonly Draft[]>> = {
  image: [text("nginx:1.29"), text("postgres:17.4")],
  privileged: [text("true")],
  user: [text("1000"), text("root")],
  command: [text("echo hi there"), text("sh -c 'true # not a comment'"), list("serve", "--port", "80")],
  cap_add: [list("NET_ADMIN"), list("SYS_TIME", "NET_ADMIN"), list("SYS_PTRACE", "SYS_TIME", "NET_RAW")],
  group_add: [list("docker"), list("video", "docker", "audio")],
  security_opt: [list("seccomp:unconfined"), list("label:disable", "seccomp:unconfined")],
  ports: [list("80:80"), list("8443:443", "80:80", "53:53/udp"), list("127.0.0.1:9000:9000", "22:22")],
  volumes: [list("data:/data"), list("./src:/src:ro", "data:/data")],
  environment: [
    map({ MODE: text("fast"), NOTE: text("a: b # c"), PORT: text("8080") }),
    list("MODE=fast", "PORT=8080", "EMPTY="),
  ],
  depends_on: [list("db"), map({ db: map({ condition: text("service_started") }) })],
  labels: [map({ "com.acme.team": text("web"), "com.acme.tier": text("front") }), list("com.acme.team=web")],
  restart: [text("always")],
};

/** What `<<: *base` stands for. */
const BASE = map({ restart: text("always"), privileged: text("true") });
const MERGED = text("*base");

const SERVICES = ["web", "db", "cache"] as const;
const PLAIN = /^[A-Za-z0-9./][A-Za-z0-9 ./:=_-]*[A-Za-z0-9./=_-]$|^[A-Za-z0-9]$/;

/** Writes drafts as YAML in the ways people do: each choice is drawn. */
class Scribe {
  readonly #draw: GeneratorValue;
  readonly #lines: string[] = [];
  /** Anchors written so far: what they stand for, as JSON. */
  readonly #anchors = new Map<string, string>();

  constructor(draw: GeneratorValue) {
    this.#draw = draw;
  }

  write(): string {
    if (this.#chance(4)) this.#lines.push("# a file of ours", "");
    const hasBase = this.#chance(3);
    const services = SERVICES.slice(0, this.#number(1, 3)).map((name) => [name, this.#service(hasBase)] as const);
    const entries: (readonly [string, Draft])[] = [["services", { kind: "map", entries: services }]];
    if (this.#chance(2)) entries.push(["volumes", map({ data: map({ driver: text("local") }) })]);
    if (this.#chance(3)) entries.unshift(["name", text("shop")]);
    if (hasBase) entries.unshift(["x-base", BASE]);
    this.#blockMap(entries, this.#chance(12) ? 2 : 0);
    const lineBreak = this.#chance(3) ? "\r\n" : "\n";
    return this.#lines.join(lineBreak) + (this.#chance(4) ? "" : lineBreak);
  }

  #service(hasBase: boolean): Draft {
    const names = Object.keys(SETTINGS);
    const chosen = this.#draw(fc.shuffledSubarray, names, { minLength: 2, maxLength: 7 });
    const entries = chosen.map((name) => [name, this.#pick(SETTINGS[name] ?? [])] as const);
    return { kind: "map", entries: hasBase && this.#chance(3) ? [["<<", MERGED], ...entries] : entries };
  }

  #blockMap(entries: readonly (readonly [string, Draft])[], indent: number): void {
    for (const [key, value] of entries) {
      this.#between(indent);
      this.#value(`${" ".repeat(indent)}${this.#key(key)}:`, value, indent, true);
    }
  }

  #blockList(items: readonly Draft[], indent: number): void {
    const gap = " ".repeat(this.#chance(5) ? 3 : 1);
    for (const item of items) {
      this.#between(indent);
      const lead = `${" ".repeat(indent)}-${gap}`;
      this.#lines.push(`${lead}${this.#anchored(item) ?? this.#flow(item, false)}${this.#note()}`);
    }
  }

  /** @param head the line so far, up to the colon */
  #value(head: string, value: Draft, indent: number, mayBeBlock: boolean): void {
    if (value === MERGED) {
      this.#lines.push(`${head} *base${this.#note()}`);
      return;
    }
    const anchor = value === BASE ? "&base" : this.#chance(6) ? this.#alias(value) : undefined;
    if (anchor?.startsWith("*") === true) {
      this.#lines.push(`${head} ${anchor}${this.#note()}`);
      return;
    }
    const start = anchor === undefined ? head : `${head} ${anchor}`;
    const isFlow = !mayBeBlock || this.#chance(4);
    if (value.kind === "text") this.#scalar(start, value.text, indent);
    else if (isFlow && this.#chance(2)) this.#openFlow(start, value, indent);
    else if (isFlow) this.#lines.push(`${start} ${this.#flow(value, false)}${this.#note()}`);
    else {
      this.#lines.push(`${start}${this.#note()}`);
      const deeper = indent + this.#pick([2, 2, 2, 4, 1, 3]);
      if (value.kind === "map") this.#blockMap(value.entries, deeper);
      else this.#blockList(value.items, this.#chance(3) ? indent : deeper);
    }
  }

  #scalar(start: string, value: string, indent: number): void {
    if (value.includes(" ") && this.#chance(3)) {
      const body = " ".repeat(indent + this.#number(1, 4));
      this.#lines.push(`${start} ${this.#pick(["|-", ">-"])}`, `${body}${value}`);
      if (this.#chance(3)) this.#lines.push("");
    } else this.#lines.push(`${start} ${this.#quoted(value)}${this.#note()}`);
  }

  /** A flow collection over several lines. */
  #openFlow(start: string, value: Draft, indent: number): void {
    const [open, close] = value.kind === "map" ? ["{", "}"] : ["[", "]"];
    const body = " ".repeat(indent + this.#number(1, 4));
    const parts =
      value.kind === "map"
        ? value.entries.map(([key, part]) => `${this.#key(key)}: ${this.#flow(part, true)}`)
        : value.kind === "list"
          ? value.items.map((part) => this.#flow(part, true))
          : [];
    const last = this.#chance(3) ? "," : "";
    this.#lines.push(`${start} ${open}${this.#note()}`);
    for (const [index, part] of parts.entries()) {
      this.#lines.push(`${body}${part}${index === parts.length - 1 ? last : ","}${this.#note()}`);
    }
    this.#lines.push(`${" ".repeat(indent + 1)}${close}${this.#note()}`);
  }

  #flow(value: Draft, isInside: boolean): string {
    const blank = this.#chance(2) ? " " : "";
    const last = this.#chance(8) ? "," : "";
    switch (value.kind) {
      case "text":
        return value === MERGED ? value.text : this.#quoted(value.text, isInside);
      case "list":
        return `[${blank}${value.items.map((item) => this.#anchored(item) ?? this.#flow(item, true)).join(", ")}${last}${blank}]`;
      case "map":
        return `{${blank}${value.entries.map(([key, part]) => `${this.#key(key)}: ${this.#flow(part, true)}`).join(", ")}${last}${blank}}`;
    }
  }

  /** A scalar with an anchor, or an alias of one like it; undefined for no such thing. */
  #anchored(value: Draft): string | undefined {
    if (value.kind !== "text" || !this.#chance(8)) return undefined;
    const anchor = this.#alias(value);
    return anchor.startsWith("*") ? `${anchor} `.trimEnd() : `${anchor} ${this.#quoted(value.text, true)}`;
  }

  /** `*name` of an anchor that stands for the same, else a new `&name`. */
  #alias(value: Draft): string {
    const json = JSON.stringify(value);
    const known = [...this.#anchors].find(([, other]) => other === json)?.[0];
    if (known !== undefined) return `*${known}`;
    const name = `a${this.#anchors.size + 1}`;
    this.#anchors.set(name, json);
    return `&${name}`;
  }

  #quoted(value: string, isInFlow = false): string {
    const isPlain = PLAIN.test(value) && !(isInFlow && value.includes(":"));
    const style = this.#pick(isPlain ? ["plain", "plain", "single", "double"] : ["single", "double"]);
    if (style === "single") return `'${value.replaceAll("'", "''")}'`;
    return style === "double" ? JSON.stringify(value) : value;
  }

  #key(key: string): string {
    if (key === "<<") return key;
    return this.#chance(10) ? `"${key}"` : key;
  }

  #note(): string {
    return this.#chance(5)
      ? `${" ".repeat(this.#number(1, 3))}# ${this.#pick(["why", "[not a list", "&no anchor"])}`
      : "";
  }

  #between(indent: number): void {
    if (this.#chance(8)) this.#lines.push(this.#chance(2) ? "" : "   ");
    if (this.#chance(8)) this.#lines.push(`${" ".repeat(this.#chance(4) ? 0 : indent)}# note`);
  }

  #chance(oneIn: number): boolean {
    return this.#number(1, oneIn) === oneIn;
  }

  #number(min: number, max: number): number {
    return this.#draw(fc.integer, { min, max });
  }

  #pick<Value>(values: readonly Value[]): Value {
    const value = values[this.#number(0, values.length - 1)];
    if (value === undefined) throw new RangeError("nothing to pick from");
    return value;
  }
}

/** A Compose file as people write them: block and flow, all quotes, anchors, comments, blank lines, odd indents, CRLF. */
export function composeText(draw: GeneratorValue): string {
  return new Scribe(draw).write();
}
