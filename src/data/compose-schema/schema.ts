import { build } from "./build.js";
import { deploy, include, resourceParts } from "./deploy.js";
import { deprecated, list, named, type Schema, shared, table, text } from "./forms.js";
import { service, serviceParts } from "./service.js";
import { ulimits } from "./service-resources.js";

/** The state of the Compose specification that the schema follows, as year and month; a part of its address. */
export const COMPOSE_SCHEMA_VERSION = "2026-11";

const NAMES = { propertyNames: { pattern: "^[a-zA-Z0-9._-]+$" } };

/**
 * Our JSON Schema of Compose files, draft 2020-12, for one file or the merged whole.
 *
 * `format` names forms of text that JSON Schema does not know (`compose-duration`); readers who do not know them either
 * let any text pass. What a form of its own checks (names, ports, image references) is only text here.
 *
 * @param homepage address below which the schema is published
 * @see https://docs.docker.com/reference/compose-file/
 */
export function composeSchema(homepage: string): Schema {
  const top = table("Services, and the networks, volumes, configs, secrets and models that they share.", {
    version: deprecated(text("Ignored by Compose.")),
    name: { ...text("Name of the project."), pattern: "^[a-z0-9][a-z0-9_-]*$|\\$" },
    include: list("Other Compose files whose elements are used here.", shared("include", "A file.")),
    services: named("The parts of the application, by name.", shared("service", "A service."), NAMES),
    networks: named("Networks that services join, by name.", shared("network", "A network."), NAMES),
    volumes: named("Storage that outlives containers, by name.", shared("volume", "A volume."), NAMES),
    secrets: named("Values that only some services may see, by name.", shared("secret", "A secret."), NAMES),
    configs: named("Files that services get, by name.", shared("config", "A config."), NAMES),
    models: named("Language models, by name.", shared("model", "A model."), NAMES),
  });
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `${homepage}/schema/compose-${COMPOSE_SCHEMA_VERSION}.json`,
    title: "Compose file",
    ...top,
    $defs: {
      service: service(),
      ...serviceParts(),
      build: build(),
      deploy: deploy(),
      ulimits: ulimits(),
      include: include(),
      ...resourceParts(),
    },
  };
}
