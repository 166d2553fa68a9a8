/**
 * Commands that make no sense while an image is built, with what they would do: name, then the rest of a sentence.
 *
 * Source: their manuals (procps 4.0, util-linux 2.40, systemd 257, OpenSSH 9.9), read 2026-11; the list began with that of
 * hadolint's documentation of DL3001.
 */
const ROWS = `
emacs waits for a person
free shows the builder, not your container
halt stops a machine, and a build step has none
htop shows the builder, not your container
ifconfig shows the network of the builder, not that of your container
kill ends a process, and none but this step is running
less waits for a person
more waits for a person
mount mounts nothing in a build, and no mount would be kept
nano waits for a person
poweroff stops a machine, and a build step has none
ps shows the builder, not your container
reboot stops a machine, and a build step has none
service starts nothing that would be running in the image
shutdown stops a machine, and a build step has none
ssh leads to a machine that knows nothing of this build
systemctl talks to a systemd that does not run in a build
top shows the builder, not your container
umount unmounts nothing that would be in the image
vi waits for a person
vim waits for a person`;

/** Those that hadolint names. */
export const POSIX_POINTLESS: ReadonlySet<string> = new Set(
  "free kill mount ps service shutdown ssh top vim".split(" "),
);

let reasons: ReadonlyMap<string, string> | undefined;

/** What a command would do in a build, as the rest of a sentence that begins with its name; undefined for all others. */
export function pointlessReason(name: string): string | undefined {
  if (reasons === undefined) {
    const table = new Map<string, string>();
    for (const row of ROWS.split("\n")) {
      const blank = row.indexOf(" ");
      if (blank > 0) table.set(row.slice(0, blank), row.slice(blank + 1));
    }
    reasons = table;
  }
  return reasons.get(name);
}
