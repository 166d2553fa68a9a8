import { testCases } from "./tool-cases.js";

testCases("dockerfile-utils", {
  ARGUMENT_MISSING: {
    bad: [
      ["FROM node:20\nCMD a\nENV\n", 3],
      ["FROM node:20\nWORKDIR\nUSER\nEXPOSE\nVOLUME\nLABEL\n", 2, 3, 4, 5, 6],
      ["FROM\n", 1],
      ["FROM node:20\nONBUILD\n", 2],
      ["FROM node:20\nSHELL\n", 2],
      ["FROM node:20\nSTOPSIGNAL\n", 2],
      ["FROM node:20\nHEALTHCHECK\n", 2],
      ["FROM node:20\nMAINTAINER\n", 2],
      ["FROM node:20\nARG\n", 2],
    ],
    good: ["FROM node:20\nRUN\n", "FROM node:20\nRUN a\nCMD []\nENTRYPOINT []\n", "FROM node:20\nRUN \\\n  a\n"],
  },
  ARGUMENT_EXTRA: {
    // The builder takes all that follows for one name of a signal, of which INVALID_SIGNAL speaks.
    bad: [],
    good: ["FROM node:20\nSTOPSIGNAL 9\n"],
  },
  ARGUMENT_REQUIRES_AT_LEAST_ONE: {
    bad: [],
    good: ["FROM node:20\nARG a\nENV a=b\nEXPOSE 80\n"],
  },
  ARGUMENT_REQUIRES_AT_LEAST_TWO: {
    bad: [
      ["FROM node:20\nCOPY .\n", 2],
      ["FROM node:20\nADD .\n", 2],
      ['FROM node:20\nCOPY ["."]\n', 2],
      ["FROM node:20\nCOPY --chown=node .\n", 2],
    ],
    good: ["FROM node:20\nCOPY . .\nADD . .\n", 'FROM node:20\nCOPY [".", "."]\n'],
  },
  ARGUMENT_REQUIRES_ONE_OR_THREE: {
    bad: [
      ["FROM node:20 AS\n", 1],
      ["FROM node:20 AS a b\n", 1],
      ["FROM node:20 a\n", 1],
    ],
    good: ["FROM node:20\n", "FROM node:20 AS a\n", "FROM --platform=linux/amd64 node:20 AS a\n"],
  },
  ARGUMENT_UNNECESSARY: {
    bad: [["FROM node:20\nHEALTHCHECK NONE a\n", 2]],
    good: ["FROM node:20\nHEALTHCHECK NONE\n"],
  },
  BASE_NAME_EMPTY: {
    bad: [
      ["ARG BASE\nFROM $BASE\n", 2],
      ["FROM ${BASE}\n", 1],
    ],
    good: ["ARG BASE=node:20\nFROM $BASE\n"],
  },
  DEPRECATED_MAINTAINER: {
    bad: [["FROM node:20\nMAINTAINER ann\n", 2]],
    good: ["FROM node:20\n"],
  },
  DUPLICATE_BUILD_STAGE_NAME: {
    bad: [
      ["FROM node:20 AS setup\nFROM node:20 AS setup\n", 2],
      ["FROM node:20 AS setup\nFROM node:20 AS SETUP\n", 2],
    ],
    good: ["FROM node:20 AS setup\nFROM node:20 AS setup2\n"],
  },
  EMPTY_CONTINUATION_LINE: {
    bad: [["FROM node:20\nRUN a && \\\n\n  b\n", 3]],
    good: ["FROM node:20\nRUN a && \\\n  b\n", "FROM node:20\nRUN a && \\\n# comment\n  b\n"],
  },
  FLAG_AT_LEAST_ONE: {
    bad: [
      ["FROM node:20\nHEALTHCHECK --retries=0 CMD a\n", 2],
      ["FROM node:20\nHEALTHCHECK --retries=-1 CMD a\n", 2],
    ],
    good: ["FROM node:20\nHEALTHCHECK --retries=1 CMD a\n"],
  },
  FLAG_DUPLICATE: {
    bad: [
      ["FROM node:20\nHEALTHCHECK --interval=30s --interval=30s CMD a\n", 2],
      ["FROM node:20\nCOPY --chown=a --chown=b . .\n", 2],
    ],
    good: [
      "FROM node:20\nHEALTHCHECK --interval=30s --timeout=30s CMD a\n",
      "FROM node:20\nRUN --mount=type=cache,target=/a --mount=type=cache,target=/b a\n",
      "FROM node:20\nCOPY --exclude=a --exclude=b . .\n",
    ],
  },
  FLAG_INVALID_DURATION: {
    bad: [
      ["FROM node:20\nHEALTHCHECK --interval=a CMD a\n", 2],
      ["FROM node:20\nHEALTHCHECK --timeout=1 CMD a\n", 2],
    ],
    good: ["FROM node:20\nHEALTHCHECK --interval=1m30s --timeout=1.5s --start-period=500ms CMD a\n"],
  },
  FLAG_LESS_THAN_1MS: {
    bad: [["FROM node:20\nHEALTHCHECK --interval=0.5ms CMD a\n", 2]],
    good: ["FROM node:20\nHEALTHCHECK --interval=1ms CMD a\n"],
  },
  FLAG_UNKNOWN_UNIT: {
    bad: [["FROM node:20\nHEALTHCHECK --interval=10x CMD a\n", 2]],
    good: ["FROM node:20\nHEALTHCHECK --interval=10s CMD a\n"],
  },
  FLAG_MISSING_DURATION: {
    bad: [],
    good: ["FROM node:20\nHEALTHCHECK --interval=10s CMD a\n"],
  },
  FLAG_MISSING_VALUE: {
    bad: [
      ["FROM node:20\nCOPY --chown . .\n", 2],
      ["FROM node:20\nCOPY --from . .\n", 2],
    ],
    good: ["FROM node:20\nCOPY --link . .\n", "FROM node:20\nCOPY --chown=node . .\n"],
  },
  FLAG_EXPECTED_BOOLEAN_VALUE: {
    bad: [
      ["FROM node:20\nCOPY --link=abc . .\n", 2],
      ["FROM node:20\nADD --keep-git-dir=abc . .\n", 2],
    ],
    good: ["FROM node:20\nCOPY --link=true . .\n", "FROM node:20\nCOPY --link=FALSE . .\n"],
  },
  FLAG_INVALID_FROM_VALUE: {
    bad: [],
    good: ["FROM node:20 AS a\nFROM node:20\nCOPY --from=a . .\n"],
  },
  HEALTHCHECK_CMD_ARGUMENT_MISSING: {
    bad: [
      ["FROM node:20\nHEALTHCHECK CMD\n", 2],
      ["FROM node:20\nHEALTHCHECK --interval=5s CMD\n", 2],
    ],
    good: ["FROM node:20\nHEALTHCHECK CMD a\n"],
  },
  INVALID_AS: {
    bad: [["FROM node:20 AAS setup\n", 1]],
    good: ["FROM node:20 AS setup\n", "FROM node:20 as setup\n", "FROM node:20 As setup\n"],
  },
  INVALID_BUILD_STAGE_NAME: {
    bad: [
      ["FROM node:20 AS 1s\n", 1],
      ["FROM node:20 AS _s\n", 1],
      ["FROM node:20 AS a$b\n", 1],
    ],
    good: ["FROM node:20 AS s_1.a-b\n", "FROM node:20 AS Setup\n"],
  },
  INVALID_DESTINATION: {
    bad: [
      ["FROM node:20\nCOPY a b c\n", 2],
      ["FROM node:20\nADD a b c\n", 2],
      ['FROM node:20\nADD ["a", "b", "c"]\n', 2],
    ],
    good: ["FROM node:20\nCOPY a b c/\n", "FROM node:20\nCOPY a b .\n", "FROM node:20\nCOPY a b ..\n"],
  },
  INVALID_PORT: {
    bad: [
      ["FROM node:20\nEXPOSE a\n", 2],
      ["FROM node:20\nEXPOSE 80-\n", 2],
      ["FROM node:20\nEXPOSE -80\n", 2],
      ["FROM node:20\nEXPOSE 1.5\n", 2],
    ],
    good: ["FROM node:20\nEXPOSE 80 80-81 80/tcp 81/udp\n", "FROM node:20\nARG p=80\nEXPOSE $p ${p}/tcp $p-$p\n"],
  },
  INVALID_PROTO: {
    bad: [["FROM node:20\nEXPOSE 80/abc\n", 2]],
    good: ["FROM node:20\nEXPOSE 80/tcp 80/udp 80/sctp\n"],
  },
  INVALID_REFERENCE_FORMAT: {
    bad: [
      ["FROM alpine:\n", 1],
      ["FROM alpine:a:b\n", 1],
      ["FROM alpine@sha256\n", 1],
      ["FROM alpine@\n", 1],
    ],
    good: [
      "FROM alpine:3.20\n",
      "FROM localhost:5000/alpine\n",
      "FROM registry.example.com:5000/a/b/c:1.0\n",
      "FROM alpine@sha256:a8560b36e8b8210634f77d9f7f9efd7ffa463e380b75e2e74aff4511df3ef88c\n",
      "ARG T=1\nFROM alpine:$T\n",
    ],
  },
  INVALID_SIGNAL: {
    bad: [
      ["FROM node:20\nSTOPSIGNAL a\n", 2],
      ["FROM node:20\nSTOPSIGNAL -1\n", 2],
      ["FROM node:20\nSTOPSIGNAL 9 10\n", 2],
    ],
    good: [
      "FROM node:20\nSTOPSIGNAL 9\n",
      "FROM node:20\nSTOPSIGNAL SIGKILL\n",
      "FROM node:20\nARG s\nSTOPSIGNAL $s\n",
      "FROM node:20\nSTOPSIGNAL SIGRTMIN+3\n",
    ],
  },
  JSON_IN_SINGLE_QUOTES: {
    bad: [
      ["FROM node:20\nCMD ['a', 'b']\n", 2],
      ["FROM node:20\nENTRYPOINT ['a']\n", 2],
    ],
    good: ['FROM node:20\nCMD ["a", "b"]\n', "FROM node:20\nRUN [ -f a ]\n"],
  },
  MULTIPLE_INSTRUCTIONS: {
    bad: [
      ["FROM node:20\nCMD a\nCMD b\n", 2],
      ["FROM node:20\nENTRYPOINT a\nENTRYPOINT b\n", 2],
      ["FROM node:20\nHEALTHCHECK CMD a\nHEALTHCHECK CMD b\n", 2],
      ["FROM node:20\nCMD a\nCMD b\nCMD c\n", 2, 3],
    ],
    good: ["FROM node:20\nCMD a\nFROM node:20\nCMD b\n", "FROM node:20\nONBUILD CMD a\nCMD b\n"],
  },
  NO_SOURCE_IMAGE: {
    bad: [
      ["RUN a\n", 1],
      ["# a comment\nENV a=b\nFROM node:20\n", 2],
    ],
    good: ["FROM node:20\n", "ARG a=1\nFROM node:20\n", "# syntax=docker/dockerfile:1\n\nFROM node:20\n"],
  },
  SHELL_JSON_FORM: {
    bad: [
      ["FROM node:20\nSHELL bash -c\n", 2],
      ['FROM node:20\nSHELL ["bash"\n', 2],
      ["FROM node:20\nSHELL ['bash', '-c']\n", 2],
      ['FROM node:20\nSHELL "bash"\n', 2],
    ],
    good: ['FROM node:20\nSHELL ["bash", "-c"]\n', 'FROM node:20\nSHELL [ "bash", \\\n  "-c" ]\n'],
  },
  SHELL_REQUIRES_ONE: {
    bad: [
      ["FROM node:20\nSHELL []\n", 2],
      ["FROM node:20\nSHELL [ ]\n", 2],
    ],
    good: ['FROM node:20\nSHELL ["bash"]\n'],
  },
  SYNTAX_MISSING_EQUALS: {
    bad: [
      ["FROM node:20\nENV a=b c\n", 2],
      ["FROM node:20\nLABEL a=b c=d e\n", 2],
    ],
    good: ["FROM node:20\nENV a=b c=d\n", "FROM node:20\nENV a b c\n"],
  },
  SYNTAX_MISSING_NAMES: {
    bad: [
      ["FROM node:20\nENV =b\n", 2],
      ["FROM node:20\nLABEL a=b =c\n", 2],
    ],
    good: ["FROM node:20\nENV a=\n"],
  },
  SYNTAX_MISSING_DOUBLE_QUOTE: {
    bad: [
      ['FROM node:20\nENV a="b\n', 2],
      ['FROM node:20\nLABEL a=b c="d\n', 2],
    ],
    good: ['FROM node:20\nENV a="b c" d="e\\"f"\n'],
  },
  SYNTAX_MISSING_SINGLE_QUOTE: {
    bad: [
      ["FROM node:20\nENV a='b\n", 2],
      ["FROM node:20\nLABEL a='b\n", 2],
    ],
    good: ["FROM node:20\nENV a='b c' d=\"it's\"\n"],
  },
  ARGUMENT_REQUIRES_ONE: {
    bad: [["FROM node:20\nUSER\nARG a b\n", 2]],
    good: ["FROM node:20\nUSER a\n", "FROM node:20\nARG a b\n"],
  },
  ARGUMENT_REQUIRES_TWO: {
    bad: [["FROM node:20\nENV a\n", 2]],
    good: ["FROM node:20\nENV a b\n"],
  },
  UNKNOWN_TYPE: {
    bad: [["FROM node:20\nHEALTHCHECK TEST a\n", 2]],
    good: ["FROM node:20\nHEALTHCHECK cmd a\n"],
  },
  UNKNOWN_ADD_FLAG: {
    bad: [
      ["FROM node:20\nADD --abc=d . .\n", 2],
      ["FROM node:20\nADD --from=a . .\n", 2],
    ],
    good: [
      "FROM node:20\nADD --chown=a --chmod=755 --checksum=sha256:a8560b36e8b8210634f77d9f7f9efd7ffa463e380b75e2e74aff4511df3ef88c --link . .\n",
    ],
  },
  UNKNOWN_COPY_FLAG: {
    bad: [
      ["FROM node:20\nCOPY --abc=d . .\n", 2],
      ["FROM node:20\nCOPY --FROM=a . .\n", 2],
    ],
    good: ["FROM node:20\nCOPY --chown=a --chmod=755 --link --parents . .\n"],
  },
  UNKNOWN_FROM_FLAG: {
    bad: [["FROM --abc=d node:20\n", 1]],
    good: ["FROM --platform=linux/amd64 node:20\n"],
  },
  UNKNOWN_HEALTHCHECK_FLAG: {
    bad: [
      ["FROM node:20\nHEALTHCHECK --abc=d CMD a\n", 2],
      ["FROM node:20\nHEALTHCHECK --INTERVAL=5s CMD a\n", 2],
    ],
    good: [
      "FROM node:20\nHEALTHCHECK --interval=5s --timeout=5s --start-period=5s --start-interval=5s --retries=3 CMD a\n",
    ],
  },
  UNKNOWN_INSTRUCTION: {
    bad: [
      ["FROM node:20\nUNKNOWN a\n", 2],
      ["FROM node:20\nRUNN a\nEXPOS 80\n", 2, 3],
      ["FROM node:20\nONBUILD FOO a\n", 2],
    ],
    good: ["FROM node:20\nrun a\n"],
  },
  UNSUPPORTED_MODIFIER: {
    bad: [
      ["FROM node:20\nARG a\nUSER ${a:a}\n", 3],
      ["ARG t=1\nFROM node:${t:x}\n", 2],
    ],
    good: ["FROM node:20\nARG a\nUSER ${a:-x}\nWORKDIR ${a:+/x}\n"],
  },
  WORKDIR_IS_NOT_ABSOLUTE: {
    bad: [["FROM node:20\nWORKDIR a\n", 2]],
    good: ["FROM node:20\nWORKDIR /a\n", "FROM node:20\nARG a\nWORKDIR $a/b\n"],
  },
  INVALID_SYNTAX: {
    bad: [["FROM node:20\nUSER ${a\n", 2]],
    good: ["FROM node:20\nARG a=b\nUSER ${a}\n"],
  },
});
