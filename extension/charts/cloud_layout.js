// Where the words of a cloud go: the weightiest in the middle, each next one on a spiral outwards to the first
// free place, all as large as leaves room for the most of them. The same words always give the same picture.
// Knows boxes, not letters; measuring is passed in.

/** @typedef {{ term: string, weight: number }} Weighted */
/** @typedef {{ width: number, height: number }} Size */
/**
 * @template {Weighted} W
 * @typedef {{ word: W, size: number, x: number, y: number }} Placed x and y of the middle, size in pixels
 */

const SMALLEST = 11.5;
const LARGEST = [34, 30, 26];
const SPACE = 2.5;
const TURN = 0.2;
const GROWTH = 1.3;

/**
 * @param {number[]} weights
 * @param {number} [largest]
 * @returns {number[]} sizes of letters in pixels, which grow with the weight
 */
export function sizes(weights, largest = LARGEST[0]) {
  const least = Math.min(...weights);
  const span = Math.max(...weights) - least;
  return weights.map((weight) =>
    span > 0 ? SMALLEST + ((weight - least) / span) * (largest - SMALLEST) : (SMALLEST + largest) / 2,
  );
}

/**
 * @param {Size & { x: number, y: number }} a
 * @param {Size & { x: number, y: number }} b
 */
const overlap = (a, b) =>
  Math.abs(a.x - b.x) * 2 < a.width + b.width && Math.abs(a.y - b.y) * 2 < a.height + b.height;

/**
 * @template {Weighted} W
 * @param {W[]} words
 * @param {Size} room
 * @param {(term: string, size: number) => Size} measure
 * @returns {Placed<W>[]} words that find no place are left out
 */
export function cloudLayout(words, room, measure) {
  const ordered = [...words].sort(
    (a, b) => b.weight - a.weight || (a.term < b.term ? -1 : Number(a.term > b.term)),
  );
  /** @type {Placed<W>[]} */
  let best = [];
  for (const largest of LARGEST) {
    const placed = spiral(ordered, sizes(ordered.map((word) => word.weight), largest), room, measure);
    if (placed.length > best.length) best = placed;
    if (best.length === words.length) break;
  }
  return best;
}

/**
 * @template {Weighted} W
 * @param {W[]} words in the order in which they choose their places
 * @param {number[]} letterSizes
 * @param {Size} room
 * @param {(term: string, size: number) => Size} measure
 * @returns {Placed<W>[]}
 */
function spiral(words, letterSizes, room, measure) {
  const flatness = room.height / room.width;
  const furthest = Math.hypot(room.width, room.height);
  /** @type {(Size & { x: number, y: number })[]} */
  const boxes = [];
  /** @type {Placed<W>[]} */
  const placed = [];
  words.forEach((word, index) => {
    const size = letterSizes[index];
    const measured = measure(word.term, size);
    const width = measured.width + 2 * SPACE;
    const height = measured.height + SPACE;
    if (width > room.width || height > room.height) return;
    for (let angle = 0; GROWTH * angle < furthest; angle += TURN) {
      const box = {
        x: room.width / 2 + GROWTH * angle * Math.cos(angle),
        y: room.height / 2 + GROWTH * angle * Math.sin(angle) * flatness,
        width,
        height,
      };
      const inside =
        box.x * 2 >= width &&
        box.y * 2 >= height &&
        (room.width - box.x) * 2 >= width &&
        (room.height - box.y) * 2 >= height;
      if (inside && !boxes.some((other) => overlap(box, other))) {
        boxes.push(box);
        placed.push({ word, size, x: box.x, y: box.y });
        return;
      }
    }
  });
  return placed;
}
