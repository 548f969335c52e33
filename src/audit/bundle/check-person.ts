import { canonicalJson, type Json } from '../../../events/canonical-json.js'
import type { Placed } from '../../../projections/family.js'
import { engineVersion } from '../../engine.js'
import { isAppError } from '../../errors.js'
import type { Finding } from '../finding.js'
import { type PersonPageContent, personPage } from './page.js'
import { reproduceDecision } from './reproduce-decision.js'
import { type StoryDecision, storyOf } from './story.js'

/** `reproduced`: decided again with the same result; null: that can't be done from this bundle, and `why`. */
export interface CheckedDecision {
  readonly position: number
  readonly reproduced: boolean | null
  readonly why?: string
}

interface PersonBundle extends Omit<PersonPageContent, 'story'> {
  readonly personId: string
  readonly placed: readonly Placed[]
  readonly engine: string
}

export interface CheckedPerson {
  readonly decisions: readonly CheckedDecision[]
  readonly findings: readonly Finding[]
  /** the page as it should be */
  readonly page: string
}

/** Decides each of a person's decisions again and draws its page, from the bundle alone. */
export const checkPerson = ({ personId, placed, engine, ...content }: PersonBundle): CheckedPerson => {
  const story = storyOf(personId, placed)
  if (story === undefined) {
    return {
      decisions: [],
      page: '',
      findings: [{ stream: 'events.jsonl', fault: `it has no contact of ${personId}` }],
    }
  }
  const findings: Finding[] = []
  const decisions = story.decisions.map((decision): CheckedDecision => {
    const { position } = decision
    const why = obstacle(decision, content, engine)
    if (why !== undefined) return { position, reproduced: null, why }
    const faults = differences(decision, content)
    const { id } = decision.event
    for (const fault of faults) findings.push({ stream: 'evidence.json', position, id, fault })
    return { position, reproduced: faults.length === 0 }
  })
  // what can't be decided again can't be drawn again either
  return { decisions, findings, page: findings.length === 0 ? personPage({ ...content, story }) : '' }
}

const obstacle = (
  { event, position, contacts }: StoryDecision,
  { rulesets, evidence }: Omit<PersonPageContent, 'story'>,
  engine: string,
): string | undefined => {
  const by = event.meta.engine
  if (by !== engineVersion || engine !== engineVersion)
    return `it was decided by engine ${by}; this is engine ${engineVersion}`
  if (!rulesets.has(event.data.ruleset)) return 'its ruleset is not in the bundle'
  if (contacts === undefined) return 'the contacts that it was made of are not in the bundle'
  return evidence.some((one) => one.position === position) ? undefined : 'its voter file was no longer there'
}

/** Field by field, what deciding again says otherwise. */
const differences = (
  decision: StoryDecision,
  { rulesets, evidence, rows }: Omit<PersonPageContent, 'story'>,
): readonly string[] => {
  const { data } = decision.event
  const found = evidence.find(({ position }) => position === decision.position)!
  const asked = data.voterFiles.map(({ voterFile }) => voterFile).join()
  if (found.files.map(({ voterFile }) => voterFile).join() !== asked) return ['its voter files are others']
  try {
    const again = reproduceDecision(decision, decision.contacts!, rulesets.get(data.ruleset)!, found, rows)
    const faults = differing(data.decision as Json, again.decision as unknown as Json, 'decision')
    return data.voterVersion === again.voterVersion
      ? faults
      : [...faults, "the voter's row is not the one that was linked"]
  } catch (error) {
    // rules and rows of a bundle come from outside: whatever they are, it is the bundle that is wrong
    return [isAppError(error) ? error.message : `it can't be decided again: ${String(error)}`]
  }
}

const differing = (recorded: Json | undefined, again: Json | undefined, path: string): readonly string[] => {
  const [a, b] = [recorded, again].map((value) => (value === undefined ? 'nothing' : canonicalJson(value)))
  if (a === b) return []
  if (!isObject(recorded) || !isObject(again)) return [`${path} is ${a}, decided again ${b}`]
  const keys = [...new Set([...Object.keys(recorded), ...Object.keys(again)])].sort()
  return keys.flatMap((key) => differing(recorded[key], again[key], `${path}.${key}`))
}

const isObject = (value: Json | undefined): value is { readonly [key: string]: Json | undefined } =>
  typeof value === 'object' && value !== null
