import type { Party } from './event-actors.ts';
import { aheadOf, behindOf } from './event-compounds.ts';
import type { Deed, Role, RoleMarks } from './event-role.ts';

const OFFICES =
  /^(?:外交部|国防部|國防部|商务部|商務部|财政部|防卫省|防衛省|外务省|首相|总统府|总统室|總統府|总统|總統|国家主席|主席|外长|外長|总理|總理|领导人|首脑|两国|两军|双方|政府|海警|警方|海军|空军|军方|军机|军舰|军|情报机构|公安|检方|水产厅|发言人|方面|方)+/u;
const OBJECT =
  /(?:对原产于?|对|對|向|给|給|访|訪|赴|抵达|抵達|促|就|让|把|将|與|与|和|同|跟|反|吁|籲|要|针对|針對|涉|来|警告|侵|帮助|提醒|支持|为|会见|會見|召见|避免前往|前往)$/u;
const AGENT = /(?:被|遭|(?<!接)受|由|经|引|引发|引起|招来)$/u;
const SCENE = /(?:在|于|於)$/u;
const ASIDE = /(?:从|自|驻|駐|飞往|途经|据)$/u;
const OWNED =
  /^(?:的|产|產|人(?!民|大)|籍|公民|渔船|漁船|水产品|水產品|歌手|商品|货物|貨物|企[业業]|学生|學生|游客|遊客|车企|車企|电商|電商|网红|網紅|艺人|藝人|演员|演員|选手|選手|球员|球員|[队隊]|股|大[厂廠]|[厂廠]商|公司|品牌|电影|電影|学者|學者|专家|專家|民[众眾]|网友|網友|富豪|男子|女子|留学生|留學生|手机|手機|游戏|遊戲|团队|團隊|大[学學]|科学家|科學家|空间站|太空站|市[场場]|[经經][济濟](?!部|制裁)|楼市|樓市|消费|消費|业者|業者)/u;

/** What stands right before a name, by what it makes of it; the first that fits counts. */
const AHEAD: readonly (readonly [RegExp, Role])[] = [
  [AGENT, 'agent'],
  [ASIDE, 'aside'],
  [/(?:原产于|致电|致函|电贺)$/u, 'object'],
  [SCENE, 'scene'],
];

function chineseRole({ text, cue, type }: Deed, party: Party): Role {
  const ahead = aheadOf(text, party);
  // Ships that pass by show force to whoever is passed: 航母编队经宫古海峡进入….
  if (type === 'mobilize' && /经$/u.test(ahead)) return 'object';
  const told = AHEAD.find(([pattern]) => pattern.test(ahead));
  if (told !== undefined) return told[1];
  const name = text.slice(party.start, party.end);
  if (/^在/u.test(name)) return 'scene';
  if (/^(?:访|訪|对|對|涉|反|赴)/u.test(name) || (OBJECT.test(ahead) && party.start > 1)) return 'object';
  if (party.start >= cue.start) return 'object';
  return roleBeforeAct(behindOf(text, party));
}

function roleBeforeAct(whole: string): Role {
  const behind = whole.replace(OFFICES, '');
  if (/^\s?[：:「“"]/u.test(behind)) return 'speaker';
  if (/^(?:若|如果|一旦|如|再)/u.test(behind)) return 'inner';
  return OWNED.test(whole) ? 'origin' : 'subject';
}

export const CHINESE: RoleMarks = {
  titles:
    /^(?:新任)?(?:首相|总统|總統|国家主席|主席|外长|外長|外交部长|总理|總理|领导人|領導人|外相|新首相)?$/u,
  and: /^(?:、|和|与|與|-|—|·|・)?$/u,
  offices: OFFICES,
  relative: null,
  roleOf: chineseRole,
  passive: { ahead: /(?:被|遭|遭到|受到)[^\s的]{0,6}$/u, behind: /^(?:者被)/u },
};
