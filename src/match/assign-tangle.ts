import { rowHeap } from './row-heap.js'

/**
 * Contacts and the voters that they may be given, both numbered from 0: contact i's pairs are starts[i] to
 * starts[i + 1] − 1. Gains are whole numbers: sums are exact, and what ties does tie.
 */
export interface Tangle {
  readonly starts: Uint32Array
  readonly voter: Uint32Array
  readonly gain: Float64Array
  readonly voters: number
}

/** Looks at pairs, for each pair and contact of the tangle, after which an assignment is given up. */
const mostLooks = 600

/**
 * The pairs with the highest sum of gains, each contact and each voter at most once: the voter of each contact, −1 for none.
 * Contacts are taken in turn, each by a shortest augmenting path under potentials (Jonker, Volgenant: A Shortest Augmenting
 * Path Algorithm for Dense and Sparse Linear Assignment Problems, Computing 38, 1987), where a path may also end with a
 * contact that gets nobody. Memory is linear. `null` when it takes over `most` looks for each pair and contact: 600 are
 * enough for any tangle of up to 200 voters whose contacts have at most five.
 */
export const assignTangle = ({ starts, voter, gain, voters }: Tangle, most = mostLooks): Int32Array | null => {
  const contacts = starts.length - 1
  const given = new Int32Array(contacts).fill(-1)
  const holder = new Int32Array(voters).fill(-1)
  // potentials: cost −gain − ofContact − ofVoter is never negative, 0 for pairs that are given
  const ofContact = new Float64Array(contacts)
  const ofVoter = new Float64Array(voters)
  const distance = new Float64Array(voters).fill(Number.POSITIVE_INFINITY)
  const from = new Int32Array(voters)
  const isDone = new Uint8Array(voters)
  const heap = rowHeap(distance)
  const touched: number[] = []
  const done: number[] = []
  let looks = most * (voter.length + contacts)

  /** The least cost of a pair of the contact, or of nobody, under the voters' potentials. */
  const startOf = (contact: number): number => {
    let least = 0
    for (let p = starts[contact]!; p < starts[contact + 1]!; p++) {
      least = Math.min(least, -gain[p]! - ofVoter[voter[p]!]!)
    }
    return least
  }

  const give = (last: number): void => {
    for (let row = last; row >= 0; ) {
      const contact = from[row]!
      const before = given[contact]!
      given[contact] = row
      holder[row] = contact
      row = before
    }
  }

  const assign = (first: number): void => {
    ofContact[first] = startOf(first)
    let contact = first
    let reached = 0
    let free = -1
    let toNobody = Number.POSITIVE_INFINITY
    let loser = -1
    for (;;) {
      if (reached - ofContact[contact]! < toNobody) {
        toNobody = reached - ofContact[contact]!
        loser = contact
      }
      looks -= starts[contact + 1]! - starts[contact]! + 1
      for (let p = starts[contact]!; p < starts[contact + 1]!; p++) {
        const row = voter[p]!
        if (isDone[row] === 1) continue
        const far = reached - gain[p]! - ofContact[contact]! - ofVoter[row]!
        if (far >= distance[row]!) continue
        if (distance[row] === Number.POSITIVE_INFINITY) touched.push(row)
        distance[row] = far
        from[row] = contact
        heap.push(row)
      }
      let next = heap.pop()
      while (next >= 0 && isDone[next] === 1) next = heap.pop()
      if (next < 0 || distance[next]! >= toNobody) break
      reached = distance[next]!
      if (holder[next]! < 0) {
        free = next
        break
      }
      isDone[next] = 1
      done.push(next)
      contact = holder[next]!
    }
    const total = free >= 0 ? reached : toNobody
    ofContact[first]! += total
    for (const row of done) {
      ofContact[holder[row]!]! += total - distance[row]!
      ofVoter[row]! -= total - distance[row]!
    }
    if (free >= 0) give(free)
    else if (loser !== first) {
      const freed = given[loser]!
      given[loser] = -1
      give(freed)
    }
    for (const row of touched) {
      distance[row] = Number.POSITIVE_INFINITY
      isDone[row] = 0
    }
    touched.length = 0
    done.length = 0
    heap.clear()
  }

  for (let contact = 0; contact < contacts; contact++) {
    assign(contact)
    if (looks < 0) return null
  }
  return given
}
