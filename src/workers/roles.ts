/** What a process may do. `ingest` polls, `classify` tags, `deliver` sends, `follow` keeps consumers going. */
export const ROLES = ['ingest', 'classify', 'deliver', 'follow'] as const;
export type Role = (typeof ROLES)[number];
