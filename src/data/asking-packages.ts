/**
 * Packages of Debian and Ubuntu that ask something when they are installed, by the priority `high` or above of their debconf
 * templates: where only one of the two asks, it is named.
 *
 * Source: the `.templates` and `.config` files of the packages in Debian 12 and Ubuntu 24.04; read 2025-08.
 */
const ASKING: readonly (readonly [names: string, distribution: "both" | "ubuntu"])[] = [
  ["tzdata", "ubuntu"],
  [
    "keyboard-configuration console-setup postfix slapd ttf-mscorefonts-installer iptables-persistent " +
      "ipset-persistent wireshark-common krb5-config libpam-krb5 nslcd phpmyadmin mysql-server " +
      "mysql-community-server jackd2 davfs2 localepurge nullmailer ubuntu-restricted-extras",
    "both",
  ],
];

let packages: ReadonlyMap<string, "both" | "ubuntu"> | undefined;

/** Whether the installation of a package asks something on a distribution. */
export function asksAtInstall(name: string, distribution: "debian" | "ubuntu"): boolean {
  packages ??= new Map(ASKING.flatMap(([names, where]) => names.split(" ").map((one) => [one, where] as const)));
  const where = packages.get(name);
  return where === "both" || (where === "ubuntu" && distribution === "ubuntu");
}
