import { matchText } from '../events/alert.ts';
import type { AlertMessage, Channel, ToldMatch } from './channel.ts';

/** C0 and C1 controls, and the marks that break lines or turn text around: a feed must not be able to steer a terminal. */
// eslint-disable-next-line no-control-regex -- matching control characters is the point
const STEERING = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g;

/** `text` on one line, with nothing in it that a terminal would obey. */
export function printable(text: string): string {
  return unsteered(text).trim();
}

/** The same with the blanks at its ends: a part of a line. */
export function unsteered(text: string): string {
  return text.replace(STEERING, ' ');
}

function toldText(match: ToldMatch): string {
  return 'subject' in match && match.where !== undefined
    ? `${matchText(match)} ${match.where}`
    : matchText(match);
}

/** An alert as four lines for a terminal: the rule, the item's title, its source, why. */
function formatAlert(message: AlertMessage): string {
  const { rule, item, matches } = message;
  const source = [item.publisher, item.lang, item.published?.slice(0, 16).replace('T', ' ')];
  const why = matches.map(toldText).join(', ');
  const [head, ...rest] = [
    rule.title,
    item.title,
    `${source.filter((part) => part !== null && part !== undefined).join(' · ')}  ${item.url ?? ''}`,
    `because ${why}`,
  ].map(printable);
  return [`ALERT  ${head ?? ''}`, ...rest.map((line) => `       ${line}`), ''].join('\n');
}

/** Writes alerts to a stream, usually stdout of the process that delivers. */
export function consoleChannel(write: (text: string) => void): Channel {
  return {
    name: 'console',
    send(message) {
      write(formatAlert(message));
      return Promise.resolve({ kind: 'sent', detail: 'printed' });
    },
  };
}
