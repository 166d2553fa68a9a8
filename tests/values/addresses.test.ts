import { expect, test } from "vitest";
import { findAddresses } from "../../src/values/addresses.js";

/** `scheme host port`, each as the text has it at the spans found. */
function found(text: string, isHost = false): readonly string[] {
  return findAddresses(text, isHost).map(({ scheme = "", hostSpan, portSpan }) => {
    const port = portSpan === undefined ? "" : text.slice(portSpan.start, portSpan.end);
    return `${scheme} ${text.slice(hostSpan.start, hostSpan.end)} ${port}`;
  });
}

test.each([
  ["postgres://app:secret@db:5432/app?sslmode=disable", ["postgres db 5432"]],
  ["http://api", ["http api "]],
  ["redis://[::1]:6379/0", ["redis ::1 6379"]],
  ["jdbc:postgresql://db:5432/app", ["jdbc:postgresql db 5432"]],
  ["mongodb://a:27017,b:27018/app", ["mongodb a 27017", " b 27018"]],
  ["kafka:9092,kafka2:9093", [" kafka 9092", " kafka2 9093"]],
  ["PLAINTEXT://kafka:9092,EXTERNAL://localhost:29092", ["plaintext kafka 9092", "external localhost 29092"]],
  ["app:secret@tcp(db:3306)/app", [" db 3306"]],
  ["host=db port=5432 user=app", [" db "]],
  ["Server=db;Database=app;User Id=sa", [" db "]],
  ["./wait-for-it.sh db:5432 -- node server.js", [" db 5432"]],
  ["pg_isready -h db -U app", [" db "]],
  ["postgres://app:${PASSWORD:?set / it}@db:5432/app", ["postgres db 5432"]],
  ["http://api:${PORT}/", ["http api "]],
  ["http://${HOST}:80/", []],
  ["./data:/var/lib/data", []],
  ["PLAINTEXT:PLAINTEXT,HOST:PLAINTEXT", []],
  ["node server.js --port 8080", []],
  ["a:b:80", []],
  ["db", []],
])("%s names its hosts", (text, expected) => {
  expect(found(text)).toEqual(expected);
});

test("a value that is a host may be a name alone", () => {
  expect(found("db", true)).toEqual([" db "]);
});
