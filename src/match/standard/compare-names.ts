import type { VoterIndex } from '../voter-index.js'
import type { EncodedContact } from './encode-contact.js'
import { codesOf } from './levels.js'
import { Names, similar } from './names.js'
import { leastPart } from './similarity.js'

const first = codesOf('first_name')
const last = codesOf('last_name')
const middle = codesOf('middle_name')

export interface NameComparer {
  readonly take: (contact: EncodedContact) => void
  readonly first: (id: number, lastId: number) => number
  readonly last: (id: number) => number
  readonly middle: (id: number) => number
  /** True when a name stands in the other's field: first and last name mixed up, or one of them left out. */
  readonly isFirstInLast: (lastId: number) => boolean
  readonly isLastInFirst: (firstId: number) => boolean
}

/** A handful of ids: a loop is quicker than a set. */
export const holds = (ids: Int32Array, id: number): boolean => {
  for (let i = 0; i < ids.length; i++) if (ids[i] === id) return true
  return false
}

/** Levels of names by vocabulary id, for the contact that was taken last. */
export const nameComparer = (index: VoterIndex): NameComparer => {
  const { vocabularies: v, lastSoundex } = index
  const firsts = new Names(v.first)
  const lasts = new Names(v.last)
  const middles = new Names(v.middle)
  const lastsByFirst = lasts.forAnotherWord()
  const firstsByLast = firsts.forAnotherWord()
  let firstId = 0
  let lastId = 0
  let middleId = 0
  let firstAsLast = 0
  let lastAsFirst = 0
  let soundex = 0
  let initial = 0
  let middleInitial = 0
  let isInitial = false
  let isMiddleInitial = false
  let mayBeInLast = false
  let mayBeInFirst = false
  let nicknames: Int32Array = new Int32Array(0)

  return {
    take: (contact) => {
      const { ids, given, firstName, lastName } = contact
      firstId = ids.first
      lastId = ids.last
      middleId = ids.middle
      firstAsLast = contact.firstAsLast
      lastAsFirst = contact.lastAsFirst
      soundex = given.soundex
      initial = firstName.bytes[0] ?? 0
      middleInitial = given.middle.charCodeAt(0)
      isInitial = given.first.length === 1
      isMiddleInitial = given.middle.length === 1
      mayBeInLast = firstName.bytes.length >= leastPart
      mayBeInFirst = lastName.bytes.length >= leastPart
      nicknames = contact.nicknames
      firsts.take(firstName)
      lasts.take(lastName)
      lastsByFirst.take(firstName)
      firstsByLast.take(lastName)
    },
    first: (id, theirLast) => {
      if (id === 0 || firstId === 0) return first.missing
      if (id === firstId) return first.equal
      if (lastAsFirst === id && firstAsLast === theirLast && theirLast > 0) return first.swapped
      if (holds(nicknames, id)) return first.nickname
      if (isInitial || firsts.length(id) === 1) return firsts.initial(id) === initial ? first.initial : first.different
      switch (firsts.similarity(id)) {
        case similar.oneEdit:
          return first.one_edit
        case similar.jw92:
          return first.jw92
        case similar.jw87:
          return first.jw87
        default:
          // short forms that no table of nicknames has begin as the name does
          return firsts.beginsAlike(id) ? first.head : first.different
      }
    },
    last: (id) => {
      if (id === 0 || lastId === 0) return last.missing
      if (id === lastId) return last.equal
      const level = lasts.similarity(id)
      if (level === similar.oneEdit) return last.one_edit
      if (lasts.isPart(id)) return last.part
      if (level === similar.jw92) return last.jw92
      if (level === similar.jw87) return last.jw87
      return soundex !== 0 && soundex === lastSoundex[id] ? last.sounds_alike : last.different
    },
    middle: (id) => {
      if (id === 0 || middleId === 0) return middle.missing
      if (id === middleId) return middle.equal
      if (middles.initial(id) !== middleInitial) return middle.different
      return isMiddleInitial || middles.length(id) === 1 ? middle.initial : middle.different
    },
    isFirstInLast: (id) => mayBeInLast && id !== 0 && lastsByFirst.similarity(id) >= similar.jw92,
    isLastInFirst: (id) => mayBeInFirst && id !== 0 && firstsByLast.similarity(id) >= similar.jw92,
  }
}
