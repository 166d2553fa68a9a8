import { expect, test } from "vitest";
import {
  containerNameFault,
  hostNameFault,
  keyFault,
  normalisedProjectName,
  projectNameFault,
} from "../../src/values/compose-name.js";

test("keys of services and resources", () => {
  expect(keyFault("my_api-1.x")).toBeUndefined();
  expect(keyFault("-api")).toBeUndefined();
  expect(keyFault("")).toBe("a name is needed");
  expect(keyFault("my api")).toBe("a blank is not allowed");
  expect(keyFault("api/v1")).toBe("`/` is not allowed");
  expect(keyFault("über")).toBe("`ü` is not allowed");
});

test("names of containers", () => {
  expect(containerNameFault("my-app")).toBeUndefined();
  expect(containerNameFault("-app")).toContain("begins with");
  expect(containerNameFault("a")).toContain("two characters");
});

test("names of projects", () => {
  expect(projectNameFault("my_shop-2")).toBeUndefined();
  expect(projectNameFault("Shop")).toBe("upper case is not allowed");
  expect(projectNameFault("shop.dev")).toBe("`.` is not allowed");
  expect(projectNameFault("-shop")).toContain("begins with");
  expect(normalisedProjectName("-My Shop.Dev_1")).toBe("myshopdev_1");
});

test("names of hosts", () => {
  expect(hostNameFault("api.example.com.")).toBeUndefined();
  expect(hostNameFault("my_api")).toBeUndefined();
  expect(hostNameFault("a..b")).toContain("two dots");
  expect(hostNameFault("-a")).toContain("`-`");
  expect(hostNameFault("a".repeat(64))).toContain("63");
  expect(hostNameFault(`${"a.".repeat(130)}a`)).toContain("253");
  expect(hostNameFault("a:b")).toBe("`:` is not allowed");
});
