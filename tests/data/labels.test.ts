import { expect, test } from "vitest";
import { LEGACY_LABELS, OCI_LABELS, ociLabelType } from "../../src/data/oci-labels.js";
import { spdxExceptions, spdxLicenses } from "../../src/data/spdx-licenses.js";

test("predefined keys have a type, others none", () => {
  expect(ociLabelType("org.opencontainers.image.created")).toBe("timestamp");
  expect(ociLabelType("org.opencontainers.image.base.digest")).toBe("digest");
  expect(ociLabelType("org.opencontainers.image.license")).toBeUndefined();
  expect(ociLabelType("created")).toBeUndefined();
});

test("every legacy key leads to a predefined one", () => {
  const unknown = [...LEGACY_LABELS.values()].filter((key) => !OCI_LABELS.has(key));

  expect(unknown).toEqual([]);
});

test("licenses are found without regard to case, and deprecated ones are told", () => {
  expect(spdxLicenses().get("apache-2.0")).toEqual({ id: "Apache-2.0", isDeprecated: false });
  expect(spdxLicenses().get("gpl-2.0")).toEqual({ id: "GPL-2.0", isDeprecated: true });
  expect(spdxLicenses().get("gpl-2.0-only")).toEqual({ id: "GPL-2.0-only", isDeprecated: false });
  expect(spdxLicenses().has("proprietary")).toBe(false);
  expect(spdxExceptions().get("llvm-exception")).toBe("LLVM-exception");
});
