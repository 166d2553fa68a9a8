import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { scriptFacts } from "../../src/shell/facts.js";
import type { Script } from "../../src/shell/model.js";
import { textOf } from "../../src/text/source.js";
import { commandLine, commandLines, readScript, shown, written } from "./read-script.js";

describe("commands", () => {
  test.each([
    ["commands of lists and pipelines come in source order", "a 1 && b | c; d &", ["a 1", "b", "c", "d"]],
    ["quotes and escapes are removed", `"apt-get" 'in'stall a\\ b "c\\"d" $'e\\n'`, ['apt-get install a b c"d e\n']],
    [
      "branches, loops, cases and groups are entered",
      "if a; then b; elif c; then d; else e; fi; while f; do g; done; case x in y) h;; esac; { i; }; (j)",
      ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"],
    ],
    ["a function body is listed once, where it is defined", "f() { a; }; f; f", ["a", "f", "f"]],
    ["substitutions are entered", 'echo "$(a)" `b` <(c) ${x:-$(d)}', ["echo ? ? ? ?", "a", "b", "c", "d"]],
    ["backticks inside backticks are entered", "echo `a \\`b\\``", ["echo ?", "a ?", "b"]],
    ["the script of sh -c follows its command", `sh -ec "a && b 'c d'"`, [`sh -ec a && b 'c d'`, "a", "b c d"]],
    ["options of a shell stand before -c", "bash -euxo pipefail -c 'a'", ["bash -euxo pipefail -c a", "a"]],
    ["eval joins its words", "eval a 'b c'", ["eval a b c", "a b c"]],
    ["su -c is a script", `su node -c "npm ci"`, ["su node -c npm ci", "npm ci"]],
    ["a heredoc for a shell is a script", "bash <<EOF\na\nb\nEOF\nc", ["bash", "a", "b", "c"]],
    ["a heredoc for cat is data", "cat <<EOF\nrm -rf /\nEOF", ["cat"]],
    ["a heredoc for python is data", "python3 <<EOF\nimport os\nEOF", ["python3"]],
    ["a here-string for a shell is a script", "bash <<< 'a b'", ["bash", "a b"]],
    [
      "find runs what follows -exec",
      "find / -name x -exec chmod +x {} + -exec rm {} \\;",
      ["find / -name x -exec chmod +x {} + -exec rm {} ;", "chmod +x {}", "rm {}"],
    ],
    ["a comment is no command", "a # b && c", ["a"]],
    ["[[ ]] is no command, but what it substitutes is", "[[ $(a) ]] && b", ["a", "b"]],
  ])("%s", (_name, text, expected) => {
    const script = readScript(text, { kind: "heredoc", shell: "bash" });

    expect(commandLines(script)).toEqual(expected);
  });

  test.each([
    ["sudo", "sudo -E -u root apt-get update", "apt-get update", ["sudo"]],
    ["a cluster whose last letter takes a value", "sudo -nu root a", "a", ["sudo"]],
    ["env with assignments", "env -u X A=1 B=2 a", "a", ["env"]],
    ["env -S", "env -S 'a -b' c", "a -b c", ["env"]],
    ["several wrappers", "exec nice -n 5 timeout -s KILL 10 stdbuf -oL a", "a", ["exec", "nice", "timeout", "stdbuf"]],
    ["xargs", "xargs -0 -n 1 -I{} rm -f {}", "rm -f {}", ["xargs"]],
    ["gosu with its user", "gosu app:app a b", "a b", ["gosu"]],
    ["tini up to the dashes", "tini -g -- a -b", "a -b", ["tini"]],
    ["corepack with a manager", "corepack pnpm install", "pnpm install", ["corepack"]],
    ["corepack with a verb of its own", "corepack enable", "corepack enable", []],
    ["busybox with an applet", "busybox wget x", "wget x", ["busybox"]],
    ["the keyword time", "time a", "a", ["time"]],
    ["a query is no wrapper", "command -v apk", "command -v apk", []],
    ["a wrapper alone is the command", "env", "env", []],
    ["chroot skips the new root", "chroot --userspec=1 /mnt a", "a", ["chroot"]],
    ["runuser needs -u to run words", "runuser -u app -- a b", "a b", ["runuser"]],
    ["runuser without -u runs no words", "runuser app", "runuser app", []],
  ])("wrappers: %s", (_name, text, expected, wrappers) => {
    const [invocation] = readScript(text).invocations;

    expect([invocation && commandLine(invocation), invocation?.wrappers.map(({ name }) => name)]).toEqual([
      expected,
      wrappers,
    ]);
  });

  test("names are base names of literal first words", () => {
    const script = readScript(`/usr/bin/apt-get a; "apk" b; apt\\-get c; $X d; X$Y e; A=1`, {
      variables: { X: "npm" },
    });

    expect(script.invocations.map(({ name }) => name)).toEqual([
      "apt-get",
      "apk",
      "apt-get",
      "npm",
      undefined,
      undefined,
    ]);
  });

  test("ranges point at the file, through wrappers and nested scripts", () => {
    const script = readScript(`sudo sh -c "echo \\"a b\\" && rm '/x'"`);
    const [shell, echo, remove] = script.invocations;

    expect([shell?.nameRange, echo?.words[1]?.range, remove?.nameRange, remove?.words[1]?.range].map(written)).toEqual([
      "sh",
      '\\"a b\\"',
      "rm",
      "'/x'",
    ]);
  });

  test("a stretch of a word leads to the characters that it was decoded from", () => {
    const [invocation] = readScript(`a 'x=1'"$V"y`, { variables: { V: "22" } }).invocations;
    const word = invocation?.words[1];

    expect(word?.shape).toBe("x=122y");
    expect(
      [
        [0, 1],
        [2, 3],
        [3, 5],
        [3, 4],
        [5, 6],
      ].map(([from = 0, to = 0]) => written(word?.rangeAt(from, to))),
    ).toEqual(["x", "1", "$V", "$V", "y"]);
  });
});

describe("variables", () => {
  test.each([
    ["an earlier assignment", "A=1; echo $A", "echo 1"],
    ["an assignment from another", 'A=1; B="$A-2"; echo $B', "echo 1-2"],
    ["export", "export A=1; echo $A", "echo 1"],
    ["the last of several", "A=1; A=2; echo $A", "echo 2"],
    ["the scope", "echo $S", "echo scope"],
    ["a default that is not used", "A=1; echo ${A:-2}", "echo 1"],
    ["an assignment after is unknown before", "echo $A; A=1", "echo ?"],
    ["under a condition", "A=1; if x; then A=2; fi; echo $A", "echo ?"],
    ["right of ||", "x || A=1; echo $A", "echo ?"],
    ["in a subshell, to be on the safe side", "A=1; (A=2); echo $A", "echo ?"],
    ["in a pipeline, to be on the safe side", "echo 1 | A=2; echo $A", "echo ?"],
    ["assigned later in the same loop", "A=1; for i in 1 2; do echo $A; A=2; done", "echo ?"],
    ["read", "A=1; read A; echo $A", "echo ?"],
    ["after a file was sourced", "A=1; . ./env; echo $A $S", "echo ? ?"],
    ["appended", "A=1; A+=2; echo $A", "echo ?"],
    ["other expansions", "A=1; echo ${A%.*} ${#A}", "echo ? ?"],
    ["positional parameters", "echo $1 $@", "echo ? ?"],
  ])("%s", (_name, text, expected) => {
    const script = readScript(text, { variables: { S: "scope" } });
    const echo = script.invocations.find(
      ({ name, words }) => name === "echo" && words.some(({ text: word }) => word.includes("$")),
    );

    expect(echo && commandLine(echo)).toBe(expected);
  });

  test("an unquoted list becomes words, a quoted one does not, an empty one vanishes", () => {
    const script = readScript('apt-get install $P "$P" $E pre$P', { variables: { P: "a b", E: "" } });

    expect(script.invocations[0]?.words.map(({ value, origin }) => [value, origin])).toEqual([
      ["apt-get", "written"],
      ["install", "written"],
      ["a", "expanded"],
      ["b", "expanded"],
      ["a b", "written"],
      ["prea", "expanded"],
      ["b", "expanded"],
    ]);
  });

  test("a loop variable stands for the items of its list, and their places", () => {
    const script = readScript("for p in a 'b c'; do apt-get install $p x$p; done; echo $p");

    expect(commandLines(script)).toEqual(["apt-get install a b c x?", "echo ?"]);
    expect(script.invocations[0]?.words.slice(2, 4).map(({ range, origin }) => [textOf(range), origin])).toEqual([
      ["a", "loop"],
      ["'b c'", "loop"],
    ]);
  });

  test("braces are words in bash, text in dash, and unknown where the shell is", () => {
    const lines = (["bash", "sh-dash", "sh-unknown"] as const).map((shell) =>
      commandLines(readScript("rm /v/{a,b}/x", { shell })),
    );

    expect(lines).toEqual([["rm /v/a/x /v/b/x"], ["rm /v/{a,b}/x"], ["rm /v/?/x"]]);
  });

  test("a glob keeps its text and says that it is one", () => {
    const [invocation] = readScript("rm /x/* 'a*' b[1]").invocations;

    expect(invocation?.args.map(({ value, hasGlob }) => [value, hasGlob])).toEqual([
      ["/x/*", true],
      ["a*", false],
      ["b[1]", true],
    ]);
  });
});

describe("circumstances", () => {
  const facts = (script: Script) =>
    script.invocations.map(({ name, onlyIf, guarded, isTolerated }) =>
      [name ?? "-", onlyIf, guarded ? "guarded" : "", isTolerated ? "tolerated" : ""].filter(Boolean).join(" "),
    );

  test.each([
    ["a && b", ["a none", "b none"]],
    ["a || b", ["a none tolerated", "b or-branch"]],
    ["a || b && c", ["a none tolerated", "b or-branch", "c none"]],
    ["! a", ["a none tolerated"]],
    ["if a; then b; else c; fi", ["a condition tolerated", "b branch", "c branch"]],
    ["while a; do b; done", ["a loop tolerated", "b loop"]],
    ["case $x in y) a;; esac", ["a case"]],
    ["command -v apk && apk add x || c", ["command none tolerated", "apk branch guarded tolerated", "c or-branch"]],
    ["command -v apk && apk add x; c", ["command none", "apk branch guarded", "c none"]],
    ["[ -f /x ] && a", ["[ none", "a none"]],
    ["if [ -f /etc/alpine-release ]; then apk add x; fi", ["[ condition tolerated", "apk branch guarded"]],
    [
      "if command -v apk; then apk add x; else apt-get update; fi",
      ["command condition tolerated", "apk branch guarded", "apt-get branch guarded"],
    ],
    ['case "$ID" in debian) apt-get update;; esac', ["apt-get case guarded"]],
    ["if [[ -x /sbin/apk ]]; then apk add x; fi", ["apk branch guarded"]],
    ["sh -c 'a || b' || c", ["sh none tolerated", "a none tolerated", "b or-branch tolerated", "c or-branch"]],
  ])("%s", (text, expected) => {
    expect(facts(readScript(text))).toEqual(expected);
  });

  test("the operators around a command are known with their places", () => {
    const script = readScript("a &&b | c;\\\n d &  e", { kind: "heredoc" });
    const around = script.invocations.map(({ name, precededBy, followedBy }) => [
      name,
      precededBy?.operator,
      followedBy && [followedBy.operator, followedBy.range.start - 7, textOf(followedBy.range)],
    ]);

    expect(around).toEqual([
      ["a", undefined, ["&&", 2, "&&"]],
      ["b", "&&", ["|", 6, "|"]],
      ["c", "|", [";", 9, ";"]],
      ["d", ";", ["&", 15, "&"]],
      ["e", "&", undefined],
    ]);
  });

  test("a line break separates commands, also after a heredoc", () => {
    const script = readScript("cat <<E\nx; y\nE\nb", { kind: "heredoc" });

    expect(script.invocations.map(({ name, followedBy }) => [name, followedBy?.operator])).toEqual([
      ["cat", "newline"],
      ["b", undefined],
    ]);
  });

  test("switches follow the SHELL array and set, at the top level only", () => {
    const script = readScript(
      "a; set -euo pipefail; b; (set +e; c); if x; then set +u; fi; d; set +o pipefail; bash -xc e",
    );
    const flags = (name: string) => {
      const found = script.invocations.find((invocation) => invocation.name === name)?.flags;
      return found && Object.entries(found).flatMap(([key, isOn]) => (isOn ? [key] : []));
    };

    expect(["a", "b", "c", "d", "e"].map(flags)).toEqual([
      [],
      ["errexit", "nounset", "pipefail"],
      ["nounset", "pipefail"],
      ["errexit", "nounset", "pipefail"],
      ["xtrace"],
    ]);
    expect(script.finalFlags).toEqual({ errexit: true, nounset: true, xtrace: false, pipefail: false });
  });

  test("a pipeline knows its stages and where its pipes are", () => {
    const script = readScript("x=$(a | b); if c | grep -q d; then e; fi; f | while read l; do g; done");

    expect(
      script.pipelines.map(({ pipes, stages, isTolerated, inSubstitution, onlyIf }) => ({
        pipes: pipes.map(({ range }) => range.start - 7),
        stages: stages.map(({ invocation, invocations }) => [invocation?.name, invocations.length]),
        isTolerated,
        inSubstitution,
        onlyIf,
      })),
    ).toEqual([
      {
        pipes: [6],
        stages: [
          ["a", 1],
          ["b", 1],
        ],
        isTolerated: false,
        inSubstitution: "assignment",
        onlyIf: "none",
      },
      {
        pipes: [17],
        stages: [
          ["c", 1],
          ["grep", 1],
        ],
        isTolerated: true,
        inSubstitution: "none",
        onlyIf: "condition",
      },
      {
        pipes: [44],
        stages: [
          ["f", 1],
          [undefined, 2],
        ],
        isTolerated: false,
        inSubstitution: "none",
        onlyIf: "none",
      },
    ]);
  });

  test("steps are the commands of the top level", () => {
    const script = readScript("cd /x && a | b; (c; d); f() { e; }; A=$(g)");

    expect(
      script.steps.map(({ kind, range, invocations, after }) => [
        kind,
        textOf(range),
        invocations.length,
        after?.operator,
      ]),
    ).toEqual([
      ["command", "cd /x", 1, "&&"],
      ["pipeline", "a | b", 2, ";"],
      ["compound", "(c; d)", 2, ";"],
      ["function", "f() { e; }", 1, ";"],
      ["command", "A=$(g)", 2, undefined],
    ]);
  });

  test("redirects and assignments are read", () => {
    const [invocation] = readScript("A=1 B= cmd >f 2>>g <<'E' <<<x &>h\nbody\nE\n", {
      kind: "heredoc",
      shell: "bash",
    }).invocations;

    expect(invocation?.assignments.map(({ name, value, kind }) => [name, value?.value, kind])).toEqual([
      ["A", "1", "prefix"],
      ["B", "", "prefix"],
    ]);
    expect(
      invocation?.redirects.map((redirect) =>
        redirect.kind === "heredoc"
          ? [redirect.kind, redirect.delimiter, redirect.expands, redirect.body, textOf(redirect.bodyRange)]
          : [redirect.kind, redirect.operator, redirect.descriptor, redirect.target?.value],
      ),
    ).toEqual([
      ["file", ">", undefined, "f"],
      ["file", ">>", 2, "g"],
      ["heredoc", "E", false, "body\n", "body\n"],
      ["here-string", "<<<", undefined, "x"],
      ["file", "&>", undefined, "h"],
    ]);
  });
});

describe("what cannot be read", () => {
  test("commands before an error are kept, and the script is partial", () => {
    const script = readScript("apt-get update && echo 'x; rm -rf /");

    expect([
      commandLines(script),
      script.partial,
      script.errors.map(({ message, range }) => [message, range.start - 7]),
    ]).toEqual([["apt-get update", "echo x; rm -rf /"], true, [["unterminated single quote", 23]]]);
  });

  test("commands after an error are dropped", () => {
    expect(commandLines(readScript("a; ) b; c"))).toEqual(["a"]);
  });

  test.each([
    ["powershell", "PowerShell is not read"],
    ["cmd", "scripts of cmd are not read"],
    ["other", "the program that reads it is no known shell"],
  ] as const)("scripts of %s are skipped", (shell, reason) => {
    const script = readScript("a | b", { shell });

    expect([script.skipped, script.invocations, script.partial]).toEqual([reason, [], false]);
  });

  test("zsh is read as far as it looks like bash", () => {
    expect(commandLines(readScript("a && b", { shell: "zsh" }))).toEqual(["a", "b"]);
    expect(readScript("if a { b", { shell: "zsh" }).skipped).toBe("not read: zsh syntax");
  });

  test.each([
    ["substitutions", "$(".repeat(5000)],
    ["parentheses", "(".repeat(5000)],
    ["quoted substitutions", '"$('.repeat(5000)],
    ["functions", "f() ".repeat(5000)],
    ["redirects and addresses", `curl ${"x >y ".repeat(150_000)}`],
    ["shells", "sh -c '".repeat(500)],
    ["evals", 'eval "'.repeat(500)],
    ["heredocs", "cat <<E\n".repeat(5000)],
    ["growing values", `${"A=$A$A; ".repeat(2000)}echo $A`],
    ["long lists", `for p in ${"a ".repeat(3000)}; do ${"echo $p; ".repeat(3000)} done`],
  ])("deep or hostile %s do no harm", (_name, text) => {
    const script = readScript(text, { kind: "heredoc" });
    const facts = scriptFacts(script);

    expect(script.invocations.reduce((sum, { words }) => sum + words.length, 0)).toBeLessThan(200_000);
    expect([facts.packageCommands, facts.accounts]).toEqual([[], []]);
  });
});

const pieces = fc.array(
  fc.constantFrom(
    ..."a b ; && || | & ( ) { } $( ` \" ' \\ \n # <<E E <<< > < $A ${A:-x} A=1 [[ ]] if then fi for in do done case esac sh -c eval find -exec sudo env é 😀 * {a,b} \uFFFC \r".split(
      " ",
    ),
    " ",
  ),
  { maxLength: 25 },
);

test("a heredoc that breaks off in backticks ends with the text", () => {
  const script = readScript("<<E`\\", { kind: "heredoc", shell: "bash" });

  expect(script.invocations.every(({ range }) => range.end <= range.source.text.length)).toBe(true);
});

test("property: any text is read without a throw, and every range lies in it", () => {
  fc.assert(
    fc.property(pieces, (parts) => {
      const text = parts.join("");
      const script = readScript(text, { kind: "heredoc", shell: "bash" });
      const facts = scriptFacts(script);
      const ranges = [
        ...script.invocations.flatMap((invocation) => [
          invocation.range,
          invocation.nameRange,
          ...invocation.words.flatMap((word) => [
            word.range,
            word.rangeAt(0, word.shape.length),
            ...word.parts.map(({ range }) => range),
          ]),
          ...invocation.assignments.map(({ range }) => range),
          ...invocation.redirects.map(({ range }) => range),
          ...(invocation.followedBy === undefined ? [] : [invocation.followedBy.range]),
        ]),
        ...script.steps.map(({ range }) => range),
        ...script.pipelines.map(({ range }) => range),
        ...script.constructs.map(({ range }) => range),
        ...script.errors.map(({ range }) => range),
        ...facts.writes.map(({ range }) => range),
        ...facts.opaqueCommands.map(({ range }) => range),
        ...facts.packageCommands.flatMap((command) => command.packages.map(({ range }) => range)),
      ];

      for (const range of ranges) {
        expect(range.start).toBeGreaterThanOrEqual(7);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThanOrEqual(7 + text.length);
      }
      expect(script.invocations.map(({ index }) => index)).toEqual(script.invocations.map((_, index) => index));
    }),
    { numRuns: 2000 },
  );
});

test("property: blanks around a script change no command", () => {
  fc.assert(
    fc.property(pieces, fc.nat(3), (parts, count) => {
      const text = parts.join("");
      const blanks = " ".repeat(count);
      const plain = readScript(text);
      // An open quote, a last backslash and the last line of a heredoc would take the blanks in.
      fc.pre(!plain.partial && !text.endsWith("\\") && !text.includes("<<"));

      expect(commandLines(readScript(blanks + text + blanks))).toEqual(commandLines(plain));
    }),
    { numRuns: 500 },
  );
});

test("property: literal words come back as they were written", () => {
  const word = fc
    .stringMatching(/^[a-zA-Z0-9/.:=+-]{1,8}$/)
    .filter(
      (text) =>
        !/^[\w]+\+?=/.test(text) &&
        !/^(?:if|for|case|while|until|time|select|do|done|fi|in|then|else|elif|esac|function|coproc|sudo|exec|env)$/.test(
          text,
        ),
    );
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 6 }), (words) => {
      const [invocation] = readScript(["x", ...words].join(" ")).invocations;

      expect(invocation?.args.map(({ value }) => value)).toEqual(words);
      expect(invocation?.args.map(({ range }) => shown(textOf(range)))).toEqual(words);
    }),
  );
});
