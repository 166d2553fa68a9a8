import { expect, test } from "vitest";
import { decode } from "../../src/files/decode.js";
import type { FileSystem } from "../../src/files/file-system.js";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { OverlayFileSystem } from "../../src/files/overlay.js";

const textAt = (fs: FileSystem, path: string): unknown => {
  const read = fs.readFile(path, 1000);
  if (read.kind === "problem") return read.problem;
  const decoded = decode(read.bytes);
  return decoded.kind === "text" ? decoded.text : decoded.reason;
};

const disk = (): MemoryFileSystem =>
  new MemoryFileSystem({ "/app/Dockerfile": "old", "/app/link": { kind: "symlink", target: "Dockerfile" } });

test("a buffer is seen in place of the file, also through a link", () => {
  const fs = new OverlayFileSystem(disk());

  fs.set("/app/link", "new text");

  expect([textAt(fs, "/app/Dockerfile"), textAt(fs, "/app/link"), fs.stat("/app/link")?.sizeBytes]).toEqual([
    "new text",
    "new text",
    8,
  ]);
  expect(fs.lstat("/app/link")?.kind).toBe("symlink");
});

test("a closed buffer lets the file be seen again", () => {
  const fs = new OverlayFileSystem(disk());

  fs.set("/app/Dockerfile", "new");
  fs.delete("/app/Dockerfile");

  expect(textAt(fs, "/app/Dockerfile")).toBe("old");
});

test("a buffer without a file exists, is listed, and so are its folders", () => {
  const fs = new OverlayFileSystem(disk());

  fs.set("/app/api/Dockerfile", "new");

  expect(fs.readDirectory("/app")).toEqual({
    kind: "entries",
    entries: [
      { name: "Dockerfile", kind: "file" },
      { name: "api", kind: "directory" },
      { name: "link", kind: "symlink" },
    ],
  });
  expect(fs.readDirectory("/app/api")).toEqual({ kind: "entries", entries: [{ name: "Dockerfile", kind: "file" }] });
  expect([fs.realPath("/app/api/Dockerfile"), fs.lstat("/app/api")?.kind, fs.realPath("/app/no")]).toEqual([
    "/app/api/Dockerfile",
    "directory",
    undefined,
  ]);
});
