/** The day as which these dates are judged, so that results do not change overnight. */
export const END_OF_LIFE_DATE = "2026-11-21";

/** The releases of one product, as its images tag them. */
export interface Product {
  /** As a sentence names it: `Node.js`. */
  readonly title: string;
  /** Normalised repositories, with blanks between them. */
  readonly repositories: string;
  /**
   * `release=date` words; the date is the last on which the publisher promises security fixes to everyone, or its
   * month when the day is not settled. A release is compared with as many numbers of the tag as it has itself.
   */
  readonly releases: string;
  /** The release to move to. */
  readonly successor: string;
  /** Names that tags have instead of numbers: `gallium=16` words. */
  readonly names?: string;
  /** Where the dates come from. */
  readonly source: string;
}

const HUB = "docker.io/library/";
const DOTNET = "mcr.microsoft.com/dotnet/";

/** Debian, with long-term support; its code names stand in tags of other images too. */
export const DEBIAN: Product = {
  title: "Debian",
  repositories: `${HUB}debian`,
  releases: "7=2018-05-31 8=2020-06-30 9=2022-06-30 10=2024-06-30 11=2026-08-31 12=2028-06-30 13=2030-06-30",
  names: "wheezy=7 jessie=8 stretch=9 buster=10 bullseye=11 bookworm=12 trixie=13",
  successor: "trixie",
  source: "https://endoflife.date/debian",
};

/** Ubuntu, standard support; the paid extension is not for everyone. */
export const UBUNTU: Product = {
  title: "Ubuntu",
  repositories: `${HUB}ubuntu`,
  releases:
    "14.04=2019-04-25 16.04=2021-04-30 18.04=2023-05-31 19.10=2020-07-17 20.04=2025-05-31 20.10=2021-07-22 " +
    "21.04=2022-01-20 21.10=2022-07-14 22.04=2027-04 22.10=2023-07-20 23.04=2024-01-25 23.10=2024-07-11 24.04=2029-04 " +
    "24.10=2025-07-10 25.04=2026-01-15 25.10=2026-07",
  names:
    "trusty=14.04 xenial=16.04 bionic=18.04 focal=20.04 jammy=22.04 lunar=23.04 mantic=23.10 noble=24.04 " +
    "oracular=24.10 plucky=25.04 questing=25.10",
  successor: "24.04",
  source: "https://wiki.ubuntu.com/Releases",
};

/** Alpine; other images write `alpine3.20`. */
export const ALPINE: Product = {
  title: "Alpine",
  repositories: `${HUB}alpine`,
  releases:
    "3.5=2018-11-01 3.6=2019-05-01 3.7=2019-11-01 3.8=2020-05-01 3.9=2020-11-01 3.10=2021-05-01 3.11=2021-11-01 " +
    "3.12=2022-05-01 3.13=2022-11-01 3.14=2023-05-01 3.15=2023-11-01 3.16=2024-05-23 3.17=2024-11-22 3.18=2025-05-09 " +
    "3.19=2025-11-01 3.20=2026-04-01 3.21=2026-11-01 3.22=2027-05-01",
  successor: "3.22",
  source: "https://alpinelinux.org/releases/",
};

/** Everything else, by repository. */
export const PRODUCTS: readonly Product[] = [
  DEBIAN,
  UBUNTU,
  ALPINE,
  {
    title: "CentOS Linux",
    repositories: `${HUB}centos`,
    releases: "5=2017-03-31 6=2020-11-30 7=2024-06-30 8=2021-12-31",
    names: "centos5=5 centos6=6 centos7=7 centos8=8",
    successor: "almalinux:9",
    source: "https://www.centos.org/centos-linux-eol/",
  },
  {
    title: "CentOS Stream",
    repositories: "quay.io/centos/centos",
    releases: "8=2024-05-31 9=2027-05-31",
    names: "stream8=8 stream9=9",
    successor: "stream9",
    source: "https://www.centos.org/cl-vs-cs/",
  },
  {
    title: "Fedora",
    repositories: `${HUB}fedora registry.fedoraproject.org/fedora quay.io/fedora/fedora`,
    releases: "35=2022-12-13 36=2023-05-16 37=2023-12-05 38=2024-05-21 39=2024-11-26 40=2025-05-13",
    successor: "43",
    source: "https://docs.fedoraproject.org/en-US/releases/eol/",
  },
  {
    title: "Amazon Linux",
    repositories: `${HUB}amazonlinux public.ecr.aws/amazonlinux/amazonlinux`,
    releases: "1=2023-12-31 2018=2023-12-31 2=2026-06-30 2023=2029-06-30",
    successor: "2023",
    source: "https://aws.amazon.com/amazon-linux-2/faqs/",
  },
  {
    title: "Red Hat UBI",
    repositories:
      "registry.access.redhat.com/ubi7 registry.access.redhat.com/ubi7/ubi registry.access.redhat.com/ubi7/ubi-minimal",
    releases: "7=2024-06-30",
    successor: "registry.access.redhat.com/ubi9",
    source: "https://access.redhat.com/support/policy/updates/errata",
  },
  {
    title: "openSUSE Leap",
    repositories: "docker.io/opensuse/leap registry.opensuse.org/opensuse/leap",
    releases: "15.3=2022-12-31 15.4=2023-12-07 15.5=2024-12-31 15.6=2026-04-30",
    successor: "16.0",
    source: "https://en.opensuse.org/Lifetime",
  },
  {
    title: "Python",
    repositories: `${HUB}python`,
    releases:
      "2=2020-01-01 3.4=2019-03-18 3.5=2020-09-30 3.6=2021-12-23 3.7=2023-06-27 3.8=2024-10-07 3.9=2025-10-31 " +
      "3.10=2026-10-31 3.11=2027-10-31 3.12=2028-10-31 3.13=2029-10-31",
    successor: "3.13",
    source: "https://devguide.python.org/versions/",
  },
  {
    title: "Node.js",
    repositories: `${HUB}node`,
    releases:
      "4=2018-04-30 6=2019-04-30 8=2019-12-31 9=2018-06-30 10=2021-04-30 11=2019-06-01 12=2022-04-30 13=2020-06-01 " +
      "14=2023-04-30 15=2021-06-01 16=2023-09-11 17=2022-06-01 18=2025-04-30 19=2023-06-01 20=2026-04-30 21=2024-06-01 " +
      "22=2027-04-30 23=2025-06-01 24=2028-04-30 25=2026-06-01",
    names: "argon=4 boron=6 carbon=8 dubnium=10 erbium=12 fermium=14 gallium=16 hydrogen=18 iron=20 jod=22 krypton=24",
    successor: "24",
    source: "https://github.com/nodejs/release",
  },
  {
    title: "Ruby",
    repositories: `${HUB}ruby`,
    releases:
      "2.3=2019-03-31 2.4=2020-03-31 2.5=2021-03-31 2.6=2022-04-12 2.7=2023-03-31 3.0=2024-04-23 3.1=2025-03-26 " +
      "3.2=2026-03-31 3.3=2027-03-31 3.4=2028-03-31",
    successor: "3.4",
    source: "https://www.ruby-lang.org/en/downloads/branches/",
  },
  {
    title: "PHP",
    repositories: `${HUB}php`,
    releases:
      "5=2018-12-31 7.0=2019-01-10 7.1=2019-12-01 7.2=2020-11-30 7.3=2021-12-06 7.4=2022-11-28 8.0=2023-11-26 " +
      "8.1=2025-12-31 8.2=2026-12-31 8.3=2027-12-31 8.4=2028-12-31",
    successor: "8.4",
    source: "https://www.php.net/supported-versions.php",
  },
  {
    title: "Go",
    repositories: `${HUB}golang`,
    releases:
      "1.11=2019-09-03 1.12=2020-02-25 1.13=2020-08-11 1.14=2021-02-16 1.15=2021-08-16 1.16=2022-03-15 1.17=2022-08-02 " +
      "1.18=2023-02-01 1.19=2023-08-08 1.20=2024-02-06 1.21=2024-08-13 1.22=2025-02-11 1.23=2025-08-12 1.24=2026-02 " +
      "1.25=2026-08",
    successor: "1.26",
    source: "https://go.dev/doc/devel/release",
  },
  {
    title: "Java",
    repositories: `${HUB}eclipse-temurin ${HUB}amazoncorretto`,
    releases:
      "9=2018-03 10=2018-09 12=2019-09 13=2020-03 14=2020-09 15=2021-03 16=2021-09 18=2022-09 19=2023-03 20=2023-09 " +
      "22=2024-09 23=2025-03 24=2025-09",
    successor: "25",
    source: "https://adoptium.net/support/",
  },
  {
    title: ".NET",
    repositories: [
      "sdk",
      "aspnet",
      "runtime",
      "runtime-deps",
      "core/sdk",
      "core/aspnet",
      "core/runtime",
      "core/runtime-deps",
    ]
      .map((name) => `${DOTNET}${name}`)
      .join(" "),
    releases:
      "2.1=2021-08-21 2.2=2019-12-23 3.0=2020-03-03 3.1=2022-12-13 5.0=2022-05-10 6.0=2024-11-12 7.0=2024-05-14 " +
      "8.0=2026-11-10 9.0=2026-11-10 10.0=2028-11",
    successor: "10.0",
    source: "https://dotnet.microsoft.com/en-us/platform/support/policy/dotnet-core",
  },
  {
    title: "PostgreSQL",
    repositories: `${HUB}postgres`,
    releases:
      "9.4=2020-02-13 9.5=2021-02-11 9.6=2021-11-11 10=2022-11-10 11=2023-11-09 12=2024-11-21 13=2025-11-13 " +
      "14=2026-11-12 15=2027-11-11 16=2028-11-09 17=2029-11-08 18=2030-11-14",
    successor: "17",
    source: "https://www.postgresql.org/support/versioning/",
  },
  {
    title: "MySQL",
    repositories: `${HUB}mysql`,
    releases: "5.5=2018-12 5.6=2021-02 5.7=2023-10 8.0=2026-04 8.4=2032-04",
    successor: "8.4",
    source: "https://www.mysql.com/support/",
  },
  {
    title: "MariaDB",
    repositories: `${HUB}mariadb`,
    releases:
      "10.1=2020-10-17 10.2=2022-05-23 10.3=2023-05-25 10.4=2024-06-18 10.5=2025-06-24 10.6=2026-07-06 10.7=2023-02-09 " +
      "10.8=2023-05-20 10.9=2023-08-22 10.10=2023-11-17 10.11=2028-02-16 11.0=2024-06-06 11.1=2024-08-21 11.2=2024-11-21 " +
      "11.3=2024-05-29 11.4=2029-05-29",
    successor: "11.4",
    source: "https://mariadb.org/about/#maintenance-policy",
  },
  {
    title: "MongoDB",
    repositories: `${HUB}mongo`,
    releases: "3.6=2021-04 4.0=2022-04 4.2=2023-04 4.4=2024-02 5.0=2024-10 6.0=2025-07 7.0=2027-08",
    successor: "8.0",
    source: "https://www.mongodb.com/legal/support-policy/lifecycles",
  },
];

/** A repository that its publisher gave up or moved. */
export interface DeprecatedRepository {
  /** Normalised; `x/*` stands for every repository below `x`. */
  readonly repository: string;
  /** What to use instead, as a person writes it; absent when nothing takes its place. */
  readonly successor?: string;
}

/**
 * Repositories without updates. Sources: the deprecation notices on their pages at hub.docker.com, and for images
 * outside Docker Official Images the notice of the publisher; 2026-11.
 */
export const DEPRECATED_REPOSITORIES: readonly DeprecatedRepository[] = [
  { repository: `${HUB}openjdk`, successor: "eclipse-temurin" },
  { repository: `${HUB}java`, successor: "eclipse-temurin" },
  { repository: `${HUB}adoptopenjdk`, successor: "eclipse-temurin" },
  { repository: "docker.io/adoptopenjdk/*", successor: "eclipse-temurin" },
  { repository: `${HUB}centos`, successor: "almalinux or quay.io/centos/centos" },
  { repository: `${HUB}iojs`, successor: "node" },
  { repository: `${HUB}django`, successor: "python" },
  { repository: `${HUB}rails`, successor: "ruby" },
  { repository: `${HUB}celery`, successor: "python" },
  { repository: `${HUB}jenkins`, successor: "jenkins/jenkins" },
  { repository: `${HUB}sentry`, successor: "getsentry/sentry" },
  { repository: `${HUB}opensuse`, successor: "opensuse/leap" },
  { repository: `${HUB}owncloud`, successor: "owncloud/server" },
  { repository: `${HUB}vault`, successor: "hashicorp/vault" },
  { repository: `${HUB}consul`, successor: "hashicorp/consul" },
  { repository: "docker.io/microsoft/dotnet", successor: "mcr.microsoft.com/dotnet/sdk" },
  { repository: "docker.io/microsoft/aspnetcore", successor: "mcr.microsoft.com/dotnet/aspnet" },
  { repository: "docker.io/microsoft/aspnetcore-build", successor: "mcr.microsoft.com/dotnet/sdk" },
  { repository: "docker.io/microsoft/mssql-server-linux", successor: "mcr.microsoft.com/mssql/server" },
  { repository: "docker.io/circleci/*", successor: "cimg/*" },
  { repository: "docker.io/bitnamilegacy/*" },
  { repository: "docker.io/jwilder/nginx-proxy", successor: "nginxproxy/nginx-proxy" },
  { repository: "docker.io/jwilder/docker-gen", successor: "nginxproxy/docker-gen" },
  { repository: "docker.io/mailhog/mailhog", successor: "axllent/mailpit" },
  { repository: "docker.io/wurstmeister/kafka", successor: "apache/kafka" },
  { repository: "k8s.gcr.io/*", successor: "registry.k8s.io/*" },
];
