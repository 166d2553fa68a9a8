import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type CudaUse, type CudaVersion, cudaOfBase, cudaUses } from "../../src/project/cuda-versions.js";
import type { StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";

const TORCH = "https://download.pytorch.org/whl";

export default defineRule({
  id: "packages/match-accelerator-version",
  summary: "CUDA wheels match the CUDA of the base",
  levels: { recommended: "warning", strict: "error" },
  roles: "all",
  fixable: "never",
  aliases: ["tally:gpu/cuda-version-mismatch"],
  why: [
    "Packages that were built for one major version of CUDA do not find the libraries of another, and those for a newer minor " +
      "version may call what is not there yet. The image builds, and fails on the first machine with a graphics card.",
  ],
  references: ["https://docs.nvidia.com/deploy/cuda-compatibility/", "https://pytorch.org/get-started/locally/"],
  // A value may also come with ARG, in which the digits stand.
  mentions: {
    dockerfile: ["cuda", "cu$", 'cu"', "cu'", "cu0", "cu1", "cu2", "cu3", "cu4", "cu5", "cu6", "cu7", "cu8", "cu9"],
  },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an index for another major version",
        message: "`cu118` is built for CUDA 11.8, the base has 12.4; use `cu124`",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04",
            `RUN pip install --index-url ${TORCH}/«cu118» torch==2.6.0`,
            `RUN pip install torch --extra-index-url=${TORCH}/nightly/«cu118»/`,
          ],
        },
      },
      {
        name: "a newer minor version",
        files: {
          Dockerfile: ["FROM nvidia/cuda:12.1.1-base-ubuntu22.04", `RUN pip install -f ${TORCH}/«cu124» torch`],
        },
      },
      {
        name: "the suffix of a version",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04",
            "RUN pip install torch==2.1.0+«cu118» numpy==2.0.0",
          ],
        },
      },
      {
        name: "uv, in a stage that starts from another",
        files: {
          Dockerfile: [
            "FROM nvcr.io/nvidia/cuda:11.8.0-runtime-ubuntu22.04 AS base",
            "FROM base",
            "RUN uv pip install --torch-backend «cu126» torch",
          ],
        },
      },
      {
        name: "conda",
        message: "`pytorch-cuda=11.8`",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04",
            "RUN conda install -y pytorch «pytorch-cuda=11.8» -c pytorch && conda install -y «cudatoolkit=11.3»",
          ],
        },
      },
    ],
    good: [
      {
        name: "the same version",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04",
            `RUN pip install --index-url ${TORCH}/cu124 torch`,
          ],
        },
      },
      {
        name: "an older minor version",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04",
            `RUN pip install --index-url ${TORCH}/cu121 torch`,
          ],
        },
      },
      {
        name: "packages without CUDA",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04",
            `RUN pip install --index-url ${TORCH}/cpu torch custom`,
          ],
        },
      },
      {
        name: "a base that says nothing",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            `RUN pip install --index-url ${TORCH}/cu118 torch`,
            "FROM nvidia/cuda",
            `RUN pip install --index-url ${TORCH}/cu118 torch`,
          ],
        },
      },
      {
        name: "a value nobody can know",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04",
            "ARG CU",
            `RUN pip install --index-url ${TORCH}/$CU torch`,
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  const base = cudaOfBase(stage);
  if (base === undefined) return;
  for (const use of cudaUses(stage)) {
    if (isCompatible(use.version, base)) continue;
    yield {
      range: use.range,
      message: messageFor(use, base),
      related: [{ range: stage.lineage.at(-1)?.anchor ?? stage.anchor, message: `holds CUDA ${text(base)}` }],
    };
  }
}

/** An older minor version of the same major one runs, by NVIDIA's promise. */
function isCompatible(use: CudaVersion, base: CudaVersion): boolean {
  return use.major === base.major && use.minor <= base.minor;
}

function messageFor({ written, version }: CudaUse, base: CudaVersion): string {
  const wanted = written.startsWith("cu") && !written.includes("=") ? `cu${base.major}${base.minor}` : text(base);
  return `${quoted(written)} is built for CUDA ${text(version)}, the base has ${text(base)}; use \`${wanted}\``;
}

function text({ major, minor }: CudaVersion): string {
  return `${major}.${minor}`;
}
