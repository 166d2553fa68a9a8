import { printable } from "../text/printable.js";
import { ruleName } from "./finding-text.js";
import type { Renderer } from "./report-context.js";

/**
 * One line per finding, in the order given: `path:line:column: severity: message [rule#kind]`, as compilers write them,
 * so that editors and scripts can read it. Lines and columns are 1-based. The empty string when there are none.
 */
export const compact: Renderer = ({ findings }) =>
  findings
    .map((finding) => {
      const { source, start } = finding.range;
      const { line, column } = source.positionAt(start);
      const place = `${printable(source.path)}:${line}:${column}`;
      return `${place}: ${finding.severity}: ${printable(finding.message)} [${ruleName(finding)}]\n`;
    })
    .join("");
