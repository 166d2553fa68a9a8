import { type LabelValueType, OCI_PREFIX, ociLabelType } from "../../src/data/oci-labels.js";
import type { Piece } from "../../src/dockerfile/expand.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { type LabelView, labelsOfBuild, labelsOfStage } from "../../src/project/label-view.js";
import { quoted } from "../../src/text/quoted.js";
import { textOf } from "../../src/text/source.js";
import { isContact, isMailAddress } from "../../src/values/contact.js";
import { parseImageReference } from "../../src/values/image-reference.js";
import { isRfc3339 } from "../../src/values/rfc3339.js";
import { isSemver } from "../../src/values/semver.js";
import { checkSpdxExpression } from "../../src/values/spdx-expression.js";
import { urlShape } from "../../src/values/url-shape.js";

const options = {
  types: option.map({
    default: {},
    description:
      "Format of the values of further keys: `io.acme.owner: email`; one of `url`, `timestamp`, `spdx`, `revision`, " +
      "`semver`, `email`, `text`.",
  }),
  scheme: option.choice({
    words: ["semver", "calver", "any"],
    default: "semver",
    description: "What versions look like: `calver` for dates such as `2025.1`.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "labels/use-valid-values",
  summary: "Label values have the format that their key promises",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  kinds: {
    empty: { summary: "nothing, or only variables that nobody sets", aliases: ["hadolint:DL3051"] },
    url: { summary: "`url`, `documentation`, `source`: no absolute address", aliases: ["hadolint:DL3052"] },
    timestamp: { summary: "`created`: no date and time of RFC 3339", aliases: ["hadolint:DL3053"] },
    license: { summary: "`licenses`: no SPDX expression", aliases: ["hadolint:DL3054"] },
    revision: { summary: "`revision`: no commit id", aliases: ["hadolint:DL3055"] },
    version: { summary: "`version`: not of the agreed scheme", aliases: ["hadolint:DL3056"] },
    contact: { summary: "`authors`, `maintainer`: neither name nor address", aliases: ["hadolint:DL3058"] },
    reference: { summary: "`base.name`: no full name of an image" },
    digest: { summary: "`base.digest`: no digest" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Programs read these values: registries link to the source, scanners compare licenses and revisions, clean-up jobs " +
      "sort by date. A value that none of them can read is silently left out.",
  ],
  references: [
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys",
    "https://www.rfc-editor.org/rfc/rfc3339#section-5.6",
    "https://spdx.github.io/spdx-spec/v3.0.1/annexes/spdx-license-expressions/",
  ],
  options,
  mentions: { dockerfile: ["label"], compose: ["labels"] },
  // hadolint judges what its `label-schema` names, and there is none by default.
  presetNeeds: { hadolint: ["types"] },
  check: {
    *stage(stage, ctx) {
      for (const label of labelsOfStage(stage)) yield* judge(label, ctx);
    },
    *service(service, ctx) {
      for (const label of labelsOfBuild(service)) yield* judge(label, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "nothing",
        kind: "empty",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            'LABEL org.opencontainers.image.title=«""»',
            "LABEL «org.opencontainers.image.vendor=»",
          ],
        },
      },
      {
        name: "a variable that nobody sets",
        kind: "empty",
        files: { Dockerfile: ["FROM scratch", 'LABEL org.opencontainers.image.version=«"$VERSION"»'] },
        message: "declare",
      },
      {
        name: "an address without scheme",
        kind: "url",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.source=«"github.com/acme/api"»'] },
      },
      {
        name: "an address without scheme, whatever follows",
        kind: "url",
        files: {
          Dockerfile: ["FROM node:22.14.0", "ARG NAME", 'LABEL org.opencontainers.image.url=«"acme.io/apps/$NAME"»'],
        },
      },
      {
        name: "a date in words",
        kind: "timestamp",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.created=«"yesterday"»'] },
      },
      {
        name: "a date in words around a variable",
        kind: "timestamp",
        files: {
          Dockerfile: ["FROM node:22.14.0", "ARG DATE", 'LABEL org.opencontainers.image.created=«"built on $DATE"»'],
        },
      },
      {
        name: "a license in words",
        kind: "license",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.licenses=«"Apache 2"»'] },
        message: "`Apache-2.0`",
      },
      {
        name: "a branch",
        kind: "revision",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.revision=«"main"»'] },
      },
      {
        name: "a word for a version",
        kind: "version",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.version=«"newest"»'] },
      },
      {
        name: "two numbers may be meant",
        kind: "version",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.version=«"1.0"»'] },
      },
      {
        name: "nobody to write to",
        kind: "contact",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL maintainer=«"<>"»'] },
      },
      {
        name: "a short name of a base",
        kind: "reference",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.base.name=«"node:22.14.0"»'] },
        message: "`docker.io/library/node:22.14.0`",
      },
      {
        name: "a digest without algorithm",
        kind: "digest",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.base.digest=«"3f8c0d7a91b2e645"»'] },
      },
      {
        name: "a key that the policy knows",
        kind: "contact",
        options: { types: { "io.acme.owner": "email" } },
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL io.acme.owner=«"the web team"»'] },
      },
      {
        name: "blanks around a value",
        kind: "url",
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.url=«"https://acme.io/api "»'] },
        fixed: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.url="https://acme.io/api"'] },
      },
      {
        name: "a label of Compose",
        kind: "timestamp",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            "        org.opencontainers.image.created: «last week»",
          ],
        },
      },
    ],
    good: [
      {
        name: "values of the right form",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            'LABEL org.opencontainers.image.created="2025-01-31T12:00:00Z" \\',
            '      org.opencontainers.image.source="https://github.com/acme/api" \\',
            '      org.opencontainers.image.documentation="git@github.com:acme/docs.git" \\',
            '      org.opencontainers.image.licenses="Apache-2.0 OR MIT" \\',
            '      org.opencontainers.image.revision="3f9ab12" \\',
            '      org.opencontainers.image.version="v1.4.0" \\',
            '      org.opencontainers.image.authors="Acme Web Team <web@acme.io>" \\',
            '      org.opencontainers.image.base.name="docker.io/library/node:22.14.0" \\',
            '      org.opencontainers.image.base.digest="sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"',
          ],
        },
      },
      {
        name: "values that the build brings, whatever their default",
        files: {
          Dockerfile: [
            "ARG GIT_SHA=unknown",
            "FROM node:22.14.0",
            "ARG GIT_SHA",
            "ARG BUILD_DATE",
            'ARG VERSION=""',
            "ENV APP_VERSION=$VERSION",
            'LABEL org.opencontainers.image.revision="$GIT_SHA" \\',
            '      org.opencontainers.image.created="${BUILD_DATE}T00:00:00Z" \\',
            '      org.opencontainers.image.version="$APP_VERSION"',
          ],
        },
      },
      {
        name: "a variable of a base that nobody knows",
        files: { Dockerfile: ["FROM ghcr.io/acme/runtime:1.0", 'LABEL org.opencontainers.image.version="$RELEASE"'] },
      },
      {
        name: "keys without a format",
        files: {
          Dockerfile: ["FROM node:22.14.0", 'LABEL io.acme.feature="" org.opencontainers.image.title="The API"'],
        },
      },
      {
        name: "dates as versions, where the policy says so",
        options: { scheme: "calver" },
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.version="2025.1"'] },
      },
      {
        name: "any version, where the policy says so",
        options: { scheme: "any" },
        files: { Dockerfile: ["FROM node:22.14.0", 'LABEL org.opencontainers.image.version="gold"'] },
      },
      {
        name: "a default of Compose, and labels of the container",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            "        org.opencontainers.image.version: ${VERSION:-dev}",
            "    labels:",
            "      org.opencontainers.image.created: last week",
          ],
        },
      },
    ],
  },
});

/** What is wrong with a value, and how to mend it. */
interface Fault {
  readonly kind: string;
  readonly advice: string;
  /** The value may be meant as it is. */
  readonly isDoubtful?: boolean;
}

function* judge(label: LabelView, { options }: Context): Iterable<Finding> {
  const { key, value, valueRange: range } = label;
  const type = key === undefined || label.isDynamic ? undefined : typeOf(key, options.types);
  if (key === undefined || type === undefined) return;
  const name = quoted(key.startsWith(OCI_PREFIX) ? key.slice(OCI_PREFIX.length) : key);
  if (value.kind === "empty") {
    const message = value.isWritten
      ? `label ${name} is empty; give it a value or remove it`
      : `label ${name} is empty, as nobody sets its variables; declare them with ARG`;
    yield { kind: "empty", range, message };
    return;
  }
  if (value.kind === "open") {
    const fault = faultOfPieces(type, value.pieces);
    if (fault !== undefined)
      yield { kind: fault.kind, range, message: `label ${name} cannot be right; ${fault.advice}` };
    return;
  }
  const fault = faultOf(type, value.text, options.scheme);
  if (fault === undefined) return;
  const message = `${quoted(value.text)} does not fit label ${name}; ${fault.advice}`;
  const trimmed = value.text.trim();
  const fix = trimmed === value.text || faultOf(type, trimmed, options.scheme) !== undefined ? undefined : trim(label);
  yield { kind: fault.kind, range, message, fix, confidence: fault.isDoubtful === true ? "low" : "high" };
}

function typeOf(key: string, types: ReadonlyMap<string, string>): LabelValueType | undefined {
  const custom = types.get(key) ?? (key.startsWith(OCI_PREFIX) ? types.get(key.slice(OCI_PREFIX.length)) : undefined);
  if (custom !== undefined) return CUSTOM_TYPES.find((type) => type === custom);
  return key === "maintainer" ? "contact" : ociLabelType(key);
}

const CUSTOM_TYPES = ["url", "timestamp", "spdx", "revision", "semver", "email", "text"] as const;

function faultOf(type: LabelValueType, text: string, scheme: "semver" | "calver" | "any"): Fault | undefined {
  switch (type) {
    case "url":
      return urlShape(text) === undefined ? URL_FAULT : undefined;
    case "timestamp":
      return isRfc3339(text) ? undefined : TIMESTAMP_FAULT;
    case "spdx":
      return licenseFault(text);
    case "revision":
      return /^[0-9a-fA-F]{7,64}$/.test(text) ? undefined : REVISION_FAULT;
    case "semver":
      return versionFault(text, scheme);
    case "contact":
      return isContact(text) ? undefined : { kind: "contact", advice: "write `Name <mail@example.org>`" };
    case "email":
      return isMailAddress(text) ? undefined : { kind: "contact", advice: "write a mail address" };
    case "image":
      return referenceFault(text);
    case "digest":
      return parseImageReference(`image@${text}`).kind === "reference" ? undefined : DIGEST_FAULT;
    case "text":
      return undefined;
  }
}

const URL_FAULT: Fault = { kind: "url", advice: "write an absolute address: `https://…`" };
const TIMESTAMP_FAULT: Fault = { kind: "timestamp", advice: "write RFC 3339: `2025-01-31T12:00:00Z`" };
const REVISION_FAULT: Fault = { kind: "revision", advice: "write a commit id of 7 to 64 hexadecimal digits" };
const DIGEST_FAULT: Fault = { kind: "digest", advice: "write `sha256:` and 64 hexadecimal digits" };
const CALVER = /^v?\d{2,4}[.-]\d{1,2}(?:[.-]\d{1,4})*(?:[-.+][0-9A-Za-z.-]+)?$/;
/** `1.0`, `24.04-2`: a version, if not a semantic one; the OCI specification leaves the scheme open. */
const NUMBERED = /^v?\d/;

function versionFault(text: string, scheme: "semver" | "calver" | "any"): Fault | undefined {
  if (scheme === "any") return undefined;
  if (scheme === "calver") {
    return CALVER.test(text) ? undefined : { kind: "version", advice: "write a version by date: `2025.1`" };
  }
  if (isSemver(text)) return undefined;
  return { kind: "version", advice: "write a semantic version: `1.4.0`", isDoubtful: NUMBERED.test(text) };
}

function licenseFault(text: string): Fault | undefined {
  const check = checkSpdxExpression(text);
  if (check.kind === "valid") return undefined;
  const nearest = check.kind === "malformed" ? undefined : check.closest;
  const advice = nearest === undefined ? "write an SPDX expression: `Apache-2.0 OR MIT`" : `write ${quoted(nearest)}`;
  return { kind: "license", advice };
}

function referenceFault(text: string): Fault | undefined {
  const reference = parseImageReference(text);
  if (reference.kind === "malformed") return { kind: "reference", advice: "write a full image name" };
  if (reference.registry !== undefined) return undefined;
  const { name, tag, digest } = reference;
  const full = `${name}${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`;
  return { kind: "reference", advice: `write the full name: ${quoted(full)}` };
}

/** Of a value that the build completes, what is certain already proves that nothing can make it right. */
function faultOfPieces(type: LabelValueType, pieces: readonly Piece[]): Fault | undefined {
  const texts = pieces.flatMap((piece) => (piece.kind === "text" ? [piece.text] : []));
  const [first] = pieces;
  switch (type) {
    case "url":
      return first?.kind === "text" && /^[^:]*\//.test(first.text) ? URL_FAULT : undefined;
    case "timestamp":
      return texts.some((text) => /[^0-9TtZz:.+ -]/.test(text)) ? TIMESTAMP_FAULT : undefined;
    case "revision":
      return texts.some((text) => /[^0-9a-fA-F]/.test(text)) ? REVISION_FAULT : undefined;
    default:
      return undefined;
  }
}

/** Unsafe: the label changes, and somebody may compare it letter by letter. */
function trim({ value, valueRange }: LabelView): Fix | undefined {
  if (value.kind !== "text") return undefined;
  const start = textOf(valueRange).indexOf(value.text);
  if (start === -1) return undefined;
  const { source } = valueRange;
  const range = source.range(valueRange.start + start, valueRange.start + start + value.text.length);
  return {
    description: "remove the blanks around the value",
    safety: "unsafe",
    edits: [{ range, text: value.text.trim() }],
  };
}
