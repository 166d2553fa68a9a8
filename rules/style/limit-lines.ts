import { defineRule, option } from "../../src/engine/rule.js";
import { countLinesBeyond } from "../../src/project/counted-lines.js";

const options = {
  max: option.number({ default: 120, description: "Most lines that a Dockerfile may have." }),
  countBlankLines: option.boolean({ default: false, description: "Count blank lines." }),
  countComments: option.boolean({ default: false, description: "Count comments." }),
  countHeredocs: option.boolean({ default: false, description: "Count bodies of heredocs." }),
};

const LINES_OF_FOUR = { max: 4 };

export default defineRule({
  id: "style/limit-lines",
  summary: "Dockerfiles stay short",
  levels: { style: "info" },
  roles: "all",
  fixable: "never",
  aliases: ["tally:max-lines"],
  why: [
    "A Dockerfile that does not fit into one view is several images or several scripts in one file: reviewers stop " +
      "seeing which stage a line belongs to, and changes of one part rebuild the others.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#use-multi-stage-builds"],
  options,
  check: {
    *dockerfile(file, { options: { max, countBlankLines, countComments, countHeredocs } }) {
      const uncounted = { blank: !countBlankLines, comments: !countComments, heredocs: !countHeredocs };
      const found = countLinesBeyond(file, max, uncounted);
      if (found === undefined) return;
      const message = `the file has \`${found.count}\` lines, more than ${max}; move scripts or stages into files of their own`;
      yield { range: found.firstBeyond, message };
    },
  },
  examples: {
    bad: [
      {
        name: "more lines than allowed",
        options: LINES_OF_FOUR,
        message: "`6` lines, more than 4",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "WORKDIR /app",
            "COPY package.json .",
            "RUN npm ci",
            "«COPY . .»",
            'CMD ["node", "server.js"]',
          ],
        },
      },
      {
        name: "lines of one instruction count each",
        options: { max: 2 },
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add \\", "«    curl \\»", "    git"] },
      },
      {
        name: "comments, when they count",
        options: { max: 2, countComments: true },
        files: { Dockerfile: ["# the shop", "FROM alpine:3.20", "«RUN apk add curl»"] },
      },
      {
        name: "blank lines, when they count",
        options: { max: 2, countBlankLines: true },
        files: { Dockerfile: ["FROM alpine:3.20", "", "«RUN apk add curl»", ""] },
      },
      {
        name: "heredocs, when they count",
        options: { max: 2, countHeredocs: true },
        files: { Dockerfile: ["FROM alpine:3.20", "RUN <<EOF", "«apk add curl»", "EOF"] },
      },
    ],
    good: [
      { name: "a short file", files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add curl"] } },
      {
        name: "exactly as many lines as allowed",
        options: { max: 2 },
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add curl"] },
      },
      {
        name: "blank lines, comments and heredocs do not count",
        options: { max: 2 },
        files: {
          Dockerfile: [
            "# the shop",
            "FROM alpine:3.20",
            "",
            "# tools",
            "RUN <<EOF",
            "apk add curl",
            "apk add git",
            "EOF",
            "",
          ],
        },
      },
    ],
  },
});
