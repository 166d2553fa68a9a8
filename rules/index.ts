import type { Rule } from "../src/engine/rule.js";

/** Every rule of the product in the order of ids. Generated from the files of this folder by `npm run generate`. */
export const rules: readonly Rule[] = [
];
