import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { afterEach, beforeEach, expect, test } from "vitest";
import { encode } from "../../src/files/decode.js";
import { DiskFileSystem } from "../../src/files/disk.js";

const fs = new DiskFileSystem();
let root = "";

beforeEach(() => {
  root = realpathSync(mkdtempSync(`${tmpdir()}/plimsoll-disk-`));
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test("a folder is listed in UTF-16 order, links as links", () => {
  for (const name of ["b", "B", "a", "é"]) writeFileSync(`${root}/${name}`, "");
  mkdirSync(`${root}/folder`);
  symlinkSync("a", `${root}/link`);

  expect(fs.readDirectory(root)).toEqual({
    kind: "entries",
    entries: [
      { name: "B", kind: "file" },
      { name: "a", kind: "file" },
      { name: "b", kind: "file" },
      { name: "folder", kind: "directory" },
      { name: "link", kind: "symlink" },
      { name: "é", kind: "file" },
    ],
  });
});

test("files are read up to the limit and no further", () => {
  writeFileSync(`${root}/file`, "12345");

  expect([fs.readFile(`${root}/file`, 5), fs.readFile(`${root}/file`, 4)]).toEqual([
    { kind: "bytes", bytes: new Uint8Array([49, 50, 51, 52, 53]) },
    { kind: "problem", problem: "too-large" },
  ]);
});

test("what is no file is not read, and a pipe does not hang", () => {
  execFileSync("mkfifo", [`${root}/pipe`]);
  symlinkSync("circle", `${root}/circle`);
  writeFileSync(`${root}/file`, "");

  expect(
    [root, `${root}/pipe`, `${root}/none`, `${root}/file/below`, `${root}/circle`].map((path) =>
      fs.readFile(path, 100),
    ),
  ).toEqual([
    { kind: "problem", problem: "not-a-file" },
    { kind: "problem", problem: "not-a-file" },
    { kind: "problem", problem: "absent" },
    { kind: "problem", problem: "absent" },
    { kind: "problem", problem: "absent" },
  ]);
  expect([fs.lstat(`${root}/pipe`)?.kind, fs.stat(`${root}/circle`), fs.realPath(`${root}/circle`)]).toEqual([
    "other",
    undefined,
    undefined,
  ]);
  expect([fs.readDirectory(`${root}/file`), fs.readDirectory(`${root}/none`)]).toEqual([
    { kind: "problem", problem: "not-a-directory" },
    { kind: "problem", problem: "absent" },
  ]);
});

test("a path with a NUL is absent", () => {
  expect([fs.readFile("/a\0b", 10), fs.lstat("/a\0b"), fs.readDirectory("/a\0b")]).toEqual([
    { kind: "problem", problem: "absent" },
    undefined,
    { kind: "problem", problem: "absent" },
  ]);
});

test("writing replaces the file that a link names, keeps its mode and leaves nothing beside it", () => {
  mkdirSync(`${root}/real`);
  writeFileSync(`${root}/real/run.sh`, "old");
  chmodSync(`${root}/real/run.sh`, 0o751);
  symlinkSync("real/run.sh", `${root}/link`);

  fs.writeFile(`${root}/link`, encode("new"));
  fs.writeFile(`${root}/real/fresh`, encode("1"));

  expect([readFileSync(`${root}/real/run.sh`, "utf8"), statSync(`${root}/real/run.sh`).mode & 0o777]).toEqual([
    "new",
    0o751,
  ]);
  expect([fs.lstat(`${root}/link`)?.kind, readdirSync(`${root}/real`)]).toEqual(["symlink", ["fresh", "run.sh"]]);
});

test("writing fails where there is no folder, and onto a folder", () => {
  mkdirSync(`${root}/folder`);
  symlinkSync("nowhere", `${root}/dangling`);

  expect(() => fs.writeFile(`${root}/none/file`, encode("x"))).toThrow();
  expect(() => fs.writeFile(`${root}/folder`, encode("x"))).toThrow("not a regular file");
  expect(() => fs.writeFile(`${root}/dangling`, encode("x"))).toThrow("leads nowhere");
  expect(readdirSync(root)).toEqual(["dangling", "folder"]);
});
