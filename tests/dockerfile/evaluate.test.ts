import { describe, expect, test } from "vitest";
import {
  type EvaluatedDockerfile,
  type EvaluatedStage,
  type EvaluationInputs,
  evaluateDockerfile,
  NO_INPUTS,
} from "../../src/dockerfile/evaluate.js";
import { parseDockerfile } from "../../src/dockerfile/parse.js";
import { Source, textOf } from "../../src/text/source.js";

function evaluate(lines: readonly string[], inputs: Partial<EvaluationInputs> = {}): EvaluatedDockerfile {
  return evaluateDockerfile(parseDockerfile(new Source("Dockerfile", lines.join("\n"))), { ...NO_INPUTS, ...inputs });
}

function last(lines: readonly string[], inputs: Partial<EvaluationInputs> = {}): EvaluatedStage {
  const stage = evaluate(lines, inputs).stages.at(-1);
  if (stage === undefined) throw new Error("no stage");
  return stage;
}

function baseOf({ base }: EvaluatedStage): string {
  if (base.kind === "image") return `image ${base.resolved}`;
  return base.kind === "stage" ? `stage ${base.stage.stage.index}` : base.kind;
}

const GIVEN = { buildArgs: new Map([["V", { kind: "known", value: "2", origin: undefined } as const]]) };

describe("bases", () => {
  test.each<readonly [string, readonly string[], string]>([
    ["a global default is used", ["ARG V=1", "FROM a:$V"], "image a:1"],
    ["a default sees the ARGs above it", ["ARG V=1", "ARG N=a:$V", "FROM $N"], "image a:1"],
    ["an ARG without default is unknown", ["ARG V", "FROM a:$V"], "unresolved"],
    ["a form with a default needs no ARG", ["FROM a:${V:-3}"], "image a:3"],
    ["an undeclared name is empty", ["FROM a$V"], "image a"],
    ["an ARG of a stage does not reach FROM", ["FROM x", "ARG V=1", "FROM a$V"], "image a"],
    ["an automatic argument is unknown", ["FROM a:$TARGETARCH"], "unresolved"],
    ["a name that is all blank is no base", ["ARG V=", "FROM $V"], "unresolved"],
    ["the empty image", ["FROM scratch"], "scratch"],
    ["a stage above", ["FROM x AS Base", "FROM base"], "stage 0"],
    ["of two stages with one name the nearest above", ["FROM x AS b", "FROM y AS b", "FROM b"], "stage 1"],
    ["a stage through a variable", ["ARG V=b", "FROM x AS b", "FROM $V"], "stage 0"],
    ["upper case never names a stage", ["FROM x AS b", "FROM B"], "image B"],
    ["a stage is not its own base", ["FROM b AS b"], "image b"],
  ])("%s", (_name, lines, expected) => {
    expect(baseOf(last(lines))).toBe(expected);
  });

  test("a build argument wins over a global default", () => {
    expect(baseOf(last(["ARG V=1", "FROM a:$V"], GIVEN))).toBe("image a:2");
  });

  test("the base tells what is written and which ARGs it comes from", () => {
    const { base } = last(["ARG V=1", "FROM a:$V"]);

    expect(base.kind === "image" ? [base.written, base.origins.map(textOf), base.reference.kind] : []).toEqual([
      "a:$V",
      ["V=1"],
      "reference",
    ]);
  });
});

describe("values in a stage", () => {
  const known = {
    baseEnv: () =>
      new Map([
        ["HOME", "/root"],
        ["NODE_VERSION", undefined],
      ]),
  };

  test.each<readonly [string, readonly string[], Partial<EvaluationInputs>, string | undefined]>([
    ["a default", ["FROM a", "ARG V=1", "USER $V"], {}, "1"],
    ["a build argument beats it", ["FROM a", "ARG V=1", "USER $V"], GIVEN, "2"],
    ["a build argument without ARG is not seen", ["FROM scratch", "USER x$V"], GIVEN, "x"],
    ["a global value after ARG", ["ARG V=g", "FROM a", "ARG V", "USER $V"], {}, "g"],
    ["a global value without ARG is not seen", ["ARG V=g", "FROM scratch", "USER x$V"], {}, "x"],
    ["the default of the stage beats the global one", ["ARG V=g", "FROM a", "ARG V=s", "USER $V"], {}, "s"],
    ["ENV beats ARG", ["FROM a", "ENV V=e", "ARG V=1", "USER $V"], {}, "e"],
    ["ENV beats a build argument", ["FROM a", "ARG V", "ENV V=e", "USER $V"], GIVEN, "e"],
    ["a name is not seen before it is set", ["FROM scratch", "USER x$V", "ENV V=e"], {}, "x"],
    ["pairs of one ENV see the values before it", ["FROM a", "ENV A=1", "ENV A=2 B=$A", "USER $B"], {}, "1"],
    ["a child has the ENV of its parent", ["FROM a AS p", "ENV V=e", "FROM p", "USER $V"], {}, "e"],
    ["a child has the ARG of its parent", ["FROM a AS p", "ARG V=1", "FROM p", "USER $V"], {}, "1"],
    ["a base that is known has its ENV", ["FROM a", "USER $HOME"], known, "/root"],
    ["a base that is known has no other", ["FROM a", "USER x$OTHER"], known, "x"],
    ["a base may set a name to nobody knows what", ["FROM a", "USER x$NODE_VERSION"], known, undefined],
    ["a base that is not known may have any", ["FROM a", "USER x$OTHER"], {}, undefined],
    ["an ARG without value is unknown", ["FROM scratch", "ARG V", "USER $V"], {}, undefined],
    ["an automatic argument is unknown", ["FROM scratch", "ARG TARGETARCH", "USER $TARGETARCH"], {}, undefined],
    ["a proxy is unknown", ["FROM scratch", "USER x$HTTP_PROXY"], {}, undefined],
  ])("%s", (_name, lines, inputs, expected) => {
    const user = last(lines, inputs).state.user?.value;

    expect(user === undefined || user.kind === "unknown" ? undefined : user.value).toBe(expected);
  });

  test("`${x:?}` is refused once the name certainly has no value", () => {
    const lines = ["FROM scratch", "USER ${V:?say who}"];

    expect(evaluate(lines).problems.map(({ kind, range }) => [kind, textOf(range)])).toEqual([
      ["substitution", "${V:?say who}"],
    ]);
    expect(evaluate(["FROM a", "USER ${V:?say who}"]).problems).toEqual([]);
  });
});

describe("what is in effect", () => {
  test.each<readonly [string, readonly string[], string | undefined]>([
    ["an absolute path", ["FROM a", "WORKDIR /a/../b/"], "/b"],
    ["paths add up", ["FROM a", "WORKDIR /a", "WORKDIR b", "WORKDIR ./c"], "/a/b/c"],
    ["a relative path on an unknown base", ["FROM a", "WORKDIR b"], undefined],
    ["a relative path on nothing", ["FROM scratch", "WORKDIR b"], "/b"],
    ["an unknown path", ["FROM a", "WORKDIR /a", "WORKDIR $X"], undefined],
    ["a path behind an unknown one", ["FROM a", "WORKDIR $X", "WORKDIR /a"], "/a"],
    ["a drive letter", ["# escape=`", "FROM a", "WORKDIR C:\\app", "WORKDIR bin"], "C:\\app\\bin"],
    ["the path of the parent", ["FROM a AS p", "WORKDIR /p", "FROM p", "WORKDIR q"], "/p/q"],
  ])("working directory: %s", (_name, lines, expected) => {
    expect(last(lines).state.workdir.path).toBe(expected);
  });

  test("a setting says in which stage and step it was made", () => {
    const { state } = last(["FROM a AS p", "USER x", 'SHELL ["bash", "-c"]', "FROM p", "RUN y"]);

    expect([state.user?.stage.stage.index, state.user?.step.index, state.shell?.value]).toEqual([0, 0, ["bash", "-c"]]);
  });

  test("a step has the state from before it", () => {
    const { steps, state } = last(["FROM a", "RUN x", "USER u", "RUN y"]);

    expect(steps.map((step) => step.state.user?.value.value)).toEqual([undefined, undefined, "u"]);
    expect(state.user?.value.value).toBe("u");
  });

  test.each<readonly [string, readonly string[], boolean, boolean]>([
    ["ENTRYPOINT clears the CMD of a parent", ["FROM a AS p", "CMD x", "FROM p", "ENTRYPOINT y"], false, true],
    ["it keeps a CMD of its own stage", ["FROM a AS p", "CMD x", "FROM p", "CMD z", "ENTRYPOINT y"], true, false],
    ["a CMD behind it counts again", ["FROM a AS p", "CMD x", "FROM p", "ENTRYPOINT y", "CMD z"], true, false],
    ["a child without ENTRYPOINT keeps the CMD", ["FROM a AS p", "CMD x", "FROM p"], true, false],
  ])("%s", (_name, lines, hasCmd, isCleared) => {
    const { state } = last(lines);

    expect([state.cmd !== undefined, state.clearedCmd !== undefined]).toEqual([hasCmd, isCleared]);
  });

  test("labels and variables are kept by name, ports and volumes in order, parents first", () => {
    const stage = last([
      "FROM a AS p",
      "LABEL a=1 b=2",
      "EXPOSE 80",
      "ENV X=1",
      "FROM p",
      "LABEL a=3",
      "EXPOSE 81",
      "VOLUME /v",
    ]);

    expect([...stage.labels].map(([name, { value }]) => [name, value.value])).toEqual([
      ["a", "3"],
      ["b", "2"],
    ]);
    expect([...stage.env.keys()]).toEqual(["X"]);
    expect(stage.exposed.map(({ value }) => value.value)).toEqual(["80", "81"]);
    expect(stage.volumes.map(({ value }) => value.value)).toEqual(["/v"]);
  });

  test("triggers of the parent run first in the child, and not in its children", () => {
    const { stages } = evaluate(["FROM a AS p", "ONBUILD USER t", "FROM p AS c", "RUN x", "FROM c"]);

    expect(
      stages.map((stage) =>
        stage.steps.map(({ instruction, onbuild }) => [instruction.keyword, onbuild !== undefined]),
      ),
    ).toEqual([
      [["ONBUILD", false]],
      [
        ["USER", true],
        ["RUN", false],
      ],
      [],
    ]);
    expect(stages.map((stage) => stage.state.user?.value.value)).toEqual([undefined, "t", "t"]);
  });
});

describe("copies", () => {
  function copies(lines: readonly string[], inputs: Partial<EvaluationInputs> = {}): readonly unknown[] {
    return last(lines, inputs).copies.map(({ from, sources, destination }) => [
      from.kind === "stage" ? `stage ${from.stage.stage.index}` : from.kind,
      sources.map(({ kind, word }) => `${kind} ${word.raw}`),
      destination?.path,
      destination?.isDirectory,
    ]);
  }

  test.each<readonly [string, readonly string[], readonly unknown[]]>([
    ["from the context", ["FROM a", "COPY x /y"], ["context", ["path x"], "/y", false]],
    ["to a directory", ["FROM a", "WORKDIR /w", "COPY x y z/"], ["context", ["path x", "path y"], "/w/z", true]],
    ["to an unknown directory", ["FROM a", "COPY x ."], ["context", ["path x"], undefined, true]],
    [
      "from a stage by name in any case",
      ["FROM a AS b", "FROM c", "COPY --from=B x /y"],
      ["stage 0", ["path x"], "/y", false],
    ],
    [
      "from the last of two stages",
      ["FROM a AS b", "FROM a AS b", "FROM c", "COPY --from=b x /y"],
      ["stage 1", ["path x"], "/y", false],
    ],
    ["from a stage by number", ["FROM a", "FROM c", "COPY --from=0 x /y"], ["stage 0", ["path x"], "/y", false]],
    ["from a number without stage", ["FROM a", "COPY --from=7 x /y"], ["unresolved", ["path x"], "/y", false]],
    ["from an image", ["FROM a", "COPY --from=nginx:1 x /y"], ["image", ["path x"], "/y", false]],
    ["from a variable", ["FROM a", "COPY --from=$X x /y"], ["unresolved", ["path x"], "/y", false]],
    ["of a download", ["FROM a", "ADD https://a.b/c /y"], ["context", ["url https://a.b/c"], "/y", false]],
    [
      "of a repository",
      ["FROM a", "ADD https://a.b/c.git#v1 /y"],
      ["context", ["git https://a.b/c.git#v1"], "/y", false],
    ],
    ["of a heredoc", ["FROM a", "COPY <<E /y", "x", "E"], ["context", ["heredoc <<E"], "/y", false]],
  ])("%s", (_name, lines, expected) => {
    expect(copies(lines)).toEqual([expected]);
  });

  test("a name that the build gives to a context is no image", () => {
    const namedContexts = new Set(["src"]);

    expect(copies(["FROM a", "COPY --from=src x /y"], { namedContexts })).toEqual([
      ["named-context", ["path x"], "/y", false],
    ]);
  });
});

describe("the graph of stages", () => {
  const lines = [
    "FROM x AS base",
    "FROM base AS build",
    "FROM x AS tools",
    "FROM x AS unused",
    "FROM base",
    "COPY --from=build a /a",
    "RUN --mount=from=tools,target=/t b",
  ];

  test("chain, closure and content stages", () => {
    const file = evaluate(lines);
    const target = file.stages.at(-1);
    const index = (stages: readonly EvaluatedStage[]): readonly number[] => stages.map(({ stage }) => stage.index);

    expect(
      target === undefined
        ? []
        : [index(file.chain(target)), index(file.closure(target)), index(file.contentStages(target))],
    ).toEqual([
      [4, 0],
      [0, 1, 2, 4],
      [1, 2],
    ]);
  });

  test("stages that copy from each other end nothing in a loop", () => {
    const file = evaluate(["FROM x AS a", "COPY --from=b x /x", "FROM x AS b", "COPY --from=a x /x"]);
    const [first] = file.stages;

    expect(first === undefined ? 0 : file.closure(first).length).toBe(2);
  });

  test("a target is a name in any case or a number", () => {
    const file = evaluate(lines);

    expect(["Build", "2", "none", "9"].map((target) => file.findStage(target)?.stage.index)).toEqual([
      1,
      2,
      undefined,
      undefined,
    ]);
  });

  test("two thousand stages in a row are evaluated, and no more are read", () => {
    const chain = Array.from({ length: 2001 }, (_, index) => `FROM s${index - 1} AS s${index}`);
    const file = evaluate([...chain, "USER $X"]);
    const target = file.stages.at(-1);

    expect(target === undefined ? 0 : file.chain(target).length).toBe(2000);
    expect(file.file.problems.map(({ message }) => message)).toEqual([
      "more than 2000 stages, so that the rest is not read; split the file",
    ]);
  });

  test("an ENV that doubles in each line becomes unknown", () => {
    const { env } = last(["FROM scratch", "ENV A=xx", ...Array.from({ length: 64 }, () => "ENV A=$A$A")]);

    expect(env.get("A")?.value.kind).toBe("unknown");
  });
});
