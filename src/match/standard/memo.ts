const memoBits = 9

/** Remembers what one value of a contact reaches against voters' values, by vocabulary id, for one contact. */
export class Memo {
  /** id and level in one word; an id that falls on another's place takes it */
  readonly #words = new Uint32Array(1 << memoBits)

  clear(): void {
    this.#words.fill(0)
  }

  /** The level kept for an id, −1: none. */
  get(id: number): number {
    const word = this.#words[Math.imul(id, 0x9e3779b1) >>> (32 - memoBits)]!
    return word >>> 4 === id ? word & 15 : -1
  }

  set(id: number, level: number): number {
    this.#words[Math.imul(id, 0x9e3779b1) >>> (32 - memoBits)] = (id << 4) | level
    return level
  }
}
