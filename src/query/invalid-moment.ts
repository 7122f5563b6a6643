/** What somebody asked the past about is no moment of this log: names the text and says why. */
export class InvalidMoment extends Error {
  override readonly name = 'InvalidMoment';
  constructor(text: string, why: string) {
    super(`${JSON.stringify(text.slice(0, MOMENT_CHARS_SHOWN_MAX))} ${why}`);
  }
}

const MOMENT_CHARS_SHOWN_MAX = 80;
