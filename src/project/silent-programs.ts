import { words } from "../text/words.js";
import type { RunView } from "./model.js";

/** Programs of build steps that read no variables but their own well-known ones. */
const NAMES =
  ": [ addgroup adduser apk apt apt-get apt-key awk basename cat cd chgrp chmod chown command cp curl cut date deluser delgroup dirname dnf dpkg echo exit expr export false find getent grep groupadd groupmod gunzip gzip head id install ldconfig ln ls md5sum microdnf mkdir mktemp mv printf pwd readlink realpath rm rmdir rpm sed set sha256sum sha512sum sleep sort stat tail tar tdnf tee test touch tr true type tzdata umask uname uniq unlink unzip update-ca-certificates useradd usermod wc wget which xargs xz yum zypper";

let names: ReadonlySet<string> | undefined;

/**
 * Whether a RUN is sure to read no variable that it does not name: only programs that are known not to, no scripts. Proxies and
 * settings of the programs themselves (`DEBIAN_FRONTEND`) are read all the same.
 */
export function readsOnlyNamedVariables({ script, commands, instruction }: RunView): boolean {
  if (instruction.heredocs.length > 0 || (script === undefined && instruction.form !== "json") || commands.length === 0)
    return false;
  names ??= new Set(words(NAMES));
  for (const { name } of commands) if (name === undefined || !names.has(name)) return false;
  return true;
}
