import { expect, test } from "vitest";
import { asked, hinted, LABELS, PYTHON_IGNORE, PYTHON_PROBE, SAID, UNSAID } from "./asked.js";

// Specifications of a platform: base images, stages, layers, hardening, a scanner, a service in Rust, an image for CI.

const FILES = {
  "requirements.txt": ["httpx==0.28.1"],
  "src/app.py": ["import httpx"],
  ".dockerignore": PYTHON_IGNORE,
};

const USER = ["RUN useradd -m -u 1000 keeper", "USER 1000"];
const END = [...USER, ...PYTHON_PROBE, 'CMD ["python", "/app/src/app.py"]', ...LABELS];

test("a build environment and a runtime environment, joined by what was installed, hold the checklist", async () => {
  const stages = [
    "FROM python:3.11-slim AS builder",
    "WORKDIR /build",
    "COPY requirements.txt .",
    "RUN pip install --no-cache-dir --prefix=/build/install -r requirements.txt",
    "",
    "FROM python:3.11-slim",
    "WORKDIR /app",
    "COPY --from=builder /build/install /usr/local",
    "COPY src/ /app/src/",
    ...END,
  ];

  expect(await asked({ ...FILES, Dockerfile: stages })).toEqual([]);
});

const ORDERED = [
  "FROM python:3.11-slim",
  "RUN apt-get update && apt-get install -y tini && rm -rf /var/lib/apt/lists/*",
  "COPY requirements.txt .",
  "RUN pip install --no-cache-dir -r requirements.txt",
  "COPY src/ /app/src/",
  ...END,
];

test("layers in the order of change are asked for nothing but a stage of their own", async () => {
  expect(await asked({ ...FILES, Dockerfile: ORDERED })).toEqual(["stages/require-multi-stage"]);
});

test("everything in one layer above the installs is reported once, beside what the installs themselves get wrong", async () => {
  const unordered = [
    "FROM python:3.11-slim",
    "WORKDIR /app",
    "COPY . /app/",
    "RUN apt-get update && pip install -r requirements.txt",
    ...END,
  ];

  expect(await asked({ ...FILES, Dockerfile: unordered })).toEqual([
    "context/ignore-generated-files#recommended (info)",
    "layers/install-before-copy#language",
    "packages/clean-language-cache#pip",
    "packages/update-with-install#alone",
    "stages/require-multi-stage",
  ]);
});

test("a list that was copied to another folder is not there for the install", async () => {
  const elsewhere = [
    "FROM python:3.11-slim",
    "COPY . /app/",
    "RUN apt-get update && pip install -r requirements.txt",
    ...END,
  ];

  expect(await asked({ ...FILES, Dockerfile: elsewhere }, "recommended")).toEqual([
    "context/ignore-generated-files#recommended (info)",
    "layers/copy-install-inputs#manifest",
    "layers/install-before-copy#language",
    "packages/update-with-install#alone",
  ]);
});

test("a version control client in what ships is reported beside the single stage only where that is not", async () => {
  const git = ORDERED.map((line) => line.replace("install -y tini", "install -y git"));

  expect(await asked({ ...FILES, Dockerfile: git })).toEqual(["stages/require-multi-stage"]);
  // The fragment on layers leaves out WORKDIR, which all its complete files have.
  expect(await asked({ ...FILES, Dockerfile: git }, "recommended")).toEqual([
    "stages/no-build-tools-in-final#vcs",
    "syntax/set-copy-destination#relative",
  ]);
});

test("a named account is the user in effect; its number is what a cluster can check", async () => {
  const named = [
    "FROM python:3.11-slim",
    "COPY src/ /app/src/",
    "RUN useradd -m -u 1000 keeper && \\",
    "    chown -R keeper:keeper /app",
    "USER keeper",
    ...PYTHON_PROBE,
    'CMD ["python", "/app/src/app.py"]',
    ...LABELS,
  ];

  expect(await asked({ ...FILES, Dockerfile: named })).toEqual(["user/set-uid#name"]);
});

test("a read-only tree, a volume for temporary files and a single capability raise no question", async () => {
  const hardened = [
    "FROM debian:bookworm-slim",
    "COPY --chmod=555 server /usr/local/bin/server",
    "RUN apt-get update && apt-get install -y libcap2-bin && rm -rf /var/lib/apt/lists/* \\",
    "    && setcap cap_net_bind_service=+ep /usr/local/bin/server",
    "VOLUME /tmp",
    "RUN chmod -R 555 /srv",
    ...USER,
    'HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD ["/usr/local/bin/server", "health"]',
    'CMD ["/usr/local/bin/server"]',
    ...LABELS,
  ];

  expect(await asked({ server: ["binary"], Dockerfile: hardened })).toEqual([]);
});

test("a secret in ENV is reported, one that comes at run time is not", async () => {
  const withEnv = (...lines: readonly string[]) => ({
    ...FILES,
    Dockerfile: ["FROM python:3.11-slim", "COPY src/ /app/src/", ...lines, ...END],
  });

  expect(await asked(withEnv("ENV API_KEY=secret123"))).toEqual(["secrets/no-env-secrets#env"]);
  expect(await asked(withEnv("ENV API_KEY_FILE=/run/secrets/api-key"))).toEqual([]);
});

const RUST_FILES = {
  "Cargo.toml": ["[package]", 'name = "tide-collector"', "[dependencies]", 'serde = "1"'],
  "Cargo.lock": ["version = 4"],
  "src/main.rs": ["fn main() {}"],
  "config/collector.toml": ["[collector]"],
  ".dockerignore": [".git", "target"],
};

const rust = (user: string, ...expose: readonly string[]) => [
  "FROM rust:1.75-slim AS builder",
  "WORKDIR /build",
  "RUN apt-get update && apt-get install -y \\",
  "    pkg-config \\",
  "    libssl-dev \\",
  "    && rm -rf /var/lib/apt/lists/*",
  "# Dependencies first: they change less often",
  "COPY Cargo.toml Cargo.lock ./",
  'RUN mkdir src && echo "fn main() {}" > src/main.rs',
  "RUN cargo build --release",
  "RUN rm -rf src",
  "COPY src ./src",
  "RUN touch src/main.rs",
  "RUN cargo build --release",
  "",
  "FROM debian:bookworm-slim",
  "RUN apt-get update && apt-get install -y \\",
  "    ca-certificates \\",
  "    libssl3 \\",
  "    sqlite3 \\",
  "    && rm -rf /var/lib/apt/lists/*",
  "RUN useradd -m -u 1000 collector",
  "WORKDIR /app",
  "COPY --from=builder /build/target/release/tide-collector /usr/local/bin/",
  "COPY config/ /app/config/",
  "RUN chown -R collector:collector /app",
  `USER ${user}`,
  ...expose,
  "HEALTHCHECK --interval=30s --timeout=3s --start-period=5s --retries=3 \\",
  '  CMD ["/usr/local/bin/tide-collector", "health"]',
  'ENTRYPOINT ["/usr/local/bin/tide-collector"]',
  'CMD ["serve"]',
  ...LABELS,
];

test("dependencies that are compiled with a stand-in for the source are in the right order", async () => {
  expect(await asked({ ...RUST_FILES, Dockerfile: rust("1000", "EXPOSE 8080", "EXPOSE 9090") })).toEqual([]);
  expect(await asked({ ...RUST_FILES, Dockerfile: rust("collector", "EXPOSE 8080") })).toEqual(["user/set-uid#name"]);
});

test("cache mounts under an install ask for nothing", async () => {
  const cached = [
    "FROM python:3.11-slim AS packages",
    "COPY requirements.txt .",
    "RUN --mount=type=cache,target=/root/.cache/pip \\",
    "    pip install --prefix=/install -r requirements.txt",
    "FROM python:3.11-slim",
    "COPY --from=packages /install /usr/local",
    "COPY src/ /app/src/",
    ...END,
  ];

  expect(await asked({ ...FILES, Dockerfile: cached })).toEqual([]);
});

const CI = [
  "FROM ubuntu:22.04",
  "RUN apt-get update && apt-get install -y \\",
  "    git \\",
  "    curl \\",
  "    jq \\",
  "    python3 \\",
  "    python3-pip \\",
  "    && rm -rf /var/lib/apt/lists/*",
  "RUN curl -LsSf https://astral.sh/uv/install.sh | sh",
  "RUN pip install --no-cache-dir \\",
  "    ruff \\",
  "    pytest \\",
  "    pytest-cov",
  'RUN git config --global user.name "Harbour CI" && \\',
  '    git config --global user.email "ci@northport.example"',
  "WORKDIR /workspace",
];

test("an image for CI holds tools, no user of its own and no probe", async () => {
  // It is there so that all runners have the same tools: the newest of each day, or none of uv, is not that.
  expect(await asked({ "docker/Dockerfile.ci": CI })).toEqual([
    "packages/pin-language-versions#pip",
    "shell/set-pipefail",
  ]);
});

test("an installer that is piped to a shell, and packages without versions, are worth a hint in an image for CI", async () => {
  expect(await hinted({ "docker/Dockerfile.ci": CI })).toEqual([
    "packages/no-recommends#apt (info)",
    "packages/pin-system-versions#apt (info)",
    "shell/no-pipe-to-shell (info)",
  ]);
});

test("a digest cannot move, a tag can", async () => {
  const image = (reference: string) => ({
    "compose.yaml": ["services:", "  scan:", `    image: ${reference}`, ...SAID],
  });
  const digest = "sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645";

  expect(await asked(image(`ghcr.io/northport/scan@${digest}`))).toEqual([]);
  expect(await asked(image("ghcr.io/northport/scan:latest"))).toEqual(["images/pin-tag#latest"]);
  expect(await asked(image("ghcr.io/northport/scan:0.4.250"))).toEqual([]);
  expect(await asked(image("ghcr.io/northport/scan:main-abc1234"))).toEqual([]);
});

const SCANNER = [
  "FROM python:3.11-slim AS builder",
  "WORKDIR /build",
  "COPY requirements.txt .",
  "RUN pip install --no-cache-dir --prefix=/install -r requirements.txt",
  "FROM python:3.11-slim",
  "COPY --from=builder /install /usr/local",
  ...USER,
  'ENTRYPOINT ["semgrep"]',
  ...LABELS,
];

const LOCAL = [
  "version: '3.8'",
  "",
  "services:",
  "  scan:",
  "    build:",
  "      context: .",
  "      dockerfile: docker/Dockerfile.scan",
  "    volumes:",
  "      - ./:/scan:ro",
  "      - ./results:/scan/results:rw",
  "    environment:",
  "      - SCAN_TYPE=full",
  "      - DEBUG=true",
  "  collector:",
  "    build:",
  "      context: collector",
  "      dockerfile: Dockerfile",
  "    ports:",
  '      - "8080:8080"',
  '      - "9090:9090"',
  "    volumes:",
  "      - collector-data:/app/data",
  "    environment:",
  "      - DATABASE_URL=sqlite:///app/data/tides.db",
  "      - LOG_LEVEL=debug",
  "volumes:",
  "  collector-data:",
];

test("services for local work are judged by the images that they build: a scanner has no probe", async () => {
  const collector = Object.entries({ ...RUST_FILES, Dockerfile: rust("1000", "EXPOSE 8080", "EXPOSE 9090") });
  const project = {
    "requirements.txt": ["semgrep==1.102.0"],
    "docker/Dockerfile.scan": SCANNER,
    "compose.yaml": LOCAL,
    ...Object.fromEntries(collector.map(([path, lines]) => [`collector/${path}`, lines])),
  };

  const local = { ...project, "plimsoll.yaml": ["roles:", "  compose.yaml: development"] };

  // Compose ignores the version, and says so at each start.
  expect(await asked(local)).toEqual(["compose/no-version"]);
  // A plain name says nothing of local work: the services are taken for those that others reach.
  expect(await asked(project)).toEqual(["compose/no-version", "health/require-healthcheck#image", ...UNSAID]);
  expect(await asked(project, "recommended")).toEqual(["compose/no-version"]);
});

test("debug output is worth a hint where a file does not say that it is for local work", async () => {
  const roles = ["roles:", "  compose.yaml: development"];

  expect(await hinted({ "compose.yaml": LOCAL })).toEqual([
    "network/declare-networks#implicit (info)",
    "runtime/no-dev-mode#mode (info)",
    "runtime/no-dev-mode#verbose (info)",
  ]);
  expect(await hinted({ "compose.yaml": LOCAL, "plimsoll.yaml": roles })).toEqual([]);
});

test("limits with reservations are all that is said of the resources of a service", async () => {
  const limited = [
    "services:",
    "  scan:",
    "    image: ghcr.io/northport/scan:0.4.250",
    "    deploy:",
    "      resources:",
    "        limits:",
    "          cpus: '0.5'",
    "          memory: 512M",
    "        reservations:",
    "          cpus: '0.25'",
    "          memory: 256M",
  ];

  expect(await asked({ "compose.yaml": limited })).toEqual(
    UNSAID.filter((name) => !name.includes("limit-cpu") && !name.includes("limit-memory")),
  );
  expect(await hinted({ "compose.yaml": limited })).toEqual([]);
});
