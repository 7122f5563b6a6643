/** The parts of a terminal that a live screen needs; process.stdin and process.stdout have them. */
export interface Terminal {
  readonly input: {
    readonly isTTY?: boolean;
    setRawMode?(on: boolean): unknown;
    resume(): unknown;
    pause(): unknown;
    on(event: 'data', listener: (chunk: Buffer) => void): unknown;
    off(event: 'data', listener: (chunk: Buffer) => void): unknown;
  };
  readonly output: {
    readonly columns: number;
    readonly rows: number;
    write(text: string): unknown;
    on(event: 'resize', listener: () => void): unknown;
    off(event: 'resize', listener: () => void): unknown;
  };
}

// ECMA-48 and xterm's private modes: the alternate screen leaves what stood there as it was.
const ENTER = '\u001b[?1049h\u001b[?25l';
const LEAVE = '\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const CLEAR_TO_END_OF_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CTRL_C = '\u0003';

/** A screen that is painted over and over, until `q` or Ctrl-C. */
export class LiveScreen {
  readonly #terminal: Terminal;
  readonly #onQuit: () => void;
  #open = false;
  #painted = '';

  /** Takes the terminal; `onQuit` hears of `q` and Ctrl-C. */
  constructor(terminal: Terminal, onQuit: () => void) {
    this.#terminal = terminal;
    this.#onQuit = onQuit;
    const { input, output } = terminal;
    output.write(ENTER);
    output.on('resize', this.#repaint);
    if (input.isTTY === true) {
      // Raw, so that a key counts without Enter; Ctrl-C is a key then, too.
      input.setRawMode?.(true);
      input.on('data', this.#onKeys);
      input.resume();
    }
    this.#open = true;
  }

  /** Shows `text`, as much of it as there are rows. */
  paint(text: string): void {
    this.#painted = text;
    this.#repaint();
  }

  /** Gives the terminal back as it was; once is enough. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    const { input, output } = this.#terminal;
    output.off('resize', this.#repaint);
    if (input.isTTY === true) {
      input.off('data', this.#onKeys);
      input.setRawMode?.(false);
      input.pause();
    }
    output.write(LEAVE);
  }

  readonly #onKeys = (chunk: Buffer): void => {
    const keys = chunk.toString('latin1');
    if (keys.includes('q') || keys.includes(CTRL_C)) this.#onQuit();
  };

  readonly #repaint = (): void => {
    if (!this.#open) return;
    const lines = this.#painted.replace(/\n$/, '').split('\n').slice(0, this.#terminal.output.rows);
    const painted = lines.map((line) => `${line}${CLEAR_TO_END_OF_LINE}`).join('\r\n');
    this.#terminal.output.write(`${HOME}${painted}${CLEAR_BELOW}`);
  };
}
