import * as t from 'io-ts'
import { Contact } from './contact.js'
import { Count, Pid, RowNumber, Sha256, StateCode, Tenant, Uuid } from './primitives.js'

/** The row as the file had it: header to cell, nothing dropped. */
const Original = t.record(t.string, t.string)

const FoundBy = t.keyof({ new: null, phone: null, email: null, address: null })

export const imports = {
  ImportStarted: {
    data: t.intersection([
      t.type({
        tenant: Tenant,
        batch: t.string,
        listHash: Sha256,
        fileName: t.string,
        source: t.string,
        /** field → header */
        mapping: t.record(t.string, t.string),
        headers: t.array(t.string),
        rows: Count,
      }),
      t.partial({ defaultState: StateCode, sheet: t.string }),
    ]),
  },
  ContactImported: {
    data: t.type({
      tenant: Tenant,
      batch: t.string,
      row: RowNumber,
      contactId: Uuid,
      personId: Uuid,
      pid: Pid,
      isNew: t.boolean,
      foundBy: FoundBy,
    }),
    pii: t.type({ contact: Contact, original: Original }),
  },
  ContactRejected: {
    data: t.intersection([
      t.type({ tenant: Tenant, batch: t.string, row: RowNumber, code: t.string }),
      t.partial({ field: t.string }),
    ]),
    pii: t.type({ reason: t.string, original: Original }),
  },
  ImportCompleted: {
    /** `size` and `root` (hex) are the Merkle tree of this stream's events before this one (RFC 9162, section 2.1). */
    data: t.type({ tenant: Tenant, batch: t.string, imported: Count, rejected: Count, size: Count, root: Sha256 }),
  },
}
