/** One error of a JSON Schema validator; the part that messages need. */
export interface SchemaError {
  readonly keyword: string;
  /** JSON pointer of the value. */
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The Compose schema, compiled. */
export interface ComposeValidator {
  /** Every error of a file or a merged project, as plain data. */
  readonly validate: (data: unknown) => readonly SchemaError[];
  /** The schema as data, for messages. */
  readonly schema: () => unknown;
}
