import { expect, test } from "vitest";
import { isComposeName, isTemplate, stemOf, whyNotCompose } from "../../src/compose/discovery.js";
import { parseYaml } from "../../src/compose/yaml-tree.js";
import { Source } from "../../src/text/source.js";

test.each([
  ["compose.yaml", true],
  ["docker-compose.yml", true],
  ["Docker-Compose.YML", true],
  ["compose.prod.yaml", true],
  ["docker-compose_test.yml", true],
  ["shop.compose.yml", true],
  ["shop-docker-compose.yaml", true],
  ["docker-stack.yml", true],
  ["composer.yaml", false],
  ["compose.json", false],
  ["compose.yaml.j2", false],
  ["decompose.yaml", false],
  ["values.yaml", false],
])("by its name %s is a Compose file: %s", (name, expected) => {
  expect(isComposeName(name)).toBe(expected);
});

test.each([
  ["app-compose.yaml", "services: {}", undefined],
  ["app-compose.yaml", "include: [a.yaml]", undefined],
  ["app-compose.yaml", "volumes: {}\nx-a: 1", undefined],
  ["app-compose.yaml", "web: {image: node}", undefined],
  ["app-compose.yaml", "apiVersion: v1\nkind: Pod\nservices: {}", "kubernetes"],
  ["app-compose.yaml", "on: push\njobs: {}\nservices: {}", "workflow"],
  ["app-compose.yaml", "- hosts: all\n  tasks: []", "ansible"],
  ["app-compose.yaml", "openapi: 3.0.0\nservices: {}", "openapi"],
  ["app-compose.yaml", "replicas: 1", "no-compose-keys"],
  ["app-compose.yaml", "services: {{ services }}", "template"],
  ["compose.yaml", "services:\n{% for s in list %}\n  web: {}", "template"],
  ["compose.yaml", "replicas: 1", undefined],
] as const)("%s with %j is left alone because: %s", (name, text, reason) => {
  expect(whyNotCompose(name, text, parseYaml(new Source(name, text)))).toBe(reason);
});

test.each([
  ["image: '{{ image }}'", false],
  ["# {{ image }}", false],
  ["hostname: node-{{.Node.ID}}", false],
  ["a: |\n  {{ image }}\n  {% if %}\nb: c", false],
  ["a: |\n  text\nb: {{ image }}", true],
  ["image: {{ image }}", true],
  ["  {{- if .Values.web }}", true],
])("%j is a template: %s", (text, expected) => {
  expect(isTemplate(text)).toBe(expected);
});

test.each([
  ["docker-compose.rounds.dev.yml", ["docker-compose", "rounds", "dev"]],
  ["compose-prod.yaml", ["compose", "prod"]],
  ["compose.yaml", ["compose"]],
  ["shop_compose.yaml", ["shop", "compose"]],
])("the words of %s are %j", (name, words) => {
  expect(stemOf(name)).toEqual(words);
});
