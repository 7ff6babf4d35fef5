// Which comments hold a word of the cloud. Knows how the server writes its terms (backend/analysis/terms.py): case
// folded, emoji without skin tones. Knows nothing of feelings.

const LOOKS = /[\ufe0e\ufe0f\u{1f3fb}-\u{1f3ff}]/gu;
const LETTERS = /^[\p{L}\p{M}'’]+$/u;
/** Written without spaces, so that a word has no edges. */
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;

/** @param {string} text */
export const folded = (text) => text.normalize("NFC").replace(LOOKS, "").replaceAll("’", "'").toLowerCase().replaceAll("ß", "ss");

/**
 * @param {string} term
 * @returns {(foldedText: string) => boolean} whether a text that was folded holds it as a word of its own
 */
export function holding(term) {
  const wanted = folded(term);
  if (!LETTERS.test(wanted) || UNSPACED.test(wanted)) return (text) => text.includes(wanted);
  // The pattern is costly on long texts, the plain search is not.
  const pattern = new RegExp(`(?<![\\p{L}\\p{M}])${wanted}(?![\\p{L}\\p{M}])`, "u");
  return (text) => text.includes(wanted) && pattern.test(text);
}
