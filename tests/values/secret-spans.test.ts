import fc from "fast-check";
import { expect, test } from "vitest";
import { maskMessage, maskSecrets, secretSpans } from "../../src/values/secret-spans.js";

// Joined here, so that no scanner takes this file for a leak.
const TOKEN = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");
const KEY = ["-----BEGIN RSA", "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA7\n-----END RSA PRIVATE KEY-----"].join(" ");

test.each([
  ["ENV DB_PASSWORD=hunter22x PORT=80", "ENV DB_PASSWORD=******** PORT=80"],
  ['ENV DB_PASSWORD="hunter 22x"', "ENV DB_PASSWORD=********"],
  ["ENV DB_PASSWORD hunter 22x", "ENV DB_PASSWORD ********"],
  ["    - DB_PASSWORD=correct horse 7", "    - DB_PASSWORD=********"],
  ["    DB_PASSWORD: correct horse 7 # local", "    DB_PASSWORD: ******** # local"],
  ["    environment: {DB_PASSWORD: hunter22x, PORT: 80}", "    environment: {DB_PASSWORD: ********, PORT: 80}"],
  ['CMD ["serve", "--password=hunter22x"]', 'CMD ["serve", "--password=********"]'],
  ["RUN login --password hunter22x --now", "RUN login --password ******** --now"],
  ['command: [serve, --token, "hunter22x"]', "command: [serve, --token, ********]"],
  ["ENV DB_PASSWORD=hunter22x\nUSER hunter22x", "ENV DB_PASSWORD=********\nUSER ********"],
  ["value: ${DB_PASSWORD:-hunter22x}", "value: ${DB_PASSWORD:-********}"],
  ["RUN curl -u ada:hunter22x https://api", "RUN curl -u ada:******** https://api"],
  ["RUN echo 'root:hunter22x' | chpasswd", "RUN echo 'root:********' | chpasswd"],
  ["url: postgres://ada:hunter22x@db/app", "url: postgres://********@db/app"],
  [`RUN fetch ${TOKEN.slice(0, 15)}\\\n${TOKEN.slice(15)} \\\n  --all`, "RUN fetch ********\\\n******** \\\n  --all"],
  [`RUN fetch ${TOKEN.slice(0, 15)}\`\r\n${TOKEN.slice(15)}`, "RUN fetch ********`\r\n********"],
  [`RUN curl -H x ${TOKEN}`, "RUN curl -H x ********"],
  [`COPY <<EOF /k\n${KEY}\nEOF`, "COPY <<EOF /k\n********\n********\n********\nEOF"],
])("%j is shown as %j", (text, shown) => {
  expect(maskSecrets(text)).toBe(shown);
});

test.each([
  "ENV DB_PASSWORD_FILE=/run/secrets/db",
  "    DB_PASSWORD: ${DB_PASSWORD}",
  "FROM node:22.14.0-slim AS build",
  "LABEL org.opencontainers.image.source=https://example.com/acme/web",
  "    image: postgres:17.2",
  "ENV NODE_ENV=production PORT=8080",
  "RUN fetch tide-\\\ntables-for-harbours",
  "RUN apt-get install -y --no-install-recommends curl=7.88.1",
])("%j is shown as it is", (text) => {
  expect(maskSecrets(text)).toBe(text);
});

test.each([
  ["`hunter22x` is one word too many", "`********` is one word too many"],
  [`\`${TOKEN}\` is no instruction`, "`********` is no instruction"],
  ["`node` runs as root", "`node` runs as root"],
  ["`DB_PASSWORD=root` is repeated", "`DB_PASSWORD=********` is repeated"],
  ["`DB_PASSWORD` has a default: a literal of 9 characters", "`DB_PASSWORD` has a default: a literal of 9 characters"],
])("the message %j is shown as %j", (message, shown) => {
  expect(maskMessage(message, ["hunter22x", "root"])).toBe(shown);
});

test("property: spans are in order, apart, and inside of the text", () => {
  const piece = fc.constantFrom(
    "ENV ",
    "PASSWORD",
    "=",
    ": ",
    '"',
    "'",
    "hunter22x",
    "\n",
    "--",
    " ",
    "://",
    "@",
    TOKEN,
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
      const text = parts.join("");
      let end = 0;
      for (const span of secretSpans(text)) {
        expect(span.start).toBeGreaterThanOrEqual(end);
        expect(span.end).toBeGreaterThan(span.start);
        ({ end } = span);
      }
      expect(end).toBeLessThanOrEqual(text.length);
    }),
  );
});
