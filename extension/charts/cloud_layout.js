// Where the words of a cloud go: the weightiest in the middle, each next one on a spiral outwards to the first
// free place. The same words always give the same picture. Knows boxes, not letters; measuring is passed in.

/** @typedef {{ term: string, weight: number }} Weighted */
/** @typedef {{ width: number, height: number }} Size */
/**
 * @template {Weighted} W
 * @typedef {{ word: W, size: number, x: number, y: number }} Placed x and y of the middle, size in pixels
 */

const SMALLEST = 11.5;
const LARGEST = 32;
const SPACE = 2.5;
const TURN = 0.2;
const GROWTH = 1.3;

/**
 * @param {number[]} weights
 * @returns {number[]} sizes of letters in pixels; area, not height, follows the weight
 */
export function sizes(weights) {
  const roots = weights.map((weight) => Math.sqrt(Math.max(0, weight)));
  const least = Math.min(...roots);
  const most = Math.max(...roots);
  const span = most - least;
  return roots.map((root) =>
    span > 0 ? SMALLEST + ((root - least) / span) * (LARGEST - SMALLEST) : (SMALLEST + LARGEST) / 2,
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
  const letterSizes = sizes(ordered.map((word) => word.weight));
  const flatness = room.height / room.width;
  const furthest = Math.hypot(room.width, room.height);
  /** @type {(Size & { x: number, y: number })[]} */
  const boxes = [];
  /** @type {Placed<W>[]} */
  const placed = [];
  ordered.forEach((word, index) => {
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
