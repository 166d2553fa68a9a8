import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type LostState, lostState } from "../../src/project/lost-state.js";
import { writtenRuns } from "../../src/project/written-runs.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "shell/no-lost-state",
  summary: "No command whose only effect ends with its RUN",
  levels: { recommended: "warning", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "Each RUN is a shell of its own in a container of its own, and only files are kept: the directory, variables, options, " +
      "processes and settings of the kernel are gone when it ends. The next line, and the container, know nothing of them.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#run",
    "https://docs.docker.com/build/building/best-practices/#env",
  ],
  yieldsTo: ["shell/use-workdir"],
  check: {
    *stage(stage) {
      for (const run of writtenRuns(stage)) for (const found of lostState(run)) yield describe(found);
    },
  },
  examples: {
    bad: [
      {
        name: "variables",
        message: "`export` has no effect after this RUN; use `ENV`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «export» PATH=/opt/x/bin:$PATH",
            "RUN make && «VERSION»=1.4.2",
            "ONBUILD RUN «export» A=b",
          ],
        },
      },
      {
        name: "the directory",
        message: "`cd` has no effect after this RUN; use `WORKDIR`",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN «cd» /app", "RUN mkdir /srv/x && «cd» /srv/x"] },
      },
      {
        name: "options and settings of the shell",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN «set» -e",
            "RUN python -m venv /venv && «.» /venv/bin/activate",
            'SHELL ["/bin/bash", "-c"]',
            "RUN «source» ~/.bashrc",
            "RUN «umask» 027",
            "RUN «ulimit» -n 65536",
            "RUN «alias» ll='ls -l'",
            "RUN «shopt» -s globstar",
          ],
        },
      },
      {
        name: "services and processes in the background",
        message: "`service nginx start` ends with this RUN",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get install -y nginx && «service» nginx start",
            "RUN «/etc/init.d/postgresql» start && sleep 2",
            "RUN «systemctl» enable --now nginx",
            "RUN «redis-server» /etc/redis.conf &",
          ],
        },
      },
      {
        name: "settings of the kernel",
        message: "`sysctl` sets nothing that the image keeps",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «sysctl» -w vm.max_map_count=262144 && echo done",
            "RUN «modprobe» tun || true",
            "RUN «mount» -t tmpfs none /mnt && ls /mnt",
            "RUN «hostname» api && «date» -s '2026-01-01' && «swapon» /swap",
          ],
        },
      },
    ],
    good: [
      {
        name: "instructions that are kept",
        files: { Dockerfile: ["FROM debian:12-slim", "ENV PATH=/opt/x/bin:$PATH", "WORKDIR /app"] },
      },
      {
        name: "state that the same RUN uses",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN set -e; export A=b; cd /app && make",
            "RUN . /venv/bin/activate && pip install -r requirements.txt",
            "RUN umask 027 && mkdir /data",
            "RUN VERSION=$(make version)",
            "RUN export VERSION=$(make version)",
          ],
        },
      },
      {
        name: "state that is written to a file",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN echo 'export A=b' >> /etc/profile && export A=b",
            "RUN echo A=b >> /etc/environment && export A=b",
            "RUN set > /settings && export",
          ],
        },
      },
      {
        name: "services that the same RUN uses, or that start with the system",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN service postgresql start && psql -f /seed.sql",
            "RUN redis-server & sleep 1 && redis-cli set a b",
            "RUN nohup ollama serve & until curl -f http://localhost:11434; do sleep 1; done; ollama pull phi3",
            "RUN make a & make b & wait",
            "RUN systemctl enable nginx",
            "RUN service nginx status",
          ],
        },
      },
      {
        name: "a script that may do more than set variables",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN . /build/install.sh",
            "RUN (cd /app && make)",
            "RUN if true; then cd /x; fi",
          ],
        },
      },
      {
        name: "a step that may change the machine, and questions",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --security=insecure mount -t proc proc /t/proc && ls /t",
            "RUN sysctl vm.max_map_count && hostname && hostname -f && date +%s && mount",
          ],
        },
      },
      {
        name: "when the container starts",
        files: { Dockerfile: ["FROM debian:12-slim", "CMD service nginx start"] },
      },
    ],
  },
});

/** What becomes of each kind, and what to do instead. */
const WORDS = {
  directory: "has no effect after this RUN; use `WORKDIR`",
  kernel: "sets nothing that the image keeps; set it where the container runs",
  process: "ends with this RUN; start it in CMD or ENTRYPOINT",
  shell: "has no effect after this RUN; put it before the command that needs it",
  variable: "has no effect after this RUN; use `ENV`",
} as const satisfies Record<LostState["kind"], string>;

function describe({ kind, invocation, text }: LostState): Finding {
  return { range: invocation.nameRange, message: `${quoted(text)} ${WORDS[kind]}` };
}
