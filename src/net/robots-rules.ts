/** Rules of a file that count, the first ones: a host that needs more is no host for us. */
const RULES_MAX = 5_000;
/** Longer patterns are cut, and so match more: they are the same rule for all paths there are. */
const PATTERN_CHARS_MAX = 1_000;

interface Rule {
  readonly allow: boolean;
  /** The pattern between its wildcards. */
  readonly parts: readonly string[];
  /** Whether the pattern ends in `$`: the path must end there. */
  readonly anchored: boolean;
  /** Of two rules that match, the one with the longer pattern counts. */
  readonly length: number;
}

/** What a robots.txt says to one agent. */
export interface RobotsRules {
  /** Whether a path, with its query, may be fetched. */
  allows(path: string): boolean;
}

/**
 * A path as patterns and paths are compared (RFC 9309 §2.2.2): escapes of what needs none undone, the others in capitals,
 * and everything outside ASCII escaped.
 */
function comparable(path: string): string {
  return path
    .replace(/\P{ASCII}+/gu, (text) => Buffer.from(text).toString('hex').replace(/../g, '%$&'))
    .replace(/%[0-9a-f]{2}/gi, (escape) => {
      const letter = String.fromCharCode(Number.parseInt(escape.slice(1), 16));
      return /[A-Za-z0-9._~-]/.test(letter) ? letter : escape.toUpperCase();
    });
}

function ruleOf(allow: boolean, written: string): Rule {
  const pattern = comparable(written.slice(0, PATTERN_CHARS_MAX));
  const anchored = pattern.endsWith('$');
  const parts = (anchored ? pattern.slice(0, -1) : pattern).split(/\*+/);
  return { allow, parts, anchored, length: pattern.length };
}

/** The first place for each part is as good as any later one, so that nothing is tried twice. */
function matches({ parts, anchored }: Rule, path: string): boolean {
  const [first = '', ...others] = parts;
  if (!path.startsWith(first)) return false;
  const last = others.pop();
  if (last === undefined) return !anchored || path.length === first.length;
  let at = first.length;
  for (const part of others) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return anchored ? path.length - last.length >= at && path.endsWith(last) : path.indexOf(last, at) >= 0;
}

interface Line {
  readonly field: string;
  readonly value: string;
}

function lineOf(text: string): Line | null {
  const [line = ''] = text.split('#', 1);
  const colon = line.indexOf(':');
  return colon < 0
    ? null
    : { field: line.slice(0, colon).trim().toLowerCase(), value: line.slice(colon + 1).trim() };
}

/** The rules of all groups for `agent`, or those for everybody where none is for it. */
function groupsFor(text: string, agent: string): readonly Rule[] {
  const ours: Rule[] = [];
  const everybodys: Rule[] = [];
  let isNamed = false;
  let forUs = false;
  let forAll = false;
  let inAgents = false;
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const { field, value } = lineOf(line) ?? { field: '', value: '' };
    if (field === 'user-agent') {
      // Other records between them do not end a list of agents (§2.2.4): only rules do.
      if (!inAgents) [forUs, forAll] = [false, false];
      inAgents = true;
      const name = (/^[A-Za-z_-]+/.exec(value)?.[0] ?? '').toLowerCase();
      forUs ||= name === agent;
      forAll ||= value.startsWith('*');
      isNamed ||= forUs;
    } else if (field === 'allow' || field === 'disallow') {
      inAgents = false;
      // An empty rule is none: "Disallow:" allows all.
      if (value === '' || ours.length + everybodys.length === RULES_MAX) continue;
      const rule = ruleOf(field === 'allow', value);
      if (forUs) ours.push(rule);
      if (forAll) everybodys.push(rule);
    }
  }
  return isNamed ? ours : everybodys;
}

/**
 * What a robots.txt says to `agent`, a product token. After RFC 9309: groups for an agent count together, the longest
 * pattern that matches decides, `allow` where two are as long. A file that says nothing to the agent allows everything.
 */
export function parseRobots(text: string, agent: string): RobotsRules {
  const rules = groupsFor(text, agent.toLowerCase());
  return {
    allows: (path) => {
      const asked = comparable(path);
      let decided: Rule | null = null;
      for (const rule of rules) {
        if (!matches(rule, asked)) continue;
        const isStronger =
          decided === null ||
          rule.length > decided.length ||
          (rule.length === decided.length && rule.allow && !decided.allow);
        if (isStronger) decided = rule;
      }
      return decided?.allow ?? true;
    },
  };
}
