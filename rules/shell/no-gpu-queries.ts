import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type GpuQuery, gpuQueriesIn } from "../../src/project/gpu-queries.js";
import { writtenRuns } from "../../src/project/written-runs.js";

export default defineRule({
  id: "shell/no-gpu-queries",
  summary: "Builds do not ask for a GPU",
  levels: { recommended: "warning", strict: "error" },
  roles: "all",
  fixable: "never",
  aliases: ["tally:gpu/no-buildtime-gpu-queries"],
  why: [
    "No GPU is visible while an image is built, whatever the machine has. A query fails the build there, or, worse, " +
      "answers no and the image is set up for a machine without one.",
  ],
  references: [
    "https://docs.docker.com/engine/containers/gpu/",
    "https://docs.nvidia.com/datacenter/cloud-native/container-toolkit/latest/docker-specialized.html",
  ],
  mentions: { dockerfile: ["nvidia-", "rocm-smi", "torch.cuda", "tf.test", "tf.config"] },
  check: {
    *stage(stage) {
      for (const run of writtenRuns(stage)) for (const query of gpuQueriesIn(run)) yield describe(query);
    },
  },
  examples: {
    bad: [
      {
        name: "tools of the driver",
        message: "`nvidia-smi` finds no GPU during a build",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.6.2-runtime-ubuntu24.04",
            "RUN «nvidia-smi»",
            "RUN apt-get update && «nvidia-smi» --query-gpu=name --format=csv > /gpu.txt",
            'RUN [«"nvidia-smi"», "-L"]',
          ],
        },
      },
      {
        name: "other tools of the same kind",
        files: {
          Dockerfile: [
            "FROM rocm/pytorch:rocm6.2_ubuntu22.04_py3.10_pytorch_release_2.3.0",
            "RUN «rocm-smi» && «nvidia-debugdump» -l && «nvidia-persistenced»",
          ],
        },
      },
      {
        name: "questions in Python",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            'RUN python -c "import torch; assert «torch.cuda.is_available()»"',
            "RUN python3 -c 'import torch; print(«torch.cuda.device_count()»)'",
            "RUN python -c \"import tensorflow as tf; print(«tf.config.list_physical_devices(»'GPU'))\"",
          ],
        },
      },
      {
        name: "questions in a program that the step feeds to Python",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN python3 <<EOF",
            "import torch",
            "print(«torch.cuda.get_device_name(»0))",
            "EOF",
          ],
        },
      },
    ],
    good: [
      {
        name: "when the container starts",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.6.2-runtime-ubuntu24.04",
            'CMD ["sh", "-c", "nvidia-smi && exec python serve.py"]',
          ],
        },
      },
      {
        name: "a step that is given the devices",
        files: {
          Dockerfile: ["FROM nvidia/cuda:12.6.2-runtime-ubuntu24.04", "RUN --device=nvidia.com/gpu=all nvidia-smi"],
        },
      },
      {
        name: "an answer that may be no",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.6.2-runtime-ubuntu24.04",
            "RUN nvidia-smi || true",
            "RUN if nvidia-smi; then echo found; fi",
            "RUN if [ -e /dev/nvidia0 ]; then nvidia-smi; fi",
            "RUN python -c \"import torch; torch.zeros(1, device='cuda' if torch.cuda.is_available() else 'cpu')\"",
          ],
        },
      },
      {
        name: "the words as text",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.6.2-runtime-ubuntu24.04",
            "RUN echo 'run nvidia-smi to see your card, torch.cuda.is_available() to use it'",
            "RUN command -v nvidia-smi",
          ],
        },
      },
    ],
  },
});

function describe({ range, what, isTool }: GpuQuery): Finding {
  const fact = isTool ? "finds no GPU during a build" : "sees no GPU during a build";
  return { range, message: `\`${what}\` ${fact}; ask when the container starts` };
}
