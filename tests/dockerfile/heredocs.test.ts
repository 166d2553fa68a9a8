import { expect, test } from "vitest";
import { findHeredocOperators, heredocOfWord } from "../../src/dockerfile/heredocs.js";

/** Name, `quoted` or `expanded`, `tabs` for `<<-`, `detached` for a blank before the name. */
function found(line: string): readonly string[] {
  return findHeredocOperators(line).map(({ name, expand, chomp, detached }) =>
    [name, expand ? "expanded" : "quoted", chomp ? "tabs" : "", detached ? "detached" : ""].join(" ").trim(),
  );
}

test.each([
  ["RUN cat <<EOF", ["EOF expanded"]],
  ["RUN cat 3<<EOF", ["EOF expanded"]],
  ["RUN cat <<-EOF", ["EOF expanded tabs"]],
  ["RUN cat <<'EOF'", ["EOF quoted"]],
  ['RUN cat <<"EOF"', ["EOF quoted"]],
  ['RUN cat <<E"O"F', ["EOF quoted"]],
  ["RUN cat <<\\EOF", ["EOF quoted"]],
  ['RUN cat <<-"two words"', ["two words quoted tabs"]],
  ["RUN cat <<A && cat <<B", ["A expanded", "B expanded"]],
  ["RUN cat << EOF", ["EOF expanded  detached"]],
  ["RUN cat <<- 'EOF' > /x", ["EOF quoted tabs detached"]],
  ["RUN ${x:0:3} <<EOF", ["EOF expanded"]],
  ["RUN ${x:?no value} <<EOF", ["EOF expanded"]],
  ["RUN echo '$(' <<EOF", ["EOF expanded"]],
])("%s opens a heredoc", (line, expected) => {
  expect(found(line)).toEqual(expected);
});

test.each([
  ["quoted text", 'RUN echo "a <<EOF b"'],
  ["a here-string", "RUN cat <<<EOF"],
  ["a word that goes on before the operator", "RUN cat>x<<EOF"],
  ["an operator with nothing behind it", "RUN cat <<"],
  ["an empty name", 'RUN cat <<""'],
  ["a shift", "RUN echo $((1<<2))"],
  ["a shift with blanks", "RUN echo $((1 << 2))"],
  ["a line with an open quote", "RUN echo it's <<EOF"],
  ["a line with a malformed substitution", "RUN echo ${x^^} <<EOF"],
  ["a line with an empty substitution", "RUN echo ${} <<EOF"],
  ["a line with a pattern behind a colon", "RUN echo ${x:#y} <<EOF"],
  ["two operators in one word", "RUN cat <<A<<B"],
])("%s opens none", (_what, line) => {
  expect(found(line)).toEqual([]);
});

test.each([
  ["<<EOF", { name: "EOF", expand: true }],
  ["<<-'EOF'", { name: "EOF", expand: false }],
  ["./path", undefined],
  ["<<", undefined],
])("%s as a word of COPY is a heredoc or a path", (word, expected) => {
  expect(heredocOfWord(word)).toEqual(expected);
});

test("substitutions that are nested without end are malformed and exhaust nothing", () => {
  expect(found(`RUN ${"${x:-".repeat(50_000)} <<EOF`)).toEqual([]);
});
