import type { ServiceFacts } from "./base-image-model.js";
import type { ImageRow, Layer } from "./image-layer.js";
import { hasPart, type ImageTag, numberAfter } from "./image-tag.js";
import { alpine, debian, osOfTag } from "./operating-systems.js";

// Images of web servers and proxies.
// Sources: the Dockerfiles and documentation of the images (github.com/docker-library, hub.docker.com); 2026-11.

const HUB = "docker.io/library/";

function isAlpine(tag: ImageTag): boolean {
  return hasPart(tag, "alpine");
}

/** Curl came with nginx 1.21 on Debian; the slim variant of Alpine leaves it out. */
function nginx(tag: ImageTag): readonly Layer[] {
  const [major, minor = 0] = tag.version;
  const isOld = major !== undefined && major <= 1 && minor < 21 && tag.version.length > 1;
  const isSlim = isAlpine(tag) && hasPart(tag, "slim");
  const hasCurl = !isOld && !isSlim;
  return [
    isAlpine(tag) ? osOfTag(tag) : { ...osOfTag(tag), isMinimal: false },
    {
      accounts: "nginx:101:101",
      hasAllAccounts: true,
      present: `nginx envsubst ${hasCurl ? "curl" : ""}`,
      unsure: `openssl ${isOld ? "curl" : ""}`,
      environment: "NGINX_VERSION NJS_VERSION PKG_RELEASE",
      stopSignal: "SIGQUIT",
      entrypoint: ["/docker-entrypoint.sh"],
      command: ["nginx", "-g", "daemon off;"],
      exposes: [80],
      smaller: isAlpine(tag)
        ? []
        : [{ kind: "alpine", reference: tag.isLatest ? "nginx:alpine" : `nginx:${tag.parts[0]}-alpine` }],
      service: {
        kind: "web",
        ports: [80],
        writablePaths: ["/var/cache/nginx", "/run", "/tmp"],
        probeCommands: hasCurl ? ["curl"] : isAlpine(tag) ? ["wget"] : [],
        ...(hasCurl && { probe: ["CMD", "curl", "-fsS", "-o", "/dev/null", "http://127.0.0.1/"] }),
        fileSuffix: "none",
      },
    },
  ];
}

function nginxUnprivileged(tag: ImageTag): readonly Layer[] {
  const [base, root] = nginx(tag);
  const service: ServiceFacts = {
    kind: "web",
    ports: [8080],
    writablePaths: ["/tmp"],
    probeCommands: isAlpine(tag) ? ["wget"] : ["curl"],
    fileSuffix: "none",
  };
  return [base ?? {}, { ...root, defaultUser: { name: "nginx", uid: 101 }, exposes: [8080], smaller: [], service }];
}

function httpd(tag: ImageTag): readonly Layer[] {
  return [
    osOfTag(tag),
    {
      ...(isAlpine(tag) && { accounts: "www-data:82:82" }),
      present: "httpd httpd-foreground apachectl",
      unsure: "openssl perl",
      environment: "HTTPD_PREFIX=/usr/local/apache2 PATH HTTPD_VERSION HTTPD_SHA256 HTTPD_PATCHES",
      stopSignal: "SIGWINCH",
      workdir: "/usr/local/apache2",
      command: ["httpd-foreground"],
      exposes: [80],
      service: {
        kind: "web",
        ports: [80],
        writablePaths: ["/usr/local/apache2/logs"],
        probeCommands: isAlpine(tag) ? ["wget"] : [],
        fileSuffix: "none",
      },
    },
  ];
}

function caddy(tag: ImageTag): readonly Layer[] {
  if (hasPart(tag, "builder"))
    return [alpine(), { keepsAbsences: false, present: "go xcaddy", isSdk: true, runtimeImage: "caddy:2-alpine" }];
  return [
    alpine(numberAfter(tag, "alpine")),
    {
      present: "caddy",
      environment: "CADDY_VERSION XDG_CONFIG_HOME=/config XDG_DATA_HOME=/data",
      workdir: "/srv",
      exposes: [80, 443, 2019],
      service: {
        kind: "proxy",
        ports: [80, 443],
        dataPath: "/data",
        writablePaths: ["/data", "/config"],
        probeCommands: ["wget", "caddy"],
        fileSuffix: "none",
      },
    },
  ];
}

/** HAProxy starts as its own user since 2.4. */
function haproxy(tag: ImageTag): readonly Layer[] {
  const [major, minor = 0] = tag.version;
  const isOld = major !== undefined && (major < 2 || (major === 2 && minor < 4));
  const user: Layer = isOld ? {} : { defaultUser: { name: "haproxy", uid: 99 }, accounts: "haproxy:99:99" };
  return [
    osOfTag(tag),
    user,
    {
      hasAllAccounts: false,
      present: "haproxy",
      environment: "HAPROXY_VERSION HAPROXY_URL HAPROXY_SHA256",
      stopSignal: "SIGUSR1",
      entrypoint: ["docker-entrypoint.sh"],
      service: { kind: "proxy", ports: [80, 443], fileSuffix: "none" },
    },
  ];
}

/** Rows of web servers and proxies. */
export const WEB_IMAGES: readonly ImageRow[] = [
  { repositories: `${HUB}nginx`, source: "https://hub.docker.com/_/nginx", layers: nginx },
  {
    repositories:
      "docker.io/nginxinc/nginx-unprivileged quay.io/nginx/nginx-unprivileged ghcr.io/nginxinc/nginx-unprivileged",
    source: "https://hub.docker.com/r/nginxinc/nginx-unprivileged",
    layers: nginxUnprivileged,
  },
  { repositories: `${HUB}httpd`, source: "https://hub.docker.com/_/httpd", layers: httpd },
  { repositories: `${HUB}caddy`, source: "https://hub.docker.com/_/caddy", layers: caddy },
  { repositories: `${HUB}haproxy`, source: "https://hub.docker.com/_/haproxy", layers: haproxy },
  {
    repositories: `${HUB}traefik`,
    source: "https://hub.docker.com/_/traefik",
    layers: (tag) => [
      tag.parts.some((part) => /^(?:windowsservercore|nanoserver)/.test(part)) ? {} : alpine(),
      {
        keepsAbsences: false,
        present: "traefik",
        entrypoint: ["/entrypoint.sh"],
        command: ["traefik"],
        exposes: [80],
        service: { kind: "proxy", ports: [80, 443], probeCommands: ["traefik", "wget"], fileSuffix: "none" },
      },
    ],
  },
  {
    repositories: `${HUB}wordpress`,
    source: "https://hub.docker.com/_/wordpress",
    layers: (tag) => [
      isAlpine(tag) ? { ...alpine(), keepsAbsences: false } : debian(undefined),
      {
        keepsAbsences: false,
        ...(isAlpine(tag) && { accounts: "www-data:82:82" }),
        present: "php curl",
        isMinimal: false,
        // Those of php, and of its apache variant, from which it is made; without values, which its tags decide.
        environment:
          "PHPIZE_DEPS PHP_INI_DIR=/usr/local/etc/php PHP_CFLAGS PHP_CPPFLAGS PHP_LDFLAGS GPG_KEYS PHP_VERSION PHP_URL " +
          "PHP_ASC_URL PHP_SHA256 APACHE_CONFDIR APACHE_ENVVARS",
        workdir: "/var/www/html",
        entrypoint: ["docker-entrypoint.sh"],
        volumes: ["/var/www/html"],
        service: {
          kind: "web",
          ports: [hasPart(tag, "fpm") ? 9000 : 80],
          dataPath: "/var/www/html",
          probeCommands: ["curl"],
          fileSuffix: "_FILE",
        },
      },
    ],
  },
];
