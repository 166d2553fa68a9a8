import fc from "fast-check";

// The same inputs in every run, so that a change is judged and not the day's luck. `FC_SEED=7 npx vitest run -t property`
// looks elsewhere.
fc.configureGlobal({ seed: Number(process.env["FC_SEED"] ?? 20261121) });
