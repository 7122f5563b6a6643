/**
 * Every rule that can let a name stand or refuse it, in words for people; `%` is what stands behind the colon of the rule. A rule
 * that is not here cannot be named by the code: see Rule.
 */
export const RULES = {
  // What a name is where it stands.
  'latin-word': 'a word by itself',
  'latin-plural': 'a word by itself, with a plural s',
  'katakana-word': 'a katakana word by itself',
  'han-name': 'a name in Han characters',
  'han-segment': 'a short Han name where a word begins',
  'korean-word': 'a Korean word by itself',
  'korean-particle': 'a Korean word with the particle %',
  'korean-suffix': 'a Korean word with the suffix %',
  'korean-compound': 'the head of a Korean compound',
  prefixed: 'behind a prefix',
  glued: 'written on to the word before',
  'country-compound': 'one character for a country, in a compound of them',
  'country-affix': 'one character for a country, with the affix %',
  'country-state': 'one character for a country, with the word of state %',
  'one-character-country': 'one character for a country, at the head of a clause',
  'lone-surname': 'a surname of one character, by itself',
  dateline: 'the dateline, which says where the report was written and adds nothing to salience',
  pattern: 'a sign of the pattern %, which is met',
  // What of the item lets a conditional name stand.
  'named-elsewhere': 'and the item names it elsewhere without a doubt',
  'borne-out-by': 'and the item has %, which this name asks for',
  // As written by taggers before they said what.
  'in-context': 'and the item has what this name asks for',
  'acts-in-office': 'and it does what heads of government do in headlines',
  'adds-up': 'a weak sign that others in the item bear out',
  // What refuses a name by itself.
  'other-language': 'in this language the text is another word',
  'in-a-word': 'it is part of another word or name',
  'not-as-written': 'it is not written in the capitals of the name',
  'company-name': 'it goes on as the name of a company, medium or brand',
  'of-a-people': 'its plural is a people, not its leader',
  'outside-dates': 'on the day of the item this name did not mean it',
  'no-day': 'the item has no day, and this name has meant others on other days',
  'in-other-name': 'it is part of %, which is something else',
  'followed-by': '% follows',
  'others-office': 'the office is another holder’s: a former one’s, or that of the name that follows',
  'about-office': 'what follows is about the office, and does not mean who holds it',
  'part-of-a-name': 'it is part of somebody else’s name',
  'another-person': 'a title or a given name that follows makes it somebody else',
  byline: 'it is in the name of whoever wrote the report, beside its dateline',
  'publisher-tail': 'it is in the name of the publisher, which ends the headline',
  // What of the item refuses it.
  'excluded-by': 'the item also has %, beside which this name does not count',
  'condition-not-met': 'the item has nothing of what this name asks for',
  'asks-for': 'the item has none of what this name asks for: %',
  namesake: 'somebody else of this name is in the item',
  rival: 'the item says more of %, which shares the name',
  'too-weak': 'a weak sign that nothing else in the item bears out',
  'longer-name': 'it is part of a longer name, of %',
  'pattern-too-far': 'the signs of the pattern % are all there, but not close to one another',
  'pattern-barred': 'the signs of the pattern % are all there, but so is one that rules it out',
  'pattern-outside-dates': 'the signs of the pattern % are all there, but it was not in force that day',
} as const satisfies Readonly<Record<string, string>>;

export type RuleName = keyof typeof RULES;

/** Names of RULES, each perhaps with an argument behind a colon, the later ones behind a comma: `korean-particle:서, in-context`. */
export type Rule = `${RuleName}${'' | `:${string}` | `, ${string}`}`;

const isRule = (name: string): name is RuleName => Object.hasOwn(RULES, name);

function cut(part: string): readonly [name: string, argument: string | null] {
  const colon = part.indexOf(':');
  return colon < 0 ? [part, null] : [part.slice(0, colon), part.slice(colon + 1)];
}

function partText(part: string): string {
  const [name, argument] = cut(part);
  // What an older or newer tagger wrote into the log is shown as it is.
  return isRule(name) ? RULES[name].replace('%', () => argument ?? '') : part;
}

/** The parts of a rule. Arguments are names as people write them: what follows a comma in one is a part only if it is a rule. */
function partsOf(rule: string): readonly string[] {
  const parts: string[] = [];
  for (const piece of rule.split(', ')) {
    const before = parts.at(-1);
    const goesOn = before !== undefined && cut(before)[1] !== null && !isRule(cut(piece)[0]);
    if (goesOn) parts[parts.length - 1] = `${before}, ${piece}`;
    else parts.push(piece);
  }
  return parts;
}

/** What a rule of a mention or a refusal says, in words. */
export function ruleText(rule: string): string {
  return partsOf(rule).map(partText).join(', ');
}
