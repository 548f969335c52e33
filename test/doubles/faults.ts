/** What goes wrong on command. */
export interface Faults {
  /** a call has come: it is taken on now, or when the server stops stalling */
  readonly reached: (take: () => void) => void
  /** something was written and is to be answered: the answer goes out, unless the connection is to break here */
  readonly answered: (answer: () => void) => void
  readonly stall: () => void
  readonly resume: () => void
  readonly dropNextAnswer: () => void
}

export const faults = (breakConnections: () => void): Faults => {
  let isStalled = false
  let isDropping = false
  const held: (() => void)[] = []
  return {
    reached: (take) => {
      if (isStalled) held.push(take)
      else take()
    },
    answered: (answer) => {
      if (!isDropping) return answer()
      isDropping = false
      breakConnections()
    },
    stall: () => {
      isStalled = true
    },
    resume: () => {
      isStalled = false
      for (const take of held.splice(0)) take()
    },
    dropNextAnswer: () => {
      isDropping = true
    },
  }
}
