// Deep imports without types of their own: the roots of both packages load far more than we use.

declare module 'natural/lib/natural/stemmers/porter_stemmer.js' {
  const stemmer: { readonly stem: (word: string) => string };
  export default stemmer;
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
