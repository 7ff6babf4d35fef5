// Decimal digits of every script as ASCII. YouTube writes numbers in the digits of the interface's
// language. Knows nothing of likes or dates.

const DIGIT = /\p{Nd}/u;

/**
 * @param {string} digit one character of the category Nd
 * @returns {string} "0" to "9"
 */
function asciiDigit(digit) {
  const code = /** @type {number} */ (digit.codePointAt(0));
  let value = 0;
  // Unicode lays the digits of a script out in one run of ten, so the value is the way to the run's start.
  while (value < 9 && DIGIT.test(String.fromCodePoint(code - value - 1))) value += 1;
  return String(value);
}

/**
 * @param {string} text
 * @returns {string} the text with every decimal digit as 0-9
 */
export function withAsciiDigits(text) {
  return text.normalize("NFKC").replace(/\p{Nd}/gu, (digit) =>
    digit >= "0" && digit <= "9" ? digit : asciiDigit(digit),
  );
}
