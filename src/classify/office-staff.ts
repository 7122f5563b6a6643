import type { CompiledAlias } from './gazetteer.ts';
import { textAt } from './following.ts';
import { foldedText, type Normalized } from './normalize.ts';
import { SPACE, classOf } from './script.ts';

/** The longest of the words below. */
const STAFF_UNITS_MAX = 8;

interface Staff {
  readonly pattern: RegExp;
  /** What it can begin with: most of what follows an office is told by its first unit. */
  readonly firsts: ReadonlySet<number>;
}

function words(list: string): Staff {
  const folded = foldedText(list);
  return {
    pattern: new RegExp(`^(?:${folded})`),
    firsts: new Set(folded.split('|').map((word) => word.charCodeAt(0))),
  };
}

/**
 * What makes of an office its building, its staff, its holder's family or a race for it: 韓国大統領|府, 일본 총리|관저. In Chinese the
 * president also chooses, 总统|选择; in Korean he denies, 대통령 |부인했다.
 */
const STAFF: ReadonlyMap<string, Staff> = new Map([
  [
    'ja',
    words(
      '府|室|官邸|公邸|夫人|補佐官|報道官|秘書官|秘書室|首席秘書|特使|特別代表|選|指名選|候補|経験者|顧問',
    ),
  ],
  [
    'zh',
    words(
      '府|室|官邸|办公|夫人|秘书|首席秘书|助理|顾问|发言人|警卫|特使|选举|选战|选情|大选|候选|参选人|当选人|补佐官',
    ),
  ],
  [
    'ko',
    words(
      '실(?:[은이을의에과도장]|$|[^가-힣])|관저|공관|집무실|부인(?![하했해할])|영부인|비서|보좌관|대변인|특사|특보|경호|선거|후보|당선인',
    ),
  ],
]);

/** Whether the office that ends at `end` goes on as something or somebody about it, and not its holder. */
export function isAboutOffice(text: Normalized, end: number, { lang }: CompiledAlias): boolean {
  const staff = lang === null ? undefined : STAFF.get(lang);
  if (staff === undefined) return false;
  const from = lang === 'ko' && classOf(text.units[end]) === SPACE ? end + 1 : end;
  if (!staff.firsts.has(text.units[from] ?? 0)) return false;
  return staff.pattern.test(textAt(text, from, Math.min(text.length, from + STAFF_UNITS_MAX)));
}
