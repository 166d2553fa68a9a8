#!/usr/bin/env node
"use strict";
// CommonJS, as `bin/package.json` says: starting an ES module takes Node 5 of 24 ms more.
const { join } = require("node:path");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`plimsoll needs Node.js 20.19 or newer; this is ${process.versions.node}\n`);
  process.exit(2);
}
const folder = join(__dirname, "..", "dist");
const { launch } = require(join(folder, "launch.cjs"));
launch(process.argv.slice(2), folder).catch((error) => {
  process.stderr.write(`plimsoll cannot be started; install it again\n${error.stack}\n`);
  process.exitCode = 2;
});
