import { catalogue, type EventType, Meta, versionOf } from '../../events/catalogue.js'
import { type JsonSchema, jsonSchema } from '../../events/json-schema.js'
import { Uuid } from '../../events/primitives.js'
import { personVoter } from '../../projections/book/tables.js'
import { pid } from '../../projections/pid/table.js'
import type { Table } from '../../projections/table.js'

const types = Object.keys(catalogue) as readonly EventType[]

const reference = (path: string): JsonSchema => ({ $ref: `#/${path}` })

const headersSchema: JsonSchema = {
  type: 'object',
  description: 'CloudEvents 1.0 in binary mode',
  required: ['ce_specversion', 'ce_id', 'ce_type', 'ce_source', 'ce_time', 'ce_position', 'content-type'],
  properties: {
    ce_specversion: { const: '1.0' },
    ce_id: jsonSchema(Uuid),
    ce_type: { type: 'string', description: 'matchbook, the event and its version, dots between' },
    ce_source: { type: 'string', description: "the event's stream" },
    ce_time: { type: 'string', format: 'date-time' },
    ce_position: { type: 'string', pattern: '^[0-9]+$', description: "the event's place in the whole store" },
    ce_tenant: { type: 'string' },
    ce_leftout: { const: 'true', description: 'the event is larger than a message may be: see LeftOut' },
    'content-type': { const: 'application/json' },
  },
}

const eventSchema = (type: EventType): JsonSchema => ({
  type: 'object',
  description: 'the event without what names a person, which stays in the store',
  required: ['data', 'id', 'meta', 'type', 'v'],
  properties: {
    data: jsonSchema(catalogue[type].data),
    id: jsonSchema(Uuid),
    meta: reference('components/schemas/Meta'),
    type: { const: type },
    v: { const: versionOf(type) },
  },
  not: { required: ['pii'] },
})

const leftOutSchema: JsonSchema = {
  type: 'object',
  description: 'stands for an event that is larger than a message may be; the store has it at this position',
  required: ['leftOut'],
  properties: {
    leftOut: {
      type: 'object',
      required: ['bytes', 'position', 'sha256'],
      properties: {
        bytes: { type: 'integer', description: 'of the value that was not sent' },
        position: { type: 'integer' },
        sha256: { type: 'string', pattern: '^[0-9a-f]{64}$', description: "of the event's text in the store" },
      },
    },
  },
}

const columnSchemas: Readonly<Record<string, JsonSchema>> = {
  text: { type: 'string' },
  uuid: jsonSchema(Uuid),
  float8: { type: 'number' },
  bigint: { type: 'integer' },
  jsonb: { type: 'object' },
  timestamptz: { type: 'string', format: 'date-time' },
}

const columnSchema = (type: string): JsonSchema => {
  const schema = columnSchemas[type.split(' ', 1)[0]!]
  if (schema === undefined) throw new Error(`no JSON Schema for a column of ${type}`)
  return type.endsWith('not null') ? schema : { anyOf: [schema, { type: 'null' }] }
}

const rowSchema = (table: Table): JsonSchema => ({
  type: 'object',
  required: table.columns.map(({ name }) => name),
  additionalProperties: false,
  properties: Object.fromEntries(table.columns.map(({ name, type }) => [name, columnSchema(type)])),
})

const channel = (address: string, description: string, messages: readonly string[]): JsonSchema => ({
  address,
  description,
  messages: Object.fromEntries(messages.map((name) => [name, reference(`components/messages/${name}`)])),
})

const rowMessage = (name: string, table: Table): JsonSchema => ({
  name,
  contentType: 'application/json',
  payload: { anyOf: [rowSchema(table), { type: 'null', description: 'a tombstone: the row is gone' }] },
  bindings: { kafka: { key: { type: 'string', description: `${table.key.join('/')} of the row` } } },
})

const eventMessage = (type: EventType): JsonSchema => ({
  name: type,
  contentType: 'application/json',
  headers: {
    type: 'object',
    allOf: [reference('components/schemas/Headers')],
    properties: { ce_type: { const: `matchbook.${type}.v${versionOf(type)}` } },
  },
  payload: { anyOf: [eventSchema(type), reference('components/schemas/LeftOut')] },
  bindings: {
    kafka: { key: { type: 'string', description: 'tenant/person, or the stream of an event of no person' } },
  },
})

const operation = (name: string, summary: string): JsonSchema => ({
  action: 'send',
  summary,
  channel: reference(`channels/${name}`),
})

/** The topics and their messages as an AsyncAPI 3 document, made from what events and tables are decoded and folded by. */
const asyncApi = (): JsonSchema => ({
  asyncapi: '3.1.0',
  info: {
    title: 'Matchbook',
    version: '1',
    description: 'What matchbook publish puts into Kafka. Read committed: each event is there once, in order by key.',
  },
  defaultContentType: 'application/json',
  channels: {
    events: channel('matchbook.events', 'every event once; nothing in it names a person', types),
    personVoter: channel('matchbook.person-voter', 'compacted: the links in force', ['PersonVoter']),
    pid: channel('matchbook.pid', 'compacted: every PID and the one it resolves to', ['Pid']),
  },
  operations: {
    publishEvents: operation('events', 'what happened'),
    publishLinks: operation('personVoter', 'who is linked to which voter'),
    publishPids: operation('pid', 'what a PID resolves to'),
  },
  components: {
    messages: {
      ...Object.fromEntries(types.map((type) => [type, eventMessage(type)])),
      PersonVoter: rowMessage('PersonVoter', personVoter),
      Pid: rowMessage('Pid', pid),
    },
    schemas: { Headers: headersSchema, Meta: jsonSchema(Meta), LeftOut: leftOutSchema },
  },
})

/** As it stands in `events/asyncapi.json`. */
export const asyncApiText = (): string => `${JSON.stringify(asyncApi(), null, 2)}\n`
