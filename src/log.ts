import { pino } from 'pino';
import { withoutPasswords } from './log/without-passwords.ts';

/** Structured lines for operators, always on stderr: stdout is for data. */
export type Log = pino.Logger;

export const LOG_LEVELS = ['silent', 'error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A log that writes one JSON object a line to stderr, from `level` up; passwords in URLs are masked, whoever wrote them there. */
export function createLog(level: LogLevel): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      hooks: { streamWrite: withoutPasswords },
    },
    pino.destination({ fd: 2, sync: true }),
  );
}
