import type { Party } from './event-actors.ts';
import { aheadOf, behindOf, isPrefixed, UNNAMED_FIRST } from './event-compounds.ts';
import { isAboutFurther, type Deed, type Role, type RoleMarks } from './event-role.ts';

const OFFICES =
  /^(?:の)?(?:政府関係者|政府|両政府|外務省|国防省|防衛省|商務省|財務省|首相|大統領府|大統領|国家主席|主席|総書記|外相|国防相|総領事館|大使館|大使|総括公使|公使|当局|両軍|軍機|軍艦|軍|海警船|海警局|海警|艦隊|艦|機|側|国務省|統一省|氏|副部長|報道官|(?:空母|護衛艦|駆逐艦)(?:「[^」]{1,8}」)?|戦闘機|爆撃機|艦載機|無人機|調査船|公船|船|紙|党|国会|野党|検察|情報院|公安|裁判所|特別検察|海洋警察庁|海洋警察|警察|議長|総統|首脳|両首脳|両国|3カ国|企業\d*社?)+/u;
const TOPIC = /^(?:は|も)|^[、\u3000 :：]/u;
const SPEAKER = /^(?:は|が)?、?\s?「/u;
const INNER = /^が/u;
const OBJECT = /^(?:に対し|に対する|への|へ|には|に|を|とは|と|との|から|向け)/u;
/** Persons, goods and businesses; in Latin letters a company: 米IBM, but 米FRB. */
const OWNED =
  /^(?:人|産|製|籍|車|漁船|企業|国籍|国民|映画|からの|水産物|向け|大手|系|勢|株|市場|国債|銀行|金融機関|五輪|代表(?!団)|大リーグ|プロ|製薬|テック|IT|EV|大学|選手|監督|俳優|歌手|作家|アニメ|コスメ|料理|ビール|景気|経済(?!制裁|産業|的)|GDP|消費|粗鋼|雇用|長期金利|ブランド|メーカー|スタートアップ|ファンド|投資家|格付け|小売|自動車大手|鉄鋼|生保|の?若者|(?!FRB|CIA|FBI|ICE|NSC|USTR|NASA|FDA)[A-Z]{2,})/u;

/** Where force is shown to somebody. */
const NEAR = /^(?:の)?(?:沖|周辺|近海|領海|領空|上空|防空識別圏|接続水域|EEZ|排他的経済水域)/u;

/** What stands right behind a name, its office taken off, by what it makes of it; the first that fits counts. */
const BEHIND: readonly (readonly [RegExp, Role])[] = [
  [/^(?:によると|沖|発|関係者)/u, 'aside'],
  [/^(?:で|国内|での)/u, 'scene'],
  [SPEAKER, 'speaker'],
  [TOPIC, 'subject'],
  [INNER, 'inner'],
];

/** Whom somebody's deed is done to is no party of the answer to it: 米国の台湾への武器売却に反発. */
const DONE_TO_BY_ANOTHER = /^(?:への|に対する|向けの?)/u;

function isOwned(deed: Deed, party: Party, behind: string): boolean {
  if (!isAboutFurther(deed, party)) return false;
  return DONE_TO_BY_ANOTHER.test(behind) && /の$/u.test(aheadOf(deed.text, party));
}

function japaneseRole(deed: Deed, party: Party): Role {
  const { text, type } = deed;
  const name = text.slice(party.start, party.end);
  if (isPrefixed(text, party, /[訪対對反嫌来]/u) || /^(?:訪|対|對|反)/u.test(name)) return 'object';
  if (/(?:駐|在)$/u.test(aheadOf(text, party))) return 'aside';
  const whole = behindOf(text, party);
  const behind = whole.replace(OFFICES, '');
  if (type === 'mobilize' && NEAR.test(behind)) return 'object';
  if (name === '邦人') return 'origin';
  if (isOwned(deed, party, behind)) return 'aside';
  const told = BEHIND.find(([pattern]) => pattern.test(behind));
  return told === undefined ? roleWithoutSubject({ text, type }, party, { whole, behind }) : told[1];
}

function roleWithoutSubject(
  { text, type }: Pick<Deed, 'text' | 'type'>,
  party: Party,
  { whole, behind }: { whole: string; behind: string },
): Role {
  if (OWNED.test(whole)) return 'origin';
  if (OBJECT.test(behind)) return 'object';
  // 韓国国防相の訪日: whoever holds the office does it.
  if (/^の/u.test(behind)) return behind.length < whole.length ? 'bare' : 'owner';
  const isFirst = UNNAMED_FIRST.exec(text);
  if (isFirst !== null && party.start >= isFirst[0].length && type !== 'state') return 'object';
  return party.isPlace ? 'scene' : 'bare';
}

export const JAPANESE: RoleMarks = {
  titles: /^の?(?:首相|大統領|国家主席|主席|外相|総書記|政府|新首相|外務大臣)?[のは、\u3000 ]?$/u,
  and: /^(?:・|と|、|—|―|-|·)?$/u,
  offices: OFFICES,
  relative: /(?:[しっいれけせねてきえん][ただ]|する|いる|れる|せる)$/u,
  roleOf: japaneseRole,
  passive: { ahead: /によ(?:り|って)\S{0,4}$/u, behind: /^(?:され|さる|られ)/u },
};
