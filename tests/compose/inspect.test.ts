import { expect, test } from "vitest";
import { inspectVariant } from "../../src/compose/inspect.js";
import { openVariant } from "./open.js";

test("each value of the merged model has the place where it was written, and env files stay out of it", () => {
  const variant = openVariant({
    "compose.yaml": "services:\n  web:\n    image: app:${TAG}\n    tty: true\n",
    "compose.override.yaml": "services: {web: {user: app}}",
    ".env": "TAG=hidden",
  });

  expect(inspectVariant(variant)).toEqual({
    files: ["compose.yaml", "compose.override.yaml"],
    role: "production",
    reference: true,
    model: {
      file: "compose.yaml",
      line: 1,
      column: 1,
      entries: {
        services: {
          file: "compose.yaml",
          line: 2,
          column: 3,
          entries: {
            web: {
              file: "compose.yaml",
              line: 3,
              column: 5,
              entries: {
                image: { file: "compose.yaml", line: 3, column: 12, value: "app:${TAG}" },
                tty: { file: "compose.yaml", line: 4, column: 10, value: true },
                user: { file: "compose.override.yaml", line: 1, column: 24, value: "app" },
              },
            },
          },
        },
      },
    },
  });
});

test("hops and certainty are part of it", () => {
  const variant = openVariant("x-a: &a {user: '${U:-app}'}\nservices:\n  web:\n    <<: *a\n");
  const { model } = inspectVariant(variant);
  const text = JSON.stringify(model);

  expect(text).toContain('"value":"app","certainty":"defaulted"');
  expect(text).toContain('"via":[{"kind":"merge","name":"a","file":"compose.yaml","line":4,"column":9}]');
});
