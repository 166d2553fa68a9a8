import { expect, type TestContext, test } from "vitest";
import { html } from "../../src/report/html.js";
import { CHROMIUM, withPage } from "../support/chromium.js";
import { CONTEXT, HOSTILE, MIXED } from "./sample.js";

/** The browser; a test that gets none is skipped, and says why. */
function browserFor({ skip }: TestContext): string {
  return CHROMIUM ?? skip("no Chromium is installed");
}

const SHOWN = "[...document.querySelectorAll('.finding')].filter((one) => one.offsetParent !== null).length";
const STATUS = "document.getElementById('shown').textContent";

/** Clicks what a selector finds, as a person would. */
function click(selector: string): string {
  return `document.querySelector(${JSON.stringify(selector)}).click()`;
}

test("the filter obeys in a browser, under the policy of the page", async (context) => {
  const steps = await withPage(
    { html: html(MIXED, CONTEXT), browser: browserFor(context), width: 1200 },
    async ({ evaluate }) => {
      const seen: unknown[] = [];
      const look = async (what: string) => seen.push([what, await evaluate(SHOWN), await evaluate(STATUS)]);
      await look("at first");
      await evaluate(click("input[value=info]"));
      await look("without info");
      await evaluate(click("button[data-to=none]"));
      await look("without families");
      await evaluate(click("input[value=secrets]"));
      await look("secrets alone");
      await evaluate(click("button[data-to=all]"));
      await evaluate(click("input[value=info]"));
      await look("everything again");
      return seen;
    },
  );

  expect(steps).toEqual([
    ["at first", 4, "5 of 5 shown"],
    ["without info", 2, "2 of 5 shown"],
    ["without families", 0, "0 of 5 shown"],
    ["secrets alone", 1, "1 of 5 shown"],
    ["everything again", 4, "5 of 5 shown"],
  ]);
});

test("the page loads nothing, is styled, and fits a narrow window", async (context) => {
  const facts = await withPage(
    { html: html(HOSTILE, CONTEXT), browser: browserFor(context), width: 320 },
    ({ evaluate }) =>
      evaluate(`({
      loaded: performance.getEntriesByType("resource").length,
      card: getComputedStyle(document.querySelector(".finding")).borderRadius,
      mark: document.querySelector("mark").textContent,
      wide: document.documentElement.scrollWidth > 320,
    })`),
  );

  expect(facts).toEqual({ loaded: 0, card: "8px", mark: "true", wide: false });
});
