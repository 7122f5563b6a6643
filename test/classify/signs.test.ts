import { beforeAll, describe } from 'vitest';
import type { Tagger } from '../../src/classify/tagger.ts';
import { shuttleTagger } from '../support/shuttle-dossier.ts';
import { headlines } from './headlines.ts';

let tagger: Tagger;
beforeAll(async () => {
  tagger = await shuttleTagger();
});

const { holds, lacks } = headlines(() => tagger);

describe('a name does not begin with the last character of a day', () => {
  lacks('zh', [
    ['泰国今日首相易人', 'sanae-takaichi', 'japan'],
    ['15日首相宣布解散国会', 'sanae-takaichi', 'japan'],
    ['次日军方发表声明', 'japan'],
    ['次日中美再度会谈', 'japan'],
  ]);
  holds('zh', [
    ['两军将领与日首相会面', 'sanae-takaichi', 'japan'],
    ['称遭日自卫队机尾随', 'japan', 'japan-sdf'],
    ['第三次日军大轰炸展览', 'japan'],
    ['首次日韩联合搜救', 'japan', 'south-korea'],
  ]);
  lacks('ja', [
    ['タイで翌日首相が辞任', 'sanae-takaichi'],
    ['連日首相を批判、英野党', 'sanae-takaichi'],
    ['記念日、中ロが共同声明', 'japan'],
    ['最終日、欧州選抜がリード', 'japan'],
  ]);
  holds('ja', [
    ['米で日首相が演説', 'sanae-takaichi', 'japan', 'united-states'],
    ['対日、対米の黒字', 'japan', 'united-states'],
    ['日、米、韓の外務次官', 'japan', 'united-states', 'south-korea'],
  ]);
});

describe('words that a sign of a country begins are no country', () => {
  lacks('zh', [
    ['美哭了 这组雪景', 'united-states'],
    ['美若天仙的扮相', 'united-states'],
    ['美第奇家族特展', 'united-states'],
    ['中岛谈新专辑', 'china'],
    ['中青年教师成主力', 'china'],
    ['朝天门夜景', 'north-korea'],
    ['韩太太的早餐铺', 'south-korea'],
    ['电视台独家专访', 'taiwan'],
    ['实际上海外订单更多', 'shanghai'],
  ]);
  lacks('ja', [
    ['航海日誌を公開', 'japan'],
    ['中産階級の縮小', 'china'],
    ['台紙に貼った切手', 'taiwan'],
    ['日比野さんの個展', 'japan'],
    ['朝比奈の切り通し', 'north-korea'],
    ['朝露に濡れた庭', 'north-korea'],
    ['米花町の夏祭り', 'united-states'],
    ['台中の市場を歩く', 'china'],
  ]);
  holds('ja', [
    ['朝露首脳が会談', 'north-korea'],
    ['親日志向は続くか', 'japan'],
    ['日比の部隊が訓練', 'japan'],
    ['上海の日系書店', 'japan', 'shanghai'],
  ]);
});
