import type { Range } from "./source.js";

/** A place with a sentence about it, without a period. */
export interface Remark {
  readonly range: Range;
  readonly message: string;
}
