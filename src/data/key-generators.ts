/** How a program that makes private keys is called for it, and which options say where the key goes. */
export interface KeyGenerator {
  readonly program: string;
  /** Words of which one has to be there, as it is written; empty: the program does nothing else. */
  readonly when: readonly string[];
  /** As `when`, for a second word. */
  readonly and?: readonly string[];
  /** Words with which it makes no new key. */
  readonly unless?: readonly string[];
  /** Options whose value is the file of the key. */
  readonly output: readonly string[];
  /** Where the key goes without such an option; absent: to standard output, or somewhere in the home folder. */
  readonly folder?: string;
}

/**
 * Commands that make a private key. Sources: manual pages of the programs; 2026-11.
 */
export const KEY_GENERATORS: readonly KeyGenerator[] = [
  { program: "ssh-keygen", when: ["-A"], output: [], folder: "/etc/ssh" },
  {
    program: "ssh-keygen",
    when: ["-t", "-N", "-b"],
    unless: ["-y", "-l", "-R", "-F", "-H", "-e", "-i", "-p", "-s", "-L", "-B", "-r", "-Y", "-c"],
    output: ["-f"],
  },
  { program: "openssl", when: ["genrsa", "gendsa"], output: ["-out"] },
  { program: "openssl", when: ["genpkey"], unless: ["-genparam"], output: ["-out"] },
  { program: "openssl", when: ["ecparam"], and: ["-genkey"], output: ["-out"] },
  { program: "openssl", when: ["req"], and: ["-newkey", "-keyout"], unless: ["-key"], output: ["-keyout"] },
  { program: "certtool", when: ["--generate-privkey", "-p"], output: ["--outfile"] },
  { program: "step", when: ["ca"], and: ["init"], output: [] },
  { program: "step", when: ["certificate"], and: ["create"], output: [] },
  { program: "mkcert", when: [], unless: ["-CAROOT", "-uninstall", "-csr"], output: ["-key-file"] },
  { program: "keytool", when: ["-genkeypair", "-genkey", "-genseckey"], output: ["-keystore"] },
  {
    program: "gpg",
    when: [
      "--gen-key",
      "--generate-key",
      "--full-gen-key",
      "--full-generate-key",
      "--quick-gen-key",
      "--quick-generate-key",
    ],
    output: [],
  },
  { program: "wg", when: ["genkey"], output: [] },
  { program: "make-ssl-cert", when: ["generate-default-snakeoil"], output: [], folder: "/etc/ssl/private" },
];

/**
 * Debian packages whose installation makes a private key, and where. Source: their `postinst` scripts in Debian 12; 2026-11.
 */
export const KEY_PACKAGES: ReadonlyMap<string, string> = new Map([
  ["openssh-server", "/etc/ssh/ssh_host_rsa_key"],
  ["ssl-cert", "/etc/ssl/private/ssl-cert-snakeoil.key"],
]);
