import { words } from "../text/words.js";
import type { Confidence } from "./levels.js";

/** How sure it is that a text of this shape is a live secret. */
export type TokenCertainty = "certain" | "likely" | "possible";

/** How sure a finding about a secret is. */
export const SECRET_CONFIDENCES = { certain: "high", likely: "medium", possible: "low" } as const satisfies Record<
  TokenCertainty,
  Confidence
>;

/** What has to hold besides the shape. */
export type TokenCheck =
  /** The last six characters are a base-62 CRC-32 of what stands between them and the prefix. */
  | "crc"
  /** The first part decodes to a JSON object with `alg`. */
  | "jwt"
  /** The text also holds a member `private_key`. */
  | "service-account"
  /** The quoted value decodes to `user:password`. */
  | "docker-auth"
  /** `sv=`, which every shared access signature has, stands in the same URL. */
  | "shared-access-signature"
  /** What follows the name is a literal, not a variable. */
  | "literal";

/** One format of tokens whose shape tells what they are. */
export interface TokenFormat {
  readonly id: string;
  /** With its article, for messages: `a GitHub token`. */
  readonly title: string;
  /**
   * Fixed beginnings of the format, which are public and may be shown; empty when the format has none.
   * Every token starts with one of them.
   */
  readonly prefixes: readonly string[];
  /** Source of a regular expression that is found wherever the format is; quicker than `shape`. */
  readonly hint: string;
  /** Source of the regular expression for the whole token, linear, without anchors. */
  readonly shape: string;
  readonly certainty: TokenCertainty;
  readonly check?: TokenCheck;
  /** What must not stand before the token, as a character class; word characters when absent, nothing when empty. */
  readonly notAfter?: string;
  /** What must not follow; word characters when absent, nothing when empty. */
  readonly notBefore?: string;
}

type Details = Partial<Pick<TokenFormat, "certainty" | "check" | "hint" | "notAfter" | "notBefore">>;

const WORD_OR_DASH = "[A-Za-z0-9_-]";
const BASE64_OR_DASH = "[A-Za-z0-9_+/=-]";

function format(
  id: string,
  title: string,
  prefixes: readonly string[],
  shape: string,
  details: Details = {},
): TokenFormat {
  const hint = details.hint ?? prefixes.map((prefix) => prefix.replace(/[.+]/g, "\\$&")).join("|");
  return { certainty: "certain", ...details, id, title, prefixes, hint, shape };
}

/**
 * Texts of which one stands in or right before every token of the formats below: the quickest way to tell that a text
 * holds none, for which the formats need not be made.
 */
export function tokenMarks(): readonly string[] {
  const digits = [..."0123456789"];
  return [
    ...words(MARKS),
    "-----BEGIN ",
    ...digits.map((digit) => `-us${digit}`),
    ...digits.map((digit) => `${digit}:A`),
  ];
}

const MARKS = `
ghp_ gho_ ghu_ ghs_ ghr_ github_pat_ glpat- gldt- glrt- glptt- glft- glsoat- glimt- gloas- glagent- glcbt- glffct-
GR1348941 npm_ pypi-AgE rubygems_ cio dckr_ AKCp cmVmd sqp_ squ_ sqa_ snyk_uat. rdme_ PuTTY-User-Key-File- AKIA ASIA
ABIA ACCA A3T ABSK AIza ya29. GOCSPX- AccountKey= sig= dop_v1_ doo_v1_ dor_v1_ dot_v1_ hvs. hvb. hvr. pul- dapi pscale_
dp. fo1_ fm1_ fm1a_ fm1r_ fm2_ nfp_ vca_ vcp_ vci_ vcr_ vck_ v1.0- HRKU-AA sbp_ pnu_ AGE-SECRET-KEY-1 ops_eyJ A3- API-
xoxb- xoxa- xoxp- xoxr- xoxs- xoxe- xapp- hooks.slack.com/ .com/api/webhooks/ sk_live_ rk_live_ sk_prod_ rk_prod_
sk_test_ rk_test_ whsec_ sk- hf_ api_org_ lin_api_ ntn_ PMAK- sntrys_ sntryu_ NRAK- glc_ glsa_ shpat_ shpca_ shppa_
shpss_ sq0atp- sq0csp- EAAA SG. key- SK dt0c01. EZAK EZTK shippo_ tfp_ .ey
"service_account" Q~ .atlasv1. .webhook.office.com/ "auth" _authToken= _auth= _password=
`;

let formats: readonly TokenFormat[] | undefined;

/**
 * The formats, most specific first: where two match the same text, the earlier one speaks.
 *
 * Sources: the vendors' documentation of their token formats and the patterns that their secret scanning partner
 * programs publish (GitHub, GitLab, npm, PyPI, AWS IAM identifiers, Stripe, Slack, Google Cloud, Azure, HashiCorp);
 * 2026-11.
 */
export function tokenFormats(): readonly TokenFormat[] {
  formats ??= [...platformFormats(), ...cloudFormats(), ...serviceFormats(), ...genericFormats()];
  return formats;
}

/** Code hosts and package registries. */
function platformFormats(): readonly TokenFormat[] {
  return [
    format(
      "github-token",
      "a GitHub token",
      ["ghp_", "gho_", "ghu_", "ghs_", "ghr_"],
      "gh[pousr]_[A-Za-z0-9]{36,255}",
      { hint: "gh[pousr]_[A-Za-z0-9]{4}", check: "crc" },
    ),
    format("github-token", "a GitHub token", ["github_pat_"], "github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    format(
      "gitlab-token",
      "a GitLab token",
      ["glpat-", "gldt-", "glrt-", "glptt-", "glft-", "glsoat-", "glimt-", "gloas-", "glagent-", "glcbt-", "glffct-"],
      "gl(?:pat|dt|rt|ptt|ft|soat|imt|oas|agent|cbt|ffct)-[A-Za-z0-9_-]{20,300}(?:\\.[0-9a-z]{2}[0-9a-z]{7})?",
      { hint: "gl(?:pat|dt|rt|ptt|ft|soat|imt|oas|agent|cbt|ffct)-" },
    ),
    format("gitlab-token", "a GitLab runner token", ["GR1348941"], "GR1348941[A-Za-z0-9_-]{20}"),
    format("npm-token", "an npm token", ["npm_"], "npm_[A-Za-z0-9]{36}", {
      hint: "npm_[A-Za-z0-9]{10}",
      check: "crc",
    }),
    format("pypi-token", "a PyPI token", ["pypi-AgEIcHlwaS5vcmc"], "pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,}"),
    format("pypi-token", "a TestPyPI token", ["pypi-AgENdGVzdC5weXBpLm9yZw"], "pypi-AgENdGVzdC5weXBpLm9yZw[\\w-]{50,}"),
    format("rubygems-token", "a RubyGems key", ["rubygems_"], "rubygems_[a-f0-9]{48}"),
    format("crates-token", "a crates.io token", ["cio"], "cio[A-Za-z0-9]{32}", {
      hint: "cio[A-Za-z0-9]{32}",
      certainty: "likely",
    }),
    format("docker-pat", "a Docker Hub token", ["dckr_pat_", "dckr_oat_"], "dckr_[po]at_[A-Za-z0-9_-]{27,32}"),
    format("jfrog-token", "a JFrog key", ["AKCp"], "AKCp[A-Za-z0-9]{69}"),
    format("jfrog-token", "a JFrog reference token", ["cmVmd"], "cmVmd[A-Za-z0-9]{59}", { notAfter: BASE64_OR_DASH }),
    format("sonar-token", "a SonarQube token", ["sqp_", "squ_", "sqa_"], "sq[apu]_[a-f0-9]{40}"),
    format("snyk-token", "a Snyk token", ["snyk_uat."], "snyk_uat\\.[a-z0-9]{1,40}\\.[A-Za-z0-9_.-]{20,300}"),
    format("readme-key", "a ReadMe key", ["rdme_"], "rdme_[a-z0-9]{70}"),
  ];
}

/** Clouds, their command lines, and key stores. */
function cloudFormats(): readonly TokenFormat[] {
  return [
    format("private-key", "a private key", [], "-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----", {
      hint: "-----BEGIN ",
      notAfter: "",
      notBefore: "",
    }),
    format("private-key", "a PuTTY private key", ["PuTTY-User-Key-File-"], "PuTTY-User-Key-File-", { notBefore: "" }),
    format(
      "aws-access-key-id",
      "an AWS access key id",
      ["AKIA", "ASIA", "ABIA", "ACCA"],
      "(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}",
      { certainty: "likely", hint: "A[KSBC][IC]A[A-Z2-7]{16}" },
    ),
    format("aws-access-key-id", "an AWS access key id", ["A3T"], "A3T[A-Z0-9][A-Z2-7]{16}", { certainty: "likely" }),
    format("aws-bedrock-key", "an Amazon Bedrock key", ["ABSK"], "ABSK[A-Za-z0-9+/]{100,280}={0,2}"),
    format("google-api-key", "a Google API key", ["AIza"], "AIza[A-Za-z0-9_-]{35}", { certainty: "likely" }),
    format("google-oauth", "a Google access token", ["ya29."], "ya29\\.[A-Za-z0-9_-]{20,}"),
    format("google-oauth", "a Google client secret", ["GOCSPX-"], "GOCSPX-[A-Za-z0-9_-]{28}"),
    format("gcp-service-account", "a Google service account key", [], '"type"\\s*:\\s*"service_account"', {
      hint: '"service_account"',
      check: "service-account",
      notAfter: "",
    }),
    format("azure-client-secret", "an Azure client secret", [], "[A-Za-z0-9_~.]{3}\\dQ~[A-Za-z0-9_~.-]{31,34}", {
      hint: "\\dQ~",
      notAfter: "[A-Za-z0-9_~.-]",
      notBefore: "[A-Za-z0-9_~.-]",
    }),
    format("azure-storage-key", "an Azure storage key", ["AccountKey="], "AccountKey=[A-Za-z0-9+/]{86}=="),
    format("azure-storage-key", "an Azure shared access signature", ["sig="], "sig=[A-Za-z0-9%]{43,200}", {
      hint: "sig=[A-Za-z0-9%]{43}",
      check: "shared-access-signature",
    }),
    format(
      "digitalocean-token",
      "a DigitalOcean token",
      ["dop_v1_", "doo_v1_", "dor_v1_", "dot_v1_"],
      "do[oprt]_v1_[a-f0-9]{64}",
    ),
    format("vault-token", "a Vault token", ["hvs.", "hvb.", "hvr."], "hv[sbr]\\.[A-Za-z0-9_-]{90,300}", {
      hint: "hv[sbr]\\.[A-Za-z0-9_-]{4}",
    }),
    format("terraform-token", "a Terraform token", [], "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,70}", {
      hint: "\\.atlasv1\\.",
    }),
    format("pulumi-token", "a Pulumi token", ["pul-"], "pul-[a-f0-9]{40}"),
    format("databricks-token", "a Databricks token", ["dapi"], "dapi[a-f0-9]{32}(?:-\\d)?"),
    format("planetscale-token", "a PlanetScale credential", ["pscale_"], "pscale_(?:tkn|oauth|pw)_[\\w=.-]{32,64}"),
    format("doppler-token", "a Doppler token", ["dp."], "dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9]{40,44}", {
      hint: "dp\\.(?:pt|st|ct|sa|scim|audit)\\.",
    }),
    format("fly-token", "a Fly.io token", ["fo1_"], "fo1_[\\w-]{43}"),
    format(
      "fly-token",
      "a Fly.io token",
      ["fm1_", "fm1a_", "fm1r_", "fm2_"],
      "fm[12][ar]?_[A-Za-z0-9+/=_-]{100,2000}",
      {
        hint: "fm[12][ar]?_",
      },
    ),
    format("netlify-token", "a Netlify token", ["nfp_"], "nfp_[A-Za-z0-9]{36}"),
    format(
      "vercel-token",
      "a Vercel token",
      ["vca_", "vcp_", "vci_", "vcr_", "vck_"],
      "vc[apirk]_[A-Za-z0-9]{24,120}",
      {
        hint: "vc[apirk]_[A-Za-z0-9]{24}",
        certainty: "likely",
      },
    ),
    format("cloudflare-origin-key", "a Cloudflare origin key", ["v1.0-"], "v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}", {
      hint: "v1\\.0-[a-f0-9]{24}",
    }),
    format("heroku-key", "a Heroku key", ["HRKU-AA"], "HRKU-AA[\\w-]{58}"),
    format("supabase-token", "a Supabase token", ["sbp_"], "sbp_[a-f0-9]{40}"),
    format("prefect-key", "a Prefect key", ["pnu_"], "pnu_[A-Za-z0-9]{36}"),
    format(
      "age-key",
      "an age secret key",
      ["AGE-SECRET-KEY-1"],
      "AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}",
    ),
    format("1password-token", "a 1Password service account token", ["ops_eyJ"], "ops_eyJ[A-Za-z0-9+/_-]{250,}={0,3}"),
    format(
      "1password-token",
      "a 1Password secret key",
      ["A3-"],
      "A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}",
      { hint: "A3-[A-Z0-9]{6}-", notAfter: WORD_OR_DASH },
    ),
    format("octopus-key", "an Octopus Deploy key", ["API-"], "API-[A-Z0-9]{26}", {
      hint: "API-[A-Z0-9]{26}",
      certainty: "likely",
      notAfter: WORD_OR_DASH,
    }),
  ];
}

/** Services that applications call. */
function serviceFormats(): readonly TokenFormat[] {
  return [
    format(
      "slack-token",
      "a Slack token",
      ["xoxb-", "xoxa-", "xoxp-", "xoxr-", "xoxs-", "xoxe-"],
      "xox[baprse]-[0-9A-Za-z-]{10,250}",
      {
        hint: "xox[baprse]-",
      },
    ),
    format("slack-token", "a Slack app token", ["xapp-"], "xapp-\\d-[A-Z0-9]{1,40}-\\d{1,20}-[a-z0-9]{20,128}"),
    format(
      "slack-webhook",
      "a Slack webhook",
      ["hooks.slack.com/"],
      "hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,56}",
      { certainty: "likely" },
    ),
    format(
      "teams-webhook",
      "a Teams webhook",
      [],
      "[a-z0-9-]{1,63}\\.webhook\\.office\\.com/webhookb2/[A-Za-z0-9@/-]{40,300}",
      { hint: "\\.webhook\\.office\\.com/", certainty: "likely", notAfter: WORD_OR_DASH },
    ),
    format(
      "discord-webhook",
      "a Discord webhook",
      ["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
      "discord(?:app)?\\.com/api/webhooks/\\d{17,20}/[\\w-]{60,80}",
      { hint: "/api/webhooks/\\d", certainty: "likely" },
    ),
    format(
      "stripe-key",
      "a Stripe key",
      ["sk_live_", "rk_live_", "sk_prod_", "rk_prod_"],
      "[sr]k_(?:live|prod)_[A-Za-z0-9]{10,99}",
      {
        hint: "sk_(?:live|prod)_|rk_(?:live|prod)_",
      },
    ),
    format("stripe-key", "a Stripe test key", ["sk_test_", "rk_test_"], "[sr]k_test_[A-Za-z0-9]{10,99}", {
      hint: "sk_test_|rk_test_",
      certainty: "likely",
    }),
    format("stripe-key", "a Stripe webhook secret", ["whsec_"], "whsec_[A-Za-z0-9+/=]{32,}"),
    format(
      "openai-key",
      "an OpenAI key",
      ["sk-proj-", "sk-svcacct-", "sk-admin-"],
      "sk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,200}",
      {
        hint: "sk-(?:proj|svcacct|admin)-",
      },
    ),
    format("openai-key", "an OpenAI key", ["sk-"], "sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}", { hint: "T3BlbkFJ" }),
    format("anthropic-key", "an Anthropic key", ["sk-ant-"], "sk-ant-(?:api|admin|oat)\\d{2}-[A-Za-z0-9_-]{80,120}"),
    format("huggingface-token", "a Hugging Face token", ["hf_"], "hf_[A-Za-z0-9]{34,40}", {
      hint: "hf_[A-Za-z0-9]{34}",
    }),
    format("huggingface-token", "a Hugging Face organisation token", ["api_org_"], "api_org_[A-Za-z0-9]{34}"),
    format("linear-key", "a Linear key", ["lin_api_"], "lin_api_[A-Za-z0-9]{40}"),
    format("notion-token", "a Notion token", ["ntn_"], "ntn_\\d{11}[A-Za-z0-9]{35}"),
    format("postman-key", "a Postman key", ["PMAK-"], "PMAK-[a-f0-9]{24}-[a-f0-9]{34}"),
    format("sentry-token", "a Sentry token", ["sntrys_", "sntryu_"], "sntry[su]_[A-Za-z0-9+/=_-]{60,1000}", {
      hint: "sntry[su]_",
    }),
    format("new-relic-key", "a New Relic key", ["NRAK-"], "NRAK-[A-Z0-9]{27}"),
    format("grafana-token", "a Grafana token", ["glc_", "glsa_"], "gl(?:c|sa)_[A-Za-z0-9+/_=-]{32,1000}"),
    format(
      "shopify-token",
      "a Shopify token",
      ["shpat_", "shpca_", "shppa_", "shpss_"],
      "shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}",
      {
        hint: "shp(?:at|ca|pa|ss)_",
      },
    ),
    format("square-token", "a Square token", ["sq0atp-", "sq0csp-"], "sq0(?:atp|csp)-[\\w-]{22,60}", {
      hint: "sq0(?:atp|csp)-",
    }),
    format("square-token", "a Square access token", ["EAAA"], "EAAA[\\w-]{22,60}", {
      hint: "EAAA[\\w-]{22}",
      certainty: "likely",
      notAfter: BASE64_OR_DASH,
      notBefore: "[A-Za-z0-9_+/=-]",
    }),
    format("sendgrid-key", "a SendGrid key", ["SG."], "SG\\.[\\w-]{22}\\.[\\w-]{43}", { hint: "SG\\.[\\w-]{22}\\." }),
    format("mailgun-key", "a Mailgun key", ["key-"], "key-[a-f0-9]{32}", {
      hint: "key-[a-f0-9]{32}",
      certainty: "likely",
      notAfter: "[A-Za-z0-9_./-]",
    }),
    format("mailchimp-key", "a Mailchimp key", [], "[a-f0-9]{32}-us\\d{1,2}", {
      hint: "[a-f0-9]-us\\d",
      certainty: "likely",
      notAfter: "[A-Za-z0-9_-]",
    }),
    format("twilio-key", "a Twilio key id", ["SK"], "SK[a-f0-9]{32}", {
      hint: "SK[a-f0-9]{32}",
      certainty: "likely",
    }),
    format("telegram-token", "a Telegram bot token", [], "\\d{8,10}:A[A-Za-z0-9_-]{34}", {
      hint: "\\d{8}:A[A-Za-z0-9_-]{34}",
      notBefore: WORD_OR_DASH,
    }),
    format("dynatrace-token", "a Dynatrace token", ["dt0c01."], "dt0c01\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}"),
    format("easypost-key", "an EasyPost key", ["EZAK", "EZTK"], "EZ[AT]K[A-Za-z0-9]{54}", {
      hint: "EZ[AT]K[A-Za-z0-9]{8}",
    }),
    format("shippo-token", "a Shippo token", ["shippo_live_", "shippo_test_"], "shippo_(?:live|test)_[a-f0-9]{40}", {
      hint: "shippo_(?:live|test)_",
    }),
    format("typeform-token", "a Typeform token", ["tfp_"], "tfp_[\\w.=-]{59}", { notBefore: "[\\w.=-]" }),
  ];
}

/** Shapes that belong to a standard or a file format, not to a vendor. */
function genericFormats(): readonly TokenFormat[] {
  return [
    format("jwt", "a JSON web token", ["ey"], "ey[A-Za-z0-9_-]{17,}\\.ey[A-Za-z0-9_-]{17,}\\.[A-Za-z0-9_-]{10,}", {
      hint: "\\.ey[A-Za-z0-9_-]{17}",
      certainty: "likely",
      check: "jwt",
      notAfter: WORD_OR_DASH,
    }),
    format("docker-auth", "a registry login", [], '"auth"\\s*:\\s*"[A-Za-z0-9+/=]{12,2000}"', {
      hint: '"auth"',
      check: "docker-auth",
      notAfter: "",
      notBefore: "",
    }),
    format(
      "npmrc-auth",
      "an npm registry login",
      [],
      "(?<=(?:^|[:/\\s\"'])_(?:authToken|auth|password)=)[^\\s\"';&|]{4,500}",
      {
        hint: "(?:^|[:/\\s\"'])_(?:authToken|auth|password)=",
        check: "literal",
        notAfter: "",
        notBefore: "",
      },
    ),
  ];
}
