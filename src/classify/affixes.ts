import { foldedText } from './normalize.ts';

/** Words by their first unit, the longer first. */
export type WordList = ReadonlyMap<number, readonly string[]>;

/** Characters by their units: texts are asked by units, for making a string of one costs more than the answer. */
type Characters = ReadonlySet<number>;

/**
 * What stands before and after a one-character name (美, 日, 韓 …) when it is a name. Language, not story: which
 * characters are names is the dossier's matter.
 */
export interface Affixes {
  /** Characters before it: against, visiting, stationed in. */
  readonly before: Characters;
  /** Those of them that are enough for a character that is an everyday word too. */
  readonly strongBefore: Characters;
  /** Those that only places follow: what the name would make with the next character is no word then. */
  readonly placeBefore: Characters;
  /** Characters that make another word with it: 拉美, 最美. */
  readonly notBefore: Characters;
  /** Particles before it that leave its suffix to tell a name: the president *of* … . */
  readonly links: Characters;
  /** Words after it: army, government, president. */
  readonly after: WordList;
  /** For a character, what makes another word with it: 美丽, 日前. */
  readonly notAfter: ReadonlyMap<number, WordList>;
  /** Characters that are everyday words too: never names by themselves, only in compounds and after affixes. */
  readonly everyday: Characters;
  /** Characters that are surnames too: alone they lead a clause only before a word, not before a given name. */
  readonly surnames: Characters;
  /** What follows a pair of countries even where only one of them is a name of the dossier: 中巴|关系. */
  readonly pairs: WordList;
  /** One-character names of countries that are no subjects of their own, which make a pair with one that is: 中老, 芬中. */
  readonly partners: Characters;
  /** What follows such a pair, where `pairs` would say too little without a partner: 中老|铁路. */
  readonly partnerPairs: WordList;
  /** For a name that leads no clause by itself, the words before which it does: 陆|宣布, 日|拟. */
  readonly leads: ReadonlyMap<number, WordList>;
  /** For a name, what makes another word with it even at the end of a compound: 日韩|美妆. */
  readonly notAfterRun: ReadonlyMap<number, WordList>;
  /** Numbers before an everyday character, which they make a measure: 两台. */
  readonly counted: Characters;
  /** Affixes that a visit or an attack is told by, and what tells its time behind the name: 访中|期间, 攻台|前. */
  readonly visits: Characters;
  readonly times: WordList;
  /** Whether a name may also begin after the kana that end a phrase, as it does after a comma. */
  readonly afterKana: boolean;
}

/** The units of a list of characters, folded. */
export const characters = (list: string): Characters =>
  new Set(Array.from(foldedText(list), (character) => character.charCodeAt(0)));
export const NO_WORDS: WordList = new Map();

/** The words of a list that is written with spaces between. */
export function wordList(list: string): WordList {
  const words = foldedText(list)
    .split(' ')
    .filter((word) => word !== '')
    .sort((a, b) => b.length - a.length);
  const byFirst = new Map<number, string[]>();
  for (const word of words) {
    const first = word.charCodeAt(0);
    const known = byFirst.get(first);
    if (known === undefined) byFirst.set(first, [word]);
    else known.push(word);
  }
  return byFirst;
}

const mapOf = (lists: Readonly<Record<string, string>>): ReadonlyMap<number, WordList> =>
  new Map(
    Object.entries(lists).map(([character, list]) => [foldedText(character).charCodeAt(0), wordList(list)]),
  );

const CHINESE: Affixes = {
  before: characters(
    '对访驻赴涉抵反亲抗援侵在来返离遭被与给挺拒谈逼联批斥旅留排媚仇知疑称替助攻据逃向自全应入促吁盼告让迎呛窃扰融灭护控赠售输援传抢取揭防靠惧忧厌锁乱弃友脱犯卖赶满若环游',
  ),
  strongBefore: characters(
    '对访驻赴抗亲反来抵离挺灭侵在返涉入旅攻扰融援护登吁盼厌锁乱弃仇友脱犯卖售媚留环助',
  ),
  placeBefore: characters('访驻赴旅抵'),
  notBefore: characters('最很绝之更太真优完精审赞选医大壮秀臻爱拉北南'),
  links: characters('的和及是与跟见晤邀促批纳中'),
  after: wordList(`
    军 方 媒 籍 企 商 政府 政界 政客 政坛 政要 总统 首相 总理 外长 外相 防长 财长 外交 国防 国务 财政 财务 商务 司法 参议 众议
    参院 众院 国会 议员 议会 议长 高官 官员 官方 官房 高层 大使 使馆 领馆 特使 股 债 舰 航母 战机 军机 民众 网友 网民 学者 专家
    专机 智库 记者 警 检方 法院 最高法 企业 公司 联邦 海军 空军 陆军 海警 海巡 民航 防卫 自卫队 裔 侨 国 经济 经贸 贸易 关税
    大选 民主党 共和党 内阁 内政 舆论 社会 青年 女子 男子 游客 选手 半导体 芯片 导弹 核潜艇 情报 间谍 签证
    机场 航班 极右翼 右翼 左翼 执政党 在野党 产 制 胞 独 办 退役 选举 当局 公民 艺人 团体 代表 农产品 牛肉 猪肉 固有 国籍
    拟 须 欲 拒 恐 相 船 资 师 白宫 中情局 财部 科研 全球 艺术家 客 生 配 男 女 自卫官 海自 陆自 空自 海保 巡逻 自民党 公明党 立宪 皇室 天皇 遗属 遗族 遗孤 遗孀 家属 财阀 财团 财界
    籍男子 籍女子 籍人士 驻 厂 车厂 车企 防相 财相 网红 客机 跨党派 厂商 光伏 出口 进口 制裁 政策 施压 依赖 报复 反制 发动 发起 产品 正式 后续 殖民 外事 元首 联手 联合 领导人 前议长 前总统 前首相 副总统 东北部 东部 西部 南部 北部 军演 教育部 渔船 民企 岛 复交 断交 建交 邦交
    航舰 FDA CPI PCE PPI GDP FBI CIA NASA SEC FCC ISM PMI ICE EIA CDC`),
  notAfter: mapOf({
    美: `生 师 客 相 男 元 丽 好 食 女 少女 如 术 妙 景 味 化 容 白 甲 感 观 满 德 名 团 学 誉 酒 的 洲 妆 梦 联储 加净 发店 发师 发厅 发业 颜 人 娜 玲 莲 琪 芳 华 云 式 美
      与共 到 回忆 图秀 图公司 依礼 宝 菱 邦 赞臣 素 波莉 斯 津 惠 凤 琴 珍 玉 艳 汁 联社 联航 光 孚 敦力 泰玩 瞳 剧 誉 睫 肤 眉 猴王
      宜佳 凯龙 高梅 沙酮 超微 轮美 不胜 其名 滋滋 育 院 工刀 咲 雪 穗 嘉 慧 崙 浓 濑
      若天仙 若画 若仙 极了 呆 爆了 翻了 疯了 哭 奂 事一桩 餐 丑 腿 臀 缝 篇 柚 钞 圆 特斯邦威 年健康 年达 利达 乐达 乐迪 锦 芝 联英语 龄 伢 琳
      兰机场 罗城 心月饼 心集团 心酒楼 廉社 出圈 出天际 成公主 成画 在细节 在骨 吗 短猫 娇娘 魔女 强惨 鼻 胸 羊羊 亚柏科 拉德 莱 杜莎 罗培南 协主席 塞尼亚 狄亚 第奇 索不达
      索米亚 登木 科利 目盼 目扬`,
    日: `产 相处 相关 相见 生 师 客流 全球 元 圆 币 本 子 常 前 前总统 后 均 报 期 程 夜 益 落 出 晚 记 历 光 照 用 志 渐 内 起 间 月 头 托 语 剧 式 料 系 化妆 葵 比 薪 租`,
    韩: '粉 营 蒋 元 文 语 版 正 流 服 式 料 圆 联社 亚航空 亚航 华 泰轮胎 进海运 进集团 赛 红 寒 磊 雪 庚 乔生 文秀 愈 非 信 湘 世忠 熙载 国瑜 鹤子 江 彬 美林 美娟 中天 太太 夫人 女士 先生 老师 大哥 姐 某 氏 城 儒林 安国 一良 三爷',
    台: `相 湾 南 中 北 东 下 上 词 阶 灯 球 风 积电 塑 电 铁 大医院 大校 大教 大学 大电 大法 大政 大生 大社 大演讲 玻 新金 新银 新证 新人寿 新光 泥 币 糖 视 客 州 山 企 金 本 面 子 阶 柱 账 前 后 盟 派人士 派阵营 派团体 派小党 化 语 达电 光电 肥 虎 郡`,
    俄: '语 而 顷 罗斯',
    朝: '花 霞 雾 露 三暮 令夕 野 九 夕 气 阳 廷 代 圣 拜 向 着 西 东 南 北 思 政 会 天 奉 晖 歌 珠 见 贡 闻 乾 堂 服 纲 中社 日新闻 日啤酒 日电视 日落 日出',
    陆: '委会 军 相 师叔 师弟 师兄 师傅 海军 战 地 续 基 空 域 路 上 海 游 架 港 生动 生植 资委',
    中: `岛 办 船 军帐 台禅 青年 高层 外文 外运 美史克 日友好医院 日医院 情局 选会 评委 执委 常委 船集团 资委 生代 配套 师 女 男 客 相 欲 须 全球 心 共 央 国 午 间 东 小 学 旬 秋 期 断 介 毒 文 年 医 药 部 华 正 古 级 型 层 下 上 等 场 性 立 止 奖 产 考 餐 选 科 油 油化
      东部 西部 南部 北部 长期 银 盘 坚 世 卒 高 低 途 轴 环 关村 原 段 队 试 速 巴车 甲 超 乙 戏 传媒大 大校 大附
      方县 英街 亚 东 美洲 欧洲 南半岛 南美 非共和国 非帝国 兴 联 联油 联部 联办 联重 信证 信银 信建 信集 信海 石化 石油 海油 芯国际 粮集 粮油 车集 车四 远海 广核 铁建 铁集 建集 建三 航集 航工 移动 和区 坜 山 议员 议长 央司令 枪 弹 招 标 签 暑 风 邪 伏`,
    法: '制 律 院 治 拍 务 案 规 官 庭 定 人 师 学 宝 则 令',
    英: '系 语 文 雄 镑 才 特尔 伟达 超 寸 尺 里 亩 国',
  }),
  everyday: characters('中日台法德印陆'),
  surnames: characters('韩'),
  pairs: wordList(
    '关系 两国 双方 双边 建交 全面战略 战略伙伴 友好 经贸 务实合作 元首 命运共同体 领导人 自贸 安全保障',
  ),
  partners: characters(
    '俄欧英法德意西葡荷比瑞挪芬丹波捷匈罗希土以伊叙沙阿科巴印孟尼缅泰越老柬马新菲文澳斐汤墨古智秘委厄玻埃南非拉蒙哈吉塔乌白塞克冰爱加约也摩突几刚安赞津莫坦肯喀喀多卢黎贝帕危索沪闽鲁粤港',
  ),
  partnerPairs: wordList(`
    合作 论坛 铁路 高铁 班列 人文 投资 贸易 边境 边民 边界 边贸 走廊 互免 免签 口岸 青年 文化 战略 全天候 传统 友谊 高层 联合 总理
    外长 防长 外交 人民 产能 科技 旅游 粉丝 之间 教育 交流 民间 军事 联演 海上 经济 企业 博览会 医疗 农业 能源 签署 签订 签证 就 冲突
    争端 伙伴 互信 共建 协定 协议 航线 直航 首脑 峰会 两军 关税 谈判 会谈 对话 商会 学者 媒体 议会 互认 创新 敲定`),
  leads: mapOf({
    陆: `宣布 突宣布 拟 称 将 拒 促 吁 批 斥 驳 呛 轰 爆 发 推 在 对 向 与 和 要 再 已 又 仍 恐 疑 欲 盼 禁 祭 列 设 办 派 砸 查 抓 逮 拘 判 测 增 减 限 允
      准 封 撤 售 订 现 首 新 最 多 逾 近 方 官 网 民 年轻人 大学 高中 职校 小学 员工 重量级 一口气 声称 召见 预测 预告 分析 公布 反 认 回应 提 扩大 加
      严 强调 指 曝 喊 突 停 恢复 汽车 电动车 港 男 女 人 稀土 出口 外贸 经济 房 楼 乘客 旅客 游客 星 剧 综艺 审查 高考 开放 观众 影 片商 : 「`,
    日: `拟 称 将 拒 促 吁 批 斥 驳 赞 忧 恐 盼 欲 抗议 宣布 批准 要求 呼吁 敦促 计划 考虑 谴责 回应 否认 承认 警告 指责 反对 支持 同意 声明 召见
      公布 推出 强调 重申 证实 暂停 恢复 取消 扩大 加强 启动 首度 突 对 向韩 向美 向菲 向台 与韩 与美 与菲 新首相 新内阁 新防相 新外相
      首相 众院 参院 执政 在野 民调 防相 财相 央行 官房 网 : 「`,
    中: `拟 称 拒 促 吁 斥 驳 呛 宣布 批准 抗议 呼吁 敦促 谴责 否认 警告 指责 召见 扩大对 暂停对 恢复对 驻 外交部 商务部 国防部`,
    台: `拟 促 吁 批 斥 驳 称 赞 盼 厂 驻 宣布 抗议 回应 拒 外交部 国防部 立法院 当局 陆委会 交部 媒 人 编剧 导演 歌手 艺人 旅客 女子 男子 选手 网红`,
    美: '称 加征 加码 加50 加10 加新 加前 加官员 加两国 加边境 加贸易 加关系 加谈判 加关税 南卡 指控 要求',
  }),
  notAfterRun: mapOf({
    美: '妆 瞳 剧 食 容 甲 妙 术 女 景 味 德 酒 元',
    日: '元 圆 语 剧 均客 均销 均交 均气 均流 均用 均产 报告 报社 报记 历 常 程 记 用品 照',
  }),
  counted: characters('一二两三四五六七八九十百千万亿几每'),
  visits: characters('访赴抵返离攻犯援侵驻'),
  times: wordList('前 后 期间 期 时 间'),
  afterKana: false,
};

const JAPANESE: Affixes = {
  before: characters('対訪駐在反親来離抗侵滞渡嫌知脱従'),
  strongBefore: characters('対訪駐在反親来離抗侵滞渡嫌知'),
  placeBefore: characters(''),
  notBefore: characters(''),
  links: characters(''),
  after: wordList(`
    作家 俳優 女優 歌手 映画 監督 大学 教授 学者 専門家 報道 雑誌 軍 大統領 首相 総理 外務 防衛 政府 国務 財務 商務 国防 司法 議会 議員 上院 下院 連邦 特検 憲法裁 高官 当局 紙 誌 メディア 国 兵 艦 空母 両 首脳 外相
    通商代表 最高裁 検察 野党 与党 海軍 空軍 陸軍 海兵 大使 特使 中間選挙 民主党 共和党 経済 関税 債 株 系 企業 大手 新政権
    政権 副大統領 前大統領 元大統領 主導 側 国民 国内 西部 東部 南部 原油 疾病 環境 運輸 労働 宇宙 航空 司令 情報 通信 半導体
    投資 金融 消費 雇用 景気 長期 物価 市場 産 財閥 テック ハイテク 女子 男子 代表 本土 領 人 社 製 式 ミサイル 弾道 核実験
    籍 旅行 研究 名門 東海岸 西海岸 巡視船 国境 移民 入国 税関 海洋 抜き 欧 戦闘機 無人機 攻撃 有力 著名 最大 間の 間で 間に
    間は 間関係
    総統 立法院 海警 主席 酒類 原子力 原潜 原発 原爆 卸売物価 山火事 子会社 本社 州知事 五輪 EU ASEAN NATO GCC ・EU ・ASEAN ・NATO ・GCC ・モンゴル ・ウクライナ ・インド ・イタリア
    ・ベトナム ・フィリピン ・カナダ ・マレーシア ・トルコ ・ブラジル ・中央アジア ・太平洋島 ・アフリカ ・ドイツ ・フランス ・ロシア ・イラン ・イスラエル
    ・ポーランド ・サウジ ・カザフ ・ウズベク ・ペルー ・メキシコ ・カンボジア ・ラオス ・スリランカ ・パキスタン ・エジプト ・ヨルダン ・UAE
    ・シンガポール タイ首脳 タイ両国 タイ外相 タイ関係 ウクライナ トルコ モンゴル フィリピン ベトナム カナダ イタリア マレーシア ブラジル イスラエル
    ポーランド サウジ インド首脳 インド関係 インド外相 比首脳 比両国 比外相 比防衛 比関係 比共同 比、 越首脳 越両国 越関係 越外相 越国境 越貿易 越間の 越国防 越合同 越共産 越両党 加首脳 加両国 加外相
    加関係 加、 泰首脳 蒙首脳 墨首脳 墨国境 ソ共同 ソ国交 ソ中立 ソ冷戦 ソ首脳`),
  notAfter: mapOf({
    米: `価 類 粒 作 穀 飯 粉 麺 寿 菓 騒動 農家 袋 沢 子 原 倉 田 山 谷 屋 朗 津 価格 高騰 高値 高止まり 5キロ 10キロ 1キロ 60キロ 1俵 不足 どころ 作り 店 油 酢 糠 ぬか 久 卸 麦 俵 びつ 櫃 糀 麹 こうじ 糖 処 離れ 余り 相場 坂線 良美 須 の価格 の値段 の値上が の値下が の小売価格 の卸値 の品薄 の増産
      の消費 の需要 の生産 の流通 の収穫 の食味 の味 の品種 を炊 を食 が高 が足りな の卸 が不足 の作付 の高騰 の備蓄 の店頭 百俵 村 本 川 長 重 良 丸 内 光 満 ノ ヶ ケ が浜 が瀬 つき 搗 花町 花山 島 塚 神 岡 城 浜 岬 郷 湊 峰 迫 畑 銭 代川 塩 次郎 治郎 三郎 米CLUB 米クラブ`,
    日: '銀 産自動車 産 程 常 時 本 曜 々 夜 没 照 記 経 当 給 付 々 野 立 高 向 光 清 航 比谷 比較 比例 比率 比重 比べ 比野 比宇 比津 比田 比原 比沢 比崎 鉄 生 建連 商 誌に 誌を 誌が 誌は 誌の 誌で 誌や 誌から 製産業 債銀',
    中: '央 心 学 身 止 古 小 堅 級 期 旬 東 間選 高 年 華 継 断 立 座 日新聞 毒 部 途 庭 野 村 島 川 西 京 尾 井 谷 長期 核 枢 銀 産 志 社 領',
    台: '紙 形 車 詞 帳 座 場 地 秤 頭 数 所 本 風',
    北: '海道 部 陸 東 西 九州 方 側 上 区 欧 極 緯 条 風 京 見 村 川 野 岡 海 里 斎 口 山 本 前 大西洋',
    英: '語 検 会話 雄 ポンド 明',
    韓: '非 愈',
  }),
  everyday: characters('日中北朝台ロ印独仏豪伊'),
  surnames: characters('韓'),
  pairs: wordList('首脳 両国 関係 外相 国交 友好 会談'),
  partners: characters(''),
  partnerPairs: NO_WORDS,
  leads: new Map(),
  notAfterRun: mapOf({ 比: '野 宇 津 田 原 沢 崎 奈 谷 呂 叡 良 重 率 較 例' }),
  counted: characters(''),
  visits: characters(''),
  times: NO_WORDS,
  afterKana: true,
};

const KOREAN: Affixes = {
  before: characters('反對訪駐親在抗嫌脫克離排大向赴來渡越拉從知'),
  strongBefore: characters('反對訪駐親在抗嫌脫克離排大向赴來渡越拉從知'),
  placeBefore: characters(''),
  notBefore: characters(''),
  links: characters(''),
  after: wordList(`
    軍 産 系 人 王 製 側 發 行 式 企 艦 核 債 株 紙 誌 車 機 船 商 男 女 戰 政府 大統領 首相 總理 外相 外務 外交 國務 國防 大使 議會 上院 下院
    대사 영사 정부 외교 국무 국방 재무 상무 법무 대통령 부통령 주석 총리 외무 외상 당국 언론 매체 의회 상원 하원 관방 방위`),
  notAfter: mapOf({
    北: '극 위도 유럽 아프리카 아메리카 아일랜드 대서양 태평양 해도 캅카스 마케도니아 중미 한강 악산 촌 쪽 반구 상하 상중 상한 상해',
    美: '친 쳤 녀 끼 각 학적',
    日: '평균 매출 이용 생산량 생산능력 거래 확진 방문객 관객 사용량 처리 최고기온 최저기온',
    中: '학생 학교 학년 고생 교사 졸 장년 소기업 견기업 산층 도층 위권',
    북: '콘서트 토크 카페 페어 리뷰 트레일러 스토어 클럽 마크 디자인 페스티벌 페스타 큐레이션 스타트 스테이 커버 펀드 마켓 아트 멘토 쇼 캠프 텔러 튜브 치는 치고 소리 장단 하나 쪽 등',
    南: '아공 아프리카 유럽 극 중국해 태평양 수단 해 도 부 미 녀 쪽 하하 하한 하해 하했',
    韓: '끼 잔 마디 숨 뼘 바퀴 꺼번 가득 가위',
    미: '제출 제공 제작 지급 반영 포함 준수 신고 이행 착용 접종 등록 분양 완공 납부 입주 달성 충원 취득 등재 비치 부착 발급 응답 소진 상환 취학 작성 소지',
  }),
  everyday: characters('한중일대'),
  surnames: characters(''),
  pairs: NO_WORDS,
  partners: characters(''),
  partnerPairs: NO_WORDS,
  leads: new Map(),
  notAfterRun: new Map(),
  counted: characters(''),
  visits: characters(''),
  times: NO_WORDS,
  afterKana: false,
};

const AFFIXES: Readonly<Record<string, Affixes>> = { zh: CHINESE, ja: JAPANESE, ko: KOREAN };

/** The affixes of a language, by primary subtag; null where one-character names are not written. */
export function affixesOf(lang: string | null): Affixes | null {
  return lang === null ? null : (AFFIXES[lang] ?? null);
}
