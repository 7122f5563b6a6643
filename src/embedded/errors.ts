/** What failed while starting or stopping the embedded Postgres, what its log said last, and what to do about it. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  /** What the reader can do about it, one sentence. */
  readonly remedy: string;

  constructor(
    what: string,
    remedy: string,
    detail: { readonly said?: string; readonly cause?: unknown } = {},
  ) {
    const said = detail.said?.trim() ? `\nPostgres said:\n${indent(detail.said.trim())}` : '';
    super(
      `embedded Postgres: ${what}. ${remedy}${said}`,
      detail.cause === undefined ? {} : { cause: detail.cause },
    );
    this.remedy = remedy;
  }
}

/** The way out that is always open. */
export const OR_BRING_YOUR_OWN = 'set DATABASE_URL to a Postgres of your own (15 or later)';

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|Check free disk space/i, 'The disk is full: free some space and start again'],
  [/Disk quota exceeded/i, 'The disk quota is used up: free some space and start again'],
  [/Read-only file system/i, 'The data folder cannot be written: set SHUTTLEWATCH_DATA to a folder that can'],
  [
    /could not look up effective user ID/i,
    `This user has no entry in /etc/passwd: add one, or ${OR_BRING_YOUR_OWN}`,
  ],
  [
    /error while loading shared libraries|symbol lookup error/i,
    'Postgres lacks a library: reinstall with "npm ci"',
  ],
  [
    /could not create shared memory segment|could not resize shared memory/i,
    'Shared memory is used up: give the machine or container more (for Docker, --shm-size)',
  ],
  [
    /could not locate a valid checkpoint record|invalid checkpoint record/i,
    'The data was damaged outside of Postgres: restore the folder from a backup, or move it away to begin afresh',
  ],
  [
    /Permission denied/i,
    'A file or folder of the data is closed to this user: check who owns the data folder',
  ],
];

/** The advice that fits what Postgres said; else to read the whole of it in `logFile`. */
export function remedyFor(said: string, logFile?: string): string {
  for (const [symptom, remedy] of REMEDIES) if (symptom.test(said)) return remedy;
  return logFile === undefined ? `If it stays so, ${OR_BRING_YOUR_OWN}` : `The whole log is in ${logFile}`;
}

function indent(text: string): string {
  return text.replace(/^/gm, '  ');
}
