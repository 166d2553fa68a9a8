import { bytes, flag, keyValues, list, type Schema, shared, text, textOrTable, texts } from "./forms.js";

/** How an image is built. */
export function build(): Schema {
  return textOrTable("How the image is built: a folder or Git address for short, or a mapping.", {
    context: text("Folder or Git address that is sent to the builder."),
    dockerfile: text("Dockerfile, relative to the context."),
    dockerfile_inline: text("The Dockerfile itself."),
    args: keyValues("Values of `ARG`."),
    additional_contexts: keyValues("Further contexts by name, for `FROM` and `COPY --from`."),
    target: text("Stage that is built."),
    platforms: list("Platforms that are built.", { type: "string", format: "compose-platform" }),
    labels: keyValues("Metadata of the image."),
    tags: list("Further names of the image.", { type: "string" }),
    secrets: shared("grants", "Secrets for `RUN --mount=type=secret`; `target` is the id there."),
    ssh: keyValues("Agents and keys for `RUN --mount=type=ssh`: `default`, or `id=path`."),
    cache_from: list("Images and caches that the builder takes layers from.", { type: "string" }),
    cache_to: list("Caches that the builder writes layers to.", { type: "string" }),
    no_cache: flag("Builds everything anew."),
    no_cache_filter: texts("Stages that are built anew."),
    pull: flag("Pulls base images although they are there."),
    network: text("Network of `RUN`: `none`, `host`, or a name."),
    shm_size: bytes("Size of `/dev/shm` of `RUN`."),
    extra_hosts: shared("extraHosts", "Further names with their addresses."),
    isolation: text("How Windows containers are kept apart.", "compose-isolation"),
    privileged: flag("Builds with nearly everything that root of the host may do."),
    entitlements: list("What the builder is allowed besides: `network.host`, `security.insecure`.", {
      type: "string",
      format: "compose-entitlement",
    }),
    provenance: {
      description: "Attestation of how the image was built: true, false, or `mode=max`.",
      type: ["boolean", "string"],
    },
    sbom: {
      description: "Attestation of what the image holds: true, false, or `generator=image`.",
      type: ["boolean", "string"],
    },
    ulimits: shared("ulimits", "Limits of each process of `RUN`."),
  });
}
