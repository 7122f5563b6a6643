import { InvalidArgumentError } from 'commander';
import { ROLES } from '../workers/roles.ts';
import type { Role } from '../workers/roles.ts';

/** Roles as written on a command line: names with commas between. Throws InvalidArgumentError naming one that is none. */
export function rolesOption(value: string): readonly Role[] {
  const asked = value.split(',').map((name) => name.trim());
  const strange = asked.find((name) => !ROLES.some((role) => role === name));
  if (strange !== undefined) {
    throw new InvalidArgumentError(`there is no role "${strange}", only ${ROLES.join(', ')}.`);
  }
  return ROLES.filter((role) => asked.includes(role));
}
