/** What generated news is made of besides names: everyday words, written for this purpose, by script. */
export const NEWS_WORDS: Readonly<Record<'en' | 'ko' | 'ja' | 'zh', readonly string[]>> = {
  en: (
    'the of to and in for on with after over as says will talks plan visit trade market minister officials summit ' +
    'deal report week growth exports prices court police city local new first year policy bank group company ' +
    'industry energy ports shipping students culture tourism match final season weather storm health hospital ' +
    'budget vote party lawmakers opposition survey rates shares chip battery cars factory workers union wage ' +
    'border security defence joint drill response concern ahead amid against under again more than before'
  ).split(' '),
  ko: (
    '정부 회담 방문 발표 계획 시장 수출 가격 법원 경찰 지역 올해 정책 은행 기업 산업 에너지 항만 해운 학생 문화 관광 경기 ' +
    '결승 시즌 날씨 태풍 건강 병원 예산 투표 의원 야당 조사 금리 주가 반도체 배터리 자동차 공장 노동자 임금 국경 안보 국방 ' +
    '훈련 대응 우려 앞두고 관련 이번 다음 오늘 지난달 전망 확대 감소 증가 합의 논의 참석 밝혔다 전했다 말했다'
  ).split(' '),
  ja: (
    '政府 会談 訪問 発表 計画 市場 輸出 価格 裁判所 警察 地域 今年 政策 銀行 企業 産業 電力 港湾 海運 学生 文化 観光 試合 ' +
    '決勝 天候 台風 健康 病院 予算 投票 議員 野党 調査 金利 株価 半導体 電池 自動車 工場 労働者 賃金 国境 安全 防衛 訓練 ' +
    '対応 懸念 関係 今回 来週 昨日 見通し 拡大 減少 増加 合意 協議 出席 述べた 明らかにした 伝えた'
  ).split(' '),
  zh: (
    '政府 会谈 访问 发布 计划 市场 出口 价格 法院 警方 地区 今年 政策 银行 企业 产业 能源 港口 航运 学生 文化 旅游 比赛 ' +
    '决赛 天气 台风 健康 医院 预算 投票 议员 在野 调查 利率 股价 芯片 电池 汽车 工厂 工人 工资 边境 安全 国防 演习 应对 ' +
    '关切 关系 此次 下周 昨日 前景 扩大 减少 增加 达成 协商 出席 表示 指出 报道'
  ).split(' '),
};

/** What follows a word in a sentence of these languages. */
export const PARTICLES: Readonly<Record<'ko' | 'ja', readonly string[]>> = {
  ko: ['은', '이', '을', '에', '의', '로', '와', ''],
  ja: ['は', 'が', 'を', 'に', 'の', 'で', 'と', ''],
};
