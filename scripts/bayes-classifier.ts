/**
 * natural's naive Bayes classifier. Loading it loads `sylvester`, which overwrites `Math.sign` with one that gives 1 for 0; TypeScript's
 * binary searches go wrong with that, so that the built-in is put back.
 */
const { sign } = Math;
const { default: BayesClassifier } = await import('natural/lib/natural/classifiers/bayes_classifier.js');
Math.sign = sign;

export { BayesClassifier };
