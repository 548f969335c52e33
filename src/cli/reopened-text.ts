import type { Reopened } from '../decide/entry.js'

const whys: Readonly<Record<Reopened['why'], string>> = {
  person_changed: "the person's data has changed",
  voter_changed: "the voter's data has changed",
  voter_gone: 'the voter is no longer in the file',
}

/** Where tiers and scores come from when a verdict was reopened: nothing is decided again until a human has spoken. */
export const reopenedText = (why: Reopened['why']): string => `from before it was reopened (${whys[why]})`
