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

/** The rules of all groups for one agent, gathered line by line. */
class Groups {
  readonly #agent: string;
  readonly #ours: Rule[] = [];
  readonly #everybodys: Rule[] = [];
  #isNamed = false;
  #forUs = false;
  #forAll = false;
  #inAgents = false;

  constructor(agent: string) {
    this.#agent = agent.toLowerCase();
  }

  /** The rules that count: those for the agent, or those for everybody where none is for it. */
  get rules(): readonly Rule[] {
    return this.#isNamed ? this.#ours : this.#everybodys;
  }

  take({ field, value }: Line): void {
    // Other records end no list of agents (§2.2.4): only rules do.
    if (field === 'user-agent') this.#takeAgent(value);
    else if (field === 'allow' || field === 'disallow') this.#takeRule(field === 'allow', value);
  }

  #takeAgent(value: string): void {
    if (!this.#inAgents) [this.#forUs, this.#forAll] = [false, false];
    this.#inAgents = true;
    const token = (/^[A-Za-z_-]+/.exec(value)?.[0] ?? '').toLowerCase();
    this.#forUs ||= token === this.#agent;
    this.#forAll ||= value.startsWith('*');
    this.#isNamed ||= this.#forUs;
  }

  /** An empty pattern is no rule: "Disallow:" allows all. */
  #takeRule(allow: boolean, pattern: string): void {
    this.#inAgents = false;
    if (pattern === '' || this.#ours.length + this.#everybodys.length >= RULES_MAX) return;
    if (this.#forUs) this.#ours.push(ruleOf(allow, pattern));
    if (this.#forAll) this.#everybodys.push(ruleOf(allow, pattern));
  }
}

function isStronger(rule: Rule, than: Rule | null): boolean {
  if (than === null || rule.length > than.length) return true;
  return rule.length === than.length && rule.allow && !than.allow;
}

/**
 * What a robots.txt says to `agent`, a product token. After RFC 9309: groups for an agent count together, the longest
 * pattern that matches decides, `allow` where two are as long. A file that says nothing to the agent allows everything.
 */
export function parseRobots(text: string, agent: string): RobotsRules {
  const groups = new Groups(agent);
  for (const line of text.replace(/^\uFEFF/, '').split(/\r\n|\r|\n/)) {
    const found = lineOf(line);
    if (found !== null) groups.take(found);
  }
  const { rules } = groups;
  return {
    allows: (path) => {
      const asked = comparable(path);
      let decided: Rule | null = null;
      for (const rule of rules) {
        if (isStronger(rule, decided) && matches(rule, asked)) decided = rule;
      }
      return decided === null || decided.allow;
    },
  };
}
