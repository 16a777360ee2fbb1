/** A picture that is drawn again and again in the same place. */

/** Control sequences: DEC's private modes 1049 (other screen), 25 (cursor) and 7 (wrapping), and those of ECMA-48. */
const ENTER = "\u001b[?1049h\u001b[?25l\u001b[?7l";
const LEAVE = "\u001b[?7h\u001b[?25h\u001b[?1049l";
const HOME = "\u001b[H";
const END_OF_LINE = "\u001b[K";
const REST = "\u001b[J";

export class Screen {
  readonly #write: (text: string) => void;
  #isOpen = false;

  /** What was on the terminal comes back when it is closed. */
  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  draw(lines: readonly string[]): void {
    const begin = this.#isOpen ? "" : ENTER;
    this.#isOpen = true;
    this.#write(`${begin}${HOME}${lines.map((line) => `${line}${END_OF_LINE}`).join("\n")}${REST}`);
  }

  /** Does nothing where nothing was drawn. May be called twice. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#write(LEAVE);
  }
}
