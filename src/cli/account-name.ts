import { userInfo } from 'node:os';

/** The account this runs under; null in a container that has no name for it. */
export function accountName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}
