/** Something typed that is no value of any kind: it cannot even be sent. */

export class InputMistake extends Error {
  /**
   * @param {string} pointer of the field
   * @param {string} message
   */
  constructor(pointer, message) {
    super(message);
    this.name = "InputMistake";
    this.pointer = pointer;
  }
}
