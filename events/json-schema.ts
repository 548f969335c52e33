import type * as t from 'io-ts'
import { Refined } from './primitives.js'

export type JsonSchema = Readonly<Record<string, unknown>>

const plain: Readonly<Record<string, JsonSchema>> = {
  StringType: { type: 'string' },
  NumberType: { type: 'number' },
  BooleanType: { type: 'boolean' },
  NullType: { type: 'null' },
  UnknownType: {},
  AnyDictionaryType: { type: 'object' },
}

/** What io-ts tells of a codec besides its name, by the codec's tag. */
interface Told {
  readonly _tag?: string
  readonly props: Readonly<Record<string, t.Mixed>>
  readonly types: readonly t.Mixed[]
  readonly type: t.Mixed
  readonly codomain: t.Mixed
  readonly keys: Readonly<Record<string, unknown>>
}

interface ObjectSchema extends JsonSchema {
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
}

const propertiesOf = (props: Told['props']): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(Object.entries(props).map(([name, codec]) => [name, jsonSchema(codec)]))

const merged = (parts: readonly JsonSchema[]): JsonSchema => {
  const objects = parts as readonly ObjectSchema[]
  const required = objects.flatMap((part) => part.required ?? [])
  return {
    type: 'object',
    properties: Object.assign({}, ...objects.map(({ properties }) => properties)),
    ...(required.length === 0 ? {} : { required }),
  }
}

/**
 * The JSON Schema (draft 7) of a codec of the catalogue: objects may have further fields, as the codecs let them. Throws
 * for a kind of codec that the catalogue has not used before.
 */
export const jsonSchema = (codec: t.Mixed): JsonSchema => {
  if (codec instanceof Refined) return codec.schema
  const told = codec as unknown as Told
  const tag = told._tag ?? ''
  if (Object.hasOwn(plain, tag)) return plain[tag]!
  switch (tag) {
    case 'InterfaceType':
      return { type: 'object', properties: propertiesOf(told.props), required: Object.keys(told.props) }
    case 'PartialType':
      return { type: 'object', properties: propertiesOf(told.props) }
    case 'IntersectionType':
      return merged(told.types.map(jsonSchema))
    case 'UnionType':
      return { anyOf: told.types.map(jsonSchema) }
    case 'ArrayType':
      return { type: 'array', items: jsonSchema(told.type) }
    case 'DictionaryType':
      return { type: 'object', additionalProperties: jsonSchema(told.codomain) }
    case 'KeyofType':
      return { type: 'string', enum: Object.keys(told.keys) }
    default:
      throw new Error(`no JSON Schema for ${codec.name} (${tag})`)
  }
}
