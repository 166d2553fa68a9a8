import { expect, test } from "vitest";
import { baseImageFacts, serviceFacts } from "../../src/data/base-images.js";

test.each([
  ["ghost", "5-alpine", { name: "root", uid: 0 }, { name: "node", uid: 1000 }],
  ["sonarqube", "10.6-community", { name: "sonarqube", uid: 1000 }, undefined],
  ["quay.io/keycloak/keycloak", "26.0", { name: "keycloak", uid: 1000 }, undefined],
  ["mcr.microsoft.com/mssql/server", "2022-latest", { name: "mssql", uid: 10_001 }, undefined],
  ["confluentinc/cp-kafka", "7.7.1", { name: "appuser", uid: 1000 }, undefined],
])("%s:%s starts as its own user, or gives root up", (repository, tag, defaultUser, dropsTo) => {
  const facts = baseImageFacts({ repository, tag });

  expect(facts?.defaultUser).toEqual(defaultUser);
  expect(facts?.dropsTo).toEqual(dropsTo);
});

test.each([
  ["sonarqube", "8.9-community"],
  ["docker", "27-dind-rootless"],
  ["influxdb", "1.8"],
  ["mcr.microsoft.com/mssql/server", "2017-latest"],
])("nothing is said of the user of %s:%s, which is another one", (repository, tag) => {
  expect(baseImageFacts({ repository, tag })?.defaultUser).toBeUndefined();
});

test("an application keeps what its name says of the service", () => {
  expect(serviceFacts({ repository: "cassandra", tag: "5" })).toEqual({ kind: "datastore", ports: [9042] });
  expect(serviceFacts({ repository: "influxdb", tag: "1.8" })?.kind).toBe("datastore");
});

test("Keycloak has no program to ask an address with since it is on ubi-micro", () => {
  const { absent } = baseImageFacts({ repository: "quay.io/keycloak/keycloak", tag: "26.0" })?.commands ?? {};

  expect([...(absent ?? [])]).toEqual(["curl", "wget", "nc"]);
  expect(baseImageFacts({ repository: "quay.io/keycloak/keycloak", tag: "16.1" })).toBeUndefined();
});

test("JDKs name the JRE of the same publisher", () => {
  const runtime = (repository: string, tag: string) => baseImageFacts({ repository, tag })?.runtimeImage;

  expect(runtime("bellsoft/liberica-openjdk-alpine", "21")).toBe("bellsoft/liberica-openjre-alpine:21");
  expect(runtime("ibm-semeru-runtimes", "open-21-jdk-jammy")).toBe("ibm-semeru-runtimes:open-21-jre-jammy");
  expect(runtime("ibm-semeru-runtimes", "open-21-jre-jammy")).toBeUndefined();
});
