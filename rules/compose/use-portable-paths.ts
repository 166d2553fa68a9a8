import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { type HostPath, hostPathsOf, hostPathsOfResources } from "../../src/project/host-paths.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "compose/use-portable-paths",
  summary: "The project works from any checkout",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    absolute: { summary: "an absolute path that is no system path" },
    home: { summary: "a path in somebody's home", levels: { recommended: "off", strict: "info" } },
    climbing: {
      summary: "a path that leads out of the repository",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A path that begins at one person's home or drive is there on one machine. On any other one Docker mounts an empty folder " +
      "that it makes there, or the build fails.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#volumes",
    "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
  ],
  yieldsTo: ["runtime/no-host-mounts", "runtime/no-docker-socket"],
  mentions: { compose: ["volumes", "build", "file"] },
  check: {
    *service(service, ctx) {
      for (const path of hostPathsOf(service)) yield* judge(path, ctx);
    },
    *variant(variant, ctx) {
      for (const path of hostPathsOfResources(variant)) yield* judge(path, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "somebody's home, a drive, a folder of one server",
        kind: "absolute",
        message: "`/opt/shop/web.env` exists on one machine only; write it relative to this file",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    env_file: «/opt/shop/web.env»",
            "    volumes:",
            '      - "«/home/ana/shop»:/app"',
            "      - «C:\\Users\\ana\\shop»:/win",
            "      - { type: bind, source: «/Users/ana/data», target: /data }",
            "      - «/srv/shop»:/srv",
          ],
        },
      },
      {
        name: "builds, secrets, and volumes that bind a folder",
        kind: "absolute",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { build: { context: «/home/ana/api», dockerfile: «/home/ana/Dockerfile» } }",
            "secrets: { key: { file: «/home/ana/key» } }",
            "volumes:",
            "  data: { driver: local, driver_opts: { type: none, o: bind, device: «/home/ana/data» } }",
          ],
        },
      },
      {
        name: "a home",
        kind: "home",
        message: "`~/shop` is another folder for each user",
        files: { "compose.yaml": ["services: { web: { image: nginx:1.27.4, volumes: ['«~/shop»:/app'] } }"] },
      },
      {
        name: "out of the repository",
        kind: "climbing",
        message: "`../theme` leads out of the repository; a fresh clone lacks it",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4, volumes: ['«../theme»:/theme'] } }"],
        },
      },
    ],
    good: [
      {
        name: "relative paths and volumes",
        files: {
          "deploy/compose.yaml": [
            "services:",
            "  web:",
            "    build: ../web",
            "    env_file: web.env",
            "    volumes: ['./shop:/app', 'data:/data', '../theme:/theme', '/app/node_modules']",
            "volumes: { data: }",
          ],
        },
      },
      {
        name: "system paths, sockets and devices",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: prom/node-exporter:v1.9.0",
            "    volumes:",
            "      - /etc/localtime:/etc/localtime:ro",
            "      - /var/run/docker.sock:/var/run/docker.sock",
            "      - /proc:/host/proc:ro",
            "      - /dev/dri:/dev/dri",
            "      - /var/log/agent:/var/log/agent",
            "      - /opt/agent/agent.sock:/run/agent.sock",
            "      - /:/host:ro",
            "      - { type: npipe, source: '\\\\.\\pipe\\docker_engine', target: '\\\\.\\pipe\\docker_engine' }",
          ],
        },
      },
      {
        name: "the layout of a server, where production is stated",
        files: {
          "compose.prod.yaml": [
            "services: { web: { image: nginx:1.27.4, volumes: ['/srv/shop:/app', '/mnt/data:/data', '/data/a:/a'] } }",
          ],
        },
      },
      {
        name: "variables",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    volumes: ['${DATA_DIR:-./data}:/a', '${HOME}/b:/b', '${DIR:-/opt/c}:/c', '$PWD:/d']",
          ],
        },
      },
    ],
  },
});

const SYSTEM: ReadonlySet<string> = new Set(
  "bin boot dev etc lib lib32 lib64 proc root run sbin sys tmp usr var".split(" "),
);
const SERVER: ReadonlySet<string> = new Set(["srv", "mnt", "data", "media"]);

function* judge({ text, range, isClimbing, use }: HostPath, { role }: RuleContext): Iterable<Finding> {
  if (isClimbing) {
    // What is said of builds `compose/require-build-files` says.
    if (use === "build") return;
    const message = `${quoted(text)} leads out of the repository; a fresh clone lacks it`;
    yield { kind: "climbing", range, message };
  } else if (text.startsWith("~")) {
    const message = `${quoted(text)} is another folder for each user; write it relative to this file`;
    yield { kind: "home", range, message };
  } else if (isOfOneMachine(text, role.name === "production" && role.stated)) {
    const message = `${quoted(text)} exists on one machine only; write it relative to this file`;
    yield { kind: "absolute", range, message };
  }
}

function isOfOneMachine(path: string, isServer: boolean): boolean {
  if (path.charAt(1) === ":") return path.length > 2;
  if (!path.startsWith("/") || path.endsWith(".sock")) return false;
  const end = path.indexOf("/", 1);
  const top = path.slice(1, end === -1 ? undefined : end);
  return top !== "" && !SYSTEM.has(top) && !(isServer && SERVER.has(top));
}
