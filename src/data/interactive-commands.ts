/** A program that asks a person, unless its words say otherwise. */
export interface InteractiveCommand {
  /** First word behind the program with which it asks; undefined: it always does. */
  readonly verb: string | undefined;
  /** Sets of options; one of each set must be given so that it does not ask. `NAME=` is a variable; empty: it always asks. */
  readonly needs: readonly (readonly string[])[];
  /** Words with which it does something else. */
  readonly except: readonly string[];
  /** What it asks, as the rest of a sentence. */
  readonly asks: string;
  /** What to add, or to use instead. */
  readonly remedy: string;
}

// Program, verb (`-`: none), needs (alternatives with `|`, sets with `,`, `-`: nothing helps), except (`|`, `-`: none),
// question, remedy; columns are separated by two blanks. Of passwd(1) of shadow 4.17, debconf 1.5, ssh-keygen(1) of OpenSSH
// 9.9, openssl-req(1) of OpenSSL 3.5, gpg(1) of GnuPG 2.4, npm 11, Yarn 1.22, Docker 28, MariaDB 11, tzdata, CPAN 2.38 and
// Certbot 4, read 2026-11.
const ROWS = `
passwd  -  -l|-d|-u|-e|-S|--lock|--delete|--unlock|--expire|--status|--stdin  -  asks for a password  leave the account locked
dpkg-reconfigure  -  -fnoninteractive|-f|--frontend|DEBIAN_FRONTEND=  -  asks questions  set \`DEBIAN_FRONTEND=noninteractive\` for it
ssh-keygen  -  -f,-N  -A|-y|-l|-R|-F|-H|-e|-i|-p|-r|-s|-K|-D|-B|-M|-Y|-Q|-k|-L  asks for a file and a passphrase  add \`-f FILE -N ""\`
openssl  req  -subj|-batch|-config  -in|-text|-verify|-help  asks for the names in the certificate  add \`-subj "/CN=…"\`
gpg  --gen-key  --batch  -  asks for a name and a passphrase  add \`--batch\` with a parameter file
gpg  --generate-key  --batch  -  asks for a name and a passphrase  add \`--batch\` with a parameter file
gpg  --full-gen-key  --batch  -  asks for a name and a passphrase  add \`--batch\` with a parameter file
gpg  --full-generate-key  --batch  -  asks for a name and a passphrase  add \`--batch\` with a parameter file
npm  init  -y|--yes|-f|--force|operand  -  asks for the fields of \`package.json\`  add \`-y\`
yarn  init  -y|--yes|-yp  -  asks for the fields of \`package.json\`  add \`-y\`
npm  login  -  -  asks for a password  mount an \`.npmrc\` as a secret
npm  adduser  -  -  asks for a password  mount an \`.npmrc\` as a secret
docker  login  -p|--password|--password-stdin  -  asks for a password  pipe it to \`--password-stdin\`
mysql_secure_installation  -  -D|--use-default  -  asks questions  run its SQL instead
tzselect  -  -  -  asks where you are  set \`TZ\`
cpan  -  PERL_MM_USE_DEFAULT=|-T  -v|-D|-l|-h  asks how to configure itself  set \`PERL_MM_USE_DEFAULT=1\`
certbot  -  -n|--non-interactive|--noninteractive  --version|--help|-h|plugins|certificates  asks for an address  add \`-n\``;

let table: ReadonlyMap<string, readonly InteractiveCommand[]> | undefined;

/** Rows of a program; undefined for programs that ask nothing. `adduser` and `read` have rules of their own. */
export function interactiveCommands(program: string): readonly InteractiveCommand[] | undefined {
  table ??= readRows();
  return table.get(program);
}

function readRows(): ReadonlyMap<string, readonly InteractiveCommand[]> {
  const found = new Map<string, InteractiveCommand[]>();
  for (const row of ROWS.split("\n")) {
    const [program = "", verb = "", needs = "", except = "", asks = "", remedy = ""] = row.split("  ");
    if (program === "") continue;
    const rows = found.get(program) ?? [];
    rows.push({
      verb: verb === "-" ? undefined : verb,
      needs: needs === "-" ? [] : needs.split(",").map((set) => set.split("|")),
      except: except === "-" ? [] : except.split("|"),
      asks,
      remedy,
    });
    found.set(program, rows);
  }
  return found;
}
