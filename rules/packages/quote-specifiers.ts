import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { type SpecifierRedirect, specifierRedirects } from "../../src/project/specifier-redirects.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";

export default defineRule({
  id: "packages/quote-specifiers",
  summary: "Version specifiers are quoted, so `>` is no redirect",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The shell reads `>` and `<` before the program sees its words: any version is installed, the output goes to a file that " +
      "is named like a version, and the log says nothing about it.",
  ],
  references: [
    "https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_07",
    "https://pip.pypa.io/en/stable/reference/requirement-specifiers/",
  ],
  mentions: { dockerfile: [">", "<"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a lower bound",
        message: "`flask>=2` redirects",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip install --no-cache-dir «flask>=2»"] },
        fixed: { Dockerfile: ["FROM python:3.13", 'RUN pip install --no-cache-dir "flask>=2"'] },
      },
      {
        name: "two of them, one with both bounds",
        files: {
          Dockerfile: ["FROM python:3.13", "RUN pip install «flask>=2,<3» httpx==0.28.1 «gunicorn>23.0» && echo ok"],
        },
        fixed: {
          Dockerfile: ["FROM python:3.13", 'RUN pip install "flask>=2,<3" httpx==0.28.1 "gunicorn>23.0" && echo ok'],
        },
      },
      {
        name: "a file that does not exist is read",
        message: "`jq<2` reads",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache «jq<2»"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", 'RUN apk add --no-cache "jq<2"'] },
      },
      {
        name: "a blank in front of it, other managers, and a trigger",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN uv pip install --system «flask >=2»",
            "RUN conda install -y «numpy>=2.0» && zypper -n in «vim>=9»",
            "ONBUILD RUN pip install «'django'>=5»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13",
            'RUN uv pip install --system "flask>=2"',
            'RUN conda install -y "numpy>=2.0" && zypper -n in "vim>=9"',
            'ONBUILD RUN pip install "django>=5"',
          ],
        },
      },
      {
        name: "extras, which are a pattern of the shell, too",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip install «uvicorn[standard]>=0.35»"] },
        fixed: { Dockerfile: ["FROM python:3.13", 'RUN pip install "uvicorn[standard]>=0.35"'] },
      },
      {
        name: "on another line",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip install «flask \\", "      >=2»"] },
      },
    ],
    good: [
      {
        name: "quoted or escaped",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN pip install \"flask>=2\" 'gunicorn<24' httpx\\>=0.28 flask==3.1.1 idna!=3.8 attrs~=25.0",
          ],
        },
      },
      {
        name: "redirects",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN pip install flask==3.1.1 > /dev/null && pip install flask==3.1.1 >install.log 2>&1",
            "RUN pip install flask==3.1.1 2>errors && apt-get install -y curl >> /tmp/2.log < /dev/null",
            "RUN apt-get install -y curl 1>2 && pip install flask==3.1.1 >$LOG &>/dev/null",
          ],
        },
      },
      { name: "no install", files: { Dockerfile: ["FROM python:3.13", "RUN pip freeze >2 && echo flask>=2"] } },
      {
        name: "exec form has no shell",
        files: { Dockerfile: ["FROM python:3.13", 'RUN ["pip", "install", "flask>=2"]'] },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) for (const redirect of specifierRedirects(command)) yield finding(redirect);
  }
}

/** Unsafe: the constraint starts to work, and may choose another version. */
function finding({ specifier, range, isRead, target, isOnOneLine }: SpecifierRedirect): Finding {
  const fact = isRead ? `reads a file named \`${target}\`` : `redirects output to a file named \`${target}\``;
  return {
    range,
    message: `\`${specifier}\` ${fact}; quote the specifier`,
    fix: isOnOneLine
      ? { description: `write \`"${specifier}"\``, safety: "unsafe", edits: [{ range, text: `"${specifier}"` }] }
      : undefined,
  };
}
