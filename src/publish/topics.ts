import type { KafkaSettings } from './kafka-settings.js'

/** A topic as it must be. `settings` are those that exactly-once and the tables in the topics rest on. */
export interface Topic {
  readonly name: string
  readonly partitions: number
  readonly settings: Readonly<Record<string, string>>
}

/** The topics of the contract by what they carry, under the prefix. */
export interface Topics {
  /** every event once, kept for ever */
  readonly events: Topic
  /** the rows of `person_voter`; a tombstone when a link goes */
  readonly personVoter: Topic
  /** the rows of `pid` */
  readonly pid: Topic
  /** the position reached, and who publishes */
  readonly checkpoint: Topic
}

export const topicsOf = ({ prefix, partitions, maxMessageBytes }: KafkaSettings): Topics => {
  const size = { 'max.message.bytes': String(maxMessageBytes) }
  const compacted = { 'cleanup.policy': 'compact' }
  const kept = { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1' }
  const topic = (name: string, settings: Topic['settings'], count = partitions): Topic => ({
    name: `${prefix}matchbook.${name}`,
    partitions: count,
    settings,
  })
  return {
    events: topic('events', { ...kept, ...size }),
    personVoter: topic('person-voter', { ...compacted, ...size }),
    pid: topic('pid', { ...compacted, ...size }),
    checkpoint: topic('checkpoint', compacted, 1),
  }
}

/** One publisher a prefix: the broker fences whoever had it before. */
export const transactionalIdOf = ({ prefix }: KafkaSettings): string => `${prefix}matchbook.publisher`
