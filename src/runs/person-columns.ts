/**
 * The persons of a run as growing columns: 88 bytes a person, so that a run over millions stays small. Rows are numbered
 * in the order they are added.
 */
export interface PersonColumns {
  readonly count: () => number
  readonly add: (person: PersonRow) => number
  readonly id: (row: number) => string
  readonly version: (row: number) => string
  readonly order: (row: number) => number
  /** SHA-256 of the decision in force; undefined when there is none */
  readonly inForce: (row: number) => Buffer | undefined
}

export interface PersonRow {
  readonly id: string
  /** hex SHA-256 of the person's data */
  readonly version: string
  readonly order: number
  readonly inForce: Buffer | null
}

const width = 16 + 32 + 8 + 32

export const personColumns = (): PersonColumns => {
  let bytes = Buffer.alloc(width * 4096)
  let count = 0
  const grow = (): void => {
    if ((count + 1) * width <= bytes.length) return
    const larger = Buffer.alloc(bytes.length * 2)
    bytes.copy(larger)
    bytes = larger
  }
  return {
    count: () => count,
    add: ({ id, version, order, inForce }) => {
      grow()
      const at = count * width
      bytes.write(id.replaceAll('-', ''), at, 16, 'hex')
      bytes.write(version, at + 16, 32, 'hex')
      bytes.writeDoubleLE(order, at + 48)
      inForce?.copy(bytes, at + 56)
      return count++
    },
    id: (row) => {
      const hex = bytes.toString('hex', row * width, row * width + 16)
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
    version: (row) => bytes.toString('hex', row * width + 16, row * width + 48),
    order: (row) => bytes.readDoubleLE(row * width + 48),
    inForce: (row) => {
      const sha = bytes.subarray(row * width + 56, (row + 1) * width)
      return sha.every((byte) => byte === 0) ? undefined : sha
    },
  }
}
