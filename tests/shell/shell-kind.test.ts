import { describe, expect, test } from "vitest";
import { NO_FLAGS, readFlags, shebangOf, shellKindOf, shellKindOfName } from "../../src/shell/shell-kind.js";

describe("the array of a SHELL instruction", () => {
  test.each([
    [["/bin/sh", "-c"], "sh-dash", [], true],
    [["/bin/bash", "-o", "pipefail", "-c"], "bash", ["pipefail"], true],
    [["/bin/bash", "-euxo", "pipefail", "-c"], "bash", ["errexit", "nounset", "xtrace", "pipefail"], true],
    [["/bin/ash", "-eo", "pipefail", "-c"], "sh-busybox", ["errexit", "pipefail"], true],
    [["/usr/bin/env", "bash", "-c"], "bash", [], true],
    [["bash", "--login", "-ec"], "bash", ["errexit"], true],
    [["zsh", "-c"], "zsh", [], true],
    [["powershell", "-Command", "$ErrorActionPreference = 'Stop';"], "powershell", [], true],
    [["C:\\Windows\\System32\\cmd.exe", "/S", "/C"], "cmd", [], true],
    [["fish", "-c"], "other", [], true],
    [["python3"], "other", [], false],
    [[], "other", [], false],
  ] as const)("%j", (argv, kind, flags, takesScript) => {
    const spec = shellKindOf(argv, "sh-dash");
    const on = Object.entries(spec.flags).flatMap(([name, isOn]) => (isOn ? [name] : []));

    expect([spec.kind, on, spec.takesScript]).toEqual([kind, flags, takesScript]);
  });
});

test("a plus turns a switch off, and the first operand ends the options", () => {
  const before = { ...NO_FLAGS, errexit: true, pipefail: true };

  expect(readFlags(["+e", "-u", "+o", "pipefail", "x", "-x"], before)).toEqual({ ...NO_FLAGS, nounset: true });
});

test("sh is what the image has", () => {
  expect([
    shellKindOfName("/bin/sh"),
    shellKindOfName("sh", "sh-busybox"),
    shellKindOfName("bash", "sh-busybox"),
  ]).toEqual(["sh-unknown", "sh-busybox", "bash"]);
});

describe("shebangs", () => {
  test.each([
    ["#!/bin/bash -eu\nx", { kind: "bash", command: "/bin/bash -eu", errexit: true, end: 15 }],
    ["#! /usr/bin/env bash\r\nx", { kind: "bash", command: "/usr/bin/env bash", errexit: false, end: 20 }],
    ["#!/usr/bin/env -S bash -e", { kind: "bash", command: "/usr/bin/env -S bash -e", errexit: true, end: 25 }],
    ["#!/usr/bin/env python3\nx", { kind: "other", command: "/usr/bin/env python3", errexit: false, end: 22 }],
    ["#!/bin/sh", { kind: "sh-busybox", command: "/bin/sh", errexit: false, end: 9 }],
  ])("%j", (text, expected) => {
    const shebang = shebangOf(text, "sh-busybox");

    expect(
      shebang && { kind: shebang.kind, command: shebang.command, errexit: shebang.flags.errexit, end: shebang.end },
    ).toEqual(expected);
  });

  test("stand at the very beginning only", () => {
    expect(shebangOf(" #!/bin/sh")).toBeUndefined();
  });
});
