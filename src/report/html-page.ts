/** What the parts of a page are put into; both are HTML already, the title is text without markup. */
export interface PageParts {
  readonly title: string;
  readonly body: string;
}

/**
 * A page that needs nothing but itself: it loads nothing, and its policy lets no other style or script run, so that
 * nothing from a scanned file could act even if it came through.
 *
 * @see https://www.w3.org/TR/CSP3/ (hashes of inline elements)
 */
export function htmlPage({ title, body }: PageParts): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'; script-src '${SCRIPT_HASH}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
${body}<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Digests of {@link STYLE} and {@link SCRIPT}: SHA-256 in Base64, as the policy of the page names them. A test holds them to the texts. */
const STYLE_HASH = "sha256-gsU/zWYKrivUTauZQs7n04rhiIhDIYCYh0rzJ/s12u8=";
const SCRIPT_HASH = "sha256-W5L4DTBQe2hX2io3kR7udKU61kW9NGkEIInRX+OKWO4=";

const STYLE = `
:root { --page: #f6f7f9; --card: #fff; --text: #1b1f24; --quiet: #57606a; --line: #d5dae0; --code: #f0f2f5; --link: #0a55b3;
  --error: #a3161b; --error-back: #fdeaea; --warning: #7a4a00; --warning-back: #fff1d6; --info: #0b4f8a; --info-back: #e4f0fc;
  --held: #14632f; --held-back: #e2f5e8; --mark: #ffe08a; --mark-text: #1b1f24; }
@media (prefers-color-scheme: dark) {
  :root { --page: #0f1318; --card: #171c23; --text: #e6eaef; --quiet: #a2acb8; --line: #313a45; --code: #10151b; --link: #86baff;
    --error: #ffb1ab; --error-back: #4a1518; --warning: #ffd28a; --warning-back: #432e07; --info: #a8d0ff; --info-back: #12324f;
    --held: #9be3b0; --held-back: #12391f; --mark: #6b4f00; --mark-text: #fff3d1; }
}
* { box-sizing: border-box; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
.skip { position: absolute; left: -999rem; padding: .5rem 1rem; background: var(--card); }
.skip:focus { left: 1rem; top: 1rem; z-index: 1; }
header, main, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
footer { padding-bottom: 2rem; color: var(--quiet); font-size: .875rem; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .75rem; font-size: 1.3rem; }
h3 { margin: 2rem 0 .75rem; font-size: 1.05rem; }
h3 small { color: var(--quiet); font-weight: normal; }
p { margin: .5rem 0; }
a { color: var(--link); }
a:focus-visible, button:focus-visible, input:focus-visible, summary:focus-visible, .scroll:focus-visible
  { outline: 3px solid var(--link); outline-offset: 2px; }
code, pre { font-family: ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; font-size: .9em; }
:not(pre) > code { background: var(--code); border-radius: 4px; padding: .1em .3em; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal; }
caption { text-align: left; color: var(--quiet); font-size: .875rem; padding: .6rem .9rem 0; }
th, td { padding: .45rem .9rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--quiet); font-size: .875rem; font-weight: 600; white-space: nowrap; }
.builds th[scope=row] { min-width: 10rem; font-weight: normal; overflow-wrap: anywhere; position: sticky; left: 0; background: var(--card); }
.sum td:first-of-type { min-width: 13rem; }
.state, .severity { display: inline-block; padding: 0 .55em; border-radius: 1em; font-size: .85rem; font-weight: 600; white-space: nowrap; }
.held { color: var(--held); background: var(--held-back); }
.broken, .error { color: var(--error); background: var(--error-back); }
.warning { color: var(--warning); background: var(--warning-back); }
.info { color: var(--info); background: var(--info-back); }
.not-applicable { color: var(--quiet); font-weight: normal; padding: 0; white-space: normal; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
form { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .9rem .75rem; }
fieldset { border: 0; margin: 0; padding: .25rem 0; display: flex; flex-wrap: wrap; gap: .15rem 1.1rem; align-items: center; }
legend { float: left; width: 5.5rem; padding: 0; font-weight: 600; }
label { display: inline-flex; gap: .4rem; align-items: center; min-height: 1.75rem; cursor: pointer; }
label span { color: var(--quiet); }
button { font: inherit; font-size: .875rem; color: var(--link); background: none; border: 1px solid var(--line); border-radius: 6px;
  padding: .1rem .6rem; cursor: pointer; }
form p { color: var(--quiet); margin: .25rem 0 0; }
ol, .plain { list-style: none; margin: 0; padding: 0; }
.finding { background: var(--card); border: 1px solid var(--line); border-left: .3rem solid var(--edge); border-radius: 8px; margin: .75rem 0;
  padding: .6rem .9rem .75rem; }
.finding:target { outline: 3px solid var(--link); }
.edge-error { --edge: var(--error); } .edge-warning { --edge: var(--warning); } .edge-info { --edge: var(--info); }
.finding p { margin: 0; }
.about { display: flex; flex-wrap: wrap; gap: .1rem .9rem; font-size: .9rem; }
.about .place { color: var(--quiet); }
.message { padding: .3rem 0; font-weight: 500; }
pre { margin: .25rem 0 .35rem; padding: .5rem 0; background: var(--code); border-radius: 6px; white-space: pre-wrap; line-height: 1.45; }
pre code { font-size: inherit; }
.line { display: grid; grid-template-columns: 4rem 1fr; }
.number { color: var(--quiet); text-align: right; padding-right: 1rem; user-select: none; }
mark { background: var(--mark); color: var(--mark-text); border-radius: 3px; padding: .05em 0; box-shadow: 0 0 0 1px var(--mark); }
.notes { margin: 0; padding: 0; list-style: none; font-size: .9rem; color: var(--quiet); }
.notes code { color: var(--text); }
details { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .9rem; }
summary { cursor: pointer; }
@media (max-width: 40rem) {
  header, main, footer { padding-left: .75rem; padding-right: .75rem; }
  legend { float: none; width: 100%; }
  .line { grid-template-columns: 2.75rem 1fr; }
  .number { padding-right: .6rem; }
  .sum thead { display: none; }
  .sum tr { display: grid; grid-template-columns: 5.5rem 1fr; padding: .4rem .9rem; border-top: 1px solid var(--line); }
  .sum th, .sum td { border: 0; padding: 0; }
  .builds th[scope=row] { min-width: 8rem; max-width: 8rem; }
  .sum td:nth-of-type(n+2) { grid-column: 2; }
  .sum td:empty { display: none; }
}
@media print {
  body { background: #fff; } form { display: none; } .finding { break-inside: avoid; }
}
`;

/** Shows the filter, which is of no use without a script, and obeys it. */
const SCRIPT = `
(() => {
  const form = document.getElementById("filter");
  if (form === null) return;
  const findings = [...document.querySelectorAll(".finding")];
  const files = [...document.querySelectorAll(".file")];
  const chosen = (name) => new Set([...form.querySelectorAll("input[name=" + name + "]:checked")].map((box) => box.value));
  const apply = () => {
    const severities = chosen("severity");
    const families = chosen("family");
    let shown = 0;
    for (const finding of findings) {
      finding.hidden = !severities.has(finding.dataset.severity) || !families.has(finding.dataset.family);
      if (!finding.hidden) shown += Number(finding.dataset.count);
    }
    for (const file of files) file.hidden = file.querySelector(".finding:not([hidden])") === null;
    document.getElementById("shown").textContent = shown + " of " + form.dataset.total + " shown";
  };
  form.addEventListener("change", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", (event) => {
    const name = event.target.dataset.set;
    if (name === undefined) return;
    for (const box of form.querySelectorAll("input[name=" + name + "]")) box.checked = event.target.dataset.to === "all";
    apply();
  });
  form.hidden = false;
  apply();
})();
`;
