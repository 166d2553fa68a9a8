// Writes the peak resident memory of this process, in KiB, to descriptor 3 when it ends.
process.on("exit", () => {
  try {
    require("node:fs").writeSync(3, String(process.resourceUsage().maxRSS));
  } catch {
    // Nobody listens: the program was started without the descriptor.
  }
});
