import { maskSecrets } from "../values/secret-spans.js";
import { SECRET_MASK } from "../values/secret-value.js";
import { judgeSecret } from "../values/secret-verdict.js";

/**
 * Data for output with the mask in the place of secrets in its texts. Of a mapping `entries`, whose parts hold a `value`,
 * the key counts as the name of that value; keys themselves stay.
 *
 * @param known texts of secrets; those that are a plain word are hidden behind their names alone
 */
export function hideValues(data: unknown, known: Iterable<string>): unknown {
  if (typeof data === "string") return maskSecrets(data, known);
  if (Array.isArray(data)) return data.map((item) => hideValues(item, known));
  if (typeof data !== "object" || data === null) return data;
  const parts = Object.entries(data).map(([key, part]): [string, unknown] => {
    return [key, key === "entries" ? hiddenEntries(part, known) : hideValues(part, known)];
  });
  return Object.fromEntries(parts);
}

function hiddenEntries(entries: unknown, known: Iterable<string>): unknown {
  if (typeof entries !== "object" || entries === null) return hideValues(entries, known);
  const parts = Object.entries(entries).map(([name, node]): [string, unknown] => {
    const isSecret = isValueNode(node) && judgeSecret(name, node.value) !== undefined;
    return [name, isSecret ? { ...node, value: SECRET_MASK } : hideValues(node, known)];
  });
  return Object.fromEntries(parts);
}

function isValueNode(node: unknown): node is { readonly value: string } {
  return typeof node === "object" && node !== null && "value" in node && typeof node.value === "string";
}
