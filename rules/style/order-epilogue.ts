import { defineRule, option } from "../../src/engine/rule.js";
import { earlyEpilogue } from "../../src/project/epilogue.js";

const options = {
  order: option.strings({
    default: ["USER", "EXPOSE", "VOLUME", "STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"],
    description: "Order of the instructions that end a stage; what it does not name is not judged.",
  }),
};

export default defineRule({
  id: "style/order-epilogue",
  summary: "Runtime instructions close a stage in a fixed order",
  levels: { style: "info" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["tally:epilogue-order"],
  why: [
    "How an image runs is what people look up most. Where STOPSIGNAL, HEALTHCHECK, ENTRYPOINT and CMD always end the stage, " +
      "they look in one place; a CMD between two RUNs reads as if it belonged to the build.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#understand-how-cmd-and-entrypoint-interact"],
  options,
  mentions: { dockerfile: ["stopsignal", "healthcheck", "entrypoint", "cmd", "user", "expose", "volume"] },
  check: {
    *build({ target }, { options: { order } }) {
      if (target === undefined || target.isExport) return;
      for (const { instruction, below, edits } of earlyEpilogue(target, order)) {
        const place = `\`${instruction.keyword}\` stands above \`${below.keyword}\` (line ${below.startLine})`;
        yield {
          range: instruction.keywordRange,
          message: `${place}; move it below`,
          fix: edits && { description: `move \`${instruction.keyword}\` below`, safety: "safe", edits },
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "CMD above RUN",
        message: "`CMD` stands above `RUN` (line 4)",
        files: { Dockerfile: ["FROM node:22.14.0", "# starts the shop", '«CMD» ["node", "server.js"]', "RUN npm ci"] },
        fixed: { Dockerfile: ["FROM node:22.14.0", "RUN npm ci", "# starts the shop", 'CMD ["node", "server.js"]'] },
      },
      {
        name: "CMD above ENTRYPOINT",
        files: { Dockerfile: ["FROM node:22.14.0", '«CMD» ["server.js"]', 'ENTRYPOINT ["node"]'] },
        fixed: { Dockerfile: ["FROM node:22.14.0", 'ENTRYPOINT ["node"]', 'CMD ["server.js"]'] },
      },
      {
        name: "several, one of which stands after the end of the text",
        files: {
          Dockerfile:
            'FROM node:22.14.0\n«HEALTHCHECK» CMD ["node", "up.js"]\n«STOPSIGNAL» SIGINT\nCOPY . .\nCMD ["node", "a.js"]',
        },
        fixed: {
          Dockerfile:
            'FROM node:22.14.0\nCOPY . .\nSTOPSIGNAL SIGINT\nHEALTHCHECK CMD ["node", "up.js"]\nCMD ["node", "a.js"]',
        },
      },
      {
        name: "USER, EXPOSE and VOLUME are named, not moved",
        files: { Dockerfile: ["FROM node:22.14.0", "«VOLUME» /data", "«EXPOSE» 3000", "USER node"] },
      },
      {
        name: "another shell would read the command",
        files: { Dockerfile: ["FROM node:22.14.0", "«CMD» node server.js", 'SHELL ["/bin/bash", "-c"]'] },
      },
      {
        name: "an order of one's own",
        options: { order: ["CMD", "ENTRYPOINT"] },
        files: { Dockerfile: ["FROM node:22.14.0", '«ENTRYPOINT» ["node"]', 'CMD ["server.js"]'] },
        fixed: { Dockerfile: ["FROM node:22.14.0", 'CMD ["server.js"]', 'ENTRYPOINT ["node"]'] },
      },
    ],
    good: [
      {
        name: "in order",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "USER root",
            "RUN npm ci",
            "USER node",
            "EXPOSE 3000",
            "VOLUME /data",
            "STOPSIGNAL SIGINT",
            'HEALTHCHECK CMD ["node", "up.js"]',
            'ENTRYPOINT ["node"]',
            'CMD ["server.js"]',
          ],
        },
      },
      {
        name: "USER and EXPOSE above other instructions",
        files: { Dockerfile: ["FROM node:22.14.0", "EXPOSE 3000", "USER node", "RUN npm ci"] },
      },
      {
        name: "stages that do not ship",
        files: { Dockerfile: ["FROM node:22.14.0 AS build", "CMD ls", "RUN npm ci", "FROM node:22.14.0", "CMD node"] },
      },
      {
        name: "two commands, of which one is lost, are another matter",
        files: { Dockerfile: ["FROM node:22.14.0", "CMD ls", "RUN npm ci", "CMD node"] },
      },
      {
        name: "triggers, and files for export",
        files: {
          Dockerfile: ["FROM node:22.14.0", 'CMD ["node"]', "ONBUILD RUN npm ci"],
          "files.Dockerfile": ["FROM scratch", "COPY . /"],
        },
      },
    ],
  },
});
