/**
 * What a text takes on a terminal, in columns. Letters of East Asia and pictures take two (Unicode's East Asian Width, W and
 * F), marks on a letter none.
 */
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2329\u232a\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe10-\ufe19\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6]|[\u{16fe0}-\u{18cff}\u{1b000}-\u{1b2ff}\u{1f200}-\u{1f2ff}\u{20000}-\u{3fffd}]/u;
const onALetter = /\p{Mn}|\p{Me}/u;

const widthOfCharacter = (character: string): number => {
  if (character <= '~') return 1;
  if (onALetter.test(character)) return 0;
  return wide.test(character) ? 2 : 1;
};

/** Columns that a printable text takes. */
export const widthOf = (text: string): number => {
  let width = 0;
  for (const character of text) width += widthOfCharacter(character);
  return width;
};

/** Fonts do not agree about a letter outside ASCII: the most that one takes. */
const mostOfCharacter = (character: string): number => (character <= '~' ? 1 : 2);

/** Without the blanks at its end; wide spaces of other scripts are somebody's text. */
export const trimBlanks = (text: string): string => text.replace(/ +$/, '');

/**
 * A printable text in lines of so many columns at most, broken between words where that is possible. A terminal that broke
 * them itself would begin the next line at its left edge, where our own words stand.
 */
export const wrapped = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  let used = 0;
  const end = () => {
    lines.push(trimBlanks(line));
    line = '';
    used = 0;
  };
  for (const word of text.split(/(?<= )/)) {
    const most = mostOf(trimBlanks(word));
    if (used > 0 && used + most > width) end();
    for (const character of word) {
      const needed = mostOfCharacter(character);
      if (used + needed > width && character !== ' ') end();
      line += character;
      used += needed;
    }
  }
  end();
  return lines;
};

const mostOf = (text: string): number => {
  let width = 0;
  for (const character of text) width += mostOfCharacter(character);
  return width;
};
