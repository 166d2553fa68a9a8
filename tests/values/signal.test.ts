import { expect, test } from "vitest";
import { canonicalSignal, isSignal, signalNames } from "../../src/values/signal.js";

test("names are signals with and without SIG, in any case", () => {
  for (const text of ["SIGTERM", "TERM", "sigquit", "Winch", "SIGRTMIN", "SIGRTMIN+3", "rtmax-14", "RTMIN+15"]) {
    expect([text, isSignal(text)]).toEqual([text, true]);
  }
});

test("numbers are signals from 1 to 64", () => {
  for (const text of ["1", "9", "15", "64", "037"]) expect([text, isSignal(text)]).toEqual([text, true]);
  for (const text of ["0", "65", "-9", "1.5"]) expect([text, isSignal(text)]).toEqual([text, false]);
});

test("other texts are no signals", () => {
  for (const text of ["", "SIG", "SIGTREM", "SIGRTMIN+16", "SIGRTMAX-15", "RTMIN-1", "SIGSIGTERM", "SIG9", "TERM "]) {
    expect([text, isSignal(text)]).toEqual([text, false]);
  }
});

test("suggestions are signals", () => {
  expect(signalNames().filter((name) => !isSignal(name))).toEqual([]);
});

test.each([
  ["9", "SIGKILL"],
  ["kill", "SIGKILL"],
  ["SIGTERM", "SIGTERM"],
  ["31", "SIGSYS"],
  ["34", "SIGRTMIN"],
  ["37", "SIGRTMIN+3"],
  ["63", "SIGRTMAX-1"],
  ["64", "SIGRTMAX"],
  ["RTMIN+3", "SIGRTMIN+3"],
  ["32", undefined],
  ["0", undefined],
  ["gracefully", undefined],
])("the whole name of the signal %s is %s", (written, name) => {
  expect(canonicalSignal(written)).toBe(name);
});
