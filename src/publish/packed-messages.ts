import type { Message } from './message.js'

/**
 * Messages without headers as two texts, a line each: they cross between threads in a quarter of the time that a structured
 * clone of objects takes. No key and no value has a line break: keys are of names and ids, values JSON.
 */
export interface PackedMessages {
  readonly keys: string
  /** empty: a tombstone */
  readonly values: string
}

export const packMessages = (messages: readonly Message[]): PackedMessages => ({
  keys: messages.map(({ key }) => key).join('\n'),
  values: messages.map(({ value }) => value ?? '').join('\n'),
})

export const unpackMessages = ({ keys, values }: PackedMessages): readonly Message[] => {
  if (keys === '') return []
  const texts = values.split('\n')
  return keys.split('\n').map((key, i) => ({ key, value: texts[i] || null }))
}
