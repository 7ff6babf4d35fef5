// Text of strangers for places that have no room for tricks, such as a chart's labels: without characters that
// turn the direction of what follows, without towers of accents, and short.

const DIRECTION_CHANGES = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;
const TOWER = /(\p{M}{3})\p{M}+/gu;

/**
 * @param {string} text
 * @param {number} [most] characters, as a reader counts them
 */
export function calm(text, most = Infinity) {
  const plain = text
    .replace(DIRECTION_CHANGES, "")
    .replace(CONTROLS, " ")
    .replace(TOWER, "$1");
  if (plain.length <= most) return plain;
  const characters = Array.from(new Intl.Segmenter().segment(plain), ({ segment }) => segment);
  return characters.length <= most ? plain : `${characters.slice(0, most - 1).join("")}…`;
}
