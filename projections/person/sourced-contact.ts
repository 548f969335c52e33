import type { EventOf } from '../../events/catalogue.js'
import type { Placed } from '../family.js'

/** A contact in its place, with its list's source. */
export interface SourcedContact extends Placed<EventOf<'ContactImported'>> {
  readonly source: string
}
