import type { Ruleset } from '../../match/ruleset.js'
import type { SignedHead } from '../signed-head.js'
import { keyIdOf } from '../signing-key.js'
import type { Evidence, VoterRow } from './evidence.js'
import { Html, html, table } from './html.js'
import type { Scope } from './manifest.js'
import { apartText, pairSection, restText } from './page-pairs.js'
import { outcomeWords, vetoWords } from './page-words.js'
import { reproduceDecision } from './reproduce-decision.js'
import type { Story, StoryDecision } from './story.js'

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:62em;margin:2em auto;padding:0 1em;color:#222}
table{border-collapse:collapse;margin:.6em 0}th,td{text-align:left;padding:.2em .8em .2em 0;border-bottom:1px solid #ddd;vertical-align:top;overflow-wrap:break-word;max-width:24em}th{white-space:nowrap}
h1{font-size:1.5em}h2{font-size:1.2em;margin-top:2em;border-top:2px solid #222}code{font-size:.85em;overflow-wrap:anywhere}
svg{font:12px system-ui,sans-serif;max-width:100%;height:auto}rect.for{fill:#2a7}rect.against{fill:#c44}rect.total{fill:#357}line{stroke:#999}
@media print{body{margin:0;font-size:11px}tr,svg{break-inside:avoid}h2,h3{break-after:avoid}}`

/** A whole page: no script, nothing loaded from anywhere. */
const whole = (title: string, body: readonly Html[]): string =>
  `${
    html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title><style>${new Html(style)}</style></head><body>
${body}</body></html>
`.text
  }`

export interface PersonPageContent {
  readonly story: Story
  readonly head: SignedHead
  readonly rulesets: ReadonlyMap<string, Ruleset>
  readonly evidence: readonly Evidence[]
  readonly rows: readonly VoterRow[]
}

/** The page of one person's bundle. Pure: whoever has the bundle's other files can draw it again and compare. */
export const personPage = (content: PersonPageContent): string => {
  const { story } = content
  const newest = story.decisions.at(-1)
  const older = story.decisions.slice(0, -1).reverse()
  return whole(`Person ${story.pid}`, [
    html`<h1>Person ${story.pid}: ${nameOf(story)}</h1>
<p>${outcomeWords(story)}</p>
`,
    ...(newest === undefined ? [] : [decisionSection(content, newest, 'The decision')]),
    humanSection(content),
    ...older.map((decision) => decisionSection(content, decision, 'An earlier decision')),
    contactsSection(story),
    historySection(story),
    proofSection(content.head),
  ])
}

const nameOf = ({ contacts }: Story): string => {
  const { contact } = contacts.at(-1)!.event.pii
  return [contact.first_name, contact.middle_name, contact.last_name, contact.suffix].filter(Boolean).join(' ')
}

const decisionSection = (content: PersonPageContent, decision: StoryDecision, title: string): Html => {
  const { event, contacts } = decision
  const { data, meta } = event
  const ruleset = content.rulesets.get(data.ruleset)
  const found = content.evidence.find(({ position }) => position === decision.position)
  const again =
    ruleset === undefined || found === undefined || contacts === undefined
      ? undefined
      : reproduceDecision(decision, contacts, ruleset, found, content.rows)
  const { candidates } = data.decision
  const rows = content.rows.filter((row) => data.voterFiles.some(({ voterFile }) => voterFile === row.voterFile))
  return html`<h2>${title}</h2>
${table(
  ['', ''],
  [
    ['decided', `${meta.recordedAt} by ${data.decidedBy}, engine ${meta.engine}`],
    ['under', html`ruleset ${ruleset?.name ?? ''} <code>${data.ruleset}</code>, threshold ${data.threshold}`],
    [
      'against',
      html`${data.voterFiles.map(({ state, voterFile }) => html`voter file of ${state} <code>${voterFile}</code> `)}`,
    ],
    ['outcome', vetoWords(decision, ruleset)],
  ],
)}
${candidates.map((candidate, i) => pairSection(rows, candidate, i, contacts ?? [], again))}
${apartText(candidates, again)}${restText(candidates, found)}`
}

const humanSection = ({ story: { steps }, rows }: PersonPageContent): Html => {
  const said = steps.flatMap(({ event }) => (event.pii === undefined ? [] : [event]))
  if (said.length === 0)
    return html`<h2>What humans said</h2>
<p>Nobody has verified, rejected or linked anything.</p>
`
  return html`<h2>What humans said</h2>
${table(
  ['when', 'who', 'what', 'voter', 'as the register has it', 'note'],
  said.map(({ type, meta, data, pii }) => [
    meta.recordedAt,
    meta.actor,
    type,
    'svid' in data ? `${data.state}:${data.svid}` : '',
    'svid' in data ? voterText(rows, data.state, data.svid) : '',
    pii?.note,
  ]),
)}`
}

/** Name and address, of the newest file that was compared. */
const voterText = (rows: readonly VoterRow[], ofState: string, ofSvid: string): string => {
  const row = rows.filter(({ state, svid }) => state === ofState && svid === ofSvid).at(-1)?.row ?? {}
  const fields = [
    'full_name',
    'first_name',
    'middle_name',
    'last_name',
    'suffix',
    'house_number',
    'address1',
    'city',
    'zip',
  ]
  return fields.flatMap((field) => row[field] ?? []).join(' ')
}

const contactsSection = ({ contacts }: Story): Html => html`<h2>What lists said</h2>
${contacts.map(
  ({ event: { data, meta, pii } }) => html`<h3>Row ${data.row} of list ${data.batch}, ${meta.recordedAt}</h3>
${table(
  ['field', 'as it was read'],
  Object.entries(pii.contact).map(([field, value]) => [
    field,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]),
)}
${table(['column', 'as it stood in the list'], Object.entries(pii.original))}`,
)}`

const historySection = ({ steps, contacts }: Story): Html => {
  const all = [
    ...contacts.map(({ position, event }) => ({
      position,
      event,
      what: `row ${event.data.row} of list ${event.data.batch}`,
    })),
    ...steps.map(({ position, event }) => ({ position, event, what: stepText(event) })),
  ].sort((a, b) => a.position - b.position)
  return html`<h2>History</h2>
${table(
  ['position', 'when', 'who', 'what', ''],
  all.map(({ position, event, what }) => [position, event.meta.recordedAt, event.meta.actor, event.type, what]),
)}`
}

const stepText = (event: Story['steps'][number]['event']): string => {
  if (event.type === 'MatchDecided') {
    const { outcome, reason, state, svid, score } = event.data.decision
    return `${outcome} (${reason})${svid === undefined ? '' : ` ${state}:${svid}, score ${score}`}`
  }
  return 'svid' in event.data ? `${event.data.state}:${event.data.svid}` : ''
}

const proofSection = (head: SignedHead): Html => html`<h2>Proof</h2>
<p>This page was drawn from the events, rows and rules beside it. <code>matchbook audit check</code> verifies without a database that
each event stands in the log that was signed on ${head.at}, up to position ${head.position}, draws this page again and decides again.</p>
<p>Signed by key <code>${keyIdOf(head.publicKey)}</code>; root <code>${head.root}</code>.</p>
<p>Decided again from this bundle alone: the levels from both sides' values, the weights, the sum over the candidates shown, the outcome.
Taken as given: how many voters have each value, the odds of the candidates that are not shown, that there are no others, and who
holds a voter that several persons want. <code>matchbook audit reproduce</code> proves those from the whole voter file.</p>
`

/** The page of a run's or a tenant's bundle: what it holds, in numbers. */
export const summaryPage = (scope: Scope, head: SignedHead, counts: ReadonlyMap<string, number>): string =>
  whole(`Bundle of ${scope.tenant}`, [
    html`<h1>${scope.kind === 'run' ? `Run ${scope.run} of ${scope.tenant}` : `All events of ${scope.tenant}`}</h1>
${table(
  ['event', 'number'],
  [...counts].sort(([a], [b]) => (a < b ? -1 : 1)),
)}
`,
    proofSection(head),
  ])
