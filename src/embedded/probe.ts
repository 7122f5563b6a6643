import { connect } from 'node:net';

/** What a server said to a first greeting: it serves, it says "not now" (starting or stopping), or nothing sensible. */
export type Answer = 'serves' | 'not-now' | 'silent';

const PROTOCOL_VERSION = 196_608; // 3.0
const CANNOT_CONNECT_NOW = '57P03';
const ANSWER_MS_MAX = 2_000;

/**
 * Greets the server on 127.0.0.1:`port` as `user` and reads the first byte of its reply: `R` asks for a password,
 * so it serves; `E` is an error, of which only 57P03 means that it cannot serve yet or any more.
 * Source: PostgreSQL documentation, "Message Formats".
 */
export function probe(port: number, user: string, database: string): Promise<Answer> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const chunks: Buffer[] = [];
    const settle = (answer: Answer): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_MS_MAX, () => {
      settle('silent');
    });
    socket.on('connect', () => socket.write(greeting(user, database)));
    // Refused or cut off: that is what "silent" means, and the reason changes nothing.
    socket.on('error', () => {
      settle('silent');
    });
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const answer = read(Buffer.concat(chunks));
      if (answer !== null) settle(answer);
    });
    socket.on('close', () => {
      settle('silent');
    });
  });
}

function greeting(user: string, database: string): Buffer {
  const words = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + words.length, 0);
  head.writeInt32BE(PROTOCOL_VERSION, 4);
  return Buffer.concat([head, words]);
}

/** Null while the reply is not whole. */
function read(reply: Buffer): Answer | null {
  if (reply.length < 5) return null;
  const kind = reply.toString('latin1', 0, 1);
  if (kind === 'R') return 'serves';
  if (kind !== 'E') return 'silent';
  if (reply.length < 1 + reply.readInt32BE(1)) return null;
  return reply.toString('latin1', 5).split('\0').includes(`C${CANNOT_CONNECT_NOW}`) ? 'not-now' : 'serves';
}
