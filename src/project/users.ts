import type { Setting, StageState } from "../dockerfile/evaluate.js";
import type { Evaluation } from "../dockerfile/expand.js";
import { parseUserSpec } from "../values/user-spec.js";
import { numberOf } from "./accounts.js";
import type { Certainty, Origin, StageView, UserState } from "./model.js";

/** The user in effect in a stage when `state` is: what USER sets along the lineage, else what the base is known to start as. */
export function userStateOf(stage: StageView, state: StageState): UserState {
  const own = state.user;
  if (own !== undefined) return written(stage, own);
  for (const member of stage.lineage.slice(1)) {
    const inherited = member.evaluated.state.user;
    if (inherited !== undefined) return written(member, inherited);
  }
  if (stage.isScratch) return ofRoot({ kind: "nothing" });
  const { facts } = stage;
  const user = facts?.defaultUser;
  if (facts === undefined || user === undefined) return { ...NOBODY_KNOWS, origin: { kind: "unknown" } };
  const uid = user.uid ?? facts.accounts.find(({ name }) => name === user.name)?.uid;
  return {
    origin: { kind: "base", facts },
    text: user.name ?? String(uid),
    name: user.name,
    uid,
    group: undefined,
    isRoot: uid === undefined ? (user.name === "root" ? "yes" : "no") : uid === 0 ? "yes" : "no",
    range: undefined,
  };
}

const NOBODY_KNOWS = {
  text: undefined,
  name: undefined,
  uid: undefined,
  group: undefined,
  isRoot: "unknown",
  range: undefined,
} as const;

function ofRoot(origin: Origin): UserState {
  return { origin, text: "root", name: "root", uid: 0, group: undefined, isRoot: "yes", range: undefined };
}

function written(stage: StageView, setting: Setting<Evaluation>): UserState {
  const owner = stage.lineage.find(({ evaluated }) => evaluated === setting.stage) ?? stage;
  const { instruction } = setting.step;
  const range = instruction.keyword === "USER" ? instruction.argument?.range : undefined;
  const origin: Origin = { kind: "instruction", stage: owner, step: setting.step };
  const { value } = setting;
  if (value.kind !== "known") return { ...NOBODY_KNOWS, origin, range };
  const spec = parseUserSpec(value.value);
  const [user = "", group] = value.value.split(":");
  const number = numberOf(user);
  const name = number === undefined ? user : undefined;
  const uid = number ?? (user === "root" ? 0 : stage.accounts.user(user)?.id);
  return { origin, text: value.value, name, uid, group, isRoot: rootness(user, uid, spec.kind), range };
}

function rootness(user: string, uid: number | undefined, kind: string): Certainty {
  if (kind === "malformed") return "unknown";
  if (uid !== undefined) return uid === 0 ? "yes" : "no";
  return user === "root" ? "yes" : "no";
}
