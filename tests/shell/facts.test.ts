import { describe, expect, test } from "vitest";
import { scriptFacts } from "../../src/shell/facts.js";
import { readScript, shown, written } from "./read-script.js";

const facts = (text: string) => scriptFacts(readScript(text, { kind: "heredoc", shell: "bash" }));

describe("writes", () => {
  test.each([
    ["echo -n a b > /x", [["redirect", "/x", "a b", false]]],
    ["printf 'a\\n' >> /x 2> /dev/null", [["redirect", "/x", "a\\n", true]]],
    ["cat > /x <<'E'\nhi\nE", [["redirect", "/x", "hi\n", false]]],
    [
      "echo $A | tee -a /x /y > /dev/null",
      [
        ["tee", "/x", "?", true],
        ["tee", "/y", "?", true],
      ],
    ],
    ["a 2>&1 >/x", [["redirect", "/x", undefined, false]]],
    ["a &> /x", [["redirect", "/x", undefined, false]]],
    ["{ a; b; } > /x", [["redirect", "/x", undefined, false]]],
    ["cp -r a b /d/", [["copy", "/d/", undefined, false]]],
    ["mv -t /d a", [["move", "/d", undefined, false]]],
    ["ln -sf /a /b", [["link", "/b", undefined, false]]],
    ["ln -s /a/b", [["link", "b", undefined, false]]],
    ["install -m 755 -D a /b", [["copy", "/b", undefined, false]]],
    [
      "install -d /a /b",
      [
        ["mkdir", "/a", undefined, false],
        ["mkdir", "/b", undefined, false],
      ],
    ],
    [
      "mkdir -p -m 755 /a /b",
      [
        ["mkdir", "/a", undefined, false],
        ["mkdir", "/b", undefined, false],
      ],
    ],
    ["touch /a", [["touch", "/a", undefined, false]]],
    ["sed -i.bak 's/a/b/' /f", [["edit", "/f", undefined, false]]],
    [
      "sed -i -e x -e y /f /g",
      [
        ["edit", "/f", undefined, false],
        ["edit", "/g", undefined, false],
      ],
    ],
    ["sed 's/a/b/' /f", []],
    ["tar xzf a.tgz -C /opt --strip-components 1", [["extract", "/opt", undefined, false]]],
    ["tar -czf a.tgz /opt", []],
    ["unzip -q a.zip -d /opt", [["extract", "/opt", undefined, false]]],
    ["curl -fsSLo /x https://h/f", [["download", "/x", undefined, false]]],
    ["git clone https://h/o/r.git", [["clone", "r", undefined, false]]],
    ["gpg --dearmor -o /x", [["output", "/x", undefined, false]]],
    ["dd if=/dev/zero of=/x", [["output", "/x", undefined, false]]],
    ["echo x >&2", []],
  ])("%s", (text, expected) => {
    expect(
      facts(text).writes.map(({ by, shape, content, appends }) => [by, shape, content && shown(content), appends]),
    ).toEqual(expected);
  });
});

describe("downloads", () => {
  test.each([
    ["curl -fsSL https://h/f", [["curl", "https://h/f", "stdout", undefined]]],
    ["curl -sSLO https://h/f.tgz?x", [["curl", "https://h/f.tgz?x", "file", "f.tgz"]]],
    ["curl -o /dev/null https://h", [["curl", "https://h", "discarded", undefined]]],
    ["curl --output-dir /d -o x https://h", [["curl", "https://h", "file", "/d/x"]]],
    ["curl https://h > /x", [["curl", "https://h", "file", "/x"]]],
    ["curl -H 'A: b' -X POST -d x --retry 3 https://h", [["curl", "https://h", "stdout", undefined]]],
    ["curl -I https://h", [["curl", "https://h", "discarded", undefined]]],
    ["wget https://h/f.tgz", [["wget", "https://h/f.tgz", "file", "f.tgz"]]],
    ["wget -P /d https://h/f", [["wget", "https://h/f", "file", "/d/f"]]],
    ["wget -qO- https://h/f", [["wget", "https://h/f", "stdout", undefined]]],
    ["wget -O - https://h/f > /x", [["wget", "https://h/f", "file", "/x"]]],
    ["wget --spider https://h", [["wget", "https://h", "discarded", undefined]]],
    ['wget "$URL" -O "$D/x"', [["wget", "?", "unknown", "?/x"]]],
    ["git clone --depth 1 -b v1 https://h/o/r /src", [["git", "https://h/o/r", "file", "/src"]]],
    ["git -C /x pull", []],
  ])("%s", (text, expected) => {
    expect(
      facts(text).downloads.map(({ tool, urlShape, output, targetShape }) => [
        tool,
        shown(urlShape),
        output,
        targetShape && shown(targetShape),
      ]),
    ).toEqual(expected);
  });
});

describe("removals", () => {
  test.each([
    [
      "rm -rf /var/lib/apt/lists/* /x",
      [
        ["/var/lib/apt/lists/*", true, false],
        ["/x", true, false],
      ],
    ],
    ["rm -f /x", [["/x", false, false]]],
    ["find /x -mindepth 1 -delete", [["/x", true, false]]],
    [
      "find /x /y -name '*.pyc' -exec rm -f {} +",
      [
        ["/x", true, true],
        ["/y", true, true],
      ],
    ],
    ["find /x -print", []],
  ])("%s", (text, expected) => {
    expect(facts(text).removedPaths.map(({ shape, recursive, isFiltered }) => [shape, recursive, isFiltered])).toEqual(
      expected,
    );
  });
});

describe("accounts", () => {
  const none = {
    id: undefined,
    group: undefined,
    groups: [],
    isSystem: false,
    createsHome: undefined,
    createsGroup: false,
  };

  test.each([
    ["useradd app", { ...none, kind: "user", change: "create", dialect: "shadow", name: "app", createsGroup: true }],
    [
      "useradd -r -l -m -u 1001 -g grp -G a,b app",
      {
        ...none,
        kind: "user",
        change: "create",
        dialect: "shadow",
        name: "app",
        id: "1001",
        group: "grp",
        groups: ["a", "b"],
        isSystem: true,
        createsHome: true,
      },
    ],
    [
      "adduser -D -u 1000 -G grp app",
      {
        ...none,
        kind: "user",
        change: "create",
        dialect: "busybox",
        name: "app",
        id: "1000",
        group: "grp",
        createsHome: true,
      },
    ],
    [
      "adduser -S -H app",
      { ...none, kind: "user", change: "create", dialect: "busybox", name: "app", isSystem: true, createsHome: false },
    ],
    [
      "adduser --system --group --uid 99 app",
      {
        ...none,
        kind: "user",
        change: "create",
        dialect: "debian",
        name: "app",
        id: "99",
        isSystem: true,
        createsGroup: true,
      },
    ],
    [
      "adduser --disabled-password --gecos '' app",
      {
        ...none,
        kind: "user",
        change: "create",
        dialect: "debian",
        name: "app",
        createsHome: true,
        createsGroup: true,
      },
    ],
    [
      "adduser app docker",
      { ...none, kind: "user", change: "modify", dialect: "unknown", name: "app", groups: ["docker"] },
    ],
    [
      "usermod -aG sudo app",
      { ...none, kind: "user", change: "modify", dialect: "shadow", name: "app", groups: ["sudo"] },
    ],
    ["groupadd -g 1000 grp", { ...none, kind: "group", change: "create", dialect: "shadow", name: "grp", id: "1000" }],
    [
      "addgroup -S -g 99 grp",
      { ...none, kind: "group", change: "create", dialect: "busybox", name: "grp", id: "99", isSystem: true },
    ],
    [
      "useradd -u $UID app",
      { ...none, kind: "user", change: "create", dialect: "shadow", name: "app", id: "?", createsGroup: true },
    ],
    [
      "echo 'app:x:1000:1000::/home/app:/bin/sh' >> /etc/passwd",
      { ...none, kind: "user", change: "create", dialect: "unknown", name: "app", id: "1000", group: "1000" },
    ],
  ])("%s", (text, expected) => {
    const [account] = facts(text).accounts;
    const { kind, change, dialect, name, id, group, groups, isSystem, createsHome, createsGroup } = account ?? {};

    expect({
      kind,
      change,
      dialect,
      name,
      id: id && shown(id),
      group,
      groups,
      isSystem,
      createsHome,
      createsGroup,
    }).toEqual(expected);
  });

  test("the number is marked, and the log option is known", () => {
    const [account] = facts("useradd --no-log-init --uid=70000 app").accounts;

    expect([written(account?.idRange), written(account?.nameRange), account?.noLogInit]).toEqual([
      "70000",
      "app",
      true,
    ]);
  });

  test("a loop creates an account for each name", () => {
    expect(facts("for u in a b; do useradd $u; done").accounts.map(({ name }) => name)).toEqual(["a", "b"]);
  });
});

describe("ownership", () => {
  test.each([
    ["chown -R app:app /a /b", [["chown", "app:app", true, ["/a", "/b"]]]],
    ["chmod +x /a", [["chmod", "+x", false, ["/a"]]]],
    ["chmod -x /a", [["chmod", "-x", false, ["/a"]]]],
    ["chmod -R 777 /a", [["chmod", "777", true, ["/a"]]]],
    ["chgrp --recursive g /a", [["chgrp", "g", true, ["/a"]]]],
    ["chown --reference=/x /a", [["chown", undefined, false, ["/a"]]]],
    ["install -o app -m 600 a /b", [["install", "app", false, ["/b"]]]],
    ["find /a -exec chown app {} +", [["chown", "app", false, ["{}"]]]],
  ])("%s", (text, expected) => {
    expect(
      facts(text).ownership.map(({ tool, spec, recursive, paths }) => [
        tool,
        spec,
        recursive,
        paths.map(({ shape }) => shape),
      ]),
    ).toEqual(expected);
  });
});

describe("what stays opaque", () => {
  test.each([
    ["curl -fsSL https://h | bash -s -- x", ["pipe"]],
    ["curl https://h | sudo -E bash -", ["pipe"]],
    ["bash <(curl https://h)", ["pipe"]],
    ["curl https://h | python3", ["pipe"]],
    ["./install.sh", ["script"]],
    ["sh /tmp/x.sh a", ["script"]],
    ["python3 setup.py install", ["script"]],
    [". /opt/x.sh", ["script"]],
    ["$CMD a", ["unknown"]],
    ["make install", ["installer"]],
    ["a 'b", ["partial"]],
  ])("%s", (text, kinds) => {
    expect(facts(text).opaqueCommands.map(({ kind }) => kind)).toEqual(kinds);
  });

  test.each([
    "apt-get update && apt-get install -y curl",
    "/usr/bin/apt-get update",
    "/opt/venv/bin/pip install x",
    ". /opt/venv/bin/activate && pip install x",
    ". /etc/os-release",
    "bash -c 'a b'",
    "bash <<E\na\nE",
    "f() { a; }; f",
    "sh -n x.sh",
    "python3 -c 'print(1)'",
    "echo x | tee y",
  ])("%s is plain", (text) => {
    expect(facts(text).opaque).toBeUndefined();
  });
});

test("exported variables, package commands and programs called by path are listed", () => {
  const all = facts("export A=1 B=$C; apk update; apk add x; apk del x; apk upgrade; apt-get clean; /opt/x y");

  expect(all.exports.map(({ name, value }) => [name, value])).toEqual([
    ["A", "1"],
    ["B", undefined],
  ]);
  expect([all.refreshes, all.installs, all.removals, all.upgrades, all.cleanups].map(({ length }) => length)).toEqual([
    1, 1, 1, 1, 1,
  ]);
  expect(all.runByPath.map(({ path }) => path)).toEqual(["/opt/x"]);
});
