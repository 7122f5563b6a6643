import { readFile, readdir, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { commandOf } from './process-mark.ts';

/** State of a listening socket in /proc/net/tcp. */
const LISTEN = '0A';
const COMMAND_CHARS_SHOWN = 80;

/** Whether nobody listens on `port` of 127.0.0.1, so that a server could. */
export function isPortFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(false);
      else reject(error);
    });
    server.listen({ host: '127.0.0.1', port }, () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

/** `process 4711 (/usr/bin/psqld …)`, who listens on `port`; `another program` where the system does not tell. */
export async function portOwner(port: number): Promise<string> {
  const pid = process.platform === 'linux' ? await listenerOn(port) : null;
  if (pid === null) return 'another program';
  const command = commandOf(pid)?.trim() ?? '';
  const shown = command.length > COMMAND_CHARS_SHOWN ? `${command.slice(0, COMMAND_CHARS_SHOWN)}…` : command;
  return `process ${pid}${shown === '' ? '' : ` (${shown})`}`;
}

/** The pid that holds a listening socket on `port`; null when it is another user's, or in another container. */
async function listenerOn(port: number): Promise<number | null> {
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const inode of await listenersIn(table, port)) inodes.add(inode);
  }
  if (inodes.size === 0) return null;
  for (const name of await readdir('/proc')) {
    if (/^\d+$/.test(name) && (await holdsAny(name, inodes))) return Number(name);
  }
  return null;
}

/** proc(5): "sl local_address rem_address st … uid timeout inode", the address in hexadecimal as `host:port`. */
async function listenersIn(table: string, port: number): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(table, 'utf8');
  } catch {
    return []; // no IPv6 here, or no /proc at all: then it does not tell
  }
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const listens = fields[3] === LISTEN && Number.parseInt(fields[1]?.split(':')[1] ?? '', 16) === port;
    return listens && fields[9] !== undefined ? [fields[9]] : [];
  });
}

async function holdsAny(pid: string, inodes: ReadonlySet<string>): Promise<boolean> {
  try {
    for (const fd of await readdir(`/proc/${pid}/fd`)) {
      const inode = /^socket:\[(\d+)\]$/.exec(await readlink(`/proc/${pid}/fd/${fd}`))?.[1];
      if (inode !== undefined && inodes.has(inode)) return true;
    }
    return false;
  } catch {
    return false; // it ended meanwhile, or is another user's
  }
}
