// Deep imports without types of their own: the roots of both packages load far more than we use.

declare module 'natural/lib/natural/stemmers/porter_stemmer.js' {
  const stemmer: { readonly stem: (word: string) => string };
  export default stemmer;
}

declare module 'natural/lib/natural/classifiers/bayes_classifier.js' {
  /** As far as the training of events asks for it. */
  export default class BayesClassifier {
    constructor(stemmer: undefined, smoothing: number);
    readonly features: Readonly<Record<string, number>>;
    readonly classifier: {
      /** For each class how often it had the feature of a number, the smoothing added once. */
      readonly classFeatures: Readonly<Record<string, Readonly<Record<number, number>>>>;
      readonly classTotals: Readonly<Record<string, number>>;
      readonly totalExamples: number;
      readonly smoothing: number;
    };
    addDocument(tokens: readonly string[], classification: string): void;
    train(): void;
    getClassifications(
      tokens: readonly string[],
    ): readonly { readonly label: string; readonly value: number }[];
  }
}

// Lists of `variant standard` pairs, joined by `|`.
declare module 'opencc-js/dict/TSCharacters' {
  const pairs: string;
  export default pairs;
}
declare module 'opencc-js/dict/JPShinjitaiCharacters' {
  const pairs: string;
  export default pairs;
}
declare module 'opencc-js/dict/TWVariantsRev' {
  const pairs: string;
  export default pairs;
}
declare module 'opencc-js/dict/HKVariantsRev' {
  const pairs: string;
  export default pairs;
}
