import type { Binding, Piece } from "./expand.js";

/** Longest value that is followed, in code units: each of a row of `ENV` lines can double the last one. */
const VALUE_LIMIT = 65_536;

/** A value under construction; neighbouring texts are one piece. */
export class PieceList {
  readonly #pieces: Piece[] = [];
  /** Text that is not yet a piece. */
  #tail = "";

  get pieces(): readonly Piece[] {
    if (this.#tail !== "") this.#pieces.push({ kind: "text", text: this.#tail });
    this.#tail = "";
    return this.#pieces;
  }

  add(text: string): void {
    this.#tail += text;
  }

  hole(name: string): void {
    if (this.#tail !== "") this.#pieces.push({ kind: "text", text: this.#tail });
    this.#tail = "";
    this.#pieces.push({ kind: "hole", name });
  }

  bind(name: string, binding: Binding): void {
    if (binding.kind === "unset") return;
    if (binding.kind === "known" && binding.value.length + this.#tail.length <= VALUE_LIMIT) this.add(binding.value);
    else this.hole(name);
  }

  addAll(other: PieceList): void {
    for (const piece of other.pieces) {
      if (piece.kind === "hole") this.hole(piece.name);
      else this.add(piece.text);
    }
  }

  /** The whole text; undefined when there is a hole. */
  text(): string | undefined {
    if (this.#pieces.length === 0) return this.#tail;
    const [first, second] = this.pieces;
    return first?.kind === "text" && second === undefined ? first.text : undefined;
  }
}
