import type { ImageRow, Layer } from "./image-layer.js";
import { hasPart, type ImageTag } from "./image-tag.js";
import { openOs, osOfTag } from "./operating-systems.js";

// Images of Java and of the build systems that bring one.
// Sources: the Dockerfiles and documentation of the images named in each row; 2026-11.

const HUB = "docker.io/library/";

/** A JDK or JRE on Ubuntu, where a base tag names neither JDK nor distribution. */
function temurin(tag: ImageTag): readonly Layer[] {
  const isRuntime = hasPart(tag, "jre");
  const base = openOs(tag, "ubuntu");
  return [
    base,
    {
      keepsAbsences: base.os?.family === "alpine",
      unsure: base.os?.family === "alpine" ? "bash openssl" : "",
      present: `java keytool ${isRuntime ? "" : "javac jar jps jlink jshell"}`,
      absent: isRuntime ? "javac jlink" : "",
      environment:
        "JAVA_HOME=/opt/java/openjdk LANG=en_US.UTF-8 LANGUAGE=en_US:en LC_ALL=en_US.UTF-8 JAVA_VERSION " +
        "PATH=/opt/java/openjdk/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      entrypoint: ["/__cacert_entrypoint.sh"],
      isSdk: !isRuntime,
      isMinimal: isRuntime,
      ...(!isRuntime && {
        runtimeImage: runtimeOf(tag),
        smaller: [{ kind: "runtime" as const, reference: runtimeOf(tag) }],
      }),
    },
  ];
}

/** `21-jdk-noble` and `21-noble` as `21-jre-noble`. */
function runtimeOf(tag: ImageTag): string {
  if (tag.isLatest) return "eclipse-temurin:25-jre";
  const rest = tag.parts.filter((part) => part !== "jdk");
  return `eclipse-temurin:${[rest[0], "jre", ...rest.slice(1)].join("-")}`;
}

/** An SDK on an operating system that only some tags tell. */
function javaBuild(tool: string, environment: string): (tag: ImageTag) => readonly Layer[] {
  return (tag) => {
    const version = /(?:temurin|jdk|openjdk)-?(\d{1,2})/.exec(tag.written)?.[1];
    const base = openOs(tag);
    return [
      base,
      {
        keepsAbsences: false,
        present: `java javac jar ${tool}`,
        environment,
        isSdk: true,
        isMinimal: false,
        runtimeImage: `eclipse-temurin:${version === undefined ? "21" : version}-jre`,
      },
    ];
  };
}

function corretto(tag: ImageTag): readonly Layer[] {
  const isAlpine = hasPart(tag, "alpine");
  const base: Layer = isAlpine
    ? osOfTag(tag)
    : {
        os: { family: "amazon" },
        libc: "glibc",
        shell: "bash",
        defaultUser: { name: "root", uid: 0 },
        hasHealthcheck: false,
        present: "bash sh",
      };
  return [
    base,
    {
      present: `java ${hasPart(tag, "headless") || hasPart(tag, "jre") ? "" : "javac"}`,
      unsure: isAlpine ? "bash" : "",
      environment: "JAVA_HOME LANG=C.UTF-8",
      isSdk: !(hasPart(tag, "headless") || hasPart(tag, "jre")),
    },
  ];
}

/** Rows of Java. */
export const JAVA_IMAGES: readonly ImageRow[] = [
  { repositories: `${HUB}eclipse-temurin`, source: "https://hub.docker.com/_/eclipse-temurin", layers: temurin },
  { repositories: `${HUB}amazoncorretto`, source: "https://hub.docker.com/_/amazoncorretto", layers: corretto },
  {
    repositories: `${HUB}openjdk`,
    source: "https://hub.docker.com/_/openjdk",
    layers: (tag) => {
      const isRuntime = hasPart(tag, "jre");
      const [major] = tag.version;
      const runtime: Layer = isRuntime || major === undefined ? {} : { runtimeImage: `eclipse-temurin:${major}-jre` };
      return [
        openOs(tag),
        {
          keepsAbsences: hasPart(tag, "slim") || hasPart(tag, "alpine"),
          present: "java",
          environment: "JAVA_HOME LANG=C.UTF-8 JAVA_VERSION PATH",
          isSdk: !isRuntime,
          ...runtime,
        },
      ];
    },
  },
  {
    repositories: `${HUB}maven`,
    source: "https://hub.docker.com/_/maven",
    layers: javaBuild("mvn", "JAVA_HOME MAVEN_HOME=/usr/share/maven MAVEN_CONFIG=/root/.m2"),
  },
  {
    repositories: `${HUB}gradle`,
    source: "https://hub.docker.com/_/gradle",
    layers: (tag) => [
      ...javaBuild("gradle git curl wget unzip", "JAVA_HOME GRADLE_HOME=/opt/gradle GRADLE_VERSION")(tag),
      // The images on Noble move the distribution's own account out of the way, so only the name is sure.
      { hasAllAccounts: false, workdir: "/home/gradle", command: ["gradle"] },
    ],
  },
  {
    repositories: "docker.io/sbtscala/scala-sbt docker.io/hseeberger/scala-sbt",
    source: "https://hub.docker.com/r/sbtscala/scala-sbt",
    layers: javaBuild("sbt scala", "JAVA_HOME"),
  },
];
