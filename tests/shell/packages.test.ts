import { describe, expect, test } from "vitest";
import { buildEvidence } from "../../src/shell/build-evidence.js";
import type { PackageCommand, PackageOperand } from "../../src/shell/package-model.js";
import { packageCommand } from "../../src/shell/packages.js";
import { readScript, shown, written } from "./read-script.js";

function commands(text: string, variables: Readonly<Record<string, string>> = {}): PackageCommand[] {
  return readScript(text, { variables }).invocations.flatMap((invocation) => packageCommand(invocation) ?? []);
}

/** `kind name operator version`; what is absent is left out, what is unknown is `?`. */
function brief({ kind, name, version }: PackageOperand): string {
  const stated = version === undefined ? [] : [version.operator.trim(), shown(version.text)];
  return [kind, name ?? "?", ...stated].filter((part) => part !== "").join(" ");
}

describe("verbs", () => {
  test.each([
    ["apt-get -qq update", "apt-get", "refresh", "update"],
    ["apt install x", "apt", "install", "install"],
    ["apt-get -y dist-upgrade", "apt-get", "upgrade", "dist-upgrade"],
    ["apt-get purge x", "apt-get", "remove", "purge"],
    ["apt-get clean", "apt-get", "clean", "clean"],
    ["apk --no-cache add x", "apk", "install", "add"],
    ["apk del x", "apk", "remove", "del"],
    ["dnf5 install x", "dnf", "install", "install"],
    ["dnf group install x", "dnf", "install", "group install"],
    ["yum update", "yum", "upgrade", "update"],
    ["yum clean all", "yum", "clean", "clean"],
    ["zypper -n dup", "zypper", "upgrade", "dup"],
    ["pacman -Sy", "pacman", "refresh", "-Sy"],
    ["pacman -Syu", "pacman", "upgrade", "-Syu"],
    ["pacman -Syu --noconfirm x", "pacman", "install", "-Syu"],
    ["pacman -Scc", "pacman", "clean", "-Scc"],
    ["pacman -Ss x", "pacman", "other", "-Ss"],
    ["pacman -Rns x", "pacman", "remove", "-Rns"],
    ["pip3.11 install x", "pip", "install", "install"],
    ["python3 -m pip install x", "pip", "install", "install"],
    ["pip cache purge", "pip", "clean", "cache purge"],
    ["uv pip install x", "uv", "install", "pip install"],
    ["uv sync", "uv", "install", "sync"],
    ["uv sync --locked", "uv", "lock-install", "sync"],
    ["poetry install --only main", "poetry", "lock-install", "install"],
    ["conda env create -f e.yml", "conda", "install", "env create"],
    ["npm i", "npm", "install", "i"],
    ["npm ci", "npm", "lock-install", "ci"],
    ["npm cache clean --force", "npm", "clean", "cache clean"],
    ["npm run build", "npm", "build", "run build"],
    ["yarn", "yarn", "install", ""],
    ["yarn --frozen-lockfile", "yarn", "lock-install", ""],
    ["yarn global add x", "yarn", "install", "global add"],
    ["yarn workspace web add x", "yarn", "install", "add"],
    ["corepack pnpm@9.1.0 install --frozen-lockfile", "pnpm", "lock-install", "install"],
    ["pnpm add --frozen-lockfile x", "pnpm", "install", "add"],
    ["bun pm cache rm", "bun", "clean", "pm cache rm"],
    ["gem install x", "gem", "install", "install"],
    ["bundle", "bundle", "install", ""],
    ["bundler exec rake", "bundle", "other", "exec"],
    ["composer install --no-dev", "composer", "lock-install", "install"],
    ["composer global require a/b", "composer", "install", "global require"],
    ["go mod download", "go", "download", "mod download"],
    ["go run x@v1", "go", "install", "run"],
    ["go run .", "go", "other", "run"],
    ["cargo build --release", "cargo", "build", "build"],
    ["dotnet add web.csproj package X", "dotnet", "install", "add package"],
    ["./mvnw -B -DskipTests package", "mvn", "build", "package"],
    ["mvn --batch-mode clean package", "mvn", "build", "package"],
    ["gradle clean", "gradle", "clean", "clean"],
  ])("%s", (text, manager, action, verb) => {
    expect(commands(text).map((command) => [command.manager, command.action, command.verb])).toEqual([
      [manager, action, verb],
    ]);
  });

  test("the verb is marked, or the program when there is none", () => {
    const ranges = commands("apt-get -y install x; dnf -y group install y; yarn; pacman -Syu; uv pip install z").map(
      ({ verbRange }) => written(verbRange),
    );

    expect(ranges).toEqual(["install", "group install", "yarn", "-Syu", "pip install"]);
  });

  test.each([
    "apt-mark hold x",
    "apt-key add x",
    "echo apt-get install x",
    "docker-php-ext-install x",
    "python3 app.py",
    "constructor x",
  ])("%s is no package command", (text) => {
    expect(commands(text)).toEqual([]);
  });
});

describe("operands", () => {
  test.each([
    [
      "apt-get install curl=7.88.1-10 git=1:2.* g++ libx:amd64",
      ["name curl = 7.88.1-10", "name git = 1:2.*", "name g++", "name libx"],
    ],
    [
      "apt-get install a/bookworm-backports b- ./c.deb /d.deb",
      ["name a / bookworm-backports", "marker b", "local ./c.deb", "local /d.deb"],
    ],
    [
      "apt-get install $P ${N}=1 a=$V a-$V $(cat l)",
      ["unknown ?", "name ? = 1", "name a = ?", "name ?", "file-list ?"],
    ],
    [
      "apk add a=1.2-r0 'b~1.2' 'c>1' d@edge .v e.apk",
      ["name a = 1.2-r0", "name b ~ 1.2", "name c > 1", "name d", "group .v", "local e.apk"],
    ],
    [
      "yum install a-1.2 b-1.2-3.el9.x86_64 java-11-openjdk python3.11 c-$V",
      ["name a - 1.2", "name b - 1.2-3.el9", "name java-11-openjdk", "name python3.11", "name c - ?"],
    ],
    ["dnf install @dev nodejs:18 a.noarch", ["group dev", "group nodejs : 18", "name a"]],
    ["dnf module install nodejs:20", ["group nodejs : 20"]],
    ["zypper in 'a>=1' b=2", ["name a >= 1", "name b = 2"]],
    [
      "pip install a==1 b~=2 'c[x]>=3' d[y] 'e==1;python_version<\"3\"'",
      ["name a == 1", "name b ~= 2", "name c >= 3", "name d", "name e == 1"],
    ],
    [
      "pip install . ./w.whl git+https://h/o/r@v1#egg=r https://h/x.tgz 'n @ https://h/n.whl'",
      ["local .", "local ./w.whl", "url r @ v1", "url ?", "url n"],
    ],
    ["pip install -e . -r r.txt -c c.txt -i https://i -U", ["local ."]],
    ["uv tool install ruff@0.12.1", ["name ruff @ 0.12.1"]],
    [
      "conda install -c conda-forge a=1.2 b==1 ch::c=1=h 'd>=2'",
      ["name a = 1.2", "name b == 1", "name c = 1=h", "name d >= 2"],
    ],
    [
      "npm i a@1 @s/b@^2 @s/c a2@npm:b@3 github:o/r#x o/r ./d e@file:../e",
      [
        "name a @ 1",
        "name @s/b @ ^2",
        "name @s/c",
        "name a2 @ 3",
        "url github:o/r # x",
        "url o/r",
        "local ./d",
        "local e",
      ],
    ],
    ["gem install a b:2 -v 1 -- --with-x", ["name a 1", "name b : 2"]],
    ["composer require v/p:1.2 v/q", ["name v/p : 1.2", "name v/q"]],
    ["go install h/a@v1 h/b@latest ./cmd/c", ["name h/a @ v1", "name h/b @ latest", "local ./cmd/c"]],
    ["cargo install a@1 b --version 2 --locked", ["name a @ 1", "name b 2"]],
    ["cargo install --git https://h/r --rev abc", ["url https://h/r abc"]],
    ["cargo install --path .", ["local ."]],
    ["poetry add a@1 b==2", ["name a @ 1", "name b == 2"]],
    ["dotnet tool install -g x --version 1", ["name x 1"]],
    ["uv pip sync r.txt", ["file-list ?"]],
  ])("%s", (text, expected) => {
    expect(commands(text)[0]?.packages.map(brief)).toEqual(expected);
  });

  test("names and versions are marked in the file", () => {
    const [command] = commands(`apt-get install "curl=$V" git=1`, { V: "7.88" });

    expect(
      command?.packages.map(({ range, version }) => [written(range), version?.value, written(version?.range)]),
    ).toEqual([
      ['"curl=$V"', "7.88", "$V"],
      ["git=1", "1", "1"],
    ]);
  });
});

describe("options", () => {
  test.each([
    ["apt-get install x", true, false],
    ["apt-get install -y x", true, true],
    ["apt-get -qqy install x", true, true],
    ["apt-get -qq install x", true, true],
    ["apt-get -q -q install x", true, true],
    ["apt-get -q=2 install x", true, true],
    ["apt-get -q install x", true, false],
    ["apt-get -o APT::Get::Assume-Yes=true install x", true, true],
    ["apt-get update", false, false],
    ["apk add x", false, false],
    ["yum install x --setopt=assumeyes=1", true, true],
    ["zypper -n in x", true, true],
    ["zypper in -n x", true, false],
    ["zypper in --no-confirm x", true, true],
    ["pacman -S --noconfirm x", true, true],
    ["pacman -Sy", false, false],
    ["conda install -y x", true, true],
    ["pip uninstall x", true, false],
    ["npx x", true, false],
    ["npx --yes x", true, true],
    ["composer install -n", false, true],
  ])("%s: asks and says yes", (text, asks, assumesYes) => {
    expect(commands(text).map((command) => [command.asks, command.assumesYes])).toEqual([[asks, assumesYes]]);
  });

  test.each([
    ["npm ci --omit=dev", "omitted"],
    ["npm ci --omit dev", "omitted"],
    ["npm ci --production=false", "included"],
    ["npm ci --only=production", "omitted"],
    ["npm ci", undefined],
    ["pnpm i -P", "omitted"],
    ["composer install --no-dev", "omitted"],
    ["poetry install --without dev,test", "omitted"],
    ["poetry install --only main", "omitted"],
    ["bundle install --without development test", "omitted"],
    ["pipenv install --dev", "included"],
    ["uv sync --no-dev", "omitted"],
    ["npm i --include=dev", "included"],
  ])("%s: development dependencies", (text, expected) => {
    expect(commands(text)[0]?.devDependencies).toBe(expected);
  });

  test("files of names, virtual packages, global installs and dry runs are known", () => {
    const [pip, apk, npm, apt] = commands(
      "pip install -r a.txt --constraint=b.txt; apk add -t .build gcc; npm i -g x; apt-get install --download-only y",
    );

    expect(pip?.manifestFiles.map(({ path, kind, range }) => [path, kind, written(range)])).toEqual([
      ["a.txt", "requirements", "a.txt"],
      ["b.txt", "constraints", "b.txt"],
    ]);
    expect([apk?.virtual?.name, written(apk?.virtual?.range), npm?.isGlobal, apt?.isDryRun, npm?.isDryRun]).toEqual([
      ".build",
      ".build",
      true,
      true,
      false,
    ]);
  });
});

describe("build commands", () => {
  test.each([
    ["CGO_ENABLED=0 go build -o /x .", "go build"],
    ["cargo build --release", "cargo build"],
    ["mvn -B -DskipTests package", "mvn package"],
    ["./gradlew bootJar", "gradlew bootJar"],
    ["npm run build", "npm run build"],
    ["yarn build", "yarn build"],
    ["pnpm -r run build:prod", "pnpm run build:prod"],
    ["npx tsc -p .", "npx tsc"],
    ["vite build", "vite build"],
    ["dotnet publish -c Release", "dotnet publish"],
    ["make -C src", "make"],
    ["cmake --build out", "cmake --build"],
    ["python -m build", "python -m build"],
    ["pip wheel .", "pip wheel"],
    ["mix release", "mix release"],
    ["sh -c 'make all'", "make"],
  ])("%s", (text, command) => {
    const found = readScript(text).invocations.flatMap((invocation) => buildEvidence(invocation)?.command ?? []);

    expect(found).toEqual([command]);
  });

  test.each([
    "npm ci",
    "npm test",
    "go mod download",
    "make clean",
    "tsc --version",
    "echo make",
    "npm start",
    "mvn clean",
    "cmake -B out",
  ])("%s builds nothing", (text) => {
    expect(readScript(text).invocations.flatMap((invocation) => buildEvidence(invocation) ?? [])).toEqual([]);
  });
});
