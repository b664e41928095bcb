/** Apostrophes as keyboards, word processors and AWS's own pages write them. */
const apostrophes = /['’‘‛`´ʼ＇′]/gu;

/**
 * The words of somebody else's sentence, in its order: lower case, without punctuation, `isn’t` as `isnt`. AWS documents no
 * sentence, so whoever must read one goes by its words and never by its letters, its quotes or its spaces.
 */
export const wordsOf = (sentence: string): readonly string[] =>
  sentence
    .normalize('NFKC')
    .replaceAll(apostrophes, '')
    .toLowerCase()
    .split(/[^\p{L}\p{N}_]+/u)
    .filter((word) => word !== '');
