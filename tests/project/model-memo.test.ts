import { expect, test } from "vitest";
import { forgetModels, ModelMemo } from "../../src/project/model-memo.js";

test("what is derived of models is kept until they are forgotten", () => {
  const names = new ModelMemo<object, string>();
  const sizes = new ModelMemo<object, number>();
  const stage = {};
  names.set(stage, "build");
  sizes.set(stage, 3);

  expect([names.get(stage), names.get({}), sizes.get(stage)]).toEqual(["build", undefined, 3]);

  forgetModels();

  expect([names.get(stage), sizes.get(stage)]).toEqual([undefined, undefined]);
});
