import { type OptionTable, optionTable } from "./options.js";

/**
 * Options with value of tools that rules and facts ask about.
 *
 * Sources: the manuals of curl 8.14, wget 1.25, aria2 1.37, HTTPie 3.2, git 2.50, GNU coreutils 9.7 (cp, install, ln, mkdir,
 * mv, rm, tee, touch), GNU sed 4.9, GNU tar 1.35, unzip 6.0, shadow 4.17 (useradd, usermod, groupadd, groupmod), Debian's
 * adduser 3.150, busybox 1.37; read 2025-07.
 */
export const TOOL_OPTIONS: ReadonlyMap<string, OptionTable> = new Map([
  [
    "curl",
    optionTable(
      `-A --user-agent -b --cookie -c --cookie-jar -C --continue-at -d --data --data-ascii --data-binary --data-raw
      --data-urlencode -D --dump-header -e --referer -E --cert -F --form --form-string -h -H --header -K --config -m --max-time
      -o --output --output-dir -P --ftp-port -Q --quote -r --range -t --telnet-option -T --upload-file -u --user -U --proxy-user
      -w --write-out -x --proxy -X --request -y --speed-time -Y --speed-limit -z --time-cond --retry --retry-delay
      --retry-max-time --connect-timeout --connect-to --proto --proto-redir --proto-default --cacert --capath --cert-type --key
      --key-type --pass --url --url-query --json --limit-rate --max-redirs --max-filesize --resolve --tls-max --ciphers
      --tls13-ciphers --curves --interface --local-port --variable --aws-sigv4 --create-file-mode --oauth2-bearer --netrc-file
      --unix-socket --abstract-unix-socket --pinnedpubkey --noproxy --preproxy --socks5 --socks5-hostname --socks4 --socks4a
      --keepalive-time --stderr --trace --trace-ascii --dns-servers --doh-url --expect100-timeout --crlfile --engine --hsts
      --alt-svc --parallel-max --rate --request-target --service-name --happy-eyeballs-timeout-ms --delegation --login-options`,
    ),
  ],
  [
    "wget",
    optionTable(
      `-O --output-document -o --output-file -a --append-output -P --directory-prefix -i --input-file -B --base -t --tries
      -T --timeout --dns-timeout --connect-timeout --read-timeout -w --wait --waitretry -Q --quota -U --user-agent --header
      --user --password --http-user --http-password --ftp-user --ftp-password --proxy-user --proxy-password --referer
      --load-cookies --save-cookies --post-data --post-file --method --body-data --body-file --ca-certificate --ca-directory
      --certificate --certificate-type --private-key --private-key-type --secure-protocol --ciphers --limit-rate --max-redirect
      --cut-dirs --restrict-file-names --progress -e --execute -l --level -A --accept -R --reject -D --domains -I
      --include-directories -X --exclude-directories --default-page --start-pos --bind-address --prefer-family --local-encoding
      --remote-encoding --config --retry-on-http-error --compression --egd-file --random-file --crl-file --pinnedpubkey -Y`,
    ),
  ],
  [
    "aria2c",
    optionTable("-o --out -d --dir -x --max-connection-per-server -s --split -j -k -i --input-file --header -t -m -c"),
  ],
  [
    "http",
    optionTable("-o --output -a --auth -A --auth-type -p --print -s --style --timeout --proxy --verify --cert -b"),
  ],
  ["fetch", optionTable("-o -T -B -S -w -a -N --ca-cert --user-agent")],
  [
    "git",
    optionTable(
      `-C -c --git-dir --work-tree --namespace --exec-path -b --branch -o --origin --depth --reference --template --separate-git-dir
      -u --upload-pack -j --jobs --filter --shallow-since --shallow-exclude --config --server-option`,
    ),
  ],
  ["cp", optionTable("-t --target-directory -S --suffix")],
  ["mv", optionTable("-t --target-directory -S --suffix")],
  ["ln", optionTable("-t --target-directory -S --suffix")],
  ["install", optionTable("-t --target-directory -S --suffix -o --owner -g --group -m --mode --strip-program")],
  ["mkdir", optionTable("-m --mode")],
  ["touch", optionTable("-d --date -r --reference -t")],
  ["sed", optionTable("-e --expression -f --file -l --line-length")],
  [
    "tar",
    optionTable(
      "-f --file -C --directory -T --files-from -X --exclude-from --exclude --strip-components --strip --transform --xform -I --use-compress-program --owner --group --mode --wildcards-match -b -H --format -g -K -N -V --checkpoint",
    ),
  ],
  ["unzip", optionTable("-d -x -P -O -I")],
  ["bsdtar", optionTable("-f --file -C --cd --directory --exclude --strip-components -s")],
  [
    "gpg",
    optionTable(
      "-o --output --homedir --keyserver --recv-keys --keyring --primary-keyring --secret-keyring -r --recipient -u --local-user --passphrase --passphrase-file --passphrase-fd --pinentry-mode --keyserver-options --options --status-fd --trustdb-name --export-options --import-options",
    ),
  ],
  [
    "useradd",
    optionTable(
      `-b --base-dir -c --comment -d --home-dir --home -e --expiredate -f --inactive -F --add-subids-for-system -g --gid -G --groups
      -k --skel -K --key -p --password -R --root -P --prefix -s --shell -u --uid -Z --selinux-user --btrfs-subvolume-home`,
    ),
  ],
  [
    "usermod",
    optionTable(
      `-c --comment -d --home -e --expiredate -f --inactive -g --gid -G --groups -l --login -p --password -R --root -P --prefix
      -s --shell -u --uid -v --add-subuids -V --del-subuids -w --add-subgids -W --del-subgids -Z --selinux-user`,
    ),
  ],
  ["groupadd", optionTable("-g --gid -K --key -p --password -R --root -P --prefix -U --users")],
  ["groupmod", optionTable("-g --gid -n --new-name -p --password -R --root -P --prefix -U --users")],
  [
    "adduser",
    optionTable(
      `-h --home -g --gecos --comment -s --shell -G --ingroup -u --uid --gid -k --skel --conf --firstuid --lastuid --firstgid
      --lastgid --uid-pool --gid-pool -d --home-dir -c -b --base-dir -e -f -p --password -K --key --groups`,
    ),
  ],
  ["addgroup", optionTable("-g --gid --conf --firstgid --lastgid --gid-pool")],
]);

/** The option table of a tool; undefined when it has none here. */
export function toolOptions(name: string): OptionTable | undefined {
  return TOOL_OPTIONS.get(name);
}
