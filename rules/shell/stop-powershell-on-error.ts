import type { ShellInstruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { carelessPowershell } from "../../src/project/powershell-scripts.js";

export default defineRule({
  id: "shell/stop-powershell-on-error",
  summary: "PowerShell stops at the first error",
  levels: { recommended: "info", strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["tally:powershell/error-action-preference"],
  why: [
    "PowerShell writes an error and goes on with the next statement. The RUN succeeds when the last one does, and the layer lacks " +
      "what the others were to bring.",
  ],
  references: [
    "https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_preference_variables",
    "https://docs.docker.com/reference/dockerfile/#shell",
  ],
  mentions: { dockerfile: ["powershell", "pwsh"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a shell for several statements",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/powershell:7.5-ubuntu-24.04",
            'SHELL [«"pwsh"», "-Command"]',
            "RUN Invoke-WebRequest https://example.com/a.zip -OutFile a.zip; Expand-Archive a.zip",
          ],
        },
        message: "PowerShell goes on after an error here",
        fixed: {
          Dockerfile: [
            "FROM mcr.microsoft.com/powershell:7.5-ubuntu-24.04",
            `SHELL ["pwsh", "-Command", "$ErrorActionPreference = 'Stop';"]`,
            "RUN Invoke-WebRequest https://example.com/a.zip -OutFile a.zip; Expand-Archive a.zip",
          ],
        },
      },
      {
        name: "a setting that is there gets it in front",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            `SHELL [«"powershell"», "-Command", "$ProgressPreference = 'SilentlyContinue';"]`,
            "RUN Get-Item a; Get-Item b",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            `SHELL ["powershell", "-Command", "$ErrorActionPreference = 'Stop'; $ProgressPreference = 'SilentlyContinue';"]`,
            "RUN Get-Item a; Get-Item b",
          ],
        },
      },
      {
        name: "a RUN that calls it",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            "RUN «powershell» -Command Install-WindowsFeature Web-Server; Remove-Item C:/temp",
          ],
        },
      },
      {
        name: "from another shell",
        files: {
          Dockerfile: ["FROM mcr.microsoft.com/powershell:7.5-ubuntu-24.04", "RUN «pwsh» -c 'Get-Item a; Get-Item b'"],
        },
      },
    ],
    good: [
      {
        name: "set in the array",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/powershell:7.5-ubuntu-24.04",
            `SHELL ["pwsh", "-Command", "$ErrorActionPreference = 'Stop';"]`,
            "RUN Get-Item a; Get-Item b",
          ],
        },
      },
      {
        name: "set by the script",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/powershell:7.5-ubuntu-24.04",
            'SHELL ["pwsh", "-Command"]',
            "RUN $ErrorActionPreference = 'Stop'; Get-Item a; Get-Item b",
          ],
        },
      },
      {
        name: "one statement",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/powershell:7.5-ubuntu-24.04",
            'SHELL ["pwsh", "-Command"]',
            "RUN Write-Host 'a; b' (Get-Item a).Name;",
            "RUN if ($x) { Get-Item a; Get-Item b }",
            "RUN pwsh -File build.ps1",
          ],
        },
      },
      {
        name: "errors are caught",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/powershell:7.5-ubuntu-24.04",
            'SHELL ["pwsh", "-Command"]',
            "RUN try { Get-Item a } catch { exit 1 }; Get-Item b",
          ],
        },
      },
      { name: "another shell", files: { Dockerfile: ["FROM debian:12.8", "RUN echo pwsh; echo powershell"] } },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const { range, shell } of carelessPowershell(stage)) {
    yield {
      range,
      message: "PowerShell goes on after an error here; set `$ErrorActionPreference = 'Stop'`",
      fix: shell === undefined ? undefined : setPreference(shell),
    };
  }
}

const PREFERENCE = "$ErrorActionPreference = 'Stop';";

/** Unsafe: a build that went on after an error stops there. */
function setPreference({ items }: ShellInstruction): Fix | undefined {
  const at = items.findIndex(({ value }) => value.toLowerCase() === "-command" || value.toLowerCase() === "-c");
  const option = items[at];
  if (option === undefined) return undefined;
  const first = items[at + 1];
  const { source, end } = option.range;
  const edit =
    first === undefined
      ? { range: source.range(end, end), text: `, "${PREFERENCE}"` }
      : { range: source.range(first.innerRange.start, first.innerRange.start), text: `${PREFERENCE} ` };
  return { description: `set \`${PREFERENCE.slice(0, -1)}\``, safety: "unsafe", edits: [edit] };
}
