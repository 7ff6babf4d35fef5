// Why a file can't be read, in words for the person who has it. Knows no format.

export class Unreadable extends Error {
  /**
   * @param {string} message says where and what, and what to do
   * @param {string[]} [columns] one of which may hold the comments, if only a person can tell which
   */
  constructor(message, columns = []) {
    super(message);
    this.columns = columns;
  }
}
