import { canonicalJson, type Json } from '../../events/canonical-json.js'

export interface JsonDifference {
  /** `candidates.0.score` */
  readonly path: string
  readonly recorded: Json | undefined
  readonly reproduced: Json | undefined
}

const isTree = (value: Json | undefined): value is { readonly [key: string]: Json } | readonly Json[] =>
  typeof value === 'object' && value !== null

/** Every leaf at which two values differ, by path; a part that one of them lacks is a difference as a whole. */
export const jsonDifferences = (
  recorded: Json | undefined,
  reproduced: Json | undefined,
  path: readonly string[] = [],
): readonly JsonDifference[] => {
  if (isTree(recorded) && isTree(reproduced) && Array.isArray(recorded) === Array.isArray(reproduced)) {
    const [a, b] = [recorded, reproduced] as readonly [Readonly<Record<string, Json>>, Readonly<Record<string, Json>>]
    const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])]
    return keys.flatMap((key) => jsonDifferences(a[key], b[key], [...path, key]))
  }
  const isSame =
    recorded === reproduced ||
    (recorded !== undefined && reproduced !== undefined && canonicalJson(recorded) === canonicalJson(reproduced))
  return isSame ? [] : [{ path: path.join('.'), recorded, reproduced }]
}
