import type { SmallerVariant } from "./base-image-model.js";
import type { ImageRow, Layer } from "./image-layer.js";
import { codenameOf, DEBIAN_CODENAMES, hasPart, type ImageTag, isWindowsTag, UBUNTU_CODENAMES } from "./image-tag.js";
import { debian, osOfTag, ubuntu } from "./operating-systems.js";

// SDKs and run times that vendors publish outside Docker Official Images. Sources: the page named in each row; 2026-11.

const DOTNET = "mcr.microsoft.com/dotnet/";
const ROOT = { name: "root", uid: 0 } as const;

function isChiselled(tag: ImageTag): boolean {
  return tag.parts.some((part) => part.startsWith("chisel") || part === "distroless");
}

/** Debian for .NET 8 and 9 without a distribution in the tag, Ubuntu for 10. */
function dotnetOs(tag: ImageTag): Layer {
  if (tag.parts.some((part) => part.startsWith("azurelinux") || part.startsWith("cbl"))) {
    return { defaultUser: ROOT, libc: "glibc", hasHealthcheck: false };
  }
  const isNamed =
    isWindowsTag(tag) ||
    hasPart(tag, "alpine") ||
    codenameOf(tag, DEBIAN_CODENAMES) !== undefined ||
    codenameOf(tag, UBUNTU_CODENAMES) !== undefined;
  if (isNamed) return osOfTag(tag);
  const [major] = tag.version;
  if (major === undefined) return { defaultUser: ROOT, hasHealthcheck: false };
  if (major >= 10) return ubuntu({ release: "24.04", codename: "noble" }, true);
  return major >= 8 ? debian({ release: "12", codename: "bookworm" }, true) : debian(undefined, true);
}

/**
 * From .NET 8 on the images hold an account `app` with UID 1654 and name it in `APP_UID`; chiselled ones start as it.
 * Source: https://github.com/dotnet/dotnet-docker/blob/main/documentation/ubuntu-chiseled.md
 */
function dotnet(tag: ImageTag, repository: string): readonly Layer[] {
  const kind = repository.slice(DOTNET.length);
  const isSdk = kind.startsWith("sdk");
  const [major] = tag.version;
  const hasApp = major !== undefined && major >= 8;
  const base = dotnetOs(tag);
  const environment = `${hasApp ? "APP_UID=1654 ASPNETCORE_HTTP_PORTS=8080" : ""} DOTNET_RUNNING_IN_CONTAINER=true DOTNET_VERSION ${
    kind.startsWith("aspnet") || isSdk ? "ASPNET_VERSION" : ""
  }`;
  const layers: Layer[] = [
    base,
    {
      hasAllAccounts: false,
      environment,
      ...(hasApp && base.os?.family !== "windows" && { accounts: "app:1654:1654" }),
      ...(!kind.startsWith("runtime-deps") && { present: "dotnet" }),
    },
  ];
  if (isSdk) {
    const reference = `${DOTNET}aspnet:${tag.written || "latest"}`;
    layers.push({
      present: base.os?.family === "windows" ? "" : "curl git wget tar",
      unsure: `ps pgrep pkill top free uptime watch make unzip pwsh ${base.os?.family === "alpine" ? "bash" : ""}`,
      isSdk: true,
      isMinimal: false,
      runtimeImage: reference,
    });
  } else if (isChiselled(tag)) {
    layers.push(CHISELLED, hasApp ? { defaultUser: { name: "app", uid: 1654 } } : {});
  } else {
    layers.push({ smaller: chiselledOf(tag, kind) });
  }
  return layers;
}

const CHISELLED: Layer = {
  shell: "none",
  packageManager: "none",
  isMinimal: true,
  absent: "sh bash dash curl wget nc ps pgrep apt apt-get git cat ls chmod chown mkdir useradd adduser",
};

/** Chiselled variants exist for 8.0 on Jammy and Noble, for 9.0 and 10.0 on Noble. */
function chiselledOf(tag: ImageTag, kind: string): readonly SmallerVariant[] {
  const [major] = tag.version;
  const base = tag.versionText;
  if (major === undefined || major < 8 || base === undefined || tag.parts.length > 1) return [];
  const codename = major === 8 ? "jammy" : "noble";
  return [{ kind: "distroless", reference: `${DOTNET}${kind}:${base}-${codename}-chiseled` }];
}

/** `12.4.1-devel-ubuntu22.04` has the compiler, `runtime` and `base` have not. */
function cuda(tag: ImageTag): readonly Layer[] {
  const ubuntuRelease = /ubuntu(\d\d\.\d\d)/.exec(tag.written)?.[1];
  const isDevel = hasPart(tag, "devel");
  const reference = `nvidia/cuda:${tag.written.replace("devel", "runtime")}`;
  return [
    { defaultUser: ROOT, hasHealthcheck: false, libc: "glibc" },
    ubuntuRelease === undefined
      ? {}
      : {
          os: { family: "ubuntu", release: ubuntuRelease },
          packageManager: "apt",
          shell: "dash",
          present: "bash sh apt-get",
        },
    {
      environment:
        "NVARCH NVIDIA_REQUIRE_CUDA CUDA_VERSION LD_LIBRARY_PATH NVIDIA_VISIBLE_DEVICES NVIDIA_DRIVER_CAPABILITIES",
      isSdk: isDevel,
      ...(isDevel && { present: "nvcc", runtimeImage: reference, smaller: [{ kind: "runtime" as const, reference }] }),
    },
  ];
}

/** Rows of vendors. */
export const VENDOR_IMAGES: readonly ImageRow[] = [
  {
    repositories: ["sdk", "aspnet", "runtime", "runtime-deps", "nightly/sdk", "nightly/aspnet", "nightly/runtime"]
      .map((name) => `${DOTNET}${name}`)
      .join(" "),
    source: "https://github.com/dotnet/dotnet-docker",
    layers: dotnet,
  },
  {
    repositories: "mcr.microsoft.com/playwright",
    source: "https://playwright.dev/docs/docker",
    layers: (tag) => [
      {
        os: { family: "ubuntu", ...codenameOf(tag, UBUNTU_CODENAMES) },
        libc: "glibc",
        defaultUser: ROOT,
        hasHealthcheck: false,
      },
      {
        shell: "dash",
        packageManager: "apt",
        present: "node npm npx bash sh apt-get",
        environment: "PLAYWRIGHT_BROWSERS_PATH=/ms-playwright",
      },
    ],
  },
  {
    repositories: "mcr.microsoft.com/playwright/python",
    source: "https://playwright.dev/python/docs/docker",
    layers: (tag) => [
      {
        os: { family: "ubuntu", ...codenameOf(tag, UBUNTU_CODENAMES) },
        libc: "glibc",
        defaultUser: ROOT,
        hasHealthcheck: false,
      },
      {
        shell: "dash",
        packageManager: "apt",
        present: "python3 bash sh apt-get",
        environment: "PLAYWRIGHT_BROWSERS_PATH=/ms-playwright",
      },
    ],
  },
  {
    repositories: "docker.io/nvidia/cuda nvcr.io/nvidia/cuda",
    source: "https://hub.docker.com/r/nvidia/cuda",
    layers: cuda,
  },
  {
    repositories: "ghcr.io/astral-sh/uv",
    source: "https://docs.astral.sh/uv/guides/integration/docker/",
    layers: (tag) => {
      // Tags that name no distribution hold the program alone.
      if (
        !tag.parts.some((part) => /^(?:python|debian|alpine)/.test(part)) &&
        codenameOf(tag, DEBIAN_CODENAMES) === undefined
      ) {
        return [{ shell: "none", packageManager: "none", isMinimal: true, hasHealthcheck: false }];
      }
      return [osOfTag(tag), { keepsAbsences: false, present: "uv uvx", environment: "UV_TOOL_BIN_DIR" }];
    },
  },
  {
    repositories: "public.ecr.aws/lambda/* docker.io/amazon/aws-lambda-python docker.io/amazon/aws-lambda-nodejs",
    source: "https://docs.aws.amazon.com/lambda/latest/dg/images-create.html",
    layers: () => [
      { os: { family: "amazon" }, libc: "glibc", hasHealthcheck: false, workdir: "/var/task" },
      { environment: "LAMBDA_TASK_ROOT=/var/task LAMBDA_RUNTIME_DIR=/var/runtime PATH LD_LIBRARY_PATH TZ LANG" },
    ],
  },
];
