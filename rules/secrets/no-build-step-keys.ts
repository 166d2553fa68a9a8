import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type KeyedBuildStep, keyedBuildSteps } from "../../src/project/build-step-keys.js";

export default defineRule({
  id: "secrets/no-build-step-keys",
  summary: "Build steps do not need the application's real key",
  levels: { recommended: "warning", strict: "error" },
  roles: ["production", "ci"],
  fixable: "sometimes",
  aliases: ["tally:ruby/asset-precompile-without-dummy-key"],
  why: [
    "Compiling assets starts the application, which insists on its key although no asset depends on it. The usual way out " +
      "is to pass the real key to the build, where it stays in the history of the image.",
  ],
  references: [
    "https://guides.rubyonrails.org/7_1_release_notes.html",
    "https://laravel.com/docs/12.x/encryption#configuration",
    "CWE-538",
  ],
  securitySeverity: 5,
  yieldsTo: ["secrets/no-command-secrets"],
  mentions: { dockerfile: ["assets:precompile", "collectstatic", "key:generate"] },
  check: {
    *stage(stage, { project }) {
      if (!stage.isReached) return;
      for (const step of keyedBuildSteps(stage, project)) yield describe(step);
    },
  },
  examples: {
    bad: [
      {
        name: "assets of Rails",
        message: "`assets:precompile` asks for the real secret key; set `SECRET_KEY_BASE_DUMMY=1` for it",
        files: {
          Dockerfile: ["FROM ruby:3.4", "COPY . .", "RUN bundle install && bin/rails «assets:precompile»"],
          "Gemfile.lock": ["GEM", "  specs:", "    rails (8.0.1)"],
          "config/credentials.yml.enc": ["q7Rk2v"],
        },
        fixed: {
          Dockerfile: [
            "FROM ruby:3.4",
            "COPY . .",
            "RUN bundle install && SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile",
          ],
        },
      },
      {
        name: "an older Rails, or one of which nothing is known",
        message: "pass `SECRET_KEY_BASE=1`, or mount `RAILS_MASTER_KEY`",
        files: {
          Dockerfile: ["FROM ruby:3.0", "ENV RAILS_ENV=production", "RUN bundle exec rake «assets:precompile»"],
          "worker.Dockerfile": ["FROM ruby:3.1-slim", 'RUN ["rake", «"assets:precompile"»]'],
        },
      },
      {
        name: "the key of Laravel",
        message: "`key:generate` writes one key into the image for all its containers",
        files: { Dockerfile: ["FROM php:8.4-cli", "COPY . .", "RUN php artisan «key:generate»"] },
      },
      {
        name: "a key of Django that looks real",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            `RUN «SECRET_KEY»=${["q7Rk2vXzL9mPw4TdYb8", "Ns3HcFj6Ge1UaKo5V"].join("")} python manage.py collectstatic`,
          ],
        },
      },
    ],
    good: [
      {
        name: "a dummy key, in the RUN or before it",
        files: {
          Dockerfile: [
            "FROM ruby:3.4",
            "RUN SECRET_KEY_BASE_DUMMY=1 bin/rails assets:precompile",
            "RUN export SECRET_KEY_BASE=1 && bundle exec rake assets:precompile",
            "ENV SECRET_KEY_BASE_DUMMY=1",
            "RUN rails assets:precompile",
          ],
        },
      },
      {
        name: "a mounted key",
        files: {
          Dockerfile: ["FROM ruby:3.4", "RUN --mount=type=secret,id=k,env=RAILS_MASTER_KEY rails assets:precompile"],
        },
      },
      {
        name: "another environment, another language, and tests",
        files: {
          Dockerfile: ["FROM ruby:3.4", "ENV RAILS_ENV=test", "RUN rails assets:precompile && rails db:prepare"],
          "node.Dockerfile": ["FROM node:22.14.0", "RUN bundle exec assets:precompile"],
          "Dockerfile.dev": ["FROM ruby:3.4", "RUN rails assets:precompile"],
        },
      },
      {
        name: "a key that is shown only, and a placeholder",
        files: {
          Dockerfile: [
            "FROM php:8.4-cli",
            "RUN php artisan key:generate --show && SECRET_KEY=build python manage.py collectstatic --noinput",
            "ONBUILD RUN php artisan key:generate",
          ],
        },
      },
      {
        name: "a base that may set a key, and a stage that the target does not need",
        files: {
          Dockerfile: ["FROM ruby:3.4 AS assets", "RUN rails assets:precompile", "FROM ruby:3.4"],
          "worker.Dockerfile": ["FROM registry.acme.dev/base:4", "RUN rails assets:precompile"],
        },
      },
    ],
  },
});

function describe(step: KeyedBuildStep): Finding {
  const { range } = step;
  switch (step.kind) {
    case "rails": {
      const remedy = step.takesDummy === true ? "set `SECRET_KEY_BASE_DUMMY=1` for it" : WITHOUT_DUMMY;
      return {
        range,
        message: `\`assets:precompile\` asks for the real secret key; ${remedy}`,
        fix: setDummyKey(step),
        ...(step.hasCredentials ? {} : { atMost: "info" }),
      };
    }
    case "django": {
      const message = `\`collectstatic\` gets what looks like the real \`${step.name}\`; any word does`;
      return { range, message, masked: [step.masked], subject: step.name };
    }
    case "laravel":
      return {
        range,
        message: "`key:generate` writes one key into the image for all its containers; pass `APP_KEY` at run time",
      };
  }
}

const WITHOUT_DUMMY = "pass `SECRET_KEY_BASE=1`, or mount `RAILS_MASTER_KEY`";

/** Safe: Rails makes a key for the step alone. */
function setDummyKey(step: Extract<KeyedBuildStep, { kind: "rails" }>): Fix | undefined {
  if (step.takesDummy !== true || step.invocation.via === "exec-form") return undefined;
  const { source, start } = step.invocation.range;
  const edits = [{ range: source.range(start, start), text: "SECRET_KEY_BASE_DUMMY=1 " }];
  return { description: "set `SECRET_KEY_BASE_DUMMY=1`", safety: "safe", edits };
}
